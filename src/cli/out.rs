//! Standard output for the commands: nothing but clean text leaves here, and a reader that goes away
//! (`| head`) is no error.

use crate::text::harmless::harmless;
use std::io::{self, BufWriter, StdoutLock, Write};

/// Why output ended.
#[derive(Debug)]
pub enum Stop {
    /// Whoever read it has gone: nothing is wrong.
    ReaderGone,
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::ReaderGone,
            _ => Stop::Failed(error),
        }
    }
}

/// Standard output, buffered.
pub struct Out {
    writer: BufWriter<StdoutLock<'static>>,
    terminal: bool,
}

impl Out {
    pub fn open() -> Out {
        let terminal = crate::terminal::is_terminal();
        Out { writer: BufWriter::with_capacity(64 * 1024, io::stdout().lock()), terminal }
    }

    /// Whether a person reads this.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes `text` and a line feed. Control codes and characters that reorder text, which no article
    /// holds, become U+FFFD.
    pub fn line(&mut self, text: &str) -> Result<(), Stop> {
        self.writer.write_all(harmless(text).as_bytes())?;
        self.writer.write_all(b"\n")?;
        // Whoever reads a pipe line by line should not wait for the buffer to fill on slow work.
        if self.terminal {
            self.writer.flush()?;
        }
        Ok(())
    }

    /// Writes bytes that this program made itself (completions, the manual).
    pub fn own(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        Ok(self.writer.write_all(bytes)?)
    }

    /// Hands over what is still buffered.
    pub fn finish(&mut self) -> Result<(), Stop> {
        Ok(self.writer.flush()?)
    }
}

/// Says `dateline: ` and `text` on standard error. Where nobody listens there is nothing to be done.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "dateline: {}", harmless(text));
}
