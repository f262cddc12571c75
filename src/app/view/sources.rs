//! Rows that are sources, in folders by their tags, with how many articles they have, when they were fetched, and what is
//! wrong with them. Opening a source lists its articles; opening a folder closes it, or opens it again.
//!
//! What stands out does so by a sign and in words, and not by colour alone.

use super::{Column, Opens, RowId, Shape, Tone, Width, articles};
use crate::listing::FacetKind;
use crate::query::edit::facet_term;
use crate::query::{Filter, Query, Term};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// How many days the curve of a source shows.
pub const CURVE: usize = 14;
/// After how many days without an article a source counts as silent.
pub const SILENT: u64 = 30;

/// One source: one that is fetched, or only the name under which articles are filed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceRow {
    pub name: String,
    pub unread: u64,
    pub total: u64,
    /// The number of articles on each of the last days, the oldest first.
    pub days: Vec<u32>,
    /// `None` if it is not fetched.
    pub followed: Option<Followed>,
}

/// A source that is fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// By which it is known to the shell; not shown, since it may hold a login.
    pub address: String,
    pub tags: Vec<String>,
    /// How often it is fetched, where it has an interval of its own, as it is typed.
    pub every: Option<String>,
    /// Which of its articles are kept, where it has a wish of its own, as it is typed.
    pub keep: Option<String>,
    pub full_text: bool,
    pub paused: bool,
    /// The account by which it comes; `None` where it is fetched from its own address.
    pub account: Option<String>,
    pub fetched: Option<DateTime<Utc>>,
    /// `None` for at once.
    pub next: Option<DateTime<Utc>>,
    pub state: State,
}

/// How a source stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Fine,
    /// It was not fetched yet.
    Never,
    /// It answers, but has had no article for at least [`SILENT`] days.
    Silent,
    /// It failed so many times since its last good answer, and why the last time.
    Failed(u32, String),
    /// It answers, but not everything could be read.
    Warned(String),
    /// Its server says that it is gone for good.
    Gone,
}

/// The sources, and which of their folders are closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// The time at which this is so.
    pub now: DateTime<Utc>,
    all: Vec<SourceRow>,
    closed: BTreeSet<String>,
    lines: Vec<Line>,
}

/// One row of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Folder(String),
    /// A source by its place in `all`, and the folder that it is in.
    Source(usize, Option<String>),
}

impl Sources {
    /// The sources by name; those of a folder follow it, and those without a tag come last.
    pub fn new(mut all: Vec<SourceRow>, now: DateTime<Utc>) -> Sources {
        all.sort_by_key(|row| (row.name.to_lowercase(), row.name.clone()));
        let mut sources = Sources { now, all, closed: BTreeSet::new(), lines: Vec::new() };
        sources.arrange();
        sources
    }

    /// Takes over which folders were closed.
    pub fn like(&mut self, before: &Sources) {
        self.closed.clone_from(&before.closed);
        self.arrange();
    }

    /// Closes a folder, or opens it.
    pub fn fold(&mut self, tag: &str) {
        if !self.closed.remove(tag) {
            self.closed.insert(tag.to_owned());
        }
        self.arrange();
    }

    /// The source in the row `at`.
    pub fn source(&self, at: usize) -> Option<&SourceRow> {
        match self.lines.get(at)? {
            Line::Source(source, _) => self.all.get(*source),
            Line::Folder(_) => None,
        }
    }

    /// The source of this name.
    pub fn called(&self, name: &str) -> Option<&SourceRow> {
        self.all.iter().find(|row| row.name == name)
    }

    fn arrange(&mut self) {
        let tags: BTreeSet<&str> = self.all.iter().flat_map(SourceRow::tags).collect();
        let mut lines = Vec::new();
        for tag in tags {
            lines.push(Line::Folder(tag.to_owned()));
            if !self.closed.contains(tag) {
                let within =
                    self.all.iter().enumerate().filter(|(_, row)| row.tags().any(|other| other == tag));
                lines.extend(within.map(|(at, _)| Line::Source(at, Some(tag.to_owned()))));
            }
        }
        let alone = self.all.iter().enumerate().filter(|(_, row)| row.tags().next().is_none());
        lines.extend(alone.map(|(at, _)| Line::Source(at, None)));
        self.lines = lines;
    }

