//! The people of a result, each once, however the articles name them.
//!
//! In: which entities the articles of a result name, with counts. Out: facets, by the rule of `analysis::same`, which
//! is laid over the most frequent names of the result. For both engines. Must not know how sets are kept.

use super::Error;
use crate::listing::Facet;
use crate::persons::{Apart, Bearer, group};
use crate::query::edit::person_value;
use crate::text::fold;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How many names of a result are looked at, the most frequent first, and all for which a bare one of them could be
/// short; rarer ones stay alone. Names as frequent as the
/// last that finds room are left out with it where not all of them do: which came first must not matter.
pub const JOINED: usize = 500;

/// Up to how many bearers of its word a bare name is weighed against; with more it stays alone, however far they are
/// apart. Weighed against all of them, the thousand most
/// frequent names of 650,000 articles took half a second.
pub const CROWD: usize = 4;

/// The names to join.
pub struct Crowd {
    pub named: Vec<Named>,
    /// Bare names that stay alone.
    crowded: HashSet<u32>,
}

/// A person's name in a result.
#[derive(Clone, Debug)]
pub struct Named {
    pub entity: u32,
    pub name: String,
    /// Articles of the result; at least one.
    pub count: u64,
}

/// What joining asks of an engine.
pub trait Asked {
    /// The articles of the result that mention the entity.
    fn mentioning(&self, entity: u32) -> Result<RoaringBitmap, Error>;

    /// The persons of the result with this folded word in a name, as whole words go.
    fn bearing(&self, word: &str) -> Result<Vec<Named>, Error>;

    /// The names that a person said are not one.
    fn apart(&self) -> Result<Apart, Error>;

    /// Days since 1970 of the first and the last of some articles; none of no articles.
    fn days(&self, articles: &RoaringBitmap) -> Result<Option<(i32, i32)>, Error>;
}

/// Those among the most frequent that are looked at: `counted` is descending by count, one more than [`JOINED`] where
/// there are as many.
pub fn looked_at(mut counted: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    if let Some((_, last)) = counted.get(JOINED).copied() {
        counted.retain(|(_, count)| *count > last);
    }
    counted
}

/// `named` with all, however rare, for which its bare names could be short. Those of more than [`CROWD`] bearers are
/// given as crowded.
pub fn with_bearers(mut named: Vec<Named>, result: &dyn Asked) -> Result<Crowd, Error> {
    let mut seen = entities(&named);
    let bare: BTreeSet<(String, u32)> =
        named.iter().filter_map(|named| Some((bare(&named.name)?, named.entity))).collect();
    let mut crowded = HashSet::new();
    for (word, entity) in bare {
        let bearers = result.bearing(&word)?;
        if bearers.len() > CROWD {
            crowded.insert(entity);
        } else {
            named.extend(bearers.into_iter().filter(|named| seen.insert(named.entity)));
        }
    }
    Ok(Crowd { named, crowded })
}

/// The one word of a bare name, folded.
fn bare(name: &str) -> Option<String> {
    let [word] = <[String; 1]>::try_from(fold::words(name)).ok()?;
    Some(word)
}

/// The persons of these names: those with a name that `fits`, each with its exact count.
pub fn joined(crowd: &Crowd, result: &dyn Asked, fits: impl Fn(u32) -> bool) -> Result<Vec<Facet>, Error> {
    // Those of a crowd take no part.
    let (apart, named): (Vec<&Named>, Vec<&Named>) =
        crowd.named.iter().partition(|named| crowd.crowded.contains(&named.entity));
    let alone = apart.into_iter().filter(|named| fits(named.entity)).map(|named| Facet {
        name: named.name.clone(),
        value: named.name.clone(),
        count: named.count,
    });
    let mut facets: Vec<Facet> = alone.collect();
    let mut bearers: Vec<Bearer<'_>> =
        named.iter().map(|named| Bearer { name: &named.name, articles: named.count, days: (0, 0) }).collect();
    // Days matter to bare names alone, and to what they could be short for.
    let mut sets: BTreeMap<usize, RoaringBitmap> = BTreeMap::new();
    for place in crate::persons::in_doubt(&bearers) {
        let Some((named, bearer)) = named.get(place).zip(bearers.get_mut(place)) else { continue };
        let set = result.mentioning(named.entity)?;
        bearer.days = result.days(&set)?.unwrap_or_default();
        sets.insert(place, set);
    }
    let mut persons: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, shown) in group(&bearers, &result.apart()?).into_iter().enumerate() {
        persons.entry(shown).or_default().push(place);
    }
    for (shown, members) in persons {
        let members: Vec<(usize, &Named)> =
            members.into_iter().filter_map(|place| Some((place, *named.get(place)?))).collect();
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
