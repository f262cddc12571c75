//! What happens to the reader, and what the reader asks for.
//!
//! [`Message`]s go into [`App::update`](super::App::update), [`Effect`]s come out. Both are plain values. An effect holds
//! everything that is needed to perform it, and every answer carries the [`Ticket`] of its question, so that an answer
//! that comes too late is dropped.

use super::action::Action;
use super::history::{SearchChange, Step as HistoryStep};
use super::layout::Size;
use super::view::watches::Watch;
use super::view::{How, Rows, RowsOf, ViewKind};
use crate::annotation::Field;
use crate::article::ArticleId;
use crate::corrections::Correction;
use crate::formats::Warning;
use crate::listing::board::BoardChange;
use crate::listing::chronicle::{Chronicle, Telling};
use crate::listing::profile::{NameDetail, Profile};
use crate::listing::thread::Step;
use crate::listing::{
    ChangeId, Facet, FacetKind, Facets, Key, Marked, Marking, Page, Related, Stored, Tally, TextOf, Window,
};
use crate::outlet::Form;
use crate::query::complete::Role;
use crate::query::{Query, Target};
use crate::text::Span;
use chrono::NaiveDate;
use std::ops::Range;
use std::time::Duration;

/// Connects an answer with its question. No two questions have the same ticket.
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
    /// A key that is not bound was typed while a line is being typed (see [`super::App::context`]).
    Typed(char),
    /// A key, or a sequence of keys, that means nothing here was pressed.
    NoKey {
        /// The keys as the config file has them.
        typed: String,
        /// The key that lists all keys, if there is one.
        help: Option<String>,
    },
    /// Text was pasted; it may contain anything. It never presses keys: where no line is being typed, it only gives a notice.
    Pasted(String),
    /// The screen now has this size.
    Resized(Size),
    /// A new day has begun: this one.
    Day(NaiveDate),
    /// The answer to an effect that has a ticket.
    Done(Ticket, Outcome),
    /// The time of an [`Effect::Wake`] has passed.
    Woken(Ticket),
    /// Articles were added or changed, by this program or by another one. May come often.
    LibraryChanged,
    /// Whether an archive on a server has left a question without an answer for some seconds.
    Late(bool),
    /// Articles are being read into the library.
    Progress(Progress),
    /// How many sources have been fetched so far; `None` once the fetch has ended.
    Fetching(Option<Fetching>),
    /// How far a download is; `None` once it has ended.
    Downloading(Option<Downloading>),
    /// Articles are being analysed again that an older engine analysed; `None` once that is done.
    Refreshing(Option<Refreshing>),
    /// All sources that currently fail or are incomplete, and why. Replaces the earlier list.
    Failing(Vec<Warning>),
    /// What could not be read. Added to the earlier warnings.
    Warned(Vec<Warning>),
    /// A line for the person about an effect that was performed: `copied 34 characters`.
    Told(String),
    /// The person's own library has a source now, while the sample edition is shown. The line says which; the reader moves
    /// there.
    Moved(String),
    /// A correction of a name was made, undone or redone, or could not be. `line` says so; `made` is what was done, in
    /// the words of the history, and `None` where nothing was.
    Corrected { change: ChangeId, made: Option<String>, line: String },
    /// A source was changed, or a change of it was undone or redone, or could not be. `line` says so; `made` is what was done,
    /// in the words of the history, and `None` where nothing was.
    Sourced { change: ChangeId, made: Option<String>, line: String },
    /// A board was changed, or a change of it was undone or redone, or could not be. `line` says so; `made` is what was done, in
    /// the words of the history, and `None` where nothing was.
    Boarded { change: ChangeId, made: Option<String>, line: String },
    /// A page offers several feeds: one is to be chosen. `near` is whether the page is in a private network.
    Offers { page: String, near: bool, feeds: Vec<(String, String)> },
    /// What a command printed to which an article was given, line by line.
    Printed { command: String, lines: Vec<String> },
    /// An article is ready for a command that gets the terminal.
    Ready { command: String, input: String },
    /// The paths that begin with what was typed.
    Paths { typed: String, paths: Vec<String> },
    /// The file to which an article is to be saved is there already.
    Exists { id: ArticleId, path: String },
    /// New articles that a rule announces.
    Rung { rule: String, how: Announce },
    /// The keys of several actions were pressed: each with the words that it asks for.
    Macro(Vec<(Action, String)>),
    /// The terminal is gone, or the program was asked to end.
    Ended,
    /// An address that no program here can open: it is to be shown in full.
    Address(String),
    /// A click, or a turn of the wheel.
    Mouse(Mouse),
    /// The row of this article was chosen, or the row that would follow it if it is not there.
    Select(Key),
}

