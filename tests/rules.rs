//! Tests rules on arrival, sources and the trash with the built program, against a server in this process. The examples of
//! docs/rules.md and docs/sources.md are run here.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const HARBOUR: &str = "<item><guid>1</guid><title>Harbour opens</title><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate>\
                       <description>\"We are ready,\" said Kari Nordmann in Oslo.</description></item>";
const FERRY: &str = "<item><guid>2</guid><title>Ferry to Norway</title><pubDate>Tue, 06 Jan 2026 10:00:00 GMT</pubDate>\
                     <description>Norway gets a new ferry, which sails each day.</description></item>";
const BRIDGE: &str = "<item><guid>3</guid><title>Bridge closes</title><pubDate>Wed, 07 Jan 2026 10:00:00 GMT</pubDate>\
                      <description>Peru closed a bridge for repairs.</description></item>";

/// A server with one feed at every path.
struct Site {
    url: String,
    feed: Arc<Mutex<String>>,
}

impl Site {
    fn new(items: &str) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/feed.xml", listener.local_addr().expect("an address"));
        let feed = Arc::new(Mutex::new(rss(items)));
        let said = Arc::clone(&feed);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut head = String::new();
                let mut reader = BufReader::new(&stream);
                while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
                let feed = said.lock().expect("a feed").clone();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{feed}",
                    feed.len()
                );
                let _ = (&stream).write_all(answer.as_bytes());
            }
        });
        Site { url, feed }
    }

    fn say(&self, items: &str) {
        *self.feed.lock().expect("a feed") = rss(items);
    }
}

fn rss(items: &str) -> String {
    format!("<rss version='2.0'><channel><title>The Wire</title>{items}</channel></rss>")
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    command.env("PATH", std::env::var("PATH").unwrap_or_default()).stdin(Stdio::null());
    command.output().expect("the program runs")
}

/// The standard output of a command that must succeed.
fn answer(home: &Path, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn complaint(home: &Path, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&run(home, arguments).stderr).into_owned()
}

/// A home whose config file is `config`.
fn home(config: &str) -> TempDir {
    let home = TempDir::new().expect("a folder");
    let folder = home.path().join(".config/dateline");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), config).expect("a config file");
    home
}

/// The examples of a document that stand in fences of this language.
fn examples(document: &str, language: &str) -> Vec<String> {
    let path = format!("{}/docs/{document}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the document");
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().expect("an end").to_owned()).collect()
}

#[test]
fn the_examples_of_the_documents_have_no_mistakes() {
    let rules = examples("rules.md", "toml");
    let sources = examples("sources.md", "toml");
    assert!(rules.len() >= 2 && !sources.is_empty());
    for example in rules.iter().chain(&sources) {
        let home = home(example);
        let told = answer(home.path(), &["config", "--check"]);
        assert!(told.contains("no mistakes found"), "{told}\n{example}");
    }
}

#[test]
fn the_commands_of_the_document_on_sources_work() {
    let site = Site::new(HARBOUR);
    let home = home("");
    answer(home.path(), &["add", &site.url, "--name", "Example"]);
    let commands: Vec<String> = examples("sources.md", "sh")
        .iter()
        .flat_map(|block| {
            block
                .lines()
                .map(|line| line.split('#').next().unwrap_or(line).trim().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|line| line.starts_with("dateline "))
        .collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let words: Vec<String> = command
            .split('"')
            .enumerate()
            .flat_map(|(at, part)| match at % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
                _ => vec![part.to_owned()],
            })
            .collect();
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        answer(home.path(), &words);
    }
    assert_eq!(answer(home.path(), &["sources"]), "");
    assert_eq!(answer(home.path(), &["list"]).lines().count(), 1);
}

#[test]
fn rules_act_on_what_a_fetch_brings_and_count_their_hits() {
    let site = Site::new(HARBOUR);
    let home = home(
        "# mine\n[[rule]]\nname = \"norway\"\nquery = \"country:NO -harbour\"\nstar = true\ntag = \"sea\"\n\n\
        [[rule]]\nname = \"peru\"\nquery = \"country:PE\"\nhide = true\n\n\
        [[rule]]\nname = \"tell\"\nquery = \"ferry OR bridge\"\nnotify = \"bell\"\n\
        run = [\"sh\", \"-c\", \"cat >> got.jsonl\"]\n",
    );
    answer(home.path(), &["add", &site.url]);
    assert!(!home.path().join("got.jsonl").exists());
    site.say(&format!("{HARBOUR}{FERRY}{BRIDGE}"));
    let told = answer(home.path(), &["fetch"]);
    assert!(told.contains("rule 'tell': 2 new articles"), "{told}");
    assert!(answer(home.path(), &["list", "is:starred", "#sea"]).contains("Ferry to Norway"));
    assert_eq!(answer(home.path(), &["list"]).lines().count(), 2);
    assert!(answer(home.path(), &["list", "is:hidden"]).contains("Bridge closes"));
    let got = std::fs::read_to_string(home.path().join("got.jsonl")).expect("the command ran");
    let titles: Vec<String> = got
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["title"].to_string())
        .collect();
    assert_eq!(titles.len(), 2, "{got}");
    let rules = answer(home.path(), &["rules", "--json"]);
    let rules: Vec<serde_json::Value> =
        rules.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let hits: Vec<(String, u64)> = rules
        .iter()
        .map(|rule| (rule["name"].as_str().expect("a name").to_owned(), rule["hits"].as_u64().expect("hits")))
        .collect();
    assert_eq!(hits, [("norway".to_owned(), 1), ("peru".to_owned(), 1), ("tell".to_owned(), 2)]);
    assert!(answer(home.path(), &["rules", "norway"]).contains("norway\t1 hit"));
    answer(home.path(), &["mark", "--unhide", "bridge"]);
    assert_eq!(answer(home.path(), &["list"]).lines().count(), 3);
}

