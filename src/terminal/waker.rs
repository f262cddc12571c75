//! How a worker wakes the thread that owns the terminal: a byte in a pipe, at most one at a time.

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
    /// Whether a byte lies in the pipe.
    called: AtomicBool,
}

/// A waker whose pipe both ends belong to.
pub fn waker() -> io::Result<Waker> {
    use rustix::pipe::PipeFlags;
    let (read, write) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
    Ok(Waker(Arc::new(Pipe { read, write, called: AtomicBool::new(false) })))
}

impl Waker {
    /// Ends the present wait, or the next one at once. Call it after the message is in the channel.
    pub fn wake(&self) {
        if !self.0.called.swap(true, Ordering::SeqCst) {
            // It can only fail where the pipe is full, and then the waiter wakes anyway.
            let _ = rustix::io::write(&self.0.write, &[0]);
        }
    }

    /// Empties the pipe. Messages are to be taken from the channel after this, never before.
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
    fn a_call_is_heard_once_and_the_next_one_again() {
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
