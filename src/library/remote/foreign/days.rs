//! A result over time, as the server counts it.
//!
//! In: queries and bins. Out: counts. `None` for an index that cannot count so: one without dates, or with dates as texts.

use super::Foreign;
use super::names::within;
use crate::annotation::Kind;
use crate::library::remote::form::DateKind;
use crate::library::remote::layout::number;
use crate::library::remote::server::TIMEOUT;
use crate::library::{Cancel, Error};
use crate::listing::chronicle::{Bin, Chronicle, Grain};
use crate::query::Query;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const DAY: i64 = 86_400;
/// The most bins of one question. Every engine counts so many.
const BINS: usize = 60_000;

impl Foreign {
    /// The days or hours of a result with the number of their articles, ascending.
    pub(super) fn bins(
        &self,
        query: &Query,
        grain: Grain,
        cancel: &Cancel,
    ) -> Result<Option<Vec<Bin>>, Error> {
        let Some(counting) = self.by_time(grain) else { return Ok(None) };
        let clause = self.result(query, cancel)?;
        let body = json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(clause),
            "aggs": { "d": counting }
        });
        let answer = self.search(&body, cancel)?;
        Ok(Some(self.counted_bins(&answer["aggregations"]["d"], grain)))
    }

    /// How many articles of each bin of a chronicle mention each of some names, where the index has such names.
    pub(super) fn own_over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: Kind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Option<Vec<Vec<u32>>>, Error> {
        let finest = if chronicle.grain == Grain::Hour { Grain::Hour } else { Grain::Day };
        let (Some(names), Some(counting)) = (self.names_in(kind), self.by_time(finest)) else {
            return Ok(None);
        };
        let clause = self.result(query, cancel)?;
        let mut bodies = Vec::with_capacity(values.len());
        for value in values {
            let named = within(names, &self.meant(kind, value, cancel)?);
            let of = crate::library::remote::clause::all(vec![clause.clone(), named]);
            bodies.push(json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "query": self.base(of),
                "aggs": { "d": counting }
            }));
        }
        if bodies.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let places: BTreeMap<i64, usize> =
            chronicle.bins.iter().enumerate().map(|(place, bin)| (bin.start, place)).collect();
        let answers = self.searches(&bodies, cancel)?;
        let found = answers.iter().map(|answer| {
            let mut counts = vec![0u32; chronicle.bins.len()];
            for bin in self.counted_bins(&answer["aggregations"]["d"], finest) {
                if let Some(place) = places.get(&chronicle.grain.start(bin.start)) {
                    let count = &mut counts[*place];
                    *count = count.saturating_add(u32::try_from(bin.count).unwrap_or(u32::MAX));
                }
            }
            counts
        });
        Ok(Some(found.collect()))
    }

    /// The aggregation that counts by days or hours.
    fn by_time(&self, grain: Grain) -> Option<Value> {
        let dated = self.form.dated.as_ref()?;
        let (name, length) = if grain == Grain::Hour { ("hour", 3_600) } else { ("day", DAY) };
        match dated.kind {
            DateKind::Date => Some(json!({
                "date_histogram": { "field": dated.field, "calendar_interval": name, "min_doc_count": 1 }
            })),
            DateKind::Number(unit) => Some(json!({
                "histogram": { "field": dated.field, "interval": length * unit, "min_doc_count": 1 }
            })),
            DateKind::Text(_) => None,
        }
    }

    fn counted_bins(&self, list: &Value, grain: Grain) -> Vec<Bin> {
        let unit = match self.form.dated.as_ref().map(|dated| dated.kind) {
            Some(DateKind::Number(unit)) => unit,
            _ => 1_000,
        };
        let buckets = list["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        for bucket in buckets.iter().take(BINS) {
            if let (Some(key), Some(count)) = (number(&bucket["key"]), bucket["doc_count"].as_u64()) {
                let start = grain.start(key.div_euclid(unit));
                *counts.entry(start).or_default() += count;
            }
        }
        counts.into_iter().map(|(start, count)| Bin { start, count }).collect()
    }
}
