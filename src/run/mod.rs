//! The loop: waits for what happens, hands it to the core, performs what the core asks for, shows it.
//!
//! The thread that owns the state never waits for disk or library: questions and changes go to workers (see
//! [`worker`]), the intake has a thread of its own (see [`loading`]), and their answers come back by one
//! channel. The state is shown on the full screen (see [`screen`]) or told in lines (see [`lines`]).

mod answer;
mod fetching;
mod folders;
mod last;
mod lines;
mod loading;
mod log;
mod opener;
mod pace;
mod refreshing;
mod screen;
pub mod searches;
mod session;
mod watch;
mod worker;

use crate::app::{self, App, Card, Size, Whereabouts};
use crate::capacity::{Capacity, Writable};
use crate::config::value::{BaseKeys, Bell, Watch};
use crate::config::{Binding, Config};
use crate::formats::Warning;
use crate::intake::Depth;
use crate::keymap::{Keymap, Preset, Rebinding, preset};
use crate::library::{FollowedFolder, Library};
use crate::terminal::capability::Capabilities;
use crate::terminal::{Render, Terminal, TerminalError, Waker, waker};
use crate::theme::{Glyphs, Theme};
use crate::wire::Wire;
pub use answer::answer;
use chrono::Local;
use fetching::{ByItself, Fetches};
use folders::{Gone, Root};
use lines::Paper;
use loading::Intake;
pub use log::Level;
use log::Log;
use opener::Opener;
use refreshing::Refresh;
use screen::Screen;
use session::{Beginning, Session};
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::time::Duration;
use worker::{Mailbox, Naming, Workers};

const GREETING: &str =
    "the sample edition: 'dateline PATH' reads your own files, 'dateline add PATH' keeps them";
const EMPTY_HINT: &str =
    "no articles here: 'dateline PATH' reads files and folders, 'dateline add PATH' keeps them";

/// What the reader shows.
pub enum Contents {
    /// The person's library, and where it is.
    Library { library: Library, path: PathBuf },
    /// Files and folders, beside the person's library and without changing it: in a temporary one.
    Files { library: Library, paths: Vec<PathBuf> },
    /// The sample edition, likewise.
    Sample(Library),
}

/// How the reader shows itself.
pub enum Face {
    Screen {
        capabilities: Capabilities,
        theme: Theme,
        render: Render,
    },
    /// In lines that are only ever added to: what is typed comes from `input`.
    Lines {
        input: Box<dyn BufRead + Send>,
        /// What is told goes there, of which control codes are no part.
        output: Box<dyn Write>,
        glyphs: Glyphs,
        /// Whether a person sits at the other end of both.
        is_terminal: bool,
        /// What the terminal can do; `None` where nothing is known of it.
        capabilities: Option<Capabilities>,
    },
}

