//! Whether two alike texts are about different things: a payout of one company and that of another, the prices of two
//! days. Agencies write such reports in one form, so that their words hardly differ.
//!
//! Titles and bodies go in; a verdict comes out. No name is looked up: names are words that begin with a capital
//! letter. The numbers below were chosen on the 728 pairs of articles that [`Signature::alike`](super::Signature::alike)
//! folded among 19,043 stories of Reuters and 295 of Wikinews. Of the 76 pairs that the rule keeps apart, 73 are
//! different reports and 3 one report told twice, as reading them showed.

use crate::text::fold;
use chrono::{Month, Weekday};
use std::collections::HashSet;

/// The least share of the names of each text that the other lacks, from which the two are about different things.
const NAMES: f32 = 0.25;
/// The same for numbers.
const NUMBERS: f32 = 0.3;
/// Texts with more words than this are not compared by their numbers: a longer report is filed again with some figures more
/// or less.
const SHORT: usize = 120;
/// In texts of at most this many words a single number of each decides, in longer ones two.
const BRIEF: usize = 60;
/// The place and date at the head of a body end within this many bytes.
const DATELINE: usize = 60;

/// Whether two articles whose signatures are alike are about different things.
///
/// They differ where each has a name in its title and its body that the other does not have at all, or where the names
/// within their sentences or, in short texts, their numbers differ much. The date of a dateline and the names of months and days
/// do not count: they change when a report is sent again.
pub fn differ(a: &Words, b: &Words) -> bool {
    let titled = |of: &Words, other: &Words| {
        of.title.iter().any(|word| of.names.contains(word) && !other.all.contains(word))
    };
    if titled(a, b) && titled(b, a) {
        return true;
    }
    let (names_a, names_b) = (a.lacking(&a.within, b), b.lacking(&b.within, a));
    if share(names_a, &a.within).min(share(names_b, &b.within)) >= NAMES {
        return true;
    }
    let (numbers_a, numbers_b) = (a.lacking(&a.numbers, b), b.lacking(&b.numbers, a));
    let words = a.count.max(b.count);
    let least = if words <= BRIEF { 1 } else { 2 };
    words <= SHORT
        && numbers_a.min(numbers_b) >= least
        && share(numbers_a, &a.numbers).min(share(numbers_b, &b.numbers)) >= NUMBERS
}

fn share(lacking: usize, all: &HashSet<String>) -> f32 {
    lacking as f32 / all.len().max(1) as f32
}

/// The folded words of an article. They are read once for an article that is compared with several.
#[derive(Default)]
pub struct Words {
    /// Those of the title that are no numbers.
    title: HashSet<String>,
    /// Those of the body that begin with a capital letter.
    names: HashSet<String>,
    /// The same without those that open a sentence or stand in the dateline.
    within: HashSet<String>,
    /// The numbers of the body, without those of the dateline.
    numbers: HashSet<String>,
    all: HashSet<String>,
    /// How many words the body has after its dateline.
    count: usize,
}

impl Words {
    /// The words of a title and a body.
    pub fn of(title: &str, body: &str) -> Words {
        let mut words = Words::default();
        for (_, word) in tokens(title) {
            let folded = fold::fold(word);
            if !is_number(word) && !is_day(&folded) {
                words.title.insert(folded.clone());
            }
            words.all.insert(folded);
        }
        let head = dateline(body);
        for (at, word) in tokens(body) {
            let folded = fold::fold(word);
            words.count += usize::from(at >= head);
            if is_number(word) {
                if at >= head {
                    words.numbers.insert(folded.clone());
                }
            } else if word.chars().count() > 1 && word.starts_with(char::is_uppercase) && !is_day(&folded) {
                if at > head && !opens(body.get(..at).unwrap_or_default()) {
                    words.within.insert(folded.clone());
                }
                words.names.insert(folded.clone());
            }
            words.all.insert(folded);
        }
        words
    }

    /// How many of `some` the other article has nowhere.
    fn lacking(&self, some: &HashSet<String>, other: &Words) -> usize {
        some.iter().filter(|word| !other.all.contains(*word)).count()
    }
}

/// The words of a text with the byte at which each begins; a point, a comma or a stroke between letters or digits is part of
/// the word, as in `1,042,000`, `7-3/4` (two words) and `U.S`.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(char::is_alphanumeric)?;
        let mut end = start;
        let mut chars = text.get(start..)?.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let joins =
                matches!(c, '.' | ',' | '/') && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !c.is_alphanumeric() && !joins {
                break;
            }
            end = start + at + c.len_utf8();
        }
        rest = end;
        Some((start, text.get(start..end)?))
    })
}

