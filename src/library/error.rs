//! Why a library could not do what it was asked, in words that say what to do next.
//!
//! Knows no back end: the cause that one of them reports is boxed.

use crate::fault::reason;
use crate::listing::board::BoardFault;
use std::path::PathBuf;

/// Why a library could not do what it was asked. `path` is where the library is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller gave the question up with its [`Cancel`](super::Cancel).
    #[error("could not finish: the question was cancelled")]
    Cancelled,
    #[error("could not create the library {path}: {}; --library names another place", reason(source))]
    Create { path: PathBuf, source: std::io::Error },
    #[error(
        "could not create a library for these files: {}; \
         set TMPDIR to a folder that you may write to",
        reason(source)
    )]
    Temporary { source: std::io::Error },
    #[error("could not read the library {path}: {}", reason(source))]
    Read { path: PathBuf, source: std::io::Error },
    #[error("could not repair the library {path}: another program changed it meanwhile; try again")]
    Changed { path: PathBuf },
    #[error("could not finish: the library {path} was repaired meanwhile; try again")]
    Repaired { path: PathBuf },
    #[error(
        "could not repair the library {path}: the new library is not sound ({fault}); nothing was changed"
    )]
    Unrepaired { path: PathBuf, fault: String },
    #[error(
        "could not use the library {path}: files in its folder cannot be locked; \
         put it on a local disk with --library"
    )]
    Locks { path: PathBuf },
    #[error(
        "could not open the library {path}: it has version {found}, and this program knows version {known}; \
         use a newer dateline"
    )]
    Newer { path: PathBuf, found: i32, known: i32 },
    #[error(
        "could not open the library {path}: it has version {found} and must become version {known}, \
         but it is read-only; open it once where it can be written"
    )]
    Older { path: PathBuf, found: i32, known: i32 },
    #[error(
        "could not read the library {path}: its last changes are in a file beside it that no program finished \
         ({path}-wal); open it once where it can be written"
    )]
    Unfinished { path: PathBuf },
    #[error("could not read the library {path}: another program changes it all the time; try again later")]
    Unsettled { path: PathBuf },
    /// The file in which a person's marks are kept, of a library that many people read.
    #[error("could not use the state file {path}: {fault}")]
    State { path: PathBuf, fault: StateFault },
    #[error("could not open the library {path}: it is a folder; name a file with --library")]
    Folder { path: PathBuf },
    #[error("could not open the library {path}: it is a pipe or a device; name a file with --library")]
    NotAFile { path: PathBuf },
    #[error("could not open the library {path}: it is another program's database; name another file")]
    Foreign { path: PathBuf },
    #[error("could not read the library {path}: it is damaged; `dateline doctor --repair` saves what it can")]
    Damaged { path: PathBuf },
    #[error(
        "could not read the library {path}: it is not a library, or its beginning is damaged; name another with \
         --library, or save what can be read with `dateline doctor --repair`"
    )]
    NotALibrary { path: PathBuf },
    #[error(
        "could not save anything from {path}: no article in it can be read; \
         keep a copy of it, or start another library with --library"
    )]
    Lost { path: PathBuf },
    // The reason comes first: the status line of the reader has 80 cells for the message.
    #[error("could not store the change: the disk is full; free some space and try again ({path})")]
    Full { path: PathBuf },
    #[error(
        "could not store the change: the disk or a limit on it takes no more; free some space or check the disk, and \
         try again ({path})"
    )]
    Refused { path: PathBuf },
    // The reason comes first: the status line of the reader has 80 cells for the message.
    #[error(
        "could not change the library: it is read-only; check the permissions of the file and its folder, or name \
         another with --library ({path})"
    )]
    ReadOnly { path: PathBuf },
    #[error(
        "could not use the library: it is locked by another dateline or another program; try again when that has ended \
         ({path}; on a network disk, where locks may not work, name a local file with --library)"
    )]
    Busy { path: PathBuf },
    #[error("could not change the board '{board}': {fault}")]
    Board { board: String, fault: BoardFault },
    #[error(
        "could not exchange marks with an account: only your own library can have accounts; leave out --library"
    )]
    NoAccounts,
    /// A search server. Its address is shown without a login.
    #[error("could not use the archive: {reason} ({address})")]
    Server { address: String, reason: String },
    /// Anything else that a back end reports, in its own words.
    #[error("could not use the library {path}: {}", super::store::words(source.as_ref()))]
    Storage { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
}

/// What is wrong with a state file, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StateFault {
    #[error("it is damaged; move it away, or name another with --state")]
    Damaged,
    #[error("it is not a state file; name another with --state")]
    Foreign,
    #[error("it holds more than a person's marks; move it away, or name another with --state")]
    Large,
    #[error("it has {0} tags, which is the most; remove one from all its articles first")]
    Tags(usize),
    #[error("it is a folder; name a file with --state")]
    Folder,
    #[error("it is a pipe or a device; name a file with --state")]
    NoFile,
    #[error("it may not be written; check the permissions of the file and its folder")]
    ReadOnly,
    #[error("the disk is full; free some space and try again")]
    Full,
    #[error("another program is using it; try again later")]
    Busy,
    #[error("{}", super::store::words(.0.as_ref()))]
    Other(Box<dyn std::error::Error + Send + Sync>),
}
