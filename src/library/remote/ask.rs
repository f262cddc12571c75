//! Questions to an archive: pages, days, quotes and single articles.
//!
//! In: queries of the language. Out: rows and counts, exact as those of a local library; `counts` counts names, `copies` folds copies of a story, and
//! `over` answers questions about time and single names. Everything that comes from the server is read as something that may be of any type.
//!
//! A page continues behind the last row by what it is sorted by (`search_after`), with the article's number as the last
//! part, and never by an offset. Over 600 lines because a page has six windows, and each is a few requests.

use super::clause::{self, Meanings, all, any, everything, terms};
use super::corrected::Corrected;
use super::layout::{self, Called, ROW, UNDATED, number, published, text};
use super::names::{Joined, Names, hits};
use super::server::TIMEOUT;
use super::several::searches;
use super::state::Numbers;
use super::{Hold, Remote};
use crate::annotation::{Analysis, Field, Kind, Least, QuoteKind};
use crate::article::{Article, ArticleId};
use crate::library::by_reading::threads::woven;
use crate::library::{Backend as _, Cancel, ChangeId, Error, Marked};
use crate::listing::chronicle::Grain;
use crate::listing::{
    Count, FacetKind, Key, Page, QuoteRow, Row, Sibling, Stored, Tally, TextOf, Validity, Window,
};
use crate::query::matching::holds;
use crate::query::{Filter, Mark, Names as Wanted, Query, QuoteTerm, Sort, Term};
use crate::text::{Span, fold};
use chrono::{DateTime, NaiveDate};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// The most rows of one request.
const ROWS: usize = 1_000;
/// The deepest place that a server reaches by an offset.
const DEEPEST: u64 = 10_000;
/// The most buckets of one aggregation that every engine makes.
pub const BUCKETS: usize = 60_000;
/// The most articles that a condition on quotes can list: ten times what one clause takes.
const QUOTING: usize = 655_360;
/// How many articles' quotes are asked for at a time.
const QUOTED: usize = 500;
/// How far from an article the others of its thread are looked for, in seconds, and in how many articles.
const AROUND: i64 = 10 * 86_400;
const WOVEN: usize = 2_000;
/// How long a thread that was woven, and what a name means, is remembered.
const WOVEN_FOR: Duration = Duration::from_secs(60);
/// How many whole articles are read at a time.
const LOADED: usize = 200;

/// How many nanoseconds it takes to count the facets of an article of a large result, until that is measured.
pub const PACE: u64 = 600;

/// What is told of a server whose pages do not go on.
const OUT_OF_ORDER: &str = "its answer is not in the order that was asked for";

/// One question with the token that gives it up. It remembers what it has asked for.
pub struct Asking<'a> {
    pub remote: &'a Remote,
    /// What the person says of names.
    pub corrected: Arc<Corrected>,
    pub cancel: &'a Cancel,
}

/// The order of a result, as a server takes it.
struct Order<'a> {
    sort: Sort,
    words: &'a [String],
}

impl Order<'_> {
    /// What a result is sorted by; `back` for the opposite order.
    fn fields(&self, back: bool) -> Value {
        let (down, up) = if back { ("asc", "desc") } else { ("desc", "asc") };
        match self.sort {
            Sort::Oldest => json!([{ "dated": down }, { "when": up }, { "num": up }]),
            Sort::Relevance if !self.words.is_empty() => {
                json!([{ "_score": down }, { "when": down }, { "num": down }])
            }
            Sort::Date | Sort::Relevance => json!([{ "when": down }, { "num": down }]),
        }
    }

    /// Whether what is sorted by `later` comes after what is sorted by `earlier`.
    fn follows(&self, back: bool, earlier: &Value, later: &Value) -> bool {
        let fields = self.fields(back);
        for (at, field) in fields.as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
            let down = field.as_object().is_some_and(|field| field.values().any(|way| way == "desc"));
            let (one, other) = (&earlier[at], &later[at]);
            let order = match (one.as_i64(), other.as_i64()) {
                (Some(one), Some(other)) => Some(one.cmp(&other)),
                _ => one.as_f64().zip(other.as_f64()).and_then(|(one, other)| one.partial_cmp(&other)),
            };
            match order {
                Some(Ordering::Equal) => {}
                Some(order) => return (order == Ordering::Greater) == down,
                None => return false,
            }
        }
        false
    }

    /// The place of an article in this order.
    fn place(&self, key: Key, score: f64) -> Value {
        let (when, num) = place_of(key);
        match self.sort {
            Sort::Oldest => json!([u8::from(key.published.is_some()), when, num]),
            Sort::Relevance if !self.words.is_empty() => json!([score, when, num]),
            Sort::Date | Sort::Relevance => json!([when, num]),
        }
    }

    /// The place directly before that of an article, so that what follows begins with the article itself.
    fn just_before(&self, key: Key, score: f64) -> Value {
        let step = if self.sort == Sort::Oldest { -1 } else { 1 };
        self.place(Key { id: ArticleId(key.id.0.saturating_add(step)), ..key }, score)
    }
}

fn place_of(key: Key) -> (i64, i64) {
    (key.published.map_or(UNDATED, |published| published.timestamp()), key.id.0)
}

