//! The reader in lines: reads what is typed, has it done, and tells what is new.
//!
//! Lines come by one thread and what happens by another; both end in one channel. After each line everything that
//! it asked for is waited for, but for what is fetched: that is told when it comes.

mod obey;

use super::screen::CLIPBOARD;
use super::session::{Beginning, Session};
use crate::app::over::Over;
use crate::app::{Action, Effect, Loading, Message};
use crate::config::value::Bell;
use crate::keymap::Keymap;
use crate::lines::Teller;
use crate::terminal::capability::Through;
use crate::terminal::{TerminalError, clipboard_sequence, plain, stop};
use crate::text::harmless::harmless;
use crate::theme::Glyphs;
use std::collections::VecDeque;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a person waits for the first articles at most; a pipe waits for all of them.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is written on.
pub struct Paper {
    pub output: Box<dyn Write>,
    pub glyphs: Glyphs,
    /// Whether a person sits at the other end.
    pub is_terminal: bool,
    /// Through what copying by OSC 52 may be tried, if it may.
    pub clipboard: Option<Through>,
    /// How new articles in a watched search are announced.
    pub bell: Bell,
}

/// Reads lines from `input` until it ends or the person leaves; the exit code.
pub fn live(
    session: &mut Session,
    keymap: Keymap,
    paper: Paper,
    input: Box<dyn BufRead + Send>,
    inbox: Receiver<Message>,
    beginning: Beginning,
) -> Result<u8, TerminalError> {
    let (events, happening) = channel();
    let typed = events.clone();
    thread::spawn(move || read_lines(input, &typed));
    // It ends once nobody listens any more.
    thread::spawn(move || inbox.into_iter().all(|message| events.send(Event::Happened(message)).is_ok()));
    let mut lines = Lines {
        session,
        teller: Teller::new(keymap),
        paper,
        happening,
        typed: VecDeque::new(),
        ended: false,
        leaving: false,
        loading: beginning.loading,
        behind: Vec::new(),
    };
    lines.begin(beginning)?;
    while !lines.leaving && lines.step()? {}
    if !lines.leaving {
        lines.update(Message::Ended)?;
    }
    Ok(0)
}

enum Event {
    Typed(String),
    /// There will be no more lines.
    End,
    Happened(Message),
}

/// Sends each line that is typed, also one that is no UTF-8.
fn read_lines(mut input: Box<dyn BufRead + Send>, events: &Sender<Event>) {
    let mut line = Vec::new();
    loop {
        line.clear();
        let event = match input.read_until(b'\n', &mut line) {
            Ok(read) if read > 0 => Event::Typed(String::from_utf8_lossy(&line).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            _ => Event::End,
        };
        let end = matches!(event, Event::End);
        if events.send(event).is_err() || end {
            return;
        }
    }
}

struct Lines<'a> {
    session: &'a mut Session,
    teller: Teller,
    paper: Paper,
    happening: Receiver<Event>,
    /// Lines that were typed ahead.
    typed: VecDeque<String>,
    /// Whether no more lines will come.
    ended: bool,
    leaving: bool,
    /// Articles are still being taken in.
    loading: bool,
    /// What came by itself and is not told yet.
    behind: Vec<String>,
}

