//! `dateline` without a command: opens the reader.

use super::args::{CommonArgs, ReaderArgs};
use super::error::CliError;
use super::places::Places;
use super::settings::Settings;
use super::shelf;
use crate::capacity::Capacity;
use crate::config::Config;
use crate::config::value::{self, Rendering, Switch};
use crate::run::{self, Contents, Face, Setup};
use crate::terminal::capability::{self, Capabilities, When, Wishes};
use crate::terminal::{Render, TerminalError, is_terminal};
use crate::theme::Glyphs;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

/// Opens the reader and runs it until it ends.
pub fn open(args: &ReaderArgs, common: &CommonArgs) -> Result<ExitCode, CliError> {
    shelf::check_for_reader(&args.paths)?;
    if !args.plain && !is_terminal() {
        return Err(TerminalError::NoTerminal.into());
    }
    let mut settings = Settings::load(common)?;
    settings.take_flags(&args.settings);
    let face = if args.plain { lines(args, &settings.config)? } else { screen(&mut settings)? };
    let config = settings.config;
    let capacity = capacity(args);
    let contents = match args.paths.as_slice() {
        [] if common.sample => Contents::Sample(capacity.temporary_library()?),
        [] => own(common, &config, &capacity)?,
        _ if common.sample => {
            return Err(CliError::Usage(
                "leave out --sample or the paths: the reader opens one of them".to_owned(),
            ));
        }
        paths => Contents::Files { library: capacity.temporary_library()?, paths: paths.to_vec() },
    };
    let depth = shelf::analysis(common)?;
    let wire = match &contents {
        // In a kiosk, only the reader's own state is written.
        Contents::Library { library, .. } if capacity.is_full() => {
            Some(super::wire::over(library.clone(), &config, depth.clone())?)
        }
        _ => None,
    };
    let adding: Option<run::OpenWire> = capacity.is_full().then(|| {
        let (common, config, depth) = (common.clone(), config.clone(), depth.clone());
        let open = move || {
            let library = Capacity::Full.library(&shelf::library_path(&common).0)?;
            super::wire::over(library, &config, depth.clone())
        };
        Arc::new(move || open().map_err(|error: CliError| error.to_string())) as run::OpenWire
    });
    let setup = Setup {
        contents,
        wire,
        adding,
        names: capacity.writable(&shelf::names_path(common)).ok(),
        searches: capacity.writable(&settings.path).ok(),
        log: capacity.writable(&places().log).ok(),
        card: capacity.writable(&places().card).ok(),
        depth,
        face,
        capacity,
        config,
        faults: settings.faults,
        query: args.query.clone(),
    };
    Ok(ExitCode::from(run::run(setup)?))
}

fn screen(settings: &mut Settings) -> Result<Face, CliError> {
    let capabilities = capabilities(&settings.config)?;
    let theme = settings.theme(capabilities.depth, capabilities.glyphs);
    let render = match settings.config.values.render {
        Rendering::Thrifty => Render::Thrifty,
        Rendering::Plain => Render::Plain,
    };
    Ok(Face::Screen { capabilities, theme, render })
}

/// Reads typed lines from standard input, or from the terminal if the articles come from standard input.
fn lines(args: &ReaderArgs, config: &Config) -> Result<Face, CliError> {
    let from_terminal = args.paths.iter().any(|path| path.as_os_str() == "-");
    let input: Box<dyn BufRead + Send> = match from_terminal {
        true => Box::new(BufReader::new(File::open("/dev/tty").map_err(TerminalError::NoKeyboard)?)),
        false => Box::new(BufReader::new(io::stdin())),
    };
    let is_terminal = is_terminal() && (from_terminal || io::stdin().is_terminal());
    let glyphs = match is_terminal {
        true => capability::glyphs(|name| std::env::var(name).ok(), wishes(config)),
        false if config.values.ascii == value::When::Always => Glyphs::Ascii,
        false => Glyphs::Unicode,
    };
    let output = Box::new(BufWriter::new(io::stdout()));
    let capabilities = capabilities(config).ok();
    Ok(Face::Lines { input, output, glyphs, is_terminal, capabilities })
}

/// The person's library, or the sample edition if the library has no articles and no sources.
fn own(common: &CommonArgs, config: &Config, capacity: &Capacity) -> Result<Contents, CliError> {
    let library = match shelf::own_within(common, capacity)? {
        Some(library) => library,
        None => match shelf::to_fetch(common, config, capacity)? {
            Some(library) => library,
            None => return Ok(Contents::Sample(capacity.temporary_library()?)),
        },
    };
    let (path, _) = shelf::library_path(common);
    Ok(Contents::Library { library, path })
}

/// What the reader may do: with `--kiosk`, almost nothing.
fn capacity(args: &ReaderArgs) -> Capacity {
    match (args.kiosk, &args.state) {
        (false, _) => Capacity::Full,
        (true, Some(file)) => Capacity::Kiosk { state: file.clone() },
        (true, None) => Capacity::Kiosk { state: places().kiosk },
    }
}

fn places() -> Places {
    Places::find(|name| std::env::var(name).ok())
}

/// What the terminal can do according to the environment, unless the settings override it.
pub fn capabilities(config: &Config) -> Result<Capabilities, TerminalError> {
    let found = capability::detect(|name| std::env::var(name).ok(), wishes(config))?;
    Ok(Capabilities {
        synchronized: decided(config.values.synchronized, found.synchronized),
        clipboard: decided(config.values.clipboard, found.clipboard),
        links: decided(config.values.links, found.links),
        mouse: config.values.mouse == Switch::Always,
        ..found
    })
}

/// The characters that the terminal can show, unless the settings override it.
pub fn glyphs(config: &Config) -> Glyphs {
    capability::glyphs(|name| std::env::var(name).ok(), wishes(config))
}

/// What the settings ask for.
fn wishes(config: &Config) -> Wishes {
    Wishes {
        color: match config.values.color {
            value::When::Auto => When::Auto,
            value::When::Always => When::Always,
            value::When::Never => When::Never,
        },
        glyphs: match config.values.ascii {
            value::When::Auto => None,
            value::When::Always => Some(Glyphs::Ascii),
            value::When::Never => Some(Glyphs::Unicode),
        },
    }
}

/// Whether something is done; `auto` is what the terminal supports.
fn decided(when: value::When, auto: bool) -> bool {
    match when {
        value::When::Auto => auto,
        value::When::Always => true,
        value::When::Never => false,
    }
}
