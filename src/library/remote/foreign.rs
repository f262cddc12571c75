//! An index of other hands: it is read, and nothing is ever written to it.
//!
//! In: queries of the language. Out: rows, counts and articles, with the fields that its [`Form`] names. An open article is
//! analysed here. What an index does not have is taken from the newest hits of a question, which are analysed here and kept
//! in a temporary library ([`Sample`]): names, quotes, what sets days apart. Marks are kept on this machine. Must not analyse
//! a text itself: it is given a function that does. Over 500 lines because it implements the whole trait.

use super::clause::{self, all, any, everything, not, nothing};
use super::form::{DateKind, Form, Mapping, NamesIn, iso};
use super::layout::{number, text};
use super::names::{buckets, hits};
use super::sample::{Analyser, Sample};
use super::server::{Server, TIMEOUT};
use super::state::{Numbers, SeenAt, State};
use crate::annotation::{Analysis, CountryCode, Kind, Least};
use crate::article::{Article, ArticleId};
use crate::config::archives::FieldMap;
use crate::fault::short;
use crate::fetch::Fetcher;
use crate::fetch::api::Api;
use crate::fetch::origin::Secrets;
use crate::formats::ReadingState;
use crate::gazetteer::{self, country};
use crate::language::LanguageCode;
use crate::library::backend::most_frequent;
use crate::library::identity::Hash;
use crate::library::sources::{Seen, Source, SourceId, Standing, Wishes};
use crate::library::{Added, Backend, Cancel, Error, FACETS, FollowedFolder, Recognition, Step};
use crate::listing::chronicle::{Chronicle, Grain, Telling};
use crate::listing::profile::{NameDetail, NameOrder, Profile};
use crate::listing::thread::{Thread, ThreadOrder, Threads};
use crate::listing::utterance::Utterance;
use crate::listing::{
    ChangeId, Count, Facet, FacetKind, Facets, Hold, Key, Marked, Marking, Page, QuoteRow, Row, Sampled,
    Stored, Tally, TextOf, Validity, Window,
};
use crate::query::complete::Role;
use crate::query::matching::holds;
use crate::query::{Days, Ending, Filter, Mark, Phrase, Query, Scope, Sort, Target, Term};
use crate::text::fold;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How an index of other hands is read.
pub struct Reading {
    /// One of the known forms, where the person names it.
    pub form: Option<String>,
    /// Which fields hold what, where the person says it.
    pub fields: FieldMap,
    /// How many of the newest hits are analysed here.
    pub newest: usize,
    pub analyse: Analyser,
}

/// The most rows of one request.
const ROWS: usize = 1_000;
/// The deepest place that a server reaches by an offset.
const DEEPEST: u64 = 10_000;
/// The most names that a question counts.
const NAMES: usize = 10_000;
/// How many documents a form is guessed from.
const DOCUMENTS: usize = 20;
/// How many whole articles are read at a time.
const WHOLE: usize = 200;
/// How long the newest hits of a question are taken for the newest.
const RECENT: Duration = Duration::from_secs(10);
/// How many filters are counted in one request.
const FILTERS: usize = 200;

/// What is told of a server whose pages do not go on.
const OUT_OF_ORDER: &str = "its answer is not in the order that was asked for";

/// Spellings by the kind of name and by what was typed.
type Spelled = HashMap<(Kind, String), Arc<Vec<String>>>;

/// A document of a page.
#[derive(Clone, Debug)]
pub struct Document {
    pub key: Key,
    pub index: String,
    pub id: String,
    /// What it is sorted by.
    sort: Value,
    pub source: Value,
}

/// See the module.
pub struct Foreign {
    server: Server,
    /// `/INDEX`
    index: String,
    form: Form,
    state: State,
    least: OnceLock<Least>,
    sample: Sample,
    held: Mutex<HashMap<Hold, Numbers>>,
    /// The names of a kind as the index writes them, by kind and by what was typed.
    spelled: Mutex<Spelled>,
    /// How the names of children are written for people.
    shown: Mutex<HashMap<String, String>>,
    /// The questions that were just asked of the sample, and what finds their articles there.
    recent: Mutex<Vec<(String, Instant, Filter)>>,
    version: AtomicU64,
}

impl Foreign {
    /// Opens the index at `address`, whose mapping is known. A person's state is kept in the file `own`.
    pub fn open(
        (root, index, mapping): (&str, &str, &Value),
        fetcher: &Fetcher,
        secrets: Option<Secrets>,
        own: Option<&Path>,
        reading: Reading,
    ) -> Result<Foreign, Error> {
        let api = Api::new(fetcher, root, secrets).map_err(|error| Error::Server {
            address: super::shown_address(root),
            reason: error.to_string(),
        })?;
        let server = Server::new(api);
        let archive = format!("{}/{index}", server.shown());
        let state = match own {
            Some(path) => State::open(path, &archive)?,
            None => State::temporary(&archive)?,
        };
        let cancel = Cancel::new();
        server.version(&cancel)?;
        let mut documents = Vec::new();
        // Documents may be large: fewer where not all of them come through.
        for size in [DOCUMENTS, 3, 1] {
            let body = json!({ "size": size, "timeout": TIMEOUT, "track_total_hits": false });
            if let Ok(answer) = server.ask("POST", &format!("/{index}/_search"), Some(&body), &cancel) {
                documents = hits(&answer).map(|hit| hit["_source"].clone()).collect();
                break;
            }
        }
        let Reading { form, fields, newest, analyse } = reading;
        let form = Form::of(Mapping::read(mapping), form.as_deref(), &fields, &documents);
        if form.map.get("title").is_empty() && form.map.get("text").is_empty() {
            let reason = format!(
                "no field of the index '{}' looks like a title or a text; name them under [[archive]] in the config file",
                short(index)
            );
            return Err(server.fault(reason));
        }
        Ok(Foreign {
            server,
            index: format!("/{index}"),
            form,
            state,
            least: OnceLock::new(),
            sample: Sample::new(newest, analyse)?,
            held: Mutex::default(),
            spelled: Mutex::default(),
            shown: Mutex::default(),
            recent: Mutex::default(),
            version: AtomicU64::new(1),
        })
    }

    fn name(&self) -> &str {
        self.index.trim_start_matches('/')
    }

    fn search(&self, body: &Value, cancel: &Cancel) -> Result<Value, Error> {
        Ok(self.searches(std::slice::from_ref(body), cancel)?.remove(0))
    }

    fn searches(&self, bodies: &[Value], cancel: &Cancel) -> Result<Vec<Value>, Error> {
        super::ask::searches(&self.server, &self.index, bodies, cancel)
    }

    // Clauses.

    /// The conditions of every question, and `clause`.
    fn base(&self, clause: Value) -> Value {
        let of = |role: &str| {
            let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (field, value) in self.form.conditions(role) {
                by_field.entry(field).or_default().push(value);
            }
            by_field.into_iter().map(|(field, values)| clause::terms(&field, &values)).collect::<Vec<_>>()
        };
        let (only, without) = (of("only"), of("without"));
        if only.is_empty() && without.is_empty() {
            return clause;
        }
        let filter = [only, vec![clause]].concat();
        json!({ "bool": { "filter": filter, "must_not": without } })
    }

    fn names_in(&self, kind: Kind) -> Option<&NamesIn> {
        match kind {
            Kind::Person => self.form.people.as_ref(),
            Kind::Org => self.form.orgs.as_ref(),
            Kind::Place => self.form.places.as_ref(),
            // Without a field of their own, countries are told by places.
            Kind::Country => self.form.countries.as_ref().or(self.form.places.as_ref()),
        }
    }

    /// Whether the index itself cannot tell which articles meet a condition.
    fn is_beyond(&self, filter: &Filter) -> bool {
        match filter {
            Filter::All(members) | Filter::Any(members) => {
                members.iter().any(|member| self.is_beyond(member))
            }
            Filter::Not(inner) => self.is_beyond(inner),
            Filter::Term(term) => match term {
                Term::Mentions { kind, .. } => self.names_in(*kind).is_none(),
                Term::About(_) | Term::Quote(_) | Term::HasQuote | Term::Story(_) => true,
                Term::Language(_) => self.form.whole("language").is_none(),
                _ => false,
            },
        }
    }

