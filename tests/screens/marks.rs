//! Read, starred, tagged; undo and redo.

use crate::driver::{Driver, article};
use crate::edition;

#[test]
fn marks_are_set_and_taken_back() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("m").selected().starts_with(">   16 Mar"));
    assert!(driver.keys("m s").selected().starts_with(">●★ 16 Mar"));
    assert!(driver.keys("U").selected().starts_with(">●  16 Mar"));
    assert!(driver.status().contains("undone: 1 article starred; C-r does it again"), "{}", driver.status());
    assert!(driver.keys("C-r").selected().starts_with(">●★ 16 Mar"));
    assert!(driver.keys("f m").screen().contains("[is:starred]"));
    assert!(driver.status().starts_with("1/1"));
}

#[test]
fn everything_shown_is_marked_read_and_back() {
    let mut driver = Driver::start(80, 24, edition());
    let unread = |driver: &mut Driver| driver.screen().matches('●').count();
    driver.keys("f c 'kenya' Enter A");
    assert_eq!(unread(&mut driver), 0);
    assert!(driver.status().contains("3 articles marked as read; U undoes it"), "{}", driver.status());
    driver.keys("f x");
    assert_eq!(unread(&mut driver), 3);
    assert!(
        driver.status().contains("the filter about:Kenya removed; U brings it back"),
        "{}",
        driver.status()
    );
    driver.keys("U");
    assert!(driver.status().contains("[about:Kenya] the filter is about:Kenya again"), "{}", driver.status());
    driver.keys("U");
    assert!(driver.status().contains("undone: 3 articles marked as read"), "{}", driver.status());
    driver.keys("U");
    assert!(driver.status().contains("the filter is empty again"), "{}", driver.status());
    assert_eq!(unread(&mut driver), 6);
    assert!(driver.keys("U").status().contains("nothing to undo"));
    driver.keys("C-r C-r C-r");
    assert_eq!(unread(&mut driver), 3);
    assert!(driver.keys("C-r").status().contains("nothing to redo"));
}

/// What changed nothing offers nothing, and the next undo does not undo something else by surprise.
#[test]
fn nothing_marked_is_nothing_to_undo() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("A");
    assert!(driver.status().contains("6 articles marked as read"), "{}", driver.status());
    driver.keys("A");
    assert!(driver.status().contains("all of them are read already"), "{}", driver.status());
    assert!(!driver.status().contains("U undoes"), "{}", driver.status());
    driver.keys("U");
    let told = "nothing to undo here; U again undoes: 6 articles marked as";
    assert!(driver.status().contains(told), "{}", driver.status());
    assert!(!driver.screen().contains('●'));
    assert!(driver.keys("U").status().contains("undone: 6 articles marked as read"), "{}", driver.status());
}

/// What another reader or a command marks has a history of its own.
#[test]
fn what_somebody_else_did_is_not_undone() {
    let mut driver = Driver::start(80, 24, edition());
    driver.mark_elsewhere();
    assert!(!driver.screen().contains('●'));
    assert!(driver.keys("U").status().contains("nothing to undo"), "{}", driver.status());
    driver.keys("s");
    driver.mark_elsewhere();
    assert!(driver.keys("U").status().contains("undone: 1 article starred"), "{}", driver.status());
    assert!(!driver.screen().contains('●'));
}

#[test]
fn dropped_conditions_come_back_one_after_the_other() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f u f c 'kenya' Enter Esc Esc");
    assert!(driver.status().contains("is:unread removed; U brings it back"), "{}", driver.status());
    driver.keys("U");
    assert!(driver.status().contains("[is:unread]"), "{}", driver.status());
    driver.keys("U");
    assert!(driver.status().contains("[is:unread] [about:Kenya]"), "{}", driver.status());
    driver.keys("C-r C-r");
    assert!(driver.status().contains("the filter is empty again; U takes it back"), "{}", driver.status());
    // A search that is typed is one step, however many pauses it had.
    driver.keys("/ 'kenya' Enter");
    assert!(driver.status().contains("[kenya"), "{}", driver.status());
    driver.keys("U");
    assert!(driver.status().contains("the filter is empty again"), "{}", driver.status());
}

