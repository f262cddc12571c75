//! Rows that are quotes with their speakers. Opening one reads it in its article.

use super::{Column, Opens, Passage, Shape, Tone, Width};
use crate::listing::QuoteRow;
use crate::query::Query;

/// Quotes, those of the newest articles first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotes(pub Vec<QuoteRow>);

impl Shape for Quotes {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, at: usize, _width: u16) -> Vec<Column<'_>> {
        let Some(quote) = self.0.get(at) else { return Vec::new() };
        let speaker = quote.speaker.as_deref().unwrap_or("?");
        vec![
            Column::Text { text: speaker.into(), width: Width::Quarter, tone: Tone::Strong },
            Column::Text { text: one_line(quote).into(), width: Width::Rest, tone: Tone::Plain },
        ]
    }

    fn words(&self, at: usize) -> Option<String> {
        let quote = self.0.get(at)?;
        let speaker = quote.speaker.as_deref().unwrap_or("Somebody");
        Some(format!("{speaker}: {} ({})", one_line(quote), quote.title))
    }

    fn opens(&self, at: usize, _query: &Query) -> Opens {
        if self.passage(at).is_some() { Opens::Passage } else { Opens::Nothing }
    }

    fn passage(&self, at: usize) -> Option<Passage> {
        let quote = self.0.get(at)?;
        Some(Passage { id: quote.key.id, field: quote.field, span: quote.span })
    }
}

fn one_line(quote: &QuoteRow) -> String {
    quote.text.replace('\n', " ")
}
