//! Standard output for the commands: only clean text is written, and it is not an error if the program that
//! reads the output has ended, as with `| head`.

use super::look::{Colours, Look};
use crate::text::harmless::{harmless, one_line};
use std::io::{self, BufWriter, Write};

/// Why the output ended.
#[derive(Debug)]
pub enum Stop {
    /// The program that reads the output has ended, which is not an error.
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

/// Standard output, or a file in its place, buffered.
pub struct Out {
    writer: BufWriter<Box<dyn Write>>,
    terminal: bool,
    look: Look,
}

impl Out {
    pub fn open() -> Out {
        let terminal = crate::terminal::is_terminal();
        Out { writer: buffered(Box::new(io::stdout().lock())), terminal, look: PLAIN }
    }

    /// The same, with another look.
    pub fn with_look(self, look: Look) -> Out {
        Out { look, ..self }
    }

    /// How text is shown to a person.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Writes to a file in place of standard output.
    pub fn into_file(file: std::fs::File) -> Out {
        Out { writer: buffered(Box::new(file)), terminal: false, look: PLAIN }
    }

    /// Whether the output goes to a terminal, so that a person reads it.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes `text` and a line feed. Control codes and characters that reorder text, which articles never
    /// contain, become U+FFFD.
    pub fn line(&mut self, text: &str) -> Result<(), Stop> {
        self.writer.write_all(harmless(text).as_bytes())?;
        self.writer.write_all(b"\n")?;
        // A person should not have to wait for the buffer to fill during slow work.
        if self.terminal {
            self.writer.flush()?;
        }
        Ok(())
    }

    /// Writes one row, with a tab between its cells and none within them. Empty cells at the end are left out.
    pub fn row(&mut self, cells: &[String]) -> Result<(), Stop> {
        let cells: Vec<_> = cells.iter().map(|cell| one_line(cell)).collect();
        self.line(cells.join("\t").trim_end())
    }

    /// Writes a line that consists of what [`Look::paint`] returned, and of blanks.
    pub fn painted(&mut self, line: &str) -> Result<(), Stop> {
        self.own(line.as_bytes())?;
        self.own(b"\n")?;
        if self.terminal { self.finish() } else { Ok(()) }
    }

    /// Writes bytes that this program made itself (completions, the manual).
    pub fn own(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        Ok(self.writer.write_all(bytes)?)
    }

    /// Writes what is still buffered.
    pub fn finish(&mut self) -> Result<(), Stop> {
        Ok(self.writer.flush()?)
    }
}

/// The look of what no person reads.
const PLAIN: Look = Look { width: usize::MAX, colours: Colours::No, ellipsis: "…" };

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn buffered(writer: Box<dyn Write>) -> BufWriter<Box<dyn Write>> {
    BufWriter::with_capacity(64 * 1024, writer)
}

/// Whether standard output is a file on a disk, as after `> FILE`.
pub fn goes_to_file() -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let copy = io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
        copy.and_then(|file| file.metadata()).is_ok_and(|found| found.is_file())
    }
    #[cfg(not(unix))]
    false
}

/// Writes `dateline: ` and `text` to standard error. If that fails, there is nothing to be done.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "dateline: {}", harmless(text));
}

/// A number with a comma between its thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A line on standard error that belongs to what was reported before it.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{}", harmless(text));
}

/// Asks a person for an answer on the same line.
pub fn ask(text: &str) {
    let mut error = io::stderr();
    let _ = write!(error, "{}", harmless(text));
    let _ = error.flush();
}
