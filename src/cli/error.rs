//! Why a command could not do what it was asked for.

use super::out::Stop;
use crate::terminal::TerminalError;
use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Refused(#[from] crate::capacity::Refused),
    /// Nothing at the path; a command's name that is near is offered.
    #[error("could not open '{}': {error}{}", path.display(), hint(near.as_deref()))]
    Path { path: PathBuf, error: io::Error, near: Option<String> },
    #[error("could not read any article: nothing was found in what was given")]
    NothingRead,
    #[error("could not show article {number}: there are {count} (see 'dateline list')")]
    NoSuchArticle { number: i64, count: u64 },
    #[error(
        "could not take in everything: stopped; what was taken in is kept, and the same command goes on from there"
    )]
    Stopped,
    #[error("could not read the config file {}: {error}", path.display())]
    Config { path: PathBuf, error: io::Error },
    #[error("could not use all of {}: {count} {} to be put right", path.display(), if *count == 1 { "thing is" } else { "things are" })]
    Faults { path: PathBuf, count: usize },
    #[error("could not open the library {}: there is none; 'dateline add WHAT' makes it", .0.display())]
    NoLibrary(PathBuf),
    #[error("could not vouch for the library {}: it is damaged; 'dateline doctor --repair' saves what can be read", .0.display())]
    Damaged(PathBuf),
    #[error("could not tell what is meant by {0} together with a command: leave out the one or the other")]
    PathsAndCommand(String),
    #[error("could not write: {}", reason(.0))]
    Output(Stop),
    #[error("could not put '{name}' right: {reason}")]
    Correction { name: String, reason: String },
    #[error("could not understand the arguments: {0}")]
    Usage(String),
    #[error("could not find a source called '{0}' ('dateline sources' lists them)")]
    NoSource(String),
    #[error("could not fetch anything: there are no sources; 'dateline add URL' adds one to {}", .0.display())]
    NoSources(PathBuf),
    #[error("could not fetch anything: {count} {} failed ('dateline sources' says why)", if *count == 1 { "source" } else { "sources" })]
    NothingFetched { count: usize },
    #[error("could not add {failed} of {total}")]
    NotAllAdded { failed: usize, total: usize },
    #[error(transparent)]
    Join(#[from] crate::wire::JoinError),
    #[error(transparent)]
    Fetch(#[from] crate::fetch::FetchError),
    #[error(transparent)]
    Names(#[from] crate::intake::names_file::NamesError),
    #[error(transparent)]
    Library(#[from] crate::library::Error),
    #[error(transparent)]
    Terminal(#[from] TerminalError),
}

impl CliError {
    /// 1: could not; 2: wrong usage.
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::PathsAndCommand(_) | CliError::Usage(_) => 2,
            _ => 1,
        }
    }
}

impl From<Stop> for CliError {
    fn from(stop: Stop) -> CliError {
        CliError::Output(stop)
    }
}

fn hint(near: Option<&str>) -> String {
    near.map(|name| format!("; did you mean the command '{name}'?")).unwrap_or_default()
}

fn reason(stop: &Stop) -> String {
    match stop {
        Stop::ReaderGone => "nobody reads it".to_owned(),
        Stop::Failed(error) => error.to_string(),
    }
}
