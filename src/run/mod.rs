//! The loop: waits for what happens, hands it to the core, performs what the core asks for, draws.
//!
//! One thread owns the terminal and the state, and never waits for disk or library: questions and
//! changes go to workers (see [`worker`]), the intake has a thread of its own (see [`loading`]), and
//! their answers come back by one channel. Everything that is there is taken in before a frame is
//! drawn, so that a burst of keys costs one.

mod fetching;
mod folders;
pub mod full_text;
pub mod intake;
mod last;
mod loading;
mod log;
mod opener;
mod pace;
pub mod rules;
pub mod searches;
mod watch;
mod worker;

use crate::app::{self, App, Card, Effect, Lane, Message, Outcome, Size, TextWanted, Ticket, Whereabouts};
use crate::capacity::{Capacity, Writable};
use crate::config::{Binding, Config};
use crate::keymap::{Keyboard, Keymap, Rebinding, preset};
use crate::library::{FollowedFolder, Library};
use crate::source::Warning;
use crate::terminal::capability::Capabilities;
use crate::terminal::{Batch, Ending, Render, Terminal, TerminalError, Typed, waker};
use crate::theme::Theme;
use crate::ui;
use crate::wire::Wire;
use chrono::{Local, NaiveDate};
use fetching::{ByItself, Fetches};
use folders::{Gone, Root};
use intake::Depth;
use loading::Intake;
pub use log::Level;
use log::Log;
use opener::Opener;
use pace::Pace;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};
use worker::{Change, Mailbox, Naming, Workers};

/// How long the first frame waits for the first articles: one full frame is better than two.
const FIRST_FRAME: Duration = Duration::from_millis(30);

/// Longer texts are not sent to the clipboard: some terminals cut them off without a word.
const CLIPBOARD: usize = 3 * 1024;

const GREETING: &str =
    "the sample edition: 'dateline PATH' reads your own files, 'dateline add PATH' keeps them";
const EMPTY_HINT: &str =
    "no articles here: 'dateline PATH' reads files and folders, 'dateline add PATH' keeps them";

const NO_SOURCES: &str = "nothing to fetch here: 'dateline add URL' adds a source to your library";

/// What the reader shows.
pub enum Contents {
    /// The person's library, and where it is.
    Library { library: Library, path: PathBuf },
    /// Files and folders, beside the person's library and without changing it: in a temporary one.
    Files { library: Library, paths: Vec<PathBuf> },
    /// The sample edition, likewise.
    Sample(Library),
}

/// How long a screen without articles stays at least, but for what is typed.
const HOLLOW_FRAME: Duration = Duration::from_millis(100);

/// What the reader is opened with.
pub struct Setup {
    pub contents: Contents,
    /// What fetches the sources of the library, if it has any.
    pub wire: Option<Wire>,
    /// Where names are kept that the person puts right, if they are.
    pub names: Option<Writable>,
    /// How articles that come in are analysed.
    pub depth: Depth,
    pub capabilities: Capabilities,
    pub theme: Theme,
    pub render: Render,
    pub capacity: Capacity,
    pub config: Config,
    /// The config file, in which searches are saved, if it may be changed.
    pub searches: Option<Writable>,
    /// Where a log is kept, if it is.
    pub log: Option<Writable>,
    /// What is there once the card for the first run was seen; `None` where it cannot be kept.
    pub card: Option<Writable>,
    /// What could not be used of the settings.
    pub faults: Vec<Warning>,
}

