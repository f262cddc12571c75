//! What a result says about single names: when they are mentioned, how often they speak, and how the articles
//! describe them; and names in other orders than by their counts.

use super::find::Find;
use crate::annotation::{CountryCode, Kind};
use crate::library::Error;
use crate::library::store::file::row::UNDATED;
use crate::library::store::index::heads::Head;
use crate::library::store::index::names::{Class, form_of};
use crate::library::store::index::rows;
use crate::library::store::index::segment::key;
use crate::library::store::index::sets;
use crate::listing::chronicle::log_likelihood;
use crate::listing::profile::{NameDetail, NameOrder, PIECES};
use crate::listing::{Facet, FacetKind};
use crate::query::Query;
use crate::text::fold;
use roaring::RoaringBitmap;
use rusqlite::OptionalExtension;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The descriptions of one name that are returned at most.
const DESCRIPTIONS: usize = 5;

/// The persons of a result among whom those are found that a country's articles mention, and how many of these are told.
const LEADERS: usize = 100;
const LED: usize = 3;

/// What is recent is one part in this many of the time of a result.
const RECENT: i64 = 4;

fn class_of(kind: FacetKind) -> Option<Class> {
    match kind {
        FacetKind::Entity(kind) => Some(Class::Kind(kind)),
        FacetKind::Source => Some(Class::Source),
        FacetKind::Language => Some(Class::Language),
        FacetKind::Tag => None,
    }
}

/// When what is recent begins in a span of time.
fn recent(span: (i64, i64)) -> i64 {
    span.1 - (span.1 - span.0) / RECENT
}

/// The piece of a span of time in which a time lies.
fn piece(span: (i64, i64), seconds: i64) -> usize {
    let length = (span.1 - span.0 + 1).max(1);
    let at = i128::from(seconds - span.0) * PIECES as i128 / i128::from(length);
    usize::try_from(at).unwrap_or(0).min(PIECES - 1)
}

