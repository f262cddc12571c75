//! Questions to the library: which ones are open, and what their answers are for.

use super::super::list::{Land, Side};
use super::super::message::{Effect, Lane, Question, Ticket};
use super::super::picker::Chosen;
use super::super::place::Place;
use super::super::reader::Spot;
use super::super::view::{How, RowId, Rows, RowsOf};
use super::super::{Action, App, Touched};
use super::full_text::Underway;
use crate::annotation::Field;
use crate::article::ArticleId;
use crate::listing::{ChangeId, FacetKind, Key, Marking, Page, Stored, Window};
use crate::query::complete::Role;
use crate::query::{Filter, Query, Term, Why};
use crate::text::Span;
use std::ops::Range;

/// The questions that are open, and what their answers are for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    next: u64,
    pub(super) page: Option<(Ticket, Want)>,
    /// Why the rows could not be had that were asked for last, and where the cursor would have landed in them; those of an
    /// earlier question are still shown.
    pub(super) failed: Option<(String, Land)>,
    pub(super) facets: Option<Ticket>,
    pub(super) candidates: Option<Ticket>,
    pub(super) names: Option<Ticket>,
    pub(super) article: Option<(Ticket, ArticleId, Arrival)>,
    /// Actions on the article that is being loaded; they are performed once it is there.
    pub(super) waiting: Vec<(Action, Option<u32>)>,
    /// Actions on the row under the cursor that is still asked for; they are performed once it is there.
    pub(super) for_row: Vec<(Action, Option<u32>)>,
    /// Whether the tag that is being typed is for the row that is asked for, or the tag if Enter was pressed already.
    pub(super) tagging: Option<Tagging>,
    /// The action that accepts the best choice of a picker once the choices are known.
    pub(super) taking: Option<Action>,
    /// The full texts that are being fetched.
    pub(super) full_texts: Vec<Underway>,
    /// The first article of the row under the cursor of a view.
    pub(super) sample: Option<Ticket>,
    /// The place from which the person opens the article of the selected row, whose row is not known yet.
    pub(super) opening: Option<Box<Place>>,
    pub(super) view: Option<Ticket>,
    /// What the rows of the view say besides their numbers, and of which rows.
    pub(super) detail: Option<(Ticket, Detail)>,
    /// What stands below the rows, and about which row.
    pub(super) below: Option<(Ticket, RowId)>,
    /// Which article of its story this one is.
    pub(super) in_story: Option<(Ticket, ArticleId)>,
    /// What was asked about the article in the reader.
    pub(super) near: Option<(Ticket, Near)>,
    pub(super) stale_view: bool,
    /// The library has changed since the article on the screen was asked for.
    pub(super) stale_article: bool,
    /// The choice that a preview was asked for, with its label.
    pub(super) preview: Option<(Ticket, Chosen, String)>,
    pub(super) unread: Option<Ticket>,
    pub(super) boards: Option<Ticket>,
    /// The selected rows, and what is done with them once they are there.
    pub(super) selected: Option<(Ticket, Action)>,
    /// What is new in the saved searches that are watched.
    pub(super) watches: Option<Ticket>,
    pub(super) stale_watches: bool,
    pub(super) stale_unread: bool,
    pub(super) wake: Option<Ticket>,
    /// Marks that the answers under way may not include yet.
    pub(super) marks: Vec<Fresh>,
    /// A mark of many articles at once, an undo or a redo that is under way.
    pub(super) marked: Option<(Ticket, Action, ChangeId)>,
    /// The library has changed since the open question was asked.
    pub(super) stale_page: bool,
    pub(super) stale_facets: bool,
    /// The articles that were there at the start are shown: from now on nothing moves by itself.
    pub(super) settled: bool,
}

