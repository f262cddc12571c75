//! Rows that are bins of time with the number of articles in each, a bar, and what sets each bin apart. Opening one shows
//! its smaller bins, or lists its articles.

use super::{Column, Opens, RowId, Shape, Tone, Width, articles};
use crate::annotation::Kind;
use crate::listing::Facet;
use crate::listing::chronicle::{Bin, Chronicle, Grain, Telling};
use crate::query::{Days, Query};

/// The most names that the bars are divided by.
pub const SPLIT: usize = 4;

/// A bin with more articles than these opens into smaller bins.
const MANY: u64 = 25;

/// Whose articles the bars show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// All articles of the result.
    #[default]
    All,
    /// The most frequent names of this kind, one behind the other in one bar.
    Stacked(Kind),
    /// The same, side by side.
    Beside(Kind),
}

impl Split {
    /// The next way to divide the bars.
    pub fn next(self) -> Split {
        match self {
            Split::All => Split::Stacked(Kind::Person),
            Split::Stacked(Kind::Person) => Split::Beside(Kind::Person),
            Split::Beside(Kind::Person) => Split::Stacked(Kind::Country),
            Split::Stacked(_) => Split::Beside(Kind::Country),
            Split::Beside(_) => Split::All,
        }
    }

    pub fn kind(self) -> Option<Kind> {
        match self {
            Split::All => None,
            Split::Stacked(kind) | Split::Beside(kind) => Some(kind),
        }
    }
}

/// A result over time, the newest bin first.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub chronicle: Chronicle,
    /// What each bin of the chronicle tells, in its order; `None` until the library has said so.
    told: Vec<Option<Telling>>,
    pub split: Split,
    /// The names that the bars are divided by, each with its number of articles in each bin of the chronicle.
    pub parts: Vec<(Facet, Vec<u32>)>,
    rows: Vec<TimeRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TimeRow {
    /// The place of a bin in the chronicle.
    Bin(usize),
    /// So many bins without articles.
    Gap(u64),
}

impl Timeline {
    pub fn new(chronicle: Chronicle, split: Split, parts: Vec<(Facet, Vec<u32>)>) -> Timeline {
        let mut rows = Vec::new();
        let mut last: Option<i64> = None;
        for (at, bin) in chronicle.bins.iter().enumerate() {
            let gap = last.map_or(0, |last| chronicle.grain.between(last, bin.start));
            if gap > 0 {
                rows.push(TimeRow::Gap(gap));
            }
            rows.push(TimeRow::Bin(at));
            last = Some(bin.start);
        }
        rows.reverse();
        Timeline { told: vec![None; chronicle.bins.len()], chronicle, split, parts, rows }
    }

    pub fn grain(&self) -> Grain {
        self.chronicle.grain
    }

    /// The bin of a row and what it tells.
    pub fn bin(&self, at: usize) -> Option<(Bin, Option<&Telling>)> {
        let place = self.place(at)?;
        Some((*self.chronicle.bins.get(place)?, self.told.get(place)?.as_ref()))
    }

    fn place(&self, at: usize) -> Option<usize> {
        match self.rows.get(at)? {
            TimeRow::Bin(place) => Some(*place),
            TimeRow::Gap(_) => None,
        }
    }

    /// The bins of these rows of which it is not known yet what they tell, as places in the chronicle.
    pub fn untold(&self, rows: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
        let places = rows.filter_map(|at| self.place(at));
        let untold: Vec<usize> =
            places.filter(|place| self.told.get(*place).is_some_and(Option::is_none)).collect();
        Some(*untold.iter().min()?..*untold.iter().max()? + 1)
    }

    /// Takes what the bins from `first` on tell; those of `count` bins that are not told have nothing to tell.
    pub fn take_told(&mut self, first: usize, count: usize, told: Vec<Telling>) {
        let told = told.into_iter().map(Some).chain(std::iter::repeat(Some(Telling::default())));
        for (place, telling) in self.told.iter_mut().skip(first).take(count).zip(told) {
            *place = telling;
        }
    }

    /// The most that a bar shows.
    fn most(&self) -> u64 {
        let stacked = |at: usize| {
            self.parts.iter().filter_map(move |(_, counts)| counts.get(at)).map(|count| u64::from(*count))
        };
        let bins = 0..self.chronicle.bins.len();
        match self.split {
            Split::All => self.chronicle.bins.iter().map(|bin| bin.count).max().unwrap_or(1),
            Split::Stacked(_) => bins.map(|at| stacked(at).sum()).max().unwrap_or(1),
            Split::Beside(_) => bins.filter_map(|at| stacked(at).max()).max().unwrap_or(1),
        }
    }

