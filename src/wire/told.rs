//! Formats the results of fetching as messages for a person.

use super::{Before, Failure, Followed, Listed, Round};
use crate::formats::OfferOf;
use crate::library::sources::Reason;
use chrono::{DateTime, Local, Utc};

/// Formats a failure: the name of the source, the reason and the time of the next attempt.
pub fn failure(failure: &Failure) -> String {
    let next = failure.next.map(|next| format!("next try {}", moment(next)));
    let next = next.unwrap_or_else(|| "it will not be fetched again".to_owned());
    format!("could not fetch {}: {}; {next}", failure.name, failure.reason)
}

/// Formats the result of a round in one line.
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
    let mut add = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    add(progress.pages.done - progress.pages.failed, "with the full text of the web page");
    add(progress.pages.failed, "without the full text, because the web page could not be used");
    add(
        progress.pages.left_out,
        "not completed from the web page, because their source has too many at once",
    );
    add(progress.left_out, "older items left out, because their feeds have too many");
    add(progress.as_before, "unchanged");
    add(failed, "failed");
    let held = |reason: Reason| round.held.iter().filter(|(_, hold)| hold.reason == reason).count() as u64;
    add(held(Reason::Busy), "waiting because the server asked us to slow down");
    add(held(Reason::Failure), "waiting after failures");
    add(held(Reason::Fresh), "still fresh according to the server");
    add(round.not_due, "not due");
    add(round.left_over, "left for the next time, because there are so many new articles");
    add(round.elsewhere, "being fetched by another process");
    add(round.gone, "permanently removed");
    add(round.paused, "paused");
    add(round.by_account, "by an account");
    parts.join("; ")
}

/// Formats a number of sources with the noun: `1 source`, `2 sources`.
pub fn sources_of(count: u64) -> String {
    if count == 1 { "1 source".to_owned() } else { format!("{count} sources") }
}

/// Formats the result of adding one source in one line.
pub fn joined(followed: &Followed) -> String {
    if let Some(failed) = followed.progress.failures.first() {
        return failure(failed);
    }
    let Followed { name, before, others, progress, .. } = followed;
    let verb = if *before == Before::Known { "followed before" } else { "added" };
    let new = match progress.added.new {
        1 => "1 new article".to_owned(),
        new => format!("{new} new articles"),
    };
    let others = others.iter().filter(|other| other.of == OfferOf::Articles).count();
    let others = match others {
        0 => String::new(),
        1 => "; the page offers another feed".to_owned(),
        several => format!("; the page offers {several} other feeds"),
    };
    format!("{verb}: {name}, {new}{others}")
}

/// Formats a time in the local time zone: the time of day for today, otherwise the date and the time.
pub fn moment(time: DateTime<Utc>) -> String {
    let local = time.with_timezone(&Local);
    match local.date_naive() == Local::now().date_naive() {
        true => local.format("at %H:%M").to_string(),
        false => local.format("on %Y-%m-%d at %H:%M").to_string(),
    }
}

/// Describes the status of a source at the time `now`.
pub fn stands(listed: &Listed, now: DateTime<Utc>) -> String {
    let standing = &listed.source.standing;
    if standing.gone {
        return "permanently removed by its server, not fetched again".to_owned();
    }
    let paused = match (&listed.account, listed.source.wishes.paused) {
        (Some(account), _) => format!("by the account {account}; "),
        (None, true) => "paused; ".to_owned(),
        (None, false) => String::new(),
    };
    let hold = standing.hold.filter(|hold| hold.until > now);
    let mut text = match (&standing.error, standing.fetched) {
        (Some(error), _) => {
            let times =
                if standing.failures > 1 { format!(" {} times", standing.failures) } else { String::new() };
            let next = hold.map(|hold| format!("; next try {}", moment(hold.until))).unwrap_or_default();
            format!("{paused}failed{times}: {error}{next}")
        }
        (None, Some(fetched)) => {
            let fresh = hold.filter(|hold| hold.reason == Reason::Fresh);
            let fresh = fresh.map(|hold| format!(", fresh until {}", moment(hold.until))).unwrap_or_default();
            format!("{paused}fetched {}{fresh}", moment(fetched))
        }
        (None, None) => format!("{paused}never fetched"),
    };
    if let Some(unconfirmed) = listed.unconfirmed() {
        text.push_str(&format!("; {unconfirmed}"));
    }
    if let Some(warning) = &standing.warning {
        text.push_str(&format!("; {warning}"));
    }
    text
}
