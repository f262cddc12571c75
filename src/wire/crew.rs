//! Threads that work off a queue, side by side, and hand what they get to one who keeps it.
//!
//! In: jobs with their hosts, and what is to be done with one. Out: what came of them, in the order in which they ended.

use super::manners::{Host, Manners, Next, Queue};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long the keeper waits before it looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);

/// The threads. When this goes, what waits in the queue is not done any more; a thread that hangs on a slow server is
/// left behind.
pub struct Crew<J, A> {
    shared: Arc<Shared<J>>,
    arrivals: Receiver<A>,
}

/// What the keeper hears.
pub enum News<A> {
    Arrival(A),
    /// Nothing for a while.
    Nothing,
    /// All is done.
    Over,
}

impl<J: Send + 'static, A: Send + 'static> Crew<J, A> {
    /// Has all `jobs` done with `manners`: `work` gives what came of one, and tells the queue once it has ended at its
    /// host.
    pub fn start(
        manners: Manners,
        jobs: Vec<(Host, J)>,
        work: impl Fn(J, &Shared<J>) -> Vec<A> + Clone + Send + 'static,
    ) -> Crew<J, A> {
        let threads = jobs.len().min(manners.at_once);
        let shared = Arc::new(Shared::new(Queue::new(manners, jobs)));
        // What has come and is not kept yet is bounded: a fast net does not fill the memory.
        let (send, arrivals) = sync_channel(threads.max(1));
        for _ in 0..threads {
            let (shared, send, work) = (Arc::clone(&shared), send.clone(), work.clone());
            thread::spawn(move || work_off(&shared, &send, work));
        }
        Crew { shared, arrivals }
    }
}

impl<J, A> Crew<J, A> {
    /// What comes next, within a while.
    pub fn next(&self) -> News<A> {
        match self.arrivals.recv_timeout(LOOK) {
            Ok(arrival) => News::Arrival(arrival),
            Err(RecvTimeoutError::Timeout) => News::Nothing,
            Err(RecvTimeoutError::Disconnected) => News::Over,
        }
    }

    /// What has come already.
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

/// What the threads share.
pub struct Shared<J> {
    queue: Mutex<Queue<J>>,
    /// A host may be free.
    news: Condvar,
}

impl<J> Shared<J> {
    fn new(queue: Queue<J>) -> Shared<J> {
        Shared { queue: Mutex::new(queue), news: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue<J>> {
        // Nothing that is done under the lock can be left half done.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; sleeps while there is none that may be done. `None` once all are taken.
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

    /// A job at `host` has ended.
    pub fn ended(&self, host: &Host) {
        self.lock().ended(host, Instant::now());
        self.news.notify_all();
    }

    /// Takes out what waits for `host`, which asks for patience.
    pub fn give_up(&self, host: &Host) -> Vec<J> {
        self.lock().give_up(host)
    }

    /// What waits is not done any more.
    fn stop(&self) {
        self.lock().clear();
        self.news.notify_all();
    }
}
