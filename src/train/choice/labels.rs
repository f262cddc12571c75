//! Articles with labelled quotes, and when a speaker is the one that was meant.
//!
//! In: lines of labels, the folder of the data. Out: articles with the byte where each passage stands. A name is right
//! where the words of one are among those of the other and no second bearer stands by; a description where it shares
//! a word with the wanted one.

use crate::annotation::{Analysis, Speaker};
use crate::article::Article;
use crate::formats::{self, Origin};
use crate::text::fold;
use crate::train::quotes::Fault;
use chrono::DateTime;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
struct Line {
    file: Option<String>,
    url: Option<String>,
    polnear: Option<String>,
    /// Passages in marks.
    #[serde(default)]
    quotes: Vec<Label>,
    /// Reported clauses.
    #[serde(default)]
    said: Vec<Label>,
    #[serde(default)]
    names: Vec<Name>,
}

#[derive(Deserialize)]
struct Name {
    means: Option<String>,
}

/// One passage in marks, or one reported clause.
#[derive(Clone, Debug, Deserialize)]
pub struct Label {
    pub text: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    start: usize,
    pub speaker: Option<String>,
    pub kind: String,
}

/// A labelled article; each label with the byte of the body where it stands.
pub struct Labelled {
    pub name: String,
    pub article: Article,
    pub labels: Vec<(usize, Label)>,
    /// Everybody whom the labels name.
    pub crowd: Vec<BTreeSet<String>>,
}

impl Labelled {
    /// Whether errors of this article may be looked at: of half of them, by a hash of the name.
    pub fn is_read(&self) -> bool {
        hash(&self.name) & 1 == 0
    }
}

/// The same number for a name on every machine.
pub fn hash(name: &str) -> u32 {
    let mut hash = 0x811C_9DC5u32;
    for byte in name.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash ^ hash >> 15
}

/// How a speaker agrees with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    Wrong,
    /// A description where the article names the speaker.
    Vague,
}

impl Label {
    pub fn is_nobodys(&self) -> bool {
        self.kind == "none"
    }

    pub fn judge(
        &self,
        analysis: &Analysis,
        crowd: &[BTreeSet<String>],
        article: &Article,
        who: &Speaker,
    ) -> Verdict {
        let Some(wanted) = self.speaker.as_deref().filter(|_| !self.is_nobodys()) else {
            return Verdict::Wrong;
        };
        let description = matches!(who, Speaker::Description(_));
        let shares = |name: &str| words(name).intersection(&words(wanted)).next().is_some();
        let right = match who {
            Speaker::Description(name) => {
                same(name, wanted, crowd) || self.kind == "description" && shares(name)
            }
            Speaker::Entity(index) => {
                let entity = analysis.entity(*index);
                let forms = analysis.mentions.iter().filter(|mention| mention.entity == *index);
                let forms = forms.filter_map(|mention| {
                    let title = mention.field == crate::annotation::Field::Title;
                    mention.span.get(if title { &article.title } else { &article.body })
                });
                same(&entity.name, wanted, crowd)
                    || forms.into_iter().any(|form| same(form, wanted, crowd))
                    || self.kind == "description" && shares(&entity.name)
            }
        };
        match right {
            true => Verdict::Right,
            false if description && self.kind != "description" => Verdict::Vague,
            false => Verdict::Wrong,
        }
    }
}

const SMALL: [&str; 11] = ["the", "of", "a", "an", "and", "for", "in", "on", "at", "to", "de"];

pub fn words(text: &str) -> BTreeSet<String> {
    let bare = text.replace("'s ", " ").replace("’s ", " ");
    fold::words(&bare).into_iter().filter(|word| word != "s" && !SMALL.contains(&word.as_str())).collect()
}

fn initials(short: &str, long: &str) -> bool {
    let short: String = short.chars().filter(|c| *c != '.').collect();
    let upper = short.len() > 1 && short.chars().all(char::is_uppercase);
    upper && {
        let bare = long.replace("'s", "").replace("’s", "");
        let of: String = fold::words(&bare)
            .iter()
            .filter(|word| *word != "s" && !SMALL.contains(&word.as_str()))
            .filter_map(|word| word.chars().next())
            .collect();
        of == short.to_lowercase()
    }
}

