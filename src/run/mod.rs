//! The main loop: waits for events, passes them to the core, performs the effects that the core requests, and
//! shows the result.
//!
//! The thread that owns the state never waits for the disk or the library. Questions and changes go to worker
//! threads (see [`worker`]), the intake has a thread of its own (see [`loading`]), and all answers come back
//! through one channel. The state is shown on the full screen (see [`screen`]) or printed in lines (see
//! [`lines`]).

mod answer;
mod boards;
mod downloading;
mod fetching;
mod folders;
mod last;
mod lines;
mod link;
mod loading;
mod log;
mod opener;
mod outlet;
mod pace;
mod refreshing;
mod screen;
pub mod searches;
mod session;
mod sources;
mod sourcing;
mod syncing;
mod watch;
mod worker;

use crate::app::view::ViewKind;
use crate::app::{self, App, Card, Edition, ReaderWidth, Size, Whereabouts};
use crate::capacity::{self, Capacity, Writable};
use crate::config::value::{BaseKeys, Bell, Connection, Start, Switch, Watch, Written};
use crate::config::{Binding, Config};
use crate::files;
use crate::formats::Warning;
use crate::intake::Depth;
use crate::keymap::{Keymap, Preset, Rebinding, preset, sequence};
use crate::library::{FollowedFolder, Library};
use crate::outlet::Form;
use crate::terminal::capability::Capabilities;
use crate::terminal::{Render, Terminal, TerminalError, Waker, waker};
use crate::theme::{Glyphs, Theme};
use crate::wire::Wire;
pub use answer::answer;
pub use boards::{order as order_board, step as step_board, told as board_in_words};
use chrono::Local;
use downloading::Downloads;
use fetching::{ByItself, Fetches};
use folders::{Gone, Root};
use lines::Paper;
use link::Link;
use loading::Intake;
pub use log::Level;
use log::Log;
use opener::Opener;
use outlet::Outlet;
use refreshing::Refresh;
use screen::Screen;
use session::{Beginning, Session};
use sources::Desk;
use sourcing::Sourcing;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use syncing::Accounts;
pub use worker::OpenWire;
use worker::{Mailbox, Naming, Workers};

const GREETING: &str = "sample edition: invented news; 'dateline add URL or PATH' adds your own";
/// What to do after a source was added while the sample edition is shown, which is none of the user's articles.
const AFTER_SAMPLE: &str = "which you see when you quit and start 'dateline' again";
const EMPTY_HINT: &str = "There are no articles here. 'dateline add URL' follows a feed, 'dateline add PATH' stores files and folders, and \
     'dateline PATH' opens them without storing them.";
/// Why nothing is fetched or added in a kiosk.
const CLOSED: &str = "fetching is turned off here";

/// How long the work that is left may take after a signal has ended the reader.
const FAREWELL: Duration = Duration::from_millis(700);

/// What the reader shows.
pub enum Contents {
    /// The user's library, and the path of its file.
    Library { library: Library, path: PathBuf },
    /// Files and folders, in a temporary library. The user's own library is not changed.
    Files { library: Library, paths: Vec<PathBuf> },
    /// The sample edition, also in a temporary library.
    Sample(Library),
}

/// The way in which the reader is shown.
pub enum Face {
    /// On the full screen.
    Screen { capabilities: Capabilities, theme: Theme, render: Render },
    /// As lines that are appended and never redrawn. The typed lines come from `input`.
    Lines {
        input: Box<dyn BufRead + Send>,
        /// The output, which contains no control codes from articles.
        output: Box<dyn Write>,
        glyphs: Glyphs,
        /// Whether both `input` and `output` are a terminal with a person in front of it.
        is_terminal: bool,
        /// The capabilities of the terminal, or `None` if they are unknown.
        capabilities: Option<Capabilities>,
    },
}

