//! The commands of the news desk: `timeline`, which counts a result over time, and `profile`, which says everything
//! that a result says about one name.

use super::args::{AskFormat, CommonArgs, ProfileArgs, StoriesArgs, TimelineArgs};
use super::ask::parse;
use super::error::CliError;
use super::json::{self, FacetJson, QuoteRowJson};
use super::look::Ink;
use super::out::Out;
use super::sheet::{Cell, Sheet};
use super::shelf;
use super::table::{Column, Room, Table, column};
use crate::annotation::Kind;
use crate::app::view::below::{day, days};
use crate::app::view::stories::sources;
use crate::article::day_or_undated;
use crate::library::{Cancel, Library};
use crate::listing::chronicle::{Bin, Grain, Telling};
use crate::listing::profile::Profile;
use crate::listing::thread::Thread;
use crate::listing::{Facet, FacetKind, Key};
use crate::query::Query;
use crate::text::fold;
use crate::text::harmless::one_line;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// The rows that the bins take at most where nobody says how long they are: two screens of a small terminal.
const FITS: usize = 48;

/// The bins of which it is found out at a time what they tell.
const TOLD: usize = 100;

/// The cells of the longest bar.
const BAR: u64 = 20;

const COLUMNS: &[Column] = &[
    column(Ink::Plain, Room::AtMost(16)),
    column(Ink::Number, Room::Number),
    column(Ink::Faint, Room::AtMost(BAR as usize)),
    column(Ink::Name, Room::AtMost(36)),
    column(Ink::Plain, Room::Rest),
];

/// One bin of a timeline.
#[derive(Serialize)]
struct BinJson<'a> {
    start: String,
    by: &'a str,
    label: String,
    count: u64,
    headline: Option<HeadlineJson<'a>>,
    names: Vec<ApartJson<'a>>,
}

#[derive(Serialize)]
struct HeadlineJson<'a> {
    id: i64,
    title: &'a str,
    articles: u32,
}

#[derive(Serialize)]
struct ApartJson<'a> {
    #[serde(flatten)]
    name: FacetJson<'a>,
    score: f64,
}

