//! Moving, reading, walking through names and quotes.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::Effect;
use ratatui::style::Modifier;

#[test]
fn the_reader_follows_only_once_the_list_rests() {
    let mut driver = Driver::start(80, 24, edition());
    driver.run("j j j j");
    assert!(driver.selected().contains("Norway weighs"));
    assert!(driver.screen().contains("\n Kenya and Norway sign the ferry deal"), "{}", driver.screen());
    driver.rest();
    assert!(driver.screen().contains("\n Norway weighs the ferry deal"));
}

/// A step in the list changes the two rows and the status line.
#[test]
fn a_step_changes_two_rows_and_the_status_line() {
    let mut driver = Driver::start(80, 24, edition());
    let before = driver.buffer();
    driver.run("j");
    let after = driver.buffer();
    let changed: Vec<u16> =
        (0..24).filter(|y| (0..80).any(|x| before.cell((x, *y)) != after.cell((x, *y)))).collect();
    assert_eq!(changed, [1, 2, 23]);
}

#[test]
fn keys_move_by_rows_pages_and_counts() {
    let articles: Vec<_> = (1..=28)
        .map(|day| article(&format!("2024-02-{day:02}"), "Wire", &format!("Title {day}"), "x"))
        .collect();
    let mut driver = Driver::start(80, 24, articles);
    let mut check = |keys: &str, expected: u32| {
        let row = driver.keys(keys).selected();
        assert!(
            row.ends_with(&format!("Title {expected}")) || row.contains(&format!("Title {expected} ")),
            "{keys}: {row}"
        );
    };
    check("j", 27);
    check("5 j", 22);
    check("2 k", 24);
    check("G", 1);
    check("g g", 28);
    check("Space", 23);
    check("C-d", 21);
    check("C-u PgUp", 28);
    check("End Up", 2);
    check("Home Down", 27);
    check("9 9 9 j", 1);
}

#[test]
fn opening_marks_as_read_and_q_goes_back() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.selected().starts_with(">●"));
    driver.keys("Enter");
    assert!(driver.screen().contains("[Article]") && driver.selected().starts_with("> "));
    driver.keys("J");
    assert!(driver.screen().contains("\n Quiet day at the market"));
    assert!(driver.selected().starts_with("> ") && driver.selected().contains("Quiet day"));
    driver.keys("K q");
    assert!(driver.screen().contains("[Articles]") && driver.selected().contains("Kenya and Norway"));
    assert!(driver.done.iter().all(|effect| *effect != Effect::Quit));
    driver.keys("q");
    assert!(driver.done.contains(&Effect::Quit));
}

#[test]
fn n_goes_to_the_next_unread() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("Enter J J q g g");
    assert!(driver.keys("n").selected().contains("東京"));
    assert!(driver.keys("n n").selected().contains("Ferry talks open"));
    assert!(driver.keys("n").status().contains("no more unread"));
    assert!(driver.keys("N N N").status().contains("no more unread"));
}

#[test]
fn names_and_quotes_are_walked_and_told() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("G Enter");
    let mut check = |keys: &str, expected: &str| {
        let status = driver.keys(keys).status();
        assert!(status.contains(expected), "{keys}: {status}");
    };
    check("e", "Ada Obi (person)");
    check("e", "Harbour Board (organisation)");
    check("2 e", "Norway (country NO)");
    check("E", "Kenya (country KE)");
    check("]", "quote by Ada Obi (person)");
    check("]", "quote by Lars Vik (person)");
    check("]", "no more quotes");
    check("[", "quote by Ada Obi");
    check("E", "Mombasa (place)");
    check("Esc", "e name");
    check("q e", "Ada Obi (person)");
    check("Esc", "Enter open");
}

#[test]
fn a_name_in_a_quote_tells_both() {
    let (article, mut analysis) =
        article("2024-03-01", "Wire", "T", "[Ada Obi|person] wrote: <Ada Obi: Ask Lars Vik now>.");
    let at = article.body.find("Lars Vik").expect("a name");
    let span = dateline::exports::text::Span::new(at, at + 8);
    let entity = dateline::exports::annotation::EntityIndex(analysis.entities.len() as u32);
    analysis.entities.push(dateline::exports::annotation::Entity {
        name: "Lars Vik".to_owned(),
        ..analysis.entities[0].clone()
    });
    analysis.mentions.push(dateline::exports::annotation::Mention {
        field: dateline::exports::annotation::Field::Body,
        span,
        entity,
    });
    let mut driver = Driver::start(80, 24, vec![(article, analysis)]);
    let status = driver.keys("Enter e e").status();
    assert!(status.contains("Lars Vik (person) · in a quote by Ada Obi (person)"), "{status}");
}

#[test]
fn the_cursor_is_reversed_and_kinds_can_be_shut_off() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("G Enter e");
    assert!(driver.reversed().contains(&"Ada Obi".to_owned()), "{:?}", driver.reversed());
    let is_italic = |driver: &mut Driver| {
        let buffer = driver.buffer();
        buffer.content.iter().any(|cell| cell.modifier.contains(Modifier::ITALIC))
    };
    assert!(is_italic(&mut driver));
    driver.keys("z q");
    assert!(!is_italic(&mut driver));
    assert!(driver.status().contains("highlighted: people"));
    assert!(driver.keys("z p").status().contains("countries"));
    assert!(driver.keys("z a").status().contains("nothing is highlighted"));
    assert!(
        driver.keys("z a").status().contains("highlighted: people, countries, organisations, places, quotes")
    );
}

