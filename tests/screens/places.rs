//! What was listed stays listed, what is read stays on the screen, and there is a way back to where one was.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::{Effect, Loading, Message};
use dateline::exports::library::Library;
use dateline::exports::listing::Marking;
use dateline::exports::query::Target;

/// The title of the article in the reader pane at 80 columns, or nothing.
fn read(driver: &Driver) -> String {
    let shown = driver.app.reader().shown();
    shown.map_or_else(String::new, |shown| shown.stored.article.title.clone())
}

/// How many articles of the library are read.
fn marked(driver: &mut Driver) -> usize {
    driver.count("is:read")
}

#[test]
fn what_is_read_stays_in_the_list_of_unread_articles() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f u j j Enter");
    assert_eq!(
        (read(&driver).as_str(), driver.status().starts_with("3/6")),
        ("Launch 👩\u{200D}🚀🚀 delayed again", true)
    );
    driver.keys("s");
    assert!(driver.selected().contains("Launch"), "{}", driver.screen());
    driver.keys("J");
    assert!(read(&driver).contains("東京"));
    driver.keys("K");
    assert!(read(&driver).contains("Launch") && driver.selected().contains("Launch"), "{}", driver.screen());
    assert_eq!((marked(&mut driver), driver.count("is:starred")), (2, 1));
    assert!(driver.status().starts_with("3/6 [is:unread]"), "{}", driver.status());
    // Asked anew, what is read goes.
    driver.keys("g u");
    assert!(driver.status().contains("/4 [is:unread]"), "{}", driver.status());
    assert!(read(&driver).contains("Launch"), "the article is still being read");
    driver.keys("J");
    assert!(read(&driver).contains("Norway weighs"), "the one after its place: {}", read(&driver));
}

#[test]
fn leaving_the_list_asks_anew_and_going_back_does_not() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f u Enter q j");
    assert!(driver.status().starts_with("2/6"), "{}", driver.status());
    driver.keys("v p q");
    assert!(driver.status().starts_with("2/6 [is:unread]"), "{}", driver.status());
    driver.keys("v p v l");
    assert!(driver.status().contains("/5 [is:unread]"), "{}", driver.status());
}

#[test]
fn nothing_but_opening_changes_what_is_read() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f u j Enter");
    let before = read(&driver);
    for keys in [
        "s",
        "t 'x' Enter",
        "m",
        "U",
        "U",
        "/ 'f' Esc",
        "/ 'ferry'",
        "Enter",
        "Esc",
        "f m",
        "f m",
        "f q",
        "f x",
        "f c 'ken' Enter",
        "e",
        "+",
        "-",
        "f s 'lamp' Enter",
        "f d 'march' Enter",
        "f u",
        "/ 'zzz' Enter",
        "f x",
        "z z",
        "z z",
        "g u",
        "z f",
        "A",
    ] {
        driver.keys(keys);
        driver.send(Message::LibraryChanged);
        driver.rest();
        assert_eq!(read(&driver), before, "{keys}\n{}", driver.screen());
    }
    driver.keys("U C-r U");
    assert_eq!(read(&driver), before);
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("j Enter q / 'kenya' Esc / 'ferry' Enter f u Tab j");
    assert_eq!(marked(&mut driver), 1);
}

#[test]
fn the_focus_alone_opens_nothing() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("j Tab");
    assert!(driver.screen().contains("[Article]") && read(&driver).contains("Quiet day"));
    driver.keys("q z z z z");
    assert_eq!(marked(&mut driver), 0);
    driver.keys("Tab Enter");
    assert_eq!(marked(&mut driver), 1, "Enter opens what was shown for a look");
}

#[test]
fn space_goes_on_with_the_next_unread_article() {
    let body: String = (0..60).map(|at| format!("Paragraph {at} of the report.\n")).collect();
    let mut articles: Vec<_> = (1..=4)
        .map(|day| article(&format!("2024-03-0{day}"), "Wire", &format!("Day {day}"), "Short."))
        .collect();
    articles.push(article("2024-03-05", "Wire", "Long", &body));
    let mut driver = Driver::start(80, 24, articles);
    driver.keys("j m g g Enter");
    driver.keys("Space Space");
    assert_eq!(read(&driver), "Long");
    driver.keys("Space Space Space Space Space Space Space Space Space");
    assert_eq!(read(&driver), "Day 1", "one article a key, at its end");
    assert!(driver.keys("Space").status().contains("no more unread"), "{}", driver.status());
    assert_eq!(marked(&mut driver), 5);
    driver.keys("K PgDn PgDn");
    assert_eq!(read(&driver), "Day 2", "a page key stays in the article");
}

