//! Lines to paragraphs: the lines of a body that was wrapped, by hand or by the machine of a news wire, are joined. Other
//! bodies keep their line breaks, and tables and lists keep their lines in either case.
//!
//! In comes scrubbed text (see `text::clean`), whose only line break is the line feed. Out come the same words, with one
//! paragraph on each line. Nothing here knows where the text comes from.

use std::borrow::Cow;

/// The columns at which texts are wrapped, in characters. Narrower lines are verse or a list, wider ones are paragraphs.
const WIDTHS: std::ops::RangeInclusive<usize> = 32..=132;
/// The share of the breaks that the width must have forced, in hundredths.
const FORCED: usize = 55;
/// The part of the width (one in so many) by which a full line may fall short: old wires justify by hand.
const SLACK: usize = 12;
/// The share of the broken lines that must end within a sentence, in hundredths.
const OPEN_ENDED: usize = 45;

/// The longest line next to the rows of a table that is taken as a part of it, in characters.
const LABEL_CAP: usize = 40;

/// The text with one paragraph on each line. Blank lines are kept.
pub(super) fn join(text: &str) -> Cow<'_, str> {
    let lines: Vec<Line> = text.split('\n').map(Line::new).collect();
    let indented = lines.iter().any(|line| line.indent > 0);
    match wrapping(&lines) {
        Some(width) => Cow::Owned(unwrap(&lines, width)),
        None if indented => Cow::Owned(outdent(&lines)),
        None => Cow::Borrowed(text),
    }
}

#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    /// The line without the blanks at its ends.
    text: &'a str,
    /// The number of blanks before the text, in characters.
    indent: usize,
    /// The length of `text`, in characters.
    width: usize,
    /// Whether it is a row of a table, with columns separated by blanks.
    row: bool,
}

impl<'a> Line<'a> {
    fn new(raw: &'a str) -> Line<'a> {
        let text = raw.trim();
        let indent = raw.chars().take_while(|c| c.is_whitespace()).count();
        Line { text, indent, width: text.chars().count(), row: is_row(text) }
    }

    fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether its last character ends a sentence, or another unit that is complete.
    fn is_closed(&self) -> bool {
        let end = self.text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»']);
        end.ends_with(['.', '!', '?', ':', ';', '…', '。', '！', '？'])
            || end.len() < self.text.len() && end.is_empty()
    }

    fn is_bullet(&self) -> bool {
        let mut chars = self.text.chars();
        let numbered = self.text.trim_start_matches(|c: char| c.is_ascii_digit());
        match chars.next() {
            Some('•' | '◦' | '▪' | '●' | '‣' | '*' | '-' | '–' | '—') => {
                chars.next() == Some(' ')
            }
            Some('0'..='9') => self.text.len() - numbered.len() < 3 && numbered.starts_with([')', '.']),
            _ => false,
        }
    }

    fn starts_lower(&self) -> bool {
        self.text.starts_with(char::is_lowercase)
    }

    fn first_word(&self) -> usize {
        self.text.chars().take_while(|c| !c.is_whitespace()).count()
    }
}

/// Whether a line has columns: separated by three blanks, or twice by two, other than those after a full stop.
fn is_row(text: &str) -> bool {
    let mut gaps = 0;
    let mut before = ' ';
    let mut blanks = 0;
    for c in text.chars() {
        if c == ' ' {
            blanks += 1;
            continue;
        }
        if blanks >= 3 && before != '.' {
            return true;
        }
        gaps += usize::from(blanks == 2 && !matches!(before, '.' | '?' | '!' | '"' | '”' | ':'));
        blanks = 0;
        before = c;
    }
    gaps > 1
}

/// The smallest indent of the lines after the first. A line that is indented further begins a paragraph.
fn base_indent(lines: &[Line]) -> usize {
    let full = lines.iter().filter(|line| !line.is_blank());
    full.skip(1).map(|line| line.indent).min().unwrap_or(0)
}

/// The breaks that wrapping may have made: both lines are prose, and the second does not begin a paragraph.
fn breaks<'a, 'b>(
    lines: &'b [Line<'a>],
    base: usize,
) -> impl Iterator<Item = (&'b Line<'a>, &'b Line<'a>)> + Clone {
    lines.windows(2).filter_map(move |pair| match pair {
        [line, next] if !line.is_blank() && !next.is_blank() && next.indent <= base => {
            (!line.row && !next.row && !next.is_bullet()).then_some((line, next))
        }
        _ => None,
    })
}

