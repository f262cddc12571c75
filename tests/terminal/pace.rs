//! Held keys over a slow connection: what is sent while a key is held is what the connection takes, the screen shows its
//! final state soon after, and no key is lost.

use super::session::{Session, command, program};
use super::{leave, untouched};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The bytes that a link of 64 kbit/s takes in a second.
const RATE: f64 = 8000.0;
/// How long a key is held, as the number of its repeats, and the time between them.
const REPEATS: u32 = 36;
const REPEAT: Duration = Duration::from_millis(33);

/// A word that only this number has.
fn word(number: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "du", "fa", "ge", "ho", "pi", "su", "ze"];
    [number, number / 16, number / 256].iter().map(|part| SYLLABLES[part % 16]).collect()
}

/// Writes articles that differ in every line, the first of them long.
fn articles(home: &Path) {
    let mut lines = String::new();
    for number in 0..120_usize {
        let words = |from: usize, count: usize| {
            (0..count).map(|at| word(number * 1231 + (from + at) * 37)).collect::<Vec<_>>().join(" ")
        };
        let paragraphs = if number == 0 { 150 } else { 8 };
        let body = (0..paragraphs).map(|at| words(at * 60, 60)).collect::<Vec<_>>().join("\\n\\n");
        let (hour, minute) = (23 - number / 60, 59 - number % 60);
        writeln!(
            lines,
            r#"{{"title":"Report {number} {}","date":"2026-01-05T{hour:02}:{minute:02}:00Z","body":"{body}"}}"#,
            words(5000, 9)
        )
        .expect("strings take all");
    }
    std::fs::write(home.join("articles.jsonl"), lines).expect("a file");
}

/// Starts a reader of these articles over a connection that the setting `connection` describes.
fn start(home: &Path, connection: &str, (columns, rows): (u16, u16)) -> Session {
    let mut reader = command(home, &program(), &["articles.jsonl"]);
    reader.env("DATELINE_CONNECTION", connection);
    let mut session = Session::start(reader, columns, rows);
    session.expect("Report 0 ");
    session.wait_until("all is read", |session| session.text().contains("120"));
    session.settle(Duration::from_millis(400));
    session
}

/// Holds a key and lets the screen settle. Returns how many bytes were sent, and the time from the first press to the last.
fn hold(session: &mut Session, key: &str) -> (usize, Duration) {
    let before = session.sent.len();
    let start = Instant::now();
    for number in 0..REPEATS {
        session.press(key);
        let next = start + REPEAT * (number + 1);
        while let Some(left) = next.checked_duration_since(Instant::now()) {
            let _ = session.next_chunk(left);
        }
    }
    let held = start.elapsed();
    session.settle(Duration::from_millis(600));
    (session.sent.len() - before, held)
}

/// The text of the screen without the blanks at the ends of lines.
fn text(session: &Session) -> String {
    session.text().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Asserts that the terminal shows what the reader takes it to show: a repaint changes nothing.
fn assert_repaint_changes_nothing(session: &mut Session, what: &str) {
    let before = text(session);
    session.press("\u{c}");
    session.settle(Duration::from_millis(400));
    let above = |text: &str| text.lines().rev().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(above(&before), above(&text(session)), "{what}");
}

#[test]
fn a_held_key_sends_no_more_than_a_slow_connection_takes() {
    let home = TempDir::new().expect("a temporary home");
    articles(home.path());
    std::thread::scope(|scope| {
        for size in [(80, 24), (120, 40), (132, 43), (200, 50)] {
            let home = home.path();
            scope.spawn(move || check_held_keys(home, size));
        }
    });
}

fn check_held_keys(home: &Path, size: (u16, u16)) {
    let mut session = start(home, "slow", size);
    for (before, keys) in [("gg", &["j", " "][..]), ("gg\r", &["j", " ", "J"]), ("q", &["\u{15}"])] {
        session.press(before);
        session.settle(Duration::from_millis(400));
        for key in keys {
            let (bytes, held) = hold(&mut session, key);
            // What the connection takes while the key is held, and in the second after it, less the delays.
            let most = RATE * (held.as_secs_f64() + 0.8);
            let what = format!("{key:?} at {size:?}");
            assert!((bytes as f64) < most, "{what}: {bytes} bytes in {held:?}");
            assert_repaint_changes_nothing(&mut session, &what);
        }
    }
    leave(session, &untouched());
}

#[test]
fn no_key_is_lost_on_a_slow_connection() {
    let home = TempDir::new().expect("a temporary home");
    articles(home.path());
    std::thread::scope(|scope| {
        for keys in ["jjjjjjjjk", "j    \u{4}kk", "\rJJJJKJ", "\rjjj  k\u{15}"] {
            let home = home.path();
            scope.spawn(move || {
                // At this size both have the same layout.
                let [slow, fast] = ["slow", "fast"].map(|connection| press_all(home, connection, keys));
                assert_eq!(slow, fast, "{keys:?}");
            });
        }
    });
}

/// What the screen shows after these keys, pressed quickly one after the other.
fn press_all(home: &Path, connection: &str, keys: &str) -> String {
    let mut session = start(home, connection, (80, 24));
    for key in keys.chars() {
        session.press(&key.to_string());
        let _ = session.next_chunk(Duration::from_millis(20));
    }
    session.settle(Duration::from_millis(900));
    // An article that was passed before it arrived was not shown, so it stays unread.
    let text = text(&session).replace('●', " ");
    leave(session, &untouched());
    text
}

#[test]
fn a_line_of_a_reader_of_whole_width_costs_little() {
    let home = TempDir::new().expect("a temporary home");
    articles(home.path());
    for size in [(120, 40), (132, 43), (160, 45), (200, 50)] {
        let mut session = start(home.path(), "slow", size);
        session.press("\r");
        session.settle(Duration::from_millis(400));
        let mut costs: Vec<usize> = (0..12)
            .map(|_| {
                let before = session.sent.len();
                session.press("j");
                session.settle(Duration::from_millis(200));
                session.sent.len() - before
            })
            .collect();
        costs.sort_unstable();
        assert!(costs[9] <= 150, "{costs:?} at {size:?}");
        leave(session, &untouched());
    }
}
