//! A query of the language as a query of the search server.
//!
//! In: a filter. Out: JSON. What depends on the archive (which names a name means, which sources there are, which articles
//! have a quote) is asked of a [`Meanings`], so that this file sends no request and can be tested without a server.

use super::layout::{Called, TOLD, UNDATED, field_of, folded};
use super::state::Numbers;
use crate::annotation::{Kind, Least};
use crate::article::ArticleId;
use crate::library::Error;
use crate::query::{Days, Ending, Filter, Mark, Names, Phrase, QuoteTerm, Scope, Term};
use chrono::NaiveTime;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The most values of one terms query that every engine takes.
pub const TERMS: usize = 65_536;

/// The longest word that an engine keeps whole, in characters.
const WORD: usize = 255;

/// How many words a prefix at the end of a phrase may stand for; an engine refuses more than 1,024.
const EXPANSIONS: usize = 1_000;

/// The most prefixes of one clause; an engine refuses more than 1,024 conditions.
const PREFIXES: usize = 500;

/// What an archive says about the words of a question.
pub trait Meanings {
    /// The entities that a name means as a name of one of some kinds.
    fn meant(&self, kinds: &[Kind], name: &str) -> Result<BTreeSet<Called>, Error>;

    /// The sources that one of the names means.
    fn sources(&self, names: &Names) -> Result<Vec<String>, Error>;

    /// The articles with a quote that matches a query of the index of quotes.
    fn quoting(&self, quotes: &Value) -> Result<Vec<i64>, Error>;

    /// The articles with a mark, as `State::with` takes it.
    fn marked(&self, what: &str) -> Result<Numbers, Error>;

    /// The articles that are read.
    fn read(&self) -> Result<Value, Error> {
        Ok(of_numbers(&self.marked("read")?))
    }

    fn tags(&self) -> Result<BTreeMap<String, Numbers>, Error>;

    /// The articles of the thread of an article.
    fn story(&self, id: ArticleId) -> Result<Numbers, Error>;

    fn least(&self) -> Least;

    /// Whether an article holds who speaks in it, and whom its quotes mention: as `says`, `said_by` and `in_quotes`.
    fn direct(&self) -> bool;
}

pub fn everything() -> Value {
    json!({ "match_all": {} })
}

pub fn nothing() -> Value {
    json!({ "match_none": {} })
}

/// All of some conditions.
pub fn all(conditions: Vec<Value>) -> Value {
    json!({ "bool": { "filter": conditions } })
}

/// One of some conditions.
pub fn any(mut conditions: Vec<Value>) -> Value {
    match conditions.len() {
        0 => nothing(),
        1 => conditions.remove(0),
        _ => json!({ "bool": { "should": conditions, "minimum_should_match": 1 } }),
    }
}

pub fn not(condition: &Value) -> Value {
    json!({ "bool": { "must_not": condition } })
}

/// One of some values of a field, however many there are.
pub fn terms<T: serde::Serialize>(field: &str, values: &[T]) -> Value {
    any(values.chunks(TERMS).map(|piece| json!({ "terms": { field: piece } })).collect())
}

/// The articles with one of some names.
pub fn mentioning<'a>(names: impl IntoIterator<Item = &'a Called>) -> Value {
    let mut by_field: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for called in names {
        by_field.entry(field_of(called.kind)).or_default().push(&called.key);
    }
    any(by_field.into_iter().map(|(field, keys)| terms(field, &keys)).collect())
}

fn written(names: &BTreeSet<Called>) -> Vec<String> {
    names.iter().map(Called::written).collect()
}

/// The query for the articles that match a filter, in which every condition can be read (`Filter::decided`).
pub fn of_filter(filter: &Filter, meanings: &dyn Meanings) -> Result<Value, Error> {
    let each = |members: &[Filter]| -> Result<Vec<Value>, Error> {
        members.iter().map(|member| of_filter(member, meanings)).collect()
    };
    match filter {
        Filter::All(members) if members.is_empty() => Ok(everything()),
        Filter::All(members) => Ok(all(each(members)?)),
        Filter::Any(members) => Ok(any(each(members)?)),
        Filter::Not(inner) => Ok(not(&of_filter(inner, meanings)?)),
        Filter::Term(term) => of_term(term, meanings),
    }
}

