//! Rows that are names with the number of articles that mention them, and what the result says about each. Opening one
//! requires the name.

use super::below::day;
use super::{Column, Opens, Shape, Tone, Width, articles};
use crate::annotation::Kind;
use crate::formats::plain_source;
use crate::listing::profile::NameDetail;
use crate::listing::{Facet, FacetKind};
use crate::query::Query;
use std::collections::HashMap;

/// Names of one kind, in the order that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Names {
    pub kind: FacetKind,
    pub names: Vec<Facet>,
    /// How many names the result has.
    pub total: u64,
    /// By the values of names: what the result says about them, as far as that is known.
    pub details: HashMap<String, NameDetail>,
}

impl Names {
    /// The values of those names of some rows of which no details are known.
    pub fn undetailed(&self, rows: std::ops::Range<usize>) -> Vec<String> {
        if !matches!(self.kind, FacetKind::Entity(_)) {
            return Vec::new();
        }
        let names = self.names.get(rows.start.min(self.names.len())..rows.end.min(self.names.len()));
        let values = names.into_iter().flatten().map(|facet| &facet.value);
        values.filter(|value| !self.details.contains_key(*value)).cloned().collect()
    }

    fn is_country(&self) -> bool {
        self.kind == FacetKind::Entity(Kind::Country)
    }
}

impl Shape for Names {
    fn count(&self) -> usize {
        self.names.len()
    }

    fn total(&self) -> Option<u64> {
        Some(self.total)
    }

    fn columns(&self, at: usize, width: u16) -> Vec<Column<'_>> {
        let Some(name) = self.names.get(at) else { return Vec::new() };
        let FacetKind::Entity(kind) = self.kind else { return columns(name) };
        let cells = if width < 60 { width * 2 / 5 } else { (width / 4).clamp(20, 34) };
        let mut columns = vec![
            Column::Text { text: name.name.as_str().into(), width: Width::Cells(cells), tone: Tone::Name },
            Column::Count { count: name.count, width: Some(6) },
        ];
        let Some(detail) = self.details.get(&name.value) else { return columns };
        if self.is_country() {
            columns.push(Column::Count { count: detail.about, width: Some(6) });
        }
        let curve = match width {
            ..46 => 6,
            46..70 => 8,
            70..110 => 12,
            _ => 24,
        };
        columns.push(Column::Curve { counts: (&detail.curve).into(), width: curve });
        if width >= 46 && kind != Kind::Country {
            let quotes = if detail.quotes > 0 { format!("{:>4}q", detail.quotes) } else { String::new() };
            columns.push(Column::Text { text: quotes.into(), width: Width::Cells(5), tone: Tone::Faint });
        }
        if width >= 56 {
            let last = detail.last.map(day).unwrap_or_default();
            columns.push(Column::Text { text: last.into(), width: Width::Cells(10), tone: Tone::Plain });
        }
        if width >= 70 {
            let text = match self.is_country() {
                true => detail
                    .people
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .collect::<Vec<&str>>()
                    .join(", ")
                    .into(),
                false => detail.described.first().map_or("", |(words, _)| words.as_str()).into(),
            };
            columns.push(Column::Text { text, width: Width::Rest, tone: Tone::Faint });
        }
        columns
    }

    fn words(&self, at: usize) -> Option<String> {
        let name = self.names.get(at)?;
        let mut told = words(name);
        let Some(detail) = self.details.get(&name.value) else { return Some(told) };
        if detail.about > 0 {
            told.push_str(&format!(", {} about it", detail.about));
        }
        if detail.quotes > 0 {
            told.push_str(&format!(", {} quotes", detail.quotes));
        }
        if let Some(last) = detail.last {
            told.push_str(&format!(", last {}", day(last)));
        }
        if let Some((described, _)) = detail.described.first() {
            told.push_str(&format!(", {described}"));
        }
        if !detail.people.is_empty() {
            let people: Vec<&str> = detail.people.iter().map(|(name, _)| name.as_str()).collect();
            told.push_str(&format!(", with {}", people.join(", ")));
        }
        Some(told)
    }

    fn opens(&self, at: usize, query: &Query) -> Opens {
        match self.name(at) {
            Some((kind, value)) => Opens::Articles(query.ask_about(kind, value)),
            None => Opens::Nothing,
        }
    }

    fn name(&self, at: usize) -> Option<(FacetKind, &str)> {
        Some((self.kind, &self.names.get(at)?.value))
    }
}

/// What a name shows, here and in the pane of names.
pub fn columns(name: &Facet) -> Vec<Column<'_>> {
    vec![
        Column::Text { text: plain_source(&name.name).into(), width: Width::Rest, tone: Tone::Name },
        Column::Count { count: name.count, width: None },
    ]
}

/// What a name says in words.
pub fn words(name: &Facet) -> String {
    format!("{}, {}", name.name, articles(name.count))
}
