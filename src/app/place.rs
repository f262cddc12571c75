//! Places: what was looked at, and the ways back to it. Plain values; knows nothing of how a place is shown again.
//!
//! There are two ways. The *history* is that of a browser: every place in the order in which it was looked at. The
//! *trail* leads from the list on the screen to the first one, as `q` goes: each of its places led to the next, and
//! none of them lists the same as another.

use super::layout::{Arrangement, Pane};
use super::reader::Spot;
use super::view::{How, RowId, ViewKind};
use crate::article::ArticleId;
use crate::listing::{Hold, Key};
use crate::query::Query;

/// The most places that each way remembers; the oldest are forgotten.
const MOST: usize = 100;

/// The most conditions that the filters of the places of each way have together.
const MOST_CONDITIONS: usize = 2_500;

/// What is looked at: which rows are listed, and the position in them and in the open article.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub query: Query,
    /// What the result has listed, so that it is listed again.
    pub hold: Hold,
    pub view: ViewKind,
    /// The selected row of the list, and its row of the screen.
    pub row: Option<(Key, usize)>,
    /// The same of a view.
    pub row_of_view: Option<(RowId, usize)>,
    /// The saved search under the cursor.
    pub search: Option<String>,
    pub focus: Pane,
    pub arrangement: Arrangement,
    /// How the rows of the view are listed.
    pub how: How,
    /// The article that is being read, and how far.
    pub article: Option<(ArticleId, Spot)>,
}

impl Place {
    /// Whether both list the same rows.
    fn lists_like(&self, other: &Place) -> bool {
        self.query == other.query && self.view == other.view && self.how.board == other.how.board
    }

    /// The list itself, without the article that is read beside it.
    fn list_only(self) -> Place {
        Place { focus: Pane::List, arrangement: Arrangement::Panes, article: None, ..self }
    }
}

/// The places that were looked at, and the way back.
#[derive(Clone, Debug, Default)]
pub struct Places {
    back: Vec<Place>,
    forward: Vec<Place>,
    trail: Vec<Place>,
    /// Every place that was left, in the order in which that was: for undoing a filter.
    left: Vec<Place>,
}

impl Places {
    /// Records that the person has gone from one place to another one.
    pub fn moved(&mut self, from: Place, to: &Place) {
        self.follow(&from, to);
        self.leave(from.clone());
        push(&mut self.back, from);
        self.forward.clear();
    }

    /// Records that a place was left which is no part of the ways back: undoing a filter left it.
    pub fn leave(&mut self, place: Place) {
        push(&mut self.left, place);
    }

    /// The place with this filter that was left last.
    pub fn left_last(&self, query: &Query) -> Option<&Place> {
        self.left.iter().rev().find(|place| place.query == *query)
    }

    /// The place before `here` in the history, if there is one.
    pub fn back(&mut self, here: Place) -> Option<Place> {
        let place = self.back.pop()?;
        self.follow(&here, &place);
        push(&mut self.forward, here);
        Some(place)
    }

    /// The place from which [`Places::back`] came here.
    pub fn forward(&mut self, here: Place) -> Option<Place> {
        let place = self.forward.pop()?;
        self.follow(&here, &place);
        push(&mut self.back, here);
        Some(place)
    }

    /// The place that led to the list on the screen, if that is not the first one.
    pub fn up(&mut self, here: Place) -> Option<Place> {
        let place = self.trail.pop()?;
        push(&mut self.back, here);
        self.forward.clear();
        Some(place)
    }

    /// Adapts the trail to a step.
    fn follow(&mut self, from: &Place, to: &Place) {
        if let Some(at) = self.trail.iter().position(|place| place.lists_like(to)) {
            self.trail.truncate(at);
        } else if !from.lists_like(to) {
            // Where only the filter changed, the article that is read is on the screen still.
            let from = from.clone();
            push(&mut self.trail, if from.view == to.view { from.list_only() } else { from });
        }
    }
}

