//! Reports mistakes in files that a person writes, with their lines: the settings, the names, a theme.
//!
//! These files are TOML. In: the text, and the errors of the TOML parser. Out: faults with line numbers.

use std::fmt;

/// A mistake in a file that a person writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The number of the line, from 1.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// The number of the line, from 1, that contains byte `at` of the text.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// Converts the errors of a TOML parser that continues after an error.
pub fn syntax(text: &str, errors: &[toml::de::Error]) -> Vec<Fault> {
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    let fault = |error: &toml::de::Error| Fault {
        line: line_of(text, start(error)),
        message: error.message().to_owned(),
    };
    errors.iter().map(fault).collect()
}
