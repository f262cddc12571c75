//! Folders that the library follows, and articles by the files that they came from.

use super::{Store, marks, write};
use crate::article::Article;
use crate::library::Error;
use crate::library::FollowedFolder;
use crate::library::identity::Identity;
use roaring::RoaringBitmap;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// An article that is to go: its id and its number.
pub(super) type Going = (i64, u32);

impl Store {
    /// See `Library::follow_folder`.
    pub fn follow_folder(&self, folder: &FollowedFolder) -> Result<(), Error> {
        self.changing(|db| {
            db.execute(
                "INSERT OR REPLACE INTO folder VALUES (?, ?)",
                (folder.path.to_string_lossy(), folder.named.to_string_lossy()),
            )?;
            Ok(())
        })
    }

    /// See `Library::folders`.
    pub fn folders(&self) -> Result<Vec<FollowedFolder>, Error> {
        self.reading(|db| {
            let mut statement = db.prepare_cached("SELECT path, named FROM folder ORDER BY path")?;
            let rows = statement.query_map([], |row| {
                Ok(FollowedFolder {
                    path: row.get::<_, String>(0)?.into(),
                    named: row.get::<_, String>(1)?.into(),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// See `Library::remove_files`.
    pub fn remove_files(&self, gone: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
        self.changing(|db| {
            let mut going: Vec<Going> = Vec::new();
            each_of_a_file(db, |path, article, _| {
                if gone(Path::new(path)) {
                    going.push(article);
                }
            })?;
            remove(db, unkept(db, going)?)
        })
    }

    /// See `Library::remove_others`.
    pub fn remove_others(&self, read: &[Article]) -> Result<u64, Error> {
        let mut files: HashMap<&str, HashSet<[u8; 16]>> = HashMap::new();
        for article in read {
            if let Some(path) = &article.path {
                files.entry(path).or_default().insert(Identity::of(article).hash().bytes());
            }
        }
        if files.is_empty() {
            return Ok(0);
        }
        self.changing(|db| {
            let mut going: Vec<Going> = Vec::new();
            each_of_a_file(db, |path, article, identity| {
                if files.get(path).is_some_and(|there| !there.iter().any(|known| known == identity)) {
                    going.push(article);
                }
            })?;
            remove(db, unkept(db, going)?)
        })
    }
}

/// Calls `visit` with each article that came from a file: its path, what it is, and what it is known by.
fn each_of_a_file(db: &Connection, mut visit: impl FnMut(&str, Going, &[u8])) -> Result<(), Error> {
    let mut statement =
        db.prepare_cached("SELECT path, id, number, identity FROM article WHERE path IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let path = row.get_ref(0)?.as_str().unwrap_or_default();
        visit(path, (row.get(1)?, row.get(2)?), row.get_ref(3)?.as_blob().unwrap_or_default());
    }
    Ok(())
}

/// Those on which the person has put nothing: a star or a tag keeps an article.
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

/// Takes articles out of the library; how many.
pub(super) fn remove(db: &Connection, going: Vec<Going>) -> Result<u64, Error> {
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
    write::bump(db, "articles")?;
    write::bump(db, "marks")?;
    Ok(numbers.len())
}