/// What the mouse does, and at which cell of the screen.
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

/// How many articles have been read so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub articles: u64,
    pub files: u64,
    pub state: Loading,
}

/// Whether articles are still being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loading {
    Underway,
    #[default]
    Finished,
}

/// How many sources have been fetched so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetching {
    pub done: u64,
    pub total: u64,
    /// New articles.
    pub new: u64,
    pub failed: u64,
}

/// How much of a file has been downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloading {
    /// The name of the file.
    pub name: String,
    /// In bytes.
    pub done: u64,
    /// In bytes, if the server says it.
    pub total: Option<u64>,
    /// How many other files wait.
    pub waiting: usize,
}

/// How far the new analysis of older articles is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshing {
    pub done: u64,
    pub total: u64,
}

/// How new articles are announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announce {
    Bell,
    /// By OSC 9, a notification of the terminal.
    Notification,
}

/// What a person wants of a source, as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceWish {
    Name(String),
    /// Tags to add, and tags to remove with a `-` before each.
    Tags(String),
    Every(String),
    Keep(String),
    FullText(bool),
    Paused(bool),
    Remove,
}

/// An article, or a quote of it, to be put on a board.
pub type OnBoard = (ArticleId, Option<(Field, Span)>);

/// What to do with a board.
#[derive(Clone, Debug, PartialEq)]
pub enum BoardOrder {
    /// Puts these at its end; the board is made if there is none of this name.
    Put {
        board: String,
        what: Vec<OnBoard>,
    },
    Change(BoardChange),
}

/// Which sources to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    All,
    /// The source of this name.
    Source(String),
}

/// The answer to an effect that has a ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Page(Page),
    /// The first rows of a result, and how many stories and articles it has if that was counted.
    Preview(Page, Option<Tally>),
    Facets(Facets),
    Names(Vec<Facet>),
    /// The rows of a view.
    View(Rows),
    /// What the bins of a timeline tell that were asked for, in their order.
    Told(Vec<Telling>),
    /// What a result says about the names that were asked for, in their order.
    Details(Vec<NameDetail>),
    /// Articles that have to do with one, and what they share with it.
    Related(Vec<Related>),
    /// How many rows there are.
    Counted(u64),
    /// Which article of its story one is, counted from 1, and how many the story has; `None` if it is in none.
    InStory(Option<(u64, u64)>),
    /// `None` if no article of the result mentions the name.
    Profile(Option<Box<Profile>>),
    /// The articles of a story from the first on, and what each adds.
    Course(Vec<Step>),
    /// `None` if the article no longer exists.
    Article(Option<Box<Stored>>),
    /// How many unread rows each query has.
    Unread(Vec<u64>),
    /// The names of the boards.
    Boards(Vec<String>),
    /// `None` if there was nothing to undo or redo.
    Marked(Option<Marked>),
    /// Which text of the article is shown now.
    FullText(TextOf),
    /// The question was cancelled by a later one in its lane.
    Cancelled,
    /// One line, `could not X: Y`.
    Failed(String),
}

