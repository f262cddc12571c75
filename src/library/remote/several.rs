//! Several searches in one request.
//!
//! In: bodies of searches of one index. Out: an answer for each, or an error where one of them is not whole.

use super::layout;
use super::server::Server;
use crate::library::{Cancel, Error};
use serde_json::Value;

/// Several searches of an index in one request.
pub fn searches(
    server: &Server,
    index: &str,
    bodies: &[Value],
    cancel: &Cancel,
) -> Result<Vec<Value>, Error> {
    searches_with(server, (index, "{}"), bodies, cancel)
}

/// The same, with the options of each search as JSON.
pub fn searches_with(
    server: &Server,
    (index, options): (&str, &str),
    bodies: &[Value],
    cancel: &Cancel,
) -> Result<Vec<Value>, Error> {
    cancel.check()?;
    let mut lines = Vec::new();
    for body in bodies {
        lines.extend_from_slice(options.as_bytes());
        lines.push(b'\n');
        lines.extend_from_slice(body.to_string().as_bytes());
        lines.push(b'\n');
    }
    let mut answer = server.lines(&format!("{index}/_msearch"), &lines, cancel)?;
    let answers = answer.get_mut("responses").and_then(Value::as_array_mut);
    let answers = answers.map(std::mem::take).unwrap_or_default();
    if answers.len() != bodies.len() {
        return Err(server.fault("the answer is not what was asked for"));
    }
    if let Some(error) = answers.iter().find_map(|answer| answer.get("error")) {
        let cause = error["root_cause"][0].get("reason").unwrap_or(&error["reason"]);
        let reason = layout::line(cause).unwrap_or_else(|| "no reason given".to_owned());
        return Err(server.fault(format!("it could not search: {reason}")));
    }
    // Without those that failed, an answer would lack articles, and nobody would know.
    let parts = |answer: &Value, which: &str| answer["_shards"][which].as_u64().unwrap_or(0);
    if let Some(answer) = answers.iter().find(|answer| parts(answer, "failed") > 0) {
        let cause = &answer["_shards"]["failures"][0]["reason"]["reason"];
        let reason = layout::line(cause).unwrap_or_else(|| "no reason given".to_owned());
        let (failed, total) = (parts(answer, "failed"), parts(answer, "total"));
        return Err(server.fault(format!("{failed} of its {total} parts could not search: {reason}")));
    }
    if answers.iter().any(|answer| answer["timed_out"] == true) {
        return Err(server.fault("it took too long to search; try again, or add a date"));
    }
    Ok(answers)
}
