//! How many unread articles saved searches have; they are counted in the background, again after each mark.

use super::find::Find;
use crate::library::Error;
use crate::library::store::file::marks;
use crate::query::{Filter, Mark, Query, Term};
use roaring::RoaringBitmap;
use std::sync::Arc;

/// How many results are kept, so that a mark costs no more than a difference of sets: some 100 KB each at a
/// million articles, most of them far less.
const KEPT: usize = 32;

impl Find<'_> {
    /// How many unread rows the result of each query has.
    pub fn unread(&self, queries: &[Query]) -> Result<Vec<u64>, Error> {
        let read = self.marked(marks::READ)?;
        let mut counts = Vec::with_capacity(queries.len());
        for query in queries {
            self.cancel.check()?;
            let found = self.search(&without_unread(&query.filter))?;
            let unread = Arc::new(&*found - &read);
            let query = query.with(Term::Is(Mark::Unread).into());
            counts.push(self.fold_once(&query, &unread)?.len());
        }
        self.cache.forget_searches(KEPT.max(queries.len()));
        Ok(counts)
    }

    /// The result of a filter, kept until the articles change, or the marks where it asks for them.
    fn search(&self, filter: &Filter) -> Result<Arc<RoaringBitmap>, Error> {
        if let Some(kept) = self.cache.search(filter, self.version()) {
            return Ok(kept);
        }
        let set = Arc::new(self.exact_once(filter)?);
        self.cache.keep_search(filter, self.version(), &set);
        Ok(set)
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
