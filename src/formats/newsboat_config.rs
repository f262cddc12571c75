//! newsboat's `config` file: which server its sources come from.
//!
//! In: the text of the file. Out: the server, its address and where newsboat has the login from, in no words of ours; and
//! the settings that have no use here, by name. The rest of the file, of which most is about the screen, is not read. No
//! crate reads this language; its words are those of the `urls` file (see `opml`).

use super::opml::words;
use std::collections::BTreeMap;

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// A command for a shell prints it.
    Printed(String),
    /// It is the first line of a file, whose name may begin with `~/`.
    InFile(String),
    /// It stands in the file itself.
    InTheClear(String),
}

/// A server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// newsboat's name for it, which is also the beginning of its settings: `freshrss`.
    pub name: String,
    /// The type of account that it is here.
    pub speaks: &'static str,
    pub url: String,
    pub user: Option<String>,
    pub password: Option<Secret>,
    pub token: Option<Secret>,
    /// The number and the key of the program, for Inoreader.
    pub app: Option<(String, String)>,
    /// The minutes between two fetches, where newsboat fetches by itself.
    pub minutes: Option<u32>,
}

/// Where the sources come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sources {
    /// From the `urls` file.
    Urls,
    Server(Box<Server>),
    /// From a server that cannot be an account, with the reason and what can be done.
    Elsewhere(String),
}

/// What such a file says of sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub sources: Sources,
    /// Settings that are not taken over, with how often each stands there.
    pub left: BTreeMap<String, usize>,
}

/// newsboat's name of a server, our type of account, and its address where there is only one.
const SERVERS: [(&str, &str, Option<&str>); 6] = [
    ("miniflux", "miniflux", None),
    ("freshrss", "google-reader", None),
    ("oldreader", "google-reader", Some("https://theoldreader.com")),
    ("feedhq", "google-reader", Some("https://feedhq.org")),
    ("bazqux", "google-reader", Some("https://bazqux.com")),
    ("inoreader", "google-reader", Some("https://www.inoreader.com")),
];

/// Servers with an interface that is not spoken here.
const FOREIGN: [(&str, &str); 4] = [
    ("ttrss", "Tiny Tiny RSS"),
    ("newsblur", "NewsBlur"),
    ("feedbin", "Feedbin"),
    ("ocnews", "Nextcloud News"),
];

/// Commands by which such a file is recognised: no other file begins its lines so.
const MARKS: [&str; 12] = [
    "urls-source",
    "auto-reload",
    "reload-time",
    "reload-threads",
    "bind-key",
    "unbind-key",
    "highlight",
    "color",
    "macro",
    "articlelist-format",
    "feedlist-format",
    "ignore-article",
];

/// Whether a text is newsboat's `config` file: a line that is no comment begins with one of its commands, and none is an
/// address.
pub fn is_config(text: &str) -> bool {
    let mut commands = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
    let is_mark = |line: &str| {
        let word = first(line);
        MARKS.contains(&word.as_str()) || word.ends_with("-passwordeval") || word.ends_with("-passwordfile")
    };
    let is_other = |line: &str| line.contains("://") && first(line).contains("://") || line.starts_with('<');
    commands.clone().any(is_mark) && !commands.any(is_other)
}

/// The commands of the file: a name and its value. A backslash at the end of a line joins the next one to it.
fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    let joined = text.replace("\\\r\n", "").replace("\\\n", "");
    let command = |line: &str| {
        let mut words = words(line).into_iter();
        Some((words.next()?, words.collect()))
    };
    joined.lines().map(str::trim).filter(|line| !line.starts_with('#')).filter_map(command).collect()
}

/// The command of a value that newsboat has from a program, in backticks.
fn in_backticks(value: &str) -> Option<&str> {
    value.strip_prefix('`')?.strip_suffix('`').filter(|command| !command.is_empty() && !command.contains('`'))
}

