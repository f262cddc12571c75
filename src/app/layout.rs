//! Where the panes are on a screen of a given size. Cells count from 0 at the top left.
//!
//! From 160 columns on, the list, the reader and the names are side by side. Over a slow connection nothing stands beside
//! the reader, because a line that scrolls then costs no more than its text: see [`ReaderWidth`]. With fewer columns the list is at the top and
//! the reader below it, at full width where the names are not shown, because a pane of full width scrolls cheaply over a
//! slow connection. The names are at the right of both, at full height: from 100 columns on unless the person hides
//! them, with fewer columns only if the person asks for them. With fewer than 70 columns or 20 rows, one pane is shown at
//! a time. The last row is the status line.

use super::card;

/// The size of the screen in cells; either may be 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub width: u16,
    pub height: u16,
}

/// A rectangle of cells, which may be empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    List,
    Reader,
    Facets,
}

/// What the person wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    pub focus: Pane,
    pub arrangement: Arrangement,
    pub facets: FacetsShown,
    pub card: card::Card,
    pub reader_width: ReaderWidth,
    pub rows: RowsShown,
}

/// What the list pane lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowsShown {
    #[default]
    Articles,
    /// Rows of a view, with what stands below them about one of them: each has half of the height.
    Tall,
    /// The same, with rows that need the whole width.
    Wide,
    /// A map, with a few lines about one of its countries.
    Map,
}

/// Whether other panes may stand beside the reader. A terminal scrolls whole rows, so with a pane beside the reader, every
/// row of the reader has to be sent again for each line that is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReaderWidth {
    #[default]
    Shared,
    /// The reader has all columns, where the names have enough room beside the list.
    Whole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    Panes,
    ReaderAlone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetsShown {
    Yes,
    No,
}

/// The panes on the screen, each with its title in its first row, and the status line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub list: Option<Area>,
    pub reader: Option<Area>,
    pub facets: Option<Area>,
    /// The card of the first run, below the reader or the only pane.
    pub card: Option<Area>,
    /// Empty where the screen is too small for anything.
    pub status: Area,
}

const LEAST: Size = Size { width: 20, height: 5 };
const SIDE_BY_SIDE: u16 = 160;
/// From this width on, the names are shown unless the person hides them.
const ROOM_FOR_FACETS: u16 = 100;
/// The most rows, with that of the title, of a list that has to cost little: a page of it takes about 1,700 bytes at 200
/// columns.
const CHEAP_LIST: u16 = 12;
/// The fewest rows, with that of the title, in which the names stand beside the list alone.
const ROWS_OF_FACETS: u16 = 8;
/// The fewest rows, with the one of its title, that the card leaves of a pane.
const LEFT_BY_CARD: u16 = 5;
const STACKED: Size = Size { width: 70, height: 20 };

impl Size {
    /// Whether there is room for a reader at all.
    pub fn suffices(self) -> bool {
        self.width >= LEAST.width && self.height >= LEAST.height
    }
}

impl Area {
    /// The area without the row of the title.
    pub fn body(self) -> Area {
        let title = self.height.min(1);
        Area { y: self.y + title, height: self.height - title, ..self }
    }

    pub fn rows(self) -> usize {
        self.height.into()
    }
}

/// Whether a screen of this size shows one pane at a time.
fn shows_one(size: Size) -> bool {
    size.width < STACKED.width || size.height < STACKED.height
}

/// Whether the names are shown on a screen of this size if the person has said nothing about it. Where there is one pane at
/// a time, they are one of these.
pub fn has_room_for_facets(size: Size) -> FacetsShown {
    match size.width >= ROOM_FOR_FACETS || shows_one(size) {
        true => FacetsShown::Yes,
        false => FacetsShown::No,
    }
}

/// Where everything is. `measure` is the longest line of text in the reader, in cells.
pub fn layout(size: Size, measure: u16, wish: Wish) -> Layout {
    if !size.suffices() {
        return Layout::default();
    }
    let height = size.height - 1;
    let whole = Area { x: 0, y: 0, width: size.width, height };
    let status = Area { x: 0, y: height, width: size.width, height: 1 };
    let panes = if wish.arrangement == Arrangement::ReaderAlone {
        Layout { reader: Some(whole), ..Layout::default() }
    } else if shows_one(size) {
        alone(whole, wish.focus)
    } else if size.width < SIDE_BY_SIDE
        || wish.reader_width == ReaderWidth::Whole
        || matches!(wish.rows, RowsShown::Wide | RowsShown::Map)
    {
        stacked(whole, wish)
    } else {
        side_by_side(whole, measure, wish)
    };
    let panes = Layout { status, ..panes };
    if wish.card == card::Card::Shown { with_card(panes) } else { panes }
}