fn is_number(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

/// Whether a folded word is the English name of a day of the week or of a month.
fn is_day(word: &str) -> bool {
    // Short forms are left out, because `sun` and `mar` are words and names of their own.
    (word.len() > 3 || word == "may") && (word.parse::<Weekday>().is_ok() || word.parse::<Month>().is_ok())
}

/// The byte at which the text begins after a dateline such as `OSLO, Jan 5 -`; 0 where there is none.
fn dateline(body: &str) -> usize {
    let line = body.lines().next().unwrap_or_default();
    let ends = [" - ", " — ", " – "].iter().filter_map(|dash| Some(line.find(dash)? + dash.len()));
    ends.min().filter(|end| *end <= DATELINE).unwrap_or(0)
}

/// Whether a word after `before` opens a sentence or a line.
fn opens(before: &str) -> bool {
    let quiet = |c: char| matches!(c, ' ' | '\t' | '"' | '\'' | '(' | '<' | '“' | '‘' | '«');
    let last = before.trim_end_matches(quiet).chars().next_back();
    matches!(last, None | Some('\n' | '.' | '!' | '?' | ':'))
}

#[cfg(test)]
mod tests {
    use super::{Words, differ};

    fn check(a: (&str, &str), b: (&str, &str), expected: bool) {
        let (one, other) = (Words::of(a.0, a.1), Words::of(b.0, b.1));
        assert_eq!(differ(&one, &other), expected, "{a:?} {b:?}");
        assert_eq!(differ(&other, &one), expected, "{b:?} {a:?}");
    }

    #[test]
    fn reports_of_two_companies_differ() {
        check(
            ("HOLM FISHERIES SETS PAYOUT", "Qtly div 12.5 cts vs 12.5 cts prior\nPay May 1\nRecord April 15"),
            (
                "TARN FOUNDRIES SETS QUARTERLY",
                "Qtly div 17.5 cts vs 17.5 cts prior\nPay April 30\nRecord April 15",
            ),
            true,
        );
        let prime = |name: &str| format!("{name} said it raised its prime rate to 8 pct, effective today.");
        let (holm, tarn) = (prime("Holm Savings Bank"), prime("Tarn Trust Co"));
        check(("HOLM BANK RAISES PRIME RATE", &holm), ("TARN TRUST RAISES PRIME RATE", &tarn), true);
        // Where the titles do not tell them apart, the names within the sentences do.
        let issue = |name: &str, bank: &str| {
            format!("OSLO, May 4 - The {name} issues a bond, lead manager {bank} said.")
        };
        let (holm, tarn) = (issue("Holm Bank", "Vik Brothers"), issue("Tarn Trust", "Sund and Sons"));
        check(("New bond", &holm), ("New bond", &tarn), true);
    }

    #[test]
    fn the_same_table_of_another_day_differs() {
        let lent = |day: &str, sum: &str| {
            format!(
                "OSLO, {day} - The central bank lent banks {sum} mln crowns for 3 days, the smallest sum this year."
            )
        };
        let (a, b) = (lent("March 3", "120"), lent("March 4", "340"));
        check(("CENTRAL BANK LENDS", &a), ("CENTRAL BANK LENDS", &b), true);
        // Sent again on the next day.
        let again = lent("March 4", "120");
        check(("CENTRAL BANK LENDS", &a), ("CENTRAL BANK LENDS", &again), false);
    }

    #[test]
    fn an_edited_copy_does_not() {
        let body = "OSLO, May 4 - Ada Obi said in Oslo on Monday that 3 of 12 boats of the Holm fleet stay ashore. Lev Sund disagreed.";
        let cut = "Oslo - Ada Obi said on Tuesday that 3 of 12 boats of the Holm fleet stay ashore.";
        check(("Boats stay ashore", body), ("HOLM BOATS STAY ASHORE, OBI SAYS", cut), false);
        check(("", body), ("", body), false);
        check(("", ""), ("", body), false);
    }

    #[test]
    fn figures_of_a_long_report_may_be_added() {
        let long = "The council met again and talked about the harbour. ".repeat(20);
        let (a, b) =
            (format!("{long} It costs 12 crowns, 5 more."), format!("{long} It costs 13 crowns, 6 more."));
        check(("Harbour", &a), ("Harbour", &b), false);
    }
}
