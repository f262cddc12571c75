//! Everything that a person can do, in one table. The enum, the names, the keys, the help screen, the palette, the
//! table in docs/keys.md and the hints of the status line are made from [`ACTIONS`].

mod alias;
mod table;

pub use alias::elsewhere;
pub use table::{ACTIONS, Action};

/// What receives the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The list of articles, or the view that is shown in its place.
    List,
    Reader,
    Facets,
    /// A line of text is being typed: a search, a tag.
    Prompt,
    /// A line of text is being typed that narrows a list of choices.
    Picker,
    /// A text is shown over the panes: help, warnings.
    Sheet,
}

impl Context {
    pub const ALL: [Context; 6] =
        [Context::List, Context::Reader, Context::Facets, Context::Prompt, Context::Picker, Context::Sheet];

    /// Whether a key that is not bound is typed into a line.
    pub fn takes_text(self) -> bool {
        matches!(self, Context::Prompt | Context::Picker)
    }
}

/// The group of an action in the help screen and in docs/keys.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Move,
    Search,
    Filter,
    Walk,
    View,
    Show,
    Mark,
    Copy,
    Source,
    Line,
    General,
}

impl Group {
    pub const ALL: [Group; 11] = [
        Group::Move,
        Group::Search,
        Group::Filter,
        Group::Walk,
        Group::Mark,
        Group::Copy,
        Group::View,
        Group::Show,
        Group::Source,
        Group::Line,
        Group::General,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Group::Move => "Moving",
            Group::Search => "Searching",
            Group::Filter => "Filtering",
            Group::Walk => "Names and quotes in the text",
            Group::View => "Views",
            Group::Show => "Showing and hiding",
            Group::Mark => "Marking",
            Group::Copy => "Copying and opening",
            Group::Source => "The source under the cursor",
            Group::Line => "Typing and choosing",
            Group::General => "General",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ActionInfo {
    pub action: Action,
    /// The name that the config file uses.
    pub name: &'static str,
    pub group: Group,
    /// The contexts in which it can be used.
    pub contexts: &'static [Context],
    /// The default key sequences, as the config file has them: keys separated by blanks, `C-` for Ctrl.
    pub keys: &'static [&'static str],
    /// One or two words for the status line.
    pub short: &'static str,
    /// What it does, in a sentence without a full stop.
    pub help: &'static str,
}

impl Action {
    pub fn info(self) -> &'static ActionInfo {
        // The places are made from the table: a test looks at every line.
        &ACTIONS[self.place()]
    }

    /// The action that the config file calls `name`.
    pub fn find(name: &str) -> Option<Action> {
        ACTIONS.iter().find(|info| info.name == name).map(|info| info.action)
    }

    pub fn is_in(self, context: Context) -> bool {
        self.info().contexts.contains(&context)
    }
}

/// The table in docs/keys.md, in Markdown: one row for each action, group by group.
pub fn key_table() -> String {
    let mut table = String::from("| keys | action | name in the config |\n| --- | --- | --- |\n");
    for group in Group::ALL {
        table.push_str(&format!("| **{}** | | |\n", group.title()));
        for info in ACTIONS.iter().filter(|info| info.group == group) {
            let keys: Vec<String> =
                info.keys.iter().map(|keys| format!("`{}`", keys.replace('|', "\\|"))).collect();
            table.push_str(&format!("| {} | {} | {} |\n", keys.join(", "), info.help, info.name));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn every_action_is_in_its_place() {
        for (place, info) in ACTIONS.iter().enumerate() {
            assert_eq!(info.action.place(), place);
            assert_eq!(Action::find(info.name), Some(info.action));
        }
    }

    #[test]
    fn every_action_has_a_key_and_a_help_sentence() {
        for info in ACTIONS {
            assert!(!info.keys.is_empty() && !info.contexts.is_empty(), "{}", info.name);
            assert!(!info.help.is_empty() && !info.help.ends_with('.'), "{}", info.name);
            assert!(!info.short.is_empty() && info.short.len() <= 13, "{}", info.name);
        }
    }

    /// Neither the same sequence, nor one that is the beginning of another.
    #[test]
    fn no_two_actions_share_a_key_in_one_context() {
        for context in Context::ALL {
            let mut taken: HashMap<&str, &str> = HashMap::new();
            for info in ACTIONS.iter().filter(|info| info.action.is_in(context)) {
                for keys in info.keys {
                    assert_eq!(taken.insert(keys, info.name), None, "{keys} in {context:?}: {}", info.name);
                }
            }
            for (keys, name) in &taken {
                let longer = taken.iter().find(|(other, _)| other.starts_with(&format!("{keys} ")));
                assert!(longer.is_none(), "{keys} ({name}) begins {longer:?} in {context:?}");
            }
        }
    }
}
