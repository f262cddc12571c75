//! `dateline doctor`: what the terminal can do, where the files are, whether the library is sound. Made to
//! be put into a bug report: nothing of what one reads is in it.

use super::args::CommonArgs;
use super::error::CliError;
use super::out::Out;
use super::settings::Settings;
use super::{reader, shelf};
use crate::library::{Cancel, Library};
use crate::listing::{Count, Window};
use crate::query::Query;
use crate::terminal::capability::Capabilities;
use std::path::Path;

/// The variables that the findings rest on.
const VARIABLES: [&str; 15] = [
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "TMUX",
    "STY",
    "SSH_CONNECTION",
    "SSH_TTY",
    "MOSH_CONNECTION",
    "DISPLAY",
    "WAYLAND_DISPLAY",
];

/// Says what was found. An error where something has to be put right.
pub fn examine(common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let mut line = |name: &str, value: &str| out.line(&format!("{name:<12} {value}"));
    line("dateline", &format!("{} on {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS))?;
    for name in VARIABLES {
        if let Ok(value) = std::env::var(name) {
            line(name, if name.starts_with("SSH") || name.starts_with("MOSH") { "(set)" } else { &value })?;
        }
    }
    let settings = Settings::load(common)?;
    let (width, height) = crate::terminal::cells();
    line(
        "size",
        &format!("{width}x{height}{}", if crate::terminal::is_terminal() { "" } else { " (no terminal)" }),
    )?;
    match reader::capabilities(&settings.config) {
        Ok(capabilities) => line("terminal", &describe(&capabilities))?,
        Err(error) => line("terminal", &error.to_string())?,
    }
    let there = if settings.path.exists() { "" } else { " (none: all defaults)" };
    line("config", &format!("{}{there}", settings.path.display()))?;
    for fault in &settings.faults {
        line("", &fault.to_string())?;
    }
    let (path, _) = shelf::library_path(common);
    if !path.exists() {
        return Ok(line("library", &format!("{} (none: 'dateline add PATH' makes it)", path.display()))?);
    }
    let count = articles(&path)?;
    Ok(line("library", &format!("{}: sound, {count} articles", path.display()))?)
}

fn describe(capabilities: &Capabilities) -> String {
    let yes = |flag: bool| if flag { "yes" } else { "no" };
    format!(
        "colours {:?}, characters {:?}, synchronized output {}, clipboard {}, over a link {}",
        capabilities.depth,
        capabilities.glyphs,
        yes(capabilities.synchronized),
        yes(capabilities.clipboard),
        yes(capabilities.remote)
    )
}

fn articles(path: &Path) -> Result<u64, CliError> {
    let library = Library::open(path)?;
    let page = library.page(&Query::everything(), Window::First { limit: 1 }, &Cancel::new())?;
    let (Count::Exactly(count) | Count::Over(count)) = page.total;
    Ok(count)
}
