//! Draws the status line: the count, the filter as chips, what is under the cursor, and which keys can be
//! pressed. While a line is being typed, it takes the place of all these.
//!
//! Nothing is cut in the middle of what matters: a message makes the chips step back, then leaves out its last parts, and
//! what is still too long takes rows of its own above the status line. A failure leaves nothing out, because its last part
//! says what to do.

use super::Scene;
use super::pen::Pen;
use crate::app::help::Help;
use crate::app::layout::Area;
use crate::app::over::{Over, Prompt, PromptPurpose, SourceAsk};
use crate::app::sheet::Typing;
use crate::app::short::{self, Countries};
use crate::app::view::articles;
use crate::app::{Context, Downloading, Fetching, Loading, Refreshing};
use crate::article::link::size;
use crate::listing::{Count, Tally};
use crate::query::Filter;
use crate::text::{width, wrap};
use crate::theme::Part;

/// The fewest cells in which a chip says anything.
const SHORTEST_CHIP: u16 = 10;

impl Scene<'_> {
    /// Draws the status line; returns the column and row of the text cursor if a line is typed here.
    pub fn draw_status(self, area: Area, pen: &mut Pen<'_>) -> Option<(u16, u16)> {
        match self.app.over() {
            Over::Prompt(prompt) => return Some(self.draw_prompt(prompt, area, pen)),
            Over::Help(help) => return Some(self.draw_help_line(help, area, pen)),
            Over::Sheet(sheet) if sheet.typing == Typing::Yes => {
                return Some(self.draw_typed("/", &sheet.narrow, area, pen));
            }
            _ => {}
        }
        let end = area.x + area.width;
        let count = self.count();
        let mut x = area.x + pen.put(area.x, area.y, area.width, &count, Part::Count) + 1;
        let room = end.saturating_sub(x);
        if let Some(typed) = self.typed_so_far() {
            x += pen.put(x, area.y, room, &typed, Part::Prompt) + 2;
            if !self.draw_menu(Area { height: area.y, y: 0, ..area }, pen) {
                self.draw_hints(x, area.y, end.saturating_sub(x), pen);
            }
            return None;
        }
        if let Some(text) = self.status_text() {
            let text = self.beside_chips(&text, room);
            let cells = width::cells(text) as u16;
            if cells <= room {
                // The chips keep three fifths, or what a longer message leaves them.
                let left = room.saturating_sub(cells + 1);
                x = self.draw_chips(x, area.y, left.min(room * 3 / 5), pen);
                pen.put(x, area.y, end.saturating_sub(x), text, Part::Text);
                return None;
            }
            draw_above(text, area, pen);
        }
        x = self.draw_chips(x, area.y, room * 3 / 5, pen);
        // Of a text that would be cut, the row itself shows as much.
        let fits = |text: &String| width::cells(text) <= end.saturating_sub(x).into();
        if let Some(text) = self.row_in_words().filter(fits) {
            x += pen.put(x, area.y, end.saturating_sub(x), &text, Part::Text) + 2;
        }
        // It may go on for an hour: the hints stay beside it.
        if let Some(Refreshing { done, total }) = self.app.refreshing() {
            let text = format!("analysing again: {done} of {total} ");
            let room = end.saturating_sub(x);
            if width::cells(&text) <= room.into() {
                x += pen.put(x, area.y, room, &text, Part::Hint) + 1;
            }
        }
        // The card says more about the keys.
        if self.app.layout().card.is_none() {
            self.draw_hints(x, area.y, end.saturating_sub(x), pen);
        }
        None
    }

    /// Draws the line that filters the help, and the keys that work in it.
    fn draw_help_line(self, help: &Help, area: Area, pen: &mut Pen<'_>) -> (u16, u16) {
        let cursor = self.draw_typed("/", &help.line, Area { width: area.width.min(24), ..area }, pen);
        let x = area.x + area.width.min(26);
        self.draw_hints(x, area.y, (area.x + area.width).saturating_sub(x), pen);
        cursor
    }

    fn draw_prompt(self, prompt: &Prompt, area: Area, pen: &mut Pen<'_>) -> (u16, u16) {
        let note = match &prompt.purpose {
            PromptPurpose::Search { .. } => self.found(),
            PromptPurpose::Tag(ids) if ids.len() > 1 => format!("-tag untags; {} rows", ids.len()),
            PromptPurpose::Tag(_) => "-tag untags".to_owned(),
            PromptPurpose::Board(what) if what.len() > 1 => format!("Tab: boards; {} rows", what.len()),
            PromptPurpose::Board(_) => "Tab: boards; a new name makes one".to_owned(),
            PromptPurpose::Note(board, _) => format!("on {board}; \\n breaks the line"),
            PromptPurpose::RenameBoard(name) => format!("of {name}"),
            PromptPurpose::AddSource => "the address of a feed or a site".to_owned(),
            PromptPurpose::SaveSearch(query) => short::query(query),
            PromptPurpose::RenameSearch(name) => format!("of @{name}"),
            PromptPurpose::Narrow { .. } => "lists the names that fit".to_owned(),
            PromptPurpose::Source(SourceAsk::Name, name, _) => format!("of {name}"),
            PromptPurpose::Source(SourceAsk::Tags, ..) => "a b adds, -c removes".to_owned(),
            PromptPurpose::Source(SourceAsk::Every, ..) => "30m, 2h, 1d, usual".to_owned(),
            PromptPurpose::Source(SourceAsk::Keep, ..) => "26w, 500, 26w 500, always, usual".to_owned(),
            PromptPurpose::Source(SourceAsk::Remove, name, _) => format!("y stops following {name}"),
            PromptPurpose::Pipe(..) => "Tab: form; ! gives the terminal".to_owned(),
            PromptPurpose::Save(_) => "Tab completes; .txt .md .html .json".to_owned(),
            PromptPurpose::Replace(_, path) => format!("y replaces {path}"),
            PromptPurpose::RuleTag(_) => String::new(),
            PromptPurpose::Rule(query, _) => short::text(query),
            PromptPurpose::Quit => "y or Enter quits, any other key stays".to_owned(),
        };
        let (note, most) = match &prompt.hint {
            Some(hint) => (hint.clone(), area.width.saturating_sub(16)),
            None => (note, area.width / 2),
        };
        let note_width = (width::cells(&note) as u16).min(most);
        let line = Area { width: area.width - note_width - 1, ..area };
        match &prompt.hint {
            Some(hint) if width::cells(hint) > most.into() => draw_above(hint, area, pen),
            _ => self.draw_offers(prompt, area, pen),
        }
        // What the search is added to stays in sight, so that it is clear why nothing is found.
        let from = match &prompt.purpose {
            PromptPurpose::Search { base, .. } => {
                self.draw_conditions(base.chips(), line.x, line.y, line.width / 2, pen)
            }
            _ => line.x,
        };
        let line = Area { x: from, width: line.width.saturating_sub(from - line.x), ..line };
        let cursor = self.draw_typed(prompt.sign(), &prompt.line, line, pen);
        pen.put(line.x + line.width + 1, area.y, note_width, &note, Part::Hint);
        cursor
    }

    /// Draws the offers that would complete the word, in the row above.
    fn draw_offers(self, prompt: &Prompt, area: Area, pen: &mut Pen<'_>) {
        if prompt.offers.is_empty() || area.y == 0 {
            return;
        }
        let row = Area { y: area.y - 1, ..area };
        pen.clear(row);
        let mut x = row.x + pen.put(row.x, row.y, row.width, "Tab", Part::Key) + 1;
        for (at, offer) in prompt.offers.iter().enumerate() {
            let count = offer.count.map(|count| format!(" {count}")).unwrap_or_default();
            let text = format!("{}{count}", offer.label);
            let cells = width::cells(&text) as u16;
            if cells > row.width.saturating_sub(x) {
                break;
            }
            let part = if prompt.chosen == Some(at) { Part::Selected } else { Part::Hint };
            x += pen.put(x, row.y, cells, &text, part) + 2;
        }
    }

    /// The number of the selected row and the count of rows. The text has the same width for every row, so
    /// that a move in the list changes digits and shifts nothing.
    fn count(self) -> String {
        let view = self.app.view();
        let (at, total, over) = match view.is_articles() {
            true => {
                let list = self.app.list();
                match list.total() {
                    Count::Exactly(total) => (list.position(), total, ""),
                    Count::Over(total) => (list.position(), total, "+"),
                }
            }
            _ if view.is_empty() => (0, 0, ""),
            // There are probably more, which were not asked for.
            _ if view.is_limited() => {
                let first = grouped(view.len() as u64);
                let at = format!("{:>digits$}", view.scroll.at + 1, digits = first.len());
                return match view.total().map(grouped) {
                    None => format!("{at} of the first {first}"),
                    Some(total) if self.app.size().width < 100 => format!("{at}/{first} of {total}"),
                    Some(total) => format!("{at} of the first {first} of {total}"),
                };
            }
            _ => (view.scroll.at as u64 + 1, view.len() as u64, ""),
        };
        let total = total.to_string();
        format!("{at:>digits$}/{total}{over}", digits = total.len())
    }

    fn found(self) -> String {
        let list = self.app.list();
        if let Some(tally) = self.app.tally() {
            return tally.to_string();
        }
        // Until the articles are counted, the rows that are held say whether there are copies.
        let rows = |total| match list.held().iter().map(|row| u64::from(row.copies)).sum() {
            0 => articles(total),
            copies => Tally { articles: total + copies, stories: Some(total) }.short(),
        };
        match list.total() {
            Count::Exactly(total) => rows(total),
            Count::Over(total) => format!("over {}", rows(total)),
        }
    }

    /// Draws the conditions of the filter; returns the first column after them.
    fn draw_chips(self, x: u16, y: u16, room: u16, pen: &mut Pen<'_>) -> u16 {
        self.draw_conditions(self.app.query().chips(), x, y, room, pen)
    }

    fn draw_conditions(self, chips: &[Filter], mut x: u16, y: u16, room: u16, pen: &mut Pen<'_>) -> u16 {
        let end = x + room;
        for (at, chip) in chips.iter().enumerate() {
            let left = end.saturating_sub(x);
            let rest = chips.len() - at - 1;
            let more = if rest > 0 { format!("+{rest} ").len() as u16 } else { 0 };
            let text = chip_text(chip, left.saturating_sub(more));
            let cells = width::cells(&text) as u16 + 2;
            if cells + more > left && left < SHORTEST_CHIP + more {
                let more = format!("+{}", rest + 1);
                return match usize::from(left) >= more.len() {
                    true => x + pen.put(x, y, left, &more, Part::Hint) + 1,
                    false => x,
                };
            }
            let part = if matches!(chip, Filter::Not(_)) { Part::ChipNot } else { Part::Chip };
            let inside =
                width::clip(&text, (left - more).saturating_sub(2).into(), self.theme.glyphs.ellipsis());
            x += pen.put(x, y, left, &format!("[{inside}]"), part) + 1;
        }
        x
    }

    /// The message, without as many of its last parts as are needed for it to fit in `room` cells: beside all the chips, or
    /// else alone.
    fn beside_chips(self, text: &str, room: u16) -> &str {
        if is_failure(text) {
            return text;
        }
        let chips: usize =
            self.app.query().chips().iter().map(|chip| width::cells(&chip_text(chip, u16::MAX)) + 3).sum();
        let chips = u16::try_from(chips).unwrap_or(u16::MAX);
        let beside = shortened(text, room.saturating_sub(chips));
        match chips <= room * 3 / 5 && width::cells(beside) <= room.saturating_sub(chips).into() {
            true => beside,
            false => shortened(text, room),
        }
    }

    /// The keys of an incomplete sequence.
    fn typed_so_far(self) -> Option<String> {
        let keys: Vec<String> = self.keyboard.pending().iter().map(ToString::to_string).collect();
        let count = self.keyboard.count().map(|count| count.to_string());
        if keys.is_empty() && count.is_none() {
            return None;
        }
        Some(format!("{}{}", count.unwrap_or_default(), keys.join("")))
    }

    /// What the row of a view says.
    fn row_in_words(self) -> Option<String> {
        let view = self.app.view();
        let here = matches!(self.app.over(), Over::Nothing) && self.app.pane_context() == Context::List;
        view.words(view.scroll.at).filter(|_| here)
    }

    /// A text that takes precedence over the hints: a notice, what is under the cursor, or progress.
    fn status_text(self) -> Option<String> {
        if let Some(notice) = self.app.notice() {
            return Some(notice.to_owned());
        }
        if !matches!(self.app.over(), Over::Nothing) {
            return None;
        }
        if let Some(failed) = self.app.failed().filter(|_| self.app.view().is_articles()) {
            return Some(failed.to_owned());
        }
        if let Some(under) = self.app.reader().under().filter(|_| self.app.is_on_text()) {
            return Some(under.in_words());
        }
        if let Some(underway) = self.app.full_text_underway() {
            return Some(underway);
        }
        if let Some(fetching) = self.app.fetching() {
            let Fetching { done, total, new, failed } = fetching;
            if total == 0 {
                return Some("fetching".to_owned());
            }
            let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
            return Some(format!("fetching: {done} of {total}, {new} new{failed}"));
        }
        if let Some(downloading) = self.app.downloading() {
            return Some(download_line(downloading));
        }
        let progress = self.app.progress();
        if progress.state == Loading::Underway {
            return Some(format!("reading: {} articles, files: {}", progress.articles, progress.files));
        }
        None
    }
}

