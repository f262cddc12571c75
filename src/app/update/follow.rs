//! The reader follows the list: which article is loaded, and when.

use super::super::action::{Action, Context, Group};
use super::super::message::{Effect, Lane, Question, Ticket};
use super::super::place::Place;
use super::super::view::Opens;
use super::super::{App, Touched};
use super::ask::{Arrival, ArriveAt};
use crate::article::ArticleId;

/// The most actions that are kept for an article that is being loaded.
const WAITING: usize = 64;

/// What is said while an archive leaves a question without an answer.
const LATE: &str = "the archive is slow: no answer for 3 seconds; what is here can still be read";

impl App {
    /// All articles have been read into the library.
    pub(super) fn loaded(&mut self) {
        self.refresh();
        if self.touched == Touched::No {
            self.follow();
        }
        self.tell_warnings();
    }

    /// Makes the reader show the selected article soon, for a look: it is not opened by that. An article that is being read
    /// stays.
    pub(super) fn follow(&mut self) {
        let nothing = self.view.is_articles() && self.list.selected().is_none()
            || !self.view.is_articles() && self.view.is_empty();
        if self.is_reading() || nothing || (self.is_shown() && self.asked.article.is_none()) {
            self.asked.wake = None;
            return;
        }
        let is_empty = match self.view.has_below() {
            true => self.view.below.is_none(),
            false => self.reader.id().is_none(),
        };
        if self.setup.follow_after.is_zero() || is_empty {
            self.follow_now();
            return;
        }
        let ticket = self.ticket();
        self.asked.wake = Some(ticket);
        self.effects.push(Effect::Wake { ticket, after: self.setup.follow_after });
    }

    /// Whether the reader shows what is selected, down to the quote.
    pub(super) fn is_shown(&self) -> bool {
        self.view.is_articles() && self.selected_id() == self.reader.id()
    }

    pub(super) fn follow_now(&mut self) {
        self.load_selected(Arrival::at(self.start_of_selected()));
    }

    /// Where the article of the selected row is to be shown.
    pub(super) fn start_of_selected(&self) -> ArriveAt {
        match self.view.passage() {
            Some(passage) if passage.span.start < passage.span.end => {
                ArriveAt::Quote(passage.field, passage.span)
            }
            Some(_) => ArriveAt::Start,
            None => ArriveAt::Start,
        }
    }

    pub(super) fn load_selected(&mut self, arrival: Arrival) {
        self.asked.wake = None;
        if self.view.has_below() {
            self.ask_below();
        } else if let Some(id) = self.selected_id() {
            self.load(id, arrival);
        } else if !self.view.is_articles() {
            self.ask_sample();
        }
    }

    /// Asks for the first article of the row under the cursor of a view.
    fn ask_sample(&mut self) {
        if let Opens::Articles(query) = self.view.opens(&self.query) {
            self.asked.article = None;
            self.asked.below = None;
            // Not held: the hold has the articles of the whole list.
            let query = self.resolve(&query);
            self.asked.sample = Some(self.ask(Lane::Article, Question::First { query }));
        }
    }

    /// Opens the article of the selected row, which the person wanted at `from`, if its row is there now.
    pub(super) fn open_awaited(&mut self) {
        if self.list.is_moving() {
            return;
        }
        if let Some(from) = self.asked.opening.take() {
            match self.is_shown() {
                true => self.notice = Some("no more articles this way".to_owned()),
                false => self.open_selected(*from),
            }
        }
    }

    /// Opens the article of the selected row; the person was at `from` before.
    pub(super) fn open_selected(&mut self, from: Place) {
        self.load_selected(Arrival::opening(self.start_of_selected()));
        self.stepped(from);
    }

    /// Asks which article of its story the one in the reader is. In a large library this takes longer than to load it.
    pub(super) fn ask_place_in_story(&mut self) {
        if let Some(id) = self.reader.id() {
            self.asked.in_story = Some((self.ask(Lane::InStory, Question::InStory { id }), id));
        }
    }

