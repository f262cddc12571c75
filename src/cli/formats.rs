//! `dateline formats`: the table of the formats that are read.

use super::out::{Out, Stop};
use crate::files::PACKED;
use crate::formats::{Format, Holds};

/// Lists each format with what a file of it holds and how it is recognised.
pub fn list(out: &mut Out) -> Result<(), Stop> {
    for line in lines() {
        out.line(&line)?;
    }
    Ok(())
}

fn lines() -> Vec<String> {
    let holds = |format: Format| match format.holds() {
        Holds::Article => "one article",
        Holds::Articles => "articles",
        Holds::Feeds => "addresses of feeds",
    };
    let width = Format::all().map(|format| format.name().len()).max().unwrap_or(0);
    let rows = Format::all()
        .map(|format| format!("{:width$}  {:18}  {}", format.name(), holds(format), format.recognised()));
    rows.chain([format!("Files packed with {PACKED} are unpacked.")]).collect()
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn every_format_has_a_line() {
        let lines = lines();
        assert_eq!(lines.len(), 9);
        assert_eq!(lines[2], "OPML             addresses of feeds  the first element is <opml>");
        assert_eq!(lines[8], "Files packed with gzip or zstd are unpacked.");
    }
}
