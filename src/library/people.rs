//! The people of a result, each once, however the articles name them.
//!
//! In: which entities the articles of a result name, with counts. Out: facets, by the rule of `analysis::same`, which
//! is laid over the most frequent names of the result. For both engines. Must not know how sets are kept.

use super::Error;
use crate::analysis::same::{Bearer, group};
use crate::listing::Facet;
use crate::query::edit::person_value;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

/// How many names of a result are looked at, the most frequent first; rarer ones stay alone. Names as frequent as the
/// last that finds room are left out with it where not all of them do: which came first must not matter.
pub const JOINED: usize = 1_000;

/// A person's name in a result.
#[derive(Clone, Debug)]
pub struct Named {
    pub entity: u32,
    pub name: String,
    /// Articles of the result; at least one.
    pub count: u64,
}

/// What joining asks of an engine.
pub trait Result {
    /// The articles of the result that mention the entity.
    fn mentioning(&self, entity: u32) -> std::result::Result<RoaringBitmap, Error>;

    /// Days since 1970 of the first and the last of some articles; none of no articles.
    fn days(&self, articles: &RoaringBitmap) -> std::result::Result<Option<(i32, i32)>, Error>;
}

/// Those among the most frequent that are looked at: `counted` is descending by count, one more than [`JOINED`] where
/// there are as many.
pub fn looked_at(mut counted: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    if let Some((_, last)) = counted.get(JOINED).copied() {
        counted.retain(|(_, count)| *count > last);
    }
    counted
}

/// The persons whose names are `named`: those with a name that `fits`, each with its exact count.
pub fn joined(
    named: &[Named],
    result: &dyn Result,
    fits: impl Fn(u32) -> bool,
) -> std::result::Result<Vec<Facet>, Error> {
    let mut bearers: Vec<Bearer<'_>> =
        named.iter().map(|named| Bearer { name: &named.name, articles: named.count, days: (0, 0) }).collect();
    // Days matter to bare names alone, and to what they could be short for.
    let mut sets: BTreeMap<usize, RoaringBitmap> = BTreeMap::new();
    for place in crate::analysis::same::in_doubt(&bearers) {
        let Some((named, bearer)) = named.get(place).zip(bearers.get_mut(place)) else { continue };
        let set = result.mentioning(named.entity)?;
        bearer.days = result.days(&set)?.unwrap_or_default();
        sets.insert(place, set);
    }
    let mut persons: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, shown) in group(&bearers).into_iter().enumerate() {
        persons.entry(shown).or_default().push(place);
    }
    let mut facets = Vec::new();
    for (shown, members) in persons {
        let members: Vec<(usize, &Named)> =
            members.into_iter().filter_map(|place| Some((place, named.get(place)?))).collect();
        if !members.iter().any(|(_, named)| fits(named.entity)) {
            continue;
        }
        let Some(first) = named.get(shown) else { continue };
        let count = match members.len() {
            1 => first.count,
            _ => {
                let mut all = RoaringBitmap::new();
                for (place, named) in &members {
                    match sets.get(place) {
                        Some(set) => all |= set,
                        None => all |= result.mentioning(named.entity)?,
                    }
                }
                all.len()
            }
        };
        let mut others: Vec<&str> = members
            .iter()
            .filter(|(place, _)| *place != shown)
            .map(|(_, named)| named.name.as_str())
            .collect();
        others.sort_unstable();
        let value = person_value(&first.name, &others);
        facets.push(Facet { name: first.name.clone(), value, count });
    }
    Ok(facets)
}

/// The persons of a result: `joined`, and of the others the most frequent that are not among `named`; at most `limit`.
pub fn ranked(joined: Vec<Facet>, others: Vec<Facet>, limit: usize) -> Vec<Facet> {
    let mut facets = joined;
    facets.extend(others);
    facets.sort_by(|a, b| (Reverse(a.count), &a.name).cmp(&(Reverse(b.count), &b.name)));
    facets.truncate(limit);
    facets
}

/// The entities of names, to leave them out of the others.
pub fn entities(named: &[Named]) -> HashSet<u32> {
    named.iter().map(|named| named.entity).collect()
}

#[cfg(test)]
mod tests {
    use super::{JOINED, looked_at};

    #[test]
    fn names_as_frequent_as_the_last_go_together() {
        let few = vec![(8, 2), (16, 1), (24, 1)];
        assert_eq!(looked_at(few.clone()), few);
        let frequent = JOINED as u32 - 1;
        let mut many: Vec<(u32, u32)> = (0..frequent).map(|entity| (entity, 5)).collect();
        many.extend([(frequent, 4), (frequent + 1, 4)]);
        assert_eq!(looked_at(many).len(), frequent as usize);
    }
}
