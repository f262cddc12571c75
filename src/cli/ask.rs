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
use crate::query::{Filter, Query, Sort, Term};
use crate::text::width as cells;
use chrono::Local;

/// The number of rows that are loaded at a time.
const PAGE: usize = 1000;

/// `dateline list`: lists the articles that match a query.
pub fn list(list: &ListArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let mut query = parse(&list.ask.query, common)?;
    match list.sort {
        Some(SortArg::Date) => query.sort = Sort::Date,
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

/// Parses the query that the words form, and replaces its saved searches. Parts that could not be interpreted
/// are reported on standard error.
pub fn parse(words: &[String], common: &CommonArgs) -> Result<Query, CliError> {
    let text = words.join(" ");
    let today = Local::now().date_naive();
    let (query, hints) = Query::parse(&text, today);
    for hint in hints {
        let at = hint.span.get(&text).unwrap_or_default();
        super::out::complain(&format!("in the query, at '{at}': {}", hint.message));
    }
    Ok(resolve(&query, &searches(&query, common)?))
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

/// Replaces the saved searches in `query`. One that does not exist is reported on standard error.
pub fn resolve(query: &Query, searches: &Searches) -> Query {
    for name in query.saved_names() {
        if searches.find(name).is_none() {
            super::out::complain(&format!(
                "in the query, at '@{name}': there is no saved search of this name"
            ));
        }
    }
    query.resolve(&|name| searches.query(name))
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