    fn within(&self, tag: &str) -> impl Iterator<Item = &SourceRow> {
        self.all.iter().filter(move |row| row.tags().any(|other| other == tag))
    }
}

impl Shape for Sources {
    fn count(&self) -> usize {
        self.lines.len()
    }

    fn columns(&self, at: usize, _width: u16) -> Vec<Column<'_>> {
        let text = |text: String, width, tone| Column::Text { text: text.into(), width, tone };
        match self.lines.get(at) {
            None => Vec::new(),
            Some(Line::Folder(tag)) => {
                let (sources, unread, total) = self.sums(tag);
                let sign = if self.closed.contains(tag) { '+' } else { '-' };
                let noun = if sources == 1 { "source" } else { "sources" };
                vec![
                    text(format!("{sign} #{tag}"), Width::Quarter, Tone::Strong),
                    text(format!("{:>9}", counts(unread, total)), Width::Cells(9), Tone::Plain),
                    text(format!("{sources} {noun}"), Width::Rest, Tone::Plain),
                ]
            }
            Some(Line::Source(source, folder)) => {
                let Some(row) = self.all.get(*source) else { return Vec::new() };
                let indent = if folder.is_some() { "  " } else { "" };
                let name = crate::formats::plain_source(&row.name);
                let stands = row.sign();
                let name = text(format!("{indent}{stands} {name}"), Width::Quarter, Tone::Name);
                let count =
                    text(format!("{:>9}", counts(row.unread, row.total)), Width::Cells(9), Tone::Plain);
                let mut columns = vec![name, count];
                match row.trouble(self.now) {
                    Some(trouble) => columns.push(text(trouble, Width::Rest, Tone::Strong)),
                    None => {
                        columns.push(Column::Curve { counts: (&row.days[..]).into(), width: CURVE as u16 });
                        let (fetched, next) = match &row.followed {
                            Some(followed) => (
                                followed.fetched.map_or(String::new(), |time| ago(time, self.now)),
                                followed.next.map_or("now".to_owned(), |time| ahead(time, self.now)),
                            ),
                            None => (String::new(), String::new()),
                        };
                        columns.push(text(format!("{fetched:>5}"), Width::Cells(5), Tone::Plain));
                        columns.push(text(format!("{next:>6}"), Width::Cells(6), Tone::Plain));
                    }
                }
                columns
            }
        }
    }

    fn words(&self, at: usize) -> Option<String> {
        match self.lines.get(at)? {
            Line::Folder(tag) => {
                let (sources, unread, total) = self.sums(tag);
                let state = if self.closed.contains(tag) { "closed" } else { "open" };
                Some(format!(
                    "Folder #{tag}, {state}: {sources} sources, {unread} unread of {}",
                    articles(total)
                ))
            }
            Line::Source(source, _) => Some(self.all.get(*source)?.in_words(self.now)),
        }
    }

    fn opens(&self, at: usize, query: &Query) -> Opens {
        match self.lines.get(at) {
            Some(Line::Folder(tag)) => Opens::Folder(tag.clone()),
            Some(Line::Source(..)) => {
                let Some((kind, value)) = self.name(at) else { return Opens::Nothing };
                let Some(term) = facet_term(kind, value) else { return Opens::Nothing };
                let others =
                    query.chips().iter().filter(|chip| !matches!(chip, Filter::Term(Term::Source(_))));
                let others = Query { filter: Filter::all(others.cloned()), ..query.clone() };
                Opens::Articles(others.with(term))
            }
            None => Opens::Nothing,
        }
    }

    fn name(&self, at: usize) -> Option<(FacetKind, &str)> {
        match self.lines.get(at)? {
            Line::Folder(tag) => Some((FacetKind::Tag, tag)),
            Line::Source(source, _) => Some((FacetKind::Source, &self.all.get(*source)?.name)),
        }
    }

    fn id(&self, at: usize) -> Option<RowId> {
        match self.lines.get(at)? {
            Line::Folder(tag) => Some(RowId::Folder(tag.clone(), None)),
            Line::Source(source, folder) => Some(RowId::Folder(
                folder.clone().unwrap_or_default(),
                Some(self.all.get(*source)?.name.clone()),
            )),
        }
    }
}

