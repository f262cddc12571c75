use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;

fn origin() -> Origin {
    let time = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day").and_time(chrono::NaiveTime::MIN).and_utc();
    Origin { path: Some("file".to_owned()), source: "folder".to_owned(), time }
}

/// The titles of the articles, then the warnings, without the one that counts articles without a date.
fn check(bytes: &[u8], expected: &[&str]) {
    let (articles, warnings) = read(bytes, &origin());
    let titles = articles.iter().map(|article| article.title.clone());
    let warnings = warnings.iter().map(ToString::to_string).filter(|warning| !warning.contains("every date"));
    let found: Vec<String> = titles.chain(warnings).collect();
    assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(bytes));
}

#[test]
fn formats_are_recognised_by_content() {
    check(b"One\n2022-01-03\nA.", &["One"]);
    check(br#"{"title":"One","text":"A."}"#, &["One"]);
    check(b"{\"title\":\"One\",\"text\":\"A.\"}\n{\"title\":\"Two\",\"text\":\"B.\"}\n", &["One", "Two"]);
    check(b"[\n  {\n \"title\": \"One\",\n \"text\": \"A.\"\n  }\n]\n", &["One"]);
    check(
        b"{\n \"articles\": [\n{\"title\":\"One\",\"text\":\"A.\"},\n{\"title\":\"Two\",\"text\":\"B.\"}\n]}",
        &["One", "Two"],
    );
    check(
        b"{\"articles\": [\n{\"title\":\"One\",\"text\":\"A.\"},\n{\"title\":\"Two\",\"text\":\"B.\"}\n]}",
        &["One", "Two"],
    );
    check(b"{\n\"title\":\"One\",\"text\":\"A.\"}\n{\n\"title\":\"Two\",\"text\":\"B.\"}\n", &["One", "Two"]);
    check(b"[Update] One\n2022-01-03\nA.", &["[Update] One"]);
    check(b"{curly} One\n2022-01-03\nA.", &["{curly} One"]);
    check(
        b"\xef\xbb\xbf{\"title\":\"One\",\"text\":\"A.\"}\n{\"title\":\"Two\",\"text\":\"B.\"}",
        &["One", "Two"],
    );
}

#[test]
fn feeds_pages_and_notes() {
    check(b"<?xml version='1.0'?><rss><channel><item><title>One</title></item></channel></rss>", &["One"]);
    check(
        b"<feed><entry><title>One</title></entry><entry><title>Two</title></entry></feed>",
        &["One", "Two"],
    );
    check(b"<!doctype html><html><title>One</title><body><p>A.", &["One"]);
    check(b"---\ntitle: One\n---\nA.", &["One"]);
    check(
        b"<opml version='2.0'><body><outline xmlUrl='https://a.org/'/></body></opml>",
        &["file: could not find articles: this is a list of feeds; 'dateline add FILE' follows them"],
    );
}

#[test]
fn charsets() {
    let wide: Vec<u8> =
        "\u{feff}{\"title\":\"Žižkov\",\"text\":\"A.\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&wide, &["Žižkov"]);
    let lines = "{\"title\":\"One\",\"text\":\"A.\"}\n{\"title\":\"Two\",\"text\":\"B.\"}\n";
    check(&lines.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>(), &["One", "Two"]);
    check(b"Caf\xe9 falls\n2022-01-03\nA.", &["Café falls"]);
    check(
        b"{\"title\":\"Caf\xe9\",\"text\":\"A.\"}\n{\"title\":\"Caf\xc3\xa9\",\"text\":\"B.\"}",
        &["Café", "Café"],
    );
}

/// ASCII and Russian letters in Windows-1251.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match u32::from(c) {
        code @ 0x410..=0x44f => u8::try_from(code - 0x410 + 0xc0).expect("a letter"),
        code => u8::try_from(code).expect("ASCII"),
    };
    text.chars().map(byte).collect()
}

/// A file has one character set, whichever of its lines shows it, and however the file is cut into pieces.
#[test]
fn lines_in_one_character_set() {
    let text = "{\"title\":\"One\",\"text\":\"A.\"}\n{\"title\":\"Мост\",\"text\":\"Открыт.\"}\n{\"title\":\"Мэр\",\"text\":\"Мэр города \
        сказал, что новый мост через реку открыт с понедельника и что старый закроют весной.\"}\n";
    let bytes = windows_1251(text);
    check(&bytes, &["One", "Мост", "Мэр"]);
    let mut stream = Stream::new(origin());
    let mut articles = Vec::new();
    for piece in bytes.chunks(7) {
        articles.extend(stream.push(piece).0);
    }
    articles.extend(stream.finish().0);
    assert_eq!(articles, read(&bytes, &origin()).0);
    let short = windows_1251("{\"title\":\"Мост открыт\",\"text\":\"A.\"}\n");
    check(
        &short,
        &[
            "Мост открыт",
            "file:1: could not be sure of the character set: none is declared, and windows-1251 was assumed",
        ],
    );
}