fn of_term(term: &Term, meanings: &dyn Meanings) -> Result<Value, Error> {
    Ok(match term {
        Term::Text { scope, phrase } => match scope {
            Scope::Title => of_phrase("title_words", phrase),
            Scope::Body => of_phrase("body_words", phrase),
            Scope::Anywhere => any(vec![of_phrase("title_words", phrase), of_phrase("body_words", phrase)]),
        },
        Term::Mentions { kind, names } => {
            let mut meant = BTreeSet::new();
            for name in names.iter() {
                meant.extend(meanings.meant(&[*kind], name)?);
            }
            mentioning(&meant)
        }
        Term::About(names) => terms("about", &written(&of_any_kind(names, meanings)?)),
        Term::Quote(quote) => match of_one_role(quote, meanings)? {
            Some(clause) => clause,
            None => terms("num", &meanings.quoting(&of_quote(quote, meanings)?)?),
        },
        Term::Date(days) => of_days(*days),
        Term::Source(names) => terms("source", &meanings.sources(names)?),
        Term::Author(names) => any(names.iter().map(|name| phrase("author_words", &folded(name))).collect()),
        Term::Language(names) => terms("language", &names.iter().collect::<Vec<_>>()),
        Term::Tag(names) => {
            let wanted: BTreeSet<String> = names.iter().map(crate::text::fold::fold).collect();
            let tags = meanings.tags()?;
            let meant = tags.into_iter().filter(|(tag, _)| wanted.contains(&crate::text::fold::fold(tag)));
            let numbers: Numbers = meant.flat_map(|(_, numbers)| numbers).collect();
            of_numbers(&numbers)
        }
        Term::Is(Mark::Read) => meanings.read()?,
        Term::Is(Mark::Unread) => not(&meanings.read()?),
        Term::Is(Mark::Starred) => of_numbers(&meanings.marked("star")?),
        Term::Is(Mark::Unstarred) => not(&of_numbers(&meanings.marked("star")?)),
        Term::Is(Mark::Hidden) => of_numbers(&meanings.marked("hidden")?),
        Term::Is(Mark::Deleted) => of_numbers(&meanings.marked("deleted")?),
        Term::HasQuote => json!({ "range": { "quotes": { "gte": 1 } } }),
        Term::Story(id) => of_numbers(&meanings.story(*id)?),
        // What came last is known by when it came.
        Term::Newer(ArticleId(then)) => json!({ "range": { "added": { "gt": then } } }),
        Term::Saved(_) | Term::Unreadable(_) => nothing(),
    })
}

/// Some articles by their numbers.
pub fn of_numbers(numbers: &Numbers) -> Value {
    terms("num", &numbers.iter().collect::<Vec<_>>())
}

fn of_any_kind(names: &Names, meanings: &dyn Meanings) -> Result<BTreeSet<Called>, Error> {
    let mut meant = BTreeSet::new();
    for name in names.iter() {
        meant.extend(meanings.meant(&Kind::ALL, name)?);
    }
    Ok(meant)
}

fn phrase(field: &str, folded: &str) -> Value {
    // The engine cuts up a longer word, here and in the articles, so that it is a phrase for it.
    match folded.contains(' ') || folded.chars().count() > WORD {
        true => json!({ "match_phrase": { field: { "query": folded } } }),
        false => json!({ "term": { field: { "value": folded } } }),
    }
}

fn of_phrase(field: &str, wanted: &Phrase) -> Value {
    let words = wanted.words();
    let folded = words.join(" ");
    match wanted.ending {
        Ending::Whole => phrase(field, &folded),
        Ending::Prefix if words.len() == 1 => json!({ "prefix": { field: { "value": folded } } }),
        Ending::Prefix => {
            json!({ "match_phrase_prefix": { field: { "query": folded, "max_expansions": EXPANSIONS } } })
        }
    }
}

fn of_days(days: Days) -> Value {
    let start = |day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
    // What has no date lies before all dates.
    let mut range = json!({ "gt": UNDATED });
    if let Some(from) = days.from() {
        range = json!({ "gte": start(from) });
    }
    if let Some(until) = days.until() {
        range["lt"] = json!(start(until).saturating_add(86_400));
    }
    json!({ "range": { "when": range } })
}

/// The articles in which one of some names says something.
pub fn says(names: &[String]) -> Value {
    any(names
        .iter()
        .map(|name| json!({ "prefix": { "says": { "value": format!("{name}{TOLD}") } } }))
        .collect())
}

/// A condition on quotes that any quote of an article may meet: its speaker alone, or one name in it alone.
fn of_one_role(quote: &QuoteTerm, meanings: &dyn Meanings) -> Result<Option<Value>, Error> {
    if !meanings.direct() || !quote.said.is_empty() {
        return Ok(None);
    }
    Ok(match (&quote.by[..], &quote.of[..]) {
        ([by], []) => {
            let names = written(&of_any_kind(by, meanings)?);
            if names.len() > PREFIXES {
                return Ok(None);
            }
            let mut speakers = vec![says(&names)];
            speakers.extend(by.iter().map(|name| phrase("said_by", &folded(name))));
            Some(any(speakers))
        }
        ([], [of]) => Some(terms("in_quotes", &written(&of_any_kind(of, meanings)?))),
        _ => None,
    })
}

