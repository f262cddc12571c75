//! Which body a common noun stands for: `the ministry`, `the company`, `the club`.
//!
//! In: a phrase with its noun. Out: the body of the article that bears the noun, is described by it, or is of the sort
//! that the noun means; else nothing: a club is never a federation. Must not know verbs of saying.

use super::{Cast, Named, Place, Position, REACH, Role, Who};
use crate::analysis::quote::lexicon::Traits;
use crate::analysis::quote::phrase::{Phrase, Reader};
use crate::analysis::quote::units::{Case, Kind};
use crate::annotation;
use crate::annotation::EntityIndex;

/// What sort of body a noun means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// A firm of any trade.
    Firm,
    Club,
    Union,
    Party,
    /// A body of a state, and what watches over a trade.
    Public,
    /// `the group`, `the charity`: anything but a body of a state.
    Group,
}

impl Sort {
    fn of(noun: &str) -> Option<Sort> {
        Some(match noun.to_ascii_lowercase().as_str() {
            "company" | "firm" | "carmaker" | "automaker" | "airline" | "retailer" | "manufacturer"
            | "maker" | "giant" | "startup" | "carrier" | "broadcaster" | "newspaper" | "bank" | "lender"
            | "insurer" | "developer" | "operator" | "brand" | "publisher" | "supplier" | "business"
            | "corporation" | "miner" | "brewer" | "supermarket" | "utility" => Sort::Firm,
            "club" | "team" | "side" => Sort::Club,
            "union" => Sort::Union,
            "party" => Sort::Party,
            "agency" | "watchdog" | "regulator" | "authority" | "body" => Sort::Public,
            "group" | "organization" | "organisation" | "charity" | "foundation" | "association" | "ngo"
            | "nonprofit" | "network" | "campaign" => Sort::Group,
            _ => return None,
        })
    }

    /// Whether a body of this name can be of the sort.
    fn admits(self, name: &str) -> bool {
        let has = |words: &[&str]| {
            name.split([' ', '-', '.']).any(|part| words.iter().any(|word| word.eq_ignore_ascii_case(part)))
        };
        let state = has(&STATE) || STATE_SHORT.contains(&name);
        let joined = has(&JOINED);
        let acronym = name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'.');
        match self {
            Sort::Firm => {
                !state && (!joined || has(&["co", "corp", "inc", "ltd", "plc", "group", "holdings"]))
            }
            Sort::Club => !state && !joined,
            Sort::Union => {
                !STATE_SHORT.contains(&name)
                    && (acronym
                        || has(&["union", "unite", "unison", "workers", "teachers", "nurses", "brotherhood"]))
            }
            Sort::Party => {
                !state
                    && (acronym
                        || joined
                        || has(&["labour", "conservatives", "greens", "democrats", "republicans"]))
            }
            Sort::Public => state || acronym || joined || name.starts_with("Of"),
            Sort::Group => !state && !has(&["university", "school", "college", "hospital"]),
        }
    }
}

/// Words in the names of bodies of a state.
const STATE: [&str; 36] = [
    "ministry",
    "department",
    "agency",
    "commission",
    "authority",
    "council",
    "court",
    "police",
    "parliament",
    "senate",
    "congress",
    "assembly",
    "government",
    "office",
    "bureau",
    "army",
    "navy",
    "force",
    "forces",
    "tribunal",
    "committee",
    "administration",
    "secretariat",
    "treasury",
    "house",
    "street",
    "embassy",
    "guard",
    "command",
    "inspectorate",
    "constabulary",
    "directorate",
    "cabinet",
    "pentagon",
    "kremlin",
    "nations",
];

/// Bodies of states that everybody knows by these names.
const STATE_SHORT: [&str; 22] = [
    "UN",
    "EU",
    "NATO",
    "WHO",
    "IMF",
    "WTO",
    "ILO",
    "ICC",
    "ECB",
    "FBI",
    "CIA",
    "IAEA",
    "OPEC",
    "ECOWAS",
    "FIFA",
    "UEFA",
    "UNICEF",
    "UNESCO",
    "UNHCR",
    "European Union",
    "African Union",
    "World Bank",
];

