//! The memory that the large answers of simultaneous requests may take together.
//!
//! A share grows with what has come, so that a server that sends nothing takes nothing. A share that would exceed the
//! whole waits until others are given back; the oldest share that still grows never waits, so that not all can wait for
//! one another. A small answer needs no share.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What all shares may have together, in bytes, besides one that is the oldest.
const WHOLE: usize = 48 << 20;
/// An answer up to this length, in bytes, needs no share.
const SMALL: usize = 256 << 10;
/// How long one look at the clock is enough.
const LOOK: Duration = Duration::from_millis(500);

/// The room. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Room(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    /// Notified when a share was given back or stopped growing.
    news: Condvar,
    /// Held while a large answer is read into articles.
    turn: Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    /// The bytes of all shares.
    taken: usize,
    /// The numbers of the shares that still grow.
    growing: BTreeSet<u64>,
    next: u64,
}

impl Room {
    /// A share of nothing.
    pub(super) fn share(&self) -> Share {
        Share(Some(Arc::new(Held { room: self.clone(), part: Mutex::new(Part { number: None, bytes: 0 }) })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No panic can happen under the lock.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A part of the room. It is given back when the last clone is dropped.
#[derive(Clone, Debug, Default)]
pub struct Share(Option<Arc<Held>>);

#[derive(Debug)]
struct Held {
    room: Room,
    part: Mutex<Part>,
}

#[derive(Debug)]
struct Part {
    /// The number in [`State::growing`], once it has been there.
    number: Option<u64>,
    bytes: usize,
}

/// Two shares are equal if they have the same size.
impl PartialEq for Share {
    fn eq(&self, other: &Share) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Share {}

impl Held {
    fn part(&self) -> MutexGuard<'_, Part> {
        self.part.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// How many bytes of the room it has.
    pub fn bytes(&self) -> usize {
        self.0.as_ref().map_or(0, |held| held.part().bytes)
    }

    /// Waits until no other large answer is being read into articles, which takes several times its length. A small
    /// answer does not wait. The turn ends when the value is dropped.
    pub fn turn(&self) -> Option<impl Drop + '_> {
        let held = self.0.as_ref().filter(|_| self.bytes() > 0)?;
        Some(held.room.0.turn.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes the share large enough for `bytes`. Waits for others if need be, until `until` at most; `false` if the time
    /// is up.
    pub(super) fn grow_to(&mut self, bytes: usize, until: Instant) -> bool {
        let Some(held) = &self.0 else { return true };
        let mut part = held.part();
        if bytes <= SMALL || bytes <= part.bytes {
            return true;
        }
        // The buffer of the answer doubles as well.
        let wanted = bytes.next_power_of_two();
        let mut state = held.room.lock();
        let number = *part.number.get_or_insert_with(|| {
            let number = state.next;
            state.next += 1;
            state.growing.insert(number);
            number
        });
        loop {
            if state.taken + wanted - part.bytes <= WHOLE || state.growing.first() == Some(&number) {
                state.taken += wanted - part.bytes;
                part.bytes = wanted;
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = held.room.0.news.wait_timeout(state, left.min(LOOK));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The answer is complete, with this length.
    pub(super) fn settle(&mut self, bytes: usize) {
        let Some(held) = &self.0 else { return };
        held.set(if bytes <= SMALL { 0 } else { bytes });
    }
}

impl Held {
    /// The share does not grow any more, and has this size.
    fn set(&self, bytes: usize) {
        let mut part = self.part();
        let mut state = self.room.lock();
        state.taken = state.taken - part.bytes + bytes;
        part.bytes = bytes;
        if let Some(number) = part.number.take() {
            state.growing.remove(&number);
        }
        drop(state);
        self.room.0.news.notify_all();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(50)
    }

    #[test]
    fn small_answers_need_no_share() {
        let room = Room::default();
        let mut shares: Vec<Share> = (0..1000).map(|_| room.share()).collect();
        assert!(shares.iter_mut().all(|share| share.grow_to(SMALL, soon())));
        assert_eq!(room.lock().taken, 0);
        assert!(shares[0].turn().is_none());
    }

    #[test]
    fn shares_wait_for_one_another_but_the_oldest_does_not() {
        let room = Room::default();
        let (mut oldest, mut other, mut third) = (room.share(), room.share(), room.share());
        assert!(oldest.grow_to(WHOLE / 4, soon()) && other.grow_to(WHOLE / 4, soon()));
        assert!(!third.grow_to(WHOLE, soon()) && !other.grow_to(WHOLE, soon()));
        assert!(oldest.grow_to(WHOLE, soon()));
        oldest.settle(WHOLE / 2);
        // Now the second is the oldest of those that grow.
        assert!(!third.grow_to(WHOLE, soon()) && other.grow_to(WHOLE, soon()));
        drop((oldest, other));
        assert!(third.grow_to(WHOLE, soon()));
        drop(third);
        let state = room.lock();
        assert_eq!((state.taken, state.growing.len()), (0, 0));
    }

    #[test]
    fn a_share_that_waits_goes_on_when_another_is_given_back() {
        let room = Room::default();
        let (mut first, mut second) = (room.share(), room.share());
        assert!(first.grow_to(WHOLE, soon()));
        let clone = first.clone();
        let waiting =
            std::thread::spawn(move || second.grow_to(WHOLE / 2, Instant::now() + Duration::from_secs(20)));
        drop(first);
        assert!(!waiting.is_finished());
        drop(clone);
        assert!(waiting.join().expect("no panic"));
    }
}
