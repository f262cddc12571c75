use super::doctor::check;
use super::repair::repair;
use super::*;
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::library::store::doctor::Health;
use crate::library::tests::article;
use crate::library::*;
use crate::listing::{Count, Tally, Window};
use crate::query::Query;
use chrono::NaiveDate;
use proptest::prelude::*;
use rusqlite::Connection;
use std::fs;
use tempfile::TempDir;

fn query(text: &str) -> Query {
    Query::parse(text, NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day")).0
}

/// A library of `count` articles of invented news, the first two of them read, one starred and tagged.
fn library(count: i64) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let store = Store::open(&path).expect("a library");
    let news = |day: i64| {
        let body =
            format!("[Ada Obi|person] spoke on day {day} in [Oslo|place] about {}.", "gas ".repeat(100));
        article(day, "North Wire", &format!("Day {day}"), &body)
    };
    store.add((0..count).map(news).collect()).expect("added");
    let these = |ids: &[i64]| Target::These(ids.iter().map(|id| ArticleId(*id)).collect());
    store.mark(&these(&[1, 2]), Marking::Read).expect("marked");
    store.mark(&these(&[2]), Marking::Star).expect("marked");
    store.mark(&these(&[2]), Marking::Tag("later".to_owned())).expect("marked");
    store.keep_position(ArticleId(2), 7).expect("kept");
    (folder, path)
}

fn count(store: &Store, text: &str) -> u64 {
    match store.page(&query(text), Window::First { limit: 1 }, &Cancel::new()).expect("a page").total {
        Count::Exactly(count) | Count::Over(count) => count,
    }
}

/// What opening says, which must leave the file as it is.
fn check_refused(path: &Path, expected: &str) {
    let before = fs::read(path).expect("a file");
    let error = Store::open(path).err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(error.replace(&path.display().to_string(), "FILE"), expected);
    assert!(fs::read(path).expect("a file") == before, "the file was changed");
}

#[test]
fn what_is_no_library_of_ours_is_refused_and_left_alone() {
    let (_folder, path) = library(3);
    let db = Connection::open(&path).expect("a database");
    db.pragma_update(None, "user_version", 99).expect("set");
    drop(db);
    let newer = format!(
        "could not open the library FILE: it has version 99, and this program knows version {}; \
         use a newer dateline",
        file::schema::VERSION
    );
    check_refused(&path, &newer);

    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("other.db");
    Connection::open(&other).and_then(|db| db.execute_batch("CREATE TABLE theirs (a)")).expect("a database");
    let foreign = "could not open the library FILE: it is another program's database; name another file";
    check_refused(&other, foreign);

    let text = folder.path().join("text.db");
    fs::write(&text, "Gas talks\n2022-01-03\nThey met.\n".repeat(100)).expect("written");
    let none = "could not read the library FILE: it is not a library, or its beginning is damaged; name another \
        with --library, or save what can be read with `dateline doctor --repair`";
    check_refused(&text, none);
}

#[test]
fn a_truncated_library_is_told_of_and_what_is_left_is_saved() {
    let (folder, path) = library(400);
    let bytes = fs::read(&path).expect("a file");
    fs::write(&path, &bytes[..bytes.len() * 2 / 3]).expect("cut");
    let damaged =
        "could not read the library FILE: it is damaged; `dateline doctor --repair` saves what it can";
    check_refused(&path, damaged);
    assert!(check(&path).map_or(true, |health| !health.faults.is_empty()));
    let before = fs::read(&path).expect("a file");
    let saved = repair(&path, day()).expect("repaired");
    assert!(saved.articles > 50, "{saved:?}");
    assert_eq!(check(&path).expect("checked").faults, []);
    assert_eq!(count(&Store::open(&path).expect("a library"), "group:off"), saved.articles);
    assert!(fs::read(&saved.kept).expect("a file") == before, "the damaged file was changed");
    assert_eq!(names(&folder), ["library.db", "library.db.damaged-2024-05-06"]);
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 5, 6).expect("a day")
}

