//! Reports mistakes in files that a person writes, with their lines: the settings, the names, a theme. Says errors of the
//! operating system in plain words (`reason`).
//!
//! These files are TOML. In: the text, and the errors of the TOML parser. Out: faults with line numbers.

mod reason;

pub use reason::{details, reason, short};
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

/// Where the lines of a text begin, to find the line of a byte without reading the text again.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The place of each line feed, ascending.
    ends: Vec<usize>,
}

impl Lines {
    pub fn of(text: &str) -> Lines {
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines { ends: feeds.map(|(at, _)| at).collect() }
    }

    /// The number of the line, from 1, that contains byte `at` of the text.
    pub fn line(&self, at: usize) -> usize {
        1 + self.ends.partition_point(|end| *end < at)
    }
}

/// Converts the errors of a TOML parser that continues after an error.
pub fn syntax(lines: &Lines, errors: &[toml::de::Error]) -> Vec<Fault> {
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    let fault = |error: &toml::de::Error| Fault {
        line: lines.line(start(error)),
        message: error.message().to_owned(),
    };
    errors.iter().map(fault).collect()
}

/// The text of a file whose lines need not all be text: a line that is not UTF-8 becomes an empty one, and is reported. A
/// byte order mark at the start is left out.
pub fn text_of(bytes: &[u8]) -> (String, Vec<Fault>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), Vec::new());
    }
    let (mut text, mut faults) = (String::with_capacity(bytes.len()), Vec::new());
    for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => {
                let message = "the line is not UTF-8 and is passed over; save the file as UTF-8".to_owned();
                faults.push(Fault { line: at + 1, message });
                text.push('\n');
            }
        }
    }
    (text, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_their_bytes() {
        let lines = Lines::of("a\nbc\n\nd");
        let found: Vec<usize> = (0..8).map(|at| lines.line(at)).collect();
        assert_eq!(found, [1, 1, 2, 2, 2, 3, 4, 4]);
    }

    #[test]
    fn a_line_that_is_not_utf_8_is_left_out() {
        let (text, faults) = text_of(b"\xef\xbb\xbfa\nb\xff\nc");
        assert_eq!(text, "a\n\nc");
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2]);
    }
}
