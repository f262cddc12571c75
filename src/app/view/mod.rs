//! What the list pane lists in place of articles: people, countries, quotes, days.
//!
//! [`VIEWS`] says which views there are. The rows of a view have one of a few shapes, a file of this folder each:
//! how many there are, what a row says in columns and in words, and what opening it does. Nothing here knows
//! how a row is drawn.
//!
//! A new view is a row of the table. A new shape of rows is a file that implements [`Shape`], a variant of
//! [`RowsOf`] and of [`Rows`], and the call of the library that answers it (`run::answer`).

pub mod below;
pub mod boards;
pub mod brief;
mod days;
pub mod names;
mod quotes;
pub mod sources;
pub mod stories;
mod table;
pub mod timeline;
pub mod watches;

pub use below::{Below, Leads};
pub use boards::Boards;
pub use brief::BriefLines;
pub use days::Days;
pub use names::Names;
pub use quotes::Quotes;
pub use sources::Sources;
pub use stories::Stories;
pub use table::{VIEWS, ViewInfo, ViewKind};
pub use timeline::{Split, Timeline};
pub use watches::Watches;

use super::pinned::is_same;
use super::scroll::{Pace, Scroll};
use super::world::{self, Way};
use crate::annotation::Field;
use crate::article::ArticleId;
use crate::listing::FacetKind;
use crate::listing::board::ItemId;
use crate::listing::chronicle::Grain;
use crate::listing::profile::NameOrder;
use crate::listing::thread::ThreadOrder;
use crate::listing::utterance::UtteranceOrder;
use crate::query::Query;
use crate::text::Span;
use chrono::NaiveDate;
use std::borrow::Cow;

/// The most rows of a view that the library is asked for.
pub const LIMIT: usize = 1000;

/// What the library is asked for, to fill a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsOf {
    /// Names of this kind, with the number of articles that mention each.
    Names(FacetKind),
    Quotes,
    /// Days, with the number of articles on each.
    Days,
    /// Bins of time, with the number of articles in each.
    Timeline,
    /// Stories of several days, with the number of articles in each.
    Threads,
    /// The sources, in folders.
    Sources,
    /// The boards, or the items of one of them.
    Boards,
    /// The saved searches, with what is new in them.
    Watches,
    /// What is new since yesterday.
    Brief,
}

/// How the rows of a view are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct How {
    /// What names begin with.
    pub typed: String,
    pub order: NameOrder,
    /// The order of stories.
    pub threads: ThreadOrder,
    /// The order of quotes.
    pub quotes: UtteranceOrder,
    /// How long the bins of a timeline are; `None` for those that fit.
    pub grain: Option<Grain>,
    /// How many rows the pane has.
    pub rows: usize,
    /// How many cells its rows have.
    pub width: usize,
    pub split: Split,
    /// The board that is open.
    pub board: Option<String>,
}

/// The rows of a view.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rows {
    /// None: the articles are listed, which the list holds.
    #[default]
    Articles,
    Names(Names),
    Quotes(Quotes),
    Days(Days),
    Timeline(Timeline),
    Threads(Stories),
    Sources(Sources),
    Boards(Boards),
    Watches(Watches),
    Brief(BriefLines),
}

/// What rows of one shape have in common. Rows are counted from 0; one that is not there has nothing to say.
pub trait Shape {
    /// How many rows there are.
    fn count(&self) -> usize;

    /// How many rows there would be without [`LIMIT`], if that is known.
    fn total(&self) -> Option<u64> {
        None
    }

    /// What a row of `width` cells shows, column by column.
    fn columns(&self, at: usize, width: u16) -> Vec<Column<'_>>;

    /// The same in two lines, where there is room for them and rows of this shape have so much to say.
    fn two_lines(&self, at: usize, width: u16) -> Option<[Vec<Column<'_>>; 2]> {
        let (_, _) = (at, width);
        None
    }

    /// What a row says in words.
    fn words(&self, at: usize) -> Option<String>;

    /// What opening a row does while `query` is the filter.
    fn opens(&self, at: usize, query: &Query) -> Opens;

