//! The picker: a list of choices that narrows as text is typed.
//!
//! How text fits a choice is said in [`Fit`]; the library is also asked, as text is typed, for names that are spelled in
//! another way. A choice may be one that cannot be taken now: it is shown with the reason.

use super::action::{Action, ActionInfo, Context};
use super::fit::{Fit, Spelling, Typed};
use super::history::RuleDoes;
use super::line::Line;
use super::scroll::{Pace, Scroll};
use crate::article::ArticleId;
use crate::corrections::Is;
use crate::listing::{Count, Facet, FacetKind, Tally};
use crate::query::Filter;
use crate::query::complete::Role;
use std::cmp::Reverse;

/// What is chosen in the picker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Facet(FacetKind),
    Date,
    /// A name in a role: who is quoted, what articles are about.
    Named(Role),
    Saved,
    /// A link of the article, to be opened.
    Link,
    /// Another article that tells the same story.
    Copies,
    /// An article that is related to the open one.
    Related,
    /// An article with which the open one is compared.
    Compare,
    /// An action, to be performed in this context.
    Palette(Context),
    /// What the name under the cursor is.
    ThisIs,
    /// The name that it is the same as.
    SameAs,
    /// The name that it is not the same as.
    NotSameAs,
    /// One of the feeds that a page offers.
    Feeds,
    /// What a rule does that is made of the filter.
    RuleDoes,
}

impl Purpose {
    /// Whether a choice is a condition, so that it can be said what would be left with it.
    pub fn previews(self) -> bool {
        matches!(self, Purpose::Facet(_) | Purpose::Date | Purpose::Named(_) | Purpose::Saved)
    }

    /// Whether letters are typed into the line. Where they are not, digits choose and some letters are keys.
    pub fn takes_words(self) -> bool {
        self != Purpose::Link
    }

    pub fn title(self) -> &'static str {
        match self {
            Purpose::Facet(kind) => super::facets::plural(kind),
            Purpose::Date => "Dates",
            Purpose::Named(Role::Subject) => "About",
            Purpose::Named(Role::Speaker) => "Quoted",
            Purpose::Named(Role::SpokenOf) => "Mentioned in quotes",
            Purpose::Link => "Links",
            Purpose::Copies => "The same story",
            Purpose::Related => "Related articles",
            Purpose::Compare => "Compare with",
            Purpose::Saved => "Saved searches",
            Purpose::Palette(_) => "Actions",
            Purpose::ThisIs => "This is",
            Purpose::SameAs => "The same as",
            Purpose::NotSameAs => "Not the same as",
            Purpose::Feeds => "Feeds of the page",
            Purpose::RuleDoes => "What the rule does",
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
    /// Why it cannot be taken now; `None` if it can.
    pub obstacle: Option<String>,
    spelling: Spelling,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A name of this kind, as a query has it.
    Facet(FacetKind, String),
    /// A condition: a span of days, a speaker, a saved search.
    Filter(Filter),
    Action(Action),
    /// A line that says how something is done elsewhere, and the words that people type for it.
    Told(&'static [&'static str], &'static str),
    /// The row or line with this number, from 1.
    Row(u32),
    /// An address.
    Link(crate::article::link::Link),
    /// An article, to be opened.
    Article(ArticleId),
    /// An article, to be compared with the open one.
    Compare(ArticleId),
    Is(Is),
    Verdict(Verdict),
    /// A feed that a page offers: the page, whether that is in a private network, and the address of the feed.
    Feed(String, bool, String),
    /// What a rule does; a tag without a name is asked for.
    Does(RuleDoes),
}

/// What would be left with the choice under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The choice that it is about.
    pub value: Chosen,
    pub label: String,
    /// How many rows the list would have.
    pub rows: Count,
    /// How many stories and articles these are, if that is known.
    pub tally: Option<Tally>,
    /// The titles of the first rows.
    pub titles: Vec<String>,
}

/// A list of choices, and the line that narrows it.
#[derive(Clone, Debug)]
pub struct Picker {
    pub purpose: Purpose,
    pub line: Line,
    /// What would be left with a choice: with the one under the cursor, or, until that is known, with the one before.
    pub preview: Option<Preview>,
    choices: Vec<Choice>,
    /// The choices that the library found for the text typed.
    found: Vec<Choice>,
    /// The choices that match, the best first.
    fitting: Vec<Choice>,
    /// How the first of them fits.
    best: Option<Fit>,
    scroll: Scroll,
    height: usize,
}

