//! Files, folders and standard input, read in batches while they are walked.
//!
//! In come paths as the person typed them. Out come batches of articles and warnings, through a callback, in the order of
//! the paths and, within folders, of the names. Packed files are unpacked, and archives are read as folders. Nothing here
//! knows the formats (see `formats`).

mod archive;
mod input;
mod packed;
mod refused;
mod walk;

use crate::article::Article;
use crate::fault::reason;
use crate::formats::{Origin, ReadingState, Stream, Warning};
use crate::text::path::written;
pub use archive::ARCHIVES;
use archive::{Budget, Member, ReadSeek};
use chrono::{DateTime, NaiveDate, Utc};
use input::Input;
pub use packed::PACKED;
use packed::Packing;
use refused::Refused;
use std::cell::Cell;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use walk::{Entry, Walk};

/// What has been read since the last batch, and the progress so far.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub articles: Vec<Article>,
    /// What people have done with some of them, by their places in `articles`, ascending.
    pub states: Vec<(usize, ReadingState)>,
    pub warnings: Vec<Warning>,
    /// What files were read as, in a survey.
    surveys: Vec<Survey>,
    /// The number of files that have been read to their end since the start.
    pub files: u64,
    /// The number of bytes that have been read since the start. Packed files count as they are packed.
    pub bytes: u64,
}

/// What one file was read as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// As the person named it, one clean line; `standard input` for that.
    pub path: String,
    /// What people call its format.
    pub format: &'static str,
    pub articles: u64,
    /// How many of them have no date.
    pub undated: u64,
    /// The first and the last day of the others.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// The title of the first article, one clean line; empty if it has none.
    pub title: String,
}

impl Survey {
    fn take(&mut self, articles: &[Article]) {
        for article in articles {
            if self.articles == 0 {
                self.title.clone_from(&article.title);
            }
            self.articles += 1;
            match article.date() {
                None => self.undated += 1,
                Some(day) => {
                    let (first, last) = self.days.unwrap_or((day, day));
                    self.days = Some((first.min(day), last.max(day)));
                }
            }
        }
    }
}

/// Reads `paths` as [`read`] does, and calls `sink` with what each file was read as and with what could not be read.
/// Articles are counted and dropped.
pub fn survey(
    paths: &[PathBuf],
    now: DateTime<Utc>,
    cancelled: &AtomicBool,
    sink: &mut dyn FnMut(Vec<Survey>, Vec<Warning>),
) {
    read_as(paths, now, cancelled, true, &mut |batch| sink(batch.surveys, batch.warnings));
}

/// The number of bytes that are read first from a file: small, so that the first articles come soon.
const FIRST_PIECE: usize = 32 << 10;
/// The number of bytes that are read at a time later.
const PIECE: usize = 256 << 10;
/// The number of articles in the first batch. Each batch may have twice as many as the one before.
const FIRST_BATCH: usize = 32;
/// The most articles in a batch, except for the articles of the piece of a file that fills it.
const BATCH: usize = 512;

static STANDARD_INPUT: OnceLock<File> = OnceLock::new();

/// Keeps standard input open as it is now: `-` is read from there, even if something else takes its place later.
pub fn keep_standard_input() {
    if let Ok(input) = std::io::stdin().as_fd().try_clone_to_owned() {
        STANDARD_INPUT.get_or_init(|| input.into());
    }
}

/// Reads `paths` (files, folders with everything in them, `-` for standard input) and calls `sink` with each batch. The
/// first batch comes after a few articles; the last one always comes, even if it is empty. Once `cancelled` is set, it
/// returns early with what has been read so far. A text of its own without a date takes the modification time of its file,
/// or `now` if it comes from standard input (see `formats`).
pub fn read(paths: &[PathBuf], now: DateTime<Utc>, cancelled: &AtomicBool, sink: &mut dyn FnMut(Batch)) {
    read_as(paths, now, cancelled, false, sink);
}

fn read_as(
    paths: &[PathBuf],
    now: DateTime<Utc>,
    cancelled: &AtomicBool,
    is_survey: bool,
    sink: &mut dyn FnMut(Batch),
) {
    let mut reader = FileReader::new(now, cancelled, sink);
    reader.survey = is_survey.then(Survey::default);
    for path in paths {
        if path.as_os_str() == "-" {
            keep_standard_input();
            reader.standard_input();
            continue;
        }
        for entry in Walk::new(path) {
            if reader.is_cancelled() {
                break;
            }
            match entry {
                Entry::File(path) => reader.file(&path, &path),
                Entry::Warning(warning) => reader.batch.warnings.extend(reader.refused.keep(warning)),
            }
        }
        reader.tell_refused();
    }
    reader.send();
}

