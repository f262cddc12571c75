//! Boards, rows that are selected together, what is watched, and the brief.

use super::article;
use super::driver::{Driver, check};
use dateline::exports::annotation::Analysis;
use dateline::exports::app::{Loading, Message};
use dateline::exports::article::Article;
use dateline::exports::theme::{Depth, Glyphs, Theme, ThemeName};

/// Six days of news.
fn news() -> Vec<(Article, Analysis)> {
    let body = |day: u32| {
        format!(
            "[Ada Obi|person] of [Kenya|country=KE] said <Ada Obi: We are ready to sail tomorrow with all of our {day} ships>."
        )
    };
    (1..=6).map(|day| one(day, &body(day))).collect()
}

fn one(day: u32, body: &str) -> (Article, Analysis) {
    article(&format!("2024-03-{day:02}"), "Wire", &format!("Ferry on day {day}"), body)
}

#[test]
fn an_article_and_a_quote_are_put_on_a_board_and_it_is_read_ordered_and_noted() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::start(width, height, news());
        check(&mut driver, "v B", &["[Boards]", "There are no boards. B puts an article"]);
        check(&mut driver, "v l B", &["board: "]);
        check(&mut driver, "'Harbour' Enter", &["1 item put on the board Harbour; U undoes it"]);
        // The same once more changes nothing; the name is proposed.
        check(&mut driver, "B Enter", &["it is on the board Harbour already"]);
        check(&mut driver, "j B Enter", &["1 item put on the board Harbour"]);
        // The quote under the cursor of the article.
        check(&mut driver, "Enter ] B Enter", &["1 item put on the board Harbour"]);
        check(&mut driver, "v B", &["[Boards]", "Harbour", "3"]);
        check(
            &mut driver,
            "Enter",
            &["Harbour: 3 items", "  1 2024-03-06 Ferry on day 6", "Ada Obi: “We are ready"],
        );
        check(&mut driver, "c J", &["moved to place 2", "  2 2024-03-06"]);
        check(&mut driver, "c a 'ask' Enter", &["a note written on the board Harbour", "* ask"]);
        check(&mut driver, "G d", &["1 item taken off", "Harbour: 2 items"]);
        check(&mut driver, "U", &["undone: the board Harbour has 3 items", "Harbour: 3 items"]);
        check(&mut driver, "C-r", &["redone", "Harbour: 2 items"]);
        // Enter reads the article, and q leads back: to the board, to the boards, to the list.
        check(&mut driver, "g g Enter", &["[Article]", "Ferry on day"]);
        check(&mut driver, "q", &["[Boards]", "Harbour: 2 items"]);
        check(&mut driver, "q", &["[Boards]", "Harbour"]);
        check(&mut driver, "d", &["the board Harbour removed"]);
        check(&mut driver, "U", &["undone: the board Harbour has 2 items"]);
        check(&mut driver, "c n C-u 'Quay' Enter", &["called Quay now", "Quay"]);
    }
}

#[test]
fn a_mark_applies_to_all_selected_rows_and_is_one_change() {
    let mut driver = Driver::start(80, 24, news());
    check(&mut driver, "V j j", &["3 rows are selected"]);
    check(&mut driver, "s", &["3 rows: 3 articles starred; U undoes it"]);
    assert_eq!(driver.count("is:starred"), 3);
    driver.keys("U");
    assert_eq!(driver.count("is:starred"), 0);
    // Upwards, and a tag.
    driver.keys("G V k k k t 'later' Enter");
    assert_eq!(driver.count("#later"), 4);
    driver.keys("U");
    assert_eq!(driver.count("#later"), 0);
    driver.keys("g g V j B 'Both' Enter");
    check(&mut driver, "v B Enter", &["Both: 2 items"]);
    check(&mut driver, "U", &["undone: the board Both is gone"]);
    // Nothing is selected any more after a mark, after Esc, and in another list.
    driver.keys("v l g g V j Esc s");
    assert_eq!(driver.count("is:starred"), 1);
    driver.keys("V j / 'ferry' Enter m");
    assert!(driver.count("is:read") <= 1);
    // Many rows are deleted as one change, too.
    driver.keys("Esc Esc g g V j j d");
    assert_eq!(driver.count("is:deleted"), 3);
    driver.keys("U");
    assert_eq!(driver.count("is:deleted"), 0);
}

#[test]
fn rows_that_are_not_held_are_marked_with_the_others() {
    let many = (0..3_000).map(|at| {
        let (mut article, analysis) = one(1, "News.");
        article.title = format!("Ferry {at}");
        article.url = Some(format!("https://news.example/{at}"));
        (article, analysis)
    });
    let mut driver = Driver::start(80, 24, many.collect());
    driver.keys("f e 'group:off' Enter g g");
    check(&mut driver, "V 2 5 0 0 G", &["2500 rows are selected"]);
    driver.keys("s");
    assert_eq!(driver.count("is:starred group:off"), 2500);
    driver.keys("U");
    assert_eq!(driver.count("is:starred group:off"), 0);
}

#[test]
fn quotes_are_selected_and_put_on_a_board_as_quotes() {
    let mut driver = Driver::start(100, 30, news());
    driver.keys("v q V j");
    check(&mut driver, "B 'Said' Enter", &["put on the board Said"]);
    check(&mut driver, "v B Enter", &["Said: ", "Ada Obi: “We are ready"]);
}

#[test]
fn what_is_new_in_a_watch_stands_on_top_and_enter_leads_to_it() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::with_search(width, height, news());
        // A person under the cursor of the names is watched.
        check(&mut driver, "v p g a", &["watching @Ada-Obi"]);
        check(&mut driver, "v W", &["[Watched]", "- ", "@Ada-Obi", "@kenya"]);
        let later = "[Lars Vik|person] went to [Kenya|country=KE].";
        driver.stream(vec![one(9, later), one(10, later)], Loading::Finished);
        driver.send(Message::LibraryChanged);
        check(&mut driver, "v l v W", &["2 new @kenya"]);
        let screen = driver.screen();
        let place = |name: &str| screen.find(name).expect("a watch");
        assert!(place("@kenya") < place("@Ada-Obi"), "{screen}");
        check(&mut driver, "g g Enter", &["[Articles]", "newer:6", "Ferry on day 10", "1/2"]);
        // It has been looked at.
        check(&mut driver, "v W", &["- ", "@kenya"]);
        assert!(!driver.screen().contains("2 new"), "{}", driver.screen());
        check(&mut driver, "g g g a", &["not watching"]);
        check(&mut driver, "U", &["undone"]);
    }
}

#[test]
fn the_brief_tells_the_newest_day_and_its_lines_lead_on() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::start(width, height, news());
        check(
            &mut driver,
            "v b",
            &[
                "[Brief]",
                "Nothing is new since yesterday. The newest day, 2024-03-06",
                "Top stories",
                "Ferry on day 6",
            ],
        );
        check(&mut driver, "j j Enter", &["[Article]", "Ferry on day 6"]);
        check(&mut driver, "q", &["[Brief]"]);
        check(&mut driver, "g g Enter", &["[Articles]", "1/1"]);
        check(&mut driver, "q", &["[Brief]"]);
        driver.set_theme(Theme::new(ThemeName::Mono, Depth::Mono, Glyphs::Ascii));
        assert!(driver.screen().contains("Top stories"));
    }
}
