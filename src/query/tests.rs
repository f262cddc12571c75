//! The query language as a whole: what is parsed, printed, edited, matched and completed.
//!
//! The file has over 600 lines because the examples and the laws are of one grammar.

use super::complete::completion;
use super::hit::hits;
use super::*;
use crate::annotation::Entity;
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
    check("newer:12 -newer:007", "newer:12 -newer:7");
    check("@morning", "@morning");
    check("@\"the morning\"", "@\"the morning\"");
    check("title:a,b", "title:a OR title:b");
    check("before:2022-02 since:3d", "before:2022-02 since:3d");
    check("sort:relevance group:off gas", "gas sort:relevance group:off");
    check("group:story gas group:on", "gas");
    check("group:Story gas", "gas group:story");
    check("sort:oldest gas", "gas sort:oldest");
    check("sort:newest gas sort:date", "gas");
    check("since:Monday date:\"last week\"", "since:monday date:last-week");
    check("date:2022-W03 until:\"march 1987\"", "date:2022-01-17..2022-01-23 before:1987-04");
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
    check(
        "a - b -",
        "a b !- '-' has no letter or digit to search for and is left out !- '-' has no letter or digit to search for \
         and is left out",
    );
    check("https://example.org/a 10:30", "\"https //example.org/a\" \"10:30\"");
    let deep = format!("{}a", "(".repeat(10_000));
    assert_eq!(parse(&deep).to_string(), "a");
    assert_eq!(parse(&format!("{}a", "-".repeat(10_000))).to_string(), "a");
    assert!(!parse(&"-(".repeat(5_000)).filter.is_readable());
}

#[test]
fn a_language_is_known_by_its_code_or_its_name() {
    check("lang:de", "lang:de");
    check("lang:German,fr -lang:pt-BR", "lang:de,fr -lang:pt");
    check_unreadable("lang:xx", "lang:xx", "lang: takes a language, by its code or its name: de, german");
    check_unreadable("lang:", "lang:", "lang: needs a language, by its code or its name: de, german");
    let explained = Query::parse("lang:de,fr", today()).0.explain();
    assert!(explained.iter().any(|line| line == "written in German or French"), "{explained:?}");
}

/// Like [`check`], for a query whose one hint is `message` and says that a condition matches nothing.
fn check_unreadable(text: &str, expected: &str, message: &str) {
    let hint = format!(" {message}; this condition matches nothing");
    let (query, hints) = Query::parse(text, today());
    assert_eq!(query.to_string(), expected, "{text}");
    assert!(hints.iter().any(|found| format!(" {}", found.message) == hint), "{text} {hints:?}");
    assert!(!query.filter.is_readable(), "{text}");
    assert_eq!(parse(&query.to_string()), query, "{text}");
}

#[test]
fn a_condition_that_cannot_be_read_is_kept_and_matches_nothing() {
    check_unreadable("date:2022-13", "date:2022-13", "'2022-13' is not in the calendar");
    check_unreadable("gas -date:2022-13", "gas -date:2022-13", "'2022-13' is not in the calendar");
    check_unreadable(
        "since:yesterdya",
        "since:yesterdya",
        "'yesterdya' is not a date (did you mean yesterday?)",
    );
    check_unreadable(
        "date:2022-13,2022-02",
        "date:2022-13 OR date:2022-02",
        "'2022-13' is not in the calendar",
    );
    check_unreadable("person:", "person:", "person: needs a word, or several in quotation marks");
    check_unreadable("(person:) a", "person: a", "person: needs a word, or several in quotation marks");
    check_unreadable("@", "@", "@ needs the name of a saved search");
    check_unreadable("# a", "tag: a", "tag: needs a word, or several in quotation marks");
    check_unreadable("person:\"…\"", "person:\"…\"", "person: '…' has no letter or digit to search for");
    check_unreadable("by:price,\"…\" a", "by:\"…\" a", "by: '…' has no letter or digit to search for");
    check_unreadable("is:open", "is:open", "is: takes read, unread, starred, unstarred, hidden or deleted");
    check_unreadable("has:foo", "has:foo", "has: takes quote");
    check_unreadable("sort:foo", "sort:foo", "sort: takes newest, oldest or relevance");
    check_unreadable("group:\"the other\"", "group:\"the other\"", "group: takes on, off or story");
    check_unreadable("\"", "\"\"", "there is nothing between the quotation marks");
    check_unreadable("\"\" gas", "\"\" gas", "there is nothing between the quotation marks");
    check_unreadable("(", "\"(\"", "there is nothing between the parentheses");
    check_unreadable("() a", "\"(\" a", "there is nothing between the parentheses");
    check_unreadable("-", "\"-\"", "'-' has no letter or digit to search for");
    check_unreadable("… country:US", "country:US \"…\"", "'…' has no letter or digit to search for");
    check_unreadable("-…", "-\"…\"", "'…' has no letter or digit to search for");
    check_unreadable("NOT", "\"-\"", "nothing follows that could be excluded");
    check_unreadable("OR", "\"|\"", "OR needs something to search for on both sides");
    check_unreadable("a (|)", "a \"|\"", "OR needs something to search for on both sides");
    check_unreadable("AND", "\"&\"", "there is nothing to search for");
    check_unreadable(")", "\"&\"", "there is nothing to search for");
    check_unreadable("-sort:date", "\"-\"", "an order cannot be excluded");
    check_unreadable(
        "since:last week",
        "since:last week",
        "to search for \"last week\", put it in quotation marks: since:\"last week\"",
    );
    check("(sort:oldest) a", "a sort:oldest");
    assert_eq!(Query::parse("since:march 1987", today()).1.len(), 1);
}

