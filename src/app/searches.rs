//! Saved searches: rows above the list, each with the number of its unread articles, and a cursor in them.
//!
//! In a short pane they are shown in the title, as many as fit, and they unfold over the articles while the cursor is on
//! one of them; in a tall pane they have rows of their own. Knows names and queries, not what they find.

use super::scroll::{Pace, Scroll};
use crate::query::Query;
use chrono::NaiveDate;
use std::collections::HashSet;

/// From this many rows of the pane on, the saved searches have rows of their own.
const HIGH: usize = 16;

/// One saved search.
#[derive(Clone, Debug)]
pub struct SavedSearch {
    /// Without blanks, as it is used as `@name`.
    pub name: String,
    /// The query as it is stored: `since:3d` always means the last three days.
    pub text: String,
    query: Query,
    /// `None` until it has been counted.
    pub unread: Option<u64>,
}

impl SavedSearch {
    fn new(name: &str, text: &str, today: NaiveDate) -> SavedSearch {
        let query = Query::parse(text, today).0;
        SavedSearch { name: name.to_owned(), text: text.to_owned(), query, unread: None }
    }
}

/// The saved searches, in the order in which they are stored.
#[derive(Clone, Debug, Default)]
pub struct Searches {
    all: Vec<SavedSearch>,
    cursor: Cursor,
    top: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Cursor {
    #[default]
    Elsewhere,
    At(usize),
}

/// Where a move within the saved searches ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    Within,
    /// Below the last of them: on the articles.
    Left,
}

impl Searches {
    /// The saved searches of these names and queries.
    pub fn new(saved: &[(String, String)], today: NaiveDate) -> Searches {
        let all = saved.iter().map(|(name, text)| SavedSearch::new(name, text, today)).collect();
        Searches { all, ..Searches::default() }
    }

    pub fn all(&self) -> &[SavedSearch] {
        &self.all
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn find(&self, name: &str) -> Option<&SavedSearch> {
        self.all.iter().find(|search| search.name == name)
    }

    pub fn query(&self, name: &str) -> Option<&Query> {
        self.find(name).map(|search| &search.query)
    }

    /// The saved search under the cursor, if the cursor is on one.
    pub fn selected(&self) -> Option<&SavedSearch> {
        match self.cursor {
            Cursor::At(at) => self.all.get(at),
            Cursor::Elsewhere => None,
        }
    }

    /// Whether `name`, or a saved search that `query` uses, uses the saved search `name`.
    pub fn uses(&self, query: &Query, name: &str) -> bool {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut left: Vec<&str> = query.saved_names();
        while let Some(used) = left.pop() {
            if used == name {
                return true;
            }
            if seen.insert(used) {
                left.extend(self.find(used).map(|search| search.query.saved_names()).unwrap_or_default());
            }
        }
        false
    }

    /// The saved searches that use `name` themselves.
    pub fn users_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a SavedSearch> {
        self.all.iter().filter(move |search| search.query.saved_names().contains(&name))
    }

    /// Saves a query under a name, and replaces a saved search that has the name.
    pub fn keep(&mut self, name: &str, text: &str, today: NaiveDate) {
        let fresh = SavedSearch::new(name, text, today);
        match self.all.iter_mut().find(|search| search.name == name) {
            Some(search) => *search = fresh,
            None => self.all.push(fresh),
        }
    }

    /// Saves a search as the one at `at`, or as the last.
    pub fn restore(&mut self, name: &str, text: &str, at: usize, today: NaiveDate) {
        self.all.retain(|search| search.name != name);
        self.all.insert(at.min(self.all.len()), SavedSearch::new(name, text, today));
    }

    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(search) = self.all.iter_mut().find(|search| search.name == from) {
            to.clone_into(&mut search.name);
        }
    }

    pub fn remove(&mut self, name: &str) {
        self.all.retain(|search| search.name != name);
        self.cursor = match self.cursor {
            Cursor::At(at) if !self.all.is_empty() => Cursor::At(at.min(self.all.len() - 1)),
            _ => Cursor::Elsewhere,
        };
    }

    /// Adapts to a new day.
    pub fn renew(&mut self, today: NaiveDate) {
        for search in &mut self.all {
            search.query = Query::parse(&search.text, today).0;
        }
    }

