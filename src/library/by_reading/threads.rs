//! Threads by reading: for a back end without an index of them, and for the tests. The course of a thread is always read,
//! because a thread has few articles.

use crate::annotation::{Analysis, Kind, Quote, Speaker};
use crate::article::{Article, ArticleId};
use crate::library::{Backend, Cancel, Error};
use crate::listing::thread::{Step, Thread, ThreadOrder, Threads, curve};
use crate::listing::{Facet, FacetKind, Key, QuoteRow, Stored, Window, headline};
use crate::query::edit::facet_term;
use crate::query::{Query, Sort};
use crate::similar::thread::{Feature, Item, Sort as Of, Weaver};
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How many of the newest articles of a result are read.
const READ: usize = 2_000;

/// How many articles are read at a time.
const PIECE: usize = 200;

/// A word that an article has so often is what it is about.
const OFTEN: usize = 3;

/// The names that are told of a thread at most.
const TOLD: usize = 6;

/// The articles of a thread that are listed in its course at most.
pub const COURSE: usize = 200;

/// What an article is compared by. `number` gives the same number to the same name.
pub fn features(
    article: &Article,
    analysis: &Analysis,
    number: &mut impl FnMut(Kind, &str) -> u64,
) -> Vec<Feature> {
    let mut found = Vec::new();
    let titled = fold::words(&article.title);
    found.extend(titled.iter().filter_map(|word| Feature::word(word.as_bytes(), Of::Title)));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in titled.into_iter().chain(fold::words(&article.body)) {
        *counts.entry(word).or_default() += 1;
    }
    let often = counts.iter().filter(|(_, count)| **count >= OFTEN);
    found.extend(often.filter_map(|(word, _)| Feature::word(word.as_bytes(), Of::Strong)));
    // The words of names are in the names.
    let named: HashSet<u64> = analysis
        .entities
        .iter()
        .flat_map(|entity| fold::words(&entity.name))
        .filter_map(|word| Feature::word(word.as_bytes(), Of::Title))
        .map(|feature| feature.key)
        .collect();
    found.retain(|feature| !named.contains(&feature.key));
    for entity in &analysis.entities {
        let is_country = entity.kind == Kind::Country;
        let number = number(entity.kind, &fold::words(&entity.name).join(" "));
        found.push(Feature::name(number, is_country, false));
        if entity.salience >= crate::annotation::SALIENT {
            found.push(Feature::name(number, is_country, true));
        }
    }
    found
}

/// The threads of some articles, each with a number, its story if that has copies, and its time; ordered by time.
pub fn woven<'a>(
    articles: impl Iterator<Item = (u32, Option<u32>, i64, &'a Article, &'a Analysis)>,
) -> Vec<(u32, u32)> {
    let mut numbers: HashMap<(Kind, String), u64> = HashMap::new();
    let mut number = |kind: Kind, name: &str| {
        let next = numbers.len() as u64;
        *numbers.entry((kind, name.to_owned())).or_insert(next)
    };
    let items: Vec<Item> = articles
        .map(|(place, story, time, article, analysis)| Item {
            number: place,
            time,
            story,
            thread: None,
            features: features(article, analysis, &mut number),
        })
        .collect();
    let mut weaver = Weaver::default();
    weaver.take(&items);
    weaver.woven()
}

