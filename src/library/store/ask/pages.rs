//! The pages of a result, its timeline and its quotes.
//!
//! Over 600 lines because the six windows of a page and its three orders are made of the same steps.

use super::find::{Find, Rank};
use crate::annotation::{Analysis, Field, Speaker};
use crate::article::ArticleId;
use crate::library::answer::{Answer, answer};
use crate::library::store::file::marks;
use crate::library::store::file::row::{UNDATED, candidate, load, seconds, time};
use crate::library::store::file::seal::damaged;
use crate::library::store::index::heads::Head;
use crate::library::store::index::segment::key;
use crate::library::utterances::utterances;
use crate::library::{DAMAGED_ROW, Error, QuoteRow, Stored};
use crate::listing::chronicle::Grain;
use crate::listing::utterance::Utterance;
use crate::listing::{Count, Key, Page, Row, Window, headline};
use crate::query::matching::Candidate;
use crate::query::{Filter, Grouping, Query, QuoteTerm, Sort, Term};
use chrono::NaiveDate;
use roaring::RoaringBitmap;
use rusqlite::types::ValueRef;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::slice::from_ref;
use std::sync::Arc;

/// The most unsure articles that are read for a first page to give the exact count.
const SETTLED: u64 = 200;

impl Find<'_> {
    /// The ids of a result, newest first.
    pub fn ids(&self, query: &Query) -> Result<Vec<ArticleId>, Error> {
        let set = self.exact(&query.filter)?;
        let mut places = Vec::with_capacity(set.len() as usize);
        for head in &self.heads {
            self.each_place(&set, head, |place| places.push(place))?;
        }
        places.sort_unstable_by_key(|place| Reverse(*place));
        places.into_iter().map(|(_, number)| self.id_of(number)).collect()
    }

    /// The rows at `places`; those that are not in `matching` are marked as gone.
    fn rows(&self, places: &[Rank], copies: &[u32], matching: &RoaringBitmap) -> Result<Vec<Row>, Error> {
        let (read, starred) = (self.marked(marks::READ)?, self.marked(marks::STARRED)?);
        let mut rows = Vec::with_capacity(places.len());
        for ((seconds, number), copies) in places.iter().zip(copies) {
            let id = self.id_of(*number)?;
            let named = self.pass_over(Some(id), self.row_names(id))?;
            // An article that cannot be read has a row as well: the rows around it keep their places.
            let (source, title) = named.unwrap_or_else(|| (String::new(), DAMAGED_ROW.to_owned()));
            rows.push(Row {
                key: Key { published: time(*seconds), id },
                source,
                title,
                read: read.contains(*number),
                starred: starred.contains(*number),
                copies: *copies,
                gone: !matching.contains(*number),
            });
        }
        Ok(rows)
    }

    /// The source and the headline of an article.
    pub fn row_names(&self, id: ArticleId) -> Result<(String, String), Error> {
        let mut statement = self.db.prepare_cached(
            "SELECT source, title, CASE title WHEN '' THEN
                (SELECT body FROM text WHERE text.id = article.id) END
             FROM article WHERE id = ?",
        )?;
        let mut found = statement.query([id.0])?;
        let row = found.next()?.ok_or_else(damaged)?;
        let body = match row.get_ref(2)? {
            ValueRef::Null => String::new(),
            body => self.cache.unpacker.text(self.db, body)?,
        };
        let title = row.get_ref(1)?.as_str().map_err(|_| damaged())?;
        Ok((row.get(0)?, headline(title, &body).into_owned()))
    }

    pub fn page(&self, query: &Query, window: Window) -> Result<Page, Error> {
        let held = query.hold.and_then(|hold| self.cache.held(hold));
        if let (Window::First { limit }, Sort::Date, None, None) =
            (window, query.sort, held, self.cache.result(&query.filter, self.version()))
        {
            let query = &query.decided();
            let found = answer(&query.filter, self)?;
            if found.possible.len() - found.sure.len() > SETTLED {
                return self.first_page(query, &found, limit);
            }
        }
        let matching = self.exact(&query.filter)?;
        let set = self.held(query, &matching)?;
        let shown = self.fold(query, &set)?;
        let (places, offset) = match query.sort {
            Sort::Date => self.window(from_ref(&shown), window)?,
            Sort::Oldest => self.window_from_oldest(&self.undated_apart(&shown)?, window)?,
            Sort::Relevance => self.window(&self.levels(&query.filter, &shown)?, window)?,
        };
        let copies = match query.grouping {
            Grouping::Threads => self.gathered_in(&set, &shown, &places)?,
            Grouping::Folded | Grouping::Off => self.copies_of(&set, &shown, &places)?,
        };
        let rows = self.rows(&places, &copies, &matching)?;
        Ok(Page { rows, offset, total: Count::Exactly(shown.len()) })
    }

    /// The places of a window of a result that is ordered by level, and newest first within each;
    /// and how many come before them.
    fn window(&self, levels: &[Arc<RoaringBitmap>], window: Window) -> Result<(Vec<Rank>, u64), Error> {
        let (key, before, after) = match window {
            Window::First { limit } => return Ok((self.following(levels, limit, None)?, 0)),
            Window::Last { limit } => {
                let places = self.preceding(levels, limit, None)?;
                let total: u64 = levels.iter().map(|level| level.len()).sum();
                let offset = total - places.len() as u64;
                return Ok((places, offset));
            }
            Window::After { key, limit } => (key, 0, limit),
            Window::Before { key, limit } => (key, limit, 0),
            Window::Around { key, before, after } => (key, before, after.saturating_add(1)),
            Window::Row { row, before, after } => {
                let Some(place) = self.row(levels, row)? else { return Ok((Vec::new(), 0)) };
                return self.around(levels, place, before, (after.saturating_add(1), true));
            }
        };
        let place = self.place_of(key)?;
        self.around(levels, place, before, (after, matches!(window, Window::Around { .. })))
    }

    /// The place of an article, or where it would be if it were here.
    fn place_of(&self, key: Key) -> Result<Rank, Error> {
        let number = match self.pass_over(Some(key.id), self.number_of(key.id))?.flatten() {
            Some(number) => number,
            None => u32::try_from(key.id.0 - 1).unwrap_or(0),
        };
        Ok((seconds(key.published), number))
    }

    /// The articles of `set` without a date, and those with one. Read backwards, they are in the order from the
    /// oldest, in which those without a date come last as well.
    fn undated_apart(&self, set: &Arc<RoaringBitmap>) -> Result<[Arc<RoaringBitmap>; 2], Error> {
        let mut undated = RoaringBitmap::new();
        for head in self.heads.iter().filter(|head| head.oldest == UNDATED) {
            self.each_place(set, head, |(time, number)| {
                if time == UNDATED {
                    undated.insert(number);
                }
            })?;
        }
        let dated = &**set - &undated;
        Ok([Arc::new(undated), Arc::new(dated)])
    }

    /// The places of a window of a result of which `levels` are the parts from the last to the first, each ordered
    /// from the oldest; and how many come before them.
    fn window_from_oldest(
        &self,
        levels: &[Arc<RoaringBitmap>; 2],
        window: Window,
    ) -> Result<(Vec<Rank>, u64), Error> {
        let total: u64 = levels.iter().map(|level| level.len()).sum();
        let (mut places, offset) = match window {
            Window::First { limit } => self.window(levels, Window::Last { limit })?,
            Window::Last { limit } => self.window(levels, Window::First { limit })?,
            Window::After { key, limit } => self.at_key(levels, key, [(limit, 0, false); 2])?,
            Window::Before { key, limit } => self.at_key(levels, key, [(0, limit, false); 2])?,
            Window::Around { key, before, after } => {
                let here = (after, before.saturating_add(1), true);
                // If the article is not here, the one that follows it is newer.
                let stray = (after.saturating_add(1), before, true);
                self.at_key(levels, key, [here, stray])?
            }
            Window::Row { row, before, after } => {
                let row = total.saturating_sub(1).saturating_sub(row);
                self.window(levels, Window::Row { row, before: after, after: before })?
            }
        };
        places.reverse();
        let offset = total.saturating_sub(offset + places.len() as u64);
        Ok((places, offset))
    }

    /// The same as [`Find::around_in`] where an article is, or where it would be; `sizes` for either case.
    fn at_key(
        &self,
        levels: &[Arc<RoaringBitmap>; 2],
        key: Key,
        [here, stray]: [(usize, usize, bool); 2],
    ) -> Result<(Vec<Rank>, u64), Error> {
        let place = self.place_of(key)?;
        match levels.iter().position(|level| level.contains(place.1)) {
            Some(at) => self.around_in(levels, at, place, here),
            None => self.around_in(levels, usize::from(place.0 != UNDATED), place, stray),
        }
    }

    /// The place of the row with a number counted from 0, or of the last. O(n) in the size of its level.
    fn row(&self, levels: &[Arc<RoaringBitmap>], row: u64) -> Result<Option<Rank>, Error> {
        let total: u64 = levels.iter().map(|level| level.len()).sum();
        let mut left = row.min(total.saturating_sub(1));
        for level in levels {
            if left >= level.len() {
                left -= level.len();
                continue;
            }
            let mut places = Vec::new();
            for head in &self.heads {
                self.each_place(level, head, |place| places.push(place))?;
            }
            // A damaged segment may have fewer times than articles.
            let last = places.len().saturating_sub(1);
            let at = usize::try_from(left).unwrap_or(last).min(last);
            return Ok((!places.is_empty()).then(|| *places.select_nth_unstable_by(at, |a, b| b.cmp(a)).1));
        }
        Ok(None)
    }

    /// Up to `before` places ahead of a place and `after.0` behind it, the place itself among the latter if `after.1` says so;
    /// and how many come before them all.
    fn around(
        &self,
        levels: &[Arc<RoaringBitmap>],
        place: Rank,
        before: usize,
        (after, with_key): (usize, bool),
    ) -> Result<(Vec<Rank>, u64), Error> {
        // An article that is in no level is placed as if it were in the first.
        let at = levels.iter().position(|level| level.contains(place.1)).unwrap_or(0);
        self.around_in(levels, at, place, (before, after, with_key))
    }

    /// The same for a place in the level number `at`; `sizes` is `before`, `after.0` and `after.1`.
    fn around_in(
        &self,
        levels: &[Arc<RoaringBitmap>],
        at: usize,
        place: Rank,
        sizes: (usize, usize, bool),
    ) -> Result<(Vec<Rank>, u64), Error> {
        let ((_, number), (before, after, with_key)) = (place, sizes);
        let (higher, rest) = levels.split_at(at.min(levels.len()));
        let Some((own, lower)) = rest.split_first() else { return Ok((Vec::new(), 0)) };
        let mut places = self.oldest(own, before, Some(place))?;
        if places.len() < before {
            let mut more = self.preceding(higher, before - places.len(), None)?;
            more.append(&mut places);
            places = more;
        }
        let above = higher.iter().map(|level| level.len()).sum::<u64>() + self.above(own, place)?;
        let mut offset = above - places.len() as u64;
        if !with_key && before == 0 {
            offset += u64::from(own.contains(number));
        }
        let mut behind = self.newest(own, after, Some((place, with_key)))?;
        if behind.len() < after {
            behind.extend(self.following(lower, after - behind.len(), None)?);
        }
        places.extend(behind);
        Ok((places, offset))
    }

    /// The first `limit` places of the levels, in order.
    fn following(
        &self,
        levels: &[Arc<RoaringBitmap>],
        limit: usize,
        under: Option<(Rank, bool)>,
    ) -> Result<Vec<Rank>, Error> {
        let mut places = Vec::new();
        for level in levels {
            places.extend(self.newest(level, limit - places.len(), under)?);
        }
        Ok(places)
    }

    /// The last `limit` places of the levels, in order.
    fn preceding(
        &self,
        levels: &[Arc<RoaringBitmap>],
        limit: usize,
        over: Option<Rank>,
    ) -> Result<Vec<Rank>, Error> {
        let mut places = Vec::new();
        for level in levels.iter().rev() {
            let mut earlier = self.oldest(level, limit - places.len(), over)?;
            earlier.append(&mut places);
            places = earlier;
        }
        Ok(places)
    }

    /// A result ordered by how much its articles have of the words searched for, best first: two points for a
    /// word in the title, one point for a word that the article has three times.
    fn levels(&self, filter: &Filter, set: &RoaringBitmap) -> Result<Vec<Arc<RoaringBitmap>>, Error> {
        let mut levels = vec![set.clone()];
        for word in filter.words_wanted() {
            let titles = self.set(&key::of_word(key::TITLE, &word))?;
            let strong = self.set(&key::of_word(key::STRONG, &word))?;
            for points in [&titles, &titles, &strong] {
                // From the top down, so that an article rises one level at a time.
                let top = levels.last().map(|top| top & points).filter(|top| !top.is_empty());
                for at in (1..levels.len()).rev() {
                    let risen = levels.get(at - 1).map(|below| below & points).unwrap_or_default();
                    if let Some(level) = levels.get_mut(at) {
                        *level |= risen;
                    }
                }
                levels.extend(top);
            }
        }
        // So far each level holds those above it as well.
        let mut only: Vec<Arc<RoaringBitmap>> = Vec::new();
        for (at, level) in levels.iter().enumerate() {
            let own = levels.get(at + 1).map_or_else(|| level.clone(), |above| level - above);
            only.push(Arc::new(own));
        }
        only.reverse();
        Ok(only)
    }

    /// The first page of a result for which articles must be read; no more of them are read than the page needs.
    fn first_page(&self, query: &Query, found: &Answer, limit: usize) -> Result<Page, Error> {
        let possible = Arc::new(found.possible.clone());
        // Which article a thread is shown by is known when the articles are read; a copy looks like the first.
        let gathering = match query.grouping {
            Grouping::Threads => Some(self.gathering()?),
            Grouping::Folded | Grouping::Off => None,
        };
        let possible = if gathering.is_some() { possible } else { self.fold(query, &possible)? };
        let mut shown = HashSet::new();
        let mut places: Vec<Rank> = Vec::new();
        let mut read = 0;
        let mut under = None;
        while places.len() < limit {
            let next = self.newest(&possible, limit * 2, under)?;
            let Some(last) = next.last() else { break };
            under = Some((*last, false));
            for place in next {
                self.cancel.check()?;
                let sure = found.sure.contains(place.1);
                let thread = gathering.as_ref().and_then(|gathering| gathering.of(place.1));
                if places.len() < limit
                    && thread.is_none_or(|thread| !shown.contains(&thread))
                    && (sure || self.reads_so(place.1, &query.filter)?)
                {
                    places.push(place);
                    shown.extend(thread);
                    read += u64::from(!sure);
                }
            }
        }
        // The articles that were not reached may or may not match.
        let total = match gathering {
            Some(_) => places.len() as u64,
            None => found.sure.intersection_len(&possible) + read,
        };
        let total = Count::Over(total);
        let listed: RoaringBitmap = places.iter().map(|(_, number)| *number).collect();
        let rows = self.rows(&places, &vec![0; places.len()], &listed)?;
        if let Some(hold) = query.hold {
            self.cache.keep_held(hold, self.version(), &Arc::new(listed));
        }
        Ok(Page { rows, offset: 0, total })
    }

    /// Calls `visit` with the place of each article of `set` in `head`.
    pub fn each_place(
        &self,
        set: &RoaringBitmap,
        head: &Head,
        mut visit: impl FnMut(Rank),
    ) -> Result<(), Error> {
        self.cancel.check()?;
        let published = self.published(head)?;
        for number in set.range(head.numbers()) {
            if let Some(time) = published.get((number - head.base) as usize) {
                visit((*time, number));
            }
        }
        Ok(())
    }

    /// How many articles of the set are newer than `place`.
    fn above(&self, set: &RoaringBitmap, place: Rank) -> Result<u64, Error> {
        let mut count = 0;
        for head in &self.heads {
            if head.oldest > place.0 {
                count += set.range_cardinality(head.numbers());
            } else if head.newest >= place.0 {
                self.each_place(set, head, |found| count += u64::from(found > place))?;
            }
        }
        Ok(count)
    }

    /// The newest `limit` articles of the set older than a place (or at it, if `under.1` says so), newest first.
    pub fn newest(
        &self,
        set: &RoaringBitmap,
        limit: usize,
        under: Option<(Rank, bool)>,
    ) -> Result<Vec<Rank>, Error> {
        let fits = |found: Rank| match under {
            None => true,
            Some((place, at)) => found < place || (at && found == place),
        };
        if let Some(newest) = self.newest_of_all() {
            // Those that are looked for are among them, or come after all of them.
            let found = newest.iter().copied().filter(|place| set.contains(place.1) && fits(*place));
            let found: Vec<Rank> = found.take(limit).collect();
            if found.len() == limit {
                return Ok(found);
            }
        }
        let mut heads: Vec<&Head> = self.heads.iter().collect();
        heads.sort_by_key(|head| Reverse(head.newest));
        let mut kept: BinaryHeap<Reverse<Rank>> = BinaryHeap::new();
        for head in heads {
            let least = kept.peek().filter(|_| kept.len() == limit).map(|Reverse(place)| *place);
            if limit == 0 || least.is_some_and(|least| head.newest < least.0) {
                break;
            }
            if under.is_some_and(|(place, _)| head.oldest > place.0) {
                continue;
            }
            self.each_place(set, head, |found| {
                if fits(found)
                    && (kept.len() < limit || kept.peek().is_some_and(|Reverse(least)| found > *least))
                {
                    kept.push(Reverse(found));
                    if kept.len() > limit {
                        kept.pop();
                    }
                }
            })?;
        }
        Ok(kept.into_sorted_vec().into_iter().map(|Reverse(place)| place).collect())
    }

    /// The oldest `limit` articles of the set newer than a place, newest first.
    fn oldest(&self, set: &RoaringBitmap, limit: usize, over: Option<Rank>) -> Result<Vec<Rank>, Error> {
        let mut heads: Vec<&Head> = self.heads.iter().collect();
        heads.sort_by_key(|head| head.oldest);
        let mut kept: BinaryHeap<Rank> = BinaryHeap::new();
        for head in heads {
            let most = kept.peek().filter(|_| kept.len() == limit).copied();
            if limit == 0 || most.is_some_and(|most| head.oldest > most.0) {
                break;
            }
            if over.is_some_and(|place| head.newest < place.0) {
                continue;
            }
            self.each_place(set, head, |found| {
                let fits = over.is_none_or(|place| found > place);
                if fits && (kept.len() < limit || kept.peek().is_some_and(|most| found < *most)) {
                    kept.push(found);
                    if kept.len() > limit {
                        kept.pop();
                    }
                }
            })?;
        }
        let mut places = kept.into_sorted_vec();
        places.reverse();
        Ok(places)
    }

    pub fn timeline(&self, query: &Query) -> Result<Vec<(NaiveDate, u64)>, Error> {
        let set = self.result(query)?;
        let mut days = self.bins(&set, Grain::Day)?;
        if query.grouping.folds_copies() {
            for (day, twice) in self.told_twice(&set, |seconds| Grain::Day.start(seconds))? {
                days.entry(day).and_modify(|count| *count -= twice);
            }
        }
        let days = days.into_iter().filter(|(_, count)| *count > 0);
        Ok(days.filter_map(|(day, count)| Some((time(day)?.date_naive(), count))).collect())
    }

    /// By bin, how many articles of a result tell a story that another article of the result tells in the same bin. `bin`
    /// says in which one a time lies.
    pub fn told_twice(
        &self,
        set: &RoaringBitmap,
        bin: impl Fn(i64) -> i64,
    ) -> Result<BTreeMap<i64, u64>, Error> {
        let stories: HashMap<u32, u32> = {
            let groups = self.groups()?;
            let copies = groups.iter().filter(|(copy, _)| set.contains(*copy));
            copies.flat_map(|(copy, group)| [(*copy, *group), (*group, *group)]).collect()
        };
        let articles: RoaringBitmap =
            stories.keys().copied().filter(|number| set.contains(*number)).collect();
        let (mut told, mut twice) = (HashSet::new(), BTreeMap::new());
        for head in &self.heads {
            self.each_place(&articles, head, |(seconds, number)| {
                if seconds == UNDATED {
                    return;
                }
                let start = bin(seconds);
                if !told.insert((start, stories.get(&number).copied())) {
                    *twice.entry(start).or_default() += 1;
                }
            })?;
        }
        Ok(twice)
    }

    pub fn quotes(&self, query: &Query, limit: usize) -> Result<Vec<QuoteRow>, Error> {
        let set = &*self.result(query)? & self.set(&[key::QUOTED])?;
        let wanted = quotes_wanted(query);
        let mut rows = Vec::new();
        // Each article of the set has a quote.
        for (_, number) in self.newest(&set, limit, None)? {
            self.cancel.check()?;
            if rows.len() >= limit {
                break;
            }
            let id = self.id_of(number)?;
            let stored = self.pass_over(Some(id), load(self.db, self.cache, id))?;
            if let Some(stored) = stored.flatten() {
                let fits = |candidate: &Candidate<'_>, quote: &crate::annotation::Quote| {
                    wanted.is_empty() || wanted.iter().any(|term| candidate.quote_has(quote, term, self))
                };
                rows.extend(quote_rows(&stored, fits));
            }
        }
        rows.truncate(limit);
        Ok(rows)
    }
}

