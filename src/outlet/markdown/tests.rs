//! Renders hostile articles with two parsers of Markdown, lets HTML pass, reads the result as a browser does, and compares
//! all of it with what the program means to say.

use super::{article, escaped};
use crate::article::Article;
use dom_query::{Document, NodeRef};
use proptest::prelude::*;
use pulldown_cmark::Options as Pulldown;

/// What is meant to be in the page: an element with the text in it, and the address if it is a link.
type Part = (&'static str, String, Option<String>);

const ELEMENTS: [&str; 7] = ["h1", "p", "em", "a", "hr", "code", "text"];

/// The page of one article, as the program means it.
fn meant(article: &Article) -> Vec<Part> {
    let shown = |text: &str| text.replace(['\n', '\t'], " ");
    let mut parts = Vec::new();
    let title = if article.title.is_empty() { "Without a title" } else { &article.title };
    parts.push(("h1", shown(title), None));
    let author = article.author.as_deref().map(|author| format!(", {author}")).unwrap_or_default();
    parts.push(("p", shown(&format!("undated, {}{author}", article.source)), None));
    parts.push(("em", shown(&format!("undated, {}{author}", article.source)), None));
    if let Some(url) = &article.url {
        parts.push(("p", url.clone(), None));
        parts.push(("a", url.clone(), Some(url.clone())));
    }
    let paragraphs = article.body.split('\n').filter(|line| !line.is_empty());
    parts.extend(paragraphs.map(|paragraph| ("p", shown(paragraph), None)));
    parts.push(("hr", String::new(), None));
    parts
}

/// The elements of a page as a browser sees it. Code that holds nothing but an address of mail is the program's own.
fn found(html: &str) -> Vec<Part> {
    let document = Document::from(html);
    let mut parts = Vec::new();
    walk(&document.select("body").nodes()[0], &mut parts);
    let head = document.select("head").nodes()[0].children().len();
    assert_eq!(head, 0, "in the head: {html}");
    parts
}

fn walk(node: &NodeRef, parts: &mut Vec<Part>) {
    for child in node.children() {
        if child.is_text() {
            continue;
        }
        let name = child.node_name().map(|name| name.to_string()).unwrap_or_else(|| "comment".to_owned());
        let known = ELEMENTS.iter().find(|known| **known == name);
        let known =
            known.unwrap_or_else(|| panic!("an element that the program did not make: {}", child.html()));
        let attributes: Vec<(String, String)> = child
            .attrs()
            .iter()
            .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
            .collect();
        let text = child.text().to_string();
        let href = match (name.as_str(), attributes.as_slice()) {
            ("a", [(name, value)]) if name == "href" => Some(value.clone()),
            (_, []) => None,
            _ => panic!("attributes that the program did not make: {}", child.html()),
        };
        if name == "code" {
            assert!(text.contains('@') && !text.contains(char::is_whitespace), "{text:?}");
        } else {
            parts.push((known, text, href));
        }
        walk(&child, parts);
    }
}

fn pulldown(markdown: &str, options: Pulldown) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(markdown, options));
    html
}

/// Every extension that needs no file of its own, and HTML passed on as it stands.
fn comrak(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.superscript = true;
    extension.footnotes = true;
    extension.inline_footnotes = true;
    extension.description_lists = true;
    extension.front_matter_delimiter = Some("---".to_owned());
    extension.multiline_block_quotes = true;
    extension.alerts = true;
    extension.ofm_callouts = true;
    extension.math_dollars = true;
    extension.math_latex = true;
    extension.math_code = true;
    extension.wikilinks_title_after_pipe = true;
    extension.subscript = true;
    extension.spoiler = true;
    extension.greentext = true;
    extension.ofm_comments = true;
    extension.cjk_friendly_emphasis = true;
    extension.subtext = true;
    extension.highlight = true;
    extension.insert = true;
    extension.block_directive = true;
    options.parse.relaxed_tasklist_matching = true;
    options.parse.relaxed_autolinks = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

/// Checks that every renderer shows the article, all of it, and nothing else.
fn check(one: &Article) {
    let markdown = article(one);
    let plain = Pulldown::empty();
    let all = Pulldown::all().difference(Pulldown::ENABLE_SMART_PUNCTUATION);
    let meant = meant(one);
    for (name, html) in [
        ("CommonMark", pulldown(&markdown, plain)),
        ("pulldown-cmark", pulldown(&markdown, all)),
        ("comrak", comrak(&markdown)),
        ("CommonMark by comrak", comrak::markdown_to_html(&markdown, &unsafe_html())),
    ] {
        let found = found(&html);
        assert_eq!(found, meant, "{name}: {markdown}\n{html}");
    }
    // Curly quotation marks change characters, but make no element.
    let elements = |parts: Vec<Part>| parts.into_iter().map(|part| part.0).collect::<Vec<_>>();
    assert_eq!(elements(found(&pulldown(&markdown, Pulldown::all()))), elements(meant));
}

fn unsafe_html() -> comrak::Options<'static> {
    let mut options = comrak::Options::default();
    options.render.r#unsafe = true;
    options
}

