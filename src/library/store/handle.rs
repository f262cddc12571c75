//! An open library file: its connections, and what each of them is lent for.

use super::ask::cache::Cache;
use super::ask::find::{Beside, Find};
use super::file::connect::{Lasting, connect, lock, make_private, readable};
use super::file::marks;
use super::file::pack::Packing;
use super::file::reading::{self, Seen};
use super::file::schema;
use super::file::shared::Shared;
use super::file::temporary::Folder;
use super::write::Writer;
use crate::annotation::Analysis;
use crate::article::Article;
use crate::library::{Cancel, Error, Turn};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::{OpenOptions, TryLockError};
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
    /// Whether the library may not be written.
    unwritable: bool,
    /// Whether that is because the disk was full when it was opened.
    full: bool,
    /// Connections that no question is using, each with how the library was found, if this process only reads it. They
    /// are closed before the ones that write, since the last one to be closed copies the log into the one file.
    readers: Mutex<Vec<(Connection, Option<Seen>)>>,
    /// Writes marks, which never wait for a whole batch of articles. That of a shared library is attached for each change.
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

    /// Creates the library that a repair fills, which need not survive a loss of power.
    pub(super) fn for_repair(path: &Path) -> Result<Store, Error> {
        Store::new(path, Lasting::Session, None)
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
            Err(error) if reading::is_worth_trying(&error) => {
                return Store::open_unwritable(path, Seen::look(path)?);
            }
            Err(error @ (Error::Full { .. } | Error::Refused { .. })) => {
                let seen = Seen::without_log(path)?;
                // A new library, or one of an older program, needs room before it can be read.
                return match Store::open_unwritable(path, seen) {
                    Ok(store) => Ok(Store { full: true, ..store }),
                    Err(_) => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        Ok(Store { lasting, folder: Mutex::new(folder), ..Store::on(path, None, connection) })
    }

    /// Opens a library that may not be written: every question is answered, every change is refused.
    fn open_unwritable(path: &Path, seen: Seen) -> Result<Store, Error> {
        let connection = reading::connect_as(path, &seen)?;
        schema::recognise(&connection, path).map_err(|error| error.at(path))?;
        let found = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        schema::current(found.map_err(|error| Error::from(error).at(path))?, path)?;
        // A connection for changes, all of which it refuses, without the files of a library that is written.
        let none = Connection::open_in_memory().map_err(|error| Error::from(error).at(path))?;
        Ok(Store { unwritable: true, ..Store::on(path, None, none) })
    }

    /// Opens the library at `path` for reading; what the person does with its articles is kept at `own`.
    pub fn open_shared(path: &Path, own: &Path) -> Result<Store, Error> {
        readable(path)?;
        let shared = Shared::new(own);
        let marker = shared.open()?;
        let store = Store::on(path, Some(shared), marker);
        store.marking(|db| marks::follow(db))?;
        Ok(store)
    }

    fn on(path: &Path, shared: Option<Shared>, marker: Connection) -> Store {
        Store {
            path: path.to_owned(),
            lasting: Lasting::Always,
            folder: Mutex::new(None),
            shared,
            unwritable: false,
            full: false,
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

    /// The file with the person's marks, if they are not in the library itself.
    pub(super) fn shared_state(&self) -> Option<&Path> {
        self.shared.as_ref().map(Shared::path)
    }

    /// Deletes the folder of a temporary library.
    pub(super) fn discard_folder(&self) {
        drop(lock(&self.folder).take());
    }

    /// Copies the log into the one file, as far as nobody reads from it.
    pub(super) fn checkpoint(&self) {
        if self.shared.is_some() {
            // With its last connection, SQLite removes the files beside the person's own.
            lock(&self.readers).clear();
            if let Ok(none) = Connection::open_in_memory() {
                *lock(&self.marker) = none;
            }
            return;
        }
        // Whoever opens the library next does what cannot be done now.
        _ = lock(&self.marker).query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }

    /// Answers a question within one state of the file.
    pub(super) fn question<T>(
        &self,
        cancel: &Cancel,
        ask: impl Fn(&Find<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        cancel.check()?;
        self.reading(|connection| {
            let transaction = connection.transaction()?;
            let mut find = Find::new(&transaction, &self.cache, cancel)?;
            if self.shared.is_none() && !self.unwritable {
                find.beside = Some(self);
            }
            ask(&find)
        })
    }

    /// Lends a connection that only reads. `ask` is called again if the library was changed under it.
    pub(super) fn reading<T>(&self, ask: impl Fn(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        if self.shared.is_some() || self.unwritable {
            return self.reading_as_found(ask);
        }
        let idle = lock(&self.readers).pop();
        let mut connection = match idle {
            Some((connection, _)) => connection,
            None => connect(&self.path, self.lasting, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let answer = ask(&mut connection);
        self.give_back_reader(connection, None);
        answer.map_err(|error| error.at(&self.path))
    }

    fn give_back_reader(&self, connection: Connection, seen: Option<Seen>) {
        let mut readers = lock(&self.readers);
        // In a shared library they are one fewer: there may be many such readers on a machine.
        if readers.len() < READERS - usize::from(self.shared.is_some()) {
            readers.push((connection, seen));
        }
    }

    /// The same for a library that this process only reads; see [`reading`].
    fn reading_as_found<T>(&self, ask: impl Fn(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        self.as_found(|seen| {
            let idle = {
                let mut readers = lock(&self.readers);
                readers.retain(|(_, then)| *then == Some(seen));
                readers.pop()
            };
            let mut connection = match (idle, &self.shared) {
                (Some((connection, _)), _) => connection,
                (None, Some(shared)) => shared.connect(&self.path, &seen)?,
                (None, None) => reading::connect_as(&self.path, &seen)?,
            };
            let answer = ask(&mut connection).map_err(|error| self.which(error));
            if seen.may_be_kept() && seen.holds(&self.path) {
                self.give_back_reader(connection, Some(seen));
            }
            answer
        })
    }

    /// Looks at the library and does something with it as it was found, again if it was changed meanwhile.
    fn as_found<T>(&self, mut act: impl FnMut(Seen) -> Result<T, Error>) -> Result<T, Error> {
        let mut last = None;
        for _ in 0..TRIES {
            let seen = if self.full { Seen::without_log(&self.path)? } else { Seen::look(&self.path)? };
            match act(seen) {
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                // The writer may have ended before its files were opened.
                Err(error) if !seen.may_be_kept() && reading::is_worth_trying(&error) => last = Some(error),
                done if seen.holds(&self.path) => return done,
                _ => last = None,
            }
        }
        Err(last.unwrap_or_else(|| Error::Unsettled { path: self.path.clone() }))
    }

    /// An error as one of the library or of the person's own file.
    fn which(&self, error: Error) -> Error {
        match (error.at(&self.path), &self.shared) {
            (error @ Error::Damaged { .. }, Some(shared)) if shared.is_damaged() => shared.faulty(error),
            (error, _) => error,
        }
    }

    /// Lends the connection that writes marks, which begins transactions of its own. `change` is called again if a
    /// library that this process only reads was changed under it.
    pub(super) fn marking<T>(
        &self,
        change: impl Fn(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.unwritable {
            return Err(self.refusal());
        }
        let Some(shared) = &self.shared else {
            return change(&mut lock(&self.marker)).map_err(|error| error.at(&self.path));
        };
        let mut own = lock(&self.marker);
        self.as_found(|seen| {
            let changed = shared.change(&mut own, (&self.path, seen), &change);
            changed.map_err(|error| match error.at(&self.path) {
                // Only the person's own file is written.
                error @ (Error::Full { .. }
                | Error::Refused { .. }
                | Error::ReadOnly { .. }
                | Error::Busy { .. }
                | Error::Locks { .. }) => shared.faulty(error),
                error => self.which(error),
            })
        })
    }

    /// Lends the connection that writes marks if the library may be written and nobody else is using the
    /// connection: for what can be done another time.
    pub(super) fn marking_now(&self, change: impl FnOnce(&Connection)) {
        if self.shared.is_some() || self.unwritable || self.lasting == Lasting::Session {
            return;
        }
        if let Ok(connection) = self.marker.try_lock() {
            change(&connection);
        }
    }

    /// Whether what is stored now is there for the next program.
    pub(super) fn lasts(&self) -> bool {
        !self.unwritable && self.lasting == Lasting::Always
    }

    /// Changes the file in one transaction.
    pub(super) fn changing<T>(&self, change: impl Fn(&Connection) -> Result<T, Error>) -> Result<T, Error> {
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
        let written = write(writer).map_err(|error: Error| error.at(&self.path));
        if let Err(Error::Repaired { .. }) = written {
            // What the writer knows is of the library before the repair.
            *adder = None;
            *lock(&self.packing) = None;
        }
        written
    }

    /// Takes the lock beside the library under which marks are exchanged with accounts; `None` while another program has
    /// it. Where the file system has no locks, nothing is locked.
    pub(super) fn lock_ledger(&self) -> Result<Option<Turn>, Error> {
        if self.unwritable || self.shared.is_some() {
            return Err(self.refusal());
        }
        let mut path = self.path.clone().into_os_string();
        path.push("-sync");
        let path = PathBuf::from(path);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|source| Error::Create { path, source })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Turn(Some(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(_)) => Ok(Some(Turn(None))),
        }
    }

    /// Why a library that may not be written is not changed.
    fn refusal(&self) -> Error {
        let path = self.path.clone();
        if self.full { Error::Full { path } } else { Error::ReadOnly { path } }
    }

    /// The one writer of this process, opened when it is first needed.
    fn writer<'a>(&self, adder: &'a mut Option<Writer>) -> Result<&'a mut Writer, Error> {
        if self.unwritable {
            return Err(self.refusal());
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

impl Beside for Store {
    fn ask(
        &self,
        cancel: &Cancel,
        work: &(dyn Fn(&Find<'_>) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        self.question(cancel, work)
    }
}

/// Connections that are kept for the next question, each with the pages that it has read.
const READERS: usize = 3;

/// How often something is tried while a library that is only read is changed by others.
const TRIES: u32 = 20;
