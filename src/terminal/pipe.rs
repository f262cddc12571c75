//! Pipes that no other program inherits, and at whose ends nobody waits.

use std::io;
use std::os::fd::OwnedFd;

/// The end that is read and the end that is written.
#[cfg(not(target_vendor = "apple"))]
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    use rustix::pipe::PipeFlags;
    Ok(rustix::pipe::pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?)
}

/// The same where no call makes such a pipe at once: a program that another thread starts at that very moment inherits it.
#[cfg(target_vendor = "apple")]
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    use rustix::fs::{OFlags, fcntl_setfl};
    use rustix::io::{FdFlags, fcntl_setfd};
    let (read, write) = rustix::pipe::pipe()?;
    for end in [&read, &write] {
        fcntl_setfd(end, FdFlags::CLOEXEC)?;
        fcntl_setfl(end, OFlags::NONBLOCK)?;
    }
    Ok((read, write))
}

#[cfg(test)]
mod tests {
    use super::pipe;
    use rustix::io::{FdFlags, fcntl_getfd, read, write};

    #[test]
    fn nobody_waits_and_nobody_inherits() {
        let (from, into) = pipe().expect("a pipe");
        assert_eq!(read(&from, &mut [0; 8]), Err(rustix::io::Errno::AGAIN));
        assert_eq!(write(&into, b"ab").expect("written"), 2);
        assert_eq!(read(&from, &mut [0; 8]).expect("read"), 2);
        for end in [&from, &into] {
            assert!(fcntl_getfd(end).expect("flags").contains(FdFlags::CLOEXEC));
        }
    }
}
