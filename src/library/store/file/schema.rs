//! The tables, and how a library of an older version becomes one of this version.
//!
//! Migrations are only ever appended. `PRAGMA user_version` counts those that were applied; `application_id` marks
//! the file as a library of this program.

use super::meta::PATIENCE;
use super::pack::Unpacker;
use super::seal;
use crate::library::Error;
use crate::library::store::index::copies;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;

/// `dtln`.
const APPLICATION: i32 = 0x6474_6C6E;

const MIGRATIONS: [&str; 17] = [
    // An article is recognised by `identity`. Its `number` is its place in the index, which an update changes; its `id`
    // is what the person and scripts see, and stays.
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
     INSERT INTO meta VALUES ('next_number', 0), ('next_entity', 0), ('articles', 0), ('marks', 0);
     CREATE TABLE article (
        id INTEGER PRIMARY KEY, number INTEGER NOT NULL, published INTEGER NOT NULL,
        source TEXT NOT NULL, title TEXT NOT NULL, author TEXT, path TEXT, url TEXT, guid TEXT,
        identity BLOB NOT NULL, hash BLOB NOT NULL);
     CREATE UNIQUE INDEX article_identity ON article (identity);
     CREATE INDEX article_newest ON article (published, id);
     CREATE TABLE text (
        id INTEGER PRIMARY KEY, body TEXT NOT NULL, engine INTEGER NOT NULL, analysis BLOB NOT NULL);
     CREATE TABLE moved (number INTEGER PRIMARY KEY, id INTEGER NOT NULL);

     CREATE TABLE segment (
        id INTEGER PRIMARY KEY AUTOINCREMENT, base INTEGER NOT NULL, span INTEGER NOT NULL,
        articles INTEGER NOT NULL, oldest INTEGER NOT NULL, newest INTEGER NOT NULL,
        live INTEGER NOT NULL);
     CREATE TABLE forward (
        segment INTEGER PRIMARY KEY, published BLOB NOT NULL, totals BLOB NOT NULL,
        groups BLOB NOT NULL);
     CREATE TABLE list (id INTEGER PRIMARY KEY, starts BLOB NOT NULL, places BLOB NOT NULL);
     CREATE TABLE band (id INTEGER PRIMARY KEY, entries BLOB NOT NULL);
     CREATE TABLE posting (
        segment INTEGER NOT NULL, key BLOB NOT NULL, places BLOB NOT NULL,
        PRIMARY KEY (segment, key)) WITHOUT ROWID;

     CREATE TABLE entity (id INTEGER PRIMARY KEY, name TEXT NOT NULL, called TEXT NOT NULL);
     CREATE TABLE called (kind INTEGER NOT NULL, form TEXT NOT NULL, entity INTEGER NOT NULL,
        PRIMARY KEY (kind, form)) WITHOUT ROWID;
     CREATE TABLE form (entity INTEGER NOT NULL, form TEXT NOT NULL,
        PRIMARY KEY (entity, form)) WITHOUT ROWID;
     CREATE TABLE form_word (word TEXT NOT NULL, entity INTEGER NOT NULL,
        PRIMARY KEY (word, entity)) WITHOUT ROWID;

     CREATE TABLE mark (
        mark TEXT NOT NULL, chunk INTEGER NOT NULL, places BLOB NOT NULL,
        PRIMARY KEY (mark, chunk)) WITHOUT ROWID;
     CREATE TABLE change (
        id INTEGER PRIMARY KEY, marking TEXT NOT NULL, articles BLOB NOT NULL, undone INTEGER NOT NULL);
     CREATE TABLE position (id INTEGER PRIMARY KEY, byte INTEGER NOT NULL);",
    // From here on `text.body` is a text or a blob, which is packed, and so is `text.analysis` where its
    // first byte is 0 (see `pack`). The segments know the order of time: the index had no readers.
    "CREATE TABLE dictionary (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
     DROP INDEX article_newest;",
    // Where news is fetched from. Times are seconds since 1970, durations are seconds; nothing secret is stored here.
    "CREATE TABLE source (
        id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, site TEXT,
        tags TEXT NOT NULL, interval INTEGER, keep_for INTEGER, full_text INTEGER NOT NULL,
        etag TEXT, last_modified TEXT, fetched INTEGER, due INTEGER, held_until INTEGER, held_for TEXT,
        failures INTEGER NOT NULL, error TEXT, warning TEXT, gone INTEGER NOT NULL, moved_from TEXT,
        claimant INTEGER, claimed_until INTEGER);",
    // The text of an article that is not shown, where it has two (see `texts`).
    "CREATE TABLE beside (id INTEGER PRIMARY KEY, text INTEGER NOT NULL, article TEXT NOT NULL);",
    // What the reader keeps for its next start.
    "CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
    // A long column is a chain of pages, which is walked to come to the columns after it: each of those of
    // a segment gets a table of its own.
    "CREATE TABLE total (segment INTEGER PRIMARY KEY, totals BLOB NOT NULL);
     INSERT INTO total SELECT segment, totals FROM forward;
     CREATE TABLE story (segment INTEGER PRIMARY KEY, groups BLOB NOT NULL);
     INSERT INTO story SELECT segment, groups FROM forward;
     ALTER TABLE forward DROP COLUMN totals;
     ALTER TABLE forward DROP COLUMN groups;",
    // Folders that are watched.
    "CREATE TABLE folder (path TEXT PRIMARY KEY, named TEXT NOT NULL) WITHOUT ROWID;",
    // What each source brought last (see `formats::feed::SeenItems`).
    "ALTER TABLE source ADD COLUMN marks BLOB;",
    // The sets of segments from here on (see `index::rows`); those in `posting` stay there until they are merged.
    "CREATE TABLE block (
        segment INTEGER NOT NULL, first BLOB NOT NULL, sets BLOB NOT NULL,
        PRIMARY KEY (segment, first)) WITHOUT ROWID;",
    // What was counted of all articles (see `ahead`), while `articles` is what it is in `meta`.
    "CREATE TABLE counted (
        id INTEGER PRIMARY KEY, articles INTEGER NOT NULL, maker TEXT NOT NULL, facets BLOB NOT NULL);",
    // Finds the analyses of older engines (see `ask::outdated`).
    "CREATE INDEX text_engine ON text (engine);",
    // Whoever makes a change may name it, and it may go with the copies of its stories (see `changes`). Copies are folded
    // by a stricter rule from here on, which is applied to the stored ones (see `index::copies::refold`).
    "ALTER TABLE change ADD COLUMN name INTEGER;
     ALTER TABLE change ADD COLUMN folded INTEGER NOT NULL DEFAULT 0;",
    // The checksums of rows (see `seal`). Every packed text needs its dictionary, so there is a second copy.
    "ALTER TABLE article ADD COLUMN seal INTEGER;
     ALTER TABLE text ADD COLUMN seal INTEGER;
     ALTER TABLE beside ADD COLUMN seal INTEGER;
     ALTER TABLE change ADD COLUMN seal INTEGER;
     ALTER TABLE mark ADD COLUMN seal INTEGER;
     ALTER TABLE segment ADD COLUMN seal INTEGER;
     ALTER TABLE source ADD COLUMN seal INTEGER;
     ALTER TABLE counted ADD COLUMN seal INTEGER;
     ALTER TABLE dictionary ADD COLUMN seal INTEGER;
     ALTER TABLE folder ADD COLUMN seal INTEGER;
     ALTER TABLE kept ADD COLUMN seal INTEGER;
     ALTER TABLE position ADD COLUMN seal INTEGER;
     ALTER TABLE moved ADD COLUMN seal INTEGER;
     ALTER TABLE forward ADD COLUMN seal INTEGER;
     ALTER TABLE total ADD COLUMN seal INTEGER;
     ALTER TABLE story ADD COLUMN seal INTEGER;
     ALTER TABLE list ADD COLUMN seal INTEGER;
     ALTER TABLE band ADD COLUMN seal INTEGER;
     ALTER TABLE block ADD COLUMN seal INTEGER;
     ALTER TABLE entity ADD COLUMN seal INTEGER;
     ALTER TABLE form ADD COLUMN seal INTEGER;
     ALTER TABLE text ADD COLUMN analysis_seal INTEGER;
     CREATE TABLE spare (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL, seal INTEGER);",
    // The code of the language that an article is written in. It has a seal of its own, so that the seals of the rows that
    // are here stay as they are; it is found when the articles are analysed again.
    "ALTER TABLE article ADD COLUMN language TEXT;
     ALTER TABLE article ADD COLUMN language_seal INTEGER;",
    // How many articles of a source are kept, and whether it is fetched at all, with a seal of their own as above. What was
    // removed from the trash is remembered by its identity, and the day by which it was removed in days since 1970.
    "ALTER TABLE source ADD COLUMN keep_most INTEGER;
     ALTER TABLE source ADD COLUMN paused INTEGER;
     ALTER TABLE source ADD COLUMN wish_seal INTEGER;
     CREATE TABLE grave (identity BLOB PRIMARY KEY, day INTEGER NOT NULL, seal INTEGER) WITHOUT ROWID;",
    // The boards of the person (see `boards`), each with what is on it.
    "CREATE TABLE board (name TEXT PRIMARY KEY, items TEXT NOT NULL, seal INTEGER) WITHOUT ROWID;",
    // What the library and a server have agreed on about each item of an account (see `ledger`).
    "CREATE TABLE ledger (
        account TEXT NOT NULL, item TEXT NOT NULL, article INTEGER, read INTEGER NOT NULL, starred INTEGER NOT NULL,
        labels TEXT NOT NULL, sent TEXT NOT NULL, seal INTEGER, PRIMARY KEY (account, item)) WITHOUT ROWID;",
];

