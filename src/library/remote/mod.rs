//! An archive on a search server: OpenSearch or Elasticsearch.
//!
//! It implements the trait `Backend` over the wire. What the server answers: pages, facets, names, days, quotes, articles
//! ([`ask`], with the clauses of [`clause`] and the names of [`names`]). What stays on this machine: marks, tags, positions
//! and kept texts ([`state`]), boards ([`boards`]), and what a person says of names ([`corrected`]). An index that another program made is read by [`foreign`], with the fields that [`form`] names
//! and the analysed articles of [`sample`]. How an archive is laid out is in [`layout`], how it is filled in [`fill`]. Every request goes
//! through [`server`]. Nothing is written to an index that dateline has not made. Must not analyse a text.
//!
//! The file has over 600 lines because it implements the whole trait, in the order of the trait.

mod ask;
mod boards;
mod clause;
mod copies;
mod corrected;
mod counts;
mod fill;
mod foreign;
mod form;
mod incoming;
mod joining;
mod layout;
mod names;
mod over;
mod sample;
mod server;
mod several;
mod state;
#[cfg(test)]
mod tests;

use super::backend::NAMES;
use super::sources::{Seen, Source, SourceId, Standing, Wishes};
use super::{Added, Backend, Cancel, Error, FollowedFolder, Recognition, Step};
use crate::annotation::{Analysis, Kind, Least};
use crate::article::{Article, ArticleId};
use crate::fetch::Fetcher;
use crate::fetch::api::Api;
use crate::fetch::origin::Secrets;
use crate::formats::ReadingState;
use crate::listing::board::{Board, BoardChange, Changed};
use crate::listing::chronicle::{Chronicle, Grain, Telling};
use crate::listing::profile::NameDetail;
use crate::listing::{
    ChangeId, Facet, FacetKind, Facets, Hold, Marked, Marking, Page, QuoteRow, Stored, Tally, TextOf, Window,
};
use crate::query::complete::Role;
use crate::query::{Filter, Grouping, Mark, Query, Target, Term};
use ask::{Asking, Held};
use chrono::{DateTime, NaiveDate, Utc};
use copies::Folds;
use corrected::Corrector;
use fill::{Asked, Sent};
use foreign::Foreign;
pub use foreign::Reading;
use incoming::{Keys, Recent};
use layout::Called;
use names::Joined;
use server::Server;
use state::{Numbers, State};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

/// Whether a library with this name is an archive on a server: an http or https address.
pub fn is_address(name: &str) -> bool {
    let head = |scheme: &str| name.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    head("https://") || head("http://")
}

/// The address without the login in it, for messages.
pub fn shown_address(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            format!("{scheme}://{}/{path}", host.rsplit('@').next().unwrap_or_default())
        }
        None => address.to_owned(),
    }
}

/// The address of a server, and the name of an index there: `https://host:9200/INDEX`.
fn split(address: &str) -> Result<(String, String), Error> {
    let fault = |reason: &str| Error::Server {
        // What comes before an @ may be a password.
        address: crate::fault::short(address.rsplit('@').next().unwrap_or_default()).to_string(),
        reason: reason.to_owned(),
    };
    let whole = address.trim_end_matches('/');
    let Some((server, index)) = whole.rsplit_once('/').filter(|(server, _)| !server.ends_with('/')) else {
        return Err(fault("name an index after the host, as in https://HOST:9200/INDEX"));
    };
    let named = |c: char| c.is_alphanumeric() && !c.is_uppercase() || "-_.*,".contains(c);
    if index.starts_with(['_', '-', '.', '*']) || !index.chars().all(named) {
        return Err(fault("that is no name of an index: small letters, digits, '-', '_' and '.'"));
    }
    Ok((server.to_owned(), index.to_owned()))
}

/// Opens the archive at `address`, whoever made it.
pub fn open(
    address: &str,
    fetcher: &Fetcher,
    secrets: Option<Secrets>,
    own: &Path,
    reading: Reading,
) -> Result<Arc<dyn Backend>, Error> {
    let remote = Remote {
        correct: Some(reading.correct),
        ..Remote::new(address, fetcher, secrets.clone(), Some(own))?
    };
    match remote.mapping(&Cancel::new())? {
        Ok(_) => Ok(Arc::new(remote)),
        Err(mapping) => {
            let (root, index) = split(address)?;
            let foreign = Foreign::open((&root, &index, &mapping), fetcher, secrets, Some(own), reading)?;
            Ok(Arc::new(foreign))
        }
    }
}

