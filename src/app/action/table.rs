//! The table of actions. Long because it is a table: one line an action. The actions that open views are made from
//! the table of views.

use super::{ActionInfo, Context, Group};
use crate::app::view::{VIEWS, ViewInfo, ViewKind};

use Context::{Facets, List, Picker, Prompt, Reader, Sheet};

const PANES: &[Context] = &[List, Reader, Facets];
const SCROLL: &[Context] = &[List, Reader, Facets, Sheet];
const LINES: &[Context] = &[Prompt, Picker];
const PROMPTS: &[Context] = &[Prompt];
const CHOICES: &[Context] = &[Picker];
const READER: &[Context] = &[Reader];
const FACETS: &[Context] = &[Facets];
const SHEETS: &[Context] = &[Sheet];
const BROWSE: &[Context] = &[List, Reader, Facets, Sheet];
const EVERYWHERE: &[Context] = &[List, Reader, Facets, Prompt, Picker, Sheet];

/// Makes the enum and the table from the same lines.
macro_rules! actions {
    ($($action:ident $name:literal $group:ident $contexts:ident [$($keys:literal),+] $short:literal $help:literal;)+) => {
        /// Something that a person can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $help] $action,)+
            /// Opens a view.
            View(ViewKind),
        }

        /// The place of each action in the table; the views follow the others.
        enum Row {
            $($action,)+
            Views,
        }

        impl Action {
            /// Where [`ACTIONS`] has this action.
            pub(super) fn place(self) -> usize {
                match self {
                    $(Action::$action => Row::$action as usize,)+
                    Action::View(view) => Row::Views as usize + view as usize,
                }
            }
        }

        const OTHERS: &[ActionInfo] = &[
            $(ActionInfo {
                action: Action::$action,
                name: $name,
                group: Group::$group,
                contexts: $contexts,
                keys: &[$($keys),+],
                short: $short,
                help: $help,
            },)+
        ];
    };
}

/// Every action: those of this file, in their order, then one for each view.
pub static ACTIONS: &[ActionInfo] = &ALL;

const ALL: [ActionInfo; OTHERS.len() + VIEWS.len()] = with_views();

const fn with_views() -> [ActionInfo; OTHERS.len() + VIEWS.len()] {
    let mut all = [OTHERS[0]; OTHERS.len() + VIEWS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < OTHERS.len() { OTHERS[at] } else { opening(&VIEWS[at - OTHERS.len()]) };
        at += 1;
    }
    all
}

/// The action that opens a view.
const fn opening(view: &ViewInfo) -> ActionInfo {
    ActionInfo {
        action: Action::View(view.kind),
        name: view.action,
        group: Group::View,
        contexts: PANES,
        keys: view.keys,
        short: view.name,
        help: view.help,
    }
}

