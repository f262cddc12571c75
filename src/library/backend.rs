//! The one interface of everything that can hold a library: the SQLite store, an archive on a search server, and the
//! double in memory that the tests compare both with.
//!
//! Articles, marks and sources go in; rows, counts and articles come out, as the query language asks for
//! them. A back end stores, finds, counts and marks. It must not analyse a text, and it must not know
//! what a screen is.
//!
//! The file has over 600 lines because it is one trait, with the meaning of each question and its default answer.

use super::by_reading;
use super::ledger::{Entry, Mark as LedgerMark, Told};
use super::sources::{Seen, Source, SourceId, Standing, Wishes};
use super::{Added, Cancel, Damage, Error, FollowedFolder, Recognition};
use crate::annotation::{Analysis, Field, Kind, Least, Speaker};
use crate::article::{Article, ArticleId};
use crate::formats::ReadingState;
use crate::listing::board::{Board, BoardChange, Changed, Item};
use crate::listing::chronicle::{Chronicle, Grain, Telling};
use crate::listing::profile::{NameDetail, NameOrder, Profile};
use crate::listing::thread::{Step as ThreadStep, Thread, ThreadOrder, Threads};
use crate::listing::utterance::Utterance;
use crate::listing::{
    ChangeId, Count, Facet, FacetKind, Facets, Marked, Marking, Page, QuoteRow, Related, Sampled, Stored,
    Tally, TextOf, Window,
};
use crate::query::complete::Role;
use crate::query::edit::role_term;
use crate::query::{Filter, Grouping, Mark, Query, Sort, Target, Term};
use crate::text::Span;
use chrono::{DateTime, NaiveDate, Utc};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

/// How many names of each kind [`Backend::named_as`] looks at.
pub const POOL: usize = 100;

/// The facets that occur at all, the most frequent first; at most `limit`.
pub fn most_frequent(mut facets: Vec<Facet>, limit: usize) -> Vec<Facet> {
    facets.retain(|facet| facet.count > 0);
    facets.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    facets.truncate(limit);
    facets
}

/// A name under which a back end keeps a text for the program.
const READER: &str = "reader";
pub const NAMES: &str = "names";

/// Which way to go in the log of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Undo,
    Redo,
}

/// The right to exchange marks with accounts; see [`Backend::turn`].
#[derive(Debug)]
pub struct Turn(pub(super) Option<std::fs::File>);

impl Drop for Turn {
    /// A program that another thread is just starting has the file as well until it runs, so closing it is not enough.
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            _ = file.unlock();
        }
    }
}

/// What holds the articles of a library.
///
/// Every method may be called from several threads at once, and questions are answered while articles are
/// added. A method fails with the [`Error`] of whatever keeps the articles; a question that takes a
/// [`Cancel`] fails with [`Error::Cancelled`] soon after it is cancelled.
pub trait Backend: Send + Sync {
    /// Sets how sure the engine must be of a speaker: of whom it is less sure is a guess in every answer. It is
    /// called once, before anything is asked; the default holds where it is not called.
    fn stand_by(&self, least: Least);

    /// What [`Backend::stand_by`] has set.
    fn least(&self) -> Least;

    // Taking articles in.

