//! One round of fetching: selects the sources, fetches them in threads, and stores the results in a loop.

use super::crew::{Crew, News, Shared};
use super::obtain::{self, Delivered, Trouble};
use super::outlook::{Turn, Wanted, turn};
use super::take::{Arrival, Batch};
use super::{Listed, Progress, Round, Wire, lot, pages};
use crate::fetch::FetchError;
use crate::library::Error;
use crate::library::sources::SourceId;
use chrono::TimeDelta;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a claim is valid without being renewed. Other processes wait this long if this process dies.
const CLAIM: TimeDelta = TimeDelta::seconds(120);
/// How often claims are renewed.
const RENEWAL: Duration = Duration::from_secs(30);
/// How often the loop checks whether it has to stop.
const LOOK: Duration = Duration::from_millis(100);
/// The approximate number of articles that are analysed and stored together.
const TOGETHER: usize = 2048;
/// The number of articles after which a round ends. The sources that are left are fetched in the next one.
const ROUND_CAP: usize = 200_000;

impl Wire {
    /// Fetches those of the `wanted` sources that may be fetched now. Calls `report` from time to time and always at
    /// the end. Stops early once `cancelled` is set; the results that were stored until then are kept.
    pub fn fetch(
        &self,
        wanted: &Wanted,
        cancelled: &AtomicBool,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<Round, Error> {
        let roster = self.roster()?;
        let mut round = Round { sources: roster.len() as u64, ..Round::default() };
        if let Wanted::Named(names) = wanted {
            round.unknown = super::roster::find(&roster, names).1;
        }
        let jobs = self.whose_turn(roster, wanted, &mut round);
        let claimant = (lot() >> 1) as i64;
        let jobs = self.claim(jobs, claimant, &mut round)?;
        round.progress.total = jobs.len() as u64;
        report(&round.progress);
        let done = self.work(jobs, claimant, cancelled, &mut round, report);
        let given_back = self.library.give_back(claimant);
        let progress = &round.progress;
        if !cancelled.load(Ordering::Relaxed) {
            round.left_over = progress.total - progress.done;
        }
        report(progress);
        done.and(given_back)?;
        self.run_commands(&mut round.progress, cancelled);
        report(&round.progress);
        Ok(round)
    }

    /// Returns the sources to fetch now, and counts the others in `round`.
    fn whose_turn(&self, roster: Vec<Listed>, wanted: &Wanted, round: &mut Round) -> Vec<Listed> {
        let now = self.now();
        let mut jobs = Vec::new();
        for listed in roster {
            if listed.account.is_some() {
                round.by_account += 1;
                continue;
            }
            match turn(&listed.source, wanted, self.interval_of(&listed), now) {
                Turn::Now => jobs.push(listed),
                Turn::Held(hold) => round.held.push((listed.source.name, hold)),
                Turn::NotDue(_) => round.not_due += 1,
                Turn::Gone => round.gone += 1,
                Turn::Paused => round.paused += 1,
                Turn::Unwanted => {}
            }
        }
        jobs
    }

    /// Claims the sources and returns those that no other process is fetching.
    fn claim(&self, jobs: Vec<Listed>, claimant: i64, round: &mut Round) -> Result<Vec<Listed>, Error> {
        if jobs.is_empty() {
            return Ok(jobs);
        }
        let now = self.now();
        let ids: Vec<SourceId> = jobs.iter().map(|listed| listed.source.id).collect();
        let claimed = self.library.claim_sources(&ids, claimant, now, now + CLAIM)?;
        let claimed: HashSet<SourceId> = claimed.into_iter().collect();
        let (ours, others): (Vec<_>, Vec<_>) =
            jobs.into_iter().partition(|listed| claimed.contains(&listed.source.id));
        round.elsewhere = others.len() as u64;
        Ok(ours)
    }

    /// Fetches the sources in several threads, analyses the results in another thread and stores them in this one, all
    /// in parallel.
    fn work(
        &self,
        jobs: Vec<Listed>,
        claimant: i64,
        cancelled: &AtomicBool,
        round: &mut Round,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        let jobs = jobs.into_iter().map(|listed| (obtain::host_of(&listed), listed)).collect();
        let wire = self.clone();
        let crew = Crew::start(self.manners, jobs, move |listed, shared| fetch(&wire, listed, shared));
        // One batch is analysed while the previous one is written. No further batch is prepared in advance.
        let (send, batches) = sync_channel::<Result<Batch, Error>>(0);
        let over = AtomicBool::new(false);
        let stopped = || cancelled.load(Ordering::Relaxed) || over.load(Ordering::Relaxed);
        let pages = thread::scope(|scope| {
            let stopped = &stopped;
            scope.spawn(move || self.prepare_each(crew, stopped, send));
            let pages = self.keep_each(batches, claimant, stopped, round, report);
            over.store(true, Ordering::Relaxed);
            pages
        })?;
        if pages.is_empty() {
            return Ok(());
        }
        self.take_pages(pages, cancelled, &mut round.progress, report)
    }

    /// Analyses the results of the threads until all jobs have ended or the receiver is gone.
    fn prepare_each(
        &self,
        crew: Crew<Listed, Arrival>,
        stopped: &dyn Fn() -> bool,
        send: SyncSender<Result<Batch, Error>>,
    ) {
        let articles = |arrival: &Arrival| match &arrival.result {
            Ok(Delivered::Came(came)) => came.feed.articles.len(),
            _ => 0,
        };
        let mut all = 0;
        while !stopped() && all < ROUND_CAP {
            let mut pending = match crew.next() {
                News::Arrival(arrival) => vec![arrival],
                News::Nothing => continue,
                News::Over => return,
            };
            let mut count: usize = pending.iter().map(articles).sum();
            while count < TOGETHER
                && let Some(arrival) = crew.more()
            {
                count += articles(&arrival);
                pending.push(arrival);
            }
            all += count;
            if send.send(self.prepare(pending)).is_err() {
                return;
            }
        }
    }

    /// Stores the prepared batches. Returns the articles whose web pages are to be fetched.
    fn keep_each(
        &self,
        batches: Receiver<Result<Batch, Error>>,
        claimant: i64,
        stopped: &dyn Fn() -> bool,
        round: &mut Round,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<Vec<pages::Wanted>, Error> {
        let mut renewed = Instant::now();
        let mut pages = Vec::new();
        while !stopped() {
            if renewed.elapsed() >= RENEWAL {
                renewed = Instant::now();
                self.library.hold_claims(claimant, self.now() + CLAIM)?;
            }
            match batches.recv_timeout(LOOK) {
                Ok(batch) => pages.extend(self.write(batch?, &mut round.progress)?),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(pages),
            }
            report(&round.progress);
        }
        Ok(Vec::new())
    }
}

/// Fetches one source. If its server asks us to slow down, the other waiting sources of the same host are returned as
/// failed, too.
fn fetch(wire: &Wire, listed: Listed, shared: &Shared<Listed>) -> Vec<Arrival> {
    let host = obtain::host_of(&listed);
    let work = || obtain::obtain(&listed, wire);
    let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Trouble::Fault));
    let retry_after = match &result {
        Err(Trouble::Fetch(FetchError::Busy { retry_after, .. })) => *retry_after,
        _ => None,
    };
    let busy = matches!(&result, Err(Trouble::Fetch(FetchError::Busy { .. })));
    let given_up = if busy { shared.give_up(&host) } else { Vec::new() };
    shared.ended(&host);
    let others =
        given_up.into_iter().map(|listed| Arrival { listed, result: Err(Trouble::HostBusy { retry_after }) });
    std::iter::once(Arrival { listed, result }).chain(others).collect()
}
