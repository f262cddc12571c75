//! Changing what the list pane lists.

use super::super::layout::{Arrangement, Pane};
use super::super::view::{Listed, View};
use super::super::{Action, App};
use crate::listing::FacetKind;

impl App {
    /// Sees to it that the list is on the screen: what is done next changes it.
    pub(super) fn show_list(&mut self) {
        if self.layout().list.is_none() {
            self.arrangement = Arrangement::Panes;
        }
        if self.layout().list.is_none() {
            self.focus = Pane::List;
        }
    }

    pub(super) fn change_view(&mut self, action: Action) {
        let kind = |action| match action {
            Action::ViewPeople => Some(FacetKind::Entity(crate::annotation::Kind::Person)),
            Action::ViewCountries => Some(FacetKind::Entity(crate::annotation::Kind::Country)),
            _ => None,
        };
        let listed = match action {
            Action::ViewQuotes => Listed::Quotes,
            Action::ViewTimeline => Listed::Days,
            _ => kind(action).map_or(Listed::Articles, Listed::Names),
        };
        self.focus = Pane::List;
        self.arrangement = Arrangement::Panes;
        if listed != self.view.listed {
            self.view = View::new(listed);
            self.asked.view = None;
            self.ask_view();
            if listed == Listed::Articles {
                self.follow();
            }
        }
    }
}
