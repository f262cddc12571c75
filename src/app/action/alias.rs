//! Other words that people type for an action, from vi and from other readers, and words for what is done elsewhere.

use super::Action;
use crate::app::view::ViewKind;

/// Words, and the action that they mean. They are complete words: no part of one counts.
const ALIASES: &[(&[&str], Action)] = &[
    (
        &["q", "q!", "quit!", "qa", "qa!", "wq", "wq!", "wqa", "x", "x!", "xa", "exit", "leave", "bye"],
        Action::Quit,
    ),
    (&["h", "man", "keys", "bindings"], Action::Help),
    (&["find", "grep"], Action::Search),
    (&["e", "edit", "limit"], Action::EditFilter),
    (&["favourite", "favorite", "flag", "bookmark", "save-article"], Action::Star),
    (&["label"], Action::Tag),
    (&["u", "un"], Action::Undo),
    (&["red"], Action::Redo),
    (&["reload", "update", "reload-all"], Action::FetchAll),
    (&["add", "subscribe", "feed", "add-feed", "follow"], Action::AddSource),
    (&["catchup", "mark-all-read", "mark-feed-read"], Action::MarkAllRead),
    (&["browser", "open-in-browser", "browse"], Action::OpenLink),
    (&["urls"], Action::Links),
    (&["yank"], Action::CopyLink),
    (&["errors", "messages", "log"], Action::Warnings),
    (&["ls", "articles"], Action::View(ViewKind::Articles)),
    (&["sidebar"], Action::ShowFacets),
    (&["d", "rm", "trash", "undelete"], Action::Delete),
    (&["w", "w!", "write", "export-article"], Action::Save),
    (&["pipe-to", "run"], Action::Pipe),
    (&["unsubscribe", "unfollow"], Action::SourceRemove),
    (&["rule", "rules", "killfile"], Action::MakeRule),
];

/// Words for what the reader does not do by an action, and how it is done.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["wa"], "Everything is stored already: marks, tags and searches need no saving."),
    (
        &["export"],
        "To export articles, run 'dateline export QUERY --format jsonl' in a shell; f e shows the query.",
    ),
    (&["import", "opml"], "To import files or a list of feeds, run 'dateline add FILE' in a shell."),
    (
        &["theme", "color", "colour", "colorscheme", "background"],
        "Themes are chosen at the start: 'dateline --theme NAME', or 'theme' in the config file.",
    ),
    (
        &["set", "config", "settings", "options", "preferences"],
        "Settings are in the config file; 'dateline config' in a shell lists them all.",
    ),
    (&["map", "bind", "bind-key", "unbind-key"], "Keys are changed in the table [keys] of the config file."),
    (&["sort", "order"], "The order is a part of the query: type sort:oldest or sort:relevance after f e."),
    (&["version", "ve"], "'dateline --version' in a shell prints the version."),
    (&["!", "shell", "sh"], "C-z goes to the shell, and fg comes back; | gives an article to a command."),
];

impl Action {
    /// Whether `typed`, in lower case, is another word for this action.
    pub fn is_called(self, typed: &str) -> bool {
        ALIASES.iter().any(|(words, action)| *action == self && words.contains(&typed))
    }
}

/// What people may look for that is done elsewhere: the words for it, and how it is done.
pub fn elsewhere() -> impl Iterator<Item = (&'static [&'static str], &'static str)> {
    ELSEWHERE.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::super::ACTIONS;
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_word_has_two_meanings_or_is_a_name() {
        let mut seen = HashSet::new();
        let all = ALIASES.iter().map(|(words, _)| words).chain(ELSEWHERE.iter().map(|(words, _)| words));
        for word in all.flat_map(|words| words.iter()) {
            assert!(seen.insert(*word), "{word}");
            assert!(ACTIONS.iter().all(|info| info.name != *word), "{word} is an action's name");
        }
    }
}
