//! `dateline` without a command: opens the reader.

use super::args::{CommonArgs, ReaderArgs, SettingFlags};
use super::error::CliError;
use super::look::{Colours, Look};
use super::out::Out;
use super::places::Places;
use super::settings::Settings;
use super::{feeds, shelf};
use crate::capacity::Capacity;
use crate::config::Config;
use crate::config::value::{self, Rendering, Switch, ThemeChoice};
use crate::query::complete;
use crate::run::{self, Contents, Face, Setup};
use crate::terminal::capability::{self, Capabilities, When, Wishes};
use crate::terminal::{Render, TerminalError, is_terminal};
use crate::theme::{Depth, Glyphs, ThemeName};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Opens the reader and runs it until it ends.
pub fn open(args: &ReaderArgs, common: &CommonArgs) -> Result<ExitCode, CliError> {
    check_for_kiosk(args, common)?;
    check_for_reader(&args.paths)?;
    if args.paths.iter().any(|path| is_standard_input(path)) && io::stdin().is_terminal() {
        return Err(CliError::NothingPiped);
    }
    if !args.plain && !is_terminal() {
        return Err(TerminalError::NoTerminal.into());
    }
    let ended = open_once(args, common, None)?;
    match ended.again {
        // The library has articles now.
        Some(line) => open_once(args, &CommonArgs { sample: false, ..common.clone() }, Some(line)),
        None => Ok(ended),
    }
    .map(|ended| ExitCode::from(ended.code))
}

