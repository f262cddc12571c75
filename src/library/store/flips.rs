//! One bit of a library flips on the disk. Either nothing that anybody can see is different, or `check` says so, every
//! other article can still be read, and a repair saves all of them.
//!
//! The variable `DATELINE_FLIPS` sets how many bits are tried; without it there are few, so that the test is fast.

use super::Store;
use super::doctor::check;
use super::file::pack::LEARNT_FROM;
use super::repair::repair;
use crate::annotation::Kind;
use crate::article::{Article, ArticleId};
use crate::library::sources::Wishes;
use crate::library::tests::article;
use crate::library::*;
use crate::listing::board::BoardChange;
use crate::listing::{Facet, FacetKind, Facets, Validity, Window};
use crate::query::Query;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Bits that are tried where nobody asks for more.
const FEW: u64 = 40;

fn query(text: &str) -> Query {
    Query::parse(text, NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day")).0
}

const QUERIES: [&str; 9] = [
    "group:off",
    "group:off sort:oldest",
    "",
    "is:starred group:off",
    "#later group:off",
    "harbour group:off",
    "\"harbour of day 7\" group:off",
    "person:obi -is:read group:off",
    "day1* group:off sort:relevance",
];

/// Makes a library of `count` articles in which everything is used that a library can hold.
fn make(path: &Path, count: i64) {
    let store = Store::open(path).expect("a library");
    let news = |day: i64| {
        let title = if day % 9 == 4 { String::new() } else { format!("Day {day} at the harbour") };
        let speaker = if day % 2 == 0 { "Ada Obi" } else { "Kari Holm" };
        let body = format!(
            "[{speaker}|person] of [Norway|country=NO] spoke on the harbour of day {day} in [Oslo|place]. \
             <{speaker}: Gas and grain number{day} went on.> It was {} long.",
            "very ".repeat((day % 40) as usize)
        );
        let (mut article, analysis) =
            article(day, if day % 3 == 0 { "North Wire" } else { "Post" }, &title, &body);
        article.url = Some(format!("https://news.example/{day}"));
        (article, analysis)
    };
    for first in (0..count).step_by(64) {
        store.add((first..count.min(first + 64)).map(news).collect()).expect("added");
    }
    // Some come again with another text.
    let again = |day: i64| {
        let (mut article, analysis) = news(day);
        article.body.push_str(" More was said.");
        (article, analysis)
    };
    store.add([3, 8, 20].map(again).to_vec()).expect("added");
    let these = |ids: &[i64]| Target::These(ids.iter().map(|id| ArticleId(*id)).collect());
    store.mark(&these(&[1, 2, 9, 30]), Marking::Read).expect("marked");
    store.mark(&these(&[2, 21]), Marking::Star).expect("marked");
    store.mark(&these(&[2, 40]), Marking::Tag("later".to_owned())).expect("marked");
    store.undo().expect("undone");
    store.redo().expect("redone");
    store.keep_position(ArticleId(2), 7).expect("kept");
    store.keep_state("{\"place\": 3}").expect("kept");
    store.keep("typed query", "harbour\ngrain").expect("kept");
    for name in ["North Wire", "Post"] {
        let address = format!("https://news.example/{name}.xml");
        store.add_source(&address, name, Some("https://news.example/"), &Wishes::default()).expect("added");
    }
    let item = |id| store.board_item(ArticleId(id), None).expect("an article").expect("an article");
    let board = BoardChange::put("Harbour", vec![item(2), item(5)]);
    store.change_board(Some(ChangeId(77)), &board).expect("changed");
    let folder = FollowedFolder { path: "/news".into(), named: "news".into() };
    store.follow_folder(&folder).expect("followed");
    store.settle().expect("settled");
}

/// Everything that can be asked of a library, answered.
#[derive(Debug, Default, PartialEq)]
struct Answers {
    lists: Vec<Vec<String>>,
    articles: BTreeMap<i64, Seen>,
    names: Vec<Facets>,
    people: Vec<Facet>,
    quotes: Vec<String>,
    timeline: String,
    rest: Vec<String>,
}

/// An article with what belongs to it.
type Seen = (Article, String);

/// The answers; an error where the library as a whole cannot be used.
fn ask(path: &Path) -> Result<(Answers, Damage), Error> {
    let store = Store::open(path)?;
    let mut answers = Answers::default();
    for text in QUERIES {
        let page = store.page(&query(text), Window::First { limit: 9_999 }, &Cancel::new())?;
        let row = |row: &crate::listing::Row| format!("{row:?}");
        answers.lists.push(page.rows.iter().map(row).collect());
    }
    for id in store.ids(&Query::everything(), &Cancel::new())? {
        match store.load(id) {
            Ok(Some(stored)) => {
                // An analysis that is damaged is made again.
                let analysis =
                    if stored.validity == Validity::Missing { None } else { Some(&stored.analysis) };
                let with = format!(
                    "{} {} {:?} {} {analysis:?}",
                    stored.read, stored.starred, stored.tags, stored.position
                );
                answers.articles.insert(id.0, (stored.article, with));
            }
            Ok(None) => {}
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error),
        }
    }
    answers.names.push(store.facets(&Query::everything(), &Cancel::new())?);
    answers.names.push(store.facets(&query("harbour group:off"), &Cancel::new())?);
    answers.people = store.names(FacetKind::Entity(Kind::Person), "", &query(""), 99, &Cancel::new())?;
    let quotes = store.quotes(&Query::everything(), 9_999, &Cancel::new())?;
    answers.quotes = quotes.iter().map(|quote| format!("{quote:?}")).collect();
    answers.rest = vec![
        part(store.sources()),
        part(store.folders()),
        part(store.kept("reader")),
        part(store.state()),
        part(store.kept("typed query")),
        part(store.board("Harbour")),
    ];
    answers.timeline = part(store.timeline(&query("group:off"), &Cancel::new()));
    Ok((answers, store.damage()))
}

