//! Maps each question of the reader to the library call that answers it.

use super::sources::Desk;
use crate::annotation::QuoteKind;
use crate::app::view::brief::Since;
use crate::app::view::timeline::SPLIT;
use crate::app::view::watches::{Counts, Watch, WatchRow};
use crate::app::view::{
    Boards, BriefLines, Days, How, LIMIT, Names, Quotes, Rows, RowsOf, Stories, Timeline, Watches,
};
use crate::app::{Outcome, Question};
use crate::article::ArticleId;
use crate::intake::brief::Recent;
use crate::intake::{self, InForce};
use crate::library::{Cancel, Error, Library};
use crate::listing::utterance::{UtteranceOrder, one_each};
use crate::listing::{Count, FacetKind, Key, Related, Window};
use crate::query::{Filter, Grouping, Mark, Names as QueryNames, Query, QuoteTerm, Sort, Term};
use chrono::DateTime;
use std::collections::{HashMap, HashSet};

/// The rows that the bins of a timeline may take at least, however low its pane is: a year has twelve months.
const LEAST_BINS: usize = 12;

/// The stories that a view lists at most: each of them has names and a title to be read.
const STORIES: usize = 400;

/// The related articles that are listed at most, and the articles of a story.
const RELATED: usize = 30;
const OF_A_STORY: usize = 200;

/// Answers a question of a library without sources; see [`answer_at`].
pub fn answer(stored: (&Library, &InForce), question: Question, cancel: &Cancel) -> Result<Outcome, Error> {
    answer_at(&Desk::default(), stored, question, cancel)
}

/// Answers a question, unless it is cancelled. This may take a long time, because it reads from the disk.
pub fn answer_at(
    desk: &Desk,
    (library, in_force): (&Library, &InForce),
    question: Question,
    cancel: &Cancel,
) -> Result<Outcome, Error> {
    Ok(match question {
        Question::Page { query, window } => Outcome::Page(library.page(&query, window, cancel)?),
        Question::Preview { query, limit } => {
            let page = library.page(&query, Window::First { limit }, cancel)?;
            // What has been counted to the end is cheap to count again.
            let tally = match page.total {
                Count::Exactly(_) => Some(library.tally(&query, cancel)?),
                Count::Over(_) => None,
            };
            Outcome::Preview(page, tally)
        }
        Question::Facets { query, exact: true } => Outcome::Facets(library.facets(&query, cancel)?),
        Question::Facets { query, exact: false } => Outcome::Facets(library.facets_at_first(&query, cancel)?),
        Question::Names { kind, typed, query, limit } => {
            Outcome::Names(library.names(kind, &typed, &query, limit, cancel)?)
        }
        Question::NamedAs { role, typed, query, limit } => {
            Outcome::Names(library.named_as(role, &typed, &query, limit, cancel)?)
        }
        Question::View { rows: RowsOf::Sources, query, .. } => {
            Outcome::View(Rows::Sources(desk.sources(library, &query, cancel)?))
        }
        Question::Watches { watches } => Outcome::View(Rows::Watches(counted(library, watches, cancel)?)),
        Question::Boards => Outcome::Boards(library.boards()?.into_iter().map(|(name, _)| name).collect()),
        Question::View { rows, query, how } => Outcome::View(view(library, rows, &query, &how, cancel)?),
        Question::Tell { query, chronicle, of } => {
            Outcome::Told(library.tell(&query, &chronicle, of, cancel)?)
        }
        Question::Details { query, kind, values } => {
            Outcome::Details(library.details(&query, kind, &values, cancel)?)
        }
        Question::Profile { query, kind, value } => {
            Outcome::Profile(library.profile(&query, kind, &value, cancel)?.map(Box::new))
        }
        Question::Related { id } => Outcome::Related(library.related(id, RELATED, cancel)?),
        Question::SameStory { id } => Outcome::Related(same_story(library, id, cancel)?),
        Question::CountQuotes { query } => Outcome::Counted(library.count_utterances(&query, cancel)?),
        Question::Course { query } => Outcome::Course(library.course(&query, cancel)?),
        Question::Within { query, from, until, limit } => {
            let until = DateTime::from_timestamp(until, 0);
            let key = Key { published: until, id: ArticleId(0) };
            let query = Query { sort: Sort::Date, ..query };
            let mut page = library.page(&query, Window::After { key, limit }, cancel)?;
            page.rows.retain(|row| row.key.published.is_some_and(|time| time.timestamp() >= from));
            Outcome::Page(page)
        }
        Question::Unread { queries } => Outcome::Unread(library.unread(&queries, cancel)?),
        Question::First { query } => {
            let first = library.page(&query, Window::First { limit: 1 }, cancel)?.rows.into_iter().next();
            let stored = first.map(|row| intake::load(library, row.key.id, in_force)).transpose()?;
            Outcome::Article(stored.flatten().map(Box::new))
        }
        Question::Load { id } => Outcome::Article(intake::load(library, id, in_force)?.map(Box::new)),
        Question::InStory { id } => Outcome::InStory(library.place_in_thread(id, cancel)?),
    })
}

/// What is new since yesterday, or, where nothing is, on the newest day.
fn brief(library: &Library, query: &Query, width: usize, cancel: &Cancel) -> Result<BriefLines, Error> {
    let query = Query { hold: None, ..query.clone() };
    let found = intake::brief::recent(library, &query, cancel)?;
    Ok(found.map_or_else(BriefLines::nothing, |(found, recent)| {
        let since = match recent {
            Recent::SinceYesterday => Since::Yesterday,
            Recent::Newest => Since::Newest,
        };
        BriefLines::new(&found, since, &query, width)
    }))
}

