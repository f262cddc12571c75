//! The terminal: raw mode, signals, capabilities and the renderer.
//!
//! One thread owns the terminal. [`Terminal::open`] takes it over, [`Terminal::wait`] sleeps until
//! something happens (a key, a signal, a call by a worker, a hang-up), and [`Terminal::draw`] sends a frame.
//! The previous state is restored however the program ends: by a drop, an error, a panic or a signal.
//! This room knows nothing of what is on the screen.

pub mod capability;
mod decoder;
pub mod filter;
mod guard;
mod input;
mod keys;
mod pipe;
pub mod renderer;
mod screen;
mod sequence;
mod signals;
mod waker;
mod writer;

use capability::{Capabilities, Through};
use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use screen::Screen;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use input::Input;
pub use input::{Batch, Ending, Typed};
pub use renderer::Allowance;
pub use renderer::ascii::nearest as plain;
pub use screen::{Render, clipboard_sequence};
pub use waker::{Waker, waker};
pub use writer::Sent;

/// Why the terminal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    #[error(
        "could not open the reader: standard output is not a terminal; scripts can use 'dateline list', 'show', 'people', 'countries', 'quotes' and 'analyze'"
    )]
    NoTerminal,
    #[error("could not open the reader: there is no terminal to read keys from: {}", crate::fault::reason(.0))]
    NoKeyboard(io::Error),
    #[error(transparent)]
    Unfit(#[from] capability::Unfit),
    #[error("could not use the terminal: {}", crate::fault::reason(.0))]
    Io(#[from] io::Error),
}

/// The size that is assumed where the terminal reports none; some serial lines report 0x0.
const FALLBACK: Size = Size { width: 80, height: 24 };

/// The largest part of a window that is drawn, in cells. The size is what the client says, and every cell costs memory
/// and time: about 200 bytes. A screen of 3,840 by 2,160 pixels holds 480 by 135 cells of 8 by 16 pixels.
const LARGEST: Size = Size { width: 500, height: 200 };
/// The most cells that are drawn.
const CELLS: u16 = 65_000;

/// How long the size must have been stable before the screen is painted again, and how long a series of
/// changes may delay that.
const RESIZE_QUIET: Duration = Duration::from_millis(40);
const RESIZE_PATIENCE: Duration = Duration::from_millis(400);

/// The terminal, once it has been taken over.
pub struct Terminal {
    screen: ratatui::Terminal<Screen>,
    input: Input,
    resize: Option<PendingResize>,
    through: Through,
    /// Whether the terminal supports clickable links.
    links: bool,
    /// What has been sent so far.
    sent: Arc<writer::Counter>,
    // Must be the last field: fields are dropped in order, and nothing may be drawn after the guard.
    guard: guard::Guard,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub sent: Sent,
    /// Whether nothing of the frame was held back.
    pub whole: bool,
}

/// A change of size that has not been handled yet.
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
    /// Takes the terminal over: raw mode and the alternate screen. Fails, without having sent a byte, if
    /// standard output is not a terminal or if there is no terminal to read keys from.
    pub fn open(
        capabilities: &Capabilities,
        render: Render,
        alarm: &Waker,
    ) -> Result<Terminal, TerminalError> {
        if !is_terminal() {
            return Err(TerminalError::NoTerminal);
        }
        let input = Input::open(alarm, capabilities.mouse)?;
        // The theme decides on colours; crossterm's own handling of NO_COLOR breaks reverse video.
        crossterm::style::force_color_output(true);
        let size = drawn();
        let writer = writer::TtyWriter::open(input.fatal_signals()?)?;
        let sent = writer.counter();
        let guard = guard::Guard::enter(input.tty(), writer.another(), capabilities)?;
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

    /// The size of the part of the terminal that is drawn on.
    pub fn size(&self) -> Size {
        self.screen.backend().size_told()
    }

    /// Whether the terminal supports clickable links, so that [`Terminal::link`] has an effect.
    pub fn takes_links(&self) -> bool {
        self.links
    }

    /// Makes cells of the next frame parts of links. Each item is the column, the row, the width in cells and
    /// the address.
    pub fn link<'a>(&mut self, cells: impl Iterator<Item = (u16, u16, u16, &'a str)>) {
        self.screen.backend_mut().link(cells);
    }

    /// Draws a frame and sends as many of the changes as are allowed. Nothing is sent until a change of size has settled.
    pub fn draw(&mut self, allowance: Allowance, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<Drawn> {
        let before = self.sent.total();
        if self.resize.is_some() {
            return Ok(Drawn { sent: Sent::default(), whole: true });
        }
        self.screen.backend_mut().allow(allowance);
        self.screen.draw(paint)?;
        Ok(Drawn { sent: self.sent.since(before), whole: self.screen.backend().is_whole() })
    }

    /// Sleeps until something happens or `timeout` has passed (`None` waits without limit). The batch
    /// contains everything that has happened by then.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Batch> {
        let settling = self.resize.map(|resize| resize.due().saturating_duration_since(Instant::now()));
        let shorter = match (timeout, settling) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let mut batch = self.input.wait(shorter)?;
        // A hang-up comes with SIGCONT, but no modes can be set on a terminal that is gone.
        if batch.ending.is_some() {
            self.guard.hurry();
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
            // This is needed even if the size is the old one again, because text was cut off in between.
            self.repaint()?;
            batch.size_changed = true;
        }
        if batch.continued {
            self.reclaim()?;
        }
        Ok(batch)
    }

    /// Restores the terminal, stops the process, and takes the terminal over again once the process is
    /// continued. The next frame paints everything.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.guard.leave();
        // SIGSTOP: a SIGTSTP that a process sends itself is discarded in an orphaned process group.
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?;
        self.input.forget_continue();
        self.reclaim()
    }

    /// Gives the terminal away while `work` runs, and takes it over again. The next frame paints everything. Signals that
    /// come meanwhile, such as that of C-c, are meant for whatever has the terminal.
    pub fn lend<T>(&mut self, work: impl FnOnce() -> T) -> io::Result<T> {
        self.guard.leave();
        let done = work();
        self.input.forget_continue();
        self.reclaim()?;
        Ok(done)
    }

    /// Sends the whole screen with the next frame, because another program may have written on it.
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

    /// Shows a desktop notification on terminals that support OSC 9. Of `about`, only letters, digits and `-`
    /// are kept.
    pub fn notify(&mut self, about: &str) -> io::Result<()> {
        self.screen.backend_mut().send(notification(about).as_bytes())
    }

    fn reclaim(&mut self) -> io::Result<()> {
        self.guard.reenter()?;
        self.take_size()?;
        self.repaint()
    }

    fn take_size(&mut self) -> io::Result<()> {
        let size = drawn();
        if size != self.size() {
            self.screen.backend_mut().resize(size);
            self.screen.resize(Rect::new(0, 0, size.width, size.height))?;
        }
        Ok(())
    }
}

