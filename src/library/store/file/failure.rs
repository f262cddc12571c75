//! SQLite's errors as errors of a library: which of its codes means what to the person.

use crate::fault::{details, reason};
use crate::library::Error;
use rusqlite::{ErrorCode, ffi};
use std::path::{Path, PathBuf};

impl From<rusqlite::Error> for Error {
    /// An error without the path of the library, which [`Error::at`] fills in.
    fn from(source: rusqlite::Error) -> Error {
        Error::Storage { path: PathBuf::new(), source: Box::new(source) }
    }
}

impl Error {
    /// The same error as one of the library at `path`; SQLite's codes become what they mean there.
    pub(in crate::library) fn at(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Error::Damaged { .. } => Error::Damaged { path },
            Error::Repaired { .. } => Error::Repaired { path },
            Error::Busy { .. } => Error::Busy { path },
            Error::Storage { source, .. } => match source.downcast::<rusqlite::Error>() {
                Ok(source) => meaning(*source, path),
                Err(source) => Error::Storage { path, source },
            },
            other => other,
        }
    }

    /// Whether the error says that a part of the library is damaged, so that other parts may still be read.
    pub fn is_damage(&self) -> bool {
        match self {
            Error::Damaged { .. } => true,
            Error::Storage { source, .. } => source.downcast_ref().is_some_and(damages),
            _ => false,
        }
    }

    /// SQLite's code, where the error is one of SQLite's that has no meaning of its own.
    pub(in crate::library) fn code(&self) -> Option<ErrorCode> {
        let Error::Storage { source, .. } = self else { return None };
        source.downcast_ref::<rusqlite::Error>()?.sqlite_error_code()
    }
}

/// What an error of a back end means, in plain words; the back end's own words only if it is of no kind that is known here.
pub(in crate::library) fn words(source: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    if let Some(error) = source.downcast_ref::<std::io::Error>() {
        return reason(error);
    }
    let Some(error) = source.downcast_ref::<rusqlite::Error>() else { return source.to_string() };
    let known = match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => "it cannot be opened; check the rights of the file and of its folder",
        Some(ErrorCode::SystemIoFailure) => "the disk reports a fault; check it, and keep a copy of the file",
        Some(ErrorCode::OutOfMemory) => "there is not enough memory; close other programs and try again",
        Some(ErrorCode::TooBig) => "an article is too large for it",
        Some(ErrorCode::NoLargeFileSupport) => {
            "the disk does not take files of this size; put it on another disk"
        }
        Some(ErrorCode::OperationInterrupted | ErrorCode::OperationAborted) => {
            "the work was interrupted; try again"
        }
        Some(ErrorCode::FileLockingProtocolFailed) => {
            "it cannot be locked; put it on a local disk with --library"
        }
        _ => return format!("{}; 'dateline doctor' examines it", details(&error.to_string())),
    };
    known.to_owned()
}

/// Whether an error of SQLite says that the file is damaged, or that the disk cannot read it any more.
fn damages(source: &rusqlite::Error) -> bool {
    let extended = source.sqlite_error().map(|error| error.extended_code);
    let strange = match source {
        // A statement that fits every library does not fit the tables of this one.
        rusqlite::Error::SqlInputError { .. } => true,
        // The header gives a form of the file that no program writes.
        rusqlite::Error::SqliteFailure(_, Some(what)) => what == "unsupported file format",
        _ => false,
    };
    strange
        || source.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
        || extended.is_some_and(|code| DISK_FAILS.contains(&code))
        || is_strange(source)
}

fn is_strange(source: &rusqlite::Error) -> bool {
    matches!(
        source,
        // A row that other rows refer to is missing.
        rusqlite::Error::QueryReturnedNoRows
            // A cell does not hold what its column always holds: text that is not UTF-8, another type, a number out of range.
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
    )
}

fn meaning(source: rusqlite::Error, path: PathBuf) -> Error {
    if damages(&source) {
        return Error::Damaged { path };
    }
    let extended = source.sqlite_error().map(|error| error.extended_code);
    if extended.is_some_and(|code| LOCKS_FAIL.contains(&code)) {
        return Error::Locks { path };
    }
    if extended.is_some_and(|code| DISK_REFUSES.contains(&code)) {
        return Error::Refused { path };
    }
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::NotALibrary { path },
        Some(ErrorCode::DiskFull) => Error::Full { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Error::ReadOnly { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { path },
        _ => Error::Storage { path, source: Box::new(source) },
    }
}

/// The file system refused a lock, or the memory that SQLite shares between processes.
const LOCKS_FAIL: [i32; 7] = [
    ffi::SQLITE_PROTOCOL,
    ffi::SQLITE_IOERR_LOCK,
    ffi::SQLITE_IOERR_RDLOCK,
    ffi::SQLITE_IOERR_UNLOCK,
    ffi::SQLITE_IOERR_SHMOPEN,
    ffi::SQLITE_IOERR_SHMLOCK,
    ffi::SQLITE_IOERR_SHMMAP,
];

/// The disk does not return what was written.
const DISK_FAILS: [i32; 4] = [
    ffi::SQLITE_IOERR_READ,
    ffi::SQLITE_IOERR_SHORT_READ,
    ffi::SQLITE_IOERR_DATA,
    ffi::SQLITE_IOERR_CORRUPTFS,
];

/// The disk takes no more data: because of a quota, a limit on the length of files or a fault.
const DISK_REFUSES: [i32; 5] = [
    ffi::SQLITE_IOERR_WRITE,
    ffi::SQLITE_IOERR_FSYNC,
    ffi::SQLITE_IOERR_DIR_FSYNC,
    ffi::SQLITE_IOERR_TRUNCATE,
    // The memory that processes share is a file beside the library.
    ffi::SQLITE_IOERR_SHMSIZE,
];
