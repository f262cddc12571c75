//! What is said about the article in the reader: what is in it, why it matches the filter, what is related to it, and in
//! what it differs from another one.

use super::super::App;
use super::super::action::Action;
use super::super::message::{Lane, Outcome, Question, Ticket};
use super::super::over::Over;
use super::super::picker::{Choice, Chosen, Picker, Purpose};
use super::super::sheet::{Sheet, Subject, Told};
use super::ask::{Arrival, Near};
use crate::annotation::{Entity, Field, Kind, SALIENT};
use crate::article::{Article, ArticleId, day_or_undated};
use crate::listing::{Related, Stored};
use crate::query::{Filter, Names, Query, Term, hit};
use crate::text::fold;
use std::collections::HashSet;

/// The quotes of a person that are listed at most, and the characters of each.
const QUOTES: usize = 8;

/// The share of the words of two sentences that are the same from which on they say the same, in hundredths.
const SAME: usize = 75;

impl App {
    /// Does what is asked about the article under the cursor. One that is not shown yet is loaded first.
    pub(super) fn tell_of_article(&mut self, action: Action) {
        let Some(id) = self.subject() else {
            self.notice = Some("no article is selected".to_owned());
            return;
        };
        let Some(shown) = self.reader.shown().filter(|shown| shown.stored.id == id) else {
            let at = self.start_of_selected();
            self.load(id, Arrival { then: Some((action, None)), ..Arrival::at(at) });
            return;
        };
        match action {
            Action::Contents => {
                let lines = contents(&shown.stored);
                self.tell("In this article", lines);
            }
            Action::Why => {
                let lines = why(&self.query, &shown.stored);
                self.tell("Why this article is listed", lines);
            }
            Action::Related => self.ask_near(Near::Related, Question::Related { id }),
            _ => self.ask_near(Near::Others, Question::SameStory { id }),
        }
    }

    fn tell(&mut self, title: &str, lines: Vec<Told>) {
        self.over = Over::Sheet(Sheet::new(Subject::Told { title: title.to_owned(), lines }));
    }

    fn ask_near(&mut self, near: Near, question: Question) {
        self.asked.near = Some((self.ask(Lane::Candidates, question), near));
    }

    /// Compares the article with another one.
    pub(super) fn compare_with(&mut self, id: ArticleId) {
        self.ask_near(Near::Other, Question::Load { id });
    }

    /// Takes the answer to what was asked about an article. Returns whether it was that.
    pub(super) fn take_near(&mut self, ticket: Ticket, outcome: &Outcome) -> bool {
        let Some((_, near)) = self.asked.near.take_if(|(open, _)| *open == ticket) else { return false };
        match (near, outcome) {
            (Near::Related | Near::Others, Outcome::Related(found)) => self.offer_near(near, found),
            (Near::Other, Outcome::Article(Some(other))) => {
                let Some(shown) = self.reader.shown() else { return true };
                let lines = compared(&shown.stored.article, &other.article);
                self.tell("Compared: what only one of the two says", lines);
            }
            (Near::Other, Outcome::Article(None)) => {
                self.notice = Some("this article is no longer in the library".to_owned());
            }
            _ => {}
        }
        true
    }

    fn offer_near(&mut self, near: Near, found: &[Related]) {
        if found.is_empty() {
            self.notice = Some(match near {
                Near::Related => "no other article here is related to this one".to_owned(),
                _ => "no other article here tells this story".to_owned(),
            });
            return;
        }
        let choice = |related: &Related| {
            let day = day_or_undated(related.row.key.date());
            let shared = match related.shared.is_empty() {
                true => String::new(),
                false => format!("  ({})", related.shared.join(", ")),
            };
            let label = format!("{day}  {}  {}{shared}", related.row.source, related.row.title);
            let id = related.row.key.id;
            Choice::new(
                label,
                None,
                if near == Near::Related { Chosen::Article(id) } else { Chosen::Compare(id) },
            )
        };
        let purpose = if near == Near::Related { Purpose::Related } else { Purpose::Compare };
        self.over = Over::Picker(Picker::new(purpose, found.iter().map(choice).collect()));
    }
}