/// What the file says of the sources.
pub fn read(text: &str) -> Found {
    let commands = commands(text);
    // The last of several values counts.
    let value = |name: &str| {
        let found = commands.iter().rev().find(|(command, _)| command == name);
        found.and_then(|(_, values)| values.first()).filter(|value| !value.is_empty()).cloned()
    };
    let source = value("urls-source").unwrap_or_else(|| "local".to_owned());
    let secret = |of: &str| {
        let plain = value(of).map(|text| match in_backticks(&text) {
            Some(command) => Secret::Printed(command.to_owned()),
            None => Secret::InTheClear(text),
        });
        let file = || value(&format!("{of}file")).map(Secret::InFile);
        let printed = || value(&format!("{of}eval")).map(Secret::Printed);
        plain.or_else(file).or_else(printed)
    };
    let sources = match SERVERS.iter().find(|(name, ..)| *name == source) {
        Some((name, speaks, only)) => {
            let url = value(&format!("{name}-url")).or(only.map(str::to_owned));
            match url {
                Some(url) => Sources::Server(Box::new(Server {
                    name: source.clone(),
                    speaks,
                    url,
                    user: value(&format!("{name}-login")),
                    password: secret(&format!("{name}-password")),
                    token: secret(&format!("{name}-token")),
                    app: value(&format!("{name}-app-id")).zip(value(&format!("{name}-app-key"))),
                    minutes: value("reload-time")
                        .filter(|_| value("auto-reload").is_some_and(|on| on == "yes" || on == "true"))
                        .and_then(|minutes| minutes.parse().ok())
                        .filter(|minutes| *minutes > 0),
                })),
                None => Sources::Elsewhere(format!("it has no {name}-url, so that nobody knows where the server is")),
            }
        }
        None if source == "local" => Sources::Urls,
        None if source == "opml" => Sources::Elsewhere(
            "its sources come from lists on the web (opml-url); download them, and import each with 'dateline account import FILE' or 'dateline add FILE'".to_owned(),
        ),
        None => {
            let name = FOREIGN.iter().find(|(name, _)| *name == source).map_or(source.as_str(), |(_, name)| name);
            Sources::Elsewhere(format!(
                "{name} has an interface of its own, which dateline does not speak; export your sources there as OPML, and 'dateline add FILE' follows them"
            ))
        }
    };
    let taken = |name: &str| {
        let of_server = match &sources {
            Sources::Server(_) => name.strip_prefix(source.as_str()).and_then(|rest| rest.strip_prefix('-')),
            _ => None,
        };
        let used = [
            "url",
            "login",
            "password",
            "passwordfile",
            "passwordeval",
            "token",
            "tokenfile",
            "tokeneval",
            "app-id",
            "app-key",
        ];
        name == "urls-source"
            || matches!(&sources, Sources::Server(_)) && ["auto-reload", "reload-time"].contains(&name)
            || of_server.is_some_and(|rest| used.contains(&rest))
    };
    let mut left = BTreeMap::new();
    for (name, _) in commands.iter().filter(|(name, _)| !taken(name)) {
        *left.entry(name.clone()).or_default() += 1;
    }
    Found { sources, left }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> Server {
        match read(text).sources {
            Sources::Server(server) => *server,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_server_of_the_file_is_read_with_where_its_login_is() {
        let text = "# mine\nurls-source \"freshrss\"\nfreshrss-url \"https://fresh.example/api/greader.php\" # ours\n\
            freshrss-login ann\nfreshrss-passwordeval \"gpg --decrypt \\\"my file\\\"\"\nauto-reload yes\nreload-time 30\n\
            bind-key j down\nbind-key k up\ncolor listnormal \\\n  white black\n";
        assert!(is_config(text));
        let found = read(text);
        let left: Vec<_> = found.left.iter().map(|(name, count)| format!("{name} {count}")).collect();
        assert_eq!(left, ["bind-key 2", "color 1"]);
        let server = server(text);
        assert_eq!((server.name.as_str(), server.speaks), ("freshrss", "google-reader"));
        assert_eq!(server.url, "https://fresh.example/api/greader.php");
        assert_eq!((server.user.as_deref(), server.minutes), (Some("ann"), Some(30)));
        assert_eq!(server.password, Some(Secret::Printed("gpg --decrypt \"my file\"".to_owned())));
    }

    #[test]
    fn each_kind_of_secret_is_told_apart() {
        for (line, secret) in [
            ("miniflux-token abc=", Some(Secret::InTheClear("abc=".to_owned()))),
            ("miniflux-tokenfile \"~/t k\"", Some(Secret::InFile("~/t k".to_owned()))),
            ("miniflux-tokeneval \"pass flux\"", Some(Secret::Printed("pass flux".to_owned()))),
            ("miniflux-token \"`pass flux`\"", Some(Secret::Printed("pass flux".to_owned()))),
            ("miniflux-login ann", None),
        ] {
            let server =
                server(&format!("urls-source miniflux\nminiflux-url https://flux.example/\n{line}\n"));
            assert_eq!((server.speaks, server.token), ("miniflux", secret), "{line}");
        }
    }

    #[test]
    fn servers_without_an_address_of_their_own_and_those_that_are_not_spoken() {
        assert_eq!(server("urls-source oldreader").url, "https://theoldreader.com");
        assert_eq!(server("urls-source feedhq\nfeedhq-url https://hq.example").url, "https://hq.example");
        assert_eq!(server("urls-source bazqux").url, "https://bazqux.com");
        let app = server("urls-source inoreader\ninoreader-app-id 1000017\ninoreader-app-key k3y").app;
        assert_eq!(app, Some(("1000017".to_owned(), "k3y".to_owned())));
        for (text, told) in [
            ("urls-source ttrss\nttrss-url https://t.example", "Tiny Tiny RSS has an interface of its own"),
            ("urls-source newsblur", "NewsBlur has an interface"),
            ("urls-source ocnews", "Nextcloud News has"),
            ("urls-source feedbin", "export your sources there as OPML"),
            ("urls-source opml\nopml-url https://a.example/list", "opml-url"),
            ("urls-source freshrss", "no freshrss-url"),
        ] {
            let Sources::Elsewhere(why) = read(text).sources else { panic!("{text}") };
            assert!(why.contains(told), "{why}");
        }
        assert_eq!(read("bind-key j down").sources, Sources::Urls);
        assert!(!is_config("https://a.example/feed color\nhttps://b.example/feed macro\n"));
        assert!(!is_config("[[account]]\nname = \"a\"\n"));
    }
}
