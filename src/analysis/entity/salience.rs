//! How much an article is about each of its entities.
//!
//! In: an article's entities, mentions and quotes. Out: a salience between 0 and 1, 0.5 where the article is about it.
//! What counts: standing in the title, in the first sentences, often, early, and speaking. The weights were set by
//! hand.

use crate::analysis::{Analysis, CountryCode, Entity, Field, Kind, Speaker};

/// The lead: this many bytes of the body.
const LEAD: u32 = 300;

/// Sets the salience of every entity. `body` is the length of the body in bytes.
pub fn weigh(analysis: &mut Analysis, body: usize) {
    let mut scores = vec![Score::default(); analysis.entities.len()];
    for mention in &analysis.mentions {
        let score = &mut scores[mention.entity.0 as usize];
        match mention.field {
            Field::Title => score.title = true,
            Field::Body => {
                score.lead |= mention.span.start < LEAD;
                score.count += 1;
            }
        }
    }
    for quote in &analysis.quotes {
        if let Some(Speaker::Entity(index)) = quote.speaker {
            scores[index.0 as usize].speaks += 1;
        }
    }
    lend_to_countries(&analysis.entities, &mut scores);
    let words = (body / 6).max(1) as f32;
    for (entity, score) in analysis.entities.iter_mut().zip(&scores) {
        entity.salience = score.salience(words);
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    title: bool,
    lead: bool,
    count: u32,
    speaks: u32,
}

impl Score {
    fn salience(self, words: f32) -> f32 {
        let title = if self.title { 0.5 } else { 0.0 };
        let lead = if self.lead { 0.25 } else { 0.0 };
        // In a text of 300 words, a third mention counts as much as the lead.
        let often = ((self.count.saturating_sub(1)) as f32 * 0.12 * (300.0 / words).clamp(0.4, 1.5)).min(0.4);
        let speaks = (self.speaks as f32 * 0.08).min(0.16);
        (title + lead + often + speaks).min(1.0)
    }
}

/// A country is also spoken of by its places and its government's seat.
fn lend_to_countries(entities: &[Entity], scores: &mut [Score]) {
    let mut lent: Vec<(CountryCode, Score)> = Vec::new();
    for (entity, score) in entities.iter().zip(scores.iter()) {
        if let (Kind::Place | Kind::Org, Some(code)) = (entity.kind, entity.country) {
            lent.push((code, *score));
        }
    }
    for (entity, score) in entities.iter().zip(scores) {
        let Some(code) = entity.code else { continue };
        for (_, other) in lent.iter().filter(|(of, _)| *of == code) {
            score.title |= other.title;
            score.lead |= other.lead;
            score.count += other.count;
        }
    }
}
