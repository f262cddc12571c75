//! Which names of persons are one person.
//!
//! In: the names of an article in order. Out: a group for each name, and the name that each group is shown by. Fuller forms
//! come first; a shorter one joins the group that it fits. Where several people bear a name, [`bearer`] decides for
//! each mention. What is left over joins a group by its spelling, by its initials, or because the article says that
//! both are one: `X, known as Y`. A group is shown by its most frequent form of several words.

use super::Item;
use super::bearer::{self, Bearers};
use crate::analysis::rule::Rule;
use crate::annotation::Kind;
use crate::language::{self, Traits};
use crate::persons::{agree, is_misspelt, shouts, sound, words};
use foldhash::{HashMap, HashMapExt};

/// Groups that one word can lead to; a text with more bearers of one surname keeps the first.
const MOST: usize = 32;
/// People of an article that are compared pair by pair; a text with more of them is a list.
const MOST_COMPARED: usize = 200;

/// The groups of an article.
#[derive(Debug, Default)]
pub struct Groups {
    /// By item; meaningless for items of other kinds.
    pub group: Vec<usize>,
    /// By group: the name that it is shown by.
    pub names: Vec<String>,
}

/// One way in which a person is written in the article.
pub(super) struct Form<'a> {
    pub(super) surface: &'a str,
    /// Its folded words, without titles.
    pub(super) words: Vec<String>,
    /// The item where it first stands.
    pub(super) first: usize,
    /// How often it stands in the article.
    count: usize,
    /// Groups that it can mean.
    pub(super) groups: Vec<usize>,
    /// Has a forename: `Annelies van der Hoek`, not `van der Hoek` or `Mbeki-Otieno`.
    pub(super) full: bool,
    /// Stands behind `father` or `mother`, so that it is no short form of the child's name.
    parent: bool,
}

#[derive(Default)]
struct People<'a> {
    /// By group: the words of its fullest form.
    full: Vec<Vec<String>>,
    /// By group: its fullest form.
    surfaces: Vec<&'a str>,
    by_last: HashMap<String, Vec<usize>>,
    by_other: HashMap<String, Vec<usize>>,
}

/// Groups the persons among `items`.
pub(super) fn group(items: &[Item<'_>]) -> Groups {
    let mut forms: Vec<Form<'_>> = Vec::new();
    let mut form_of: HashMap<&str, usize> = HashMap::new();
    let mut form_at: Vec<usize> = vec![usize::MAX; items.len()];
    for (index, item) in items.iter().enumerate().filter(|(_, item)| item.kind == Kind::Person) {
        let form = *form_of.entry(item.surface).or_insert_with(|| {
            forms.push(Form {
                surface: item.surface,
                words: words_of(item),
                first: index,
                count: 0,
                groups: Vec::new(),
                full: is_full(item),
                parent: false,
            });
            forms.len() - 1
        });
        form_at[index] = form;
        let form = &mut forms[form];
        form.count += 1;
        form.parent |= form.words.len() > 1 && is_parent(item);
    }
    if forms.is_empty() {
        return Groups { group: vec![0; items.len()], names: Vec::new() };
    }
    let mut order: Vec<usize> = (0..forms.len()).collect();
    order.sort_by_key(|form| {
        let form = &forms[*form];
        let letters: usize = form.words.iter().map(String::len).sum();
        let full = (form.words.len(), letters, !shouts(form.surface), form.surface.len());
        (std::cmp::Reverse(full), form.first)
    });
    let mut known = People::default();
    for form in order {
        let form = &mut forms[form];
        form.groups = known.fitting(form);
        if form.groups.is_empty() {
            form.groups.push(known.add(form));
        }
    }
    let mut groups = known.full.len();
    let mut group = vec![0; items.len()];
    if forms.iter().any(|form| form.groups.len() > 1) || Bearers::may_be_strangers(items) {
        groups = bearer::decide(items, &form_at, &forms, groups, &mut group);
    } else {
        for (index, form) in form_at.iter().enumerate().filter(|(_, form)| **form != usize::MAX) {
            group[index] = forms[*form].groups[0];
        }
    }
    let (joined, alias) = joined(items, &forms, &form_at, &group, groups);
    let mut shown: Vec<Option<(Rank, usize)>> = vec![None; groups];
    for (index, form) in form_at.iter().enumerate().filter(|(_, form)| **form != usize::MAX) {
        let rank = forms[*form].rank(alias[group[index]]);
        group[index] = joined[group[index]];
        let best = &mut shown[group[index]];
        if best.as_ref().is_none_or(|(known, _)| rank > *known) {
            *best = Some((rank, *form));
        }
    }
    let name = |best: &Option<(Rank, usize)>| {
        best.as_ref().map_or_else(String::new, |(_, form)| untitled(forms[*form].surface).to_owned())
    };
    Groups { group, names: shown.iter().map(name).collect() }
}

/// What makes one form of a name better to show than another, in this order: several words, a forename that is more than
/// an initial, no capitals throughout, its mentions, that it is no alias, its words, its letters, and how early it stands.
type Rank = (bool, bool, bool, usize, bool, usize, usize, std::cmp::Reverse<usize>);

impl Form<'_> {
    fn rank(&self, alias: bool) -> Rank {
        let letters = self.words.iter().map(String::len).sum();
        let count = if Rule::ShownName.on() { self.count } else { 0 };
        let several = self.full;
        let forename = self.words.first().is_some_and(|first| first.chars().count() > 1);
        (
            several,
            forename,
            !shouts(self.surface),
            count,
            !alias,
            self.words.len(),
            letters,
            std::cmp::Reverse(self.first),
        )
    }
}

