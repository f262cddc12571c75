//! The library by other means, in memory: the double that the tests compare the store with. It is not part
//! of the program.
//!
//! An index of words, of names and of marks, each giving sets of article numbers, behind one lock. The file has over 500
//! lines because it implements the whole trait [`Backend`](super::Backend) over one state, in the order of the trait, so
//! that the two can be read side by side.

mod boards;
mod marks;
mod names;
mod sources;
mod stories;
mod words;

use super::answer::{Answer, Sets, answer};
use super::by_reading;
use super::identity::{self, Hash, Holder, Recognition};
use super::sources::{Seen, Source, SourceId, Standing, Wishes};
use super::{
    Added, Backend, Cancel, ChangeId, Error, FACETS, FollowedFolder, Marked, Marking, QuoteRow, Step, Stored,
    Target,
};
use crate::annotation::{Analysis, CountryCode, Entity, Field, Kind, Least, Speaker};
use crate::article::{Article, ArticleId};
use crate::corrections::Corrections;
use crate::formats::ReadingState;
use crate::language::LanguageCode;
use crate::listing::board::{Board, BoardChange, Changed};
use crate::listing::thread::{ThreadOrder, Threads};
use crate::listing::{
    Count, Facet, FacetKind, Facets, Hold, Key, Page, Row, Sibling, Tally, TextOf, Validity, Window, headline,
};
use crate::persons::Apart;
use crate::query::matching::{Candidate, Meaning, holds};
use crate::query::{Filter, Grouping, Mark, Names, Query, QuoteTerm, Sort, Term};
use crate::text::fold;
use chrono::{DateTime, NaiveDate, Utc};
use marks::Marks;
use names::NameIndex;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use stories::Stories;
use words::{Tokens, WordIndex};

/// See the module.
#[derive(Default)]
pub struct Memory {
    shelf: RwLock<Shelf>,
    /// The last result in its order, since one question asks for several windows.
    last: Mutex<Option<Ordered>>,
    /// What the results of holds have listed so far.
    held: Mutex<HashMap<Hold, RoaringBitmap>>,
    least: OnceLock<Least>,
}

/// A query, the version of the shelf that answered it, and the numbers of the result.
type Ordered = (Query, u64, Arc<[u32]>);

#[derive(Default)]
struct Shelf {
    articles: Vec<(Article, Analysis)>,
    by_identity: HashMap<Hash, u32>,
    words: WordIndex,
    names: NameIndex,
    marks: Marks,
    stories: Stories,
    sources: BTreeMap<String, RoaringBitmap>,
    version: u64,
    /// Numbers of articles that were removed.
    gone: RoaringBitmap,
    /// The texts that are not shown, by number.
    beside: HashMap<u32, (TextOf, Article)>,
    positions: HashMap<u32, u32>,
    kept: HashMap<String, String>,
    folders: BTreeMap<String, FollowedFolder>,
    fetched: sources::Roster,
    boards: boards::Boards,
    /// The identities of what was removed from the trash.
    graves: std::collections::HashSet<Hash>,
}

impl identity::Shelf for Shelf {
    type Error = Infallible;

    fn holder(&self, identity: Hash) -> Result<Option<Holder>, Infallible> {
        let holder = |number: &u32| {
            let (article, _) = self.articles.get(*number as usize)?;
            Some(Holder {
                place: i64::from(*number),
                source: article.source.clone(),
                title: article.title.clone(),
                url: article.url.clone(),
                guid: article.guid.clone(),
                path: article.path.clone(),
                published: article.published,
            })
        };
        Ok(self.by_identity.get(&identity).and_then(holder))
    }

    fn body(&self, place: i64) -> Result<String, Infallible> {
        let number = usize::try_from(place).ok();
        let article = number.and_then(|number| self.articles.get(number));
        Ok(article.map(|(article, _)| article.body.clone()).unwrap_or_default())
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

    /// The articles that a query lists.
    fn result(&self, shelf: &Shelf, query: &Query) -> Result<RoaringBitmap, Error> {
        let matching = shelf.answer(&query.filter)?;
        let Some(hold) = query.hold else { return Ok(matching) };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = held.entry(hold).or_default();
        *kept |= matching;
        Ok(&*kept - &shelf.gone)
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
        let set = self.result(shelf, query)?;
        cancel.check()?;
        let mut order: Vec<u32> = shelf.rows_of(query.grouping, &set).iter().collect();
        let words = match query.sort {
            Sort::Date | Sort::Oldest => Vec::new(),
            Sort::Relevance => query.filter.words_wanted(),
        };
        let points = |number: u32| if words.is_empty() { 0 } else { shelf.words.points(number, &words) };
        order.sort_by_cached_key(|number| Reverse((points(*number), shelf.published(*number), *number)));
        if query.sort == Sort::Oldest {
            order.sort_by_key(|number| {
                let published = shelf.published(*number);
                (published.is_none(), published, *number)
            });
        }
        let order: Arc<[u32]> = order.into();
        *self.last() = Some((query.clone(), shelf.version, order.clone()));
        Ok(order)
    }
}

impl Backend for Memory {
    fn stand_by(&self, least: Least) {
        _ = self.least.set(least);
    }

