use super::*;
use crate::article::Article;
use chrono::NaiveDate;

fn origin() -> Origin {
    let time = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day").and_time(chrono::NaiveTime::MIN).and_utc();
    Origin { path: Some("dump.json".to_owned()), source: "dump".to_owned(), time }
}

fn read(text: &str) -> (Vec<Article>, Vec<Warning>) {
    let (mut items, mut warnings) = (Vec::new(), Vec::new());
    let origin = origin();
    let mut sink = Sink { origin: &origin, line: None, items: &mut items, warnings: &mut warnings };
    let value = parse(text).unwrap_or_else(|error| panic!("{} in {text}", error.reason));
    super::articles(&value, &mut sink);
    (items.into_iter().map(Item::alone).collect(), warnings)
}

/// `title / day / source / author / address / body`, those that are there, of each article.
fn check(text: &str, expected: &[&str]) {
    let (articles, warnings) = read(text);
    let shown: Vec<String> = articles.iter().map(show).collect();
    assert_eq!(shown, expected, "{text}");
    assert_eq!(warnings, [], "{text}");
}

fn show(article: &Article) -> String {
    let Article { title, source, author, url, body, .. } = article;
    let day = crate::article::day_or_undated(article.date());
    let (author, url) = (author.clone().unwrap_or_default(), url.clone().unwrap_or_default());
    let parts = [title, &day, source, &author, &url, &body.replace('\n', "¶")].map(String::clone);
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
}

#[test]
fn the_names_of_dumps() {
    let expected = ["Bridge falls / 2022-01-03 / Wire / Ana Petrova / https://example.org/1 / It fell."];
    for text in [
        r#"{"title":"Bridge falls","date":"2022-01-03","source":"Wire","author":"Ana Petrova","url":"https://example.org/1","body":"It fell."}"#,
        r#"{"headline":"Bridge falls","publishedAt":"2022-01-03T10:00:00Z","source":{"id":null,"name":"Wire"},"author":"By Ana Petrova","link":"https://example.org/1","content":"It fell.","description":"Less."}"#,
        r#"{"title":"Bridge falls","date_publish":"2022-01-03 10:00:00","source_domain":"Wire","authors":["Ana Petrova"],"url":"https://example.org/1","maintext":"It fell.","description":"Less."}"#,
        r#"{"Title":"Bridge falls","PubDate":"Mon, 03 Jan 2022 10:00:00 GMT","publisher":{"title":"Wire"},"dc:creator":{"name":"Ana Petrova"},"guid":"https://example.org/1","summary":"It fell."}"#,
        r#"{"title":{"rendered":"Bridge falls"},"date":"2022-01-03T10:00:00","site":"Wire","byline":{"original":"By Ana Petrova"},"link":"https://example.org/1","content":{"rendered":"<p>It fell.</p>\n"}}"#,
        r#"{"headline":{"main":"Bridge falls"},"pub_date":"2022-01-03T10:00:00+0000","source":"Wire","byline":"By Ana Petrova","web_url":"https://example.org/1","body":["It fell."]}"#,
        r#"{"title":"Bridge falls","published":1641211200,"source":"https://www.Wire/","authors":"['Ana Petrova']","url":"https://example.org/1","text":"It fell."}"#,
        r#"{"title":"Bridge falls","created_at":1641211200000,"outlet":"Wire","author":[{"first_name":"Ana","last_name":"Petrova"}],"url":"https://example.org/1","article":"It fell."}"#,
        r#"{"title":"Bridge falls","timestamp":"1641211200","feed_title":"Wire","creator":"Ana Petrova","url":"https://example.org/1","content_html":"It fell."}"#,
        r#"{"title":"Bridge falls","date":{"$date":"2022-01-03T10:00:00Z"},"source":"Wire","author":"Ana Petrova","url":"https://example.org/1","full_text":"It fell."}"#,
        r#"{"title":"Bridge falls","date":20220103,"source":"Wire","author":"Ana Petrova","url":"https://example.org/1","paragraphs":["It fell."]}"#,
        r#"{"title":"Bridge falls","seendate":"20220103T100000Z","source":"Wire","author":"Ana Petrova","url":"https://example.org/1","text":"It fell.","body":""}"#,
    ] {
        check(text, &expected);
    }
}

