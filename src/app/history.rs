//! What the person has done that can be undone: marks, corrections of names, filters and saved searches, in one history
//! of this session and the last one.
//!
//! Steps go in; the step to undo or to redo comes out. The library stores what a mark or a correction changed, under the
//! [`ChangeId`] that the step has. Pure; knows nothing of the screen.

use super::short;
use crate::listing::ChangeId;

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A mark, and what it did: `3 stories marked as read`.
    Mark {
        change: ChangeId,
        words: String,
    },
    /// A correction of a name, and its line in the file of names.
    Name {
        change: ChangeId,
        words: String,
    },
    /// The filter before and after, as it is typed.
    Filter {
        before: String,
        after: String,
    },
    Searches(SearchStep),
    /// A change of a source, and what it did. The next session cannot undo it.
    Source {
        change: ChangeId,
        words: String,
    },
    /// A change of a board, and what it did.
    Board {
        change: ChangeId,
        words: String,
    },
}

/// A change to the saved searches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchStep {
    /// What was done: `removed @gas`.
    pub words: String,
    pub back: Vec<SearchChange>,
    pub forth: Vec<SearchChange>,
    /// The filter before and after, which may use the search.
    pub filter: (String, String),
}

/// A change to the saved searches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchChange {
    /// Saves a query under a name. A saved search that already has the name gets the query.
    Keep {
        name: String,
        query: String,
    },
    /// Saves a search that was removed again, as the one at `at`, counted from 0. `watch` is whether its new articles are
    /// announced.
    Restore {
        name: String,
        query: String,
        at: usize,
        watch: bool,
    },
    Rename {
        from: String,
        to: String,
    },
    Remove {
        name: String,
    },
    /// Adds a rule on arrival to the config file.
    KeepRule {
        name: String,
        query: String,
        does: RuleDoes,
    },
    /// Removes the rule of this name from it.
    RemoveRule {
        name: String,
    },
}

/// What a rule that is made in the reader does with the articles that its query matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleDoes {
    Read,
    Star,
    Hide,
    Bell,
    Notify,
    Tag(String),
}

impl RuleDoes {
    /// The option of a rule in the config file, and its value if that is a text.
    pub fn option(&self) -> (&'static str, Option<&str>) {
        match self {
            RuleDoes::Read => ("mark", Some("read")),
            RuleDoes::Star => ("star", None),
            RuleDoes::Hide => ("hide", None),
            RuleDoes::Bell => ("notify", Some("bell")),
            RuleDoes::Notify => ("notify", Some("osc9")),
            RuleDoes::Tag(tag) => ("tag", Some(tag)),
        }
    }

    fn read(option: &str, value: &str) -> Option<RuleDoes> {
        Some(match (option, value) {
            ("mark", _) => RuleDoes::Read,
            ("star", _) => RuleDoes::Star,
            ("hide", _) => RuleDoes::Hide,
            ("notify", "bell") => RuleDoes::Bell,
            ("notify", _) => RuleDoes::Notify,
            ("tag", tag) => RuleDoes::Tag(tag.to_owned()),
            _ => return None,
        })
    }
}

/// The most steps that the next session can undo.
const KEPT: usize = 200;

/// The most steps that this session can undo, as the library keeps at most as many changes, and the most bytes that they
/// take, as [`Step::size`] counts.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 1 << 20;

/// The steps of this session and of the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// How many of `done` are of the last session.
    earlier: usize,
    /// The last thing that could have been undone changed nothing.
    idle: bool,
    /// The names of this session's changes are the numbers after this one.
    named: i64,
}

impl History {
    /// The history at the start: `last` are the steps of the last session. `session` is a random number, from which the
    /// names of changes are made.
    pub fn new(last: Vec<Step>, session: i64) -> History {
        History { earlier: last.len(), done: last, named: session, ..History::default() }
    }

    /// A name for the next change.
    pub fn name(&mut self) -> ChangeId {
        self.named = self.named.wrapping_add(1);
        ChangeId(self.named)
    }

