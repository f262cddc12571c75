//! A file as it comes: pieces of bytes in, articles out as soon as they are complete.
//!
//! What a file is gets decided from its first bytes ([`HEAD`]), JSON as soon as its first line shows it. A format of
//! records is then read as it comes, in memory that does not grow with the file; what is recognised and not read is
//! dropped at once; every other format is kept until the end of the file and then read as a whole. Articles whose dates
//! wait for others are kept until these have come.

use super::dating::Dating;
use super::format::{Format, Holds, Kind, Reading};
use super::head::{HEAD, Head};
use super::json;
use super::records::Records;
use super::{Found, Gathered, Origin, ReadingState, Warning};
use crate::article::Article;
use crate::text::charset::{self, NotText};

/// The longest file that is read as a whole, in bytes.
const WHOLE_CAP: usize = 256 << 20;
/// How many warnings about one file are listed; further ones are counted.
const WARNING_CAP: u64 = 100;

/// How a file is read.
#[derive(Debug)]
enum Mode {
    /// Too little has come.
    Undecided,
    Records(Box<dyn Records>),
    Whole,
    /// The rest of the file is dropped.
    Dropped,
}

/// A reader of one file.
#[derive(Debug)]
pub struct Stream {
    origin: Origin,
    /// The names of the members, if the file is a ZIP archive.
    members: Vec<String>,
    mode: Mode,
    /// The bytes that have not been read yet.
    buffer: Vec<u8>,
    /// How many bytes at the start of the buffer are known to hold no line feed.
    searched: usize,
    /// Whether the first line is complete.
    first_line_complete: bool,
    /// Whether the file begins as JSON that may be read in pieces.
    is_json: bool,
    /// How many warnings there were, with those that are not listed.
    warned: u64,
    /// What was done with the articles that were returned last, by their places among them.
    states: Vec<(usize, ReadingState)>,
    dating: Dating,
    /// What the file is, once that is decided.
    kind: Option<Kind>,
}

impl Stream {
    pub fn new(origin: Origin) -> Stream {
        Stream {
            origin,
            members: Vec::new(),
            mode: Mode::Undecided,
            buffer: Vec::new(),
            searched: 0,
            first_line_complete: false,
            is_json: false,
            warned: 0,
            states: Vec::new(),
            dating: Dating::default(),
            kind: None,
        }
    }

    /// A reader of a ZIP archive that may be a document: `members` are the names of its members.
    pub fn of_archive(origin: Origin, members: Vec<String>) -> Stream {
        Stream { members, ..Stream::new(origin) }
    }

    /// A reader of JSON that is read in pieces from its start, as a file is that is too long to be kept.
    pub fn of_large_json(origin: Origin) -> Stream {
        let mode = Mode::Records(json::large::records());
        Stream { mode, kind: Some(Kind::Read(Format::Json)), ..Stream::new(origin) }
    }

    /// Whether the members of the archive make a document of a format that is read, or are the files of a folder.
    pub fn is_document(&self) -> bool {
        let head = Head::new(b"PK\x03\x04", None, &self.members);
        matches!(Kind::of(&head), Kind::Read(_))
    }

    /// What people did with the articles that `push` or `finish` returned last, by the places of these articles. Only
    /// formats that carry marks or tags say this.
    pub fn take_states(&mut self) -> Vec<(usize, ReadingState)> {
        std::mem::take(&mut self.states)
    }

    /// The format of the file, once it is decided; `None` before, and for what is not read.
    pub fn format(&self) -> Option<Format> {
        match self.kind {
            Some(Kind::Read(format)) => Some(format),
            _ => None,
        }
    }

    /// The file as the person named it; `None` for standard input.
    pub fn path(&self) -> Option<&str> {
        self.origin.path.as_deref()
    }

    /// Whether nothing that may still come would be read.
    pub fn is_done(&self) -> bool {
        match &self.mode {
            Mode::Dropped => true,
            Mode::Records(records) => records.is_done(),
            Mode::Undecided | Mode::Whole => false,
        }
    }

    /// Takes the next bytes of the file, and returns what is complete now. How the file is cut into pieces makes no
    /// difference to the result.
    pub fn push(&mut self, bytes: &[u8]) -> Found {
        let mut gathered = Gathered::default();
        self.gather(bytes, &mut gathered);
        self.limit_warnings(&mut gathered);
        self.date(gathered, false)
    }

