//! Gets the full text of an article from its page.

use super::super::App;
use super::super::message::{Effect, Outcome, Ticket};
use crate::article::ArticleId;
use crate::listing::TextOf;
use url::Url;

/// The most pages that are fetched at the same time.
const MOST: usize = 8;

/// A page that is being fetched.
#[derive(Clone, Debug)]
pub struct Underway {
    ticket: Ticket,
    id: ArticleId,
    /// Where the page is.
    host: String,
}

impl App {
    /// Asks for the other text of the article, or cancels the question that is open.
    pub(super) fn full_text(&mut self) {
        let Some(id) = self.subject() else {
            self.notice = Some("no article is selected".to_owned());
            return;
        };
        if let Some(at) = self.asked.full_texts.iter().position(|underway| underway.id == id) {
            let underway = self.asked.full_texts.remove(at);
            self.effects.push(Effect::GiveUp { ticket: underway.ticket });
            self.notice = Some(format!("stopped fetching the page from {}", underway.host));
            return;
        }
        if self.asked.full_texts.len() >= MOST {
            self.notice = Some(
                "could not get the full text: too many pages are being fetched already; wait for one of them"
                    .to_owned(),
            );
            return;
        }
        let ticket = self.ticket();
        let shown = self.reader.shown().filter(|shown| shown.stored.id == id);
        let url = shown.and_then(|shown| shown.stored.article.url.as_deref());
        let host = url.and_then(|url| Url::parse(url).ok()?.host_str().map(str::to_owned));
        let host = host.unwrap_or_else(|| "its site".to_owned());
        self.asked.full_texts.push(Underway { ticket, id, host });
        self.effects.push(Effect::FullText { ticket, id });
    }

    /// Handles the answer to such a question. Returns whether it was one.
    pub(super) fn take_full_text(&mut self, ticket: Ticket, outcome: &Outcome) -> bool {
        let Some(at) = self.asked.full_texts.iter().position(|underway| underway.ticket == ticket) else {
            return false;
        };
        let id = self.asked.full_texts.remove(at).id;
        if let Outcome::FullText(text) = outcome {
            self.notice = Some(match text {
                TextOf::Page => {
                    "this is the full text, from the article's page; x shows the source's text".to_owned()
                }
                TextOf::Source => "this is the source's text; x shows the page's text".to_owned(),
            });
            self.refresh();
            if self.reader.id() == Some(id) {
                self.ask_again(id);
            }
        }
        true
    }

    /// What is being fetched, for the status line.
    pub fn full_text_underway(&self) -> Option<String> {
        let first = self.asked.full_texts.first()?;
        Some(match self.asked.full_texts.len() {
            1 => format!("fetching the page from {} … x stops it", first.host),
            several => format!("fetching {several} pages …"),
        })
    }
}
