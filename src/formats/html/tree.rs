//! HTML as a browser reads it: text to a tree, with the standard's own algorithm (`html5ever`).
//!
//! In comes decoded text, a whole page or the body of an article. Out comes a tree (`dom_query`) in which the
//! elements that the text leaves out have been added and crossed tags are in order. It never fails.
//!
//! The algorithm has no limits of its own: deep nesting and unclosed formatting cost time and memory in the square of
//! the length. Here the parser works under a budget in proportion to the length. What is left of the text once the
//! budget is spent is added to the tree as plain paragraphs. The tree is at most [`DEPTH_CAP`] elements deep, so that
//! its readers may recurse.
//!
//! This is the only module that knows the two crates (with `story`, which hands the tree to Readability).

use crate::formats::markup;
use dom_query::{Document, NodeData, NodeId, NodeRef};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, LocalName, ParseOpts, QualName, local_name, ns, parse_document, parse_fragment};
use std::borrow::Cow;
use std::cell::Cell;

/// The deepest nesting that is kept. Elements below it become siblings.
const DEPTH_CAP: usize = 128;
/// Steps of the parser that a text may cost, for each byte of it. Of the 130 pages of the Readability suite the
/// dearest takes 2.
const STEPS_PER_BYTE: u64 = 16;
/// The same for the nodes of the tree, of which a page has one for every 20 to 50 bytes.
const BYTES_PER_NODE: u64 = 2;
/// What any text may cost, however short it is.
const STEPS_FREE: u64 = 1 << 16;
const NODES_FREE: u64 = 1 << 12;
/// The most nodes of a tree; each takes about 150 bytes.
const NODE_CAP: u64 = 400_000;
/// The text is given to the parser in pieces of so many bytes; the budget is checked after each.
const PIECE: usize = 4 << 10;
/// How much of the text may pass without an element or text that comes of it, before it is examined.
const QUIET_CAP: usize = 32 << 10;

/// The tree of a text.
pub(in crate::formats) struct Tree {
    pub(super) document: Document,
}

/// A node of a tree that holds others: an element or the root.
#[derive(Clone, Copy)]
pub(in crate::formats) struct Element<'t> {
    node: NodeRef<'t>,
}

/// One piece of an element's content.
pub(in crate::formats) enum Content<'t> {
    Element(Element<'t>),
    /// Text with its character references decoded.
    Text(StrTendril),
}

impl Tree {
    /// The tree of a whole page. It always has `html`, `head` and `body`.
    pub(in crate::formats) fn page(html: &str) -> Tree {
        let sink = Budgeted::new(html.len(), Document::default());
        run(parse_document(sink, options()), html)
    }

    /// The tree of HTML that stands in a body. As in XHTML, `<x/>` is an empty element of any name, and the marks of
    /// CDATA around HTML are dropped: feeds take HTML over from XML, and forget both.
    pub(in crate::formats) fn fragment(html: &str) -> Tree {
        let html = without_cdata(html);
        let html = with_end_tags(&html);
        let sink = Budgeted::new(html.len(), Document::fragment_sink());
        let body = QualName::new(None, ns!(html), local_name!("body"));
        run(parse_fragment(sink, options(), body, Vec::new(), false), &html)
    }

    /// The node that holds all others. It has no name.
    pub(in crate::formats) fn root(&self) -> Element<'_> {
        Element { node: self.document.root() }
    }
}

impl Clone for Tree {
    fn clone(&self) -> Tree {
        Tree { document: self.document.clone() }
    }
}

fn options() -> ParseOpts {
    let tree_builder =
        TreeBuilderOpts { scripting_enabled: false, drop_doctype: true, ..TreeBuilderOpts::default() };
    ParseOpts { tree_builder, ..ParseOpts::default() }
}

