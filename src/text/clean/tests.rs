use super::*;
use proptest::prelude::*;
use unicode_normalization::char::is_combining_mark;

fn check(input: &str, expected: &str) {
    assert_eq!(clean_body(input), expected, "body of {input:?}");
    assert_eq!(
        clean_line(input),
        expected.split_whitespace().collect::<Vec<_>>().join(" "),
        "line of {input:?}"
    );
}

#[test]
fn plain_text_is_unchanged() {
    check("", "");
    check("Plain text.", "Plain text.");
    check("Čapek, Łódź, Ærø — “all of it”…", "Čapek, Łódź, Ærø — “all of it”…");
    check("東京で会議。 Київ. שלום. مرحبا", "東京で会議。 Київ. שלום. مرحبا");
}

#[test]
fn a_line_is_not_cut_behind_a_joiner() {
    let long = format!("{}\u{270d}\u{200d}\u{1f469}", "\u{270d}\u{200d}\u{1f469} ".repeat(200));
    for start in 0..8 {
        let line = clean_line(&format!("{}{long}", "x".repeat(start)));
        assert_eq!(clean_line(&line), line);
    }
    let line = clean_line(&format!("{}\u{270d}\u{200d}\u{940} and on and on", "x".repeat(LINE_CAP - 3)));
    assert_eq!(clean_line(&line), line);
}

#[test]
fn whole_escape_sequences_are_removed() {
    check("a\u{1b}[31;1mred\u{1b}[0m b", "ared b");
    check("a\u{1b}]0;pwn\u{7}b\u{1b}]52;c;ZXZpbA==\u{1b}\\c", "abc");
    check("a\u{9b}2Jb\u{9d}0;t\u{9c}c\u{90}q#0\u{1b}\\d", "abcd");
    check("a\u{1b}_payload\u{1b}\\b\u{1b}^x\u{9c}c\u{1b}Xy\u{9c}d", "abcd");
    check("a\u{1b}cb\u{1b}(Bd\u{1b}7e", "abde");
}

#[test]
fn unfinished_sequences_swallow_nothing() {
    check("a\u{1b}]0;title and the rest\nsecond", "a]0;title and the rest\nsecond");
    check("a\u{1b}[", "a[");
    check("a\u{1b}", "a");
    check("\u{1b}]\u{1b}]\u{1b}]x", "]]]x");
    let long = "x".repeat(9000);
    assert_eq!(clean_body(&format!("\u{1b}]{long}\u{7}")), format!("]{long}"));
}

#[test]
fn controls_are_removed_and_blanks_become_spaces() {
    check("a\0b\u{8}c\u{7f}d\u{81}e", "abcde");
    check("a\tb\u{a0}c\u{2009}d", "a b c d");
    check("It\u{92}s \u{93}so\u{94}", "It’s “so”");
    check(
        "one\r\ntwo\rthree\u{85}four\u{2028}five\u{2029}six\u{c}seven",
        "one\ntwo\nthree\nfour\nfive\nsix\nseven",
    );
}

#[test]
fn invisible_characters_are_removed() {
    check("ad\u{200b}min\u{2060}\u{feff}\u{ad} \u{202e}gpj.exe\u{2069}", "admin gpj.exe");
    check("x\u{e0041}\u{e007f}\u{e0100}\u{3164}\u{180e}\u{34f}\u{fff9}\u{61c}y\u{fffe}\u{1ffff}", "xy");
}

#[test]
fn joiners_are_kept_where_they_join() {
    check("می‌خواهم", "می‌خواهم");
    check("क्‍ष ශ්‍රී", "क्‍ष ශ්‍රී");
    check("👩‍👩‍👧 🏳️‍🌈 👩🏽‍🚀", "👩‍👩‍👧 🏳️‍🌈 👩🏽‍🚀");
    check("a\u{200d}b \u{200c}c\u{200d}", "ab c");
    check("می\u{200c}\u{200c}خ", "می\u{200c}خ");
}

#[test]
fn text_is_composed_and_surplus_marks_are_removed() {
    check("Cafe\u{301} A\u{30a}", "Café Å");
    check("ohm \u{2126}", "ohm Ω");
    check(&format!("z{}", "\u{324}".repeat(40)), &format!("z{}", "\u{324}".repeat(4)));
    check("\u{301}lead \u{301}space", "lead space");
    // The joiner between the letter and its accent is removed, and the two compose.
    check("e\u{200d}\u{301}", "é");
}

#[test]
fn bodies_keep_their_breaks() {
    assert_eq!(clean_body("\n\n  a  \n\n\n\nb \nc\n \n d\n\n"), "  a\n\nb\nc\n\n d");
    assert_eq!(clean_body("a\n\u{200b}\n\nb"), "a\n\nb");
}

#[test]
fn lines_are_capped_between_clusters() {
    let long = clean_line(&"wörd ".repeat(300));
    assert_eq!((long.chars().count() <= LINE_CAP, long.ends_with("wörd…")), (true, true));
    assert_eq!(clean_line(&"x".repeat(LINE_CAP)).chars().count(), LINE_CAP);
    assert_eq!(clean_line(&"👩‍👩‍👧".repeat(200)).chars().filter(|&c| c == '\u{200d}').count() % 2, 0);
}

