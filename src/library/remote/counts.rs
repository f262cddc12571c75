//! Counts of an archive: facets, the names of a kind, and how many articles have some of them.
//!
//! In: queries. Out: names with their numbers of articles, exact, or marked where the server reports a possible error.

use super::ask::{Asking, BUCKETS, total};
use super::clause::{self, all};
use super::layout::{Called, field_of};
use super::names::buckets;
use super::server::TIMEOUT;
use super::state::Numbers;
use crate::annotation::Kind;
use crate::library::{Error, FACETS};
use crate::listing::chronicle::Grain;
use crate::listing::{Facet, FacetKind, Facets, Sampled, Tally};
use crate::query::{Days, Filter, Query, Term};
use crate::text::fold;
use chrono::DateTime;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// How many filters are counted in one request.
const FILTERS: usize = 500;
/// The articles from which on it can be measured.
const MANY: u64 = 100_000;
/// What takes longer to count is counted for the newest articles first, of which there are about so many.
const SECOND: Duration = Duration::from_secs(1);
const AT_FIRST: u64 = 50_000;

impl Asking<'_> {
    /// How many articles of a result have each value of a field; at most `limit` values, the most frequent ones.
    pub fn counted(&self, field: &str, clause: &Value, limit: usize) -> Result<BTreeMap<String, u64>, Error> {
        let answer = self.search(&self.remote.articles, &counting(field, clause, limit))?;
        Ok(buckets(&answer["aggregations"]["c"]).collect())
    }

    /// How many articles of a result meet each of some conditions.
    pub fn counts_of(&self, clause: &Value, conditions: &[Value]) -> Result<Vec<u64>, Error> {
        let bodies: Vec<Value> = conditions
            .chunks(FILTERS)
            .map(|piece| {
                json!({
                    "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": clause,
                    "aggs": { "g": { "filters": { "filters": piece } } }
                })
            })
            .collect();
        let mut counts = Vec::with_capacity(conditions.len());
        for piece in bodies.chunks(10) {
            for answer in self.searches(piece)? {
                let buckets =
                    answer["aggregations"]["g"]["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
                counts.extend(buckets.iter().map(|bucket| bucket["doc_count"].as_u64().unwrap_or(0)));
            }
        }
        counts.resize(conditions.len(), 0);
        Ok(counts)
    }

    /// How many articles of a result have one of the names of each group.
    fn groups(&self, clause: &Value, groups: &[Vec<Called>]) -> Result<Vec<u64>, Error> {
        let conditions: Vec<Value> = groups.iter().map(clause::mentioning).collect();
        self.counts_of(clause, &conditions)
    }

    /// The most frequent names of a kind, from the counts of the single names: names that are one are counted together, if
    /// they may be among the `limit` that most articles have. `twice` is subtracted. `all_counts` are those of this kind and of
    /// the other kinds that [`Asking::kinds_of`] names.
    fn shown(
        &self,
        kind: Kind,
        clause: &Value,
        all_counts: &[(Kind, &Counted)],
        (limit, twice): (usize, &Twice),
    ) -> Result<Vec<(Called, u64)>, Error> {
        let single = || {
            all_counts.iter().flat_map(|(kind, counts)| {
                counts.values.iter().map(|(key, count)| (Called { kind: *kind, key: key.clone() }, *count))
            })
        };
        let joined = self.joined(&single().map(|(called, _)| called).collect::<Vec<Called>>())?;
        let mut found: Vec<(Called, u64)> = Vec::new();
        // By shown name: the counts of those names that were counted.
        let mut groups: HashMap<Called, Vec<(Kind, u64)>> = HashMap::new();
        for (called, count) in single() {
            let Some(shown) = joined.shown(&called).filter(|shown| shown.kind == kind) else { continue };
            match shown == &called && !joined.is_group(&called) {
                true => found.push((called, count)),
                false => groups.entry(shown.clone()).or_default().push((called.kind, count)),
            }
        }
        // A group has at least as many articles as its most frequent name, and at most as many as all its names together.
        let missing = |shown: &Called, counted: &[(Kind, u64)]| -> u64 {
            let members = joined.members(shown);
            let of = |(kind, counts): &(Kind, &Counted)| {
                let there = counted.iter().filter(|(of, _)| of == kind).count();
                let members = members.iter().filter(|member| member.kind == *kind).count();
                members.saturating_sub(there) as u64 * counts.least()
            };
            all_counts.iter().map(of).sum()
        };
        let mut least: Vec<u64> = found.iter().map(|(_, count)| *count).collect();
        least.extend(groups.values().filter_map(|counts| counts.iter().map(|(_, count)| *count).max()));
        let least = match least.len() > limit.max(1) {
            true => {
                let last = limit.max(1) - 1;
                let (_, least, _) = least.select_nth_unstable_by_key(last, |count| std::cmp::Reverse(*count));
                // What is subtracted afterwards may let others come before.
                least.saturating_sub(
                    twice
                        .iter()
                        .filter(|((field, _), _)| field == field_of(kind))
                        .map(|(_, n)| *n)
                        .max()
                        .unwrap_or(0),
                )
            }
            false => 0,
        };
        // What is of another kind in the archive is always counted: it may be too rare there to be among these counts.
        let mut open: Vec<Called> = joined.gained(kind).cloned().collect();
        for (shown, counted) in groups {
            let sum = counted.iter().map(|(_, count)| *count).sum::<u64>();
            match (counted.len(), missing(&shown, &counted)) {
                (1, 0) if !open.contains(&shown) => found.push((shown, sum)),
                (_, more) if sum + more >= least && sum + more > 0 => open.push(shown),
                _ => {}
            }
        }
        open.sort();
        open.dedup();
        let members: Vec<Vec<Called>> = open.iter().map(|shown| joined.members(shown)).collect();
        let together = self.groups(clause, &members)?;
        found.extend(open.into_iter().zip(together));
        for (called, count) in &mut found {
            let key = (field_of(kind).to_owned(), called.key.clone());
            *count = count.saturating_sub(twice.get(&key).copied().unwrap_or(0));
            if joined.is_vague(called) {
                *count = (*count).min(1);
            }
        }
        found.retain(|(_, count)| *count > 0);
        Ok(found)
    }

    /// The most frequent names of a kind in a result.
    pub fn most_named(&self, kind: Kind, clause: &Value, limit: usize) -> Result<Vec<Facet>, Error> {
        let shown = self.most_shown(kind, clause, 10 * limit, (limit, &Twice::new()))?;
        self.facets_of(shown, limit)
    }

    /// The most frequent names of a kind in a result, from the counts of the `most` most frequent single names.
    fn most_shown(
        &self,
        kind: Kind,
        clause: &Value,
        most: usize,
        wanted: (usize, &Twice),
    ) -> Result<Vec<(Called, u64)>, Error> {
        let kinds = self.kinds_of(kind);
        let bodies: Vec<Value> = kinds.iter().map(|kind| counting(field_of(*kind), clause, most)).collect();
        let answers = self.searches(&bodies)?;
        let counts: Vec<Counted> = answers.iter().map(|answer| Counted::of(answer, most)).collect();
        self.shown(kind, clause, &kinds.into_iter().zip(&counts).collect::<Vec<_>>(), wanted)
    }

    /// The kinds under which the archive has names that are shown as this one: it first, people where bodies and places are
    /// sometimes taken for them, and those that the person has corrected.
    fn kinds_of(&self, kind: Kind) -> Vec<Kind> {
        let mut kinds = vec![kind];
        if may_be_people(kind) {
            kinds.push(Kind::Person);
        }
        kinds.extend(
            self.corrected
                .kinds_for(kind)
                .into_iter()
                .filter(|of| *of != Kind::Person || !may_be_people(kind)),
        );
        kinds
    }

    /// What is counted of a result, and what is subtracted from the counts: of copies of a story that are all in the result
    /// one counts, and where these are too many to be read, the articles that are shown are counted.
    fn to_count(&self, query: &Query, clause: &Value) -> Result<(Value, Twice), Error> {
        let fold = self.fold(query, clause)?;
        Ok(match self.named_twice(&fold)? {
            Some(twice) => (clause.clone(), twice),
            None => (fold.shown.clone(), Twice::new()),
        })
    }

    /// Counted names as facets, the most frequent first, then by name; at most `limit`.
    fn facets_of(&self, counted: Vec<(Called, u64)>, limit: usize) -> Result<Vec<Facet>, Error> {
        let mut counted = counted;
        // Whoever has as many articles as the last that fits may come before it by name.
        if let Some(least) = limit.checked_sub(1).filter(|last| *last < counted.len()) {
            let (_, (_, least), _) =
                counted.select_nth_unstable_by_key(least, |(_, count)| std::cmp::Reverse(*count));
            let least = *least;
            counted.retain(|(_, count)| *count >= least);
        }
        let called: Vec<Called> = counted.iter().map(|(called, _)| called.clone()).collect();
        let written = self.names().written(&called)?;
        let facets = counted.into_iter().map(|(called, count)| {
            let name = written.get(&called).cloned().unwrap_or_else(|| called.key.clone());
            let value = if called.kind == Kind::Country { called.key } else { name.clone() };
            Facet { name, value, count }
        });
        Ok(crate::library::backend::most_frequent(facets.collect(), limit))
    }

    /// See `Backend::facets_at_first`.
    pub fn facets_at_first(&self, query: &Query) -> Result<Facets, Error> {
        let Tally { articles, .. } = self.tally(query)?;
        let pace = self.remote.pace.load(std::sync::atomic::Ordering::Relaxed);
        if u128::from(articles) * u128::from(pace) <= SECOND.as_nanos() {
            return self.facets(query);
        }
        // The months from the newest on that have enough articles.
        let mut newest = 0;
        let mut since = None;
        for (start, count) in self.bins(query, Grain::Month)?.into_iter().rev() {
            newest += count;
            since = DateTime::from_timestamp(start, 0).map(|start| start.date_naive());
            if newest >= AT_FIRST {
                break;
            }
        }
        let days = since.filter(|_| newest < articles / 2).and_then(|since| Days::new(Some(since), None));
        let Some(days) = days else { return self.facets(query) };
        let sample = query.with(Filter::from(Term::Date(days)));
        let rows = self.rows_of(std::slice::from_ref(query))?.pop().unwrap_or(0);
        let sampled = Sampled { names: Some(newest), ..Sampled::default() };
        Ok(Facets { total: rows, articles, sampled, at_first: true, ..self.facets(&sample)? })
    }

    /// See `Backend::facets`.
    pub fn facets(&self, query: &Query) -> Result<Facets, Error> {
        let began = Instant::now();
        let all = self.result(query)?;
        let (clause, twice) = self.to_count(query, &all)?;
        let fields: Vec<&str> = Kind::ALL.map(field_of).into_iter().chain(["source", "language"]).collect();
        let limit = 10 * FACETS;
        let mut bodies: Vec<Value> = fields.iter().map(|field| counting(field, &clause, limit)).collect();
        bodies.push(Asking::count_of(&all));
        bodies.push(Asking::count_of(&self.fold(query, &all)?.shown));
        let mut answers = self.searches(&bodies)?;
        let rows = answers.pop().map_or(0, |answer| total(&answer));
        let articles = answers.pop().map_or(0, |answer| total(&answer));
        // Where a shard may have left out a name that another one has, more of each shard's names are asked for.
        for (place, field) in fields.iter().enumerate() {
            let roughly = answers.get(place).is_some_and(has_error);
            if roughly {
                let mut body = counting(field, &clause, limit);
                body["aggs"]["c"]["terms"]["shard_size"] = json!(BUCKETS);
                if let (Some(answer), Some(there)) = (self.searches(&[body])?.pop(), answers.get_mut(place)) {
                    *there = answer;
                }
            }
        }
        let counts: Vec<Counted> = answers.iter().map(|answer| Counted::of(answer, limit)).collect();
        let mut facets = Facets { total: rows, articles, ..Facets::default() };
        facets.roughly = answers.iter().any(has_error);
        for kind in Kind::ALL {
            let kinds = self.kinds_of(kind);
            let of: Vec<(Kind, &Counted)> =
                Kind::ALL.into_iter().zip(&counts).filter(|(kind, _)| kinds.contains(kind)).collect();
            let shown = self.shown(kind, &clause, &of, (FACETS, &twice))?;
            let of = self.facets_of(shown, FACETS)?;
            match kind {
                Kind::Person => facets.people = of,
                Kind::Country => facets.countries = of,
                Kind::Place => facets.places = of,
                Kind::Org => facets.orgs = of,
            }
        }
        let plain = |place: usize, facet: fn((String, u64)) -> Option<Facet>| {
            let counts = counts.get(place).map(|counts| counts.values.clone()).unwrap_or_default();
            let field = fields.get(place).copied().unwrap_or_default();
            let counts = less(counts, field, &twice).filter_map(facet);
            crate::library::backend::most_frequent(counts.collect(), FACETS)
        };
        facets.sources = plain(4, source_facet);
        facets.languages = plain(5, language_facet);
        // What comes from the cache of the server tells nothing about the time.
        if articles >= MANY && began.elapsed() > SECOND / 5 {
            let pace = began.elapsed().as_nanos() / u128::from(articles);
            self.remote.pace.store(pace as u64, std::sync::atomic::Ordering::Relaxed);
        }
        Ok(facets)
    }

    /// See `Backend::names`.
    pub fn names_of(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
    ) -> Result<Vec<Facet>, Error> {
        let all_of_it = self.result(query)?;
        let (clause, twice) = self.to_count(query, &all_of_it)?;
        let typed = fold::words(typed);
        let begun = |name: &str| {
            let words = fold::words(name);
            typed.iter().all(|part| words.iter().any(|word| word.starts_with(part.as_str())))
        };
        let facets = match kind {
            FacetKind::Entity(kind) => {
                let counted = match typed.is_empty() {
                    true => {
                        let most = BUCKETS.min(limit.max(1).saturating_mul(10));
                        self.most_shown(kind, &clause, most, (limit, &twice))?
                    }
                    false => {
                        let begun = self.names().beginning(kind, &typed)?;
                        let joined = self.joined(&begun.iter().cloned().collect::<Vec<Called>>())?;
                        let shown: BTreeSet<Called> =
                            begun.iter().filter_map(|called| joined.shown(called).cloned()).collect();
                        let shown: Vec<Called> =
                            shown.into_iter().filter(|shown| shown.kind == kind).collect();
                        let members: Vec<Vec<Called>> =
                            shown.iter().map(|shown| joined.members(shown)).collect();
                        let counts = self.groups(&clause, &members)?;
                        let least = |(called, count): (Called, u64)| {
                            let key = (field_of(kind).to_owned(), called.key.clone());
                            let count = count.saturating_sub(twice.get(&key).copied().unwrap_or(0));
                            if joined.is_vague(&called) { (called, count.min(1)) } else { (called, count) }
                        };
                        shown.into_iter().zip(counts).map(least).filter(|(_, count)| *count > 0).collect()
                    }
                };
                return self.facets_of(counted, limit);
            }
            FacetKind::Source => {
                let counts = self.counted("source", &clause, BUCKETS)?;
                let counts = less(counts, "source", &twice);
                counts.filter(|(name, _)| begun(name)).filter_map(source_facet).collect()
            }
            FacetKind::Language => {
                let fits = |facet: &Facet| {
                    let code = crate::language::LanguageCode::read(&facet.value);
                    code.is_some_and(|code| begun(&format!("{} {code} {}", code.name(), code.own_name())))
                };
                let counts = self.counted("language", &clause, BUCKETS)?;
                less(counts, "language", &twice).filter_map(language_facet).filter(fits).collect()
            }
            FacetKind::Tag => {
                let tags: Vec<(String, Numbers)> =
                    self.remote.state.tags()?.into_iter().filter(|(tag, _)| begun(tag)).collect();
                let tagged = |(_, numbers): &(String, Numbers)| {
                    let clause = all(vec![all_of_it.clone(), clause::of_numbers(numbers)]);
                    let fold = self.fold(query, &clause)?;
                    Ok(Asking::count_of(&fold.shown))
                };
                let bodies: Vec<Value> = tags.iter().map(tagged).collect::<Result<_, Error>>()?;
                let answers = if bodies.is_empty() { Vec::new() } else { self.searches(&bodies)? };
                let counts = answers.iter().map(total);
                tags.into_iter()
                    .zip(counts)
                    .map(|((tag, _), count)| Facet { name: tag.clone(), value: tag, count })
                    .collect()
            }
        };
        Ok(crate::library::backend::most_frequent(facets, limit))
    }
}

