//! `dateline rules`: lists the rules on arrival with their hits, and tries what they would do to the library.

use super::args::{CommonArgs, RulesArgs};
use super::error::CliError;
use super::look::Ink;
use super::out::Out;
use super::settings::Settings;
use super::table::{Column, Room, Table, column};
use super::{json, shelf};
use crate::article::day_or_undated;
use crate::config::rules::Rule;
use crate::library::{Cancel, Library};
use crate::listing::{Marking, Window};
use crate::query::{Filter, Grouping, Mark, Names, Query, Term};
use crate::wire::rules::{Hits, Set, hits, markings};
use chrono::{Local, SecondsFormat};
use serde::Serialize;

/// How many titles of the articles of a rule are shown when it is tried.
const SHOWN: usize = 5;

/// Lists the rules, or tries them.
pub fn rules(args: &RulesArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let settings = Settings::load(common)?;
    shelf::warn(&settings.faults);
    let set = Set::of(&settings.config);
    let library = shelf::own(common)?;
    let named = args.name.as_deref().or(args.r#try.as_ref().and_then(|name| name.as_deref()));
    let chosen: Vec<&Rule> =
        set.rules.iter().filter(|rule| named.is_none_or(|name| rule.name == name)).collect();
    if let (Some(name), true) = (named, chosen.is_empty()) {
        return Err(CliError::NoRule { name: name.to_owned(), path: settings.path });
    }
    let counts = library.as_ref().map(hits).transpose()?.unwrap_or_default();
    if args.r#try.is_some() {
        let Some(library) = library else { return Err(CliError::NoLibrary(shelf::library_path(common).0)) };
        return chosen.into_iter().try_for_each(|rule| try_out(rule, &set, &library, args.json, out));
    }
    if chosen.is_empty() && !args.json {
        return Ok(out.line(&format!(
            "there are no rules; a [[rule]] in {} is one, and f R in the reader makes one of the filter",
            settings.path.display()
        ))?);
    }
    let none = Hits::default();
    let hits = |rule: &Rule| counts.get(&rule.name).unwrap_or(&none).clone();
    if args.json {
        return chosen
            .into_iter()
            .try_for_each(|rule| Ok(out.line(&json::compact(&RuleJson::new(rule, &hits(rule), None)))?));
    }
    let fields = |rule: &Rule| {
        let hits = hits(rule);
        let last = hits.last.map(|last| last.with_timezone(&Local).format(", last on %Y-%m-%d").to_string());
        let count = if hits.articles == 1 { "1 hit".to_owned() } else { format!("{} hits", hits.articles) };
        [rule.name.clone(), count + &last.unwrap_or_default(), rule.does.in_words(), rule.query.clone()]
    };
    if !out.is_terminal() {
        return chosen.into_iter().try_for_each(|rule| Ok(out.row(&fields(rule))?));
    }
    let mut table = Table::new(out, COLUMNS);
    for rule in chosen {
        table.row(fields(rule).to_vec())?;
    }
    Ok(table.finish()?)
}

const COLUMNS: &[Column] = &[
    column(Ink::Name, Room::AtMost(20)),
    column(Ink::Number, Room::AtMost(28)),
    column(Ink::Plain, Room::AtMost(36)),
    column(Ink::Faint, Room::Rest),
];

/// Says what a rule would do to the articles of the library, and changes nothing. Each rule is tried by itself, on the
/// library as it is.
fn try_out(rule: &Rule, set: &Set, library: &Library, json: bool, out: &mut Out) -> Result<(), CliError> {
    let query = match set.query(rule, Local::now().date_naive()) {
        Ok(query) => Query { grouping: Grouping::Off, ..query },
        Err(why) => return Ok(out.line(&format!("{}: could not be tried: {why}", rule.name))?),
    };
    let cancel = Cancel::new();
    let matches = library.tally(&query, &cancel)?.articles;
    let mut changes = Vec::new();
    for marking in markings(rule) {
        let left = query.with(still(&marking));
        changes.push((in_words(&marking), library.tally(&left, &cancel)?.articles));
    }
    let rows = library.page(&query, Window::First { limit: SHOWN }, &cancel)?.rows;
    if json {
        let titles = rows.iter().map(|row| row.title.as_str()).collect();
        let tried = Tried { matches, changes: changes.iter().map(|(_, count)| *count).sum(), titles };
        let hits = hits(library)?.remove(&rule.name).unwrap_or_default();
        return Ok(out.line(&json::compact(&RuleJson::new(rule, &hits, Some(tried))))?);
    }
    let count = |count: u64| if count == 1 { "1 article".to_owned() } else { format!("{count} articles") };
    out.line(&format!("{}: matches {} ({})", rule.name, count(matches), rule.query))?;
    for (what, left) in changes {
        out.line(&format!("  {what}: {left} of them would change"))?;
    }
    if let Some(notify) = rule.does.notify {
        out.line(&format!("  it would notify by {} when such articles arrive", notify.word()))?;
    }
    if !rule.does.run.is_empty() {
        out.line(&format!("  it would run for each of them: {}", rule.does.run.join(" ")))?;
    }
    for row in &rows {
        let fields = [row.key.id.0.to_string(), day_or_undated(row.key.date()), row.source.clone()];
        out.row(&[&fields[..], std::slice::from_ref(&row.title)].concat())?;
    }
    if matches > rows.len() as u64 {
        out.line(&format!("  and {} more", matches - rows.len() as u64))?;
    }
    Ok(())
}

/// The condition that an article does not have a mark yet.
fn still(marking: &Marking) -> Filter {
    match marking {
        Marking::Read => Term::Is(Mark::Unread).into(),
        Marking::Star => Term::Is(Mark::Unstarred).into(),
        Marking::Tag(tag) => match Names::one(tag) {
            Some(names) => Filter::not(Term::Tag(names).into()),
            None => Filter::everything(),
        },
        // What is hidden already is not in the result, unless the query asks for it.
        _ => Filter::not(Term::Is(Mark::Hidden).into()),
    }
}

fn in_words(marking: &Marking) -> String {
    match marking {
        Marking::Read => "mark read".to_owned(),
        Marking::Star => "star".to_owned(),
        Marking::Tag(tag) => format!("tag #{tag}"),
        _ => "hide".to_owned(),
    }
}

#[derive(Serialize)]
struct RuleJson<'a> {
    name: &'a str,
    query: &'a str,
    mark: Option<&'static str>,
    star: bool,
    tag: &'a [String],
    hide: bool,
    notify: Option<&'static str>,
    run: &'a [String],
    line: usize,
    hits: u64,
    last: Option<String>,
    #[serde(flatten)]
    tried: Option<Tried<'a>>,
}

/// What a rule would do.
#[derive(Serialize)]
struct Tried<'a> {
    /// How many articles of the library its query matches.
    matches: u64,
    /// How many marks would be set.
    changes: u64,
    titles: Vec<&'a str>,
}

impl<'a> RuleJson<'a> {
    fn new(rule: &'a Rule, hits: &Hits, tried: Option<Tried<'a>>) -> RuleJson<'a> {
        let does = &rule.does;
        RuleJson {
            name: &rule.name,
            query: &rule.query,
            mark: does.read.then_some("read"),
            star: does.star,
            tag: &does.tags,
            hide: does.hide,
            notify: does.notify.map(crate::config::rules::Notify::word),
            run: &does.run,
            line: rule.line,
            hits: hits.articles,
            last: hits.last.map(|last| last.to_rfc3339_opts(SecondsFormat::Secs, true)),
            tried,
        }
    }
}