fn part<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(error) if error.is_damage() => "damaged".to_owned(),
        Err(error) => panic!("{error}"),
    }
}

/// What became of the bits.
#[derive(Debug, Default)]
struct Outcome {
    unaffected: u64,
    told: u64,
    /// Those of the told after which the library could not be opened before it was repaired.
    shut: u64,
    /// Articles that could not be read, over all bits.
    unreadable: u64,
    /// The most articles that one bit cost.
    most: u64,
    /// Articles that a repair did not save as they were, over all bits.
    unsaved: u64,
    /// Articles that are not as they were after the repair, over all bits.
    gone: u64,
    wrong: Vec<String>,
}

fn flip(path: &Path, bytes: &[u8], place: u64, expected: &Answers, outcome: &mut Outcome) {
    let mut flipped = bytes.to_vec();
    flipped[(place / 8) as usize] ^= 1 << (place % 8);
    for entry in fs::read_dir(path.parent().expect("a folder")).expect("a folder").flatten() {
        fs::remove_file(entry.path()).expect("removed");
    }
    let file = fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(&flipped)).expect("written");
    let mut wrong = |what: String| outcome.wrong.push(format!("bit {place} (byte {}): {what}", place / 8));
    let told = match check(path) {
        Ok(health) => health.faults.iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    };
    let asked = ask(path);
    let same = asked.as_ref().is_ok_and(|(answers, _)| answers == expected);
    if same && told.is_empty() {
        outcome.unaffected += 1;
        return;
    }
    if told.is_empty() {
        let answers = asked.map(|(answers, _)| difference(&answers, expected));
        return wrong(format!("not told of, but {answers:?}"));
    }
    outcome.told += 1;
    let mut readable: BTreeSet<i64> = expected.articles.keys().copied().collect();
    match &asked {
        Ok((answers, _)) => {
            readable.retain(|id| {
                answers.articles.get(id).map(|(article, _)| article)
                    == expected.articles.get(id).map(|(article, _)| article)
            });
            let lost = (expected.articles.len() - readable.len()) as u64;
            outcome.unreadable += lost;
            outcome.most = outcome.most.max(lost);
            let rows = answers.lists.first().map_or(0, Vec::len);
            if rows + (lost as usize) < expected.articles.len() {
                wrong(format!("{rows} rows are listed, and {lost} articles cannot be read: {told:?}"));
            }
        }
        Err(error) if error.is_damage() => outcome.shut += 1,
        Err(
            Error::NotALibrary { .. } | Error::Foreign { .. } | Error::Newer { .. } | Error::ReadOnly { .. },
        ) => outcome.shut += 1,
        Err(error) => return wrong(format!("an error of another sort: {error}; {told:?}")),
    }
    match repair(path, NaiveDate::MIN) {
        Err(error) => return wrong(format!("not repaired: {error}; {told:?}")),
        Ok(saved) => {
            let kept = fs::read(&saved.kept).expect("the damaged library");
            assert_eq!(kept.len(), flipped.len());
        }
    }
    match check(path) {
        Ok(health) if health.faults.is_empty() => {}
        other => return wrong(format!("not sound after the repair: {other:?}; {told:?}")),
    }
    match ask(path) {
        Ok((answers, damage)) => {
            let saved = |id: &&i64| {
                answers.articles.get(id).map(|(article, _)| article)
                    == expected.articles.get(id).map(|(article, _)| article)
            };
            outcome.gone += expected.articles.keys().filter(|id| !saved(id)).count() as u64;
            if place < 800 && answers.articles != expected.articles {
                wrong(format!("not all is saved: {}; {told:?}", difference(&answers, expected)));
            }
            let gone: Vec<&i64> = readable.iter().filter(|id| !saved(id)).collect();
            outcome.unsaved += gone.len() as u64;
            if asked.is_ok() && !gone.is_empty() {
                wrong(format!("{gone:?} could be read before the repair and not after it; {told:?}"));
            }
            if !damage.is_none() {
                wrong(format!("{damage:?} after the repair"));
            }
            if let Ok((before, _)) = &asked {
                for (at, rest) in expected.rest.iter().enumerate() {
                    if before.rest.get(at) == Some(rest) && answers.rest.get(at) != Some(rest) {
                        wrong(format!("{rest} became {:?} in the repair", answers.rest.get(at)));
                    }
                }
            }
        }
        Err(error) => wrong(format!("cannot be read after the repair: {error}; {told:?}")),
    }
}

