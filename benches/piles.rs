//! What it takes to read a large file of each kind: processor time and the highest memory of the built program.
//!
//! `cargo bench --bench piles` makes files of 50 MB; `cargo bench --bench piles -- 1000 csv jsonl` makes files of 1,000 MB
//! of these kinds. The articles are those of `press` (`DATELINE_CORPORA=FOLDER` for real sentences). Each file is listed by
//! `dateline list --from FILE --limit 3`, which reads all of it. Time and memory come from `/proc`, so that there are
//! figures on Linux only; the last twentieth of a second is missing from them.

mod press;

use dateline::exports::article::Article;
use press::Press;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How an article is written in a pile of one kind, by its number.
type Piece = fn(usize, &Article) -> Vec<u8>;

/// A kind of pile: its name, the file's ending, what stands before, between and after the articles, and each article.
struct Kind {
    name: &'static str,
    ending: &'static str,
    around: [&'static str; 3],
    piece: Piece,
}

const KINDS: [Kind; 5] = [
    Kind { name: "csv", ending: "csv", around: ["title,date,source,url,body\n", "", ""], piece: csv },
    Kind { name: "json", ending: "json", around: ["[", ",\n", "]"], piece: json },
    Kind { name: "jsonl", ending: "jsonl", around: ["", "\n", "\n"], piece: json },
    Kind { name: "mbox", ending: "mbox", around: ["", "", ""], piece: mbox },
    Kind { name: "warc", ending: "warc.gz", around: ["", "", ""], piece: warc },
];

fn main() {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let megabytes: usize = words.first().and_then(|word| word.parse().ok()).unwrap_or(50);
    let wanted = |name: &str| words.len() < 2 || words.iter().skip(1).any(|word| word == name);
    let press = Press::new();
    let folder = tempfile::tempdir().expect("a folder");
    println!(
        "{:<10}{:>12}{:>12}{:>12}{:>12}{:>12}",
        "", "bytes", "articles", "user s", "system s", "MB at most"
    );
    for kind in KINDS.iter().filter(|kind| wanted(kind.name)) {
        let path = folder.path().join(format!("pile.{}", kind.ending));
        let (articles, bytes) = write(&path, kind, &press, megabytes << 20);
        report(kind.name, &path, articles, bytes);
        let _ = std::fs::remove_file(&path);
    }
    for (name, make) in [("zip", zip as fn(&Path, &Press, usize) -> (usize, u64)), ("xlsx", sheet)] {
        if wanted(name) {
            let path = folder.path().join(format!("pile.{name}"));
            let (articles, bytes) = make(&path, &press, megabytes << 20);
            report(name, &path, articles, bytes);
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// Writes a pile of about `size` bytes before packing; how many articles and bytes it has.
fn write(path: &Path, kind: &Kind, press: &Press, size: usize) -> (usize, u64) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    let [before, between, after] = kind.around.map(str::as_bytes);
    file.write_all(before).expect("written");
    let (mut number, mut length) = (0, 0);
    while length < size {
        let article = press.article(number, 1_000_000);
        // As much text in each kind, also where it is packed.
        length += article.body.len() + article.title.len() + 100;
        if number > 0 {
            file.write_all(between).expect("written");
        }
        file.write_all(&(kind.piece)(number, &article)).expect("written");
        number += 1;
    }
    file.write_all(after).expect("written");
    file.flush().expect("written");
    (number, std::fs::metadata(path).map_or(0, |found| found.len()))
}

fn day(article: &Article) -> String {
    article.published.map(|time| time.to_rfc3339()).unwrap_or_default()
}

fn csv(_: usize, article: &Article) -> Vec<u8> {
    let cells = [
        &article.title,
        &day(article),
        &article.source,
        article.url.as_ref().expect("an address"),
        &article.body,
    ]
    .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    (cells.join(",") + "\n").into_bytes()
}

fn json(_: usize, article: &Article) -> Vec<u8> {
    let object = serde_json::json!({
        "title": article.title, "published": day(article), "source": article.source, "url": article.url,
        "body": article.body,
    });
    object.to_string().into_bytes()
}

fn mbox(number: usize, article: &Article) -> Vec<u8> {
    let day = article.published.map(|time| time.to_rfc2822()).unwrap_or_default();
    let html = article.body.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "</p>\n<p>");
    format!(
        "From news@example.org Mon Jan  3 10:00:00 2022\nFrom: {} <news@example.org>\nSubject: {}\nDate: {day}\n\
         Message-ID: <{number}@example.org>\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n\
         --b\nContent-Type: text/plain; charset=utf-8\n\n{}\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>{html}</p>\n--b--\n\n",
        article.source,
        article.title.replace('\n', " "),
        article.body.replace("\nFrom ", "\n>From "),
    )
    .into_bytes()
}

fn warc(number: usize, article: &Article) -> Vec<u8> {
    let body = article.body.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "</p>\n<p>");
    let page = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<!DOCTYPE html><html><head><title>{0}</title>\
         <meta property=\"article:published_time\" content=\"{1}\"></head><body><nav><a href=\"/\">Home</a></nav>\
         <article><h1>{0}</h1><p>{body}</p></article></body></html>",
        article.title.replace('<', "&lt;"),
        day(article),
    );
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{number}\r\nWARC-Date: 2022-01-03T10:00:00Z\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{page}\r\n\r\n",
        page.len(),
    );
    // Each record is packed by itself, as crawlers do.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(record.as_bytes()).expect("packed");
    packed.finish().expect("packed")
}

