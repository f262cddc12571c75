//! The kind of each name, by the rest of the article and by the words around the name.
//!
//! In: both texts with their names. Out: the same names, some with another kind, some removed, and some added: surnames
//! that stand alone, `the North` for North Korea, the place of a dateline. They are still disjoint and in
//! order. Must not know which names are one thing.
//!
//! The file has over 600 lines because its rules are one list, and the order in which they apply decides.

use super::nobody::{Things, add_month_surnames, drop_degrees, is_deity, is_ordinary, is_paper, storms};
use super::{Name, Names, Text};
use crate::analysis::rule::Rule;
use crate::analysis::token::Class;
use crate::annotation::Kind;
use crate::gazetteer::{self, Entry, Facet};
use crate::language::Traits;
use foldhash::{HashSet, HashSetExt};

/// What the article says about its persons, its places and the two Koreas.
struct Article<'a> {
    surnames: Words<'a>,
    forenames: Words<'a>,
    /// Places of one word, in lower case.
    places: HashSet<String>,
    /// Persons of one word, and the last words of others.
    persons: HashSet<&'a str>,
    /// Words that the article uses for a place where nothing else can be meant: `in Chad`, `Chad, `.
    located: HashSet<&'a str>,
    /// Organisations as written.
    orgs: HashSet<&'a str>,
    /// Last words of organisations of several words.
    org_ends: HashSet<&'a str>,
    /// Words of organisations and places of several words, small words left out.
    within: Words<'a>,
    /// Surnames of two parts: `Moreno-Vidal`.
    doubles: Words<'a>,
    /// Who is really a storm.
    storms: Vec<&'a str>,
    north_korea: bool,
    south_korea: bool,
}

/// A set of words that seldom has the word that is asked for; the first byte mostly settles it.
#[derive(Default)]
struct Words<'a> {
    firsts: [u64; 4],
    words: HashSet<&'a str>,
}

impl<'a> Words<'a> {
    fn insert(&mut self, word: &'a str) {
        if let Some(first) = word.bytes().next() {
            self.firsts[usize::from(first >> 6)] |= 1 << (first & 63);
            self.words.insert(word);
        }
    }

    fn contains(&self, word: &str) -> bool {
        let first = |first: u8| self.firsts[usize::from(first >> 6)] & 1 << (first & 63) != 0;
        word.bytes().next().is_some_and(first) && self.words.contains(word)
    }
}

/// The most organisations that each name is compared with; a text with more of them is a list.
const MOST_ORGS: usize = 500;

