//! The commands that print whole articles: `show` and `analyze`.

use super::args::{AnalyzeArgs, CommonArgs, ShowArgs};
use super::error::CliError;
use super::json::{self, ArticleJson, kind_name};
use super::out::{Out, Stop};
use super::shelf::{self, Shelf};
use crate::annotation::{Analysis, Field, Least};
use crate::article::link::{Links, listed};
use crate::article::{Article, ArticleId, day_or_undated};
use crate::files::Batch;
use crate::intake::{self, Depth};
use crate::library::{Cancel, Stored};
use crate::listing::{TextOf, Validity};
use crate::query::Query;
use crate::text::wrap;
use chrono::Utc;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// The greatest width of running text on a terminal, in cells.
const MEASURE: u16 = 80;

/// `dateline show`: prints the article with a number, or all articles of a file.
pub fn show(show: &ShowArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let number = show.what.to_str().and_then(|text| text.parse::<i64>().ok());
    let Some(number) = number.filter(|_| !show.from.is_empty() || !show.what.exists()) else {
        return show_file(show, common, out);
    };
    let depth = depth(show, common)?;
    let in_force = depth.in_force();
    let shelf = shelf::open_quietly(&show.from, common, depth)?;
    if let Shelf::Empty(_) = shelf {
        return Err(CliError::NothingToShow { number });
    }
    let library = shelf.library();
    match intake::load(library, ArticleId(number), &in_force) {
        Err(error) if error.is_damage() => Err(CliError::DamagedArticle { number }),
        Err(error) => Err(error.into()),
        Ok(Some(stored)) => write(show, &stored, out),
        Ok(None) => {
            let ids = library.ids(&Query::everything(), &Cancel::new())?;
            // The index knows it, so it was here.
            if ids.contains(&ArticleId(number)) {
                return Err(CliError::DamagedArticle { number });
            }
            let numbers = || ids.iter().map(|id| id.0);
            Err(CliError::NoSuchArticle { number, range: numbers().min().zip(numbers().max()) })
        }
    }
}

/// Prints every article of the file, in order.
fn show_file(show: &ShowArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let mut first = true;
    let least = shelf::least(common)?;
    each_article(
        std::slice::from_ref(&show.what),
        (&depth(show, common)?, least),
        &mut |id, article, analysis| {
            if !std::mem::take(&mut first) && !show.json {
                out.line("")?;
            }
            let (id, article, analysis) = (id, article.clone(), analysis.clone());
            let stored = Stored {
                thread: None,
                copies: Vec::new(),
                id,
                article,
                analysis,
                validity: Validity::Current,
                read: false,
                starred: false,
                tags: Vec::new(),
                position: 0,
                text: TextOf::Source,
            };
            write(show, &stored, out)
        },
    )
}

fn depth(show: &ShowArgs, common: &CommonArgs) -> Result<Depth, CliError> {
    if show.json || show.marks { shelf::analysis(common) } else { Ok(Depth::Text) }
}

fn write(show: &ShowArgs, stored: &Stored, out: &mut Out) -> Result<(), CliError> {
    let article = &stored.article;
    if show.json {
        return Ok(out.line(&json::line(&ArticleJson::new(stored.id, article, Some(&stored.analysis))))?);
    }
    let (title, body) = match show.marks {
        true => {
            (marked(article, &stored.analysis, Field::Title), marked(article, &stored.analysis, Field::Body))
        }
        false => (article.title.clone(), article.body.clone()),
    };
    Ok(write_text(article, &title, &body, out)?)
}

/// Prints the title, the date, the source, the author, a blank line and the body, then the links, each with the number that
/// it has in the text. `add` reads this form as a plain-text article. On a terminal, the text is wrapped to a readable
/// width.
fn write_text(article: &Article, title: &str, body: &str, out: &mut Out) -> Result<(), Stop> {
    let measure = crate::terminal::width().min(MEASURE);
    let mut paragraph = |text: &str| match out.is_terminal() {
        true => wrap::lines(text, measure.into()).iter().try_for_each(|line| out.line(line.span.of(text))),
        false => out.line(text),
    };
    if !title.is_empty() {
        paragraph(title)?;
    }
    paragraph(&day_or_undated(article.date()))?;
    paragraph(&format!("Source: {}", article.source))?;
    if let Some(author) = &article.author {
        paragraph(&format!("Author: {author}"))?;
    }
    paragraph("")?;
    // The list at the end of a body is printed with the other links.
    let (text_end, _) = listed(body);
    let links = Links::of(article);
    if text_end > 0 {
        paragraph(body.get(..text_end).unwrap_or(body))?;
    }
    if text_end > 0 && !links.all().is_empty() {
        paragraph("")?;
    }
    for (number, link) in (1..).zip(links.all()) {
        out.line(&format!("[{number}] {}", link.url))?;
    }
    Ok(())
}

/// The title and the body with their names marked as `[Name|kind]`.
pub fn marked_whole(article: &Article, analysis: &Analysis) -> String {
    format!("{}\n{}", marked(article, analysis, Field::Title), marked(article, analysis, Field::Body))
}

/// One text of the article with its names marked as `[Name|kind]`.
fn marked(article: &Article, analysis: &Analysis, field: Field) -> String {
    let text = match field {
        Field::Title => &article.title,
        Field::Body => &article.body,
    };
    let mut marked = String::with_capacity(text.len() * 5 / 4);
    let mut done = 0;
    for mention in analysis.mentions.iter().filter(|mention| mention.field == field) {
        let range = mention.span.range();
        marked.push_str(text.get(done..range.start).unwrap_or_default());
        let kind = kind_name(analysis.entity(mention.entity).kind);
        marked.push_str(&format!("[{}|{kind}]", mention.span.of(text)));
        done = range.end;
    }
    marked.push_str(text.get(done..).unwrap_or_default());
    marked
}

/// `dateline analyze`: prints the articles of files with their analysis, as JSON Lines.
pub fn analyze(analyze: &AnalyzeArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let least = shelf::least(common)?;
    each_article(&analyze.paths, (&shelf::analysis(common)?, least), &mut |id, article, analysis| {
        Ok(out.line(&json::line(&ArticleJson::new(id, article, Some(analysis))))?)
    })
}

/// Calls `visit` with every article in `paths` as it is read, numbered from 1.
fn each_article(
    paths: &[PathBuf],
    (depth, least): (&Depth, Least),
    visit: &mut dyn FnMut(ArticleId, &Article, &Analysis) -> Result<(), CliError>,
) -> Result<(), CliError> {
    shelf::check(paths)?;
    let mut number = 0;
    let mut show_batch = |batch: Batch| -> Result<(), CliError> {
        shelf::warn(&batch.warnings);
        let analysed = intake::analyse(batch.articles, depth);
        shelf::warn(&analysed.warnings);
        for (article, mut analysis) in analysed.articles {
            number += 1;
            analysis.stand_by(least);
            visit(ArticleId(number), &article, &analysis)?;
        }
        Ok(())
    };
    intake::each_batch(paths, Utc::now(), &AtomicBool::new(false), &mut show_batch)?;
    if number == 0 { Err(CliError::NothingRead) } else { Ok(()) }
}