    /// The part of a filter that the server answers, and the part that only the analysed articles do.
    fn split(&self, filter: &Filter) -> (Filter, Filter) {
        let members = match filter.decided() {
            Filter::All(members) => members,
            other => vec![other],
        };
        let (beyond, sure): (Vec<Filter>, Vec<Filter>) =
            members.into_iter().partition(|member| self.is_beyond(member));
        (Filter::all(sure), Filter::all(beyond))
    }

    fn clause(&self, filter: &Filter, cancel: &Cancel) -> Result<Value, Error> {
        let each = |members: &[Filter]| -> Result<Vec<Value>, Error> {
            members.iter().map(|member| self.clause(member, cancel)).collect()
        };
        Ok(match filter {
            Filter::All(members) if members.is_empty() => everything(),
            Filter::All(members) => all(each(members)?),
            Filter::Any(members) => any(each(members)?),
            Filter::Not(inner) => not(&self.clause(inner, cancel)?),
            Filter::Term(term) => self.term(term, cancel)?,
        })
    }

    fn term(&self, term: &Term, cancel: &Cancel) -> Result<Value, Error> {
        Ok(match term {
            Term::Text { scope, phrase } => self.words(*scope, phrase),
            Term::Mentions { kind, names } => {
                let Some(names_in) = self.names_in(*kind) else { return Ok(nothing()) };
                let mut meant = BTreeSet::new();
                for name in names.iter() {
                    meant.extend(self.meant(*kind, name, cancel)?);
                }
                within(names_in, &meant.into_iter().collect::<Vec<_>>())
            }
            Term::Date(days) => self.days(*days),
            Term::Source(names) => match self.form.whole("source") {
                Some(field) => {
                    let known = self.counted(&field, &everything(), NAMES, cancel)?;
                    let known = known.iter().map(|(value, _)| (Form::shown_source(value), value));
                    let known: Vec<(String, &String)> = known.collect();
                    let mut meant = BTreeSet::new();
                    for name in names.iter() {
                        let folded = fold::fold(name);
                        let exact = known.iter().any(|(shown, _)| fold::fold(shown) == folded);
                        let is = |shown: &str| {
                            if exact { fold::fold(shown) == folded } else { holds(shown, name) }
                        };
                        meant.extend(known.iter().filter(|(shown, _)| is(shown)).map(|(_, value)| *value));
                    }
                    clause::terms(&field, &meant.into_iter().collect::<Vec<_>>())
                }
                None if !self.form.map.get("source").is_empty() => {
                    let phrases = names.iter().filter_map(|name| Phrase::new(name, Ending::Whole));
                    any(phrases.map(|phrase| self.in_fields(self.form.map.get("source"), &phrase)).collect())
                }
                None if names.iter().any(|name| holds(self.name(), name)) => everything(),
                None => nothing(),
            },
            Term::Author(names) => {
                let phrases = names.iter().filter_map(|name| Phrase::new(name, Ending::Whole));
                any(phrases.map(|phrase| self.in_fields(self.form.map.get("author"), &phrase)).collect())
            }
            Term::Language(names) => {
                let Some(field) = self.form.whole("language") else { return Ok(nothing()) };
                let known = self.counted(&field, &everything(), ROWS, cancel)?;
                let is = |value: &String| {
                    LanguageCode::read(value)
                        .is_some_and(|code| names.iter().any(|name| name == code.as_str()))
                };
                clause::terms(
                    &field,
                    &known.into_iter().map(|(value, _)| value).filter(is).collect::<Vec<_>>(),
                )
            }
            Term::Tag(names) => {
                let wanted: BTreeSet<String> = names.iter().map(fold::fold).collect();
                let tags =
                    self.state.tags()?.into_iter().filter(|(tag, _)| wanted.contains(&fold::fold(tag)));
                self.these(&tags.flat_map(|(_, numbers)| numbers).collect())?
            }
            Term::Is(Mark::Read) => self.these(&self.state.with("read")?)?,
            Term::Is(Mark::Unread) => not(&self.these(&self.state.with("read")?)?),
            Term::Is(Mark::Starred) => self.these(&self.state.with("star")?)?,
            Term::Is(Mark::Unstarred) => not(&self.these(&self.state.with("star")?)?),
            Term::Is(Mark::Hidden) => self.these(&self.state.with("hidden")?)?,
            Term::Is(Mark::Deleted) => self.these(&self.state.with("deleted")?)?,
            // These are asked of the analysed articles, as `split` says.
            Term::About(_) | Term::Quote(_) | Term::HasQuote | Term::Story(_) | Term::Newer(_) => nothing(),
            Term::Saved(_) | Term::Unreadable(_) => nothing(),
        })
    }

    fn words(&self, scope: Scope, phrase: &Phrase) -> Value {
        // A path is a title only of what has no other, and the folders in it are none.
        let titles = self.form.map.get("title").iter().filter(|field| !field.ends_with("path"));
        let titles: Vec<String> = titles.cloned().collect();
        let title = || self.in_fields(&titles, phrase);
        let body = || self.in_fields(self.form.searched(), phrase);
        match scope {
            Scope::Title => title(),
            Scope::Body => body(),
            Scope::Anywhere => any(vec![title(), body()]),
        }
    }

    /// The documents with a phrase in one of some fields.
    fn in_fields(&self, fields: &[String], phrase: &Phrase) -> Value {
        any(fields.iter().filter_map(|field| self.in_field(field, phrase)).collect())
    }

    fn in_field(&self, field: &str, phrase: &Phrase) -> Option<Value> {
        let known = self.form.mapping.fields.get(field).filter(|known| known.searched)?;
        let words = phrase.words();
        // The engine takes the words apart as it did with those of the articles.
        let typed = phrase.text();
        let clause = match (known.kind.as_str(), phrase.ending) {
            // Folded words are letters and digits.
            ("keyword" | "wildcard" | "constant_keyword", _) => {
                let pattern = format!("*{}*", words.join("*"));
                json!({ "wildcard": { field: { "value": pattern, "case_insensitive": true } } })
            }
            (_, Ending::Prefix) if words.len() > 1 && known.phrases => {
                json!({ "match_phrase_prefix": { field: { "query": typed, "max_expansions": 1_000 } } })
            }
            (_, Ending::Prefix) => json!({ "prefix": { field: { "value": words.last()? } } }),
            (_, Ending::Whole) if known.phrases => json!({ "match_phrase": { field: { "query": typed } } }),
            (_, Ending::Whole) => json!({ "match": { field: { "query": typed, "operator": "and" } } }),
        };
        Some(match self.form.mapping.nested_of(field) {
            Some(path) => json!({ "nested": { "path": path, "query": clause } }),
            None => clause,
        })
    }

    fn days(&self, days: Days) -> Value {
        let Some(dated) = &self.form.dated else { return nothing() };
        let mut range = json!({});
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        match (days.from(), days.until()) {
            (None, None) => return json!({ "exists": { "field": dated.field } }),
            (from, until) => {
                if let Some(from) = from {
                    range["gte"] = self.written(start(from));
                }
                if let Some(until) = until.and_then(|until| until.succ_opt()) {
                    range["lt"] = self.written(start(until));
                }
            }
        }
        self.range(range)
    }

