//! Changes what the list pane lists.

use super::super::App;
use super::super::action::{Action, Context, Group};
use super::super::facets::plural;
use super::super::layout::{Arrangement, Pane};
use super::super::list::Land;
use super::super::over::{Over, Prompt, PromptPurpose};
use super::super::scroll::{Pace, Scroll};
use super::super::view::{Leads, Rows, Split, ViewKind};
use super::super::world::Way;
use super::ask::{Arrival, ArriveAt};
use crate::listing::{FacetKind, Hold};
use crate::query::{Query, Term};

impl App {
    /// Makes sure that the list is on the screen, because the next step changes it.
    pub(super) fn show_list(&mut self) {
        if self.layout().list.is_none() && self.arrangement == Arrangement::ReaderAlone {
            self.arrangement = Arrangement::Panes;
            self.focus = Pane::Reader;
        }
        if self.layout().list.is_none() {
            self.focus = Pane::List;
        }
    }

    pub(super) fn change_view(&mut self, kind: ViewKind) {
        let from = self.place();
        self.focus = Pane::List;
        self.arrangement = Arrangement::Panes;
        self.asked.opening = None;
        if kind != self.view.kind {
            let country = self.view.id(self.view.scroll.at).filter(|_| self.lists_countries());
            self.switch_view(kind);
            if self.lists_countries() {
                self.view.go_back_to(country.map(|country| (country, 0)));
            }
            self.ask_view();
            if self.view.is_articles() {
                self.left_view();
            }
        } else if self.view.is_articles() {
            self.follow();
        }
        self.stepped(from);
    }

    fn lists_countries(&self) -> bool {
        matches!(self.view.kind, ViewKind::Countries | ViewKind::Map)
    }

    /// Whether what the keys move in stands below the rows of a view.
    pub fn is_below(&self) -> bool {
        self.view.has_below() && (self.focus == Pane::Reader || self.arrangement == Arrangement::ReaderAlone)
    }

    /// How many lines of what stands below the rows are visible.
    pub(in crate::app) fn rows_below(&self) -> usize {
        self.layout().reader.map_or(0, |area| area.body().rows())
    }

    /// Lists the names of the view in the next order.
    pub(super) fn change_order(&mut self) {
        let name = match self.view.kind {
            ViewKind::Stories => {
                self.view.how.threads = self.view.how.threads.next();
                Some(self.view.how.threads.name())
            }
            ViewKind::Quotes => {
                self.view.how.quotes = self.view.how.quotes.next();
                Some(self.view.how.quotes.name())
            }
            _ => None,
        };
        if let Some(name) = name {
            self.view.below = None;
            self.notice = Some(format!("{name} first"));
            self.forget_rows();
            self.ask_view();
            return;
        }
        if !self.view.lists_names() || !self.view.has_below() {
            self.notice = Some("only names have other orders; v p lists the people".to_owned());
            return;
        }
        self.view.how.order = self.view.how.order.next();
        self.view.scroll = Scroll::default();
        self.view.below = None;
        self.notice = Some(format!("by {}", self.view.how.order.name()));
        self.forget_rows();
        self.ask_view();
    }

    /// Divides the bars of the timeline in the next way.
    pub(super) fn change_split(&mut self) {
        if self.view.kind != ViewKind::Timeline {
            self.notice = Some("only the bars of the timeline can be divided; v t shows it".to_owned());
            return;
        }
        self.view.how.split = self.view.how.split.next();
        self.notice = Some(match self.view.how.split {
            Split::All => "all articles".to_owned(),
            Split::Stacked(kind) => format!("{}, stacked", plural(FacetKind::Entity(kind)).to_lowercase()),
            Split::Beside(kind) => {
                format!("{}, side by side", plural(FacetKind::Entity(kind)).to_lowercase())
            }
        });
        self.ask_view();
    }

    /// Whether the keys that move go over the map.
    pub(super) fn is_on_map(&self) -> bool {
        self.view.is_map() && self.focus == Pane::List && self.context() == Context::List
    }

    pub(super) fn move_on_map(&mut self, action: Action, count: Option<u32>) {
        let way = match action {
            Action::Up => Way::North,
            Action::Down => Way::South,
            Action::PaneNext => Way::East,
            _ => Way::West,
        };
        let height = self.sight().height;
        for _ in 0..count.unwrap_or(1) {
            if !self.view.go_on_map(way, height) {
                self.notice = Some("no country of the result lies this way".to_owned());
                break;
            }
        }
        self.follow();
    }

