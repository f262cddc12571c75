//! What a row of the list shows, which row is the clearest, and what is said around the list.

use crate::driver::{Driver, article, row};
use crate::edition;
use dateline::exports::app::action::{ACTIONS, Context};
use dateline::exports::app::{Edition, Message};
use dateline::exports::formats::Warning;
use dateline::exports::theme::{Depth, Glyphs, Theme, ThemeName};
use proptest::prelude::*;
use ratatui::style::Modifier;

/// Whether every cell of row `y`, up to column `end`, has this attribute.
fn has(driver: &mut Driver, y: u16, end: u16, modifier: Modifier) -> bool {
    let buffer = driver.buffer();
    (0..end).filter_map(|x| buffer.cell((x, y))).all(|cell| cell.modifier.contains(modifier))
}

/// The titles that the list shows, from the column behind the source on.
fn titles(driver: &mut Driver, source: &str) -> Vec<String> {
    let screen = driver.screen();
    let rows = screen.lines().skip(1).take_while(|line| !line.contains(" Article "));
    let title = |line: &str| {
        let list = line.split('│').next()?;
        Some(list.split_once(source)?.1.trim().to_owned())
    };
    rows.filter_map(title).collect()
}

#[test]
fn a_hit_at_the_edge_blanks_no_title() {
    let long = [
        "Violence breaks out at the harbour as police meet a pro-ferry protest in the rain",
        "Violence breaks out at the harbour as police meet the ferry protest in the rain",
        "Ferry, ferry, ferry, ferry, ferry, ferry, ferry, ferry, ferry, ferry, ferry, ferry",
        "東京のフェリー会議で代表団は新しい航路について話し合った ferry 東京都の会議で代表団は ferry",
    ];
    let articles =
        long.iter().map(|title| article("2024-03-01", "Wire", title, "Nothing about it.")).collect();
    let mut driver = Driver::start(80, 24, articles);
    driver.keys("/ 'ferry' Enter");
    for width in 57..=130 {
        driver.resize(width, 24);
        let shown = titles(&mut driver, "Wire");
        assert_eq!(shown.len(), long.len(), "{width}");
        for title in shown {
            let head = title.trim_end_matches('…').trim_end();
            assert!(head.chars().count() >= 10, "{width}: {title:?}");
            assert!(long.iter().any(|long| long.starts_with(head)), "{width}: {title:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever a title holds and whatever is searched for, its row shows how it begins, within its column.
    #[test]
    fn rows_show_how_their_titles_begin(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "talks", "東京都", "🇨🇦🇺🇸", "🇪🇺", "👩\u{200D}🚀", "👍🏽", "cafe\u{301}", "שלום", "עולם", "مرحبا", "1\u{FE0F}\u{20E3}", "x", "한국",
        ]), 1..14),
        word in proptest::sample::select(vec!["talks", "東京都", "שלום", "مرحبا", "한국", "x"]),
        width in 57u16..150,
    ) {
        let title = format!("Go {}", words.join(" "));
        let mut driver = Driver::start(width, 24, vec![article("2024-03-01", "Wire", &title, word)]);
        driver.keys(&format!("/ '{word}' Enter"));
        let shown = titles(&mut driver, "Wire");
        prop_assert_eq!(shown.len(), 1);
        let head = shown[0].trim_end_matches('…').trim_end();
        // ratatui leaves a blank behind each wide symbol.
        let narrow = |text: &str| text.replace(' ', "");
        prop_assert!(narrow(&title).starts_with(&narrow(head)), "{:?} of {:?}", head, title);
        prop_assert!(head.len() >= 2);
    }
}

/// Letters that run from right to left are given to the terminal in the order in which they are read.
#[test]
fn titles_from_right_to_left_keep_their_order() {
    let titles = ["שיחות המעבורת נפתחו במומבסה", "محادثات العبارة تبدأ في مومباسا"];
    let articles =
        titles.iter().map(|title| article("2024-03-01", "הארץ", title, &format!("{title}."))).collect();
    let mut driver = Driver::start(80, 24, articles);
    let screen = driver.screen();
    for title in titles {
        let rows: Vec<&str> = screen.lines().filter(|line| line.contains(title)).collect();
        assert!(!rows.is_empty(), "{title}\n{screen}");
        assert!(rows[0].contains(" 1 Mar הארץ "), "{screen}");
    }
}

