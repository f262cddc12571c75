//! The edits that the interface makes to a query: chips, and the keys `+ - *` on a facet.

use super::complete::{Role, quoted};
use super::{Days, Filter, Names, Query, QuoteTerm, Term};
use crate::annotation::Kind;
use crate::listing::{Facet, FacetKind};
use std::slice;

impl Query {
    /// The conditions that must all hold, in order; each is printed as one chip.
    pub fn chips(&self) -> &[Filter] {
        match &self.filter {
            Filter::All(members) => members,
            other => slice::from_ref(other),
        }
    }

    /// Returns the query with one more condition at the end, or unchanged if it already has that one.
    pub fn with(&self, filter: Filter) -> Query {
        if filter.is_everything() || self.chips().contains(&filter) {
            return self.clone();
        }
        self.rebuilt(self.chips().iter().cloned().chain([filter]))
    }

    /// Returns the query without the chip at `index` (from 0), or unchanged if there is no such chip.
    pub fn without(&self, index: usize) -> Query {
        let kept = self.chips().iter().enumerate().filter(|(place, _)| *place != index);
        self.rebuilt(kept.map(|(_, chip)| chip.clone()))
    }

    /// Returns the query without its last chip.
    pub fn without_last(&self) -> Query {
        self.without(self.chips().len().saturating_sub(1))
    }

    /// Restricts the query to some days, in place of a condition on dates that holds for all of them.
    pub fn within(&self, days: Days) -> Query {
        let holds = |chip: &Filter| match chip {
            Filter::Term(Term::Date(wider)) => {
                days.from().is_some_and(|day| wider.contains(day))
                    && days.until().is_some_and(|day| wider.contains(day))
            }
            _ => false,
        };
        self.dropping(holds).with(Term::Date(days).into())
    }

    /// Restricts the query to articles that have `value` (`Facet::value`), and removes its exclusion.
    pub fn require(&self, kind: FacetKind, value: &str) -> Query {
        let Some(term) = facet_term(kind, value) else { return self.clone() };
        self.dropping(|chip| *chip == Filter::not(term.clone())).with(term.clone())
    }

    /// Like [`Query::require`], but of a person or a country it asks for articles that are about it.
    pub fn ask_about(&self, kind: FacetKind, value: &str) -> Query {
        let Some(about) = about_term(kind, value) else { return self.require(kind, value) };
        let mentions = facet_term(kind, value);
        let other = |chip: &Filter| {
            mentions.as_ref().is_some_and(|term| chip == term || *chip == Filter::not(term.clone()))
        };
        self.dropping(other).with(about)
    }

    /// The query with articles that mention `value` where it has those that are about it; `None` if it has not.
    pub fn widened(&self, kind: FacetKind, value: &str) -> Option<Query> {
        let (about, mentions) = (about_term(kind, value)?, facet_term(kind, value)?);
        let widened = |chip: &Filter| if *chip == about { mentions.clone() } else { chip.clone() };
        self.chips().contains(&about).then(|| self.rebuilt(self.chips().iter().map(widened)))
    }

    /// Restricts the query to articles that do not have `value`, and removes the condition that they have it.
    pub fn exclude(&self, kind: FacetKind, value: &str) -> Query {
        let Some(term) = facet_term(kind, value) else { return self.clone() };
        let about = about_term(kind, value);
        self.dropping(|chip| *chip == term || Some(chip) == about.as_ref()).with(Filter::not(term.clone()))
    }

    /// Like [`Query::require`], but replaces all conditions of this kind.
    pub fn only(&self, kind: FacetKind, value: &str) -> Query {
        let Some(term) = facet_term(kind, value) else { return self.clone() };
        let about = about_term(kind, value);
        self.dropping(|chip| is_of(chip, kind) || Some(chip) == about.as_ref()).with(term)
    }

    fn dropping(&self, drop: impl Fn(&Filter) -> bool) -> Query {
        self.rebuilt(self.chips().iter().filter(|chip| !drop(chip)).cloned())
    }

    fn rebuilt(&self, chips: impl Iterator<Item = Filter>) -> Query {
        Query { filter: Filter::all(chips), ..self.clone() }
    }
}

/// Separates the names of one person in the value of a facet.
const SEPARATOR: char = '|';

/// The facet value of a person who has the name `name` and the other names `others` in articles.
pub fn person_value(name: &str, others: &[&str]) -> String {
    others.iter().fold(name.to_owned(), |value, other| format!("{value}{SEPARATOR}{other}"))
}

/// Writes a facet as completion inserts it into a query, after the name of its field.
pub fn offered(facet: &Facet) -> String {
    let others = facet.value.strip_prefix(facet.name.as_str()).and_then(|rest| rest.strip_prefix(SEPARATOR));
    let Some(others) = others else { return quoted(&facet.value) };
    let names: Vec<String> =
        [facet.name.as_str()].into_iter().chain(others.split(SEPARATOR)).map(quoted).collect();
    names.join(",")
}

/// The names in the value of a facet.
fn names_of(kind: FacetKind, value: &str) -> Option<Names> {
    match kind {
        FacetKind::Entity(Kind::Person) => Names::new(value.split(SEPARATOR).map(str::to_owned)),
        _ => Names::one(value),
    }
}

/// The name that is displayed for a facet with this value; for a country this is its code.
pub fn shown(kind: FacetKind, value: &str) -> &str {
    match kind {
        FacetKind::Entity(Kind::Person) => value.split(SEPARATOR).next().unwrap_or(value),
        _ => value,
    }
}

/// The condition that filters by this facet; `None` for a name without a letter or digit.
pub fn facet_term(kind: FacetKind, value: &str) -> Option<Filter> {
    let names = names_of(kind, value)?;
    let term = match kind {
        FacetKind::Entity(kind) => Term::Mentions { kind, names },
        FacetKind::Source => Term::Source(names),
        FacetKind::Tag => Term::Tag(names),
        FacetKind::Language => Term::Language(names),
    };
    Some(term.into())
}

/// The condition that asks for articles about a person or a country; `None` for other kinds, which articles are seldom about.
pub fn about_term(kind: FacetKind, value: &str) -> Option<Filter> {
    match kind {
        FacetKind::Entity(kind @ (Kind::Person | Kind::Country)) => role_term(Role::Subject, kind, value),
        _ => None,
    }
}

/// The condition that this facet of a kind of name has a role.
pub fn role_term(role: Role, kind: Kind, value: &str) -> Option<Filter> {
    let names = names_of(FacetKind::Entity(kind), value)?;
    let term = match role {
        Role::Subject => Term::About(names),
        Role::Speaker => Term::Quote(QuoteTerm { by: vec![names], ..QuoteTerm::default() }),
        Role::SpokenOf => Term::Quote(QuoteTerm { of: vec![names], ..QuoteTerm::default() }),
    };
    Some(term.into())
}

fn is_of(chip: &Filter, wanted: FacetKind) -> bool {
    match (chip, wanted) {
        (Filter::Not(inner), _) => is_of(inner, wanted),
        (Filter::Any(members), _) => members.iter().all(|member| is_of(member, wanted)),
        (Filter::Term(Term::Mentions { kind, .. }), FacetKind::Entity(wanted)) => *kind == wanted,
        (Filter::Term(Term::Source(_)), FacetKind::Source) => true,
        (Filter::Term(Term::Tag(_)), FacetKind::Tag) => true,
        (Filter::Term(Term::Language(_)), FacetKind::Language) => true,
        _ => false,
    }
}
