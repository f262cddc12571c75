//! Opens what a command works on: the articles of the given paths, or the sample edition if it is asked for, or else the
//! library, which may be empty.

use super::args::CommonArgs;
use super::error::CliError;
use super::out;
use super::places::{self, Places};
use super::progress::ProgressLine;
use super::settings::Settings;
use crate::annotation::Least;
use crate::article::Article;
use crate::capacity::Capacity;
use crate::config::Config;
use crate::config::archives::{ArchiveSetting, find};
use crate::corrections::Corrections;
use crate::fault::Fault;
use crate::fetch::origin::Secrets;
use crate::fetch::{Fetcher, Limits};
use crate::files;
use crate::formats::{self, Warning};
use crate::intake::{self, Depth, Manner, Progress};
use crate::intake::{CorrectionError, InForce};
use crate::library::{self, Cancel, Error, Library, Reading};
use crate::listing::Window;
use crate::query::{Grouping, Query};
use crate::text::near::distance;
use chrono::Utc;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

/// What a command works on.
pub enum Shelf {
    /// The person's own library.
    Own(Library),
    /// Files given on the command line, in a library that is deleted when the command ends.
    Files(Library),
    /// The sample edition, because the person asked for it.
    Sample(Library),
    /// Nothing, because there is no library yet or it is empty.
    Empty(Library),
}

impl Shelf {
    pub fn library(&self) -> &Library {
        let (Shelf::Own(library) | Shelf::Files(library) | Shelf::Sample(library) | Shelf::Empty(library)) =
            self;
        library
    }
}

/// Reports what a command passed over because it is damaged.
pub fn check_whole(library: &Library) -> Result<(), CliError> {
    let damage = library.damage();
    match damage.is_none() {
        true => Ok(()),
        false => Err(CliError::Partial { articles: damage.articles.len(), other: damage.other }),
    }
}

/// What was loaded of an article; `None` for a damaged one, which [`check_whole`] reports.
pub fn readable<T>(loaded: Result<Option<T>, Error>) -> Result<Option<T>, Error> {
    match loaded {
        Err(error) if error.is_damage() => Ok(None),
        other => other,
    }
}

/// Opens the articles of `from`, or, if that is empty, the sample edition if it is asked for, or else the library. That
/// the library is empty is reported on standard error. Files are analysed to `depth`.
pub fn open(from: &[PathBuf], common: &CommonArgs, depth: Depth) -> Result<Shelf, CliError> {
    let shelf = open_quietly(from, common, depth)?;
    if let Shelf::Empty(_) = shelf {
        out::complain(super::error::EMPTY);
    }
    Ok(shelf)
}

/// Like [`open`], without the report.
pub fn open_quietly(from: &[PathBuf], common: &CommonArgs, depth: Depth) -> Result<Shelf, CliError> {
    let shelf = open_from(from, common, depth)?;
    shelf.library().stand_by(least(common)?);
    Ok(shelf)
}

/// How sure the engine must be of a speaker, as the person has set it.
pub fn least(common: &CommonArgs) -> Result<Least, CliError> {
    Ok(Settings::load(common)?.config.values.least())
}

fn open_from(from: &[PathBuf], common: &CommonArgs, depth: Depth) -> Result<Shelf, CliError> {
    if common.sample && !from.is_empty() {
        return Err(CliError::Usage("leave out --sample or --from: a command reads one of them".to_owned()));
    }
    if common.sample {
        let library = Capacity::Full.temporary_library()?;
        warn(&intake::store_new(&library, formats::edition(), &depth)?.1);
        return Ok(Shelf::Sample(library));
    }
    if !from.is_empty() {
        let library = Capacity::Full.temporary_library()?;
        let total = fill(&library, from, depth, &AtomicBool::new(false))?.articles;
        return if total == 0 { Err(CliError::NothingRead) } else { Ok(Shelf::Files(library)) };
    }
    let Some(library) = own(common)? else { return Ok(Shelf::Empty(Capacity::Full.temporary_library()?)) };
    if is_empty(&library)? {
        return Ok(Shelf::Empty(library));
    }
    // For an archive that was done when it was opened.
    if archive(common).is_none() {
        settle(&library, &depth, common)?;
    }
    Ok(Shelf::Own(library))
}