/// Feeds the text to the parser, as far as the budget goes.
fn run(mut parser: html5ever::Parser<Budgeted>, html: &str) -> Tree {
    let (mut at, mut quiet_since, mut steps) = (0, 0, 0);
    while at < html.len() && !parser.tokenizer.sink.sink.is_spent() {
        let mut end = (at + PIECE).min(html.len());
        while !html.is_char_boundary(end) {
            end += 1;
        }
        parser.process(StrTendril::from(html.get(at..end).unwrap_or_default()));
        at = end;
        let now = parser.tokenizer.sink.sink.steps.get();
        if now != steps {
            (steps, quiet_since) = (now, at);
        } else if at - quiet_since >= QUIET_CAP {
            // The parser is within one tag or one comment.
            let (before, token) = html.split_at(quiet_since);
            if is_attributes(before, token.get(..at - quiet_since).unwrap_or_default()) {
                break;
            }
            quiet_since = at;
        }
    }
    let document = parser.finish();
    if let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
        append_lines(&document, rest);
    }
    flatten(&document);
    Tree { document }
}

/// Whether a part of one token, which follows `before`, is the attributes of a tag and not a picture in one of them,
/// nor a comment. The parser compares each attribute with all before it.
fn is_attributes(before: &str, token: &str) -> bool {
    let separators = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'');
    let many = token.bytes().filter(separators).count() > QUIET_CAP / 32;
    many && before.rfind("<!--") <= before.rfind("-->")
}

/// Adds what the parser has not read, as paragraphs.
fn append_lines(document: &Document, rest: &str) {
    // The parser may have stopped within a tag.
    let rest = rest.split_once('>').map_or(rest, |(_, tail)| tail);
    let parent = document.body().unwrap_or_else(|| document.html_root());
    let text = markup::to_text(rest);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let paragraph = document.tree.new_element("p");
        paragraph.append_child(&document.tree.new_text(line));
        parent.append_child(&paragraph);
    }
}

/// Moves elements that are nested deeper than [`DEPTH_CAP`] up, behind the element that they were in. Linear.
fn flatten(document: &Document) {
    let tree = &document.tree;
    let mut pending = vec![(tree.root().id, 0)];
    while let Some((id, depth)) = pending.pop() {
        let children = tree.child_ids_of(&id);
        if depth < DEPTH_CAP {
            pending.extend(children.into_iter().map(|child| (child, depth + 1)));
            continue;
        }
        for child in children.iter().rev() {
            tree.insert_after_of(&id, child);
        }
        pending.extend(children.into_iter().map(|child| (child, depth)));
    }
}

/// HTML without the marks of CDATA, whose content is HTML.
fn without_cdata(html: &str) -> Cow<'_, str> {
    if html.contains("<![CDATA[") {
        Cow::Owned(html.replace("<![CDATA[", "").replace("]]>", ""))
    } else {
        Cow::Borrowed(html)
    }
}

/// HTML in which `<x …/>` has an end tag, where HTML would take it for an opening tag.
fn with_end_tags(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for end in memchr::memmem::find_iter(html.as_bytes(), b"/>") {
        let Some(before) = html.get(copied..end) else { continue };
        let Some(tag) = before.rfind('<').and_then(|start| before.get(start + 1..)) else { continue };
        let length = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(length);
        // In `<a href=x/>` the slash is part of the address.
        let closed = attributes.is_empty() || attributes.ends_with(['"', '\'', ' ', '\n', '\t', '\r']);
        if name.is_empty() || attributes.contains('>') || !closed || is_void(name) {
            continue;
        }
        out.push_str(before);
        out.push_str("></");
        out.push_str(name);
        out.push('>');
        copied = end + 2;
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Whether an element of this name never has content.
fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
        "track", "wbr",
    ];
    VOID.iter().any(|void| void.eq_ignore_ascii_case(name))
}

impl<'t> Element<'t> {
    /// In lower case, without a prefix. The root has the empty name.
    pub(in crate::formats) fn name(self) -> LocalName {
        self.node.qual_name_ref().map_or(local_name!(""), |name| name.local.clone())
    }

