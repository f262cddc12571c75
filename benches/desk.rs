//! Measures the views of the news desk: the time to the first frame of each, the bytes of a key in it, and the peak of the
//! memory of the reader.
//!
//! `cargo bench --bench desk` makes a library of 100,000 articles (`-- 1000000` makes another number) in a temporary folder,
//! as the other benches do, and runs the built program on it in a pseudo-terminal of 80x24 cells. `-- library=PATH` measures
//! a library that is there already. The first frame of a view is the time from its keys to the moment at which its rows are
//! on the screen, the drawing included; the last frame has what is asked for afterwards, which is what the bins of a
//! timeline tell and what stands below the rows. What must hold: 100 ms
//! at a million articles and 30 ms at 100,000, 400 bytes a key, and 60 MB.

#[path = "press/mod.rs"]
mod press;
#[path = "../tests/terminal/session.rs"]
#[allow(dead_code, reason = "shared with the tests, which need all of it")]
mod session;

use dateline::exports::analysis::analyze;
use dateline::exports::library::Library;
use press::Press;
use session::{Session, command};
use std::path::Path;
use std::time::{Duration, Instant};

/// A frame counts as complete if nothing has been sent for this long.
const QUIET: Duration = Duration::from_millis(80);
const ROUNDS: usize = 5;

/// The keys of each view, and a text that only its rows put on the screen.
const VIEWS: [(&str, &str); 9] = [
    ("vt", "[Timeline]"),
    ("vp", "[People]"),
    ("vo", "[Organisations]"),
    ("vw", "[Places]"),
    ("vc", "[Countries]"),
    ("vm", "[Countries]"),
    ("vq", "[Quotes]"),
    ("vn", "[Stories]"),
    ("vb", "[Brief]"),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let home = tempfile::TempDir::new().expect("a temporary home");
    let mut path = home.path().join("library.db");
    match words.iter().find_map(|word| word.strip_prefix("library=")) {
        Some(given) => path = std::fs::canonicalize(given).expect("a library"),
        None => {
            let count = words.iter().find_map(|word| word.parse().ok()).unwrap_or(100_000);
            let start = Instant::now();
            make(&path, count);
            println!("{count} articles stored in {:.0} s", start.elapsed().as_secs_f64());
        }
    }
    println!(
        "{:<6} {:>12} {:>12} {:>12} {:>14} {:>12} {:>10}",
        "view", "first, cold", "first", "last", "bytes, frame", "bytes, key", "peak"
    );
    for (keys, text) in VIEWS {
        view(home.path(), &path, keys, text);
    }
}

fn make(path: &Path, count: usize) {
    let press = Press::new();
    let library = Library::open(path).expect("a library");
    for first in (0..count).step_by(2_000) {
        let batch = (first..count.min(first + 2_000)).map(|number| {
            let article = press.article(number, count);
            let analysis =
                analyze(&article.title, &article.body, dateline::exports::language::Language::default());
            (article, analysis)
        });
        library.add(batch.collect()).expect("added");
    }
    library.settle().expect("settled");
}

/// Opens a view several times in a reader of its own, and moves in it.
fn view(home: &Path, library: &Path, keys: &str, text: &str) {
    let library = library.to_str().expect("a path in UTF-8");
    let mut session =
        Session::start(command(home, env!("CARGO_BIN_EXE_dateline"), &["--library", library]), 80, 24);
    // A new home shows the card that welcomes.
    let is_full = |session: &Session| ["? help", "Welcome!"].iter().any(|part| session.text().contains(part));
    session.wait_until("the first full frame", is_full);
    session.settle(QUIET);
    session.press("\x1b");
    session.settle(QUIET);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        session.press("vl");
        session.settle(QUIET);
        let (before, start) = (session.sent.len(), Instant::now());
        session.press(keys);
        session.wait_until(text, |session| has_rows(&session.text(), text));
        first.push(start.elapsed());
        session.settle(QUIET);
        last.push(start.elapsed().saturating_sub(QUIET));
        bytes = session.sent.len() - before;
    }
    let cold = first[0];
    first.sort();
    last.sort();
    let mut most = 0;
    for key in ["j", "j", "j", "k", "j", "G", "gg"] {
        let before = session.sent.len();
        session.press(key);
        session.settle(QUIET);
        most = most.max(if key.len() == 1 && key != "G" { session.sent.len() - before } else { 0 });
    }
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{keys:<6} {:>9.1} ms {:>9.1} ms {:>9.1} ms {bytes:>14} {most:>12} {:>7.1} MB",
        ms(cold),
        ms(first[first.len() / 2]),
        ms(last[last.len() / 2]),
        session.peak().unwrap_or(0) as f64 / 1e6
    );
}

/// Whether the view is on the screen with rows: its title in the first line, and something below it.
fn has_rows(screen: &str, title: &str) -> bool {
    let mut lines = screen.lines();
    lines.next().is_some_and(|first| first.contains(title))
        && lines.next().is_some_and(|row| !row.trim().is_empty())
}
