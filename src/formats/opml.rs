//! Lists of feeds: OPML with its folders, read and written, and newsboat's `urls` file, read.
//!
//! In comes the decoded text of such a file. Out come subscriptions, and warnings about what was skipped. Nothing that
//! would run a command or read a file is ever taken from a list.
//!
//! OPML files are as often broken as feeds, so they are read by the same lenient XML (see `xml`). No crate reads
//! newsboat's `urls`: lines of words in newsboat's own quoting, of which this file reads all but what runs a program.

use super::bookmarks;
use super::format::{Format, Holds, first_element};
use super::xml::{Element, Tree};
use super::{Gathered, Origin, Warning};
use crate::text::harmless::markup;
use crate::text::{clean_line, clean_url};
use std::borrow::Cow;

/// The most lines that are named because of one fault of a list.
const WARNING_CAP: usize = 100;

/// One feed in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// http or https.
    pub url: String,
    /// Its name in the list; one clean line.
    pub name: Option<String>,
    /// The address of the page that the feed belongs to.
    pub site: Option<String>,
    /// Folders and tags, outermost first, each one clean line without commas.
    pub tags: Vec<String>,
}

/// The content of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscriptions {
    pub feeds: Vec<Subscription>,
    /// Saved searches: a name, and newsboat's filter expression as written.
    pub searches: Vec<(String, String)>,
    pub warnings: Vec<Warning>,
}

/// Whether a text is OPML, by its first element.
pub(super) fn is_opml(text: &str) -> bool {
    first_element(text).is_some_and(|(name, _)| name == "opml")
}

/// Says that a list of feeds holds no articles.
pub(super) fn refuse(_text: &str, origin: &Origin, found: &mut Gathered) {
    let message = "could not find articles: this is a list of feeds; 'dateline add FILE' follows them";
    found.warnings.push(origin.warning(None, message));
}

/// Whether a text that begins so is a list of feeds.
pub fn is_list(text: &str) -> bool {
    Format::of(text).holds() == Holds::Feeds
}

/// The feeds and saved searches of a text that is a list of feeds (OPML, newsboat's `urls`, or bookmarks of a browser);
/// `None` if it is not.
pub fn read_list(text: &str, origin: &Origin) -> Option<Subscriptions> {
    match Format::of(text) {
        Format::Opml => Some(read(text, origin)),
        Format::Urls => Some(read_newsboat(text, origin)),
        Format::Bookmarks => Some(bookmarks::read(text, origin)),
        _ => None,
    }
}

/// The feeds of an OPML file, at any depth of its folders.
pub fn read(text: &str, origin: &Origin) -> Subscriptions {
    let (text, lines) = quoted(text);
    let tree = Tree::new(&text);
    let mut found = Subscriptions::default();
    for line in lines.into_iter().take(WARNING_CAP) {
        let message = "could not read an attribute as it is: a quotation mark in it is not written as &quot;";
        found.warnings.push(origin.warning(Some(line), message));
    }
    outlines(tree.root(), &mut Vec::new(), origin, &mut found);
    if found.feeds.is_empty() && found.warnings.is_empty() {
        found.warnings.push(origin.warning(None, "could not find a feed in the OPML file"));
    }
    found
}