/// At every depth of colours, in every theme and in ASCII, the row of the article that is read is a bar.
#[test]
fn the_row_of_the_open_article_is_the_clearest() {
    for name in ThemeName::ALL {
        for (depth, glyphs) in [
            (Depth::True, Glyphs::Unicode),
            (Depth::Sixteen, Glyphs::Unicode),
            (Depth::Mono, Glyphs::Unicode),
            (Depth::Mono, Glyphs::Ascii),
        ] {
            let mut driver = Driver::start(80, 24, edition());
            driver.set_theme(Theme::new(name, depth, glyphs));
            for keys in ["j Enter", "q", "Tab"] {
                driver.keys(keys);
                assert!(has(&mut driver, 2, 80, Modifier::REVERSED), "{keys} {name:?} {depth:?}");
                assert!(!has(&mut driver, 2, 80, Modifier::DIM), "{keys} {name:?} {depth:?}");
                for other in [1, 3, 4] {
                    let buffer = driver.buffer();
                    let marked = (0..80).filter_map(|x| buffer.cell((x, other)));
                    assert!(marked.clone().all(|cell| !cell.modifier.contains(Modifier::REVERSED)));
                }
            }
            // An unread row is bold and has a mark; a read one has neither.
            driver.keys("Tab g g");
            let buffer = driver.buffer();
            let cell = |x, y| buffer.cell((x, y)).expect("a cell");
            assert!(cell(40, 1).modifier.contains(Modifier::BOLD) && cell(1, 1).symbol() != " ");
            assert!(!cell(40, 2).modifier.intersects(Modifier::BOLD | Modifier::DIM));
            assert_eq!(cell(1, 2).symbol(), " ");
        }
    }
}

#[test]
fn there_is_one_pointer_on_the_screen() {
    for (width, height) in [(60, 15), (80, 24), (100, 30), (120, 40), (200, 50)] {
        let mut driver = Driver::with_search(width, height, edition());
        for keys in ["", "k", "j", "Tab", "Tab", "Tab", "v p", "Tab", "q v l g g k k"] {
            let screen = driver.keys(keys).screen();
            let pointers = screen.matches('>').count();
            let alone = width < 70 && driver.app.pane_context() == Context::Reader;
            assert_eq!(pointers, if alone { 0 } else { 1 }, "{width}x{height} after {keys}\n{screen}");
        }
    }
}

/// The menu of `f`, `v`, `z` and `y` shows every key that can follow, with its whole description.
#[test]
fn a_small_menu_shows_every_key_that_can_follow() {
    for (width, height) in [(80, 24), (60, 15), (120, 40)] {
        for key in ["f", "v", "z", "y"] {
            let mut driver = Driver::start(width, height, edition());
            let screen = driver.keys(key).screen();
            for info in ACTIONS.iter().filter(|info| info.action.is_in(Context::List)) {
                let next = info.keys.iter().filter_map(|keys| keys.strip_prefix(&format!("{key} ")));
                for next in next {
                    let words = screen.lines().any(|line| line.contains(info.short) && line.contains(next));
                    assert!(words, "{width}x{height}: no {next} {} in\n{screen}", info.short);
                }
            }
            assert!(driver.status().ends_with(&format!(" {key}")), "{}", driver.status());
            assert!(!driver.keys("Esc").screen().contains(&format!("─ {key}: ")));
        }
    }
}

#[test]
fn keys_are_never_broken_over_lines() {
    for width in 36..=130 {
        let mut driver = Driver::start(width, 24, edition());
        let screen = driver.keys("f u / 'zzzz' Enter").screen();
        let text: String = screen
            .lines()
            .skip(1)
            .take_while(|line| !line.contains(" Article "))
            .map(|line| line.split('│').next().unwrap_or("").trim().to_owned() + "\n")
            .collect();
        assert!(text.contains("f x") && text.contains("f e"), "{width}\n{screen}");
    }
}