    fn least(&self) -> Least {
        self.least.get().copied().unwrap_or_default()
    }

    fn add(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        let prepared: Vec<_> = batch
            .into_iter()
            .map(|(article, mut analysis)| {
                analysis.stand_by(self.least());
                let tokens = (Tokens::of(&article.title), Tokens::of(&article.body));
                (Recognition::of(&article), tokens, article, analysis)
            })
            .collect();
        let mut added = Added::default();
        // In small portions, so that questions get their turn.
        let mut rest = prepared.into_iter().peekable();
        while rest.peek().is_some() {
            let mut shelf = self.write();
            for (recognition, tokens, article, analysis) in rest.by_ref().take(100) {
                shelf.add(&recognition, tokens, article, analysis, &mut added);
            }
        }
        Ok(added)
    }

    fn renew(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        let mut added = Added::default();
        for (article, mut analysis) in batch {
            analysis.stand_by(self.least());
            let mut shelf = self.write();
            let Some(number) = shelf.number_of(&article) else { continue };
            if shelf.articles.get(number as usize).is_some_and(|(known, _)| is_same(known, &article)) {
                added.updated += 1;
                shelf.put(number, article, analysis);
            }
        }
        Ok(added)
    }

    fn outdated(&self, _limit: usize) -> Result<Vec<ArticleId>, Error> {
        // Nothing here outlives the engine that analysed it.
        Ok(Vec::new())
    }

    fn count_outdated(&self) -> Result<u64, Error> {
        Ok(0)
    }

    fn refile(&self, from: &str, to: &str) -> Result<u64, Error> {
        let mut shelf = self.write();
        let numbers: Vec<u32> = shelf.filtered(|article| article.source == from).iter().collect();
        for number in &numbers {
            let Some((mut article, analysis)) = shelf.articles.get(*number as usize).cloned() else {
                continue;
            };
            to.clone_into(&mut article.source);
            shelf.recognise_by(&Recognition::of(&article), *number);
            if let Some((_, other)) = shelf.beside.get_mut(number) {
                to.clone_into(&mut other.source);
            }
            shelf.put(*number, article, analysis);
        }
        Ok(numbers.len() as u64)
    }

    fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error> {
        let shelf = self.read();
        let one = |article: &Article| match shelf.number_of(article) {
            None if Recognition::of(article).hashes().any(|hash| shelf.graves.contains(&hash)) => Seen::Same,
            None => Seen::Never,
            Some(number) => match shelf.of_source(number) {
                Some(known) if is_same(known, article) => Seen::Same,
                _ => Seen::Otherwise(shelf.published(number)),
            },
        };
        Ok(articles.iter().map(one).collect())
    }

    fn other_text(&self, id: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
        Ok(number_of(id).and_then(|number| self.read().beside.get(&number).cloned()))
    }

    fn show_text(&self, text: TextOf, article: Article, analysis: Analysis) -> Result<(), Error> {
        let mut shelf = self.write();
        let Some(number) = shelf.number_of(&article) else {
            drop(shelf);
            return self.add(vec![(article, analysis)]).map(drop);
        };
        let shown = shelf.shown(number);
        if shown != text
            && let Some((old, _)) = shelf.articles.get(number as usize).cloned()
        {
            shelf.beside.insert(number, (shown, old));
        }
        shelf.positions.remove(&number);
        shelf.put(number, article, analysis);
        Ok(())
    }

    fn remove_files(&self, gone: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
        let mut shelf = self.write();
        let of = |article: &Article| {
            article.path.as_ref().is_some_and(|path| gone(&crate::text::path::read(path)))
        };
        let going = shelf.filtered(of);
        let unkept = going - shelf.kept_by_hand();
        Ok(shelf.remove(&unkept))
    }

    fn remove_others(&self, read: &[Article]) -> Result<u64, Error> {
        let mut shelf = self.write();
        let known: RoaringBitmap = read.iter().filter_map(|article| shelf.number_of(article)).collect();
        let of = |article: &Article| {
            let same_file = |other: &Article| other.path.is_some() && other.path == article.path;
            read.iter().any(same_file)
        };
        let going = shelf.filtered(of) - known;
        let unkept = going - shelf.kept_by_hand();
        Ok(shelf.remove(&unkept))
    }

    fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        let shelf = self.read();
        let order = self.order(&shelf, query, cancel)?;
        let place = |key: Key| shelf.place(&order, query, key);
        let range = places(window, order.len(), place);
        let (matching, set) = (shelf.answer(&query.filter)?, self.result(&shelf, query)?);
        let threads = shelf.threads(query.grouping);
        let row = |number: &u32| {
            let mut row = Row { gone: !matching.contains(*number), ..shelf.row(*number)? };
            row.copies = match query.grouping {
                Grouping::Off => 0,
                Grouping::Folded => shelf.stories.copies_in(&set, *number),
                Grouping::Threads => {
                    let own = threads.get(number);
                    let others = set.iter().filter(|other| other != number && threads.get(other) == own);
                    others.count() as u32
                }
            };
            Some(row)
        };
        let rows = order.get(range.clone()).unwrap_or_default().iter().filter_map(row);
        Ok(Page {
            rows: rows.collect(),
            offset: range.start as u64,
            total: Count::Exactly(order.len() as u64),
        })
    }

    fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        let shelf = self.read();
        let set = self.result(&shelf, query)?;
        cancel.check()?;
        let counts = shelf.counts(query.grouping, &set);
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
        let rows = |all: &RoaringBitmap| shelf.stories.tally(query.grouping, &(all & &set)).rows();
        Ok(Facets {
            total: shelf.rows_of(query.grouping, &set).len(),
            articles: set.len(),
            people: of(Kind::Person),
            countries: of(Kind::Country),
            orgs: of(Kind::Org),
            places: of(Kind::Place),
            sources: most(shelf.sources.iter().map(|(name, all)| plain_facet(name, rows(all))), FACETS),
            languages: most(
                shelf.languages().iter().map(|(code, all)| language_facet(*code, rows(all))),
                FACETS,
            ),
            ..Facets::default()
        })
    }

    fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let shelf = self.read();
        let set = self.result(&shelf, query)?;
        cancel.check()?;
        let typed = fold::words(typed);
        let begun = |name: &str| {
            let words = fold::words(name);
            typed.iter().all(|part| words.iter().any(|word| word.starts_with(part.as_str())))
        };
        let rows = |all: &RoaringBitmap| shelf.stories.tally(query.grouping, &(all & &set)).rows();
        let plain = |sets: &BTreeMap<String, RoaringBitmap>| {
            let begun = sets.iter().filter(|(name, _)| begun(name));
            most(begun.map(|(name, all)| plain_facet(name, rows(all))), limit)
        };
        Ok(match kind {
            FacetKind::Source => plain(&shelf.sources),
            FacetKind::Tag => plain(&shelf.marks.tags),
            FacetKind::Language => {
                let fits =
                    |code: &LanguageCode| begun(&format!("{} {code} {}", code.name(), code.own_name()));
                let languages = shelf.languages();
                let fitting = languages.iter().filter(|(code, _)| fits(code));
                most(fitting.map(|(code, all)| language_facet(*code, rows(all))), limit)
            }
            FacetKind::Entity(kind) => {
                let same = shelf.names.same();
                let fitting = (!typed.is_empty()).then(|| {
                    let numbers = shelf.names.beginning(kind, &typed);
                    numbers.into_iter().map(|number| same.of(number)).collect::<BTreeSet<u32>>()
                });
                let fits = |number: u32| fitting.as_ref().is_none_or(|fitting| fitting.contains(&number));
                let counts = shelf.counts(query.grouping, &set);
                let known = (0u32..).zip(&shelf.names.known).zip(counts);
                let fitting = known.filter(|((number, known), _)| known.kind == kind && fits(*number));
                most(fitting.map(|((_, known), count)| facet(known, u64::from(count))), limit)
            }
        })
    }

    fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        Ok(match kind {
            FacetKind::Entity(kind) => self.read().names.forms_of(kind, value),
            _ => vec![value.to_owned()],
        })
    }

    fn threads(
        &self,
        query: &Query,
        order: ThreadOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Threads, Error> {
        let woven = self.read().woven();
        let of = |id: ArticleId| woven.get(&(number_of(id)?)).map(|thread| id_of(*thread));
        by_reading::threads::threads(self, query, Some(&of), (order, limit), cancel)
    }

    fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        let shelf = self.read();
        let set = self.result(&shelf, query)?;
        cancel.check()?;
        let mut days: BTreeMap<NaiveDate, RoaringBitmap> = BTreeMap::new();
        for number in &set {
            if let Some(day) = shelf.articles.get(number as usize).and_then(|(article, _)| article.date()) {
                days.entry(day).or_default().insert(number);
            }
        }
        Ok(days
            .into_iter()
            .map(|(day, set)| (day, shelf.stories.tally(query.grouping, &set).rows()))
            .collect())
    }

    fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        let shelf = self.read();
        let order = self.order(&shelf, &Query { grouping: Grouping::Off, ..query.clone() }, cancel)?;
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

    fn find(&self, article: &Article) -> Result<Option<ArticleId>, Error> {
        Ok(self.read().number_of(article).map(id_of))
    }

    fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        let shelf = self.read();
        let Some(number) = number_of(id).filter(|number| !shelf.gone.contains(*number)) else {
            return Ok(None);
        };
        let Some((article, analysis)) = shelf.articles.get(number as usize).cloned() else { return Ok(None) };
        let tags = shelf.marks.tags.iter().filter(|(_, set)| set.contains(number));
        Ok(Some(Stored {
            id,
            article,
            analysis,
            validity: Validity::Current,
            read: shelf.marks.read.contains(number),
            starred: shelf.marks.starred.contains(number),
            tags: tags.map(|(tag, _)| tag.clone()).collect(),
            position: shelf.positions.get(&number).copied().unwrap_or(0),
            text: shelf.shown(number),
            thread: None,
            copies: shelf.siblings(number),
        }))
    }

    fn version(&self) -> u64 {
        self.read().version
    }

    fn mark_as(&self, name: Option<ChangeId>, target: &Target, marking: Marking) -> Result<Marked, Error> {
        let mut shelf = self.write();
        let these = |ids: &[ArticleId]| {
            let numbers = ids.iter().filter_map(|id| number_of(*id));
            shelf.all() & numbers.collect::<RoaringBitmap>()
        };
        let (articles, grouping) = match target {
            Target::These(ids) => (these(ids), Grouping::Off),
            Target::Stories(ids) => (these(ids), Grouping::Folded),
            Target::Matching(query) => (self.result(&shelf, query)?, query.grouping),
        };
        let stories = shelf.stories.clone();
        let articles = match grouping {
            Grouping::Folded | Grouping::Threads => shelf.all() & stories.with_copies(&articles),
            Grouping::Off => articles,
        };
        shelf.version += 1;
        Ok(shelf.marks.mark(name, &articles, marking, |changed| stories.tally(grouping, changed)))
    }

    fn step(&self, step: Step, name: Option<ChangeId>) -> Result<Option<Marked>, Error> {
        let mut shelf = self.write();
        shelf.version += 1;
        Ok(shelf.marks.step(step, name))
    }

    fn boards(&self) -> Result<Vec<(String, usize)>, Error> {
        Ok(self.read().boards.all())
    }

    fn board(&self, name: &str) -> Result<Option<Board>, Error> {
        Ok(self.read().boards.load(name))
    }

    fn change_board(&self, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error> {
        let mut shelf = self.write();
        shelf.version += 1;
        shelf.boards.change(name, change)
    }

    fn step_board(&self, step: Step, name: ChangeId) -> Result<Option<Changed>, Error> {
        let mut shelf = self.write();
        shelf.version += 1;
        shelf.boards.step(step, name)
    }

    fn tally(&self, query: &Query, _cancel: &Cancel) -> Result<Tally, Error> {
        let shelf = self.read();
        let set = shelf.answer(&query.filter)?;
        let stories = query.grouping.folds_copies().then(|| shelf.rows_of(query.grouping, &set).len());
        Ok(Tally { articles: set.len(), stories })
    }

    fn restore(&self, states: Vec<(Recognition, ReadingState)>) -> Result<(), Error> {
        let mut shelf = self.write();
        shelf.version += 1;
        for (recognition, state) in states {
            let Some(number) = shelf.number_by(&recognition) else { continue };
            if shelf.is_before(&recognition) {
                continue;
            }
            let flags = [(state.read, Marking::Read), (state.starred, Marking::Star)];
            let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, marking)| marking);
            for marking in flags.chain(state.tags.into_iter().map(Marking::Tag)) {
                shelf.marks.add(number, &marking);
            }
            if state.position > 0 {
                shelf.positions.insert(number, state.position);
            }
        }
        Ok(())
    }

    fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        self.write().positions.extend(number_of(id).map(|number| (number, position)));
        Ok(())
    }

    fn kept(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.read().kept.get(name).cloned())
    }

    fn keep(&self, name: &str, text: &str) -> Result<(), Error> {
        if name == super::backend::NAMES {
            self.write().names.hold_apart(Apart::new(&Corrections::read(text).0));
        }
        self.write().kept.insert(name.to_owned(), text.to_owned());
        Ok(())
    }

    fn follow_folder(&self, folder: &FollowedFolder) -> Result<(), Error> {
        let path = folder.path.to_string_lossy().into_owned();
        self.write().folders.insert(path, folder.clone());
        Ok(())
    }

    fn folders(&self) -> Result<Vec<FollowedFolder>, Error> {
        Ok(self.read().folders.values().cloned().collect())
    }

    fn sources(&self) -> Result<Vec<Source>, Error> {
        Ok(self.read().fetched.all())
    }

    fn add_source(
        &self,
        address: &str,
        name: &str,
        site: Option<&str>,
        wishes: &Wishes,
    ) -> Result<SourceId, Error> {
        self.write().fetched.add(address, name, site, wishes)
    }

    fn change_source(&self, id: SourceId, wishes: &Wishes) -> Result<(), Error> {
        self.write().fetched.change(id, |source| wishes.clone_into(&mut source.wishes));
        Ok(())
    }

    fn remove_source(&self, id: SourceId) -> Result<(), Error> {
        self.write().fetched.remove(id);
        Ok(())
    }

    fn claim_sources(
        &self,
        sources: &[SourceId],
        claimant: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error> {
        Ok(self.write().fetched.claim(sources, claimant, now, until))
    }

    fn hold_claims(&self, claimant: i64, until: DateTime<Utc>) -> Result<(), Error> {
        self.write().fetched.hold(claimant, until);
        Ok(())
    }

    fn give_back(&self, claimant: i64) -> Result<(), Error> {
        self.write().fetched.give_back(claimant);
        Ok(())
    }

    fn record_standings(&self, standings: &[(SourceId, Standing)]) -> Result<(), Error> {
        self.write().fetched.record(standings);
        Ok(())
    }

    fn move_source(&self, id: SourceId, address: &str) -> Result<bool, Error> {
        Ok(self.write().fetched.relocate(id, address))
    }

    fn set_site(&self, id: SourceId, site: &str) -> Result<(), Error> {
        self.write().fetched.change(id, |source| source.site = Some(site.to_owned()));
        Ok(())
    }

    fn name_source(&self, id: SourceId, name: &str) -> Result<String, Error> {
        Ok(self.write().fetched.name(id, name))
    }

    fn forget(&self, name: &str, oldest: DateTime<Utc>) -> Result<u64, Error> {
        let mut shelf = self.write();
        let old = shelf.filtered(|article| {
            article.source == name && article.published.is_some_and(|published| published < oldest)
        });
        let unkept = old - &shelf.marks.starred;
        Ok(shelf.remove(&unkept))
    }

    fn forget_beyond(&self, name: &str, most: u64) -> Result<u64, Error> {
        let mut shelf = self.write();
        let own = shelf.filtered(|article| article.source == name) - &shelf.marks.starred;
        let mut own: Vec<u32> = own.iter().collect();
        own.sort_by_key(|number| Reverse((shelf.published(*number), *number)));
        let going = own.into_iter().skip(usize::try_from(most).unwrap_or(usize::MAX)).collect();
        Ok(shelf.remove(&going))
    }

    fn matching(&self, query: &Query, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        let shelf = self.read();
        let found = answer(&query.filter.decided(), &*shelf)?.possible - &shelf.gone;
        let is = |id: &ArticleId| number_of(*id).is_some_and(|number| found.contains(number));
        Ok(ids.iter().copied().filter(is).collect())
    }

    fn mark_new(&self, ids: &[ArticleId], marking: &Marking) -> Result<u64, Error> {
        let mut shelf = self.write();
        shelf.version += 1;
        let there = shelf.all();
        let numbers: RoaringBitmap = ids.iter().filter_map(|id| number_of(*id)).collect();
        Ok(shelf.marks.put(&(numbers & there), marking))
    }

    fn recognised(&self, articles: &[Recognition]) -> Result<Vec<ArticleId>, Error> {
        let shelf = self.read();
        Ok(articles.iter().filter_map(|article| shelf.number_by(article)).map(id_of).collect())
    }

    fn empty_trash(&self, _before: NaiveDate) -> Result<u64, Error> {
        // The double in memory knows no days: everything in the trash is old.
        let mut shelf = self.write();
        let going = std::mem::take(&mut shelf.marks.deleted);
        for number in &going {
            if let Some((article, _)) = shelf.articles.get(number as usize) {
                let recognition = Recognition::of(article);
                shelf.graves.extend(recognition.hashes());
            }
        }
        Ok(shelf.remove(&going))
    }
}

