//! Where the panes are on a screen of a given size. Cells count from 0 at the top left.
//!
//! From 140 columns on, the list, the reader and the names are side by side. With fewer columns the list is at the top
//! (from 80 columns on with the names at its right) and the reader is below it at full width, because a pane of full
//! width scrolls cheaply over a slow connection. With fewer than 70 columns or 20 rows, one pane is shown at a time. The
//! last row is the status line.

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
    /// Empty where the screen is too small for anything.
    pub status: Area,
}

const LEAST: Size = Size { width: 20, height: 5 };
const SIDE_BY_SIDE: u16 = 140;
const FACETS_BESIDE_LIST: u16 = 80;
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
    } else if size.width < STACKED.width || size.height < STACKED.height {
        alone(whole, wish.focus)
    } else if size.width < SIDE_BY_SIDE {
        stacked(whole, wish)
    } else {
        side_by_side(whole, measure, wish)
    };
    Layout { status, ..panes }
}

/// The box over the panes in which a choice is made.
pub fn popup(size: Size) -> Area {
    let width = size.width.saturating_sub(4).min(72).max(size.width.min(24));
    let height = size.height.saturating_sub(1).min(16);
    Area { x: (size.width - width) / 2, y: (size.height - height) / 6, width, height }
}

/// The rows of the choices in [`popup`]: without its borders and the line that is typed.
pub fn choices(size: Size) -> Area {
    let popup = popup(size);
    let height = popup.height.saturating_sub(3);
    Area { x: popup.x + 1, y: popup.y + 2, width: popup.width.saturating_sub(2), height }
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
    let above = (whole.height / 3).clamp(6, 16);
    let top = Area { height: above, ..whole };
    let reader = Area { y: above, height: whole.height - above, ..whole };
    let (list, facets) = if whole.width >= FACETS_BESIDE_LIST && wish.facets == FacetsShown::Yes {
        let (list, facets) = split(top, whole.width - (whole.width / 4).clamp(24, 34));
        (Some(list), Some(facets))
    } else if wish.focus == Pane::Facets {
        (None, Some(top))
    } else {
        (Some(top), None)
    };
    Layout { list, facets, reader: Some(reader), ..Layout::default() }
}

fn side_by_side(whole: Area, measure: u16, wish: Wish) -> Layout {
    let (rest, facets) = match wish.facets {
        FacetsShown::Yes => {
            let (rest, facets) = split(whole, whole.width - (whole.width / 6).clamp(26, 36));
            (rest, Some(facets))
        }
        FacetsShown::No => (whole, None),
    };
    let reader_width = (measure + 3).min(rest.width * 3 / 5);
    let (list, reader) = split(rest, rest.width - reader_width);
    Layout { list: Some(list), reader: Some(reader), facets, ..Layout::default() }
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

    const LIST: Wish = Wish { focus: Pane::List, arrangement: Arrangement::Panes, facets: FacetsShown::Yes };

    #[test]
    fn panes_follow_the_width() {
        check(200, 50, LIST, "list 82x49+0+0, reader 83x49+83+0, facets 33x49+167+0");
        check(140, 50, LIST, "list 45x49+0+0, reader 67x49+46+0, facets 26x49+114+0");
        check(120, 40, LIST, "list 89x13+0+0, reader 120x26+0+13, facets 30x13+90+0");
        check(80, 24, LIST, "list 55x7+0+0, reader 80x16+0+7, facets 24x7+56+0");
        check(79, 24, LIST, "list 79x7+0+0, reader 79x16+0+7");
        check(69, 24, LIST, "list 69x23+0+0");
        check(80, 19, LIST, "list 80x18+0+0");
        check(40, 12, Wish { focus: Pane::Facets, ..LIST }, "facets 40x11+0+0");
        check(19, 12, LIST, "");
        check(20, 4, LIST, "");
        check(0, 0, LIST, "");
    }

    #[test]
    fn what_is_wished_counts() {
        check(80, 24, Wish { arrangement: Arrangement::ReaderAlone, ..LIST }, "reader 80x23+0+0");
        check(80, 24, Wish { facets: FacetsShown::No, ..LIST }, "list 80x7+0+0, reader 80x16+0+7");
        check(75, 24, Wish { focus: Pane::Facets, ..LIST }, "reader 75x16+0+7, facets 75x7+0+0");
        check(140, 24, Wish { facets: FacetsShown::No, ..LIST }, "list 56x23+0+0, reader 83x23+57+0");
    }
}
