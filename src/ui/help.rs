//! Draws the help over the panes: a column of keys and a column of what they do. Texts are wrapped and never cut. Where
//! there is room, two such blocks are side by side.

use super::Scene;
use super::pen::Pen;
use crate::app::Context;
use crate::app::help::{Entry, Help, Sign};
use crate::app::layout::{self, Area};
use crate::text::{width, wrap};
use crate::theme::Part;

/// The widest column of keys, in cells; longer ones are wrapped.
const KEYS: usize = 18;
/// The narrowest block of which two are drawn side by side.
const BLOCK: u16 = 72;

/// An entry, wrapped for the width of its block.
struct Item {
    entry: Entry,
    /// The pieces of the left column and of the right one.
    left: Vec<String>,
    right: Vec<String>,
    at: usize,
}

impl Item {
    fn rows(&self) -> usize {
        self.left.len().max(self.right.len()).max(1)
    }
}

impl Scene<'_> {
    pub fn draw_help(self, help: &Help, pen: &mut Pen<'_>) {
        let area = layout::sheet(self.app.size());
        pen.clear(area);
        pen.rule(area.x, area.y, area.width, Part::BorderFocused);
        let title = format!("[Help: keys {}]", place(help.context));
        pen.put(1, area.y, area.width.saturating_sub(2), &title, Part::PaneTitleFocused);
        let body = area.body();
        if help.entries().is_empty() {
            pen.put(
                2,
                body.y + 1,
                body.width.saturating_sub(2),
                "No key and no field fits that.",
                Part::Text,
            );
            return;
        }
        let blocks = (body.width / BLOCK).clamp(1, 2);
        let block = Area { width: body.width / blocks, ..body };
        let (keys, items) = self.items(help, block.width.into());
        let pages = pages(&items, body.height.into(), blocks.into());
        let is_here = |columns: &Vec<Vec<&Item>>| columns.iter().flatten().any(|item| item.at == help.at());
        let page = pages.iter().position(is_here).unwrap_or(0);
        let (at, count) = help.position();
        let place = format!(" {at}/{count}, page {}/{} ", page + 1, pages.len());
        pen.put_right(area.x, area.y, area.width.saturating_sub(1), &place, Part::PaneTitle);
        let Some(columns) = pages.get(page) else { return };
        for (column, x) in columns.iter().zip((body.x..).step_by(block.width.into())) {
            let mut y = body.y;
            for item in column {
                self.draw_item(item, (keys, item.at == help.at()), Area { x, y, ..block }, pen);
                y += item.rows() as u16;
            }
        }
    }

    /// The width of the column of keys, and the entries, wrapped for a block of `room` cells.
    fn items(self, help: &Help, room: usize) -> (usize, Vec<Item>) {
        let left = |entry: &Entry| match entry {
            Entry::Macro(at) => help.of_macro(*at).0.to_owned(),
            entry => self.left(*entry),
        };
        let lefts: Vec<String> = help.entries().iter().map(left).collect();
        let keys = lefts.iter().map(|left| width::cells(left)).max().unwrap_or(0).min(KEYS).min(room / 3);
        let text = room.saturating_sub(keys + 5).max(8);
        let item = |(at, (entry, left)): (usize, (&Entry, String))| {
            let right = match entry {
                Entry::Heading(title) => vec![(*title).to_owned()],
                Entry::Action(action) => wrapped(action.info().help, text),
                Entry::Field(_, what) | Entry::Mark(_, what) => wrapped(what, text),
                Entry::Macro(at) => wrapped(help.of_macro(*at).1, text),
            };
            Item { entry: *entry, left: wrapped(&left, keys.max(1)), right, at }
        };
        (keys, help.entries().iter().zip(lefts).enumerate().map(item).collect())
    }

    fn left(self, entry: Entry) -> String {
        match entry {
            Entry::Heading(_) | Entry::Macro(_) => String::new(),
            Entry::Action(action) => self.keys_of(action),
            Entry::Field(field, _) => field.to_owned(),
            Entry::Mark(Sign::Unread, _) => self.theme.glyphs.unread().to_owned(),
            Entry::Mark(Sign::Starred, _) => self.theme.glyphs.star().to_owned(),
            Entry::Mark(Sign::Text(text), _) => text.to_owned(),
        }
    }

    fn draw_item(self, item: &Item, (keys, selected): (usize, bool), area: Area, pen: &mut Pen<'_>) {
        if let Entry::Heading(title) = item.entry {
            pen.put(area.x + 1, area.y, area.width.saturating_sub(2), title, Part::Headline);
            return;
        }
        let keys = keys as u16;
        for (piece, y) in item.left.iter().zip(area.y..) {
            pen.put(area.x + 2, y, keys, piece, Part::Key);
        }
        for (piece, y) in item.right.iter().zip(area.y..) {
            pen.put(area.x + keys + 4, y, area.width.saturating_sub(keys + 5), piece, Part::Text);
        }
        if selected {
            let height = item.rows() as u16;
            pen.style(Area { height, width: area.width.saturating_sub(1), ..area }, Part::Selected);
            pen.put(area.x, area.y, 1, self.theme.glyphs.pointer(), Part::Selected);
        }
    }
}

/// `text` in pieces of at most `room` cells.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    wrap::lines(text, room.max(1)).into_iter().map(|line| line.span.of(text).trim_end().to_owned()).collect()
}

/// The items of each page, in columns of at most `height` rows. A heading is never the last of its column.
fn pages(items: &[Item], height: usize, columns: usize) -> Vec<Vec<Vec<&Item>>> {
    let mut filled: Vec<Vec<&Item>> = vec![Vec::new()];
    let mut used = 0;
    for (at, item) in items.iter().enumerate() {
        let heads = matches!(item.entry, Entry::Heading(_));
        let next = items.get(at + 1).filter(|_| heads).map_or(0, Item::rows);
        if used + item.rows() + next > height && used > 0 {
            filled.push(Vec::new());
            used = 0;
        }
        used += item.rows();
        if let Some(column) = filled.last_mut() {
            column.push(item);
        }
    }
    let mut filled = filled.into_iter().peekable();
    let mut pages = Vec::new();
    while filled.peek().is_some() {
        pages.push(filled.by_ref().take(columns.max(1)).collect());
    }
    pages
}

fn place(context: Context) -> &'static str {
    match context {
        Context::List => "in the list",
        Context::Reader => "in the article",
        Context::Facets => "in the pane of names",
        Context::Prompt | Context::Picker | Context::Sheet => "here",
    }
}
