//! Stories that go on for days: threads of articles about one event, and what each of their articles adds. Plain values.
//! How articles come into one thread is decided in `similar::thread`.

use super::{Facet, FacetKind, Key, QuoteRow, Row};
use crate::article::ArticleId;
use serde::{Deserialize, Serialize};

/// The pieces into which the time of a thread is divided for its curve.
pub const PIECES: usize = 12;

/// In which order threads are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThreadOrder {
    /// Those with the newest last article first.
    #[default]
    Newest,
    /// Those with the most articles first.
    Largest,
    /// Those that the most sources tell first.
    Sources,
}

impl ThreadOrder {
    pub const ALL: [ThreadOrder; 3] = [ThreadOrder::Newest, ThreadOrder::Largest, ThreadOrder::Sources];

    /// As it is written on the command line and shown in a title.
    pub fn name(self) -> &'static str {
        match self {
            ThreadOrder::Newest => "newest",
            ThreadOrder::Largest => "largest",
            ThreadOrder::Sources => "sources",
        }
    }

    /// The order after this one, and after the last the first.
    pub fn next(self) -> ThreadOrder {
        let place = ThreadOrder::ALL.iter().position(|order| *order == self).unwrap_or(0);
        ThreadOrder::ALL.get(place + 1).copied().unwrap_or_default()
    }
}

/// The articles of a result that tell of one event, at least two of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// An article of the thread: `story:ID` lists the whole thread.
    pub id: ArticleId,
    /// When the first and the last of its articles appeared, in seconds since 1970.
    pub first: i64,
    pub last: i64,
    /// Articles of the result in it, copies included.
    pub articles: u64,
    /// The same without copies.
    pub stories: u64,
    /// The sources of these articles, those with most of them first.
    pub sources: Vec<String>,
    /// The article that stands for the thread: that with most copies, then the one with most of its leading names, then
    /// the newest.
    pub head: Key,
    /// The title of that article.
    pub title: String,
    /// The names that most of its articles mention, and that are rare elsewhere, with the number of these articles.
    pub names: Vec<(FacetKind, Facet)>,
    /// How many of its articles appeared in each of [`PIECES`] equal pieces of its time.
    pub curve: Vec<u32>,
}

/// The threads of a result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Threads {
    pub threads: Vec<Thread>,
    /// How many there are without a limit.
    pub total: u64,
    /// `None` where all articles of the library were looked at, and how many of the newest ones otherwise.
    pub newest: Option<u64>,
}

/// One article of the course of a thread, and what it adds to those before it. Copies of it are in [`Row::copies`].
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub row: Row,
    /// The persons whom no article of the thread mentioned before, in the order of the text.
    pub people: Vec<Facet>,
    /// The quotes of which no article of the thread had the words before.
    pub quotes: Vec<QuoteRow>,
    /// The sources that tell a copy of it.
    pub copied_by: Vec<String>,
}

/// The curve of some times, each between `first` and `last`.
pub fn curve(first: i64, last: i64, times: impl Iterator<Item = i64>) -> Vec<u32> {
    let mut pieces = vec![0; PIECES];
    for time in times {
        let at = i128::from(time - first) * PIECES as i128 / i128::from(last - first + 1);
        if let Some(count) = usize::try_from(at).ok().and_then(|at| pieces.get_mut(at)) {
            *count += 1;
        }
    }
    pieces
}
