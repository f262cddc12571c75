//! One sync of an account: sources, then what the server has changed, then what was changed here.
//!
//! Each piece is stored before the next one is asked for, so that a sync that is stopped, cut off or killed goes on where it
//! was. Only one sync runs at a time, in whatever process.

use super::calls::{Counts, ServerError};
use super::sources::{self, Moved};
use super::{BATCH, Extent, Item, Memo, Server, Sink, items, open};
use crate::article::{Article, ArticleId};
use crate::config::accounts::AccountSetting;
use crate::config::sources::FOR_EVER;
use crate::fetch::Share;
use crate::library::ledger::{Entry, Mark, Marks, Told};
use crate::library::{Error, Library};
use crate::wire::bound::{self, Bound};
use crate::wire::rules::Ring;
use crate::wire::{Arrival, Came, Delivered, Listed, Wire, roster};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How often changes are sent in one sync, where others come in the meantime.
const TRIES: usize = 3;
const LABELS: &str = "labels";
const SYNCED: &str = "synced";

/// Why a sync did not come to its end. What was exchanged before stays.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error(transparent)]
    Library(#[from] Error),
    #[error("another dateline is syncing; try again when it is done")]
    Elsewhere,
    /// An article came of a source that was added there after the sources were listed.
    #[error("a source was added on the server in the meantime; sync again")]
    NewSource,
}

/// What a sync is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    #[default]
    Asking,
    Taking,
    Sending,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    /// How many articles are new here.
    pub new: u64,
    /// How many marks were changed here, and sent.
    pub changed: u64,
    pub sent: u64,
}

/// What a sync came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many articles are new here.
    pub new: u64,
    /// How many marks were changed here because they were changed there.
    pub changed_here: u64,
    /// How many marks the server has from here now.
    pub sent: u64,
    /// How many the server did not take; they are sent again the next time.
    pub left: u64,
    pub moved: Moved,
    /// What rules announce.
    pub rings: Vec<Ring>,
    pub counts: Counts,
}

/// How many marks wait to be sent to an account.
pub fn pending(library: &Library, account: &str) -> Result<u64, Error> {
    let labels = memo(library, account)?.get(LABELS).is_none_or(|known| known != "no");
    let is_sent = |(mark, _): &(Mark, bool)| labels || !matches!(mark, Mark::Label(_));
    let entries = library.ledger(account)?;
    Ok(entries
        .iter()
        .map(|entry| entry.pending().iter().filter(|change| is_sent(change)).count() as u64)
        .sum())
}

/// The accounts that the library knows of.
pub fn names(library: &Library) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = bound::all(library)?.into_iter().map(|bound| bound.account).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// When an account was last synced to its end.
pub fn when_synced(library: &Library, account: &str) -> Result<Option<DateTime<Utc>>, Error> {
    let memo = memo(library, account)?;
    Ok(memo.get(SYNCED).and_then(|at| at.parse().ok()).and_then(|at| DateTime::from_timestamp(at, 0)))
}

/// The name under which the library keeps what is remembered of an account.
pub fn kept(account: &str) -> String {
    format!("account {account}")
}