fn same(a: &str, b: &str, crowd: &[BTreeSet<String>]) -> bool {
    if initials(a, b) || initials(b, a) {
        return true;
    }
    let (x, y) = (words(a), words(b));
    if x.is_empty() || y.is_empty() || !(x.is_subset(&y) || y.is_subset(&x)) {
        return false;
    }
    !(x.len() == 1 && x != y && crowd.iter().filter(|other| x.is_subset(other)).count() > 1)
}

/// The articles that `labels` names, from the folder of the data.
pub fn read(labels: &Path, data: &Path) -> Result<Vec<Labelled>, Fault> {
    let articles = data.join("articles");
    let mut by_url: HashMap<String, Article> = HashMap::new();
    let wikinews = articles.join("wikinews.jsonl");
    for article in parse(&wikinews, &open(&wikinews)?) {
        by_url.extend(article.url.clone().map(|url| (url, article)));
    }
    let text = open(labels)?;
    if text.contains("\"polnear\"") {
        for split in ["train", "dev"] {
            polnear(&data.join("quotes").join(format!("polnear.{split}.jsonl")), &mut by_url)?;
        }
    }
    let mut labelled = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line: Line = serde_json::from_str(line).map_err(|cause| Fault::Malformed {
            path: labels.to_owned(),
            line: index + 1,
            cause,
        })?;
        let name = line.file.clone().or(line.url.clone()).or(line.polnear.clone()).unwrap_or_default();
        let article = match &line.file {
            Some(file) => {
                let path = articles.join(file);
                parse(&path, &open(&path)?).into_iter().next()
            }
            None => by_url.get(&name).cloned(),
        };
        let Some(article) = article else { continue };
        let named = line
            .quotes
            .iter()
            .chain(&line.said)
            .filter(|label| label.kind == "person")
            .filter_map(|label| label.speaker.as_ref());
        let mut crowd: Vec<&String> =
            named.chain(line.names.iter().filter_map(|name| name.means.as_ref())).collect();
        crowd.sort();
        crowd.dedup();
        let crowd = crowd.into_iter().map(|name| words(name)).collect();
        let labels: Vec<(usize, Label)> = line
            .quotes
            .into_iter()
            .chain(line.said)
            .filter_map(|label| Some((place(&article.body, &label)?, label)))
            .collect();
        labelled.push(Labelled { name, article, labels, crowd });
    }
    Ok(labelled)
}

/// PolNeAR's articles by their names, the first line of each as its title.
fn polnear(path: &Path, by_name: &mut HashMap<String, Article>) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Document {
        id: String,
        text: String,
    }
    for (index, line) in open(path)?.lines().enumerate() {
        let document: Document = serde_json::from_str(line).map_err(|cause| Fault::Malformed {
            path: path.to_owned(),
            line: index + 1,
            cause,
        })?;
        let (title, body) = document.text.split_once('\n').unwrap_or((&document.text, ""));
        let json = serde_json::json!({"title": title.trim(), "body": body.trim(), "url": document.id});
        if let Some(article) = parse(Path::new("polnear.jsonl"), &json.to_string()).into_iter().next() {
            by_name.insert(document.id, article);
        }
    }
    Ok(())
}

/// The byte where a passage stands: of equal ones that behind the same words, then the nearest.
fn place(body: &str, label: &Label) -> Option<usize> {
    let wanted = body.char_indices().nth(label.start).map_or(body.len(), |(at, _)| at);
    let there: Vec<String> = fold::words(&label.before).into_iter().rev().collect();
    let fit = |at: &usize| {
        let from =
            body.get(..*at).map_or(0, |head| head.char_indices().rev().nth(39).map_or(0, |(at, _)| at));
        let here: Vec<String> = fold::words(body.get(from..*at).unwrap_or("")).into_iter().rev().collect();
        let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
        (std::cmp::Reverse(shared), at.abs_diff(wanted))
    };
    body.match_indices(&label.text).map(|(at, _)| at).min_by_key(fit)
}

fn open(path: &Path) -> Result<String, Fault> {
    fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|cause| Fault::Unreadable { path: path.to_owned(), cause })
}

fn parse(path: &Path, text: &str) -> Vec<Article> {
    let path = Some(path.display().to_string());
    formats::read(text.as_bytes(), &Origin { path, source: String::new(), time: DateTime::UNIX_EPOCH }).0
}
