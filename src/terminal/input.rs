//! Everything that happens on the terminal: keys, pastes, signals, calls by workers, and hang-ups.
//!
//! One `poll` waits on the terminal, the pipes of the signals and the pipe of the workers. crossterm decodes
//! the keys; it is called only when there are bytes to read and the line is alive, because it never returns
//! on a line that hung up.

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

/// How long crossterm may look for a key. With zero it would look at nothing, not even at the keys that it
/// has decoded already. Anything under a millisecond makes its own poll return at once.
const LOOK: Duration = Duration::from_micros(100);
/// How long the rest of an escape sequence may take to arrive after its Esc. The pieces of one key press
/// follow each other closely, however slow the connection is.
const TORN: Duration = Duration::from_millis(20);
/// The most keys in one batch, so that frames are drawn even if the input never stops.
const BATCH: usize = 4096;

/// Everything that has happened since the last wait, with the keys in the order in which they were typed.
#[derive(Debug, Default)]
pub struct Batch {
    pub typed: Vec<Typed>,
    /// Whether the size of the terminal has changed.
    pub size_changed: bool,
    /// Whether the process was asked to stop (SIGTSTP).
    pub stop: bool,
    /// Whether the process was continued, after others may have written on the screen.
    pub continued: bool,
    pub ending: Option<Ending>,
}

/// An event from the keyboard or the mouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Key(Key),
    /// Pasted text as received: it may contain anything.
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
    /// The exit code: 128 plus the number of the signal; a hang-up counts as SIGHUP.
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
    /// The controlling terminal, if standard input is not a terminal.
    tty: Option<OwnedFd>,
    signals: Signals,
    alarm: Waker,
}

impl Input {
    /// Reads keys from standard input if it is a terminal, and otherwise from the controlling terminal.
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

    /// Pipes that become readable once the program is asked to end.
    pub fn fatal_signals(&self) -> io::Result<Vec<UnixStream>> {
        self.signals.fatal()
    }

    /// Sleeps until something happens or `timeout` has passed.
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

    /// Takes everything that was typed, and the rest of a sequence that was split after its Esc.
    fn read_typed(&self) -> io::Result<Vec<Typed>> {
        let mut typed = Vec::new();
        let mut keys = Vec::new();
        loop {
            read_keys(&mut typed, &mut keys)?;
            if !split::may_continue(&keys) || !self.is_more_coming()? {
                break;
            }
        }
        typed.extend(split::rejoined(&keys).into_iter().map(Typed::Key));
        Ok(typed)
    }

    /// Whether the rest of a split sequence arrives within [`TORN`].
    fn is_more_coming(&self) -> io::Result<bool> {
        let mut fds = [PollFd::from_borrowed_fd(self.keyboard(), PollFlags::IN)];
        let timeout = Timespec { tv_sec: 0, tv_nsec: TORN.subsec_nanos().into() };
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) => Ok(fds.iter().any(|fd| fd.revents() == PollFlags::IN)),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Discards the pending signals, among them SIGCONT, which the caller has handled.
    pub fn forget_continue(&mut self) {
        self.signals.take();
    }

    /// Waits for any event; returns the events of the keyboard.
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

/// Takes all input: keys are appended to `keys`, and before a paste or a mouse event they move to `typed`.
fn read_keys(typed: &mut Vec<Typed>, keys: &mut Vec<Key>) -> io::Result<()> {
    while typed.len() + keys.len() < BATCH && there_is_more()? {
        match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => keys.extend(keys::keys(key)),
            Event::Paste(text) => {
                typed.extend(split::rejoined(keys).into_iter().map(Typed::Key));
                keys.clear();
                typed.push(Typed::Paste(text));
            }
            Event::Mouse(event) => {
                typed.extend(split::rejoined(keys).into_iter().map(Typed::Key));
                keys.clear();
                typed.extend(mouse(event).map(Typed::Mouse));
            }
            // Changes of size arrive through the pipe of SIGWINCH; crossterm reports them late.
            _ => {}
        }
    }
    Ok(())
}

/// Converts a mouse event. Only the left button and the wheel are handled.
fn mouse(event: MouseEvent) -> Option<Mouse> {
    let does = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseDoes::Click,
        MouseEventKind::ScrollUp => MouseDoes::WheelUp,
        MouseEventKind::ScrollDown => MouseDoes::WheelDown,
        _ => return None,
    };
    Some(Mouse { x: event.column, y: event.row, does })
}

/// Whether input is pending. Looks twice, because a process that is preempted during the first look
/// learns nothing from it.
fn there_is_more() -> io::Result<bool> {
    Ok(event::poll(LOOK)? || event::poll(LOOK)?)
}
