//! What the library returns for a question: rows, facets, counts, articles. These are plain values that the core,
//! the view and the shell share. Must not know where they come from.

pub mod board;
pub mod brief;
pub mod chronicle;
pub mod profile;
pub mod thread;
pub mod utterance;

use crate::annotation::{Analysis, Field, Kind, QuoteKind};
use crate::article::link::without_numbers;
use crate::article::{Article, ArticleId};
use crate::text::Span;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicU64, Ordering};

/// The place of a row in the order of a list: newest first, then by descending id. Articles without a date come
/// after all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// `None` for an article without a date.
    pub published: Option<DateTime<Utc>>,
    pub id: ArticleId,
}

impl Key {
    /// The day of publication (UTC), if it is known.
    pub fn date(&self) -> Option<NaiveDate> {
        self.published.map(|published| published.date_naive())
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub key: Key,
    pub source: String,
    /// The article's title, or its first words where it has none (see [`headline`]).
    pub title: String,
    pub read: bool,
    pub starred: bool,
    /// How many further articles tell the same story and are folded into this row.
    pub copies: u32,
    /// It matched when its list was opened, and does not match any more (see [`Hold`]).
    pub gone: bool,
}

/// The name of a result that stays as it was opened: the library remembers under it what the query has found, and
/// goes on listing these articles although they do not match any more. Articles that match later are added. Only
/// an article that is removed from the library leaves.
///
/// No two holds in one process are the same. The library remembers the holds that were used last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold(u64);

impl Hold {
    /// A hold that nothing has been listed under yet.
    pub fn fresh() -> Hold {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Hold(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Row {
    /// Applies a marking to the row; rows have no tags.
    pub fn mark(&mut self, marking: &Marking) {
        marking.set(&mut self.read, &mut self.starred);
    }
}

/// What a list shows of an article: its title, or the start of its body if it has none. `body` may be cut: its first
/// two hundred bytes are enough. The numbers of links are left out: a list has no addresses to which they belong.
pub fn headline<'a>(title: &'a str, body: &'a str) -> Cow<'a, str> {
    const MOST: usize = 200;
    if !title.is_empty() {
        return title.into();
    }
    let line = body.trim_start().lines().next().unwrap_or("");
    let cut = line.char_indices().map(|(at, _)| at).take_while(|at| *at <= MOST).last();
    without_numbers(if line.len() > MOST { &line[..cut.unwrap_or(0)] } else { line }).into()
}

/// Which rows of a result are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The first `limit` rows.
    First { limit: usize },
    /// The last `limit` rows.
    Last { limit: usize },
    /// Up to `limit` rows that follow `key`, which is excluded.
    After { key: Key, limit: usize },
    /// Up to `limit` rows that precede `key`, which is excluded.
    Before { key: Key, limit: usize },
    /// The row at `key`, or the one that would follow it, with up to `before` rows ahead of it
    /// and `after` behind it.
    Around { key: Key, before: usize, after: usize },
    /// The row with this number, counted from 0, or the last where there are fewer, with up to `before` rows
    /// ahead of it and `after` behind it.
    Row { row: u64, before: usize, after: usize },
}

/// How many rows a result has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Exactly(u64),
    /// More than this many; the exact number is still being counted.
    Over(u64),
}

/// One page of a result, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub rows: Vec<Row>,
    /// How many rows of the result precede the first of `rows`.
    pub offset: u64,
    pub total: Count,
}

/// What a facet counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FacetKind {
    Entity(Kind),
    Source,
    Tag,
    Language,
}

/// One name in the facet pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// As shown: a person's fullest name, a country's English short name.
    pub name: String,
    /// As `query::edit::facet_term` takes it: for a country or a language its ISO code; for a person whom articles name in several
    /// ways all of these names, else the same as `name`.
    pub value: String,
    /// Stories of the result with an article that mentions it: as many rows as the result has when it is required. Where
    /// copies are not folded, articles.
    pub count: u64,
}

/// The facets of one result, each list most frequent first, then by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// How many rows the result has; this is exact even if its first page could only give a lower bound.
    pub total: u64,
    /// How many articles these rows stand for.
    pub articles: u64,
    pub people: Vec<Facet>,
    pub countries: Vec<Facet>,
    pub orgs: Vec<Facet>,
    pub places: Vec<Facet>,
    pub sources: Vec<Facet>,
    /// By their English names; the values are their codes.
    pub languages: Vec<Facet>,
    pub sampled: Sampled,
    /// Whether the counts of names may be somewhat too small: an archive on a server has several parts, each of which
    /// tells its most frequent names only.
    pub roughly: bool,
    /// Whether these are the names of the newest articles only because to count all takes long, so that the exact answer is
    /// to be asked for next.
    pub at_first: bool,
}

/// What of a result is known from its newest articles only, and how many these are at most: where an archive on a server
/// has no names, its newest hits are analysed here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sampled {
    /// Of names: people, organisations, places and countries, or some of these.
    pub names: Option<u64>,
    /// Of quotes, and of everything else that only an analysis tells.
    pub quotes: Option<u64>,
}