/// The names of the files in a folder.
fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("a folder").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_library_with_damaged_pages_is_repaired_with_its_marks() {
    let (folder, path) = library(400);
    assert_eq!(
        check(&path).expect("read"),
        Health {
            articles: 400,
            bytes: fs::metadata(&path).expect("a file").len(),
            faults: vec![],
            older: false
        }
    );
    let mut bytes = fs::read(&path).expect("a file");
    // A page of the texts, wherever it lies.
    let found = bytes.windows(16).position(|window| window == b"spoke on day 200");
    let page = found.expect("a text that is not packed") / 8192 * 8192;
    for byte in &mut bytes[page..page + 8192] {
        *byte = byte.wrapping_mul(31).wrapping_add(7);
    }
    fs::write(&path, &bytes).expect("written");
    assert!(check(&path).map_or(true, |health| !health.faults.is_empty()));
    let saved = repair(&path, day()).expect("repaired");
    assert!(saved.articles > 300, "{saved:?}");
    assert!(fs::read(&saved.kept).expect("a file") == bytes, "the damaged file was changed");
    let store = Store::open(&path).expect("a library");
    assert_eq!(count(&store, "group:off"), saved.articles);
    assert_eq!((count(&store, "is:read"), count(&store, "#later is:starred")), (2, 1));
    assert_eq!(store.load(ArticleId(400)).expect("read").map(|stored| stored.id), Some(ArticleId(400)));
    drop(store);
    // What is kept is never written over.
    let again = repair(&path, day()).expect("repaired");
    assert_ne!(again.kept, saved.kept);
    assert!(fs::read(&saved.kept).expect("a file") == bytes, "the damaged file was changed");
    assert_eq!(names(&folder).len(), 3);
}

/// A program was killed, so that its last changes are only in the log, and a page of the file is damaged.
#[test]
fn what_is_only_in_the_log_is_saved_by_a_repair() {
    let (folder, path) = library(40);
    let killed = Store::open(&path).expect("a library");
    killed
        .add((40..50).map(|day| article(day, "Post", &format!("Late {day}"), "late news")).collect())
        .expect("added");
    killed.mark(&Target::These(vec![ArticleId(45)]), Marking::Star).expect("marked");
    let other = folder.path().join("other.db");
    for end in ["", "-wal"] {
        let from = format!("{}{end}", path.display());
        fs::copy(from, format!("{}{end}", other.display())).expect("copied");
    }
    drop(killed);
    let mut bytes = fs::read(&other).expect("a file");
    let text = bytes.windows(15).position(|window| window == b"spoke on day 20").expect("a text");
    bytes[text] ^= 4;
    fs::write(&other, &bytes).expect("written");
    let reader = Store::open(&other).expect("a library");
    assert_eq!(count(&reader, "group:off"), 50);
    let saved = repair(&other, day()).expect("repaired");
    assert_eq!((saved.articles, saved.altered), (50, vec!["article 21 'Day 20'".to_owned()]));
    // Whoever had it open sees the repaired one.
    assert_eq!((count(&reader, "group:off"), count(&reader, "is:starred group:off")), (50, 2));
    assert!(reader.damage().is_none());
    reader.mark(&Target::These(vec![ArticleId(3)]), Marking::Star).expect("marked");
    drop(reader);
    assert_eq!(check(&other).expect("checked").faults, []);
    let store = Store::open(&other).expect("a library");
    assert_eq!((count(&store, "late group:off"), count(&store, "is:starred group:off")), (10, 3));
    assert_eq!(store.undo().expect("undone").map(|marked| marked.marking), Some(Marking::Star));
    assert_eq!(store.undo().expect("undone").map(|marked| marked.marking), Some(Marking::Star));
    assert_eq!(count(&store, "is:starred group:off"), 1);
}

#[test]
fn marks_and_their_undoing_outlive_the_session() {
    let (_folder, path) = library(5);
    let store = Store::open(&path).expect("a library");
    assert_eq!(store.load(ArticleId(2)).expect("read").map(|stored| stored.position), Some(7));
    let undone = store.undo().expect("undone");
    assert_eq!(
        undone,
        Some(Marked {
            marking: Marking::Tag("later".to_owned()),
            changed: Tally { articles: 1, stories: None }
        })
    );
    store.undo().expect("undone");
    store.undo().expect("undone");
    assert_eq!((count(&store, "is:read"), count(&store, "is:starred")), (0, 0));
    assert_eq!(store.undo().expect("nothing"), None);
    drop(store);
    let store = Store::open(&path).expect("a library");
    store.redo().expect("redone");
    assert_eq!(count(&store, "is:read"), 2);
}

#[test]
fn two_see_one_anothers_changes() {
    let (_folder, path) = library(5);
    let (one, two) = (Store::open(&path).expect("a library"), Store::open(&path).expect("a library"));
    let before = two.version();
    one.mark(&Target::Matching(query("")), Marking::Read).expect("marked");
    assert_eq!(count(&two, "is:unread"), 0);
    assert_ne!(two.version(), before);
    two.add(vec![article(9, "South Post", "Late", "Late news on grain")]).expect("added");
    assert_eq!((count(&one, "is:unread"), count(&one, "grain")), (1, 1));
}

