//! Base key maps for people who are used to another program.

use super::Rebinding;

/// Actions, and the keys that replace their default keys in a preset.
type Keys = &'static [(&'static str, &'static [&'static str])];

/// newsboat's keys for the actions that it has too.
const NEWSBOAT: Keys = &[
    ("next-hit-or-unread", &["n"]),
    ("previous-hit-or-unread", &["p"]),
    ("toggle-read", &["N"]),
    ("all-read", &["A"]),
    ("edit-filter", &["F"]),
    ("clear-filters", &["C-f"]),
    ("page-down", &["PgDn"]),
    ("links", &["u"]),
    ("suspend", &["C-z"]),
];

/// vim's keys that are not among the default ones, which are vi's.
const VIM: Keys = &[
    ("next-pane", &["l", "Tab", "Right", "C-w w", "C-w l", "C-w j"]),
    ("previous-pane", &["h", "S-Tab", "Left", "C-w p", "C-w h", "C-w k"]),
    ("open-link", &["o", "g x"]),
];

/// A base key map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The default keys, unchanged.
    None,
    Newsboat,
    Vim,
}

/// The changes that a preset makes to the default keys.
pub fn preset(preset: Preset) -> Vec<Rebinding> {
    let keys = match preset {
        Preset::None => &[],
        Preset::Newsboat => NEWSBOAT,
        Preset::Vim => VIM,
    };
    let rebinding = |(action, keys): &(&str, &[&str])| Rebinding {
        action: (*action).to_owned(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    };
    keys.iter().map(rebinding).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Keymap;
    use super::*;
    use crate::app::action::ACTIONS;

    #[test]
    fn presets_can_be_read_and_leave_every_action_a_key() {
        for name in [Preset::None, Preset::Newsboat, Preset::Vim] {
            let (keymap, faults) = Keymap::default().rebound(&preset(name));
            assert_eq!(faults, [], "{name:?}");
            for info in ACTIONS {
                assert!(keymap.keys(info.action).next().is_some(), "{name:?}: {}", info.name);
            }
        }
    }
}
