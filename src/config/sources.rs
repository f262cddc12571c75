//! The sources of the config file: `[[source]]`. Some options can only be set by hand, in the config file: a command to
//! run, headers to send, where a password comes from.
//!
//! In: a table of the config file. Out: a [`SourceSetting`], or the mistake in it. The only secrets in it are the headers
//! that the person wrote, which are never shown.

use std::fmt;
use std::time::Duration;
use toml::de::{DeTable, DeValue};

/// One `[[source]]`. An option that is not set keeps the value that the library has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSetting {
    pub origin: FeedOrigin,
    pub name: Option<String>,
    pub tags: Option<Vec<String>>,
    pub interval: Option<Duration>,
    pub keep: Option<Keep>,
    /// Whether it is not fetched, unless it is asked for by its name.
    pub paused: Option<bool>,
    pub full_text: Option<bool>,
    pub headers: Headers,
    pub login: Option<Secret>,
    pub token: Option<Secret>,
}

/// Where the articles of a source come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedOrigin {
    /// http, https or file.
    Address(String),
    /// A program and its arguments, whose output is a feed. No shell is involved.
    Command(Vec<String>),
}

/// Headers of a request, in order. Their values may be secret and are not shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl SourceSetting {
    /// What a server must not see unless its address is the one that the config file names: `login`, `token`,
    /// `headers`, in words. `None` if there is no such thing.
    pub fn secrets(&self) -> Option<&'static str> {
        match (&self.token, &self.login, self.headers.0.is_empty()) {
            (Some(_), ..) => Some("token"),
            (None, Some(_), _) => Some("login"),
            (None, None, false) => Some("headers"),
            (None, None, true) => None,
        }
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Where a secret comes from. The secret itself is never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// The first line that this program prints. No shell is involved.
    Command(Vec<String>),
    /// The value of this environment variable.
    Environment(String),
}

const KEYS: [&str; 13] = [
    "url",
    "command",
    "name",
    "tags",
    "every",
    "keep",
    "paused",
    "full-text",
    "headers",
    "login-command",
    "login-env",
    "token-command",
    "token-env",
];

/// Reads one table.
pub fn read(table: &DeTable<'_>) -> Result<SourceSetting, String> {
    for key in table.keys() {
        let key = key.get_ref().as_ref();
        if !KEYS.contains(&key) {
            return Err(format!("a source has no option '{key}'; it has {}", KEYS.join(", ")));
        }
    }
    let origin = match (text(table, "url")?, words(table, "command")?) {
        (Some(url), None) => origin(&url)?,
        (None, Some(command)) if !command.is_empty() => FeedOrigin::Command(command),
        _ => {
            return Err("a source needs either a url or a command: [[source]] url = \"https://…\"".to_owned());
        }
    };
    Ok(SourceSetting {
        origin,
        name: text(table, "name")?.map(|name| crate::text::clean_line(&name)).filter(|name| !name.is_empty()),
        tags: words(table, "tags")?,
        interval: time(table, "every")?,
        keep: text(table, "keep")?
            .map(|text| keep(&text).map_err(|error| format!("keep: {error}")))
            .transpose()?,
        paused: flag(table, "paused")?,
        full_text: flag(table, "full-text")?,
        headers: headers(table)?,
        login: secret(table, "login")?,
        token: secret(table, "token")?,
    })
}

/// The origin for the value of `url`. As in other readers, `exec:` before a command means its words.
fn origin(url: &str) -> Result<FeedOrigin, String> {
    if let Some(line) = url.strip_prefix("exec:") {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        return if words.is_empty() {
            Err("no command after exec:".to_owned())
        } else {
            Ok(FeedOrigin::Command(words))
        };
    }
    let known = ["http://", "https://", "file://"];
    match known.iter().any(|scheme| url.starts_with(scheme)) {
        true => Ok(FeedOrigin::Address(url.to_owned())),
        false => Err(format!(
            "'{url}' is not an address that can be fetched: it must begin with http, https or file"
        )),
    }
}

