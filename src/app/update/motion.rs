//! Moves: in rows and text, between panes, from article to article, through names and quotes.

use super::super::App;
use super::super::action::{Action, Context};
use super::super::facets::FacetLine;
use super::super::layout::{self, Arrangement, FacetsShown, Pane};
use super::super::list::{Land, Side};
use super::super::over::Over;
use super::super::reader::{Walk, Way};
use super::super::scroll::Place;
use super::super::view::{Opens, ViewKind};
use super::ask::{Arrival, ArriveAt};
use crate::article::ArticleId;
use crate::listing::{Hold, Key};
use crate::query::{Mark, Query, Term};

/// Farther than any end; small enough that adding to it does not overflow.
const FAR: i64 = i64::MAX / 4;
/// A move at least this far skips the rows in between.
const LEAP: i64 = 1000;

impl App {
    pub(super) fn motion(&mut self, action: Action, count: Option<u32>) {
        let context = self.context();
        let page = match context {
            Context::List if self.is_below() => self.rows_below(),
            Context::Reader => self.reader.look().height,
            Context::Facets => self.layout().facets.map_or(1, |area| area.body().rows()),
            Context::Sheet => match &self.over {
                Over::Sheet(sheet) => sheet.height(),
                _ => 1,
            },
            _ => self.sight().height,
        };
        // One line of the last page stays visible, to continue from.
        let page = page.saturating_sub(1).max(1) as i64;
        if let (Action::Top | Action::Bottom, Some(row)) = (action, count) {
            self.go_to_row(i64::from(row) - 1);
            return;
        }
        let count = i64::from(count.unwrap_or(1));
        let delta = match action {
            Action::Down => count,
            Action::Up => -count,
            Action::HalfDown => count * (page / 2).max(1),
            Action::HalfUp => -count * (page / 2).max(1),
            Action::PageDown => count * page,
            Action::PageUp => -count * page,
            Action::Top => -FAR,
            _ => FAR,
        };
        match context {
            Context::Reader => self.reader.scroll_by(delta),
            Context::Facets => self.facets.move_by(delta),
            Context::Sheet => self.scroll_sheet(delta),
            _ if self.moves_in_searches(action, delta) => {}
            // The rows in between are not needed.
            _ if delta.abs() >= LEAP && delta.abs() < FAR && self.view.is_articles() => {
                let here = i64::try_from(self.list.position()).unwrap_or(1) - 1;
                self.go_to_row(here.saturating_add(delta).max(0));
            }
            _ => self.move_selection(delta),
        }
    }

    /// Goes to a row or line, counted from 0, as for `5G`; to the last one if there are fewer.
    fn go_to_row(&mut self, row: i64) {
        match self.context() {
            Context::Reader => {
                self.reader.scroll_by(-FAR);
                self.reader.scroll_by(row);
            }
            Context::Facets => {
                self.facets.move_by(-FAR);
                self.facets.move_by(row);
            }
            Context::Sheet => {
                self.scroll_sheet(-FAR);
                self.scroll_sheet(row);
            }
            _ => {
                if self.is_below() {
                    self.move_selection(-FAR);
                    self.move_selection(row);
                    return;
                }
                if !self.view.is_articles() {
                    self.move_selection(row - self.view.scroll.at as i64);
                    return;
                }
                self.searches.leave();
                let row = u64::try_from(row).unwrap_or(0);
                match !self.awaits_page() && self.list.go_to(row, self.sight()) {
                    true => self.follow(),
                    false => self.ask_page(Land::Row(row)),
                }
            }
        }
    }

