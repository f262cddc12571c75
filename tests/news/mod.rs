//! Generated articles that are distinguished by their numbers, for the tests of the library.

use dateline::exports::annotation::Analysis;
use dateline::exports::article::Article;

/// The article with this number, published one second after the one before it, with an empty analysis.
pub fn news(number: i64) -> (Article, Analysis) {
    let article = Article {
        path: None,
        url: None,
        guid: Some(number.to_string()),
        source: "North Wire".to_owned(),
        title: format!("News {number}"),
        author: None,
        language: None,
        published: chrono::DateTime::from_timestamp(1_640_995_200 + number, 0),
        body: format!("Talks on number{number} went on."),
    };
    (article, Analysis::default())
}
