//! What an analysis says of one article: who and what is named in it, and who says what.
//!
//! Plain values, which the engine in [`crate::analysis`] makes and everything else reads: the library stores them, the
//! query language asks about them, the highlight layer marks them. They know nothing of how they were found. What
//! counts as a mention, an entity and a quote is in `docs/annotation.md`.

mod country;

use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use country::CountryCode;

/// Raised whenever the engine's answers change, so that stored analyses are made again. 2: names of cities stay
/// their clubs' where the tagger says so, a bracket within a name closes. 3: what an article is about follows datelines
/// and places; speakers.
pub const ENGINE_VERSION: u32 = 3;

/// An article is about an entity whose salience is this or more.
pub const SALIENT: f32 = 0.5;

/// Which text of the article a span points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    Title,
    Body,
}

/// What sort of thing a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Person,
    Country,
    Place,
    Org,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Person, Kind::Country, Kind::Place, Kind::Org];
}

/// Index of an [`Entity`] in [`Analysis::entities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityIndex(pub u32);

/// One place where a text names something: the shortest span that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub field: Field,
    pub span: Span,
    pub entity: EntityIndex,
}

/// One thing, with all of its mentions in one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    pub kind: Kind,
    /// The fullest form in the article; for a country its English short name.
    pub name: String,
    /// For a country, its ISO 3166-1 alpha-2 code (`XK` for Kosovo).
    pub code: Option<CountryCode>,
    /// For a place, the country that it lies in, where it lies in exactly one; for the seat of a
    /// government (`Kremlin`, `White House`), the country governed.
    pub country: Option<CountryCode>,
    /// 0 to 1: how much the article is about it. 0.5 and up means that it is.
    pub salience: f32,
}

/// Who says a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Speaker {
    Entity(EntityIndex),
    /// As written, where no entity is named: `a senior official`.
    Description(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// In quotation marks; the span includes both marks.
    Direct,
    /// A reported clause without marks.
    Indirect,
}

/// Words that somebody said or wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub kind: QuoteKind,
    pub field: Field,
    pub span: Span,
    pub speaker: Option<Speaker>,
}

/// All that the engine knows of one article.
///
/// `mentions` are sorted by field and start and disjoint; `quotes` are sorted by field and start,
/// disjoint among the direct ones and among the indirect ones (a direct one may lie within an
/// indirect one); `entities` come in the order of their first mention; every entity has at least
/// one mention; `countries` is sorted and without doubles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub entities: Vec<Entity>,
    pub mentions: Vec<Mention>,
    pub quotes: Vec<Quote>,
    /// Every country mentioned by name or by its people, that a named place lies in (the dateline
    /// included), or whose government is named by its seat.
    pub countries: Vec<CountryCode>,
}

impl Analysis {
    pub fn entity(&self, index: EntityIndex) -> &Entity {
        &self.entities[index.0 as usize]
    }

    /// The countries that the article is about: salient themselves, or by a salient place in them or their government's
    /// seat. In the order of the alphabet, without doubles.
    pub fn about(&self) -> impl Iterator<Item = CountryCode> {
        let salient = self.entities.iter().filter(|entity| entity.salience >= SALIENT);
        let codes: BTreeSet<CountryCode> =
            salient.filter_map(|entity| entity.code.or(entity.country)).collect();
        codes.into_iter()
    }
}
