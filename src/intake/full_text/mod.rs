//! Gets the full text of an article from its web page, for feeds that carry only the opening lines.
//!
//! The page of an article in the library is fetched, the article is extracted from it, and the library stores this
//! text beside the text from the source. No script of the page is run, and nothing else that belongs to the page is
//! fetched. This module knows nothing of the screen.

use super::{Analysed, Depth, analyse, typed};
use crate::article::link::{Link, Links};
use crate::article::{Article, ArticleId};
use crate::fault::short;
use crate::fetch::{FetchError, Fetcher, Limits, Reach, Request};
use crate::formats::{self, Origin, Warning};
use crate::library::{Cancel, Error, Library};
use crate::listing::TextOf;
use std::collections::HashSet;
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
    #[error(
        "could not get the full text: the page tells something else than the feed; it may ask for consent or for a login; o opens it in a browser"
    )]
    Another,
    #[error(transparent)]
    Library(#[from] Error),
}

/// What the source tells of an article whose page is fetched, by which the page is recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Teaser {
    /// The number of its words.
    words: usize,
    /// Its start.
    text: String,
    /// Its sounds and films, which the text of the page keeps.
    media: Vec<Link>,
}

impl Teaser {
    pub fn of(article: &Article) -> Teaser {
        let links = Links::of(article);
        let text = article.body.get(..links.text_end()).unwrap_or(&article.body);
        let end = text.char_indices().nth(TEASER_CAP).map_or(text.len(), |(at, _)| at);
        let media = links.all().iter().filter(|link| link.kind.is_played()).cloned().collect();
        Teaser { words: words_of(text), text: text[..end].to_owned(), media }
    }

    /// Whether `page` tells what the source tells under this title: of the longer words of both, a part stands in the page.
    /// A page that asks for consent, or says that there is none of this address, has hardly one of them.
    fn is_told_by(&self, title: &str, page: &Article) -> bool {
        let told: HashSet<String> = marks(&page.body).chain(marks(&page.title)).collect();
        let share = |text: &str| {
            let own: HashSet<String> = marks(text).collect();
            let common = own.iter().filter(|mark| told.contains(*mark)).count();
            (common, own.len())
        };
        let ((teaser, of_teaser), (head, of_head)) = (share(&self.text), share(title));
        match of_teaser + of_head {
            0 => true,
            _ => teaser * LEAST_SHARE >= of_teaser.max(1) || head * 2 >= of_head.max(1),
        }
    }
}

/// How much of the start of a text from a source is compared with its page, in characters.
const TEASER_CAP: usize = 2_000;
/// One of this many of its words has to stand in the page.
const LEAST_SHARE: usize = 4;
/// How often a page may send its reader on to another.
const REFRESHES: usize = 3;

/// What texts are compared by: words of four letters or more, in lower case, and pairs of characters where a script has no
/// spaces between its words.
fn marks(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.flat_map(|word| {
        let folded: Vec<char> = word.to_lowercase().chars().collect();
        let dense = folded
            .iter()
            .any(|c| matches!(u32::from(*c), 0x0e00..=0x0eff | 0x3040..=0x9fff | 0xac00..=0xd7af));
        match dense {
            true => folded.windows(2).map(|pair| pair.iter().collect()).collect(),
            false if folded.len() >= 4 => vec![folded.into_iter().collect()],
            false => Vec::new(),
        }
    })
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
            let teaser = Teaser::of(&stored.article);
            (TextOf::Page, fetch(fetcher, stored.article, &teaser, reach)?)
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
pub fn reach(library: &Library, article: &Article) -> Result<Reach, Error> {
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

/// Fetches the page of `article`, of which the source tells `teaser`, and returns the article with the text of the page. No
/// login and no header of the source is sent. A page that sends its reader on at once is followed, as far as `reach` goes.
pub fn fetch(
    fetcher: &Fetcher,
    article: Article,
    teaser: &Teaser,
    reach: Reach,
) -> Result<Article, FullTextError> {
    let Some(mut url) = article.url.clone() else { return Err(FullTextError::NoLink) };
    for _ in 0..REFRESHES {
        match fetch_one(fetcher, &article, teaser, (&url, &reach))? {
            Page::Of(page) => return Ok(*page),
            Page::At(other) => url = other,
        }
    }
    let what = "one that sends its reader on and on".to_owned();
    Err(FullTextError::NoPage { url, what })
}

/// What an address leads to.
enum Page {
    /// The article with the text of the page.
    Of(Box<Article>),
    /// A page at another address.
    At(String),
}

fn fetch_one(
    fetcher: &Fetcher,
    article: &Article,
    teaser: &Teaser,
    (url, reach): (&str, &Reach),
) -> Result<Page, FullTextError> {
    let source_words = teaser.words;
    let request =
        Request { url: url.to_owned(), reach: reach.clone(), limits: Some(LIMITS), ..Request::default() };
    let fetched = fetcher.fetch(&request)?;
    let none = |what: &str| FullTextError::NoPage { url: url.to_owned(), what: what.to_owned() };
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
    let read = match kind {
        "text/plain" => formats::read_plain_page(&body.bytes, charset, &body.url, &origin),
        _ => formats::read_page(&body.bytes, charset, &body.url, &origin),
    };
    // A page with a story of its own is not left, whatever it says.
    let is_short = read.as_ref().map_or(true, |page| words_of(&page.body) < REFRESHED);
    if let Some(other) = Some(&body)
        .filter(|_| is_short && kind != "text/plain")
        .and_then(|body| formats::page_refresh(&body.bytes, charset, &body.url))
    {
        return Ok(Page::At(other));
    }
    let mut page = read.map_err(|what| none(&what))?;
    let page_words = words_of(&page.body);
    // The page is a paywall, or not the page of this article.
    if page_words * 2 < source_words {
        return Err(FullTextError::Less { page: page_words, source_words });
    }
    if !teaser.is_told_by(&article.title, &page) {
        return Err(FullTextError::Another);
    }
    formats::keep_media(&mut page.body, &teaser.media);
    Ok(Page::Of(Box::new(Article {
        body: page.body,
        author: article.author.clone().or(page.author),
        language: page.language.or(article.language),
        ..article.clone()
    })))
}

/// A page with more words than this tells something, even if it sends its reader on.
const REFRESHED: usize = 150;

#[cfg(test)]
mod tests;
