//! What a command works on: the articles of the paths given, else the sample edition, in a library
//! that lives as long as the command.

use super::error::CliError;
use super::out;
use crate::library::Library;
use crate::run::intake::{self, Depth, Progress};
use crate::source::Warning;
use chrono::Utc;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How often the progress line changes at most.
const PROGRESS: Duration = Duration::from_millis(100);

/// A library of what `from` holds, or of the sample edition where that is empty. Warnings go to standard
/// error; it is an error only where nothing at all could be read.
pub fn open(from: &[PathBuf], depth: Depth) -> Result<Library, CliError> {
    let library = Library::in_memory();
    if from.is_empty() {
        library.add(intake::analyse(intake::sample(), depth))?;
        return Ok(library);
    }
    check(from)?;
    let mut line = ProgressLine::new();
    let mut total = 0;
    intake::take_in(&library, from, Utc::now(), depth, &AtomicBool::new(false), &mut |progress| {
        total = progress.articles;
        line.show(&progress);
        warn(&progress.warnings);
    })?;
    line.clear();
    if total == 0 { Err(CliError::NothingRead) } else { Ok(library) }
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
        ProgressLine { started: Instant::now(), shown: None, terminal: io::stderr().is_terminal() }
    }

    pub fn show(&mut self, progress: &Progress) {
        let now = Instant::now();
        // What is over at once needs no progress.
        if !self.terminal || now - self.shown.unwrap_or(self.started) < PROGRESS {
            return;
        }
        self.shown = Some(now);
        let (articles, files) = (progress.articles, progress.files);
        let _ = write!(io::stderr(), "\r\x1b[K{articles} articles read ({files} files)");
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
