//! Estimates what the link to the terminal has taken, and decides how many bytes the next frame may have.
//!
//! What a program writes is taken at once by buffers of several hundred kilobytes (those of the pseudo-terminal, of
//! sshd and of TCP), so the program cannot see how much of it is still on its way. A query that the terminal answers would
//! tell, but its answer may come when another program reads the terminal. So a link over SSH is taken for a slow one of a
//! fixed speed, and any other link for a fast one until a write has to wait.
//!
//! On a slow link a frame is sent once the link is free, that is, once it must have taken the frames before. While keys
//! follow each other closely, no frame is so large that the last one would come late. The current time is always passed
//! in as a value.

use crate::terminal::Sent;
use std::time::{Duration, Instant};

/// The bytes that a slow link takes in a second: 64 kbit/s, less a twentieth to be sure.
const RATE: u64 = 7_600;
/// What SSH, TCP and IP add to the bytes of a frame. OpenSSH adds about 40 and the headers of TCP and IP 40.
const OVERHEAD: u64 = 64;
/// How long before the link is free the next frame may be sent, so that the link is not idle in between.
const LEAD: Duration = Duration::from_millis(30);
/// The screen must show its final state a second after a key is released: the time that is left for the bytes if
/// the key and the frame are on their way for 100 ms each, the program takes 50 ms, and up to 50 ms pass in which the link is
/// thought to be busy and is not (headers that are counted twice, and the twentieth of its rate).
const SETTLED_AFTER: Duration = Duration::from_millis(700);
/// Keys that are closer to each other than this are one series. A held key repeats every 30 to 90 ms.
const SERIES: Duration = Duration::from_millis(100);
/// A measured speed is forgotten when nothing has been sent for this long.
const FORGET: Duration = Duration::from_secs(5);
/// What is still in the buffers when a write had to wait: on Linux, a pseudo-terminal keeps about this many bytes.
const BUFFERED: u64 = 8 * 1024;
/// The slowest speed that is believed: a terminal that stops for a moment is not slow for ever.
const SLOWEST: u64 = 2_000;
/// From this speed on a link counts as fast.
const FAST: u64 = 200_000;

/// The link, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The bytes that it takes in a second; `None` if it takes them as fast as they are written.
    rate: Option<u64>,
    /// The rate of a link of which nothing has been measured.
    usual: Option<u64>,
    /// When the link must have taken everything that was sent.
    free: Option<Instant>,
    /// When something was sent last.
    sent: Option<Instant>,
    /// When the last two batches of keys arrived.
    keys: (Option<Instant>, Option<Instant>),
    /// The size of the frame that follows a series of keys, by those that did.
    following: u64,
}

impl Link {
    pub const FAST: Link =
        Link { rate: None, usual: None, free: None, sent: None, keys: (None, None), following: 0 };
    pub const SLOW: Link = Link { rate: Some(RATE), usual: Some(RATE), ..Link::FAST };

    /// Notes that keys have arrived.
    pub fn pressed(&mut self, now: Instant) {
        self.keys = (self.keys.1, Some(now));
    }

    /// When the next frame may be sent.
    pub fn free(&self, now: Instant) -> Instant {
        self.free.and_then(|free| free.checked_sub(LEAD)).map_or(now, |free| free.max(now))
    }

    /// When the series of keys is over, if there is one now.
    pub fn series_ends(&self, now: Instant) -> Option<Instant> {
        let (Some(first), Some(second)) = self.keys else { return None };
        let close = second.saturating_duration_since(first) < SERIES;
        Some(second + SERIES).filter(|end| close && *end > now)
    }

    /// The most bytes that a frame may have that is sent now, or `None` if there is no bound. During a series of keys, the
    /// last frame may have to wait until the link has taken this one, and another one `follows` if the screen changes
    /// again when the keys rest.
    pub fn room(&self, now: Instant, follows: bool) -> Option<usize> {
        let rate = self.rate?;
        self.series_ends(now)?;
        let all = bytes_in(SETTLED_AFTER, rate);
        let following = if follows { self.following.min(all * 3 / 5) } else { 0 };
        usize::try_from((all - following) / 2).ok()
    }