    /// The filter that lists the articles of a row, while `query` is the filter of the rows.
    fn articles(&self, at: usize, query: &Query) -> Option<Query> {
        match self.opens(at, query) {
            Opens::Articles(query) | Opens::Smaller(query) => Some(query),
            Opens::Passage | Opens::Folder(_) | Opens::Board(_) | Opens::Watch(_) | Opens::Nothing => None,
        }
    }

    /// The name that a row is about: its kind, and its value as `query::edit::facet_term` takes it.
    fn name(&self, at: usize) -> Option<(FacetKind, &str)> {
        let _ = at;
        None
    }

    /// The passage of an article that a row is about.
    fn passage(&self, at: usize) -> Option<Passage> {
        let _ = at;
        None
    }

    /// What a row is about.
    fn id(&self, at: usize) -> Option<RowId> {
        let name = || self.name(at).map(|(kind, value)| RowId::Name(kind, value.to_owned()));
        self.passage(at).map(RowId::Passage).or_else(name)
    }
}

/// What opening a row does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    /// Lists the articles of this filter.
    Articles(Query),
    /// Shows the rows of the same view under this filter.
    Smaller(Query),
    /// Reads the passage that the row is about.
    Passage,
    /// Closes the folder of this tag, or opens it.
    Folder(String),
    /// Shows the items of this board.
    Board(String),
    /// Lists what is new in this saved search.
    Watch(String),
    Nothing,
}

/// A part of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    pub id: ArticleId,
    pub field: Field,
    /// Into that field.
    pub span: Span,
}

/// What a row is about, by which it is found again among other rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowId {
    Name(FacetKind, String),
    Passage(Passage),
    Day(NaiveDate),
    /// The bin of a timeline that begins then, in seconds since 1970.
    Bin(i64),
    /// A story of several days, by its first article.
    Thread(ArticleId),
    /// A folder of sources, or the source of a name in it; the folder is empty for a source that is in none.
    Folder(String, Option<String>),
    /// A board or a saved search, by its name.
    Board(String),
    /// An item of the board that is open.
    Item(ItemId),
}

impl RowId {
    /// Whether both are about the same.
    fn is_same(&self, other: &RowId) -> bool {
        match (self, other) {
            (RowId::Name(kind, value), RowId::Name(of, other)) => kind == of && is_same(*kind, value, other),
            _ => self == other,
        }
    }
}

/// One column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column<'a> {
    Text {
        text: Cow<'a, str>,
        width: Width,
        tone: Tone,
    },
    /// A number, at the right of so many cells; as wide as the number where there are none given.
    Count {
        count: u64,
        width: Option<u16>,
    },
    /// A bar, as long as `count` is of `most`; in the rest of the row where no width is given.
    Bar {
        count: u64,
        most: u64,
        width: Option<u16>,
    },
    /// A bar in the rest of the row that is made of several parts, together as long as their sum is of `most`.
    Stack {
        counts: Vec<u32>,
        most: u64,
    },
    /// The bar of one of several names, filled as that part of a [`Column::Stack`] is.
    Part {
        part: usize,
        count: u64,
        most: u64,
        width: u16,
    },
    /// A curve in so many cells.
    Curve {
        counts: Cow<'a, [u32]>,
        width: u16,
    },
}

/// How wide a column is, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    Cells(u16),
    /// A quarter of the row, but at least 8 cells and at most 24.
    Quarter,
    /// What the other columns leave. At most one column of a row.
    Rest,
}

/// How a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As the filter treats the name of the row: required, excluded, or neither.
    Name,
    Strong,
    Plain,
    Faint,
    /// The first line of several that belong together.
    Heading,
}

impl Rows {
    fn shape(&self) -> Option<&dyn Shape> {
        match self {
            Rows::Articles => None,
            Rows::Names(rows) => Some(rows),
            Rows::Quotes(rows) => Some(rows),
            Rows::Days(rows) => Some(rows),
            Rows::Timeline(rows) => Some(rows),
            Rows::Threads(rows) => Some(rows),
            Rows::Sources(rows) => Some(rows),
            Rows::Boards(rows) => Some(rows),
            Rows::Watches(rows) => Some(rows),
            Rows::Brief(rows) => Some(rows),
        }
    }
}

