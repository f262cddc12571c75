//! The library: every article with its analysis and what the person did with it.
//!
//! Articles and marks go in; rows, facets and articles come out, as the query language asks for them.
//! [`Backend`] is what can be asked of a library; a [`Library`] is a handle to one. Safe to share between
//! threads: questions are answered while articles are added. Must not analyse a text, and must not know
//! what a screen is.

mod answer;
mod backend;
mod by_reading;
mod cancel;
mod damage;
mod error;
mod identity;
pub mod ledger;
#[cfg(test)]
mod memory;
mod remote;
mod same;
pub mod sources;
pub mod store;
mod utterances;

use crate::fetch::Fetcher;
use crate::fetch::origin::Secrets;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use backend::Backend;
pub use cancel::Cancel;
pub use damage::{DAMAGED_ROW, Damage};
pub use error::Error;
pub use identity::Recognition;
pub use remote::{Reading, is_address, shown_address};
pub use store::discard_temporary;
pub use store::doctor::check;
pub use store::repair::{Saved, repair, sweep as sweep_repair};

pub use crate::listing::{ChangeId, Marked, Marking, QuoteRow, Stored};
pub use crate::query::Target;
pub use backend::{Step, Turn};

/// A handle to a library, whatever holds it; clones are handles to the same one. It derefs to the
/// [`Backend`], which says what can be asked of it.
#[derive(Clone)]
pub struct Library(Arc<dyn Backend>);

impl Library {
    /// The library in the file at `path`, which is created if there is none. Several processes may have it
    /// open at once.
    pub fn open(path: &Path) -> Result<Library, Error> {
        Ok(Library(Arc::new(store::Store::open(path)?)))
    }

    /// An empty library that exists as long as the program runs, in a file that no other program finds, and
    /// that is deleted with the last handle: for what is read beside the person's library.
    pub fn temporary() -> Result<Library, Error> {
        Ok(Library(Arc::new(store::Store::temporary()?)))
    }

    /// The archive on a search server at `address` (`https://HOST:9200/INDEX`): one that dateline has made, or an index of
    /// other hands, which is read as `reading` says. A person's marks are kept in the file at `own`, which is created if
    /// there is none.
    pub fn open_remote(
        address: &str,
        fetcher: &Fetcher,
        secrets: Option<Secrets>,
        own: &Path,
        reading: Reading,
    ) -> Result<Library, Error> {
        remote::open(address, fetcher, secrets, own, reading).map(Library)
    }

    /// The archive at `address`, to be filled; it is made if there is none.
    pub fn fill_remote(address: &str, fetcher: &Fetcher, secrets: Option<Secrets>) -> Result<Library, Error> {
        Ok(Library(Arc::new(remote::Remote::open_to_fill(address, fetcher, secrets)?)))
    }

    /// The library in the file at `path`, read-only; marks and positions are kept in the file at `own`, which
    /// is created if there is none.
    pub fn open_shared(path: &Path, own: &Path) -> Result<Library, Error> {
        Ok(Library(Arc::new(store::Store::open_shared(path, own)?)))
    }
}

impl Deref for Library {
    type Target = dyn Backend;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// A folder that a library follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedFolder {
    /// Absolute.
    pub path: PathBuf,
    /// As the person named it: the paths of its articles begin with this.
    pub named: PathBuf,
}

/// What became of the articles that were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub new: u64,
    /// These were here before, and have changed.
    pub updated: u64,
    /// These were here before, and are the same.
    pub unchanged: u64,
}

/// How many names of one kind [`Backend::facets`] returns at most.
pub const FACETS: usize = 200;

#[cfg(test)]
mod tests;