/// Words in the names of what people join.
const JOINED: [&str; 24] = [
    "association",
    "federation",
    "union",
    "confederation",
    "league",
    "society",
    "institute",
    "university",
    "college",
    "school",
    "hospital",
    "church",
    "foundation",
    "party",
    "front",
    "movement",
    "alliance",
    "coalition",
    "academy",
    "museum",
    "fund",
    "forum",
    "centre",
    "center",
];

impl Cast<'_> {
    /// The body of the article that the phrase means.
    pub(super) fn by_body(
        &self,
        reader: Reader<'_>,
        phrase: &Phrase,
        noun: usize,
        known_body: bool,
        place: Place,
    ) -> Option<EntityIndex> {
        let word = reader.row.word(noun);
        let end =
            self.names.partition_point(|named| place == Place::Title || named.unit < phrase.units.start);
        let before = || {
            self.names[..end]
                .iter()
                .rev()
                .take(REACH)
                .filter(|named| self.kind(named.entity) == Some(annotation::Kind::Org))
        };
        let modifiers = phrase.units.start..noun;
        let bears =
            |name: &str, word: &str| name.split([' ', '-']).any(|part| part.eq_ignore_ascii_case(word));
        let matching = before().find(|named| {
            let name = self.body_name(named.entity);
            bears(name, word)
                && modifiers.clone().all(|unit| {
                    reader.is(unit, Traits::DETERMINER)
                        || reader.kind(unit) == Some(Kind::Genitive)
                        || reader.unit(unit).is_some_and(|unit| unit.name().is_some())
                        || bears(name, reader.row.word(unit))
                })
        });
        if let Some(named) = matching {
            return Some(named.entity);
        }
        let plain = phrase.units.len() == 2
            && reader
                .unit(phrase.units.start)
                .is_some_and(|unit| unit.case == Case::Lower || place != Place::Title);
        if !plain {
            return None;
        }
        let of_role =
            self.roles.partition_point(|role| place == Place::Title || role.unit < phrase.units.start);
        let described = |role: &&Role| {
            self.kind(role.entity) == Some(annotation::Kind::Org)
                && role.word.get(self.text).is_some_and(|known| known.eq_ignore_ascii_case(word))
        };
        if let Some(role) = self.roles[..of_role].iter().rev().take(REACH).find(described) {
            return Some(role.entity);
        }
        let Place::Body { sentence } = place else { return None };
        let sort = Sort::of(word).filter(|_| known_body)?;
        self.likeliest(sort, sentence, before())
    }

    /// Of the bodies of a sort the one that the sentences before, or the whole article, are about.
    fn likeliest<'n>(
        &self,
        sort: Sort,
        here: usize,
        named: impl Iterator<Item = &'n Named>,
    ) -> Option<EntityIndex> {
        let last = self.spoken.iter().rev().take(3).find_map(|spoke| match spoke.who {
            Who::Entity(entity) if self.kind(entity) == Some(annotation::Kind::Org) => Some(entity),
            _ => None,
        });
        let mut best: Option<(f32, EntityIndex)> = None;
        for named in named {
            if !sort.admits(self.body_name(named.entity)) {
                continue;
            }
            let away = here.saturating_sub(named.sentence).min(8) as f32;
            let index = named.entity.0 as usize;
            let count = self.counts.get(index).copied().unwrap_or(0);
            let titled = self.titled.get(index).copied().unwrap_or(false);
            if away > 5.0 && !titled && count < 3 {
                continue;
            }
            let score = 6.0 - away
                + if named.place == Position::Subject { 3.0 } else { 0.0 }
                + if last == Some(named.entity) { 2.0 } else { 0.0 }
                + if titled { 2.0 } else { 0.0 }
                + 0.5 * count.min(6) as f32;
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, named.entity));
            }
        }
        best.map(|(_, entity)| entity)
    }

    fn body_name(&self, entity: EntityIndex) -> &str {
        self.entities.get(entity.0 as usize).map_or("", |entity| entity.name.as_str())
    }
}
