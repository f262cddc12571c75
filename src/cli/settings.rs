//! The settings as they hold for this run: the config file, then the environment, then the flags; and
//! the command that shows them.

use super::args::{CommonArgs, ConfigArgs, ReaderArgs};
use super::error::CliError;
use super::out::Out;
use super::places::Places;
use crate::config::{self, Config, Origin};
use crate::formats::Warning;
use crate::theme::{Depth, Glyphs, OwnTheme, Theme, ThemeName};
use std::io;
use std::path::{Path, PathBuf};

/// What the person set, and where it is written.
pub struct Settings {
    pub config: Config,
    /// The config file, whether it is there or not.
    pub path: PathBuf,
    /// What could not be used.
    pub faults: Vec<Warning>,
}

impl Settings {
    /// Reads the config file. One that the person named has to be there.
    pub fn load(common: &CommonArgs) -> Result<Settings, CliError> {
        let environment = |name: &str| std::env::var(name).ok();
        let named = common.config.clone().or_else(|| environment("DATELINE_CONFIG").map(PathBuf::from));
        let path = named.clone().unwrap_or_else(|| Places::find(environment).config);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => String::new(),
            Err(error) => return Err(CliError::Config { path, error }),
        };
        let (mut config, faults) = Config::read(&text);
        let mut faults: Vec<Warning> = faults
            .into_iter()
            .map(|fault| warning(&path, u64::try_from(fault.line).ok(), &fault.message))
            .collect();
        let wrong = config.take_environment(&environment);
        faults.extend(wrong.iter().map(|message| warning(Path::new("environment"), None, message)));
        Ok(Settings { config, path, faults })
    }

    /// Lays the reader's flags over the rest.
    pub fn take_flags(&mut self, flags: &ReaderArgs) {
        let ascii = flags.ascii.then(|| "always".to_owned());
        let mouse = flags.mouse.then(|| "always".to_owned());
        let given = [
            ("theme", &flags.theme),
            ("color", &flags.color),
            ("render", &flags.render),
            ("ascii", &ascii),
            ("mouse", &mouse),
        ];
        for (name, value) in given {
            if let Some(value) = value
                && let Err(message) = self.config.set(name, value, Origin::Flag)
            {
                self.faults.push(warning(Path::new("command line"), None, &message));
            }
        }
    }
}

impl Settings {
    /// The theme that is asked for, as the terminal shows it. One that is not there, or not whole, is told.
    pub fn theme(&mut self, depth: Depth, glyphs: Glyphs) -> Theme {
        let name = self.config.word("theme").to_owned();
        if let Some(built_in) = ThemeName::find(&name) {
            return Theme::new(built_in, depth, glyphs);
        }
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
            let message = format!("there is no theme called {name}, here or built in; did you mean {near}?");
            self.faults.push(warning(&path, None, &message));
            return OwnTheme::default();
        };
        let (theme, faults) = config::theme::file(&text);
        let told = |fault: config::Fault| warning(&path, u64::try_from(fault.line).ok(), &fault.message);
        self.faults.extend(faults.into_iter().map(told));
        theme
    }
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
            0 => Ok(out.line(&format!("{}: nothing to complain of", settings.path.display()))?),
            count => Err(CliError::Faults { path: settings.path, count }),
        };
    }
    out.line(&format!("# {}", settings.path.display()))?;
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
