//! Selects several rows, to which the next mark applies: from the row on which `V` was pressed to the cursor.

use super::super::App;
use super::super::action::{Action, Context};
use super::super::list::List;
use super::super::message::{Lane, OnBoard, Outcome, Question};
use super::super::view::ViewKind;
use super::boards::{articles_of, quoted};
use crate::article::ArticleId;
use crate::listing::Window;
use crate::query::Query;

/// The most rows that are selected at once; `A` and `dateline mark` reach more.
const MOST: u64 = 10_000;

/// What is said of the rows that are selected.
const SELECTED: &str = "selected: any mark applies to all; V ends it";

/// The rows that are selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// What is listed; another list has no selection.
    query: Query,
    view: ViewKind,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// The list of articles from this one on, which was this row of the result, counted from 1.
    From(ArticleId, u64),
    /// The rows of a view from this one on.
    FromRow(usize),
    /// Exactly these articles.
    These(Vec<ArticleId>),
}

impl Selection {
    /// The rows of the result from which and to which it goes, counted from 1.
    fn rows(&self, list: &List) -> Option<(u64, u64)> {
        let Kind::From(id, then) = self.kind else { return None };
        let from = list.row_number(id).unwrap_or(then);
        let here = list.position();
        Some((from.min(here), from.max(here)))
    }
}

impl App {
    /// Begins to select rows, or ends it.
    pub(super) fn select_rows(&mut self) {
        if self.selection.take().is_some() {
            self.notice = Some("no rows are selected".to_owned());
            return;
        }
        let kind = match self.context() {
            Context::List if self.is_in_searches() || self.is_below() => None,
            Context::List if self.view.is_articles() => {
                self.list.selected().map(|row| Kind::From(row.key.id, self.list.position()))
            }
            Context::List => self.view.passage().map(|_| Kind::FromRow(self.view.scroll.at)),
            _ => None,
        };
        match kind {
            Some(kind) => {
                let (query, view) = (self.query.clone(), self.view.kind);
                self.selection = Some(Selection { query, view, kind });
            }
            None => self.notice = Some("only rows of articles and quotes are selected".to_owned()),
        }
    }

    /// Ends the selection. Returns whether there was one.
    pub(super) fn drop_selection(&mut self) -> bool {
        let was = self.selection.take().is_some();
        if was {
            self.notice = Some("no rows are selected".to_owned());
        }
        was
    }

    /// Drops a selection of what is not listed any more, and says how many rows are selected.
    pub(super) fn settle_selection(&mut self) {
        let Some(selection) = &self.selection else { return };
        if selection.query != self.query || selection.view != self.view.kind {
            self.selection = None;
            return;
        }
        // The rows come after the key that goes to them; until then the number is that of the rows before.
        let is_told = self.notice.as_ref().is_none_or(|notice| notice.ends_with(SELECTED));
        if is_told && !self.is_reading() {
            let count = self.count_selected();
            let rows = if count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") };
            self.notice = Some(format!("{rows} {SELECTED}"));
        }
    }

    /// How many rows are selected; 0 if none are.
    pub fn count_selected(&self) -> u64 {
        let Some(selection) = &self.selection else { return 0 };
        match &selection.kind {
            Kind::These(ids) => ids.len() as u64,
            Kind::FromRow(from) => from.abs_diff(self.view.scroll.at) as u64 + 1,
            Kind::From(..) => selection.rows(&self.list).map_or(0, |(first, last)| last - first + 1),
        }
    }

    /// Whether the row of this article is selected; `number` is its number in the result, counted from 1.
    pub fn is_selected(&self, id: ArticleId, number: u64) -> bool {
        let Some(selection) = &self.selection else { return false };
        match &selection.kind {
            Kind::These(ids) => ids.contains(&id),
            Kind::FromRow(_) => false,
            Kind::From(..) => {
                selection.rows(&self.list).is_some_and(|(first, last)| (first..=last).contains(&number))
            }
        }
    }

    /// Whether the row `at` of a view is selected.
    pub fn is_row_selected(&self, at: usize) -> bool {
        match &self.selection {
            Some(Selection { kind: Kind::FromRow(from), .. }) => {
                let here = self.view.scroll.at;
                (*from.min(&here)..=*from.max(&here)).contains(&at)
            }
            _ => false,
        }
    }

    /// The passages of the selected rows of a view.
    pub(super) fn selected_passages(&self) -> Option<Vec<OnBoard>> {
        let Selection { kind: Kind::FromRow(from), .. } = self.selection.as_ref()? else { return None };
        let here = self.view.scroll.at;
        let rows = (*from).min(here)..=(*from).max(here);
        let passages = rows.filter_map(|at| self.view.passage_at(at));
        Some(passages.map(|passage| (passage.id, quoted(passage.field, passage.span))).collect())
    }

    /// The articles that an action applies to: those of the selected rows, or else the one under the cursor. `None`, with a
    /// notice, where there is none, and where the selected rows must be asked for first; the action is done once they are
    /// there.
    pub(super) fn subjects(&mut self, action: Action) -> Option<Vec<ArticleId>> {
        if let Some(selection) = self.selection.as_ref().filter(|_| !self.is_reading()) {
            if let Kind::These(ids) = &selection.kind {
                return Some(ids.clone());
            }
            if let Some(passages) = self.selected_passages() {
                return Some(articles_of(&passages));
            }
            let (first, last) = selection.rows(&self.list)?;
            if last - first >= MOST {
                self.notice =
                    Some(format!("at most {MOST} rows are marked at once; A and 'dateline mark' reach more"));
                return None;
            }
            if let Some(ids) = self.list.ids_between(first, last) {
                return Some(ids);
            }
            let window =
                Window::Row { row: first - 1, before: 0, after: usize::try_from(last - first).unwrap_or(0) };
            let query = self.resolved();
            let ticket = self.ask(Lane::Selection, Question::Page { query, window });
            self.asked.selected = Some((ticket, action));
            return None;
        }
        match self.subject() {
            Some(id) => Some(vec![id]),
            None => {
                self.notice = Some("no article is selected".to_owned());
                None
            }
        }
    }

    /// The selected rows have arrived that were not held: does what was asked for.
    pub(super) fn take_selected(&mut self, action: Action, outcome: Outcome) {
        if let (Outcome::Page(page), Some(selection)) = (outcome, &mut self.selection) {
            selection.kind = Kind::These(page.rows.iter().map(|row| row.key.id).collect());
            self.act(action, None);
        }
    }
}
