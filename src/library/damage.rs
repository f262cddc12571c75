//! What a library met that is damaged while it answered questions: it passes over it and goes on.

use crate::article::ArticleId;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// What was passed over since the library was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// The articles that could not be read.
    pub articles: BTreeSet<ArticleId>,
    /// Whether something else could not be read: a part of the index, a name, a mark.
    pub other: bool,
}

impl Damage {
    pub fn is_none(&self) -> bool {
        self.articles.is_empty() && !self.other
    }
}

/// What a row says in place of the title of an article that cannot be read.
pub const DAMAGED_ROW: &str = "damaged: run 'dateline doctor'";

/// Collects what is passed over, from all threads.
#[derive(Debug, Default)]
pub struct Damages(Mutex<Damage>);

impl Damages {
    /// Remembers that an article could not be read, or, with `None`, something else.
    pub fn note(&self, article: Option<ArticleId>) {
        let mut damage = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match article {
            Some(id) => _ = damage.articles.insert(id),
            None => damage.other = true,
        }
    }

    /// Forgets what was damaged before the library was repaired.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Damage::default();
    }

    pub fn so_far(&self) -> Damage {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