    /// Notes what was sent.
    pub fn sent(&mut self, now: Instant, sent: Sent) {
        if sent.bytes == 0 {
            return;
        }
        let before = self.sent.replace(now);
        if before.is_some_and(|before| now.saturating_duration_since(before) > FORGET) {
            self.rate = self.usual;
        }
        if self.series_ends(now).is_none() {
            self.following = sent.bytes.max(self.following / 4 * 3);
        }
        if sent.late > 0 && sent.waited > LEAD {
            let measured =
                sent.late * 1000 / u64::try_from(sent.waited.as_millis()).unwrap_or(u64::MAX).max(1);
            let measured = measured.max(SLOWEST);
            self.rate =
                Some(self.usual.map_or(measured, |usual| usual.min(measured))).filter(|rate| *rate < FAST);
            self.free = self.rate.map(|rate| now + time_for(BUFFERED, rate));
            return;
        }
        self.speed_up(now, before);
        self.free = self
            .rate
            .map(|rate| self.free.map_or(now, |free| free.max(now)) + time_for(sent.bytes + OVERHEAD, rate));
    }

    /// A link that was measured may be faster by now. Its rate grows by a quarter in a second, until a write waits again.
    fn speed_up(&mut self, now: Instant, before: Option<Instant>) {
        let (Some(rate), Some(before)) = (self.rate, before) else { return };
        let most = self.usual.unwrap_or(FAST);
        if rate < most {
            let passed = u64::try_from(now.saturating_duration_since(before).as_millis()).unwrap_or(u64::MAX);
            let grown = rate + (rate * passed.min(1000)).div_ceil(4000);
            self.rate = if grown >= FAST { None } else { Some(grown.min(most)) };
        }
    }
}

/// How long a link of `rate` bytes a second takes for `bytes`.
fn time_for(bytes: u64, rate: u64) -> Duration {
    Duration::from_micros(bytes.saturating_mul(1_000_000) / rate.max(1))
}

