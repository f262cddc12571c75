//! What happens to the reader, and what it asks of the world.
//!
//! [`Message`]s go into [`App::update`](super::App::update), [`Effect`]s come out. Both are plain
//! values: an effect says all that whoever performs it needs to know, and every answer carries the
//! [`Ticket`] of its question, so that one which comes too late is dropped.

use super::action::Action;
use super::layout::Size;
use super::view::{Rows, RowsOf, ViewKind};
use crate::article::ArticleId;
use crate::corrections::Correction;
use crate::formats::Warning;
use crate::listing::{Facet, FacetKind, Facets, Key, Marked, Marking, Page, Stored, TextOf, Window};
use crate::query::{Query, Target};
use chrono::NaiveDate;
use std::time::Duration;

/// Ties an answer to its question. No ticket is ever given out twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A bound key sequence was completed, or an action was chosen.
    Act {
        action: Action,
        /// The number typed before it (`5j`), at least 1.
        count: Option<u32>,
    },
    /// A key that is not bound was typed while text is wanted (see [`super::App::context`]).
    Typed(char),
    /// Text was pasted; it may hold anything. Ignored where no text is wanted.
    Pasted(String),
    /// The screen has this size now.
    Resized(Size),
    /// The day has changed to this one.
    Day(NaiveDate),
    /// The answer to an effect that has a ticket.
    Done(Ticket, Outcome),
    /// The time of an [`Effect::Wake`] is over.
    Woken(Ticket),
    /// Articles were added or changed, by this program or by another. May come often.
    LibraryChanged,
    /// Articles are being taken in.
    Progress(Progress),
    /// Sources are being fetched, so far; `None` once they are.
    Fetching(Option<Fetching>),
    /// Articles are being analysed again that an older engine analysed; `None` once that is done.
    Refreshing(Option<Refreshing>),
    /// The sources that give nothing, or not all of it, and why; all there are now.
    Failing(Vec<Warning>),
    /// Things that could not be read; they are added to those told of before.
    Warned(Vec<Warning>),
    /// A line for the person from whoever performs effects: `copied 34 characters`.
    Told(String),
    /// The terminal is gone, or the program is told to end.
    Ended,
    /// An address that nothing here opens: to be shown whole.
    Address(String),
    /// A click or a turn of the wheel.
    Mouse(Mouse),
    /// The row of this article was chosen, or what follows where it would stand.
    Select(Key),
}

/// What a mouse does, at a cell of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    pub x: u16,
    pub y: u16,
    pub does: MouseDoes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseDoes {
    Click,
    WheelUp,
    WheelDown,
}

/// How far the taking in of articles is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub articles: u64,
    pub files: u64,
    pub state: Loading,
}

/// Whether articles are still being taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loading {
    Underway,
    #[default]
    Finished,
}

/// How far the fetching of sources is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetching {
    pub done: u64,
    pub total: u64,
    /// Articles that came new.
    pub new: u64,
    pub failed: u64,
}

/// How far the new analysis of older articles is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshing {
    pub done: u64,
    pub total: u64,
}

/// Which sources are to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    All,
    /// The one that articles are filed under by this name.
    Source(String),
}

/// The answer to an effect that has a ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Page(Page),
    Facets(Facets),
    Names(Vec<Facet>),
    /// The rows of a view.
    View(Rows),
    /// `None` where there is no such article any more.
    Article(Option<Box<Stored>>),
    /// How many unread rows each query has.
    Unread(Vec<u64>),
    /// `None` where there was nothing to undo or redo.
    Marked(Option<Marked>),
    /// Whose text of the article is shown now.
    FullText(TextOf),
    /// The question was given up because a later one of its lane came.
    Cancelled,
    /// One line, `could not X: Y`.
    Failed(String),
}

/// Something to be done by whoever holds the library and the terminal, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// To be answered from the library, off the thread that draws, by [`Message::Done`].
    Ask {
        ticket: Ticket,
        lane: Lane,
        question: Question,
    },
    /// Change what is marked; answered by [`Outcome::Marked`]. Kept in order with undo and redo.
    Mark {
        ticket: Ticket,
        target: Target,
        marking: Marking,
    },
    Undo {
        ticket: Ticket,
    },
    Redo {
        ticket: Ticket,
    },
    /// Show the other text of this article: its page's, fetched where it has not been yet, or its source's
    /// again. Answered by [`Outcome::FullText`].
    FullText {
        ticket: Ticket,
        id: ArticleId,
    },
    /// Nobody waits for this answer any more. Not answered.
    GiveUp {
        ticket: Ticket,
    },
    /// Remember where reading stopped, as a byte of the body. Not answered.
    KeepPosition {
        id: ArticleId,
        position: u32,
    },
    /// Send [`Message::Woken`] with this ticket after this time. A later one replaces it.
    Wake {
        ticket: Ticket,
        after: Duration,
    },
    /// Put this text, which is clean, on the clipboard of the person's machine.
    Copy(String),
    /// Fetch sources behind the screen.
    Fetch(Fetch),
    /// Keep this correction of a name, and apply it to what is stored.
    Correct(Correction),
    /// Take the last correction of this session back.
    UndoNaming,
    /// Make the correction again that was taken back last.
    RedoNaming,
    /// Open this http or https address, or show it where nothing opens it.
    Open(String),
    /// Whether text is wanted now, so that pastes come as pastes.
    TextWanted(TextWanted),
    /// Give the terminal back and stop until continued.
    Suspend,
    /// Ring for new articles in this saved search.
    Ring(String),
    /// The card for the first run is not to come again.
    CardSeen,
    /// Paint the whole screen anew.
    Redraw,
    /// Remember where the reader was left, for the next start.
    SaveState(Whereabouts),
    /// Change the saved searches where they are kept.
    ChangeSearch(SearchChange),
    /// Leave, after everything before it is done.
    Quit,
}

/// Where the reader was left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The filter, as it is typed.
    pub query: String,
    pub view: ViewKind,
    /// The selected row, and its place on the screen.
    pub selected: Option<Key>,
    pub row: usize,
}

/// What becomes of a saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchChange {
    /// Kept under a name; one that has the name already gets the query.
    Keep {
        name: String,
        query: String,
    },
    Rename {
        from: String,
        to: String,
    },
    Remove {
        name: String,
    },
}

/// Whether a prompt is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextWanted {
    Yes,
    No,
}

/// A question to the library.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    Page {
        query: Query,
        window: Window,
    },
    Facets {
        query: Query,
    },
    /// Names of one sort in a result that fit what is typed (`Library::names`).
    Names {
        kind: FacetKind,
        typed: String,
        query: Query,
        limit: usize,
    },
    /// The rows of a view, at most [`LIMIT`](super::view::LIMIT).
    View {
        rows: RowsOf,
        query: Query,
    },
    /// How many unread rows each of these has.
    Unread {
        queries: Vec<Query>,
    },
    Load {
        id: ArticleId,
    },
}

/// Questions of one lane replace one another: a later one makes the answer to an earlier one
/// worthless, so that it may be given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    Page,
    Facets,
    /// What a picker offers at first.
    Candidates,
    /// What it offers beside that for what is typed.
    Names,
    Article,
    /// What a view other than the articles lists.
    View,
    /// The unread counts of the saved searches: whatever else is asked comes first.
    Saved,
}
