//! Articles that come in while one reads.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::Loading;
use dateline::exports::library::Library;

fn newer(count: u32) -> Vec<(dateline::exports::article::Article, dateline::exports::annotation::Analysis)> {
    (1..=count)
        .map(|at| {
            article(
                &format!("2024-05-{:02}", at % 28 + 1),
                "Wire",
                &format!("Fresh {at}"),
                &format!("Body {at}."),
            )
        })
        .collect()
}

#[test]
fn what_one_reads_does_not_move() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("j Enter");
    let reader =
        |driver: &mut Driver| driver.screen().lines().skip(7).take(16).collect::<Vec<_>>().join("\n");
    let before = (driver.selected(), reader(&mut driver));
    for _ in 0..3 {
        driver.stream(newer(20), Loading::Underway);
    }
    driver.stream(newer(400), Loading::Finished);
    assert_eq!((driver.selected(), reader(&mut driver)), before);
    assert!(driver.status().starts_with("402/406"), "{}", driver.status());
    let row = driver.screen().lines().position(|line| line.starts_with('>'));
    assert_eq!(row, Some(2), "the row stays in its place on the screen");
    driver.keys("q k k");
    assert!(driver.selected().contains("Fresh"));
}

#[test]
fn before_the_first_key_the_list_shows_the_newest() {
    let mut driver = Driver::on(80, 24, Library::temporary().expect("a library"));
    driver.stream(edition(), Loading::Underway);
    assert!(driver.screen().contains("\n Kenya and Norway sign"));
    driver.stream(newer(30), Loading::Underway);
    assert!(driver.selected().contains("28 May"));
    assert!(driver.screen().contains("\n Kenya and Norway sign"), "the article stays:\n{}", driver.screen());
    driver.stream(Vec::new(), Loading::Finished);
    assert!(driver.screen().contains("\n Fresh"), "{}", driver.screen());
}

#[test]
fn a_long_list_is_run_through_in_pages() {
    let mut driver = Driver::on(80, 24, Library::temporary().expect("a library"));
    let articles = (0..5000)
        .map(|at| {
            article(
                &format!("20{:02}-{:02}-{:02}", at / 336, at / 28 % 12 + 1, at % 28 + 1),
                "Wire",
                &format!("Title {at}."),
                &format!("Number {at}."),
            )
        })
        .collect();
    driver.stream(articles, Loading::Finished);
    assert!(driver.selected().contains("Title 4999."));
    assert!(driver.keys("1 5 0 0 j").status().contains("/5000"));
    driver.keys("G");
    assert!(driver.selected().contains("Title 0."), "{}", driver.screen());
    assert!(driver.status().starts_with("5000/5000"));
    driver.run(&"k ".repeat(450)).rest();
    assert!(driver.selected().contains("Title 450."), "{}", driver.screen());
    driver.run(&"C-d ".repeat(30)).rest();
    driver.keys("g g");
    assert!(driver.selected().contains("Title 4999."));
    driver.run(&"Space ".repeat(300)).rest();
    assert!(driver.status().starts_with("1501/5000"), "{}", driver.status());
}

/// Keys that are pressed while an answer is under way are not taken back by it.
#[test]
fn a_step_during_a_change_counts() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("j");
    driver.hold_answers();
    driver.stream(newer(5), Loading::Underway);
    driver.run("j j");
    let before = driver.selected();
    driver.release_answers();
    assert_eq!(driver.selected(), before);
    assert!(driver.status().starts_with(" 9/11"), "{}", driver.status());
}

/// A list of several pages, the first of which is held; what these keys do before the next answer, they do to the row at
/// which the cursor arrives.
fn check_far(keys: &str, expected: &[&str]) {
    let news = (0..500).map(|number| {
        let (day, hour) = (1 + number / 24, number % 24);
        let mut news = article("2024-03-01", "Wire", &format!("News {number}"), &format!("Body {number}."));
        news.0.published = format!("2024-03-{day:02}T{hour:02}:00:00Z").parse().ok();
        news
    });
    let mut driver = Driver::start(80, 24, news.collect());
    driver.hold_answers();
    driver.run(keys);
    driver.release_answers();
    driver.rest();
    let screen = driver.screen();
    for expected in expected {
        assert!(screen.contains(expected), "{keys}: no {expected:?} in\n{screen}");
    }
}

#[test]
fn what_is_done_before_a_row_arrives_is_done_to_that_row() {
    check_far("G", &["500/500", "\n Body 0."]);
    check_far("G Enter", &["[Article]", "\n News 0\n", "\n Body 0."]);
    check_far("G m", &["500/500", ">    1 Mar Wire         News 0"]);
    check_far("G s", &["500/500", ">●★  1 Mar Wire         News 0"]);
    check_far("G t 'last' Enter", &["500/500", "· #last", "\n Body 0."]);
    check_far("G k Enter", &["499/500", "\n Body 1."]);
    check_far("G k k s j Enter", &["499/500", " ●★  1 Mar Wire         News 2", "\n Body 1."]);
    check_far("G Enter q", &["[Articles]", "500/500"]);
    check_far("G Enter J", &["[Article]", "\n Body 0."]);
    check_far("G g g Enter", &["[Article]", "\n Body 499."]);
    check_far("G 1 0 G Enter", &["[Article]", "\n Body 490."]);
    check_far("4 0 0 G Enter", &["[Article]", "\n Body 100."]);
    check_far("3 0 0 j Enter", &["[Article]", "\n Body 199."]);
    check_far(
        "C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f C-f Enter",
        &["[Article]"],
    );
    check_far("/ '\"news_7\"' Enter Enter", &["[Article]", "\n Body 7.", "1/1"]);
}