/// What is new in saved searches.
fn counted(library: &Library, watches: Vec<Watch>, cancel: &Cancel) -> Result<Watches, Error> {
    let last = library.last_id()?;
    let mut rows = Vec::with_capacity(watches.len());
    for Watch { name, text, watched, query, seen } in watches {
        let of = |query: &Query| -> Result<u64, Error> { Ok(library.tally(query, cancel)?.rows()) };
        let new = match seen {
            Some(seen) if seen < last => of(&query.with(Term::Newer(seen).into()))?,
            _ => 0,
        };
        let unread = of(&query.with(Term::Is(Mark::Unread).into()))?;
        let counts = Counts { new, unread, total: of(&query)? };
        rows.push(WatchRow { name, text, watched, counts });
    }
    Ok(Watches::new(rows, last))
}

/// Returns the rows of a view of the articles that match `query`.
fn view(library: &Library, rows: RowsOf, query: &Query, how: &How, cancel: &Cancel) -> Result<Rows, Error> {
    Ok(match rows {
        RowsOf::Names(kind) => {
            let names = library.ranked(kind, &how.typed, query, how.order, LIMIT, cancel)?;
            let total = match names.len() < LIMIT || !how.typed.is_empty() {
                true => names.len() as u64,
                false => library.count_names(kind, query, cancel)?,
            };
            let mut details = HashMap::new();
            if let FacetKind::Entity(_) = kind {
                // What the first screen shows comes with the rows.
                let shown = names.iter().take(how.rows).map(|facet| facet.value.clone());
                let values: Vec<String> = shown.collect();
                let found = library.details(query, kind, &values, cancel)?;
                details.extend(values.into_iter().zip(found));
            }
            Rows::Names(Names { kind, names, total, details })
        }
        // The sources need more than the library.
        RowsOf::Sources | RowsOf::Watches => Rows::Articles,
        RowsOf::Brief => Rows::Brief(brief(library, query, how.width, cancel)?),
        RowsOf::Boards => {
            let open = match &how.board {
                Some(name) => library.board(name)?,
                None => None,
            };
            Rows::Boards(Boards { all: library.boards()?, open })
        }
        RowsOf::Quotes => Rows::Quotes(quotes(library, query, how, cancel)?),
        RowsOf::Threads => Rows::Threads(Stories(library.threads(query, how.threads, STORIES, cancel)?)),
        RowsOf::Days => {
            let mut days = library.timeline(query, cancel)?;
            days.reverse();
            Rows::Days(Days(days))
        }
        RowsOf::Timeline => {
            let fits = how.rows.max(LEAST_BINS);
            let chronicle = library.chronicle(query, how.grain, fits, cancel)?;
            let mut parts = Vec::new();
            if let Some(kind) = how.split.kind() {
                let kind = FacetKind::Entity(kind);
                let names = library.names(kind, "", query, SPLIT, cancel)?;
                let values: Vec<String> = names.iter().map(|facet| facet.value.clone()).collect();
                let counts = library.over_time(query, &chronicle, kind, &values, cancel)?;
                parts = names.into_iter().zip(counts).collect();
            }
            Rows::Timeline(Timeline::new(chronicle, how.split, parts))
        }
    })
}

/// The quotes of a result: those by a name of the filter first. The same words in several articles are one row.
fn quotes(library: &Library, query: &Query, how: &How, cancel: &Cancel) -> Result<Quotes, Error> {
    let mut all = Vec::new();
    if let Some(by) = by_the_names(query) {
        all = library.utterances(&query.with(by), LIMIT, cancel)?;
    }
    let others = library.utterances(query, LIMIT, cancel)?;
    let is_whole = others.len() < LIMIT / 2;
    let known: HashSet<_> = all.iter().map(|one| (one.key.id, one.field, one.span)).collect();
    all.extend(others.into_iter().filter(|one| !known.contains(&(one.key.id, one.field, one.span))));
    let mut rows = one_each(all);
    if how.quotes == UtteranceOrder::Direct {
        // Stable: within each kind the order stays.
        rows.sort_by_key(|row| row.kind == QuoteKind::Indirect);
    }
    rows.truncate(LIMIT);
    let total = is_whole.then_some(rows.len() as u64);
    Ok(Quotes { rows, total })
}

/// The condition that a name of the filter speaks; `None` where the filter has no name, or asks about quotes itself.
fn by_the_names(query: &Query) -> Option<Filter> {
    let (mut names, mut asks) = (Vec::new(), false);
    query.filter.each_wanted(&mut |term| match term {
        Term::Mentions { names: of, .. } | Term::About(of) => names.push(of.clone()),
        Term::Quote(_) => asks = true,
        _ => {}
    });
    let by =
        |names: QueryNames| Filter::from(Term::Quote(QuoteTerm { by: vec![names], ..QuoteTerm::default() }));
    if asks { None } else { Filter::any(names.into_iter().map(by)) }
}

/// The other articles of a story, the newest first.
fn same_story(library: &Library, id: ArticleId, cancel: &Cancel) -> Result<Vec<Related>, Error> {
    let filter = Filter::from(Term::Story(id));
    let query = Query { filter, grouping: Grouping::Off, ..Query::everything() };
    let rows = library.page(&query, Window::First { limit: OF_A_STORY }, cancel)?.rows;
    let others = rows.into_iter().filter(|row| row.key.id != id);
    Ok(others.map(|row| Related { row, shared: Vec::new() }).collect())
}