/// The size of the files under `paths`, in bytes; `None` if standard input is among them, or once `cancelled` is set.
pub fn size(paths: &[PathBuf], cancelled: &AtomicBool) -> Option<u64> {
    let mut total = 0;
    for path in paths {
        if path.as_os_str() == "-" {
            return None;
        }
        for entry in Walk::new(path) {
            if cancelled.load(Ordering::Relaxed) {
                return None;
            }
            if let Entry::File(path) = entry {
                total += std::fs::metadata(path).map_or(0, |metadata| metadata.len());
            }
        }
    }
    Some(total)
}

/// Counts the bytes that are read, before they are unpacked.
struct Counted<'a, R> {
    input: R,
    bytes: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.bytes.set(self.bytes.get() + length as u64);
        Ok(length)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.input.seek(to)
    }
}

/// What is read: a file of the person's, or something in one.
enum Content<'c> {
    Seekable(Box<dyn ReadSeek + 'c>),
    Streamed(Box<dyn Read + 'c>),
}

/// Where something that is read lies.
#[derive(Clone)]
struct Place<'p> {
    origin: Origin,
    /// The path by which its source is named.
    path: PathBuf,
    /// How many archives and packed files it is in.
    depth: usize,
    budget: Budget,
    /// The number of bytes of files that were read before this one, and of this one as it is on disk.
    before: u64,
    bytes: &'p Cell<u64>,
}

/// Reads single files, each given by its path and by the name to show for it. Otherwise as [`read`].
pub fn read_files(
    files: &[(PathBuf, PathBuf)],
    now: DateTime<Utc>,
    cancelled: &AtomicBool,
    sink: &mut dyn FnMut(Batch),
) {
    let mut reader = FileReader::new(now, cancelled, sink);
    for (path, named) in files {
        if reader.is_cancelled() {
            break;
        }
        reader.file(path, named);
    }
    reader.tell_refused();
    reader.send();
}

/// The files in a folder, in the order of their names. Links are followed, and hidden files are skipped.
pub fn files_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    Walk::new(folder).filter_map(|entry| match entry {
        Entry::File(path) => Some(path),
        Entry::Warning(_) => None,
    })
}

struct FileReader<'a> {
    batch: Batch,
    /// The number of articles that make the next batch.
    size: usize,
    now: DateTime<Utc>,
    cancelled: &'a AtomicBool,
    sink: &'a mut dyn FnMut(Batch),
    /// The files under the same path that are not read because of what they are.
    refused: Refused,
    /// What the file was read as so far, in a survey.
    survey: Option<Survey>,
}

