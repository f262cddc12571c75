//! The names of the filter among the names of a result. An excluded name is in no article of the result, and yet it
//! stays in the lists of names, so that it can be taken back where it was excluded.

use crate::annotation::Kind;
use crate::language::LanguageCode;
use crate::listing::{Facet, FacetKind};
use crate::query::edit::{person_value, shown};
use crate::query::{Filter, Names, Query, Term};
use crate::text::fold::fold;

/// How a condition of the filter uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Required,
    Excluded,
}

/// The names of a condition on names of this kind, and how it uses them.
fn names(chip: &Filter, kind: FacetKind) -> Option<(&Names, Sign)> {
    let (term, sign) = match chip {
        Filter::Term(term) => (term, Sign::Required),
        Filter::Not(inner) => match &**inner {
            Filter::Term(term) => (term, Sign::Excluded),
            _ => return None,
        },
        _ => return None,
    };
    match (term, kind) {
        (Term::Mentions { kind, names }, FacetKind::Entity(wanted)) if *kind == wanted => Some((names, sign)),
        // Which kind a name is of, the name itself tells: a person's is no country's.
        (Term::About(names), FacetKind::Entity(Kind::Person | Kind::Country)) if sign == Sign::Required => {
            Some((names, sign))
        }
        (Term::Source(names), FacetKind::Source)
        | (Term::Tag(names), FacetKind::Tag)
        | (Term::Language(names), FacetKind::Language) => Some((names, sign)),
        _ => None,
    }
}

/// Whether two values of facets of a kind are of one name. A person has one of several names in one result, and
/// another of them in the next.
pub fn is_same(kind: FacetKind, one: &str, other: &str) -> bool {
    one == other
        || matches!(kind, FacetKind::Entity(Kind::Person))
            && aliases(kind, one).any(|one| aliases(kind, other).any(|other| fold(one) == fold(other)))
}

/// The names in the value of a facet.
fn aliases(kind: FacetKind, value: &str) -> impl Iterator<Item = &str> {
    let separator = if kind == FacetKind::Entity(Kind::Person) { '|' } else { '\0' };
    value.split(separator)
}

/// The condition of the filter on this name: its index among the conditions, and how it uses the name.
pub fn chip(query: &Query, kind: FacetKind, value: &str) -> Option<(usize, Sign)> {
    let is_on = |chip: &Filter| {
        let (names, sign) = names(chip, kind)?;
        let mut values = aliases(kind, value);
        values.any(|value| names.iter().any(|name| fold(name) == fold(value))).then_some(sign)
    };
    query.chips().iter().enumerate().find_map(|(at, chip)| Some((at, is_on(chip)?)))
}

/// Adds the names of the filter that the result does not have: where they were among `before`, or at the top.
pub fn pin(facets: &mut Vec<Facet>, kind: FacetKind, query: &Query, before: &[Facet]) {
    for chip in query.chips().iter().filter(|chip| !matches!(chip, Filter::Term(Term::About(_)))) {
        let Some((names, _)) = names(chip, kind) else { continue };
        let mut written = names.iter();
        let Some(first) = written.next() else { continue };
        let others: Vec<&str> = written.collect();
        if !others.is_empty() && kind != FacetKind::Entity(Kind::Person) {
            continue;
        }
        let value = person_value(first, &others);
        if facets.iter().any(|facet| is_same(kind, &facet.value, &value)) {
            continue;
        }
        let was = before.iter().position(|facet| is_same(kind, &facet.value, &value));
        let known = was.and_then(|at| before.get(at));
        let name = known.map_or_else(|| named(kind, &value), |facet| facet.name.clone());
        let at = was.unwrap_or(0).min(facets.len());
        facets.insert(at, Facet { name, value, count: 0 });
    }
}

/// The name of a value that no result before this one had.
fn named(kind: FacetKind, value: &str) -> String {
    let language = || LanguageCode::read(value).filter(|_| kind == FacetKind::Language);
    language().map_or_else(|| shown(kind, value).to_owned(), |code| code.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn facets(names: &[&str]) -> Vec<Facet> {
        let facet = |name: &&str| Facet {
            name: shown(FacetKind::Entity(Kind::Person), name).to_owned(),
            value: (*name).to_owned(),
            count: 1,
        };
        names.iter().map(facet).collect()
    }

    fn check(query: &str, now: &[&str], before: &[&str], expected: &[&str]) {
        let query = Query::parse(query, NaiveDate::default()).0;
        let mut pinned = facets(now);
        pin(&mut pinned, FacetKind::Entity(Kind::Person), &query, &facets(before));
        assert_eq!(pinned.iter().map(|facet| facet.value.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_excluded_stays_where_it_was() {
        let before = ["Ada Obi", "Lev Sund|Sund", "Mira Berg"];
        check(
            "-person:\"Lev Sund\",Sund",
            &["Ada Obi", "Mira Berg"],
            &before,
            &["Ada Obi", "Lev Sund|Sund", "Mira Berg"],
        );
        check("-person:\"Lev Sund\"", &["Ada Obi"], &[], &["Lev Sund", "Ada Obi"]);
        check("person:obi", &["Ada Obi|Obi"], &before, &["Ada Obi|Obi"]);
        check("-country:NO gas", &["Ada Obi"], &before, &["Ada Obi"]);
    }

    #[test]
    fn a_condition_is_found_by_any_name_of_a_person() {
        let query = Query::parse("gas -person:\"Lev Sund\" country:NO", NaiveDate::default()).0;
        let person = FacetKind::Entity(Kind::Person);
        assert_eq!(chip(&query, person, "Sund|Lev Sund"), Some((1, Sign::Excluded)));
        assert_eq!(chip(&query, FacetKind::Entity(Kind::Country), "no"), Some((2, Sign::Required)));
        assert_eq!(chip(&query, person, "Sund"), None);
    }
}
