//! Tests the analysis against texts that were marked by hand: prints the scores, and fails if one is below its floor.
//!
//! `cargo test --test gold -- --nocapture` shows the table; GOLD_ERRORS=1 also shows every difference. The texts in
//! `tests/gold/` are our own, about invented people and events. In the folders within, the first word of a file's name
//! is the kind of its text (wire, feature, opinion, other). The files have this form:
//!
//! - line 1 is the title, line 2 the date, and then the body follows, one paragraph a line;
//! - `[Blinken|person=Antony Blinken]`, `[Russian|country=RU]`, `[Geneva|place@CH]`, `[OSCE|org=Full Name]`: a mention,
//!   its kind, the entity's canonical name or code, and the country that a place lies in;
//! - `{"We are ready,"|direct=Ned Price}`, `{that it would go on|indirect=?a senior official}`, `{"…"|direct=}`: a quote
//!   with its speaker (an entity's name or code, `?` and a description, or nothing); quotes may be nested;
//! - after a line `---` come `people:` and `countries:` for the whole article.

use dateline::exports::analysis;
use dateline::exports::annotation::{Analysis, Field, Kind, QuoteKind, Speaker};
use dateline::exports::formats::edition;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What is scored: mentions by kind and in total, the sets of people and of countries, and quotes.
const MEASURES: [&str; 10] = [
    "person",
    "country",
    "place",
    "org",
    "names",
    "people",
    "countries",
    "direct",
    "direct+speaker",
    "indirect",
];

/// The sets of texts: the folder, a description, and the floors in percent, in the order of `MEASURES`. A floor is
/// raised by the commit that measured the better score.
const SETS: [(&str, &str, [f64; MEASURES.len()]); 3] = [
    (
        "",
        "texts that were read while the rules were written",
        [95.5, 98.3, 96.5, 94.0, 96.5, 95.0, 99.0, 99.5, 95.5, 96.5],
    ),
    (
        "fresh",
        "texts marked before the engine saw them; their errors were examined afterwards",
        // The rules for speakers had been fitted to these texts (95.6); the scorer that replaced them in 2026-11 was
        // not, and scores 93.8 here and the same as the rules on the unseen texts.
        [97.3, 99.3, 96.8, 94.2, 97.0, 96.0, 98.3, 99.3, 93.5, 95.5],
    ),
    (
        "unseen",
        "texts by other authors, whose errors nobody has examined; please do not examine them",
        [97.0, 99.0, 94.5, 90.5, 95.5, 96.0, 98.5, 99.0, 94.0, 90.0],
    ),
];

/// A name in a gold file: field, start, end, kind, canonical name or code.
type MarkedName = (Field, usize, usize, Kind, String);
/// A quote in a gold file: field, start, end, kind, speaker (name, code, description or nothing).
type MarkedQuote = (Field, usize, usize, QuoteKind, String);

#[derive(Default)]
struct Marked {
    title: String,
    body: String,
    names: Vec<MarkedName>,
    quotes: Vec<MarkedQuote>,
    people: BTreeSet<String>,
    countries: BTreeSet<String>,
}

#[derive(Default, Clone, Copy)]
struct Score {
    right: f64,
    found: f64,
    marked: f64,
}

impl Score {
    fn f1(self) -> f64 {
        if self.found + self.marked == 0.0 { 100.0 } else { 200.0 * self.right / (self.found + self.marked) }
    }

    fn add<T: Ord>(&mut self, found: &BTreeSet<T>, marked: &BTreeSet<T>) {
        self.right += found.intersection(marked).count() as f64;
        self.found += found.len() as f64;
        self.marked += marked.len() as f64;
    }
}

#[test]
fn scores_are_not_below_their_floors() {
    let mut low = Vec::new();
    for (folder, what, floors) in SETS {
        let (texts, report) = score_folder(folder);
        let mut scores = [Score::default(); MEASURES.len()];
        let mut kinds: BTreeMap<&str, [Score; MEASURES.len()]> = BTreeMap::new();
        for (name, of_text) in &texts {
            let kind = kinds.entry(name.split('-').next().unwrap_or_default()).or_default();
            for (index, score) in of_text.iter().enumerate() {
                scores[index] += *score;
                kind[index] += *score;
            }
        }
        println!("\n{} {what}\n{:<16}{:>7}{:>7}{:>7}{:>8}", texts.len(), "", "P", "R", "F1", "marked");
        let by_kind = kinds.len() < texts.len();
        for (index, (name, floor)) in MEASURES.iter().zip(floors).enumerate() {
            let score = scores[index];
            let percent = |of: f64| if of == 0.0 { 100.0 } else { 100.0 * score.right / of };
            let mut line = format!(
                "{name:<16}{:>7.1}{:>7.1}{:>7.1}{:>8}",
                percent(score.found),
                percent(score.marked),
                score.f1(),
                score.marked
            );
            for (kind, of_kind) in kinds.iter().filter(|_| by_kind) {
                let _ = write!(line, "  {kind} {:.1}", of_kind[index].f1());
            }
            println!("{line}");
            if score.f1() < floor {
                low.push(format!("{folder}: {name} {:.1} is below its floor of {floor}", score.f1()));
            }
        }
        if std::env::var_os("GOLD_ERRORS").is_some() {
            println!("{report}");
        }
    }
    assert!(low.is_empty(), "{}", low.join(", "));
}

