//! Facets: how many articles of a result mention each name.
//!
//! Each segment has the list of names of each article. The lists of the result's articles are
//! counted, or those of the others where they are fewer, and taken from the totals.

use super::find::{Find, Head};
use super::marks;
use super::merge::pairs;
use super::names::{Sort, bearing, beginning};
use crate::analysis::Kind;
use crate::library::segment::{Lists, PART, key};
use crate::library::{Error, FACETS, people};
use crate::listing::{Facet, FacetKind, Facets};
use crate::query::Query;
use crate::text::fold;
use roaring::RoaringBitmap;
use std::cmp::Reverse;

/// Articles by entity; the index is the entity's number without its sort.
struct Counts {
    articles: Vec<u32>,
    /// The sort's number, in three bits.
    sorts: Vec<u8>,
}

impl Counts {
    fn add(&mut self, entity: u32, count: u32) {
        let place = (entity >> 3) as usize;
        if let (Some(articles), Some(sort)) = (self.articles.get_mut(place), self.sorts.get_mut(place)) {
            *articles += count;
            *sort = (entity & 7) as u8;
        }
    }

    /// How many articles have the entity.
    fn of(&self, entity: u32) -> u32 {
        self.articles.get((entity >> 3) as usize).copied().unwrap_or(0)
    }

    /// Calls `visit` with each entity that some article has, and how many have it.
    fn each(&self, mut visit: impl FnMut(u32, u32)) {
        for (place, (count, sort)) in (0u32..).zip(std::iter::zip(&self.articles, &self.sorts)) {
            if *count > 0 {
                visit(place << 3 | u32::from(*sort), *count);
            }
        }
    }

    /// The entities of a sort with their counts: the `limit` most frequent that `fit`.
    fn most(&self, sort: Sort, limit: usize, fits: impl Fn(u32) -> bool) -> Vec<(u32, u32)> {
        let mut most = Most::new(limit);
        self.each(|entity, count| {
            if entity & 7 == sort.number() && fits(entity) {
                most.put(entity, count);
            }
        });
        most.sorted()
    }

    /// The `limit` most frequent of each sort, by its number.
    fn most_of_each(&self, limit: usize) -> [Vec<(u32, u32)>; 8] {
        let mut most: [Most; 8] = std::array::from_fn(|_| Most::new(limit));
        self.each(|entity, count| {
            if let Some(most) = most.get_mut((entity & 7) as usize) {
                most.put(entity, count);
            }
        });
        most.map(Most::sorted)
    }
}

/// The most frequent of many entities, the lower number first among equals. Holds four times as many as
/// are wanted, so that most of the others are passed over by one comparison.
struct Most {
    limit: usize,
    kept: Vec<(Reverse<u32>, u32)>,
    last: Option<(Reverse<u32>, u32)>,
}

impl Most {
    fn new(limit: usize) -> Most {
        Most { limit, kept: Vec::new(), last: None }
    }

    fn put(&mut self, entity: u32, count: u32) {
        let entry = (Reverse(count), entity);
        if self.last.is_some_and(|last| entry > last) {
            return;
        }
        self.kept.push(entry);
        if self.kept.len() >= self.limit.max(1).saturating_mul(4) {
            self.prune();
        }
    }

    fn prune(&mut self) {
        if self.kept.len() > self.limit && self.limit > 0 {
            let (_, last, _) = self.kept.select_nth_unstable(self.limit - 1);
            self.last = Some(*last);
        }
        self.kept.truncate(self.limit);
    }

    fn sorted(mut self) -> Vec<(u32, u32)> {
        self.prune();
        self.kept.sort_unstable();
        self.kept.into_iter().map(|(Reverse(count), entity)| (entity, count)).collect()
    }
}

/// A result, as joining asks it.
struct Within<'a> {
    find: &'a Find<'a>,
    set: &'a RoaringBitmap,
    counts: &'a Counts,
}