    /// Sets the numbers of unread articles, in the order of the searches.
    pub fn take_unread(&mut self, unread: &[u64]) {
        for (search, unread) in self.all.iter_mut().zip(unread) {
            search.unread = Some(*unread);
        }
    }

    /// Puts the cursor on the first search or the last.
    pub fn enter(&mut self, at: usize) {
        if !self.all.is_empty() {
            self.cursor = Cursor::At(at.min(self.all.len() - 1));
        }
    }

    /// Puts the cursor on the search of this name, if there is one.
    pub fn enter_named(&mut self, name: &str) {
        match self.all.iter().position(|search| search.name == name) {
            Some(at) => self.cursor = Cursor::At(at),
            None => self.leave(),
        }
    }

    pub fn leave(&mut self) {
        self.cursor = Cursor::Elsewhere;
    }

    /// Moves the cursor, if it is on one of them.
    pub fn move_by(&mut self, delta: i64) -> Moved {
        let Cursor::At(at) = self.cursor else { return Moved::Left };
        let to = i64::try_from(at).unwrap_or(0).saturating_add(delta).max(0);
        match usize::try_from(to).ok().filter(|to| *to < self.all.len()) {
            Some(to) => {
                self.cursor = Cursor::At(to);
                Moved::Within
            }
            None => {
                self.leave();
                Moved::Left
            }
        }
    }

    /// How many of the `body` rows of the list pane show saved searches: none if they are in its title.
    pub fn rows(&self, body: usize) -> usize {
        let most = match self.cursor {
            Cursor::At(_) => body.saturating_sub(2).max(1),
            Cursor::Elsewhere if body >= HIGH => body / 3,
            Cursor::Elsewhere => 0,
        };
        self.all.len().min(most)
    }

    /// Scrolls so that the cursor is visible in a list pane of `body` rows.
    pub fn see(&mut self, body: usize) {
        let at = match self.cursor {
            Cursor::At(at) => at,
            Cursor::Elsewhere => self.top,
        };
        let mut scroll = Scroll { at, top: self.top };
        scroll.see(self.all.len(), self.rows(body), Pace::Least);
        self.top = scroll.top;
    }

    /// The saved searches in the rows shown, and which of them is under the cursor.
    pub fn shown(&self, body: usize) -> (&[SavedSearch], Option<usize>) {
        let end = (self.top + self.rows(body)).min(self.all.len());
        let cursor = match self.cursor {
            Cursor::At(at) => at.checked_sub(self.top),
            Cursor::Elsewhere => None,
        };
        (self.all.get(self.top..end).unwrap_or_default(), cursor)
    }
}

/// The name that a person typed, as it can be written after an `@`; `None` if nothing is left of it.
pub fn clean_name(typed: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let name: String =
        typed.trim().trim_start_matches('@').chars().map(|c| if plain(c) { c } else { '-' }).collect();
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searches(saved: &[(&str, &str)]) -> Searches {
        let saved: Vec<_> =
            saved.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Searches::new(&saved, NaiveDate::default())
    }

    #[test]
    fn low_panes_have_no_rows_for_them_until_the_cursor_is_there() {
        let mut many = searches(&[("a", "x"); 12]);
        assert_eq!((many.rows(6), many.rows(30), many.rows(48)), (0, 10, 12));
        many.enter(11);
        many.see(6);
        assert_eq!((many.rows(6), many.shown(6).1), (4, Some(3)));
        assert_eq!(many.move_by(-9), Moved::Within);
        many.see(6);
        assert_eq!(many.shown(6).1, Some(0));
        assert_eq!(many.move_by(10), Moved::Left);
        assert!(many.selected().is_none());
    }

    #[test]
    fn a_search_that_uses_itself_is_seen() {
        let searches = searches(&[("a", "gas @b"), ("b", "-@c"), ("c", "@b"), ("d", "grain")]);
        let uses = |text: &str, name: &str| searches.uses(&Query::parse(text, NaiveDate::default()).0, name);
        assert!(uses("@a", "c") && uses("x | @b", "b") && !uses("@d", "a"));
    }

    #[test]
    fn names_can_stand_behind_an_at_sign() {
        let check = |typed: &str, name: Option<&str>| assert_eq!(clean_name(typed).as_deref(), name);
        check(" @west gas ", Some("west-gas"));
        check("Ψ/a,b", Some("Ψ-a-b"));
        check("@ -", None);
    }
}
