//! What a command works on: the articles of the paths given, else the library, else the sample edition.

use super::args::CommonArgs;
use super::error::CliError;
use super::out;
use super::places::Places;
use crate::analysis::corrections::Fault;
use crate::capacity::Capacity;
use crate::library::{Cancel, Library};
use crate::listing::Window;
use crate::query::Query;
use crate::run::intake::{self, Depth, Progress};
use crate::source::{self, Warning};
use chrono::Utc;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How often the progress line changes at most.
const PROGRESS: Duration = Duration::from_millis(100);

/// What a command works on.
pub enum Shelf {
    /// The person's own library.
    Own(Library),
    /// Files given on the command line, in a library that lives as long as the command.
    Files(Library),
    /// The sample edition: there is no library yet, or nothing in it.
    Sample(Library),
}

impl Shelf {
    pub fn library(&self) -> &Library {
        let (Shelf::Own(library) | Shelf::Files(library) | Shelf::Sample(library)) = self;
        library
    }
}

/// The articles of `from`; where that is empty, the library; where that is empty, the sample edition.
/// Files are analysed to `depth`.
pub fn open(from: &[PathBuf], common: &CommonArgs, depth: Depth) -> Result<Shelf, CliError> {
    open_within(from, common, depth, &Capacity::Full)
}

/// The same, as far as `capacity` goes.
pub fn open_within(
    from: &[PathBuf],
    common: &CommonArgs,
    depth: Depth,
    capacity: &Capacity,
) -> Result<Shelf, CliError> {
    if !from.is_empty() {
        let library = capacity.temporary_library()?;
        let total = fill(&library, from, depth, &AtomicBool::new(false))?.articles;
        return if total == 0 { Err(CliError::NothingRead) } else { Ok(Shelf::Files(library)) };
    }
    if let Some(library) = own_within(common, capacity)? {
        return Ok(Shelf::Own(library));
    }
    let library = capacity.temporary_library()?;
    library.add(intake::analyse(source::edition(), &depth))?;
    Ok(Shelf::Sample(library))
}

/// The person's library, unless there is nothing in it. One that was asked for by name has to be there.
pub fn own(common: &CommonArgs) -> Result<Option<Library>, CliError> {
    own_within(common, &Capacity::Full)
}

/// The same, as far as `capacity` goes.
pub fn own_within(common: &CommonArgs, capacity: &Capacity) -> Result<Option<Library>, CliError> {
    let (path, named) = library_path(common);
    if !path.exists() {
        return if named { Err(CliError::NoLibrary(path)) } else { Ok(None) };
    }
    let library = capacity.library(&path)?;
    let page = library.page(&Query::everything(), Window::First { limit: 1 }, &Cancel::new())?;
    Ok((named || !page.rows.is_empty()).then_some(library))
}

/// The whole of the analysis, with what the person has put right. Faults in that file are told and passed over.
pub fn analysis(common: &CommonArgs) -> Result<Depth, CliError> {
    let path = names_path(common);
    let (corrections, faults) = crate::names::read(&path)?;
    warn(&faults_in(&path, faults));
    Ok(Depth::Analysis(Arc::new(corrections)))
}

/// Faults in the file of names, as warnings.
pub fn faults_in(path: &Path, faults: Vec<Fault>) -> Vec<Warning> {
    let shown = path.to_string_lossy();
    faults.into_iter().map(|fault| Warning::new(&shown, Some(fault.line as u64), &fault.message)).collect()
}

/// The file of names that the person has put right: beside the library.
pub fn names_path(common: &CommonArgs) -> PathBuf {
    library_path(common).0.with_file_name("names.toml")
}

/// Where the library is, and whether the person said so.
pub fn library_path(common: &CommonArgs) -> (PathBuf, bool) {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match common.library.clone().or_else(|| environment("DATELINE_LIBRARY").map(PathBuf::from)) {
        Some(path) => (path, true),
        None => (Places::find(environment).library, false),
    }
}

/// Reads `paths` into `library`, with a progress line on a terminal and warnings on standard error.
pub fn fill(
    library: &Library,
    paths: &[PathBuf],
    depth: Depth,
    cancelled: &AtomicBool,
) -> Result<Progress, CliError> {
    check(paths)?;
    let mut line = ProgressLine::new();
    let mut latest = Progress::default();
    intake::take_in(library, paths, Utc::now(), depth, cancelled, &mut |progress| {
        line.show(&progress);
        if !progress.warnings.is_empty() {
            line.clear();
            warn(&progress.warnings);
        }
        latest = Progress { warnings: Vec::new(), ..progress };
    })?;
    line.clear();
    Ok(latest)
}

/// That there is something at each path (`-` is standard input).
pub fn check(paths: &[PathBuf]) -> Result<(), CliError> {
    for path in paths.iter().filter(|path| path.as_path() != Path::new("-")) {
        if let Err(error) = std::fs::metadata(path) {
            return Err(CliError::Path { path: path.clone(), error, near: near_command(path) });
        }
    }
    Ok(())
}

/// The command whose name is nearest to `path`, where it could be a slip of the keyboard.
fn near_command(path: &Path) -> Option<String> {
    let typed = path.to_str()?;
    let command = <super::Cli as clap::CommandFactory>::command();
    let names = command.get_subcommands().map(|sub| sub.get_name().to_owned());
    names.map(|name| (distance(typed, &name), name)).filter(|(far, _)| *far <= 2).min().map(|(_, name)| name)
}

/// Levenshtein's distance, in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let best = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Tells what could not be read.
pub fn warn(warnings: &[Warning]) {
    for warning in warnings {
        out::complain(&warning.to_string());
    }
}

/// A line on standard error that says how far the reading is, on a terminal only.
pub struct ProgressLine {
    started: Instant,
    shown: Option<Instant>,
    terminal: bool,
}

impl ProgressLine {
    pub fn new() -> ProgressLine {
        // A line that is written over means nothing to a terminal that cannot, and noise to a screen reader.
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        ProgressLine { started: Instant::now(), shown: None, terminal: io::stderr().is_terminal() && !dumb }
    }

    pub fn show(&mut self, progress: &Progress) {
        let now = Instant::now();
        // What is over at once needs no progress.
        if !self.terminal || now - self.shown.unwrap_or(self.started) < PROGRESS {
            return;
        }
        self.shown = Some(now);
        let (articles, files) = (progress.articles, progress.files);
        let rate =
            progress.articles * 1000 / u64::try_from((now - self.started).as_millis()).unwrap_or(1).max(1);
        let _ = write!(io::stderr(), "\r\x1b[K{articles} articles from {files} files, {rate} a second");
    }

    pub fn clear(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{distance, near_command};
    use std::path::Path;

    #[test]
    fn distance_counts_edits() {
        let check = |a: &str, b: &str, expected: usize| assert_eq!(distance(a, b), expected, "{a} {b}");
        check("", "list", 4);
        check("lst", "list", 1);
        check("list", "list", 0);
        check("poeple", "people", 2);
    }

    #[test]
    fn a_slip_in_a_command_is_seen() {
        assert_eq!(near_command(Path::new("quotse")).as_deref(), Some("quotes"));
        assert_eq!(near_command(Path::new("news.txt")), None);
    }
}