pub fn memo(library: &Library, account: &str) -> Result<Memo, Error> {
    let text = library.kept(&kept(account))?.unwrap_or_default();
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

pub fn keep_memo(library: &Library, account: &str, memo: &Memo) -> Result<(), Error> {
    // A map of texts can always be written.
    library.keep(&kept(account), &serde_json::to_string(memo).unwrap_or_default())
}

/// Exchanges everything with an account.
pub fn sync(
    wire: &Wire,
    setting: &AccountSetting,
    stopped: &Arc<AtomicBool>,
    report: &mut dyn FnMut(&Progress),
) -> Result<Summary, SyncError> {
    let Some(_turn) = wire.library.turn()? else { return Err(SyncError::Elsewhere) };
    report(&Progress::default());
    let mut server = open(setting, wire, stopped)?;
    match exchange(wire, (setting, Strangers::Wait), server.as_mut(), stopped, report) {
        // A server may have articles of sources that it does not list at all.
        Err(SyncError::NewSource) => {
            exchange(wire, (setting, Strangers::Pass), server.as_mut(), stopped, report)
        }
        synced => synced,
    }
}

/// What is done with articles of sources that are not known.
#[derive(Clone, Copy, PartialEq)]
enum Strangers {
    /// The sources are listed again first.
    Wait,
    /// They are left there.
    Pass,
}

/// The same with a server that is open.
fn exchange(
    wire: &Wire,
    (setting, strangers): (&AccountSetting, Strangers),
    server: &mut dyn Server,
    stopped: &Arc<AtomicBool>,
    report: &mut dyn FnMut(&Progress),
) -> Result<Summary, SyncError> {
    let (library, account) = (&wire.library, setting.name.as_str());
    let mut memo = memo(library, account)?;
    let mut summary = Summary::default();
    let adds = (account, setting.adds);
    let bound = sources::exchange(wire, adds, server, &mut memo, &mut summary.moved)?;
    keep_memo(library, account, &memo)?;
    let keep = setting.keep.unwrap_or(wire.keep);
    let oldest = keep.time.and_then(|time| TimeDelta::from_std(time).ok());
    let oldest = oldest.and_then(|time| (wire.clock)().checked_sub_signed(time)).map(|time| time.timestamp());
    let most = keep.most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let extent = Extent { oldest, most: most.saturating_mul(bound.len().max(1)) };
    let entries = library.ledger(account)?.into_iter().map(|entry| (entry.item.clone(), entry));
    let known: HashMap<_, _> = entries.collect();
    let labels = server.has_labels(&memo);
    if !labels {
        memo.insert(LABELS.to_owned(), "no".to_owned());
    }
    let wire = Wire { keep, ..wire.clone() };
    let mut taker = Taker {
        wire: &wire,
        account,
        bound: &bound,
        strangers,
        first: known.is_empty(),
        labels,
        known: HashMap::new(),
        progress: Progress { stage: Stage::Taking, ..Progress::default() },
        stopped,
        rings: Vec::new(),
        report,
    };
    let taken = server.changes(&known, extent, &mut memo, &mut taker);
    // What was taken so far is not taken again.
    keep_memo(library, account, &memo)?;
    taken?;
    taker.progress.stage = Stage::Sending;
    (taker.report)(&taker.progress);
    let sent = taker.send(server, extent, &mut memo, &mut summary);
    keep_memo(library, account, &memo)?;
    sent?;
    (summary.new, summary.changed_here) = (taker.progress.new, taker.progress.changed);
    summary.rings = taker.rings;
    memo.insert(SYNCED.to_owned(), (wire.clock)().timestamp().to_string());
    keep_memo(library, account, &memo)?;
    summary.counts = server.counts();
    Ok(summary)
}

/// Stores what a server has.
struct Taker<'a> {
    wire: &'a Wire,
    account: &'a str,
    bound: &'a [Bound],
    strangers: Strangers,
    /// Whether nothing is here yet, so that what comes is no news.
    first: bool,
    labels: bool,
    /// The articles of sources that were followed before, by source.
    known: HashMap<String, HashMap<String, Option<String>>>,
    progress: Progress,
    stopped: &'a AtomicBool,
    /// What rules announce.
    rings: Vec<Ring>,
    report: &'a mut dyn FnMut(&Progress),
}

impl Taker<'_> {
    fn exchange(&mut self, told: &[Told]) -> Result<(), SyncError> {
        self.progress.changed += self.wire.library.exchange(self.account, told, self.labels)?;
        (self.report)(&self.progress);
        match self.stopped.load(Ordering::Relaxed) {
            true => Err(ServerError::Stopped.into()),
            false => Ok(()),
        }
    }

    /// The articles that the library has of a source that was followed before, by their addresses.
    fn known_of(&mut self, source: &str) -> Result<&HashMap<String, Option<String>>, SyncError> {
        if !self.known.contains_key(source) {
            let known = items::known(&self.wire.library, source)?;
            self.known.insert(source.to_owned(), known);
        }
        Ok(self.known.entry(source.to_owned()).or_default())
    }
}

impl Sink for Taker<'_> {
    fn told(&mut self, marks: Vec<(String, Marks)>, gone: Vec<String>) -> Result<(), SyncError> {
        self.wire.library.strike(self.account, &gone)?;
        let told = |(item, marks)| Told { item, article: None, marks };
        for piece in marks.into_iter().map(told).collect::<Vec<_>>().chunks(2_000) {
            self.exchange(piece)?;
        }
        Ok(())
    }

    fn items(&mut self, came: Vec<Item>) -> Result<(), SyncError> {
        // What is starred is kept however old it is, and so its star has to be here before old articles are removed.
        let (starred, others): (Vec<Item>, Vec<Item>) = came.into_iter().partition(|item| item.marks.starred);
        for (came, always) in [(starred, true), (others, false)] {
            if !came.is_empty() {
                self.take(&came, always)?;
            }
        }
        Ok(())
    }
}

