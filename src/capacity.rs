//! What the program is allowed to do to the machine that it runs on.
//!
//! Every program that is started and every file that is written goes through one [`Capacity`]: a function
//! that writes takes a [`Writable`], which only a capacity can make, and nothing else in the program
//! starts another program (`tests/capacity.rs` searches the source for violations). SQLite writes its own
//! files; which library is opened, and how, is decided here too. The module knows nothing of what is written.

use crate::library::{self, Library, Saved};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What the program is allowed to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// Everything that the person may do.
    Full,
    /// For strangers who log in to a forced command: the program starts nothing, does not suspend itself to a
    /// shell, and writes only this file, in which SQLite stores the marks that the person sets.
    Kiosk { state: PathBuf },
}

/// Why something was refused, or could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("could not write {}: in kiosk mode only the kiosk's own state is written", .0.display())]
    Write(PathBuf),
    #[error("could not start {0}: programs cannot be started in kiosk mode")]
    Start(String),
    #[error("could not start {program}: {error}")]
    Failed { program: String, error: io::Error },
}

/// A file that the program is allowed to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writable(PathBuf);

impl Capacity {
    /// Starts a program with its arguments, never through a shell. Its output is discarded, and `input` is
    /// its standard input.
    pub fn start(&self, argv: &[String], input: Option<&str>) -> Result<Child, Refused> {
        let (program, arguments) = argv.split_first().ok_or_else(|| Refused::Start(String::new()))?;
        if !self.is_full() {
            return Err(Refused::Start(program.clone()));
        }
        let mut command = Command::new(program);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        let failed = |error| Refused::Failed { program: program.clone(), error };
        let mut child = command.spawn().map_err(failed)?;
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
            pipe.write_all(input.as_bytes()).map_err(failed)?;
        }
        Ok(child)
    }

    /// Starts a program whose output and errors the caller reads, with an empty standard input; never through
    /// a shell.
    pub fn start_to_read(&self, argv: &[String]) -> Result<Child, Refused> {
        let (program, arguments) = argv.split_first().ok_or_else(|| Refused::Start(String::new()))?;
        if !self.is_full() {
            return Err(Refused::Start(program.clone()));
        }
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().map_err(|error| Refused::Failed { program: program.clone(), error })
    }

    /// Permits writing the file at `path`, or refuses it.
    pub fn writable(&self, path: &Path) -> Result<Writable, Refused> {
        match self {
            Capacity::Full => Ok(Writable(path.to_owned())),
            Capacity::Kiosk { .. } => Err(Refused::Write(path.to_owned())),
        }
    }

    /// Opens the library at `path`: the person's own, which is created if it does not exist, or, in a kiosk, a
    /// shared one for reading only.
    pub fn library(&self, path: &Path) -> Result<Library, library::Error> {
        match self {
            Capacity::Full => Library::open(path),
            Capacity::Kiosk { state } => Library::open_shared(path, state),
        }
    }

    /// Opens a library in a private folder that is deleted when the program ends, for files that are read without
    /// being added to the person's library.
    pub fn temporary_library(&self) -> Result<Library, library::Error> {
        Library::temporary()
    }

    /// Saves whatever is readable in a damaged library to the new file `into`.
    pub fn repair(&self, damaged: &Path, into: &Path) -> Result<Saved, library::Error> {
        match self {
            Capacity::Full => library::repair(damaged, into),
            Capacity::Kiosk { .. } => Err(library::Error::ReadOnly { path: into.to_owned() }),
        }
    }

    /// Whether the program may do everything that the person may do. This includes suspending itself, which
    /// requires a shell to resume it, and fetching news from other machines.
    pub fn is_full(&self) -> bool {
        *self == Capacity::Full
    }
}

/// A file that is being written and will replace another.
#[derive(Debug)]
pub struct Fresh {
    file: File,
    beside: PathBuf,
    path: PathBuf,
}

impl Fresh {
    /// Puts the file, which is complete, in its place.
    pub fn put(self) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.beside, &self.path)
    }

    /// Another handle to write the file with.
    pub fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Removes the file, which is not complete.
    pub fn discard(self) {
        // Where even this fails, the error that led here says why.
        _ = std::fs::remove_file(&self.beside);
    }
}

impl Writable {
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Replaces the file as a whole or not at all: writes a new file beside it, with the same permissions, and
    /// renames that. Creates the folder if necessary. If the path is a symbolic link, its target is replaced.
    pub fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let mut fresh = self.fresh()?;
        fresh.file.write_all(bytes)?;
        fresh.put()
    }

    /// A new file beside this one, which [`Fresh::put`] puts in its place. Creates the folder if necessary.
    pub fn fresh(&self) -> io::Result<Fresh> {
        self.make_folder()?;
        let path = std::fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
        let mut beside = path.clone().into_os_string();
        beside.push(format!(".{}", std::process::id()));
        let beside = PathBuf::from(beside);
        let file = File::create(&beside)?;
        if let Ok(old) = std::fs::metadata(&path) {
            file.set_permissions(old.permissions())?;
        }
        Ok(Fresh { file, beside, path })
    }

    /// Opens the file for appending. Creates it if necessary, with permissions for the owner only.
    pub fn append(&self) -> io::Result<File> {
        self.make_folder()?;
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.0)
    }

    /// Renames the file by adding `ending` to its name, and replaces any file of that name.
    pub fn set_aside(&self, ending: &str) -> io::Result<()> {
        let mut aside = self.0.clone().into_os_string();
        aside.push(ending);
        std::fs::rename(&self.0, aside)
    }

    fn make_folder(&self) -> io::Result<()> {
        match self.0.parent() {
            Some(folder) => std::fs::create_dir_all(folder),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kiosk_starts_and_writes_nothing() {
        let kiosk = Capacity::Kiosk { state: PathBuf::from("own.db") };
        assert!(kiosk.start(&["true".to_owned()], None).is_err());
        assert!(kiosk.writable(Path::new("names.toml")).is_err());
        assert!(!kiosk.is_full());
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_appended_to() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("state").join("filter");
        let file = Capacity::Full.writable(&path).expect("it may be written");
        file.replace(b"one\n").expect("it is written");
        file.append().and_then(|mut file| file.write_all(b"two\n")).expect("it is written");
        let text = || std::fs::read_to_string(&path).expect("it is there");
        assert_eq!(text(), "one\ntwo\n");
        file.replace(b"three\n").expect("it is written");
        assert_eq!(text(), "three\n");
        assert_eq!(std::fs::read_dir(folder.path().join("state")).expect("a folder").count(), 1);
    }
}
