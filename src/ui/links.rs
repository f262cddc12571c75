//! Finds where links are on the screen, for terminals that make them clickable (OSC 8).

use crate::app::layout::{self, Arrangement};
use crate::app::over::Over;
use crate::app::reader::{TextLine, link_prefix};
use crate::app::sheet::{Sheet, SheetRow, Subject};
use crate::app::{App, Size};

/// Cells of one row that belong to a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCells {
    pub x: u16,
    pub y: u16,
    /// The number of cells.
    pub width: u16,
    /// An http or https address, in ASCII without spaces.
    pub address: String,
}

/// The links that [`super::draw`] puts on the screen; a link over several rows has one piece for each.
pub fn links(app: &App) -> Vec<LinkCells> {
    if !app.size().suffices() {
        return Vec::new();
    }
    match app.over() {
        Over::Nothing => in_reader(app),
        Over::Sheet(sheet) => match &sheet.subject {
            Subject::Address(address) => in_sheet(app.size(), sheet, address),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn in_sheet(size: Size, sheet: &Sheet, address: &str) -> Vec<LinkCells> {
    let body = layout::sheet(size).body();
    let rows = sheet.rows(&[], body.width).into_iter().skip(sheet.top());
    let cells = |(row, y): (SheetRow, u16)| {
        let SheetRow { text, indent, .. } = row;
        LinkCells { x: indent, y, width: cells_of(&text), address: address.to_owned() }
    };
    rows.zip(body.y..body.y + body.height).map(cells).collect()
}

fn in_reader(app: &App) -> Vec<LinkCells> {
    if app.view().has_below() {
        return Vec::new();
    }
    let (Some(area), Some(shown)) = (app.layout().reader, app.reader().shown()) else { return Vec::new() };
    let body = area.body();
    let indent = reader_indent(app, body.width);
    let lines = shown.visible(body.rows()).iter().zip(body.y..);
    let link = |(line, y): (&TextLine, u16)| {
        let TextLine::Link(number, span) = *line else { return None };
        let address = shown.text.link(number.into())?;
        let x = body.x + indent + cells_of(&link_prefix(number));
        let room = (body.x + body.width).saturating_sub(x);
        let width = cells_of(span.get(address)?).min(room);
        Some(LinkCells { x, y, width, address: address.to_owned() })
    };
    lines.filter_map(link).collect()
}

/// The number of blank columns to the left of the text in the reader.
pub fn reader_indent(app: &App, width: u16) -> u16 {
    let text = u16::try_from(app.reader().look().width).unwrap_or(u16::MAX);
    match app.arrangement() {
        Arrangement::ReaderAlone => width.saturating_sub(text) / 2,
        Arrangement::Panes => 1,
    }
}

/// The width of an ASCII text in cells.
fn cells_of(text: &str) -> u16 {
    u16::try_from(text.len()).unwrap_or(u16::MAX)
}
