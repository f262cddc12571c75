//! Converts the key events of crossterm to the keys of the keymap.

use crate::keymap::Key;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The keys that an event stands for, in order. For Alt with a key, terminals send Esc followed by the
/// key, which cannot be distinguished from the two keys over a slow connection; so both are returned.
pub fn keys(event: KeyEvent) -> impl Iterator<Item = Key> {
    let escape = event.modifiers.contains(KeyModifiers::ALT).then_some(Key::Esc);
    escape.into_iter().chain(key(event.code, event.modifiers))
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
    Some(match code {
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) if c.is_control() => return None,
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::BackTab => Key::ShiftTab,
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => Key::ShiftTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::F(number) => Key::Function(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: KeyCode, modifiers: KeyModifiers, expected: &[Key]) {
        assert_eq!(keys(KeyEvent::new(code, modifiers)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn events_become_keys() {
        check(KeyCode::Char('j'), KeyModifiers::NONE, &[Key::Char('j')]);
        check(KeyCode::Char('G'), KeyModifiers::SHIFT, &[Key::Char('G')]);
        check(KeyCode::Char('d'), KeyModifiers::CONTROL, &[Key::Ctrl('d')]);
        check(KeyCode::Char('x'), KeyModifiers::ALT, &[Key::Esc, Key::Char('x')]);
        check(KeyCode::BackTab, KeyModifiers::SHIFT, &[Key::ShiftTab]);
        check(KeyCode::Null, KeyModifiers::NONE, &[]);
    }
}
