//! `dateline formats`: the table of the formats that are read.

use super::look::Ink;
use super::out::{Out, Stop};
use super::table::{Column, Room, Table, column};
use crate::files::{ARCHIVES, PACKED};
use crate::formats::{Format, Holds};
use crate::text::wrap;

/// Lists each format with what a file of it holds and how it is recognised.
pub fn list(out: &mut Out) -> Result<(), Stop> {
    if !out.is_terminal() {
        return lines().iter().try_for_each(|line| out.line(line));
    }
    let mut table = Table::new(out, COLUMNS);
    for format in Format::all() {
        table.row(vec![
            format.name().to_owned(),
            holds(format).to_owned(),
            format.recognised().to_owned(),
        ])?;
    }
    table.finish()?;
    let width = out.look().width;
    for text in packed() {
        for line in wrap::lines(&text, width) {
            out.line(line.span.get(&text).unwrap_or_default())?;
        }
    }
    Ok(())
}

const COLUMNS: &[Column] = &[
    column(Ink::Name, Room::AtMost(20)),
    column(Ink::Plain, Room::AtMost(18)),
    column(Ink::Faint, Room::Rest),
];

fn holds(format: Format) -> &'static str {
    match format.holds() {
        Holds::Article => "one article",
        Holds::Articles => "articles",
        Holds::Feeds => "addresses of feeds",
    }
}

fn packed() -> [String; 2] {
    [
        format!("Files packed with {PACKED} are unpacked."),
        format!("The members of {ARCHIVES} archives are read as the files of a folder."),
    ]
}

fn lines() -> Vec<String> {
    let width = Format::all().map(|format| format.name().len()).max().unwrap_or(0);
    let rows = Format::all()
        .map(|format| format!("{:width$}  {:18}  {}", format.name(), holds(format), format.recognised()));
    rows.chain(packed()).collect()
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::formats::Format;

    #[test]
    fn every_format_has_a_line() {
        let lines = lines();
        assert_eq!(lines.len(), Format::all().count() + 2);
        let opml = lines.iter().find(|line| line.starts_with("OPML  "));
        assert!(opml.is_some_and(|line| line.ends_with("  addresses of feeds  the first element is <opml>")));
        assert_eq!(lines[lines.len() - 2], "Files packed with gzip, bzip2, xz, zstd or brotli are unpacked.");
    }
}
