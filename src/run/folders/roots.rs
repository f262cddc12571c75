//! The files and folders that are watched: their paths, the names that the user gave them, and the rule for
//! which files in them are read.

use crate::files;
use notify::RecursiveMode;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A file or folder that is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The absolute path, in which links are not resolved.
    pub path: PathBuf,
    /// The path as the user wrote it. The paths of the articles begin with it.
    pub named: PathBuf,
}

impl Root {
    /// Returns the root for a path from the command line, or `None` if the path is neither a file nor a folder.
    pub fn new(named: &Path) -> Option<Root> {
        let path = std::path::absolute(named).ok()?;
        let metadata = std::fs::metadata(&path).ok()?;
        (metadata.is_dir() || metadata.is_file()).then(|| Root { path, named: named.to_path_buf() })
    }
}

/// A root with the data that is needed to recognise it in the events of the system.
#[derive(Debug)]
struct Known {
    root: Root,
    /// The path with all links resolved: some systems report this one.
    real: PathBuf,
    folder: bool,
}

/// All files and folders that are watched.
#[derive(Debug)]
pub struct Roots(Vec<Known>);

/// A file or folder under a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: PathBuf,
    pub named: PathBuf,
    /// The watched folder, or the folder that contains the watched file.
    root: PathBuf,
}

impl Place {
    /// Returns whether the root still exists.
    pub fn has_root(&self) -> bool {
        self.root.is_dir()
    }

    /// Returns the files in it, if it is a folder: their paths, and the paths as the user would write them.
    pub fn files(&self) -> Vec<(PathBuf, PathBuf)> {
        files::files_in(&self.path)
            .filter_map(|path| {
                let within = path.strip_prefix(&self.path).ok()?.to_path_buf();
                is_wanted(&within).then(|| (path, join(&self.named, &within)))
            })
            .collect()
    }
}

impl Roots {
    pub fn new(roots: Vec<Root>) -> Roots {
        let known = |root: Root| Known {
            real: root.path.canonicalize().unwrap_or_else(|_| root.path.clone()),
            folder: root.path.is_dir(),
            root,
        };
        Roots(roots.into_iter().map(known).collect())
    }

    /// Returns the paths for the system to watch. A file is watched through its folder, because editors replace it
    /// with another file.
    pub fn to_watch(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let watch = |known: &Known| match (known.folder, known.root.path.parent()) {
            (false, Some(folder)) => (folder.to_path_buf(), RecursiveMode::NonRecursive),
            _ => (known.root.path.clone(), RecursiveMode::Recursive),
        };
        let mut watched: Vec<_> = self.0.iter().map(watch).collect();
        watched.sort_by(|a, b| a.0.cmp(&b.0));
        watched.dedup();
        watched
    }

    /// Returns every file under the roots: its path, and its path as the user would write it.
    pub fn files(&self) -> Vec<(PathBuf, PathBuf)> {
        self.0.iter().flat_map(|known| known.place(Path::new("")).files()).collect()
    }

    /// Returns the place of a path that the system reported, or `None` if it is not to be read.
    pub fn place(&self, told: &Path) -> Option<Place> {
        self.0.iter().find_map(|known| {
            let within =
                told.strip_prefix(&known.root.path).or_else(|_| told.strip_prefix(&known.real)).ok()?;
            is_wanted(within).then(|| known.place(within))
        })
    }

    /// Returns whether an article's path lies under a root and its file does not exist, although the root does.
    pub fn is_lost(&self, named: &Path) -> bool {
        self.0.iter().any(|known| {
            named.strip_prefix(&known.root.named).is_ok_and(|within| {
                let place = known.place(within);
                place.has_root() && !place.path.exists()
            })
        })
    }
}

impl Known {
    fn place(&self, within: &Path) -> Place {
        let path = &self.root.path;
        let root = if self.folder { path.clone() } else { path.parent().unwrap_or(path).to_path_buf() };
        Place { path: join(path, within), named: join(&self.root.named, within), root }
    }
}

/// Joins two paths, without a slash at the end if `within` is empty.
fn join(folder: &Path, within: &Path) -> PathBuf {
    if within.as_os_str().is_empty() { folder.to_path_buf() } else { folder.join(within) }
}

/// Returns whether a path within a root is to be read. Hidden files are not, nor are the temporary files of editors
/// and downloads.
fn is_wanted(within: &Path) -> bool {
    const PASSING: [&str; 6] = ["~", ".tmp", ".part", ".crdownload", ".swp", "#"];
    within.iter().all(|name| {
        let name = name.to_string_lossy();
        !name.starts_with('.') && !PASSING.iter().any(|end| name.ends_with(end))
    }) && within != Path::new(OsStr::new("4913"))
}

/// Returns whether a folder is on another machine. The system does not report changes there.
#[cfg(target_os = "linux")]
pub fn is_remote(path: &Path) -> bool {
    // NFS, SMB, SMB 2, CIFS, FUSE (sshfs among others) and 9P. The numbers are from statfs(2).
    const REMOTE: [u64; 6] = [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42, 0x6573_5546, 0x0102_1997];
    rustix::fs::statfs(path).is_ok_and(|found| REMOTE.contains(&(found.f_type as u64 & 0xFFFF_FFFF)))
}

#[cfg(not(target_os = "linux"))]
pub fn is_remote(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_from_the_system_get_the_names_that_the_user_gave() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("in")).expect("a folder");
        std::fs::write(folder.path().join("in/a.txt"), "a").expect("a file");
        let roots =
            Roots::new(vec![Root { path: folder.path().to_path_buf(), named: PathBuf::from("news") }]);
        let place = roots.place(&folder.path().join("in/a.txt")).expect("a place");
        assert_eq!(place.named, PathBuf::from("news/in/a.txt"));
        assert!(place.has_root());
        for passing in [".a.txt.swp", "in/a.txt~", "b.part", ".git/index", "4913", "#a.txt#"] {
            assert_eq!(roots.place(&folder.path().join(passing)), None, "{passing}");
        }
        assert_eq!(roots.place(Path::new("/elsewhere")), None);
        assert_eq!(roots.files(), [(folder.path().join("in/a.txt"), PathBuf::from("news/in/a.txt"))]);
        assert!(roots.is_lost(Path::new("news/b.txt")) && !roots.is_lost(Path::new("news/in/a.txt")));
    }
}