fn line(text: impl Into<String>) -> Told {
    Told { text: text.into(), strong: false }
}

fn heading(text: impl Into<String>) -> Told {
    Told { text: text.into(), strong: true }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// What is in an article, kind by kind, in the order of salience.
fn contents(stored: &Stored) -> Vec<Told> {
    let analysis = &stored.analysis;
    let mut lines = Vec::new();
    let mut quoted: HashSet<usize> = HashSet::new();
    let kinds = [
        (Kind::Person, "People"),
        (Kind::Country, "Countries"),
        (Kind::Org, "Organisations"),
        (Kind::Place, "Places"),
    ];
    for (kind, title) in kinds {
        let mut entities: Vec<(usize, &Entity)> =
            analysis.entities.iter().enumerate().filter(|(_, entity)| entity.kind == kind).collect();
        entities.sort_by(|one, other| other.1.salience.total_cmp(&one.1.salience));
        if !entities.is_empty() {
            lines.push(heading(title));
        }
        for (at, entity) in entities {
            let count = analysis.mentions.iter().filter(|mention| mention.entity.0 as usize == at).count();
            let about = if entity.salience >= SALIENT { ", what it is about" } else { "" };
            let code = entity.code.map(|code| format!(" ({})", code.as_str())).unwrap_or_default();
            lines.push(line(format!("  {}{code}, {}{about}", entity.name, times(count))));
            let said = analysis.quotes.iter().enumerate().filter(|(_, quote)| {
                matches!(&quote.speaker, Some(crate::annotation::Speaker::Entity(index)) if index.0 as usize == at)
            });
            let said: Vec<(usize, String)> =
                said.filter_map(|(place, quote)| Some((place, words(stored, quote)?))).collect();
            quoted.extend(said.iter().map(|(place, _)| *place));
            lines.extend(said.iter().take(QUOTES).map(|(_, words)| line(format!("    {words}"))));
            if said.len() > QUOTES {
                lines.push(line(format!("    and {} more", said.len() - QUOTES)));
            }
        }
    }
    let others: Vec<String> = analysis
        .quotes
        .iter()
        .enumerate()
        .filter(|(place, _)| !quoted.contains(place))
        .filter_map(|(_, quote)| {
            let who = match (&quote.speaker, &quote.guess) {
                (Some(crate::annotation::Speaker::Description(words)), _) => words.clone(),
                (None, Some(guess)) => format!("{}?", speaker(stored, guess)?),
                _ => "?".to_owned(),
            };
            Some(format!("  {who}: {}", words(stored, quote)?))
        })
        .collect();
    if !others.is_empty() {
        lines.push(heading("Other quotes"));
        lines.extend(others.into_iter().map(line));
    }
    if lines.is_empty() {
        lines.push(line("No names and no quotes were found in this article."));
    }
    lines
}

fn speaker(stored: &Stored, speaker: &crate::annotation::Speaker) -> Option<String> {
    match speaker {
        crate::annotation::Speaker::Entity(index) => {
            stored.analysis.entities.get(index.0 as usize).map(|entity| entity.name.clone())
        }
        crate::annotation::Speaker::Description(words) => Some(words.clone()),
    }
}

fn words(stored: &Stored, quote: &crate::annotation::Quote) -> Option<String> {
    let text = match quote.field {
        Field::Title => &stored.article.title,
        Field::Body => &stored.article.body,
    };
    Some(quote.span.get(text)?.split_whitespace().collect::<Vec<&str>>().join(" "))
}

/// Why an article matches a filter: each condition, and what of the article meets it.
fn why(query: &Query, stored: &Stored) -> Vec<Told> {
    if query.filter.is_everything() {
        return vec![line("There is no filter: every article is listed.")];
    }
    let mut lines = Vec::new();
    for chip in query.chips() {
        let own = Query { filter: chip.clone(), ..Query::everything() };
        lines.push(heading(own.to_string()));
        let before = lines.len();
        chip.each_wanted(&mut |term| lines.extend(evidence(term, stored).into_iter().map(line)));
        if lines.len() == before {
            lines.push(line("  nothing in the text has to be there for this"));
        }
    }
    lines
}

/// What of an article meets a condition.
fn evidence(term: &Term, stored: &Stored) -> Vec<String> {
    let Stored { article, analysis, .. } = stored;
    let named = |kind: Option<Kind>, names: &Names| -> Vec<String> {
        let mut found = Vec::new();
        for (at, entity) in analysis.entities.iter().enumerate() {
            if kind.is_some_and(|kind| kind != entity.kind) || !is_called(entity, names) {
                continue;
            }
            let mentions = analysis.mentions.iter().filter(|mention| mention.entity.0 as usize == at);
            let mut forms: Vec<&str> = Vec::new();
            let mut count = 0;
            for mention in mentions {
                count += 1;
                let text = if mention.field == Field::Title { &article.title } else { &article.body };
                if let Some(form) = mention.span.get(text).filter(|form| !forms.contains(form)) {
                    forms.push(form);
                }
            }
            let about = if entity.salience >= SALIENT { "; the article is about it" } else { "" };
            found.push(format!("  {}, {}: {}{about}", entity.name, times(count), forms.join(", ")));
        }
        if found.is_empty() {
            found.push("  one of its other names is in the text".to_owned());
        }
        found
    };
    match term {
        Term::Text { .. } => {
            let query = Query { filter: Filter::from(term.clone()), ..Query::everything() };
            let title = hit::hits(&query, Field::Title, &article.title).len();
            let body = hit::hits(&query, Field::Body, &article.body).len();
            let mut found = Vec::new();
            if title > 0 {
                found.push(format!("  {} in the title", times(title)));
            }
            if body > 0 {
                found.push(format!("  {} in the text", times(body)));
            }
            found
        }
        Term::Mentions { kind, names } => named(Some(*kind), names),
        Term::About(names) => named(None, names),
        Term::Quote(asked) => {
            let fits = |quote: &&crate::annotation::Quote| {
                let who = quote.speaker.as_ref().and_then(|who| speaker(stored, who)).unwrap_or_default();
                let who = fold::words(&who);
                let says = words(stored, quote).unwrap_or_default();
                let by = |names: &Names| {
                    names.iter().any(|name| fold::words(name).iter().all(|word| who.contains(word)))
                };
                let said = |phrases: &Vec<crate::query::Phrase>| {
                    phrases.iter().any(|phrase| hit::occurs(&says, &phrase.words(), phrase.ending))
                };
                asked.by.iter().all(by) && asked.said.iter().all(said)
            };
            let found = analysis.quotes.iter().filter(fits);
            found.filter_map(|quote| Some(format!("  {}", words(stored, quote)?))).take(QUOTES).collect()
        }
        Term::Date(_) => vec![format!("  it appeared on {}", day_or_undated(article.date()))],
        Term::Source(_) => vec![format!("  its source is {}", article.source)],
        Term::Author(_) => {
            vec![format!("  its author is {}", article.author.as_deref().unwrap_or("unknown"))]
        }
        Term::Language(_) => {
            let language = article.language.map_or("unknown", |code| code.name());
            vec![format!("  it is written in {language}")]
        }
        Term::Tag(_) => vec![format!("  its tags are {}", stored.tags.join(", "))],
        Term::HasQuote => vec![format!("  it has {} quotes", analysis.quotes.len())],
        Term::Story(_) => vec!["  it tells of the same event".to_owned()],
        Term::Newer(_) => vec![format!("  its number is {}", stored.id.0)],
        Term::Is(_) | Term::Saved(_) | Term::Unreadable(_) => Vec::new(),
    }
}

/// Whether one of the names is that of an entity, as far as the article alone can tell.
fn is_called(entity: &Entity, names: &Names) -> bool {
    let own = fold::words(&entity.name);
    names.iter().any(|name| {
        let words = fold::words(name);
        entity.code.is_some_and(|code| code.as_str().eq_ignore_ascii_case(name))
            || !words.is_empty() && words.iter().all(|word| own.contains(word))
            || !own.is_empty() && own.iter().all(|word| words.contains(word))
    })
}

/// What only one of two articles says, sentence by sentence: the first in full, with a `<` before each sentence that only
/// it has, then what only the second has, with a `>`.
fn compared(one: &Article, other: &Article) -> Vec<Told> {
    let (first, second) = (sentences(&one.body), sentences(&other.body));
    let named = |article: &Article| {
        format!("{} ({}, {})", article.title, article.source, day_or_undated(article.date()))
    };
    let words: Vec<HashSet<String>> = first.iter().map(|sentence| words_of(sentence)).collect();
    let others: Vec<HashSet<String>> = second.iter().map(|sentence| words_of(sentence)).collect();
    let is_in =
        |own: &HashSet<String>, all: &[HashSet<String>]| all.iter().any(|other| says_the_same(own, other));
    let mut lines = vec![heading(format!("< {}", named(one))), heading(format!("> {}", named(other)))];
    let mut only = [0, 0];
    let mut told = Vec::new();
    for (sentence, own) in first.iter().zip(&words) {
        let alone = !is_in(own, &others);
        only[0] += usize::from(alone);
        told.push(Told { text: format!("{} {sentence}", if alone { "<" } else { " " }), strong: alone });
    }
    for (sentence, own) in second.iter().zip(&others).filter(|(_, own)| !is_in(own, &words)) {
        let _ = own;
        only[1] += 1;
        told.push(Told { text: format!("> {sentence}"), strong: true });
    }
    let both = first.len() - only[0];
    lines.push(line(format!(
        "{both} sentences in both, {} only in the first (<), {} only in the second (>)",
        only[0], only[1]
    )));
    lines.push(line(""));
    lines.extend(told);
    lines
}

fn words_of(sentence: &str) -> HashSet<String> {
    fold::words(sentence).into_iter().collect()
}

fn says_the_same(one: &HashSet<String>, other: &HashSet<String>) -> bool {
    let shared = one.intersection(other).count();
    let all = one.len() + other.len() - shared;
    all > 0 && shared * 100 >= all * SAME
}

/// The sentences of a text, roughly: a full stop inside a name begins a new one only before a capital letter.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for paragraph in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut rest = paragraph;
        let mut from = 0;
        while let Some(at) = rest.get(from..).and_then(|rest| rest.find(['.', '!', '?'])).map(|at| at + from)
        {
            let after = rest.get(at + 1..).unwrap_or_default();
            let marks = after.len() - after.trim_start_matches(['"', '”', '’', '\'', ')']).len();
            let end = at + 1 + marks;
            let next = rest.get(end..).unwrap_or_default();
            let begins = next.trim_start().chars().next().is_none_or(|c| !c.is_lowercase());
            let short =
                rest.get(..at).unwrap_or_default().rsplit(' ').next().is_some_and(|word| word.len() <= 2);
            if (next.starts_with(char::is_whitespace) || next.is_empty()) && begins && !short {
                found.push(rest.get(..end).unwrap_or_default().trim().to_owned());
                rest = next.trim_start();
                from = 0;
            } else {
                from = end;
            }
        }
        if !rest.trim().is_empty() {
            found.push(rest.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(body: &str) -> Article {
        Article {
            path: None,
            url: None,
            guid: None,
            source: "Wire".to_owned(),
            title: "Port".to_owned(),
            author: None,
            language: None,
            published: None,
            body: body.to_owned(),
        }
    }

    #[test]
    fn sentences_end_where_a_new_one_begins() {
        let text = "Mr. Obi came at 3 p.m. on Monday. \"It is over.\" She left!\n\nNobody knew";
        assert_eq!(
            sentences(text),
            ["Mr. Obi came at 3 p.m. on Monday.", "\"It is over.\"", "She left!", "Nobody knew"]
        );
    }

    #[test]
    fn what_only_one_says_is_lit() {
        let one = article("The port is closed. The ferry lies at the quay. Ada Obi was there.");
        let other = article("The port is closed. The ferry lies at the old quay. Lev Sund came later.");
        let lines = compared(&one, &other);
        let lit: Vec<&str> =
            lines.iter().skip(2).filter(|line| line.strong).map(|line| line.text.as_str()).collect();
        assert_eq!(lit, ["< Ada Obi was there.", "> Lev Sund came later."]);
        assert!(lines.iter().any(
            |line| line.text == "2 sentences in both, 1 only in the first (<), 1 only in the second (>)"
        ));
    }
}