/// See [`Backend::threads`]. `known` says in which thread an article is, where that is known; otherwise it is computed from
/// the newest articles of the result.
pub fn threads(
    library: &(impl Backend + ?Sized),
    query: &Query,
    known: Option<&dyn Fn(ArticleId) -> Option<ArticleId>>,
    (order, limit): (ThreadOrder, usize),
    cancel: &Cancel,
) -> Result<Threads, Error> {
    let (mut ids, newest) = match known {
        Some(_) => (library.ids(query, cancel)?, None),
        None => {
            let (ids, more) = library.newest_ids(query, READ, cancel)?;
            (ids, more.then_some(READ as u64))
        }
    };
    if let Some(known) = known {
        ids.retain(|id| known(*id).is_some());
    }
    let mut read: Vec<(i64, Stored)> = Vec::new();
    for piece in ids.chunks(PIECE) {
        for stored in library.load_all(piece, cancel)? {
            let time = stored.article.published.map(|published| published.timestamp());
            read.extend(time.map(|time| (time, stored)));
        }
    }
    read.sort_by_key(|(time, stored)| (*time, stored.id.0));
    let places: HashMap<ArticleId, u32> =
        (0..).zip(&read).map(|(place, (_, stored))| (stored.id, place)).collect();
    let story = |stored: &Stored| {
        let all = stored.copies.iter().map(|copy| copy.key.id).chain([stored.id]);
        all.filter_map(|id| places.get(&id).copied()).min()
    };
    let mut members: BTreeMap<i64, Vec<&(i64, Stored)>> = BTreeMap::new();
    match known {
        Some(known) => {
            for article in &read {
                if let Some(thread) = known(article.1.id) {
                    members.entry(thread.0).or_default().push(article);
                }
            }
        }
        None => {
            let articles = (0..).zip(&read).map(|(place, (time, stored))| {
                let story = story(stored).filter(|_| !stored.copies.is_empty());
                (place, story, *time, &stored.article, &stored.analysis)
            });
            for (place, thread) in woven(articles) {
                let (Some(article), Some((_, first))) = (read.get(place as usize), read.get(thread as usize))
                else {
                    continue;
                };
                members.entry(first.id.0).or_default().push(article);
            }
        }
    }
    members.retain(|_, articles| articles.len() > 1);
    let rarity = rarity(library, &members, cancel)?;
    let mut told: Vec<Thread> = Vec::new();
    for (id, articles) in &members {
        cancel.check()?;
        told.extend(thread(ArticleId(*id), articles, &story, &rarity));
    }
    let size = |thread: &Thread| match order {
        ThreadOrder::Newest => 0,
        ThreadOrder::Largest => thread.articles,
        ThreadOrder::Sources => thread.sources.len() as u64,
    };
    told.sort_by_key(|thread| std::cmp::Reverse((size(thread), thread.last, thread.id.0)));
    let total = told.len() as u64;
    told.truncate(limit);
    Ok(Threads { threads: told, total, newest })
}

/// The names of some articles, each with how many of them mention it.
fn counted(articles: &[&(i64, Stored)]) -> BTreeMap<(Kind, String), (u32, Facet)> {
    let mut counts: BTreeMap<(Kind, String), (u32, Facet)> = BTreeMap::new();
    for (_, stored) in articles {
        let mut seen = HashSet::new();
        for entity in &stored.analysis.entities {
            let key = (entity.kind, fold::words(&entity.name).join(" "));
            if seen.insert(key.clone()) {
                let value = entity.code.map_or_else(|| entity.name.clone(), |code| code.as_str().to_owned());
                let facet = || (0, Facet { name: entity.name.clone(), value, count: 0 });
                counts.entry(key).or_insert_with(facet).0 += 1;
            }
        }
    }
    counts.retain(|_, (count, _)| *count >= 2);
    counts
}

/// How rare those names are among all articles that several articles of a thread have.
fn rarity(
    library: &(impl Backend + ?Sized),
    members: &BTreeMap<i64, Vec<&(i64, Stored)>>,
    cancel: &Cancel,
) -> Result<HashMap<(Kind, String), f64>, Error> {
    let mut values: BTreeMap<(Kind, String), String> = BTreeMap::new();
    for articles in members.values() {
        for (key, (_, facet)) in counted(articles) {
            values.entry(key).or_insert(facet.value);
        }
    }
    let named: Vec<(Kind, String)> = values.iter().map(|((kind, _), value)| (*kind, value.clone())).collect();
    let all = if named.is_empty() { 0 } else { library.tally(&Query::everything(), cancel)?.articles };
    let with = library.count_named(&named, cancel)?;
    let rare = |with: u64| if with == 0 { 0.0 } else { (1.0 + all as f64 / with as f64).ln() };
    Ok(values.into_keys().zip(with.into_iter().map(rare)).collect())
}

/// See [`Backend::count_named`].
pub fn count_named(
    library: &(impl Backend + ?Sized),
    names: &[(Kind, String)],
    cancel: &Cancel,
) -> Result<Vec<u64>, Error> {
    let count = |(kind, value): &(Kind, String)| match facet_term(FacetKind::Entity(*kind), value) {
        Some(term) => Ok(library.tally(&Query::everything().with(term), cancel)?.articles.max(1)),
        // A name without a letter is not rare but nothing.
        None => Ok(0),
    };
    names.iter().map(count).collect()
}