/// What two answers differ in, shortly.
fn difference(found: &Answers, expected: &Answers) -> String {
    let lists = std::iter::zip(&found.lists, &expected.lists).position(|(found, expected)| found != expected);
    let article = expected.articles.iter().find(|(id, article)| found.articles.get(id) != Some(article));
    format!(
        "list {lists:?}, article {:?}, names {}, people {}, quotes {}, rest {}",
        article.map(|(id, seen)| (id, seen, found.articles.get(id))),
        found.names == expected.names,
        found.people == expected.people,
        found.quotes == expected.quotes,
        found.rest == expected.rest
    )
}

/// Tries `count` bits of a library of `articles`; `state` is where the random numbers begin.
fn try_bits(articles: i64, count: u64, mut state: u64) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("made.db");
    make(&made, articles);
    let expected = ask(&made).expect("answers").0;
    assert_eq!(expected.articles.len() as i64, articles);
    assert_eq!(check(&made).expect("checked").faults, []);
    let bytes = fs::read(&made).expect("a library");
    let work = folder.path().join("work");
    fs::create_dir(&work).expect("a folder");
    let path = work.join("library.db");
    let mut outcome = Outcome::default();
    for _ in 0..count {
        // Xorshift, by Marsaglia.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        flip(&path, &bytes, state % (bytes.len() as u64 * 8), &expected, &mut outcome);
    }
    outcome
}

/// The bits of the header are few among all, and matter most.
fn try_header(articles: i64, step: usize) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("made.db");
    make(&made, articles);
    let expected = ask(&made).expect("answers").0;
    let bytes = fs::read(&made).expect("a library");
    let work = folder.path().join("work");
    fs::create_dir(&work).expect("a folder");
    let path = work.join("library.db");
    let mut outcome = Outcome::default();
    for place in (0..100 * 8).step_by(step) {
        flip(&path, &bytes, place, &expected, &mut outcome);
    }
    outcome
}

/// Runs `work` and fails where it takes too long.
fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, receive) = mpsc::channel();
    let thread = std::thread::spawn(move || send.send(work()));
    match receive.recv_timeout(limit) {
        Ok(done) => done,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(thread.join().expect_err("a panic"));
        }
    }
}

#[test]
fn a_flipped_bit_changes_nothing_or_is_told_of_and_the_rest_is_saved() {
    let asked = std::env::var("DATELINE_FLIPS").ok().and_then(|count| count.parse().ok());
    let count: u64 = asked.unwrap_or(FEW);
    let limit = Duration::from_secs(120 + count * 10);
    // Texts are packed only in a library that is large enough.
    let packed = if asked.is_some() { count / 8 } else { 2 };
    for (articles, count, seed) in [
        (60, count - packed, 0x2545_F491_4F6C_DD1D),
        (LEARNT_FROM as i64 + 100, packed, 0x9E37_79B9_7F4A_7C15),
    ] {
        let outcome = within(limit, move || try_bits(articles, count, seed));
        println!("{articles} articles, {count} bits: {outcome:#?}");
        assert!(outcome.wrong.is_empty(), "{:#?}", outcome.wrong);
        assert_eq!(outcome.unaffected + outcome.told, count);
    }
}

#[test]
fn a_flipped_bit_of_the_header_changes_nothing_or_is_told_of_and_all_is_saved() {
    let step = if std::env::var("DATELINE_FLIPS").is_ok() { 1 } else { 29 };
    let outcome = within(Duration::from_secs(600), move || try_header(60, step));
    println!("{outcome:#?}");
    assert!(outcome.wrong.is_empty(), "{:#?}", outcome.wrong);
    assert_eq!((outcome.unsaved, outcome.gone), (0, 0));
}