/// `downloading talk.mp3 [####------] 17 MB of 43 MB`.
fn download_line(downloading: &Downloading) -> String {
    const BAR: u64 = 10;
    const NAME: usize = 30;
    let Downloading { name, done, total, waiting } = downloading;
    let short = width::clip(name, NAME, "…");
    let progress = match total {
        Some(total @ 1..) => {
            let filled = usize::try_from((done.saturating_mul(BAR) / total).min(BAR)).unwrap_or(0);
            let (full, rest) = ("#".repeat(filled), "-".repeat(BAR as usize - filled));
            format!("[{full}{rest}] {} of {}", size(*done), size(*total))
        }
        _ => size(*done),
    };
    let more = if *waiting > 0 { format!(", {waiting} more") } else { String::new() };
    format!("downloading {short} {progress}{more}; D stops it")
}

/// The message without as many of its last parts, which follow a semicolon, as are needed for it to fit in `room` cells. The
/// first part says what has happened; the others say what can be done about it.
fn shortened(text: &str, room: u16) -> &str {
    let fits = |part: &&str| width::cells(part) <= room.into();
    let ends = text.rmatch_indices("; ").map(|(at, _)| at);
    let parts = std::iter::once(text.len()).chain(ends).filter_map(|end| text.get(..end));
    parts.into_iter().find(fits).unwrap_or(text)
}