fn thread(
    id: ArticleId,
    articles: &[&(i64, Stored)],
    story: &dyn Fn(&Stored) -> Option<u32>,
    rarity: &HashMap<(Kind, String), f64>,
) -> Option<Thread> {
    let mut sources: BTreeMap<&str, u32> = BTreeMap::new();
    let mut stories: HashMap<Option<u32>, u32> = HashMap::new();
    for (_, stored) in articles {
        *sources.entry(&stored.article.source).or_default() += 1;
        *stories.entry(story(stored)).or_default() += 1;
    }
    let mut names: Vec<(f64, Kind, Facet)> = Vec::new();
    for ((kind, key), (count, facet)) in counted(articles) {
        let rare = rarity.get(&(kind, key)).copied().unwrap_or(0.0);
        names.push((f64::from(count) * rare, kind, Facet { count: count.into(), ..facet }));
    }
    names.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.2.name.cmp(&other.2.name)));
    names.truncate(TOLD);
    let named = |stored: &Stored| {
        let has = |(_, kind, facet): &&(f64, Kind, Facet)| {
            let entities = &stored.analysis.entities;
            entities
                .iter()
                .any(|entity| entity.kind == *kind && fold::words(&entity.name) == fold::words(&facet.name))
        };
        names.iter().filter(has).count()
    };
    let best = articles.iter().max_by_key(|(time, stored)| {
        (stories.get(&story(stored)).copied(), named(stored), *time, stored.id.0)
    });
    let (_, head) = best?;
    let times = || articles.iter().map(|(time, _)| *time);
    let (first, last) = (times().min()?, times().max()?);
    let mut sources: Vec<(&str, u32)> = sources.into_iter().collect();
    sources.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    Some(Thread {
        id,
        first,
        last,
        articles: articles.len() as u64,
        stories: stories.len() as u64,
        sources: sources.into_iter().map(|(source, _)| source.to_owned()).collect(),
        head: head.key(),
        title: headline(&head.article.title, &head.article.body).into_owned(),
        names: names.into_iter().map(|(_, kind, facet)| (FacetKind::Entity(kind), facet)).collect(),
        curve: curve(first, last, times()),
    })
}

/// See [`Backend::course`].
pub fn course(library: &(impl Backend + ?Sized), query: &Query, cancel: &Cancel) -> Result<Vec<Step>, Error> {
    let oldest = Query { sort: Sort::Oldest, hold: None, ..query.clone() };
    let mut steps = Vec::new();
    let mut people: Vec<Vec<String>> = Vec::new();
    let mut said: BTreeSet<Vec<String>> = BTreeSet::new();
    let rows = library.page(&oldest, Window::First { limit: COURSE }, cancel)?.rows;
    let ids: Vec<ArticleId> = rows.iter().map(|row| row.key.id).collect();
    let mut read: HashMap<ArticleId, Stored> =
        library.load_all(&ids, cancel)?.into_iter().map(|stored| (stored.id, stored)).collect();
    for row in rows {
        let Some(stored) = read.remove(&row.key.id) else { continue };
        let mut fresh = Vec::new();
        for entity in stored.analysis.entities.iter().filter(|entity| entity.kind == Kind::Person) {
            let words = fold::words(&entity.name);
            let is_one = |other: &Vec<String>| {
                words.iter().all(|word| other.contains(word)) || other.iter().all(|word| words.contains(word))
            };
            if !words.is_empty() && !people.iter().any(is_one) {
                fresh.push(Facet { name: entity.name.clone(), value: entity.name.clone(), count: 1 });
            }
            people.push(words);
        }
        let quotes = stored.analysis.quotes.iter().filter_map(|quote| quoted(&stored, quote));
        let quotes = quotes.filter(|quote| said.insert(fold::words(&quote.text))).collect();
        let copied_by: BTreeSet<&str> = stored.copies.iter().map(|copy| copy.source.as_str()).collect();
        let copied_by =
            copied_by.into_iter().filter(|source| *source != row.source).map(str::to_owned).collect();
        steps.push(Step { row, people: fresh, quotes, copied_by });
    }
    Ok(steps)
}

/// The row of a quote of an article.
fn quoted(stored: &Stored, quote: &Quote) -> Option<QuoteRow> {
    let text = match quote.field {
        crate::annotation::Field::Title => &stored.article.title,
        crate::annotation::Field::Body => &stored.article.body,
    };
    let speaker = match &quote.speaker {
        Some(Speaker::Entity(index)) => {
            stored.analysis.entities.get(index.0 as usize).map(|entity| entity.name.clone())
        }
        Some(Speaker::Description(words)) => Some(words.clone()),
        None => None,
    };
    Some(QuoteRow {
        key: Key { published: stored.article.published, id: stored.id },
        source: stored.article.source.clone(),
        title: headline(&stored.article.title, &stored.article.body).into_owned(),
        kind: quote.kind,
        field: quote.field,
        span: quote.span,
        text: quote.span.get(text)?.to_owned(),
        speaker,
    })
}
