//! What the program may do to the machine that it runs on.
//!
//! Every program that is started and every file that is written goes through one [`Capacity`]: a function
//! that writes takes a [`Writable`], which only a capacity gives out, and nothing else in the program
//! starts another (`tests/capacity.rs` reads the source for it). SQLite writes its own files; which library
//! is opened, and how, is decided here too. Knows nothing of what is written.

use crate::library::{self, Library, Saved};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// Whatever the person may do.
    Full,
    /// For a stranger behind a forced command: start nothing, stop for no shell, write nothing but this
    /// file, in which SQLite keeps what the person marks.
    Kiosk { state: PathBuf },
}

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("could not write {}: a kiosk writes nothing but its own state", .0.display())]
    Write(PathBuf),
    #[error("could not start {0}: a kiosk starts no program")]
    Start(String),
    #[error("could not start {program}: {error}")]
    Failed { program: String, error: io::Error },
}

/// A file that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writable(PathBuf);

impl Capacity {
    /// Starts a program with its arguments, never through a shell. What it says goes nowhere; `input` is
    /// what it reads.
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

    /// Starts a program whose output and complaints are read, with nothing to read itself; never through a shell.
    pub fn start_to_read(&self, argv: &[String]) -> Result<Child, Refused> {
        let (program, arguments) = argv.split_first().ok_or_else(|| Refused::Start(String::new()))?;
        if !self.is_full() {
            return Err(Refused::Start(program.clone()));
        }
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().map_err(|error| Refused::Failed { program: program.clone(), error })
    }

    /// A file that may be written, if it may.
    pub fn writable(&self, path: &Path) -> Result<Writable, Refused> {
        match self {
            Capacity::Full => Ok(Writable(path.to_owned())),
            Capacity::Kiosk { .. } => Err(Refused::Write(path.to_owned())),
        }
    }

    /// The library at `path`: the person's own, made where there is none, or a newsroom's, for reading.
    pub fn library(&self, path: &Path) -> Result<Library, library::Error> {
        match self {
            Capacity::Full => Library::open(path),
            Capacity::Kiosk { state } => Library::open_shared(path, state),
        }
    }

    /// A library in a private folder that goes with the program: for files that are read beside a library.
    pub fn temporary_library(&self) -> Result<Library, library::Error> {
        Library::temporary()
    }

    /// Saves what can be read of a damaged library into the new file `into`.
    pub fn repair(&self, damaged: &Path, into: &Path) -> Result<Saved, library::Error> {
        match self {
            Capacity::Full => library::repair(damaged, into),
            Capacity::Kiosk { .. } => Err(library::Error::ReadOnly { path: into.to_owned() }),
        }
    }

    /// Whether the program may do to the machine whatever the person may: also stop itself, for whose shell
    /// brings it back, and ask other machines for news.
    pub fn is_full(&self) -> bool {
        *self == Capacity::Full
    }
}

impl Writable {
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes the file whole or not at all: beside it first, then in its place, with its rights. Its folder
    /// is made; a link stays one, and what it points to is written.
    pub fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        self.make_folder()?;
        let path = std::fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
        let mut fresh = path.clone().into_os_string();
        fresh.push(format!(".{}", std::process::id()));
        let mut file = File::create(&fresh)?;
        if let Ok(old) = std::fs::metadata(&path) {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)
    }

    /// Opens the file to write at its end, made where there is none, with rights for the owner alone.
    pub fn append(&self) -> io::Result<File> {
        self.make_folder()?;
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.0)
    }

    /// Gives the file another name beside it, in the place of what has that name.
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
    fn a_file_is_replaced_whole_and_written_on() {
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
