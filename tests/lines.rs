//! Tests the reader in lines (`--plain`) through a pipe: every action of the table, and what each one reports.

mod home;

use dateline::exports::app::action::{ACTIONS, Context};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const BERGEN: &str = "Harbour opens in Bergen\n\
    2026-01-05\n\
    OSLO, Jan 5 - \"We are ready,\" said Kari Nordmann, who leads the harbour authority. Norway and Denmark \
    paid for the work.\n\
    Nordmann said that trade with Germany would grow. More at https://example.org/harbour and \
    https://example.org/trade.\n";

const LIMA: &str = "Bridge closes near Lima\n\
    3 February 2026\n\
    LIMA, Feb 3 - Peru closed a bridge on Tuesday. Rosa Quispe of the Andean Bridge Company called it \
    \"a matter of days\".\n";

fn home() -> TempDir {
    home::with_news(BERGEN, LIMA)
}

fn dateline(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    command.env("TERM", "dumb").stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// The output of the reader when it is given these lines and then the end of the input.
fn output_for(home: &Path, arguments: &[&str], lines: &str) -> String {
    let mut child = dateline(home, arguments).spawn().expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{lines}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!text.contains(['\u{1b}', '\r', '\u{7}']), "{text:?}");
    text
}

/// Gives lines to the reader on the two articles, each with texts that the answer must contain, in order.
fn check(exchanges: &[(&str, &[&str])]) {
    let home = home();
    check_in(home.path(), &["--plain", "news"], exchanges);
}

fn check_in(home: &Path, arguments: &[&str], exchanges: &[(&str, &[&str])]) {
    let lines: String = exchanges.iter().map(|(line, _)| format!("{line}\n")).collect();
    let text = output_for(home, arguments, &lines);
    let mut from = 0;
    for (line, parts) in exchanges {
        for part in *parts {
            let found = text[from..].find(part);
            from += found.unwrap_or_else(|| panic!("after '{line}' no '{part}' in\n{}", &text[from..]))
                + part.len();
        }
    }
}

#[test]
fn articles_have_numbers_and_are_printed_whole() {
    check(&[
        (
            "2",
            &[
                "2 articles. Type ? for help.",
                "1. Bridge closes near Lima (news, 2026-02-03, unread)",
                "2. Harbour opens in Bergen",
                "Harbour opens in Bergen\nnews, 5 January 2026",
                "\"We are ready,\" said",
                "People: Kari Nordmann.",
                "Quotes, in order, by: Kari Nordmann.",
                "Link 1: https://example.org/harbour",
                "article> ",
            ],
        ),
        ("q", &["2. Harbour opens in Bergen (news, 2026-01-05, read)", "> "]),
        ("9", &["There is no article 9 in the list."]),
        ("K", &["1. Bridge closes near Lima"]),
        ("K", &["This is the first one."]),
        ("Enter", &["Peru closed a bridge"]),
        ("", &["\"We are ready,\" said"]),
        ("G", &["https://example.org/trade"]),
        ("gg", &["Harbour opens in Bergen\nnews"]),
    ]);
}

#[test]
fn the_list_is_narrowed_by_words_names_and_dates() {
    check(&[
        ("/country:PE", &["1 article for country:Peru. Type ? for help.", "1. Bridge"]),
        ("f x", &["2 articles. Type ? for help."]),
        ("f p quispe", &["1 article for about:\"Rosa Quispe\"", "1. Bridge"]),
        ("Esc", &["2 articles."]),
        ("f c", &["1. Denmark, 1 article", "Countries, number or words: "]),
        ("C-x 1", &["1 article for -country:Denmark"]),
        ("f x", &["2 articles."]),
        ("f c", &["1. Denmark"]),
        ("zzzz", &["Nothing matches."]),
        ("peru", &["1 article for about:Peru"]),
        ("f x", &[]),
        ("f d 2026-01", &["1 article for date:2026-01"]),
        ("f x", &[]),
        ("f d 2027", &["0 articles for date:2027"]),
        ("f x", &["2 articles."]),
        ("f u", &["2 articles for is:unread"]),
        ("f e harbour", &["1 article for harbour"]),
        ("f x", &[]),
        ("/person:kar\t", &["\"Kari Nordmann\", 1 article", "/"]),
        ("person:\"Kari Nordmann\"", &["1 article for person:\"Kari Nordmann\""]),
        ("/ date:soon", &["Note: "]),
    ]);
}

