//! Speaks with one search server: which engine it is, requests and their answers, and what goes wrong in words.
//!
//! In: methods, paths and JSON. Out: JSON, which is not trusted: whoever reads it expects any type in any place. Knows
//! nothing of articles.

use crate::fault::short;
use crate::fetch::api::{Answer, Api, Call, CallError};
use crate::library::{Cancel, Error};
use crate::text::harmless::one_line;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// The most bytes of an answer. A page of 1,000 rows has some 300 kB.
const MOST: u64 = 64 << 20;
/// How long a question may take; the server is told the same, less a second.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the server may work on a question, as it is written in a request.
pub const TIMEOUT: &str = "59s";
/// How often a request is sent again that the server refused because it is busy.
const TRIES: u32 = 6;
/// How long a program that fills an archive waits for a server that is away: as long as a restart takes.
const AWAY: Duration = Duration::from_secs(90);
/// The longest text of an error of the server that is shown, in characters.
const REASON: usize = 300;

/// An engine that can be spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    OpenSearch,
    Elasticsearch,
}

/// Which engine a server runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub engine: Engine,
    pub major: u64,
    /// As the server writes it.
    pub number: String,
}

impl Version {
    /// Reads the answer to `GET /`.
    fn read(answer: &Value) -> Result<Version, String> {
        let version = &answer["version"];
        let number = version["number"].as_str().unwrap_or_default();
        let major = number.split('.').next().and_then(|major| major.parse().ok());
        let Some(major) = major else {
            return Err("it is neither OpenSearch nor Elasticsearch; check the address".to_owned());
        };
        let engine = match version["distribution"].as_str() {
            Some("opensearch") => Engine::OpenSearch,
            _ => Engine::Elasticsearch,
        };
        let known = match engine {
            Engine::OpenSearch => 1..=3,
            Engine::Elasticsearch => 7..=9,
        };
        let number = one_line(&short(number)).into_owned();
        let version = Version { engine, major, number };
        match known.contains(&major) {
            true => Ok(version),
            false => Err(format!(
                "it is {} {}, and this program knows OpenSearch 1 to 3 and Elasticsearch 7 to 9",
                version.name(),
                version.number
            )),
        }
    }

    pub fn name(&self) -> &'static str {
        match self.engine {
            Engine::OpenSearch => "OpenSearch",
            Engine::Elasticsearch => "Elasticsearch",
        }
    }
}

/// A search server. Safe to share between threads.
#[derive(Debug)]
pub struct Server {
    api: Api,
    version: OnceLock<Version>,
    /// The requests that were sent, for `--explain`; `None` where nobody asked for them.
    told: Mutex<Option<Vec<String>>>,
    /// Whether the server did not answer the last time, and is asked now and then whether it is back.
    away: Arc<AtomicBool>,
    /// How often it came back.
    returned: Arc<AtomicU64>,
    /// Whether a server that is away is waited for, since nobody looks at a screen.
    patient: AtomicBool,
    /// When each question was asked that has no answer yet, by a number of its own.
    asked: Mutex<BTreeMap<u64, Instant>>,
}

/// An answer with a status that means failure.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    /// The server's own name of the error, such as `index_not_found_exception`.
    pub kind: String,
    pub reason: String,
}

impl Server {
    pub fn new(api: Api) -> Server {
        Server {
            api,
            version: OnceLock::new(),
            told: Mutex::new(None),
            away: Arc::default(),
            returned: Arc::default(),
            patient: AtomicBool::new(false),
            asked: Mutex::default(),
        }
    }

    /// The address without its login.
    pub fn shown(&self) -> String {
        self.api.shown()
    }

