//! The list of articles: some rows of a result that may have millions.
//!
//! Rows arrive in pages, by key. The list knows the selected row by its key, so that new articles do not move the
//! selection.

use super::scroll::{Pace, Place, Scroll};
use crate::article::ArticleId;
use crate::listing::{Count, Key, Page, Row, Window};

/// How many rows are asked for at a time.
const PAGE: usize = 200;
/// The most rows that are held; those farthest from the selection are discarded.
const HELD: usize = 1200;
/// How far the selection can move into rows that are not held yet: they are asked for in one question.
const FAR: usize = 10_000;

/// The rows that are held, and which of them is selected.
#[derive(Clone, Debug)]
pub struct List {
    rows: Vec<Row>,
    /// How many rows of the result precede the first one held.
    offset: u64,
    total: Count,
    scroll: Scroll,
    /// How many rows the selection still has to move once more rows have arrived.
    debt: i64,
    end: End,
}

/// Whether the result continues after the rows held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Held,
    Beyond,
}

/// Where the cursor lands in a page that replaces all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Land {
    First,
    /// At the first row, as long as the person has not moved.
    Newest,
    Last,
    /// At the row with this number, counted from 0, or at the last row if there are fewer.
    Row(u64),
    /// At this row, or at the row that would follow it if it is not there.
    At(Key),
    /// At this row if the result has it, else at the first row: the filter has become narrower.
    Keep(Key),
    /// At this row, or at the row that would follow it, because the library has changed and not the question.
    Stay(Key),
    /// At this row, or at the row that would follow it, at this row of the screen.
    Again(Key, usize),
}

/// On which side of the rows held a page is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// The pane that shows the list.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    pub height: usize,
    pub pace: Pace,
}

impl Default for List {
    fn default() -> List {
        let total = Count::Over(0);
        List { rows: Vec::new(), offset: 0, total, scroll: Scroll::default(), debt: 0, end: End::Beyond }
    }
}