/// The folded words of a person's name, without the titles that the tagger took for a part of it.
fn words_of(item: &Item<'_>) -> Vec<String> {
    words(untitled(item.surface))
}

/// `Mme Spanton` without its title, which is one only where more follows.
fn untitled(surface: &str) -> &str {
    let mut rest = surface;
    while let Some((first, more)) = rest.split_once(' ')
        && language::shared(&first.trim_end_matches('.').to_lowercase()).any(Traits::GLUED_TITLE)
        && more.starts_with(char::is_uppercase)
    {
        rest = more;
    }
    rest
}

/// Whether a name is more than a surname: it has several words, and the first is no small word of a surname.
fn is_full(item: &Item<'_>) -> bool {
    let particle = |word: &str| {
        item.text.language.traits(word).any(Traits::BEFORE_SURNAME) || !word.starts_with(char::is_uppercase)
    };
    untitled(item.surface).split_once(' ').is_some_and(|(first, rest)| {
        // `Van Morrison` has a forename, `Van der Hoek` has none.
        let capital = |word: &str| word.starts_with(char::is_uppercase);
        !(particle(first) && (!capital(rest) || !capital(first)))
    })
}

/// Whether a name stands behind `father` or `mother`: `her father, Abdul Basit`.
fn is_parent(item: &Item<'_>) -> bool {
    let text = item.text;
    let at = item.tokens.start;
    let before = if text.word_before(at) == "," { at.saturating_sub(1) } else { at };
    Rule::Parents.on() && text.follows_small(before, Traits::PARENT)
}

impl<'a> People<'a> {
    fn add(&mut self, form: &Form<'a>) -> usize {
        let words = &form.words;
        let group = self.full.len();
        self.full.push(words.clone());
        self.surfaces.push(form.surface);
        let put = |map: &mut HashMap<String, Vec<usize>>, word: &str| {
            let groups = map.entry(sound(word)).or_default();
            if groups.len() < MOST && !groups.contains(&group) {
                groups.push(group);
            }
        };
        if let Some((last, others)) = words.split_last() {
            put(&mut self.by_last, last);
            for word in others {
                put(&mut self.by_other, word);
            }
        }
        group
    }

    /// The groups that a form can mean. A single word means anybody in whose name it stands; a longer form those
    /// whose name ends as it does, else the one in whose name it stands.
    fn fitting(&self, form: &Form<'_>) -> Vec<usize> {
        let words = &form.words;
        let Some(last) = words.last() else { return Vec::new() };
        let get = |map: &HashMap<String, Vec<usize>>| -> Vec<usize> {
            let groups = map.get(&sound(last)).map_or(&[][..], Vec::as_slice);
            let fits = |group: &usize| {
                let full = &self.full[*group];
                agree(words, full) && !(form.parent && words != full) && !is_patronymic(words, full)
            };
            groups.iter().copied().filter(fits).collect()
        };
        let mut ending = get(&self.by_last);
        if words.len() == 1 {
            for group in get(&self.by_other) {
                if !ending.contains(&group) {
                    ending.push(group);
                }
            }
            // `Reyes` is Lupe Reyes rather than Jordan Asplund-Reyes.
            let whole = |group: &usize| !is_part(&words[0], self.surfaces[*group]);
            if Rule::DoubleNames.on() && ending.iter().any(whole) {
                ending.retain(whole);
            }
            return ending;
        }
        if !ending.is_empty() {
            return ending;
        }
        let mut containing = get(&self.by_other);
        if containing.is_empty() && Rule::Initials.on() {
            containing = self.initialled(form);
        }
        if containing.len() == 1 { containing } else { Vec::new() }
    }

