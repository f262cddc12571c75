//! The modes that are set on the terminal, and their restoration however the program ends.
//!
//! Few modes are set, because all of them outlive a dropped connection: raw mode, the alternate screen,
//! the hidden cursor, bracketed paste, and the mouse if the person asked for it.

use super::capability::Capabilities;
use super::writer::TtyWriter;
use rustix::termios::{OptionalActions, SpecialCodeIndex, Termios};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const ENTER: &[u8] = b"\x1b[?1049h";
/// Resets the pen and the scroll region, moves the cursor below everything (for terminals without an
/// alternate screen), shows it, and returns to the previous screen.
const LEAVE: &[u8] = b"\x1b[m\x1b[r\x1b[999;1H\x1b[K\x1b[?25h\x1b[?1049l";
/// Reports buttons and the wheel but no motion, with coordinates as decimal numbers (SGR).
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// Pasted text arrives as such, so that its letters are never taken for keys.
const PASTE_ON: &[u8] = b"\x1b[?2004h";
const PASTE_OFF: &[u8] = b"\x1b[?2004l";

/// Ends the string and the synchronized output in which a frame was cut off, for a terminal that knows the latter.
const CUT: &[u8] = b"\x1b\\\x1b[?2026l";

/// Keeps the terminal in the reader's modes; restores the previous state when dropped.
pub struct Guard(Arc<Modes>);

struct Modes {
    /// The terminal from which the keys come.
    tty: Arc<OwnedFd>,
    /// The settings to restore.
    before: Mutex<Option<Termios>>,
    writer: Mutex<TtyWriter>,
    /// Whether the terminal is in the reader's modes.
    entered: AtomicBool,
    mouse: bool,
    /// Whether the terminal may be left in synchronized output.
    synchronized: bool,
}

impl Guard {
    /// Sets the modes. Until the guard is dropped, a panic on this thread restores the terminal before its
    /// message is printed; a panic on another thread prints nothing over the screen.
    pub fn enter(tty: Arc<OwnedFd>, writer: TtyWriter, capabilities: &Capabilities) -> io::Result<Guard> {
        let &Capabilities { mouse, synchronized, .. } = capabilities;
        let (before, entered) = (Mutex::new(None), AtomicBool::new(false));
        let modes = Modes { tty, before, writer: Mutex::new(writer), entered, mouse, synchronized };
        let guard = Guard(Arc::new(modes));
        guard.reenter()?;
        restore_on_panic(Arc::clone(&guard.0));
        Ok(guard)
    }

    /// Sets the modes again, whatever state the terminal is in.
    pub fn reenter(&self) -> io::Result<()> {
        self.0.make_raw()?;
        self.0.send(ENTER)?;
        self.0.send(PASTE_ON)?;
        match self.0.mouse {
            true => self.0.send(MOUSE_ON),
            false => Ok(()),
        }
    }

    /// From now on, writes do not wait for a terminal that takes nothing.
    pub fn hurry(&self) {
        self.0.writer.lock().unwrap_or_else(PoisonError::into_inner).hurry();
    }

    /// Restores the previous state. May be called repeatedly. Errors are ignored, because a terminal that
    /// is gone needs no restoration.
    pub fn leave(&self) {
        self.0.leave();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Modes {
    /// Passes every byte on as it comes. The settings that are found when the reader enters are those to restore.
    fn make_raw(&self) -> io::Result<()> {
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = if self.entered.swap(true, Ordering::SeqCst) { before.take() } else { None };
        let found = match kept {
            Some(kept) => kept,
            None => rustix::termios::tcgetattr(&self.tty)?,
        };
        let mut raw = found.clone();
        *before = Some(found);
        raw.make_raw();
        // A read returns even if another process has taken the bytes that were announced.
        raw.special_codes[SpecialCodeIndex::VMIN] = 0;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(rustix::termios::tcsetattr(&self.tty, OptionalActions::Now, &raw)?)
    }

    fn cook(&self) -> io::Result<()> {
        match &*self.before.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(before) => Ok(rustix::termios::tcsetattr(&self.tty, OptionalActions::Now, before)?),
            None => Ok(()),
        }
    }

    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).write_all(bytes)
    }

    fn leave(&self) {
        if !self.entered.swap(false, Ordering::SeqCst) {
            return;
        }
        // This comes first, so that what is typed once the old screen is back is read as lines.
        let _ = self.cook();
        let cut = self.writer.lock().unwrap_or_else(PoisonError::into_inner).is_cut();
        if cut && self.synchronized {
            let _ = self.send(CUT);
        }
        let _ = self.send(PASTE_OFF);
        if self.mouse {
            let _ = self.send(MOUSE_OFF);
        }
        let _ = self.send(LEAVE);
    }
}

/// Makes panics on this thread restore the terminal before they are reported.
fn restore_on_panic(modes: Arc<Modes>) {
    let owner = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let here = std::thread::current().id() == owner;
        if here {
            modes.leave();
        }
        // The panic of a worker is reported by the thread that waits for the worker.
        if here || !modes.entered.load(Ordering::SeqCst) {
            report(info);
        }
    }));
}