impl Shelf {
    /// Takes an article in that comes from its source.
    fn add(
        &mut self,
        recognition: &Recognition,
        tokens: (Tokens, Tokens),
        article: Article,
        analysis: Analysis,
        added: &mut Added,
    ) {
        let Some(number) = self.number_by(recognition) else {
            if recognition.hashes().any(|hash| self.graves.contains(&hash)) {
                added.unchanged += 1;
                return;
            }
            let number = self.articles.len() as u32;
            self.by_identity.insert(self.free(recognition, None), number);
            added.new += 1;
            self.index(number, tokens, article, analysis);
            let story = self.stories.with_copies(&RoaringBitmap::from([number]));
            self.marks.read_copy(number, &(story - &self.gone - RoaringBitmap::from([number])));
            return;
        };
        if self.is_before(recognition) {
            added.unchanged += 1;
            return;
        }
        self.recognise_by(recognition, number);
        if self.of_source(number).is_some_and(|known| is_same(known, &article)) {
            added.unchanged += 1;
            return;
        }
        added.updated += 1;
        match self.shown(number) {
            TextOf::Source => self.index(number, tokens, article, analysis),
            TextOf::Page => _ = self.beside.insert(number, (TextOf::Source, article)),
        }
    }

    /// Puts an article in the place of the one that has its number.
    fn put(&mut self, number: u32, article: Article, analysis: Analysis) {
        let tokens = (Tokens::of(&article.title), Tokens::of(&article.body));
        self.index(number, tokens, article, analysis);
    }

