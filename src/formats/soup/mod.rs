//! Markup of any kind to a tree: XML that is not well formed, HTML as people write it, files that
//! end in the middle. Never fails.
//!
//! In comes decoded text, XML or HTML. Out comes a tree whose nodes point into that text. A closing
//! tag closes what it names and all that is open within it, or nothing; the end of the text closes
//! everything. Linear; nesting is cut at a depth, so that readers may recurse.

mod scan;

use super::markup::references_once;
use scan::{Event, Scan};
use std::borrow::Cow;

/// How the text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Xml,
    /// Elements without content, raw scripts, and paragraphs that the next one closes.
    Html,
}

/// Deepest nesting kept; what lies deeper is kept one beside the other.
const DEPTH_CAP: usize = 128;

/// A tree over a text.
#[derive(Debug)]
pub(super) struct Soup<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
    /// Whether something lay deeper than is kept.
    cut: bool,
}

#[derive(Debug)]
struct Node<'a> {
    /// Lower case; with its prefix, as written.
    name: Cow<'a, str>,
    attributes: &'a str,
    children: Vec<Child<'a>>,
    /// Where its content begins and ends in the text, in bytes.
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, Debug)]
enum Child<'a> {
    Element(usize),
    /// As written, with its references.
    Text(&'a str),
    /// Between the marks of CDATA, or the content of a script.
    Raw(&'a str),
}

/// What stands in an element.
#[derive(Clone, Debug)]
pub(super) enum Part<'s, 'a> {
    Element(Element<'s, 'a>),
    Text(Cow<'a, str>),
}

/// One element of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'s, 'a> {
    soup: &'s Soup<'a>,
    at: usize,
}

impl<'a> Soup<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Soup<'a> {
        let root = Node { name: "".into(), attributes: "", children: Vec::new(), start: 0, end: text.len() };
        let mut soup = Soup { text, nodes: vec![root], cut: false };
        let mut open = vec![0];
        for event in Scan::new(text, dialect) {
            match event {
                Event::Text(text) => soup.append(&open, Child::Text(text)),
                Event::Raw(text) => soup.append(&open, Child::Raw(text)),
                Event::Open { name, attributes, empty, start, end } => {
                    let name = lower(name);
                    match dialect {
                        Dialect::Html => soup.close_implied(&mut open, &name, start),
                        Dialect::Xml => soup.close_forgotten(&mut open, &name, start),
                    }
                    let at = soup.nodes.len();
                    soup.append(&open, Child::Element(at));
                    let empty = empty || dialect == Dialect::Html && is_void(&name);
                    soup.nodes.push(Node { name, attributes, children: Vec::new(), start: end, end });
                    if !empty && open.len() < DEPTH_CAP {
                        open.push(at);
                    } else if !empty {
                        soup.cut = true;
                    }
                }
                Event::Close { name, start } => {
                    let name = lower(name);
                    if let Some(depth) = soup.find_open(&open, &name) {
                        soup.close_to(&mut open, depth, start);
                    }
                }
            }
        }
        soup.close_to(&mut open, 1, text.len());
        soup
    }

    /// Whether the text nests deeper than the tree does.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The element above all others, which has no name.
    pub(super) fn root(&self) -> Element<'_, 'a> {
        Element { soup: self, at: 0 }
    }

    fn append(&mut self, open: &[usize], child: Child<'a>) {
        if let Some(node) = open.last().and_then(|&at| self.nodes.get_mut(at)) {
            node.children.push(child);
        }
    }

    fn name(&self, at: usize) -> &str {
        self.nodes.get(at).map_or("", |node| &node.name)
    }

    fn find_open(&self, open: &[usize], name: &str) -> Option<usize> {
        (1..open.len()).rev().find(|&depth| open.get(depth).is_some_and(|&at| self.name(at) == name))
    }

    /// Closes the open elements from `depth` on; their content ends at byte `end`.
    fn close_to(&mut self, open: &mut Vec<usize>, depth: usize, end: usize) {
        for at in open.drain(depth.min(open.len())..) {
            if let Some(node) = self.nodes.get_mut(at) {
                node.end = end;
            }
        }
    }

    /// What an opening tag at byte `end` closes in a feed that forgot to: an item by the next, an
    /// address or a date by anything.
    fn close_forgotten(&mut self, open: &mut Vec<usize>, name: &str, end: usize) {
        let innermost = open.last().map_or("", |&at| self.name(at));
        if matches!(innermost, "link" | "guid" | "pubdate" | "dc:date") {
            self.close_to(open, open.len() - 1, end);
        }
        if matches!(name, "item" | "entry")
            && let Some(depth) = self.find_open(open, name)
        {
            self.close_to(open, depth, end);
        }
    }

    /// What an opening tag at byte `end` closes in HTML: a paragraph by a block, an item by an item.
    fn close_implied(&mut self, open: &mut Vec<usize>, name: &str, end: usize) {
        let closes: &[&str] = match name {
            "li" => &["li", "p"],
            "dt" | "dd" => &["dt", "dd", "p"],
            "tr" => &["tr", "td", "th", "p"],
            "td" | "th" => &["td", "th", "p"],
            "option" => &["option"],
            "body" => &["head"],
            name if super::html::is_block(name) => &["p"],
            _ => return,
        };
        let closed = open.iter().rev().take_while(|&&at| closes.contains(&self.name(at))).count();
        self.close_to(open, open.len() - closed, end);
    }
}