fn is_empty(library: &Library) -> Result<bool, CliError> {
    // Copies are not folded, which takes an archive several requests.
    let query = Query { grouping: Grouping::Off, ..Query::everything() };
    let page = library.page(&query, Window::First { limit: 1 }, &Cancel::new())?;
    Ok(page.rows.is_empty())
}

/// Opens the person's library, unless it is empty. A library named with a flag or variable must exist.
pub fn own(common: &CommonArgs) -> Result<Option<Library>, CliError> {
    own_within(common, &Capacity::Full)
}

/// Like [`own`], within the limits of `capacity`.
pub fn own_within(common: &CommonArgs, capacity: &Capacity) -> Result<Option<Library>, CliError> {
    let (path, named) = library_path(common);
    if let Some(address) = archive(common) {
        return Ok(Some(open_archive(&address, common, capacity)?));
    }
    if !path.exists() {
        return if named { Err(CliError::NoLibrary(path)) } else { Ok(None) };
    }
    let library = capacity.library(&path)?;
    let some = named || !is_empty(&library)?;
    Ok(some.then_some(library))
}

/// How many of the newest hits are analysed here, where an index has no names and the config file does not say.
const NEWEST: usize = 2_000;

/// The address of the archive that is the library, if it is one.
pub fn archive(common: &CommonArgs) -> Option<String> {
    let (path, _) = library_path(common);
    path.to_str().filter(|path| library::is_address(path)).map(str::to_owned)
}

/// The file of the person's marks on articles of archives.
fn archives_path() -> PathBuf {
    Places::find(|name| std::env::var(name).ok()).library.with_file_name("archives.db")
}

/// Opens the archive at `address`. How an index of other hands is read is reported where it was guessed.
pub fn open_archive(address: &str, common: &CommonArgs, capacity: &Capacity) -> Result<Library, CliError> {
    let settings = Settings::load(common)?;
    let set = find(&settings.config.archives, address).cloned().unwrap_or_default();
    tell_of_login(address);
    let (fetcher, secrets) = access(address, &set, &settings)?;
    let depth = analysis(common)?;
    let analyse = |articles: Vec<Article>, corrections: &Corrections| {
        intake::analyse(articles, &Depth::Analysis(InForce::new(corrections.clone()))).articles
    };
    let reading = Reading {
        form: set.form,
        fields: set.fields,
        newest: set.newest.unwrap_or(NEWEST),
        analyse: Arc::new(analyse),
        correct: intake::corrected,
    };
    let library = capacity.archive(address, &fetcher, secrets, &archives_path(), reading)?;
    settle(&library, &depth, common)?;
    if let Some(lines) = library.guessed_form() {
        agree(&lines, &settings, capacity)?;
    }
    Ok(library)
}

/// Warns of a login in an address, which others see in the list of processes.
fn tell_of_login(address: &str) {
    let host = address.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
    if host.contains('@') {
        out::complain(
            "others see the login in the address in the list of processes; use login-command in the config file",
        );
    }
}

/// Shows how the fields of an index are read, by a guess, and asks about it where somebody can answer.
fn agree(lines: &[String], settings: &Settings, capacity: &Capacity) -> Result<(), CliError> {
    static SHOWN: OnceLock<()> = OnceLock::new();
    if SHOWN.set(()).is_err() {
        return Ok(());
    }
    let asks = capacity.is_full() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !capacity.is_full() {
        return Ok(());
    }
    out::complain("another program made this index; its fields are read so, by a guess:");
    lines.iter().for_each(|line| out::note(line));
    if !asks {
        out::note("# Put these lines into the config file, changed where they are wrong, to keep this.");
        return Ok(());
    }
    loop {
        out::ask("Read it so? y: yes, k: yes, and keep it in the config file, n: no ");
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" | "" if read.as_ref().is_ok_and(|bytes| *bytes > 0) => return Ok(()),
            "k" | "keep" => return keep(lines, settings, capacity),
            "n" | "no" => break,
            _ if read.is_ok_and(|bytes| bytes > 0) => {}
            _ => break,
        }
    }
    Err(CliError::Usage(format!(
        "nothing was read; put these lines, changed, into {}",
        settings.path.display()
    )))
}