/// The articles that come before one in the order by date.
fn newer(key: Key) -> Value {
    let (when, num) = place_of(key);
    any(vec![
        json!({ "range": { "when": { "gt": when } } }),
        all(vec![json!({ "term": { "when": when } }), json!({ "range": { "num": { "gt": num } } })]),
    ])
}

/// The articles that come before one in the order from the oldest.
fn older(key: Key) -> Value {
    let (when, num) = place_of(key);
    let earlier = any(vec![
        json!({ "range": { "when": { "lt": when } } }),
        all(vec![json!({ "term": { "when": when } }), json!({ "range": { "num": { "lt": num } } })]),
    ]);
    let dated = u8::from(key.published.is_some());
    any(vec![
        json!({ "range": { "dated": { "gt": dated } } }),
        all(vec![json!({ "term": { "dated": dated } }), earlier]),
    ])
}

impl Meanings for Asking<'_> {
    fn meant(&self, kinds: &[Kind], name: &str) -> Result<BTreeSet<Called>, Error> {
        let lock = || self.remote.meant.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = BTreeSet::new();
        let mut unknown = Vec::new();
        for kind in kinds {
            match lock().get(&(*kind, name.to_owned())) {
                Some((since, meant)) if since.elapsed() < WOVEN_FOR => all.extend(meant.iter().cloned()),
                _ => unknown.push(*kind),
            }
        }
        if unknown.is_empty() {
            return Ok(all);
        }
        let found = self.meant_anew(&unknown, name)?;
        let mut known = lock();
        if known.len() > ROWS {
            known.clear();
        }
        for (kind, meant) in found {
            all.extend(meant.iter().cloned());
            known.insert((kind, name.to_owned()), (Instant::now(), meant));
        }
        Ok(all)
    }

    /// The source with exactly this name, else all sources whose names contain it.
    fn sources(&self, names: &Wanted) -> Result<Vec<String>, Error> {
        self.sources_meant(names)
    }

    fn quoting(&self, quotes: &Value) -> Result<Vec<i64>, Error> {
        let mut found = Vec::new();
        let mut after: Option<Value> = None;
        loop {
            let before = after.clone();
            let mut composite =
                json!({ "size": DEEPEST, "sources": [{ "num": { "terms": { "field": "num" } } }] });
            if let Some(after) = after.take() {
                composite["after"] = after;
            }
            let body = json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": quotes,
                "aggs": { "a": { "composite": composite } }
            });
            let answer = self.search(&self.remote.quotes, &body)?;
            let list = &answer["aggregations"]["a"];
            let buckets = list["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
            found.extend(buckets.iter().filter_map(|bucket| number(&bucket["key"]["num"])));
            if found.len() > QUOTING {
                let reason =
                    format!("more than {QUOTING} articles have such a quote; add a word, a name or a date");
                return Err(self.remote.server.fault(reason));
            }
            match &list["after_key"] {
                key @ Value::Object(_) if before.as_ref() == Some(key) => {
                    return Err(self.remote.server.fault(OUT_OF_ORDER));
                }
                key @ Value::Object(_) if !buckets.is_empty() => after = Some(key.clone()),
                _ => return Ok(found),
            }
        }
    }

    fn marked(&self, what: &str) -> Result<Numbers, Error> {
        self.remote.state.with(what)
    }

    fn read(&self) -> Result<Value, Error> {
        let own = clause::of_numbers(&self.remote.state.read()?);
        let Some(swept) = self.swept()? else { return Ok(own) };
        let but = clause::not(&clause::of_numbers(&self.marked("unread")?));
        Ok(any(vec![own, all(vec![swept, but])]))
    }

    fn tags(&self) -> Result<BTreeMap<String, Numbers>, Error> {
        self.remote.state.tags()
    }

    /// A thread is woven from the articles of the days around: at most the newest of them.
    fn story(&self, id: ArticleId) -> Result<Numbers, Error> {
        let lock = || self.remote.woven.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, since, numbers)) = &*lock()
            && *of == id
            && since.elapsed() < WOVEN_FOR
        {
            return Ok(numbers.clone());
        }
        let numbers = self.weave(id)?;
        *lock() = Some((id, Instant::now(), numbers.clone()));
        Ok(numbers)
    }

    fn direct(&self) -> bool {
        self.remote.layout() > 1 && self.remote.least() == Least::default()
    }

    fn least(&self) -> Least {
        self.remote.least()
    }
}

impl<'a> Asking<'a> {
    /// The entities that a name means as a name of each kind, under all of their names.
    fn meant_anew(&self, kinds: &[Kind], name: &str) -> Result<Vec<(Kind, BTreeSet<Called>)>, Error> {
        let named = self.names().named(kinds, name)?;
        let is_alone = |kind: Kind| kind == Kind::Country && self.corrected.is_empty();
        let several = named.iter().filter(|(kind, _)| !is_alone(*kind));
        let joined = self.joined(&several.flat_map(|(_, named)| named).cloned().collect::<Vec<Called>>())?;
        let under_all = |(kind, named): (Kind, BTreeSet<Called>)| {
            if is_alone(kind) {
                return (kind, named);
            }
            // A body or a place that is taken for a person in some articles is asked for as either.
            let shown: BTreeSet<&Called> = named.iter().filter_map(|called| joined.shown(called)).collect();
            (kind, shown.into_iter().flat_map(|shown| joined.members(shown)).collect())
        };
        Ok(named.into_iter().map(under_all).collect())
    }

