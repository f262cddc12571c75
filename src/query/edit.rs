//! Edits that the interface makes to a query: chips, and the `+ - *` of a facet.

use super::complete::quoted;
use super::print::field_of;
use super::{Filter, Names, Query, Term};
use crate::annotation::Kind;
use crate::listing::{Facet, FacetKind};
use std::slice;

impl Query {
    /// The conditions that must all hold, in order; each prints as one chip.
    pub fn chips(&self) -> &[Filter] {
        match &self.filter {
            Filter::All(members) => members,
            other => slice::from_ref(other),
        }
    }

    /// With one condition more, at the end. Nothing changes where it is there already.
    pub fn with(&self, filter: Filter) -> Query {
        if filter.is_everything() || self.chips().contains(&filter) {
            return self.clone();
        }
        self.rebuilt(self.chips().iter().cloned().chain([filter]))
    }

    /// Without the chip at `index`; unchanged where there is none.
    pub fn without(&self, index: usize) -> Query {
        let kept = self.chips().iter().enumerate().filter(|(place, _)| *place != index);
        self.rebuilt(kept.map(|(_, chip)| chip.clone()))
    }

    /// Without the last chip.
    pub fn without_last(&self) -> Query {
        self.without(self.chips().len().saturating_sub(1))
    }

    /// Only articles that have `value` (`Facet::value`). Takes back its exclusion.
    pub fn require(&self, kind: FacetKind, value: &str) -> Query {
        let Some(term) = facet_term(kind, value) else { return self.clone() };
        self.dropping(|chip| *chip == Filter::not(term.clone())).with(term.clone())
    }

    /// Only articles that do not have `value`. Takes back its requirement.
    pub fn exclude(&self, kind: FacetKind, value: &str) -> Query {
        let Some(term) = facet_term(kind, value) else { return self.clone() };
        self.dropping(|chip| *chip == term).with(Filter::not(term.clone()))
    }

    /// Like [`Query::require`], in place of all that is asked of this kind so far.
    pub fn only(&self, kind: FacetKind, value: &str) -> Query {
        let Some(term) = facet_term(kind, value) else { return self.clone() };
        self.dropping(|chip| is_of(chip, kind)).with(term)
    }

    fn dropping(&self, drop: impl Fn(&Filter) -> bool) -> Query {
        self.rebuilt(self.chips().iter().filter(|chip| !drop(chip)).cloned())
    }

    fn rebuilt(&self, chips: impl Iterator<Item = Filter>) -> Query {
        Query { filter: Filter::all(chips), ..self.clone() }
    }
}

/// What parts the names of one person in a facet's value.
const PARTING: char = '|';

/// The value of the facet of a person whom articles name by `name`, and by `others`.
pub fn person_value(name: &str, others: &[&str]) -> String {
    others.iter().fold(name.to_owned(), |value, other| format!("{value}{PARTING}{other}"))
}

/// A facet as it is put into a query that is being typed, after its field.
pub fn offered(facet: &Facet) -> String {
    let others = facet.value.strip_prefix(facet.name.as_str()).and_then(|rest| rest.strip_prefix(PARTING));
    let Some(others) = others else { return quoted(&facet.value) };
    let names: Vec<String> =
        [facet.name.as_str()].into_iter().chain(others.split(PARTING)).map(quoted).collect();
    names.join(",")
}

/// The names that a facet's value stands for.
fn names_of(kind: FacetKind, value: &str) -> Option<Names> {
    match kind {
        FacetKind::Entity(Kind::Person) => Names::new(value.split(PARTING).map(str::to_owned)),
        _ => Names::one(value),
    }
}

/// The name under which a facet of this value is shown; for a country its code.
pub fn shown(kind: FacetKind, value: &str) -> &str {
    match kind {
        FacetKind::Entity(Kind::Person) => value.split(PARTING).next().unwrap_or(value),
        _ => value,
    }
}

/// The condition that a facet stands for; `None` for a name without a letter or digit.
pub fn facet_term(kind: FacetKind, value: &str) -> Option<Filter> {
    let names = names_of(kind, value)?;
    let term = match kind {
        FacetKind::Entity(kind) => Term::Mentions { kind, names },
        FacetKind::Source => Term::Source(names),
        FacetKind::Tag => Term::Tag(names),
    };
    Some(term.into())
}

/// The name of the field that a facet filters by.
pub fn facet_field(kind: FacetKind) -> &'static str {
    match kind {
        FacetKind::Entity(kind) => field_of(kind),
        FacetKind::Source => "source",
        FacetKind::Tag => "tag",
    }
}

fn is_of(chip: &Filter, wanted: FacetKind) -> bool {
    match (chip, wanted) {
        (Filter::Not(inner), _) => is_of(inner, wanted),
        (Filter::Any(members), _) => members.iter().all(|member| is_of(member, wanted)),
        (Filter::Term(Term::Mentions { kind, .. }), FacetKind::Entity(wanted)) => *kind == wanted,
        (Filter::Term(Term::Source(_)), FacetKind::Source) => true,
        (Filter::Term(Term::Tag(_)), FacetKind::Tag) => true,
        _ => false,
    }
}
