use super::complete::completion;
use super::hit::hits;
use super::*;
use crate::annotation::Field;
use crate::listing::FacetKind;
use chrono::NaiveDate;
use proptest::prelude::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day")
}

fn parse(text: &str) -> Query {
    Query::parse(text, today()).0
}

/// `expected` is the canonical form, then each hint as ` !text message` with the text it is about.
fn check(text: &str, expected: &str) {
    let (query, hints) = Query::parse(text, today());
    let hints: String = hints
        .iter()
        .map(|hint| format!(" !{} {}", hint.span.get(text).expect("a span"), hint.message))
        .collect();
    assert_eq!(format!("{query}{hints}"), expected, "{text}");
    assert_eq!(parse(&query.to_string()), query, "{text}");
}

#[test]
fn terms() {
    check("", "");
    check("military", "military");
    check("\"military buildup\"", "\"military buildup\"");
    check("“military buildup”", "\"military buildup\"");
    check("mili*", "mili*");
    check("\"military bu\"*", "\"military bu\"*");
    check("title:Summit body:gas", "title:Summit body:gas");
    check(
        "person:blinken country:RU,ua place:\"New York\"",
        "person:blinken country:RU,ua place:\"New York\"",
    );
    check("about:nato source:\"Sample Wire\" author:x", "about:nato source:\"Sample Wire\" author:x");
    check("#later tag:now is:unread has:quote", "tag:later tag:now is:unread has:quote");
    check("@morning", "@morning");
    check("@\"the morning\"", "@\"the morning\"");
    check("title:a,b", "title:a OR title:b");
    check("before:2022-02 since:3d", "before:2022-02 since:3d");
    check("sort:relevance group:off gas", "gas sort:relevance group:off");
    check("NATO-Russia o'brien", "NATO-Russia o'brien");
    check("\"OR\" \"say \\\"no\\\"\"", "\"OR\" \"say \\\"no\\\"\"");
}

#[test]
fn and_or_not_and_groups() {
    check("a b OR c", "(a b) OR c");
    check("a (b | c) -d", "a (b OR c) -d");
    check("a AND NOT b", "a -b");
    check("-(a b)", "-(a b)");
    check("--a", "a");
    check("((a) (b c))", "a b c");
    check("a|b|c", "a OR b OR c");
    check("-person:x,y", "-person:x,y");
}

#[test]
fn quote_conditions_are_joined_within_their_group() {
    check("by:price gas said:no of:nato", "by:price said:no of:nato gas");
    check("(by:price) (by:adeyemi)", "(by:price) (by:adeyemi)");
    check("by:price said:no OR by:adeyemi", "by:price said:no OR by:adeyemi");
    check("-by:price said:no", "-by:price said:no");
    check("-(by:price said:no)", "-(by:price said:no)");
    check("said:\"no deal\",never", "said:\"no deal\",never");
}

#[test]
fn a_query_never_fails() {
    check("(a", "a !( this '(' is not closed");
    check("a) b", "a b !) this ')' has no matching '('");
    check("a OR", "a !OR OR needs something to search for on both sides");
    check("\"a b", "\"a b\" !\" this quotation mark is not closed");
    check(
        "persn:x",
        "\"persn x\" !persn: there is no field 'persn:'; did you mean 'person:'? searched for as text",
    );
    check(
        "people:x",
        "\"people x\" !people: there is no field 'people:'; did you mean 'person:'? searched for as text",
    );
    check("xyzzy:x", "\"xyzzy x\" !xyzzy: there is no field 'xyzzy:'; searched for as text");
    check("person:", " !person: needs a word, or several in quotation marks");
    check("is:open", "open !open is: takes read, unread, starred or unstarred; searched for as a word");
    check("date:soon", " !soon is not a date; write 2022, 2022-01, 2022-01-03, 3d or 2w");
    check(
        "a - b -",
        "a b !- contains no letter or digit to search for !- contains no letter or digit to search for",
    );
    check("person:\"…\"", " !\"…\" contains no letter or digit to search for");
    check("https://example.org/a 10:30", "\"https //example.org/a\" \"10:30\"");
    check("()", "");
    check("-", " !- contains no letter or digit to search for");
    let deep = format!("{}a", "(".repeat(10_000));
    assert_eq!(parse(&deep).to_string(), "a");
    assert_eq!(parse(&format!("{}a", "-".repeat(10_000))).to_string(), "a");
    assert_eq!(parse(&"-(".repeat(5_000)).to_string(), "");
}