/// Something to be done with the library or the terminal. Effects are performed in the order given.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A question to the library. Answered by [`Message::Done`]; another thread than the drawing one does the work.
    Ask {
        ticket: Ticket,
        lane: Lane,
        question: Question,
    },
    /// Marks articles. Answered by [`Outcome::Marked`]. Performed in order with undo and redo.
    Mark {
        ticket: Ticket,
        /// By this name it is undone.
        change: ChangeId,
        target: Target,
        marking: Marking,
    },
    Undo {
        ticket: Ticket,
        change: ChangeId,
    },
    Redo {
        ticket: Ticket,
        change: ChangeId,
    },
    /// Switches between the article's text from its source and that from its page, which is fetched the first time.
    /// Answered by [`Outcome::FullText`].
    FullText {
        ticket: Ticket,
        id: ArticleId,
    },
    /// Cancels a question whose answer is no longer needed. Not answered.
    GiveUp {
        ticket: Ticket,
    },
    /// Stores where reading stopped, as a byte of the body. Not answered.
    KeepPosition {
        id: ArticleId,
        position: u32,
    },
    /// Sends [`Message::Woken`] with this ticket after this time. A later one replaces it.
    Wake {
        ticket: Ticket,
        after: Duration,
    },
    /// Copies this text, which is clean, to the clipboard of the person's machine.
    Copy(String),
    /// Adds the source at this address to the person's library and fetches it, in the background. Answered by
    /// [`Message::Sourced`] or [`Message::Offers`].
    AddSource {
        change: ChangeId,
        address: String,
    },
    /// The same for a feed that a page offers.
    AddOffered {
        change: ChangeId,
        page: String,
        near: bool,
        address: String,
    },
    /// Changes the source of this name. Answered by [`Message::Sourced`], as are undoing and redoing it.
    ChangeSource {
        change: ChangeId,
        source: String,
        wish: SourceWish,
    },
    UndoSource(ChangeId),
    RedoSource(ChangeId),
    /// Changes a board. Answered by [`Message::Boarded`], as are undoing and redoing it.
    Board {
        change: ChangeId,
        order: BoardOrder,
    },
    UndoBoard(ChangeId),
    RedoBoard(ChangeId),
    /// Gives an article to a command of the person's own. `whole` is whether the command gets the terminal.
    Pipe {
        id: ArticleId,
        form: Form,
        command: String,
        whole: bool,
    },
    /// Runs a command that gets the terminal, with this on its standard input.
    HandOver {
        command: String,
        input: String,
    },
    /// Asks for the paths that begin so. Answered by [`Message::Paths`].
    ListPaths(String),
    /// Saves an article to this file, in the form of its ending. Answered by [`Message::Exists`] if the file is there and
    /// must not be replaced, and by [`Message::Told`] otherwise.
    Save {
        id: ArticleId,
        path: String,
        replace: bool,
    },
    /// Announces new articles of a rule.
    Announce {
        rule: String,
        how: Announce,
    },
    /// Fetches sources in the background.
    Fetch(Fetch),
    /// Stores this correction of a name and applies it to the stored articles. Answered by [`Message::Corrected`], as
    /// are undoing and redoing it.
    Correct {
        change: ChangeId,
        correction: Correction,
    },
    UndoNaming(ChangeId),
    RedoNaming(ChangeId),
    /// Opens this http or https address, or shows it if no program opens it.
    Open(String),
    /// Plays the sound or the film at this http or https address with the person's player, or opens it as a page where
    /// they have named none.
    Play(String),
    /// Downloads the file at this address, which is a link of this article, or stops downloading it.
    Download {
        id: ArticleId,
        url: String,
    },
    /// Gives the terminal back and stops until the program is resumed.
    Suspend,
    /// Announces new articles in this saved search.
    Ring(String),
    /// Records that the card for the first run need not be shown again.
    CardSeen,
    /// Redraws the whole screen.
    Redraw,
    /// Stores where the reader was left, for the next start.
    SaveState(Whereabouts),
    /// Changes the stored saved searches.
    ChangeSearch(SearchChange),
    /// Quits, and opens the reader again on the person's library. The line is what it says first.
    Reopen(String),
    /// Quits, after all earlier effects have been performed.
    Quit,
}

