//! Help, palette, warnings, progress.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::{Effect, Loading, Message, Progress};
use dateline::exports::formats::Warning;

#[test]
fn help_shows_the_keys_of_the_place_and_is_filtered_by_letters() {
    let mut driver = Driver::start(80, 24, edition());
    let help = driver.keys("?").screen();
    assert!(help.contains("Help: keys in the list") && help.contains("j, Down"), "\n{help}");
    assert!(help.contains(" 1/") && help.contains("page 1/"), "\n{help}");
    assert!(help.lines().last().is_some_and(|line| line.contains("Enter do it")), "\n{help}");
    for _ in 0..9 {
        let help = driver.keys("PgDn").screen();
        assert!(!help.contains('…'), "a text is cut\n{help}");
    }
    let narrow = driver.keys("'undo'").screen();
    assert!(narrow.contains("> U ") && !narrow.contains("one row"), "\n{narrow}");
    assert!(driver.keys("Esc").screen().contains("one row"));
    assert!(driver.keys("Esc").screen().contains("[Articles]"));
    // A slash is not needed and does no harm; ? closes.
    assert!(driver.keys("? / 'zoom'").screen().contains("> z z"), "{}", driver.screen());
    assert!(driver.keys("?").screen().contains("[Articles]"));
    assert!(driver.keys("Tab ?").screen().contains("Help: keys in"));
}

#[test]
fn enter_in_the_help_performs_what_is_selected() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("? 'star' Enter");
    assert!(driver.selected().contains('★'), "{}", driver.screen());
    assert!(driver.keys("? 'save-search' Enter").status().contains("there is no filter to save"));
    assert!(driver.keys("? 'by:' Enter").status().contains("by:"), "{}", driver.status());
}

#[test]
fn help_explains_fields_and_marks_and_is_whole_at_any_size() {
    for (width, height) in [(80, 24), (60, 15), (120, 40), (200, 50)] {
        let mut driver = Driver::start(width, height, edition());
        driver.keys("?");
        let mut all = String::new();
        for _ in 0..40 {
            all.push_str(&driver.screen());
            driver.keys("PgDn");
        }
        for part in ["about:", "by:", "said:", "What a search can ask for", "Marks in the list", "★"] {
            assert!(all.contains(part), "{part} at {width}x{height}");
        }
        assert!(!all.contains('…'), "{width}x{height}");
    }
}

#[test]
fn labels_lead_to_names_quotes_and_links() {
    let mut driver = Driver::start(120, 40, edition());
    driver.keys("G");
    let before = driver.screen();
    let labelled = driver.keys("'").screen();
    assert!(driver.status().contains("a-z go there"), "{}", driver.status());
    assert_ne!(before, labelled);
    // Nothing is shifted: the same words end in the same columns.
    let end = |screen: &str| screen.lines().find_map(|line| line.find("met ministers from"));
    assert_eq!(end(&before), end(&labelled));
    assert_eq!(driver.keys("Esc").screen(), before);
    // The first name of the text gets the first label.
    assert!(driver.keys("' a a").status().contains("Ada Obi (person)"), "{}", driver.status());
    assert!(driver.keys("' 1").status().contains("no label `1`"), "{}", driver.status());
    // With few there is one letter.
    let mut driver =
        Driver::start(60, 15, vec![article("2024-03-01", "Wire", "Title", "x [Ada Obi|person] y")]);
    assert!(driver.keys("'").status().contains("no names and no links"), "{}", driver.status());
    driver.keys("Enter ' a");
    assert!(driver.status().contains("Ada Obi"), "{}", driver.status());
    driver.keys("' s");
    assert_eq!(driver.done.last(), Some(&Effect::Open("https://news.example/title".to_owned())));
}

#[test]
fn a_source_is_added_by_its_address() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("a").status().contains("add: "), "{}", driver.status());
    driver.keys("'news.example/feed' Enter");
    assert!(
        matches!(driver.done.last(), Some(Effect::AddSource { address, .. }) if address == "https://news.example/feed")
    );
    driver.keys("a");
    driver.send(Message::Pasted("http://news.example/rss\n".to_owned()));
    driver.keys("Enter");
    assert!(
        matches!(driver.done.last(), Some(Effect::AddSource { address, .. }) if address == "http://news.example/rss")
    );
    let asked = driver.done.len();
    driver.keys("a Enter a 'x' Esc");
    assert_eq!(driver.done.len(), asked);
}

