//! The table of names that are known in advance: countries and their people, places, seats of governments,
//! organisations with their short forms, forenames and surnames.
//!
//! In: the key of a name. Out: what the name can stand for. The table knows nothing of the text around a name: it
//! lists `Georgia` as a country, a place and a surname. It is one hash table, which is part of the program file and
//! read in place. `cargo run --release --features train --bin dateline-train -- gazetteers` builds it;
//! `assets/NOTICE` names its sources.

pub mod abroad;
pub mod body;
pub mod country;
mod key;
mod table;
#[cfg(feature = "train")]
pub mod write;

pub use key::Key;

use crate::annotation::CountryCode;
use table::Table;
pub use table::check;

/// What a name can be. A set of facets is stored as the bits of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Facet {
    /// The name of a country or territory.
    Country = 1,
    /// The name of a country's people, or the adjective of the country.
    People = 1 << 1,
    /// A place that is not a country.
    Place = 1 << 2,
    /// An organisation with this name.
    Org = 1 << 3,
    /// The seat of a government, which is also used as a name for that government.
    Seat = 1 << 4,
    Forename = 1 << 5,
    Surname = 1 << 6,
    /// Longer names start with this one.
    Longer = 1 << 7,
    /// The name counts only if it is written in capitals, as `US` or `WHO`.
    Capitals = 1 << 8,
    /// The name is also a common word, and counts only if the text shows that the name is meant.
    Common = 1 << 9,
    /// The name is in the hand-made list of places, not only in the list of cities.
    Listed = 1 << 10,
    /// A city of 100,000 inhabitants or more.
    Large = 1 << 11,
    /// A forename of men; together with [`Facet::Female`], one of both men and women.
    Male = 1 << 12,
    Female = 1 << 13,
}

/// Identifies an organisation that has several names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrgId(pub u16);

/// What is known about one name.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    facets: u16,
    record: &'static [u8],
}

impl Entry {
    pub fn is(self, facet: Facet) -> bool {
        self.facets & facet as u16 != 0
    }

    /// The countries that the name of a country or people can mean, the likeliest first.
    pub fn countries(self) -> impl Iterator<Item = CountryCode> {
        let (countries, _) = self.lists();
        countries.iter().filter_map(|index| country::at(*index))
    }

    /// The countries in which there is a place of this name, and whether the first one is meant where nothing
    /// else decides.
    pub fn places(self) -> (impl Iterator<Item = CountryCode>, bool) {
        let (_, places) = self.lists();
        let decided = self.record.first().is_some_and(|head| head & table::DECIDED != 0);
        (places.iter().filter_map(|index| country::at(*index)), decided)
    }

    /// The organisation, if the name is one of several names of an organisation.
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

/// What is known about the name with this key.
pub fn get(key: Key) -> Option<Entry> {
    Table::shipped().get(key)
}

/// What is known about `name`, which must be the whole name.
pub fn find(name: &str) -> Option<Entry> {
    get(Key::of(name))
}

/// The entry of the people that `Frenchman` or `Irishwomen` belongs to.
pub fn of_one(word: &str) -> Option<Entry> {
    let ends = ["women", "woman", "men", "man"];
    let people = ends.iter().find_map(|end| word.strip_suffix(end))?;
    // `German` and `Roman` are excluded, because without `man` they do not name a people.
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
