//! The commands that change the library: `add` and `mark`.

use super::args::{AddArgs, CommonArgs, MarkArgs};
use super::error::CliError;
use super::out::Out;
use super::{ask, ending, feeds, shelf, wire};
use crate::capacity::Capacity;
use crate::library::{Added, FollowedFolder};
use crate::listing::Marking;
use crate::query::Target;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// `dateline add`: adds new articles from files, follows addresses and folders, and imports lists of feeds. `C-c`
/// stops it cleanly: what was committed is stored, and a second run continues from there.
pub fn add(add: &AddArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let (addresses, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        add.paths.iter().cloned().partition(|what| feeds::is_address(what));
    shelf::check(&paths)?;
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
    let target = Target::Matching(query);
    for marking in markings(mark) {
        let name = describe(&marking);
        let marked = library.mark(&target, marking)?;
        out.line(&format!("{name}: {} changed", marked.changed))?;
    }
    shelf::check_whole(&library)
}

fn markings(mark: &MarkArgs) -> Vec<Marking> {
    let flags = [
        (mark.read, Marking::Read),
        (mark.unread, Marking::Unread),
        (mark.star, Marking::Star),
        (mark.unstar, Marking::Unstar),
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
    }
}
