//! The commands that ask the library a question: list, people, countries, places, orgs and quotes.

use super::args::{AskArgs, AskFormat, CommonArgs, ListArgs, SortArg};
use super::error::CliError;
use super::json::{self, ArticleJson, FacetJson, QuoteRowJson};
use super::look::Ink;
use super::out::{Out, grouped};
use super::settings::Settings;
use super::sheet::{Cell, Cells, Sheet};
use super::shelf;
use super::table::{Column, Room, Table, column};
use crate::annotation::Kind;
use crate::app::searches::Searches;
use crate::article::day_or_undated;
use crate::fault::short;
use crate::intake::{self, Depth};
use crate::library::{Cancel, Library};
use crate::listing::utterance::one_each;
use crate::listing::{FacetKind, QuoteRow, Row, Window};
use crate::outlet::markdown;
use crate::query::{Filter, Hint, MATCHES_NOTHING, Query, SavedFault, Sort, Term};
use crate::text::harmless::one_line;
use chrono::Local;
use std::collections::HashSet;

/// The number of rows that are loaded at a time.
const PAGE: usize = 1000;

const LIST: &[Column] = &[
    column(Ink::Number, Room::Number),
    column(Ink::Plain, Room::AtMost(10)),
    column(Ink::Name, Room::AtMost(18)),
    column(Ink::Plain, Room::Rest),
];

/// `dateline list`: lists the articles that match a query.
pub fn list(list: &ListArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let (format, cells) = (list.ask.format(), list.ask.cells()?);
    if list.analysis && format != AskFormat::Json {
        return Err(CliError::Usage("--analysis is for --json".to_owned()));
    }
    let mut query = parse(&list.ask.query, common)?;
    match list.sort {
        Some(SortArg::Date | SortArg::Newest) => query.sort = Sort::Date,
        Some(SortArg::Oldest) => query.sort = Sort::Oldest,
        Some(SortArg::Relevance) => query.sort = Sort::Relevance,
        None => {}
    }
    if list.explain {
        query.explain().iter().try_for_each(|line| out.line(line))?;
        if let Some(library) = shelf::archive(common).and_then(|_| shelf::own(common).transpose()) {
            let library = library?;
            library.explain();
            let limit = list.ask.limit.unwrap_or(PAGE).min(PAGE);
            library.page(&query, Window::First { limit }, &Cancel::new())?;
            library.explained().iter().try_for_each(|line| out.line(line))?;
        }
        return Ok(());
    }
    let depth =
        if list.analysis || needs_analysis(&query.filter) { shelf::analysis(common)? } else { Depth::Text };
    let in_force = depth.in_force();
    let shelf = shelf::open(&list.ask.from, common, depth)?;
    let library = shelf.library();
    let limit = list.ask.limit.unwrap_or(usize::MAX);
    let line = |row: &Row| {
        [row.key.id.0.to_string(), day_or_undated(row.key.date()), row.source.clone(), row.title.clone()]
    };
    match format {
        AskFormat::Text if out.is_terminal() => {
            let mut table = Table::new(out, LIST);
            each_row(library, &query, limit, &mut |row| Ok(table.row(line(row).to_vec())?))?;
            table.finish()?;
            let tally = library.tally(&query, &Cancel::new())?;
            match u64::try_from(limit).is_ok_and(|limit| limit < tally.rows()) {
                true => super::out::complain(&format!("{} of {tally}", grouped(limit as u64))),
                false if tally.is_zero() => {}
                false => super::out::complain(&tally.to_string()),
            }
        }
        AskFormat::Text | AskFormat::Md => {
            each_row(library, &query, limit, &mut |row| Ok(out.row(&line(row))?))?;
        }
        AskFormat::Json => each_row(library, &query, limit, &mut |row| {
            let stored = shelf::readable(intake::load(library, row.key.id, &in_force))?;
            let Some(stored) = stored else { return Ok(()) };
            let analysis = list.analysis.then_some(&stored.analysis);
            Ok(out.line(&json::line(&ArticleJson::new(stored.id, &stored.article, analysis)))?)
        })?,
        AskFormat::Csv => {
            let mut sheet = Sheet::new(out, cells, &["id", "date", "source", "title", "author", "url"])?;
            each_row(library, &query, limit, &mut |row| {
                let Some(stored) = shelf::readable(library.load(row.key.id))? else { return Ok(()) };
                let article = &stored.article;
                let (author, url) = (article.author.as_deref(), article.url.as_deref());
                let day = article.date().map(|day| day.to_string()).unwrap_or_default();
                Ok(sheet.row(&[
                    Cell::Number(stored.id.0),
                    Cell::Text(&day),
                    Cell::Text(&article.source),
                    Cell::Text(&article.title),
                    Cell::Text(author.unwrap_or_default()),
                    Cell::Text(url.unwrap_or_default()),
                ])?)
            })?;
            sheet.finish()?;
        }
    }
    shelf::check_whole(library)
}

