//! The query language: turns what a person types into a tree that the library can evaluate.
//!
//! [`Query::parse`] takes any text and today's date and always returns a query, with hints where it
//! had to guess. `Display` writes the canonical form, which parses to the same query. This room also
//! has the edits that the interface makes, completion, and the spans of hits. It knows nothing of
//! storage.

pub mod complete;
pub mod days;
pub mod edit;
pub mod guide;
pub mod hit;
pub mod matching;
pub mod when;

mod explain;
mod lex;
mod parse;
mod print;
mod readable;
mod saved;

use crate::annotation::Kind;
use crate::article::ArticleId;
use crate::listing::Hold;
use crate::text::Span;
use crate::text::fold;

pub use days::Days;
pub use readable::{MATCHES_NOTHING, Unreadable};
pub use saved::{SavedFault, Why};

/// How many conditions a query may have, with those of its saved searches ([`Filter::size`]). Each may cost a set of all
/// articles, some 12 KB for 100,000 of them.
pub const LARGEST: usize = 500;

/// How long the text of a query may be, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// How many words a phrase may have.
pub const LONGEST_PHRASE: usize = 64;

/// A complete query: which articles, and in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    pub filter: Filter,
    pub sort: Sort,
    pub grouping: Grouping,
    /// What the result has listed before stays in it. Not a part of what a person types.
    pub hold: Option<Hold>,
}

/// The order of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Newest first.
    #[default]
    Date,
    /// Oldest first.
    Oldest,
    /// The articles that contain most of the searched words first, and among equals the newest first.
    Relevance,
}

/// Which articles share one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// Those that are copies of one story.
    #[default]
    Folded,
    Off,
    /// Those that tell of one event over days ([`crate::listing::thread`]), copies included. It is of the rows alone: names,
    /// bins of time and marks are those of [`Grouping::Folded`].
    Threads,
}

impl Grouping {
    /// By what all else than rows is counted.
    pub fn beside_rows(self) -> Grouping {
        match self {
            Grouping::Off => Grouping::Off,
            Grouping::Folded | Grouping::Threads => Grouping::Folded,
        }
    }

    /// Whether copies of a story share one row.
    pub fn folds_copies(self) -> bool {
        self != Grouping::Off
    }
}

/// Which articles match.
///
/// [`Filter::all`], [`Filter::any`] and [`Filter::not`] keep it in normal form: no `All` directly
/// in an `All`, no `Any` in an `Any`, no `Not` in a `Not`, and no `All` or `Any` with a single
/// member. An empty `All` matches every article; an empty `Any` does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Term(Term),
}

/// One condition on an article.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    Text {
        scope: Scope,
        phrase: Phrase,
    },
    /// The article mentions one of these, under any of its names.
    Mentions {
        kind: Kind,
        names: Names,
    },
    /// One of these, of any kind, is salient in the article.
    About(Names),
    Quote(QuoteTerm),
    Date(Days),
    Source(Names),
    Author(Names),
    /// The article is in one of these languages, each by its code as [`crate::language::LanguageCode`] has it.
    Language(Names),
    Tag(Names),
    Is(Mark),
    HasQuote,
    /// The article is in the same thread as this one: both tell of one event.
    Story(ArticleId),
    /// The article came into the library after the one of this number.
    Newer(ArticleId),
    /// A saved search, by name. [`Query::resolve`] replaces it.
    Saved(String),
    /// A condition that cannot be read. It matches no article, and so does its opposite.
    Unreadable(Unreadable),
}

/// Where a word is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The title or the body.
    Anywhere,
    Title,
    Body,
}

/// Consecutive words, as typed. They are compared by [`fold::words`]; there is at least one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phrase {
    text: String,
    pub ending: Ending,
}

/// Whether the last word of a phrase is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    Whole,
    /// `word*`: the last word is the beginning of a longer one or the whole of it.
    Prefix,
}

impl Phrase {
    /// Returns `None` if `text` contains no letter and no digit.
    pub fn new(text: &str, ending: Ending) -> Option<Phrase> {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let text = text.trim();
        (!fold::words(text).is_empty()).then(|| Phrase { text: text.to_owned(), ending })
    }

    /// The phrase as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folded words, at least one.
    pub fn words(&self) -> Vec<String> {
        fold::words(&self.text)
    }
}

/// Alternative names for one field: at least one, each with at least one letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Names(Vec<String>);

impl Names {
    /// Leaves out names without a letter or digit; returns `None` if no name is left.
    pub fn new(names: impl IntoIterator<Item = String>) -> Option<Names> {
        let mut kept: Vec<String> = Vec::new();
        for name in names {
            if let Some(phrase) = Phrase::new(&name, Ending::Whole)
                && !kept.contains(&phrase.text)
            {
                kept.push(phrase.text);
            }
        }
        (!kept.is_empty()).then_some(Names(kept))
    }

    pub fn one(name: &str) -> Option<Names> {
        Names::new([name.to_owned()])
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Conditions that one and the same quote must meet. At least one of the lists is not empty, and
/// every member of each list must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct QuoteTerm {
    /// The speaker: each member must have a name of the speaker.
    pub by: Vec<Names>,
    /// The words of the quote: of each member, at least one phrase must occur.
    pub said: Vec<Vec<Phrase>>,
    /// What is mentioned in the quote: of each member, at least one name must occur.
    pub of: Vec<Names>,
}

/// A mark that a person has set on an article, or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    Read,
    Unread,
    Starred,
    Unstarred,
    /// Put out of sight, by a rule or by the person. Only a filter that asks for it finds such an article.
    Hidden,
    /// In the trash, likewise.
    Deleted,
}

