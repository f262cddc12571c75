//! Mends key sequences that a slow link has torn apart.
//!
//! An arrow key is `ESC [ A`. Where its bytes come in two pieces, the decoder takes them for Esc, `[` and `A`,
//! three keys that mean something else each. Pure: keys in, keys out.

use crate::keymap::Key;

/// Whether `keys` end in what may be the beginning of a torn sequence, the rest of which is still to come.
pub fn may_go_on(keys: &[Key]) -> bool {
    let Some(at) = keys.iter().rposition(|key| *key == Key::Esc) else { return false };
    match keys.get(at + 1..).unwrap_or_default() {
        [] | [Key::Char('[' | 'O')] => true,
        [Key::Char('['), digits @ ..] => digits.iter().all(is_parameter),
        _ => false,
    }
}

/// The keys with every torn sequence in them made whole. A sequence that means no key is dropped.
pub fn mended(keys: &[Key]) -> Vec<Key> {
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

/// The key that a sequence behind Esc means, if it is one, and how many keys it was taken for.
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

/// The keys of the VT220's editing pad.
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
        assert_eq!(mended(&typed(text)), expected, "{text:?}");
    }

    #[test]
    fn torn_sequences_are_made_whole() {
        check("j\u{1b}[Ak", &[Key::Char('j'), Key::Up, Key::Char('k')]);
        check("\u{1b}OB\u{1b}[6~", &[Key::Down, Key::PageDown]);
        check("\u{1b}[1;5C", &[Key::Right]);
        check("\u{1b}[200~", &[]);
    }

    #[test]
    fn keys_that_only_look_alike_are_left() {
        check("[A", &[Key::Char('['), Key::Char('A')]);
        check("\u{1b}j", &[Key::Esc, Key::Char('j')]);
        check("\u{1b}[x", &[Key::Esc, Key::Char('['), Key::Char('x')]);
        check("\u{1b}", &[Key::Esc]);
    }

    #[test]
    fn the_rest_is_waited_for_only_where_there_may_be_one() {
        for text in ["\u{1b}", "j\u{1b}", "\u{1b}[", "\u{1b}O", "\u{1b}[1;"] {
            assert!(may_go_on(&typed(text)), "{text:?}");
        }
        for text in ["", "j", "\u{1b}j", "\u{1b}[A", "[A"] {
            assert!(!may_go_on(&typed(text)), "{text:?}");
        }
    }
}
