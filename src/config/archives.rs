//! The archives of the config file: `[[archive]]`. Where a login comes from, who signs the server's certificate, and which
//! fields of an index of other hands hold what.
//!
//! In: a table of the config file. Out: an [`ArchiveSetting`], or the mistake in it. It holds no secret.

use super::sources::{Secret, flag, secret, text, words};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// What a field of an index can be to a reader. A role takes several fields: the first of them that an article has counts.
pub const ROLES: [&str; 15] = [
    "title",
    "text",
    "search",
    "date",
    "source",
    "author",
    "link",
    "language",
    "people",
    "orgs",
    "places",
    "countries",
    "only",
    "without",
    "parts-by",
];

/// The forms that other programs give their indices.
pub const FORMS: [&str; 3] = ["datashare", "openaleph", "mediacloud"];

/// Which fields hold what, by the names of [`ROLES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap(pub BTreeMap<&'static str, Vec<String>>);

impl FieldMap {
    pub fn get(&self, role: &str) -> &[String] {
        self.0.get(role).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn set(&mut self, role: &str, fields: &[&str]) {
        if let Some(role) = ROLES.iter().find(|known| **known == role) {
            self.0.insert(role, fields.iter().map(|field| (*field).to_owned()).collect());
        }
    }

    /// As lines of an `[[archive]]`.
    pub fn lines(&self) -> Vec<String> {
        let list = |fields: &[String]| {
            let quoted = fields.iter().map(|field| toml::Value::String(field.clone()).to_string());
            quoted.collect::<Vec<_>>().join(", ")
        };
        let set = ROLES.iter().filter(|role| !self.get(role).is_empty());
        set.map(|role| format!("{role} = [{}]", list(self.get(role)))).collect()
    }
}

/// One `[[archive]]`. It applies to the address and to everything below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveSetting {
    /// Of a server, or of an index on it.
    pub url: String,
    /// Whether it is the library where no other is named.
    pub library: bool,
    pub login: Option<Secret>,
    pub token: Option<Secret>,
    /// An API key, as the server gave it.
    pub key: Option<Secret>,
    /// A file with the certificates, in PEM, of who signs that of the server.
    pub ca_file: Option<String>,
    /// How many of the newest hits are analysed here where the index has no names.
    pub newest: Option<usize>,
    /// One of [`FORMS`].
    pub form: Option<String>,
    pub fields: FieldMap,
}

/// Reads one table.
pub fn read(table: &DeTable<'_>) -> Result<ArchiveSetting, String> {
    let options = [
        "url",
        "login-command",
        "login-env",
        "token-command",
        "token-env",
        "key-command",
        "key-env",
        "ca-file",
        "newest",
        "form",
        "library",
    ];
    for key in table.keys() {
        let key = key.get_ref().as_ref();
        if !options.contains(&key) && !ROLES.contains(&key) {
            return Err(format!(
                "an archive has no option '{key}'; it has {}, {}",
                options.join(", "),
                ROLES.join(", ")
            ));
        }
    }
    let url =
        text(table, "url")?.ok_or("an archive needs a url: [[archive]] url = \"https://HOST:9200/INDEX\"")?;
    if url
        .split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
    {
        return Err("no login in the url of an archive: use login-command or login-env".to_owned());
    }
    let form = text(table, "form")?;
    if let Some(form) = form.as_deref().filter(|form| !FORMS.contains(form)) {
        return Err(format!("there is no form '{form}'; there are {}", FORMS.join(", ")));
    }
    let newest = match table.get("newest").map(toml::Spanned::get_ref) {
        None => None,
        Some(DeValue::Integer(number)) => {
            let number = usize::from_str_radix(number.as_str(), number.radix()).ok();
            let fits = number.filter(|number| (1..=10_000).contains(number));
            Some(fits.ok_or("newest must be a number from 1 to 10000")?)
        }
        Some(_) => return Err("newest must be a number from 1 to 10000".to_owned()),
    };
    let mut fields = FieldMap::default();
    for role in ROLES {
        let listed = match table.get(role).map(toml::Spanned::get_ref) {
            Some(DeValue::String(field)) => Some(vec![field.to_string()]),
            _ => words(table, role)?,
        };
        if let Some(listed) = listed {
            fields.0.insert(role, listed);
        }
    }
    Ok(ArchiveSetting {
        url,
        library: flag(table, "library")?.unwrap_or(false),
        login: secret(table, "login")?,
        token: secret(table, "token")?,
        key: secret(table, "key")?,
        ca_file: text(table, "ca-file")?,
        newest,
        form,
        fields,
    })
}