impl AskArgs {
    /// How text is written into CSV.
    pub fn cells(&self) -> Result<Cells, CliError> {
        match (self.raw_cells, self.format()) {
            (_, AskFormat::Md) => Err(CliError::Usage("--format md is for quotes".to_owned())),
            (false, _) => Ok(Cells::Inert),
            (true, AskFormat::Csv) => Ok(Cells::Raw),
            (true, _) => Err(CliError::Usage("--raw-cells is for --format csv".to_owned())),
        }
    }
}

/// Tells a person on the terminal that there is more than `limit` permits.
fn tell_limit(
    limit: Option<usize>,
    total: impl FnOnce() -> Result<u64, CliError>,
    what: &str,
) -> Result<(), CliError> {
    let Some(limit) = limit.map(|limit| limit as u64) else { return Ok(()) };
    let total = total()?;
    if total > limit {
        super::out::complain(&format!("{} of {}{what}", grouped(limit), grouped(total)));
    }
    Ok(())
}

const NAMES: &[Column] = &[column(Ink::Number, Room::Number), column(Ink::Plain, Room::Rest)];
const COUNTRIES: &[Column] =
    &[column(Ink::Number, Room::Number), column(Ink::Name, Room::AtMost(2)), column(Ink::Plain, Room::Rest)];

/// `dateline people`, `countries`, `places` and `orgs`: list names with the number of articles that mention them.
pub fn facets(ask: &AskArgs, kind: Kind, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let cells = ask.cells()?;
    let query = parse(&ask.query, common)?;
    let shelf = shelf::open(&ask.from, common, shelf::analysis(common)?)?;
    shelf::tell_sampled(shelf.library().sampled().names);
    let names = |limit| shelf.library().names(FacetKind::Entity(kind), "", &query, limit, &Cancel::new());
    let facets = names(ask.limit.unwrap_or(usize::MAX))?;
    let country = kind == Kind::Country;
    match ask.format() {
        AskFormat::Text if out.is_terminal() => {
            let mut table = Table::new(out, if country { COUNTRIES } else { NAMES });
            for facet in &facets {
                let mut cells = vec![facet.count.to_string(), facet.name.clone()];
                if country {
                    cells.insert(1, facet.value.clone());
                }
                table.row(cells)?;
            }
            table.finish()?;
            tell_limit(ask.limit, || Ok(names(usize::MAX)?.len() as u64), "")?;
        }
        AskFormat::Text | AskFormat::Md => {
            for facet in &facets {
                match country {
                    true => {
                        out.line(&format!("{:>6}  {}  {}", facet.count, facet.value, one_line(&facet.name)))?;
                    }
                    false => out.line(&format!("{:>6}  {}", facet.count, one_line(&facet.name)))?,
                }
            }
        }
        AskFormat::Json => {
            facets.iter().try_for_each(|facet| out.line(&json::line(&FacetJson::new(kind, facet))))?;
        }
        AskFormat::Csv => {
            let mut sheet = Sheet::new(out, cells, &["kind", "name", "code", "count"])?;
            for facet in &facets {
                let code = if country { facet.value.as_str() } else { "" };
                let (kind, name) = (Cell::Text(json::kind_name(kind)), Cell::Text(&facet.name));
                sheet.row(&[kind, name, Cell::Text(code), Cell::Number(facet.count as i64)])?;
            }
            sheet.finish()?;
        }
    }
    shelf::check_whole(shelf.library())
}

