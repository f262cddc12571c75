//! Whether a text is prose, or what else it is: a script, a style sheet, configuration, a log.
//!
//! In comes the beginning of a decoded text, and the name of its file. A text is refused only on strong evidence: by
//! its first words, by lines that prose does not have, or by the name of the file if the text does not speak against it.
//! Poems, lists of names, interviews, short notes and texts in any script are prose.

use super::super::format::first_element;
use super::*;

/// How much of a text is looked at, in bytes.
const LOOK: usize = 16 << 10;
/// The most lines that are looked at.
const LINES: usize = 200;

/// What a text is if it is not prose.
pub(super) fn other(text: &str, name: &str) -> Option<&'static Other> {
    let end = (0..=LOOK.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let text = text.get(..end).unwrap_or_default();
    let start = text.trim_start();
    if start.is_empty() {
        return None;
    }
    first_words(start).or_else(|| markup(start)).or_else(|| by_lines(text, name))
}

/// What the first words of a text say beyond doubt.
fn first_words(start: &str) -> Option<&'static Other> {
    const WORDS: &[(&str, &Other)] = &[
        ("#!/", &SCRIPT),
        ("# -*- coding", &SCRIPT),
        ("# -*- mode", &SCRIPT),
        ("<?php", &SCRIPT),
        ("<%@", &SCRIPT),
        ("{\\rtf", &RTF),
        ("\\documentclass", &LATEX),
        ("diff --git ", &PATCH),
        ("BEGIN:VCALENDAR", &CALENDAR),
        ("BEGIN:VCARD", &CARD),
        ("WEBVTT", &SUBTITLES),
        ("-----BEGIN ", &ENCODED),
        ("-- MySQL dump", &SQL),
        ("-- PostgreSQL database dump", &SQL),
        ("PRAGMA foreign_keys", &SQL),
        ("@charset \"", &STYLES),
        ("TY  - ", &RIS),
        ("version https://git-lfs.github.com/spec/", &POINTER),
        ("!OpenWayback-CDXJ", &ARCHIVE_INDEX),
        ("!context [", &ARCHIVE_INDEX),
        ("CDX N b a ", &ARCHIVE_INDEX),
        ("@relation ", &FIGURES),
        ("@RELATION ", &FIGURES),
        ("Manifest-Version: ", &CONFIGURATION),
    ];
    let found = WORDS.iter().find(|(words, _)| start.starts_with(words)).map(|(_, other)| *other);
    found.or_else(|| {
        let entry = start.strip_prefix('@').and_then(|rest| rest.split_once('{'));
        let bibtex = entry.is_some_and(|(kind, rest)| {
            kind.len() < 20 && kind.bytes().all(|byte| byte.is_ascii_alphabetic()) && rest.contains('=')
        });
        bibtex.then_some(&BIBTEX)
    })
}

/// What a text is that begins with an element that none of the formats has.
fn markup(start: &str) -> Option<&'static Other> {
    if !start.starts_with('<') {
        return None;
    }
    // A document type alone, perhaps behind a comment.
    let behind =
        start.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")).map_or(start, |(_, rest)| rest);
    if ["<!ELEMENT ", "<!ATTLIST ", "<!ENTITY "].iter().any(|sign| behind.trim_start().starts_with(sign)) {
        return Some(&XML);
    }
    let declared =
        start.starts_with("<?xml") || start.starts_with("<!DOCTYPE") || start.starts_with("<!doctype");
    let (name, rest) = first_element(start)?;
    match name.as_str() {
        "svg" => Some(&SVG),
        "urlset" | "sitemapindex" => Some(&SITE_MAP),
        "plist" | "configuration" | "project" | "manifest" if declared => Some(&CONFIGURATION),
        // A name in angle brackets may begin a note; an element is closed somewhere, or has attributes.
        _ => {
            let tag = rest.split('>').next().unwrap_or_default();
            let is_element = declared || tag.contains('=') || start.contains("</");
            let plain =
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
            (is_element && plain && !name.is_empty()).then_some(&XML)
        }
    }
}

/// What one line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Prose,
    Code,
    Style,
    Setting,
    Log,
    Rule,
    Other,
}