/// The version from which on copies are folded by the rule of this program.
const FOLDING: i32 = 12;

/// The version from which on rows have seals.
pub const SEALS: i32 = 13;

/// The version of the libraries that this program writes.
pub const VERSION: i32 = MIGRATIONS.len() as i32;

/// Settings of one connection: it waits up to five seconds for another writer, and keeps at most 2 MiB of pages in
/// memory, since the system caches the file for all connections and processes together.
pub fn settings(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    seal::register(connection)?;
    // Without this, a statement with a range is planned again whenever another value is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 16777216;
         PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF;",
    )
}

/// Checks that the file is a library that this program can read.
pub fn recognise(connection: &Connection, path: &Path) -> Result<(), Error> {
    let found: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    match (application == APPLICATION, found > VERSION) {
        (false, _) => Err(Error::Foreign { path: path.to_owned() }),
        (true, true) => Err(Error::Newer { path: path.to_owned(), found, known: VERSION }),
        (true, false) => Ok(()),
    }
}

/// Checks that the library that is attached to a connection is one of this version.
pub fn recognise_attached(connection: &Connection, path: &Path) -> Result<(), Error> {
    let of = |what: &str| connection.pragma_query_value(Some("library"), what, |row| row.get::<_, i32>(0));
    match of("application_id")? {
        APPLICATION => current(of("user_version")?, path),
        _ => Err(Error::Foreign { path: path.to_owned() }),
    }
}