/// Reads a time: a whole number and `m`, `h`, `d` or `w`, at least a minute and at most a hundred years.
pub fn duration(text: &str) -> Result<Duration, String> {
    let form = || format!("'{text}' is not a time; write it as 30m, 2h, 7d or 4w");
    let text_of = text.trim();
    let Some((at, unit)) = text_of.char_indices().next_back() else { return Err(form()) };
    let seconds = match unit {
        'm' => 60,
        'h' => 3600,
        'd' => 24 * 3600,
        'w' => 7 * 24 * 3600,
        _ => return Err(form()),
    };
    let number: u64 = text_of.get(..at).unwrap_or_default().parse().map_err(|_| form())?;
    match number.checked_mul(seconds).filter(|seconds| (60..=YEARS).contains(seconds)) {
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => Err(form()),
    }
}

/// Which articles of a source are kept: those of a time, and at most so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// `None` for articles of any age.
    pub time: Option<Duration>,
    /// `None` for any number.
    pub most: Option<u64>,
}

/// Reads which articles are kept: a time, a number, or both, such as `26w`, `500`, `26w 500`; or `always`.
pub fn keep(text: &str) -> Result<Keep, String> {
    let form =
        || format!("'{text}' is not how long articles are kept; write it as 26w, 500, 26w 500 or always");
    let mut keep = Keep::default();
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    if words == ["always"] {
        return Ok(keep);
    }
    for word in &words {
        match word.parse::<u64>() {
            Ok(most) if most > 0 && keep.most.is_none() => keep.most = Some(most.min(MOST_KEPT)),
            Ok(_) => return Err(form()),
            Err(_) if keep.time.is_none() => keep.time = Some(duration(word).map_err(|_| form())?),
            Err(_) => return Err(form()),
        }
    }
    if words.is_empty() { Err(form()) } else { Ok(keep) }
}

/// The largest number of articles of a source that can be asked for; more are no bound.
const MOST_KEPT: u64 = 1_000_000_000;

/// For ever: what a source has where it is to keep everything while the general setting does not.
pub const FOR_EVER: Duration = Duration::from_secs(YEARS);

impl fmt::Display for Keep {
    /// As [`keep`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.time.filter(|time| *time < FOR_EVER), self.most) {
            (None, None) => f.write_str("always"),
            (Some(time), None) => f.write_str(&written(time)),
            (None, Some(most)) => write!(f, "{most}"),
            (Some(time), Some(most)) => write!(f, "{} {most}", written(time)),
        }
    }
}

/// A hundred years, in seconds.
const YEARS: u64 = 100 * 366 * 24 * 3600;

/// Writes `duration` in the largest unit of which it is a whole number.
pub fn written(duration: Duration) -> String {
    let seconds = duration.as_secs();
    for (unit, length) in [("w", 7 * 24 * 3600), ("d", 24 * 3600), ("h", 3600)] {
        if seconds >= length && seconds.is_multiple_of(length) {
            return format!("{}{unit}", seconds / length);
        }
    }
    format!("{}m", seconds / 60)
}

fn value<'t, 'd>(table: &'t DeTable<'d>, key: &str) -> Option<&'t DeValue<'d>> {
    table.get(key).map(toml::Spanned::get_ref)
}

pub(super) fn text(table: &DeTable<'_>, key: &str) -> Result<Option<String>, String> {
    match value(table, key) {
        None => Ok(None),
        Some(DeValue::String(text)) => Ok(Some(text.to_string())),
        Some(_) => Err(format!("{key} must be a text in quotes")),
    }
}

pub(super) fn words(table: &DeTable<'_>, key: &str) -> Result<Option<Vec<String>>, String> {
    let wrong = || format!("{key} must be a list of texts: [\"…\", \"…\"]");
    let Some(value) = value(table, key) else { return Ok(None) };
    let DeValue::Array(values) = value else { return Err(wrong()) };
    let word = |value: &toml::Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    values.iter().map(word).collect::<Option<Vec<_>>>().map(Some).ok_or_else(wrong)
}

fn time(table: &DeTable<'_>, key: &str) -> Result<Option<Duration>, String> {
    text(table, key)?.map(|text| duration(&text).map_err(|error| format!("{key}: {error}"))).transpose()
}

