//! Decides in which order sources are fetched and how many at once. The number of requests is limited in total
//! and for each host, and there is a pause between two requests to the same host.
//!
//! The queue only answers which job may start now. The caller passes the current time, sleeps and fetches.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The limits on simultaneous requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// The maximum number of requests that run at once.
    pub at_once: usize,
    /// The maximum number of requests that run at once to one host.
    pub per_host: usize,
    /// The pause between the end of a request to a host and the next request to that host.
    pub pause: Duration,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners { at_once: 32, per_host: 2, pause: Duration::from_millis(300) }
    }
}

/// The host that a job contacts. Jobs with the same host wait for one another; jobs without a host never wait.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A host on the public network.
    Far(String),
    /// A host on this machine or in a private network. It needs no pause.
    Near(String),
    /// The job contacts no host: it reads a file or runs a command.
    None,
}

/// The answer of the queue.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<J> {
    /// This job may start now.
    Take(J),
    /// No job may start before this time, unless a running job ends earlier.
    Wait(Option<Instant>),
    /// There are no more jobs.
    Done,
}

/// The waiting jobs, in order.
#[derive(Debug)]
pub struct Queue<J> {
    manners: Manners,
    waiting: VecDeque<(Host, J)>,
    hosts: HashMap<Host, AtHost>,
}

#[derive(Clone, Copy, Debug, Default)]
struct AtHost {
    running: usize,
    free_at: Option<Instant>,
}

impl<J> Queue<J> {
    pub fn new(manners: Manners, jobs: impl IntoIterator<Item = (Host, J)>) -> Queue<J> {
        Queue { manners, waiting: jobs.into_iter().collect(), hosts: HashMap::new() }
    }

    /// Takes the first job whose host is free. The cost is O(n) in the number of jobs that wait for their hosts.
    pub fn next(&mut self, now: Instant) -> Next<J> {
        if self.waiting.is_empty() {
            return Next::Done;
        }
        let mut soonest: Option<Instant> = None;
        let mut found = None;
        for (at, (host, _)) in self.waiting.iter().enumerate() {
            let there = self.hosts.get(host).copied().unwrap_or_default();
            if *host != Host::None && there.running >= self.manners.per_host {
                continue;
            }
            match there.free_at.filter(|free_at| *free_at > now) {
                Some(free_at) => soonest = Some(soonest.map_or(free_at, |soonest| soonest.min(free_at))),
                None => {
                    found = Some(at);
                    break;
                }
            }
        }
        match found.and_then(|at| self.waiting.remove(at)) {
            Some((host, job)) => {
                self.hosts.entry(host).or_default().running += 1;
                Next::Take(job)
            }
            None => Next::Wait(soonest),
        }
    }

    /// Records that a job at `host` has ended.
    pub fn ended(&mut self, host: &Host, now: Instant) {
        if let Some(there) = self.hosts.get_mut(host) {
            there.running = there.running.saturating_sub(1);
            there.free_at = matches!(host, Host::Far(_)).then(|| now + self.manners.pause);
        }
    }

    /// Removes and returns all jobs that wait for `host`, because the host asked us to slow down.
    pub fn give_up(&mut self, host: &Host) -> Vec<J> {
        if *host == Host::None {
            return Vec::new();
        }
        let (given_up, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(other, _)| other == host);
        self.waiting = kept.into();
        given_up.into_iter().map(|(_, job)| job).collect()
    }

    /// Removes and returns all waiting jobs.
    pub fn clear(&mut self) -> Vec<J> {
        std::mem::take(&mut self.waiting).into_iter().map(|(_, job)| job).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far(name: &str) -> Host {
        Host::Far(name.to_owned())
    }

    #[test]
    fn one_host_gets_two_jobs_and_then_a_pause() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let jobs = [(far("a"), 1), (far("a"), 2), (far("a"), 3), (far("b"), 4)];
        let mut queue = Queue::new(Manners { pause: Duration::from_millis(300), ..Manners::default() }, jobs);
        assert_eq!(queue.next(start), Next::Take(1));
        assert_eq!(queue.next(start), Next::Take(2));
        assert_eq!(queue.next(start), Next::Take(4));
        assert_eq!(queue.next(start), Next::Wait(None));
        queue.ended(&far("a"), at(10));
        assert_eq!(queue.next(at(20)), Next::Wait(Some(at(310))));
        assert_eq!(queue.next(at(310)), Next::Take(3));
        assert_eq!(queue.next(at(310)), Next::Done);
    }

    #[test]
    fn near_hosts_need_no_pause_and_files_never_wait() {
        let now = Instant::now();
        let near = Host::Near("localhost".to_owned());
        let jobs = [(near.clone(), 1), (near.clone(), 2), (near.clone(), 3)];
        let mut queue = Queue::new(
            Manners::default(),
            jobs.into_iter().chain([(Host::None, 4), (Host::None, 5), (Host::None, 6)]),
        );
        for job in [1, 2, 4, 5, 6] {
            assert_eq!(queue.next(now), Next::Take(job));
        }
        assert_eq!(queue.next(now), Next::Wait(None));
        queue.ended(&near, now);
        assert_eq!(queue.next(now), Next::Take(3));
    }

    #[test]
    fn the_jobs_that_wait_for_a_host_can_be_removed() {
        let now = Instant::now();
        let mut queue = Queue::new(Manners::default(), [(far("a"), 1), (far("b"), 2), (far("a"), 3)]);
        assert_eq!(queue.give_up(&far("a")), [1, 3]);
        assert_eq!(queue.next(now), Next::Take(2));
    }
}