    /// Returns what is left of the file, which has ended.
    pub fn finish(&mut self) -> Found {
        let mut gathered = Gathered::default();
        self.gather_rest(&mut gathered);
        self.limit_warnings(&mut gathered);
        if self.warned > WARNING_CAP {
            let message = format!("could not list {} more warnings", self.warned - WARNING_CAP);
            gathered.warnings.push(self.origin.warning(None, &message));
        }
        let (articles, mut warnings) = self.date(gathered, true);
        if self.format().is_some_and(|format| format.holds() == Holds::Articles) {
            warnings.extend(self.dating.warnings(&self.origin));
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

    /// Keeps the first warnings and counts the others.
    fn limit_warnings(&mut self, found: &mut Gathered) {
        let left = WARNING_CAP.saturating_sub(self.warned);
        self.warned += found.warnings.len() as u64;
        found.warnings.truncate(usize::try_from(left).unwrap_or(usize::MAX));
    }

    /// Takes the next bytes; adds what is complete, with dates that may still depend on one another.
    fn gather(&mut self, bytes: &[u8], found: &mut Gathered) {
        match &mut self.mode {
            Mode::Dropped => {}
            Mode::Records(records) => records.push(bytes, &self.origin, found),
            Mode::Undecided => {
                self.buffer.extend_from_slice(bytes);
                self.decide(false, found);
            }
            Mode::Whole => self.buffer.extend_from_slice(bytes),
        }
        if self.is_json && self.buffer.len() > json::large::LARGE && !matches!(self.mode, Mode::Records(_)) {
            self.read_large(found);
        }
        if self.buffer.len() > WHOLE_CAP {
            self.mode = Mode::Dropped;
            self.buffer = Vec::new();
            found
                .warnings
                .push(self.origin.warning(None, "could not read the file: it is longer than 256 MiB"));
        }
    }

    /// What is left of the file.
    fn gather_rest(&mut self, found: &mut Gathered) {
        if matches!(self.mode, Mode::Undecided) {
            self.decide(true, found);
        }
        match std::mem::replace(&mut self.mode, Mode::Dropped) {
            Mode::Records(mut records) => records.finish(&self.origin, found),
            Mode::Whole => self.read_whole(found),
            Mode::Undecided | Mode::Dropped => {}
        }
    }

    /// Decides how the file is read, if enough of it has come or there is no more.
    fn decide(&mut self, at_end: bool, found: &mut Gathered) {
        let head = self.buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.buffer);
        let start = head.trim_ascii_start();
        if start.len() < 2 && !at_end {
            return;
        }
        if (start.starts_with(b"{") || start.starts_with(b"[")) && !charset::is_utf16(head) {
            return self.decide_json(self.buffer.len() - start.len(), at_end, found);
        }
        if at_end || !self.members.is_empty() {
            self.mode = Mode::Whole;
            return;
        }
        if self.buffer.len() < HEAD {
            return;
        }
        // The decision is the same however the file is cut into pieces.
        let head = self.buffer.get(..HEAD).unwrap_or_default();
        let kind = Kind::of(&Head::new(head, self.origin.path.as_deref(), &self.members));
        self.mode = Mode::Whole;
        match kind {
            Kind::Other(_) => self.take_kind(kind, found),
            Kind::Read(format) if matches!(format.reading(), Reading::Records(_)) => {
                self.take_kind(kind, found);
            }
            // With the whole text the judgement is better.
            Kind::Read(_) => {}
        }
    }

    /// Decides whether a file that begins as JSON does is read line by line, once its first line is complete.
    fn decide_json(&mut self, start: usize, at_end: bool, found: &mut Gathered) {
        let begin = self.buffer.get(start..).unwrap_or_default();
        self.is_json = json::is_json(&String::from_utf8_lossy(begin.get(..4096).unwrap_or(begin)));
        // The first line may be the whole of a large file, so each byte of it is searched once.
        let fresh = self.buffer.get(self.searched.max(start)..).unwrap_or_default();
        if !at_end && !self.first_line_complete && memchr::memchr(b'\n', fresh).is_none() {
            self.searched = self.buffer.len();
            return;
        }
        self.first_line_complete = true;
        self.searched = 0;
        match json::lines::begin(self.buffer.get(start..).unwrap_or_default(), at_end) {
            Some(true) => self.take_kind(Kind::Read(Format::JsonLines), found),
            Some(false) => self.mode = Mode::Whole,
            None => {}
        }
    }

    /// Reads JSON in pieces that is too long to be kept.
    fn read_large(&mut self, found: &mut Gathered) {
        self.is_json = false;
        if json::large::is_possible(&self.buffer) {
            self.kind = Some(Kind::Read(Format::Json));
            let mut records = json::large::records();
            let buffer = std::mem::take(&mut self.buffer);
            records.push(buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&buffer), &self.origin, found);
            self.mode = Mode::Records(records);
        }
    }

    /// Reads what has come as what it is.
    fn take_kind(&mut self, kind: Kind, found: &mut Gathered) {
        self.kind = Some(kind);
        let buffer = std::mem::take(&mut self.buffer);
        match kind {
            Kind::Other(other) => {
                found.warnings.push(Warning::refused(self.origin.place(), other));
                self.mode = Mode::Dropped;
            }
            Kind::Read(format) => match format.reading() {
                Reading::Records(records) => {
                    let mut records = records(&self.origin);
                    records.push(&buffer, &self.origin, found);
                    self.mode = Mode::Records(records);
                }
                Reading::Bytes(read) => read(&buffer, &self.origin, found),
                // Its text is read where it was decoded, in `read_whole`.
                Reading::Text(_) => {}
            },
        }
    }

    fn read_whole(&mut self, found: &mut Gathered) {
        let buffer = std::mem::take(&mut self.buffer);
        let path = self.origin.path.clone();
        let decoded = match charset::decode(&buffer, None) {
            Ok(decoded) => decoded,
            Err(NotText(_)) => {
                let kind = Kind::of(&Head::new(&buffer, path.as_deref(), &self.members));
                self.buffer = buffer;
                self.take_kind(kind, found);
                return self.finish_records(found);
            }
        };
        let kind = Kind::of(&Head::decoded(&buffer, &decoded.text, path.as_deref()));
        if let Kind::Read(format) = kind
            && let Reading::Text(read) = format.reading()
        {
            self.kind = Some(kind);
            let doubt = decoded.doubt.map(|doubt| self.origin.warning(None, &doubt.to_string()));
            found.warnings.extend(doubt);
            read(decoded.text.strip_prefix('\u{feff}').unwrap_or(&decoded.text), &self.origin, found);
            return;
        }
        drop(decoded);
        self.buffer = buffer;
        self.take_kind(kind, found);
        self.finish_records(found);
    }

    fn finish_records(&mut self, found: &mut Gathered) {
        if let Mode::Records(mut records) = std::mem::replace(&mut self.mode, Mode::Dropped) {
            records.finish(&self.origin, found);
        }
    }
}