/// What is set for an archive: of several entries that apply, the one with the longest address.
pub fn find<'s>(settings: &'s [ArchiveSetting], address: &str) -> Option<&'s ArchiveSetting> {
    // A login in the address is no part of what it is compared by.
    let (scheme, rest) = address.trim_end_matches('/').split_once("://").unwrap_or(("", address));
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let address = format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or(host));
    let applies = |setting: &&ArchiveSetting| {
        let url = setting.url.trim_end_matches('/');
        address.strip_prefix(url).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    settings.iter().filter(applies).max_by_key(|setting| setting.url.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn an_archive_is_read_and_found_by_its_address() {
        let (config, faults) = Config::read(
            "[[archive]]\nurl = \"https://search.example:9200\"\nlogin-env = \"LOGIN\"\nca-file = \"ca.pem\"\nlibrary = true\n\
             [[archive]]\nurl = \"https://search.example:9200/desk\"\ntitle = \"head\"\ntext = [\"a\", \"b\"]\nnewest = 500\n",
        );
        assert_eq!(faults, []);
        let of = |address: &str| find(&config.archives, address);
        let desk = of("https://search.example:9200/desk/").expect("one");
        assert_eq!((desk.fields.get("title"), desk.newest), (&["head".to_owned()][..], Some(500)));
        assert_eq!(desk.fields.lines(), ["title = [\"head\"]", "text = [\"a\", \"b\"]"]);
        let other = of("https://search.example:9200/other").expect("one");
        assert_eq!(other.login, Some(Secret::Environment("LOGIN".to_owned())));
        assert_eq!((other.ca_file.as_deref(), other.library, desk.library), (Some("ca.pem"), true, false));
        assert_eq!(of("https://search.example:92001/desk"), None);
        assert_eq!(of("https://ann:pw@search.example:9200/desk/").map(|found| found.newest), Some(Some(500)));
    }

    #[test]
    fn an_address_is_no_field() {
        let (config, faults) = Config::read("[[archive]]\nurl = \"https://a.example/b\"\n");
        assert_eq!((faults.len(), config.archives[0].fields.clone()), (0, FieldMap::default()));
        let mut kept = FieldMap::default();
        kept.set("link", &["url"]);
        let text = format!("[[archive]]\nurl = \"https://a.example/b\"\n{}\n", kept.lines().join("\n"));
        let (config, faults) = Config::read(&text);
        assert_eq!((faults.len(), config.archives[0].fields.clone()), (0, kept));
    }

    #[test]
    fn mistakes_are_reported() {
        for (text, told) in [
            ("title = \"x\"", "needs a url"),
            ("url = \"https://a/b\"\nform = \"lotus\"", "no form 'lotus'"),
            ("url = \"https://a/b\"\nheadline = \"x\"", "no option 'headline'"),
            ("url = \"https://a/b\"\nnewest = 0", "1 to 10000"),
            ("url = \"https://ann:pw@a/b\"", "no login"),
        ] {
            let (_, faults) = Config::read(&format!("[[archive]]\n{text}\n"));
            let told_here = faults.iter().map(ToString::to_string).collect::<String>();
            assert!(told_here.contains(told), "{told_here}");
            assert!(!told_here.contains("pw"), "{told_here}");
        }
    }
}