/// Everything that the reader needs at the start.
pub struct Setup {
    pub contents: Contents,
    /// Fetches the sources of the library, if it has any.
    pub wire: Option<Wire>,
    /// Opens the user's library to add sources to it, if that is allowed.
    pub adding: Option<OpenWire>,
    /// The file in which the user's corrections of names are stored, if they may be stored.
    pub names: Option<Writable>,
    /// The folder into which files are downloaded, if there is one.
    pub downloads: Option<PathBuf>,
    /// How deeply incoming articles are analysed.
    pub depth: Depth,
    pub face: Face,
    pub capacity: Capacity,
    pub config: Config,
    /// The config file, in which searches are saved, if it may be changed.
    pub searches: Option<Writable>,
    /// The file of the log, if there is to be one.
    pub log: Option<Writable>,
    /// The file that exists once the card of the first run has been seen, or `None` if it cannot be stored.
    pub card: Option<Writable>,
    /// The settings that could not be used.
    pub faults: Vec<Warning>,
    /// The query to begin with, in place of the filter that was left last.
    pub query: Option<String>,
    /// What the status line says first, in place of what the contents have to say.
    pub greeting: Option<String>,
}

/// How the reader ended.
pub struct Ended {
    /// The exit code of the program, if it ends now.
    pub code: u8,
    /// Set if the reader is to open again, on the library, to which the first source was added while the sample edition was
    /// shown. The line says what was added.
    pub again: Option<String>,
}

