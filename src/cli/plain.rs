//! `dateline --plain`: the reader for screen readers and terminals that cannot move their cursor.
//!
//! Append-only: numbered lines, a prompt, no escape sequence. Lines typed go in; it is the same library,
//! the same query language and the same marks as in the full screen, called by the keys and the names of the
//! same table of actions. Names and quotes are told in words.

mod act;
mod call;

use super::ask;
use super::error::CliError;
use super::out::Out;
use crate::analysis::{Analysis, Kind, QuoteKind, Speaker};
use crate::app::folders::Folders;
use crate::article::Article;
use crate::library::{Cancel, Library};
use crate::listing::{Count, FacetKind, Key, Marked, Marking, Row, Window};
use crate::query::{Query, Target};
use call::Call;
use chrono::{Local, NaiveDate};
use std::io::BufRead;

/// Lines shown at a time.
const PAGE: usize = 10;

const HELP: &str = "A number reads that article; Enter shows more of the list; n reads the next one that is unread.\n\
    / and words or a query narrows the list (/person:blinken country:ukraine); / alone drops that.\n\
    people, countries, orgs, places, quotes: what is in the list. list: from its beginning.\n\
    read, unread, star, unstar with a number; tag, untag with a number and a word; undo, redo.\n\
    Without a number the article read last is meant. q leaves. Every action by its key or its name:";

/// Reads commands line by line until `q` or the end of the input.
pub fn read(
    library: &Library,
    searches: &Folders,
    input: &mut dyn BufRead,
    out: &mut Out,
) -> Result<(), CliError> {
    let mut reader =
        Plain { library, searches, query: Query::everything(), rows: Vec::new(), at: None, name: None };
    reader.list(out)?;
    let mut line = String::new();
    loop {
        out.own(b"> ")?;
        out.finish()?;
        line.clear();
        let more = input.read_line(&mut line).map_err(|error| CliError::Output(error.into()))? > 0;
        if !more || matches!(line.trim(), "q" | "Q" | "quit" | "quit-now") {
            return Ok(());
        }
        reader.obey(line.trim(), out)?;
    }
}

struct Plain<'a> {
    library: &'a Library,
    searches: &'a Folders,
    query: Query,
    /// What has been listed, in order: its place is its number, from 1.
    rows: Vec<Row>,
    /// The place in `rows` of the article that was read last.
    at: Option<usize>,
    /// The place among its names of the one told last.
    name: Option<usize>,
}

