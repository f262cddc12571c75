//! What `dateline export` writes as CSV and as a page of HTML, and reads back into the same articles.
//!
//! In comes an article with what a person did with it; out comes a row or an element, and from these the article again,
//! unchanged. Each of the two forms is written and read in one file, so that they stay in step.

pub mod page;
pub mod table;

use super::dating::{Clue, Item, recorded};
use super::{Origin, ReadingState};
use crate::article::Article;
use crate::language::LanguageCode;
use crate::text::{clean_body, clean_line, clean_url, path};
use chrono::{DateTime, SecondsFormat, Utc};

/// An article as it stands in an export, each text as it is written there. What is empty is not known.
#[derive(Debug, Default)]
struct Written {
    title: String,
    date: String,
    source: String,
    author: String,
    url: String,
    language: String,
    tags: Vec<String>,
    read: bool,
    starred: bool,
    body: String,
    position: String,
    path: String,
    guid: String,
}

impl Written {
    /// The article. Its texts are clean already, so that no lines are joined and nothing is taken for markup; they are
    /// still cleaned, as the file may be forged. `None` without a title and a body.
    fn item(self, origin: &Origin) -> Option<Item> {
        let line = |text: &str| Some(clean_line(text)).filter(|text| !text.is_empty());
        // An escape stays as it is, and a path of any length is kept whole.
        let file = Some(path::written(&path::read(&self.path))).filter(|path| !path.is_empty());
        let article = Article {
            path: file,
            url: clean_url(&self.url),
            guid: line(&self.guid),
            source: line(&self.source).unwrap_or_else(|| origin.source_name()),
            title: clean_line(&self.title),
            author: line(&self.author),
            published: moment(&self.date),
            language: LanguageCode::read(&self.language),
            body: clean_body(&self.body),
        };
        if article.title.is_empty() && article.body.is_empty() {
            return None;
        }
        let state = ReadingState {
            read: self.read,
            starred: self.starred,
            tags: self.tags.iter().filter_map(|tag| line(tag)).collect(),
            position: self.position.trim().parse().unwrap_or(0),
        };
        Some(Item { article, clue: Clue::Nothing, state: Some(state) })
    }
}

/// A time as it is written: `2022-01-03T10:00:00Z`.
fn time(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A time as it was written, or as another program wrote it since.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    text.trim().parse().ok().or_else(|| recorded(text).map(|written| written.moment))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any article with any state, as a library holds them.
    pub(in crate::formats) fn stored() -> impl Strategy<Value = (Article, ReadingState)> {
        let hostile = "[-=+@;,\t\r\n\"'<>&/a b１＝`\\\\\u{a0}\u{0301}é日]{0,20}";
        let text = prop_oneof![
            4 => hostile.prop_map(|text: String| text),
            1 => any::<String>(),
            1 => Just("</article><script>x</script>".to_owned()),
            1 => Just("null".to_owned()),
            1 => Just("title,date,source".to_owned()),
        ];
        let lines = proptest::collection::vec(text.clone(), 0..5).prop_map(|lines| lines.join("\n\n"));
        let texts = (text.clone(), lines, text.clone(), text.clone(), text.clone(), text.clone());
        let tags = proptest::collection::btree_set(text, 0..4);
        let known = (any::<bool>(), 0i64..4_000_000_000, any::<bool>(), any::<bool>(), any::<u32>());
        (texts, tags, known).prop_filter_map("an article has a text", |(texts, tags, known)| {
            let (title, body, source, author, guid, file) = texts;
            let (dated, seconds, read, starred, position) = known;
            let line = |text: &str| Some(clean_line(text)).filter(|text| !text.is_empty());
            let article = Article {
                path: Some(path::written(&path::read(&clean_line(&file)))).filter(|file| !file.is_empty()),
                url: clean_url(&format!("https://example.org/{author}")),
                guid: line(&guid),
                source: line(&source).unwrap_or_else(|| "Wire".to_owned()),
                title: clean_line(&title),
                author: line(&author),
                published: DateTime::from_timestamp(seconds, 0).filter(|_| dated),
                language: dated.then(|| LanguageCode::read("de")).flatten(),
                body: clean_body(&body),
            };
            let tags: std::collections::BTreeSet<String> = tags.iter().filter_map(|tag| line(tag)).collect();
            let state = ReadingState { read, starred, tags: tags.into_iter().collect(), position };
            (!article.title.is_empty() || !article.body.is_empty()).then_some((article, state))
        })
    }

    /// What a file holds, however it is cut into pieces.
    pub(in crate::formats) fn read_back(bytes: &[u8], size: usize) -> Vec<(Article, ReadingState)> {
        let origin =
            Origin { path: Some("x.txt".to_owned()), source: "x".to_owned(), time: DateTime::UNIX_EPOCH };
        let mut stream = crate::formats::Stream::new(origin);
        let mut found = Vec::new();
        let mut take = |(articles, warnings): (Vec<Article>, Vec<crate::formats::Warning>), states| {
            // That some have no date is said of every file.
            let others = warnings.iter().filter(|warning| !warning.message.contains("find every date"));
            assert_eq!(others.count(), 0, "{warnings:?}");
            let states: Vec<(usize, ReadingState)> = states;
            assert_eq!(articles.len(), states.len());
            found.extend(articles.into_iter().zip(states.into_iter().map(|(_, state)| state)));
        };
        for piece in bytes.chunks(size) {
            let read = stream.push(piece);
            take(read, stream.take_states());
        }
        let read = stream.finish();
        take(read, stream.take_states());
        found
    }
}