/// Whether names of this kind are sometimes taken for people: what is a body or a place elsewhere.
fn may_be_people(kind: Kind) -> bool {
    matches!(kind, Kind::Org | Kind::Place)
}

/// How many articles have each value of a field.
struct Counted {
    values: Vec<(String, u64)>,
    /// Whether these are all values.
    is_whole: bool,
}

impl Counted {
    fn of(answer: &Value, limit: usize) -> Counted {
        let values: Vec<(String, u64)> = buckets(&answer["aggregations"]["c"]).collect();
        Counted { is_whole: values.len() < limit, values }
    }

    /// How many articles a value has at most that was not counted.
    fn least(&self) -> u64 {
        match self.is_whole {
            true => 0,
            false => self.values.iter().map(|(_, count)| *count).min().unwrap_or(0),
        }
    }
}

/// By field and name: how many articles are not counted, because another one of the result tells their story.
type Twice = HashMap<(String, String), u64>;

/// Counts without what is not counted.
fn less<'a>(
    counts: impl IntoIterator<Item = (String, u64)> + 'a,
    field: &'a str,
    twice: &'a Twice,
) -> impl Iterator<Item = (String, u64)> + 'a {
    counts.into_iter().map(move |(name, count)| {
        let key = (field.to_owned(), name);
        let count = count.saturating_sub(twice.get(&key).copied().unwrap_or(0));
        (key.1, count)
    })
}

/// Whether a count of values may be wrong, because there are several shards and each told its most frequent ones only.
fn has_error(answer: &Value) -> bool {
    answer["aggregations"]["c"]["doc_count_error_upper_bound"].as_u64().is_some_and(|error| error > 0)
}

/// The body of a search that counts the values of a field.
fn counting(field: &str, clause: &Value, limit: usize) -> Value {
    json!({
        "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": clause,
        "aggs": { "c": { "terms": { "field": field, "size": limit, "shard_size": BUCKETS.min(5 * limit + 1_000) } } }
    })
}

fn source_facet((name, count): (String, u64)) -> Option<Facet> {
    let name = crate::text::clean::clean_line(&name);
    (!name.is_empty()).then(|| Facet { value: name.clone(), name, count })
}

fn language_facet((code, count): (String, u64)) -> Option<Facet> {
    let code = crate::language::LanguageCode::read(&code)?;
    Some(Facet { name: code.name().to_owned(), value: code.to_string(), count })
}
