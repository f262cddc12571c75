//! Where the program's files are: the XDG directories where the person uses them, else the platform's.

use directories::ProjectDirs;
use std::path::{Path, PathBuf};

/// The files that the program keeps for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub config: PathBuf,
    pub library: PathBuf,
    pub log: PathBuf,
    /// There once the card for the first run was seen.
    pub card: PathBuf,
    /// With `--kiosk`, what the person has done with the articles.
    pub kiosk: PathBuf,
}

impl Places {
    /// Tells from the environment (`get` looks a variable up) and from what there is on the disk.
    pub fn find(get: impl Fn(&str) -> Option<String>) -> Places {
        let xdg = |variable: &str, below_home: &str| {
            let set = get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
            let home = get("HOME").map(|home| Path::new(&home).join(below_home));
            set.or_else(|| home.filter(|path| cfg!(target_os = "linux") || path.is_dir()))
        };
        let platform = ProjectDirs::from("", "", "dateline");
        let folder = |xdg: Option<PathBuf>, platform: Option<&Path>| match (xdg, platform) {
            (Some(base), _) => base.join("dateline"),
            (None, Some(folder)) => folder.to_owned(),
            // Neither a home nor a platform that knows one: beside where the person stands.
            (None, None) => PathBuf::from(".dateline"),
        };
        let config =
            folder(xdg("XDG_CONFIG_HOME", ".config"), platform.as_ref().map(ProjectDirs::config_dir));
        let data = folder(xdg("XDG_DATA_HOME", ".local/share"), platform.as_ref().map(ProjectDirs::data_dir));
        let state =
            folder(xdg("XDG_STATE_HOME", ".local/state"), platform.as_ref().and_then(ProjectDirs::state_dir));
        let state = if state.is_absolute() { state } else { data.clone() };
        Places {
            config: config.join("config.toml"),
            library: data.join("library.db"),
            log: state.join("dateline.log"),
            card: state.join("card-seen"),
            kiosk: state.join("kiosk.db"),
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
    fn a_relative_folder_is_passed_over() {
        let get = |name: &str| match name {
            "XDG_DATA_HOME" => Some("d".to_owned()),
            "HOME" => Some("/nowhere".to_owned()),
            _ => None,
        };
        assert!(Places::find(get).library.is_absolute());
    }
}
