//! What came of fetching, in words for a person.

use super::{Failure, Listed, Round};
use crate::library::sources::Reason;
use chrono::{DateTime, Local, Utc};

/// A source that gave nothing, why, and when it is tried again.
pub fn failure(failure: &Failure) -> String {
    let next = failure.next.map(|next| format!("next try {}", moment(next)));
    let next = next.unwrap_or_else(|| "it is not asked again".to_owned());
    format!("could not fetch {}: {}; {next}", failure.name, failure.reason)
}

/// What came of a round, in a line.
pub fn summary(round: &Round) -> String {
    let progress = &round.progress;
    let (done, failed) = (progress.done, progress.failures.len() as u64);
    let mut parts = vec![format!(
        "{} fetched: {}, {} updated",
        sources_of(done - failed.min(done)),
        if progress.added.new == 1 {
            "1 new article".to_owned()
        } else {
            format!("{} new articles", progress.added.new)
        },
        progress.added.updated,
    )];
    let mut tell = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    tell(progress.pages.done - progress.pages.failed, "with the text of their pages");
    tell(progress.pages.failed, "without, as their pages gave none");
    tell(progress.as_before, "as before");
    tell(failed, "failed");
    let held = |reason: Reason| round.held.iter().filter(|(_, hold)| hold.reason == reason).count() as u64;
    tell(held(Reason::Busy), "asked for patience");
    tell(held(Reason::Failure), "waiting after failures");
    tell(held(Reason::Fresh), "still fresh, as their servers say");
    tell(round.not_due, "not due");
    tell(round.elsewhere, "being fetched by another");
    tell(round.gone, "gone for good");
    parts.join("; ")
}

pub fn sources_of(count: u64) -> String {
    if count == 1 { "1 source".to_owned() } else { format!("{count} sources") }
}

/// A time as a person reads it: of the day, where it is of this one.
pub fn moment(time: DateTime<Utc>) -> String {
    let local = time.with_timezone(&Local);
    match local.date_naive() == Local::now().date_naive() {
        true => local.format("at %H:%M").to_string(),
        false => local.format("on %Y-%m-%d at %H:%M").to_string(),
    }
}

/// How it stands with a source, in words.
pub fn stands(listed: &Listed, now: DateTime<Utc>) -> String {
    let standing = &listed.source.standing;
    if standing.gone {
        return "gone for good, not asked again".to_owned();
    }
    let hold = standing.hold.filter(|hold| hold.until > now);
    let mut text = match (&standing.error, standing.fetched) {
        (Some(error), _) => {
            let times =
                if standing.failures > 1 { format!(" {} times", standing.failures) } else { String::new() };
            let next = hold.map(|hold| format!("; next try {}", moment(hold.until))).unwrap_or_default();
            format!("failed{times}: {error}{next}")
        }
        (None, Some(fetched)) => {
            let fresh = hold.filter(|hold| hold.reason == Reason::Fresh);
            let fresh = fresh.map(|hold| format!(", fresh until {}", moment(hold.until))).unwrap_or_default();
            format!("fetched {}{fresh}", moment(fetched))
        }
        (None, None) => "never fetched".to_owned(),
    };
    if let Some(warning) = &standing.warning {
        text.push_str(&format!("; {warning}"));
    }
    text
}
