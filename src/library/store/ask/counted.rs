//! The rows of `counted`: what was computed of all articles, for the next reader.
//!
//! A row holds for one version of the articles and for one maker, which is the program that computed it with the rules and
//! the corrections by which it did. A row that is damaged reads as missing.

use crate::annotation::Kind;
use crate::library::Error;
use crate::library::store::file::meta::PATIENCE;
use crate::listing::chronicle::Grain;
use rusqlite::{Connection, OptionalExtension};
use std::time::Duration;

/// What is computed of all articles.
#[derive(Clone, Copy, Debug)]
pub enum Row {
    Facets,
    /// Which names are one.
    Joined,
    Threads,
    /// How many utterances each article has.
    Spoken,
    /// The places of the newest articles.
    Newest,
    /// The rows of all articles in which threads share one.
    Gathered,
    /// The first rows of the view of the threads.
    Stories,
    /// The first rows of the view of the names of a kind.
    Names(Kind),
    /// The bins of a timeline.
    Bins(Grain),
    /// What its newest bins tell.
    Told(Grain),
}

impl Row {
    pub fn number(self) -> i64 {
        match self {
            Row::Facets => 1,
            Row::Joined => 2,
            Row::Threads => 3,
            Row::Spoken => 4,
            Row::Stories => 5,
            Row::Names(kind) => match kind {
                Kind::Person => 6,
                Kind::Country => 7,
                Kind::Place => 8,
                Kind::Org => 9,
            },
            Row::Newest => 20,
            Row::Gathered => 21,
            Row::Bins(grain) => 10 + of_grain(grain),
            Row::Told(grain) => 15 + of_grain(grain),
        }
    }
}

fn of_grain(grain: Grain) -> i64 {
    match grain {
        Grain::Hour => 0,
        Grain::Day => 1,
        Grain::Week => 2,
        Grain::Month => 3,
        Grain::Year => 4,
    }
}

/// The version of the articles for which a row was computed by this maker, and what it holds.
pub fn read(db: &Connection, row: Row, maker: &str) -> Result<Option<(u64, Vec<u8>)>, Error> {
    let sql = "SELECT articles, facets FROM counted WHERE id = ? AND maker = ?
               AND (seal IS NULL OR seal = crc(id, articles, maker, facets))";
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_row((row.number(), maker), |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
    Ok(found.optional()?.map(|(articles, bytes)| (articles.cast_unsigned(), bytes)))
}

/// Stores a row; fails where another process is just writing. What is there for these articles by this maker stays.
pub fn keep(db: &Connection, row: Row, articles: u64, maker: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO counted SELECT ?1, ?2, ?3, ?4, crc(?1, ?2, ?3, ?4)
               WHERE NOT EXISTS (SELECT 1 FROM counted WHERE id = ?1 AND articles = ?2 AND maker = ?3
                   AND (seal IS NULL OR seal = crc(id, articles, maker, facets)))";
    at_once(db, sql, (row, articles, maker, bytes))
}

/// Stores a row in place of what is there.
pub fn renew(db: &Connection, row: Row, articles: u64, maker: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO counted SELECT ?1, ?2, ?3, ?4, crc(?1, ?2, ?3, ?4)";
    at_once(db, sql, (row, articles, maker, bytes))
}

/// Does not wait where another process is just writing.
fn at_once(
    db: &Connection,
    sql: &str,
    (row, articles, maker, bytes): (Row, u64, &str, Vec<u8>),
) -> Result<(), Error> {
    db.busy_timeout(Duration::ZERO)?;
    let kept = db.execute(sql, (row.number(), articles.cast_signed(), maker, bytes));
    db.busy_timeout(PATIENCE)?;
    kept?;
    Ok(())
}