/// A mistake makes a result smaller, never larger.
#[test]
fn what_cannot_be_read_decides_nothing() {
    let article = crate::article::Article {
        path: None,
        url: None,
        guid: None,
        source: "Wire".to_owned(),
        title: "Gas".to_owned(),
        author: None,
        language: None,
        published: Default::default(),
        body: "Oil and gas.".to_owned(),
    };
    let matches = |text: &str| {
        let candidate = matching::Candidate {
            article: &article,
            analysis: &crate::annotation::Analysis::default(),
            read: false,
            starred: false,
            tags: &[],
        };
        let filter = parse(text).filter;
        let holds = candidate.matches(&filter, &Nothing);
        assert_eq!(holds, candidate.matches(&filter.decided(), &Nothing), "{text}");
        holds
    };
    for text in
        ["date:x", "-date:x", "gas date:x", "gas -date:x", "-(date:x gas)", "-(coal OR date:x)", "--date:x"]
    {
        assert!(!matches(text), "{text}");
    }
    for text in ["gas OR date:x", "gas OR -date:x", "-(coal date:x)", "oil -(coal -date:x)"] {
        assert!(matches(text), "{text}");
    }
}

/// Names that mean nothing.
struct Nothing;

impl matching::Meaning for Nothing {
    fn is_country(&self, _: &str, _: crate::annotation::CountryCode) -> bool {
        false
    }

    fn is_entity(&self, _: &str, _: &[Kind], _: &Entity) -> bool {
        false
    }

