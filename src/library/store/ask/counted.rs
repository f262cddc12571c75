//! The rows of `counted`: what was computed of all articles, for the next reader.
//!
//! A row holds for one version of the articles and for one maker, which is the program that computed it with the rules and
//! the corrections by which it did. A row that is damaged reads as missing.

use crate::library::Error;
use crate::library::store::file::meta::PATIENCE;
use rusqlite::{Connection, OptionalExtension};
use std::time::Duration;

/// What is computed of all articles; the numbers of the rows.
#[derive(Clone, Copy, Debug)]
#[repr(i64)]
pub enum Row {
    Facets = 1,
    /// Which names are one.
    Joined = 2,
    Threads = 3,
    /// How many utterances each article has.
    Spoken = 4,
}

/// The version of the articles for which a row was computed by this maker, and what it holds.
pub fn read(db: &Connection, row: Row, maker: &str) -> Result<Option<(u64, Vec<u8>)>, Error> {
    let sql = "SELECT articles, facets FROM counted WHERE id = ? AND maker = ?
               AND (seal IS NULL OR seal = crc(id, articles, maker, facets))";
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_row((row as i64, maker), |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
    Ok(found.optional()?.map(|(articles, bytes)| (articles.cast_unsigned(), bytes)))
}

/// Stores a row; fails where another process is just writing. What is there for these articles by this maker stays.
pub fn keep(db: &Connection, row: Row, articles: u64, maker: &str, bytes: Vec<u8>) -> Result<(), Error> {
    db.busy_timeout(Duration::ZERO)?;
    let sql = "INSERT OR REPLACE INTO counted SELECT ?1, ?2, ?3, ?4, crc(?1, ?2, ?3, ?4)
               WHERE NOT EXISTS (SELECT 1 FROM counted WHERE id = ?1 AND articles = ?2 AND maker = ?3
                   AND (seal IS NULL OR seal = crc(id, articles, maker, facets)))";
    let kept = db.execute(sql, (row as i64, articles.cast_signed(), maker, bytes));
    db.busy_timeout(PATIENCE)?;
    kept?;
    Ok(())
}
