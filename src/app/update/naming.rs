//! *This is …*: corrects what the engine thinks that a name is.

use super::super::App;
use super::super::action::Action;
use super::super::history::Step;
use super::super::message::{Effect, Lane};
use super::super::over::Over;
use super::super::picker::{Choice, Chosen, Picker, Purpose, Verdict};
use super::super::view;
use crate::annotation::Kind;
use crate::corrections::{Correction, Is};
use crate::listing::{ChangeId, FacetKind};
use crate::query::edit::shown;

/// A name that is being corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// As it is written in the text, or in the list from which it was chosen.
    pub name: String,
    /// The name of the entity that the engine found for it.
    pub entity: String,
    pub kind: Kind,
}

impl App {
    /// Opens the choice of what the name under the cursor is.
    pub(super) fn open_this_is(&mut self) {
        let mut under = self.naming_under();
        if under.is_none() && !self.is_on_names() {
            // Without a name under the cursor, go to the next one.
            self.walk(Action::NameNext, None);
            under = self.naming_under();
        }
        let Some(naming) = under else {
            self.notice = Some(self.no_name().to_owned());
            return;
        };
        let kinds = [(Kind::Person, "a person"), (Kind::Place, "a place"), (Kind::Org, "an organisation")];
        let mut choices: Vec<Choice> = kinds
            .into_iter()
            .filter(|(kind, _)| *kind != naming.kind)
            .map(|(kind, words)| choice(&format!("{} is {words}", naming.name), Chosen::Is(Is::Kind(kind))))
            .collect();
        choices.push(choice(&format!("{} is not a name", naming.name), Chosen::Is(Is::Nothing)));
        choices.push(choice(&format!("{} is the same as …", naming.name), Chosen::Verdict(Verdict::Same)));
        let other = if naming.name == naming.entity { "the same as …" } else { naming.entity.as_str() };
        let words = format!("{} is not {other}", naming.name);
        choices.push(choice(&words, Chosen::Verdict(Verdict::Apart)));
        self.naming = Some(naming);
        self.over = Over::Picker(Picker::new(Purpose::ThisIs, choices));
    }

    /// The name under the cursor, in the text or in a list of names.
    fn naming_under(&self) -> Option<Naming> {
        if let Some(under) = self.reader.under().filter(|_| !self.is_on_names())
            && let Some(entity) = under.entity
        {
            let (name, entity_name) = (under.text.to_owned(), entity.name.clone());
            return Some(Naming { name, entity: entity_name, kind: entity.kind });
        }
        let (FacetKind::Entity(kind), value) = self.name_under()? else { return None };
        // A query has a country's code, which is not a name that a text would use.
        let name = match kind {
            Kind::Country => self.facets.name_of(kind, &value)?,
            _ => shown(FacetKind::Entity(kind), &value).to_owned(),
        };
        Some(Naming { entity: name.clone(), name, kind })
    }

    /// Applies the choice that was made in one of the two pickers.
    pub(super) fn put_right(&mut self, purpose: Purpose, chosen: &Chosen) {
        let Some(naming) = self.naming.clone() else { return };
        match (purpose, chosen) {
            (_, Chosen::Is(is)) => self.correct(Correction { is: Some(*is), ..blank(&naming) }),
            (_, Chosen::Verdict(Verdict::Same)) => self.open_identities(&naming, Purpose::SameAs),
            (_, Chosen::Verdict(Verdict::Apart)) if naming.name == naming.entity => {
                self.open_identities(&naming, Purpose::NotSameAs);
            }
            (_, Chosen::Verdict(Verdict::Apart)) => {
                self.correct(Correction { apart: vec![naming.entity.clone()], ..blank(&naming) });
            }
            (Purpose::NotSameAs, Chosen::Facet(kind, value)) => {
                self.correct(Correction { apart: vec![shown(*kind, value).to_owned()], ..blank(&naming) });
            }
            (_, Chosen::Facet(kind, value)) => {
                self.correct(Correction { same: Some(shown(*kind, value).to_owned()), ..blank(&naming) });
            }
            _ => {}
        }
    }

    fn correct(&mut self, correction: Correction) {
        self.naming = None;
        self.notice = Some(format!("stored: {correction}; U undoes it"));
        let change = self.history.name();
        self.history.add(Step::Name { change, words: correction.to_string() });
        self.effects.push(Effect::Correct { change, correction });
    }

    /// Tells what became of a correction. One that changed nothing is no step to undo.
    pub(super) fn take_corrected(&mut self, change: ChangeId, made: Option<String>, line: String) {
        match made {
            Some(words) => self.history.call(change, &words),
            None => {
                self.history.forget(change);
                self.history.add_nothing();
            }
        }
        self.notice = Some(line);
    }

    /// Opens the picker for the name that this one is, or is not, the same as.
    fn open_identities(&mut self, naming: &Naming, purpose: Purpose) {
        let kind = FacetKind::Entity(naming.kind);
        self.over = Over::Picker(Picker::new(purpose, Vec::new()));
        self.asked.candidates = Some(self.ask_names(Lane::Candidates, kind, "", view::LIMIT));
        self.asked.names = None;
    }

    /// Asks for names of the same kind that match the text typed.
    pub(super) fn find_identities(&mut self, typed: &str) {
        if let Some(naming) = &self.naming
            && !typed.is_empty()
        {
            let kind = FacetKind::Entity(naming.kind);
            self.asked.names = Some(self.ask_names(Lane::Names, kind, typed, view::LIMIT));
        }
    }
}

fn choice(words: &str, value: Chosen) -> Choice {
    Choice::new(words.to_owned(), None, value)
}

/// A correction without any content yet.
fn blank(naming: &Naming) -> Correction {
    Correction {
        name: naming.name.clone(),
        is: None,
        also: Vec::new(),
        same: None,
        apart: Vec::new(),
        country: None,
        line: 0,
    }
}