pub(super) fn flag(table: &DeTable<'_>, key: &str) -> Result<Option<bool>, String> {
    match value(table, key) {
        None => Ok(None),
        Some(DeValue::Boolean(yes)) => Ok(Some(*yes)),
        Some(_) => Err(format!("{key} must be true or false")),
    }
}

fn headers(table: &DeTable<'_>) -> Result<Headers, String> {
    let wrong = || "headers must be texts: headers = { \"Accept-Language\" = \"en\" }".to_owned();
    let Some(value) = value(table, "headers") else { return Ok(Headers::default()) };
    let DeValue::Table(headers) = value else { return Err(wrong()) };
    let header = |(name, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
        let DeValue::String(value) = value.get_ref() else { return Err(wrong()) };
        let name = name.get_ref().to_string();
        let sound = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            && !value.chars().any(char::is_control);
        if name.eq_ignore_ascii_case("proxy-authorization") {
            Err("a proxy's login is not for a site: write it into proxy = \"http://USER:PASSWORD@HOST\""
                .to_owned())
        } else if sound {
            Ok((name, value.to_string()))
        } else {
            Err(format!("'{name}' is not a header that can be sent"))
        }
    };
    headers.iter().map(header).collect::<Result<_, _>>().map(Headers)
}

pub(super) fn secret(table: &DeTable<'_>, of: &str) -> Result<Option<Secret>, String> {
    let (command, variable) = (words(table, &format!("{of}-command"))?, text(table, &format!("{of}-env"))?);
    match (command, variable) {
        (None, None) => Ok(None),
        (Some(command), None) if !command.is_empty() => Ok(Some(Secret::Command(command))),
        (None, Some(variable)) if !variable.is_empty() => Ok(Some(Secret::Environment(variable))),
        _ => Err(format!("there can be either {of}-command or {of}-env, not both, and not empty")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn check(text: &str) -> Result<SourceSetting, String> {
        let (config, faults) = Config::read(text);
        match faults.first() {
            Some(fault) => Err(fault.to_string()),
            None => Ok(config.sources.into_iter().next().expect("a source")),
        }
    }

    #[test]
    fn all_options_of_a_source_are_read() {
        let source = check(
            "[[source]]\nurl = \"https://a.test/f\"\nname = \"Wire\"\ntags = [\"world\"]\nevery = \"2h\"\nkeep = \"4w\"\n\
             full-text = true\nheaders = { \"Accept-Language\" = \"en\" }\nlogin-command = [\"pass\", \"wire\"]\n",
        )
        .expect("a source");
        assert_eq!(source.origin, FeedOrigin::Address("https://a.test/f".to_owned()));
        assert_eq!(
            (source.interval, source.keep.and_then(|keep| keep.time)),
            (duration("2h").ok(), duration("28d").ok())
        );
        assert_eq!(source.login, Some(Secret::Command(vec!["pass".to_owned(), "wire".to_owned()])));
        assert_eq!(format!("{:?}", source.headers), "[\"Accept-Language\"]");
    }

    #[test]
    fn a_source_can_be_a_command() {
        let source = check("[[source]]\nname = \"x\"\ncommand = [\"feedmaker\", \"-v\"]").expect("a source");
        assert_eq!(source.origin, FeedOrigin::Command(vec!["feedmaker".to_owned(), "-v".to_owned()]));
        assert_eq!(check("[[source]]\nurl = \"exec:feedmaker -v\"").expect("a source").origin, source.origin);
    }

    #[test]
    fn mistakes_are_reported() {
        let error = |text: &str| check(text).expect_err("a fault");
        assert!(error("[[source]]\nurl = \"ftp://a.test\"").contains("is not an address"));
        assert!(error("[[source]]\nname = \"x\"").contains("needs either a url or a command"));
        assert!(
            error("[[source]]\nurl = \"https://a.test\"\nevry = \"2h\"")
                .contains("a source has no option 'evry'")
        );
        assert!(error("[[source]]\nurl = \"https://a.test\"\nevery = \"2\"").contains("is not a time"));
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        for text in ["30m", "2h", "3d", "4w", "90m"] {
            assert_eq!(written(duration(text).expect(text)), text);
        }
        for text in ["", "h", "0m", "-1h", "2 h ago", "99999999999999999999w"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
