//! The terminal: raw mode, signals, capabilities, the renderer.
//!
//! One thread owns it. [`Terminal::open`] takes it over, [`Terminal::wait`] sleeps until something
//! happens on it (a key, a signal, a worker's call, a hang-up), [`Terminal::draw`] sends a frame. It is
//! left as it was found on every way out: drop, error, panic, signal. It knows nothing of what is
//! on the screen.

pub mod capability;
mod guard;
mod input;
mod keys;
pub mod renderer;
mod screen;
mod signals;
mod split;
mod waker;
mod writer;

use capability::{Capabilities, Through};
use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use screen::Screen;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use input::Input;
pub use input::{Batch, Ending, Typed};
pub use renderer::ascii::nearest as plain;
pub use screen::{Render, clipboard_sequence};
pub use waker::{Waker, waker};

/// Why the terminal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    #[error(
        "could not open the reader: standard output is no terminal; for scripts there are 'dateline list', 'show', 'people', 'countries', 'quotes' and 'analyze'"
    )]
    NoTerminal,
    #[error("could not open the reader: no terminal to read keys from: {0}")]
    NoKeyboard(io::Error),
    #[error(transparent)]
    Unfit(#[from] capability::Unfit),
    #[error("could not use the terminal: {0}")]
    Io(#[from] io::Error),
}

/// The smallest size that is believed; what reports less (some serial lines say 0x0) is taken for 80x24.
const FALLBACK: Size = Size { width: 80, height: 24 };

/// How long the size must have been steady before the screen is painted anew, and how long a storm
/// of changes may put that off.
const RESIZE_QUIET: Duration = Duration::from_millis(40);
const RESIZE_PATIENCE: Duration = Duration::from_millis(400);

/// The terminal, taken over.
pub struct Terminal {
    screen: ratatui::Terminal<Screen>,
    input: Input,
    resize: Option<PendingResize>,
    through: Through,
    /// Whether the terminal makes links of cells.
    links: bool,
    /// How many bytes were sent until now.
    sent: Arc<AtomicU64>,
    // Last: fields are dropped in order, and nothing may be drawn after it.
    guard: guard::Guard,
}

/// A size change that has not been acted on.
#[derive(Clone, Copy, Debug)]
struct PendingResize {
    first: Instant,
    latest: Instant,
}

impl PendingResize {
    fn due(self) -> Instant {
        (self.latest + RESIZE_QUIET).min(self.first + RESIZE_PATIENCE)
    }
}

impl Terminal {
    /// Takes the terminal over: raw mode, alternate screen. Errors, without having sent a byte,
    /// where standard output is no terminal, or no keys could be read.
    pub fn open(
        capabilities: &Capabilities,
        render: Render,
        alarm: &Waker,
    ) -> Result<Terminal, TerminalError> {
        if !is_terminal() {
            return Err(TerminalError::NoTerminal);
        }
        let input = Input::open(alarm)?;
        // Colours are the theme's business; crossterm's own handling of NO_COLOR breaks reverse video.
        crossterm::style::force_color_output(true);
        let size = size();
        let writer = writer::TtyWriter::open(input.fatal_signals()?)?;
        let sent = writer.counter();
        let guard = guard::Guard::enter(writer.another(), capabilities.mouse)?;
        let screen = Screen::new(render, writer, size, capabilities);
        let screen = ratatui::Terminal::new(screen)?;
        Ok(Terminal {
            screen,
            input,
            resize: None,
            through: capabilities.through,
            links: capabilities.links,
            sent,
            guard,
        })
    }

    pub fn size(&self) -> Size {
        self.screen.backend().size_told()
    }

    /// Whether it is worth telling which cells are links.
    pub fn takes_links(&self) -> bool {
        self.links
    }

    /// Makes cells of the next frame parts of links: column, row, width, address.
    pub fn link<'a>(&mut self, cells: impl Iterator<Item = (u16, u16, u16, &'a str)>) {
        self.screen.backend_mut().link(cells);
    }

    /// Draws a frame and sends what changed; how many bytes these were. Nothing is sent while a change of
    /// size settles.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<u64> {
        let before = self.sent.load(Ordering::Relaxed);
        if self.resize.is_none() {
            self.screen.draw(paint)?;
        }
        Ok(self.sent.load(Ordering::Relaxed) - before)
    }

    /// Sleeps until something happens or `timeout` is over (`None`: for as long as it takes).
    /// Everything that has happened by then is in the batch.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Batch> {
        let settling = self.resize.map(|resize| resize.due().saturating_duration_since(Instant::now()));
        let shorter = match (timeout, settling) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let mut batch = self.input.wait(shorter)?;
        // A hang-up comes with SIGCONT, and a line that is gone takes no more modes.
        if batch.ending.is_some() {
            return Ok(batch);
        }
        let now = Instant::now();
        if std::mem::take(&mut batch.size_changed) {
            let first = self.resize.map_or(now, |resize| resize.first);
            self.resize = Some(PendingResize { first, latest: now });
        }
        if self.resize.is_some_and(|resize| resize.due() <= now) {
            self.resize = None;
            self.take_size()?;
            // Also where it is the old size again: what was cut off in between is lost.
            self.repaint()?;
            batch.size_changed = true;
        }
        if batch.continued {
            self.reclaim()?;
        }
        Ok(batch)
    }

    /// Puts the terminal back, stops the process, and takes the terminal over again once the process is
    /// continued. The next frame paints all.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.guard.leave();
        // SIGSTOP: a SIGTSTP that a process sends itself is discarded in an orphaned process group.
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?;
        self.input.forget_continue();
        self.reclaim()
    }

    /// Sends the whole screen with the next frame: somebody else may have written on it.
    pub fn repaint(&mut self) -> io::Result<()> {
        self.screen.backend_mut().forget();
        self.screen.clear()
    }

    /// Asks the terminal to put `text` on the clipboard of the machine that it runs on (OSC 52).
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        self.screen.backend_mut().send(screen::clipboard_sequence(text, self.through).as_bytes())
    }

    /// Rings the bell.
    pub fn ring(&mut self) -> io::Result<()> {
        self.screen.backend_mut().send(b"\x07")
    }

    /// Has the terminal show a notification, where it knows OSC 9, of which only letters, digits and - are left.
    pub fn notify(&mut self, about: &str) -> io::Result<()> {
        let plain: String = about.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
        self.screen.backend_mut().send(format!("\x1b]9;dateline: new in {plain}\x07").as_bytes())
    }

    /// Has pastes come as pastes, not as keys: for as long as a prompt is open.
    pub fn bracket_pastes(&mut self, wanted: bool) -> io::Result<()> {
        match self.guard.bracket_pastes(wanted) {
            Some(sequence) => self.screen.backend_mut().send(sequence),
            None => Ok(()),
        }
    }

    fn reclaim(&mut self) -> io::Result<()> {
        self.guard.reenter()?;
        self.take_size()?;
        self.repaint()
    }

    fn take_size(&mut self) -> io::Result<()> {
        let size = size();
        if size != self.size() {
            self.screen.backend_mut().resize(size);
            self.screen.resize(Rect::new(0, 0, size.width, size.height))?;
        }
        Ok(())
    }
}

/// Stops the process until the shell continues it, where no terminal was taken over.
pub fn stop() -> io::Result<()> {
    Ok(rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?)
}

/// Whether standard output is a terminal.
pub fn is_terminal() -> bool {
    rustix::termios::isatty(rustix::stdio::stdout())
}

/// The columns and rows of the terminal behind standard output; 80 by 24 where there is none.
pub fn cells() -> (u16, u16) {
    let size = size();
    (size.width, size.height)
}

/// How many cells wide the terminal behind standard output is.
pub fn width() -> u16 {
    size().width
}

/// The size of the terminal, in cells.
fn size() -> Size {
    match rustix::termios::tcgetwinsize(rustix::stdio::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size { width: size.ws_col, height: size.ws_row },
        _ => FALLBACK,
    }
}