    /// The elements in it, without those below them.
    pub(in crate::formats) fn elements(self) -> impl Iterator<Item = Element<'t>> {
        self.node.children_it(false).filter(NodeRef::is_element).map(|node| Element { node })
    }

    /// Its content in order.
    pub(in crate::formats) fn content(self) -> impl Iterator<Item = Content<'t>> {
        self.node.children_it(false).filter_map(|node| {
            if node.may_have_children() {
                return Some(Content::Element(Element { node }));
            }
            let text = node.query(|node| match &node.data {
                NodeData::Text { contents } => Some(contents.clone()),
                _ => None,
            });
            text.flatten().map(Content::Text)
        })
    }

    /// The first element of this name in it.
    pub(in crate::formats) fn child(self, name: &str) -> Option<Element<'t>> {
        self.elements().find(|element| element.is(name))
    }

    /// All elements below it, in the order of the text.
    pub(in crate::formats) fn below(self) -> impl Iterator<Item = Element<'t>> {
        // The nodes in document order: the first child, or else the next sibling of the innermost node that has one.
        let (top, mut at) = (self.node.id, Some(self.node));
        let nodes = std::iter::from_fn(move || {
            let node = at?;
            at = node.first_child().or_else(|| {
                std::iter::successors(Some(node).filter(|node| node.id != top), |node| {
                    node.parent().filter(|parent| parent.id != top)
                })
                .find_map(|node| node.next_sibling())
            });
            at
        });
        nodes.filter(NodeRef::is_element).map(|node| Element { node })
    }

    /// Whether this is its name.
    pub(in crate::formats) fn is(self, name: &str) -> bool {
        self.node.qual_name_ref().is_some_and(|found| &*found.local == name)
    }

    /// The value of an attribute. `name` is in lower case.
    pub(in crate::formats) fn attribute(self, name: &str) -> Option<String> {
        let element = self.node.element_ref()?;
        element
            .attrs
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|found| found.value.to_string())
    }

    /// Whether any attribute passes a test of its name, in lower case, and its value.
    pub(in crate::formats) fn any_attribute(self, test: impl Fn(&str, &str) -> bool) -> bool {
        let Some(element) = self.node.element_ref() else { return false };
        element.attrs.iter().any(|attribute| test(&attribute.name.local, &attribute.value))
    }

    /// How many characters its text has, where white space of any length counts as one.
    pub(super) fn text_length(self) -> usize {
        self.node.normalized_char_count()
    }

    /// The text in it and below it, without its markup.
    pub(in crate::formats) fn text(self) -> String {
        self.node.text().to_string()
    }
}

/// Builds a document and counts what that costs.
struct Budgeted {
    document: Document,
    steps: Cell<u64>,
    step_cap: u64,
    node_cap: usize,
}

impl Budgeted {
    /// For a text of `length` bytes.
    fn new(length: usize, document: Document) -> Budgeted {
        let length = length as u64;
        Budgeted {
            document,
            steps: Cell::new(0),
            step_cap: STEPS_FREE + length.saturating_mul(STEPS_PER_BYTE),
            node_cap: (NODES_FREE + length / BYTES_PER_NODE).min(NODE_CAP) as usize,
        }
    }

    fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    fn is_spent(&self) -> bool {
        self.steps.get() > self.step_cap || self.document.tree.len() > self.node_cap
    }
}

/// Passes everything on to the document. What the parser does over and over, for every element that is open, it asks
/// by [`TreeSink::elem_name`] and [`TreeSink::same_node`].
impl TreeSink for Budgeted {
    type Handle = NodeId;
    type Output = Document;
    type ElemName<'a> = <Document as TreeSink>::ElemName<'a>;

