//! What the list pane lists in place of articles: people, countries, quotes, days.

use super::scroll::Scroll;
use crate::listing::{Facet, FacetKind, QuoteRow};
use chrono::NaiveDate;

/// Rows of a view asked for at most.
pub const LIMIT: usize = 1000;

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listed {
    #[default]
    Articles,
    Names(FacetKind),
    Quotes,
    Days,
}

/// The rows of a view other than the articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    Names(Vec<Facet>),
    Quotes(Vec<QuoteRow>),
    /// Newest first.
    Days(Vec<(NaiveDate, u64)>),
}

/// What the list pane lists, with the rows of a view and its cursor.
#[derive(Clone, Debug)]
pub struct View {
    pub listed: Listed,
    /// Not used while articles are listed: the list has those.
    pub rows: Rows,
    pub scroll: Scroll,
}

impl Default for View {
    fn default() -> View {
        View { listed: Listed::Articles, rows: Rows::Names(Vec::new()), scroll: Scroll::default() }
    }
}

impl View {
    pub fn new(listed: Listed) -> View {
        View { listed, ..View::default() }
    }

    pub fn title(&self) -> &'static str {
        match self.listed {
            Listed::Articles => "Articles",
            Listed::Names(kind) => super::facets::plural(kind),
            Listed::Quotes => "Quotes",
            Listed::Days => "Days",
        }
    }

    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Names(rows) => rows.len(),
            Rows::Quotes(rows) => rows.len(),
            Rows::Days(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The quote under the cursor, where quotes are listed.
    pub fn quote(&self) -> Option<&QuoteRow> {
        match &self.rows {
            Rows::Quotes(rows) => rows.get(self.scroll.at),
            _ => None,
        }
    }
}
