//! How many unread articles saved searches have: counted behind the screen, after each mark anew.

use super::find::{Cache, Find};
use super::marks;
use super::meta::Version;
use crate::library::Error;
use crate::query::{Filter, Mark, Query, Term};
use roaring::RoaringBitmap;
use std::sync::{Arc, PoisonError};

/// Results that are kept so that a mark costs no more than a difference of sets: some 100 KB each at a
/// million articles, most far less.
const KEPT: usize = 32;

/// A filter, when it was asked, and its result.
pub type Standing = (Filter, Version, Arc<RoaringBitmap>);

impl Find<'_> {
    /// See `Library::unread`.
    pub fn unread(&self, queries: &[Query]) -> Result<Vec<u64>, Error> {
        let read = marks::load(self.db, marks::READ)?;
        let mut counts = Vec::with_capacity(queries.len());
        for query in queries {
            self.cancel.check()?;
            let found = self.standing(&without_unread(&query.filter))?;
            let unread = Arc::new(&*found - &read);
            let query = query.with(Term::Is(Mark::Unread).into());
            counts.push(self.fold_once(&query, &unread)?.len());
        }
        self.forget_standing(KEPT.max(queries.len()));
        Ok(counts)
    }

    /// The result of a filter, kept until the articles change, or the marks where it asks for them.
    fn standing(&self, filter: &Filter) -> Result<Arc<RoaringBitmap>, Error> {
        let holds = |version: &Version| self.is_now(*version, filter);
        let kept = self.standing_cache(|standing| {
            standing
                .iter()
                .find(|(kept, version, _)| kept == filter && holds(version))
                .map(|(.., set)| set.clone())
        });
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let set = Arc::new(self.exact_once(filter)?);
        self.standing_cache(|standing| {
            standing.retain(|(kept, ..)| kept != filter);
            standing.push_back((filter.clone(), self.version(), set.clone()));
        });
        Ok(set)
    }

    fn forget_standing(&self, most: usize) {
        self.standing_cache(|standing| {
            while standing.len() > most {
                standing.pop_front();
            }
        });
    }
}

impl Cache {
    pub fn with_standing<T>(&self, change: impl FnOnce(&mut std::collections::VecDeque<Standing>) -> T) -> T {
        change(&mut self.standing.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Only unread articles are counted: asking for them once more would tie the result to the marks.
fn without_unread(filter: &Filter) -> Filter {
    let unread = Filter::from(Term::Is(Mark::Unread));
    match filter {
        Filter::All(members) => Filter::all(members.iter().filter(|member| **member != unread).cloned()),
        other if *other == unread => Filter::everything(),
        other => other.clone(),
    }
}