/// What a name meant, and when that was asked.
type Meant = (Instant, BTreeSet<Called>);

/// See the module.
pub struct Remote {
    server: Server,
    /// `/NAME`, `/NAME-quotes` and `/NAME-names`.
    articles: String,
    quotes: String,
    names: String,
    state: State,
    least: OnceLock<Least>,
    joined: Mutex<Option<(Instant, Arc<Joined>)>>,
    held: Mutex<Held>,
    /// Which names were sent already.
    sent: Mutex<Sent>,
    /// What copies of stories are found by.
    keys: Mutex<Keys>,
    /// What was sent and is not visible yet.
    recent: Mutex<Recent>,
    /// What was asked of articles that are about to be sent.
    asked: Mutex<Asked>,
    /// The version of the layout of the archive.
    layout: AtomicU64,
    /// How many nanoseconds it took last to count the facets of an article, among many.
    pace: AtomicU64,
    /// Which copies of stories the results have that were asked for last.
    folds: Mutex<Folds>,
    /// The thread that was woven last: of which article, when, and its articles.
    woven: Mutex<Option<(ArticleId, Instant, Numbers)>>,
    /// What the names meant that were asked for last.
    meant: Mutex<HashMap<(Kind, String), Meant>>,
    /// Applies the person's corrections to an article; `None` where the archive is filled.
    correct: Option<Corrector>,
    /// Whether it was opened to fill it; else nothing is ever written to the server.
    fills: bool,
    /// Whether something was sent that is not visible yet.
    unseen: AtomicBool,
    /// How many articles were new since everything was made visible.
    filled: AtomicU64,
    /// What the server refused, in words.
    refused: Mutex<Vec<String>>,
    version: AtomicU64,
}

impl Remote {
    /// The archive at `address`, with a person's state in the file `own`. Asks the server nothing yet.
    fn new(
        address: &str,
        fetcher: &Fetcher,
        secrets: Option<Secrets>,
        own: Option<&Path>,
    ) -> Result<Remote, Error> {
        let (root, index) = split(address)?;
        let api = Api::new(fetcher, &root, secrets)
            .map_err(|error| Error::Server { address: shown_address(address), reason: error.to_string() })?;
        let server = Server::new(api);
        let archive = format!("{}/{index}", server.shown());
        let state = match own {
            Some(path) => State::open(path, &archive)?,
            None => State::temporary(&archive)?,
        };
        Ok(Remote {
            server,
            articles: format!("/{index}"),
            quotes: format!("/{index}-quotes"),
            names: format!("/{index}-names"),
            state,
            least: OnceLock::new(),
            joined: Mutex::default(),
            held: Mutex::default(),
            sent: Mutex::default(),
            keys: Mutex::default(),
            recent: Mutex::default(),
            asked: Mutex::default(),
            layout: AtomicU64::new(layout::LAYOUT),
            pace: AtomicU64::new(ask::PACE),
            folds: Mutex::default(),
            woven: Mutex::default(),
            meant: Mutex::default(),
            correct: None,
            fills: false,
            unseen: AtomicBool::new(true),
            filled: AtomicU64::new(0),
            refused: Mutex::default(),
            version: AtomicU64::new(1),
        })
    }

    /// Opens an archive to fill it, and makes it where there is none.
    pub fn open_to_fill(address: &str, fetcher: &Fetcher, secrets: Option<Secrets>) -> Result<Remote, Error> {
        let (_, index) = split(address)?;
        if index.contains(['*', ',']) {
            return Err(Error::Server {
                address: shown_address(address),
                reason: "name one index to fill, without '*' and ','".to_owned(),
            });
        }
        let remote = Remote { fills: true, ..Remote::new(address, fetcher, secrets, None)? };
        remote.create(&Cancel::new())?;
        // A wrong address is told at once; what happens later is waited for.
        remote.server.be_patient();
        Ok(remote)
    }

    /// The name of the index of articles.
    fn name(&self) -> &str {
        self.articles.trim_start_matches('/')
    }

    fn asking<'a>(&'a self, cancel: &'a Cancel) -> Asking<'a> {
        Asking { remote: self, corrected: self.state.corrected(), cancel }
    }

