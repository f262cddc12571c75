//! The people of a result, each listed once, however the articles name them.
//!
//! The entities that the articles of a result name go in, with counts; facets come out. The rule of `persons` is
//! applied to the most frequent names of the result. Every back end uses this. Must not know how sets are stored.

use super::Error;
use crate::listing::Facet;
use crate::persons::{Apart, Bearer, group};
use crate::query::edit::person_value;
use crate::text::fold;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How many names of a result are joined, the most frequent first, with all names for which a bare one among them
/// could be short. Rarer names stay alone. If not all names of the same frequency fit, none of them is joined: the
/// order in which they were stored must not matter.
pub const JOINED: usize = 500;

/// The most bearers of its word that a bare name is compared with; with more bearers it stays alone. Comparing the
/// thousand most frequent names of 650,000 articles with all bearers took half a second.
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

/// What joining asks of a back end.
pub trait Asked {
    /// The articles of the result that mention the entity.
    fn mentioning(&self, entity: u32) -> Result<RoaringBitmap, Error>;

    /// How many rows of the result these articles of it have: their stories, where copies are folded.
    fn rows(&self, articles: &RoaringBitmap) -> Result<u64, Error>;

    /// The persons of the result with this folded word in a name, as a whole word.
    fn bearing(&self, word: &str) -> Result<Vec<Named>, Error>;

    /// The names that the person keeps apart.
    fn apart(&self) -> Result<Apart, Error>;

    /// Days since 1970 of the first and the last of some articles; `None` if there are none.
    fn days(&self, articles: &RoaringBitmap) -> Result<Option<(i32, i32)>, Error>;
}

/// Those among the most frequent names that are joined: `counted` is descending by count, and has one name more than [`JOINED`] if
/// there are that many.
pub fn looked_at(mut counted: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    if let Some((_, last)) = counted.get(JOINED).copied() {
        counted.retain(|(_, count)| *count > last);
    }
    counted
}

/// `named` with all, however rare, for which its bare names could be short. Bare names with more than [`CROWD`] bearers
/// are marked as crowded.
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
    // Crowded names take no part.
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
    // Days only matter for bare names, and for the names that they could be short for.
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
                result.rows(&all)?
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

/// The entities of these names, so that they can be left out of the others.
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
