//! Measures how fast a library of many articles adds articles and answers queries.
//!
//! `cargo bench --bench library -- 10000 100000` makes a library of each size in a temporary folder and prints a table.
//! `press` makes the articles. The times of queries are processor time of the thread that asks, so other programs do
//! not affect them. Options: `keep=FILE` stores the library in a file, `from=NUMBER` adds articles from that number on,
//! and `open=FILE` only queries a stored library. `write=FILE` writes the articles as JSON Lines, for `dateline add`
//! and other readers. `memory` uses a temporary library, and `fake` replaces the analysis by one that marks capitalised
//! words.

mod press;

use chrono::NaiveDate;
use dateline::exports::annotation::{
    Analysis, Entity, EntityIndex, Field, Kind, Mention, Quote, QuoteKind, Speaker,
};
use dateline::exports::article::Article;
use dateline::exports::library::{Cancel, Library};
use dateline::exports::listing::{Key, Marking, Window};
use dateline::exports::query::{Query, Target};
use dateline::exports::text::Span;
use press::Press;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const BATCH: usize = 4_096;

fn main() {
    let mut how = How { analysis: real, memory: false, keep: None, from: 0 };
    let (mut left, mut written) = (None, None);
    let mut sizes = Vec::new();
    for word in std::env::args().skip(1) {
        match word.as_str() {
            "fake" => how.analysis = fake,
            "memory" => how.memory = true,
            "--bench" => {}
            _ if word.starts_with("write=") => {
                written = Some(PathBuf::from(word.trim_start_matches("write=")));
            }
            _ if word.starts_with("open=") => left = Some(PathBuf::from(word.trim_start_matches("open="))),
            _ if word.starts_with("from=") => {
                how.from = word.trim_start_matches("from=").parse().expect("a number");
            }
            _ => match (word.strip_prefix("keep="), word.parse()) {
                (Some(file), _) => how.keep = Some(PathBuf::from(file)),
                (None, Ok(size)) => sizes.push(size),
                _ => println!("could not understand {word}: give a size or an option"),
            },
        }
    }
    if let Some(path) = left {
        let start = now();
        let library = Library::open(&path).expect("a library");
        println!("  opened                      {:>9.2} ms", ms(since(start)));
        first_page(&library);
        println!("  memory with the first page  {:>9} MB", status("VmRSS"));
        ask(&library, 1_000);
        println!("  memory now                  {:>9} MB", status("VmRSS"));
        return;
    }
    let press = Arc::new(Press::new());
    println!("{} sentences of real articles", press.sentences.len());
    for size in if sizes.is_empty() { vec![10_000] } else { sizes } {
        match &written {
            Some(path) => write(size, &press, path),
            None => measure(size, &press, &how),
        }
    }
}

struct How {
    analysis: fn(&Article) -> Analysis,
    memory: bool,
    keep: Option<PathBuf>,
    /// The number of the first article.
    from: usize,
}

fn write(size: usize, press: &Press, path: &Path) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    for number in 0..size {
        let article = press.article(number, size);
        let object = serde_json::json!({
            "url": article.url,
            "source": article.source,
            "title": article.title,
            "published": article.published.unwrap_or_default().to_rfc3339(),
            "body": article.body,
        });
        writeln!(file, "{object}").expect("written");
    }
    file.flush().expect("written");
}

fn measure(size: usize, press: &Arc<Press>, how: &How) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = how.keep.clone().unwrap_or_else(|| folder.path().join("library.db"));
    let open = || match how.memory {
        true => Library::temporary().expect("a library"),
        false => Library::open(&path).expect("a library"),
    };
    let library = open();
    let text = take_in(&library, size, press, how);
    let most = status("VmHWM");
    let library = if how.memory {
        library
    } else {
        drop(library);
        let bytes = std::fs::metadata(&path).map_or(0, |found| found.len());
        println!(
            "  on disk                     {:>9.0} MB, {:.2} of the text",
            bytes as f64 / 1e6,
            bytes as f64 / text as f64
        );
        open()
    };
    println!("  memory at most              {most:>9} MB");
    first_page(&library);
    ask(&library, size);
    println!("  memory now                  {:>9} MB", status("VmRSS"));
}