#[test]
fn q_goes_back_one_step() {
    let mut driver = Driver::start(80, 24, edition());
    let mut check = |keys: &str, expected: &[&str]| {
        let screen = driver.keys(keys).screen();
        for part in expected {
            assert!(screen.contains(part), "{keys}: no {part:?} in\n{screen}");
        }
        assert!(!driver.done.contains(&Effect::Quit), "{keys}");
    };
    check("v p j j Enter", &["[Articles]", "[about:"]);
    check("Enter", &["[Article]"]);
    check("q", &["[Articles]", "[about:"]);
    check("q", &["[People]", "\n> ", "3/4"]);
    check("q", &["[Articles]", "1/6"]);
    check("v t j Enter q", &["[Timeline]", "2/6"]);
    check("v c Enter q q q", &["[Articles]", "1/6"]);
    // By the way of the filters, too.
    check("j j f c 'kenya' Enter j f q q", &["[about:Kenya]", "2/3"]);
    check("q", &["3/6"]);
    check("f c 'kenya' Enter Esc", &["/6"]);
    driver.keys("q");
    assert!(driver.done.contains(&Effect::Quit), "the first list leaves the program");
}

#[test]
fn q_goes_back_to_the_saved_search() {
    let mut driver = Driver::with_search(80, 24, edition());
    driver.keys("k Enter");
    assert!(driver.status().contains("[@kenya]"), "{}", driver.status());
    driver.keys("j Enter q q");
    assert!(!driver.status().contains("[@kenya]"), "{}", driver.status());
    assert!(
        driver.screen().lines().any(|line| line.starts_with('>') && line.contains("kenya")),
        "{}",
        driver.screen()
    );
}

#[test]
fn quitting_asks_who_wants_to_be_asked() {
    let mut driver = Driver::asking(80, 24, edition());
    driver.keys("q");
    assert!(driver.status().starts_with("quit?"), "{}", driver.status());
    driver.keys("'n'");
    assert!(
        !driver.done.contains(&Effect::Quit) && driver.status().starts_with("1/6"),
        "{}",
        driver.status()
    );
    driver.keys("q Esc");
    assert!(!driver.done.contains(&Effect::Quit));
    driver.keys("Q 'y'");
    assert!(driver.done.contains(&Effect::Quit));
}

#[test]
fn the_history_goes_back_and_forward() {
    let body: String = (0..200).map(|at| format!("Paragraph {at} of the report.\n")).collect();
    let mut articles = edition();
    articles.push(article("2024-03-10", "Wire", "Long report from [Kenya|country=KE]", &body));
    let mut driver = Driver::start(80, 24, articles);
    driver.keys("v c j Enter");
    let filter = driver.status();
    driver.keys("q f x v l G Enter Space Space");
    let (article, screen) = (read(&driver), driver.screen());
    driver.keys("v p j j");
    let people = driver.screen();
    let read_before = marked(&mut driver);
    driver.keys("<");
    assert_eq!((read(&driver), driver.screen()), (article.clone(), screen));
    driver.keys("<");
    assert!(
        driver.screen().contains("[Articles]") && driver.status().starts_with("7/7"),
        "{}",
        driver.screen()
    );
    driver.keys("< C-o <");
    assert!(
        driver.screen().contains("[Articles]") || driver.screen().contains("[Countries]"),
        "{}",
        driver.screen()
    );
    driver.keys("< < < <");
    assert!(driver.status().contains("first place"), "{}", driver.status());
    driver.keys("> >");
    // The filter is the same; the message beside it was said when it was made.
    let conditions = |status: &str| status.rsplit_once(']').map(|(conditions, _)| conditions.to_owned());
    assert_eq!(conditions(&driver.status()), conditions(&filter));
    driver.keys("> > > > > > >");
    assert_eq!(driver.screen().lines().next(), people.lines().next());
    assert!(driver.screen().contains("3/5") || driver.screen().contains("3/4"), "{}", driver.screen());
    assert_eq!(marked(&mut driver), read_before, "going back opens nothing");
    assert!(driver.keys(">").status().contains("last place"));
}

#[test]
fn views_keep_their_row() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("v p j j Enter Esc v p");
    assert!(driver.status().starts_with("3/4"), "{}", driver.status());
}

#[test]
fn the_cursor_of_a_view_stays_on_its_name() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("v c G");
    let name = driver.selected();
    let name = name.split_whitespace().nth(1).expect("a name").to_owned();
    for keys in ["+", "+", "-", "-"] {
        driver.keys(keys);
        assert!(driver.selected().contains(&name), "{keys}: {}", driver.screen());
    }
    driver.stream(
        (0..9)
            .map(|at| {
                article("2024-05-01", "Wire", &format!("New {at}"), &format!("In [Fiji|country=FJ] {at}"))
            })
            .collect(),
        Loading::Finished,
    );
    assert!(driver.selected().contains(&name), "{}", driver.screen());
}

