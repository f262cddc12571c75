//! What the person has done with the articles, as rows: each mark is a set of article numbers, in pieces of 65,536
//! numbers.

use super::meta::bump;
use super::seal::{damaged, sound};
use super::shelf::Stored;
use crate::formats::ReadingState;
use crate::library::identity::Shelf;
use crate::library::{Error, Recognition};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, Params};
use std::collections::{BTreeMap, BTreeSet};

pub const READ: &str = "read";
pub const STARRED: &str = "starred";
/// The mark of articles that are out of sight.
pub const HIDDEN: &str = "hidden";
/// The mark of articles in the trash.
pub const DELETED: &str = "deleted";
/// Before a day: the articles that were moved to the trash on it, some of which may have left it since.
pub const BIN: &str = "bin:";
/// The mark of numbers that no article has any more.
pub const DEAD: &str = "dead";
pub const TAG: &str = "tag:";

/// The mark of a tag.
pub fn tag_mark(tag: &str) -> String {
    format!("{TAG}{tag}")
}

/// All tags that some article has, sorted.
pub fn tags(db: &Connection) -> Result<BTreeSet<String>, Error> {
    match sound_tags(db)? {
        (tags, true) => Ok(tags),
        (_, false) => Err(damaged()),
    }
}

/// Those tags that can be read, and whether these are all.
pub fn sound_tags(db: &Connection) -> Result<(BTreeSet<String>, bool), Error> {
    let mut tags = BTreeSet::new();
    let all = each(db, "mark >= 'tag:' AND mark < 'tag;'", [], |mark, _| {
        tags.insert(mark.trim_start_matches(TAG).to_owned());
    })?;
    Ok((tags, all))
}

/// Calls `visit` with each row that fits a condition and is as it was written: its mark and its articles. Returns
/// whether these are all.
fn each(
    db: &Connection,
    condition: &str,
    params: impl Params,
    mut visit: impl FnMut(&str, RoaringBitmap),
) -> Result<bool, Error> {
    let sql = format!("SELECT mark, places, seal <> crc(mark, chunk, places) FROM mark WHERE {condition}");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params)?;
    let mut all = true;
    loop {
        let mut step = || -> Result<bool, Error> {
            let Some(row) = rows.next()? else { return Ok(false) };
            if sound(row, 2).is_err() {
                all = false;
                return Ok(true);
            }
            let places = row.get_ref(1)?.as_blob().map_err(|_| damaged())?;
            visit(row.get_ref(0)?.as_str().map_err(|_| damaged())?, read(places));
            Ok(true)
        };
        match step() {
            Ok(true) => {}
            Ok(false) => return Ok(all),
            Err(error) if error.is_damage() => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}

/// The articles with a mark.
pub fn load(db: &Connection, mark: &str) -> Result<RoaringBitmap, Error> {
    match load_sound(db, mark)? {
        (set, true) => Ok(set),
        (_, false) => Err(damaged()),
    }
}

/// Those articles with a mark of which that can be read, and whether these are all.
pub fn load_sound(db: &Connection, mark: &str) -> Result<(RoaringBitmap, bool), Error> {
    let mut set = RoaringBitmap::new();
    let all = each(db, "mark = ?", [mark], |_, places| set |= places)?;
    Ok((set, all))
}

/// Whether the article has the mark.
pub fn has(db: &Connection, mark: &str, number: u32) -> Result<bool, Error> {
    Ok(chunk(db, mark, number >> 16)?.contains(number))
}

fn chunk(db: &Connection, mark: &str, chunk: u32) -> Result<RoaringBitmap, Error> {
    let mut set = RoaringBitmap::new();
    match each(db, "mark = ? AND chunk = ?", (mark, chunk), |_, places| set = places)? {
        true => Ok(set),
        false => Err(damaged()),
    }
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
            db.prepare_cached("INSERT OR REPLACE INTO mark VALUES (?1, ?2, ?3, crc(?1, ?2, ?3))")?
                .execute((mark, place, written(&set)))?;
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
pub fn restore(stored: &Stored<'_>, states: &[(Recognition, ReadingState)]) -> Result<(), Error> {
    let db = stored.db;
    let mut marks: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
    for (recognition, state) in states {
        let Some((id, identity)) = recognition.find(stored)? else { continue };
        // The notices of an old version are not those of the new one.
        if stored.holder(identity)?.is_some_and(|holder| recognition.is_before(&holder)) {
            continue;
        }
        let sql = "SELECT number FROM article WHERE id = ?";
        let number: u32 = db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
        let flags = [(state.read, READ), (state.starred, STARRED)];
        let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark.to_owned());
        for mark in flags.chain(state.tags.iter().map(|tag| tag_mark(tag))) {
            marks.entry(mark).or_default().insert(number);
        }
        if state.position > 0 {
            let mut statement =
                db.prepare_cached("INSERT OR REPLACE INTO position VALUES (?1, ?2, crc(?1, ?2))")?;
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
