//! The filter between the terminal and crossterm: it lets whole, valid sequences through and drops the rest.
//!
//! crossterm waits without a limit for the end of a sequence, and takes everything until then for a part of it.
//! What a terminal sends comes from strangers and may be torn, invalid, unasked for or endless, so the filter
//! waits for a limited time, and what arrives after that is a key again. It never blocks and never reads: bytes and
//! times in, sequences out.

use super::sequence::{self, Found, Open, PASTE_END, PASTE_START};
use std::time::{Duration, Instant};

/// How long the rest of a sequence may take to arrive after its Esc; then it is the Esc key. The pieces of one key
/// press follow each other closely, however slow the connection is. tmux waits 10 ms (`escape-time`), Vim's
/// defaults 100 ms (`ttimeoutlen`).
const ESC: Duration = Duration::from_millis(20);
/// How long the rest of anything else may take to arrive: two round trips of a slow link that loses a packet,
/// and the time that readline takes (`keyseq-timeout`). After an Esc that was delivered alone, what follows within
/// this time may still be the rest of its sequence.
const TORN: Duration = Duration::from_millis(500);
/// How long a single character that arrives within an answer, a mouse report or a paste may be a part of it. If nothing
/// follows, it is a key. Key and answer together must take less than 100 ms.
const LATER: Duration = Duration::from_millis(50);
/// The same for a control sequence, in which few characters can be keys, and which may arrive byte by byte.
const LATER_IN_SEQUENCE: Duration = Duration::from_millis(250);
/// How long a `[` or `O` shortly after an Esc may be the rest of its sequence.
const LATE: Duration = Duration::from_millis(100);
/// How long a paste may pause, and how long it may take altogether. At 64 kbit/s, the packets of a paste are 180 ms
/// apart, and the second limit lets 240 KB through.
const PASTE_PAUSE: Duration = Duration::from_secs(1);
const PASTE_TIME: Duration = Duration::from_secs(30);
/// How long anything else may take altogether.
const TIME: Duration = Duration::from_secs(2);
/// The most bytes of a paste that are kept. The lines that take pastes are far shorter.
const PASTE_BYTES: usize = 32 * 1024;
/// The most bytes of another sequence that are kept. The longest that means anything is shorter.
const BYTES: usize = 256;
/// The most bytes in one run.
const RUN: usize = 512;

/// Bytes that crossterm decodes without waiting for more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// The Esc key. crossterm recognises it only if nothing follows.
    Esc,
    /// Whole sequences, one event each, in at most about [`RUN`] bytes.
    Keys(Vec<u8>),
    /// A whole paste.
    Paste(Vec<u8>),
}

/// The bytes that have arrived but do not form anything whole, and what is ready.
#[derive(Debug)]
pub struct Filter {
    /// Whether mouse events are let through.
    mouse: bool,
    /// The bytes without an end; only the beginning if there are too many.
    open: Vec<u8>,
    what: Open,
    /// The index in `open` from which the bytes arrived later than those before; 0 if they came together.
    tail: usize,
    /// Whether the first byte of `open` is an Esc that has been delivered already.
    again: bool,
    /// When the first and the last bytes of `open` arrived.
    first: Instant,
    last: Instant,
    /// When an Esc was delivered because nothing followed.
    esc: Option<Instant>,
    ready: Vec<Run>,
}

impl Filter {
    pub fn new(mouse: bool, now: Instant) -> Filter {
        Filter {
            mouse,
            open: Vec::new(),
            what: Open::Esc,
            tail: 0,
            again: false,
            first: now,
            last: now,
            esc: None,
            ready: Vec::new(),
        }
    }

    /// Takes bytes that have arrived together.
    pub fn take(&mut self, bytes: &[u8], now: Instant) {
        // The process may have been stopped for long. Shorter delays are its own, not those of the sender.
        if self.deadline().is_some_and(|deadline| deadline + TORN <= now) {
            self.expire(now);
        }
        if bytes.is_empty() {
            return;
        }
        let after_esc = self.esc.take().is_some_and(|at| now <= at + TORN);
        self.tail = self.open.len();
        self.last = now;
        if self.open.is_empty() {
            self.first = now;
            if after_esc && matches!(bytes.first(), Some(b'[' | b'O')) {
                self.open.push(0x1b);
                self.again = true;
            }
        }
        self.open.extend_from_slice(bytes);
        self.sort();
    }

