//! Rows that are names with the number of articles that mention them. Opening one requires the name.

use super::{Column, Opens, Shape, Tone, Width, articles};
use crate::formats::plain_source;
use crate::listing::{Facet, FacetKind};
use crate::query::Query;

/// Names of one kind, the most frequent first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    pub kind: FacetKind,
    pub names: Vec<Facet>,
    /// How many names the result has.
    pub total: u64,
}

impl Shape for Names {
    fn count(&self) -> usize {
        self.names.len()
    }

    fn total(&self) -> Option<u64> {
        Some(self.total)
    }

    fn columns(&self, at: usize) -> Vec<Column<'_>> {
        self.names.get(at).map_or_else(Vec::new, columns)
    }

    fn words(&self, at: usize) -> Option<String> {
        self.names.get(at).map(words)
    }

    fn opens(&self, at: usize, query: &Query) -> Opens {
        match self.name(at) {
            Some((kind, value)) => Opens::Articles(query.ask_about(kind, value)),
            None => Opens::Nothing,
        }
    }

    fn name(&self, at: usize) -> Option<(FacetKind, &str)> {
        Some((self.kind, &self.names.get(at)?.value))
    }
}

/// What a name shows, here and in the pane of names.
pub fn columns(name: &Facet) -> Vec<Column<'_>> {
    vec![
        Column::Text { text: plain_source(&name.name).into(), width: Width::Rest, tone: Tone::Name },
        Column::Count { count: name.count, width: None },
    ]
}

/// What a name says in words.
pub fn words(name: &Facet) -> String {
    format!("{}, {}", name.name, articles(name.count))
}
