//! Rows that are boards, or the items of one of them. Opening a board shows its items; opening an item reads its article, at
//! the quote if it is one.

use super::{Column, Opens, Passage, RowId, Shape, Tone, Width};
use crate::annotation::Field;
use crate::article::day_or_undated;
use crate::listing::board::{Board, Item};
use crate::query::Query;
use crate::text::Span;

/// The boards, and the one that is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boards {
    /// Their names, each with the number of its items.
    pub all: Vec<(String, usize)>,
    pub open: Option<Board>,
}

/// `1 item`, `12 items`.
pub fn items(count: usize) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}

impl Boards {
    /// The name of the board in the row `at`, unless one is open.
    pub fn board(&self, at: usize) -> Option<&str> {
        if self.open.is_some() { None } else { self.all.get(at).map(|(name, _)| name.as_str()) }
    }

    /// The item in the row `at`, with its board.
    pub fn item(&self, at: usize) -> Option<(&Board, &Item)> {
        let board = self.open.as_ref()?;
        Some((board, board.items.get(at)?))
    }
}

/// The words of an item: those of its quote with the speaker, or the title.
fn headline(item: &Item) -> String {
    match &item.quote {
        Some(quote) => format!("{}: {}", quote.speaker.as_deref().unwrap_or("?"), quote.words),
        None if item.title.is_empty() => "(no title)".to_owned(),
        None => item.title.clone(),
    }
}

impl Shape for Boards {
    fn count(&self) -> usize {
        self.open.as_ref().map_or(self.all.len(), |board| board.items.len())
    }

    fn columns(&self, at: usize, width: u16) -> Vec<Column<'_>> {
        let text = |text: String, width, tone| Column::Text { text: text.into(), width, tone };
        if let Some((_, item)) = self.item(at) {
            let day = item.published().map(|time| time.date_naive());
            let mut columns = vec![
                text(format!("{:>3}", at + 1), Width::Cells(3), Tone::Faint),
                text(day_or_undated(day), Width::Cells(10), Tone::Faint),
                text(headline(item), Width::Rest, Tone::Plain),
            ];
            if !item.note.is_empty() {
                let note = format!("* {}", item.note.replace('\n', " "));
                columns.push(text(note, Width::Cells(width / 3), Tone::Strong));
            }
            return columns;
        }
        match self.all.get(at) {
            Some((name, count)) => {
                vec![
                    text(name.clone(), Width::Rest, Tone::Plain),
                    Column::Count { count: *count as u64, width: Some(6) },
                ]
            }
            None => Vec::new(),
        }
    }

    fn words(&self, at: usize) -> Option<String> {
        if let Some((_, item)) = self.item(at) {
            let day = day_or_undated(item.published().map(|time| time.date_naive()));
            let from = match &item.quote {
                Some(_) => format!("{}, {}, {day}", item.title, item.source),
                None => format!("{}, {day}", item.source),
            };
            let note = match item.note.is_empty() {
                true => String::new(),
                false => format!(" Note: {}", item.note.replace('\n', " ")),
            };
            return Some(format!("{} ({from}).{note}", headline(item)));
        }
        let (name, count) = self.all.get(at)?;
        Some(format!("{name}, {}", items(*count)))
    }

    fn opens(&self, at: usize, _query: &Query) -> Opens {
        match (self.item(at), self.board(at)) {
            (Some(_), _) => Opens::Passage,
            (None, Some(name)) => Opens::Board(name.to_owned()),
            (None, None) => Opens::Nothing,
        }
    }

    /// An article that is no quote is read from its beginning.
    fn passage(&self, at: usize) -> Option<Passage> {
        let (_, item) = self.item(at)?;
        let (field, span) = item.passage().unwrap_or((Field::Body, Span { start: 0, end: 0 }));
        Some(Passage { id: item.article(), field, span })
    }

    fn id(&self, at: usize) -> Option<RowId> {
        match self.item(at) {
            Some((_, item)) => Some(RowId::Item(item.id)),
            None => self.board(at).map(|name| RowId::Board(name.to_owned())),
        }
    }
}