/// Settles the names of an article.
pub fn settle(title: &Text<'_>, body: &Text<'_>, names: &mut Names) {
    if Rule::DatelineAgency.on() {
        set_agency(body, &mut names.body);
    }
    if Rule::ShoutedTitle.on() {
        drop_shouted(title, body, &mut names.title);
    }
    if Rule::Degrees.on() {
        drop_degrees(title, &mut names.title);
        drop_degrees(body, &mut names.body);
    }
    if Rule::ForenameBefore.on() {
        add_month_surnames(title, &mut names.title);
        add_month_surnames(body, &mut names.body);
    }
    if Rule::NamedThings.on() {
        let things = Things::read([(title, &names.title), (body, &names.body)]);
        things.settle(title, &mut names.title);
        things.settle(body, &mut names.body);
    }
    let mut article = Article::read([(title, &names.title), (body, &names.body)]);
    let mut changed = false;
    for (text, names) in [(title, &mut names.title), (body, &mut names.body)] {
        for name in names.iter_mut().filter(|name| name.tokens.len() > 1) {
            if is_aged(text, name) {
                name.kind = Kind::Person;
                changed = true;
            } else if name.kind == Kind::Org && article.is_person(text, name) {
                name.kind = Kind::Person;
                while name.tokens.len() > 1 && text.is(name.tokens.start, Traits::PORTFOLIO) {
                    name.tokens.start += 1;
                }
                changed = true;
            }
        }
    }
    if changed {
        article = Article::read([(title, &names.title), (body, &names.body)]);
    }
    if Rule::Storms.on() {
        article.storms = storms(body);
    }
    for (text, names) in [(title, &mut names.title), (body, &mut names.body)] {
        let mut kept = Vec::with_capacity(names.len());
        let mut coined: Vec<&str> = Vec::new();
        for mut name in names.drain(..) {
            if Rule::Deities.on() && is_deity(text, &name) {
                continue;
            }
            if name.kind == Kind::Person && article.is_nobody(text, &name, kept.last()) {
                continue;
            }
            // `the Bergs`, whatever the tagger takes them for
            if Rule::Families.on()
                && name.kind == Kind::Org
                && name.tokens.len() == 1
                && text.follows(name.tokens.start, Traits::THE)
                && text
                    .word(name.tokens.start)
                    .strip_suffix('s')
                    .is_some_and(|one| article.surnames.contains(one))
            {
                continue;
            }
            if Rule::Compounds.on() && name.tokens.len() == 3 && article.split(text, &name, &mut kept) {
                continue;
            }
            if Rule::OrdinaryWords.on() && is_ordinary(text, body, &name)
                || Rule::QuotedWords.on() && article.is_quoted_word(text, &name)
            {
                continue;
            }
            if Rule::Papers.on() && is_paper(text, &name) {
                name.kind = Kind::Org;
            }
            // `the rivers Niger and Benue`
            if Rule::Rivers.on()
                && name.kind == Kind::Country
                && text.follows(name.tokens.start, Traits::RIVER)
            {
                name.kind = Kind::Place;
            }
            if name.tokens.len() == 1
                && let Some(kind) = article.kind(text, &name)
            {
                name.kind = kind;
            }
            // `Spanish Agency for Development (Aecid)`
            if Rule::CoinedAcronyms.on()
                && matches!(name.kind, Kind::Person | Kind::Org)
                && name.tokens.len() == 1
            {
                let word = text.word(name.tokens.start);
                let bracketed = kept.last().is_some_and(|last: &Name| {
                    last.kind == Kind::Org
                        && last.tokens.len() > 1
                        && last.tokens.end + 1 == name.tokens.start
                }) && text.word_before(name.tokens.start) == "("
                    && text.word(name.tokens.end) == ")";
                if bracketed {
                    coined.push(word);
                }
                if coined.contains(&word) {
                    name.kind = Kind::Org;
                }
            }
            if Rule::SameAsBody.on()
                && name.kind == Kind::Person
                && name.tokens.len() > 1
                && article.orgs.contains(text.slice(&name.tokens))
                && gazetteer::find(text.word(name.tokens.start))
                    .is_none_or(|entry| !entry.is(Facet::Forename))
            {
                name.kind = Kind::Org;
            }
            if Rule::HeadedOrganisation.on()
                && name.kind == Kind::Org
                && name.tokens.len() > 1
                && article.is_headed(text, &name)
            {
                name.tokens.start += 1;
            }
            if Rule::WorksFor.on()
                && name.kind == Kind::Person
                && name.tokens.len() == 1
                && kept.last().is_some_and(|last| works_for(text, last, &name))
                && !article.surnames.contains(text.word(name.tokens.start))
            {
                name.kind = Kind::Org;
            }
            if Rule::Brokers.on() && name.kind == Kind::Person && is_broker(text, &name) {
                name.kind = Kind::Org;
            }
            if Rule::Quarters.on() && is_quarter(text, &name) {
                if article.korea(text, name.tokens.start) {
                    kept.push(Name { kind: Kind::Country, ..name });
                }
                continue;
            }
            if Rule::AmongPlaces.on()
                && name.kind == Kind::Org
                && name.tokens.len() == 1
                && is_among_places(text, &name, kept.last())
            {
                name.kind = Kind::Place;
            }
            kept.push(name);
        }
        *names = kept;
        article.add(text, names);
    }
}

