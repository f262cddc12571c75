//! An article while it is being read. Its texts are still raw; they are cleaned here, for all formats, and its date is
//! decided here or, where other articles of the file can help, by `dating`.

use super::dating::{self, Item};
use super::{Gathered, Origin, ReadingState, Warning, paragraphs};
use crate::article::Article;
use crate::article::date::Written;
use crate::language::LanguageCode;
use crate::text::clean::{BODY_CAP, scrub};
use crate::text::{clean_body, clean_line, clean_url};
use chrono::{DateTime, Utc};

/// What a format found. Texts are decoded and free of markup, but not clean.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) layout: Layout,
    pub(super) url: Option<String>,
    pub(super) guid: Option<String>,
    pub(super) source: Option<String>,
    pub(super) author: Option<String>,
    /// The language that the file, or whatever the article stands in, says of it: a code or a name.
    pub(super) language: Option<String>,
    /// The date that is written in the file, as `dating::recorded` reads it or from a moment: `Some(moment.into())`.
    /// `None` where there is none: an article of a pile is then undated, unless its address or its dateline names a day.
    pub(super) published: Option<Written>,
    /// A time at which somebody had the article: that of a file of plain text, or the time at which a crawler found
    /// it. It stands in for a date that is not written. `None` where such a time would say nothing.
    pub(super) held: Option<DateTime<Utc>>,
    /// What the file files the article under: keywords, subjects, categories.
    pub(super) tags: Vec<String>,
    /// Whether a person has read the article, and whether they marked it, as the file of another reader says.
    pub(super) read: bool,
    pub(super) starred: bool,
}

/// The most tags of an article that are taken, and the longest tag, in characters.
const TAG_CAP: usize = 32;
const TAG_LENGTH_CAP: usize = 80;

/// What the line breaks and indents of a body mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    /// They may only show how the text was typed, so lines that were wrapped are joined.
    #[default]
    AsTyped,
    /// Its author meant them, as in code, so they are kept.
    Fixed,
}

impl Draft {
    /// Adds the article of a file that holds one, or a warning that it is empty.
    pub(super) fn finish_file(self, origin: &Origin, found: &mut Gathered) {
        if self.title.trim().is_empty() && self.body.trim().is_empty() {
            found.warnings.push(origin.warning(None, "could not find any text: the file is empty"));
            return;
        }
        let item = self.finish(origin, None, &mut found.warnings);
        found.items.extend(item);
    }

    /// The article, if the draft has a title or a body; otherwise a warning. `line` is the line of the file that
    /// warnings name.
    pub(super) fn finish(
        self,
        origin: &Origin,
        line: Option<u64>,
        warnings: &mut Vec<Warning>,
    ) -> Option<Item> {
        if self.body.len() > BODY_CAP {
            warnings.push(origin.warning(line, "could not keep the whole body: it is longer than 16 MiB"));
        }
        let body = match self.layout {
            Layout::AsTyped => clean_body(&paragraphs::join(&scrub(&self.body))),
            Layout::Fixed => clean_body(&self.body),
        };
        let title = clean_line(&self.title);
        if body.is_empty() && title.is_empty() {
            warnings
                .push(origin.warning(line, "could not find an article: there is neither a title nor a body"));
            return None;
        }
        let named = |name: Option<String>| name.map(|name| clean_line(&name)).filter(|name| !name.is_empty());
        let url = self.url.and_then(|url| clean_url(&url));
        let (published, clue) = dating::of(self.published, self.held, url.as_deref(), &body);
        let article = Article {
            path: origin.path.clone(),
            url,
            guid: named(self.guid),
            source: named(self.source).unwrap_or_else(|| origin.source_name()),
            title,
            author: named(self.author),
            published,
            language: self.language.and_then(|language| LanguageCode::read(&language)),
            body,
        };
        let (read, starred, tags) = (self.read, self.starred, tags(&self.tags));
        let is_marked = read || starred || !tags.is_empty();
        let state = is_marked.then_some(ReadingState { read, starred, tags, position: 0 });
        Some(Item { article, clue, state })
    }
}

/// Tags as clean lines, each once.
fn tags(written: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in written {
        let tag = clean_line(tag);
        let fits = !tag.is_empty() && tag.chars().count() <= TAG_LENGTH_CAP && tags.len() < TAG_CAP;
        if fits && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}
