//! The library: every article with its analysis and what the person did with it.
//!
//! Articles and marks go in, rows, facets and articles come out, as the query language asks for
//! them. Safe to share between threads: questions are answered while articles are added. Must not
//! know what a screen is.

mod answer;
mod blocks;
mod codec;
mod gather;
mod identity;
#[cfg(test)]
mod memory;
mod people;
mod segment;
mod sets;
pub mod sources;
mod store;
mod temporary;

use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::formats::State;
use crate::listing::{Facet, FacetKind, Facets, Page, TextOf, Window};
use chrono::NaiveDate;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use store::repair::{Health, Saved, check, repair};

pub use crate::listing::{Marked, Marking, QuoteRow, Stored};
pub use crate::query::{Query, Target};

/// A library. Clones are handles to the same one.
#[derive(Clone)]
pub struct Library(Arc<store::Store>);

/// Why the library could not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question was given up by its [`Cancel`].
    #[error("could not finish: the question was given up")]
    Cancelled,
    #[error("could not make the library {path}: {source}")]
    Make { path: PathBuf, source: std::io::Error },
    #[error(
        "could not make a library for these files: {source}; \
         name a folder that can be written in TMPDIR"
    )]
    Temporary { source: std::io::Error },
    #[error("could not read the library {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("could not write a new library to {path}: there is a file already; name another")]
    There { path: PathBuf },
    #[error(
        "could not use the library {path}: files cannot be locked in its folder; \
         put it on a local disk with --library"
    )]
    Locks { path: PathBuf },
    #[error(
        "could not open the library {path}: it is of version {found}, this program knows {known}; \
         use a newer dateline"
    )]
    Newer { path: PathBuf, found: i32, known: i32 },
    #[error(
        "could not open the library {path}: it is of version {found} and may not be written, so it cannot become \
         version {known}; open it once where it may be"
    )]
    Older { path: PathBuf, found: i32, known: i32 },
    #[error(
        "could not open the library {path}: it is a folder; name a file, in it or elsewhere, with --library"
    )]
    Folder { path: PathBuf },
    #[error("could not open the library {path}: it is another program's database; name another file")]
    Foreign { path: PathBuf },
    #[error("could not read the library {path}: it is damaged; `dateline doctor --repair` saves what it can")]
    Damaged { path: PathBuf },
    #[error(
        "could not read the library {path}: it is no library, or its beginning is damaged; name another with \
         --library, or save what can be read with `dateline doctor --repair`"
    )]
    NoDatabase { path: PathBuf },
    #[error(
        "could not save anything of {path}: no article in it can be read; \
         take a copy of it, or begin another library with --library"
    )]
    Lost { path: PathBuf },
    #[error("could not write the library {path}: the disk is full; make room and do it again")]
    Full { path: PathBuf },
    #[error(
        "could not write the library {path}: the disk or a limit on it refuses more; \
         make room or see to the disk, and do it again"
    )]
    Refused { path: PathBuf },
    // The reason first: in the reader there are 80 cells for it.
    #[error(
        "could not change the library: it may not be written; see to its rights and its folder's, or name \
         another with --library ({path})"
    )]
    ReadOnly { path: PathBuf },
    #[error(
        "could not use the library {path}: another program holds it, or its folder's file system \
         cannot lock; try again when that is done, or put it on a local disk with --library"
    )]
    Busy { path: PathBuf },
    #[error("could not use the library {path}: {source}")]
    Storage { path: PathBuf, source: rusqlite::Error },
}

impl Error {
    /// The same error, told of the library at `path`.
    fn at(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Error::Storage { source, .. } if locks_fail(&source) => Error::Locks { path },
            Error::Storage { source, .. } if disk_refuses(&source) => Error::Refused { path },
            // A row that other rows speak of is gone.
            Error::Storage { source: rusqlite::Error::QueryReturnedNoRows, .. } => Error::Damaged { path },
            Error::Storage { source, .. } => match source.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt) => Error::Damaged { path },
                Some(ErrorCode::NotADatabase) => Error::NoDatabase { path },
                Some(ErrorCode::DiskFull) => Error::Full { path },
                Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Error::ReadOnly { path },
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { path },
                _ => Error::Storage { path, source },
            },
            Error::Damaged { .. } => Error::Damaged { path },
            other => other,
        }
    }
}