    fn index(&mut self, number: u32, (title, body): (Tokens, Tokens), article: Article, analysis: Analysis) {
        if let Some((old, _)) = self.articles.get(number as usize)
            && let Some(set) = self.sources.get_mut(&old.source)
        {
            set.remove(number);
        }
        self.version += 1;
        self.stories.put(number, &article);
        self.words.put(number, title, body);
        self.names.put(number, &article.title, &article.body, &analysis);
        self.sources.entry(article.source.clone()).or_default().insert(number);
        match self.articles.get_mut(number as usize) {
            Some(place) => *place = (article, analysis),
            None => self.articles.push((article, analysis)),
        }
    }

    fn remove(&mut self, numbers: &RoaringBitmap) -> u64 {
        self.version += 1;
        self.gone |= numbers;
        numbers.iter().for_each(|number| self.names.remove(number));
        self.by_identity.retain(|_, number| !numbers.contains(*number));
        numbers.len()
    }

    fn number_of(&self, article: &Article) -> Option<u32> {
        self.number_by(&Recognition::of(article))
    }

    /// Whether a newer version of the item is here than the one that comes.
    fn is_before(&self, recognition: &Recognition) -> bool {
        let Ok(found) = recognition.find(self);
        let holder = found.and_then(|(_, identity)| {
            let Ok(holder) = identity::Shelf::holder(self, identity);
            holder
        });
        holder.is_some_and(|holder| recognition.is_before(&holder))
    }

