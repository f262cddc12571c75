//! Changes what the list pane lists.

use super::super::App;
use super::super::layout::{Arrangement, Pane};
use super::super::view::ViewKind;

impl App {
    /// Makes sure that the list is on the screen, because the next step changes it.
    pub(super) fn show_list(&mut self) {
        if self.layout().list.is_none() && self.arrangement == Arrangement::ReaderAlone {
            self.arrangement = Arrangement::Panes;
            self.focus = Pane::Reader;
        }
        if self.layout().list.is_none() {
            self.focus = Pane::List;
        }
    }

    pub(super) fn change_view(&mut self, kind: ViewKind) {
        let from = self.place();
        self.focus = Pane::List;
        self.arrangement = Arrangement::Panes;
        self.asked.opening = None;
        if kind != self.view.kind {
            self.switch_view(kind);
            self.ask_view();
            if self.view.is_articles() {
                self.left_view();
            }
        } else if self.view.is_articles() {
            self.follow();
        }
        self.stepped(from);
    }

    /// After the articles were listed again: what does not match any more goes.
    fn left_view(&mut self) {
        if self.resolved().hold.is_some() {
            self.hold = crate::listing::Hold::fresh();
            self.ask_all(self.keep());
        } else if self.list.is_known_empty() {
            self.clear_reader();
        }
        self.follow();
    }
}