/// Gives the card the lower end of the reader, or of the only pane, if enough of the pane is left.
fn with_card(mut layout: Layout) -> Layout {
    let pane =
        [&mut layout.reader, &mut layout.list, &mut layout.facets].into_iter().find_map(Option::as_mut);
    if let Some(pane) = pane {
        let rows = card::rows(pane.width);
        if pane.height >= rows + LEFT_BY_CARD {
            pane.height -= rows;
            layout.card = Some(Area { y: pane.y + pane.height, height: rows, ..*pane });
        }
    }
    layout
}

/// The box over the panes in which a choice is made.
pub fn popup(size: Size) -> Area {
    let width = size.width.saturating_sub(4).min(72).max(size.width.min(24));
    let height = size.height.saturating_sub(1).min((size.height / 2).max(16));
    Area { x: (size.width - width) / 2, y: (size.height - height) / 6, width, height }
}

/// The rows of the choices in [`popup`]: without its borders, the line that is typed and, where there is one, the
/// preview.
pub fn choices(size: Size, previews: bool) -> Area {
    let popup = popup(size);
    let height = popup.height.saturating_sub(3);
    let height = height - if previews { preview_rows(height) } else { 0 };
    Area { x: popup.x + 1, y: popup.y + 2, width: popup.width.saturating_sub(2), height }
}

/// The rows at the foot of [`popup`] that show what would be left; empty where there is no room for them.
pub fn preview(size: Size) -> Area {
    let choices = choices(size, true);
    let all = popup(size).height.saturating_sub(3);
    Area { y: choices.y + choices.height, height: all - choices.height, ..choices }
}

/// How many of `room` rows show what would be left with a choice: the number of articles, and the first titles.
fn preview_rows(room: u16) -> u16 {
    match room {
        0..=9 => 0,
        10..=11 => 3,
        12..=16 => 4,
        _ => 6,
    }
}

/// The area over the panes in which help and warnings are shown, with its title in its first row.
pub fn sheet(size: Size) -> Area {
    Area { x: 0, y: 0, width: size.width, height: size.height.saturating_sub(1) }
}

fn alone(whole: Area, focus: Pane) -> Layout {
    let nothing = Layout::default();
    match focus {
        Pane::List => Layout { list: Some(whole), ..nothing },
        Pane::Reader => Layout { reader: Some(whole), ..nothing },
        Pane::Facets => Layout { facets: Some(whole), ..nothing },
    }
}

fn stacked(whole: Area, wish: Wish) -> Layout {
    let rows = if wish.reader_width == ReaderWidth::Whole { CHEAP_LIST } else { 16 };
    let above = match wish.rows {
        RowsShown::Articles => (whole.height / 3).clamp(6, rows),
        RowsShown::Tall | RowsShown::Wide => (whole.height / 2).clamp(6, 26),
        RowsShown::Map => (whole.height * 3 / 4).max(6),
    };
    let beside_list = wish.reader_width == ReaderWidth::Whole && above >= ROWS_OF_FACETS;
    let height = if beside_list { above } else { whole.height };
    let (rest, facets) = with_facets(Area { height, ..whole }, wish.facets, (whole.width / 4).clamp(24, 36));
    let list = Area { height: above, ..rest };
    let width = if beside_list { whole.width } else { rest.width };
    let reader = Area { y: above, height: whole.height - above, width, ..whole };
    Layout { list: Some(list), facets, reader: Some(reader), ..Layout::default() }
}

fn side_by_side(whole: Area, measure: u16, wish: Wish) -> Layout {
    let (rest, facets) = with_facets(whole, wish.facets, (whole.width / 6).clamp(26, 36));
    let reader_width = (measure + 3).min(rest.width * 3 / 5);
    let (list, reader) = split(rest, rest.width - reader_width);
    Layout { list: Some(list), reader: Some(reader), facets, ..Layout::default() }
}

/// Splits the names, `width` columns wide, off the right of `whole` if they are shown.
fn with_facets(whole: Area, facets: FacetsShown, width: u16) -> (Area, Option<Area>) {
    match facets {
        FacetsShown::Yes => {
            let (rest, facets) = split(whole, whole.width - width);
            (rest, Some(facets))
        }
        FacetsShown::No => (whole, None),
    }
}