fn hostile(text: &str) -> Article {
    Article {
        path: None,
        url: Some("https://news.example/a?b=1&c=2".to_owned()),
        guid: None,
        source: text.to_owned(),
        title: text.to_owned(),
        author: Some(text.to_owned()),
        language: None,
        published: None,
        body: format!("{text}\n{text}\n\n{text}"),
    }
}

/// Markup of every kind, one example a line.
const CORPUS: &str = include_str!("../../../tests/hostile/markup.txt");

#[test]
fn no_text_is_markup() {
    for line in CORPUS.lines() {
        check(&hostile(line));
        // Also where it is not alone on its line.
        check(&hostile(&format!("Oslo {line} Bergen")));
        check(&hostile(&format!("  {line}\t")));
    }
    // As one article, so that what one line opens another may close.
    check(&Article { body: CORPUS.to_owned(), ..hostile("all of it") });
    check(&Article { body: CORPUS.lines().rev().collect::<Vec<_>>().join("\n"), ..hostile("backwards") });
}

#[test]
fn an_address_is_a_link_only_to_the_web() {
    let of = |url: &str| {
        let markdown = article(&Article { url: Some(url.to_owned()), ..hostile("x") });
        let link = |part: Part| part.2;
        let found = |html: &str| found(html).into_iter().filter_map(link).collect::<Vec<_>>();
        let all = Pulldown::all();
        // Both encode the brackets of an IPv6 address.
        let plain = |link: String| link.replace("%5B", "[").replace("%5D", "]");
        let links: Vec<String> = found(&pulldown(&markdown, all)).into_iter().map(plain).collect();
        let others: Vec<String> = found(&comrak(&markdown)).into_iter().map(plain).collect();
        assert_eq!(links, others, "{markdown}");
        links
    };
    let check = |url: &str, expected: &str| assert_eq!(of(url), [expected]);
    check("http://e.org/a", "http://e.org/a");
    check("http://e.org/?a=1&b=2&copy=3", "http://e.org/?a=1&b=2&copy=3");
    check(
        "http://e.org/a><script>alert(1)</script><b",
        "http://e.org/a%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cb",
    );
    check("http://e.org/?a=&lt;b&#x3c;c", "http://e.org/?a=&lt%3Bb&#x3c%3Bc");
    check("http://e.org/\"onclick=\"x`y\\z", "http://e.org/%22onclick=%22x%60y%5Cz");
    check("http://[2001:db8::1]/a", "http://[2001:db8::1]/a");
    check("HTTP://e.org/ a\nb", "http://e.org/%20ab");
    for other in [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
    ] {
        assert!(of(other).is_empty(), "{other}");
    }
}

#[test]
fn the_source_can_be_read() {
    let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
    check("plain - text, at 10:30: yes. Or no?", "plain - text, at 10:30: yes. Or no?");
    check("WASHINGTON [US], Jan 4 - $5 million", "WASHINGTON &#91;US], Jan 4 - $5 million");
    check("1987. A year", "1987\\. A year");
    check("St. Moritz", "St. Moritz");
    check("# a *b* <i>", "\\# a \\*b\\* &lt;i&gt;");
    check(
        "write to ann@news.example or www.news.example",
        "write to `ann@news.example` or www\\.news\\.example",
    );
    check("    code", "&#32;   code");
}

/// Pieces of which markup is made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[-<>&;`~*_=+#:!|^$%@.()/ \\[\\]{}\\\\\"'a1]{1,4}",
        2 => "[ \t\u{a0}]{1,5}",
        1 => "[a-zæ１]{1,3}",
        2 => proptest::sample::select(vec![
            "<script>", "</p>", "<!--", "-->", "<![CDATA[", "]]>", "javascript:x", "](x)", "[a]: ", "![", "[^1]", "```",
            "~~~", "---", "===", "www.", "http://", "ann@a.example", "&lt;", "&#x3c;", "1. ", "2) ", "- [ ] ", "|-|-|", ":::",
            "$$", "%%", "||", "==", "++", "[[", "{#a .b}", "<http://", "<a@b>", "xmpp:", "\\\n",
        ]).prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 1..8).prop_map(|pieces| pieces.concat().replace('\n', " "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn what_anybody_writes_is_text(
        title in text(),
        source in text(),
        author in proptest::option::of(text()),
        body in proptest::collection::vec(text(), 0..5),
    ) {
        check(&Article { title, source, author, body: body.join("\n"), ..hostile("") });
    }

    #[test]
    fn whatever_the_address_nothing_but_a_link_is_made_of_it(rest in "[-!-~ é\n]{0,20}") {
        let url = format!("http://e.org/{rest}");
        let markdown = article(&Article { url: Some(url), ..hostile("x") });
        for html in [pulldown(&markdown, Pulldown::all()), comrak(&markdown)] {
            let parts = found(&html);
            prop_assert_eq!(parts.len(), 9, "{}", markdown);
            prop_assert!(parts.iter().all(|part| part.2.as_ref().is_none_or(|href| href.starts_with("http://e.org/"))));
        }
    }
}
