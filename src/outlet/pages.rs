//! A page of several pieces (a brief, a board) as plain text, Markdown and HTML, in which nothing that an article says is
//! markup.
//!
//! In: pieces. Out: text. Pure; must not know what the page is about.

use super::markdown::{escaped, link};
use crate::text::harmless::{markup, one_line};
use crate::text::{clean_url, wrap};

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// In lines of at most so many cells.
    Text(usize),
    Markdown,
    Html,
}

/// One piece of a page. The texts are plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The title of the page: once, and first.
    Title(String),
    Heading(String),
    /// A headline within a section.
    Headline(String),
    Text(String),
    /// Words that somebody said.
    Quote(String),
    /// An entry of a list.
    Entry(String),
    /// Where something is from, with an address.
    Cited(String, Option<String>),
    /// What the person wrote.
    Note(String),
}

/// How far pieces are indented in plain text.
const INDENT: usize = 2;

/// The page, with a line feed at its end.
pub fn page(pieces: &[Piece], paper: Paper) -> String {
    match paper {
        Paper::Text(width) => text(pieces, width),
        Paper::Markdown => markdown(pieces),
        Paper::Html => html(pieces),
    }
}

/// The lines of a text in so many cells, with `first` before the first of them and blanks before the others.
fn lines(said: &str, first: &str, width: usize, out: &mut String) {
    let indent = first.chars().count();
    for paragraph in said.split('\n') {
        let paragraph = one_line(paragraph);
        for (at, line) in wrap::lines(&paragraph, width.saturating_sub(indent).max(10)).iter().enumerate() {
            let before = if at == 0 { first.to_owned() } else { " ".repeat(indent) };
            let line = line.span.get(&paragraph).unwrap_or_default();
            out.push_str(format!("{before}{line}").trim_end());
            out.push('\n');
        }
    }
}

fn text(pieces: &[Piece], width: usize) -> String {
    let mut out = String::new();
    let mut last: Option<&Piece> = None;
    let blank = " ".repeat(INDENT);
    for piece in pieces {
        // A list, and what belongs to a headline, stand together.
        let apart = match piece {
            Piece::Title(_) => false,
            Piece::Entry(_) => !matches!(last, Some(Piece::Entry(_) | Piece::Heading(_))),
            Piece::Headline(_) | Piece::Quote(_) => {
                !matches!(last, Some(Piece::Heading(_) | Piece::Headline(_)))
            }
            Piece::Heading(_) => true,
            Piece::Text(_) => matches!(last, Some(Piece::Title(_))),
            Piece::Cited(..) | Piece::Note(_) => false,
        };
        if apart && !out.is_empty() {
            out.push('\n');
        }
        match piece {
            Piece::Title(said) => {
                lines(said, "", width, &mut out);
                let cells = out.lines().map(crate::text::width::cells).max().unwrap_or(0);
                out.push_str(&"=".repeat(cells));
                out.push('\n');
            }
            Piece::Heading(said) => lines(&said.to_uppercase(), "", width, &mut out),
            Piece::Headline(said) => lines(said, "", width, &mut out),
            Piece::Text(said) => lines(said, &blank, width, &mut out),
            Piece::Quote(said) => lines(said, "", width, &mut out),
            Piece::Entry(said) => lines(said, "- ", width, &mut out),
            Piece::Cited(said, url) => {
                lines(said, &blank, width, &mut out);
                // An address is not broken: broken ones cannot be opened.
                if let Some(url) = url {
                    out.push_str(&format!("{blank}{}\n", one_line(url)));
                }
            }
            Piece::Note(said) => lines(said, "  > ", width, &mut out),
        }
        last = Some(piece);
    }
    out
}

