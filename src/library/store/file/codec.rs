//! How an analysis is stored: a few bytes for each mention.
//!
//! Numbers have variable length, positions are stored as gaps, and each name once. Bytes that are damaged, or of
//! another form, decode to `None`.

use super::varint::{put_varint, take_varint};
use crate::annotation::{
    Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, Quote, QuoteKind, Speaker,
};
use crate::gazetteer::country;
use crate::text::Span;

/// The number of the form below; it is raised whenever that changes.
const FORM: u64 = 3;
/// The form before, which had neither guesses nor confidences: every speaker counted as sure.
const FORM_WITHOUT_GUESSES: u64 = 2;

/// How an entity's name is stored: spelled out, as the name of its country, or, for this number and above, as the
/// words of the mention whose place is the difference.
const SPELLED: u64 = 0;
const OF_CODE: u64 = 1;
const OF_MENTION: u64 = 2;

/// The bytes of an analysis; `title` and `body` are the texts that it was made from.
pub fn encode(analysis: &Analysis, title: &str, body: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    put_varint(FORM, &mut out);
    put_varint(analysis.entities.len() as u64, &mut out);
    put_varint(analysis.mentions.len() as u64, &mut out);
    let mut last = 0;
    for mention in &analysis.mentions {
        put_place(mention.field, mention.span, &mut last, &mut out);
        put_varint(u64::from(mention.entity.0), &mut out);
    }
    for (place, entity) in analysis.entities.iter().enumerate() {
        out.push(kind_number(entity.kind));
        put_code(entity.code, &mut out);
        put_code(entity.country, &mut out);
        out.extend_from_slice(&entity.salience.to_le_bytes());
        let spelled = analysis.mentions.iter().position(|mention| {
            let text = if mention.field == Field::Title { title } else { body };
            mention.entity.0 as usize == place && mention.span.get(text) == Some(entity.name.as_str())
        });
        match (entity.code.map(country::name), spelled) {
            (Some(name), _) if name == entity.name => put_varint(OF_CODE, &mut out),
            (_, Some(mention)) => put_varint(OF_MENTION + mention as u64, &mut out),
            _ => {
                put_varint(SPELLED, &mut out);
                put_text(&entity.name, &mut out);
            }
        }
    }
    put_quotes(&analysis.quotes, &mut out);
    put_varint(analysis.countries.len() as u64, &mut out);
    for code in &analysis.countries {
        out.extend_from_slice(code.as_str().as_bytes());
    }
    out
}

fn put_quotes(quotes: &[Quote], out: &mut Vec<u8>) {
    put_varint(quotes.len() as u64, out);
    let mut last = 0;
    for quote in quotes {
        put_place(quote.field, quote.span, &mut last, out);
        let kind = u64::from(quote.kind == QuoteKind::Indirect);
        // The bit 8 says that the speaker is a guess.
        let guess = if quote.speaker.is_none() { 8 } else { 0 };
        match quote.speaker.as_ref().or(quote.guess.as_ref()) {
            None => put_varint(kind, out),
            Some(Speaker::Entity(index)) => {
                put_varint(kind | 2 | guess, out);
                out.push(quote.confidence);
                put_varint(u64::from(index.0), out);
            }
            Some(Speaker::Description(words)) => {
                put_varint(kind | 4 | guess, out);
                out.push(quote.confidence);
                put_text(words, out);
            }
        }
    }
}

/// The analysis of these bytes; `title` and `body` are the texts that it was made from. `None` where the bytes are
/// damaged, also where a span does not fit its text.
pub fn decode(mut bytes: &[u8], title: &str, body: &str) -> Option<Analysis> {
    let bytes = &mut bytes;
    let text = |field: Field| if field == Field::Title { title } else { body };
    let form = take_varint(bytes)?;
    if ![FORM, FORM_WITHOUT_GUESSES].contains(&form) {
        return None;
    }
    let mut analysis = Analysis::default();
    let count = take_varint(bytes)?;
    let index = |number: u64| u32::try_from(number).ok().filter(|_| number < count).map(EntityIndex);
    let mut last = 0;
    for _ in 0..take_varint(bytes)? {
        let (field, span) = take_place(bytes, &mut last)?;
        span.get(text(field))?;
        analysis.mentions.push(Mention { field, span, entity: index(take_varint(bytes)?)? });
    }
    for _ in 0..count {
        let kind = *Kind::ALL.get(usize::from(*take(bytes, 1)?.first()?))?;
        let (code, country) = (take_code(bytes)?, take_code(bytes)?);
        let salience = f32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
        let name = match take_varint(bytes)? {
            SPELLED => take_text(bytes)?,
            OF_CODE => country::name(code?).to_owned(),
            place => {
                let mention = analysis.mentions.get(usize::try_from(place - OF_MENTION).ok()?)?;
                mention.span.get(text(mention.field))?.to_owned()
            }
        };
        analysis.entities.push(Entity { kind, name, code, country, salience });
    }
    let mut last = 0;
    for _ in 0..take_varint(bytes)? {
        let (field, span) = take_place(bytes, &mut last)?;
        span.get(text(field))?;
        let shape = take_varint(bytes)?;
        let kind = if shape & 1 == 1 { QuoteKind::Indirect } else { QuoteKind::Direct };
        let confidence = match (shape >> 1 & 3, form) {
            (0, _) => 0,
            (_, FORM) => *take(bytes, 1)?.first()?,
            _ => 100,
        };
        let known = match shape >> 1 & 3 {
            0 => None,
            1 => Some(Speaker::Entity(index(take_varint(bytes)?)?)),
            _ => Some(Speaker::Description(take_text(bytes)?)),
        };
        let (speaker, guess) = if shape & 8 == 8 { (None, known) } else { (known, None) };
        analysis.quotes.push(Quote { kind, field, span, speaker, guess, confidence });
    }
    for _ in 0..take_varint(bytes)? {
        analysis.countries.push(CountryCode::new(std::str::from_utf8(take(bytes, 2)?).ok()?)?);
    }
    Some(analysis)
}