fn outlines(element: Element, folders: &mut Vec<String>, origin: &Origin, found: &mut Subscriptions) {
    for inner in element.elements() {
        if inner.name() != "outline" {
            outlines(inner, folders, origin, found);
            continue;
        }
        let name = ["title", "text"].iter().find_map(|key| inner.attribute(key));
        let name = name.map(|name| clean_line(&name)).filter(|name| !name.is_empty());
        let address = address_of(inner);
        let is_feed = address.is_some();
        if let (Some(page), Some(kind)) = (&address, made_by(inner)) {
            let shown: String = page.chars().take(80).collect();
            let message =
                format!("could not follow \"{shown}\": it is a page that FreshRSS makes a feed of ({kind})");
            found.warnings.push(origin.warning(None, &message));
            continue;
        }
        match address {
            Some(address) => match clean_url(&address) {
                Some(url) => {
                    let mut tags = folders.clone();
                    tags.extend(categories(&inner.attribute("category").unwrap_or_default()));
                    tags.dedup();
                    let site = inner.attribute("htmlurl").and_then(|site| clean_url(&site));
                    // A list has to name each feed; one without a name is named by its address.
                    let name = name.filter(|name| *name != clean_line(&url));
                    found.feeds.push(Subscription { url, name, site, tags });
                }
                None => found.warnings.push(refused(&address, origin, None)),
            },
            None => {
                let folder = name
                    .map(|name| {
                        clean_line(clean_line(&name.replace(',', " ")).trim_start_matches([' ', '/']))
                    })
                    .filter(|name| !name.is_empty());
                folders.extend(folder.clone());
                outlines(inner, folders, origin, found);
                if folder.is_some() {
                    folders.pop();
                }
            }
        }
        if is_feed && inner.elements().next().is_some() {
            outlines(inner, folders, origin, found);
        }
    }
}

/// The address of the feed that an outline names. Some programs write `url` for `xmlUrl`; an outline of another type with
/// a `url` is a link to a page or to another list.
fn address_of(outline: Element) -> Option<String> {
    let written = |name: &str| outline.attribute(name).map(std::borrow::Cow::into_owned);
    let kind = written("type").unwrap_or_default().to_ascii_lowercase();
    let is_link = ["link", "include", "outline"].contains(&kind.as_str());
    written("xmlurl").or_else(|| written("url").filter(|url| !is_link && !url.trim().is_empty()))
}

/// By what FreshRSS makes a feed of a page that is none, as the type of an outline tells it: `HTML+XPath`.
fn made_by(outline: Element) -> Option<String> {
    let kind = outline.attribute("type")?.trim().to_owned();
    let start = kind.split('+').next().unwrap_or_default().to_ascii_lowercase();
    (kind.contains('+') && ["html", "xml", "json"].contains(&start.as_str())).then_some(kind)
}

/// The text with `&quot;` for each quotation mark that stands within an attribute of an outline, and the lines on which
/// there were any. A mark ends an attribute if another attribute or the end of the tag follows it. Linear.
fn quoted(text: &str) -> (Cow<'_, str>, Vec<u64>) {
    let bytes = text.as_bytes();
    let (mut out, mut copied, mut lines) = (String::new(), 0, Vec::new());
    let (mut at, mut line, mut counted) = (0, 1_u64, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("<outline")) {
        at += found + "<outline".len();
        // Attribute by attribute, to the end of the tag.
        while let Some(open) =
            bytes.get(at..).and_then(|rest| rest.iter().position(|b| matches!(b, b'"' | b'>' | b'<')))
        {
            at += open;
            if bytes.get(at) != Some(&b'"') {
                break;
            }
            at += 1;
            while let Some(mark) =
                bytes.get(at..).and_then(|rest| rest.iter().position(|b| matches!(b, b'"' | b'<')))
            {
                at += mark;
                if bytes.get(at) == Some(&b'<') || ends_attribute(&bytes[at + 1..]) {
                    break;
                }
                line += bytes[counted..at].iter().filter(|byte| **byte == b'\n').count() as u64;
                counted = at;
                if lines.last() != Some(&line) {
                    lines.push(line);
                }
                out.push_str(&text[copied..at]);
                out.push_str("&quot;");
                at += 1;
                copied = at;
            }
            at += usize::from(bytes.get(at) == Some(&b'"'));
        }
    }
    match lines.is_empty() {
        true => (Cow::Borrowed(text), lines),
        false => {
            out.push_str(&text[copied..]);
            (Cow::Owned(out), lines)
        }
    }
}