    fn number_by(&self, recognition: &Recognition) -> Option<u32> {
        let Ok(found) = recognition.find(self);
        u32::try_from(found?.0).ok()
    }

    /// From now on the article is found under the best hash that no other has.
    fn recognise_by(&mut self, recognition: &Recognition, number: u32) {
        let best = self.free(recognition, Some(number));
        if let std::collections::hash_map::Entry::Vacant(e) = self.by_identity.entry(best) {
            e.insert(number);
            self.by_identity.retain(|hash, other| *other != number || *hash == best);
        }
    }

    fn free(&self, recognition: &Recognition, own: Option<u32>) -> Hash {
        let Ok(free) = recognition.free(self, own.map(i64::from));
        free
    }

    /// Which text of an article is shown.
    fn shown(&self, number: u32) -> TextOf {
        match self.beside.get(&number) {
            Some((TextOf::Source, _)) => TextOf::Page,
            Some((TextOf::Page, _)) | None => TextOf::Source,
        }
    }

    /// The article as its source has it, shown or not.
    fn of_source(&self, number: u32) -> Option<&Article> {
        match self.beside.get(&number) {
            Some((TextOf::Source, article)) => Some(article),
            _ => self.articles.get(number as usize).map(|(article, _)| article),
        }
    }

    /// The articles with a star or a tag.
    fn kept_by_hand(&self) -> RoaringBitmap {
        self.marks.tags.values().fold(self.marks.starred.clone(), |kept, tagged| kept | tagged)
    }

    fn published(&self, number: u32) -> Option<chrono::DateTime<chrono::Utc>> {
        self.articles.get(number as usize).and_then(|(article, _)| article.published)
    }