/// Says on standard error where what is listed is known from the newest articles only.
pub fn tell_sampled(most: Option<u64>) {
    if let Some(most) = most {
        out::complain(&format!("of the newest {}", out::grouped(most)));
    }
}

/// Appends lines to the config file.
fn keep(lines: &[String], settings: &Settings, capacity: &Capacity) -> Result<(), CliError> {
    let failed = |error: std::io::Error| {
        CliError::Usage(format!(
            "could not write {}: {}",
            settings.path.display(),
            crate::fault::reason(&error)
        ))
    };
    let Ok(file) = capacity.writable(&settings.path) else { return Ok(()) };
    let kept: Result<(), std::io::Error> = file.locked(|| {
        let mut text = match std::fs::read_to_string(file.path()) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("\n{}\n", lines.join("\n")));
        file.replace(text.as_bytes())
    });
    kept.map_err(failed)
}

/// What reaches the server of an archive, and what it may see. The command of a login is run once.
fn access(
    address: &str,
    set: &ArchiveSetting,
    settings: &Settings,
) -> Result<(Fetcher, Option<Secrets>), CliError> {
    let fault =
        |reason: String| CliError::from(Error::Server { address: library::shown_address(address), reason });
    let mut fetcher = crate::wire::fetcher(Limits::default(), &settings.config.values)?;
    if let Some(file) = &set.ca_file {
        let pem = std::fs::read(file).map_err(|error| {
            fault(format!("could not read ca-file {file}: {}", crate::fault::reason(&error)))
        })?;
        fetcher =
            fetcher.trusting(&pem).ok_or_else(|| fault(format!("{file} holds no certificate in PEM")))?;
    }
    // A program is run for a login in a kiosk too: it is the operator who wrote it into the config file.
    let secrets = crate::wire::secrets_of(set, Limits::default(), &Capacity::Full).map_err(fault)?;
    Ok((fetcher, secrets))
}

/// Opens the archive at `address` to fill it; it is made if there is none.
pub fn archive_to_fill(address: &str, common: &CommonArgs) -> Result<Library, CliError> {
    let settings = Settings::load(common)?;
    let set = find(&settings.config.archives, address).cloned().unwrap_or_default();
    let (fetcher, secrets) = access(address, &set, &settings)?;
    Ok(Library::fill_remote(address, &fetcher, secrets)?)
}

/// Opens the person's library if it contains no articles yet but has sources, or an account that brings some.
pub fn to_fetch(
    common: &CommonArgs,
    config: &Config,
    capacity: &Capacity,
) -> Result<Option<Library>, CliError> {
    let (path, _) = library_path(common);
    let configured = !config.sources.is_empty() || !config.accounts.is_empty();
    if !capacity.is_full() || (!path.exists() && !configured) {
        return Ok(None);
    }
    let library = capacity.library(&path)?;
    let some = configured || !library.sources()?.is_empty();
    Ok(some.then_some(library))
}

/// The full analysis with the person's corrections. Mistakes in the file of names are reported and skipped.
pub fn analysis(common: &CommonArgs) -> Result<Depth, CliError> {
    let path = names_path(common);
    let (corrections, faults) = crate::intake::names_file::read(&path)?;
    warn(&faults_in(&path, faults));
    Ok(Depth::Analysis(InForce::new(corrections)))
}

/// Applies changes that were made by hand in the file of names to the articles of `library`. A read-only library is
/// not changed.
pub fn settle(library: &Library, depth: &Depth, common: &CommonArgs) -> Result<(), CliError> {
    let Depth::Analysis(rules) = depth else { return Ok(()) };
    match rules.settle(library, &names_path(common)) {
        Ok(_) | Err(CorrectionError::Library(_)) => Ok(()),
        Err(CorrectionError::Names(error)) => Err(error.into()),
    }
}

/// Converts mistakes in the file of names to warnings.
pub fn faults_in(path: &Path, faults: Vec<Fault>) -> Vec<Warning> {
    let shown = path.to_string_lossy();
    faults.into_iter().map(|fault| Warning::new(&shown, Some(fault.line as u64), &fault.message)).collect()
}

/// The file with the person's corrections to names, which is beside the library.
pub fn names_path(common: &CommonArgs) -> PathBuf {
    let library = match archive(common) {
        Some(_) => Places::find(|name| std::env::var(name).ok()).library,
        None => library_path(common).0,
    };
    library.with_file_name("names.toml")
}

