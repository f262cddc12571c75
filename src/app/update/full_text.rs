//! The full text of an article, from its page: asked for, under way, there.

use super::super::App;
use super::super::message::{Effect, Outcome, Ticket};
use crate::article::ArticleId;
use crate::listing::TextOf;
use url::Url;

/// Pages under way at once: more are not waited for by anybody.
const MOST: usize = 8;

/// One that is under way.
#[derive(Clone, Debug)]
pub struct Underway {
    ticket: Ticket,
    id: ArticleId,
    /// Where the page is.
    host: String,
}

impl App {
    /// Asks for the other text of the article, or gives up the question that is open.
    pub(super) fn full_text(&mut self) {
        let Some(id) = self.subject() else {
            self.notice = Some("no article is selected".to_owned());
            return;
        };
        if let Some(at) = self.asked.full_texts.iter().position(|underway| underway.id == id) {
            let underway = self.asked.full_texts.remove(at);
            self.effects.push(Effect::GiveUp { ticket: underway.ticket });
            self.notice = Some(format!("gave up the page from {}", underway.host));
            return;
        }
        if self.asked.full_texts.len() >= MOST {
            self.notice = Some("could not get the full text: too many pages are under way".to_owned());
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

    /// Takes the answer to such a question; whether it was one.
    pub(super) fn take_full_text(&mut self, ticket: Ticket, outcome: &Outcome) -> bool {
        let Some(at) = self.asked.full_texts.iter().position(|underway| underway.ticket == ticket) else {
            return false;
        };
        let id = self.asked.full_texts.remove(at).id;
        if let Outcome::FullText(text) = outcome {
            self.notice = Some(match text {
                TextOf::Page => "the full text, from its page; x shows the source's".to_owned(),
                TextOf::Source => "the source's text; x shows the page's".to_owned(),
            });
            self.refresh();
            if self.reader.id() == Some(id) {
                self.ask_again(id);
            }
        }
        true
    }

    /// What is under way, for the status line.
    pub fn full_text_underway(&self) -> Option<String> {
        let first = self.asked.full_texts.first()?;
        Some(match self.asked.full_texts.len() {
            1 => format!("fetching the page from {} … x gives up", first.host),
            several => format!("fetching {several} pages …"),
        })
    }
}
