//! The news desk: the timeline, names with their curves and profiles, the map.

use super::article;
use super::driver::{Driver, check};
use dateline::exports::annotation::Analysis;
use dateline::exports::article::Article;
use dateline::exports::theme::{Depth, Glyphs, Theme, ThemeName};

/// Three months of news, with a month between that has none.
fn quarter() -> Vec<(Article, Analysis)> {
    let mut news = Vec::new();
    for day in 1..=20 {
        let body =
            "Harbour Board chairman [Ada Obi|person] of [Kenya|country=KE] said <Ada Obi: We are ready>.";
        news.push(article(&format!("2024-01-{day:02}"), "Wire", &format!("Ready on day {day}"), body));
    }
    for day in 1..=9 {
        let body = "[Lars Vik|person] of [Norway|country=NO] met [Ada Obi|person] in [Oslo|place].";
        news.push(article(&format!("2024-03-{day:02}"), "Post", &format!("Meeting on day {day}"), body));
    }
    for day in 1..=12 {
        let body =
            "[Lars Vik|person] spoke of [Japan|country=JP] and [Brazil|country=BR]: <Lars Vik: Never>.";
        news.push(article(&format!("2024-04-{day:02}"), "Post", &format!("Never on day {day}"), body));
    }
    news
}

#[test]
fn a_timeline_has_bins_gaps_and_what_sets_them_apart() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::start(width, height, quarter());
        check(
            &mut driver,
            "v t -",
            &["[Timeline]", "by month", "2024-04 Apr", "12 ", "1 month without", "2024-01 Jan", "20 "],
        );
        // What is below is of the row: the names that set it apart with their counts, and its articles.
        check(&mut driver, "G", &["2024-01 Jan: 20 articles", "Ada Obi (20)", "Ready on day 20"]);
        check(&mut driver, "g g", &["2024-04 Apr: 12 articles", "Japan (12)", "Never on day 12"]);
        // A bin of few articles opens into them, and q closes it again.
        check(&mut driver, "Enter", &["[Articles]", "[date:2024-04", "1/12"]);
        check(&mut driver, "q", &["[Timeline]", "by month", "2024-04 Apr"]);
        // A line below can be entered.
        check(&mut driver, "Tab j j j", &["[2024-04 Apr: 12 articles]"]);
        check(&mut driver, "Enter", &["[Article]", "Never on day"]);
        check(&mut driver, "q q", &["[2024-04 Apr: 12 articles]", "by month"]);
        check(&mut driver, "q", &["[Timeline]", "by month"]);
    }
}

#[test]
fn a_timeline_zooms() {
    let mut driver = Driver::start(80, 24, quarter());
    check(&mut driver, "v t", &["[Timeline]", "by week"]);
    check(&mut driver, "-", &["by month"]);
    check(&mut driver, "-", &["by year", "2024", "41 "]);
    check(&mut driver, "-", &["there are no longer bins"]);
    check(&mut driver, "+ + +", &["by day", "2024-01-01 Mon"]);
    // A large bin opens into smaller ones.
    check(&mut driver, "- - -", &["by year"]);
    check(&mut driver, "Enter", &["[Timeline]", "[date:2024]"]);
    check(&mut driver, "q", &["by year"]);
}

#[test]
fn bars_are_divided_by_people_and_countries() {
    let mut driver = Driver::start(120, 40, quarter());
    check(&mut driver, "v t = ", &["people, stacked", "█ Ada Obi ▓ Lars Vik", "▓▓▓"]);
    check(&mut driver, "=", &["people, side by side"]);
    check(&mut driver, "=", &["countries, stacked", "█ Kenya"]);
    check(&mut driver, "=", &["countries, side by side"]);
    check(&mut driver, "=", &["all articles"]);
}

