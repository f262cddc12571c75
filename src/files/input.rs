//! Opens what is to be read, once, and reads it so that the reading can be cancelled at any moment.
//!
//! A pipe may have no writer yet, or one that writes nothing for hours. It is opened without waiting, and each read waits
//! in short pieces, between which the cancellation is noticed.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// How long one wait takes before the cancellation is looked at.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// A file, a pipe or standard input that is being read. Once `cancelled` is set, reading fails.
pub(super) struct Input<'a> {
    file: File,
    /// Whether bytes may come later than now.
    waits: bool,
    cancelled: &'a AtomicBool,
}

impl<'a> Input<'a> {
    /// Opens a file, or a pipe whether anybody writes to it or not.
    pub(super) fn open(path: &Path, cancelled: &'a AtomicBool) -> Result<Input<'a>> {
        let mut flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY;
        if cfg!(target_os = "linux") {
            // Elsewhere, a pipe that is opened in this way looks as if its writer had finished.
            flags |= OFlags::NONBLOCK;
        }
        let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
        Input::of(file, cancelled)
    }

    /// Reads a file that is open.
    pub(super) fn of(file: File, cancelled: &'a AtomicBool) -> Result<Input<'a>> {
        let waits = !file.metadata()?.is_file();
        Ok(Input { file, waits, cancelled })
    }

    /// Whether reading may wait for somebody who writes.
    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Waits until something can be read, or until there is nothing more.
    fn wait(&self) -> Result<()> {
        loop {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(Error::other("the reading was cancelled"));
            }
            match poll(&mut [PollFd::new(&self.file, PollFlags::IN)], Some(&LOOK)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            if self.waits {
                self.wait()?;
            }
            match self.file.read(buffer) {
                // It is to be waited for after all, or somebody else has taken what was there.
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.waits = true,
                done => return done,
            }
        }
    }
}

impl Seek for Input<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.file.seek(to)
    }
}
