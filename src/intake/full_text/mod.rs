//! The whole article from its page, where the feed has the first lines only.
//!
//! In comes an article that is in the library; its page is fetched, what tells the story is taken out of
//! it, and the library shows it with the source's text beside it. No script of the page is run, nothing
//! else of it is fetched. Knows nothing of the screen.

use super::{Analysed, Depth, analyse};
use crate::article::{Article, ArticleId};
use crate::fetch::{FetchError, Fetcher, Limits, Request};
use crate::formats::{self, Origin, Warning};
use crate::library::{Cancel, Error, Library};
use crate::listing::TextOf;
use std::time::Duration;

/// Pages are larger than feeds' articles and smaller than feeds.
const LIMITS: Limits = Limits {
    bytes: 16 << 20,
    redirects: 10,
    connect: Duration::from_secs(10),
    whole: Duration::from_secs(30),
};

/// Why there is no full text.
#[derive(Debug, thiserror::Error)]
pub enum FullTextError {
    #[error("could not get the full text: this article has no link")]
    NoLink,
    #[error("could not get the full text: the article is no longer in the library")]
    Gone,
    /// The page of an article from the net lies on this machine or in a private network.
    #[error("could not get the full text: {0} is on this machine or in a private network")]
    Private(String),
    #[error("could not get the full text: {0}")]
    Fetch(#[from] FetchError),
    #[error("could not get the full text: {url} is {what}")]
    NoPage { url: String, what: String },
    #[error("could not get the full text: the page tells {page} words and the feed {source_words}")]
    Less { page: usize, source_words: usize },
    #[error(transparent)]
    Library(#[from] Error),
}

/// Where pages may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On the net: an article from there must not send the reader into a private network.
    Public,
    /// Also on this machine and in its network, as the article's source is.
    Anywhere,
}

impl Reach {
    /// Of the articles of a source at this address: where it lies, they may; those of a file and of a
    /// program of the person's own anywhere.
    pub fn of_source(address: &str) -> Reach {
        let on_net = address.starts_with("http://") || address.starts_with("https://");
        match on_net && !crate::fetch::is_private(address) {
            true => Reach::Public,
            false => Reach::Anywhere,
        }
    }
}

/// A fetcher with the limits of pages.
pub fn fetcher() -> Fetcher {
    Fetcher::new(LIMITS)
}

/// Shows the article's other text: the page's where its source's is shown, fetched where it has not been
/// yet, and the source's where the page's is. Returns whose text is shown then, and the
/// warnings of the analysis. `cancel` gives it up, unless it is too late.
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
            (TextOf::Page, fetch(fetcher, stored.article, reach)?)
        }
    };
    cancel.check()?;
    let warnings = show(library, text, article, depth)?;
    Ok((text, warnings))
}

/// Shows `article`, which is in the library, with the text that it has here, analysed; the warnings of the analysis.
pub fn show(library: &Library, text: TextOf, article: Article, depth: &Depth) -> Result<Vec<Warning>, Error> {
    let Analysed { articles, warnings, .. } = analyse(vec![article], depth);
    for (article, analysis) in articles {
        library.show_text(text, article, analysis)?;
    }
    Ok(warnings)
}

/// What the person has in a file may point anywhere, what a source brought where the source is.
fn reach(library: &Library, article: &Article) -> Result<Reach, Error> {
    if article.path.is_some() {
        return Ok(Reach::Anywhere);
    }
    let sources = library.sources()?;
    let source = sources.iter().find(|source| source.name == article.source);
    Ok(source.map_or(Reach::Public, |source| Reach::of_source(&source.address)))
}

/// The article with the text of its page.
pub fn fetch(fetcher: &Fetcher, article: Article, reach: Reach) -> Result<Article, FullTextError> {
    let Some(url) = article.url.clone() else { return Err(FullTextError::NoLink) };
    if reach == Reach::Public && crate::fetch::is_private(&url) {
        return Err(FullTextError::Private(url));
    }
    let fetched = fetcher.fetch(&Request { url: url.clone(), ..Request::default() })?;
    let none = |what: &str| FullTextError::NoPage { url: url.clone(), what: what.to_owned() };
    let body = fetched.body.ok_or_else(|| none("a page that did not come"))?;
    let content_type = body.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if ["image/", "audio/", "video/", "font/"].iter().any(|start| kind.starts_with(start)) {
        return Err(none(&format!("no page but {kind}")));
    }
    let charset = content_type.split_once("charset=").map(|(_, name)| name.trim_matches(['"', '\'', ' ']));
    let origin = Origin { path: None, source: article.source.clone(), published: article.published };
    let page = formats::read_page(&body.bytes, charset, &body.url, &origin).map_err(|what| none(&what))?;
    let words = |text: &str| text.split_whitespace().count();
    let (page_words, source_words) = (words(&page.body), words(&article.body));
    // A wall before the article, or the page of something else.
    if page_words * 2 < source_words {
        return Err(FullTextError::Less { page: page_words, source_words });
    }
    Ok(Article { body: page.body, author: article.author.clone().or(page.author), ..article })
}

#[cfg(test)]
mod tests;
