//! An article while it is being read: raw texts, which are cleaned in one place.

use super::{Origin, Warning, paragraphs};
use crate::article::Article;
use crate::text::clean::{BODY_CAP, scrub};
use crate::text::{clean_body, clean_line, clean_url};
use chrono::{DateTime, Utc};

/// What a reader has found. Texts are decoded and free of markup, but not clean.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) layout: Layout,
    pub(super) url: Option<String>,
    pub(super) guid: Option<String>,
    pub(super) source: Option<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<DateTime<Utc>>,
}

/// What the line breaks and indents of a body mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    /// Perhaps no more than that the text was typed so: lines that were wrapped are joined.
    #[default]
    AsTyped,
    /// They are its author's, as in code: they stay.
    Fixed,
}

impl Layout {
    /// Of a body that was made of `html`.
    pub(super) fn of_html(html: &str) -> Layout {
        let fixed = memchr::memchr_iter(b'<', html.as_bytes()).any(|at| {
            html.as_bytes().get(at + 1..at + 4).is_some_and(|tag| tag.eq_ignore_ascii_case(b"pre"))
        });
        if fixed { Layout::Fixed } else { Layout::AsTyped }
    }
}

impl Draft {
    /// The article, if the draft has a title or a body; bodies that were wrapped are joined.
    /// `line` is where it stands, for warnings.
    pub(super) fn finish(
        self,
        origin: &Origin,
        line: Option<u64>,
        warnings: &mut Vec<Warning>,
    ) -> Option<Article> {
        if self.body.len() > BODY_CAP {
            warnings.push(origin.warning(line, "could not keep the whole body: it is longer than 16 MiB"));
        }
        let body = match self.layout {
            Layout::AsTyped => clean_body(&paragraphs::join(&scrub(&self.body))),
            Layout::Fixed => clean_body(&self.body),
        };
        let title = clean_line(&self.title);
        if body.is_empty() && title.is_empty() {
            warnings.push(origin.warning(line, "could not find an article: neither title nor body"));
            return None;
        }
        let named = |name: Option<String>| name.map(|name| clean_line(&name)).filter(|name| !name.is_empty());
        Some(Article {
            path: origin.path.as_deref().map(clean_line),
            url: self.url.and_then(|url| clean_url(&url)),
            guid: named(self.guid),
            source: named(self.source).unwrap_or_else(|| origin.source_name()),
            title,
            author: named(self.author),
            published: self.published.unwrap_or(origin.published),
            body,
        })
    }
}
