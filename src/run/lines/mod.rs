//! The reader in lines: it reads typed lines, performs them, and prints what has changed.
//!
//! One thread reads the lines and another receives the messages; both send to one channel. After each line, the
//! reader waits for everything that the line asked for, except for fetches, whose results are printed when they
//! arrive.

mod obey;

use super::outlet::shell;
use super::screen::CLIPBOARD;
use super::session::{Beginning, Session};
use crate::app::over::Over;
use crate::app::{Action, Announce, Effect, Loading, Message};
use crate::config::value::Bell;
use crate::keymap::Keymap;
use crate::lines::Teller;
use crate::terminal::capability::Through;
use crate::terminal::{TerminalError, clipboard_sequence, plain, stop};
use crate::text::harmless::harmless;
use crate::text::width::cells;
use crate::text::wrap;
use crate::theme::Glyphs;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The longest time for which a terminal waits for the first articles. A pipe waits for all of them.
const PATIENCE: Duration = Duration::from_secs(1);

/// The output, and how to write to it.
pub struct Paper {
    pub output: Box<dyn Write>,
    pub glyphs: Glyphs,
    /// Whether a person at a terminal reads the output.
    pub is_terminal: bool,
    /// How OSC 52 has to be wrapped for a multiplexer, or `None` if the clipboard cannot be set.
    pub clipboard: Option<Through>,
    /// How new articles in a watched search are announced.
    pub bell: Bell,
}

/// Reads lines from `input` until it ends or the user quits. Returns the exit code.
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
    // This thread ends when nobody receives its events any more.
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

/// Sends each line that is typed. Bytes that are not UTF-8 are replaced with U+FFFD.
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
    /// Whether articles are still being imported.
    loading: bool,
    /// Lines about background events that have not been printed yet.
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

    /// Handles one line, or the events before it. Returns whether there may be more.
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

    /// Returns whether work is in progress for which a script waits. A person who quits does not wait.
    fn is_awaited(&self) -> bool {
        let app = &self.session.app;
        !self.paper.is_terminal
            && (app.full_text_underway().is_some()
                || app.fetching().is_some()
                || self.session.is_downloading())
    }

    /// The next event; `None` once the time is over.
    fn next(&self, timeout: Option<Duration>) -> Option<Event> {
        match timeout {
            // The channel stays open as long as there are lines to read or messages may arrive.
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
                    self.behind.push(format!("Finished reading: {} articles.", progress.articles));
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

    /// Waits until everything that was asked for has arrived.
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

    /// Performs the effects that need the terminal. The session has performed all others.
    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), TerminalError> {
        for effect in effects {
            match effect {
                Effect::Copy(text) => match self.paper.clipboard.filter(|_| text.len() <= CLIPBOARD) {
                    Some(through) => self.paper.raw(clipboard_sequence(&text, through).as_bytes())?,
                    None => self.update(Message::Told(format!("to copy by hand: {text}")))?,
                },
                Effect::Ring(name) => self.ring(&name)?,
                Effect::Announce { rule, how } => {
                    self.behind.push(format!("New articles for the rule {rule}."));
                    if self.paper.is_terminal && how == Announce::Bell {
                        self.paper.raw(b"\x07")?;
                    }
                }
                // In lines, a command prints below what was printed before.
                Effect::HandOver { command, input } => {
                    self.paper.output.flush()?;
                    let started =
                        self.session.capacity.start_on_terminal(&shell(&command), input.into_bytes());
                    if let Err(refused) = started.map(|mut child| child.wait()) {
                        self.paper.line(&refused.to_string())?;
                    }
                }
                Effect::Suspend if self.paper.is_terminal => stop()?,
                Effect::Suspend => self
                    .update(Message::Told("could not suspend the reader: there is no terminal".to_owned()))?,
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

    /// Prints lines about background events below the prompt. Returns whether there were any.
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
        // A sheet is printed as a whole, so the user does not have to close it.
        loop {
            match self.session.app.over() {
                Over::Sheet(_) => self.act(Action::SheetClose, None)?,
                Over::Help(_) | Over::Labels(_) => self.act(Action::Cancel, None)?,
                Over::Prompt(_) | Over::Picker(_) | Over::Nothing => break,
            }
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
    /// Writes a text and a line feed. Control codes and characters that reorder text become U+FFFD.
    fn line(&mut self, text: &str) -> io::Result<()> {
        let text = harmless(text);
        let text: Cow<'_, str> = match self.glyphs {
            Glyphs::Ascii => text.chars().map(plain).collect(),
            Glyphs::Unicode => text,
        };
        if !self.is_terminal {
            self.output.write_all(text.as_bytes())?;
            return self.output.write_all(b"\n");
        }
        // A terminal would break lines in the middle of words.
        let width = crate::terminal::width().into();
        for line in text.split('\n') {
            self.wrapped(line, width)?;
        }
        Ok(())
    }

    /// Writes one line of text as lines of at most `width` cells.
    fn wrapped(&mut self, text: &str, width: usize) -> io::Result<()> {
        let lines = if cells(text) <= width { Vec::new() } else { wrap::lines(text, width) };
        if lines.is_empty() {
            self.output.write_all(text.as_bytes())?;
            return self.output.write_all(b"\n");
        }
        for line in lines {
            self.output.write_all(line.span.of(text).as_bytes())?;
            self.output.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes bytes that this program itself has produced.
    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.output.write_all(bytes)
    }
}
