//! Decides when a source is fetched next from the result of its last fetch. These are pure functions of times.

use crate::library::sources::{Hold, Reason, Source};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// The wait after the first failure. Each further failure doubles it.
const FIRST_BACK_OFF: Duration = Duration::from_secs(5 * 60);
/// The longest wait after failures.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(24 * 3600);
/// The wait after a server asked us to slow down without naming a time.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// The longest time for which a feed counts as fresh. Servers that name a longer time usually set it for all
/// their files, such as pictures.
const LONGEST_FRESH: Duration = Duration::from_secs(24 * 3600);

/// A random number from 0 to 1. It spreads fetches over time, so that many readers do not contact a server at the same
/// moment.
#[derive(Clone, Copy, Debug)]
pub struct Jitter(pub f64);

impl Jitter {
    /// Returns a time between `least` and `most` times `duration`.
    fn of(self, duration: Duration, least: f64, most: f64) -> Duration {
        duration.mul_f64(least + (most - least) * self.0.clamp(0.0, 1.0))
    }
}

/// Which sources to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The sources that are due. Automatic fetching uses this.
    Due,
    /// All sources except those that must not be fetched yet. This is used when a person asks for a fetch.
    All,
    /// All sources except those whose server asked us to slow down or removed the feed permanently.
    Every,
    /// The sources with these names or addresses, except those whose server asked us to slow down.
    Named(Vec<String>),
}

/// Whether a source is fetched now, and if not, the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Now,
    /// It must not be fetched until the hold ends.
    Held(Hold),
    /// Its interval ends at this time.
    NotDue(DateTime<Utc>),
    /// Its server removed it permanently (410).
    Gone,
    /// The person has paused it.
    Paused,
    /// It is not among the requested sources.
    Unwanted,
}

/// Decides whether `source` is fetched now. `interval` is the time between two automatic fetches.
pub fn turn(source: &Source, wanted: &Wanted, interval: Duration, now: DateTime<Utc>) -> Turn {
    let standing = &source.standing;
    let named = match wanted {
        Wanted::Named(names) => {
            if !is_called_one_of(source, names) {
                return Turn::Unwanted;
            }
            true
        }
        _ => false,
    };
    let hold = standing.hold.filter(|hold| hold.until > now);
    if let Some(hold) = hold.filter(|hold| hold.reason == Reason::Busy) {
        return Turn::Held(hold);
    }
    if named {
        return Turn::Now;
    }
    if standing.gone {
        return Turn::Gone;
    }
    if source.wishes.paused {
        return Turn::Paused;
    }
    if *wanted == Wanted::Every {
        return Turn::Now;
    }
    if let Some(hold) = hold {
        return Turn::Held(hold);
    }
    let waits = *wanted == Wanted::Due || source.wishes.interval.is_some();
    match due(source, interval).filter(|due| waits && *due > now) {
        Some(due) => Turn::NotDue(due),
        None => Turn::Now,
    }
}

/// The time of the next automatic fetch of a source. `None` means immediately.
pub fn due(source: &Source, interval: Duration) -> Option<DateTime<Utc>> {
    let standing = &source.standing;
    let (Some(fetched), 0) = (standing.fetched, standing.failures) else { return standing.due };
    // If the interval was made shorter, the time computed earlier no longer applies, but the hold of the server does.
    let due = later(fetched, interval).min(standing.due.unwrap_or(fetched));
    Some(standing.hold.map_or(due, |hold| hold.until.max(due)))
}

/// Whether one of `names` refers to `source`. They are compared with the name of the source, ignoring case, and with its
/// current and its former address. A list of feeds may give ten thousand names.
pub fn is_called_one_of(source: &Source, names: &[String]) -> bool {
    let former = source.standing.moved_from.as_ref();
    let own = source.name.to_lowercase();
    names.iter().any(|name| source.address == *name || former == Some(name))
        || names.iter().any(|name| name.to_lowercase() == own)
}

/// Records that the source was fetched successfully.
pub fn after_success(
    source: &mut Source,
    interval: Duration,
    fresh_for: Option<Duration>,
    now: DateTime<Utc>,
    jitter: Jitter,
) {
    let standing = &mut source.standing;
    let fresh_for = fresh_for.map(|fresh| fresh.min(LONGEST_FRESH)).filter(|fresh| !fresh.is_zero());
    standing.hold = fresh_for.map(|fresh| Hold { until: later(now, fresh), reason: Reason::Fresh });
    let due = later(now, jitter.of(interval, 0.9, 1.0));
    standing.due = Some(standing.hold.map_or(due, |hold| hold.until.max(due)));
    standing.fetched = Some(now);
    standing.failures = 0;
    standing.error = None;
    standing.gone = false;
}

/// How a source failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// Any failure that is not listed below.
    Somehow,
    /// Its server asked us to slow down, for this long if it named a time.
    Busy(Option<Duration>),
    /// Its server removed it permanently (410).
    Gone,
}

