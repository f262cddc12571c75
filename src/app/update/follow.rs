//! The reader follows the list: which article is loaded, and when.

use super::super::message::{Effect, Lane, Question, Ticket};
use super::super::{App, Touched};
use super::ask::{Arrival, ArriveAt};
use crate::article::ArticleId;

impl App {
    /// All articles are in.
    pub(super) fn loaded(&mut self) {
        self.refresh();
        if self.touched == Touched::No {
            self.follow();
        }
        self.tell_warnings();
    }

    /// The reader is to show the selected article soon.
    pub(super) fn follow(&mut self) {
        self.asked.detached = false;
        if self.selected_id().is_none() || (self.is_shown() && self.asked.article.is_none()) {
            self.asked.wake = None;
            return;
        }
        if self.setup.follow_after.is_zero() || self.reader.id().is_none() {
            self.follow_now();
            return;
        }
        let ticket = self.ticket();
        self.asked.wake = Some(ticket);
        self.effects.push(Effect::Wake { ticket, after: self.setup.follow_after });
    }

    /// Whether the reader shows what is selected, to the quote.
    fn is_shown(&self) -> bool {
        self.view.quote().is_none() && self.selected_id() == self.reader.id()
    }

    pub(super) fn follow_now(&mut self) {
        let at = match self.view.quote() {
            Some(quote) => ArriveAt::Quote(quote.field, quote.span),
            None => ArriveAt::Start,
        };
        self.load_selected(Arrival::at(at));
    }

    pub(super) fn load_selected(&mut self, arrival: Arrival) {
        self.asked.wake = None;
        if let Some(id) = self.selected_id() {
            self.load(id, arrival);
        }
    }

    pub(super) fn load(&mut self, id: ArticleId, arrival: Arrival) {
        if self.reader.id() == Some(id) {
            self.asked.article = None;
            self.arrive(arrival);
            return;
        }
        if let Some((_, asked, waiting)) = &mut self.asked.article
            && *asked == id
        {
            *waiting = arrival;
            return;
        }
        let ticket = self.ask(Lane::Article, Question::Load { id });
        self.asked.article = Some((ticket, id, arrival));
    }

    /// Asks for the article on the screen anew.
    pub(super) fn ask_again(&mut self, id: ArticleId) {
        let ticket = self.ask(Lane::Article, Question::Load { id });
        self.asked.article = Some((ticket, id, Arrival::at(ArriveAt::Here)));
    }

    pub(super) fn woken(&mut self, ticket: Ticket) {
        if self.asked.wake == Some(ticket) {
            self.asked.wake = None;
            self.follow_now();
        }
    }
}