/// Whether the file system refused a lock or the memory that SQLite shares between processes.
fn locks_fail(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    let code = error.sqlite_error().map(|error| error.extended_code);
    let refused = [
        ffi::SQLITE_PROTOCOL,
        ffi::SQLITE_IOERR_LOCK,
        ffi::SQLITE_IOERR_RDLOCK,
        ffi::SQLITE_IOERR_UNLOCK,
        ffi::SQLITE_IOERR_SHMOPEN,
        ffi::SQLITE_IOERR_SHMLOCK,
        ffi::SQLITE_IOERR_SHMMAP,
    ];
    code.is_some_and(|code| refused.contains(&code))
}

/// Whether the disk took no more: a quota, a limit on the length of files, a fault.
fn disk_refuses(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    let code = error.sqlite_error().map(|error| error.extended_code);
    let refused = [
        ffi::SQLITE_IOERR_WRITE,
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_DIR_FSYNC,
        ffi::SQLITE_IOERR_TRUNCATE,
        // The memory that processes share lies in a file beside the library.
        ffi::SQLITE_IOERR_SHMSIZE,
    ];
    code.is_some_and(|code| refused.contains(&code))
}

impl From<rusqlite::Error> for Error {
    /// Without its path, which [`Error::at`] puts in.
    fn from(source: rusqlite::Error) -> Error {
        Error::Storage { path: PathBuf::new(), source }
    }
}

/// Tells a running question that nobody waits for its answer any more. Clones are one token.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn new() -> Cancel {
        Cancel::default()
    }

    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// `Err` once the token is cancelled; to be called now and then in long work.
    pub fn check(&self) -> Result<(), Error> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(Error::Cancelled),
            false => Ok(()),
        }
    }
}

/// A folder that a library follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedFolder {
    /// Absolute.
    pub path: PathBuf,
    /// As the person named it: articles carry paths that begin so.
    pub named: PathBuf,
}

/// What became of the articles that were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub new: u64,
    /// There before, and changed since.
    pub updated: u64,
    /// There before, and the same.
    pub unchanged: u64,
}

/// What an article is recognised by when it comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognition(identity::Hash);

impl Recognition {
    pub fn of(article: &Article) -> Recognition {
        Recognition(identity::Identity::of(article).hash())
    }
}

impl Library {
    /// The library in the file at `path`, which is made where there is none. Several processes may
    /// have it open at once.
    pub fn open(path: &Path) -> Result<Library, Error> {
        Ok(Library(Arc::new(store::Store::open(path)?)))
    }

    /// An empty library for as long as the program runs, in a file that nobody else finds and that is
    /// gone with the last handle: for what is read beside the person's library.
    pub fn temporary() -> Result<Library, Error> {
        Ok(Library(Arc::new(store::Store::temporary(temporary::Folder::make()?)?)))
    }

    /// Puts what was changed last into the one file, so that a copy of it is whole.
    pub fn flush(&self) {
        self.0.flush();
    }

    /// Takes what a temporary library has on the disk away, whoever holds it still; leaves any other alone.
    pub fn discard(&self) {
        self.0.discard();
    }

    /// The library in the file at `path`, for reading; marks and positions are kept in the file at `own`,
    /// which is made where there is none.
    pub fn open_shared(path: &Path, own: &Path) -> Result<Library, Error> {
        Ok(Library(Arc::new(store::Store::open_shared(path, own)?)))
    }

    /// Takes in articles with their analyses. One that is there already (the same guid or address,
    /// else the same file of one article, else the same text) is updated and keeps its id and marks.
    pub fn add(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.0.add(batch)
    }

    /// Puts the index together after many articles have come in: questions ask fewer pieces, and it is shorter.
    pub fn settle(&self) -> Result<(), Error> {
        self.0.settle()
    }

    /// Counts the facets of all articles and keeps them, so that the next reader has them at once. Where that cannot
    /// be done, the reader counts.
    pub fn count_ahead(&self) {
        self.0.count_ahead();
    }

    /// For each article whether it is there as it is, analysed by this engine: `add` would leave it.
    pub fn unchanged(&self, articles: &[Article]) -> Result<Vec<bool>, Error> {
        self.0.unchanged(articles)
    }

    /// Like [`Library::add`], but also where the texts are the same: their analyses are others.
    pub fn renew(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.0.renew(batch)
    }

    /// The article with that of its two texts which is not shown, and whose it is; `None` where it has one.
    pub fn other_text(&self, id: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
        self.0.other_text(id)
    }