impl Find<'_> {
    /// Calls `visit` with the utterances of the articles that have the first `limit` quotes; see `Backend::utterances`.
    pub fn each_utterance(
        &self,
        query: &Query,
        limit: usize,
        visit: &mut dyn FnMut(Utterance),
    ) -> Result<(), Error> {
        let set = &*self.result(query)? & self.set(&[key::QUOTED])?;
        let wanted = quotes_wanted(query);
        let mut left = limit;
        for (_, number) in self.newest(&set, limit, None)? {
            self.cancel.check()?;
            if left == 0 {
                break;
            }
            let id = self.id_of(number)?;
            let stored = self.pass_over(Some(id), load(self.db, self.cache, id))?;
            let Some(stored) = stored.flatten() else { continue };
            let candidate = candidate(&stored);
            // A quote beyond the limit does not fit; its utterance is told if another part does.
            let mut fits = |quote: &crate::annotation::Quote| {
                let fits =
                    wanted.is_empty() || wanted.iter().any(|term| candidate.quote_has(quote, term, self));
                fits && left > 0 && {
                    left -= 1;
                    true
                }
            };
            let fitting: Vec<bool> = stored.analysis.quotes.iter().map(&mut fits).collect();
            let mut is_one = |quote: &crate::annotation::Quote| {
                let mut quotes = stored.analysis.quotes.iter().zip(&fitting);
                quotes.any(|(other, fits)| *fits && std::ptr::eq(other, quote))
            };
            let found = utterances(stored.key(), &stored.article, &stored.analysis, &mut is_one);
            found.into_iter().for_each(&mut *visit);
        }
        Ok(())
    }
}