/// Whether the message says that something could not be done: by the words with which all of these begin.
fn is_failure(text: &str) -> bool {
    ["could not", "refused"].iter().any(|start| text.starts_with(start))
}

/// Draws a message that is longer than the status line into the rows above it.
fn draw_above(text: &str, area: Area, pen: &mut Pen<'_>) {
    let width = area.width.saturating_sub(2);
    let lines = wrap::lines(text, width.into()).len() as u16;
    let height = lines.min(area.y / 2);
    let rows = Area { y: area.y - height, height, ..area };
    pen.clear(rows);
    pen.paragraph(Area { x: area.x + 1, width, ..rows }, text);
}

/// A number with commas between its thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A condition as it is shown in `room` cells, with its brackets: with the names of countries where they fit.
fn chip_text(chip: &Filter, room: u16) -> String {
    let named = short::condition(chip, Countries::Named);
    match width::cells(&named) + 2 <= room.into() {
        true => named,
        false => short::condition(chip, Countries::Coded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_leaves_out_whole_parts() {
        let text = "12 articles marked as read; U undoes it; W lists 3 problems";
        let check = |room, expected| assert_eq!(shortened(text, room), expected);
        check(80, text);
        check(58, "12 articles marked as read; U undoes it");
        check(38, "12 articles marked as read");
        check(9, text);
    }

    #[test]
    fn a_download_has_a_bar() {
        let line = |done, total, waiting| {
            download_line(&Downloading { name: "talk.mp3".to_owned(), done, total, waiting })
        };
        assert_eq!(
            line(17_000_000, Some(43_000_000), 0),
            "downloading talk.mp3 [###-------] 17 MB of 43 MB; D stops it"
        );
        assert_eq!(line(900, None, 2), "downloading talk.mp3 900 bytes, 2 more; D stops it");
        assert_eq!(line(5_000, Some(5_000), 0), "downloading talk.mp3 [##########] 5 kB of 5 kB; D stops it");
    }

    #[test]
    fn thousands_are_grouped() {
        let check = |number, expected: &str| assert_eq!(grouped(number), expected);
        check(7, "7");
        check(999, "999");
        check(1000, "1,000");
        check(1_234_567, "1,234,567");
    }
}
