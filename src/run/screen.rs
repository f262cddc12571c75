//! The reader on the full screen: keys in, frames out.
//!
//! One thread owns the terminal and the state. Everything that is there is taken in before a frame is
//! drawn, so that a burst of keys costs one; the first frame waits a moment for the first articles.

use super::pace::Pace;
use super::session::{Beginning, Session};
use crate::app::{Effect, Message, Size, TextWanted};
use crate::config::value::Bell;
use crate::keymap::{Keyboard, Keymap};
use crate::terminal::{Batch, Ending, Terminal, TerminalError, Typed};
use crate::theme::Theme;
use crate::ui;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// How long the first frame waits for the first articles: one full frame is better than two.
const FIRST_FRAME: Duration = Duration::from_millis(30);
/// How long a screen without articles stays at least, but for what is typed.
const HOLLOW_FRAME: Duration = Duration::from_millis(100);
/// Longer texts are not sent to the clipboard: some terminals cut them off without a word.
pub const CLIPBOARD: usize = 3 * 1024;

/// The reader while it runs.
pub struct Screen<'a> {
    terminal: Box<Terminal>,
    session: &'a mut Session,
    keyboard: Keyboard,
    theme: Theme,
    /// Whether copying by OSC 52 may be tried.
    clipboard: bool,
    /// How new articles in a watched search are announced.
    bell: Bell,
    inbox: Receiver<Message>,
    frames: Frames,
    state: State,
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
        let (frames, state) = (Frames::Settled(Pace::default()), State::Running);
        Screen { terminal, session, keyboard, theme, clipboard, bell, inbox, frames, state }
    }
}

/// Lives until the person leaves, or is made to; the exit code.
pub fn live(mut screen: Screen<'_>, beginning: Beginning) -> Result<u8, TerminalError> {
    screen.begin(beginning)?;
    screen.live()
}

/// Where the drawing stands.
#[derive(Clone, Copy, Debug)]
enum Frames {
    /// None with articles was drawn yet; to be drawn once the first answers are there, or at the time
    /// given. `articles`: the library has some, or has none and knows it.
    First { until: Option<Instant>, articles: bool },
    /// The screen shows the state.
    Settled(Pace),
    /// The state has changed since the last frame.
    Stale(Pace),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
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

    /// Lives until the person leaves, or is made to; the exit code.
    fn live(&mut self) -> Result<u8, TerminalError> {
        loop {
            match self.step() {
                Ok(State::Running) => {}
                Ok(State::Leaving) => return Ok(0),
                Ok(State::Ended(ending)) => return Ok(ending.exit_code()),
                // Output fails first where the line is lost, or a signal comes while it is stalled.
                Err(error) => {
                    let ending = self.terminal.wait(Some(Duration::ZERO)).ok().and_then(|batch| batch.ending);
                    return ending.map(Ending::exit_code).ok_or(error);
                }
            }
        }
    }

    fn step(&mut self) -> Result<State, TerminalError> {
        self.draw_if_due()?;
        let batch = self.terminal.wait(self.patience())?;
        if let Some(ending) = batch.ending {
            self.update(Message::Ended)?;
            self.state = State::Ended(ending);
        } else {
            self.take(batch)?;
        }
        Ok(self.state)
    }

    /// How long to sleep at most; `None` where only an event can change anything.
    fn patience(&self) -> Option<Duration> {
        let now = Instant::now();
        let frame = match self.frames {
            Frames::First { until, .. } => until,
            Frames::Stale(pace) => Some(pace.due(now)),
            Frames::Settled(_) => None,
        };
        let wake = self.session.wake.map(|(_, at)| at);
        frame.into_iter().chain(wake).min().map(|at| at.saturating_duration_since(now))
    }

