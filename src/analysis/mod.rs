//! The analysis engine: a title and a body in, who and what is in them out.
//!
//! Pure: no I/O, no clock, no randomness; the same text gives the same [`Analysis`] on every
//! machine. What counts as a mention, an entity and a quote is in the annotation guide
//! (summed up in ARCHITECTURE.md).

pub mod corrections;
pub mod country;
pub mod entity;
pub mod gazetteer;
pub mod mention;
pub mod quote;
pub mod same;
pub mod sentence;
pub mod tagger;
pub mod token;

use crate::text::Span;
use mention::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use country::CountryCode;
pub use entity::SALIENT;

/// Raised whenever the engine's answers change, so that stored analyses are made again. 2: names of cities stay
/// their clubs' where the tagger says so, a bracket within a name closes. 3: what an article is about follows datelines
/// and places; speakers.
pub const ENGINE_VERSION: u32 = 3;

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

/// Analyses one article. Linear in the length of the texts; never panics, whatever they hold.
/// `title` and `body` are clean texts as an [`crate::article::Article`] holds them.
pub fn analyze(title: &str, body: &str) -> Analysis {
    let (title, body) = (Text::read(Field::Title, title), Text::read(Field::Body, body));
    let names = mention::find(&title, &body);
    let (entities, mentions) = entity::resolve((&title, &names.title), (&body, &names.body));
    let quotes = find_quotes(&title, &body, &mentions, &entities);
    let countries = entity::countries(&entities);
    let mut analysis = Analysis { entities, mentions, quotes, countries };
    entity::weigh(&mut analysis, body.text);
    analysis
}

fn find_quotes(title: &Text<'_>, body: &Text<'_>, mentions: &[Mention], entities: &[Entity]) -> Vec<Quote> {
    let sentences = |text: &Text<'_>| -> Vec<Span> {
        text.sentences.iter().map(|sentence| text.span(sentence)).collect()
    };
    let (in_title, in_body) = (sentences(title), sentences(body));
    quote::find(passage(title, &in_title), passage(body, &in_body), mentions, entities)
}

fn passage<'a>(text: &'a Text<'_>, sentences: &'a [Span]) -> quote::Passage<'a> {
    quote::Passage { field: text.field, text: text.text, tokens: &text.tokens, sentences }
}

#[cfg(test)]
mod tests;
