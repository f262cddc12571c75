//! Reads the headers in which servers say when to come back.

use chrono::{DateTime, Utc};
use std::time::Duration;

/// The longest wait that a header can impose; anything longer is more likely a mistyped year.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// The value of `max-age` in `Cache-Control`, at most a week; `None` with `no-cache` or `no-store`, or if it
/// is zero or missing.
pub fn max_age(header: &str) -> Option<Duration> {
    let mut age = None;
    for part in header.split(',').map(|part| part.trim().to_ascii_lowercase()) {
        if part == "no-cache" || part == "no-store" {
            return None;
        }
        if let Some(seconds) = part.strip_prefix("max-age=") {
            age = seconds.trim_matches('"').parse().ok().map(Duration::from_secs);
        }
    }
    age.filter(|age| !age.is_zero()).map(|age| age.min(LONGEST))
}

/// The value of `Retry-After`, which is a number of seconds or a date; at most a week. A date is compared
/// with the server's own `Date`, so that a wrong clock on either side does no harm.
pub fn retry_after(header: &str, date: Option<&str>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let until = http_date(header)?;
    let now = http_date(date?)?;
    Some((until - now).to_std().unwrap_or_default().min(LONGEST))
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text.trim()).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_parsed() {
        assert_eq!(max_age("public, max-age=600"), Some(Duration::from_secs(600)));
        assert_eq!(max_age("no-cache, max-age=600"), None);
        assert_eq!(max_age("max-age=99999999999"), Some(LONGEST));
        assert_eq!(retry_after("120", None), Some(Duration::from_secs(120)));
        let date = Some("Mon, 05 Jan 2026 14:00:00 GMT");
        assert_eq!(retry_after("Mon, 05 Jan 2026 14:05:00 GMT", date), Some(Duration::from_secs(300)));
        assert_eq!(retry_after("Mon, 05 Jan 2026 13:05:00 GMT", date), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", date), None);
    }
}