    /// A time as the field of dates is asked for it.
    fn written(&self, at: DateTime<Utc>) -> Value {
        match self.form.dated.as_ref().map(|dated| dated.kind) {
            Some(DateKind::Number(unit)) => json!(at.timestamp().saturating_mul(unit)),
            Some(DateKind::Text) => json!(at.format("%Y-%m-%d").to_string()),
            _ => json!(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
        }
    }

    fn range(&self, mut range: Value) -> Value {
        let Some(dated) = &self.form.dated else { return nothing() };
        if dated.kind == DateKind::Date {
            range["format"] = json!("strict_date_optional_time");
        }
        json!({ "range": { &dated.field: range } })
    }

    /// Some articles by their numbers.
    fn these(&self, numbers: &Numbers) -> Result<Value, Error> {
        let mut by_index: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for number in numbers {
            if let Some(seen) = self.state.seen(*number)? {
                by_index.entry(seen.index).or_default().push(seen.document);
            }
        }
        let of = |(index, ids): (String, Vec<String>)| {
            let ids = ids.chunks(10_000).map(|piece| json!({ "ids": { "values": piece } })).collect();
            all(vec![json!({ "term": { "_index": index } }), any(ids)])
        };
        Ok(any(by_index.into_iter().map(of).collect()))
    }

    // Names.

    /// How often each value of a field occurs in a result; the most frequent ones.
    fn counted(
        &self,
        field: &str,
        clause: &Value,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<(String, u64)>, Error> {
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause.clone()),
            "aggs": { "c": { "terms": { "field": field, "size": limit, "shard_size": (2 * limit).clamp(1_000, 60_000) } } }
        });
        let answer = self.search(&body, cancel)?;
        Ok(buckets(&answer["aggregations"]["c"]).collect())
    }

    /// The aggregation that counts the documents of each name.
    fn counting(&self, names: &NamesIn, include: Option<&str>, limit: usize) -> Value {
        let mut terms =
            json!({ "field": names.field, "size": limit, "shard_size": (2 * limit).clamp(1_000, 60_000) });
        if let Some(include) = include {
            terms["include"] = json!(include);
        }
        let mut counted = json!({ "terms": terms });
        let parent = |child: &String| {
            let (field, relations) = self.form.mapping.join.as_ref()?;
            let parent = relations.iter().find(|(_, children)| children.contains(child))?.0;
            Some(format!("{field}#{parent}"))
        };
        if let Some(child) = &names.child {
            let mut below = serde_json::Map::new();
            if let Some(field) = parent(child) {
                below.insert(
                    "d".to_owned(),
                    json!({ "cardinality": { "field": field, "precision_threshold": 40_000 } }),
                );
            }
            if let Some(shown) = &names.shown {
                below.insert("s".to_owned(), json!({ "top_hits": { "size": 1, "_source": [shown] } }));
            }
            counted["aggs"] = Value::Object(below);
        } else if names.nested.is_some() {
            counted["aggs"] = json!({ "d": { "reverse_nested": {} } });
        }
        let filtered = json!({ "filter": conditions(names), "aggs": { "t": counted } });
        match (&names.child, &names.nested) {
            (Some(child), _) => json!({ "children": { "type": child }, "aggs": { "f": filtered } }),
            (None, Some(path)) => json!({ "nested": { "path": path }, "aggs": { "f": filtered } }),
            (None, None) => filtered,
        }
    }

    /// The names and counts in the answer to [`Foreign::counting`].
    fn names_counted(&self, names: &NamesIn, answer: &Value) -> Vec<(String, u64)> {
        let mut list = answer;
        while list["f"].is_object() || list["t"].is_object() {
            list = if list["f"].is_object() { &list["f"] } else { &list["t"] };
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = list["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut found = Vec::new();
        for bucket in buckets {
            let Some(key) = text(&bucket["key"]) else { continue };
            let in_documents = &bucket["d"];
            let count = in_documents["value"].as_u64().or_else(|| in_documents["doc_count"].as_u64());
            let count = count.or_else(|| bucket["doc_count"].as_u64()).unwrap_or(0);
            if let Some(field) = &names.shown
                && let Some(name) = super::layout::name(&bucket["s"]["hits"]["hits"][0]["_source"][field])
            {
                shown.insert(key.clone(), name);
            }
            found.push((key, count));
        }
        found
    }

    fn shown_name(&self, value: &str) -> String {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let name = shown.get(value).cloned();
        drop(shown);
        let name = name.unwrap_or_else(|| value.to_owned());
        crate::text::clean::clean_line(&name)
    }

    /// All spellings of the names of a kind that have a word beginning with what is typed.
    fn spellings(&self, kind: Kind, typed: &str, cancel: &Cancel) -> Result<Arc<Vec<String>>, Error> {
        let Some(names) = self.names_in(kind) else { return Ok(Arc::default()) };
        let words = fold::words(typed);
        let longest = words.iter().max_by_key(|word| word.len()).cloned().unwrap_or_default();
        let key = (kind, longest.clone());
        if let Some(known) = self.spelled.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let include = (!longest.is_empty()).then(|| any_spelling(&longest));
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(everything()),
            "aggs": { "n": self.counting(names, include.as_deref(), NAMES) }
        });
        let answer = self.search(&body, cancel)?;
        let found = self.names_counted(names, &answer["aggregations"]["n"]);
        let found = Arc::new(found.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        let mut spelled = self.spelled.lock().unwrap_or_else(PoisonError::into_inner);
        if spelled.len() > 200 {
            spelled.clear();
        }
        spelled.insert(key, found.clone());
        Ok(found)
    }

    /// The spellings that a name means, by the rules of a local library: the name itself, else the names that contain it,
    /// else those whose words begin so.
    fn meant(&self, kind: Kind, name: &str, cancel: &Cancel) -> Result<Vec<String>, Error> {
        if kind == Kind::Country {
            let Some(code) = country::find(name) else { return Ok(Vec::new()) };
            let known = self.spellings(kind, "", cancel)?;
            return Ok(known.iter().filter(|value| country_of(value) == Some(code)).cloned().collect());
        }
        let wanted = fold::words(name);
        let known = self.spellings(kind, name, cancel)?;
        let known: Vec<(Vec<String>, &String)> =
            known.iter().map(|value| (fold::words(value), value)).collect();
        let pick = |fits: &dyn Fn(&Vec<String>) -> bool| -> Vec<String> {
            known.iter().filter(|(words, _)| fits(words)).map(|(_, value)| (*value).clone()).collect()
        };
        if kind != Kind::Person || wanted.len() > 1 {
            let exact = pick(&|words| *words == wanted);
            if !exact.is_empty() {
                return Ok(exact);
            }
        }
        let containing = pick(&|words| words.windows(wanted.len().max(1)).any(|window| window == wanted));
        if !containing.is_empty() {
            return Ok(containing);
        }
        Ok(pick(&|words| {
            wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted.as_str())))
        }))
    }

    /// Counted names as facets: names that differ in case or accents alone are one, and countries are counted by their
    /// names or places.
    fn facets_of(
        &self,
        kind: Kind,
        clause: &Value,
        counted: Vec<(String, u64)>,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let Some(names) = self.names_in(kind) else { return Ok(Vec::new()) };
        let mut groups: BTreeMap<String, Vec<(String, u64)>> = BTreeMap::new();
        for (value, count) in counted {
            let key = match kind {
                Kind::Country => country_of(&value).map(|code| code.as_str().to_owned()),
                _ => Some(fold::words(&value).join(" ")).filter(|key| !key.is_empty()),
            };
            if let Some(key) = key {
                groups.entry(key).or_default().push((value, count));
            }
        }
        // Those with several spellings are counted together, the likeliest to be shown first.
        let mut groups: Vec<(String, Vec<(String, u64)>)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, spellings)| {
            std::cmp::Reverse(spellings.iter().map(|(_, count)| *count).sum::<u64>())
        });
        groups.truncate(limit.saturating_mul(2));
        let several: Vec<Vec<String>> = groups
            .iter()
            .filter(|(_, spellings)| spellings.len() > 1)
            .map(|(_, spellings)| spellings.iter().map(|(value, _)| value.clone()).collect())
            .collect();
        let mut counts = self.together(clause, names, &several, cancel)?.into_iter();
        let facets = groups.into_iter().map(|(key, spellings)| {
            let count = match spellings.as_slice() {
                [(_, count)] => *count,
                _ => counts.next().unwrap_or(0),
            };
            match (kind, spellings.first()) {
                (Kind::Country, _) | (_, None) => Facet { name: country_name(&key), value: key, count },
                (_, Some((value, _))) => {
                    let name = self.shown_name(value);
                    Facet { value: name.clone(), name, count }
                }
            }
        });
        Ok(most_frequent(facets.collect(), limit))
    }

    /// How many documents have one of some spellings, for each list of them.
    fn together(
        &self,
        clause: &Value,
        names: &NamesIn,
        groups: &[Vec<String>],
        cancel: &Cancel,
    ) -> Result<Vec<u64>, Error> {
        let mut counts = Vec::new();
        for piece in groups.chunks(FILTERS) {
            let filters: Vec<Value> = piece.iter().map(|spellings| within(names, spellings)).collect();
            let body = json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause.clone()),
                "aggs": { "g": { "filters": { "filters": filters } } }
            });
            let answer = self.search(&body, cancel)?;
            let buckets =
                answer["aggregations"]["g"]["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
            counts.extend(buckets.iter().map(|bucket| bucket["doc_count"].as_u64().unwrap_or(0)));
        }
        counts.resize(groups.len(), 0);
        Ok(counts)
    }

    // Pages.

    /// What a result is sorted by.
    fn order(&self, sort: Sort, words: &[String], back: bool) -> Value {
        let newest = !matches!(sort, Sort::Oldest);
        let way = |down: bool| if down != back { "desc" } else { "asc" };
        let mut fields = Vec::new();
        if sort == Sort::Relevance && !words.is_empty() {
            fields.push(json!({ "_score": way(true) }));
        }
        if let Some(dated) = &self.form.dated {
            let missing = if back { "_first" } else { "_last" };
            let mut by = json!({ "order": way(newest), "missing": missing });
            match dated.kind {
                DateKind::Date => {
                    by["mode"] = json!("min");
                    by["numeric_type"] = json!("date");
                    by["unmapped_type"] = json!("date");
                }
                DateKind::Number(_) => {
                    by["mode"] = json!("min");
                    by["unmapped_type"] = json!("long");
                }
                DateKind::Text => by["unmapped_type"] = json!("keyword"),
            }
            fields.push(json!({ &dated.field: by }));
        }
        // Each document of a part of an index has a number of its own, on every engine and without cost in memory.
        fields.push(json!({ "_seq_no": way(newest) }));
        fields.push(json!({ "_index": way(false) }));
        Value::Array(fields)
    }

    /// Points for the words that a result is sorted by.
    fn scored(&self, clause: Value, words: &[String]) -> Value {
        if words.is_empty() {
            return clause;
        }
        let points = words.iter().filter_map(|word| Phrase::new(word, Ending::Whole)).flat_map(|phrase| {
            let of =
                |clause: Value, boost: f64| json!({ "constant_score": { "filter": clause, "boost": boost } });
            [of(self.words(Scope::Title, &phrase), 2.0), of(self.words(Scope::Body, &phrase), 1.0)]
        });
        json!({ "bool": { "filter": [clause], "should": points.collect::<Vec<_>>(), "minimum_should_match": 0 } })
    }

    fn page_of(&self, list: &List<'_>, after: Option<&Value>, size: usize, back: bool) -> Value {
        let fields = self.form.row_fields();
        // An empty list would mean everything.
        let fields = if fields.is_empty() { json!(false) } else { json!(fields) };
        let mut body = json!({
            "size": size, "timeout": TIMEOUT, "track_total_hits": false, "_source": fields,
            "query": self.scored(self.base(list.clause.clone()), list.words),
            "sort": self.order(list.sort, list.words, back), "track_scores": !list.words.is_empty()
        });
        if let Some(dated) = &self.form.dated {
            body["docvalue_fields"] = match dated.kind {
                DateKind::Date => json!([{ "field": dated.field, "format": "epoch_millis" }]),
                DateKind::Number(_) | DateKind::Text => json!([{ "field": dated.field }]),
            };
        }
        if let Some(after) = after {
            body["search_after"] = after.clone();
        }
        body
    }

    /// When a document appeared, from the values that the server sorts by.
    fn published(&self, hit: &Value) -> Option<DateTime<Utc>> {
        let dated = self.form.dated.as_ref()?;
        let value = &hit["fields"][&dated.field][0];
        match dated.kind {
            DateKind::Date => {
                let millis = text(value)?.parse::<f64>().ok()?;
                DateTime::from_timestamp_millis(millis as i64)
            }
            DateKind::Number(unit) => DateTime::from_timestamp(number(value)?.div_euclid(unit), 0),
            DateKind::Text => iso(value.as_str()?),
        }
    }

    fn document(&self, hit: &Value) -> Option<Document> {
        let (index, id) = (text(&hit["_index"])?, text(&hit["_id"])?);
        let number = (Hash::of(&["document", &index, &id]).short() >> 2) as i64;
        Some(Document {
            key: Key { published: self.published(hit), id: ArticleId(number) },
            index,
            id,
            sort: hit["sort"].clone(),
            source: hit["_source"].clone(),
        })
    }

    /// Up to `limit` documents behind a place.
    fn from(
        &self,
        list: &List<'_>,
        after: Option<Value>,
        limit: usize,
        back: bool,
        cancel: &Cancel,
    ) -> Result<Vec<Document>, Error> {
        let (mut found, mut after): (Vec<Document>, _) = (Vec::new(), after);
        while found.len() < limit {
            let size = (limit - found.len()).min(ROWS);
            let answer = self.search(&self.page_of(list, after.as_ref(), size, back), cancel)?;
            let more: Vec<Document> = hits(&answer).filter_map(|hit| self.document(hit)).collect();
            let count = more.len();
            let before = after.take();
            after = more.last().map(|last| last.sort.clone());
            if before.is_some() && before == after || after.as_ref().is_some_and(|after| !after.is_array()) {
                return Err(self.server.fault(OUT_OF_ORDER));
            }
            found.extend(more);
            if count < size {
                break;
            }
        }
        if back {
            found.reverse();
        }
        Ok(found)
    }

    fn total(&self, clause: &Value, cancel: &Cancel) -> Result<u64, Error> {
        Ok(total(&self.search(&self.counting_body(clause), cancel)?))
    }

    fn counting_body(&self, clause: &Value) -> Value {
        json!({ "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "query": self.base(clause.clone()) })
    }

    /// The place of an article in a list, and the clause for what comes before it. `None` for one that was never listed.
    fn place(&self, list: &List<'_>, key: Key, cancel: &Cancel) -> Result<Option<Place>, Error> {
        let Some(seen) = self.state.seen(key.id.0)? else { return Ok(None) };
        let place: Value = serde_json::from_str(&seen.place).unwrap_or_default();
        let (date, seq) = (place[0].clone(), number(&place[1]).unwrap_or(0));
        let newest = !matches!(list.sort, Sort::Oldest);
        let missing = match self.form.dated.as_ref().map(|dated| dated.kind) {
            Some(DateKind::Text) => Value::Null,
            Some(DateKind::Number(_)) | Some(DateKind::Date) | None => {
                json!(if newest { i64::MIN } else { i64::MAX })
            }
        };
        let mut sort = Vec::new();
        let mut score = None;
        if list.sort == Sort::Relevance && !list.words.is_empty() {
            let one = all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]);
            let body = json!({
                "size": 1, "timeout": TIMEOUT, "_source": false, "query": self.scored(self.base(one), list.words)
            });
            let answer = self.search(&body, cancel)?;
            let points = hits(&answer).next().and_then(|hit| hit["_score"].as_f64()).unwrap_or(0.0);
            score = Some(points);
            sort.push(json!(points));
        }
        if self.form.dated.is_some() {
            sort.push(if date.is_null() { missing } else { date.clone() });
        }
        sort.extend([json!(seq), json!(seen.index)]);
        // What comes before it by date.
        let number_before = if newest { json!({ "gt": seq }) } else { json!({ "lt": seq }) };
        let number_before = json!({ "range": { "_seq_no": number_before } });
        let before = match (&self.form.dated, date.is_null()) {
            (None, _) => number_before,
            (Some(dated), true) => {
                let exists = json!({ "exists": { "field": dated.field } });
                any(vec![exists.clone(), all(vec![not(&exists), number_before])])
            }
            (Some(dated), false) => {
                let (at, next) = match dated.kind {
                    DateKind::Date => {
                        let at = number(&date).and_then(DateTime::from_timestamp_millis).unwrap_or_default();
                        (self.written(at), self.written(at + chrono::TimeDelta::milliseconds(1)))
                    }
                    DateKind::Number(_) | DateKind::Text => (date.clone(), Value::Null),
                };
                let (beyond, equal) = match (newest, next) {
                    (true, Value::Null) => (json!({ "gt": at }), json!({ "gte": at, "lte": at })),
                    (true, next) => (json!({ "gte": next }), json!({ "gte": at, "lt": next })),
                    (false, Value::Null) => (json!({ "lt": at }), json!({ "gte": at, "lte": at })),
                    (false, next) => (json!({ "lt": at }), json!({ "gte": at, "lt": next })),
                };
                any(vec![self.range(beyond), all(vec![self.range(equal), number_before])])
            }
        };
        Ok(Some(Place { sort: Value::Array(sort), before, score }))
    }

    /// How many articles of a list come before a place.
    fn before(&self, list: &List<'_>, place: &Place, cancel: &Cancel) -> Result<u64, Error> {
        let newer = all(vec![list.clause.clone(), place.before.clone()]);
        let Some(score) = place.score else { return self.total(&newer, cancel) };
        let at_least = |clause: &Value, least: f64| {
            json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "min_score": least,
                "query": self.scored(self.base(clause.clone()), list.words)
            })
        };
        let bodies = [
            at_least(list.clause, score + 0.5),
            at_least(&newer, score - 0.5),
            at_least(&newer, score + 0.5),
        ];
        let counts: Vec<u64> = self.searches(&bodies, cancel)?.iter().map(total).collect();
        Ok(counts[0] + counts[1].saturating_sub(counts[2]))
    }

    fn window(
        &self,
        list: &List<'_>,
        window: Window,
        cancel: &Cancel,
    ) -> Result<(Vec<Document>, u64, u64), Error> {
        let all_of = || self.total(list.clause, cancel);
        match window {
            Window::First { limit } => {
                let bodies =
                    [self.page_of(list, None, limit.min(ROWS), false), self.counting_body(list.clause)];
                let answers = self.searches(&bodies, cancel)?;
                let mut rows: Vec<Document> =
                    hits(&answers[0]).filter_map(|hit| self.document(hit)).collect();
                if rows.len() == ROWS && limit > ROWS {
                    let after = rows.last().map(|last| last.sort.clone());
                    rows.extend(self.from(list, after, limit - ROWS, false, cancel)?);
                }
                Ok((rows, 0, total(&answers[1])))
            }
            Window::Last { limit } => {
                let rows = if limit == 0 { Vec::new() } else { self.from(list, None, limit, true, cancel)? };
                let total = all_of()?;
                let offset = total.saturating_sub(rows.len() as u64);
                Ok((rows, offset, total))
            }
            Window::After { key, limit } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return self.window(list, Window::First { limit }, cancel);
                };
                let rows = self.from(list, Some(place.sort.clone()), limit, false, cancel)?;
                let itself = all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]);
                let offset = self.before(list, &place, cancel)? + self.total(&itself, cancel)?;
                Ok((rows, offset, all_of()?))
            }
            Window::Before { key, limit } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return Ok((Vec::new(), 0, all_of()?));
                };
                let rows = self.from(list, Some(place.sort.clone()), limit, true, cancel)?;
                let offset = self.before(list, &place, cancel)?.saturating_sub(rows.len() as u64);
                Ok((rows, offset, all_of()?))
            }
            Window::Around { key, before, after } => {
                let Some(place) = self.place(list, key, cancel)? else {
                    return self.window(list, Window::First { limit: before + after + 1 }, cancel);
                };
                let mut rows = self.from(list, Some(place.sort.clone()), before, true, cancel)?;
                let offset = self.before(list, &place, cancel)?.saturating_sub(rows.len() as u64);
                let itself = List {
                    clause: &all(vec![list.clause.clone(), self.these(&Numbers::from([key.id.0]))?]),
                    ..*list
                };
                rows.extend(self.from(&itself, None, 1, false, cancel)?);
                let behind = after + usize::from(rows.last().is_none_or(|row| row.key.id != key.id));
                rows.extend(self.from(list, Some(place.sort), behind, false, cancel)?);
                Ok((rows, offset, all_of()?))
            }
            Window::Row { row, before, after } => {
                let total = all_of()?;
                let at = row.min(total.saturating_sub(1));
                let start = at.saturating_sub(before as u64);
                let end = at.saturating_add(after as u64).saturating_add(1).min(total);
                Ok((self.slice(list, (start, end, total), cancel)?, start, total))
            }
        }
    }

    /// The rows `start..end` of `total`.
    fn slice(
        &self,
        list: &List<'_>,
        (start, end, total): (u64, u64, u64),
        cancel: &Cancel,
    ) -> Result<Vec<Document>, Error> {
        let limit = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let back = total - end < start;
        let mut left = if back { total - end } else { start };
        if left + limit as u64 <= DEEPEST {
            let mut body = self.page_of(list, None, limit, back);
            body["from"] = json!(left);
            let answer = self.search(&body, cancel)?;
            let mut rows: Vec<Document> = hits(&answer).filter_map(|hit| self.document(hit)).collect();
            if back {
                rows.reverse();
            }
            return Ok(rows);
        }
        let mut after = None;
        while left > 0 {
            let size = left.min(DEEPEST) as usize;
            let mut body = self.page_of(list, after.as_ref(), size, back);
            body["_source"] = json!(false);
            let answer = self.search(&body, cancel)?;
            let Some(last) = hits(&answer).last() else { break };
            if after.as_ref() == Some(&last["sort"]) {
                return Err(self.server.fault(OUT_OF_ORDER));
            }
            after = Some(last["sort"].clone());
            left -= (hits(&answer).count() as u64).min(left);
        }
        self.from(list, after, limit, back, cancel)
    }

    /// Remembers which documents the articles are.
    fn see(&self, list: &List<'_>, documents: &[Document]) -> Result<(), Error> {
        // The points come first, if there are some.
        let skip = usize::from(list.sort == Sort::Relevance && !list.words.is_empty());
        let seen: Vec<(i64, SeenAt)> = documents
            .iter()
            .map(|document| {
                let at = |place: usize| document.sort[skip + place].clone();
                let (date, seq) = match self.form.dated.is_some() {
                    true => (if document.key.published.is_some() { at(0) } else { Value::Null }, at(1)),
                    false => (Value::Null, at(0)),
                };
                let place = json!([date, seq]).to_string();
                let seen = SeenAt { index: document.index.clone(), document: document.id.clone(), place };
                (document.key.id.0, seen)
            })
            .collect();
        self.state.see(&seen)
    }

    /// The clause of a result, with what its hold has listed, and what is looked for in the analysed articles.
    fn result(&self, query: &Query, cancel: &Cancel) -> Result<Value, Error> {
        let matching = self.in_sight(&query.filter, cancel)?;
        let held = self.held(query);
        Ok(if held.is_empty() { matching } else { any(vec![matching, self.these(&held)?]) })
    }

    fn in_sight(&self, filter: &Filter, cancel: &Cancel) -> Result<Value, Error> {
        let (sure, beyond) = self.split(filter);
        let mut conditions = vec![self.clause(&sure, cancel)?];
        if !beyond.is_everything() {
            let found = self.analysed(&sure, &beyond, cancel)?;
            conditions.push(self.these(&found)?);
        }
        let away = self.state.out_of_sight(filter)?;
        if !away.is_empty() {
            conditions.push(not(&self.these(&away)?));
        }
        Ok(if conditions.len() == 1 { conditions.remove(0) } else { all(conditions) })
    }

    fn held(&self, query: &Query) -> Numbers {
        let Some(hold) = query.hold.filter(|_| query.filter.asks_for_marks()) else { return Numbers::new() };
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(&hold).cloned().unwrap_or_default()
    }

    fn page_with(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        let clause = self.result(query, cancel)?;
        let words = match query.sort {
            Sort::Relevance => query.filter.words_wanted(),
            Sort::Date | Sort::Oldest => Vec::new(),
        };
        let list = List { sort: query.sort, words: &words, clause: &clause };
        let (documents, offset, total) = self.window(&list, window, cancel)?;
        self.see(&list, &documents)?;
        let mut rows = Vec::with_capacity(documents.len());
        for document in documents {
            let (read, starred, _) = self.state.of(document.key.id.0)?;
            let title = self.form.title(&document.source);
            rows.push(Row {
                key: document.key,
                source: self.form.source(&document.source, self.name()),
                title: if title.is_empty() { "(no title)".to_owned() } else { title },
                read,
                starred,
                copies: 0,
                gone: false,
            });
        }
        if !self.held(query).is_empty() {
            let numbers: Numbers = rows.iter().map(|row| row.key.id.0).collect();
            let still = all(vec![self.in_sight(&query.filter, cancel)?, self.these(&numbers)?]);
            let list = List { sort: Sort::Date, words: &[], clause: &still };
            let still = self.from(&list, None, numbers.len(), false, cancel)?;
            let still: Numbers = still.iter().map(|document| document.key.id.0).collect();
            rows.iter_mut().for_each(|row| row.gone = !still.contains(&row.key.id.0));
        }
        if let Some(hold) = query.hold.filter(|_| query.filter.asks_for_marks()) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.entry(hold).or_default().extend(rows.iter().map(|row| row.key.id.0));
        }
        Ok(Page { rows, offset, total: Count::Exactly(total) })
    }

    // The analysed articles.

    /// Analyses the newest hits of the part of a query that the server answers, and returns a query of the sample that is
    /// about them.
    fn in_sample(&self, query: &Query, cancel: &Cancel) -> Result<Query, Error> {
        let (sure, beyond) = self.split(&query.filter);
        let away = self.state.out_of_sight(&query.filter)?;
        let tag = self.sample_of(&sure, &away, cancel)?;
        let beyond = self.sample.translated(&beyond);
        Ok(Query { filter: Filter::all([tag, beyond]), hold: None, ..query.clone() })
    }

    fn sample_of(&self, sure: &Filter, away: &Numbers, cancel: &Cancel) -> Result<Filter, Error> {
        let mut clause = self.clause(sure, cancel)?;
        if !away.is_empty() {
            clause = all(vec![clause, not(&self.these(away)?)]);
        }
        // Several questions about one result come one after another.
        let key = clause.to_string();
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|(_, at, _)| at.elapsed() < RECENT);
        let known = recent.iter().find(|(known, ..)| *known == key).map(|(.., tag)| tag.clone());
        drop(recent);
        if let Some(tag) = known {
            return Ok(tag);
        }
        let list = List { sort: Sort::Date, words: &[], clause: &clause };
        let newest = self.from(&list, None, self.sample.newest, false, cancel)?;
        self.see(&list, &newest)?;
        let of: Vec<i64> = newest.iter().map(|document| document.key.id.0).collect();
        let wanted = self.sample.lacking(&of);
        let mut lacking: Vec<&Document> =
            newest.iter().filter(|document| wanted.contains(&document.key.id.0)).collect();
        // The newest first, so that what is given up in the middle is of use.
        while !lacking.is_empty() {
            cancel.check()?;
            let rest = lacking.split_off(lacking.len().min(50));
            let articles = self.articles(&lacking, cancel)?;
            self.sample.add(articles)?;
            lacking = rest;
        }
        let tag = self.sample.tagged(&of)?;
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push((key, Instant::now(), tag.clone()));
        Ok(tag)
    }

    /// The whole articles of some documents. Where they are too large for one answer, they come in smaller pieces, and one
    /// that is too large by itself is left out.
    fn articles(&self, documents: &[&Document], cancel: &Cancel) -> Result<Vec<(i64, Article)>, Error> {
        let numbers: Numbers = documents.iter().map(|document| document.key.id.0).collect();
        let body = json!({
            "size": documents.len(), "timeout": TIMEOUT, "track_total_hits": false,
            "_source": self.form.article_fields(), "query": self.these(&numbers)?
        });
        let answer = match self.search(&body, cancel) {
            Ok(answer) => answer,
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(_) if documents.len() > 1 => {
                let (one, other) = documents.split_at(documents.len() / 2);
                let mut found = self.articles(one, cancel)?;
                found.extend(self.articles(other, cancel)?);
                return Ok(found);
            }
            Err(error) => return Err(error),
        };
        let keys: HashMap<i64, Key> =
            documents.iter().map(|document| (document.key.id.0, document.key)).collect();
        let article = |hit: &Value| {
            let document = self.document(hit)?;
            let number = document.key.id.0;
            let guid = format!("{}/{}", document.index, document.id);
            let published = keys.get(&number)?.published;
            Some((number, self.form.article(&document.source, &guid, published, self.name())))
        };
        Ok(hits(&answer).filter_map(article).collect())
    }

    /// The articles of the newest hits that meet what the server cannot tell.
    fn analysed(&self, sure: &Filter, beyond: &Filter, cancel: &Cancel) -> Result<Numbers, Error> {
        let tag = self.sample_of(sure, &Numbers::new(), cancel)?;
        let beyond = self.sample.translated(beyond);
        let query = Query { filter: Filter::all([tag, beyond]), ..Query::everything() };
        self.sample.numbers(&query, cancel)
    }

    /// The names of a kind in a result, where the index has them itself.
    fn own_names(
        &self,
        kind: Kind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Option<Vec<Facet>>, Error> {
        let Some(names) = self.names_in(kind) else { return Ok(None) };
        let clause = self.result(query, cancel)?;
        let words = fold::words(typed);
        let by_word = kind != Kind::Country && !words.is_empty();
        let longest = words.iter().max_by_key(|word| word.len()).filter(|_| by_word);
        let include = longest.map(|word| any_spelling(word));
        let most = if kind == Kind::Country { NAMES } else { limit.saturating_mul(3).clamp(600, NAMES) };
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause.clone()),
            "aggs": { "n": self.counting(names, include.as_deref(), most) }
        });
        let answer = self.search(&body, cancel)?;
        let mut counted = self.names_counted(names, &answer["aggregations"]["n"]);
        let begun = |name: &str| {
            let of = fold::words(name);
            words.iter().all(|part| of.iter().any(|word| word.starts_with(part.as_str())))
        };
        if kind != Kind::Country {
            counted.retain(|(name, _)| begun(name));
        }
        let mut facets = self.facets_of(kind, &clause, counted, limit.min(NAMES), cancel)?;
        if kind == Kind::Country {
            facets.retain(|facet| begun(&facet.name));
        }
        Ok(Some(facets))
    }

    fn cannot<T>(&self, what: &str) -> Result<T, Error> {
        Err(self.server.fault(format!("{what}; dateline add --to makes an archive of one's own of it")))
    }

    fn changed(&self) {
        self.version.fetch_add(1, Ordering::Relaxed);
    }
}