/// The scores of each text in a folder, by file name, and a list of all differences.
fn score_folder(folder: &str) -> (Vec<(String, [Score; MEASURES.len()])>, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder of texts is there")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    let mut report = String::new();
    let score = |file: &std::path::PathBuf| {
        let text = fs::read_to_string(file).expect("a gold file is readable text");
        let marked = parse(&text).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
        let found =
            analysis::analyze(&marked.title, &marked.body, dateline::exports::language::Language::english());
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut scores = [Score::default(); MEASURES.len()];
        compare(&found, &marked, &mut scores, &mut report, &name);
        (name, scores)
    };
    (files.iter().map(score).collect(), report)
}

impl std::ops::AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        self.right += other.right;
        self.found += other.found;
        self.marked += other.marked;
    }
}

fn compare(found: &Analysis, marked: &Marked, scores: &mut [Score], report: &mut String, file: &str) {
    let canonical = |index: dateline::exports::annotation::EntityIndex| {
        let entity = found.entity(index);
        entity.code.map_or_else(|| entity.name.clone(), |code| code.to_string())
    };
    for (kind, score) in [Kind::Person, Kind::Country, Kind::Place, Kind::Org].into_iter().zip(0..) {
        let ours: BTreeSet<_> = found
            .mentions
            .iter()
            .filter(|mention| found.entity(mention.entity).kind == kind)
            .map(|mention| (mention.field, mention.span.start as usize, mention.span.end as usize))
            .collect();
        let theirs: BTreeSet<_> =
            marked.names.iter().filter(|name| name.3 == kind).map(|name| (name.0, name.1, name.2)).collect();
        scores[score].add(&ours, &theirs);
        scores[4].add(&ours, &theirs);
        differences(report, file, &format!("{kind:?}"), marked, &ours, &theirs);
    }
    let people: BTreeSet<String> = found
        .entities
        .iter()
        .filter(|entity| entity.kind == Kind::Person)
        .map(|entity| entity.name.clone())
        .collect();
    scores[5].add(&people, &marked.people);
    let countries: BTreeSet<String> = found.countries.iter().map(ToString::to_string).collect();
    scores[6].add(&countries, &marked.countries);
    for (what, ours, theirs) in
        [("people", &people, &marked.people), ("countries", &countries, &marked.countries)]
    {
        if ours != theirs {
            let missing: Vec<_> = theirs.difference(ours).collect();
            let extra: Vec<_> = ours.difference(theirs).collect();
            let _ = writeln!(report, "{file}: {what}: missing {missing:?}, too many {extra:?}");
        }
    }
    let speaker = |speaker: Option<&Speaker>| match speaker {
        Some(Speaker::Entity(index)) => canonical(*index),
        Some(Speaker::Description(text)) => format!("?{text}"),
        None => String::new(),
    };
    let ours: Vec<MarkedQuote> = found
        .quotes
        .iter()
        .map(|q| (q.field, q.span.start as usize, q.span.end as usize, q.kind, speaker(q.likeliest())))
        .collect();
    let spans = |quotes: &[MarkedQuote], kind: QuoteKind| -> BTreeSet<_> {
        quotes.iter().filter(|quote| quote.3 == kind).map(|quote| (quote.0, quote.1, quote.2)).collect()
    };
    let (direct, gold) = (spans(&ours, QuoteKind::Direct), spans(&marked.quotes, QuoteKind::Direct));
    scores[7].add(&direct, &gold);
    differences(report, file, "direct", marked, &direct, &gold);
    let with_speaker = |quotes: &[MarkedQuote]| -> BTreeSet<_> {
        let direct = quotes.iter().filter(|quote| quote.3 == QuoteKind::Direct);
        direct.map(|quote| (quote.0, quote.1, quote.2, quote.4.clone())).collect()
    };
    let (ours_said, gold_said) = (with_speaker(&ours), with_speaker(&marked.quotes));
    scores[8].add(&ours_said, &gold_said);
    for (field, start, end, said) in
        ours_said.difference(&gold_said).filter(|quote| gold.contains(&(quote.0, quote.1, quote.2)))
    {
        let right = gold_said.iter().find(|quote| (quote.0, quote.1, quote.2) == (*field, *start, *end));
        let right = right.map_or("", |quote| quote.3.as_str());
        let _ = writeln!(
            report,
            "{file}: speaker: {said:?} should be {right:?}: {}",
            slice(marked, *field, *start, *end)
        );
    }
    indirect(&ours, marked, &mut scores[9], report, file);
}

