//! One line of text that is being typed.

use crate::text::clean_line;
use unicode_segmentation::UnicodeSegmentation;

/// The text and the cursor, which is a byte offset on the boundary of a grapheme cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    cursor: usize,
}

/// The most bytes of a line; further text is ignored.
const MOST: usize = 2000;

impl Line {
    /// A line with the cursor at the end.
    pub fn new(text: &str) -> Line {
        Line { text: text.to_owned(), cursor: text.len() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    pub fn after(&self) -> &str {
        &self.text[self.cursor..]
    }

    /// Inserts a character at the cursor; control codes are ignored.
    pub fn insert(&mut self, c: char) {
        if !c.is_control() && self.text.len() < MOST {
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }

    /// Inserts pasted text, cleaned and as one line.
    pub fn paste(&mut self, text: &str) {
        let clean = clean_line(text);
        clean.chars().for_each(|c| self.insert(c));
    }

    /// Replaces the text between byte `from` and the cursor by `text`. Does nothing if `from` is after the cursor or within
    /// a character.
    pub fn replace_before(&mut self, from: usize, text: &str) {
        if from <= self.cursor && self.text.is_char_boundary(from) {
            self.delete_from(from);
            text.chars().for_each(|c| self.insert(c));
        }
    }

    pub fn left(&mut self) {
        self.cursor -= self.last_before().len();
    }

    pub fn right(&mut self) {
        self.cursor += self.first_after().len();
    }

    pub fn start(&mut self) {
        self.cursor = 0;
    }

    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    pub fn delete_back(&mut self) {
        let from = self.cursor - self.last_before().len();
        self.delete_from(from);
    }

    pub fn delete_forward(&mut self) {
        let end = self.cursor + self.first_after().len();
        self.text.replace_range(self.cursor..end, "");
    }

    /// Deletes the word before the cursor, and the blanks between it and the cursor.
    pub fn delete_word(&mut self) {
        let kept = self.before().trim_end();
        let from = kept
            .rfind(char::is_whitespace)
            .map_or(0, |blank| blank + kept[blank..].chars().next().map_or(0, char::len_utf8));
        self.delete_from(from);
    }

    pub fn delete_line(&mut self) {
        self.delete_from(0);
    }

    fn delete_from(&mut self, from: usize) {
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }

    fn last_before(&self) -> &str {
        self.before().graphemes(true).next_back().unwrap_or("")
    }

    fn first_after(&self) -> &str {
        self.after().graphemes(true).next().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edits `before|after` and writes the same.
    fn check(start: &str, edit: fn(&mut Line), expected: &str) {
        let (before, after) = start.split_once('|').expect("a cursor");
        let mut line = Line { text: format!("{before}{after}"), cursor: before.len() };
        edit(&mut line);
        assert_eq!(format!("{}|{}", line.before(), line.after()), expected);
    }

    #[test]
    fn edits_go_by_clusters() {
        check("e\u{301}|x", Line::delete_back, "|x");
        check("a|東b", Line::delete_forward, "a|b");
        check("a👩\u{200D}🚀|", Line::left, "a|👩\u{200D}🚀");
        check("|", Line::left, "|");
        check("|", Line::delete_back, "|");
        check("|a", Line::right, "a|");
        check("one two  |x", Line::delete_word, "one |x");
        check("one|", Line::delete_word, "|");
        check("one two|x", Line::delete_line, "|x");
    }

    #[test]
    fn nothing_hostile_gets_in() {
        let mut line = Line::default();
        line.insert('\u{1b}');
        line.paste("a\u{1b}[31mb\nc");
        assert!(!line.text().chars().any(char::is_control), "{:?}", line.text());
    }
}