impl Lines<'_> {
    fn begin(&mut self, beginning: Beginning) -> Result<(), TerminalError> {
        let left = self.session.perform(beginning.effects);
        self.perform(left)?;
        if !beginning.faults.is_empty() {
            self.update(Message::Warned(beginning.faults))?;
        }
        let until = Instant::now() + PATIENCE;
        while self.loading {
            let timeout = self.paper.is_terminal.then(|| until.saturating_duration_since(Instant::now()));
            match self.next(timeout) {
                Some(event) => self.take(event)?,
                None => break,
            }
        }
        self.settle()?;
        self.tell(None)
    }

    /// Takes one line, or what happened before one was typed; whether there may be more.
    fn step(&mut self) -> Result<bool, TerminalError> {
        self.prompt()?;
        loop {
            if let Some(line) = self.typed.pop_front() {
                self.obey(&line)?;
                return Ok(true);
            }
            if self.ended && !self.is_awaited() {
                self.paper.raw(b"\n")?;
                return Ok(false);
            }
            let timeout = self.session.wake.map(|(_, at)| at.saturating_duration_since(Instant::now()));
            match self.next(timeout) {
                Some(event) => self.take(event)?,
                None => self.take_time()?,
            }
            if self.typed.is_empty() && self.tell_behind()? {
                return Ok(true);
            }
        }
    }

    /// Whether something is under way that a script waits for; a person who leaves does not.
    fn is_awaited(&self) -> bool {
        let app = &self.session.app;
        !self.paper.is_terminal && (app.full_text_underway().is_some() || app.fetching().is_some())
    }

    /// The next event; `None` once the time is over.
    fn next(&self, timeout: Option<Duration>) -> Option<Event> {
        match timeout {
            // Both senders live as long as there is something to read and something may happen.
            None => Some(self.happening.recv().unwrap_or(Event::End)),
            Some(timeout) => match self.happening.recv_timeout(timeout) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Event::End),
            },
        }
    }

    fn take(&mut self, event: Event) -> Result<(), TerminalError> {
        match event {
            Event::Typed(line) => self.typed.push_back(line),
            Event::End => self.ended = true,
            Event::Happened(message) => {
                if let Message::Progress(progress) = &message
                    && progress.state == Loading::Finished
                    && std::mem::take(&mut self.loading)
                    && self.teller.has_told()
                {
                    self.behind.push(format!("All is read: {} articles.", progress.articles));
                }
                self.update(message)?;
            }
        }
        Ok(())
    }

    fn take_time(&mut self) -> Result<(), TerminalError> {
        match self.session.take_time() {
            Some(left) => self.perform(left),
            None => Ok(()),
        }
    }

    /// Waits until everything that was asked for is there.
    fn settle(&mut self) -> Result<(), TerminalError> {
        while !self.session.is_quiet() {
            let timeout = self.session.wake.map(|(_, at)| at.saturating_duration_since(Instant::now()));
            match self.next(timeout) {
                Some(event) => self.take(event)?,
                None => self.take_time()?,
            }
        }
        Ok(())
    }

    fn update(&mut self, message: Message) -> Result<(), TerminalError> {
        let left = self.session.update(message);
        self.perform(left)
    }

    /// Performs what only the terminal can; the session has done the rest.
    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), TerminalError> {
        for effect in effects {
            match effect {
                Effect::Copy(text) => match self.paper.clipboard.filter(|_| text.len() <= CLIPBOARD) {
                    Some(through) => self.paper.raw(clipboard_sequence(&text, through).as_bytes())?,
                    None => self.update(Message::Told(format!("to copy by hand: {text}")))?,
                },
                Effect::Ring(name) => self.ring(&name)?,
                Effect::Suspend if self.paper.is_terminal => stop()?,
                Effect::Suspend => self.update(Message::Told("no terminal here to stop for".to_owned()))?,
                Effect::Quit => self.leaving = true,
                _ => {}
            }
        }
        Ok(())
    }

    fn ring(&mut self, name: &str) -> Result<(), TerminalError> {
        if self.paper.bell != Bell::Never {
            self.behind.push(format!("New articles in @{name}."));
            if self.paper.is_terminal {
                self.paper.raw(b"\x07")?;
            }
        }
        Ok(())
    }

    /// Tells what came by itself, below the prompt; whether anything did.
    fn tell_behind(&mut self) -> Result<bool, TerminalError> {
        if !self.session.is_quiet() {
            return Ok(false);
        }
        let mut lines = std::mem::take(&mut self.behind);
        lines.extend(self.teller.tell_behind(&self.session.app));
        if lines.is_empty() {
            return Ok(false);
        }
        self.paper.raw(b"\n")?;
        lines.iter().try_for_each(|line| self.paper.line(line))?;
        Ok(true)
    }

    fn tell(&mut self, action: Option<Action>) -> Result<(), TerminalError> {
        if self.leaving {
            return Ok(());
        }
        let mut lines = self.teller.tell(&self.session.app, action);
        lines.append(&mut self.behind);
        lines.iter().try_for_each(|line| self.paper.line(line))?;
        // What is told whole is not to be closed by hand.
        while let Over::Sheet(_) = self.session.app.over() {
            self.act(Action::SheetClose, None)?;
        }
        Ok(())
    }

    fn prompt(&mut self) -> Result<(), TerminalError> {
        let prompt = self.teller.prompt(&self.session.app);
        self.paper.raw(harmless(&prompt).as_bytes())?;
        Ok(self.paper.output.flush()?)
    }
}

impl Paper {
    /// Writes a text and a line feed; control codes and what reorders text become U+FFFD.
    fn line(&mut self, text: &str) -> io::Result<()> {
        let text = harmless(text);
        match self.glyphs {
            Glyphs::Ascii => {
                let plain: String = text.chars().map(plain).collect();
                self.output.write_all(plain.as_bytes())?;
            }
            Glyphs::Unicode => self.output.write_all(text.as_bytes())?,
        }
        self.output.write_all(b"\n")
    }

    /// Writes bytes that this program made itself.
    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.output.write_all(bytes)
    }
}