/// The path of the library, and whether the person chose it.
pub fn library_path(common: &CommonArgs) -> (PathBuf, bool) {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match common.library.clone().or_else(|| environment("DATELINE_LIBRARY").map(PathBuf::from)) {
        Some(path) => (path, true),
        None => {
            let settings = Settings::load(common).ok();
            let archives = settings.into_iter().flat_map(|settings| settings.config.archives);
            match archives.into_iter().find(|archive| archive.library) {
                Some(archive) => (PathBuf::from(archive.url), true),
                None => (Places::find(environment).library, false),
            }
        }
    }
}

/// The path of the library for a command that creates one if there is none.
pub fn path_to_create(common: &CommonArgs) -> Result<PathBuf, CliError> {
    match library_path(common) {
        (path, false) if places::is_nowhere(&path) => Err(CliError::NoHome),
        (path, _) => Ok(path),
    }
}

/// Adds the articles in `paths` to `library`, with a progress line on a terminal and warnings on standard error.
pub fn fill(
    library: &Library,
    paths: &[PathBuf],
    depth: Depth,
    cancelled: &AtomicBool,
) -> Result<Progress, CliError> {
    check(paths)?;
    let mut line = ProgressLine::new();
    let mut latest = Progress::default();
    let (total, done) = (OnceLock::new(), AtomicBool::new(false));
    let taken = thread::scope(|scope| {
        // Measuring a folder of many files takes a while, so the reading does not wait for it.
        if line.is_seen() {
            scope.spawn(|| total.set(files::size(paths, &done)));
        }
        let how = (depth, Manner::InFront);
        let taken = intake::read_into(library, paths, Utc::now(), how, cancelled, &mut |progress| {
            line.show(&progress, total.get().copied().flatten());
            if !progress.warnings.is_empty() {
                line.clear();
                warn(&progress.warnings);
            }
            latest = Progress { warnings: Vec::new(), ..progress };
        });
        done.store(true, Ordering::Relaxed);
        taken
    });
    line.clear();
    taken?;
    Ok(latest)
}

/// Checks that something exists at each path (`-` is standard input).
pub fn check(paths: &[PathBuf]) -> Result<(), CliError> {
    for path in paths.iter().filter(|path| path.as_path() != Path::new("-")) {
        if let Err(error) = std::fs::metadata(path) {
            return Err(CliError::Path { path: path.clone(), error, near: near_command(path) });
        }
    }
    Ok(())
}

/// The command whose name is nearest to `path`, if the path may be a mistyped command.
pub fn near_command(path: &Path) -> Option<String> {
    let typed = path.to_str()?;
    let command = <super::Cli as clap::CommandFactory>::command();
    let names = command.get_subcommands().map(|sub| sub.get_name().to_owned());
    names
        .map(|name| (distance(typed, &name), name))
        .filter(|(far, _)| *far <= 2 && 2 * far <= typed.len())
        .min()
        .map(|(_, name)| name)
}

/// Reports warnings on standard error.
pub fn warn(warnings: &[Warning]) {
    for warning in warnings {
        out::complain(&warning.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::Cli;
    use super::{near_command, to_fetch};
    use crate::capacity::Capacity;
    use crate::config::Config;
    use clap::Parser;
    use std::path::Path;

    #[test]
    fn an_account_is_reason_enough_for_a_library_of_ones_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let cli = Cli::try_parse_from(["dateline", "--library", &path.to_string_lossy()]).expect("arguments");
        let opened = |config: &str| {
            let (config, faults) = Config::read(config);
            assert_eq!(faults, []);
            to_fetch(&cli.common, &config, &Capacity::Full).expect("asked").is_some()
        };
        assert!(!opened(""));
        assert!(opened(
            "[[account]]\ntype = \"miniflux\"\nurl = \"https://flux.example\"\ntoken-env = \"T\"\n"
        ));
    }

    #[test]
    fn a_mistyped_command_is_recognised() {
        assert_eq!(near_command(Path::new("quotse")).as_deref(), Some("quotes"));
        assert_eq!(near_command(Path::new("news.txt")), None);
        assert_eq!(near_command(Path::new("war")), None);
    }
}
