//! Answers to questions about time and about single names by other questions and by reading the articles one by one:
//! for a back end that has no index of these, and for the tests, which compare the store with it.

pub mod quotes;
pub mod related;
pub mod threads;

use super::{Backend, Cancel, Error};
use crate::annotation::{Field, Kind};
use crate::article::ArticleId;
use crate::language::Language;
use crate::listing::chronicle::{Bin, Chronicle, Grain, fitting, log_likelihood};
use crate::listing::profile::{NameDetail, PIECES, Profile};
use crate::listing::{Facet, FacetKind, Key, Page, Row, Stored, Window};
use crate::persons::described::descriptions;
use crate::query::complete::Role;
use crate::query::edit::{facet_term, role_term};
use crate::query::{Grouping, Query, Sort};
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// How many names, quotes and articles a profile lists of each kind.
const NAMES: usize = 8;
const QUOTES: usize = 5;
const ARTICLES: usize = 8;

/// See [`Backend::chronicle`].
pub fn chronicle(
    library: &(impl Backend + ?Sized),
    query: &Query,
    grain: Option<Grain>,
    fits: usize,
    cancel: &Cancel,
) -> Result<Chronicle, Error> {
    let mut told: Vec<(i64, ArticleId)> = Vec::new();
    for id in library.ids(query, cancel)? {
        cancel.check()?;
        let Some(stored) = library.load(id)? else { continue };
        let Some(published) = stored.article.published else { continue };
        let story = match query.grouping {
            Grouping::Folded | Grouping::Threads => {
                stored.copies.iter().map(|copy| copy.key.id).chain([id]).min_by_key(|id| id.0).unwrap_or(id)
            }
            Grouping::Off => id,
        };
        told.push((published.timestamp(), story));
    }
    told.sort_unstable_by_key(|(time, id)| (*time, id.0));
    let bins = |grain: Grain| {
        let mut bins: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for (time, story) in &told {
            bins.entry(grain.start(*time)).or_default().insert(story.0);
        }
        bins
    };
    let grain = grain.unwrap_or_else(|| {
        let days: Vec<i64> = bins(Grain::Day).into_keys().collect();
        match fitting(&days, fits) {
            Grain::Day if days.len() <= 2 => {
                let hours = bins(Grain::Hour).len();
                if hours > days.len() + 1 && hours <= fits.saturating_mul(2) {
                    Grain::Hour
                } else {
                    Grain::Day
                }
            }
            grain => grain,
        }
    });
    let bins = bins(grain).into_iter().map(|(start, stories)| Bin { start, count: stories.len() as u64 });
    Ok(Chronicle { grain, bins: bins.collect() })
}

/// See [`Backend::over_time`].
pub fn over_time(
    library: &(impl Backend + ?Sized),
    query: &Query,
    chronicle: &Chronicle,
    kind: FacetKind,
    values: &[String],
    cancel: &Cancel,
) -> Result<Vec<Vec<u32>>, Error> {
    let mut rows = Vec::new();
    for value in values {
        let times = match facet_term(kind, value) {
            Some(term) => times(library, &Query { hold: None, ..query.with(term) }, cancel)?,
            None => Vec::new(),
        };
        let count =
            |bin: &Bin| times.iter().filter(|time| chronicle.grain.start(**time) == bin.start).count() as u32;
        rows.push(chronicle.bins.iter().map(count).collect());
    }
    Ok(rows)
}

/// When the articles of a result appeared that have a date, ascending.
fn times(library: &(impl Backend + ?Sized), query: &Query, cancel: &Cancel) -> Result<Vec<i64>, Error> {
    let mut times = Vec::new();
    for id in library.ids(query, cancel)? {
        cancel.check()?;
        let published = library.load(id)?.and_then(|stored| stored.article.published);
        times.extend(published.map(|published| published.timestamp()));
    }
    times.sort_unstable();
    Ok(times)
}

