//! Measures what a person waits for: the time from the start to the first full frame, the time from a key to its
//! frame, and the bytes that are sent for each.
//!
//! `cargo bench --bench reader` runs the built program in a pseudo-terminal of 80x24 and of 200x50 cells, on 20,000
//! articles made from the sample edition in one JSON Lines file (`-- 1000` uses another number).

#[path = "../tests/terminal/session.rs"]
#[allow(dead_code, reason = "shared with the tests, which need all of it")]
mod session;

use chrono::Duration as Days;
use session::{Session, command};
use std::path::Path;
use std::time::{Duration, Instant};

/// A frame counts as complete if nothing has been sent for this long.
const QUIET: Duration = Duration::from_millis(60);
/// This is longer than the reader pane waits before it follows the list.
const SETTLED: Duration = Duration::from_millis(400);
const STARTS: usize = 11;
const KEYS: usize = 60;

fn main() {
    let count = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(20_000);
    let home = tempfile::TempDir::new().expect("a temporary home");
    write_articles(&home.path().join("articles.jsonl"), count);
    for (columns, rows) in [(80, 24), (200, 50)] {
        println!("\n{count} articles, {columns}x{rows}");
        starts(home.path(), columns, rows);
        keys(home.path(), columns, rows, count);
    }
}

/// Writes the sample edition repeatedly, with a different title and date for each article.
fn write_articles(path: &Path, count: usize) {
    let edition = dateline::exports::formats::edition();
    let mut text = String::new();
    for (number, article) in edition.iter().cycle().take(count).enumerate() {
        let published =
            article.published.unwrap_or_default() - Days::hours(i64::try_from(number).expect("few"));
        let object = serde_json::json!({
            "title": format!("{number}: {}", article.title),
            "body": article.body,
            "date": published.to_rfc3339(),
            "source": article.source,
        });
        text.push_str(&object.to_string());
        text.push('\n');
    }
    std::fs::write(path, text).expect("a file");
}

fn reader(home: &Path, columns: u16, rows: u16) -> Session {
    Session::start(command(home, env!("CARGO_BIN_EXE_dateline"), &["articles.jsonl"]), columns, rows)
}

/// Measures from the start of the process until the list, the article and the status line are on the screen.
fn starts(home: &Path, columns: u16, rows: u16) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..STARTS {
        let start = Instant::now();
        let mut session = reader(home, columns, rows);
        session.wait_until("the first full frame", |session| {
            let text = session.text();
            text.contains(">●") && text.contains("? help")
        });
        times.push(start.elapsed());
        bytes = session.sent.len();
    }
    report("start to the first full frame", &mut times, bytes);
}

/// Presses keys once everything has been read, and reports the cost of each.
fn keys(home: &Path, columns: u16, rows: u16, count: usize) {
    let start = Instant::now();
    let mut session = reader(home, columns, rows);
    let all = format!("/{count}");
    session.wait_until("everything is read", |session| session.text().contains(&all));
    println!("{:<44} {:>8.1} s", "everything read and analysed", start.elapsed().as_secs_f64());
    settle(&mut session, Duration::from_secs(2));
    step(&mut session, "list: a row down, the reader pane not following", "j", QUIET);
    follow(&mut session);
    step(&mut session, "list: a page down", " ", SETTLED);
    session.press("\r");
    settle(&mut session, SETTLED);
    step(&mut session, "reader: a line down", "j", QUIET);
    session.press("J");
    settle(&mut session, SETTLED);
    step(&mut session, "reader: the next name", "e", QUIET);
    step(&mut session, "nothing changes", "\u{1b}", QUIET);
    session.press("Q");
    session.end();
}

/// Measures the frame in which the reader pane follows the list.
fn follow(session: &mut Session) {
    let mut sizes = Vec::new();
    for _ in 0..10 {
        session.press("j");
        let (moved, _) = settle(session, QUIET);
        let (both, _) = settle(session, SETTLED);
        sizes.push(moved.max(both));
    }
    sizes.sort_unstable();
    println!("{:<44} {:>27} bytes", "list: the reader pane follows", sizes[sizes.len() / 2]);
}

/// Presses `key` repeatedly, and measures from the key to the last byte of its frame.
fn step(session: &mut Session, what: &str, key: &str, quiet: Duration) {
    let mut times = Vec::new();
    let mut sizes = Vec::new();
    for _ in 0..KEYS {
        let start = Instant::now();
        session.press(key);
        let (bytes, last) = settle(session, quiet);
        times.extend(last.map(|last| last - start));
        sizes.push(bytes);
    }
    sizes.sort_unstable();
    report(what, &mut times, sizes[sizes.len() / 2]);
}

/// Processes output until none has come for `quiet`; returns the number of bytes and the time of the last one.
fn settle(session: &mut Session, quiet: Duration) -> (usize, Option<Instant>) {
    let (mut bytes, mut last) = (0, None);
    while let Ok(count) = session.next_chunk(quiet) {
        bytes += count;
        last = Some(Instant::now());
    }
    (bytes, last)
}

fn report(what: &str, times: &mut [Duration], bytes: usize) {
    times.sort_unstable();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    let (median, worst) = (ms(times.get(times.len() / 2)), ms(times.last()));
    println!("{what:<44} {median:>8.2} ms  ({worst:>7.2} at worst) {bytes:>6} bytes");
}