/// Whether what follows a quotation mark shows that it ended an attribute: the end of the tag, or a name and `=`.
fn ends_attribute(rest: &[u8]) -> bool {
    let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = &rest[blanks..];
    let name = rest.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_:-.".contains(b)).count();
    match rest.first() {
        None | Some(b'>') => true,
        Some(b'/') => rest.get(1) == Some(&b'>'),
        _ => {
            name > 0
                && rest.get(name) == Some(&b'=')
                && matches!(rest.get(name + 1), Some(b'"' | b'\'' | b' '))
        }
    }
}

/// The tags in OPML's `/World/Africa,Sport,Arts/Music`: the last part of a path, which begins with a slash; else the whole.
fn categories(text: &str) -> Vec<String> {
    let tag = |text: &str| {
        let text = clean_line(text);
        let path = text.strip_prefix('/').and_then(|path| path.rsplit('/').next().map(clean_line));
        path.unwrap_or(text)
    };
    text.split(',').map(tag).filter(|tag| !tag.is_empty()).collect()
}

fn refused(address: &str, origin: &Origin, line: Option<u64>) -> Warning {
    let shown: String = address.chars().take(80).collect();
    origin.warning(
        line,
        &format!("could not follow \"{shown}\": only http and https addresses can be followed"),
    )
}

/// The feeds as OPML, without addresses that are not http or https. The first tag of a feed becomes its folder. [`read`] returns the same feeds, in the order of the
/// folders.
pub fn write(title: &str, feeds: &[Subscription]) -> String {
    let feeds: Vec<&Subscription> = feeds.iter().filter(|feed| clean_url(&feed.url).is_some()).collect();
    let mut folders: Vec<&str> = Vec::new();
    for folder in feeds.iter().filter_map(|feed| feed.tags.first()) {
        if !folders.contains(&folder.as_str()) {
            folders.push(folder);
        }
    }
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head><title>{}</title></head>\n<body>\n",
        escape(title)
    );
    for feed in feeds.iter().filter(|feed| feed.tags.is_empty()) {
        out.push_str(&outline(feed, "  "));
    }
    for folder in folders {
        out.push_str(&format!("  <outline text=\"{0}\" title=\"{0}\">\n", escape(folder)));
        for feed in feeds.iter().filter(|feed| feed.tags.first().is_some_and(|tag| tag == folder)) {
            out.push_str(&outline(feed, "    "));
        }
        out.push_str("  </outline>\n");
    }
    out.push_str("</body>\n</opml>\n");
    out
}

fn outline(feed: &Subscription, indent: &str) -> String {
    let name = feed.name.as_deref().unwrap_or(&feed.url);
    let mut out = format!("{indent}<outline type=\"rss\" text=\"{0}\" title=\"{0}\"", escape(name));
    out.push_str(&format!(" xmlUrl=\"{}\"", escape(&feed.url)));
    if let Some(site) = feed.site.as_deref().and_then(clean_url) {
        out.push_str(&format!(" htmlUrl=\"{}\"", escape(&site)));
    }
    let further = feed.tags.get(1..).unwrap_or_default();
    if !further.is_empty() {
        out.push_str(&format!(" category=\"{}\"", escape(&further.join(","))));
    }
    out.push_str("/>\n");
    out
}

/// `text` for an attribute or an element. A parser of XML makes a space of a line break in an attribute unless it is a
/// reference. Characters that XML cannot hold in any form become U+FFFD.
fn escape(text: &str) -> String {
    markup(&text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")).replace('\n', "&#10;")
}

/// Whether a text is newsboat's `urls` file: each line begins with an address or a query, or with a program or filter
/// that newsboat runs. Headings in quotation marks or between dashes may stand among them (`"---NEWS---"`). The first 50
/// lines are examined; empty lines and comments do not count.
pub(super) fn is_newsboat(text: &str) -> bool {
    const STARTS: [&str; 9] =
        ["http://", "https://", "query:", "\"query:", "exec:", "\"exec:", "filter:", "\"filter:", "file:"];
    let is_entry = |line: &str| STARTS.iter().any(|start| line.starts_with(start));
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim().trim_start_matches('\u{feff}'))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .take(50)
        .collect();
    lines.iter().any(|line| is_entry(line)) && lines.iter().all(|line| is_entry(line) || is_heading(line))
}

