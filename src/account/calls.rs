//! Requests to the server of an account, counted, with the failures of a server in words.
//!
//! In: paths and forms. Out: texts and JSON. Nothing is asked twice by itself: what was lost is found out by the next sync.

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

    /// Asks, and returns the body of an answer that means success.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
        content_type: &str,
    ) -> Result<Vec<u8>, ServerError> {
        let call = Call { method, path, body, content_type, most: MOST, within: WITHIN };
        self.counts.requests += 1;
        self.counts.sent += body.len() as u64;
        let answer = self.api.call(&call, &self.stopped)?;
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

    /// Sends a form and returns the answer as text.
    pub fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<String, ServerError> {
        let body = query(form);
        let answer = self.ask("POST", path, body.as_bytes(), "application/x-www-form-urlencoded")?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    pub fn get(&mut self, path: &str, parameters: &[(&str, &str)]) -> Result<Value, ServerError> {
        let path =
            if parameters.is_empty() { path.to_owned() } else { format!("{path}?{}", query(parameters)) };
        let answer = self.ask("GET", &path, &[], "")?;
        parsed(&answer)
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

pub fn parsed(bytes: &[u8]) -> Result<Value, ServerError> {
    serde_json::from_slice(bytes).map_err(|_| ServerError::Strange("it is not JSON"))
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
