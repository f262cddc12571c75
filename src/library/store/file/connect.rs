//! Opening connections to the file of a library, and creating the file.

use super::schema;
use crate::library::Error;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whether changes must survive a loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    Always,
    /// The library is deleted with the program anyway.
    Session,
}

pub fn connect(path: &Path, lasting: Lasting, access: OpenFlags) -> Result<Connection, Error> {
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

/// Creates the file if there is none, so that SQLite finds it with permissions for its owner alone, which the files
/// beside it (`-wal`, `-shm`) then get as well.
pub fn make_private(path: &Path) -> Result<(), Error> {
    if path.exists() {
        return readable(path);
    }
    let fail = |source: std::io::Error| Error::Create { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(fail)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(fail).map(drop)
}

/// Checks that there is a file at `path` that may be read: SQLite reports the same error for a folder and for a file
/// that may not be read.
pub fn readable(path: &Path) -> Result<(), Error> {
    let found = std::fs::metadata(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    if found.is_dir() {
        return Err(Error::Folder { path: path.to_owned() });
    }
    // Opening a pipe would wait for somebody who writes to it.
    if !found.is_file() {
        return Err(Error::NotAFile { path: path.to_owned() });
    }
    let opened = std::fs::File::open(path);
    opened.map(drop).map_err(|source| Error::Read { path: path.to_owned(), source })
}

/// Locks a mutex whose contents are valid even after a panic of the thread that held it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
