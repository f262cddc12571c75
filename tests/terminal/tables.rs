//! The tables that commands print on a terminal.

use super::session::{Session, command, program};
use super::{as_text, home};
use std::path::Path;

/// The screen after a command has ended, and what it sent.
fn run(home: &Path, arguments: &[&str], columns: u16, no_colour: bool) -> (Vec<String>, String) {
    let mut command = command(home, &program(), arguments);
    if no_colour {
        command.env("NO_COLOR", "1");
    }
    let mut session = Session::start(command, columns, 24);
    assert_eq!(session.end().code, 0, "{arguments:?}");
    let rows = session.text().lines().map(str::to_owned).collect();
    (rows, as_text(&session.sent))
}

#[test]
fn rows_are_aligned_and_cut_to_the_width() {
    let home = home();
    let (rows, sent) = run(home.path(), &["list", "--from", "news"], 48, false);
    assert_eq!(
        rows,
        [
            "1  2026-02-05  news  Harbour opens in Bergen",
            "2  2026-01-03  news  Bridge closes near Lima",
            "dateline: 2 articles",
        ]
    );
    assert!(sent.contains("\u{1b}[33m1\u{1b}[m  2026-02-05  \u{1b}[36mnews"), "{sent:?}");
    let (rows, sent) = run(home.path(), &["list", "--from", "news"], 40, true);
    assert_eq!(
        rows,
        [
            "1  2026-02-05  news  Harbour opens in B…",
            "2  2026-01-03  news  Bridge closes near…",
            "dateline: 2 articles",
        ]
    );
    let (rows, _) = run(home.path(), &["list", "--from", "news", "--limit", "1"], 40, true);
    assert_eq!(rows[1..], ["dateline: 1 of 2 articles"]);
    assert!(!sent.contains('\u{1b}'), "{sent:?}");
    let (_, sent) = run(home.path(), &["list", "--from", "news", "--color", "never"], 40, false);
    assert!(!sent.contains('\u{1b}'), "{sent:?}");
    let (rows, _) = run(home.path(), &["quotes", "--from", "news"], 60, false);
    assert!(rows[0].starts_with("2026-02-05  Kari Nordmann  \"We are ready,\""), "{rows:?}");
    let (rows, _) = run(home.path(), &["countries", "--from", "news", "--limit", "1"], 60, false);
    assert_eq!(rows[1], "dateline: 1 of 3");
    for arguments in [&["people", "--from", "news"][..], &["formats"], &["config"], &["sources"], &["names"]]
    {
        let (rows, _) = run(home.path(), arguments, 50, false);
        assert!(rows.iter().all(|row| row.chars().count() <= 50), "{arguments:?} {rows:?}");
    }
}
