//! A warning about something that could not be read, with its place.

use super::dating::thousands;
use super::other::{self, Other};
use crate::text::clean_line;
use std::fmt;

/// One thing that could not be read. Everything else in the file was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The file or folder as the person named it, as one clean line, or `standard input`.
    pub path: String,
    /// The number of the line, counted from 1, if the warning is about a line.
    pub line: Option<u64>,
    /// `could not X: Y`, one clean line.
    pub message: String,
    /// What the whole file is, if it was not read because of that. Such warnings can be told together.
    pub(crate) refused: Option<&'static Other>,
}

impl Warning {
    /// A warning about `path`. Both texts are cleaned here.
    pub fn new(path: &str, line: Option<u64>, message: &str) -> Warning {
        Warning { path: clean_line(path), line, message: clean_line(message), refused: None }
    }

    /// Says that the file at `path` is not read.
    pub(super) fn refused(path: &str, other: &'static Other) -> Warning {
        let message = format!("could not read it: it is {}", other.said());
        Warning { refused: Some(other), ..Warning::new(path, None, &message) }
    }

    /// Says that the folder at `path` holds the parts of a saved page, and is not read.
    pub fn side_folder(path: &str) -> Warning {
        Warning::refused(path, &other::SIDE)
    }

    /// The same about several files at once, if each of `warnings` says of one file that it is not read, for the same
    /// reason. `count` is the number of files; `warnings` are the first of them.
    pub fn together(warnings: &[Warning], count: u64) -> Option<Warning> {
        let [first, ..] = warnings else { return None };
        let other = first.refused?;
        if count < 2 {
            return Some(first.clone());
        }
        let folder = shared_folder(warnings.iter().map(|warning| warning.path.as_str()));
        let name = |warning: &Warning| {
            warning.path.get(folder.len()..).unwrap_or_default().trim_start_matches('/').to_owned()
        };
        let names: Vec<String> = warnings.iter().map(name).collect();
        let names = match (names.len() as u64 == count, names.as_slice()) {
            (true, [names @ .., last]) => format!("{} and {last}", names.join(", ")),
            _ => format!("such as {}", names.first().map_or("", String::as_str)),
        };
        let message = format!(
            "could not read {} {}: they are {} ({names})",
            thousands(count),
            other.things(),
            other.group()
        );
        let place = if folder.is_empty() { &first.path } else { folder };
        Some(Warning { refused: Some(other), ..Warning::new(place, None, &message) })
    }
}

/// The longest folder that all paths are in, without the slash at its end; empty if there is none.
fn shared_folder<'a>(mut paths: impl Iterator<Item = &'a str>) -> &'a str {
    let folder = |path: &'a str| path.rfind('/').and_then(|at| path.get(..at)).unwrap_or_default();
    let Some(first) = paths.next() else { return "" };
    paths.fold(folder(first), |mut shared, path| {
        let holds = |shared: &str| path.strip_prefix(shared).is_some_and(|rest| rest.starts_with('/'));
        while !shared.is_empty() && !holds(shared) {
            shared = folder(shared);
        }
        shared
    })
}

/// `path:line: could not X: Y`.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}
