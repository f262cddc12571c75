//! What a person did with the articles of an archive: marks, positions, changes that can be undone, kept texts.
//!
//! It is stored on this machine, in one SQLite file for all archives, by the archive's address and index and by the
//! article's number. Nothing of it is ever sent to the server but as a condition of a question. Safe to share between
//! threads and processes.

use super::corrected::Corrected;
use crate::corrections::Corrections;
use crate::library::backend::NAMES;
use crate::library::{ChangeId, Error, Marked, Marking, Step};
use crate::listing::Tally;
use crate::query::{Filter, Mark};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    /// The number of the archive in the file.
    pub(super) archive: i64,
    /// What the person says of names, once that was asked.
    corrected: Mutex<Option<Arc<Corrected>>>,
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
    CREATE TABLE IF NOT EXISTS board (archive INTEGER NOT NULL, name TEXT NOT NULL, items TEXT NOT NULL,
        PRIMARY KEY (archive, name)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS swept (archive INTEGER PRIMARY KEY, until INTEGER NOT NULL) STRICT;
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
        ("read", true) | (SWEPT, _) => Marking::Read,
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
fn packed<'a>(numbers: impl IntoIterator<Item = &'a i64>) -> Vec<u8> {
    numbers.into_iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn unpacked(bytes: &[u8]) -> impl Iterator<Item = i64> {
    let (whole, _) = bytes.as_chunks::<8>();
    whole.iter().map(|bytes| i64::from_le_bytes(*bytes))
}

/// The change that marks everything as read that came until some moment.
const SWEPT: &str = "swept";

fn marked(what: &str, adds: bool, articles: u64) -> Marked {
    Marked { marking: marking(what, adds), changed: Tally { articles, stories: None } }
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
        Ok(State { db: Mutex::new(db), archive, corrected: Mutex::default() })
    }

    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The articles with a mark: `read`, `star` or `tag:` and the tag.
    pub fn with(&self, what: &str) -> Result<Numbers, Error> {
        let db = self.db();
        let mut statement = db.prepare_cached("SELECT article FROM mark WHERE archive = ? AND what = ?")?;
        let rows = statement.query_map(params![self.archive, what], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Everything that came until this moment is read, in microseconds since 1970, but for the articles with the mark `unread`.
    /// `None` if every article that is read has a mark of its own.
    pub fn swept(&self) -> Result<Option<i64>, Error> {
        State::swept_in(&self.db(), self.archive)
    }

    fn swept_in(db: &Connection, archive: i64) -> Result<Option<i64>, Error> {
        let sql = "SELECT until FROM swept WHERE archive = ?";
        Ok(db.prepare_cached(sql)?.query_row([archive], |row| row.get(0)).optional()?)
    }

    fn sweep_until(&self, db: &Connection, until: Option<i64>) -> Result<(), Error> {
        match until {
            Some(until) => {
                let sql = "INSERT OR REPLACE INTO swept (archive, until) VALUES (?, ?)";
                db.execute(sql, [self.archive, until])?
            }
            None => db.execute("DELETE FROM swept WHERE archive = ?", [self.archive])?,
        };
        Ok(())
    }

    /// Marks everything as read that came until a moment, but for some articles; a change that can be undone. `count` is how
    /// many articles that marks.
    pub fn sweep(
        &self,
        name: Option<ChangeId>,
        until: i64,
        away: &Numbers,
        count: u64,
    ) -> Result<Marked, Error> {
        let unread = self.with("unread")?;
        let mut db = self.db();
        let write = db.transaction()?;
        let before = State::swept_in(&write, self.archive)?;
        let unread: Vec<i64> = unread.difference(away).copied().collect();
        self.sweep_until(&write, Some(until))?;
        self.set(&write, "unread", false, &unread)?;
        self.set(&write, "unread", true, away)?;
        let head = [before.unwrap_or(i64::MIN), until, i64::try_from(count).unwrap_or(i64::MAX)];
        self.record(&write, name, (SWEPT, true), packed(head.iter().chain(&unread)))?;
        write.commit()?;
        Ok(marked(SWEPT, true, count))
    }

    /// The articles that have a mark of their own that they are read, and none that they are not.
    pub fn read(&self) -> Result<Numbers, Error> {
        let (read, unread) = (self.with("read")?, self.with("unread")?);
        Ok(read.difference(&unread).copied().collect())
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

    /// Whether an article is read, whether it is starred, and its tags in ascending order. `added` is when it came, in
    /// microseconds since 1970, if that is known.
    pub fn of(&self, article: i64, added: Option<i64>) -> Result<(bool, bool, Vec<String>), Error> {
        let db = self.db();
        let has = |what: &str| -> Result<bool, Error> {
            let sql = "SELECT 1 FROM mark WHERE archive = ? AND what = ? AND article = ?";
            let found = db.prepare_cached(sql)?.exists(params![self.archive, what, article])?;
            Ok(found)
        };
        let swept =
            added.zip(State::swept_in(&db, self.archive)?).is_some_and(|(added, until)| added <= until);
        let read = (swept || has("read")?) && !has("unread")?;
        let starred = has("star")?;
        let sql = "SELECT DISTINCT what FROM mark WHERE archive = ? AND article = ? AND what LIKE 'tag:%' ORDER BY what";
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(params![self.archive, article], |row| row.get::<_, String>(0))?;
        let tags: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok((read, starred, tags.into_iter().map(|tag| tag.trim_start_matches("tag:").to_owned()).collect()))
    }

    /// Marks articles, which is a change that can be undone. `swept` are those of them that came until the moment of
    /// [`State::swept`].
    pub fn mark(
        &self,
        name: Option<ChangeId>,
        (articles, swept): (&Numbers, &Numbers),
        marking: &Marking,
    ) -> Result<Marked, Error> {
        let (what, adds) = stored(marking);
        let there = self.with(&what)?;
        let unread = if what == "read" { self.with("unread")? } else { Numbers::new() };
        let has =
            |article: &i64| (there.contains(article) || swept.contains(article)) && !unread.contains(article);
        let changed: Numbers = articles.iter().copied().filter(|article| has(article) != adds).collect();
        if changed.is_empty() {
            return Ok(marked(&what, adds, 0));
        }
        let mut db = self.db();
        let write = db.transaction()?;
        self.put(&write, &what, adds, &changed)?;
        self.record(&write, name, (&what, adds), packed(&changed))?;
        write.commit()?;
        Ok(marked(&what, adds, changed.len() as u64))
    }

    /// Stores a change that was made, so that it can be undone.
    pub(super) fn record(
        &self,
        db: &Connection,
        name: Option<ChangeId>,
        (what, adds): (&str, bool),
        packed: Vec<u8>,
    ) -> Result<(), Error> {
        if name.is_none() {
            let sql = "DELETE FROM change WHERE archive = ? AND name IS NULL AND undone > 0";
            db.execute(sql, [self.archive])?;
        }
        db.execute(
            "INSERT INTO change (archive, name, what, adds, articles, undone) VALUES (?, ?, ?, ?, ?, 0)",
            params![self.archive, name.map(|name| name.0), what, adds, packed],
        )?;
        let sql = "DELETE FROM change WHERE archive = ?1 AND id <= (SELECT max(id) FROM change) - ?2";
        db.execute(sql, [self.archive, CHANGES])?;
        Ok(())
    }

    fn put(&self, db: &Connection, what: &str, adds: bool, articles: &Numbers) -> Result<(), Error> {
        if what != "read" {
            return self.set(db, what, adds, articles);
        }
        // The mark that an article is not read stands above all that says that it is, so that to take it away is to undo it.
        let mut statement =
            db.prepare_cached("SELECT 1 FROM mark WHERE archive = ? AND what = 'unread' AND article = ?")?;
        let mut but = Numbers::new();
        for article in articles {
            if statement.exists([self.archive, *article])? {
                but.insert(*article);
            }
        }
        match adds {
            true => {
                self.set(db, "unread", false, &but)?;
                self.set(db, "read", true, articles.difference(&but))
            }
            false if State::swept_in(db, self.archive)?.is_some() => self.set(db, "unread", true, articles),
            false => self.set(db, "read", false, articles),
        }
    }

    fn set<'a>(
        &self,
        db: &Connection,
        what: &str,
        adds: bool,
        articles: impl IntoIterator<Item = &'a i64>,
    ) -> Result<(), Error> {
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
            "SELECT id, what, adds, articles FROM change WHERE archive = ? AND name IS ? AND what <> 'board' AND {condition}
             ORDER BY {order} LIMIT 1"
        );
        let found = write
            .query_row(&sql, params![self.archive, name.map(|name| name.0)], |row| {
                let fields = (row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?);
                Ok((fields, row.get::<_, Vec<u8>>(3)?))
            })
            .optional()?;
        let Some(((id, what, adds), articles)) = found else { return Ok(None) };
        let mut articles = unpacked(&articles);
        let count = if what == SWEPT {
            let [before, until, count] = [(); 3].map(|()| articles.next().unwrap_or(i64::MIN));
            let until = if step == Step::Redo { until } else { before };
            self.sweep_until(&write, Some(until).filter(|until| *until > i64::MIN))?;
            self.set(&write, "unread", step == Step::Undo, &articles.collect::<Numbers>())?;
            u64::try_from(count).unwrap_or(0)
        } else {
            let articles: Numbers = articles.collect();
            self.put(&write, &what, adds == (step == Step::Redo), &articles)?;
            articles.len() as u64
        };
        write.execute(&format!("UPDATE change SET undone = {undone} WHERE id = ?"), [id])?;
        write.commit()?;
        Ok(Some(marked(&what, adds, count)))
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
        if name == NAMES {
            *self.corrected.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        Ok(())
    }

    /// The person's corrections of names, as they were kept last.
    pub fn corrected(&self) -> Arc<Corrected> {
        let mut there = self.corrected.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let text = self.kept(NAMES).ok().flatten().unwrap_or_default();
            Arc::new(Corrected::new(Corrections::read(&text).0))
        };
        Arc::clone(there.get_or_insert_with(read))
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
        let (both, none) = (Numbers::from([7, 9]), Numbers::new());
        assert_eq!(state.mark(None, (&both, &none), &Marking::Read).expect("marked").changed.articles, 2);
        assert_eq!(
            state
                .mark(None, (&Numbers::from([9]), &none), &Marking::Unread)
                .expect("marked")
                .changed
                .articles,
            1
        );
        assert_eq!(
            state
                .mark(None, (&Numbers::from([9]), &none), &Marking::Unread)
                .expect("marked")
                .changed
                .articles,
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
        state.mark(Some(ChangeId(4)), (&both, &none), &Marking::Tag("later".to_owned())).expect("marked");
        assert_eq!(state.of(9, None).expect("marks"), (true, false, vec!["later".to_owned()]));
        assert_eq!(state.step(Step::Undo, Some(ChangeId(5))).expect("undone"), None);
        state.step(Step::Undo, Some(ChangeId(4))).expect("undone").expect("one");
        assert_eq!(state.tags().expect("tags"), BTreeMap::new());
        state.keep("reader", "here").expect("kept");
        state.keep_position(7, 40).expect("kept");
        let again = State::open(&path, "http://a/one").expect("a state");
        assert_eq!(again.kept("reader").expect("kept").as_deref(), Some("here"));
        assert_eq!((again.position(7).expect("kept"), again.position(9).expect("none")), (40, 0));
    }

    /// Article N came at second N. What is read is what a person would say who remembers every step.
    #[test]
    fn everything_until_a_moment_is_read_but_for_exceptions() {
        let state = State::temporary("http://a/one").expect("a state");
        let read = |state: &State| -> Vec<i64> {
            let is_read = |article: &i64| state.of(*article, Some(*article)).expect("marks").0;
            (1..=9).filter(is_read).collect()
        };
        let mark = |articles: &[i64], marking: &Marking| {
            let until = state.swept().expect("a moment").unwrap_or(i64::MIN);
            let articles: Numbers = articles.iter().copied().collect();
            let swept = articles.iter().copied().filter(|article| *article <= until).collect();
            state.mark(None, (&articles, &swept), marking).expect("marked").changed.articles
        };
        assert_eq!(mark(&[2, 8], &Marking::Read), 2);
        // Article 3 is hidden, so that marking everything does not mark it.
        state.sweep(None, 5, &Numbers::from([3]), 3).expect("swept");
        assert_eq!(read(&state), [1, 2, 4, 5, 8]);
        assert_eq!((mark(&[4, 5, 6], &Marking::Unread), mark(&[5, 7], &Marking::Read)), (2, 2));
        assert_eq!(read(&state), [1, 2, 5, 7, 8]);
        state.sweep(None, 6, &Numbers::new(), 3).expect("swept");
        assert_eq!(read(&state), [1, 2, 3, 4, 5, 6, 7, 8]);
        let step = |step| state.step(step, None).expect("a step").expect("one").changed.articles;
        assert_eq!((step(Step::Undo), read(&state)), (3, vec![1, 2, 5, 7, 8]));
        assert_eq!((step(Step::Redo), read(&state)), (3, vec![1, 2, 3, 4, 5, 6, 7, 8]));
        let undone = [
            (3, vec![1, 2, 5, 7, 8]),
            (2, vec![1, 2, 8]),
            (2, vec![1, 2, 4, 5, 8]),
            (3, vec![2, 8]),
            (2, Vec::new()),
        ];
        for expected in undone {
            assert_eq!((step(Step::Undo), read(&state)), expected);
        }
        assert_eq!(state.swept().expect("a moment"), None);
    }
}
