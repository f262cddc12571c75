//! What a person did with the articles of an archive: marks, positions, changes that can be undone, kept texts.
//!
//! It is stored on this machine, in one SQLite file for all archives, by the archive's address and index and by the
//! article's number. Nothing of it is ever sent to the server but as a condition of a question. Safe to share between
//! threads and processes.

use crate::library::{ChangeId, Error, Marked, Marking, Step};
use crate::listing::Tally;
use crate::query::{Filter, Mark};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most changes that can be undone.
const CHANGES: i64 = 1000;

/// Where a document of other hands is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenAt {
    pub index: String,
    pub document: String,
    /// What its order by date goes by, as JSON.
    pub place: String,
}

/// The numbers of articles.
pub type Numbers = BTreeSet<i64>;

/// See the module.
pub struct State {
    db: Mutex<Connection>,
    archive: i64,
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS archive (id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE IF NOT EXISTS mark (archive INTEGER NOT NULL, what TEXT NOT NULL, article INTEGER NOT NULL,
        PRIMARY KEY (archive, what, article)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS position (archive INTEGER NOT NULL, article INTEGER NOT NULL, byte INTEGER NOT NULL,
        PRIMARY KEY (archive, article)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS kept (archive INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (archive, name)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS seen (archive INTEGER NOT NULL, article INTEGER NOT NULL, index_name TEXT NOT NULL,
        document TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (archive, article)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS change (id INTEGER PRIMARY KEY, archive INTEGER NOT NULL, name INTEGER,
        what TEXT NOT NULL, adds INTEGER NOT NULL, articles BLOB NOT NULL, undone INTEGER NOT NULL) STRICT;
    PRAGMA user_version = 1;";

/// What a marking sets, as it is stored, and whether it sets it.
fn stored(marking: &Marking) -> (String, bool) {
    match marking {
        Marking::Read => ("read".to_owned(), true),
        Marking::Unread => ("read".to_owned(), false),
        Marking::Star => ("star".to_owned(), true),
        Marking::Unstar => ("star".to_owned(), false),
        Marking::Hide => ("hidden".to_owned(), true),
        Marking::Unhide => ("hidden".to_owned(), false),
        Marking::Delete => ("deleted".to_owned(), true),
        Marking::Undelete => ("deleted".to_owned(), false),
        Marking::Tag(tag) => (format!("tag:{tag}"), true),
        Marking::Untag(tag) => (format!("tag:{tag}"), false),
    }
}

fn marking(what: &str, adds: bool) -> Marking {
    match (what, adds) {
        ("read", true) => Marking::Read,
        ("read", false) => Marking::Unread,
        ("star", true) => Marking::Star,
        ("star", false) => Marking::Unstar,
        ("hidden", true) => Marking::Hide,
        ("hidden", false) => Marking::Unhide,
        ("deleted", true) => Marking::Delete,
        ("deleted", false) => Marking::Undelete,
        (tag, true) => Marking::Tag(tag.trim_start_matches("tag:").to_owned()),
        (tag, false) => Marking::Untag(tag.trim_start_matches("tag:").to_owned()),
    }
}

/// Numbers as bytes.
fn packed(numbers: &Numbers) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn unpacked(bytes: &[u8]) -> Numbers {
    let (whole, _) = bytes.as_chunks::<8>();
    whole.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect()
}

fn marked(what: &str, adds: bool, count: usize) -> Marked {
    Marked { marking: marking(what, adds), changed: Tally { articles: count as u64, stories: None } }
}

impl State {
    /// The state of the archive at `address` in the file at `path`, which is created if there is none.
    pub fn open(path: &Path, address: &str) -> Result<State, Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|source| Error::Create { path: path.to_owned(), source })?;
        }
        State::in_database(Connection::open(path)?, address)
    }

    /// A state that ends with the program.
    pub fn temporary(address: &str) -> Result<State, Error> {
        State::in_database(Connection::open_in_memory()?, address)
    }

    fn in_database(db: Connection, address: &str) -> Result<State, Error> {
        db.busy_timeout(Duration::from_secs(5))?;
        // The file of a person's marks in a library on this machine has other tables of these names.
        let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'mark' AND sql NOT LIKE '%archive%'";
        let foreign: i64 = db.query_row(sql, [], |row| row.get(0))?;
        if foreign > 0 {
            let path = db.path().map(std::path::PathBuf::from).unwrap_or_default();
            return Err(Error::State { path, fault: crate::library::error::StateFault::Foreign });
        }
        db.execute_batch(SCHEMA)?;
        db.execute("INSERT OR IGNORE INTO archive (address) VALUES (?)", [address])?;
        let archive =
            db.query_row("SELECT id FROM archive WHERE address = ?", [address], |row| row.get(0))?;
        Ok(State { db: Mutex::new(db), archive })
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The articles with a mark: `read`, `star` or `tag:` and the tag.
    pub fn with(&self, what: &str) -> Result<Numbers, Error> {
        let db = self.db();
        let mut statement = db.prepare_cached("SELECT article FROM mark WHERE archive = ? AND what = ?")?;
        let rows = statement.query_map(params![self.archive, what], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every tag with the articles that have it.
    pub fn tags(&self) -> Result<BTreeMap<String, Numbers>, Error> {
        let db = self.db();
        let sql = "SELECT what, article FROM mark WHERE archive = ? AND what LIKE 'tag:%'";
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query([self.archive])?;
        let mut tags: BTreeMap<String, Numbers> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let what: String = row.get(0)?;
            let tag = what.strip_prefix("tag:").unwrap_or_default().to_owned();
            tags.entry(tag).or_default().insert(row.get(1)?);
        }
        Ok(tags)
    }

    /// Whether an article is read, whether it is starred, and its tags in ascending order.
    pub fn of(&self, article: i64) -> Result<(bool, bool, Vec<String>), Error> {
        let db = self.db();
        let has = |what: &str| -> Result<bool, Error> {
            let sql = "SELECT 1 FROM mark WHERE archive = ? AND what = ? AND article = ?";
            let found = db.prepare_cached(sql)?.exists(params![self.archive, what, article])?;
            Ok(found)
        };
        let (read, starred) = (has("read")?, has("star")?);
        let sql = "SELECT DISTINCT what FROM mark WHERE archive = ? AND article = ? AND what LIKE 'tag:%' ORDER BY what";
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(params![self.archive, article], |row| row.get::<_, String>(0))?;
        let tags: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok((read, starred, tags.into_iter().map(|tag| tag.trim_start_matches("tag:").to_owned()).collect()))
    }

    /// Marks articles, which is a change that can be undone.
    pub fn mark(
        &self,
        name: Option<ChangeId>,
        articles: &Numbers,
        marking: &Marking,
    ) -> Result<Marked, Error> {
        let (what, adds) = stored(marking);
        let there = self.with(&what)?;
        let changed: Numbers =
            articles.iter().copied().filter(|article| there.contains(article) != adds).collect();
        if changed.is_empty() {
            return Ok(marked(&what, adds, 0));
        }
        let mut db = self.db();
        let write = db.transaction()?;
        self.put(&write, &what, adds, &changed)?;
        if name.is_none() {
            let sql = "DELETE FROM change WHERE archive = ? AND name IS NULL AND undone > 0";
            write.execute(sql, [self.archive])?;
        }
        write.execute(
            "INSERT INTO change (archive, name, what, adds, articles, undone) VALUES (?, ?, ?, ?, ?, 0)",
            params![self.archive, name.map(|name| name.0), what, adds, packed(&changed)],
        )?;
        let sql = "DELETE FROM change WHERE archive = ?1 AND id <= (SELECT max(id) FROM change) - ?2";
        write.execute(sql, [self.archive, CHANGES])?;
        write.commit()?;
        Ok(marked(&what, adds, changed.len()))
    }

    fn put(&self, db: &Connection, what: &str, adds: bool, articles: &Numbers) -> Result<(), Error> {
        let sql = match adds {
            true => "INSERT OR IGNORE INTO mark (archive, what, article) VALUES (?, ?, ?)",
            false => "DELETE FROM mark WHERE archive = ? AND what = ? AND article = ?",
        };
        let mut statement = db.prepare_cached(sql)?;
        for article in articles {
            statement.execute(params![self.archive, what, article])?;
        }
        Ok(())
    }

    /// Undoes or redoes a change by its name, or the last one without a name.
    pub fn step(&self, step: Step, name: Option<ChangeId>) -> Result<Option<Marked>, Error> {
        let mut db = self.db();
        let write = db.transaction()?;
        // What was undone first is redone last.
        let (condition, order, undone) = match step {
            Step::Undo => ("undone = 0", "id DESC", "1 + coalesce((SELECT max(undone) FROM change), 0)"),
            Step::Redo => ("undone > 0", "undone DESC", "0"),
        };
        let sql = format!(
            "SELECT id, what, adds, articles FROM change WHERE archive = ? AND name IS ? AND {condition}
             ORDER BY {order} LIMIT 1"
        );
        let found = write
            .query_row(&sql, params![self.archive, name.map(|name| name.0)], |row| {
                let fields = (row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?);
                Ok((fields, row.get::<_, Vec<u8>>(3)?))
            })
            .optional()?;
        let Some(((id, what, adds), articles)) = found else { return Ok(None) };
        let articles = unpacked(&articles);
        self.put(&write, &what, adds == (step == Step::Redo), &articles)?;
        write.execute(&format!("UPDATE change SET undone = {undone} WHERE id = ?"), [id])?;
        write.commit()?;
        Ok(Some(marked(&what, adds, articles.len())))
    }

    /// The articles that are hidden or in the trash, unless a filter asks for such articles.
    pub fn out_of_sight(&self, filter: &Filter) -> Result<Numbers, Error> {
        let mut away = Numbers::new();
        for (mark, what) in [(Mark::Hidden, "hidden"), (Mark::Deleted, "deleted")] {
            if !filter.asks_for(mark) {
                away.extend(self.with(what)?);
            }
        }
        Ok(away)
    }

    /// Marks articles, which is not a change that can be undone. Returns how many were changed.
    pub fn add_to(&self, articles: &Numbers, marking: &Marking) -> Result<u64, Error> {
        let (what, adds) = stored(marking);
        let there = self.with(&what)?;
        let changed: Numbers =
            articles.iter().copied().filter(|article| there.contains(article) != adds).collect();
        self.put(&self.db(), &what, adds, &changed)?;
        Ok(changed.len() as u64)
    }

    /// Marks an article, which is not a change that can be undone.
    pub fn add(&self, article: i64, marking: &Marking) -> Result<(), Error> {
        let (what, adds) = stored(marking);
        self.put(&self.db(), &what, adds, &Numbers::from([article]))
    }

    /// Remembers which documents of other hands some articles are, and their places in the order by date.
    pub fn see(&self, seen: &[(i64, SeenAt)]) -> Result<(), Error> {
        let mut db = self.db();
        let write = db.transaction()?;
        {
            let sql =
                "INSERT INTO seen (archive, article, index_name, document, place) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET place = excluded.place WHERE place <> excluded.place";
            let mut statement = write.prepare_cached(sql)?;
            for (article, SeenAt { index, document, place }) in seen {
                statement.execute(params![self.archive, article, index, document, place])?;
            }
        }
        write.commit()?;
        Ok(())
    }

    /// Which document of other hands an article is.
    pub fn seen(&self, article: i64) -> Result<Option<SeenAt>, Error> {
        let sql = "SELECT index_name, document, place FROM seen WHERE archive = ? AND article = ?";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(SeenAt { index: row.get(0)?, document: row.get(1)?, place: row.get(2)? })
        };
        Ok(self.db().query_row(sql, params![self.archive, article], read).optional()?)
    }

    /// Which documents of other hands some articles are; those that were never listed are left out.
    pub fn all_seen(&self, articles: &Numbers) -> Result<Vec<SeenAt>, Error> {
        let db = self.db();
        let mut found = Vec::with_capacity(articles.len());
        let articles: Vec<i64> = articles.iter().copied().collect();
        for piece in articles.chunks(500) {
            let list = piece.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
            let sql = format!(
                "SELECT index_name, document, place FROM seen WHERE archive = ? AND article IN ({list})"
            );
            let mut statement = db.prepare(&sql)?;
            let rows = statement.query_map([self.archive], |row| {
                Ok(SeenAt { index: row.get(0)?, document: row.get(1)?, place: row.get(2)? })
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        Ok(found)
    }

    /// The byte at which reading stopped.
    pub fn position(&self, article: i64) -> Result<u32, Error> {
        let sql = "SELECT byte FROM position WHERE archive = ? AND article = ?";
        let found = self.db().query_row(sql, [self.archive, article], |row| row.get(0)).optional()?;
        Ok(found.unwrap_or(0))
    }

    pub fn keep_position(&self, article: i64, byte: u32) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO position (archive, article, byte) VALUES (?, ?, ?)";
        self.db().execute(sql, params![self.archive, article, byte])?;
        Ok(())
    }

    /// A text that was kept under a name.
    pub fn kept(&self, name: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT text FROM kept WHERE archive = ? AND name = ?";
        Ok(self.db().query_row(sql, params![self.archive, name], |row| row.get(0)).optional()?)
    }

    pub fn keep(&self, name: &str, text: &str) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO kept (archive, name, text) VALUES (?, ?, ?)";
        self.db().execute(sql, params![self.archive, name, text])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_undone_and_redone_and_archives_are_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("archives.db");
        let state = State::open(&path, "http://a/one").expect("a state");
        let other = State::open(&path, "http://a/two").expect("a state");
        let both = Numbers::from([7, 9]);
        assert_eq!(state.mark(None, &both, &Marking::Read).expect("marked").changed.articles, 2);
        assert_eq!(
            state.mark(None, &Numbers::from([9]), &Marking::Unread).expect("marked").changed.articles,
            1
        );
        assert_eq!(
            state.mark(None, &Numbers::from([9]), &Marking::Unread).expect("marked").changed.articles,
            0
        );
        assert_eq!(state.with("read").expect("read"), Numbers::from([7]));
        assert_eq!(other.with("read").expect("read"), Numbers::new());
        assert_eq!(state.step(Step::Undo, None).expect("undone").expect("one").marking, Marking::Unread);
        assert_eq!(state.with("read").expect("read"), both);
        state.step(Step::Undo, None).expect("undone").expect("one");
        assert_eq!(state.step(Step::Undo, None).expect("undone"), None);
        assert_eq!(state.step(Step::Redo, None).expect("redone").expect("one").marking, Marking::Read);
        assert_eq!(state.with("read").expect("read"), both);
        state.mark(Some(ChangeId(4)), &both, &Marking::Tag("later".to_owned())).expect("marked");
        assert_eq!(state.of(9).expect("marks"), (true, false, vec!["later".to_owned()]));
        assert_eq!(state.step(Step::Undo, Some(ChangeId(5))).expect("undone"), None);
        state.step(Step::Undo, Some(ChangeId(4))).expect("undone").expect("one");
        assert_eq!(state.tags().expect("tags"), BTreeMap::new());
        state.keep("reader", "here").expect("kept");
        state.keep_position(7, 40).expect("kept");
        let again = State::open(&path, "http://a/one").expect("a state");
        assert_eq!(again.kept("reader").expect("kept").as_deref(), Some("here"));
        assert_eq!((again.position(7).expect("kept"), again.position(9).expect("none")), (40, 0));
    }
}