#[test]
fn where_articles_lie() {
    let one = r#"{"title":"One","text":"A."}"#;
    let expected = ["One / undated / dump / A.", "One / undated / dump / A."];
    for text in [
        format!("[{one},{one}]"),
        format!(r#"{{"status":"ok","articles":[{one},{one}]}}"#),
        format!(r#"{{"response":{{"docs":[{one},{one}],"meta":{{"hits":2}}}}}}"#),
        format!(
            r#"{{"hits":{{"total":2,"hits":[{{"_id":"1","_source":{one}}},{{"_id":"2","_source":{one}}}]}}}}"#
        ),
        format!(r#"{{"1":{one},"2":{one}}}"#),
        format!(r#"[{{"article":{one}}},[{one}]]"#),
    ] {
        check(&text, &expected);
    }
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"Town News","items":[{"id":"1","content_text":"A."}]}"#,
        &["undated / Town News / A."],
    );
    check("[]", &[]);
}

#[test]
fn bodies_of_blocks_are_no_containers() {
    check(
        r#"{"title":"One","content":[{"type":"text","content":"A."},{"type":"text","content":"B."}]}"#,
        &["One / undated / dump / A.¶¶B."],
    );
}

#[test]
fn markup_in_bodies_and_titles() {
    check(
        r#"{"title":"AT&amp;T &#8216;wins&#8217; <b>again</b>","body":"<p>I <3 it &mdash; a < b.</p><p>So<br>there.</p><script>x()</script>"}"#,
        &["AT&T ‘wins’ again / undated / dump / I <3 it — a < b.¶¶So¶there."],
    );
}

#[test]
fn what_is_wrong_is_said() {
    let (articles, warnings) = read(r#"{"title":"One","date":"soon","text":"A."}"#);
    assert_eq!(articles.len(), 1);
    assert_eq!(warnings[0].to_string(), "dump.json: could not understand the date \"soon\"");
    let (articles, warnings) = read(r#"{"a":1,"b":"x"}"#);
    assert_eq!((articles.len(), warnings.len()), (0, 1));
    assert!(parse("{\"a\": ").is_err());
}

#[test]
fn broken_but_plain() {
    check(r#"{"title":"One","date":NaN,"text":"A \ud83d B.",}"#, &["One / undated / dump / A \u{fffd} B."]);
}

#[test]
fn our_own_json_is_read_back_unchanged() {
    let body = "The bridge that fell into the river was old and had been closed to\ncarts since the spring, says &amp; <b>Ana</b>.";
    let text = serde_json::json!({
        "id": 12, "path": null, "url": "https://example.org/1", "source": "Wire", "title": "A &lt; B", "author": null,
        "date": "2022-01-03", "published": "2022-01-03T10:00:00Z", "body": body,
        "entities": [], "people": [], "countries": [], "quotes": []
    });
    let (articles, _) = read(&text.to_string());
    assert_eq!(articles[0].body, body);
    assert_eq!(
        (articles[0].title.as_str(), articles[0].path.as_deref(), articles[0].guid.as_deref()),
        ("A &lt; B", None, None)
    );
    assert_eq!(articles[0].published, Some("2022-01-03T10:00:00Z".parse().expect("a time")));
}

#[test]
fn control_codes_in_escapes_are_cleaned() {
    check(
        r#"{"title":"a\u001b[31mb\u009b2J\u202e","text":"x\u001b]0;pwn\u0007y&#27;[2Jz"}"#,
        &["ab / undated / dump / xyz"],
    );
}

#[test]
fn the_html_of_a_json_feed_keeps_its_links_and_code() {
    let feed = r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"https://example.org/1",
        "title":"One","content_text":"See here.","content_html":"<p>See <a href='/2'>here</a>:</p><pre>if a:<br>    b()</pre>"}]}"#;
    let Ok(value) = parse(feed) else { panic!("no JSON") };
    let (mut items, mut warnings) = (Vec::new(), Vec::new());
    let origin = Origin { path: None, source: "Wire".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
    super::articles(
        &value,
        &mut Sink { origin: &origin, line: None, items: &mut items, warnings: &mut warnings },
    );
    let bodies: Vec<&str> = items.iter().map(|item| item.article.body.as_str()).collect();
    assert_eq!(bodies, ["See here [1]:\n\nif a:\n    b()\n\n[1] https://example.org/2"]);
}

#[test]
fn dates_that_programs_do_not_know() {
    for unknown in [
        "null",
        "\"\"",
        "\"N/A\"",
        "\"unknown\"",
        "\"None\"",
        "\"n.d.\"",
        "\"0000-00-00 00:00:00\"",
        "\"0001-01-01T00:00:00\"",
        "\"9999-12-31\"",
        "\"1970-01-01T00:00:00Z\"",
        "\"Thu, 01 Jan 1970 00:00:00 GMT\"",
        "\"1969-12-31T19:00:00-05:00\"",
        "\"1970-01-01\"",
        "\"0\"",
        "0",
        "0.0",
        "{\"$date\": 0}",
        "-62135596800",
        "[]",
    ] {
        check(&format!(r#"{{"title":"One","date":{unknown},"text":"A."}}"#), &["One / undated / dump / A."]);
        // The next field that knows it.
        check(
            &format!(r#"{{"title":"One","published":{unknown},"date":"2022-01-03","text":"A."}}"#),
            &["One / 2022-01-03 / dump / A."],
        );
    }
    // What nobody writes for an unknown date is reported.
    let (articles, warnings) = read(r#"{"title":"One","date":"last summer","text":"A."}"#);
    assert_eq!(articles[0].published, None);
    assert_eq!(warnings[0].to_string(), "dump.json: could not understand the date \"last summer\"");
}

#[test]
fn lists_in_columns_and_under_any_name() {
    let expected = [
        "Bridge falls / 2022-01-03 / example.org / Ana Petrova / https://example.org/1 / It fell.",
        "Dam holds / 2022-01-04 / example.org / https://example.org/2 / It held.",
    ];
    check(
        r#"{"title":["Bridge falls","Dam holds"],"date":["2022-01-03","2022-01-04"],"author":["Ana Petrova",null],
        "url":["https://example.org/1","https://example.org/2"],"text":["It fell.","It held."]}"#,
        &expected,
    );
    check(
        r#"{"count":2,"error":null,"feed_items":[
        {"title":"Bridge falls","date":"2022-01-03","author":"Ana Petrova","url":"https://example.org/1","body":"It fell."},
        {"title":"Dam holds","date":"2022-01-04","url":"https://example.org/2","body":"It held."}]}"#,
        &expected,
    );
    // An article whose paragraphs and authors are lists is one article.
    check(
        r#"{"title":"Bridge falls","paragraphs":["It fell.","Nobody was hurt."],"authors":["Ana Petrova","Jon Berg"]}"#,
        &["Bridge falls / undated / dump / Ana Petrova, Jon Berg / It fell.¶¶Nobody was hurt."],
    );
}

#[test]
fn what_is_no_title_and_no_date() {
    // The subjects of an agency, and when a row of a database was changed.
    check(
        r#"{"subject":[{"name":"Archaeology","qcode":"1"}],"body":"They dug.","scraped_at":"2018-01-25","inserted_at":"2018-02-02","updated_at":"2018-02-02"}"#,
        &["2018-01-25 / dump / They dug."],
    );
    check(
        r#"{"subject":"Bridge falls","body":"It fell.","updated_at":"2022-01-03"}"#,
        &["Bridge falls / 2022-01-03 / dump / It fell."],
    );
    let (articles, warnings) =
        read(r#"{"name":"x","version":"1.0.0","description":"A scraper","author":"Ann","license":"MIT"}"#);
    assert_eq!((articles.len(), warnings.len()), (0, 1));
}

#[test]
fn bookmarks_of_services_and_browsers() {
    // Pinboard and Delicious.
    let pin = |extended: &str| {
        format!(
            r#"[{{"href":"https://example.org/1","description":"Bridge falls","extended":"{extended}","meta":"a","time":"2022-01-03T10:00:00Z",
            "shared":"no","toread":"yes","tags":"bridges rivers"}}]"#
        )
    };
    check(&pin("It fell."), &["Bridge falls / 2022-01-03 / example.org / https://example.org/1 / It fell."]);
    check(&pin(""), &["Bridge falls / 2022-01-03 / example.org / https://example.org/1"]);
    // Readability.
    check(
        r#"{"bookmarks":[{"article__title":"Bridge falls","article__excerpt":"It fell.","article__url":"https://example.org/1",
        "date_added":"2022-01-03T10:00:00","favorite":false,"archive":false}]}"#,
        &["Bridge falls / 2022-01-03 / example.org / https://example.org/1 / It fell."],
    );
    // Chrome: a folder is no article, and time is counted from 1601.
    let page = r#"{"date_added":"13285692300000000","id":"6","name":"Bridge falls","type":"url","url":"https://www.example.org/1"}"#;
    let folder = |name: &str, children: &str| {
        format!(
            r#"{{"children":[{children}],"date_added":"13285692300000000","id":"1","name":"{name}","type":"folder"}}"#
        )
    };
    check(
        &format!(
            r#"{{"roots":{{"bookmark_bar":{},"other":{}}}}}"#,
            folder("Bar", page),
            folder("Others", "")
        ),
        &["Bridge falls / 2022-01-03 / Bar / https://www.example.org/1"],
    );
    // A source that is written as a host.
    check(
        r#"{"title":"Bridge falls","domain_name":"www.example.org","url":"https://www.example.org/1","content":"It fell."}"#,
        &["Bridge falls / undated / example.org / https://www.example.org/1 / It fell."],
    );
}

