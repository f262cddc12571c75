//! The picker: a list of choices that narrows as text is typed.
//!
//! A choice matches by any of its names in the library (which is asked as text is typed), by the beginnings of its
//! words, or loosely by its letters in order. Case and accents do not count.

use super::action::{ACTIONS, Action, Context};
use super::line::Line;
use super::scroll::{Pace, Scroll};
use crate::corrections::Is;
use crate::listing::{Facet, FacetKind};
use crate::query::Filter;
use crate::text::fold::{fold, words};
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;

/// What is chosen in the picker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Facet(FacetKind),
    Date,
    Saved,
    /// A link of the article, to be opened.
    Link,
    /// An action, to be performed in this context.
    Palette(Context),
    /// What the name under the cursor is.
    ThisIs,
    /// The name that it is the same as.
    SameAs,
    /// The name that it is not the same as.
    NotSameAs,
}

impl Purpose {
    pub fn title(self) -> &'static str {
        match self {
            Purpose::Facet(kind) => super::facets::plural(kind),
            Purpose::Date => "Dates",
            Purpose::Link => "Links",
            Purpose::Saved => "Saved searches",
            Purpose::Palette(_) => "Actions",
            Purpose::ThisIs => "This is",
            Purpose::SameAs => "The same as",
            Purpose::NotSameAs => "Not the same as",
        }
    }
}

/// Whether two names belong to the same person, organisation, place or country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    Apart,
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub label: String,
    /// How many articles would remain with it; `None` if that is not known.
    pub count: Option<u64>,
    pub value: Chosen,
    /// The label without case and accents.
    folded: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A name of this kind, as a query has it.
    Facet(FacetKind, String),
    /// A condition: a span of days, a saved search.
    Filter(Filter),
    Action(Action),
    /// An address.
    Link(String),
    Is(Is),
    Verdict(Verdict),
}

/// A list of choices, and the line that narrows it.
#[derive(Clone, Debug)]
pub struct Picker {
    pub purpose: Purpose,
    pub line: Line,
    choices: Vec<Choice>,
    /// The choices that the library found for the text typed.
    found: Vec<Choice>,
    /// The choices that match, the best first.
    fitting: Vec<Choice>,
    sure: bool,
    scroll: Scroll,
    height: usize,
}

/// How well a choice matches; smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Code,
    Words,
    Name,
    Letters,
}

/// The order of choices: by how they match, then by score or by count.
type Rank = (Fit, Reverse<u32>, Reverse<u64>, Reverse<u32>);

impl Choice {
    pub fn new(label: String, count: Option<u64>, value: Chosen) -> Choice {
        Choice { folded: fold(&label), label, count, value }
    }

    pub fn facet(kind: FacetKind, facet: &Facet) -> Choice {
        Choice::new(facet.name.clone(), Some(facet.count), Chosen::Facet(kind, facet.value.clone()))
    }

    fn is_code(&self, typed: &str) -> bool {
        matches!(&self.value, Chosen::Facet(_, code) if code.len() == 2 && code.eq_ignore_ascii_case(typed))
    }
}

impl Picker {
    pub fn new(purpose: Purpose, choices: Vec<Choice>) -> Picker {
        let mut picker = Picker {
            purpose,
            line: Line::default(),
            choices,
            found: Vec::new(),
            fitting: Vec::new(),
            sure: false,
            scroll: Scroll::default(),
            height: 10,
        };
        picker.narrow();
        picker
    }

    /// The palette: every action that can be performed in `context`.
    pub fn palette(context: Context) -> Picker {
        let choices = ACTIONS
            .iter()
            .filter(|info| info.action.is_in(context))
            .map(|info| Choice {
                folded: fold(&format!("{} {}", info.help, info.name)),
                ..Choice::new(info.help.to_owned(), None, Chosen::Action(info.action))
            })
            .collect();
        Picker::new(Purpose::Palette(context), choices)
    }

    /// All choices, regardless of the text typed.
    pub fn all(&self) -> &[Choice] {
        &self.choices
    }

    pub fn fitting(&self) -> &[Choice] {
        &self.fitting
    }

    /// Whether the first choice matches by more than some of its letters, so that no answer under way can bring a better
    /// one.
    pub fn is_sure(&self) -> bool {
        self.sure || self.scroll.at > 0
    }

    pub fn selected(&self) -> Option<&Choice> {
        self.fitting.get(self.scroll.at)
    }

    pub fn scroll(&self) -> Scroll {
        self.scroll
    }

