//! Undoes and redoes what the person did, in one history.

use super::super::App;
use super::super::action::Action;
use super::super::history::{SearchChange, SearchStep, Step};
use super::super::layout::Arrangement;
use super::super::message::Effect;
use super::super::over::{Over, Prompt, PromptPurpose};
use super::super::place::Place;
use super::super::short;
use crate::listing::Hold;
use crate::query::Query;

impl App {
    pub(super) fn undo_or_redo(&mut self, action: Action) {
        let undo = action == Action::Undo;
        if undo && self.history.was_idle() {
            self.notice = Some(match self.history.last() {
                Some(step) => format!("nothing to undo here; U again undoes: {}", step.words()),
                None => "nothing to undo".to_owned(),
            });
            return;
        }
        let Some(step) = self.next_step(undo) else {
            self.notice = Some(if undo { "nothing to undo" } else { "nothing to redo" }.to_owned());
            return;
        };
        match step {
            Step::Mark { change, .. } => {
                let ticket = self.ticket();
                self.asked.marked = Some((ticket, action, change));
                self.effects.push(match undo {
                    true => Effect::Undo { ticket, change },
                    false => Effect::Redo { ticket, change },
                });
            }
            Step::Name { change, .. } => {
                self.effects.push(if undo { Effect::UndoNaming(change) } else { Effect::RedoNaming(change) });
            }
            Step::Source { change, .. } => {
                self.effects.push(if undo { Effect::UndoSource(change) } else { Effect::RedoSource(change) });
            }
            Step::Board { change, .. } => {
                self.effects.push(if undo { Effect::UndoBoard(change) } else { Effect::RedoBoard(change) });
            }
            Step::Filter { before, after } => {
                self.set_filter_again(if undo { &before } else { &after }, undo);
            }
            Step::Searches(SearchStep { words, back, forth, filter: (before, after) }) => {
                let (changes, filter) = if undo { (back, before) } else { (forth, after) };
                changes.into_iter().for_each(|change| self.change_search(change));
                let query = self.parse(&filter);
                if query != self.query {
                    self.list_again(query);
                }
                self.noted = self.query.clone();
                self.searches_changed();
                self.notice = Some(told(undo, &words));
            }
        }
    }

    /// The step to undo or redo. A filter that is in force already is passed over: the last session's was left behind.
    fn next_step(&mut self, undo: bool) -> Option<Step> {
        loop {
            let step = if undo { self.history.undo() } else { self.history.redo() }?;
            let stands = match &step {
                Step::Filter { before, after } => {
                    *(if undo { before } else { after }) == self.query.to_string()
                }
                _ => false,
            };
            if !stands {
                return Some(step);
            }
        }
    }

    fn set_filter_again(&mut self, filter: &str, undo: bool) {
        self.list_again(self.parse(filter));
        self.noted = self.query.clone();
        let back = if undo { "C-r" } else { "U" };
        let filter = if filter.is_empty() { "empty".to_owned() } else { short::text(filter) };
        self.notice = Some(format!("the filter is {filter} again; {back} takes it back"));
    }

    /// Lists what a filter listed before: its rows, with those that do not match any more, and the cursor where it was. The
    /// article that is being read stays, and the cursor is on it.
    fn list_again(&mut self, query: Query) {
        let known = self.places.left_last(&query).cloned();
        self.places.leave(self.place());
        match known {
            Some(place) if !self.is_reading() => {
                let (focus, arrangement) = (self.focus, Arrangement::Panes);
                self.restore(Place { focus, arrangement, article: None, ..place });
            }
            known => {
                let hold = known.map_or_else(Hold::fresh, |place| place.hold);
                self.show_query(query, hold, self.keep());
            }
        }
    }

    fn parse(&self, text: &str) -> Query {
        Query::parse(text, self.setup.today).0
    }

    /// Makes a change to the saved searches, on the screen and in the settings.
    pub(super) fn change_search(&mut self, change: SearchChange) {
        let today = self.setup.today;
        let watched = &mut self.setup.watched;
        match &change {
            SearchChange::Restore { name, watch, .. } => {
                watched.retain(|other| other != name);
                watched.extend(watch.then(|| name.clone()));
            }
            SearchChange::Rename { from, to } => {
                watched.iter_mut().filter(|name| *name == from).for_each(|name| to.clone_into(name));
            }
            SearchChange::Remove { name } => watched.retain(|other| other != name),
            _ => {}
        }
        match &change {
            SearchChange::Keep { name, query } => self.searches.keep(name, query, today),
            SearchChange::Restore { name, query, at, .. } => self.searches.restore(name, query, *at, today),
            SearchChange::Rename { from, to } => self.searches.rename(from, to),
            SearchChange::Remove { name } => self.searches.remove(name),
            // The reader itself knows no rules.
            SearchChange::KeepRule { .. } | SearchChange::RemoveRule { .. } => {}
        }
        self.effects.push(Effect::ChangeSearch(change));
    }

    /// Adds a change of the filter to the history. While a search is typed, the filter is not settled.
    pub(super) fn note_filter(&mut self) {
        if matches!(&self.over, Over::Prompt(Prompt { purpose: PromptPurpose::Search { .. }, .. })) {
            return;
        }
        if self.query != self.noted {
            let before = std::mem::replace(&mut self.noted, self.query.clone());
            let (before, after) = (before.to_string(), self.query.to_string());
            if before != after {
                self.history.add(Step::Filter { before, after });
            }
        }
    }
}

/// What was undone or redone, and how to take that back.
pub(super) fn told(undo: bool, words: &str) -> String {
    match undo {
        true => format!("undone: {words}; C-r does it again"),
        false => format!("redone: {words}; U undoes it"),
    }
}