#[test]
fn people_have_curves_counts_and_descriptions() {
    let mut driver = Driver::start(80, 24, quarter());
    check(&mut driver, "v p", &["[People]", "2 by count", "Ada Obi", "29", "20q", "2024-03-09"]);
    assert!(driver.selected().contains("Harbour Board"), "{}", driver.screen());
    check(&mut driver, "O", &["by salience"]);
    check(&mut driver, "O O", &["by newest"]);
    assert!(driver.selected().contains("Lars Vik"), "{}", driver.screen());
    check(&mut driver, "O", &["by rising"]);
    assert!(driver.selected().contains("Lars Vik"), "{}", driver.screen());
    // Rows are narrowed where they stand.
    check(&mut driver, "O / 'ob'", &["names /ob", "/ob 1 by count"]);
    assert!(driver.selected().contains("Ada Obi"), "{}", driver.screen());
    check(&mut driver, "Enter", &["/ob 1 by count"]);
    check(&mut driver, "/ Esc", &["/ob 1 by count"]);
    check(&mut driver, "/ Enter", &["2 by count", "Lars Vik"]);
}

#[test]
fn a_profile_can_be_entered() {
    let mut driver = Driver::start(80, 24, quarter());
    check(
        &mut driver,
        "v p",
        &[
            "Harbour Board chairman (20)",
            "2024-01-01 to 2024-03-09",
            "29 articles",
            "20 quotes",
            "Says",
            "We are ready",
        ],
    );
    check(&mut driver, "Tab", &["[Ada Obi]"]);
    // To the first quote, in its article.
    check(&mut driver, "j j j Enter", &["[Article]", "Ready on day 20", "quote by Ada Obi"]);
    check(&mut driver, "q q", &["[Ada Obi]"]);
    check(&mut driver, "q", &["[People]"]);
    // With whom: where they meet.
    check(&mut driver, "j", &["Lars Vik"]);
    check(&mut driver, "Tab / 'x' Esc", &["[People]"]);
    let mut driver = Driver::start(80, 24, quarter());
    driver.keys("v p Tab");
    for _ in 0..20 {
        driver.keys("j");
        let screen = driver.screen();
        if screen.lines().any(|line| line.starts_with('>') && line.contains("Lars Vik")) {
            break;
        }
    }
    check(&mut driver, "Enter", &["[Articles]", "person:\"Ada Obi\"", "person:\"Lars Vik\"", "1/9"]);
}

#[test]
fn countries_are_on_a_map() {
    for (width, height) in [(80, 24), (160, 50)] {
        let mut driver = Driver::start(width, height, quarter());
        check(&mut driver, "v c", &["[Countries]", "Kenya", "20"]);
        check(&mut driver, "v m", &["[Kenya 20]", "JP", "NO", "BR", "⣿"]);
        check(&mut driver, "Up", &["[Norway"]);
        check(&mut driver, "Right", &["[Japan"]);
        check(&mut driver, "Right", &["no country of the result lies this way"]);
        check(&mut driver, "Enter", &["[Articles]", "[about:Japan]"]);
        check(&mut driver, "q", &["[Japan"]);
        check(&mut driver, "v c", &["> Japan"]);
    }
}

#[test]
fn the_desk_is_plain_where_the_terminal_is() {
    let mut driver = Driver::start(80, 24, quarter());
    driver.set_theme(Theme::new(ThemeName::Mono, Depth::Mono, Glyphs::Ascii));
    for keys in ["v t", "=", "v p", "v c", "v m", "v o", "v w"] {
        driver.keys(keys);
        let screen = driver.screen();
        // What the articles say is put into ASCII by the renderer.
        let plain = screen.replace(['“', '”'], "").is_ascii();
        assert!(plain, "{keys}:\n{screen}");
    }
}

#[test]
fn every_number_of_a_row_is_the_number_of_its_articles() {
    let mut driver = Driver::start(160, 50, quarter());
    driver.keys("v t -");
    let screen = driver.screen();
    let counted: Vec<u64> = screen
        .lines()
        .filter_map(|line| line.split_once("2024-W")?.1.split_whitespace().nth(2)?.parse().ok())
        .collect();
    assert!(counted.is_empty() || counted.iter().sum::<u64>() <= 41);
    driver.keys("v p");
    for name in ["Ada Obi", "Lars Vik"] {
        let count = driver.count(&format!("person:\"{name}\""));
        let screen = driver.screen();
        let row = screen.lines().find(|line| line.contains(name) && !line.contains('[')).expect("a row");
        assert!(row.contains(&format!(" {count} ")), "{row}: not {count}");
    }
}
