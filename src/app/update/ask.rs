//! Questions to the library and what is done with their answers.

use super::super::facets;
use super::super::layout::Pane;
use super::super::list::{Land, Side};
use super::super::message::{Effect, Lane, Loading, Outcome, Question, Ticket};
use super::super::over::Over;
use super::super::picker::{Choice, Purpose};
use super::super::reader::{Walk, Way};
use super::super::view::{self, Listed, Rows, View};
use super::super::{Action, App, Touched};
use crate::analysis::Field;
use crate::article::ArticleId;
use crate::listing::{FacetKind, Facets, Key, Page, Stored, Window};
use crate::query::Query;
use crate::text::Span;

/// The questions that are open, and what their answers are for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    next: u64,
    page: Option<(Ticket, Want)>,
    facets: Option<Ticket>,
    pub(super) candidates: Option<Ticket>,
    pub(super) names: Option<Ticket>,
    article: Option<(Ticket, ArticleId, Arrival)>,
    view: Option<Ticket>,
    wake: Option<Ticket>,
    /// What was done to many articles at once, or taken back.
    pub(super) marked: Option<(Ticket, Action)>,
    /// The library has changed since the open question was asked.
    stale_page: bool,
    stale_facets: bool,
    /// The selected row went away while its article is still read: the selection is the row that
    /// followed it.
    pub(super) detached: bool,
}

/// What a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    Replace(Land),
    Extend(Side),
    /// The one row of the page is to be selected and read.
    Jump,
}

/// What to do once an article has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub at: ArriveAt,
    pub then: Option<Action>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArriveAt {
    /// Where reading stopped.
    Start,
    FirstHit,
    LastHit,
    Quote(Field, Span),
    /// Where it is: it is the article that is read already.
    Here,
}

impl Arrival {
    pub fn at(at: ArriveAt) -> Arrival {
        Arrival { at, then: None }
    }
}

impl App {
    pub(super) fn ticket(&mut self) -> Ticket {
        self.asked.next += 1;
        Ticket(self.asked.next)
    }

    pub(super) fn ask(&mut self, lane: Lane, question: Question) -> Ticket {
        let ticket = self.ticket();
        self.effects.push(Effect::Ask { ticket, lane, question });
        ticket
    }

    /// The filter with saved searches put in their place.
    fn resolved(&self) -> Query {
        self.resolve(&self.query)
    }

    pub(super) fn resolve(&self, query: &Query) -> Query {
        let saved = |name: &str| {
            let found = self.setup.saved.iter().find(|(known, _)| known == name);
            found.map(|(_, query)| query.clone())
        };
        query.resolve(&saved)
    }

    /// Asks for everything that hangs on the filter.
    pub(in crate::app) fn ask_all(&mut self, land: Land) {
        self.ask_page(land);
        self.ask_facets();
        self.ask_view();
    }

    fn ask_page(&mut self, land: Land) {
        let window = self.list.window(land, self.sight());
        self.ask_window(window, Want::Replace(land));
    }

    fn ask_window(&mut self, window: Window, want: Want) {
        let query = self.resolved();
        let ticket = self.ask(Lane::Page, Question::Page { query, window });
        self.asked.page = Some((ticket, want));
        if matches!(want, Want::Replace(_)) {
            self.asked.stale_page = false;
        }
    }

    fn ask_facets(&mut self) {
        let query = self.resolved();
        self.asked.facets = Some(self.ask(Lane::Facets, Question::Facets { query }));
        self.asked.stale_facets = false;
    }

    pub(super) fn ask_view(&mut self) {
        let query = self.resolved();
        let question = match self.view.listed {
            Listed::Articles => return,
            Listed::Names(kind) => Question::Names { kind, typed: String::new(), query, limit: view::LIMIT },
            Listed::Quotes => Question::Quotes { query, limit: view::LIMIT },
            Listed::Days => Question::Timeline { query },
        };
        self.asked.view = Some(self.ask(Lane::View, question));
    }

    /// Asks for the names of a kind in the present result.
    pub(super) fn ask_names(&mut self, lane: Lane, kind: FacetKind, typed: &str, limit: usize) -> Ticket {
        let query = self.resolved();
        self.ask(lane, Question::Names { kind, typed: typed.to_owned(), query, limit })
    }

    pub(super) fn ask_timeline(&mut self) -> Ticket {
        let query = self.resolved();
        self.ask(Lane::Candidates, Question::Timeline { query })
    }

    /// Asks for more rows where the selection comes near the end of those held.
    pub(super) fn ask_for_rows(&mut self) {
        if self.asked.page.is_none()
            && let Some((side, window)) = self.list.wanted(self.sight())
        {
            self.ask_window(window, Want::Extend(side));
        }
    }