    /// When [`Filter::expire`] has to be called, if there are bytes without an end.
    pub fn deadline(&self) -> Option<Instant> {
        let most = self.first + if self.what == Open::Paste { PASTE_TIME } else { TIME };
        let pause = match self.what {
            _ if self.again => LATE,
            Open::Esc => ESC,
            Open::Sequence if self.ends_with_key() => LATER_IN_SEQUENCE,
            Open::Other | Open::Paste if self.ends_with_key() => LATER,
            Open::Sequence | Open::Other => TORN,
            Open::Paste => PASTE_PAUSE,
        };
        (!self.open.is_empty()).then(|| (self.last + pause).min(most))
    }

    /// Gives up on bytes whose end has not arrived in time.
    pub fn expire(&mut self, now: Instant) {
        while self.deadline().is_some_and(|deadline| deadline <= now) {
            if self.again {
                self.keep_from(1);
            } else if self.what == Open::Esc {
                self.ready.push(Run::Esc);
                self.esc = (self.open.len() == 1).then_some(now);
                self.keep_from(1);
            } else {
                let kept = if self.ends_with_key() { self.tail } else { self.open.len() };
                self.keep_from(kept);
            }
            self.sort();
        }
    }

    /// What has become ready, in order.
    pub fn ready(&mut self) -> Vec<Run> {
        std::mem::take(&mut self.ready)
    }

    /// Whether the last bytes came after the others and are a single character.
    fn ends_with_key(&self) -> bool {
        let late = self.open.get(self.tail..).unwrap_or_default();
        self.tail > 0 && std::str::from_utf8(late).is_ok_and(|text| text.chars().count() == 1)
    }

    /// Drops the bytes before `start`.
    fn keep_from(&mut self, start: usize) {
        self.open.drain(..start.min(self.open.len()));
        self.tail = self.tail.saturating_sub(start);
        self.again = false;
        self.first = self.last;
    }

    /// Moves everything whole from `open` to `ready`, and drops what means nothing.
    fn sort(&mut self) {
        let open = std::mem::take(&mut self.open);
        let mut at = 0;
        while let Some(rest) = open.get(at..).filter(|rest| !rest.is_empty()) {
            let found = sequence::find(rest, self.tail.saturating_sub(at), self.mouse);
            // An Esc that has been delivered counts only as the beginning of something whole.
            if self.again && !matches!(found, Found::Whole(_) | Found::Open(Open::Sequence)) {
                self.again = false;
                at += 1;
                continue;
            }
            at += match found {
                Found::Open(what) => {
                    self.what = what;
                    break;
                }
                Found::Whole(length) => {
                    self.pass(rest.get(..length).unwrap_or_default());
                    length
                }
                Found::LineFeed => {
                    // In this form it is Ctrl-J for crossterm, which otherwise takes it for Enter.
                    self.pass(b"\x1b[106;5u");
                    1
                }
                Found::Esc => {
                    self.ready.push(Run::Esc);
                    1
                }
                Found::Paste(length) => {
                    self.ready.push(Run::Paste(bounded(rest.get(..length).unwrap_or_default())));
                    length
                }
                Found::Nothing(length) => length,
            };
            self.again = false;
        }
        self.open = open;
        if at > 0 {
            let again = self.again;
            self.keep_from(at);
            self.again = again;
        }
        self.bound();
    }

    /// Adds a sequence to the last run.
    fn pass(&mut self, bytes: &[u8]) {
        match self.ready.last_mut() {
            Some(Run::Keys(keys)) if keys.len() + bytes.len() <= RUN => keys.extend_from_slice(bytes),
            _ => self.ready.push(Run::Keys(bytes.to_vec())),
        }
    }

    /// Forgets the middle of what has grown too long. Its end is kept, because it may be the beginning of the mark
    /// for which the filter waits.
    fn bound(&mut self) {
        let most = if self.what == Open::Paste { PASTE_START.len() + PASTE_BYTES } else { BYTES };
        let end = PASTE_END.len() - 1;
        if self.open.len() > most + end {
            let cut = self.open.len() - end - most;
            self.open.drain(most..most + cut);
            self.tail = if self.tail > most { self.tail.saturating_sub(cut).max(most) } else { self.tail };
        }
    }
}

