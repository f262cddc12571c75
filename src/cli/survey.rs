//! `dateline add --dry-run`: what each file would be read as. Nothing is stored and nothing is fetched.

use super::error::CliError;
use super::out::Out;
use super::{ending, feeds, shelf};
use crate::files::{self, Survey};
use crate::text::path::written;
use chrono::Utc;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Prints a line for each file with articles, for each list of feeds and for each address; and warnings about the rest.
pub fn list(paths: &[PathBuf], out: &mut Out) -> Result<(), CliError> {
    let (addresses, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|what| feeds::is_address(what));
    shelf::check(&paths)?;
    let stopped = ending::gently();
    let mut found = addresses.len() as u64;
    for address in &addresses {
        out.line(&format!("{}: an address to follow", written(address)))?;
    }
    let mut files = Vec::new();
    for path in paths {
        match feeds::list_in(&path) {
            Some(list) => {
                found += list.feeds.len() as u64;
                shelf::warn(&list.warnings);
                out.line(&format!(
                    "{}: {} to follow",
                    written(&path),
                    counted(list.feeds.len() as u64, "source")
                ))?;
            }
            None => files.push(path),
        }
    }
    let mut printed = Ok(());
    files::survey(&files, Utc::now(), stopped, &mut |surveys, warnings| {
        for survey in surveys {
            found += survey.articles;
            if printed.is_ok() {
                printed = out.line(&line(&survey));
            }
        }
        shelf::warn(&warnings);
        if printed.is_err() {
            stopped.store(true, Ordering::Relaxed);
        }
    });
    printed?;
    match found {
        0 => Err(CliError::NothingRead),
        _ => Ok(out.line("nothing was stored")?),
    }
}

/// `news.csv: CSV or TSV, 2 articles, 2022-01-03 to 2022-01-04, "Bridge falls"`.
fn line(survey: &Survey) -> String {
    let mut parts = vec![survey.format.to_owned(), counted(survey.articles, "article")];
    match survey.days {
        Some((first, last)) if first == last => parts.push(first.to_string()),
        Some((first, last)) => parts.push(format!("{first} to {last}")),
        None => parts.push("undated".to_owned()),
    }
    if survey.days.is_some() && survey.undated > 0 {
        parts.push(format!("{} undated", survey.undated));
    }
    if !survey.title.is_empty() {
        parts.push(format!("\"{}\"", survey.title));
    }
    format!("{}: {}", survey.path, parts.join(", "))
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn a_file_is_one_line() {
        let day = |day| NaiveDate::from_ymd_opt(2022, 1, day).expect("a day");
        let survey = Survey {
            path: "news.csv".to_owned(),
            format: "CSV or TSV",
            articles: 3,
            undated: 1,
            days: Some((day(3), day(4))),
            title: "Bridge falls".to_owned(),
        };
        assert_eq!(
            line(&survey),
            "news.csv: CSV or TSV, 3 articles, 2022-01-03 to 2022-01-04, 1 undated, \"Bridge falls\""
        );
        let one = Survey { articles: 1, undated: 1, days: None, title: String::new(), ..survey };
        assert_eq!(line(&one), "news.csv: CSV or TSV, 1 article, undated");
    }
}
