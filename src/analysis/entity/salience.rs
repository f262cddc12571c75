//! How much an article is about each of its entities.
//!
//! In: an article's entities, mentions and quotes. Out: a salience between 0 and 1, 0.5 where the article is about it. The
//! salience of a person and of a country is a small logistic regression on what can be counted: where it stands first,
//! how often and how widely, its share of all mentions, whether it speaks. A country is also spoken of by its places and
//! by its government's seat. `dateline-train salience` learns the weights from articles whose people and countries
//! were labelled by reading, and writes them to `assets/salience.tsv`. Two older formulas are among the features:
//! that of countries was fitted to Reuters-21578, whose editors gave each story its countries, so that the story of a
//! news agency is read as before. Organisations and places have the older formula of people.

use crate::annotation::{Analysis, CountryCode, Entity, Field, Kind, Speaker};
use crate::article::Dateline;
use crate::language::Language;
use crate::text::Span;
use std::sync::LazyLock;

/// The lead: this many bytes of the body.
const LEAD: u32 = 300;

/// How many features a country has.
pub const OF_COUNTRY: usize = 14;
/// How many features a person has.
pub const OF_PERSON: usize = 13;

/// The features of a country, in order, with what they count.
pub const COUNTRY_FEATURES: [&str; OF_COUNTRY] = [
    "share",
    "only",
    "first",
    "title",
    "before",
    "names",
    "places",
    "countries",
    "spread",
    "most",
    "seat",
    "dateline",
    "lead",
    "length",
];
/// The features of a person, in order.
pub const PERSON_FEATURES: [&str; OF_PERSON] = [
    "of-most",
    "first",
    "early",
    "lead",
    "speaks-share",
    "title",
    "mentions",
    "spread",
    "before",
    "share",
    "speaks",
    "people",
    "most",
];

/// The weights of the two regressions; the last number of each is added to the sum.
struct Weights {
    country: [f32; OF_COUNTRY + 1],
    person: [f32; OF_PERSON + 1],
}

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let text = include_str!("../../../assets/salience.tsv");
    let mut weights = Weights { country: [0.0; OF_COUNTRY + 1], person: [0.0; OF_PERSON + 1] };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(kind), Some(name), Some(Ok(weight))) =
            (columns.next(), columns.next(), columns.next().map(str::parse::<f32>))
        else {
            continue;
        };
        let (names, list): (&[&str], &mut [f32]) = match kind {
            "country" => (&COUNTRY_FEATURES, &mut weights.country),
            _ => (&PERSON_FEATURES, &mut weights.person),
        };
        let place = names.iter().position(|known| *known == name).unwrap_or(names.len());
        list[place] = weight;
    }
    weights
});

/// Sets the salience of every entity.
pub fn weigh(analysis: &mut Analysis, body: &str, language: Language) {
    let counted = Counted::read(analysis, body, language);
    let salience = |(index, entity): (usize, &Entity)| match entity.kind {
        Kind::Person => of(&counted.person(index), &WEIGHTS.person),
        Kind::Country => 0.0,
        Kind::Place | Kind::Org => counted.scores[index].salience(counted.words),
    };
    let saliences: Vec<f32> = analysis.entities.iter().enumerate().map(salience).collect();
    let countries = counted.countries();
    for (entity, salience) in analysis.entities.iter_mut().zip(saliences) {
        entity.salience = salience;
    }
    for (code, features) in countries {
        let salience = of(&features, &WEIGHTS.country);
        let mut named = false;
        for entity in analysis.entities.iter_mut().filter(|entity| entity.code == Some(code)) {
            entity.salience = salience;
            named = true;
        }
        if !named {
            // The country is there through its places only, which then stand for it.
            let lends = |entity: &&mut Entity| entity.country == Some(code);
            let most =
                analysis.entities.iter_mut().filter(lends).max_by(|a, b| a.salience.total_cmp(&b.salience));
            if let Some(most) = most {
                most.salience = salience;
            }
            for entity in analysis.entities.iter_mut().filter(|entity| entity.country == Some(code)) {
                entity.salience = entity.salience.min(salience);
            }
        }
    }
}

/// The probability that the features give.
fn of<const N: usize, const M: usize>(features: &[f32; N], weights: &[f32; M]) -> f32 {
    let sum: f32 = features.iter().zip(weights).map(|(feature, weight)| feature * weight).sum();
    1.0 / (1.0 + (-(sum + weights[N])).exp())
}

/// The features of each person, by its entity, and of each country.
#[cfg(feature = "train")]
pub type Features = (Vec<(usize, [f32; OF_PERSON])>, Vec<(CountryCode, [f32; OF_COUNTRY])>);

/// What the two regressions are learnt from: the features of each person, by its entity, and of each country.
#[cfg(feature = "train")]
pub fn features(analysis: &Analysis, body: &str, language: Language) -> Features {
    let counted = Counted::read(analysis, body, language);
    let persons = (0..analysis.entities.len()).filter(|index| analysis.entities[*index].kind == Kind::Person);
    (persons.map(|index| (index, counted.person(index))).collect(), counted.countries())
}

/// What is counted of one entity.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    title: bool,
    dateline: bool,
    lead: bool,
    /// Mentions in the body after the dateline.
    count: u32,
    /// All mentions.
    all: u32,
    speaks: u32,
    /// Where the first mention in the body stands, in bytes, plus one; 0 where there is none.
    first: u32,
    /// One bit for each eighth of the body that has a mention.
    eighths: u8,
}

