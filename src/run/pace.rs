//! Decides when the next frame may be sent.
//!
//! A key press is shown at once, but a key that is held down must not fill a slow link with frames that nobody
//! sees. Changes that the user did not cause, mostly answers, are shown at once for a few frames after a quiet
//! time, and at even intervals otherwise.

use std::time::{Duration, Instant};

/// The time between two frames in a continuous series.
const INTERVAL: Duration = Duration::from_millis(33);
/// The number of frames that may follow the first one at once after a quiet time. The rows, the article and the
/// names arrive one after the other.
const AHEAD: u32 = 3;

/// Keeps track of the frames that were sent recently. The current time is always passed in as a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When the next frame would be due if all frames had been sent at even intervals.
    even: Option<Instant>,
    /// When the last frame for a key press was sent.
    shown: Option<Instant>,
    key: Key,
}

/// Whether a key press is waiting for the frame that shows its effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Key {
    Waits,
    #[default]
    Shown,
}

impl Pace {
    /// Returns the pace after a key press that has to be shown.
    pub fn pressed(self) -> Pace {
        Pace { key: Key::Waits, ..self }
    }

    /// Returns the time at which the next frame is due if something has changed.
    pub fn due(self, now: Instant) -> Instant {
        let even =
            self.even.and_then(|even| even.checked_sub(INTERVAL * AHEAD)).map_or(now, |due| due.max(now));
        match self.key {
            Key::Waits => self.shown.map_or(now, |shown| (shown + INTERVAL).max(now)).min(even),
            Key::Shown => even,
        }
    }

    /// Returns the pace after a frame of `bytes` bytes was sent. A frame of 0 bytes, when nothing on the screen has
    /// changed, does not count.
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
    fn a_few_frames_are_sent_at_once_after_a_quiet_time_and_then_evenly() {
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
        // A quiet time allows no more than these few frames.
        for _ in 0..4 {
            pace = pace.sent(at(500), 80);
        }
        assert_eq!(pace.due(at(501)), at(533));
    }

    #[test]
    fn a_key_waits_for_the_previous_key_but_not_for_answers() {
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
        // A key that is held down gets one frame each time, regardless of other changes.
        for ms in [35, 68, 101] {
            assert_eq!(pace.pressed().due(at(ms)), at(ms));
            pace = pace.pressed().sent(at(ms), 80);
            assert!(pace.due(at(ms)) > at(ms + 33));
        }
    }
}
