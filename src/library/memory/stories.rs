//! Which articles tell the same story, by comparing each with all before it.

use crate::article::Article;
use crate::library::identity::page;
use crate::library::store::DAYS_APART;
use crate::listing::Tally;
use crate::query::Grouping;
use crate::similar::{Signature, Words, differ};
use roaring::RoaringBitmap;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The stories of a library, by the numbers of their articles.
#[derive(Clone, Default)]
pub struct Stories {
    /// What each article is compared by; `None` for one that is too short.
    told: Vec<Option<Told>>,
    /// By article: the first of its story.
    groups: Vec<u32>,
}

#[derive(Clone)]
struct Told {
    published: i64,
    signature: Option<Signature>,
    source: String,
    page: Option<String>,
    title: String,
    body: String,
}

impl Stories {
    /// Puts an article at its number, which is at most one past the last.
    pub fn put(&mut self, number: u32, article: &Article) {
        let told = Told {
            published: article.published.map_or(i64::MIN, |published| published.timestamp()),
            signature: Signature::of(&article.body),
            source: article.source.clone(),
            page: page(article).map(Cow::into_owned),
            title: article.title.clone(),
            body: article.body.clone(),
        };
        let told = (told.signature.is_some() || told.page.is_some()).then_some(told);
        let links = |one: &Told, other: &Told| {
            one.page.is_some() && one.page == other.page && one.source != other.source
        };
        let differs = |one: &Told, other: &Told| {
            !links(one, other)
                && differ(&Words::of(&one.title, &one.body), &Words::of(&other.title, &other.body))
        };
        let same = |other: &Told| {
            told.as_ref().is_some_and(|told| {
                let alike = told.signature.zip(other.signature).is_some_and(|(one, other)| one.alike(&other));
                told.published.abs_diff(other.published) <= DAYS_APART.unsigned_abs() * 86_400
                    && (links(told, other) || alike && !differs(told, other))
            })
        };
        let strays = |first: &u32| {
            let first = self.told.get(*first as usize).and_then(Option::as_ref);
            first.zip(told.as_ref()).is_some_and(|(first, told)| differs(told, first))
        };
        let before = self.told.iter().take(number as usize);
        let mut found = before.zip(&self.groups).filter(|(other, _)| other.as_ref().is_some_and(same));
        let group = found.find(|(_, first)| !strays(first)).map_or(number, |(_, group)| *group);
        match self.told.get_mut(number as usize).zip(self.groups.get_mut(number as usize)) {
            Some(place) => (*place.0, *place.1) = (told, group),
            None => {
                self.told.push(told);
                self.groups.push(group);
            }
        }
    }

    fn group(&self, number: u32) -> u32 {
        self.groups.get(number as usize).copied().unwrap_or(number)
    }

    /// By article, the thread that it shares a row with, where threads share one: its own, that of a copy, or the first of
    /// its copies.
    pub fn threads(&self, woven: &BTreeMap<u32, u32>) -> BTreeMap<u32, u32> {
        let mut of_copies: BTreeMap<u32, u32> = BTreeMap::new();
        for (number, group) in (0u32..).zip(&self.groups) {
            if let Some(thread) = woven.get(&number) {
                of_copies.entry(*group).or_insert(*thread);
            }
        }
        (0u32..)
            .zip(&self.groups)
            .map(|(number, group)| {
                let thread = woven.get(&number).or_else(|| of_copies.get(group)).unwrap_or(group);
                (number, *thread)
            })
            .collect()
    }

    /// The articles that are shown of a result.
    pub fn shown(&self, grouping: Grouping, set: &RoaringBitmap) -> RoaringBitmap {
        match grouping {
            Grouping::Off => set.clone(),
            Grouping::Folded | Grouping::Threads => {
                let mut seen = BTreeSet::new();
                set.iter().filter(|number| seen.insert(self.group(*number))).collect()
            }
        }
    }

    pub fn tally(&self, grouping: Grouping, set: &RoaringBitmap) -> Tally {
        let stories = (grouping.folds_copies()).then(|| self.shown(grouping, set).len());
        Tally { articles: set.len(), stories }
    }

    /// How many other articles of the result tell the story of one.
    pub fn copies_in(&self, set: &RoaringBitmap, number: u32) -> u32 {
        let group = self.group(number);
        set.iter().filter(|other| *other != number && self.group(*other) == group).count() as u32
    }

    /// These articles and all others that tell one of their stories.
    pub fn with_copies(&self, set: &RoaringBitmap) -> RoaringBitmap {
        let mut stories: HashMap<u32, RoaringBitmap> = HashMap::new();
        for (number, group) in (0u32..).zip(&self.groups) {
            stories.entry(*group).or_default().insert(number);
        }
        set.iter()
            .filter_map(|number| stories.get(&self.group(number)))
            .fold(set.clone(), |all, story| all | story)
    }
}
