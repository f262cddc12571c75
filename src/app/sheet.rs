//! A text over the panes: warnings, an address.

use super::line::Line;
use crate::formats::Warning;
use crate::text::fold::fold;
use crate::text::wrap;

/// What the text is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Warnings,
    /// A whole address, from the first column on, to be copied by hand.
    Address(String),
    /// What a command printed, line by line.
    Output {
        command: String,
        lines: Vec<String>,
    },
    /// Something about the article in the reader.
    Told {
        title: String,
        lines: Vec<Told>,
    },
}

/// One line of what is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub text: String,
    /// Whether it stands out: a heading, or what only one of two articles says.
    pub strong: bool,
}

/// A text over the panes.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub subject: Subject,
    /// Only lines that contain this are shown.
    pub narrow: Line,
    pub typing: Typing,
    top: usize,
    height: usize,
}

/// Whether the text that narrows the lines is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    Yes,
    No,
}

/// One line of a sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SheetLine<'a> {
    Warning(&'a Warning),
    /// One line of text.
    Text(&'a str),
    Told(&'a Told),
}

/// One row of a sheet on the screen: a piece of a line, and the column at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRow {
    pub text: String,
    pub indent: u16,
    pub strong: bool,
}

impl Sheet {
    pub fn new(subject: Subject) -> Sheet {
        Sheet { subject, narrow: Line::default(), typing: Typing::No, top: 0, height: 0 }
    }

    /// All lines that contain the text typed, in order.
    pub fn lines<'a>(&'a self, warnings: &'a [Warning]) -> Vec<SheetLine<'a>> {
        let wanted = fold(self.narrow.text().trim());
        match &self.subject {
            Subject::Address(address) => vec![SheetLine::Text(address)],
            Subject::Output { lines, .. } => lines
                .iter()
                .filter(|line| wanted.is_empty() || fold(line).contains(&wanted))
                .map(|line| SheetLine::Text(line))
                .collect(),
            Subject::Told { lines, .. } => lines
                .iter()
                .filter(|line| wanted.is_empty() || fold(&line.text).contains(&wanted))
                .map(SheetLine::Told)
                .collect(),
            Subject::Warnings => warnings
                .iter()
                .filter(|warning| wanted.is_empty() || fold(&warning.to_string()).contains(&wanted))
                .map(SheetLine::Warning)
                .collect(),
        }
    }

    /// The same lines broken over the rows of a screen that is `width` cells wide, so that each can be read whole. The rows
    /// of a warning that follow its first one are indented; an address has no blanks that would be copied with it.
    pub fn rows(&self, warnings: &[Warning], width: u16) -> Vec<SheetRow> {
        let broken = |text: String, (first, others): (u16, u16), strong: bool| {
            let room = usize::from(width.saturating_sub(others.max(first) + u16::from(others > 0)));
            let pieces = wrap::lines(&text, room);
            let indents = std::iter::once(first).chain(std::iter::repeat(others));
            let row = |(line, indent): (wrap::Line, u16)| SheetRow {
                text: line.span.of(&text).to_owned(),
                indent,
                strong,
            };
            pieces.into_iter().zip(indents).map(row).collect::<Vec<_>>()
        };
        let rows = |line: SheetLine<'_>| match line {
            SheetLine::Warning(warning) => broken(warning.to_string(), (1, 3), false),
            SheetLine::Text(text) => broken(text.to_owned(), (0, 0), false),
            SheetLine::Told(told) => {
                // What is indented stays indented where it is broken.
                let inner = told.text.trim_start();
                let indent = 1 + u16::try_from(told.text.len() - inner.len()).unwrap_or(0);
                broken(inner.to_owned(), (indent, indent + 2), told.strong)
            }
        };
        let rows = |line: SheetLine<'_>| match rows(line) {
            // An empty line of an output is a row, too.
            none if none.is_empty() => vec![SheetRow { text: String::new(), indent: 0, strong: false }],
            some => some,
        };
        self.lines(warnings).into_iter().flat_map(rows).collect()
    }

    /// The first visible row.
    pub fn top(&self) -> usize {
        self.top
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// Scrolls within `len` rows.
    pub fn scroll_by(&mut self, delta: i64, len: usize) {
        let last = len.saturating_sub(self.height.max(1)) as i64;
        self.top = (self.top as i64).saturating_add(delta).clamp(0, last) as usize;
    }

    /// Sets how many rows the sheet shows.
    pub fn set_height(&mut self, height: usize, len: usize) {
        self.height = height;
        self.scroll_by(0, len);
    }

    /// Adapts to a changed text that narrows the lines.
    pub fn narrowed(&mut self) {
        self.top = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_broken_over_rows_and_lose_nothing() {
        let path = "/home/ada/.config/dateline/themes/nosuch.toml";
        let warnings =
            [Warning::new(path, None, "there is no theme called 'nosuch': the built-in ones are used")];
        let sheet = Sheet::new(Subject::Warnings);
        for width in [20, 30, 50, 80, 200] {
            let rows = sheet.rows(&warnings, width);
            let mut whole = String::new();
            for row in &rows {
                let SheetRow { text, indent, .. } = row;
                assert!(usize::from(*indent) + text.chars().count() <= width.into(), "{width}: {text}");
                whole.push_str(text);
            }
            let all: String = warnings[0].to_string().split_whitespace().collect();
            assert_eq!(whole.split_whitespace().collect::<String>(), all, "{width}");
            assert_eq!(rows.len() > 1, width < 120, "{width}");
        }
    }

    #[test]
    fn warnings_are_narrowed_by_their_text() {
        let warnings = [Warning::new("a.txt", Some(7), "could not read it: x"), Warning::new("b", None, "y")];
        let mut sheet = Sheet::new(Subject::Warnings);
        assert_eq!(sheet.lines(&warnings).len(), 2);
        sheet.narrow.paste("A.TXT:7");
        assert_eq!(sheet.lines(&warnings), [SheetLine::Warning(&warnings[0])]);
    }
}
