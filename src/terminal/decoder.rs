//! Hands sequences to crossterm and takes the events that it makes of them.
//!
//! crossterm reads from standard input, or from the controlling terminal if standard input is none. It looks only
//! once which of them it is, so after that, a pipe takes the place of standard input. Only whole sequences
//! are written to the pipe (see [`filter`](super::filter)), and crossterm never waits for anything.

use super::filter::Run;
use super::pipe::pipe;
use crossterm::event::{self, Event};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// The sequence that follows every run, and the event that crossterm makes of it (the focus is gained). The filter
/// lets no such sequence through, so this is the end of the run.
const END: &[u8] = b"\x1b[I";
/// How long crossterm may take for an event that is in the pipe. This is only to be sure: if crossterm drops the
/// end of a run, the keys of the run have been read nevertheless.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long crossterm may look at a piece of a paste, which makes no event.
const LOOK: Duration = Duration::from_micros(100);

/// The pipe in which crossterm finds the keys. When it is dropped, standard input is what it was before.
pub struct Decoder {
    pipe: OwnedFd,
    before: OwnedFd,
}

impl Decoder {
    /// Puts the pipe in the place of standard input. `tty` is a terminal, from which nothing is read.
    pub fn open(tty: BorrowedFd<'_>) -> io::Result<Decoder> {
        let stdin = rustix::stdio::stdin();
        let before = rustix::io::fcntl_dupfd_cloexec(stdin, 3)?;
        rustix::stdio::dup2_stdin(tty)?;
        // The first poll decides from which file crossterm reads.
        let chosen = event::poll(Duration::ZERO);
        let (read, pipe) = pipe()?;
        let decoder = Decoder { pipe, before };
        chosen?;
        rustix::stdio::dup2_stdin(read)?;
        Ok(decoder)
    }

    /// Passes the events of a run to `sink`.
    pub fn decode(&self, run: &Run, mut sink: impl FnMut(Event)) -> io::Result<()> {
        match run {
            Run::Esc => {
                self.write(b"\x1b")?;
                if event::poll(PATIENCE)? {
                    sink(event::read()?);
                }
                Ok(())
            }
            Run::Keys(bytes) => {
                self.write(&[bytes, END].concat())?;
                until_end(sink)
            }
            Run::Paste(bytes) => {
                self.write(bytes)?;
                self.write(END)?;
                until_end(sink)
            }
        }
    }

    fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.pipe, bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                // Only a paste can fill the pipe. crossterm takes what is there.
                Err(Errno::AGAIN) => _ = event::poll(LOOK)?,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn until_end(mut sink: impl FnMut(Event)) -> io::Result<()> {
    while event::poll(PATIENCE)? {
        match event::read()? {
            Event::FocusGained => break,
            event => sink(event),
        }
    }
    Ok(())
}

impl Drop for Decoder {
    fn drop(&mut self) {
        let _ = rustix::stdio::dup2_stdin(self.before.as_fd());
    }
}