/// See [`Backend::details`].
pub fn details(
    library: &(impl Backend + ?Sized),
    query: &Query,
    kind: FacetKind,
    values: &[String],
    cancel: &Cancel,
) -> Result<Vec<NameDetail>, Error> {
    let all = times(library, query, cancel)?;
    let articles = library.ids(query, cancel)?.len() as u32;
    let span = all.first().copied().zip(all.last().copied());
    let recent = |time: i64| span.is_some_and(|(first, last)| time >= last - (last - first) / 4);
    let lately = all.iter().filter(|time| recent(**time)).count() as u32;
    let mut details = Vec::new();
    for value in values {
        let Some(term) = facet_term(kind, value) else {
            details.push(NameDetail::default());
            continue;
        };
        let of = Query { hold: None, ..query.with(term) };
        let ids = library.ids(&of, cancel)?;
        let mut detail =
            NameDetail { articles: ids.len() as u64, curve: vec![0; PIECES], ..NameDetail::default() };
        if let FacetKind::Entity(of_kind) = kind
            && let Some(term) = role_term(Role::Subject, of_kind, value)
        {
            let about = of.with(term);
            detail.about = library.ids(&about, cancel)?.len() as u64;
            if of_kind == Kind::Country {
                let about = Query { grouping: Grouping::Off, ..about };
                let people = library.facets(&about, cancel)?.people.into_iter().take(3);
                detail.people = people.map(|facet| (facet.name, facet.count as u32)).collect();
            }
        }
        if let FacetKind::Entity(of_kind) = kind
            && let Some(term) = role_term(Role::Speaker, of_kind, value)
        {
            let said = Query { hold: None, ..query.with(term) };
            detail.quotes = library.quotes(&said, usize::MAX, cancel)?.len() as u64;
        }
        let mut here = 0;
        for time in times(library, &of, cancel)? {
            detail.first.get_or_insert(time);
            detail.last = Some(time);
            here += u32::from(recent(time));
            if let Some((first, last)) = span {
                let piece = i128::from(time - first) * PIECES as i128 / i128::from(last - first + 1);
                if let Some(count) = detail.curve.get_mut(usize::try_from(piece).unwrap_or(0)) {
                    *count += 1;
                }
            }
        }
        if span.is_some() {
            let rest = (detail.articles as u32 - here, articles - lately);
            detail.rising = log_likelihood((here, lately), rest);
        }
        if kind == FacetKind::Entity(Kind::Person) {
            let forms: BTreeSet<String> =
                library.forms(kind, value)?.iter().map(|form| fold::words(form).join(" ")).collect();
            let mut found: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
            for id in ids {
                let Some(stored) = library.load(id)? else { continue };
                for words in described(&stored, &forms) {
                    *found.entry(fold::words(&words).join(" ")).or_default().entry(words).or_default() += 1;
                }
            }
            let mut most: Vec<(String, u32)> = Vec::new();
            for written in found.into_values() {
                let count = written.values().sum();
                let best =
                    written.into_iter().max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
                most.extend(best.map(|(words, _)| (words, count)));
            }
            most.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            most.truncate(5);
            detail.described = most;
        }
        details.push(detail);
    }
    Ok(details)
}

/// The descriptions in an article of the persons with one of these names, each once.
fn described(stored: &super::Stored, names: &BTreeSet<String>) -> BTreeSet<String> {
    let super::Stored { article, analysis, .. } = stored;
    let language = Language::of(article.language);
    let mut found = BTreeSet::new();
    for mention in &analysis.mentions {
        let Some(entity) = analysis.entities.get(mention.entity.0 as usize) else { continue };
        if entity.kind == Kind::Person && names.contains(&fold::words(&entity.name).join(" ")) {
            let text =
                if mention.field == crate::annotation::Field::Title { &article.title } else { &article.body };
            let (start, end) = (mention.span.start as usize, mention.span.end as usize);
            found.extend(descriptions(text, start, end, language).into_iter().map(str::to_owned));
        }
    }
    found
}

