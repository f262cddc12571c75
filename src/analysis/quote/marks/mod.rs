//! Pairs of quotation marks, from characters alone.
//!
//! In: a text. Out: its outermost marked pieces. A piece never leaves its paragraph: where a
//! mark that opens finds no partner there, either the next paragraph opens too (a speech over
//! paragraphs) or the mark counts for nothing, so that one stray mark never swallows an article.
//! Must not know what is a quote: a title or a nickname in marks is a piece like any other.

use crate::language::{Language, Traits};
use crate::text::Span;

/// One outermost piece in marks, both marks included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub span: Span,
    pub ending: Ending,
    /// Byte length of the opening mark.
    pub opening: u8,
    /// Byte length of the closing mark; 0 where the speech runs on.
    pub closing: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Closed,
    /// Not closed in its paragraph: the next one takes the speech up.
    RunsOn,
}

impl Piece {
    /// The words between the marks.
    pub fn inner(&self) -> Span {
        let (start, end) =
            (self.span.start + u32::from(self.opening), self.span.end - u32::from(self.closing));
        Span { start, end: end.max(start) }
    }
}

/// The outermost marked pieces of `text`, sorted and disjoint. Linear in the length of `text`.
pub(super) fn find(text: &str, language: Language) -> Vec<Piece> {
    let mut finder =
        Finder { language, text, marks: Vec::new(), pairs: Vec::new(), open: Vec::new(), pieces: Vec::new() };
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        finder.paragraph(start, end);
        start = end + 1;
    }
    finder.pieces
}

/// Marks that can be partners of one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Double,
    Guillemet,
    Corner,
    Single,
}

/// What a mark's own shape says of its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// The same for both sides.
    Straight,
    /// Made to open: `“`, `‘`, `«`, `「`.
    Opening,
    /// Made to close: `”`, `’`, `»`, `」`.
    Closing,
    /// Opens and is closed by an opening shape: `„…“`, `‚…‘`.
    Low,
}

/// What the characters around a mark allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
    Either,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    at: usize,
    len: usize,
    family: Family,
    shape: Shape,
    side: Side,
    before: char,
}

impl Mark {
    fn end(&self) -> usize {
        self.at + self.len
    }
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    start: usize,
    end: usize,
    opening: usize,
    closing: usize,
}

/// What stands in for the missing neighbour at the edge of a paragraph.
const EDGE: char = '\n';

/// A speech that runs on may hold marked words of its own, but none longer than this (bytes):
/// a longer one is a quote, and the mark before it a slip.
const LONGEST_NESTED: usize = 60;

struct Finder<'a> {
    language: Language,
    text: &'a str,
    marks: Vec<Mark>,
    pairs: Vec<Pair>,
    open: Vec<Mark>,
    pieces: Vec<Piece>,
}

