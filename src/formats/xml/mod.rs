//! A lenient reader of XML for feeds and feed lists that are not well formed: crossed and missing tags, raw HTML in
//! titles, undeclared entities, files that end in the middle. It never fails.
//!
//! In comes decoded text. Out comes a tree whose nodes point into that text. A closing tag closes the element that
//! it names and everything that is open within it, or nothing at all; the end of the text closes everything. The
//! cost is linear. Nesting is limited, so that callers may recurse, and so is the number of pieces that are in memory
//! at once: the items of a feed are handed over one by one.
//!
//! No crate serves here. `quick-xml` and `roxmltree` stop at the first error, and so do the readers of feeds that
//! are built on such a parser (`feed-rs`, `rss`, `atom_syndication`): they refuse what feedparser's test suite wants
//! read. This reader gives the expected values in 1,231 of the 1,328 tests of that suite that apply to it (see the
//! accuracy figures in the documentation). An HTML parser would read every broken file, but by the rules of HTML: it
//! empties `<link>https://…</link>`, moves elements out of tables and knows no CDATA.

mod entities;
mod scan;

use super::markup::references_once;
pub(super) use entities::expanded;
pub(super) use scan::declaration;
use scan::{Event, Scan};
use std::borrow::Cow;

/// The deepest nesting that is kept. Elements below it become siblings.
const DEPTH_CAP: usize = 128;
/// The most elements and texts of a tree, without its items; each takes about 100 bytes. What follows is left out.
const TREE_CAP: usize = 400_000;
/// The same for one item. The longest articles of real feeds have a few thousand.
const ITEM_CAP: usize = 50_000;

/// A tree over a text.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
    /// How many elements and texts it has now.
    size: usize,
    /// The outermost open item, and how large the tree was before it.
    item: Option<(usize, usize)>,
}

#[derive(Debug)]
struct Node<'a> {
    /// In lower case, with its prefix.
    name: Cow<'a, str>,
    attributes: &'a str,
    children: Vec<Child<'a>>,
    /// Where its content begins in the text, in bytes.
    start: usize,
    /// Where its content ends, exclusive.
    end: usize,
}

#[derive(Clone, Copy, Debug)]
enum Child<'a> {
    Element(usize),
    /// Text as written, with its character references.
    Text(&'a str),
    /// The content of a CDATA section.
    Raw(&'a str),
}

/// One piece of an element's content.
#[derive(Clone, Debug)]
pub(super) enum Content<'s, 'a> {
    Element(Element<'s, 'a>),
    Text(Cow<'a, str>),
}

/// One element of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'s, 'a> {
    tree: &'s Tree<'a>,
    at: usize,
}

/// Which elements are items, by their names in lower case, and what is done with each of them.
struct Items<'f> {
    are: &'f dyn Fn(&str) -> bool,
    each: &'f mut dyn FnMut(Element),
}

impl<'a> Tree<'a> {
    /// Reads a text. Any text gives a tree.
    pub(super) fn new(text: &'a str) -> Tree<'a> {
        Tree::without_items(text, &|_| false, &mut |_| {})
    }

    /// Reads a text in which the elements with the names that pass `are` are items. Calls `each` with every item as soon
    /// as it is complete (an inner one before the one around it), and drops the item then: the tree that is returned
    /// has none. So the memory does not grow with the number of items.
    pub(super) fn without_items(
        text: &'a str,
        are: &dyn Fn(&str) -> bool,
        each: &mut dyn FnMut(Element),
    ) -> Tree<'a> {
        let root = Node { name: "".into(), attributes: "", children: Vec::new(), start: 0, end: text.len() };
        let mut tree = Tree { text, nodes: vec![root], size: 1, item: None };
        let mut items = Items { are, each };
        let mut open = vec![0];
        for event in Scan::new(text) {
            match event {
                Event::Text(text) => tree.append(&open, Child::Text(text)),
                Event::Raw(text) => tree.append(&open, Child::Raw(text)),
                Event::Open { name, attributes, empty, start, end } => {
                    let name = lower(name);
                    tree.close_forgotten(&mut open, &name, start, &mut items);
                    let is_item = (items.are)(&name);
                    // There is always room for an item itself.
                    if tree.is_full() && !(is_item && tree.item.is_none()) {
                        continue;
                    }
                    let at = tree.nodes.len();
                    if is_item && tree.item.is_none() {
                        tree.item = Some((at, tree.size));
                    }
                    tree.push(&open, Child::Element(at));
                    tree.nodes.push(Node { name, attributes, children: Vec::new(), start: end, end });
                    if !empty && open.len() < DEPTH_CAP {
                        open.push(at);
                    } else if is_item {
                        tree.take_item(at, &open, &mut items);
                    }
                }
                Event::Close { name, start } => {
                    let name = lower(name);
                    if let Some(depth) = tree.find_open(&open, &name) {
                        tree.close_to(&mut open, depth, start, &mut items);
                    }
                }
            }
        }
        tree.close_to(&mut open, 1, text.len(), &mut items);
        tree
    }

