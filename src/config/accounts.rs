//! The accounts of the config file: `[[account]]`. Which server has it, in which language it is asked, and where the login
//! comes from.
//!
//! In: a table of the config file. Out: an [`AccountSetting`], or the mistake in it. It holds no secret.

use super::sources::{Keep, Secret, duration, flag, keep, secret, text};
use std::time::Duration;
use toml::de::DeTable;

/// The language that a server is asked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountType {
    /// That of Google Reader, which FreshRSS, Miniflux, The Old Reader, BazQux and Inoreader speak.
    GoogleReader,
    /// Miniflux's own.
    Miniflux,
    /// That of Fever, which FreshRSS and Miniflux speak as well.
    Fever,
}

impl AccountType {
    const ALL: [AccountType; 3] = [AccountType::GoogleReader, AccountType::Miniflux, AccountType::Fever];

    /// As it is written in the config file.
    pub fn name(self) -> &'static str {
        match self {
            AccountType::GoogleReader => "google-reader",
            AccountType::Miniflux => "miniflux",
            AccountType::Fever => "fever",
        }
    }
}

/// One `[[account]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSetting {
    pub name: String,
    pub speaks: AccountType,
    /// Where the server answers: an http or https address.
    pub url: String,
    pub login: Option<Secret>,
    pub token: Option<Secret>,
    /// What Inoreader gives to each program: its number and its key.
    pub app: Option<(Secret, Secret)>,
    /// A file with the certificates, in PEM, of who signs that of the server.
    pub ca_file: Option<String>,
    /// The time between two syncs while the reader is open; `None` for that of the setting `fetch-every`.
    pub every: Option<Duration>,
    /// Which of its articles are taken over; `None` for what the setting `keep` says.
    pub keep: Option<Keep>,
    /// Whether sources that are added here are added there.
    pub adds: bool,
}

const KEYS: [&str; 15] = [
    "name",
    "type",
    "url",
    "login-command",
    "login-env",
    "token-command",
    "token-env",
    "app-id-command",
    "app-id-env",
    "app-key-command",
    "app-key-env",
    "ca-file",
    "every",
    "keep",
    "adds",
];