impl Find<'_> {
    /// The entities that are shown as one under a facet's value.
    fn entities_of(&self, kind: FacetKind, value: &str) -> Result<Vec<u32>, Error> {
        let Some(class) = class_of(kind) else { return Ok(Vec::new()) };
        let form = match class {
            Class::Kind(Kind::Country) => match CountryCode::new(value) {
                Some(code) => code.as_str().to_owned(),
                None => value.to_owned(),
            },
            Class::Kind(_) => form_of(value),
            Class::Source | Class::Language => value.to_owned(),
        };
        let sql = "SELECT entity FROM called WHERE kind = ? AND form = ?";
        let mut statement = self.db.prepare_cached(sql)?;
        let found = statement.query_row((class.number(), form), |row| row.get::<_, u32>(0)).optional();
        let Some(entity) = self.pass_over(None, found)?.flatten() else { return Ok(Vec::new()) };
        let joined = self.same()?;
        Ok(joined.same.members(joined.same.of(entity)).collect())
    }

    fn union(&self, sort: u8, entities: &[u32]) -> Result<RoaringBitmap, Error> {
        let mut set = RoaringBitmap::new();
        for entity in entities {
            set |= self.set(&key::of_entity(sort, *entity))?;
        }
        Ok(set)
    }

    /// Those of some articles that have one of the entities.
    fn union_in(&self, sort: u8, entities: &[u32], within: &RoaringBitmap) -> Result<RoaringBitmap, Error> {
        let mut set = RoaringBitmap::new();
        for entity in entities {
            set |= self.set_in(&key::of_entity(sort, *entity), Some(within))? & within;
        }
        Ok(set)
    }

    /// The articles that mention a name.
    pub fn mentioning(&self, kind: FacetKind, value: &str) -> Result<RoaringBitmap, Error> {
        let entities = self.entities_of(kind, value)?;
        self.union(key::MENTIONED, &entities)
    }

    /// When the first and the last article of a set appeared, in seconds since 1970.
    pub fn span_of(&self, set: &RoaringBitmap) -> Result<Option<(i64, i64)>, Error> {
        let mut span: Option<(i64, i64)> = None;
        for head in &self.heads {
            // A segment within the span known so far cannot extend it.
            if span.is_some_and(|(first, last)| first <= head.oldest && head.newest <= last) {
                continue;
            }
            self.each_place(set, head, |(seconds, _)| {
                if seconds != UNDATED {
                    let (first, last) = span.unwrap_or((seconds, seconds));
                    span = Some((first.min(seconds), last.max(seconds)));
                }
            })?;
        }
        Ok(span)
    }

    /// See `Backend::details`.
    pub fn details(
        &self,
        query: &Query,
        kind: FacetKind,
        values: &[String],
    ) -> Result<Vec<NameDetail>, Error> {
        let set = self.result(query)?;
        let span = self.span_of(&set)?;
        let recently = self.recently(&set, span)?;
        let leaders = match kind {
            FacetKind::Entity(Kind::Country) => self.leaders(query, &set)?,
            _ => Vec::new(),
        };
        let mut details = Vec::with_capacity(values.len());
        for value in values {
            self.cancel.check()?;
            details.push(self.detail(&set, (span, &recently), &leaders, kind, value)?);
        }
        Ok(details)
    }

    /// The articles of the last quarter of the time of a result.
    fn recently(&self, set: &RoaringBitmap, span: Option<(i64, i64)>) -> Result<RoaringBitmap, Error> {
        let mut recently = RoaringBitmap::new();
        let Some(span) = span else { return Ok(recently) };
        let from = recent(span);
        for head in self.heads.iter().filter(|head| head.newest >= from) {
            self.each_place(set, head, |(seconds, number)| {
                if seconds >= from {
                    recently.insert(number);
                }
            })?;
        }
        Ok(recently)
    }

    fn detail(
        &self,
        set: &RoaringBitmap,
        (span, recently): (Option<(i64, i64)>, &RoaringBitmap),
        leaders: &[(u32, RoaringBitmap)],
        kind: FacetKind,
        value: &str,
    ) -> Result<NameDetail, Error> {
        let entities = self.entities_of(kind, value)?;
        let mentioned = self.union_in(key::MENTIONED, &entities, set)?;
        let about = self.union_in(key::SALIENT, &entities, &mentioned)?.len();
        let mut detail =
            NameDetail { articles: mentioned.len(), about, curve: vec![0; PIECES], ..NameDetail::default() };
        for entity in &entities {
            self.each_set(&key::of_entity(key::SAYS, *entity), Some(&mentioned), |key, head, places| {
                let bit = key.last().map_or(0, |bit| u32::from(*bit).min(31));
                detail.quotes += u64::from(self.count_in(places, head, &mentioned)) << bit;
            })?;
        }
        if let Some(span) = span {
            for head in &self.heads {
                if mentioned.range_cardinality(head.numbers()) == 0 {
                    continue;
                }
                self.each_place(&mentioned, head, |(seconds, _)| {
                    if seconds == UNDATED {
                        return;
                    }
                    if let Some(count) = detail.curve.get_mut(piece(span, seconds)) {
                        *count += 1;
                    }
                    detail.first = Some(detail.first.map_or(seconds, |first| first.min(seconds)));
                    detail.last = Some(detail.last.map_or(seconds, |last| last.max(seconds)));
                })?;
            }
            let here = (mentioned.intersection_len(recently) as u32, recently.len() as u32);
            let there = (mentioned.len() as u32 - here.0, set.len() as u32 - here.1);
            detail.rising = log_likelihood(here, there);
        }
        match kind {
            FacetKind::Entity(Kind::Person) => detail.described = self.described(&mentioned, &entities)?,
            FacetKind::Entity(Kind::Country) => {
                let about = self.union_in(key::SALIENT, &entities, &mentioned)?;
                detail.people = self.leading(&about, leaders)?;
            }
            _ => {}
        }
        Ok(detail)
    }

    /// The most frequent persons of a result, with the articles that mention them.
    fn leaders(&self, query: &Query, set: &RoaringBitmap) -> Result<Vec<(u32, RoaringBitmap)>, Error> {
        let counted = self.counted(query, set)?;
        let joined = self.same()?;
        let mut leaders = Vec::new();
        for (entity, _) in counted.most(Class::Kind(Kind::Person)).iter().take(LEADERS) {
            let members: Vec<u32> = joined.same.members(*entity).collect();
            leaders.push((*entity, self.union_in(key::MENTIONED, &members, set)?));
        }
        Ok(leaders)
    }

    /// Those of the leaders whom most of some articles mention.
    fn leading(
        &self,
        articles: &RoaringBitmap,
        leaders: &[(u32, RoaringBitmap)],
    ) -> Result<Vec<(String, u32)>, Error> {
        let counts = leaders.iter().map(|(entity, set)| (*entity, set.intersection_len(articles) as u32));
        let mut counts: Vec<(u32, u32)> = counts.filter(|(_, count)| *count > 0).collect();
        counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        counts.truncate(LED);
        let named = self.named(&counts)?;
        Ok(named.into_iter().map(|facet| (facet.name, facet.count as u32)).collect())
    }

    /// How articles describe a person, the most frequent description first. Descriptions that differ in capitals only are
    /// one, written as most articles do.
    fn described(&self, set: &RoaringBitmap, entities: &[u32]) -> Result<Vec<(String, u32)>, Error> {
        let mut found: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        for entity in entities {
            let prefix = key::of_entity(key::DESCRIBES, *entity);
            self.each_set(&prefix, Some(set), |key, head, places| {
                let Some(words) = key.get(prefix.len()..).and_then(|words| std::str::from_utf8(words).ok())
                else {
                    return;
                };
                let count = self.count_in(places, head, set);
                if count > 0 {
                    let form = fold::words(words).join(" ");
                    *found.entry(form).or_default().entry(words.to_owned()).or_default() += count;
                }
            })?;
        }
        let mut described: Vec<(String, u32)> = Vec::new();
        for written in found.into_values() {
            let count = written.values().sum();
            let most = written.into_iter().max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
            described.extend(most.map(|(words, _)| (words, count)));
        }
        described.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        described.truncate(DESCRIPTIONS);
        Ok(described)
    }

    /// Calls `visit` with each key that begins with `prefix`, its segment and its places there; not with those of segments
    /// of which `within` has no article.
    fn each_set(
        &self,
        prefix: &[u8],
        within: Option<&RoaringBitmap>,
        mut visit: impl FnMut(&[u8], &Head, &[u8]),
    ) -> Result<(), Error> {
        let asked = |head: &&Head| within.is_none_or(|within| within.range_cardinality(head.numbers()) > 0);
        for head in self.heads.iter().filter(asked) {
            self.cancel.check()?;
            let walked =
                rows::each_key_beginning(self.db, head.id, prefix, |key, places| visit(key, head, places));
            self.pass_over(None, walked)?;
        }
        Ok(())
    }

    /// How many articles of stored places are in `set`.
    fn count_in(&self, places: &[u8], head: &Head, set: &RoaringBitmap) -> u32 {
        let mut numbers = RoaringBitmap::new();
        sets::decode_into(places, head.base, &mut numbers);
        numbers.intersection_len(set) as u32
    }

    /// See `Backend::ranked`.
    pub fn ranked(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        order: NameOrder,
        limit: usize,
    ) -> Result<Vec<Facet>, Error> {
        let Some(class) = class_of(kind).filter(|_| order != NameOrder::Count) else {
            return self.names(kind, typed, query, limit);
        };
        let set = self.result(query)?;
        let joined = self.same()?;
        let mut ranks: HashMap<u32, f64> = HashMap::new();
        match order {
            NameOrder::Count => {}
            NameOrder::About | NameOrder::Quotes => {
                let sort = if order == NameOrder::About { key::SALIENT } else { key::SAYS };
                self.each_set(&[sort], Some(&set), |key, head, places| {
                    let Some(entity) = key.get(1..5).and_then(|bytes| bytes.try_into().ok()) else { return };
                    let shown = joined.same.of(u32::from_be_bytes(entity));
                    if Class::of(shown) == Some(class) {
                        let count = u64::from(self.count_in(places, head, &set));
                        let weight = key.get(5).map_or(0, |bit| u32::from(*bit).min(31));
                        if count > 0 {
                            *ranks.entry(shown).or_default() += (count << weight) as f64;
                        }
                    }
                })?;
            }
            NameOrder::Newest => {
                let mut wanted = limit.saturating_mul(2).max(200);
                loop {
                    let newest = self.newest(&set, wanted, None)?;
                    ranks = self.last_seen(&newest, class)?;
                    if ranks.len() >= limit || newest.len() < wanted {
                        break;
                    }
                    wanted = wanted.saturating_mul(4);
                }
            }
            NameOrder::Rising => {
                let recently = self.recently(&set, self.span_of(&set)?)?;
                let (mut here, mut all) = (self.counts(&recently)?, self.counts(&set)?);
                here.join(&joined.same);
                all.join(&joined.same);
                let sizes = (recently.len() as u32, (set.len() - recently.len()) as u32);
                let vague: HashSet<u32> = joined.same.vague().iter().copied().collect();
                here.each(|entity, count| {
                    if Class::of(entity) == Some(class) && count > 1 && !vague.contains(&entity) {
                        let before = all.of(entity).saturating_sub(count);
                        let score = log_likelihood((count, sizes.0), (before, sizes.1));
                        if score > 0.0 {
                            ranks.insert(entity, score);
                        }
                    }
                });
            }
        }
        let counted = self.counted(query, &set)?;
        let fitting = self.fitting(class, fold::words(typed))?;
        let mut order: Vec<(f64, Reverse<u32>, u32)> = Vec::with_capacity(ranks.len());
        order.extend(ranks.iter().map(|(entity, rank)| (*rank, Reverse(*entity), counted.of(*entity))));
        order.sort_by(|one, other| {
            other.0.total_cmp(&one.0).then(other.2.cmp(&one.2)).then(other.1.cmp(&one.1))
        });
        let mut listed = Vec::new();
        for (_, Reverse(entity), count) in order {
            if listed.len() == limit {
                break;
            }
            if count > 0 && self.fits(&fitting, entity, &joined.same)? {
                listed.extend(self.named(&[(entity, count)])?);
            }
        }
        Ok(listed)
    }

    /// For the names of a class in some articles, when they were seen last, given the articles newest first.
    fn last_seen(&self, newest: &[(i64, u32)], class: Class) -> Result<HashMap<u32, f64>, Error> {
        let numbers: RoaringBitmap = newest.iter().map(|(_, number)| *number).collect();
        let joined = self.same()?;
        let lists = self.lists_of(&numbers)?;
        let mut seen = HashMap::new();
        for (seconds, number) in newest {
            for entity in lists.of(*number) {
                let shown = joined.same.of(*entity);
                if Class::of(shown) == Some(class) {
                    seen.entry(shown).or_insert(*seconds as f64);
                }
            }
        }
        Ok(seen)
    }

    /// See `Backend::forms`.
    pub fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = Vec::new();
        let entities = self.entities_of(kind, value)?;
        let mut statement = self.db.prepare_cached("SELECT name FROM entity WHERE id = ?")?;
        for entity in &entities {
            let name = statement.query_row([entity], |row| row.get::<_, String>(0)).optional();
            names.extend(self.pass_over(None, name)?.flatten());
        }
        let mut statement = self.db.prepare_cached("SELECT form FROM form WHERE entity = ? ORDER BY form")?;
        for entity in &entities {
            let forms = statement
                .query_map([entity], |row| row.get::<_, String>(0))
                .and_then(|forms| forms.collect::<Result<Vec<String>, _>>());
            for form in self.pass_over(None, forms)?.unwrap_or_default() {
                // Forms are stored folded: those that a name has already are not listed again.
                if !names.iter().any(|name| form_of(name) == form) {
                    names.push(form);
                }
            }
        }
        Ok(names)
    }
}
