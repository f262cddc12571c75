//! Tests the commands for scripts with the built program, in a temporary home.
//!
//! The file has over 600 lines because each command has a test or two, and all use the same helpers.

mod home;

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const BERGEN: &str = "Harbour opens in Bergen\n\
    2026-01-05\n\
    OSLO, Jan 5 - \"We are ready,\" said Kari Nordmann, who leads the harbour authority. Norway and Denmark \
    paid for the work.\n\
    Nordmann said that trade with Germany would grow.\n";

const LIMA: &str = "Bridge closes near Lima\n\
    3 February 2026\n\
    LIMA, Feb 3 - Peru closed a bridge on Tuesday. Rosa Quispe of the Andean Bridge Company called it \
    \"a matter of days\".\n";

/// A home directory with two articles in it.
fn home() -> TempDir {
    home::with_news(BERGEN, LIMA)
}

fn dateline(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).current_dir(home).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    command.env("TERM", "xterm-256color").stdin(Stdio::null());
    command
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    dateline(home, arguments).output().expect("the program runs")
}

/// The standard output of a command that must succeed.
fn answer(home: &Path, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// The exit code and the error message of a command that must fail without any output.
fn complaint(home: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(home, arguments);
    assert!(output.stdout.is_empty(), "{:?}", String::from_utf8_lossy(&output.stdout));
    (output.status.code().expect("an exit code"), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn list_shows_number_date_source_and_title_newest_first() {
    let home = home();
    let text = answer(home.path(), &["list", "--from", "news"]);
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0][1..], ["2026-02-03", "news", "Bridge closes near Lima"]);
    assert_eq!(lines[1][1..], ["2026-01-05", "news", "Harbour opens in Bergen"]);
    assert_eq!(answer(home.path(), &["list", "--from", "news", "--limit", "1"]).lines().count(), 1);
    assert_eq!(answer(home.path(), &["list", "harbour", "--from", "news"]).lines().count(), 1);
    assert_eq!(answer(home.path(), &["list", "country:PE", "--from", "news"]).lines().count(), 1);
}

#[test]
fn the_output_of_show_can_be_read_again() {
    let home = home();
    let number = answer(home.path(), &["list", "harbour", "--from", "news"]);
    let number = number.split('\t').next().expect("a number");
    let by_number = answer(home.path(), &["show", number, "--from", "news"]);
    let by_path = answer(home.path(), &["show", "news/bergen.txt"]);
    assert_eq!(by_number, by_path);
    std::fs::write(home.path().join("again.txt"), &by_path).expect("a file");
    assert_eq!(answer(home.path(), &["show", "again.txt"]), by_path);
}

#[test]
fn show_marks_names_in_the_text() {
    let home = home();
    let text = answer(home.path(), &["show", "news/bergen.txt", "--marks"]);
    assert!(text.contains("said [Kari Nordmann|person], who"), "{text}");
    assert!(text.contains("[Norway|country] and [Denmark|country] paid"), "{text}");
}

#[test]
fn json_is_as_documented() {
    let home = home();
    let text = answer(home.path(), &["show", "news/bergen.txt", "--json"]);
    let order =
        ["id", "path", "url", "source", "title", "author", "date", "published", "body", "entities", "people"];
    let places: Vec<usize> =
        order.iter().map(|name| text.find(&format!("\"{name}\": ")).expect(name)).collect();
    assert!(places.is_sorted(), "{text}");
    let article = &json_lines(&text)[0];
    assert_eq!(article["path"], "news/bergen.txt");
    assert_eq!(article["date"], "2026-01-05");
    assert_eq!(article["published"], "2026-01-05T00:00:00Z");
    assert_eq!(article["url"], Value::Null);
    assert_eq!(article["people"], serde_json::json!(["Kari Nordmann"]));
    assert_eq!(article["countries"], serde_json::json!(["DE", "DK", "NO"]));
    let quote = &article["quotes"][0];
    assert_eq!((&quote["kind"], &quote["in"]), (&"direct".into(), &"body".into()));
    assert_eq!((&quote["speaker"], &quote["speaker_kind"]), (&"Kari Nordmann".into(), &"person".into()));
    assert_spans_hold(article);
}

/// Asserts that slicing the text by each span gives the text that the JSON reports.
fn assert_spans_hold(article: &Value) {
    let mentions = article["entities"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|entity| entity["mentions"].as_array().expect("a list").iter());
    for span in mentions.chain(article["quotes"].as_array().expect("a list")) {
        let text = article[span["in"].as_str().expect("a field")].as_str().expect("a text");
        let (start, end) =
            (span["start"].as_u64().expect("a number"), span["end"].as_u64().expect("a number"));
        let (start, end) = (usize::try_from(start).expect("small"), usize::try_from(end).expect("small"));
        assert_eq!(text.get(start..end), span["text"].as_str());
    }
}

#[test]
fn analyze_reads_standard_input() {
    let home = home();
    let mut child = dateline(home.path(), &["analyze", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(BERGEN.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let articles = json_lines(&String::from_utf8(output.stdout).expect("UTF-8"));
    assert_eq!(articles.len(), 1);
    assert_eq!(articles[0]["title"], "Harbour opens in Bergen");
    assert_eq!(articles[0]["path"], Value::Null);
    assert_spans_hold(&articles[0]);
}

#[test]
fn facets_are_counted() {
    let home = home();
    let countries = json_lines(&answer(home.path(), &["countries", "--json", "--from", "news"]));
    let norway = countries.iter().find(|facet| facet["code"] == "NO").expect("Norway");
    assert_eq!((&norway["name"], &norway["count"]), (&"Norway".into(), &1.into()));
    let people = answer(home.path(), &["people", "country:NO", "--from", "news"]);
    assert_eq!(people.trim(), "1  Kari Nordmann");
    let quotes = answer(home.path(), &["quotes", "harbour", "--from", "news"]);
    assert!(quotes.starts_with("Kari Nordmann: \"We are ready,\""), "{quotes}");
    answer(home.path(), &["places", "--from", "news"]);
    answer(home.path(), &["orgs", "--from", "news"]);
}

#[test]
fn the_sample_edition_is_asked_for() {
    let home = home();
    assert_eq!(answer(home.path(), &["list", "group:off", "--sample"]).lines().count(), 30);
    // Two of the articles report stories that others report too.
    assert_eq!(answer(home.path(), &["--sample", "list"]).lines().count(), 28);
    assert!(answer(home.path(), &["people", "--sample"]).lines().count() > 20);
    assert!(answer(home.path(), &["countries", "--sample"]).lines().count() > 15);
    assert!(answer(home.path(), &["quotes", "--sample"]).lines().count() > 20);
    assert!(answer(home.path(), &["show", "3", "--sample"]).lines().count() > 3);
    for arguments in [&["mark", "gas", "--read", "--sample"][..], &["list", "--sample", "--from", "news"]] {
        assert_eq!(complaint(home.path(), arguments).0, 2, "{arguments:?}");
    }
}

/// A script gets nothing from an empty library, and one line on standard error that says how to fill it.
#[test]
fn an_empty_library_answers_nothing() {
    let home = home();
    answer(home.path(), &["add", "news", "--library", "once.db"]);
    let commands = ["list", "people", "countries", "places", "orgs", "quotes", "stories", "export"];
    for command in commands {
        for more in [&[][..], &["--format", if command == "export" { "md" } else { "json" }]] {
            let output = run(home.path(), &[&[command][..], more].concat());
            assert_eq!(output.status.code(), Some(0), "{command}");
            assert!(output.stdout.is_empty(), "{command}");
            let text = String::from_utf8_lossy(&output.stderr);
            assert!(text.lines().count() == 1 && text.contains("'dateline add WHAT'"), "{command}: {text}");
        }
    }
    let (code, text) = complaint(home.path(), &["show", "3"]);
    assert_eq!(code, 1);
    assert!(text.lines().count() == 1 && text.contains("'dateline add WHAT'"), "{text}");
    // The table of a result without rows still has its header.
    let output = run(home.path(), &["people", "--format", "csv"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "kind,name,code,count\r\n");
}

#[test]
fn the_formats_agree() {
    let home = home();
    let news = ["--from", "news"];
    for command in ["list", "people", "countries", "places", "orgs", "quotes"] {
        let ask = |more: &[&str]| answer(home.path(), &[&[command][..], &news, more].concat());
        let json = ask(&["--json"]);
        assert_eq!(ask(&["--format", "json"]), json);
        assert_eq!(ask(&["--format", "text"]), ask(&[]));
        let csv = ask(&["--format", "csv"]);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let objects = json_lines(&json);
        assert_eq!(rows.len(), objects.len(), "{command}");
        assert!(csv.lines().count() > 1 || objects.is_empty());
        for (row, object) in rows.iter().zip(&objects) {
            for (name, field) in header.iter().zip(row) {
                let expected = match &object[name] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                assert_eq!(field, expected, "{command} {name}");
            }
        }
    }
    let text = answer(home.path(), &["quotes", "--format", "csv", "--from", "news"]);
    assert!(text.contains("\"\"\"We are ready,\"\"\",Kari Nordmann\r\n"), "{text}");
    assert_eq!(complaint(home.path(), &["list", "--json", "--format", "csv"]).0, 2);
    assert_eq!(complaint(home.path(), &["list", "--analysis", "--format", "csv"]).0, 2);
}

#[test]
fn what_is_no_path_is_understood() {
    let home = home();
    let check = |arguments: &[&str], code: i32, part: &str| {
        let (found, text) = complaint(home.path(), arguments);
        assert_eq!(found, code, "{arguments:?} {text}");
        assert!(text.contains(part) && text.lines().count() == 1, "{text}");
    };
    check(&["person:trump"], 2, "did you mean dateline -q 'person:trump'?");
    check(&["@volcker"], 2, "did you mean dateline -q '@volcker'?");
    check(&["search", "trump", "tariffs"], 2, "did you mean dateline -q 'trump tariffs'?");
    check(&["https://example.org/feed.xml"], 2, "did you mean dateline add https://example.org/feed.xml?");
    check(&["lst"], 1, "did you mean the command 'list'?");
    check(&["nowhere.txt"], 1, "'nowhere.txt'");
}

#[test]
fn show_names_the_numbers_that_there_are() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    let (code, text) = complaint(home.path(), &["show", "999999"]);
    assert_eq!(code, 1);
    assert!(text.contains("numbers go from 1 to 2"), "{text}");
}

#[test]
fn the_reader_begins_with_a_query() {
    let home = home();
    let output = dateline(home.path(), &["--plain", "-q", "country:PE", "news"]).output().expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Bridge closes near Lima") && !text.contains("Harbour opens"), "{text}");
    let output = dateline(home.path(), &["--plain", "-q", "date:2022-13", "news"]).output().expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("Bridge closes") && text.contains("'2022-13' is not in the calendar"), "{text}");
}

#[test]
fn the_manual_is_whole() {
    let home = home();
    let manual = answer(home.path(), &["man"]);
    assert!(!manual.contains("EXTRA"), "{manual}");
    for heading in
        ["KEYS", "QUERIES", "\"DATELINE SOURCES SET\"", "\"DATELINE NAMES SET\"", "\"EXIT STATUS\""]
    {
        assert!(manual.contains(&format!(".SH {heading}\n")), "{heading}");
    }
    // Each option and each key is described.
    let lines: Vec<&str> = manual.lines().collect();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| **line == ".TP") {
        let described =
            lines.get(at + 2).is_some_and(|line| !line.trim().is_empty() && !line.starts_with('.'));
        assert!(described, "{line} {:?}", lines.get(at + 1));
    }
    for (_, meaning) in dateline::exports::query::guide::TERMS {
        let first = meaning.split(['`', '-', '\'']).next().expect("a part");
        assert!(manual.contains(first), "{first}");
    }
}

#[test]
fn a_library_is_filled_marked_and_exported() {
    let home = home();
    let first = answer(home.path(), &["add", "news"]);
    assert!(first.starts_with("2 new, 0 updated, 0 unchanged"), "{first}");
    let second = answer(home.path(), &["add", "news"]);
    assert!(second.starts_with("0 new, 0 updated, 2 unchanged"), "{second}");
    let marked = answer(home.path(), &["mark", "country:PE", "--star", "--tag", "bridges"]);
    assert_eq!(marked, "starred: 1 article changed\ntagged bridges: 1 article changed\n");
    assert_eq!(answer(home.path(), &["list", "is:starred"]).lines().count(), 1);
    assert_eq!(answer(home.path(), &["list", "#bridges"]).lines().count(), 1);

    let written = answer(home.path(), &["export", "--format", "jsonl"]);
    std::fs::write(home.path().join("all.jsonl"), &written).expect("a file");
    let other = ["--library", "other.db"];
    answer(home.path(), &[&["add", "all.jsonl"][..], &other].concat());
    let again = answer(home.path(), &[&["export"][..], &other].concat());
    assert_eq!(again, written);
    let markdown = answer(home.path(), &["export", "--format", "md", "bridge"]);
    assert!(markdown.starts_with("# Bridge closes near Lima\n"), "{markdown}");
}

#[test]
fn an_article_has_a_language_and_keeps_it() {
    let home = home();
    let german = "Die Brücke über den Fluss bleibt nach Angaben der Stadt gesperrt, weil ein Pfeiler gerissen ist. \
                  Im Juli hoffen viele Menschen in Weißrussland und Berlin auf Hilfe.";
    let records = [
        format!(r#"{{"title": "Brücke gesperrt", "body": "{german}", "language": "en", "date": "2022-01-03"}}"#),
        // Too short to tell: the word of the record stands.
        r#"{"title": "Jernbane", "body": "", "language": "nb", "date": "2022-01-04", "url": "https://example.org/1"}"#
            .to_owned(),
        r#"{"title": "1:0", "body": "2 3", "date": "2022-01-05", "url": "https://example.org/2"}"#.to_owned(),
    ];
    std::fs::write(home.path().join("three.jsonl"), records.join("\n")).expect("a file");
    answer(home.path(), &["add", "three.jsonl"]);
    assert_eq!(answer(home.path(), &["list", "lang:german"]).lines().count(), 1);
    assert_eq!(answer(home.path(), &["list", "--", "-lang:de,no"]).lines().count(), 1);
    assert_eq!(answer(home.path(), &["countries", "lang:de"]).lines().count(), 2);
    assert_eq!(answer(home.path(), &["people"]), "");
    let languages = |library: &[&str]| -> Vec<String> {
        let written = answer(home.path(), &[&["export", "--format", "jsonl"][..], library].concat());
        std::fs::write(home.path().join("all.jsonl"), &written).expect("a file");
        let language = |line: &str| {
            let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
            record["language"].to_string()
        };
        written.lines().map(language).collect()
    };
    let first = languages(&[]);
    assert_eq!(first, ["\"de\"", "\"no\"", "null"]);
    let other = ["--library", "other.db"];
    answer(home.path(), &[&["add", "all.jsonl"][..], &other].concat());
    assert_eq!(languages(&other), first);
}

/// Every query with a mistake in it, and a part of what is said about it.
const MISTAKES: [(&str, &str); 16] = [
    ("date:2022-13", "at '2022-13'"),
    ("person:", "at 'person:'"),
    ("since:yesterdya", "did you mean yesterday?"),
    ("since:last week", "put it in quotation marks"),
    ("\"", "at '\"'"),
    ("(", "at '('"),
    ("()", "nothing between the parentheses"),
    ("\"\"", "nothing between the quotation marks"),
    ("OR", "OR needs something"),
    ("…", "at '…'"),
    ("is:foo", "is: takes read, unread"),
    ("has:foo", "has: takes quote"),
    ("sort:foo", "sort: takes newest, oldest"),
    ("-date:2022-13", "at '2022-13'"),
    ("country:NO -person:", "at 'person:'"),
    ("@nosuch", "no saved search of this name"),
];

#[test]
fn a_condition_that_cannot_be_read_matches_nothing() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    for (query, part) in MISTAKES {
        for command in ["list", "people", "countries", "places", "orgs", "quotes", "export"] {
            let output = run(home.path(), &[command, "--", query]);
            assert!(output.status.success(), "{command} {query}");
            assert!(output.stdout.is_empty(), "{command} {query}");
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(complaint.starts_with("dateline: in the query, at '"), "{complaint}");
            assert!(complaint.contains(part), "{complaint}");
        }
    }
    // Beside another condition it decides nothing.
    let either = run(home.path(), &["list", "country:PE OR date:2022-13"]);
    assert_eq!(String::from_utf8_lossy(&either.stdout).lines().count(), 1);
    let explained = answer(home.path(), &["list", "--explain", "date:2022-13"]);
    assert!(explained.contains("matches nothing: date:2022-13 cannot be read"), "{explained}");
}

#[test]
fn a_command_that_changes_or_writes_refuses_a_query_with_a_mistake() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    for (query, part) in MISTAKES.into_iter().chain([("-cuontry:NO", "did you mean 'country:'?")]) {
        let (code, text) = complaint(home.path(), &["mark", "--star", "--", query]);
        assert_eq!(code, 2, "{query}");
        assert!(text.starts_with("dateline: could not mark articles: in the query, at '"), "{text}");
        assert!(text.contains(part) && text.lines().count() == 1, "{text}");
        let (code, text) = complaint(home.path(), &["export", "--output", "out.jsonl", "--", query]);
        assert_eq!(code, 2, "{query}");
        assert!(text.starts_with("dateline: could not export articles to a file: "), "{text}");
        assert!(!home.path().join("out.jsonl").exists());
    }
    assert_eq!(answer(home.path(), &["list", "is:starred"]), "");
    // So does an export that the shell writes to a file.
    let file = std::fs::File::create(home.path().join("out.jsonl")).expect("a file");
    let status =
        dateline(home.path(), &["export", "date:2022-13"]).stdout(file).stderr(Stdio::null()).status();
    assert_eq!(status.expect("runs").code(), Some(2));
    answer(home.path(), &["export", "country:PE", "--output", "out.jsonl"]);
    let written = std::fs::read_to_string(home.path().join("out.jsonl")).expect("a file");
    assert_eq!(json_lines(&written).len(), 1);
    assert_eq!(written, answer(home.path(), &["export", "country:PE"]));
}

#[test]
fn marking_everything_must_be_asked_for() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    for query in [&[][..], &[""], &["  "], &["sort:oldest"], &["group:off"]] {
        let (code, text) = complaint(home.path(), &[&["mark", "--read"], query].concat());
        assert_eq!(code, 2, "{query:?}");
        assert!(text.contains("write --all"), "{text}");
    }
    assert_eq!(answer(home.path(), &["list", "is:read"]), "");
    assert_eq!(answer(home.path(), &["mark", "--all", "--read"]), "read: 2 articles changed\n");
    let (code, _) = complaint(home.path(), &["mark", "--all", "country:PE", "--read"]);
    assert_eq!(code, 2);
}