/// One article as the library holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub id: ArticleId,
    pub article: Article,
    pub analysis: Analysis,
    pub validity: Validity,
    pub read: bool,
    pub starred: bool,
    /// In ascending order.
    pub tags: Vec<String>,
    /// The byte of the body at which reading stopped.
    pub position: u32,
    /// Where the body comes from.
    pub text: TextOf,
    /// The other articles that tell the same story, oldest first.
    pub copies: Vec<Sibling>,
    /// Its place among the articles of its thread, from 1, and how many these are; `None` where it is in none, or where
    /// that was not asked for (`Backend::place_in_thread`).
    pub thread: Option<(u64, u64)>,
}

/// How current the analysis of a stored article is. Whichever it is, all spans of the analysis fit the
/// article's texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validity {
    /// Made by the engine of this program, or by a newer one.
    #[default]
    Current,
    /// Made by an older engine, and shown as that engine made it.
    Outdated,
    /// It could not be read, so the analysis is empty.
    Missing,
}

/// Where the text of an article comes from: a feed often has the first lines only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextOf {
    /// Its feed or file.
    #[default]
    Source,
    /// Its page on the web.
    Page,
}

impl Stored {
    pub fn key(&self) -> Key {
        Key { published: self.article.published, id: self.id }
    }

    /// Applies a marking to the article.
    pub fn mark(&mut self, marking: &Marking) {
        marking.set(&mut self.read, &mut self.starred);
        match marking {
            Marking::Read | Marking::Unread | Marking::Star | Marking::Unstar => {}
            Marking::Hide | Marking::Unhide | Marking::Delete | Marking::Undelete => {}
            Marking::Tag(tag) => {
                if let Err(at) = self.tags.binary_search(tag) {
                    self.tags.insert(at, tag.clone());
                }
            }
            Marking::Untag(tag) => self.tags.retain(|had| had != tag),
        }
    }
}

/// A change to what a person has done with articles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Marking {
    Read,
    Unread,
    Star,
    Unstar,
    Tag(String),
    Untag(String),
    /// Puts an article out of sight: only `is:hidden` finds it.
    Hide,
    Unhide,
    /// Moves an article to the trash: only `is:deleted` finds it, and it does not come back with the next fetch.
    Delete,
    Undelete,
}

impl Marking {
    /// Sets the flag that the marking changes; tags are no flags.
    fn set(&self, read: &mut bool, starred: &mut bool) {
        match self {
            Marking::Read => *read = true,
            Marking::Unread => *read = false,
            Marking::Star => *starred = true,
            Marking::Unstar => *starred = false,
            Marking::Tag(_) | Marking::Untag(_) => {}
            Marking::Hide | Marking::Unhide | Marking::Delete | Marking::Undelete => {}
        }
    }

    /// The marking that undoes this one on an article that it changed.
    pub fn inverse(&self) -> Marking {
        match self {
            Marking::Read => Marking::Unread,
            Marking::Unread => Marking::Read,
            Marking::Star => Marking::Unstar,
            Marking::Unstar => Marking::Star,
            Marking::Tag(tag) => Marking::Untag(tag.clone()),
            Marking::Untag(tag) => Marking::Tag(tag.clone()),
            Marking::Hide => Marking::Unhide,
            Marking::Unhide => Marking::Hide,
            Marking::Delete => Marking::Undelete,
            Marking::Undelete => Marking::Delete,
        }
    }
}

/// How many stories and articles something is about. It is written as a person reads it: `98 stories, 107 articles`,
/// or `107 articles` where no story has a copy, or where copies are not folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub articles: u64,
    /// `None` where copies of a story are not folded into one row.
    pub stories: Option<u64>,
}

impl Tally {
    /// How many rows they have in a list.
    pub fn rows(self) -> u64 {
        self.stories.unwrap_or(self.articles)
    }

    pub fn is_zero(self) -> bool {
        self.articles == 0
    }

    /// The same in few words: `98 stories`, or `107 articles` where no story has a copy, or where copies are not folded.
    pub fn short(self) -> String {
        match self.stories.filter(|stories| *stories != self.articles) {
            Some(1) => "1 story".to_owned(),
            Some(stories) => format!("{stories} stories"),
            None => self.to_string(),
        }
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let noun = |one: &'static str, many: &'static str, count: u64| if count == 1 { one } else { many };
        let articles = noun("article", "articles", self.articles);
        match self.stories {
            Some(stories) if stories != self.articles => {
                let noun = noun("story", "stories", stories);
                write!(f, "{stories} {noun}, {} {articles}", self.articles)
            }
            _ => write!(f, "{} {articles}", self.articles),
        }
    }
}

/// What a change, or undoing it, did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    pub marking: Marking,
    /// How many articles it changed, and how many stories they tell.
    pub changed: Tally,
}

/// Names a change, so that whoever made it can undo it and nobody undoes it by accident. Whoever makes the change
/// chooses the name; no two changes of a library have the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChangeId(pub i64);

/// Another article that tells the story of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sibling {
    pub key: Key,
    pub source: String,
    /// As in [`Row::title`].
    pub title: String,
}

/// An article that has to do with another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    pub row: Row,
    /// The names and words of both that are rarest.
    pub shared: Vec<String>,
}

/// One quote of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteRow {
    pub key: Key,
    pub source: String,
    pub title: String,
    pub kind: QuoteKind,
    pub field: Field,
    /// Bytes of that field of the article.
    pub span: Span,
    pub text: String,
    /// The speaker's name, or the words that describe the speaker.
    pub speaker: Option<String>,
}
