//! Gets the feed of a source: over the network, from a file, or from a command in the config file.

use super::Wire;
use super::command;
use super::manners::Host;
use super::roster::Listed;
use crate::annotation::ENGINE_VERSION;
use crate::capacity::Capacity;
use crate::config::archives::ArchiveSetting;
use crate::config::sources::{FeedOrigin, Secret};
use crate::fetch::origin::Secrets;
use crate::fetch::{Credentials, FetchError, Limits, Network, Reach, Request, Share, Validators};
use crate::formats::feed::{Earlier, Feed};
use crate::formats::{Delivery, Origin, read_delivery_again};
use crate::intake::typed;
use crate::library::Error;
use crate::library::sources::Source;
use crate::text::clean_line;
use chrono::{DateTime, Utc};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use url::Url;

/// Why a source could not be fetched. Each error is printed as one line.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("could not read the file: {0}")]
    File(String),
    #[error("could not run its command: {0}")]
    Command(String),
    #[error("its command is no longer in the config file; write it there again, or remove the source")]
    NoCommand,
    #[error("could not get its login: {0}")]
    Secret(String),
    /// The server requires a login, and the one in the config file is for the origin from which the source moved.
    #[error("the server requires a login ({status}): {what}")]
    Unconfirmed { status: u16, what: String },
    #[error("could not use the library: {0}")]
    Library(#[from] Error),
    #[error("not a feed: the content is {0}; check the address")]
    NoFeed(String),
    /// The host has just asked us to slow down while another of its sources was fetched.
    #[error("the server asked us to slow down")]
    HostBusy { retry_after: Option<Duration> },
    #[error("could not read it because of an internal error; please report it")]
    Fault,
}

/// The content that a source delivered.
#[derive(Debug)]
pub enum Delivered {
    /// The content is the same as at the last fetch.
    AsBefore {
        fresh_for: Option<Duration>,
        moved_to: Option<String>,
        /// What the server wants to be asked with from now on.
        renewed: Validators,
    },
    Came(Box<Came>),
}

#[derive(Debug)]
pub struct Came {
    pub feed: Feed,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub fresh_for: Option<Duration>,
    pub moved_to: Option<String>,
    /// The date given to articles that have none of their own.
    pub at: DateTime<Utc>,
    /// The room that the feed takes among those that are fetched at the same time.
    pub share: Share,
}

/// The content of a source before it is parsed.
pub struct Got {
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
    /// The address after all redirects.
    pub address: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub fresh_for: Option<Duration>,
    pub moved_to: Option<String>,
    /// Where the server of the address is; `Unknown` if there is none.
    pub network: Network,
    pub share: Share,
}

/// Fetches a source and parses its feed. Blocks for at most the time that the limits of `wire` allow. Articles without a
/// date get the present time.
pub fn obtain(listed: &Listed, wire: &Wire) -> Result<Delivered, Trouble> {
    let now = wire.now();
    let got = match get(listed, wire, wire.typed_address(listed)?.as_deref())? {
        Ok(got) => got,
        Err(as_before) => return Ok(as_before),
    };
    let origin = Origin { path: None, source: listed.source.name.clone(), time: now };
    match read(&got, &listed.source, &origin, wire.max_items) {
        Delivery::Feed(feed) => Ok(Delivered::Came(Box::new(Came {
            feed,
            etag: got.etag,
            last_modified: got.last_modified,
            fresh_for: got.fresh_for,
            moved_to: got.moved_to,
            at: now,
            share: got.share,
        }))),
        Delivery::Page(_) => Err(Trouble::NoFeed("a web page".to_owned())),
        Delivery::Neither(what) => Err(Trouble::NoFeed(what)),
    }
}

/// Parses the content, of which at most `most` items are read, leaving out the items that `source` delivered before and that have not changed. An item is
/// parsed again when the version of this program or of the engine changes, or the maximum age of articles, because
/// each of these may change the result.
pub fn read(got: &Got, source: &Source, origin: &Origin, most: usize) -> Delivery {
    let keep_for = source.wishes.keep_for.map_or(0, |time| time.as_secs());
    let keep_most = source.wishes.keep_most.unwrap_or(0);
    let reader = format!("{} {ENGINE_VERSION} {keep_for} {keep_most}", env!("CARGO_PKG_VERSION"));
    // A large feed takes several times its length while it is read.
    let _turn = got.share.turn();
    let earlier = Earlier { seen: &source.standing.seen, reader: &reader };
    read_delivery_again(&got.bytes, got.content_type.as_deref(), &got.address, origin, earlier, most)
}

