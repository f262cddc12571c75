//! Computes how many terminal cells a text takes, and cuts a text to fit.
//!
//! Widths follow `unicode-width` by grapheme cluster, as ratatui does, with ambiguous characters
//! one cell wide. Terminals disagree on clusters such as flags and joined emoji ([`is_risky`]); the renderer moves the
//! cursor anew after each of them, so that a wrong guess shifts nothing.
//! All texts are expected to be clean: they contain no control codes.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width of `text` in cells.
pub fn cells(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(cluster_cells).sum() }
}

/// The grapheme clusters of `text`, in order, each with the byte at which it begins.
pub fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.grapheme_indices(true)
}

/// The width of one grapheme cluster in cells: 0, 1 or 2. One that would be wider counts as it is shown, see
/// [`within_two_cells`].
pub fn cluster_cells(cluster: &str) -> usize {
    if cluster.len() == 1 { 1 } else { within_two_cells(cluster).width() }
}

/// The cluster, or its first scalar where the whole of it would take more than the two cells that a symbol on the screen can have.
pub fn within_two_cells(cluster: &str) -> &str {
    if cluster.width() <= 2 {
        return cluster;
    }
    let first = cluster.chars().next().map_or(0, char::len_utf8);
    let first = &cluster[..first];
    if first.width() <= 2 { first } else { "" }
}

/// Whether terminals are known to disagree on the width of this cluster.
pub fn is_risky(cluster: &str) -> bool {
    cluster.len() > 1
        && cluster.chars().any(
            |c| matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}'),
        )
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

/// What is shown of `text` where there are `room` cells, and whether something is cut off. What is cut leaves room for an
/// ellipsis of `mark` cells, if that fits at all, and no blanks before it.
pub fn head(text: &str, room: usize, mark: usize) -> (&str, bool) {
    let (whole, _) = prefix(text, room);
    if whole.len() == text.len() || mark > room {
        return (whole, whole.len() < text.len());
    }
    let (head, _) = prefix(text, room - mark);
    (head.trim_end(), true)
}

/// Returns `text` cut to at most `room` cells. Where something is cut off, the result ends with
/// `ellipsis`, unless the ellipsis itself is wider than `room`.
pub fn clip<'a>(text: &'a str, room: usize, ellipsis: &str) -> Cow<'a, str> {
    let mark = cells(ellipsis);
    match head(text, room, mark) {
        (head, true) if mark <= room => Cow::Owned(format!("{head}{ellipsis}")),
        (head, _) => Cow::Borrowed(head),
    }
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

    proptest! {
        #[test]
        fn fit_is_exact(text in "\\PC{0,30}", room in 0usize..20) {
            prop_assert_eq!(cells(&fit(&text, room, "…")), room);
        }
    }
}
