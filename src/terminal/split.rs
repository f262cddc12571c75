//! Rejoins key sequences that a slow connection has split.
//!
//! An arrow key is sent as `ESC [ A`. If its bytes arrive in two pieces, the decoder reports Esc, `[` and
//! `A`, three keys that each mean something else. Pure: keys in, keys out.

use crate::keymap::Key;

/// Whether `keys` end with what may be the beginning of a split sequence whose rest is still to come.
pub fn may_continue(keys: &[Key]) -> bool {
    let Some(at) = keys.iter().rposition(|key| *key == Key::Esc) else { return false };
    match keys.get(at + 1..).unwrap_or_default() {
        [] | [Key::Char('[' | 'O')] => true,
        [Key::Char('['), digits @ ..] => digits.iter().all(is_parameter),
        _ => false,
    }
}

/// Returns the keys with every split sequence rejoined. A sequence that means no key is dropped.
pub fn rejoined(keys: &[Key]) -> Vec<Key> {
    let mut whole = Vec::with_capacity(keys.len());
    let mut rest = keys;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, sequence(after)) {
            (Key::Esc, Some((key, length))) => {
                whole.extend(key);
                after.get(length..).unwrap_or_default()
            }
            _ => {
                whole.push(*first);
                after
            }
        };
    }
    whole
}

/// The key that the sequence after an Esc means, if there is one, and the number of keys that it consists of.
fn sequence(keys: &[Key]) -> Option<(Option<Key>, usize)> {
    match keys {
        [Key::Char('O'), Key::Char(last @ ('A'..='D' | 'F' | 'H' | 'P'..='S')), ..] => {
            Some((letter(*last), 2))
        }
        [Key::Char('['), parameters @ ..] => {
            let count = parameters.iter().take_while(|key| is_parameter(key)).count();
            match parameters.get(count) {
                Some(Key::Char('~')) if count > 0 => Some((number(parameters.get(..count)?), count + 2)),
                Some(Key::Char(last @ ('A'..='D' | 'F' | 'H' | 'Z'))) => Some((letter(*last), count + 2)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_parameter(key: &Key) -> bool {
    matches!(key, Key::Char('0'..='9' | ';'))
}

fn letter(last: char) -> Option<Key> {
    Some(match last {
        'A' => Key::Up,
        'B' => Key::Down,
        'C' => Key::Right,
        'D' => Key::Left,
        'F' => Key::End,
        'H' => Key::Home,
        'Z' => Key::ShiftTab,
        'P' => Key::Function(1),
        'Q' => Key::Function(2),
        'R' => Key::Function(3),
        'S' => Key::Function(4),
        _ => return None,
    })
}

/// The keys of the editing keypad of the VT220.
fn number(digits: &[Key]) -> Option<Key> {
    match digits.first()? {
        Key::Char('1' | '7') if digits.len() == 1 => Some(Key::Home),
        Key::Char('3') => Some(Key::Delete),
        Key::Char('4' | '8') => Some(Key::End),
        Key::Char('5') => Some(Key::PageUp),
        Key::Char('6') => Some(Key::PageDown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<Key> {
        text.chars().map(|c| if c == '\u{1b}' { Key::Esc } else { Key::Char(c) }).collect()
    }

    fn check(text: &str, expected: &[Key]) {
        assert_eq!(rejoined(&typed(text)), expected, "{text:?}");
    }

    #[test]
    fn split_sequences_are_rejoined() {
        check("j\u{1b}[Ak", &[Key::Char('j'), Key::Up, Key::Char('k')]);
        check("\u{1b}OB\u{1b}[6~", &[Key::Down, Key::PageDown]);
        check("\u{1b}[1;5C", &[Key::Right]);
        check("\u{1b}[200~", &[]);
    }

    #[test]
    fn keys_that_only_look_similar_are_unchanged() {
        check("[A", &[Key::Char('['), Key::Char('A')]);
        check("\u{1b}j", &[Key::Esc, Key::Char('j')]);
        check("\u{1b}[x", &[Key::Esc, Key::Char('['), Key::Char('x')]);
        check("\u{1b}", &[Key::Esc]);
    }

    #[test]
    fn only_an_incomplete_sequence_may_continue() {
        for text in ["\u{1b}", "j\u{1b}", "\u{1b}[", "\u{1b}O", "\u{1b}[1;"] {
            assert!(may_continue(&typed(text)), "{text:?}");
        }
        for text in ["", "j", "\u{1b}j", "\u{1b}[A", "[A"] {
            assert!(!may_continue(&typed(text)), "{text:?}");
        }
    }
}
