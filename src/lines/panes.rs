//! Reports what is new in the focused pane: rows with their numbers, the article, the names.

use super::article::{article, place};
use super::{PAGE, Seen, Teller};
use crate::annotation::Kind;
use crate::app::facets::{FacetLine, plural};
use crate::app::short;
use crate::app::view::articles;
use crate::app::view::names::words;
use crate::app::{Action, App, Context, InFilter, Loading};
use crate::article::day_or_undated;
use crate::listing::{Count, FacetKind, Row};

impl Teller {
    pub(super) fn tell_panes(&mut self, app: &App, action: Option<Action>, now: &Seen) -> Vec<String> {
        let narrowed = self.seen.as_ref().is_none_or(|seen| seen.query != now.query);
        match now.context {
            Context::Reader => {
                let mut lines = if narrowed { vec![heading(app)] } else { Vec::new() };
                lines.extend(self.tell_reader(app, action, now));
                lines
            }
            Context::Facets => self.tell_facets(app, action, now),
            _ if app.is_below() => self.tell_below(app, action, now),
            _ if now.search.is_some() => self.tell_search(app, now),
            _ => self.tell_list(app, action, now, narrowed),
        }
    }

    fn came_from(&self, context: Context) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.context == context)
    }

    fn tell_list(&mut self, app: &App, action: Option<Action>, now: &Seen, narrowed: bool) -> Vec<String> {
        let other = self.seen.as_ref().is_none_or(|seen| seen.view != now.view || seen.board != now.board);
        let anew = narrowed || other || wants_heading(action);
        let moved =
            self.seen.as_ref().is_some_and(|seen| seen.selected != now.selected || seen.row != now.row);
        let page = anew || !self.came_from(Context::List) || (moved && is_far(action));
        let marked = self.seen.as_ref().is_some_and(|seen| seen.marks != now.marks);
        let out_of_searches = self.seen.as_ref().is_some_and(|seen| seen.search.is_some());
        let mut lines = Vec::new();
        if anew {
            self.numbered.clear();
            lines.push(heading(app));
        }
        let count = match (page, moved || marked || out_of_searches) {
            (true, _) => PAGE,
            (false, true) => 1,
            (false, false) => return lines,
        };
        match (app.view().is_articles(), anew) {
            (true, true) => lines.extend(self.tell_rows(app, app.list().with_selected(count))),
            (true, false) => lines.extend(self.tell_rows(app, app.list().rows_from_selected(count))),
            (false, _) => lines.extend(view_rows(app, count)),
        }
        lines
    }

    /// Lists rows with their numbers, and says which one is selected if it is not the first.
    fn tell_rows(&mut self, app: &App, (first, rows): (u64, &[Row])) -> Vec<String> {
        let list = app.list();
        let mut lines = Vec::new();
        for (number, row) in (first..).zip(rows) {
            self.numbered.insert(number, row.key);
            lines.push(row_in_words(number, row));
        }
        if list.position() > first {
            lines.push(format!("You are at number {}.", list.position()));
        }
        if lines.is_empty() && list.is_known_empty() && app.query().filter.is_everything() {
            lines.push(app.empty_hint().to_owned());
        }
        lines
    }

    /// Lists the lines below the rows of a view when they are entered, and from then on the line that is gone to.
    fn tell_below(&self, app: &App, action: Option<Action>, now: &Seen) -> Vec<String> {
        let Some(below) = &app.view().below else { return vec!["There is nothing below.".to_owned()] };
        let seen = self.seen.as_ref().and_then(|seen| seen.below.as_ref());
        let other = seen.map(|(title, _)| title) != now.below.as_ref().map(|(title, _)| title);
        let count = match other || is_far(action) || action == Some(Action::Redraw) {
            true => PAGE,
            false if seen == now.below.as_ref() => return Vec::new(),
            false => 1,
        };
        let lines = below.lines().iter().zip(1..).skip(below.scroll.at).take(count);
        let lines = lines.map(|(line, number)| format!("{number}. {}", line.words));
        other.then(|| format!("{}:", below.title)).into_iter().chain(lines).collect()
    }

    fn tell_search(&self, app: &App, now: &Seen) -> Vec<String> {
        let same = self.seen.as_ref().is_some_and(|seen| seen.search == now.search);
        let Some(search) = app.searches().selected().filter(|_| !same) else { return Vec::new() };
        let unread = search.unread.map(|unread| format!(", {unread} unread")).unwrap_or_default();
        vec![format!("Saved search @{}{unread}: {}", search.name, short::text(&search.text))]
    }

    fn tell_reader(&mut self, app: &App, action: Option<Action>, now: &Seen) -> Vec<String> {
        let Some(shown) = app.reader().shown() else { return vec!["There is no article.".to_owned()] };
        let seen = self.seen.as_ref();
        let other = seen.is_none_or(|seen| seen.article != now.article || seen.context != Context::Reader);
        let again = matches!(action, Some(Action::Redraw | Action::Top))
            || seen.is_some_and(|seen| seen.lit != now.lit);
        if other || again {
            return article(app, shown);
        }
        let changed = |is: &dyn Fn(&Seen) -> bool| seen.is_some_and(is);
        if let (true, Some(under)) = (changed(&|seen| seen.landmark != now.landmark), app.reader().under()) {
            return place(shown, &under);
        }
        if changed(&|seen| seen.top != now.top) {
            let count = if matches!(action, Some(Action::Down | Action::Up)) { 1 } else { usize::MAX };
            let lines = shown.visible(app.reader().look().height).iter().take(count);
            return lines.map(|line| shown.text_of(*line)).collect();
        }
        if changed(&|seen| seen.marks != now.marks) {
            let stored = &shown.stored;
            let read = if stored.read { "read" } else { "unread" };
            let starred = if stored.starred { ", starred" } else { "" };
            let tags: String = stored.tags.iter().map(|tag| format!(", #{tag}")).collect();
            return vec![format!("This article is {read}{starred}{tags}.")];
        }
        Vec::new()
    }

    fn tell_facets(&self, app: &App, action: Option<Action>, now: &Seen) -> Vec<String> {
        let seen = self.seen.as_ref();
        let entered = !self.came_from(Context::Facets);
        let narrowed = seen.is_some_and(|seen| seen.query != now.query);
        let moved = seen.is_some_and(|seen| seen.facet != now.facet);
        let facets = app.facets();
        let mut lines = if narrowed { vec![heading(app)] } else { Vec::new() };
        if facets.is_empty() {
            lines.push("There are no names in this list.".to_owned());
            return lines;
        }
        let section = matches!(action, Some(Action::SectionNext | Action::SectionPrevious)) && moved;
        if entered || section || (moved && is_far(action)) || action == Some(Action::Redraw) {
            let seen = (1..).zip(facets.visible(PAGE + 1));
            lines.extend(seen.filter_map(|(number, line)| {
                let words = facet_in_words(app, *line)?;
                Some(if matches!(line, FacetLine::Heading(_)) { words } else { format!("{number}. {words}") })
            }));
        }
        if let Some(line) = facets.line().filter(|_| entered || moved || narrowed) {
            lines.extend(facet_in_words(app, line).map(|words| format!("Here: {words}")));
        }
        lines
    }
}

