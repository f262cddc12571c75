//! The other articles that tell the story of an article: lists them and opens one.

use super::super::App;
use super::super::layout::Pane;
use super::super::over::Over;
use super::super::picker::{Choice, Chosen, Picker, Purpose};
use super::ask::{Arrival, ArriveAt};
use crate::article::{ArticleId, UNDATED};
use crate::listing::Sibling;

impl App {
    pub(super) fn list_copies(&mut self) {
        let subject = self.subject();
        let Some(shown) = self.reader.shown().filter(|shown| Some(shown.stored.id) == subject) else {
            self.notice = Some("no article is selected".to_owned());
            return;
        };
        if shown.stored.copies.is_empty() {
            self.notice = Some("no other article here tells this story".to_owned());
            return;
        }
        let choices = shown.stored.copies.iter().map(choice).collect();
        self.over = Over::Picker(Picker::new(Purpose::Copies, choices));
    }

    /// Opens a copy, which the list need not have.
    pub(super) fn open_copy(&mut self, id: ArticleId) {
        let from = self.place();
        self.asked.opening = None;
        self.focus = Pane::Reader;
        self.settle();
        self.load(id, Arrival::opening(ArriveAt::Start));
        self.stepped(from);
    }
}

/// `South Post  2 January 2022  Harbour closed`.
fn choice(copy: &Sibling) -> Choice {
    let day = copy
        .key
        .published
        .map_or_else(|| UNDATED.to_owned(), |published| published.format("%-d %B %Y").to_string());
    let label = format!("{}  {day}  {}", copy.source, copy.title);
    Choice::new(label, None, Chosen::Article(copy.key.id))
}
