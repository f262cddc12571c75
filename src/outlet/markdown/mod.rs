//! Articles as Markdown in which nothing that an article says is markup.
//!
//! In: articles. Out: Markdown with one heading, one line of emphasis, at most one link and one rule for each article, and
//! paragraphs of text. Every renderer shows the texts as they are, whether it reads CommonMark, the Markdown of GitHub or an
//! older dialect, and whether or not it lets HTML pass.
//!
//! Characters that HTML knows, and those for which dialects have no backslash, are written as character references, which
//! are text everywhere. The others have a backslash before them, because a person may read the source.

use crate::article::{Article, day_or_undated};
use crate::listing::utterance::Utterance;
use crate::text::clean_url;
use crate::text::harmless::one_line;

/// Schemes without slashes that GitHub makes a link of.
const SCHEMES: [&str; 2] = ["mailto", "xmpp"];

/// The article as Markdown, with a rule and an empty line below it: a rule right above other text begins metadata in some
/// dialects. Linear in the length of the article.
pub fn article(article: &Article) -> String {
    let title = if article.title.is_empty() { "Without a title" } else { &article.title };
    let mut out = format!("# {}\n\n", escaped(title));
    let author = article.author.as_deref().map(|author| format!(", {author}")).unwrap_or_default();
    let about = format!("{}, {}{author}", day_or_undated(article.date()), article.source);
    out.push_str(&format!("*{}*\n\n", escaped(&about)));
    if let Some(url) = &article.url {
        match link(url) {
            Some(link) => out.push_str(&format!("{link}\n\n")),
            None => out.push_str(&format!("{}\n\n", escaped(url))),
        }
    }
    for paragraph in article.body.split('\n').filter(|line| !line.is_empty()) {
        out.push_str(&escaped(paragraph));
        out.push_str("\n\n");
    }
    out.push_str("---\n\n");
    out
}

/// What somebody said as a block quotation, and below it who said it, in which article, with its sources, its day and its
/// `url`; each line without a line feed.
pub fn citation(said: &Utterance, url: Option<&str>) -> Vec<String> {
    let who = match &said.described {
        Some(described) => format!("{}, {described}", said.who()),
        None => said.who(),
    };
    let day = day_or_undated(said.key.date());
    let from = format!("{who}. {}. {}, {day}.", said.title, said.sources().join(", "));
    let link = url.map(|url| link(url).unwrap_or_else(|| escaped(url)));
    let link = link.map(|link| format!(" {link}")).unwrap_or_default();
    vec![
        format!("> {}", escaped(&one_line(&said.text))),
        ">".to_owned(),
        format!("> — {}{link}", escaped(&one_line(&from))),
    ]
}

/// A link to an http or https address, which is also its text; `None` for any other address. What could end the link, and a
/// character reference in the address, is percent-encoded.
pub(super) fn link(url: &str) -> Option<String> {
    let url = clean_url(url)?;
    let mut out = String::with_capacity(url.len() + 2);
    out.push('<');
    // Whether the letters and digits just written follow an ampersand, so that a semicolon would end a reference.
    let mut reference = false;
    for c in url.chars() {
        match c {
            '<' | '>' | '"' | '`' | '\\' | '^' | '{' | '|' | '}' => {
                out.push_str(&format!("%{:02X}", c as u32));
            }
            ';' if reference => out.push_str("%3B"),
            c => out.push(c),
        }
        reference = c == '&' || reference && (c.is_ascii_alphanumeric() || c == '#');
    }
    out.push('>');
    Some(out)
}

/// `text` on one line, written so that Markdown shows exactly these characters. Line feeds and tabs become spaces.
pub(super) fn escaped(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() * 9 / 8);
    let dollars = text.matches('$').count();
    let start = marker(&text);
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + c.len_utf8();
        if let Some(end) = mailbox(&text, at) {
            // GitHub makes a link of an address of mail whatever is escaped in it, except within code.
            out.push_str(&format!("`{}`", &text[at..end]));
            at = end;
            continue;
        }
        let (before, rest) = (&text[..at], &text[next..]);
        let alone = !before.ends_with(c) && !rest.starts_with(c);
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Without an opening bracket nothing is a link. A backslash before it begins a formula in some dialects.
            '`' | '~' | '|' | '^' | '[' | '{' => reference(c, &mut out),
            '=' | '%' | ':' if !alone || at == 0 => reference(c, &mut out),
            // Some dialects take these for delimiters, which change what the star after the text means.
            '=' | '+' if rest.is_empty() => reference(c, &mut out),
            // The parser removes white space at the ends of a line, and four spaces at its start make code.
            c if c.is_whitespace() && (at == 0 || rest.is_empty()) => reference(c, &mut out),
            '\\' | '*' | '_' | '#' => escape(c, &mut out),
            '$' if dollars > 1 => escape(c, &mut out),
            '+' | '!' if !alone => escape(c, &mut out),
            '-' | '+' | '!' | '?' if at == 0 => escape(c, &mut out),
            ':' if is_link_or_name(before, rest) => escape(c, &mut out),
            '.' if is_host(before, rest) => escape(c, &mut out),
            '.' | ')' if start == Some(at) => escape(c, &mut out),
            c => out.push(c),
        }
        at = next;
    }
    out
}

fn escape(c: char, out: &mut String) {
    out.push('\\');
    out.push(c);
}

fn reference(c: char, out: &mut String) {
    out.push_str(&format!("&#{};", u32::from(c)));
}

/// The position of the full stop or parenthesis that would make the start of `text` the number of an item: `1.`, `2)`,
/// `a.`, `(iv)`.
fn marker(text: &str) -> Option<usize> {
    let number = text.strip_prefix('(').unwrap_or(text);
    let length = number.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let word = &number[..length];
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    let roman = word.bytes().all(|byte| b"ivxlcdm".contains(&byte.to_ascii_lowercase()));
    let at = text.len() - number.len() + length;
    (length > 0 && (digits || length == 1 || roman) && text[at..].starts_with(['.', ')'])).then_some(at)
}

/// Whether a colon between these texts makes a link (`http://`, `mailto:`) or a symbol (`:smile:`).
fn is_link_or_name(before: &str, rest: &str) -> bool {
    let word =
        |text: &str| text.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_+-".contains(b)).count();
    let scheme = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let named = word(rest);
    rest.starts_with("//")
        || SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        || rest[named..].starts_with(':') && rest[..named].bytes().any(|byte| !byte.is_ascii_digit())
}

/// Whether a full stop between these texts is one in the name of a host, as in `www.` and `example.org`.
fn is_host(before: &str, rest: &str) -> bool {
    let last = before.bytes().rev().take(3);
    let www = last.clone().count() == 3 && last.clone().all(|byte| byte.eq_ignore_ascii_case(&b'w'));
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    www || letters >= 2 && before.bytes().next_back().is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// The end of the address of mail that starts at byte `at` and at no earlier one.
fn mailbox(text: &str, at: usize) -> Option<usize> {
    let within = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-@".contains(&byte);
    let bytes = text.as_bytes();
    if at > 0 && within(bytes[at - 1]) || !within(*bytes.get(at)?) {
        return None;
    }
    let length = bytes[at..].iter().take_while(|byte| within(**byte)).count();
    let address = &text[at..at + length];
    let (local, host) = address.split_once('@')?;
    (!local.is_empty() && host.contains('.') || host.contains('@')).then_some(at + length)
}

#[cfg(test)]
mod tests;