#[test]
fn tags_are_put_on_and_found() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("t 'read_later' Enter").screen().contains("#read-later"));
    assert!(driver.keys("f t").screen().contains("read-later"));
    assert!(driver.keys("Enter").status().starts_with("1/1 [tag:read-later]"));
    assert!(!driver.keys("f x t '-read-later' Enter").screen().contains("· #read-later"));
    assert!(!driver.keys("t 'x' Esc").screen().contains("#x"));
}

/// What is read does not vanish from under the one who reads it.
#[test]
fn an_article_stays_while_it_is_read_though_the_filter_says_unread() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f u j Enter");
    driver.send(dateline::exports::app::Message::LibraryChanged);
    driver.rest();
    assert!(driver.screen().contains("\n Quiet day at the market"), "{}", driver.screen());
    driver.keys("J");
    assert!(driver.screen().contains("\n Launch"), "the next, none left out:\n{}", driver.screen());
}

/// A story that three sources tell.
fn told_three_times() -> Vec<(dateline::exports::article::Article, dateline::exports::annotation::Analysis)> {
    let told = |source: &str, words: &str| {
        let mut article = edition()[0].0.clone();
        article.guid = Some(source.to_owned());
        article.source = source.to_owned();
        article.url = None;
        article.title = "Harbour to close".to_owned();
        article.body = format!(
            "The harbour of Port Sund will close for three weeks from Monday while divers {words} the anchor that a \
             freighter lost there in the storm of last week, the harbour office said. Ships for the north will be sent \
             to the old quay, where cranes are being set up, and the ferry will sail from the fishing port."
        );
        (article, dateline::exports::annotation::Analysis::default())
    };
    vec![told("North Wire", "look for"), told("South Post", "search for"), told("East", "seek")]
}

/// It is read, opened and undone as one.
#[test]
fn copies_are_listed_opened_and_marked_with_their_story() {
    let mut driver = Driver::start(100, 30, told_three_times());
    assert!(driver.screen().contains("+2"), "{}", driver.screen());
    assert!(driver.screen().contains("also in: South Post, East"), "{}", driver.screen());
    driver.keys("g c");
    assert!(
        driver.screen().contains("South Post") && driver.screen().contains("East  "),
        "{}",
        driver.screen()
    );
    driver.keys("'east' Enter");
    assert!(driver.screen().contains("also in: North Wire, South Post"), "{}", driver.screen());
    assert!(!driver.screen().contains('●'), "{}", driver.screen());
    driver.keys("q f u");
    assert!(driver.screen().contains("No article matches"), "{}", driver.screen());
    driver.keys("f u U U U");
    assert!(driver.screen().contains('●'), "{}", driver.screen());
}

/// The list, the line that is typed, the pane of names and a choice name what they count, and count the same.
#[test]
fn counts_agree_and_are_named() {
    let news = || edition().into_iter().chain(told_three_times()).collect();
    let mut driver = Driver::start(120, 40, news());
    let title = |driver: &mut Driver| driver.screen().lines().next().unwrap_or("").to_owned();
    let shown = title(&mut driver);
    assert!(shown.contains(" 7 stories, 9 articles ") && shown.contains(" in 7 stories "), "{shown}");
    assert!(driver.keys("/ 'harbour'").status().ends_with("2 stories, 4 articles"), "{}", driver.status());
    driver.keys("Enter");
    assert!(title(&mut driver).contains(" 2 stories, 4 articles "), "{}", driver.screen());
    driver.keys("C-u f x f s 'south'");
    assert!(driver.screen().contains("South Post: 1 article "), "{}", driver.screen());
    // Nothing is folded, or it is not to be folded: these are articles.
    driver.keys("Enter");
    assert!(title(&mut driver).contains(" 1 article "), "{}", driver.screen());
    driver.keys("f x f e 'group:off' Enter");
    assert!(title(&mut driver).contains(" 9 articles "), "{}", driver.screen());
    // Where there is little room, the position keeps its place and the number of articles is left out first.
    let mut low = Driver::start(40, 12, news());
    assert!(title(&mut low).ends_with(" 7 stories, 9 articles"), "{}", low.screen());
    let mut narrow = Driver::start(32, 12, news());
    assert!(title(&mut narrow).ends_with(" 7 stories"), "{}", narrow.screen());
    assert!(narrow.status().starts_with("1/7 "), "{}", narrow.status());
}