impl Plain<'_> {
    fn obey(&mut self, line: &str, out: &mut Out) -> Result<(), CliError> {
        if let Some(words) = line.strip_prefix('/') {
            return self.search(words, out);
        }
        let mut words = line.splitn(3, ' ').map(str::trim);
        let (verb, number, rest) = (words.next().unwrap_or(""), words.next(), words.next());
        if let Ok(number) = verb.parse() {
            return self.show(number, out);
        }
        match verb {
            "" => self.more(out),
            "?" | "help" => help(out),
            "l" | "list" => self.list(out),
            "p" => self.step(-1, out),
            "people" => self.names(Kind::Person, out),
            "countries" => self.names(Kind::Country, out),
            "orgs" => self.names(Kind::Org, out),
            "places" => self.names(Kind::Place, out),
            "quotes" => self.quotes(out),
            // `star` alone is the action of this name; with a number it is the mark.
            _ => match marking(verb, rest).filter(|_| number.is_some()) {
                Some(marking) => self.mark(number, marking, out),
                None => match call::find(line) {
                    Call::Action(action, rest) => self.act(action, rest, out),
                    Call::Unknown(near) => {
                        Ok(out.line(&format!("'{verb}' is no command: is '{near}' meant? ? shows all"))?)
                    }
                },
            },
        }
    }

    fn search(&mut self, words: &str, out: &mut Out) -> Result<(), CliError> {
        let (query, hints) = Query::parse(words, today());
        for hint in hints {
            out.line(&format!("Note: {}", hint.message))?;
        }
        self.narrow(&query, out)
    }

    fn narrow(&mut self, query: &Query, out: &mut Out) -> Result<(), CliError> {
        self.query = ask::resolve(query, self.searches);
        self.list(out)
    }

    /// The list from its beginning.
    fn list(&mut self, out: &mut Out) -> Result<(), CliError> {
        self.rows.clear();
        (self.at, self.name) = (None, None);
        let page = self.library.page(&self.query, Window::First { limit: PAGE }, &Cancel::new())?;
        let count = match page.total {
            Count::Exactly(count) => count.to_string(),
            Count::Over(count) => format!("over {count}"),
        };
        let filter = self.query.to_string();
        let of = if filter.is_empty() { String::new() } else { format!(" for {filter}") };
        out.line(&format!("{count} {}{of}. ? helps.", if count == "1" { "article" } else { "articles" }))?;
        self.add(page.rows, out)
    }

    fn more(&mut self, out: &mut Out) -> Result<(), CliError> {
        let window = match self.rows.last() {
            Some(row) => Window::After { key: row.key, limit: PAGE },
            None => Window::First { limit: PAGE },
        };
        let page = self.library.page(&self.query, window, &Cancel::new())?;
        if page.rows.is_empty() {
            return Ok(out.line("That was the last.")?);
        }
        self.add(page.rows, out)
    }

    fn add(&mut self, rows: Vec<Row>, out: &mut Out) -> Result<(), CliError> {
        for row in rows {
            let number = self.rows.len() + 1;
            let state = match (row.read, row.starred) {
                (false, false) => "unread",
                (false, true) => "unread, starred",
                (true, true) => "starred",
                (true, false) => "read",
            };
            let date = row.key.published.date_naive();
            out.line(&format!("{number}. {} ({}, {date}, {state})", row.title, row.source))?;
            self.rows.push(row);
        }
        Ok(())
    }

    fn show(&mut self, number: usize, out: &mut Out) -> Result<(), CliError> {
        let Some(row) = number.checked_sub(1).and_then(|at| self.rows.get_mut(at)) else {
            return Ok(out.line(&format!("There is no number {number} in the list so far."))?);
        };
        let Key { id, .. } = row.key;
        row.read = true;
        (self.at, self.name) = (Some(number - 1), None);
        let Some(stored) = self.library.load(id)? else {
            return Ok(out.line("That article is gone.")?);
        };
        tell(&stored.article, &stored.analysis, out)?;
        self.library.mark(&Target::These(vec![id]), Marking::Read)?;
        Ok(())
    }

    fn show_unread(&mut self, out: &mut Out) -> Result<(), CliError> {
        match self.rows.iter().position(|row| !row.read) {
            Some(at) => self.show(at + 1, out),
            None => Ok(out.line("None that is unread in the list so far; Enter shows more.")?),
        }
    }

    fn names(&self, kind: Kind, out: &mut Out) -> Result<(), CliError> {
        let facets = self.library.names(FacetKind::Entity(kind), "", &self.query, 40, &Cancel::new())?;
        for facet in &facets {
            let articles = if facet.count == 1 { "article" } else { "articles" };
            out.line(&format!("{}, {} {articles}", facet.name, facet.count))?;
        }
        if facets.is_empty() { Ok(out.line("None.")?) } else { Ok(()) }
    }

    fn quotes(&self, out: &mut Out) -> Result<(), CliError> {
        for quote in self.library.quotes(&self.query, 20, &Cancel::new())? {
            let speaker = quote.speaker.as_deref().unwrap_or("Somebody");
            out.line(&format!("{speaker}: {} ({})", quote.text.replace('\n', " "), quote.title))?;
        }
        Ok(())
    }

    fn mark(&mut self, number: Option<&str>, marking: Marking, out: &mut Out) -> Result<(), CliError> {
        let at =
            number.and_then(|number| number.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
        let Some(row) = at.and_then(|at| self.rows.get_mut(at)) else {
            return Ok(out.line("Which? Give its number in the list.")?);
        };
        row.mark(&marking);
        let marked = self.library.mark(&Target::These(vec![row.key.id]), marking)?;
        self.tell_marked(Some(marked), out)
    }

    fn tell_marked(&self, marked: Option<Marked>, out: &mut Out) -> Result<(), CliError> {
        match marked {
            Some(marked) => out.line(&format!("Done: {} changed.", marked.changed))?,
            None => out.line("There is nothing to take back or to do again.")?,
        }
        Ok(())
    }
}

/// The mark that a command asks for.
fn marking(verb: &str, word: Option<&str>) -> Option<Marking> {
    match (verb, word) {
        ("read", None) => Some(Marking::Read),
        ("unread", None) => Some(Marking::Unread),
        ("star", None) => Some(Marking::Star),
        ("unstar", None) => Some(Marking::Unstar),
        ("tag", Some(tag)) => Some(Marking::Tag(tag.to_owned())),
        ("untag", Some(tag)) => Some(Marking::Untag(tag.to_owned())),
        _ => None,
    }
}

/// The article, then who and what is in it, in words.
fn tell(article: &Article, analysis: &Analysis, out: &mut Out) -> Result<(), CliError> {
    out.line("")?;
    out.line(&article.title)?;
    out.line(&format!("{}, {}", article.source, article.date()))?;
    out.line("")?;
    out.line(&article.body)?;
    out.line("")?;
    let kinds = [
        ("People", Kind::Person),
        ("Countries", Kind::Country),
        ("Organisations", Kind::Org),
        ("Places", Kind::Place),
    ];
    for (heading, kind) in kinds {
        let of_kind = analysis.entities.iter().filter(|entity| entity.kind == kind);
        let names: Vec<&str> = of_kind.map(|entity| entity.name.as_str()).collect();
        if !names.is_empty() {
            out.line(&format!("{heading}: {}.", names.join(", ")))?;
        }
    }
    let direct = analysis.quotes.iter().filter(|quote| quote.kind == QuoteKind::Direct);
    let speakers: Vec<&str> = direct
        .map(|quote| match &quote.speaker {
            Some(Speaker::Entity(index)) => analysis.entity(*index).name.as_str(),
            Some(Speaker::Description(words)) => words.as_str(),
            None => "nobody named",
        })
        .collect();
    if !speakers.is_empty() {
        out.line(&format!("Quotes, in order, by: {}.", speakers.join(", ")))?;
    }
    Ok(())
}

fn today() -> NaiveDate {
    Local::now().date_naive()
}

/// What can be typed, with a line for each action that has a meaning in lines.
fn help(out: &mut Out) -> Result<(), CliError> {
    out.line(HELP)?;
    for info in call::known() {
        out.line(&format!("{} or {}: {}.", info.keys.join(" or "), info.name, info.help))?;
    }
    Ok(())
}