#[test]
fn the_lower_pane_belongs_to_the_row() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("v p");
    let screen = driver.screen();
    assert!(screen.contains(" Lars Vik ──") && screen.contains("2024-03-11 to 2024-03-16"), "{screen}");
    driver.keys("G");
    assert!(driver.selected().contains("Zoë"), "{}", driver.screen());
    let screen = driver.screen();
    assert!(screen.contains(" Zoë Brontë ──") && screen.contains("東京"), "{screen}");
    assert!(driver.status().contains("Zoë Brontë, 1 article"), "{}", driver.status());
    driver.keys("s m");
    assert_eq!((driver.count("is:starred"), marked(&mut driver)), (0, 0), "nobody chose an article");
    driver.keys("f u G");
    assert!(driver.screen().contains("東京"), "the row's, not the first of the list\n{}", driver.screen());
    driver.keys("f u v q G");
    assert!(driver.selected().contains("Lars Vik"), "{}", driver.screen());
    assert!(driver.selected().contains("“There is work to do”"), "{}", driver.screen());
    driver.keys("v t");
    assert!(
        !driver.status().contains("quote") && !driver.status().contains("work to do"),
        "{}",
        driver.status()
    );
    driver.keys("v q f e 'by:\"Nobody_Here\"' Enter");
    assert_eq!(read(&driver), "", "no article below an empty list\n{}", driver.screen());
    driver.keys("q");
    assert_ne!(read(&driver), "");
    driver.keys("v l / 'zzzz' Enter");
    assert_eq!(read(&driver), "");
}

#[test]
fn another_date_or_source_replaces_the_first() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f d '2024-03-15' Enter f d");
    assert!(
        driver.screen().contains("March 2024 · 2024-03") && driver.screen().contains(" 6 "),
        "{}",
        driver.screen()
    );
    driver.keys("'2024-03-12' Enter");
    assert!(driver.status().contains("1/1 [date:2024-03-12]"), "{}", driver.status());
    driver.keys("f x f s 'lamp' Enter f s 'post' Enter");
    assert!(driver.status().contains("/2 [source:\"Harbour Post\"]"), "{}", driver.status());
}

/// Marks that another process makes reach the row and the article on the screen.
#[test]
fn marks_made_elsewhere_are_shown() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f u Enter");
    let id = driver.app.reader().id().expect("an article");
    driver.library.mark(&Target::These(vec![id]), Marking::Star).expect("a mark");
    driver.library.mark(&Target::These(vec![id]), Marking::Tag("desk".to_owned())).expect("a mark");
    driver.send(Message::LibraryChanged);
    driver.rest();
    assert!(driver.selected().starts_with("> ★"), "{}", driver.screen());
    assert!(driver.screen().contains("#desk") && driver.screen().contains("starred"), "{}", driver.screen());
    driver.library.undo().expect("an undo");
    driver.send(Message::LibraryChanged);
    assert!(!driver.screen().contains("#desk"), "{}", driver.screen());
}

#[test]
fn another_size_keeps_the_place_in_the_text() {
    let body: String = (0..300).map(|at| format!("[Ada Obi|person] in paragraph {at} of the long report on the harbour, which goes on for a while.\n")).collect();
    let mut driver = Driver::start(200, 50, vec![article("2024-03-05", "Wire", "Long", &body)]);
    driver.keys("Enter z z Space Space Space");
    let before = driver.screen();
    driver.resize(60, 15).resize(80, 24).resize(200, 50);
    assert_eq!(driver.screen(), before);
    // To the end and back.
    driver.keys("G");
    let end = driver.screen();
    driver.resize(60, 15).resize(200, 50);
    assert_eq!(driver.screen(), end);
    driver.keys("g g Space e e e e e e e e e e e e e e e e e e e e e e e e e");
    let at = driver.status();
    for (width, height) in [(60, 15), (40, 12), (80, 24), (200, 50)] {
        driver.resize(width, height);
        assert!(
            driver.reversed().iter().any(|row| row.contains("Ada Obi")),
            "{width}x{height}\n{}",
            driver.screen()
        );
    }
    assert_eq!(driver.status(), at);
}

#[test]
fn the_first_list_shows_the_news() {
    let library = Library::temporary().expect("a library");
    library.add(edition()).expect("articles");
    let mut driver = Driver::on(80, 24, library);
    assert!(driver.status().starts_with("1/6"), "{}", driver.status());
    driver.keys("f u Enter");
    // A second reader on the same library does not list what the first one held.
    let mut other = Driver::on(80, 24, driver.library.clone());
    assert!(other.keys("f u").status().contains("/5 [is:unread]"), "{}", other.status());
}
