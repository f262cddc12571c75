//! From keys to actions. Pure.
//!
//! A [`Keymap`] says which key sequences mean which actions in which context. A [`Keyboard`] remembers the part of a
//! sequence that has been typed so far, and turns keys into messages for the core. Nothing here knows terminals.

mod key;
mod preset;
mod table;

pub use key::{Key, sequence};
pub use preset::{Preset, preset};
pub use table::{Keymap, Rebinding, Resolved};

use crate::app::{Action, Context, Message};

/// The largest count that can be typed before an action.
const MOST: u32 = 9_999_999;

/// The most actions that a count before the key of several actions performs.
const MOST_OF_MACROS: usize = 640;

/// A keymap, and the part of a sequence that has been typed so far.
#[derive(Clone, Debug)]
pub struct Keyboard {
    pub keymap: Keymap,
    pending: Vec<Key>,
    count: Option<u32>,
}

impl Keyboard {
    pub fn new(keymap: Keymap) -> Keyboard {
        Keyboard { keymap, pending: Vec::new(), count: None }
    }

    /// The keys that have been typed of an incomplete sequence.
    pub fn pending(&self) -> &[Key] {
        &self.pending
    }

    /// The count typed so far.
    pub fn count(&self) -> Option<u32> {
        self.count
    }

    /// Handles one key in `context`. Returns a message once a sequence is complete. `Esc` discards an incomplete sequence
    /// and a count, and so does a key that continues no sequence, which the message then reports.
    pub fn press(&mut self, context: Context, key: Key) -> Option<Message> {
        let waiting = !self.pending.is_empty() || self.count.is_some();
        if waiting && key == Key::Esc {
            self.clear();
            return None;
        }
        if self.pending.is_empty() && !context.takes_text() && self.take_digit(key) {
            return None;
        }
        self.pending.push(key);
        match self.keymap.resolve(context, &self.pending) {
            Resolved::More => None,
            Resolved::Action(action) => {
                let count = self.count;
                self.clear();
                Some(Message::Act { action, count })
            }
            Resolved::Macro(place) => {
                let steps = self.keymap.macros().get(place).map(|own| own.steps.clone()).unwrap_or_default();
                let times = usize::try_from(self.count.unwrap_or(1)).unwrap_or(1);
                let most = (MOST_OF_MACROS / steps.len().max(1)).max(1);
                self.clear();
                Some(Message::Macro(std::iter::repeat_n(steps, times.min(most)).flatten().collect()))
            }
            Resolved::Nothing => {
                let typed = std::mem::take(&mut self.pending);
                self.clear();
                match key {
                    Key::Char(c) if typed.len() == 1 && context.takes_text() => Some(Message::Typed(c)),
                    _ => Some(Message::NoKey { typed: sequence(&typed), help: self.help() }),
                }
            }
        }
    }

    /// Discards an incomplete sequence and a count.
    pub fn clear(&mut self) {
        self.pending.clear();
        self.count = None;
    }

    /// The first key sequence that lists all keys, if there is one.
    fn help(&self) -> Option<String> {
        self.keymap.keys(Action::Help).next().map(sequence)
    }

