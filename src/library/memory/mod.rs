//! The library by other means, in memory: what tests hold the one in the file to. No part of the program.
//!
//! An index of words, of names and of marks, each giving sets of article numbers, behind one lock.

mod marks;
mod names;
mod words;

use super::answer::{Answer, Sets, answer};
use super::identity::{Hash, Identity};
use super::{Added, Cancel, Error, FACETS, Marked, Marking, QuoteRow, Target, people};
use crate::annotation::{Analysis, CountryCode, Field, Kind, Speaker};
use crate::article::{Article, ArticleId};
use crate::listing::{Count, Facet, FacetKind, Facets, Key, Page, Row, Window, headline};
use crate::persons::Apart;
use crate::query::matching::{Candidate, Meaning, holds};
use crate::query::{Filter, Mark, Names, Query, QuoteTerm, Sort, Term};
use crate::text::fold;
use chrono::NaiveDate;
use marks::Marks;
use names::NameIndex;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use words::{Tokens, WordIndex};

/// See the module.
#[derive(Default)]
pub struct Memory {
    shelf: RwLock<Shelf>,
    /// The last result, in order: one question asks for several windows.
    last: Mutex<Option<Ordered>>,
}

/// A query, the version of the shelf that it was asked of, and the numbers of the result.
type Ordered = (Query, u64, Arc<[u32]>);

#[derive(Default)]
struct Shelf {
    articles: Vec<(Article, Analysis)>,
    by_identity: HashMap<Hash, u32>,
    words: WordIndex,
    names: NameIndex,
    marks: Marks,
    sources: BTreeMap<String, RoaringBitmap>,
    version: u64,
}

/// A result, as joining asks it.
struct Within<'a> {
    shelf: &'a Shelf,
    set: &'a RoaringBitmap,
}

impl people::Asked for Within<'_> {
    fn mentioning(&self, entity: u32) -> Result<RoaringBitmap, Error> {
        let mentioned = self.shelf.person(entity).map(|known| &known.mentioned & self.set);
        Ok(mentioned.unwrap_or_default())
    }

    fn bearing(&self, word: &str) -> Result<Vec<people::Named>, Error> {
        let mut named = Vec::new();
        for entity in self.shelf.names.bearing(Kind::Person, word) {
            let count = self.mentioning(entity)?.len();
            if let Some(known) = self.shelf.person(entity).filter(|_| count > 0) {
                named.push(people::Named { entity, name: known.name.clone(), count });
            }
        }
        Ok(named)
    }

    fn apart(&self) -> Result<Apart, Error> {
        Ok(Apart::default())
    }

    fn days(&self, articles: &RoaringBitmap) -> Result<Option<(i32, i32)>, Error> {
        let days = || {
            let times = articles.iter().filter_map(|number| self.shelf.published(number));
            times.map(|time| time.timestamp().div_euclid(86_400) as i32)
        };
        Ok(days().min().zip(days().max()))
    }
}

