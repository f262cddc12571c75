//! Rows that are saved searches with what is new in them since they were looked at. Those that are watched come first, and
//! among these the ones with most that is new. Opening one lists what is new, or everything if nothing is.

use super::{Column, Opens, RowId, Shape, Tone, Width, articles};
use crate::article::ArticleId;
use crate::query::Query;

/// One saved search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchRow {
    pub name: String,
    /// As it is written.
    pub text: String,
    pub watched: bool,
    pub counts: Counts,
}

/// How many rows a saved search has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that came since it was looked at.
    pub new: u64,
    pub unread: u64,
    pub total: u64,
}

/// A saved search to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    pub name: String,
    pub text: String,
    pub watched: bool,
    /// With the saved searches that it uses in their places.
    pub query: Query,
    /// The last article that was there when it was looked at; `None` if it never was.
    pub seen: Option<ArticleId>,
}

/// The saved searches, and the last article of the library when they were counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watches {
    pub rows: Vec<WatchRow>,
    pub last: ArticleId,
}

impl Watches {
    pub fn new(mut rows: Vec<WatchRow>, last: ArticleId) -> Watches {
        rows.sort_by_key(|row| (!row.watched, std::cmp::Reverse(row.counts.new)));
        Watches { rows, last }
    }
}

impl Shape for Watches {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn columns(&self, at: usize, _width: u16) -> Vec<Column<'_>> {
        let Some(row) = self.rows.get(at) else { return Vec::new() };
        let text = |text: String, width, tone| Column::Text { text: text.into(), width, tone };
        let new = match row.counts.new {
            _ if !row.watched => String::new(),
            0 => "-".to_owned(),
            new => format!("{new} new"),
        };
        let tone = if row.counts.new > 0 && row.watched { Tone::Strong } else { Tone::Plain };
        vec![
            text(format!("{new:>9}"), Width::Cells(9), tone),
            text(format!("@{}", row.name), Width::Quarter, tone),
            text(format!("{:>7} unread", row.counts.unread), Width::Cells(14), Tone::Plain),
            text(row.text.clone(), Width::Rest, Tone::Faint),
        ]
    }

    fn words(&self, at: usize) -> Option<String> {
        let row = self.rows.get(at)?;
        let Counts { new, unread, total } = row.counts;
        let watched = match (row.watched, new) {
            (false, _) => "not watched".to_owned(),
            (true, 0) => "nothing new".to_owned(),
            (true, new) => format!("{new} new"),
        };
        Some(format!("{}: {watched}, {unread} unread of {} ({})", row.name, articles(total), row.text))
    }

    fn opens(&self, at: usize, _query: &Query) -> Opens {
        self.rows.get(at).map_or(Opens::Nothing, |row| Opens::Watch(row.name.clone()))
    }

    fn id(&self, at: usize) -> Option<RowId> {
        self.rows.get(at).map(|row| RowId::Board(row.name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_watched_and_new_stands_on_top() {
        let row = |name: &str, watched: bool, new: u64| WatchRow {
            name: name.to_owned(),
            text: "gas".to_owned(),
            watched,
            counts: Counts { new, unread: 4, total: 9 },
        };
        let rows = vec![row("a", false, 7), row("b", true, 0), row("c", true, 2)];
        let view = Watches::new(rows, ArticleId(9));
        let names: Vec<&str> = view.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["c", "b", "a"]);
        assert_eq!(view.words(0).as_deref(), Some("c: 2 new, 4 unread of 9 articles (gas)"));
        assert_eq!(view.words(2).as_deref(), Some("a: not watched, 4 unread of 9 articles (gas)"));
        assert_eq!(view.opens(1, &Query::everything()), Opens::Watch("b".to_owned()));
    }
}
