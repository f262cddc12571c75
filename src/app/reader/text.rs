//! An article as lines: title, byline, body, address.

use crate::analysis::Field;
use crate::article::Article;
use crate::text::Span;
use crate::text::wrap;

/// One line of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLine {
    /// Bytes of the title.
    Title(Span),
    /// Source, date, author; put into words when it is drawn.
    Byline,
    /// Bytes of the body; empty between paragraphs.
    Body(Span),
    /// Bytes of the address.
    Address(Span),
    Gap,
}

/// The lines of one article at one width.
#[derive(Clone, Debug)]
pub struct Text {
    lines: Vec<TextLine>,
    /// The first line of the body, and the one behind its last.
    body: (usize, usize),
}

impl Text {
    /// Linear in the length of the article. `width` is in cells.
    pub fn new(article: &Article, width: usize) -> Text {
        let spans = |text: &str| wrap::lines(text, width).into_iter().map(|line| line.span);
        let mut lines: Vec<TextLine> = spans(&article.title).map(TextLine::Title).collect();
        lines.extend([TextLine::Byline, TextLine::Gap]);
        let start = lines.len();
        lines.extend(spans(&article.body).map(TextLine::Body));
        let body = (start, lines.len());
        if let Some(url) = &article.url {
            lines.push(TextLine::Gap);
            lines.extend(spans(url).map(TextLine::Address));
        }
        Text { lines, body }
    }

    pub fn lines(&self) -> &[TextLine] {
        &self.lines
    }

    /// The line that holds a byte of a field, or the nearest before it. O(log n).
    pub fn line_of(&self, field: Field, byte: u32) -> usize {
        match field {
            Field::Title => {
                let head = self.lines.get(..self.body.0).unwrap_or(&[]);
                let starts = |line: &TextLine| matches!(line, TextLine::Title(span) if span.start <= byte);
                head.iter().rposition(starts).unwrap_or(0)
            }
            Field::Body => {
                let body = self.lines.get(self.body.0..self.body.1).unwrap_or(&[]);
                let behind = body.partition_point(|line| match line {
                    TextLine::Body(span) => span.start <= byte,
                    _ => true,
                });
                self.body.0 + behind.saturating_sub(1)
            }
        }
    }

    /// The field and byte at which line `at` starts, or the next line that has text of a field.
    pub fn start_of(&self, at: usize) -> Option<(Field, u32)> {
        self.lines.iter().skip(at).find_map(|line| match line {
            TextLine::Title(span) => Some((Field::Title, span.start)),
            TextLine::Body(span) => Some((Field::Body, span.start)),
            _ => None,
        })
    }
}
