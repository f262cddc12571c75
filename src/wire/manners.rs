//! In which order sources are asked, and how many at once: some at one time, few of them at one host, with
//! a pause there.
//!
//! A queue that says what may be done now. Time comes in as a value; whoever works it off sleeps and fetches.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How much is asked at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Requests under way.
    pub at_once: usize,
    /// Of these, to one host.
    pub per_host: usize,
    /// Between the end of a request to a host and the next one to it.
    pub pause: Duration,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners { at_once: 32, per_host: 2, pause: Duration::from_millis(300) }
    }
}

/// Where a job is done: jobs at one host wait for one another, those at none wait for nobody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// Of the net.
    Far(String),
    /// On this machine or in a private network: no pause.
    Near(String),
    /// No host at all: a file, a command.
    None,
}

/// What may be done now.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<J> {
    Take(J),
    /// Nothing before this time, unless something ends.
    Wait(Option<Instant>),
    /// Nothing any more.
    Done,
}

/// Jobs that wait, in order.
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

    /// Takes the first job whose host is free. O(n) in the jobs that wait for their hosts.
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

    /// A job at `host` has ended.
    pub fn ended(&mut self, host: &Host, now: Instant) {
        if let Some(there) = self.hosts.get_mut(host) {
            there.running = there.running.saturating_sub(1);
            there.free_at = matches!(host, Host::Far(_)).then(|| now + self.manners.pause);
        }
    }

    /// Takes out all that waits for `host`: it asked for patience.
    pub fn give_up(&mut self, host: &Host) -> Vec<J> {
        if *host == Host::None {
            return Vec::new();
        }
        let (given_up, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(other, _)| other == host);
        self.waiting = kept.into();
        given_up.into_iter().map(|(_, job)| job).collect()
    }

    /// Takes out all that waits.
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
    fn two_at_one_host_and_then_a_pause() {
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
    fn near_hosts_need_no_pause_and_files_no_turn() {
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
    fn what_waits_for_a_host_can_be_given_up() {
        let now = Instant::now();
        let mut queue = Queue::new(Manners::default(), [(far("a"), 1), (far("b"), 2), (far("a"), 3)]);
        assert_eq!(queue.give_up(&far("a")), [1, 3]);
        assert_eq!(queue.next(now), Next::Take(2));
    }
}
