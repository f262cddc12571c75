//! An article as lines: title, byline, body, links.

use crate::annotation::Field;
use crate::article::Article;
use crate::article::link::{Link, Links};
use crate::text::Span;
use crate::text::wrap;

/// One line of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLine {
    /// Bytes of the title.
    Title(Span),
    /// Source, date and author; the text is composed when it is drawn.
    Byline,
    /// Bytes of the body; empty between paragraphs.
    Body(Span),
    /// Bytes of a link of the article, by its number, from 1.
    Link(u16, Span),
    Gap,
}

/// The text before a link.
pub fn link_prefix(number: u16) -> String {
    format!("[{number}] ")
}

/// The lines of one article at one width.
#[derive(Clone, Debug)]
pub struct Text {
    lines: Vec<TextLine>,
    /// The lines of the body, half-open.
    body: (usize, usize),
    links: Links,
}

impl Text {
    /// Linear in the length of the article. `width` is in cells. The list of addresses at the end of the body is shown as
    /// links, with the article's own address and the others that are in the text.
    pub fn new(article: &Article, width: usize) -> Text {
        let spans = |text: &str| wrap::lines(text, width).into_iter().map(|line| line.span);
        let mut lines: Vec<TextLine> = spans(&article.title).map(TextLine::Title).collect();
        lines.extend([TextLine::Byline, TextLine::Gap]);
        let start = lines.len();
        let links = Links::of(article);
        let text = article.body.get(..links.text_end()).unwrap_or(&article.body);
        lines.extend(spans(text).map(TextLine::Body));
        let body = (start, lines.len());
        if !links.all().is_empty() {
            lines.push(TextLine::Gap);
        }
        for (number, link) in (1..).zip(links.all()) {
            let room = width.saturating_sub(link_prefix(number).len()).max(1);
            let pieces = wrap::lines(&link.url, room).into_iter();
            lines.extend(pieces.map(|piece| TextLine::Link(number, piece.span)));
        }
        Text { lines, body, links }
    }

    /// The links, in the order of their numbers.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The address of the link with this number, from 1.
    pub fn link(&self, number: u32) -> Option<&str> {
        self.links.get(number).map(|link: &Link| link.url.as_str())
    }

    pub fn lines(&self) -> &[TextLine] {
        &self.lines
    }

    /// The line with a byte of a field, or the nearest line before it. O(log n).
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

    /// The last line of the body.
    pub fn last_of_body(&self) -> usize {
        self.body.1.saturating_sub(1)
    }

    /// The field and byte at which line `at` starts, or the first line after it that has text of a field.
    pub fn start_of(&self, at: usize) -> Option<(Field, u32)> {
        self.lines.iter().skip(at).find_map(|line| match line {
            TextLine::Title(span) => Some((Field::Title, span.start)),
            TextLine::Body(span) => Some((Field::Body, span.start)),
            _ => None,
        })
    }
}
