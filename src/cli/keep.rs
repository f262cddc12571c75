//! The commands that change the library: add, mark.

use super::args::{AddArgs, CommonArgs, MarkArgs};
use super::error::CliError;
use super::out::Out;
use super::{ask, shelf};
use crate::capacity::Capacity;
use crate::library::Added;
use crate::listing::Marking;
use crate::query::Target;
use signal_hook::consts::SIGINT;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// `dateline add`: takes in what is new, once. `C-c` stops it cleanly: what was committed is kept, and a
/// second run goes on from there.
pub fn add(add: &AddArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    shelf::check(&add.paths)?;
    let (path, _) = shelf::library_path(common);
    let library = Capacity::Full.library(&path)?;
    let stopped = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGINT, Arc::clone(&stopped))
        .map_err(|error| CliError::Output(error.into()))?;
    let progress = shelf::fill(&library, &add.paths, shelf::analysis(common)?, &stopped)?;
    let Added { new, updated, unchanged } = progress.added;
    out.line(&format!("{new} new, {updated} updated, {unchanged} as before, in {}", path.display()))?;
    if stopped.load(Ordering::Relaxed) {
        out.finish()?;
        return Err(CliError::Stopped);
    }
    if progress.articles == 0 { Err(CliError::NothingRead) } else { Ok(()) }
}

/// `dateline mark`.
pub fn mark(mark: &MarkArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let Some(library) = shelf::own(common)? else {
        return Err(CliError::NoLibrary(shelf::library_path(common).0));
    };
    let target = Target::Matching(ask::parse(&mark.query));
    for marking in markings(mark) {
        let name = describe(&marking);
        let marked = library.mark(&target, marking)?;
        out.line(&format!("{}: {} changed", name, marked.changed))?;
    }
    Ok(())
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
        Marking::Unstar => "no longer starred".to_owned(),
        Marking::Tag(tag) => format!("tagged {tag}"),
        Marking::Untag(tag) => format!("no longer tagged {tag}"),
    }
}
