//! Facets: how many articles of a result mention each name.
//!
//! Each segment has the list of names of each article. The lists of the result's articles are
//! counted, or those of the others where they are fewer, and taken from the totals.

use super::find::Find;
use super::listed::Listed;
use super::tally::{Counted, Counts};
use crate::annotation::Kind;
use crate::library::Error;
use crate::library::answer::answer;
use crate::library::backend::{POOL, most_frequent};
use crate::library::same::Same;
use crate::library::store::file::marks;
use crate::library::store::file::meta::meta;
use crate::library::store::file::seal::{damaged, sealed};
use crate::library::store::index::heads::{Head, pairs};
use crate::library::store::index::names::{Class, beginning, begins, every, few_beginning};
use crate::library::store::index::segment::{List, Lists, PART};
use crate::listing::{Facet, FacetKind, Facets};
use crate::query::complete::Role;
use crate::query::edit::role_term;
use crate::query::{Grouping, Query};
use crate::text::fold;
use roaring::RoaringBitmap;
use rusqlite::types::ValueRef;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which names fit what is typed.
pub enum Fitting {
    All,
    These(BTreeSet<u32>),
    /// Those that begin with these words: too many to list them before they are counted.
    Asked(Vec<String>),
}

/// Under which entity each is shown, for many questions: where there are enough of them, in a table.
struct Shown<'a> {
    same: &'a Same,
    /// By an entity's number without its class.
    table: Vec<u32>,
}

impl Shown<'_> {
    /// For as many `questions` about a library with so many `entities`.
    fn new(same: &Same, questions: usize, entities: usize) -> Shown<'_> {
        let mut table = Vec::new();
        if questions > entities / WORTH_A_TABLE && !same.pairs().is_empty() {
            table.resize(entities, ITSELF);
            for (entity, shown) in same.pairs() {
                if let Some(place) = table.get_mut((entity >> 3) as usize) {
                    *place = *shown;
                }
            }
        }
        Shown { same, table }
    }

    fn of(&self, entity: u32) -> u32 {
        match self.table.get((entity >> 3) as usize) {
            Some(&ITSELF) => entity,
            Some(shown) => *shown,
            None => self.same.of(entity),
        }
    }
}

/// In the table: an entity that is shown under itself.
const ITSELF: u32 = u32::MAX;

/// A table of all entities is made where a question is asked for one in so many of them: to make it takes a nanosecond for each entity, a
/// question without it fifty.
const WORTH_A_TABLE: usize = 32;

/// Entities that are listed before they are counted at most.
const FEW: usize = 4_000;