/// A printed query has parentheses that were not typed: around the values of one field, and around groups.
#[test]
fn a_deep_query_reads_back_as_it_is_printed() {
    for level in ["(a OR ", "(a ", "-(a b OR ", "(by:x said:y OR -", "(c (b OR "] {
        for inner in ["title:a,b", "-title:a,b c", "by:a (by:b) d", "(a OR b c)"] {
            for depth in [31, 62, 63, 64, 65, 100] {
                let query = parse(&format!("{}{inner}{}", level.repeat(depth), ")".repeat(2 * depth)));
                assert_eq!(parse(&query.to_string()), query, "{level}{inner} {depth}");
            }
        }
    }
    let alternating = format!("{}b{}", "(a (b OR ".repeat(40), "))".repeat(40));
    let (query, hints) = Query::parse(&alternating, today());
    assert_eq!(hints.len(), 1, "{hints:?}");
    assert!(query.to_string().len() > 64 * 2);
}

#[test]
fn the_word_being_typed_is_a_prefix() {
    let unfinished = |text: &str| Query::parse_unfinished(text, today()).0.to_string();
    assert_eq!(unfinished("gas ukr"), "gas ukr*");
    assert_eq!(unfinished("gas ukr "), "gas ukr");
    assert_eq!(unfinished("\"gas ukr"), "\"gas ukr\"");
    assert_eq!(unfinished("person:ukr"), "person:ukr");
}

#[test]
fn chips_and_edits() {
    let person = FacetKind::Entity(Kind::Person);
    let query = parse("a | b");
    assert_eq!(query.chips().len(), 1);
    let query = query.require(person, "Ada Obi").require(person, "Ada Obi");
    assert_eq!(query.to_string(), "(a OR b) person:\"Ada Obi\"");
    assert_eq!(query.exclude(person, "Ada Obi").to_string(), "(a OR b) -person:\"Ada Obi\"");
    let query = query.require(person, "Lev").exclude(FacetKind::Source, "Wire");
    assert_eq!(query.only(person, "Ursula").to_string(), "(a OR b) -source:Wire person:Ursula");
    assert_eq!(query.without_last().to_string(), "(a OR b) person:\"Ada Obi\" person:Lev");
    assert_eq!(query.without(0).without(0).without(0).without(0).without(0), Query::everything());
    assert_eq!(query.without(9), query);
}

#[test]
fn saved_searches_are_replaced_by_their_queries() {
    let saved = |name: &str| match name {
        "morning" => Some(parse("a | b")),
        "loop" => Some(parse("c @loop")),
        _ => None,
    };
    assert_eq!(parse("x @morning").resolve(&saved), parse("x (a | b)"));
    assert!(!parse("@loop").resolve(&saved).filter.is_everything());
}

#[test]
fn completion_knows_where_the_cursor_is() {
    let check = |text: &str, expected: Option<(complete::Wanted, &str, &str)>| {
        let found = completion(text, text.len());
        let found = found.as_ref().map(|c| (c.wanted, c.typed.as_str(), c.span.of(text)));
        assert_eq!(found, expected, "{text}");
    };
    let person = complete::Wanted::Facet(FacetKind::Entity(Kind::Person));
    check("a person:bli", Some((person, "bli", "bli")));
    check("-person:\"Ada O", Some((person, "Ada O", "\"Ada O")));
    check("(person:x,", Some((person, "", "")));
    check("person:", Some((person, "", "")));
    check("pers", Some((complete::Wanted::Field, "pers", "pers")));
    check("person:x ", None);
    check("#la", Some((complete::Wanted::Facet(FacetKind::Tag), "la", "la")));
    check("", None);
    assert_eq!(complete::fields("s").collect::<Vec<_>>(), ["said", "since", "source", "sort"]);
}

#[test]
fn hits_are_the_words_of_the_query() {
    let check = |query: &str, text: &str, expected: &[&str]| {
        let found: Vec<&str> =
            hits(&parse(query), Field::Body, text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, expected, "{query}");
    };
    let text = "Talks on gas in Besançon: gas prices rise";
    check("gas", text, &["gas", "gas"]);
    check("\"gas prices\" gas", text, &["gas", "gas prices"]);
    check("besancon -talks", text, &["Besançon"]);
    check("pri*", text, &["prices"]);
    check("title:gas", text, &[]);
    check("said:rise", text, &["rise"]);
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zé]{1,6}", "[A-Z][a-z ]{0,6}[\"\\\\,:*()|#@-]?[a-z]{0,3}", Just("OR".to_owned())]
}