impl Finder<'_> {
    fn paragraph(&mut self, start: usize, end: usize) {
        self.marks.clear();
        self.collect(start, end);
        let carried = self.pieces.last().is_some_and(|piece| {
            piece.ending == Ending::RunsOn && self.text[piece.span.end as usize..start].trim().is_empty()
        });
        if self.marks.is_empty() {
            return;
        }
        self.pairs.clear();
        self.open.clear();
        self.match_doubles();
        self.match_singles();
        self.match_slips();
        let outermost_open = self.outermost_open(end, carried);
        if let Some(piece) = self.closing_alone(start).filter(|_| carried) {
            self.pieces.push(piece);
            return;
        }
        self.pairs.sort_unstable_by_key(|pair| (pair.start, std::cmp::Reverse(pair.end)));
        let mut covered = start;
        for pair in &self.pairs {
            if outermost_open.is_some_and(|mark| pair.end > mark.at) {
                break;
            }
            if pair.start >= covered {
                covered = pair.end;
                self.pieces.push(Piece {
                    span: Span::new(pair.start, pair.end),
                    ending: Ending::Closed,
                    opening: narrow(pair.opening),
                    closing: narrow(pair.closing),
                });
            }
        }
        if let Some(mark) = outermost_open.filter(|mark| mark.at >= covered) {
            let trimmed = mark.at + self.text[mark.at..end].trim_end().len();
            self.pieces.push(Piece {
                span: Span::new(mark.at, trimmed),
                ending: Ending::RunsOn,
                opening: narrow(mark.len),
                closing: 0,
            });
        }
    }

    /// The marks of one paragraph, apostrophes between letters left out.
    fn collect(&mut self, start: usize, end: usize) {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < end {
            // Most bytes begin no mark.
            let may_begin = bytes.get(at).is_some_and(|byte| BEGINS_MARK[*byte as usize]);
            let Some((family, shape, len)) = may_begin.then(|| mark_at(bytes, at, end)).flatten() else {
                at += 1;
                continue;
            };
            let before = self.text[start..at].chars().next_back().unwrap_or(EDGE);
            let after = self.text[at + len..end].chars().next().unwrap_or(EDGE);
            if let Some(side) = side_of(family, shape, before, after) {
                self.marks.push(Mark { at, len, family, shape, side, before });
            }
            at += len;
        }
    }

    /// Pairs of all families but the single marks.
    fn match_doubles(&mut self) {
        for index in 0..self.marks.len() {
            let mark = self.marks[index];
            if mark.family == Family::Single {
                continue;
            }
            let partner = self.open.iter().rposition(|open| open.family == mark.family);
            match self.role(mark, partner) {
                Some(Role::Open) => self.open.push(mark),
                Some(Role::Close(partner)) => {
                    let open = self.open[partner];
                    self.open.truncate(partner);
                    self.pairs.push(Pair {
                        start: open.at,
                        end: mark.end(),
                        opening: open.len,
                        closing: mark.len,
                    });
                }
                None => {}
            }
            // A hostile line of opening marks must not make the stack, and so each look into it, long.
            if self.open.len() > 8 {
                self.open.remove(1);
            }
        }
    }

    fn role(&self, mark: Mark, partner: Option<usize>) -> Option<Role> {
        let close = partner.map(Role::Close);
        let open = Some(Role::Open);
        let partner_shape = partner.map(|partner| self.open[partner].shape);
        match (mark.family, mark.shape) {
            (Family::Corner, Shape::Opening) | (_, Shape::Low) => open,
            (Family::Corner, _) => close,
            // »…« and »…»
            (Family::Guillemet, Shape::Opening) => match partner_shape {
                Some(Shape::Closing) => close,
                _ => open,
            },
            (Family::Guillemet, _) => match (partner, mark.side) {
                (Some(_), _) => close,
                (None, Side::Closes) => None,
                (None, _) => open,
            },
            (_, Shape::Opening) => match (partner_shape, mark.side) {
                (Some(Shape::Low), _) | (Some(_), Side::Closes) => close,
                _ => open,
            },
            (_, Shape::Closing) => match (partner, mark.side) {
                (Some(_), _) => close,
                (None, Side::Closes) => None,
                (None, _) => open,
            },
            (_, Shape::Straight) if self.is_inch_mark(mark, partner) => None,
            (_, Shape::Straight) => match (mark.side, partner) {
                (Side::Opens, _) | (Side::Either, None) => open,
                (Side::Closes | Side::Either, _) => close,
            },
        }
    }

    /// `6'2"`, or `24"` where no quote is open.
    fn is_inch_mark(&self, mark: Mark, partner: Option<usize>) -> bool {
        if !mark.before.is_ascii_digit() {
            return false;
        }
        let head = self.text[..mark.at].trim_end_matches(|c: char| c.is_ascii_digit());
        let feet = mark.at - head.len() <= 2 && head.ends_with(['\'', '’', '′']);
        partner.is_none() || feet
    }

    /// Pairs of single marks: a mark that opens finds the first later one that closes and does not
    /// look like an apostrophe.
    fn match_singles(&mut self) {
        let mut covers = Cover::new(&self.pairs);
        let mut index = 0;
        let mut closers_end = None;
        while index < self.marks.len() {
            let mark = self.marks[index];
            index += 1;
            let opens = mark.family == Family::Single
                && mark.side == Side::Opens
                && !covers.hides(mark.at)
                && !is_elision(&self.text[mark.end()..], self.language);
            // Past the last mark that closes nothing can be closed.
            let last = *closers_end.get_or_insert_with(|| {
                self.marks.iter().rposition(|mark| mark.family == Family::Single && mark.side != Side::Opens)
            });
            if !opens || last.is_none_or(|last| last < index) {
                if opens && mark.shape == Shape::Opening {
                    self.open.push(mark);
                }
                continue;
            }
            match self.closer_of(mark, index, &covers) {
                Some(closer) => {
                    let close = self.marks[closer];
                    self.pairs.push(Pair {
                        start: mark.at,
                        end: close.end(),
                        opening: mark.len,
                        closing: close.len,
                    });
                    index = closer + 1;
                }
                None if mark.shape == Shape::Opening && self.open.len() < 8 => self.open.push(mark),
                None => {}
            }
        }
    }

    /// `''Did he?'`: one of the two closing marks fell out.
    fn match_slips(&mut self) {
        let double =
            |mark: &Mark| mark.family == Family::Double && mark.shape == Shape::Straight && mark.len == 2;
        let Some(slip) = self.open.iter().position(double) else { return };
        let open = self.open[slip];
        let strong = |mark: &&Mark| {
            mark.at > open.at
                && mark.family == Family::Single
                && mark.side == Side::Closes
                && matches!(mark.before, ',' | '.' | '?' | '!')
        };
        let free = |mark: &&Mark| !self.pairs.iter().any(|pair| pair.end == mark.end());
        if let Some(close) = self.marks.iter().filter(strong).take(16).find(free).copied() {
            self.open.remove(slip);
            self.pairs.push(Pair { start: open.at, end: close.end(), opening: open.len, closing: close.len });
        }
    }

    fn closer_of(&self, open: Mark, from: usize, covers: &Cover) -> Option<usize> {
        let mut covers = covers.clone();
        let mut possessive = None;
        let mut crossed = false;
        for (index, mark) in self.marks.iter().enumerate().skip(from).take(64) {
            if covers.hides(mark.at) {
                crossed = true;
                continue;
            }
            if mark.family != Family::Single {
                // A double mark without a partner, or one that would be cut in two.
                continue;
            }
            match mark.side {
                Side::Opens if is_elision(&self.text[mark.end()..], self.language) => {}
                Side::Opens => break,
                _ if open.shape == Shape::Opening && mark.shape == Shape::Straight => {}
                _ => {
                    let strong = matches!(mark.before, ',' | '.' | '?' | '!' | '…' | '"' | '”');
                    if crossed && !strong {
                        continue;
                    }
                    if strong || !self.looks_possessive(*mark) {
                        return Some(index);
                    }
                    possessive.get_or_insert(index);
                }
            }
        }
        possessive
    }

    /// `the ministers' talks`, `talkin' about`: an s or a dropped g before, a word in lower case after.
    fn looks_possessive(&self, mark: Mark) -> bool {
        let head = &self.text[..mark.at];
        // `one o' your potatoes`
        if head.ends_with(" o") {
            return true;
        }
        let dropped_g = head.ends_with("in");
        if !(matches!(mark.before, 's' | 'S') || dropped_g) {
            return false;
        }
        let rest = &self.text[mark.end()..];
        rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c: char| c.is_lowercase()))
    }

    /// The mark whose speech runs on into the next paragraph, if there is one.
    fn outermost_open(&self, end: usize, carried: bool) -> Option<Mark> {
        let first = self.open.iter().min_by_key(|mark| mark.at).copied()?;
        let next = self.text[end..].trim_start();
        let next_opens = mark_at(next.as_bytes(), 0, next.len()).is_some_and(|(family, shape, _)| {
            family == first.family && (shape == first.shape || first.shape == Shape::Low)
        });
        let next_opens = next_opens || self.is_closed_in_next(first, end);
        let at_start =
            matches!(first.before, EDGE) || self.text[..first.at].trim_end_matches(' ').ends_with('\n');
        if !(next_opens || (carried && at_start)) {
            return None;
        }
        let quote_inside =
            self.pairs.iter().any(|pair| pair.start > first.at && pair.end - pair.start > LONGEST_NESTED);
        (!quote_inside).then_some(first)
    }
}

