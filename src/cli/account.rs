//! `dateline sync` and `dateline account`: exchanges everything with accounts on servers, and lists, checks and leaves them.

use super::args::{AccountArgs, AccountCommand, CommonArgs, SyncArgs};
use super::error::CliError;
use super::look::Ink;
use super::out::{self, Out};
use super::settings::Settings;
use super::table::{Column, Room, Table, column};
use super::{ending, feeds, json, wire};
use crate::account::{self, ServerError, SyncError, told};
use crate::capacity::Capacity;
use crate::config::accounts::AccountSetting;
use crate::text::width::clip;
use crate::wire::Wire;
use crate::wire::told::{moment, sources_of};
use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The shortest time between two updates of the progress line.
const PROGRESS: Duration = Duration::from_millis(100);
/// How often it is looked whether a signal has arrived.
const LOOK: Duration = Duration::from_millis(50);

/// `dateline sync`: succeeds if every account was synced.
pub fn sync(args: &SyncArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let accounts = chosen(&args.names, common)?;
    let wire = wire::open(common)?;
    let stopped = stopping();
    let mut failed = 0;
    let mut new = 0;
    for setting in &accounts {
        let mut line = Line::new(args.quiet);
        let synced = account::sync(&wire, setting, &stopped, &mut |progress| {
            line.show(&told::progress(&setting.name, progress));
        });
        line.clear();
        match synced {
            Ok(summary) => {
                new += summary.new;
                if !args.quiet {
                    out.line(&told::summary(&setting.name, &summary))?;
                    feeds::announce(&summary.rings, out)?;
                }
                for note in &summary.moved.notes {
                    out::complain(&format!("{}: {note}", setting.name));
                }
            }
            Err(SyncError::Server(ServerError::Stopped)) => {
                out.finish()?;
                return Err(CliError::Stopped);
            }
            Err(error) => {
                failed += 1;
                out::complain(&format!("could not sync {}: {error}", setting.name));
            }
        }
    }
    crate::intake::brief::make_ready(&wire.library, new)?;
    match failed {
        0 => Ok(()),
        failed => Err(CliError::NotSynced { failed, total: accounts.len() }),
    }
}

/// `dateline account`.
pub fn account(args: &AccountArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    match &args.what {
        None => list(false, common, out),
        Some(AccountCommand::List { json }) => list(*json, common, out),
        Some(AccountCommand::Check { names }) => check(names, common, out),
        Some(AccountCommand::Import { file, account }) => {
            import(file.as_deref(), account.as_deref(), common, out)
        }
        Some(AccountCommand::Remove { name, keep_sources }) => remove(name, *keep_sources, common, out),
    }
}

/// The accounts of the config file with these names, or all of them.
fn chosen(names: &[String], common: &CommonArgs) -> Result<Vec<AccountSetting>, CliError> {
    let settings = Settings::load(common)?;
    let all = settings.config.accounts;
    if all.is_empty() {
        return Err(CliError::NoAccounts(settings.path));
    }
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        let found = all.iter().find(|account| account.name.eq_ignore_ascii_case(name));
        found.cloned().ok_or_else(|| CliError::NoAccount(name.clone()))
    };
    names.iter().map(find).collect()
}

/// The flag that a signal sets.
fn stopping() -> Arc<AtomicBool> {
    let (raised, flag) = (ending::gently(), Arc::new(AtomicBool::new(false)));
    let set = Arc::clone(&flag);
    thread::spawn(move || {
        while !raised.load(Ordering::Relaxed) {
            thread::sleep(LOOK);
        }
        set.store(true, Ordering::Relaxed);
    });
    flag
}

const COLUMNS: &[Column] = &[
    column(Ink::Name, Room::AtMost(20)),
    column(Ink::Plain, Room::AtMost(14)),
    column(Ink::Faint, Room::Rest),
    column(Ink::Plain, Room::AtMost(30)),
    column(Ink::Number, Room::AtMost(24)),
];

