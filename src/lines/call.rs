//! Interprets a typed line: an action, by its keys or its name and with an argument, or a number.

use crate::app::action::{ACTIONS, Action, Context, Group};
use crate::keymap::{Key, Keymap};
use crate::text::near::distance;

/// What a line means where keys are expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call<'a> {
    /// Nothing was typed.
    Empty,
    /// A number alone: the article that was listed under it.
    Number(u64),
    /// An action, with the number typed before it and the words after it.
    Act { action: Action, count: Option<u32>, rest: &'a str },
    /// An action that does not work in this context.
    Elsewhere(Action),
    /// An unknown word, and the name of an action that works in this context and was probably meant, if there is one.
    Unknown(Option<&'static str>),
}

/// Interprets a line that is typed while keys go to `context`. Keys may be typed with or without spaces
/// between them, and the longest matching sequence counts. An argument must be separated by a space, as
/// in `f p NAME`, except after a sign, as in `/words`.
pub fn call<'a>(keymap: &Keymap, context: Context, line: &'a str) -> Call<'a> {
    let line = line.trim_start_matches([' ', '\u{FEFF}']).trim_end_matches([' ', '\r', '\n']);
    // These are the keys that a terminal sends as characters of a line.
    let line = match line {
        "\u{1b}" => "Esc",
        "\t" => "Tab",
        "\u{c}" => "C-l",
        other => other,
    };
    if line.is_empty() {
        return Call::Empty;
    }
    if let Ok(number) = line.parse() {
        return Call::Number(number);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, keys) = line.split_at(digits);
    let keys = keys.trim_start();
    let count = count.parse().ok();
    if let Some((action, rest)) = find(keymap, keys, |action| action.is_in(context)) {
        return Call::Act { action, count, rest };
    }
    match find(keymap, keys, |_| true) {
        Some((action, _)) => Call::Elsewhere(action),
        None => {
            let (verb, rest) = keys.split_once(' ').unwrap_or((keys, ""));
            let called = ACTIONS.iter().find(|info| info.action.is_called(verb.trim_start_matches(':')));
            match called.filter(|info| info.action.is_in(context)) {
                Some(info) => Call::Act { action: info.action, count, rest: rest.trim_start() },
                None => Call::Unknown(nearest(verb, context)),
            }
        }
    }
}

/// The action whose keys or name are the longest prefix of the line, and the rest of the line.
fn find<'a>(keymap: &Keymap, line: &'a str, may: impl Fn(Action) -> bool) -> Option<(Action, &'a str)> {
    let mut best: Option<(usize, Action, &str)> = None;
    let mut offer = |spelling: &str, action: Action| {
        let Some(rest) = line.strip_prefix(spelling) else { return };
        // `/words` and `:name` need no space, because the sign cannot be part of a word.
        let sign = spelling.len() == 1 && !spelling.starts_with(char::is_alphanumeric);
        let apart = rest.is_empty() || rest.starts_with(' ') || (sign && takes_words(action));
        if apart && best.is_none_or(|(length, ..)| spelling.len() > length) {
            best = Some((spelling.len(), action, rest.trim_start()));
        }
    };
    for info in ACTIONS.iter().filter(|info| may(info.action)) {
        for keys in keymap.keys(info.action) {
            let words: Vec<String> = keys.iter().map(Key::to_string).collect();
            offer(&words.join(" "), info.action);
            offer(&words.concat(), info.action);
        }
        offer(info.name, info.action);
        if let (Group::View, Some(word)) = (info.group, info.name.strip_prefix("view-")) {
            offer(word, info.action);
        }
    }
    best.map(|(_, action, rest)| (action, rest))
}

/// Whether an argument may directly follow the sign of this action.
fn takes_words(action: Action) -> bool {
    matches!(action, Action::Search | Action::Palette | Action::Help)
}

/// The name of an action that works in `context` and differs from what was typed by a few letters only: by one in three,
/// because among short words every one is near to some other.
fn nearest(typed: &str, context: Context) -> Option<&'static str> {
    let names = ACTIONS.iter().filter(|info| info.action.is_in(context)).map(|info| info.name);
    let name = crate::text::near::nearest(typed, names);
    (distance(typed, name) * 3 <= typed.chars().count()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::view::ViewKind;
    use Action as A;

    fn check(context: Context, line: &str, expected: Call<'_>) {
        assert_eq!(call(&Keymap::default(), context, line), expected, "{line}");
    }

    fn act(action: Action, count: Option<u32>, rest: &str) -> Call<'_> {
        Call::Act { action, count, rest }
    }

    #[test]
    fn keys_names_counts_and_arguments() {
        let list = Context::List;
        check(list, "f p ned price\n", act(A::FilterPerson, None, "ned price"));
        check(list, "fp ned", act(A::FilterPerson, None, "ned"));
        check(list, "filter-person ned", act(A::FilterPerson, None, "ned"));
        check(list, "/grain export", act(A::Search, None, "grain export"));
        check(list, "/ -x", act(A::Search, None, "-x"));
        check(list, "5G", act(A::Bottom, Some(5), ""));
        check(list, "12 j", act(A::Down, Some(12), ""));
        check(list, "3yy", act(A::CopyLink, Some(3), ""));
        check(list, "?star", act(A::Help, None, "star"));
        check(list, "people", act(A::View(ViewKind::People), None, ""));
        check(list, "C-d", act(A::HalfDown, None, ""));
        check(list, "\u{1b}", act(A::FilterDrop, None, ""));
        check(list, "17", Call::Number(17));
        check(list, " \r\n", Call::Empty);
    }

    #[test]
    fn actions_of_other_contexts_differ_from_unknown_ones() {
        check(Context::List, "accept", Call::Elsewhere(A::Accept));
        check(Context::Facets, "z t", Call::Elsewhere(A::CursorToTop));
        check(Context::Reader, "z t", act(A::CursorToTop, None, ""));
        check(Context::List, "starr", Call::Unknown(Some("star")));
        check(Context::List, "+x", Call::Unknown(None));
        check(Context::List, "foo", Call::Unknown(None));
        check(Context::List, "serach", Call::Unknown(Some("search")));
    }

    #[test]
    fn every_action_can_be_called_by_its_name_and_keys() {
        let keymap = Keymap::default();
        for info in ACTIONS {
            let context = info.contexts[0];
            for line in info.keys.iter().copied().chain([info.name]) {
                let Call::Act { action, .. } = call(&keymap, context, line) else { panic!("{line}") };
                assert_eq!(action, info.action, "{line} in {context:?}");
            }
        }
    }
}
