//! A group of threads that process the jobs of a queue in parallel and send the results to one receiver.
//!
//! Input: jobs with their hosts, and a function that does one job. Output: the results, in the order in which the
//! jobs ended.

use super::manners::{Host, Manners, Next, Queue};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long the receiver waits before it checks whether it has to stop.
const LOOK: Duration = Duration::from_millis(100);

/// The threads. When this value is dropped, the jobs that still wait in the queue are discarded. A thread that waits
/// for a slow server keeps running until its request ends.
pub struct Crew<J, A> {
    shared: Arc<Shared<J>>,
    arrivals: Receiver<A>,
}

/// What [`Crew::next`] returns.
pub enum News<A> {
    /// The result of a job.
    Arrival(A),
    /// No result arrived within 100 milliseconds.
    Nothing,
    /// All jobs have ended.
    Over,
}

impl<J: Send + 'static, A: Send + 'static> Crew<J, A> {
    /// Starts threads that do all `jobs` within the limits of `manners`. `work` returns the results of one job; it must
    /// call [`Shared::ended`] when the job has finished with its host.
    pub fn start(
        manners: Manners,
        jobs: Vec<(Host, J)>,
        work: impl Fn(J, &Shared<J>) -> Vec<A> + Clone + Send + 'static,
    ) -> Crew<J, A> {
        let threads = jobs.len().min(manners.at_once);
        let shared = Arc::new(Shared::new(Queue::new(manners, jobs)));
        // The number of results that wait for the receiver is bounded, so that a fast network cannot fill the memory.
        let (send, arrivals) = sync_channel(threads.max(1));
        for _ in 0..threads {
            let (shared, send, work) = (Arc::clone(&shared), send.clone(), work.clone());
            thread::spawn(move || work_off(&shared, &send, work));
        }
        Crew { shared, arrivals }
    }
}

impl<J, A> Crew<J, A> {
    /// Waits at most 100 milliseconds for the next result.
    pub fn next(&self) -> News<A> {
        match self.arrivals.recv_timeout(LOOK) {
            Ok(arrival) => News::Arrival(arrival),
            Err(RecvTimeoutError::Timeout) => News::Nothing,
            Err(RecvTimeoutError::Disconnected) => News::Over,
        }
    }

    /// Returns a result that has already arrived, without waiting.
    pub fn more(&self) -> Option<A> {
        self.arrivals.try_recv().ok()
    }
}

impl<J, A> Drop for Crew<J, A> {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

fn work_off<J, A>(shared: &Shared<J>, send: &SyncSender<A>, work: impl Fn(J, &Shared<J>) -> Vec<A>) {
    while let Some(job) = shared.next() {
        for arrival in work(job, shared) {
            if send.send(arrival).is_err() {
                return;
            }
        }
    }
}

/// The state that the threads share.
pub struct Shared<J> {
    queue: Mutex<Queue<J>>,
    /// Notified when a host may have become free, or when the queue was emptied.
    news: Condvar,
}

impl<J> Shared<J> {
    fn new(queue: Queue<J>) -> Shared<J> {
        Shared { queue: Mutex::new(queue), news: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue<J>> {
        // A panic under the lock cannot leave the queue in an inconsistent state.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next job, and sleeps while no job may start. Returns `None` once all jobs are taken.
    fn next(&self) -> Option<J> {
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

    /// Records that a job at `host` has ended.
    pub fn ended(&self, host: &Host) {
        self.lock().ended(host, Instant::now());
        self.news.notify_all();
    }

    /// Removes and returns the jobs that wait for `host`, because the host asked us to slow down.
    pub fn give_up(&self, host: &Host) -> Vec<J> {
        self.lock().give_up(host)
    }

    /// Discards all waiting jobs.
    fn stop(&self) {
        self.lock().clear();
        self.news.notify_all();
    }
}
