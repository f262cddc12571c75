//! Input that is torn, invalid, unasked for or endless: it stops neither keys nor signals. Output that nobody takes, and
//! windows that no screen holds.

use super::session::{Session, command, program};
use super::{home, reader};
use rustix::process::Signal;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a key or a signal may take here. The promise is 100 ms, and the fuzzed sessions print how long it took; but the
/// machine of a test may be busy, and what this finds is a reader that has stopped, which never answers.
const PROMPT: Duration = Duration::from_secs(8);
/// What is in no hurry at all has ended by then.
const QUIET: Duration = Duration::from_millis(150);
const SIGNALS: [(Signal, u32); 3] = [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)];

/// Beginnings without an end, invalid bytes, and answers that nobody asked for.
const TORN: [&[u8]; 19] = [
    b"\xe9",
    b"\xc3",
    b"\xff\xfe",
    b"\xf0\x9f\x98",
    b"\x1b[",
    b"\x1bO",
    b"\x1b[1;",
    b"\x1b[200~half of a paste",
    b"\x1b[?1;2c",
    b"\x1b[24;80R",
    b"\x1b]11;rgb:0000/0000/0000\x07",
    b"\x1b]11;rgb:00",
    b"\x1bP1$r",
    b"\x1b_Gi=1",
    b"\x1b[M",
    b"\x1b[M!!",
    b"\x1b[<0;12;",
    b"\x1b[<0;0;0M",
    b"\x1b[0;0R\x1b[M\x00\x00\x00",
];

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// The time until the program sends something.
fn answer(session: &mut Session, keys: &[u8]) -> Duration {
    let start = Instant::now();
    session.press_bytes(keys);
    session.next_chunk(PROMPT).unwrap_or_else(|_| panic!("no answer to {}", shown(keys)));
    start.elapsed()
}

/// The time until the program has ended after a signal.
fn end(session: &mut Session, (signal, code): (Signal, u32)) -> Duration {
    let start = Instant::now();
    session.signal(signal);
    assert_eq!(session.end().code, code);
    start.elapsed()
}

#[test]
fn torn_input_eats_no_key() {
    let home = home();
    let mut session = reader(home.path(), 80, 24);
    for (at, torn) in TORN.iter().enumerate() {
        session.settle(QUIET);
        session.press_bytes(torn);
        std::thread::sleep(Duration::from_millis(if at % 2 == 0 { 10 } else { 200 }));
        let key = if at % 2 == 0 { b"j" } else { b"k" };
        let took = answer(&mut session, key);
        assert!(took < PROMPT, "{took:?} after {}", shown(torn));
    }
}

#[test]
fn torn_input_delays_no_signal() {
    let home = home();
    for (torn, signal) in TORN.iter().step_by(3).zip(SIGNALS.iter().cycle()) {
        let mut session = reader(home.path(), 80, 24);
        session.press_bytes(torn);
        std::thread::sleep(Duration::from_millis(10));
        let took = end(&mut session, *signal);
        assert!(took < PROMPT, "{took:?} after {}", shown(torn));
        session.assert_left_clean();
    }
}

#[test]
fn a_torn_arrow_moves_and_a_lone_esc_closes() {
    let home = home();
    let mut session = reader(home.path(), 80, 24);
    session.press("?");
    session.expect("Help:");
    session.press("\u{1b}");
    session.expect_gone("Help:");
    session.press("/lima");
    session.expect_gone("Harbour");
    for piece in ["\u{1b}[", "D"] {
        session.press(piece);
        std::thread::sleep(Duration::from_millis(150));
    }
    // The arrow has moved the cursor before the last letter.
    session.press("x");
    session.expect("limxa");
}

#[test]
fn a_stalled_terminal_does_not_hold_up_the_first_signal() {
    let home = home();
    for signal in SIGNALS {
        let mut session = reader(home.path(), 200, 50);
        let kept = session.stop_listening("\u{c}");
        // Each of these repaints the screen, until the line takes no more.
        for _ in 0..60 {
            session.press("\u{c}");
            std::thread::sleep(Duration::from_millis(10));
        }
        let start = Instant::now();
        session.signal(signal.0);
        assert_eq!(session.wait().code, signal.1);
        assert!(start.elapsed() < PROMPT, "{:?}", start.elapsed());
        drop(kept);
    }
}

#[test]
fn a_window_of_any_size_is_drawn_in_bounded_memory() {
    let home = home();
    let mut session = reader(home.path(), 80, 24);
    session.settle(QUIET);
    let small = session.peak();
    for (columns, rows) in [(4000, 4000), (u16::MAX, u16::MAX), (u16::MAX, 1), (1, u16::MAX)] {
        session.tell_size(columns, rows);
        session.settle(Duration::from_millis(600));
        answer(&mut session, b"\x0c");
        session.settle(QUIET);
    }
    if let (Some(small), Some(large)) = (small, session.peak()) {
        assert!(large < small + (30 << 20), "{small} bytes, then {large}");
    }
    end(&mut session, SIGNALS[0]);
    session.assert_left_clean();
}