impl Finder<'_> {
    /// Whether the next paragraph has one mark that fits `open`, at its end: the second mark that opens fell out.
    fn is_closed_in_next(&self, open: Mark, end: usize) -> bool {
        let opens_paragraph = open.before == EDGE && open.family != Family::Single;
        let rest = self.text.get(end..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        let next = rest.get(blank..).unwrap_or_default();
        let next =
            next.get(..memchr::memchr(b'\n', next.as_bytes()).unwrap_or(next.len())).unwrap_or_default();
        if !opens_paragraph || next.len() > LONGEST_TAKEN_UP {
            return false;
        }
        let bytes = next.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match mark_at(bytes, at, bytes.len()).filter(|(family, ..)| *family == open.family) {
                Some((_, shape, len)) => {
                    let closes = at > 0 && shape != Shape::Opening && shape != Shape::Low;
                    return closes && next.get(at + len..).is_some_and(|rest| rest.trim().is_empty());
                }
                None => at += 1,
            }
        }
        false
    }

    /// The words up to a mark that closes what the paragraph before has opened; only where it is the one mark, at the
    /// end.
    fn closing_alone(&self, start: usize) -> Option<Piece> {
        let mut doubles = self.marks.iter().filter(|mark| mark.family != Family::Single);
        let (mark, none) = (doubles.next()?, doubles.next());
        let alone =
            none.is_none() && self.pairs.iter().all(|pair| pair.start > mark.at || pair.end <= mark.at);
        let rest = self.text.get(mark.end()..)?;
        let line = rest.get(..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()))?;
        let words = self.text.get(start..mark.at)?;
        let first = start + words.len() - words.trim_start().len();
        (alone && line.trim().is_empty() && mark.shape != Shape::Opening && !words.trim().is_empty()).then(
            || Piece {
                span: Span::new(first, mark.end()),
                ending: Ending::Closed,
                opening: 0,
                closing: narrow(mark.len),
            },
        )
    }
}

