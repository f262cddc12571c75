//! Tables with an article in each row: CSV and its like, and spreadsheets.
//!
//! In come rows of cells. Out come articles, by the names in the header that JSON knows too (see `json::fields`). Where a
//! table has no header, or one whose names say nothing, its columns are told by what they hold, with a warning that says
//! so. A table without a title or a text in any column has no articles, and that is said.

pub(super) mod biff;
pub(super) mod csv;
pub(super) mod document;
pub(super) mod sheet;

use super::dating::{recorded, thousands};
use super::exported;
use super::json::fields::{self, Fields};
use super::{Gathered, Origin, link};
use serde_json::{Map, Value};

/// How many rows decide what the columns hold.
pub(super) const SAMPLE: usize = 200;
/// The longest name of a column, in characters.
const NAME_CAP: usize = 60;
/// The average length from which a column of texts is taken for bodies if there is no other, in characters.
const BODY: usize = 160;

/// What a table says about its columns.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// What each column is called: by the header or by what it holds.
    names: Vec<String>,
    /// Whether the first row holds the names.
    pub(super) has_header: bool,
    /// How the columns were told, if the header does not say it.
    doubt: Option<String>,
    /// Whether any column is a title or a text.
    has_text: bool,
    /// Where the columns of this program's own export stand, if it is one.
    own: Option<exported::table::Places>,
    /// Rows that are no articles, and rows with more cells than there are columns: how many, and the first line of them.
    empty: (u64, u64),
    long: (u64, u64),
}

impl Columns {
    /// Tells the columns of a table by its first rows.
    pub(super) fn of(rows: &[Vec<String>]) -> Columns {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let first = rows.first().map(Vec::as_slice).unwrap_or_default();
        if let Some(own) = exported::table::Places::of(first) {
            let names = first.to_vec();
            return Columns { names, has_header: true, has_text: true, own: Some(own), ..Columns::default() };
        }
        let is_named =
            first.iter().any(|name| fields::known(name).is_some()) && first.iter().all(|name| is_name(name));
        let body = rows.get(1..).unwrap_or_default();
        let has_header = is_named || is_unlike(first, body);
        let held: Vec<Held> =
            (0..width).map(|at| Held::of(if has_header { body } else { rows }, at)).collect();
        let mut names: Vec<String> = match has_header {
            true => first.iter().map(|name| name.trim().to_owned()).collect(),
            false => Vec::new(),
        };
        names.resize(width, String::new());
        let knows = |names: &[String], wanted: &[&str]| {
            names.iter().any(|name| wanted.contains(&fields::plain(name).as_str()))
        };
        let mut known_text = names.iter().any(|name| fields::known(name) == Some(true));
        if !known_text {
            // `top_headline`, `post_title`.
            let ends = |name: &String| {
                let name = fields::plain(name);
                fields::known(&name).is_none() && (name.ends_with("headline") || name.ends_with("title"))
            };
            if let Some(headline) = names.iter_mut().find(|name| ends(name)) {
                "title".clone_into(headline);
                known_text = true;
            }
        }
        let mut told = Vec::new();
        if !known_text {
            let free: Vec<usize> = (0..width)
                .filter(|at| names.get(*at).is_some_and(|name| fields::known(name).is_none()))
                .collect();
            let roles = roles(&free, &held);
            for (at, role) in roles {
                let taken = match role {
                    "date" => names.iter().any(|name| fields::plain(name).contains("date")),
                    role => knows(&names, &[role]),
                };
                let Some(name) = names.get_mut(at).filter(|_| !taken) else { continue };
                let column = match name.as_str() {
                    "" => format!("column {}", at + 1),
                    name => format!("\"{}\"", name.chars().take(NAME_CAP).collect::<String>()),
                };
                told.push(format!("the {role} from {column}"));
                role.clone_into(name);
            }
        }
        // A name is a title only of what has a day or an address too.
        let is_more = |shape| held.iter().any(|held| held.is_mostly(shape));
        let dated = is_more(Shape::Date) || is_more(Shape::Address);
        let has_text = names
            .iter()
            .any(|name| fields::known(name) == Some(true) && (dated || fields::plain(name) != "name"));
        let doubt = (!told.is_empty() && has_text).then(|| {
            let what = if has_header { "understand the header" } else { "find a header" };
            format!("could not {what}: what the columns hold gave {}", told.join(", "))
        });
        Columns { names, has_header, doubt, has_text, ..Columns::default() }
    }

