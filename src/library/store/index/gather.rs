//! Turns the keys of each article into the articles of each key.
//!
//! It needs only a few allocations however many keys there are, since it runs for every article that comes in.
//! Must not know what the keys mean.

use std::collections::HashMap;

/// Sets of places in ascending order of their keys; each set is ascending and has no duplicates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyedSets {
    keys: Vec<u8>,
    places: Vec<u16>,
    /// Where each key and its places end.
    ends: Vec<(u32, u32)>,
}

impl KeyedSets {
    /// A single set.
    pub fn one(key: &[u8], places: Vec<u16>) -> KeyedSets {
        KeyedSets { keys: key.to_vec(), ends: vec![(key.len() as u32, places.len() as u32)], places }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u16])> {
        let starts = std::iter::once((0, 0)).chain(self.ends.iter().copied());
        std::iter::zip(starts, &self.ends).filter_map(|((key, place), (key_end, end))| {
            let key = self.keys.get(key as usize..*key_end as usize)?;
            Some((key, self.places.get(place as usize..*end as usize)?))
        })
    }

    /// The places of one key; empty if no article has it. O(n) in the number of keys.
    pub fn find(&self, key: &[u8]) -> &[u16] {
        self.iter().find(|(there, _)| *there == key).map(|(_, places)| places).unwrap_or_default()
    }
}

/// A key and how many articles have it.
struct Gathered<'a> {
    key: &'a [u8],
    count: u32,
    /// The last article that has it, counted from 1.
    last: u32,
}

/// Gathers the keys of each article in turn; an article may have a key more than once.
pub fn gather<'a, K: Iterator<Item = &'a [u8]>>(articles: impl Iterator<Item = K>) -> KeyedSets {
    let mut numbers: HashMap<&[u8], u32, foldhash::fast::RandomState> = HashMap::default();
    let mut gathered: Vec<Gathered<'a>> = Vec::new();
    // The keys of all articles by number, and where those of each article end.
    let mut given: Vec<u32> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    for (article, keys) in (1u32..).zip(articles) {
        for key in keys {
            let number = *numbers.entry(key).or_insert_with(|| {
                gathered.push(Gathered { key, count: 0, last: 0 });
                gathered.len() as u32 - 1
            });
            if let Some(of) = gathered.get_mut(number as usize).filter(|of| of.last != article) {
                of.last = article;
                of.count += 1;
                given.push(number);
            }
        }
        ends.push(given.len());
    }
    // Most keys differ in their first eight bytes.
    let mut order: Vec<(u64, u32)> =
        (0u32..).zip(&gathered).map(|(number, of)| (first_bytes(of.key), number)).collect();
    let key = |number: u32| gathered.get(number as usize).map(|of| of.key);
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| key(a.1).cmp(&key(b.1))));

    let mut sets = KeyedSets { places: vec![0; given.len()], ..KeyedSets::default() };
    let mut next: Vec<u32> = vec![0; gathered.len()];
    let mut end = 0;
    for (_, number) in order {
        let (Some(of), Some(next)) = (gathered.get(number as usize), next.get_mut(number as usize)) else {
            continue;
        };
        *next = end;
        end += of.count;
        sets.keys.extend_from_slice(of.key);
        sets.ends.push((sets.keys.len() as u32, end));
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    for (place, (start, end)) in (0..=u16::MAX).zip(std::iter::zip(starts, &ends)) {
        for number in given.get(start..*end).unwrap_or_default() {
            if let Some(next) = next.get_mut(*number as usize) {
                if let Some(to) = sets.places.get_mut(*next as usize) {
                    *to = place;
                }
                *next += 1;
            }
        }
    }
    sets
}

/// The first eight bytes as a number that sorts as they do; a shorter key is padded with zeros.
fn first_bytes(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(key) {
        *to = *from;
    }
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_key_has_its_articles(
            articles in proptest::collection::vec(proptest::collection::vec("[ab]{0,9}", 0..12), 0..30)
        ) {
            let mut expected: BTreeMap<&[u8], BTreeSet<u16>> = BTreeMap::new();
            for (place, keys) in (0..).zip(&articles) {
                keys.iter().for_each(|key| _ = expected.entry(key.as_bytes()).or_default().insert(place));
            }
            let found = gather(articles.iter().map(|keys| keys.iter().map(String::as_bytes)));
            let found: Vec<(&[u8], Vec<u16>)> =
                found.iter().map(|(key, places)| (key, places.to_vec())).collect();
            let expected: Vec<_> =
                expected.into_iter().map(|(key, places)| (key, places.into_iter().collect())).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn one_set_is_found() {
        let sets = KeyedSets::one(b"key", vec![1, 5]);
        assert_eq!((sets.find(b"key"), sets.find(b"other")), ([1, 5].as_slice(), [].as_slice()));
    }
}