/// See [`Backend::profile`].
pub fn profile(
    library: &(impl Backend + ?Sized),
    query: &Query,
    kind: FacetKind,
    value: &str,
    cancel: &Cancel,
) -> Result<Option<Profile>, Error> {
    let (FacetKind::Entity(of_kind), Some(term)) = (kind, facet_term(kind, value)) else { return Ok(None) };
    // Not held: the hold has the articles of the whole result.
    let of = Query { sort: Sort::Date, hold: None, ..query.with(term) };
    let facets = library.facets(&of, cancel)?;
    if facets.total == 0 {
        return Ok(None);
    }
    let own = match of_kind {
        Kind::Person => &facets.people,
        Kind::Country => &facets.countries,
        Kind::Org => &facets.orgs,
        Kind::Place => &facets.places,
    };
    let forms = library.forms(kind, value)?;
    // A name of which nobody can tell whether two articles mean the same one is listed as one article.
    let name = own.iter().find(|facet| facet.value == value).map(|facet| facet.name.clone());
    let name = name.or_else(|| forms.first().cloned()).unwrap_or_else(|| value.to_owned());
    let name = Facet { name, value: value.to_owned(), count: facets.total };
    let Some(detail) = library.details(query, kind, &[value.to_owned()], cancel)?.pop() else {
        return Ok(None);
    };
    let others = |facets: &[Facet]| -> Vec<Facet> {
        facets.iter().filter(|facet| facet.value != value).take(NAMES).cloned().collect()
    };
    let quotes = |role: Role, limit: usize| match role_term(role, of_kind, value) {
        Some(term) => library.quotes(&Query { hold: None, ..query.with(term) }, limit, cancel),
        None => Ok(Vec::new()),
    };
    // `by:africa` finds South Africa too, which is another speaker.
    let own_name = |speaker: &str| {
        let speaker = fold::words(speaker);
        forms.iter().map(String::as_str).chain([name.name.as_str()]).any(|form| fold::words(form) == speaker)
    };
    let mut said = quotes(Role::Speaker, QUOTES * 20)?;
    said.retain(|row| row.speaker.as_deref().is_some_and(own_name));
    said.truncate(QUOTES);
    let told = quotes(Role::SpokenOf, QUOTES)?;
    let Page { rows: latest, .. } = library.page(&of, Window::First { limit: ARTICLES }, cancel)?;
    let oldest = Query { sort: Sort::Oldest, grouping: Grouping::Off, ..of };
    let first: Option<Key> =
        library.page(&oldest, Window::First { limit: 1 }, cancel)?.rows.first().map(|row| row.key);
    let forms = as_written(library, forms, &latest, cancel)?;
    Ok(Some(Profile {
        kind,
        forms,
        people: others(&facets.people),
        orgs: others(&facets.orgs),
        places: others(&facets.places),
        countries: others(&facets.countries),
        name,
        detail,
        said,
        told,
        latest,
        first,
    }))
}

/// Names as the articles of these rows write them most often, in place of their folded forms; one that none of them has stays
/// as it is.
fn as_written(
    library: &(impl Backend + ?Sized),
    forms: Vec<String>,
    rows: &[Row],
    cancel: &Cancel,
) -> Result<Vec<String>, Error> {
    let mut written: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let ids: Vec<crate::article::ArticleId> = rows.iter().map(|row| row.key.id).collect();
    for Stored { article, analysis, .. } in library.load_all(&ids, cancel)? {
        for mention in &analysis.mentions {
            let text = if mention.field == Field::Title { &article.title } else { &article.body };
            let name = mention.span.get(text).unwrap_or_default();
            let name = name.split_whitespace().collect::<Vec<&str>>().join(" ");
            *written.entry(fold::words(&name).join(" ")).or_default().entry(name).or_default() += 1;
        }
    }
    let of = |form: String| {
        let found = written.get(&fold::words(&form).join(" "));
        let most = found.and_then(|found| found.iter().max_by_key(|(_, count)| **count));
        most.map_or(form, |(name, _)| name.clone())
    };
    Ok(forms.into_iter().map(of).collect())
}
