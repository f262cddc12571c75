//! The entities that a document declares itself, in the internal subset of its document type: `<!ENTITY brand "…">`.

use super::scan::declaration;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How far into a text its document type may begin, in bytes.
const START_CAP: usize = 4 << 10;
/// The most entities that are read.
const COUNT_CAP: usize = 512;
/// The longest value, with the entities in it expanded, in bytes. It bounds values that multiply each other.
const VALUE_CAP: usize = 4 << 10;
/// The deepest that entities are expanded within entities.
const DEPTH_CAP: usize = 4;
/// How many bytes the expanded text may be longer than the text. What is beyond stays as it is written.
const GROWTH_CAP: usize = 1 << 20;

/// The text with its own entities replaced by what they stand for; those of XML and HTML stay. Entities that are declared
/// elsewhere (`SYSTEM`, `PUBLIC`) stay, too: nothing is fetched.
pub(in crate::formats) fn expanded(text: &str) -> Cow<'_, str> {
    let Some((entities, after)) = declared(text) else { return Cow::Borrowed(text) };
    let mut grown = GROWTH_CAP;
    let body = text.get(after..).unwrap_or_default();
    let mut result = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        let found = reference(from).and_then(|name| Some((name, entities.get(name)?)));
        match found.filter(|(_, value)| value.len() <= grown) {
            Some((name, value)) => {
                grown -= value.len();
                result.push_str(value);
                rest = from.get(name.len() + 2..).unwrap_or_default();
            }
            None => {
                result.push('&');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    result.push_str(rest);
    Cow::Owned(result)
}

/// The name in `&name;` at the start of a text.
fn reference(text: &str) -> Option<&str> {
    let name = text.get(1..)?;
    let end = name.bytes().take(64).position(|byte| byte == b';')?;
    name.get(..end).filter(|name| !name.is_empty() && !name.starts_with('#'))
}

/// The entities by name, and where the document type ends. `None` if there are none.
fn declared(text: &str) -> Option<(BTreeMap<&str, String>, usize)> {
    let head = text.as_bytes().get(..START_CAP.min(text.len()))?;
    let start =
        memchr::memmem::find(head, b"<!DOCTYPE").or_else(|| memchr::memmem::find(head, b"<!doctype"))?;
    let length = declaration(text.get(start..)?)?;
    let subset = text.get(start..start + length)?.split_once('[')?.1;
    let mut written: BTreeMap<&str, &str> = BTreeMap::new();
    for declaration in subset.split("<!ENTITY").skip(1).take(COUNT_CAP) {
        let Some((name, value)) = declaration.trim_start().split_once(char::is_whitespace) else { continue };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(value) = value.get(1..).and_then(|value| value.split(quote).next()) else { continue };
        let own = ["amp", "lt", "gt", "quot", "apos", "%"].contains(&name);
        if !own && value.len() <= VALUE_CAP {
            // As in XML, the first declaration counts.
            written.entry(name).or_insert(value);
        }
    }
    let entities: BTreeMap<&str, String> = written
        .iter()
        .filter_map(|(name, value)| Some((*name, whole(value, &written, DEPTH_CAP)?)))
        .collect();
    (!entities.is_empty()).then_some((entities, start + length))
}

/// A value with the entities in it expanded; `None` if that is too long or too deep.
fn whole(value: &str, written: &BTreeMap<&str, &str>, depth: usize) -> Option<String> {
    let mut result = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        match reference(from).and_then(|name| Some((name, written.get(name)?))) {
            Some((name, inner)) => {
                result.push_str(&whole(inner, written, depth.checked_sub(1)?)?);
                rest = from.get(name.len() + 2..)?;
            }
            None => {
                result.push('&');
                rest = from.get(1..)?;
            }
        }
        if result.len() > VALUE_CAP {
            return None;
        }
    }
    result.push_str(rest);
    (result.len() <= VALUE_CAP).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subset: &str, body: &str, expected: &str) {
        let text = format!("<?xml version='1.0'?>\n<!DOCTYPE rss [{subset}]>{body}");
        assert_eq!(expanded(&text).trim(), expected, "{subset}");
    }

    #[test]
    fn what_a_document_declares_is_expanded() {
        let nbsp = "<!ENTITY nbsp \"&#160;\"> <!ENTITY brand 'The &short; Paper'>\n<!ENTITY short \"Vaduz\">";
        check(
            nbsp,
            "<t>A&nbsp;b, &brand; &amp; &eacute; &none;</t>",
            "<t>A&#160;b, The Vaduz Paper &amp; &eacute; &none;</t>",
        );
        check(
            "<!ENTITY amp 'x'><!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY b 'c'>",
            "&amp;&a;&b;",
            "&amp;&a;c",
        );
        check("<!ENTITY % HTMLlat1 PUBLIC 'x' 'y'> %HTMLlat1; <!ENTITY b 'c'>", "&b;", "c");
        assert_eq!(expanded("<rss>&b;</rss>"), "<rss>&b;</rss>");
    }

    #[test]
    fn entities_that_multiply_each_other_stay_as_they_are() {
        let lols: String =
            (1..10).map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10))).collect();
        let text = format!("<!DOCTYPE x [<!ENTITY l0 'lol'>{lols}]><x>&l9;&l0;</x>");
        assert_eq!(expanded(&text), "<x>&l9;lol</x>");
        let itself = "<!DOCTYPE x [<!ENTITY a '&a;'><!ENTITY b 'c'>]><x>&a;&b;</x>";
        assert_eq!(expanded(itself), "<x>&a;c</x>");
        let many = format!("<!DOCTYPE x [<!ENTITY a '{}'>]>{}", "z".repeat(4000), "&a;".repeat(1000));
        assert!(expanded(&many).len() < GROWTH_CAP + many.len());
    }
}
