//! Walking through the names, quotes and hits of an article.

use super::Shown;
use crate::annotation::{Entity, EntityIndex, Field, Kind, Quote, Speaker};
use crate::highlight::{Tag, Tags};
use crate::text::Span;

/// What a walk visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    Names,
    Quotes,
    Hits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Forward,
    Back,
}

/// What is under the cursor: an index into the mentions or the quotes of the analysis, or into the hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landmark {
    Name(usize),
    Quote(usize),
    Hit(usize),
}

/// The name, quote or hit under the cursor, in detail.
#[derive(Clone, Copy, Debug)]
pub struct Under<'a> {
    /// The text itself.
    pub text: &'a str,
    pub entity: Option<&'a Entity>,
    /// The quote, or the innermost quote around the name or hit.
    pub quote: Option<&'a Quote>,
    /// The speaker of that quote: the name, or the words that describe the speaker.
    pub speaker: Option<&'a str>,
    pub speaker_entity: Option<&'a Entity>,
}

impl Shown {
    /// The next stop of `walk` after the cursor, or among the visible lines if the cursor is not on one of them.
    pub(super) fn find_next(&self, walk: Walk, way: Way, height: usize, tags: Tags) -> Option<Landmark> {
        let landmarks = self.landmarks(walk, tags);
        let from = self.start_of_walk(way, height)?;
        let start =
            |landmark: &Landmark| self.span_of(*landmark).map(|(field, span)| (field, i64::from(span.start)));
        match way {
            Way::Forward => landmarks.into_iter().find(|landmark| start(landmark) > Some(from)),
            Way::Back => landmarks.into_iter().rev().find(|landmark| start(landmark) < Some(from)),
        }
    }

    /// Whether there is anything to walk through.
    pub fn has_stops(&self, walk: Walk, tags: Tags) -> bool {
        !self.landmarks(walk, tags).is_empty()
    }

    /// The names and quotes that begin in the visible lines, with their lines, in the order of the text.
    pub fn seen(&self, height: usize, tags: Tags) -> Vec<(usize, Landmark)> {
        let all = [Walk::Names, Walk::Quotes].into_iter().flat_map(|walk| self.landmarks(walk, tags));
        let mut seen: Vec<(Field, u32, usize, Landmark)> = all
            .filter_map(|landmark| {
                let (field, span) = self.span_of(landmark)?;
                let line = self.text.line_of(field, span.start);
                let visible = line >= self.top && line < self.top + height;
                visible.then_some((field, span.start, line, landmark))
            })
            .collect();
        seen.sort_by_key(|(field, start, ..)| (*field, *start));
        seen.into_iter().map(|(_, _, line, landmark)| (line, landmark)).collect()
    }

    pub fn span_of(&self, landmark: Landmark) -> Option<(Field, Span)> {
        let analysis = &self.stored.analysis;
        let (field, span) = match landmark {
            Landmark::Name(at) => analysis.mentions.get(at).map(|mention| (mention.field, mention.span)),
            Landmark::Quote(at) => analysis.quotes.get(at).map(|quote| (quote.field, quote.span)),
            Landmark::Hit(at) => self.hits.get(at).copied(),
        }?;
        span.get(self.field(field)).map(|_| (field, span))
    }

    pub(super) fn is_lit(&self, landmark: Landmark, tags: Tags) -> bool {
        let analysis = &self.stored.analysis;
        match landmark {
            Landmark::Name(at) => analysis
                .mentions
                .get(at)
                .and_then(|mention| analysis.entities.get(mention.entity.0 as usize))
                .is_some_and(|entity| tags.has(Tag::from(entity.kind))),
            Landmark::Quote(at) => {
                analysis.quotes.get(at).is_some_and(|quote| tags.has(Tag::from(quote.kind)))
            }
            Landmark::Hit(_) => true,
        }
    }