/// A person whom articles name in several ways has one name in every line, and the filter keeps all of them.
#[test]
fn a_person_is_shown_by_one_name() {
    let named = |day: &str, name: &str| {
        article(day, "Wire", &format!("Talks {day}"), &format!("[{name}|person] spoke."))
    };
    let news = ["Yasuo Tanabe", "Minister Yasuo Tanabe", "Yasuo Tanabe"];
    let news =
        news.iter().zip(["2024-03-01", "2024-03-02", "2024-03-03"]).map(|(name, day)| named(day, name));
    let mut driver = Driver::start(100, 30, news.collect());
    driver.keys("f p 'tanabe' Enter");
    let all = driver.app.query().to_string();
    assert!(driver.status().starts_with("1/3 [about:\"Yasuo Tanabe\"]"), "{}", driver.status());
    driver.keys("S");
    assert!(driver.status().ends_with("about:\"Yasuo Tanabe\""), "{}", driver.status());
    driver.keys("'tanabe' Enter");
    assert!(driver.status().contains("saved @tanabe: about:\"Yasuo Tanabe\";"), "{}", driver.status());
    driver.keys("f x");
    assert!(driver.status().contains("the filter about:\"Yasuo Tanabe\" removed"), "{}", driver.status());
    driver.keys("U");
    assert!(driver.status().contains("the filter is about:\"Yasuo Tanabe\" again"), "{}", driver.status());
    assert_eq!(driver.app.query().to_string(), all);
    // As a text, it finds the same.
    driver.keys("f e Enter");
    assert_eq!(driver.app.query().to_string(), all);
    assert!(driver.status().starts_with("1/3 "), "{}", driver.status());
}

/// A filter that comes back lists the rows that it had listed, with the cursor where it was; so does the one before it.
#[test]
fn a_filter_comes_back_with_its_rows_and_its_cursor() {
    let news = (1..=28).map(|day| {
        let body = if day % 2 == 0 { "Even words." } else { "Odd words." };
        article(&format!("2024-03-{day:02}"), "Wire", &format!("News {day}"), body)
    });
    let mut driver = Driver::start(80, 24, news.collect());
    driver.keys("1 4 j k k");
    let all = driver.screen();
    driver.keys("/ 'even' Enter G k");
    let even = driver.screen();
    assert!(even.contains("13/14 [even*]"), "{even}");
    let same = |screen: &str, other: &str| {
        let rows = |screen: &str| screen.lines().take(16).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rows(screen), rows(other), "\n{screen}");
    };
    same(&driver.keys("U").screen(), &all);
    same(&driver.keys("C-r").screen(), &even);
    driver.keys("f x G");
    same(&driver.keys("U").screen(), &even);
    // What is read since then stays listed.
    driver.keys("f x f u j j Enter q");
    let unread = driver.screen();
    driver.keys("f x g g");
    same(&driver.keys("U").screen(), &unread);
    assert!(driver.status().contains("/28 [is:unread]"), "{}", driver.status());
    // The article that is read stays.
    driver.keys("G Enter U");
    assert!(
        driver.screen().contains("[Article]") && driver.screen().contains("\n News 1\n"),
        "{}",
        driver.screen()
    );
}