/// Adds a place, unless it is the one that was added last.
fn push(places: &mut Vec<Place>, place: Place) {
    if places.last() == Some(&place) {
        return;
    }
    places.push(place);
    let mut conditions: usize = places.iter().map(|place| place.query.filter.size()).sum();
    let mut over = 0;
    for place in places.iter().take(places.len() - 1) {
        if places.len() - over <= MOST && conditions <= MOST_CONDITIONS {
            break;
        }
        conditions -= place.query.filter.size();
        over += 1;
    }
    places.drain(..over);
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn place(query: &str, view: ViewKind) -> Place {
        Place {
            query: Query::parse(query, NaiveDate::default()).0,
            hold: Hold::fresh(),
            view,
            row: None,
            row_of_view: None,
            search: None,
            focus: Pane::List,
            arrangement: Arrangement::Panes,
            how: How::default(),
            article: None,
        }
    }

    /// Goes through places, written `filter` or `filter/people`, and writes where `q` leads from the last of them.
    fn check(visited: &[&str], expected: &[&str]) {
        let read = |text: &&str| match text.split_once('/') {
            Some((query, view)) => place(query, ViewKind::find(view).expect("a view")),
            None => place(text, ViewKind::Articles),
        };
        let mut places = Places::default();
        let mut here = read(&visited[0]);
        for next in &visited[1..] {
            let next = read(next);
            places.moved(here, &next);
            here = next;
        }
        let mut way = Vec::new();
        while let Some(place) = places.up(here.clone()) {
            let view = if place.view == ViewKind::Articles { "" } else { "/" };
            let name = if view.is_empty() { "" } else { place.view.info().name };
            way.push(format!("{}{view}{name}", place.query));
            here = place;
        }
        assert_eq!(way, expected);
    }

    #[test]
    fn q_leads_back_to_where_the_list_came_from() {
        check(&[""], &[]);
        check(&["", "/people", "person:obi"], &["/people", ""]);
        check(&["", "gas", "gas grain"], &["gas", ""]);
        // A condition that is dropped leads back as well.
        check(&["", "gas", "gas grain", "gas"], &[""]);
        check(&["", "/people", "person:obi", ""], &[]);
        check(&["", "/people", "/countries", "/people"], &[""]);
    }

    #[test]
    fn the_place_of_a_filter_is_the_one_that_was_left_last() {
        let mut places = Places::default();
        let [all, gas] = ["", "gas"].map(|query| place(query, ViewKind::Articles));
        let people = place("", ViewKind::find("people").expect("a view"));
        assert_eq!(places.left_last(&all.query), None);
        places.moved(all.clone(), &people);
        places.moved(people.clone(), &gas);
        assert_eq!(places.left_last(&all.query), Some(&people));
        places.leave(gas.clone());
        places.leave(all.clone());
        assert_eq!(places.left_last(&all.query), Some(&all));
        assert_eq!(places.left_last(&gas.query), Some(&gas));
    }

    #[test]
    fn the_history_is_that_of_a_browser_and_has_an_end() {
        let mut places = Places::default();
        let [a, b, c] = ["a", "b", "c"].map(|query| place(query, ViewKind::Articles));
        places.moved(a.clone(), &b);
        places.moved(b.clone(), &c);
        assert_eq!(places.back(c.clone()), Some(b.clone()));
        assert_eq!(places.back(b.clone()), Some(a.clone()));
        assert_eq!(places.back(a.clone()), None);
        assert_eq!(places.forward(a.clone()), Some(b.clone()));
        places.moved(b.clone(), &a);
        assert_eq!(places.forward(a.clone()), None);
        for _ in 0..500 {
            places.moved(a.clone(), &b);
            places.moved(b.clone(), &a);
        }
        assert!([&places.back, &places.trail, &places.left].iter().all(|places| places.len() <= MOST));
        let long: String = (0..400).map(|at| format!("w{at} ")).collect();
        let [long, longer] = [long.clone(), long + "more"].map(|query| place(&query, ViewKind::Articles));
        for _ in 0..50 {
            places.moved(long.clone(), &longer);
            places.moved(longer.clone(), &long);
        }
        assert_eq!(places.back.len(), 6);
    }
}