    pub fn add(&mut self, step: Step) {
        self.done.push(step);
        self.undone.clear();
        self.idle = false;
        let mut bytes: usize = self.done.iter().map(Step::size).sum();
        let mut over = 0;
        // The last step can always be undone.
        for step in self.done.split_last().map_or(&[][..], |(_, before)| before) {
            if self.done.len() - over <= MOST && bytes <= MOST_BYTES {
                break;
            }
            bytes -= step.size();
            over += 1;
        }
        self.done.drain(..over);
        self.earlier = self.earlier.saturating_sub(over);
    }

    /// Something was done that changed nothing: the next undo must not undo something else by surprise.
    pub fn add_nothing(&mut self) {
        self.idle = true;
    }

    /// Whether the last thing done changed nothing. Asking once is enough to be sure.
    pub fn was_idle(&mut self) -> bool {
        std::mem::take(&mut self.idle)
    }

    /// What the next undo undoes.
    pub fn last(&self) -> Option<&Step> {
        self.done.last()
    }

    /// Removes the last step, to undo it.
    pub fn undo(&mut self) -> Option<Step> {
        let step = self.done.pop()?;
        self.earlier = self.earlier.min(self.done.len());
        self.undone.push(step.clone());
        Some(step)
    }

    /// Adds the step that was undone last again.
    pub fn redo(&mut self) -> Option<Step> {
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        Some(step)
    }

    /// Removes the step of a change that was refused or that changed nothing.
    pub fn forget(&mut self, change: ChangeId) {
        for steps in [&mut self.done, &mut self.undone] {
            steps.retain(|step| step.change() != Some(change));
        }
        self.earlier = self.earlier.min(self.done.len());
    }

    /// Sets what the step of a change is called.
    pub fn call(&mut self, change: ChangeId, called: &str) {
        let steps = self.done.iter_mut().chain(&mut self.undone);
        for step in steps.filter(|step| step.change() == Some(change)) {
            if let Step::Mark { words, .. }
            | Step::Name { words, .. }
            | Step::Source { words, .. }
            | Step::Board { words, .. } = step
            {
                called.clone_into(words);
            }
        }
    }

    /// The steps that the next session can undo: those of this session, or, where it has none, those of the last.
    pub fn kept(&self) -> Vec<Step> {
        let own = self.done.get(self.earlier..).unwrap_or_default();
        let kept = if own.is_empty() { &self.done[..] } else { own };
        let kept: Vec<Step> =
            kept.iter().filter(|step| !matches!(step, Step::Source { .. })).cloned().collect();
        kept.get(kept.len().saturating_sub(KEPT)..).unwrap_or_default().to_vec()
    }
}

impl Step {
    fn change(&self) -> Option<ChangeId> {
        match self {
            Step::Mark { change, .. }
            | Step::Name { change, .. }
            | Step::Source { change, .. }
            | Step::Board { change, .. } => Some(*change),
            Step::Filter { .. } | Step::Searches(_) => None,
        }
    }

    /// How many bytes of text the step holds.
    fn size(&self) -> usize {
        let of = |change: &SearchChange| match change {
            SearchChange::Keep { name, query }
            | SearchChange::Restore { name, query, .. }
            | SearchChange::KeepRule { name, query, .. } => name.len() + query.len(),
            SearchChange::Rename { from, to } => from.len() + to.len(),
            SearchChange::Remove { name } | SearchChange::RemoveRule { name } => name.len(),
        };
        match self {
            Step::Mark { words, .. }
            | Step::Name { words, .. }
            | Step::Source { words, .. }
            | Step::Board { words, .. } => words.len(),
            Step::Filter { before, after } => before.len() + after.len(),
            Step::Searches(SearchStep { words, back, forth, filter: (before, after) }) => {
                let changes: usize = back.iter().chain(forth).map(of).sum();
                words.len() + before.len() + after.len() + changes
            }
        }
    }

    /// What the step did.
    pub fn words(&self) -> String {
        match self {
            Step::Mark { words, .. }
            | Step::Name { words, .. }
            | Step::Source { words, .. }
            | Step::Board { words, .. } => words.clone(),
            Step::Searches(step) => step.words.clone(),
            Step::Filter { before, after } => match (before.as_str(), after.as_str()) {
                (before, "") => format!("the filter {} removed", short::text(before)),
                (_, after) => format!("the filter set to {}", short::text(after)),
            },
        }
    }

