//! The sample edition: thirty articles that are part of the program, so that the first run has something to show.
//!
//! All people and events in it are invented, in real countries. The names of its sources say that it is a sample.

use super::{Origin, read};
use crate::article::Article;
use chrono::DateTime;

/// One text of the edition.
struct Text {
    source: &'static str,
    file: &'static str,
    text: &'static str,
}

macro_rules! texts {
    ($($folder:literal $source:literal: $($file:literal),+;)+) => {
        &[$($(Text {
            source: concat!($source, " (sample edition)"),
            file: concat!($folder, "/", $file),
            text: include_str!(concat!("../../assets/articles/", $folder, "/", $file)),
        }),+),+]
    };
}

static TEXTS: &[Text] = texts! {
    "coastal-wire" "Coastal Wire":
        "01-river-data-accord.txt", "02-peru-anchovy.txt", "03-zambezi-flood.txt", "04-mackerel-talks.txt", "05-pacific-cable.txt", "06-muscat-seafarers.txt", "07-geneva-pledges.txt", "08-prince-rupert.txt";
    "meridian-press" "Meridian Press":
        "01-lithium-railway.txt", "02-vietnam-rice.txt", "03-lunar-relay.txt", "04-lusaka-cholera.txt", "05-hague-tuna.txt", "06-us-china-magnets.txt", "07-seoul-novelist.txt", "08-addis-signing.txt";
    "northern-desk" "Northern Desk":
        "01-estonia-growth.txt", "02-ecb-rates.txt", "03-night-train.txt", "04-trondheim-biathlon.txt", "05-seed-vault.txt", "06-washington-beijing-truce.txt", "07-envoy-leaves.txt";
    "plaza-news" "Plaza News":
        "01-mozambique-flood.txt", "02-montevideo-derby.txt", "03-codex-returns.txt", "04-ecuador-assembly.txt", "05-cairo-envoy.txt", "06-hobart-icebreaker.txt", "07-london-markets.txt";
};

/// How the names of the sample edition's sources end.
const MARK: &str = " (sample edition)";

/// The name of a source without the mark of the sample edition, for lists whose title says that once.
pub fn plain_source(source: &str) -> &str {
    source.strip_suffix(MARK).filter(|name| !name.is_empty()).unwrap_or(source)
}

/// Whether an article is one of the sample edition, whose news is invented.
pub fn is_sample(article: &Article) -> bool {
    article.path.as_deref().is_some_and(|path| path.starts_with("sample edition/"))
}

/// The articles of the sample edition, each with the date in its text.
pub fn edition() -> Vec<Article> {
    let article = |text: &Text| {
        let origin = Origin {
            path: Some(format!("sample edition/{}", text.file)),
            source: text.source.to_owned(),
            // Every text has its own date; a test checks this.
            time: DateTime::UNIX_EPOCH,
        };
        read(text.text.as_bytes(), &origin).0
    };
    TEXTS.iter().flat_map(article).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Dateline;
    use chrono::Datelike;

    #[test]
    fn the_edition_is_whole() {
        let articles = edition();
        assert_eq!(articles.len(), 30);
        for article in &articles {
            let words = article.body.split_whitespace().count();
            assert!((150..=400).contains(&words), "{}: {words} words", article.title);
            assert_eq!(article.published.map(|time| time.year()), Some(2026), "{}", article.title);
            assert!(!article.title.is_empty() && article.source.ends_with(MARK) && is_sample(article));
            // Wrapped texts have been joined, and all are built like those of an agency.
            assert!(
                article.body.lines().all(|line| !line.starts_with(char::is_lowercase)),
                "{}",
                article.title
            );
            assert!(
                Dateline::find(&article.body, crate::language::Language::default()).is_some(),
                "{}",
                article.title
            );
        }
    }

    #[test]
    fn no_text_of_it_gives_a_warning() {
        for text in TEXTS {
            let origin = Origin { path: None, source: text.source.to_owned(), time: DateTime::UNIX_EPOCH };
            let (articles, warnings) = read(text.text.as_bytes(), &origin);
            assert_eq!((articles.len(), warnings), (1, vec![]), "{}", text.file);
        }
    }
}
