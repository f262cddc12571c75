//! The second half of a round: fetches the web pages of new articles, for the sources whose full text is wanted.
//! It starts after the feeds and follows the same limits on requests.

use super::crew::{Crew, News, Shared};
use super::manners::Host;
use super::obtain::host_of_address;
use super::rules::{Arrived, Coming};
use super::{Progress, Wire};
use crate::article::Article;
use crate::fetch::Reach;
use crate::formats::Warning;
use crate::intake::full_text::{self, FullTextError, Teaser};
use crate::library::{Error, Recognition};
use crate::listing::TextOf;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// The most pages that one source has fetched in one round. The other articles keep the text of the feed.
pub const AT_ONCE: usize = 200;

/// An article whose web page is to be fetched.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The article without its body.
    article: Article,
    teaser: Teaser,
    reach: Reach,
    /// How the article has come, for the rules.
    arrived: Option<Arrived>,
}

impl Wanted {
    /// The page of `article`, which may be at `reach`.
    pub fn new(article: &Article, reach: Reach, coming: Coming) -> Wanted {
        let arrived = Some(Arrived { article: Recognition::of(article), coming });
        let Article { path, url, guid, source, title, author, published, language, body: _ } = article;
        let teaser = Teaser::of(article);
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
        Wanted { article, teaser, reach, arrived }
    }
}

impl Wire {
    /// Fetches web pages and shows their text instead of the text of the feed, which stays stored as well. An article
    /// whose page has no usable text keeps the text of the feed, and the status of its source says how many there are and
    /// why.
    pub(super) fn take_pages(
        &self,
        mut wanted: Vec<Wanted>,
        cancelled: &AtomicBool,
        progress: &mut Progress,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        progress.pages.total = wanted.len() as u64;
        let arrived: Vec<Arrived> = wanted.iter_mut().filter_map(|wanted| wanted.arrived.take()).collect();
        let host = |wanted: &Wanted| wanted.article.url.as_deref().map_or(Host::None, host_of_address);
        let jobs = wanted.into_iter().map(|wanted| (host(&wanted), wanted)).collect();
        let wire = self.clone();
        let crew = Crew::start(self.manners, jobs, move |wanted, shared| vec![fetch(&wire, wanted, shared)]);
        let mut failed: BTreeMap<String, (u64, String)> = BTreeMap::new();
        while !cancelled.load(Ordering::Relaxed) {
            match crew.next() {
                News::Arrival(arrival) => {
                    progress.pages.done += 1;
                    match arrival {
                        Ok(article) => {
                            let warnings =
                                full_text::show(&self.library, TextOf::Page, article, &self.depth)?;
                            progress.warnings.extend(warnings);
                        }
                        Err((source, reason)) => {
                            progress.pages.failed += 1;
                            failed.entry(source).or_insert((0, reason)).0 += 1;
                        }
                    }
                    report(progress);
                }
                News::Nothing => {}
                News::Over => break,
            }
        }
        self.tell_failed(&failed, progress)?;
        self.apply_rules(&arrived, progress)
    }

    /// Adds to the status of each source, and to what is told of this round, how many of its pages have no text and why the
    /// first has none.
    fn tell_failed(
        &self,
        failed: &BTreeMap<String, (u64, String)>,
        progress: &mut Progress,
    ) -> Result<(), Error> {
        if failed.is_empty() {
            return Ok(());
        }
        let mut standings = Vec::new();
        for source in self.library.sources()? {
            let Some((count, reason)) = failed.get(&source.name) else { continue };
            let note = match count {
                1 => reason.clone(),
                count => format!("{reason} (so {count} articles)"),
            };
            progress.notes.push(Warning::new(&source.name, None, &note));
            let mut standing = source.standing;
            standing.warning = Some(match standing.warning.take() {
                Some(other) => format!("{other}; {note}"),
                None => note,
            });
            standings.push((source.id, standing));
        }
        self.library.record_standings(&standings)
    }
}

/// Returns the article with the text of its web page, or the name of its source and why there is no text.
fn fetch(
    wire: &Wire,
    Wanted { article, teaser, reach, .. }: Wanted,
    shared: &Shared<Wanted>,
) -> Result<Article, (String, String)> {
    let source = article.source.clone();
    let host = article.url.as_deref().map_or(Host::None, host_of_address);
    let work = || full_text::fetch(&wire.fetcher, article, &teaser, reach);
    let page = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(FullTextError::Gone));
    shared.ended(&host);
    page.map_err(|error| (source, error.to_string()))
}