    /// Warns of what the header does not say.
    pub(super) fn begin(&self, origin: &Origin, found: &mut Gathered) {
        if let Some(doubt) = &self.doubt {
            found.warnings.push(origin.warning(None, doubt));
        }
        if !self.has_text {
            let names: Vec<&str> =
                self.names.iter().map(String::as_str).filter(|name| !name.is_empty()).take(12).collect();
            let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
            let message =
                format!("could not find articles in the table: no column is a title or a text{names}");
            found.warnings.push(origin.warning(None, &message));
        }
    }

    /// Whether rows can be articles.
    pub(super) fn has_text(&self) -> bool {
        self.has_text
    }

    /// Adds the article of a row. `line` is the line on which it begins.
    pub(super) fn row<'c>(
        &mut self,
        cells: impl Iterator<Item = &'c str>,
        line: u64,
        origin: &Origin,
        found: &mut Gathered,
    ) {
        if let Some(own) = self.own {
            return own.read(&cells.collect::<Vec<_>>(), line, origin, found);
        }
        let mut object = Map::new();
        let (mut count, mut filled) = (0, 0);
        for (at, cell) in cells.enumerate() {
            count = at + 1;
            let cell = cell.trim();
            if is_nothing(cell) {
                continue;
            }
            filled += 1;
            if let Some(name) =
                self.names.get(at).filter(|name| !name.is_empty() && !object.contains_key(*name))
            {
                object.insert(name.clone(), Value::String(cell.to_owned()));
            }
        }
        if filled == 0 {
            return;
        }
        if count > self.names.len() {
            self.long = (self.long.0 + 1, if self.long.0 == 0 { line } else { self.long.1 });
        }
        let fields = Fields::new(&object);
        if !fields.is_article() && fields.title().is_none() {
            self.empty = (self.empty.0 + 1, if self.empty.0 == 0 { line } else { self.empty.1 });
            return;
        }
        let mut draft = fields.draft(origin, Some(line), &mut found.warnings);
        draft.source = draft.source.or_else(|| link::host(draft.url.as_deref()?));
        found.items.extend(draft.finish(origin, Some(line), &mut found.warnings));
    }

    /// Warns of the rows that were not understood.
    pub(super) fn finish(&self, origin: &Origin, found: &mut Gathered) {
        let rows = |count: u64| match count {
            1 => "1 row".to_owned(),
            count => format!("{} rows", thousands(count)),
        };
        if let (count @ 1.., line) = self.empty {
            let message =
                format!("could not find an article in {}: there is neither a title nor a body", rows(count));
            found.warnings.push(origin.warning(Some(line), &message));
        }
        if let (count @ 1.., line) = self.long {
            let message = format!(
                "could not place every cell of {}: there are more than the table has columns",
                rows(count)
            );
            found.warnings.push(origin.warning(Some(line), &message));
        }
    }
}

/// Whether a cell stands for no value.
fn is_nothing(cell: &str) -> bool {
    matches!(cell, "" | "null" | "NULL" | "NaN" | "nan" | "None" | "N/A" | "<NA>" | "\\N")
}

/// Whether a cell may be the name of a column.
fn is_name(cell: &str) -> bool {
    cell.chars().count() <= NAME_CAP && !cell.contains('\n') && !cell.trim_end().ends_with(['.', '!', '?'])
}