#[test]
fn what_cannot_be_read_gives_warnings() {
    check(b"", &["file: could not find any text: the file is empty"]);
    check(
        b"%PDF-1.7 x",
        &["file: could not read it: it is a PDF file; 'pdftotext FILE - | dateline -' reads its text"],
    );
    check(
        b"{\"title\":\"One\",\"text\":\"A.\"}\n{\"title\":\"Two\", oops\n\n{\"title\":\"Three\",\"text\":\"C.\"}\n7\n",
        &[
            "One",
            "Three",
            "file:2: could not read the line as JSON: key must be a string at column 17",
            "file:5: could not read the line: it is not a JSON object",
        ],
    );
    check(
        b"{\"title\":\"One\", oops\n{\"title\":\"Two\",\"text\":\"A.\"}\n",
        &["Two", "file:1: could not read the line as JSON: key must be a string at column 17"],
    );
    check(
        b"[\n{\"title\":\"One\",\"text\":\"A.\"},\n{\"title\":\"Two\",\"text\":\"B",
        &["One", "file:3: could not read the JSON: EOF while parsing a string at column 24"],
    );
    check(
        b"{\"a\":1}\n{\"title\":\"One\",\"text\":\"A.\"}",
        &["One", "file:1: could not find an article in the JSON: there is neither a title nor a body"],
    );
}

#[test]
fn warnings_do_not_pile_up() {
    let text = format!("{{\"title\":\"One\",\"text\":\"A.\"}}\n{}", "oops\n".repeat(500));
    let (articles, warnings) = read(text.as_bytes(), &origin());
    assert_eq!((articles.len(), warnings.len()), (1, 102));
    assert_eq!(warnings[100].to_string(), "file: could not list 400 more warnings");
}

/// One line a file says how many of its articles have no date; a single text has the time of its file, and a page has
/// none.
#[test]
fn articles_of_a_pile_without_a_date_have_none() {
    let dates = |text: &str| {
        let (articles, warnings) = read(text.as_bytes(), &origin());
        let days = articles.iter().map(|article| crate::article::day_or_undated(article.date()));
        days.chain(warnings.iter().map(ToString::to_string)).collect::<Vec<String>>()
    };
    let all = |end: &str| format!("file: could not find every date: {end}");
    let dated = "{\"title\":\"One\",\"text\":\"A.\",\"date\":\"2022-01-03\"}\n";
    let undated = "{\"title\":\"One\",\"text\":\"A.\",\"date\":null}\n";
    assert_eq!(dates(dated), ["2022-01-03"]);
    assert_eq!(
        dates(undated),
        ["undated".to_owned(), all("the only record has no date, and is listed as undated")]
    );
    let many = dates(&format!("{}{undated}{undated}", dated.repeat(1_000)));
    assert_eq!(many[1_002], all("2 of 1,002 records have no date, and are listed as undated"));
    assert_eq!(many.len(), 1_003);
    assert_eq!(
        dates(&format!("[{dated},{undated}]")),
        [
            "2022-01-03".to_owned(),
            "undated".to_owned(),
            all("1 of 2 records has no date, and is listed as undated")
        ]
    );
    assert_eq!(dates("<rss><channel><item><title>One</title></item></channel></rss>")[0], "undated");
    assert_eq!(dates("One\n\nA text."), ["2000-01-01"]);
    assert_eq!(dates("One\nundated\n\nA text."), ["undated"]);
    assert_eq!(dates("One\n\nOSLO, Jan 5, 2019 - A text."), ["2019-01-05"]);
    assert_eq!(dates("One\n\nOSLO, Dec 30 - A text."), ["1999-12-30"]);
    assert_eq!(dates("One\n\nOSLO, Feb 30 - A text."), ["2000-01-01"]);
    assert_eq!(dates("<!doctype html><html><title>One</title><body><p>A."), ["undated"]);
    assert_eq!(dates("---\ntitle: One\n---\nA."), ["undated"]);
    assert_eq!(dates("---\ntitle: One\ndate: 1970-01-01\n---\nA."), ["undated"]);
}

#[test]
fn articles_are_complete() {
    let (articles, _) = read(b"One\n2022-01-03\nA  b.\r\n\r\n\r\n\r\nC \x1b[31md.", &origin());
    let expected = Article {
        path: Some("file".to_owned()),
        url: None,
        guid: None,
        source: "folder".to_owned(),
        title: "One".to_owned(),
        author: None,
        language: None,
        published: Some("2022-01-03T00:00:00Z".parse().expect("a moment")),
        body: "A  b.\n\nC d.".to_owned(),
    };
    assert_eq!(articles, [expected]);
}

#[test]
fn lines_come_while_the_file_is_read() {
    let mut stream = Stream::new(origin());
    let line = b"{\"title\":\"One\",\"text\":\"A.\"}\n";
    assert_eq!(stream.push(&line[..20]).0.len(), 0);
    assert_eq!(stream.push(&line[20..]).0.len(), 1);
    assert_eq!(stream.push(line).0.len(), 1);
    assert_eq!(stream.finish().0.len(), 0);
}

proptest! {
    #[test]
    fn pieces_make_no_difference(text in "(\\{\"title\":\"[a-z]{1,5}\"(,\"text\":\"x\"\\})?|\n|\\[|\\]|,|\\}| |é){0,12}", piece in 1usize..9) {
        let whole = read(text.as_bytes(), &origin());
        let mut stream = Stream::new(origin());
        let mut found = (Vec::new(), Vec::new());
        for bytes in text.as_bytes().chunks(piece) {
            let (articles, warnings) = stream.push(bytes);
            found.0.extend(articles);
            found.1.extend(warnings);
        }
        let (articles, warnings) = stream.finish();
        found.0.extend(articles);
        found.1.extend(warnings);
        prop_assert_eq!(found, whole);
    }

    #[test]
    fn any_bytes_are_read(bytes: Vec<u8>, json in "[\\[\\]{}\",:\\\\a-z\n0-9]{0,60}") {
        read(&bytes, &origin());
        read(json.as_bytes(), &origin());
    }
}
