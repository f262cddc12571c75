//! The program is killed while it migrates a library of an older version. At any moment, the file must open, be
//! sound and contain everything.

mod news;

use dateline::exports::article::ArticleId;
use dateline::exports::library::{Cancel, Library, check};
use dateline::exports::listing::Marking;
use dateline::exports::query::{Query, Target};
use news::news;
use rusqlite::Connection;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const ARTICLES: i64 = 300;
const ROUNDS: u64 = 20;

/// Reverts the last migrations, except for the part that [`put_sets_apart`] reverts. The ballast belongs to no segment,
/// so nothing reads it; but it must be moved too, and is more than SQLite keeps in memory before it writes.
const OLDER: &str = "
    ALTER TABLE forward ADD COLUMN totals BLOB NOT NULL DEFAULT x'';
    ALTER TABLE forward ADD COLUMN groups BLOB NOT NULL DEFAULT x'';
    UPDATE forward SET totals = (SELECT totals FROM total WHERE total.segment = forward.segment),
        groups = (SELECT groups FROM story WHERE story.segment = forward.segment);
    DROP TABLE total; DROP TABLE story; DROP TABLE kept; DROP TABLE beside; DROP TABLE source; DROP TABLE folder;
    DROP TABLE block; DROP TABLE counted; DROP INDEX text_engine;
    ALTER TABLE change DROP COLUMN name; ALTER TABLE change DROP COLUMN folded;
    ALTER TABLE change DROP COLUMN seal; ALTER TABLE article DROP COLUMN seal;
    ALTER TABLE article DROP COLUMN language; ALTER TABLE article DROP COLUMN language_seal; ALTER TABLE text DROP COLUMN seal;
    ALTER TABLE text DROP COLUMN analysis_seal; ALTER TABLE mark DROP COLUMN seal; ALTER TABLE segment DROP COLUMN seal;
    ALTER TABLE dictionary DROP COLUMN seal; ALTER TABLE position DROP COLUMN seal; ALTER TABLE moved DROP COLUMN seal;
    ALTER TABLE forward DROP COLUMN seal; ALTER TABLE list DROP COLUMN seal; ALTER TABLE band DROP COLUMN seal;
    ALTER TABLE entity DROP COLUMN seal; ALTER TABLE form DROP COLUMN seal; DROP TABLE spare; DROP TABLE grave; DROP TABLE board; DROP TABLE ledger;
    WITH RECURSIVE ballast (n) AS (SELECT 1000000 UNION ALL SELECT n + 1 FROM ballast WHERE n < 1000120)
        INSERT INTO forward (segment, published, totals, groups)
            SELECT n, x'', randomblob(100000), randomblob(50000) FROM ballast;
    PRAGMA user_version = 2;";

/// Makes a library of version 2, in one file.
fn make_older(path: &Path) {
    let library = Library::open(path).expect("a library");
    library.add((0..ARTICLES).map(news).collect()).expect("added");
    let some = Target::These((1..=50).map(ArticleId).collect());
    library.mark(&some, Marking::Read).expect("marked");
    library.mark(&some, Marking::Tag("later".to_owned())).expect("marked");
    library.keep_position(ArticleId(7), 5).expect("kept");
    drop(library);
    let db = Connection::open(path).expect("a database");
    put_sets_apart(&db);
    db.execute_batch(OLDER).expect("an older library");
}

/// Writes a row for each set of the index, as older versions did, from the blocks that contain the sets now. In a
/// block, each set has the number of bytes that its key shares with the key before it, the length of the rest of the
/// key, that rest, the length of the set, and the set.
fn put_sets_apart(db: &Connection) {
    let mut blocks = db.prepare("SELECT segment, sets FROM block").expect("blocks");
    let mut rows = blocks.query([]).expect("blocks");
    while let Some(row) = rows.next().expect("a block") {
        let (segment, bytes): (i64, Vec<u8>) = (row.get(0).expect("a number"), row.get(1).expect("bytes"));
        let mut left = bytes.as_slice();
        let mut key: Vec<u8> = Vec::new();
        while !left.is_empty() {
            key.truncate(take_number(&mut left));
            let length = take_number(&mut left);
            key.extend(left.split_off(..length).expect("the rest of a key"));
            let length = take_number(&mut left);
            let places = left.split_off(..length).expect("a set");
            db.execute("INSERT INTO posting VALUES (?, ?, ?)", (segment, &key, places)).expect("written");
        }
    }
}

/// Reads a number with seven bits in each byte, the least significant first.
fn take_number(bytes: &mut &[u8]) -> usize {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0).expect("an end");
    let number = bytes.split_off(..=end).expect("bytes");
    number.iter().rev().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7F))
}

fn start(path: &Path) -> Child {
    let home = path.parent().expect("its folder");
    Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["list", "--limit", "1", "--library"])
        .arg(path)
        .env_clear()
        .env("HOME", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started")
}

/// Polls the child up to `looks` times or until it has ended; returns the number of polls.
fn watch(child: &mut Child, looks: u64) -> u64 {
    (0..looks).find(|_| child.try_wait().expect("looked at").is_some()).unwrap_or(looks)
}

fn version(path: &Path) -> i64 {
    let db = Connection::open(path).expect("a database");
    db.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version")
}

#[test]
fn killed_at_any_moment_of_a_migration_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let older = folder.path().join("older.db");
    make_older(&older);
    let path = folder.path().join("library.db");
    let copy = || {
        for end in ["-wal", "-shm"] {
            // These files do not exist if the program ended normally.
            _ = std::fs::remove_file(folder.path().join(format!("library.db{end}")));
        }
        std::fs::copy(&older, &path).expect("copied");
    };
    copy();
    assert_eq!(version(&path), 2);
    // The duration of a complete migration, measured in polls.
    let mut child = start(&path);
    let whole = watch(&mut child, u64::MAX);
    assert!(child.wait().expect("gone").success());
    let current = version(&path);
    assert!(current > 2);
    check_whole(&path);

    let mut left_older = 0;
    for round in 0..ROUNDS {
        copy();
        // Each copy is killed twice, because recovery from one crash may fail in a second one.
        for moment in [round, round * 7 % ROUNDS] {
            let mut child = start(&path);
            watch(&mut child, whole * moment / ROUNDS);
            child.kill().expect("killed");
            child.wait().expect("gone");
        }
        let found = version(&path);
        assert!([2, current].contains(&found), "version {found}: half a migration");
        left_older += u32::from(found == 2);
        check_whole(&path);
        assert_eq!(version(&path), current);
    }
    assert!(left_older > 0, "nothing was killed before its end");
}

fn check_whole(path: &Path) {
    let library = Library::open(path).expect("a library");
    assert_eq!(check(path).expect("read").faults, []);
    let count = |text: &str| {
        let today = chrono::NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
        library.ids(&Query::parse(text, today).0, &Cancel::new()).expect("ids").len()
    };
    assert_eq!(count("group:off"), 300);
    assert_eq!((count("is:read"), count("#later is:read"), count("number299")), (50, 50, 1));
    let stored = library.load(ArticleId(7)).expect("read").expect("there");
    assert_eq!((stored.article, stored.position), (news(6).0, 5));
}
