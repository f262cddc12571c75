//! An article as lines: title, byline, body, links.

use crate::annotation::Field;
use crate::article::Article;
use crate::text::Span;
use crate::text::{clean_url, wrap};

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

/// The most links that are listed.
const LINKS: usize = 99;

/// The article's own address, then those in its text, each once, at most [`LINKS`]. All are http or https, in
/// ASCII.
fn links(article: &Article) -> Vec<String> {
    let own = article.url.as_deref().and_then(clean_url);
    let mut links: Vec<String> = own.into_iter().collect();
    for word in article.body.split_whitespace() {
        let start = word.find("https://").or_else(|| word.find("http://"));
        let Some(address) = start.and_then(|start| word.get(start..)) else { continue };
        let address = address.trim_end_matches(['.', ',', ';', ':', ')', ']', '"', '\'', '”', '’', '>']);
        if links.len() < LINKS
            && let Some(link) = clean_url(address).filter(|link| !links.contains(link))
        {
            links.push(link);
        }
    }
    links
}

/// The lines of one article at one width.
#[derive(Clone, Debug)]
pub struct Text {
    lines: Vec<TextLine>,
    /// The lines of the body, half-open.
    body: (usize, usize),
    /// The article's own address, then those in its text, each once.
    links: Vec<String>,
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
        let links = links(article);
        if !links.is_empty() {
            lines.push(TextLine::Gap);
        }
        for (number, link) in (1..).zip(&links) {
            let room = width.saturating_sub(link_prefix(number).len()).max(1);
            let pieces = wrap::lines(link, room).into_iter();
            lines.extend(pieces.map(|piece| TextLine::Link(number, piece.span)));
        }
        Text { lines, body, links }
    }

    /// The links, in the order of their numbers.
    pub fn links(&self) -> &[String] {
        &self.links
    }

    /// The link with this number, from 1.
    pub fn link(&self, number: u32) -> Option<&str> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.links.get(at).map(String::as_str)
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