/// One result in one order.
#[derive(Clone, Copy)]
struct List<'a> {
    sort: Sort,
    words: &'a [String],
    clause: &'a Value,
}

/// Where an article is in a list.
struct Place {
    sort: Value,
    /// What comes before it by date.
    before: Value,
    /// Its points, in a list that is sorted by them.
    score: Option<f64>,
}

/// How many documents a search found.
fn total(answer: &Value) -> u64 {
    answer["hits"]["total"]["value"].as_u64().unwrap_or(0)
}

/// The conditions on a name beside its spelling.
fn conditions(names: &NamesIn) -> Value {
    let term = |(field, value): &(String, String)| json!({ "term": { field: value } });
    let is: Vec<Value> = names.is.iter().map(term).collect();
    let is_not: Vec<Value> = names.is_not.iter().map(term).collect();
    json!({ "bool": { "filter": is, "must_not": is_not } })
}

/// The documents with a name that is spelled in one of some ways.
fn within(names: &NamesIn, spellings: &[String]) -> Value {
    if spellings.is_empty() {
        return nothing();
    }
    let spelled = clause::terms(&names.field, spellings);
    let inner = if names.is.is_empty() && names.is_not.is_empty() {
        spelled
    } else {
        all(vec![spelled, conditions(names)])
    };
    match (&names.child, &names.nested) {
        (Some(child), _) => json!({ "has_child": { "type": child, "query": inner } }),
        (None, Some(path)) => json!({ "nested": { "path": path, "query": inner } }),
        (None, None) => inner,
    }
}