#[test]
fn bodies_are_capped() {
    assert_eq!(clean_body(&"é".repeat(BODY_CAP)).len(), BODY_CAP);
}

#[test]
fn only_web_addresses_are_accepted() {
    let check =
        |input: &str, expected: Option<&str>| assert_eq!(clean_url(input).as_deref(), expected, "{input:?}");
    // What browsers drop does not hide what an address begins with.
    check("https://\t.example.org/", None);
    check("https://\n-example.org/", None);
    check("https://example.org/a?b=c#d", Some("https://example.org/a?b=c#d"));
    check("  HTTP://Example.org/x y\n", Some("http://Example.org/x%20y"));
    check("https://example.org/ö\u{202e}\u{1b}[2J", Some("https://example.org/%C3%B6%E2%80%AE%1B[2J"));
    check("https://example.org/a\nb", Some("https://example.org/ab"));
    for bad in
        ["javascript:alert(1)", "file:///etc/passwd", "ftp://example.org", "-https://x", "https://-x", ""]
    {
        check(bad, None);
    }
    for bad in ["https://", "https:///x", "data:text/html,x", "http://a b/", "//example.org"] {
        check(bad, None);
    }
    check(&format!("https://example.org/{}", "x".repeat(URL_CAP)), None);
}

/// Texts in which the characters that the laws are about occur often.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[a-z ]{1,4}",
        proptest::sample::select(vec![
            "\u{1b}[",
            "\u{1b}]",
            "\u{1b}\\",
            "\u{7}",
            "\u{9b}",
            "\u{9d}",
            "\u{9c}",
            "m",
            "\r\n",
            "\n",
            "\t",
            "\u{85}",
            "\u{202e}",
            "\u{2066}",
            "\u{200d}",
            "\u{200c}",
            "\u{301}",
            "\u{301}\u{323}\u{301}",
            "\u{fe0f}",
            "👩",
            "🏽",
            "क",
            "\u{94d}",
            "ي",
            "\u{e0041}",
            "\u{1100}",
            "\u{1161}",
            "\u{11a8}",
            "\u{344}",
            "\u{fb2c}",
            "\u{a0}",
            "e",
        ])
        .prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whether `c` may occur in a clean text.
fn is_safe(c: char) -> bool {
    c == '\n' || !matches!(scalar::classify(c), Scalar::Control | Scalar::Break | Scalar::Invisible)
}

fn assert_clean(text: &str) -> Result<(), TestCaseError> {
    let mut marks = 0;
    for c in text.chars() {
        prop_assert!(c == '\n' || !c.is_control(), "{c:?} in {text:?}");
        prop_assert!(is_safe(c), "{c:?} in {text:?}");
        let bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        prop_assert!(!bidi && !matches!(u32::from(c), 0xe0000..=0xe0fff), "{c:?} in {text:?}");
        marks = match c {
            c if is_combining_mark(c) => marks + 1,
            '\u{200c}' | '\u{200d}' => marks,
            _ => 0,
        };
        prop_assert!(marks <= MARK_CAP, "{marks} marks in {text:?}");
    }
    prop_assert!(is_nfc(text), "{text:?} is not composed");
    Ok(())
}

proptest! {
    #[test]
    fn bodies_are_clean_and_settled(text in hostile()) {
        let body = clean_body(&text);
        assert_clean(&body)?;
        prop_assert!(is_tidy(&body));
        prop_assert_eq!(clean_body(&body), body);
    }

    #[test]
    fn lines_are_clean_and_settled(text in hostile(), times in 1usize..40) {
        let line = clean_line(&text.repeat(times));
        assert_clean(&line)?;
        prop_assert!(!line.contains('\n') && line.trim() == line && line.chars().count() <= LINE_CAP);
        prop_assert_eq!(clean_line(&line), line);
    }

    #[test]
    fn addresses_are_printable(text in hostile()) {
        if let Some(url) = clean_url(&format!("https://{text}")) {
            prop_assert!(url.bytes().all(|b| (0x21..=0x7e).contains(&b)));
            prop_assert_eq!(clean_url(&url), Some(url));
        }
    }

    #[test]
    fn the_quick_scan_agrees(text in hostile()) {
        if is_plain(&text) {
            prop_assert_eq!(settle(strip(&text)), text);
        }
    }

    #[test]
    fn the_quick_scan_agrees_for_pairs(a: char, b: char) {
        let pair = format!("{a}{b}");
        if is_plain(&pair) {
            prop_assert_eq!(settle(strip(&pair)), pair);
        }
    }
}

#[test]
fn the_quick_scan_agrees_for_every_character() {
    for c in ('\u{80}'..=char::MAX).filter(|&c| scalar::is_plain(c)) {
        assert_eq!(settle(strip(&format!("a{c}"))), format!("a{c}"), "{c:?}");
    }
}
