//! When the next frame may be sent: at once after a quiet spell, else a short while after the one before,
//! so that a held key fills no slow link with frames that nobody sees.

use std::time::{Duration, Instant};

/// The least time between two frames.
const INTERVAL: Duration = Duration::from_millis(33);

/// Knows when the last frame was sent. Time comes in as a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    last: Option<Instant>,
}

impl Pace {
    /// When the next frame is due, if something has changed.
    pub fn due(self, now: Instant) -> Instant {
        self.last.map_or(now, |last| (last + INTERVAL).max(now))
    }

    /// The pace once a frame was sent.
    pub fn sent(self, now: Instant) -> Pace {
        Pace { last: Some(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_at_once_after_quiet_and_slower_after_frames() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        assert_eq!(Pace::default().due(start), start);
        let pace = Pace::default().sent(start);
        assert_eq!(pace.due(at(1)), at(33));
        assert_eq!(pace.due(at(500)), at(500));
    }
}