impl Memory {
    fn read(&self) -> RwLockReadGuard<'_, Shelf> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Shelf> {
        self.shelf.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self) -> MutexGuard<'_, Option<Ordered>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn add(&self, batch: Vec<(Article, Analysis)>) -> Added {
        let prepared: Vec<_> = batch
            .into_iter()
            .map(|(article, analysis)| {
                let tokens = (Tokens::of(&article.title), Tokens::of(&article.body));
                (Identity::of(&article).hash(), tokens, article, analysis)
            })
            .collect();
        let mut added = Added::default();
        // In small portions, so that questions get their turn.
        let mut rest = prepared.into_iter().peekable();
        while rest.peek().is_some() {
            let mut shelf = self.write();
            for (identity, tokens, article, analysis) in rest.by_ref().take(100) {
                shelf.put(identity, tokens, article, analysis, &mut added);
            }
        }
        added
    }

    pub fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        let shelf = self.read();
        let order = self.order(&shelf, query, cancel)?;
        let place = |key: Key| shelf.place(&order, query, key);
        let range = places(window, order.len(), place);
        let rows =
            order.get(range.clone()).unwrap_or_default().iter().filter_map(|number| shelf.row(*number));
        Ok(Page {
            rows: rows.collect(),
            offset: range.start as u64,
            total: Count::Exactly(order.len() as u64),
        })
    }

    /// The numbers of a result in its order.
    fn order(&self, shelf: &Shelf, query: &Query, cancel: &Cancel) -> Result<Arc<[u32]>, Error> {
        if let Some((last, version, order)) = &*self.last()
            && last == query
            && *version == shelf.version
        {
            return Ok(order.clone());
        }
        cancel.check()?;
        let set = shelf.answer(&query.filter)?;
        cancel.check()?;
        let mut order: Vec<u32> = set.iter().collect();
        let words = match query.sort {
            Sort::Date => Vec::new(),
            Sort::Relevance => query.filter.words_wanted(),
        };
        let points = |number: u32| if words.is_empty() { 0 } else { shelf.words.points(number, &words) };
        order.sort_by_cached_key(|number| Reverse((points(*number), shelf.published(*number), *number)));
        let order: Arc<[u32]> = order.into();
        *self.last() = Some((query.clone(), shelf.version, order.clone()));
        Ok(order)
    }

    pub fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        let shelf = self.read();
        let set = shelf.answer(&query.filter)?;
        cancel.check()?;
        let counts = shelf.counts(&set);
        let of = |kind: Kind| {
            let known = shelf.names.known.iter().zip(&counts).filter(|(known, _)| known.kind == kind);
            let mut facets: Vec<(&names::Known, u64)> = known
                .filter(|(_, count)| **count > 0)
                .map(|(known, count)| (known, u64::from(*count)))
                .collect();
            // Most names are in one article: only those that are shown are sorted by name.
            if facets.len() > FACETS {
                facets.select_nth_unstable_by_key(FACETS, |(_, count)| Reverse(*count));
                facets.truncate(FACETS);
            }
            facets.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.name.cmp(&b.name)));
            facets.into_iter().map(|(known, count)| facet(known, count)).collect()
        };
        Ok(Facets {
            total: set.len(),
            people: shelf.people(&set, FACETS, |_| true)?,
            countries: of(Kind::Country),
            orgs: of(Kind::Org),
            places: of(Kind::Place),
            sources: most(shelf.sources.iter().map(|(name, all)| plain_facet(name, all, &set)), FACETS),
        })
    }

    pub fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let shelf = self.read();
        let set = shelf.answer(&query.filter)?;
        cancel.check()?;
        let typed = fold::words(typed);
        let begun = |name: &str| {
            let words = fold::words(name);
            typed.iter().all(|part| words.iter().any(|word| word.starts_with(part.as_str())))
        };
        let plain = |sets: &BTreeMap<String, RoaringBitmap>| {
            most(
                sets.iter().filter(|(name, _)| begun(name)).map(|(name, all)| plain_facet(name, all, &set)),
                limit,
            )
        };
        Ok(match kind {
            FacetKind::Source => plain(&shelf.sources),
            FacetKind::Tag => plain(&shelf.marks.tags),
            FacetKind::Entity(kind) => {
                let counted = |known: &names::Known| facet(known, known.mentioned.intersection_len(&set));
                let known = &shelf.names.known;
                match typed.is_empty() {
                    true if kind == Kind::Person => shelf.people(&set, limit, |_| true)?,
                    false if kind == Kind::Person => {
                        let numbers = shelf.names.beginning(kind, &typed);
                        shelf.people(&set, limit, |number| numbers.contains(&number))?
                    }
                    true => most(known.iter().filter(|known| known.kind == kind).map(counted), limit),
                    false => {
                        let numbers = shelf.names.beginning(kind, &typed);
                        let fitting = numbers.iter().filter_map(|number| known.get(*number as usize));
                        most(fitting.map(counted), limit)
                    }
                }
            }
        })
    }

    pub fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        let shelf = self.read();
        let set = shelf.answer(&query.filter)?;
        cancel.check()?;
        let mut days: BTreeMap<NaiveDate, u64> = BTreeMap::new();
        for (article, _) in set.iter().filter_map(|number| shelf.articles.get(number as usize)) {
            *days.entry(article.date()).or_default() += 1;
        }
        Ok(days.into_iter().collect())
    }

    pub fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        let shelf = self.read();
        let order = self.order(&shelf, query, cancel)?;
        let mut wanted: Vec<QuoteTerm> = Vec::new();
        query.filter.each_wanted(&mut |term| {
            if let Term::Quote(quote) = term {
                wanted.push(quote.clone());
            }
        });
        let mut rows = Vec::new();
        for number in order.iter() {
            if rows.len() >= limit {
                break;
            }
            cancel.check()?;
            shelf.quotes(*number, &wanted, &mut rows);
        }
        rows.truncate(limit);
        Ok(rows)
    }

    pub fn mark(&self, target: &Target, marking: Marking) -> Result<Marked, Error> {
        let mut shelf = self.write();
        let articles = match target {
            Target::These(ids) => {
                let numbers = ids.iter().filter_map(|id| number_of(*id));
                numbers.filter(|number| (*number as usize) < shelf.articles.len()).collect()
            }
            Target::Matching(query) => shelf.answer(&query.filter)?,
        };
        shelf.version += 1;
        Ok(shelf.marks.mark(&articles, marking))
    }

    pub fn undo(&self) -> Option<Marked> {
        let mut shelf = self.write();
        shelf.version += 1;
        shelf.marks.undo()
    }

    pub fn redo(&self) -> Option<Marked> {
        let mut shelf = self.write();
        shelf.version += 1;
        shelf.marks.redo()
    }
}

