//! HTML to the text of an article's body: paragraphs, headings, lists, quotations, code, tables, figures with their
//! captions. Links are numbered in the text and listed at its end, and so are pictures, sound and film. Scripts, forms and trackers are dropped.
//!
//! In comes the HTML of a body, or an element of a tree (see `tree`). Out comes text that is not clean yet. Nothing
//! here knows where the HTML comes from.

mod flow;
mod media;
mod story;
mod tree;

use super::draft::Layout;
use super::link;
use crate::article::link::LinkKind;
use flow::Flow;
pub(super) use media::film_page;
pub(super) use story::Story;
use tree::Content;
pub(super) use tree::{Element, Tree};

/// The most links that are listed; further links keep only their text.
const LINK_CAP: usize = 200;
/// The widest table whose columns are aligned, in characters.
const TABLE_CAP: usize = 100;
/// The most spaces at the beginning of a line that are kept.
const INDENT_CAP: usize = 40;

/// Whether an element of this name makes a paragraph of its own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "dl"
            | "table"
            | "blockquote"
            | "pre"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "figure"
            | "figcaption"
            | "hr"
            | "main"
            | "aside"
            | "nav"
            | "address"
            | "center"
            | "details"
            | "summary"
            | "fieldset"
            | "form"
            | "caption"
    )
}

/// The text of a body in HTML, and how it is laid out. Relative links are resolved against `base`. Links to `own`, the
/// address of the article itself, are not listed.
pub(super) fn to_text(html: &str, base: Option<&str>, own: Option<&str>) -> (String, Layout) {
    element_to_text(Tree::fragment(html).root(), base, own)
}

/// The same for the item of a feed, in which every picture is shown, even if it has no text: it may be all there is.
pub(super) fn to_text_with_pictures(html: &str, base: Option<&str>, own: Option<&str>) -> (String, Layout) {
    let mut writer = Writer { all_pictures: true, ..Writer::new(base, own) };
    writer.content(Tree::fragment(html).root());
    writer.finish()
}

/// The text of an element and what is in it, as [`to_text`].
pub(super) fn element_to_text(element: Element, base: Option<&str>, own: Option<&str>) -> (String, Layout) {
    let mut writer = Writer::new(base, own);
    writer.content(element);
    writer.finish()
}

struct Writer<'a> {
    flow: Flow,
    layout: Layout,
    base: Option<&'a str>,
    own: Option<&'a str>,
    links: Vec<String>,
    /// Whether pictures without a text are shown, too.
    all_pictures: bool,
    /// Whether the text is in a figure, whose picture is shown even if it has no text.
    in_figure: bool,
    /// Which white space means something, as the style of the elements around says.
    space: Space,
}

/// What the property `white-space` of CSS says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    Collapses,
    /// `pre-line`: the ends of lines stay.
    Lines,
    /// `pre`, `pre-wrap`, `break-spaces`: so do the indents.
    Indents,
}

impl<'a> Writer<'a> {
    fn new(base: Option<&'a str>, own: Option<&'a str>) -> Writer<'a> {
        let (flow, layout) = (Flow::default(), Layout::AsTyped);
        let space = Space::Collapses;
        Writer { flow, layout, base, own, links: Vec::new(), all_pictures: false, in_figure: false, space }
    }
}

