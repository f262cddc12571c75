//! A library in one SQLite file, for several processes at once.
//!
//! Articles and their texts are rows. The index is made of segments (see [`super::segment`]): each
//! `add` writes one, in the transaction that writes its rows, and small ones are merged behind.
//! Readers see one state of the file for the length of a question and wait for nobody.

mod ahead;
mod copies;
mod count;
mod find;
mod folders;
mod index;
mod marks;
mod merge;
mod names;
mod pack;
mod read;
mod reading;
pub mod repair;
mod schema;
mod shared;
mod sources;
mod texts;
mod unread;
mod write;

use super::identity::{Hash, Identity};
use super::temporary::Folder;
use super::{Added, Cancel, Error, Marked, Marking, QuoteRow, Recognition, Stored, Target};
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::formats::State;
use crate::listing::{Facet, FacetKind, Facets, Page, TextOf, Window};
use crate::query::Query;
use chrono::NaiveDate;
pub use marks::Step;
#[cfg(test)]
use repair::Health;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// See the module.
pub struct Store {
    path: PathBuf,
    lasting: Lasting,
    /// Of a library that goes with the program.
    folder: Mutex<Option<Folder>>,
    /// Where the marks are kept, if that is not in the library itself.
    shared: Option<shared::Shared>,
    /// Of a library that may only be read.
    unwritable: Option<reading::Watch>,
    /// Connections that no question is using. They go before the ones that write: the last to be closed puts
    /// what is in the log into the one file.
    readers: Mutex<Vec<Connection>>,
    /// For marks: they never wait for a whole batch of articles.
    marker: Mutex<Connection>,
    /// For articles and the merging of segments; opened when it is first needed.
    adder: Mutex<Option<write::Writer>>,
    /// How articles are packed, once the library has had enough of them to learn it.
    packing: Mutex<Option<Arc<pack::Packing>>>,
    cache: find::Cache,
}

impl Store {
    /// Opens the library at `path`, or makes an empty one there, with rights for the owner alone.
    pub fn open(path: &Path) -> Result<Store, Error> {
        Store::new(path, Lasting::Always, None)
    }

    /// A library in this folder, which goes with it.
    pub fn temporary(folder: Folder) -> Result<Store, Error> {
        Store::new(&folder.library(), Lasting::Session, Some(folder))
    }