/// What the list pane lists, with the rows of a view and its cursor.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub kind: ViewKind,
    /// Empty until the library has answered, and while articles are listed.
    pub rows: Rows,
    pub scroll: Scroll,
    pub how: How,
    /// What is shown about the row under the cursor; `None` until the library has answered.
    pub below: Option<Below>,
    /// The row to go to once the rows are there, and its row of the screen.
    wanted: Option<(RowId, usize)>,
}

impl View {
    pub fn new(kind: ViewKind) -> View {
        View { kind, ..View::default() }
    }

    /// Replaces the rows. The cursor stays on what its row is about, at the same row of the screen.
    pub fn take(&mut self, mut rows: Rows) {
        if let (Rows::Sources(now), Rows::Sources(before)) = (&mut rows, &self.rows) {
            now.like(before);
        }
        let here = self.id(self.scroll.at).map(|id| (id, self.scroll.at.saturating_sub(self.scroll.top)));
        let wanted = self.wanted.take().or(here);
        self.rows = rows;
        if let Some((id, row)) = wanted {
            self.go_to(&id, row);
        }
    }

    /// Goes back to a row, now or once the rows are there.
    pub fn go_back_to(&mut self, row: Option<(RowId, usize)>) {
        if let Some((id, at)) = &row {
            self.go_to(id, *at);
        }
        self.wanted = row;
    }

    /// The rows that come next are shown from the first one on.
    pub fn go_to_top(&mut self) {
        self.rows = Rows::Articles;
        self.scroll = Scroll::default();
        self.wanted = None;
    }

    fn go_to(&mut self, id: &RowId, row: usize) {
        let same = |at: &usize| self.id(*at).is_some_and(|found| found.is_same(id));
        if let Some(at) = (0..self.len()).find(same) {
            self.scroll = Scroll { at, top: at.saturating_sub(row) };
        }
    }

    /// Closes a folder of sources, or opens it. The cursor stays on it.
    pub fn fold(&mut self, tag: &str) {
        let row = self.id(self.scroll.at).map(|id| (id, self.scroll.at.saturating_sub(self.scroll.top)));
        if let Rows::Sources(sources) = &mut self.rows {
            sources.fold(tag);
        }
        if let Some((id, row)) = row {
            self.go_to(&id, row);
        }
    }

    /// The sources, if they are what is listed and are there already.
    pub fn sources(&self) -> Option<&Sources> {
        match &self.rows {
            Rows::Sources(sources) => Some(sources),
            _ => None,
        }
    }

    /// What the row `at` is about.
    pub fn id(&self, at: usize) -> Option<RowId> {
        self.rows.shape()?.id(at)
    }

    /// Whether the list of articles is shown, and no view in its place.
    pub fn is_articles(&self) -> bool {
        self.kind.info().rows.is_none()
    }

