//! What is called like a person or a place and is none: storms, deities, bands, teams, telescopes, degrees, papers, common
//! words; and the one month that is a surname.
//!
//! In: the texts of an article with their names. Out: which names are no people's. Must not know which names are one
//! thing.

use super::{Name, Text};
use crate::analysis::token::{Class, is_capitalised};
use crate::annotation::Kind;
use crate::gazetteer::{self, Facet};
use crate::language::{Language, Traits};

/// Names that the article shows to be bands, teams, or things called after people. One mention that shows it is enough
/// for all.
#[derive(Default)]
pub struct Things<'a> {
    bands: Vec<&'a str>,
    others: Vec<&'a str>,
}

impl<'a> Things<'a> {
    pub fn read(texts: [(&Text<'a>, &Vec<Name>); 2]) -> Things<'a> {
        let mut things = Things::default();
        for (text, names) in texts {
            for name in names.iter().filter(|name| name.kind == Kind::Person) {
                if is_band(text, name) {
                    things.bands.push(text.slice(&name.tokens));
                } else if name.tokens.len() > 1 && is_instrument(text, name) {
                    things.others.push(text.slice(&name.tokens));
                }
            }
        }
        things
    }

    /// Makes bands organisations and leaves out the other things.
    pub fn settle(&self, text: &Text<'_>, names: &mut Vec<Name>) {
        if self.bands.is_empty() && self.others.is_empty() {
            return;
        }
        names.retain(|name| name.kind != Kind::Person || !self.others.contains(&text.slice(&name.tokens)));
        for name in names.iter_mut().filter(|name| name.kind == Kind::Person) {
            if self.bands.contains(&text.slice(&name.tokens)) {
                name.kind = Kind::Org;
            }
        }
    }
}

/// `rock band the Velvet Otters`, `Velvet Otters drummer Ann Lee`, `Otterville captain Ann Lee`: a name of a band or a team,
/// which has no forename. A name of one word is a team's only where it is a place's name or nobody's.
fn is_band(text: &Text<'_>, name: &Name) -> bool {
    let (start, end) = (name.tokens.start, name.tokens.end);
    let before = if text.follows(start, Traits::THE) { start - 1 } else { start };
    let called = text.follows_small(before, Traits::BAND);
    let named =
        |at: usize| text.tokens.get(at).is_some_and(|token| token.capital && token.class == Class::Word);
    let is_member = |at: usize| text.is_small(at, Traits::GROUP_MEMBER) && named(at + 1);
    let small = || text.tokens.get(end).is_some_and(|token| !token.capital && token.class == Class::Word);
    let member = is_member(end) || small() && is_member(end + 1);
    let entry = gazetteer::find(text.word(start));
    let persons = if name.tokens.len() > 1 {
        entry.is_some_and(|entry| entry.is(Facet::Forename))
    } else {
        text.follows(start, Traits::ADDRESS)
            || entry.is_some_and(|entry| entry.is(Facet::Forename) || entry.is(Facet::Surname))
    };
    called && name.tokens.len() > 1 || member && !persons
}

/// `Ann Lee Telescope`, `Ann Lee space telescope`: an instrument that is called after somebody.
fn is_instrument(text: &Text<'_>, name: &Name) -> bool {
    let end = name.tokens.end;
    text.is(end, Traits::INSTRUMENT) || text.is(end, Traits::SPACE) && text.is(end + 1, Traits::INSTRUMENT)
}

/// The forenames of the storms in a text: `Maria` where `Hurricane Maria` stands.
pub fn storms<'a>(text: &Text<'a>) -> Vec<&'a str> {
    let bytes = text.text.as_bytes();
    let said = ["urricane ", "yphoon ", "yclone ", "torm "];
    if !said.iter().any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some()) {
        return Vec::new();
    }
    let named = |at: &usize| {
        text.is_capitalised(*at, Traits::STORM)
            && text.tokens.get(at + 1).is_some_and(|token| token.capital && token.class == Class::Word)
    };
    (0..text.tokens.len()).filter(named).map(|at| text.word(at + 1)).collect()
}

/// A deity or a creed, whom no newspaper quotes; also what a god is called: `the god Shiva`.
pub fn is_deity(text: &Text<'_>, name: &Name) -> bool {
    name.kind == Kind::Person
        && name.tokens.len() == 1
        && (text.is(name.tokens.start, Traits::DEITY) || text.follows_small(name.tokens.start, Traits::DEITY))
}