    fn draw_if_due(&mut self) -> Result<(), TerminalError> {
        let now = Instant::now();
        let due = match self.frames {
            Frames::First { until: Some(until), .. } => until,
            Frames::Stale(pace) => pace.due(now),
            Frames::First { until: None, .. } | Frames::Settled(_) => return Ok(()),
        };
        if due > now {
            return Ok(());
        }
        if self.terminal.takes_links() {
            let links = ui::links(&self.session.app);
            self.terminal
                .link(links.iter().map(|cells| (cells.x, cells.y, cells.width, cells.address.as_str())));
        }
        let sent =
            self.terminal.draw(|frame| ui::draw(&self.session.app, &self.keyboard, &self.theme, frame))?;
        self.frames = match self.frames {
            // Nothing to read yet: the frame that has something is not to wait for this one's pace.
            Frames::First { articles: false, .. } => Frames::First { until: None, articles: false },
            Frames::First { .. } => Frames::Settled(Pace::default().sent(now, sent)),
            Frames::Stale(pace) | Frames::Settled(pace) => Frames::Settled(pace.sent(now, sent)),
        };
        Ok(())
    }

    /// Takes in everything that has happened.
    fn take(&mut self, batch: Batch) -> Result<(), TerminalError> {
        if batch.stop {
            let left = self.session.perform(vec![Effect::Suspend]);
            self.grow_stale();
            self.perform(left)?;
        }
        if batch.size_changed || batch.continued {
            self.update(Message::Resized(size_of(&self.terminal)))?;
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
        // Nothing typed after the key that leaves is meant for the reader.
        if self.state == State::Leaving {
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

    /// The screen may no longer show the state.
    fn grow_stale(&mut self) {
        match &mut self.frames {
            Frames::Settled(pace) => self.frames = Frames::Stale(*pace),
            Frames::First { until: until @ None, .. } => *until = Some(Instant::now() + HOLLOW_FRAME),
            Frames::First { .. } | Frames::Stale(_) => {}
        }
    }

    /// Something was typed: that shows at once, also where nothing has been read yet.
    fn show_soon(&mut self) {
        self.grow_stale();
        match &mut self.frames {
            Frames::First { until, .. } => *until = Some(Instant::now()),
            Frames::Stale(pace) | Frames::Settled(pace) => *pace = pace.pressed(),
        }
    }
}

impl Screen<'_> {
    /// Hands a message to the core, performs what it asks for, and has it drawn.
    fn update(&mut self, message: Message) -> Result<(), TerminalError> {
        let left = self.session.update(message);
        self.grow_stale();
        self.perform(left)
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), TerminalError> {
        effects.into_iter().try_for_each(|effect| self.perform_one(effect))
    }

    /// Performs what only the terminal can; the session has done the rest.
    fn perform_one(&mut self, effect: Effect) -> Result<(), TerminalError> {
        match effect {
            Effect::Copy(text) if self.clipboard && text.len() <= CLIPBOARD => self.terminal.copy(&text)?,
            Effect::Copy(text) => self.update(Message::Told(format!("to copy by hand: {text}")))?,
            Effect::TextWanted(wanted) => self.terminal.bracket_pastes(wanted == TextWanted::Yes)?,
            Effect::Suspend => self.suspend()?,
            Effect::Redraw => self.terminal.repaint()?,
            Effect::Ring(name) => match self.bell {
                Bell::Never => {}
                Bell::Notify => self.terminal.notify(&name)?,
                Bell::Ring => self.terminal.ring()?,
            },
            Effect::Quit => self.state = State::Leaving,
            _ => {}
        }
        Ok(())
    }

    /// Gives the terminal back and stops until the shell continues the program.
    fn suspend(&mut self) -> Result<(), TerminalError> {
        self.terminal.suspend()?;
        self.update(Message::Resized(size_of(&self.terminal)))
    }
}

/// The size of the screen as the core counts it.
pub fn size_of(terminal: &Terminal) -> Size {
    let size = terminal.size();
    Size { width: size.width, height: size.height }
}
