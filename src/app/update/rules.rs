//! Makes a rule on arrival of the filter.

use super::super::App;
use super::super::history::{RuleDoes, SearchChange, SearchStep, Step};
use super::super::over::{Over, Prompt, PromptPurpose};
use super::super::picker::{Choice, Chosen, Picker, Purpose};
use super::super::searches::clean_name;
use super::super::short;
use crate::query::Query;

impl App {
    /// Asks what the rule does.
    pub(super) fn open_rule_picker(&mut self) {
        if let Some(why) = self.setup.closed {
            self.notice = Some(format!("no rule can be made here: {why}"));
            return;
        }
        if self.query.filter.is_everything() {
            self.notice = Some("there is no filter to make a rule of".to_owned());
            return;
        }
        if !self.query.filter.is_readable() {
            self.notice = Some("no rule is made: a condition of the filter cannot be read".to_owned());
            return;
        }
        let does = [
            ("Mark them as read", RuleDoes::Read),
            ("Star them", RuleDoes::Star),
            ("Hide them", RuleDoes::Hide),
            ("Tag them", RuleDoes::Tag(String::new())),
            ("Ring the bell", RuleDoes::Bell),
            ("Notify by the terminal (OSC 9)", RuleDoes::Notify),
        ];
        let choice =
            |(words, does): (&str, RuleDoes)| Choice::new(words.to_owned(), None, Chosen::Does(does));
        self.over = Over::Picker(Picker::new(Purpose::RuleDoes, does.into_iter().map(choice).collect()));
    }

    pub(super) fn choose_rule(&mut self, does: RuleDoes) {
        let filter = Query { hold: None, ..self.query.clone() }.to_string();
        match does {
            RuleDoes::Tag(_) => self.over = Over::Prompt(Prompt::new(PromptPurpose::RuleTag(filter), "")),
            does => self.ask_for_name_of_rule(filter, does),
        }
    }

    pub(super) fn tag_rule(&mut self, query: String, typed: &str) {
        let tag = super::mark::clean_tag(typed);
        if tag.is_empty() {
            return;
        }
        self.ask_for_name_of_rule(query, RuleDoes::Tag(tag));
    }

    fn ask_for_name_of_rule(&mut self, query: String, does: RuleDoes) {
        // A saved search that is the whole filter lends the rule its name.
        let name = match self.query.saved_names()[..] {
            [name] => name.to_owned(),
            _ => String::new(),
        };
        self.over = Over::Prompt(Prompt::new(PromptPurpose::Rule(query, does), &name));
    }

    /// Adds the rule to the config file, as a step that can be undone.
    pub(super) fn make_rule(&mut self, query: &str, does: RuleDoes, typed: &str) {
        let Some(name) = clean_name(typed) else {
            self.notice = Some("not made: a rule needs a name".to_owned());
            return;
        };
        let forth = SearchChange::KeepRule { name: name.clone(), query: query.to_owned(), does };
        let back = SearchChange::RemoveRule { name: name.clone() };
        let filter = (self.query.to_string(), self.query.to_string());
        let words = format!("rule {name}: {}", short::text(query));
        self.change_search(forth.clone());
        self.notice = Some(format!("{words}; it is for articles that arrive; U undoes it"));
        self.history.add(Step::Searches(SearchStep { words, back: vec![back], forth: vec![forth], filter }));
    }
}