/// The width at which the text was wrapped, in characters; `None` if it was not.
fn wrapping(lines: &[Line]) -> Option<usize> {
    let base = base_indent(lines);
    let breaks = breaks(lines, base);
    let mut widths: Vec<usize> = breaks.clone().map(|(line, _)| line.width).collect();
    if widths.is_empty() {
        return None;
    }
    widths.sort_unstable();
    // The widest line does not count, as it may hold an address that could not be broken.
    let width = *widths.get((widths.len() * 9 / 10).min(widths.len() - 1))?;
    if !WIDTHS.contains(&width) {
        return None;
    }
    let count = widths.len();
    let tally =
        |of: fn(&Line, &Line, usize) -> bool| breaks.clone().filter(|(a, b)| of(a, b, width)).count() * 100;
    let forced = tally(|line, next, width| line.width + 1 + next.first_word() + width / SLACK >= width);
    let open = tally(|line, _, _| !line.is_closed());
    let lower = tally(|_, next, _| next.starts_lower());
    // A few lines prove little: they must continue in lower case, or be long and not end a sentence.
    let indents = lines.iter().any(|line| !line.row && line.indent > base + 1);
    let likely = lower >= count * 30
        || (indents || count >= 4) && width >= 50 && open >= count * 80 && forced >= count * 80
        || count >= 8 && forced >= count * 85;
    (forced >= count * FORCED && open >= count * OPEN_ENDED && likely).then_some(width)
}

/// Removes the indents of paragraphs, but not those of tables.
fn outdent(lines: &[Line]) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        push_line(&mut out, line, lines.get(at.wrapping_sub(1)), lines.get(at + 1));
    }
    out
}

/// Appends a line that is not joined to others, with its indent if it belongs to a table.
fn push_line(out: &mut String, line: &Line, before: Option<&Line>, after: Option<&Line>) {
    // A short line next to rows is their heading or label.
    let label = line.width <= LABEL_CAP && [before, after].into_iter().flatten().any(|near| near.row);
    let of_table = line.row || label;
    if of_table {
        out.extend(std::iter::repeat_n(' ', line.indent));
    }
    out.push_str(line.text);
}

fn unwrap(lines: &[Line], width: usize) -> String {
    let base = base_indent(lines);
    let by_indent = lines.iter().any(|line| !line.is_blank() && !line.row && line.indent > base + 1);
    let mut out = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    let mut previous: Option<&Line> = None;
    let mut blanks = 0;
    // The number of lines in the paragraph so far.
    let mut count = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.is_blank() {
            blanks += 1;
            continue;
        }
        let joins = match previous {
            Some(previous) if blanks == 0 => {
                let ends = if by_indent { false } else { ends_paragraph(previous, line, width, count) };
                line.indent <= base && !line.row && !previous.row && !starts_item(previous, line) && !ends
            }
            _ => false,
        };
        if joins {
            glue(&mut out, line);
            count += 1;
        } else {
            if previous.is_some() {
                out.push_str(if blanks > 0 { "\n\n" } else { "\n" });
            }
            push_line(&mut out, line, at.checked_sub(1).and_then(|at| lines.get(at)), lines.get(at + 1));
            count = 1;
        }
        (previous, blanks) = (Some(line), 0);
    }
    out
}

/// Whether `line` is an item of a list, and not the rest of a sentence that happens to begin with a dash.
fn starts_item(previous: &Line, line: &Line) -> bool {
    line.is_bullet() && (previous.is_closed() || previous.is_bullet())
}

/// Whether a paragraph of `count` lines ends with `line`, although no blank line and no indent shows it: the line leaves
/// room for the next word, and both lines look like the edges of paragraphs.
fn ends_paragraph(line: &Line, next: &Line, width: usize, count: usize) -> bool {
    let room = width.saturating_sub(line.width + 1 + next.first_word());
    let opens = !next.starts_lower() && !next.text.starts_with([',', ')']);
    let heading = count == 1
        && line.width * 2 < width
        && !line.text.ends_with(',')
        && next.text.starts_with(char::is_uppercase);
    opens && (room > 0 && line.is_closed() && room >= width / 10 || heading)
}

