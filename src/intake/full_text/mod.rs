//! Gets the full text of an article from its web page, for feeds that carry only the opening lines.
//!
//! The page of an article in the library is fetched, the article is extracted from it, and the library stores this
//! text beside the text from the source. No script of the page is run, and nothing else that belongs to the page is
//! fetched. This module knows nothing of the screen.

use super::{Analysed, Depth, analyse, typed};
use crate::article::{Article, ArticleId};
use crate::fault::short;
use crate::fetch::{FetchError, Fetcher, Limits, Reach, Request};
use crate::formats::{self, Origin, Warning};
use crate::library::{Cancel, Error, Library};
use crate::listing::TextOf;
use std::time::Duration;

/// The limits for a page, which is larger than an article in a feed and smaller than a feed.
pub const LIMITS: Limits = Limits {
    bytes: 16 << 20,
    redirects: 10,
    connect: Duration::from_secs(10),
    whole: Duration::from_secs(30),
};

/// Why there is no full text.
#[derive(Debug, thiserror::Error)]
pub enum FullTextError {
    #[error("could not get the full text: this article has no link; there is no page to read it from")]
    NoLink,
    #[error("could not get the full text: the article is no longer in the library")]
    Gone,
    #[error("could not get the full text: {0}")]
    Fetch(#[from] FetchError),
    #[error("could not get the full text: the page is {what} ({}); o opens it in a browser", short(url))]
    NoPage { url: String, what: String },
    #[error(
        "could not get the full text: the page has only {page} words and the feed has {source_words}; o opens it in a browser"
    )]
    Less { page: usize, source_words: usize },
    #[error(transparent)]
    Library(#[from] Error),
}

/// Returns a fetcher with the limits for pages.
pub fn fetcher() -> Fetcher {
    Fetcher::new(LIMITS)
}

/// Switches an article between the text of its source and the text of its page. The page is fetched if that has not
/// been done yet. Returns which text is now shown, and the warnings of the analysis. `cancel` has no effect once the
/// new text is being stored.
///
/// # Errors
/// If the article is not in the library or has no page, if the page cannot be fetched or read, and if the library
/// fails or `cancel` was used. The text that was shown stays in place.
pub fn switch(
    library: &Library,
    fetcher: &Fetcher,
    id: ArticleId,
    depth: &Depth,
    cancel: &Cancel,
) -> Result<(TextOf, Vec<Warning>), FullTextError> {
    let (text, article) = match library.other_text(id)? {
        Some(other) => other,
        None => {
            let stored = library.load(id)?.ok_or(FullTextError::Gone)?;
            let reach = reach(library, &stored.article)?;
            let words = words_of(&stored.article.body);
            (TextOf::Page, fetch(fetcher, stored.article, words, reach)?)
        }
    };
    cancel.check()?;
    let warnings = show(library, text, article, depth)?;
    Ok((text, warnings))
}

/// Analyses `article` and stores its text as the one that the library shows for it. The article must be in the
/// library. Returns the warnings of the analysis.
pub fn show(library: &Library, text: TextOf, article: Article, depth: &Depth) -> Result<Vec<Warning>, Error> {
    let Analysed { articles, warnings, .. } = analyse(vec![article], depth);
    for (article, analysis) in articles {
        library.show_text(text, article, analysis)?;
    }
    Ok(warnings)
}

/// Returns from where the page of `article` may be fetched: from the public internet, and from the origin of its source
/// if a person typed that. The link is the word of whoever wrote the article or the file.
fn reach(library: &Library, article: &Article) -> Result<Reach, Error> {
    if article.path.is_some() {
        return Ok(Reach::Public);
    }
    let sources = library.sources()?;
    let source = sources.iter().find(|source| source.name == article.source);
    source.map_or(Ok(Reach::Public), |source| typed::reach_of(library, source))
}

fn words_of(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Fetches the page of `article`, whose text from the source has `source_words` words, and returns the article with the
/// text of the page. No login and no header of the source is sent.
pub fn fetch(
    fetcher: &Fetcher,
    article: Article,
    source_words: usize,
    reach: Reach,
) -> Result<Article, FullTextError> {
    let Some(url) = article.url.clone() else { return Err(FullTextError::NoLink) };
    let request = Request { url: url.clone(), reach, limits: Some(LIMITS), ..Request::default() };
    let fetched = fetcher.fetch(&request)?;
    let none = |what: &str| FullTextError::NoPage { url: url.clone(), what: what.to_owned() };
    let body = fetched.body.ok_or_else(|| none("an answer without a page"))?;
    let content_type = body.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if ["image/", "audio/", "video/", "font/"].iter().any(|start| kind.starts_with(start)) {
        return Err(none(&format!("not a page but {kind}")));
    }
    let charset = content_type.split_once("charset=").map(|(_, name)| name.trim_matches(['"', '\'', ' ']));
    let origin =
        Origin { path: None, source: article.source.clone(), time: article.published.unwrap_or_default() };
    let _turn = body.share.turn();
    let page = formats::read_page(&body.bytes, charset, &body.url, &origin).map_err(|what| none(&what))?;
    let page_words = words_of(&page.body);
    // The page is a paywall, or not the page of this article.
    if page_words * 2 < source_words {
        return Err(FullTextError::Less { page: page_words, source_words });
    }
    Ok(Article {
        body: page.body,
        author: article.author.clone().or(page.author),
        language: page.language.or(article.language),
        ..article
    })
}

#[cfg(test)]
mod tests;