    /// The source with exactly this name, else all sources whose names contain it.
    fn sources_meant(&self, names: &Wanted) -> Result<Vec<String>, Error> {
        let known: Vec<String> = self.counted("source", &everything(), BUCKETS)?.into_keys().collect();
        let mut meant = BTreeSet::new();
        for name in names.iter() {
            let folded = fold::fold(name);
            let exact = known.iter().any(|source| fold::fold(source) == folded);
            let is_meant =
                |source: &&String| if exact { fold::fold(source) == folded } else { holds(source, name) };
            meant.extend(known.iter().filter(is_meant).cloned());
        }
        Ok(meant.into_iter().collect())
    }

    /// The articles of the thread of an article.
    fn weave(&self, id: ArticleId) -> Result<Numbers, Error> {
        let alone = || Ok(Numbers::from([id.0]));
        let Some(source) = self.document(id)? else { return alone() };
        let Some(time) = number(&source["when"]).filter(|when| *when > UNDATED) else { return alone() };
        let around = json!({ "gte": time.saturating_sub(AROUND), "lte": time.saturating_add(AROUND) });
        let clause = json!({ "range": { "when": around } });
        let list = List { asking: self, order: Order { sort: Sort::Date, words: &[] }, clause: &clause };
        let mut read: Vec<(i64, i64, Article, Analysis)> = Vec::new();
        let mut after: Option<Value> = None;
        while read.len() < WOVEN {
            let fields = json!(["num", "when", "title", "body", "language", "analysis", "engine"]);
            let found = list.search(after.as_ref(), QUOTED, false, &fields)?;
            let Some(last) = found.last() else { break };
            after = Some(last["sort"].clone());
            read.extend(found.iter().filter_map(|hit| {
                let (key, source) = key_of(hit)?;
                let (article, analysis, _) = layout::read(source);
                Some((key.published?.timestamp(), key.id.0, article, analysis.unwrap_or_default()))
            }));
            if found.len() < QUOTED {
                break;
            }
        }
        read.sort_by_key(|(time, number, ..)| (*time, *number));
        let items = (0u32..).zip(&read);
        let items =
            items.map(|(place, (time, _, article, analysis))| (place, None, *time, article, analysis));
        let woven = woven(items);
        let number_at = |place: u32| read.get(place as usize).map(|(_, number, ..)| *number);
        let own = woven.iter().find(|(place, _)| number_at(*place) == Some(id.0)).map(|(_, thread)| *thread);
        let Some(own) = own else { return alone() };
        Ok(woven
            .iter()
            .filter(|(_, thread)| *thread == own)
            .filter_map(|(place, _)| number_at(*place))
            .collect())
    }

