//! A brief: what is new in a result since a day, in a few lines. Plain values; must not know how it was found.

use super::{Facet, QuoteRow, Row, Tally};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is new since a day. Every sentence, headline and quote is one of the articles' own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// The first day, and the last day with an article.
    pub since: NaiveDate,
    pub until: NaiveDate,
    pub tally: Tally,
    pub stories: Vec<TopStory>,
    pub rose: Vec<Rose>,
    pub quotes: Vec<QuoteRow>,
    pub countries: Vec<Country>,
}

/// A story that many tell, or that much is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopStory {
    pub row: Row,
    /// How many articles tell it, and the sources that do, each once; at most a few of them.
    pub articles: u64,
    pub sources: Vec<String>,
    /// The first sentences of the article of the row.
    pub sentences: String,
}

/// A person whom more articles mention than before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rose {
    pub facet: Facet,
    /// The words by which most articles describe the person.
    pub described: Option<String>,
    /// How many articles mention the person now and in the time before.
    pub now: u64,
    pub before: u64,
}

/// A country with how many articles mention it and how many are about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Country {
    pub facet: Facet,
    pub about: u64,
}