#[test]
fn one_goes_on_where_one_stopped() {
    let body: String = (0..200).map(|at| format!("Paragraph {at} of the report.\n")).collect();
    let articles =
        vec![article("2024-03-02", "Wire", "Other", "Short."), article("2024-03-01", "Wire", "Long", &body)];
    let mut driver = Driver::start(80, 24, articles);
    driver.keys("j Enter Space Space");
    let before = driver.screen();
    let here: Vec<&str> = before.lines().skip(8).take(14).collect();
    driver.keys("K");
    assert!(driver.screen().contains("Short."));
    let after = driver.keys("J").screen();
    assert_eq!(after.lines().skip(8).take(14).collect::<Vec<_>>(), here);
    assert!(after.lines().any(|line| line.starts_with("─[Article]") && line.ends_with(" 2/27 ─")), "{after}");
}

#[test]
fn panes_take_the_focus_in_turn() {
    let mut driver = Driver::start(120, 40, edition());
    let mut check = |keys: &str, expected: &str| {
        let screen = driver.keys(keys).screen();
        assert!(screen.contains(&format!("[{expected}]")), "{keys}\n{screen}");
    };
    check("Tab", "Article");
    check("Tab", "Names");
    check("Tab", "Articles");
    check("S-Tab", "Names");
    check("h", "Article");
    check("h", "Articles");
    check("l q", "Articles");
}

#[test]
fn what_is_copied_is_shown() {
    let mut driver = Driver::start(120, 40, edition());
    driver.keys("G y t");
    assert_eq!(driver.copied(), Some("Ferry talks open in Mombasa"));
    assert!(driver.status().contains("copied: Ferry talks open in Mombasa"));
    driver.keys("y y");
    assert_eq!(driver.copied(), Some("https://news.example/ferry-talks-open-in-mombasa"));
    assert!(driver.keys("y q").status().contains("no quote"));
    driver.keys("Enter ] y q");
    assert_eq!(
        driver.copied(),
        Some(
            "“We are ready to sign” — Ada Obi, “Ferry talks open in Mombasa” (Sample Wire, 11 March 2024) https://news.example/ferry-talks-open-in-mombasa"
        )
    );
    // Without waiting for the reader: what is selected counts.
    driver.keys("q").run("g g y t");
    assert_eq!(driver.copied(), Some("Kenya and Norway sign the ferry deal"));
}

#[test]
fn links_are_listed_by_number_and_opened() {
    let body = "See https://news.example/a?b=1, (http://other.example/x). Not ftp://y or javascript:z.";
    let mut driver = Driver::start(80, 24, vec![article("2024-03-01", "Wire", "Title", body)]);
    let screen = driver.keys("u").screen();
    for part in ["1 https://news.example/title", "2 https://news.example/a?b=1 ", "3 http://other.example/x "]
    {
        assert!(screen.contains(part), "{part} in\n{screen}");
    }
    assert!(!screen.contains("> 4"));
    driver.keys("'3' Enter");
    assert!(driver.done.contains(&Effect::Open("http://other.example/x".to_owned())));
    driver.keys("o");
    assert_eq!(driver.done.last(), Some(&Effect::Open("https://news.example/title".to_owned())));
}

#[test]
fn a_search_shows_the_list_where_the_reader_hid_it() {
    let mut driver = Driver::start(40, 12, edition());
    assert!(driver.keys("Enter / 'nor'").screen().contains("[Articles]"));
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("z z / 'nor'").screen().contains("Articles"));
    assert!(driver.keys("Esc z z Esc").screen().contains("Articles"), "Esc leaves the reader alone");
}

/// Steps that are pressed before an article has arrived lead as far as those that wait for it.
#[test]
fn every_step_from_article_to_article_counts() {
    let news =
        || (0..8).map(|n| article(&format!("2024-03-0{}", n + 1), "Wire", &format!("News {n}"), "Body."));
    for (keys, expected) in
        [("J J J", 4), ("J J J K", 3), ("J K", 1), ("3 J J K K", 3), ("J J J J J J J J J K", 7)]
    {
        for holds in [true, false] {
            let mut driver = Driver::start(80, 24, news().collect());
            driver.keys("g g Enter");
            if holds {
                driver.hold_answers();
            }
            driver.run(keys);
            driver.release_answers();
            assert!(driver.status().starts_with(&format!("{expected}/8")), "{keys}: {}", driver.status());
            let shown = format!("\n News {}\n", 8 - expected);
            assert!(driver.screen().contains(&shown), "{keys}: no {shown:?} in\n{}", driver.screen());
        }
    }
}

/// What is pressed for an article that is still under way is done on that one.
#[test]
fn keys_wait_for_their_article() {
    let mut driver = Driver::start(80, 24, edition());
    driver.hold_answers();
    driver.run("G k Enter e s J e ] s");
    driver.release_answers();
    assert!(driver.status().contains("quote by Ada Obi"), "{}", driver.status());
    assert!(driver.selected().starts_with("> ★ 11 Mar"), "{}", driver.screen());
    assert!(driver.keys("K").selected().starts_with("> ★ 12 Mar"), "{}", driver.screen());
    let mut driver = Driver::start(80, 24, edition());
    driver.run("G e");
    assert!(driver.status().contains("Ada Obi"), "{}", driver.status());
}