fn segments(store: &Store) -> usize {
    store.question(&Cancel::new(), |find| Ok(find.heads.len())).expect("asked")
}

#[test]
fn an_index_in_pieces_is_put_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("library.db")).expect("a library");
    let news =
        |day| article(day, "Wire", &format!("Day {day}"), &format!("[Ada Obi|person] on day{day} news"));
    for first in [0, 20, 40] {
        store.add((first..first + 20).map(news).collect()).expect("added");
    }
    assert_eq!(segments(&store), 3);
    store.settle().expect("settled");
    assert_eq!((segments(&store), count(&store, "person:obi"), count(&store, "day4*")), (1, 60, 11));
    // A few more are not worth it.
    store.add(vec![news(60)]).expect("added");
    store.settle().expect("settled");
    assert_eq!((segments(&store), count(&store, "person:obi")), (2, 61));
}

/// The sets as a version before the ninth wrote them.
fn write_as_before(path: &Path) {
    let db = Connection::open(path).expect("a database");
    let mut blocks = db.prepare("SELECT segment, sets FROM block").expect("blocks");
    let mut rows = blocks.query([]).expect("blocks");
    while let Some(row) = rows.next().expect("a block") {
        let (segment, bytes): (i64, Vec<u8>) = (row.get(0).expect("a number"), row.get(1).expect("bytes"));
        let mut walk = index::blocks::Walk::new(&bytes);
        while let Some(places) = walk.step() {
            db.execute("INSERT INTO posting VALUES (?, ?, ?)", (segment, walk.key(), places))
                .expect("written");
        }
    }
    db.execute("DELETE FROM block", []).expect("taken out");
}

#[test]
fn sets_of_an_older_version_are_found_and_merged_with_new_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let news =
        |day| article(day, "Wire", &format!("Day {day}"), &format!("[Ada Obi|person] on day{day} news"));
    let store = Store::open(&path).expect("a library");
    for first in [0, 20] {
        store.add((first..first + 20).map(news).collect()).expect("added");
    }
    drop(store);
    write_as_before(&path);
    let store = Store::open(&path).expect("a library");
    let found = || (count(&store, "person:obi"), count(&store, "day1*"), count(&store, "day17"));
    assert_eq!(found(), (40, 11, 1));
    store.add((40..60).map(news).collect()).expect("added");
    assert_eq!(found(), (60, 11, 1));
    store.settle().expect("settled");
    assert_eq!((segments(&store), found()), (1, (60, 11, 1)));
    let rows = Connection::open(&path).expect("a database");
    let left = rows.query_row("SELECT count(*) FROM posting", [], |row| row.get::<_, i64>(0));
    assert_eq!(left, Ok(0));
}

#[test]
fn what_merging_leaves_free_is_given_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let store = Store::open(&path).expect("a library");
    let news = |day| {
        let words: Vec<String> = (0..40).map(|word| format!("w{}", day * 37 % 1_009 * 40 + word)).collect();
        article(day, "Wire", &format!("Day {day}"), &words.join(" "))
    };
    for first in [0, 300, 600] {
        store.add((first..first + 300).map(news).collect()).expect("added");
    }
    store.settle().expect("settled");
    let db = Connection::open(&path).expect("a database");
    let pragma =
        |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).expect("a number");
    let (free, pages) = (pragma("freelist_count"), pragma("page_count"));
    assert!(pages > 100 && free <= pages / 20, "{free} of {pages} pages are free");
}

#[test]
fn a_surname_finds_all_who_bear_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("library.db")).expect("a library");
    let given = ["Ada", "Ben", "Cleo", "Dag", "Eve", "Finn"];
    let news = |day: i64| {
        let body = format!("[{} Obi|person] <{} Obi: yes>", given[day as usize % 6], given[day as usize % 6]);
        let (mut news, analysis) =
            article(day, "Wire", &format!("Day {day}"), if day % 4 > 0 { &body } else { "none" });
        news.guid = Some(day.to_string());
        (news, analysis)
    };
    for first in [0, 20] {
        store.add((first..first + 20).map(news).collect()).expect("added");
    }
    let found = || ["person:obi", "by:obi", "person:obi -person:\"Ada Obi\""].map(|text| count(&store, text));
    assert_eq!(found(), [30, 30, 27]);
    let (mut changed, analysis) = article(9, "Wire", "Day 9", "nobody at all");
    changed.guid = Some("9".to_owned());
    store.add(vec![(changed, analysis)]).expect("updated");
    store.settle().expect("settled");
    assert_eq!(found(), [29, 29, 26]);
}