/// What a query asks about quotes.
fn quotes_wanted(query: &Query) -> Vec<QuoteTerm> {
    let mut wanted: Vec<QuoteTerm> = Vec::new();
    query.filter.each_wanted(&mut |term| {
        if let Term::Quote(quote) = term {
            wanted.push(quote.clone());
        }
    });
    wanted
}

/// The quotes of one article that fit.
pub fn quote_rows(
    stored: &Stored,
    fits: impl Fn(&Candidate<'_>, &crate::annotation::Quote) -> bool,
) -> Vec<QuoteRow> {
    let candidate = candidate(stored);
    let Stored { article, analysis, .. } = stored;
    let quotes = analysis.quotes.iter().filter(|quote| fits(&candidate, quote));
    let row = |quote: &crate::annotation::Quote| {
        let field = if quote.field == Field::Title { &article.title } else { &article.body };
        Some(QuoteRow {
            key: stored.key(),
            source: article.source.clone(),
            title: article.title.clone(),
            kind: quote.kind,
            field: quote.field,
            span: quote.span,
            text: quote.span.get(field)?.to_owned(),
            speaker: speaker_name(analysis, quote.speaker.as_ref()),
        })
    };
    quotes.filter_map(row).collect()
}

fn speaker_name(analysis: &Analysis, speaker: Option<&Speaker>) -> Option<String> {
    match speaker? {
        Speaker::Entity(index) => analysis.entities.get(index.0 as usize).map(|entity| entity.name.clone()),
        Speaker::Description(words) => Some(words.clone()),
    }
}