impl Find<'_> {
    pub fn facets(&self, query: &Query) -> Result<Facets, Error> {
        let set = self.result(query)?;
        let total = self.fold(query, &set)?.len();
        let counts = self.counted(query, &set)?;
        let of = |class: Class| self.named(counts.most(class));
        Ok(Facets {
            total,
            articles: set.len(),
            people: of(Class::Kind(Kind::Person))?,
            countries: of(Class::Kind(Kind::Country))?,
            orgs: of(Class::Kind(Kind::Org))?,
            places: of(Class::Kind(Kind::Place))?,
            sources: of(Class::Source)?,
            languages: of(Class::Language)?,
            ..Facets::default()
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
        let set = self.result(query)?;
        let words = fold::words(typed);
        let class = match kind {
            FacetKind::Entity(kind) => Class::Kind(kind),
            FacetKind::Source => Class::Source,
            FacetKind::Language => Class::Language,
            FacetKind::Tag => return self.tags(&words, query.grouping.beside_rows(), &set, limit),
        };
        let counts = self.counted(query, &set)?;
        let fitting = self.fitting(class, words)?;
        self.named(&self.most_fitting(&counts, class, limit, &fitting)?)
    }

    /// See `Backend::count_names`. What the names were counted for just now is counted already.
    pub fn count_names(&self, kind: FacetKind, query: &Query) -> Result<u64, Error> {
        let set = self.result(query)?;
        let class = match kind {
            FacetKind::Entity(kind) => Class::Kind(kind),
            FacetKind::Source => Class::Source,
            FacetKind::Language => Class::Language,
            FacetKind::Tag => {
                return Ok(self.tags(&[], query.grouping.beside_rows(), &set, usize::MAX)?.len() as u64);
            }
        };
        Ok(self.counted(query, &set)?.size(class))
    }

    /// See `Backend::named_as`. Nothing is kept for later questions, because nobody asks for these again.
    pub fn named_as(
        &self,
        role: Role,
        typed: &str,
        query: &Query,
        limit: usize,
    ) -> Result<Vec<Facet>, Error> {
        let set = self.exact(&query.filter)?;
        let mut found = Vec::new();
        for kind in Kind::ALL {
            for facet in self.names(FacetKind::Entity(kind), typed, query, POOL)? {
                self.cancel.check()?;
                let Some(term) = role_term(role, kind, &facet.value) else { continue };
                let known = answer(&term, self)?;
                let mut fitting = &known.sure & &*set;
                for number in ((known.possible - known.sure) & &*set).iter() {
                    if self.reads_so(number, &term)? {
                        fitting.insert(number);
                    }
                }
                found.push(Facet {
                    count: self.tally(query.grouping.beside_rows(), &fitting)?.rows(),
                    ..facet
                });
            }
        }
        Ok(most_frequent(found, limit))
    }

    pub fn fitting(&self, class: Class, words: Vec<String>) -> Result<Fitting, Error> {
        if words.is_empty() {
            return Ok(Fitting::All);
        }
        let few = few_beginning(self.db, class, &words, FEW)?;
        Ok(match few {
            Some(few) => Fitting::These(self.shown(class, few)?),
            None => Fitting::Asked(words),
        })
    }

    /// The entities of a class under which these are shown.
    fn shown(&self, class: Class, entities: BTreeSet<u32>) -> Result<BTreeSet<u32>, Error> {
        let joined = self.same()?;
        let shown = entities.into_iter().map(|entity| joined.same.of(entity));
        Ok(shown.filter(|entity| Class::of(*entity) == Some(class)).collect())
    }

    /// Whether an entity fits by one of its names.
    pub fn fits(&self, fitting: &Fitting, entity: u32, same: &Same) -> Result<bool, Error> {
        match fitting {
            Fitting::All => Ok(true),
            Fitting::These(entities) => Ok(entities.contains(&entity)),
            Fitting::Asked(words) => {
                for member in same.members(entity) {
                    if begins(self.db, member, words)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    /// The `limit` most frequent entities of a class that fit.
    fn most_fitting(
        &self,
        counts: &Counted,
        class: Class,
        limit: usize,
        fitting: &Fitting,
    ) -> Result<Vec<(u32, u32)>, Error> {
        if let Fitting::These(entities) = fitting {
            return Ok(counts.most_among(entities.iter().copied(), limit));
        }
        let joined = self.same()?;
        let mut most = Vec::new();
        for (entity, count) in counts.most(class) {
            if most.len() == limit {
                return Ok(most);
            }
            if self.fits(fitting, *entity, &joined.same)? {
                most.push((*entity, *count));
            }
        }
        if most.len() == limit || counts.is_whole(class) {
            return Ok(most);
        }
        let all = match fitting {
            Fitting::Asked(words) => self.shown(class, beginning(self.db, class, words)?)?,
            _ => every(self.db, class)?,
        };
        Ok(counts.most_among(all.into_iter(), limit))
    }

    fn tags(
        &self,
        typed: &[String],
        grouping: Grouping,
        set: &RoaringBitmap,
        limit: usize,
    ) -> Result<Vec<Facet>, Error> {
        let mut facets = Vec::new();
        for tag in self.tag_names()? {
            let words = fold::words(&tag);
            if typed.iter().all(|part| words.iter().any(|word| word.starts_with(part.as_str()))) {
                let tagged = self.marked(&marks::tag_mark(&tag))? & set;
                let count = self.tally(grouping, &tagged)?.rows();
                facets.push(Facet { name: tag.clone(), value: tag, count });
            }
        }
        facets.retain(|facet| facet.count > 0);
        facets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        facets.truncate(limit);
        Ok(facets)
    }

    pub fn named(&self, counts: &[(u32, u32)]) -> Result<Vec<Facet>, Error> {
        let mut statement = self.db.prepare_cached("SELECT name, called FROM entity WHERE id = ?")?;
        let mut facets = Vec::with_capacity(counts.len());
        for (entity, count) in counts {
            let names = statement.query_row([entity], |row| Ok((row.get(0)?, row.get(1)?)));
            let Some((name, called)) = self.pass_over::<(String, String), _>(None, names)? else { continue };
            let coded = matches!(Class::of(*entity), Some(Class::Kind(Kind::Country) | Class::Language));
            let value = if coded { called } else { name.clone() };
            facets.push(Facet { name, value, count: u64::from(*count) });
        }
        facets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        Ok(facets)
    }

    /// Kept until the next result is counted.
    pub fn counted(&self, query: &Query, set: &RoaringBitmap) -> Result<Arc<Counted>, Error> {
        let joined = self.same()?;
        if let Some(counted) = self.cache.counts(query, self.version(), &joined) {
            return Ok(counted);
        }
        // The lists of some articles are looked at one by one. They are gathered while all are counted, since most of the time is
        // the reading.
        let doubled = joined.doubled_in(set);
        let stories = if query.grouping.folds_copies() { self.stories_in(set)? } else { Vec::new() };
        let mut apart: RoaringBitmap = stories.iter().map(|(_, member)| *member).collect();
        apart |= &doubled;
        let (mut counts, lists) = self.counts_and_lists(set, &apart)?;
        counts.join(&joined.same);
        let shown = Shown::new(&joined.same, lists.entities().len(), counts.entities());
        count_articles_once(&doubled, &lists, &shown, &mut counts);
        count_stories_once(&stories, &lists, &shown, &mut counts);
        joined.same.vague().iter().for_each(|entity| counts.count_once(*entity));
        let counted = Arc::new(counts.finish());
        self.cache.keep_counts(query, self.version(), &joined, &counted);
        Ok(counted)
    }

    /// The articles of those stories of which `set` has several, each behind its story, ascending.
    fn stories_in(&self, set: &RoaringBitmap) -> Result<Vec<(u32, u32)>, Error> {
        let mut members: Vec<(u32, u32)> = Vec::new();
        for (copy, story) in self.groups()?.iter().filter(|(copy, _)| set.contains(*copy)) {
            members.push((*story, *copy));
            members.extend(set.contains(*story).then_some((*story, *story)));
        }
        members.sort_unstable();
        // The first article of a story came with each of its copies.
        members.dedup();
        Ok(members
            .chunk_by(|(story, _), (next, _)| story == next)
            .filter(|story| story.len() > 1)
            .flatten()
            .copied()
            .collect())
    }

    /// The entities of each of some articles.
    pub fn lists_of(&self, articles: &RoaringBitmap) -> Result<Listed, Error> {
        let mut found = Listed::default();
        for head in &self.heads {
            self.cancel.check()?;
            if articles.range_cardinality(head.numbers()) == 0 {
                continue;
            }
            let totals = self.pass_over(None, self.totals(head))?.unwrap_or_default();
            let listed = self.each_article(articles, head, |number, list| {
                found.push(number, |own| add_list(list, &totals, own));
            });
            self.pass_over(None, listed)?;
        }
        Ok(found)
    }

    /// Counts the articles of `set` in those segments whose places among all segments are wanted, and gathers the lists of those
    /// that are `apart`, which are some of them.
    pub fn count_segments(
        &self,
        set: &RoaringBitmap,
        apart: &RoaringBitmap,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<(Counts, Listed), Error> {
        let entities = self.pass_over(None, meta::<u32>(self.db, "next_entity"))?.unwrap_or(0) as usize + 1;
        let (mut counts, mut lists) = (Counts::new(entities), Listed::default());
        for (_, head) in self.heads.iter().enumerate().filter(|(place, _)| wanted(*place)) {
            self.cancel.check()?;
            if set.range_cardinality(head.numbers()) > 0 {
                let counted = self.count_segment(set, apart, head, &mut counts, &mut lists);
                self.pass_over(None, counted)?;
            }
        }
        Ok((counts, lists))
    }

    /// The entities of a segment with their counts.
    pub fn totals(&self, head: &Head) -> Result<Vec<(u32, u32)>, Error> {
        let sql = "SELECT totals, seal FROM total WHERE segment = ?";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query([head.id])?;
        let row = rows.next()?.ok_or_else(damaged)?;
        let totals = row.get_ref(0)?;
        sealed(row, 1, [ValueRef::Integer(head.id), totals])?;
        Ok(pairs(totals.as_blob().map_err(|_| damaged())?).collect())
    }

    fn count_segment(
        &self,
        set: &RoaringBitmap,
        apart: &RoaringBitmap,
        head: &Head,
        counts: &mut Counts,
        lists: &mut Listed,
    ) -> Result<(), Error> {
        let totals = self.totals(head)?;
        let (within, articles) = (set.range_cardinality(head.numbers()), u64::from(head.articles));
        // Where most articles are in the set, those that are not are counted.
        let is_most = within > articles / 2;
        let mut counted: RoaringBitmap = set.range(head.numbers()).collect();
        if is_most {
            let mut all = RoaringBitmap::new();
            all.insert_range(head.numbers());
            counted = if within == articles { RoaringBitmap::new() } else { all - counted };
        }
        let mut listed = apart.range(head.numbers()).peekable();
        let read =
            if is_most { apart.range(head.numbers()).collect::<RoaringBitmap>() | &counted } else { counted };
        let mut here = vec![0u32; totals.len()];
        self.each_article(&read, head, |number, list| {
            let is_apart = listed.next_if_eq(&number).is_some();
            if is_apart {
                lists.push(number, |own| add_list(list, &totals, own));
            }
            if !is_most || !is_apart {
                list.each(|place| {
                    if let Some(count) = here.get_mut(place) {
                        *count += 1;
                    }
                });
            }
        })?;
        for ((entity, total), here) in totals.into_iter().zip(here) {
            counts.add(entity, if is_most { total.saturating_sub(here) } else { here });
        }
        Ok(())
    }

    /// Calls `visit` with the number of each of those of `set` that are in the segment and with each place of its list in the
    /// totals.
    pub fn each_list(
        &self,
        set: &RoaringBitmap,
        head: &Head,
        mut visit: impl FnMut(u32, usize),
    ) -> Result<(), Error> {
        self.each_article(set, head, |number, list| list.each(|place| visit(number, place)))
    }

    /// The same with the whole list of each article, ascending by number.
    fn each_article(
        &self,
        set: &RoaringBitmap,
        head: &Head,
        mut visit: impl FnMut(u32, List<'_>),
    ) -> Result<(), Error> {
        let sql = "SELECT starts, places, seal FROM list WHERE id = ?";
        let mut statement = self.db.prepare_cached(sql)?;
        for (part, first) in (0i64..256).zip(head.numbers().step_by(PART)) {
            let numbers = first..head.numbers().end.min(first + PART as u32);
            if set.range_cardinality(numbers.clone()) == 0 {
                continue;
            }
            let id = head.id << 8 | part;
            let mut rows = statement.query([id])?;
            let Some(row) = rows.next()? else { continue };
            let (starts, places) = (row.get_ref(0)?, row.get_ref(1)?);
            sealed(row, 2, [ValueRef::Integer(id), starts, places])?;
            let lists =
                Lists::new(starts.as_blob().unwrap_or_default(), places.as_blob().unwrap_or_default());
            for number in set.range(numbers) {
                visit(number, lists.of((number - first) as usize));
            }
        }
        Ok(())
    }
}

/// Adds the entities of a list to `own`.
fn add_list(list: List<'_>, totals: &[(u32, u32)], own: &mut Vec<u32>) {
    list.each(|place| own.extend(totals.get(place).map(|(entity, _)| *entity)));
}

/// Counts an article that has several names of one person or body once.
fn count_articles_once(doubled: &RoaringBitmap, lists: &Listed, shown: &Shown<'_>, counts: &mut Counts) {
    let mut names = Vec::new();
    for number in doubled {
        names.clear();
        names.extend(lists.of(number).iter().map(|entity| shown.of(*entity)));
        count_once(&mut names, counts);
    }
}

/// Counts each name once in a story, however many of its articles in the result have it. `stories` are articles behind their
/// story, ascending.
fn count_stories_once(stories: &[(u32, u32)], lists: &Listed, shown: &Shown<'_>, counts: &mut Counts) {
    let (mut names, mut of_one) = (Vec::new(), Vec::new());
    for story in stories.chunk_by(|(story, _), (next, _)| story == next) {
        names.clear();
        for (_, member) in story {
            // A name that an article has twice is counted once already.
            of_one.clear();
            of_one.extend(lists.of(*member).iter().map(|entity| shown.of(*entity)));
            of_one.sort_unstable();
            of_one.dedup();
            names.append(&mut of_one);
        }
        count_once(&mut names, counts);
    }
}

/// Takes away from the count of each of `names` how often it is there beyond the first time.
fn count_once(names: &mut [u32], counts: &mut Counts) {
    // Runs of ascending names.
    names.sort();
    for same in names.chunk_by(|name, next| name == next) {
        if let [name, more @ ..] = same {
            counts.less(*name, more.len() as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::listed::tests::listed;
    use super::*;

    #[test]
    fn a_table_says_the_same_as_a_search() {
        let same = Same::of_pairs(vec![(8, 24), (33, 41)], Vec::new());
        let [few, many] = [0, 1_000].map(|questions| Shown::new(&same, questions, 6));
        assert!(few.table.is_empty() && !many.table.is_empty());
        for entity in [8, 16, 24, 33, 41, 49] {
            assert_eq!(few.of(entity), many.of(entity));
        }
    }

    #[test]
    fn a_name_counts_once_in_a_story_and_in_an_article_that_has_it_twice() {
        let same = Same::of_pairs(vec![(8, 24)], Vec::new());
        let lists = listed(&[(1, &[8, 24]), (2, &[24]), (3, &[16, 24])]);
        let shown = Shown::new(&same, 0, 8);
        let mut counts = Counts::new(8);
        [(24, 4), (16, 1)].into_iter().for_each(|(entity, count)| counts.add(entity, count));
        count_articles_once(&RoaringBitmap::from([1]), &lists, &shown, &mut counts);
        assert_eq!(counts.of(24), 3);
        count_stories_once(&[(1, 1), (1, 2)], &lists, &shown, &mut counts);
        assert_eq!((counts.of(24), counts.of(16)), (2, 1));
    }
}
