//! The commands that change the library: `add`, `mark`, `delete` and `undelete`.

use super::args::{AddArgs, CommonArgs, DeleteArgs, MarkArgs, UndeleteArgs};
use super::error::CliError;
use super::out::Out;
use super::settings::Settings;
use super::{ask, ending, feeds, shelf, wire};
use crate::app::view::articles;
use crate::article::Article;
use crate::capacity::Capacity;
use crate::intake;
use crate::library::{self, Added, Cancel, FollowedFolder, Library};
use crate::listing::Marking;
use crate::query::{Mark, Query, Target, Term};
use chrono::{Days, NaiveDate, Utc};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// `dateline add`: adds new articles from files, follows addresses and folders, and imports lists of feeds. `C-c`
/// stops it cleanly: what was committed is stored, and a second run continues from there.
pub fn add(add: &AddArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let (addresses, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        add.paths.iter().cloned().partition(|what| feeds::is_address(what));
    shelf::check(&paths)?;
    if let Some(to) = &add.to {
        let stopped = ending::gently();
        for address in &addresses {
            copy_to(to, address, common, stopped, out)?;
        }
        if !paths.is_empty() {
            add_to(to, &paths, common, stopped, out)?;
        }
        out.finish()?;
        return if stopped.load(Ordering::Relaxed) { Err(CliError::Stopped) } else { Ok(()) };
    }
    let wish = feeds::wish(add)?;
    let stopped = ending::gently();
    let mut lists = Vec::new();
    let mut files = Vec::new();
    for path in paths {
        match feeds::list_in(&path) {
            Some(list) => lists.push(list),
            None => files.push(path),
        }
    }
    let mut failed = 0;
    if !addresses.is_empty() || !lists.is_empty() {
        let wire = wire::open(common)?;
        failed = feeds::add_addresses(&wire, &addresses, &wish, out)?;
        for list in &lists {
            feeds::add_list(&wire, list, &wish, common, stopped, out)?;
        }
    }
    if !files.is_empty() {
        add_files(&files, common, stopped, out)?;
    }
    if stopped.load(Ordering::Relaxed) {
        out.finish()?;
        return Err(CliError::Stopped);
    }
    match failed {
        0 => Ok(()),
        failed => Err(CliError::NotAllAdded { failed, total: addresses.len() }),
    }
}

fn add_files(
    files: &[PathBuf],
    common: &CommonArgs,
    stopped: &AtomicBool,
    out: &mut Out,
) -> Result<(), CliError> {
    let path = shelf::path_to_create(common)?;
    let library = Capacity::Full.library(&path)?;
    for named in files.iter().filter(|path| path.is_dir()) {
        if let Ok(path) = std::path::absolute(named) {
            library.follow_folder(&FollowedFolder { path, named: named.clone() })?;
        }
    }
    let depth = shelf::analysis(common)?;
    shelf::settle(&library, &depth, common)?;
    let progress = shelf::fill(&library, files, depth, stopped)?;
    let Added { new, updated, unchanged } = progress.added;
    out.line(&format!("{new} new, {updated} updated, {unchanged} unchanged, in {}", path.display()))?;
    let nothing = progress.articles == 0 && !stopped.load(Ordering::Relaxed);
    if nothing { Err(CliError::NothingRead) } else { Ok(()) }
}

/// Adds files to an archive on a search server. The same command run again after it was stopped adds the rest.
fn add_to(
    address: &str,
    files: &[PathBuf],
    common: &CommonArgs,
    stopped: &AtomicBool,
    out: &mut Out,
) -> Result<(), CliError> {
    let library = shelf::archive_to_fill(address, common)?;
    library.stand_by(shelf::least(common)?);
    let filled = shelf::fill(&library, files, shelf::analysis(common)?, stopped);
    let refused = library.refused();
    refused.iter().for_each(|refused| super::out::complain(refused));
    let progress = filled?;
    library.settle()?;
    let Added { new, updated, unchanged } = progress.added;
    let also = if refused.is_empty() { String::new() } else { format!(", {} refused", refused.len()) };
    let shown = library::shown_address(address);
    out.line(&format!("{new} new, {updated} updated, {unchanged} unchanged{also}, in {shown}"))?;
    let nothing = progress.articles == 0 && !stopped.load(Ordering::Relaxed);
    if nothing { Err(CliError::NothingRead) } else { Ok(()) }
}

/// Adds the articles of an index that another program made to an archive of one's own, with their analyses.
fn copy_to(
    to: &str,
    from: &Path,
    common: &CommonArgs,
    stopped: &AtomicBool,
    out: &mut Out,
) -> Result<(), CliError> {
    let from = from.to_string_lossy();
    let other = shelf::open_archive(&from, common, &Capacity::Full)?;
    let library = shelf::archive_to_fill(to, common)?;
    let least = shelf::least(common)?;
    other.stand_by(least);
    library.stand_by(least);
    let depth = shelf::analysis(common)?;
    let mut sum = Added::default();
    let cancel = Cancel::new();
    let mut take = |articles: Vec<Article>| {
        if stopped.load(Ordering::Relaxed) {
            cancel.cancel();
        }
        cancel.check()?;
        let seen = library.unchanged(&articles)?;
        let wanted = articles.into_iter().zip(&seen).filter(|(_, same)| !**same);
        let wanted: Vec<Article> = wanted.map(|(article, _)| article).collect();
        sum.unchanged += seen.iter().filter(|same| **same).count() as u64;
        let added = intake::analyse(wanted, &depth).store(&library, &depth)?;
        sum.new += added.new;
        sum.updated += added.updated;
        sum.unchanged += added.unchanged;
        Ok(())
    };
    let done = other.each(&Query::everything(), &mut take, &cancel);
    library.refused().iter().for_each(|refused| super::out::complain(refused));
    match done {
        Err(library::Error::Cancelled) if stopped.load(Ordering::Relaxed) => {}
        done => done?,
    }
    library.settle()?;
    let Added { new, updated, unchanged } = sum;
    let shown = library::shown_address(to);
    Ok(out.line(&format!("{new} new, {updated} updated, {unchanged} unchanged, in {shown}"))?)
}

/// `dateline mark`: sets or removes marks on all articles that match a query.
pub fn mark(mark: &MarkArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let query = ask::parse_exactly(&mark.query, "mark articles", common)?;
    // An empty variable in a script must not mark everything.
    if query.filter.is_everything() && !mark.all {
        return Err(CliError::NoQuery);
    }
    let Some(library) = shelf::own(common)? else {
        return Err(CliError::NoLibrary(shelf::library_path(common).0));
    };
    for marking in markings(mark) {
        // What is hidden is found only by a query that asks for it.
        let query = match marking {
            Marking::Unhide => query.with(Term::Is(Mark::Hidden).into()),
            _ => query.clone(),
        };
        let target = Target::Matching(query);
        let name = describe(&marking);
        let marked = library.mark(&target, marking)?;
        out.line(&format!("{name}: {} changed", marked.changed))?;
    }
    shelf::check_whole(&library)
}

/// `dateline delete`: moves articles to the trash, or empties it.
pub fn delete(delete: &DeleteArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let query = ask::parse_exactly(&delete.query, "delete articles", common)?;
    if !delete.empty && query.filter.is_everything() && !delete.all {
        return Err(CliError::NoQueryToDelete("delete"));
    }
    let Some(library) = shelf::own(common)? else {
        return Err(CliError::NoLibrary(shelf::library_path(common).0));
    };
    if delete.empty {
        let days = if delete.all { None } else { Some(Settings::load(common)?.config.values.trash.get()) };
        let removed = empty(&library, days)?;
        return Ok(out.line(&format!("{} removed from the trash for good", articles(removed)))?);
    }
    let marked = library.mark(&Target::Matching(query), Marking::Delete)?;
    out.line(&format!("deleted: {}; 'dateline undelete' takes them back", marked.changed))?;
    shelf::check_whole(&library)
}

/// Removes what has been in the trash for more than so many days, or all of it; returns how many articles.
pub fn empty(library: &Library, days: Option<u16>) -> Result<u64, CliError> {
    let today = Utc::now().date_naive();
    let before = match days {
        Some(days) => today.checked_sub_days(Days::new(days.into())),
        None => today.checked_add_days(Days::new(2)),
    };
    Ok(library.empty_trash(before.unwrap_or(NaiveDate::MIN))?)
}

/// `dateline undelete`: takes articles out of the trash.
pub fn undelete(undelete: &UndeleteArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let query = ask::parse_exactly(&undelete.query, "undelete articles", common)?;
    if query.filter.is_everything() && !undelete.all {
        return Err(CliError::NoQueryToDelete("undelete"));
    }
    let Some(library) = shelf::own(common)? else {
        return Err(CliError::NoLibrary(shelf::library_path(common).0));
    };
    let deleted = query.with(Term::Is(Mark::Deleted).into());
    let marked = library.mark(&Target::Matching(deleted), Marking::Undelete)?;
    out.line(&format!("undeleted: {}", marked.changed))?;
    shelf::check_whole(&library)
}

fn markings(mark: &MarkArgs) -> Vec<Marking> {
    let flags = [
        (mark.read, Marking::Read),
        (mark.unread, Marking::Unread),
        (mark.star, Marking::Star),
        (mark.unstar, Marking::Unstar),
        (mark.hide, Marking::Hide),
        (mark.unhide, Marking::Unhide),
    ];
    let plain = flags.into_iter().filter(|(wanted, _)| *wanted).map(|(_, marking)| marking);
    let tags = mark.tag.iter().cloned().map(Marking::Tag);
    plain.chain(tags).chain(mark.untag.iter().cloned().map(Marking::Untag)).collect()
}

fn describe(marking: &Marking) -> String {
    match marking {
        Marking::Read => "read".to_owned(),
        Marking::Unread => "unread".to_owned(),
        Marking::Star => "starred".to_owned(),
        Marking::Unstar => "unstarred".to_owned(),
        Marking::Tag(tag) => format!("tagged {tag}"),
        Marking::Untag(tag) => format!("untagged {tag}"),
        Marking::Hide => "hidden".to_owned(),
        Marking::Unhide => "not hidden".to_owned(),
        Marking::Delete => "deleted".to_owned(),
        Marking::Undelete => "undeleted".to_owned(),
    }
}
