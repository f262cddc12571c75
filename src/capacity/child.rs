//! Programs whose output is read: they end when nobody needs their output any more, and when this program ends.

use rustix::process::{Pid, Signal, kill_process};
use std::io;
use std::process::{Child, ChildStderr, ChildStdout, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long a program has for its own tidying up before it is killed.
const FAREWELL: Duration = Duration::from_millis(40);

/// The numbers of the processes that are running.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// A program that was started to read its output. It is ended, with the programs that it has started, when this is
/// dropped.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    pub(super) fn new(child: Child) -> Running {
        lock().push(child.id());
        Running(child)
    }

    /// Its standard output and its standard error; `None` if they were taken before.
    pub fn outputs(&mut self) -> Option<(ChildStdout, ChildStderr)> {
        self.0.stdout.take().zip(self.0.stderr.take())
    }

    /// Waits until it ends.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let id = self.0.id();
        // One that has ended has been waited for, and its number may belong to another program.
        if let Ok(None) = self.0.try_wait() {
            end(&[id]);
            // It was killed, so this returns at once, and fails only if there is nothing to wait for.
            _ = self.0.wait();
        }
        lock().retain(|known| *known != id);
    }
}

/// Ends all programs whose output is being read, because this program is about to end.
pub(super) fn end_all() {
    let running = std::mem::take(&mut *lock());
    if !running.is_empty() {
        end(&running);
    }
}

/// Ends processes and everything that they have started.
fn end(processes: &[u32]) {
    let all: Vec<Pid> = processes.iter().flat_map(|process| with_descendants(*process)).collect();
    for signal in [Signal::TERM, Signal::KILL] {
        for process in &all {
            // This fails if the process has ended.
            _ = kill_process(*process, signal);
        }
        if signal == Signal::TERM {
            thread::sleep(FAREWELL);
        }
    }
}

/// A process and those that it has started, directly or not, as far as the system tells.
fn with_descendants(process: u32) -> Vec<Pid> {
    let mut all = vec![process];
    let mut at = 0;
    while let Some(process) = all.get(at).copied() {
        at += 1;
        let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else { continue };
        for thread in threads.flatten() {
            let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            all.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    all.into_iter().filter_map(|process| Pid::from_raw(process.cast_signed())).collect()
}

fn lock() -> MutexGuard<'static, Vec<u32>> {
    // A panic under the lock cannot leave the list half changed.
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
