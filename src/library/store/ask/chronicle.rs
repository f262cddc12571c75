//! A result over time: its bins, and what sets each of them apart.
//!
//! The bins need nothing but the times of publication. What a bin tells is counted from the lists of names of its
//! articles, as facets are, over the bins that are asked for and their neighbours.

use super::find::Find;
use crate::library::Error;
use crate::library::store::file::row::{UNDATED, time};
use crate::library::store::index::names::Class;
use crate::listing::Key;
use crate::listing::chronicle::{
    Apart, Bin, Chronicle, Grain, Headline, LEAST, NEIGHBOURS, Telling, fitting, log_likelihood,
};
use crate::listing::{Facet, FacetKind};
use crate::query::Query;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// The names that are compared: the most frequent ones of the bins. A name that sets a bin apart is frequent in it.
const COMPARED: usize = 6_000;

/// The names that are told of a bin at most.
const TOLD: usize = 6;

/// Where an article is in no bin that is looked at.
const NOWHERE: u16 = u16::MAX;

/// The most bins that are compared at a time.
const MOST: usize = 400;

/// The articles of some bins.
struct Binned {
    /// By number: its bin among those looked at.
    bin_of: Vec<u16>,
    set: RoaringBitmap,
    /// By bin: how many articles it has.
    sizes: Vec<u32>,
}

/// How many articles of each bin have each of the compared names.
struct Matrix {
    entities: Vec<u32>,
    counts: Vec<u32>,
}

impl Matrix {
    fn of(&self, bin: usize, name: usize) -> u32 {
        self.counts.get(bin * self.entities.len() + name).copied().unwrap_or(0)
    }
}