    fn is_source(&self, _: &str, _: &str) -> bool {
        false
    }
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
    // What cannot be read yet is left out, until the next word begins.
    for half in [
        "gas person:",
        "gas date:202",
        "gas since:yes",
        "gas -",
        "gas \"",
        "gas (",
        "gas (person:",
        "gas @",
        "gas ( ",
    ] {
        assert!(unfinished(half).starts_with("gas"), "{half}");
        assert!(Query::parse_unfinished(half, today()).0.filter.is_readable(), "{half}");
    }
    assert_eq!(unfinished("gas since:yes "), "gas since:yes");
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
fn a_query_that_is_too_large_matches_nothing_and_says_so() {
    let many: String = (0..501).map(|at| format!("w{at} ")).collect();
    let (query, hints) = Query::parse(&many, today());
    assert_eq!((query.to_string().as_str(), hints.len()), ("\"…\"", 1));
    assert!(hints[0].message.contains("more than 500 words and names"), "{:?}", hints[0]);
    assert_eq!(parse(&query.to_string()), query);
    let names: String = (0..501).map(|at| format!("person{at},")).collect();
    assert_eq!(parse(&format!("gas person:{names}")), query);
    assert_eq!(parse(&many.replace("w500", "")).filter.size(), 500);
    let (query, hints) = Query::parse(&"x".repeat(200_000_000), today());
    assert!(!query.filter.is_readable() && hints[0].message.contains("65536 bytes"), "{hints:?}");
}

#[test]
fn a_phrase_of_too_many_words_matches_nothing() {
    let words = |count: usize| (0..count).map(|at| format!("w{at}")).collect::<Vec<_>>().join(" ");
    for text in [
        format!("gas \"{}\"", words(65)),
        format!("gas said:\"{}\"", words(65)),
        format!("gas title:\"{}\"*", words(65)),
        format!("gas nofield:\"{}\"", words(65)),
    ] {
        let (query, hints) = Query::parse(&text, today());
        assert!(!query.filter.is_readable(), "{query}");
        assert!(hints.iter().any(|hint| hint.message.contains("64 words")), "{hints:?}");
        assert_eq!(parse(&query.to_string()), query);
    }
    assert!(parse(&format!("\"{}\"", words(64))).filter.is_readable());
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
    check("", Some((complete::Wanted::Field, "", "")));
    check("person:x ", None);
    check("by:gor", Some((complete::Wanted::Named(complete::Role::Speaker), "gor", "gor")));
    check("since:last", Some((complete::Wanted::Date(days::Reading::Since), "last", "last")));
    assert_eq!(
        complete::fields("").take(6).collect::<Vec<_>>(),
        ["person", "country", "about", "by", "said", "of"]
    );
    assert_eq!(complete::fields("s").collect::<Vec<_>>(), ["said", "since", "source", "story", "sort"]);
}

#[test]
fn completion_shows_the_days_that_a_date_means() {
    let check = |typed: &str, expected: &[&str]| {
        let offers = complete::dates(typed, days::Reading::Within, today());
        let shown: Vec<String> =
            offers.iter().map(|(text, days)| format!("{text} {}", days.in_words())).collect();
        assert_eq!(shown, expected, "{typed}");
    };
    check("mo", &["monday on 2022-03-28"]);
    check("last w", &["last-week from 2022-03-21 to 2022-03-27"]);
    check("last week", &["last-week from 2022-03-21 to 2022-03-27"]);
    check("March 1987", &["\"March 1987\" from 1987-03-01 to 1987-03-31"]);
    check(
        "1",
        &[
            "1w from 2022-03-24 to 2022-03-31",
            "1m from 2022-02-28 to 2022-03-31",
            "1y from 2021-03-31 to 2022-03-31",
        ],
    );
    check("2022-13", &[]);
    assert_eq!(complete::dates("", days::Reading::Since, today()).len(), when::OFFERED.len());
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
        proptest::sample::subsequence(vec!["de", "en", "zh"], 1..3).prop_filter_map("no codes", |codes| {
            Names::new(codes.into_iter().map(str::to_owned)).map(Term::Language)
        }),
        (date_text(), reading()).prop_filter_map("no days", |(text, field)| {
            let (query, hints) = Query::parse(&format!("{field}:\"{text}\""), today());
            query.filter.days().filter(|_| hints.is_empty()).map(Term::Date)
        }),
        mark.prop_map(Term::Is),
        Just(Term::HasQuote),
        (0i64..999).prop_map(|number| Term::Newer(ArticleId(number))),
        name().prop_filter_map("no words", |name| Phrase::new(&name, Ending::Whole)
            .map(|phrase| Term::Saved(phrase.text().to_owned()))),
    ]
}

impl Filter {
    fn days(&self) -> Option<Days> {
        match self {
            Filter::Term(Term::Date(days)) => Some(*days),
            _ => None,
        }
    }
}

fn sort() -> impl Strategy<Value = Sort> {
    prop_oneof![Just(Sort::Date), Just(Sort::Oldest), Just(Sort::Relevance)]
}

