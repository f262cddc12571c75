//! `dateline brief`: what is new since a day, for the terminal, for cron and for mail.

use super::args::{BriefArgs, BriefFormat, CommonArgs};
use super::error::CliError;
use super::out::{self, Out};
use super::{ask, shelf};
use crate::intake::brief::brief as make;
use crate::library::Cancel;
use crate::outlet::brief::pieces;
use crate::outlet::pages::{Paper, page};
use crate::query::{Filter, Query, Term};
use chrono::{Local, NaiveDate};

/// The cells of a line: what mail and old terminals show.
const WIDTH: usize = 72;

pub fn brief(args: &BriefArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let since = day(&args.since)?;
    let query = ask::parse(&args.query, common)?;
    let shelf = shelf::open(&args.from, common, shelf::analysis(common)?)?;
    let library = shelf.library();
    match make(library, &query, since, &Cancel::new())? {
        Some(brief) => {
            let address = |id| library.load(id).ok().flatten().and_then(|stored| stored.article.url);
            let paper = match args.format {
                BriefFormat::Text => Paper::Text(WIDTH),
                BriefFormat::Md => Paper::Markdown,
                BriefFormat::Html => Paper::Html,
            };
            out.own(page(&pieces(&brief, address), paper).as_bytes())?;
        }
        None => out::complain(&format!("nothing is new since {since}")),
    }
    shelf::check_whole(library)
}

/// The first day of what is asked for: `yesterday`, `3d`, `2022-03-01`.
fn day(text: &str) -> Result<NaiveDate, CliError> {
    let refuse = |why: &str| CliError::Usage(format!("'{text}' is no day for --since: {why}"));
    let (query, hints) =
        Query::parse(&format!("since:\"{}\"", text.replace('"', " ")), Local::now().date_naive());
    match (&query.filter, hints.into_iter().next()) {
        (Filter::Term(Term::Date(days)), None) => days.from().ok_or_else(|| refuse("it has no beginning")),
        (_, Some(hint)) => Err(refuse(&hint.message)),
        _ => Err(refuse("write yesterday, 3d or 2022-03-01")),
    }
}
