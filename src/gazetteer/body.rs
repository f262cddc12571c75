//! By what the names of public bodies are compared: which bodies every country has, in which order their names are
//! written, and of which country a name says that they are.
//!
//! In: the name of an organisation. Out: its [`Body`], by which two names can be seen to be one body's. The words are in
//! `assets/gazetteers/bodies.tsv`; short forms that everybody knows are in the table of names ([`super::Entry::org`]).

use super::{Entry, Facet, OrgId, country, find};
use crate::annotation::{CountryCode, Entity, Kind};
use crate::text::fold;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What the name of an organisation says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Body {
    /// The words, in the order and the spelling in which they are compared.
    pub words: String,
    /// The organisation, if everybody knows it by several names.
    pub known: Option<OrgId>,
    /// Whether every country has a body of this name.
    pub each: bool,
    /// The country whose body it is, if the name says so and every country has one.
    pub country: Option<CountryCode>,
}

#[derive(Default)]
struct Words {
    each: HashSet<String>,
    /// Folded.
    kinds: HashSet<String>,
    own: HashMap<String, CountryCode>,
    like: HashMap<&'static str, &'static str>,
    drop: HashSet<&'static str>,
    /// Words of which each name in the table has one, so that most other names are told at once.
    heads: HashSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../assets/gazetteers/bodies.tsv")));

fn read(text: &'static str) -> Words {
    let rows = || {
        text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>())
    };
    let mut words = Words::default();
    for row in rows() {
        match row[..] {
            ["like", word, other] => _ = words.like.insert(word, other),
            ["drop", word] => _ = words.drop.insert(word),
            ["kind", noun] => _ = words.kinds.insert(fold::fold(noun)),
            _ => {}
        }
    }
    for row in rows() {
        match row[..] {
            ["each", name] => _ = words.each.insert(compared(&words, &fold::words(name)).0),
            ["own", name, code] => {
                let name = compared(&words, &fold::words(name)).0;
                words.own.extend(CountryCode::new(code).map(|code| (name, code)));
            }
            _ => {}
        }
    }
    let heads = words.each.iter().chain(words.own.keys()).filter_map(|name| name.split(' ').next_back());
    words.heads = heads.map(str::to_owned).chain(words.kinds.iter().cloned()).collect();
    words
}

/// The words of a name as they are compared, and whether it is of a kind that every country has.
fn compared(table: &Words, words: &[String]) -> (String, bool) {
    let like =
        |word: &String| table.like.get(word.as_str()).map_or(word.clone(), |other| (*other).to_owned());
    let mut words: Vec<String> = words.iter().map(like).collect();
    if words.first().is_some_and(|word| word == "the") && words.len() > 1 {
        words.remove(0);
    }
    let of_kind = |word: Option<&String>| word.is_some_and(|word| table.kinds.contains(word));
    let turned = match words.len() {
        0 | 1 => false,
        // `Ministry of Health` is `Health Ministry`.
        _ if of_kind(words.first()) && matches!(words[1].as_str(), "of" | "for") => {
            words.rotate_left(1);
            true
        }
        _ => of_kind(words.last()),
    };
    let dropped = |word: &String| table.drop.contains(word.as_str()) && turned || word == "the";
    let kept: Vec<String> = words.iter().filter(|word| !dropped(word)).cloned().collect();
    // A word that is all of the name is not left out.
    let words = if kept.len() > usize::from(turned) { kept } else { words };
    (words.join(" "), turned)
}

/// The country of a name in brackets behind the name of a body: see [`label`].
fn in_brackets(name: &str) -> Option<(&str, CountryCode)> {
    let (name, within) = name.strip_suffix(')')?.rsplit_once(" (")?;
    Some((name, country::find(within)?))
}

/// The one country or people that some words name, as they are written.
fn of_country(words: &[&str]) -> Option<CountryCode> {
    let name = words.join(" ");
    let entry = find(name.trim_end_matches("'s").trim_end_matches("’s"))?;
    let counts = !entry.is(Facet::Capitals) || !name.contains(char::is_lowercase);
    (counts && (entry.is(Facet::Country) || entry.is(Facet::People)))
        .then(|| entry.countries().next())
        .flatten()
}

