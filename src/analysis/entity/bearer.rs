//! Whose a name is that several people of an article bear.
//!
//! In: the persons of an article with the groups that each form can mean. Out: the group of each mention. The rules, in
//! this order:
//!
//! 1. `Mr` and `Mrs` before the name leave out whoever was introduced and cannot be addressed so.
//! 2. A role before the name means the one bearer who has this role elsewhere: `Secretary Baker`.
//! 3. A name keeps the meaning of its first use, and before that means the only one who was introduced.
//! 4. Where several were introduced before the first use, a forename prefers those who have it as their surname; then
//!    comes who was just named, then who alone has the forename in the title, then who alone was named in full twice, and
//!    then who was introduced first.
//!
//! A mention that none of the bearers can be (`President Kenyatta`, where the article has only his wife) is a
//! person of its own. The body decides, and the title follows it.

use super::Item;
use super::person::Form;
use crate::analysis::rule::Rule;
use crate::annotation::{Field, Kind};
use crate::gazetteer::{self, Facet};
use crate::language::{self, Traits};
use crate::text::fold::fold;
use foldhash::{HashMap, HashMapExt};

/// Somebody who was named in full not further back than this many bytes was just named …
const JUST: u32 = 150;
/// … if the others were not named for this many bytes.
const LONG_AGO: u32 = 800;
/// Pronouns up to this many bytes behind a full name tell its gender.
const PRONOUNS: u32 = 100;
/// Tokens behind a full name in which a role stands: `Jo Berg, the finance minister`.
const ROLE_REACH: usize = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gender {
    Man,
    Woman,
}

/// What the article has said so far about a group.
#[derive(Clone, Debug, Default)]
struct Bearer {
    /// Items where it stands in full in the body.
    full: Vec<usize>,
    /// Where the last full name before the present mention ends, in bytes of the body.
    last: Option<u32>,
    /// How often it was named in full before the present mention.
    times: u32,
}

/// All bearers of names in an article.
pub struct Bearers<'a> {
    items: &'a [Item<'a>],
    forms: &'a [Form<'a>],
    form_at: &'a [usize],
    bearers: Vec<Bearer>,
    /// By group: the gender, once it was asked for.
    genders: HashMap<usize, Option<Gender>>,
    /// By group: the roles of its full names, in small letters, once they were asked for.
    roles: HashMap<usize, Vec<String>>,
    /// By folded name: whom it means from its first use on.
    settled: HashMap<String, usize>,
    /// By folded name: the group of a bearer who is never named in full.
    strangers: HashMap<String, usize>,
    title: Vec<String>,
    /// How many groups there are.
    groups: usize,
}