    fn new(path: &Path, lasting: Lasting, folder: Option<Folder>) -> Result<Store, Error> {
        make_private(path)?;
        let open = || {
            let mut connection = connect(path, lasting, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            schema::migrate(&mut connection, path).map_err(|error| error.at(path))?;
            Ok(connection)
        };
        let connection = match open() {
            Ok(connection) => connection,
            Err(error) if reading::is_worth_trying(&error) => return Store::open_unwritable(path),
            Err(error) => return Err(error),
        };
        Ok(Store { lasting, folder: Mutex::new(folder), ..Store::on(path, None, connection) })
    }

    /// Opens a library that one may not write: every question is answered, every change refused.
    fn open_unwritable(path: &Path) -> Result<Store, Error> {
        let connection = reading::connect(path)?;
        schema::recognise(&connection, path).map_err(|error| error.at(path))?;
        let found = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        schema::current(found.map_err(|error| Error::from(error).at(path))?, path)?;
        Ok(Store { unwritable: Some(reading::Watch::default()), ..Store::on(path, None, connection) })
    }

    /// Opens the library at `path` for reading; what the person does with its articles is kept at `own`.
    pub fn open_shared(path: &Path, own: &Path) -> Result<Store, Error> {
        let shared = shared::Shared::new(own);
        let connection = shared.open(path)?;
        Ok(Store::on(path, Some(shared), connection))
    }

    fn on(path: &Path, shared: Option<shared::Shared>, marker: Connection) -> Store {
        Store {
            path: path.to_owned(),
            lasting: Lasting::Always,
            folder: Mutex::new(None),
            shared,
            unwritable: None,
            marker: Mutex::new(marker),
            adder: Mutex::new(None),
            readers: Mutex::new(Vec::new()),
            packing: Mutex::new(None),
            cache: find::Cache::default(),
        }
    }

    /// See `Library::discard`.
    pub fn discard(&self) {
        drop(lock(&self.folder).take());
    }

    /// See `Library::flush`.
    pub fn flush(&self) {
        // What cannot be done now is done by whoever opens the library next.
        _ = lock(&self.marker).query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }

    pub fn add(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.put(batch, write::Coming::Again)
    }

    /// See `Library::settle`.
    pub fn settle(&self) -> Result<(), Error> {
        let mut adder = lock(&self.adder);
        self.writer(&mut adder)?.settle().map_err(|error| error.at(&self.path))?;
        drop(adder);
        self.count_ahead();
        Ok(())
    }

    /// See `Library::count_ahead`.
    pub fn count_ahead(&self) {
        // Where it fails, whoever asks next counts, and is told why not.
        _ = self.facets(&Query::everything(), &Cancel::new());
    }

    /// See `Library::unchanged`.
    pub fn unchanged(&self, articles: &[Article]) -> Result<Vec<bool>, Error> {
        self.reading(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT 1 FROM article JOIN text USING (id) WHERE identity = ? AND hash = ? AND engine = ?",
            )?;
            let mut there = |article: &Article| {
                let identity = Identity::of(article).hash();
                statement.exists((
                    identity.bytes(),
                    Hash::of_article(article).bytes(),
                    crate::annotation::ENGINE_VERSION,
                ))
            };
            Ok(articles.iter().map(&mut there).collect::<Result<_, _>>()?)
        })
    }

    /// Like `add`, but also where the texts are the same.
    pub fn renew(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.put(batch, write::Coming::Renewed)
    }

    /// See `Library::other_text`.
    pub fn other_text(&self, id: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
        self.reading(|connection| texts::other(connection, id))
    }

    /// See `Library::show_text`.
    pub fn show_text(&self, text: TextOf, article: Article, analysis: Analysis) -> Result<(), Error> {
        self.put(vec![(article, analysis)], write::Coming::Shown(text)).map(drop)
    }

    fn put(&self, batch: Vec<(Article, Analysis)>, coming: write::Coming) -> Result<Added, Error> {
        let packing = self.packing(&batch).map_err(|error| error.at(&self.path))?;
        let prepared = prepare(batch, packing.as_ref(), coming);
        self.writing(|writer| {
            let added = writer.add(prepared, &self.cache.unpacker)?;
            if added.new + added.updated > 0 {
                writer.merge()?;
            }
            Ok(added)
        })
    }

    /// Lends the connection that writes articles.
    fn writing<T>(&self, write: impl FnOnce(&mut write::Writer) -> Result<T, Error>) -> Result<T, Error> {
        if self.shared.is_some() {
            return Err(Error::ReadOnly { path: self.path.clone() });
        }
        let mut adder = lock(&self.adder);
        let writer = self.writer(&mut adder)?;
        write(writer).map_err(|error: Error| error.at(&self.path))
    }

    /// The one writer of this process, opened when it is first needed.
    fn writer<'a>(&self, adder: &'a mut Option<write::Writer>) -> Result<&'a mut write::Writer, Error> {
        if self.unwritable.is_some() {
            return Err(Error::ReadOnly { path: self.path.clone() });
        }
        Ok(match adder {
            Some(writer) => writer,
            none => {
                let access = OpenFlags::SQLITE_OPEN_READ_WRITE;
                none.insert(write::Writer::new(connect(&self.path, self.lasting, access)?)?)
            }
        })
    }

    /// How this batch is to be packed; learnt now, if it makes the library large enough.
    fn packing(&self, batch: &[(Article, Analysis)]) -> Result<Option<Arc<pack::Packing>>, Error> {
        if let Some(known) = &*lock(&self.packing) {
            return Ok(Some(known.clone()));
        }
        let mut adder = lock(&self.adder);
        let found = self.writer(&mut adder)?.learn(batch)?.map(Arc::new);
        lock(&self.packing).clone_from(&found);
        Ok(found)
    }

    /// Differs whenever this or another process has changed the library.
    pub fn version(&self) -> u64 {
        let changes = self.reading(|connection| find::Version::read(connection));
        changes.map_or(0, find::Version::sum)
    }

    pub fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        self.question(cancel, |find| find.page(query, window))
    }

    pub fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        if *query != Query::everything() {
            return self.question(cancel, |find| find.facets(query));
        }
        let (facets, counted) = self.question(cancel, |find| {
            let articles = find.version().articles();
            Ok(match ahead::read(find.db, articles) {
                Some(kept) => (kept, None),
                None => (find.facets(query)?, Some(articles)),
            })
        })?;
        if let Some(articles) = counted {
            self.keep_ahead(articles, &facets);
        }
        Ok(facets)
    }

    /// Keeps what was counted of all articles, where that can be done without waiting.
    fn keep_ahead(&self, articles: u64, facets: &Facets) {
        if self.shared.is_some() || self.unwritable.is_some() || self.lasting == Lasting::Session {
            return;
        }
        if let Ok(connection) = self.marker.try_lock() {
            // What cannot be kept is counted again.
            _ = ahead::keep(&connection, articles, facets);
        }
    }

    pub fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        self.question(cancel, |find| find.names(kind, typed, query, limit))
    }

    pub fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        self.question(cancel, |find| find.timeline(query))
    }

    pub fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        self.question(cancel, |find| find.quotes(query, limit))
    }

    pub fn unread(&self, queries: &[Query], cancel: &Cancel) -> Result<Vec<u64>, Error> {
        self.question(cancel, |find| find.unread(queries))
    }

    pub fn state(&self) -> Result<Option<String>, Error> {
        self.kept("reader")
    }

    pub fn keep_state(&self, state: &str) -> Result<(), Error> {
        self.keep("reader", state)
    }

    pub fn names_text(&self) -> Result<Option<String>, Error> {
        self.kept("names")
    }

    pub fn keep_names_text(&self, text: &str) -> Result<(), Error> {
        self.keep("names", text)
    }

    fn kept(&self, name: &str) -> Result<Option<String>, Error> {
        self.reading(|connection| {
            let sql = "SELECT value FROM kept WHERE name = ?";
            Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
        })
    }

    fn keep(&self, name: &str, value: &str) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO kept VALUES (?, ?)";
        let kept = lock(&self.marker).execute(sql, [name, value]);
        kept.map(drop).map_err(|error| Error::from(error).at(&self.path))
    }

    pub fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        self.question(&Cancel::new(), |find| find.load(id))
    }

    pub fn ids(&self, query: &Query, cancel: &Cancel) -> Result<Vec<ArticleId>, Error> {
        self.question(cancel, |find| find.ids(query))
    }

    /// The article that is known so.
    pub fn find(&self, identity: Hash) -> Result<Option<ArticleId>, Error> {
        self.reading(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM article WHERE identity = ?")?;
            Ok(statement.query_row([identity.bytes()], |row| row.get(0).map(ArticleId)).optional()?)
        })
    }

    pub fn mark(&self, target: &Target, marking: Marking) -> Result<Marked, Error> {
        marks::mark(&mut lock(&self.marker), &self.cache, target, marking)
            .map_err(|error| error.at(&self.path))
    }

    pub fn restore(&self, states: Vec<(Recognition, State)>) -> Result<(), Error> {
        if states.is_empty() {
            return Ok(());
        }
        marks::restore(&mut lock(&self.marker), &states).map_err(|error| error.at(&self.path))
    }

    pub fn step(&self, step: Step) -> Result<Option<Marked>, Error> {
        marks::step(&mut lock(&self.marker), step).map_err(|error| error.at(&self.path))
    }

    pub fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO position VALUES (?, ?)";
        let kept = lock(&self.marker).execute(sql, (id.0, position));
        kept.map(drop).map_err(|error| Error::from(error).at(&self.path))
    }

    /// Asks within one state of the file.
    fn question<T>(
        &self,
        cancel: &Cancel,
        ask: impl FnOnce(&find::Find<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        cancel.check()?;
        self.reading(|connection| {
            let transaction = connection.transaction()?;
            let find = find::Find::new(&transaction, &self.cache, cancel)?;
            ask(&find)
        })
    }

    /// Lends a connection that only reads.
    fn reading<T>(&self, ask: impl FnOnce(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        let changed = match (&self.shared, &self.unwritable) {
            (Some(shared), _) => shared.has_changed(&self.path),
            (None, Some(watch)) => watch.has_changed(&self.path),
            (None, None) => false,
        };
        if changed {
            lock(&self.readers).clear();
        }
        let idle = lock(&self.readers).pop();
        let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let mut connection = match (idle, &self.shared, &self.unwritable) {
            (Some(connection), _, _) => connection,
            (None, Some(shared), _) => shared.connect(&self.path, read_only)?,
            (None, None, Some(_)) => reading::connect(&self.path)?,
            (None, None, None) => connect(&self.path, self.lasting, read_only)?,
        };
        let answer = ask(&mut connection);
        let mut readers = lock(&self.readers);
        if readers.len() < READERS {
            readers.push(connection);
        }
        drop(readers);
        answer.map_err(|error| error.at(&self.path))
    }
}

/// Makes articles ready on all processors, in order, before the one writer takes them.
fn prepare(
    batch: Vec<(Article, Analysis)>,
    packing: Option<&Arc<pack::Packing>>,
    coming: write::Coming,
) -> Vec<write::Prepared> {
    let each = |portion: Vec<(Article, Analysis)>| -> Vec<write::Prepared> {
        let mut packer = pack::Packer::new(packing.cloned());
        let one = |(article, analysis)| write::Prepared::new(article, analysis, coming, &mut packer);
        portion.into_iter().map(one).collect()
    };
    let shares = std::thread::available_parallelism().map_or(1, usize::from);
    if batch.len() < WORTH_SHARING || shares == 1 {
        return each(batch);
    }
    let share = batch.len().div_ceil(shares);
    let mut batch = batch.into_iter();
    let portions: Vec<Vec<_>> = (0..shares).map(|_| batch.by_ref().take(share).collect()).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = portions.into_iter().map(|portion| scope.spawn(|| each(portion))).collect();
        // A panic of a thread is one of ours.
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}

/// Fewer articles than this are made ready on one thread.
const WORTH_SHARING: usize = 64;

/// Connections that are kept for the next question, each with the pages that it has read.
const READERS: usize = 3;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether what is written has to outlive a loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasting {
    Always,
    /// Gone with the program anyway.
    Session,
}

fn connect(path: &Path, lasting: Lasting, access: OpenFlags) -> Result<Connection, Error> {
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> Result<Connection, rusqlite::Error> {
        let connection = Connection::open_with_flags(path, flags)?;
        schema::settings(&connection)?;
        if lasting == Lasting::Session {
            connection.execute_batch("PRAGMA synchronous = OFF")?;
        }
        Ok(connection)
    };
    open().map_err(|error| Error::from(error).at(path))
}

/// Makes the file where there is none, so that SQLite finds it with the rights that its
/// companions (`-wal`, `-shm`) then take over.
fn make_private(path: &Path) -> Result<(), Error> {
    if path.exists() {
        return readable(path);
    }
    let fail = |source: std::io::Error| Error::Make { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(fail).map(drop)
}

/// That there is a file at `path` that may be read: SQLite gives the same answer for all that is none.
fn readable(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Err(Error::Folder { path: path.to_owned() });
    }
    let opened = std::fs::File::open(path);
    opened.map(drop).map_err(|source| Error::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
