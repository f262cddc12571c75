//! What the person has done with the articles, as rows: each mark is a set of article numbers, in pieces of 65,536
//! numbers.

use super::meta::bump;
use crate::formats::ReadingState;
use crate::library::{Error, Recognition};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};

pub const READ: &str = "read";
pub const STARRED: &str = "starred";
/// The mark of numbers that no article has any more.
pub const DEAD: &str = "dead";
pub const TAG: &str = "tag:";

/// The mark of a tag.
pub fn tag_mark(tag: &str) -> String {
    format!("{TAG}{tag}")
}

/// All tags that some article has, sorted.
pub fn tags(db: &Connection) -> Result<BTreeSet<String>, Error> {
    let mut statement =
        db.prepare_cached("SELECT DISTINCT mark FROM mark WHERE mark >= 'tag:' AND mark < 'tag;'")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let tags = rows.map(|mark| mark.map(|mark| mark.trim_start_matches(TAG).to_owned()));
    Ok(tags.collect::<Result<_, _>>()?)
}

/// The articles with a mark.
pub fn load(db: &Connection, mark: &str) -> Result<RoaringBitmap, Error> {
    let mut set = RoaringBitmap::new();
    let mut statement = db.prepare_cached("SELECT places FROM mark WHERE mark = ?")?;
    let mut rows = statement.query([mark])?;
    while let Some(row) = rows.next()? {
        set |= read(row.get_ref(0)?.as_blob().unwrap_or_default());
    }
    Ok(set)
}

/// Whether the article has the mark.
pub fn has(db: &Connection, mark: &str, number: u32) -> Result<bool, Error> {
    Ok(chunk(db, mark, number >> 16)?.contains(number))
}

fn chunk(db: &Connection, mark: &str, chunk: u32) -> Result<RoaringBitmap, Error> {
    let mut statement = db.prepare_cached("SELECT places FROM mark WHERE mark = ? AND chunk = ?")?;
    let found = statement.query_row((mark, chunk), |row| Ok(read(row.get_ref(0)?.as_blob()?))).optional()?;
    Ok(found.unwrap_or_default())
}

/// A set as it was stored; a damaged one is empty.
pub fn read(bytes: &[u8]) -> RoaringBitmap {
    RoaringBitmap::deserialize_from(bytes).unwrap_or_default()
}

pub fn written(set: &RoaringBitmap) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(set.serialized_size());
    // Writing to memory cannot fail.
    _ = set.serialize_into(&mut bytes);
    bytes
}

/// Adds a mark to `articles`, without logging it.
pub fn put(db: &Connection, mark: &str, articles: &RoaringBitmap) -> Result<(), Error> {
    change(db, mark, articles, true)
}

/// Adds a mark to `articles` or removes it from them.
pub fn change(db: &Connection, mark: &str, articles: &RoaringBitmap, put: bool) -> Result<(), Error> {
    let chunks: BTreeSet<u32> = articles.iter().map(|number| number >> 16).collect();
    for place in chunks {
        let first = place << 16;
        let mut here = RoaringBitmap::new();
        here.insert_range(first..=first | 0xFFFF);
        here &= articles;
        let mut set = chunk(db, mark, place)?;
        match put {
            true => set |= here,
            false => set -= here,
        }
        if set.is_empty() {
            db.prepare_cached("DELETE FROM mark WHERE mark = ? AND chunk = ?")?.execute((mark, place))?;
        } else {
            db.prepare_cached("INSERT OR REPLACE INTO mark VALUES (?, ?, ?)")?.execute((
                mark,
                place,
                written(&set),
            ))?;
        }
    }
    Ok(())
}

/// Moves the marks of an article to its new number; the old number is dead from now on.
pub fn move_marks(db: &Connection, old: u32, new: u32) -> Result<(), Error> {
    let mut statement = db.prepare_cached("SELECT DISTINCT mark FROM mark WHERE chunk = ? AND mark <> ?")?;
    let marks = statement.query_map((old >> 16, DEAD), |row| row.get::<_, String>(0))?;
    let marks: Vec<String> = marks.collect::<Result<_, _>>()?;
    for mark in marks {
        if has(db, &mark, old)? {
            change(db, &mark, &RoaringBitmap::from([old]), false)?;
            change(db, &mark, &RoaringBitmap::from([new]), true)?;
        }
    }
    change(db, DEAD, &RoaringBitmap::from([old]), true)
}

/// Adds marks that another library had, without logging them.
pub fn restore(db: &Connection, states: &[(Recognition, ReadingState)]) -> Result<(), Error> {
    let mut marks: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
    for (recognition, state) in states {
        let sql = "SELECT id, number FROM article WHERE identity = ?";
        let found = db
            .prepare_cached(sql)?
            .query_row([recognition.0.bytes()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?)))
            .optional()?;
        let Some((id, number)) = found else { continue };
        let flags = [(state.read, READ), (state.starred, STARRED)];
        let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark.to_owned());
        for mark in flags.chain(state.tags.iter().map(|tag| tag_mark(tag))) {
            marks.entry(mark).or_default().insert(number);
        }
        if state.position > 0 {
            let mut statement = db.prepare_cached("INSERT OR REPLACE INTO position VALUES (?, ?)")?;
            statement.execute((id, state.position))?;
        }
    }
    for (mark, articles) in &marks {
        change(db, mark, articles, true)?;
    }
    bump(db, "marks")
}

/// Moves marks to the new numbers of articles that changed while the marks were in another file.
pub fn follow(db: &Connection) -> Result<(), Error> {
    let dead = load(db, DEAD)?;
    let mut statement = db.prepare("SELECT DISTINCT mark FROM mark WHERE mark <> ?")?;
    let marks = statement.query_map([DEAD], |row| row.get::<_, String>(0))?;
    let marks: Vec<String> = marks.collect::<Result<_, _>>()?;
    for mark in marks {
        let stale = load(db, &mark)? & &dead;
        if !stale.is_empty() {
            let fresh = living(db, stale.clone())?;
            change(db, &mark, &stale, false)?;
            change(db, &mark, &fresh, true)?;
        }
    }
    Ok(())
}

/// The same articles by their current numbers.
pub fn living(db: &Connection, mut articles: RoaringBitmap) -> Result<RoaringBitmap, Error> {
    let dead = load(db, DEAD)? & &articles;
    for old in dead.iter() {
        articles.remove(old);
        let mut statement = db.prepare_cached(
            "SELECT number FROM article WHERE id = coalesce((SELECT id FROM moved WHERE number = ?1), ?1 + 1)",
        )?;
        let now: Option<u32> = statement.query_row([old], |row| row.get(0)).optional()?;
        articles.extend(now);
    }
    Ok(articles)
}