impl Shelf {
    fn put(
        &mut self,
        identity: Hash,
        (title, body): (Tokens, Tokens),
        article: Article,
        analysis: Analysis,
        added: &mut Added,
    ) {
        let next = self.articles.len() as u32;
        let number = *self.by_identity.entry(identity).or_insert(next);
        let there = self.articles.get(number as usize);
        if there.is_some_and(|(old, known)| *old == article && *known == analysis) {
            added.unchanged += 1;
            return;
        }
        match there {
            Some((old, _)) => {
                if let Some(set) = self.sources.get_mut(&old.source) {
                    set.remove(number);
                }
                added.updated += 1;
            }
            None => added.new += 1,
        }
        self.version += 1;
        self.words.put(number, title, body);
        self.names.put(number, &article.title, &article.body, &analysis);
        match self.sources.get_mut(&article.source) {
            Some(set) => _ = set.insert(number),
            None => _ = self.sources.insert(article.source.clone(), RoaringBitmap::from([number])),
        }
        match self.articles.get_mut(number as usize) {
            Some(place) => *place = (article, analysis),
            None => self.articles.push((article, analysis)),
        }
    }

    fn published(&self, number: u32) -> Option<chrono::DateTime<chrono::Utc>> {
        self.articles.get(number as usize).map(|(article, _)| article.published)
    }

    fn answer(&self, filter: &Filter) -> Result<RoaringBitmap, Error> {
        // All of its sets are exact.
        answer(filter, self).map(|answer| answer.possible)
    }

    /// How many rows of `order` come before `key`, and whether it is among them.
    fn place(&self, order: &[u32], query: &Query, key: Key) -> (usize, bool) {
        if query.sort == Sort::Relevance {
            let at = order.iter().position(|number| id_of(*number) == key.id);
            return (at.unwrap_or(0), at.is_some());
        }
        let wanted = Reverse((Some(key.published), key.id));
        let of = |number: u32| Reverse((self.published(number), id_of(number)));
        let before = order.partition_point(|number| of(*number) < wanted);
        (before, order.get(before).is_some_and(|number| of(*number) == wanted))
    }

    fn row(&self, number: u32) -> Option<Row> {
        let (article, _) = self.articles.get(number as usize)?;
        Some(Row {
            key: Key { published: article.published, id: id_of(number) },
            source: article.source.clone(),
            title: headline(&article.title, &article.body).to_owned(),
            read: self.marks.read.contains(number),
            starred: self.marks.starred.contains(number),
            copies: 0,
        })
    }

    /// For each entity, how many articles of `set` mention it.
    /// See `people`: the persons of a result that have a name that `fits`.
    fn people(
        &self,
        set: &RoaringBitmap,
        limit: usize,
        fits: impl Fn(u32) -> bool,
    ) -> Result<Vec<Facet>, Error> {
        let mut counted: Vec<(u32, u32)> =
            (0u32..).zip(self.counts(set)).filter(|(_, count)| *count > 0).collect();
        counted.retain(|(number, _)| self.person(*number).is_some());
        counted.sort_by_key(|(number, count)| (Reverse(*count), *number));
        let first = counted.iter().copied().take(people::JOINED + 1).collect();
        let named: Vec<people::Named> = people::looked_at(first)
            .into_iter()
            .filter_map(|(entity, count)| {
                let name = self.person(entity)?.name.clone();
                Some(people::Named { entity, name, count: u64::from(count) })
            })
            .collect();
        let within = Within { shelf: self, set };
        let crowd = people::with_bearers(named, &within)?;
        let joined = people::joined(&crowd, &within, &fits)?;
        let seen = people::entities(&crowd.named);
        let others = counted.into_iter().filter(|(number, _)| fits(*number) && !seen.contains(number));
        let others = others.filter_map(|(number, count)| Some(facet(self.person(number)?, u64::from(count))));
        Ok(people::ranked(joined, others.collect(), limit))
    }

