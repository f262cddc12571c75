//! A process that adds and marks articles is killed two hundred times, at any moment. The library must stay
//! sound and keep everything that was acknowledged.
//!
//! The test starts its own binary again, with a variable that makes `add_and_mark` do the work.

mod news;

use dateline::exports::article::ArticleId;
use dateline::exports::library::{Cancel, Library, check};
use dateline::exports::listing::{Marking, Window};
use dateline::exports::query::{Query, Target};
use news::news;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const WORK: &str = "DATELINE_TEST_ADD_AND_MARK";
const ROUNDS: u64 = 200;
const BATCH: u64 = 4;

/// Adds and marks articles from number `from` on, and reports each step, until it is killed.
fn work(library: &Library, from: u64) {
    let mut out = std::io::stdout();
    for first in (from..).step_by(BATCH as usize) {
        library.add((first..first + BATCH).map(|number| news(number as i64)).collect()).expect("added");
        let id = library.find(&news(first as i64).0).expect("asked").expect("there");
        writeln!(out, "\nadded {}", first + BATCH).and_then(|()| out.flush()).expect("reported");
        library.mark(&Target::These(vec![id]), Marking::Read).expect("marked");
        writeln!(out, "\nmarked {}", id.0).and_then(|()| out.flush()).expect("reported");
    }
}

#[test]
fn add_and_mark() {
    if let Some(work_order) = std::env::var_os(WORK) {
        let work_order = work_order.to_string_lossy();
        let (from, path) = work_order.split_once(' ').expect("a number and a path");
        let library = Library::open(Path::new(path)).expect("a library");
        work(&library, from.parse().expect("a number"));
    }
}

#[test]
fn killed_at_any_moment_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let (mut added, mut marked) = (0, Vec::new());
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "add_and_mark", "--nocapture"])
            .env(WORK, format!("{added} {}", path.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut acknowledged = 0;
        for line in lines.map_while(Result::ok) {
            match line.split_once(' ') {
                Some(("added", number)) => added = number.parse().expect("a number"),
                Some(("marked", id)) => marked.push(ArticleId(id.parse().expect("a number"))),
                _ => continue,
            }
            acknowledged += 1;
            // Kills the process during its next step; how far into the step differs from round to round.
            if acknowledged == 1 + round % 5 {
                (0..round * 7_919 % 2_000_000).for_each(|step| _ = std::hint::black_box(step));
                child.kill().expect("killed");
            }
        }
        child.wait().expect("gone");
        if round % 10 == 9 {
            check_nothing_lost(&path, added, &marked);
        }
    }
    check_nothing_lost(&path, added, &marked);
}

fn check_nothing_lost(path: &Path, added: u64, marked: &[ArticleId]) {
    let library = Library::open(path).expect("a library");
    assert_eq!(check(path).expect("read").faults, []);
    let count = |text: &str| {
        let today = chrono::NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
        let query = Query::parse(text, today).0;
        library.ids(&query, &Cancel::new()).expect("ids")
    };
    let all = count("");
    assert!(all.len() as u64 >= added, "{} of {added}", all.len());
    for number in (0..added).step_by(97) {
        assert_eq!(count(&format!("number{number}")).len(), 1, "{number}");
    }
    let read = count("is:read");
    assert!(marked.iter().all(|id| read.contains(id)), "a mark is lost");
    let page =
        library.page(&Query::everything(), Window::First { limit: 5 }, &Cancel::new()).expect("a page");
    assert_eq!(page.rows.len(), all.len().min(5));
}