impl Find<'_> {
    /// See `Backend::chronicle`.
    pub fn chronicle(&self, query: &Query, grain: Option<Grain>, fits: usize) -> Result<Chronicle, Error> {
        let set = self.result(query)?;
        let grain = match grain {
            Some(grain) => grain,
            None => {
                let days: Vec<i64> = self.bins(&set, Grain::Day)?.into_keys().collect();
                match fitting(&days, fits) {
                    Grain::Day if days.len() <= 2 => {
                        let hours: Vec<i64> = self.bins(&set, Grain::Hour)?.into_keys().collect();
                        let some = hours.len() > days.len() + 1 && hours.len() <= fits.saturating_mul(2);
                        if some { Grain::Hour } else { Grain::Day }
                    }
                    grain => grain,
                }
            }
        };
        let mut bins = self.bins(&set, grain)?;
        if query.grouping.folds_copies() {
            for (start, twice) in self.told_twice(&set, |seconds| grain.start(seconds))? {
                bins.entry(start).and_modify(|count| *count -= twice);
            }
        }
        let bins = bins.into_iter().filter(|(_, count)| *count > 0);
        Ok(Chronicle { grain, bins: bins.map(|(start, count)| Bin { start, count }).collect() })
    }

    /// How many articles with a date are in each bin, by its start.
    pub fn bins(&self, set: &RoaringBitmap, grain: Grain) -> Result<BTreeMap<i64, u64>, Error> {
        let mut bins: BTreeMap<i64, u64> = BTreeMap::new();
        let (mut bin, mut count) = (0..0, 0);
        for head in &self.heads {
            self.each_place(set, head, |(seconds, _)| {
                if !bin.contains(&seconds) {
                    if count > 0 {
                        *bins.entry(bin.start).or_default() += count;
                    }
                    count = 0;
                    if seconds == UNDATED {
                        bin = 0..0;
                        return;
                    }
                    let start = grain.start(seconds);
                    bin = start..grain.end(start);
                }
                count += 1;
            })?;
        }
        if count > 0 {
            *bins.entry(bin.start).or_default() += count;
        }
        Ok(bins)
    }

    /// See `Backend::tell`.
    pub fn tell(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        of: Range<usize>,
    ) -> Result<Vec<Telling>, Error> {
        let of = of.start.min(chronicle.bins.len())..of.end.min(chronicle.bins.len()).min(of.start + MOST);
        let (from, to) =
            (of.start.saturating_sub(NEIGHBOURS), (of.end + NEIGHBOURS).min(chronicle.bins.len()));
        let Some(bins) = chronicle.bins.get(from..to).filter(|bins| !bins.is_empty() && !of.is_empty())
        else {
            return Ok(Vec::new());
        };
        let set = self.result(query)?;
        let binned = self.binned(&set, chronicle.grain, bins)?;
        let matrix = self.matrix(&binned, bins.len())?;
        let mut apart: Vec<Vec<(f64, usize)>> = vec![Vec::new(); bins.len()];
        for at in of.start - from..of.end - from {
            if let Some(apart) = apart.get_mut(at) {
                *apart = most_apart(&binned, &matrix, at, bins.len());
            }
        }
        let headlines = self.headlines(&binned, &matrix, &apart)?;
        let mut told = Vec::new();
        for at in of.start - from..of.end - from {
            let mut telling = Telling::default();
            if let Some(Some((number, articles))) = headlines.get(at) {
                let id = self.id_of(*number)?;
                let named = self.pass_over(Some(id), self.row_names(id))?;
                telling.headline = named.map(|(_, title)| Headline {
                    key: Key { published: self.published_at(*number), id },
                    title,
                    articles: *articles,
                });
            }
            for (score, name) in apart.get(at).into_iter().flatten().take(TOLD) {
                let Some(entity) = matrix.entities.get(*name) else { continue };
                let count = matrix.of(at, *name);
                let Some(Class::Kind(kind)) = Class::of(*entity) else { continue };
                let facet: Option<Facet> = self.named(&[(*entity, count)])?.pop();
                telling.names.extend(facet.map(|Facet { name, value, .. }| Apart {
                    kind: FacetKind::Entity(kind),
                    name,
                    value,
                    count,
                    score: *score,
                }));
            }
            told.push(telling);
        }
        Ok(told)
    }

    /// When an article was published.
    pub fn published_at(&self, number: u32) -> Option<chrono::DateTime<chrono::Utc>> {
        let head = self.heads.iter().find(|head| head.numbers().contains(&number))?;
        let times = self.published(head).ok()?;
        times.get((number - head.base) as usize).and_then(|seconds| time(*seconds))
    }

    /// Sorts the articles of a result into bins, which are ascending.
    fn binned(&self, all: &RoaringBitmap, grain: Grain, bins: &[Bin]) -> Result<Binned, Error> {
        let end = self.heads.last().map_or(0, |head| head.numbers().end);
        let mut binned = Binned {
            bin_of: vec![NOWHERE; end as usize],
            set: RoaringBitmap::new(),
            sizes: vec![0; bins.len()],
        };
        let (mut here, mut at): (Range<i64>, Option<usize>) = (0..0, None);
        for head in &self.heads {
            self.each_place(all, head, |(seconds, number)| {
                if !here.contains(&seconds) {
                    let place = bins.partition_point(|bin| bin.start <= seconds).checked_sub(1);
                    at = place.filter(|at| {
                        bins.get(*at).is_some_and(|bin| seconds != UNDATED && seconds < grain.end(bin.start))
                    });
                    here = match at.and_then(|at| bins.get(at)) {
                        Some(bin) => bin.start..grain.end(bin.start),
                        None => seconds..seconds + 1,
                    };
                }
                if let Some(at) = at {
                    binned.set.insert(number);
                    if let Some(bin) = binned.bin_of.get_mut(number as usize) {
                        *bin = at as u16;
                    }
                    if let Some(size) = binned.sizes.get_mut(at) {
                        *size += 1;
                    }
                }
            })?;
        }
        Ok(binned)
    }

    /// Calls `visit` with each article of the set, and with the names that it has among `wanted`, each once, by their
    /// places there.
    fn each_named(
        &self,
        set: &RoaringBitmap,
        wanted: &HashMap<u32, usize>,
        mut visit: impl FnMut(u32, &[usize]),
    ) -> Result<(), Error> {
        let joined = self.same()?;
        let mut names: Vec<usize> = Vec::new();
        for head in &self.heads {
            self.cancel.check()?;
            if set.range_cardinality(head.numbers()) == 0 {
                continue;
            }
            let totals = self.pass_over(None, self.totals(head))?.unwrap_or_default();
            let places: Vec<Option<usize>> =
                totals.into_iter().map(|(entity, _)| wanted.get(&joined.same.of(entity)).copied()).collect();
            let mut last = None;
            let listed = self.each_list(set, head, |number, place| {
                if last != Some(number) {
                    if let Some(last) = last {
                        visit(last, &names);
                    }
                    names.clear();
                    last = Some(number);
                }
                if let Some(Some(name)) = places.get(place)
                    && !names.contains(name)
                {
                    names.push(*name);
                }
            });
            self.pass_over(None, listed)?;
            if let Some(last) = last {
                visit(last, &names);
            }
        }
        Ok(())
    }

    fn matrix(&self, binned: &Binned, bins: usize) -> Result<Matrix, Error> {
        let joined = self.same()?;
        let mut counts = self.counts(&binned.set)?;
        counts.join(&joined.same);
        let vague: HashSet<u32> = joined.same.vague().iter().copied().collect();
        let mut entities: Vec<(u32, u32)> = Vec::new();
        counts.each(|entity, count| {
            if count > 1 && matches!(Class::of(entity), Some(Class::Kind(_))) && !vague.contains(&entity) {
                entities.push((count, entity));
            }
        });
        entities.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        entities.truncate(COMPARED);
        let entities: Vec<u32> = entities.into_iter().map(|(_, entity)| entity).collect();
        let wanted: HashMap<u32, usize> = entities.iter().copied().zip(0..).collect();
        let mut matrix = Matrix { counts: vec![0; bins * entities.len()], entities };
        let width = matrix.entities.len();
        self.each_named(&binned.set, &wanted, |number, names| {
            let bin = binned.bin_of.get(number as usize).copied().unwrap_or(NOWHERE);
            for name in names.iter().filter(|_| bin != NOWHERE) {
                if let Some(count) = matrix.counts.get_mut(usize::from(bin) * width + name) {
                    *count += 1;
                }
            }
        })?;
        Ok(matrix)
    }

    /// The article that stands for each bin of which something is told, and how many articles of the bin tell its story.
    fn headlines(
        &self,
        binned: &Binned,
        matrix: &Matrix,
        apart: &[Vec<(f64, usize)>],
    ) -> Result<Vec<Option<(u32, u32)>>, Error> {
        let mut stories: HashMap<(u16, u32), u32> = HashMap::new();
        let bin_of = |number: u32| binned.bin_of.get(number as usize).copied().unwrap_or(NOWHERE);
        let groups = self.groups()?;
        let mut first_of: HashMap<u32, u32> = HashMap::new();
        for (copy, group) in groups.iter() {
            let bin = bin_of(*copy);
            if bin != NOWHERE {
                // The first article of the story counts where it is in the same bin.
                let own = || u32::from(bin_of(*group) == bin);
                *stories.entry((bin, *group)).or_insert_with(own) += 1;
                first_of.insert(*copy, *group);
            }
        }
        let scores: Vec<HashMap<usize, f64>> =
            apart.iter().map(|apart| apart.iter().map(|(score, name)| (*name, *score)).collect()).collect();
        let wanted: HashMap<u32, usize> = matrix.entities.iter().copied().zip(0..).collect();
        let mut best: Vec<Option<(u32, f64, u32)>> = vec![None; apart.len()];
        self.each_named(&binned.set, &wanted, |number, names| {
            let bin = bin_of(number);
            let (Some(scores), Some(best)) = (scores.get(usize::from(bin)), best.get_mut(usize::from(bin)))
            else {
                return;
            };
            let group = first_of.get(&number).copied().unwrap_or(number);
            let articles = stories.get(&(bin, group)).copied().unwrap_or(1).max(1);
            let sum: f64 = names.iter().filter_map(|name| scores.get(name)).sum();
            // A list of everything that happened has all names and is no story.
            let score = sum / (4.0 + names.len() as f64).sqrt();
            if best.is_none_or(|(most, highest, _)| (articles, score) > (most, highest)) {
                *best = Some((articles, score, number));
            }
        })?;
        Ok(best.into_iter().map(|best| best.map(|(articles, _, number)| (number, articles))).collect())
    }

    /// See `Backend::over_time`.
    pub fn over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: FacetKind,
        values: &[String],
    ) -> Result<Vec<Vec<u32>>, Error> {
        let set = self.result(query)?;
        let mut rows = Vec::with_capacity(values.len());
        for value in values {
            let mentioned = self.mentioning(kind, value)? & &*set;
            let bins = self.bins(&mentioned, chronicle.grain)?;
            let count = |bin: &Bin| bins.get(&bin.start).map_or(0, |count| *count as u32);
            rows.push(chronicle.bins.iter().map(count).collect());
        }
        Ok(rows)
    }
}

/// The names that set a bin apart from its neighbours, the most telling first, by their places in the matrix.
fn most_apart(binned: &Binned, matrix: &Matrix, at: usize, bins: usize) -> Vec<(f64, usize)> {
    let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(bins);
    let size = |bin: usize| binned.sizes.get(bin).copied().unwrap_or(0);
    let others: u32 = near.clone().filter(|bin| *bin != at).map(size).sum();
    let mut apart = Vec::new();
    for name in 0..matrix.entities.len() {
        let here = matrix.of(at, name);
        if here < 2 {
            continue;
        }
        let there: u32 = near.clone().filter(|bin| *bin != at).map(|bin| matrix.of(bin, name)).sum();
        let score = match others {
            // A bin without neighbours is told by its most frequent names.
            0 => f64::from(here) + LEAST,
            _ => log_likelihood((here, size(at)), (there, others)),
        };
        if score >= LEAST {
            apart.push((score, name));
        }
    }
    apart.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    apart.truncate(4 * TOLD);
    apart
}
