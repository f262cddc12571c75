//! Which key sequences mean which actions, and in which contexts.

use super::key::Key;
use crate::app::action::{ACTIONS, Action, Context};

/// What a sequence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    Action(Action),
    /// It is the beginning of longer sequences.
    More,
    Nothing,
}

/// All bindings, in the order of the table of actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<(Vec<Key>, Action)>,
}

/// New keys for an action, as the config file has them. They replace its default keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebinding {
    pub action: String,
    pub keys: Vec<String>,
}

impl Default for Keymap {
    /// The keys of the table of actions.
    fn default() -> Keymap {
        let bindings = ACTIONS.iter().flat_map(|info| {
            info.keys.iter().filter_map(|keys| Some((Key::parse_sequence(keys)?, info.action)))
        });
        Keymap { bindings: bindings.collect() }
    }
}

impl Keymap {
    /// What `keys` mean in `context`. Linear in the number of bindings.
    pub fn resolve(&self, context: Context, keys: &[Key]) -> Resolved {
        let mut resolved = Resolved::Nothing;
        for (bound, action) in &self.bindings {
            if !bound.starts_with(keys) || !action.is_in(context) {
                continue;
            }
            if bound.len() == keys.len() {
                return Resolved::Action(*action);
            }
            resolved = Resolved::More;
        }
        resolved
    }

    /// The sequences of an action; empty if it has none.
    pub fn keys(&self, action: Action) -> impl Iterator<Item = &[Key]> {
        self.bindings.iter().filter(move |(_, bound)| *bound == action).map(|(keys, _)| keys.as_slice())
    }

    /// What can follow `pending` in `context`: the rest of each sequence, with its action.
    pub fn continuations(&self, context: Context, pending: &[Key]) -> Vec<(&[Key], Action)> {
        self.bindings
            .iter()
            .filter(|(keys, action)| action.is_in(context) && keys.len() > pending.len())
            .filter_map(|(keys, action)| Some((keys.strip_prefix(pending)?, *action)))
            .collect()
    }

    /// Gives some actions other keys. A sequence that another action had is taken from that action. What cannot be used is
    /// skipped and reported, with its index in `rebindings`.
    pub fn rebound(mut self, rebindings: &[Rebinding]) -> (Keymap, Vec<(usize, String)>) {
        let mut faults = Vec::new();
        // The person's own bindings so far: taking a key from one of these is a mistake and not an intention.
        let mut own: Vec<Action> = Vec::new();
        for (place, rebinding) in rebindings.iter().enumerate() {
            let Some(action) = Action::find(&rebinding.action) else {
                faults.push((place, format!("there is no action called '{}'", rebinding.action)));
                continue;
            };
            let mut fresh = Vec::new();
            for text in &rebinding.keys {
                match Key::parse_sequence(text) {
                    Some(keys) => fresh.push(keys),
                    None => faults.push((place, format!("'{text}' is not a key sequence"))),
                }
            }
            if fresh.is_empty() && !rebinding.keys.is_empty() {
                continue;
            }
            let contexts = action.info().contexts;
            let clash = self.bindings.iter().find(|(keys, bound)| {
                own.contains(bound)
                    && *bound != action
                    && bound.info().contexts.iter().any(|context| contexts.contains(context))
                    && fresh.iter().any(|fresh| keys.starts_with(fresh) || fresh.starts_with(keys))
            });
            if let Some((keys, other)) = clash {
                let (keys, other) = (super::key::sequence(keys), other.info().name);
                faults.push((place, format!("{} takes '{keys}' from {other}", rebinding.action)));
            }
            own.push(action);
            self.bindings.retain(|(keys, bound)| {
                let clashes = bound.info().contexts.iter().any(|context| contexts.contains(context))
                    && fresh.iter().any(|fresh| keys.starts_with(fresh) || fresh.starts_with(keys));
                *bound != action && !clashes
            });
            self.bindings.extend(fresh.into_iter().map(|keys| (keys, action)));
        }
        (self, faults)
    }
}
