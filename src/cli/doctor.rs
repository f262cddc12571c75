//! `dateline doctor`: checks the terminal, the locations of the files, and the health of the library. The output
//! is meant for bug reports: it contains nothing of what a person reads.

use super::args::{CommonArgs, DoctorArgs};
use super::error::CliError;
use super::out::{Out, Stop};
use super::settings::Settings;
use super::{keep, reader, shelf};
use crate::annotation::ENGINE_VERSION;
use crate::capacity::Capacity;
use crate::gazetteer;
use crate::library::{self, Cancel, Error};
use crate::query::Query;
use crate::terminal::capability::Capabilities;
use chrono::Local;
use std::path::Path;

/// The environment variables that the findings depend on.
const VARIABLES: [&str; 22] = [
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "VTE_VERSION",
    "KONSOLE_VERSION",
    "KITTY_WINDOW_ID",
    "WT_SESSION",
    "DOMTERM",
    "TMUX",
    "STY",
    "SSH_CONNECTION",
    "SSH_TTY",
    "MOSH_CONNECTION",
    "DISPLAY",
    "WAYLAND_DISPLAY",
];

/// Prints what was found; with `--repair`, saves whatever is readable in a damaged library. Returns an error if
/// something has to be fixed.
pub fn examine(args: &DoctorArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    line(out, "dateline", &format!("{} on {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS))?;
    examine_terminal(common, out)?;
    examine_gazetteer(out)?;
    if let Some(address) = shelf::archive(common) {
        return examine_archive(&address, common, out);
    }
    let (path, _) = shelf::library_path(common);
    if !path.exists() {
        let none = format!("{} (does not exist; 'dateline add PATH' creates it)", path.display());
        return Ok(line(out, "library", &none)?);
    }
    let mut checked = library::check(&path);
    if checked.as_ref().is_ok_and(|health| health.older && health.faults.is_empty()) {
        // Opening brings it up to date.
        checked = Capacity::Full.library(&path).and_then(|_| library::check(&path));
    }
    let health = match checked {
        Ok(health) => health,
        Err(error) => return unusable(&path, error, args, out),
    };
    let size = health.bytes.div_ceil(1 << 20);
    let state = if health.faults.is_empty() { "sound" } else { "damaged" };
    line(out, "library", &format!("{}: {state}, {} articles, {size} MB", path.display(), health.articles))?;
    for fault in &health.faults {
        line(out, "", &fault.to_string())?;
    }
    if health.faults.is_empty() {
        examine_analyses(&path, health.articles, out)?;
        empty_trash(&path, common, out)?;
    }
    match (health.faults.is_empty(), args.repair) {
        (true, repair) => {
            if repair {
                Capacity::Full.sweep_repair(&path);
            }
            Ok(())
        }
        (false, true) => repair(&path, out),
        (false, false) => Err(CliError::Damaged(path)),
    }
}

/// Says which archive the library is, how many articles it has, and how it is read.
fn examine_archive(address: &str, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let library = shelf::open_archive(address, common, &Capacity::Full)?;
    let count = library.tally(&Query::everything(), &Cancel::new())?.articles;
    line(out, "archive", &format!("{}: {count} articles", library::shown_address(address)))?;
    for told in library.about() {
        line(out, "", &told)?;
    }
    Ok(())
}

/// Says whether the table of names in the program itself can be used.
fn examine_gazetteer(out: &mut Out) -> Result<(), CliError> {
    match gazetteer::check() {
        Ok(()) => Ok(()),
        Err(damage) => Ok(line(out, "", &damage.to_string())?),
    }
}

/// Prints how many articles have an analysis by an older engine.
fn examine_analyses(path: &Path, articles: u64, out: &mut Out) -> Result<(), CliError> {
    let state = match Capacity::Full.library(path)?.count_outdated()? {
        0 => format!("engine {ENGINE_VERSION}, all articles"),
        outdated => format!(
            "{outdated} of {articles} articles were analysed by an older engine; \
             the reader and 'dateline fetch' analyse them again, newest first"
        ),
    };
    Ok(line(out, "analysis", &state)?)
}

/// Removes what has been in the trash for longer than the setting says, if there is any.
fn empty_trash(path: &Path, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let Ok(settings) = Settings::load(common) else { return Ok(()) };
    let days = settings.config.values.trash.get();
    match keep::empty(&Capacity::Full.library(path)?, Some(days)) {
        // Who may only read empties nothing.
        Ok(0) | Err(CliError::Library(Error::ReadOnly { .. })) => Ok(()),
        Err(other) => Err(other),
        Ok(removed) => {
            let told = format!(
                "{} removed for good, deleted more than {days} days ago",
                counted(removed, "article")
            );
            Ok(line(out, "trash", &told)?)
        }
    }
}

/// Handles a library that could not be opened. Damage may be repaired; any other error is returned.
fn unusable(path: &Path, error: Error, args: &DoctorArgs, out: &mut Out) -> Result<(), CliError> {
    let damaged = matches!(error, Error::Damaged { .. } | Error::NotALibrary { .. });
    let state = if damaged { "damaged" } else { "cannot be used" };
    line(out, "library", &format!("{}: {state}", path.display()))?;
    match damaged && args.repair {
        true => repair(path, out),
        false => Err(error.into()),
    }
}

/// Replaces the library by what is readable of it, and says what was saved and what was lost.
fn repair(path: &Path, out: &mut Out) -> Result<(), CliError> {
    let saved = Capacity::Full.repair(path, Local::now().date_naive())?;
    let lost = match saved.lost.len() {
        0 => "nothing lost".to_owned(),
        count => format!("{count} lost"),
    };
    line(out, "repaired", &format!("{} saved, {lost}", counted(saved.articles, "article")))?;
    line(out, "", &format!("{}, {}", counted(saved.sources, "source"), counted(saved.marks, "mark")))?;
    if saved.rows_lost > 0 {
        let rows = counted(saved.rows_lost, "place");
        line(out, "", &format!("{rows} where marks, sources or other rows could not be read"))?;
    }
    for (names, what) in [
        (&saved.lost, "lost"),
        (&saved.without_text, "saved without its text"),
        (&saved.altered, "saved, but not quite as it was written"),
    ] {
        names.iter().take(NAMED).try_for_each(|name| line(out, "", &format!("{name}: {what}")))?;
        if names.len() > NAMED {
            line(out, "", &format!("{} more: {what}", names.len() - NAMED))?;
        }
    }
    Ok(line(out, "", &format!("the damaged library is kept as {}", saved.kept.display()))?)
}

/// Articles of one fate that are named at most.
const NAMED: usize = 100;

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn examine_terminal(common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    for name in VARIABLES {
        if let Ok(value) = std::env::var(name) {
            // A bug report should not reveal where a person connects from.
            let private = name.starts_with("SSH") || name.starts_with("MOSH");
            line(out, name, if private { "(set)" } else { &value })?;
        }
    }
    let (width, height) = crate::terminal::cells();
    let none = if crate::terminal::is_terminal() { "" } else { " (standard output is not a terminal)" };
    line(out, "size", &format!("{width}x{height}{none}"))?;
    let settings = match Settings::load(common) {
        Ok(settings) => settings,
        // What is wrong elsewhere is to be found out, too.
        Err(error) => return Ok(line(out, "config", &error.to_string())?),
    };
    match reader::capabilities(&settings.config) {
        Ok(capabilities) => line(out, "terminal", &describe(&capabilities))?,
        Err(error) => line(out, "terminal", &error.to_string())?,
    }
    let there = if settings.path.exists() { "" } else { " (does not exist; the defaults apply)" };
    line(out, "config", &format!("{}{there}", settings.path.display()))?;
    settings.faults.iter().try_for_each(|fault| line(out, "", &fault.to_string()))?;
    Ok(())
}

fn line(out: &mut Out, name: &str, value: &str) -> Result<(), Stop> {
    out.line(&format!("{name:<16} {value}"))
}

fn describe(capabilities: &Capabilities) -> String {
    let yes = |flag: bool| if flag { "yes" } else { "no" };
    format!(
        "colours {:?}, characters {:?}, synchronized output {}, clipboard {}, links {}, mouse {}, remote {}",
        capabilities.depth,
        capabilities.glyphs,
        yes(capabilities.synchronized),
        yes(capabilities.clipboard),
        yes(capabilities.links),
        yes(capabilities.mouse),
        yes(capabilities.remote)
    )
}
