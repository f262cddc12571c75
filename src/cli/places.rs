//! The locations of the program's files: the XDG directories if they are in use, or else those of the platform.

use directories::{ProjectDirs, UserDirs};
use std::path::{Path, PathBuf};

/// Nothing can be created here: the place of the files of a person who has no home.
const NOWHERE: &str = "/dev/null/dateline";

/// Whether a path is that of a person who has no home.
pub fn is_nowhere(path: &Path) -> bool {
    path.starts_with(NOWHERE)
}

/// The files that the program stores for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub config: PathBuf,
    pub library: PathBuf,
    pub log: PathBuf,
    /// This file exists once the card of the first run has been shown.
    pub card: PathBuf,
    /// With `--kiosk`, the database of the marks that the person sets.
    pub kiosk: PathBuf,
}

impl Places {
    /// Finds the locations from the environment (`get` returns the value of a variable) and the folders that exist.
    pub fn find(get: impl Fn(&str) -> Option<String>) -> Places {
        let xdg = |variable: &str, below_home: &str| {
            let set = get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
            let home = get("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
            let home = home.map(|home| home.join(below_home));
            set.or_else(|| home.filter(|path| cfg!(target_os = "linux") || path.is_dir()))
        };
        let platform = ProjectDirs::from("", "", "dateline");
        let folder = |xdg: Option<PathBuf>, platform: Option<&Path>| match (xdg, platform) {
            (Some(base), _) => base.join("dateline"),
            (None, Some(folder)) if folder.is_absolute() => folder.to_owned(),
            (None, _) => PathBuf::from(NOWHERE),
        };
        let config =
            folder(xdg("XDG_CONFIG_HOME", ".config"), platform.as_ref().map(ProjectDirs::config_dir));
        let data = folder(xdg("XDG_DATA_HOME", ".local/share"), platform.as_ref().map(ProjectDirs::data_dir));
        let state =
            folder(xdg("XDG_STATE_HOME", ".local/state"), platform.as_ref().and_then(ProjectDirs::state_dir));
        let state = if is_nowhere(&state) { data.clone() } else { state };
        Places {
            config: config.join("config.toml"),
            library: data.join("library.db"),
            log: state.join("dateline.log"),
            card: state.join("card-seen"),
            kiosk: state.join("kiosk.db"),
        }
    }
}

/// The folder into which files are downloaded: the `configured` one, in which `~` is the home, or else the one of the desktop.
pub fn downloads(configured: Option<&str>) -> Option<PathBuf> {
    let user = UserDirs::new();
    let home = user.as_ref().map(|user| user.home_dir().to_owned());
    match configured {
        Some("~") => home,
        Some(path) => match path.strip_prefix("~/") {
            Some(rest) => home.map(|home| home.join(rest)),
            None => Some(PathBuf::from(path)),
        },
        None => {
            let of_desktop = user.as_ref().and_then(UserDirs::download_dir).map(PathBuf::from);
            of_desktop.or_else(|| home.map(|home| home.join("Downloads")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_folders() {
        let get = |name: &str| match name {
            "XDG_CONFIG_HOME" => Some("/c".to_owned()),
            "XDG_DATA_HOME" => Some("/d".to_owned()),
            _ => None,
        };
        let places = Places::find(get);
        assert_eq!(places.config, Path::new("/c/dateline/config.toml"));
        assert_eq!(places.library, Path::new("/d/dateline/library.db"));
    }

    #[test]
    fn a_relative_home_is_none() {
        for home in ["", "home", "."] {
            let places = Places::find(|name| (name == "HOME").then(|| home.to_owned()));
            for path in [places.library, places.config, places.log, places.card, places.kiosk] {
                assert!(path.is_absolute(), "{home}: {}", path.display());
            }
        }
    }

    #[test]
    fn relative_folders_are_ignored() {
        let get = |name: &str| match name {
            "XDG_DATA_HOME" => Some("d".to_owned()),
            "HOME" => Some("/nowhere".to_owned()),
            _ => None,
        };
        assert!(Places::find(get).library.is_absolute());
    }
}