/// What a library consists of: each table and index with its columns.
pub type Objects = BTreeSet<(String, String, String)>;

/// The tables and indexes that a file has.
pub fn objects(db: &Connection) -> Result<Objects, Error> {
    let mut statement = db.prepare(
        "SELECT type, name, tbl_name || coalesce(
            (SELECT group_concat(cid || ' ' || name || ' ' || type || ' ' || \"notnull\" || ' ' || pk)
             FROM pragma_table_xinfo(schema.name)),
            (SELECT group_concat(cid || ' ' || name) FROM pragma_index_info(schema.name)))
         FROM sqlite_schema AS schema WHERE name NOT LIKE 'sqlite_stat%'",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those of a library of a version of this program or an older one.
pub fn expected(version: i32) -> Result<Objects, Error> {
    let fresh = Connection::open_in_memory()?;
    for migration in MIGRATIONS.iter().take(usize::try_from(version).unwrap_or(0)) {
        fresh.execute_batch(migration)?;
    }
    objects(&fresh)
}

/// A table that exists too early or is missing means that the version of the file is wrong: it is damaged.
fn not_as_told(error: rusqlite::Error, path: &Path) -> Error {
    match error.sqlite_error().map(|error| error.extended_code) {
        Some(rusqlite::ffi::SQLITE_ERROR) => Error::Damaged { path: path.to_owned() },
        _ => error.into(),
    }
}

/// Checks that a read-only library has this version.
pub fn current(found: i32, path: &Path) -> Result<(), Error> {
    let path = path.to_owned();
    match found.cmp(&VERSION) {
        Ordering::Less => Err(Error::Older { path, found, known: VERSION }),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(Error::Newer { path, found, known: VERSION }),
    }
}

/// Creates the tables, or brings them to this version. A newer library is refused and left unchanged.
pub fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let found: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if found != 0 || tables > 0 {
        recognise(connection, path)?;
    }
    if found == VERSION {
        return Ok(());
    }
    if found == 0 {
        connection.pragma_update(None, "page_size", 8192)?;
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited.
    let found: i32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration).map_err(|error| not_as_told(error, path))?;
    }
    if (1..FOLDING).contains(&found) {
        // Where the index is damaged, copies stay folded as they are.
        match copies::refold(&transaction, &Unpacker::default()) {
            Err(error) if error.is_damage() => {}
            folded => folded.map_err(|error| error.at(path))?,
        }
    }
    if (1..SEALS).contains(&found) {
        seal::seal_older(&transaction).map_err(|error| error.at(path))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}
