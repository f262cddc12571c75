//! Utterances by reading the articles that have them: for a back end that does not do better, and for the tests.

use crate::article::ArticleId;
use crate::library::utterances::utterances as of_article;
use crate::library::{Backend, Cancel, Error};
use crate::listing::utterance::Utterance;
use crate::query::Query;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many articles are read at a time.
const READ: usize = 200;

/// See [`Backend::utterances`].
pub fn utterances(
    library: &(impl Backend + ?Sized),
    query: &Query,
    limit: usize,
    cancel: &Cancel,
) -> Result<Vec<Utterance>, Error> {
    let rows = library.quotes(query, limit, cancel)?;
    let mut fitting: BTreeMap<i64, HashSet<(u8, u32, u32)>> = BTreeMap::new();
    let place = |field, start, end| (field as u8, start, end);
    for row in &rows {
        let fits = fitting.entry(row.key.id.0).or_default();
        fits.insert(place(row.field, row.span.start, row.span.end));
    }
    let mut wanted: Vec<ArticleId> = Vec::new();
    let mut keys = HashMap::new();
    for row in &rows {
        if keys.insert(row.key.id, row.key).is_none() {
            wanted.push(row.key.id);
        }
    }
    let mut found = Vec::new();
    for piece in wanted.chunks(READ) {
        for stored in library.load_all(piece, cancel)? {
            let (Some(fits), Some(key)) = (fitting.remove(&stored.id.0), keys.get(&stored.id)) else {
                continue;
            };
            found.extend(of_article(*key, &stored.article, &stored.analysis, &mut |quote| {
                fits.contains(&place(quote.field, quote.span.start, quote.span.end))
            }));
        }
    }
    Ok(found)
}
