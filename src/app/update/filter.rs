//! Changes the filter.

use super::super::action::{Action, Context};
use super::super::facets::FacetLine;
use super::super::layout::{Arrangement, Pane};
use super::super::list::Land;
use super::super::pinned;
use super::super::short::{self, Countries};
use super::super::{About, App, InFilter};
use crate::annotation::{Entity, Kind};
use crate::gazetteer::country;
use crate::listing::{FacetKind, Hold, Key};
use crate::query::edit::{about_term, facet_term, shown};
use crate::query::{Filter, LARGEST, Mark, Query, Term};

/// Whether a condition is about nothing but words of the text.
fn is_words(filter: &Filter) -> bool {
    match filter {
        Filter::Term(Term::Text { .. }) => true,
        Filter::Not(inner) => is_words(inner),
        Filter::Any(members) | Filter::All(members) => !members.is_empty() && members.iter().all(is_words),
        Filter::Term(_) => false,
    }
}

impl App {
    /// Sets another filter, as a step of the person, and asks for everything that depends on it.
    pub(super) fn set_query(&mut self, query: Query, land: Land) {
        if query == self.query {
            return;
        }
        if !query.is_bounded() {
            self.notice =
                Some(format!("not added: a filter has at most {LARGEST} conditions; f x clears it"));
            return;
        }
        let from = self.place();
        self.show_query(query, Hold::fresh(), land);
        self.stepped(from);
    }

    /// Shows the result of a filter, with what the hold has listed; not a step.
    pub(super) fn show_query(&mut self, query: Query, hold: Hold, land: Land) {
        self.query = query;
        self.hold = hold;
        self.asked.opening = None;
        self.searches.leave();
        self.reader.set_query(&self.resolved());
        if let Some(fault) = self.fault_of_searches(|_| true) {
            self.notice = Some(fault);
        }
        self.ask_all(land);
    }

    /// The article that is being read; the list's cursor stays on it.
    pub(super) fn key_read(&self) -> Option<Key> {
        self.reader.shown().filter(|_| self.is_reading()).map(|shown| shown.stored.key())
    }

    /// Where the cursor lands when the result grows: on the same article.
    pub(super) fn keep(&self) -> Land {
        let selected = self.list.selected().map(|row| row.key);
        self.key_read().or(selected).map_or(Land::First, Land::At)
    }

    /// Where the cursor lands when the result shrinks: on the same article if it is there, or on the newest one.
    pub(super) fn narrowed(&self) -> Land {
        match (self.key_read(), self.list.selected()) {
            (Some(key), _) => Land::At(key),
            (None, Some(row)) => Land::Keep(row.key),
            (None, None) => Land::First,
        }
    }

    /// The filter with one more condition. An article has one date and one source, so a condition on one of these
    /// replaces another one.
    pub(super) fn with_condition(&self, filter: &Filter) -> Query {
        self.without_like(filter).with(filter.clone())
    }

    /// The filter without the conditions that `filter` replaces.
    pub(super) fn without_like(&self, filter: &Filter) -> Query {
        let replaced = |chip: &Filter| {
            matches!(
                (chip, filter),
                (Filter::Term(Term::Date(_)), Filter::Term(Term::Date(_)))
                    | (Filter::Term(Term::Source(_)), Filter::Term(Term::Source(_)))
            )
        };
        let (filter, kept) = (filter.clone(), self.query.clone());
        let others = kept.chips().iter().filter(|chip| !replaced(chip) || **chip == filter).cloned();
        Query { filter: Filter::all(others), ..kept.clone() }
    }

    /// The filter that requires this name: of a person or a country, articles that are about it.
    pub(super) fn requiring(&self, kind: FacetKind, value: &str) -> Query {
        let without = match facet_term(kind, value) {
            Some(term) => self.without_like(&term),
            None => self.query.clone(),
        };
        without.ask_about(kind, value)
    }

    /// Notes that a filter asks for articles about this name, and says how to see all that mention it.
    pub(super) fn asked_about(&mut self, kind: FacetKind, value: &str) {
        if about_term(kind, value).is_some_and(|about| self.query.chips().contains(&about)) {
            self.notice = Some("only articles about it; + widens it to every mention".to_owned());
            self.about = Some(About { kind, value: value.to_owned(), listed: false });
        }
    }