#[rustfmt::skip]
actions! {
    Down "down" Move SCROLL ["j", "Down"] "down" "One row or line down";
    Up "up" Move SCROLL ["k", "Up"] "up" "One row or line up";
    Top "top" Move SCROLL ["g g", "Home"] "top" "To the first; 5gg to the fifth";
    Bottom "bottom" Move SCROLL ["G", "End"] "bottom" "To the last; 5G to the fifth";
    HalfDown "half-page-down" Move SCROLL ["C-d"] "half down" "Half a page down";
    HalfUp "half-page-up" Move SCROLL ["C-u"] "half up" "Half a page up";
    PageDown "page-down" Move SCROLL ["Space", "PgDn", "C-f"] "page" "A page down";
    PageUp "page-up" Move SCROLL ["PgUp", "b", "C-b"] "page up" "A page up";
    PaneNext "next-pane" Move PANES ["l", "Tab", "Right"] "pane" "To the next pane";
    PanePrevious "previous-pane" Move PANES ["h", "S-Tab", "Left"] "pane back" "To the previous pane";
    ArticleNext "next-article" Move PANES ["J"] "next" "The next article, from wherever you are";
    ArticlePrevious "previous-article" Move PANES ["K"] "previous" "The previous article, from wherever you are";
    Open "open" Move PANES ["Enter"] "open" "Open the article; on a facet, require it; in a view, filter by the row";
    Back "back" Move PANES ["q"] "back" "Back to where you came from; from the list, leave";

    Search "search" Search PANES ["/"] "search" "Search and filter as you type";
    NextUnread "next-hit-or-unread" Search PANES ["n"] "next hit" "The next hit while a search is live, else the next unread article";
    PreviousUnread "previous-hit-or-unread" Search PANES ["N"] "hit before" "The previous hit while a search is live, else the previous unread article";
    EditFilter "edit-filter" Search PANES ["f e"] "edit" "Edit the whole filter as text";

    FilterPerson "filter-person" Filter PANES ["f p"] "person" "Filter by a person";
    FilterCountry "filter-country" Filter PANES ["f c"] "country" "Filter by a country";
    FilterOrg "filter-org" Filter PANES ["f o"] "org" "Filter by an organisation";
    FilterPlace "filter-place" Filter PANES ["f l"] "place" "Filter by a place";
    FilterSource "filter-source" Filter PANES ["f s"] "source" "Filter by a source";
    FilterDate "filter-date" Filter PANES ["f d"] "date" "Filter by date";
    FilterTag "filter-tag" Filter PANES ["f t"] "tag" "Filter by a tag";
    FilterQuotes "filter-quotes" Filter PANES ["f q"] "quotes" "Only articles with quotes, or all again";
    FilterUnread "filter-unread" Filter PANES ["f u"] "unread" "Only unread articles, or all again";
    FilterStarred "filter-starred" Filter PANES ["f m"] "starred" "Only starred articles, or all again";
    FilterSaved "filter-saved" Filter PANES ["f f"] "saved" "Use a saved search, in place of another";
    SaveSearch "save-search" Filter PANES ["S"] "save" "Save the present filter as a search with a name";
    RenameSearch "rename-search" Filter PANES ["f r"] "rename" "Rename the saved search under the cursor, or the one in the filter";
    RemoveSearch "remove-search" Filter PANES ["f D"] "remove" "Remove the saved search under the cursor, or the one in the filter";
    FilterClear "clear-filters" Filter PANES ["f x"] "clear" "Drop every filter";
    FilterDrop "drop-filter" Filter PANES ["Esc"] "drop" "Drop the last filter";
    Require "require" Filter PANES ["+"] "require" "Only articles with the facet or the name under the cursor";
    Exclude "exclude" Filter PANES ["-"] "exclude" "Only articles without it";
    Only "only" Filter PANES ["*"] "only" "Only it, in place of other filters of its kind";

    NameNext "next-name" Walk PANES ["e"] "name" "The next name in the text";
    NamePrevious "previous-name" Walk PANES ["E"] "name before" "The previous name in the text";
    QuoteNext "next-quote" Walk PANES ["]"] "quote" "The next quote in the text";
    QuotePrevious "previous-quote" Walk PANES ["["] "quote before" "The previous quote in the text";
    SectionNext "next-section" Walk FACETS ["}"] "section" "The next kind of facet";
    SectionPrevious "previous-section" Walk FACETS ["{"] "section up" "The previous kind of facet";

    MarkRead "toggle-read" Mark PANES ["m"] "read" "Mark read or unread";
    MarkAllRead "all-read" Mark PANES ["A"] "all read" "Mark all that the filter shows as read";
    Star "star" Mark PANES ["s"] "star" "Star, or take the star away";
    Tag "tag" Mark PANES ["t"] "tag" "Tag; with a - before the tag, untag";
    Undo "undo" Mark PANES ["U"] "undo" "Undo the last marking or correction of a name";
    Redo "redo" Mark PANES ["C-r"] "redo" "Redo what was undone";

    ThisIs "this-is" Mark PANES ["i"] "this is" "Put right what the engine took the name under the cursor for";

    FullText "full-text" Mark PANES ["x"] "full text" "The full text from the article's page; again for the source's own";

    CopyLink "copy-link" Copy PANES ["y y"] "link" "Copy the article's link; 3yy the third in it";
    CopyTitle "copy-title" Copy PANES ["y t"] "title" "Copy the title";
    CopyQuote "copy-quote" Copy PANES ["y q"] "quote" "Copy the quote under the cursor with its source";
    CopyAddress "copy-address" Copy PANES ["y u"] "address" "Copy the address: where the article came from, a file or a link";
    OpenLink "open-link" Copy PANES ["o"] "open link" "Open the article's link; 3o the third in it";
    Links "links" Copy PANES ["u"] "links" "List the links of the article; a digit opens one";

    ShowPeople "toggle-people" Show PANES ["z p"] "people" "Light up people, or not";
    ShowCountries "toggle-countries" Show PANES ["z c"] "countries" "Light up countries, or not";
    ShowOrgs "toggle-orgs" Show PANES ["z o"] "orgs" "Light up organisations, or not";
    ShowPlaces "toggle-places" Show PANES ["z l"] "places" "Light up places, or not";
    ShowQuotes "toggle-quotes" Show PANES ["z q"] "quotes" "Light up quotes, or not";
    ShowAll "toggle-all" Show PANES ["z a"] "all" "Light up everything, or nothing";
    ShowFacets "toggle-facets" Show PANES ["z f"] "facets" "Show the facet pane, or not";
    Zoom "zoom" Show PANES ["z z"] "zoom" "Give the reader the whole screen, or back";
    Center "center" Show READER ["z t"] "to the top" "Scroll the line under the cursor to the top";

    Accept "accept" Line LINES ["Enter"] "take" "Take what is typed or chosen";
    Cancel "cancel" Line LINES ["Esc", "C-g"] "drop" "Close, and drop what was typed";
    Complete "complete" Line PROMPTS ["Tab"] "complete" "Complete the word; again for the next way to";
    CompleteBack "complete-back" Line PROMPTS ["S-Tab"] "complete" "Complete the word the way before";
    ChoiceDown "next-choice" Line LINES ["Down", "C-n", "C-j"] "down" "The next choice; in a search, the next row";
    ChoiceUp "previous-choice" Line LINES ["Up", "C-p", "C-k"] "up" "The previous choice; in a search, the previous row";
    ChoicePageDown "choices-down" Line CHOICES ["PgDn"] "page" "A page of choices down";
    ChoicePageUp "choices-up" Line CHOICES ["PgUp"] "page up" "A page of choices up";
    ChoiceExclude "exclude-choice" Line CHOICES ["C-x"] "exclude" "Only articles without the choice";
    ChoiceOnly "only-choice" Line CHOICES ["C-o"] "only" "Only the choice, in place of other filters of its kind";
    CursorLeft "cursor-left" Line LINES ["Left"] "left" "One character left";
    CursorRight "cursor-right" Line LINES ["Right"] "right" "One character right";
    CursorStart "cursor-start" Line LINES ["Home", "C-a"] "start" "To the start of the line";
    CursorEnd "cursor-end" Line LINES ["End", "C-e"] "end" "To the end of the line";
    DeleteBack "delete-back" Line LINES ["Backspace", "C-h"] "delete" "Delete the character before the cursor";
    DeleteForward "delete-forward" Line LINES ["Delete", "C-d"] "delete" "Delete the character at the cursor";
    DeleteWord "delete-word" Line LINES ["C-w"] "word" "Delete the word before the cursor";
    DeleteLine "delete-line" Line LINES ["C-u"] "line" "Delete everything before the cursor";

    FetchSource "fetch-source" General PANES ["r"] "fetch" "Fetch the source of this article";
    FetchAll "fetch-all" General PANES ["R"] "fetch all" "Fetch all sources";
    Palette "palette" General PANES [":"] "palette" "Find any action by its name";
    Help "help" General PANES ["?", "F1"] "help" "The keys that work here and now";
    Warnings "warnings" General PANES ["W"] "warnings" "What could not be read or fetched, and why";
    SheetSearch "narrow" General SHEETS ["/"] "narrow" "Show only the lines that hold what you type";
    SheetClose "close" General SHEETS ["q", "Esc", "Enter", "?"] "close" "Close";
    Redraw "redraw" General EVERYWHERE ["C-l"] "redraw" "Paint the screen anew";
    Suspend "suspend" General EVERYWHERE ["C-z"] "suspend" "Stop, until the shell brings the reader back";
    Quit "quit" General BROWSE ["Q"] "quit" "Leave";
    QuitAtOnce "quit-now" General EVERYWHERE ["C-c"] "quit" "Leave, from anywhere";
}
