//! A file as it comes: pieces of bytes in, articles out as soon as they are whole.
//!
//! JSON Lines are read line by line, in memory that does not grow with the file; everything else is
//! kept until its end and then read as one. Broken lines are warned of, with their numbers.

use super::draft::Draft;
use super::json::{self, Sink};
use super::{Origin, State, Warning, feed, markdown, opml, page, plain};
use crate::article::Article;
use crate::text::charset;
use serde_json::Value;

/// Longest line of JSON Lines, in bytes: a record of more is no article.
const LINE_CAP: usize = 64 << 20;
/// Longest file that is read as one, in bytes.
const WHOLE_CAP: usize = 256 << 20;
/// Warnings of one file given one by one; more are counted.
const WARNING_CAP: u64 = 100;

/// Articles and warnings.
type Found = (Vec<Article>, Vec<Warning>);

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The first line is not complete yet.
    Undecided,
    Lines,
    Whole,
    /// Too long: the rest is thrown away.
    Overlong,
}

/// A reader of one file.
#[derive(Debug)]
pub struct Stream {
    origin: Origin,
    mode: Mode,
    /// Bytes that are not read yet.
    buffer: Vec<u8>,
    /// How many bytes of the buffer hold no line feed.
    searched: usize,
    /// The first line is complete.
    feed_seen: bool,
    /// Lines read.
    line: u64,
    warned: u64,
    /// Within a line that is too long.
    skipping: bool,
    /// What was done with articles returned last, by their places.
    states: Vec<(usize, State)>,
}

impl Stream {
    pub fn new(origin: Origin) -> Stream {
        Stream {
            origin,
            mode: Mode::Undecided,
            buffer: Vec::new(),
            searched: 0,
            feed_seen: false,
            line: 0,
            warned: 0,
            skipping: false,
            states: Vec::new(),
        }
    }

    /// What people did with the articles that `push` or `finish` returned just now, by their places among
    /// them; only an export says.
    pub fn take_states(&mut self) -> Vec<(usize, State)> {
        std::mem::take(&mut self.states)
    }

    /// Takes the next bytes of the file and returns what is complete now.
    pub fn push(&mut self, bytes: &[u8]) -> Found {
        let mut found = Found::default();
        if self.mode == Mode::Overlong {
            return found;
        }
        self.buffer.extend_from_slice(bytes);
        if self.mode == Mode::Undecided {
            self.decide(false);
        }
        match self.mode {
            Mode::Lines => self.read_lines(&mut found),
            _ if self.buffer.len() > WHOLE_CAP => {
                self.mode = Mode::Overlong;
                self.buffer = Vec::new();
                found.1.push(self.origin.warning(None, "could not read it: it is longer than 256 MiB"));
            }
            _ => {}
        }
        found
    }

    /// The file has ended: returns what is left of it.
    pub fn finish(&mut self) -> Found {
        let mut found = Found::default();
        if self.mode == Mode::Undecided {
            self.decide(true);
        }
        match self.mode {
            Mode::Lines => {
                self.buffer.push(b'\n');
                self.read_lines(&mut found);
                self.count_unsaid(&mut found);
            }
            Mode::Whole | Mode::Undecided => {
                self.read_whole(&mut found);
                self.warned = found.1.len() as u64;
                found.1.truncate(WARNING_CAP as usize);
                self.count_unsaid(&mut found);
            }
            Mode::Overlong => {}
        }
        found
    }

