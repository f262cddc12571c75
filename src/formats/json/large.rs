//! JSON that is too long to be read as a whole: the articles are taken out of it one by one, while it comes.
//!
//! In come the bytes of an array, of objects one after the other, or of an object with an array of articles somewhere in
//! it. Each element of the array is parsed by itself, and memory does not grow with the file. What lies around the array
//! is passed over.

use super::super::records::Records;
use super::super::{Gathered, Origin};
use super::{CONTAINERS, Sink, collect, fields};
use crate::text::charset::Charset;

/// From how many bytes on a file is read in this way.
pub(in crate::formats) const LARGE: usize = 8 << 20;
/// The longest element, in bytes; a longer one is not an article.
const ELEMENT_CAP: usize = 64 << 20;
/// The longest name of a field that is kept, in bytes.
const NAME_CAP: usize = 64;

/// Whether a long text that begins as JSON can be read in pieces: not if it is a table in columns, of which every
/// article has a part.
pub(in crate::formats) fn is_possible(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..200).unwrap_or(head));
    let mut parts = text.trim_start().split('"');
    let in_columns = parts.next().is_some_and(|open| open.trim() == "{")
        && parts.next().is_some_and(|name| fields::known(name) == Some(true))
        && parts.next().is_some_and(|between| between.split_whitespace().collect::<String>() == ":{")
        && parts.next().is_some_and(|row| row.bytes().all(|byte| byte.is_ascii_digit()));
    !in_columns
}

/// A reader of JSON in pieces.
pub(in crate::formats) fn records() -> Box<dyn Records> {
    Box::new(Large { line: 1, ..Large::default() })
}

#[derive(Debug, Default)]
struct Large {
    buffer: Vec<u8>,
    /// How much of the buffer has been looked at.
    at: usize,
    line: u64,
    /// The objects and arrays that are open.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The depth in the array whose elements are articles; `None` outside of it.
    unit: Option<usize>,
    /// Whether the text is objects one after the other, once that is known.
    is_sequence: Option<bool>,
    /// Where the element that is open begins in the buffer, and on which line.
    start: Option<(usize, u64)>,
    /// Whether it is too long to be kept.
    is_lost: bool,
    /// The last string outside of elements, which may be the name of an array.
    name: Vec<u8>,
    /// How many elements were no articles, and how many articles there were.
    others: u64,
    articles: u64,
}

impl Records for Large {
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered) {
        self.buffer.extend_from_slice(bytes);
        self.scan(origin, found);
    }

    fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        self.scan(origin, found);
        if let Some((_, line)) = self.start {
            found
                .warnings
                .push(origin.warning(Some(line), "could not read the JSON: it ends within an article"));
        }
        if self.articles == 0 {
            let message = "could not find an article in the JSON: there is neither a title nor a body";
            found.warnings.push(origin.warning(None, message));
        }
    }
}

impl Large {
    fn scan(&mut self, origin: &Origin, found: &mut Gathered) {
        let buffer = std::mem::take(&mut self.buffer);
        let is_sequence = *self.is_sequence.get_or_insert_with(|| is_sequence(&buffer));
        while let Some(byte) = buffer.get(self.at).copied() {
            if self.in_string {
                self.string(&buffer, byte);
                continue;
            }
            match byte {
                b'"' => {
                    self.in_string = true;
                    self.name.clear();
                }
                b'{' | b'[' => {
                    if self.start.is_none() {
                        let in_sequence = is_sequence && self.depth == 0;
                        if self.unit == Some(self.depth) || in_sequence {
                            self.start = Some((self.at, self.line));
                            self.unit = Some(self.depth);
                        } else if byte == b'[' && self.unit.is_none() && self.opens_articles() {
                            self.unit = Some(self.depth + 1);
                        }
                    }
                    self.depth += 1;
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.close(&buffer, origin, found);
                }
                b'\n' => self.line += 1,
                _ => {}
            }
            self.at += 1;
        }
        self.keep(buffer, origin, found);
    }

    /// Passes over what is in a string, up to its end or an escape.
    fn string(&mut self, buffer: &[u8], byte: u8) {
        if self.escaped {
            self.escaped = false;
            self.at += 1;
            return;
        }
        match byte {
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ => {
                let rest = buffer.get(self.at..).unwrap_or_default();
                let length = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
                let text = rest.get(..length).unwrap_or_default();
                self.line += memchr::memchr_iter(b'\n', text).count() as u64;
                if self.start.is_none() {
                    let room = NAME_CAP.saturating_sub(self.name.len());
                    self.name.extend(text.iter().take(room));
                }
                self.at += length;
                return;
            }
        }
        self.at += 1;
    }

    /// Whether the array that opens here has articles as its elements.
    fn opens_articles(&self) -> bool {
        let name = String::from_utf8_lossy(&self.name).to_ascii_lowercase();
        self.depth == 0 || CONTAINERS.contains(&name.as_str())
    }

