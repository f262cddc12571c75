//! A file as it comes: pieces of bytes in, articles out as soon as they are complete.
//!
//! JSON Lines are read line by line, in memory that does not grow with the file. Articles whose dates wait for others are
//! kept until these have come. Every other format is kept until the
//! end of the file and then read as a whole. Broken lines give warnings with their numbers.

use super::dating::Dating;
use super::format::{Format, Holds};
use super::json::{self, Sink};
use super::{Found, Gathered, Origin, ReadingState, Warning};
use crate::article::Article;
use crate::text::charset::{self, CHARSET_SAMPLE, Charset, NotText};

/// The longest line of JSON Lines, in bytes; a longer record is not an article.
const LINE_CAP: usize = 64 << 20;
/// The longest file that is read as a whole, in bytes.
const WHOLE_CAP: usize = 256 << 20;
/// How many warnings about one file are listed; further ones are counted.
const WARNING_CAP: u64 = 100;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The first line is not complete yet.
    Undecided,
    Lines,
    Whole,
    /// The file is too long; the rest of it is dropped.
    Overlong,
}

/// A reader of one file.
#[derive(Debug)]
pub struct Stream {
    origin: Origin,
    mode: Mode,
    /// The bytes that have not been read yet.
    buffer: Vec<u8>,
    /// How many bytes at the start of the buffer are known to hold no line feed.
    searched: usize,
    /// Whether the first line is complete.
    first_line_complete: bool,
    /// How many lines have been read.
    line: u64,
    /// How many warnings there were, with those that are not listed.
    warned: u64,
    /// Whether the buffer begins within a line that is too long.
    skipping: bool,
    /// The character set of the lines that are not UTF-8, decided at the first of them.
    charset: Option<Charset>,
    /// What was done with the articles that were returned last, by their places among them.
    states: Vec<(usize, ReadingState)>,
    dating: Dating,
    /// Whether the file is one of several articles.
    is_pile: bool,
}

impl Stream {
    pub fn new(origin: Origin) -> Stream {
        Stream {
            origin,
            mode: Mode::Undecided,
            buffer: Vec::new(),
            searched: 0,
            first_line_complete: false,
            line: 0,
            warned: 0,
            skipping: false,
            charset: None,
            states: Vec::new(),
            dating: Dating::default(),
            is_pile: false,
        }
    }

    /// What people did with the articles that `push` or `finish` returned last, by the places of these articles. Only
    /// the lines of an export say this.
    pub fn take_states(&mut self) -> Vec<(usize, ReadingState)> {
        std::mem::take(&mut self.states)
    }

    /// Takes the next bytes of the file, and returns what is complete now. How the file is cut into pieces makes no
    /// difference to the result.
    pub fn push(&mut self, bytes: &[u8]) -> Found {
        let gathered = self.gather(bytes);
        self.date(gathered, false)
    }

    /// Returns what is left of the file, which has ended.
    pub fn finish(&mut self) -> Found {
        let gathered = self.gather_rest();
        let (articles, mut warnings) = self.date(gathered, true);
        if self.is_pile {
            warnings.extend(self.dating.warning(&self.origin));
        }
        (articles, warnings)
    }

    /// Decides the dates of what was gathered, as far as that can be done now.
    fn date(&mut self, gathered: Gathered, at_end: bool) -> Found {
        let Gathered { items, warnings } = gathered;
        let (mut articles, states) = (Vec::with_capacity(items.len()), &mut self.states);
        let mut ready = |article: Article, state: Option<ReadingState>| {
            states.extend(state.map(|state| (articles.len(), state)));
            articles.push(article);
        };
        items.into_iter().for_each(|item| self.dating.take(item, &mut ready));
        if at_end {
            self.dating.finish(&mut ready);
        }
        (articles, warnings)
    }

    /// Takes the next bytes; returns what is complete, with dates that may still depend on one another.
    pub(super) fn gather(&mut self, bytes: &[u8]) -> Gathered {
        let mut found = Gathered::default();
        if self.mode == Mode::Overlong {
            return found;
        }
        self.buffer.extend_from_slice(bytes);
        if self.mode == Mode::Undecided {
            self.decide(false);
        }
        match self.mode {
            Mode::Lines => self.read_lines(false, &mut found),
            _ if self.buffer.len() > WHOLE_CAP => {
                self.mode = Mode::Overlong;
                self.buffer = Vec::new();
                found
                    .warnings
                    .push(self.origin.warning(None, "could not read the file: it is longer than 256 MiB"));
            }
            _ => {}
        }
        found
    }