    /// The step as one line: a word and its values, separated by tabs.
    pub fn written(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        match self {
            Step::Mark { change, words } => {
                parts.extend(["mark".to_owned(), change.0.to_string(), words.clone()]);
            }
            Step::Name { change, words } => {
                parts.extend(["name".to_owned(), change.0.to_string(), words.clone()]);
            }
            Step::Source { change, words } => {
                parts.extend(["source".to_owned(), change.0.to_string(), words.clone()]);
            }
            Step::Board { change, words } => {
                parts.extend(["board".to_owned(), change.0.to_string(), words.clone()]);
            }
            Step::Filter { before, after } => {
                parts.extend(["filter".to_owned(), before.clone(), after.clone()]);
            }
            Step::Searches(SearchStep { words, back, forth, filter: (before, after) }) => {
                parts.extend(["searches".to_owned(), words.clone(), before.clone(), after.clone()]);
                parts.extend(back.iter().flat_map(|change| put("back", change)));
                parts.extend(forth.iter().flat_map(|change| put("forth", change)));
            }
        }
        let plain = |part: String| part.replace(|c: char| c.is_control(), " ");
        parts.into_iter().map(plain).collect::<Vec<_>>().join("\t")
    }

    /// Reads what [`Step::written`] wrote; `None` for anything else.
    pub fn read(line: &str) -> Option<Step> {
        let mut parts = line.split('\t').map(str::to_owned);
        let step = match parts.next()?.as_str() {
            "mark" => Step::Mark { change: ChangeId(parts.next()?.parse().ok()?), words: parts.next()? },
            "name" => Step::Name { change: ChangeId(parts.next()?.parse().ok()?), words: parts.next()? },
            "board" => Step::Board { change: ChangeId(parts.next()?.parse().ok()?), words: parts.next()? },
            "filter" => Step::Filter { before: parts.next()?, after: parts.next()? },
            "searches" => {
                let words = parts.next()?;
                let filter = (parts.next()?, parts.next()?);
                let (mut back, mut forth) = (Vec::new(), Vec::new());
                while let Some(way) = parts.next() {
                    let change = take(&mut parts)?;
                    match way.as_str() {
                        "back" => back.push(change),
                        "forth" => forth.push(change),
                        _ => return None,
                    }
                }
                Step::Searches(SearchStep { words, back, forth, filter })
            }
            _ => return None,
        };
        parts.next().is_none().then_some(step)
    }
}

/// A change to the saved searches as parts of a line.
fn put(way: &str, change: &SearchChange) -> Vec<String> {
    let parts: Vec<String> = match change {
        SearchChange::Keep { name, query } => vec!["keep".to_owned(), name.clone(), query.clone()],
        SearchChange::Restore { name, query, at, watch } => {
            vec!["restore".to_owned(), name.clone(), query.clone(), at.to_string(), watch.to_string()]
        }
        SearchChange::Rename { from, to } => vec!["rename".to_owned(), from.clone(), to.clone()],
        SearchChange::Remove { name } => vec!["remove".to_owned(), name.clone()],
        SearchChange::KeepRule { name, query, does } => {
            let (option, value) = does.option();
            let (option, value) = (option.to_owned(), value.unwrap_or_default().to_owned());
            vec!["rule".to_owned(), name.clone(), query.clone(), option, value]
        }
        SearchChange::RemoveRule { name } => vec!["no-rule".to_owned(), name.clone()],
    };
    std::iter::once(way.to_owned()).chain(parts).collect()
}

