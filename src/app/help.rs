//! The help: every key that works here, the fields of a search, and the marks in the list. It is filtered as text is
//! typed, and the entry under the cursor can be performed.

use super::action::{ACTIONS, Action, Context, Group};
use super::fit::{Fit, Spelling, Typed};
use super::line::Line;
use super::picker::fit_action;

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The title of the entries that follow.
    Heading(&'static str),
    Action(Action),
    /// What can be typed in a search, and what it finds.
    Field(&'static str, &'static str),
    /// A mark of the list, and what it means.
    Mark(Sign, &'static str),
    /// Keys of the person's own for several actions, by their place.
    Macro(usize),
}

/// A mark of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Unread,
    Starred,
    /// Written as it is.
    Text(&'static str),
}

/// What can be typed in a search. Each field of the query language is in one of them.
pub const FIELDS: &[(&str, &str)] = &[
    ("word  \"two words\"  wor*", "Articles with these words, with this phrase, with a word that begins so"),
    ("title: body:", "Words in the title, or in the text"),
    (
        "person: country: org: place:",
        "Articles that mention it, by any of its names: person:blinken, country:UA",
    ),
    ("about:", "Articles that are about it and do not only mention it"),
    ("by:", "Articles that quote this person: by:volcker"),
    ("said:", "Articles in which somebody is quoted with these words: said:\"collective defense\""),
    ("of:", "Articles with a quote that mentions it"),
    (
        "date: since: until: before: after:",
        "Days, months and years: since:monday, date:2022-03, date:\"last week\"",
    ),
    ("source: author:", "Articles of a source, or of an author"),
    ("lang:", "Articles in a language: lang:de or lang:german"),
    ("tag: #", "Articles with this tag of yours: #climate"),
    ("is: has:", "is:unread, is:starred, is:read, is:unstarred, is:hidden, is:deleted; has:quote"),
    ("story:", "The articles that tell of one event, by the number of one of them: story:12"),
    ("newer:", "Articles that came after the one of this number: newer:1234"),
    ("@", "A saved search: @name"),
    ("-  OR  ( )  a,b", "Not this; one or the other; what belongs together; either value of one field"),
    ("sort: group:", "The order of the list; group:off lists each copy of a story"),
];

const MARKS: &[(Sign, &str)] = &[
    (Sign::Unread, "The article has not been read"),
    (Sign::Starred, "The article is starred"),
    (Sign::Text("+2"), "Two more articles tell the same story; they share the row"),
    (Sign::Text("+ -"), "Before a name: the filter requires it, or excludes it"),
];

/// The help while it is open.
#[derive(Clone, Debug)]
pub struct Help {
    pub context: Context,
    pub line: Line,
    /// The keys of several actions, and what they do.
    macros: Vec<(String, String)>,
    entries: Vec<Entry>,
    /// The entry under the cursor, which is no heading.
    at: usize,
    /// The rows of a page.
    height: usize,
}

impl Help {
    /// The help for what receives the keys.
    pub fn new(context: Context, macros: &[(String, String)]) -> Help {
        let macros = macros.to_vec();
        let mut help = Help { context, macros, line: Line::default(), entries: Vec::new(), at: 0, height: 0 };
        help.narrow();
        help
    }

    /// The entries that fit what is typed, with their headings.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The keys of several actions at this place, and what they do.
    pub fn of_macro(&self, at: usize) -> (&str, &str) {
        self.macros.get(at).map_or(("", ""), |(keys, does)| (keys, does))
    }

    /// The index of the entry under the cursor.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn selected(&self) -> Option<Entry> {
        self.entries.get(self.at).copied()
    }

    /// The number of the entry under the cursor, from 1, and the number of entries; headings do not count.
    pub fn position(&self) -> (usize, usize) {
        let count = |entries: &[Entry]| entries.iter().filter(|entry| !is_heading(entry)).count();
        let before = self.entries.get(..=self.at).map_or(0, count);
        (before, count(&self.entries))
    }

    /// Sets how many rows a page has.
    pub fn set_height(&mut self, height: usize) {
        self.height = height;
    }

    /// Moves by a page at most: few entries have more than two rows.
    pub fn move_page(&mut self, delta: i64) {
        self.move_by(delta * (self.height / 2).max(1) as i64);
    }

    /// Moves by `delta` entries; headings are skipped.
    pub fn move_by(&mut self, delta: i64) {
        let stops: Vec<usize> = (0..self.entries.len())
            .filter(|at| self.entries.get(*at).is_some_and(|entry| !is_heading(entry)))
            .collect();
        let here = stops.iter().position(|at| *at == self.at).unwrap_or(0) as i64;
        let next = here.saturating_add(delta).clamp(0, stops.len().saturating_sub(1) as i64);
        self.at = stops.get(next as usize).copied().unwrap_or(0);
    }

    /// Adapts to a changed text, and selects the entry that fits best.
    pub fn narrow(&mut self) {
        let typed = Typed::new(self.line.text());
        let all = self.all();
        if typed.is_empty() {
            self.entries = all;
            self.at = 0;
            self.move_by(0);
            return;
        }
        let mut group = Spelling::new("");
        let fits: Vec<(Entry, Option<Fit>)> = all
            .into_iter()
            .map(|entry| {
                if let Entry::Heading(title) = entry {
                    group = Spelling::new(title);
                }
                let found = match entry {
                    Entry::Macro(at) => {
                        let (keys, does) = self.of_macro(at);
                        let spelling = Spelling::new(&format!("{keys} {does}"));
                        (typed.begins_words(&spelling) || typed.is_inside(&spelling)).then_some(Fit::Words)
                    }
                    entry => fit(entry, &group, &typed),
                };
                (entry, found)
            })
            .collect();
        let best = fits.iter().filter_map(|(_, fit)| *fit).min();
        let worst = if best.is_some_and(|best| best <= Fit::Sentence) { Fit::Sentence } else { Fit::Typo };
        self.entries.clear();
        self.at = 0;
        let (mut heading, mut first) = (None, None);
        for (entry, fit) in fits {
            if is_heading(&entry) {
                heading = Some(entry);
            } else if let Some(fit) = fit.filter(|fit| *fit <= worst) {
                self.entries.extend(heading.take());
                if Some(fit) == best && first.is_none() {
                    first = Some(self.entries.len());
                }
                self.entries.push(entry);
            }
        }
        self.at = first.unwrap_or(0);
    }

    /// Everything, whatever is typed.
    fn all(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for group in Group::ALL {
            let actions = ACTIONS
                .iter()
                .filter(|info| info.group == group && info.action.is_in(self.context))
                .peekable();
            let before = entries.len();
            entries.extend(actions.map(|info| Entry::Action(info.action)));
            if entries.len() > before {
                entries.insert(before, Entry::Heading(group.title()));
            }
        }
        let panes = matches!(self.context, Context::List | Context::Reader | Context::Facets);
        if panes && !self.macros.is_empty() {
            entries.push(Entry::Heading("Your keys for several actions"));
            entries.extend((0..self.macros.len()).map(Entry::Macro));
        }
        entries.push(Entry::Heading("What a search can ask for"));
        entries.extend(FIELDS.iter().map(|(field, what)| Entry::Field(field, what)));
        entries.push(Entry::Heading("Marks in the list"));
        entries.extend(MARKS.iter().map(|(sign, what)| Entry::Mark(*sign, what)));
        entries
    }
}