#[test]
fn many_small_batches_are_merged_and_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let store = Store::open(&path).expect("a library");
    for day in 0..70 {
        let news = article(day, "Wire", &format!("Day {day}"), &format!("[Ada Obi|person] on day{day} news"));
        store.add(vec![news]).expect("added");
    }
    assert!(segments(&store) < 16, "{} segments", segments(&store));
    assert_eq!((count(&store, "person:obi"), count(&store, "day17"), count(&store, "day*")), (70, 1, 70));
    let facets = store.facets(&query("since:2022-01-11"), &Cancel::new()).expect("facets");
    assert_eq!(facets.people.iter().map(|facet| facet.count).collect::<Vec<_>>(), [60]);
    let rows = Connection::open(&path).expect("a database");
    let left: i64 = rows
        .query_row("SELECT count(*) FROM block WHERE segment NOT IN (SELECT id FROM segment)", [], |row| {
            row.get(0)
        })
        .expect("a count");
    assert_eq!(left, 0);
}

#[test]
fn texts_are_packed_once_there_are_enough_to_learn_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let store = Store::open(&path).expect("a library");
    let news = |day: i64| {
        let body = format!(
            "[Ada Obi|person] told the assembly of the town on day {day} that grain number{day} had come by ship."
        );
        article(day, "Wire", &format!("Day {day}"), &body)
    };
    let half = file::pack::LEARNT_FROM as i64 / 2;
    store.add((0..half).map(news).collect()).expect("added");
    store.add((half..2 * half).map(news).collect()).expect("added");
    let rows = Connection::open(&path).expect("a database");
    let counted = |kind: &str| -> i64 {
        let sql = "SELECT count(*) FROM text WHERE typeof(body) = ?";
        rows.query_row(sql, [kind], |row| row.get(0)).expect("a count")
    };
    assert_eq!((counted("text"), counted("blob")), (half, half));
    for day in [0, 2 * half - 1] {
        let stored = store.load(ArticleId(day + 1)).expect("read").expect("there");
        let (expected, analysis) = news(day);
        assert_eq!((stored.article, stored.analysis), (expected, analysis));
    }
    assert_eq!((count(&store, "\"number3 had come\""), count(&store, &format!("number{half}"))), (1, 1));
    // Another process packs by the same dictionaries.
    Store::open(&path).expect("a library").add(vec![news(2 * half)]).expect("added");
    assert_eq!(counted("blob"), half + 1);

    rows.execute("UPDATE text SET body = x'610102030405' WHERE id = ?", [half + 1]).expect("damaged");
    assert!(matches!(store.load(ArticleId(half + 1)), Err(Error::Damaged { .. })));
    let found = check(&path).expect("checked").faults;
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let name = format!("article {} 'Day {half}'", half + 1);
    assert_eq!(told, [format!("{name}: its text is lost, until its feed or file brings it again")]);
    // Its row stays in the list, and everything else can be read.
    let page =
        store.page(&query("group:off"), Window::First { limit: 9_999 }, &Cancel::new()).expect("a page");
    assert_eq!(page.rows.len() as i64, 2 * half + 1);
    assert_eq!(store.damage().articles, [ArticleId(half + 1)].into());
    let saved = repair(&path, day()).expect("repaired");
    assert_eq!((saved.articles as i64, saved.without_text), (2 * half + 1, vec![name]));
    // A program that has it open goes on with the repaired one.
    assert!(store.damage().articles.is_empty() || store.load(ArticleId(half + 1)).is_ok());
    assert_eq!(store.load(ArticleId(half)).expect("read").expect("there").article, news(half - 1).0);
    assert!(matches!(store.add(vec![news(2 * half + 1)]), Err(Error::Repaired { .. })));
    assert_eq!(store.add(vec![news(2 * half + 1)]).expect("added").new, 1);
    assert_eq!(count(&store, &format!("number{half}")), 0);
    assert_eq!(check(&path).expect("checked").faults, []);
}

#[test]
fn what_is_there_as_it_is_is_known_before_it_is_read() {
    let (_folder, path) = library(3);
    let store = Store::open(&path).expect("a library");
    let of = |day: i64, title: &str| article(day, "North Wire", title, "Gas talks went on.").0;
    store.add(vec![article(7, "North Wire", "Talks", "Gas talks went on.")]).expect("added");
    let asked = store.unchanged(&[of(7, "Talks"), of(7, "Talks end"), of(8, "Talks")]).expect("asked");
    assert_eq!(asked, [true, false, false]);
}