    /// Those whose forenames the first word gives the initials of: `KB Hedgewar` for `Keshav Baliram Hedgewar`.
    fn initialled(&self, form: &Form<'_>) -> Vec<usize> {
        let [first, last] = &form.words[..] else { return Vec::new() };
        let letters = form.surface.chars().take_while(|c| !c.is_whitespace()).filter(|c| c.is_alphabetic());
        if !(2..=3).contains(&first.len()) || !letters.clone().all(char::is_uppercase) {
            return Vec::new();
        }
        let groups = self.by_last.get(&sound(last)).map_or(&[][..], Vec::as_slice);
        let fits = |group: &usize| {
            let forenames = self.full[*group].split_last().map_or(&[][..], |(_, rest)| rest);
            forenames.len() == first.len()
                && first.chars().zip(forenames).all(|(c, word)| word.starts_with(c))
        };
        groups.iter().copied().filter(fits).collect()
    }
}

/// Whether a folded word is only a part of a surname with a hyphen.
fn is_part(word: &str, surface: &str) -> bool {
    let holds = |part: &str| words(part).iter().any(|known| known == word);
    let mut whole = surface.split_whitespace().filter(|part| !part.contains('-'));
    let last = surface.split_whitespace().next_back().unwrap_or_default();
    !whole.any(holds) && last.contains('-') && holds(last)
}

/// `Salman` in `Mohammed bin Salman` is the father.
fn is_patronymic(words: &[String], full: &[String]) -> bool {
    let [word] = words else { return false };
    full.windows(2).any(|pair| pair[1] == *word && matches!(pair[0].as_str(), "bin" | "ibn" | "bint"))
}