/// Texts in an archive, one for each article.
fn zip(path: &Path, press: &Press, size: usize) -> (usize, u64) {
    let mut zip = zip::ZipWriter::new(BufWriter::new(File::create(path).expect("a file")));
    let (mut number, mut length) = (0, 0);
    // An archive has at most 100,000 members that are read.
    while length < size && number < 100_000 {
        let article = press.article(number, 1_000_000);
        let text = format!("{}\n{}\n{}\n", article.title, day(&article), article.body);
        zip.start_file(format!("news/{number}.txt"), zip::write::SimpleFileOptions::default())
            .expect("a member");
        zip.write_all(text.as_bytes()).expect("written");
        (number, length) = (number + 1, length + text.len());
    }
    zip.finish().expect("finished").flush().expect("written");
    (number, std::fs::metadata(path).map_or(0, |found| found.len()))
}

/// One sheet whose texts stand in the cells. Excel's sheets have a million rows at most.
fn sheet(path: &Path, press: &Press, size: usize) -> (usize, u64) {
    let mut zip = zip::ZipWriter::new(BufWriter::new(File::create(path).expect("a file")));
    let mut part = |name: &str, write: &mut dyn FnMut(&mut dyn Write)| {
        zip.start_file(name, zip::write::SimpleFileOptions::default().large_file(true)).expect("a part");
        write(&mut zip);
    };
    let mut text =
        |name: &str, text: &str| part(name, &mut |out| out.write_all(text.as_bytes()).expect("written"));
    text(
        "_rels/.rels",
        "<Relationships><Relationship Id=\"r0\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    );
    text(
        "xl/workbook.xml",
        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"news\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
    );
    text(
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>",
    );
    // What a spreadsheet may unpack to is 512 MiB.
    let size = size.min(450 << 20);
    let (mut number, mut length) = (0, 0);
    part("xl/worksheets/sheet1.xml", &mut |out| {
        let cell = |text: &str| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let row = |cells: [&str; 3]| format!("<row>{}</row>", cells.map(cell).concat());
        out.write_all(format!("<worksheet><sheetData>{}", row(["title", "date", "text"])).as_bytes())
            .expect("written");
        while length < size {
            let article = press.article(number, 1_000_000);
            let row = row([&article.title, &day(&article), &article.body]);
            out.write_all(row.as_bytes()).expect("written");
            (number, length) = (number + 1, length + row.len());
        }
        out.write_all(b"</sheetData></worksheet>").expect("written");
    });
    zip.finish().expect("finished").flush().expect("written");
    (number, std::fs::metadata(path).map_or(0, |found| found.len()))
}

/// Lists a pile and prints what that took.
fn report(name: &str, path: &Path, articles: usize, bytes: u64) {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.arg("list").arg("--from").arg(path).args(["--limit", "3"]).env("HOME", home.path());
    let mut child = command.stdout(Stdio::null()).spawn().expect("the program runs");
    let (mut cost, start) = ([0.0; 3], Instant::now());
    while child.try_wait().expect("asked").is_none() {
        cost = so_far(child.id()).unwrap_or(cost);
        // A fault must not run for ever.
        if start.elapsed() > Duration::from_secs(3_600) {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("{name:<10}{bytes:>12}{articles:>12}{:>12.1}{:>12.1}{:>12.0}", cost[0], cost[1], cost[2]);
}

/// The seconds that a process has spent in its own code and in the system, and its highest memory in MB.
fn so_far(id: u32) -> Option<[f64; 3]> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    // Linux counts in hundredths of a second here.
    let seconds = |at: usize| Some(fields.get(at)?.parse::<f64>().ok()? / 100.0);
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some([
        seconds(11)?,
        seconds(12)?,
        peak.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()? / 1024.0,
    ])
}
