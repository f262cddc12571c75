//! The rows that hold the sets of the segments: blocks, or one row for each set in segments that an older version
//! wrote and that are not merged yet. Must not know what the sets mean.

use super::blocks::{Block, Walk, find, step};
use crate::library::Error;
use crate::library::store::file::seal::{damaged, sealed};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Rows, Statement};

/// Writes a block of a segment.
pub fn put(db: &Connection, segment: i64, block: &Block) -> Result<(), Error> {
    let mut statement = db.prepare_cached("INSERT INTO block VALUES (?1, ?2, ?3, crc(?1, ?2, ?3))")?;
    statement.execute((segment, &block.first, &block.bytes))?;
    Ok(())
}

/// The sets of a block of `segment`, which a statement returned with the block's seal and its first key.
fn sets_of<'r>(row: &'r Row<'_>, segment: i64) -> Result<&'r [u8], Error> {
    let (sets, first) = (row.get_ref(0)?, row.get_ref(2)?);
    sealed(row, 1, [ValueRef::Integer(segment), first, sets])?;
    sets.as_blob().map_err(|_| damaged())
}

/// Calls `visit` with the set of `key`, if the segment has one; returns whether it has.
pub fn with_set(db: &Connection, segment: i64, key: &[u8], visit: impl FnOnce(&[u8])) -> Result<bool, Error> {
    let mut blocks = db.prepare_cached(
        "SELECT sets, seal, first FROM block WHERE segment = ? AND first <= ? ORDER BY first DESC LIMIT 1",
    )?;
    let mut rows = blocks.query((segment, key))?;
    if let Some(row) = rows.next()? {
        return Ok(find(sets_of(row, segment)?, key).map(visit).is_some());
    }
    let mut postings = db.prepare_cached("SELECT places FROM posting WHERE segment = ? AND key = ?")?;
    let mut rows = postings.query((segment, key))?;
    let Some(row) = rows.next()? else { return Ok(false) };
    visit(row.get_ref(0)?.as_blob().map_err(|_| damaged())?);
    Ok(true)
}

/// Calls `visit` with the set of each key of the segment that begins with `prefix`, which is not empty.
pub fn each_beginning(
    db: &Connection,
    segment: i64,
    prefix: &[u8],
    mut visit: impl FnMut(&[u8]),
) -> Result<(), Error> {
    each_key_beginning(db, segment, prefix, |_, places| visit(places))
}

/// The same, with the key before the set.
pub fn each_key_beginning(
    db: &Connection,
    segment: i64,
    prefix: &[u8],
    mut visit: impl FnMut(&[u8], &[u8]),
) -> Result<(), Error> {
    // No byte of a word is 255, since words are UTF-8; the number of an entity may have some.
    let end = [prefix, &[255; 5]].concat();
    let mut blocks = db.prepare_cached(
        "SELECT sets, seal, first FROM block WHERE segment = ?1 AND first < ?3 AND first >= coalesce(
            (SELECT first FROM block WHERE segment = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1), ?2)",
    )?;
    let mut rows = blocks.query((segment, prefix, &end))?;
    while let Some(row) = rows.next()? {
        let mut walk = Walk::new(sets_of(row, segment)?);
        while let Some(places) = walk.step() {
            if walk.key().starts_with(prefix) {
                visit(walk.key(), places);
            }
        }
    }
    let sql = "SELECT places, key FROM posting WHERE segment = ? AND key >= ? AND key < ?";
    let mut rows = db.prepare_cached(sql)?;
    let mut rows = rows.query((segment, prefix, &end))?;
    while let Some(row) = rows.next()? {
        let key = row.get_ref(1)?.as_blob().unwrap_or_default();
        visit(key, row.get_ref(0)?.as_blob().unwrap_or_default());
    }
    Ok(())
}

/// How many rows are removed at a time: another writer may have to wait for it, some 20 ms.
const BLOCKS: u32 = 1_000;
const POSTINGS: u32 = 10_000;

/// Removes the sets of a segment, some at a time.
pub fn remove(db: &Connection, segment: i64) -> Result<(), Error> {
    for (table, key, most) in [("block", "first", BLOCKS), ("posting", "key", POSTINGS)] {
        let sql = format!(
            "DELETE FROM {table} WHERE segment = ?1 AND {key} <= coalesce(
                (SELECT {key} FROM {table} WHERE segment = ?1 ORDER BY {key} LIMIT 1 OFFSET ?2), x'FF')"
        );
        while db.prepare_cached(&sql)?.execute((segment, most))? > most as usize {}
    }
    Ok(())
}

/// The statement that [`Cursor::new`] walks.
pub fn walked(db: &Connection, segment: i64) -> Result<(Form, Statement<'_>), Error> {
    let mut blocks = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM block WHERE segment = ?)")?;
    let form = if blocks.query_row([segment], |row| row.get(0))? { Form::Blocks } else { Form::Sets };
    let sql = match form {
        Form::Blocks => "SELECT sets, seal, first FROM block WHERE segment = ? ORDER BY first",
        Form::Sets => "SELECT key, places FROM posting WHERE segment = ? ORDER BY key",
    };
    Ok((form, db.prepare(sql)?))
}

/// What a row of a segment holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Blocks,
    Sets,
}

/// Walks the sets of a segment, ascending by key.
pub struct Cursor<'s> {
    rows: Rows<'s>,
    form: Form,
    segment: i64,
    block: Vec<u8>,
    /// How many bytes of the block are still to be read.
    left: usize,
    /// The key of the current set.
    pub key: Vec<u8>,
    pub places: Vec<u8>,
    pub ended: bool,
}

impl<'s> Cursor<'s> {
    /// A cursor at the first set.
    pub fn new(form: Form, statement: &'s mut Statement<'_>, segment: i64) -> Result<Cursor<'s>, Error> {
        let rows = statement.query([segment])?;
        let mut cursor = Cursor {
            rows,
            form,
            segment,
            block: Vec::new(),
            left: 0,
            key: Vec::new(),
            places: Vec::new(),
            ended: false,
        };
        cursor.advance()?;
        Ok(cursor)
    }

    /// Moves to the next set.
    pub fn advance(&mut self) -> Result<(), Error> {
        loop {
            let mut rest = self.block.get(self.block.len() - self.left..).unwrap_or_default();
            if let Some(places) = step(&mut rest, &mut self.key) {
                self.left = rest.len();
                self.places.clear();
                self.places.extend_from_slice(places);
                return Ok(());
            }
            let Some(row) = self.rows.next()? else {
                self.ended = true;
                return Ok(());
            };
            if self.form == Form::Sets {
                (self.key, self.places) = (row.get(0)?, row.get(1)?);
                return Ok(());
            }
            let sets = sets_of(row, self.segment)?;
            self.block.clear();
            self.block.extend_from_slice(sets);
            self.left = self.block.len();
        }
    }
}
