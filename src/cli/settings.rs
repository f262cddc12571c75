//! The settings of this run: the config file, overridden by the environment, overridden by the flags; the command that
//! lists them; and their section of the manual.

use super::args::{CommonArgs, ConfigArgs, SettingFlags};
use super::error::CliError;
use super::look::Ink;
use super::out::{Out, Stop};
use super::places::Places;
use super::table::{Column, Room, Table, column};
use crate::config::settings::{Flag, SETTINGS};
use crate::config::value::ThemeChoice;
use crate::config::{self, Config, Origin};
use crate::fault::reason;
use crate::fault::text_of;
use crate::formats::Warning;
use crate::theme::{Depth, Glyphs, OwnTheme, Theme, ThemeName};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The largest config file that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// What the person set, and where.
pub struct Settings {
    pub config: Config,
    /// The config file, whether it is there or not.
    pub path: PathBuf,
    /// Mistakes in the config file, the environment and the flags.
    pub faults: Vec<Warning>,
}

impl Settings {
    /// Reads the config file. A file that the person named must exist.
    pub fn load(common: &CommonArgs) -> Result<Settings, CliError> {
        let environment = |name: &str| std::env::var(name).ok();
        let named = common.config.clone().or_else(|| environment("DATELINE_CONFIG").map(PathBuf::from));
        let path = named.clone().unwrap_or_else(|| Places::find(environment).config);
        let mut faults: Vec<Warning> = Vec::new();
        let content = match content(&path) {
            Ok(content) => content,
            Err(error) if named.is_some() => return Err(CliError::Config { path, error }),
            Err(error) => {
                // The folder may be a file, as in a home that does not exist.
                if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
                    faults.push(warning(&path, None, &format!("could not read it: {}", reason(&error))));
                }
                Vec::new()
            }
        };
        let (text, not_text) = text_of(&content);
        let (mut config, wrong) = Config::read(&text);
        let wrong = not_text
            .into_iter()
            .chain(wrong)
            .map(|fault| warning(&path, u64::try_from(fault.line).ok(), &fault.message));
        faults.extend(wrong);
        let wrong = config.take_environment(&environment);
        faults.extend(wrong.iter().map(|wrong| Warning::new(&wrong.name, None, &wrong.message)));
        Ok(Settings { config, path, faults })
    }

    /// Applies the reader's flags over the rest.
    pub fn take_flags(&mut self, flags: &SettingFlags) {
        for (setting, value) in &flags.given {
            if let Err(message) = self.config.set(setting, value, Origin::Flag) {
                self.faults.push(Warning::new(&format!("--{}", setting.name), None, &message));
            }
        }
    }

    /// The theme that is asked for, as the terminal shows it. A theme that does not exist, or that has mistakes, is
    /// reported.
    pub fn theme(&mut self, depth: Depth, glyphs: Glyphs) -> Theme {
        let name = match &self.config.values.theme {
            ThemeChoice::BuiltIn(name) => return Theme::new(*name, depth, glyphs),
            ThemeChoice::Named(name) => name.clone(),
        };
        let own = match &self.config.theme {
            Some(own) if name == config::OWN => own.clone(),
            _ => self.theme_file(&name),
        };
        Theme::own(&own, depth, glyphs)
    }

    /// The theme in `themes/NAME.toml` beside the config file.
    fn theme_file(&mut self, name: &str) -> OwnTheme {
        let folder = self.path.with_file_name("themes");
        let path = folder.join(name).with_extension("toml");
        let Ok(text) = std::fs::read_to_string(&path) else {
            let near = config::nearest(name, ThemeName::ALL.into_iter().map(ThemeName::as_str));
            let message = format!(
                "there is no theme called {name}, neither built in nor as this file; did you mean {near}?"
            );
            self.faults.push(warning(&path, None, &message));
            return OwnTheme::default();
        };
        let (theme, faults) = config::theme::file(&text);
        let warned = |fault: config::Fault| warning(&path, u64::try_from(fault.line).ok(), &fault.message);
        self.faults.extend(faults.into_iter().map(warned));
        theme
    }
}

