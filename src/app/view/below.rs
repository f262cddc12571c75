//! What is shown below or beside the rows of a view about the row under the cursor: the profile of a name, or the
//! articles of a bin of time. Each of its lines can be entered. Nothing here knows how a line is drawn.

use super::{Column, Passage, RowId, Tone, Width, articles};
use crate::annotation::Kind;
use crate::app::scroll::Scroll;
use crate::article::day_or_undated;
use crate::listing::chronicle::Telling;
use crate::listing::profile::Profile;
use crate::listing::thread::{Step, Thread};
use crate::listing::{Facet, FacetKind, Key, QuoteRow, Row};
use crate::query::Query;
use chrono::DateTime;
use std::borrow::Cow;

/// The new quotes of an article that are listed in the course of a story.
const ADDED: usize = 2;

/// What entering a line does.
#[derive(Clone, Debug, PartialEq)]
pub enum Leads {
    Nowhere,
    /// Lists the articles of this filter.
    Articles(Query),
    /// Reads an article, at a passage if there is one; `Query` is the filter of the list that it is in.
    Article(Query, Key, Option<Passage>),
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub columns: Vec<Column<'static>>,
    /// What it says in words.
    pub words: String,
    pub leads: Leads,
}

/// The lines about one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Below {
    pub of: RowId,
    pub title: String,
    lines: Vec<Line>,
    pub scroll: Scroll,
}

pub(super) fn text(text: impl Into<Cow<'static, str>>, width: Width, tone: Tone) -> Column<'static> {
    Column::Text { text: text.into(), width, tone }
}

/// A line of plain text that leads nowhere.
pub(super) fn plain(words: String, tone: Tone) -> Line {
    Line { columns: vec![text(words.clone(), Width::Rest, tone)], words, leads: Leads::Nowhere }
}

/// `Ada Obi (12), Lars Vik (3)`.
fn listed<'a>(names: impl Iterator<Item = (&'a str, u64)>) -> String {
    let names: Vec<String> = names.map(|(name, count)| format!("{name} ({count})")).collect();
    names.join(", ")
}

/// The day of a time in seconds since 1970.
pub fn day(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map_or_else(String::new, |time| time.date_naive().to_string())
}

/// The days of a thread: `1987-03-03 to 1987-03-09`, or one day.
pub fn days(thread: &Thread) -> String {
    let (first, last) = (day(thread.first), day(thread.last));
    if first == last { first } else { format!("{first} to {last}") }
}