    /// Stores articles with their analyses, which the engine of this program made.
    ///
    /// An article that is here already (it has the same guid or address, else it is the same file of one
    /// article, else it has the same text) is updated, and keeps its id, its marks and its position.
    fn add(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error>;

    /// Stores new analyses, which the engine of this program made, of articles that are here.
    ///
    /// An article keeps its id, its marks and its position. One that is not here (any more), or that has
    /// another title or body than the one that was analysed, is skipped and not counted.
    fn renew(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error>;

    /// The articles whose analysis this program's engine did not make, newest first; at most `limit`.
    ///
    /// Articles of the same second come in the order in which they were added, so that they keep this
    /// order when they are renewed in the order given here. The back end lists an article with a damaged
    /// analysis once [`Backend::load`] has found the damage. Costs up to a fifth of a second where a million
    /// articles are outdated, however small the limit is.
    fn outdated(&self, limit: usize) -> Result<Vec<ArticleId>, Error>;

    /// How many articles [`Backend::outdated`] would list without a limit.
    fn count_outdated(&self) -> Result<u64, Error>;

    /// Files all articles of the source called `from` under `to`, and recognises them as articles of that
    /// source from now on. Returns how many there are.
    ///
    /// Their texts, analyses, ids, marks and positions stay as they are.
    fn refile(&self, from: &str, to: &str) -> Result<u64, Error>;

    /// What is known of each of some articles that come in.
    fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error>;

    /// For each article whether it is here word for word, analysed by the engine of this program:
    /// [`Backend::add`] would leave it as it is.
    fn unchanged(&self, articles: &[Article]) -> Result<Vec<bool>, Error> {
        Ok(self.seen(articles)?.into_iter().map(|seen| seen == Seen::Same).collect())
    }

    /// The other text of an article, which is not shown, and where that text comes from; `None` for an
    /// article with one text.
    fn other_text(&self, id: ArticleId) -> Result<Option<(TextOf, Article)>, Error>;

    /// Shows `article`, which is here with another text, with the text that it has in this call.
    ///
    /// `text` says where that text comes from. The text that was shown so far is kept beside it, and what
    /// the source brings from now on changes the source's text only.
    fn show_text(&self, text: TextOf, article: Article, analysis: Analysis) -> Result<(), Error>;

    /// Removes the articles of files that are `gone`, except those with a star or a tag. Returns how many
    /// articles were removed.
    fn remove_files(&self, gone: &dyn Fn(&Path) -> bool) -> Result<u64, Error>;

    /// Removes the articles that came from the files of `read` and are not among `read`, except those with
    /// a star or a tag. Returns how many articles were removed. `read` must hold everything that is in these
    /// files now.
    fn remove_others(&self, read: &[Article]) -> Result<u64, Error>;

    /// Tidies the index up after many articles have come in, so that it is shorter and questions read fewer
    /// pieces of it.
    fn settle(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Counts the facets of all articles and stores them for the next reader. Where this fails, the next
    /// reader counts them.
    fn count_ahead(&self) {}

    /// Writes recent changes to where a copy of the library includes them: the last thing that is asked of a library.
    fn flush(&self) {}

    /// What a back end would not take of what was added since the last call, and why, in words.
    fn refused(&self) -> Vec<String> {
        Vec::new()
    }

    /// Has a back end remember what it asks a server, for [`Backend::explained`].
    fn explain(&self) {}

    /// What was asked of a server since the last call: lines to read. Empty for a library on this machine.
    fn explained(&self) -> Vec<String> {
        Vec::new()
    }

    /// What is known of results from their newest articles only.
    fn sampled(&self) -> Sampled {
        Sampled::default()
    }

    /// What there is to know of an archive on a server: which engine it is, who made it, how it is read.
    fn about(&self) -> Vec<String> {
        Vec::new()
    }

    /// How long a server has been working on the oldest question that somebody waits for; `None` where nobody waits.
    fn waited(&self) -> Option<Duration> {
        None
    }

    /// How the fields of an index of other hands are read, where that was guessed: lines of a config file, with which it is
    /// kept.
    fn guessed_form(&self) -> Option<Vec<String>> {
        None
    }

    /// Deletes what a temporary library has on the disk, even if other handles to it exist; leaves any other
    /// library alone.
    fn discard(&self) {}

    // Questions.

    /// The rows of one window of a result.
    fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error>;

    /// The most frequent names of a result, at most [`FACETS`](super::FACETS) of each kind.
    fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error>;

    /// The facets of a result, or, where to count them takes more than a second, those of its newest articles
    /// ([`Facets::at_first`]).
    fn facets_at_first(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        self.facets(query, cancel)
    }

    /// The names of one kind in a result that fit what is `typed` so far: every word of it begins a word of
    /// one of the forms of the name. Most frequent first; at most `limit`.
    fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error>;

    /// How many names of one kind there are in a result.
    fn count_names(&self, kind: FacetKind, query: &Query, cancel: &Cancel) -> Result<u64, Error> {
        Ok(self.names(kind, "", query, usize::MAX, cancel)?.len() as u64)
    }

    /// The names of all kinds that fit what is `typed` so far, as [`Backend::names`] says, and have a role in
    /// articles of a result; each with the number of articles in which it has that role, the most frequent
    /// first. At most `limit`, chosen from the [`POOL`] names of each kind that are mentioned most.
    fn named_as(
        &self,
        role: Role,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let mut found = Vec::new();
        for kind in Kind::ALL {
            for facet in self.names(FacetKind::Entity(kind), typed, query, POOL, cancel)? {
                cancel.check()?;
                let Some(term) = role_term(role, kind, &facet.value) else { continue };
                let query = query.with(term);
                let Page { total: Count::Exactly(count) | Count::Over(count), .. } =
                    self.page(&query, Window::Last { limit: 0 }, cancel)?;
                found.push(Facet { count, ..facet });
            }
        }
        Ok(most_frequent(found, limit))
    }

    /// How many articles of a result appeared on each day (in UTC) that has some; ascending.
    fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error>;

    /// A result over time: bins with the number of their articles. Without a `grain`, the shortest bins are chosen that
    /// take at most `fits` rows, with a row for each gap. Articles without a date are in no bin.
    fn chronicle(
        &self,
        query: &Query,
        grain: Option<Grain>,
        fits: usize,
        cancel: &Cancel,
    ) -> Result<Chronicle, Error> {
        by_reading::chronicle(self, query, grain, fits, cancel)
    }

    /// What the bins `of` a chronicle of the result tell, in its order: the headline of the largest story of each, and the
    /// names that set it apart from its neighbours. Empty where a back end cannot tell.
    fn tell(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        of: Range<usize>,
        cancel: &Cancel,
    ) -> Result<Vec<Telling>, Error> {
        let (_, _, _, _) = (query, chronicle, of, cancel);
        Ok(Vec::new())
    }

    /// For each of some names of one kind, how many articles of each bin of a chronicle mention it.
    fn over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<Vec<u32>>, Error> {
        by_reading::over_time(self, query, chronicle, kind, values, cancel)
    }

    /// What a result says about each of some names of one kind, given by the values of their facets.
    fn details(
        &self,
        query: &Query,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<NameDetail>, Error> {
        by_reading::details(self, query, kind, values, cancel)
    }

    /// Like [`Backend::names`], in another order.
    fn ranked(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        order: NameOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let _ = order;
        self.names(kind, typed, query, limit, cancel)
    }

    /// The names under which articles mention a name, itself first.
    fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        let _ = kind;
        Ok(vec![value.to_owned()])
    }

    /// Everything that a result says about one name; `None` where no article of the result mentions it.
    fn profile(
        &self,
        query: &Query,
        kind: FacetKind,
        value: &str,
        cancel: &Cancel,
    ) -> Result<Option<Profile>, Error> {
        by_reading::profile(self, query, kind, value, cancel)
    }

    /// The threads of a result: articles that tell of one event, over days. A thread is listed with those of its articles
    /// that the result has, if these are two at least. At most `limit`, in this order.
    fn threads(
        &self,
        query: &Query,
        order: ThreadOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Threads, Error> {
        by_reading::threads::threads(self, query, None, (order, limit), cancel)
    }

    /// The whole thread that an article is in; `None` where it is in none.
    fn thread(&self, id: ArticleId, cancel: &Cancel) -> Result<Option<Thread>, Error> {
        let query = Query::everything().with(Filter::from(Term::Story(id)));
        Ok(self.threads(&query, ThreadOrder::default(), 1, cancel)?.threads.pop())
    }

    /// The place of an article among those of its thread, from 1, and how many these are: as far as that is known without
    /// computing anything.
    fn place_in_thread(&self, id: ArticleId, cancel: &Cancel) -> Result<Option<(u64, u64)>, Error> {
        let _ = (id, cancel);
        Ok(None)
    }

    /// The articles of a result, which is that of a thread, from the first on, with what each adds; copies are one article.
    /// At most 200.
    fn course(&self, query: &Query, cancel: &Cancel) -> Result<Vec<ThreadStep>, Error> {
        by_reading::threads::course(self, query, cancel)
    }

    /// The quotes of a result, newest article first; where the query asks about quotes, only those that
    /// match. At most `limit`.
    fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error>;

    /// The utterances of a result, newest article first; where the query asks about quotes, only those of which a quote
    /// matches. At most those of `limit` quotes.
    fn utterances(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<Utterance>, Error> {
        by_reading::quotes::utterances(self, query, limit, cancel)
    }

    /// How many utterances a result has. Reads all articles with quotes.
    fn count_utterances(&self, query: &Query, cancel: &Cancel) -> Result<u64, Error> {
        Ok(self.utterances(query, usize::MAX, cancel)?.len() as u64)
    }

    /// The articles that have to do with one, those that share most with it first: by its names and the words of its title,
    /// each of them by how rare it is. Copies of it are left out. At most `limit`.
    fn related(&self, id: ArticleId, limit: usize, cancel: &Cancel) -> Result<Vec<Related>, Error> {
        by_reading::related::related(self, id, limit, cancel)
    }

    /// How many unread rows the result of each of these queries has.
    fn unread(&self, queries: &[Query], cancel: &Cancel) -> Result<Vec<u64>, Error> {
        let count = |query: &Query| {
            let unread = query.with(Filter::from(Term::Is(Mark::Unread)));
            // A window at the end makes a back end count the whole result.
            let Page { total: Count::Exactly(count) | Count::Over(count), .. } =
                self.page(&unread, Window::Last { limit: 0 }, cancel)?;
            Ok(count)
        };
        queries.iter().map(count).collect()
    }

    /// All articles of a result by date, newest first, copies of a story included: for commands that go
    /// through them one by one.
    fn ids(&self, query: &Query, cancel: &Cancel) -> Result<Vec<ArticleId>, Error> {
        let query = Query { sort: Sort::Date, grouping: Grouping::Off, ..query.clone() };
        let page = self.page(&query, Window::First { limit: usize::MAX }, cancel)?;
        Ok(page.rows.iter().map(|row| row.key.id).collect())
    }

    /// Hands over all articles of a result, some at a time, newest first: for an archive that is made from another.
    fn each(
        &self,
        query: &Query,
        take: &mut dyn FnMut(Vec<Article>) -> Result<(), Error>,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        for piece in self.ids(query, cancel)?.chunks(200) {
            let mut articles = Vec::new();
            for id in piece {
                cancel.check()?;
                articles.extend(self.load(*id)?.map(|stored| stored.article));
            }
            take(articles)?;
        }
        Ok(())
    }

    /// The id of an article that was added, by what it is recognised by when it comes again.
    fn find(&self, article: &Article) -> Result<Option<ArticleId>, Error>;

    /// What was passed over so far because it is damaged. A question that is about many articles leaves those out that
    /// cannot be read, or gives them a row with [`DAMAGED_ROW`](super::DAMAGED_ROW), and answers for the others.
    fn damage(&self) -> Damage {
        Damage::default()
    }

    /// One article with its analysis, and how current that is.
    fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error>;

    /// Some articles, in this order; those that are not there, or cannot be read, are left out.
    fn load_all(&self, ids: &[ArticleId], cancel: &Cancel) -> Result<Vec<Stored>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            cancel.check()?;
            match self.load(*id) {
                Err(error) if error.is_damage() => {}
                stored => found.extend(stored?),
            }
        }
        Ok(found)
    }

    /// How many articles have each of some names, each with its kind.
    fn count_named(&self, names: &[(Kind, String)], cancel: &Cancel) -> Result<Vec<u64>, Error> {
        by_reading::threads::count_named(self, names, cancel)
    }

    /// The newest articles of a result, at most `limit`, newest first, and whether it has more. Copies are among them.
    fn newest_ids(
        &self,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<(Vec<ArticleId>, bool), Error> {
        let mut ids = self.ids(query, cancel)?;
        let more = ids.len() > limit;
        ids.truncate(limit);
        Ok((ids, more))
    }

    /// A number that differs whenever the library has changed since the last call; 0 where the library
    /// cannot be read.
    fn version(&self) -> u64;

    /// How often the articles and the marks have changed, where that is stored with the library, so that it tells two states
    /// apart for another program too.
    fn stored_version(&self) -> Option<(u64, u64)> {
        None
    }

    // What the person does with the articles.

    /// Makes a change, which is undone by its name. One without a name is undone by [`Backend::undo`]. A change that
    /// changes nothing is not stored.
    fn mark_as(&self, name: Option<ChangeId>, target: &Target, marking: Marking) -> Result<Marked, Error>;

    /// Undoes or redoes the change with this name, or the last one without a name. `None` where there is none, or where
    /// it was undone or redone already. The library stores the last thousand changes.
    fn step(&self, step: Step, name: Option<ChangeId>) -> Result<Option<Marked>, Error>;

    /// Makes a change that has no name.
    fn mark(&self, target: &Target, marking: Marking) -> Result<Marked, Error> {
        self.mark_as(None, target, marking)
    }

    /// Undoes the last change that has no name; `None` where there is none.
    fn undo(&self) -> Result<Option<Marked>, Error> {
        self.step(Step::Undo, None)
    }

    /// Redoes the change without a name that was undone last; `None` where there is none.
    fn redo(&self) -> Result<Option<Marked>, Error> {
        self.step(Step::Redo, None)
    }

    /// The id of the article that came last; 0 where there is none. What comes from now on has a higher one, and
    /// `newer:` finds it.
    fn last_id(&self) -> Result<ArticleId, Error> {
        let everything = Query { grouping: Grouping::Off, ..Query::everything() };
        let ids = self.ids(&everything, &Cancel::new())?;
        Ok(ids.into_iter().max().unwrap_or(ArticleId(0)))
    }

    // Boards.

    /// The names of all boards, sorted, each with the number of its items.
    fn boards(&self) -> Result<Vec<(String, usize)>, Error>;

    /// The board of this name.
    fn board(&self, name: &str) -> Result<Option<Board>, Error>;

    /// Changes a board. A change with a name is undone by that, as marks are; see [`Backend::step_board`].
    fn change_board(&self, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error>;

    /// Undoes or redoes the change of a board with this name. `None` where there is none, or where that was done already.
    fn step_board(&self, step: Step, name: ChangeId) -> Result<Option<Changed>, Error>;

    /// An article, or a quote of it, as it is put on a board; `None` where there is no such article.
    fn board_item(&self, id: ArticleId, passage: Option<(Field, Span)>) -> Result<Option<Item>, Error> {
        let Some(stored) = self.load(id)? else { return Ok(None) };
        let quote = passage.map(|(field, span)| {
            let quote =
                stored.analysis.quotes.iter().find(|quote| (quote.field, quote.span) == (field, span));
            let speaker = quote.and_then(|quote| match quote.speaker.as_ref()? {
                Speaker::Entity(index) => Some(stored.analysis.entities.get(index.0 as usize)?.name.clone()),
                Speaker::Description(words) => Some(words.clone()),
            });
            (field, span, speaker)
        });
        Ok(Some(Item::new(id, &stored.article, quote)))
    }

    /// How many articles match, and how many stories they tell.
    fn tally(&self, query: &Query, cancel: &Cancel) -> Result<Tally, Error>;

    /// Adds marks and positions to articles, and removes none. This is not a change that can be undone.
    fn restore(&self, states: Vec<(Recognition, ReadingState)>) -> Result<(), Error>;

    /// Tags articles that came in just now. This is not a change that can be undone.
    fn tag_new(&self, articles: &[Recognition], tag: &str) -> Result<(), Error> {
        let state = ReadingState { tags: vec![tag.to_owned()], ..ReadingState::default() };
        self.restore(articles.iter().map(|article| (article.clone(), state.clone())).collect())
    }

    /// Stores where reading stopped, as a byte of the body.
    fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error>;

    // Texts that the program keeps here for its next start.

    /// The text that [`Backend::keep`] stored last under `name`.
    fn kept(&self, name: &str) -> Result<Option<String>, Error>;

    /// Stores a text under `name`, in place of the one that was there.
    fn keep(&self, name: &str, text: &str) -> Result<(), Error>;

    /// The state that the last reader left.
    fn state(&self) -> Result<Option<String>, Error> {
        self.kept(READER)
    }

    /// Stores the state of the reader for the next one.
    fn keep_state(&self, state: &str) -> Result<(), Error> {
        self.keep(READER, state)
    }

    /// The text of the file of names that was in force when the articles here were analysed; `None` where
    /// that is unknown.
    fn names_text(&self) -> Result<Option<String>, Error> {
        self.kept(NAMES)
    }

    /// Whether the corrections of names that are stored here are applied while articles are read, so that no article has to
    /// be analysed again for a correction.
    fn corrects_at_reading(&self) -> bool {
        false
    }

    /// Stores the text of the file of names under which all articles here have been analysed.
    fn keep_names_text(&self, text: &str) -> Result<(), Error> {
        self.keep(NAMES, text)
    }

    // Folders that are followed.

    /// Follows a folder: while a reader is open, files that appear, change or disappear in it do so in the
    /// library.
    fn follow_folder(&self, folder: &FollowedFolder) -> Result<(), Error>;

    /// The folders that the library follows, by path.
    fn folders(&self) -> Result<Vec<FollowedFolder>, Error>;

    // Sources, from which news is fetched.

    /// All sources, by name.
    fn sources(&self) -> Result<Vec<Source>, Error>;

    /// Adds a source under `name`, or, if another source has this name, under a name made from it. Fails
    /// where another source has the address.
    fn add_source(
        &self,
        address: &str,
        name: &str,
        site: Option<&str>,
        wishes: &Wishes,
    ) -> Result<SourceId, Error>;

    /// Replaces what the person wants of a source.
    fn change_source(&self, id: SourceId, wishes: &Wishes) -> Result<(), Error>;

    /// Removes a source; its articles stay.
    fn remove_source(&self, id: SourceId) -> Result<(), Error>;

    /// Claims those of `sources` for `claimant`, a number of the caller's choice, that nobody else has
    /// claimed: nobody else fetches them until `until`, or until the claim is given back. Returns the sources
    /// that were claimed.
    fn claim_sources(
        &self,
        sources: &[SourceId],
        claimant: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error>;

    /// Extends all claims of `claimant` to `until`.
    fn hold_claims(&self, claimant: i64, until: DateTime<Utc>) -> Result<(), Error>;

    /// Gives all claims of `claimant` back.
    fn give_back(&self, claimant: i64) -> Result<(), Error>;

    /// Stores what the last fetch of some sources came to, and gives their claims back.
    fn record_standings(&self, standings: &[(SourceId, Standing)]) -> Result<(), Error>;

    /// Changes the address of a source. Returns false, and changes nothing, where another source has that
    /// address.
    fn move_source(&self, id: SourceId, address: &str) -> Result<bool, Error>;

    /// Stores the page that a source says it belongs to.
    fn set_site(&self, id: SourceId, site: &str) -> Result<(), Error>;

    /// Changes the name of a source to `name`, or, if another source has this name, to a name made from it.
    /// Returns the name. Its articles are filed under the new name by [`Backend::refile`].
    fn name_source(&self, id: SourceId, name: &str) -> Result<String, Error>;

    /// Removes the articles of the source called `name` that are older than `oldest`, except starred ones.
    /// Returns how many articles were removed.
    fn forget(&self, name: &str, oldest: DateTime<Utc>) -> Result<u64, Error>;

    /// Removes the oldest articles of the source called `name` until `most` are left, starred ones not counted and not
    /// removed. Returns how many articles were removed.
    fn forget_beyond(&self, name: &str, most: u64) -> Result<u64, Error>;

    /// Those of some articles that match the filter of a query, in the order given, also those that are hidden or in the
    /// trash.
    fn matching(&self, query: &Query, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error>;

    /// Removes for good what came into the trash before the day `before`. It does not come back when its source brings it
    /// again. Returns how many articles were removed.
    fn empty_trash(&self, before: NaiveDate) -> Result<u64, Error>;

    /// Gives these articles a mark, or takes it away, which is not a change that can be undone. Returns how many articles
    /// were changed.
    fn mark_new(&self, ids: &[ArticleId], marking: &Marking) -> Result<u64, Error>;

    /// The articles that are recognised so, in the order given; each that is not here is left out.
    fn recognised(&self, articles: &[Recognition]) -> Result<Vec<ArticleId>, Error>;

    // Accounts on servers, with which marks are exchanged.

    /// The lines of an account's ledger. Empty for what cannot have accounts.
    fn ledger(&self, account: &str) -> Result<Vec<Entry>, Error> {
        let _ = account;
        Ok(Vec::new())
    }

    /// Takes in what a server says about items of an account, in one transaction: articles get the marks that were changed
    /// there, and what both sides have now is agreed. Without `labels` tags are left alone. Returns how many marks changed
    /// here. This is not a change that can be undone.
    fn exchange(&self, account: &str, told: &[Told], labels: bool) -> Result<u64, Error> {
        let (_, _, _) = (account, told, labels);
        Err(Error::NoAccounts)
    }

    /// Notes that a mark is about to be sent to an account's server for some items, until [`Backend::exchange`] tells what
    /// became of it.
    fn sending(&self, account: &str, items: &[String], mark: &LedgerMark, on: bool) -> Result<(), Error> {
        let (_, _, _, _) = (account, items, mark, on);
        Err(Error::NoAccounts)
    }

    /// Strikes items that a server does not have any more out of an account's ledger; articles and marks stay.
    fn strike(&self, account: &str, items: &[String]) -> Result<(), Error> {
        let (_, _) = (account, items);
        Err(Error::NoAccounts)
    }

    /// Strikes a whole account out of the ledger; articles and marks stay.
    fn close_account(&self, account: &str) -> Result<(), Error> {
        let _ = account;
        Err(Error::NoAccounts)
    }

    /// The right to exchange marks with accounts, which one program has at a time; `None` while another has it. It ends
    /// with the value, and with the program.
    fn turn(&self) -> Result<Option<Turn>, Error> {
        Err(Error::NoAccounts)
    }

    /// Puts a source back that was removed, with everything that was known of it, under its old name, or, if another
    /// source has this name now, under a name made from it.
    fn put_source(&self, source: &Source) -> Result<SourceId, Error> {
        let id = self.add_source(&source.address, &source.name, source.site.as_deref(), &source.wishes)?;
        self.record_standings(&[(id, source.standing.clone())])?;
        Ok(id)
    }
}