/// What a text is by most of its lines, where prose has none of the kind.
fn by_lines(text: &str, name: &str) -> Option<&'static Other> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES).collect();
    let kinds: Vec<Line> = lines.iter().map(|line| kind(line)).collect();
    let of = |wanted: &[Line]| kinds.iter().filter(|kind| wanted.contains(kind)).count();
    let all = kinds.len();
    let prose = of(&[Line::Prose]);
    let agent = lines.iter().any(|line| line.to_ascii_lowercase().starts_with("user-agent:"));
    if agent && of(&[Line::Rule]) * 10 >= all * 8 {
        return Some(&ROBOTS);
    }
    let code = of(&[Line::Code, Line::Style]);
    if let Some(other) = by_name(name)
        && (prose * 2 <= all || other.one == SCRIPT.one && code >= 3)
    {
        return Some(other);
    }
    // A checksum and the name of a file in each line.
    let is_sum = |line: &&&str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        [32, 40, 64, 128].contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if all >= 2 && lines.iter().filter(is_sum).count() == all {
        return Some(&ENCODED);
    }
    // Lines of an index of pages: the address with its host turned round, a time in 14 figures, and JSON or figures.
    let is_entry = |line: &&&str| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|key| key.contains(')'))
            && words
                .next()
                .is_some_and(|time| time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if all >= 1 && lines.iter().filter(is_entry).count() * 10 >= all * 9 {
        return Some(&ARCHIVE_INDEX);
    }
    if all >= 3
        && lines
            .iter()
            .filter(|line| line.contains(" --> ") && line.starts_with(|c: char| c.is_ascii_digit()))
            .count()
            * 6
            >= all
    {
        return Some(&SUBTITLES);
    }
    // Without a name the evidence must be strong.
    let codes = of(&[Line::Code, Line::Style]);
    if all >= 5 && prose * 10 <= all * 2 {
        if of(&[Line::Log]) * 10 >= all * 8 {
            return Some(&LOG);
        }
        let settings = of(&[Line::Setting]);
        if codes * 10 >= all * 6 || (codes + settings) * 10 >= all * 7 && codes * 10 >= all * 2 {
            return Some(if of(&[Line::Style]) > of(&[Line::Code]) { &STYLES } else { &SCRIPT });
        }
        if settings * 10 >= all * 8 {
            return Some(&CONFIGURATION);
        }
    }
    by_characters(text)
}

/// What a text is by its characters, if they are not those of prose: packed scripts, encoded data, columns of figures.
fn by_characters(text: &str) -> Option<&'static Other> {
    const LEAST: usize = 200;
    let (mut all, mut signs, mut letters, mut blanks) = (0, 0, 0, 0);
    for line in text.lines() {
        let line = line.trim();
        // Lines that only separate.
        let Some(first) = line.chars().next() else { continue };
        if line.chars().all(|c| c == first) {
            continue;
        }
        for c in line.chars() {
            all += 1;
            signs += usize::from(matches!(
                c,
                '{' | '}' | ';' | '=' | '(' | ')' | '<' | '>' | '&' | '$' | '_' | '[' | ']' | '\\'
            ));
            letters += usize::from(c.is_alphabetic());
            blanks += usize::from(c.is_whitespace());
        }
    }
    if all < LEAST {
        return None;
    }
    if signs * 100 > all * 9 && blanks * 100 < all * 10 {
        return Some(&SCRIPT);
    }
    if letters * 100 < all * 12 {
        return Some(&FIGURES);
    }
    let encoded = text.is_ascii()
        && blanks == 0
        && text.lines().take(20).all(|line| {
            line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        });
    encoded.then_some(&ENCODED)
}

/// What the name of a file says that it is.
fn by_name(name: &str) -> Option<&'static Other> {
    let lower = name.to_ascii_lowercase();
    let end = lower.rsplit_once('.').map_or("", |(_, end)| end);
    match lower.as_str() {
        "robots.txt" => return Some(&ROBOTS),
        "makefile" | "dockerfile" | "rakefile" | "gemfile" | "jenkinsfile" | "cmakelists.txt" => {
            return Some(&SCRIPT);
        }
        "requirements.txt" | "package-lock.json" => return Some(&CONFIGURATION),
        _ => {}
    }
    match end {
        "js" | "mjs" | "cjs" | "ts" | "tsx" | "jsx" | "py" | "rb" | "pl" | "pm" | "php" | "sh" | "bash"
        | "zsh" | "fish" | "bat" | "cmd" | "ps1" | "java" | "kt" | "scala" | "c" | "h" | "cc" | "cpp"
        | "hpp" | "cs" | "rs" | "go" | "swift" | "lua" | "r" | "jl" | "awk" | "sed" | "vim" | "el"
        | "lisp" | "clj" | "ex" | "exs" | "erl" | "hs" | "ml" | "vbs" | "gradle" | "cmake" | "mk" => {
            Some(&SCRIPT)
        }
        "css" | "scss" | "sass" | "less" => Some(&STYLES),
        "yaml" | "yml" | "toml" | "ini" | "cfg" | "conf" | "config" | "env" | "properties" | "plist"
        | "lock" | "desktop" | "service" | "htaccess" | "editorconfig" | "gitignore" => Some(&CONFIGURATION),
        "log" => Some(&LOG),
        "sql" => Some(&SQL),
        "diff" | "patch" => Some(&PATCH),
        "srt" | "vtt" | "sbv" => Some(&SUBTITLES),
        "bib" => Some(&BIBTEX),
        "ris" => Some(&RIS),
        "tex" | "sty" | "cls" => Some(&LATEX),
        "map" | "pem" | "crt" | "key" | "asc" | "b64" => Some(&ENCODED),
        _ => None,
    }
}