/// Where the reader was left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The filter, as it is typed.
    pub query: String,
    pub view: ViewKind,
    /// The selected row, and its row on the screen.
    pub selected: Option<Key>,
    pub row: usize,
    /// What the next session can undo, the last step last.
    pub history: Vec<HistoryStep>,
    /// The searches that were typed, the last one first.
    pub searches: Vec<String>,
    /// The saved searches that were looked at, each with the last article that was there then.
    pub seen: Vec<(String, ArticleId)>,
}

impl Whereabouts {
    /// What was done and typed before, without the place at which the reader was left.
    pub fn without_place(self) -> Whereabouts {
        Whereabouts {
            history: self.history,
            searches: self.searches,
            seen: self.seen,
            ..Whereabouts::default()
        }
    }
}

/// A question to the library.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    Page {
        query: Query,
        window: Window,
    },
    /// The first rows of a result, at most `limit`.
    Preview {
        query: Query,
        limit: usize,
    },
    Facets {
        query: Query,
        /// Whether all articles are to be counted at once, even where that takes long.
        exact: bool,
    },
    /// Names of one kind in a result that match what is typed (`Library::names`).
    Names {
        kind: FacetKind,
        typed: String,
        query: Query,
        limit: usize,
    },
    /// Names of all kinds with a role in articles of a result (`Library::named_as`).
    NamedAs {
        role: Role,
        typed: String,
        query: Query,
        limit: usize,
    },
    /// The rows of a view, at most [`LIMIT`](super::view::LIMIT).
    View {
        rows: RowsOf,
        query: Query,
        how: How,
    },
    /// What some bins of a timeline tell.
    Tell {
        query: Query,
        chronicle: Chronicle,
        of: Range<usize>,
    },
    /// What a result says about some names of one kind, given by their values.
    Details {
        query: Query,
        kind: FacetKind,
        values: Vec<String>,
    },
    /// The articles that are related to one.
    Related {
        id: ArticleId,
    },
    /// The other articles of the story that an article is in, copies included.
    SameStory {
        id: ArticleId,
    },
    /// How many utterances a result has.
    CountQuotes {
        query: Query,
    },
    /// Everything that a result says about one name.
    Profile {
        query: Query,
        kind: FacetKind,
        value: String,
    },
    /// The articles of a story, which are the result, from the first on, and what each adds.
    Course {
        query: Query,
    },
    /// The newest articles of a result that appeared at `from` or later, and before `until`, in seconds since 1970.
    Within {
        query: Query,
        from: i64,
        until: i64,
        limit: usize,
    },
    /// How many unread rows each of these has.
    Unread {
        queries: Vec<Query>,
    },
    /// The names of the boards.
    Boards,
    /// The rows of the view of saved searches.
    Watches {
        watches: Vec<Watch>,
    },
    Load {
        id: ArticleId,
    },
    /// Which article of its story one is.
    InStory {
        id: ArticleId,
    },
    /// The first article of a result.
    First {
        query: Query,
    },
}

/// Questions in one lane replace one another: a later question makes the answer to an earlier one useless, so the
/// earlier one is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    Page,
    Facets,
    /// The choices that a picker offers at first.
    Candidates,
    /// The choices that it adds for the text typed.
    Names,
    Article,
    /// The rows of a view.
    View,
    /// What the rows of a view say besides their numbers.
    Detail,
    /// What would be left with the choice under the cursor of a picker.
    Preview,
    /// The selected rows that are not held.
    Selection,
    /// What is new in the saved searches that are watched.
    Watches,
    /// Which article of its story the one in the reader is.
    InStory,
    /// The unread counts of the saved searches. Every other question goes first.
    Saved,
}