    /// Where no article is about the name that was asked for last, shows those that mention it.
    pub(super) fn widen_if_empty(&mut self) {
        let Some(about) = self.about.as_mut().filter(|about| !about.listed) else { return };
        about.listed = true;
        if !self.list.is_empty() {
            return;
        }
        let Some(About { kind, value, .. }) = self.about.take() else { return };
        if let Some(query) = self.query.widened(kind, &value) {
            self.show_query(query, Hold::fresh(), Land::First);
            let name = match country::find(&value).filter(|_| kind == FacetKind::Entity(Kind::Country)) {
                Some(code) => country::name(code),
                None => shown(kind, &value),
            };
            self.notice = Some(format!("no article is about {name}; these mention it"));
        }
    }

    /// Widens the last condition that asks for articles about a person or a country to every mention of it.
    fn widen_last(&mut self) -> bool {
        let Some(About { kind, value, .. }) = self.about.take() else { return false };
        let Some(query) = self.query.widened(kind, &value) else { return false };
        self.set_query(query, self.keep());
        true
    }

    pub(super) fn clear_filter(&mut self) {
        let before = self.query.to_string();
        let kept = Query { filter: Filter::everything(), ..self.query.clone() };
        self.set_query(kept, self.keep());
        match before == self.query.to_string() {
            true => self.history.add_nothing(),
            false => {
                self.notice = Some(format!("the filter {} removed; U brings it back", short::text(&before)));
            }
        }
    }

    /// Handles Esc. Where the status line tells of the name under the cursor in the text, it takes the cursor off. In the
    /// article it ends the search, and goes back, and it never changes the rest of
    /// the filter behind the reader's back; elsewhere it drops the last condition.
    pub(super) fn drop_filter(&mut self) {
        let context = self.pane_context();
        if self.is_on_text() && self.reader.step_off() {
            return;
        }
        if context == Context::Reader {
            match self.running_search().is_empty() {
                true => self.leave_reader(),
                false => self.set_query(self.without_search(), self.keep()),
            }
            return;
        }
        match self.query.chips().is_empty() {
            true => {
                self.history.add_nothing();
                self.notice = Some("the filter is empty already".to_owned());
            }
            false => {
                let shown = |chip| short::condition(chip, Countries::Named);
                let dropped = self.query.chips().last().map(shown).unwrap_or_default();
                self.set_query(self.query.without_last(), self.keep());
                self.notice = Some(format!("{dropped} removed; U brings it back"));
            }
        }
    }

    /// Goes from the article to the list.
    fn leave_reader(&mut self) {
        self.arrangement = Arrangement::Panes;
        if self.focus != Pane::List {
            self.back();
        }
    }

    /// The conditions of the filter that are the running search: those that the last search added, and all words.
    pub(super) fn running_search(&self) -> Vec<Filter> {
        let runs = |chip: &&Filter| self.searched.contains(*chip) || is_words(chip);
        self.query.chips().iter().filter(runs).cloned().collect()
    }

    /// The filter without the running search.
    pub(super) fn without_search(&self) -> Query {
        let running = self.running_search();
        let kept = self.query.chips().iter().filter(|chip| !running.contains(*chip)).cloned();
        Query { filter: Filter::all(kept), ..self.query.clone() }
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
            None => self.set_query(self.query.with(filter), self.narrowed()),
        }
    }

    /// Handles `+ - *` on the facet, the row or the name under the cursor.
    pub(super) fn filter_by_name(&mut self, action: Action) {
        if self.filter_by_search(action) {
            return;
        }
        match self.name_under() {
            Some((kind, value)) => self.filter_by(action, kind, &value),
            None if action == Action::Require && self.widen_last() => {}
            None => self.notice = Some(self.no_name().to_owned()),
        }
    }

    pub(super) fn filter_by(&mut self, action: Action, kind: FacetKind, value: &str) {
        let state = self.in_filter(kind, value);
        let (query, land) = match (action, state) {
            // The same action again undoes it.
            (Action::Require, InFilter::Required) | (Action::Exclude, InFilter::Excluded) => {
                // But where articles are about the name, it first widens that to what they mention.
                let widened = self.query.widened(kind, value).filter(|_| action == Action::Require);
                (widened.unwrap_or_else(|| self.without_name(kind, value)), self.keep())
            }
            (Action::Require, _) => (self.requiring(kind, value), self.narrowed()),
            (Action::Exclude, _) => (self.query.exclude(kind, value), self.keep()),
            _ => (self.query.only(kind, value), self.narrowed()),
        };
        self.set_query(query, land);
        if action == Action::Require && state != InFilter::Required {
            self.asked_about(kind, value);
        }
    }

    fn without_name(&self, kind: FacetKind, value: &str) -> Query {
        match pinned::chip(&self.query, kind, value) {
            Some((at, _)) => self.query.without(at),
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
