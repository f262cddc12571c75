//! A cursor in rows of which only some are visible.

/// The row of the cursor and the first visible row, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    pub at: usize,
    pub top: usize,
}

/// How rows scroll when the cursor leaves the visible ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Just enough to make the cursor visible: cheap to send if the pane has the whole width.
    Least,
    /// By half of the visible rows, because every row that moves has to be sent again.
    Half,
}

/// A place in a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Top,
    Middle,
    Bottom,
}

impl Place {
    /// The row of this place among `height` rows, counted from 0.
    pub fn row(self, height: usize) -> usize {
        let last = height.saturating_sub(1);
        match self {
            Place::Top => 0,
            Place::Middle => last / 2,
            Place::Bottom => last,
        }
    }
}

impl Scroll {
    /// Moves the cursor by `delta` within `len` rows of which `height` are visible.
    pub fn move_by(&mut self, delta: i64, len: usize, height: usize, pace: Pace) {
        let at = i64::try_from(self.at).unwrap_or(i64::MAX).saturating_add(delta).max(0);
        self.move_to(usize::try_from(at).unwrap_or(usize::MAX), len, height, pace);
    }

    /// Puts the cursor at row `at`, or at the last row, and scrolls so that it is visible.
    pub fn move_to(&mut self, at: usize, len: usize, height: usize, pace: Pace) {
        self.at = at.min(len.saturating_sub(1));
        self.see(len, height, pace);
    }

    /// Scrolls by `delta` rows. The cursor stays at its row as long as that is visible.
    pub fn scroll_by(&mut self, delta: i64, len: usize, height: usize) {
        let height = height.max(1);
        let last = i64::try_from(len.saturating_sub(height)).unwrap_or(i64::MAX);
        let top = i64::try_from(self.top).unwrap_or(i64::MAX).saturating_add(delta).clamp(0, last);
        self.top = usize::try_from(top).unwrap_or(0);
        self.at = self.at.clamp(self.top, (self.top + height - 1).min(len.saturating_sub(1)).max(self.top));
    }

    /// Scrolls until the row of the cursor is at this place of the pane, or as near to it as the ends allow.
    pub fn place(&mut self, place: Place, len: usize, height: usize) {
        let above = place.row(height);
        self.top = self.at.saturating_sub(above).min(len.saturating_sub(height.max(1)));
    }

    /// Scrolls so that the cursor is visible and no row of the pane is wasted.
    pub fn see(&mut self, len: usize, height: usize, pace: Pace) {
        let height = height.max(1);
        let more = match pace {
            Pace::Least => 0,
            Pace::Half => height / 2,
        };
        self.at = self.at.min(len.saturating_sub(1));
        if self.at < self.top {
            self.top = self.at.saturating_sub(more);
        } else if self.at >= self.top + height {
            self.top = self.at + 1 + more - height;
        }
        self.top = self.top.min(len.saturating_sub(height)).min(self.at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: (usize, usize), delta: i64, pace: Pace, expected: (usize, usize)) {
        let mut scroll = Scroll { at: from.0, top: from.1 };
        scroll.move_by(delta, 20, 6, pace);
        assert_eq!((scroll.at, scroll.top), expected);
    }

    #[test]
    fn the_cursor_is_always_seen() {
        check((0, 0), 1, Pace::Least, (1, 0));
        check((5, 0), 1, Pace::Least, (6, 1));
        check((5, 0), 1, Pace::Half, (6, 4));
        check((4, 4), -1, Pace::Half, (3, 0));
        check((0, 0), 99, Pace::Half, (19, 14));
        check((19, 14), i64::MIN, Pace::Least, (0, 0));
    }

    #[test]
    fn scrolling_keeps_the_cursor_and_the_cursor_can_be_placed() {
        let scrolled = |from: (usize, usize), delta: i64| {
            let mut scroll = Scroll { at: from.0, top: from.1 };
            scroll.scroll_by(delta, 20, 6);
            (scroll.at, scroll.top)
        };
        assert_eq!(scrolled((3, 2), 1), (3, 3));
        assert_eq!(scrolled((3, 3), 1), (4, 4));
        assert_eq!(scrolled((8, 3), -1), (7, 2));
        assert_eq!(scrolled((3, 0), -1), (3, 0));
        assert_eq!(scrolled((19, 14), 5), (19, 14));
        let placed = |at: usize, place: Place| {
            let mut scroll = Scroll { at, top: 0 };
            scroll.place(place, 20, 6);
            scroll.top
        };
        assert_eq!((placed(9, Place::Top), placed(9, Place::Middle), placed(9, Place::Bottom)), (9, 7, 4));
        assert_eq!((placed(19, Place::Top), placed(1, Place::Bottom)), (14, 0));
        let mut empty = Scroll::default();
        empty.scroll_by(3, 0, 6);
        assert_eq!(empty, Scroll::default());
    }
}