/// Scores indirect quotes. One counts as found if the two spans share at least half of the longer one.
fn indirect(ours: &[MarkedQuote], marked: &Marked, score: &mut Score, report: &mut String, file: &str) {
    let of = |quotes: &[MarkedQuote]| -> Vec<(Field, usize, usize)> {
        quotes
            .iter()
            .filter(|quote| quote.3 == QuoteKind::Indirect)
            .map(|quote| (quote.0, quote.1, quote.2))
            .collect()
    };
    let (ours, theirs) = (of(ours), of(&marked.quotes));
    let matches = |a: &(Field, usize, usize), b: &(Field, usize, usize)| {
        let common = a.2.min(b.2).saturating_sub(a.1.max(b.1));
        a.0 == b.0 && 2 * common >= (a.2 - a.1).max(b.2 - b.1)
    };
    score.found += ours.len() as f64;
    score.marked += theirs.len() as f64;
    score.right += theirs.iter().filter(|gold| ours.iter().any(|found| matches(found, gold))).count() as f64;
    for (what, list, other) in [("missing", &theirs, &ours), ("too many", &ours, &theirs)] {
        for span in list.iter().filter(|span| !other.iter().any(|other| matches(span, other))) {
            let _ = writeln!(report, "{file}: indirect {what}: {}", slice(marked, span.0, span.1, span.2));
        }
    }
}

fn differences(
    report: &mut String,
    file: &str,
    what: &str,
    marked: &Marked,
    ours: &BTreeSet<(Field, usize, usize)>,
    theirs: &BTreeSet<(Field, usize, usize)>,
) {
    for (field, start, end) in theirs.difference(ours) {
        let _ = writeln!(report, "{file}: {what} missing: {}", slice(marked, *field, *start, *end));
    }
    for (field, start, end) in ours.difference(theirs) {
        let _ = writeln!(report, "{file}: {what} too many: {}", slice(marked, *field, *start, *end));
    }
}

fn slice(marked: &Marked, field: Field, start: usize, end: usize) -> &str {
    let text = if field == Field::Title { &marked.title } else { &marked.body };
    text.get(start..end).unwrap_or("(not a slice)")
}

/// Parses one gold file; `Err` says what is wrong with its marks.
fn parse(text: &str) -> Result<Marked, String> {
    let (article, sets) =
        text.split_once("\n---\n").ok_or("a line --- is missing before people: and countries:")?;
    let mut lines = article.splitn(3, '\n');
    let (title, _date, body) = (lines.next().unwrap_or(""), lines.next(), lines.next().unwrap_or(""));
    let mut marked = Marked::default();
    marked.title = strip(title.trim(), Field::Title, &mut marked.names, &mut marked.quotes)?;
    marked.body = strip(body.trim(), Field::Body, &mut marked.names, &mut marked.quotes)?;
    for line in sets.lines() {
        if let Some(people) = line.strip_prefix("people:") {
            marked.people = people
                .split(';')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
        } else if let Some(countries) = line.strip_prefix("countries:") {
            marked.countries = countries.split_whitespace().map(str::to_owned).collect();
        }
    }
    Ok(marked)
}

/// Removes the marks from `text` and collects what they say.
fn strip(
    text: &str,
    field: Field,
    names: &mut Vec<MarkedName>,
    quotes: &mut Vec<MarkedQuote>,
) -> Result<String, String> {
    let mut plain = String::new();
    let mut open_quotes: Vec<usize> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '['
            && let Some((surface, label, after)) = name_mark(rest)
        {
            let start = plain.len();
            plain.push_str(surface);
            let (kind, canonical) =
                kind_of(label).ok_or_else(|| format!("unknown mark [{surface}|{label}]"))?;
            names.push((field, start, plain.len(), kind, canonical.unwrap_or(surface).to_owned()));
            rest = after;
        } else if c == '{' {
            open_quotes.push(plain.len());
            rest = &rest[1..];
        } else if let Some((label, after)) =
            (c == '|' && !open_quotes.is_empty()).then(|| rest[1..].split_once('}')).flatten()
        {
            let start = open_quotes.pop().ok_or("a quote is closed that was never opened")?;
            let (kind, speaker) = label
                .split_once('=')
                .ok_or_else(|| format!("the mark of a quote must be direct=… or indirect=…, not {label}"))?;
            let kind = match kind {
                "direct" => QuoteKind::Direct,
                "indirect" => QuoteKind::Indirect,
                other => return Err(format!("unknown quote kind {other}")),
            };
            quotes.push((field, start, plain.len(), kind, speaker.to_owned()));
            rest = after;
        } else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    if open_quotes.is_empty() {
        Ok(plain)
    } else {
        Err(format!("{} quotes are never closed", open_quotes.len()))
    }
}