#[test]
fn the_time_of_a_crawler_stands_in_for_a_date() {
    let at = |rest: &str| {
        format!(r#"{{"title":"One","date_publish":null,"date_download":"2022-04-02 10:00:00",{rest}}}"#)
    };
    check(&at(r#""text":"A.""#), &["One / 2022-04-02 / dump / A."]);
    check(&at(r#""text":"OSLO, March 31 - A.""#), &["One / 2022-03-31 / dump / OSLO, March 31 - A."]);
    check(&at(r#""text":"OSLO, May 31 - A.""#), &["One / 2022-04-02 / dump / OSLO, May 31 - A."]);
    check(&at(r#""text":"A.","date_modify":"2022-01-03""#), &["One / 2022-01-03 / dump / A."]);
}

#[test]
fn our_own_articles_without_a_date_stay_so() {
    let text = r#"{"id":1,"path":null,"url":"https://example.org/2019/01/02/x","source":"Wire","title":"A","author":null,
        "date":null,"published":null,"body":"OSLO, Jan 5, 2019 - A.","read":false,"starred":true,"tags":[]}"#;
    check(text, &["A / undated / Wire / https://example.org/2019/01/02/x / OSLO, Jan 5, 2019 - A."]);
}

#[test]
fn the_language_of_a_record() {
    let said = |field: &str| {
        let (articles, _) = read(&format!(r#"{{"title": "A", "body": "B", {field}}}"#));
        articles.first().and_then(|article| article.language).map(|code| code.to_string())
    };
    for field in
        [r#""language": "de""#, r#""lang": "deu""#, r#""inLanguage": "de-CH""#, r#""language": "German""#]
    {
        assert_eq!(said(field).as_deref(), Some("de"), "{field}");
    }
    for field in [r#""language": "un""#, r#""language": null"#, r#""lang": 7"#] {
        assert_eq!(said(field), None, "{field}");
    }
}