/// Appends a line to its paragraph. A hyphen at the end of the line before joins two parts of a word. It is kept, as
/// nothing shows whether it was there before the text was wrapped.
fn glue(out: &mut String, line: &Line) {
    let mut back = out.chars().rev();
    let hyphenated = back.next() == Some('-') && back.next().is_some_and(char::is_alphanumeric);
    let suspended = ["and ", "or ", "to "].iter().any(|word| line.text.starts_with(word));
    let wide =
        |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}'));
    let both_wide = wide(out.chars().next_back()) && wide(line.text.chars().next());
    if !(hyphenated && !suspended && line.text.starts_with(char::is_alphanumeric) || both_wide) {
        out.push(' ');
    }
    out.push_str(line.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(join(text), expected);
    }

    #[test]
    fn whole_paragraphs_stay() {
        for text in [
            "",
            "One line.",
            "The first paragraph ends here.\nThe second one is longer than the first, by a few words.\nThird.",
            "One.\n\nTwo.\n\nThree.",
            "Roses are red,\nviolets are blue",
            "Ana Petrova\nJon Okafor\nLi Wei\nMaria Lopez",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_wire_is_joined_by_its_indents() {
        check(
            "PORT ANNA, Feb 26 - Showers went on throughout the week in the\n\
             river zone, and ended the drought that began in early January,\n\
             though normal levels have not been restored.\n    \
             The dry period means that the harvest will be late this year.\n    \
             Arrivals for the week that ended on Sunday were 155,221 bags\n\
             of 60 kilos, which makes a total for the season of 5.93 mln.",
            "PORT ANNA, Feb 26 - Showers went on throughout the week in the river zone, and ended the drought that \
             began in early January, though normal levels have not been restored.\n\
             The dry period means that the harvest will be late this year.\n\
             Arrivals for the week that ended on Sunday were 155,221 bags of 60 kilos, which makes a total for the \
             season of 5.93 mln.",
        );
    }

    #[test]
    fn short_items_stand_between_wrapped_notes() {
        check(
            "PORT ANNA, March 18 - Shr 1.27 dlrs vs two cts\n    Net 18.8 mln vs 357,000\n    Revs 126.0 mln\n    \
             NOTE: the net of both periods includes a gain of 15.0 mln from\nsale of real estate.",
            "PORT ANNA, March 18 - Shr 1.27 dlrs vs two cts\nNet 18.8 mln vs 357,000\nRevs 126.0 mln\n\
             NOTE: the net of both periods includes a gain of 15.0 mln from sale of real estate.",
        );
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        check(
            "The council met on Monday evening to talk about the bridge that\n\
             fell into the river in the spring of the last year.\n\n\
             Nobody was hurt, but the town has since been cut in two, and the\n\
             ferry runs only twice a day.",
            "The council met on Monday evening to talk about the bridge that fell into the river in the spring of the \
             last year.\n\nNobody was hurt, but the town has since been cut in two, and the ferry runs only twice a day.",
        );
    }

    #[test]
    fn a_short_last_line_parts_paragraphs() {
        check(
            "The council met on Monday evening to talk about the bridge that\n\
             fell into the river.\n\
             Nobody was hurt, but the town has since been cut in two, and the\n\
             ferry runs only twice a day, says the mayor of the town, who has\n\
             lost much weight.",
            "The council met on Monday evening to talk about the bridge that fell into the river.\n\
             Nobody was hurt, but the town has since been cut in two, and the ferry runs only twice a day, says the \
             mayor of the town, who has lost much weight.",
        );
    }

    #[test]
    fn tables_and_lists_keep_their_lines() {
        let table = "            Feb     Jan\n Wheat   2.55    2.40\n Corn    1.35    1.92";
        check(
            &format!(
                "The department gave the average price through the week as in the\n\
                 table below, in dollars a bushel:\n{table}\n    \
                 The figures will be revised when the last of the states have sent\n\
                 what they have."
            ),
            &format!(
                "The department gave the average price through the week as in the table below, in dollars a bushel:\n\
                 {table}\nThe figures will be revised when the last of the states have sent what they have."
            ),
        );
        check(
            "The council will do three things before the summer is over and\n\
             the tourists go home:\n- mend the bridge\n- hire a second ferry\n- write to the capital",
            "The council will do three things before the summer is over and the tourists go home:\n\
             - mend the bridge\n- hire a second ferry\n- write to the capital",
        );
    }

    #[test]
    fn hyphens_at_line_ends() {
        check(
            "The company said that it would build the plant for its second long-\n\
             term contract, and pay for it with two- and three-year notes, three-\n\
             and five-year bonds, and whatever the bank - a new one - would lend.",
            "The company said that it would build the plant for its second long-term contract, and pay for it with \
             two- and three-year notes, three- and five-year bonds, and whatever the bank - a new one - would lend.",
        );
    }

    #[test]
    fn indents_of_whole_paragraphs_go() {
        check("One.\n   Two goes on.\n   Three.", "One.\nTwo goes on.\nThree.");
    }

    proptest::proptest! {
        #[test]
        fn words_stay(text in "([a-z]{1,9}|[A-Z][a-z]{1,9}|-|[.,]|\n| |\n\n|    |[0-9]{1,3}){0,80}") {
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(letters(&join(&text)), letters(&text));
        }
    }
}
