//! Maps each question of the reader to the library call that answers it.

use crate::app::view::{Days, LIMIT, Names, Quotes, Rows, RowsOf};
use crate::app::{Outcome, Question};
use crate::intake::{self, InForce};
use crate::library::{Cancel, Error, Library};
use crate::listing::{Count, Window};
use crate::query::Query;

/// Answers a question, unless it is cancelled. This may take a long time, because it reads from the disk.
pub fn answer(
    (library, in_force): (&Library, &InForce),
    question: Question,
    cancel: &Cancel,
) -> Result<Outcome, Error> {
    Ok(match question {
        Question::Page { query, window } => Outcome::Page(library.page(&query, window, cancel)?),
        Question::Preview { query, limit } => {
            let page = library.page(&query, Window::First { limit }, cancel)?;
            // What has been counted to the end is cheap to count again.
            let tally = match page.total {
                Count::Exactly(_) => Some(library.tally(&query, cancel)?),
                Count::Over(_) => None,
            };
            Outcome::Preview(page, tally)
        }
        Question::Facets { query } => Outcome::Facets(library.facets(&query, cancel)?),
        Question::Names { kind, typed, query, limit } => {
            Outcome::Names(library.names(kind, &typed, &query, limit, cancel)?)
        }
        Question::NamedAs { role, typed, query, limit } => {
            Outcome::Names(library.named_as(role, &typed, &query, limit, cancel)?)
        }
        Question::View { rows, query } => Outcome::View(view(library, rows, &query, cancel)?),
        Question::Unread { queries } => Outcome::Unread(library.unread(&queries, cancel)?),
        Question::First { query } => {
            let first = library.page(&query, Window::First { limit: 1 }, cancel)?.rows.into_iter().next();
            let stored = first.map(|row| intake::load(library, row.key.id, in_force)).transpose()?;
            Outcome::Article(stored.flatten().map(Box::new))
        }
        Question::Load { id } => Outcome::Article(intake::load(library, id, in_force)?.map(Box::new)),
    })
}

/// Returns the rows of a view of the articles that match `query`.
fn view(library: &Library, rows: RowsOf, query: &Query, cancel: &Cancel) -> Result<Rows, Error> {
    Ok(match rows {
        RowsOf::Names(kind) => {
            let names = library.names(kind, "", query, LIMIT, cancel)?;
            let total = match names.len() < LIMIT {
                true => names.len() as u64,
                false => library.count_names(kind, query, cancel)?,
            };
            Rows::Names(Names { kind, names, total })
        }
        RowsOf::Quotes => Rows::Quotes(Quotes(library.quotes(query, LIMIT, cancel)?)),
        RowsOf::Days => {
            let mut days = library.timeline(query, cancel)?;
            days.reverse();
            Rows::Days(Days(days))
        }
    })
}
