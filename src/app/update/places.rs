//! Where the person is, and the ways back: `q`, `<`, `>`.

use super::super::App;
use super::super::layout::{Arrangement, Pane};
use super::super::list::Land;
use super::super::over::{Over, Prompt, PromptPurpose};
use super::super::place::Place;
use super::super::view::{View, ViewKind};
use super::ask::{Arrival, ArriveAt};
use crate::listing::Hold;
use crate::query::Query;

impl App {
    /// Where the person is now.
    pub(super) fn place(&self) -> Place {
        let at = self.view.scroll.at;
        let row_of_view = self.view.id(at).map(|id| (id, at.saturating_sub(self.view.scroll.top)));
        let reading = self.reader.id().zip(self.reader.spot()).filter(|_| self.is_reading());
        Place {
            query: self.query.clone(),
            hold: self.hold,
            view: self.view.kind,
            row: self.list.selected().map(|row| (row.key, self.list.cursor())),
            row_of_view,
            search: self.searches.selected().map(|search| search.name.clone()),
            focus: self.focus,
            arrangement: self.arrangement,
            how: self.view.how.clone(),
            article: reading,
        }
    }

    /// Records the step from one place to the place where the person is now.
    pub(super) fn stepped(&mut self, from: Place) {
        let here = self.place();
        if here != from {
            self.places.moved(from, &here);
        }
    }

    /// Shows a place again: its rows as they were listed, the row under the cursor, and the article that was open. Opens and
    /// marks nothing. This is not a step: it is for `q`, `<`, `>`, and for undoing a filter.
    pub(super) fn restore(&mut self, place: Place) {
        let Place { query, hold, view, row, row_of_view, search, focus, arrangement, how, article } = place;
        self.over = Over::Nothing;
        self.asked.opening = None;
        self.asked.wake = None;
        let same_rows = query == self.query && hold == self.hold;
        let same_view = view == self.view.kind;
        self.query = query;
        self.hold = hold;
        // Going back and forward is no change of the filter.
        self.noted = self.query.clone();
        (self.focus, self.arrangement) = (focus, arrangement);
        if !same_view {
            self.switch_view(view);
        }
        let same_how = self.view.how == how;
        self.view.how = how;
        self.reader.set_query(&self.resolved());
        match search {
            Some(name) => self.searches.enter_named(&name),
            None => self.searches.leave(),
        }
        let land = row.map_or(Land::First, |(key, row)| Land::Again(key, row));
        self.view.go_back_to(row_of_view);
        if !same_rows {
            self.ask_all(land);
        } else if !same_view || !same_how {
            self.ask_view();
        }
        if let Some((key, _)) = row
            && same_rows
            && self.list.selected().is_none_or(|row| row.key != key)
        {
            let sight = self.sight();
            if !self.list.select(key.id, sight) {
                self.ask_page(land);
            }
        }
        match article {
            Some((id, spot)) => self.load(id, Arrival::at(ArriveAt::Spot(spot))),
            None => self.follow(),
        }
    }

    pub(super) fn history_back(&mut self) {
        let here = self.place();
        match self.places.back(here) {
            Some(place) => self.restore(place),
            None => self.notice = Some("this is the first place that was looked at".to_owned()),
        }
    }

    pub(super) fn history_forward(&mut self) {
        let here = self.place();
        match self.places.forward(here) {
            Some(place) => self.restore(place),
            None => self.notice = Some("this is the last place that was looked at".to_owned()),
        }
    }

    /// Goes back one step: from the article to the list, and from a list to what led to it.
    pub(super) fn back(&mut self) {
        self.asked.opening = None;
        if self.arrangement == Arrangement::ReaderAlone {
            self.arrangement = Arrangement::Panes;
        } else if self.focus != Pane::List {
            let from = self.place();
            self.focus = Pane::List;
            self.left_reader();
            self.stepped(from);
        } else if self.searches.selected().is_some() {
            self.searches.leave();
        } else if let Some(place) = self.places.up(self.place()) {
            self.restore(place);
        } else if !self.view.is_articles() {
            self.change_view(ViewKind::Articles);
        } else {
            self.ask_to_quit();
        }
    }

    /// After the focus has gone from the reader to the list: the reader shows what the list is on.
    fn left_reader(&mut self) {
        if self.view.is_articles() && self.list.is_known_empty() {
            self.clear_reader();
        } else {
            self.follow();
        }
    }

    /// Quits, or asks first if the person wants to be asked.
    pub(super) fn ask_to_quit(&mut self) {
        if self.setup.confirm_quit {
            self.over = Over::Prompt(Prompt::new(PromptPurpose::Quit, ""));
        } else {
            self.quit();
        }
    }

    /// Shows another view, or the same one; not a step.
    pub(super) fn switch_view(&mut self, kind: ViewKind) {
        self.remember_row_of_view();
        self.view = View::new(kind);
        let known = self.rows_of_views.iter().find(|(view, query, _)| *view == kind && *query == self.query);
        self.view.go_back_to(known.map(|(.., row)| row.clone()));
        self.reader.step_off();
        self.asked.below = None;
        self.asked.detail = None;
        self.asked.view = None;
        self.asked.wake = None;
    }

    /// Remembers the row under the cursor of the view, for when the view is opened again.
    fn remember_row_of_view(&mut self) {
        let at = self.view.scroll.at;
        let Some(id) = self.view.id(at) else { return };
        let row = (id, at.saturating_sub(self.view.scroll.top));
        let kind = self.view.kind;
        self.rows_of_views.retain(|(view, ..)| *view != kind);
        self.rows_of_views.push((kind, self.query.clone(), row));
    }

    /// Asks for the same rows anew: what does not match any more goes.
    pub(super) fn ask_anew(&mut self) {
        let query = Query::parse(&self.query.to_string(), self.setup.today).0;
        let land = self.keep();
        self.show_query(query, Hold::fresh(), land);
        self.ask_unread();
    }

    pub(super) fn clear_reader(&mut self) {
        self.keep_position();
        self.asked.article = None;
        self.asked.sample = None;
        self.asked.wake = None;
        self.asked.waiting.clear();
        self.reader.clear();
    }

    /// Ends the program if this is the answer to whether to quit. Returns whether it was.
    pub(super) fn answers_quit(&mut self, typed: &str) -> bool {
        let asked = matches!(&self.over, Over::Prompt(prompt) if prompt.purpose == PromptPurpose::Quit);
        if !asked || typed.is_empty() {
            return false;
        }
        self.over = Over::Nothing;
        if matches!(typed, "y" | "Y" | "q" | "Q") {
            self.quit();
        }
        true
    }
}
