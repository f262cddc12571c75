//! Markup in pieces, one after the other: tags, text, CDATA. Comments, declarations and processing
//! instructions are passed over. Every byte is looked at a bounded number of times.

use super::Dialect;

/// Longest tag, in bytes; a longer one is text. Pictures are written into attributes.
const TAG_CAP: usize = 1 << 20;
/// How far the end of a document type with declarations of its own is looked for, in bytes.
const SUBSET_CAP: usize = 4 << 10;
/// Longest name, in bytes.
const NAME_CAP: usize = 64;
/// HTML elements whose content is not markup.
const RAW: [&str; 5] = ["script", "style", "textarea", "title", "xmp"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    Text(&'a str),
    Raw(&'a str),
    /// `start` and `end`: where the tag begins and ends, in bytes.
    Open {
        name: &'a str,
        attributes: &'a str,
        empty: bool,
        start: usize,
        end: usize,
    },
    Close {
        name: &'a str,
        start: usize,
    },
}

#[derive(Debug)]
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
    dialect: Dialect,
    /// The element whose raw content is next.
    raw: Option<&'a str>,
    /// What follows the text that was returned last.
    pending: Option<Event<'a>>,
    /// There is no further `-->` in the text.
    no_comment_ends: bool,
    /// Behind this byte no markup can end.
    last_end: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Scan<'a> {
        let last_end = if text.contains("<![CDATA[") { text.len() } else { text.rfind('>').unwrap_or(0) };
        Scan { text, at: 0, dialect, raw: None, pending: None, no_comment_ends: false, last_end }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The content of a script up to its closing tag.
    fn raw(&mut self, name: &str) -> Event<'a> {
        let rest = self.rest();
        let closes = |at: usize| {
            rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        let end =
            memchr::memmem::find_iter(rest.as_bytes(), b"</").find(|&at| closes(at)).unwrap_or(rest.len());
        self.at += end;
        let content = rest.get(..end).unwrap_or_default();
        // Titles and text areas have references; scripts have none that anybody reads.
        if matches!(name, "script" | "style" | "xmp") { Event::Raw(content) } else { Event::Text(content) }
    }

    /// What begins with `<` here; `None` if it is no markup.
    fn markup(&mut self) -> Option<Option<Event<'a>>> {
        if self.at >= self.last_end {
            return None;
        }
        let rest = self.rest();
        let skip = |length: usize| Some((length, None));
        let (length, event) = if rest.starts_with("<!--") {
            if self.no_comment_ends {
                return None;
            }
            match rest.find("-->") {
                Some(end) => skip(end + 3)?,
                None => {
                    self.no_comment_ends = true;
                    return None;
                }
            }
        } else if let Some(content) = rest.strip_prefix("<![CDATA[") {
            let end = content.find("]]>").unwrap_or(content.len());
            (9 + (end + 3).min(content.len()), Some(Event::Raw(content.get(..end)?)))
        } else if rest.starts_with("<?") {
            skip(rest.find('>')? + 1)?
        } else if rest.starts_with("<!") {
            skip(declaration(rest)?)?
        } else {
            let tag = tag(rest, self.at)?;
            (tag.1, Some(tag.0))
        };
        self.at += length;
        Some(event)
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(event) = self.pending.take() {
            return Some(event);
        }
        if let Some(name) = self.raw.take() {
            return Some(self.raw(&name.to_ascii_lowercase()));
        }
        let mut start = self.at;
        let mut from = start;
        loop {
            let found = self.text.get(from..).and_then(|rest| memchr::memchr(b'<', rest.as_bytes()));
            let Some(found) = found else { break };
            self.at = from + found;
            let text = self.text.get(start..self.at).filter(|text| !text.is_empty());
            let Some(event) = self.markup() else {
                // A `<` that is no markup is text, with what follows it.
                from = self.at + 1;
                continue;
            };
            if let Some(Event::Open { name, empty: false, .. }) = event
                && self.dialect == Dialect::Html
                && RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name))
            {
                self.raw = Some(name);
            }
            match (text, event) {
                (Some(text), event) => {
                    self.pending = event;
                    return Some(Event::Text(text));
                }
                (None, Some(event)) => return Some(event),
                (None, None) => (start, from) = (self.at, self.at),
            }
        }
        self.at = self.text.len();
        let text = self.text.get(start..).filter(|text| !text.is_empty())?;
        // A tag that the end of the file cut off says nothing.
        let cut = text.rfind('<').filter(|&at| tag_begins(text.get(at..).unwrap_or_default()));
        text.get(..cut.unwrap_or(text.len())).map(Event::Text)
    }
}

/// The length of `<!DOCTYPE … [ … ]>`.
fn declaration(text: &str) -> Option<usize> {
    let close = text.find('>')?;
    let subset = text.get(..close)?.contains('[').then(|| {
        let head = text.as_bytes().get(close..(close + SUBSET_CAP).min(text.len()))?;
        Some(close + memchr::memmem::find(head, b"]>")? + 2)
    });
    Some(subset.flatten().unwrap_or(close + 1))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.') || byte >= 0x80
}

fn tag_begins(text: &str) -> bool {
    let after = text.strip_prefix("</").or_else(|| text.strip_prefix('<')).unwrap_or_default();
    after.is_empty() || after.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.contains('>')
}

/// The tag at the start of `text`, which stands at byte `at`, and its length.
fn tag(text: &str, at: usize) -> Option<(Event<'_>, usize)> {
    let closing = text.starts_with("</");
    let from = if closing { 2 } else { 1 };
    let after = text.get(from..)?;
    let length = after.bytes().take(NAME_CAP).take_while(|&b| is_name(b)).count();
    let name =
        after.get(..length).filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))?;
    let tail = after.get(length..)?;
    let end = tag_end(tail)?;
    let whole = from + length + end + 1;
    let inner = tail.get(..end)?;
    if closing {
        return Some((Event::Close { name, start: at }, whole));
    }
    let empty = inner.ends_with('/');
    let attributes = inner.strip_suffix('/').unwrap_or(inner);
    if !(attributes.is_empty() || attributes.starts_with(char::is_whitespace) || attributes.starts_with('/'))
    {
        return None;
    }
    Some((Event::Open { name, attributes, empty, start: at, end: at + whole }, whole))
}

/// Where the `>` of a tag stands. A quote that opens an attribute and never closes is passed over.
fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < TAG_CAP.min(bytes.len()) {
        match bytes.get(at)? {
            b'>' => return Some(at),
            b'<' => return None,
            quote @ (b'"' | b'\'') if at > 0 && matches!(bytes.get(at - 1), Some(b'=' | b' ')) => {
                let inner = bytes.get(at + 1..TAG_CAP.min(bytes.len()))?;
                at += memchr::memchr(*quote, inner).map_or(1, |length| length + 2);
            }
            _ => at += 1,
        }
    }
    None
}
