//! Changes what the list pane lists.

use super::super::App;
use super::super::layout::{Arrangement, Pane};
use super::super::view::{View, ViewKind};

impl App {
    /// Makes sure that the list is on the screen, because the next step changes it.
    pub(super) fn show_list(&mut self) {
        if self.layout().list.is_none() {
            self.arrangement = Arrangement::Panes;
        }
        if self.layout().list.is_none() {
            self.focus = Pane::List;
        }
    }

    pub(super) fn change_view(&mut self, kind: ViewKind) {
        self.focus = Pane::List;
        self.arrangement = Arrangement::Panes;
        if kind != self.view.kind {
            self.view = View::new(kind);
            self.asked.view = None;
            self.ask_view();
            if self.view.is_articles() {
                self.follow();
            }
        }
    }
}
