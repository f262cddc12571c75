//! Copies of one story in an archive: which of them a result shows.
//!
//! In: clauses of results. Out: what a result looks like when copies are folded. The first article of a story stands for
//! it, or the earliest one that a result has. Which articles are copies is found in `incoming`, while an archive is filled.

use super::ask::{Asking, total};
use super::clause::{self, all, any, not, terms};
use super::layout::{Called, UNDATED, field_of, number, text};
use super::names::hits;
use super::server::TIMEOUT;
use super::state::Numbers;
use crate::annotation::Kind;
use crate::library::Error;
use crate::library::identity::Hash;
use crate::query::{Filter, Grouping, Mark, Query, Term};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// A result with more copies than this is not folded: to read them all would take longer than a person waits.
const MOST: usize = 10_000;
/// The names of copies are read where there are at most so many.
const NAMED: usize = 1_000;
/// How many results are remembered, and for how long: others may fill the archive.
const REMEMBERED: usize = 32;
const KEPT: Duration = Duration::from_secs(60);

/// By field and name, as it is shown: how many articles are not counted for it.
type NamedTwice = HashMap<(String, String), u64>;

/// An article of a result of which another article tells the same story.
struct Twice {
    story: i64,
    number: i64,
    when: i64,
    added: i64,
}

/// How a result looks when copies are folded.
pub struct Fold {
    /// The articles of the result that are shown.
    pub shown: Value,
    /// The articles of those stories of which the result has several; `None` where these are not known, because there are
    /// too many.
    several: Option<Vec<Twice>>,
}

impl Fold {
    fn plain(clause: &Value) -> Fold {
        Fold { shown: clause.clone(), several: Some(Vec::new()) }
    }

    /// Whether nothing is folded away.
    pub fn is_plain(&self) -> bool {
        self.several.as_ref().is_some_and(Vec::is_empty)
    }

    /// How many articles of each bin are not counted because another one of the bin tells their story; `None` where that is
    /// not known.
    pub fn twice_in(&self, bin: impl Fn(i64) -> i64) -> Option<BTreeMap<i64, u64>> {
        let mut told: BTreeSet<(i64, i64)> = BTreeSet::new();
        let mut twice: BTreeMap<i64, u64> = BTreeMap::new();
        for article in self.several.as_ref()?.iter().filter(|article| article.when > UNDATED) {
            let bin = bin(article.when);
            if !told.insert((article.story, bin)) {
                *twice.entry(bin).or_default() += 1;
            }
        }
        Some(twice)
    }
}

/// The results that were folded last, with the time at which they were.
#[derive(Default)]
pub struct Folds(VecDeque<(Hash, Instant, Arc<Fold>)>);

impl Folds {
    pub fn forget(&mut self) {
        self.0.clear();
    }

    fn find(&self, hash: Hash) -> Option<Arc<Fold>> {
        let found = self.0.iter().find(|(of, since, _)| *of == hash && since.elapsed() < KEPT);
        found.map(|(.., fold)| Arc::clone(fold))
    }

    fn put(&mut self, hash: Hash, fold: &Arc<Fold>) {
        self.0.retain(|(of, ..)| *of != hash);
        self.0.push_front((hash, Instant::now(), Arc::clone(fold)));
        self.0.truncate(REMEMBERED);
    }
}

/// A copy of an article that came before it.
fn copies() -> Value {
    json!({ "term": { "copy": 1 } })
}

