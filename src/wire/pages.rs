//! The second half of a round: the pages of new articles, for the sources of which a person wishes the full
//! text. With the same manners as feeds, after them.

use super::manners::{Host, Queue};
use super::obtain::host_of_address;
use super::round::Shared;
use super::{Progress, Wire};
use crate::article::Article;
use crate::library::Error;
use crate::listing::TextOf;
use crate::run::full_text::{self, FullTextError, Reach};
use crate::run::intake;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// How often the loop looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);

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
        let threads = wanted.len().min(self.manners.at_once);
        let host = |wanted: &Wanted| wanted.article.url.as_deref().map_or(Host::None, host_of_address);
        let jobs = wanted.into_iter().map(|wanted| (host(&wanted), wanted));
        let shared = Arc::new(Shared::new(Queue::new(self.manners, jobs)));
        let (send, arrivals) = sync_channel(threads.max(1));
        for _ in 0..threads {
            let (wire, shared, send) = (self.clone(), Arc::clone(&shared), send.clone());
            thread::spawn(move || fetch_each(&wire, &shared, &send));
        }
        drop(send);
        while !cancelled.load(Ordering::Relaxed) {
            match arrivals.recv_timeout(LOOK) {
                Ok(arrival) => {
                    progress.pages.done += 1;
                    match arrival {
                        Ok(article) => self.show_page(article)?,
                        Err(_) => progress.pages.failed += 1,
                    }
                    report(progress);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        shared.stop();
        Ok(())
    }

    fn show_page(&self, article: Article) -> Result<(), Error> {
        for (article, analysis) in intake::analyse(vec![article], &self.depth) {
            self.library.show_text(TextOf::Page, article, analysis)?;
        }
        Ok(())
    }
}

fn fetch_each(wire: &Wire, shared: &Shared<Wanted>, send: &SyncSender<Result<Article, ()>>) {
    while let Some(Wanted { article, reach }) = shared.next() {
        let host = article.url.as_deref().map_or(Host::None, host_of_address);
        let work = || full_text::fetch(&wire.fetcher, article, reach);
        let page = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(FullTextError::Gone));
        shared.ended(&host);
        if send.send(page.map_err(drop)).is_err() {
            return;
        }
    }
}
