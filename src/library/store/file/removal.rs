//! Removing articles: those of files that are gone, and those that a source keeps for a while only.

use super::marks;
use super::meta::bump;
use super::row::UNDATED;
use super::shelf::Stored;
use crate::article::Article;
use crate::library::Error;
use crate::library::identity::Recognition;
use crate::text::path;
use chrono::{DateTime, NaiveDate, Utc};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// An article to be removed: its id and its number.
type Going = (i64, u32);

/// Removes the articles of files that are `gone`; returns how many.
pub fn of_files(db: &Connection, gone: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
    let mut going: Vec<Going> = Vec::new();
    each_of_a_file(db, |path, article| {
        if gone(&path::read(path)) {
            going.push(article);
        }
    })?;
    remove(db, unkept(db, going)?)
}

/// Removes what came from the files of `read` and is not among `read`; returns how many.
pub fn of_others(stored: &Stored<'_>, read: &[Article]) -> Result<u64, Error> {
    let db = stored.db;
    let mut files: HashMap<&str, HashSet<i64>> = HashMap::new();
    for article in read {
        if let Some(path) = &article.path {
            let there = files.entry(path).or_default();
            there.extend(Recognition::of(article).find(stored)?.map(|(id, _)| id));
        }
    }
    let mut going: Vec<Going> = Vec::new();
    each_of_a_file(db, |path, article| {
        if files.get(path).is_some_and(|there| !there.contains(&article.0)) {
            going.push(article);
        }
    })?;
    remove(db, unkept(db, going)?)
}

/// Removes what came from the source called `name` before `oldest` and has no star; returns how many.
pub fn of_source(db: &Connection, name: &str, oldest: DateTime<Utc>) -> Result<u64, Error> {
    let mut statement = db.prepare_cached(
        "SELECT id, number FROM article WHERE published > ? AND published < ? AND source = ?",
    )?;
    let rows =
        statement.query_map((UNDATED, oldest.timestamp(), name), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut old: Vec<Going> = rows.collect::<Result<_, _>>()?;
    let starred = marks::load(db, marks::STARRED)?;
    old.retain(|(_, number)| !starred.contains(*number));
    remove(db, old)
}

/// Calls `visit` with each article that came from a file: its path, and the article.
fn each_of_a_file(db: &Connection, mut visit: impl FnMut(&str, Going)) -> Result<(), Error> {
    let mut statement = db.prepare_cached("SELECT path, id, number FROM article WHERE path IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let path = row.get_ref(0)?.as_str().unwrap_or_default();
        visit(path, (row.get(1)?, row.get(2)?));
    }
    Ok(())
}

/// Those without a star or a tag, which keep an article in the library.
fn unkept(db: &Connection, mut going: Vec<Going>) -> Result<Vec<Going>, Error> {
    if going.is_empty() {
        return Ok(going);
    }
    let mut kept = marks::load(db, marks::STARRED)?;
    for tag in marks::tags(db)? {
        kept |= marks::load(db, &marks::tag_mark(&tag))?;
    }
    going.retain(|(_, number)| !kept.contains(*number));
    Ok(going)
}

/// Notes that these articles came into the trash today.
pub fn note_deleted(db: &Connection, articles: &RoaringBitmap) -> Result<(), Error> {
    marks::put(db, &format!("{}{}", marks::BIN, Utc::now().date_naive()), articles)
}

/// Removes what came into the trash before the day `before` and is still there; returns how many. An article that was
/// removed so is remembered by its identity, so that its source does not bring it back.
pub fn of_trash(db: &Connection, before: NaiveDate) -> Result<u64, Error> {
    let mut bins: Vec<(NaiveDate, String)> = Vec::new();
    let mut statement =
        db.prepare("SELECT DISTINCT mark FROM mark WHERE mark >= 'bin:' AND mark < 'bin;'")?;
    for mark in statement.query_map([], |row| row.get::<_, String>(0))? {
        let mark = mark?;
        bins.extend(mark.trim_start_matches(marks::BIN).parse().ok().map(|day| (day, mark)));
    }
    let deleted = marks::load(db, marks::DELETED)?;
    let (mut old, mut young) = (RoaringBitmap::new(), RoaringBitmap::new());
    for (day, mark) in &bins {
        let bin = marks::load(db, mark)?;
        if *day < before { old |= bin } else { young |= bin }
    }
    let mut going: Vec<Going> = Vec::new();
    let day = i64::from(before.to_epoch_days());
    for number in ((old - young) & &deleted).iter() {
        let sql = "SELECT id, identity FROM article WHERE number = ?";
        let found = db
            .prepare_cached(sql)?
            .query_row([number], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))
            .optional()?;
        let Some((id, identity)) = found else { continue };
        db.prepare_cached("INSERT OR REPLACE INTO grave VALUES (?1, ?2, crc(?1, ?2))")?
            .execute((identity, day))?;
        going.push((id, number));
    }
    let numbers: RoaringBitmap = going.iter().map(|(_, number)| *number).collect();
    let removed = remove(db, going)?;
    marks::change(db, marks::DELETED, &numbers, false)?;
    for (day, mark) in &bins {
        let gone = if *day < before { marks::load(db, mark)? } else { numbers.clone() };
        marks::change(db, mark, &gone, false)?;
    }
    // Whatever is not in a feed any more after a year will not come again.
    db.execute("DELETE FROM grave WHERE day < ?", [day - REMEMBERED])?;
    Ok(removed)
}

/// Whether the article was removed from the trash.
pub fn is_buried(db: &Connection, recognition: &Recognition) -> Result<bool, Error> {
    let mut statement = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM grave WHERE identity = ?)")?;
    for hash in recognition.hashes() {
        if statement.query_row([hash.bytes()], |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// For how many days it is remembered what was removed from the trash.
const REMEMBERED: i64 = 366;

/// Removes the oldest articles of the source called `name` until `most` are left that have neither a star nor a tag by
/// hand; returns how many were removed.
pub fn of_source_beyond(db: &Connection, name: &str, most: u64) -> Result<u64, Error> {
    let mut statement = db
        .prepare_cached("SELECT id, number FROM article WHERE source = ? ORDER BY published DESC, id DESC")?;
    let rows = statement.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut all: Vec<Going> = rows.collect::<Result<_, _>>()?;
    let starred = marks::load(db, marks::STARRED)?;
    all.retain(|(_, number)| !starred.contains(*number));
    let most = usize::try_from(most).unwrap_or(usize::MAX).min(all.len());
    let going = all.split_off(most);
    // A feed may go on bringing what is beyond the number.
    let day = i64::from(Utc::now().date_naive().to_epoch_days());
    for (id, _) in &going {
        let sql =
            "INSERT OR REPLACE INTO grave SELECT identity, ?2, crc(identity, ?2) FROM article WHERE id = ?1";
        db.prepare_cached(sql)?.execute((id, day))?;
    }
    remove(db, going)
}

/// Removes articles; returns how many.
fn remove(db: &Connection, going: Vec<Going>) -> Result<u64, Error> {
    if going.is_empty() {
        return Ok(0);
    }
    for (id, _) in &going {
        for sql in [
            "DELETE FROM article WHERE id = ?",
            "DELETE FROM text WHERE id = ?",
            "DELETE FROM beside WHERE id = ?",
            "DELETE FROM position WHERE id = ?",
        ] {
            db.prepare_cached(sql)?.execute([id])?;
        }
    }
    let numbers: RoaringBitmap = going.iter().map(|(_, number)| *number).collect();
    marks::put(db, marks::DEAD, &numbers)?;
    bump(db, "articles")?;
    bump(db, "marks")?;
    Ok(numbers.len())
}
