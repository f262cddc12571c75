//! Writes to the terminal through an open file of its own, so that a slow connection blocks neither the
//! signals nor other users of standard output.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::QueueSelector;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long the last bytes wait for a terminal that takes nothing.
const LAST: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// Writes to the terminal of standard output. A write waits until the terminal accepts it, but fails
/// with [`io::ErrorKind::ConnectionAborted`] when a signal asks the program to end, and with
/// [`io::ErrorKind::BrokenPipe`] when the terminal is gone.
pub struct TtyWriter {
    tty: Arc<OwnedFd>,
    ending: Arc<Vec<UnixStream>>,
    /// What all writers on this file have sent.
    sent: Arc<Counter>,
    /// Whether the program has begun to end.
    hurried: Arc<AtomicBool>,
    /// Whether something was not sent to its end.
    cut: Arc<AtomicBool>,
}

/// Counts what is sent.
#[derive(Debug, Default)]
pub struct Counter {
    bytes: AtomicU64,
    /// Those of them for which there was no room at first.
    late: AtomicU64,
    /// How long these took, in microseconds.
    waited: AtomicU64,
}

/// What was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub bytes: u64,
    /// Those of them for which the terminal had no room at first.
    pub late: u64,
    /// How long it took until the terminal had room for these.
    pub waited: Duration,
}

impl Counter {
    /// What has been sent so far.
    pub fn total(&self) -> Sent {
        let get = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let waited = Duration::from_micros(get(&self.waited));
        Sent { bytes: get(&self.bytes), late: get(&self.late), waited }
    }

    /// What has been sent since the total was `before`.
    pub fn since(&self, before: Sent) -> Sent {
        let now = self.total();
        let (bytes, late) = (now.bytes - before.bytes, now.late - before.late);
        Sent { bytes, late, waited: now.waited.saturating_sub(before.waited) }
    }
}

impl TtyWriter {
    /// Opens the terminal. The pipes in `ending` become readable when the program is asked to end.
    pub fn open(ending: Vec<UnixStream>) -> io::Result<TtyWriter> {
        let stdout = rustix::stdio::stdout();
        // A separate file description: making that of the shell non-blocking would outlive the program.
        let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let own = rustix::termios::ttyname(stdout, Vec::new())
            .and_then(|name| rustix::fs::open(name, flags, Mode::empty()))
            // In a container the terminal may have no name.
            .or_else(|_| rustix::fs::open("/proc/self/fd/1", flags, Mode::empty()));
        let tty = match own {
            Ok(tty) => tty,
            Err(_) => rustix::io::dup(stdout)?,
        };
        let (tty, ending) = (Arc::new(tty), Arc::new(ending));
        Ok(TtyWriter { tty, ending, sent: Arc::default(), hurried: Arc::default(), cut: Arc::default() })
    }

    /// Makes a second writer on the same file.
    pub fn another(&self) -> TtyWriter {
        TtyWriter {
            tty: Arc::clone(&self.tty),
            ending: Arc::clone(&self.ending),
            sent: Arc::clone(&self.sent),
            hurried: Arc::clone(&self.hurried),
            cut: Arc::clone(&self.cut),
        }
    }

    /// Whether something that was written, perhaps a frame, did not reach the terminal to its end.
    pub fn is_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }

    /// From now on, no writer on this file waits for a terminal that takes nothing: what the terminal has not taken
    /// is discarded, so that there is room, and a write that is not taken then fails with
    /// [`io::ErrorKind::TimedOut`].
    pub fn hurry(&self) {
        self.hurried.store(true, Ordering::SeqCst);
    }

    /// The counter of what is sent.
    pub fn counter(&self) -> Arc<Counter> {
        Arc::clone(&self.sent)
    }

    fn wait_until_writable(&self) -> io::Result<()> {
        if self.hurried.load(Ordering::SeqCst) {
            return self.make_room();
        }
        let mut fds = vec![PollFd::from_borrowed_fd(self.tty.as_fd(), PollFlags::OUT)];
        fds.extend(self.ending.iter().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        match poll(&mut fds, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let (tty, ending) = fds.split_at(1);
        if tty.iter().any(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR)) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if ending.iter().any(|fd| !fd.revents().is_empty()) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }

    fn note_cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    fn make_room(&self) -> io::Result<()> {
        let taken = || {
            let mut fds = [PollFd::from_borrowed_fd(self.tty.as_fd(), PollFlags::OUT)];
            Ok::<bool, Errno>(
                poll(&mut fds, Some(&LAST))? > 0 && fds.iter().all(|fd| fd.revents() == PollFlags::OUT),
            )
        };
        if taken()? {
            return Ok(());
        }
        self.note_cut();
        rustix::termios::tcflush(&self.tty, QueueSelector::OFlush)?;
        if taken()? { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) }
    }
}

impl Write for TtyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut late = false;
        loop {
            match rustix::io::write(&self.tty, bytes) {
                Ok(count) => {
                    self.sent.bytes.fetch_add(count as u64, Ordering::Relaxed);
                    if late {
                        self.sent.late.fetch_add(count as u64, Ordering::Relaxed);
                    }
                    return Ok(count);
                }
                Err(Errno::AGAIN) => {
                    late = true;
                    let start = Instant::now();
                    let waited = self.wait_until_writable();
                    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
                    self.sent.waited.fetch_add(micros, Ordering::Relaxed);
                    waited.inspect_err(|_| self.note_cut())?;
                }
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
