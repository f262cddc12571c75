//! The commands that ask the library a question: list, people, countries, places, orgs and quotes.

use super::args::{AskArgs, CommonArgs, ListArgs, SortArg};
use super::error::CliError;
use super::json::{self, ArticleJson, FacetJson, QuoteRowJson};
use super::out::Out;
use super::settings::Settings;
use super::shelf;
use crate::annotation::Kind;
use crate::app::searches::Searches;
use crate::article::day_or_undated;
use crate::intake::{self, Depth};
use crate::library::{Cancel, Library};
use crate::listing::{Count, FacetKind, Row, Window};
use crate::query::{Filter, Hint, Query, Sort, Term};
use crate::text::width as cells;
use chrono::Local;

/// The number of rows that are loaded at a time.
const PAGE: usize = 1000;

/// `dateline list`: lists the articles that match a query.
pub fn list(list: &ListArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let mut query = parse(&list.ask.query, common)?;
    match list.sort {
        Some(SortArg::Date | SortArg::Newest) => query.sort = Sort::Date,
        Some(SortArg::Oldest) => query.sort = Sort::Oldest,
        Some(SortArg::Relevance) => query.sort = Sort::Relevance,
        None => {}
    }
    if list.explain {
        return Ok(query.explain().iter().try_for_each(|line| out.line(line))?);
    }
    let depth =
        if list.analysis || needs_analysis(&query.filter) { shelf::analysis(common)? } else { Depth::Text };
    let in_force = depth.in_force();
    let shelf = shelf::open(&list.ask.from, common, depth)?;
    let library = shelf.library();
    let layout = Layout::new(library, &query, out)?;
    each_row(library, &query, list.ask.limit.unwrap_or(usize::MAX), &mut |row| {
        if !list.ask.json {
            return Ok(out.line(&layout.line(row))?);
        }
        let Some(stored) = intake::load(library, row.key.id, &in_force)? else { return Ok(()) };
        let analysis = list.analysis.then_some(&stored.analysis);
        Ok(out.line(&json::line(&ArticleJson::new(stored.id, &stored.article, analysis)))?)
    })
}

/// `dateline people`, `countries`, `places` and `orgs`: list names with the number of articles that mention them.
pub fn facets(ask: &AskArgs, kind: Kind, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let query = parse(&ask.query, common)?;
    let shelf = shelf::open(&ask.from, common, shelf::analysis(common)?)?;
    let limit = ask.limit.unwrap_or(usize::MAX);
    let facets = shelf.library().names(FacetKind::Entity(kind), "", &query, limit, &Cancel::new())?;
    for facet in &facets {
        if ask.json {
            out.line(&json::line(&FacetJson::new(kind, facet)))?;
        } else if kind == Kind::Country {
            out.line(&format!("{:>6}  {}  {}", facet.count, facet.value, facet.name))?;
        } else {
            out.line(&format!("{:>6}  {}", facet.count, facet.name))?;
        }
    }
    Ok(())
}

/// `dateline quotes`: lists quotes with their speakers.
pub fn quotes(ask: &AskArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let query = parse(&ask.query, common)?;
    let shelf = shelf::open(&ask.from, common, shelf::analysis(common)?)?;
    let quotes = shelf.library().quotes(&query, ask.limit.unwrap_or(usize::MAX), &Cancel::new())?;
    for quote in &quotes {
        if ask.json {
            out.line(&json::line(&QuoteRowJson::from(quote)))?;
        } else {
            let speaker = quote.speaker.as_deref().unwrap_or("?");
            let text = quote.text.replace('\n', " ");
            let date = day_or_undated(quote.key.date());
            out.line(&format!("{speaker}: {text}  ({date}, {}, {})", quote.source, quote.title))?;
        }
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
        Some(mistake) => Err(CliError::Query { aim, mistake }),
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
            format!("in {whole}, at '{}': {}", hint.span.get(text).unwrap_or_default(), hint.message)
        };
        hints.iter().map(each).collect()
    };
    let mut mistakes = told(&hints, &text, "the query");
    let searches = searches(&query, common)?;
    let mut left: Vec<String> = query.saved_names().into_iter().map(str::to_owned).collect();
    let mut seen: Vec<String> = Vec::new();
    while let Some(name) = left.pop() {
        if seen.contains(&name) {
            continue;
        }
        match searches.find(&name) {
            Some(search) => {
                let (query, hints) = Query::parse(&search.text, today);
                mistakes.extend(told(&hints, &search.text, &format!("the saved search '@{name}'")));
                left.extend(query.saved_names().into_iter().map(str::to_owned));
            }
            None => mistakes.push(format!(
                "in the query, at '@{name}': there is no saved search of this name, so that this condition matches nothing"
            )),
        }
        seen.push(name);
    }
    Ok((query.resolve(&|name| searches.query(name)), mistakes))
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
                Term::Mentions { .. } | Term::About(_) | Term::Quote(_) | Term::HasQuote | Term::Saved(_)
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
    let mut left = limit;
    let mut window = Window::First { limit: left.min(PAGE) };
    while left > 0 {
        let page = library.page(query, window, &Cancel::new())?;
        for row in &page.rows {
            visit(row)?;
        }
        let Some(last) = page.rows.last() else { break };
        left -= page.rows.len().min(left);
        window = Window::After { key: last.key, limit: left.min(PAGE) };
    }
    Ok(())
}

/// The layout of a line of `list`: in aligned columns for a person, or separated by tabs for a program.
enum Layout {
    Tabs,
    Columns { number: usize, width: usize },
}

/// The cells for the name of the source on a terminal.
const SOURCE: usize = 18;

impl Layout {
    fn new(library: &Library, query: &Query, out: &Out) -> Result<Layout, CliError> {
        if !out.is_terminal() {
            return Ok(Layout::Tabs);
        }
        let page = library.page(query, Window::First { limit: 0 }, &Cancel::new())?;
        let (Count::Exactly(total) | Count::Over(total)) = page.total;
        Ok(Layout::Columns { number: total.to_string().len(), width: crate::terminal::width().into() })
    }

    fn line(&self, row: &Row) -> String {
        let (id, date) = (row.key.id.0, day_or_undated(row.key.date()));
        match *self {
            Layout::Tabs => format!("{id}\t{date}\t{}\t{}", row.source, row.title),
            Layout::Columns { number, width } => {
                let source = cells::fit(&row.source, SOURCE, "…");
                let line = format!("{id:>number$}  {date:10}  {source}  {}", row.title);
                cells::clip(&line, width, "…").into_owned()
            }
        }
    }
}
