//! Makes any number of articles for measurements: always the same article for the same number.
//!
//! The material is real articles: those in the folder `DATELINE_CORPORA` (every `.jsonl` with `title` and `body`, and
//! every `.txt` in it), or else those of the sample edition. Each article consists of four to ten sentences drawn from
//! all articles, a headline with an invented name, a sentence about two invented people (a few people are in the news
//! often, most of them once), one of two hundred sources, and a time within ten years. With the 130,000 sentences of the
//! corpora, two articles rarely share more than one sentence; with the small sample edition, many share some. One
//! article in ten is deliberately a copy of an earlier one, from another source and without its last line.

use chrono::{DateTime, Utc};
use dateline::exports::article::Article;
use std::path::{Path, PathBuf};

/// The material from which articles are made.
pub struct Press {
    pub sentences: Vec<String>,
    titles: Vec<String>,
    names: Vec<String>,
}

impl Press {
    pub fn new() -> Press {
        let mut press = Press { sentences: Vec::new(), titles: Vec::new(), names: Vec::new() };
        for (title, body) in real_articles() {
            let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
            press.sentences.extend(body.split_inclusive(". ").map(|sentence| sentence.trim().to_owned()));
            press.titles.push(title);
        }
        let parts =
            ["Ba", "Ko", "Li", "Me", "No", "Ra", "Su", "To", "Va", "Ze", "Du", "Fi", "Ga", "Hu", "Jo"];
        let ends = ["ren", "lund", "mann", "eski", "oyo", "ides", "ato", "berg", "nik", "ara", "ell", "ov"];
        for a in parts {
            for b in parts {
                press.names.extend(ends.iter().map(|end| format!("{a}{}{end}", b.to_lowercase())));
            }
        }
        press
    }

    /// The article with this number, always the same; one in ten is a copy of another one, by another source.
    pub fn article(&self, number: usize, size: usize) -> Article {
        if number % 10 != 9 {
            return self.original(number, size);
        }
        let mut copy = self.original(number - 5, size);
        copy.url = Some(format!("https://news.example/{number}"));
        copy.source = "Daily Copy".to_owned();
        copy.body = copy.body.rsplit_once('\n').map_or(String::new(), |(most, _)| most.to_owned());
        copy
    }

    /// A new article, always the same for one number: some sentences of real articles and one about two invented
    /// people. The times cover ten years, nearly in the order of the numbers.
    fn original(&self, number: usize, size: usize) -> Article {
        let mut dice = Dice(number as u64 + 1);
        let count = 4 + dice.below(7);
        let mut body: Vec<String> =
            (0..count).map(|_| self.sentences[dice.below(self.sentences.len())].clone()).collect();
        // A few people are often in the news, and many only once.
        let skewed =
            |dice: &mut Dice, among: usize| dice.below(among).min(dice.below(among)).min(dice.below(among));
        let name = |dice: &mut Dice| {
            let forename = &self.names[skewed(dice, 400)];
            format!("{forename} {}", self.names[skewed(dice, self.names.len())])
        };
        let (one, two) = (name(&mut dice), name(&mut dice));
        let subject = &self.titles[dice.below(self.titles.len())];
        body.insert(1, format!("\"We have agreed on {subject},\" {one} said after talks with {two}."));
        let year = 365.0 * 86_400.0;
        let at = number as f64 / size as f64 * 10.0 * year + dice.below(400_000) as f64;
        Article {
            path: None,
            url: Some(format!("https://news.example/{number}")),
            guid: None,
            source: format!("Wire {}", skewed(&mut dice, 200)),
            title: format!("{subject} {}", self.names[dice.below(self.names.len())]),
            author: None,
            language: None,
            published: DateTime::<Utc>::from_timestamp(1_400_000_000 + at as i64, 0),
            body: body.join("\n"),
        }
    }
}

fn real_articles() -> Vec<(String, String)> {
    let mut articles = Vec::new();
    if let Some(folder) = std::env::var_os("DATELINE_CORPORA") {
        collect(Path::new(&folder), &mut articles);
    }
    if articles.is_empty() {
        let edition = dateline::exports::formats::edition();
        articles.extend(edition.into_iter().map(|article| (article.title, article.body)));
    }
    assert!(!articles.is_empty(), "neither DATELINE_CORPORA nor the sample edition has articles");
    articles
}

/// Reads the files in the order of their names, so that the articles are the same on every machine.
fn collect(folder: &Path, articles: &mut Vec<(String, String)>) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, articles);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        match path.extension().and_then(|end| end.to_str()) {
            Some("jsonl") => articles.extend(text.lines().filter_map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).ok()?;
                Some((value["title"].as_str()?.to_owned(), value["body"].as_str()?.to_owned()))
            })),
            Some("txt") => articles
                .extend(text.split_once('\n').map(|(title, body)| (title.to_owned(), body.to_owned()))),
            _ => {}
        }
    }
}

/// A splitmix64 generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((word ^ word >> 31) % end as u64) as usize
    }
}