fn is_heading(entry: &Entry) -> bool {
    matches!(entry, Entry::Heading(_))
}

fn fit(entry: Entry, group: &Spelling, typed: &Typed) -> Option<Fit> {
    let found = match entry {
        Entry::Heading(_) | Entry::Macro(_) => return None,
        Entry::Action(action) => fit_action(action, &Spelling::new(action.info().help), typed),
        Entry::Field(field, what) => {
            let spelling = Spelling::new(&format!("{field} {what}"));
            let named =
                field.split(' ').any(|name| !name.is_empty() && name.trim_end_matches(':') == typed.text());
            match named || field.split(' ').any(|name| name == typed.text()) {
                true => Some(Fit::First),
                false => {
                    (typed.begins_words(&spelling) || typed.is_inside(&spelling)).then_some(Fit::Sentence)
                }
            }
        }
        Entry::Mark(_, what) => typed.begins_words(&Spelling::new(what)).then_some(Fit::Sentence),
    };
    found.or_else(|| typed.begins_words(group).then_some(Fit::Sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, first: Entry, there: &[Entry], most: usize) {
        let mut help = Help::new(Context::List, &[]);
        help.line.paste(typed);
        help.narrow();
        assert_eq!(help.selected(), Some(first), "{typed}");
        for entry in there {
            assert!(help.entries().contains(entry), "{typed}: {entry:?}");
        }
        assert!(help.entries().len() <= most, "{typed}: {}", help.entries().len());
    }

    #[test]
    fn help_shows_what_works_here() {
        let help = Help::new(Context::Facets, &[]);
        assert!(help.entries().contains(&Entry::Action(Action::SectionNext)));
        assert!(!help.entries().contains(&Entry::Action(Action::Accept)));
        assert_eq!(help.position().0, 1);
    }

    #[test]
    fn help_is_filtered_and_the_best_entry_selected() {
        check("star", Entry::Action(Action::Star), &[Entry::Action(Action::FilterStarred)], 20);
        check("country", Entry::Field(FIELDS[2].0, FIELDS[2].1), &[Entry::Action(Action::FilterCountry)], 20);
        check("by:", Entry::Field(FIELDS[4].0, FIELDS[4].1), &[], 24);
        check("said", Entry::Field(FIELDS[5].0, FIELDS[5].1), &[Entry::Action(Action::FilterSaid)], 12);
        check("copying", Entry::Action(Action::CopyLink), &[Entry::Heading(Group::Copy.title())], 14);
        let mut help = Help::new(Context::List, &[]);
        help.line.paste("qqqq");
        help.narrow();
        assert_eq!((help.entries().len(), help.position(), help.selected()), (0, (0, 0), None));
        help.move_by(3);
    }

    #[test]
    fn every_field_of_the_query_language_is_explained() {
        for letter in 'a'..='z' {
            for field in crate::query::complete::fields(&letter.to_string()) {
                let name = format!("{field}:");
                assert!(
                    FIELDS.iter().any(|(fields, _)| fields.split(' ').any(|field| field == name)),
                    "{field}"
                );
            }
        }
    }
}