    fn take_digit(&mut self, key: Key) -> bool {
        let Key::Char(c) = key else { return false };
        let Some(digit) = c.to_digit(10).filter(|digit| *digit > 0 || self.count.is_some()) else {
            return false;
        };
        self.count = Some((self.count.unwrap_or(0) * 10 + digit).min(MOST));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Presses `keys` and compares the resulting actions and characters.
    fn check(context: Context, keys: &str, expected: &str) {
        let mut keyboard = Keyboard::new(Keymap::default());
        let keys = Key::parse_sequence(keys).expect("keys");
        let messages: Vec<String> = keys
            .into_iter()
            .filter_map(|key| keyboard.press(context, key))
            .map(|message| match message {
                Message::Act { action, count: None } => action.info().name.to_owned(),
                Message::Act { action, count: Some(count) } => format!("{count}×{}", action.info().name),
                Message::Typed(c) => c.to_string(),
                Message::NoKey { typed, .. } => format!("no({typed})"),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(messages.join(" "), expected);
    }

    #[test]
    fn sequences_and_counts() {
        check(Context::List, "j g g", "down top");
        check(Context::List, "1 0 j 0 j", "10×down no(0) down");
        check(Context::List, "g x j", "no(g x) down");
        check(Context::List, "! 5 ! j", "no(!) no(!) down");
        check(Context::Facets, "z t Esc", "no(z t) drop-filter");
        check(Context::List, "5 Esc j Esc", "down drop-filter");
        check(Context::List, "f p z z", "filter-person zoom");
        check(Context::Reader, "9 9 9 9 9 9 9 9 j", "9999999×down");
    }

    #[test]
    fn text_is_typed_where_text_is_wanted() {
        check(Context::Prompt, "j 5 Space C-w Enter", "j 5   delete-word accept");
        check(Context::Picker, "g C-n F7", "g next-choice no(F7)");
    }

    #[test]
    fn a_key_can_stand_for_several_actions() {
        let rebinding = |action: &str, keys: &[&str]| Rebinding {
            action: action.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        };
        let (keymap, faults) = Keymap::default().rebound(&[
            rebinding("x", &["star", "mark-read", "next"]),
            rebinding("g x", &["tag later", "x"]),
            rebinding("B", &["C"]),
            rebinding("C", &["star", "B"]),
            rebinding("T", &["sttar"]),
            rebinding("P", &["x"; 40]),
            rebinding("E", &[]),
        ]);
        let mut keyboard = Keyboard::new(keymap);
        let own = |words: &[(Action, &str)]| {
            Some(Message::Macro(words.iter().map(|(action, words)| (*action, (*words).to_owned())).collect()))
        };
        let x = [(Action::Star, ""), (Action::MarkRead, "read"), (Action::ArticleNext, "")];
        assert_eq!(keyboard.press(Context::List, Key::Char('x')), own(&x));
        assert_eq!(keyboard.press(Context::Reader, Key::Char('2')), None);
        assert_eq!(keyboard.press(Context::Reader, Key::Char('x')), own(&[x, x].concat()));
        assert_eq!(keyboard.press(Context::List, Key::Char('g')), None);
        let more = [&[(Action::Tag, "later")][..], &x].concat();
        assert_eq!(keyboard.press(Context::List, Key::Char('x')), own(&more));
        // Where a line is typed, the key is a letter.
        assert_eq!(keyboard.press(Context::Prompt, Key::Char('x')), Some(Message::Typed('x')));
        let told: Vec<(usize, &str)> = faults.iter().map(|(at, message)| (*at, message.as_str())).collect();
        assert_eq!(
            told,
            [
                (2, "'B': it uses itself, by 'B'"),
                (3, "'C': it uses itself, by 'C'"),
                (4, "'T': there is no action called 'sttar'; did you mean star?"),
                (5, "'P': it has more than 64 actions"),
                (6, "'E': it has no actions"),
            ]
        );
    }

    #[test]
    fn a_keymap_can_be_changed() {
        let (keymap, faults) = Keymap::default().rebound(&[
            Rebinding { action: "next-article".to_owned(), keys: vec!["g j".to_owned()] },
            Rebinding { action: "fly".to_owned(), keys: vec!["F2".to_owned()] },
            Rebinding { action: "star".to_owned(), keys: vec!["Meta-x".to_owned()] },
            Rebinding { action: "zoom".to_owned(), keys: vec!["g j x".to_owned()] },
        ]);
        let mut keyboard = Keyboard::new(keymap);
        let unbound = keyboard.press(Context::List, Key::Char('J'));
        assert!(matches!(unbound, Some(Message::NoKey { .. })), "{unbound:?}");
        assert_eq!(keyboard.press(Context::List, Key::Char('g')), None);
        assert_eq!(keyboard.press(Context::List, Key::Char('j')), None);
        let message = keyboard.press(Context::List, Key::Char('x'));
        assert_eq!(message, Some(Message::Act { action: Action::Zoom, count: None }));
        let faults: Vec<&str> = faults.iter().map(|(_, message)| message.as_str()).collect();
        let clash = "zoom takes 'g j' from next-article";
        assert_eq!(faults, ["there is no action called 'fly'", "'Meta-x' is not a key sequence", clash]);
    }
}
