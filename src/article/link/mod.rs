//! The links of an article: one list with one number for each address, for everything that shows or opens them.
//!
//! In comes an article. Out comes its list of links. The body is the only place where links are stored: `formats` writes
//! their numbers into the text and the list of their addresses below it (`[1] https://…`), so that links survive whatever
//! happens to a body: an export, a search server, an older version of the program. Sound, film and pictures are links
//! whose number stands behind what they are: `[sound 47:12, 43 MB] [1]`, see [`Medium`].

mod medium;

use crate::article::Article;
use crate::text::clean_url;
pub use medium::{LinkKind, Medium, length, size};

/// The most links of an article that are listed.
const CAP: usize = 250;

/// One link of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// An http or https address, clean.
    pub url: String,
    pub kind: LinkKind,
    /// What the text says of a sound, a film or a picture: `47:12, 43 MB`, `A crane over an empty quay`; empty if it says
    /// nothing or the link is another one.
    pub about: String,
}

impl Link {
    /// What the link is, as the text says it: `[sound 47:12, 43 MB]`; `None` if it is only an address.
    pub fn marker(&self) -> Option<String> {
        let word = self.kind.word()?;
        Some(match (self.about.is_empty(), self.about.starts_with(|c: char| c.is_ascii_digit())) {
            (true, _) => format!("[{word}]"),
            (false, true) => format!("[{word} {}]", self.about),
            (false, false) => format!("[{word}: {}]", self.about),
        })
    }
}

/// The links of one article, in the order of their numbers, which begin at 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    links: Vec<Link>,
    /// Where the article's own address stands among them, from 0.
    own: Option<usize>,
    /// The byte of the body at which its text ends. Only the list of addresses is behind it.
    text_end: usize,
}

impl Links {
    /// The links of an article: first those that its body numbers, then its own address, then further addresses that are
    /// written out in its text. Each address is there once. Linear in the length of the body, times the number of links.
    pub fn of(article: &Article) -> Links {
        let (text_end, numbered) = listed(&article.body);
        let text = article.body.get(..text_end).unwrap_or_default();
        let mut links: Vec<Link> = numbered
            .iter()
            .map(|url| Link { url: (*url).to_owned(), kind: LinkKind::of(url), about: String::new() })
            .collect();
        medium::describe(text, &mut links);
        let own = article.url.as_deref().and_then(clean_url);
        let own = own.map(|url| add(&mut links, url, LinkKind::Page));
        for word in text.split_whitespace() {
            let start = word.find("https://").or_else(|| word.find("http://"));
            let Some(address) = start.and_then(|start| word.get(start..)) else { continue };
            let address = address.trim_end_matches(['.', ',', ';', ':', ')', ']', '"', '\'', '”', '’', '>']);
            if links.len() < CAP
                && let Some(url) = clean_url(address)
            {
                let kind = LinkKind::of(&url);
                add(&mut links, url, kind);
            }
        }
        Links { links, own, text_end }
    }

    pub fn all(&self) -> &[Link] {
        &self.links
    }

    /// The link with this number, from 1.
    pub fn get(&self, number: u32) -> Option<&Link> {
        self.links.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The article's own address, or else the first link.
    pub fn first(&self) -> Option<&Link> {
        self.own.and_then(|own| self.links.get(own)).or(self.links.first())
    }

    /// The first sound or film, or else the first picture, with its number.
    pub fn medium(&self) -> Option<(u32, &Link)> {
        let find = |kinds: &[LinkKind]| (1..).zip(&self.links).find(|(_, link)| kinds.contains(&link.kind));
        find(&[LinkKind::Sound, LinkKind::Video]).or_else(|| find(&[LinkKind::Picture]))
    }

    /// The byte of the body at which its text ends: the list of addresses is behind it.
    pub fn text_end(&self) -> usize {
        self.text_end
    }
}

/// Adds an address, unless it is there. Returns its place.
fn add(links: &mut Vec<Link>, url: String, kind: LinkKind) -> usize {
    let same = |link: &Link| link.url.trim_end_matches('/') == url.trim_end_matches('/');
    links.iter().position(same).unwrap_or_else(|| {
        links.push(Link { url, kind, about: String::new() });
        links.len() - 1
    })
}

/// The byte at which the text of a body ends, and the addresses in the list below it: whole lines `[1] https://…` at its
/// end, with the numbers from 1 without a gap. Where there is no such list, the text is the whole body.
pub fn listed(body: &str) -> (usize, Vec<&str>) {
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    let mut end = body.len();
    loop {
        let line_start = body[..end].rfind('\n').map_or(0, |at| at + 1);
        let line = &body[line_start..end];
        if !line.is_empty() {
            let Some((number, address)) = numbered(line) else { break };
            if found.last().is_some_and(|(_, above, _)| number + 1 != *above) {
                break;
            }
            found.push((line_start, number, address));
            if number == 1 {
                break;
            }
        }
        match line_start.checked_sub(1) {
            Some(before) => end = before,
            None => break,
        }
    }
    match found.last() {
        Some((start, 1, _)) => {
            let text = body[..*start].trim_end_matches(['\n', ' ']);
            (text.len(), found.iter().rev().map(|(_, _, address)| *address).collect())
        }
        _ => (body.len(), Vec::new()),
    }
}

/// The number and the address of a line of the list: `[1] https://example.org/`.
fn numbered(line: &str) -> Option<(usize, &str)> {
    let (number, address) = line.strip_prefix('[')?.split_once("] ")?;
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let number = number.parse().ok().filter(|number| is_number && *number > 0)?;
    (is_web && !address.contains(char::is_whitespace)).then_some((number, address))
}

/// A line of a body without the numbers of links in it, as a list shows it. A line of the list of addresses is its address.
pub fn without_numbers(line: &str) -> String {
    if let Some((_, address)) = numbered(line) {
        return address.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(" [") {
        let (before, mark) = rest.split_at(at);
        let inner = mark.get(2..).unwrap_or_default();
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        let closed = (1..=3).contains(&digits) && inner[digits..].starts_with(']');
        out.push_str(before);
        rest = if closed { &inner[digits + 1..] } else { inner };
        if !closed {
            out.push_str(" [");
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
