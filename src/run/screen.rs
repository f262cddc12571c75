//! The reader on the full screen: it takes keys and draws frames.
//!
//! One thread owns the terminal and the state. It handles all pending events before it draws a frame, so that
//! many keys in quick succession cost only one frame. The first frame waits a moment for the first articles.

use super::link::Link;
use super::outlet::shell;
use super::pace::Pace;
use super::session::{Beginning, Session};
use crate::app::layout::Area;
use crate::app::{Announce, Effect, Message, Size};
use crate::config::value::Bell;
use crate::fault::reason;
use crate::keymap::{Keyboard, Keymap};
use crate::terminal::{self, Allowance, Batch, Drawn, Ending, Terminal, TerminalError, Typed};
use crate::theme::Theme;
use crate::ui;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// How long the first frame waits for the first articles. One complete frame is better than two.
const FIRST_FRAME: Duration = Duration::from_millis(30);
/// The shortest time for which a screen without articles is shown, unless the user types something.
const HOLLOW_FRAME: Duration = Duration::from_millis(100);
/// The longest text in bytes that is sent to the clipboard. Some terminals cut off longer texts without an error.
pub const CLIPBOARD: usize = 3 * 1024;

/// The reader while it runs.
pub struct Screen<'a> {
    terminal: Box<Terminal>,
    session: &'a mut Session,
    keyboard: Keyboard,
    theme: Theme,
    /// Whether the clipboard may be set with OSC 52.
    clipboard: bool,
    /// How new articles in a watched search are announced.
    bell: Bell,
    inbox: Receiver<Message>,
    frames: Frames,
    /// What the connection to the terminal takes.
    link: Link,
    /// Whether the last frame, or a part of it, was held back because it was too large for the link.
    held_back: bool,
    state: Phase,
}

impl<'a> Screen<'a> {
    pub fn new(
        session: &'a mut Session,
        terminal: Box<Terminal>,
        theme: Theme,
        keymap: Keymap,
        inbox: Receiver<Message>,
        (clipboard, bell): (bool, Bell),
    ) -> Screen<'a> {
        let keyboard = Keyboard::new(keymap);
        let (frames, state) = (Frames::Settled(Pace::default()), Phase::Running);
        let (link, held_back) = (Link::FAST, false);
        Screen { terminal, session, keyboard, theme, clipboard, bell, inbox, frames, link, held_back, state }
    }

    /// The same over another link to the terminal than a fast one.
    pub fn over(self, link: Link) -> Screen<'a> {
        Screen { link, ..self }
    }
}

/// Runs until the user quits or a signal ends the reader. Returns the exit code.
pub fn live(mut screen: Screen<'_>, beginning: Beginning) -> Result<u8, TerminalError> {
    screen.begin(beginning)?;
    screen.live()
}

/// Which frame, if any, has to be drawn next.
#[derive(Clone, Copy, Debug)]
enum Frames {
    /// No frame with articles has been drawn yet. The first one is drawn when the first answers have arrived, or
    /// at `until`. `articles` is true once the library has articles or is known to have none.
    First { until: Option<Instant>, articles: bool },
    /// The screen shows the state.
    Settled(Pace),
    /// The state has changed since the last frame.
    Stale(Pace),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    Leaving,
    Ended(Ending),
}