/// Opens the reader and stays in it until the person leaves, or is made to; the exit code.
pub fn run(setup: Setup) -> Result<u8, TerminalError> {
    let Setup {
        contents,
        wire,
        names,
        searches,
        log,
        card,
        depth,
        capabilities,
        theme,
        render,
        capacity,
        config,
        mut faults,
    } = setup;
    let log = Log::open(log, Level::find(config.word("log")));
    log.line(Level::Info, &format!("start of {}, {capabilities:?}", env!("CARGO_PKG_VERSION")));
    let waker = waker()?;
    let (mailbox, inbox) = Mailbox::new(waker.clone());
    let greeting = matches!(contents, Contents::Sample(_)).then(|| GREETING.to_owned());
    let today = Local::now().date_naive();
    let mut from = Whereabouts::default();
    let pages_depth = depth.clone();
    // Files on the command line are for those who know what they do.
    let greeted = !matches!(contents, Contents::Files { .. });
    let watched = match (capacity.is_full(), config.word("watch")) {
        (true, "auto") => roots(&contents),
        _ => Vec::new(),
    };
    let gone = if matches!(contents, Contents::Library { .. }) { Gone::Kept } else { Gone::Out };
    let (library, intake) = match contents {
        Contents::Library { library, path } => {
            watch::watch(&library, &path, &mailbox);
            // One that cannot be read is told of by the first question.
            from = last::read(&library.state().ok().flatten().unwrap_or_default());
            (library, None)
        }
        Contents::Files { library, paths } => fill(library, paths, depth, &mailbox),
        Contents::Sample(library) => fill(library, Vec::new(), depth, &mailbox),
    };
    let watching =
        (!watched.is_empty()).then(|| folders::watch(&library, watched, gone, pages_depth.clone(), &mailbox));
    let workers = Workers::start(&library, &pages_depth, &mailbox);
    let by_itself = if config.number("fetch-every") > 0 { ByItself::Yes } else { ByItself::No };
    if let Some(wire) = &wire {
        workers.use_fetcher(wire.fetcher.clone());
    }
    let fetches = wire.map(|wire| Fetches::start(wire, by_itself, &mailbox));
    let terminal = Terminal::open(&capabilities, render, &waker)?;
    let (app, effects) = App::start(app::Setup {
        size: size_of(&terminal),
        today,
        measure: u16::try_from(config.number("measure")).unwrap_or(80),
        follow_after: Duration::from_millis(u64::try_from(config.number("follow-after")).unwrap_or(120)),
        saved: config.saved.iter().map(|saved| (saved.name.clone(), saved.query.clone())).collect(),
        watched: config.saved.iter().filter(|saved| saved.watch).map(|saved| saved.name.clone()).collect(),
        card: match &card {
            Some(file) if greeted && !file.path().exists() => Card::Shown,
            _ => Card::Gone,
        },
        from,
        empty_hint: EMPTY_HINT.to_owned(),
        greeting,
    });
    let (keymap, wrong) = keymap(&config);
    faults.extend(wrong);
    let mut reader = Reader {
        terminal,
        app,
        keyboard: Keyboard::new(keymap),
        theme,
        opener: Opener::find(config.argv("opener"), |name| std::env::var(name).ok(), capabilities.remote),
        capacity,
        clipboard: capabilities.clipboard,
        bell: config.word("bell").to_owned(),
        log,
        card,
        workers,
        fetches,
        names,
        searches,
        inbox,
        today,
        wake: None,
        open: 0,
        behind: None,
        frames: Frames::First { until: Some(Instant::now() + FIRST_FRAME), articles: intake.is_none() },
        state: State::Running,
    };
    let code = reader.begin(effects, faults).and_then(|()| reader.live());
    drop((intake, watching));
    let Reader { terminal, workers, fetches, log, .. } = reader;
    drop(terminal);
    match &code {
        Ok(code) => log.line(Level::Info, &format!("end, {code}")),
        Err(error) => log.line(Level::Error, &error.to_string()),
    }
    log.finish();
    if let Some(fetches) = fetches {
        fetches.finish();
    }
    workers.finish();
    library.flush();
    library.discard();
    code
}

/// What is watched: the files and folders that were named, or those that the library follows.
fn roots(contents: &Contents) -> Vec<Root> {
    match contents {
        Contents::Files { paths, .. } => paths.iter().filter_map(|path| Root::new(path)).collect(),
        Contents::Library { library, .. } => {
            let followed = library.folders().unwrap_or_default();
            let there = followed.into_iter().filter(|folder| folder.path.is_dir());
            there.map(|FollowedFolder { path, named }| Root { path, named }).collect()
        }
        Contents::Sample(_) => Vec::new(),
    }
}

/// A library that fills behind the screen.
fn fill(library: Library, paths: Vec<PathBuf>, depth: Depth, mailbox: &Mailbox) -> (Library, Option<Intake>) {
    let intake = loading::start(&library, paths, depth, mailbox);
    (library, Some(intake))
}

/// The default keys with the person's own over them, and what of these could not be used.
pub fn keymap(config: &Config) -> (Keymap, Vec<Warning>) {
    let rebinding =
        |binding: &Binding| Rebinding { action: binding.action.clone(), keys: binding.keys.clone() };
    let rebindings: Vec<Rebinding> = config.bindings.iter().map(rebinding).collect();
    // A preset's own lines cannot be wrong: a test reads them.
    let (base, _) = Keymap::default().rebound(&preset(config.word("keymap")));
    let (keymap, wrong) = base.rebound(&rebindings);
    let told = wrong.into_iter().map(|(place, message)| {
        let line = config.bindings.get(place).and_then(|binding| u64::try_from(binding.line).ok());
        Warning::new("config file", line, &format!("could not bind a key: {message}"))
    });
    (keymap, told.collect())
}

