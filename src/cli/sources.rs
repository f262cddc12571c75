//! `dateline sources`: lists the sources with their status, and changes or removes one.

use super::args::{CommonArgs, SourcesArgs, SourcesCommand, SourcesSetArgs};
use super::error::CliError;
use super::json;
use super::look::Ink;
use super::out::{self, Out};
use super::settings::Settings;
use super::table::{Column, Room, Table, column};
use super::wire;
use crate::app::SearchChange;
use crate::capacity::Capacity;
use crate::config::sources::written;
use crate::formats::newsboat;
use crate::library::sources::FullText;
use crate::run::searches;
use crate::wire::Listed;
use crate::wire::edit::{Change, kept};
use crate::wire::roster::find;
use crate::wire::told::stands;
use chrono::Utc;
use serde::Serialize;

/// Lists the sources, or changes one.
pub fn sources(args: &SourcesArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    match &args.what {
        None => list(&[], args.json, common, out),
        Some(SourcesCommand::List { names, json }) => list(names, *json || args.json, common, out),
        Some(SourcesCommand::Set(set)) => change(set, common, out),
        Some(SourcesCommand::Remove { name }) => remove(name, common, out),
    }
}

/// Prints one source a line: its name, status, address and tags.
pub fn list(names: &[String], json: bool, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let roster = wire::open(common)?.roster()?;
    let all: Vec<&Listed> = roster.iter().collect();
    let (chosen, missing) = if names.is_empty() { (all, Vec::new()) } else { find(&roster, names) };
    if out.is_terminal() && !json {
        let mut table = Table::new(out, COLUMNS);
        for listed in chosen {
            table.row(fields(listed).to_vec())?;
        }
        table.finish()?;
        return missing.into_iter().next().map_or(Ok(()), |name| Err(CliError::NoSource(name)));
    }
    for listed in chosen {
        match json {
            true => out.line(&json::compact(&SourceJson::new(listed)))?,
            false => out.row(&fields(listed))?,
        }
    }
    match missing.into_iter().next() {
        Some(name) => Err(CliError::NoSource(name)),
        None => Ok(()),
    }
}

const COLUMNS: &[Column] = &[
    column(Ink::Name, Room::AtMost(24)),
    column(Ink::Plain, Room::AtMost(44)),
    column(Ink::Faint, Room::Rest),
    column(Ink::Number, Room::AtMost(24)),
];

/// The name, the status, the address and the tags of a source.
fn fields(listed: &Listed) -> [String; 4] {
    let source = &listed.source;
    let tags: Vec<String> = source.wishes.tags.iter().map(|tag| format!("#{tag}")).collect();
    [source.name.clone(), stands(listed, Utc::now()), source.address.clone(), tags.join(" ")]
}

#[derive(Serialize)]
struct SourceJson<'a> {
    name: &'a str,
    address: &'a str,
    site: Option<&'a str>,
    tags: &'a [String],
    every: Option<String>,
    keep: Option<String>,
    paused: bool,
    full_text: bool,
    fetched: Option<String>,
    next: Option<String>,
    failures: u32,
    error: Option<&'a str>,
    warning: Option<&'a str>,
    gone: bool,
    moved_from: Option<&'a str>,
    /// `login`, `token` or `headers`: what is not sent since the source has moved, until the person confirms it.
    unconfirmed: Option<&'static str>,
    in_config: bool,
    /// The account by which it comes.
    account: Option<&'a str>,
}

impl SourceJson<'_> {
    fn new(listed: &Listed) -> SourceJson<'_> {
        let source = &listed.source;
        let standing = &source.standing;
        let time = |time: Option<chrono::DateTime<Utc>>| {
            time.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        };
        SourceJson {
            name: &source.name,
            address: &source.address,
            site: source.site.as_deref(),
            tags: &source.wishes.tags,
            every: source.wishes.interval.map(written),
            keep: kept(&source.wishes),
            paused: source.wishes.paused,
            full_text: source.wishes.text == FullText::FromPage,
            fetched: time(standing.fetched),
            next: time(standing.due.filter(|_| !standing.gone)),
            failures: standing.failures,
            error: standing.error.as_deref(),
            warning: standing.warning.as_deref(),
            gone: standing.gone,
            moved_from: standing.moved_from.as_deref(),
            unconfirmed: listed.withheld(),
            in_config: listed.setting.is_some(),
            account: listed.account.as_deref(),
        }
    }
}

fn change(set: &SourcesSetArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let change = Change {
        name: set.name.clone(),
        tag: set.tag.clone(),
        untag: set.untag.clone(),
        every: set.every.clone(),
        keep: set.keep.clone(),
        full_text: set.full_text,
        paused: set.paused,
    };
    let edited = wire::open(common)?.change(&set.source, &change)?;
    Ok(out.line(&edited.told)?)
}

fn remove(name: &str, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let edited = wire::open(common)?.remove(name)?;
    Ok(out.line(&edited.told)?)
}

/// Stores the searches of newsboat in the config file; returns their number. A search that this query language
/// cannot express is reported.
pub fn keep_searches(searches: &[(String, String)], common: &CommonArgs) -> Result<usize, CliError> {
    let settings = Settings::load(common)?;
    let names: Vec<String> = settings.config.saved.iter().map(|saved| saved.name.clone()).collect();
    let mut kept = 0;
    for (name, expression) in searches {
        let Some(query) = newsboat::query(expression) else {
            out::complain(&format!(
                "could not import the search '{name}': dateline's queries cannot express {expression}"
            ));
            continue;
        };
        let name = name.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
        if name.is_empty() || names.contains(&name) {
            continue;
        }
        let keep = || -> Result<(), std::io::Error> {
            let file = Capacity::Full.writable(&settings.path).map_err(std::io::Error::other)?;
            searches::change(&file, &SearchChange::Keep { name, query })
                .map(drop)
                .map_err(std::io::Error::other)
        };
        keep().map_err(|error| CliError::Config { path: settings.path.clone(), error })?;
        kept += 1;
    }
    Ok(kept)
}
