//! What could not be read, and where.

use crate::text::clean_line;
use std::fmt;

/// One thing that could not be read. Everything beside it has been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The file or folder as the person named it, clean; `standard input` for that.
    pub path: String,
    /// The line, counted from 1, where there is one to point at.
    pub line: Option<u64>,
    /// `could not X: Y`, one clean line.
    pub message: String,
}

impl Warning {
    /// A warning on `path`, whose name and `message` may hold anything.
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