/// Pieces of dates and of what looks like dates.
fn date_text() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "2022",
        "-",
        "01",
        "3",
        "13",
        "..",
        " ",
        "/",
        "W",
        "Q1",
        "d",
        "w",
        "m",
        "y",
        "q",
        "h",
        "today",
        "yesterday",
        "tomorrow",
        "monday",
        "fri",
        "last",
        "this",
        "next",
        "past",
        "week",
        "month",
        "year",
        "ago",
        "days",
        "a",
        "two",
        "march",
        "feb",
        "29",
        "17",
        "1987",
        "th",
        ",",
        ".",
        "s",
        "9999",
        "0001",
        "é",
        "20220103",
    ]);
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn reading() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["date", "since", "until", "before", "after"])
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
    fn a_printed_query_reads_back(filter in filter(), sort in sort(), grouping in 0usize..3) {
        let query = Query {
            filter,
            sort,
            grouping: [Grouping::Folded, Grouping::Off, Grouping::Threads][grouping],
            hold: None,
        };
        let printed = query.to_string();
        let (read, hints) = Query::parse(&printed, today());
        prop_assert_eq!(hints, vec![], "{}", printed);
        prop_assert_eq!(read, query, "{}", printed);
    }

    #[test]
    fn hits_are_where_the_phrases_are_found(text in "[abc ]{0,40}", phrases in proptest::collection::vec("[abc ]{1,8}\"[* ]", 1..5)) {
        let query = parse(&phrases.iter().map(|phrase| format!("\"{phrase} | ")).collect::<String>());
        let plain = hit::Words::of(&text);
        let mut expected: Vec<Span> = Vec::new();
        query.filter.each_wanted(&mut |term| {
            if let Term::Text { phrase, .. } = term {
                expected.extend(plain.find(&phrase.words(), phrase.ending));
            }
        });
        let bytes = |spans: &[Span]| -> Vec<bool> {
            let within = |at: usize| spans.iter().any(|span| (span.start as usize..span.end as usize).contains(&at));
            (0..text.len()).map(within).collect()
        };
        let found = hits(&query, Field::Body, &text);
        prop_assert!(found.windows(2).all(|two| two[0].end <= two[1].start), "{:?}", found);
        prop_assert_eq!(bytes(&found), bytes(&expected), "{}", query);
    }

    #[test]
    fn a_phrase_occurs_where_it_is_found(text in "[abc ]{0,24}", phrase in "[abc ]{1,8}", prefix: bool) {
        let ending = if prefix { Ending::Prefix } else { Ending::Whole };
        let words = fold::words(&phrase);
        let found = hit::Words::of(&text).find(&words, ending).next().is_some();
        prop_assert_eq!(hit::occurs(&text, &words, ending), found);
    }

    #[test]
    fn a_range_of_days_is_never_inverted(text in date_text(), field in reading(), later in 0u64..900) {
        let text = format!("{field}:\"{text}\"");
        let (query, hints) = Query::parse(&text, today());
        prop_assert_eq!(parse(&query.to_string()), query.clone(), "{} {}", text, query);
        match &query.filter {
            Filter::Term(Term::Date(days)) => {
                prop_assert!(hints.is_empty(), "{} {:?}", text, hints);
                let (from, until) = (days.from(), days.until());
                prop_assert!(from.is_some() || until.is_some());
                prop_assert!(from.zip(until).is_none_or(|(from, until)| from <= until), "{}", query);
                // The same text still means days on another day, unless they leave the calendar.
                let day = today() + chrono::Days::new(later);
                if let Some(days) = Query::parse(&query.to_string(), day).0.filter.days() {
                    let (from, until) = (days.from(), days.until());
                    prop_assert!(from.zip(until).is_none_or(|(from, until)| from <= until), "{}", query);
                }
            }
            other => prop_assert!(!other.is_readable() && !hints.is_empty(), "{} {:?}", text, other),
        }
    }

    #[test]
    fn any_text_is_a_query(text in "([a-z ]|[-\"(),:|*@#.“é\\\\]|person:|OR |AND|NOT |said:|date:|sort:|2022){0,30}") {
        let (query, hints) = Query::parse(&text, today());
        prop_assert_eq!(parse(&query.to_string()), query.clone(), "{}", query);
        // No condition is dropped: only a text without one means everything.
        let orders = |word: &str| word.contains("sort:");
        if query.filter.is_everything() {
            prop_assert!(text.split_whitespace().all(orders), "{}", text);
        }
        prop_assert!(query.filter.is_readable() || !hints.is_empty(), "{}", text);
        let unfinished = Query::parse_unfinished(&text, today()).0;
        prop_assert_eq!(parse(&unfinished.to_string()), unfinished.clone(), "{}", unfinished);
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