/// The articles that a change applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    These(Vec<ArticleId>),
    /// These with all their copies.
    Stories(Vec<ArticleId>),
    /// All articles that match, whether they are on the screen or not, with all their copies where the query folds them.
    Matching(Query),
}

/// A part of a typed query that could not be interpreted as written, or that may be a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The bytes of the typed text that the hint is about.
    pub span: Span,
    pub message: String,
}

impl Default for Filter {
    fn default() -> Filter {
        Filter::everything()
    }
}

impl Filter {
    pub fn everything() -> Filter {
        Filter::All(Vec::new())
    }

    /// What stands for a query, or a part of one, that is too large: a condition that cannot be read.
    pub fn refused() -> Filter {
        Term::Unreadable(Unreadable::signs("…")).into()
    }

    pub fn is_everything(&self) -> bool {
        matches!(self, Filter::All(members) if members.is_empty())
    }

    /// Articles that match all of `members`.
    pub fn all(members: impl IntoIterator<Item = Filter>) -> Filter {
        let mut flat = Vec::new();
        for member in members {
            match member {
                Filter::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            1 => flat.swap_remove(0),
            _ => Filter::All(flat),
        }
    }

    /// Articles that match at least one of `members`; `None` if there are no members.
    pub fn any(members: impl IntoIterator<Item = Filter>) -> Option<Filter> {
        let mut flat = Vec::new();
        for member in members {
            match member {
                Filter::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => None,
            1 => flat.pop(),
            _ => Some(Filter::Any(flat)),
        }
    }

    /// Articles that do not match `filter`.
    pub fn not(filter: Filter) -> Filter {
        match filter {
            Filter::Not(inner) => *inner,
            other => Filter::Not(Box::new(other)),
        }
    }

    /// Calls `visit` with every term that is not under a `Not`.
    pub fn each_wanted(&self, visit: &mut impl FnMut(&Term)) {
        match self {
            Filter::All(members) | Filter::Any(members) => {
                for member in members {
                    member.each_wanted(visit);
                }
            }
            Filter::Not(_) => {}
            Filter::Term(term) => visit(term),
        }
    }
}

impl Filter {
    /// How many conditions the filter has: each word, each name and each other condition counts as one.
    pub fn size(&self) -> usize {
        match self {
            Filter::All(members) | Filter::Any(members) => members.iter().map(Filter::size).sum(),
            Filter::Not(inner) => inner.size(),
            Filter::Term(term) => term.size(),
        }
    }

    /// The folded words that are searched for in texts, sorted and each once, at most eight of them.
    /// Sorting by relevance counts these.
    pub fn words_wanted(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        self.each_wanted(&mut |term| {
            if let Term::Text { phrase, .. } = term {
                words.extend(phrase.words());
            }
        });
        words.sort_unstable();
        words.dedup();
        words.truncate(8);
        words
    }

    /// Whether the filter asks for articles with this mark anywhere, so that they are not left out of its result.
    pub fn asks_for(&self, mark: Mark) -> bool {
        match self {
            Filter::All(members) | Filter::Any(members) => members.iter().any(|member| member.asks_for(mark)),
            Filter::Not(inner) => inner.asks_for(mark),
            Filter::Term(term) => *term == Term::Is(mark),
        }
    }

    /// Whether the filter depends on what the person has done with an article (read it, starred it,
    /// tagged it), which changes while the article itself does not.
    pub fn asks_for_marks(&self) -> bool {
        match self {
            Filter::All(members) | Filter::Any(members) => members.iter().any(Filter::asks_for_marks),
            Filter::Not(inner) => inner.asks_for_marks(),
            Filter::Term(term) => matches!(term, Term::Is(_) | Term::Tag(_)),
        }
    }
}

impl Term {
    /// See [`Filter::size`].
    fn size(&self) -> usize {
        let of_names = |names: &[Names]| names.iter().map(|names| names.0.len()).sum::<usize>();
        match self {
            Term::Text { phrase, .. } => phrase.words().len(),
            Term::Mentions { names, .. }
            | Term::About(names)
            | Term::Source(names)
            | Term::Author(names)
            | Term::Language(names)
            | Term::Tag(names) => names.0.len(),
            Term::Quote(quote) => {
                let said: usize = quote.said.iter().flatten().map(|phrase| phrase.words().len()).sum();
                of_names(&quote.by) + of_names(&quote.of) + said
            }
            Term::Date(_) | Term::Is(_) | Term::HasQuote | Term::Newer(_) => 1,
            Term::Story(_) | Term::Saved(_) | Term::Unreadable(_) => 1,
        }
    }
}

impl From<Term> for Filter {
    fn from(term: Term) -> Filter {
        Filter::Term(term)
    }
}

impl Query {
    /// Whether the query wants quotes of some kind, and not only articles that have one.
    pub fn asks_about_quotes(&self) -> bool {
        let mut asks = false;
        self.filter.each_wanted(&mut |term| asks |= matches!(term, Term::Quote(_)));
        asks
    }

    /// Whether the query, as it is written, is one that can be read back: at most [`LARGEST`] conditions and [`LONGEST`] bytes.
    pub fn is_bounded(&self) -> bool {
        self.filter.size() <= LARGEST && self.to_string().len() <= LONGEST
    }

    /// Every article, newest first.
    pub fn everything() -> Query {
        Query::default()
    }
}

#[cfg(test)]
mod tests;
