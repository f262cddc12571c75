//! Rows that are days with the number of articles on each, and a bar. Opening one lists the articles of the day.

use super::{Column, Opens, RowId, Shape, Tone, Width, articles};
use crate::query::{Days as Span, Query, Term};
use chrono::NaiveDate;

/// Days that have articles, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days(pub Vec<(NaiveDate, u64)>);

impl Shape for Days {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, at: usize, _width: u16) -> Vec<Column<'_>> {
        let Some((day, count)) = self.0.get(at) else { return Vec::new() };
        let most = self.0.iter().map(|(_, count)| *count).max().unwrap_or(1);
        let text = day.format("%Y-%m-%d %a").to_string();
        vec![
            Column::Text { text: text.into(), width: Width::Cells(14), tone: Tone::Plain },
            Column::Count { count: *count, width: Some(7) },
            Column::Bar { count: *count, most, width: None },
        ]
    }

    fn words(&self, at: usize) -> Option<String> {
        self.0.get(at).map(|(day, count)| format!("{}, {}", day.format("%Y-%m-%d"), articles(*count)))
    }

    fn id(&self, at: usize) -> Option<RowId> {
        self.0.get(at).map(|(day, _)| RowId::Day(*day))
    }

    fn opens(&self, at: usize, query: &Query) -> Opens {
        let day = self.0.get(at).and_then(|(day, _)| Span::new(Some(*day), Some(*day)));
        day.map_or(Opens::Nothing, |day| Opens::Articles(query.with(Term::Date(day).into())))
    }
}