    pub(super) fn under(&self, landmark: Landmark) -> Under<'_> {
        let analysis = &self.stored.analysis;
        let named = |index: EntityIndex| analysis.entities.get(index.0 as usize);
        let (field, span) = self.span_of(landmark).unwrap_or((Field::Body, Span { start: 0, end: 0 }));
        let entity = match landmark {
            Landmark::Name(at) => analysis.mentions.get(at).and_then(|mention| named(mention.entity)),
            _ => None,
        };
        let around = || {
            let holds = |quote: &&Quote| quote.field == field && quote.span.contains(span);
            analysis.quotes.iter().filter(holds).min_by_key(|quote| quote.span.len())
        };
        let quote = match landmark {
            Landmark::Quote(at) => analysis.quotes.get(at),
            _ => around(),
        };
        let speaker_entity = match quote.and_then(|quote| quote.speaker.as_ref()) {
            Some(Speaker::Entity(index)) => named(*index),
            _ => None,
        };
        let speaker = match quote.and_then(|quote| quote.speaker.as_ref()) {
            Some(Speaker::Description(words)) => Some(words.as_str()),
            _ => speaker_entity.map(|entity| entity.name.as_str()),
        };
        Under { text: span.get(self.field(field)).unwrap_or(""), entity, quote, speaker, speaker_entity }
    }

    /// Every stop of `walk`, by field and start.
    fn landmarks(&self, walk: Walk, tags: Tags) -> Vec<Landmark> {
        let analysis = &self.stored.analysis;
        let landmarks: Vec<Landmark> = match walk {
            Walk::Names => (0..analysis.mentions.len()).map(Landmark::Name).collect(),
            Walk::Quotes => (0..analysis.quotes.len()).map(Landmark::Quote).collect(),
            Walk::Hits => (0..self.hits.len()).map(Landmark::Hit).collect(),
        };
        landmarks
            .into_iter()
            .filter(|landmark| self.is_lit(*landmark, tags) && self.span_of(*landmark).is_some())
            .collect()
    }

    /// The field and byte from which to continue; that byte itself is excluded.
    fn start_of_walk(&self, way: Way, height: usize) -> Option<(Field, i64)> {
        None.or_else(|| {
            let (field, span) = self.landmark.and_then(|landmark| self.span_of(landmark))?;
            let line = self.text.line_of(field, span.start);
            let seen = line >= self.top && line < self.top + height;
            seen.then_some((field, i64::from(span.start)))
        })
        .or_else(|| match way {
            Way::Forward => {
                let (field, byte) = self.text.start_of(self.top)?;
                Some((field, i64::from(byte) - 1))
            }
            Way::Back => Some(
                self.text
                    .start_of(self.top + height)
                    .map_or((Field::Body, i64::MAX), |(field, byte)| (field, i64::from(byte))),
            ),
        })
    }
}

impl Under<'_> {
    /// `Antony Blinken (person) · in a quote by Ned Price (person)`.
    pub fn in_words(&self) -> String {
        let mut text = match self.entity {
            Some(entity) => named(entity),
            None => String::new(),
        };
        if self.quote.is_some() {
            let by = match (self.speaker_entity, self.speaker) {
                (Some(speaker), _) => format!("by {}", named(speaker)),
                (None, Some(words)) => format!("by {words}"),
                // A guess that the program does not stand by.
                (None, None) if self.quote.is_some_and(|quote| quote.guess.is_some()) => "by ?".to_owned(),
                (None, None) => "without a speaker".to_owned(),
            };
            text = match text.is_empty() {
                true => format!("quote {by}"),
                false => format!("{text} · in a quote {by}"),
            };
        }
        if text.is_empty() { format!("found: {}", self.text) } else { text }
    }
}

/// `Lima (place PE)`.
fn named(entity: &Entity) -> String {
    let kind = match entity.kind {
        Kind::Person => "person",
        Kind::Country => "country",
        Kind::Place => "place",
        Kind::Org => "organisation",
    };
    let code = entity.code.or(entity.country).map(|code| format!(" {code}")).unwrap_or_default();
    format!("{} ({kind}{code})", entity.name)
}