/// Writes the group of each person into `group`, and gives back how many groups there are: `groups` and those of people
/// who are never named in full.
pub fn decide(
    items: &[Item<'_>],
    form_at: &[usize],
    forms: &[Form<'_>],
    groups: usize,
    group: &mut [usize],
) -> usize {
    let mut bearers = Bearers::new(items, form_at, forms, groups);
    let persons = |field: Field| {
        (0..items.len())
            .filter(move |index| form_at[*index] != usize::MAX && items[*index].text.field == field)
    };
    for index in persons(Field::Body).chain(persons(Field::Title)) {
        group[index] = bearers.group(index);
    }
    bearers.groups
}

impl<'a> Bearers<'a> {
    /// Whether any name is addressed as a man or a woman, so that somebody may be meant who is never named in full.
    pub fn may_be_strangers(items: &[Item<'_>]) -> bool {
        items.iter().any(|item| {
            item.kind == Kind::Person
                && item.tokens.len() == 1
                && item.text.follows(
                    item.tokens.start,
                    Traits::ADDRESSES_MAN.or(Traits::ADDRESSES_WOMAN).or(Traits::HEAD_OF_STATE),
                )
        })
    }

    fn new(items: &'a [Item<'a>], form_at: &'a [usize], forms: &'a [Form<'a>], groups: usize) -> Bearers<'a> {
        let mut bearers = vec![Bearer::default(); groups];
        for (index, form) in form_at.iter().enumerate().filter(|(_, form)| **form != usize::MAX) {
            let form = &forms[*form];
            if let [group] = form.groups[..]
                && form.full
                && items[index].text.field == Field::Body
            {
                bearers[group].full.push(index);
            }
        }
        let title = items.iter().find(|item| item.text.field == Field::Title);
        let title = title.map_or_else(Vec::new, |item| {
            item.text
                .tokens
                .iter()
                .filter(|token| token.capital)
                .map(|token| fold(token.span.of(item.text.text)))
                .collect()
        });
        Bearers {
            items,
            forms,
            form_at,
            bearers,
            genders: HashMap::new(),
            roles: HashMap::new(),
            settled: HashMap::new(),
            strangers: HashMap::new(),
            title,
            groups,
        }
    }

    /// The group of the person at `index`; to be asked in the order of the text.
    fn group(&mut self, index: usize) -> usize {
        let (items, forms) = (self.items, self.forms);
        let (item, form) = (&items[index], &forms[self.form_at[index]]);
        if let [group] = form.groups[..]
            && form.full
        {
            if item.text.field == Field::Body {
                let bearer = &mut self.bearers[group];
                bearer.last = Some(item.text.span(&item.tokens).end);
                bearer.times += 1;
            }
            return group;
        }
        let name = form.words.join(" ");
        if let [group] = form.groups[..] {
            // The only bearer, unless the article says that it must be somebody else.
            let stranger = self.is_stranger(item, &[group]) || self.strangers.contains_key(&name);
            return if stranger { self.stranger(name) } else { group };
        }
        let mut candidates = form.groups.clone();
        if self.is_stranger(item, &candidates) {
            return self.stranger(name);
        }
        if let Some(gender) = addressed(item).filter(|_| Rule::Honorifics.on()) {
            let fits: Vec<usize> = candidates
                .iter()
                .copied()
                .filter(|group| {
                    self.times(*group) == 0 || self.gender(*group).is_none_or(|known| known == gender)
                })
                .collect();
            if !fits.is_empty() {
                candidates = fits;
            }
        }
        if Rule::RoleBeforeName.on()
            && candidates.len() > 1
            && let Some(role) = role_before(item)
        {
            let bears: Vec<usize> =
                candidates.iter().copied().filter(|group| self.roles(*group).contains(&role)).collect();
            if let [group] = bears[..] {
                self.settled.insert(name, group);
                return group;
            }
        }
        if let [group] = candidates[..] {
            self.settled.entry(name).or_insert(group);
            return group;
        }
        if let Some(group) = self.settled.get(&name)
            && candidates.contains(group)
        {
            return *group;
        }
        let group = self.choose(item, &form.words, &candidates);
        self.settled.entry(name).or_insert(group);
        group
    }

    /// Decides between several bearers where the article has not used the name before.
    fn choose(&self, item: &Item<'_>, words: &[String], candidates: &[usize]) -> usize {
        let first = |group: &usize| self.bearers[*group].full.first().copied().unwrap_or(usize::MAX);
        let introduced: Vec<usize> =
            candidates.iter().copied().filter(|group| self.times(*group) > 0).collect();
        let mut among = if introduced.is_empty() { candidates.to_vec() } else { introduced };
        if let [group] = among[..] {
            return group;
        }
        if let [word] = words
            && Rule::SurnameBeforeForename.on()
            && gazetteer::find(word).is_some_and(|entry| entry.is(Facet::Forename))
        {
            let surname = |group: &usize| {
                let full =
                    self.bearers[*group].full.first().map(|index| &self.forms[self.form_at[*index]].words);
                full.is_some_and(|full| full.last() == Some(word))
            };
            let with: Vec<usize> = among.iter().copied().filter(surname).collect();
            if !with.is_empty() {
                among = with;
            }
        }
        if item.text.field == Field::Body && Rule::JustNamed.on() {
            let here = item.text.span(&item.tokens).start;
            let back =
                |group: &usize| self.bearers[*group].last.map_or(u32::MAX, |last| here.saturating_sub(last));
            let mut near = among.iter().filter(|group| back(group) <= JUST);
            if let (Some(group), None) = (near.next(), near.next())
                && among.iter().all(|other| other == group || back(other) > LONG_AGO)
            {
                return *group;
            }
        }
        if Rule::ForenameInTitle.on() {
            let forename = |group: &&usize| {
                let full =
                    self.bearers[**group].full.first().map(|index| &self.forms[self.form_at[*index]].words);
                full.and_then(|full| full.first())
                    .is_some_and(|first| !words.contains(first) && self.title.contains(first))
            };
            let mut titled = among.iter().filter(forename);
            if let (Some(group), None) = (titled.next(), titled.next()) {
                return *group;
            }
        }
        if Rule::NamedTwice.on() {
            let mut again = among.iter().filter(|group| self.times(**group) > 1);
            if let (Some(group), None) = (again.next(), again.next()) {
                return *group;
            }
        }
        let introduced = among.iter().copied().min_by_key(first);
        introduced.unwrap_or(candidates[0])
    }

    /// How often a group was named in full before the present mention.
    fn times(&self, group: usize) -> u32 {
        self.bearers[group].times
    }

    /// Whether a mention is addressed as none of the bearers can be: `Mr` before the surname of women only, `President`
    /// before that of relatives only.
    fn is_stranger(&mut self, item: &Item<'_>, bearers: &[usize]) -> bool {
        if !Rule::Strangers.on() || item.text.field != Field::Body {
            return false;
        }
        let full = |group: &usize, bearers: &Self| !bearers.bearers[*group].full.is_empty();
        if !bearers.iter().all(|group| full(group, self)) {
            return false;
        }
        if let Some(gender) = addressed(item) {
            return bearers.iter().all(|group| self.told_gender(*group).is_some_and(|known| known != gender));
        }
        item.text.follows(item.tokens.start, Traits::HEAD_OF_STATE)
            && item.text.is_capitalised(item.tokens.start - 1, Traits::HEAD_OF_STATE)
            && bearers.iter().all(|group| {
                let roles = self.roles(*group);
                roles.iter().any(|role| role == RELATIVE) && !roles.iter().any(|role| role != RELATIVE)
            })
    }

    fn stranger(&mut self, name: String) -> usize {
        let groups = &mut self.groups;
        *self.strangers.entry(name).or_insert_with(|| {
            *groups += 1;
            *groups - 1
        })
    }

    /// The gender of a bearer: by what stands before the full name, by the forename, else by the pronouns behind it.
    fn gender(&mut self, group: usize) -> Option<Gender> {
        if let Some(known) = self.genders.get(&group) {
            return *known;
        }
        let gender = self.told_gender(group).or_else(|| self.pronouns(group));
        self.genders.insert(group, gender);
        gender
    }

    /// The gender of a bearer by what stands before the full name and by the forename.
    fn told_gender(&self, group: usize) -> Option<Gender> {
        let full = &self.bearers[group].full;
        full.iter()
            .find_map(|index| {
                let (text, at) = (self.items[*index].text, self.items[*index].tokens.start);
                let before = if text.word_before(at) == "," { at.saturating_sub(1) } else { at };
                let traits = if before > 0 { text.traits(before - 1) } else { Traits::default() };
                // `she, Ann Berg`: a pronoun says nothing of the name behind it.
                gender_of(if traits.any(Traits::PRONOUN.or(Traits::POSSESSIVE)) {
                    Traits::default()
                } else {
                    traits
                })
            })
            .or_else(|| {
                let forename = self.forms[self.form_at[*full.first()?]].words.first()?.clone();
                let known = language::shared(&forename);
                if known.any(Traits::MAN_FORENAME.or(Traits::WOMAN_FORENAME)) {
                    return Some(if known.any(Traits::MAN_FORENAME) { Gender::Man } else { Gender::Woman });
                }
                let entry = gazetteer::find(&forename)?;
                match (entry.is(Facet::Male), entry.is(Facet::Female)) {
                    (true, false) => Some(Gender::Man),
                    (false, true) => Some(Gender::Woman),
                    _ => None,
                }
            })
    }

    /// The gender that all pronouns shortly behind the full names agree on.
    fn pronouns(&self, group: usize) -> Option<Gender> {
        let (mut men, mut women) = (0, 0);
        for index in &self.bearers[group].full {
            let item = &self.items[*index];
            let end = item.text.span(&item.tokens).end;
            let near = item.text.tokens[item.tokens.end..]
                .iter()
                .take_while(|token| token.span.start < end + PRONOUNS);
            for token in near {
                let traits = item.text.language.traits(token.span.of(item.text.text));
                if traits.any(Traits::PRONOUN.or(Traits::POSSESSIVE)) {
                    men += u32::from(traits.any(Traits::MALE));
                    women += u32::from(traits.any(Traits::FEMALE));
                }
            }
        }
        match (men, women) {
            (0, 0) => None,
            (_, 0) => Some(Gender::Man),
            (0, _) => Some(Gender::Woman),
            _ => None,
        }
    }

    /// The roles beside the full names of a bearer, in small letters.
    fn roles(&mut self, group: usize) -> &[String] {
        let (items, full) = (self.items, &self.bearers[group].full);
        self.roles.entry(group).or_insert_with(|| {
            let mut roles = Vec::new();
            for index in full {
                roles_beside(&items[*index], &mut roles);
            }
            roles
        })
    }
}

/// What stands in the list of roles for any relative of somebody.
const RELATIVE: &str = "relative";

/// The roles before and behind a full name, in small letters: `Finance Minister Jo Berg`, `Jo Berg, the finance minister`.
fn roles_beside(item: &Item<'_>, roles: &mut Vec<String>) {
    let (text, at) = (item.text, item.tokens.start);
    let before = if text.word_before(at) == "," { at.saturating_sub(1) } else { at };
    let mut push = |at: usize| {
        let word = text.word(at).trim_end_matches('.').to_lowercase();
        roles.push(if text.is(at, Traits::RELATIVE_OF) { RELATIVE.to_owned() } else { word });
    };
    let is_role = |at: usize| text.is(at, Traits::ROLE.or(Traits::RELATIVE_OF).or(Traits::HEAD_OF_STATE));
    if before > 0 && is_role(before - 1) {
        push(before - 1);
    }
    if text.word(item.tokens.end) == "," {
        let behind = item.tokens.end + 1..(item.tokens.end + 1 + ROLE_REACH).min(text.tokens.len());
        for at in behind {
            if matches!(text.word(at), "," | "." | ";" | "\"" | "”") || text.is_small(at, Traits::RELATIVE)
            {
                break;
            }
            if is_role(at) {
                push(at);
                break;
            }
        }
    }
}

/// The role right before a name, with a capital, in small letters: `Treasury Secretary Baker`.
fn role_before(item: &Item<'_>) -> Option<String> {
    let at = item.tokens.start.checked_sub(1)?;
    let role = item.text.is_capitalised(at, Traits::ROLE.or(Traits::HEAD_OF_STATE));
    role.then(|| item.text.word(at).trim_end_matches('.').to_lowercase())
}

/// How a mention is addressed, by the word before the name.
fn addressed(item: &Item<'_>) -> Option<Gender> {
    let text = item.text;
    let at = item.tokens.start.checked_sub(1)?;
    match text.traits(at) {
        _ if !text.word(at).starts_with(char::is_uppercase) => None,
        traits if traits.any(Traits::ADDRESSES_MAN) => Some(Gender::Man),
        traits if traits.any(Traits::ADDRESSES_WOMAN) => Some(Gender::Woman),
        _ => None,
    }
}

fn gender_of(traits: Traits) -> Option<Gender> {
    match (
        traits.any(Traits::MALE.or(Traits::ADDRESSES_MAN)),
        traits.any(Traits::FEMALE.or(Traits::ADDRESSES_WOMAN)),
    ) {
        (true, false) => Some(Gender::Man),
        (false, true) => Some(Gender::Woman),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::annotation::{Field, Kind};
    use crate::language::Language;

    /// The people whom the mentions of one word mean, in the order of the body.
    fn meanings(title: &str, body: &str) -> Vec<String> {
        let analysis = analyze(title, body, Language::english());
        let bare = analysis.mentions.iter().filter(|mention| mention.field == Field::Body);
        bare.filter(|mention| !mention.span.of(body).contains(' '))
            .map(|mention| analysis.entity(mention.entity))
            .filter(|entity| entity.kind == Kind::Person)
            .map(|entity| entity.name.clone())
            .collect()
    }

    #[test]
    fn a_surname_belongs_to_whoever_was_introduced_first() {
        let body = "Pavel Soral won the vote in June. His daughter, Edita Soral, wrote a book about it.\n\nSoral will \
                    speak in Brno on Friday. \"I am glad,\" Soral said.";
        assert_eq!(meanings("A vote", body), ["Pavel Soral", "Pavel Soral"]);
    }

    #[test]
    fn a_name_keeps_its_meaning() {
        let body = "Pavel Soral won the vote in June. Soral thanked everybody. Edita Soral, who is a nurse, watched. \
                    Soral then went home.";
        assert_eq!(meanings("A vote", body), ["Pavel Soral", "Pavel Soral"]);
    }

    #[test]
    fn an_honorific_picks_among_those_introduced() {
        let body = "Thomas Holub and Martha Holub bought the farm in May. Mrs Holub keeps bees. Mr Holub mends the \
                    roof. Holub is 60.";
        let found = meanings("A farm", body);
        assert_eq!(found[..2], ["Martha Holub", "Thomas Holub"]);
    }

    #[test]
    fn a_role_picks_its_bearer() {
        let body = "Senator Paul Harlan met Governor Simon Harlan in Boise, a town in Idaho. Governor Harlan stayed. \
                    Harlan left on Monday.";
        assert_eq!(meanings("A visit", body), ["Simon Harlan", "Simon Harlan"]);
    }

    #[test]
    fn the_wife_is_not_the_president() {
        let body = "First Lady Lucy Wandera opened the clinic in Kenya. President Wandera was abroad.";
        assert_eq!(meanings("A clinic", body), ["Wandera"]);
        let body = "Lucy Wandera opened the clinic in Kenya. Mr Wandera was abroad.";
        assert_eq!(meanings("A clinic", body), ["Wandera"]);
    }

    #[test]
    fn a_surname_beats_a_forename() {
        let body = "Jack Moran met Brian Jack in Cork. Jack said the talks would go on.";
        assert_eq!(meanings("Talks", body), ["Brian Jack"]);
    }

    #[test]
    fn who_stands_in_the_title_is_meant() {
        let body = "Oda Lund and her brother Nils Lund run the mill. Lund wants to sell it.";
        assert_eq!(meanings("Nils sells a mill", body), ["Nils Lund"]);
    }
}