    pub fn names(&self) -> Names<'_> {
        Names {
            server: &self.remote.server,
            index: &self.remote.names,
            corrected: &self.corrected,
            cancel: self.cancel,
        }
    }

    /// Which names some names are one with.
    pub fn joined(&self, names: &[Called]) -> Result<Arc<Joined>, Error> {
        self.remote.joined(names, self.cancel)
    }

    pub fn search(&self, index: &str, body: &Value) -> Result<Value, Error> {
        self.cancel.check()?;
        self.remote.server.ask("POST", &format!("{index}/_search"), Some(body), self.cancel)
    }

    /// Several searches of the articles in one request.
    pub fn searches(&self, bodies: &[Value]) -> Result<Vec<Value>, Error> {
        searches(&self.remote.server, &self.remote.articles, bodies, self.cancel)
    }

    /// The query for the articles that a query lists, with those that its hold has listed.
    pub fn result(&self, query: &Query) -> Result<Value, Error> {
        let matching = self.in_sight(&query.filter)?;
        let held = self.held(query);
        Ok(if held.is_empty() { matching } else { any(vec![matching, clause::of_numbers(&held)]) })
    }

    /// The articles that match, without those that are hidden or in the trash unless the filter asks for these.
    fn in_sight(&self, filter: &Filter) -> Result<Value, Error> {
        let matching = clause::of_filter(&filter.decided(), self)?;
        let away = self.remote.state.out_of_sight(filter)?;
        Ok(if away.is_empty() {
            matching
        } else {
            all(vec![matching, clause::not(&clause::of_numbers(&away))])
        })
    }

    /// Those of some articles that match, whether they are out of sight or not.
    pub fn matching(&self, query: &Query, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        let numbers: Numbers = ids.iter().map(|id| id.0).collect();
        let matching = clause::of_filter(&query.filter.decided(), self)?;
        let found = self.among(&matching, &numbers)?;
        Ok(ids.iter().copied().filter(|id| found.contains(&id.0)).collect())
    }

    /// The articles that came until the moment until which everything is read, where there is one.
    fn swept(&self) -> Result<Option<Value>, Error> {
        let until = self.remote.state.swept()?;
        Ok(until.map(|until| json!({ "range": { "added": { "lte": until } } })))
    }

    /// Those of some articles that came until the moment until which everything is read.
    pub fn swept_of(&self, articles: &Numbers) -> Result<Numbers, Error> {
        match self.swept()? {
            Some(swept) => self.among(&swept, articles),
            None => Ok(Numbers::new()),
        }
    }

    /// Marks a result as read if it is everything, and so much that its articles are not listed one by one: everything is
    /// read then that came until now. At most `few` articles are listed.
    pub fn sweep(&self, name: Option<ChangeId>, query: &Query, few: usize) -> Result<Option<Marked>, Error> {
        let filter = query.filter.decided();
        let is_all = filter.is_everything() || matches!(filter, Filter::Term(Term::Is(Mark::Unread)));
        if !is_all || self.remote.layout() < 2 {
            return Ok(None);
        }
        let unread = clause::not(&self.read()?);
        let away = self.remote.state.out_of_sight(&filter)?;
        let seen = if away.is_empty() { everything() } else { clause::not(&clause::of_numbers(&away)) };
        let answers = self.searches(&[Asking::count_of(&all(vec![unread.clone(), seen]))])?;
        let count = answers.first().map_or(0, total);
        if count <= few as u64 {
            return Ok(None);
        }
        let away = self.among(&unread, &away)?;
        let until = self.last_added()?.0;
        Ok(Some(self.remote.state.sweep(name, until, &away, count)?))
    }

    /// Those of some articles that are there.
    pub fn here(&self, ids: &[ArticleId]) -> Result<Numbers, Error> {
        self.among(&everything(), &ids.iter().map(|id| id.0).collect())
    }

    /// Those of some articles that match a clause.
    pub fn among(&self, clause: &Value, numbers: &Numbers) -> Result<Numbers, Error> {
        let mut found = Numbers::new();
        let numbers: Vec<i64> = numbers.iter().copied().collect();
        for piece in numbers.chunks(ROWS) {
            let these = all(vec![clause.clone(), terms("num", piece)]);
            let body = json!({
                "size": piece.len(), "timeout": TIMEOUT, "track_total_hits": false, "_source": false,
                "docvalue_fields": ["num"], "query": these
            });
            let answer = self.search(&self.remote.articles, &body)?;
            found.extend(hits(&answer).filter_map(|hit| number(&hit["fields"]["num"])));
        }
        Ok(found)
    }

    fn held(&self, query: &Query) -> Numbers {
        let Some(hold) = query.hold.filter(|_| query.filter.asks_for_marks()) else { return Numbers::new() };
        let held = self.remote.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(&hold).cloned().unwrap_or_default()
    }

    fn hold(&self, query: &Query, rows: &[Row]) {
        let Some(hold) = query.hold.filter(|_| query.filter.asks_for_marks()) else { return };
        let mut held = self.remote.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.entry(hold).or_default().extend(rows.iter().map(|row| row.key.id.0));
    }

    /// The body of a search that only counts.
    pub fn count_of(query: &Value) -> Value {
        json!({ "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "query": query })
    }

    /// See `Backend::tally`.
    pub fn tally(&self, query: &Query) -> Result<Tally, Error> {
        let clause = self.result(query)?;
        let fold = self.fold_rows(query, &clause)?;
        if fold.is_plain() {
            let articles = total(&self.searches(&[Asking::count_of(&clause)])?[0]);
            let stories = (query.grouping.folds_copies()).then_some(articles);
            return Ok(Tally { articles, stories });
        }
        let answers = self.searches(&[Asking::count_of(&clause), Asking::count_of(&fold.shown)])?;
        Ok(Tally { articles: total(&answers[0]), stories: Some(total(&answers[1])) })
    }

    /// How many rows each of some results has.
    pub fn rows_of(&self, queries: &[Query]) -> Result<Vec<u64>, Error> {
        let mut bodies = Vec::with_capacity(queries.len());
        for query in queries {
            let clause = self.result(query)?;
            bodies.push(Asking::count_of(&self.fold_rows(query, &clause)?.shown));
        }
        if bodies.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.searches(&bodies)?.iter().map(total).collect())
    }

    /// When the article came that came last; 0 where that is not known.
    pub fn last_added(&self) -> Result<ArticleId, Error> {
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": everything(),
            "aggs": { "n": { "max": { "field": "added" } } }
        });
        let answers = self.searches(&[body])?;
        let last = answers[0]["aggregations"]["n"]["value"].as_f64().unwrap_or(0.0);
        Ok(ArticleId(last as i64))
    }

    // Pages.

    /// See `Backend::page`.
    pub fn page(&self, query: &Query, window: Window) -> Result<Page, Error> {
        let clause = self.result(query)?;
        let words = match query.sort {
            Sort::Relevance => query.filter.words_wanted(),
            Sort::Date | Sort::Oldest => Vec::new(),
        };
        let fold = self.fold_rows(query, &clause)?;
        let order = Order { sort: query.sort, words: &words };
        let list = List { asking: self, order, clause: &fold.shown };
        let (rows, offset, total) = list.window(window)?;
        let mut rows = self.rows(rows)?;
        if !fold.is_plain() && !rows.is_empty() {
            let numbers: Vec<i64> = rows.iter().map(|row| row.key.id.0).collect();
            let copies = self.copies_of(&fold, &clause, &numbers)?;
            rows.iter_mut().for_each(|row| row.copies = copies.get(&row.key.id.0).copied().unwrap_or(0));
        }
        if !self.held(query).is_empty() {
            let numbers: Numbers = rows.iter().map(|row| row.key.id.0).collect();
            let still = self.among(&self.in_sight(&query.filter)?, &numbers)?;
            rows.iter_mut().for_each(|row| row.gone = !still.contains(&row.key.id.0));
        }
        self.hold(query, &rows);
        Ok(Page { rows, offset, total: Count::Exactly(total) })
    }

    /// Rows from hits.
    fn rows(&self, hits: Vec<Value>) -> Result<Vec<Row>, Error> {
        hits.iter()
            .filter_map(key_of)
            .map(|(key, source)| {
                let (read, starred, _) = self.remote.state.of(key.id.0, number(&source["added"]))?;
                Ok(Row {
                    key,
                    source: layout::line(&source["source"]).unwrap_or_default(),
                    title: layout::line(&source["head"]).unwrap_or_default(),
                    read,
                    starred,
                    copies: 0,
                    gone: false,
                })
            })
            .collect()
    }

    // Counts.

    /// See `Backend::timeline`.
    pub fn timeline(&self, query: &Query) -> Result<Vec<(NaiveDate, u64)>, Error> {
        let days = self.bins(query, Grain::Day)?;
        let day =
            |(start, count): (i64, u64)| Some((DateTime::from_timestamp(start, 0)?.date_naive(), count));
        Ok(days.into_iter().filter_map(day).filter(|(_, count)| *count > 0).collect())
    }

    // Quotes.

    /// See `Backend::quotes`.
    pub fn quotes(&self, query: &Query, limit: usize) -> Result<Vec<QuoteRow>, Error> {
        let mut wanted: Vec<QuoteTerm> = Vec::new();
        query.filter.each_wanted(&mut |term| {
            if let Term::Quote(quote) = term {
                wanted.push(quote.clone());
            }
        });
        let fitting: Result<Vec<Value>, Error> =
            wanted.iter().map(|quote| clause::of_quote(quote, self)).collect();
        let fitting = if wanted.is_empty() { everything() } else { any(fitting?) };
        let whole = match &query.filter {
            filter if filter.is_everything() => true,
            Filter::Term(Term::Quote(_)) => true,
            _ => false,
        };
        if whole && query.sort == Sort::Date {
            return self.newest_quotes(&fitting, limit);
        }
        // Conditions on the articles: their quotes are asked for in the order of the articles.
        let clause = all(vec![self.result(query)?, json!({ "range": { "quotes": { "gte": 1 } } })]);
        let words = match query.sort {
            Sort::Relevance => query.filter.words_wanted(),
            Sort::Date | Sort::Oldest => Vec::new(),
        };
        let list = List { asking: self, order: Order { sort: query.sort, words: &words }, clause: &clause };
        let mut rows = Vec::new();
        let mut after: Option<Value> = None;
        while rows.len() < limit {
            let articles = list.search(after.as_ref(), QUOTED, false, &json!(["num", "when"]))?;
            let Some(last) = articles.last() else { break };
            after = Some(last["sort"].clone());
            let numbers: Vec<i64> = articles.iter().filter_map(|hit| Some(key_of(hit)?.0.id.0)).collect();
            let of_these = all(vec![fitting.clone(), terms("num", &numbers)]);
            let mut found: HashMap<i64, Vec<QuoteRow>> = HashMap::new();
            for row in self.newest_quotes(&of_these, usize::MAX)? {
                found.entry(row.key.id.0).or_default().push(row);
            }
            rows.extend(numbers.iter().filter_map(|number| found.remove(number)).flatten());
            if articles.len() < QUOTED {
                break;
            }
        }
        rows.truncate(limit);
        Ok(rows)
    }

    /// The quotes that match a query of their index, newest article first.
    fn newest_quotes(&self, fitting: &Value, limit: usize) -> Result<Vec<QuoteRow>, Error> {
        let mut rows = Vec::new();
        let mut after: Option<Value> = None;
        while rows.len() < limit {
            let size = (limit - rows.len()).min(ROWS);
            let mut body = json!({
                "size": size, "timeout": TIMEOUT, "track_total_hits": false, "query": fitting,
                "_source": ["num", "when", "source", "title", "kind", "field", "start", "end", "text", "speaker", "person", "confidence"],
                "sort": [{ "when": "desc" }, { "num": "desc" }, { "place": "asc" }]
            });
            if let Some(after) = after.take() {
                body["search_after"] = after;
            }
            let before = body["search_after"].clone();
            let answer = self.search(&self.remote.quotes, &body)?;
            let mut count = 0;
            for hit in hits(&answer) {
                count += 1;
                after = Some(hit["sort"].clone());
                rows.extend(self.quote_row(hit));
            }
            if count < size || after.as_ref().is_none_or(|after| !after.is_array()) {
                break;
            }
            if after.as_ref() == Some(&before) {
                return Err(self.remote.server.fault(OUT_OF_ORDER));
            }
        }
        Ok(rows)
    }

    fn quote_row(&self, hit: &Value) -> Option<QuoteRow> {
        let (key, source) = key_of(hit)?;
        let at = |field: &str| number(&source[field]).and_then(|at| usize::try_from(at).ok());
        let (start, end) = (at("start")?, at("end")?);
        let least = self.remote.least();
        let least = if source["person"] == true { least.person } else { least.other };
        let sure = number(&source["confidence"]).unwrap_or(0) >= i64::from(least);
        Some(QuoteRow {
            key,
            source: layout::line(&source["source"]).unwrap_or_default(),
            title: layout::line(&source["title"]).unwrap_or_default(),
            kind: serde_json::from_value(source["kind"].clone()).unwrap_or(QuoteKind::Direct),
            field: serde_json::from_value(source["field"].clone()).unwrap_or(Field::Body),
            span: Span::new(start.min(end), end),
            text: text(&source["text"]).map(|text| crate::text::clean::clean_body(&text))?,
            speaker: layout::line(&source["speaker"])
                .filter(|_| sure)
                .map(|speaker| self.corrected.renamed(speaker)),
        })
    }

    // Single articles.

    /// The document of an article, without its words.
    pub fn document(&self, id: ArticleId) -> Result<Option<Value>, Error> {
        let body = json!({ "size": 1, "timeout": TIMEOUT, "track_total_hits": false, "query": { "term": { "num": id.0 } } });
        let answer = self.search(&self.remote.articles, &body)?;
        Ok(hits(&answer).next().map(|hit| hit["_source"].clone()))
    }

    /// See `Backend::load`.
    pub fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        let Some(source) = self.document(id)? else { return Ok(None) };
        self.stored(id, &source, self.siblings_of(&[(id.0, &source)])?.remove(&id.0)).map(Some)
    }

    /// See `Backend::load_all`.
    pub fn load_all(&self, ids: &[ArticleId]) -> Result<Vec<Stored>, Error> {
        let mut found: HashMap<i64, Stored> = HashMap::new();
        for piece in ids.chunks(LOADED) {
            let numbers: Vec<i64> = piece.iter().map(|id| id.0).collect();
            let body = json!({
                "size": piece.len(), "timeout": TIMEOUT, "track_total_hits": false, "query": terms("num", &numbers)
            });
            let answer = self.search(&self.remote.articles, &body)?;
            let sources: Vec<(i64, &Value)> = hits(&answer)
                .filter_map(|hit| Some((number(&hit["_source"]["num"])?, &hit["_source"])))
                .collect();
            let mut siblings = self.siblings_of(&sources)?;
            for (number, source) in sources {
                let stored = self.stored(ArticleId(number), source, siblings.remove(&number))?;
                found.insert(number, stored);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(&id.0)).collect())
    }

    /// The other articles that tell the stories of some articles, oldest first, by the numbers of these.
    fn siblings_of(&self, of: &[(i64, &Value)]) -> Result<HashMap<i64, Vec<Sibling>>, Error> {
        let mut siblings: HashMap<i64, Vec<Sibling>> = HashMap::new();
        if self.remote.layout() < 2 {
            return Ok(siblings);
        }
        let story = |source: &Value, own: i64| number(&source["story"]).unwrap_or(own);
        let stories: Vec<i64> = of.iter().map(|(own, source)| story(source, *own)).collect();
        let away = self.remote.state.out_of_sight(&Filter::All(Vec::new()))?;
        let body = json!({
            "size": DEEPEST.min(20 * stories.len() as u64), "timeout": TIMEOUT, "track_total_hits": false,
            "_source": ["num", "when", "head", "source", "story"], "query": terms("story", &stories),
            "sort": [{ "when": "desc" }, { "num": "desc" }]
        });
        let answer = self.search(&self.remote.articles, &body)?;
        let mut told: BTreeMap<i64, Vec<Sibling>> = BTreeMap::new();
        for hit in hits(&answer) {
            let Some((key, source)) = key_of(hit).filter(|(key, _)| !away.contains(&key.id.0)) else {
                continue;
            };
            let sibling = Sibling {
                key,
                source: layout::line(&source["source"]).unwrap_or_default(),
                title: layout::line(&source["head"]).unwrap_or_default(),
            };
            told.entry(story(source, key.id.0)).or_default().push(sibling);
        }
        for (own, source) in of {
            let others = told.get(&story(source, *own)).into_iter().flatten();
            let mut others: Vec<Sibling> =
                others.filter(|sibling| sibling.key.id.0 != *own).cloned().collect();
            others.sort_by_key(|sibling| (sibling.key.published, sibling.key.id));
            siblings.insert(*own, others);
        }
        Ok(siblings)
    }

    fn stored(&self, id: ArticleId, source: &Value, copies: Option<Vec<Sibling>>) -> Result<Stored, Error> {
        let (article, analysis, engine) = layout::read(source);
        let validity = match &analysis {
            None => Validity::Missing,
            Some(_) if engine < u64::from(crate::annotation::ENGINE_VERSION) => Validity::Outdated,
            Some(_) => Validity::Current,
        };
        let mut analysis: Analysis = analysis.unwrap_or_default();
        if let Some(correct) = self.remote.correct.filter(|_| !self.corrected.is_empty()) {
            analysis = correct(&self.corrected.corrections, &article, analysis);
        }
        analysis.stand_by(self.remote.least());
        let (read, starred, tags) = self.remote.state.of(id.0, number(&source["added"]))?;
        let position = self.remote.state.position(id.0)?;
        let (text, thread) = (TextOf::Source, None);
        let copies = copies.unwrap_or_default();
        Ok(Stored { id, article, analysis, validity, read, starred, tags, position, text, copies, thread })
    }

    /// The ids of a result in the order of its dates, at most `limit`, and whether there are more.
    pub fn ids(&self, query: &Query, limit: usize) -> Result<(Vec<ArticleId>, bool), Error> {
        let clause = self.result(query)?;
        let list = List { asking: self, order: Order { sort: Sort::Date, words: &[] }, clause: &clause };
        let mut ids: Vec<ArticleId> = Vec::new();
        let mut after: Option<Value> = None;
        while ids.len() <= limit {
            let size = (DEEPEST as usize).min(limit.saturating_sub(ids.len()).saturating_add(1));
            let found = list.search(after.as_ref(), size, false, &Value::Bool(false))?;
            ids.extend(found.iter().filter_map(|hit| number(&hit["sort"][1])).map(ArticleId));
            match found.last() {
                Some(last) if found.len() == size => after = Some(last["sort"].clone()),
                _ => return Ok((ids, false)),
            }
        }
        let more = ids.len() > limit;
        ids.truncate(limit);
        Ok((ids, more))
    }

    /// How many articles have each of some names.
    pub fn count_named(&self, names: &[(Kind, String)]) -> Result<Vec<u64>, Error> {
        let conditions: Result<Vec<Value>, Error> =
            names.iter().map(|(kind, value)| self.having(FacetKind::Entity(*kind), value)).collect();
        let counts = self.counts_of(&everything(), &conditions?)?;
        Ok(counts.into_iter().map(|count| count.max(1)).collect())
    }

    /// The numbers of all articles of a result.
    pub fn numbers(&self, query: &Query) -> Result<Numbers, Error> {
        Ok(self.ids(query, usize::MAX)?.0.into_iter().map(|id| id.0).collect())
    }
}

