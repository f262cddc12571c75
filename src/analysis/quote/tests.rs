//! The finder as a whole, through [`analyze`]: each line a text with its quotes marked.

use crate::analysis::analyze;
use crate::annotation::{Analysis, Field, QuoteKind, Speaker};
use proptest::prelude::*;

/// Shows the body's quotes: `⟦"…"|Name⟧` direct, `⟨…|Name⟩` indirect, `?` before a description.
fn show(analysis: &Analysis, body: &str) -> String {
    let mut edits = Vec::new();
    for quote in analysis.quotes.iter().filter(|quote| quote.field == Field::Body) {
        let who = match &quote.speaker {
            Some(Speaker::Entity(entity)) => analysis.entity(*entity).name.clone(),
            Some(Speaker::Description(words)) => format!("?{words}"),
            None => String::new(),
        };
        let (open, close) = if quote.kind == QuoteKind::Direct { ("⟦", "⟧") } else { ("⟨", "⟩") };
        edits.push((quote.span.start, 1, open.to_owned()));
        edits.push((quote.span.end, 0, format!("|{who}{close}")));
    }
    edits.sort();
    let mut shown = String::new();
    let mut last = 0;
    for (at, _, mark) in edits {
        shown += &body[last..at as usize];
        shown += &mark;
        last = at as usize;
    }
    shown + &body[last..]
}

fn check(expected: &str) {
    let mut body = String::new();
    let mut label = false;
    for c in expected.chars() {
        match c {
            '⟦' | '⟨' => {}
            '|' => label = true,
            '⟧' | '⟩' => label = false,
            _ if label => {}
            _ => body.push(c),
        }
    }
    assert_eq!(show(&analyze("", &body, crate::language::Language::english()), &body), expected);
}

#[test]
fn the_speaker_stands_before_after_or_in_the_middle() {
    check("⟦\"We are ready,\"|Maria Lopez⟧ Maria Lopez said. ⟦\"We will act.\"|Maria Lopez⟧");
    check(
        "⟦\"We are ready,\"|Maria Lopez⟧ said Maria Lopez, a spokeswoman for the port, ⟦\"and we wait.\"|Maria Lopez⟧",
    );
    check("Maria Lopez said: ⟦\"We are ready.\"|Maria Lopez⟧");
    check("The harbour is full. ⟦\"We are ready,\"|?a senior official⟧ a senior official said.");
}

#[test]
fn a_reported_clause_is_indirect() {
    check("Maria Lopez said ⟨that the talks would go on|Maria Lopez⟩.");
    check("⟨The talks would go on|Maria Lopez⟩, Maria Lopez said.");
    check("Maria Lopez said on Monday ⟨the talks would ⟦\"go on and on\"|Maria Lopez⟧|Maria Lopez⟩.");
    check("Maria Lopez asked whether the talks would go on, promised to act and denied the charge.");
}

#[test]
fn whom_the_words_speak_of_does_not_say_them() {
    let body = "OSLO, Jan 4 - US Secretary of State Jonas Berg met the envoys of the coast, said port spokesman Erik Dahl on \
         Monday.\n\"It was a good day,\" Dahl said.\nBerg also stressed the need for calm.\n\"The Secretary stressed that \
         the port is open,\" he said in the statement.";
    let shown = show(&analyze("", body, crate::language::Language::english()), body);
    assert!(shown.contains("is open,\"|Erik Dahl⟧"), "{shown}");
}

#[test]
fn a_fragment_with_a_name_at_its_end_is_no_title() {
    check("Maria Lopez said ⟨that it was ⟦\"a tax on Valentine's Day\"|Maria Lopez⟧|Maria Lopez⟩.");
}

#[test]
fn a_pronoun_is_whoever_spoke_or_became_the_subject() {
    check("Maria Lopez said ⟨she was ready|Maria Lopez⟩. ⟦\"We wait,\"|Maria Lopez⟧ she said.");
    check("Maria Lopez waited. Joe Hale left. ⟦\"I am tired,\"|Joe Hale⟧ he said.");
    check(
        "A senior official said ⟨the port was open|?A senior official⟩. ⟦\"It is,\"|?A senior official⟧ he said.",
    );
}