#[test]
fn a_mistake_in_a_saved_search_is_reported_where_it_is() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    let saved = "[[saved]]\nname = \"odd\"\nquery = \"date:2022-13\"\n";
    std::fs::write(home.path().join("mine.toml"), saved).expect("a file");
    let output = run(home.path(), &["list", "@odd", "--config", "mine.toml"]);
    assert!(output.stdout.is_empty());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.starts_with("dateline: in the saved search '@odd', at '2022-13': "), "{text}");
    let (code, _) = complaint(home.path(), &["mark", "@odd", "--star", "--config", "mine.toml"]);
    assert_eq!(code, 2);
}

#[test]
fn oldest_first() {
    let home = home();
    let titles = |arguments: &[&str]| -> Vec<String> {
        let text = answer(home.path(), &[&["list", "--from", "news"], arguments].concat());
        text.lines().map(|line| line.rsplit('\t').next().expect("a title").to_owned()).collect()
    };
    let oldest = ["Harbour opens in Bergen", "Bridge closes near Lima"];
    assert_eq!(titles(&["sort:oldest"]), oldest);
    assert_eq!(titles(&["--sort", "oldest"]), oldest);
    assert_eq!(titles(&["sort:oldest", "--limit", "1"]), oldest[..1]);
    assert_eq!(titles(&["sort:newest"]), [oldest[1], oldest[0]]);
    assert_eq!(titles(&["--sort", "newest"]), [oldest[1], oldest[0]]);
}