fn size_of(terminal: &Terminal) -> Size {
    let size = terminal.size();
    Size { width: size.width, height: size.height }
}

/// The reader while it runs.
struct Reader {
    terminal: Terminal,
    app: App,
    keyboard: Keyboard,
    theme: Theme,
    opener: Opener,
    capacity: Capacity,
    /// Whether copying by OSC 52 may be tried.
    clipboard: bool,
    /// How a watched search is told of; a word of the setting.
    bell: String,
    log: Log,
    card: Option<Writable>,
    workers: Workers,
    /// What fetches, where there is something to fetch.
    fetches: Option<Fetches>,
    /// Where names are kept that the person puts right, if they are.
    names: Option<Writable>,
    /// The config file, in which searches are saved, if it may be changed.
    searches: Option<Writable>,
    inbox: Receiver<Message>,
    today: NaiveDate,
    /// What the core wants to be woken for, and when.
    wake: Option<(Ticket, Instant)>,
    /// Questions without an answer.
    open: usize,
    /// The question that no frame waits for.
    behind: Option<Ticket>,
    frames: Frames,
    state: State,
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

impl Reader {
    fn begin(&mut self, effects: Vec<Effect>, faults: Vec<Warning>) -> Result<(), TerminalError> {
        self.perform(effects)?;
        if faults.is_empty() { Ok(()) } else { self.update(Message::Warned(faults)) }
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
        let wake = self.wake.map(|(_, at)| at);
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
            let links = ui::links(&self.app);
            self.terminal
                .link(links.iter().map(|cells| (cells.x, cells.y, cells.width, cells.address.as_str())));
        }
        self.terminal.draw(|frame| ui::draw(&self.app, &self.keyboard, &self.theme, frame))?;
        self.frames = match self.frames {
            // Nothing to read yet: the frame that has something is not to wait for this one's pace.
            Frames::First { articles: false, .. } => Frames::First { until: None, articles: false },
            Frames::First { .. } => Frames::Settled(Pace::default().sent(now)),
            Frames::Stale(pace) | Frames::Settled(pace) => Frames::Settled(pace.sent(now)),
        };
        Ok(())
    }

    /// Takes in everything that has happened.
    fn take(&mut self, batch: Batch) -> Result<(), TerminalError> {
        if batch.stop {
            self.suspend()?;
        }
        if batch.size_changed || batch.continued {
            self.update(Message::Resized(size_of(&self.terminal)))?;
        }
        let today = Local::now().date_naive();
        if today != self.today {
            self.today = today;
            self.update(Message::Day(today))?;
        }
        for typed in batch.typed {
            self.take_typed(typed)?;
        }
        while let Ok(message) = self.inbox.try_recv() {
            self.take_message(message)?;
        }
        if let Some((ticket, at)) = self.wake
            && at <= Instant::now()
        {
            self.wake = None;
            self.update(Message::Woken(ticket))?;
        }
        Ok(())
    }

