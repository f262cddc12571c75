//! Requests to the server of an account, counted, with the failures of a server in words.
//!
//! In: paths and forms. Out: texts and JSON. A question whose connection ends is asked once more, since a server may close
//! at any time a connection that it has kept open. A change is never sent twice by itself: what became of it is found out by
//! the next sync.

use crate::fetch::Credentials;
use crate::fetch::api::{Api, Call, CallError};
use crate::fetch::origin::Secrets;
use crate::fetch::{FetchError, Fetcher};
use crate::text::clean_line;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use url::form_urlencoded;

/// The largest answer: 250 long articles are some megabytes.
const MOST: u64 = 64 << 20;
/// How long one answer may take.
const WITHIN: Duration = Duration::from_secs(90);

/// What was asked of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub requests: u64,
    /// The bytes of the bodies of requests.
    pub sent: u64,
    /// The bytes of the answers, unpacked.
    pub received: u64,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A question: asked twice, nothing is changed by it.
    Question,
    /// A change, or what may be one.
    Change,
}

/// Why a server could not be asked, or what it refused.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("stopped")]
    Stopped,
    #[error(transparent)]
    Call(CallError),
    #[error("{0}")]
    Setting(String),
    #[error(
        "the server does not accept the login ({0}); check the user and the password that the login-command prints"
    )]
    Login(u16),
    #[error("the server answered {status}{}", after_colon(.said))]
    Refused { status: u16, said: String },
    /// The end of the answer is missing, which a server that does not say its length leaves unsaid.
    #[error("the answer was cut off; try again later")]
    Cut,
    /// What the language of the server has no words for.
    #[error("{0}")]
    Unable(&'static str),
    #[error("the server asked us to slow down ({0}); try again later")]
    Busy(u16),
    #[error(
        "the answer is not what this kind of server sends ({0}); check the type and the url of the account"
    )]
    Strange(&'static str),
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

impl From<CallError> for ServerError {
    fn from(error: CallError) -> ServerError {
        match error {
            CallError::GivenUp => ServerError::Stopped,
            error => ServerError::Call(error),
        }
    }
}

impl ServerError {
    /// Whether a smaller question may be answered.
    pub fn is_too_large(&self) -> bool {
        matches!(self, ServerError::Call(CallError::Fetch(FetchError::TooLarge(_) | FetchError::NoRoom)))
    }

    /// Whether the server does not do what it was asked, and goes on answering.
    pub fn is_refusal(&self) -> bool {
        matches!(self, ServerError::Refused { .. } | ServerError::Unable(_))
    }
}

/// Whether a connection ended before the answer was there.
fn is_cut(error: &CallError) -> bool {
    matches!(error, CallError::Fetch(FetchError::Connect { .. } | FetchError::Broken(_)))
}

/// Asks one server.
pub struct Calls {
    fetcher: Fetcher,
    root: String,
    api: Api,
    stopped: Arc<AtomicBool>,
    pub counts: Counts,
}

impl Calls {
    pub fn new(fetcher: &Fetcher, root: &str, stopped: &Arc<AtomicBool>) -> Result<Calls, ServerError> {
        let api = Api::new(fetcher, root, None)?;
        let (fetcher, root) = (fetcher.clone(), root.to_owned());
        Ok(Calls { fetcher, root, api, stopped: Arc::clone(stopped), counts: Counts::default() })
    }

    /// Sends this with every request from now on, to the origin of `root` only, below which everything is.
    pub fn show(
        &mut self,
        root: &str,
        headers: Vec<(String, String)>,
        credentials: Option<Credentials>,
    ) -> Result<(), ServerError> {
        let secrets = Secrets::of(root, headers, credentials);
        self.api = Api::new(&self.fetcher, root, secrets)?;
        root.clone_into(&mut self.root);
        Ok(())
    }

    pub fn root(&self) -> &str {
        &self.root
    }

    /// Asks, and returns the body of an answer that means success. What is asked with `GET` is a question.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
        content_type: &str,
    ) -> Result<Vec<u8>, ServerError> {
        let asked = if method == "GET" { Asked::Question } else { Asked::Change };
        self.ask_as(asked, (method, path), body, content_type)
    }

    /// The same, where the method does not say whether it is a question.
    pub fn ask_as(
        &mut self,
        asked: Asked,
        (method, path): (&str, &str),
        body: &[u8],
        content_type: &str,
    ) -> Result<Vec<u8>, ServerError> {
        let call = Call { method, path, body, content_type, most: MOST, within: WITHIN };
        let mut once = || {
            self.counts.requests += 1;
            self.counts.sent += body.len() as u64;
            self.api.call(&call, &self.stopped)
        };
        let answer = match once() {
            Err(error) if asked == Asked::Question && is_cut(&error) => once()?,
            answer => answer?,
        };
        self.counts.received += answer.bytes.len() as u64;
        match answer.status {
            200..300 => Ok(answer.bytes),
            status @ (401 | 403) => Err(ServerError::Login(status)),
            status @ (429 | 503) => Err(ServerError::Busy(status)),
            status => {
                let text = String::from_utf8_lossy(&answer.bytes);
                let said: String = clean_line(&text).chars().take(120).collect();
                // A page in HTML is written for people with a browser.
                let said = if said.starts_with('<') { String::new() } else { said };
                Err(ServerError::Refused { status, said })
            }
        }
    }

    /// Sends a form and returns the answer.
    pub fn post(&mut self, asked: Asked, path: &str, form: &[(&str, &str)]) -> Result<Vec<u8>, ServerError> {
        self.ask_as(asked, ("POST", path), query(form).as_bytes(), "application/x-www-form-urlencoded")
    }

    pub fn get(&mut self, path: &str, parameters: &[(&str, &str)]) -> Result<Value, ServerError> {
        let path =
            if parameters.is_empty() { path.to_owned() } else { format!("{path}?{}", query(parameters)) };
        match parsed(&self.ask("GET", &path, &[], "")?) {
            Err(ServerError::Cut) => parsed(&self.ask("GET", &path, &[], "")?),
            answer => answer,
        }
    }

    /// Sends JSON and returns the answer, which may be empty.
    pub fn send(&mut self, method: &str, path: &str, body: &Value) -> Result<Value, ServerError> {
        let answer = self.ask(method, path, body.to_string().as_bytes(), "application/json")?;
        if answer.is_empty() { Ok(Value::Null) } else { parsed(&answer) }
    }
}

