//! The library: every article with its analysis and what the person did with it.
//!
//! Articles and marks go in, rows, facets and articles come out, as the query language asks for
//! them. Safe to share between threads: questions are answered while articles are added. Must not
//! know what a screen is.

mod answer;
mod memory;

use crate::analysis::Analysis;
use crate::article::{Article, ArticleId};
use crate::listing::{Facet, FacetKind, Facets, Page, Window};
use chrono::NaiveDate;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use crate::listing::{Marked, Marking, QuoteRow, Stored};
pub use crate::query::{Query, Target};

/// A library. Clones are handles to the same one.
#[derive(Clone)]
pub struct Library {
    memory: Arc<memory::Memory>,
}

/// Why the library could not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question was given up by its [`Cancel`].
    #[error("could not finish: the question was given up")]
    Cancelled,
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

/// What became of the articles that were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub new: u64,
    /// There before, and changed since.
    pub updated: u64,
    /// There before, and the same.
    pub unchanged: u64,
}

impl Library {
    /// An empty library that lives as long as the program.
    pub fn in_memory() -> Library {
        Library { memory: Arc::new(memory::Memory::default()) }
    }

    /// Takes in articles with their analyses. One that is there already (the same guid or address,
    /// else the same file of one article, else the same text) is updated and keeps its id and marks.
    pub fn add(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        Ok(self.memory.add(batch))
    }

    /// The rows of one window of a result.
    pub fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        self.memory.page(query, window, cancel)
    }

    /// The most frequent names of a result, at most [`FACETS`] of each sort.
    pub fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        self.memory.facets(query, cancel)
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
        self.memory.names(kind, typed, query, limit, cancel)
    }

    /// How many articles of a result appeared on each day that has some; ascending.
    pub fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        self.memory.timeline(query, cancel)
    }

    /// Quotes of a result, newest article first; where the query asks about quotes, only those
    /// that match. At most `limit`.
    pub fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        self.memory.quotes(query, limit, cancel)
    }

    /// One article.
    pub fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        Ok(self.memory.load(id))
    }

    /// Makes a change, which [`Library::undo`] takes back.
    pub fn mark(&self, target: &Target, marking: Marking) -> Result<Marked, Error> {
        self.memory.mark(target, marking)
    }

    /// Takes back the last change; `None` where there is none.
    pub fn undo(&self) -> Result<Option<Marked>, Error> {
        Ok(self.memory.undo())
    }

    /// Makes the change again that was last taken back; `None` where there is none.
    pub fn redo(&self) -> Result<Option<Marked>, Error> {
        Ok(self.memory.redo())
    }

    /// Remembers where reading stopped, as a byte of the body.
    pub fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        self.memory.keep_position(id, position);
        Ok(())
    }

    /// Differs whenever the library has changed since it was last asked.
    pub fn version(&self) -> u64 {
        self.memory.version()
    }
}

/// How many names of one sort [`Library::facets`] gives at most.
pub const FACETS: usize = 200;

#[cfg(test)]
mod tests;