    /// Asks for the last page.
    pub(super) fn ask_last(&mut self) {
        self.ask_page(Land::Last);
    }

    pub(super) fn ask_first(&mut self) {
        self.ask_page(Land::First);
    }

    /// Asks for the next row of `query` on one side of the selected one.
    pub(super) fn ask_jump(&mut self, query: Query, key: Key, side: Side) {
        let window = match side {
            Side::After => Window::After { key, limit: 1 },
            Side::Before => Window::Before { key, limit: 1 },
        };
        let ticket = self.ask(Lane::Page, Question::Page { query, window });
        self.asked.page = Some((ticket, Want::Jump));
    }

    /// The library has changed: asks anew for all that is on the screen. One question of a sort is open
    /// at a time, so that a library that changes all the time is not asked all the time.
    pub(super) fn refresh(&mut self) {
        match self.asked.page {
            Some((_, Want::Replace(_) | Want::Jump)) => self.asked.stale_page = true,
            _ => self.ask_page(self.stay()),
        }
        match self.asked.facets {
            Some(_) => self.asked.stale_facets = true,
            None => self.ask_facets(),
        }
        if self.asked.view.is_none() {
            self.ask_view();
        }
    }

    /// Where the cursor lands if nothing is to move.
    pub(super) fn stay(&self) -> Land {
        match (self.touched, self.list.selected()) {
            (Touched::Yes, Some(row)) => Land::Stay(row.key),
            _ => Land::First,
        }
    }

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

    /// Takes the answer to an open question; an answer to any other falls on the floor.
    pub(super) fn take_answer(&mut self, ticket: Ticket, outcome: Outcome) {
        if let Outcome::Failed(message) = &outcome {
            self.notice = Some(message.clone());
        }
        let asked = &mut self.asked;
        if let Some((_, want)) = asked.page.take_if(|(open, _)| *open == ticket) {
            if let Outcome::Page(page) = outcome {
                self.take_page(page, want);
            }
            if std::mem::take(&mut self.asked.stale_page) {
                self.ask_page(self.stay());
            }
        } else if asked.facets.take_if(|open| *open == ticket).is_some() {
            if let Outcome::Facets(facets) = outcome {
                self.take_facets(facets);
            }
        } else if asked.candidates.take_if(|open| *open == ticket).is_some() {
            self.take_candidates(outcome);
        } else if asked.names.take_if(|open| *open == ticket).is_some() {
            self.take_found(outcome);
        } else if let Some((_, id, arrival)) = asked.article.take_if(|(open, ..)| *open == ticket) {
            if let Outcome::Article(stored) = outcome {
                self.take_article(id, stored, arrival);
            }
        } else if asked.view.take_if(|open| *open == ticket).is_some() {
            self.take_view(outcome);
        } else if let Some((_, action)) = asked.marked.take_if(|(open, _)| *open == ticket) {
            self.take_marked(action, outcome);
        }
    }

    fn take_page(&mut self, page: Page, want: Want) {
        let sight = self.sight();
        match want {
            Want::Extend(side) => {
                let before = self.selected_id();
                self.list.extend(page, side, sight);
                if self.selected_id() != before {
                    self.follow();
                }
            }
            Want::Jump => match page.rows.first() {
                Some(row) => self.ask_page(Land::At(row.key)),
                None => self.notice = Some("no more unread articles this way".to_owned()),
            },
            Want::Replace(Land::Stay(key)) => self.take_page_to_stay(page, key),
            Want::Replace(land) => {
                let before = self.list.selected().map(|row| row.key);
                self.list.replace(page, land, sight);
                self.after_replacing(before, land);
            }
        }
    }

    /// Takes a page that was asked for around `key`. The person may have moved on since then: the
    /// selection stays where it is now.
    fn take_page_to_stay(&mut self, page: Page, key: Key) {
        let sight = self.sight();
        let now = self.list.selected().map_or(key, |row| row.key);
        if now.id != key.id && !page.rows.iter().any(|row| row.key.id == now.id) {
            self.ask_page(Land::Stay(now));
            return;
        }
        self.list.replace(page, Land::Stay(now), sight);
        self.after_replacing(Some(now), Land::Stay(now));
    }

