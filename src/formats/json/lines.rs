//! JSON Lines: one JSON value a line, read line by line, in memory that does not grow with the file. Broken lines give
//! warnings with their numbers.

use super::super::records::Records;
use super::super::{Gathered, Origin};
use super::{Sink, is_value};
use crate::text::charset::{CHARSET_SAMPLE, Charset, is_utf16};

/// The longest line, in bytes; a longer record is not an article.
const LINE_CAP: usize = 64 << 20;

/// Whether a text is JSON Lines. One line of JSON is JSON Lines too.
pub(in crate::formats) fn is_lines(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with(['{', '[']) && begin(start.as_bytes(), true) == Some(true)
}

/// Whether bytes that begin with `{` or `[` are the beginning of JSON Lines; `None` while that depends on bytes that
/// have not come yet. `head` holds the first line at least.
pub(in crate::formats) fn begin(head: &[u8], at_end: bool) -> Option<bool> {
    let mut lines = head.splitn(3, |&byte| byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let second = lines.next();
    if is_value(&Charset::guess(first).decode(first)) {
        return Some(true);
    }
    // The first line may be broken among lines that are not.
    let second = second.unwrap_or_default().trim_ascii();
    if second.len() < 2 && lines.next().is_none() && !at_end {
        return None;
    }
    let goes_on = first.trim_ascii_end().ends_with(b"[") || first.trim_ascii_end().ends_with(b",");
    Some(first.starts_with(b"{\"") && second.starts_with(b"{\"") && !goes_on)
}

/// A reader of JSON Lines.
pub(in crate::formats) fn records(_origin: &Origin) -> Box<dyn Records> {
    Box::new(Lines::default())
}

#[derive(Debug, Default)]
struct Lines {
    /// The bytes that have not been read yet.
    buffer: Vec<u8>,
    /// How many bytes at the start of the buffer are known to hold no line feed.
    searched: usize,
    /// How many lines have been read.
    line: u64,
    /// Whether the buffer begins within a line that is too long.
    skipping: bool,
    /// The character set of the lines that are not UTF-8, decided at the first of them.
    charset: Option<Charset>,
    /// Whether the file is in UTF-16, which is decoded once all of it has come.
    is_wide: Option<bool>,
}

impl Records for Lines {
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered) {
        self.buffer.extend_from_slice(bytes);
        if *self.is_wide.get_or_insert_with(|| is_utf16(&self.buffer)) {
            return;
        }
        self.read(false, origin, found);
    }

    fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        if self.is_wide == Some(true) {
            let bytes = std::mem::take(&mut self.buffer);
            if let Ok(decoded) = crate::text::charset::decode(&bytes, None) {
                self.buffer = decoded.text.into_owned().into_bytes();
            }
        }
        self.buffer.push(b'\n');
        self.read(true, origin, found);
    }
}

impl Lines {
    fn read(&mut self, at_end: bool, origin: &Origin, found: &mut Gathered) {
        let buffer = std::mem::take(&mut self.buffer);
        let mut start = 0;
        let (mut from, mut waits) = (self.searched, false);
        while let Some(length) = buffer.get(from..).and_then(|rest| memchr::memchr(b'\n', rest)) {
            let end = from + length;
            let line = buffer.get(start..end).unwrap_or_default();
            if self.charset.is_none() && !self.skipping && std::str::from_utf8(line).is_err() {
                // The sample is the same however the file is cut into pieces.
                let rest = buffer.get(start..).unwrap_or_default();
                if rest.len() < CHARSET_SAMPLE && !at_end {
                    waits = true;
                    break;
                }
                let charset = Charset::guess(rest);
                self.charset = Some(charset);
                if let Some(doubt) = charset.doubt() {
                    found.warnings.push(origin.warning(Some(self.line + 1), &doubt.to_string()));
                }
            }
            self.line += 1;
            if self.skipping {
                self.skipping = false;
            } else {
                self.read_line(line, origin, found);
            }
            (start, from) = (end + 1, end + 1);
        }
        // A long line grows over many pieces: only what was read is removed.
        self.buffer = if start == 0 { buffer } else { buffer.get(start..).unwrap_or_default().to_vec() };
        if self.buffer.len() > LINE_CAP {
            if !self.skipping {
                let message = "could not read the line: it is longer than 64 MiB";
                found.warnings.push(origin.warning(Some(self.line + 1), message));
            }
            self.skipping = true;
        }
        if self.skipping {
            self.buffer.clear();
        }
        self.searched = if waits { 0 } else { self.buffer.len() };
    }

    fn read_line(&self, line: &[u8], origin: &Origin, found: &mut Gathered) {
        let line = if self.line == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        let text = self.charset.unwrap_or(Charset::UTF_8).decode(line);
        // The record separator of JSON text sequences, and the commas of arrays that were cut into lines.
        let text = text.trim().trim_start_matches('\u{1e}').trim_end_matches(',');
        if text.is_empty() || matches!(text, "[" | "]") {
            return;
        }
        match super::parse(text) {
            Ok(value) if value.is_object() || value.is_array() => {
                let mut sink = Sink {
                    origin,
                    line: Some(self.line),
                    items: &mut found.items,
                    warnings: &mut found.warnings,
                };
                super::articles(&value, &mut sink);
            }
            Ok(_) => {
                let message = "could not read the line: it is not a JSON object";
                found.warnings.push(origin.warning(Some(self.line), message));
            }
            Err(error) => {
                let message =
                    format!("could not read the line as JSON: {} at column {}", error.reason, error.column);
                found.warnings.push(origin.warning(Some(self.line), &message));
            }
        }
    }
}
