//! Where the panes are at each size, and what cannot break them.

use crate::driver::{Driver, article, row};
use crate::edition;
use dateline::exports::theme::{Depth, Glyphs, Theme, ThemeName};

fn check(width: u16, height: u16, keys: &str, expected: &str) {
    let mut driver = Driver::start(width, height, edition());
    let screen = driver.keys(keys).screen();
    assert_eq!(screen.trim_end(), expected.trim_matches('\n'), "\n{screen}");
}

#[test]
fn at_80_columns_the_list_lies_above_the_reader_without_the_names() {
    check(
        80,
        24,
        "G",
        "
 [Articles]                                                         6 articles
 ●  16 Mar Daily Lamp   Kenya and Norway sign the ferry deal
 ●  15 Mar Daily Lamp   Quiet day at the market
 ●  14 Mar Harbour Post Launch 👩\u{200D}🚀🚀 delayed again
 ●  13 Mar Harbour Post 東京でフェリー会議 opens
 ●  12 Mar Sample Wire  Norway weighs the ferry deal
>●  11 Mar Sample Wire  Ferry talks open in Mombasa
─ Article ──────────────────────────────────────────────────────────────── 1/1 ─
 Ferry talks open in Mombasa
 Sample Wire · 11 March 2024

 MOMBASA, March 11 — Ada Obi of the Harbour Board met ministers from
 Kenya and Norway in Mombasa on Monday.

 “We are ready to sign”, she said. Lars Vik of Norway was more careful:
 “There is work to do”.

 [1] https://news.example/ferry-talks-open-in-mombasa





6/6 Enter open  / search  ? help  f p person  f c country  l pane  : palette",
    );
}

#[test]
fn from_100_columns_the_names_are_at_the_right_of_both() {
    check(
        100,
        22,
        "",
        "
─[Articles]────────────────────────────────────────────────── 6 articles ─┬─ Names ─ in 6 articles ─
>●  16 Mar Daily Lamp Kenya and Norway sign the ferry deal                │ People
 ●  15 Mar Daily Lamp Quiet day at the market                             │  Lars Vik              3
 ●  14 Mar Harbour    Launch 👩\u{200D}🚀🚀 delayed again                           │  Ada Obi               2
 ●  13 Mar Harbour    東京でフェリー会議 opens                            │  Mona Idris            1
 ●  12 Mar Sample     Norway weighs the ferry deal                        │  Zoë Brontë            1
 ●  11 Mar Sample     Ferry talks open in Mombasa                         │ Countries
─ Article ────────────────────────────────────────────────────────── 1/1 ─┤  Kenya                 3
 Kenya and Norway sign the ferry deal                                     │  Norway                3
 Daily Lamp · 16 March 2024                                               │  Japan                 1
                                                                          │ Organisations
 Ada Obi and Lars Vik signed for Kenya and Norway.                        │  Harbour Board         1
                                                                          │  Space Office          1
 [1] https://news.example/kenya-and-norway-sign-the-ferry-deal            │ Places
                                                                          │  Mombasa               1
                                                                          │  Nairobi               1
                                                                          │  Oslo                  1
                                                                          │ Sources
                                                                          │  Daily Lamp            2
                                                                          │  Harbour Post          2
                                                                          │  Sample Wire           2
1/6 Enter open  / search  ? help  f p person  f c country  l pane  : palette  q back",
    );
}

/// `z f` shows the names below 100 columns, and hides them above; the choice stays through every size.
#[test]
fn the_names_come_and_go_as_wished() {
    let mut driver = Driver::start(80, 24, edition());
    let has_names = |driver: &mut Driver| driver.screen().contains(" Names ");
    assert!(!has_names(&mut driver));
    assert!(has_names(driver.resize(100, 30)));
    assert!(!has_names(driver.resize(99, 30)));
    assert!(has_names(driver.keys("z f")));
    assert!(has_names(driver.resize(80, 24)));
    assert!(!has_names(driver.resize(120, 40).keys("z f")));
    assert!(!has_names(driver.resize(200, 50)));
}