impl<'a> Article<'a> {
    fn read(texts: [(&Text<'a>, &Vec<Name>); 2]) -> Article<'a> {
        let mut article = Article {
            surnames: Words::default(),
            forenames: Words::default(),
            places: HashSet::new(),
            persons: HashSet::new(),
            located: HashSet::new(),
            orgs: HashSet::new(),
            org_ends: HashSet::new(),
            within: Words::default(),
            doubles: Words::default(),
            storms: Vec::new(),
            north_korea: false,
            south_korea: false,
        };
        for (text, names) in texts {
            for name in names {
                let surface = text.slice(&name.tokens);
                if name.kind == Kind::Person {
                    article.persons.insert(surface);
                }
                if name.tokens.len() == 1
                    && name.kind != Kind::Person
                    && (name.tokens.start == 0
                        || leads_to_place(text, name.tokens.start)
                        || matches!(text.word(name.tokens.end), "'s" | "’s" | "—" | "-" | "–")
                        || text.word(name.tokens.end) == ","
                            && text.tokens.get(name.tokens.end + 1).is_some_and(|token| token.capital))
                {
                    article.located.insert(surface);
                }
                match name.kind {
                    Kind::Person if name.tokens.len() > 1 => {
                        if name.tokens.len() > 3 && text.word(name.tokens.end - 2) == "-" {
                            article.doubles.insert(text.slice(&(name.tokens.end - 3..name.tokens.end)));
                        }
                        if name.tokens.len() == 3 && text.word(name.tokens.end - 2) == "-" {
                            continue;
                        }
                        article.surnames.insert(text.word(name.tokens.end - 1));
                        article.forenames.insert(text.word(name.tokens.start));
                    }
                    Kind::Org if name.tokens.len() > 1 => {
                        article.orgs.insert(surface);
                        article.org_ends.insert(text.word(name.tokens.end - 1));
                        let words = name.tokens.clone().map(|at| text.word(at));
                        words.filter(|word| word.len() > 3).for_each(|word| article.within.insert(word));
                    }
                    Kind::Country => {
                        article.north_korea |= surface.starts_with("North Korea");
                        article.south_korea |= surface.starts_with("South Korea");
                    }
                    Kind::Place if name.tokens.len() == 1 => {
                        article.north_korea |= surface == "Pyongyang";
                        article.places.insert(surface.to_lowercase());
                    }
                    _ => {}
                }
            }
        }
        article
    }

    /// Whether a name of several words that was taken for an organisation is a person's: one who is named by the
    /// surname alone elsewhere, or who has a forename and speaks.
    fn is_person(&self, text: &Text<'_>, name: &Name) -> bool {
        let (first, last) = (text.word(name.tokens.start), text.word(name.tokens.end - 1));
        if text.is(name.tokens.end - 1, Traits::ORGANISATION_END)
            || name.tokens.len() > 4
            || gazetteer::find(text.slice(&name.tokens)).is_some()
        {
            return false;
        }
        let rest = text.slice(&(name.tokens.start + 1..name.tokens.end));
        let again = self.persons.contains(last) || self.persons.contains(rest);
        let of_place = gazetteer::find(first).is_some_and(|entry| is_place(&entry));
        // `Minister of State for Labour` + `Dharmesh Vaghani`
        let office = name.tokens.len() > 2
            && text.is(name.tokens.start, Traits::PORTFOLIO)
            && text.follows_small(name.tokens.start, Traits::JOINS_PORTFOLIO);
        (Rule::NamedAgain.on() && again && !of_place && !self.surnames.contains(last))
            || (Rule::HoldsOffice.on() && office)
    }

    /// `Brewer Carlsberg` at the start of a text, where the article has `Carlsberg Group` or `Carlsberg` too.
    fn is_headed(&self, text: &Text<'_>, name: &Name) -> bool {
        let rest = text.slice(&(name.tokens.start + 1..name.tokens.end));
        let whole = text.slice(&name.tokens);
        let opens =
            text.sentences.binary_search_by(|sentence| sentence.start.cmp(&name.tokens.start)).is_ok();
        let known =
            |name: &&&str| **name == rest || name.strip_prefix(rest).is_some_and(|end| end.starts_with(' '));
        opens
            && self.orgs.len() <= MOST_ORGS
            && self.orgs.iter().any(|org| known(&org))
            && !self.orgs.iter().any(|org| *org != whole && org.starts_with(whole))
    }

    /// Another kind for a name of one word.
    fn kind(&self, text: &Text<'_>, name: &Name) -> Option<Kind> {
        let at = name.tokens.start;
        let word = text.word(at);
        let of_person = self.surnames.contains(word) || self.forenames.contains(word);
        let entry = || gazetteer::find(word);
        let is_place =
            |entry: &Entry| entry.is(Facet::Place) && (entry.is(Facet::Large) || entry.is(Facet::Listed));
        match name.kind {
            Kind::Person | Kind::Org
                if Rule::InPlace.on()
                    && (stands_in(text, at) || text.follows_small(at, Traits::FROM))
                    && !of_person =>
            {
                entry().filter(is_place).map(|_| Kind::Place)
            }
            Kind::Person if !of_person && !text.follows(at, Traits::ADDRESS) => {
                let elsewhere = self.places.contains(text.word(at).to_lowercase().as_str());
                let named = |entry: &Entry| entry.is(Facet::Forename) || entry.is(Facet::Surname);
                let definite = text.follows(at, Traits::THE);
                let place = Rule::ElsewherePlace.on() && elsewhere
                    || Rule::ElsewherePlace.on()
                        && entry().is_some_and(|entry| is_place(&entry) && (definite || !named(&entry)));
                let org = Rule::ElsewhereOrganisation.on() && self.org_ends.contains(word) && !place;
                if org { Some(Kind::Org) } else { place.then_some(Kind::Place) }
            }
            // The article names somebody so, and no place: `Chad` of `Chad Baptiste`.
            Kind::Country | Kind::Place | Kind::Org
                if Rule::ForenameElsewhere.on()
                    && self.forenames.contains(word)
                    && !self.located.contains(word) =>
            {
                Some(Kind::Person)
            }
            Kind::Country | Kind::Place
                if Rule::SurnameActs.on() && of_person && !leads_to_place(text, at) =>
            {
                let acts =
                    text.tokens.get(at + 1).is_some_and(|token| token.class == Class::Word && !token.capital)
                        && !text.is(at + 1, Traits::NO_VERB);
                let called = text.is_small(at + 1, Traits::CALLED)
                    && !text.is_small(at + 2, Traits::FOR.or(Traits::ON).or(Traits::THE));
                let does = text.is_small(at + 1, Traits::PERSON_VERB.or(Traits::HUMAN_VERB)) || called;
                (text.follows(at, Traits::ADDRESS) || (acts && self.surnames.contains(word)) || acts && does)
                    .then_some(Kind::Person)
            }
            _ => None,
        }
    }

    /// Whether a person's name is nobody's: a family's, a storm's, or a common word's.
    fn is_nobody(&self, text: &Text<'_>, name: &Name, last: Option<&Name>) -> bool {
        let at = name.tokens.start;
        if name.tokens.len() > 1 || text.follows(at, Traits::ADDRESS) {
            return false;
        }
        let word = text.word(at);
        // `the Trumps`, `the Gupta family`
        let plural = || {
            word.strip_suffix('s').is_some_and(|one| self.surnames.contains(one))
                && !self.surnames.contains(word)
        };
        let family = text.is_small(name.tokens.end, Traits::FAMILY_NOUN) && !self.forenames.contains(word);
        if Rule::Families.on() && (plural() || family) {
            return true;
        }
        // What stands alone behind a person may be the rest of the name.
        let follows_name = last.is_some_and(|last| last.tokens.end == at);
        Rule::SentenceStart.on() && !follows_name && opens_with_word(text, at)
            || Rule::Storms.on() && self.storms.contains(&word)
    }

    /// `"Gangurru," the man said.`: a word that is all of a quote, and that nothing else shows to be a name.
    fn is_quoted_word(&self, text: &Text<'_>, name: &Name) -> bool {
        let at = name.tokens.start;
        let opened = matches!(text.word_before(at), "\"" | "“" | "‘" | "«");
        let closed = |at: usize| matches!(text.word(at), "\"" | "”" | "’" | "»");
        let quoted = opened
            && (closed(at + 1) || matches!(text.word(at + 1), "," | "." | "!" | "?") && closed(at + 2));
        let word = text.word(at);
        matches!(name.kind, Kind::Person | Kind::Org | Kind::Place)
            && name.tokens.len() == 1
            && quoted
            && !self.surnames.contains(word)
            && !self.forenames.contains(word)
            && gazetteer::find(word).is_none()
            && memchr::memmem::find_iter(text.text.as_bytes(), word.as_bytes()).count() == 1
    }

    /// `Biden-Harris`, `Trump-Ukraine`: two names, where nobody in the article bears both. False where it is one.
    fn split(&self, text: &Text<'_>, name: &Name, kept: &mut Vec<Name>) -> bool {
        let (first, mark, second) = (name.tokens.start, name.tokens.start + 1, name.tokens.start + 2);
        if !matches!(name.kind, Kind::Person | Kind::Org)
            || !matches!(text.word(mark), "-" | "–" | "/")
            || self.doubles.contains(text.slice(&name.tokens))
            || ![first, second].iter().all(|at| text.tokens.get(*at).is_some_and(|token| token.capital))
        {
            return false;
        }
        let entry = |at: usize| gazetteer::find(text.word(at));
        let country =
            |at: usize| entry(at).is_some_and(|entry| entry.is(Facet::Country) || entry.is(Facet::People));
        let surname =
            |at: usize| self.surnames.contains(text.word(at)) || self.persons.contains(text.word(at));
        let sides = if surname(first) && surname(second) {
            Some((Kind::Person, Kind::Person))
        } else if surname(first) && country(second) {
            Some((Kind::Person, Kind::Country))
        } else if country(first) && surname(second) {
            Some((Kind::Country, Kind::Person))
        } else if name.kind == Kind::Person
            && text.follows(first, Traits::DETERMINER.or(Traits::PREPOSITION))
            && text.tokens.get(second + 1).is_some_and(|token| token.class == Class::Word && !token.capital)
            && !text.is(second + 1, NO_NOUN)
            && !entry(first).is_some_and(|entry| entry.is(Facet::Forename) && !entry.is(Facet::Surname))
        {
            // `the Biden-Harris ticket`: a compound before a noun.
            Some((Kind::Person, if country(second) { Kind::Country } else { Kind::Person }))
        } else {
            None
        };
        let Some((left, right)) = sides else { return false };
        kept.push(Name { tokens: first..first + 1, kind: left });
        kept.push(Name { tokens: second..second + 1, kind: right });
        true
    }

    /// Whether `North` or `South` at this token is one of the Koreas.
    fn korea(&self, text: &Text<'_>, at: usize) -> bool {
        let quarter = text.is_capitalised(at, Traits::NORTH.or(Traits::SOUTH));
        Rule::Koreas.on() && quarter && self.north_korea && self.south_korea
    }

    /// Adds what the tagger missed: surnames and the Koreas.
    fn add(&self, text: &Text<'_>, names: &mut Vec<Name>) {
        let mut more = Vec::new();
        let mut taken = names.iter().peekable();
        for (at, token) in text.tokens.iter().enumerate() {
            while taken.peek().is_some_and(|name| name.tokens.end <= at) {
                taken.next();
            }
            if !token.capital
                || token.class != Class::Word
                || taken.peek().is_some_and(|name| name.tokens.start <= at)
            {
                continue;
            }
            let word = text.word(at);
            let name = |kind| Name { tokens: at..at + 1, kind };
            let definite = text.follows(at, Traits::THE);
            // `wrote on X`, `took to X`
            if Rule::SocialNetworks.on()
                && text.is(at, Traits::SOCIAL_NETWORK)
                && (text.follows_small(at, Traits::ON)
                    || text.follows_small(at, Traits::TO) && text.follows(at - 1, Traits::TAKEN_TO))
            {
                more.push(name(Kind::Org));
                continue;
            }
            let in_name =
                text.tokens.get(at + 1).is_some_and(|next| next.capital && next.class == Class::Word)
                    && text.word(at + 1).len() > 1;
            if Rule::SurnameAlone.on() && self.surnames.contains(word) && word.len() > 1 && !in_name {
                let name = name(Kind::Person);
                if !is_month(text, &name) && !self.is_nobody(text, &name, None) {
                    more.push(name);
                }
            } else if definite && !in_name && self.korea(text, at) && text.word(at + 1) != "-" {
                more.push(name(Kind::Country));
            }
        }
        if !more.is_empty() {
            names.extend(more);
            names.sort_by_key(|name| name.tokens.start);
        }
    }
}

/// `Christine Wu of Bernstein`: somebody's employer is not a person.
fn works_for(text: &Text<'_>, person: &Name, name: &Name) -> bool {
    person.kind == Kind::Person
        && person.tokens.len() > 1
        && person.tokens.end + 1 == name.tokens.start
        && text.is_small(person.tokens.end, Traits::OF.or(Traits::AT))
        && !text.follows(name.tokens.start, Traits::ADDRESS)
}

/// `Smith Barney analysts`, `Bear Stearns shares`, `a strategist at Lehman`: firms that are called after people.
fn is_broker(text: &Text<'_>, name: &Name) -> bool {
    let (start, end) = (name.tokens.start, name.tokens.end);
    let owns = text.is_small(end, Traits::FIRM_HAS) && !text.is_tight(end);
    let works = start > 1 && text.is_small(start - 1, Traits::AT) && text.is_small(start - 2, Traits::ROLE);
    let titled = text.follows(start, Traits::ADDRESS.or(Traits::TITLE));
    (owns && name.tokens.len() > 1 || works) && !titled
}

/// A place that is widely known.
fn is_place(entry: &Entry) -> bool {
    entry.is(Facet::Place) && (entry.is(Facet::Large) || entry.is(Facet::Listed))
}

/// Whether the name goes on a list of places (`Nottingham and Hull`) or opens the text like a dateline (`SION —`).
fn is_among_places(text: &Text<'_>, name: &Name, last: Option<&Name>) -> bool {
    let at = name.tokens.start;
    let entry = || gazetteer::find(text.word(at));
    let listed = (text.word_before(at) == "," || text.follows_small(at, Traits::JOINS_LIST))
        && last.is_some_and(|last| last.kind == Kind::Place && last.tokens.end + 1 == at)
        && entry().is_some_and(|entry| is_place(&entry));
    let loud = at == 0
        && text.word(0).len() > 2
        && !text.word(0).contains(char::is_lowercase)
        && matches!(text.word(1), "—" | "–" | "-" | "--" | "," | "(")
        && entry().is_some_and(|entry| entry.is(Facet::Place));
    listed || loud
}

/// Whether a name at this token is where something is, by the word before it.
fn stands_in(text: &Text<'_>, at: usize) -> bool {
    text.follows_small(at, Traits::STANDS_IN) || text.follows(at, Traits::IN)
}

fn leads_to_place(text: &Text<'_>, at: usize) -> bool {
    stands_in(text, at)
        || text.follows_small(at, Traits::LEADS_TO_PLACE)
        || matches!(text.word_before(at), "-" | ",")
}

/// `Iran Achieng, 34, of Gulu`: only people have an age.
fn is_aged(text: &Text<'_>, name: &Name) -> bool {
    let end = name.tokens.end;
    let age = |word: &str| word.parse::<u8>().is_ok_and(|age| (5..110).contains(&age));
    Rule::Aged.on()
        && matches!(name.kind, Kind::Place | Kind::Org)
        && (2..=4).contains(&name.tokens.len())
        && text.word(end) == ","
        && age(text.word(end + 1))
        && matches!(text.word(end + 2), "," | ".")
        && text.tokens[name.tokens.clone()].iter().all(|token| token.class == Class::Word && token.capital)
        && !text.is(end - 1, Traits::ORGANISATION_END)
        && gazetteer::find(text.slice(&name.tokens)).is_none()
}

/// What is no noun behind a compound.
const NO_NOUN: Traits = Traits::AND
    .or(Traits::PREPOSITION)
    .or(Traits::AUXILIARY)
    .or(Traits::BE)
    .or(Traits::FINITE)
    .or(Traits::PAST)
    .or(Traits::PRESENT)
    .or(Traits::RELATIVE);

/// `Long queues formed`: whether a word that is also a surname opens its sentence before the noun that it belongs to.
fn opens_with_word(text: &Text<'_>, at: usize) -> bool {
    let opens = || text.sentences.binary_search_by(|sentence| sentence.start.cmp(&at)).is_ok();
    let small =
        |at: usize| text.tokens.get(at).is_some_and(|token| token.class == Class::Word && !token.capital);
    if !text.is_capitalised(at, Traits::SURNAME_OR_WORD) || !small(at + 1) || !opens() {
        return false;
    }
    let verb =
        Traits::BE.or(Traits::HAVE).or(Traits::DO).or(Traits::MODAL).or(Traits::FINITE).or(Traits::PAST);
    let acts = |at: usize| {
        let word = text.word(at);
        text.is(at, verb.or(Traits::PRESENT)) || word.len() > 4 && word.ends_with("ed")
    };
    let next = text.word(at + 1);
    // `Brown drives a bus` has a verb there; `Brown patches made` has it behind the noun.
    let noun = next.len() > 3
        && !acts(at + 1)
        && !text.is(at + 1, Traits::NOT.or(Traits::ADVERB).or(Traits::PREPOSITION).or(Traits::AND));
    noun && (acts(at + 2) || text.is(at + 1, Traits::ROLE) || next.ends_with("ies"))
}

/// Whether the name is a month and nothing else.
fn is_month(text: &Text<'_>, name: &Name) -> bool {
    let at = name.tokens.start;
    let christmas = text.is_capitalised(at, Traits::CHRISTMAS);
    if name.tokens.len() > 1 || !christmas && !text.is_capitalised(at, Traits::MONTH_OR_NAME) {
        return false;
    }
    let dated = |at: usize| text.tokens.get(at).is_some_and(|token| token.class == Class::Number);
    christmas
        || dated(at + 1)
        || (at > 0 && dated(at - 1))
        || text.is_small(at + 1, Traits::BE) && !text.is(at + 1, Traits::FINITE)
        || text.follows_small(at, Traits::BEFORE_MONTH)
        || text.follows(at, Traits::IN)
}

/// Whether the name is `the North`, `the West` and the like, and no place.
fn is_quarter(text: &Text<'_>, name: &Name) -> bool {
    name.tokens.len() == 1
        && text.is_capitalised(name.tokens.start, Traits::QUARTER)
        && text.follows(name.tokens.start, Traits::THE)
}

/// The agency in the brackets of a dateline, `June 14 (Kyodo) —`, is a body in whatever letters.
fn set_agency(body: &Text<'_>, names: &mut Vec<Name>) {
    let Some(open) = (1..body.tokens.len().min(22)).find(|at| body.word(*at) == "(") else { return };
    let Some(close) = (open + 2..open + 5).find(|at| body.word(*at) == ")") else { return };
    let tokens = open + 1..close;
    let dash = matches!(body.word(close + 1), "—" | "–" | "-" | "--" | ":");
    let word = body.tokens.get(tokens.start).is_some_and(|token| token.class == Class::Word);
    let dated = names.first().is_some_and(|name| name.tokens.end <= open && name.kind != Kind::Person);
    let words = tokens.clone().all(|at| body.tokens.get(at).is_some_and(|token| token.class == Class::Word));
    let known = gazetteer::find(body.slice(&tokens)).is_some_and(|entry| entry.is(Facet::Country));
    if !(dash && word && dated && words) || known || body.slice(&tokens).len() > 24 {
        return;
    }
    names.retain(|name| name.tokens.end <= tokens.start || name.tokens.start >= tokens.end);
    names.push(Name { tokens, kind: Kind::Org });
    names.sort_by_key(|name| name.tokens.start);
}

/// In a headline that is all in capitals, what the body writes in lower case is no name.
fn drop_shouted(title: &Text<'_>, body: &Text<'_>, names: &mut Vec<Name>) {
    if names.is_empty() || title.text.contains(char::is_lowercase) {
        return;
    }
    let asked: HashSet<String> = names
        .iter()
        .flat_map(|name| name.tokens.clone())
        .map(|at| title.word(at).to_lowercase())
        .filter(|word| word.len() > 3)
        .collect();
    let lower: HashSet<&str> = body
        .tokens
        .iter()
        .filter(|token| !token.capital && token.class == Class::Word)
        .map(|token| token.span.of(body.text))
        .filter(|word| asked.contains(*word))
        .collect();
    names
        .retain(|name| !name.tokens.clone().all(|at| lower.contains(title.word(at).to_lowercase().as_str())));
}
