//! How commands show text to a person: the width of a line, and colours as `ls` and `git` use them.

use crate::text::harmless::one_line;

/// How text is shown on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The cells of a line.
    pub width: usize,
    pub colours: Colours,
    pub ellipsis: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    Yes,
    No,
}

impl Look {
    /// `text` in a colour, if there are colours, without control codes of its own.
    pub fn paint(&self, ink: Ink, text: &str) -> String {
        let text = one_line(text);
        match (self.colours, ink.code()) {
            (Colours::No, _) | (_, "") => text.into_owned(),
            (Colours::Yes, code) => format!("\u{1b}[{code}m{text}\u{1b}[m"),
        }
    }
}

/// The colour of a column. Without colours, all columns look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Plain,
    /// Numbers by which something is named or counted: yellow, as git shows the names of commits.
    Number,
    /// Names by which rows are told apart: cyan.
    Name,
    /// What is of less interest.
    Faint,
}

impl Ink {
    /// The parameters of the SGR sequence that switches the colour on.
    fn code(self) -> &'static str {
        match self {
            Ink::Plain => "",
            Ink::Number => "33",
            Ink::Name => "36",
            Ink::Faint => "2",
        }
    }
}
