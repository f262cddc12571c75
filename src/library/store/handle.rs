//! An open library file: its connections, and what each of them is lent for.

use super::ask::cache::Cache;
use super::ask::find::Find;
use super::file::connect::{Lasting, connect, lock, make_private};
use super::file::pack::Packing;
use super::file::reading::{self, Watch};
use super::file::schema;
use super::file::shared::Shared;
use super::file::temporary::Folder;
use super::write::Writer;
use crate::annotation::Analysis;
use crate::article::Article;
use crate::library::{Cancel, Error};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A library in one file. See [`Backend`](crate::library::Backend) for what it can be asked.
pub struct Store {
    path: PathBuf,
    lasting: Lasting,
    /// The folder of a temporary library, which is deleted with it.
    folder: Mutex<Option<Folder>>,
    /// Where the marks are kept, if that is not in the library itself.
    shared: Option<Shared>,
    /// Set for a library that is read-only.
    unwritable: Option<Watch>,
    /// Connections that no question is using. They are closed before the ones that write, since the last one
    /// to be closed copies the log into the one file.
    readers: Mutex<Vec<Connection>>,
    /// Writes marks, which never wait for a whole batch of articles.
    marker: Mutex<Connection>,
    /// Writes articles and merges segments; opened when it is first needed.
    adder: Mutex<Option<Writer>>,
    /// How articles are packed, once the library has enough of them to learn it.
    packing: Mutex<Option<Arc<Packing>>>,
    pub(super) cache: Cache,
}

impl Store {
    /// Opens the library at `path`, or creates an empty one there that only its owner can read.
    pub fn open(path: &Path) -> Result<Store, Error> {
        Store::new(path, Lasting::Always, None)
    }

    /// Creates a library in a folder of its own, which is deleted with it.
    pub fn temporary() -> Result<Store, Error> {
        let folder = Folder::make()?;
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

    /// Opens a library that may not be written: every question is answered, every change is refused.
    fn open_unwritable(path: &Path) -> Result<Store, Error> {
        let connection = reading::connect(path)?;
        schema::recognise(&connection, path).map_err(|error| error.at(path))?;
        let found = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        schema::current(found.map_err(|error| Error::from(error).at(path))?, path)?;
        Ok(Store { unwritable: Some(Watch::default()), ..Store::on(path, None, connection) })
    }

    /// Opens the library at `path` for reading; what the person does with its articles is kept at `own`.
    pub fn open_shared(path: &Path, own: &Path) -> Result<Store, Error> {
        let shared = Shared::new(own);
        let connection = shared.open(path)?;
        Ok(Store::on(path, Some(shared), connection))
    }

    fn on(path: &Path, shared: Option<Shared>, marker: Connection) -> Store {
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
            cache: Cache::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Deletes the folder of a temporary library.
    pub(super) fn discard_folder(&self) {
        drop(lock(&self.folder).take());
    }

    /// Copies the log into the one file, as far as nobody reads from it.
    pub(super) fn checkpoint(&self) {
        // Whoever opens the library next does what cannot be done now.
        _ = lock(&self.marker).query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }

    /// Answers a question within one state of the file.
    pub(super) fn question<T>(
        &self,
        cancel: &Cancel,
        ask: impl FnOnce(&Find<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        cancel.check()?;
        self.reading(|connection| {
            let transaction = connection.transaction()?;
            let find = Find::new(&transaction, &self.cache, cancel)?;
            ask(&find)
        })
    }

    /// Lends a connection that only reads.
    pub(super) fn reading<T>(
        &self,
        ask: impl FnOnce(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
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

    /// Lends the connection that writes marks, which begins transactions of its own.
    pub(super) fn marking<T>(
        &self,
        change: impl FnOnce(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        change(&mut lock(&self.marker)).map_err(|error| error.at(&self.path))
    }

    /// Lends the connection that writes marks if the library may be written and nobody else is using the
    /// connection: for what can be done another time.
    pub(super) fn marking_now(&self, change: impl FnOnce(&Connection)) {
        if self.shared.is_some() || self.unwritable.is_some() || self.lasting == Lasting::Session {
            return;
        }
        if let Ok(connection) = self.marker.try_lock() {
            change(&connection);
        }
    }

    /// Changes the file in one transaction.
    pub(super) fn changing<T>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.marking(|marker| {
            let transaction = marker.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
    }

    /// Lends the connection that writes articles.
    pub(super) fn writing<T>(&self, write: impl FnOnce(&mut Writer) -> Result<T, Error>) -> Result<T, Error> {
        if self.shared.is_some() {
            return Err(Error::ReadOnly { path: self.path.clone() });
        }
        let mut adder = lock(&self.adder);
        let writer = self.writer(&mut adder)?;
        write(writer).map_err(|error: Error| error.at(&self.path))
    }

    /// The one writer of this process, opened when it is first needed.
    fn writer<'a>(&self, adder: &'a mut Option<Writer>) -> Result<&'a mut Writer, Error> {
        if self.unwritable.is_some() {
            return Err(Error::ReadOnly { path: self.path.clone() });
        }
        Ok(match adder {
            Some(writer) => writer,
            none => {
                let access = OpenFlags::SQLITE_OPEN_READ_WRITE;
                none.insert(Writer::new(connect(&self.path, self.lasting, access)?)?)
            }
        })
    }

    /// How this batch is to be packed. Learns it now if the batch makes the library large enough.
    pub(super) fn packing(&self, batch: &[(Article, Analysis)]) -> Result<Option<Arc<Packing>>, Error> {
        if let Some(known) = &*lock(&self.packing) {
            return Ok(Some(known.clone()));
        }
        let found = self.writing(|writer| Ok(writer.learn(batch)?.map(Arc::new)))?;
        lock(&self.packing).clone_from(&found);
        Ok(found)
    }
}

/// Connections that are kept for the next question, each with the pages that it has read.
const READERS: usize = 3;
