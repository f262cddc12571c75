//! A text as a row of units: words, names, marked pieces and marks, cut into sentences.
//!
//! In: a passage, its marked pieces, its mentions. Out: [`Row`], in which a name and a marked
//! piece are one unit each, so that no sentence ends within a quote and no rule looks into one.
//! Must not know what the sentences mean.

use super::Passage;
use super::marks::Piece;
use crate::analysis::rule::Rule;
use crate::annotation::Mention;
use crate::language::{Language, Traits};
use crate::text::Span;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// A mention, by its index among the article's mentions.
    Name(u32),
    /// A marked piece, by its index among the passage's pieces.
    Piece(u32),
    Comma,
    Colon,
    Semicolon,
    Dash,
    /// `.`, `?`, `!`, `…`
    Stop,
    /// A bracket of either side.
    Bracket,
    /// `'s`
    Genitive,
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub span: Span,
    pub kind: Kind,
    /// Empty but for words.
    pub traits: Traits,
    pub case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Capital,
    Lower,
}

impl Unit {
    pub fn is(&self, traits: Traits) -> bool {
        self.traits.any(traits)
    }

    pub fn piece(&self) -> Option<usize> {
        match self.kind {
            Kind::Piece(index) => Some(index as usize),
            _ => None,
        }
    }

    pub fn name(&self) -> Option<usize> {
        match self.kind {
            Kind::Name(index) => Some(index as usize),
            _ => None,
        }
    }

    /// A comma, colon or dash: what stands between a verb of saying and what is said.
    pub fn leads(&self) -> bool {
        matches!(self.kind, Kind::Comma | Kind::Colon | Kind::Dash)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Indices of units.
    pub units: Range<usize>,
    pub order: Order,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// First of its paragraph.
    Opens,
    Follows,
}

/// One passage in units. `units` are sorted and disjoint; `sentences` cover them in order.
pub(super) struct Row<'a> {
    pub language: Language,
    pub text: &'a str,
    pub units: Vec<Unit>,
    pub sentences: Vec<Sentence>,
}

impl<'a> Row<'a> {
    pub fn new(
        passage: Passage<'a>,
        pieces: &[Piece],
        mentions: &[Mention],
        first_mention: usize,
    ) -> Row<'a> {
        let mut builder = Builder {
            passage,
            pieces,
            mentions,
            first_mention,
            piece: 0,
            mention: 0,
            bound_until: u32::MAX,
            units: Vec::with_capacity(passage.tokens.len()),
        };
        builder.run();
        if Rule::Nicknames.on() {
            mark_nicknames(passage.text, pieces, &mut builder.units);
        }
        let sentences = cut(passage, &builder.units, pieces);
        Row { language: passage.language, text: passage.text, units: builder.units, sentences }
    }

    pub fn word(&self, unit: usize) -> &'a str {
        self.units.get(unit).and_then(|unit| unit.span.get(self.text)).unwrap_or("")
    }

    /// The bytes from the first to the last of `units`.
    pub fn span(&self, units: &Range<usize>) -> Span {
        let first = self.units.get(units.start).map_or(0, |unit| unit.span.start);
        let last = self.units.get(units.end.wrapping_sub(1)).map_or(first, |unit| unit.span.end);
        Span { start: first, end: last.max(first) }
    }
}

struct Builder<'a, 'b> {
    passage: Passage<'a>,
    pieces: &'b [Piece],
    mentions: &'b [Mention],
    first_mention: usize,
    piece: usize,
    mention: usize,
    /// The end of a hyphen that binds the word before it to the one after it.
    bound_until: u32,
    units: Vec<Unit>,
}

impl Builder<'_, '_> {
    fn run(&mut self) {
        let mut covered = 0;
        for token in self.passage.tokens {
            let (start, end) = (token.span.start, token.span.end);
            while let Some(piece) = self.pieces.get(self.piece).filter(|piece| piece.span.start < end) {
                if piece.span.start >= covered {
                    self.push(piece.span, Kind::Piece(self.piece as u32), Traits::default(), Case::Lower);
                    covered = piece.span.end;
                }
                self.piece += 1;
            }
            if start < covered {
                continue;
            }
            while let Some(mention) =
                self.mentions.get(self.mention).filter(|mention| mention.span.start < end)
            {
                let span = mention.span;
                if span.start >= covered {
                    let index = (self.first_mention + self.mention) as u32;
                    self.push(span, Kind::Name(index), Traits::default(), Case::Capital);
                    covered = span.end;
                }
                self.mention += 1;
            }
            if start < covered {
                if end > covered {
                    let rest = Span { start: covered, end };
                    self.word(rest);
                    covered = end;
                }
                continue;
            }
            self.word(token.span);
            covered = end;
        }
    }