fn take(parts: &mut impl Iterator<Item = String>) -> Option<SearchChange> {
    Some(match parts.next()?.as_str() {
        "keep" => SearchChange::Keep { name: parts.next()?, query: parts.next()? },
        "restore" => SearchChange::Restore {
            name: parts.next()?,
            query: parts.next()?,
            at: parts.next()?.parse().ok()?,
            watch: parts.next()?.parse().ok()?,
        },
        "rename" => SearchChange::Rename { from: parts.next()?, to: parts.next()? },
        "remove" => SearchChange::Remove { name: parts.next()? },
        "rule" => SearchChange::KeepRule {
            name: parts.next()?,
            query: parts.next()?,
            does: RuleDoes::read(&parts.next()?, &parts.next()?)?,
        },
        "no-rule" => SearchChange::RemoveRule { name: parts.next()? },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filter(before: &str, after: &str) -> Step {
        Step::Filter { before: before.to_owned(), after: after.to_owned() }
    }

    fn mark(change: i64) -> Step {
        Step::Mark { change: ChangeId(change), words: format!("{change} stories starred") }
    }

    #[test]
    fn steps_are_undone_in_turn() {
        let mut history = History::new(vec![mark(1)], 10);
        history.add(filter("", "gas"));
        let own = history.name();
        history.add(mark(own.0));
        assert_eq!(history.undo(), Some(mark(11)));
        assert_eq!(history.redo(), Some(mark(11)));
        assert_eq!(history.undo(), Some(mark(11)));
        assert_eq!(history.undo(), Some(filter("", "gas")));
        // What the last session did.
        assert_eq!(history.undo(), Some(mark(1)));
        assert_eq!(history.undo(), None);
        history.add(mark(12));
        assert_eq!((history.redo(), history.last()), (None, Some(&mark(12))));
    }

    #[test]
    fn the_next_session_gets_the_steps_of_this_one_or_else_of_the_last() {
        let mut history = History::new(vec![mark(1), mark(2)], 10);
        assert_eq!(history.kept(), [mark(1), mark(2)]);
        history.undo();
        assert_eq!(history.kept(), [mark(1)]);
        history.add(mark(11));
        assert_eq!(history.kept(), [mark(11)]);
        history.forget(ChangeId(11));
        assert_eq!(history.kept(), [mark(1)]);
        history.undo();
        history.redo();
        assert_eq!(history.kept(), [mark(1)]);
    }

    #[test]
    fn a_key_that_is_held_for_hours_does_not_fill_the_memory() {
        let mut history = History::new(vec![mark(-1)], 0);
        for change in 0..5_000 {
            history.add(mark(change));
        }
        assert_eq!((history.done.len(), history.earlier), (MOST, 0));
        assert_eq!(history.last(), Some(&mark(4_999)));
        let long = "gas ".repeat(10_000);
        for _ in 0..200 {
            history.add(filter(&long, ""));
        }
        assert!(history.done.iter().map(Step::size).sum::<usize>() <= MOST_BYTES);
        assert!(history.done.len() > 20, "{}", history.done.len());
    }

    #[test]
    fn what_changed_nothing_is_told_of_once() {
        let mut history = History::new(vec![mark(1)], 10);
        history.add_nothing();
        assert!(history.was_idle());
        assert!(!history.was_idle());
        history.add_nothing();
        history.add(mark(2));
        assert!(!history.was_idle());
    }

    fn some_change() -> impl Strategy<Value = SearchChange> {
        let text = "[a-z:\" ]{0,9}";
        prop_oneof![
            (text, text).prop_map(|(name, query)| SearchChange::Keep { name, query }),
            (text, text).prop_map(|(from, to)| SearchChange::Rename { from, to }),
            text.prop_map(|name| SearchChange::Remove { name }),
            (text, text, 0usize..9, any::<bool>())
                .prop_map(|(name, query, at, watch)| SearchChange::Restore { name, query, at, watch }),
        ]
    }

    proptest! {
        #[test]
        fn searches_read_back(
            words in "[a-z@ ]{0,9}",
            back in proptest::collection::vec(some_change(), 0..3),
            forth in proptest::collection::vec(some_change(), 0..3),
        ) {
            let step = Step::Searches(SearchStep { words, back, forth, filter: (String::new(), "gas".to_owned()) });
            prop_assert_eq!(Step::read(&step.written()), Some(step));
        }

        #[test]
        fn steps_read_back(change: i64, text in "[^\\pC]{0,20}") {
            for step in [
                Step::Mark { change: ChangeId(change), words: text.clone() },
                Step::Name { change: ChangeId(change), words: text.clone() },
                Step::Board { change: ChangeId(change), words: text.clone() },
                Step::Filter { before: text.clone(), after: String::new() },
            ] {
                prop_assert_eq!(Step::read(&step.written()), Some(step));
            }
        }

        #[test]
        fn any_line_is_harmless(line in ".{0,40}") {
            Step::read(&line);
        }
    }
}
