//! The commands for sources: `fetch`, and the part of `add` that handles addresses and lists of feeds.

use super::args::{AddArgs, CommonArgs, FetchArgs};
use super::error::CliError;
use super::out::{self, Out, Stop};
use super::{ending, shelf, sources, wire};
use crate::config::rules::Notify;
use crate::config::sources::{FOR_EVER, duration, keep};
use crate::fetch::Limits;
use crate::formats::opml::{self, Subscriptions};
use crate::formats::{OfferOf, Origin};
use crate::intake::{self, Pace};
use crate::library::sources::{FullText, Wishes};
use crate::terminal::notification;
use crate::text::charset;
use crate::text::path::written;
use crate::wire::roster::clean_tags;
use crate::wire::rules::Ring;
use crate::wire::told::{failure, sources_of, summary};
use crate::wire::{Before, Followed, LIST_CAP, Progress, Round, Wanted, Wire, Wish};
use chrono::Utc;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The shortest time between two updates of the progress line.
const PROGRESS: Duration = Duration::from_millis(100);
/// The largest number of articles of an older engine that one `fetch` analyses again, which takes a second or two.
const REFRESHED: u64 = 2_000;
/// How many bytes of a file decide whether it is a list of feeds.
const HEAD: u64 = 64 << 10;
/// The width of the bar in cells.
const BAR: u64 = 20;

/// `dateline fetch`: succeeds if any source answered, or if none had to be fetched.
pub fn fetch(args: &FetchArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    if args.status {
        return sources::list(&args.names, false, common, out);
    }
    let (path, _) = shelf::library_path(common);
    let wire = wire::open(common)?;
    let wanted = match (args.names.is_empty(), args.all) {
        (false, _) => Wanted::Named(args.names.clone()),
        (true, true) => Wanted::Every,
        (true, false) => Wanted::All,
    };
    let stopped = ending::gently();
    let round = fetch_with_progress(&wire, &wanted, stopped, args.quiet)?;
    if let Some(name) = round.unknown.first() {
        return Err(CliError::NoSource(name.clone()));
    }
    if round.sources == 0 {
        return Err(CliError::NoSources(path));
    }
    if !args.quiet {
        complain_of(&round.progress);
        out.line(&summary(&round))?;
        announce(&round.progress.ruled.rings, out)?;
    }
    if stopped.load(Ordering::Relaxed) {
        out.finish()?;
        return Err(CliError::Stopped);
    }
    let refreshed =
        intake::refresh(&wire.library, &wire.depth, (Pace::Full, REFRESHED), stopped, &mut |_| {})?;
    super::shelf::warn(&refreshed.warnings);
    if refreshed.articles > 0 && !args.quiet {
        out.line(&format!("{} older articles analysed again", refreshed.articles))?;
    }
    match round.failed() {
        true => Err(CliError::NothingFetched { count: round.progress.failures.len() }),
        false => Ok(()),
    }
}

/// Announces new articles as rules ask for it, where a person sees or hears it.
pub fn announce(rings: &[Ring], out: &mut Out) -> Result<(), Stop> {
    for ring in rings {
        out.line(&ring.to_string())?;
    }
    if out.is_terminal() {
        if rings.iter().any(|ring| ring.how == Notify::Bell) {
            out.own(b"\x07")?;
        }
        for ring in rings.iter().filter(|ring| ring.how == Notify::Osc9) {
            out.own(notification(&ring.rule).as_bytes())?;
        }
    }
    Ok(())
}

fn fetch_with_progress(
    wire: &Wire,
    wanted: &Wanted,
    stopped: &AtomicBool,
    quiet: bool,
) -> Result<Round, CliError> {
    let mut bar = Bar::new(quiet);
    let round = wire.fetch(wanted, stopped, &mut |progress| bar.show(progress));
    bar.clear();
    let round = round?;
    intake::brief::make_ready(&wire.library, round.progress.added.new + round.progress.added.updated)?;
    Ok(round)
}

/// Prints each failure with the time of the next attempt, the warnings of the analysis, and the notes about sources.
fn complain_of(progress: &Progress) {
    super::shelf::warn(&progress.warnings);
    super::shelf::warn(&progress.notes);
    for failed in &progress.failures {
        out::complain(&failure(failed));
    }
}

/// Whether `add` treats this as an address.
pub fn is_address(what: &Path) -> bool {
    let text = what.to_string_lossy();
    ["http://", "https://", "feed:", "file://"].iter().any(|scheme| text.starts_with(scheme))
}

/// Reads the feeds in a file that is a list of feeds (OPML, or newsboat's `urls`); `None` for any other file.
pub fn list_in(path: &Path) -> Option<Subscriptions> {
    // A pipe can be opened only once, and its articles are read later.
    if !std::fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return None;
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path).ok()?;
    // A large file of articles is not read twice.
    (&mut file).take(HEAD).read_to_end(&mut bytes).ok()?;
    if !opml::is_list(&charset::decode(&bytes, None).ok()?.text) {
        return None;
    }
    file.take(Limits::default().bytes).read_to_end(&mut bytes).ok()?;
    let text = charset::decode(&bytes, None).ok()?.text;
    let origin = Origin { path: Some(written(path)), source: String::new(), time: Utc::now() };
    opml::read_list(&text, &origin)
}