/// The pattern of values that have the letters of a folded word in a row, in any case and with any accent.
fn any_spelling(word: &str) -> String {
    let mut pattern = String::from(".*");
    for c in word.chars() {
        if !c.is_alphanumeric() {
            pattern.push('.');
            continue;
        }
        let same =
            ('\u{c0}'..='\u{24f}').filter(|other| fold::fold(&other.to_string()).trim() == c.to_string());
        let mut letters: Vec<char> = [c].into_iter().chain(c.to_uppercase()).chain(same).collect();
        letters.sort_unstable();
        letters.dedup();
        pattern.push('[');
        pattern.extend(letters);
        pattern.push(']');
    }
    pattern.push_str(".*");
    pattern
}

/// The country that a value names: by its code or name, or as the place that it is.
fn country_of(value: &str) -> Option<CountryCode> {
    country::find(value).or_else(|| {
        let entry = gazetteer::find(value)?;
        let (mut places, decided) = entry.places();
        let first = places.next()?;
        (decided || places.next().is_none()).then_some(first)
    })
}

fn country_name(code: &str) -> String {
    country::find(code).map_or_else(|| code.to_owned(), |code| country::name(code).to_owned())
}

impl Backend for Foreign {
    fn stand_by(&self, least: Least) {
        _ = self.least.set(least);
        self.sample.stand_by(least);
    }

