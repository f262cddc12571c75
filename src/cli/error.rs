//! The errors of the commands.

use super::out::Stop;
use crate::fault::reason;
use crate::terminal::TerminalError;
use crate::wire::edit::EditError;
use std::io;
use std::path::{Path, PathBuf};

/// What is said about a library without articles.
pub const EMPTY: &str = "the library is empty: 'dateline add WHAT' adds files, folders or feeds to it (--sample reads the sample edition)";

#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Refused(#[from] crate::capacity::Refused),
    /// Nothing exists at the path. If the path resembles the name of a command, that is suggested.
    #[error("could not open '{}': {}{}", path.display(), reason(error), hint(path, near.as_deref()))]
    Path { path: PathBuf, error: io::Error, near: Option<String> },
    /// What was given to the reader is not a path.
    #[error("could not open '{words}': there is no such file or folder; did you mean {meant}?")]
    Meant { words: String, meant: String },
    #[error("could not read any article: the given files and folders contain none")]
    NothingRead,
    #[error("could not show article {number}: {}", numbers(range))]
    NoSuchArticle { number: i64, range: Option<(i64, i64)> },
    #[error(
        "could not find '{0}': no article mentions a person, country, place or organisation of this name"
    )]
    NoSuchName(String),
    #[error("could not show article {number}: {}", EMPTY)]
    NothingToShow { number: i64 },
    #[error(
        "could not add everything: stopped; what was added so far is stored, and the same command continues from there"
    )]
    Stopped,
    #[error("could not read the config file {}: {}", path.display(), reason(error))]
    Config { path: PathBuf, error: io::Error },
    #[error("could not use all of {}: fix {count} {}", path.display(), if *count == 1 { "mistake" } else { "mistakes" })]
    Faults { path: PathBuf, count: usize },
    #[error("could not open the library {}: it does not exist; 'dateline add WHAT' creates it", .0.display())]
    NoLibrary(PathBuf),
    #[error("could not use the library {}: it is damaged; 'dateline doctor --repair' saves what is readable", .0.display())]
    Damaged(PathBuf),
    #[error(
        "could not find a place for the library: there is no home folder; set HOME, or name a file with --library"
    )]
    NoHome,
    #[error(
        "could not read articles from standard input: it is the terminal, and there is nothing to read; \
         write 'dateline - < FILE' or 'PROGRAM | dateline -', or name the file"
    )]
    NothingPiped,
    /// Everything else was printed.
    #[error("could not read everything: {}; run 'dateline doctor'", damaged(*articles, *other))]
    Partial { articles: usize, other: bool },
    #[error("could not show article {number}: it is damaged; run 'dateline doctor'")]
    DamagedArticle { number: i64 },
    #[error("could not use {0} together with a command: leave out one of them")]
    PathsAndCommand(String),
    #[error("could not write the output: {}", ended(.0))]
    Output(Stop),
    #[error("could not correct '{name}': {reason}")]
    Correction { name: String, reason: String },
    #[error("could not understand the arguments: {0}")]
    Usage(String),
    /// A query with a mistake, for a command that changes or writes something.
    #[error("could not {aim}: {mistake}")]
    Query { aim: &'static str, mistake: String },
    #[error("could not mark articles: there is no query; write --all to mark every article of the library")]
    NoQuery,
    #[error("could not {0} articles: there is no query; write --all to {0} every article")]
    NoQueryToDelete(&'static str),
    #[error("could not find a rule called '{name}' in {} ('dateline rules' lists them)", path.display())]
    NoRule { name: String, path: PathBuf },
    #[error("could not find a board called '{0}' ('dateline board' lists them)")]
    NoBoard(String),
    #[error("could not find item {place} on the board '{board}': it has {most}")]
    NoItem { board: String, place: usize, most: usize },
    #[error("could not write {}: {}", path.display(), reason(error))]
    Write { path: PathBuf, error: io::Error },
    #[error("could not find a source called '{0}' ('dateline sources' lists them)")]
    NoSource(String),
    #[error("could not fetch anything: there are no sources; 'dateline add URL' adds one to {}", .0.display())]
    NoSources(PathBuf),
    #[error("could not fetch anything: {count} {} failed ('dateline sources' says why)", if *count == 1 { "source" } else { "sources" })]
    NothingFetched { count: usize },
    #[error("could not add {failed} of {total}")]
    NotAllAdded { failed: usize, total: usize },
    #[error("could not find an account called '{0}' ('dateline account list' lists them)")]
    NoAccount(String),
    #[error("could not find an account: write an [[account]] into {} (docs/accounts.md)", .0.display())]
    NoAccounts(PathBuf),
    #[error("could not make an account of {}: {why}", path.display())]
    NoAccountIn { path: PathBuf, why: String },
    #[error("could not sync {failed} of {total} {}", if *total == 1 { "account" } else { "accounts" })]
    NotSynced { failed: usize, total: usize },
    #[error("could not use the account {name}: {error}")]
    Account { name: String, error: crate::account::SyncError },
    #[error(transparent)]
    Edit(#[from] EditError),
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
    /// The exit code: 1 for a failure, 2 for wrong usage.
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::PathsAndCommand(_)
            | CliError::Usage(_)
            | CliError::Query { .. }
            | CliError::NoQuery
            | CliError::Edit(EditError::Value { .. })
            | CliError::NoQueryToDelete(_)
            | CliError::NothingPiped
            | CliError::Meant { .. } => 2,
            _ => 1,
        }
    }
}

impl From<Stop> for CliError {
    fn from(stop: Stop) -> CliError {
        CliError::Output(stop)
    }
}

/// Which numbers articles have; some numbers in between may be missing.
fn numbers(range: &Option<(i64, i64)>) -> String {
    match range {
        Some((first, last)) if first == last => format!("the only article here has the number {first}"),
        Some((first, last)) => format!(
            "numbers go from {first} to {last}, and not all of them are in use ('dateline list' shows them)"
        ),
        None => "there are no articles here".to_owned(),
    }
}

fn damaged(articles: usize, other: bool) -> String {
    match (articles, other) {
        (0, _) => "a part of the index or of the marks is damaged".to_owned(),
        (1, false) => "1 article is damaged".to_owned(),
        (articles, false) => format!("{articles} articles are damaged"),
        (1, true) => "1 article and a part of the index are damaged".to_owned(),
        (articles, true) => format!("{articles} articles and a part of the index are damaged"),
    }
}

fn hint(path: &Path, near: Option<&str>) -> String {
    match near {
        Some(name) => format!("; did you mean the command '{name}'?"),
        None if is_like_an_address(path) => "; if it is an address, write https:// before it".to_owned(),
        None => String::new(),
    }
}

/// Whether a path that does not exist looks like an address without its scheme: `example.org/feed.xml`.
fn is_like_an_address(path: &Path) -> bool {
    let Some((host, _)) = path.to_str().and_then(|path| path.split_once('/')) else { return false };
    let top = host.rsplit_once('.').map(|(_, top)| top).unwrap_or_default();
    !path.exists() && top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn ended(stop: &Stop) -> String {
    match stop {
        Stop::ReaderGone => "the program that reads the output has ended".to_owned(),
        Stop::Failed(error) => reason(error),
    }
}
