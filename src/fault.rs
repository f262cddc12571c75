//! What is wrong in a file that a person writes, and on which line: the settings, the names, a theme.
//!
//! These files are TOML. The text and the errors of its parser go in, faults with line numbers come out.

use std::fmt;

/// What is wrong in a file that a person writes, of names or of settings, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// The line, from 1, on which byte `at` of the text lies.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// What is wrong with the form of the file: the errors of a reader that goes on behind them.
pub fn syntax(text: &str, errors: &[toml::de::Error]) -> Vec<Fault> {
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    let fault = |error: &toml::de::Error| Fault {
        line: line_of(text, start(error)),
        message: error.message().to_owned(),
    };
    errors.iter().map(fault).collect()
}