impl Choice {
    pub fn new(label: String, count: Option<u64>, value: Chosen) -> Choice {
        Choice { spelling: Spelling::new(&label), label, count, value, obstacle: None }
    }

    pub fn facet(kind: FacetKind, facet: &Facet) -> Choice {
        Choice::new(facet.name.clone(), Some(facet.count), Chosen::Facet(kind, facet.value.clone()))
    }

    /// An action, and why it cannot be performed now.
    pub fn action(info: &ActionInfo, obstacle: Option<String>) -> Choice {
        let choice = Choice::new(info.help.to_owned(), None, Chosen::Action(info.action));
        Choice { obstacle, ..choice }
    }

    /// Whether the text fits by a part of the label or of the words for it.
    pub fn fits(&self, text: &str) -> bool {
        let typed = Typed::new(text);
        !typed.is_empty() && self.fit(&typed).is_some()
    }

    /// How `typed`, which is not empty, fits, apart from what the library knows and from mistyped letters.
    fn fit(&self, typed: &Typed) -> Option<Fit> {
        match &self.value {
            Chosen::Action(action) => fit_action(*action, &self.spelling, typed),
            Chosen::Told(words, _) => fit_words(words, typed),
            Chosen::Row(_) => Some(Fit::Meant),
            Chosen::Link(_) if typed.is_number() => typed.begins(&self.spelling).then_some(Fit::Words),
            Chosen::Facet(_, code) if code.len() == 2 && code.eq_ignore_ascii_case(typed.text()) => {
                Some(Fit::Meant)
            }
            _ => fit_name(&self.spelling, typed),
        }
    }

    /// Whether `typed` fits but for one letter.
    fn is_nearly(&self, typed: &Typed) -> bool {
        match &self.value {
            Chosen::Action(action) => typed.is_nearly(&Spelling::new(action.info().name)),
            Chosen::Told(..) | Chosen::Row(_) | Chosen::Link(_) => false,
            _ => typed.is_nearly(&self.spelling),
        }
    }
}

fn fit_name(label: &Spelling, typed: &Typed) -> Option<Fit> {
    let fits = [
        (Fit::Meant, typed.is(label)),
        (Fit::Words, typed.begins_words(label)),
        (Fit::Inside, typed.is_inside(label)),
        (Fit::Initials, typed.is_initials(label)),
    ];
    fits.into_iter().find(|(_, fits)| *fits).map(|(fit, _)| fit)
}

/// How `typed` fits an action, by its name, the words for it, its keys and the sentence that explains it.
pub(super) fn fit_action(action: Action, help: &Spelling, typed: &Typed) -> Option<Fit> {
    let info = action.info();
    let name = Spelling::new(info.name);
    let words = Spelling::new(&format!("{} {}", info.name, info.short));
    // `f p` and `fp` mean what these keys do; a single letter is the beginning of a word.
    let keys = info.keys.iter().filter(|keys| keys.contains(' '));
    let typed_keys = |keys: &str| typed.text() == keys || typed.text() == keys.replace(' ', "");
    let fits = [
        (Fit::Meant, typed.is(&name) || action.is_called(typed.text())),
        (Fit::First, typed.is_first_word(&name)),
        (Fit::Begins, typed.begins(&name)),
        (Fit::Words, typed.begins_words(&words) || keys.clone().any(|keys| typed_keys(keys))),
        (Fit::Sentence, typed.begins_words(help)),
        (Fit::Inside, typed.is_inside(&words) || typed.is_inside(help)),
        (Fit::Initials, typed.is_initials(&name)),
    ];
    fits.into_iter().find(|(_, fits)| *fits).map(|(fit, _)| fit)
}

/// The fewest letters of a word for something that is done elsewhere.
const TOLD: usize = 3;

fn fit_words(words: &[&str], typed: &Typed) -> Option<Fit> {
    if words.contains(&typed.text()) {
        return Some(Fit::Meant);
    }
    let begins = typed.text().len() >= TOLD && words.iter().any(|word| word.starts_with(typed.text()));
    begins.then_some(Fit::Words)
}

