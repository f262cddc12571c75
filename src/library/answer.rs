//! Answers a filter with sets of article numbers. Must know neither where the sets come from nor what an article
//! is.
//!
//! An article's *number* is its place in the library, counted from 0 in the order of arrival; sets
//! of numbers are compressed bitmaps.

use super::Error;
use crate::query::{Filter, Term};
use roaring::RoaringBitmap;

/// Where the sets come from.
pub trait Sets {
    /// The numbers of all articles.
    fn every(&self) -> Result<RoaringBitmap, Error>;

    /// The articles for which `term` holds, as far as the index knows.
    fn term(&self, term: &Term) -> Result<Answer, Error>;
}

/// The articles that match, as far as an index knows without reading them: the set lies between
/// `sure` and `possible`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// A subset of `possible`.
    pub sure: RoaringBitmap,
    pub possible: RoaringBitmap,
}

impl Answer {
    /// The answer where the index is sure.
    pub fn exactly(set: RoaringBitmap) -> Answer {
        Answer { sure: set.clone(), possible: set }
    }

    /// The answer where each of the articles must be read.
    pub fn at_most(possible: RoaringBitmap) -> Answer {
        Answer { sure: RoaringBitmap::new(), possible }
    }
}

/// The articles that match `filter`, in which every condition can be read ([`Filter::decided`]).
pub fn answer(filter: &Filter, sets: &dyn Sets) -> Result<Answer, Error> {
    match filter {
        Filter::Term(term) => sets.term(term),
        Filter::Not(inner) => {
            let Answer { sure, possible } = answer(inner, sets)?;
            let every = sets.every()?;
            Ok(Answer { sure: &every - possible, possible: every - sure })
        }
        Filter::Any(members) => {
            let mut union = Answer::default();
            for member in members {
                let Answer { sure, possible } = answer(member, sets)?;
                union.sure |= sure;
                union.possible |= possible;
            }
            Ok(union)
        }
        Filter::All(members) => all(members, sets),
    }
}

/// Those without `Not` first, so that an empty set ends the work early and few sets are subtracted from that of all articles.
fn all(members: &[Filter], sets: &dyn Sets) -> Result<Answer, Error> {
    let (without, with): (Vec<&Filter>, Vec<&Filter>) =
        members.iter().partition(|member| matches!(member, Filter::Not(_)));
    let mut kept: Option<Answer> = None;
    for member in with {
        let Answer { sure, possible } = answer(member, sets)?;
        let both = match kept {
            None => Answer { sure, possible },
            Some(kept) => Answer { sure: kept.sure & sure, possible: kept.possible & possible },
        };
        if both.possible.is_empty() {
            return Ok(both);
        }
        kept = Some(both);
    }
    let mut kept = match kept {
        Some(kept) => kept,
        None => Answer::exactly(sets.every()?),
    };
    for member in without {
        if let Filter::Not(inner) = member {
            let Answer { sure, possible } = answer(inner, sets)?;
            kept.sure -= possible;
            kept.possible -= sure;
        }
    }
    Ok(kept)
}