    pub(super) fn load(&mut self, id: ArticleId, arrival: Arrival) {
        self.asked.sample = None;
        self.asked.below = None;
        if self.reader.id() == Some(id) {
            self.asked.article = None;
            self.arrive(arrival);
            return;
        }
        if let Some((_, asked, waiting)) = &mut self.asked.article
            && *asked == id
        {
            // What was opened is opened, whatever follows.
            let then = arrival.then.or(waiting.then);
            *waiting = Arrival { opens: arrival.opens || waiting.opens, then, ..arrival };
            return;
        }
        let ticket = self.ask(Lane::Article, Question::Load { id });
        self.asked.article = Some((ticket, id, arrival));
        self.stop_showing();
    }

    /// Why the list does not have the rows that were asked for last.
    pub fn failed(&self) -> Option<&str> {
        self.asked.failed.as_ref().map(|(told, _)| told.as_str())
    }

    /// The headline of the selected article, while a slow archive has not sent the article.
    pub fn awaited(&self) -> Option<&str> {
        let (_, id, _) = self.asked.article.as_ref().filter(|_| self.late)?;
        self.list.selected().filter(|row| row.key.id == *id).map(|row| row.title.as_str())
    }

    /// The archive has left a question without an answer for some seconds, or has answered at last.
    pub(super) fn take_late(&mut self, late: bool) {
        self.late = late;
        match late {
            true => self.notice = Some(LATE.to_owned()),
            false => self.notice = self.notice.take().filter(|notice| notice != LATE),
        }
        self.stop_showing();
    }

    /// Where a slow archive does not send the article of the selected row, the reader does not go on showing another one
    /// beside it.
    fn stop_showing(&mut self) {
        let asked = self.asked.article.as_ref().map(|(_, id, _)| *id);
        if self.late && !self.is_reading() && asked.is_some() && asked != self.reader.id() {
            self.keep_position();
            self.reader.clear();
        }
    }

    /// Loads the article on the screen again.
    pub(super) fn ask_again(&mut self, id: ArticleId) {
        let ticket = self.ask(Lane::Article, Question::Load { id });
        self.asked.article = Some((ticket, id, Arrival::at(ArriveAt::Here)));
    }

    pub(super) fn woken(&mut self, ticket: Ticket) {
        if self.asked.wake == Some(ticket) {
            self.asked.wake = None;
            if !self.is_reading() {
                self.follow_now();
            }
        }
    }

    /// Keeps an action for the article that is being loaded, so that it is not performed on the previous article, and with it
    /// the actions that follow it, so that all are performed in order. Returns whether it kept the action.
    pub(super) fn waits_for_article(&mut self, action: Action, count: Option<u32>) -> bool {
        let context = self.context();
        let on_text = is_on_text(action, context);
        if on_text && context == Context::List && self.asked.wake.is_some() {
            self.follow_now();
        }
        let behind = !self.asked.waiting.is_empty() && can_wait(action);
        let room = self.asked.waiting.len() < WAITING;
        let waits = self.asked.article.is_some() && room && (on_text || behind);
        if waits {
            self.asked.waiting.push((action, count));
        }
        waits
    }

    /// Performs the actions that were kept for the article that has arrived.
    pub(super) fn act_on_arrival(&mut self) {
        for (action, count) in std::mem::take(&mut self.asked.waiting) {
            self.act(action, count);
        }
    }
}

/// Whether an action in `context` is about the text in the reader.
fn is_on_text(action: Action, context: Context) -> bool {
    use Action as A;
    let leaves = matches!(action, A::Open | A::Back | A::PaneNext | A::PanePrevious)
        || matches!(action, A::ArticleNext | A::ArticlePrevious | A::MarkAllRead | A::Undo | A::Redo);
    match context {
        Context::Reader => (can_wait(action) && !leaves) || action == A::Copies,
        Context::List => {
            matches!(action, A::NameNext | A::NamePrevious | A::QuoteNext | A::QuotePrevious)
                || matches!(action, A::CopyQuote | A::ThisIs | A::Copies)
        }
        _ => false,
    }
}

/// Whether an action may be performed a little later, because it opens nothing that receives the following keys.
fn can_wait(action: Action) -> bool {
    use Action as A;
    let groups = matches!(action.info().group, Group::Move | Group::Walk | Group::Mark | Group::Copy);
    let filters = matches!(action, A::Require | A::Exclude | A::Only | A::Center);
    (groups || filters) && !matches!(action, A::Tag | A::Links | A::Copies | A::Pipe | A::Save)
}