#[test]
fn the_article_says_what_its_mark_is_now() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("Enter z z m").status().contains("marked as unread"), "{}", driver.status());
    assert!(driver.keys("m").status().contains("marked as read"), "{}", driver.status());
}

#[test]
fn the_palette_does_what_is_chosen() {
    let mut driver = Driver::start(80, 24, edition());
    let palette = driver.keys(": 'star'").screen();
    assert!(palette.contains("Add a star, or remove it"), "\n{palette}");
    driver.keys("C-u 'add_star' Enter");
    assert!(driver.selected().starts_with(">●★"));
    assert!(driver.keys(": 'by_person' Enter").screen().contains("[People]"));
    assert!(driver.keys("Esc : 'zzz' Enter").screen().contains("[Articles]"));
}

/// What the first row of the open picker says.
fn first(driver: &mut Driver) -> String {
    let screen = driver.screen();
    // The first such line is the one that is typed.
    let row = screen.lines().filter(|line| line.contains("│>")).nth(1).unwrap_or("");
    row.split("│>").nth(1).unwrap_or("").trim().trim_end_matches('│').trim().to_owned()
}

#[test]
fn words_of_other_programs_mean_what_people_expect() {
    for (typed, expected) in [
        ("q", "Quit"),
        ("q!", "Quit"),
        ("quit", "Quit"),
        ("wq", "Quit"),
        ("x", "Quit"),
        ("star", "Add a star"),
        ("tag", "Add a tag"),
        ("theme", "Themes are chosen"),
        ("export", "To export articles"),
        ("w", "Save the article"),
        ("wa", "Everything is stored"),
        ("4", "Go to row 4"),
        ("undo", "Undo"),
        ("filter-person", "Filter by a person"),
        ("fp", "Filter by a person"),
        ("zz", "Give the reader"),
    ] {
        let mut driver = Driver::start(80, 24, edition());
        driver.run(": ").run(&format!("'{typed}'"));
        let row = first(&mut driver);
        assert!(row.starts_with(expected), "{typed}: {row}\n{}", driver.screen());
    }
    for leaving in ["q", "q!", "wq", "x", "quit"] {
        let mut driver = Driver::start(80, 24, edition());
        driver.keys(&format!(": '{leaving}' Enter"));
        assert!(driver.done.contains(&Effect::Quit), "{leaving}");
    }
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys(": '4' Enter").status().starts_with("4/6"), "{}", driver.status());
    assert!(driver.keys(": 'wa' Enter").status().contains("Everything is stored"), "{}", driver.status());
}

#[test]
fn letters_scattered_over_a_sentence_are_no_match() {
    let mut driver = Driver::start(80, 24, edition());
    for typed in ["mrsd", "gthe", "qwx"] {
        let screen = driver.keys(&format!(": '{typed}'")).screen();
        assert!(screen.contains("no match"), "{typed}\n{screen}");
        driver.keys("Esc");
    }
}

#[test]
fn what_cannot_be_done_now_is_shown_with_the_reason() {
    let mut driver = Driver::start(80, 24, edition());
    let screen = driver.keys(": 'save-search'").screen();
    assert!(screen.contains("there is no filter to save"), "{screen}");
    assert!(driver.keys("Enter").status().contains("save-search: there is no filter to save"));
    driver.keys("f q : 'save-search' Enter 'x'");
    assert!(driver.status().contains("save as @x"), "{}", driver.status());
}

#[test]
fn the_actions_chosen_last_come_first() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys(": 'toggle-facets' Enter : 'star' Enter :");
    let row = first(&mut driver);
    assert!(row.starts_with("Add a star"), "{row}");
    driver.keys("Down");
    assert!(first(&mut driver).starts_with("Show or hide the pane"), "{}", driver.screen());
}

