//! The store as a [`Backend`]: what each question and each change does with the file.
//!
//! Over 600 lines because it implements the whole trait, in its order, mostly in a line or two for each question.

use super::ask::ahead;
use super::ask::find::Find;

use super::ask::joined;
use super::ask::outdated;
use super::ask::shown::{FirstNames, Unstored};
use super::ask::spoken;
use super::ask::woven;
use super::boards;
use super::changes;
use super::file::folders;
use super::file::marks;
use super::file::meta::Version;
use super::file::pack::{Packer, Packing};
use super::file::removal;
use super::file::row;
use super::file::shelf::Stored as Shelved;
use super::file::sources;
use super::file::texts;
use super::handle::Store;
use super::index::merge;
use super::ledger;
use super::write::{Coming, Prepared};
use crate::annotation::{Analysis, Least};
use crate::article::{Article, ArticleId};
use crate::formats::ReadingState;
use crate::library::error::StateFault;
use crate::library::ledger::{Entry, Mark as LedgerMark, Told};
use crate::library::sources::{Seen, Source, SourceId, Standing, Wishes};
use crate::library::{
    Added, Backend, Cancel, ChangeId, Damage, Error, FollowedFolder, Marked, Marking, QuoteRow, Recognition,
    Step, Stored, Target, Turn,
};
use crate::listing::board::{Board, BoardChange, Changed};
use crate::listing::chronicle::{Chronicle, Grain, Telling};
use crate::listing::profile::{NameDetail, NameOrder};
use crate::listing::thread::{ThreadOrder, Threads};
use crate::listing::utterance::Utterance;
use crate::listing::{Facet, FacetKind, Facets, Page, Tally, TextOf, Validity, Window};
use crate::processors;
use crate::query::complete::Role;
use crate::query::{Grouping, Query};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension};
use std::ops::Range;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

impl Backend for Store {
    fn add(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.put(batch, Coming::Again)
    }

    fn renew(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.put(batch, Coming::Renewed)
    }

    fn outdated(&self, limit: usize) -> Result<Vec<ArticleId>, Error> {
        self.question(&Cancel::new(), |find| find.outdated(limit))
    }

    fn count_outdated(&self) -> Result<u64, Error> {
        self.reading(|db| outdated::count(db))
    }

    fn refile(&self, from: &str, to: &str) -> Result<u64, Error> {
        let mut packer = Packer::new(self.packing(&[])?);
        self.writing(|writer| {
            let count = writer.refile(from, to, &mut packer, &self.cache.unpacker)?;
            merge::merge(&mut writer.connection)?;
            Ok(count)
        })
    }

    fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error> {
        self.reading(|connection| {
            let transaction = connection.transaction()?;
            sources::seen(&Shelved { db: &transaction, unpacker: &self.cache.unpacker }, articles)
        })
    }

    fn other_text(&self, id: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
        self.reading(|db| texts::other(db, id))
    }

    fn show_text(&self, text: TextOf, article: Article, analysis: Analysis) -> Result<(), Error> {
        self.put(vec![(article, analysis)], Coming::Shown(text)).map(drop)
    }

    fn remove_files(&self, gone: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
        self.changing(|db| removal::of_files(db, gone))
    }

    fn remove_others(&self, read: &[Article]) -> Result<u64, Error> {
        match read.iter().any(|article| article.path.is_some()) {
            true => {
                self.changing(|db| removal::of_others(&Shelved { db, unpacker: &self.cache.unpacker }, read))
            }
            false => Ok(0),
        }
    }

    fn settle(&self) -> Result<(), Error> {
        self.writing(|writer| merge::settle(&mut writer.connection))?;
        self.compute_ahead(true);
        Ok(())
    }

    fn count_ahead(&self) {
        self.compute_ahead(false);
    }

    fn flush(&self) {
        self.checkpoint();
    }

    fn discard(&self) {
        self.discard_folder();
    }

    fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        self.question(cancel, |find| find.page(query, window))
    }

    fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        if *query == (Query { grouping: Grouping::Threads, ..Query::everything() }) {
            let total = self.question(cancel, |find| Ok(find.fold(query, &find.result(query)?)?.len()))?;
            return Ok(Facets { total, ..self.facets(&Query::everything(), cancel)? });
        }
        if *query != Query::everything() {
            return self.question(cancel, |find| find.facets(query));
        }
        let (facets, counted) = self.question(cancel, |find| {
            let articles = find.version().articles();
            Ok(match ahead::read(find.db, articles) {
                Some(kept) => (kept, None),
                None => (find.facets(query)?, Some((articles, find.same()?))),
            })
        })?;
        if let Some((articles, joined)) = counted {
            // What cannot be stored now is counted again. Facets by names that were joined before are not stored.
            self.marking_now(|db| {
                if joined.articles == articles {
                    _ = joined::keep(db, &joined).and_then(|()| ahead::keep(db, articles, &facets));
                }
            });
        }
        Ok(facets)
    }

    fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        self.question(cancel, |find| find.names(kind, typed, query, limit))
    }

    fn count_names(&self, kind: FacetKind, query: &Query, cancel: &Cancel) -> Result<u64, Error> {
        if let Some(first) = self.first_names(kind, query, cancel)? {
            return Ok(first.total);
        }
        self.question(cancel, |find| find.count_names(kind, query))
    }

    fn named_as(
        &self,
        role: Role,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        self.question(cancel, |find| find.named_as(role, typed, query, limit))
    }

    fn chronicle(
        &self,
        query: &Query,
        grain: Option<Grain>,
        fits: usize,
        cancel: &Cancel,
    ) -> Result<Chronicle, Error> {
        let (chronicle, unstored) = self.question(cancel, |find| match find.shows_all(query)? {
            true => find.first_bins(grain, fits),
            false => Ok((find.chronicle(query, grain, fits)?, Vec::new())),
        })?;
        self.store(unstored);
        Ok(chronicle)
    }

    fn tell(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        of: Range<usize>,
        cancel: &Cancel,
    ) -> Result<Vec<Telling>, Error> {
        let (told, unstored) = self.question(cancel, |find| match find.shows_all(query)? {
            true => find.last_told(chronicle, of.clone()),
            false => Ok((find.tell(query, chronicle, of.clone())?, None)),
        })?;
        self.store(unstored);
        Ok(told)
    }

    fn over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<Vec<u32>>, Error> {
        self.question(cancel, |find| find.over_time(query, chronicle, kind, values))
    }

    fn details(
        &self,
        query: &Query,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<NameDetail>, Error> {
        if let Some(first) = self.first_names(kind, query, cancel)?
            && let Some(known) = first.of(values)
        {
            return Ok(known);
        }
        self.question(cancel, |find| find.details(query, kind, values))
    }

    fn ranked(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        order: NameOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        if order == NameOrder::Count
            && typed.is_empty()
            && let Some(FirstNames { mut names, total, .. }) = self.first_names(kind, query, cancel)?
            && (limit <= names.len() || total == names.len() as u64)
        {
            names.truncate(limit);
            return Ok(names);
        }
        self.question(cancel, |find| find.ranked(kind, typed, query, order, limit))
    }

    fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        self.question(&Cancel::new(), |find| find.forms(kind, value))
    }

    fn threads(
        &self,
        query: &Query,
        order: ThreadOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Threads, Error> {
        let known = self.cache.woven();
        let (threads, unstored) = self.question(cancel, |find| {
            if order == ThreadOrder::default() && find.shows_all(query)? {
                let first = find.first_threads()?;
                let whole = |first: &Threads| first.total == first.threads.len() as u64;
                if let Some((mut first, unstored)) =
                    first.filter(|(first, _)| limit <= first.threads.len() || whole(first))
                {
                    first.threads.truncate(limit);
                    return Ok((first, unstored));
                }
            }
            Ok((find.threads(query, order, limit)?, None))
        })?;
        self.store(unstored);
        // What was computed for this question is stored for the next reader.
        let is_known =
            |woven: &Arc<woven::Woven>| known.as_ref().is_some_and(|known| Arc::ptr_eq(known, woven));
        if let Some(woven) = self.cache.woven().filter(|woven| !is_known(woven) && woven.is_whole()) {
            self.marking_now(|db| _ = woven::keep(db, &woven));
        }
        Ok(threads)
    }

    fn place_in_thread(&self, id: ArticleId, cancel: &Cancel) -> Result<Option<(u64, u64)>, Error> {
        self.question(cancel, |find| find.place_in_thread(id))
    }

    fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        self.question(cancel, |find| find.timeline(query))
    }

    fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        self.question(cancel, |find| find.quotes(query, limit))
    }

    fn utterances(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<Utterance>, Error> {
        self.question(cancel, |find| {
            let mut found = Vec::new();
            find.each_utterance(query, limit, &mut |utterance| found.push(utterance))?;
            Ok(found)
        })
    }

    fn count_utterances(&self, query: &Query, cancel: &Cancel) -> Result<u64, Error> {
        if !query.asks_about_quotes() {
            let known = self.cache.spoken();
            let count = self.question(cancel, |find| find.sum_spoken(query))?;
            let spoken = self.cache.spoken();
            // What was counted for this question is stored for the next reader.
            if let Some(spoken) = spoken.filter(|new| known.is_none_or(|known| !Arc::ptr_eq(&known, new))) {
                self.marking_now(|db| _ = spoken::keep(db, &spoken));
            }
            return Ok(count);
        }
        self.question(cancel, |find| {
            let mut count = 0;
            find.each_utterance(query, usize::MAX, &mut |_| count += 1)?;
            Ok(count)
        })
    }

    fn unread(&self, queries: &[Query], cancel: &Cancel) -> Result<Vec<u64>, Error> {
        self.question(cancel, |find| find.unread(queries))
    }

    fn stand_by(&self, least: Least) {
        self.cache.stand_by(least);
    }

    fn least(&self) -> Least {
        self.cache.least()
    }

    fn ids(&self, query: &Query, cancel: &Cancel) -> Result<Vec<ArticleId>, Error> {
        self.question(cancel, |find| find.ids(query))
    }

    fn find(&self, article: &Article) -> Result<Option<ArticleId>, Error> {
        self.find_by(&Recognition::of(article))
    }

    fn damage(&self) -> Damage {
        self.cache.damage.so_far()
    }

    fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        let stored = self.question(&Cancel::new(), |find| {
            let most = if self.shared_state().is_some() { LONGEST_SHARED } else { usize::MAX };
            let loaded = row::load_within(find.db, &self.cache, id, most);
            if loaded.as_ref().is_err_and(Error::is_damage) {
                self.cache.damage.note(Some(id));
            }
            let Some(mut stored) = loaded? else { return Ok(None) };
            stored.copies = find.siblings(&stored)?;
            Ok(Some(stored))
        })?;
        if stored.as_ref().is_some_and(|stored| stored.validity == Validity::Missing) {
            // What cannot be flagged now is flagged when the article is loaded again.
            self.marking_now(|db| _ = outdated::flag(db, id));
        }
        Ok(stored)
    }

    fn version(&self) -> u64 {
        self.reading(|db| Version::read(db)).map_or(0, Version::sum)
    }

    fn stored_version(&self) -> Option<(u64, u64)> {
        if !self.lasts() {
            return None;
        }
        let version = self.reading(|db| Version::read(db)).ok()?;
        Some((version.articles(), version.marks()))
    }

    fn mark_as(&self, name: Option<ChangeId>, target: &Target, marking: Marking) -> Result<Marked, Error> {
        self.marking(|connection| {
            self.allows(connection, &marking)?;
            changes::mark(connection, &self.cache, name, (target, marking.clone()))
        })
    }

    fn step(&self, step: Step, name: Option<ChangeId>) -> Result<Option<Marked>, Error> {
        self.marking(|connection| changes::step(connection, &self.cache, step, name))
    }

    fn last_id(&self) -> Result<ArticleId, Error> {
        self.reading(|db| {
            let sql = "SELECT coalesce(max(id), 0) FROM article";
            Ok(ArticleId(db.query_row(sql, [], |row| row.get(0))?))
        })
    }

    fn boards(&self) -> Result<Vec<(String, usize)>, Error> {
        let (boards, damaged) = self.reading(|db| boards::all(db))?;
        if damaged {
            self.cache.damage.note(None);
        }
        Ok(boards)
    }

    fn board(&self, name: &str) -> Result<Option<Board>, Error> {
        self.reading(|db| boards::load(db, name))
    }

    fn change_board(&self, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error> {
        self.changing(|db| boards::change(db, name, change))
    }

    fn step_board(&self, step: Step, name: ChangeId) -> Result<Option<Changed>, Error> {
        self.changing(|db| boards::step(db, step, name))
    }

    fn tally(&self, query: &Query, cancel: &Cancel) -> Result<Tally, Error> {
        self.question(cancel, |find| find.tally(query.grouping, &*find.exact(&query.filter)?))
    }

    fn restore(&self, states: Vec<(Recognition, ReadingState)>) -> Result<(), Error> {
        match states.as_slice() {
            [] => Ok(()),
            states => {
                self.changing(|db| marks::restore(&Shelved { db, unpacker: &self.cache.unpacker }, states))
            }
        }
    }

    fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO position VALUES (?1, ?2, crc(?1, ?2))";
        self.marking(|db| Ok(db.execute(sql, (id.0, position)).map(drop)?))
    }

    fn kept(&self, name: &str) -> Result<Option<String>, Error> {
        self.reading(|db| {
            // What is longer was not written by this program.
            let sql = "SELECT value FROM kept WHERE name = ? AND octet_length(value) <= 1000000";
            Ok(db.query_row(sql, [name], |row| row.get(0)).optional()?)
        })
    }

    fn keep(&self, name: &str, text: &str) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO kept VALUES (?1, ?2, crc(?1, ?2))";
        self.marking(|db| Ok(db.execute(sql, [name, text]).map(drop)?))
    }

    fn ledger(&self, account: &str) -> Result<Vec<Entry>, Error> {
        self.reading(|connection| ledger::entries(&*connection.transaction()?, account))
    }

    fn exchange(&self, account: &str, told: &[Told], labels: bool) -> Result<u64, Error> {
        self.changing(|db| ledger::exchange(db, account, told, labels))
    }

    fn sending(&self, account: &str, items: &[String], mark: &LedgerMark, on: bool) -> Result<(), Error> {
        self.changing(|db| ledger::sending(db, account, items, (mark, on)))
    }

    fn strike(&self, account: &str, items: &[String]) -> Result<(), Error> {
        self.changing(|db| ledger::strike(db, account, items))
    }

    fn close_account(&self, account: &str) -> Result<(), Error> {
        self.changing(|db| ledger::close(db, account))
    }

    fn turn(&self) -> Result<Option<Turn>, Error> {
        self.lock_ledger()
    }

    fn follow_folder(&self, folder: &FollowedFolder) -> Result<(), Error> {
        self.changing(|db| folders::follow(db, folder))
    }

    fn folders(&self) -> Result<Vec<FollowedFolder>, Error> {
        self.reading(|db| folders::all(db))
    }

    fn sources(&self) -> Result<Vec<Source>, Error> {
        self.reading(|db| sources::all(db))
    }

    fn add_source(
        &self,
        address: &str,
        name: &str,
        site: Option<&str>,
        wishes: &Wishes,
    ) -> Result<SourceId, Error> {
        self.changing(|db| sources::add(db, address, name, site, wishes))
    }

    fn change_source(&self, id: SourceId, wishes: &Wishes) -> Result<(), Error> {
        self.changing(|db| sources::change(db, id, wishes))
    }

    fn remove_source(&self, id: SourceId) -> Result<(), Error> {
        self.changing(|db| Ok(db.execute("DELETE FROM source WHERE id = ?", [id.0]).map(drop)?))
    }

    fn claim_sources(
        &self,
        sources: &[SourceId],
        claimant: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error> {
        self.changing(|db| sources::claim(db, sources, claimant, (now, until)))
    }

    fn hold_claims(&self, claimant: i64, until: DateTime<Utc>) -> Result<(), Error> {
        self.changing(|db| sources::hold(db, claimant, until))
    }

    fn give_back(&self, claimant: i64) -> Result<(), Error> {
        self.changing(|db| sources::give_back(db, claimant))
    }

    fn record_standings(&self, standings: &[(SourceId, Standing)]) -> Result<(), Error> {
        self.changing(|db| sources::record(db, standings))
    }

    fn move_source(&self, id: SourceId, address: &str) -> Result<bool, Error> {
        self.changing(|db| sources::move_to(db, id, address))
    }

    fn set_site(&self, id: SourceId, site: &str) -> Result<(), Error> {
        self.changing(|db| sources::set_site(db, id, site))
    }

    fn name_source(&self, id: SourceId, name: &str) -> Result<String, Error> {
        self.changing(|db| sources::name(db, id, name))
    }

    fn forget(&self, name: &str, oldest: DateTime<Utc>) -> Result<u64, Error> {
        self.changing(|db| removal::of_source(db, name, oldest))
    }

    fn forget_beyond(&self, name: &str, most: u64) -> Result<u64, Error> {
        self.changing(|db| removal::of_source_beyond(db, name, most))
    }

    fn matching(&self, query: &Query, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        self.question(&Cancel::new(), |find| find.matching(&query.filter, ids))
    }

    fn mark_new(&self, ids: &[ArticleId], marking: &Marking) -> Result<u64, Error> {
        self.marking(|connection| {
            self.allows(connection, marking)?;
            changes::put(connection, &self.cache, (ids, marking))
        })
    }

    fn recognised(&self, articles: &[Recognition]) -> Result<Vec<ArticleId>, Error> {
        self.reading(|db| {
            let transaction = db.transaction()?;
            let stored = Shelved { db: &transaction, unpacker: &self.cache.unpacker };
            let mut ids = Vec::new();
            for recognition in articles {
                ids.extend(recognition.find(&stored)?.map(|(id, _)| ArticleId(id)));
            }
            Ok(ids)
        })
    }

    fn empty_trash(&self, before: NaiveDate) -> Result<u64, Error> {
        self.changing(|db| removal::of_trash(db, before))
    }
}