/// Opens the reader and runs it until the user quits or a signal ends it.
pub fn run(setup: Setup) -> Result<Ended, TerminalError> {
    let Setup {
        contents,
        wire,
        adding,
        names,
        searches,
        log,
        card,
        downloads,
        depth,
        face,
        capacity,
        config,
        mut faults,
        query,
        greeting,
    } = setup;
    let log = Log::open(log, Level::of(config.values.log));
    log.line(Level::Info, &format!("start of {}, {:?}", env!("CARGO_PKG_VERSION"), face.capabilities()));
    // The terminal may take the place of standard input, from which the intake may read.
    files::keep_standard_input();
    let waker = waker()?;
    let (mailbox, inbox) = Mailbox::new(waker.clone());
    let edition = match contents {
        Contents::Sample(_) => Edition::Sample,
        Contents::Library { .. } | Contents::Files { .. } => Edition::Own,
    };
    let greeting = greeting.or_else(|| (edition == Edition::Sample).then(|| GREETING.to_owned()));
    // A user who names files on the command line does not need the card of the first run.
    let shown = match &card {
        Some(file) if !matches!(contents, Contents::Files { .. }) && !file.path().exists() => Card::Shown,
        _ => Card::Gone,
    };
    let own = matches!(contents, Contents::Library { .. });
    let beside = match contents {
        Contents::Library { .. } => None,
        Contents::Files { .. } => Some("which 'dateline' without a path shows"),
        Contents::Sample(_) => Some(AFTER_SAMPLE),
    };
    // A face of lines may have read more of its input than it has used, which the next one would lack.
    let moves = edition == Edition::Sample && matches!(face, Face::Screen { .. });
    let closed = (!capacity.is_full()).then_some(CLOSED);
    let Behind { library, intake, watching, refresh, from, workers, fetches, sourcing, mailbox } =
        Behind::start(contents, wire, &depth, (&capacity, &config), &mailbox);
    let from = match query {
        Some(query) => Whereabouts { query, ..from.without_place() },
        None if config.values.start == Start::Brief => {
            Whereabouts { view: ViewKind::Brief, ..from.without_place() }
        }
        None => from,
    };
    if let Some(file) = names.clone().filter(|_| own) {
        workers.name(Naming::Settle(file));
    }
    let told = searches
        .as_ref()
        .map_or_else(|| "config file".into(), |file| file.path().to_string_lossy().into_owned());
    let (keymap, wrong) = keymap(&config, &told);
    faults.extend(wrong);
    let macros = keymap.macros().iter().map(|own| (sequence(&own.keys), own.written.join(", "))).collect();
    let remote = face.capabilities().is_some_and(|capabilities| capabilities.remote);
    let is_slow = match config.values.connection {
        Connection::Auto => remote,
        Connection::Slow => true,
        Connection::Fast => false,
    };
    let opened = face.open(&waker)?;
    let today = Local::now().date_naive();
    let (app, effects) = App::start(app::Setup {
        size: opened.size(),
        today,
        measure: config.values.measure.get(),
        reader_width: if is_slow { ReaderWidth::Whole } else { ReaderWidth::Shared },
        follow_after: opened.follow_after(&config),
        saved: config.saved.iter().map(|saved| (saved.name.clone(), saved.query.clone())).collect(),
        watched: config.saved.iter().filter(|saved| saved.watch).map(|saved| saved.name.clone()).collect(),
        card: shown,
        from,
        empty_hint: EMPTY_HINT.to_owned(),
        edition,
        closed,
        greeting,
        confirm_quit: config.values.confirm_quit == Switch::Always,
        piped_as: match config.values.pipe {
            Written::Text => Form::Text,
            Written::Markdown => Form::Markdown,
            Written::Html => Form::Html,
            Written::Json => Form::Json,
        },
        save_to: config
            .values
            .save_to
            .0
            .as_ref()
            .map_or(String::new(), |path| format!("{}/", path.trim_end_matches('/'))),
        macros,
        session: session_number(),
    });
    let player = match config.values.player.as_slice() {
        [] => Opener::None,
        argv => Opener::Program(argv.to_vec()),
    };
    let opener = Opener::find(&config.values.opener, |name| std::env::var(name).ok(), remote);
    let most = config.values.download_limit.bytes();
    let fetcher = crate::wire::fetcher(downloading::limits(most), &config.values);
    let downloads = match (downloads, fetcher) {
        (Some(folder), Ok(fetcher)) if capacity.is_full() => {
            let (library, capacity) = (library.clone(), capacity.clone());
            Some(Downloads::start(downloading::Means { fetcher, library, capacity, folder, most }, &mailbox))
        }
        _ => None,
    };
    let outlet = Outlet { library: library.clone(), capacity: capacity.clone(), mailbox: mailbox.clone() };
    let (wake, open, later, namings) = Default::default();
    let mut session = Session {
        app,
        capacity,
        log,
        opener,
        player,
        card,
        workers,
        fetches,
        downloads,
        adding: adding.map(|open| (open, beside)),
        moves,
        again: None,
        sourcing,
        outlet,
        mailbox,
        names,
        searches,
        today,
        wake,
        open,
        later,
        namings,
    };
    let beginning = Beginning { effects, faults, loading: intake.is_some() };
    let bell = config.values.bell;
    let code =
        match opened {
            Opened::Screen { terminal, theme, clipboard } => screen::live(
                Screen::new(&mut session, terminal, theme, keymap, inbox, (clipboard, bell))
                    .over(if is_slow { Link::SLOW } else { Link::FAST }),
                beginning,
            ),
            Opened::Lines { input, paper } => {
                lines::live(&mut session, keymap, Paper { bell, ..paper }, input, inbox, beginning)
            }
        };
    drop((intake, watching, refresh));
    if let Ok(code @ 128..) = code {
        end_soon(code);
    }
    let Session { workers, fetches, log, again, .. } = session;
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
    code.map(|code| Ended { code, again })
}

/// Ends the process, which a signal has asked for, even if what is left to be done takes long.
fn end_soon(code: u8) {
    thread::spawn(move || {
        thread::sleep(FAREWELL);
        capacity::clean_up();
        std::process::exit(code.into());
    });
}

/// A random number: the standard library seeds each hasher with one.
fn session_number() -> i64 {
    RandomState::new().build_hasher().finish().cast_signed()
}