fn start(bin: Bin) -> String {
    let time = DateTime::<Utc>::from_timestamp(bin.start, 0);
    time.map_or_else(String::new, |time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// `dateline timeline`: the number of articles in each hour, day, week, month or year that has some.
pub fn timeline(args: &TimelineArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let (ask, cells) = (&args.ask, args.ask.cells()?);
    let query = parse(&ask.query, common)?;
    let shelf = shelf::open(&ask.from, common, shelf::analysis(common)?)?;
    let library = shelf.library();
    shelf::tell_sampled(library.sampled().quotes);
    let mut chronicle = library.chronicle(&query, args.by.map(Grain::from), FITS, &Cancel::new())?;
    let whole = chronicle.bins.len();
    let shown = ask.limit.unwrap_or(usize::MAX).min(whole);
    let grain = chronicle.grain;
    let most = chronicle.bins.iter().map(|bin| bin.count).max().unwrap_or(1);
    // With a limit, the newest bins are shown; all of them are needed as neighbours.
    let mut told: Vec<Telling> = Vec::with_capacity(shown);
    for from in (whole - shown..whole).step_by(TOLD) {
        let of = from..(from + TOLD).min(whole);
        let mut here = library.tell(&query, &chronicle, of.clone(), &Cancel::new())?;
        here.resize(of.len(), Telling::default());
        told.append(&mut here);
    }
    let bins = chronicle.bins.split_off(whole - shown);
    let rows = bins.iter().zip(&told);
    match ask.format() {
        AskFormat::Text | AskFormat::Md => {
            let terminal = out.is_terminal();
            let mut table = terminal.then(|| Table::new(out, COLUMNS));
            let mut lines = Vec::new();
            let mut last: Option<i64> = None;
            for (bin, telling) in rows {
                let gap = last.map_or(0, |last| grain.between(last, bin.start));
                last = Some(bin.start);
                let title = telling.headline.as_ref().map_or("", |headline| &headline.title);
                let names: Vec<&str> = telling.names.iter().map(|name| name.name.as_str()).collect();
                let (label, names) = (grain.label(bin.start), names.join(", "));
                let gap = (gap > 0).then(|| format!("{} without", grain.counted(gap)));
                match &mut table {
                    Some(table) => {
                        if let Some(gap) = gap {
                            table.row(vec![
                                String::new(),
                                String::new(),
                                String::new(),
                                gap,
                                String::new(),
                            ])?;
                        }
                        let bar = "#".repeat(((bin.count * BAR).div_ceil(most.max(1))) as usize);
                        table.row(vec![label, bin.count.to_string(), bar, names, title.to_owned()])?;
                    }
                    None => {
                        let title = if title.is_empty() { String::new() } else { format!("  {title}") };
                        let names = if names.is_empty() { String::new() } else { format!("  ({names})") };
                        lines.push(format!("{:>6}  {label}{title}{names}", bin.count));
                    }
                }
            }
            match table {
                Some(table) => table.finish()?,
                None => lines.iter().try_for_each(|line| out.line(&one_line(line)))?,
            }
        }
        AskFormat::Json => {
            for (bin, telling) in rows {
                let facets: Vec<(Kind, Facet, f64)> = telling
                    .names
                    .iter()
                    .filter_map(|apart| match apart.kind {
                        FacetKind::Entity(kind) => {
                            let (name, value) = (apart.name.clone(), apart.value.clone());
                            Some((kind, Facet { name, value, count: apart.count.into() }, apart.score))
                        }
                        _ => None,
                    })
                    .collect();
                let names = facets.iter().map(|(kind, facet, score)| ApartJson {
                    name: FacetJson::new(*kind, facet),
                    score: (score * 100.0).round() / 100.0,
                });
                let headline = telling.headline.as_ref().map(|headline| HeadlineJson {
                    id: headline.key.id.0,
                    title: &headline.title,
                    articles: headline.articles,
                });
                let (start, by, label) = (start(*bin), grain.name(), grain.label(bin.start));
                out.line(&json::line(&BinJson {
                    start,
                    by,
                    label,
                    count: bin.count,
                    headline,
                    names: names.collect(),
                }))?;
            }
        }
        AskFormat::Csv => {
            let mut sheet = Sheet::new(out, cells, &["start", "by", "count", "headline", "names"])?;
            for (bin, telling) in rows {
                let names: Vec<&str> = telling.names.iter().map(|name| name.name.as_str()).collect();
                let title = telling.headline.as_ref().map_or("", |headline| &headline.title);
                sheet.row(&[
                    Cell::Text(&start(*bin)),
                    Cell::Text(grain.name()),
                    Cell::Number(bin.count as i64),
                    Cell::Text(title),
                    Cell::Text(&names.join("; ")),
                ])?;
            }
            sheet.finish()?;
        }
    }
    shelf::check_whole(library)
}

/// A story as JSON.
#[derive(Serialize)]
struct StoryJson<'a> {
    id: i64,
    title: &'a str,
    head: i64,
    first: String,
    last: String,
    articles: u64,
    stories: u64,
    sources: &'a [String],
    names: Vec<FacetJson<'a>>,
    curve: &'a [u32],
}

impl<'a> From<&'a Thread> for StoryJson<'a> {
    fn from(thread: &'a Thread) -> StoryJson<'a> {
        let named = |(kind, facet): &'a (FacetKind, Facet)| match kind {
            FacetKind::Entity(kind) => Some(FacetJson::new(*kind, facet)),
            _ => None,
        };
        StoryJson {
            id: thread.id.0,
            title: &thread.title,
            head: thread.head.id.0,
            first: day(thread.first),
            last: day(thread.last),
            articles: thread.articles,
            stories: thread.stories,
            sources: &thread.sources,
            names: thread.names.iter().filter_map(named).collect(),
            curve: &thread.curve,
        }
    }
}

const STORY_COLUMNS: &[Column] = &[
    column(Ink::Number, Room::Number),
    column(Ink::Faint, Room::AtMost(24)),
    column(Ink::Plain, Room::Rest),
    column(Ink::Name, Room::IfWide(30)),
];

