//! What happens on the terminal: keys, pastes, signals, workers' calls, the loss of the line.
//!
//! One `poll` over the terminal, the signals' pipes and the workers' pipe. crossterm decodes the keys; it is
//! called only when there are bytes to read and the line is alive, because on a line that hung up it
//! never returns.

use super::signals::{Raised, Signals};
use super::waker::Waker;
use super::{TerminalError, keys, split};
use crate::app::{Mouse, MouseDoes};
use crate::keymap::Key;
use crossterm::event::{self, Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How long crossterm may look for a key. Not zero: it then looks at nothing, not even at what it has
/// decoded already. Anything under a millisecond makes its own poll return at once.
const LOOK: Duration = Duration::from_micros(100);
/// How long the rest of a sequence may be under way behind its Esc: pieces of one key press follow each
/// other closely, however slow the link.
const TORN: Duration = Duration::from_millis(20);
/// Keys taken in one batch at most, so that a line that never falls silent still sees frames.
const BATCH: usize = 4096;

/// Everything that has happened since the last wait, keys in the order typed.
#[derive(Debug, Default)]
pub struct Batch {
    pub typed: Vec<Typed>,
    /// The terminal has another size than before.
    pub size_changed: bool,
    /// The process was asked to stop (SIGTSTP).
    pub stop: bool,
    /// The process was continued: the screen was painted over by others.
    pub continued: bool,
    pub ending: Option<Ending>,
}

/// What came from the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Key(Key),
    /// Pasted text, as it came: it may hold anything.
    Paste(String),
    Mouse(Mouse),
}

/// Why the program has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A signal, by its number.
    Signal(i32),
    /// The terminal is gone.
    HungUp,
}

impl Ending {
    /// The exit code: 128 and the signal's number; the loss of the line counts as SIGHUP.
    pub fn exit_code(self) -> u8 {
        let number = match self {
            Ending::Signal(number) => number,
            Ending::HungUp => signal_hook::consts::SIGHUP,
        };
        u8::try_from(128 + number).unwrap_or(u8::MAX)
    }
}

/// The keyboard, the signals and the workers.
pub struct Input {
    /// Only where standard input is no terminal.
    tty: Option<OwnedFd>,
    signals: Signals,
    alarm: Waker,
}

impl Input {
    /// Keys come from standard input where it is a terminal, else from the controlling terminal.
    pub fn open(alarm: &Waker) -> Result<Input, TerminalError> {
        let tty = match rustix::termios::isatty(rustix::stdio::stdin()) {
            true => None,
            false => {
                let tty = File::options().read(true).write(true).open("/dev/tty");
                Some(tty.map_err(TerminalError::NoKeyboard)?.into())
            }
        };
        Ok(Input { tty, signals: Signals::catch()?, alarm: alarm.clone() })
    }

    /// Pipes that are readable once the program is asked to end.
    pub fn fatal_signals(&self) -> io::Result<Vec<UnixStream>> {
        self.signals.fatal()
    }

    /// Sleeps until something happens or `timeout` is over.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Batch> {
        let keys = self.poll(timeout)?;
        let Raised { fatal, stop, continued, size } = self.signals.take();
        let mut batch = Batch { stop, continued, size_changed: size, ..Batch::default() };
        self.alarm.take();
        if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            batch.ending = Some(fatal.map_or(Ending::HungUp, Ending::Signal));
        } else {
            batch.ending = fatal.map(Ending::Signal);
            if keys.contains(PollFlags::IN) {
                batch.typed = self.read_typed()?;
            }
        }
        Ok(batch)
    }

    /// Takes all that is typed, and what may follow an Esc that a slow link has torn off.
    fn read_typed(&self) -> io::Result<Vec<Typed>> {
        let mut typed = Vec::new();
        let mut keys = Vec::new();
        loop {
            read_keys(&mut typed, &mut keys)?;
            if !split::may_go_on(&keys) || !self.is_more_coming()? {
                break;
            }
        }
        typed.extend(split::mended(&keys).into_iter().map(Typed::Key));
        Ok(typed)
    }

    /// Whether the rest of a torn sequence comes within the time that one takes to come.
    fn is_more_coming(&self) -> io::Result<bool> {
        let mut fds = [PollFd::from_borrowed_fd(self.keyboard(), PollFlags::IN)];
        let timeout = Timespec { tv_sec: 0, tv_nsec: TORN.subsec_nanos().into() };
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) => Ok(fds.iter().any(|fd| fd.revents() == PollFlags::IN)),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Forgets that the process was continued: the caller knows.
    pub fn forget_continue(&mut self) {
        self.signals.take();
    }

    /// Waits; what the terminal has to say.
    fn poll(&self, timeout: Option<Duration>) -> io::Result<PollFlags> {
        let mut fds = vec![PollFd::from_borrowed_fd(self.keyboard(), PollFlags::IN)];
        fds.push(PollFd::from_borrowed_fd(self.alarm.readable(), PollFlags::IN));
        fds.extend(self.signals.readable().map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN)));
        let timeout =
            timeout.map(|time| Timespec::try_from(time).unwrap_or(Timespec { tv_sec: 3600, tv_nsec: 0 }));
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => Ok(fds.first().map_or(PollFlags::empty(), PollFd::revents)),
            Err(Errno::INTR) => Ok(PollFlags::empty()),
            Err(error) => Err(error.into()),
        }
    }

    fn keyboard(&self) -> BorrowedFd<'_> {
        match &self.tty {
            Some(tty) => tty.as_fd(),
            None => rustix::stdio::stdin(),
        }
    }
}

/// Takes all that is there: keys to the end of `keys`; before a paste they go to `typed`, with it.
fn read_keys(typed: &mut Vec<Typed>, keys: &mut Vec<Key>) -> io::Result<()> {
    while typed.len() + keys.len() < BATCH && there_is_more()? {
        match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => keys.extend(keys::keys(key)),
            Event::Paste(text) => {
                typed.extend(split::mended(keys).into_iter().map(Typed::Key));
                keys.clear();
                typed.push(Typed::Paste(text));
            }
            Event::Mouse(event) => {
                typed.extend(split::mended(keys).into_iter().map(Typed::Key));
                keys.clear();
                typed.extend(mouse(event).map(Typed::Mouse));
            }
            // Changes of size come by the signals' pipe; crossterm tells of them late.
            _ => {}
        }
    }
    Ok(())
}

/// What is listened to: the left button and the wheel.
fn mouse(event: MouseEvent) -> Option<Mouse> {
    let does = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseDoes::Click,
        MouseEventKind::ScrollUp => MouseDoes::WheelUp,
        MouseEventKind::ScrollDown => MouseDoes::WheelDown,
        _ => return None,
    };
    Some(Mouse { x: event.column, y: event.row, does })
}

/// Looks twice: a process that loses the processor during the first look learns nothing from it.
fn there_is_more() -> io::Result<bool> {
    Ok(event::poll(LOOK)? || event::poll(LOOK)?)
}