#[test]
fn a_rule_is_tried_without_changing_anything() {
    let site = Site::new(&format!("{HARBOUR}{FERRY}{BRIDGE}"));
    let home = home("");
    answer(home.path(), &["add", &site.url]);
    let config = "[[rule]]\nname = \"norway\"\nquery = \"ferry OR harbour\"\nmark = \"read\"\nhide = true\n";
    std::fs::write(home.path().join(".config/dateline/config.toml"), config).expect("a config file");
    let before = answer(home.path(), &["export"]);
    let told = answer(home.path(), &["rules", "--try"]);
    assert!(
        told.starts_with(
            "norway: matches 2 articles (ferry OR harbour)\n  mark read: 2 of them would change"
        ),
        "{told}"
    );
    assert!(told.contains("Ferry to Norway"), "{told}");
    assert_eq!(answer(home.path(), &["rules", "--try", "norway"]), told);
    let json: serde_json::Value =
        serde_json::from_str(&answer(home.path(), &["rules", "--try", "norway", "--json"])).expect("JSON");
    assert_eq!(
        (json["matches"].as_u64(), json["changes"].as_u64(), json["hits"].as_u64()),
        (Some(2), Some(4), Some(0))
    );
    assert_eq!(answer(home.path(), &["export"]), before);
    let told = complaint(home.path(), &["rules", "--try", "nowhere"]);
    assert!(told.starts_with("dateline: could not find a rule called 'nowhere'"), "{told}");
}

#[test]
fn a_mistake_in_a_rule_names_the_file_and_the_line() {
    let home = home("measure = 70\n\n[[rule]]\nname = \"a\"\nquery = \"date:someday\"\nstar = true\n");
    let told = complaint(home.path(), &["config", "--check"]);
    assert!(
        told.contains("config.toml:5:") && told.contains("the query of the rule 'a' cannot be used"),
        "{told}"
    );
    let told = complaint(home.path(), &["rules"]);
    assert!(told.contains("config.toml:5:"), "{told}");
}

#[test]
fn what_is_deleted_stays_away_and_can_be_taken_back() {
    let site = Site::new(&format!("{HARBOUR}{FERRY}{BRIDGE}"));
    let home = home("");
    let list = || answer(home.path(), &["list"]).lines().count();
    answer(home.path(), &["add", &site.url]);
    assert!(complaint(home.path(), &["delete"]).contains("there is no query; write --all"));
    assert!(complaint(home.path(), &["delete", "date:someday"]).contains("could not delete articles"));
    assert!(answer(home.path(), &["delete", "ferry"]).starts_with("deleted: 1 article"));
    assert_eq!(list(), 2);
    answer(home.path(), &["fetch", "--all"]);
    assert_eq!(list(), 2);
    assert!(answer(home.path(), &["list", "is:deleted"]).contains("Ferry"));
    answer(home.path(), &["undelete", "--all"]);
    assert_eq!(list(), 3);
    answer(home.path(), &["delete", "ferry"]);
    assert!(answer(home.path(), &["delete", "--empty"]).starts_with("0 articles removed"));
    assert!(answer(home.path(), &["delete", "--empty", "--all"]).starts_with("1 article removed"));
    assert_eq!(answer(home.path(), &["list", "is:deleted"]), "");
    // The feed has changed, so that it is read anew, and still has the article.
    site.say(&format!(
        "{HARBOUR}{FERRY}{BRIDGE}{}",
        BRIDGE.replace("<guid>3", "<guid>4").replace("Peru", "Chile")
    ));
    answer(home.path(), &["fetch", "The Wire"]);
    assert_eq!(answer(home.path(), &["list", "ferry"]), "");
    assert!(answer(home.path(), &["doctor"]).contains("sound"));
}

#[test]
fn a_source_is_paused_and_keeps_a_number_of_articles() {
    let site = Site::new(&format!("{HARBOUR}{FERRY}{BRIDGE}"));
    let home = home("");
    answer(home.path(), &["add", &site.url]);
    let told = answer(home.path(), &["sources", "set", "The Wire", "--paused", "true", "--keep", "1"]);
    assert_eq!(told, "The Wire: keeps 1, paused\n");
    assert!(answer(home.path(), &["sources"]).contains("paused; fetched"));
    let told = answer(home.path(), &["fetch", "--all"]);
    assert!(told.contains("1 paused"), "{told}");
    assert_eq!(answer(home.path(), &["list"]).lines().count(), 3);
    answer(home.path(), &["fetch", "The Wire"]);
    assert_eq!(answer(home.path(), &["list"]).lines().count(), 1);
    let wrong = complaint(home.path(), &["sources", "set", "The Wire", "--keep", "soon"]);
    assert!(wrong.contains("could not change The Wire: 'soon' is not how long"), "{wrong}");
}