    fn answer(&self, filter: &Filter) -> Result<RoaringBitmap, Error> {
        // All of its sets are exact.
        let found = answer(&filter.decided(), self).map(|answer| answer.possible - &self.gone)?;
        Ok(found - self.out_of_sight(filter))
    }

    /// The articles that are hidden or in the trash, unless the filter asks for such articles.
    fn out_of_sight(&self, filter: &Filter) -> RoaringBitmap {
        let sets = [(Mark::Hidden, &self.marks.hidden), (Mark::Deleted, &self.marks.deleted)];
        let away = sets.into_iter().filter(|(mark, _)| !filter.asks_for(*mark));
        away.fold(RoaringBitmap::new(), |union, (_, set)| union | set)
    }

    /// How many rows of `order` come before `key`, and whether it is among them.
    fn place(&self, order: &[u32], query: &Query, key: Key) -> (usize, bool) {
        if query.sort == Sort::Relevance {
            let at = order.iter().position(|number| id_of(*number) == key.id);
            return (at.unwrap_or(0), at.is_some());
        }
        let of = |number: u32| (self.published(number), id_of(number));
        if query.sort == Sort::Oldest {
            let from_oldest = |(published, id): (Option<_>, ArticleId)| (published.is_none(), published, id);
            let wanted = from_oldest((key.published, key.id));
            let before = order.partition_point(|number| from_oldest(of(*number)) < wanted);
            return (before, order.get(before).is_some_and(|number| from_oldest(of(*number)) == wanted));
        }
        let wanted = Reverse((key.published, key.id));
        let of = |number: u32| Reverse(of(number));
        let before = order.partition_point(|number| of(*number) < wanted);
        (before, order.get(before).is_some_and(|number| of(*number) == wanted))
    }

    fn row(&self, number: u32) -> Option<Row> {
        let (article, _) = self.articles.get(number as usize)?;
        Some(Row {
            key: Key { published: article.published, id: id_of(number) },
            source: article.source.clone(),
            title: headline(&article.title, &article.body).into_owned(),
            read: self.marks.read.contains(number),
            starred: self.marks.starred.contains(number),
            copies: 0,
            gone: false,
        })
    }

    /// The other articles that tell the story of an article, oldest first.
    fn siblings(&self, number: u32) -> Vec<Sibling> {
        let story = self.all() & self.stories.with_copies(&RoaringBitmap::from([number]));
        let rows = story.iter().filter(|other| *other != number).filter_map(|other| self.row(other));
        let mut siblings: Vec<Sibling> =
            rows.map(|row| Sibling { key: row.key, source: row.source, title: row.title }).collect();
        siblings.sort_by_key(|sibling| (sibling.key.published, sibling.key.id));
        siblings
    }

    /// For each entity, how many rows the articles of `set` have that mention it; 0 for one that is shown under another.
    fn counts(&self, grouping: Grouping, set: &RoaringBitmap) -> Vec<u32> {
        let same = self.names.same();
        let rows = |entity: u32| {
            if same.of(entity) != entity {
                return 0;
            }
            let articles = self.names.mentioned(entity, &same) & set;
            let rows = self.stories.tally(grouping, &articles).rows() as u32;
            if same.vague().contains(&entity) { rows.min(1) } else { rows }
        };
        (0..self.names.known.len() as u32).map(rows).collect()
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
        (0..self.articles.len() as u32).collect::<RoaringBitmap>() - &self.gone
    }

    fn filtered(&self, holds: impl Fn(&Article) -> bool) -> RoaringBitmap {
        let numbers = (0u32..).zip(&self.articles);
        let found = numbers.filter(|(_, (article, _))| holds(article)).map(|(number, _)| number);
        found.collect::<RoaringBitmap>() - &self.gone
    }

    /// The articles in each language.
    fn languages(&self) -> BTreeMap<LanguageCode, RoaringBitmap> {
        let mut languages: BTreeMap<LanguageCode, RoaringBitmap> = BTreeMap::new();
        for number in self.all() {
            let article = self.articles.get(number as usize).map(|(article, _)| article);
            if let Some(language) = article.and_then(|article| article.language) {
                languages.entry(language).or_default().insert(number);
            }
        }
        languages
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
            Term::Date(days) => self.filtered(|article| article.date().is_some_and(|day| days.contains(day))),
            Term::Source(names) => self.with_source(names),
            Term::Language(names) => self.filtered(|article| {
                let code = article.language.as_ref().map(LanguageCode::as_str);
                names.iter().any(|name| code == Some(name))
            }),
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
            Term::Is(Mark::Hidden) => self.marks.hidden.clone(),
            Term::Is(Mark::Deleted) => self.marks.deleted.clone(),
            Term::HasQuote => self.names.quoted.clone(),
            Term::Story(id) => self.story(*id) & self.all(),
            Term::Newer(ArticleId(id)) => {
                let mut set = self.all();
                set.remove_range(..u32::try_from(*id).unwrap_or(u32::MAX));
                set
            }
            Term::Saved(_) | Term::Unreadable(_) => RoaringBitmap::new(),
        }))
    }
}