/// Parameters as they stand in an address or in a form.
pub fn query(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// What an answer says, as text.
pub fn as_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn parsed(bytes: &[u8]) -> Result<Value, ServerError> {
    serde_json::from_slice(bytes).map_err(|error| match error.is_eof() && !bytes.is_empty() {
        true => ServerError::Cut,
        false => ServerError::Strange("it is not JSON"),
    })
}

/// A text of an object; a number is written as a text.
pub fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub fn number(value: &Value, name: &str) -> Option<i64> {
    match value.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The elements of a list in an object; none where there is no list.
pub fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Limits;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    /// A server that closes each connection without a word when it is asked on it a second time.
    fn impatient() -> (Calls, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        let came = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&came);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut bytes = [0; 4096];
                for asked in 0..2 {
                    if !stream.read(&mut bytes).is_ok_and(|read| read > 0) {
                        break;
                    }
                    count.fetch_add(1, Ordering::Relaxed);
                    if asked == 0 {
                        stream.write_all(b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n{}").expect("written");
                    }
                }
            }
        });
        let fetcher = Fetcher::new(Limits::default());
        (Calls::new(&fetcher, &format!("http://{at}"), &Arc::default()).expect("a server"), came)
    }

    #[test]
    fn a_question_is_asked_again_on_a_new_connection_and_a_change_is_not() {
        let (mut calls, came) = impatient();
        for _ in 0..2 {
            assert_eq!(calls.get("/entries", &[]).expect("an answer"), serde_json::json!({}));
        }
        assert_eq!((calls.counts.requests, came.load(Ordering::Relaxed)), (3, 3));
        let (mut calls, came) = impatient();
        calls.get("/entries", &[]).expect("an answer");
        calls.ask("PUT", "/entries/1/bookmark", &[], "").expect_err("it is not known what became of it");
        assert_eq!(came.load(Ordering::Relaxed), 2);
        let question = calls.post(Asked::Question, "/contents", &[("i", "1")]);
        assert!(question.is_ok(), "{question:?}");
        // Half of an answer is no other kind of answer.
        assert!(matches!(parsed(b"{\"entries\": ["), Err(ServerError::Cut)));
        assert!(matches!(parsed(b"<html>"), Err(ServerError::Strange(_))));
        // Nobody is there: this is told after the second time.
        let fetcher = Fetcher::new(Limits::default());
        let mut nobody = Calls::new(&fetcher, "http://127.0.0.1:1", &Arc::default()).expect("a server");
        nobody.get("/entries", &[]).expect_err("nobody answers");
        assert_eq!(nobody.counts.requests, 2);
    }
}