    /// Remembers the requests from now on.
    pub fn explain(&self) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
    }

    /// The requests since [`Server::explain`] or the last call: each a line with method and path, and one with the body.
    pub fn told(&self) -> Vec<String> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// How often the server came back after it did not answer.
    pub fn returned(&self) -> u64 {
        self.returned.load(Ordering::Relaxed)
    }

    /// How long the server has been working on the oldest question, or has been too busy for it; `None` where nobody waits.
    pub fn waited(&self) -> Option<Duration> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.values().min().map(Instant::elapsed)
    }

    /// From now on, a server that is away is waited for, for up to [`AWAY`].
    pub fn be_patient(&self) {
        self.patient.store(true, Ordering::Relaxed);
    }

    /// Asks the server every two seconds whether it answers again, on a thread that ends with the answer, or when nobody
    /// has the archive open any more.
    fn wait_for_return(&self) {
        if self.away.swap(true, Ordering::Relaxed) {
            return;
        }
        let (api, away, returned) =
            (self.api.clone(), Arc::clone(&self.away), Arc::downgrade(&self.returned));
        std::thread::spawn(move || {
            let flag = Arc::default();
            let path = "/_cluster/health?local=true";
            let call = Call {
                method: "GET",
                path,
                body: &[],
                content_type: "application/json",
                most: 1 << 20,
                within: Duration::from_secs(10),
            };
            while let Some(returned) = returned.upgrade() {
                // Whoever may not ask for the health gets an answer too.
                if api.call(&call, &flag).is_ok_and(|answer| answer.status < 500) {
                    away.store(false, Ordering::Relaxed);
                    returned.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                drop(returned);
                std::thread::sleep(Duration::from_secs(2));
            }
        });
    }

    /// Which engine the server runs; asked once.
    pub fn version(&self, cancel: &Cancel) -> Result<&Version, Error> {
        if let Some(version) = self.version.get() {
            return Ok(version);
        }
        let answer = self.ask("GET", "/", None, cancel)?;
        let version = Version::read(&answer).map_err(|reason| self.fault(reason))?;
        Ok(self.version.get_or_init(|| version))
    }

    /// The name and the version of the engine, once they are known.
    pub fn engine(&self) -> String {
        self.version.get().map(|version| format!("{} {}", version.name(), version.number)).unwrap_or_default()
    }

    /// An error with the address of the server.
    pub fn fault(&self, reason: impl Into<String>) -> Error {
        Error::Server { address: self.shown(), reason: reason.into() }
    }

    /// Asks with JSON and expects JSON and a status that means success.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        cancel: &Cancel,
    ) -> Result<Value, Error> {
        self.try_ask(method, path, body, cancel)?.map_err(|refusal| self.refused(&refusal))
    }

    /// The error for a refusal.
    pub fn refused(&self, refusal: &Refusal) -> Error {
        self.fault(match refusal.status {
            401 => {
                "it requires a login, or the one sent is wrong (401); set login-command in the config file"
                    .to_owned()
            }
            403 => format!("the login may not do that (403): {}", refusal.reason),
            status @ 300..=399 => format!("it redirects ({status}); name the address to which it leads"),
            429 => "it is busy (429); try again later".to_owned(),
            status => format!("it answered {status}: {}", refusal.reason),
        })
    }

    /// Like [`Server::ask`]; what the server refuses is a value.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        cancel: &Cancel,
    ) -> Result<Result<Value, Refusal>, Error> {
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.send(method, path, &bytes, "application/json", cancel)
    }

    /// Asks for what takes the server long, and does not wait for its end: the server goes on without anybody.
    pub fn begin(&self, path: &str, cancel: &Cancel) {
        let within = Duration::from_secs(1);
        let call =
            Call { method: "POST", path, body: &[], content_type: "application/json", most: MOST, within };
        let _ = self.api.call(&call, cancel.flag());
    }

    /// Sends lines of JSON, each with its line feed.
    pub fn lines(&self, path: &str, lines: &[u8], cancel: &Cancel) -> Result<Value, Error> {
        self.send("POST", path, lines, "application/x-ndjson", cancel)?
            .map_err(|refusal| self.refused(&refusal))
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        content_type: &str,
        cancel: &Cancel,
    ) -> Result<Result<Value, Refusal>, Error> {
        if let Some(told) = &mut *self.told.lock().unwrap_or_else(PoisonError::into_inner) {
            told.push(format!("{method} {}{path}", self.shown()));
            told.extend(String::from_utf8_lossy(body).lines().map(str::to_owned));
        }
        let _waiting = Waiting::on(self);
        let (began, mut wait) = (Instant::now(), Duration::from_millis(200));
        let mut attempt = 1;
        loop {
            let call = Call { method, path, body, content_type, most: MOST, within: PATIENCE };
            let waits = self.patient.load(Ordering::Relaxed) && began.elapsed() < AWAY;
            let asked = match self.api.call(&call, cancel.flag()) {
                Err(CallError::GivenUp) => return Err(Error::Cancelled),
                Err(error) if !waits => {
                    self.wait_for_return();
                    return Err(self.fault(error.to_string()));
                }
                Err(_) => wait,
                Ok(answer) => {
                    let is_away = matches!(answer.status, 502..=504);
                    let is_busy = matches!(answer.status, 429 | 503);
                    if !(is_busy && attempt < TRIES || is_away && waits) {
                        if is_away || is_busy {
                            self.wait_for_return();
                        }
                        return self.read(&answer);
                    }
                    answer.retry_after.unwrap_or(wait)
                }
            };
            // Not longer than ten seconds, whatever the server asks for: somebody waits.
            pause(asked.clamp(wait, Duration::from_secs(10)), cancel)?;
            wait = (2 * wait).min(Duration::from_secs(10));
            attempt += 1;
        }
    }

    fn read(&self, answer: &Answer) -> Result<Result<Value, Refusal>, Error> {
        let value: Result<Value, _> = serde_json::from_slice(&answer.bytes);
        if (200..300).contains(&answer.status) {
            // The answer to HEAD is empty.
            return match value {
                Ok(value) => Ok(Ok(value)),
                Err(_) if answer.bytes.is_empty() => Ok(Ok(Value::Null)),
                Err(_) => Err(self.fault("the answer is not JSON, or it was cut off")),
            };
        }
        let value = value.unwrap_or_default();
        let error = &value["error"];
        let cause = match &error["root_cause"][0] {
            Value::Null => error,
            cause => cause,
        };
        let text = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            let text: String = text.chars().take(REASON).collect();
            one_line(&text).into_owned()
        };
        let reason = [text(&cause["reason"]), text(&error["reason"]), text(error)];
        let reason =
            reason.into_iter().find(|reason| !reason.is_empty()).unwrap_or("no reason given".to_owned());
        Ok(Err(Refusal { status: answer.status, kind: text(&cause["type"]), reason }))
    }
}