/// Fetches the content of a source, of which a person typed the address `typed`. Returns the inner `Err` if it is the
/// same as at the last fetch.
pub fn get(listed: &Listed, wire: &Wire, typed: Option<&str>) -> Result<Result<Got, Delivered>, Trouble> {
    let Wire { limits, capacity, .. } = wire;
    let limits = *limits;
    if let Some(FeedOrigin::Command(argv)) = listed.setting.as_ref().map(|setting| &setting.origin) {
        let bytes = command::output(capacity, argv, limits.bytes, limits.whole).map_err(Trouble::Command)?;
        return Ok(Ok(plain(bytes, listed.source.site.clone().unwrap_or_default())));
    }
    if listed.source.address.starts_with("exec:") {
        return Err(Trouble::NoCommand);
    }
    match file_of(&listed.source.address) {
        Some(path) => read_file(&path, &listed.source, limits),
        None => ask(listed, wire, typed),
    }
}

fn plain(bytes: Vec<u8>, address: String) -> Got {
    Got {
        bytes,
        content_type: None,
        address,
        etag: None,
        last_modified: None,
        fresh_for: None,
        moved_to: None,
        network: Network::Unknown,
        share: Share::default(),
    }
}

fn ask(listed: &Listed, wire: &Wire, typed: Option<&str>) -> Result<Result<Got, Delivered>, Trouble> {
    let Source { address, standing, .. } = &listed.source;
    let request = Request {
        url: address.clone(),
        etag: standing.etag.clone(),
        last_modified: standing.last_modified.clone(),
        secrets: secrets(listed, wire.limits, &wire.capacity)?,
        reach: typed.map_or(Reach::Public, Reach::typed),
        limits: None,
        part: None,
    };
    let fetched = wire.fetcher.fetch(&request).map_err(|error| match (error, listed.unconfirmed()) {
        (FetchError::Login(status), Some(what)) => Trouble::Unconfirmed { status, what },
        (error, _) => Trouble::Fetch(error),
    })?;
    if let Some(typed) = typed {
        typed::settle(&wire.library, typed, fetched.network)?;
    }
    let network = fetched.network;
    let (fresh_for, moved_to) = (fetched.fresh_for, fetched.moved_to);
    Ok(match fetched.body {
        None => Err(Delivered::AsBefore { fresh_for, moved_to, renewed: fetched.renewed }),
        Some(body) => Ok(Got {
            bytes: body.bytes,
            content_type: body.content_type,
            address: body.url,
            etag: body.etag,
            last_modified: body.last_modified,
            fresh_for,
            moved_to,
            network,
            share: body.share,
        }),
    })
}

/// What the server at the origin that the config file names may see. The place of the login is not asked if the source
/// has moved to another origin.
fn secrets(listed: &Listed, limits: Limits, capacity: &Capacity) -> Result<Option<Secrets>, Trouble> {
    let (Some(setting), Some(named)) = (&listed.setting, listed.named()) else { return Ok(None) };
    if !listed.may_show_secrets() {
        return Ok(None);
    }
    let credentials = credentials(listed, limits, capacity)?;
    Ok(Secrets::of(&named, setting.headers.0.clone(), credentials))
}

/// Gets the login or token of a source from the place that the config file names. It is kept in memory for one
/// request only.
fn credentials(listed: &Listed, limits: Limits, capacity: &Capacity) -> Result<Option<Credentials>, Trouble> {
    let Some(setting) = &listed.setting else { return Ok(None) };
    if let Some(secret) = &setting.token {
        return Ok(Some(Credentials::Token(reveal(secret, limits, capacity)?)));
    }
    let Some(secret) = &setting.login else { return Ok(None) };
    let login = reveal(secret, limits, capacity)?;
    match login.split_once(':') {
        Some((user, password)) => {
            Ok(Some(Credentials::Login { user: user.to_owned(), password: password.to_owned() }))
        }
        None => Err(Trouble::Secret("it does not have the form user:password".to_owned())),
    }
}