impl List {
    pub fn total(&self) -> Count {
        self.total
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the library has answered that the result is empty.
    pub fn is_known_empty(&self) -> bool {
        self.rows.is_empty() && self.total == Count::Exactly(0)
    }

    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.scroll.at)
    }

    /// All rows that are held, in order; the visible ones are among them.
    pub fn held(&self) -> &[Row] {
        &self.rows
    }

    /// The row of an article, if it is held.
    pub fn row(&self, id: ArticleId) -> Option<&Row> {
        self.rows.iter().find(|row| row.key.id == id)
    }

    /// The position of the selected row in the result, counted from 1.
    pub fn position(&self) -> u64 {
        if self.rows.is_empty() { 0 } else { self.offset + self.scroll.at as u64 + 1 }
    }

    /// The number of the row of an article in the result, counted from 1, if it is held.
    pub fn row_number(&self, id: ArticleId) -> Option<u64> {
        let at = self.rows.iter().position(|row| row.key.id == id)?;
        Some(self.offset + at as u64 + 1)
    }

    /// The articles of the rows with these numbers, counted from 1, if all of them are held.
    pub fn ids_between(&self, first: u64, last: u64) -> Option<Vec<ArticleId>> {
        let from = usize::try_from(first.checked_sub(self.offset + 1)?).ok()?;
        let to = usize::try_from(last.checked_sub(self.offset)?).ok()?;
        Some(self.rows.get(from..to)?.iter().map(|row| row.key.id).collect())
    }

    /// The number of the first visible row in the result, counted from 1.
    pub fn first_visible(&self) -> u64 {
        self.offset + self.scroll.top as u64 + 1
    }

    /// The rows that are visible in a pane of `height` rows.
    pub fn visible(&self, height: usize) -> &[Row] {
        let end = (self.scroll.top + height).min(self.rows.len());
        self.rows.get(self.scroll.top..end).unwrap_or(&[])
    }

    /// At most `count` rows from the selected one on, and the position of the first in the result, counted from 1.
    pub fn rows_from_selected(&self, count: usize) -> (u64, &[Row]) {
        self.from(self.scroll.at, count)
    }

    /// At most `count` rows that include the selected one, which is the first of them if enough rows follow it.
    pub fn with_selected(&self, count: usize) -> (u64, &[Row]) {
        self.from(self.scroll.at.min(self.rows.len().saturating_sub(count)), count)
    }

    fn from(&self, at: usize, count: usize) -> (u64, &[Row]) {
        let end = (at + count).min(self.rows.len());
        (self.offset + at as u64 + 1, self.rows.get(at..end).unwrap_or(&[]))
    }

    /// The index of the selected row among the visible ones.
    pub fn cursor(&self) -> usize {
        self.scroll.at - self.scroll.top
    }

    /// Moves the selection by `delta` rows: at once as far as rows are held, the rest of the way once they have arrived.
    pub fn move_by(&mut self, delta: i64, sight: Sight) {
        let target = self.scroll.at as i64 + self.debt + delta;
        let last = self.rows.len() as i64 - 1;
        let most = FAR as i64;
        self.debt = if target > last && self.end == End::Beyond {
            (target - last).min(most)
        } else if target < 0 && self.offset > 0 {
            target.max(-most)
        } else {
            0
        };
        self.scroll.move_to(target.clamp(0, last.max(0)) as usize, self.rows.len(), sight.height, sight.pace);
    }

    /// Selects the row with this number, counted from 0, or the last row of the result. Returns whether it is held.
    pub fn go_to(&mut self, row: u64, sight: Sight) -> bool {
        let row = match self.total {
            Count::Exactly(total) => row.min(total.saturating_sub(1)),
            Count::Over(_) => row,
        };
        let at = row.checked_sub(self.offset).and_then(|at| usize::try_from(at).ok());
        let Some(at) = at.filter(|at| *at < self.rows.len()) else { return false };
        self.debt = 0;
        self.scroll.move_to(at, self.rows.len(), sight.height, sight.pace);
        true
    }

    /// Selects the row of this article if it is held. Returns whether it is.
    pub fn select(&mut self, id: ArticleId, sight: Sight) -> bool {
        let at = self.rows.iter().position(|row| row.key.id == id);
        if let Some(at) = at {
            self.debt = 0;
            self.scroll.move_to(at, self.rows.len(), sight.height, sight.pace);
        }
        at.is_some()
    }

    /// Whether the selection goes on moving once more rows have arrived.
    pub fn is_moving(&self) -> bool {
        self.debt != 0
    }

    /// The nearest unread row on one side of the selected one; `None` if none is held.
    pub fn find_unread(&self, side: Side) -> Option<&Row> {
        let rows = &self.rows;
        match side {
            Side::After => rows.iter().skip(self.scroll.at + 1).find(|row| !row.read),
            Side::Before => rows.iter().take(self.scroll.at).rev().find(|row| !row.read),
        }
    }

    /// The rows to ask for now, if any: when the selection is near an end of those held.
    pub fn wanted(&self, sight: Sight) -> Option<(Side, Window)> {
        let near = sight.height.max(20);
        let limit = PAGE.max(self.debt.unsigned_abs() as usize + near);
        if self.end == End::Beyond && self.scroll.at + near >= self.rows.len() {
            let key = self.rows.last()?.key;
            return Some((Side::After, Window::After { key, limit }));
        }
        if self.offset > 0 && self.scroll.at < near {
            let key = self.rows.first()?.key;
            return Some((Side::Before, Window::Before { key, limit }));
        }
        None
    }

    /// The rows to ask for so that the cursor can land there.
    pub fn window(&self, land: Land, sight: Sight) -> Window {
        match land {
            Land::First | Land::Newest => Window::First { limit: PAGE },
            Land::Last => Window::Last { limit: PAGE },
            Land::Row(row) => Window::Row { row, before: sight.height.max(PAGE / 2), after: PAGE },
            Land::At(key) | Land::Keep(key) | Land::Stay(key) | Land::Again(key, _) => {
                let around = sight.height.max(PAGE / 2);
                Window::Around { key, before: around, after: around }
            }
        }
    }

    /// Replaces all rows by a page. The selected row stays at its row of the screen if it can.
    pub fn replace(&mut self, page: Page, land: Land, sight: Sight) {
        let row_of_screen = self.cursor();
        self.rows = page.rows;
        self.offset = page.offset;
        let debt = std::mem::take(&mut self.debt);
        self.take_total(page.total);
        let at = match land {
            Land::First | Land::Newest => 0,
            Land::Last => self.rows.len().saturating_sub(1),
            Land::Row(row) => {
                let at = usize::try_from(row.saturating_sub(self.offset)).unwrap_or(usize::MAX);
                at.min(self.rows.len().saturating_sub(1))
            }
            Land::Keep(key) => self.rows.iter().position(|row| row.key.id == key.id).unwrap_or(0),
            Land::At(key) | Land::Stay(key) | Land::Again(key, _) => self.find(key),
        };
        let top = match land {
            Land::First | Land::Newest | Land::Last => 0,
            Land::At(_) | Land::Keep(_) | Land::Stay(_) => at.saturating_sub(row_of_screen),
            Land::Row(_) => at.saturating_sub(sight.height / 2),
            Land::Again(_, row) => at.saturating_sub(row),
        };
        self.scroll = Scroll { at, top };
        self.scroll.see(self.rows.len(), sight.height, sight.pace);
        // Keys that were pressed before the library changed still count.
        if matches!(land, Land::Stay(_)) && debt != 0 {
            self.move_by(debt, sight);
        }
    }

    /// Adds a page at one end of the rows held, and moves the selection as far as it could not move before.
    pub fn extend(&mut self, page: Page, side: Side, sight: Sight) {
        match side {
            Side::After => {
                let short = page.rows.is_empty();
                self.rows.extend(page.rows);
                self.take_total(page.total);
                if short {
                    self.end = End::Held;
                }
                let excess = self.rows.len().saturating_sub(HELD).min(self.scroll.top);
                self.drop_first(excess);
            }
            Side::Before => {
                let fresh = page.rows.len();
                self.offset = page.offset;
                self.rows.splice(0..0, page.rows);
                self.scroll.at += fresh;
                self.scroll.top += fresh;
                self.take_total(page.total);
                if fresh == 0 {
                    self.offset = 0;
                }
                let kept = HELD.max(self.scroll.top + sight.height + 1);
                if self.rows.len() > kept {
                    self.rows.truncate(kept);
                    self.end = End::Beyond;
                }
            }
        }
        let debt = std::mem::take(&mut self.debt);
        if debt != 0 {
            self.move_by(debt, sight);
        }
    }

    /// Scrolls by `delta` rows; the selection moves only where its row would leave the pane.
    pub fn scroll_by(&mut self, delta: i64, sight: Sight) {
        self.scroll.scroll_by(delta, self.rows.len(), sight.height);
    }

    /// Scrolls until the selected row is at this place of the pane.
    pub fn place(&mut self, place: Place, sight: Sight) {
        self.scroll.place(place, self.rows.len(), sight.height);
    }

    /// Adapts to the size of the pane.
    pub fn see(&mut self, sight: Sight) {
        self.scroll.see(self.rows.len(), sight.height, sight.pace);
    }

    /// Applies `change` to every row that is held.
    pub fn update_rows(&mut self, change: impl FnMut(&mut Row)) {
        self.rows.iter_mut().for_each(change);
    }

    fn drop_first(&mut self, count: usize) {
        self.rows.drain(..count);
        self.offset += count as u64;
        self.scroll.at -= count;
        self.scroll.top -= count;
    }

    /// Sets the exact total, which is computed after the page, if the page did not have it.
    pub fn settle(&mut self, total: u64) {
        if matches!(self.total, Count::Over(_)) {
            self.take_total(Count::Exactly(total));
        }
    }

    fn take_total(&mut self, total: Count) {
        self.total = total;
        let held = self.offset + self.rows.len() as u64;
        self.end = match total {
            Count::Exactly(total) if held >= total => End::Held,
            _ => End::Beyond,
        };
    }

    /// The index of the row at `key`, or of the row that would follow it, or of the last row.
    fn find(&self, key: Key) -> usize {
        let same = self.rows.iter().position(|row| row.key.id == key.id);
        let behind = |row: &Row| (row.key.published, row.key.id) < (key.published, key.id);
        same.or_else(|| self.rows.iter().position(behind)).unwrap_or(self.rows.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    const SIGHT: Sight = Sight { height: 10, pace: Pace::Least };

    /// Rows `from..to` of a result of `total` rows, numbered so that row 0 is the newest.
    fn page(from: i64, to: i64, total: i64) -> Page {
        let row = |number: i64| Row {
            key: Key {
                published: DateTime::from_timestamp(100_000 - number, 0),
                id: ArticleId(100_000 - number),
            },
            source: "Wire".to_owned(),
            title: number.to_string(),
            read: false,
            starred: false,
            copies: 0,
            gone: false,
        };
        let rows = (from.max(0)..to.min(total)).map(row).collect();
        Page { rows, offset: from.max(0) as u64, total: Count::Exactly(total as u64) }
    }

    /// Compares the number of the selected row by its title and by its position.
    fn check(list: &List, expected: i64) {
        assert_eq!(list.selected().map(|row| row.title.clone()), Some(expected.to_string()));
        assert_eq!(list.position(), expected as u64 + 1);
        assert!(list.cursor() < SIGHT.height);
    }

    /// Answers the questions of the list until it has none.
    fn feed(list: &mut List, total: i64) {
        while let Some((side, window)) = list.wanted(SIGHT) {
            let number = |key: Key| 100_000 - key.id.0;
            let page = match window {
                Window::After { key, limit } => page(number(key) + 1, number(key) + 1 + limit as i64, total),
                Window::Before { key, limit } => page(number(key) - limit as i64, number(key), total),
                other => panic!("{other:?}"),
            };
            list.extend(page, side, SIGHT);
        }
    }

    #[test]
    fn runs_down_and_up_a_long_result() {
        let mut list = List::default();
        list.replace(page(0, 200, 50_000), Land::First, SIGHT);
        for _ in 0..5000 {
            list.move_by(1, SIGHT);
            feed(&mut list, 50_000);
        }
        check(&list, 5000);
        assert!(list.rows.len() <= HELD + PAGE);
        for _ in 0..450 {
            list.move_by(-10, SIGHT);
            feed(&mut list, 50_000);
        }
        check(&list, 500);
    }

    #[test]
    fn a_far_move_goes_on_when_rows_come() {
        let mut list = List::default();
        list.replace(page(0, 200, 50_000), Land::First, SIGHT);
        list.move_by(500, SIGHT);
        check(&list, 199);
        feed(&mut list, 50_000);
        check(&list, 500);
        list.move_by(-9999, SIGHT);
        check(&list, 0);
    }

    #[test]
    fn a_row_is_gone_to_by_its_number() {
        let mut list = List::default();
        list.replace(page(0, 200, 50_000), Land::First, SIGHT);
        assert!(list.go_to(99, SIGHT));
        check(&list, 99);
        assert!(!list.go_to(40_000, SIGHT));
        assert_eq!(
            list.window(Land::Row(40_000), SIGHT),
            Window::Row { row: 40_000, before: 100, after: 200 }
        );
        list.replace(page(39_900, 40_201, 50_000), Land::Row(40_000), SIGHT);
        check(&list, 40_000);
        list.replace(page(49_799, 50_000, 50_000), Land::Row(90_000), SIGHT);
        check(&list, 49_999);
        assert!(list.go_to(90_000, SIGHT));
    }

    #[test]
    fn many_moves_beyond_the_rows_held_all_count() {
        let mut list = List::default();
        list.replace(page(0, 200, 50_000), Land::First, SIGHT);
        for _ in 0..3000 {
            list.move_by(1, SIGHT);
        }
        list.move_by(-100, SIGHT);
        check(&list, 199);
        feed(&mut list, 50_000);
        check(&list, 2900);
    }

    #[test]
    fn moves_that_wait_outlive_a_change_of_the_library() {
        let mut list = List::default();
        list.replace(page(0, 200, 5000), Land::First, SIGHT);
        list.move_by(3000, SIGHT);
        let key = list.selected().expect("a row").key;
        list.replace(page(99, 299, 5000), Land::Stay(key), SIGHT);
        feed(&mut list, 5000);
        check(&list, 3000);
    }

    #[test]
    fn the_selection_stays_when_articles_come_in_above() {
        let mut list = List::default();
        list.replace(page(0, 200, 1000), Land::First, SIGHT);
        list.move_by(4, SIGHT);
        let key = list.selected().expect("a row").key;
        let mut fresh = page(0, 100, 1000);
        fresh.offset = 3000;
        list.replace(fresh, Land::At(key), SIGHT);
        assert_eq!((list.position(), list.cursor()), (3005, 4));
        let gone = Key { published: key.published, id: ArticleId(key.id.0 * 10) };
        list.replace(page(0, 100, 1000), Land::At(gone), SIGHT);
        check(&list, 4);
    }

    #[test]
    fn nothing_is_selected_in_nothing() {
        let mut list = List::default();
        list.move_by(5, SIGHT);
        list.replace(page(0, 0, 0), Land::Last, SIGHT);
        list.move_by(-5, SIGHT);
        assert!(list.selected().is_none() && list.is_known_empty() && list.wanted(SIGHT).is_none());
    }
}
