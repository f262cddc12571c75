//! The table of names that are known beforehand: countries and their people, places, seats of governments,
//! organisations with their short forms, forenames and surnames.
//!
//! In: the key of a name. Out: what the name can stand for. Knows nothing of the text around it: `Georgia` is a
//! country, a place and a surname here. One hash table in the program's own image, built by
//! `cargo run --release --features train --bin dateline-train -- gazetteers` and read in place; its sources are
//! named in `assets/NOTICE`.

pub mod country;
mod key;
mod table;
#[cfg(feature = "train")]
pub mod write;

pub use key::Key;
pub use table::{Damage, check};

use crate::annotation::CountryCode;
use table::Table;

/// What a name can be. Sets of these are kept as the bits of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Facet {
    /// The name of a country or territory.
    Country = 1,
    /// Its people, or their adjective.
    People = 1 << 1,
    /// A place that is no country.
    Place = 1 << 2,
    /// An organisation that is known by this name.
    Org = 1 << 3,
    /// The seat of a government, used for it.
    Seat = 1 << 4,
    Forename = 1 << 5,
    Surname = 1 << 6,
    /// Longer names open with this one.
    Longer = 1 << 7,
    /// Counts only where it is written in capitals: `US`, `WHO`.
    Capitals = 1 << 8,
    /// Also a common word: counts only where the text says that the name is meant.
    Common = 1 << 9,
    /// From the hand-made list of places, not only from the list of cities.
    Listed = 1 << 10,
    /// A city of 100,000 people or more.
    Large = 1 << 11,
    /// A forename of men; with [`Facet::Female`] of both.
    Male = 1 << 12,
    Female = 1 << 13,
}

/// The number of an organisation with several names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrgId(pub u16);

/// What is known of one name.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    facets: u16,
    record: &'static [u8],
}

impl Entry {
    pub fn is(self, facet: Facet) -> bool {
        self.facets & facet as u16 != 0
    }

    /// The countries that the name or the people can be, the likeliest first.
    pub fn countries(self) -> impl Iterator<Item = CountryCode> {
        let (countries, _) = self.lists();
        countries.iter().filter_map(|index| country::at(*index))
    }

    /// The countries in which a place of this name lies, and whether the first is meant where nothing decides.
    pub fn places(self) -> (impl Iterator<Item = CountryCode>, bool) {
        let (_, places) = self.lists();
        let decided = self.record.first().is_some_and(|head| head & table::DECIDED != 0);
        (places.iter().filter_map(|index| country::at(*index)), decided)
    }

    /// The organisation, where the name is one of several of it.
    pub fn org(self) -> Option<OrgId> {
        let head = *self.record.first()?;
        let end = self.record.len();
        (head & table::HAS_ORG != 0 && end >= 2)
            .then(|| OrgId(u16::from_le_bytes([self.record[end - 2], self.record[end - 1]])))
    }

    fn lists(self) -> (&'static [u8], &'static [u8]) {
        let head = self.record.first().map_or(0, |head| usize::from(*head));
        let (countries, places) = (head & 0b111, (head >> 3) & 0b111);
        let countries_end = (1 + countries).min(self.record.len());
        let places_end = (countries_end + places).min(self.record.len());
        (self.record.get(1..countries_end).unwrap_or(&[]), &self.record[countries_end..places_end])
    }
}

/// What is known of the name with this key.
pub fn get(key: Key) -> Option<Entry> {
    Table::shipped().get(key)
}

/// What is known of `name`, written in one piece.
pub fn find(name: &str) -> Option<Entry> {
    get(Key::of(name))
}

/// The people that `Frenchman` and `Irishwomen` are of.
pub fn of_one(word: &str) -> Option<Entry> {
    let ends = ["women", "woman", "men", "man"];
    let people = ends.iter().find_map(|end| word.strip_suffix(end))?;
    // Not `German`, `Roman`: what is left of them is no people.
    matches!(people, "French" | "English" | "Irish" | "Dutch").then(|| find(people)).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Facet, check, find};

    fn countries(name: &str) -> Vec<String> {
        find(name).map_or(Vec::new(), |entry| entry.countries().map(|code| code.to_string()).collect())
    }

    fn places(name: &str) -> Vec<String> {
        find(name).map_or(Vec::new(), |entry| entry.places().0.map(|code| code.to_string()).collect())
    }

    #[test]
    fn the_shipped_table_is_sound() {
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn names_of_countries_are_found() {
        assert_eq!(countries("U.S."), ["US"]);
        assert_eq!(countries("Türkiye"), ["TR"]);
        assert_eq!(countries("Congolese"), ["CD", "CG"]);
        assert_eq!(countries("Guinea Bissau"), ["GW"]);
        assert!(find("US").is_some_and(|entry| entry.is(Facet::Capitals)));
        assert!(find("Utter nonsense").is_none());
    }

    #[test]
    fn places_know_their_countries() {
        assert_eq!(places("Geneva"), ["CH", "US"]);
        assert_eq!(places("South Ossetia"), ["GE"]);
        assert!(places("Kashmir").is_empty());
        assert_eq!(places("Lincoln")[..2], ["US", "GB"]);
        assert!(find("New").is_some_and(|entry| entry.is(Facet::Longer)));
    }

    #[test]
    fn short_forms_are_the_same_organisation() {
        let org = |name: &str| find(name).and_then(super::Entry::org);
        assert_eq!(org("NATO"), org("North Atlantic Treaty Organization"));
        assert!(org("NATO").is_some());
        assert_ne!(org("NATO"), org("UN"));
    }
}