impl Screen<'_> {
    fn begin(&mut self, beginning: Beginning) -> Result<(), TerminalError> {
        let until = Some(Instant::now() + FIRST_FRAME);
        self.frames = Frames::First { until, articles: !beginning.loading };
        let left = self.session.perform(beginning.effects);
        self.perform(left)?;
        match beginning.faults {
            faults if faults.is_empty() => Ok(()),
            faults => self.update(Message::Warned(faults)),
        }
    }

    /// Runs until the user quits or a signal ends the reader. Returns the exit code.
    fn live(&mut self) -> Result<u8, TerminalError> {
        loop {
            match self.step() {
                Ok(Phase::Running) => {}
                Ok(Phase::Leaving) => return Ok(0),
                Ok(Phase::Ended(ending)) => return Ok(ending.exit_code()),
                // When the connection is lost, or a signal arrives while the output is blocked, the output
                // fails first.
                Err(error) => {
                    let ending = self.terminal.wait(Some(Duration::ZERO)).ok().and_then(|batch| batch.ending);
                    return ending.map(Ending::exit_code).ok_or(error);
                }
            }
        }
    }

    fn step(&mut self) -> Result<Phase, TerminalError> {
        self.draw_if_due()?;
        let batch = self.terminal.wait(self.patience())?;
        if let Some(ending) = batch.ending {
            self.update(Message::Ended)?;
            self.state = Phase::Ended(ending);
        } else {
            self.take(batch)?;
        }
        Ok(self.state)
    }

    /// Returns the longest time to sleep, or `None` if only an event can change anything.
    fn patience(&self) -> Option<Duration> {
        let now = Instant::now();
        let frame = self.due(now);
        let wake = self.session.wake.map(|(_, at)| at);
        frame.into_iter().chain(wake).min().map(|at| at.saturating_duration_since(now))
    }

    /// When the next frame is due, if there is to be one.
    fn due(&self, now: Instant) -> Option<Instant> {
        match self.frames {
            Frames::First { until, .. } => until,
            Frames::Stale(pace) => {
                let held_back = self.link.series_ends(now).filter(|_| self.held_back);
                Some(pace.due(now).max(self.link.free(now)).max(held_back.unwrap_or(now)))
            }
            Frames::Settled(_) => None,
        }
    }

    fn draw_if_due(&mut self) -> Result<(), TerminalError> {
        let now = Instant::now();
        if self.due(now).is_none_or(|due| due > now) {
            return Ok(());
        }
        if self.terminal.takes_links() {
            let links = ui::links(&self.session.app);
            self.terminal
                .link(links.iter().map(|cells| (cells.x, cells.y, cells.width, cells.address.as_str())));
        }
        let allowance = self.allowance(now);
        let Drawn { sent, whole } = self.terminal.draw(allowance, |frame| {
            ui::draw(&self.session.app, &self.keyboard, &self.theme, frame);
        })?;
        self.held_back = !whole;
        self.link.sent(Instant::now(), sent);
        let sent = sent.bytes;
        self.frames = match self.frames {
            Frames::Stale(pace) if !whole => Frames::Stale(pace.sent(now, sent)),
            // This frame has no articles yet. The first frame with articles must not wait for its pace.
            Frames::First { articles: false, .. } => Frames::First { until: None, articles: false },
            Frames::First { .. } => Frames::Settled(Pace::default().sent(now, sent)),
            Frames::Stale(pace) | Frames::Settled(pace) => Frames::Settled(pace.sent(now, sent)),
        };
        Ok(())
    }

    /// How much of a frame that is drawn now may be sent. While a key repeats and the frame would be too large, the panes
    /// whose text costs the most keep what they show.
    fn allowance(&self, now: Instant) -> Allowance {
        let Some(bytes) = self.link.room(now, self.session.wake.is_some()) else { return Allowance::ALL };
        let cells = |area: &Area| (area.x, area.y, area.width, area.height);
        let kept =
            ui::dear(&self.session.app).iter().map(|areas| areas.iter().map(cells).collect()).collect();
        Allowance { bytes, kept }
    }

    /// Handles everything that has happened.
    fn take(&mut self, batch: Batch) -> Result<(), TerminalError> {
        if batch.stop {
            let left = self.session.perform(vec![Effect::Suspend]);
            self.grow_stale();
            self.perform(left)?;
        }
        if batch.size_changed || batch.continued {
            self.update(Message::Resized(size_of(&self.terminal)))?;
        }
        if !batch.typed.is_empty() {
            self.link.pressed(Instant::now());
            self.held_back = false;
        }
        for typed in batch.typed {
            self.take_typed(typed)?;
        }
        while let Ok(message) = self.inbox.try_recv() {
            self.take_message(message)?;
        }
        match self.session.take_time() {
            Some(left) => {
                self.grow_stale();
                self.perform(left)
            }
            None => Ok(()),
        }
    }

    fn take_typed(&mut self, typed: Typed) -> Result<(), TerminalError> {
        // Keys that follow the key that quits are not meant for the reader.
        if self.state == Phase::Leaving {
            return Ok(());
        }
        self.show_soon();
        match typed {
            Typed::Key(key) => match self.keyboard.press(self.session.app.context(), key) {
                Some(message) => self.update(message),
                None => Ok(()),
            },
            Typed::Mouse(mouse) => {
                self.keyboard.clear();
                self.update(Message::Mouse(mouse))
            }
            Typed::Paste(text) => {
                self.keyboard.clear();
                self.update(Message::Pasted(text))
            }
        }
    }

    fn take_message(&mut self, message: Message) -> Result<(), TerminalError> {
        let articles = matches!(message, Message::LibraryChanged);
        self.update(message)?;
        if let Frames::First { until, articles: seen } = &mut self.frames {
            *seen |= articles;
            if *seen && self.session.open.is_empty() {
                *until = Some(Instant::now());
            }
        }
        Ok(())
    }

    /// Notes that the screen may no longer show the current state.
    fn grow_stale(&mut self) {
        match &mut self.frames {
            Frames::Settled(pace) => self.frames = Frames::Stale(*pace),
            Frames::First { until: until @ None, .. } => *until = Some(Instant::now() + HOLLOW_FRAME),
            Frames::First { .. } | Frames::Stale(_) => {}
        }
    }

    /// Makes the next frame due at once after a key press, even if no articles have been read yet.
    fn show_soon(&mut self) {
        self.grow_stale();
        match &mut self.frames {
            Frames::First { until, .. } => *until = Some(Instant::now()),
            Frames::Stale(pace) | Frames::Settled(pace) => *pace = pace.pressed(),
        }
    }
}

