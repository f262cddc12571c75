//! Questions to an archive about time and about single names: each is a few aggregations, however many articles there are.
//!
//! In: queries, bins, names. Out: what `Backend::chronicle`, `over_time`, `tell`, `details`, `forms`, `named_as` and
//! `count_names` say. A name is counted under all names that are one with it. What an archive of layout 1 does not hold (who
//! speaks in an article, how it describes people) is answered from its index of quotes, or is left out.
//!
//! The file has over 600 lines because these questions share how a name is asked for and how bins are read.

use super::ask::{Asking, key_of, total};
use super::clause::{self, Meanings, all, everything, mentioning, terms};
use super::layout::{self, Called, TOLD, field_of, number};
use super::names::{buckets, hits};
use super::server::TIMEOUT;
use super::state::Numbers;
use crate::annotation::{CountryCode, Kind};
use crate::library::Error;
use crate::library::backend::{POOL, most_frequent};
use crate::listing::chronicle::{
    Apart, Bin, Chronicle, Grain, Headline, LEAST, NEIGHBOURS, Telling, fitting, log_likelihood,
};
use crate::listing::profile::{NameDetail, PIECES};
use crate::listing::{Facet, FacetKind};
use crate::query::complete::Role;
use crate::query::{Grouping, Query};
use crate::text::fold;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// The descriptions of one name that are returned at most, of how many that are counted.
const DESCRIPTIONS: usize = 5;
const COUNTED: usize = 300;
/// The longest regular expression that every engine takes is a thousand characters long.
const EXPRESSION: usize = 900;
/// The persons that are told of a country.
const LED: usize = 3;
/// The names of a bin that are looked at, of each kind, and those that are told.
const LOOKED_AT: usize = 60;
const TELLS: usize = 6;
/// The most bins that are told at a time.
const BINS: usize = 400;
/// The articles of a bin, those with most of what sets it apart, among which its headline is found.
const HEADLINES: usize = 20;
/// More names than this are counted roughly (`cardinality`).
const EXACT: usize = 50_000;
/// How many searches one request has.
const SEARCHES: usize = 20;

/// What a person's name is separated by from the other names of the same person, in the value of a facet.
const SEPARATOR: char = '|';