#[test]
fn below_70_columns_there_is_one_pane_at_a_time() {
    check(
        40,
        12,
        "",
        "
 [Articles]                 6 articles
>●  16 Mar Kenya and Norway sign the fe…
 ●  15 Mar Quiet day at the market
 ●  14 Mar Launch 👩\u{200D}🚀🚀 delayed again
 ●  13 Mar 東京でフェリー会議 opens
 ●  12 Mar Norway weighs the ferry deal
 ●  11 Mar Ferry talks open in Mombasa




1/6 Enter open  / search  ? help  l pane",
    );
    check(
        40,
        12,
        "j j j Enter",
        "
 [Article]                         1/2
 東京でフェリー会議 opens
 Harbour Post · 13 March 2024

 Delegates from 日本 and Kenya met. 東
 京都の会議で代表団は新しい航路について
 話し合った。Zoë Brontë spoke: “Cafe\u{301}
 life is re\u{301}al”.

 [1] https://news.example/%E6%9D%B1%E4%
     BA%AC%E3%81%A7%E3%83%95%E3%82%A7%E
4/6 e name  q back  ? help  ] quote",
    );
    check(
        40,
        12,
        "h",
        "
 [Names]                 in 6 articles
 People
> Lars Vik                             3
  Ada Obi                              2
  Mona Idris                           1
  Zoë Brontë                           1
 Countries Kenya                      3
 Organisations Harbour Board          1
 Places Mombasa                       1
 Sources Daily Lamp                   2

1/6 + require  - exclude  q back  ? help",
    );
}

#[test]
fn below_20_by_5_a_line_says_so() {
    check(15, 4, "j", "needs 20x5");
    check(9, 9, "j", "too small");
    check(60, 4, "", "dateline needs 20x5 cells");
}

#[test]
fn from_160_columns_the_three_lie_side_by_side() {
    let mut driver = Driver::start(200, 50, edition());
    let screen = driver.screen();
    let first = screen.lines().next().expect("a title line");
    assert!(first.contains("[Articles]") && first.contains(" Article ") && first.contains(" Names "));
    let mut driver = Driver::start(159, 40, edition());
    let screen = driver.screen();
    let titles: Vec<&str> = screen.lines().filter(|line| line.contains("─ Article ")).collect();
    assert_eq!(titles.len(), 1);
    assert!(titles[0].starts_with("─ Article"), "the reader is below the list:\n{screen}");
}

#[test]
fn the_reader_can_have_the_whole_screen() {
    let mut driver = Driver::start(120, 40, edition());
    let screen = driver.keys("z z").screen();
    assert!(screen.starts_with(" [Article] ") && !screen.contains("Articles"), "\n{screen}");
    assert!(driver.keys("z z").screen().contains("[Articles]"));
    assert!(driver.keys("z z q").screen().contains("[Articles]"));
    let without = driver.keys("z f").screen();
    assert!(!without.contains("Names"), "\n{without}");
}

#[test]
fn lines_of_text_are_at_most_as_long_as_the_measure() {
    let long = article("2024-03-01", "Wire", "Long", &"words and more words ".repeat(60));
    let mut driver = Driver::start(120, 40, vec![long]);
    let screen = driver.keys("z z").screen();
    let longest = screen.lines().filter(|line| line.contains("words")).map(|line| line.trim().len()).max();
    assert!(longest > Some(70) && longest <= Some(80), "{longest:?}");
}

