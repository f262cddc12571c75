//! Answers the question of the view of the sources: what the library, the config file and the clock say of each.

use crate::app::view::Sources;
use crate::app::view::sources::{CURVE, Followed, SILENT, SourceRow, State};
use crate::config::sources::{SourceSetting, written};
use crate::library::sources::FullText;
use crate::library::{Cancel, Error, Library};
use crate::listing::FacetKind;
use crate::query::{Days, Filter, Grouping, Mark, Query, Term};
use crate::wire::bound;
use crate::wire::edit::kept;
use crate::wire::outlook;
use crate::wire::roster::{Listed, listed};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// What the answers depend on besides the library.
#[derive(Clone, Default)]
pub struct Desk {
    /// The sources of the config file.
    pub settings: Arc<Vec<SourceSetting>>,
    /// The time between two fetches of a source that has no interval of its own.
    pub interval: Duration,
    /// Whether due sources are fetched without a request.
    pub by_itself: bool,
}

impl Desk {
    /// The sources of the articles that match `query`, and all that are fetched.
    pub fn sources(&self, library: &Library, query: &Query, cancel: &Cancel) -> Result<Sources, Error> {
        let now = Utc::now();
        let today = now.date_naive();
        let query = Query { grouping: Grouping::Off, ..query.clone() };
        let counts = |query: &Query| -> Result<HashMap<String, u64>, Error> {
            let names = library.names(FacetKind::Source, "", query, usize::MAX, cancel)?;
            Ok(names.into_iter().map(|facet| (facet.name, facet.count)).collect())
        };
        let totals = counts(&query)?;
        let unread = counts(&query.with(Term::Is(Mark::Unread).into()))?;
        let within = |from: NaiveDate, to: NaiveDate| -> Result<HashMap<String, u64>, Error> {
            match Days::new(Some(from), Some(to)) {
                Some(days) => counts(&query.with(Term::Date(days).into())),
                None => Ok(HashMap::new()),
            }
        };
        let before = |days: u64| today.checked_sub_days(chrono::Days::new(days)).unwrap_or(today);
        let mut days = Vec::with_capacity(CURVE);
        for back in (0..CURVE as u64).rev() {
            cancel.check()?;
            days.push(within(before(back), before(back))?);
        }
        // Whether a source is silent does not depend on the filter.
        let everything = Query { grouping: Grouping::Off, ..Query::everything() };
        let lately = Days::new(Some(before(SILENT)), Some(today + chrono::Days::new(2)));
        let lately = lately.map_or(Ok(HashMap::new()), |days| {
            counts(&Query { filter: Filter::from(Term::Date(days)), ..everything.clone() })
        })?;
        let all = counts(&everything)?;
        let row = |name: String| SourceRow {
            unread: unread.get(&name).copied().unwrap_or(0),
            total: totals.get(&name).copied().unwrap_or(0),
            days: days
                .iter()
                .map(|day| u32::try_from(day.get(&name).copied().unwrap_or(0)).unwrap_or(u32::MAX))
                .collect(),
            followed: None,
            name,
        };
        let mut rows: Vec<SourceRow> = Vec::new();
        let sources = library.sources()?;
        let bound = bound::all(library)?;
        let known: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        rows.extend(totals.keys().filter(|name| !known.contains(&name.as_str())).cloned().map(row));
        for source in sources {
            let account = bound.iter().find(|bound| bound.source == source.id);
            let account = account.map(|bound| bound.account.clone());
            let listed = Listed { account, ..listed(source, &self.settings) };
            let name = listed.source.name.clone();
            let silent = all.contains_key(&name) && !lately.contains_key(&name);
            rows.push(SourceRow { followed: Some(self.followed(&listed, silent, now)), ..row(name) });
        }
        Ok(Sources::new(rows, now))
    }

    fn followed(&self, listed: &Listed, silent: bool, now: DateTime<Utc>) -> Followed {
        let source = &listed.source;
        let standing = &source.standing;
        let state = match () {
            () if standing.gone => State::Gone,
            () if standing.error.is_some() => {
                State::Failed(standing.failures.max(1), standing.error.clone().unwrap_or_default())
            }
            () if standing.fetched.is_none() => State::Never,
            () if silent => State::Silent,
            () => match listed.unconfirmed().or(standing.warning.clone()) {
                Some(warning) => State::Warned(warning),
                None => State::Fine,
            },
        };
        let interval = source.wishes.interval.unwrap_or(self.interval);
        let due = outlook::due(source, interval);
        Followed {
            address: source.address.clone(),
            tags: source.wishes.tags.clone(),
            every: source.wishes.interval.map(written),
            keep: kept(&source.wishes),
            full_text: source.wishes.text == FullText::FromPage,
            paused: source.wishes.paused,
            account: listed.account.clone(),
            fetched: standing.fetched,
            // Where nothing is fetched by itself, nothing is ahead but what a server asked for.
            next: if self.by_itself { due } else { due.filter(|due| *due > now) },
            state,
        }
    }
}