/// Whether a line of `urls` is only a heading: words in quotation marks, as newsboat itself shows them, or a rule.
fn is_heading(line: &str) -> bool {
    let is_quoted = line.len() >= 2 && line.starts_with('"') && line.ends_with('"') && line.len() <= 80;
    let is_ruled = ["---", "===", "***", "###", "~~~"].iter().any(|rule| line.starts_with(rule));
    is_quoted && line.matches('"').count() == 2 || is_ruled
}

/// The feeds and saved searches of newsboat's `urls` file: each line has an address and then tags. `"~Title"` names the
/// feed, `query:Name:expression` is a search, and `!` hides a feed, which is not done here and warned of. Lines that would
/// run a command (`exec:`, `filter:`) or read a file are skipped, each with a warning.
pub fn read_newsboat(text: &str, origin: &Origin) -> Subscriptions {
    let mut found = Subscriptions::default();
    for (at, line) in text.lines().enumerate() {
        let number = Some(at as u64 + 1);
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let words = words(line);
        let Some((address, tags)) = words.split_first() else { continue };
        if let Some(query) = address.strip_prefix("query:") {
            match query.split_once(':') {
                Some((name, expression)) => found.searches.push((clean_line(name), expression.to_owned())),
                None => {
                    let message = "could not import the search: it has no expression";
                    found.warnings.push(origin.warning(number, message));
                }
            }
            continue;
        }
        let Some(url) = clean_url(address) else {
            found.warnings.push(refused(address, origin, number));
            continue;
        };
        let name =
            tags.iter().find_map(|tag| tag.strip_prefix('~')).map(clean_line).filter(|name| !name.is_empty());
        if tags.iter().any(|tag| tag.starts_with('!')) {
            let message = format!("{url} is hidden in newsboat (!); here it is shown like the others");
            found.warnings.push(origin.warning(number, &message));
        }
        let tags = tags.iter().filter(|tag| !tag.starts_with('~') && !tag.starts_with('!'));
        let tags = tags.map(|tag| clean_line(tag).replace(',', " ")).filter(|tag| !tag.is_empty()).collect();
        found.feeds.push(Subscription { url, name, site: None, tags });
    }
    found
}

