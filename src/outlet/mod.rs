//! One article as something else reads it: plain text, Markdown, HTML, JSON.
//!
//! In: an article and its analysis. Out: a text in which nothing that the article says is markup. Pure; must not know where
//! the text goes: to a command, into a file, to standard output.

pub mod board;
pub mod brief;
mod html;
pub mod json;
pub mod markdown;
pub mod pages;

use crate::annotation::Analysis;
use crate::article::{Article, ArticleId, day_or_undated};

/// A form in which an article is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    Text,
    Markdown,
    Html,
    Json,
}

/// The forms with their names and the ending of a file, in the order in which they are offered.
const FORMS: [(Form, &[&str]); 4] = [
    (Form::Text, &["text", "txt"]),
    (Form::Markdown, &["markdown", "md"]),
    (Form::Html, &["html", "htm"]),
    (Form::Json, &["json", "jsonl"]),
];

impl Form {
    /// The form that is called `name`, or whose files end so.
    pub fn find(name: &str) -> Option<Form> {
        let name = name.to_lowercase();
        FORMS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(form, _)| *form)
    }

    pub fn name(self) -> &'static str {
        FORMS.iter().find(|(form, _)| *form == self).map_or("text", |(_, names)| names[0])
    }

    /// The form that is offered `steps` after this one.
    pub fn after(self, steps: i64) -> Form {
        let at = FORMS.iter().position(|(form, _)| *form == self).unwrap_or(0) as i64;
        let next = (at + steps).rem_euclid(FORMS.len() as i64) as usize;
        FORMS.get(next).map_or(self, |(form, _)| *form)
    }
}

/// The article in this form, with a line feed at its end.
pub fn written(form: Form, id: ArticleId, article: &Article, analysis: &Analysis) -> String {
    match form {
        Form::Text => text(article),
        Form::Markdown => markdown::article(article).trim_end_matches("---\n\n").trim_end().to_owned() + "\n",
        Form::Html => html::article(article),
        Form::Json => json::line(&json::ArticleJson::new(id, article, Some(analysis))) + "\n",
    }
}

/// The title, the day, an empty line and the body, as `add` reads them; then the source, the author and the address.
fn text(article: &Article) -> String {
    let mut out = String::new();
    if !article.title.is_empty() {
        out.push_str(&format!("{}\n", article.title));
    }
    out.push_str(&format!("{}\n\n{}\n", day_or_undated(article.date()), article.body));
    let from = [Some(article.source.as_str()), article.author.as_deref(), article.url.as_deref()];
    let from: Vec<&str> = from.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if !from.is_empty() {
        out.push_str(&format!("\n{}\n", from.join("\n")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article() -> Article {
        Article {
            path: None,
            url: Some("https://wire.example/a?b=1&c=<2>".to_owned()),
            guid: None,
            source: "Wire & Sons".to_owned(),
            title: "A <b>bridge</b> opens".to_owned(),
            author: Some("Ada Okafor".to_owned()),
            published: None,
            language: None,
            body: "First & last.\n<script>alert(1)</script>".to_owned(),
        }
    }

    #[test]
    fn nothing_that_an_article_says_is_markup() {
        let html = written(Form::Html, ArticleId(1), &article(), &Analysis::default());
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(html.contains("First &amp; last.") && html.contains("<h1>A &lt;b&gt;bridge"), "{html}");
        assert!(html.contains("href=\"https://wire.example/a?b=1&amp;c="), "{html}");
        let json = written(Form::Json, ArticleId(7), &article(), &Analysis::default());
        assert!(json.starts_with("{\"id\": 7, ") && json.ends_with("}\n"), "{json}");
        let text = written(Form::Text, ArticleId(1), &article(), &Analysis::default());
        assert!(text.starts_with("A <b>bridge</b> opens\nundated\n\nFirst & last.\n"), "{text}");
        assert!(text.ends_with("\nWire & Sons\nAda Okafor\nhttps://wire.example/a?b=1&c=<2>\n"), "{text}");
    }

    #[test]
    fn forms_have_names_and_endings() {
        for (form, names) in FORMS {
            assert!(names.iter().all(|name| Form::find(name) == Some(form)));
            assert_eq!(form.after(4), form);
            assert_eq!(form.after(1).after(-1), form);
        }
        assert_eq!(Form::find("MD"), Some(Form::Markdown));
        assert_eq!(Form::find("pdf"), None);
    }
}