impl Asking<'_> {
    /// Several searches, some in each request.
    fn many(&self, bodies: &[Value]) -> Result<Vec<Value>, Error> {
        let mut answers = Vec::with_capacity(bodies.len());
        for piece in bodies.chunks(SEARCHES) {
            answers.extend(self.searches(piece)?);
        }
        Ok(answers)
    }

    /// The names that are shown as one under a facet's value.
    fn called(&self, kind: Kind, value: &str) -> Result<Vec<Called>, Error> {
        if kind == Kind::Country {
            let code = CountryCode::new(value);
            let country = code.map_or_else(|| Called { kind, key: value.to_owned() }, Called::country);
            return match self.corrected.is_empty() {
                true => Ok(vec![country]),
                false => Ok(self.joined(std::slice::from_ref(&country))?.members(&country)),
            };
        }
        let names: Vec<&str> = match kind {
            Kind::Person => value.split(SEPARATOR).collect(),
            _ => vec![value],
        };
        let named: Vec<Called> =
            names.into_iter().map(|name| Called { kind, key: layout::folded(name) }).collect();
        let joined = self.joined(&named)?;
        let members: BTreeSet<Called> = named
            .iter()
            .filter_map(|called| joined.shown(called))
            .flat_map(|shown| joined.members(shown))
            .collect();
        Ok(members.into_iter().collect())
    }

    /// The articles that have a facet.
    pub fn having(&self, kind: FacetKind, value: &str) -> Result<Value, Error> {
        Ok(match kind {
            FacetKind::Entity(kind) => mentioning(&self.called(kind, value)?),
            FacetKind::Source => terms("source", &[value]),
            FacetKind::Language => terms("language", &[value]),
            FacetKind::Tag => {
                let tags = self.remote.state.tags()?;
                clause::of_numbers(tags.get(value).unwrap_or(&Numbers::new()))
            }
        })
    }

    /// All articles of a result, without those that a hold adds.
    fn unheld(&self, query: &Query) -> Result<Value, Error> {
        self.result(&Query { hold: None, ..query.clone() })
    }

    // Time.

    fn histogram(clause: &Value, grain: Grain) -> Value {
        json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
            "query": all(vec![clause.clone(), json!({ "term": { "dated": 1 } })]),
            "aggs": { "d": { "date_histogram": {
                "field": "published", "calendar_interval": grain.name(), "min_doc_count": 1
            } } }
        })
    }

    fn binned(answer: &Value) -> BTreeMap<i64, u64> {
        let buckets =
            answer["aggregations"]["d"]["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
        let bin =
            |bucket: &Value| Some((number(&bucket["key"])?.div_euclid(1_000), bucket["doc_count"].as_u64()?));
        buckets.iter().filter_map(bin).collect()
    }

    /// How many articles with a date are in each bin, by its start; copies are counted once a bin, where they are folded.
    pub fn bins(&self, query: &Query, grain: Grain) -> Result<BTreeMap<i64, u64>, Error> {
        let clause = self.result(query)?;
        let fold = self.fold(query, &clause)?;
        let of = |clause: &Value| -> Result<BTreeMap<i64, u64>, Error> {
            Ok(self
                .searches(&[Asking::histogram(clause, grain)])?
                .first()
                .map(Asking::binned)
                .unwrap_or_default())
        };
        let Some(twice) = fold.twice_in(|when| grain.start(when)) else { return of(&fold.shown) };
        let mut bins = of(&clause)?;
        for (start, twice) in twice {
            bins.entry(start).and_modify(|count| *count = count.saturating_sub(twice));
        }
        Ok(bins)
    }

    /// See `Backend::chronicle`.
    pub fn chronicle(&self, query: &Query, grain: Option<Grain>, fits: usize) -> Result<Chronicle, Error> {
        let days = match grain {
            Some(grain) => (grain, self.bins(query, grain)?),
            None => {
                let days = self.bins(query, Grain::Day)?;
                let starts: Vec<i64> = days.keys().copied().collect();
                match fitting(&starts, fits) {
                    Grain::Day if starts.len() <= 2 => {
                        let hours = self.bins(query, Grain::Hour)?;
                        let some = hours.len() > starts.len() + 1 && hours.len() <= fits.saturating_mul(2);
                        if some { (Grain::Hour, hours) } else { (Grain::Day, days) }
                    }
                    Grain::Day => (Grain::Day, days),
                    grain => (grain, self.bins(query, grain)?),
                }
            }
        };
        let (grain, bins) = days;
        let bins = bins.into_iter().filter(|(_, count)| *count > 0);
        Ok(Chronicle { grain, bins: bins.map(|(start, count)| Bin { start, count }).collect() })
    }

    /// See `Backend::over_time`.
    pub fn over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: FacetKind,
        values: &[String],
    ) -> Result<Vec<Vec<u32>>, Error> {
        let clause = self.unheld(query)?;
        let mut bodies = Vec::with_capacity(values.len());
        for value in values {
            let having = all(vec![clause.clone(), self.having(kind, value)?]);
            bodies.push(Asking::histogram(&having, chronicle.grain));
        }
        let row = |answer: &Value| {
            let bins = Asking::binned(answer);
            let count = |bin: &Bin| bins.get(&bin.start).map_or(0, |count| *count as u32);
            chronicle.bins.iter().map(count).collect()
        };
        Ok(self.many(&bodies)?.iter().map(row).collect())
    }

    /// See `Backend::tell`.
    pub fn tell(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        of: Range<usize>,
    ) -> Result<Vec<Telling>, Error> {
        let of = of.start.min(chronicle.bins.len())..of.end.min(chronicle.bins.len()).min(of.start + BINS);
        let (from, to) =
            (of.start.saturating_sub(NEIGHBOURS), (of.end + NEIGHBOURS).min(chronicle.bins.len()));
        let Some(bins) = chronicle.bins.get(from..to).filter(|_| !of.is_empty()) else {
            return Ok(Vec::new());
        };
        let clause = self.unheld(query)?;
        let within: Vec<Value> = bins
            .iter()
            .map(|bin| {
                let time = json!({ "gte": bin.start, "lt": chronicle.grain.end(bin.start) });
                all(vec![clause.clone(), json!({ "range": { "when": time } })])
            })
            .collect();
        // The most frequent names of the bins that are told, and then these names in their neighbours too.
        let most: Vec<Value> = within[of.start - from..of.end - from]
            .iter()
            .map(|within| {
                let aggs: BTreeMap<&str, Value> = Kind::ALL
                    .map(|kind| {
                        let field = field_of(kind);
                        (field, json!({ "terms": { "field": field, "size": LOOKED_AT } }))
                    })
                    .into_iter()
                    .collect();
                json!({
                    "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": within, "aggs": aggs
                })
            })
            .collect();
        let mut frequent: BTreeSet<Called> = BTreeSet::new();
        for answer in self.many(&most)? {
            for kind in Kind::ALL {
                let names = buckets(&answer["aggregations"][field_of(kind)]).filter(|(_, count)| *count > 1);
                frequent.extend(names.map(|(key, _)| Called { kind, key }));
            }
        }
        let frequent: Vec<Called> = frequent.into_iter().collect();
        let joined = self.joined(&frequent)?;
        let compared: BTreeSet<Called> =
            frequent.iter().filter_map(|called| joined.shown(called).cloned()).collect();
        let compared: Vec<Called> = compared.into_iter().filter(|shown| !joined.is_vague(shown)).collect();
        let counting: Vec<Value> =
            within.iter().map(|within| self.counting_names(within, &compared, &joined)).collect();
        let mut counts: Vec<Vec<u32>> = Vec::new();
        let mut sizes: Vec<u32> = Vec::new();
        for answer in self.many(&counting)? {
            sizes.push(total(&answer) as u32);
            counts.push(names_counted(&answer, &compared, &joined));
        }
        let of_bin = |at: usize| most_apart(&counts, &sizes, at);
        let apart: Vec<Vec<(f64, usize)>> = (of.start - from..of.end - from).map(of_bin).collect();
        let headlines = self.headlines(&within[of.start - from..of.end - from], &compared, &apart)?;
        let told: BTreeSet<usize> =
            apart.iter().flat_map(|apart| apart.iter().take(TELLS).map(|(_, name)| *name)).collect();
        let told: Vec<Called> = told.into_iter().filter_map(|name| compared.get(name).cloned()).collect();
        let written = self.names().written(&told)?;
        let telling = |(at, headline): (usize, Option<Headline>)| {
            let names = apart.get(at).into_iter().flatten().take(TELLS).filter_map(|(score, name)| {
                let called = compared.get(*name)?;
                let name_of = written.get(called).cloned().unwrap_or_else(|| called.key.clone());
                Some(Apart {
                    kind: FacetKind::Entity(called.kind),
                    value: if called.kind == Kind::Country { called.key.clone() } else { name_of.clone() },
                    name: name_of,
                    count: counts.get(of.start - from + at)?.get(*name).copied()?,
                    score: *score,
                })
            });
            Telling { headline, names: names.collect() }
        };
        Ok(headlines.into_iter().enumerate().map(telling).collect())
    }

    /// A search that counts the articles, and those with each of some names, all names that are one together.
    fn counting_names(&self, clause: &Value, names: &[Called], joined: &super::names::Joined) -> Value {
        let mut aggs: BTreeMap<String, Value> = BTreeMap::new();
        for kind in Kind::ALL {
            let single: Vec<&str> = names
                .iter()
                .filter(|called| called.kind == kind && !joined.is_group(called))
                .map(|called| called.key.as_str())
                .collect();
            if !single.is_empty() {
                let field = field_of(kind);
                aggs.insert(
                    field.to_owned(),
                    json!({ "terms": { "field": field, "size": single.len(), "include": single } }),
                );
            }
        }
        let groups: BTreeMap<String, Value> = names
            .iter()
            .filter(|called| joined.is_group(called))
            .map(|called| (called.written(), mentioning(&joined.members(called))))
            .collect();
        if !groups.is_empty() {
            aggs.insert("groups".to_owned(), json!({ "filters": { "filters": groups } }));
        }
        json!({ "size": 0, "timeout": TIMEOUT, "track_total_hits": true, "query": clause, "aggs": aggs })
    }

    /// For each bin, an article that stands for its largest story: among articles that tell as many times, the one with most
    /// of what sets the bin apart.
    fn headlines(
        &self,
        within: &[Value],
        compared: &[Called],
        apart: &[Vec<(f64, usize)>],
    ) -> Result<Vec<Option<Headline>>, Error> {
        let joined = self.joined(compared)?;
        let copies: Vec<Value> = within
            .iter()
            .map(|within| {
                json!({
                    "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
                    "query": all(vec![within.clone(), json!({ "term": { "copy": 1 } })]),
                    "aggs": { "s": { "terms": { "field": "story", "size": 10 } } }
                })
            })
            .collect();
        // The stories with the most copies in each bin; the first article may lie in another one.
        let mut largest: Vec<(BTreeSet<i64>, u64)> = Vec::new();
        let mut firsts: Vec<Value> = Vec::new();
        let stories: Vec<Vec<(i64, u64)>> = self
            .many(&copies)?
            .iter()
            .map(|answer| {
                let stories = buckets(&answer["aggregations"]["s"]);
                stories.filter_map(|(story, count)| Some((story.parse().ok()?, count))).collect()
            })
            .collect();
        for (stories, within) in stories.iter().zip(within) {
            let numbers: Vec<i64> = stories.iter().map(|(story, _)| *story).collect();
            firsts.push(json!({
                "size": numbers.len(), "timeout": TIMEOUT, "track_total_hits": false, "_source": ["num"],
                "query": all(vec![within.clone(), terms("num", &numbers)])
            }));
        }
        for (answer, stories) in self.many(&firsts)?.iter().zip(&stories) {
            let here: BTreeSet<i64> = hits(answer).filter_map(|hit| number(&hit["_source"]["num"])).collect();
            let sizes =
                stories.iter().map(|(story, count)| (*story, count + u64::from(here.contains(story))));
            let sizes: Vec<(i64, u64)> = sizes.collect();
            let most = sizes.iter().map(|(_, size)| *size).max().unwrap_or(1);
            let of = sizes.into_iter().filter(|(_, size)| *size == most && most > 1);
            largest.push((of.map(|(story, _)| story).collect(), most.max(1)));
        }
        let mut bodies = Vec::new();
        for ((within, (stories, _)), apart) in within.iter().zip(&largest).zip(apart) {
            let points = apart.iter().filter_map(|(score, name)| {
                let called = compared.get(*name)?;
                let of = mentioning(&joined.members(called));
                Some(json!({ "constant_score": { "filter": of, "boost": score } }))
            });
            let mut filter = vec![within.clone()];
            if !stories.is_empty() {
                filter.push(terms("story", &stories.iter().collect::<Vec<_>>()));
            }
            bodies.push(json!({
                "size": HEADLINES, "timeout": TIMEOUT, "track_total_hits": false,
                "_source": ["num", "when", "head", "people", "orgs", "places", "countries"],
                "query": { "bool": { "filter": filter, "should": points.collect::<Vec<_>>(), "minimum_should_match": 0 } },
                "sort": [{ "_score": "desc" }, { "added": { "order": "asc", "unmapped_type": "long" } }, { "num": "desc" }]
            }));
        }
        let best = |(answer, (_, articles)): (&Value, &(BTreeSet<i64>, u64))| {
            let mut best: Option<(f64, Headline)> = None;
            for hit in hits(answer) {
                let Some((key, source)) = key_of(hit) else { continue };
                let names: usize =
                    Kind::ALL.map(|kind| source[field_of(kind)].as_array().map_or(0, Vec::len)).iter().sum();
                // A list of everything that happened has all names and is no story.
                let score = hit["_score"].as_f64().unwrap_or(0.0) / (4.0 + names as f64).sqrt();
                if best.as_ref().is_none_or(|(highest, _)| score > *highest) {
                    let title = layout::line(&source["head"]).unwrap_or_default();
                    best = Some((score, Headline { key, title, articles: *articles as u32 }));
                }
            }
            best.map(|(_, headline)| headline)
        };
        Ok(self.many(&bodies)?.iter().zip(&largest).map(best).collect())
    }

    // Names.

    /// See `Backend::details`.
    pub fn details(
        &self,
        query: &Query,
        kind: FacetKind,
        values: &[String],
    ) -> Result<Vec<NameDetail>, Error> {
        let clause = self.unheld(query)?;
        let dated = json!({ "term": { "dated": 1 } });
        let time = json!({ "first": { "min": { "field": "when" } }, "last": { "max": { "field": "when" } } });
        let whole = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
            "query": all(vec![clause.clone(), dated.clone()]), "aggs": time
        });
        let answers = self.searches(&[Asking::count_of(&clause), whole])?;
        let articles = answers.first().map_or(0, total);
        let span = answers.get(1).and_then(|answer| {
            let at = |name: &str| answer["aggregations"][name]["value"].as_f64().map(|value| value as i64);
            at("first").zip(at("last"))
        });
        let recent =
            span.map(|(first, last)| json!({ "range": { "when": { "gte": last - (last - first) / 4 } } }));
        let lately = match &recent {
            Some(recent) => {
                let lately = all(vec![clause.clone(), recent.clone()]);
                self.searches(&[Asking::count_of(&lately)])?.first().map_or(0, total)
            }
            None => 0,
        };
        let mut bodies = Vec::new();
        let mut members: Vec<Vec<Called>> = Vec::new();
        for value in values {
            let called = match kind {
                FacetKind::Entity(kind) => self.called(kind, value)?,
                _ => Vec::new(),
            };
            let written: Vec<String> = called.iter().map(Called::written).collect();
            let mut of_dated = time.clone();
            if let Some(span) = span {
                of_dated["curve"] = json!({ "range": { "field": "when", "ranges": pieces(span) } });
            }
            let mut aggs = json!({ "dated": { "filter": dated, "aggs": of_dated } });
            if let FacetKind::Entity(kind) = kind {
                aggs["about"] = json!({ "filter": terms("about", &written) });
                aggs["says"] = told_of("says", &written);
                if kind == Kind::Person {
                    aggs["described"] = told_of("described", &written);
                }
            }
            if let Some(recent) = &recent {
                aggs["recent"] = json!({ "filter": recent });
            }
            let having = self.having(kind, value)?;
            bodies.push(json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": true,
                "query": all(vec![clause.clone(), having]), "aggs": aggs
            }));
            members.push(called);
        }
        let answers = self.many(&bodies)?;
        let mut details = Vec::with_capacity(values.len());
        for (answer, members) in answers.iter().zip(&members) {
            let found = &answer["aggregations"];
            let count = |name: &str| found[name]["doc_count"].as_u64().unwrap_or(0);
            let at = |name: &str| found["dated"][name]["value"].as_f64().map(|value| value as i64);
            let mut detail =
                NameDetail { articles: total(answer), curve: vec![0; PIECES], ..NameDetail::default() };
            detail.about = count("about");
            (detail.first, detail.last) = (at("first"), at("last"));
            let curve = found["dated"]["curve"]["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
            for (piece, bucket) in detail.curve.iter_mut().zip(curve) {
                *piece = bucket["doc_count"].as_u64().unwrap_or(0) as u32;
            }
            if span.is_some() {
                let here = count("recent");
                let rest =
                    (detail.articles.saturating_sub(here) as u32, articles.saturating_sub(lately) as u32);
                detail.rising = log_likelihood((here as u32, lately as u32), rest);
            }
            for (told, count) in buckets(&found["says"]) {
                let quotes = told.rsplit(TOLD).next().and_then(|quotes| quotes.parse::<u64>().ok());
                detail.quotes += quotes.unwrap_or(0).saturating_mul(count);
            }
            detail.described = descriptions(&found["described"]);
            if kind == FacetKind::Entity(Kind::Country) && detail.about > 0 {
                let written: Vec<String> = members.iter().map(Called::written).collect();
                let about = all(vec![clause.clone(), mentioning(members), terms("about", &written)]);
                let people = self.most_named(Kind::Person, &about, LED)?;
                detail.people = people.into_iter().map(|facet| (facet.name, facet.count as u32)).collect();
            }
            details.push(detail);
        }
        // An archive of layout 1, and guesses that are taken for answers: who says how much is in the index of quotes.
        if !self.direct() {
            for (detail, members) in details.iter_mut().zip(&members) {
                detail.quotes = self.quotes_by(&clause, members)?;
            }
        }
        Ok(details)
    }

    /// How many quotes of a result some names say, by the index of quotes.
    fn quotes_by(&self, clause: &Value, members: &[Called]) -> Result<u64, Error> {
        let by = self.said_by(members);
        let of_everything = *clause == everything();
        let numbers: Vec<i64> = if of_everything { Vec::new() } else { self.quoting(&by)? };
        let mut counts = Vec::new();
        if of_everything {
            counts.push(Asking::count_of(&by));
        } else {
            let here = self.among(clause, &numbers.into_iter().collect())?;
            let here: Vec<i64> = here.into_iter().collect();
            for piece in here.chunks(10_000) {
                counts.push(Asking::count_of(&all(vec![by.clone(), terms("num", piece)])));
            }
        }
        let mut quotes = 0;
        for piece in counts.chunks(SEARCHES) {
            let server = &self.remote.server;
            quotes += super::several::searches(server, &self.remote.quotes, piece, self.cancel)?
                .iter()
                .map(total)
                .sum::<u64>();
        }
        Ok(quotes)
    }

    fn said_by(&self, members: &[Called]) -> Value {
        let written: Vec<String> = members.iter().map(Called::written).collect();
        all(vec![terms("by", &written), clause::sure(self.least())])
    }

    /// See `Backend::forms`.
    pub fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        let FacetKind::Entity(kind) = kind else { return Ok(vec![value.to_owned()]) };
        let members = self.called(kind, value)?;
        let mut names: Vec<String> = vec![value.split(SEPARATOR).next().unwrap_or(value).to_owned()];
        let written = self.names().written(&members)?;
        if kind == Kind::Country {
            names = written.values().cloned().collect();
        }
        let mut more: BTreeSet<String> = written.into_values().collect();
        more.retain(|name| !names.contains(name));
        names.extend(more);
        let folded: BTreeSet<String> = names.iter().map(|name| layout::folded(name)).collect();
        let forms = self.names().forms(&members)?;
        names.extend(forms.into_iter().filter(|form| !folded.contains(form)));
        Ok(names)
    }

    /// See `Backend::named_as`.
    pub fn named_as(
        &self,
        role: Role,
        typed: &str,
        query: &Query,
        limit: usize,
    ) -> Result<Vec<Facet>, Error> {
        let clause = self.unheld(query)?;
        let mut found: Vec<Facet> = Vec::new();
        let mut having: Vec<Value> = Vec::new();
        for kind in Kind::ALL {
            let facets = self.names_of(FacetKind::Entity(kind), typed, query, POOL)?;
            for facet in facets {
                let members = self.called(kind, &facet.value)?;
                let written: Vec<String> = members.iter().map(Called::written).collect();
                having.push(match role {
                    Role::Subject => terms("about", &written),
                    Role::Speaker if self.direct() => clause::says(&written),
                    Role::SpokenOf if self.direct() => terms("in_quotes", &written),
                    Role::Speaker => terms("num", &self.quoting(&self.said_by(&members))?),
                    Role::SpokenOf => terms("num", &self.quoting(&terms("of", &written))?),
                });
                found.push(facet);
            }
        }
        let fold = self.fold(query, &clause)?;
        let counts = self.counts_of(&fold.shown, &having)?;
        for (facet, count) in found.iter_mut().zip(counts) {
            facet.count = count;
        }
        Ok(most_frequent(found, limit))
    }

    /// See `Backend::count_names`.
    pub fn count_names(&self, kind: FacetKind, query: &Query) -> Result<u64, Error> {
        let clause = self.result(query)?;
        let field = match kind {
            FacetKind::Entity(kind) => field_of(kind),
            FacetKind::Source => "source",
            FacetKind::Language => "language",
            FacetKind::Tag => return Ok(self.names_of(kind, "", query, usize::MAX)?.len() as u64),
        };
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": clause,
            "aggs": { "n": { "cardinality": { "field": field, "precision_threshold": 40_000 } } }
        });
        let answers = self.searches(&[body])?;
        let about =
            answers.first().and_then(|answer| answer["aggregations"]["n"]["value"].as_u64()).unwrap_or(0);
        if about > EXACT as u64 {
            return Ok(about);
        }
        let FacetKind::Entity(kind) = kind else { return Ok(about) };
        let names = self.counted(field, &clause, EXACT + EXACT / 10)?;
        let mut names: Vec<Called> = names.into_keys().map(|key| Called { kind, key }).collect();
        for other in self.corrected.kinds_for(kind) {
            let more = self.counted(field_of(other), &clause, EXACT)?.into_keys();
            names.extend(more.map(|key| Called { kind: other, key }));
        }
        let joined = self.joined(&names)?;
        let shown: BTreeSet<Called> =
            names.iter().filter_map(|called| joined.shown(called).cloned()).collect();
        Ok(shown.iter().filter(|shown| shown.kind == kind).count() as u64)
    }

    /// See `Backend::count_utterances`: where no quote is asked for, each article knows how many it has.
    pub fn count_utterances(&self, query: &Query) -> Result<Option<u64>, Error> {
        let mut asks_for_quotes = false;
        query.filter.each_wanted(&mut |term| {
            asks_for_quotes |= matches!(term, crate::query::Term::Quote(_));
        });
        if asks_for_quotes || !self.direct() {
            return Ok(None);
        }
        let clause = self.result(&Query { grouping: Grouping::Off, ..query.clone() })?;
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": clause,
            "aggs": { "n": { "sum": { "field": "uttered" } } }
        });
        let answers = self.searches(&[body])?;
        Ok(answers
            .first()
            .and_then(|answer| answer["aggregations"]["n"]["value"].as_f64())
            .map(|sum| sum as u64))
    }
}

