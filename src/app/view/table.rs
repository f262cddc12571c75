//! The table of views: one row a view.
//!
//! The enum, the actions with their keys and help, the question to the library, the title of the pane and the name
//! in the saved state are all made from a row. A view whose rows have a shape that exists already needs nothing
//! but its row here.

use super::RowsOf::{self, Names, Quotes, Threads, Timeline};
use crate::annotation::Kind::{Country, Org, Person, Place};
use crate::listing::FacetKind::{Entity, Language};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ViewInfo {
    pub kind: ViewKind,
    /// As it is written in the saved state, and typed in the reader that works in lines.
    pub name: &'static str,
    /// The title of the pane.
    pub title: &'static str,
    /// What the library is asked for; `None` for the articles, which the list asks for itself.
    pub rows: Option<RowsOf>,
    /// The config name of the action that opens the view: `view-` and the name.
    pub action: &'static str,
    /// The default key sequences of that action.
    pub keys: &'static [&'static str],
    /// What the action does, in a sentence without a full stop.
    pub help: &'static str,
}

/// Makes the enum and the table from the same rows.
macro_rules! views {
    ($($kind:ident $name:literal $title:literal [$($keys:literal),+] $rows:expr, $help:literal;)+) => {
        /// What the list pane lists.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum ViewKind {
            #[default]
            $(#[doc = $help] $kind,)+
        }

        /// Every view, in the order of the help screen. The first is the one that everything falls back to.
        pub const VIEWS: &[ViewInfo] = &[
            $(ViewInfo {
                kind: ViewKind::$kind,
                name: $name,
                title: $title,
                rows: $rows,
                action: concat!("view-", $name),
                keys: &[$($keys),+],
                help: $help,
            },)+
        ];
    };
}

#[rustfmt::skip]
views! {
    Articles "list" "Articles" ["v l"] None, "List the articles";
    People "people" "People" ["v p"] Some(Names(Entity(Person))), "List the people in the current result";
    Countries "countries" "Countries" ["v c"] Some(Names(Entity(Country))), "List the countries in the current result";
    Map "map" "Countries" ["v m"] Some(Names(Entity(Country))), "Show the countries of the current result on a map of the world; the arrow keys go from one to the next";
    Orgs "orgs" "Organisations" ["v o"] Some(Names(Entity(Org))), "List the organisations in the current result";
    Places "places" "Places" ["v w"] Some(Names(Entity(Place))), "List the places in the current result";
    Sources "sources" "Sources" ["v s"] Some(RowsOf::Sources), "List the sources with their unread articles, their last and next fetch, and what is wrong with them";
    Languages "languages" "Languages" ["v g"] Some(Names(Language)), "List the languages of the current result, with the number of articles in each";
    Quotes "quotes" "Quotes" ["v q"] Some(Quotes), "List the quotes in the current result";
    Brief "brief" "Brief" ["v b"] Some(RowsOf::Brief), "Show what is new in the current result since yesterday: the largest stories, people, quotes, countries";
    Boards "boards" "Boards" ["v B"] Some(RowsOf::Boards), "List your boards: piles of articles and quotes with your notes; Enter opens one";
    Watches "watches" "Watched" ["v W"] Some(RowsOf::Watches), "List the saved searches with what is new since you looked at them; Enter lists that";
    Timeline "timeline" "Timeline" ["v t"] Some(Timeline), "Show the current result over time: hours, days, weeks, months or years, as they fit";
    Stories "stories" "Stories" ["v n"] Some(Threads), "List the stories of the current result: articles that tell of one event over days";
}

impl ViewKind {
    /// The row of the table.
    pub fn info(self) -> &'static ViewInfo {
        // The enum is made from the table, in its order: a test looks at every row.
        &VIEWS[self as usize]
    }

    /// The view that the table calls `name`, if there is one.
    pub fn find(name: &str) -> Option<ViewKind> {
        VIEWS.iter().find(|info| info.name == name).map(|info| info.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enum_and_the_table_are_in_one_order() {
        for (place, info) in VIEWS.iter().enumerate() {
            assert_eq!(info.kind as usize, place);
            assert_eq!(ViewKind::find(info.name), Some(info.kind));
        }
    }

    #[test]
    fn only_the_first_view_lists_articles() {
        let articles: Vec<_> =
            VIEWS.iter().filter(|info| info.rows.is_none()).map(|info| info.kind).collect();
        assert_eq!(articles, [ViewKind::default()]);
    }

    #[test]
    fn a_list_of_names_has_the_title_of_its_facet() {
        for info in VIEWS {
            if let Some(Names(kind)) = info.rows {
                assert_eq!(info.title, crate::app::facets::plural(kind));
            }
        }
    }
}