/// How many bytes a link of `rate` bytes a second takes in `time`.
fn bytes_in(time: Duration, rate: u64) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).saturating_mul(rate) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: Duration = Duration::from_millis(1);
    /// The link of the promise: 64 kbit/s, and 100 ms each way.
    const BYTES_IN_MS: u64 = 8;
    const DELAY: u64 = 100;

    fn bytes(bytes: u64) -> Sent {
        Sent { bytes, ..Sent::default() }
    }

    #[test]
    fn a_fast_link_is_always_free() {
        let start = Instant::now();
        let mut link = Link::FAST;
        for ms in 0..100 {
            let now = start + MS * ms;
            link.pressed(now);
            link.sent(now, bytes(20_000));
            assert_eq!((link.free(now), link.room(now, true)), (now, None));
        }
    }

    #[test]
    fn a_single_key_is_shown_at_once_however_much_changes() {
        let start = Instant::now();
        let mut link = Link::SLOW;
        link.sent(start, bytes(4000));
        let later = start + Duration::from_secs(1);
        link.pressed(later);
        assert_eq!((link.free(later), link.room(later, true)), (later, None));
    }

    #[test]
    fn the_next_frame_waits_until_the_link_has_taken_the_last() {
        let start = Instant::now();
        let mut link = Link::SLOW;
        link.sent(start, bytes(RATE - OVERHEAD));
        assert_eq!(link.free(start), start + Duration::from_secs(1) - LEAD);
        link.sent(start, bytes(0));
        assert_eq!(link.free(start), start + Duration::from_secs(1) - LEAD);
    }

    #[test]
    fn keys_close_to_each_other_are_a_series_until_they_rest() {
        let start = Instant::now();
        let mut link = Link::SLOW;
        link.pressed(start);
        assert_eq!(link.room(start, false), None);
        link.pressed(start + MS * 250);
        assert_eq!(link.room(start + MS * 250, false), None);
        link.pressed(start + MS * 283);
        assert_eq!(link.series_ends(start + MS * 300), Some(start + MS * 383));
        let all = link.room(start + MS * 300, false).expect("a bound");
        link.following = 2000;
        let less = link.room(start + MS * 300, true).expect("a bound");
        assert_eq!(all - less, 1000);
        assert_eq!(link.room(start + MS * 383, false), None);
    }

    #[test]
    fn a_link_on_which_writes_wait_is_slow_for_a_time() {
        let start = Instant::now();
        let mut link = Link::FAST;
        let waited = Sent { bytes: 5000, late: 4000, waited: MS * 500 };
        link.sent(start, waited);
        assert_eq!(link.rate, Some(8000));
        assert_eq!(link.free(start), start + MS * 1024 - LEAD);
        let mut now = start;
        let mut last = 8000;
        while let Some(rate) = link.rate {
            assert!(rate >= last, "{rate} after {last}");
            last = rate;
            now += MS * 500;
            link.sent(now, bytes(100));
        }
        let took = now - start;
        assert!(took > Duration::from_secs(5) && took < Duration::from_secs(30), "{took:?}");
        // What was measured is forgotten after a rest.
        link.sent(now, waited);
        link.sent(now + FORGET + MS, bytes(100));
        assert_eq!(link.rate, None);
        // A pause of a fast terminal, and waits that are short.
        link.sent(now, Sent { waited: Duration::from_secs(60), ..waited });
        assert_eq!(link.rate, Some(SLOWEST));
        let mut link = Link::FAST;
        link.sent(now, Sent { bytes: 5000, late: 4000, waited: MS * 5 });
        assert_eq!(link.rate, None);
    }

    /// Holds a key for `held` ms, 30 times a second, over the link of the promise. Each frame takes `frame` bytes, and when
    /// the keys have rested for 120 ms, one of `following` bytes is drawn. Returns how many milliseconds after
    /// the release of the key the last byte arrives, and how many frames were sent by then.
    fn hold(held: u64, frame: u64, following: u64) -> (u64, usize) {
        let start = Instant::now();
        let at = |ms: u64| start + MS * u32::try_from(ms).expect("short");
        let mut link = Link::SLOW;
        link.following = following;
        let (mut stale, mut frames) = (false, 0);
        // When the link has really taken everything, in the time of a byte.
        let mut taken = 0;
        let mut last_key = DELAY;
        let mut pending = following > 0;
        let mut sent = |link: &mut Link, ms: u64, size: u64| {
            taken = taken.max(ms * BYTES_IN_MS) + size;
            frames += 1;
            link.sent(at(ms), bytes(size));
            taken.div_ceil(BYTES_IN_MS)
        };
        let mut end = 0;
        for ms in DELAY.. {
            let pressed = ms <= held + DELAY && (ms - DELAY).is_multiple_of(33);
            if pressed {
                link.pressed(at(ms));
                (stale, last_key) = (true, ms);
            }
            let follows = pending && ms < last_key + 120;
            if pending && !follows && ms > held + DELAY && link.free(at(ms)) <= at(ms) && !stale {
                end = sent(&mut link, ms, following);
                pending = false;
            }
            let room = link.room(at(ms), follows).is_none_or(|room| frame <= room as u64);
            if stale && room && link.free(at(ms)) <= at(ms) {
                end = sent(&mut link, ms, frame);
                stale = false;
            }
            if !stale && !pending && ms > held + DELAY {
                break;
            }
        }
        ((end + DELAY).saturating_sub(held), frames)
    }

    proptest! {
        /// However long a key is held and whatever a frame costs, the last one arrives within a second, if the link can carry
        /// it at all in that time. (Two presses at once are not held: the first is shown at once.)
        #[test]
        fn a_held_key_settles_within_a_second(held in 1000..6000_u64, frame in 1..4500_u64, following in 0..3500_u64) {
            prop_assume!(frame + following <= 4800);
            let (lag, _) = hold(held, frame, following);
            // Whether the link is free is looked at once a millisecond, for each of the two frames.
            prop_assert!(lag <= 1002, "{lag} ms");
        }
    }

    #[test]
    fn frames_go_on_while_a_key_is_held() {
        // Lines of text, pages of a small list, pages of text.
        for (frame, following, least) in
            [(100, 0, 80), (170, 1200, 80), (600, 1500, 20), (1200, 0, 14), (2000, 0, 8)]
        {
            let (_, frames) = hold(3000, frame, following);
            assert!(frames >= least, "{frames} frames of {frame} bytes");
        }
    }
}
