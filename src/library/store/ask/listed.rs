//! The entities of some articles, one list behind the other: a list of its own for each would take longer to make than to read.

/// Articles with the entities that each has.
#[derive(Default)]
pub struct Listed {
    /// The articles, ascending, each with the place behind its last entity.
    ends: Vec<(u32, usize)>,
    entities: Vec<u32>,
}

impl Listed {
    /// Adds an article whose number is higher than those before; `add` adds its entities.
    pub fn push(&mut self, number: u32, add: impl FnOnce(&mut Vec<u32>)) {
        debug_assert!(self.ends.last().is_none_or(|(last, _)| *last < number), "{number} is out of order");
        add(&mut self.entities);
        self.ends.push((number, self.entities.len()));
    }

    /// Adds articles whose numbers are higher than those before.
    pub fn append(&mut self, mut other: Listed) {
        let behind = self.entities.len();
        self.ends.extend(other.ends.into_iter().map(|(number, end)| (number, behind + end)));
        self.entities.append(&mut other.entities);
    }

    /// The entities of an article; none if it is not listed.
    pub fn of(&self, number: u32) -> &[u32] {
        let Ok(place) = self.ends.binary_search_by_key(&number, |(number, _)| *number) else { return &[] };
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
        self.ends.get(place).and_then(|(_, end)| self.entities.get(start..*end)).unwrap_or_default()
    }

    /// The entities of all of them.
    pub fn entities(&self) -> &[u32] {
        &self.entities
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn listed(lists: &[(u32, &[u32])]) -> Listed {
        let mut listed = Listed::default();
        for (number, entities) in lists {
            listed.push(*number, |all| all.extend(*entities));
        }
        listed
    }

    #[test]
    fn lists_that_were_gathered_apart_are_found_together() {
        let parts: [&[(u32, &[u32])]; 4] =
            [&[], &[(1, &[8, 16]), (4, &[])], &[(5, &[8]), (9, &[24])], &[(12, &[32]), (17, &[8])]];
        let mut all = Listed::default();
        parts.iter().for_each(|part| all.append(listed(part)));
        for (number, entities) in parts.iter().flat_map(|part| part.iter()) {
            assert_eq!(all.of(*number), *entities);
        }
        assert!(all.of(3).is_empty() && all.of(20).is_empty());
    }
}
