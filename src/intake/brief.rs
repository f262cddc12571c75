//! Makes a brief: the stories that most articles tell, who is mentioned more than before, quotes, and countries.
//!
//! In: a library, a query, and a first day. Out: a [`Brief`] made only of what the articles say. It asks what any back end can
//! answer.

use crate::analysis::first_sentences;
use crate::annotation::{ENGINE_VERSION, Entity, Kind, QuoteKind};
use crate::article::ArticleId;
use crate::library::{Cancel, Error, Library};
use crate::listing::brief::{Brief, Country, Rose, TopStory};
use crate::listing::chronicle::{LEAST, log_likelihood};
use crate::listing::thread::ThreadOrder;
use crate::listing::{Facet, FacetKind, QuoteRow, Row, Window, headline};
use crate::query::{Days, Grouping, Mark, Query, Sort, Term};
use chrono::{Local, NaiveDate};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many of each a brief has.
const STORIES: usize = 7;
const ROSE: usize = 6;
const QUOTES: usize = 5;
const COUNTRIES: usize = 8;
/// How many bytes of the first sentences are told of a story.
const SENTENCES: usize = 320;
/// Of how many rows, the newest, the largest stories are chosen; and of how many of these it is read what they are about.
const ROWS: usize = 5_000;
const READ: usize = 150;
/// How many names and quotes are compared.
const NAMES: usize = 60;
const QUOTED: usize = 400;
/// How many names are counted in one question.
const COUNTED: usize = 2_000;
/// The time before is so many times as long as the time of the brief, and at least so many days.
const TIMES: i64 = 7;
const LEAST_BEFORE: i64 = 28;
/// The letters of a quote that is told.
const WORDS: std::ops::RangeInclusive<usize> = 40..=280;

/// The name under which a library stores the last brief.
const STORED: &str = "brief";

/// A brief as it is stored, and what it is of.
#[derive(Serialize, Deserialize)]
struct StoredBrief {
    of: String,
    brief: Option<Brief>,
}

/// What a brief depends on besides the clock: the articles and which of them are out of sight, the program and its engine, the
/// person's corrections, and the question with the marks that it asks for. `None` where the library does not know its own version.
fn written(
    library: &Library,
    query: &Query,
    since: NaiveDate,
    cancel: &Cancel,
) -> Result<Option<String>, Error> {
    let Some((articles, marks)) = library.stored_version() else { return Ok(None) };
    let mut other = DefaultHasher::new();
    library.names_text()?.hash(&mut other);
    if query.filter.asks_for_marks() {
        marks.hash(&mut other);
    }
    for mark in [Mark::Hidden, Mark::Deleted] {
        let away = Query { filter: Term::Is(mark).into(), grouping: Grouping::Off, ..Query::everything() };
        library.ids(&away, cancel)?.hash(&mut other);
    }
    let (other, least) = (other.finish(), library.least());
    let program = env!("CARGO_PKG_VERSION");
    Ok(Some(format!("{program} {ENGINE_VERSION} {articles} {other} {least:?} {since} {query}")))
}

/// A brief that was stored, with the marks that its stories have now.
fn with_marks(library: &Library, brief: Option<Brief>) -> Result<Option<Brief>, Error> {
    let Some(mut brief) = brief else { return Ok(None) };
    for story in &mut brief.stories {
        if let Some(stored) = library.load(story.row.key.id)? {
            (story.row.read, story.row.starred) = (stored.read, stored.starred);
        }
    }
    Ok(Some(brief))
}

/// What is new in the result of a query since a day; `None` if nothing is. The last brief is stored in the library, with the
/// state that it is of.
pub fn brief(
    library: &Library,
    query: &Query,
    since: NaiveDate,
    cancel: &Cancel,
) -> Result<Option<Brief>, Error> {
    let of = written(library, query, since, cancel)?;
    if let Some(of) = &of {
        let stored = library.kept(STORED)?.and_then(|text| serde_json::from_str::<StoredBrief>(&text).ok());
        if let Some(stored) = stored.filter(|stored| stored.of == *of) {
            return with_marks(library, stored.brief);
        }
    }
    let brief = brief_anew(library, query, since, cancel)?;
    if let Some(of) = of {
        // What cannot be stored now is made again.
        let stored = serde_json::to_string(&StoredBrief { of, brief: brief.clone() });
        _ = stored.ok().map(|text| library.keep(STORED, &text));
    }
    Ok(brief)
}