impl<'a> FileReader<'a> {
    fn new(now: DateTime<Utc>, cancelled: &'a AtomicBool, sink: &'a mut dyn FnMut(Batch)) -> FileReader<'a> {
        let refused = Refused::default();
        FileReader { batch: Batch::default(), size: FIRST_BATCH, now, cancelled, sink, refused, survey: None }
    }

    /// Warns of the files that were not read since the last time, once for each kind.
    fn tell_refused(&mut self) {
        self.batch.warnings.extend(self.refused.take());
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn file(&mut self, path: &Path, named: &Path) {
        let shown = written(named);
        let opened = Input::open(path, self.cancelled);
        let read = opened.and_then(|input| {
            let changed = input.file().metadata().and_then(|metadata| metadata.modified());
            let time = changed.map_or(self.now, DateTime::<Utc>::from);
            let origin = Origin { path: Some(shown.clone()), source: source_name(path), time };
            self.input(input, origin, path)
        });
        self.warn_of(&shown, read);
    }

    fn standard_input(&mut self) {
        let origin = Origin { path: None, source: "standard input".to_owned(), time: self.now };
        let input = match STANDARD_INPUT.get() {
            Some(input) => input.try_clone().and_then(|file| Input::of(file, self.cancelled)),
            None => Err(std::io::Error::other("it is closed")),
        };
        let read = input.and_then(|input| self.input(input, origin, Path::new("standard input")));
        self.warn_of("standard input", read);
    }

    /// Adds a warning if the reading failed, unless it was cancelled.
    fn warn_of(&mut self, place: &str, read: std::io::Result<()>) {
        if let Err(error) = read
            && !self.is_cancelled()
        {
            let message = format!("could not read it: {}", reason(&error));
            self.batch.warnings.push(Warning::new(place, None, &message));
        }
    }

    /// Reads a file of the person's to its end, or until the reading is cancelled.
    fn input(&mut self, input: Input<'_>, origin: Origin, path: &Path) -> std::io::Result<()> {
        // What has been read does not wait for somebody who may write nothing.
        if input.waits() && !self.batch.articles.is_empty() {
            self.send();
        }
        let size = input.file().metadata().map_or(0, |metadata| metadata.len());
        let bytes = Cell::new(0);
        let place = Place {
            origin,
            path: path.to_path_buf(),
            depth: 0,
            budget: Budget::new(size),
            before: self.batch.bytes,
            bytes: &bytes,
        };
        let is_file = !input.waits();
        let counted = Counted { input, bytes: &bytes };
        let content =
            if is_file { Content::Seekable(Box::new(counted)) } else { Content::Streamed(Box::new(counted)) };
        self.content(content, &place)?;
        if !self.is_cancelled() {
            self.batch.files += 1;
        }
        Ok(())
    }

    /// Reads something, unpacked if it is packed, and member by member if it is an archive.
    fn content(&mut self, mut content: Content, place: &Place) -> std::io::Result<()> {
        let mut head = Vec::with_capacity(archive::HEAD);
        // A pipe may bring its first line long before it brings as much as decides on an archive.
        let wanted = match &content {
            Content::Seekable(_) => archive::HEAD,
            Content::Streamed(_) => 6,
        };
        let content = match &mut content {
            Content::Seekable(input) => {
                input.by_ref().take(wanted as u64).read_to_end(&mut head)?;
                input.rewind()?;
                place.bytes.set(0);
                content
            }
            Content::Streamed(input) => {
                input.by_ref().take(wanted as u64).read_to_end(&mut head)?;
                if may_be_tar(&head) {
                    input.by_ref().take((archive::HEAD - head.len()) as u64).read_to_end(&mut head)?;
                }
                let Content::Streamed(input) = content else { return Ok(()) };
                Content::Streamed(Box::new(Cursor::new(head.clone()).chain(input)))
            }
        };
        let name = place.path.to_string_lossy();
        if let Some(packing) = Packing::of(&head, &name) {
            if place.depth > archive::DEPTH_CAP {
                return Err(std::io::Error::other("it is packed too many times"));
            }
            let unpacked = packing.unpack(content.into_reader())?;
            let path = if packed::ENDINGS.iter().any(|end| has_ending(&place.path, end)) {
                place.path.with_extension("")
            } else {
                place.path.clone()
            };
            let inner = Place { path, depth: place.depth + 1, ..place.clone() };
            return self.content(Content::Streamed(unpacked), &inner);
        }
        match archive::Kind::of(&head) {
            None => self.stream(content.into_reader(), Stream::new(place.origin.clone()), place),
            Some(_) if place.depth > archive::DEPTH_CAP => {
                Err(std::io::Error::other("it lies in too many archives"))
            }
            Some(archive::Kind::Tar) => {
                let budget = place.budget.clone();
                archive::each_of_tar(content.into_reader(), &budget, &mut |member| self.member(member, place))
            }
            Some(archive::Kind::Zip) => {
                let mut input = content.into_seekable()?;
                let mut zip = archive::Zip::open(&mut input)?;
                let names = zip.names();
                let is_web = archive::is_web_archive(&names);
                let stream = Stream::of_archive(place.origin.clone(), names);
                if stream.is_document() {
                    input.rewind()?;
                    return self.stream(input, stream, place);
                }
                let budget = place.budget.clone();
                zip.each(&budget, &mut |member| {
                    is_web && !archive::has_records(&member.name) || self.member(member, place)
                })
            }
            Some(archive::Kind::Seven) => {
                let budget = place.budget.clone();
                archive::each_of_seven(content.into_seekable()?, &budget, &mut |member| {
                    self.member(member, place)
                })
            }
        }
    }

    /// Reads a member of an archive; whether the next one is to be read.
    fn member(&mut self, member: Member, archive: &Place) -> bool {
        if self.is_cancelled() || archive.budget.is_spent() {
            return false;
        }
        let around = archive.origin.path.as_deref().unwrap_or("standard input");
        let shown = format!("{around}!/{}", member.name);
        let path = archive.path.with_extension("").join(&member.name);
        let origin = Origin {
            path: Some(shown.clone()),
            source: source_name(&path),
            time: member.time.unwrap_or(archive.origin.time),
        };
        let place = Place { origin, path, depth: archive.depth + 1, ..archive.clone() };
        let read = match member.content {
            Ok(input) => self.content(Content::Streamed(Box::new(archive.budget.meter(input))), &place),
            Err(why) => Err(std::io::Error::other(why)),
        };
        self.warn_of(&shown, read);
        true
    }

    /// Reads what is neither packed nor an archive to the end, or until the reading is cancelled.
    fn stream(&mut self, mut input: impl Read, mut stream: Stream, place: &Place) -> std::io::Result<()> {
        let mut piece = vec![0; FIRST_PIECE];
        loop {
            if self.is_cancelled() {
                return Ok(());
            }
            let length = match input.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                // What was being read is not whole.
                Err(_) if self.is_cancelled() => return Ok(()),
                Err(error) => {
                    self.finish(&mut stream);
                    return Err(error);
                }
            };
            self.batch.bytes = place.before + place.bytes.get();
            let found = stream.push(piece.get(..length).unwrap_or_default());
            self.take(found, stream.take_states());
            if stream.is_done() {
                break;
            }
            if length == piece.len() && length < PIECE {
                piece.resize(PIECE, 0);
            }
        }
        self.finish(&mut stream);
        Ok(())
    }

    fn finish(&mut self, stream: &mut Stream) {
        let found = stream.finish();
        self.take(found, stream.take_states());
        if let Some(survey) = &mut self.survey {
            let survey = std::mem::take(survey);
            if let Some(format) = stream.format().filter(|_| survey.articles > 0) {
                let path = stream.path().unwrap_or("standard input").to_owned();
                self.batch.surveys.push(Survey { path, format: format.name(), ..survey });
            }
            if self.batch.surveys.len() >= self.size {
                self.send();
            }
        }
    }

    fn take(
        &mut self,
        (articles, warnings): (Vec<Article>, Vec<Warning>),
        states: Vec<(usize, ReadingState)>,
    ) {
        if let Some(survey) = &mut self.survey {
            survey.take(&articles);
            self.batch.warnings.extend(warnings.into_iter().filter_map(|warning| self.refused.keep(warning)));
            return;
        }
        let before = self.batch.articles.len();
        self.batch.states.extend(states.into_iter().map(|(place, state)| (before + place, state)));
        self.batch.articles.extend(articles);
        self.batch.warnings.extend(warnings.into_iter().filter_map(|warning| self.refused.keep(warning)));
        if self.batch.articles.len() >= self.size {
            self.size = (self.size * 2).min(BATCH);
            self.send();
        }
    }

    fn send(&mut self) {
        let Batch { files, bytes, .. } = self.batch;
        let next = Batch { files, bytes, ..Batch::default() };
        (self.sink)(std::mem::replace(&mut self.batch, next));
    }
}

