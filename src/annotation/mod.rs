//! What an analysis says about one article: who and what it mentions, and who says what.
//!
//! These are plain values. The engine in [`crate::analysis`] makes them, and everything else reads them: the library
//! stores them, the query language searches them, the highlight layer shows them. They know nothing of how they were
//! found. `docs/annotation.md` defines what counts as a mention, an entity and a quote.

mod country;

use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use country::CountryCode;

/// The version of the engine, which is stored with each analysis. It is raised whenever the answers of the engine change,
/// so that stored articles are analysed again. Version 2: cities keep their clubs where the tagger says so, and a bracket
/// inside a name closes. 3: salience follows datelines and places; speakers. 4: verbs of saying in British spelling; ten
/// rules less. 5: a bare name is the first bearer's; salience is learnt. 6: the language of an article decides what is
/// looked for in it. 7: bodies of every country have one. 8: whole reported clauses, whose speakers are weighed; names of
/// bodies.
pub const ENGINE_VERSION: u32 = 8;

/// An article is about an entity if its salience is at least this value.
pub const SALIENT: f32 = 0.5;

/// The text of the article that a span points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    Title,
    Body,
}

/// What kind of thing a name stands for.
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

/// The index of an [`Entity`] in [`Analysis::entities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityIndex(pub u32);

/// One occurrence of a name in a text: the shortest span that names the thing.
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
    /// The fullest form in the article; for a country, its English short name.
    pub name: String,
    /// For a country, its ISO 3166-1 alpha-2 code (`XK` for Kosovo).
    pub code: Option<CountryCode>,
    /// For a place, the country that it is in, if it is in exactly one; for the seat of a government (`Kremlin`,
    /// `White House`), the country governed; for a body that every country has (`Supreme Court`), the country whose it
    /// is, where the article says so.
    pub country: Option<CountryCode>,
    /// How much the article is about the entity, from 0 to 1. See [`SALIENT`].
    pub salience: f32,
}

/// The speaker of a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Speaker {
    Entity(EntityIndex),
    /// The words of the text if it names no entity, such as `a senior official`.
    Description(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// In quotation marks; the span includes both marks.
    Direct,
    /// A reported clause without quotation marks.
    Indirect,
}

/// Words that somebody said or wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub kind: QuoteKind,
    pub field: Field,
    pub span: Span,
    /// The speaker, where the engine is sure enough; see [`Analysis::stand_by`].
    pub speaker: Option<Speaker>,
    /// The likeliest speaker, where the engine is not sure enough.
    pub guess: Option<Speaker>,
    /// How likely the speaker or the guess is right, in hundredths: of those at 90, nine in ten are. 0 without either.
    pub confidence: u8,
}

impl Quote {
    /// The speaker, or else the guess.
    pub fn likeliest(&self) -> Option<&Speaker> {
        self.speaker.as_ref().or(self.guess.as_ref())
    }
}

/// How sure the engine must be of a speaker, in hundredths: below that it is only a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    /// Of a person.
    pub person: u8,
    /// Of a body, a country or a place, and of somebody whom the text only describes.
    pub other: u8,
}

impl Default for Least {
    /// At these, one speaker in twenty is wrong; docs/accuracy.md has the table.
    fn default() -> Least {
        Least { person: 56, other: 60 }
    }
}

impl Least {
    /// Whether the likeliest speaker of `quote`, an entity among `entities` or a description, is sure enough.
    pub fn is_met(self, entities: &[Entity], quote: &Quote) -> bool {
        let person = match quote.likeliest() {
            Some(Speaker::Entity(index)) => {
                entities.get(index.0 as usize).is_some_and(|entity| entity.kind == Kind::Person)
            }
            Some(Speaker::Description(_)) => false,
            None => return false,
        };
        quote.confidence >= if person { self.person } else { self.other }
    }
}

/// Everything that the engine found in one article.
///
/// `mentions` are sorted by field and start, and disjoint. `quotes` are sorted by field and start; the direct ones
/// are disjoint, and so are the indirect ones, but a direct quote may be within an indirect one. `entities` are in
/// the order of their first mention, and each has at least one mention. `countries` is sorted and contains no
/// duplicates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub entities: Vec<Entity>,
    pub mentions: Vec<Mention>,
    pub quotes: Vec<Quote>,
    /// Every country that is mentioned by its name or its people, that contains a mentioned place (including the
    /// dateline), or whose government is mentioned by its seat.
    pub countries: Vec<CountryCode>,
}

impl Analysis {
    pub fn entity(&self, index: EntityIndex) -> &Entity {
        &self.entities[index.0 as usize]
    }

    /// Divides what is known of speakers anew into those that the program stands by and those that are only guesses.
    /// Nothing is lost: with other thresholds the same analysis can be divided again.
    pub fn stand_by(&mut self, least: Least) {
        let Analysis { entities, quotes, .. } = self;
        for quote in quotes {
            let sure = least.is_met(entities, quote);
            let Some(known) = quote.speaker.take().or(quote.guess.take()) else { continue };
            if sure {
                (quote.speaker, quote.guess) = (Some(known), None);
            } else {
                (quote.speaker, quote.guess) = (None, Some(known));
            }
        }
    }

    /// The countries that the article is about: those that are salient themselves, and those that are not named but have a
    /// salient place or seat of their government. They are in alphabetical order, without duplicates.
    pub fn about(&self) -> impl Iterator<Item = CountryCode> {
        let salient = self.entities.iter().filter(|entity| entity.salience >= SALIENT);
        let named = |code: &CountryCode| self.entities.iter().any(|entity| entity.code == Some(*code));
        let codes: BTreeSet<CountryCode> =
            salient.filter_map(|entity| entity.code.or(entity.country.filter(|code| !named(code)))).collect();
        codes.into_iter()
    }
}
