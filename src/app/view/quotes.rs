//! Rows that are utterances with their speakers, in one line or in two. Opening one reads it in its article.

use super::{Column, Opens, Passage, Shape, Tone, Width};
use crate::article::day_or_undated;
use crate::listing::utterance::Utterance;
use crate::query::Query;

/// The room in cells from which a row of one line says how the speaker is described.
const DESCRIBED: u16 = 110;

/// Utterances in the order that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotes {
    pub rows: Vec<Utterance>,
    /// How many there are; `None` until they are counted.
    pub total: Option<u64>,
}

/// `Ada Obi, Harbour Board chairman`.
fn speaker(utterance: &Utterance) -> String {
    match &utterance.described {
        Some(described) => format!("{}, {described}", utterance.who()),
        None => utterance.who(),
    }
}

/// `Wire`, `Wire +2` where two other sources have the same words.
fn told(utterance: &Utterance) -> String {
    match utterance.sources().len() {
        0 | 1 => utterance.source.clone(),
        several => format!("{} +{}", utterance.source, several - 1),
    }
}

impl Shape for Quotes {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn total(&self) -> Option<u64> {
        self.total
    }

    fn columns(&self, at: usize, width: u16) -> Vec<Column<'_>> {
        let Some(quote) = self.rows.get(at) else { return Vec::new() };
        let mut columns = Vec::new();
        if width >= 56 {
            let day = day_or_undated(quote.key.date());
            columns.push(Column::Text { text: day.into(), width: Width::Cells(10), tone: Tone::Faint });
        }
        let who = if width >= DESCRIBED { speaker(quote) } else { quote.who() };
        let cells = if width >= DESCRIBED { Width::Cells(width / 4) } else { Width::Quarter };
        columns.push(Column::Text { text: who.into(), width: cells, tone: Tone::Strong });
        columns.push(Column::Text {
            text: quote.text.as_str().into(),
            width: Width::Rest,
            tone: Tone::Plain,
        });
        if width >= DESCRIBED {
            columns.push(Column::Text {
                text: told(quote).into(),
                width: Width::Cells(16),
                tone: Tone::Faint,
            });
        }
        columns
    }

    fn two_lines(&self, at: usize, _width: u16) -> Option<[Vec<Column<'_>>; 2]> {
        let quote = self.rows.get(at)?;
        let day = day_or_undated(quote.key.date());
        let source = told(quote);
        let cells = u16::try_from(crate::text::width::cells(&source)).unwrap_or(16).min(16);
        let head = vec![
            Column::Text { text: day.into(), width: Width::Cells(10), tone: Tone::Faint },
            Column::Text { text: speaker(quote).into(), width: Width::Rest, tone: Tone::Strong },
            Column::Text { text: source.into(), width: Width::Cells(cells), tone: Tone::Faint },
        ];
        let words = vec![
            Column::Text { text: "".into(), width: Width::Cells(1), tone: Tone::Plain },
            Column::Text { text: quote.text.as_str().into(), width: Width::Rest, tone: Tone::Plain },
        ];
        Some([head, words])
    }

    fn words(&self, at: usize) -> Option<String> {
        let quote = self.rows.get(at)?;
        let day = day_or_undated(quote.key.date());
        let who = match (&quote.speaker, &quote.guess) {
            (None, Some(guess)) => format!("{guess}, who is not certain"),
            (None, None) => "Somebody".to_owned(),
            _ => speaker(quote),
        };
        let sources = quote.sources().join(", ");
        Some(format!("{who}: {} ({}; {sources}, {day})", quote.text, quote.title))
    }

    fn opens(&self, at: usize, _query: &Query) -> Opens {
        if self.passage(at).is_some() { Opens::Passage } else { Opens::Nothing }
    }

    fn passage(&self, at: usize) -> Option<Passage> {
        let quote = self.rows.get(at)?;
        Some(Passage { id: quote.key.id, field: quote.field, span: quote.span })
    }
}