    /// The element that holds all others. It has no name.
    pub(super) fn root(&self) -> Element<'_, 'a> {
        Element { tree: self, at: 0 }
    }

    fn is_full(&self) -> bool {
        match self.item {
            Some((_, before)) => self.size - before >= ITEM_CAP,
            None => self.size >= TREE_CAP,
        }
    }

    fn append(&mut self, open: &[usize], child: Child<'a>) {
        if !self.is_full() {
            self.push(open, child);
        }
    }

    fn push(&mut self, open: &[usize], child: Child<'a>) {
        if let Some(node) = open.last().and_then(|&at| self.nodes.get_mut(at)) {
            node.children.push(child);
            self.size += 1;
        }
    }

    fn name(&self, at: usize) -> &str {
        self.nodes.get(at).map_or("", |node| &node.name)
    }

    fn find_open(&self, open: &[usize], name: &str) -> Option<usize> {
        (1..open.len()).rev().find(|&depth| open.get(depth).is_some_and(|&at| self.name(at) == name))
    }

    /// Closes the open elements from `depth` on; their content ends at byte `end`.
    fn close_to(&mut self, open: &mut Vec<usize>, depth: usize, end: usize, items: &mut Items) {
        while open.len() > depth.max(1) {
            let Some(at) = open.pop() else { return };
            let Some(node) = self.nodes.get_mut(at) else { continue };
            node.end = end;
            if (items.are)(self.name(at)) {
                self.take_item(at, open, items);
            }
        }
    }

    /// Hands the complete item at `at` over and drops it. All later nodes are within it. `open` is what is open around it.
    fn take_item(&mut self, at: usize, open: &[usize], items: &mut Items) {
        (items.each)(Element { tree: self, at });
        self.nodes.truncate(at);
        if let Some(around) = open.last().and_then(|&around| self.nodes.get_mut(around)) {
            around.children.pop();
        }
        if let Some((_, before)) = self.item.filter(|(outermost, _)| *outermost == at) {
            self.size = before;
            self.item = None;
        }
    }

    /// Closes what an opening tag at byte `end` shows to have been left open: an item by the next item, an address or
    /// a date by any element.
    fn close_forgotten(&mut self, open: &mut Vec<usize>, name: &str, end: usize, items: &mut Items) {
        let innermost = open.last().map_or("", |&at| self.name(at));
        if matches!(innermost, "link" | "guid" | "pubdate" | "dc:date") {
            self.close_to(open, open.len() - 1, end, items);
        }
        if matches!(name, "item" | "entry")
            && let Some(depth) = self.find_open(open, name)
        {
            self.close_to(open, depth, end, items);
        }
    }
}

impl<'s, 'a> Element<'s, 'a> {
    fn node(self) -> Option<&'s Node<'a>> {
        self.tree.nodes.get(self.at)
    }

    /// In lower case, with its prefix.
    pub(super) fn name(self) -> &'s str {
        self.node().map_or("", |node| &node.name)
    }

    pub(super) fn elements(self) -> impl Iterator<Item = Element<'s, 'a>> {
        let children = self.node().map_or(&[][..], |node| &node.children);
        children.iter().filter_map(move |child| match child {
            Child::Element(at) => Some(Element { tree: self.tree, at: *at }),
            _ => None,
        })
    }

    /// Its content in order, with character references decoded.
    pub(super) fn content(self) -> impl Iterator<Item = Content<'s, 'a>> {
        let children = self.node().map_or(&[][..], |node| &node.children);
        children.iter().map(move |child| match *child {
            Child::Element(at) => Content::Element(Element { tree: self.tree, at }),
            Child::Text(text) => Content::Text(references_once(text)),
            Child::Raw(text) => Content::Text(Cow::Borrowed(text)),
        })
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

    /// The value of an attribute, with character references decoded.
    pub(super) fn attribute(self, name: &str) -> Option<Cow<'a, str>> {
        let found = attributes(self.node()?.attributes).find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| references_once(value))
    }

    /// Its attributes as written.
    pub(super) fn markup(self) -> &'a str {
        self.node().map_or("", |node| node.attributes)
    }

    /// Its content as written.
    pub(super) fn inner(self) -> &'a str {
        self.node().and_then(|node| self.tree.text.get(node.start..node.end)).unwrap_or_default()
    }

    /// The text in it and below it, decoded, without its markup.
    pub(super) fn text(self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    fn write_text(self, out: &mut String) {
        for part in self.content() {
            match part {
                Content::Text(text) => out.push_str(&text),
                Content::Element(element) => element.write_text(out),
            }
        }
    }
}

