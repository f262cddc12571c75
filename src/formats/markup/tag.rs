//! The tags of HTML in a text that may not be HTML.
//!
//! News wires write `<IBM>` for a share and `<Code Alarm Inc>` for a company. So a tag counts if it is a closing tag, has
//! attributes, is written in lower case, or is in a text that has closing tags.

/// The effect of a tag on the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Paragraph,
    Line,
    Row,
    Cell,
    Item,
    Verbatim,
    Quote,
    /// The content up to the closing tag of this name is dropped.
    Drop(&'static str),
    Nothing,
}

impl Effect {
    pub(super) fn is_block(self) -> bool {
        matches!(
            self,
            Effect::Paragraph | Effect::Line | Effect::Row | Effect::Cell | Effect::Item | Effect::Verbatim
        )
    }
}

/// A tag at bytes `start..end` of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) closing: bool,
    pub(super) effect: Effect,
}

/// The longest tag with its attributes, in bytes.
const LENGTH_CAP: usize = 4 << 10;

const PARAGRAPHS: &str = "p div h1 h2 h3 h4 h5 h6 ul ol dl table blockquote section article header footer figure \
    figcaption hr main aside nav center address form fieldset html body details summary tbody thead caption";
const INLINE: &str = "a b i u s em strong span font small sub sup img cite code abbr acronym mark ins del strike tt \
    big time picture source video audio embed param input button label wbr o:p amp-img link meta var kbd samp bdi bdo \
    nobr base col colgroup area map track center main time data applet blink marquee frame frameset noframes";
const DROPPED: [&str; 10] =
    ["script", "style", "template", "noscript", "iframe", "svg", "select", "object", "head", "textarea"];

fn effect(name: &str) -> Option<Effect> {
    let listed = |list: &str| list.split_ascii_whitespace().any(|entry| entry == name);
    Some(match name {
        "br" => Effect::Line,
        "tr" => Effect::Row,
        "td" | "th" => Effect::Cell,
        "li" | "dt" | "dd" => Effect::Item,
        "pre" => Effect::Verbatim,
        "q" => Effect::Quote,
        _ if listed(PARAGRAPHS) => Effect::Paragraph,
        _ if listed(INLINE) => Effect::Nothing,
        name => Effect::Drop(DROPPED.into_iter().find(|&dropped| dropped == name)?),
    })
}

/// How certain it is that something is a tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Sure,
    /// A bare name in capitals.
    LikeShare,
}

/// The tags of `text`, in order and disjoint.
pub(super) fn find(text: &str) -> Vec<Tag> {
    let mut found: Vec<(Tag, Looks)> = Vec::new();
    let mut at = 0;
    // Once the search for the end of a comment has failed, it fails everywhere after that.
    let mut no_comment_ends = false;
    while let Some(next) = text.get(at..).and_then(|rest| memchr::memchr(b'<', rest.as_bytes())) {
        let start = at + next;
        let rest = text.get(start..).unwrap_or_default();
        let comment = rest.starts_with("<!--");
        let special = if comment && no_comment_ends { None } else { special(rest) };
        if let Some(length) = special {
            found.push((
                Tag { start, end: start + length, closing: false, effect: Effect::Nothing },
                Looks::Sure,
            ));
            at = start + length;
            continue;
        }
        no_comment_ends |= comment;
        match one(rest) {
            Some((length, closing, effect, looks)) => {
                found.push((Tag { start, end: start + length, closing, effect }, looks));
                at = start + length;
            }
            None => at = start + 1,
        }
    }
    close_cdata(text, &mut found);
    let page = found.iter().any(|(tag, _)| tag.closing);
    found.retain(|(_, looks)| page || *looks == Looks::Sure);
    found.into_iter().map(|(tag, _)| tag).collect()
}

/// Adds the marks that end CDATA sections, whose content is text.
fn close_cdata(text: &str, found: &mut Vec<(Tag, Looks)>) {
    let is_opening = |tag: &Tag| text.get(tag.start..).is_some_and(|rest| rest.starts_with("<![CDATA["));
    let openings: Vec<usize> =
        found.iter().map(|(tag, _)| tag).filter(|t| is_opening(t)).map(|t| t.end).collect();
    let mut at = 0;
    for opening in &openings {
        at = at.max(*opening);
        let Some(length) = text.get(at..).and_then(|rest| rest.find("]]>")) else { break };
        let start = at + length;
        at = start + 3;
        found.push((Tag { start, end: at, closing: false, effect: Effect::Nothing }, Looks::Sure));
    }
    if !openings.is_empty() {
        found.sort_by_key(|(tag, _)| tag.start);
    }
}

/// The length of a comment, a declaration, or one of the marks around a CDATA section, whose content is kept.
fn special(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return text.find("-->").map(|end| end + 3);
    }
    if text.starts_with("<![CDATA[") {
        return Some(9);
    }
    let head = text.as_bytes().get(..LENGTH_CAP).unwrap_or(text.as_bytes());
    if head.starts_with(b"<?") {
        return memchr::memmem::find(head, b"?>").map(|end| end + 2);
    }
    let declaration = head.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype"));
    if declaration { memchr::memchr(b'>', head).map(|end| end + 1) } else { None }
}

fn one(text: &str) -> Option<(usize, bool, Effect, Looks)> {
    let after = text.get(1..)?;
    let closing = after.starts_with('/');
    let after = after.strip_prefix('/').unwrap_or(after);
    let length = after.bytes().take_while(|&b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-')).count();
    let name = after
        .get(..length)
        .filter(|name| name.len() < 12 && name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let effect = effect(&name.to_ascii_lowercase())?;
    let attributes = after.get(length..)?;
    let end = end_of_tag(attributes)?;
    let inner = attributes.get(..end)?;
    let bare = inner.trim_matches(['/', ' ', '\t', '\n', '\r']).is_empty();
    if !(bare || inner.starts_with(char::is_whitespace) && inner.contains('=')) {
        return None;
    }
    let capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    let looks =
        if bare && capital && !closing && !inner.contains('/') { Looks::LikeShare } else { Looks::Sure };
    Some((1 + usize::from(closing) + length + end + 1, closing, effect, looks))
}

/// The position of the `>` that closes a tag, which is not within quotation marks and comes before any further `<`.
fn end_of_tag(attributes: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in attributes.bytes().enumerate().take(LENGTH_CAP) {
        match (byte, quote) {
            (b'>', None) => return Some(at),
            (b'<', None) => return None,
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}