impl Store {
    /// The most frequent names of a kind, if the query shows all articles and that is stored, or can be now.
    fn first_names(
        &self,
        kind: FacetKind,
        query: &Query,
        cancel: &Cancel,
    ) -> Result<Option<FirstNames>, Error> {
        let FacetKind::Entity(kind) = kind else { return Ok(None) };
        let first = self.question(cancel, |find| match find.shows_all(query)? {
            true => find.first_names(kind),
            false => Ok(None),
        })?;
        Ok(first.map(|(first, unstored)| {
            self.store(unstored);
            first
        }))
    }

    /// Stores what was computed for a question. What cannot be stored now is computed again.
    fn store(&self, unstored: impl IntoIterator<Item = Unstored>) {
        let mut unstored = unstored.into_iter().peekable();
        if unstored.peek().is_some() {
            self.marking_now(|db| unstored.for_each(|new| _ = new.keep(db)));
        }
    }

    /// Refuses another tag in a state file that has as many as there may be.
    fn allows(&self, db: &Connection, marking: &Marking) -> Result<(), Error> {
        match (self.shared_state(), marking) {
            // What is out of sight is so for every reader of a shared library.
            (Some(_), Marking::Hide | Marking::Unhide | Marking::Delete | Marking::Undelete) => {
                Err(Error::ReadOnly { path: PathBuf::new() })
            }
            (Some(path), Marking::Tag(tag)) => match marks::tags(db)? {
                tags if tags.len() >= MOST_TAGS && !tags.contains(tag) => {
                    Err(Error::State { path: path.to_owned(), fault: StateFault::Tags(MOST_TAGS) })
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// The stored article that is the one of `recognition`.
    pub(super) fn find_by(&self, recognition: &Recognition) -> Result<Option<ArticleId>, Error> {
        self.reading(|db| {
            let stored = Shelved { db, unpacker: &self.cache.unpacker };
            Ok(recognition.find(&stored)?.map(|(id, _)| ArticleId(id)))
        })
    }

    /// Computes what the next reader shows first, with what its views show if `views`. Where something fails, the next reader
    /// computes it, and reports what is wrong.
    #[allow(
        clippy::redundant_closure_for_method_calls,
        reason = "the methods are those of a `Find` of one lifetime"
    )]
    fn compute_ahead(&self, views: bool) {
        // What most of the rest is computed from.
        _ = self.question(&Cancel::new(), |find| find.same_now().map(drop));
        _ = self.facets(&Query::everything(), &Cancel::new());
        // To join stories takes about as long as the rest. Each thread has a connection of its own; what they have computed is
        // stored afterwards, since only one of them could write.
        let (woven, threads, spoken, rest) = thread::scope(|scope| {
            let joining = scope.spawn(|| {
                let woven = self.question(&Cancel::new(), |find| find.woven_now());
                let shown = |find: &Find<'_>| match views {
                    true => Ok([find.gathered_now()?, find.threads_shown_first()?]),
                    false => Ok([find.gathered_now()?, None]),
                };
                (woven, self.question(&Cancel::new(), shown))
            });
            let spoken = self.question(&Cancel::new(), |find| find.spoken());
            let mut rest: Vec<Unstored> = Vec::new();
            rest.extend(self.question(&Cancel::new(), |find| find.newest_now()).ok().flatten());
            if views {
                rest.extend(self.question(&Cancel::new(), |find| find.shown_first()).unwrap_or_default());
            }
            let (woven, threads) = joining.join().unwrap_or_else(|panic| resume_unwind(panic));
            (woven, threads, spoken, rest)
        });
        if let Ok(woven) = woven {
            self.marking_now(|db| _ = woven::keep(db, &woven));
        }
        if let Ok(spoken) = spoken {
            self.marking_now(|db| _ = spoken::keep(db, &spoken));
        }
        for unstored in threads.into_iter().flatten().flatten().chain(rest) {
            self.store(Some(unstored));
        }
    }

    pub(super) fn put(&self, batch: Vec<(Article, Analysis)>, coming: Coming) -> Result<Added, Error> {
        let packing = self.packing(&batch)?;
        let prepared = prepare(batch, packing.as_ref(), coming);
        self.writing(|writer| {
            let added = writer.add(prepared, &self.cache.unpacker)?;
            if added.new + added.updated > 0 {
                merge::merge(&mut writer.connection)?;
            }
            Ok(added)
        })
    }
}

/// Prepares articles on all processors, in order, before the one writer takes them.
fn prepare(batch: Vec<(Article, Analysis)>, packing: Option<&Arc<Packing>>, coming: Coming) -> Vec<Prepared> {
    processors::each(batch, WORTH_SHARING, || {
        let mut packer = Packer::new(packing.cloned());
        move |(article, analysis)| Prepared::new(article, analysis, coming, &mut packer)
    })
}

/// How many bytes of a body a reader of a shared library gets: with its lines, names and hits, a text takes up to 27
/// times its length while it is read, and the readers do not choose what the library holds.
const LONGEST_SHARED: usize = 256 * 1024;

/// How many tags there may be in a state file.
const MOST_TAGS: usize = 1_000;

/// Fewer articles than this are prepared on one thread.
const WORTH_SHARING: usize = 64;