    /// Whether an action is about a text while what stands below the rows of a view is shown in the place of one.
    pub(super) fn has_no_text(&self, action: Action) -> bool {
        self.view.has_below() && self.context() == Context::List && action.info().group == Group::Walk
    }

    /// Whether `+` and `-` change how long the bins of the timeline are.
    pub(super) fn zooms(&self) -> bool {
        self.view.kind == ViewKind::Timeline && self.pane_context() == Context::List
    }

    pub(super) fn zoom_time(&mut self, action: Action) {
        let Rows::Timeline(timeline) = &self.view.rows else { return };
        let grain = timeline.grain();
        let other = if action == Action::Require { grain.finer() } else { grain.coarser() };
        match other {
            Some(grain) => {
                self.view.how.grain = Some(grain);
                self.notice = Some(format!("by {}", grain.name()));
                self.ask_view();
            }
            None if action == Action::Require => self.notice = Some("there are no shorter bins".to_owned()),
            None => self.notice = Some("there are no longer bins".to_owned()),
        }
    }

    /// Whether `/` narrows the rows of the view where they stand.
    pub(super) fn narrows_rows(&self) -> bool {
        self.pane_context() == Context::List && self.view.lists_names() && self.view.has_below()
    }

    pub(super) fn open_narrowing(&mut self) {
        self.focus = Pane::List;
        let before = std::mem::take(&mut self.view.how.typed);
        if !before.is_empty() {
            self.ask_view();
        }
        self.over = Over::Prompt(Prompt::new(PromptPurpose::Narrow { before }, ""));
    }

    /// Lists the names that fit what is typed.
    pub(super) fn narrow_rows(&mut self, typed: &str) {
        if self.view.how.typed != typed {
            self.view.how.typed = typed.to_owned();
            self.view.scroll = Scroll::default();
            self.forget_rows();
            self.ask_view();
        }
    }

    /// The cursor does not go back to the row that it is on once the rows are there anew.
    fn forget_rows(&mut self) {
        self.view.go_to_top();
    }

    /// Shows the rows of the same view under another filter, such as the smaller bins of a bin.
    pub(super) fn open_smaller(&mut self, query: Query) {
        let from = self.place();
        self.view.how.grain = None;
        self.view.scroll = Scroll::default();
        self.view.below = None;
        self.view.go_to_top();
        self.show_query(query, Hold::fresh(), Land::First);
        self.stepped(from);
    }

    /// Goes to the story that the article under the cursor is in.
    pub(super) fn show_story(&mut self) {
        let Some(id) = self.subject() else {
            self.notice = Some("no article is selected".to_owned());
            return;
        };
        let from = self.place();
        self.asked.opening = None;
        self.focus = Pane::List;
        self.arrangement = Arrangement::Panes;
        self.switch_view(ViewKind::Stories);
        let query = Query { filter: Term::Story(id).into(), ..Query::everything() };
        self.show_query(query, Hold::fresh(), Land::First);
        self.stepped(from);
    }

    /// Does what entering the line below the rows says.
    pub(super) fn open_below(&mut self) {
        let leads = self.view.below.as_ref().map_or(Leads::Nowhere, |below| below.leads().clone());
        match leads {
            Leads::Nowhere => self.notice = Some("this line leads nowhere".to_owned()),
            Leads::Articles(query) => self.open_row(query),
            Leads::Article(query, key, passage) => {
                let from = self.place();
                self.switch_view(ViewKind::Articles);
                self.arrangement = Arrangement::Panes;
                self.focus = Pane::Reader;
                match query == self.query {
                    true => self.ask_page(Land::At(key)),
                    false => self.show_query(query, Hold::fresh(), Land::At(key)),
                }
                self.settle();
                let at =
                    passage.map_or(ArriveAt::Start, |passage| ArriveAt::Quote(passage.field, passage.span));
                self.load(key.id, Arrival::opening(at));
                self.stepped(from);
            }
        }
    }

    /// Moves the cursor in what stands below the rows.
    pub(super) fn move_below(&mut self, delta: i64) {
        let rows = self.rows_below();
        if let Some(below) = &mut self.view.below {
            let lines = below.lines().len();
            below.scroll.move_by(delta, lines, rows, Pace::Least);
        }
    }

    /// After the articles were listed again: what does not match any more goes.
    fn left_view(&mut self) {
        if self.resolved().hold.is_some() {
            self.hold = Hold::fresh();
            self.ask_all(self.keep());
        } else if self.list.is_known_empty() {
            self.clear_reader();
        }
        self.follow();
    }
}