/// A paste of which at most [`PASTE_BYTES`] are kept between its marks.
fn bounded(paste: &[u8]) -> Vec<u8> {
    let most = PASTE_START.len() + PASTE_BYTES;
    if paste.len() <= most + PASTE_END.len() {
        return paste.to_vec();
    }
    [paste.get(..most).unwrap_or_default(), PASTE_END].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const MS: Duration = Duration::from_millis(1);

    fn flat(runs: &[Run]) -> Vec<u8> {
        let bytes = |run: &Run| match run {
            Run::Esc => b"\x1b".to_vec(),
            Run::Keys(bytes) | Run::Paste(bytes) => bytes.clone(),
        };
        runs.iter().flat_map(bytes).collect()
    }

    /// Sends pieces, each after a number of milliseconds, and waits for a further number of them. Returns what came out.
    fn send(mouse: bool, pieces: &[(u32, &[u8])], rest: u32) -> Vec<u8> {
        let mut now = Instant::now();
        let mut filter = Filter::new(mouse, now);
        for (pause, bytes) in pieces {
            pass(&mut filter, &mut now, *pause);
            filter.take(bytes, now);
        }
        pass(&mut filter, &mut now, rest);
        flat(&filter.ready())
    }

    /// Lets a number of milliseconds pass.
    fn pass(filter: &mut Filter, now: &mut Instant, pause: u32) {
        let end = *now + MS * pause;
        while let Some(deadline) = filter.deadline().filter(|deadline| *deadline <= end) {
            filter.expire(deadline);
        }
        *now = end;
    }

    fn check(pieces: &[(u32, &[u8])], rest: u32, expected: &[u8]) {
        let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
        assert_eq!(shown(&send(false, pieces, rest)), shown(expected), "{pieces:?}");
    }

    #[test]
    fn a_lone_esc_is_a_key_soon_but_an_arrow_may_be_torn_anywhere() {
        check(&[(0, b"\x1b")], 19, b"");
        check(&[(0, b"\x1b")], 20, b"\x1b");
        check(&[(0, b"\x1b"), (10, b"[A")], 0, b"\x1b[A");
        check(&[(0, b"\x1b["), (400, b"A")], 0, b"\x1b[A");
        check(&[(0, b"\x1bO"), (400, b"B")], 0, b"\x1bOB");
        check(&[(0, b"\x1b[1;"), (400, b"5C")], 0, b"\x1b[1;5C");
        check(&[(0, b"\x1b[1"), (200, b";"), (200, b"5"), (200, b"C")], 0, b"\x1b[1;5C");
        // The Esc has been delivered, but at least the letters are no keys.
        check(&[(0, b"\x1b"), (300, b"[A")], 0, b"\x1b\x1b[A");
        check(&[(0, b"\x1b"), (300, b"["), (90, b"A")], 0, b"\x1b\x1b[A");
        check(&[(0, b"\x1b"), (300, b"[")], 100, b"\x1b[");
        check(&[(0, b"\x1b"), (300, b"[j")], 0, b"\x1b[j");
        check(&[(0, b"\x1b"), (600, b"[A")], 0, b"\x1b[A");
    }

    #[test]
    fn what_stays_torn_is_dropped_and_the_next_key_counts() {
        for torn in [
            &b"\xe9"[..],
            b"\xc3",
            b"\x1b[",
            b"\x1bO",
            b"\x1b[1;",
            b"\x1b[200~abc",
            b"\x1b[<0;1",
            b"\x1b[M",
            b"\x1b[M!",
            b"\x1b[M!!",
            b"\x1b]11;rgb:ff",
            b"\x1bP1$r",
            b"\x1b_Gi",
        ] {
            check(&[(0, torn)], 1000, b"");
            for pause in [0, 5, 30, 300] {
                check(&[(0, torn), (pause, b"j")], 50, b"j");
            }
            check(&[(0, torn), (5, b"\x1b[B")], 0, b"\x1b[B");
            check(&[(0, torn), (5, b"\x03")], 50, b"\x03");
            check(&[(0, torn), (1000, b"[")], 0, b"[");
        }
    }

    #[test]
    fn a_paste_arrives_in_pieces_and_whole() {
        let pieces: &[(u32, &[u8])] =
            &[(0, b"\x1b[200~ab"), (900, b"\x1b[31mcde\x03f"), (900, b"gh\x1b"), (40, b"[201~j")];
        check(pieces, 0, b"\x1b[200~ab\x1b[31mcde\x03fgh\x1b[201~j");
    }

    #[test]
    fn what_never_ends_is_bounded() {
        let mut now = Instant::now();
        for start in [&b"\x1b[200~"[..], b"\x1b]11;", b"\x1b[1", b"\x1bP1"] {
            let mut filter = Filter::new(false, now);
            filter.take(start, now);
            for _ in 0..1000 {
                now += MS;
                filter.take(&[b'1'; 4096], now);
                assert!(filter.open.len() <= PASTE_BYTES + 64, "{}", filter.open.len());
            }
            now += PASTE_TIME;
            filter.expire(now);
            assert_eq!(filter.ready(), [], "{start:?}");
            filter.take(b"j", now);
            assert_eq!(filter.ready(), [Run::Keys(b"j".to_vec())], "{start:?}");
        }
        let mut filter = Filter::new(false, now);
        filter.take(&[PASTE_START, &vec![b'a'; 100_000], PASTE_END, b"j"].concat(), now);
        let kept = [PASTE_START, &vec![b'a'; PASTE_BYTES], PASTE_END].concat();
        assert_eq!(filter.ready(), [Run::Paste(kept), Run::Keys(b"j".to_vec())]);
    }

    /// Bytes that are made of the pieces of sequences more often than chance would have it.
    fn noise() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            4 => prop::sample::select(vec![
                "\u{1b}", "[", "O", "]", "P", "_", "1", ";", "<", "?", "M", "m", "~", "\u{1b}[200~", "\u{1b}[201~", "\u{1b}\\",
                "\u{7}", "é", "$", "y", "\n", " ", "11;", "G",
            ])
            .prop_map(|piece| piece.as_bytes().to_vec()),
            1 => vec(any::<u8>(), 1..4),
        ];
        vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// A key that is pressed after any noise counts in time, whatever the noise began.
        #[test]
        fn a_key_counts_after_any_noise(
            noise in vec((0..700_u32, noise()), 1..4),
            pause in 1..40_u32,
            key in prop::sample::select(vec!["j", "k", " ", "q", "\r", "\u{3}", "\u{1b}[6~"]),
        ) {
            let mut pieces: Vec<(u32, &[u8])> = noise.iter().map(|(pause, bytes)| (*pause, bytes.as_slice())).collect();
            pieces.push((pause, key.as_bytes()));
            let out = send(false, &pieces, 50);
            prop_assert!(out.ends_with(key.as_bytes()), "{:?}: {}", pieces, out.escape_ascii());
        }

        /// Where a key, a click or a paste is torn makes no difference if the pieces follow each other.
        #[test]
        fn tearing_changes_nothing(
            keys in vec(prop::sample::select(vec![
                "j", "é", "日", "\u{1b}[A", "\u{1b}OB", "\u{1b}[6~", "\u{1b}[1;5C", "\u{1b}[200~text\u{1b}[201~", "\u{1b}[<0;1;2M", "\u{1b}[M !!",
            ]), 1..6),
            cuts in vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let whole = keys.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(whole.len())).chain([0, whole.len()]).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let pieces: Vec<(u32, &[u8])> = cuts.windows(2).map(|pair| (15, &whole[pair[0]..pair[1]])).collect();
            prop_assert_eq!(send(true, &pieces, 0), whole);
        }

        /// Everything that comes out is whole, and nothing stays open for ever.
        #[test]
        fn only_whole_sequences_come_out(noise in vec((0..100_u32, noise()), 1..5), mouse: bool) {
            let pieces: Vec<(u32, &[u8])> = noise.iter().map(|(pause, bytes)| (*pause, bytes.as_slice())).collect();
            let out = send(mouse, &pieces, 40_000);
            let mut at = 0;
            while at < out.len() {
                at += match sequence::find(&out[at..], 0, mouse) {
                    Found::Whole(length) | Found::Paste(length) => length,
                    Found::Esc | Found::Open(Open::Esc) => 1,
                    // An Esc before a key looks like the beginning of a sequence in this flat form.
                    _ if out[at] == 0x1b => 1,
                    found => return Err(TestCaseError::fail(format!("{found:?}: {}", out[at..].escape_ascii()))),
                };
            }
        }
    }
}
