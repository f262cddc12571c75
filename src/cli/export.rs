//! `dateline export`: writes the articles of the library as JSON Lines, as a table or as a web page, which `add` can read
//! again, or as Markdown; or its sources as OPML.

use super::args::{CommonArgs, ExportArgs, FormatArg};
use super::error::CliError;
use super::json::{self, ExportJson};
use super::out::{self, Out};
use super::sheet::{Cell, Cells, Sheet};
use super::wire;
use super::{ask, markdown, shelf};
use crate::capacity::Capacity;
use crate::formats::ReadingState;
use crate::formats::exported;
use crate::formats::opml::{self, Subscription};
use crate::intake::Depth;
use crate::library::{Cancel, Library};
use crate::listing::Stored;
use crate::query::{Grouping, Query};
use std::collections::HashSet;

/// Writes every article of the result: for people to read, the newest first; as JSON Lines and as a table in the order in
/// which they were added, so that `add` gives them the same ids.
pub fn export(export: &ExportArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    if let (FormatArg::Opml, false) = (export.format, export.from.is_empty()) {
        return Err(CliError::Usage(
            "--format opml writes the sources of the library; leave out --from, because files have no sources".to_owned(),
        ));
    }
    // A file must not look like a complete export when the query was not understood.
    let query = match export.output.is_some() || out::goes_to_file() {
        true => ask::parse_exactly(&export.query, "export articles to a file", common)?,
        false => ask::parse(&export.query, common)?,
    };
    let Some(path) = &export.output else { return write(export, query, common, out) };
    let failed = |error| CliError::Write { path: path.clone(), error };
    let fresh = Capacity::Full.shareable(path)?.fresh().map_err(failed)?;
    let mut file = Out::into_file(fresh.writer().map_err(failed)?);
    let written = write(export, query, common, &mut file);
    // What can be read is worth keeping where some articles are damaged.
    let (written, partial) = match written {
        Err(error @ CliError::Partial { .. }) => (Ok(()), Err(error)),
        written => (written, Ok(())),
    };
    written.and_then(|()| Ok(file.finish()?))?;
    fresh.put().map_err(failed).and(partial)
}

fn write(export: &ExportArgs, query: Query, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    // Copies of a story are exported too.
    let query = Query { grouping: Grouping::Off, ..query };
    let depth = if ask::needs_analysis(&query.filter) { shelf::analysis(common)? } else { Depth::Text };
    let shelf = shelf::open(&export.from, common, depth)?;
    let library = shelf.library();
    if export.format == FormatArg::Opml {
        return export_sources(library, &query, common, out);
    }
    match export.format {
        FormatArg::Jsonl => {
            in_order(library, &query, &mut |stored| Ok(out.line(&json::line(&ExportJson::new(stored)))?))?;
        }
        FormatArg::Csv => {
            let mut sheet = Sheet::new(out, Cells::Inert, &exported::table::COLUMNS)?;
            in_order(library, &query, &mut |stored| {
                let cells = exported::table::row(&stored.article, &state(stored));
                Ok(sheet.row(&cells.each_ref().map(|cell| Cell::Text(cell)))?)
            })?;
            sheet.finish()?;
        }
        FormatArg::Html => {
            out.own(exported::page::begin().as_bytes())?;
            newest_first(library, &query, &mut |stored| {
                Ok(out.own(exported::page::article(&stored.article, &state(stored)).as_bytes())?)
            })?;
            out.own(exported::page::end().as_bytes())?;
        }
        FormatArg::Md => newest_first(library, &query, &mut |stored| {
            let markdown = markdown::article(&stored.article);
            Ok(out.line(markdown.strip_suffix('\n').unwrap_or(&markdown))?)
        })?,
        FormatArg::Opml => {}
    }
    shelf::check_whole(library)
}

/// What is done with each article.
type Each<'e> = &'e mut dyn FnMut(&Stored) -> Result<(), CliError>;

/// Calls `each` with the articles of a result, in the order in which they were added.
fn in_order(library: &Library, query: &Query, each: Each) -> Result<(), CliError> {
    let mut ids = library.ids(query, &Cancel::new())?;
    ids.sort_unstable_by_key(|id| id.0);
    for id in ids {
        if let Some(stored) = shelf::readable(library.load(id))? {
            each(&stored)?;
        }
    }
    Ok(())
}

/// The same, in the order of the result.
fn newest_first(library: &Library, query: &Query, each: Each) -> Result<(), CliError> {
    ask::each_row(library, query, usize::MAX, &mut |row| match shelf::readable(library.load(row.key.id))? {
        Some(stored) => each(&stored),
        None => Ok(()),
    })
}

/// What the person has done with an article.
fn state(stored: &Stored) -> ReadingState {
    let tags = stored.tags.clone();
    ReadingState { read: stored.read, starred: stored.starred, tags, position: stored.position }
}

/// Writes the sources as OPML: all of them, or those with articles that match the query.
fn export_sources(
    library: &Library,
    query: &Query,
    common: &CommonArgs,
    out: &mut Out,
) -> Result<(), CliError> {
    let mut sources = wire::open(common)?.roster()?;
    if !query.filter.is_everything() {
        let mut found = HashSet::new();
        ask::each_row(library, query, usize::MAX, &mut |row| {
            found.insert(row.source.clone());
            Ok(())
        })?;
        sources.retain(|listed| found.contains(&listed.source.name));
    }
    let of_net = |address: &str| address.starts_with("http://") || address.starts_with("https://");
    for listed in sources.iter().filter(|listed| !of_net(&listed.source.address)) {
        out::complain(&format!(
            "left out {}: other programs cannot fetch {}",
            listed.source.name, listed.source.address
        ));
    }
    let feeds = sources.into_iter().map(|listed| listed.source).filter(|source| of_net(&source.address));
    let feeds: Vec<Subscription> = feeds
        .map(|source| Subscription {
            // A source that was never fetched has its address as its name.
            name: Some(source.name).filter(|name| *name != source.address),
            url: source.address,
            site: source.site,
            tags: source.wishes.tags,
        })
        .collect();
    Ok(out.line(opml::write("Sources of dateline", &feeds).trim_end())?)
}