impl Body {
    pub fn new(name: &str) -> Body {
        match in_brackets(name) {
            Some((bare, code)) if plain(bare).each => Body { country: Some(code), ..plain(bare) },
            _ => parted(name),
        }
    }
}

/// The body of a name that says nothing of a country.
fn plain(name: &str) -> Body {
    let table = &*WORDS;
    let (words, of_kind) = compared(table, &fold::words(name));
    let counts = |entry: &Entry| !entry.is(Facet::Capitals) || !name.contains(char::is_lowercase);
    let known = find(name).filter(counts).and_then(Entry::org);
    let own = table.own.contains_key(&words);
    let each = !own && (of_kind || table.each.contains(&words));
    Body { words, known, each, country: None }
}

/// The same with the country that the name begins or ends with: `US Supreme Court`, `Parliament of Ghana`.
fn parted(name: &str) -> Body {
    let whole = plain(name);
    let words: Vec<&str> = name.split_whitespace().collect();
    let has_head = whole.words.split(' ').any(|word| WORDS.heads.contains(word));
    if !has_head || whole.known.is_some() || whole.each && words.len() < 3 {
        return whole;
    }
    let of_each = |rest: &[&str], code: CountryCode| {
        let body = plain(&rest.join(" "));
        let own = WORDS.own.get(&body.words);
        match own {
            Some(only) => (*only == code).then_some(body),
            None => body.each.then_some(Body { country: Some(code), ..body }),
        }
    };
    for length in (1..words.len().min(5)).rev() {
        let (first, rest) = words.split_at(length);
        if let Some(body) = of_country(first).and_then(|code| of_each(rest, code)) {
            return body;
        }
        let (rest, last) = words.split_at(words.len() - length);
        let rest = match rest {
            [rest @ .., "of", "the"] | [rest @ .., "of"] => rest,
            _ => continue,
        };
        if let Some(body) = of_country(last).and_then(|code| of_each(rest, code)) {
            return body;
        }
    }
    whole
}

/// Whether every country has a body of this name, and the name does not say whose it is.
pub fn is_of_each(name: &str) -> bool {
    let body = Body::new(name);
    body.each && body.country.is_none()
}

/// The name of an entity over several articles: for a body that every country has, with its country, as far as the
/// article says it: `Supreme Court (India)`.
pub fn label(entity: &Entity) -> Cow<'_, str> {
    match entity.country {
        Some(code) if entity.kind == Kind::Org && is_of_each(&entity.name) => {
            Cow::Owned(format!("{} ({})", entity.name, country::name(code)))
        }
        _ => Cow::Borrowed(&entity.name),
    }
}

#[cfg(test)]
mod tests {
    use super::Body;

    fn same(one: &str, two: &str) {
        let (one, two) = (Body::new(one), Body::new(two));
        assert!(one == two || one.known.is_some() && one.known == two.known, "{one:?} {two:?}");
    }

    fn country(name: &str) -> Option<String> {
        Body::new(name).country.map(|code| code.to_string())
    }

    #[test]
    fn long_and_short_names_are_one() {
        same("UN", "United Nations");
        same("BJP", "Bharatiya Janata Party");
        same("State Department", "US Department of State");
        same("United States Department of State", "State Department");
        same("Ministry of Health", "Health Ministry");
        same("Ministry of the Interior", "Interior Ministry");
        same("Foreign Ministry", "Ministry of Foreign Affairs");
        same("Ministry of Defence", "Defense Ministry");
        same("Supreme Court of India", "Supreme Court (India)");
        same("US Supreme Court", "United States Supreme Court");
        same("World Health Organisation", "World Health Organization");
    }

    #[test]
    fn bodies_of_each_country_have_one() {
        assert_eq!(country("Parliament of Ghana").as_deref(), Some("GH"));
        assert_eq!(country("Supreme Court (India)").as_deref(), Some("IN"));
        assert_eq!(country("Turkish Foreign Ministry").as_deref(), Some("TR"));
        assert_eq!(country("Supreme Court"), None);
        assert_eq!(country("Bank of China"), None);
        assert_eq!(country("Indian National Congress"), None);
        assert!(Body::new("Congress").each && Body::new("Ministry of Sport").each);
        assert!(!Body::new("State Department").each && !Body::new("Sunrise Department Store").each);
    }
}