/// The settings for a source in the flags of `add`.
pub fn wish(add: &AddArgs) -> Result<Wish, CliError> {
    let time = |text: &Option<String>| {
        text.as_deref().map(|text| duration(text).map_err(CliError::Usage)).transpose()
    };
    let keep =
        add.keep.as_deref().map(|text| keep(text).map_err(CliError::Usage)).transpose()?.unwrap_or_default();
    Ok(Wish {
        name: add.name.as_deref().map(crate::text::clean_line).filter(|name| !name.is_empty()),
        wishes: Wishes {
            tags: clean_tags(add.tag.iter().map(String::as_str)),
            interval: time(&add.every)?,
            keep_for: keep.time.or(keep.most.is_none().then_some(FOR_EVER)).filter(|_| add.keep.is_some()),
            keep_most: keep.most,
            paused: false,
            text: if add.full_text { FullText::FromPage } else { FullText::AsInFeed },
        },
    })
}

/// Follows addresses; returns the number of those that failed.
pub fn add_addresses(
    wire: &Wire,
    addresses: &[PathBuf],
    wish: &Wish,
    out: &mut Out,
) -> Result<usize, CliError> {
    let mut failed = 0;
    for address in addresses {
        match wire.follow(&address.to_string_lossy(), wish) {
            Ok(followed) => {
                report_followed(&followed, out)?;
                failed += followed.progress.failures.len();
            }
            Err(error) if addresses.len() == 1 => return Err(error.into()),
            Err(error) => {
                failed += 1;
                out::complain(&error.to_string());
            }
        }
    }
    Ok(failed)
}

fn report_followed(followed: &Followed, out: &mut Out) -> Result<(), Stop> {
    let Followed { name, address, before, others, progress } = followed;
    let known = if *before == Before::Known { " (followed before)" } else { "" };
    let added = progress.added;
    out.line(&format!("{name}{known}: {} new, {} updated, from {address}", added.new, added.updated))?;
    complain_of(progress);
    for other in others.iter().filter(|other| other.of == OfferOf::Articles) {
        let title = other.title.as_deref().map(|title| format!(" ({title})")).unwrap_or_default();
        out.line(&format!("the page also offers {}{title}", other.url))?;
    }
    Ok(())
}

/// Follows the feeds of a list, reports the entries that it skips, and fetches the new feeds.
pub fn add_list(
    wire: &Wire,
    list: &Subscriptions,
    wish: &Wish,
    common: &CommonArgs,
    stopped: &AtomicBool,
    out: &mut Out,
) -> Result<(), CliError> {
    shelf::warn(&list.warnings);
    let imported = wire.import(&list.feeds, wish)?;
    for address in &imported.refused {
        out::complain(&format!(
            "could not import {address}: it is not a web address, or it contains a password"
        ));
    }
    if imported.left_out > 0 {
        out::complain(&format!(
            "left out {} sources: a list adds at most {LIST_CAP}; add it again to go on",
            imported.left_out
        ));
    }
    let searches = sources::keep_searches(&list.searches, common)?;
    let mut line = format!("{} new", sources_of(imported.new.len() as u64));
    if imported.known > 0 {
        line.push_str(&format!(", {} followed before", imported.known));
    }
    if searches > 0 {
        line.push_str(&format!(", {searches} saved {}", if searches == 1 { "search" } else { "searches" }));
    }
    let skipped = list.warnings.len() + imported.refused.len();
    if skipped > 0 {
        line.push_str(&format!(", {skipped} skipped"));
    }
    out.line(&line)?;
    if imported.new.is_empty() {
        return Ok(());
    }
    let round = fetch_with_progress(wire, &Wanted::Named(imported.new), stopped, false)?;
    complain_of(&round.progress);
    out.line(&summary(&round))?;
    Ok(())
}

/// A bar on standard error that shows the progress of a round, if standard error is a terminal.
struct Bar {
    started: Instant,
    shown: Option<Instant>,
    wanted: bool,
}

impl Bar {
    fn new(quiet: bool) -> Bar {
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        let wanted = io::stderr().is_terminal() && !dumb && !quiet;
        Bar { started: Instant::now(), shown: None, wanted }
    }

    fn show(&mut self, progress: &Progress) {
        let now = Instant::now();
        // A short round needs no progress.
        if !self.wanted || now - self.shown.unwrap_or(self.started) < PROGRESS {
            return;
        }
        self.shown = Some(now);
        let Progress { total, done, added, failures, pages, .. } = progress;
        let full = BAR * done / (*total).max(1);
        let bar = format!("{}{}", "#".repeat(full as usize), "-".repeat((BAR - full) as usize));
        let failed = match failures.len() {
            0 => String::new(),
            count => format!(", {count} failed"),
        };
        let pages = match pages.total {
            0 => String::new(),
            total => format!(", pages {}/{total}", pages.done),
        };
        let _ =
            write!(io::stderr(), "\r\x1b[K[{bar}] {done}/{total} sources, {} new{failed}{pages}", added.new);
    }

    fn clear(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