    /// Forgets what may have changed.
    fn changed(&self) {
        *self.joined.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.woven.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.meant.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.folds.lock().unwrap_or_else(PoisonError::into_inner).forget();
        self.version.fetch_add(1, Ordering::Relaxed);
    }

    fn cannot<T>(&self, what: &str) -> Result<T, Error> {
        Err(self.server.fault(format!("{what}; use a library on this machine for that")))
    }

    fn sources_are_elsewhere<T>(&self) -> Result<T, Error> {
        self.cannot("an archive on a server has no feeds")
    }
}

impl Backend for Remote {
    fn stand_by(&self, least: Least) {
        _ = self.least.set(least);
    }

    fn least(&self) -> Least {
        self.least.get().copied().unwrap_or_default()
    }

    fn add(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.send(&batch, false, &Cancel::new())
    }

    fn renew(&self, batch: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        let seen = self
            .seen_of(&batch.iter().map(|(article, _)| article.clone()).collect::<Vec<_>>(), &Cancel::new())?;
        let here = batch.into_iter().zip(seen).filter(|(_, seen)| *seen != Seen::Never);
        self.send(&here.map(|(pair, _)| pair).collect::<Vec<_>>(), true, &Cancel::new())
    }

    fn outdated(&self, limit: usize) -> Result<Vec<ArticleId>, Error> {
        match self.fills {
            true => Ok(self.older(limit, &Cancel::new())?.0.into_iter().map(ArticleId).collect()),
            // Nobody here can renew them.
            false => Ok(Vec::new()),
        }
    }

    fn count_outdated(&self) -> Result<u64, Error> {
        if self.fills { Ok(self.older(0, &Cancel::new())?.1) } else { Ok(0) }
    }

    fn refile(&self, _from: &str, _to: &str) -> Result<u64, Error> {
        self.cannot("the source of an article in an archive stays")
    }

    fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error> {
        self.seen_of(articles, &Cancel::new())
    }

    fn other_text(&self, _id: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
        Ok(None)
    }

    fn show_text(&self, _text: TextOf, _article: Article, _analysis: Analysis) -> Result<(), Error> {
        self.cannot("the text of an article in an archive stays")
    }

    fn remove_files(&self, _gone: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
        // An archive keeps what was in a file that is gone.
        Ok(0)
    }

    fn remove_others(&self, _read: &[Article]) -> Result<u64, Error> {
        Ok(0)
    }