impl Score {
    fn add(&mut self, field: Field, span: Span, opening: u32, length: u32) {
        self.all += 1;
        if field == Field::Title {
            self.title = true;
            return;
        }
        let first = span.start + 1;
        self.first = if self.first == 0 { first } else { self.first.min(first) };
        self.eighths |= 1 << (u64::from(span.start) * 8 / u64::from(length.max(1))).min(7);
        if span.start < opening {
            self.dateline = true;
        } else {
            self.lead |= span.start < opening + LEAD;
            self.count += 1;
        }
    }

    /// The older salience of anything but a country: standing in the title, in the dateline, in the first sentences,
    /// often, and speaking. The weights were set by hand.
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
        let first = match (self.first, other.first) {
            (0, first) | (first, 0) => first,
            (a, b) => a.min(b),
        };
        Score {
            title: self.title || other.title,
            dateline: self.dateline || other.dateline,
            lead: self.lead || other.lead,
            count: self.count + other.count,
            all: self.all + other.all,
            speaks: self.speaks + other.speaks,
            first,
            eighths: self.eighths | other.eighths,
        }
    }

    /// Where the first mention stands in the body, from 0 to 1. Where only the title has one, that is 1, but 0 for the
    /// few lines that a feed gives of an article.
    fn position(self, length: u32) -> f32 {
        match self.first {
            0 if length < LEAD => 0.0,
            0 => 1.0,
            first => (first - 1) as f32 / length as f32,
        }
    }

    fn spread(self) -> f32 {
        self.eighths.count_ones() as f32 / 8.0
    }
}

/// What is counted of all entities of an article.
struct Counted<'a> {
    entities: &'a [Entity],
    scores: Vec<Score>,
    /// Bytes of the body.
    length: u32,
    words: f32,
    /// Quotes with a speaker that is an entity.
    quotes: u32,
}

impl<'a> Counted<'a> {
    fn read(analysis: &'a Analysis, body: &str, language: Language) -> Counted<'a> {
        let mut scores = vec![Score::default(); analysis.entities.len()];
        let opening = Dateline::find(body, language).map_or(0, |dateline| dateline.span.end);
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        for mention in &analysis.mentions {
            scores[mention.entity.0 as usize].add(mention.field, mention.span, opening, length);
        }
        let mut quotes = 0;
        for quote in &analysis.quotes {
            if let Some(Speaker::Entity(index)) = quote.speaker {
                scores[index.0 as usize].speaks += 1;
                quotes += 1;
            }
        }
        // A word of English news takes about six bytes.
        let words = (body.len() / 6).max(1) as f32;
        Counted { entities: &analysis.entities, scores, length, words, quotes }
    }

    fn person(&self, index: usize) -> [f32; OF_PERSON] {
        let score = self.scores[index];
        let people =
            || self.entities.iter().zip(&self.scores).filter(|(entity, _)| entity.kind == Kind::Person);
        let most = people().map(|(_, score)| score.all).max().unwrap_or(0).max(1);
        let all: u32 = people().map(|(_, score)| score.all).sum();
        let first = score.position(self.length);
        let when = |holds: bool| if holds { 1.0 } else { 0.0 };
        [
            score.all as f32 / most as f32,
            first,
            when(first < 0.3),
            when(score.lead),
            score.speaks as f32 / self.quotes.max(1) as f32,
            when(score.title),
            (score.all as f32).ln_1p(),
            score.spread(),
            score.salience(self.words),
            score.all as f32 / all.max(1) as f32,
            (score.speaks as f32).ln_1p(),
            (people().count() as f32).ln_1p(),
            when(score.all == most),
        ]
    }

    /// The features of every country that is named, or spoken of by its places or its government's seat.
    fn countries(&self) -> Vec<(CountryCode, [f32; OF_COUNTRY])> {
        let mut codes: Vec<(CountryCode, Score, Score, bool)> = Vec::new();
        for (entity, score) in self.entities.iter().zip(&self.scores) {
            let Some(code) = entity.code.or(entity.country) else { continue };
            let place = codes.iter().position(|(known, ..)| *known == code).unwrap_or_else(|| {
                codes.push((code, Score::default(), Score::default(), false));
                codes.len() - 1
            });
            let (_, names, places, seat) = &mut codes[place];
            if entity.kind == Kind::Country {
                *names = names.plus(*score);
            } else {
                *places = places.plus(*score);
                *seat |= entity.kind == Kind::Org;
            }
        }
        let count = codes.len();
        let total: u32 = codes.iter().map(|(_, names, places, _)| names.all + places.all).sum();
        let most = codes.iter().map(|(_, names, places, _)| names.all + places.all).max().unwrap_or(0);
        let when = |holds: bool| if holds { 1.0 } else { 0.0 };
        let features = |(code, names, places, seat): &(CountryCode, Score, Score, bool)| {
            let both = names.plus(*places);
            let before = Country { named: *names, places: *places, alone: count == 1 }.salience(self.words);
            let features = [
                both.all as f32 / total.max(1) as f32,
                when(count == 1),
                both.position(self.length),
                when(both.title),
                before,
                (names.all as f32).ln_1p(),
                (places.all as f32).ln_1p(),
                (count as f32).ln(),
                both.spread(),
                when(both.all == most),
                when(*seat),
                when(both.dateline),
                when(both.lead),
                (self.words / 100.0).ln_1p(),
            ];
            (*code, features)
        };
        codes.iter().map(features).collect()
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
    /// The older salience of a country. Its weights are those of a logistic regression on one half of Reuters-21578,
    /// rounded, but the title counts more: a country in it is what the story is about.
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