    fn least(&self) -> Least {
        self.least.get().copied().unwrap_or_default()
    }

    fn add(&self, _: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.cannot("an index that another program made is only read")
    }

    fn renew(&self, _: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.cannot("an index that another program made is only read")
    }

    fn outdated(&self, _: usize) -> Result<Vec<ArticleId>, Error> {
        Ok(Vec::new())
    }

    fn count_outdated(&self) -> Result<u64, Error> {
        Ok(0)
    }

    fn refile(&self, _: &str, _: &str) -> Result<u64, Error> {
        self.cannot("an index that another program made is only read")
    }

    fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error> {
        Ok(vec![Seen::Never; articles.len()])
    }

    fn other_text(&self, _: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
        Ok(None)
    }

    fn show_text(&self, _: TextOf, _: Article, _: Analysis) -> Result<(), Error> {
        self.cannot("an index that another program made is only read")
    }

    fn remove_files(&self, _: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
        Ok(0)
    }

    fn remove_others(&self, _: &[Article]) -> Result<u64, Error> {
        Ok(0)
    }

    fn explain(&self) {
        self.server.explain();
    }

    fn explained(&self) -> Vec<String> {
        let mut lines = vec![format!("Fields of the index, by {}:", self.form.name)];
        lines.extend(self.form.map.lines());
        lines.extend(self.server.told());
        lines
    }

