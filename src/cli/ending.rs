//! Signals that end a command: C-c, and those of a terminal that closes and of a system that shuts down.
//!
//! A command ends at once, wherever it is, and leaves nothing incomplete behind. One that can stop by itself, with what it
//! has done so far, has a moment to do so (see [`gently`]). The process ends by the signal, so that a shell sees 130 or
//! 143, and a loop in a shell ends as well.

use super::out;
use crate::capacity;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// How long a command has to stop by itself.
const MOMENT: Duration = Duration::from_millis(600);

/// How long the last line on standard error may take.
const WORD: Duration = Duration::from_millis(100);

/// The signal that has arrived; 0 for none.
static RAISED: AtomicI32 = AtomicI32::new(0);
/// Set once a signal has arrived.
static STOPPED: AtomicBool = AtomicBool::new(false);
/// Whether the command stops by itself.
static GENTLE: AtomicBool = AtomicBool::new(false);

/// From now on a signal ends the process in this way. Where that cannot be had, the system ends it.
pub fn watch() {
    let mut wanted = vec![SIGINT, SIGTERM];
    // `nohup` lets a program outlive its terminal.
    if !is_ignored(SIGHUP) {
        wanted.push(SIGHUP);
    }
    let Ok(mut signals) = Signals::new(wanted) else { return };
    thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        RAISED.store(signal, Ordering::SeqCst);
        STOPPED.store(true, Ordering::SeqCst);
        if GENTLE.load(Ordering::SeqCst) {
            thread::sleep(MOMENT);
            // Nobody may be taking what is written to standard error; then the command ends without a word.
            let (said, heard) = channel();
            thread::spawn(move || {
                out::complain("could not do everything: stopped; what was stored so far is kept");
                said.send(())
            });
            _ = heard.recv_timeout(WORD);
        }
        die(signal);
    });
}

/// Says that the command stops by itself, soon after the returned flag is set.
pub fn gently() -> &'static AtomicBool {
    GENTLE.store(true, Ordering::SeqCst);
    &STOPPED
}

/// Ends the process if a signal has arrived. To be called when the command has stopped.
pub fn die_if_stopped() {
    match RAISED.load(Ordering::SeqCst) {
        0 => {}
        signal => die(signal),
    }
}

fn die(signal: i32) {
    capacity::clean_up();
    // This returns only if the signal cannot be raised.
    _ = signal_hook::low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal);
}

/// Whether the program was started with `signal` ignored. Only Linux says so.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 << (signal - 1) != 0)
}
