//! A warning about something that could not be read, with its place.

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
}

impl Warning {
    /// A warning about `path`. Both texts are cleaned here.
    pub fn new(path: &str, line: Option<u64>, message: &str) -> Warning {
        Warning { path: clean_line(path), line, message: clean_line(message) }
    }
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
