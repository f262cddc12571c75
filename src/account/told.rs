//! What is said about accounts, in sentences.

use super::{Progress, Stage, Summary};

/// The result of a sync in one line.
pub fn summary(account: &str, summary: &Summary) -> String {
    let mut parts = vec![articles(summary.new)];
    let mut add = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    add(summary.changed_here, "marks from the server");
    add(summary.sent, "marks sent");
    add(summary.left, "marks that the server did not take");
    add(summary.moved.added_here, "sources added");
    add(summary.moved.removed_here, "sources removed");
    add(summary.moved.added_there, "sources added there");
    add(summary.moved.removed_there, "sources removed there");
    let (requests, bytes) = (summary.counts.requests, summary.counts.sent + summary.counts.received);
    let kilobytes = bytes.div_ceil(1_000);
    format!("{account}: {} ({requests} requests, {kilobytes} kB)", parts.join(", "))
}

fn articles(count: u64) -> String {
    if count == 1 { "1 new article".to_owned() } else { format!("{count} new articles") }
}

/// What a sync is doing.
pub fn progress(account: &str, progress: &Progress) -> String {
    match progress.stage {
        Stage::Asking => format!("{account}: asking the server"),
        Stage::Taking => format!("{account}: {}, {} marks", articles(progress.new), progress.changed),
        Stage::Sending => format!("{account}: sending, {} marks sent", progress.sent),
    }
}