/// Splits `[surface|label]` at the start of `text` from what follows; `None` for a bracket that is part of the text.
fn name_mark(text: &str) -> Option<(&str, &str, &str)> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(['[', ']'])?;
    let (surface, label) = inside[..end].split_once('|')?;
    inside[end..].starts_with(']').then(|| (surface, label, &inside[end + 1..]))
}

fn kind_of(label: &str) -> Option<(Kind, Option<&str>)> {
    let label = label.split('@').next().unwrap_or(label);
    let (kind, canonical) = match label.split_once('=') {
        Some((kind, canonical)) => (kind, Some(canonical)),
        None => (label, None),
    };
    let kind = match kind {
        "person" => Kind::Person,
        "country" => Kind::Country,
        "place" => Kind::Place,
        "org" => Kind::Org,
        _ => return None,
    };
    Some((kind, canonical))
}

/// The texts of the sample edition are the first that anybody sees, so that nothing that the program shows of them may be
/// wrong. `tests/gold/sample` has them as they were marked by a reader: every name, every quote and every speaker.
#[test]
fn the_sample_edition_is_right_in_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold/sample");
    let articles = edition();
    let mut wrong = Vec::new();
    for article in &articles {
        let path =
            article.path.as_deref().and_then(|path| path.strip_prefix("sample edition/")).expect("a path");
        let file = folder.join(path.replace('/', "-"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let marked = parse(&text).unwrap_or_else(|fault| panic!("{path}: {fault}"));
        assert_eq!((&marked.title, &marked.body), (&article.title, &article.body), "{path} was changed");
        let language = dateline::exports::language::Language::english();
        let found = analysis::analyze(&article.title, &article.body, language);
        let canonical = |index| {
            let entity = found.entity(index);
            entity.code.map_or_else(|| entity.name.clone(), |code| code.to_string())
        };
        let speaker = |speaker: Option<&Speaker>| match speaker {
            Some(Speaker::Entity(index)) => canonical(*index),
            Some(Speaker::Description(text)) => format!("?{text}"),
            None => String::new(),
        };
        let (mut ours, mut theirs) = (BTreeSet::new(), BTreeSet::new());
        for mention in &found.mentions {
            let (span, kind) = (mention.span, found.entity(mention.entity).kind);
            let place = (mention.field, span.start as usize, span.end as usize);
            ours.insert((place, format!("{kind:?} {}", canonical(mention.entity))));
        }
        for (field, start, end, kind, name) in &marked.names {
            theirs.insert(((*field, *start, *end), format!("{kind:?} {name}")));
        }
        for quote in &found.quotes {
            let place = (quote.field, quote.span.start as usize, quote.span.end as usize);
            ours.insert((place, format!("{:?} by {}", quote.kind, speaker(quote.likeliest()))));
        }
        for (field, start, end, kind, by) in &marked.quotes {
            theirs.insert(((*field, *start, *end), format!("{kind:?} by {by}")));
        }
        for (side, left) in [("missing", theirs.difference(&ours)), ("too many", ours.difference(&theirs))] {
            wrong.extend(left.map(|((field, start, end), what)| {
                format!("{path}: {side}: {what}: {}", slice(&marked, *field, *start, *end))
            }));
        }
        let people = found.entities.iter().filter(|entity| entity.kind == Kind::Person);
        let people: BTreeSet<String> = people.map(|entity| entity.name.clone()).collect();
        let countries: BTreeSet<String> = found.countries.iter().map(ToString::to_string).collect();
        assert_eq!((people, countries), (marked.people, marked.countries), "{path}");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(fs::read_dir(&folder).map_or(0, Iterator::count), articles.len(), "files without an article");
}

#[test]
fn marks_are_stripped() {
    let text = "[Ada Lovelace|person] in [Washington|place@US] [[US|country=US]]\n2026-01-05\n\
        {\"We [Danes|country=DK] go,\"|direct=?an aide} an aide said.\n---\npeople: Ada Lovelace\ncountries: DK US\n";
    let marked = parse(text).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(marked.title, "Ada Lovelace in Washington [US]");
    assert_eq!(marked.body, "\"We Danes go,\" an aide said.");
    assert_eq!(marked.names.len(), 4);
    assert_eq!(marked.quotes, [(Field::Body, 0, 14, QuoteKind::Direct, "?an aide".to_owned())]);
}