impl Screen<'_> {
    /// Passes a message to the core, performs the effects that it requests, and schedules a frame.
    fn update(&mut self, message: Message) -> Result<(), TerminalError> {
        let left = self.session.update(message);
        self.grow_stale();
        self.perform(left)
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), TerminalError> {
        effects.into_iter().try_for_each(|effect| self.perform_one(effect))
    }

    /// Performs an effect that needs the terminal. The session has performed all others.
    fn perform_one(&mut self, effect: Effect) -> Result<(), TerminalError> {
        match effect {
            Effect::Copy(text) if self.clipboard && text.len() <= CLIPBOARD => self.terminal.copy(&text)?,
            Effect::Copy(text) => self.update(Message::Told(format!("to copy by hand: {text}")))?,
            Effect::Suspend => self.suspend()?,
            Effect::Redraw => self.terminal.repaint()?,
            Effect::Ring(name) => match self.bell {
                Bell::Never => {}
                Bell::Notify => self.terminal.notify(&name)?,
                Bell::Ring => self.terminal.ring()?,
            },
            Effect::Announce { how: Announce::Bell, .. } => self.terminal.ring()?,
            Effect::Announce { how: Announce::Notification, rule } => self.terminal.notify(&rule)?,
            Effect::HandOver { command, input } => self.hand_over(&command, input)?,
            Effect::Quit => self.state = Phase::Leaving,
            _ => {}
        }
        Ok(())
    }

    /// Gives the terminal to a command until it ends and the person has seen what it printed.
    fn hand_over(&mut self, command: &str, input: String) -> Result<(), TerminalError> {
        let capacity = self.session.capacity.clone();
        let told = self.terminal.lend(|| {
            let ended = capacity.start_on_terminal(&shell(command), input.into_bytes());
            let told = match ended.map(|mut child| child.wait()) {
                Ok(Ok(status)) if status.success() => format!("'{command}' is done"),
                Ok(Ok(status)) => format!("'{command}' ended with {status}"),
                Ok(Err(error)) => format!("'{command}': {}", reason(&error)),
                Err(refused) => refused.to_string(),
            };
            terminal::wait_for_enter();
            told
        })?;
        self.update(Message::Resized(size_of(&self.terminal)))?;
        self.update(Message::Told(told))
    }

    /// Restores the terminal and stops the program until the shell continues it.
    fn suspend(&mut self) -> Result<(), TerminalError> {
        self.terminal.suspend()?;
        self.update(Message::Resized(size_of(&self.terminal)))
    }
}

/// Returns the size of the screen in cells.
pub fn size_of(terminal: &Terminal) -> Size {
    let size = terminal.size();
    Size { width: size.width, height: size.height }
}
