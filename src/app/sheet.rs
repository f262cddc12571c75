//! A text over the panes: help, warnings, an address.

use super::action::{ACTIONS, Action, Context, Group};
use super::line::Line;
use crate::formats::Warning;
use crate::text::fold::fold;

/// What the text is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The keys that work in this context.
    Help(Context),
    Warnings,
    /// A whole address, from the first column on, to be copied by hand.
    Address(String),
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
    Heading(&'static str),
    Action(Action),
    Warning(&'a Warning),
    /// One line of text.
    Text(&'a str),
}

impl Sheet {
    pub fn new(subject: Subject) -> Sheet {
        Sheet { subject, narrow: Line::default(), typing: Typing::No, top: 0, height: 0 }
    }

    /// All lines that contain the text typed, in order.
    pub fn lines<'a>(&'a self, warnings: &'a [Warning]) -> Vec<SheetLine<'a>> {
        let wanted = fold(self.narrow.text().trim());
        match &self.subject {
            Subject::Help(context) => help(*context, &wanted),
            Subject::Address(address) => vec![SheetLine::Text(address)],
            Subject::Warnings => warnings
                .iter()
                .filter(|warning| wanted.is_empty() || fold(&warning.to_string()).contains(&wanted))
                .map(SheetLine::Warning)
                .collect(),
        }
    }

    /// The first visible line.
    pub fn top(&self) -> usize {
        self.top
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// Scrolls within `len` lines.
    pub fn scroll_by(&mut self, delta: i64, len: usize) {
        let last = len.saturating_sub(self.height.max(1)) as i64;
        self.top = (self.top as i64).saturating_add(delta).clamp(0, last) as usize;
    }

    /// Sets how many lines the sheet shows.
    pub fn set_height(&mut self, height: usize, len: usize) {
        self.height = height;
        self.scroll_by(0, len);
    }

    /// Adapts to a changed text that narrows the lines.
    pub fn narrowed(&mut self) {
        self.top = 0;
    }
}

fn help(context: Context, wanted: &str) -> Vec<SheetLine<'static>> {
    let mut lines = Vec::new();
    for group in Group::ALL {
        let actions = ACTIONS.iter().filter(|info| {
            info.group == group
                && info.action.is_in(context)
                && (wanted.is_empty()
                    || fold(info.help).contains(wanted)
                    || info.name.contains(wanted)
                    || fold(group.title()).contains(wanted))
        });
        let before = lines.len();
        lines.extend(actions.map(|info| SheetLine::Action(info.action)));
        if lines.len() > before {
            lines.insert(before, SheetLine::Heading(group.title()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_shows_what_works_here() {
        let mut sheet = Sheet::new(Subject::Help(Context::Facets));
        let lines = sheet.lines(&[]);
        assert!(lines.contains(&SheetLine::Action(Action::SectionNext)));
        assert!(!lines.contains(&SheetLine::Action(Action::Accept)));
        let all = lines.len();
        sheet.narrow.paste("country");
        let narrowed = sheet.lines(&[]);
        assert!(narrowed.contains(&SheetLine::Action(Action::FilterCountry)));
        assert!(narrowed.len() < all / 4);
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
