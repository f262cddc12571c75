//! The finder as a whole, through [`analyze`]: each line a text with its quotes marked.

use crate::analysis::analyze;
use crate::annotation::{Analysis, Field, QuoteKind, Speaker};
use proptest::prelude::*;

/// Shows the body's quotes: `⟦"…"|Name⟧` direct, `⟨…|Name⟩` indirect, `?` before a description.
fn show(analysis: &Analysis, body: &str) -> String {
    let mut edits = Vec::new();
    for quote in analysis.quotes.iter().filter(|quote| quote.field == Field::Body) {
        let who = match quote.likeliest() {
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
fn a_name_behind_a_dash_or_a_colon_signs_the_words() {
    check(
        "⟦\"I watched it every day.\"|Mark Ellery⟧ — Mark Ellery, Leith\n\n⟦\"It was very loud.\"|Dora Finch⟧ - Dora Finch, \
         nurse\n\n⟦\"Never again.\"|Nils Aalto⟧ : Nils Aalto",
    );
}

#[test]
fn what_somebody_is_called_is_no_quote() {
    check("⟦“No sleep at all,”|?a homeless man⟧ said a homeless man who goes by the name “Shorty.”");
}

#[test]
fn whom_a_pronoun_acts_upon_is_not_who_it_is() {
    check(
        "Alex Mathews loves Martha Quist. She loves Jake. She hates Alex. ⟦\"I never liked him,\"|Martha Quist⟧ she said.",
    );
}

#[test]
fn the_number_of_an_item_is_no_part_of_who_speaks() {
    check("The ministers\n2. They stressed ⟨that the border would stay open|?The ministers⟩.");
    check("3. Maria Lopez said ⟨that the border would stay open|Maria Lopez⟩.");
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

/// Who says the marked words that hold `words`: the speaker or the guess; `-` where they are no quote.
fn sayer(body: &str, words: &str) -> String {
    let analysis = analyze("", body, crate::language::Language::english());
    let holds = |quote: &&crate::annotation::Quote| {
        quote.kind == QuoteKind::Direct && quote.span.get(body).is_some_and(|text| text.contains(words))
    };
    match analysis.quotes.iter().find(holds).map(|quote| quote.likeliest()) {
        Some(Some(Speaker::Entity(entity))) => analysis.entity(*entity).name.clone(),
        Some(Some(Speaker::Description(words))) => format!("?{words}"),
        Some(None) => String::new(),
        None => "-".to_owned(),
    }
}

#[test]
fn forms_of_attribution_are_understood() {
    let texts = [
        // A missing comma behind a role, and a participle between name and verb.
        (
            "Ilse Brandt, co-director of the Harbour Rights Initiative told reporters that the port was \"a shame\".",
            "a shame",
            "Ilse Brandt",
        ),
        (
            "On Monday the port praised the deal. On Tuesday, prime minister Kasper Holm speaking to the Harbour Council called the deal \"null and void\".",
            "null",
            "Kasper Holm",
        ),
        // An apposition that a role opens.
        (
            "Her translator, the Portuguese poet Tomas Reis, says the jokes get lost. \"She will call at midnight,\" he says.",
            "midnight",
            "Tomas Reis",
        ),
        // The passive.
        ("The plan of the port was described by Maria Lopez as \"a farce\".", "farce", "Maria Lopez"),
        (
            "President Karl Berg was told by Harbour Minister Nadia Olsen of \"about 40 people under the roof\", while Governor Piet Maas gave another number.",
            "under the roof",
            "Nadia Olsen",
        ),
        (
            "The move, called \"reckless and vain\" by Nadia Olsen, was stopped on Monday.",
            "reckless",
            "Nadia Olsen",
        ),
        ("He wrote to the \"small men at the top\" mentioned by Nadia Olsen.", "small men", "Nadia Olsen"),
        // Inversion at the start of a sentence, and the words of somebody.
        ("The street was loud. Remarked Tomas Reis, \"Nobody sleeps here.\"", "Nobody", "Tomas Reis"),
        (
            "Berg walked behind Otto Keller. In the words of the critic Nadia Olsen, he played \"as if the note had been left to him in a will\".",
            "as if",
            "Nadia Olsen",
        ),
        // A colon at the end of the paragraph above; the second opening mark fell out.
        (
            "Karl Berg sent this message to Otto Keller:\n\"Let him know that I will go if he runs.\nI have spent my whole life on this.\"",
            "whole life",
            "Karl Berg",
        ),
        // A signed opinion, and an interview.
        (
            "We asked people in the street.\n\"We sleep better.\" – Dora Finch, 34, teacher",
            "sleep better",
            "Dora Finch",
        ),
        (
            "Nadia Olsen: I told them that it was \"a joke in bad taste\" and left.",
            "bad taste",
            "Nadia Olsen",
        ),
        // Documents speak for whoever made them.
        (
            "The Harbour Ministry issued a statement on Monday. \"We regret the delay,\" the statement read.",
            "regret",
            "Harbour Ministry",
        ),
        // A role without a name is not another's.
        (
            "Civil Aviation Minister Karl Berg said 18 people died. The local health minister said, \"The injured have been rushed to hospital.\"",
            "rushed",
            "?The local health minister",
        ),
        // A country or a town speaks only where it is the subject.
        (
            "A Downing Street source said London wanted ministers \"back at their desks within weeks\".",
            "desks",
            "?A Downing Street source",
        ),
    ];
    let wrong: Vec<String> = texts
        .iter()
        .filter(|(body, words, speaker)| sayer(body, words) != *speaker)
        .map(|(body, words, speaker)| format!("{:?} for {speaker:?}: {body}", sayer(body, words)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_few_words_without_a_verb_are_no_report() {
    let body = "On Friday, Maria Lopez said: the boats are late. Nadia Olsen confirmed his death on Monday.";
    let shown = show(&analyze("", body, crate::language::Language::english()), body);
    assert!(!shown.contains("⟨On Friday|") && !shown.contains("⟨his death"), "{shown}");
}

#[test]
fn a_noun_is_no_verb_of_saying() {
    let body = "The Hayes report released on Friday showed damage. The Gulf states said the port was open.";
    let shown = show(&analyze("", body, crate::language::Language::english()), body);
    assert!(!shown.contains("⟨released"), "{shown}");
    assert!(shown.contains("the port was open|"), "{shown}");
}

#[test]
fn nobody_is_called_him() {
    let body =
        "The opinion is shared by Rama Pillay. According to him, these members must leave the government.";
    let analysis = analyze("", body, crate::language::Language::english());
    for quote in &analysis.quotes {
        assert_ne!(quote.likeliest(), Some(&Speaker::Description("him".to_owned())));
    }
}

/// The reported clauses of a text.
fn reported(body: &str) -> Vec<String> {
    let analysis = analyze("", body, crate::language::Language::english());
    let clauses = analysis.quotes.iter().filter(|quote| quote.kind == QuoteKind::Indirect);
    clauses.map(|quote| quote.span.of(body).to_owned()).collect()
}

fn check_reported(body: &str, expected: &[&str]) {
    assert_eq!(reported(body), expected, "{body}");
}

#[test]
fn a_reported_clause_is_whole() {
    check_reported(
        "The ministry said the search, which began on Monday, was called off.",
        &["the search, which began on Monday, was called off"],
    );
    check_reported(
        "Maria Lopez said the town's needs include a new bridge.",
        &["the town's needs include a new bridge"],
    );
    check_reported("Maria Lopez said they \"have nothing to hide.\"", &["they \"have nothing to hide.\""]);
    check_reported("Maria Lopez claimed she paid the fine.", &["she paid the fine"]);
    check_reported("Organisers of the rally said they were tired.", &["they were tired"]);
    check_reported(
        "Joe Hale alleged, by way of example, that the port had sold grain.",
        &["that the port had sold grain"],
    );
    check_reported(
        "The port issued a statement to clarify that the pier is safe.",
        &["that the pier is safe"],
    );
    check_reported("She said as a girl she was hungry.", &["as a girl she was hungry"]);
    check_reported(
        "According to the mayor, Maria Lopez, there were ten boats in the bay.",
        &["there were ten boats in the bay"],
    );
}

#[test]
fn a_reported_clause_ends_with_what_is_reported() {
    check_reported(
        "Maria Lopez said there was a lack of boats and urged the crowd to wait.",
        &["there was a lack of boats"],
    );
    check_reported(
        "Maria Lopez said that the pier is safe, but did not say who had checked it.",
        &["that the pier is safe"],
    );
    check_reported(
        "A singer who claimed she was robbed at home has been arrested.",
        &["she was robbed at home"],
    );
    check_reported(
        "Maria Lopez said he has apologised and promised to pay.",
        &["he has apologised and promised to pay"],
    );
}

#[test]
fn what_is_done_is_not_reported() {
    check_reported("Joe Hale confessed to killing his neighbour by the river in 2016.", &[]);
    check_reported("Maria Lopez left without saying whose boat it was.", &[]);
    check_reported("On May 18, Maria Lopez at a meeting said, \"We wait for the boats.\"", &[]);
    check_reported("According to the norms of the port, the boats were painted.", &[]);
}

#[test]
fn who_came_in_last_is_he() {
    let body = "The birds are ten, according to Joe Berg, a biologist. Berg said they would go by truck.\nEmin Aras, who \
         runs a bakery, has followed the affair with pleasure.\n\"We call this bird hindi,\" he said.";
    assert_eq!(sayer(body, "hindi"), "Emin Aras");
}

#[test]
fn a_role_that_is_given_further_down_is_known() {
    let body = "The port will close for a week, the mayor says.\nMayor Maria Lopez said the pier is old.";
    let shown = show(&analyze("", body, crate::language::Language::english()), body);
    assert!(shown.contains("a week|Maria Lopez⟩"), "{shown}");
}
