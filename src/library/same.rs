//! Which entities of a library are one: the persons and bodies that articles name in several ways.
//!
//! In: the entities of a library with their names and how many articles each has. Out: for each entity the one under which
//! it is shown. The rules are those of `persons`; one more looks at all kinds of names: a bare name that no full name is known
//! for, and that as many articles or more have as a place or a body, is that. Every back end uses this, for counts and for what a query means alike, and
//! computes it for all of its articles, so that it is the same in each result. Must not know how sets are stored.

use crate::annotation::Kind;
use crate::persons::{Apart, Bearer, bodies, group, is_bare};
use crate::text::fold;
use std::collections::HashMap;

/// One entity of a library.
#[derive(Clone, Debug)]
pub struct Known {
    pub entity: u32,
    pub kind: Kind,
    pub name: String,
    /// Articles that have it; at least one.
    pub articles: u32,
}

/// Who is who. Entities that are shown under no other one are not listed, which are most of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Same {
    /// Entities with the one under which each is shown, ascending.
    shown: Vec<(u32, u32)>,
    /// The same the other way round, ascending.
    members: Vec<(u32, u32)>,
    /// Those of which nobody can tell whether two articles mean the same one, ascending.
    vague: Vec<u32>,
}

impl Same {
    /// Joins the entities of a library. `short_for` has pairs of a short form of a body and an entity that articles write
    /// it for; names that are held `apart` are never one. Near-linear in the number of entities.
    pub fn new(known: &[Known], short_for: &[(u32, u32)], apart: &Apart) -> Same {
        let mut shown = Vec::new();
        let mut vague = Vec::new();
        let of = |kind: Kind| known.iter().filter(move |known| known.kind == kind);
        let people: Vec<&Known> = of(Kind::Person).collect();
        let bearers: Vec<Bearer<'_>> = people
            .iter()
            .map(|known| Bearer { name: &known.name, articles: u64::from(known.articles) })
            .collect();
        let grouped = group(&bearers, apart);
        shown.extend(pairs(&people, &grouped.shown));
        vague.extend(grouped.vague.iter().filter_map(|index| Some(people.get(*index)?.entity)));
        let orgs: Vec<&Known> = of(Kind::Org).collect();
        let names: Vec<(&str, u64)> =
            orgs.iter().map(|known| (known.name.as_str(), u64::from(known.articles))).collect();
        let places: HashMap<u32, usize> =
            orgs.iter().enumerate().map(|(place, known)| (known.entity, place)).collect();
        let short_for: Vec<(usize, usize)> = short_for
            .iter()
            .filter_map(|(short, long)| Some((*places.get(short)?, *places.get(long)?)))
            .collect();
        shown.extend(pairs(&orgs, &bodies::group(&names, &short_for, apart)));
        let nobody = nobody(known, &people, &grouped.shown, apart);
        let bodies: HashMap<u32, u32> = shown.iter().copied().collect();
        for (entity, other) in nobody {
            shown.push((entity, bodies.get(&other).copied().unwrap_or(other)));
            vague.retain(|vague| *vague != entity);
        }
        Same::of_pairs(shown, vague)
    }

    /// Of entities with the one under which each is shown, and those that are vague.
    pub fn of_pairs(mut shown: Vec<(u32, u32)>, mut vague: Vec<u32>) -> Same {
        shown.sort_unstable();
        vague.sort_unstable();
        let mut members: Vec<(u32, u32)> = shown.iter().map(|(entity, shown)| (*shown, *entity)).collect();
        members.sort_unstable();
        Same { shown, members, vague }
    }

    /// The entity under which an entity is shown.
    pub fn of(&self, entity: u32) -> u32 {
        let place = self.shown.binary_search_by_key(&entity, |(entity, _)| *entity);
        place.ok().and_then(|place| self.shown.get(place)).map_or(entity, |(_, shown)| *shown)
    }

    /// All entities that are shown under this one, itself among them.
    pub fn members(&self, shown: u32) -> impl Iterator<Item = u32> {
        let from = self.members.partition_point(|(of, _)| *of < shown);
        let rest = self.members.get(from..).unwrap_or_default().iter();
        [shown].into_iter().chain(rest.take_while(move |(of, _)| *of == shown).map(|(_, member)| *member))
    }

    /// Entities with the one under which each is shown, ascending: those that are shown under another one.
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.shown
    }

    /// Those of which nobody can tell whether two articles mean the same one, ascending. Each counts as one article.
    pub fn vague(&self) -> &[u32] {
        &self.vague
    }
}

/// The persons that are none, each with the place or the body that it is.
fn nobody(known: &[Known], people: &[&Known], shown: &[usize], apart: &Apart) -> Vec<(u32, u32)> {
    let mut names = vec![0u32; people.len()];
    shown.iter().for_each(|shown| names[*shown] += 1);
    let alone = |place: usize| shown.get(place) == Some(&place) && names.get(place) == Some(&1);
    let bare: HashMap<String, &Known> = people
        .iter()
        .enumerate()
        .filter(|(place, person)| alone(*place) && is_bare(&person.name) && !apart.is_told(&person.name))
        .map(|(_, person)| (key(&person.name), *person))
        .collect();
    let mut found: HashMap<u32, &Known> = HashMap::new();
    for other in known.iter().filter(|known| matches!(known.kind, Kind::Org | Kind::Place)) {
        if let Some(person) = bare.get(&key(&other.name)).filter(|person| other.articles >= person.articles) {
            let best = found.entry(person.entity).or_insert(other);
            if (other.articles, best.kind) > (best.articles, other.kind) {
                *best = other;
            }
        }
    }
    found.into_iter().map(|(entity, other)| (entity, other.entity)).collect()
}

/// What names of different kinds are compared by.
fn key(name: &str) -> String {
    fold::words(name).join(" ")
}

fn pairs(known: &[&Known], shown: &[usize]) -> Vec<(u32, u32)> {
    let places = shown.iter().enumerate().filter(|(index, shown)| index != *shown);
    places.filter_map(|(index, shown)| Some((known.get(index)?.entity, known.get(*shown)?.entity))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Known, Same};
    use crate::annotation::Kind;
    use crate::corrections::Corrections;
    use crate::persons::Apart;

    #[test]
    fn a_bare_name_that_is_a_place_elsewhere_is_nobody() {
        let known =
            |entity, kind, name: &str, articles| Known { entity, kind, name: name.to_owned(), articles };
        let all = [
            known(1, Kind::Person, "Norvale", 2),
            known(2, Kind::Place, "Norvale", 3),
            known(3, Kind::Person, "Tarven", 4),
            known(4, Kind::Org, "TARVEN", 3),
            known(5, Kind::Person, "Ada Harbour", 1),
            known(6, Kind::Place, "Ada Harbour", 9),
        ];
        assert_eq!(Same::new(&all, &[], &Apart::default()).pairs(), [(1, 2)]);
        let (corrections, _) = Corrections::read("Norvale = { is = \"person\" }");
        assert_eq!(Same::new(&all, &[], &Apart::new(&corrections)).pairs(), []);
    }

    #[test]
    fn members_and_shown_agree() {
        let same = Same::of_pairs(vec![(9, 4), (3, 4), (8, 2)], vec![7]);
        assert_eq!((same.of(9), same.of(3), same.of(4), same.of(5)), (4, 4, 4, 5));
        assert_eq!(same.members(4).collect::<Vec<_>>(), [4, 3, 9]);
        assert_eq!(same.members(5).collect::<Vec<_>>(), [5]);
        assert_eq!(same.vague(), [7]);
    }
}