/// What shows a desktop notification on terminals that support OSC 9. Of `about`, only letters, digits and `-` are kept.
pub fn notification(about: &str) -> String {
    let plain: String = about.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
    format!("\x1b]9;dateline: new in {plain}\x07")
}

/// Stops the process until the shell continues it, for a program that has not taken the terminal over.
pub fn stop() -> io::Result<()> {
    Ok(rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?)
}

/// Waits until the person presses Enter, so that what a command printed can be read.
pub fn wait_for_enter() {
    use std::io::{BufRead, Write};
    let Ok(terminal) = std::fs::File::options().read(true).write(true).open("/dev/tty") else { return };
    let asked = (&terminal).write_all(b"\n[Enter goes back to dateline]").and_then(|()| (&terminal).flush());
    if asked.is_ok() {
        // Whatever is typed, and a terminal that is gone, goes back.
        _ = io::BufReader::new(terminal).read_line(&mut String::new());
    }
}

/// Whether standard output is a terminal.
pub fn is_terminal() -> bool {
    rustix::termios::isatty(rustix::stdio::stdout())
}

/// The columns and rows of the terminal of standard output; 80 by 24 if it is not a terminal.
pub fn cells() -> (u16, u16) {
    let size = size();
    (size.width, size.height)
}

/// The width of the terminal of standard output, in cells.
pub fn width() -> u16 {
    size().width
}

/// The part of the terminal that is drawn on, in cells from the top left corner. The rest stays blank.
fn drawn() -> Size {
    within(size())
}

/// The part of a window of `size` that is drawn on.
fn within(size: Size) -> Size {
    let width = size.width.clamp(1, LARGEST.width);
    Size { width, height: size.height.min(LARGEST.height).min(CELLS / width) }
}

/// The size of the terminal of standard output, in cells.
fn size() -> Size {
    match rustix::termios::tcgetwinsize(rustix::stdio::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size { width: size.ws_col, height: size.ws_row },
        _ => FALLBACK,
    }
}

#[cfg(test)]
mod tests {
    use super::{CELLS, Size, within};

    #[test]
    fn the_part_that_is_drawn_is_bounded() {
        let check = |width, height, expected| {
            let size = within(Size { width, height });
            assert_eq!((size.width, size.height), expected, "{width}x{height}");
        };
        check(80, 24, (80, 24));
        check(1, 1, (1, 1));
        check(480, 135, (480, 135));
        check(300, 1000, (300, 200));
        check(4000, 4000, (500, CELLS / 500));
        check(u16::MAX, u16::MAX, (500, CELLS / 500));
        check(u16::MAX, 1, (500, 1));
    }
}