const QUOTES: &[Column] = &[
    column(Ink::Faint, Room::AtMost(10)),
    column(Ink::Name, Room::AtMost(22)),
    column(Ink::Plain, Room::Rest),
    column(Ink::Faint, Room::IfWide(18)),
];

/// `dateline quotes`: lists quotes with their speakers.
pub fn quotes(ask: &AskArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let cells = if ask.format() == AskFormat::Md { Cells::Inert } else { ask.cells()? };
    let query = parse(&ask.query, common)?;
    let shelf = shelf::open(&ask.from, common, shelf::analysis(common)?)?;
    shelf::tell_sampled(shelf.library().sampled().quotes);
    let limit = ask.limit.unwrap_or(usize::MAX);
    let quotes = |limit| shelf.library().quotes(&query, limit, &Cancel::new());
    let speaker = |quote: &QuoteRow| quote.speaker.clone().unwrap_or_else(|| "?".to_owned());
    match ask.format() {
        AskFormat::Text if out.is_terminal() => {
            // One more shows whether there are more; all of them would have to be read to be counted.
            let found = quotes(limit.saturating_add(1))?;
            let mut table = Table::new(out, QUOTES);
            for quote in found.iter().take(limit) {
                let day = day_or_undated(quote.key.date());
                table.row(vec![day, speaker(quote), quote.text.clone(), quote.source.clone()])?;
            }
            table.finish()?;
            if found.len() > limit {
                super::out::complain(&format!("the first {} quotes; there are more", grouped(limit as u64)));
            }
        }
        AskFormat::Md => cite(shelf.library(), &query, limit, out)?,
        AskFormat::Text => {
            for quote in &quotes(limit)? {
                let date = day_or_undated(quote.key.date());
                let (speaker, source, title) = (speaker(quote), &quote.source, &quote.title);
                let text = format!("{speaker}: {}  ({date}, {source}, {title})", quote.text);
                out.line(&one_line(&text))?;
            }
        }
        AskFormat::Json => {
            for quote in &quotes(limit)? {
                out.line(&json::line(&QuoteRowJson::from(quote)))?;
            }
        }
        AskFormat::Csv => {
            let columns = ["id", "source", "title", "date", "kind", "in", "start", "end", "text", "speaker"];
            let mut sheet = Sheet::new(out, cells, &columns)?;
            for quote in &quotes(limit)? {
                let day = quote.key.date().map(|day| day.to_string()).unwrap_or_default();
                sheet.row(&[
                    Cell::Number(quote.key.id.0),
                    Cell::Text(&quote.source),
                    Cell::Text(&quote.title),
                    Cell::Text(&day),
                    Cell::Text(json::quote_kind_name(quote.kind)),
                    Cell::Text(json::field_name(quote.field)),
                    Cell::Number(quote.span.start.into()),
                    Cell::Number(quote.span.end.into()),
                    Cell::Text(&quote.text),
                    Cell::Text(quote.speaker.as_deref().unwrap_or_default()),
                ])?;
            }
            sheet.finish()?;
        }
    }
    shelf::check_whole(shelf.library())
}

/// Prints what was said as block quotations, each with its speaker, the title and the link of its article, its sources and
/// its day. A quote with its interrupted parts is one, and so are the same words in several articles.
fn cite(library: &Library, query: &Query, limit: usize, out: &mut Out) -> Result<(), CliError> {
    let mut found = one_each(library.utterances(query, limit, &Cancel::new())?);
    found.truncate(limit);
    for (at, said) in found.iter().enumerate() {
        let article = library.load(said.key.id)?.map(|stored| stored.article);
        let url = article.and_then(|article| article.url);
        if at > 0 {
            out.line("")?;
        }
        markdown::citation(said, url.as_deref()).iter().try_for_each(|line| out.line(line))?;
    }
    Ok(())
}

/// Parses the query that the words form, and replaces its saved searches. What could not be interpreted as written
/// is reported on standard error; a condition that cannot be read matches nothing.
pub fn parse(words: &[String], common: &CommonArgs) -> Result<Query, CliError> {
    let (query, mistakes) = read(words, common)?;
    mistakes.iter().for_each(|mistake| super::out::complain(mistake));
    Ok(query)
}