impl Picker {
    pub fn new(purpose: Purpose, choices: Vec<Choice>) -> Picker {
        let mut picker = Picker {
            purpose,
            line: Line::default(),
            choices,
            found: Vec::new(),
            fitting: Vec::new(),
            best: None,
            preview: None,
            scroll: Scroll::default(),
            height: 10,
        };
        picker.narrow();
        picker
    }

    /// All choices, regardless of the text typed.
    pub fn all(&self) -> &[Choice] {
        &self.choices
    }

    pub fn fitting(&self) -> &[Choice] {
        &self.fitting
    }

    /// Whether the first choice fits so well that no answer under way can bring a better one.
    pub fn is_sure(&self) -> bool {
        self.scroll.at > 0
            || match self.best {
                Some(fit) => fit < Fit::Inside,
                None => self.line.text().trim().is_empty() && !self.choices.is_empty(),
            }
    }

    /// Whether the typed text is the name of the first choice, or another word for it.
    pub fn is_meant(&self) -> bool {
        self.best == Some(Fit::Meant)
    }

    /// Whether it is asked what would be left with the choice under the cursor.
    pub fn previews(&self) -> bool {
        self.purpose.previews()
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
        let typed = Typed::new(self.line.text());
        if typed.is_empty() {
            self.best = None;
            self.fitting.clone_from(&self.choices);
            return;
        }
        // An alias of the library is as good as the name itself is where it fits by a part only.
        let mut fitting: Vec<(Fit, &Choice)> = Vec::new();
        for choice in &self.choices {
            let known = self.found.iter().any(|found| found.value == choice.value);
            let fit = choice.fit(&typed).into_iter().chain(known.then_some(Fit::Alias)).min();
            fitting.extend(fit.map(|fit| (fit, choice)));
        }
        for found in
            self.found.iter().filter(|found| !self.choices.iter().any(|choice| choice.value == found.value))
        {
            let fit = found.fit(&typed).filter(|fit| *fit <= Fit::Words).unwrap_or(Fit::Alias);
            fitting.push((fit, found));
        }
        if fitting.is_empty() {
            fitting.extend(
                self.choices
                    .iter()
                    .filter(|choice| choice.is_nearly(&typed))
                    .map(|choice| (Fit::Typo, choice)),
            );
        }
        fitting.sort_by_key(|(fit, choice)| {
            (*fit, Reverse(choice.count.unwrap_or(0)), choice.obstacle.is_some())
        });
        self.best = fitting.first().map(|(fit, _)| *fit);
        let worst = match (self.best, self.purpose) {
            // A part of a sentence is no reason to offer an action where the name of another one fits.
            (Some(best), Purpose::Palette(_)) if best <= Fit::Sentence => Fit::Sentence,
            (Some(best), _) if best < Fit::Initials => Fit::Inside,
            _ => Fit::Typo,
        };
        self.fitting =
            fitting.into_iter().filter(|(fit, _)| *fit <= worst).map(|(_, choice)| choice.clone()).collect();
    }
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
    fn choices_fit_by_code_words_names_and_parts() {
        check("ru", &[], &["Russia"]);
        check("RW", &[], &["Rwanda"]);
        check("russian", &[("Russia", "RU")], &["Russia"]);
        check("persian", &[("Iran", "IR")], &["Iran"]);
        check("zelensky", &[], &["Volodymyr Zelenskyy"]);
        check("zel vol", &[], &["Volodymyr Zelenskyy"]);
        check("vzel", &[], &["Volodymyr Zelenskyy"]);
        check("cote", &[], &["Côte d'Ivoire"]);
        check("CÔTE", &[], &["Côte d'Ivoire"]);
        check("rain", &[], &["Ukraine"]);
        check("ukarine", &[], &[]);
        check("ukriane", &[], &[]);
        check("ukrine", &[], &["Ukraine"]);
        check("ukrn", &[], &[]);
        check("voka", &[], &[]);
        check("xyz", &[], &[]);
        check("", &[], &["Ukraine", "Russia", "Rwanda", "Côte d'Ivoire", "Volodymyr Zelenskyy"]);
    }
}