#[derive(Serialize)]
struct AccountJson<'a> {
    name: &'a str,
    r#type: &'static str,
    url: &'a str,
    synced: Option<String>,
    waiting: u64,
}

fn list(json: bool, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let accounts = chosen(&[], common)?;
    let library = wire::open(common)?.library;
    let mut table = (out.is_terminal() && !json).then(|| Table::new(out, COLUMNS));
    let mut rows = Vec::new();
    for setting in &accounts {
        let synced = account::when_synced(&library, &setting.name)?;
        let waiting = account::pending(&library, &setting.name)?;
        let row = [
            setting.name.clone(),
            setting.speaks.name().to_owned(),
            setting.url.clone(),
            synced.map_or("never synced".to_owned(), |at| format!("synced {}", moment(at))),
            match waiting {
                0 => String::new(),
                1 => "1 mark waits".to_owned(),
                waiting => format!("{waiting} marks wait"),
            },
        ];
        match &mut table {
            Some(table) => table.row(row.to_vec())?,
            None => rows.push((setting, synced, waiting, row)),
        }
    }
    if let Some(table) = table {
        return Ok(table.finish()?);
    }
    for (setting, synced, waiting, row) in rows {
        if json {
            let (name, r#type, url) = (&setting.name, setting.speaks.name(), &setting.url);
            let synced = synced.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
            out.line(&json::compact(&AccountJson { name, r#type, url, synced, waiting }))?;
        } else {
            out.row(&row)?;
        }
    }
    Ok(())
}

fn check(names: &[String], common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let accounts = chosen(names, common)?;
    let wire = wire::open(common)?;
    let stopped = stopping();
    let mut failed = 0;
    for setting in &accounts {
        match asked(setting, &wire, &stopped) {
            Ok(lines) => lines.iter().try_for_each(|line| out.line(&format!("{}: {line}", setting.name)))?,
            Err(error) => {
                failed += 1;
                out::complain(&format!("could not use the account {}: {error}", setting.name));
            }
        }
    }
    match failed {
        0 => Ok(()),
        failed => Err(CliError::NotSynced { failed, total: accounts.len() }),
    }
}

/// Asks a server what it is and has.
fn asked(setting: &AccountSetting, wire: &Wire, stopped: &Arc<AtomicBool>) -> Result<Vec<String>, SyncError> {
    let mut server = account::open(setting, wire, stopped)?;
    let about = server.about()?;
    let user = server.user()?;
    let feeds = server.feeds()?;
    let (feeds, folders) = (feeds.len() as u64, {
        let mut folders: Vec<&String> = feeds.iter().flat_map(|feed| &feed.folders).collect();
        folders.sort_unstable();
        folders.dedup();
        folders.len()
    });
    let unread = server.count_unread()?;
    let waiting = account::pending(&wire.library, &setting.name)?;
    Ok(vec![
        about,
        format!("logged in as {user}"),
        format!("{} in {folders} {}", sources_of(feeds), if folders == 1 { "folder" } else { "folders" }),
        format!("{unread} unread there; {waiting} marks wait here to be sent"),
    ])
}

/// Adds the sources of a list to an account, or gives it those that are fetched here.
fn import(
    file: Option<&Path>,
    name: Option<&str>,
    common: &CommonArgs,
    out: &mut Out,
) -> Result<(), CliError> {
    if let Some(path) = file
        && let Some(config) = super::newsboat::config_at(path)
    {
        return super::newsboat::import(&config, name, common, out);
    }
    let names: Vec<String> = name.map(str::to_owned).into_iter().collect();
    let accounts = chosen(&names, common)?;
    let [setting] = accounts.as_slice() else {
        return Err(CliError::Usage("there are several accounts: say which with --account NAME".to_owned()));
    };
    let wire = wire::open(common)?;
    let fail = |error: SyncError| CliError::Account { name: setting.name.clone(), error };
    let Some(path) = file else {
        account::give_own(&wire.library, &setting.name).map_err(fail)?;
        let names = SyncArgs { names: vec![setting.name.clone()], quiet: false };
        return sync(&names, common, out);
    };
    let list = feeds::list_in(path).ok_or_else(|| {
        CliError::Usage(format!("'{}' is no list of feeds: OPML or newsboat's urls file", path.display()))
    })?;
    super::shelf::warn(&list.warnings);
    let stopped = stopping();
    let further: usize = list.feeds.iter().map(|feed| feed.tags.len().saturating_sub(1)).sum();
    let wanted = list
        .feeds
        .into_iter()
        .map(|feed| (feed.url, feed.name.unwrap_or_default(), feed.tags.into_iter().next()));
    let wanted: Vec<account::Wanted> = wanted.collect();
    let mut server = account::open(setting, &wire, &stopped).map_err(|error| fail(error.into()))?;
    let mut line = Line::new(false);
    let total = wanted.len();
    let imported = account::subscribe_all(server.as_mut(), &wanted, &mut |at| {
        line.show(&format!("{}: {at}/{total} sources", setting.name));
    });
    line.clear();
    let imported = imported.map_err(|error| fail(error.into()))?;
    for refused in &imported.refused {
        out::complain(&format!("could not add {refused}"));
    }
    let searches = super::sources::keep_searches(&list.searches, common)?;
    let mut told = format!("{}: {} added there", setting.name, sources_of(imported.new));
    if imported.known > 0 {
        told.push_str(&format!(", {} there before", imported.known));
    }
    if !imported.refused.is_empty() {
        told.push_str(&format!(", {} refused", imported.refused.len()));
    }
    if searches > 0 {
        told.push_str(&format!(
            ", {searches} saved {} here",
            if searches == 1 { "search" } else { "searches" }
        ));
    }
    if !list.warnings.is_empty() {
        told.push_str(&format!(", {} not as in the list", list.warnings.len()));
    }
    if further > 0 {
        told.push_str(&format!(", {further} further {} left out", if further == 1 { "tag" } else { "tags" }));
    }
    out.line(&format!("{told}; 'dateline sync' brings their articles"))?;
    match imported.refused.len() {
        0 => Ok(()),
        failed => Err(CliError::NotAllAdded { failed, total }),
    }
}

/// Leaves an account. One that is no longer in the config file can be left as well.
fn remove(name: &str, keep_sources: bool, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let settings = Settings::load(common)?;
    let library = Capacity::Full.library(&super::shelf::path_to_create(common)?)?;
    let known = account::names(&library)?;
    let configured = settings.config.accounts.iter().any(|account| account.name == name);
    if !known.iter().any(|known| known == name) && !configured {
        return Err(CliError::NoAccount(name.to_owned()));
    }
    let sources = account::remove(&library, name, keep_sources)
        .map_err(|error| CliError::Account { name: name.to_owned(), error })?;
    let what = if keep_sources { "are fetched from their own addresses now" } else { "are removed" };
    out.line(&format!("{name}: left; its articles and marks stay, its {} {what}", sources_of(sources)))?;
    if configured {
        out.line(&format!(
            "take [[account]] {name} out of {}, or the next sync begins anew",
            settings.path.display()
        ))?;
    }
    Ok(())
}

/// One line of progress on standard error, if that is a terminal.
struct Line {
    shown: Option<Instant>,
    wanted: bool,
}

impl Line {
    fn new(quiet: bool) -> Line {
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        Line { shown: None, wanted: io::stderr().is_terminal() && !dumb && !quiet }
    }

    fn show(&mut self, text: &str) {
        if !self.wanted || self.shown.is_some_and(|shown| shown.elapsed() < PROGRESS) {
            return;
        }
        self.shown = Some(Instant::now());
        let _ = write!(io::stderr(), "\r\x1b[K{}", clip(text, 79, "…"));
    }

    fn clear(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
