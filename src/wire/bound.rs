//! Which sources come by an account, and are therefore not fetched from their own addresses.
//!
//! In and out: the list that the library keeps of them. The sources themselves are like all others.

use crate::library::sources::{Source, SourceId};
use crate::library::{Error, Library};

/// The name under which the library keeps the list.
const KEPT: &str = "sources of accounts";

/// A source of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The name of the account.
    pub account: String,
    /// What the server calls the source.
    pub feed: String,
    pub source: SourceId,
    /// Its title and its folders at the server when they were last read.
    pub title: String,
    pub folders: Vec<String>,
    /// Whether the library followed it before the account did, so that it has articles of it already.
    pub taken_over: bool,
    /// Whether the person has removed it here, which the server is still to be told.
    pub removed: bool,
}

/// All of them.
pub fn all(library: &Library) -> Result<Vec<Bound>, Error> {
    let text = library.kept(KEPT)?.unwrap_or_default();
    let one = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let mut next = || parts.next();
        let (account, feed, source, flags, title) = (next()?, next()?, next()?, next()?, next()?);
        let source = SourceId(source.parse().ok()?);
        let (taken_over, removed) = (flags.contains('t'), flags.contains('r'));
        Some(Bound { account, feed, source, title, folders: parts.collect(), taken_over, removed })
    };
    Ok(text.lines().filter_map(one).collect())
}

/// Stores the list.
pub fn keep(library: &Library, all: &[Bound]) -> Result<(), Error> {
    // Names of servers and of feeds are untrusted: a line must stay one.
    let clean = |text: &str| crate::text::clean_line(text);
    let line = |bound: &Bound| {
        let flags =
            format!("-{}{}", if bound.taken_over { "t" } else { "" }, if bound.removed { "r" } else { "" });
        let mut parts = vec![
            clean(&bound.account),
            clean(&bound.feed),
            bound.source.0.to_string(),
            flags,
            clean(&bound.title),
        ];
        parts.extend(bound.folders.iter().map(|folder| clean(folder)));
        parts.join("\t") + "\n"
    };
    library.keep(KEPT, &all.iter().map(line).collect::<String>())
}

/// Notes that a person has removed a source.
pub(super) fn removed(library: &Library, source: &Source) -> Result<(), Error> {
    change(library, |bound| {
        let is_it = bound.source == source.id;
        bound.removed |= is_it;
        is_it
    })
}

/// Notes that a source is back, under a new number.
pub(super) fn returned(library: &Library, before: SourceId, now: SourceId) -> Result<(), Error> {
    change(library, |bound| {
        let is_it = bound.source == before;
        if is_it {
            (bound.source, bound.removed) = (now, false);
        }
        is_it
    })
}

fn change(library: &Library, mut change: impl FnMut(&mut Bound) -> bool) -> Result<(), Error> {
    let mut all = all(library)?;
    let changed = all.iter_mut().filter_map(|bound| change(bound).then_some(())).count();
    if changed > 0 { keep(library, &all) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_as_it_was_written_whatever_a_server_calls_its_feeds() {
        let library = Library::temporary().expect("a library");
        let bound = |feed: &str, title: &str| Bound {
            account: "home".to_owned(),
            feed: feed.to_owned(),
            source: SourceId(7),
            title: title.to_owned(),
            folders: vec!["World news".to_owned()],
            taken_over: true,
            removed: false,
        };
        keep(&library, &[bound("feed/1", "One\nhome\tfeed/2"), bound("feed/3", "")]).expect("kept");
        let read = all(&library).expect("read");
        assert_eq!(read.len(), 2);
        assert_eq!(read[1], bound("feed/3", ""));
        assert_eq!(
            (read[0].feed.as_str(), read[0].folders.as_slice()),
            ("feed/1", &["World news".to_owned()][..])
        );
    }
}