impl Shelf {
    /// The articles of threads, each with the first article of its thread.
    fn woven(&self) -> BTreeMap<u32, u32> {
        let mut items: Vec<(i64, u32)> = Vec::new();
        for number in &self.all() {
            let article = self.articles.get(number as usize);
            let published = article.and_then(|(article, _)| article.published);
            items.extend(published.map(|published| (published.timestamp(), number)));
        }
        items.sort_unstable();
        let all = self.all();
        let articles = items.into_iter().filter_map(|(time, number)| {
            let (article, analysis) = self.articles.get(number as usize)?;
            let story = self.stories.with_copies(&RoaringBitmap::from([number])) & &all;
            let story = story.min().filter(|_| story.len() > 1);
            Some((number, story, time, article, analysis))
        });
        by_reading::threads::woven(articles).into_iter().collect()
    }

    /// See [`Stories::threads`]; only where threads share a row.
    fn threads(&self, grouping: Grouping) -> BTreeMap<u32, u32> {
        match grouping {
            Grouping::Threads => self.stories.threads(&self.woven()),
            Grouping::Folded | Grouping::Off => BTreeMap::new(),
        }
    }

    /// The articles that are shown of a result.
    fn rows_of(&self, grouping: Grouping, set: &RoaringBitmap) -> RoaringBitmap {
        if grouping != Grouping::Threads {
            return self.stories.shown(grouping, set);
        }
        let threads = self.threads(grouping);
        let mut newest: BTreeMap<u32, (Option<DateTime<Utc>>, u32)> = BTreeMap::new();
        for number in set {
            let own = (self.published(number), number);
            let thread = threads.get(&number).copied().unwrap_or(number);
            let best = newest.entry(thread).or_insert(own);
            *best = own.max(*best);
        }
        newest.into_values().map(|(_, number)| number).collect()
    }

    fn story(&self, id: ArticleId) -> RoaringBitmap {
        let Some(number) = number_of(id) else { return RoaringBitmap::new() };
        let woven = self.woven();
        match woven.get(&number) {
            Some(thread) => woven.iter().filter(|(_, of)| *of == thread).map(|(number, _)| *number).collect(),
            None => RoaringBitmap::from([number]),
        }
    }
}

impl Meaning for Shelf {
    fn is_country(&self, name: &str, code: CountryCode) -> bool {
        self.names.is_country(name, code)
    }

    fn is_entity(&self, name: &str, kinds: &[Kind], entity: &Entity) -> bool {
        self.names.is_entity(name, kinds, entity)
    }

    /// The source with exactly this name, else all sources whose names contain it.
    fn is_source(&self, name: &str, source: &str) -> bool {
        let folded = fold::fold(name);
        let exact = self.sources.iter().any(|(source, set)| !set.is_empty() && fold::fold(source) == folded);
        if exact { fold::fold(source) == folded } else { holds(source, name) }
    }
}

/// Whether two articles are the same in everything that a library keeps of them but their file.
fn is_same(a: &Article, b: &Article) -> bool {
    Hash::of_article(a) == Hash::of_article(b)
}

/// The id of an article by its number.
fn id_of(number: u32) -> ArticleId {
    ArticleId(i64::from(number) + 1)
}

/// The number of an article by its id; `None` for an id that no library gives.
fn number_of(id: ArticleId) -> Option<u32> {
    u32::try_from(id.0.checked_sub(1)?).ok()
}

/// Which places of an ordered result of `total` rows a window covers. `place` returns how many rows
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

/// A language with its count.
fn language_facet(code: LanguageCode, count: u64) -> Facet {
    Facet { name: code.name().to_owned(), value: code.to_string(), count }
}

fn plain_facet(name: &str, count: u64) -> Facet {
    Facet { name: name.to_owned(), value: name.to_owned(), count }
}

/// The facets with a count, most frequent first, then by name; at most `limit`.
fn most(facets: impl Iterator<Item = Facet>, limit: usize) -> Vec<Facet> {
    let mut facets: Vec<Facet> = facets.filter(|facet| facet.count > 0).collect();
    facets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    facets.truncate(limit);
    facets
}