    /// Settles how the file is read, if its first lines are complete (or there are no more).
    fn decide(&mut self, at_end: bool) {
        let head = self.buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.buffer);
        let start = head.trim_ascii_start();
        if start.len() < 2 && !at_end {
            return;
        }
        if !start.starts_with(b"{") && !start.starts_with(b"[") || charset::is_utf16(head) {
            self.mode = Mode::Whole;
            return;
        }
        // The first line may be the whole of a large file: each byte of it is searched once.
        let from = self.searched.max(self.buffer.len() - start.len());
        let fresh = self.buffer.get(from..).unwrap_or_default();
        if !at_end && !self.feed_seen && memchr::memchr(b'\n', fresh).is_none() {
            self.searched = self.buffer.len();
            return;
        }
        self.feed_seen = true;
        self.searched = 0;
        let mut lines = start.splitn(3, |&b| b == b'\n');
        let first = lines.next().unwrap_or_default();
        let second = lines.next();
        if json::parse(&charset::decode_line(first)).is_ok() {
            self.mode = Mode::Lines;
            return;
        }
        // A first line that is broken among lines that are not.
        let second = second.unwrap_or_default().trim_ascii();
        if second.len() < 2 && lines.next().is_none() && !at_end {
            return;
        }
        let goes_on = first.trim_ascii_end().ends_with(b"[") || first.trim_ascii_end().ends_with(b",");
        let lines = first.starts_with(b"{\"") && second.starts_with(b"{\"") && !goes_on;
        self.mode = if lines { Mode::Lines } else { Mode::Whole };
    }

    fn read_lines(&mut self, found: &mut Found) {
        let buffer = std::mem::take(&mut self.buffer);
        let mut start = 0;
        let mut from = self.searched;
        while let Some(feed) = buffer.get(from..).and_then(|rest| memchr::memchr(b'\n', rest)) {
            let end = from + feed;
            self.line += 1;
            if self.skipping {
                self.skipping = false;
            } else {
                self.read_line(buffer.get(start..end).unwrap_or_default(), found);
            }
            (start, from) = (end + 1, end + 1);
        }
        // A long line grows over many pieces: only what was read is cut off.
        self.buffer = if start == 0 { buffer } else { buffer.get(start..).unwrap_or_default().to_vec() };
        if self.buffer.len() > LINE_CAP {
            if !self.skipping {
                let message = "could not read the line: it is longer than 64 MiB";
                self.warn(self.origin.warning(Some(self.line + 1), message), found);
            }
            self.skipping = true;
        }
        if self.skipping {
            self.buffer.clear();
        }
        self.searched = self.buffer.len();
    }

    fn read_line(&mut self, line: &[u8], found: &mut Found) {
        let line = if self.line == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        let text = charset::decode_line(line);
        // The record separator of JSON text sequences, and the commas of arrays cut into lines.
        let text = text.trim().trim_start_matches('\u{1e}').trim_end_matches(',');
        if text.is_empty() || matches!(text, "[" | "]") {
            return;
        }
        match json::parse(text) {
            Ok(value) if value.is_object() || value.is_array() => {
                let mut warnings = Vec::new();
                let place = found.0.len();
                let mut sink = Sink {
                    origin: &self.origin,
                    line: Some(self.line),
                    articles: &mut found.0,
                    warnings: &mut warnings,
                };
                json::articles(&value, &mut sink);
                if let (Some(state), true) =
                    (value.as_object().and_then(json::state), found.0.len() == place + 1)
                {
                    self.states.push((place, state));
                }
                for warning in warnings {
                    self.warn(warning, found);
                }
            }
            Ok(_) => {
                let message = "could not read the line: it is no JSON object";
                self.warn(self.origin.warning(Some(self.line), message), found);
            }
            Err(error) => {
                let message =
                    format!("could not read the line as JSON: {} at column {}", error.reason, error.column);
                self.warn(self.origin.warning(Some(self.line), &message), found);
            }
        }
    }

    fn warn(&mut self, warning: Warning, found: &mut Found) {
        self.warned += 1;
        if self.warned <= WARNING_CAP {
            found.1.push(warning);
        }
    }

    /// Says how many warnings are over the cap.
    fn count_unsaid(&self, found: &mut Found) {
        if self.warned > WARNING_CAP {
            let message = format!("could not list {} more warnings", self.warned - WARNING_CAP);
            found.1.push(self.origin.warning(None, &message));
        }
    }

    fn read_whole(&mut self, found: &mut Found) {
        let buffer = std::mem::take(&mut self.buffer);
        let text = match charset::decode_declared(&buffer, None) {
            Ok(text) => text,
            Err(charset::NotText(what)) => {
                found.1.push(self.origin.warning(None, &format!("could not read it as text: it is {what}")));
                return;
            }
        };
        if json::is_likely(&text) && charset::is_utf16(&buffer) {
            // As UTF-8 it may turn out to be lines.
            let mut stream = Stream::new(self.origin.clone());
            *found = stream.push(text.as_bytes());
            let (articles, warnings) = stream.finish();
            found.0.extend(articles);
            found.1.extend(warnings);
            return;
        }
        if json::is_likely(&text) {
            return self.read_json(&text, found);
        }
        if opml::is_opml(&text) {
            let message = "could not find articles: it is a list of feeds, which 'dateline add' takes over";
            found.1.push(self.origin.warning(None, message));
            return;
        }
        if feed::is_feed(&text) {
            let feed = feed::read(&text, None, &self.origin);
            found.0.extend(feed.articles);
            found.1.extend(feed.warnings);
            return;
        }
        let draft = if page::is_page(&text) {
            page::read(&text, None)
        } else if markdown::has_front_matter(&text) {
            markdown::read(&text, &self.origin)
        } else {
            plain::read(&text, &self.origin)
        };
        if draft.title.trim().is_empty() && draft.body.trim().is_empty() {
            found.1.push(self.origin.warning(None, "could not find any text: it is empty"));
            return;
        }
        found.0.extend(Draft::finish(draft, &self.origin, None, &mut found.1));
    }

    fn read_json(&mut self, text: &str, found: &mut Found) {
        let error = match json::parse(text) {
            Ok(value) => {
                let mut sink =
                    Sink { origin: &self.origin, line: None, articles: &mut found.0, warnings: &mut found.1 };
                return json::articles(&value, &mut sink);
            }
            Err(error) => error,
        };
        // Objects one after the other, over several lines each, as `jq` prints them.
        let several: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
        if let Ok(values) = several {
            let mut sink =
                Sink { origin: &self.origin, line: None, articles: &mut found.0, warnings: &mut found.1 };
            return json::articles(&Value::Array(values), &mut sink);
        }
        // Broken somewhere: what is whole in it is read all the same.
        let message = format!("could not read the JSON: {} at column {}", error.reason, error.column);
        found.1.push(self.origin.warning(Some(error.line), &message));
        for (line, object) in objects(text) {
            if let Ok(value) = json::parse(object) {
                let mut ignored = Vec::new();
                let mut sink = Sink {
                    origin: &self.origin,
                    line: Some(line),
                    articles: &mut found.0,
                    warnings: &mut ignored,
                };
                json::articles(&value, &mut sink);
            }
        }
    }
}

/// The whole objects in a broken JSON text, outermost first where the outermost is whole, with the
/// lines that they begin on. Linear: an object that is not whole is entered, once.
fn objects(text: &str) -> Vec<(u64, &str)> {
    let mut open: Vec<(usize, u64)> = Vec::new();
    let mut whole: Vec<(usize, usize, u64)> = Vec::new();
    let (mut line, mut in_string, mut escaped) = (1, false, false);
    for (at, byte) in text.bytes().enumerate() {
        line += u64::from(byte == b'\n');
        if in_string {
            // A raw line feed ends a string that was never closed.
            (in_string, escaped) = match byte {
                _ if escaped => (true, false),
                b'\\' => (true, true),
                b'"' | b'\n' => (false, false),
                _ => (true, false),
            };
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' => open.push((at, line)),
            b'}' => {
                if let Some((start, line)) = open.pop() {
                    // What lies within is part of this one.
                    while whole.last().is_some_and(|&(inner, ..)| inner > start) {
                        whole.pop();
                    }
                    whole.push((start, at + 1, line));
                }
            }
            _ => {}
        }
    }
    whole.into_iter().filter_map(|(start, end, line)| Some((line, text.get(start..end)?))).collect()
}