    fn person(&self, number: u32) -> Option<&names::Known> {
        self.names.known.get(number as usize).filter(|known| known.kind == Kind::Person)
    }

    fn counts(&self, set: &RoaringBitmap) -> Vec<u32> {
        let mut counts = vec![0; self.names.known.len()];
        for mentions in set.iter().filter_map(|number| self.names.mentions.get(number as usize)) {
            for entity in mentions {
                if let Some(count) = counts.get_mut(*entity as usize) {
                    *count += 1;
                }
            }
        }
        counts
    }

    fn candidate(&self, number: u32) -> Option<Candidate<'_>> {
        let (article, analysis) = self.articles.get(number as usize)?;
        Some(Candidate {
            article,
            analysis,
            read: self.marks.read.contains(number),
            starred: self.marks.starred.contains(number),
            tags: &[],
        })
    }

    /// The articles with a quote for which all of `term` holds.
    fn with_quote(&self, term: &QuoteTerm) -> RoaringBitmap {
        let mut possible = self.names.quoted.clone();
        for names in &term.by {
            possible &= self.names.speaking(names);
        }
        for names in &term.of {
            possible &= self.names.mentioning_any(names);
        }
        for phrases in &term.said {
            let sets = phrases.iter().map(|phrase| self.words.with(crate::query::Scope::Anywhere, phrase));
            possible &= sets.fold(RoaringBitmap::new(), |union, set| union | set);
        }
        let has = |number: &u32| {
            self.candidate(*number).is_some_and(|candidate| {
                candidate.analysis.quotes.iter().any(|quote| candidate.quote_has(quote, term, self))
            })
        };
        possible.iter().filter(has).collect()
    }

    fn quotes(&self, number: u32, wanted: &[QuoteTerm], rows: &mut Vec<QuoteRow>) {
        let Some(candidate) = self.candidate(number) else { return };
        for quote in &candidate.analysis.quotes {
            let fits = |term: &QuoteTerm| candidate.quote_has(quote, term, self);
            let field = match quote.field {
                Field::Title => &candidate.article.title,
                Field::Body => &candidate.article.body,
            };
            let Some(text) = quote.span.get(field) else { continue };
            if !wanted.is_empty() && !wanted.iter().any(fits) {
                continue;
            }
            let entity =
                |index: crate::annotation::EntityIndex| candidate.analysis.entities.get(index.0 as usize);
            rows.push(QuoteRow {
                key: Key { published: candidate.article.published, id: id_of(number) },
                source: candidate.article.source.clone(),
                title: candidate.article.title.clone(),
                kind: quote.kind,
                field: quote.field,
                span: quote.span,
                text: text.to_owned(),
                speaker: match &quote.speaker {
                    Some(Speaker::Entity(index)) => entity(*index).map(|entity| entity.name.clone()),
                    Some(Speaker::Description(words)) => Some(words.clone()),
                    None => None,
                },
            });
        }
    }

    fn all(&self) -> RoaringBitmap {
        (0..self.articles.len() as u32).collect()
    }

    fn filtered(&self, holds: impl Fn(&Article) -> bool) -> RoaringBitmap {
        let numbers = (0u32..).zip(&self.articles);
        numbers.filter(|(_, (article, _))| holds(article)).map(|(number, _)| number).collect()
    }

    fn with_source(&self, names: &Names) -> RoaringBitmap {
        let meant = |source: &str| names.iter().any(|name| self.is_source(name, source));
        let sets = self.sources.iter().filter(|(source, _)| meant(source)).map(|(_, set)| set);
        sets.fold(RoaringBitmap::new(), |union, set| union | set)
    }
}