/// Leaves out the degrees and offices behind a person's name: `MD`, `M.S., R.D.`, `Ph.D.`
pub fn drop_degrees(text: &Text<'_>, names: &mut Vec<Name>) {
    // Where the last person ends, or a degree of that person.
    let mut end = usize::MAX;
    names.retain(|name| {
        let at = name.tokens.start;
        let behind = end == at || end.checked_add(1) == Some(at) && text.word(end) == ",";
        let slice = text.slice(&name.tokens);
        let degree = behind && slice.split(", ").all(|part| is_degree(part, text.language));
        if degree || name.kind == Kind::Person {
            end = name.tokens.end;
            // `Ph.D.` at the end of a sentence
            end += usize::from(degree && text.word(end) == "." && text.word(end + 1) == ",");
        }
        !degree
    });
}

/// `MD`, `M.D.`, `Ph.D.`, `Esq.`
fn is_degree(part: &str, language: Language) -> bool {
    let word = part.strip_suffix('.').unwrap_or(part);
    let loud = !word.contains(char::is_lowercase) || word.bytes().filter(u8::is_ascii_uppercase).count() > 1;
    (loud || word == "Esq") && language.traits(word).any(Traits::HONOUR)
}

/// `Detective Amber May`: a month behind a forename is a surname, and the tagger takes it for a month.
pub fn add_month_surnames(text: &Text<'_>, names: &mut Vec<Name>) {
    let mut more = Vec::new();
    for at in 1..text.tokens.len() {
        if !text.is_capitalised(at, Traits::MONTH_OR_NAME)
            || !text.tokens[at - 1].capital
            || !text.traits(at - 1).is_empty()
            || text.tokens.get(at + 1).is_some_and(|next| next.class == Class::Number)
        {
            continue;
        }
        let forename = gazetteer::find(text.word(at - 1)).is_some_and(|entry| {
            entry.is(Facet::Forename) && !entry.is(Facet::Place) && !entry.is(Facet::Country)
        });
        let free = !names.iter().any(|name| name.tokens.start <= at && at - 1 < name.tokens.end);
        if forename && free {
            more.push(Name { tokens: at - 1..at + 1, kind: Kind::Person });
        }
    }
    if !more.is_empty() {
        names.extend(more);
        names.sort_by_key(|name| name.tokens.start);
    }
}

/// `Bridge falls in Genoa` where the body has `A bridge fell`: no place of that name.
pub fn is_ordinary(text: &Text<'_>, body: &Text<'_>, name: &Name) -> bool {
    let at = name.tokens.start;
    let opens = || text.sentences.binary_search_by(|sentence| sentence.start.cmp(&at)).is_ok();
    if name.kind != Kind::Place || name.tokens.len() > 1 || !is_capitalised(text.word(at)) || !opens() {
        return false;
    }
    let word = text.word(at);
    let known = gazetteer::find(word).is_some_and(|entry| entry.is(Facet::Listed) || entry.is(Facet::Large));
    let small = format!(" {}", word.to_lowercase());
    let bytes = body.text.as_bytes();
    let ends = |at: usize| bytes.get(at + small.len()).is_none_or(|byte| !byte.is_ascii_alphabetic());
    // The name within a sentence is a name after all.
    let within = format!(" {word}");
    let named = memchr::memmem::find_iter(bytes, within.as_bytes())
        .any(|at| at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_alphabetic));
    !known && !named && memchr::memmem::find_iter(bytes, small.as_bytes()).any(ends)
}

