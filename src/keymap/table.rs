//! Which key sequences mean which actions, and in which contexts.

use super::key::Key;
use crate::app::action::{ACTIONS, Action, Context};

/// What a sequence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    Action(Action),
    /// Several actions, by their place in [`Keymap::macros`].
    Macro(usize),
    /// It is the beginning of longer sequences.
    More,
    Nothing,
}

/// All bindings, in the order of the table of actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<(Vec<Key>, Action)>,
    macros: Vec<Macro>,
}

/// Keys for several actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    pub keys: Vec<Key>,
    /// Each action with the words that it asks for.
    pub steps: Vec<(Action, String)>,
    /// As the config file has them.
    pub written: Vec<String>,
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
        Keymap { bindings: bindings.collect(), macros: Vec::new() }
    }
}

impl Keymap {
    /// What `keys` mean in `context`. Linear in the number of bindings.
    pub fn resolve(&self, context: Context, keys: &[Key]) -> Resolved {
        let mut resolved = Resolved::Nothing;
        let panes = matches!(context, Context::List | Context::Reader | Context::Facets);
        for (place, own) in self.macros.iter().enumerate().filter(|_| panes) {
            if own.keys == keys {
                return Resolved::Macro(place);
            }
            if own.keys.starts_with(keys) {
                resolved = Resolved::More;
            }
        }
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

    /// The keys for several actions.
    pub fn macros(&self) -> &[Macro] {
        &self.macros
    }

    /// Gives some actions other keys, and some keys several actions. A sequence that another action had is taken from that action. What cannot be used is
    /// skipped and reported, with its index in `rebindings`.
    pub fn rebound(mut self, rebindings: &[Rebinding]) -> (Keymap, Vec<(usize, String)>) {
        let mut faults = Vec::new();
        let mut macros: Vec<(usize, Vec<Key>, &Vec<String>)> = Vec::new();
        // The person's own bindings so far: taking a key from one of these is a mistake and not an intention.
        let mut own: Vec<Action> = Vec::new();
        for (place, rebinding) in rebindings.iter().enumerate() {
            if Action::find(&rebinding.action).is_none()
                && let Some(keys) = Key::parse_sequence(&rebinding.action)
            {
                macros.push((place, keys, &rebinding.keys));
                continue;
            }
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
        for (place, keys, written) in &macros {
            match expanded(written, &macros, &mut vec![keys.clone()]) {
                Ok(steps) => {
                    self.bindings.retain(|(bound, action)| {
                        let panes = [Context::List, Context::Reader, Context::Facets];
                        let here = panes.iter().any(|context| action.is_in(*context));
                        !here || !(bound.starts_with(keys) || keys.starts_with(bound))
                    });
                    self.macros.retain(|own| own.keys != *keys);
                    self.macros.push(Macro { keys: keys.clone(), steps, written: (*written).clone() });
                }
                Err(message) => faults.push((*place, format!("'{}': {message}", super::key::sequence(keys)))),
            }
        }
        (self, faults)
    }
}

/// The most actions of one key.
const MOST_STEPS: usize = 64;

/// Words that people write for an action in a list of actions, from other readers.
const WORDS: [(&str, Action, &str); 6] = [
    ("mark-read", Action::MarkRead, "read"),
    ("mark-unread", Action::MarkRead, "unread"),
    ("next", Action::ArticleNext, ""),
    ("previous", Action::ArticlePrevious, ""),
    ("prev", Action::ArticlePrevious, ""),
    ("browse", Action::OpenLink, ""),
];

/// The actions that are written for a key. A key of another such list stands for its actions; `within` are the keys that
/// are being read.
fn expanded(
    written: &[String],
    macros: &[(usize, Vec<Key>, &Vec<String>)],
    within: &mut Vec<Vec<Key>>,
) -> Result<Vec<(Action, String)>, String> {
    let mut steps = Vec::new();
    for text in written {
        let (name, words) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let own = WORDS.iter().find(|(word, ..)| *word == name).map(|(_, action, words)| (*action, *words));
        let called = || ACTIONS.iter().map(|info| info.action).find(|action| action.is_called(name));
        let keys = Key::parse_sequence(text).unwrap_or_default();
        if let Some((_, keys, inner)) = macros.iter().find(|(_, own, _)| *own == keys) {
            if within.contains(keys) {
                return Err(format!("it uses itself, by '{}'", super::key::sequence(keys)));
            }
            within.push(keys.clone());
            steps.extend(expanded(inner, macros, within)?);
            within.pop();
        } else if let Some((action, words)) = own {
            steps.push((action, words.to_owned()));
        } else if let Some(action) = Action::find(name).or_else(called) {
            steps.push((action, words.trim().to_owned()));
        } else {
            let near = crate::text::near::nearest(name, ACTIONS.iter().map(|info| info.name));
            return Err(format!("there is no action called '{name}'; did you mean {near}?"));
        }
        if steps.len() > MOST_STEPS {
            return Err(format!("it has more than {MOST_STEPS} actions"));
        }
    }
    if steps.is_empty() { Err("it has no actions".to_owned()) } else { Ok(steps) }
}