/// Makes, analyses and adds articles on two threads. Returns the number of bytes of text.
fn take_in(library: &Library, size: usize, press: &Arc<Press>, how: &How) -> usize {
    let (first, analysis) = (how.from, how.analysis);
    let next = Arc::new(AtomicUsize::new(0));
    let done = Arc::new(AtomicUsize::new(0));
    let (start, spent) = (Instant::now(), processor_time());
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let (press, next, done, library) = (press.clone(), next.clone(), done.clone(), library.clone());
            std::thread::spawn(move || {
                let (mut text, mut making, mut analysing) = (0, Duration::ZERO, Duration::ZERO);
                loop {
                    let from = next.fetch_add(BATCH, Ordering::Relaxed);
                    if from >= size {
                        return (text, making, analysing);
                    }
                    let began = now();
                    let numbers = first + from..first + size.min(from + BATCH);
                    let batch: Vec<Article> =
                        numbers.map(|number| press.article(number, first + size)).collect();
                    making += since(began);
                    let began = now();
                    let batch: Vec<_> =
                        batch.into_iter().map(|article| (analysis(&article), article)).collect();
                    analysing += since(began);
                    text += batch
                        .iter()
                        .map(|(_, article)| article.title.len() + article.body.len())
                        .sum::<usize>();
                    done.fetch_add(batch.len(), Ordering::Relaxed);
                    library
                        .add(batch.into_iter().map(|(analysis, article)| (article, analysis)).collect())
                        .expect("added");
                }
            })
        })
        .collect();
    let mut reported = start;
    while threads.iter().any(|thread| !thread.is_finished()) {
        std::thread::park_timeout(Duration::from_millis(20));
        if reported.elapsed() > Duration::from_secs(20) {
            reported = Instant::now();
            let done = done.load(Ordering::Relaxed);
            eprintln!("  … {done} in {:.0} s, {} MB", start.elapsed().as_secs_f64(), status("VmRSS"));
        }
    }
    library.settle().expect("settled");
    let mut text = 0;
    let (mut making, mut analysing) = (Duration::ZERO, Duration::ZERO);
    for thread in threads {
        let (part, made, analysed) = thread.join().expect("no panic");
        text += part;
        making += made;
        analysing += analysed;
    }
    let seconds = start.elapsed().as_secs_f64();
    let each = |time: Duration| time.as_secs_f64() * 1e6 / size as f64;
    println!("{size} articles, {:.0} MB of text", text as f64 / 1e6);
    println!(
        "  added                       {:>9.0} articles/s on the clock ({seconds:.0} s)",
        size as f64 / seconds
    );
    println!(
        "  an article                  {:>9.0} µs of processor time: making {:.0}, analysing {:.0}, adding the rest",
        each(processor_time().saturating_sub(spent)),
        each(making),
        each(analysing)
    );
    text
}

/// The processor time of this process so far, in steps of 10 ms. Zero where the system does not report it.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    Duration::from_millis(ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10)
}

fn first_page(library: &Library) {
    let start = now();
    let page =
        library.page(&Query::everything(), Window::First { limit: 50 }, &Cancel::new()).expect("a page");
    println!("  first page after opening    {:>9.2} ms, {:?}", ms(since(start)), page.total);
}

