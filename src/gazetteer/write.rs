//! Builds the table of names. Only compiled with the feature `train`; it is not part of the program.

use super::table::{DECIDED, HAS_ORG, HEADER, MAGIC, MOST, SLOT, VERSION, checksum};
use super::{Facet, Key, OrgId};
use std::collections::BTreeMap;

/// What is known about one name while the table is built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    pub facets: u16,
    /// Indexes into the table of countries, the likeliest first.
    pub countries: Vec<u8>,
    pub places: Vec<u8>,
    /// Whether the first of `places` is meant where nothing else decides.
    pub decided: bool,
    pub org: Option<OrgId>,
}

impl Name {
    pub fn set(&mut self, facet: Facet) {
        self.facets |= facet as u16;
    }

    fn record(&self) -> Vec<u8> {
        let countries = &self.countries[..self.countries.len().min(MOST)];
        let places = &self.places[..self.places.len().min(MOST)];
        let mut head = countries.len() as u8 | (places.len() as u8) << 3;
        if self.decided {
            head |= DECIDED;
        }
        if self.org.is_some() {
            head |= HAS_ORG;
        }
        let mut record = vec![head];
        record.extend(countries);
        record.extend(places);
        record.extend(self.org.iter().flat_map(|org| org.0.to_le_bytes()));
        record
    }
}

/// The words of a name as [`Key`] separates them, so that the beginnings of a long name can be marked.
pub fn words(name: &str) -> Vec<String> {
    let folded = crate::text::fold::fold(name).replace(['.', '\'', '’', '‘', 'ʻ', 'ʼ'], "");
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Builds the table of `names`, whose keys are the [`words`] of each name, joined by spaces.
pub fn table(names: &BTreeMap<String, Name>) -> Vec<u8> {
    // Three quarters of the slots are used.
    let slots = names.len() * 4 / 3 + 1;
    let mut records: BTreeMap<Vec<u8>, u16> = BTreeMap::new();
    for name in names.values() {
        let next = records.len() as u16;
        records.entry(name.record()).or_insert(next);
    }
    let mut filled = vec![[0u8; SLOT]; slots];
    for (name, known) in names {
        let (mut slot, check) = Key::of(name).place(slots);
        while filled[slot] != [0; SLOT] {
            assert!(filled[slot][..4] != check.to_le_bytes(), "two names share a key: {name}");
            slot = (slot + 1) % slots;
        }
        filled[slot][..4].copy_from_slice(&check.to_le_bytes());
        filled[slot][4..6].copy_from_slice(&records[&known.record()].to_le_bytes());
        filled[slot][6..].copy_from_slice(&known.facets.to_le_bytes());
    }
    let mut in_order: Vec<(&Vec<u8>, &u16)> = records.iter().collect();
    in_order.sort_by_key(|(_, number)| **number);
    let mut rest = Vec::new();
    let mut offset = 0u32;
    rest.extend(offset.to_le_bytes());
    for (record, _) in &in_order {
        offset += record.len() as u32;
        rest.extend(offset.to_le_bytes());
    }
    rest.extend(filled.iter().flatten());
    rest.extend(in_order.iter().flat_map(|(record, _)| record.iter()));
    let mut bytes = Vec::with_capacity(HEADER + rest.len());
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((records.len() as u16).to_le_bytes());
    bytes.extend((slots as u32).to_le_bytes());
    bytes.extend(checksum(&rest).to_le_bytes());
    bytes.extend(rest);
    bytes
}
