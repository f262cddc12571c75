//! A library that many people read and none of them changes: the marks and positions of each person are kept in a
//! file of their own.
//!
//! The person's file is the main database of a connection, and the library is attached to it for reading only.
//! Views under the names of the library's tables join the two, so that every question is the same as for a library
//! of one's own.

use super::connect::make_private;
use super::reading::Seen;
use super::schema;
use crate::fault::reason;
use crate::library::Error;
use crate::library::error::StateFault;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};

/// A shared library, apart from its path.
pub struct Shared {
    /// The person's own file.
    own: PathBuf,
}

/// The person's own tables, as the library has them.
const OWN: &str = "
    CREATE TABLE IF NOT EXISTS own_meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT OR IGNORE INTO own_meta VALUES ('marks', 0);
    CREATE TABLE IF NOT EXISTS own_mark (
        mark TEXT NOT NULL, chunk INTEGER NOT NULL, places BLOB NOT NULL, seal INTEGER,
        PRIMARY KEY (mark, chunk)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS change (
        id INTEGER PRIMARY KEY, marking TEXT NOT NULL, articles BLOB NOT NULL, undone INTEGER NOT NULL,
        name INTEGER, folded INTEGER NOT NULL DEFAULT 0, seal INTEGER);
    CREATE TABLE IF NOT EXISTS position (id INTEGER PRIMARY KEY, byte INTEGER NOT NULL, seal INTEGER);
    CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL, seal INTEGER) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS board (name TEXT PRIMARY KEY, items TEXT NOT NULL, seal INTEGER) WITHOUT ROWID;";

const NAMED_CHANGES: &str = "
    ALTER TABLE change ADD COLUMN name INTEGER;
    ALTER TABLE change ADD COLUMN folded INTEGER NOT NULL DEFAULT 0;";

const SEALS: &str = "
    ALTER TABLE own_mark ADD COLUMN seal INTEGER;
    ALTER TABLE change ADD COLUMN seal INTEGER;
    ALTER TABLE position ADD COLUMN seal INTEGER;
    ALTER TABLE kept ADD COLUMN seal INTEGER;";

/// The dead numbers are the library's, and so is what is out of sight; all other marks are the person's.
const VIEWS: &str = "
    CREATE TEMP VIEW mark AS
        SELECT mark, chunk, places, seal FROM main.own_mark
        UNION ALL SELECT mark, chunk, places, seal FROM library.mark WHERE mark IN ('dead', 'hidden', 'deleted');
    CREATE TEMP TRIGGER mark_put INSTEAD OF INSERT ON mark BEGIN
        INSERT OR REPLACE INTO own_mark VALUES (NEW.mark, NEW.chunk, NEW.places, NEW.seal); END;
    CREATE TEMP TRIGGER mark_drop INSTEAD OF DELETE ON mark BEGIN
        DELETE FROM own_mark WHERE mark = OLD.mark AND chunk = OLD.chunk; END;
    CREATE TEMP VIEW meta AS
        SELECT name, value FROM main.own_meta
        UNION ALL SELECT name, value FROM library.meta WHERE name <> 'marks';
    CREATE TEMP TRIGGER meta_change INSTEAD OF UPDATE ON meta BEGIN
        UPDATE own_meta SET value = NEW.value WHERE name = NEW.name; END;";

/// Marks a person's own file: `dtls`.
const STATE: i32 = 0x6474_6C73;

impl Shared {
    pub fn new(own: &Path) -> Shared {
        Shared { own: own.to_owned() }
    }

    /// The person's own file.
    pub fn path(&self) -> &Path {
        &self.own
    }