fn markdown(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Title(said) => out.push_str(&format!("# {}\n\n", escaped(said))),
            Piece::Heading(said) => out.push_str(&format!("## {}\n\n", escaped(said))),
            Piece::Headline(said) => out.push_str(&format!("### {}\n\n", escaped(said))),
            Piece::Text(said) => {
                for paragraph in said.split('\n').filter(|line| !line.trim().is_empty()) {
                    out.push_str(&format!("{}\n\n", escaped(paragraph)));
                }
            }
            Piece::Quote(said) => out.push_str(&format!("> {}\n\n", escaped(said))),
            Piece::Entry(said) => out.push_str(&format!("- {}\n\n", escaped(said))),
            Piece::Cited(said, url) => {
                out.push_str(&format!("*{}*\n\n", escaped(said)));
                if let Some(url) = url {
                    out.push_str(&format!("{}\n\n", link(url).unwrap_or_else(|| escaped(url))));
                }
            }
            Piece::Note(said) => {
                for paragraph in said.split('\n').filter(|line| !line.trim().is_empty()) {
                    out.push_str(&format!("**Note:** {}\n\n", escaped(paragraph)));
                }
            }
        }
    }
    out.trim_end().to_owned() + "\n"
}

fn html(pieces: &[Piece]) -> String {
    let title = pieces.iter().find_map(|piece| match piece {
        Piece::Title(said) => Some(markup(&one_line(said))),
        _ => None,
    });
    let mut out = format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n</head>\n<body>\n",
        title.unwrap_or_default()
    );
    let mut in_list = false;
    for piece in pieces {
        if in_list != matches!(piece, Piece::Entry(_)) {
            out.push_str(if in_list { "</ul>\n" } else { "<ul>\n" });
            in_list = !in_list;
        }
        let inner = |said: &str| markup(&one_line(said));
        out.push_str(&match piece {
            Piece::Title(said) => format!("<h1>{}</h1>\n", inner(said)),
            Piece::Heading(said) => format!("<h2>{}</h2>\n", inner(said)),
            Piece::Headline(said) => format!("<h3>{}</h3>\n", inner(said)),
            Piece::Text(said) => said.split('\n').map(|line| format!("<p>{}</p>\n", inner(line))).collect(),
            Piece::Quote(said) => format!("<blockquote><p>{}</p></blockquote>\n", inner(said)),
            Piece::Entry(said) => format!("<li>{}</li>\n", inner(said)),
            Piece::Cited(said, url) => {
                let address = match url {
                    Some(url) => match clean_url(url) {
                        Some(link) => format!(" <a href=\"{}\">{}</a>", markup(&link), inner(url)),
                        None => format!(" {}", inner(url)),
                    },
                    None => String::new(),
                };
                format!("<p><em>{}</em>{address}</p>\n", inner(said))
            }
            Piece::Note(said) => said
                .split('\n')
                .map(|line| format!("<p><strong>Note:</strong> {}</p>\n", inner(line)))
                .collect(),
        });
    }
    if in_list {
        out.push_str("</ul>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width::cells;

    fn pieces() -> Vec<Piece> {
        vec![
            Piece::Title("A <board>".to_owned()),
            Piece::Heading("Top".to_owned()),
            Piece::Headline("Bridge *opens* <script>".to_owned()),
            Piece::Text(
                "It opened on a day that was so long that its line is broken here and there.".to_owned(),
            ),
            Piece::Cited("Wire & Sons".to_owned(), Some("https://wire.example/?a=1&b=<2>".to_owned())),
            Piece::Entry("one".to_owned()),
            Piece::Entry("two".to_owned()),
            Piece::Note("ask\nthem".to_owned()),
        ]
    }

    #[test]
    fn plain_text_keeps_within_its_width() {
        let text = page(&pieces(), Paper::Text(40));
        assert!(text.lines().all(|line| cells(line) <= 40), "{text}");
        assert!(text.starts_with("A <board>\n=========\n\nTOP\n"), "{text}");
        assert!(text.contains("\n- one\n- two\n  > ask\n  > them\n"), "{text}");
    }

    #[test]
    fn nothing_is_markup() {
        let html = page(&pieces(), Paper::Html);
        assert!(!html.contains("<script") && !html.contains("<board"), "{html}");
        assert!(html.contains("<ul>\n<li>one</li>\n<li>two</li>\n</ul>"), "{html}");
        assert!(html.contains("href=\"https://wire.example/?a=1&amp;b="), "{html}");
        let markdown = page(&pieces(), Paper::Markdown);
        assert!(markdown.contains("### Bridge \\*opens\\* &lt;script&gt;\n"), "{markdown}");
        assert!(!markdown.contains("<board>"), "{markdown}");
    }
}
