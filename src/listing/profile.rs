//! What a result says about one name: in a row of a list of names, and on a page of its own. Plain values.

use super::{Facet, FacetKind, Key, QuoteRow, Row};
use serde::{Deserialize, Serialize};

/// The pieces into which the time of a result is divided for the curve of a name.
pub const PIECES: usize = 24;

/// In which order names are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NameOrder {
    /// Those that most articles mention first.
    #[default]
    Count,
    /// Those that most articles are about.
    About,
    /// Those with the most quotes.
    Quotes,
    /// Those that were mentioned last.
    Newest,
    /// Those that are mentioned more than before: by the log-likelihood of the last quarter of the time of the result
    /// against the time before.
    Rising,
}

impl NameOrder {
    pub const ALL: [NameOrder; 5] =
        [NameOrder::Count, NameOrder::About, NameOrder::Quotes, NameOrder::Newest, NameOrder::Rising];

    /// As it is written on the command line and shown in a title.
    pub fn name(self) -> &'static str {
        match self {
            NameOrder::Count => "count",
            NameOrder::About => "salience",
            NameOrder::Quotes => "quotes",
            NameOrder::Newest => "newest",
            NameOrder::Rising => "rising",
        }
    }

    /// The order after this one, and after the last the first.
    pub fn next(self) -> NameOrder {
        let place = NameOrder::ALL.iter().position(|order| *order == self).unwrap_or(0);
        NameOrder::ALL.get(place + 1).copied().unwrap_or_default()
    }
}

/// What a result says about a name besides how many articles mention it. Articles are counted one by one here, copies
/// of a story too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NameDetail {
    /// Articles that mention it.
    pub articles: u64,
    /// Articles that are about it.
    pub about: u64,
    /// Quotes by it.
    pub quotes: u64,
    /// When the first and the last article appeared that mention it, in seconds since 1970; `None` where no date is known.
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// How many articles mention it in each of [`PIECES`] equal pieces of the time of the result.
    pub curve: Vec<u32>,
    /// How the articles describe it, with the number of articles that do; the most frequent first.
    pub described: Vec<(String, u32)>,
    /// For a country, the persons whom most of the articles about it mention, with the number of these articles.
    pub people: Vec<(String, u32)>,
    /// How much more it is mentioned in the last quarter of the time than before; see [`NameOrder::Rising`].
    pub rising: f64,
}

/// Everything that a result says about one name.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub kind: FacetKind,
    /// With the number of stories that mention it.
    pub name: Facet,
    pub detail: NameDetail,
    /// The names under which articles mention it.
    pub forms: Vec<String>,
    /// The names in its articles, without itself, the most frequent first.
    pub people: Vec<Facet>,
    pub orgs: Vec<Facet>,
    pub places: Vec<Facet>,
    pub countries: Vec<Facet>,
    /// The latest quotes by it.
    pub said: Vec<QuoteRow>,
    /// The latest quotes that mention it.
    pub told: Vec<QuoteRow>,
    /// The latest articles.
    pub latest: Vec<Row>,
    /// The first article that mentions it.
    pub first: Option<Key>,
}