/// Of which days a brief is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recent {
    SinceYesterday,
    /// Of the newest day that has articles, since nothing is new.
    Newest,
}

/// What is new since yesterday, or, where nothing is, on the newest day; `None` if no article has a date.
pub fn recent(library: &Library, query: &Query, cancel: &Cancel) -> Result<Option<(Brief, Recent)>, Error> {
    let newest = Query { sort: Sort::Date, hold: None, ..query.clone() };
    let first = library.page(&newest, Window::First { limit: 1 }, cancel)?.rows.into_iter().next();
    let Some(newest) = first.and_then(|row| row.key.date()) else { return Ok(None) };
    let yesterday = Local::now().date_naive().pred_opt().filter(|yesterday| *yesterday <= newest);
    let recent = if yesterday.is_some() { Recent::SinceYesterday } else { Recent::Newest };
    let brief = brief(library, query, yesterday.unwrap_or(newest), cancel)?;
    Ok(brief.map(|brief| (brief, recent)))
}

/// The number of new articles after which the segments of the index are merged.
pub const WORTH_SETTLING: u64 = 1_000;

/// Makes the brief that the next reader shows first, where it can be stored.
fn make_ahead(library: &Library) {
    if library.stored_version().is_some() {
        // Where this fails, the next reader makes it, and reports what is wrong.
        _ = recent(library, &Query::everything(), &Cancel::new());
    }
}

/// Computes what the next reader shows first, its brief among it, after `came` articles came. After many, the index is put in
/// order, too.
pub fn make_ready(library: &Library, came: u64) -> Result<(), Error> {
    match came {
        0 => return Ok(()),
        1..WORTH_SETTLING => library.count_ahead(),
        WORTH_SETTLING.. => library.settle()?,
    }
    make_ahead(library);
    Ok(())
}

fn brief_anew(
    library: &Library,
    query: &Query,
    since: NaiveDate,
    cancel: &Cancel,
) -> Result<Option<Brief>, Error> {
    let query = Query { sort: Sort::Date, grouping: Grouping::Folded, hold: None, ..query.clone() };
    let Some(days) = Days::new(Some(since), None) else { return Ok(None) };
    let now = query.with(Term::Date(days).into());
    let rows = library.page(&now, Window::First { limit: ROWS }, cancel)?.rows;
    let Some(until) = rows.first().and_then(|row| row.key.date()) else { return Ok(None) };
    let tally = library.tally(&now, cancel)?;
    let people = library.names(FacetKind::Entity(Kind::Person), "", &now, NAMES, cancel)?;
    let countries = library.names(FacetKind::Entity(Kind::Country), "", &now, NAMES, cancel)?;
    let weights: HashMap<&str, u64> =
        people.iter().chain(&countries).map(|facet| (facet.name.as_str(), facet.count)).collect();
    let stories = stories(library, &now, rows, &weights, cancel)?;
    let rose = rose(library, (&query, &now), (since, until), &people, cancel)?;
    let quotes = quotes(library.quotes(&now, QUOTED, cancel)?, &weights);
    let countries = about(library, &now, countries, cancel)?;
    Ok(Some(Brief { since, until, tally, stories, rose, quotes, countries }))
}