/// The words of a line. Words in quotation marks may hold spaces; a backslash in them escapes the next character.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(chars.next()),
            '#' if !quoted && word.is_none() => break,
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::harmless::is_forbidden;
    use chrono::DateTime;
    use proptest::prelude::*;
    use proptest::{collection, sample};

    fn origin() -> Origin {
        Origin { path: Some("urls".to_owned()), source: String::new(), time: DateTime::UNIX_EPOCH }
    }

    fn show(found: &Subscriptions) -> Vec<String> {
        let feed = |feed: &Subscription| {
            format!("{} {} [{}]", feed.url, feed.name.as_deref().unwrap_or("-"), feed.tags.join(", "))
        };
        let search = |(name, expression): &(String, String)| format!("{name} = {expression}");
        let warnings = found.warnings.iter().map(ToString::to_string);
        found.feeds.iter().map(feed).chain(found.searches.iter().map(search)).chain(warnings).collect()
    }

    #[test]
    fn opml() {
        let text = "<?xml version='1.0'?><opml version='2.0'><head><title>x</title></head><body>\
            <outline text='World'><outline text='Africa'><outline type='rss' text='A &amp; B' xmlUrl='https://a.org/f' \
            htmlUrl='https://a.org/'/></outline></outline><outline title='C' xmlUrl='https://c.org/f' category='/x/Sport'/>\
            <outline text='evil' xmlUrl='exec:rm -rf /'/><outline text='file' xmlUrl='file:///etc/passwd'/></body></opml>";
        assert!(is_opml(text));
        assert_eq!(
            show(&read(text, &origin())),
            [
                "https://a.org/f A & B [World, Africa]",
                "https://c.org/f C [Sport]",
                "urls: could not follow \"exec:rm -rf /\": only http and https addresses can be followed",
                "urls: could not follow \"file:///etc/passwd\": only http and https addresses can be followed",
            ]
        );
    }

    #[test]
    fn what_freshrss_makes_of_pages_is_named_and_not_followed() {
        let text = "<opml xmlns:frss='https://freshrss.org/opml' version='2.0'><body><outline text='Trade'>\
            <outline text='Quay' type='rss' xmlUrl='https://a.org/f' frss:priority='important'/>\
            <outline text='Grain' type='HTML+XPath' xmlUrl='https://b.org/news' frss:xPathItem='//a'/>\
            <outline text='Tin' type='JSONFeed' xmlUrl='https://c.org/f'/></outline></body></opml>";
        assert_eq!(
            show(&read(text, &origin())),
            [
                "https://a.org/f Quay [Trade]",
                "https://c.org/f Tin [Trade]",
                "urls: could not follow \"https://b.org/news\": it is a page that FreshRSS makes a feed of (HTML+XPath)",
            ]
        );
    }

    #[test]
    fn a_mark_that_is_not_escaped_costs_nothing_and_is_told() {
        let text = "<opml><body><outline text='Blogs'>\n\
            <outline text=\"Design\" title=\"The \"best\" of it\" type=\"rss\" xmlUrl=\"https://a.org/f\"/>\n\
            <outline text=\"B\" xmlUrl=\"https://b.org/f\" />\n</outline><outline text=\"C\" xmlUrl=\"https://c.org/f\"></outline></body></opml>";
        assert_eq!(
            show(&read(text, &origin())),
            [
                "https://a.org/f The \"best\" of it [Blogs]",
                "https://b.org/f B [Blogs]",
                "https://c.org/f C []",
                "urls:2: could not read an attribute as it is: a quotation mark in it is not written as &quot;",
            ]
        );
    }

    #[test]
    fn an_address_may_be_called_url() {
        let text = "<opml><body><outline text='A' type='rss' url='https://a.org/f'/>\
            <outline text='B' type='link' url='https://b.org/'/></body></opml>";
        assert_eq!(show(&read(text, &origin())), ["https://a.org/f A []"]);
    }

    #[test]
    fn headings_of_newsboat_are_passed_over() {
        let text = "\"---BLOGS---\"\n\" \"\nhttps://a.org/f blogs\n--- News ---\nhttps://b.org/f\n";
        assert!(is_newsboat(text));
        let found = read_newsboat(text, &origin());
        assert_eq!((found.feeds.len(), found.warnings.len()), (2, 3));
        assert!(!is_newsboat("\"Yes,\" she said.\nhttps://a.org/\n"));
        assert!(!is_newsboat("\"A quotation\"\n"));
    }

    #[test]
    fn opml_out_and_in_again() {
        let feed = |url: &str, name: Option<&str>, tags: &[&str]| Subscription {
            url: url.to_owned(),
            name: name.map(str::to_owned),
            site: Some("https://example.org/".to_owned()),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        };
        let feeds = [
            feed("https://a.org/f?a=1&b=2", Some("A \"quoted\" <b>"), &[]),
            feed("https://b.org/f", Some("B"), &["World", "Africa"]),
            feed("https://c.org/f", Some("C"), &["Sport & co"]),
        ];
        assert_eq!(read(&write("Mine", &feeds), &origin()).feeds, feeds);
    }

    #[test]
    fn folders_with_commas_and_slashes_come_back_as_they_were() {
        let list = "<opml><body><outline text='/,News,, World'><outline text='Arts/Music'>\
            <outline xmlUrl='https://example.org/'/></outline></outline></body></opml>";
        let feeds = read(list, &origin()).feeds;
        assert_eq!(
            feeds.first().map(|feed| feed.tags.clone()),
            Some(vec!["News World".to_owned(), "Arts/Music".to_owned()])
        );
        assert_eq!(read(&write("list", &feeds), &origin()).feeds, feeds);
    }

    #[test]
    fn a_feed_without_a_name_has_none_when_it_comes_back() {
        let url = "https://example.org/feed".to_owned();
        let feeds = [Subscription { url, name: None, site: None, tags: Vec::new() }];
        let written = write("list", &feeds);
        assert_eq!(read(&written, &origin()).feeds, feeds);
    }

    /// Texts with all that XML and HTML know, as names, tags and addresses.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = sample::select(vec![
            "<script>alert(1)</script>",
            "\"",
            "'",
            "`",
            "<",
            ">",
            "&",
            "&lt;",
            "&#x3c;",
            "]]>",
            "<!--",
            "-->",
            "<![CDATA[",
            "/>",
            " onload=",
            "\n",
            "\t",
            "\r",
            "\0",
            "\u{1b}",
            "\u{fffe}",
            "\u{ffff}",
            "\u{202e}",
            "\u{2028}",
            "é",
            "a",
            " ",
        ]);
        collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_name_is_markup(name in hostile(), tags in collection::vec(hostile(), 0..3), rest in hostile()) {
            let site = Some(format!("javascript:{rest}"));
            let url = format!("https://a.org/{rest}");
            let feed = Subscription { url: url.clone(), name: Some(name.clone()), site, tags: tags.clone() };
            let bad = Subscription { url: format!("javascript:{rest}"), ..feed.clone() };
            let written = write(&name, &[feed.clone(), bad, feed]);
            let document = roxmltree::Document::parse(&written).expect("XML");
            let allowed = |text: &str| -> String {
                let odd = |c: char| is_forbidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
                text.chars().map(|c| if odd(c) { '\u{fffd}' } else { c }).collect()
            };
            let of = |element: &str| document.descendants().filter(|node| node.has_tag_name(element)).count();
            let folders = usize::from(!tags.is_empty());
            prop_assert_eq!(of("outline"), 2 + folders);
            prop_assert_eq!(document.descendants().filter(roxmltree::Node::is_element).count(), 6 + folders);
            for feed in document.descendants().filter(|node| node.attribute("type") == Some("rss")) {
                let expected = 4 + usize::from(tags.len() > 1);
                prop_assert_eq!(feed.attributes().len(), expected);
                let attribute = |name: &str| feed.attribute(name).map(str::to_owned);
                prop_assert_eq!(attribute("title"), Some(allowed(&name)));
                prop_assert_eq!(attribute("xmlUrl"), Some(allowed(&url)));
            }
            // A browser that takes it for HTML.
            let page = dom_query::Document::from(written.as_str());
            prop_assert_eq!(page.select("script, img, svg, a, style, iframe").length(), 0);
        }
    }

    #[test]
    fn newsboat() {
        let text = "# mine\nhttps://a.org/f world \"~Wire \\\"A\\\"\" \"two words\" !\n\n\
            \"query:Unread news:unread = \\\"yes\\\"\" x\nexec:~/bin/x tag\nfilter:sort:https://b.org\nfile:///x\nhttps://c.org # no\n";
        assert_eq!(
            show(&read_newsboat(text, &origin())),
            [
                "https://a.org/f Wire \"A\" [world, two words]",
                "https://c.org - []",
                "Unread news = unread = \"yes\"",
                "urls:2: https://a.org/f is hidden in newsboat (!); here it is shown like the others",
                "urls:5: could not follow \"exec:~/bin/x\": only http and https addresses can be followed",
                "urls:6: could not follow \"filter:sort:https://b.org\": only http and https addresses can be followed",
                "urls:7: could not follow \"file:///x\": only http and https addresses can be followed",
            ]
        );
    }
}
