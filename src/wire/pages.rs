//! The second half of a round: the pages of new articles, for the sources of which a person wishes the full
//! text. With the same manners as feeds, after them.

use super::crew::{Crew, News, Shared};
use super::manners::Host;
use super::obtain::host_of_address;
use super::{Progress, Wire};
use crate::article::Article;
use crate::intake::full_text::{self, FullTextError, Reach};
use crate::library::Error;
use crate::listing::TextOf;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// An article whose page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub article: Article,
    pub reach: Reach,
}

/// Pages may lie where their source lies, and on the net.
pub fn reach(source: &Host) -> Reach {
    match source {
        Host::Far(_) => Reach::Public,
        Host::Near(_) | Host::None => Reach::Anywhere,
    }
}

impl Wire {
    /// Fetches pages and shows their text in the place of the feed's, which stays beside it. An article whose
    /// page gives none keeps the feed's.
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

/// The article with the text of its page, if there is one.
fn fetch(wire: &Wire, Wanted { article, reach }: Wanted, shared: &Shared<Wanted>) -> Option<Article> {
    let host = article.url.as_deref().map_or(Host::None, host_of_address);
    let work = || full_text::fetch(&wire.fetcher, article, reach);
    let page = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(FullTextError::Gone));
    shared.ended(&host);
    page.ok()
}
