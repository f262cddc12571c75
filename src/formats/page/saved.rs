//! What browsers write into a page when they save it: the address that it came from, and the time.

use crate::article::date;
use crate::text::clean_url;
use chrono::{DateTime, Utc};

/// How far into a page the comment is looked for, in bytes.
const HEAD: usize = 8 << 10;

/// Where a page was saved from, and when.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Saved {
    pub(super) url: Option<String>,
    pub(super) at: Option<DateTime<Utc>>,
}

impl Saved {
    /// `<!-- saved from url=(0026)https://example.org/bridge -->`, which browsers write, and SingleFile's comment, which has
    /// a line `url:` and a line `saved date:`.
    pub(super) fn of(text: &str) -> Saved {
        let end = (0..=HEAD.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let comments = text.get(..end).unwrap_or_default().split("<!--").skip(1);
        for comment in comments.filter_map(|comment| comment.split("-->").next()) {
            if let Some((_, address)) = comment.split_once("saved from url=(") {
                let address = address.split_once(')').map_or("", |(_, address)| address);
                return Saved { url: address.split_whitespace().next().and_then(clean_url), at: None };
            }
            if comment.contains("SingleFile") || comment.contains("saved date:") {
                let value = |name: &str| {
                    comment
                        .lines()
                        .find_map(|line| line.trim().strip_prefix(name).map(str::trim).map(str::to_owned))
                };
                let at = value("saved date:").and_then(|written| {
                    // `Mon Jan 03 2022 10:00:00 GMT+0100 (Central European Standard Time)`
                    date::parse(&written).or_else(|| date::parse(written.split('(').next()?.trim()))
                });
                return Saved { url: value("url:").as_deref().and_then(clean_url), at };
            }
        }
        Saved::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_browsers() {
        let saved =
            Saved::of("<!DOCTYPE html>\n<!-- saved from url=(0026)https://example.org/bridge -->\n<html>");
        assert_eq!(saved, Saved { url: Some("https://example.org/bridge".to_owned()), at: None });
        let single = Saved::of(
            "<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n url: https://example.org/bridge?a=1 \n saved date: Mon Jan 03 2022 10:00:00 GMT+0100 (Central European Standard Time)\n--><meta charset=utf-8>",
        );
        assert_eq!(single.url.as_deref(), Some("https://example.org/bridge?a=1"));
        assert_eq!(single.at.map(|at| at.to_rfc3339()).as_deref(), Some("2022-01-03T09:00:00+00:00"));
        assert_eq!(Saved::of("<html><!-- saved from url=(0014)about:internet --><body>"), Saved::default());
    }
}