#[test]
fn config_shows_where_each_setting_comes_from() {
    let home = home();
    let text = answer(home.path(), &["config"]);
    assert!(text.contains("theme = \"ansi\"") && text.contains("# default: "), "{text}");
    let file = home.path().join("mine.toml");
    std::fs::write(&file, "theme = \"dark\"\nmeasur = 66\n").expect("a file");
    let text = answer(home.path(), &["config", "--config", "mine.toml"]);
    assert!(text.contains("theme = \"dark\"") && text.contains("line 1 of the config file"), "{text}");
    let (code, text) = complaint(home.path(), &["config", "--check", "--config", "mine.toml"]);
    assert_eq!(code, 1);
    assert!(text.contains("mine.toml:2: ") && text.contains("measure"), "{text}");
    std::fs::write(&file, answer(home.path(), &["config", "--print-default"])).expect("a file");
    answer(home.path(), &["config", "--check", "--config", "mine.toml"]);
    assert!(answer(home.path(), &["doctor"]).contains("library"));
}

#[test]
fn a_variable_sets_a_setting_and_a_wrong_one_is_reported() {
    let home = home();
    std::fs::write(home.path().join("mine.toml"), "measure = 60\n").expect("a file");
    let config = |variables: &[(&str, &str)], more: &[&str]| {
        let arguments = [&["config", "--config", "mine.toml"], more].concat();
        let output =
            dateline(home.path(), &arguments).envs(variables.iter().copied()).output().expect("runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (_, listed, wrong) = config(&[("DATELINE_MEASURE", "70"), ("DATELINE_BELL", "notify")], &[]);
    assert!(
        listed.contains("measure = 70") && listed.contains("environment variable DATELINE_MEASURE"),
        "{listed}"
    );
    assert!(listed.contains("bell = \"notify\""), "{listed}");
    assert_eq!(wrong, "");
    let (_, listed, wrong) = config(&[("DATELINE_MEASURE", "wide")], &[]);
    assert!(listed.contains("measure = 60") && listed.contains("line 1 of the config file"), "{listed}");
    let expected =
        "DATELINE_MEASURE: 'wide' is not allowed: measure must be a whole number from 30 to 200 (cells)";
    assert!(wrong.contains(expected), "{wrong}");
    assert_eq!(config(&[("DATELINE_MEASURE", "wide")], &["--check"]).0, Some(1));
}

#[test]
fn the_manual_and_the_help_list_the_settings() {
    let home = home();
    let manual = answer(home.path(), &["man"]);
    let help = answer(home.path(), &["--help"]);
    assert!(manual.contains(".SH SETTINGS"), "{manual}");
    for setting in dateline::exports::config::settings::SETTINGS {
        assert!(manual.contains(&format!("\\fB{}\\fR (default ", setting.name)), "{}", setting.name);
        assert!(manual.contains(&setting.variable()), "{}", setting.name);
        assert_eq!(
            help.contains(&format!("--{} ", setting.name)) || help.contains(&format!("--{}\n", setting.name)),
            setting.flag.is_some(),
            "{}",
            setting.name
        );
    }
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let home = home();
    std::fs::write(home.path().join("news/bad.jsonl"), "{\"title\":\"A\",\"body\":\"B c d.\"}\n{broken\n")
        .expect("a file");
    let output = run(home.path(), &["list", "--from", "news"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 3);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(complaint.contains("news/bad.jsonl:2: could not"), "{complaint}");
}

#[test]
fn failures_have_a_message_and_an_exit_code() {
    let home = home();
    let check = |arguments: &[&str], code: i32, part: &str| {
        let (found, text) = complaint(home.path(), arguments);
        assert_eq!(found, code, "{text}");
        assert!(text.starts_with("dateline: could not ") && text.contains(part), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    };
    check(&["list", "--from", "nowhere"], 1, "'nowhere'");
    check(&["show", "999", "--from", "news"], 1, "999");
    check(&["show", "nowhere.txt"], 1, "nowhere.txt");
    check(&["analyze", "nowhere.txt"], 1, "nowhere.txt");
    check(&["analyze"], 2, "PATH");
    check(&["list", "--limit", "many"], 2, "many");
    check(&["list", "--sideways"], 2, "--sideways");
}

#[test]
fn without_a_terminal_the_reader_names_other_commands() {
    let home = home();
    for arguments in [&[][..], &["news"]] {
        let (code, text) = complaint(home.path(), arguments);
        assert_eq!(code, 1);
        assert!(text.contains("dateline list") && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let home = home();
    let mut child = dateline(home.path(), &["list", "--sample"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn completions_and_manual_come_from_the_arguments() {
    let home = home();
    for shell in ["bash", "zsh", "fish"] {
        assert!(answer(home.path(), &["completions", shell]).contains("analyze"), "{shell}");
    }
    let manual = answer(home.path(), &["man"]);
    assert!(manual.starts_with(".ie") && manual.contains("DATELINE LIST"), "{manual}");
    assert!(answer(home.path(), &["--help"]).contains("quotes"));
    assert!(answer(home.path(), &["--version"]).starts_with("dateline "));
}

#[test]
fn control_codes_in_a_file_name_never_reach_the_terminal() {
    let home = home();
    let name = "news/\u{1b}]0;owned\u{7}\u{202e}.txt";
    std::fs::write(home.path().join(name), BERGEN.replace("Bergen", "Molde")).expect("a file");
    for arguments in [&["list", "--json"][..], &["list"], &["people", "--json"]] {
        let text = answer(home.path(), &[arguments, &["--from", "news"]].concat());
        let forbidden = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
        assert!(!text.chars().any(forbidden), "{text:?}");
    }
    let output = run(home.path(), &["show", "\u{1b}[2J.txt"]);
    assert!(!output.stderr.contains(&0x1b));
}

/// Articles with every kind of identity, with marks and a position, are restored unchanged.
#[test]
fn exported_articles_are_restored_unchanged() {
    let home = home();
    let bare = r#"{"title": "Ferry", "date": "2024-01-02", "source": "Post", "author": "Ada Obi", "body": "One.\n\nTwo  two."}"#;
    let linked = r#"{"title": "Gas", "url": "https://news.example/gas", "date": "2024-01-03T04:05:06Z", "body": "On gas."}"#;
    let guided = r#"{"title": "Grain", "guid": "g-1", "date": "2024-01-04", "body": "On \"grain\" é.", "source": "Wire"}"#;
    std::fs::write(home.path().join("more.jsonl"), format!("{bare}\n{linked}\n{guided}\n")).expect("a file");
    // There are two copies of one story.
    std::fs::copy(home.path().join("news/lima.txt"), home.path().join("news/lima2.txt")).expect("a copy");
    answer(home.path(), &["add", "news", "more.jsonl"]);
    answer(home.path(), &["mark", "gas", "--read", "--tag", "later", "--tag", "two"]);
    answer(home.path(), &["mark", "grain", "--star"]);
    let export = |library: &str, query: &str| {
        answer(home.path(), &["export", query, "--format", "jsonl", "--library", library])
    };
    let own = home.path().join(".local/share/dateline/library.db");
    let own = own.to_str().expect("a path");
    let mut written = export(own, "");
    assert_eq!(written.lines().count(), 6, "{written}");
    written = written.replacen("\"position\": 0}", "\"position\": 4}", 1);
    let round = |library: &str, text: &str| {
        std::fs::write(home.path().join("all.jsonl"), text).expect("a file");
        answer(home.path(), &["add", "all.jsonl", "--library", library]);
    };
    round("new.db", &written);
    assert_eq!(export("new.db", ""), written);
    // Adding the same again creates no duplicates and removes no marks.
    answer(home.path(), &["mark", "ferry", "--read", "--library", "new.db"]);
    round("new.db", &written);
    let marked = export("new.db", "");
    assert_eq!(marked.lines().count(), 6);
    assert_eq!(answer(home.path(), &["list", "is:read group:off", "--library", "new.db"]).lines().count(), 2);
    // Adds a part from standard input, without a line feed at its end.
    let part = export(own, "is:starred");
    let mut child = dateline(home.path(), &["add", "-", "--library", "part.db"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("standard input");
    std::io::Write::write_all(&mut input, part.trim_end().as_bytes()).expect("it is read");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    let again = export("part.db", "");
    assert_eq!(again.split_once(',').map(|(_, rest)| rest), part.split_once(',').map(|(_, rest)| rest));
}

/// A changed file updates its article, which stays marked as read.
/// A record without a date is not of today: it is last, in no day, and stays undated when it is exported and added.
#[test]
fn an_article_without_a_date_is_undated_everywhere() {
    let home = home();
    let records = [
        r#"{"title": "No date at all", "published": null, "body": "BERGEN, March 31 - A thing happened, said Kari Nordmann."}"#,
        r#"{"title": "Ferry late", "published": "1987-09-02", "body": "It rained."}"#,
        r#"{"title": "In its address", "date": "N/A", "url": "https://example.org/1988/05/06/x", "body": "It rained."}"#,
    ];
    std::fs::write(home.path().join("pile.jsonl"), records.join("\n")).expect("a file");
    let output = run(home.path(), &["add", "pile.jsonl"]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(complaint.matches("1 of 3 records has no date").count(), 1, "{complaint}");
    let listed = answer(home.path(), &["list"]);
    let days: Vec<&str> = listed.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(days, ["1988-05-06", "1987-09-02", "undated"]);
    assert_eq!(answer(home.path(), &["list", "since:1900"]).lines().count(), 2);
    assert_eq!(answer(home.path(), &["list", "until:2100"]).lines().count(), 2);
    assert_eq!(answer(home.path(), &["list", "--", "-since:1900"]).lines().count(), 1);
    let json = json_lines(&answer(home.path(), &["list", "title:no", "--json"]));
    assert_eq!((&json[0]["date"], &json[0]["published"]), (&Value::Null, &Value::Null));
    let number = json[0]["id"].to_string();
    let shown = answer(home.path(), &["show", &number]);
    assert!(shown.starts_with("No date at all\nundated\nSource: pile\n\nBERGEN, March 31"), "{shown}");
    std::fs::write(home.path().join("shown.txt"), &shown).expect("a file");
    assert_eq!(answer(home.path(), &["show", "shown.txt"]), shown);
    let quotes = answer(home.path(), &["quotes"]);
    assert!(quotes.contains("(undated, pile, No date at all)"), "{quotes}");
    let markdown = answer(home.path(), &["export", "title:no", "--format", "md"]);
    assert!(markdown.contains("*undated, pile*"), "{markdown}");
    let exported = answer(home.path(), &["export"]);
    std::fs::write(home.path().join("exported.jsonl"), &exported).expect("a file");
    answer(home.path(), &["add", "exported.jsonl", "--library", "other.db"]);
    assert_eq!(answer(home.path(), &["export", "--library", "other.db"]), exported);
}

#[test]
fn a_changed_file_updates_its_article_and_keeps_its_marks() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    answer(home.path(), &["mark", "country:PE", "--read"]);
    let path = home.path().join("news/lima.txt");
    let text = std::fs::read_to_string(&path).expect("a file");
    std::fs::write(&path, format!("{text}\nThe bridge was zzyx.\n")).expect("a file");
    let added = answer(home.path(), &["add", "news"]);
    assert!(added.starts_with("0 new, 1 updated, 1 unchanged"), "{added}");
    assert_eq!(answer(home.path(), &["list", "zzyx is:read"]).lines().count(), 1);
    assert_eq!(answer(home.path(), &["list", "group:off"]).lines().count(), 2);
}

/// Saved searches work in every command, may use one another, and end even if they refer to each other in a circle.
#[test]
fn saved_searches_work_on_the_command_line() {
    let home = home();
    let config = home.path().join(".config/dateline");
    std::fs::create_dir_all(&config).expect("a folder");
    let saved = "[[saved]]\nname = \"peru\"\nquery = \"country:PE\"\n\
        [[saved]]\nname = \"both\"\nquery = \"@peru OR @round\"\n\
        [[saved]]\nname = \"round\"\nquery = \"@both country:NO\"\n";
    std::fs::write(config.join("config.toml"), saved).expect("a file");
    let count = |query: &str| answer(home.path(), &["list", query, "--from", "news"]).lines().count();
    assert_eq!((count("@peru"), count("(-@peru)"), count("@both")), (1, 1, 1));
    let output = run(home.path(), &["list", "@nobody", "--from", "news"]);
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no saved search of this name"));
    answer(home.path(), &["add", "news"]);
    assert_eq!(answer(home.path(), &["mark", "@peru", "--star"]), "starred: 1 article changed\n");
}

/// The shell limits the size of a file: what was added before is kept, and the rest can be added later.
#[cfg(unix)]
#[test]
fn a_full_disk_is_reported_and_loses_nothing() {
    let home = home();
    let article = |number: usize| {
        let words: String = (0..200).map(|word| format!("word{} ", number * 7 + word)).collect();
        format!("{{\"title\": \"Story {number}\", \"date\": \"2024-01-02\", \"body\": \"{words}\"}}\n")
    };
    let articles: String = (0..3000).map(article).collect();
    std::fs::write(home.path().join("many.jsonl"), articles).expect("a file");
    answer(home.path(), &["add", "news", "--library", "full.db"]);
    answer(home.path(), &["mark", "country:PE", "--read", "--library", "full.db"]);
    let script = "trap '' XFSZ; ulimit -f 2000; exec \"$0\" add many.jsonl --library full.db";
    let mut limited = Command::new("sh");
    limited.args(["-c", script, env!("CARGO_BIN_EXE_dateline")]).current_dir(home.path());
    let output = limited.env_clear().env("HOME", home.path()).output().expect("a shell");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("free some space") && message.lines().count() == 1, "{message}");
    let listed = |query: &str| answer(home.path(), &["list", query, "--library", "full.db"]).lines().count();
    assert_eq!(listed("is:read"), 1);
    let doctor = answer(home.path(), &["doctor", "--library", "full.db"]);
    assert!(doctor.contains("full.db: sound"), "{doctor}");
    answer(home.path(), &["add", "many.jsonl", "--library", "full.db"]);
    assert_eq!(listed("group:off"), 3002);
}

/// Once every program has closed the library, it is one file, and a copy of that file is complete.
#[test]
fn a_closed_library_is_one_file() {
    let home = home();
    answer(home.path(), &["add", "news", "--library", "one.db"]);
    assert!(!home.path().join("one.db-wal").exists());
    std::fs::copy(home.path().join("one.db"), home.path().join("copy.db")).expect("a copy");
    assert_eq!(answer(home.path(), &["list", "--library", "copy.db"]).lines().count(), 2);
}

#[test]
fn a_kiosk_is_a_reader_of_a_library_and_nothing_else() {
    let home = home();
    for arguments in [
        vec!["--kiosk", "list"],
        vec!["list", "--kiosk"],
        vec!["--kiosk", "export", "--format", "md"],
        vec!["doctor", "--repair", "--kiosk"],
        vec!["--kiosk", "--state", "own.db", "list"],
        vec!["--kiosk", "news"],
        vec!["--kiosk", "--plain", "-"],
        vec!["--kiosk", "lst"],
        vec!["--kiosk", "--plain", "--sample", "--state", "own.db"],
    ] {
        let (code, told) = complaint(home.path(), &arguments);
        assert_eq!(code, 2, "{arguments:?}: {told}");
        assert!(told.starts_with("dateline: could not understand the arguments: "), "{told}");
        assert!(
            told.contains("leave out --kiosk") || told.contains("--library FILE") || told.contains("--state"),
            "{told}"
        );
        assert!(!home.path().join("own.db").exists(), "{arguments:?}");
    }
    assert_eq!(complaint(home.path(), &["--state", "own.db"]).0, 2);
    // These go together.
    answer(home.path(), &["add", "news"]);
    for arguments in [
        vec!["--kiosk", "--plain", "--state", "own.db", "-q", "harbour"],
        vec!["--kiosk", "--plain", "--sample"],
    ] {
        answer(home.path(), &arguments);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_state_file_is_refused_by_that_name() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    let path = |name: &str| home.path().join(name);
    let library = path(".local/share/dateline/library.db");
    std::fs::create_dir(path("folder.db")).expect("a folder");
    std::fs::write(path("damaged.db"), "no database, but some text").expect("a file");
    std::fs::copy(&library, path("other.db")).expect("a copy");
    assert!(Command::new("mkfifo").arg(path("pipe.db")).status().expect("mkfifo runs").success());
    let before = std::fs::read(&library).expect("a library");
    for (name, reason) in [
        ("folder.db", "it is a folder"),
        ("damaged.db", "it is damaged"),
        ("other.db", "it is not a state file"),
        (library.to_str().expect("UTF-8"), "it is not a state file"),
        ("pipe.db", "it is a pipe or a device"),
        ("/dev/zero", "it is a pipe or a device"),
        ("/proc/none/own.db", "there is no such file or folder"),
    ] {
        let (code, told) = complaint(home.path(), &["--kiosk", "--plain", "--state", name]);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains("could not use the state file") && told.contains(reason), "{name}: {told}");
        assert!(!told.contains("the library"), "{told}");
    }
    assert_eq!(std::fs::read(&library).expect("a library"), before);
}

#[test]
fn a_board_is_filled_ordered_noted_and_exported() {
    let home = home();
    let board = |arguments: &[&str]| answer(home.path(), &[&["board"], arguments].concat());
    assert_eq!(board(&[]), "");
    answer(home.path(), &["add", "news"]);
    assert_eq!(board(&["add", "North sea", "country:NO"]), "1 item put on the board North sea\n");
    assert_eq!(board(&["add", "North sea", "country:NO"]), "it is on the board North sea already\n");
    board(&["add", "North sea", "by:quispe", "--quotes"]);
    board(&["add", "North sea", "bridge", "--note", "=ask\\nher"]);
    assert_eq!(board(&[]), "3\tNorth sea\n");
    assert_eq!(board(&["move", "North sea", "3", "1"]), "moved to place 1 of the board North sea\n");
    board(&["note", "North sea", "2", "first", "line\\nsecond"]);
    let shown = board(&["show", "North sea"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("1\t") && lines[0].ends_with("Bridge closes near Lima"), "{shown}");
    assert!(shown.contains("    > first line\n    > second\n"), "{shown}");
    assert!(lines.last().is_some_and(|line| line.contains("a matter of days")), "{shown}");
    let items = json_lines(&board(&["show", "North sea", "--json"]));
    assert_eq!(
        (&items[2]["speaker"], &items[1]["note"]),
        (&"Rosa Quispe".into(), &"first line\nsecond".into())
    );
    let markdown = board(&["export", "North sea"]);
    assert!(markdown.starts_with("# North sea\n\n### 1\\. Bridge closes near Lima\n"), "{markdown}");
    assert!(markdown.contains("*Bridge closes near Lima. news, 3 February 2026.*"), "{markdown}");
    let csv = board(&["export", "North sea", "--format", "csv"]);
    assert!(csv.starts_with("place,id,date,source,title,") && csv.contains("'=ask"), "{csv}");
    let html = board(&["export", "North sea", "--format", "html"]);
    assert!(html.contains("<h1>North sea</h1>") && html.contains("<blockquote>"), "{html}");
    board(&["export", "North sea", "-o", "board.md"]);
    assert_eq!(std::fs::read_to_string(home.path().join("board.md")).expect("a file"), markdown);
    board(&["remove", "North sea", "1"]);
    board(&["rename", "North sea", "Sea"]);
    let (code, told) = complaint(home.path(), &["board", "show", "North sea"]);
    assert_eq!(code, 1);
    assert!(told.contains("could not find a board called 'North sea'"), "{told}");
    let (code, told) = complaint(home.path(), &["board", "note", "Sea", "9", "x"]);
    assert_eq!((code, told.contains("it has 2")), (1, true), "{told}");
    board(&["remove", "Sea"]);
    assert_eq!(board(&[]), "");
}

#[test]
fn a_brief_is_plain_and_says_nothing_where_nothing_is_new() {
    let home = home();
    answer(home.path(), &["add", "news"]);
    let text = answer(home.path(), &["brief", "--since", "2026-01-01"]);
    assert!(text.lines().all(|line| line.chars().count() <= 72), "{text}");
    assert!(text.starts_with("2026-01-01 to 2026-02-03: 2 articles\n"), "{text}");
    for part in ["TOP STORIES", "Bridge closes near Lima", "COUNTRIES", "LIMA, Feb 3 - Peru closed a bridge"]
    {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let some = answer(home.path(), &["brief", "country:NO", "--since", "2026-01-01", "--format", "md"]);
    assert!(some.contains("### Harbour opens in Bergen") && !some.contains("Lima"), "{some}");
    let html = answer(home.path(), &["brief", "--since", "2026-01-01", "--format", "html"]);
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    let output = run(home.path(), &["brief", "--since", "2026-03-01"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && output.stdout.is_empty(), "{told}");
    assert_eq!(told, "dateline: nothing is new since 2026-03-01\n");
    let (code, told) = complaint(home.path(), &["brief", "--since", "soonish"]);
    assert_eq!((code, told.contains("--since")), (2, true), "{told}");
}

#[test]
fn stories_of_several_days_are_listed() {
    let home = home();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).expect("written");
    std::fs::create_dir(home.path().join("days")).expect("a folder");
    for at in 0..30 {
        let text =
            format!("Thing{at} opened\n{} March 2024\n\nPerson{at} Nilsen of Town{at} spoke.\n", at % 9 + 1);
        write(&format!("days/{at}.txt"), &text);
    }
    let ferry = "The ferry of the Sund Shipping Company went down near Mombasa in Kenya. The ferry had left at night, and the ferry \
        carried cars. Minister Amina Otieno said: \"We heard a loud bang.\"";
    write("days/a.txt", &format!("Ferry sinks off Mombasa, many missing\n2 March 2024\n\n{ferry}\n"));
    let wreck = "Divers reached the ferry near Mombasa on Sunday. In the ferry they found cars, and the ferry lay on its side, said \
        Amina Otieno, who had come from Kenya's capital to see the work of the Sund Shipping Company's men.";
    write("days/b.txt", &format!("Many missing in Mombasa ferry, say divers\n4 March 2024\n\n{wreck}\n"));
    let stories = json_lines(&answer(home.path(), &["stories", "--json", "--from", "days"]));
    assert_eq!(stories.len(), 1, "{stories:?}");
    let story = &stories[0];
    assert_eq!((&story["articles"], &story["stories"]), (&2.into(), &2.into()));
    assert_eq!((&story["first"], &story["last"]), (&"2024-03-02".into(), &"2024-03-04".into()));
    let curve = story["curve"].as_array().expect("a curve");
    assert_eq!(curve.iter().filter_map(Value::as_u64).sum::<u64>(), 2);
    // Each number counted another way.
    let number = story["id"].to_string();
    let of = |more: &str| {
        let query = format!("story:{number} {more}");
        answer(home.path(), &["list", query.trim(), "--from", "days"]).lines().count()
    };
    assert_eq!(of(""), 2);
    for name in story["names"].as_array().expect("names") {
        let named = format!("\"{}\"", name["name"].as_str().expect("a name"));
        assert_eq!(name["count"], of(&named), "{named}");
    }
    let text = answer(home.path(), &["stories", "--from", "days"]);
    assert!(text.contains("2024-03-02 to 2024-03-04"), "{text}");
    let csv = answer(home.path(), &["stories", "--format", "csv", "--order", "largest", "--from", "days"]);
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert_eq!(complaint(home.path(), &["stories", "--format", "md", "--from", "days"]).0, 2);
}

#[test]
fn quotes_are_printed_ready_to_be_cited() {
    let home = home();
    let cited = answer(home.path(), &["quotes", "--format", "md", "--from", "news"]);
    assert!(cited.starts_with("> "), "{cited}");
    assert!(cited.contains("We are ready") && cited.contains("> — Kari Nordmann"), "{cited}");
    assert!(cited.contains("Harbour"), "the title of the article: {cited}");
    let lines = |format: &str| answer(home.path(), &["quotes", "--format", format, "--from", "news"]);
    assert_eq!(lines("jsonl"), lines("json"));
}