impl Writer<'_> {
    fn content(&mut self, element: Element) {
        let outer = self.space;
        self.space = white_space(element).unwrap_or(outer);
        for piece in element.content() {
            match piece {
                Content::Text(text) if self.space != Space::Collapses && !text.trim().is_empty() => {
                    self.lines(&text);
                }
                Content::Text(text) => self.flow.text(&text),
                Content::Element(element) => self.element(element),
            }
        }
        self.space = outer;
    }

    /// Appends a text whose lines end where they end.
    fn lines(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.layout = Layout::Fixed;
                self.flow.line_break();
            }
            let words = line.trim_start_matches([' ', '\t']);
            let indent = line.len() - words.len();
            if self.space == Space::Indents && at > 0 && !words.trim().is_empty() {
                // A space that does not collapse.
                self.flow.text(&"\u{a0}".repeat(indent.min(INDENT_CAP)));
                self.flow.text(words);
            } else {
                self.flow.text(line);
            }
        }
    }

    fn element(&mut self, element: Element) {
        match &*element.name() {
            "script" | "style" | "noscript" | "template" | "svg" | "head" | "button" | "select" | "input"
            | "textarea" | "nav" | "canvas" | "annotation" => {}
            _ if is_hidden(element) => {}
            "iframe" | "embed" | "audio" | "video" | "object" => self.embedded(element),
            "br" => {
                self.layout = Layout::Fixed;
                self.flow.line_break();
            }
            "hr" => self.flow.paragraph(),
            "img" => self.picture(element),
            "a" => self.link(element),
            "q" => self.around(element, "“", "”"),
            "sup" => self.raised(element),
            "sub" => self.lowered(element),
            "del" | "s" | "strike" => self.struck(element),
            "ul" | "ol" => self.list(element),
            "li" | "dt" | "dd" => self.alone(element, Flow::line),
            "blockquote" => self.indented(element, "> "),
            "pre" => {
                self.layout = Layout::Fixed;
                self.flow.paragraph();
                let mut lines = String::new();
                write_lines(element, &mut lines);
                self.flow.verbatim(&lines);
                self.flow.paragraph();
            }
            // A formula as its author spells it out, or else its letters and signs.
            "math" => match element.attribute("alttext") {
                Some(text) => self.flow.text(&text),
                None => self.content(element),
            },
            "table" => self.table(element),
            "figure" => {
                let outer = std::mem::replace(&mut self.in_figure, true);
                self.alone(element, Flow::paragraph);
                self.in_figure = outer;
            }
            name if is_block(name) => self.alone(element, Flow::paragraph),
            _ => self.content(element),
        }
    }

    fn alone(&mut self, element: Element, part: fn(&mut Flow)) {
        part(&mut self.flow);
        self.content(element);
        part(&mut self.flow);
    }

    fn around(&mut self, element: Element, open: &str, close: &str) {
        self.flow.text(open);
        self.content(element);
        self.flow.close(close);
    }

    /// An exponent: `10⁶`, or `x^n` where there are no such characters. Notes and the ends of ordinals stay as they are.
    fn raised(&mut self, element: Element) {
        let text = element.text();
        let text = text.trim();
        let ordinal = ["st", "nd", "rd", "th", "e", "er", "o", "a", "º", "ª", "tm", "sm", "®", "™"]
            .contains(&text.to_lowercase().as_str());
        let is_note = element.below().any(|inner| inner.is("a")) || text.starts_with(['[', '(', '*', '†']);
        if text.is_empty() || ordinal || is_note || text.chars().count() > SCRIPT_CAP {
            return self.content(element);
        }
        match replaced(text, raised) {
            Some(raised) => self.flow.close(&raised),
            None if text.chars().all(char::is_alphanumeric) => self.flow.close(&format!("^{text}")),
            // `n+1` behind `x` must not read as one more than a power.
            None => self.flow.close(&format!("^({text})")),
        }
    }

    /// An index: `CO₂`. Other characters stay as they are.
    fn lowered(&mut self, element: Element) {
        let text = element.text();
        match replaced(text.trim(), lowered)
            .filter(|text| !text.is_empty() && text.chars().count() <= SCRIPT_CAP)
        {
            Some(lowered) => self.flow.close(&lowered),
            None => self.content(element),
        }
    }

    /// What its author has struck out, which readers must not take for what the text says.
    fn struck(&mut self, element: Element) {
        match element.text().trim().is_empty() {
            true => self.content(element),
            false => self.around(element, "[struck out: ", "]"),
        }
    }

    fn indented(&mut self, element: Element, prefix: &str) {
        self.flow.paragraph();
        self.flow.indent(prefix, prefix);
        self.content(element);
        self.flow.outdent();
        self.flow.paragraph();
    }

    fn list(&mut self, list: Element) {
        let nested = self.flow.is_in_list();
        self.flow.list_edge(nested);
        let mut number: u32 = list.attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        for piece in list.content() {
            match piece {
                Content::Element(item) if item.is("li") => {
                    let mark = if list.is("ol") { format!("{number}. ") } else { "• ".to_owned() };
                    number = number.saturating_add(1);
                    self.flow.line();
                    self.flow.indent(&mark, &" ".repeat(mark.chars().count()));
                    self.content(item);
                    self.flow.outdent();
                    self.flow.line();
                }
                Content::Element(other) => self.element(other),
                Content::Text(text) => self.flow.text(&text),
            }
        }
        self.flow.list_edge(nested);
    }

    fn link(&mut self, element: Element) {
        let before = self.flow.len();
        self.content(element);
        let shown = self.flow.since(before).trim().to_owned();
        // The anchor of a heading: `Results #`.
        if matches!(shown.as_str(), "#" | "¶" | "🔗") && !self.flow.is_in_list() {
            return self.flow.take_back(before);
        }
        let address = element.attribute("href").and_then(|href| link::resolve(self.base, &href));
        let Some(address) = address else { return };
        let same = |other: &str| other.trim_end_matches('/') == address.trim_end_matches('/');
        let within = self
            .own
            .is_some_and(|own| same(own) || address.strip_prefix(own).is_some_and(|t| t.starts_with('#')));
        if shown.is_empty() || within || same(&shown) {
            return;
        }
        // The same picture, only larger.
        if media::is_picture_alone(element) && LinkKind::of(&address) == LinkKind::Picture {
            return;
        }
        self.number(address);
    }

    /// Appends the number of a link, and lists it.
    fn number(&mut self, address: String) {
        let number = match self.links.iter().position(|link| *link == address) {
            Some(at) => at + 1,
            None if self.links.len() < LINK_CAP => {
                self.links.push(address);
                self.links.len()
            }
            None => return,
        };
        self.flow.close(&format!(" [{number}]"));
    }

    /// Writes each row as a line. Columns are aligned where they fit, and separated by bars where they do not.
    fn table(&mut self, table: Element) {
        // A table that holds tables, or has one column, only lays out the page. This is checked before anything is
        // written: with nested tables, cells would otherwise be written once for each level.
        let mut below = table.below();
        // Editors put each cell into a paragraph, which makes no layout of a table.
        let (mut blocks, mut cells) = (0, 0);
        if below.any(|inner| {
            blocks += usize::from(inner.is("p") || inner.is("div"));
            cells += usize::from(is_short_cell(inner));
            matches!(&*inner.name(), "table" | "ul" | "ol" | "br" | "pre" | "blockquote")
        }) || blocks != cells
        {
            return self.alone(table, Flow::paragraph);
        }
        let parts = table.elements().flat_map(|part| match &*part.name() {
            "tr" => vec![part],
            _ => part.elements().filter(|row| row.is("tr")).collect(),
        });
        let rows: Vec<Vec<String>> = parts
            .map(|row| {
                let cells = row.elements().filter(|cell| cell.is("td") || cell.is("th"));
                cells.map(|cell| self.cell(cell)).collect()
            })
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns < 2 {
            return self.alone(table, Flow::paragraph);
        }
        self.flow.paragraph();
        if let Some(caption) = table.child("caption") {
            self.alone(caption, Flow::paragraph);
        }
        let widths: Vec<usize> = (0..columns)
            .map(|at| {
                rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0)
            })
            .collect();
        let fits = widths.iter().sum::<usize>() + 3 * (columns - 1) <= TABLE_CAP;
        for row in &rows {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, &width)| if fits { format!("{cell:width$}") } else { cell.clone() })
                .collect();
            let line = cells.join(if fits { "   " } else { " | " });
            self.flow.verbatim(line.trim_end_matches([' ', '|']));
            self.flow.line();
        }
        self.flow.paragraph();
    }

    fn cell(&mut self, cell: Element) -> String {
        let outer = std::mem::take(&mut self.flow);
        self.content(cell);
        std::mem::replace(&mut self.flow, outer).finish()
    }

    fn finish(mut self) -> (String, Layout) {
        media::list(&mut self.flow, &self.links);
        (self.flow.finish(), self.layout)
    }
}