/// The quotes whose speaker is no guess.
pub fn sure(Least { person, other }: Least) -> Value {
    let sure = |is_person: bool, least: u8| {
        all(vec![
            json!({ "term": { "person": is_person } }),
            json!({ "range": { "confidence": { "gte": least } } }),
        ])
    };
    any(vec![sure(true, person), sure(false, other)])
}

/// The query of the index of quotes for the quotes that meet a condition.
pub fn of_quote(quote: &QuoteTerm, meanings: &dyn Meanings) -> Result<Value, Error> {
    let mut conditions = Vec::new();
    for names in &quote.by {
        let mut by = vec![terms("by", &written(&of_any_kind(names, meanings)?))];
        by.extend(names.iter().map(|name| phrase("described", &folded(name))));
        conditions.push(any(by));
    }
    if !quote.by.is_empty() {
        // Of whom the engine is less sure is a guess, which is no answer.
        conditions.push(sure(meanings.least()));
    }
    for names in &quote.of {
        conditions.push(terms("of", &written(&of_any_kind(names, meanings)?)));
    }
    for phrases in &quote.said {
        conditions.push(any(phrases.iter().map(|phrase| of_phrase("words", phrase)).collect()));
    }
    Ok(all(conditions))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    /// An archive in which every name means a person of that name.
    struct Plain;

    impl Meanings for Plain {
        fn meant(&self, kinds: &[Kind], name: &str) -> Result<BTreeSet<Called>, Error> {
            Ok(kinds.iter().map(|kind| Called { kind: *kind, key: folded(name) }).collect())
        }

        fn sources(&self, names: &Names) -> Result<Vec<String>, Error> {
            Ok(names.iter().map(str::to_owned).collect())
        }

        fn quoting(&self, _: &Value) -> Result<Vec<i64>, Error> {
            Ok(vec![4, 9])
        }

        fn marked(&self, _: &str) -> Result<Numbers, Error> {
            Ok(Numbers::from([7]))
        }

        fn tags(&self) -> Result<BTreeMap<String, Numbers>, Error> {
            Ok(BTreeMap::from([("Later".to_owned(), Numbers::from([3]))]))
        }

        fn story(&self, id: ArticleId) -> Result<Numbers, Error> {
            Ok(Numbers::from([id.0, id.0 + 1]))
        }

        fn least(&self) -> Least {
            Least::default()
        }

        fn direct(&self) -> bool {
            false
        }
    }

    #[test]
    fn a_query_becomes_clauses() {
        let today = chrono::NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
        for (text, expected) in [
            ("", json!({ "match_all": {} })),
            ("title:Gas", json!({ "term": { "title_words": { "value": "gas" } } })),
            ("body:\"Gas talks\"", json!({ "match_phrase": { "body_words": { "query": "gas talks" } } })),
            ("title:ga*", json!({ "prefix": { "title_words": { "value": "ga" } } })),
            ("person:\"Ada Obi\"", json!({ "terms": { "people": ["ada obi"] } })),
            ("-country:NO", json!({ "bool": { "must_not": { "terms": { "countries": ["no"] } } } })),
            ("is:unread", json!({ "bool": { "must_not": { "terms": { "num": [7] } } } })),
            ("#later", json!({ "terms": { "num": [3] } })),
            ("by:obi", json!({ "terms": { "num": [4, 9] } })),
            ("date:1970-01-02", json!({ "range": { "when": { "gte": 86_400, "lt": 172_800 } } })),
            ("before:1970-01-02", json!({ "range": { "when": { "gt": UNDATED, "lt": 86_400 } } })),
            ("story:7", json!({ "terms": { "num": [7, 8] } })),
            ("has:quote", json!({ "range": { "quotes": { "gte": 1 } } })),
            ("date:2022-13", json!({ "bool": { "must_not": { "match_all": {} } } })),
        ] {
            let filter = Query::parse(text, today).0.filter.decided();
            assert_eq!(of_filter(&filter, &Plain).expect("a clause"), expected, "{text}");
        }
    }

    #[test]
    fn more_values_than_an_engine_takes_are_several_clauses() {
        let clause = terms("num", &(0..70_000).collect::<Vec<i64>>());
        let parts = clause["bool"]["should"].as_array().expect("parts");
        let sizes: Vec<usize> =
            parts.iter().map(|part| part["terms"]["num"].as_array().expect("a list").len()).collect();
        assert_eq!(sizes, [65_536, 4_464]);
        assert_eq!(terms::<i64>("num", &[]), nothing());
    }
}