/// `Wikinews spoke with her`: a paper or a station, by the end of its name.
pub fn is_paper(text: &Text<'_>, name: &Name) -> bool {
    const ENDS: [&str; 8] = ["news", "times", "press", "media", "wire", "tribune", "herald", "gazette"];
    let word = text.word(name.tokens.start);
    name.kind == Kind::Person
        && name.tokens.len() == 1
        && word.len() > 6
        && ENDS.iter().any(|end| word.len() > end.len() && word.to_lowercase().ends_with(end))
        && gazetteer::find(word).is_none_or(|entry| !entry.is(Facet::Forename) && !entry.is(Facet::Surname))
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::language::Language;

    /// The names of people in a body.
    fn people(body: &str) -> Vec<String> {
        let analysis = analyze("Late news", body, Language::default());
        let people = analysis.entities.iter().filter(|entity| entity.kind == crate::annotation::Kind::Person);
        people.map(|entity| entity.name.clone()).collect()
    }

    #[test]
    fn a_band_is_no_person() {
        let body = "Oslo, May 3 – Hundreds came to hear the rock band Grateful Sven on Friday. The fans of Grateful Sven \
                    sang along.\n\nGrateful Sven drummer Ingrid Holm thanked them. \"It was a night to remember,\" Holm said.";
        assert_eq!(people(body), ["Ingrid Holm"]);
    }

    #[test]
    fn a_team_is_no_person() {
        let body = "Maroobadore lost to Noosaville on Saturday. Maroobadore captain Sam Marling said his side had been slow. \
                    Noosaville assistant coach Ben Radwell agreed.";
        assert_eq!(people(body), ["Sam Marling", "Ben Radwell"]);
    }

    #[test]
    fn a_telescope_is_not_whom_it_is_called_after() {
        let body = "Paris, May 3 – The images came from the Anders Webber space telescope, which was launched in May. \
                    Astronomers said Anders Webber had seen further than any other.";
        assert!(people(body).is_empty(), "{:?}", people(body));
    }

    #[test]
    fn a_god_and_a_creed_are_no_people() {
        let body = "Delhi, May 3 – Pilgrims left gifts before the god Shiva, said Arjun Mehrotra. Mehrotra denied that \
                    Hindutva had changed the festival.";
        assert_eq!(people(body), ["Arjun Mehrotra"]);
    }

    #[test]
    fn the_credit_that_is_glued_to_a_name_is_no_part_of_it() {
        let body = "Lisbon, May 3 – Rain fell on Monday.\n\nInês TavaresImage: City of Lisbon\n\nInês Tavares said the \
                    drains had held.";
        assert_eq!(people(body), ["Inês Tavares"]);
    }

    /// The names of one kind in a body, as written.
    fn marked(kind: crate::annotation::Kind, body: &str) -> Vec<&str> {
        let analysis = analyze("Late news", body, Language::default());
        let of_kind = |index: &crate::annotation::EntityIndex| {
            analysis.entities.get(index.0 as usize).is_some_and(|entity| entity.kind == kind)
        };
        let mentions = analysis.mentions.iter().filter(|mention| of_kind(&mention.entity));
        mentions.filter_map(|mention| mention.span.get(body)).collect()
    }

    #[test]
    fn degrees_behind_a_name_are_no_names() {
        let body = "Oslo, May 3 – Valerie Holm, M.S., R.D., said the diet was harmless. Tomas Lindqvist, M.D., Ph.D., \
                    disagreed. Carla Reyes, Esq., filed suit for Dana Howe, RN.";
        assert_eq!(people(body), ["Valerie Holm", "Tomas Lindqvist", "Carla Reyes", "Dana Howe"]);
        assert!(marked(crate::annotation::Kind::Org, body).is_empty());
        assert_eq!(marked(crate::annotation::Kind::Place, body), ["Oslo"]);
    }

    #[test]
    fn postal_codes_are_places() {
        let body = "The plant in Dallas, TX closed on Monday. A load goes from Long Beach, CA to Mobile, AL. Well, OK, \
                    said Anders Holm, MD.";
        let places = marked(crate::annotation::Kind::Place, body);
        for code in ["TX", "CA", "AL"] {
            assert!(places.contains(&code), "{code}: {places:?}");
        }
        assert!(!places.contains(&"OK") && !places.contains(&"MD"), "{places:?}");
    }

    #[test]
    fn what_stands_before_a_name_is_no_part_of_it() {
        let body = "Moscow, May 3 – Russia charged former Marine Peter Wheldon. Green Beret Sam Browning and Eagle Scout Tom \
                    Hiller were named, too. Hey Karthick, thank you. It was Plan B. Bruno left at once.";
        let people = people(body);
        for name in ["Peter Wheldon", "Sam Browning", "Tom Hiller", "Karthick", "Bruno"] {
            assert!(people.iter().any(|person| person == name), "{name}: {people:?}");
        }
    }

    #[test]
    fn a_month_behind_a_forename_is_a_surname() {
        let body = "Detective Amber May of the Oslo police testified last week. \"He was 19,\" May said. Olivia May, a \
                    portfolio manager, agreed. In May 2024 Kari Holm left.";
        assert_eq!(people(body), ["Amber May", "Olivia May", "Kari Holm"]);
    }

    #[test]
    fn ordinary_words_and_papers_are_no_people_and_no_places() {
        let body = "A bridge fell in Genoa on Tuesday. Kystnews spoke with Mr Holm about it. \"Gangurru,\" the man said.";
        let analysis = analyze("Bridge falls in Genoa", body, Language::default());
        let names: Vec<&str> = analysis.entities.iter().map(|entity| entity.name.as_str()).collect();
        assert!(!names.contains(&"Bridge") && !names.contains(&"Gangurru"), "{names:?}");
        assert!(!people(body).iter().any(|person| person == "Kystnews"), "{names:?}");
    }
}