impl Asking<'_> {
    /// How the result of a query looks when copies are folded; `clause` is all of it.
    pub fn fold(&self, query: &Query, clause: &Value) -> Result<Arc<Fold>, Error> {
        if query.grouping == Grouping::Off || self.remote.layout() < 2 {
            return Ok(Arc::new(Fold::plain(clause)));
        }
        let hash = Hash::of(&[&clause.to_string()]);
        let lock = || self.remote.folds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fold) = lock().find(hash) {
            return Ok(fold);
        }
        let told_again = all(vec![clause.clone(), copies()]);
        // Most results have few copies, which come with their number.
        let (told, count) = self.told_of(&told_again, NAMED)?;
        let fold = match count {
            0 => Fold::plain(clause),
            _ if count <= NAMED as u64 => self.fold_result(clause, told)?,
            _ => match self.all_but(&query.filter)? {
                // The first of every story is there.
                Some(numbers) if numbers.is_empty() => Fold { shown: not(&copies()), several: None },
                Some(numbers) => self.fold_all_but(&numbers)?,
                None if count <= MOST as u64 => self.fold_result(clause, self.told(&told_again)?)?,
                None => Fold::plain(clause),
            },
        };
        let fold = Arc::new(fold);
        lock().put(hash, &fold);
        Ok(fold)
    }

    /// The articles that a filter leaves out, where it lists all others.
    fn all_but(&self, filter: &Filter) -> Result<Option<Numbers>, Error> {
        let mut numbers = match filter.decided() {
            filter if filter.is_everything() => Numbers::new(),
            Filter::Term(Term::Is(Mark::Unread)) if self.remote.state.swept()?.is_none() => {
                self.remote.state.read()?
            }
            Filter::Term(Term::Is(Mark::Unstarred)) => self.remote.state.with("star")?,
            _ => return Ok(None),
        };
        numbers.extend(self.remote.state.out_of_sight(filter)?);
        // Where many are left out, what is left may be less.
        Ok(Some(numbers).filter(|numbers| numbers.len() <= MOST))
    }

    fn fold_all_but(&self, away: &Numbers) -> Result<Fold, Error> {
        let others = not(&clause::of_numbers(away));
        let stories: Vec<&i64> = away.iter().collect();
        let orphans = self.told(&all(vec![copies(), terms("story", &stories), others.clone()]))?;
        let mut standing: BTreeMap<i64, &Twice> = BTreeMap::new();
        for copy in &orphans {
            standing.entry(copy.story).or_insert(copy);
        }
        let standing: Numbers = standing.values().map(|copy| copy.number).collect();
        let first = all(vec![not(&copies()), others]);
        let shown = if standing.is_empty() { first } else { any(vec![first, clause::of_numbers(&standing)]) };
        Ok(Fold { shown, several: None })
    }

    /// How the rows of a result look when copies are folded. What is counted otherwise needs [`Asking::fold`].
    pub fn fold_rows(&self, query: &Query, clause: &Value) -> Result<Arc<Fold>, Error> {
        let folded = query.grouping.folds_copies() && self.remote.layout() >= 2;
        match folded && self.all_but(&query.filter)?.is_some_and(|numbers| numbers.is_empty()) {
            // The first of every story is there.
            true => Ok(Arc::new(Fold { shown: not(&copies()), several: None })),
            false => self.fold(query, clause),
        }
    }

    /// `copies_there` are those articles of the result that are copies.
    fn fold_result(&self, clause: &Value, copies_there: Vec<Twice>) -> Result<Fold, Error> {
        let stories: Vec<i64> =
            copies_there.iter().map(|copy| copy.story).collect::<Numbers>().into_iter().collect();
        let firsts = self.told(&all(vec![clause.clone(), terms("num", &stories)]))?;
        let first_there: Numbers = firsts.iter().map(|first| first.number).collect();
        let mut standing: BTreeMap<i64, i64> = BTreeMap::new();
        let mut sizes: HashMap<i64, usize> = HashMap::new();
        for copy in &copies_there {
            if !first_there.contains(&copy.story) {
                standing.entry(copy.story).or_insert(copy.number);
            }
            *sizes.entry(copy.story).or_default() += 1;
        }
        for first in &firsts {
            *sizes.entry(first.number).or_default() += 1;
        }
        let first = all(vec![clause.clone(), not(&copies())]);
        let standing: Numbers = standing.into_values().collect();
        let shown = if standing.is_empty() { first } else { any(vec![first, clause::of_numbers(&standing)]) };
        let mut several: Vec<Twice> = firsts.into_iter().chain(copies_there).collect();
        several.retain(|article| sizes.get(&article.story).is_some_and(|size| *size > 1));
        Ok(Fold { shown, several: Some(several) })
    }

    /// The articles that match, at most [`MOST`], in the order in which they came.
    fn told(&self, clause: &Value) -> Result<Vec<Twice>, Error> {
        Ok(self.told_of(clause, MOST)?.0)
    }

    /// The same, at most `limit`, and how many match.
    fn told_of(&self, clause: &Value, limit: usize) -> Result<(Vec<Twice>, u64), Error> {
        let body = json!({
            "size": limit, "timeout": TIMEOUT, "track_total_hits": true, "_source": false, "sort": ["_doc"],
            "docvalue_fields": ["num", "story", "when", "added"], "query": clause
        });
        let answers = self.searches(&[body])?;
        let read = |hit: &Value| {
            let field = |name: &str| number(&hit["fields"][name]);
            let (number, when, added) = (field("num")?, field("when")?, field("added").unwrap_or(0));
            Some(Twice { story: field("story").unwrap_or(number), number, when, added })
        };
        let mut found: Vec<Twice> =
            answers.first().into_iter().flat_map(|answer| hits(answer).filter_map(read)).collect();
        found.sort_by_key(|article| (article.added, article.number));
        Ok((found, answers.first().map_or(0, total)))
    }

    /// By field and name, as it is shown: how many articles of a result are not counted for it, because an earlier one of
    /// the result tells their story and has it too. `None` where that is not known.
    pub fn named_twice(&self, fold: &Fold) -> Result<Option<NamedTwice>, Error> {
        let Some(several) = fold.several.as_ref().filter(|several| several.len() <= NAMED) else {
            return Ok(None);
        };
        let mut twice: HashMap<(String, String), u64> = HashMap::new();
        if several.is_empty() {
            return Ok(Some(twice));
        }
        let fields = Kind::ALL.map(field_of).into_iter().chain(["source", "language"]).collect::<Vec<&str>>();
        let numbers: Vec<i64> = several.iter().map(|article| article.number).collect();
        let mut wanted = fields.clone();
        wanted.push("num");
        let body = json!({
            "size": numbers.len(), "timeout": TIMEOUT, "track_total_hits": false, "_source": false, "sort": ["_doc"],
            "docvalue_fields": wanted, "query": terms("num", &numbers)
        });
        let answers = self.searches(&[body])?;
        let of: HashMap<i64, i64> = several.iter().map(|article| (article.number, article.story)).collect();
        let mut named: BTreeSet<Called> = BTreeSet::new();
        for hit in answers.iter().flat_map(hits) {
            for kind in Kind::ALL {
                let names = hit["fields"][field_of(kind)].as_array().map(Vec::as_slice).unwrap_or_default();
                named.extend(names.iter().filter_map(text).map(|key| Called { kind, key }));
            }
        }
        let joined = self.joined(&named.into_iter().collect::<Vec<Called>>())?;
        let mut seen: BTreeSet<(i64, String, String)> = BTreeSet::new();
        for hit in answers.iter().flat_map(hits) {
            let Some(story) = number(&hit["fields"]["num"]).and_then(|number| of.get(&number)) else {
                continue;
            };
            for (at, field) in fields.iter().enumerate() {
                let names = hit["fields"][*field].as_array().map(Vec::as_slice).unwrap_or_default();
                let shown = |name: &Value| {
                    let key = text(name)?;
                    Some(match Kind::ALL.get(at) {
                        Some(kind) => joined.shown(&Called { kind: *kind, key })?.key.clone(),
                        None => key,
                    })
                };
                for name in names.iter().filter_map(shown).collect::<BTreeSet<String>>() {
                    if !seen.insert((*story, (*field).to_owned(), name.clone())) {
                        *twice.entry(((*field).to_owned(), name)).or_default() += 1;
                    }
                }
            }
        }
        Ok(Some(twice))
    }

    /// How many other articles of a result tell the story of each of some of its rows.
    pub fn copies_of(&self, fold: &Fold, clause: &Value, rows: &[i64]) -> Result<HashMap<i64, u32>, Error> {
        let mut copies_of: HashMap<i64, u32> = HashMap::new();
        if let Some(several) = &fold.several {
            let mut sizes: HashMap<i64, u32> = HashMap::new();
            several.iter().for_each(|article| *sizes.entry(article.story).or_default() += 1);
            let rows: BTreeSet<&i64> = rows.iter().collect();
            for article in several.iter().filter(|article| rows.contains(&article.number)) {
                copies_of.insert(article.number, sizes.get(&article.story).map_or(0, |size| size - 1));
            }
            return Ok(copies_of);
        }
        // The rows are the first of their stories, but for a few whose first is left out.
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
            "query": all(vec![clause.clone(), copies(), terms("story", rows)]),
            "aggs": { "s": { "terms": { "field": "story", "size": rows.len().max(1) } } }
        });
        for answer in self.searches(&[body])? {
            for (story, count) in super::names::buckets(&answer["aggregations"]["s"]) {
                if let Ok(story) = story.parse() {
                    copies_of.insert(story, u32::try_from(count).unwrap_or(u32::MAX));
                }
            }
        }
        Ok(copies_of)
    }

    /// These articles and all others that tell one of their stories.
    pub fn with_copies(&self, numbers: &Numbers) -> Result<Numbers, Error> {
        let mut whole = numbers.clone();
        if self.remote.layout() < 2 {
            return Ok(whole);
        }
        let numbers: Vec<i64> = numbers.iter().copied().collect();
        for piece in numbers.chunks(MOST / 4) {
            let own = self.told(&terms("num", piece))?;
            let stories: Vec<i64> =
                own.iter().map(|article| article.story).collect::<Numbers>().into_iter().collect();
            whole.extend(self.told(&terms("story", &stories))?.into_iter().map(|article| article.number));
        }
        Ok(whole)
    }
}