fn names() -> impl Strategy<Value = Names> {
    proptest::collection::vec(name(), 1..3).prop_filter_map("no words", Names::new)
}

fn phrase() -> impl Strategy<Value = Phrase> {
    (name(), any::<bool>()).prop_filter_map("no words", |(text, prefix)| {
        Phrase::new(&text, if prefix { Ending::Prefix } else { Ending::Whole })
    })
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (1990i32..2030, 1u32..366).prop_filter_map("no day", |(year, day)| match day % 4 {
        0 => NaiveDate::from_yo_opt(year, day),
        1 => NaiveDate::from_yo_opt(year, 1),
        2 => NaiveDate::from_ymd_opt(year, 12, 31),
        _ => NaiveDate::from_ymd_opt(year, day % 12 + 1, 1),
    })
}

fn quote() -> impl Strategy<Value = QuoteTerm> {
    use proptest::collection::vec;
    (vec(names(), 0..3), vec(vec(phrase(), 1..3), 0..2), vec(names(), 0..2))
        .prop_filter("empty", |(by, said, of)| !(by.is_empty() && said.is_empty() && of.is_empty()))
        .prop_map(|(by, said, of)| QuoteTerm { by, said, of })
}

fn term() -> impl Strategy<Value = Term> {
    let scope = prop_oneof![Just(Scope::Anywhere), Just(Scope::Title), Just(Scope::Body)];
    let kind = proptest::sample::select(Kind::ALL.to_vec());
    let mark = prop_oneof![Just(Mark::Read), Just(Mark::Unread), Just(Mark::Starred), Just(Mark::Unstarred)];
    prop_oneof![
        (scope, phrase()).prop_map(|(scope, phrase)| Term::Text { scope, phrase }),
        (kind, names()).prop_map(|(kind, names)| Term::Mentions { kind, names }),
        names().prop_map(Term::About),
        quote().prop_map(Term::Quote),
        (proptest::option::of(day()), proptest::option::of(day()))
            .prop_filter_map("no days", |(from, until)| Days::new(from, until).map(Term::Date)),
        names().prop_map(Term::Source),
        names().prop_map(Term::Author),
        names().prop_map(Term::Tag),
        mark.prop_map(Term::Is),
        Just(Term::HasQuote),
        name().prop_filter_map("no words", |name| Phrase::new(&name, Ending::Whole)
            .map(|phrase| Term::Saved(phrase.text().to_owned()))),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    term().prop_map(Filter::from).prop_recursive(4, 24, 4, |inner| {
        let members = proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            members.clone().prop_map(Filter::all),
            members.prop_filter_map("none", Filter::any),
            inner.prop_map(Filter::not),
        ]
    })
}

proptest! {
    #[test]
    fn a_printed_query_reads_back(filter in filter(), relevance: bool, off: bool) {
        let query = Query {
            filter,
            sort: if relevance { Sort::Relevance } else { Sort::Date },
            grouping: if off { Grouping::Off } else { Grouping::Folded },
            hold: None,
        };
        let printed = query.to_string();
        let (read, hints) = Query::parse(&printed, today());
        prop_assert_eq!(hints, vec![], "{}", printed);
        prop_assert_eq!(read, query, "{}", printed);
    }

    #[test]
    fn a_phrase_occurs_where_it_is_found(text in "[abc ]{0,24}", phrase in "[abc ]{1,8}", prefix: bool) {
        let ending = if prefix { Ending::Prefix } else { Ending::Whole };
        let words = fold::words(&phrase);
        let found = hit::Words::of(&text).find(&words, ending).next().is_some();
        prop_assert_eq!(hit::occurs(&text, &words, ending), found);
    }

    #[test]
    fn any_text_is_a_query(text in "([a-z ]|[-\"(),:|*@#.“é\\\\]|person:|OR |said:|date:|2022){0,30}") {
        let (query, hints) = Query::parse(&text, today());
        prop_assert_eq!(parse(&query.to_string()), query.clone(), "{}", query);
        for hint in hints {
            prop_assert!(hint.span.get(&text).is_some());
        }
        for cursor in 0..=text.len() {
            if let Some(found) = completion(&text, cursor) {
                prop_assert!(found.span.get(&text).is_some());
            }
        }
    }
}