/// Whether this is a cell of a table that holds one short paragraph and nothing else.
fn is_short_cell(cell: Element) -> bool {
    const SHORT: usize = 60;
    let mut within = cell.elements();
    let (Some(block), None) = (within.next(), within.next()) else { return false };
    (cell.is("td") || cell.is("th"))
        && (block.is("p") || block.is("div"))
        && cell.text().trim().chars().count() <= SHORT
}

/// The longest exponent or index, in characters.
const SCRIPT_CAP: usize = 12;

/// The text in other characters; `None` if there is none for one of them.
fn replaced(text: &str, of: fn(char) -> Option<char>) -> Option<String> {
    text.chars().map(of).collect()
}

fn raised(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' | '−' | '–' => '⁻',
        _ => return None,
    })
}

fn lowered(c: char) -> Option<char> {
    Some(match c {
        '0' => '₀',
        '1' => '₁',
        '2' => '₂',
        '3' => '₃',
        '4' => '₄',
        '5' => '₅',
        '6' => '₆',
        '7' => '₇',
        '8' => '₈',
        '9' => '₉',
        '+' => '₊',
        '-' | '−' | '–' => '₋',
        _ => return None,
    })
}

/// The content of a `pre` with its line breaks, whether they are written as characters or as elements.
fn write_lines(element: Element, out: &mut String) {
    for piece in element.content() {
        match piece {
            Content::Text(text) => out.push_str(&text),
            Content::Element(inner) => match &*inner.name() {
                "br" => out.push('\n'),
                "script" | "style" | "button" => {}
                name => {
                    let alone = is_block(name) || matches!(name, "li" | "tr");
                    if alone && !out.is_empty() && !out.ends_with('\n') {
                        out.push('\n');
                    }
                    write_lines(inner, out);
                    if alone && !out.ends_with('\n') {
                        out.push('\n');
                    }
                }
            },
        }
    }
}