/// The number of a kind, its place in [`Kind::ALL`].
fn kind_number(kind: Kind) -> u8 {
    match kind {
        Kind::Person => 0,
        Kind::Country => 1,
        Kind::Place => 2,
        Kind::Org => 3,
    }
}

/// Writes the gap to the last start, doubled, plus one for the title; then the length. A gap may be negative: from
/// the title to the body, and for quotes within quotes.
fn put_place(field: Field, span: Span, last: &mut u32, out: &mut Vec<u8>) {
    let gap = i64::from(span.start) - i64::from(*last);
    let zigzag = ((gap << 1) ^ (gap >> 63)) as u64;
    put_varint(zigzag << 1 | u64::from(field == Field::Title), out);
    put_varint(span.len() as u64, out);
    *last = span.start;
}

fn take_place(bytes: &mut &[u8], last: &mut u32) -> Option<(Field, Span)> {
    let first = take_varint(bytes)?;
    let field = if first & 1 == 1 { Field::Title } else { Field::Body };
    let zigzag = first >> 1;
    let gap = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
    let start = u32::try_from(i64::from(*last).checked_add(gap)?).ok()?;
    let end = start.checked_add(u32::try_from(take_varint(bytes)?).ok()?)?;
    *last = start;
    Some((field, Span { start, end }))
}

/// Writes a text after its length.
pub fn put_text(text: &str, out: &mut Vec<u8>) {
    put_varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// Reads a text that [`put_text`] wrote.
pub fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(take_varint(bytes)?).ok()?;
    String::from_utf8(take(bytes, length)?.to_vec()).ok()
}

fn put_code(code: Option<CountryCode>, out: &mut Vec<u8>) {
    match code {
        None => out.push(0),
        Some(code) => out.extend_from_slice(code.as_str().as_bytes()),
    }
}

fn take_code(bytes: &mut &[u8]) -> Option<Option<CountryCode>> {
    if bytes.first() == Some(&0) {
        *bytes = bytes.get(1..)?;
        return Some(None);
    }
    CountryCode::new(std::str::from_utf8(take(bytes, 2)?).ok()?).map(Some)
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::tests::article;
    use proptest::prelude::*;

    fn check(marked: &str) {
        let (article, analysis) = article(0, "Wire", "Gas talks", marked);
        let bytes = encode(&analysis, &article.title, &article.body);
        assert_eq!(decode(&bytes, &article.title, &article.body).as_ref(), Some(&analysis), "{marked}");
        for end in 0..bytes.len() {
            // Cut off: nothing, or at least no span outside of the text.
            if let Some(read) = decode(&bytes[..end], &article.title, &article.body) {
                assert!(read.mentions.iter().all(|mention| mention.span.get(&article.body).is_some()));
            }
        }
    }

    #[test]
    fn analyses_read_back() {
        check("");
        check("no names at all");
        check(
            "[Ada Obi|person] of [Norway|country=NO] and [norsk|country=NO] said <Ada Obi: no to [Oslo|place]>",
        );
        check("<an official: perhaps> [Ada Obi|person] <Ada Obi: yes> é [Ada Obi|person]");
    }

    #[test]
    fn names_that_are_not_in_the_text_are_spelled() {
        let (article, mut analysis) = article(0, "Wire", "Gas", "[Obi|person] spoke");
        analysis.entities[0].name = "Ada Obi".to_owned();
        let bytes = encode(&analysis, &article.title, &article.body);
        assert_eq!(decode(&bytes, &article.title, &article.body), Some(analysis));
    }

    proptest! {
        #[test]
        fn damaged_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut bytes = bytes;
            if let Some(first) = bytes.first_mut() {
                *first = FORM as u8;
            }
            decode(&bytes, "Gas", "Talks on gas é");
        }
    }
}
