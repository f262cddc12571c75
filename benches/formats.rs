//! How fast formats are read, alone and with the analysis of what they hold: saved pages, feeds with escaped HTML, JSON
//! Feed, JSON Lines and plain text, all made of the sample edition.
//!
//! `cargo bench --bench formats`; `DATELINE_PAGES=FOLDER` adds the files called `source.html` below a folder: the test
//! pages of Mozilla's Readability. Each figure is the median of several runs in this process, on one thread, in the
//! thread's processor time (from `/proc`; elapsed time where there is none), so that a busy machine matters little.

use dateline::exports::article::Article;
use dateline::exports::formats::{self, Origin};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the edition is repeated in one file, and how often each file is read.
const COPIES: usize = 20;
const RUNS: usize = 7;

fn main() {
    let articles: Vec<Article> = formats::edition().into_iter().cycle().take(30 * COPIES).collect();
    println!(
        "{:<28}{:>9}{:>10}{:>10}{:>14}{:>18}",
        "", "files", "articles", "MB/s", "articles/s", "analysed too/s"
    );
    report("saved pages", &articles.iter().map(page).collect::<Vec<_>>());
    report("RSS with escaped HTML", &[feed(&articles)]);
    report("JSON Feed with HTML", &[json_feed(&articles)]);
    report("JSON Lines with HTML", &[articles.iter().map(|article| json(article) + "\n").collect()]);
    report("plain text", &articles.iter().map(plain).collect::<Vec<_>>());
    if let Ok(folder) = std::env::var("DATELINE_PAGES") {
        let mut pages = Vec::new();
        pages_in(Path::new(&folder), &mut pages);
        report("pages of DATELINE_PAGES", &pages);
    }
}

/// Measures the reading of some files, alone and followed by the analysis.
fn report(name: &str, files: &[String]) {
    let origin = Origin { path: None, source: "Wire".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
    let read = || -> Vec<Article> {
        files.iter().flat_map(|file| formats::read(file.as_bytes(), &origin).0).collect()
    };
    let articles = read();
    let bytes: usize = files.iter().map(String::len).sum();
    let reading = median(|| drop(read()));
    let start = Instant::now();
    for article in &articles {
        std::hint::black_box(dateline::exports::analysis::analyze(
            &article.title,
            &article.body,
            dateline::exports::language::Language::default(),
        ));
    }
    let both = reading + start.elapsed();
    let rate = |time: Duration| articles.len() as f64 / time.as_secs_f64();
    println!(
        "{name:<28}{:>9}{:>10}{:>10.1}{:>14.0}{:>18.0}",
        files.len(),
        articles.len(),
        bytes as f64 / 1e6 / reading.as_secs_f64(),
        rate(reading),
        rate(both)
    );
}

/// The processor time that this thread has used.
fn processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn cost(run: impl Fn()) -> Duration {
    let (start, before) = (Instant::now(), processor());
    run();
    match (before, processor()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed(),
    }
}

fn median(run: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| cost(&run)).collect();
    times.sort();
    times[RUNS / 2]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The body in paragraphs, with a link and some emphasis in each.
fn html(article: &Article) -> String {
    let paragraph = |text: &str| {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let link = "<a href=\"https://news.example/more?a=1&amp;b=2\">more</a>";
        format!("<p class=\"story\"><b>{}</b> {} ({link})</p>\n", escaped(first), escaped(rest))
    };
    article.body.lines().filter(|line| !line.is_empty()).map(paragraph).collect()
}

/// A page with what pages have around a story: scripts, navigation, a list of other stories.
fn page(article: &Article) -> String {
    let link =
        |n: usize| format!("<li class=\"item\"><a href=\"/story/{n}\">Another story, number {n}</a></li>");
    let links: String = (0..60).map(link).collect();
    let script = format!("<script>var settings = {{{}}};</script>", "\"key\": [1, 2, 3], ".repeat(400));
    let title = escaped(&article.title);
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>{title} - Wire</title>{script}\
         <meta property=\"og:title\" content=\"{title}\"><meta property=\"article:published_time\" content=\"{}\">\
         </head><body><nav><ul>{links}</ul></nav><div class=\"page\"><article><h1>{title}</h1>{}</article>\
         <aside><ul>{links}</ul></aside></div>{script}<footer><p>All rights reserved.</p></footer></body></html>",
        article.published.unwrap_or_default().to_rfc3339(),
        html(article)
    )
}

fn feed(articles: &[Article]) -> String {
    let item = |article: &Article| {
        format!(
            "<item><title>{}</title><link>https://news.example/{}</link><pubDate>{}</pubDate>\
             <description>{}</description></item>\n",
            escaped(&article.title),
            article.title.len(),
            article.published.unwrap_or_default().to_rfc2822(),
            escaped(&html(article))
        )
    };
    let items: String = articles.iter().map(item).collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Wire</title>{items}</channel></rss>")
}

fn json(article: &Article) -> String {
    let value = serde_json::json!({
        "id": article.title,
        "title": article.title,
        "date_published": article.published.unwrap_or_default().to_rfc3339(),
        "content_html": html(article),
    });
    value.to_string()
}

fn json_feed(articles: &[Article]) -> String {
    let items: Vec<String> = articles.iter().map(json).collect();
    format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\",\n\"title\": \"Wire\", \"items\": [\n{}\n]}}",
        items.join(",\n")
    )
}

fn plain(article: &Article) -> String {
    format!("{}\n{}\n\n{}\n", article.title, article.published.unwrap_or_default().to_rfc3339(), article.body)
}

fn pages_in(folder: &Path, pages: &mut Vec<String>) {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            pages_in(&path, pages);
        } else if path.file_name().is_some_and(|name| name == "source.html") {
            pages.extend(std::fs::read_to_string(&path));
        }
    }
}