impl Below {
    pub fn new(of: RowId, title: String, lines: Vec<Line>) -> Below {
        Below { of, title, lines, scroll: Scroll::default() }
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What entering the line under the cursor does.
    pub fn leads(&self) -> &Leads {
        self.lines.get(self.scroll.at).map_or(&Leads::Nowhere, |line| &line.leads)
    }

    /// The articles of a bin of time: `rows` are the newest of them, and `query` lists them all.
    pub fn bin(
        of: RowId,
        label: &str,
        count: u64,
        telling: Option<&Telling>,
        rows: &[Row],
        query: &Query,
    ) -> Below {
        let mut lines = Vec::new();
        if let Some(telling) = telling.filter(|telling| !telling.names.is_empty()) {
            let names = listed(telling.names.iter().map(|name| (name.name.as_str(), u64::from(name.count))));
            lines.push(plain(format!("More than before and after: {names}"), Tone::Strong));
        }
        if let Some(headline) = telling.and_then(|telling| telling.headline.as_ref()) {
            let told = match headline.articles {
                0 | 1 => "",
                _ => &format!(" ({} articles)", headline.articles),
            };
            let title = format!("{}{told}", headline.title);
            lines.push(Line {
                columns: vec![text(title.clone(), Width::Rest, Tone::Strong)],
                words: title,
                leads: Leads::Article(query.clone(), headline.key, None),
            });
        }
        lines.extend(rows.iter().map(|row| article(row, query)));
        Below::new(of, format!("{label}: {}", articles(count)), lines)
    }

    /// The course of a story: `steps` are its articles from the first on, and `query` lists them.
    pub fn thread(of: RowId, thread: &Thread, steps: &[Step], query: &Query) -> Below {
        let told =
            format!("{}, {}, {}", super::articles(thread.articles), days(thread), thread.sources.join(", "));
        let mut lines = vec![Line {
            columns: vec![
                Column::Curve { counts: thread.curve.clone().into(), width: 12 },
                text(told.clone(), Width::Rest, Tone::Strong),
            ],
            words: told,
            leads: Leads::Articles(query.clone()),
        }];
        if !thread.names.is_empty() {
            let names = thread.names.iter().map(|(_, facet)| (facet.name.as_str(), facet.count));
            lines.push(plain(listed(names), Tone::Plain));
        }
        for step in steps {
            let source = step.row.source.clone();
            let mut line = article(&step.row, query);
            line.columns.insert(1, text(source, Width::Cells(12), Tone::Faint));
            lines.push(line);
            let mut adds = |what: &str, words: String| {
                if !words.is_empty() {
                    let words = format!("{what}: {words}");
                    let columns = vec![
                        text("", Width::Cells(10), Tone::Faint),
                        text(words.clone(), Width::Rest, Tone::Faint),
                    ];
                    lines.push(Line { columns, words, leads: Leads::Nowhere });
                }
            };
            let names = |names: &[String]| names.join(", ");
            let people: Vec<String> = step.people.iter().map(|facet| facet.name.clone()).collect();
            adds("new", names(&people));
            adds("also told by", names(&step.copied_by));
            lines.extend(step.quotes.iter().take(ADDED).map(|quote| quoted(quote, query)));
            if step.quotes.len() > ADDED {
                let more = step.quotes.len() - ADDED;
                let words =
                    if more == 1 { "1 more new quote".to_owned() } else { format!("{more} more new quotes") };
                let columns = vec![
                    text("", Width::Cells(10), Tone::Faint),
                    text(words.clone(), Width::Rest, Tone::Faint),
                ];
                lines.push(Line { columns, words, leads: Leads::Nowhere });
            }
        }
        Below::new(of, thread.title.clone(), lines)
    }

    /// The profile of a name; `query` lists its articles, and `all` is the filter of the rows.
    pub fn profile(of: RowId, profile: &Profile, all: &Query, query: &Query) -> Below {
        let detail = &profile.detail;
        let mut lines = Vec::new();
        if !detail.described.is_empty() {
            let words =
                listed(detail.described.iter().map(|(words, count)| (words.as_str(), u64::from(*count))));
            lines.push(plain(words, Tone::Strong));
        }
        let mut counts = vec![articles(profile.name.count)];
        if detail.about > 0 {
            counts.push(format!("{} about it", detail.about));
        }
        if detail.quotes > 0 {
            counts.push(format!("{} quotes", detail.quotes));
        }
        let seen = match (detail.first, detail.last) {
            (Some(first), Some(last)) if day(first) == day(last) => format!("{} ", day(first)),
            (Some(first), Some(last)) => format!("{} to {} ", day(first), day(last)),
            _ => String::new(),
        };
        let counts = counts.join(", ");
        lines.push(Line {
            columns: vec![
                text(seen.clone(), Width::Cells(25), Tone::Plain),
                Column::Curve { counts: detail.curve.clone().into(), width: 12 },
                text(counts.clone(), Width::Rest, Tone::Plain),
            ],
            words: format!("{seen}{counts}"),
            leads: Leads::Articles(query.clone()),
        });
        if profile.forms.len() > 1 {
            lines.push(plain(format!("Also {}", profile.forms[1..].join(", ")), Tone::Faint));
        }
        let said = |quote: &QuoteRow| quoted(quote, query);
        section(&mut lines, "Says", profile.said.iter().take(3).map(said));
        let name = |kind: Kind| {
            move |facet: &Facet| {
                let kind = FacetKind::Entity(kind);
                let both = all.require(profile.kind, &profile.name.value).require(kind, &facet.value);
                Line {
                    columns: vec![
                        text(facet.name.clone(), Width::Cells(30), Tone::Plain),
                        Column::Count { count: facet.count, width: Some(6) },
                        text("", Width::Rest, Tone::Plain),
                    ],
                    words: format!("{}, {}", facet.name, articles(facet.count)),
                    leads: Leads::Articles(both),
                }
            }
        };
        section(&mut lines, "With", profile.people.iter().map(name(Kind::Person)));
        section(&mut lines, "Where", {
            let countries = profile.countries.iter().map(name(Kind::Country)).take(5);
            countries.chain(profile.places.iter().map(name(Kind::Place)).take(4))
        });
        section(&mut lines, "Organisations", profile.orgs.iter().map(name(Kind::Org)).take(5));
        section(&mut lines, "Said about it", profile.told.iter().take(3).map(said));
        section(&mut lines, "Latest articles", profile.latest.iter().map(|row| article(row, query)));
        Below::new(of, profile.name.name.clone(), lines)
    }
}

/// A heading and its lines, if there are any.
fn section(lines: &mut Vec<Line>, heading: &str, members: impl Iterator<Item = Line>) {
    let mut members = members.peekable();
    if members.peek().is_some() {
        lines.push(plain(heading.to_owned(), Tone::Heading));
        lines.extend(members);
    }
}

fn article(row: &Row, query: &Query) -> Line {
    let day = day_or_undated(row.key.date());
    Line {
        columns: vec![
            text(day.clone(), Width::Cells(10), Tone::Faint),
            text(row.title.clone(), Width::Rest, Tone::Plain),
        ],
        words: format!("{} ({}, {day})", row.title, row.source),
        leads: Leads::Article(query.clone(), row.key, None),
    }
}

fn quoted(quote: &QuoteRow, query: &Query) -> Line {
    let day = day_or_undated(quote.key.date());
    let words = quote.text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let speaker = quote.speaker.as_deref().unwrap_or("?");
    let passage = Passage { id: quote.key.id, field: quote.field, span: quote.span };
    Line {
        columns: vec![
            text(day.clone(), Width::Cells(10), Tone::Faint),
            text(words.clone(), Width::Rest, Tone::Plain),
        ],
        words: format!("{speaker}: {words} ({day}, {})", quote.title),
        leads: Leads::Article(query.clone(), quote.key, Some(passage)),
    }
}