impl people::Asked for Within<'_> {
    fn mentioning(&self, entity: u32) -> Result<RoaringBitmap, Error> {
        self.find.cancel.check()?;
        Ok(self.find.set(&key::of_entity(key::MENTIONED, entity))? & self.set)
    }

    fn bearing(&self, word: &str) -> Result<Vec<people::Named>, Error> {
        self.find.cancel.check()?;
        let mut names = self.find.db.prepare_cached("SELECT name FROM entity WHERE id = ?")?;
        let mut named = Vec::new();
        for entity in bearing(self.find.db, Sort::Kind(Kind::Person), word)? {
            let count = self.counts.of(entity);
            if count > 0 {
                let name = names.query_row([entity], |row| row.get(0))?;
                named.push(people::Named { entity, name, count: u64::from(count) });
            }
        }
        Ok(named)
    }

    fn days(&self, articles: &RoaringBitmap) -> Result<Option<(i32, i32)>, Error> {
        let mut span: Option<(i64, i64)> = None;
        for head in &self.find.heads {
            if articles.range_cardinality(head.numbers()) == 0 {
                continue;
            }
            let published = self.find.published(head)?;
            for number in articles.range(head.numbers()) {
                if let Some(time) = published.get((number - head.base) as usize) {
                    let (first, last) = span.unwrap_or((*time, *time));
                    span = Some((first.min(*time), last.max(*time)));
                }
            }
        }
        // Days of all dates that there are fit.
        Ok(span.map(|(first, last)| (first.div_euclid(86_400) as i32, last.div_euclid(86_400) as i32)))
    }
}