/// Records that the source has failed, and when it is tried next.
pub fn after_failure(
    source: &mut Source,
    failing: Failing,
    error: String,
    now: DateTime<Utc>,
    jitter: Jitter,
) {
    let standing = &mut source.standing;
    standing.failures = standing.failures.saturating_add(1);
    standing.error = Some(error);
    let doubled = FIRST_BACK_OFF.saturating_mul(1 << (standing.failures - 1).min(10)).min(LONGEST_BACK_OFF);
    let back_off = jitter.of(doubled, 0.75, 1.25);
    let (reason, wait) = match failing {
        Failing::Somehow | Failing::Gone => (Reason::Failure, back_off),
        // Never earlier than the server asked for, and up to 10 % (at most 5 minutes) later.
        Failing::Busy(Some(asked)) => {
            (Reason::Busy, asked.max(Duration::from_secs(1)) + jitter.of(asked, 0.0, 0.1).min(FIRST_BACK_OFF))
        }
        Failing::Busy(None) => (Reason::Busy, back_off.max(PATIENCE)),
    };
    standing.gone |= failing == Failing::Gone;
    let until = later(now, wait);
    standing.hold = (!standing.gone).then_some(Hold { until, reason });
    standing.due = Some(until);
}

fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    // A wait that goes beyond the calendar never ends.
    TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::sources::{SourceId, Standing, Wishes};

    const HALF_HOUR: Duration = Duration::from_secs(1800);
    const MIDDLE: Jitter = Jitter(0.5);

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minutes * 60, 0).expect("a time")
    }

    fn source() -> Source {
        Source {
            id: SourceId(1),
            address: "https://a.test/f".to_owned(),
            name: "Wire".to_owned(),
            site: None,
            wishes: Wishes::default(),
            standing: Standing::default(),
        }
    }

    fn fail(source: &mut Source, failing: Failing, now: DateTime<Utc>) {
        after_failure(source, failing, "x".to_owned(), now, MIDDLE);
    }

    #[test]
    fn a_source_that_was_never_fetched_is_due() {
        for wanted in [Wanted::Due, Wanted::All, Wanted::Every, Wanted::Named(vec!["wire".to_owned()])] {
            assert_eq!(turn(&source(), &wanted, HALF_HOUR, at(0)), Turn::Now);
        }
        assert_eq!(turn(&source(), &Wanted::Named(vec!["x".to_owned()]), HALF_HOUR, at(0)), Turn::Unwanted);
    }

    #[test]
    fn an_interval_applies_to_automatic_fetching() {
        let mut source = source();
        after_success(&mut source, HALF_HOUR, None, at(0), MIDDLE);
        assert!(matches!(turn(&source, &Wanted::Due, HALF_HOUR, at(20)), Turn::NotDue(_)));
        assert_eq!(turn(&source, &Wanted::All, HALF_HOUR, at(20)), Turn::Now);
        assert_eq!(turn(&source, &Wanted::Due, HALF_HOUR, at(30)), Turn::Now);
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        assert_eq!(due(&source, minutes(1)), Some(at(1)));
        after_success(&mut source, HALF_HOUR, Some(minutes(5)), at(0), MIDDLE);
        assert_eq!(due(&source, minutes(1)), Some(at(5)));
        source.wishes.interval = Some(HALF_HOUR);
        assert!(matches!(turn(&source, &Wanted::All, HALF_HOUR, at(20)), Turn::NotDue(_)));
    }

    #[test]
    fn a_fresh_source_is_skipped_unless_it_is_named() {
        let mut source = source();
        after_success(&mut source, HALF_HOUR, Some(Duration::from_secs(7200)), at(0), MIDDLE);
        assert!(matches!(
            turn(&source, &Wanted::All, HALF_HOUR, at(60)),
            Turn::Held(Hold { reason: Reason::Fresh, .. })
        ));
        assert_eq!(turn(&source, &Wanted::Every, HALF_HOUR, at(60)), Turn::Now);
        assert_eq!(turn(&source, &Wanted::All, HALF_HOUR, at(121)), Turn::Now);
        // A year of freshness is cut to one day.
        after_success(&mut source, HALF_HOUR, Some(Duration::from_secs(31_536_000)), at(0), MIDDLE);
        assert_eq!(turn(&source, &Wanted::All, HALF_HOUR, at(24 * 60)), Turn::Now);
    }

    #[test]
    fn the_wait_after_failures_doubles_up_to_a_day() {
        let mut source = source();
        let mut waits = Vec::new();
        for _ in 0..12 {
            fail(&mut source, Failing::Somehow, at(0));
            waits.push(source.standing.hold.expect("a hold").until.timestamp() / 60);
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]);
        assert_eq!(turn(&source, &Wanted::Every, HALF_HOUR, at(1)), Turn::Now);
        after_success(&mut source, HALF_HOUR, None, at(5), MIDDLE);
        assert_eq!(
            (source.standing.failures, source.standing.error.as_deref(), source.standing.hold),
            (0, None, None)
        );
    }

    #[test]
    fn a_request_to_slow_down_also_applies_to_named_sources() {
        let mut source = source();
        fail(&mut source, Failing::Busy(Some(Duration::from_secs(3600))), at(0));
        let named = Wanted::Named(vec!["https://a.test/f".to_owned()]);
        assert!(matches!(
            turn(&source, &named, HALF_HOUR, at(60)),
            Turn::Held(Hold { reason: Reason::Busy, .. })
        ));
        assert_eq!(turn(&source, &named, HALF_HOUR, at(66)), Turn::Now);
    }

    #[test]
    fn a_removed_source_is_fetched_only_by_name() {
        let mut source = source();
        fail(&mut source, Failing::Gone, at(0));
        assert_eq!(turn(&source, &Wanted::Every, HALF_HOUR, at(9999)), Turn::Gone);
        assert_eq!(turn(&source, &Wanted::Named(vec!["WIRE".to_owned()]), HALF_HOUR, at(1)), Turn::Now);
    }
}