#[test]
fn the_subject_is_found_past_what_stands_between() {
    check("Maria Lopez, a spokeswoman for the port, said ⟨it was open|Maria Lopez⟩.");
    check("The spokeswoman, Maria Lopez, said on Monday ⟨that it was open|Maria Lopez⟩.");
    check("A farmer who lives near the port said ⟨it was open|?A farmer⟩.");
    check("Maria Lopez was quoted as saying ⟨that it was open|Maria Lopez⟩.");
    check("According to Maria Lopez, ⟨it was open|Maria Lopez⟩.");
    check("⟨The port, which is new, was open|?officials⟩, officials said.");
}

#[test]
fn speech_without_a_verb_goes_on() {
    check("⟦\"We are ready.|Maria Lopez⟧\n⟦\"We will act,\"|Maria Lopez⟧ Maria Lopez said.");
    check("Maria Lopez was blunt:\n⟦\"It is over and done.\"|Maria Lopez⟧");
    let dialogue = "⟦\"Are you ready?\"|Maria Lopez⟧ Maria Lopez asked.\n⟦\"Yes,\"|Joe Hale⟧ said Joe Hale.\n\
                    ⟦\"When?\"|Maria Lopez⟧\n⟦\"Tomorrow.\"|Joe Hale⟧";
    check(dialogue);
}

#[test]
fn a_question_that_is_reported_is_answered_by_somebody_else() {
    check(
        "Joe Hale asked whether she wore glasses.\n⟦\"Often,\"|Maria Lopez⟧ said Maria Lopez.\n\
         ⟦\"At night, Ms Lopez?\"|Joe Hale⟧\n⟦\"For reading.\"|Maria Lopez⟧",
    );
    check("When Maria Lopez asked where it came from, he replied: ⟦\"From a pipe.\"|⟧");
}

#[test]
fn bodies_are_not_taken_for_one_another() {
    check(
        "The Football Association fined Calder Rovers FC on Monday. ⟦\"We shall appeal,\"|Calder Rovers FC⟧ the club said.",
    );
    check("The Fisheries Ministry met the press. ⟦\"We lost money,\"|?the company⟧ the company said.");
}

#[test]
fn they_are_nobody_alone() {
    check(
        "Maria Lopez said ⟨that it was late|Maria Lopez⟩. The authors looked at rice. \
         ⟦\"It grows,\"|?The authors⟧ they conclude.",
    );
}

#[test]
fn somebody_s_words_are_theirs() {
    check("It is, in Maria Lopez's words, ⟦\"a mortgage and not a gift\"|Maria Lopez⟧.");
    check("Joe Hale spoke, with Maria Lopez calling it ⟦\"a real farce\"|Maria Lopez⟧.");
}

#[test]
fn two_speakers_at_once_are_a_description() {
    check("Kazakhstan and Oman said ⟨the deal was ⟦\"useful\"|?Kazakhstan and Oman⟧|?Kazakhstan and Oman⟩.");
}

#[test]
fn a_headline_names_its_speaker() {
    let title = "Port to open in May, says minister";
    let analysis =
        analyze(title, "The minister, Maria Lopez, spoke on Monday.", crate::language::Language::english());
    let quote = analysis.quotes.first().expect("the headline reports");
    assert_eq!((quote.field, quote.kind), (Field::Title, QuoteKind::Indirect));
    assert_eq!(quote.span.of(title), "Port to open in May");
    assert!(
        matches!(&quote.speaker, Some(Speaker::Entity(entity)) if analysis.entity(*entity).name == "Maria Lopez")
    );
}

#[test]
fn words_in_marks_that_nobody_utters_are_no_quotes() {
    check("The so-called \"red line\" was crossed in the film \"The Long Night\".");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn quotes_keep_their_laws(body in "((Maria Lopez|he|she|said|that|told|according to|the minister|\"|“|”|'|‘|’|,|\\.|:|\n|is|and|who|é|—|in a statement) ?){0,40}") {
        let analysis = analyze("", &body, crate::language::Language::english());
        let mut ends = [0, 0];
        let mut last = 0;
        for quote in &analysis.quotes {
            prop_assert!(quote.span.get(&body).is_some());
            prop_assert!(quote.span.start >= last);
            last = quote.span.start;
            let end = &mut ends[usize::from(quote.kind == QuoteKind::Direct)];
            prop_assert!(quote.span.start >= *end);
            *end = quote.span.end;
        }
    }

    #[test]
    fn any_text_is_survived(title in "\\PC{0,40}", body in "\\PC{0,80}") {
        analyze(&title, &body, crate::language::Language::english());
    }
}
