//! Lets a worker wake the thread that owns the terminal: by a byte in a pipe, at most one at a time.

use super::pipe::pipe;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Wakes the terminal's [`wait`](super::Terminal::wait) from any thread. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Waker(Arc<Pipe>);

#[derive(Debug)]
struct Pipe {
    read: OwnedFd,
    write: OwnedFd,
    /// Whether there is a byte in the pipe.
    called: AtomicBool,
}

/// Makes a waker with a new pipe.
pub fn waker() -> io::Result<Waker> {
    let (read, write) = pipe()?;
    Ok(Waker(Arc::new(Pipe { read, write, called: AtomicBool::new(false) })))
}

impl Waker {
    /// Ends the current wait, or the next one at once. Call this after sending the message to the channel.
    pub fn wake(&self) {
        if !self.0.called.swap(true, Ordering::SeqCst) {
            // The write can only fail if the pipe is full, and then the waiting thread wakes anyway.
            let _ = rustix::io::write(&self.0.write, &[0]);
        }
    }

    /// Empties the pipe. Take messages from the channel after this call, never before it.
    pub(super) fn take(&self) {
        let mut bytes = [0; 8];
        while rustix::io::read(&self.0.read, &mut bytes).is_ok_and(|count| count > 0) {}
        self.0.called.store(false, Ordering::SeqCst);
    }

    pub(super) fn readable(&self) -> BorrowedFd<'_> {
        self.0.read.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::waker;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    #[test]
    fn calls_before_a_take_wake_once_and_later_ones_again() {
        let waker = waker().expect("a pipe");
        let heard = || {
            let mut fds = [PollFd::from_borrowed_fd(waker.readable(), PollFlags::IN)];
            poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).expect("poll") == 1
        };
        assert!(!heard());
        waker.wake();
        waker.clone().wake();
        assert!(heard());
        waker.take();
        assert!(!heard());
        waker.wake();
        assert!(heard());
    }
}
