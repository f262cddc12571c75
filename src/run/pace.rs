//! When the next frame may be sent: a few at once after a quiet spell, for a key and the answers to it, else a
//! short while after the one before, so that a held key fills no slow link with frames that nobody sees.

use std::time::{Duration, Instant};

/// The time between two frames where they go on.
const INTERVAL: Duration = Duration::from_millis(33);
/// Frames that may follow at once upon the first after a quiet spell: rows, article and names come one by one.
const AHEAD: u32 = 2;

/// Knows how many frames were sent lately. Time comes in as a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When a frame would have been due, had they all been sent evenly.
    even: Option<Instant>,
}

impl Pace {
    /// When the next frame is due, if something has changed.
    pub fn due(self, now: Instant) -> Instant {
        self.even.and_then(|even| even.checked_sub(INTERVAL * AHEAD)).map_or(now, |due| due.max(now))
    }

    /// The pace once a frame was sent.
    pub fn sent(self, now: Instant) -> Pace {
        Pace { even: Some(self.even.map_or(now, |even| even.max(now)) + INTERVAL) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_frames_come_at_once_after_quiet_and_then_evenly() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut pace = Pace::default();
        for _ in 0..3 {
            assert_eq!(pace.due(at(1)), at(1));
            pace = pace.sent(at(1));
        }
        assert_eq!(pace.due(at(2)), at(34));
        pace = pace.sent(at(34));
        assert_eq!(pace.due(at(35)), at(67));
        assert_eq!(pace.due(at(500)), at(500));
        // A quiet spell gives no more than these few.
        for _ in 0..3 {
            pace = pace.sent(at(500));
        }
        assert_eq!(pace.due(at(501)), at(533));
    }
}