    pub fn title(&self) -> &'static str {
        self.kind.info().title
    }

    pub fn len(&self) -> usize {
        self.rows.shape().map_or(0, Shape::count)
    }

    /// Whether the library was asked for no more rows than there are here, so that there are probably more.
    pub fn is_limited(&self) -> bool {
        match self.total() {
            Some(total) => total > self.len() as u64,
            None => {
                self.len() >= LIMIT
                    && !matches!(
                        self.kind.info().rows,
                        None | Some(
                            RowsOf::Days
                                | RowsOf::Timeline
                                | RowsOf::Sources
                                | RowsOf::Boards
                                | RowsOf::Watches
                                | RowsOf::Brief
                        )
                    )
            }
        }
    }

    /// How many rows there would be without a limit, if that is known.
    pub fn total(&self) -> Option<u64> {
        self.rows.shape()?.total()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the row `at` shows; empty where there is no such row.
    pub fn columns(&self, at: usize, width: u16) -> Vec<Column<'_>> {
        self.rows.shape().map_or_else(Vec::new, |shape| shape.columns(at, width))
    }

    /// The two lines that the row `at` shows where there is room for them.
    pub fn two_lines(&self, at: usize, width: u16) -> Option<[Vec<Column<'_>>; 2]> {
        self.rows.shape()?.two_lines(at, width)
    }

    /// How many lines a row takes in a pane of so many lines and cells.
    pub fn lines_a_row(&self, lines: usize, width: u16) -> usize {
        const ROOM: usize = 12;
        const WIDE: u16 = 110;
        match self.kind.info().rows {
            Some(RowsOf::Quotes) if lines >= ROOM && width < WIDE => 2,
            _ => 1,
        }
    }

    /// Whether something about the row under the cursor stands below the rows, in place of an article.
    pub fn has_below(&self) -> bool {
        let rows = self.kind.info().rows;
        matches!(rows, Some(RowsOf::Names(FacetKind::Entity(_)) | RowsOf::Timeline | RowsOf::Threads))
    }

    /// Whether the rows are shown as a map.
    pub fn is_map(&self) -> bool {
        self.kind == ViewKind::Map
    }

    /// Goes to the country that lies next to that under the cursor. Returns whether there is one.
    pub fn go_on_map(&mut self, way: Way, height: usize) -> bool {
        let Rows::Names(names) = &self.rows else { return false };
        let Some(here) = names.names.get(self.scroll.at) else { return false };
        let next = world::next(&here.value, way, names.names.iter().map(|facet| facet.value.as_str()));
        let rows = names.names.len();
        match next {
            Some(at) => self.scroll.move_to(at, rows, height, Pace::Least),
            // From a country that is not on the map, to the next row.
            None if world::find(&here.value).is_none() => self.scroll.move_by(1, rows, height, Pace::Least),
            None => return false,
        }
        true
    }

    /// Whether the rows need the whole width.
    pub fn is_wide(&self) -> bool {
        matches!(self.kind.info().rows, Some(RowsOf::Timeline | RowsOf::Threads | RowsOf::Brief))
    }

    /// The filter that lists the articles of the row under the cursor, while `query` is the filter of the rows.
    pub fn articles(&self, query: &Query) -> Option<Query> {
        self.rows.shape()?.articles(self.scroll.at, query)
    }

    /// What the rows are, in a few words at the right of the title: in which order, how long the bins are.
    pub fn legend(&self) -> String {
        match &self.rows {
            Rows::Names(names) if self.has_below() => {
                let typed =
                    if self.how.typed.is_empty() { String::new() } else { format!("/{} ", self.how.typed) };
                format!("{typed}{} by {}", names.total, self.how.order.name())
            }
            Rows::Timeline(timeline) => format!("by {}", timeline.grain().name()),
            Rows::Quotes(quotes) => match quotes.total {
                Some(total) => format!("{total}, {} first", self.how.quotes.name()),
                None => format!("{} first", self.how.quotes.name()),
            },
            Rows::Threads(Stories(threads)) => {
                let newest = threads.newest.map(|newest| format!(" in the newest {newest} articles"));
                format!("{}{}, {} first", threads.total, newest.unwrap_or_default(), self.how.threads.name())
            }
            Rows::Boards(Boards { open: Some(board), .. }) => {
                format!("{}: {}", board.name, boards::items(board.items.len()))
            }
            _ => String::new(),
        }
    }

    /// The names that the bars of a timeline are divided by.
    pub fn parts(&self) -> Vec<&str> {
        match &self.rows {
            Rows::Timeline(timeline) => timeline.parts.iter().map(|(facet, _)| facet.name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// What the row `at` says in words.
    pub fn words(&self, at: usize) -> Option<String> {
        self.rows.shape()?.words(at)
    }

    /// The name that the row `at` is about.
    pub fn name(&self, at: usize) -> Option<(FacetKind, &str)> {
        self.rows.shape()?.name(at)
    }

    /// Whether the rows are names, so that what is done to a name is done to the row.
    pub fn lists_names(&self) -> bool {
        matches!(self.kind.info().rows, Some(RowsOf::Names(_) | RowsOf::Sources))
    }

    /// What opening the row under the cursor does while `query` is the filter.
    pub fn opens(&self, query: &Query) -> Opens {
        self.rows.shape().map_or(Opens::Nothing, |shape| shape.opens(self.scroll.at, query))
    }

    /// The passage that the row under the cursor is about.
    pub fn passage(&self) -> Option<Passage> {
        self.passage_at(self.scroll.at)
    }

    /// The passage that the row `at` is about.
    pub fn passage_at(&self, at: usize) -> Option<Passage> {
        self.rows.shape()?.passage(at)
    }
}

/// `1 article`, `12 articles`.
pub fn articles(count: u64) -> String {
    if count == 1 { "1 article".to_owned() } else { format!("{count} articles") }
}
