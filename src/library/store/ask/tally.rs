//! Counting the articles of each entity, and the most frequent of each kind.

use crate::library::FACETS;
use crate::library::same::Same;
use crate::library::store::index::names::Class;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Articles by entity, as they are counted.
pub struct Counts {
    /// By an entity's number without its class: how many articles, and its class in the lowest three bits.
    packed: Vec<u32>,
    /// The entities that some article has, while they are a small part of all.
    some: Option<Vec<u32>>,
}

/// A small part is at most one in this many entities.
const SMALL_PART: usize = 8;

impl Counts {
    pub fn new(entities: usize) -> Counts {
        Counts { packed: vec![0; entities], some: Some(Vec::new()) }
    }

    /// How many entities there may be.
    pub fn entities(&self) -> usize {
        self.packed.len()
    }

    pub fn add(&mut self, entity: u32, count: u32) {
        let small = self.packed.len() / SMALL_PART;
        let Some(packed) = self.packed.get_mut((entity >> 3) as usize).filter(|_| count > 0) else { return };
        if *packed == 0 {
            *packed = entity & 7;
            match &mut self.some {
                Some(some) if some.len() < small => some.push(entity),
                _ => self.some = None,
            }
        }
        *packed += count << 3;
    }

    /// Takes `count` away from an entity that has at least one article more.
    pub fn less(&mut self, entity: u32, count: u32) {
        if let Some(packed) = self.packed.get_mut((entity >> 3) as usize)
            && *packed >> 3 > count
        {
            *packed -= count << 3;
        }
    }

    /// How many articles have the entity.
    pub fn of(&self, entity: u32) -> u32 {
        self.packed.get((entity >> 3) as usize).copied().unwrap_or(0) >> 3
    }

    /// Counts entities that are one as the one under which they are shown: an article that has two of them counts twice.
    pub fn join(&mut self, same: &Same) {
        let pairs: Vec<(u32, u32)> = match &self.some {
            Some(some) => {
                let pairs = some.iter().map(|entity| (*entity, same.of(*entity)));
                pairs.filter(|(entity, shown)| entity != shown).collect()
            }
            None => same.pairs().to_vec(),
        };
        for (entity, shown) in pairs {
            let count = self.of(entity);
            if let Some(packed) = self.packed.get_mut((entity >> 3) as usize).filter(|_| count > 0) {
                *packed = 0;
                self.add(shown, count);
            }
        }
    }

    /// Counts an entity that some article has as one article.
    pub fn count_once(&mut self, entity: u32) {
        if let Some(packed) = self.packed.get_mut((entity >> 3) as usize).filter(|packed| **packed >> 3 > 1) {
            *packed = 1 << 3 | (entity & 7);
        }
    }

    /// Calls `visit` with each entity that some article has, and how many have it.
    pub fn each(&self, mut visit: impl FnMut(u32, u32)) {
        let packed = |entity: u32| self.packed.get((entity >> 3) as usize).copied().unwrap_or(0);
        if let Some(some) = &self.some {
            some.iter().for_each(|entity| visit(*entity, packed(*entity) >> 3));
            return;
        }
        for (place, packed) in (0u32..).zip(&self.packed).filter(|(_, packed)| **packed > 0) {
            visit(place << 3 | packed & 7, packed >> 3);
        }
    }

    pub fn finish(&self) -> Counted {
        let mut most: [Most; 8] = std::array::from_fn(|_| Most::new(FACETS));
        let (mut few, mut many) = (vec![0; self.packed.len()], HashMap::new());
        let mut sizes = [0; 8];
        self.each(|entity, count| {
            if count == 0 {
                return;
            }
            if let Some(size) = sizes.get_mut((entity & 7) as usize) {
                *size += 1;
            }
            if let Some(most) = most.get_mut((entity & 7) as usize) {
                most.put(entity, count);
            }
            if let Some(few) = few.get_mut((entity >> 3) as usize) {
                *few = u8::try_from(count).unwrap_or(u8::MAX);
            }
            if count >= u32::from(u8::MAX) {
                many.insert(entity, count);
            }
        });
        Counted { most: most.map(Most::sorted), sizes, few, many }
    }
}

/// How many articles of a result have each entity.
pub struct Counted {
    /// The most frequent of each class, by its number.
    most: [Vec<(u32, u32)>; 8],
    /// How many entities of each class some article has, by its number.
    sizes: [u64; 8],
    /// By an entity's number without its class; the highest number stands for those in `many`.
    few: Vec<u8>,
    many: HashMap<u32, u32>,
}

impl Counted {
    /// How many articles have the entity.
    pub fn of(&self, entity: u32) -> u32 {
        match self.few.get((entity >> 3) as usize).copied().unwrap_or(0) {
            u8::MAX => self.many.get(&entity).copied().unwrap_or(0),
            count => u32::from(count),
        }
    }

    pub fn most(&self, class: Class) -> &[(u32, u32)] {
        self.most.get(class.number() as usize).map_or(&[], Vec::as_slice)
    }

    /// How many entities of the class some article has.
    pub fn size(&self, class: Class) -> u64 {
        self.sizes.get(class.number() as usize).copied().unwrap_or(0)
    }

    /// Whether all entities of the class are among the most frequent.
    pub fn is_whole(&self, class: Class) -> bool {
        self.most(class).len() < FACETS
    }

    /// The `limit` most frequent of these entities.
    pub fn most_among(&self, entities: impl Iterator<Item = u32>, limit: usize) -> Vec<(u32, u32)> {
        let mut most = Most::new(limit);
        for entity in entities {
            let count = self.of(entity);
            if count > 0 {
                most.put(entity, count);
            }
        }
        most.sorted()
    }
}

/// The most frequent of many entities, the lower number first among equals. Holds four times as many as
/// are wanted, so that one comparison is enough to skip most of the others.
struct Most {
    limit: usize,
    kept: Vec<(Reverse<u32>, u32)>,
    last: Option<(Reverse<u32>, u32)>,
}

impl Most {
    fn new(limit: usize) -> Most {
        Most { limit, kept: Vec::new(), last: None }
    }

    fn put(&mut self, entity: u32, count: u32) {
        let entry = (Reverse(count), entity);
        if self.last.is_some_and(|last| entry > last) {
            return;
        }
        self.kept.push(entry);
        if self.kept.len() >= self.limit.max(1).saturating_mul(4) {
            self.prune();
        }
    }

    fn prune(&mut self) {
        if self.kept.len() > self.limit && self.limit > 0 {
            let (_, last, _) = self.kept.select_nth_unstable(self.limit - 1);
            self.last = Some(*last);
        }
        self.kept.truncate(self.limit);
    }

    fn sorted(mut self) -> Vec<(u32, u32)> {
        self.prune();
        self.kept.sort_unstable();
        self.kept.into_iter().map(|(Reverse(count), entity)| (entity, count)).collect()
    }
}