/// The background work of the reader: its library and the threads that fill, watch and query it.
struct Behind {
    library: Library,
    intake: Option<Intake>,
    watching: Option<folders::Watching>,
    refresh: Option<Refresh>,
    /// The position at which the reader was left.
    from: Whereabouts,
    workers: Workers,
    fetches: Option<Fetches>,
    sourcing: Option<Sourcing>,
    mailbox: Mailbox,
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
                // If it cannot be read, the first question reports the error.
                from = last::read(&library.state().ok().flatten().unwrap_or_default());
                if config.values.start != Start::Last {
                    from = from.without_place();
                }
                if !capacity.is_full() {
                    from.searches.clear();
                }
                (library, None)
            }
            Contents::Files { library, paths } => fill(library, paths, depth.clone(), mailbox),
            Contents::Sample(library) => fill(library, Vec::new(), depth.clone(), mailbox),
        };
        let watching =
            (!watched.is_empty()).then(|| folders::watch(&library, watched, gone, depth.clone(), mailbox));
        let refresh = own.then(|| refreshing::start(&library, depth, mailbox));
        let desk = Desk {
            settings: Arc::new(config.sources.clone()),
            interval: config.values.fetch_every.duration().unwrap_or(Duration::from_secs(30 * 60)),
            by_itself: wire.is_some() && config.values.fetch_every.duration().is_some(),
        };
        let rules = wire.as_ref().map(|wire| wire.rules.clone());
        let workers = Workers::start(&library, (depth, desk, rules), mailbox);
        let by_itself = match config.values.fetch_every.duration() {
            Some(_) => ByItself::Yes,
            None => ByItself::No,
        };
        // Without a usable proxy, the worker says so when it is asked for a page.
        let pages = wire.as_ref().map(|wire| Ok(wire.fetcher.clone()));
        let pages =
            pages.unwrap_or_else(|| crate::wire::fetcher(crate::intake::full_text::LIMITS, &config.values));
        if let Ok(fetcher) = pages {
            workers.use_fetcher(fetcher);
        }
        let sourcing = wire.as_ref().map(|wire| Sourcing::start(wire.clone(), mailbox));
        let accounts = Accounts::new(config.accounts.clone(), config.values.fetch_every.duration());
        let fetches = wire.map(|wire| Fetches::start(wire, accounts, by_itself, mailbox));
        let mailbox = mailbox.clone();
        Behind { library, intake, watching, refresh, from, workers, fetches, sourcing, mailbox }
    }
}

/// A face whose terminal, if it has one, has been opened.
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

    /// Returns how long the list must be at rest before the reader follows it. In lines there is no delay, because
    /// nothing has to be drawn again.
    fn follow_after(&self, config: &Config) -> Duration {
        match self {
            Opened::Screen { .. } => config.values.follow_after.duration(),
            Opened::Lines { .. } => Duration::ZERO,
        }
    }
}

/// Returns the files and folders to watch: those named on the command line, or those that the library follows.
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

/// Starts filling a library in the background.
fn fill(library: Library, paths: Vec<PathBuf>, depth: Depth, mailbox: &Mailbox) -> (Library, Option<Intake>) {
    let intake = loading::start(&library, paths, depth, mailbox);
    (library, Some(intake))
}

/// Returns the base key map with the user's own keys added, and a warning for each key that could not be bound.
/// `file` is the path of the config file, for the warnings.
pub fn keymap(config: &Config, file: &str) -> (Keymap, Vec<Warning>) {
    let rebinding =
        |binding: &Binding| Rebinding { action: binding.action.clone(), keys: binding.keys.clone() };
    let rebindings: Vec<Rebinding> = config.bindings.iter().map(rebinding).collect();
    let base_keys = match config.values.keymap {
        BaseKeys::Default => Preset::None,
        BaseKeys::Newsboat => Preset::Newsboat,
        BaseKeys::Vim => Preset::Vim,
    };
    // The lines of a preset are always valid: a test checks them.
    let (base, _) = Keymap::default().rebound(&preset(base_keys));
    let (keymap, wrong) = base.rebound(&rebindings);
    let told = wrong.into_iter().map(|(place, message)| {
        let line = config.bindings.get(place).and_then(|binding| u64::try_from(binding.line).ok());
        Warning::new(file, line, &format!("could not bind a key: {message}"))
    });
    (keymap, told.collect())
}
