//! Everything that happens on the terminal: keys, pastes, signals, calls by workers, and hang-ups.
//!
//! One `poll` waits on the terminal, the pipes of the signals and the pipe of the workers. What the terminal sends
//! goes through the [`filter`](super::filter), and crossterm decodes what the filter lets through.

use super::decoder::Decoder;
use super::filter::Filter;
use super::signals::{Raised, Signals};
use super::waker::Waker;
use super::{TerminalError, keys};
use crate::app::{Mouse, MouseDoes};
use crate::keymap::Key;
use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most bytes that are read at a time: as many as the buffer of a terminal holds on Linux. Frames are drawn in
/// between, even if the input never stops.
const PIECE: usize = 4096;

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
    /// The terminal: that of standard input, or the controlling one if standard input is none.
    tty: Arc<OwnedFd>,
    filter: Filter,
    decoder: Decoder,
    signals: Signals,
    alarm: Waker,
}

impl Input {
    /// Reads keys from standard input if it is a terminal, and otherwise from the controlling terminal. Until the
    /// value is dropped, nobody else can read from standard input. Mouse events are dropped unless `mouse` is set.
    pub fn open(alarm: &Waker, mouse: bool) -> Result<Input, TerminalError> {
        let stdin = rustix::stdio::stdin();
        let tty = match rustix::termios::isatty(stdin) {
            true => rustix::io::fcntl_dupfd_cloexec(stdin, 3).map_err(io::Error::from)?,
            false => {
                let tty = File::options().read(true).write(true).open("/dev/tty");
                tty.map_err(TerminalError::NoKeyboard)?.into()
            }
        };
        let signals = Signals::catch()?;
        let decoder = Decoder::open(tty.as_fd())?;
        let filter = Filter::new(mouse, Instant::now());
        Ok(Input { tty: Arc::new(tty), filter, decoder, signals, alarm: alarm.clone() })
    }

    /// The terminal from which the keys come.
    pub fn tty(&self) -> Arc<OwnedFd> {
        Arc::clone(&self.tty)
    }

    /// Pipes that become readable once the program is asked to end.
    pub fn fatal_signals(&self) -> io::Result<Vec<UnixStream>> {
        self.signals.fatal()
    }

    /// Sleeps until something happens or `timeout` has passed.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Batch> {
        let torn = self.filter.deadline().map(|at| at.saturating_duration_since(Instant::now()));
        let keys = self.poll(timeout.into_iter().chain(torn).min())?;
        let Raised { fatal, stop, continued, size } = self.signals.take();
        let mut batch = Batch { stop, continued, size_changed: size, ..Batch::default() };
        self.alarm.take();
        if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            batch.ending = Some(fatal.map_or(Ending::HungUp, Ending::Signal));
        } else {
            batch.ending = fatal.map(Ending::Signal);
            if keys.contains(PollFlags::IN) {
                self.read()?;
            }
            self.filter.expire(Instant::now());
            for run in self.filter.ready() {
                self.decoder.decode(&run, |event| batch.typed.extend(typed(event)))?;
            }
        }
        Ok(batch)
    }

    /// Takes what the terminal has sent.
    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; PIECE];
        match rustix::io::read(&self.tty, &mut bytes) {
            Ok(count) => self.filter.take(bytes.get(..count).unwrap_or_default(), Instant::now()),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Discards the pending signals, among them SIGCONT, which the caller has handled.
    pub fn forget_continue(&mut self) {
        self.signals.take();
    }

    /// Waits for any event; returns the events of the keyboard.
    fn poll(&self, timeout: Option<Duration>) -> io::Result<PollFlags> {
        let mut fds = vec![PollFd::from_borrowed_fd(self.tty.as_fd(), PollFlags::IN)];
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
}

/// What an event of crossterm means, in order.
fn typed(event: Event) -> Vec<Typed> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => keys::keys(key).map(Typed::Key).collect(),
        Event::Paste(text) => vec![Typed::Paste(text)],
        Event::Mouse(event) => mouse(event).map(Typed::Mouse).into_iter().collect(),
        // Changes of size arrive through the pipe of SIGWINCH; crossterm reports them late.
        _ => Vec::new(),
    }
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
