//! Signals as readable pipes, so that one `poll` waits for them and for keys alike.

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::low_level::pipe;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// The signals that end the program, in order of precedence.
const FATAL: [i32; 4] = [SIGTERM, SIGHUP, SIGINT, SIGQUIT];

/// What the signals that came ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    /// The number of the signal that asks to end, if one came.
    pub fatal: Option<i32>,
    pub stop: bool,
    pub continued: bool,
    pub size: bool,
}

/// One pipe for each signal that is caught.
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

    /// What to poll for reading.
    pub fn readable(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.pipes.iter().map(|(_, pipe)| pipe.as_fd())
    }

    /// Copies of the pipes of those that end the program: to look at, not to empty.
    pub fn fatal(&self) -> io::Result<Vec<UnixStream>> {
        self.pipes
            .iter()
            .filter(|(signal, _)| FATAL.contains(signal))
            .map(|(_, pipe)| pipe.try_clone())
            .collect()
    }

    /// Takes the signals that came since the last call.
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

/// Reads all that lies in the pipe; whether anything did.
fn empty(pipe: &mut UnixStream) -> bool {
    let mut bytes = [0; 64];
    let mut any = false;
    while pipe.read(&mut bytes).is_ok_and(|count| count > 0) {
        any = true;
    }
    any
}