    fn settle(&self) -> Result<(), Error> {
        if self.fills && self.unseen.load(Ordering::Relaxed) {
            self.complete(&Cancel::new())?;
            self.unseen.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    fn refused(&self) -> Vec<String> {
        std::mem::take(&mut self.refused.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn explain(&self) {
        self.server.explain();
    }

    fn waited(&self) -> Option<std::time::Duration> {
        self.server.waited()
    }

    fn about(&self) -> Vec<String> {
        vec![self.server.engine(), format!("made by dateline, with layout {}", self.layout())]
    }

    fn explained(&self) -> Vec<String> {
        self.server.told()
    }

    fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        self.asking(cancel).page(query, window)
    }

    fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        self.asking(cancel).facets(query)
    }

    fn facets_at_first(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        self.asking(cancel).facets_at_first(query)
    }

    fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        self.asking(cancel).names_of(kind, typed, query, limit)
    }

    fn count_names(&self, kind: FacetKind, query: &Query, cancel: &Cancel) -> Result<u64, Error> {
        self.asking(cancel).count_names(kind, query)
    }

    fn named_as(
        &self,
        role: Role,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        self.asking(cancel).named_as(role, typed, query, limit)
    }

    fn chronicle(
        &self,
        query: &Query,
        grain: Option<Grain>,
        fits: usize,
        cancel: &Cancel,
    ) -> Result<Chronicle, Error> {
        self.asking(cancel).chronicle(query, grain, fits)
    }

    fn tell(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        of: Range<usize>,
        cancel: &Cancel,
    ) -> Result<Vec<Telling>, Error> {
        self.asking(cancel).tell(query, chronicle, of)
    }

    fn over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<Vec<u32>>, Error> {
        self.asking(cancel).over_time(query, chronicle, kind, values)
    }

    fn details(
        &self,
        query: &Query,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<NameDetail>, Error> {
        self.asking(cancel).details(query, kind, values)
    }

    fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        self.asking(&Cancel::new()).forms(kind, value)
    }

    fn count_utterances(&self, query: &Query, cancel: &Cancel) -> Result<u64, Error> {
        match self.asking(cancel).count_utterances(query)? {
            Some(count) => Ok(count),
            None => Ok(self.utterances(query, usize::MAX, cancel)?.len() as u64),
        }
    }

    fn unread(&self, queries: &[Query], cancel: &Cancel) -> Result<Vec<u64>, Error> {
        let unread = queries.iter().map(|query| query.with(Filter::from(Term::Is(Mark::Unread))));
        self.asking(cancel).rows_of(&unread.collect::<Vec<Query>>())
    }

    fn ids(&self, query: &Query, cancel: &Cancel) -> Result<Vec<ArticleId>, Error> {
        Ok(self.asking(cancel).ids(query, usize::MAX)?.0)
    }

    fn newest_ids(
        &self,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<(Vec<ArticleId>, bool), Error> {
        self.asking(cancel).ids(query, limit)
    }

    fn load_all(&self, ids: &[ArticleId], cancel: &Cancel) -> Result<Vec<Stored>, Error> {
        self.asking(cancel).load_all(ids)
    }

    fn count_named(&self, names: &[(Kind, String)], cancel: &Cancel) -> Result<Vec<u64>, Error> {
        self.asking(cancel).count_named(names)
    }

    fn each(
        &self,
        query: &Query,
        take: &mut dyn FnMut(Vec<Article>) -> Result<(), Error>,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        for piece in self.ids(query, cancel)?.chunks(200) {
            take(self.load_all(piece, cancel)?.into_iter().map(|stored| stored.article).collect())?;
        }
        Ok(())
    }

    fn last_id(&self) -> Result<ArticleId, Error> {
        self.asking(&Cancel::new()).last_added()
    }

    fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        self.asking(cancel).timeline(query)
    }

    fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        self.asking(cancel).quotes(query, limit)
    }

    fn find(&self, article: &Article) -> Result<Option<ArticleId>, Error> {
        let seen = self.seen_of(std::slice::from_ref(article), &Cancel::new())?;
        let here = seen.first().is_some_and(|seen| *seen != Seen::Never);
        Ok(here.then(|| layout::Named::of(article).number))
    }

    fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        self.asking(&Cancel::new()).load(id)
    }

    fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed) + self.server.returned()
    }

    fn mark_as(&self, name: Option<ChangeId>, target: &Target, marking: Marking) -> Result<Marked, Error> {
        let cancel = Cancel::new();
        let asking = self.asking(&cancel);
        if let (Target::Matching(query), Marking::Read) = (target, &marking)
            && let Some(marked) = asking.sweep(name, query, clause::TERMS)?
        {
            self.version.fetch_add(1, Ordering::Relaxed);
            return Ok(marked);
        }
        let articles: Numbers = match target {
            Target::These(ids) => ids.iter().map(|id| id.0).collect(),
            Target::Stories(ids) => asking.with_copies(&ids.iter().map(|id| id.0).collect())?,
            Target::Matching(query) => match query.grouping {
                Grouping::Folded | Grouping::Threads => asking.with_copies(&asking.numbers(query)?)?,
                Grouping::Off => asking.numbers(query)?,
            },
        };
        let swept = match marking {
            Marking::Read | Marking::Unread => asking.swept_of(&articles)?,
            _ => Numbers::new(),
        };
        let marked = self.state.mark(name, (&articles, &swept), &marking)?;
        self.version.fetch_add(1, Ordering::Relaxed);
        Ok(marked)
    }

    fn step(&self, step: Step, name: Option<ChangeId>) -> Result<Option<Marked>, Error> {
        let stepped = self.state.step(step, name)?;
        self.version.fetch_add(1, Ordering::Relaxed);
        Ok(stepped)
    }

    fn boards(&self) -> Result<Vec<(String, usize)>, Error> {
        self.state.boards()
    }

    fn board(&self, name: &str) -> Result<Option<Board>, Error> {
        self.state.board(name)
    }

    fn change_board(&self, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error> {
        let changed = self.state.change_board(name, change)?;
        self.version.fetch_add(1, Ordering::Relaxed);
        Ok(changed)
    }

    fn step_board(&self, step: Step, name: ChangeId) -> Result<Option<Changed>, Error> {
        let changed = self.state.step_board(step, name)?;
        self.version.fetch_add(1, Ordering::Relaxed);
        Ok(changed)
    }

    fn tally(&self, query: &Query, cancel: &Cancel) -> Result<Tally, Error> {
        self.asking(cancel).tally(&Query { hold: None, ..query.clone() })
    }

    fn restore(&self, states: Vec<(Recognition, ReadingState)>) -> Result<(), Error> {
        for (recognition, state) in states {
            let article = layout::Named::of_recognition(&recognition).number.0;
            let flags = [(state.read, Marking::Read), (state.starred, Marking::Star)];
            let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, marking)| marking);
            for marking in flags.chain(state.tags.into_iter().map(Marking::Tag)) {
                self.state.add(article, &marking)?;
            }
            if state.position > 0 {
                self.state.keep_position(article, state.position)?;
            }
        }
        Ok(())
    }

    fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        self.state.keep_position(id.0, position)
    }

    fn kept(&self, name: &str) -> Result<Option<String>, Error> {
        self.state.kept(name)
    }

    fn keep(&self, name: &str, text: &str) -> Result<(), Error> {
        self.state.keep(name, text)?;
        if name == NAMES {
            self.changed();
        }
        Ok(())
    }

    fn corrects_at_reading(&self) -> bool {
        true
    }

    fn follow_folder(&self, _folder: &FollowedFolder) -> Result<(), Error> {
        self.cannot("an archive on a server follows no folders")
    }

    fn folders(&self) -> Result<Vec<FollowedFolder>, Error> {
        Ok(Vec::new())
    }

    fn sources(&self) -> Result<Vec<Source>, Error> {
        Ok(Vec::new())
    }

    fn add_source(&self, _: &str, _: &str, _: Option<&str>, _: &Wishes) -> Result<SourceId, Error> {
        self.sources_are_elsewhere()
    }

    fn change_source(&self, _: SourceId, _: &Wishes) -> Result<(), Error> {
        self.sources_are_elsewhere()
    }

    fn remove_source(&self, _: SourceId) -> Result<(), Error> {
        self.sources_are_elsewhere()
    }

    fn claim_sources(
        &self,
        _: &[SourceId],
        _: i64,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error> {
        Ok(Vec::new())
    }

    fn hold_claims(&self, _: i64, _: DateTime<Utc>) -> Result<(), Error> {
        Ok(())
    }

    fn give_back(&self, _: i64) -> Result<(), Error> {
        Ok(())
    }

    fn record_standings(&self, _: &[(SourceId, Standing)]) -> Result<(), Error> {
        Ok(())
    }

    fn move_source(&self, _: SourceId, _: &str) -> Result<bool, Error> {
        self.sources_are_elsewhere()
    }

    fn set_site(&self, _: SourceId, _: &str) -> Result<(), Error> {
        self.sources_are_elsewhere()
    }

    fn name_source(&self, _: SourceId, _: &str) -> Result<String, Error> {
        self.sources_are_elsewhere()
    }

    fn forget_beyond(&self, _: &str, _: u64) -> Result<u64, Error> {
        Ok(0)
    }

    fn matching(&self, query: &Query, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        self.asking(&Cancel::new()).matching(query, ids)
    }

    fn empty_trash(&self, _: NaiveDate) -> Result<u64, Error> {
        self.cannot("an archive on a server has no trash to empty")
    }

    fn mark_new(&self, ids: &[ArticleId], marking: &Marking) -> Result<u64, Error> {
        let changed = self.state.add_to(&ids.iter().map(|id| id.0).collect(), marking)?;
        self.version.fetch_add(1, Ordering::Relaxed);
        Ok(changed)
    }

    fn recognised(&self, articles: &[Recognition]) -> Result<Vec<ArticleId>, Error> {
        let named = articles.iter().map(|article| layout::Named::of_recognition(article).number);
        let ids: Vec<ArticleId> = named.collect();
        let here = self.asking(&Cancel::new()).here(&ids)?;
        Ok(ids.into_iter().filter(|id| here.contains(&id.0)).collect())
    }

    fn forget(&self, _: &str, _: DateTime<Utc>) -> Result<u64, Error> {
        Ok(0)
    }
}
