//! Texts of strangers in the cells of tables, so that no spreadsheet takes them for formulas.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, which can start programs and send the
//! other cells to strangers. An apostrophe before it makes it a text, as OWASP advises ("CSV Injection"). [`bare`] undoes
//! what [`inert`] does, exactly.

use std::borrow::Cow;

/// `text` with an apostrophe wherever a cell may begin and would be a formula: at the start, and after a semicolon, a tab or
/// a line break, which divide cells where a spreadsheet is set to another country or does not know quotation marks.
///
/// Nothing is lost: [`bare`] removes one apostrophe wherever one stands in such a place before a formula, and has the text again,
/// because a text that has apostrophes there already gets one more.
pub fn inert(text: &str) -> Cow<'_, str> {
    let starts = std::iter::once(0).chain(text.match_indices(divides).map(|(at, c)| at + c.len()));
    let mut places = starts.filter(|at| is_live(text, *at)).peekable();
    if places.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut done = 0;
    for at in places {
        out.push_str(&text[done..at]);
        out.push('\'');
        done = at;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The text that [`inert`] was given: without one apostrophe wherever one stands where a cell may begin, before a formula.
/// Linear.
pub fn bare(text: &str) -> Cow<'_, str> {
    let starts = std::iter::once(0).chain(text.match_indices(divides).map(|(at, c)| at + c.len()));
    let added = |at: &usize| {
        text.get(*at..)
            .and_then(|cell| cell.strip_prefix('\''))
            .is_some_and(|cell| begins_live(cell, *at == 0))
    };
    let mut places = starts.filter(added).peekable();
    if places.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for at in places {
        out.push_str(text.get(done..at).unwrap_or_default());
        done = at + 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

fn divides(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n')
}

/// Whether the cell that may begin at byte `at` would be a formula: whether it begins with one of the characters that OWASP
/// lists, or with another form of it that spreadsheets read alike, after quotation marks and blanks, which they may drop. OWASP
/// lists a tab and a line break at the start of a text as well.
fn is_live(text: &str, at: usize) -> bool {
    begins_live(&text[at..], at == 0)
}

/// The same of the text of the cell, which is the start of the whole text or not.
fn begins_live(cell: &str, first: bool) -> bool {
    let dropped = |c: char| matches!(c, '"' | '\'') || c.is_whitespace() && !divides(c);
    let start = cell.trim_start_matches(dropped).chars().next();
    start.is_some_and(|c| {
        matches!(c, '=' | '+' | '-' | '@')
            || matches!(c, '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '⁼' | '⁺' | '⁻' | '−')
            || first && matches!(c, '\t' | '\r' | '\n')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula() {
        let check = |text: &str, expected: &str| {
            assert_eq!(inert(text), expected);
            assert_eq!(bare(expected), text);
        };
        check("Gas prices rise", "Gas prices rise");
        check("2 = 1 + 1", "2 = 1 + 1");
        check("", "");
        check("=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0");
        check("+1", "'+1");
        check("-5 degrees in Oslo", "'-5 degrees in Oslo");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t'=1");
        check(" \"=1", "' \"=1");
        check("'=1", "''=1");
        check("'quoted'", "'quoted'");
        check("＝1", "'＝1");
        check("\u{a0}－1", "'\u{a0}－1");
        check("a;=1;b; @c", "a;'=1;b;' @c");
        check("a\n-1\r\n+2", "a\n'-1\r\n'+2");
        check("a,=1", "a,=1");
    }
}