/// What the style of an element says about white space in it.
fn white_space(element: Element) -> Option<Space> {
    let style = element.attribute("style")?.to_ascii_lowercase();
    let value = style.split(';').find_map(|rule| {
        let (name, value) = rule.split_once(':')?;
        (name.trim() == "white-space").then(|| value.trim_end_matches("!important").trim().to_owned())
    })?;
    match value.as_str() {
        "pre" | "pre-wrap" | "break-spaces" => Some(Space::Indents),
        "pre-line" => Some(Space::Lines),
        "normal" | "nowrap" | "initial" => Some(Space::Collapses),
        _ => None,
    }
}

fn is_hidden(element: Element) -> bool {
    element.any_attribute(|name, value| match name {
        "hidden" => true,
        "aria-hidden" => value.eq_ignore_ascii_case("true"),
        "style" => {
            let style: String = value.chars().filter(|c| !c.is_whitespace()).collect();
            style.to_ascii_lowercase().contains("display:none")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_that_a_style_keeps() {
        check(
            "<p style=\"white-space: pre-line\">The river rose\n   and fell,\n\nthe bridge stood.</p><p>And\nso on.</p>",
            "The river rose\nand fell,\n\nthe bridge stood.\n\nAnd so on.",
        );
        check(
            "<div style=\"color: red; WHITE-SPACE:pre-wrap !important\">\n  One\n  two <b>three\n\tfour</b>\n</div>",
            "\u{a0}\u{a0}One\n\u{a0}\u{a0}two three\n\u{a0}four",
        );
        check(
            "<div style=\"white-space: pre\"><p>One</p>\n\n\n<p style=\"white-space: normal\">two\nthree</p></div>",
            "One\n\ntwo three",
        );
    }

    fn check(html: &str, expected: &str) {
        assert_eq!(
            to_text(html, Some("https://example.org/a/b"), Some("https://example.org/a/b")).0,
            expected,
            "{html}"
        );
    }

    #[test]
    fn paragraphs() {
        check(
            "<h2>Head</h2><p>One\n  two &amp; <b>three</b>.<p>Four<br>five<br><br>six",
            "Head\n\nOne two & three.\n\nFour\nfive\n\nsix",
        );
        check("<div><div>a</div></div>b<hr>c", "a\n\nb\n\nc");
        check("a <!-- x --> b<script>c</script><span hidden>d</span>", "a b");
        check("a < b <3 & c", "a < b <3 & c");
    }

    #[test]
    fn lists_and_quotations() {
        check("<p>a</p><ul><li>b<li>c<ul><li>d</ul></ul><p>e", "a\n\n• b\n• c\n  • d\n\ne");
        check("<ol start=3><li>a<li>b</ol>", "3. a\n4. b");
        check("<blockquote><p>a<p>b</blockquote>c", "> a\n\n> b\n\nc");
        check("she said <q>no</q>.", "she said “no”.");
        check("<pre>a\n  b &lt; c</pre>", "a\n  b < c");
        check("<pre><code>a<br>  b<br><br>c</code></pre>d", "a\n  b\n\nc\n\nd");
        check("<pre><div>a</div><div> b</div></pre>", "a\n b");
    }

    #[test]
    fn exponents_and_what_is_struck_out() {
        check(
            "10<sup>6</sup> t of CO<sub>2</sub>, 10<sup>-3</sup> and x<sup>n</sup>",
            "10⁶ t of CO₂, 10⁻³ and x^n",
        );
        check("x<sup>n+1</sup>", "x^(n+1)");
        check("the 5<sup>th</sup> of May<sup>[1]</sup>, H<sub>max</sub>", "the 5th of May[1], Hmax");
        check("<del>He left.</del> <ins>He stayed.</ins> <s></s>", "[struck out: He left.] He stayed.");
    }

    #[test]
    fn sound_film_and_frames_leave_a_link() {
        check(
            "<p>Watch.</p><iframe src='//video.org/1' title='The  bridge'></iframe><video><source src='/m.mp4'></video><iframe width=1 src='/t'></iframe>",
            "Watch.\n\n[frame: The bridge] [1]\n\n[video] [2]\n\n[1] https://video.org/1\n[2] https://example.org/m.mp4",
        );
    }

    #[test]
    fn links_are_listed() {
        check(
            "<p>See <a href='/x?a=1&amp;b=2'>this</a>, <a href='https://other.org/'>that</a> and <a href='/x?a=1&b=2'>this</a>.",
            "See this [1], that [2] and this [1].\n\n[1] https://example.org/x?a=1&b=2\n[2] https://other.org/",
        );
        check("<h2>Head <a href='#head'>#</a></h2><p><a href='/z#x'>¶</a> b", "Head\n\nb");
        check("<a href='javascript:x()'>a</a> <a href='#top'>b</a> <a href='/y'></a>", "a b");
        check("<a href='https://other.org/z'>https://other.org/z</a>", "https://other.org/z");
    }

    #[test]
    fn tables_and_figures() {
        check(
            "<table><tr><th>Town<th>Rain<tr><td>Port Anna<td>12</table>",
            "Town        Rain\nPort Anna   12",
        );
        check(
            "<table><tr><th><p>Town</p><th><p>Rain</p><tr><td><p>Port <b>Anna</b></p><td><p>12</p></table>",
            "Town        Rain\nPort Anna   12",
        );
        let wide = "x".repeat(101);
        check(&format!("<table><tr><td>{wide}<td>a<td><tr><td>b<td><td></table>"), &format!("{wide} | a\nb"));
        check(
            "It is <math alttext='x = 2'><mi>x</mi></math>, so <math><mi>y</mi><mo>=</mo><mn>3</mn></math>.",
            "It is x = 2, so y=3.",
        );
        check("<table><tr><td><p>a<p>b<tr><td>c</table>", "a\n\nb\n\nc");
        check(
            "<figure><img src=a alt='The bridge'><figcaption>Seen on Monday</figcaption></figure><img width=1 height=1 alt=x>",
            "[picture: The bridge] [1]\n\nSeen on Monday\n\n[1] https://example.org/a/a",
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(html in "(<|>|/|p|br|li|ul|td|tr|table|a href=x|pre|blockquote|img alt=y| |\n|x|é|\"){0,60}") {
            to_text(&html, None, None);
        }
    }
}