/// A paragraph longer than this (bytes) is not taken for the rest of a speech whose mark fell out.
const LONGEST_TAKEN_UP: usize = 1200;

enum Role {
    Open,
    Close(usize),
}

/// Whether a place lies within one of some pairs, asked at places that only move forward.
#[derive(Clone)]
struct Cover {
    outer: std::rc::Rc<[(usize, usize)]>,
    next: usize,
}

impl Cover {
    fn new(pairs: &[Pair]) -> Cover {
        let mut outer: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.start, pair.end)).collect();
        outer.sort_unstable();
        let mut end = 0;
        outer.retain(|pair| {
            let keep = pair.0 >= end;
            if keep {
                end = pair.1;
            }
            keep
        });
        Cover { outer: outer.into(), next: 0 }
    }

    fn hides(&mut self, at: usize) -> bool {
        while self.outer.get(self.next).is_some_and(|pair| pair.1 <= at) {
            self.next += 1;
        }
        self.outer.get(self.next).is_some_and(|pair| pair.0 <= at)
    }
}

/// The bytes that marks begin with; the table has an entry for every byte.
const BEGINS_MARK: [bool; 256] = {
    let mut begins = [false; 256];
    let firsts = [b'"', b'\'', b'`', 0xC2, 0xE2, 0xE3, 0xEF];
    let mut index = 0;
    while index < firsts.len() {
        begins[firsts[index] as usize] = true;
        index += 1;
    }
    begins
};