impl Sources {
    fn sums(&self, tag: &str) -> (usize, u64, u64) {
        let sum = |of: fn(&SourceRow) -> u64| self.within(tag).map(of).sum();
        (self.within(tag).count(), sum(|row| row.unread), sum(|row| row.total))
    }
}

impl SourceRow {
    fn tags(&self) -> impl Iterator<Item = &str> {
        self.followed.iter().flat_map(|followed| followed.tags.iter().map(String::as_str))
    }

    /// A sign for what stands out.
    fn sign(&self) -> char {
        match &self.followed {
            None => ' ',
            Some(Followed { paused: true, .. }) => '=',
            Some(followed) => match followed.state {
                State::Fine => ' ',
                State::Never => '?',
                State::Silent => '~',
                State::Failed(..) => '!',
                State::Warned(_) => '*',
                State::Gone => 'x',
            },
        }
    }

    /// What is wrong with it, or unusual, in few words.
    fn trouble(&self, now: DateTime<Utc>) -> Option<String> {
        let followed = self.followed.as_ref()?;
        let next = || followed.next.map_or(String::new(), |time| format!(", {}", ahead(time, now)));
        Some(match &followed.state {
            State::Gone => "gone for good".to_owned(),
            _ if followed.paused => "paused".to_owned(),
            State::Fine | State::Warned(_) => return None,
            State::Never if followed.account.is_some() => "no article yet".to_owned(),
            State::Never => "never fetched".to_owned(),
            State::Silent => "silent for 30 days".to_owned(),
            State::Failed(1, why) => format!("failed{}: {why}", next()),
            State::Failed(times, why) => format!("failed {times}x{}: {why}", next()),
        })
    }

    /// Everything about it in a sentence.
    pub fn in_words(&self, now: DateTime<Utc>) -> String {
        let mut parts = vec![format!("{}, {} unread of {}", self.name, self.unread, articles(self.total))];
        let Some(followed) = &self.followed else {
            parts.push("not fetched".to_owned());
            return parts.join(", ");
        };
        match &followed.state {
            State::Gone => parts.push("gone for good, says its server".to_owned()),
            State::Failed(times, why) => parts.push(format!("failed {times} times: {why}")),
            State::Never => parts.push("never fetched".to_owned()),
            State::Silent => parts.push(format!("no article for {SILENT} days")),
            State::Warned(why) => parts.push(format!("not everything could be read: {why}")),
            State::Fine => {}
        }
        if let Some(time) = followed.fetched {
            parts.push(match ago(time, now).as_str() {
                "now" => "fetched now".to_owned(),
                ago => format!("fetched {ago} ago"),
            });
        }
        match (followed.paused, followed.next) {
            _ if followed.account.is_some() => {
                parts.extend(followed.account.as_ref().map(|account| format!("by the account {account}")));
            }
            (true, _) => parts.push("paused".to_owned()),
            (false, _) if followed.state == State::Gone => {}
            (false, Some(time)) => parts.push(format!("next {}", ahead(time, now))),
            (false, None) => parts.push("next at once".to_owned()),
        }
        parts.extend(followed.every.as_ref().map(|every| format!("every {every}")));
        parts.extend(followed.keep.as_ref().map(|keep| format!("keeps {keep}")));
        parts.extend(followed.full_text.then(|| "with full text".to_owned()));
        parts.extend(followed.tags.iter().map(|tag| format!("#{tag}")));
        let week: u64 = self.days.iter().rev().take(7).map(|count| u64::from(*count)).sum();
        parts.push(format!("{} in 7 days", articles(week)));
        parts.join(", ")
    }
}

/// `12/340`: how many are unread, and how many there are.
fn counts(unread: u64, total: u64) -> String {
    format!("{}/{}", short(unread), short(total))
}