/// How many documents a search found.
pub fn total(answer: &Value) -> u64 {
    answer["hits"]["total"]["value"].as_u64().unwrap_or(0)
}

/// The key of a hit, and its source.
pub fn key_of(hit: &Value) -> Option<(Key, &Value)> {
    let source = &hit["_source"];
    let id = ArticleId(number(&source["num"])?);
    Some((Key { published: number(&source["when"]).and_then(published), id }, source))
}

/// One result in one order.
struct List<'a> {
    asking: &'a Asking<'a>,
    order: Order<'a>,
    clause: &'a Value,
}

impl List<'_> {
    /// The query, with points for its words where they are the order: two for each that the title has, one for each that
    /// the article has three times.
    fn query(&self, clause: &Value) -> Value {
        if self.order.words.is_empty() || self.order.sort != Sort::Relevance {
            return clause.clone();
        }
        let points = self.order.words.iter().flat_map(|word| {
            let of = |field: &str, boost: f64| {
                json!({ "constant_score": { "filter": { "term": { field: { "value": word } } }, "boost": boost } })
            };
            [of("title_words", 2.0), of("strong", 1.0)]
        });
        json!({ "bool": { "filter": [clause], "should": points.collect::<Vec<_>>(), "minimum_should_match": 0 } })
    }

    fn body(&self, after: Option<&Value>, size: usize, back: bool, source: &Value) -> Value {
        let mut body = json!({
            "size": size, "timeout": TIMEOUT, "track_total_hits": false, "_source": source,
            "query": self.query(self.clause), "sort": self.order.fields(back)
        });
        if let Some(after) = after {
            body["search_after"] = after.clone();
        }
        body
    }

    /// Up to `size` hits behind a place, in this order or, with `back`, in the opposite one.
    fn search(
        &self,
        after: Option<&Value>,
        size: usize,
        back: bool,
        source: &Value,
    ) -> Result<Vec<Value>, Error> {
        let answers = self.asking.searches(&[self.body(after, size, back, source)])?;
        let found: Vec<Value> =
            answers.first().map(|answer| hits(answer).cloned().collect()).unwrap_or_default();
        let mut last = after;
        for hit in &found {
            // A server that does not go on would be asked for ever.
            if last.is_some_and(|last| !self.order.follows(back, last, &hit["sort"])) {
                return Err(self.asking.remote.server.fault(OUT_OF_ORDER));
            }
            last = Some(&hit["sort"]);
        }
        Ok(found)
    }

    /// The same, however large `limit` is.
    fn from(&self, after: Option<Value>, limit: usize, back: bool) -> Result<Vec<Value>, Error> {
        let mut found: Vec<Value> = Vec::new();
        let mut after = after;
        while found.len() < limit {
            let size = (limit - found.len()).min(ROWS);
            let more = self.search(after.as_ref(), size, back, &json!(ROW))?;
            let count = more.len();
            after = more.last().map(|hit| hit["sort"].clone());
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

    fn total(&self) -> Result<u64, Error> {
        Ok(total(&self.asking.searches(&[Asking::count_of(self.clause)])?[0]))
    }

    /// The points of an article, and whether it is in the result.
    fn score(&self, key: Key) -> Result<(f64, bool), Error> {
        let (when, num) = place_of(key);
        let one = all(vec![
            self.clause.clone(),
            json!({ "term": { "num": num } }),
            json!({ "term": { "when": when } }),
        ]);
        let body = json!({ "size": 1, "_source": false, "track_total_hits": true, "track_scores": true, "query": self.query(&one) });
        let answers = self.asking.searches(&[body])?;
        let score = hits(&answers[0]).next().and_then(|hit| hit["_score"].as_f64());
        Ok((score.unwrap_or(0.0), total(&answers[0]) > 0))
    }

    /// How many articles of the result come before one.
    fn before(&self, key: Key, score: f64) -> Result<u64, Error> {
        let clause = |before: Value| all(vec![self.clause.clone(), before]);
        let counts = match self.order.sort {
            Sort::Relevance if !self.order.words.is_empty() => {
                let at_least = |clause: &Value, least: f64| {
                    let mut body = Asking::count_of(&self.query(clause));
                    body["min_score"] = json!(least);
                    body
                };
                // Those with more points; and those before it by date with as many, which are those with at least as
                // many without those with more.
                let newer = clause(newer(key));
                vec![
                    at_least(self.clause, score + 0.5),
                    at_least(&newer, score - 0.5),
                    at_least(&newer, score + 0.5),
                ]
            }
            Sort::Oldest => vec![Asking::count_of(&clause(older(key)))],
            Sort::Date | Sort::Relevance => vec![Asking::count_of(&clause(newer(key)))],
        };
        let counts: Vec<u64> = self.asking.searches(&counts)?.iter().map(total).collect();
        Ok(match counts[..] {
            [more, as_many, too_many] => more + as_many.saturating_sub(too_many),
            [count] => count,
            _ => 0,
        })
    }

    /// The hits of a window, how many precede the first, and how many there are.
    fn window(&self, window: Window) -> Result<(Vec<Value>, u64, u64), Error> {
        let order = &self.order;
        match window {
            Window::First { limit } => {
                let first = self.body(None, limit.min(ROWS), false, &json!(ROW));
                let answers = self.asking.searches(&[first, Asking::count_of(self.clause)])?;
                let mut rows: Vec<Value> = hits(&answers[0]).cloned().collect();
                if rows.len() == ROWS && limit > ROWS {
                    let after = rows.last().map(|hit| hit["sort"].clone());
                    rows.extend(self.from(after, limit - ROWS, false)?);
                }
                Ok((rows, 0, total(&answers[1])))
            }
            Window::Last { limit } => {
                let rows = if limit == 0 { Vec::new() } else { self.from(None, limit, true)? };
                let total = self.total()?;
                let offset = total.saturating_sub(rows.len() as u64);
                Ok((rows, offset, total))
            }
            Window::After { key, limit } => {
                let (score, there) = self.score(key)?;
                let rows = self.from(Some(order.place(key, score)), limit, false)?;
                Ok((rows, self.before(key, score)? + u64::from(there), self.total()?))
            }
            Window::Before { key, limit } => {
                let (score, _) = self.score(key)?;
                let rows = self.from(Some(order.place(key, score)), limit, true)?;
                let offset = self.before(key, score)?.saturating_sub(rows.len() as u64);
                Ok((rows, offset, self.total()?))
            }
            Window::Around { key, before, after } => {
                let (score, _) = self.score(key)?;
                let mut rows = self.from(Some(order.place(key, score)), before, true)?;
                let offset = self.before(key, score)?.saturating_sub(rows.len() as u64);
                rows.extend(self.from(
                    Some(order.just_before(key, score)),
                    after.saturating_add(1),
                    false,
                )?);
                Ok((rows, offset, self.total()?))
            }
            Window::Row { row, before, after } => {
                let total = self.total()?;
                let at = row.min(total.saturating_sub(1));
                let start = at.saturating_sub(before as u64);
                let end = at.saturating_add(after as u64).saturating_add(1).min(total);
                Ok((self.slice(start, end, total)?, start, total))
            }
        }
    }

    /// The rows `start..end` of `total`.
    fn slice(&self, start: u64, end: u64, total: u64) -> Result<Vec<Value>, Error> {
        let limit = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let back = total - end < start;
        let skip = if back { total - end } else { start };
        if skip + limit as u64 <= DEEPEST {
            let mut body = self.body(None, limit, back, &json!(ROW));
            body["from"] = json!(skip);
            let answers = self.asking.searches(&[body])?;
            let mut rows: Vec<Value> = hits(&answers[0]).cloned().collect();
            if back {
                rows.reverse();
            }
            return Ok(rows);
        }
        // Deeper than an offset reaches: in steps that carry no text, from the nearer end.
        let mut left = skip;
        let mut after: Option<Value> = None;
        while left > 0 {
            let found = self.search(after.as_ref(), left.min(DEEPEST) as usize, back, &Value::Bool(false))?;
            let Some(last) = found.last() else { break };
            after = Some(last["sort"].clone());
            left -= (found.len() as u64).min(left);
        }
        self.from(after, limit, back)
    }
}

/// The results that were listed under each hold.
pub type Held = HashMap<Hold, Numbers>;