#[test]
fn names_and_quotes_are_stepped_through_and_filter() {
    check(&[
        ("2", &[]),
        ("e", &["Bergen (place NO): Harbour opens in Bergen"]),
        ("2e", &["Kari Nordmann (person)"]),
        ("[", &["quote by Kari Nordmann (person): \"We are ready,\""]),
        (
            "y q",
            &[
                "to copy by hand: \"We are ready,\" — Kari Nordmann, “Harbour opens in Bergen” (news, 5 January 2026)",
            ],
        ),
        ("+", &["1 article for about:\"Kari Nordmann\""]),
        ("+", &["1 article for person:\"Kari Nordmann\""]),
        ("+", &["2 articles."]),
        ("-", &["1 article for -person:\"Kari Nordmann\""]),
        // The article that is read stays, and the name in it.
        ("f x", &["2 articles."]),
        ("e", &["(p"]),
        ("Esc", &["Nothing is under the cursor now"]),
        ("z p", &["Countries:", "highlighted: countries, organisations, places, quotes"]),
        ("Tab", &["People:", "2. Kari Nordmann, 1 article, person", "Here: ", "names> "]),
        ("3", &["Here: Rosa Quispe, 1 article, person"]),
        ("2", &["Here: Kari Nordmann, 1 article, person"]),
        ("}", &["Countries:", "Here: "]),
        ("*", &["1 article for country:"]),
    ]);
}

#[test]
fn marks_are_set_by_number_and_undone() {
    check(&[
        ("s 2", &["2. Harbour opens in Bergen (news, 2026-01-05, unread, starred)"]),
        ("m", &["2. Harbour opens in Bergen (news, 2026-01-05, read, starred)"]),
        (
            "U",
            &[
                "2. Harbour opens in Bergen (news, 2026-01-05, unread, starred)",
                "undone: 1 article marked as read",
            ],
        ),
        ("C-r", &["2. Harbour opens in Bergen (news, 2026-01-05, read, starred)", "redone"]),
        ("t 1 bridges", &["tagged #bridges"]),
        ("t -bridges", &["untagged #bridges"]),
        ("t", &["tag: "]),
        ("2022", &["tagged #2022"]),
        ("/#2022", &["1 article for tag:2022"]),
        ("f x", &[]),
        ("A", &["1. Bridge closes near Lima (news, 2026-02-03, read)", "1 article marked as read"]),
        ("n", &["no more unread"]),
    ]);
}

#[test]
fn links_are_listed_opened_and_copied() {
    check(&[
        ("2", &[]),
        (
            "u",
            &["1. https://example.org/harbour", "2. https://example.org/trade", "Links, number or words: "],
        ),
        ("2", &["Address: https://example.org/trade"]),
        ("o", &["Address: https://example.org/harbour"]),
        ("2yy", &["to copy by hand: https://example.org/trade"]),
        ("3o", &["this article has no link 3"]),
        ("y t", &["to copy by hand: Harbour opens in Bergen"]),
        ("y u 1", &["to copy by hand: ", "lima.txt"]),
        ("x 1", &["could not get the full text"]),
    ]);
}

#[test]
fn views_are_numbered_lists() {
    check(&[
        ("v p", &["People: 2", "1. Kari Nordmann, 1 article", "2. Rosa Quispe, 1 article"]),
        ("2", &["1 article for about:\"Rosa Quispe\"", "1. Bridge"]),
        ("f x", &[]),
        (
            "v q",
            &[
                "Quotes: 3",
                "1. Rosa Quispe: \"a matter of days\" (Bridge closes near Lima; news, 2026-02-03)",
            ],
        ),
        ("2", &["Harbour opens in Bergen\nnews"]),
        ("v t", &["1. 2026-02-03 Tue, 1 article"]),
        ("list", &["2 articles.", "Harbour opens"]),
    ]);
}

