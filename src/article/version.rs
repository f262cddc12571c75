//! Versions of one item of a news agency. The agency gives an item an identifier that its versions keep, and numbers them; a
//! correction or a cancellation is a version. The number stands behind the identifier in the guid of the article:
//! `urn:newsml:agency.example:1 #version=3`.

use super::Article;
use chrono::{DateTime, Utc};

/// What stands between the identifier and the number.
const MARK: &str = " #version=";

/// Which version of an item an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// 0 where the agency does not number its versions.
    pub number: u64,
    pub published: Option<DateTime<Utc>>,
}

impl Version {
    /// The guid of an article that is this version of an item.
    pub fn guid(identifier: &str, number: u64) -> String {
        format!("{identifier}{MARK}{number}")
    }

    /// The identifier of the item and the number of the version in a guid; `None` if no agency numbers it.
    pub fn split(guid: &str) -> Option<(&str, u64)> {
        let (identifier, number) = guid.rsplit_once(MARK)?;
        Some((identifier, number.parse().ok()?))
    }

    /// The version that an article is.
    pub fn of(article: &Article) -> Option<Version> {
        let (_, number) = Version::split(article.guid.as_deref()?)?;
        Some(Version { number, published: article.published })
    }

    /// Whether this version is older than another of the same item: by the numbers, or by the times where one has no number
    /// or both have the same. Of versions without a time none is older.
    pub fn is_before(&self, other: &Version) -> bool {
        if self.number != other.number && self.number > 0 && other.number > 0 {
            return self.number < other.number;
        }
        matches!((self.published, other.published), (Some(one), Some(two)) if one < two)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_before_times() {
        let version = |number, seconds| Version { number, published: DateTime::from_timestamp(seconds, 0) };
        for (one, other, expected) in [
            (version(1, 5), version(2, 4), true),
            (version(2, 4), version(1, 5), false),
            (version(2, 4), version(2, 5), true),
            (version(0, 4), version(2, 5), true),
            (version(2, 5), version(0, 4), false),
            (version(2, 4), version(2, 4), false),
            (Version { number: 0, published: None }, version(0, 4), false),
        ] {
            assert_eq!(one.is_before(&other), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn the_number_stands_behind_the_identifier() {
        assert_eq!(Version::split(&Version::guid("urn:newsml:a:1", 3)), Some(("urn:newsml:a:1", 3)));
        assert_eq!(Version::split("urn:newsml:a:1"), None);
        assert_eq!(Version::split("a #version=x"), None);
    }
}
