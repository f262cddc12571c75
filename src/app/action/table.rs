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
const ROWS_AND_TEXT: &[Context] = &[List, Reader];
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
        #[allow(clippy::enum_variant_names, reason = "two actions are about rows")]
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
    Down "down" Move SCROLL ["j", "Down"] "down" "Move one row or line down";
    Up "up" Move SCROLL ["k", "Up"] "up" "Move one row or line up";
    Top "top" Move SCROLL ["g g", "Home"] "top" "Go to the first row or line; 5gg goes to the fifth";
    Bottom "bottom" Move SCROLL ["G", "End"] "bottom" "Go to the last row or line; 5G goes to the fifth";
    HalfDown "half-page-down" Move SCROLL ["C-d"] "half down" "Move half a page down";
    HalfUp "half-page-up" Move SCROLL ["C-u"] "half up" "Move half a page up";
    PageDown "page-down" Move SCROLL ["PgDn", "C-f"] "page" "Move a page down";
    GoOn "go-on" Move SCROLL ["Space"] "page" "Move a page down; at the end of an article, open the next unread one";
    PageUp "page-up" Move SCROLL ["PgUp", "b", "C-b"] "page up" "Move a page up";
    PaneTop "pane-top" Move PANES ["H"] "pane top" "Go to the top row of the pane, or to the first name of the article on the screen";
    PaneMiddle "pane-middle" Move PANES ["M"] "middle row" "Go to the middle row of the pane, or to the name nearest to the middle";
    PaneBottom "pane-bottom" Move PANES ["L"] "pane bottom" "Go to the bottom row of the pane, or to the last name of the article on the screen";
    ScrollDown "scroll-down" Move SCROLL ["C-e"] "scroll" "Scroll one line down; the cursor stays where it is as long as it is visible";
    ScrollUp "scroll-up" Move SCROLL ["C-y"] "scroll up" "Scroll one line up; the cursor stays where it is as long as it is visible";
    PaneNext "next-pane" Move PANES ["l", "Tab", "Right"] "pane" "Go to the next pane";
    PanePrevious "previous-pane" Move PANES ["h", "S-Tab", "Left"] "pane back" "Go to the previous pane";
    ArticleNext "next-article" Move PANES ["J"] "next" "Go to the next article, from any pane";
    ArticlePrevious "previous-article" Move PANES ["K"] "previous" "Go to the previous article, from any pane";
    Open "open" Move PANES ["Enter"] "open" "Open the article; on a name, require it; in a view, open the row";
    Back "back" Move PANES ["q"] "back" "Go back one step: from the article to the list, from a list to what led to it; from the first list, quit";
    HistoryBack "history-back" Move PANES ["<", "C-o"] "earlier" "Show again what you looked at before";
    HistoryForward "history-forward" Move PANES [">"] "later" "Go forward again in what you looked at";

    Search "search" Search PANES ["/"] "search" "Search and filter as you type, instead of the search before; Up recalls earlier ones; in a list of names, list those that fit";
    NextUnread "next-hit-or-unread" Search PANES ["n"] "next hit" "Go to the next hit of the search, or to the next unread article if there is no search";
    PreviousUnread "previous-hit-or-unread" Search PANES ["N"] "hit before" "Go to the previous hit of the search, or to the previous unread article if there is no search";

    FilterPerson "filter-person" Filter PANES ["f p"] "person" "Filter by a person";
    FilterCountry "filter-country" Filter PANES ["f c"] "country" "Filter by a country";
    FilterSource "filter-source" Filter PANES ["f s"] "source" "Filter by a source";
    FilterDate "filter-date" Filter PANES ["f d"] "date" "Filter by date";
    FilterBy "filter-by" Filter PANES ["f b"] "quoted by" "Filter by who is quoted (by:)";
    FilterAbout "filter-about" Filter PANES ["f a"] "about" "Filter by what articles are about, not only mention (about:); among quotes, by what they speak of (of:)";
    FilterSaid "filter-said" Filter PANES ["f w"] "words said" "Filter by words that somebody said (said:)";
    FilterOrg "filter-org" Filter PANES ["f o"] "org" "Filter by an organisation";
    FilterPlace "filter-place" Filter PANES ["f l"] "place" "Filter by a place";
    FilterTag "filter-tag" Filter PANES ["f t"] "tag" "Filter by a tag";
    FilterLanguage "filter-language" Filter PANES ["f g"] "language" "Filter by the language that articles are written in (lang:)";
    FilterUnread "filter-unread" Filter PANES ["f u"] "unread" "Show only unread articles; again to show all";
    FilterStarred "filter-starred" Filter PANES ["f m"] "starred" "Show only starred articles; again to show all";
    FilterQuotes "filter-quotes" Filter PANES ["f q"] "quotes" "Show only articles with quotes; again to show all";
    FilterSaved "filter-saved" Filter PANES ["f f"] "saved" "Use a saved search, instead of another one";
    EditFilter "edit-filter" Filter PANES ["f e"] "edit" "Edit the whole filter as text";
    FilterClear "clear-filters" Filter PANES ["f x"] "clear" "Remove every condition of the filter";
    RenameSearch "rename-search" Filter PANES ["f r"] "rename" "Rename the saved search under the cursor, or the one in the filter";
    RemoveSearch "remove-search" Filter PANES ["f D"] "remove" "Remove the saved search under the cursor, or the one in the filter";
    MakeRule "make-rule" Filter PANES ["f R"] "make a rule" "Make a rule of the filter: what is done with articles that match it when they arrive";
    Watch "watch" Filter PANES ["g a"] "watch" "Watch the saved search, the name under the cursor or the filter: what is new is counted and announced; again to stop";
    SaveSearch "save-search" Filter PANES ["S"] "save" "Save the current filter as a search with a name";
    Refresh "refresh" Filter PANES ["g u", "F5"] "refresh" "List anew: what does not match the filter any more goes";
    FilterDrop "drop-filter" Filter PANES ["Esc"] "drop" "Remove the last condition of the filter; in the article, end the search, then go back to the list";
    Require "require" Filter PANES ["+"] "require" "Show only articles about the person or country under the cursor; again, all that mention it; in the timeline, shorter bins";
    Exclude "exclude" Filter PANES ["-"] "exclude" "Show only articles that do not mention it; in the timeline, longer bins";
    Only "only" Filter PANES ["*"] "only" "Require it, and remove other conditions of its kind";

    NameNext "next-name" Walk PANES ["e"] "name" "Go to the next name in the text";
    NamePrevious "previous-name" Walk PANES ["E"] "name before" "Go to the previous name in the text";
    QuoteNext "next-quote" Walk PANES ["]"] "quote" "Go to the next quote in the text";
    QuotePrevious "previous-quote" Walk PANES ["["] "quote before" "Go to the previous quote in the text";
    Labels "labels" Walk PANES ["'"] "labels" "Put a label on every name, quote and link on the screen; its letters go there";
    SectionNext "next-section" Walk FACETS ["}"] "section" "Go to the next kind of name";
    SectionPrevious "previous-section" Walk FACETS ["{"] "section up" "Go to the previous kind of name";

    MarkRead "toggle-read" Mark PANES ["m"] "read" "Mark as read, or as unread";
    MarkAllRead "all-read" Mark PANES ["A"] "all read" "Mark all articles in the list as read";
    Star "star" Mark PANES ["s"] "star" "Add a star, or remove it";
    Tag "tag" Mark PANES ["t"] "tag" "Add a tag; with a - before it, remove the tag";
    Delete "delete" Mark PANES ["d"] "delete" "Move the article to the trash, or out of it; in the sources, stop following the source; in the boards, take it off";
    Hide "hide" Mark PANES ["X"] "hide" "Put the article out of sight, or show it again; is:hidden finds it";
    SelectRows "select-rows" Mark PANES ["V"] "select" "Select rows from here to the cursor, for the next mark; again to end it";
    AddToBoard "add-to-board" Mark PANES ["B"] "board" "Put the article, the quote under the cursor or the selected rows on a board; Tab completes its name";
    Note "note" Mark PANES ["c a"] "note" "Write a note on the item of the board; \\n begins another line";
    ItemDown "move-item-down" Mark PANES ["c J"] "item down" "Move the item of the board one place down; 3cJ moves it three";
    ItemUp "move-item-up" Mark PANES ["c K"] "item up" "Move the item of the board one place up";
    Undo "undo" Mark PANES ["U"] "undo" "Undo the last mark or correction of a name";
    Redo "redo" Mark PANES ["C-r"] "redo" "Redo what was undone last";

    ThisIs "this-is" Mark PANES ["i"] "this is" "Correct what the name under the cursor is";

    FullText "full-text" Mark PANES ["x"] "full text" "Show the full text, from the article's page; again to show the source's text";

    CopyLink "copy-link" Copy PANES ["y y"] "link" "Copy the article's link; 3yy copies the third link in the text";
    CopyTitle "copy-title" Copy PANES ["y t"] "title" "Copy the title";
    CopyQuote "copy-quote" Copy PANES ["y q"] "quote" "Copy the quote under the cursor, with its source";
    CopyAddress "copy-address" Copy PANES ["y u"] "address" "Copy the address that the article came from: a file or a link";
    OpenLink "open-link" Copy PANES ["o"] "open link" "Open the article's link; 3o opens the third link in the text";
    Links "links" Copy PANES ["u"] "links" "List the links of the article; a digit opens one";
    Download "download" Copy PANES ["D"] "download" "Download the sound, the film or the picture of the article; 3D downloads the third link; again to stop";
    Pipe "pipe" Copy PANES ["|"] "pipe" "Give the article to a command of yours; Tab chooses its form, a ! before the command gives it the terminal";
    Save "save" Copy PANES ["w"] "save" "Save the article to a file, in the form of its ending: txt, md, html, json";
    Copies "list-copies" Copy PANES ["g c"] "copies" "List the articles that tell the same story, with their sources; Enter opens one";

    Related "related" Copy PANES ["g r"] "related" "List the articles that have to do with this one: by its people, countries, places and words";
    Compare "compare" Copy PANES ["g d"] "compare" "Compare the article with another one of its story: what only one of them says stands out";
    Why "why" Walk PANES ["g w"] "why listed" "Say why the article matches the filter: the names and words in it that count";
    Contents "contents" Walk PANES ["T"] "in it" "List what is in the article: people with what they said, countries, organisations, places";
    Story "show-story" View PANES ["g s"] "its story" "Show the story that the article is in: all articles about the same event, in its course";

    ShowPeople "toggle-people" Show PANES ["z p"] "people" "Highlight people, or stop highlighting them";
    ShowCountries "toggle-countries" Show PANES ["z c"] "countries" "Highlight countries, or stop highlighting them";
    ShowOrgs "toggle-orgs" Show PANES ["z o"] "orgs" "Highlight organisations, or stop highlighting them";
    ShowPlaces "toggle-places" Show PANES ["z l"] "places" "Highlight places, or stop highlighting them";
    ShowQuotes "toggle-quotes" Show PANES ["z q"] "quotes" "Highlight quotes, or stop highlighting them";
    ShowAll "toggle-all" Show PANES ["z a"] "all" "Highlight everything, or nothing";
    ShowFacets "toggle-facets" Show PANES ["z f"] "names" "Show or hide the pane of names";
    Order "change-order" Show PANES ["O"] "order" "List the names of a view in another order: count, salience, quotes, newest, rising; stories: newest, largest, most sources; quotes: newest, direct before reported";
    Split "split" Show PANES ["="] "split" "Divide the bars of the timeline among people or countries, stacked or abreast";
    Zoom "zoom" Show PANES ["z z"] "zoom" "Give the reader the whole screen, or show the other panes again";
    CursorToTop "cursor-to-top" Show ROWS_AND_TEXT ["z t"] "to the top" "Scroll until the line of the cursor is at the top";
    Center "center" Show ROWS_AND_TEXT ["z ."] "center" "Scroll until the line of the cursor is in the middle; z z does this in the article, too";
    CursorToBottom "cursor-to-bottom" Show ROWS_AND_TEXT ["z b"] "to the bottom" "Scroll until the line of the cursor is at the bottom";

    Accept "accept" Line LINES ["Enter"] "take" "Accept the text or the choice";
    Cancel "cancel" Line LINES ["Esc", "C-g"] "drop" "Close without accepting the text";
    Complete "complete" Line PROMPTS ["Tab"] "complete" "Complete the word; again for the next completion";
    CompleteBack "complete-back" Line PROMPTS ["S-Tab"] "complete" "Complete the word with the previous completion";
    EarlierSearch "earlier-search" Line PROMPTS ["Up"] "earlier" "Recall the search before that begins with what you have typed";
    LaterSearch "later-search" Line PROMPTS ["Down"] "later" "Recall the search after that, or what you had typed";
    SearchDown "search-down" Line PROMPTS ["C-n", "C-j"] "row down" "Go to the next row while you search";
    SearchUp "search-up" Line PROMPTS ["C-p", "C-k"] "row up" "Go to the previous row while you search";
    ChoiceDown "next-choice" Line CHOICES ["Down", "C-n", "C-j"] "down" "Go to the next choice";
    ChoiceUp "previous-choice" Line CHOICES ["Up", "C-p", "C-k"] "up" "Go to the previous choice";
    ChoicePageDown "choices-down" Line CHOICES ["PgDn"] "page" "Move a page of choices down";
    ChoicePageUp "choices-up" Line CHOICES ["PgUp"] "page up" "Move a page of choices up";
    ChoiceExclude "exclude-choice" Line CHOICES ["C-x"] "exclude" "Show only articles that do not mention the choice";
    ChoiceOnly "only-choice" Line CHOICES ["C-o"] "only" "Require the choice, and remove other conditions of its kind";
    CursorLeft "cursor-left" Line LINES ["Left"] "left" "Move one character left";
    CursorRight "cursor-right" Line LINES ["Right"] "right" "Move one character right";
    CursorStart "cursor-start" Line LINES ["Home", "C-a"] "start" "Go to the start of the line";
    CursorEnd "cursor-end" Line LINES ["End", "C-e"] "end" "Go to the end of the line";
    DeleteBack "delete-back" Line LINES ["Backspace", "C-h"] "delete" "Delete the character before the cursor";
    DeleteForward "delete-forward" Line LINES ["Delete", "C-d"] "delete" "Delete the character at the cursor";
    DeleteWord "delete-word" Line LINES ["C-w"] "word" "Delete the word before the cursor";
    DeleteLine "delete-line" Line LINES ["C-u"] "line" "Delete everything before the cursor";

    SourceName "rename-source" Source PANES ["c n"] "rename" "Rename the source of the row or of the article, and file its articles under the new name; in the boards, rename the board";
    SourceTag "tag-source" Source PANES ["c t"] "tags" "Tag new articles of the source: its tags are its folders; with a - before it, remove the tag";
    SourceEvery "set-interval" Source PANES ["c e"] "how often" "Set how often the source is fetched: 30m, 2h, 1d, or usual";
    SourceKeep "set-keep" Source PANES ["c k"] "keep" "Set which of its articles are kept: 26w, 500, 26w 500, always, or usual";
    SourceFullText "source-full-text" Source PANES ["c x"] "full text" "Read the text of its new articles from their pages, or stop that";
    SourcePause "pause-source" Source PANES ["c p"] "pause" "Stop fetching the source, or go on; its articles stay";
    SourceRemove "remove-source" Source PANES ["c D"] "remove" "Stop following the source; its articles stay";
    AddSource "add-source" General PANES ["a"] "add source" "Add a source by its address: a feed, or a site that has one";
    FetchSource "fetch-source" General PANES ["r"] "fetch" "Fetch the source of this article";
    FetchAll "fetch-all" General PANES ["R"] "fetch all" "Fetch all sources";
    Palette "palette" General PANES [":"] "palette" "Find any action by its name";
    Help "help" General PANES ["?", "F1"] "help" "List the keys that work here";
    Warnings "warnings" General PANES ["W"] "warnings" "List what could not be read or fetched, and why";
    SheetSearch "narrow" General SHEETS ["/"] "narrow" "Show only the lines that contain the text that you type";
    SheetClose "close" General SHEETS ["q", "Esc", "Enter", "?"] "close" "Close";
    Redraw "redraw" General EVERYWHERE ["C-l"] "redraw" "Redraw the screen";
    Suspend "suspend" General EVERYWHERE ["C-z"] "suspend" "Suspend the reader until the shell resumes it";
    Quit "quit" General BROWSE ["Q", "Z Z", "Z Q"] "quit" "Quit";
    QuitAtOnce "quit-now" General EVERYWHERE ["C-c"] "quit" "Quit, from anywhere";
}
