//! Rows that are stories of several days: threads of articles about one event. Opening one lists its articles.

use super::below::{day, days};
use super::{Column, Opens, RowId, Shape, Tone, Width, articles};
use crate::listing::thread::{Thread, Threads};
use crate::query::{Filter, Query, Term};

/// Threads in the order that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Stories(pub Threads);

impl Stories {
    pub fn thread(&self, at: usize) -> Option<&Thread> {
        self.0.threads.get(at)
    }
}

/// `1 source`, `3 sources`.
pub fn sources(thread: &Thread) -> String {
    match thread.sources.len() {
        1 => "1 source".to_owned(),
        several => format!("{several} sources"),
    }
}

impl Shape for Stories {
    fn count(&self) -> usize {
        self.0.threads.len()
    }

    fn total(&self) -> Option<u64> {
        Some(self.0.total)
    }

    fn columns(&self, at: usize, width: u16) -> Vec<Column<'_>> {
        let Some(thread) = self.thread(at) else { return Vec::new() };
        let last = day(thread.last);
        let mut columns = vec![
            Column::Text { text: last.into(), width: Width::Cells(10), tone: Tone::Plain },
            Column::Count { count: thread.articles, width: Some(4) },
        ];
        if width >= 56 {
            let span = (thread.last - thread.first) / 86_400 + 1;
            let span = if span > 1 { format!("{span}d") } else { String::new() };
            columns.push(Column::Text { text: span.into(), width: Width::Cells(4), tone: Tone::Faint });
            let sources = thread.sources.len();
            let sources = if sources > 1 { format!("{sources}s") } else { String::new() };
            columns.push(Column::Text { text: sources.into(), width: Width::Cells(3), tone: Tone::Faint });
        }
        if width >= 70 {
            columns.push(Column::Curve { counts: (&thread.curve).into(), width: 6 });
        }
        let title = thread.title.as_str().into();
        if width >= 110 {
            let names: Vec<&str> = thread.names.iter().map(|(_, facet)| facet.name.as_str()).collect();
            columns.push(Column::Text { text: title, width: Width::Cells(width / 2), tone: Tone::Strong });
            columns.push(Column::Text {
                text: names.join(", ").into(),
                width: Width::Rest,
                tone: Tone::Faint,
            });
        } else {
            columns.push(Column::Text { text: title, width: Width::Rest, tone: Tone::Strong });
        }
        columns
    }

    fn words(&self, at: usize) -> Option<String> {
        let thread = self.thread(at)?;
        let mut words = format!(
            "{} ({}, {}, {})",
            thread.title,
            articles(thread.articles),
            sources(thread),
            days(thread)
        );
        if !thread.names.is_empty() {
            let names: Vec<&str> = thread.names.iter().map(|(_, facet)| facet.name.as_str()).collect();
            words.push_str(&format!("; {}", names.join(", ")));
        }
        Some(words)
    }

    fn id(&self, at: usize) -> Option<RowId> {
        self.thread(at).map(|thread| RowId::Thread(thread.id))
    }

    fn opens(&self, at: usize, query: &Query) -> Opens {
        match self.thread(at) {
            Some(thread) => Opens::Articles(of(query, thread)),
            None => Opens::Nothing,
        }
    }
}

/// The filter that lists the articles of a thread.
fn of(query: &Query, thread: &Thread) -> Query {
    let is_story = |filter: &&Filter| matches!(filter, Filter::Term(Term::Story(_)));
    match query.chips().iter().any(|chip| is_story(&chip)) {
        // What is listed is one thread already.
        true => query.clone(),
        false => query.with(Filter::from(Term::Story(thread.id))),
    }
}