/// The stories that most articles tell, over days or as copies, and among equals those that are about what most articles
/// mention.
fn stories(
    library: &Library,
    now: &Query,
    mut rows: Vec<Row>,
    weights: &HashMap<&str, u64>,
    cancel: &Cancel,
) -> Result<Vec<TopStory>, Error> {
    let mut weighed: Vec<(u64, f64, TopStory)> = Vec::new();
    let mut told: HashSet<ArticleId> = HashSet::new();
    let mut titles: HashSet<String> = HashSet::new();
    for thread in library.threads(now, ThreadOrder::Largest, STORIES, cancel)?.threads {
        told.extend(library.ids(&now.with(Term::Story(thread.id).into()), cancel)?);
        let Some((weight, mut story)) = story(library, thread.head.id, weights)? else { continue };
        if titles.insert(story.row.title.to_lowercase()) {
            (story.articles, story.sources) = (thread.articles, thread.sources);
            weighed.push((story.articles, weight, story));
        }
    }
    // Stable, so that the newest comes first among stories of the same size.
    rows.sort_by_key(|row| Reverse(row.copies));
    for row in rows.iter().filter(|row| !told.contains(&row.key.id)).take(READ) {
        cancel.check()?;
        if titles.insert(row.title.to_lowercase())
            && let Some((weight, story)) = story(library, row.key.id, weights)?
        {
            let articles = u64::from(row.copies) + 1;
            weighed.push((articles, weight, TopStory { articles, ..story }));
        }
    }
    weighed.sort_by(|one, other| other.0.cmp(&one.0).then(other.1.total_cmp(&one.1)));
    Ok(weighed.into_iter().take(STORIES).map(|(_, _, story)| story).collect())
}

/// The story of an article by itself, and how much it is about what most articles mention; `None` if it cannot be read.
fn story(
    library: &Library,
    id: ArticleId,
    weights: &HashMap<&str, u64>,
) -> Result<Option<(f64, TopStory)>, Error> {
    let loaded = match library.load(id) {
        Err(error) if error.is_damage() => None,
        loaded => loaded?,
    };
    let Some(stored) = loaded else { return Ok(None) };
    let weight = |entity: &Entity| {
        let count = weights.get(entity.name.as_str()).copied().unwrap_or(0);
        f64::from(entity.salience) * (1.0 + count as f64).ln()
    };
    let weight: f64 = stored.analysis.entities.iter().map(weight).sum();
    let mut sources: Vec<String> = Vec::new();
    let first = std::iter::once(&stored.article.source);
    for source in first.chain(stored.copies.iter().map(|copy| &copy.source)) {
        if !sources.contains(source) {
            sources.push(source.clone());
        }
    }
    let article = &stored.article;
    let sentences = first_sentences(&article.body, article.language, SENTENCES);
    let sentences = sentences.split_whitespace().collect::<Vec<&str>>().join(" ");
    let row = Row {
        key: stored.key(),
        source: article.source.clone(),
        title: headline(&article.title, &article.body).into_owned(),
        read: stored.read,
        starred: stored.starred,
        copies: u32::try_from(stored.copies.len()).unwrap_or(u32::MAX),
        gone: false,
    };
    let articles = stored.copies.len() as u64 + 1;
    Ok(Some((weight, TopStory { row, articles, sources, sentences })))
}

/// The people whom more articles mention than in the time before, by G².
fn rose(
    library: &Library,
    (query, now): (&Query, &Query),
    (since, until): (NaiveDate, NaiveDate),
    people: &[Facet],
    cancel: &Cancel,
) -> Result<Vec<Rose>, Error> {
    let span = ((until - since).num_days() + 1).saturating_mul(TIMES).max(LEAST_BEFORE);
    let span = chrono::Days::new(span.unsigned_abs());
    let before = Days::new(since.checked_sub_days(span), since.pred_opt());
    let before = before.map(|days| query.with(Term::Date(days).into()));
    let single = |query: &Query| Query { grouping: Grouping::Off, ..query.clone() };
    let count = |query: &Query| -> Result<u64, Error> { Ok(library.tally(query, cancel)?.articles) };
    let kind = FacetKind::Entity(Kind::Person);
    // One question about all names, and then one about each that is not among the most frequent.
    let counts = |query: &Query| -> Result<(HashMap<String, u64>, bool), Error> {
        let names = library.names(kind, "", query, COUNTED, cancel)?;
        let is_whole = names.len() < COUNTED;
        Ok((names.into_iter().map(|facet| (facet.value, facet.count)).collect(), is_whole))
    };
    let of = |query: &Query, (counts, is_whole): &(HashMap<String, u64>, bool), facet: &Facet| match counts
        .get(&facet.value)
    {
        Some(count) => Ok(*count),
        None if *is_whole => Ok(0),
        None => count(&query.require(kind, &facet.value)),
    };
    let (now_single, before) = (single(now), before.map(|before| single(&before)));
    let counted = counts(&now_single)?;
    let counted_before = before.as_ref().map(counts).transpose()?;
    let all = count(&now_single)?;
    let all_before = match &before {
        Some(before) => count(before)?,
        None => 0,
    };
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let mut rose: Vec<(f64, Rose)> = Vec::new();
    for facet in people {
        let here = of(&now_single, &counted, facet)?;
        let there = match (&before, &counted_before) {
            (Some(before), Some(counted)) => of(before, counted, facet)?,
            _ => 0,
        };
        let score = match all_before {
            // Without a time before, those whom most articles mention are told.
            0 => here as f64 + LEAST,
            _ => log_likelihood((small(here), small(all)), (small(there), small(all_before))),
        };
        if here > 1 && score >= LEAST {
            rose.push((score, Rose { facet: facet.clone(), described: None, now: here, before: there }));
        }
    }
    rose.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut rose: Vec<Rose> = rose.into_iter().take(ROSE).map(|(_, rose)| rose).collect();
    let values: Vec<String> = rose.iter().map(|rose| rose.facet.value.clone()).collect();
    for (rose, detail) in rose.iter_mut().zip(library.details(now, kind, &values, cancel)?) {
        rose.described = detail.described.into_iter().next().map(|(words, _)| words);
    }
    Ok(rose)
}

