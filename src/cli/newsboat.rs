//! `dateline account import` for a person who comes from newsboat: its config becomes an account.
//!
//! A password is never copied into the config file: what newsboat runs is run, and a file that it reads is read. A password
//! that stands in the clear in newsboat's config is put into a file of its own that only its owner can read, and that is
//! said.

use super::args::CommonArgs;
use super::error::CliError;
use super::feeds;
use super::out::{self, Out};
use super::settings::Settings;
use crate::capacity::Capacity;
use crate::config::write::Written;
use crate::formats::newsboat_config::{self, Found, Secret, Server, Sources};
use crate::run::searches;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The largest config file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// newsboat's config, as a person named it.
pub struct Config {
    path: PathBuf,
    text: String,
    /// The `urls` file beside it.
    urls: PathBuf,
}

/// newsboat's config at a path, which may be that of its folder. `None` if something else is there.
pub fn config_at(path: &Path) -> Option<Config> {
    let is_folder = path.is_dir();
    let config = if is_folder { path.join("config") } else { path.to_owned() };
    if !std::fs::metadata(&config).is_ok_and(|found| found.is_file()) {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(&config).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let urls = config.with_file_name("urls");
    (is_folder || newsboat_config::is_config(&text)).then_some(Config { path: config, text, urls })
}

/// Makes an account of what newsboat's config says.
pub fn import(
    newsboat: &Config,
    name: Option<&str>,
    common: &CommonArgs,
    out: &mut Out,
) -> Result<(), CliError> {
    let shown = newsboat.path.display();
    let Found { sources, left } = newsboat_config::read(&newsboat.text);
    let server = match sources {
        Sources::Server(server) => server,
        Sources::Urls => {
            let urls = newsboat.urls.display();
            let why = format!(
                "it names no server, since newsboat fetches the sources itself; 'dateline add {urls}' follows them here, and 'dateline account import {urls}' adds them to an account"
            );
            return Err(CliError::NoAccountIn { path: newsboat.path.clone(), why });
        }
        Sources::Elsewhere(why) => return Err(CliError::NoAccountIn { path: newsboat.path.clone(), why }),
    };
    let settings = Settings::load(common)?;
    let accounts = &settings.config.accounts;
    if let Some(known) =
        accounts.iter().find(|known| known.url.trim_end_matches('/') == server.url.trim_end_matches('/'))
    {
        out.line(&format!(
            "{} has the account {} at {} already",
            settings.path.display(),
            known.name,
            known.url
        ))?;
        return Ok(());
    }
    let wanted = name.unwrap_or(&server.name);
    let is_free = |name: &str| !accounts.iter().any(|known| known.name.eq_ignore_ascii_case(name));
    let mut names = std::iter::once(wanted.to_owned()).chain((2..).map(|at| format!("{wanted}-{at}")));
    // The row of names has no end.
    let name = names.find(|name| is_free(name)).unwrap_or_else(|| wanted.to_owned());
    let home = std::env::var("HOME").unwrap_or_default();
    let plan = plan(&server, &name, &home, &settings.path);
    let failed = |error: io::Error| CliError::Config { path: settings.path.clone(), error };
    for (path, content) in &plan.files {
        let file = Capacity::Full.writable(path).map_err(io::Error::other).map_err(failed)?;
        file.replace(content.as_bytes()).map_err(|error| CliError::Write { path: path.clone(), error })?;
    }
    let file = Capacity::Full.writable(&settings.path).map_err(io::Error::other).map_err(failed)?;
    searches::add_account(&file, &plan.options).map_err(io::Error::other).map_err(failed)?;
    out.line(&format!(
        "{name}: an account of type {} at {}, in {}",
        server.speaks,
        server.url,
        settings.path.display()
    ))?;
    for note in &plan.notes {
        out.line(&format!("{name}: {note}"))?;
    }
    if !left.is_empty() {
        out.line(&format!("not taken over from {shown}: {}", listed(&left)))?;
    }
    take_searches(newsboat, common, out)?;
    Ok(out.line(&format!("'dateline account check {name}' tries it"))?)
}

/// Keeps the searches of the `urls` file, which newsboat reads beside a server as well.
fn take_searches(newsboat: &Config, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let Some(list) = feeds::list_in(&newsboat.urls) else { return Ok(()) };
    let urls = newsboat.urls.display();
    let searches = super::sources::keep_searches(&list.searches, common)?;
    if searches > 0 {
        let what = if searches == 1 { "search" } else { "searches" };
        out.line(&format!("{searches} saved {what} of {urls}"))?;
    }
    if !list.feeds.is_empty() {
        out::complain(&format!(
            "{} of {urls} not taken over: newsboat does not read them beside a server; 'dateline account import {urls}' adds them",
            crate::wire::told::sources_of(list.feeds.len() as u64)
        ));
    }
    Ok(())
}

/// Names with how often they occur: `bind-key (3), color`.
fn listed(left: &BTreeMap<String, usize>) -> String {
    let one = |(name, count): (&String, &usize)| {
        let name = crate::text::clean_line(name);
        if *count > 1 { format!("{name} ({count})") } else { name }
    };
    left.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What is to be written.
#[derive(Debug)]
struct Plan {
    options: Vec<(&'static str, Written)>,
    /// Files for secrets that stood in the clear.
    files: Vec<(PathBuf, String)>,
    notes: Vec<String>,
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn in_shell(line: String) -> Written {
    Written::Command(vec!["sh".to_owned(), "-c".to_owned(), line])
}

fn plan(server: &Server, name: &str, home: &str, config: &Path) -> Plan {
    let text = |text: &str| Written::Text(text.to_owned());
    let mut plan = Plan {
        options: vec![
            ("name", text(name)),
            ("type", text(server.speaks)),
            ("url", text(server.url.trim_end_matches('/'))),
        ],
        files: Vec::new(),
        notes: Vec::new(),
    };
    let beside = |what: &str| config.with_file_name(format!("{name}.{what}"));
    let read_first_line = |path: &str| {
        let path = match path.strip_prefix("~/") {
            Some(rest) => format!("{home}/{rest}"),
            None => path.to_owned(),
        };
        format!("head -n 1 -- {}", quoted(&path))
    };
    if let (Some(secret), "miniflux") = (&server.token, server.speaks) {
        let option = match secret {
            Secret::Printed(command) => in_shell(command.clone()),
            Secret::InFile(path) => in_shell(read_first_line(path)),
            Secret::InTheClear(token) => {
                let path = beside("token");
                plan.notes.push(in_the_clear("token", &path));
                let read = Written::Command(vec!["cat".to_owned(), path.to_string_lossy().into_owned()]);
                plan.files.push((path, format!("{token}\n")));
                read
            }
        };
        plan.options.push(("token-command", option));
    } else {
        let user = server.user.clone().unwrap_or_default();
        let before = format!("printf '%s:' {}", quoted(&user));
        if user.is_empty() {
            plan.notes.push(format!(
                "newsboat asks for the user; write it before the colon in {}",
                config.display()
            ));
        }
        match &server.password {
            Some(Secret::Printed(command)) => {
                plan.options.push(("login-command", in_shell(format!("{before}; {command}"))));
            }
            Some(Secret::InFile(path)) => {
                plan.options
                    .push(("login-command", in_shell(format!("{before}; {}", read_first_line(path)))));
                plan.notes.push(format!(
                    "the password stays in {}, which is read with each sync",
                    crate::text::clean_line(path)
                ));
            }
            Some(Secret::InTheClear(password)) => {
                let path = beside("login");
                plan.notes.push(in_the_clear("password", &path));
                let read = Written::Command(vec!["cat".to_owned(), path.to_string_lossy().into_owned()]);
                plan.files.push((path, format!("{user}:{password}\n")));
                plan.options.push(("login-command", read));
            }
            None => {
                plan.options.push(("login-env", text("DATELINE_LOGIN")));
                plan.notes.push(
                    "newsboat asks for the password: set DATELINE_LOGIN to user:password, or write a login-command".to_owned(),
                );
            }
        }
    }
    if let Some((id, key)) = &server.app {
        let path = beside("app-key");
        plan.options.push(("app-id-command", Written::Command(vec!["echo".to_owned(), id.clone()])));
        let read = Written::Command(vec!["cat".to_owned(), path.to_string_lossy().into_owned()]);
        plan.options.push(("app-key-command", read));
        plan.notes.push(in_the_clear("inoreader-app-key", &path));
        plan.files.push((path, format!("{key}\n")));
    }
    if let Some(minutes) = server.minutes {
        plan.options.push(("every", text(&format!("{minutes}m"))));
    }
    plan
}

fn in_the_clear(what: &str, path: &Path) -> String {
    format!(
        "the {what} stands in the clear in newsboat's config; it is copied to {}, which only you can read, and not into the config file; a program that prints it is safer",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config as Ours;
    use crate::config::write::add_account;

    fn planned(text: &str) -> (Plan, String) {
        let Sources::Server(server) = newsboat_config::read(text).sources else { panic!("{text}") };
        let plan =
            plan(&server, &server.name, "/home/ann", Path::new("/home/ann/.config/dateline/config.toml"));
        let config = add_account("", &plan.options).expect("added");
        let (read, faults) = Ours::read(&config);
        assert_eq!((faults, read.accounts.len()), (Vec::new(), 1), "{config}");
        (plan, config)
    }

    #[test]
    fn what_newsboat_runs_and_reads_is_run_and_read() {
        let fresh =
            "urls-source freshrss\nfreshrss-url https://f.example/api/greader.php\nfreshrss-login \"an'n\"\n";
        let (plan, config) =
            planned(&format!("{fresh}freshrss-passwordeval \"pass rss\"\nauto-reload yes\nreload-time 20\n"));
        assert!(
            config.contains("printf '%s:' 'an'\\\\''n'; pass rss") || config.contains("pass rss"),
            "{config}"
        );
        assert!(
            config.contains("every = \"20m\"") && plan.files.is_empty() && plan.notes.is_empty(),
            "{config}"
        );
        let Written::Command(words) = &plan.options[3].1 else { panic!("{plan:?}") };
        let printed =
            std::process::Command::new("sh").args(["-c", &words[2].replace("pass rss", "echo pw")]).output();
        assert_eq!(printed.expect("run").stdout, b"an'n:pw\n");
        let (plan, config) = planned(&format!("{fresh}freshrss-passwordfile \"~/pw.txt\"\n"));
        assert!(config.contains("/home/ann/pw.txt") && plan.files.is_empty(), "{config}");
        assert!(plan.notes[0].contains("stays in ~/pw.txt"), "{:?}", plan.notes);
        let (plan, config) = planned(&format!("{fresh}auto-reload no\n"));
        assert!(config.contains("login-env = \"DATELINE_LOGIN\"") && plan.notes.len() == 1, "{config}");
    }

    #[test]
    fn a_secret_in_the_clear_gets_a_file_of_its_own_and_that_is_said() {
        let (plan, config) =
            planned("urls-source oldreader\noldreader-login ann\noldreader-password \"se cret\"\n");
        assert!(!config.contains("se cret"), "{config}");
        assert_eq!(
            plan.files,
            [(PathBuf::from("/home/ann/.config/dateline/oldreader.login"), "ann:se cret\n".to_owned())]
        );
        assert!(plan.notes[0].contains("stands in the clear") && !plan.notes[0].contains("se cret"));
        let (plan, config) =
            planned("urls-source miniflux\nminiflux-url https://m.example\nminiflux-token t0k\n");
        assert!(
            !config.contains("t0k") && config.contains("token-command") && plan.files.len() == 1,
            "{config}"
        );
        let (plan, config) = planned(
            "urls-source inoreader\ninoreader-login ann\ninoreader-passwordeval \"pass in\"\ninoreader-app-id 1000017\ninoreader-app-key k3y\n",
        );
        assert!(
            config.contains("app-id-command") && !config.contains("k3y") && plan.files.len() == 1,
            "{config}"
        );
    }

    #[test]
    fn what_is_not_taken_over_is_listed() {
        let left = newsboat_config::read("urls-source freshrss\nfreshrss-url https://a.example\nbrowser w3m\ncolor a b\ncolor c d\nfreshrss-flag-star x\n").left;
        assert_eq!(listed(&left), "browser, color (2), freshrss-flag-star");
    }
}