/// Whether an action moves further than one row, so that a whole page is reported.
fn is_far(action: Option<Action>) -> bool {
    use Action as A;
    matches!(
        action,
        Some(
            A::PageDown | A::PageUp | A::HalfDown | A::HalfUp | A::Top | A::Bottom | A::Back | A::FilterDrop
        )
    )
}

/// Whether an action makes the list be reported from its heading on.
fn wants_heading(action: Option<Action>) -> bool {
    use Action as A;
    matches!(action, Some(A::View(_) | A::Redraw | A::Search | A::EditFilter))
        || matches!(action, Some(A::MarkAllRead | A::Undo | A::Redo))
}

/// The number of articles or rows, and the filter that they match.
pub fn heading(app: &App) -> String {
    let filter = short::query(app.query());
    let of = if filter.is_empty() { String::new() } else { format!(" for {filter}") };
    let so_far = if app.progress().state == Loading::Underway { " so far" } else { "" };
    let tally = app.tally().map(|tally| tally.to_string());
    let count = match (app.view().is_articles(), app.list().total()) {
        (true, _) if tally.is_some() => tally.unwrap_or_default(),
        (true, Count::Exactly(total)) => articles(total),
        (true, Count::Over(total)) => format!("over {total} articles"),
        (false, _) => format!("{}: {}", app.view().title(), app.view().len()),
    };
    format!("{count}{so_far}{of}. Type ? for help.")
}

fn row_in_words(number: u64, row: &Row) -> String {
    let read = if row.read { "read" } else { "unread" };
    let starred = if row.starred { ", starred" } else { "" };
    let copies = match row.copies {
        0 => String::new(),
        1 => ", and 1 copy".to_owned(),
        copies => format!(", and {copies} copies"),
    };
    let title = if row.title.is_empty() { "without a title" } else { &row.title };
    let date = day_or_undated(row.key.date());
    format!("{number}. {title} ({}, {date}, {read}{starred}{copies})", row.source)
}

/// Up to `count` rows of a view, from the one under the cursor on.
fn view_rows(app: &App, count: usize) -> Vec<String> {
    let view = app.view();
    let at = view.scroll.at;
    let lines: Vec<String> = (at..view.len()).take(count).filter_map(|at| view.words(at)).collect();
    if lines.is_empty() {
        return vec!["None.".to_owned()];
    }
    (at + 1..).zip(lines).map(|(number, line)| format!("{number}. {line}")).collect()
}

/// One line of the names, and how the filter uses it.
fn facet_in_words(app: &App, line: FacetLine) -> Option<String> {
    Some(match line {
        FacetLine::Heading(kind) => {
            let closed = if app.facets().is_folded(kind) { "; } opens them" } else { ":" };
            format!("{}{closed}", plural(kind))
        }
        FacetLine::Name(kind, at) => {
            let facet = app.facets().facet(kind, at)?;
            let state = match app.in_filter(kind, &facet.value) {
                InFilter::Required => ", required",
                InFilter::Excluded => ", excluded",
                InFilter::Free => "",
            };
            format!("{}, {}{state}", words(facet), kind_in_words(kind))
        }
        FacetLine::More(_, count) => format!("{count} more: Enter lists them"),
    })
}

fn kind_in_words(kind: FacetKind) -> &'static str {
    match kind {
        FacetKind::Entity(Kind::Person) => "person",
        FacetKind::Entity(Kind::Country) => "country",
        FacetKind::Entity(Kind::Org) => "organisation",
        FacetKind::Entity(Kind::Place) => "place",
        FacetKind::Source => "source",
        FacetKind::Tag => "tag",
        FacetKind::Language => "language",
    }
}