/// `dateline stories`: the stories of a result that several articles tell, over days.
pub fn stories(args: &StoriesArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let (ask, cells) = (&args.ask, args.ask.cells()?);
    let query = parse(&ask.query, common)?;
    let shelf = shelf::open(&ask.from, common, shelf::analysis(common)?)?;
    let library = shelf.library();
    let limit = ask.limit.unwrap_or(usize::MAX);
    let found = library.threads(&query, args.order.into(), limit, &Cancel::new())?;
    let names = |thread: &Thread| -> String {
        thread.names.iter().map(|(_, facet)| facet.name.as_str()).collect::<Vec<&str>>().join(", ")
    };
    match ask.format() {
        AskFormat::Text if out.is_terminal() => {
            let mut table = Table::new(out, STORY_COLUMNS);
            for thread in &found.threads {
                let count = thread.articles.to_string();
                table.row(vec![count, days(thread), thread.title.clone(), names(thread)])?;
            }
            table.finish()?;
        }
        AskFormat::Text | AskFormat::Md => {
            for thread in &found.threads {
                let (count, days, sources) = (thread.articles, days(thread), sources(thread));
                let text = format!("{count:>6}  {days}  {}  ({sources}; {})", thread.title, names(thread));
                out.line(&one_line(&text))?;
            }
        }
        AskFormat::Json => {
            for thread in &found.threads {
                out.line(&json::line(&StoryJson::from(thread)))?;
            }
        }
        AskFormat::Csv => {
            let columns = ["id", "first", "last", "articles", "stories", "sources", "title", "names"];
            let mut sheet = Sheet::new(out, cells, &columns)?;
            for thread in &found.threads {
                sheet.row(&[
                    Cell::Number(thread.id.0),
                    Cell::Text(&day(thread.first)),
                    Cell::Text(&day(thread.last)),
                    Cell::Number(thread.articles as i64),
                    Cell::Number(thread.stories as i64),
                    Cell::Text(&thread.sources.join("; ")),
                    Cell::Text(&thread.title),
                    Cell::Text(&names(thread)),
                ])?;
            }
            sheet.finish()?;
        }
    }
    if let Some(newest) = found.newest {
        super::out::complain(&format!("only the newest {newest} articles were looked at"));
    }
    shelf::check_whole(library)
}

/// A profile as JSON.
#[derive(Serialize)]
struct ProfileJson<'a> {
    #[serde(flatten)]
    name: FacetJson<'a>,
    names: &'a [String],
    articles: u64,
    about: u64,
    quotes: u64,
    first: Option<String>,
    last: Option<String>,
    curve: &'a [u32],
    described: Vec<CountedJson<'a>>,
    people: Vec<FacetJson<'a>>,
    countries: Vec<FacetJson<'a>>,
    places: Vec<FacetJson<'a>>,
    orgs: Vec<FacetJson<'a>>,
    said: Vec<QuoteRowJson<'a>>,
    told: Vec<QuoteRowJson<'a>>,
    latest: Vec<RowJson<'a>>,
}

#[derive(Serialize)]
struct CountedJson<'a> {
    text: &'a str,
    count: u32,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: i64,
    date: Option<String>,
    source: &'a str,
    title: &'a str,
}

fn date_of(key: Key) -> Option<String> {
    key.date().map(|day| day.to_string())
}

/// Which name is meant: one that is written so wins over one that only begins so, and then the one that more articles
/// mention.
fn meant(library: &Library, name: &str, query: &Query) -> Result<Option<(Kind, Facet)>, CliError> {
    let form = |text: &str| fold::words(text).join(" ");
    let wanted = form(name);
    let mut best: Option<((bool, u64), Kind, Facet)> = None;
    for kind in Kind::ALL {
        let found = library.names(FacetKind::Entity(kind), name, query, 20, &Cancel::new())?;
        for facet in found {
            let exactly = form(&facet.name) == wanted || facet.value.eq_ignore_ascii_case(name);
            let rank = (exactly, facet.count);
            if best.as_ref().is_none_or(|(other, ..)| rank > *other) {
                best = Some((rank, kind, facet));
            }
        }
    }
    Ok(best.map(|(_, kind, facet)| (kind, facet)))
}

