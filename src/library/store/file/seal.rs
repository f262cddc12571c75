//! Checksums of rows, so that a bit that flips on the disk is noticed.
//!
//! SQLite keeps no checksums of its pages, and its check of a file compares only how rows are linked. Each row therefore
//! carries a *seal*: the CRC-32 of its columns, which the function `crc` of SQL computes as the row is written. A row
//! of an older program has none (NULL) until it is written again.
//!
//! Two tables need none: what they hold follows from others, with which [`check`](super::super::doctor) compares them.

use crate::library::Error;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Row};
use std::path::PathBuf;

/// A seal: the column that holds it, and the columns that it covers.
#[derive(Clone, Copy, Debug)]
pub struct Seal {
    pub table: &'static str,
    pub column: &'static str,
    /// The columns that it covers, the key of the table first.
    pub columns: &'static str,
    /// Whether the rows are few in every library.
    few: bool,
}

const fn seal(table: &'static str, columns: &'static str) -> Seal {
    Seal { table, column: "seal", columns, few: false }
}

const fn of_few(table: &'static str, columns: &'static str) -> Seal {
    Seal { few: true, ..seal(table, columns) }
}

pub const ARTICLE: Seal =
    seal("article", "id, number, published, source, title, author, path, url, guid, identity, hash");
/// The language of an article, which libraries before version 14 do not have.
pub const LANGUAGE: Seal = Seal { column: "language_seal", ..seal("article", "id, language") };
pub const TEXT: Seal = seal("text", "id, body");
/// An analysis has a seal of its own: a damaged one is made again from a sound text.
pub const ANALYSIS: Seal = Seal { column: "analysis_seal", ..seal("text", "id, engine, analysis") };
pub const BESIDE: Seal = of_few("beside", "id, text, article");
pub const CHANGE: Seal = of_few("change", "id, marking, articles, undone, name, folded");
pub const MARK: Seal = of_few("mark", "mark, chunk, places");
pub const SEGMENT: Seal = of_few("segment", "id, base, span, articles, oldest, newest, live");
pub const SOURCE: Seal = of_few(
    "source",
    "id, address, name, site, tags, interval, keep_for, full_text, etag, last_modified, fetched, due, held_until, \
     held_for, failures, error, warning, gone, moved_from, claimant, claimed_until, marks",
);

/// What else a person wants of a source, which libraries before version 16 do not have.
pub const WISH: Seal = Seal { column: "wish_seal", ..of_few("source", "id, keep_most, paused") };

/// The seals of all tables.
pub const ALL: [Seal; 28] = [
    ARTICLE,
    LANGUAGE,
    TEXT,
    ANALYSIS,
    BESIDE,
    CHANGE,
    MARK,
    SEGMENT,
    SOURCE,
    WISH,
    of_few("grave", "identity, day"),
    of_few("board", "name, items"),
    seal("ledger", "account, item, article, read, starred, labels, sent"),
    of_few("counted", "id, articles, maker, facets"),
    of_few("dictionary", "id, bytes"),
    of_few("spare", "id, bytes"),
    of_few("folder", "path, named"),
    of_few("kept", "name, value"),
    of_few("position", "id, byte"),
    seal("moved", "number, id"),
    seal("forward", "segment, published"),
    seal("total", "segment, totals"),
    seal("story", "segment, groups"),
    seal("list", "id, starts, places"),
    seal("band", "id, entries"),
    seal("block", "segment, first, sets"),
    seal("entity", "id, name, called"),
    seal("form", "entity, form"),
];

/// The articles of a library at most whose rows all get seals when it comes from an older program: a second of work.
const SEALED_AT_ONCE: i64 = 30_000;

/// Teaches a connection the function `crc`, which each statement that writes a row calls.
pub fn register(connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("crc", -1, flags, |context| {
        Ok(checksum((0..context.len()).map(|at| context.get_raw(at))))
    })
}

/// The checksum of some columns, in their order.
fn checksum<'v>(columns: impl Iterator<Item = ValueRef<'v>>) -> i64 {
    let mut crc = crc32fast::Hasher::new();
    for column in columns {
        // The sort and the length of each value keep two different rows from running together into the same bytes.
        let mut long = |sort: u8, bytes: &[u8]| {
            crc.update(&[sort]);
            crc.update(&(bytes.len() as u64).to_le_bytes());
            crc.update(bytes);
        };
        match column {
            ValueRef::Null => long(0, &[]),
            ValueRef::Integer(number) => long(1, &number.to_le_bytes()),
            ValueRef::Real(number) => long(2, &number.to_le_bytes()),
            ValueRef::Text(text) => long(3, text),
            ValueRef::Blob(bytes) => long(4, bytes),
        }
    }
    // As a signed number it takes four bytes in the file.
    i64::from(crc.finalize().cast_signed())
}

impl Seal {
    /// Seals the rows again that fit a condition, after an update of some of their columns.
    pub fn renew(&self, db: &Connection, condition: &str, params: impl Params) -> Result<(), Error> {
        let Seal { table, column, columns, .. } = self;
        let sql = format!("UPDATE {table} SET {column} = crc({columns}) WHERE {condition}");
        db.prepare_cached(&sql)?.execute(params)?;
        Ok(())
    }

    /// The condition that a row is not as it was written.
    pub fn broken(&self) -> String {
        let columns = self.columns.split(", ").map(|column| format!("{}.{column}", self.table));
        let columns: Vec<String> = columns.collect();
        format!("{}.{} <> crc({})", self.table, self.column, columns.join(", "))
    }
}

/// Checks what a statement said in its column `at` about a row: an error if the row is not as it was written.
pub fn sound(row: &Row<'_>, at: usize) -> Result<(), Error> {
    match row.get::<_, Option<bool>>(at)? {
        Some(true) => Err(damaged()),
        Some(false) | None => Ok(()),
    }
}

/// Checks a row by its seal, which a statement returned in its column `at`, and the values of the columns that the seal covers.
/// For large values: a call of `crc` in the statement reads those that do not fit into one page from the file a second time.
pub fn sealed<'v>(
    row: &Row<'_>,
    at: usize,
    columns: impl IntoIterator<Item = ValueRef<'v>>,
) -> Result<(), Error> {
    match row.get::<_, Option<i64>>(at)? {
        Some(seal) if seal != checksum(columns.into_iter()) => Err(damaged()),
        _ => Ok(()),
    }
}

/// An error without the path of the library, which `Error::at` fills in.
pub fn damaged() -> Error {
    Error::Damaged { path: PathBuf::new() }
}

/// Seals the rows that an older program wrote: all of them in a small library, and in a large one those that are few
/// and matter to the person. The others get their seals when they are written again.
pub fn seal_older(db: &Connection) -> Result<(), Error> {
    let articles: i64 =
        db.query_row("SELECT count(*) FROM article", [], |row| row.get(0)).unwrap_or(i64::MAX);
    let unless_damaged = |done: Result<(), Error>| match done {
        // What is damaged already gets no seal; it does not keep the rest from being read.
        Err(error) if error.is_damage() => Ok(()),
        done => done,
    };
    let copied = db.execute("INSERT INTO spare SELECT id, bytes, NULL FROM dictionary", []);
    unless_damaged(copied.map(drop).map_err(Error::from))?;
    for seal in ALL.iter().filter(|seal| seal.few || articles <= SEALED_AT_ONCE) {
        unless_damaged(seal.renew(db, &format!("{} IS NULL", seal.column), []))?;
    }
    Ok(())
}
