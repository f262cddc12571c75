//! Answers a filter with sets of article numbers. Knows neither where the sets come from nor what
//! an article is.
//!
//! An article's *number* is its place in the library, counted from 0 in the order of arrival; sets
//! of numbers are compressed bitmaps.

use super::Error;
use crate::article::ArticleId;
use crate::listing::Window;
use crate::query::{Filter, Term};
use roaring::RoaringBitmap;
use std::ops::Range;

/// Where the sets come from.
pub trait Sets {
    /// The numbers of all articles.
    fn every(&self) -> RoaringBitmap;

    /// The numbers of the articles for which `term` holds.
    fn term(&self, term: &Term) -> Result<RoaringBitmap, Error>;
}

/// The numbers of the articles that match `filter`.
pub fn answer(filter: &Filter, sets: &dyn Sets) -> Result<RoaringBitmap, Error> {
    match filter {
        Filter::Term(term) => sets.term(term),
        Filter::Not(inner) => Ok(sets.every() - answer(inner, sets)?),
        Filter::Any(members) => {
            let mut union = RoaringBitmap::new();
            for member in members {
                union |= answer(member, sets)?;
            }
            Ok(union)
        }
        Filter::All(members) => {
            let mut kept: Option<RoaringBitmap> = None;
            let (without, with): (Vec<&Filter>, Vec<&Filter>) =
                members.iter().partition(|member| matches!(member, Filter::Not(_)));
            for member in with {
                let set = answer(member, sets)?;
                let both = kept.map_or_else(|| set.clone(), |kept| kept & &set);
                if both.is_empty() {
                    return Ok(both);
                }
                kept = Some(both);
            }
            let mut kept = kept.unwrap_or_else(|| sets.every());
            for member in without {
                if let Filter::Not(inner) = member {
                    kept -= answer(inner, sets)?;
                }
            }
            Ok(kept)
        }
    }
}

/// The id of an article by its number.
pub fn id_of(number: u32) -> ArticleId {
    ArticleId(i64::from(number) + 1)
}

/// The number of an article by its id; `None` for an id that no library gives.
pub fn number_of(id: ArticleId) -> Option<u32> {
    u32::try_from(id.0.checked_sub(1)?).ok()
}

/// Which places of an ordered result of `total` rows a window covers. `place` tells how many rows
/// come before a key, and whether the key itself is in the result.
pub fn places(
    window: Window,
    total: usize,
    place: impl Fn(crate::listing::Key) -> (usize, bool),
) -> Range<usize> {
    let (start, end) = match window {
        Window::First { limit } => (0, limit),
        Window::Last { limit } => (total.saturating_sub(limit), total),
        Window::After { key, limit } => {
            let (before, there) = place(key);
            let start = before + usize::from(there);
            (start, start.saturating_add(limit))
        }
        Window::Before { key, limit } => {
            let (before, _) = place(key);
            (before.saturating_sub(limit), before)
        }
        Window::Around { key, before, after } => {
            let (at, _) = place(key);
            (at.saturating_sub(before), at.saturating_add(after).saturating_add(1))
        }
    };
    start.min(total)..end.min(total)
}