    fn take_typed(&mut self, typed: Typed) -> Result<(), TerminalError> {
        // Nothing typed after the key that leaves is meant for the reader.
        if self.state == State::Leaving {
            return Ok(());
        }
        self.show_soon();
        match typed {
            Typed::Key(key) => match self.keyboard.press(self.app.context(), key) {
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
        if let Message::Done(ticket, _) = message
            && self.behind.take_if(|behind| *behind == ticket).is_none()
        {
            self.open = self.open.saturating_sub(1);
        }
        let articles = matches!(message, Message::LibraryChanged);
        self.update(message)?;
        if let Frames::First { until, articles: seen } = &mut self.frames {
            *seen |= articles;
            if *seen && self.open == 0 {
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
        if let Frames::First { until, .. } = &mut self.frames {
            *until = Some(Instant::now());
        }
    }
}

impl Reader {
    /// Hands a message to the core and performs what it asks for.
    fn update(&mut self, message: Message) -> Result<(), TerminalError> {
        self.keep_in_log(&message);
        let effects = self.app.update(message);
        self.grow_stale();
        self.perform(effects)
    }

    fn keep_in_log(&self, message: &Message) {
        match message {
            Message::Told(line) => self.log.line(Level::Info, line),
            Message::Done(_, Outcome::Failed(error)) => self.log.line(Level::Error, error),
            Message::Warned(warnings) => {
                warnings.iter().for_each(|warning| self.log.line(Level::Warn, &warning.to_string()));
            }
            _ => {}
        }
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), TerminalError> {
        effects.into_iter().try_for_each(|effect| self.perform_one(effect))
    }

    fn perform_one(&mut self, effect: Effect) -> Result<(), TerminalError> {
        match effect {
            Effect::Ask { ticket, lane, question } => {
                match lane {
                    Lane::Saved => self.behind = Some(ticket),
                    _ => self.open += 1,
                }
                if let Some(replaced) = self.workers.ask(ticket, lane, question) {
                    if lane != Lane::Saved {
                        self.open = self.open.saturating_sub(1);
                    }
                    self.update(Message::Done(replaced, Outcome::Cancelled))?;
                }
            }
            Effect::Mark { ticket, target, marking } => {
                self.workers.change(Change::Mark { ticket, target, marking });
            }
            Effect::FullText { ticket, id } => match self.capacity {
                Capacity::Full => self.workers.full_text(ticket, id),
                Capacity::Kiosk { .. } => {
                    let told = "could not get the full text: nothing is fetched here".to_owned();
                    self.update(Message::Done(ticket, Outcome::Failed(told)))?;
                }
            },
            Effect::GiveUp { ticket } => self.workers.give_up(ticket),
            Effect::Undo { ticket } => self.workers.change(Change::Undo { ticket }),
            Effect::Redo { ticket } => self.workers.change(Change::Redo { ticket }),
            Effect::KeepPosition { id, position } => {
                self.workers.change(Change::KeepPosition { id, position });
            }
            Effect::Wake { ticket, after } => self.wake = Some((ticket, Instant::now() + after)),
            Effect::Copy(text) => self.copy(&text)?,
            Effect::Fetch(fetch) => match &self.fetches {
                Some(fetches) => fetches.ask(fetch),
                None if !self.capacity.is_full() => {
                    self.update(Message::Told("nothing is fetched here".to_owned()))?;
                }
                None => self.update(Message::Told(NO_SOURCES.to_owned()))?,
            },
            Effect::Correct(correction) => match self.names.clone() {
                Some(file) => self.workers.name(Naming::Put(file, correction)),
                None => self.update(Message::Told("names are not kept here".to_owned()))?,
            },
            Effect::UndoNaming | Effect::RedoNaming => {
                if let Some(file) = self.names.clone() {
                    let back = effect == Effect::UndoNaming;
                    self.workers.name(if back { Naming::Undo(file) } else { Naming::Redo(file) });
                }
            }
            Effect::Open(address) => match self.opener.open(&address, &self.capacity) {
                Some(told) => self.update(Message::Told(told))?,
                None => {
                    self.copy(&address)?;
                    self.update(Message::Address(address))?;
                }
            },
            Effect::TextWanted(wanted) => self.terminal.bracket_pastes(wanted == TextWanted::Yes)?,
            Effect::Suspend => self.suspend()?,
            Effect::Redraw => self.terminal.repaint()?,
            Effect::Ring(name) => match self.bell.as_str() {
                "never" => {}
                "notify" => self.terminal.notify(&name)?,
                _ => self.terminal.ring()?,
            },
            Effect::CardSeen => {
                if let Some(file) = self.card.take() {
                    self.workers.change(Change::CardSeen(file));
                }
            }
            Effect::SaveState(whereabouts) => {
                self.workers.change(Change::KeepState(last::written(&whereabouts)));
            }
            Effect::ChangeSearch(change) => match self.searches.clone() {
                Some(file) => self.workers.change(Change::Search { file, change }),
                None => self.update(Message::Told(
                    "done for this session: settings are not changed here".to_owned(),
                ))?,
            },
            Effect::Quit => self.state = State::Leaving,
        }
        Ok(())
    }

    fn copy(&mut self, text: &str) -> Result<(), TerminalError> {
        if self.clipboard && text.len() <= CLIPBOARD {
            self.terminal.copy(text)?;
        }
        Ok(())
    }

    /// Gives the terminal back and stops until the shell continues the program.
    fn suspend(&mut self) -> Result<(), TerminalError> {
        if !self.capacity.is_full() {
            return self.update(Message::Told(
                "could not stop here: no shell would bring the reader back".to_owned(),
            ));
        }
        self.terminal.suspend()?;
        self.update(Message::Resized(size_of(&self.terminal)))
    }
}