    fn counts(&self, place: usize) -> Vec<u32> {
        self.parts.iter().map(|(_, counts)| counts.get(place).copied().unwrap_or(0)).collect()
    }
}

/// The filter with the days of a bin in place of days that hold them all.
pub fn within(query: &Query, grain: Grain, start: i64) -> Option<Query> {
    let (first, last) = grain.days(start)?;
    Some(query.within(Days::new(Some(first), Some(last))?))
}

impl Shape for Timeline {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn columns(&self, at: usize, width: u16) -> Vec<Column<'_>> {
        let place = match self.rows.get(at) {
            None => return Vec::new(),
            Some(TimeRow::Gap(bins)) => {
                let text = format!("{} without", self.grain().counted(*bins));
                return vec![
                    Column::Text {
                        text: "".into(),
                        width: Width::Cells(self.grain().cells().min(4)),
                        tone: Tone::Faint,
                    },
                    Column::Text { text: text.into(), width: Width::Rest, tone: Tone::Faint },
                ];
            }
            Some(TimeRow::Bin(place)) => *place,
        };
        let Some(bin) = self.chronicle.bins.get(place) else { return Vec::new() };
        let label = self.grain().label(bin.start);
        let mut columns = vec![
            Column::Text { text: label.into(), width: Width::Cells(self.grain().cells()), tone: Tone::Plain },
            Column::Count { count: bin.count, width: Some(6) },
        ];
        let most = self.most();
        match self.split {
            Split::All => {
                let cells = if width < 60 { 8 } else { (width / 7).clamp(10, 30) };
                columns.push(Column::Bar { count: bin.count, most, width: Some(cells) });
                let told = self.told.get(place).and_then(Option::as_ref);
                if let Some(telling) = told {
                    let names: Vec<&str> = telling.names.iter().map(|name| name.name.as_str()).collect();
                    let names = Column::Text {
                        text: names.join(", ").into(),
                        width: if width < 70 { Width::Rest } else { Width::Cells((width / 4).clamp(20, 44)) },
                        tone: Tone::Plain,
                    };
                    columns.push(names);
                    if width >= 70 {
                        let title = telling.headline.as_ref().map_or("", |headline| &headline.title);
                        columns.push(Column::Text {
                            text: title.into(),
                            width: Width::Rest,
                            tone: Tone::Faint,
                        });
                    }
                }
            }
            Split::Stacked(_) => columns.push(Column::Stack { counts: self.counts(place), most }),
            Split::Beside(_) => {
                let room = width.saturating_sub(self.grain().cells() + 10);
                let cells = (room / self.parts.len().max(1) as u16).saturating_sub(6).max(2);
                for (at, count) in self.counts(place).into_iter().enumerate() {
                    columns.push(Column::Count { count: count.into(), width: Some(4) });
                    columns.push(Column::Part { part: at, count: count.into(), most, width: cells });
                }
            }
        }
        columns
    }

    fn words(&self, at: usize) -> Option<String> {
        let (bin, told) = match self.rows.get(at)? {
            TimeRow::Gap(bins) => return Some(format!("{} without articles", self.grain().counted(*bins))),
            TimeRow::Bin(_) => self.bin(at)?,
        };
        let mut words = format!("{}, {}", self.grain().label(bin.start), articles(bin.count));
        let place = self.place(at)?;
        for ((facet, _), count) in self.parts.iter().zip(self.counts(place)).filter(|(_, count)| *count > 0) {
            words.push_str(&format!("; {} {count}", facet.name));
        }
        if let Some(telling) = told.filter(|_| self.split == Split::All) {
            if let Some(headline) = &telling.headline {
                words.push_str(&format!("; {}", headline.title));
            }
            if !telling.names.is_empty() {
                let names: Vec<&str> = telling.names.iter().map(|name| name.name.as_str()).collect();
                words.push_str(&format!("; more than before and after: {}", names.join(", ")));
            }
        }
        Some(words)
    }

    fn id(&self, at: usize) -> Option<RowId> {
        self.bin(at).map(|(bin, _)| RowId::Bin(bin.start))
    }

    fn opens(&self, at: usize, query: &Query) -> Opens {
        let Some((bin, _)) = self.bin(at) else { return Opens::Nothing };
        let Some(query) = within(query, self.grain(), bin.start) else { return Opens::Nothing };
        match self.grain() > Grain::Day && bin.count > MANY {
            true => Opens::Smaller(query),
            false => Opens::Articles(query),
        }
    }

    fn articles(&self, at: usize, query: &Query) -> Option<Query> {
        within(query, self.grain(), self.bin(at)?.0.start)
    }
}