impl Find<'_> {
    pub fn facets(&self, query: &Query) -> Result<Facets, Error> {
        let set = self.exact(&query.filter)?;
        let total = self.fold(query, &set)?.len();
        let counts = self.counts(&set)?;
        let people = self.people(&set, &counts, FACETS, |_| true)?;
        let mut most = counts.most_of_each(FACETS);
        let mut of = |sort: Sort| {
            self.named(most.get_mut(sort.number() as usize).map(std::mem::take).unwrap_or_default())
        };
        Ok(Facets {
            total,
            people,
            countries: of(Sort::Kind(Kind::Country))?,
            orgs: of(Sort::Kind(Kind::Org))?,
            places: of(Sort::Kind(Kind::Place))?,
            sources: of(Sort::Source)?,
        })
    }

    /// See `Library::names`.
    pub fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
    ) -> Result<Vec<Facet>, Error> {
        let set = self.exact(&query.filter)?;
        let words = fold::words(typed);
        let sort = match kind {
            FacetKind::Entity(kind) => Sort::Kind(kind),
            FacetKind::Source => Sort::Source,
            FacetKind::Tag => return self.tags(&words, &set, limit),
        };
        let counts = self.counts(&set)?;
        let person = sort == Sort::Kind(Kind::Person);
        match words.is_empty() {
            true if person => self.people(&set, &counts, limit, |_| true),
            false if person => {
                let fitting = beginning(self.db, sort, &words)?;
                self.people(&set, &counts, limit, |entity| fitting.contains(&entity))
            }
            true => self.named(counts.most(sort, limit, |_| true)),
            false => {
                let fitting = beginning(self.db, sort, &words)?;
                self.named(counts.most(sort, limit, |entity| fitting.contains(&entity)))
            }
        }
    }

    fn tags(&self, typed: &[String], set: &RoaringBitmap, limit: usize) -> Result<Vec<Facet>, Error> {
        let mut facets = Vec::new();
        for tag in marks::tags(self.db)? {
            let words = fold::words(&tag);
            if typed.iter().all(|part| words.iter().any(|word| word.starts_with(part.as_str()))) {
                let count = marks::load(self.db, &marks::tag_mark(&tag))?.intersection_len(set);
                facets.push(Facet { name: tag.clone(), value: tag, count });
            }
        }
        facets.retain(|facet| facet.count > 0);
        facets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        facets.truncate(limit);
        Ok(facets)
    }

    /// The persons of a result, the names of one joined: those with a name that `fits`.
    fn people(
        &self,
        set: &RoaringBitmap,
        counts: &Counts,
        limit: usize,
        fits: impl Fn(u32) -> bool,
    ) -> Result<Vec<Facet>, Error> {
        let sort = Sort::Kind(Kind::Person);
        let mut names = self.db.prepare_cached("SELECT name FROM entity WHERE id = ?")?;
        let mut named = Vec::new();
        for (entity, count) in people::looked_at(counts.most(sort, people::JOINED + 1, |_| true)) {
            let name = names.query_row([entity], |row| row.get(0))?;
            named.push(people::Named { entity, name, count: u64::from(count) });
        }
        let within = Within { find: self, set, counts };
        let crowd = people::with_bearers(named, &within)?;
        let joined = people::joined(&crowd, &within, &fits)?;
        let seen = people::entities(&crowd.named);
        let others = counts.most(sort, limit, |entity| fits(entity) && !seen.contains(&entity));
        Ok(people::ranked(joined, self.named(others)?, limit))
    }

    fn named(&self, counts: Vec<(u32, u32)>) -> Result<Vec<Facet>, Error> {
        let mut statement = self.db.prepare_cached("SELECT name, called FROM entity WHERE id = ?")?;
        let mut facets = Vec::with_capacity(counts.len());
        for (entity, count) in counts {
            let (name, called): (String, String) =
                statement.query_row([entity], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let country = Sort::of(entity) == Some(Sort::Kind(Kind::Country));
            let value = if country { called } else { name.clone() };
            facets.push(Facet { name, value, count: u64::from(count) });
        }
        facets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        Ok(facets)
    }

    fn counts(&self, set: &RoaringBitmap) -> Result<Counts, Error> {
        let entities = super::write::meta::<u32>(self.db, "next_entity")? as usize + 1;
        let mut counts = Counts { articles: vec![0; entities], sorts: vec![0; entities] };
        for head in &self.heads {
            self.cancel.check()?;
            let within = set.range_cardinality(head.numbers());
            if within > 0 {
                self.count_segment(set, head, within, &mut counts)?;
            }
        }
        Ok(counts)
    }

    fn count_segment(
        &self,
        set: &RoaringBitmap,
        head: &Head,
        within: u64,
        counts: &mut Counts,
    ) -> Result<(), Error> {
        let mut statement = self.db.prepare_cached("SELECT totals FROM total WHERE segment = ?")?;
        let mut rows = statement.query([head.id])?;
        let Some(row) = rows.next()? else { return Ok(()) };
        let totals = pairs(row.get_ref(0)?.as_blob().unwrap_or_default());
        let articles = u64::from(head.articles);
        if within == articles {
            totals.for_each(|(entity, count)| counts.add(entity, count));
            return Ok(());
        }
        let mut here = vec![0u32; totals.len()];
        if within > articles / 2 {
            let mut others = RoaringBitmap::new();
            others.insert_range(head.numbers());
            self.count_lists(&(others - set), head, &mut here)?;
            let rest = totals.zip(here);
            rest.for_each(|((entity, total), here)| counts.add(entity, total.saturating_sub(here)));
        } else {
            self.count_lists(set, head, &mut here)?;
            let some = totals.zip(here).filter(|(_, here)| *here > 0);
            some.for_each(|((entity, _), here)| counts.add(entity, here));
        }
        Ok(())
    }

    /// Counts the lists of those of `set` that are in the segment, by place in its totals.
    fn count_lists(&self, set: &RoaringBitmap, head: &Head, here: &mut [u32]) -> Result<(), Error> {
        let mut statement = self.db.prepare_cached("SELECT starts, places FROM list WHERE id = ?")?;
        for (part, first) in (0i64..256).zip(head.numbers().step_by(PART)) {
            let numbers = first..head.numbers().end.min(first + PART as u32);
            if set.range_cardinality(numbers.clone()) == 0 {
                continue;
            }
            let mut rows = statement.query([head.id << 8 | part])?;
            let Some(row) = rows.next()? else { continue };
            let starts = row.get_ref(0)?.as_blob().unwrap_or_default();
            let lists = Lists::new(starts, row.get_ref(1)?.as_blob().unwrap_or_default());
            for number in set.range(numbers) {
                lists.each((number - first) as usize, |place| {
                    if let Some(count) = here.get_mut(place) {
                        *count += 1;
                    }
                });
            }
        }
        Ok(())
    }
}