/// Quotes of those whom most articles mention, in the speaker's own words; one of each speaker and of each article.
fn quotes(found: Vec<QuoteRow>, weights: &HashMap<&str, u64>) -> Vec<QuoteRow> {
    let mut telling: Vec<(u64, QuoteRow)> = found
        .into_iter()
        .filter(|quote| quote.kind == QuoteKind::Direct && WORDS.contains(&quote.text.chars().count()))
        .filter_map(|quote| Some((weights.get(quote.speaker.as_deref()?).copied()?, quote)))
        .collect();
    telling.sort_by_key(|(weight, _)| Reverse(*weight));
    let (mut speakers, mut articles) = (HashSet::new(), HashSet::new());
    let one_of_each = |(_, quote): &(u64, QuoteRow)| {
        speakers.insert(quote.speaker.clone()) && articles.insert(quote.key.id)
    };
    telling.into_iter().filter(one_of_each).take(QUOTES).map(|(_, quote)| quote).collect()
}

/// The countries that most articles are about.
fn about(
    library: &Library,
    now: &Query,
    mut facets: Vec<Facet>,
    cancel: &Cancel,
) -> Result<Vec<Country>, Error> {
    facets.truncate(3 * COUNTRIES);
    let values: Vec<String> = facets.iter().map(|facet| facet.value.clone()).collect();
    let details = library.details(now, FacetKind::Entity(Kind::Country), &values, cancel)?;
    let countries = facets.into_iter().zip(details);
    let mut countries: Vec<Country> =
        countries.map(|(facet, detail)| Country { facet, about: detail.about }).collect();
    countries.sort_by_key(|country| (Reverse(country.about), Reverse(country.facet.count)));
    countries.truncate(COUNTRIES);
    Ok(countries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Depth, InForce, store_new};
    use crate::query::matching::holds;

    fn sample() -> (Library, Query) {
        let library = Library::temporary().expect("a library");
        let depth = Depth::Analysis(InForce::new(Default::default()));
        store_new(&library, crate::formats::edition(), &depth).expect("stored");
        (library, Query::everything())
    }

    /// Every number is compared with one that is counted article by article.
    #[test]
    fn the_numbers_of_the_sample_edition_are_those_counted_by_reading() {
        let (library, query) = sample();
        let all = library.ids(&query, &Cancel::new()).expect("ids");
        let stored: Vec<_> =
            all.iter().map(|id| library.load(*id).expect("an answer").expect("an article")).collect();
        let mut days: Vec<NaiveDate> = stored.iter().filter_map(|stored| stored.article.date()).collect();
        days.sort_unstable();
        for since in [days[0], days[days.len() / 2], days[days.len() - 1]] {
            let brief = brief(&library, &query, since, &Cancel::new()).expect("an answer").expect("a brief");
            let within: Vec<_> = stored
                .iter()
                .filter(|stored| stored.article.date().is_some_and(|day| day >= since))
                .collect();
            assert_eq!(brief.tally.articles, within.len() as u64, "since {since}");
            assert_eq!(Some(&brief.until), days.last());
            for story in &brief.stories {
                let own = within.iter().find(|stored| stored.id == story.row.key.id).expect("within");
                let thread = query.with(Term::Story(own.id).into());
                let thread = library.ids(&thread, &Cancel::new()).expect("ids");
                let of_thread = within.iter().filter(|stored| thread.contains(&stored.id)).count() as u64;
                assert_eq!(story.articles, of_thread.max(own.copies.len() as u64 + 1), "{}", story.row.title);
                let body = own.article.body.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(body.contains(story.sentences.trim_end_matches(" …")), "{}", story.sentences);
            }
            for country in &brief.countries {
                let about = within.iter().filter(|stored| {
                    stored.analysis.about().any(|code| code.as_str() == country.facet.value)
                });
                assert_eq!(country.about, about.count() as u64, "{}", country.facet.name);
            }
            for rose in &brief.rose {
                let mentions = within.iter().filter(|stored| {
                    stored.analysis.entities.iter().any(|entity| {
                        entity.kind == Kind::Person
                            && rose.facet.value.split('|').any(|name| holds(name, &entity.name))
                    })
                });
                assert!(rose.now >= 2 && rose.now <= within.len() as u64);
                assert!(mentions.count() as u64 <= rose.now, "{rose:?}");
            }
            for quote in &brief.quotes {
                let own = within.iter().find(|stored| stored.id == quote.key.id).expect("within");
                assert!(own.article.body.contains(&quote.text) || own.article.title.contains(&quote.text));
            }
        }
    }

    /// What is stored is used as long as nothing that it depends on has changed.
    #[test]
    fn a_brief_is_stored_with_the_state_that_it_is_of() {
        let (temporary, query) = sample();
        assert_eq!(temporary.stored_version(), None);
        let folder = tempfile::tempdir().expect("a folder");
        let library = Library::open(&folder.path().join("l.db")).expect("a library");
        let depth = Depth::Analysis(InForce::new(Default::default()));
        store_new(&library, crate::formats::edition(), &depth).expect("stored");
        let since = NaiveDate::from_ymd_opt(1990, 1, 1).expect("a day");
        let made = |library: &Library| {
            brief(library, &query, since, &Cancel::new()).expect("an answer").expect("a brief")
        };
        let first = made(&library);
        let stored = library.kept(STORED).expect("read").expect("stored");
        assert_eq!(made(&library), first);
        let other = stored.replace(&first.stories[0].row.title, "Another title");
        library.keep(STORED, &other).expect("kept");
        assert_eq!(made(&library).stories[0].row.title, "Another title", "it is read from there");
        library
            .mark(
                &crate::query::Target::These(vec![first.stories[0].row.key.id]),
                crate::listing::Marking::Star,
            )
            .expect("marked");
        let starred = made(&library);
        assert!(starred.stories[0].row.starred && starred.stories[0].row.title == "Another title");
        let hidden = first.stories[1].row.key.id;
        library
            .mark(&crate::query::Target::These(vec![hidden]), crate::listing::Marking::Hide)
            .expect("hidden");
        let starred = made(&library);
        assert!(starred.stories.iter().all(|story| story.row.key.id != hidden));
        assert!(starred.stories.iter().any(|story| story.row.starred));
        assert!(starred.stories.iter().all(|story| story.row.title != "Another title"));
        library.keep(STORED, "{").expect("kept");
        assert_eq!(made(&library), starred);
        let of_norway = Query::parse("country:NO", since).0;
        let other = brief(&library, &of_norway, since, &Cancel::new()).expect("an answer").expect("a brief");
        assert!(other.tally.articles < starred.tally.articles);
    }

    #[test]
    fn nothing_new_makes_no_brief() {
        let (library, query) = sample();
        let later = NaiveDate::from_ymd_opt(9000, 1, 1).expect("a day");
        assert_eq!(brief(&library, &query, later, &Cancel::new()).expect("an answer"), None);
    }
}