/// A number in at most four cells.
fn short(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..1_000_000 => format!("{}k", count / 1_000),
        _ => format!("{}M", (count / 1_000_000).min(999)),
    }
}

/// How long ago a time was, in at most four cells: `now`, `5m`, `3h`, `12d`.
fn ago(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    span((now - time).num_seconds())
}

/// How far ahead a time is: `now`, `in 5m`.
fn ahead(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match span((time - now).num_seconds()) {
        now if now == "now" => now,
        span => format!("in {span}"),
    }
}

fn span(seconds: i64) -> String {
    match seconds {
        ..60 => "now".to_owned(),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", (seconds / 86_400).min(999)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000, 0).expect("a time")
    }

    fn row(name: &str, tags: &[&str], state: State) -> SourceRow {
        let followed = Followed {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            fetched: Some(now() - TimeDelta::hours(3)),
            next: Some(now() + TimeDelta::minutes(27)),
            state,
            ..Followed::default()
        };
        SourceRow { name: name.to_owned(), unread: 2, total: 12, days: vec![0, 3], followed: Some(followed) }
    }

    fn view() -> Sources {
        let rows = vec![
            row("Zebra", &[], State::Fine),
            row("Alpha", &["world", "africa"], State::Failed(3, "HTTP 500".to_owned())),
            row("Beta", &["world"], State::Never),
            SourceRow { name: "Files".to_owned(), total: 4, ..SourceRow::default() },
        ];
        Sources::new(rows, now())
    }

    fn told(view: &Sources) -> Vec<String> {
        (0..view.count())
            .filter_map(|at| view.words(at))
            .map(|words| words.chars().take(24).collect())
            .collect()
    }

    #[test]
    fn sources_stand_in_each_of_their_folders_which_open_and_close() {
        let mut view = view();
        let open = [
            "Folder #africa, open: 1 ",
            "Alpha, 2 unread of 12 ar",
            "Folder #world, open: 2 s",
            "Alpha, 2 unread of 12 ar",
            "Beta, 2 unread of 12 art",
            "Files, 0 unread of 4 art",
            "Zebra, 2 unread of 12 ar",
        ];
        assert_eq!(told(&view), open);
        assert_eq!(view.opens(2, &Query::everything()), Opens::Folder("world".to_owned()));
        view.fold("world");
        assert_eq!(view.count(), 5);
        let mut again = super::tests::view();
        again.like(&view);
        assert_eq!(again, view);
        view.fold("world");
        assert_eq!(told(&view), open);
    }

    #[test]
    fn what_stands_out_does_so_in_signs_and_words() {
        let view = view();
        let texts = |at: usize| -> Vec<String> {
            let text = |column: &Column<'_>| match column {
                Column::Text { text, .. } => text.to_string(),
                Column::Curve { counts, .. } => format!("{counts:?}"),
                _ => String::new(),
            };
            view.columns(at, 80).iter().map(text).collect()
        };
        assert_eq!(texts(1), ["  ! Alpha", "     2/12", "failed 3x, in 27m: HTTP 500"]);
        assert_eq!(texts(4), ["  ? Beta", "     2/12", "never fetched"]);
        assert_eq!(texts(6), ["  Zebra", "     2/12", "[0, 3]", "   3h", "in 27m"]);
        assert_eq!(
            view.words(1).as_deref(),
            Some(
                "Alpha, 2 unread of 12 articles, failed 3 times: HTTP 500, fetched 3h ago, next in 27m, #world, #africa, \
                 3 articles in 7 days"
            )
        );
    }

    #[test]
    fn opening_a_source_takes_the_place_of_another_one() {
        let view = view();
        let query = |text: &str| Query::parse(text, chrono::NaiveDate::MIN).0;
        let Opens::Articles(opened) = view.opens(6, &query("source:Beta is:unread")) else {
            panic!("articles")
        };
        assert_eq!(opened.to_string(), "is:unread source:Zebra");
        assert_eq!(view.name(2), Some((FacetKind::Tag, "world")));
    }
}