    /// What is left of the file.
    pub(super) fn gather_rest(&mut self) -> Gathered {
        let mut found = Gathered::default();
        if self.mode == Mode::Undecided {
            self.decide(true);
        }
        match self.mode {
            Mode::Lines => {
                self.buffer.push(b'\n');
                self.read_lines(true, &mut found);
                self.count_unlisted(&mut found);
            }
            Mode::Whole | Mode::Undecided => {
                self.read_whole(&mut found);
                self.warned = found.warnings.len() as u64;
                found.warnings.truncate(WARNING_CAP as usize);
                self.count_unlisted(&mut found);
            }
            Mode::Overlong => {}
        }
        found
    }

    /// Decides how the file is read, if its first lines are complete or there are no more.
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
        // The first line may be the whole of a large file, so each byte of it is searched once.
        let from = self.searched.max(self.buffer.len() - start.len());
        let fresh = self.buffer.get(from..).unwrap_or_default();
        if !at_end && !self.first_line_complete && memchr::memchr(b'\n', fresh).is_none() {
            self.searched = self.buffer.len();
            return;
        }
        self.first_line_complete = true;
        self.searched = 0;
        match json::lines::begin(start, at_end) {
            Some(true) => (self.mode, self.is_pile) = (Mode::Lines, true),
            Some(false) => self.mode = Mode::Whole,
            None => {}
        }
    }

    fn read_lines(&mut self, at_end: bool, found: &mut Gathered) {
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
                    self.warn(self.origin.warning(Some(self.line + 1), &doubt.to_string()), found);
                }
            }
            self.line += 1;
            if self.skipping {
                self.skipping = false;
            } else {
                self.read_line(line, found);
            }
            (start, from) = (end + 1, end + 1);
        }
        // A long line grows over many pieces: only what was read is removed.
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
        self.searched = if waits { 0 } else { self.buffer.len() };
    }

    fn read_line(&mut self, line: &[u8], found: &mut Gathered) {
        let line = if self.line == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        let text = self.charset.unwrap_or(Charset::UTF_8).decode(line);
        // The record separator of JSON text sequences, and the commas of arrays that were cut into lines.
        let text = text.trim().trim_start_matches('\u{1e}').trim_end_matches(',');
        if text.is_empty() || matches!(text, "[" | "]") {
            return;
        }
        match json::parse(text) {
            Ok(value) if value.is_object() || value.is_array() => {
                let mut warnings = Vec::new();
                let mut sink = Sink {
                    origin: &self.origin,
                    line: Some(self.line),
                    items: &mut found.items,
                    warnings: &mut warnings,
                };
                json::articles(&value, &mut sink);
                for warning in warnings {
                    self.warn(warning, found);
                }
            }
            Ok(_) => {
                let message = "could not read the line: it is not a JSON object";
                self.warn(self.origin.warning(Some(self.line), message), found);
            }
            Err(error) => {
                let message =
                    format!("could not read the line as JSON: {} at column {}", error.reason, error.column);
                self.warn(self.origin.warning(Some(self.line), &message), found);
            }
        }
    }

    fn warn(&mut self, warning: Warning, found: &mut Gathered) {
        self.warned += 1;
        if self.warned <= WARNING_CAP {
            found.warnings.push(warning);
        }
    }

    /// Adds the number of warnings that are not listed.
    fn count_unlisted(&self, found: &mut Gathered) {
        if self.warned > WARNING_CAP {
            let message = format!("could not list {} more warnings", self.warned - WARNING_CAP);
            found.warnings.push(self.origin.warning(None, &message));
        }
    }

    fn read_whole(&mut self, found: &mut Gathered) {
        let buffer = std::mem::take(&mut self.buffer);
        match charset::decode(&buffer, None) {
            Ok(decoded) => {
                let doubt = decoded.doubt.map(|doubt| self.origin.warning(None, &doubt.to_string()));
                found.warnings.extend(doubt);
                let format = Format::of(&decoded.text);
                self.is_pile = format.holds() == Holds::Articles;
                format.read(&decoded.text, &self.origin, found);
            }
            Err(NotText(what)) => {
                found.warnings.push(
                    self.origin.warning(None, &format!("could not read the file as text: it is {what}")),
                );
            }
        }
    }
}
