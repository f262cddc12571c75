//! The second half of a round: fetches the web pages of new articles, for the sources whose full text is wanted.
//! It starts after the feeds and follows the same limits on requests.

use super::crew::{Crew, News, Shared};
use super::manners::Host;
use super::obtain::host_of_address;
use super::{Progress, Wire};
use crate::article::Article;
use crate::fetch::Reach;
use crate::intake::full_text::{self, FullTextError};
use crate::library::Error;
use crate::listing::TextOf;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// The most pages that one source has fetched in one round. The other articles keep the text of the feed.
pub const AT_ONCE: usize = 200;

/// An article whose web page is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The article without its body.
    article: Article,
    /// The number of words of the body.
    words: usize,
    reach: Reach,
}

impl Wanted {
    /// The page of `article`, which may be at `reach`.
    pub fn new(article: &Article, reach: Reach) -> Wanted {
        let Article { path, url, guid, source, title, author, published, language, body } = article;
        let article = Article {
            path: path.clone(),
            url: url.clone(),
            guid: guid.clone(),
            source: source.clone(),
            title: title.clone(),
            author: author.clone(),
            published: *published,
            language: *language,
            body: String::new(),
        };
        Wanted { article, words: body.split_whitespace().count(), reach }
    }
}

impl Wire {
    /// Fetches web pages and shows their text instead of the text of the feed, which stays stored as well. An article
    /// whose page has no usable text keeps the text of the feed.
    pub(super) fn take_pages(
        &self,
        wanted: Vec<Wanted>,
        cancelled: &AtomicBool,
        progress: &mut Progress,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        progress.pages.total = wanted.len() as u64;
        let host = |wanted: &Wanted| wanted.article.url.as_deref().map_or(Host::None, host_of_address);
        let jobs = wanted.into_iter().map(|wanted| (host(&wanted), wanted)).collect();
        let wire = self.clone();
        let crew = Crew::start(self.manners, jobs, move |wanted, shared| vec![fetch(&wire, wanted, shared)]);
        while !cancelled.load(Ordering::Relaxed) {
            match crew.next() {
                News::Arrival(arrival) => {
                    progress.pages.done += 1;
                    match arrival {
                        Some(article) => {
                            let warnings =
                                full_text::show(&self.library, TextOf::Page, article, &self.depth)?;
                            progress.warnings.extend(warnings);
                        }
                        None => progress.pages.failed += 1,
                    }
                    report(progress);
                }
                News::Nothing => {}
                News::Over => break,
            }
        }
        Ok(())
    }
}

/// Returns the article with the text of its web page, or `None` if the page has no usable text.
fn fetch(wire: &Wire, Wanted { article, words, reach }: Wanted, shared: &Shared<Wanted>) -> Option<Article> {
    let host = article.url.as_deref().map_or(Host::None, host_of_address);
    let work = || full_text::fetch(&wire.fetcher, article, words, reach);
    let page = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(FullTextError::Gone));
    shared.ended(&host);
    page.ok()
}