/// The mark at byte `at`, with its length in bytes.
fn mark_at(bytes: &[u8], at: usize, end: usize) -> Option<(Family, Shape, usize)> {
    let rest = bytes.get(at..end)?;
    Some(match rest {
        [b'"', ..] => (Family::Double, Shape::Straight, 1),
        [b'\'', b'\'', ..] => (Family::Double, Shape::Straight, 2),
        [b'\'', ..] => (Family::Single, Shape::Straight, 1),
        [b'`', b'`', ..] => (Family::Double, Shape::Opening, 2),
        [b'`', ..] => (Family::Single, Shape::Opening, 1),
        [0xE2, 0x80, 0xB9, 0xE2, 0x80, 0xB9, ..] => (Family::Guillemet, Shape::Opening, 6),
        [0xE2, 0x80, 0xBA, 0xE2, 0x80, 0xBA, ..] => (Family::Guillemet, Shape::Closing, 6),
        [0xC2, 0xAB, ..] => (Family::Guillemet, Shape::Opening, 2),
        [0xC2, 0xBB, ..] => (Family::Guillemet, Shape::Closing, 2),
        [0xE2, 0x80, last, ..] => match last {
            0x98 | 0x9B => (Family::Single, Shape::Opening, 3),
            0x99 => (Family::Single, Shape::Closing, 3),
            0x9A => (Family::Single, Shape::Low, 3),
            0x9C => (Family::Double, Shape::Opening, 3),
            0x9D => (Family::Double, Shape::Closing, 3),
            0x9E | 0x9F => (Family::Double, Shape::Low, 3),
            _ => return None,
        },
        [0xE3, 0x80, 0x8C | 0x8E, ..] => (Family::Corner, Shape::Opening, 3),
        [0xE3, 0x80, 0x8D | 0x8F, ..] => (Family::Corner, Shape::Closing, 3),
        [0xEF, 0xBC, 0x82, ..] => (Family::Double, Shape::Straight, 3),
        _ => return None,
    })
}

/// Which sides the neighbours allow; `None` for an apostrophe within a word.
fn side_of(family: Family, shape: Shape, before: char, after: char) -> Option<Side> {
    let word = |c: char| c.is_alphanumeric();
    let gap = |c: char| c.is_whitespace();
    let bracket = |c: char| matches!(c, '(' | '[' | '{' | '“' | '‘' | '"' | '«' | '„' | '/' | '¿' | '¡');
    let dash = |c: char| matches!(c, '—' | '–' | '-' | ':');
    if family == Family::Single {
        let opens = (gap(before) || bracket(before) || dash(before))
            && !gap(after)
            && !matches!(after, ',' | ';' | '\'' | '’');
        let closes = !gap(before) && !word(after);
        return match (opens, closes) {
            _ if shape == Shape::Low => Some(Side::Opens),
            (true, _) if shape == Shape::Opening => Some(Side::Opens),
            (true, false) => Some(Side::Opens),
            (_, true) if shape != Shape::Opening => Some(Side::Closes),
            _ => None,
        };
    }
    let opens = !gap(after) && !word(before) && !matches!(after, ',' | ';' | '?' | '!' | ')' | ':');
    let opens = opens && (after != '.' || gap(before));
    let closes = !gap(before) && !word(after) && !bracket(before);
    Some(match (opens, closes) {
        (true, false) => Side::Opens,
        (false, true) => Side::Closes,
        (true, true) if gap(before) => Side::Opens,
        (true, true) if matches!(before, ',' | '.' | '?' | '!' | '…') => Side::Closes,
        _ => Side::Either,
    })
}

/// Words that begin with an apostrophe: `'90s`, `'em`, `'n'`, `'til`.
fn is_elision(rest: &str, language: Language) -> bool {
    let word_end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let word = &rest[..word_end];
    let decade = word.len() <= 3 && word.starts_with(|c: char| c.is_ascii_digit()) && {
        let digits = word.trim_end_matches('s');
        digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    decade || language.traits(word).any(Traits::ELIDED)
}

/// Mark lengths are at most 3 bytes.
fn narrow(len: usize) -> u8 {
    u8::try_from(len).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
