//! Removing articles: those of files that are gone, and those that a source keeps for a while only.

use super::marks;
use super::meta::bump;
use super::row::UNDATED;
use super::shelf::Stored;
use crate::article::Article;
use crate::library::Error;
use crate::library::identity::Recognition;
use crate::text::path;
use chrono::{DateTime, Utc};
use roaring::RoaringBitmap;
use rusqlite::Connection;
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