/// The attributes of all elements of a text that have a declaration of a namespace among them, as written.
pub(super) fn declared(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let tags = Scan::new(text).filter_map(|event| match event {
        Event::Open { attributes, .. } if attributes.contains("xmlns:") => Some(attributes),
        _ => None,
    });
    tags.flat_map(attributes)
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

/// The attributes in the text between the name of a tag and its end.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in brackets: `name[attributes](content)`.
    fn show(element: Element) -> String {
        let mut out = String::new();
        for part in element.content() {
            match part {
                Content::Text(text) => out.push_str(text.trim()),
                Content::Element(inner) => {
                    out.push_str(inner.name());
                    for (name, value) in attributes(inner.markup()) {
                        out.push_str(&format!("[{name}={value}]"));
                    }
                    out.push_str(&format!("({})", show(inner)));
                }
            }
        }
        out
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(show(Tree::new(text).root()), expected, "{text:?}");
    }

    #[test]
    fn xml() {
        check(
            "<?xml version='1.0'?><a x='1' y=\"2 &gt; 1\"><B/>t &amp; u</a>",
            "a[x=1][y=2 &gt; 1](b()t & u)",
        );
        check("<a><![CDATA[<p>x & y</p>]]></a><!-- <z> -->", "a(<p>x & y</p>)");
        check("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&nbsp;&eacute;</a>", "a(é)");
        check("<link>x</link><br>y</br>", "link(x)br(y)");
    }

    #[test]
    fn broken_xml() {
        check("<a><b>x</a><c>y</d></c>", "a(b(x))c(y)");
        check("<a><b>x", "a(b(x))");
        check("<a><b>x <c attr=\"", "a(b(x))");
        check("a < b <a>AT&T</a>", "a < ba(AT&T)");
        check("<a><![CDATA[x", "a(x)");
        check("<a b=c d e='f>g</a>", "a[b=c][d=][e=f](g)");
    }

    #[test]
    fn depth_is_limited() {
        let deep = "<a>".repeat(100_000);
        assert_eq!(Tree::new(&deep).root().below().count(), 100_000);
    }

    #[test]
    fn the_number_of_pieces_is_limited() {
        let many = "<a/>x".repeat(TREE_CAP);
        assert!(Tree::new(&many).nodes.len() <= TREE_CAP);
        let mut largest = 0;
        let items = format!("{many}<item>{}</item><item><b/></item>", "<a/>".repeat(2 * ITEM_CAP));
        let mut names = Vec::new();
        let tree = Tree::without_items(&items, &|name| name == "item", &mut |item| {
            largest = largest.max(item.below().count());
            names.push(item.elements().next().map_or(String::new(), |first| first.name().to_owned()));
        });
        assert!(largest < ITEM_CAP, "{largest}");
        assert_eq!(names, ["a", "b"]);
        assert!(tree.nodes.len() <= TREE_CAP);
    }

    #[test]
    fn items_are_handed_over_and_dropped() {
        let text = "<a><t>x</t><item><b>1</b></item>y<item/><item>2<item>3<c><entry>4</c></a>z";
        let mut found = Vec::new();
        let is_item = |name: &str| matches!(name, "item" | "entry");
        let tree = Tree::without_items(text, &is_item, &mut |item| {
            found.push(format!("{}:{}:{}", item.name(), show(item), item.inner()));
        });
        assert_eq!(
            found,
            ["item:b(1):<b>1</b>", "item::", "item:2:2", "entry:4:4", "item:3c():3<c><entry>4</c>"]
        );
        assert_eq!(show(tree.root()), "a(t(x)y)z");
        assert_eq!((tree.nodes.len(), tree.item), (3, None));
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_a_tree(text in "(<|>|/|p|br|li|td|&|amp;|script| |\n|x|é|\"|=|!--|<!\\[CDATA\\[|\\?|\\]){0,60}") {
            show(Tree::new(&text).root());
        }
    }
}