/// A question without an answer, as long as this lives.
struct Waiting<'a> {
    server: &'a Server,
    number: u64,
}

impl<'a> Waiting<'a> {
    fn on(server: &'a Server) -> Waiting<'a> {
        let mut asked = server.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let number = asked.keys().max().map_or(0, |last| last + 1);
        asked.insert(number, Instant::now());
        Waiting { server, number }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.server.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}

/// Waits, and stops waiting when the question is cancelled.
pub fn pause(time: Duration, cancel: &Cancel) -> Result<(), Error> {
    let start = std::time::Instant::now();
    while start.elapsed() < time {
        cancel.check()?;
        std::thread::sleep(Duration::from_millis(20).min(time));
    }
    cancel.check()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_engine_is_known_by_what_it_says_of_itself() {
        let read = |version: Value| Version::read(&json!({ "version": version }));
        let opensearch = read(json!({"distribution": "opensearch", "number": "2.19.6"})).expect("known");
        assert_eq!((opensearch.engine, opensearch.major), (Engine::OpenSearch, 2));
        let elastic = read(json!({"number": "8.19.0"})).expect("known");
        assert_eq!((elastic.engine, elastic.major), (Engine::Elasticsearch, 8));
        for (unknown, told) in [
            (json!({"number": "6.8.1"}), "Elasticsearch 6.8.1"),
            (json!({"distribution": "opensearch", "number": "4.0.0"}), "OpenSearch 4.0.0"),
            (json!({"number": 7}), "neither"),
            (json!([null]), "neither"),
        ] {
            let reason = read(unknown).expect_err("unknown");
            assert!(reason.contains(told), "{reason}");
        }
    }
}
