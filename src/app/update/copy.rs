//! Copies and opens the links, the quotes and the address of an article.

use super::super::App;
use super::super::action::Action;
use super::super::line::Line;
use super::super::message::Effect;
use super::super::over::Over;
use super::super::picker::{Choice, Chosen, Picker, Purpose};
use super::super::reader::Shown;
use super::ask::{Arrival, ArriveAt};
use crate::article::UNDATED;
use crate::article::link::Link;

/// Sound and film are played, and everything else is opened.
pub(super) fn opening(link: &Link) -> Effect {
    match link.kind.is_played() {
        true => Effect::Play(link.url.clone()),
        false => Effect::Open(link.url.clone()),
    }
}

impl App {
    /// Copies or opens something of the article. An article that is selected but not shown yet is loaded first.
    pub(super) fn copy(&mut self, action: Action, count: Option<u32>) {
        let Some(id) = self.subject() else {
            self.notice = Some("no article is selected".to_owned());
            return;
        };
        let Some(shown) = self.reader.shown().filter(|shown| shown.stored.id == id) else {
            let at = if self.is_reading() { ArriveAt::Start } else { self.start_of_selected() };
            self.load(id, Arrival { then: Some((action, count)), ..Arrival::at(at) });
            return;
        };
        let article = &shown.stored.article;
        if action == Action::Links {
            self.list_links(shown.text.links().all().to_vec());
            return;
        }
        // `3o` opens the third link, `3yy` copies it.
        let links = shown.text.links();
        let numbered = count.and_then(|number| links.get(number));
        let is_link = matches!(action, Action::OpenLink | Action::CopyLink | Action::Download);
        if let (true, Some(number), None) = (is_link, count, numbered) {
            self.notice = Some(format!("this article has no link {number}"));
            return;
        }
        if action == Action::Download {
            // `3D` downloads the third link, whatever it is.
            let medium = numbered.or(links.medium().map(|(_, link)| link)).map(|link| link.url.clone());
            match (medium, self.setup.closed) {
                (_, Some(why)) => self.notice = Some(why.to_owned()),
                (Some(url), None) => self.effects.push(Effect::Download { id, url }),
                (None, None) => self.notice = Some("no sound, film or picture in this article".to_owned()),
            }
            return;
        }
        let link = numbered.or(links.first());
        if let (Action::OpenLink, Some(link)) = (action, link) {
            let effect = opening(link);
            self.effects.push(effect);
            return;
        }
        let text = match action {
            Action::CopyTitle => Some(article.title.clone()).filter(|title| !title.is_empty()),
            Action::CopyQuote => self.quote_with_source(shown),
            Action::CopyAddress => article.path.clone().or(article.url.clone()),
            _ => link.map(|link| link.url.clone()),
        };
        match (text, action) {
            (Some(text), _) => {
                self.notice = Some(format!("copied: {text}"));
                self.effects.push(Effect::Copy(text));
            }
            (None, Action::CopyQuote) => {
                self.notice = Some("no quote under the cursor; ] goes to the next one".to_owned());
            }
            (None, Action::CopyTitle) => self.notice = Some("this article has no title".to_owned()),
            (None, Action::CopyAddress) => self.notice = Some("this article has no address".to_owned()),
            (None, _) => self.notice = Some("this article has no link".to_owned()),
        }
    }

    /// The quote under the cursor: words, speaker, source, date and link.
    fn quote_with_source(&self, shown: &Shown) -> Option<String> {
        let under = self.reader.under()?;
        let quote = under.quote?;
        let words = quote.span.get(shown.field(quote.field))?.replace('\n', " ");
        let article = &shown.stored.article;
        let mut text = words;
        if let Some(speaker) = under.speaker {
            text.push_str(&format!(" — {speaker}"));
        }
        let day = article.date().map(|day| day.format("%-d %B %Y").to_string());
        let day = day.unwrap_or_else(|| UNDATED.to_owned());
        if !article.title.is_empty() {
            text.push_str(&format!(", “{}”", article.title));
        }
        text.push_str(&format!(" ({}, {day})", article.source));
        if let Some(url) = &article.url {
            text.push_str(&format!(" {url}"));
        }
        Some(text)
    }

    /// Handles a character typed into the list of links, where digits choose: the link opens once no other number begins
    /// with what is typed. Returns whether the list is open.
    pub(super) fn take_link(&mut self, c: char) -> bool {
        let Over::Picker(picker) = &mut self.over else { return false };
        if picker.purpose.takes_words() {
            return false;
        }
        match c {
            'q' => self.over = Over::Nothing,
            'j' => picker.move_by(1),
            'k' => picker.move_by(-1),
            '0'..='9' => {
                picker.line.insert(c);
                picker.narrow();
                match picker.fitting() {
                    [only] => {
                        if let Chosen::Link(link) = only.value.clone() {
                            self.over = Over::Nothing;
                            self.effects.push(opening(&link));
                        }
                    }
                    [] => {
                        self.notice = Some(format!("there is no link {}", picker.line.text()));
                        picker.line = Line::default();
                        picker.narrow();
                    }
                    _ => {}
                }
            }
            _ => self.notice = Some(format!("No key `{c}` here; digits choose, q closes.")),
        }
        true
    }

    fn list_links(&mut self, links: Vec<Link>) {
        if links.is_empty() {
            self.notice = Some("this article has no links".to_owned());
            return;
        }
        let choice = |(at, link): (usize, Link)| {
            let kind = link.marker().map(|marker| format!("{marker} ")).unwrap_or_default();
            Choice::new(format!("{} {kind}{}", at + 1, link.url), None, Chosen::Link(link))
        };
        let choices = links.into_iter().enumerate().map(choice).collect();
        self.over = Over::Picker(Picker::new(Purpose::Link, choices));
    }
}
