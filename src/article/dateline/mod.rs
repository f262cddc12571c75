//! The dateline that opens an agency's story: `GENEVA, March 2 (AFP) —`, `Washington [US], January 4 :`.
//!
//! In: a body and its language. Out: the spans of place, day and agency. Precision comes first: a place alone
//! (`Muscat: The ministry …`) counts only if it is a city that is known from datelines, or if its region follows. Must
//! not know in which country a place is.

mod names;
mod tokens;

use super::date;
use crate::language::{Language, Traits};
use crate::text::Span;
use tokens::{Kind, Token, tokens};

/// The parts of a dateline, as spans into the body that it opens.
/// It names a day; it never replaces the article's date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// From the first byte of the body to the end of the dash or colon that closes it.
    pub span: Span,
    /// `GENEVA`, `Washington`: the first, where there are several.
    pub place: Option<Span>,
    /// `March 2`.
    pub day: Option<Span>,
    /// `AFP`.
    pub agency: Option<Span>,
}

impl Dateline {
    /// The dateline at the start of `body`, if it has one. Looks at no more than the start of the
    /// first line.
    pub fn find(body: &str, language: Language) -> Option<Dateline> {
        let tokens = tokens(body, language);
        // Wires mark what is urgent with asterisks.
        let at = tokens.iter().take_while(|token| token.span.get(body) == Some("*")).count();
        let mut parser = DatelineParser { language, body, tokens: &tokens, at, found: Found::default() };
        let end = parser.read()?;
        let Found { place, day, agency, .. } = parser.found;
        Some(Dateline { span: Span::new(0, end), place, day: day.map(|(span, _)| span), agency })
    }
}

/// How exactly a day was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    Weekday,
    Date,
}

#[derive(Clone, Debug, Default)]
struct Found {
    place: Option<Span>,
    /// A second place, or what lies between place and day, was a known state or country.
    region: bool,
    /// There was more between place and end than the tables know.
    unknown: bool,
    day: Option<(Span, Day)>,
    agency: Option<Span>,
}

struct DatelineParser<'a> {
    language: Language,
    body: &'a str,
    tokens: &'a [Token],
    at: usize,
    found: Found,
}

