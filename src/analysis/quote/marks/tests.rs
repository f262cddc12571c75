use super::*;
use crate::language::Language;
use proptest::prelude::*;

/// `text` is written with each expected piece in `⟦…⟧`; `…⟧⟧`: the piece runs on.
fn check(marked: &str) {
    let text = marked.replace(['⟦', '⟧'], "");
    let mut shown = String::new();
    let mut last = 0;
    for piece in find(&text, Language::english()) {
        shown += &text[last..piece.span.start as usize];
        shown += "⟦";
        shown += piece.span.of(&text);
        shown += if piece.ending == Ending::RunsOn { "⟧⟧" } else { "⟧" };
        last = piece.span.end as usize;
    }
    shown += &text[last..];
    assert_eq!(shown, marked);
}

#[test]
fn every_style_of_marks_is_paired() {
    check("⟦\"We are ready,\"⟧ Price said. ⟦\"We will act.\"⟧");
    check("⟦“We are ready,”⟧ Price said. ⟦“We will act.”⟧");
    check("⟦‘We are ready,’⟧ Price said. ⟦‘We’ll act.’⟧");
    check("⟦'We're ready,'⟧ Price said. ⟦'We'll act.'⟧");
    check("Er sagte: ⟦„Wir sind bereit.“⟧ Dann ging er.");
    check("⟦«Nous sommes prêts»⟧, dit-il. ⟦« Nous agirons »⟧, dit-il.");
    check("⟦»Wir sind bereit«⟧, sagte er. ⟦»Ja«⟧");
    check("⟦»Olemme valmiita»⟧, hän sanoi.");
    check("⟦”Vi är redo”⟧, sade han.");
    check("Ōta said ⟦「行きます」⟧ and left.");
    check("⟦``We are ready,''⟧ Price said.");
}

#[test]
fn nested_marks_belong_to_the_outer_piece() {
    check("⟦\"He told me 'never again' and left,\"⟧ she said.");
    check("⟦“He told me ‘never again’ and left,”⟧ she said.");
    check("⟦‘He told me “never again” and left,’⟧ she said.");
    check("⟦\"He called it \"a farce\" twice,\"⟧ she said.");
    check("⟦“He called it “a farce” twice,”⟧ she said.");
}

#[test]
fn apostrophes_are_no_marks() {
    check("The ministers' talks and the players' union didn't end in the '90s.");
    check("Rock 'n' roll: give 'em time, ‘til '98.");
    check("⟦'The ministers' talks are over,'⟧ he said.");
    check("the workers’ party and Jones’s ⟦‘red line’⟧ in the ’90s");
}

#[test]
fn measures_are_no_marks() {
    check("He is 6'2\" tall and the screen is 24\" wide.");
    check("⟦\"He is 6'2\" tall,\"⟧ she said.");
    check("⟦\"We won in 2019\"⟧ he said.");
}

#[test]
fn a_speech_over_paragraphs_has_a_piece_in_each() {
    check("⟦\"We are ready.⟧⟧\n⟦\"We will act,\"⟧ Price said.");
    check("Price said: ⟦“We are ready.⟧⟧\n\n⟦“We will act.⟧⟧\n\n⟦“That is all.”⟧\n\nHe left.");
    check("⟦‘We are ready.⟧⟧\n⟦‘We will act,’⟧ Price said.");
}

#[test]
fn stray_marks_swallow_nothing() {
    check("\"We are ready, Price said.\nHe left. ⟦\"Good,\"⟧ she said.");
    check("\"We are ready, Price said. ⟦\"Good,\"⟧ she said. ⟦\"Bye.\"⟧");
    check("We are ready,\" Price said. ⟦\"Good,\"⟧ she said.");
    check("A lone \" mark.\nAnd ⟦\"this\"⟧.");
    check("“We are ready, Price said. ⟦“Good,”⟧ she said.");
}

#[test]
fn doubled_single_guillemets_are_one_mark() {
    check("⟦‹‹We need one more tool,››⟧ said Minister Pineda.");
    check("Home › News › Sport: ⟦\"Good,\"⟧ she said.");
}

#[test]
fn a_speech_whose_second_opening_mark_fell_out_is_taken_up() {
    check(
        "She sent this to Price:\n⟦\"Let him know that I will go.⟧⟧\n⟦I have fought all my life.\"⟧\nHe left.",
    );
    check("She sent this to Price:\n\"Let him know that I will go.\nI have fought all my life.\nHe left.");
    check("\"We are ready, Price said.\nThe talks go on.\nA ⟦\"farce\"⟧, she said.");
}

#[test]
fn marks_set_with_stray_spaces_are_paired() {
    check("⟦\" We are ready, \"⟧ Price said. ⟦\"Good \"⟧, she said.");
    check("(⟦\"ready\"⟧) and —⟦\"we act\"⟧— and ⟦\"I was—\"⟧ he said.");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn pieces_are_sorted_disjoint_and_within_a_paragraph(text in "[ab s.,\n\"'“”‘’„«»「」`5é-]{0,80}") {
        let mut last = 0;
        for piece in find(&text, Language::english()) {
            prop_assert!(piece.span.start >= last);
            prop_assert!(piece.span.get(&text).is_some_and(|inner| !inner.contains('\n')));
            prop_assert!(piece.inner().get(&text).is_some());
            last = piece.span.end;
        }
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,60}") {
        find(&text, Language::english());
    }
}