/// A generator of numbers (xorshift), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 8) % most
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[usize::try_from(self.below(of.len() as u64)).expect("a small number")]
    }

    /// Random bytes, pieces of sequences, and sequences that stay torn. None of them asks the program to end.
    fn noise(&mut self) -> Vec<u8> {
        const PIECES: [&[u8]; 24] = [
            b"\x1b",
            b"\x1b[",
            b"\x1bO",
            b"\x1b]",
            b"\x1bP",
            b"\x1b_",
            b"\x1b[200~",
            b"\x1b[201~",
            b"\x1b[<",
            b"\x1b[M",
            b"\x1b[A",
            b"\x1b[6~",
            b"\x1b\\",
            b"\x07",
            b";",
            b"1",
            b"0",
            b"M",
            b"?",
            b"$y",
            b"\xc3\xa9",
            b"\xe6\x97\xa5",
            b"j",
            b" ",
        ];
        let mut noise = Vec::new();
        for _ in 0..=self.below(12) {
            match self.below(4) {
                0 => noise.extend_from_slice(self.pick(&TORN)),
                1 | 2 => noise.extend_from_slice(self.pick(&PIECES)),
                _ => noise.extend((0..=self.below(30)).map(|_| u8::try_from(self.below(256)).unwrap_or(0))),
            }
        }
        // These quit, suspend, or run what has been typed.
        noise.retain(|byte| !b"qQZ:\r\n\x03\x1a\x1c".contains(byte));
        noise
    }
}

/// One session of noise. Returns how long the key and the signal took, or `None` if the noise ended the program.
fn fuzz(home: &Path, seed: u64) -> Option<(Duration, Duration)> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut session = Session::start(command(home, &program(), &["news"]), 80, 24);
    session.expect("Harbour opens in Bergen");
    for _ in 0..=dice.below(8) {
        match dice.below(5) {
            0 => session.tell_size(
                u16::try_from(dice.below(400)).unwrap_or(0),
                u16::try_from(dice.below(120)).unwrap_or(0),
            ),
            1 if !session.has_ended() => {
                session.signal(dice.pick(&[&Signal::WINCH, &Signal::CONT]).to_owned());
            }
            _ => session.press_bytes(&dice.noise()),
        }
        std::thread::sleep(Duration::from_millis(dice.below(30)));
    }
    session.settle(QUIET);
    // Redraws everything, wherever the noise has led. After the first key of two, it is refused with a message; if that
    // is on the screen already, the next one redraws.
    let mut start = Instant::now();
    session.press_bytes(b"\x0c");
    if session.next_chunk(PROMPT).is_err() {
        start = Instant::now();
        session.press_bytes(b"\x0c");
        if session.next_chunk(Duration::from_secs(10)).is_err() {
            assert!(session.has_ended(), "session {seed}: no answer\n{}", session.text());
            assert_eq!(session.end().code, 0, "session {seed}");
            return None;
        }
    }
    let key = start.elapsed();
    session.press_bytes(dice.pick(&TORN));
    Some((key, end(&mut session, SIGNALS[0])))
}

/// 40 sessions, or as many as `DATELINE_FUZZ_SESSIONS` says; 10,000 take about two hours. `DATELINE_FUZZ_SEED` is the
/// number of the first one. Run with `--nocapture` for the times.
#[test]
fn noise_stops_neither_keys_nor_signals() {
    let number = |name: &str, or| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or);
    let (sessions, first) = (number("DATELINE_FUZZ_SESSIONS", 40_u64), number("DATELINE_FUZZ_SEED", 1));
    let home = home();
    let times = Mutex::new((Vec::new(), Vec::new()));
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let (home, times) = (home.path(), &times);
            scope.spawn(move || {
                for seed in (first..first + sessions).filter(|seed| seed % 2 == thread) {
                    if let Some((key, signal)) = fuzz(home, seed) {
                        let mut times = times.lock().expect("no panic");
                        times.0.push(key);
                        times.1.push(signal);
                        assert!(key < PROMPT && signal < PROMPT, "session {seed}: {key:?}, {signal:?}");
                    }
                }
            });
        }
    });
    let (keys, signals) = times.into_inner().expect("no panic");
    assert!(
        keys.len() as u64 * 10 >= sessions * 9,
        "the noise ended {} of {sessions}",
        sessions - keys.len() as u64
    );
    for (what, mut times) in [("a key", keys), ("SIGTERM", signals)] {
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        println!("{what}: half within {:?}, 99 of 100 within {:?}, all within {:?}", at(50), at(99), at(100));
    }
}

/// A pipe that is full, so that a write to its end waits.
fn full_pipe() -> (std::io::PipeReader, std::io::PipeWriter) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let flags = rustix::fs::fcntl_getfl(&writer).expect("its flags");
    rustix::fs::fcntl_setfl(&writer, flags | rustix::fs::OFlags::NONBLOCK).expect("flags");
    while rustix::io::write(&writer, &[b'x'; 512]).is_ok() {}
    rustix::fs::fcntl_setfl(&writer, flags).expect("flags");
    (reader, writer)
}

/// Commands whose output, or whose complaints, nobody takes.
#[test]
fn a_stalled_pipe_does_not_hold_up_the_first_signal() {
    let home = home();
    let feed = home.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &feed,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a pipe with a name");
    for (arguments, signal) in [
        (&["list", "--from", "news"][..], Signal::TERM),
        (&["--plain", "news"], Signal::HUP),
        // These write nothing before they are stopped.
        (&["add", "pipe"], Signal::TERM),
        (&["add", "pipe"], Signal::INT),
    ] {
        let (kept, full) = full_pipe();
        let mut command = std::process::Command::new(program());
        command.args(arguments).current_dir(home.path()).env_clear().env("HOME", home.path());
        command.stdin(std::process::Stdio::null()).stdout(full.try_clone().expect("a copy")).stderr(full);
        let mut child = command.spawn().expect("the program runs");
        drop(command);
        std::thread::sleep(Duration::from_millis(700));
        assert_eq!(child.try_wait().expect("its state"), None, "{arguments:?} waits");
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, signal).expect("the signal is sent");
        let start = Instant::now();
        while child.try_wait().expect("its state").is_none() {
            assert!(start.elapsed() < PROMPT, "{arguments:?} goes on after {signal:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(kept);
    }
}
