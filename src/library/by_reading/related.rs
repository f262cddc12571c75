//! Related articles, by asking for each of the names and words of an article.

use crate::annotation::SALIENT;
use crate::article::ArticleId;
use crate::library::{Backend, Cancel, Error};
use crate::listing::{Count, FacetKind, Related, Row, Window};
use crate::query::edit::facet_term;
use crate::query::{Ending, Filter, Grouping, Phrase, Query, Scope, Term};
use crate::text::fold;
use std::collections::HashMap;

/// The names and words that are asked for: those of an article that are likely to tell most.
const NAMES: usize = 10;
const WORDS: usize = 6;

/// The articles of each that are looked at: the newest ones.
const EACH: usize = 200;

/// What more than one in so many articles have tells nothing.
const COMMON: u64 = 5;

/// What a related article shares at least.
const SHARED: usize = 2;

/// See [`Backend::related`].
pub fn related(
    library: &(impl Backend + ?Sized),
    id: ArticleId,
    limit: usize,
    cancel: &Cancel,
) -> Result<Vec<Related>, Error> {
    let Some(stored) = library.load(id)? else { return Ok(Vec::new()) };
    let everything = Query { grouping: Grouping::Off, ..Query::everything() };
    let all = library.tally(&everything, cancel)?.articles;
    let mut asked: Vec<(String, f64, Filter)> = Vec::new();
    let mut entities: Vec<_> = stored.analysis.entities.iter().collect();
    entities.sort_by(|one, other| other.salience.total_cmp(&one.salience));
    for entity in entities.into_iter().take(NAMES) {
        let value = entity.code.map_or_else(|| entity.name.clone(), |code| code.as_str().to_owned());
        let factor = if entity.salience >= SALIENT { 1.5 } else { 1.0 };
        let term = facet_term(FacetKind::Entity(entity.kind), &value);
        asked.extend(term.map(|term| (entity.name.clone(), factor, term)));
    }
    let mut words: Vec<String> = fold::words(&stored.article.title);
    words.retain(|word| word.chars().count() > 3);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    for word in words.into_iter().take(WORDS) {
        let phrase = Phrase::new(&word, Ending::Whole);
        let term = phrase.map(|phrase| Filter::from(Term::Text { scope: Scope::Title, phrase }));
        asked.extend(term.map(|term| (word, 0.8, term)));
    }
    let copies: Vec<ArticleId> = stored.copies.iter().map(|copy| copy.key.id).chain([id]).collect();
    let mut found: HashMap<ArticleId, Candidate> = HashMap::new();
    for (name, factor, term) in asked {
        cancel.check()?;
        let query = Query { grouping: Grouping::Folded, ..everything.with(term) };
        let page = library.page(&query, Window::First { limit: EACH }, cancel)?;
        let (Count::Exactly(count) | Count::Over(count)) = page.total;
        if count == 0 || all > 20 && count > all / COMMON {
            continue;
        }
        let weight = factor * (1.0 + all as f64 / count as f64).ln();
        for row in page.rows.into_iter().filter(|row| !copies.contains(&row.key.id)) {
            let id = row.key.id;
            let none = || Candidate { weight: 0.0, shared: Vec::new(), row };
            let candidate = found.entry(id).or_insert_with(none);
            candidate.weight += weight;
            candidate.shared.push((weight, name.clone()));
        }
    }
    let mut ranked: Vec<Candidate> =
        found.into_values().filter(|candidate| candidate.shared.len() >= SHARED).collect();
    ranked.sort_by(|one, other| {
        let key = |row: &Row| (row.key.published, row.key.id.0);
        other.weight.total_cmp(&one.weight).then_with(|| key(&other.row).cmp(&key(&one.row)))
    });
    ranked.truncate(limit);
    let told = |Candidate { mut shared, row, .. }: Candidate| {
        shared.sort_by(|one, other| other.0.total_cmp(&one.0));
        Related { row, shared: shared.into_iter().take(3).map(|(_, name)| name).collect() }
    };
    Ok(ranked.into_iter().map(told).collect())
}

/// An article that may be related, with what it has in common with the other one and how much that weighs.
struct Candidate {
    weight: f64,
    shared: Vec<(f64, String)>,
    row: Row,
}