/// Whether the first row is unlike the others, as one of names is among values.
fn is_unlike(first: &[String], rest: &[Vec<String>]) -> bool {
    let short = |cell: &String| {
        is_name(cell)
            && !cell.trim().is_empty()
            && cell.split_whitespace().count() <= 4
            && Shape::of(cell) == Shape::Text
    };
    if rest.is_empty() || !first.iter().all(short) {
        return false;
    }
    (0..first.len()).any(|at| {
        let held = Held::of(rest, at);
        held.filled > 0
            && (held.is_mostly(Shape::Date)
                || held.is_mostly(Shape::Number)
                || held.is_mostly(Shape::Address))
            || held.is_text() && held.length > 4 * NAME_CAP / 2
    })
}

/// What one cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Date,
    Number,
    Address,
    /// JSON or another notation.
    Notation,
    Text,
}

impl Shape {
    fn of(cell: &str) -> Shape {
        let cell = cell.trim();
        if crate::text::clean_url(cell).is_some() && !cell.contains(' ') {
            return Shape::Address;
        }
        if cell.starts_with(['[', '{']) {
            return Shape::Notation;
        }
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        if cell.parse::<f64>().is_ok() {
            // A day without marks, or seconds of this century.
            let day = digits == 8 && cell.len() == 8 && recorded(cell).is_some();
            return if day { Shape::Date } else { Shape::Number };
        }
        if digits >= 2 && cell.len() <= 40 && recorded(cell).is_some() { Shape::Date } else { Shape::Text }
    }
}

/// What one column holds.
#[derive(Debug, Default)]
struct Held {
    filled: usize,
    shapes: [usize; 5],
    /// How many cells are several words.
    words: usize,
    /// The average length of a filled cell, in characters.
    length: usize,
}

impl Held {
    fn of(rows: &[Vec<String>], at: usize) -> Held {
        let mut held = Held::default();
        let mut length = 0;
        for cell in
            rows.iter().take(SAMPLE).filter_map(|row| row.get(at)).filter(|cell| !is_nothing(cell.trim()))
        {
            held.filled += 1;
            if let Some(count) = held.shapes.get_mut(Shape::of(cell) as usize) {
                *count += 1;
            }
            let spaced = cell.trim().contains(char::is_whitespace);
            // Some scripts write no blanks between words.
            let wide =
                cell.chars().filter(|c| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{e00}'..='\u{eff}')).count()
                    >= 6;
            held.words += usize::from((spaced || wide) && cell.chars().any(char::is_alphabetic));
            length += cell.chars().count();
        }
        held.length = length.checked_div(held.filled).unwrap_or(0);
        held
    }

    fn is_mostly(&self, shape: Shape) -> bool {
        self.filled > 0 && self.shapes.get(shape as usize).is_some_and(|count| count * 10 >= self.filled * 8)
    }

    fn is_text(&self) -> bool {
        self.is_mostly(Shape::Text) && self.words * 2 >= self.filled
    }
}

/// What the columns without a name are, by what they hold.
fn roles(free: &[usize], held: &[Held]) -> Vec<(usize, &'static str)> {
    let of = |at: &usize| held.get(*at);
    let mut texts: Vec<(usize, usize)> =
        free.iter().filter_map(|at| Some((*at, of(at).filter(|held| held.is_text())?.length))).collect();
    // The longest first; of two alike the later one, as titles come before bodies.
    texts.sort_by_key(|(at, length)| (std::cmp::Reverse(*length), std::cmp::Reverse(*at)));
    let mut roles = match texts.as_slice() {
        [] => Vec::new(),
        [(at, length)] => vec![(*at, if *length >= BODY { "body" } else { "title" })],
        [(body, _), (title, _), ..] => vec![(*title, "title"), (*body, "body")],
    };
    let first =
        |shape: Shape| free.iter().copied().find(|at| of(at).is_some_and(|held| held.is_mostly(shape)));
    roles.extend(first(Shape::Date).map(|at| (at, "date")));
    roles.extend(first(Shape::Address).map(|at| (at, "url")));
    roles.sort_unstable();
    roles
}
