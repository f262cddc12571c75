//! Rows that are the lines of a brief: what is new in the result since a day. Each line leads to its article or its articles.

use super::below::{Leads, Line, plain, text};
use super::{Column, Opens, Passage, Shape, Tone, Width, articles};
use crate::annotation::{Field, Kind};
use crate::article::day_or_undated;
use crate::listing::FacetKind;
use crate::listing::brief::Brief;
use crate::query::{Days, Query, Term};
use crate::text::{Span, wrap};
use chrono::NaiveDate;

/// The lines of a brief.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BriefLines(pub Vec<Line>);

/// The day from which a brief tells what is new, and why it is that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    Yesterday,
    /// Nothing is new since yesterday: it is the newest day with an article.
    Newest,
}

impl BriefLines {
    /// What is said where the result has no article with a date.
    pub fn nothing() -> BriefLines {
        BriefLines(vec![plain("Nothing is new, and no article has a date.".to_owned(), Tone::Plain)])
    }

    /// The lines of a brief of `query`, in `width` cells.
    pub fn new(brief: &Brief, since: Since, query: &Query, width: usize) -> BriefLines {
        let mut lines = Vec::new();
        let all = match Days::new(Some(brief.since), None) {
            Some(days) => query.with(Term::Date(days).into()),
            None => query.clone(),
        };
        let to = |day: NaiveDate| if day == brief.since { String::new() } else { format!(" to {day}") };
        let days = format!("{}{}", brief.since, to(brief.until));
        let head = match since {
            Since::Yesterday => format!("Since yesterday: {} ({days})", brief.tally),
            Since::Newest => {
                format!("Nothing is new since yesterday. The newest day, {days}: {}", brief.tally)
            }
        };
        lines.push(Line { leads: Leads::Articles(all.clone()), ..plain(head, Tone::Strong) });
        heading(&mut lines, "Top stories", brief.stories.is_empty());
        for story in &brief.stories {
            let title = if story.row.title.is_empty() { "(no title)" } else { &story.row.title };
            let many = if story.articles > 1 { format!(" (+{})", story.articles - 1) } else { String::new() };
            let leads = Leads::Article(all.clone(), story.row.key, None);
            let words = format!("{title}{many} ({})", story.sources.join(", "));
            let columns = vec![text(format!("{title}{many}"), Width::Rest, Tone::Strong)];
            lines.push(Line { columns, words, leads: leads.clone() });
            if !story.sentences.starts_with(title) {
                wrapped(&mut lines, &story.sentences, width, &leads);
            }
        }
        heading(&mut lines, "People", brief.rose.is_empty());
        for rose in &brief.rose {
            let kind = FacetKind::Entity(Kind::Person);
            let described = rose.described.clone().unwrap_or_default();
            let before =
                if rose.before == 0 { "not before".to_owned() } else { format!("{} before", rose.before) };
            let comma = if described.is_empty() { "" } else { ", " };
            lines.push(Line {
                columns: vec![
                    text(rose.facet.name.clone(), Width::Cells(28), Tone::Plain),
                    text(format!("{:>5} now, {before:<12}", rose.now), Width::Cells(24), Tone::Plain),
                    text(described.clone(), Width::Rest, Tone::Faint),
                ],
                words: format!("{}{comma}{described}: {} now, {before}", rose.facet.name, articles(rose.now)),
                leads: Leads::Articles(all.require(kind, &rose.facet.value)),
            });
        }
        heading(&mut lines, "Said", brief.quotes.is_empty());
        for quote in &brief.quotes {
            let passage = Passage { id: quote.key.id, field: quote.field, span: quote.span };
            let leads = Leads::Article(all.clone(), quote.key, Some(passage));
            let speaker = quote.speaker.clone().unwrap_or_else(|| "?".to_owned());
            let day = day_or_undated(quote.key.date());
            lines.push(Line {
                columns: vec![text(speaker.clone(), Width::Rest, Tone::Strong)],
                words: format!("{speaker} ({}, {day}):", quote.title),
                leads: leads.clone(),
            });
            wrapped(&mut lines, &quote.text, width, &leads);
        }
        heading(&mut lines, "Countries", brief.countries.is_empty());
        for country in &brief.countries {
            let kind = FacetKind::Entity(Kind::Country);
            let counts = format!("{:>5} about it, {} mention it", country.about, country.facet.count);
            lines.push(Line {
                columns: vec![
                    text(country.facet.name.clone(), Width::Cells(28), Tone::Plain),
                    text(counts.clone(), Width::Rest, Tone::Plain),
                ],
                words: format!("{}: {}", country.facet.name, counts.trim_start()),
                leads: Leads::Articles(all.require(kind, &country.facet.value)),
            });
        }
        BriefLines(lines)
    }
}

fn heading(lines: &mut Vec<Line>, words: &str, empty: bool) {
    if !empty {
        lines.push(plain(words.to_owned(), Tone::Heading));
    }
}

/// A text in lines of so many cells, which all lead to the same. Read aloud it is one line.
fn wrapped(lines: &mut Vec<Line>, said: &str, width: usize, leads: &Leads) {
    let said = said.split_whitespace().collect::<Vec<&str>>().join(" ");
    for (at, line) in wrap::lines(&said, width.saturating_sub(4).max(20)).iter().enumerate() {
        let shown = format!("  {}", line.span.get(&said).unwrap_or_default());
        lines.push(Line {
            columns: vec![text(shown, Width::Rest, Tone::Plain)],
            words: if at == 0 { said.clone() } else { String::new() },
            leads: leads.clone(),
        });
    }
}

impl Shape for BriefLines {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, at: usize, _width: u16) -> Vec<Column<'_>> {
        self.0.get(at).map_or_else(Vec::new, |line| line.columns.clone())
    }

    fn words(&self, at: usize) -> Option<String> {
        self.0.get(at).map(|line| line.words.clone()).filter(|words| !words.is_empty())
    }

    fn opens(&self, at: usize, _query: &Query) -> Opens {
        match self.0.get(at).map(|line| &line.leads) {
            Some(Leads::Articles(query)) => Opens::Articles(query.clone()),
            Some(Leads::Article(..)) => Opens::Passage,
            _ => Opens::Nothing,
        }
    }

    /// A headline stands for the article from its beginning.
    fn passage(&self, at: usize) -> Option<Passage> {
        match &self.0.get(at)?.leads {
            Leads::Article(_, key, None) => {
                Some(Passage { id: key.id, field: Field::Body, span: Span { start: 0, end: 0 } })
            }
            Leads::Article(_, _, passage) => *passage,
            _ => None,
        }
    }
}