#[cfg(unix)]
#[test]
fn the_file_is_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = library(1);
    let store = Store::open(&path).expect("a library");
    store.mark(&Target::Matching(query("")), Marking::Star).expect("marked");
    for end in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{end}", path.display()));
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
}

/// What SQLite says of files and folders, as the person is told of it.
#[test]
fn what_goes_wrong_below_is_told_with_what_to_do() {
    use rusqlite::ffi;
    let path = Path::new("/net/library.db");
    let check = |code: i32, part: &str| {
        let source = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let told = Error::from(source).at(path).to_string();
        assert!(told.contains("/net/library.db") && told.contains(part), "{code}: {told}");
        assert!(!told.contains('\n'), "{told}");
    };
    let locks = "files in its folder cannot be locked; put it on a local disk with --library";
    let refused = [
        ffi::SQLITE_PROTOCOL,
        ffi::SQLITE_IOERR_LOCK,
        ffi::SQLITE_IOERR_RDLOCK,
        ffi::SQLITE_IOERR_UNLOCK,
        ffi::SQLITE_IOERR_SHMOPEN,
        ffi::SQLITE_IOERR_SHMLOCK,
        ffi::SQLITE_IOERR_SHMMAP,
    ];
    refused.into_iter().for_each(|code| check(code, locks));
    check(
        ffi::SQLITE_BUSY,
        "it is locked by another dateline or another program; try again when that has ended",
    );
    check(ffi::SQLITE_LOCKED, "it is locked by another dateline");
    check(ffi::SQLITE_FULL, "the disk is full; free some space");
    check(ffi::SQLITE_IOERR_WRITE, "free some space or check the disk");
    check(ffi::SQLITE_READONLY, "it is read-only; check the permissions");
    check(ffi::SQLITE_CORRUPT, "`dateline doctor --repair` saves what it can");
    check(ffi::SQLITE_NOTADB, "it is not a library");
}

/// An article that the test of copies makes: the story that it tells, its source and its day.
type Telling = (usize, usize, i64);

const SOURCES: [&str; 3] = ["Wire", "Post", "Herald"];

/// Stories 0 to 2 are told by several, word for word; every other is told once.
fn telling(place: usize, (story, source, day): Telling) -> (Article, Analysis) {
    let body: String = match story {
        0..3 => (0..60).map(|word| format!("story{story}word{word} ")).collect(),
        _ => format!("Alone on number{place}."),
    };
    let (mut article, analysis) = article(day, SOURCES[source], "Gas", &body);
    article.guid = Some(place.to_string());
    (article, analysis)
}

/// A question, and what it finds.
type Asked = (String, Vec<bool>);

