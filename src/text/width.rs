//! Computes how many terminal cells a text takes, and cuts a text to fit.
//!
//! Widths follow `unicode-width` by grapheme cluster, as ratatui does, with ambiguous characters
//! one cell wide. Terminals disagree on clusters that are joined by ZWJ or VS16; [`tame`] reduces these
//! to their first scalar for places where a wrong guess would shift the screen.
//! All texts are expected to be clean: they contain no control codes.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width of `text` in cells.
pub fn cells(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(cluster_cells).sum() }
}

/// The width of one grapheme cluster in cells: 0, 1 or 2.
pub fn cluster_cells(cluster: &str) -> usize {
    if cluster.len() == 1 { 1 } else { cluster.width().min(2) }
}

/// Whether terminals are known to disagree on the width of this cluster.
pub fn is_risky(cluster: &str) -> bool {
    cluster.len() > 1
        && cluster.chars().any(
            |c| matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}'),
        )
}

/// Returns `text` with every risky cluster reduced to its first scalar. Borrows if there is none.
pub fn tame(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.graphemes(true).any(is_risky) {
        return Cow::Borrowed(text);
    }
    let first = |cluster: &str| cluster.chars().next().map_or(0, char::len_utf8);
    Cow::Owned(text.graphemes(true).map(|c| if is_risky(c) { &c[..first(c)] } else { c }).collect())
}

/// The longest prefix of `text` that fits in `room` cells, cut between clusters, and its width in cells.
pub fn prefix(text: &str, room: usize) -> (&str, usize) {
    if text.is_ascii() {
        let end = text.len().min(room);
        return (&text[..end], end);
    }
    let mut used = 0;
    for (start, cluster) in text.grapheme_indices(true) {
        let wide = cluster_cells(cluster);
        if used + wide > room {
            return (&text[..start], used);
        }
        used += wide;
    }
    (text, used)
}

/// Returns `text` cut to at most `room` cells. Where something is cut off, the result ends with
/// `ellipsis`, unless the ellipsis itself is wider than `room`.
pub fn clip<'a>(text: &'a str, room: usize, ellipsis: &str) -> Cow<'a, str> {
    let (head, _) = prefix(text, room);
    if head.len() == text.len() {
        return Cow::Borrowed(text);
    }
    let mark = cells(ellipsis);
    if mark > room {
        return Cow::Borrowed(head);
    }
    let (head, _) = prefix(text, room - mark);
    Cow::Owned(format!("{}{ellipsis}", head.trim_end()))
}

/// Like [`clip`], padded with blanks on the right to exactly `room` cells.
pub fn fit(text: &str, room: usize, ellipsis: &str) -> String {
    let mut fitted = clip(text, room, ellipsis).into_owned();
    let missing = room.saturating_sub(cells(&fitted));
    fitted.extend(std::iter::repeat_n(' ', missing));
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_cells_not_characters() {
        assert_eq!(cells("Oslo"), 4);
        assert_eq!(cells("東京"), 4);
        assert_eq!(cells("e\u{301}"), 1);
        assert_eq!(cells("👩\u{200D}🚀"), 2);
    }

    #[test]
    fn never_splits_a_wide_cell() {
        assert_eq!(prefix("東京都", 3), ("東", 2));
        assert_eq!(fit("東京都", 3, "…"), "東…");
        assert_eq!(fit("東京都", 2, "…"), "… ");
    }

    #[test]
    fn tames_joined_emoji() {
        assert_eq!(tame("a 👩\u{200D}🚀 b"), "a 👩 b");
        assert!(matches!(tame("東京"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn fit_is_exact(text in "\\PC{0,30}", room in 0usize..20) {
            prop_assert_eq!(cells(&fit(&text, room, "…")), room);
        }
    }
}