    /// Opens the connection that writes marks, to which no library is attached yet; creates the person's file if there
    /// is none.
    pub fn open(&self) -> Result<Connection, Error> {
        self.recognise().map_err(|error| self.faulty(error))?;
        let make = || -> Result<Connection, rusqlite::Error> {
            let own = Connection::open_with_flags(&self.own, OPEN | OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            schema::settings(&own)?;
            own.pragma_update(None, "journal_mode", "WAL")?;
            own.execute_batch(OWN)?;
            // A file of an older program lacks what names a change, and the checksums of rows.
            for (column, missing) in [("name", NAMED_CHANGES), ("seal", SEALS)] {
                if own.prepare(&format!("SELECT {column} FROM change")).is_err() {
                    own.execute_batch(missing)?;
                }
            }
            if own.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0))? != STATE {
                own.pragma_update(None, "application_id", STATE)?;
            }
            own.execute_batch(VIEWS)?;
            Ok(own)
        };
        let own = make().map_err(|error| self.faulty(error.into()))?;
        match is_large(&own).map_err(|error| self.faulty(error.into()))? {
            true => Err(Error::State { path: self.own.clone(), fault: StateFault::Large }),
            false => Ok(own),
        }
    }

    /// Checks that what is at the path is a person's own file, or nothing: what belongs to others is not touched.
    fn recognise(&self) -> Result<(), Error> {
        let fault = |fault: StateFault| Err(Error::State { path: self.own.clone(), fault });
        match std::fs::metadata(&self.own) {
            Ok(meta) if meta.is_dir() => return fault(StateFault::Folder),
            // A pipe or a device may never end.
            Ok(meta) if !meta.is_file() => return fault(StateFault::NoFile),
            Ok(meta) if meta.len() > LARGEST => return fault(StateFault::Large),
            Ok(_) | Err(_) => make_private(&self.own)?,
        }
        let read_only = OPEN | OpenFlags::SQLITE_OPEN_READ_WRITE;
        let own = Connection::open_with_flags(&self.own, read_only)?;
        schema::settings(&own)?;
        let sql = "SELECT count(*) FROM sqlite_schema
            WHERE type = 'table' AND name NOT IN ('own_meta', 'own_mark', 'change', 'position', 'kept', 'board')";
        let others: i64 = own.query_row(sql, [], |row| row.get(0))?;
        let application: i32 = own.pragma_query_value(None, "application_id", |row| row.get(0))?;
        match others == 0 && matches!(application, 0 | STATE) {
            true => Ok(()),
            false => fault(StateFault::Foreign),
        }
    }

    /// An error as one of the person's own file.
    pub fn faulty(&self, error: Error) -> Error {
        let fault = match error.at(&self.own) {
            state @ Error::State { .. } => return state,
            Error::Damaged { .. } | Error::NotALibrary { .. } => StateFault::Damaged,
            Error::Folder { .. } => StateFault::Folder,
            Error::ReadOnly { .. } => StateFault::ReadOnly,
            Error::Full { .. } | Error::Refused { .. } => StateFault::Full,
            Error::Busy { .. } | Error::Locks { .. } => StateFault::Busy,
            Error::NotAFile { .. } => StateFault::NoFile,
            Error::Create { source, .. } | Error::Read { source, .. } => {
                StateFault::Other(reason(&source).into())
            }
            Error::Storage { source, .. } => StateFault::Other(source),
            other => StateFault::Other(other.into()),
        };
        Error::State { path: self.own.clone(), fault }
    }

    /// Whether the person's own file is damaged: of an error on a connection, SQLite does not say which file it is about.
    pub fn is_damaged(&self) -> bool {
        let sound = || -> Result<bool, rusqlite::Error> {
            let own = Connection::open_with_flags(&self.own, OPEN | OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            own.query_row("PRAGMA quick_check(1)", [], |row| Ok(row.get::<_, String>(0)? == "ok"))
        };
        !sound().unwrap_or(false)
    }

    /// Opens a connection on which all questions can be asked, to the library as it was found.
    pub fn connect(&self, library: &Path, seen: &Seen) -> Result<Connection, Error> {
        let open = || -> Result<Connection, rusqlite::Error> {
            let connection = Connection::open_with_flags(&self.own, OPEN | OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            schema::settings(&connection)?;
            connection.execute_batch(VIEWS)?;
            Ok(connection)
        };
        let connection = open().map_err(|error| self.faulty(error.into()))?;
        attach(&connection, library, seen).map_err(|error| error.at(library))?;
        Ok(connection)
    }

    /// Makes a change on the connection that writes marks, with the library attached to it as it was found. It is
    /// rolled back if the library has been changed when it is committed.
    pub fn change<T>(
        &self,
        own: &mut Connection,
        (library, seen): (&Path, Seen),
        change: impl FnOnce(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        attach(own, library, &seen).map_err(|error| error.at(library))?;
        let path = library.to_owned();
        own.commit_hook(Some(move || !seen.holds(&path)))?;
        let changed = change(own);
        own.commit_hook(None::<fn() -> bool>)?;
        own.flush_prepared_statement_cache();
        own.execute("DETACH library", [])?;
        changed
    }
}

/// The most bytes of a person's own file. What a person can do to a million articles takes some 300 MB.
const LARGEST: u64 = 512 << 20;

/// Whether there are more rows in a person's file than a person can make, or longer ones: nothing of them is read.
fn is_large(own: &Connection) -> Result<bool, rusqlite::Error> {
    // A set of the articles of a chunk has 8 KB at most, and one of all articles that were changed at once 8 KB for
    // each 65,536 of them.
    let sql = "SELECT
        (SELECT count(*) FROM (SELECT 1 FROM own_mark LIMIT 100001)) > 100000
        OR (SELECT count(*) FROM (SELECT 1 FROM change LIMIT 10001)) > 10000
        OR (SELECT count(*) FROM (SELECT 1 FROM own_meta LIMIT 101)) > 100
        OR (SELECT count(*) FROM (SELECT 1 FROM kept LIMIT 1001)) > 1000
        OR (SELECT count(*) FROM (SELECT 1 FROM board LIMIT 1001)) > 1000
        OR EXISTS (SELECT 1 FROM board WHERE octet_length(name) > 2000 OR octet_length(items) > 30000000)
        OR EXISTS (SELECT 1 FROM own_mark WHERE octet_length(mark) > 2000 OR octet_length(places) > 20000)
        OR EXISTS (SELECT 1 FROM change WHERE octet_length(marking) > 2000 OR octet_length(articles) > 4000000)";
    own.query_row(sql, [], |row| row.get(0))
}

const OPEN: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_URI);

fn attach(connection: &Connection, library: &Path, seen: &Seen) -> Result<(), Error> {
    connection.execute("ATTACH ? AS library", [seen.address(library)])?;
    let read = || -> Result<(), Error> {
        // Many kiosks share a machine, and the system caches the library for all of them.
        connection.execute_batch("PRAGMA library.cache_size = -1024; PRAGMA main.cache_size = -256;")?;
        schema::recognise_attached(connection, library)
    };
    read().inspect_err(|_| {
        // Whether this works or not, the error to report is the one above.
        _ = connection.execute("DETACH library", []);
    })
}

#[cfg(test)]
mod tests {
    use crate::annotation::Analysis;
    use crate::article::{Article, ArticleId};
    use crate::library::{Cancel, Library, Marking, Target};
    use crate::listing::Window;
    use crate::query::Query;
    use chrono::NaiveDate;

    fn edition() -> Vec<(Article, Analysis)> {
        crate::formats::edition().into_iter().map(|article| (article, Analysis::default())).collect()
    }

    fn unread(library: &Library) -> usize {
        let query = Query::parse("is:unread group:off", NaiveDate::MIN).0;
        library.page(&query, Window::First { limit: 500 }, &Cancel::new()).expect("a page").rows.len()
    }

    #[test]
    fn marks_are_the_persons_and_the_library_stays_as_it_is() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news ?.db");
        let newsroom = Library::open(&path).expect("a library");
        newsroom.add(edition()).expect("articles");
        let all = unread(&newsroom);
        let person = |name: &str| {
            Library::open_shared(&path, &folder.path().join(name)).expect("a library for reading")
        };
        let (ana, ben) = (person("ana.db"), person("ben.db"));
        ana.mark(&Target::These(vec![ArticleId(1), ArticleId(2)]), Marking::Read).expect("a mark");
        ana.mark(&Target::These(vec![ArticleId(3)]), Marking::Tag("later".to_owned())).expect("a mark");
        ana.keep_position(ArticleId(4), 77).expect("a position");
        assert_eq!([unread(&ana), unread(&ben), unread(&newsroom)], [all - 2, all, all]);
        assert!(ana.add(edition()).is_err());
        drop(ana);
        let ana = person("ana.db");
        assert_eq!(unread(&ana), all - 2);
        let stored = |id: i64| ana.load(ArticleId(id)).expect("an answer").expect("an article");
        assert_eq!((stored(3).tags, stored(4).position), (vec!["later".to_owned()], 77));
        assert_eq!(newsroom.load(ArticleId(4)).expect("an answer").expect("an article").position, 0);
        ana.undo().expect("an undo");
        ana.undo().expect("an undo");
        assert_eq!(unread(&ana), all);
    }

    #[test]
    fn a_state_file_has_bounds() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news.db");
        Library::open(&path).and_then(|library| library.add(edition())).expect("articles");
        let own = folder.path().join("own.db");
        let one = |tag: String| Marking::Tag(tag);
        let target = Target::These(vec![ArticleId(1)]);
        let person = Library::open_shared(&path, &own).expect("a library for reading");
        for tag in 0..1_000 {
            person.mark(&target, one(format!("t{tag}"))).expect("a mark");
        }
        let told = person.mark(&target, one("more".to_owned())).expect_err("too many");
        assert!(told.to_string().contains("has 1000 tags"), "{told}");
        person.mark(&Target::These(vec![ArticleId(2)]), one("t7".to_owned())).expect("a mark");
        drop(person);
        let db = rusqlite::Connection::open(&own).expect("a database");
        let put = |sql: &str| db.execute_batch(sql).expect("put");
        // A position that somebody made too long is not read, and marks that are too long are refused.
        put("INSERT INTO kept (name, value) VALUES ('state', printf('%.*c', 50000000, 'x'))");
        let person = Library::open_shared(&path, &own).expect("a library for reading");
        assert_eq!(person.kept("state").expect("an answer"), None);
        drop(person);
        put("INSERT INTO own_mark (mark, chunk, places) VALUES ('tag:long', 0, zeroblob(50000000))");
        let told = Library::open_shared(&path, &own).map(drop).expect_err("too large");
        assert!(told.to_string().contains("could not use the state file"), "{told}");
        assert!(told.to_string().contains("holds more than a person's marks"), "{told}");
        let file = std::fs::File::create(folder.path().join("huge.db")).expect("a file");
        file.set_len(1 << 40).expect("a sparse file");
        let told =
            Library::open_shared(&path, &folder.path().join("huge.db")).map(drop).expect_err("too large");
        assert!(told.to_string().contains("holds more than a person's marks"), "{told}");
    }

    #[test]
    fn of_a_very_long_article_the_beginning_is_shown() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news.db");
        let mut all = edition();
        all[0].0.body = "Ünder the bridge. ".repeat(100_000);
        let newsroom = Library::open(&path).expect("a library");
        newsroom.add(all.clone()).expect("articles");
        let person =
            Library::open_shared(&path, &folder.path().join("own.db")).expect("a library for reading");
        let id = newsroom.find(&all[0].0).expect("an answer").expect("an article");
        let body = person.load(id).expect("an answer").expect("an article").article.body;
        assert!(body.len() < 263_000, "{}", body.len());
        assert!(body.ends_with("[Only the first 256 KB of this article are shown here. It has 1855 KB.]"));
        assert_eq!(newsroom.load(id).expect("an answer").expect("an article").article, all[0].0);
    }

    #[test]
    fn what_the_newsroom_adds_and_changes_is_seen() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("news.db");
        let newsroom = Library::open(&path).expect("a library");
        let mut edition = edition();
        let last = edition.pop().expect("an article");
        newsroom.add(edition.clone()).expect("articles");
        let own = folder.path().join("own.db");
        let person = Library::open_shared(&path, &own).expect("a library for reading");
        let (before, version) = (unread(&person), person.version());
        newsroom.add(vec![last]).expect("articles");
        assert_eq!(unread(&person), before + 1);
        assert_ne!(person.version(), version);
        // An article that is put right keeps its marks from the next start on.
        person.mark(&Target::These(vec![ArticleId(1)]), Marking::Read).expect("a mark");
        let mut changed = edition.swap_remove(0);
        changed.0.body.push_str(" And more.");
        newsroom.add(vec![changed]).expect("articles");
        drop(person);
        let person = Library::open_shared(&path, &own).expect("a library for reading");
        assert_eq!(unread(&person), before);
    }
}