fn asked(term: usize, articles: &[Telling], starred: usize) -> Asked {
    let found = |holds: &dyn Fn(usize, Telling) -> bool| {
        articles.iter().enumerate().map(|(place, article)| holds(place, *article)).collect()
    };
    match term {
        0..3 => (format!("source:{}", SOURCES[term]), found(&|_, (_, source, _)| source == term)),
        3 => ("since:2022-01-03".to_owned(), found(&|_, (_, _, day)| day >= 2)),
        4 => ("story1word5".to_owned(), found(&|_, (story, _, _)| story == 1)),
        5 => ("is:starred".to_owned(), found(&|place, _| place == starred)),
        _ => (String::new(), found(&|_, _| true)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Of the copies in a result the earliest to come in is shown and tells of the others; `group:off` shows all.
    #[test]
    fn copies_fold_as_reading_them_tells(
        articles in proptest::collection::vec((0usize..5, 0usize..3, 0i64..5), 1..14),
        starred in 0usize..14,
        questions in proptest::collection::vec((0usize..7, 0usize..7, 0usize..3), 6),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("library.db")).expect("a library");
        let all: Vec<_> = articles.iter().enumerate().map(|(place, made)| telling(place, *made)).collect();
        // In two batches: of two segments.
        store.add(all.iter().take(6).cloned().collect()).expect("added");
        store.add(all.iter().skip(6).cloned().collect()).expect("added");
        store.mark(&Target::These(vec![ArticleId(starred as i64 + 1)]), Marking::Star).expect("marked");
        for (one, other, how) in questions {
            let ((a, of_a), (b, of_b)) = (asked(one, &articles, starred), asked(other, &articles, starred));
            let both = std::iter::zip(of_a, of_b);
            let (text, found): Asked = match how {
                0 => (format!("{a} {b}"), both.map(|(a, b)| a && b).collect()),
                1 if !a.is_empty() && !b.is_empty() => {
                    (format!("({a} OR {b})"), both.map(|(a, b)| a || b).collect())
                }
                _ if !b.is_empty() => (format!("{a} -{b}"), both.map(|(a, b)| a && !b).collect()),
                _ => (a, both.map(|(a, _)| a).collect()),
            };
            let matching: Vec<usize> = (0..articles.len()).filter(|place| found[*place]).collect();
            // Those that tell the same, for each that is shown.
            let mut shown: Vec<(usize, u32)> = Vec::new();
            for place in &matching {
                let story = articles[*place].0;
                match shown.iter_mut().find(|(first, _)| story < 3 && articles[*first].0 == story) {
                    Some((_, copies)) => *copies += 1,
                    None => shown.push((*place, 0)),
                }
            }
            let newest_first = |rows: &mut Vec<(usize, u32)>| {
                rows.sort_by_key(|(place, _)| std::cmp::Reverse((articles[*place].2, *place)));
            };
            newest_first(&mut shown);
            let mut unfolded: Vec<(usize, u32)> = matching.iter().map(|place| (*place, 0)).collect();
            newest_first(&mut unfolded);
            for (text, expected) in [(text.clone(), shown), (format!("{text} group:off"), unfolded)] {
                let page = store.page(&query(&text), Window::First { limit: 99 }, &Cancel::new()).expect("a page");
                let rows: Vec<(usize, u32)> =
                    page.rows.iter().map(|row| (row.key.id.0 as usize - 1, row.copies)).collect();
                prop_assert_eq!(rows, expected, "{}", text);
                prop_assert_eq!(page.total, Count::Exactly(page.rows.len() as u64));
            }
        }
    }
}

/// Makes the tables those of a program that knew no seals.
fn take_seals(db: &Connection) {
    for seal in &file::seal::ALL {
        if seal.table != "spare" {
            let sql = format!("ALTER TABLE {} DROP COLUMN {}", seal.table, seal.column);
            db.execute_batch(&sql).expect("dropped");
        }
    }
    db.execute_batch(
        "DROP TABLE spare; DROP TABLE grave; DROP TABLE board; DROP TABLE ledger; ALTER TABLE article DROP COLUMN language;
         ALTER TABLE source DROP COLUMN keep_most; ALTER TABLE source DROP COLUMN paused;",
    )
    .expect("dropped");
}

#[test]
fn copies_that_an_older_program_folded_are_folded_by_the_rule_of_this_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let report = |name: &str, sum: &str| {
        format!(
            "{name} said it raised its quarterly payout to {sum} crowns from 3 crowns. The payout goes to those who hold \
             shares on the last day of the month, and the next one will be told of in the summer."
        )
    };
    let news = |day, title: &str, body: &str| article(day, "Wire", title, body);
    let store = Store::open(&path).expect("a library");
    store
        .add(vec![
            news(0, "Holm pays more", &report("Holm Fisheries", "4")),
            news(1, "Tarn pays more", &report("Tarn Foundries", "5")),
            news(1, "Holm to pay more", &report("Holm Fisheries", "4")),
            news(2, "Tarn to pay more", &report("Tarn Foundries", "5")),
        ])
        .expect("added");
    assert_eq!(count(&store, ""), 2);
    drop(store);
    // As a program before version 12 left it.
    let db = Connection::open(&path).expect("a database");
    let groups: Vec<u8> = [1u32, 0, 2, 0, 3, 0].into_iter().flat_map(u32::to_le_bytes).collect();
    db.execute("UPDATE story SET groups = ?", [groups]).expect("written");
    take_seals(&db);
    db.execute_batch(
        "ALTER TABLE change DROP COLUMN name; ALTER TABLE change DROP COLUMN folded; PRAGMA user_version = 11;",
    )
    .expect("written");
    drop(db);
    let store = Store::open(&path).expect("a library");
    assert_eq!(count(&store, ""), 2);
    let page = store.page(&query(""), Window::First { limit: 9 }, &Cancel::new()).expect("a page");
    let rows: Vec<String> = page.rows.iter().map(|row| format!("{} +{}", row.title, row.copies)).collect();
    assert_eq!(rows, ["Tarn pays more +1", "Holm pays more +1"]);
}
