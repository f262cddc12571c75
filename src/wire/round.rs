//! One round: whose turn it is, the threads that fetch, and the loop that keeps what they bring.

use super::manners::{Host, Next, Queue};
use super::obtain::{self, Delivered, Trouble};
use super::outlook::{Turn, Wanted, turn};
use super::{Listed, Progress, Round, Wire, lot};
use crate::fetch::FetchError;
use crate::library::Error;
use crate::library::sources::SourceId;
use chrono::TimeDelta;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a claim holds without being renewed: as long as others wait after this process has died.
const CLAIM: TimeDelta = TimeDelta::seconds(120);
/// How often claims are renewed.
const RENEWAL: Duration = Duration::from_secs(30);
/// How often the loop looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);
/// Articles that are analysed and kept together, about.
const TOGETHER: usize = 1024;

/// What a thread brings.
pub struct Arrival {
    pub listed: Listed,
    pub result: Result<Delivered, Trouble>,
}

impl Wire {
    /// Fetches the sources that are `wanted` and whose turn it is, calling `report` now and then, the last
    /// always. Ends early once `cancelled` is set, with all that has come kept.
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
        report(&round.progress);
        done.and(given_back).map(|()| round)
    }

    /// Sorts the sources by whether they are fetched now.
    fn whose_turn(&self, roster: Vec<Listed>, wanted: &Wanted, round: &mut Round) -> Vec<Listed> {
        let now = self.now();
        let mut jobs = Vec::new();
        for listed in roster {
            match turn(&listed.source, wanted, self.interval_of(&listed), now) {
                Turn::Now => jobs.push(listed),
                Turn::Held(hold) => round.held.push((listed.source.name, hold)),
                Turn::NotDue(_) => round.not_due += 1,
                Turn::Gone => round.gone += 1,
                Turn::Unwanted => {}
            }
        }
        jobs
    }

    /// Those that no other process fetches just now.
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

    fn work(
        &self,
        jobs: Vec<Listed>,
        claimant: i64,
        cancelled: &AtomicBool,
        round: &mut Round,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        let threads = jobs.len().min(self.manners.at_once);
        let jobs = jobs.into_iter().map(|listed| (obtain::host_of(&listed), listed));
        let shared = Arc::new(Shared::new(Queue::new(self.manners, jobs)));
        // What has come and is not kept yet is bounded: a fast net does not fill the memory.
        let (send, arrivals) = sync_channel(threads.max(1));
        for _ in 0..threads {
            let (wire, shared, send) = (self.clone(), Arc::clone(&shared), send.clone());
            // A thread that hangs on a slow server is left behind when the round is stopped.
            thread::spawn(move || fetch_each(&wire, &shared, &send));
        }
        drop(send);
        let done = self.keep_each(&arrivals, claimant, cancelled, round, report);
        shared.stop();
        done
    }

    /// Keeps what the threads bring, until all are done.
    fn keep_each(
        &self,
        arrivals: &Receiver<Arrival>,
        claimant: i64,
        cancelled: &AtomicBool,
        round: &mut Round,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<(), Error> {
        let mut renewed = Instant::now();
        let mut pages = Vec::new();
        loop {
            if cancelled.load(Ordering::Relaxed) {
                return Ok(());
            }
            if renewed.elapsed() >= RENEWAL {
                renewed = Instant::now();
                self.library.hold_claims(claimant, self.now() + CLAIM)?;
            }
            let mut pending = match arrivals.recv_timeout(LOOK) {
                Ok(arrival) => vec![arrival],
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let articles = |arrival: &Arrival| match &arrival.result {
                Ok(Delivered::Came(came)) => came.feed.articles.len(),
                _ => 0,
            };
            let mut count: usize = pending.iter().map(articles).sum();
            while count < TOGETHER
                && let Ok(arrival) = arrivals.try_recv()
            {
                count += articles(&arrival);
                pending.push(arrival);
            }
            pages.extend(self.take(pending, &mut round.progress)?);
            report(&round.progress);
        }
        if pages.is_empty() {
            return Ok(());
        }
        self.take_pages(pages, cancelled, &mut round.progress, report)
    }
}

/// What the threads share.
pub struct Shared<J> {
    queue: Mutex<Queue<J>>,
    /// A host may be free.
    news: Condvar,
}

impl<J> Shared<J> {
    pub fn new(queue: Queue<J>) -> Shared<J> {
        Shared { queue: Mutex::new(queue), news: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue<J>> {
        // Nothing that is done under the lock can be left half done.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; sleeps while there is none that may be done. `None` once all are taken.
    pub fn next(&self) -> Option<J> {
        let mut queue = self.lock();
        loop {
            let now = Instant::now();
            queue = match queue.next(now) {
                Next::Take(job) => return Some(job),
                Next::Done => return None,
                Next::Wait(Some(until)) => {
                    let wait = self.news.wait_timeout(queue, until.saturating_duration_since(now));
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
                Next::Wait(None) => self.news.wait(queue).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// A job at `host` has ended.
    pub fn ended(&self, host: &Host) {
        self.lock().ended(host, Instant::now());
        self.news.notify_all();
    }

    /// Takes out what waits for `host`, which asks for patience.
    fn give_up(&self, host: &Host) -> Vec<J> {
        self.lock().give_up(host)
    }

    /// What waits is not done any more.
    pub fn stop(&self) {
        self.lock().clear();
        self.news.notify_all();
    }
}

/// One thread: fetches until nothing is left, or nobody takes it.
fn fetch_each(wire: &Wire, shared: &Shared<Listed>, send: &SyncSender<Arrival>) {
    while let Some(listed) = shared.next() {
        let host = obtain::host_of(&listed);
        let work = || obtain::obtain(&listed, &wire.fetcher, wire.limits, &wire.capacity, wire.now());
        let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Trouble::Fault));
        let retry_after = match &result {
            Err(Trouble::Fetch(FetchError::Busy { retry_after, .. })) => *retry_after,
            _ => None,
        };
        let busy = matches!(&result, Err(Trouble::Fetch(FetchError::Busy { .. })));
        let given_up = if busy { shared.give_up(&host) } else { Vec::new() };
        shared.ended(&host);
        let others = given_up
            .into_iter()
            .map(|listed| Arrival { listed, result: Err(Trouble::HostBusy { retry_after }) });
        for arrival in std::iter::once(Arrival { listed, result }).chain(others) {
            if send.send(arrival).is_err() {
                return;
            }
        }
    }
}
