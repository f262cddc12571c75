//! Breaks a text into lines of limited width.
//!
//! In: a clean text and a width in cells. Out: lines as byte spans into that text, with one empty line between
//! paragraphs. Where empty lines divide the text, they divide paragraphs, and a single line feed is a line break, as in
//! verse and code, whose indents are kept; else each line is a paragraph.
//! The `textwrap` crate finds the break opportunities by the Unicode line breaking algorithm, so that CJK
//! text breaks between characters. A word longer than a line is cut between grapheme clusters.

use super::Span;
use super::width;
use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;

/// One line on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The bytes shown, half-open, without the white space at which the line was broken. The span is empty
    /// for the line between two paragraphs.
    pub span: Span,
}

/// Breaks `text` into lines of at most `width` cells (0 counts as 1), in order. The spans are ascending
/// and disjoint; everything outside them is white space. A cluster wider than `width` gets a line to
/// itself. The cost is linear in the length of `text`. A text without words has no lines.
pub fn lines(text: &str, width: usize) -> Vec<Line> {
    let width = width.max(1);
    let mut lines = Vec::with_capacity(text.len() / width + 8);
    let is_divided = text.trim_end().split('\n').any(|line| line.trim().is_empty());
    let (mut start, mut divided) = (0, false);
    for line in text.split('\n') {
        let end = start + line.len();
        if line.trim().is_empty() {
            divided = true;
        } else {
            if !lines.is_empty() && (divided || !is_divided) {
                let gap = start.saturating_sub(1);
                lines.push(Line { span: Span::new(gap, gap) });
            }
            wrap_line(line, start, width, &mut lines);
            divided = false;
        }
        start = end + 1;
    }
    lines
}

/// The line under construction, and the list that takes the finished lines.
struct Filler<'a> {
    paragraph: &'a str,
    /// Byte offset of `paragraph` in the text.
    base: usize,
    width: usize,
    /// Bytes (of the text) and cells of the line so far.
    open: Option<(Span, usize)>,
    lines: &'a mut Vec<Line>,
}

impl Filler<'_> {
    /// Adds the bytes `start..end` of the text, which are `cells` wide, to this line if they fit, and
    /// otherwise to the next one.
    fn place(&mut self, start: usize, end: usize, cells: usize) {
        if let Some((span, used)) = self.open {
            let blanks = &self.paragraph[span.end as usize - self.base..start - self.base];
            let used = used + width::cells(blanks) + cells;
            if used <= self.width {
                self.open = Some((Span::new(span.start as usize, end), used));
                return;
            }
        }
        self.finish();
        self.open = Some((Span::new(start, end), cells));
    }

    /// Adds a word that starts at byte `start`; a word longer than a line is cut between clusters.
    fn word(&mut self, word: &str, start: usize) {
        let word = word.trim_end();
        let cells = width::cells(word);
        if cells <= self.width {
            if !word.is_empty() {
                self.place(start, start + word.len(), cells);
            }
            return;
        }
        let (mut from, mut used) = (0, 0);
        for (at, cluster) in word.grapheme_indices(true) {
            let wide = width::cluster_cells(cluster);
            if used + wide > self.width && at > from {
                self.place(start + from, start + at, used);
                (from, used) = (at, 0);
            }
            used += wide;
        }
        self.place(start + from, start + word.len(), used);
    }

    fn finish(&mut self) {
        let open = self.open.take().map(|(span, _)| span);
        // An indent whose first word did not fit is no line.
        let has_text = |span: &Span| {
            let inside = (span.start as usize - self.base)..(span.end as usize - self.base);
            self.paragraph.get(inside).is_some_and(|text| !text.trim().is_empty())
        };
        self.lines.extend(open.filter(has_text).map(|span| Line { span }));
    }
}

fn wrap_line(paragraph: &str, base: usize, width: usize, lines: &mut Vec<Line>) {
    let separator =
        if paragraph.is_ascii() { WordSeparator::AsciiSpace } else { WordSeparator::UnicodeBreakProperties };
    let mut filler = Filler { paragraph, base, width, open: None, lines };
    // The indent stays, unless hardly anything would fit behind it.
    let indent = paragraph.len() - paragraph.trim_start().len();
    let cells = width::cells(paragraph.get(..indent).unwrap_or_default());
    if indent > 0 && cells * 2 <= width {
        filler.open = Some((Span::new(base, base + indent), cells));
    }
    let mut at = base + indent;
    for word in separator.find_words(paragraph.get(indent..).unwrap_or_default()) {
        filler.word(word.word, at);
        at += word.word.len() + word.whitespace.len();
    }
    filler.finish();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, width: usize, expected: &[&str]) {
        let got: Vec<&str> = lines(text, width).iter().map(|line| line.span.of(text)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn breaks_at_blanks() {
        check("the ferry left the port at dawn", 10, &["the ferry", "left the", "port at", "dawn"]);
    }

    #[test]
    fn separates_paragraphs_by_one_empty_line() {
        check("one\ntwo\nthree", 10, &["one", "", "two", "", "three"]);
        check("one\n\ntwo\n\n\nthree\n", 10, &["one", "", "two", "", "three"]);
    }

    #[test]
    fn lines_of_verse_and_code_stay_together_with_their_indents() {
        check("one\n\nfn f() {\n    a\n}\n\ntwo", 10, &["one", "", "fn f() {", "    a", "}", "", "two"]);
        check("one\n\n    a long line", 10, &["one", "", "    a long", "line"]);
        check("one\n\n        deep", 10, &["one", "", "deep"]);
    }

    #[test]
    fn cuts_words_that_are_too_long() {
        check("an incomprehensible word", 6, &["an", "incomp", "rehens", "ible", "word"]);
    }

    #[test]
    fn breaks_between_wide_characters() {
        check("東京都知事選挙", 6, &["東京都", "知事選", "挙"]);
    }

    #[test]
    fn a_text_without_words_has_no_lines() {
        check("", 10, &[]);
        check("\n\n", 10, &[]);
    }

    proptest! {
        #[test]
        fn lines_fit_and_cover_every_word(text in "[ a-zé東👍\n-]{0,80}", width in 1usize..24) {
            let lines = lines(&text, width);
            let mut at = 0;
            for line in &lines {
                let shown = line.span.of(&text);
                prop_assert!(width::cells(shown) <= width.max(2), "{:?} at {}", shown, width);
                prop_assert!(line.span.start as usize >= at);
                prop_assert!(text[at..line.span.start as usize].trim().is_empty());
                at = line.span.end as usize;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