    /// The rows are others: the reader follows where the person moved, and holds still where the
    /// library did.
    fn after_replacing(&mut self, before: Option<Key>, land: Land) {
        if self.view.listed != Listed::Articles {
            return;
        }
        if self.list.is_empty() {
            self.keep_position();
            self.reader.clear();
            return;
        }
        let held = self.reader.id().is_some();
        let untouched = self.touched == Touched::No;
        let selected = self.list.selected().map(|row| row.key);
        match land {
            Land::Stay(key) if held && before == Some(key) && selected != before => {
                self.asked.detached = true;
            }
            _ if held && untouched && self.progress.state == Loading::Underway => {}
            _ => self.follow(),
        }
    }

    fn take_facets(&mut self, facets: Facets) {
        self.facets.set(facets);
        if self.focus != Pane::Facets {
            // Nobody stands there: the most frequent are what is wanted.
            self.facets.to_top();
        }
        if std::mem::take(&mut self.asked.stale_facets) {
            self.ask_facets();
        }
    }

    fn take_candidates(&mut self, outcome: Outcome) {
        let Over::Picker(picker) = &mut self.over else { return };
        match (picker.purpose, outcome) {
            (Purpose::Facet(kind), Outcome::Names(names)) => {
                picker.set_choices(names.iter().map(|facet| Choice::facet(kind, facet)).collect());
            }
            (Purpose::Date, Outcome::Timeline(days)) => {
                let choices = super::typing::date_choices(self.setup.today, &days);
                picker.set_choices(choices);
            }
            _ => {}
        }
    }

    fn take_found(&mut self, outcome: Outcome) {
        if let (Over::Prompt(_), Outcome::Names(names)) = (&self.over, &outcome) {
            self.take_offers(names);
        }
        if let (Over::Picker(picker), Outcome::Names(names)) = (&mut self.over, outcome)
            && let Purpose::Facet(kind) = picker.purpose
        {
            picker.set_found(names.iter().map(|facet| Choice::facet(kind, facet)).collect());
        }
    }

    fn take_article(&mut self, id: ArticleId, stored: Option<Box<Stored>>, arrival: Arrival) {
        let Some(stored) = stored else {
            self.notice = Some("this article is no longer in the library".to_owned());
            return;
        };
        if self.reader.id() == Some(id) {
            self.reader.renew(stored);
        } else {
            self.keep_position();
            self.reader.show(stored, &self.query);
        }
        self.arrive(arrival);
    }

    fn arrive(&mut self, arrival: Arrival) {
        match arrival.at {
            ArriveAt::Start | ArriveAt::Here => {}
            ArriveAt::FirstHit => {
                self.reader.scroll_by(i64::MIN / 2);
                self.reader.step_off();
                self.reader.walk(Walk::Hits, Way::Forward);
            }
            ArriveAt::LastHit => {
                self.reader.scroll_by(i64::MAX / 2);
                self.reader.step_off();
                self.reader.walk(Walk::Hits, Way::Back);
            }
            ArriveAt::Quote(field, span) => self.reader.go_to_quote(field, span),
        }
        if self.is_reading() {
            self.read_shown();
        }
        if let Some(action) = arrival.then {
            self.copy(action);
        }
    }

    fn take_view(&mut self, outcome: Outcome) {
        let rows = match (self.view.listed, outcome) {
            (Listed::Names(_), Outcome::Names(names)) => Rows::Names(names),
            (Listed::Quotes, Outcome::Quotes(quotes)) => Rows::Quotes(quotes),
            (Listed::Days, Outcome::Timeline(mut days)) => {
                days.reverse();
                Rows::Days(days)
            }
            _ => return,
        };
        self.view.rows = rows;
        if self.view.listed == Listed::Quotes && self.focus != Pane::Reader {
            self.follow();
        }
    }

    pub(super) fn change_view(&mut self, action: Action) {
        let kind = |action| match action {
            Action::ViewPeople => Some(FacetKind::Entity(crate::analysis::Kind::Person)),
            Action::ViewCountries => Some(FacetKind::Entity(crate::analysis::Kind::Country)),
            _ => None,
        };
        let listed = match action {
            Action::ViewQuotes => Listed::Quotes,
            Action::ViewTimeline => Listed::Days,
            _ => kind(action).map_or(Listed::Articles, Listed::Names),
        };
        self.focus = Pane::List;
        self.arrangement = super::super::layout::Arrangement::Panes;
        if listed != self.view.listed {
            self.view = View::new(listed);
            self.asked.view = None;
            self.ask_view();
            if listed == Listed::Articles {
                self.follow();
            }
        }
    }

    /// The facets of the present result for a kind, as far as the pane has them.
    pub(super) fn known_choices(&self, kind: FacetKind) -> Vec<Choice> {
        facets::section(self.facets.facets(), kind).iter().map(|facet| Choice::facet(kind, facet)).collect()
    }
}