    fn about(&self) -> Vec<String> {
        let mut lines = vec![self.server.engine()];
        lines.push(format!(
            "made by another program; nothing is written to it; its fields are known by {}:",
            self.form.name
        ));
        lines.extend(self.form.map.lines());
        lines
    }

    fn sampled(&self) -> Sampled {
        let newest = Some(self.sample.newest as u64);
        let own = Kind::ALL.iter().all(|kind| self.names_in(*kind).is_some());
        Sampled { names: newest.filter(|_| !own), quotes: newest }
    }

    fn guessed_form(&self) -> Option<Vec<String>> {
        let address = format!("{}{}", self.server.shown(), self.index);
        (self.form.name == "guess").then(|| self.form.lines(&address))
    }

    fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        self.page_with(query, window, cancel)
    }

    fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        let clause = self.result(query, cancel)?;
        let total = self.total(&clause, cancel)?;
        let sampled = Backend::sampled(self);
        let mut facets = Facets { total, articles: total, sampled, ..Facets::default() };
        let lacks = Kind::ALL.iter().any(|kind| self.names_in(*kind).is_none());
        let (source, language) = (self.form.whole("source"), self.form.whole("language"));
        let sampled = match lacks || source.is_none() || language.is_none() {
            true => {
                let query = self.in_sample(query, cancel)?;
                self.sample.library().facets(&query, cancel)?
            }
            false => Facets::default(),
        };
        for kind in Kind::ALL {
            let (own, sampled) = (self.own_names(kind, "", query, FACETS, cancel)?, &sampled);
            let (list, otherwise) = match kind {
                Kind::Person => (&mut facets.people, &sampled.people),
                Kind::Country => (&mut facets.countries, &sampled.countries),
                Kind::Org => (&mut facets.orgs, &sampled.orgs),
                Kind::Place => (&mut facets.places, &sampled.places),
            };
            *list = own.unwrap_or_else(|| otherwise.clone());
        }
        facets.sources = match source {
            Some(field) => self.sources_in(&field, &clause, FACETS, cancel)?,
            None => sampled.sources,
        };
        facets.languages = match language {
            Some(field) => self.languages_in(&field, &clause, cancel)?,
            None => sampled.languages,
        };
        Ok(facets)
    }

    fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let words = fold::words(typed);
        let begun = |name: &str| {
            let of = fold::words(name);
            words.iter().all(|part| of.iter().any(|word| word.starts_with(part.as_str())))
        };
        match kind {
            FacetKind::Entity(of) => {
                if let Some(own) = self.own_names(of, typed, query, limit, cancel)? {
                    return Ok(own);
                }
            }
            FacetKind::Source => {
                if let Some(field) = self.form.whole("source") {
                    let clause = self.result(query, cancel)?;
                    let mut sources = self.sources_in(&field, &clause, NAMES, cancel)?;
                    sources.retain(|facet| begun(&facet.name));
                    return Ok(most_frequent(sources, limit));
                }
            }
            FacetKind::Language => {
                if let Some(field) = self.form.whole("language") {
                    let clause = self.result(query, cancel)?;
                    let mut languages = self.languages_in(&field, &clause, cancel)?;
                    languages.retain(|facet| {
                        let code = LanguageCode::read(&facet.value);
                        code.is_some_and(|code| begun(&format!("{} {code} {}", code.name(), code.own_name())))
                    });
                    return Ok(most_frequent(languages, limit));
                }
            }
            FacetKind::Tag => {
                let mut facets = Vec::new();
                let clause = self.result(query, cancel)?;
                for (tag, numbers) in self.state.tags()?.into_iter().filter(|(tag, _)| begun(tag)) {
                    let count = self.total(&all(vec![clause.clone(), self.these(&numbers)?]), cancel)?;
                    facets.push(Facet { name: tag.clone(), value: tag, count });
                }
                return Ok(most_frequent(facets, limit));
            }
        }
        let query = self.in_sample(query, cancel)?;
        self.sample.library().names(kind, typed, &query, limit, cancel)
    }

    fn ranked(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        order: NameOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        match kind {
            FacetKind::Entity(of) if self.names_in(of).is_none() => {
                let query = self.in_sample(query, cancel)?;
                self.sample.library().ranked(kind, typed, &query, order, limit, cancel)
            }
            _ => self.names(kind, typed, query, limit, cancel),
        }
    }

    fn named_as(
        &self,
        role: Role,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let query = self.in_sample(query, cancel)?;
        self.sample.library().named_as(role, typed, &query, limit, cancel)
    }

    fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        self.sample.library().forms(kind, value)
    }

    fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        let dated = self.form.dated.as_ref().filter(|dated| dated.kind == DateKind::Date);
        let Some(dated) = dated else {
            let query = self.in_sample(query, cancel)?;
            return self.sample.library().timeline(&query, cancel);
        };
        let clause = self.result(query, cancel)?;
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause),
            "aggs": { "d": { "date_histogram": { "field": dated.field, "calendar_interval": "day", "min_doc_count": 1 } } }
        });
        let answer = self.search(&body, cancel)?;
        let buckets =
            answer["aggregations"]["d"]["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
        let day = |bucket: &Value| {
            let day = DateTime::from_timestamp_millis(number(&bucket["key"])?)?.date_naive();
            Some((day, bucket["doc_count"].as_u64()?))
        };
        Ok(buckets.iter().filter_map(day).collect())
    }

    fn chronicle(
        &self,
        query: &Query,
        grain: Option<Grain>,
        fits: usize,
        cancel: &Cancel,
    ) -> Result<Chronicle, Error> {
        let query = self.in_sample(query, cancel)?;
        self.sample.library().chronicle(&query, grain, fits, cancel)
    }

    fn tell(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        of: Range<usize>,
        cancel: &Cancel,
    ) -> Result<Vec<Telling>, Error> {
        let query = self.in_sample(query, cancel)?;
        let mut told = self.sample.library().tell(&query, chronicle, of, cancel)?;
        for telling in &mut told {
            telling.headline = telling.headline.take().and_then(|headline| {
                Some(crate::listing::chronicle::Headline { key: self.sample.key(headline.key)?, ..headline })
            });
        }
        Ok(told)
    }

    fn over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<Vec<u32>>, Error> {
        let query = self.in_sample(query, cancel)?;
        self.sample.library().over_time(&query, chronicle, kind, values, cancel)
    }

    fn details(
        &self,
        query: &Query,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<NameDetail>, Error> {
        let query = self.in_sample(query, cancel)?;
        self.sample.library().details(&query, kind, values, cancel)
    }

    fn profile(
        &self,
        query: &Query,
        kind: FacetKind,
        value: &str,
        cancel: &Cancel,
    ) -> Result<Option<Profile>, Error> {
        let query = self.in_sample(query, cancel)?;
        let Some(mut profile) = self.sample.library().profile(&query, kind, value, cancel)? else {
            return Ok(None);
        };
        for rows in [&mut profile.said, &mut profile.told] {
            *rows = std::mem::take(rows).into_iter().filter_map(|row| self.sample.quote(row)).collect();
        }
        let latest = std::mem::take(&mut profile.latest).into_iter();
        profile.latest =
            latest.filter_map(|row| Some(Row { key: self.sample.key(row.key)?, ..row })).collect();
        profile.first = profile.first.and_then(|key| self.sample.key(key));
        Ok(Some(profile))
    }

    fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        let query = self.in_sample(query, cancel)?;
        let rows = self.sample.library().quotes(&query, limit, cancel)?;
        Ok(rows.into_iter().filter_map(|row| self.sample.quote(row)).collect())
    }

    fn each(
        &self,
        query: &Query,
        take: &mut dyn FnMut(Vec<Article>) -> Result<(), Error>,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let clause = self.result(query, cancel)?;
        let list = List { sort: Sort::Date, words: &[], clause: &clause };
        let mut after = None;
        loop {
            let answer = self.search(&self.page_of(&list, after.as_ref(), WHOLE, false), cancel)?;
            let documents: Vec<Document> = hits(&answer).filter_map(|hit| self.document(hit)).collect();
            self.see(&list, &documents)?;
            let next = documents.last().map(|last| last.sort.clone());
            if next.is_some() && next == after {
                return Err(self.server.fault(OUT_OF_ORDER));
            }
            let articles = self.articles(&documents.iter().collect::<Vec<_>>(), cancel)?;
            take(articles.into_iter().map(|(_, article)| article).collect())?;
            if documents.len() < WHOLE {
                return Ok(());
            }
            after = next;
        }
    }

    fn threads(
        &self,
        query: &Query,
        order: ThreadOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Threads, Error> {
        let query = self.in_sample(query, cancel)?;
        let mut found = self.sample.library().threads(&query, order, limit, cancel)?;
        found.newest = Some(self.sample.newest as u64);
        let threads = std::mem::take(&mut found.threads).into_iter();
        let thread = |thread: Thread| {
            let (id, head) = (self.sample.number(thread.id)?, self.sample.key(thread.head)?);
            Some(Thread { id, head, ..thread })
        };
        found.threads = threads.filter_map(thread).collect();
        Ok(found)
    }

    fn utterances(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<Utterance>, Error> {
        let query = self.in_sample(query, cancel)?;
        let found = self.sample.library().utterances(&query, limit, cancel)?;
        let here = |one: Utterance| Some(Utterance { key: self.sample.key(one.key)?, ..one });
        Ok(found.into_iter().filter_map(here).collect())
    }

    fn find(&self, _: &Article) -> Result<Option<ArticleId>, Error> {
        Ok(None)
    }

    fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        let cancel = Cancel::new();
        let these = self.these(&Numbers::from([id.0]))?;
        let list = List { sort: Sort::Date, words: &[], clause: &these };
        let found = self.from(&list, None, 1, false, &cancel)?;
        let Some((_, article)) = self.articles(&found.iter().collect::<Vec<_>>(), &cancel)?.pop() else {
            return Ok(None);
        };
        let Some((article, mut analysis)) = self.sample.analyse(vec![article]).pop() else { return Ok(None) };
        analysis.stand_by(self.least());
        let (read, starred, tags) = self.state.of(id.0)?;
        Ok(Some(Stored {
            id,
            article,
            analysis,
            validity: Validity::Current,
            read,
            starred,
            tags,
            position: self.state.position(id.0)?,
            text: TextOf::Source,
            copies: Vec::new(),
            thread: None,
        }))
    }

    fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed) + self.server.returned()
    }

    fn mark_as(&self, name: Option<ChangeId>, target: &Target, marking: Marking) -> Result<Marked, Error> {
        let articles: Numbers = match target {
            Target::These(ids) | Target::Stories(ids) => ids.iter().map(|id| id.0).collect(),
            Target::Matching(query) => self.ids(query, &Cancel::new())?.into_iter().map(|id| id.0).collect(),
        };
        let marked = self.state.mark(name, &articles, &marking)?;
        self.changed();
        Ok(marked)
    }

    fn step(&self, step: Step, name: Option<ChangeId>) -> Result<Option<Marked>, Error> {
        let stepped = self.state.step(step, name)?;
        self.changed();
        Ok(stepped)
    }

    fn tally(&self, query: &Query, cancel: &Cancel) -> Result<Tally, Error> {
        let query = Query { hold: None, ..query.clone() };
        let clause = self.result(&query, cancel)?;
        Ok(Tally { articles: self.total(&clause, cancel)?, stories: None })
    }

    fn restore(&self, _: Vec<(Recognition, ReadingState)>) -> Result<(), Error> {
        self.cannot("marks cannot be brought to an index that another program made")
    }

    fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        self.state.keep_position(id.0, position)
    }

    fn kept(&self, name: &str) -> Result<Option<String>, Error> {
        self.state.kept(name)
    }

    fn keep(&self, name: &str, text: &str) -> Result<(), Error> {
        self.state.keep(name, text)
    }

    fn follow_folder(&self, _: &FollowedFolder) -> Result<(), Error> {
        self.cannot("an archive on a server follows no folders")
    }

    fn folders(&self) -> Result<Vec<FollowedFolder>, Error> {
        Ok(Vec::new())
    }

    fn sources(&self) -> Result<Vec<Source>, Error> {
        Ok(Vec::new())
    }

    fn add_source(&self, _: &str, _: &str, _: Option<&str>, _: &Wishes) -> Result<SourceId, Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn change_source(&self, _: SourceId, _: &Wishes) -> Result<(), Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn remove_source(&self, _: SourceId) -> Result<(), Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn claim_sources(
        &self,
        _: &[SourceId],
        _: i64,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error> {
        Ok(Vec::new())
    }

    fn hold_claims(&self, _: i64, _: DateTime<Utc>) -> Result<(), Error> {
        Ok(())
    }

    fn give_back(&self, _: i64) -> Result<(), Error> {
        Ok(())
    }

    fn record_standings(&self, _: &[(SourceId, Standing)]) -> Result<(), Error> {
        Ok(())
    }

    fn move_source(&self, _: SourceId, _: &str) -> Result<bool, Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn set_site(&self, _: SourceId, _: &str) -> Result<(), Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn name_source(&self, _: SourceId, _: &str) -> Result<String, Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn forget(&self, _: &str, _: DateTime<Utc>) -> Result<u64, Error> {
        Ok(0)
    }

    fn forget_beyond(&self, _: &str, _: u64) -> Result<u64, Error> {
        Ok(0)
    }

    fn matching(&self, query: &Query, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        let cancel = Cancel::new();
        let (sure, beyond) = self.split(&query.filter);
        let mut conditions =
            vec![self.clause(&sure, &cancel)?, self.these(&ids.iter().map(|id| id.0).collect())?];
        if !beyond.is_everything() {
            conditions.push(self.these(&self.analysed(&sure, &beyond, &cancel)?)?);
        }
        let clause = all(conditions);
        let list = List { sort: Sort::Date, words: &[], clause: &clause };
        let found = self.from(&list, None, ids.len(), false, &cancel)?;
        let found: Numbers = found.iter().map(|document| document.key.id.0).collect();
        Ok(ids.iter().copied().filter(|id| found.contains(&id.0)).collect())
    }

    fn empty_trash(&self, _: NaiveDate) -> Result<u64, Error> {
        self.cannot("an archive on a server has no trash to empty")
    }

    fn mark_new(&self, ids: &[ArticleId], marking: &Marking) -> Result<u64, Error> {
        let changed = self.state.add_to(&ids.iter().map(|id| id.0).collect(), marking)?;
        self.changed();
        Ok(changed)
    }

    fn recognised(&self, _: &[Recognition]) -> Result<Vec<ArticleId>, Error> {
        Ok(Vec::new())
    }
}

impl Foreign {
    fn sources_in(
        &self,
        field: &str,
        clause: &Value,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (value, count) in self.counted(field, clause, limit, cancel)? {
            *counts.entry(Form::shown_source(&value)).or_default() += count;
        }
        counts.remove("");
        let facets = counts.into_iter().map(|(name, count)| Facet { value: name.clone(), name, count });
        Ok(most_frequent(facets.collect(), limit))
    }

    fn languages_in(&self, field: &str, clause: &Value, cancel: &Cancel) -> Result<Vec<Facet>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (value, count) in self.counted(field, clause, ROWS, cancel)? {
            if let Some(code) = LanguageCode::read(&value) {
                *counts.entry(code.to_string()).or_default() += count;
            }
        }
        let facet = |(value, count): (String, u64)| {
            let name = LanguageCode::read(&value)?.name().to_owned();
            Some(Facet { name, value, count })
        };
        Ok(most_frequent(counts.into_iter().filter_map(facet).collect(), FACETS))
    }
}