/// What the server of an archive may see: an API key, a token or a login, from the place that the config file names. The
/// error says what is wrong, without the secret.
pub fn secrets_of(
    setting: &ArchiveSetting,
    limits: Limits,
    capacity: &Capacity,
) -> Result<Option<Secrets>, String> {
    let told = |trouble: Trouble| trouble.to_string();
    let revealed = |secret: &Secret| reveal(secret, limits, capacity).map_err(told);
    let (headers, credentials) = match (&setting.key, &setting.token, &setting.login) {
        (Some(key), ..) => (vec![("Authorization".to_owned(), format!("ApiKey {}", revealed(key)?))], None),
        (None, Some(token), _) => (Vec::new(), Some(Credentials::Token(revealed(token)?))),
        (None, None, Some(login)) => match revealed(login)?.split_once(':') {
            Some((user, password)) => (
                Vec::new(),
                Some(Credentials::Login { user: user.to_owned(), password: password.to_owned() }),
            ),
            None => return Err(told(Trouble::Secret("it does not have the form user:password".to_owned()))),
        },
        (None, None, None) => return Ok(None),
    };
    Ok(Secrets::of(&setting.url, headers, credentials))
}

/// A secret from the place that the config file names. The error says what is wrong, without the secret.
pub fn revealed(secret: &Secret, limits: Limits, capacity: &Capacity) -> Result<String, String> {
    reveal(secret, limits, capacity).map_err(|trouble| trouble.to_string())
}

fn reveal(secret: &Secret, limits: Limits, capacity: &Capacity) -> Result<String, Trouble> {
    let text = match secret {
        Secret::Environment(name) => std::env::var(name)
            .map_err(|_| Trouble::Secret(format!("the environment variable {name} is not set")))?,
        Secret::Command(argv) => {
            let bytes = command::output(capacity, argv, 64 << 10, limits.whole).map_err(Trouble::Secret)?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    let line = text.lines().next().unwrap_or_default().trim().to_owned();
    match line.is_empty() || line.chars().any(char::is_control) {
        true => Err(Trouble::Secret("it is empty or contains control characters".to_owned())),
        false => Ok(line),
    }
}

/// The path of a `file:` address. `None` for any other address.
pub fn file_of(address: &str) -> Option<PathBuf> {
    let url = Url::parse(address).ok().filter(|url| url.scheme() == "file")?;
    url.to_file_path().ok()
}

/// Reads a file, unless its time of change and its size are the same as at the last fetch.
fn read_file(path: &Path, source: &Source, limits: Limits) -> Result<Result<Got, Delivered>, Trouble> {
    let failed = |error: std::io::Error| Trouble::File(crate::fault::reason(&error));
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let stamp = changed.map(|changed| format!("{} {}", changed.as_nanos(), metadata.len()));
    if stamp.is_some() && stamp == source.standing.last_modified {
        return Ok(Err(Delivered::AsBefore {
            fresh_for: None,
            moved_to: None,
            renewed: Validators::default(),
        }));
    }
    let mut bytes = Vec::new();
    file.take(limits.bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limits.bytes {
        return Err(FetchError::TooLarge(limits.bytes).into());
    }
    Ok(Ok(Got { last_modified: stamp, ..plain(bytes, source.site.clone().unwrap_or_default()) }))
}

/// The host from which a source is fetched.
pub fn host_of(listed: &Listed) -> Host {
    host_of_address(&listed.source.address)
}

/// The host of an http or https address; `Host::None` for any other address.
pub fn host_of_address(address: &str) -> Host {
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let name = url.host_str().unwrap_or_default().to_ascii_lowercase();
            if crate::fetch::is_private_host(&url) { Host::Near(name) } else { Host::Far(name) }
        }
        _ => Host::None,
    }
}

/// A name for a source whose feed has no title: its host or its file name.
pub fn fallback_name(address: &str) -> String {
    let name = match Url::parse(address) {
        Ok(url) => match url.host_str() {
            Some(host) if !host.is_empty() => host.trim_start_matches("www.").to_owned(),
            _ => url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default().to_owned(),
        },
        Err(_) => String::new(),
    };
    let name = clean_line(&name);
    if name.is_empty() { clean_line(address) } else { name }
}