/// The clauses of a range aggregation: [`PIECES`] equal pieces of a span of time.
fn pieces((first, last): (i64, i64)) -> Vec<Value> {
    let length = i128::from(last) - i128::from(first) + 1;
    let start = |piece: usize| {
        let steps = piece as i128 * length;
        let rounded = (steps + PIECES as i128 - 1).div_euclid(PIECES as i128);
        i64::try_from(i128::from(first) + rounded).unwrap_or(last)
    };
    (0..PIECES).map(|piece| json!({ "from": start(piece), "to": start(piece + 1) })).collect()
}

/// An aggregation of what is told of some names in a field with values such as `person:ada obi|3`.
fn told_of(field: &str, names: &[String]) -> Value {
    let mut expression = String::new();
    for name in names {
        let mut escaped = String::new();
        for c in name.chars() {
            if c.is_ascii() && !c.is_ascii_alphanumeric() {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        if expression.chars().count() + escaped.chars().count() > EXPRESSION {
            break;
        }
        if !expression.is_empty() {
            expression.push('|');
        }
        expression.push_str(&escaped);
    }
    let expression = format!("({expression})\\{TOLD}.*");
    json!({ "terms": { "field": field, "size": COUNTED, "include": expression } })
}

/// Descriptions that differ in capitals only are one, written as most articles do.
fn descriptions(counted: &Value) -> Vec<(String, u32)> {
    let mut found: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    for (told, count) in buckets(counted) {
        let Some((_, words)) = told.split_once(TOLD) else { continue };
        let Some(words) = layout::line(&Value::from(words)) else { continue };
        let form = fold::words(&words).join(" ");
        *found.entry(form).or_default().entry(words).or_default() += u32::try_from(count).unwrap_or(u32::MAX);
    }
    let mut most: Vec<(String, u32)> = Vec::new();
    for written in found.into_values() {
        let count = written.values().sum();
        let best = written.into_iter().max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
        most.extend(best.map(|(words, _)| (words, count)));
    }
    most.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    most.truncate(DESCRIPTIONS);
    most
}

/// The counts of [`Asking::counting_names`], in the order of the names.
fn names_counted(answer: &Value, names: &[Called], joined: &super::names::Joined) -> Vec<u32> {
    let found = &answer["aggregations"];
    let mut single: HashMap<(Kind, String), u64> = HashMap::new();
    for kind in Kind::ALL {
        single.extend(buckets(&found[field_of(kind)]).map(|(key, count)| ((kind, key), count)));
    }
    let count = |called: &Called| {
        let count = match joined.is_group(called) {
            true => found["groups"]["buckets"][called.written()]["doc_count"].as_u64(),
            false => single.get(&(called.kind, called.key.clone())).copied(),
        };
        u32::try_from(count.unwrap_or(0)).unwrap_or(u32::MAX)
    };
    names.iter().map(count).collect()
}

/// The names that set a bin apart from its neighbours, the most telling first.
fn most_apart(counts: &[Vec<u32>], sizes: &[u32], at: usize) -> Vec<(f64, usize)> {
    let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(counts.len());
    let size = |bin: usize| sizes.get(bin).copied().unwrap_or(0);
    let others: u32 = near.clone().filter(|bin| *bin != at).map(size).sum();
    let mut apart = Vec::new();
    for (name, here) in counts.get(at).into_iter().flatten().enumerate().filter(|(_, here)| **here > 1) {
        let of = |bin: usize| counts.get(bin).and_then(|bin| bin.get(name)).copied().unwrap_or(0);
        let there: u32 = near.clone().filter(|bin| *bin != at).map(of).sum();
        let score = match others {
            // A bin without neighbours is told by its most frequent names.
            0 => f64::from(*here) + LEAST,
            _ => log_likelihood((*here, size(at)), (there, others)),
        };
        if score >= LEAST {
            apart.push((score, name));
        }
    }
    apart.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    apart.truncate(4 * TELLS);
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_span_are_those_of_a_local_library() {
        for span in [(0, 0), (0, 5), (-100, 1_000), (1_700_000_000, 1_700_086_399)] {
            let pieces = pieces(span);
            let (first, last) = span;
            for time in [first, first + (last - first) / 3, (first + last) / 2, last - 1, last] {
                if time < first {
                    continue;
                }
                let expected = i128::from(time - first) * PIECES as i128 / i128::from(last - first + 1);
                let within = |piece: &Value| {
                    piece["from"].as_i64().is_some_and(|from| from <= time)
                        && piece["to"].as_i64().is_some_and(|to| time < to)
                };
                assert_eq!(pieces.iter().position(within), Some(expected as usize), "{span:?} {time}");
            }
        }
    }

    #[test]
    fn a_name_is_no_expression() {
        let told = told_of("says", &["person:a.b c".to_owned(), "org:ü".to_owned()]);
        assert_eq!(told["terms"]["include"], "(person\\:a\\.b\\ c|org\\:ü)\\|.*");
    }
}
