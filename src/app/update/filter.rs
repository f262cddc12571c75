//! Changes the filter.

use super::super::action::{Action, Context};
use super::super::facets::FacetLine;
use super::super::layout::Arrangement;
use super::super::list::Land;
use super::super::{App, InFilter};
use crate::annotation::Entity;
use crate::listing::FacetKind;
use crate::query::edit::facet_term;
use crate::query::{Filter, Mark, Query, Term};

impl App {
    /// Sets another filter and asks again for everything that depends on it.
    pub(super) fn set_query(&mut self, query: Query, land: Land) {
        if query == self.query {
            return;
        }
        self.query = query;
        self.searches.leave();
        self.reader.set_query(&self.resolved());
        self.ask_all(land);
    }

    /// Where the cursor lands when the result grows: on the same article.
    fn keep(&self) -> Land {
        self.list.selected().map_or(Land::First, |row| Land::At(row.key))
    }

    /// Where the cursor lands when the result shrinks: on the newest article, or on the same one if it is being read.
    fn narrowed(&self) -> Land {
        if self.is_reading() { self.keep() } else { Land::First }
    }

    pub(super) fn clear_filter(&mut self) {
        let kept = Query { filter: Filter::everything(), ..self.query.clone() };
        self.set_query(kept, self.keep());
    }

    pub(super) fn drop_filter(&mut self) {
        if self.pane_context() != Context::Facets && self.reader.step_off() {
            return;
        }
        match self.query.chips().is_empty() {
            true if self.arrangement == Arrangement::ReaderAlone => self.arrangement = Arrangement::Panes,
            true => self.notice = Some("the filter is empty already".to_owned()),
            false => self.set_query(self.query.without_last(), self.keep()),
        }
    }

    /// Adds a condition, or removes it if the filter has it.
    pub(super) fn toggle_condition(&mut self, action: Action) {
        let term = match action {
            Action::FilterQuotes => Term::HasQuote,
            Action::FilterUnread => Term::Is(Mark::Unread),
            _ => Term::Is(Mark::Starred),
        };
        let filter = Filter::from(term);
        match self.query.chips().iter().position(|chip| *chip == filter) {
            Some(at) => self.set_query(self.query.without(at), self.keep()),
            None => self.set_query(self.query.with(filter), Land::First),
        }
    }

    /// Handles `+ - *` on the facet, the row or the name under the cursor.
    pub(super) fn filter_by_name(&mut self, action: Action) {
        if self.filter_by_search(action) {
            return;
        }
        match self.name_under() {
            Some((kind, value)) => self.filter_by(action, kind, &value),
            None => self.notice = Some(self.no_name().to_owned()),
        }
    }

    pub(super) fn filter_by(&mut self, action: Action, kind: FacetKind, value: &str) {
        let state = self.in_filter(kind, value);
        let (query, land) = match (action, state) {
            // The same action again undoes it.
            (Action::Require, InFilter::Required) | (Action::Exclude, InFilter::Excluded) => {
                (self.without_name(kind, value), self.keep())
            }
            (Action::Require, _) => (self.query.require(kind, value), self.narrowed()),
            (Action::Exclude, _) => (self.query.exclude(kind, value), self.keep()),
            _ => (self.query.only(kind, value), self.narrowed()),
        };
        self.set_query(query, land);
    }

    fn without_name(&self, kind: FacetKind, value: &str) -> Query {
        let Some(term) = facet_term(kind, value) else { return self.query.clone() };
        let not = Filter::not(term.clone());
        match self.query.chips().iter().position(|chip| *chip == term || *chip == not) {
            Some(at) => self.query.without(at),
            None => self.query.clone(),
        }
    }

    /// The kind and value of the name under the cursor.
    pub(super) fn name_under(&self) -> Option<(FacetKind, String)> {
        match self.context() {
            Context::Facets => match self.facets.line()? {
                FacetLine::Name(kind, at) => Some((kind, self.facets.facet(kind, at)?.value.clone())),
                _ => None,
            },
            Context::List if self.view.lists_names() => {
                self.view.name(self.view.scroll.at).map(|(kind, value)| (kind, value.to_owned()))
            }
            _ => self.name_in_text(),
        }
    }

    /// Whether the cursor is in a list of names, and not in the list of articles or in a text.
    pub(super) fn is_on_names(&self) -> bool {
        match self.context() {
            Context::Facets => true,
            Context::List => self.view.lists_names(),
            _ => false,
        }
    }

    fn name_in_text(&self) -> Option<(FacetKind, String)> {
        let under = self.reader.under()?;
        let entity: &Entity = under.entity.or(under.speaker_entity)?;
        let value = match entity.code {
            Some(code) => code.to_string(),
            None => entity.name.clone(),
        };
        Some((FacetKind::Entity(entity.kind), value))
    }

    pub(super) fn no_name(&self) -> &'static str {
        match self.context() {
            Context::Facets => "no name here; move to one",
            _ => "no name under the cursor; e goes to the next one in the text",
        }
    }
}
