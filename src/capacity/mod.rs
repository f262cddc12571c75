//! What the program is allowed to do to the machine that it runs on.
//!
//! Every program that is started and every file that is written goes through one [`Capacity`]: a function
//! that writes takes a [`Writable`], which only a capacity can make, and nothing else in the program
//! starts another program (`tests/capacity.rs` searches the source for violations). SQLite writes its own
//! files; which library is opened, and how, is decided here too. The module knows nothing of what is written.

mod child;
mod file;
mod part;

use crate::fetch::Fetcher;
use crate::fetch::origin::Secrets;
use crate::library::{self, Library, Reading, Saved};
pub use child::Running;
use chrono::NaiveDate;
use file::Rights;
pub use file::Writable;
pub use part::PartFile;
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
    #[error("could not start {program}: {}", crate::fault::reason(error))]
    Failed { program: String, error: io::Error },
}

/// Why a file cannot be downloaded.
#[derive(Debug, thiserror::Error)]
pub enum NoPart {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("{}", crate::fault::reason(.0))]
    Failed(#[from] io::Error),
}

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
    /// a shell. It ends with this program at the latest.
    pub fn start_to_read(&self, argv: &[String]) -> Result<Running, Refused> {
        let (program, arguments) = argv.split_first().ok_or_else(|| Refused::Start(String::new()))?;
        if !self.is_full() {
            return Err(Refused::Start(program.clone()));
        }
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = command.spawn().map(Running::new);
        started.map_err(|error| Refused::Failed { program: program.clone(), error })
    }

    /// The same for a program that gets `input` on its standard input.
    pub fn start_to_feed(&self, argv: &[String], input: Vec<u8>) -> Result<Running, Refused> {
        let (program, arguments) = argv.split_first().ok_or_else(|| Refused::Start(String::new()))?;
        if !self.is_full() {
            return Err(Refused::Start(program.clone()));
        }
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let failed = |error| Refused::Failed { program: program.clone(), error };
        let mut child = command.spawn().map_err(failed)?;
        if let Some(mut pipe) = child.stdin.take() {
            // The program may write before it has read everything, or not read at all, which is its right.
            std::thread::spawn(move || _ = pipe.write_all(&input));
        }
        Ok(Running::new(child))
    }

    /// Starts a program that has the terminal, except that `input` is its standard input.
    pub fn start_on_terminal(&self, argv: &[String], input: Vec<u8>) -> Result<Child, Refused> {
        let (program, arguments) = argv.split_first().ok_or_else(|| Refused::Start(String::new()))?;
        if !self.is_full() {
            return Err(Refused::Start(program.clone()));
        }
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped());
        let mut child =
            command.spawn().map_err(|error| Refused::Failed { program: program.clone(), error })?;
        if let Some(mut pipe) = child.stdin.take() {
            std::thread::spawn(move || _ = pipe.write_all(&input));
        }
        Ok(child)
    }

    /// Permits writing the file at `path`, or refuses it. If the file is created, only its owner may read it.
    pub fn writable(&self, path: &Path) -> Result<Writable, Refused> {
        self.file(path, Rights::Private)
    }

    /// Permits writing the file at `path`, which a person has asked for, or refuses it. If the file is created, the umask
    /// says who may read it.
    pub fn shareable(&self, path: &Path) -> Result<Writable, Refused> {
        self.file(path, Rights::Usual)
    }

    fn file(&self, path: &Path, rights: Rights) -> Result<Writable, Refused> {
        match self {
            Capacity::Full => Ok(Writable::new(path, rights)),
            Capacity::Kiosk { .. } => Err(Refused::Write(path.to_owned())),
        }
    }

    /// Opens a part of the file `name` in `folder`, which is downloaded because the person asked for it; see
    /// [`PartFile::open`].
    pub fn part(&self, folder: &Path, name: &str, is_of: &dyn Fn(&str) -> bool) -> Result<PartFile, NoPart> {
        match self {
            Capacity::Full => Ok(PartFile::open(folder, name, is_of)?),
            Capacity::Kiosk { .. } => Err(Refused::Write(folder.join(name)).into()),
        }
    }

    /// Removes what processes that were killed have left in `folder`, if this may be done.
    pub fn sweep(&self, folder: &Path) {
        if self.is_full() {
            file::sweep(folder);
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

    /// Opens the archive on the search server at `address`. What the person does with its articles is kept in `own`, or, in
    /// a kiosk, in the kiosk's own file.
    pub fn archive(
        &self,
        address: &str,
        fetcher: &Fetcher,
        secrets: Option<Secrets>,
        own: &Path,
        reading: Reading,
    ) -> Result<Library, library::Error> {
        let own = match self {
            Capacity::Full => own,
            Capacity::Kiosk { state } => state,
        };
        Library::open_remote(address, fetcher, secrets, own, reading)
    }

    /// Opens a library in a private folder that is deleted when the program ends, for files that are read without
    /// being added to the person's library.
    pub fn temporary_library(&self) -> Result<Library, library::Error> {
        Library::temporary()
    }

    /// Replaces a damaged library by what is readable in it, and keeps the damaged one beside it under a name with the
    /// date `today`.
    pub fn repair(&self, damaged: &Path, today: NaiveDate) -> Result<Saved, library::Error> {
        match self {
            Capacity::Full => library::repair(damaged, today),
            Capacity::Kiosk { .. } => Err(library::Error::ReadOnly { path: damaged.to_owned() }),
        }
    }

    /// Removes what a repair that was killed has left beside a library that is sound.
    pub fn sweep_repair(&self, library: &Path) {
        if self.is_full() {
            library::sweep_repair(library);
        }
    }

    /// Whether the program may do everything that the person may do. This includes suspending itself, which
    /// requires a shell to resume it, and fetching news from other machines.
    pub fn is_full(&self) -> bool {
        *self == Capacity::Full
    }
}

/// Removes what this process has not completed and ends the programs that it has started to read their output, because
/// the process is about to end. It may be called on any thread; other threads fail to complete what they are writing.
pub fn clean_up() {
    file::discard_unfinished();
    child::end_all();
    library::discard_temporary();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kiosk_starts_and_writes_nothing() {
        let kiosk = Capacity::Kiosk { state: PathBuf::from("own.db") };
        assert!(kiosk.start(&["true".to_owned()], None).is_err());
        assert!(kiosk.start_on_terminal(&["true".to_owned()], Vec::new()).is_err());
        assert!(kiosk.start_to_feed(&["true".to_owned()], Vec::new()).is_err());
        assert!(kiosk.writable(Path::new("names.toml")).is_err());
        assert!(!kiosk.is_full());
    }
}