/// Like [`parse`], for a command that changes or writes something (`aim` says what it could not do): any mistake in
/// the query is an error, because the articles that are meant are not known.
pub fn parse_exactly(words: &[String], aim: &'static str, common: &CommonArgs) -> Result<Query, CliError> {
    let (query, mistakes) = read(words, common)?;
    match mistakes.into_iter().next() {
        Some(mistake) => {
            let mistake = mistake.trim_end_matches(MATCHES_NOTHING).to_owned();
            Err(CliError::Query { aim, mistake })
        }
        None => Ok(query),
    }
}

/// The query that the words form, and what is wrong with it and with the saved searches that it uses.
fn read(words: &[String], common: &CommonArgs) -> Result<(Query, Vec<String>), CliError> {
    let text = words.join(" ");
    let today = Local::now().date_naive();
    let (query, hints) = Query::parse(&text, today);
    let told = |hints: &[Hint], text: &str, whole: &str| -> Vec<String> {
        let each = |hint: &Hint| {
            format!("in {whole}, at '{}': {}", short(hint.span.get(text).unwrap_or_default()), hint.message)
        };
        hints.iter().map(each).collect()
    };
    let mut mistakes = told(&hints, &text, "the query");
    let searches = searches(&query, common)?;
    let mut left: Vec<&str> = query.saved_names();
    let mut seen: HashSet<&str> = HashSet::new();
    while let Some(name) = left.pop() {
        if seen.insert(name)
            && let Some(search) = searches.find(name)
            && let Some(inner) = searches.query(name)
        {
            let hints = Query::parse(&search.text, today).1;
            mistakes.extend(told(&hints, &search.text, &format!("the saved search '@{name}'")));
            left.extend(inner.saved_names());
        }
    }
    let (whole, faults) = query.put_in(&|name| searches.query(name));
    let told =
        |fault: &SavedFault| format!("in the query, at '@{}': {}{MATCHES_NOTHING}", fault.name, fault.why);
    mistakes.extend(faults.iter().map(told));
    Ok((whole, mistakes))
}

/// The saved searches. They are loaded only if `query` uses any.
pub fn searches(query: &Query, common: &CommonArgs) -> Result<Searches, CliError> {
    if query.saved_names().is_empty() { Ok(Searches::default()) } else { all_searches(common) }
}

fn all_searches(common: &CommonArgs) -> Result<Searches, CliError> {
    let saved = Settings::load(common)?.config.saved;
    let saved: Vec<_> = saved.into_iter().map(|saved| (saved.name, saved.query)).collect();
    Ok(Searches::new(&saved, Local::now().date_naive()))
}

/// Whether any term of the filter depends on the analysis of the articles.
pub fn needs_analysis(filter: &Filter) -> bool {
    match filter {
        Filter::All(members) | Filter::Any(members) => members.iter().any(needs_analysis),
        Filter::Not(inner) => needs_analysis(inner),
        Filter::Term(term) => {
            matches!(
                term,
                Term::Mentions { .. }
                    | Term::About(_)
                    | Term::Quote(_)
                    | Term::HasQuote
                    | Term::Story(_)
                    | Term::Saved(_)
            )
        }
    }
}

/// Calls `visit` with the first `limit` rows of a result, a page at a time.
pub fn each_row(
    library: &Library,
    query: &Query,
    limit: usize,
    visit: &mut dyn FnMut(&Row) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let (mut left, mut seen) = (limit, None);
    let mut window = Window::First { limit: left.min(PAGE) };
    while left > 0 {
        let page = library.page(query, window, &Cancel::new())?;
        for row in &page.rows {
            visit(row)?;
        }
        // A page that does not go on would be asked for for ever.
        let Some(last) = page.rows.last().filter(|last| seen != Some(last.key)) else { break };
        seen = Some(last.key);
        left -= page.rows.len().min(left);
        window = Window::After { key: last.key, limit: left.min(PAGE) };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped() {
        let shown: Vec<String> = [0, 999, 1000, 19_338, 1_234_567].into_iter().map(grouped).collect();
        assert_eq!(shown, ["0", "999", "1,000", "19,338", "1,234,567"]);
    }
}