    fn push(&mut self, span: Span, kind: Kind, traits: Traits, case: Case) {
        self.units.push(Unit { span, kind, traits, case });
    }

    /// One token; a compound with hyphens becomes one word again, a hyphen between names nothing.
    fn word(&mut self, span: Span) {
        let Some(word) = span.get(self.passage.text) else { return };
        let Some(first) = word.chars().next() else { return };
        let kind = match first {
            '\'' | '’' if is_genitive(word) => Kind::Genitive,
            _ if first.is_alphabetic() || matches!(first, '\'' | '’') && word.len() > first.len_utf8() => {
                Kind::Word
            }
            '0'..='9' => Kind::Number,
            ',' => Kind::Comma,
            ':' => Kind::Colon,
            ';' => Kind::Semicolon,
            '—' | '–' | '―' => Kind::Dash,
            '-' if word.len() > 1 || self.is_apart(span) => Kind::Dash,
            '-' => {
                self.bound_until = span.end;
                return;
            }
            '.' | '?' | '!' | '…' | '。' => Kind::Stop,
            '(' | ')' | '[' | ']' => Kind::Bracket,
            '&' => Kind::Word,
            _ => Kind::Other,
        };
        let case = if first.is_uppercase() { Case::Capital } else { Case::Lower };
        match kind {
            Kind::Word if self.bound_until == span.start && self.extend(span) => {}
            Kind::Word => self.push(span, kind, traits_of(word, self.passage.language), case),
            // `he's` is `he is`.
            Kind::Genitive if self.units.last().is_some_and(|unit| unit.is(Traits::PRONOUN)) => {
                self.push(span, Kind::Word, Traits::AUXILIARY.or(Traits::FINITE), case);
            }
            _ => self.push(span, kind, Traits::default(), case),
        }
    }

    /// Joins the second half of a compound to the first.
    fn extend(&mut self, span: Span) -> bool {
        let (text, language) = (self.passage.text, self.passage.language);
        let Some(unit) = self
            .units
            .last_mut()
            .filter(|unit| matches!(unit.kind, Kind::Word | Kind::Number) && unit.span.end + 1 == span.start)
        else {
            return false;
        };
        unit.span.end = span.end;
        unit.kind = Kind::Word;
        unit.traits =
            unit.span.get(text).map_or(Traits::default(), |word| traits_of_compound(word, language));
        true
    }

    /// Whether a space stands on a side of `span`.
    fn is_apart(&self, span: Span) -> bool {
        let bytes = self.passage.text.as_bytes();
        let space = |at: Option<&u8>| at.is_none_or(u8::is_ascii_whitespace);
        space((span.start as usize).checked_sub(1).and_then(|at| bytes.get(at)))
            || space(bytes.get(span.end as usize))
    }
}

/// `Dwayne "The Rock" Johnson`: a nickname is no piece of its own, so that the name stays whole.
fn mark_nicknames(text: &str, pieces: &[Piece], units: &mut [Unit]) {
    let capital = |unit: &Unit| {
        unit.name().is_some()
            || unit.kind == Kind::Word && unit.case == Case::Capital && !unit.is(Traits::CUE.or(Traits::TIME))
    };
    for index in 1..units.len().saturating_sub(1) {
        let Some(piece) = units[index].piece().and_then(|piece| pieces.get(piece)) else { continue };
        let inner = piece.inner().get(text).unwrap_or("");
        let short = inner.len() <= 30
            && !inner.ends_with([',', '.', '?', '!'])
            && inner.starts_with(char::is_uppercase);
        let close = units[index].span.end + 1 == units[index + 1].span.start;
        if short && close && capital(&units[index - 1]) && capital(&units[index + 1]) {
            units[index].kind = Kind::Other;
        }
    }
}

fn is_genitive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'S" | "’S" | "'" | "’")
}

/// A word's traits, by the tables or, where its grammar is unknown, also by its ending.
fn traits_of(word: &str, language: Language) -> Traits {
    let traits = language.traits(word);
    if !traits.is_unknown() {
        return traits;
    }
    let bytes = word.as_bytes();
    if bytes.len() > 4 && bytes.ends_with(b"ly") && !traits.any(Traits::NO_ADVERB) {
        return traits.or(Traits::ADVERB);
    }
    // `they've`, `we'll`
    match bytes.iter().position(|byte| matches!(byte, b'\'' | 0xE2)) {
        Some(at) => {
            let stem = word.get(..at).map_or(Traits::default(), |stem| language.traits(stem));
            if stem.any(Traits::PRONOUN) { stem.and(Traits::GRAMMAR).or(traits) } else { traits }
        }
        None => traits,
    }
}