/// A message that does not fit leaves out its last parts, then takes rows of its own; the position stays.
#[test]
fn messages_are_never_cut_and_never_hide_the_position() {
    let mut driver = Driver::start(80, 24, edition());
    let told = |driver: &mut Driver, text: &str| driver.send(Message::Told(text.to_owned()));
    told(&mut driver, "12 articles marked as read by the command line of another program; U undoes it");
    assert_eq!(driver.status(), "1/6 12 articles marked as read by the command line of another program");
    driver.keys("f c 'ke' Enter");
    told(&mut driver, "could not open the address; it is shown below");
    assert_eq!(driver.status(), "1/3 [about:Kenya] could not open the address; it is shown below");
    let long = "could not store the correction in /home/ada/.config/dateline/names.toml: the file system is full and \
                nothing more can be written";
    told(&mut driver, long);
    let screen = driver.screen();
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(long), "\n{screen}");
    assert!(driver.status().starts_with("1/3 [about:Kenya]"), "{}", driver.status());
}

#[test]
fn the_sample_edition_says_that_its_news_is_invented() {
    let (mut story, analysis) =
        article("2024-03-01", "Coastal Wire (sample edition)", "Calm seas", "It was calm.");
    story.path = Some("sample edition/coastal-wire/01.txt".to_owned());
    for (width, height) in [(80, 24), (60, 15), (120, 40), (200, 50)] {
        let mut driver =
            Driver::of_edition(Edition::Sample, width, height, vec![(story.clone(), analysis.clone())]);
        let screen = driver.screen();
        let title = screen.lines().next().unwrap_or("");
        assert!(title.contains("sample edition: all of its news is invented"), "\n{screen}");
        assert!(screen.contains(" Coastal Wire Calm") || width < 80, "\n{screen}");
        let screen = driver.keys("Enter").screen();
        assert!(screen.contains("Coastal Wire · 1 March 2024 · invented news"), "\n{screen}");
        assert!(!screen.contains("(sample"), "\n{screen}");
    }
    let mut own = Driver::start(80, 24, edition());
    assert!(!own.screen().contains("invented"));
}

#[test]
fn warnings_are_read_whole() {
    let mut driver = Driver::start(80, 24, edition());
    let path = "/home/ada/.config/dateline/themes/";
    let warnings: Vec<Warning> = (0..30)
        .map(|at| {
            Warning::new(
                &format!("{path}{at}.toml"),
                Some(at),
                "there is no part called 'pointer' in a theme",
            )
        })
        .collect();
    driver.send(Message::Warned(warnings));
    let mut seen = String::new();
    let screen = driver.keys("W").screen();
    assert!(screen.contains("1-22 of 60"), "\n{screen}");
    for _ in 0..60 {
        let buffer = driver.buffer();
        seen.push_str(row(&buffer, 1).trim());
        seen.push(' ');
        driver.keys("j");
    }
    seen.push_str(&driver.screen());
    let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    for at in 0..30 {
        let whole = format!("{path}{at}.toml:{at}: there is no part called 'pointer' in a theme");
        assert!(seen.contains(&whole), "{whole}");
    }
}

/// While an archive is slow, the reader shows no other article than the one that is selected, and says what it waits for.
#[test]
fn a_slow_archive_leaves_no_other_article_beside_the_cursor() {
    let mut driver = Driver::start(80, 24, edition());
    let rows = |driver: &mut Driver| {
        let screen = driver.screen();
        let (_, below) = screen.split_once(" Article ").expect("a reader pane");
        // Without the status line.
        let lines: Vec<&str> = below.lines().collect();
        (screen.clone(), lines[..lines.len() - 1].join("\n"))
    };
    let (_, first) = rows(&mut driver);
    driver.hold_answers();
    driver.keys("j");
    assert_eq!(rows(&mut driver).1, first, "nothing is blank in the first moments");
    driver.send(Message::Late(true));
    let (screen, below) = rows(&mut driver);
    assert!(driver.status().contains("the archive is slow"), "{screen}");
    let selected = driver.selected();
    let title = below.lines().nth(1).expect("a line").trim().to_owned();
    assert!(
        !title.is_empty() && selected.contains(title.trim_end_matches('…')),
        "{title} in {selected}\n{screen}"
    );
    assert!(below.contains("waiting for the archive"), "{screen}");
    driver.release_answers();
    driver.send(Message::Late(false));
    let (screen, below) = rows(&mut driver);
    assert!(below.contains(&title) && !below.contains("waiting"), "{screen}");
    assert!(!driver.status().contains("slow"), "{screen}");
}