impl<'c> Content<'c> {
    fn into_reader(self) -> Box<dyn Read + 'c> {
        match self {
            Content::Seekable(input) => Box::new(input),
            Content::Streamed(input) => input,
        }
    }

    /// What comes from a pipe or out of an archive is kept in memory.
    fn into_seekable(self) -> std::io::Result<Box<dyn ReadSeek + 'c>> {
        let input = match self {
            Content::Seekable(input) => return Ok(input),
            Content::Streamed(input) => input,
        };
        let mut bytes = Vec::new();
        input.take(archive::MEMORY_CAP + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > archive::MEMORY_CAP {
            true => Err(std::io::Error::other(
                "the archive is longer than 256 MiB; read it from a file of its own",
            )),
            false => Ok(Box::new(Cursor::new(bytes))),
        }
    }
}

/// Whether a file that begins so may be a tar archive: its first field is a path.
fn may_be_tar(head: &[u8]) -> bool {
    head.len() == 6 && !head.iter().any(|byte| matches!(byte, b'{' | b'[' | b'<' | b'\n' | b'"'))
}

fn has_ending(path: &Path, end: &str) -> bool {
    path.extension().is_some_and(|known| known.eq_ignore_ascii_case(end))
}

/// The endings of the names of files that hold collections.
const COLLECTIONS: [&str; 12] =
    ["json", "jsonl", "ndjson", "jsonlines", "csv", "tsv", "tab", "xlsx", "ods", "xls", "mbox", "js"];

/// The name of what a file belongs to: a collection in one file is its own source, one article in a
/// file belongs to its folder.
fn source_name(path: &Path) -> String {
    let name = |name: Option<&std::ffi::OsStr>| name.map(|name| name.to_string_lossy().into_owned());
    let packed = packed::ENDINGS.iter().any(|end| has_ending(path, end));
    let unpacked = if packed { path.with_extension("") } else { path.to_path_buf() };
    if COLLECTIONS.iter().any(|end| has_ending(&unpacked, end)) {
        return name(unpacked.file_stem()).unwrap_or_default();
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = whole.parent().and_then(|folder| name(folder.file_name()));
    folder.or_else(|| name(path.file_stem())).unwrap_or_default()
}

#[cfg(test)]
mod tests;