/// `dateline profile`: everything that a result says about a person, a country, a place or an organisation.
pub fn profile(args: &ProfileArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let mut query = parse(&args.query, common)?;
    let shelf = shelf::open(&args.from, common, shelf::analysis(common)?)?;
    let library = shelf.library();
    shelf::tell_sampled(library.sampled().quotes);
    for other in &args.with {
        let (kind, facet) =
            meant(library, other, &query)?.ok_or_else(|| CliError::NoSuchName(other.clone()))?;
        query = query.require(FacetKind::Entity(kind), &facet.value);
    }
    let nobody = || CliError::NoSuchName(args.name.clone());
    let (kind, facet) = meant(library, &args.name, &query)?.ok_or_else(nobody)?;
    let found = library.profile(&query, FacetKind::Entity(kind), &facet.value, &Cancel::new())?;
    let profile = found.ok_or_else(nobody)?;
    match args.json {
        true => out.line(&json::line(&written(kind, &profile)))?,
        false => print(&profile, out)?,
    }
    shelf::check_whole(library)
}

fn written(kind: Kind, profile: &Profile) -> ProfileJson<'_> {
    let detail = &profile.detail;
    ProfileJson {
        name: FacetJson::new(kind, &profile.name),
        names: &profile.forms,
        articles: detail.articles,
        about: detail.about,
        quotes: detail.quotes,
        first: detail.first.map(day),
        last: detail.last.map(day),
        curve: &detail.curve,
        described: detail.described.iter().map(|(text, count)| CountedJson { text, count: *count }).collect(),
        people: profile.people.iter().map(|facet| FacetJson::new(Kind::Person, facet)).collect(),
        countries: profile.countries.iter().map(|facet| FacetJson::new(Kind::Country, facet)).collect(),
        places: profile.places.iter().map(|facet| FacetJson::new(Kind::Place, facet)).collect(),
        orgs: profile.orgs.iter().map(|facet| FacetJson::new(Kind::Org, facet)).collect(),
        said: profile.said.iter().map(QuoteRowJson::from).collect(),
        told: profile.told.iter().map(QuoteRowJson::from).collect(),
        latest: profile
            .latest
            .iter()
            .map(|row| RowJson {
                id: row.key.id.0,
                date: date_of(row.key),
                source: &row.source,
                title: &row.title,
            })
            .collect(),
    }
}

fn print(profile: &Profile, out: &mut Out) -> Result<(), CliError> {
    let detail = &profile.detail;
    let mut lines = vec![profile.name.name.clone()];
    let mut fact = |what: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("{what:<14}{text}"));
        }
    };
    let counted: Vec<String> =
        detail.described.iter().map(|(words, count)| format!("{words} ({count})")).collect();
    fact("Described as", counted.join(", "));
    fact("Names", profile.forms.join(", "));
    fact("Articles", format!("{}, {} about it", detail.articles, detail.about));
    fact("Quotes", detail.quotes.to_string());
    if let (Some(first), Some(last)) = (detail.first, detail.last) {
        fact("Seen", format!("{} to {}", day(first), day(last)));
    }
    let listed = |facets: &[Facet]| -> String {
        let names: Vec<String> =
            facets.iter().map(|facet| format!("{} ({})", facet.name, facet.count)).collect();
        names.join(", ")
    };
    fact("With", listed(&profile.people));
    fact("Countries", listed(&profile.countries));
    fact("Places", listed(&profile.places));
    fact("Organisations", listed(&profile.orgs));
    for (what, quotes) in [("Says", &profile.said), ("Said about it", &profile.told)] {
        for quote in quotes {
            let date = day_or_undated(quote.key.date());
            let speaker = quote.speaker.as_deref().unwrap_or("?");
            lines.push(format!(
                "{what:<14}{date}  {speaker}: {}  ({}: {})",
                quote.text, quote.key.id.0, quote.title
            ));
        }
    }
    for row in &profile.latest {
        lines.push(format!(
            "{:<14}{}  {}: {}",
            "Article",
            day_or_undated(row.key.date()),
            row.key.id.0,
            row.title
        ));
    }
    Ok(lines.iter().try_for_each(|line| out.line(&one_line(line)))?)
}