    /// Handles `H M L`: goes to a row of the pane, counted from its top or, for `L`, from its bottom.
    pub(super) fn go_to_seen(&mut self, action: Action, count: Option<u32>) {
        let place = match action {
            Action::PaneTop => Place::Top,
            Action::PaneMiddle => Place::Middle,
            _ => Place::Bottom,
        };
        let context = self.context();
        let (rows, cursor) = match context {
            Context::Reader => {
                if !self.reader.go_to_seen(place) {
                    self.notice = Some("no names on the screen".to_owned());
                }
                return;
            }
            Context::Facets => {
                let height = self.layout().facets.map_or(0, |area| area.body().rows());
                (self.facets.visible(height).len(), self.facets.cursor())
            }
            _ => {
                self.searches.leave();
                let sight = self.sight();
                match self.view.is_articles() {
                    false if self.is_below() => {
                        let scroll =
                            self.view.below.as_ref().map_or_else(Default::default, |below| below.scroll);
                        let lines = self.view.below.as_ref().map_or(0, |below| below.lines().len());
                        (
                            lines.saturating_sub(scroll.top).min(self.rows_below()),
                            scroll.at.saturating_sub(scroll.top),
                        )
                    }
                    true => (self.list.visible(sight.height).len(), self.list.cursor()),
                    false => {
                        let scroll = self.view.scroll;
                        let rows = self.view.len().saturating_sub(scroll.top).min(sight.height);
                        (rows, scroll.at.saturating_sub(scroll.top))
                    }
                }
            }
        };
        let from = usize::try_from(count.unwrap_or(1).saturating_sub(1)).unwrap_or(usize::MAX);
        let last = rows.saturating_sub(1);
        let row = match place {
            Place::Top => from.min(last),
            Place::Middle => place.row(rows),
            Place::Bottom => last.saturating_sub(from),
        };
        match context {
            Context::Facets => self.facets.go_to_seen(row),
            _ => self.move_selection(row as i64 - cursor as i64),
        }
    }

    /// Handles `C-e C-y`: scrolls by lines and leaves the cursor where it is as long as it is visible.
    pub(super) fn scroll_lines(&mut self, action: Action, count: Option<u32>) {
        let count = i64::from(count.unwrap_or(1));
        let delta = if action == Action::ScrollDown { count } else { -count };
        match self.context() {
            Context::Reader => self.reader.scroll_by(delta),
            Context::Facets => self.facets.scroll_lines(delta),
            Context::Sheet => self.scroll_sheet(delta),
            _ => {
                self.searches.leave();
                let sight = self.sight();
                let rows_below = self.rows_below();
                match self.view.is_articles() {
                    false if self.is_below() => {
                        if let Some(below) = &mut self.view.below {
                            let lines = below.lines().len();
                            below.scroll.scroll_by(delta, lines, rows_below);
                        }
                        return;
                    }
                    true => self.list.scroll_by(delta, sight),
                    false => {
                        let rows = self.view.len();
                        self.view.scroll.scroll_by(delta, rows, sight.height);
                    }
                }
                self.follow();
            }
        }
    }

    /// Handles `z t`, `z .` and `z b`: scrolls until the line of the cursor is at a place of the pane.
    pub(super) fn place_cursor(&mut self, action: Action) {
        let place = match action {
            Action::CursorToTop => Place::Top,
            Action::Center => Place::Middle,
            _ => Place::Bottom,
        };
        if self.context() == Context::Reader {
            if !self.reader.place_cursor(place) {
                self.notice = Some(self.no_name().to_owned());
            }
            return;
        }
        let sight = self.sight();
        let rows_below = self.rows_below();
        match self.view.is_articles() {
            false if self.is_below() => {
                if let Some(below) = &mut self.view.below {
                    let lines = below.lines().len();
                    below.scroll.place(place, lines, rows_below);
                }
            }
            true => self.list.place(place, sight),
            false => {
                let rows = self.view.len();
                self.view.scroll.place(place, rows, sight.height);
            }
        }
    }

    pub(super) fn scroll_sheet(&mut self, delta: i64) {
        let width = layout::sheet(self.setup.size).width;
        if let Over::Sheet(sheet) = &mut self.over {
            let rows = sheet.rows(&self.warnings, width).len();
            sheet.scroll_by(delta, rows);
        }
    }

    pub(super) fn move_selection(&mut self, delta: i64) {
        if self.is_below() {
            self.move_below(delta);
            return;
        }
        let sight = self.sight();
        if !self.view.is_articles() {
            let rows = self.view.len();
            self.view.scroll.move_by(delta, rows, sight.height, sight.pace);
            self.follow();
            return;
        }
        if delta == FAR {
            self.go_to_end(Land::Last);
        } else if delta == -FAR {
            self.go_to_end(Land::First);
        } else {
            self.list.move_by(delta, sight);
        }
        self.follow();
    }

    /// Goes to the row of an article in the list.
    pub(super) fn select(&mut self, key: Key) {
        self.over = Over::Nothing;
        self.change_view(ViewKind::Articles);
        self.searches.leave();
        match self.list.row(key.id).is_some() {
            true => _ = self.list.select(key.id, self.sight()),
            false => self.ask_page(Land::At(key)),
        }
        self.follow();
    }