    /// Shows `article`, which is in the library with another text, with the text that it has here: its
    /// source's or its page's. What was shown is kept beside it, and what its source brings from now on
    /// changes the source's text alone.
    pub fn show_text(&self, text: TextOf, article: Article, analysis: Analysis) -> Result<(), Error> {
        self.0.show_text(text, article, analysis)
    }

    /// The rows of one window of a result.
    pub fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        self.0.page(query, window, cancel)
    }

    /// The most frequent names of a result, at most [`FACETS`] of each sort.
    pub fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        self.0.facets(query, cancel)
    }

    /// The names of one sort in a result that fit what is `typed` so far: every word of it begins
    /// a word of one of the thing's names. Most frequent first; at most `limit`.
    pub fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        self.0.names(kind, typed, query, limit, cancel)
    }

    /// How many articles of a result appeared on each day that has some; ascending.
    pub fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        self.0.timeline(query, cancel)
    }

    /// Quotes of a result, newest article first; where the query asks about quotes, only those
    /// that match. At most `limit`.
    pub fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        self.0.quotes(query, limit, cancel)
    }

    /// How many unread rows each of these queries has now.
    pub fn unread(&self, queries: &[Query], cancel: &Cancel) -> Result<Vec<u64>, Error> {
        self.0.unread(queries, cancel)
    }

    /// What the reader kept with [`Library::keep_state`], if it did.
    pub fn state(&self) -> Result<Option<String>, Error> {
        self.0.state()
    }

    /// Keeps a text for the next reader.
    pub fn keep_state(&self, state: &str) -> Result<(), Error> {
        self.0.keep_state(state)
    }

    /// The text of the file of names under which the articles here were analysed, as far as that is known.
    pub fn names_text(&self) -> Result<Option<String>, Error> {
        self.0.names_text()
    }

    /// Remembers the text of the file of names under which all articles here have been analysed.
    pub fn keep_names_text(&self, text: &str) -> Result<(), Error> {
        self.0.keep_names_text(text)
    }

    /// All articles of a result by date, newest first, copies included: for commands that walk them.
    pub fn ids(&self, query: &Query, cancel: &Cancel) -> Result<Vec<ArticleId>, Error> {
        self.0.ids(query, cancel)
    }

    /// The id of an article that was added, by what it is recognised by when it comes again.
    pub fn find(&self, article: &Article) -> Result<Option<ArticleId>, Error> {
        self.0.find(identity::Identity::of(article).hash())
    }

    /// One article.
    pub fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        self.0.load(id)
    }

    /// Makes a change, which [`Library::undo`] takes back.
    pub fn mark(&self, target: &Target, marking: Marking) -> Result<Marked, Error> {
        self.0.mark(target, marking)
    }

    /// Makes marks again that an export tells of; takes none away. Not a change that can be undone.
    pub fn restore(&self, states: Vec<(Recognition, State)>) -> Result<(), Error> {
        self.0.restore(states)
    }

    /// Takes back the last change; `None` where there is none.
    pub fn undo(&self) -> Result<Option<Marked>, Error> {
        self.0.step(store::Step::Undo)
    }

    /// Makes the change again that was last taken back; `None` where there is none.
    pub fn redo(&self) -> Result<Option<Marked>, Error> {
        self.0.step(store::Step::Redo)
    }

    /// Remembers where reading stopped, as a byte of the body.
    pub fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        self.0.keep_position(id, position)
    }

    /// Follows a folder: files that come, change or go in it do so in the library, while a reader is open.
    pub fn follow_folder(&self, folder: &FollowedFolder) -> Result<(), Error> {
        self.0.follow_folder(folder)
    }

    /// The folders that it follows.
    pub fn folders(&self) -> Result<Vec<FollowedFolder>, Error> {
        self.0.folders()
    }

    /// Takes out the articles of files that are gone, but for those with a star or a tag; how many.
    pub fn remove_files(&self, gone: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
        self.0.remove_files(gone)
    }

    /// Takes out what was in the files of `read`, which is all that is in them now, and is there no more;
    /// but for what has a star or a tag. How many.
    pub fn remove_others(&self, read: &[Article]) -> Result<u64, Error> {
        self.0.remove_others(read)
    }

    /// Differs whenever the library has changed since it was last asked.
    pub fn version(&self) -> u64 {
        self.0.version()
    }
}

/// How many names of one sort [`Library::facets`] gives at most.
pub const FACETS: usize = 200;

#[cfg(test)]
mod tests;