/// Splits `area` at column `at`; the column before that is left for a line between the two parts.
fn split(area: Area, at: u16) -> (Area, Area) {
    let left = Area { width: at.saturating_sub(1), ..area };
    let right = Area { x: area.x + at, width: area.width - at, ..area };
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes which panes there are, with their sizes and positions.
    fn check(width: u16, height: u16, wish: Wish, expected: &str) {
        let layout = layout(Size { width, height }, 80, wish);
        let mut written = Vec::new();
        for (name, area) in [("list", layout.list), ("reader", layout.reader), ("facets", layout.facets)] {
            if let Some(Area { x, y, width, height }) = area {
                written.push(format!("{name} {width}x{height}+{x}+{y}"));
            }
        }
        assert_eq!(written.join(", "), expected, "{width}x{height}");
    }

    const LIST: Wish = Wish {
        focus: Pane::List,
        arrangement: Arrangement::Panes,
        facets: FacetsShown::Yes,
        card: card::Card::Gone,
        reader_width: ReaderWidth::Shared,
        rows: RowsShown::Articles,
    };

    #[test]
    fn panes_follow_the_width() {
        check(200, 50, LIST, "list 82x49+0+0, reader 83x49+83+0, facets 33x49+167+0");
        check(160, 50, LIST, "list 53x49+0+0, reader 79x49+54+0, facets 26x49+134+0");
        check(159, 50, LIST, "list 122x16+0+0, reader 122x33+0+16, facets 36x49+123+0");
        check(120, 40, LIST, "list 89x13+0+0, reader 89x26+0+13, facets 30x39+90+0");
        check(80, 24, LIST, "list 55x7+0+0, reader 55x16+0+7, facets 24x23+56+0");
        check(69, 24, LIST, "list 69x23+0+0");
        check(80, 19, LIST, "list 80x18+0+0");
        check(40, 12, Wish { focus: Pane::Facets, ..LIST }, "facets 40x11+0+0");
        check(19, 12, LIST, "");
        check(20, 4, LIST, "");
        check(0, 0, LIST, "");
    }

    #[test]
    fn nothing_stands_beside_a_reader_of_whole_width() {
        let whole = Wish { reader_width: ReaderWidth::Whole, ..LIST };
        check(200, 50, whole, "list 163x12+0+0, reader 200x37+0+12, facets 36x12+164+0");
        check(120, 40, whole, "list 89x12+0+0, reader 120x27+0+12, facets 30x12+90+0");
        let alone = Wish { facets: FacetsShown::No, ..whole };
        check(200, 50, alone, "list 200x12+0+0, reader 200x37+0+12");
        // In so few rows the names would have too little room.
        check(80, 24, whole, "list 55x7+0+0, reader 55x16+0+7, facets 24x23+56+0");
        check(69, 24, whole, "list 69x23+0+0");
    }

    #[test]
    fn what_is_wished_counts() {
        check(80, 24, Wish { arrangement: Arrangement::ReaderAlone, ..LIST }, "reader 80x23+0+0");
        check(80, 24, Wish { facets: FacetsShown::No, ..LIST }, "list 80x7+0+0, reader 80x16+0+7");
        check(160, 24, Wish { facets: FacetsShown::No, ..LIST }, "list 76x23+0+0, reader 83x23+77+0");
        let tall = Wish { facets: FacetsShown::No, rows: RowsShown::Tall, ..LIST };
        check(80, 24, tall, "list 80x11+0+0, reader 80x12+0+11");
        check(160, 24, tall, "list 76x23+0+0, reader 83x23+77+0");
        check(160, 50, Wish { rows: RowsShown::Wide, ..tall }, "list 160x24+0+0, reader 160x25+0+24");
        check(80, 24, Wish { rows: RowsShown::Map, ..tall }, "list 80x17+0+0, reader 80x6+0+17");
    }

    #[test]
    fn the_names_are_shown_where_there_is_room() {
        let check = |width, height, expected| {
            assert_eq!(has_room_for_facets(Size { width, height }), expected, "{width}x{height}");
        };
        check(100, 30, FacetsShown::Yes);
        check(99, 30, FacetsShown::No);
        check(80, 24, FacetsShown::No);
        check(60, 15, FacetsShown::Yes);
    }

    /// The card takes rows of its own: it covers no text.
    #[test]
    fn the_card_covers_nothing() {
        for (width, height) in
            [(60, 15), (60, 24), (80, 24), (100, 30), (120, 40), (200, 50), (20, 5), (80, 12)]
        {
            let size = Size { width, height };
            let wish = Wish { facets: has_room_for_facets(size), card: card::Card::Shown, ..LIST };
            let layout = layout(size, 72, wish);
            let Some(card) = layout.card else {
                assert!(height < 24, "no card at {width}x{height}");
                continue;
            };
            let panes = [layout.list, layout.reader, layout.facets];
            for pane in panes.into_iter().flatten() {
                let beside = pane.x + pane.width <= card.x || card.x + card.width <= pane.x;
                assert!(
                    beside || pane.y + pane.height <= card.y,
                    "{pane:?} under {card:?} at {width}x{height}"
                );
                assert!(pane.height >= LEFT_BY_CARD, "{pane:?} at {width}x{height}");
            }
        }
    }
}