    /// How many choices are visible at once.
    pub fn set_height(&mut self, height: usize) {
        self.height = height;
        self.scroll.see(self.fitting.len(), height, Pace::Least);
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub fn move_by(&mut self, delta: i64) {
        self.scroll.move_by(delta, self.fitting.len(), self.height, Pace::Least);
    }

    /// Sets all choices; they were asked for when the picker opened.
    pub fn set_choices(&mut self, choices: Vec<Choice>) {
        self.choices = choices;
        self.renarrow();
    }

    /// Sets the choices that the library found for the text typed.
    pub fn set_found(&mut self, found: Vec<Choice>) {
        self.found = found;
        self.renarrow();
    }

    /// Adapts to a changed text and selects the best choice.
    pub fn narrow(&mut self) {
        self.found.clear();
        self.scroll = Scroll::default();
        self.sort();
    }

    /// Finds the choices that match and keeps the selected one, unless it was the first: then selects the best.
    fn renarrow(&mut self) {
        let selected = self.selected().filter(|_| self.scroll.at > 0).map(|choice| choice.value.clone());
        self.sort();
        let at = selected
            .and_then(|value| self.fitting.iter().position(|choice| choice.value == value))
            .unwrap_or(0);
        self.scroll.move_to(at, self.fitting.len(), self.height, Pace::Least);
    }

    fn sort(&mut self) {
        let typed = fold(self.line.text().trim());
        if typed.is_empty() {
            self.sure = !self.choices.is_empty();
            self.fitting.clone_from(&self.choices);
            return;
        }
        let wanted = words(&typed);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::new(&typed, CaseMatching::Respect, Normalization::Never, AtomKind::Fuzzy);
        let mut buffer = Vec::new();
        let mut fitting: Vec<(Rank, &Choice)> = Vec::new();
        for choice in &self.choices {
            let count = Reverse(choice.count.unwrap_or(0));
            let score = pattern.score(Utf32Str::new(&choice.folded, &mut buffer), &mut matcher);
            let fit = if choice.is_code(&typed) {
                Fit::Code
            } else if begins_words(&choice.folded, &wanted) {
                Fit::Words
            } else if self.found.iter().any(|found| found.value == choice.value) {
                Fit::Name
            } else if score.is_some() {
                Fit::Letters
            } else {
                continue;
            };
            let score = Reverse(score.unwrap_or(0));
            // Good matches are ordered by count, loose ones by how well they match.
            let rank = if fit == Fit::Letters { (score.0, 0) } else { (0, count.0) };
            fitting.push(((fit, Reverse(rank.0), Reverse(rank.1), score), choice));
        }
        for found in &self.found {
            if !self.choices.iter().any(|choice| choice.value == found.value) {
                let fit = if found.is_code(&typed) { Fit::Code } else { Fit::Name };
                fitting.push(((fit, Reverse(0), Reverse(found.count.unwrap_or(0)), Reverse(0)), found));
            }
        }
        fitting.sort_by_key(|(fit, _)| *fit);
        self.sure = fitting.first().is_some_and(|((fit, ..), _)| *fit < Fit::Letters);
        if matches!(self.purpose, Purpose::Palette(_))
            && fitting.first().is_some_and(|((fit, ..), _)| *fit < Fit::Letters)
        {
            // A whole sentence contains nearly any letters in order.
            fitting.retain(|((fit, ..), _)| *fit < Fit::Letters);
        }
        self.fitting = fitting.into_iter().map(|(_, choice)| choice.clone()).collect();
    }
}

/// Whether each of the typed words is the beginning of a word of `label`.
fn begins_words(label: &str, typed: &[String]) -> bool {
    let words = words(label);
    !typed.is_empty() && typed.iter().all(|typed| words.iter().any(|word| word.starts_with(typed.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Kind;

    fn choice(kind: Kind, name: &str, value: &str, count: u64) -> Choice {
        let facet = Facet { name: name.to_owned(), value: value.to_owned(), count };
        Choice::facet(FacetKind::Entity(kind), &facet)
    }

    fn check(typed: &str, found: &[(&str, &str)], expected: &[&str]) {
        let countries =
            [("Ukraine", "UA", 9), ("Russia", "RU", 8), ("Rwanda", "RW", 2), ("Côte d'Ivoire", "CI", 1)];
        let choices: Vec<Choice> = countries
            .into_iter()
            .map(|(name, code, count)| choice(Kind::Country, name, code, count))
            .chain([choice(Kind::Person, "Volodymyr Zelenskyy", "Volodymyr Zelenskyy", 7)])
            .collect();
        let mut picker = Picker::new(Purpose::Facet(FacetKind::Entity(Kind::Country)), choices);
        picker.line.paste(typed);
        picker.narrow();
        picker.set_found(found.iter().map(|(name, code)| choice(Kind::Country, name, code, 1)).collect());
        let labels: Vec<&str> = picker.fitting().iter().map(|choice| choice.label.as_str()).collect();
        assert_eq!(labels, expected, "{typed}");
    }

    #[test]
    fn choices_fit_by_code_words_names_and_letters() {
        check("ru", &[], &["Russia"]);
        check("RW", &[], &["Rwanda"]);
        check("russian", &[("Russia", "RU")], &["Russia"]);
        check("persian", &[("Iran", "IR")], &["Iran"]);
        check("zelensky", &[], &["Volodymyr Zelenskyy"]);
        check("zel vol", &[], &["Volodymyr Zelenskyy"]);
        check("cote", &[], &["Côte d'Ivoire"]);
        check("CÔTE", &[], &["Côte d'Ivoire"]);
        check("ukrn", &[], &["Ukraine"]);
        check("xyz", &[], &[]);
        check("", &[], &["Ukraine", "Russia", "Rwanda", "Côte d'Ivoire", "Volodymyr Zelenskyy"]);
    }

    #[test]
    fn the_palette_has_what_can_be_done_here() {
        let picker = Picker::palette(Context::Reader);
        assert!(picker.fitting().iter().any(|choice| choice.value == Chosen::Action(Action::Star)));
        assert!(!picker.fitting().iter().any(|choice| choice.value == Chosen::Action(Action::Accept)));
    }
}