    /// Goes to an end of the list: at once if its rows are held, otherwise once they have arrived.
    fn go_to_end(&mut self, land: Land) {
        let sight = self.sight();
        if self.awaits_page() {
            // Its rows would replace those to which this goes.
            self.ask_page(land);
            return;
        }
        let delta = if land == Land::Last { FAR } else { -FAR };
        self.list.move_by(delta, sight);
        match (self.list.wanted(sight), land) {
            (Some((Side::After, _)), Land::Last) => self.ask_last(),
            (Some((Side::Before, _)), Land::First) => self.ask_first(),
            _ => {}
        }
    }

    pub(super) fn change_pane(&mut self, delta: i64) {
        self.arrangement = Arrangement::Panes;
        let panes: &[Pane] = match self.facets_shown() {
            FacetsShown::No => &[Pane::List, Pane::Reader],
            FacetsShown::Yes => &[Pane::List, Pane::Reader, Pane::Facets],
        };
        let here = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0) as i64;
        let next = (here + delta).rem_euclid(panes.len() as i64);
        self.focus = panes.get(next as usize).copied().unwrap_or(Pane::List);
        if self.focus == Pane::Reader {
            self.attend();
        }
    }

    /// The reader has the focus: shows at once what it was going to show soon. This does not open the article.
    pub(super) fn attend(&mut self) {
        self.settle();
        if self.asked.wake.is_some() || self.reader.id().is_none() && !self.view.has_below() {
            self.follow_now();
        }
    }

    pub(super) fn open(&mut self) {
        match self.context() {
            Context::Facets => match self.facets.line() {
                Some(FacetLine::More(kind, _)) => self.open_facet_picker(kind),
                _ => self.filter_by_name(Action::Require),
            },
            Context::List if self.is_below() => self.open_below(),
            Context::List if self.open_saved_search() => {}
            Context::List if self.view.is_articles() => self.read_selected(),
            Context::List => match self.view.opens(&self.query) {
                Opens::Articles(query) => {
                    let name =
                        self.view.name(self.view.scroll.at).map(|(kind, value)| (kind, value.to_owned()));
                    self.open_row(query);
                    if let Some((kind, value)) = name {
                        self.asked_about(kind, &value);
                    }
                }
                Opens::Smaller(query) => self.open_smaller(query),
                Opens::Passage => self.read_selected(),
                Opens::Folder(tag) => self.view.fold(&tag),
                Opens::Board(name) => self.open_board(name),
                Opens::Watch(name) => self.open_watch(&name),
                Opens::Nothing => {}
            },
            // An article that the reader showed for a look is opened. A name in the text does not open anything;
            // the status line says what it is.
            Context::Reader if self.selected_id().is_some() => self.read_shown(),
            _ => {}
        }
    }

    /// Lists the articles of a row of a view.
    pub(super) fn open_row(&mut self, query: Query) {
        let from = self.place();
        // The articles are what was asked for, also from a line below the rows.
        self.focus = Pane::List;
        self.switch_view(ViewKind::Articles);
        match query == self.query {
            // They are those of the filter.
            true => self.follow(),
            false => self.show_query(query, Hold::fresh(), Land::First),
        }
        self.stepped(from);
    }

    /// Goes to the reader with the article of the selected row.
    fn read_selected(&mut self) {
        if self.selected_id().is_some() {
            let from = self.place();
            self.asked.opening = None;
            self.focus = Pane::Reader;
            self.settle();
            self.open_selected(from);
        }
    }

    /// Selects another article; opens it if the reader has the focus.
    pub(super) fn step_article(&mut self, delta: i64) {
        if !self.is_reading() {
            self.move_selection(delta);
            return;
        }
        let from = self.place();
        // While the article of the last step is being loaded, the next step goes on from its row.
        let is_stepping = self.is_stepping();
        let delta = if is_stepping { delta } else { self.select_shown(delta) };
        let before = (self.selected_id(), self.view.scroll.at);
        self.move_selection(delta);
        let moved = match self.view.is_articles() {
            true if is_stepping => self.selected_id() != before.0,
            true => !self.is_shown(),
            false => self.view.scroll.at != before.1,
        };
        if self.view.is_articles() && self.list.is_moving() {
            self.asked.opening = Some(Box::new(from));
        } else if moved {
            self.open_selected(from);
        } else {
            self.notice = Some("no more articles this way".to_owned());
        }
    }

    /// Whether the article of the row under the cursor is on its way into the reader.
    fn is_stepping(&self) -> bool {
        let opens = |id: ArticleId| self.selected_id() == Some(id);
        self.asked.opening.is_some()
            || self.asked.article.as_ref().is_some_and(|(_, id, arrival)| arrival.opens && opens(*id))
    }

    /// Puts the list's cursor on the article in the reader, from which a step goes on. Where the list does not have
    /// it, the cursor is on a row beside its place. Returns how far the step leads from the cursor.
    fn select_shown(&mut self, delta: i64) -> i64 {
        let Some(key) =
            self.reader.shown().map(|shown| shown.stored.key()).filter(|_| self.view.is_articles())
        else {
            return delta;
        };
        let sight = self.sight();
        if self.list.select(key.id, sight) {
            return delta;
        }
        let Some(beside) = self.list.selected().map(|row| row.key) else { return delta };
        match (beside.published, beside.id) < (key.published, key.id) {
            true if delta > 0 => delta - 1,
            false if delta < 0 => delta + 1,
            _ => delta,
        }
    }

    /// A page down; at the end of an article, the next unread article.
    pub(super) fn go_on(&mut self, count: Option<u32>) {
        if self.context() == Context::Reader && count.is_none() && self.reader.is_at_end() {
            self.next_unread(Side::After);
        } else {
            self.motion(Action::PageDown, count);
        }
    }

    pub(super) fn next_hit_or_unread(&mut self, action: Action) {
        let (way, side) = match action {
            Action::NextUnread => (Way::Forward, Side::After),
            _ => (Way::Back, Side::Before),
        };
        if self.search_is_live() {
            self.next_hit(way);
        } else {
            self.next_unread(side);
        }
    }

    /// Goes to the next hit in the article, or to the first hit of the next article.
    fn next_hit(&mut self, way: Way) {
        let (at, delta) = match way {
            Way::Forward => (ArriveAt::FirstHit, 1),
            Way::Back => (ArriveAt::LastHit, -1),
        };
        if !self.view.is_articles() || self.selected_id() == self.reader.id() {
            if self.reader.walk(Walk::Hits, way) {
                return;
            }
            let before = self.selected_id();
            self.move_selection(delta);
            if self.selected_id() == before {
                self.notice = Some("no more hits this way".to_owned());
                return;
            }
        }
        let from = self.place();
        self.load_selected(Arrival { opens: self.is_reading(), ..Arrival::at(at) });
        self.stepped(from);
    }

    fn next_unread(&mut self, side: Side) {
        if !self.view.is_articles() {
            self.notice = Some("there is no next article in this view; v l lists the articles".to_owned());
            return;
        }
        let sight = self.sight();
        let reading = self.is_reading().then(|| Box::new(self.place()));
        let mut start = self.list.selected().map(|row| row.key);
        if reading.is_some() {
            let way = if side == Side::After { 1 } else { -1 };
            // The row beside an article that the list does not have may be the next one itself.
            let at_once = self.select_shown(way) == 0;
            start = self.reader.shown().map(|shown| shown.stored.key()).or(start);
            if at_once && self.list.selected().is_some_and(|row| !row.read) {
                self.asked.opening = reading;
                self.open_awaited();
                return;
            }
        }
        if let Some(id) = self.list.find_unread(side).map(|row| row.key.id) {
            self.list.select(id, sight);
            self.asked.opening = reading;
            match self.asked.opening.is_some() {
                true => self.open_awaited(),
                false => self.follow(),
            }
        } else if let Some(key) = start {
            let query = self.query.with(Term::Is(Mark::Unread).into());
            self.ask_jump(query, key, side);
            self.asked.opening = reading;
        }
    }

    pub(super) fn walk(&mut self, action: Action, count: Option<u32>) {
        let (walk, way, none) = match action {
            Action::NameNext => (Walk::Names, Way::Forward, "no more names below"),
            Action::NamePrevious => (Walk::Names, Way::Back, "no more names above"),
            Action::QuoteNext => (Walk::Quotes, Way::Forward, "no more quotes below"),
            _ => (Walk::Quotes, Way::Back, "no more quotes above"),
        };
        for _ in 0..count.unwrap_or(1) {
            if !self.reader.walk(walk, way) {
                self.notice = Some(none.to_owned());
                return;
            }
        }
    }
}