fn kind(line: &str) -> Line {
    if is_rule(line) {
        return Line::Rule;
    }
    if is_log(line) {
        return Line::Log;
    }
    if is_style(line) {
        return Line::Style;
    }
    if is_setting(line) {
        return Line::Setting;
    }
    if is_code(line) {
        return Line::Code;
    }
    let words = line.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count();
    let wide = line
        .chars()
        .filter(|c| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'))
        .count();
    if words >= 4 || wide >= 6 || words >= 1 && line.ends_with(['.', '!', '?', '…', '”', '"']) {
        Line::Prose
    } else {
        Line::Other
    }
}

/// A line of robots.txt.
fn is_rule(line: &str) -> bool {
    const RULES: [&str; 7] =
        ["user-agent:", "disallow:", "allow:", "sitemap:", "crawl-delay:", "host:", "noindex:"];
    let lower = line.to_ascii_lowercase();
    line.starts_with('#') || RULES.iter().any(|rule| lower.starts_with(rule))
}

/// A line that a program wrote about what it does: a time to the second, a level, or the address of who asked.
fn is_log(line: &str) -> bool {
    const LEVELS: [&str; 9] =
        ["INFO", "DEBUG", "WARN", "WARNING", "ERROR", "TRACE", "FATAL", "CRITICAL", "NOTICE"];
    let head: Vec<&str> = line.split_whitespace().take(6).collect();
    let level = head.iter().any(|word| LEVELS.contains(&word.trim_matches(['[', ']', ':', '(', ')', '|'])));
    let clock = |word: &&str| {
        let word = word.trim_start_matches('[').rsplit('T').next().unwrap_or_default();
        let bytes = word.as_bytes();
        let digits =
            |at: usize| bytes.get(at..at + 2).is_some_and(|pair| pair.iter().all(u8::is_ascii_digit));
        digits(0) && digits(3) && digits(6) && bytes.get(2) == Some(&b':') && bytes.get(5) == Some(&b':')
    };
    let timed = head.iter().take(4).any(clock);
    let asked = head.first().is_some_and(|word| {
        word.split('.').count() == 4 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    }) && line.contains('[');
    // A time alone begins the lines of live reports too.
    let day = head.first().is_some_and(|word| word.len() >= 8 && word.contains(['-', '/', '.']));
    let dated = line.starts_with('[') && timed || line.starts_with(|c: char| c.is_ascii_digit()) && day;
    timed && (level || dated) || level && dated || asked
}

/// A line of a style sheet.
fn is_style(line: &str) -> bool {
    let declaration = line.trim_end_matches('}').trim_end().strip_suffix(';').is_some_and(|line| {
        line.split(';').all(|part| {
            let Some((name, value)) = part.rsplit('{').next().unwrap_or_default().split_once(':') else {
                return false;
            };
            let name = name.trim();
            !name.is_empty()
                && !value.trim().is_empty()
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        })
    });
    let selector = line.strip_suffix('{').is_some_and(|selector| {
        let selector = selector.trim();
        selector.starts_with(['.', '#', '@', '*', ':'])
            || selector.bytes().all(|byte| byte.is_ascii_lowercase() || b" ,>:.-#0123456789".contains(&byte))
    });
    declaration || selector
}

/// A line of a program.
fn is_code(line: &str) -> bool {
    const WORDS: [&str; 40] = [
        "function ",
        "function(",
        "var ",
        "let ",
        "const ",
        "import ",
        "from ",
        "def ",
        "class ",
        "return ",
        "return;",
        "if (",
        "if(",
        "for (",
        "for(",
        "while (",
        "while(",
        "else {",
        "} else",
        "elif ",
        "try:",
        "except",
        "#include",
        "#define",
        "package ",
        "public ",
        "private ",
        "static ",
        "void ",
        "fn ",
        "pub ",
        "use ",
        "impl ",
        "struct ",
        "echo ",
        "export ",
        "//",
        "/*",
        "print(",
        "console.",
    ];
    const MARKS: [&str; 14] =
        ["=>", "==", "!=", "&&", "||", "->", "::", "();", ");", "](", "+=", "${", " = ", "({"];
    let ends = line.ends_with([';', '{', '}'])
        || line.ends_with("):")
        || line.ends_with("},")
        || line.ends_with("(");
    let begins = WORDS.iter().any(|word| line.starts_with(word));
    let marked = MARKS.iter().any(|mark| line.contains(mark));
    let called = line.contains('(')
        && line.ends_with(')')
        && line.split('(').next().is_some_and(|name| !name.contains(' '));
    // Words such as `from`, `use` and `let` begin lines of prose too.
    let bare = matches!(line, "}" | "{" | "};" | "});" | ")" | "]" | "];" | "end" | "*/" | "fi" | "done");
    let prosaic = line.ends_with(['.', '?', '!', '”'])
        || line.split_whitespace().count() > 14 && !line.ends_with([';', '{']);
    bare || called
        || !prosaic
            && !is_legend(line)
            && (marked && (ends || begins || !line.contains(' ') || line.contains(" = ")) || ends && begins)
        || line.ends_with('{') && !line.contains(". ")
        || line.ends_with("();")
        || line.ends_with(");")
        || begins
            && (line.starts_with("#include")
                || line.starts_with("import ") && line.split_whitespace().count() <= 3)
}

/// A line that says what something is, as results, legends and lists do: `Norway = 3 gold`, `A = adopted by the council`. A
/// program writes names in lower case, with marks between words, or all in capitals, and values with marks of its own.
fn is_legend(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else { return false };
    let name = name.trim();
    let words = value.split_whitespace().count();
    name.starts_with(char::is_uppercase)
        && name.split_whitespace().count() <= 4
        && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’'))
        && (name.chars().any(char::is_lowercase) && line.contains(" = ") || words >= 4)
        && !value.contains(['(', '[', '{', '"', '\\', ';', '<', '$', '='])
}

/// A line of configuration: a name, `=` and a value, or a section in brackets.
fn is_setting(line: &str) -> bool {
    let section = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if section.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-\" ".contains(&byte))
    }) {
        return true;
    }
    let Some((name, _)) = line.split_once('=') else { return line.starts_with('#') };
    let name = name.trim();
    !name.is_empty()
        && !is_legend(line)
        && !line.ends_with(';')
        && !line.contains('(')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, expected: Option<&str>) {
        let found = other(text, name).map(|other| other.one);
        assert_eq!(found, expected, "{name}: {text}");
    }

    #[test]
    fn what_is_not_prose() {
        check("robots.txt", "User-agent: *\nDisallow: /\n", Some("robots.txt, rules for crawlers"));
        check("r.txt", "User-agent: *\nDisallow: /\n", Some("robots.txt, rules for crawlers"));
        check("style.css", "body { margin: 0; }", Some("a style sheet"));
        check("a", "body {\n  margin: 0;\n  color: red;\n}\n.x {\n  top: 1px;\n}\n", Some("a style sheet"));
        check("app.js", "console.log('x');", Some("a script"));
        check("a.py", "import os\nprint(1)", Some("a script"));
        check(
            "a",
            "function f(x) {\n  var y = x + 1;\n  if (y > 2) {\n    return y;\n  }\n}\nf(3);\n",
            Some("a script"),
        );
        check("conf.yaml", "a: 1\nb: 2\n", Some("configuration"));
        check("a", "# -*- coding: utf-8; -*-\n# The parser of the wire.\nimport wire\n", Some("a script"));
        // Long strings are read as prose, line by line.
        let said =
            "        self.assertEqual(item.head, \"The bridge over the river fell on Monday.\")\n".repeat(9);
        check(
            "t.py",
            &format!(
                "import wire\n\n\nclass Test(Case):\n    def test(self):\n        item = read()\n{said}"
            ),
            Some("a script"),
        );
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4665a5ea423c2713d436b5ee50593a9640e0018c1550b5a0002f74190d6caea8\nsize 12\n";
        check("news.csv", pointer, Some("a pointer to a large file of Git"));
        let index = "org,example)/ 20220103100000 {\"url\": \"http://example.org/\", \"status\": \"200\"}\n";
        check("a.cdxj", &index.repeat(3), Some("the index of a web archive"));
        check(
            "sums.txt",
            "d41d8cd98f00b204e9800998ecf8427e  a.txt\n0cc175b9c0f1b6a831c399e269772661  b.txt\n",
            Some("encoded data"),
        );
        check("MANIFEST.MF", "Manifest-Version: 1.0\nBundle-Vendor: Press\n", Some("configuration"));
        check(
            "links.dtd",
            "<!-- Links of a page. -->\n<!ELEMENT links (link)+>\n",
            Some("XML that is not news"),
        );
        check("a", "[core]\nname = x\nsize = 3\nkeys=none\ncolour=red\n", Some("configuration"));
        check("crawl.log", "2022-01-03 10:00:00 INFO start\n", Some("a log"));
        let log = "2022-01-03 10:00:00,123 INFO crawl: fetched a page of the paper\n".repeat(6);
        check("a", &log, Some("a log"));
        let asked = "10.0.0.1 - - [03/Jan/2022:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 12\n".repeat(6);
        check("a", &asked, Some("a log"));
        check("a", "#!/bin/sh\necho a\n", Some("a script"));
        check(
            "logo.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>",
            Some("an SVG picture"),
        );
        check("s.xml", "<?xml version='1.0'?><urlset><url><loc>x</loc></url></urlset>", Some("a site map"));
        check("x.xml", "<?xml version='1.0'?><catalog><book/></catalog>", Some("XML that is not news"));
        check("a.txt", "1\n00:00:01,000 --> 00:00:02,000\nHello there.\n", Some("subtitles"));
        check("a", &"function(a,b){return a(b)&&c[d]};".repeat(20), Some("a script"));
        check("a", &"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkw\n".repeat(8), Some("encoded data"));
        check("a", &"12.5 13.7 88.1 92.4 11.0\n".repeat(20), Some("figures without text"));
        check("a", "@article{x,\n title = {A},\n}", Some("a bibliography (BibTeX)"));
        check("a", "{\\rtf1\\ansi Hello}", Some("RTF"));
    }

    #[test]
    fn what_may_be_prose() {
        for text in [
            "",
            "A note.",
            "Bridge falls",
            "Ana Petrova\nJon Okafor\nLi Wei\nMaria Lopez\nSam Berg\n",
            "Roses are red,\nviolets are blue,\nthe bridge is down,\nand so are you.",
            "ANA: Yes.\nJON: No.\nANA: Why?\nJON: Because.\nANA: Fine.\nJON: Well then.\n",
            "Q: Who fell?\nA: Nobody.\nQ: And the bridge?\nA: It did.\nQ: When?\nA: Monday.\n",
            "Shopping: milk; bread; eggs;\nfor Monday: fish;\nfor Tuesday: rice;\nfor Sunday: soup;\nthen: tea;\n",
            "10:00 The mayor arrives.\n10:05 He speaks.\n10:30 He leaves.\n11:00 The bridge is closed.\n12:00 Rain.\n",
            "大桥周一倒塌，市长说没有人受伤。\n新桥将于春天建成。",
            "ภาษาไทยไม่มีช่องว่างระหว่างคำ และข่าวนี้เป็นข่าวสั้น",
            "From Monday on the bridge is closed\nif the rain goes on\nfor a week more\nthe ferry stops\nuse the road\n",
            "<Ana> it fell\n<Jon> when?\n<Ana> Monday\n",
            "Prices rose 5% (6% in May) & fell again: wheat $2.50, corn $1.30; rice [best] = none.",
            "========\nBridge falls\n========\n\nIt fell.",
            "- milk\n- bread\n* eggs\n1. fish\n2. rice\n",
            "10:00:05 The mayor arrives.\n10:05:30 He speaks.\n10:30:10 Rain.\n11:00:00 It closes.\n12:00:00 The end.\n",
            "Let x = 1 and y = 2. Then x + y = 3, (x + y)^2 = 9, and f(x) = x^2 for all x in [0, 1]; see [2] and {3}. \
             Let x = 1 and y = 2. Then x + y = 3, (x + y)^2 = 9, and f(x) = x^2 for all x in [0, 1]; see [2] and {3}.",
            "Norway = 3 gold, 1 silver\nSweden = 2 gold\nPeru = 1 bronze\nChad = none\nFiji = none\nTonga = none\n",
            "A = adopted by the council\nB = put off until the spring\nC = refused by the mayor\nD = sent back to the board\n\
             E = not yet read by anyone\n",
            "let us go then\nyou and I\nwhen the evening is spread out\nimport nothing\nreturn to the sea\nclass dismissed\n",
        ] {
            check("note.txt", text, None);
        }
        // A name that promises a script, and a text that is none.
        check(
            "letter.log",
            "We set out on Monday in the rain, all four of us.\nThe ferry was late, as it always is.\n",
            None,
        );
    }
}