fn ask(library: &Library, size: usize) {
    println!("  {:<44} {:>10} {:>9} {:>9} {:>9}", "query", "result", "first ms", "next ms", "facets ms");
    let facets = library.facets(&Query::everything(), &Cancel::new()).expect("facets");
    let name = |list: &[dateline::exports::listing::Facet], place: usize| {
        list.get(place).or(list.last()).map_or("nobody".to_owned(), |facet| format!("\"{}\"", facet.value))
    };
    let (first, second) = (name(&facets.people, 0), name(&facets.people, 20));
    let (country, other) = (name(&facets.countries, 0), name(&facets.countries, 3));
    let queries = [
        String::new(),
        "said".to_owned(),
        "government".to_owned(),
        "cocoa".to_owned(),
        "the of".to_owned(),
        "government trade".to_owned(),
        format!("person:{first}"),
        format!("country:{country} person:{second}"),
        format!("country:{country} country:{other} bank -oil"),
        format!("(trade OR oil) country:{country} -person:{second} since:2019"),
        "\"last year\"".to_owned(),
        "\"prime minister\"".to_owned(),
        format!("by:{first}"),
        format!("by:{first} said:trade"),
        "date:2020-03".to_owned(),
        "is:unread trade".to_owned(),
        "gov*".to_owned(),
        "g*".to_owned(),
        "trade sort:relevance".to_owned(),
    ];
    for text in queries {
        let today = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
        let query = Query::parse(&text, today).0;
        let window = Window::First { limit: 50 };
        let start = now();
        let page = library.page(&query, window, &Cancel::new()).expect("a page");
        let first = ms(since(start));
        let key = page.rows.last().map(|row| row.key);
        let next = |key: Key| {
            median(|| {
                _ = library.page(&query, Window::After { key, limit: 50 }, &Cancel::new()).expect("a page");
            })
        };
        let next = key.map_or(0.0, next);
        let start = now();
        library.facets(&query, &Cancel::new()).expect("facets");
        let facets = ms(since(start));
        println!(
            "  {text:<44} {:>10} {first:>9.2} {next:>9.2} {facets:>9.2}",
            format!("{:?}", page.total).replace("Exactly", "")
        );
    }
    let mark = now();
    let id = dateline::exports::article::ArticleId(size as i64 / 2);
    library.mark(&Target::These(vec![id]), Marking::Read).expect("marked");
    println!("  mark one                    {:>9.2} ms", ms(since(mark)));
    let mark = now();
    library.mark(&Target::Matching(Query::everything()), Marking::Read).expect("marked");
    println!("  mark all                    {:>9.2} ms", ms(since(mark)));
    let undo = now();
    library.undo().expect("undone");
    library.undo().expect("undone");
    println!("  undo both                   {:>9.2} ms", ms(since(undo)));
    let load = median(|| _ = library.load(id).expect("an article"));
    println!("  load one                    {load:>9.2} ms");
    let names = median(|| {
        let people = dateline::exports::listing::FacetKind::Entity(Kind::Person);
        _ = library.names(people, "jo", &Query::everything(), 20, &Cancel::new()).expect("names");
    });
    println!("  complete person:jo          {names:>9.2} ms");
}

/// The median of five runs, in milliseconds.
fn median(mut ask: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = now();
            ask();
            ms(since(start))
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[2]
}

/// The processor time of this thread so far.
fn now() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let spent = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(spent.tv_sec).unwrap_or(0), u32::try_from(spent.tv_nsec).unwrap_or(0))
}

fn since(start: Duration) -> Duration {
    now().saturating_sub(start)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A line of this process's status, in MB; 0 where the system does not report it.
fn status(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn real(article: &Article) -> Analysis {
    dateline::exports::analysis::analyze(
        &article.title,
        &article.body,
        dateline::exports::language::Language::default(),
    )
}

/// Marks runs of capitalised words as persons, places and organisations, and one quote.
fn fake(article: &Article) -> Analysis {
    let mut analysis = Analysis::default();
    let mut known: HashMap<String, EntityIndex> = HashMap::new();
    let body = &article.body;
    let mut run: Option<(usize, usize)> = None;
    let mut at = 0;
    for word in body.split_inclusive([' ', '\n']) {
        let bare = word.trim_end_matches([' ', '\n']);
        if bare.starts_with(|c: char| c.is_ascii_uppercase())
            && bare.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            run = Some((run.map_or(at, |(start, _)| start), at + bare.len()));
        } else if let Some((start, end)) = run.take() {
            let name = body[start..end].to_owned();
            let kinds = [Kind::Person, Kind::Org, Kind::Place];
            let kind = if name.contains(' ') { kinds[name.len() % 3] } else { Kind::Place };
            let next = EntityIndex(analysis.entities.len() as u32);
            let entity = *known.entry(name.clone()).or_insert(next);
            if entity == next {
                let salience = if next.0 < 2 { 0.8 } else { 0.2 };
                analysis.entities.push(Entity { kind, name, code: None, country: None, salience });
            }
            analysis.mentions.push(Mention { field: Field::Body, span: Span::new(start, end), entity });
        }
        at += word.len();
    }
    if let Some(start) = body.find('"')
        && let Some(length) = body[start + 1..].find('"')
    {
        let speaker = (!analysis.entities.is_empty()).then_some(Speaker::Entity(EntityIndex(0)));
        let span = Span::new(start, start + length + 2);
        let (kind, field) = (QuoteKind::Direct, Field::Body);
        analysis.quotes.push(Quote { kind, field, span, speaker, guess: None, confidence: 100 });
    }
    analysis
}
