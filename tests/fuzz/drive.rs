//! Feeds a target with seeds and with mutations of them, where there is no libFuzzer.
//!
//! The arguments are those of libFuzzer that we use: folders with seeds, `-max_total_time=SECONDS`, and single files,
//! which are run once. An input that panics, takes more than ten seconds or more than 1 GB is written to the working
//! directory as `crash-NUMBER`, and the program ends with exit code 77, as libFuzzer's does.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long one input may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much memory the program may take, in kilobytes.
const MEMORY: u64 = 1 << 20;
/// The longest input, in bytes.
const LONGEST: usize = 4096;
/// Pieces that mean something to one parser or another.
const PIECES: [&str; 40] = [
    "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml ", "<!DOCTYPE ", "<item>", "<entry>", "<title>",
    "<p>", "<b>", "<table>", "<a href=", "&amp;", "&#x0;", "&#1114112;", "\"", "'", "{", "}", "[", "]", ":", ",", "\\",
    "\\u0000", "\n", "\r\n", "\t", "\u{1b}[", "\u{202e}", "\u{e9}", "2022-01-03", "-1", "99999999999999999999", "=",
];

/// Runs `target` as the arguments say.
pub fn drive(target: impl Fn(&[u8])) {
    let (mut seeds, mut time) = (vec![Vec::new()], None);
    for argument in std::env::args().skip(1) {
        if let Some(seconds) = argument.strip_prefix("-max_total_time=") {
            time = seconds.parse().ok().map(Duration::from_secs);
        } else if !argument.starts_with('-') {
            collect(Path::new(&argument), &mut seeds);
        }
    }
    let (send, watched) = channel::<Vec<u8>>();
    std::thread::spawn(move || {
        let mut running = Vec::new();
        loop {
            match watched.recv_timeout(PATIENCE) {
                Ok(input) => running = input,
                Err(RecvTimeoutError::Timeout) => fail(&running, "takes too long"),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    let start = Instant::now();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut count = 0_u64;
    loop {
        let place = usize::try_from(count).unwrap_or(usize::MAX);
        let input = match seeds.get(place) {
            Some(seed) => seed.clone(),
            None if time.is_some_and(|time| start.elapsed() < time) => mutated(&seeds, &mut chance),
            None => break,
        };
        let _ = send.send(input.clone());
        if catch_unwind(AssertUnwindSafe(|| target(&input))).is_err() {
            fail(&input, "panics");
        }
        if count.is_multiple_of(1024) && memory() > MEMORY {
            fail(&input, "takes too much memory");
        }
        count += 1;
    }
    eprintln!("Done {count} runs in {} second(s)", start.elapsed().as_secs());
}

fn collect(path: &Path, seeds: &mut Vec<Vec<u8>>) {
    if let Ok(folder) = std::fs::read_dir(path) {
        let mut paths: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().for_each(|path| collect(path, seeds));
    } else if let Ok(bytes) = std::fs::read(path) {
        seeds.push(bytes);
    }
}

fn fail(input: &[u8], why: &str) -> ! {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let name = format!("crash-{:016x}", hasher.finish());
    let written = std::fs::write(&name, input);
    eprintln!("an input {why}; it is in {name} ({written:?})");
    std::process::exit(77)
}

/// The most memory that the program has taken, in kilobytes; 0 where the system does not say.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// A seed with up to eight changes.
fn mutated(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let pick = |chance: &mut Chance| seeds.get(chance.below(seeds.len())).cloned().unwrap_or_default();
    let mut input = pick(chance);
    for _ in 0..=chance.below(8) {
        let at = chance.below(input.len() + 1);
        let end = at + chance.below((input.len() - at).min(64) + 1);
        match chance.below(7) {
            0 => input.splice(at..at, PIECES[chance.below(PIECES.len())].bytes()).for_each(drop),
            1 => input.splice(at..end, []).for_each(drop),
            2 => {
                let piece = input[at..end].repeat(1 + chance.below(40));
                input.splice(at..at, piece).for_each(drop);
            }
            3 => {
                let other = pick(chance);
                let from = chance.below(other.len() + 1);
                let to = from + chance.below(other.len() - from + 1);
                input.splice(at..at, other[from..to].iter().copied()).for_each(drop);
            }
            4 => input.truncate(end),
            5 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = chance.next() as u8;
                }
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
        }
    }
    input.truncate(LONGEST);
    input
}

/// Numbers that look random and are the same in every run (xorshift64*).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 33) % end.max(1) as u64) as usize
    }
}