/// A mark that is already shown. Questions that were asked before it was stored are answered without it.
#[derive(Clone, Debug)]
pub(super) struct Fresh {
    pub(super) ticket: Ticket,
    pub(super) change: ChangeId,
    /// The article and those of its copies that are known.
    pub(super) ids: Vec<ArticleId>,
    pub(super) marking: Marking,
    /// The last question that was asked before the mark was known to be stored; `None` until it is.
    pub(super) made: Option<Ticket>,
}

/// A tag for a row that is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tagging {
    Typing,
    Typed(String),
}

/// The rows of a view that were asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    Names(Vec<String>),
    /// Bins, by their places in the chronicle.
    Bins(Range<usize>),
    /// How many quotes there are.
    Total,
}

/// What was asked about an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    Related,
    /// With which article it is to be compared.
    Others,
    /// The other article.
    Other,
}

/// How many countries are shaded in the first picture of the map.
const MAPPED: usize = 60;

/// How many articles of a bin are listed below a timeline.
const BELOW: usize = 100;

/// What a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Replace(Land),
    Extend(Side),
    /// Select and read the only row of the page.
    Jump,
}

/// What to do once an article has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub at: ArriveAt,
    /// Whether the person opens the article, which marks it as read.
    pub opens: bool,
    pub then: Option<(Action, Option<u32>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArriveAt {
    /// Where reading stopped.
    Start,
    FirstHit,
    LastHit,
    Quote(Field, Span),
    /// Where the person was when the article was left.
    Spot(Spot),
    /// At the current position: the article is already shown.
    Here,
}

impl Arrival {
    pub fn at(at: ArriveAt) -> Arrival {
        Arrival { at, opens: false, then: None }
    }

    pub fn opening(at: ArriveAt) -> Arrival {
        Arrival { opens: true, ..Arrival::at(at) }
    }
}

impl App {
    /// Records that the mark of this ticket is stored: later answers include it.
    pub(super) fn mark_is_made(&mut self, ticket: Ticket) {
        let last = Ticket(self.asked.next);
        for fresh in self.asked.marks.iter_mut().filter(|fresh| fresh.ticket == ticket) {
            fresh.made = Some(last);
        }
    }

    /// Applies the marks to a page, the answer to the question `ticket`, which may have been read before they were stored.
    pub(super) fn mark_page(&mut self, ticket: Ticket, page: &mut Page) {
        self.asked.marks.retain(|fresh| fresh.made.is_none_or(|last| ticket.0 <= last.0));
        for fresh in &self.asked.marks {
            for row in page.rows.iter_mut().filter(|row| fresh.ids.contains(&row.key.id)) {
                row.mark(&fresh.marking);
            }
        }
    }

    /// The same for an article.
    pub(super) fn mark_article(&self, ticket: Ticket, stored: &mut Stored) {
        let fresh = |fresh: &&Fresh| {
            fresh.ids.contains(&stored.id) && fresh.made.is_none_or(|last| ticket.0 <= last.0)
        };
        let marks: Vec<&Fresh> = self.asked.marks.iter().filter(fresh).collect();
        marks.into_iter().for_each(|fresh| stored.mark(&fresh.marking));
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.asked.next += 1;
        Ticket(self.asked.next)
    }

    pub(super) fn ask(&mut self, lane: Lane, question: Question) -> Ticket {
        let ticket = self.ticket();
        self.effects.push(Effect::Ask { ticket, lane, question });
        ticket
    }

    /// The filter, with the saved searches in it replaced by their queries.
    pub(super) fn resolved(&self) -> Query {
        let query = self.resolve(&self.query);
        // From the list of all articles nothing goes.
        let hold = (!query.filter.is_everything()).then_some(self.hold);
        Query { hold, ..query }
    }

    /// The filter without its conditions of one kind, for which another one is going to be chosen.
    fn resolved_without(&self, replaced: &dyn Fn(&Term) -> bool) -> Query {
        let chips = self.query.chips();
        let is_replaced = |chip: &Filter| matches!(chip, Filter::Term(term) if replaced(term));
        if !chips.iter().any(is_replaced) {
            return self.resolved();
        }
        let others = chips.iter().filter(|chip| !is_replaced(chip)).cloned();
        self.resolve(&Query { filter: Filter::all(others), ..self.query.clone() })
    }

    pub(super) fn resolve(&self, query: &Query) -> Query {
        query.resolve(&|name| self.searches.query(name))
    }

    /// What is wrong with the saved searches of the filter, of those that are there, or of all.
    pub(in crate::app) fn fault_of_searches(&self, of: impl Fn(Why) -> bool) -> Option<String> {
        let (_, faults) = self.query.put_in(&|name| self.searches.query(name));
        faults.into_iter().find(|fault| of(fault.why)).map(|fault| fault.to_string())
    }

    /// Asks for everything that depends on the filter.
    pub(in crate::app) fn ask_all(&mut self, land: Land) {
        self.ask_page(land);
        self.ask_facets();
        self.ask_view();
    }

    pub(super) fn ask_page(&mut self, land: Land) {
        let window = self.list.window(land, self.sight());
        self.ask_window(window, Want::Replace(land));
    }

    fn ask_window(&mut self, window: Window, want: Want) {
        let query = self.resolved();
        let ticket = self.ask(Lane::Page, Question::Page { query, window });
        self.asked.page = Some((ticket, want));
        if matches!(want, Want::Replace(_)) {
            self.asked.stale_page = false;
            self.asked.failed = None;
        }
    }

    pub(super) fn ask_facets(&mut self) {
        self.ask_facets_of(false);
    }

    /// `exact` asks for the counts of all articles after those of the newest ones.
    pub(super) fn ask_facets_of(&mut self, exact: bool) {
        let query = self.resolved();
        self.asked.facets = Some(self.ask(Lane::Facets, Question::Facets { query, exact }));
        self.asked.stale_facets = false;
    }

    pub(super) fn ask_view(&mut self) {
        let Some(rows) = self.view.kind.info().rows else { return };
        let query = match rows {
            // What is listed is a choice of one.
            RowsOf::Sources => self.resolved_without(&|term| matches!(term, Term::Source(_))),
            RowsOf::Watches => {
                let question = Question::Watches { watches: self.all_watches() };
                self.asked.view = Some(self.ask(Lane::View, question));
                return;
            }
            _ => self.resolved(),
        };
        self.view.how.rows = if self.view.is_map() { MAPPED } else { self.sight().height };
        self.view.how.width = self.layout().list.map_or(80, |area| usize::from(area.width));
        let how = self.view.how.clone();
        self.asked.view = Some(self.ask(Lane::View, Question::View { rows, query, how }));
        self.asked.detail = None;
    }

    /// Asks what the visible rows of the view say besides their numbers, unless that is known or asked for.
    pub(super) fn ask_details(&mut self) {
        let counts = matches!(&self.view.rows, Rows::Quotes(quotes) if quotes.total.is_none());
        if self.asked.detail.is_some() || self.asked.view.is_some() || !(self.view.has_below() || counts) {
            return;
        }
        let height = self.sight().height;
        let rows = match self.view.is_map() {
            true => 0..self.view.len(),
            false => self.view.scroll.top..self.view.scroll.top + height,
        };
        let query = self.resolved();
        let (question, wanted) = match &self.view.rows {
            Rows::Names(names) => {
                let values = names.undetailed(rows);
                if values.is_empty() {
                    return;
                }
                let kind = names.kind;
                (Question::Details { query, kind, values: values.clone() }, Detail::Names(values))
            }
            Rows::Quotes(_) => (Question::CountQuotes { query }, Detail::Total),
            Rows::Timeline(timeline) => {
                let Some(of) = timeline.untold(rows) else { return };
                let chronicle = timeline.chronicle.clone();
                (Question::Tell { query, chronicle, of: of.clone() }, Detail::Bins(of))
            }
            _ => return,
        };
        self.asked.detail = Some((self.ask(Lane::Detail, question), wanted));
    }

    /// Asks for what stands below the rows of the view about the row under the cursor.
    pub(super) fn ask_below(&mut self) {
        let Some(id) = self.view.id(self.view.scroll.at) else { return };
        self.asked.article = None;
        let question = match (&id, &self.view.rows) {
            (RowId::Name(kind, value), _) => {
                Question::Profile { query: self.resolved(), kind: *kind, value: value.clone() }
            }
            (RowId::Bin(start), Rows::Timeline(timeline)) => Question::Within {
                query: self.resolved(),
                from: *start,
                until: timeline.grain().end(*start),
                limit: BELOW,
            },
            (RowId::Thread(_), Rows::Threads(_)) => {
                let Some(query) = self.view.articles(&self.query) else { return };
                Question::Course { query: self.resolve(&query) }
            }
            _ => return,
        };
        self.asked.below = Some((self.ask(Lane::Article, question), id));
    }

    /// Asks for the names of one kind in the current result, or of what the result would be without a condition that
    /// another choice replaces.
    pub(super) fn ask_names(&mut self, lane: Lane, kind: FacetKind, typed: &str, limit: usize) -> Ticket {
        let query = match kind {
            FacetKind::Source => self.resolved_without(&|term| matches!(term, Term::Source(_))),
            FacetKind::Language => self.resolved_without(&|term| matches!(term, Term::Language(_))),
            _ => self.resolved(),
        };
        self.ask(lane, Question::Names { kind, typed: typed.to_owned(), query, limit })
    }

    /// Asks for the names that have a role in the current result.
    pub(super) fn ask_role(&mut self, lane: Lane, role: Role, typed: &str, limit: usize) -> Ticket {
        let query = self.resolved();
        self.ask(lane, Question::NamedAs { role, typed: typed.to_owned(), query, limit })
    }

    /// Asks for the days of the current result, for the picker of dates.
    pub(super) fn ask_days(&mut self) -> Ticket {
        let query = self.resolved_without(&|term| matches!(term, Term::Date(_)));
        self.ask(Lane::Candidates, Question::View { rows: RowsOf::Days, query, how: How::default() })
    }

    /// Asks for more rows if the selection is near the end of those held.
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
        let query = self.resolve(&query);
        let ticket = self.ask(Lane::Page, Question::Page { query, window });
        self.asked.page = Some((ticket, Want::Jump));
    }

    /// The library has changed: asks again for everything on the screen. Only one question of each kind is open at a time, so
    /// that a library that changes all the time is not asked all the time.
    pub(super) fn refresh(&mut self) {
        match self.asked.page {
            Some((_, Want::Replace(_) | Want::Jump)) => self.asked.stale_page = true,
            _ => {
                // The rows are those of another question as long as this one failed.
                let land = self.asked.failed.as_ref().map_or_else(|| self.stay(), |(_, land)| *land);
                self.ask_page(land);
            }
        }
        match self.asked.facets {
            Some(_) => self.asked.stale_facets = true,
            None => self.ask_facets(),
        }
        match self.asked.view {
            Some(_) => self.asked.stale_view = true,
            None => self.ask_view(),
        }
        self.ask_unread();
        // Its marks may be different, or its text: its file has changed, or its page has arrived.
        match (&self.asked.article, self.reader.id()) {
            (None, Some(id)) => self.ask_again(id),
            (Some(_), _) => self.asked.stale_article = true,
            (None, None) => {}
        }
    }

    /// Where the cursor lands if nothing should move.
    pub(super) fn stay(&self) -> Land {
        match (self.touched == Touched::Yes || self.asked.settled, self.list.selected()) {
            (true, Some(row)) => Land::Stay(row.key),
            _ => Land::Newest,
        }
    }
}