#[test]
fn searches_are_saved_and_names_corrected_in_a_library() {
    let home = home();
    let added = dateline(home.path(), &["add", "news"]).stdout(Stdio::null()).status().expect("it runs");
    assert!(added.success());
    check_in(
        home.path(),
        &["--plain"],
        &[
            ("/country:PE", &["1 article for country:Peru"]),
            ("S", &["The search to save: country:PE", "save as @"]),
            ("andes", &["saved @andes: country:Peru"]),
            ("f x", &["2 articles."]),
            ("f f andes", &["1 article for @andes"]),
            ("f r high", &["@andes is now called @high"]),
            ("f x", &[]),
            ("g g", &["Saved search @high, 1 unread: country:Peru"]),
            ("f D", &["removed @high"]),
            ("2", &["Harbour opens"]),
            ("3e", &["Kari Nordmann (person)"]),
            ("i", &["1. Kari Nordmann is a place", "This is, number or words: "]),
            ("3", &["is = \"nothing\"", "1 article analysed again"]),
            ("U", &["C-r redoes this"]),
            ("W", &["There are no warnings."]),
        ],
    );
    let config = std::fs::read_to_string(home.path().join(".config/dateline/config.toml"));
    assert!(config.is_ok_and(|text| !text.contains("andes")));
}

#[test]
fn help_and_the_palette_find_actions() {
    check(&[
        ("?", &["Each line is an action", "Moving:", "j or Down or down: Move one row or line down."]),
        ("?tag", &["f t or filter-tag: Filter by a tag.", "t or tag: "]),
        (":", &["1. ", "Actions, number or words: "]),
        ("Esc", &["Cancelled."]),
        (":everything", &["highlighted"]),
        ("starr", &["'starr' is not a command. Did you mean 'star'?"]),
        ("accept", &["That key edits a line being typed"]),
        ("z t", &["it cannot be scrolled"]),
        ("!", &["'!' is not a command. Type ? to list all."]),
        ("foo", &["'foo' is not a command. Type ? to list all."]),
        (":2", &["Harbour opens in Bergen"]),
        ("q", &[]),
        (":wa", &["Everything is stored already"]),
        ("C-z", &["could not suspend the reader: there is no terminal"]),
        ("R", &["nothing to fetch here"]),
        ("q", &[]),
    ]);
}

/// Each action is called by its name in every context in which the table lists it. None may be unknown, and each must
/// report something.
#[test]
fn every_action_of_the_table_reports_something() {
    let ends = ["quit", "quit-now", "back"];
    let actions = || ACTIONS.iter().filter(|info| !ends.contains(&info.name));
    let mut lines = String::new();
    for info in actions() {
        for context in info.contexts {
            // These lines lead to the context from wherever the last action led.
            lines.push_str("Esc\nview-list\nclear-filters\n");
            lines.push_str(match context {
                Context::List => "",
                Context::Reader => "2\n",
                Context::Facets => "Tab\nTab\n",
                Context::Prompt => "t\n",
                Context::Picker => "f p\n",
                Context::Sheet => "?\n",
            });
            lines.push_str(&format!("{}\nEsc\nmark {} {context:?}\n", info.name, info.name));
        }
    }
    let home = home();
    let text = output_for(home.path(), &["--plain", "news"], &lines);
    let mut from = 0;
    for info in actions() {
        for _ in info.contexts {
            let end = text[from..].find("'mark' is not a command").unwrap_or_else(|| panic!("{}", info.name));
            let reported = &text[from..from + end];
            assert!(!reported.contains("is not a command"), "{}: {reported}", info.name);
            assert!(!reported.contains("> > "), "{} reports nothing: {reported}", info.name);
            from += end + "'mark' is not a command".len();
        }
    }
}

#[test]
fn the_reader_ends_by_a_key_or_at_the_end_of_the_input() {
    let home = home();
    for lines in ["Q\n", "q\n", "C-c\n", "quit\n", "", "2\nq\nq\n"] {
        let text = output_for(home.path(), &["--plain", "news"], lines);
        assert!(text.starts_with("2 articles."), "{text}");
    }
}

/// `--plain` reduces the text to ASCII for a locale without UTF-8, or with `--ascii`.
#[test]
fn plain_output_is_ascii_where_requested() {
    let home = home();
    std::fs::write(home.path().join("news/oslo.txt"), BERGEN.replace("Bergen", "Tromsø")).expect("a file");
    let text = output_for(home.path(), &["--plain", "--ascii", "news"], "/title:troms*\n1\n");
    assert!(text.contains("Harbour opens in Tromso") && text.is_ascii(), "{text}");
}

#[test]
fn a_persons_own_keymap_is_used() {
    let home = home();
    std::fs::write(home.path().join("own.toml"), "[keys]\nstar = [\"g s\"]\n").expect("a file");
    let arguments = ["--plain", "--config", "own.toml", "news"];
    check_in(
        home.path(),
        &arguments,
        &[("g s", &["unread, starred"]), ("s", &["'s' is not a command"]), ("?star", &["g s or star: "])],
    );
}
