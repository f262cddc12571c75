//! Splits XML into tags, text and CDATA sections. Comments, declarations and processing instructions are skipped.
//! Every byte is visited a bounded number of times.

/// The longest tag, in bytes; a longer one is text. Some attributes hold whole pictures.
const TAG_CAP: usize = 1 << 20;
/// How far to look for the end of a document type that has its own declarations, in bytes.
const SUBSET_CAP: usize = 64 << 10;
/// The longest name, in bytes.
const NAME_CAP: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    Text(&'a str),
    Raw(&'a str),
    /// The tag at bytes `start..end`.
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
    /// The event that follows the text that was returned last.
    pending: Option<Event<'a>>,
    /// There is no further `-->` in the text.
    no_comment_ends: bool,
    /// No markup ends after this byte.
    last_end: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Scan<'a> {
        let last_end = text.rfind('>').unwrap_or(0);
        Scan { text, at: 0, pending: None, no_comment_ends: false, last_end }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Reads the markup that begins here with `<`. `None` if it is not markup, `Some(None)` if it is skipped.
    fn markup(&mut self) -> Option<Option<Event<'a>>> {
        let rest = self.rest();
        // Only a CDATA section may go on to the end of the text.
        if self.at >= self.last_end && !rest.starts_with("<![CDATA[") {
            return None;
        }
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
        let mut start = self.at;
        let mut from = start;
        loop {
            let found = self.text.get(from..).and_then(|rest| memchr::memchr(b'<', rest.as_bytes()));
            let Some(found) = found else { break };
            self.at = from + found;
            let text = self.text.get(start..self.at).filter(|text| !text.is_empty());
            let Some(event) = self.markup() else {
                // A `<` that does not begin markup is text, and so is the text after it.
                from = self.at + 1;
                continue;
            };
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
        // A tag that is cut off by the end of the file is dropped.
        let cut = text.rfind('<').filter(|&at| tag_begins(text.get(at..).unwrap_or_default()));
        text.get(..cut.unwrap_or(text.len())).map(Event::Text)
    }
}

/// The length of `<!DOCTYPE … [ … ]>`.
pub(in crate::formats) fn declaration(text: &str) -> Option<usize> {
    let close = text.find('>')?;
    let subset = text.get(..close)?.find('[').and_then(|open| {
        let head = text.as_bytes().get(open..(open + SUBSET_CAP).min(text.len()))?;
        let ends = memchr::memchr_iter(b']', head);
        ends.filter_map(|at| {
            let spaces = head.get(at + 1..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let end = at + 1 + spaces;
            (head.get(end) == Some(&b'>')).then_some(open + end + 1)
        })
        .next()
    });
    Some(subset.unwrap_or(close + 1))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.') || byte >= 0x80
}

fn tag_begins(text: &str) -> bool {
    let after = text.strip_prefix("</").or_else(|| text.strip_prefix('<')).unwrap_or_default();
    after.is_empty() || after.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.contains('>')
}

/// The tag at the start of `text`, and its length. `text` begins at byte `at` of the document.
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

/// The position of the `>` of a tag. A quotation mark that opens a value and never closes it is ignored.
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
