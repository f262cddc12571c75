//! `dateline export`: what the library holds, as JSON Lines that `add` takes in again, or as Markdown.

use super::args::{CommonArgs, ExportArgs, FormatArg};
use super::error::CliError;
use super::json::{self, ExportJson};
use super::out::{Out, Stop};
use super::{ask, shelf};
use crate::library::Cancel;
use crate::listing::Stored;
use crate::query::{Grouping, Query};
use crate::run::intake::Depth;

/// Writes every article of the result: for reading newest first, for `add` in the order in which they came, so that
/// they get the same ids again.
pub fn export(export: &ExportArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    // Copies of a story are articles too.
    let query = Query { grouping: Grouping::Off, ..ask::parse(&export.query, common)? };
    let depth = if ask::needs_analysis(&query.filter) { shelf::analysis(common)? } else { Depth::Text };
    let shelf = shelf::open(&export.from, common, depth)?;
    let library = shelf.library();
    if export.format == FormatArg::Jsonl {
        let mut ids = library.ids(&query, &Cancel::new())?;
        ids.sort_unstable_by_key(|id| id.0);
        for id in ids {
            if let Some(stored) = library.load(id)? {
                out.line(&json::line(&ExportJson::new(&stored)))?;
            }
        }
        return Ok(());
    }
    ask::each_row(library, &query, usize::MAX, &mut |row| {
        let Some(stored) = library.load(row.key.id)? else { return Ok(()) };
        Ok(write_markdown(&stored, out)?)
    })
}

fn write_markdown(stored: &Stored, out: &mut Out) -> Result<(), Stop> {
    let article = &stored.article;
    let title = if article.title.is_empty() { "Without a title" } else { &article.title };
    out.line(&format!("# {}\n", escaped(title)))?;
    let author = article.author.as_deref().map(|author| format!(", {}", escaped(author)));
    out.line(&format!("*{}, {}{}*\n", article.date(), escaped(&article.source), author.unwrap_or_default()))?;
    if let Some(url) = &article.url {
        out.line(&format!("<{url}>\n"))?;
    }
    for paragraph in article.body.split('\n').filter(|line| !line.is_empty()) {
        out.line(&format!("{}\n", escaped(paragraph)))?;
    }
    out.line("---\n")
}

/// `text` with a backslash before what Markdown would take for markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if matches!(c, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '&')
            || (at == 0 && matches!(c, '#' | '>' | '+' | '-'))
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_does_not_become_markup() {
        assert_eq!(escaped("# a *b* [US] <i>"), "\\# a \\*b\\* \\[US\\] \\<i>");
        assert_eq!(escaped("plain - text."), "plain - text.");
    }
}