impl Taker<'_> {
    /// Stores items with their marks; `always` also those that are older than what is kept.
    fn take(&mut self, came: &[Item], always: bool) -> Result<(), SyncError> {
        let roster = roster::roster(&self.wire.library, &self.wire.settings)?;
        let now = (self.wire.clock)();
        let mut by_feed: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in came {
            by_feed.entry(&item.feed).or_default().push(item);
        }
        let (mut arrivals, mut articles) = (Vec::new(), Vec::new());
        for (feed, items) in by_feed {
            let Some(bound) = self.bound.iter().find(|bound| bound.feed == feed) else {
                match self.strangers {
                    Strangers::Wait => return Err(SyncError::NewSource),
                    Strangers::Pass => continue,
                }
            };
            let Some(listed) = roster.iter().find(|listed| listed.source.id == bound.source) else {
                continue;
            };
            let name = listed.source.name.clone();
            let mut feed = items::feed(&items, &name, listed.source.site.as_deref(), now);
            let guids: HashMap<String, &str> =
                items.iter().map(|item| (items::guid(&item.id), item.id.as_str())).collect();
            let mut of_item: Vec<Option<&str>> = Vec::new();
            for article in &mut feed.articles {
                of_item.push(article.guid.as_ref().and_then(|guid| guids.get(guid)).copied());
                if bound.taken_over
                    && let Some(url) = article.url.as_ref()
                    && let Some(guid) = self.known_of(&name)?.get(url)
                {
                    // What the library fetched itself is the same article.
                    article.guid.clone_from(guid);
                }
            }
            let named = feed.articles.iter().map(|article| Article {
                source: name.clone(),
                path: None,
                ..article.clone()
            });
            articles.extend(named.zip(of_item.iter().map(|item| item.map(str::to_owned))));
            let mut listed = listed.clone();
            if self.first {
                listed.source.standing.fetched = None;
            }
            if always {
                listed.source.wishes.keep_for = Some(FOR_EVER);
                listed.source.wishes.keep_most = Some(u32::MAX.into());
            }
            arrivals.push(arrival(listed, feed, now));
        }
        let mut taken = crate::wire::Progress::default();
        self.wire.take_in(arrivals, self.stopped, &mut taken)?;
        self.progress.new += taken.added.new;
        for ring in taken.ruled.rings {
            match self.rings.iter_mut().find(|known| known.rule == ring.rule) {
                Some(known) => known.articles += ring.articles,
                None => self.rings.push(ring),
            }
        }
        let mut found: HashMap<String, ArticleId> = HashMap::new();
        for (article, item) in articles {
            if let (Some(item), Some(id)) = (item, self.wire.library.find(&article)?) {
                found.insert(item, id);
            }
        }
        let told = came.iter().map(|Item { id, marks, .. }| Told {
            article: found.get(id).copied(),
            item: id.clone(),
            marks: marks.clone(),
        });
        self.exchange(&told.collect::<Vec<_>>())
    }
}

/// Articles as they come from a feed that was fetched.
fn arrival(listed: Listed, feed: crate::formats::feed::Feed, at: DateTime<Utc>) -> Arrival {
    let came = Came {
        feed,
        etag: None,
        last_modified: None,
        fresh_for: None,
        moved_to: None,
        at,
        share: Share::default(),
    };
    Arrival { listed, result: Ok(Delivered::Came(Box::new(came))) }
}

/// Sends what was changed here.
impl Taker<'_> {
    /// Sends everything that waits and reads it back, again for what was changed in the meantime.
    fn send(
        &mut self,
        server: &mut dyn Server,
        extent: Extent,
        memo: &mut Memo,
        summary: &mut Summary,
    ) -> Result<(), SyncError> {
        let mut before = None;
        for _ in 0..TRIES {
            let (waiting, known) = self.waiting(server.has_labels(memo))?;
            let count = count(&waiting);
            summary.left = count;
            // What the server did not take once it does not take twice.
            if count == 0 || before == Some(count) {
                break;
            }
            before = Some(count);
            for ((mark, on), items) in &waiting {
                for batch in items.chunks(BATCH) {
                    if self.stopped.load(Ordering::Relaxed) {
                        return Err(ServerError::Stopped.into());
                    }
                    self.wire.library.sending(self.account, batch, mark, *on)?;
                    match server.edit(mark, *on, batch) {
                        Err(ServerError::Refused { .. }) if matches!(mark, Mark::Label(_)) => {
                            memo.insert(LABELS.to_owned(), "no".to_owned());
                            break;
                        }
                        edited => edited?,
                    }
                }
            }
            let mut items: Vec<String> = waiting.into_values().flatten().collect();
            items.sort_unstable();
            items.dedup();
            self.labels = server.has_labels(memo);
            server.read_back(&items, (&known, extent), memo, self)?;
            let (waiting, _) = self.waiting(self.labels)?;
            summary.left = self::count(&waiting);
            summary.sent += count.saturating_sub(summary.left);
            self.progress.sent = summary.sent;
            (self.report)(&self.progress);
        }
        Ok(())
    }

    /// The items whose marks differ from what is agreed, by mark, and the ledger.
    fn waiting(&self, labels: bool) -> Result<(Waiting, HashMap<String, Entry>), SyncError> {
        let mut waiting = Waiting::new();
        let entries = self.wire.library.ledger(self.account)?;
        for entry in &entries {
            for change in entry.pending() {
                if labels || !matches!(change.0, Mark::Label(_)) {
                    waiting.entry(change).or_default().push(entry.item.clone());
                }
            }
        }
        Ok((waiting, entries.into_iter().map(|entry| (entry.item.clone(), entry)).collect()))
    }
}

/// Items by what is to be made of which mark.
type Waiting = BTreeMap<(Mark, bool), Vec<String>>;

fn count(waiting: &Waiting) -> u64 {
    waiting.values().map(|items| items.len() as u64).sum()
}
