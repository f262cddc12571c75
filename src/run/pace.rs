//! When the next frame may be sent: for a key at once, but that a held one fills no slow link with frames that
//! nobody sees; for what comes of itself, answers above all, a few at once after a quiet spell, else evenly.

use std::time::{Duration, Instant};

/// The time between two frames where they go on.
const INTERVAL: Duration = Duration::from_millis(33);
/// Frames that may follow at once upon the first after a quiet spell: rows, article and names come one by one.
const AHEAD: u32 = 3;

/// Knows how many frames were sent lately. Time comes in as a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When a frame would have been due, had they all been sent evenly.
    even: Option<Instant>,
    /// When a frame for a key was sent last.
    shown: Option<Instant>,
    key: Key,
}

/// Whether a key waits for the frame that shows what it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Key {
    Waits,
    #[default]
    Shown,
}

impl Pace {
    /// The pace with a key to show.
    pub fn pressed(self) -> Pace {
        Pace { key: Key::Waits, ..self }
    }

    /// When the next frame is due, if something has changed.
    pub fn due(self, now: Instant) -> Instant {
        let even =
            self.even.and_then(|even| even.checked_sub(INTERVAL * AHEAD)).map_or(now, |due| due.max(now));
        match self.key {
            Key::Waits => self.shown.map_or(now, |shown| (shown + INTERVAL).max(now)).min(even),
            Key::Shown => even,
        }
    }

    /// The pace once a frame of so many bytes was sent. One of none, where nothing on the screen has changed,
    /// costs nobody anything.
    pub fn sent(self, now: Instant, bytes: u64) -> Pace {
        if bytes == 0 {
            return Pace { key: Key::Shown, ..self };
        }
        let even = Some(self.even.map_or(now, |even| even.max(now)) + INTERVAL);
        let shown = if self.key == Key::Waits { Some(now) } else { self.shown };
        Pace { even, shown, key: Key::Shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn a_few_frames_come_at_once_after_quiet_and_then_evenly() {
        let start = Instant::now();
        let at = |ms| at(start, ms);
        let mut pace = Pace::default();
        for _ in 0..4 {
            assert_eq!(pace.due(at(1)), at(1));
            pace = pace.sent(at(1), 80);
        }
        assert_eq!(pace.due(at(2)), at(34));
        assert_eq!(pace.sent(at(2), 0).due(at(3)), at(34));
        pace = pace.sent(at(34), 80);
        assert_eq!(pace.due(at(35)), at(67));
        assert_eq!(pace.due(at(500)), at(500));
        // A quiet spell gives no more than these few.
        for _ in 0..4 {
            pace = pace.sent(at(500), 80);
        }
        assert_eq!(pace.due(at(501)), at(533));
    }

    #[test]
    fn a_key_waits_for_no_answer_but_for_the_key_before() {
        let start = Instant::now();
        let at = |ms| at(start, ms);
        let mut pace = Pace::default();
        for _ in 0..9 {
            pace = pace.sent(at(1), 80);
        }
        assert!(pace.due(at(2)) > at(40));
        assert_eq!(pace.pressed().due(at(2)), at(2));
        pace = pace.pressed().sent(at(2), 80);
        assert_eq!(pace.pressed().due(at(3)), at(35));
        // A held key: one frame each time, whatever else there is.
        for ms in [35, 68, 101] {
            assert_eq!(pace.pressed().due(at(ms)), at(ms));
            pace = pace.pressed().sent(at(ms), 80);
            assert!(pace.due(at(ms)) > at(ms + 33));
        }
    }
}