/// For each group the one that it is joined to, which may be itself, and whether it is joined as another name of that
/// person.
fn joined(
    items: &[Item<'_>],
    forms: &[Form<'_>],
    form_at: &[usize],
    group: &[usize],
    groups: usize,
) -> (Vec<usize>, Vec<bool>) {
    let mut to: Vec<usize> = (0..groups).collect();
    let mut alias = vec![false; groups];
    if !(2..=MOST_COMPARED).contains(&groups) {
        return (to, alias);
    }
    // By group: its fullest form, and its first item.
    let mut full: Vec<Option<usize>> = vec![None; groups];
    for (index, form) in form_at.iter().enumerate().filter(|(_, form)| **form != usize::MAX) {
        let best = &mut full[group[index]];
        if best.is_none_or(|best| forms[best].words.len() < forms[*form].words.len()) {
            *best = Some(*form);
        }
    }
    let people: Vec<(usize, &Form<'_>)> =
        full.iter().enumerate().filter_map(|(group, form)| Some((group, &forms[(*form)?]))).collect();
    let mut join = |from: usize, onto: usize| {
        let root = |mut group: usize, to: &[usize]| {
            while to[group] != group {
                group = to[group];
            }
            group
        };
        let (from, onto) = (root(from, &to), root(onto, &to));
        if from != onto {
            to[from] = onto;
        }
    };
    for (place, (a, form)) in people.iter().enumerate() {
        let bare = form.words.len() == 1;
        let mut found: Option<usize> = None;
        let mut several = false;
        for (other, (b, full)) in people.iter().enumerate() {
            if other == place {
                continue;
            }
            let one = if bare {
                full.words.len() > 1
                    && (Rule::Misspellings.on()
                        && full.words.last().is_some_and(|last| is_misspelt(&form.words[0], last, 1))
                        || Rule::Initials.on() && is_acronym(form.surface, &full.words))
            } else {
                Rule::Misspellings.on()
                    && other < place
                    && full.words.len() == form.words.len()
                    && differ_in_spelling(&form.words, &full.words)
            };
            if one {
                several |= found.is_some();
                found = Some(*b);
            }
        }
        if let Some(b) = found.filter(|_| !several) {
            join(*a, b);
        }
    }
    if Rule::Aliases.on() {
        let persons: Vec<usize> = (0..items.len()).filter(|index| form_at[*index] != usize::MAX).collect();
        for pair in persons.windows(2) {
            let (a, b) = (group[pair[0]], group[pair[1]]);
            if a != b && are_aliases(&items[pair[0]], &items[pair[1]]) {
                join(b, a);
                alias[b] = true;
            }
        }
    }
    let root = |mut group: usize| {
        while to[group] != group {
            group = to[group];
        }
        group
    };
    ((0..groups).map(root).collect(), alias)
}

/// Whether two names of equally many words differ in the spelling of one of them only.
fn differ_in_spelling(a: &[String], b: &[String]) -> bool {
    let mut odd = a.iter().zip(b).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (odd.next(), odd.next()) else { return false };
    let edits = if a.len().min(b.len()) >= 7 { 2 } else { 1 };
    is_misspelt(a, b, edits)
}

/// `XLD` for `Xavier Luc Duval`.
fn is_acronym(surface: &str, words: &[String]) -> bool {
    let letters = surface.chars().filter(|c| *c != '.');
    surface.len() <= 8
        && letters.clone().all(char::is_uppercase)
        && letters.clone().count() == words.len()
        && words.len() > 2
        && letters.zip(words).all(|(c, word)| word.chars().next() == c.to_lowercase().next())
}

/// Bytes between two names of one person of which the article says that they are one.
const ALIAS_GAP: usize = 45;

/// `X, better known as Y`, `X, born Y`, `X (alias Y)`.
fn are_aliases(a: &Item<'_>, b: &Item<'_>) -> bool {
    let same = std::ptr::eq(a.text, b.text);
    let gap = a.tokens.end..b.tokens.start;
    if !same || gap.is_empty() || gap.len() > 8 {
        return false;
    }
    let text = a.text;
    if text.slice(&gap).len() > ALIAS_GAP || text.slice(&gap).contains(['.', ';', '\n']) {
        return false;
    }
    let alias = |at: usize| {
        text.is_small(at, Traits::ALIAS)
            || text.is_small(at, Traits::KNOWN) && text.is_small(at + 1, Traits::AS)
    };
    // `born in Oslo to X`, `known as the X of Y`: the name must follow at once.
    let last = gap.end - 1;
    let leads = text.is_small(last, Traits::ALIAS)
        || text.is_small(last, Traits::AS)
        || matches!(text.word(last), "\"" | "“" | "'" | "‘" | ":" | "is" | "was");
    let human = text.follows(gap.end, Traits::ADDRESS);
    gap.clone().any(alias) && (leads || human)
}

#[cfg(test)]
mod tests {
    use super::{differ_in_spelling, is_acronym};
    use crate::analysis::analyze;
    use crate::annotation::Kind;
    use crate::language::Language;
    use crate::persons::words;

    /// The people of a text, each with the surfaces of its mentions.
    fn people(title: &str, body: &str) -> Vec<String> {
        let analysis = analyze(title, body, Language::english());
        let mut people: Vec<String> = analysis
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| entity.kind == Kind::Person)
            .map(|(index, entity)| {
                let mentions = analysis.mentions.iter().filter(|mention| mention.entity.0 as usize == index);
                format!("{} {}", entity.name, mentions.count())
            })
            .collect();
        people.sort();
        people
    }

    #[test]
    fn a_misspelt_name_is_the_same_person() {
        let body = "Tomas Kremacek opened the mill. \"It turns,\" Kremcek said. Kremacek smiled.";
        assert_eq!(people("", body), ["Tomas Kremacek 3"]);
        assert!(differ_in_spelling(&words("Awa Mbaye"), &words("Awa Mbayo")));
        assert!(!differ_in_spelling(&words("Awa Mbaye"), &words("Ada Mbayo")));
        assert!(!differ_in_spelling(&words("Ann Roberts"), &words("Ann Robert")));
    }

    #[test]
    fn initials_are_the_persons() {
        assert!(is_acronym("XLD", &words("Xavier Luc Delcourt")));
        assert!(!is_acronym("XLD", &words("Xavier Delcourt")));
        let body = "Karel Bruno Hedvik founded the club in 1911. KB Hedvik died in 1940.";
        assert_eq!(people("", body), ["Karel Bruno Hedvik 2"]);
    }

    #[test]
    fn two_names_that_the_article_calls_one_are_one() {
        let body = "The singer Marta Lindqvist, better known as Bella Torn, sang on Friday. Torn is 31.";
        assert_eq!(people("", body).len(), 1, "{:?}", people("", body));
    }

    #[test]
    fn a_father_is_not_his_daughter() {
        let body = "Laila Abdul Basit, 9, was found on Monday. Her father, Abdul Basit, thanked the police.";
        assert_eq!(people("", body), ["Abdul Basit 1", "Laila Abdul Basit 1"]);
    }

    #[test]
    fn the_commonest_full_form_is_shown() {
        let body =
            "Senator Oda J. Sorvik voted. Oda Sorvik spoke first. Oda Sorvik left early. Sorvik is 50.";
        assert_eq!(people("", body), ["Oda Sorvik 4"]);
    }
}