impl Sets for Shelf {
    fn every(&self) -> Result<RoaringBitmap, Error> {
        Ok(self.all())
    }

    fn term(&self, term: &Term) -> Result<Answer, Error> {
        Ok(Answer::exactly(match term {
            Term::Text { scope, phrase } => self.words.with(*scope, phrase),
            Term::Mentions { kind, names } => self.names.mentioning(*kind, names),
            Term::About(names) => self.names.about(names),
            Term::Quote(quote) => self.with_quote(quote),
            Term::Date(days) => self.filtered(|article| days.contains(article.date())),
            Term::Source(names) => self.with_source(names),
            Term::Author(names) => self.filtered(|article| {
                article.author.as_ref().is_some_and(|author| names.iter().any(|name| holds(author, name)))
            }),
            Term::Tag(names) => {
                let meant = |tag: &str| names.iter().any(|name| fold::fold(name) == fold::fold(tag));
                let sets = self.marks.tags.iter().filter(|(tag, _)| meant(tag)).map(|(_, set)| set);
                sets.fold(RoaringBitmap::new(), |union, set| union | set)
            }
            Term::Is(Mark::Read) => self.marks.read.clone(),
            Term::Is(Mark::Unread) => self.all() - &self.marks.read,
            Term::Is(Mark::Starred) => self.marks.starred.clone(),
            Term::Is(Mark::Unstarred) => self.all() - &self.marks.starred,
            Term::HasQuote => self.names.quoted.clone(),
            Term::Saved(_) => RoaringBitmap::new(),
        }))
    }
}

impl Meaning for Shelf {
    fn is_country(&self, name: &str, code: CountryCode) -> bool {
        self.names.is_country(name, code)
    }

    fn is_entity(&self, name: &str, kind: Kind, entity: &str) -> bool {
        self.names.is_entity(name, kind, entity)
    }

    /// The source that is called exactly so, else all in whose name it stands.
    fn is_source(&self, name: &str, source: &str) -> bool {
        let folded = fold::fold(name);
        let exact = self.sources.iter().any(|(source, set)| !set.is_empty() && fold::fold(source) == folded);
        if exact { fold::fold(source) == folded } else { holds(source, name) }
    }
}

/// The id of an article by its number.
fn id_of(number: u32) -> ArticleId {
    ArticleId(i64::from(number) + 1)
}

/// The number of an article by its id; `None` for an id that no library gives.
fn number_of(id: ArticleId) -> Option<u32> {
    u32::try_from(id.0.checked_sub(1)?).ok()
}

/// Which places of an ordered result of `total` rows a window covers. `place` tells how many rows
/// come before a key, and whether the key itself is in the result.
fn places(window: Window, total: usize, place: impl Fn(Key) -> (usize, bool)) -> Range<usize> {
    let (start, end) = match window {
        Window::First { limit } => (0, limit),
        Window::Last { limit } => (total.saturating_sub(limit), total),
        Window::After { key, limit } => {
            let (before, there) = place(key);
            let start = before + usize::from(there);
            (start, start.saturating_add(limit))
        }
        Window::Before { key, limit } => {
            let (before, _) = place(key);
            (before.saturating_sub(limit), before)
        }
        Window::Around { key, before, after } => {
            let (at, _) = place(key);
            (at.saturating_sub(before), at.saturating_add(after).saturating_add(1))
        }
        Window::Row { row, before, after } => {
            let at = usize::try_from(row).unwrap_or(usize::MAX).min(total.saturating_sub(1));
            (at.saturating_sub(before), at.saturating_add(after).saturating_add(1))
        }
    };
    start.min(total)..end.min(total)
}

fn facet(known: &names::Known, count: u64) -> Facet {
    let value = known.code.map_or_else(|| known.name.clone(), |code| code.as_str().to_owned());
    Facet { name: known.name.clone(), value, count }
}

fn plain_facet(name: &str, all: &RoaringBitmap, set: &RoaringBitmap) -> Facet {
    Facet { name: name.to_owned(), value: name.to_owned(), count: all.intersection_len(set) }
}

/// Those that count, most frequent first, then by name; at most `limit`.
fn most(facets: impl Iterator<Item = Facet>, limit: usize) -> Vec<Facet> {
    let mut facets: Vec<Facet> = facets.filter(|facet| facet.count > 0).collect();
    facets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    facets.truncate(limit);
    facets
}