/// Reads one table.
pub fn read(table: &DeTable<'_>) -> Result<AccountSetting, String> {
    for key in table.keys() {
        let key = key.get_ref().as_ref();
        if !KEYS.contains(&key) {
            return Err(format!("an account has no option '{key}'; it has {}", KEYS.join(", ")));
        }
    }
    let form = "an account needs a type and a url: [[account]] type = \"miniflux\" url = \"https://…\"";
    let names = AccountType::ALL.map(AccountType::name);
    let written = text(table, "type")?.ok_or(form)?;
    let speaks = AccountType::ALL.into_iter().find(|speaks| speaks.name() == written);
    let speaks = speaks.ok_or_else(|| {
        format!("there is no account of type '{written}'; it is {} or {}", names[..2].join(", "), names[2])
    })?;
    let url = text(table, "url")?.ok_or(form)?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.ok_or("the url of an account must begin with https://, or http:// on this machine")?;
    let host = rest.split('/').next().unwrap_or_default();
    if host.contains('@') {
        return Err("no login in the url of an account: use login-command or login-env".to_owned());
    }
    let name = text(table, "name")?.map(|name| crate::text::clean_line(&name));
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| host.to_owned());
    if name.contains(char::is_whitespace) {
        return Err(format!("the name of an account must not contain blanks: '{name}'"));
    }
    let (login, token) = (secret(table, "login")?, secret(table, "token")?);
    let app = match (secret(table, "app-id")?, secret(table, "app-key")?) {
        (None, None) => None,
        (Some(id), Some(key)) if speaks == AccountType::GoogleReader => Some((id, key)),
        (Some(_), Some(_)) => {
            return Err(format!("a {} account has no app-id and no app-key", speaks.name()));
        }
        _ => return Err("an account has both an app-id and an app-key, or neither".to_owned()),
    };
    let host_alone = host.split(':').next().unwrap_or_default();
    if app.is_none() && (host_alone == "inoreader.com" || host_alone.ends_with(".inoreader.com")) {
        return Err(
            "Inoreader wants app-id and app-key of you (docs/accounts.md says where to get them)".to_owned()
        );
    }
    let missing = match (speaks, &login, &token) {
        (AccountType::GoogleReader | AccountType::Fever, None, _) => Some("login-command or login-env"),
        (AccountType::GoogleReader | AccountType::Fever, _, Some(_)) => {
            return Err(format!("a {} account has a login and no token", speaks.name()));
        }
        (AccountType::Miniflux, None, None) => Some("token-command or token-env"),
        _ => None,
    };
    if let Some(missing) = missing {
        return Err(format!("the account {name} needs {missing}"));
    }
    let every = text(table, "every")?.map(|text| duration(&text).map_err(|error| format!("every: {error}")));
    let kept = text(table, "keep")?.map(|text| keep(&text).map_err(|error| format!("keep: {error}")));
    Ok(AccountSetting {
        name,
        speaks,
        url: url.trim_end_matches('/').to_owned(),
        login,
        token,
        app,
        ca_file: text(table, "ca-file")?,
        every: every.transpose()?,
        keep: kept.transpose()?,
        adds: flag(table, "adds")?.unwrap_or(true),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn an_account_is_read_with_what_it_does_not_say() {
        let (config, faults) = Config::read(
            "[[account]]\ntype = \"google-reader\"\nurl = \"https://fresh.example/api/greader.php/\"\nlogin-env = \"LOGIN\"\n\
             [[account]]\nname = \"flux\"\ntype = \"miniflux\"\nurl = \"http://127.0.0.1:8080\"\ntoken-command = [\"pass\", \"flux\"]\n\
             every = \"10m\"\nkeep = \"26w 500\"\nadds = false\n",
        );
        assert_eq!(faults, []);
        let [fresh, flux] = config.accounts.as_slice() else { panic!("two accounts") };
        assert_eq!(
            (fresh.name.as_str(), fresh.url.as_str()),
            ("fresh.example", "https://fresh.example/api/greader.php")
        );
        assert_eq!((fresh.adds, fresh.every, fresh.keep), (true, None, None));
        assert_eq!((flux.speaks, flux.adds), (AccountType::Miniflux, false));
        assert_eq!(flux.keep.and_then(|keep| keep.most), Some(500));
    }

    #[test]
    fn mistakes_are_reported() {
        for (text, told) in [
            ("type = \"miniflux\"", "needs a type and a url"),
            ("type = \"usenet\"\nurl = \"https://a.example\"", "google-reader, miniflux or fever"),
            (
                "type = \"google-reader\"\nurl = \"https://a.example\"\nlogin-env = \"L\"\napp-id-env = \"A\"",
                "both an app-id and an app-key",
            ),
            (
                "type = \"google-reader\"\nurl = \"https://www.inoreader.com\"\nlogin-env = \"L\"",
                "Inoreader wants app-id and app-key",
            ),
            (
                "type = \"fever\"\nurl = \"https://a.example\"\nlogin-env = \"L\"\ntoken-env = \"T\"",
                "a fever account has a login and no token",
            ),
            ("type = \"miniflux\"\nurl = \"https://a.example\"", "needs token-command"),
            (
                "type = \"google-reader\"\nurl = \"https://ann:pw@a.example\"\nlogin-env = \"L\"",
                "no login in the url",
            ),
            ("type = \"google-reader\"\nurl = \"a.example\"\nlogin-env = \"L\"", "must begin with https://"),
            (
                "type = \"google-reader\"\nurl = \"https://a.example\"\npassword = \"pw\"",
                "no option 'password'",
            ),
        ] {
            let (config, faults) = Config::read(&format!("[[account]]\n{text}\n"));
            let here = faults.iter().map(ToString::to_string).collect::<String>();
            assert!(here.contains(told), "{here}");
            assert!(!here.contains("pw") && config.accounts.is_empty(), "{here}");
        }
        let twice = "[[account]]\nname = \"a\"\ntype = \"miniflux\"\nurl = \"https://a.example\"\ntoken-env = \"T\"\n".repeat(2);
        let (config, faults) = Config::read(&twice);
        assert_eq!((config.accounts.len(), faults.len()), (1, 1));
    }
}
