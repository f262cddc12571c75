//! An article as a small page of HTML in which nothing that the article says is markup.

use crate::article::{Article, day_or_undated};
use crate::text::clean_url;
use crate::text::harmless::{markup, one_line};

/// The page. It has no script, no style and no picture, and loads nothing.
pub fn article(article: &Article) -> String {
    let title = if article.title.is_empty() { "Without a title" } else { &article.title };
    let language = article.language.as_ref().map(|code| format!(" lang=\"{code}\"")).unwrap_or_default();
    let mut out = format!(
        "<!DOCTYPE html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<title>{0}</title>\n</head>\n<body>\n<h1>{0}</h1>\n",
        markup(&one_line(title))
    );
    let author = article.author.as_deref().map(|author| format!(", {author}")).unwrap_or_default();
    let about = format!("{}, {}{author}", day_or_undated(article.date()), article.source);
    out.push_str(&format!("<p><em>{}</em></p>\n", markup(&one_line(&about))));
    if let Some(url) = &article.url {
        let text = markup(&one_line(url));
        out.push_str(&match clean_url(url) {
            Some(link) => format!("<p><a href=\"{}\">{text}</a></p>\n", markup(&link)),
            None => format!("<p>{text}</p>\n"),
        });
    }
    for paragraph in article.body.split('\n').filter(|line| !line.trim().is_empty()) {
        out.push_str(&format!("<p>{}</p>\n", markup(paragraph)));
    }
    out.push_str("</body>\n</html>\n");
    out
}