#[test]
fn what_could_not_be_read_is_listed() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("W").screen().contains("There are no warnings."));
    driver.send(Message::Warned(vec![
        Warning::new("news/a.jsonl", Some(7), "could not read the line: no object"),
        Warning::new("news/b.bin", None, "could not read it: a PNG picture"),
    ]));
    let screen = driver.screen();
    assert!(
        screen.contains("news/a.jsonl:7: could not read the line") && screen.contains("Warnings: 2"),
        "\n{screen}"
    );
    assert!(driver.keys("/ 'png' Enter").screen().contains("Warnings: 1"));
    assert!(driver.keys("Esc").screen().contains("Warnings: 2"));
    let screen = driver.keys("Esc").screen();
    assert!(screen.contains("W warnings"), "\n{screen}");
}

#[test]
fn the_status_line_shows_progress_and_what_is_told() {
    let mut driver = Driver::start(80, 24, edition());
    driver.send(Message::Progress(Progress { articles: 1200, files: 3, state: Loading::Underway }));
    assert!(driver.status().contains("reading: 1200 articles, files: 3"));
    driver.send(Message::Progress(Progress { articles: 2000, files: 5, state: Loading::Finished }));
    assert!(driver.status().contains("Enter open"));
    driver.send(Message::Told("the address is shown".to_owned()));
    assert!(driver.status().contains("the address is shown"));
    assert!(driver.keys("j").status().contains("Enter open"));
}

#[test]
fn pending_keys_show_what_can_follow() {
    let mut driver = Driver::start(120, 40, edition());
    let screen = driver.keys("f").screen();
    assert!(screen.contains("─ f: filtering ─") && screen.contains(" p person "), "{screen}");
    assert!(driver.status().ends_with(" f"), "{}", driver.status());
    assert!(driver.keys("Esc 1 2").status().contains("12 "));
    assert!(driver.keys("Esc").status().contains("Enter open"));
}

#[test]
fn a_paste_is_typed_and_never_presses_keys() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("/");
    driver.send(Message::Pasted("fer\u{1b}[31mry\n".to_owned()));
    assert!(driver.status().starts_with("/ferry"), "{}", driver.status());
    driver.keys("Esc");
    driver.send(Message::Pasted("Q s A".to_owned()));
    assert!(driver.status().contains("Pasted text presses no keys; / opens a line"), "{}", driver.status());
    assert!(driver.selected().starts_with(">●"), "{}", driver.selected());
    driver.keys("C-l C-z");
    assert_eq!(driver.done[driver.done.len() - 2..], [Effect::Redraw, Effect::Suspend]);
}

/// What the reader asked to be kept.
fn corrections(driver: &Driver) -> Vec<String> {
    let kept = driver.done.iter().filter_map(|effect| match effect {
        Effect::Correct { correction, .. } => Some(correction.to_string()),
        _ => None,
    });
    kept.collect()
}

#[test]
fn a_name_is_put_right() {
    let mut driver = Driver::start(80, 24, edition());
    // On the first name of the newest article, Ada Obi.
    let picker = driver.keys("Enter e i").screen();
    assert!(picker.contains("This is") && picker.contains("Ada Obi is not a name"), "\n{picker}");
    assert!(!picker.contains("is a person"), "it is taken for one already\n{picker}");
    driver.keys("'organ' Enter");
    assert_eq!(corrections(&driver), ["\"Ada Obi\" = { is = \"org\" }"]);
    let same = driver.keys("i 'same' Enter").screen();
    assert!(same.contains("The same as") && same.contains("Lars Vik") && !same.contains("> Ada"), "\n{same}");
    driver.keys("'vik' Enter");
    assert_eq!(corrections(&driver)[1], "\"Ada Obi\" = { same = \"Lars Vik\" }");
}

#[test]
fn who_stands_on_no_name_is_taken_to_the_next() {
    let mut driver = Driver::start(80, 24, edition());
    let screen = driver.keys("Enter i").screen();
    assert!(screen.contains(" is not a name"), "{screen}");
    assert!(
        driver.keys("Esc Esc q / z q z q z q Enter i").status().contains("no name"),
        "{}",
        driver.screen()
    );
}
