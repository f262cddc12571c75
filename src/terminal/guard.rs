//! The modes that are set on the terminal, and that they are taken back on every way out.
//!
//! Few are set, because all of them outlive a dropped link: raw mode, the alternate screen, the
//! hidden cursor, bracketed paste while a prompt is open, and the mouse for those who asked for it.

use super::writer::TtyWriter;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const ENTER: &[u8] = b"\x1b[?1049h";
/// Plain pen, no scroll region, the cursor below everything (for terminals that have no alternate
/// screen), visible, and back to the screen that was there before.
const LEAVE: &[u8] = b"\x1b[m\x1b[r\x1b[999;1H\x1b[K\x1b[?25h\x1b[?1049l";
/// Buttons and wheel, no motion; coordinates as decimal numbers (SGR).
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
const PASTE_ON: &[u8] = b"\x1b[?2004h";
const PASTE_OFF: &[u8] = b"\x1b[?2004l";

/// Holds the terminal in the reader's modes; dropped, it puts back what it found.
pub struct Guard(Arc<Modes>);

struct Modes {
    writer: Mutex<TtyWriter>,
    /// Whether the terminal is in the reader's modes.
    entered: AtomicBool,
    bracketed: AtomicBool,
    mouse: bool,
}

impl Guard {
    /// Sets the modes. From here to the drop a panic on this thread puts them back before its
    /// message is printed; a panic on another thread prints nothing over the screen.
    pub fn enter(writer: TtyWriter, mouse: bool) -> io::Result<Guard> {
        let modes = Modes {
            writer: Mutex::new(writer),
            entered: AtomicBool::new(false),
            bracketed: AtomicBool::new(false),
            mouse,
        };
        let guard = Guard(Arc::new(modes));
        guard.reenter()?;
        restore_on_panic(Arc::clone(&guard.0));
        Ok(guard)
    }

    /// Sets the modes again, whatever state the terminal is in.
    pub fn reenter(&self) -> io::Result<()> {
        // crossterm takes what it finds on the first call for what is to be put back.
        if self.0.entered.swap(true, Ordering::SeqCst) {
            crossterm::terminal::disable_raw_mode()?;
        }
        crossterm::terminal::enable_raw_mode()?;
        self.0.send(ENTER)?;
        if self.0.mouse {
            self.0.send(MOUSE_ON)?;
        }
        match self.0.bracketed.load(Ordering::SeqCst) {
            true => self.0.send(PASTE_ON),
            false => Ok(()),
        }
    }

    /// Puts back what was found. As often as one likes; errors are passed over, since a terminal that
    /// is gone needs nothing.
    pub fn leave(&self) {
        self.0.leave();
    }

    /// What to send so that pastes are bracketed or no longer so; `None` if they are already.
    pub fn bracket_pastes(&self, wanted: bool) -> Option<&'static [u8]> {
        let before = self.0.bracketed.swap(wanted, Ordering::SeqCst);
        (before != wanted).then_some(if wanted { PASTE_ON } else { PASTE_OFF })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Modes {
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).write_all(bytes)
    }

    fn leave(&self) {
        if !self.entered.swap(false, Ordering::SeqCst) {
            return;
        }
        // First, so that what is typed once the screen is back is read as lines.
        let _ = crossterm::terminal::disable_raw_mode();
        if self.bracketed.load(Ordering::SeqCst) {
            let _ = self.send(PASTE_OFF);
        }
        if self.mouse {
            let _ = self.send(MOUSE_OFF);
        }
        let _ = self.send(LEAVE);
    }
}

/// Has panics on this thread put the terminal back before they are reported.
fn restore_on_panic(modes: Arc<Modes>) {
    let owner = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let here = std::thread::current().id() == owner;
        if here {
            modes.leave();
        }
        // What a worker's panic was is told by whoever waits for the worker.
        if here || !modes.entered.load(Ordering::SeqCst) {
            report(info);
        }
    }));
}
