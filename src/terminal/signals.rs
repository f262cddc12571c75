//! Turns signals into readable pipes, so that one `poll` can wait for signals and keys together.

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::low_level::pipe;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// The signals that end the program, in order of precedence.
const FATAL: [i32; 4] = [SIGTERM, SIGHUP, SIGINT, SIGQUIT];

/// The requests made by the signals that arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    /// The number of the signal that asks the program to end, if one arrived.
    pub fatal: Option<i32>,
    pub stop: bool,
    pub continued: bool,
    pub size: bool,
}

/// A pipe for each signal that is caught.
pub struct Signals {
    pipes: Vec<(i32, UnixStream)>,
}

impl Signals {
    pub fn catch() -> io::Result<Signals> {
        let mut pipes = Vec::new();
        for signal in FATAL.into_iter().chain([SIGTSTP, SIGCONT, SIGWINCH]) {
            let (read, write) = UnixStream::pair()?;
            read.set_nonblocking(true)?;
            write.set_nonblocking(true)?;
            pipe::register(signal, write)?;
            pipes.push((signal, read));
        }
        Ok(Signals { pipes })
    }

    /// The pipes to poll for reading.
    pub fn readable(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.pipes.iter().map(|(_, pipe)| pipe.as_fd())
    }

    /// Copies of the pipes of the signals that end the program; the caller may poll them but not read them.
    pub fn fatal(&self) -> io::Result<Vec<UnixStream>> {
        self.pipes
            .iter()
            .filter(|(signal, _)| FATAL.contains(signal))
            .map(|(_, pipe)| pipe.try_clone())
            .collect()
    }

    /// Takes the signals that arrived since the last call.
    pub fn take(&mut self) -> Raised {
        let mut raised = Raised::default();
        for (signal, pipe) in &mut self.pipes {
            if !empty(pipe) {
                continue;
            }
            match *signal {
                SIGTSTP => raised.stop = true,
                SIGCONT => raised.continued = true,
                SIGWINCH => raised.size = true,
                fatal => raised.fatal = raised.fatal.or(Some(fatal)),
            }
        }
        raised
    }
}

/// Reads everything from the pipe; returns whether there was anything.
fn empty(pipe: &mut UnixStream) -> bool {
    let mut bytes = [0; 64];
    let mut any = false;
    while pipe.read(&mut bytes).is_ok_and(|count| count > 0) {
        any = true;
    }
    any
}
