//! Tests against a real server in this process.

use super::*;
use crate::listing::Window;
use crate::query::Query;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Bridge falls</title><script>alert(1)</script></head>\
    <body><nav><a href='/'>Home</a></nav><article><h1>Bridge falls</h1>\
    <p>The bridge, which was old, fell into the river on Monday, said the mayor, Ana Petrova, at noon.</p>\
    <p>Nobody was hurt, but the town has since been cut in two, and the ferry runs twice a day, as it did \
    before the war, when there was no bridge. <a href='/more'>More on the ferry</a>.</p></article></body></html>";

/// Starts a server that gives the same answer to every request. Returns the address of a page on it.
fn server(content_type: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/news/1", listener.local_addr().expect("an address"));
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().expect("a stream"));
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|length| length > 2) {
                line.clear();
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn local() -> Fetcher {
    fetcher().allowing(crate::fetch::tests::this_machine())
}

fn article(url: &str, body: &str) -> Article {
    Article {
        path: None,
        url: Some(url.to_owned()),
        guid: Some("1".to_owned()),
        source: "Town News".to_owned(),
        title: "Bridge falls".to_owned(),
        author: None,
        language: None,
        published: Default::default(),
        body: body.to_owned(),
    }
}

fn found(library: &Library, words: &str) -> usize {
    let (query, _) = Query::parse(words, Default::default());
    library.page(&query, Window::First { limit: 9 }, &Cancel::new()).expect("a page").rows.len()
}

#[test]
fn the_text_of_the_page_replaces_the_text_of_the_feed_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let library = Library::open(&path).expect("a library");
    let feeds = article(&server("text/html", PAGE), "The bridge fell.");
    library.add(vec![(feeds.clone(), Default::default())]).expect("added");
    let id = library.find(&feeds).expect("asked").expect("there");
    // The server is on this machine, which the person allowed.
    let page = fetch(&local(), feeds.clone(), &Teaser::of(&feeds), Reach::Public).expect("a page");
    show(&library, TextOf::Page, page, &Depth::Text).expect("shown");
    assert_eq!(found(&library, "ferry"), 1);
    let stored = library.load(id).expect("asked").expect("there");
    assert_eq!(stored.text, TextOf::Page);
    assert!(!stored.article.body.contains("alert") && !stored.article.body.contains("Home"));
    let address = feeds.url.as_deref().expect("an address").replace("/news/1", "/more");
    assert!(stored.article.body.ends_with(&format!("[1] {address}")), "{}", stored.article.body);

    // The page's text is still there after reopening, and the next fetch of the feed changes only the feed's text.
    drop(library);
    let library = Library::open(&path).expect("a library");
    let same = library.add(vec![(feeds.clone(), Default::default())]).expect("added");
    assert_eq!((same.unchanged, same.updated), (1, 0));
    let corrected = Article { body: "The bridge fell on Monday.".to_owned(), ..feeds };
    assert_eq!(library.add(vec![(corrected, Default::default())]).expect("added").updated, 1);
    assert_eq!(found(&library, "ferry"), 1);
    let switch = || switch(&library, &local(), id, &Depth::Text, &Cancel::new()).map(|(text, _)| text);
    assert_eq!(switch().expect("the other"), TextOf::Source);
    let stored = library.load(id).expect("asked").expect("there");
    assert_eq!((stored.text, stored.article.body.as_str()), (TextOf::Source, "The bridge fell on Monday."));
    assert_eq!((found(&library, "ferry"), found(&library, "monday")), (0, 1));
    assert_eq!(switch().expect("the other"), TextOf::Page);
    assert_eq!(found(&library, "ferry"), 1);
}

#[test]
fn a_page_without_an_article_is_reported_with_the_reason() {
    let check = |fetcher: Fetcher, url: &str, body: &str, told: &str| {
        let teaser = Teaser::of(&article(url, body));
        let error =
            fetch(&fetcher, article(url, body), &teaser, Reach::Public).expect_err("an error").to_string();
        assert!(error.starts_with("could not get the full text: ") && error.contains(told), "{error}");
    };
    check(fetcher(), &server("text/html", PAGE), "x", "private network; allow it with allow-private");
    check(local(), &server("text/html", ""), "x", "without text");
    check(local(), &server("image/png", "x"), "x", "not a page but image/png");
    check(
        local(),
        &server("text/xml", "<rss><channel><item><title>a</title></item></channel></rss>"),
        "x",
        "a feed",
    );
    check(local(), &server("application/pdf", "%PDF-1.7"), "x", "a PDF file");
    check(local(), &server("text/html", "<html><p>Log in."), &"word ".repeat(100), "2 words");
    let none = Article { url: None, ..article("http://x.example/", "x") };
    let error = fetch(&fetcher(), none, &Teaser::default(), Reach::Public).expect_err("an error");
    assert!(matches!(error, FullTextError::NoLink));
}

#[test]
fn a_page_that_tells_something_else_replaces_no_teaser() {
    let told = |page: &str, teaser: &str| {
        let article = article(&server("text/html", page), teaser);
        fetch(&local(), article.clone(), &Teaser::of(&article), Reach::Public)
    };
    let consent = "<html><title>Before you continue</title><body><p>We use cookies and data to deliver and maintain our services, \
        to track outages, and to protect against spam, fraud and abuse. If you choose to accept all, we will also use \
        cookies and data to develop new services and measure the effectiveness of advertisements.</p></body></html>";
    let teaser = "The old crossing collapsed on Monday; nobody was hurt.";
    assert!(matches!(told(consent, teaser), Err(FullTextError::Another)));
    let menu = "<html><body><p>About Press Copyright Contact us Creators Advertise Developers Terms Privacy</p></body></html>";
    assert!(matches!(told(menu, "Nine verses on snow."), Err(FullTextError::Another)));
    assert!(told(PAGE, "In the town of the ferry, a bridge fell into the river.").is_ok());
}

#[test]
fn a_page_of_plain_text_keeps_its_paragraphs_and_the_sound_of_the_feed() {
    let text = "The bridge fell on Monday.\n\nNobody was hurt, said the mayor.\n";
    let teaser = "The bridge fell.\n\n[sound 1:05] [1]\n\n[1] https://a.example/1.mp3";
    let article = article(&server("text/plain; charset=utf-8", text), teaser);
    let page = fetch(&local(), article.clone(), &Teaser::of(&article), Reach::Public).expect("a page");
    assert_eq!(
        page.body,
        "The bridge fell on Monday.\n\nNobody was hurt, said the mayor.\n\n[sound 1:05] [1]\n\n[1] https://a.example/1.mp3"
    );
}