/// What the reader is opened with.
pub struct Setup {
    pub contents: Contents,
    /// What fetches the sources of the library, if it has any.
    pub wire: Option<Wire>,
    /// Where names are kept that the person puts right, if they are.
    pub names: Option<Writable>,
    /// How articles that come in are analysed.
    pub depth: Depth,
    pub face: Face,
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
    let Setup { contents, wire, names, searches, log, card, depth, face, capacity, config, mut faults } =
        setup;
    let log = Log::open(log, Level::of(config.values.log));
    log.line(Level::Info, &format!("start of {}, {:?}", env!("CARGO_PKG_VERSION"), face.capabilities()));
    let waker = waker()?;
    let (mailbox, inbox) = Mailbox::new(waker.clone());
    let greeting = matches!(contents, Contents::Sample(_)).then(|| GREETING.to_owned());
    // Files on the command line are for those who know what they do.
    let shown = match &card {
        Some(file) if !matches!(contents, Contents::Files { .. }) && !file.path().exists() => Card::Shown,
        _ => Card::Gone,
    };
    let own = matches!(contents, Contents::Library { .. });
    let Behind { library, intake, watching, refresh, from, workers, fetches } =
        Behind::start(contents, wire, &depth, (&capacity, &config), &mailbox);
    if let Some(file) = names.clone().filter(|_| own) {
        workers.name(Naming::Settle(file));
    }
    let told = searches
        .as_ref()
        .map_or_else(|| "config file".into(), |file| file.path().to_string_lossy().into_owned());
    let (keymap, wrong) = keymap(&config, &told);
    faults.extend(wrong);
    let remote = face.capabilities().is_some_and(|capabilities| capabilities.remote);
    let opened = face.open(&waker)?;
    let today = Local::now().date_naive();
    let (app, effects) = App::start(app::Setup {
        size: opened.size(),
        today,
        measure: config.values.measure.get(),
        follow_after: opened.follow_after(&config),
        saved: config.saved.iter().map(|saved| (saved.name.clone(), saved.query.clone())).collect(),
        watched: config.saved.iter().filter(|saved| saved.watch).map(|saved| saved.name.clone()).collect(),
        card: shown,
        from,
        empty_hint: EMPTY_HINT.to_owned(),
        greeting,
    });
    let opener = Opener::find(&config.values.opener, |name| std::env::var(name).ok(), remote);
    let (wake, open, namings) = Default::default();
    let mut session = Session {
        app,
        capacity,
        log,
        opener,
        card,
        workers,
        fetches,
        names,
        searches,
        today,
        wake,
        open,
        namings,
    };
    let beginning = Beginning { effects, faults, loading: intake.is_some() };
    let bell = config.values.bell;
    let code = match opened {
        Opened::Screen { terminal, theme, clipboard } => screen::live(
            Screen::new(&mut session, terminal, theme, keymap, inbox, (clipboard, bell)),
            beginning,
        ),
        Opened::Lines { input, paper } => {
            lines::live(&mut session, keymap, Paper { bell, ..paper }, input, inbox, beginning)
        }
    };
    drop((intake, watching, refresh));
    let Session { workers, fetches, log, .. } = session;
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

/// What is at work behind the reader.
struct Behind {
    library: Library,
    intake: Option<Intake>,
    watching: Option<folders::Watching>,
    refresh: Option<Refresh>,
    from: Whereabouts,
    workers: Workers,
    fetches: Option<Fetches>,
}

impl Behind {
    fn start(
        contents: Contents,
        wire: Option<Wire>,
        depth: &Depth,
        (capacity, config): (&Capacity, &Config),
        mailbox: &Mailbox,
    ) -> Behind {
        let watched = match (capacity.is_full(), config.values.watch) {
            (true, Watch::Auto) => roots(&contents),
            _ => Vec::new(),
        };
        let gone = if matches!(contents, Contents::Library { .. }) { Gone::Kept } else { Gone::Out };
        let mut from = Whereabouts::default();
        let own = matches!(contents, Contents::Library { .. }) && capacity.is_full();
        let (library, intake) = match contents {
            Contents::Library { library, path } => {
                watch::watch(&library, &path, mailbox);
                // One that cannot be read is told of by the first question.
                from = last::read(&library.state().ok().flatten().unwrap_or_default());
                (library, None)
            }
            Contents::Files { library, paths } => fill(library, paths, depth.clone(), mailbox),
            Contents::Sample(library) => fill(library, Vec::new(), depth.clone(), mailbox),
        };
        let watching =
            (!watched.is_empty()).then(|| folders::watch(&library, watched, gone, depth.clone(), mailbox));
        let refresh = own.then(|| refreshing::start(&library, depth, mailbox));
        let workers = Workers::start(&library, depth, mailbox);
        let by_itself = match config.values.fetch_every.duration() {
            Some(_) => ByItself::Yes,
            None => ByItself::No,
        };
        if let Some(wire) = &wire {
            workers.use_fetcher(wire.fetcher.clone());
        }
        let fetches = wire.map(|wire| Fetches::start(wire, by_itself, mailbox));
        Behind { library, intake, watching, refresh, from, workers, fetches }
    }
}

/// A face with its terminal taken over, where it has one.
enum Opened {
    Screen { terminal: Box<Terminal>, theme: Theme, clipboard: bool },
    Lines { input: Box<dyn BufRead + Send>, paper: Paper },
}

impl Face {
    fn capabilities(&self) -> Option<&Capabilities> {
        match self {
            Face::Screen { capabilities, .. } => Some(capabilities),
            Face::Lines { capabilities, .. } => capabilities.as_ref(),
        }
    }

    fn open(self, waker: &Waker) -> Result<Opened, TerminalError> {
        Ok(match self {
            Face::Screen { capabilities, theme, render } => {
                let terminal = Box::new(Terminal::open(&capabilities, render, waker)?);
                Opened::Screen { terminal, theme, clipboard: capabilities.clipboard }
            }
            Face::Lines { input, output, glyphs, is_terminal, capabilities } => {
                let copying = capabilities.filter(|can| is_terminal && can.clipboard);
                let clipboard = copying.map(|can| can.through);
                let paper = Paper { output, glyphs, is_terminal, clipboard, bell: Bell::Never };
                Opened::Lines { input, paper }
            }
        })
    }
}

impl Opened {
    fn size(&self) -> Size {
        match self {
            Opened::Screen { terminal, .. } => screen::size_of(terminal),
            Opened::Lines { .. } => crate::lines::SIZE,
        }
    }

    /// How long the list must rest before the reader follows it: in lines nothing is drawn that would have
    /// to be drawn again.
    fn follow_after(&self, config: &Config) -> Duration {
        match self {
            Opened::Screen { .. } => config.values.follow_after.duration(),
            Opened::Lines { .. } => Duration::ZERO,
        }
    }
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

/// The default keys with the person's own over them, and what of these could not be used; `file` is what the config
/// file is called.
pub fn keymap(config: &Config, file: &str) -> (Keymap, Vec<Warning>) {
    let rebinding =
        |binding: &Binding| Rebinding { action: binding.action.clone(), keys: binding.keys.clone() };
    let rebindings: Vec<Rebinding> = config.bindings.iter().map(rebinding).collect();
    let base_keys = match config.values.keymap {
        BaseKeys::Default => Preset::None,
        BaseKeys::Newsboat => Preset::Newsboat,
        BaseKeys::Vim => Preset::Vim,
    };
    // A preset's own lines cannot be wrong: a test reads them.
    let (base, _) = Keymap::default().rebound(&preset(base_keys));
    let (keymap, wrong) = base.rebound(&rebindings);
    let told = wrong.into_iter().map(|(place, message)| {
        let line = config.bindings.get(place).and_then(|binding| u64::try_from(binding.line).ok());
        Warning::new(file, line, &format!("could not bind a key: {message}"))
    });
    (keymap, told.collect())
}