/// Opens the reader once. `greeting` is what its status line says first.
fn open_once(
    args: &ReaderArgs,
    common: &CommonArgs,
    greeting: Option<String>,
) -> Result<run::Ended, CliError> {
    let mut settings = Settings::load(common)?;
    settings.take_flags(&args.settings);
    let face = if args.plain { lines(args, &settings.config)? } else { screen(&mut settings)? };
    let config = settings.config;
    let capacity = capacity(args);
    sweep(common, &capacity);
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
    let (Contents::Library { library, .. } | Contents::Files { library, .. } | Contents::Sample(library)) =
        &contents;
    library.stand_by(config.values.least());
    let depth = shelf::analysis(common)?;
    let wire = match &contents {
        // In a kiosk, only the reader's own state is written.
        Contents::Library { library, .. } if capacity.is_full() && shelf::archive(common).is_none() => {
            Some(super::wire::over(library.clone(), &config, depth.clone())?)
        }
        _ => None,
    };
    let adding: Option<run::OpenWire> = (capacity.is_full() && shelf::archive(common).is_none()).then(|| {
        let (common, config, depth) = (common.clone(), config.clone(), depth.clone());
        let open = move || {
            let library = Capacity::Full.library(&shelf::path_to_create(&common)?)?;
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
        downloads: super::places::downloads(config.values.downloads.0.as_deref()),
        depth,
        face,
        capacity,
        config,
        faults: settings.faults,
        query: args.query.clone(),
        greeting,
    };
    Ok(run::run(setup)?)
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

/// The person's library, or the sample edition if the library has no articles, no sources and no account.
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

/// Removes what earlier runs that were killed have left beside the program's own files.
pub fn sweep(common: &CommonArgs, capacity: &Capacity) {
    let Places { config, log, .. } = places();
    let mut folders: Vec<PathBuf> = [config, log, shelf::library_path(common).0]
        .iter()
        .filter_map(|file| file.parent().map(Path::to_path_buf))
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect();
    folders.dedup();
    folders.iter().for_each(|folder| capacity.sweep(folder));
}

fn is_standard_input(path: &Path) -> bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].iter().any(|name| path.as_os_str() == *name)
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

/// Checks that a kiosk is asked for nothing that it does not do.
fn check_for_kiosk(args: &ReaderArgs, common: &CommonArgs) -> Result<(), CliError> {
    let refuse = |why: &str| Err(CliError::Usage(why.to_owned()));
    match (args.kiosk, args.paths.is_empty(), common.sample && args.state.is_some()) {
        (true, false, _) => refuse(
            "--kiosk opens a library and no other files: add them with 'dateline --library FILE add PATH', \
             and name the library with --library",
        ),
        (true, _, true) => refuse(
            "--state is not for the sample edition, whose marks are not kept: leave out --sample or --state",
        ),
        _ => Ok(()),
    }
}

/// Checks the paths that the reader is given: what is no path may be a command, a query, or the address of a feed, and
/// the error says how that is written.
fn check_for_reader(paths: &[PathBuf]) -> Result<(), CliError> {
    let Err(error) = shelf::check(paths) else { return Ok(()) };
    let words: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    match meant(&words) {
        Some(meant) => Err(CliError::Meant { words: words.join(" "), meant }),
        None => Err(error),
    }
}

/// The command that was probably meant by words that are not paths.
fn meant(words: &[String]) -> Option<String> {
    const ASKING: [&str; 7] = ["search", "find", "query", "filter", "grep", "read", "open"];
    let first = words.first()?;
    if feeds::is_address(Path::new(first)) {
        return Some(format!("dateline add {}", words.join(" ")));
    }
    if words.len() == 1 && shelf::near_command(Path::new(first)).is_some() {
        return None;
    }
    let asking = ASKING.contains(&first.as_str()) && words.len() > 1;
    let text = if asking { words[1..].join(" ") } else { words.join(" ") };
    // A query that names a field, a tag or a saved search; or words that are no path.
    let field = text.split_whitespace().any(|word| {
        let word = word.trim_start_matches(['-', '(']);
        let name = word.split_once(':').map(|(name, _)| name.to_lowercase());
        word.starts_with(['@', '#'])
            || name.is_some_and(|name| complete::fields(&name).any(|field| field == name))
    });
    let bare = !text.contains(['/', '\\', '.', '~', '*']);
    (asking || field || bare).then(|| format!("dateline -q {}", in_shell(&text)))
}

/// `text` as one word of a shell's command line.
fn in_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// How a command shows text to a person. Mistakes in the settings are reported by the commands that are about them,
/// and here ignored.
pub fn look(common: &CommonArgs, flags: &SettingFlags, out: &Out) -> Look {
    let always = flags.given.iter().any(|(setting, value)| setting.name == "color" && value == "always");
    let plain = out.look();
    if !out.is_terminal() && !always {
        return plain;
    }
    let Ok(mut settings) = Settings::load(common) else { return plain };
    settings.take_flags(flags);
    let values = &settings.config.values;
    let mono = values.theme == ThemeChoice::BuiltIn(ThemeName::Mono);
    // On a terminal that is not known, nothing is certain but the characters.
    let depth = capabilities(&settings.config).map_or(Depth::Mono, |found| found.depth);
    let colours = if always || (depth != Depth::Mono && !mono) { Colours::Yes } else { Colours::No };
    let ascii = glyphs(&settings.config) == Glyphs::Ascii;
    let width = if out.is_terminal() { crate::terminal::width().into() } else { plain.width };
    Look { width, colours, ellipsis: if ascii { "..." } else { plain.ellipsis } }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn words_that_are_no_paths_are_understood() {
        let check = |words: &[&str], expected: Option<&str>| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(meant(&words).as_deref(), expected, "{words:?}");
        };
        check(&["person:trump"], Some("dateline -q 'person:trump'"));
        check(&["@volcker"], Some("dateline -q '@volcker'"));
        check(&["#later"], Some("dateline -q '#later'"));
        check(&["-country:US", "gas"], Some("dateline -q '-country:US gas'"));
        check(&["search", "o'brien"], Some("dateline -q 'o'\\''brien'"));
        check(&["trump"], Some("dateline -q 'trump'"));
        check(&["since:2022.01"], Some("dateline -q 'since:2022.01'"));
        check(&["https://example.org/feed"], Some("dateline add https://example.org/feed"));
        check(&["lst"], None);
        check(&["news/today.txt"], None);
        check(&["C:\\news"], None);
    }
}