/// The content of the config file, or of the pipe that is named in its place, which can be read only once.
fn content(path: &Path) -> io::Result<Vec<u8>> {
    static PIPE: OnceLock<(PathBuf, Vec<u8>)> = OnceLock::new();
    let found = std::fs::metadata(path)?;
    if found.is_file() || found.is_dir() {
        if found.len() > LARGEST && found.is_file() {
            return Err(io::Error::other(format!("it has more than {} MB", LARGEST >> 20)));
        }
        return std::fs::read(path);
    }
    if let Some((known, content)) = PIPE.get()
        && known == path
    {
        return Ok(content.clone());
    }
    let mut content = Vec::new();
    std::fs::File::open(path)?.take(LARGEST).read_to_end(&mut content)?;
    _ = PIPE.set((path.to_owned(), content.clone()));
    Ok(content)
}

fn warning(path: &Path, line: Option<u64>, message: &str) -> Warning {
    Warning::new(&path.to_string_lossy(), line, message)
}

/// `dateline config`.
pub fn show(args: &ConfigArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    if args.print_default {
        return Ok(out.line(config::template().trim_end())?);
    }
    let mut settings = Settings::load(common)?;
    settings.theme(Depth::True, Glyphs::Unicode);
    let (_, wrong) = crate::run::keymap(&settings.config, &settings.path.to_string_lossy());
    settings.faults.extend(wrong);
    for fault in &settings.faults {
        super::out::complain(&fault.to_string());
    }
    if args.check {
        return match settings.faults.len() {
            0 => Ok(out.line(&format!("{}: no mistakes found", settings.path.display()))?),
            count => Err(CliError::Faults { path: settings.path, count }),
        };
    }
    out.line(&format!("# {}", settings.path.display()))?;
    if out.is_terminal() {
        return Ok(show_columns(&settings, out)?);
    }
    for (setting, value, origin) in settings.config.all() {
        out.line(&format!("{:<40} # {origin}: {}", format!("{} = {value}", setting.name), setting.short))?;
    }
    for saved in &settings.config.saved {
        out.line(&format!("@{:<39} # {}", saved.name, saved.query))?;
    }
    for binding in &settings.config.bindings {
        out.line(&format!("keys.{} = {}  # line {}", binding.action, binding.keys.join(", "), binding.line))?;
    }
    Ok(())
}

const COLUMNS: &[Column] = &[column(Ink::Plain, Room::AtMost(44)), column(Ink::Faint, Room::Rest)];

/// The same lines as columns, for a person.
fn show_columns(settings: &Settings, out: &mut Out) -> Result<(), Stop> {
    let mut table = Table::new(out, COLUMNS);
    for (setting, value, origin) in settings.config.all() {
        table.row(vec![format!("{} = {value}", setting.name), format!("# {origin}: {}", setting.short)])?;
    }
    for saved in &settings.config.saved {
        table.row(vec![format!("@{}", saved.name), format!("# {}", saved.query)])?;
    }
    for binding in &settings.config.bindings {
        let keys = format!("keys.{} = {}", binding.action, binding.keys.join(", "));
        table.row(vec![keys, format!("# line {}", binding.line)])?;
    }
    table.finish()
}

/// The section of the manual that lists the settings, in roff.
pub fn manual_section() -> String {
    let mut roff = String::from(
        ".SH SETTINGS\nA setting is a line of the config file, such as\n.IR \"measure = 66\" ,\nor an environment variable. \
         A flag overrides the variable, which overrides the config file.\n",
    );
    for setting in SETTINGS {
        let flag = match setting.flag {
            None => String::new(),
            Some(Flag::Switch(_)) => format!(", --{}", setting.name),
            Some(Flag::Value(value)) => format!(", --{} {value}", setting.name),
        };
        roff.push_str(&format!(
            ".TP\n\\fB{}\\fR (default {}), {}{flag}\n{}: {}. {}\n",
            setting.name,
            escaped(&setting.default()),
            setting.variable(),
            escaped(setting.short),
            escaped(&setting.allowed()),
            escaped(setting.long),
        ));
    }
    roff
}

/// A text without what roff would take for a command.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\(rs").replace('\'', "\\(aq").replace('-', "\\-")
}