/// A compound (`vice-president`) has the grammar of its last part, where that is a role or a body.
fn traits_of_compound(word: &str, language: Language) -> Traits {
    let traits = language.traits(word);
    if !traits.is_unknown() {
        return traits;
    }
    let last = word.rsplit_once('-').map_or(Traits::default(), |(_, last)| language.traits(last));
    if last.any(Traits::ROLE.or(Traits::BODY).or(Traits::TITLE)) {
        last.and(Traits::GRAMMAR).or(traits)
    } else {
        traits
    }
}

/// In units. What is longer is no sentence of a newspaper; cut there, the rules, which look at a whole
/// sentence from each verb, stay linear in the text.
const LONGEST_SENTENCE: usize = 250;

/// The sentences of the passage in units: none ends within a piece, and none is cut between a
/// piece and the words that say whose it is.
fn cut(passage: Passage<'_>, units: &[Unit], pieces: &[Piece]) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::with_capacity(passage.sentences.len() + 1);
    let mut order = Order::Opens;
    let mut start = 0;
    let mut next = 0;
    let bytes = passage.text.as_bytes();
    for index in 1..=units.len() {
        let (Some(last), unit) = (units.get(index - 1), units.get(index)) else { break };
        let from = last.span.end as usize;
        let to = unit.map_or(bytes.len(), |unit| unit.span.start as usize);
        let breaks = unit.is_none() || bytes.get(from..to).is_some_and(|gap| gap.contains(&b'\n'));
        let mut ends = false;
        // A boundary counts where it lies between the two units.
        while let Some(sentence) = passage.sentences.get(next).filter(|sentence| sentence.end as usize <= to)
        {
            ends |= sentence.end >= last.span.end;
            next += 1;
        }
        if let Some(piece) = last.piece() {
            ends |= ends_sentence(passage.text, &pieces[piece]) && unit.is_some_and(opens_sentence);
        }
        ends |= index - start >= LONGEST_SENTENCE;
        let ends = ends && !belongs_to_piece(passage.text, units, index, pieces);
        if breaks || ends {
            sentences.push(Sentence { units: start..index, order });
            order = if breaks { Order::Opens } else { Order::Follows };
            start = index;
        }
    }
    sentences
}

/// Whether the words in the marks end as a sentence does.
pub(super) fn ends_sentence(text: &str, piece: &Piece) -> bool {
    let inner = piece.inner().get(text).unwrap_or("").trim_end();
    inner.ends_with(['.', '?', '!', '…'])
        || inner.ends_with(".'")
        || inner.ends_with(".’")
        || inner.ends_with(".”")
}

fn opens_sentence(unit: &Unit) -> bool {
    unit.case == Case::Capital || unit.piece().is_some()
}

/// Whether the units from `index` on attribute the piece before them: `"Ready?" Price asked.`
fn belongs_to_piece(text: &str, units: &[Unit], index: usize, pieces: &[Piece]) -> bool {
    let Some(piece) = index.checked_sub(1).and_then(|last| units.get(last)).and_then(Unit::piece) else {
        return false;
    };
    let Some(first) = units.get(index) else { return false };
    if first.piece().is_some() {
        return false;
    }
    if first.case == Case::Lower && matches!(first.kind, Kind::Word) {
        return true;
    }
    let full_stop = pieces[piece].inner().get(text).unwrap_or("").trim_end().ends_with('.');
    for (ahead, unit) in units.iter().enumerate().skip(index).take(8) {
        if matches!(unit.kind, Kind::Stop | Kind::Piece(_) | Kind::Colon | Kind::Comma) {
            return false;
        }
        if unit.is(Traits::SPEECH) && unit.is(Traits::PAST.or(Traits::PRESENT)) {
            let after = units.get(ahead + 1);
            let leads_on = after.is_some_and(Unit::leads)
                && units.get(ahead + 2).is_some_and(|unit| unit.piece().is_some());
            let closes =
                after.is_none_or(|after| matches!(after.kind, Kind::Stop | Kind::Comma)) && !leads_on;
            return if full_stop {
                closes
            } else {
                !leads_on && !after.is_some_and(|after| after.is(Traits::THAT))
            };
        }
    }
    false
}