    /// Reads the element that ends here, if one does.
    fn close(&mut self, buffer: &[u8], origin: &Origin, found: &mut Gathered) {
        match (self.start, self.unit) {
            (Some((start, line)), Some(unit)) if unit == self.depth => {
                self.start = None;
                if !std::mem::take(&mut self.is_lost) {
                    self.element(buffer.get(start..=self.at).unwrap_or_default(), line, origin, found);
                }
            }
            (None, Some(unit)) if self.depth < unit => self.unit = None,
            _ => {}
        }
    }

    fn element(&mut self, bytes: &[u8], line: u64, origin: &Origin, found: &mut Gathered) {
        let before = (found.items.len(), found.warnings.len());
        match super::parse(&Charset::UTF_8.decode(bytes)) {
            Ok(value) => {
                let mut sink =
                    Sink { origin, line: Some(line), items: &mut found.items, warnings: &mut found.warnings };
                collect(&value, None, 1, &mut sink);
            }
            Err(error) => {
                let place = line + error.line.saturating_sub(1);
                let message = format!("could not read the JSON: {} at column {}", error.reason, error.column);
                found.warnings.push(origin.warning(Some(place), &message));
            }
        }
        self.articles += (found.items.len() - before.0) as u64;
        self.others += u64::from(before == (found.items.len(), found.warnings.len()));
    }

    /// Keeps what belongs to an element that is open, and nothing else.
    fn keep(&mut self, mut buffer: Vec<u8>, origin: &Origin, found: &mut Gathered) {
        match &mut self.start {
            Some((start, line)) if !self.is_lost => {
                buffer.drain(..*start);
                self.at -= *start;
                *start = 0;
                if buffer.len() > ELEMENT_CAP {
                    let message =
                        "could not read an article: it is longer than 64 MiB, or a quotation mark is missing";
                    found.warnings.push(origin.warning(Some(*line), message));
                    self.is_lost = true;
                    buffer = Vec::new();
                    self.at = 0;
                }
            }
            _ => {
                buffer.clear();
                self.at = 0;
            }
        }
        self.buffer = buffer;
    }
}

/// Whether a text is objects one after the other: the first of them ends soon.
fn is_sequence(buffer: &[u8]) -> bool {
    if buffer.trim_ascii_start().first() != Some(&b'{') {
        return false;
    }
    let mut values = serde_json::Deserializer::from_slice(buffer).into_iter::<serde::de::IgnoredAny>();
    matches!(values.next(), Some(Ok(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn read(text: &str, size: usize) -> (Vec<String>, Vec<String>) {
        let origin = Origin { path: None, source: "dump".to_owned(), time: DateTime::UNIX_EPOCH };
        let (mut records, mut found) = (Large { line: 1, ..Large::default() }, Gathered::default());
        // What a text is gets decided by all that came before it was known to be long.
        records.is_sequence = Some(is_sequence(text.as_bytes()));
        text.as_bytes().chunks(size).for_each(|piece| records.push(piece, &origin, &mut found));
        records.finish(&origin, &mut found);
        let titles = found.items.into_iter().map(|item| item.alone().title).collect();
        (titles, found.warnings.iter().map(ToString::to_string).collect())
    }

    fn check(text: &str, titles: &[&str], warnings: &[&str]) {
        for size in [1, 3, 64, 4096] {
            let found = read(text, size);
            assert_eq!(
                (found.0, found.1),
                (
                    titles.iter().map(|t| (*t).to_owned()).collect(),
                    warnings.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn articles_are_taken_out_one_by_one() {
        let one = r#"{"title":"One \"]}","text":"A {[ \\"}"#;
        let two = r#"{"title":"Two","text":"B","tags":["x",{"name":"y"}]}"#;
        check(&format!("[{one},\n{two}]"), &["One \"]}", "Two"], &[]);
        check(
            &format!("{{\"status\":\"ok\",\"meta\":{{\"a\":[1,2]}},\"articles\":[{one},{two}],\"n\":2}}"),
            &["One \"]}", "Two"],
            &[],
        );
        check(&format!("{{\"response\":{{\"docs\":[{one},{two}]}}}}"), &["One \"]}", "Two"], &[]);
        check(&format!("{one}\n{two}\n"), &["One \"]}", "Two"], &[]);
        check(
            &format!("[{two},\n{{\"title\":oops}},\n{two}"),
            &["Two", "Two"],
            &["standard input:2: could not read the JSON: expected value at column 10"],
        );
        check(
            &format!("[{two},{{\"title\":\"x"),
            &["Two"],
            &["standard input:1: could not read the JSON: it ends within an article"],
        );
        check(
            "[[1,2],[3]]",
            &[],
            &["standard input: could not find an article in the JSON: there is neither a title nor a body"],
        );
    }

    #[test]
    fn tables_in_columns_are_read_as_a_whole() {
        assert!(!is_possible(br#"{"title": {"0": "One""#));
        assert!(
            is_possible(br#"{"title": "One"}"#)
                && is_possible(br#"{"articles": [{"0": "x""#)
                && is_possible(b"[")
        );
    }
}