/// Each row of the screen is exactly as wide as the screen, whatever titles and bodies hold.
#[test]
fn wide_joined_and_combining_characters_break_nothing() {
    let hard = "👨\u{200D}👩\u{200D}👧\u{200D}👦🇰🇪👍🏽 e\u{301}\u{302}\u{303} 東京 हिन्दी क्षि ไทย ا\u{64E}لعربية ﷽ \u{1F3F4} ok ";
    let articles = vec![
        article("2024-03-02", hard, &hard.repeat(3), &hard.repeat(40)),
        article("2024-03-01", "Wire", &hard.repeat(2), hard),
    ];
    for (width, height) in [(80, 24), (120, 40), (200, 50), (40, 12), (21, 6)] {
        let mut driver = Driver::start(width, height, articles.clone());
        for keys in ["", "Enter Space", "q / 'क' Esc", "h f s", "Esc :", "Esc ?"] {
            let buffer = driver.keys(keys).buffer();
            for y in 0..height {
                let text = row(&buffer, y);
                let cells = dateline::exports::text::width::cells(&text);
                assert!(cells.abs_diff(width.into()) <= 1, "{width}x{height} {keys}: {cells} in {text:?}");
            }
            if matches!(driver.app.over(), dateline::exports::app::over::Over::Nothing) && width >= 80 {
                let title = row(&buffer, 0);
                let drawn = if width < 100 { title.contains("Article") } else { title.starts_with('─') };
                assert!(drawn, "{title}");
            }
        }
    }
}

#[test]
fn an_ascii_theme_draws_with_ascii() {
    let theme = Theme::new(ThemeName::Mono, Depth::Mono, Glyphs::Ascii);
    let mut driver = Driver::start(
        80,
        24,
        vec![article("2024-03-01", "Wire", "A long title that is cut".repeat(4).as_str(), "x")],
    );
    driver.set_theme(theme);
    for keys in ["", "f p", "Esc ?"] {
        let screen = driver.keys(keys).screen();
        // The dot between source and date is left to the terminal's own fallback.
        assert!(screen.replace('·', "").is_ascii(), "\n{screen}");
    }
}

#[test]
fn resizing_keeps_what_is_read() {
    let body: String = (0..300).map(|at| format!("Sentence {at} of the report. ")).collect();
    let mut driver = Driver::start(80, 24, vec![article("2024-03-01", "Wire", "Long", &body)]);
    driver.keys("Enter Space Space Space");
    let first = |driver: &mut Driver| {
        let screen = driver.screen();
        let at = screen.lines().position(|line| line.contains("Article]")).expect("a reader");
        screen.lines().nth(at + 1).expect("a line").trim().to_owned()
    };
    let before = first(&mut driver);
    driver.resize(200, 50).resize(40, 12).resize(80, 24);
    let number = |line: &str| -> i64 {
        let digits: String =
            line.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().expect("a number")
    };
    let after = first(&mut driver);
    assert!((number(&before) - number(&after)).abs() <= 4, "{before} / {after}");
}

#[test]
fn an_article_without_a_title_is_listed_by_its_first_words() {
    let mut driver = Driver::start(80, 24, vec![article("2024-03-01", "Wire", "", "It rained on\nFriday.")]);
    assert!(driver.selected().contains("Wire         It rained on"), "{}", driver.screen());
    assert!(driver.keys("y t").status().contains("this article has no title"));
}

#[test]
fn a_narrower_window_keeps_the_pane_of_names_as_long_as_the_cursor_is_in_it() {
    let mut driver = Driver::start(120, 40, edition());
    assert!(driver.keys("h j").screen().contains("[Names]"));
    let cursor = |driver: &mut Driver| {
        let screen = driver.screen();
        let line = screen.lines().find(|line| line.contains("│>") || line.contains("│ >"));
        line.and_then(|line| line.rsplit('│').next()).map(str::trim_end).unwrap_or_default().to_owned()
    };
    let name = |line: &str| line.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    let before = name(&cursor(&mut driver));
    assert!(!before.is_empty(), "{}", driver.screen());
    for (width, height) in [(80, 24), (99, 30), (120, 40)] {
        driver.resize(width, height);
        assert!(driver.screen().contains("[Names]"), "{width}: {}", driver.screen());
        assert_eq!(name(&cursor(&mut driver)), before, "{width}");
    }
    assert!(!driver.resize(80, 24).keys("l").screen().contains("Names"), "{}", driver.screen());
}