impl DatelineParser<'_> {
    fn kind(&self, ahead: usize) -> Option<Kind> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    fn text(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).and_then(|token| token.span.get(self.body)).unwrap_or_default()
    }

    /// The end of the dateline, in bytes.
    fn read(&mut self) -> Option<usize> {
        loop {
            match self.kind(0)? {
                // `CAIRO - 26 July 2022: …`: place and day have a dash between.
                Kind::Dash if self.found.place.is_some() && self.day_between() => {}
                Kind::Dash | Kind::Colon => {
                    if let Some(end) = self.close() {
                        return Some(end);
                    }
                    // `AFP.- London -`: the agency has a dash of its own.
                    let agency_alone = self.found.agency.is_some() && self.found.place.is_none();
                    if !agency_alone || self.found.day.is_some() {
                        return None;
                    }
                    self.at += 1;
                }
                Kind::Open => self.bracket()?,
                Kind::Slash if self.slashed_agency() => {}
                Kind::Slash | Kind::Separator => self.at += 1,
                Kind::Number | Kind::Word => {
                    if !self.day() {
                        self.words()?;
                    }
                }
                Kind::Close | Kind::Other => return None,
            }
            if let Some(end) = self.close_without_dash() {
                return Some(end);
            }
        }
    }

    /// Whether a day and a second dash or colon follow the dash here; moves to the latter if so.
    fn day_between(&mut self) -> bool {
        let before = (self.at, self.found.day);
        self.at += 1;
        if before.1.is_none() && self.day() && matches!(self.kind(0), Some(Kind::Dash | Kind::Colon)) {
            return true;
        }
        (self.at, self.found.day) = before;
        false
    }

    /// Whether what has been found is a dateline that the dash or colon here closes.
    fn close(&self) -> Option<usize> {
        let Found { place, region, unknown, day, agency } = &self.found;
        let agency = agency.map(|span| names::is_agency(span.of(self.body), self.language));
        let dated = matches!(day, Some((_, Day::Date)));
        let dash = self.kind(0) == Some(Kind::Dash);
        let enough = match place {
            Some(place) => {
                let known = names::is_city(place.of(self.body), self.language);
                let capital = place.of(self.body).starts_with(char::is_uppercase);
                dated
                    || agency == Some(true)
                    || capital && (!unknown && (known || *region && dash) || known && agency.is_some())
            }
            None => agency == Some(true) && (dated || dash && day.is_none() && self.is_last_dash()),
        };
        let end = self.tokens.get(self.at)?.span.end as usize;
        let follows = self.body.get(end..)?.trim_start();
        // A place alone opens a sentence, and that begins with a capital, a figure or a quotation mark.
        let sentence = dated || agency.is_some() || follows.starts_with(|c: char| !c.is_lowercase());
        (enough && sentence && !follows.is_empty()).then_some(end)
    }

    /// Whether no place and second dash follow (`AFP.- London -`).
    fn is_last_dash(&self) -> bool {
        let mut rest = DatelineParser {
            language: self.language,
            body: self.body,
            tokens: self.tokens,
            at: self.at + 1,
            found: Found::default(),
        };
        rest.words().is_none() || rest.kind(0) != Some(Kind::Dash)
    }

    /// `New Delhi, Jan 4 (IANS) The court`, `MOSCOW, January 4. /TASS/. Russia`: place, day and
    /// agency together need no dash.
    fn close_without_dash(&self) -> Option<usize> {
        let Found { place: Some(_), day: Some((_, Day::Date)), agency: Some(agency), .. } = &self.found
        else {
            return None;
        };
        let last = self.tokens.get(self.at.checked_sub(1)?)?;
        let closed = matches!(last.kind, Kind::Close | Kind::Slash) && agency.end <= last.span.start;
        let stop = usize::from(self.kind(0) == Some(Kind::Separator));
        let next = self.text(stop);
        let sentence = next.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '‘' | '\''));
        let word = matches!(self.kind(stop), Some(Kind::Word | Kind::Other));
        let end = if stop == 1 { self.tokens.get(self.at)?.span.end } else { last.span.end };
        (closed && word && sentence).then_some(end as usize)
    }

    /// `(AFP)`, `[US]`, `(South Korea)`, `(March 2)`.
    fn bracket(&mut self) -> Option<()> {
        let square = self.text(0) == "[";
        let length = (1..8).find(|&ahead| self.kind(ahead) == Some(Kind::Close))?;
        let (first, last) = (self.tokens.get(self.at + 1)?, self.tokens.get(self.at + length - 1)?);
        if length < 2 {
            return None;
        }
        let span = Span { start: first.span.start, end: last.span.end };
        let inner = span.get(self.body)?;
        let close = self.at + length;
        self.at += 1;
        if self.day() && self.at == close {
        } else if square || names::is_region(inner, self.language) {
            self.found.region = true;
        } else if self.found.agency.is_none() && inner.starts_with(|c: char| c.is_alphabetic()) {
            self.found.agency = Some(span);
        } else {
            self.found.unknown = true;
        }
        self.at = close + 1;
        Some(())
    }

    /// `/TASS/`.
    fn slashed_agency(&mut self) -> bool {
        let (Some(Kind::Word), Some(length)) =
            (self.kind(1), (2..5).find(|&ahead| self.kind(ahead) == Some(Kind::Slash)))
        else {
            return false;
        };
        let (Some(first), Some(last)) = (self.tokens.get(self.at + 1), self.tokens.get(self.at + length - 1))
        else {
            return false;
        };
        if self.found.agency.is_none() {
            self.found.agency = Some(Span { start: first.span.start, end: last.span.end });
        }
        self.at += length + 1;
        true
    }

    /// `March 2`, `2 March 2022`, `Monday, Jan. 3, 2022`, `Monday`.
    fn day(&mut self) -> bool {
        if self.found.day.is_some_and(|(_, day)| day == Day::Date) {
            return false;
        }
        let is_month = |ahead| is_month(self.text(ahead));
        let is_day = |ahead| self.kind(ahead) == Some(Kind::Number) && self.text(ahead).len() <= 4;
        let full_stop = |ahead| usize::from(self.text(ahead) == ".");
        let (last, day) = if is_month(0) && is_day(1 + full_stop(1)) {
            (1 + full_stop(1), Day::Date)
        } else if is_day(0) && is_month(1) {
            (1, Day::Date)
        } else if date::is_weekday(&self.text(0).to_lowercase()) && self.kind(0) == Some(Kind::Word) {
            (0, Day::Weekday)
        } else {
            return false;
        };
        let skip = usize::from(matches!(self.text(last + 1), "," | "."));
        let year = |ahead| self.kind(ahead) == Some(Kind::Number) && self.text(ahead).len() == 4;
        let last = if day == Day::Date && year(last + 1 + skip) { last + 1 + skip } else { last };
        let (Some(from), Some(to)) = (self.tokens.get(self.at), self.tokens.get(self.at + last)) else {
            return false;
        };
        let start = self.found.day.map_or(from.span.start, |(weekday, _)| weekday.start);
        self.found.day = Some((Span { start, end: to.span.end }, day));
        self.at += last + 1;
        true
    }

    /// A run of words: the place, an agency, or what lies between.
    fn words(&mut self) -> Option<()> {
        let length = (0..7).take_while(|&ahead| self.is_of_run(ahead)).count();
        let (first, last) = (self.tokens.get(self.at)?, self.tokens.get((self.at + length).checked_sub(1)?)?);
        let span = Span { start: first.span.start, end: last.span.end };
        let text = span.get(self.body)?;
        if names::is_agency(text, self.language) {
            self.found.agency = self.found.agency.or(Some(span));
        } else if names::is_region(text, self.language) && self.found.place.is_some() {
            self.found.region = true;
        } else if self.joins(text) && self.found.place.is_some() {
            // The second place follows.
        } else if !names::may_be_place(text, self.language) && !names::is_city(text, self.language) {
            return None;
        } else if self.found.place.is_none() && self.found.day.is_none() {
            self.found.place = Some(span);
        } else {
            self.found.unknown |= !names::is_city(text, self.language);
        }
        self.at += length;
        Some(())
    }

    /// Whether `word` stands between two places: `and`, `&`.
    fn joins(&self, word: &str) -> bool {
        word == "&"
            || !word.contains(char::is_uppercase) && self.language.traits(word).any(Traits::JOINS_PLACES)
    }

    fn is_of_run(&self, ahead: usize) -> bool {
        let joins = |ahead| self.joins(self.text(ahead));
        let stop = usize::from(self.text(ahead + 1) == ".");
        let day_follows = self.kind(ahead + 1 + stop) == Some(Kind::Number) && is_month(self.text(ahead));
        self.kind(ahead) == Some(Kind::Word)
            && (ahead == 0 || !day_follows && !joins(ahead) && !joins(ahead - 1))
    }
}

fn is_month(word: &str) -> bool {
    date::month(&word.to_lowercase()).is_some()
}

#[cfg(test)]
mod tests;
