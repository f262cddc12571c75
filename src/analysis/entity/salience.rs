//! How much an article is about each of its entities.
//!
//! In: an article's entities, mentions and quotes. Out: a salience between 0 and 1, 0.5 where the article is about it.
//! What counts: standing in the title, in the dateline, in the first sentences, often, and speaking. A country is also
//! spoken of by its places and its government's seat. The weights of countries are those of a logistic regression on
//! one half of Reuters-21578, whose editors gave each story its countries, rounded, but the title counts more: a country
//! in it is what the story is about. `dateline-train eval-places` prints how well they agree. The other weights were
//! set by hand.

use crate::annotation::{Analysis, CountryCode, Entity, Field, Kind, Speaker};
use crate::article::Dateline;
use crate::language::Language;

/// The lead: this many bytes of the body.
const LEAD: u32 = 300;

/// Sets the salience of every entity.
pub fn weigh(analysis: &mut Analysis, body: &str, language: Language) {
    let mut scores = vec![Score::default(); analysis.entities.len()];
    let opening = Dateline::find(body, language).map_or(0, |dateline| dateline.span.end);
    for mention in &analysis.mentions {
        let score = &mut scores[mention.entity.0 as usize];
        match mention.field {
            Field::Title => score.title = true,
            Field::Body if mention.span.start < opening => score.dateline = true,
            Field::Body => {
                score.lead |= mention.span.start < opening + LEAD;
                score.count += 1;
            }
        }
    }
    for quote in &analysis.quotes {
        if let Some(Speaker::Entity(index)) = quote.speaker {
            scores[index.0 as usize].speaks += 1;
        }
    }
    // A word of English news takes about six bytes.
    let words = (body.len() / 6).max(1) as f32;
    let lent = lent(&analysis.entities, &scores);
    let alone = analysis.countries.len() == 1;
    for (entity, score) in analysis.entities.iter_mut().zip(&scores) {
        entity.salience = match entity.code {
            Some(code) => {
                let places = lent.iter().filter(|(of, _)| *of == code).map(|(_, score)| *score);
                Country { named: *score, places: places.fold(Score::default(), Score::plus), alone }
                    .salience(words)
            }
            None => score.salience(words),
        };
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    title: bool,
    dateline: bool,
    lead: bool,
    /// Mentions in the body after the dateline.
    count: u32,
    speaks: u32,
}

impl Score {
    fn salience(self, words: f32) -> f32 {
        let title = if self.title { 0.5 } else { 0.0 };
        let dateline = if self.dateline { 0.5 } else { 0.0 };
        let lead = if self.lead { 0.25 } else { 0.0 };
        // In a text of 300 words, a third mention counts as much as the lead.
        let again = if self.dateline { self.count } else { self.count.saturating_sub(1) };
        let often = (again as f32 * 0.12 * (300.0 / words).clamp(0.4, 1.5)).min(0.4);
        let speaks = (self.speaks as f32 * 0.08).min(0.16);
        (title + dateline + lead + often + speaks).min(1.0)
    }

    fn plus(self, other: Score) -> Score {
        Score {
            title: self.title || other.title,
            dateline: self.dateline || other.dateline,
            lead: self.lead || other.lead,
            count: self.count + other.count,
            speaks: self.speaks + other.speaks,
        }
    }
}

/// The evidence for a country: its own names, and those of its places and of its government's seat.
#[derive(Clone, Copy, Debug)]
struct Country {
    named: Score,
    places: Score,
    /// No other country is in the article.
    alone: bool,
}

impl Country {
    fn salience(self, words: f32) -> f32 {
        let when = |holds: bool, weight: f32| if holds { weight } else { 0.0 };
        let sum = -2.1
            + when(self.named.title, 3.0)
            + when(self.places.title, 1.5)
            + when(self.named.dateline || self.places.dateline, 3.9)
            + when(self.named.lead, 0.9)
            + when(self.places.lead, 0.6)
            + 0.6 * self.named.count.min(5) as f32
            + 0.2 * self.places.count.min(5) as f32
            + when(self.alone, 1.4)
            - 0.8 * (words / 1000.0).min(1.0);
        1.0 / (1.0 + (-sum).exp())
    }
}

/// The scores of the places and seats that lie in one country, with that country.
fn lent(entities: &[Entity], scores: &[Score]) -> Vec<(CountryCode, Score)> {
    let both = entities.iter().zip(scores);
    both.filter_map(|(entity, score)| match (entity.kind, entity.country) {
        (Kind::Place | Kind::Org, Some(code)) => Some((code, *score)),
        _ => None,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::language::Language;

    fn about(title: &str, body: &str) -> Vec<String> {
        let analysis = analyze(title, body, Language::english());
        analysis.about().map(|code| code.as_str().to_owned()).collect()
    }

    #[test]
    fn a_story_is_about_the_country_of_its_dateline_and_of_its_headline() {
        let body = "TUNIS, March 3 (Delta News) - The harbour of Bizerte was closed on Tuesday for repairs, its \
                    master said. Ships were sent to Sfax. A pilot from Malta was hurt.";
        assert_eq!(about("Repairs close a harbour in Tunisia", body), ["TN"]);
        assert_eq!(about("Norway sends divers to close a harbour", body), ["NO", "TN"]);
    }

    #[test]
    fn a_country_that_is_named_in_passing_late_in_a_long_story_is_not_what_it_is_about() {
        let filler =
            "The committee met and talked about the roof and about the money for the roof. ".repeat(20);
        let body =
            format!("Portugal closed its last coal mine. {filler} A visitor from Chile took notes. {filler}");
        assert_eq!(about("Portugal turns off the lamp", &body), ["PT"]);
    }

    #[test]
    fn a_country_that_only_its_places_name_is_spoken_of_too() {
        assert_eq!(about("", "GHENT, May 4 - The bridge was opened by two bakers and a mayor."), ["BE"]);
    }
}
