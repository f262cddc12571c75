use super::rows;
use super::{Language, Traits, full_forename, month, shared};

fn traits(word: &str) -> Traits {
    Language::english().traits(word)
}

#[test]
fn words_are_found_in_any_case_with_all_their_traits() {
    assert!(traits("Said").any(Traits::PAST));
    assert!(traits("REPORTS").any(Traits::PRESENT));
    assert!(traits("reports").any(Traits::UTTERANCE));
    assert!(traits("spokeswoman").any(Traits::FEMALE));
    assert!(traits("won’t").any(Traits::NOT));
    assert!(traits("SEÑOR").any(Traits::TITLE));
    for none in ["", "zebra", "été", "a-word-that-is-longer-than-any-word-in-the-table"] {
        assert!(traits(none).is_empty(), "{none}");
    }
}

#[test]
fn words_of_dates_and_names_are_found_without_a_language() {
    assert_eq!(
        [month("mai"), month("maart"), month("sept"), month("monday")],
        [Some(5), Some(3), Some(9), None]
    );
    assert!(shared("zaterdag").any(Traits::WEEKDAY) && shared("publié").any(Traits::DATE_LABEL));
    assert!(shared("jr").any(Traits::NAME_SUFFIX) && !shared("said").any(Traits::SAY));
    assert_eq!(full_forename("bill"), Some("william"));
}

const KNOWN: &str = "say\tgrammar\tSays.\nact\tgrammar\tActs.\n";

fn check_words(text: &str, expected: &str) {
    let known = rows::traits("traits.tsv", KNOWN).expect("the traits are sound");
    assert_eq!(rows::words("words.tsv", text, &known).map(|rows| rows.len()), Err(expected.to_owned()));
}

fn check_verbs(text: &str, expected: &str) {
    let known = rows::traits("traits.tsv", KNOWN).expect("the traits are sound");
    assert_eq!(rows::verbs("verbs.tsv", text, &known).map(|rows| rows.len()), Err(expected.to_owned()));
}

#[test]
fn a_wrong_row_is_reported_with_its_file_and_line() {
    check_words(
        "# a comment\nb\tsay\na\tact\n",
        "words.tsv:3: 'a' must come before 'b': sort the file by bytes",
    );
    check_words("a\tsay\na\tact\n", "words.tsv:2: 'a' is listed twice");
    check_words("a\tsing\n", "words.tsv:1: 'sing' is not a trait: add it to traits.tsv or correct it");
    check_words("a\tsay say\n", "words.tsv:1: the trait 'say' is listed twice");
    check_words("A\tsay\n", "words.tsv:1: 'A' must be in lower case, with straight apostrophes");
    check_words("a say\n", "words.tsv:1: 1 columns instead of 2, separated by tabs");
    check_words("a\tsay \n", "words.tsv:1: the cell 'say ' is empty or has white space at its ends");
    check_words("a\tmonth=13\n", "words.tsv:1: 'month=13' is not a month: write month=1 to month=12");
    let repeated = "the base form is repeated as the present form or the participle";
    check_verbs("argues\targues\targued\targuing\tsay\n", &format!("verbs.tsv:1: {repeated}"));
    check_verbs("a\tas\ted\ting\tsay\na\tas\ted\ting\tact\n", "verbs.tsv:2: 'a' is listed twice");
    check_verbs("a\tas\ted\tsay\n", "verbs.tsv:1: 4 columns instead of 5, separated by tabs");
}

/// Verbs in -ise that are written so everywhere.
const ONE_SPELLING: [&str; 12] = [
    "advise",
    "comprise",
    "compromise",
    "despise",
    "exercise",
    "improvise",
    "praise",
    "promise",
    "raise",
    "revise",
    "supervise",
    "surprise",
];

#[test]
fn every_verb_has_its_british_and_its_american_spelling() {
    let text = include_str!("../../assets/languages/en/verbs.tsv");
    let known =
        rows::traits("traits.tsv", include_str!("../../assets/languages/traits.tsv")).expect("sound traits");
    let verbs = rows::verbs("verbs.tsv", text, &known).expect("sound verbs");
    assert!(verbs.len() > 200);
    for verb in verbs {
        for (spellings, column) in verb.forms.iter().zip(rows::FORMS) {
            for spelling in spellings {
                let other = other_spelling(spelling, &verb.forms[0][0], column);
                let listed = other.as_ref().is_none_or(|other| spellings.contains(other));
                assert!(listed, "{spelling} lacks {other:?}");
            }
        }
    }
}

/// The spelling on the other side of the ocean, where there is one: `theorised` for `theorized`, `signalled` for
/// `signaled`.
fn other_spelling(word: &str, base: &str, column: &str) -> Option<String> {
    let vowels = |text: &str| text.chars().filter(|c| "aeiou".contains(*c)).count();
    for (one, other) in [("iz", "is"), ("is", "iz")] {
        for end in ["e", "es", "ed", "ing"] {
            let stem = word.strip_suffix(end).and_then(|stem| stem.strip_suffix(one));
            let izes = base.ends_with("ize") || base.ends_with("ise") && !ONE_SPELLING.contains(&base);
            if let Some(stem) = stem.filter(|_| izes) {
                return Some(format!("{stem}{other}{end}"));
            }
        }
    }
    // A vowel and an l at the end of a base of several syllables, without the stress: `label`, `marvel`, `signal`.
    let single = base.strip_suffix('l').is_some_and(|stem| {
        stem.ends_with(['a', 'e', 'o', 'u']) && !stem[..stem.len() - 1].ends_with(['a', 'e', 'i', 'o', 'u'])
    });
    if !single || vowels(base) < 2 || !["past", "ing"].contains(&column) {
        return None;
    }
    let end = word.strip_prefix(base)?;
    Some(match end.strip_prefix('l') {
        Some(end) => format!("{base}{end}"),
        None => format!("{base}l{end}"),
    })
}

#[test]
fn a_word_has_the_traits_of_its_row_and_of_its_verbs() {
    let known = rows::traits("traits.tsv", KNOWN).expect("sound traits");
    let words = rows::words("words.tsv", "claims\tact\nzebra\tact month=3\n", &known).expect("sound words");
    let verbs =
        rows::verbs("verbs.tsv", "claim\tclaims\tclaimed\tclaiming\tsay\n", &known).expect("sound verbs");
    let joined = rows::join(words, &verbs);
    let shown: Vec<String> =
        joined.iter().map(|row| format!("{}: {} {}", row.word, row.traits.join(" "), row.month)).collect();
    let expected =
        ["claim: base say 0", "claimed: past say 0", "claiming: ing say 0", "claims: act present say 0"];
    assert_eq!(shown[..4], expected);
    assert_eq!(shown[4..], ["zebra: act 3"]);
}

#[test]
fn forenames_are_pairs() {
    let pairs = rows::pairs("forenames.tsv", "al\talbert\nbob\trobert\n").expect("sound pairs");
    assert_eq!(pairs[1], ("bob".to_owned(), "robert".to_owned()));
    assert!(rows::pairs("forenames.tsv", "bob\trobert\nal\talbert\n").is_err());
}
