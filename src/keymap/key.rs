//! One key on the keyboard, and how key sequences are written.

use std::fmt::{self, Display};

/// A key, with Ctrl if it was held down. Shift is part of the character: `G`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A character that is not a control code.
    Char(char),
    /// Ctrl with a lower-case letter or a punctuation mark.
    Ctrl(char),
    Enter,
    Esc,
    Tab,
    ShiftTab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    Function(u8),
}

/// The keys that are written as a name.
const NAMED: [(Key, &str); 15] = [
    (Key::Char(' '), "Space"),
    (Key::Enter, "Enter"),
    (Key::Esc, "Esc"),
    (Key::Tab, "Tab"),
    (Key::ShiftTab, "S-Tab"),
    (Key::Backspace, "Backspace"),
    (Key::Delete, "Delete"),
    (Key::Left, "Left"),
    (Key::Right, "Right"),
    (Key::Up, "Up"),
    (Key::Down, "Down"),
    (Key::Home, "Home"),
    (Key::End, "End"),
    (Key::PageUp, "PgUp"),
    (Key::PageDown, "PgDn"),
];

/// Writes the key as the config file has it: `j`, `G`, `C-d`, `Space`, `F1`.
impl Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, name)) = NAMED.iter().find(|(key, _)| key == self) {
            return f.write_str(name);
        }
        match self {
            Key::Char(c) => write!(f, "{c}"),
            Key::Ctrl(c) => write!(f, "C-{c}"),
            Key::Function(number) => write!(f, "F{number}"),
            _ => Ok(()),
        }
    }
}

impl Key {
    /// Reads a key. Names may be in any case, and Ctrl is written as `C-` or `Ctrl-`.
    pub fn parse(text: &str) -> Option<Key> {
        if let Some((key, _)) = NAMED.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)) {
            return Some(*key);
        }
        if let Some(rest) = text.strip_prefix("C-").or_else(|| text.strip_prefix("Ctrl-")) {
            return single(rest).map(|c| Key::Ctrl(c.to_ascii_lowercase()));
        }
        if let Some(number) = text.strip_prefix('F').and_then(|number| number.parse().ok()) {
            return (1..=24).contains(&number).then_some(Key::Function(number));
        }
        single(text).map(Key::Char)
    }

    /// Reads a sequence of keys separated by blanks; `None` if a key cannot be read, or if there is none.
    pub fn parse_sequence(text: &str) -> Option<Vec<Key>> {
        let keys: Option<Vec<Key>> = text.split_whitespace().map(Key::parse).collect();
        keys.filter(|keys| !keys.is_empty())
    }
}

/// How a sequence is shown: characters without blanks between them, names with blanks.
pub fn sequence(keys: &[Key]) -> String {
    let words: Vec<String> = keys.iter().map(Key::to_string).collect();
    words.join(" ")
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let c = chars.next().filter(|c| !c.is_control() && !c.is_whitespace())?;
    chars.next().is_none().then_some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in ["j", "G", "C-d", "Space", "S-Tab", "F12", "PgDn", "é", "+", "F", "C"] {
            assert_eq!(Key::parse(text).map(|key| key.to_string()).as_deref(), Some(text));
        }
        for text in ["", "jj", "F99", "C-", "Alt-x"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
        assert_eq!(Key::parse_sequence("g C-d"), Some(vec![Key::Char('g'), Key::Ctrl('d')]));
        assert_eq!(Key::parse_sequence(" "), None);
    }
}
