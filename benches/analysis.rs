//! Measures how fast texts are analysed on one core, in words a second.
//!
//! `DATELINE_CORPORA=FOLDER cargo bench --bench analysis` uses the first 5,000 articles with a body in
//! `FOLDER/reuters21578.jsonl`; without a folder, it uses the sample edition many times over. In the same run,
//! `unicode-segmentation` alone counts the words of the same texts, so that the two can be compared on any machine,
//! and each part of the analysis is timed separately. Words are counted by `unicode_words`.

use dateline::exports::analysis::analyze;
use dateline::exports::analysis::sentence::sentences;
use dateline::exports::analysis::tagger::document::Document;
use dateline::exports::analysis::tagger::{self, Tagger};
use dateline::exports::analysis::token::tokens;
use dateline::exports::article::Article;
use dateline::exports::formats;
use dateline::exports::language::Language;
use std::hint::black_box;
use std::time::Instant;
use unicode_segmentation::UnicodeSegmentation;

const ARTICLES: usize = 5000;

fn main() {
    let language = Language::default();
    let start = Instant::now();
    let shipped = tagger::shipped(Language::default()).expect("the shipped model is sound");
    println!("{:<44}{:>8.2} ms", "loading the model of the tagger", start.elapsed().as_secs_f64() * 1e3);
    let articles = articles();
    let bytes: usize = articles.iter().map(|(title, body)| title.len() + body.len()).sum();
    let words: usize = articles.iter().map(|(title, body)| count_words(title) + count_words(body)).sum();
    println!("{} articles, {words} words, {:.1} MB", articles.len(), bytes as f64 / 1e6);

    time("unicode-segmentation alone", words, || {
        articles.iter().map(|(title, body)| count_words(title) + count_words(body)).sum()
    });
    time("tokens", words, || articles.iter().map(|(_, body)| tokens(body, language).len()).sum());
    time("tokens and sentences", words, || {
        articles.iter().map(|(_, body)| sentences(body, &tokens(body, language), language).len()).sum()
    });
    let mut document = Document::new(language);
    time("tokens, sentences, features of the document", words, || {
        articles.iter().map(|(title, body)| read(&mut document, title, body)).sum()
    });
    let mut tagger = Tagger::new(shipped);
    time("names", words, || {
        let tag = |(title, body): &(String, String)| {
            read(&mut document, title, body);
            tagger.tag(&document).len()
        };
        articles.iter().map(tag).sum()
    });
    time("the whole analysis", words, || {
        articles.iter().map(|(title, body)| analyze(title, body, language).mentions.len()).sum()
    });
}

/// Runs the measurement three times and prints the best result, because other programs can only slow it down.
fn time(name: &str, words: usize, mut run: impl FnMut() -> usize) {
    let seconds = (0..3)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    println!("{name:<44}{:>8.2} million words a second", words as f64 / seconds / 1e6);
}

fn count_words(text: &str) -> usize {
    text.unicode_words().count()
}

fn read(document: &mut Document, title: &str, body: &str) -> usize {
    document.clear();
    for text in [title, body] {
        let tokens = tokens(text, Language::default());
        document.push(text, &tokens, &sentences(text, &tokens, Language::default()));
    }
    document.finish();
    document.words.len()
}

/// The titles and bodies of the articles, as the program reads them.
fn articles() -> Vec<(String, String)> {
    let texts = |article: Article| (article.title, article.body);
    let Some(folder) = std::env::var_os("DATELINE_CORPORA") else {
        println!("DATELINE_CORPORA is not set, so the sample edition is used many times over");
        return formats::edition().into_iter().cycle().take(1000).map(texts).collect();
    };
    let path = std::path::Path::new(&folder).join("reuters21578.jsonl");
    let bytes = std::fs::read(&path).expect("the corpus is readable");
    let time = chrono::DateTime::UNIX_EPOCH;
    let origin =
        formats::Origin { path: Some(path.display().to_string()), source: "Reuters".to_owned(), time };
    let (articles, _) = formats::read(&bytes, &origin);
    articles.into_iter().filter(|article| !article.body.is_empty()).take(ARTICLES).map(texts).collect()
}