    fn finish(self) -> Document {
        self.document
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.document.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Self::ElemName<'a> {
        self.step();
        self.document.elem_name(target)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.document.create_element(name, attributes, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.document.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.document.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.step();
        self.document.append(parent, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.document.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.document.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.document.get_template_contents(target)
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        self.step();
        self.document.same_node(one, other)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.document.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        self.document.append_before_sibling(sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.document.add_attrs_if_missing(target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.document.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, parent: &NodeId) {
        self.document.reparent_children(node, parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &NodeId) -> bool {
        self.document.is_mathml_annotation_xml_integration_point(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    /// The tree in brackets: `name[attributes](content)`.
    fn show(element: Element) -> String {
        let mut out = String::new();
        for piece in element.content() {
            match piece {
                Content::Text(text) => out.push_str(text.trim()),
                Content::Element(inner) => {
                    out.push_str(&inner.name());
                    let element = inner.node.element_ref();
                    for attribute in element.iter().flat_map(|element| &element.attrs) {
                        out.push_str(&format!("[{}={}]", attribute.name.local, attribute.value));
                    }
                    out.push_str(&format!("({})", show(inner)));
                }
            }
        }
        out
    }

    fn check(html: &str, expected: &str) {
        let tree = Tree::fragment(html);
        let shown = show(tree.root());
        let inner = shown.strip_prefix("html(").and_then(|inner| inner.strip_suffix(')'));
        assert_eq!(inner, Some(expected), "{html:?}");
    }

    #[test]
    fn html_as_people_write_it() {
        check("<p>a<p>b<div>c</div>", "p(a)p(b)div(c)");
        check("<ul><li>a<li>b</ul><br>c<img src=x>", "ul(li(a)li(b))br()cimg[src=x]()");
        check("<script>if (a<b) '<p>'</script>d", "script(if (a<b) '<p>')d");
        check("<table><tr><td>a<td>b<tr><td>c</table>", "table(tbody(tr(td(a)td(b))tr(td(c))))");
        check("<b>a<p>b</b>c</p>", "b(a)p(b(b)c)");
        check("a &amp; b &nbsp;&hstrok; &AMP c <3 d", "a & b \u{a0}ħ & c <3 d");
    }

    #[test]
    fn html_that_comes_from_xml() {
        check("<a id='x'/>b<p/>c", "a[id=x]()bp()c");
        check("<iframe src='x' />b<script/>c", "iframe[src=x]()bscript()c");
        check(
            "<br/>a<img src='x'/>b<a href=https://example.org/>c</a>",
            "br()aimg[src=x]()ba[href=https://example.org/](c)",
        );
        check("<![CDATA[<p>a</p>]]>", "p(a)");
    }

    /// What a hostile text costs is in proportion to its length, and its words are kept.
    #[test]
    fn hostile_html_is_read_within_a_budget() {
        let hostile = [
            "<div>".repeat(100_000),
            "<b>".repeat(100_000),
            (0..2000).map(|n| format!("<font color={n}>")).collect::<String>() + &"<p>x".repeat(50_000),
            "<a><b><i>".repeat(1000) + &"</a><p>x".repeat(20_000),
            "<table><tr><td>".repeat(30_000),
            format!("<a {}>", (0..100_000).map(|n| format!("a{n} ")).collect::<String>()),
        ];
        for html in hostile {
            let start = Instant::now();
            let tree = Tree::page(&format!("{html}<p>the last words"));
            let text = tree.root().text();
            assert!(text.ends_with("the last words"), "{:?}", html.get(..20));
            // Seconds on a slow machine without optimisation; minutes without the budget.
            assert!(start.elapsed() < Duration::from_secs(20), "{:?}: {:?}", html.get(..20), start.elapsed());
            let depth = |element: Element| element.node.ancestors_it(None).count();
            assert!(tree.root().below().map(depth).max().unwrap_or(0) <= DEPTH_CAP);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_a_tree(text in "(<|>|/|p|br|li|td|table|a|b|&|amp;|script|template| |\n|x|é|\"|=|!--|<!\\[CDATA\\[|\\?|\\]){0,60}") {
            show(Tree::fragment(&text).root());
            show(Tree::page(&text).root());
        }
    }
}
