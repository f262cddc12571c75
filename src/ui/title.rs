//! Cuts a title to the cells of its column, and says which of its pieces are hits of the search.
//!
//! In: a title, the byte spans of the hits in the whole title, and the room in cells. Out: pieces of the title in its
//! own order, cut between clusters, that together are a prefix of it. Knows nothing of rows or colours.

use crate::text::{Span, width};

/// A piece of a title: whole clusters, all of them hits or none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    pub text: &'a str,
    pub is_hit: bool,
}

/// The pieces that fit in `room` cells, in order, none of them empty. The hits are byte spans of `title`, in any order; a
/// cluster that a hit touches belongs to it as a whole. Where something is cut off, the last piece is `ellipsis`
/// (unless it is wider than `room`), and it is a hit if a hit is cut off.
pub fn pieces<'a>(title: &'a str, hits: &[Span], room: usize, ellipsis: &'a str) -> Vec<Piece<'a>> {
    let (head, is_cut) = width::head(title, room, width::cells(ellipsis));
    let touched = |start: usize, end: usize| {
        hits.iter().any(|hit| (hit.start as usize) < end && start < hit.end as usize && hit.start < hit.end)
    };
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut from = 0;
    for (at, cluster) in width::clusters(head) {
        let end = at + cluster.len();
        let is_hit = touched(at, end);
        match pieces.last_mut().filter(|piece| piece.is_hit == is_hit) {
            Some(piece) => piece.text = &head[from..end],
            None => {
                from = at;
                pieces.push(Piece { text: cluster, is_hit });
            }
        }
    }
    if is_cut && width::cells(ellipsis) <= room {
        pieces.push(Piece { text: ellipsis, is_hit: touched(head.len(), title.len()) });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The title at this width, with the hits in brackets.
    fn check(title: &str, word: &str, room: usize, expected: &str) {
        let hits: Vec<Span> =
            title.match_indices(word).map(|(at, word)| Span::new(at, at + word.len())).collect();
        let pieces = pieces(title, &hits, room, "…");
        let shown = |piece: &Piece<'_>| match piece.is_hit {
            true => format!("[{}]", piece.text),
            false => piece.text.to_owned(),
        };
        assert_eq!(pieces.iter().map(shown).collect::<String>(), expected);
    }

    #[test]
    fn a_hit_at_the_cut_blanks_nothing() {
        check("Senate votes on the trump card", "trump", 30, "Senate votes on the [trump] card");
        check("Senate votes on the trump card", "trump", 24, "Senate votes on the [tru][…]");
        check("Senate votes on the trump card", "trump", 22, "Senate votes on the [t][…]");
        check("Senate votes on the trump card", "trump", 21, "Senate votes on the[…]");
        check("Senate votes on the trump card", "trump", 20, "Senate votes on the[…]");
        check("Senate votes on the trump card", "trump", 12, "Senate vote[…]");
        check("Senate votes", "Senate", 0, "");
    }

    #[test]
    fn clusters_stay_whole() {
        check("🇨🇦🇺🇸 agree", "agree", 11, "🇨🇦🇺🇸 [agree]");
        check("🇨🇦🇺🇸 agree", "agree", 4, "🇨🇦[…]");
        check("e\u{301}te\u{301}", "t", 4, "e\u{301}[t]e\u{301}");
        check("e\u{301}te\u{301}", "e", 2, "[e\u{301}][…]");
        check("שלום עולם חדש", "עולם", 10, "שלום [עולם]…");
    }

    /// Letters, wide letters, emoji of every kind, marks on letters, and letters that run from right to left.
    fn title() -> impl Strategy<Value = String> {
        let cluster = proptest::sample::select(vec![
            "a",
            "B",
            " ",
            "é",
            "e\u{301}",
            "o\u{302}\u{323}",
            "東",
            "京",
            "한",
            "🇨🇦",
            "🇺🇸",
            "🇪🇺",
            "👍🏽",
            "👩\u{200D}🚀",
            "👨\u{200D}👩\u{200D}👧\u{200D}👦",
            "1\u{FE0F}\u{20E3}",
            "❤\u{FE0F}",
            "ש",
            "ל",
            "ע",
            "ا",
            "ل",
            "عَ",
            "हि",
            "क्षि",
            "ไท",
            "-",
            "…",
            "\u{FDFD}",
            "\u{1112}\u{1161}\u{11AB}",
            "\u{1F3F4}",
        ]);
        proptest::collection::vec(cluster, 0..40).prop_map(|clusters| clusters.concat())
    }

    proptest! {
        #[test]
        fn a_row_shows_a_prefix_of_its_title(
            title in title(),
            cuts in proptest::collection::vec((0usize..160, 0usize..24), 0..4),
            room in 0usize..60,
            ellipsis in proptest::sample::select(vec!["…", "~"]),
        ) {
            let hits: Vec<Span> = cuts
                .iter()
                .map(|(start, length)| Span::new((*start).min(title.len()), (start + length).min(title.len())))
                .collect();
            let pieces = pieces(&title, &hits, room, ellipsis);
            let shown: String = pieces.iter().map(|piece| piece.text).collect();
            let used: usize = pieces.iter().map(|piece| width::cells(piece.text)).sum();
            prop_assert!(used <= room, "{used} cells of {room}");
            prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
            let head = match shown == title {
                true => shown.as_str(),
                false => shown.strip_suffix(ellipsis).unwrap_or(&shown),
            };
            prop_assert!(title.starts_with(head), "{shown:?} of {title:?}");
            prop_assert!(width::clusters(&title).any(|(at, _)| at == head.len()) || head.len() == title.len());
            // Nothing that fits is left out, but for blanks before the ellipsis.
            if width::cells(&title) <= room {
                prop_assert_eq!(&shown, &title);
            }
            // Without hits and with them the same text is shown.
            let plain: String = super::pieces(&title, &[], room, ellipsis).iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&plain, &shown);
            let clipped = width::clip(&title, room, ellipsis);
            prop_assert_eq!(clipped.as_ref(), shown.as_str());
        }
    }
}
