//! What is called like a person and is none: storms, deities, bands, teams, telescopes.
//!
//! In: the texts of an article with their names. Out: which names are no people's. Must not know which names are one
//! thing.

use super::{Name, Text};
use crate::analysis::token::Class;
use crate::annotation::Kind;
use crate::gazetteer::{self, Facet};
use crate::language::Traits;

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