impl<'s, 'a> Element<'s, 'a> {
    fn node(self) -> Option<&'s Node<'a>> {
        self.soup.nodes.get(self.at)
    }

    /// In lower case, with its prefix.
    pub(super) fn name(self) -> &'s str {
        self.node().map_or("", |node| &node.name)
    }

    pub(super) fn elements(self) -> impl Iterator<Item = Element<'s, 'a>> {
        let children = self.node().map_or(&[][..], |node| &node.children);
        children.iter().filter_map(move |child| match child {
            Child::Element(at) => Some(Element { soup: self.soup, at: *at }),
            _ => None,
        })
    }

    /// What is in it, in order; references are decoded.
    pub(super) fn parts(self) -> impl Iterator<Item = Part<'s, 'a>> {
        let children = self.node().map_or(&[][..], |node| &node.children);
        children.iter().map(move |child| match *child {
            Child::Element(at) => Part::Element(Element { soup: self.soup, at }),
            Child::Text(text) => Part::Text(references_once(text)),
            Child::Raw(text) => Part::Text(Cow::Borrowed(text)),
        })
    }

    pub(super) fn child(self, name: &str) -> Option<Element<'s, 'a>> {
        self.elements().find(|element| element.name() == name)
    }

    /// All elements below it, in the order of the text.
    pub(super) fn below(self) -> impl Iterator<Item = Element<'s, 'a>> {
        let mut pending: Vec<Element> = self.elements().collect();
        pending.reverse();
        std::iter::from_fn(move || {
            let element = pending.pop()?;
            let from = pending.len();
            pending.extend(element.elements());
            if let Some(fresh) = pending.get_mut(from..) {
                fresh.reverse();
            }
            Some(element)
        })
    }

    pub(super) fn descendants(self) -> Vec<Element<'s, 'a>> {
        self.below().collect()
    }

    /// The value of an attribute, decoded.
    pub(super) fn attribute(self, name: &str) -> Option<Cow<'a, str>> {
        let found = attributes(self.node()?.attributes).find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| references_once(value))
    }

    /// The names and values of its attributes; values as written.
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        attributes(self.node().map_or("", |node| node.attributes))
    }

    /// Its attributes as written.
    pub(super) fn markup(self) -> &'a str {
        self.node().map_or("", |node| node.attributes)
    }

    /// Its content as written.
    pub(super) fn inner(self) -> &'a str {
        self.node().and_then(|node| self.soup.text.get(node.start..node.end)).unwrap_or_default()
    }

    /// The text in it and below it, decoded, without its markup.
    pub(super) fn text(self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    fn write_text(self, out: &mut String) {
        for part in self.parts() {
            match part {
                Part::Text(text) => out.push_str(&text),
                Part::Element(element) => element.write_text(out),
            }
        }
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

/// The attributes in what stands between a tag's name and its end.
fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let length = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(length);
        if rest.is_empty() {
            return None;
        }
        let Some(value) = tail.trim_start().strip_prefix('=') else {
            rest = if length == 0 { "" } else { tail };
            return Some((name, ""));
        };
        let value = value.trim_start();
        let (value, tail) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value.get(1..).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = tail;
        Some((name, value))
    })
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "iframe"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in brackets: `name[attributes](content)`.
    fn show(element: Element) -> String {
        let mut out = String::new();
        for part in element.parts() {
            match part {
                Part::Text(text) => out.push_str(text.trim()),
                Part::Element(inner) => {
                    out.push_str(inner.name());
                    for (name, value) in inner.attributes() {
                        out.push_str(&format!("[{name}={value}]"));
                    }
                    out.push_str(&format!("({})", show(inner)));
                }
            }
        }
        out
    }

    fn check(dialect: Dialect, text: &str, expected: &str) {
        assert_eq!(show(Soup::new(text, dialect).root()), expected, "{text:?}");
    }

    #[test]
    fn xml() {
        check(
            Dialect::Xml,
            "<?xml version='1.0'?><a x='1' y=\"2 &gt; 1\"><B/>t &amp; u</a>",
            "a[x=1][y=2 &gt; 1](b()t & u)",
        );
        check(Dialect::Xml, "<a><![CDATA[<p>x & y</p>]]></a><!-- <z> -->", "a(<p>x & y</p>)");
        check(Dialect::Xml, "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&nbsp;&eacute;</a>", "a(é)");
        check(Dialect::Xml, "<link>x</link><br>y</br>", "link(x)br(y)");
    }

    #[test]
    fn what_is_broken() {
        check(Dialect::Xml, "<a><b>x</a><c>y</d></c>", "a(b(x))c(y)");
        check(Dialect::Xml, "<a><b>x", "a(b(x))");
        check(Dialect::Xml, "<a><b>x <c attr=\"", "a(b(x))");
        check(Dialect::Xml, "a < b <a>AT&T</a>", "a < ba(AT&T)");
        check(Dialect::Xml, "<a><![CDATA[x", "a(x)");
        check(Dialect::Xml, "<a b=c d e='f>g</a>", "a[b=c][d=][e=f](g)");
    }

    #[test]
    fn html() {
        check(Dialect::Html, "<p>a<p>b<div>c</div>", "p(a)p(b)div(c)");
        check(Dialect::Html, "<ul><li>a<li>b</ul><br>c<img src=x>", "ul(li(a)li(b))br()cimg[src=x]()");
        check(Dialect::Html, "<script>if (a<b) '<p>'</script>d", "script(if (a<b) '<p>')d");
        check(Dialect::Html, "<table><tr><td>a<td>b<tr><td>c</table>", "table(tr(td(a)td(b))tr(td(c)))");
    }

    #[test]
    fn depth_is_cut() {
        let deep = "<a>".repeat(100_000);
        assert_eq!(Soup::new(&deep, Dialect::Xml).root().descendants().len(), 100_000);
    }

    proptest::proptest! {
        #[test]
        fn anything_is_survived(text in "(<|>|/|p|br|li|td|&|amp;|script| |\n|x|é|\"|=|!--|<!\\[CDATA\\[|\\?|\\]){0,60}") {
            for dialect in [Dialect::Xml, Dialect::Html] {
                show(Soup::new(&text, dialect).root());
            }
        }
    }
}
