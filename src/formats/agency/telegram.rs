//! The telegrams of IPTC 7901 (dpa) and ANPA 1312 (AP): text between control codes, one item a file.
//!
//! The codes are SOH before the header of IPTC 7901, STX before the text, ETX after it, and SYN before ANPA's header. Lines
//! of ANPA's head end with `<` and `=`; those that begin with `^` are headline, byline and notes.

use super::super::dating::recorded;
use super::super::draft::Draft;
use super::super::{Gathered, Origin};
use super::without_by;
use crate::article::date;
use crate::text::charset;

/// How far into a text its codes are looked for, in bytes.
const HEAD: usize = 2 << 10;

/// Whether a file has the header of IPTC 7901: `SOH dpa0061 4 i 211 …`, and STX after it.
pub(in crate::formats) fn is_iptc7901(bytes: &[u8]) -> bool {
    let start = bytes.get(..HEAD).unwrap_or(bytes);
    // A teleprinter was given time by letters that print nothing.
    let first = start.iter().position(|byte| !matches!(byte, b'\r' | b'\n' | b' ' | 0 | 0x7f));
    let printed = start.iter().filter(|byte| byte.is_ascii_graphic()).count();
    first.and_then(|first| start.get(first)) == Some(&1) && start.contains(&2) && printed * 2 > start.len()
        || is_bare(start)
}

/// Whether a file is such a telegram without its control codes: `eca00075 3 i 510    dpa 1003`, and a headline that ends with
/// `=`.
fn is_bare(start: &[u8]) -> bool {
    let mut lines =
        start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    lines.take(10).any(|line| line.ends_with(b"=")) && std::str::from_utf8(first).is_ok_and(is_header)
}

/// Whether a line is the first one of a header: the service with the number, the priority, the category, and the number of words,
/// then the agency with its own number.
fn is_header(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [service, priority, category, rest @ ..] = words.as_slice() else { return false };
    let letters = service.bytes().take_while(u8::is_ascii_alphabetic).count();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    (2..=4).contains(&letters)
        && service.get(letters..).is_some_and(is_number)
        && matches!(priority.as_bytes(), [b'1'..=b'9'])
        && category.len() <= 3
        && category.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (1..=5).contains(&rest.len())
        && rest.iter().any(|word| is_number(word))
}

/// Whether a file has the marks of ANPA 1312: SYN, or lines that begin with `^` and end with `<`.
pub(in crate::formats) fn is_anpa(bytes: &[u8]) -> bool {
    let start = bytes.get(..HEAD).unwrap_or(bytes);
    if matches!(start.first(), Some(0x16 | 1)) && start.contains(&b'^') {
        return true;
    }
    let marked = |line: &&[u8]| {
        let line = line.strip_prefix(b"\x02").unwrap_or(line).trim_ascii_end();
        line.starts_with(b"^") && line.ends_with(b"<") || line.starts_with(b"^") && line.ends_with(b"=")
    };
    start.split(|byte| *byte == b'\n').take(12).filter(marked).count() >= 2
}

/// The text of a telegram. Its control codes would make it a binary file.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => charset::decode_as(bytes, "windows-1252").into_owned(),
    }
}

pub(in crate::formats) fn read_iptc7901(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    let text = decoded(bytes).replace('\u{7f}', "");
    if !text.contains('\u{2}') {
        // Without the codes an empty line ends the header, and the time stands in the last line.
        let lines = text.trim();
        let (header, rest) = lines.split_once('\n').unwrap_or((lines, ""));
        let mut end = rest.len();
        if let Some((at, _)) =
            rest.match_indices('\n').next_back().filter(|(at, _)| rest.get(*at..).and_then(sent).is_some())
        {
            end = at;
        }
        let (text, trailer) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let keywords = text.trim_start();
        let (keywords, text) = match keywords.split_once('\n') {
            Some((first, text)) if first.starts_with('/') => (first, text),
            _ => ("", keywords),
        };
        let message = format!("{header}\n{keywords}\u{2}{text}\u{3}{trailer}");
        found.items.extend(iptc7901(&message, origin).finish(origin, None, &mut found.warnings));
        return;
    }
    for message in text.split('\u{1}').filter(|message| message.contains('\u{2}')) {
        found.items.extend(iptc7901(message, origin).finish(origin, None, &mut found.warnings));
    }
}

fn iptc7901(message: &str, origin: &Origin) -> Draft {
    let (header, rest) = message.split_once('\u{2}').unwrap_or(("", message));
    let (text, trailer) = rest.split_once('\u{3}').unwrap_or((rest, ""));
    // `eca062 4 i 211 ccccb   dpa 061`: the service, the priority, the category, words, and the agency with its number.
    let mut lines = header.lines();
    let words: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    let agency = words
        .iter()
        .rev()
        .find(|word| word.len() >= 2 && word.chars().all(|c| c.is_alphabetic() || c == '-'))
        .map(|word| (*word).to_owned());
    let keywords = lines.flat_map(|line| line.split('/')).map(|word| word.trim().to_owned());
    let tags: Vec<String> = keywords.filter(|word| word.len() > 2).collect();
    // The headline ends with `=`, and may take several lines.
    let mut ends = text.match_indices('=').filter(|(at, _)| {
        let (before, after) = (text.get(..*at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        after.trim_start_matches(' ').starts_with(['\r', '\n']) && !before.ends_with(['=', '\n'])
    });
    let (head, body) = match ends.next().and_then(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((head, body)) if head.lines().count() <= 6 => (head, body),
        _ => text.trim_start().split_once('\n').unwrap_or((text, "")),
    };
    let (mut author, mut title) = (None, Vec::new());
    for line in head.lines().map(str::trim).filter(|line| !line.is_empty() && !is_version(line)) {
        match line.to_lowercase().starts_with("by ") || line.to_lowercase().starts_with("von ") {
            // `By Helen Maguire, dpa`.
            true => author = without_by(line.split_once(", ").map_or(line, |(name, _)| name)),
            false => title.push(line.trim_end_matches('+').trim_end()),
        }
    }
    // Rubrics stand above the headline: `Situation`, `France:`.
    let count = |line: &&str| line.split_whitespace().count();
    while title.len() > 1
        && title.first().is_some_and(|line| count(line) <= 2)
        && title.get(1..).is_some_and(|rest| rest.iter().map(&count).sum::<usize>() >= 4)
    {
        title.remove(0);
    }
    // A slug in place of the headline, which stands below it: `BC-Harbour-Strike`.
    let mut body = body;
    let is_slug = |line: &&str| !line.contains(' ') && line.matches('-').count() >= 2;
    let slug = title.first().copied().filter(|line| title.len() == 1 && is_slug(line));
    if let Some((headline, rest)) = slug.and_then(|_| body.trim_start_matches(['\r', '\n']).split_once('\n'))
        && !headline.trim().is_empty()
    {
        title = vec![headline.trim().trim_end_matches('+').trim_end()];
        body = rest;
    }
    // What follows is for the editors.
    let body = ["\n# dpa NOTEBOOK", "\n# Notizblock", "\n# dpa-Notizblock", "\n* * * *"]
        .iter()
        .filter_map(|mark| body.find(mark))
        .min()
        .and_then(|end| body.get(..end))
        .unwrap_or(body);
    // `==Kyodo` ends the text.
    let signed =
        body.trim_end().rsplit_once("\n==").filter(|(_, name)| name.len() < 30 && !name.contains('\n'));
    let (body, signed) = signed.map_or((body, None), |(body, name)| (body, Some(name.trim().to_owned())));
    let agency = signed.or_else(|| told(body)).or(agency);
    Draft {
        title: title.join(" "),
        body: body.trim().to_owned(),
        guid: (!words.is_empty()).then(|| words.join(" ")),
        source: agency,
        author,
        published: sent(trailer).map(Into::into),
        held: Some(origin.time),
        tags,
        ..Draft::default()
    }
}

/// Whether a line above the headline says which version this is: `2ND LEAD`, `3RD NET`, `CORRECTION`.
fn is_version(line: &str) -> bool {
    const WORDS: [&str; 10] =
        ["LEAD", "NET", "ADD", "WRAP", "REPEAT", "CORRECTION", "URGENT", "ROUNDUP", "EXTRA", "UPDATE"];
    line.split_whitespace().count() <= 3
        && !line.chars().any(char::is_lowercase)
        && line.split_whitespace().any(|word| WORDS.contains(&word))
}

/// The agency in the brackets behind the place with which a text begins: `Paris (ats afp) The`.
fn told(body: &str) -> Option<String> {
    let start: String = body.trim_start().chars().take(60).collect();
    let inner = start.split_once('(')?.1.split_once(')')?.0;
    let first = inner.split([' ', '/', ',']).next()?;
    let one_case = first.chars().all(char::is_lowercase) || first.chars().all(char::is_uppercase);
    ((2..=6).contains(&first.len()) && one_case && first.is_ascii()).then(|| first.to_owned())
}

/// The time in a trailer: `131137 GMT Nov 13` is day, hour and minute, and the year in two figures.
fn sent(trailer: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let words: Vec<&str> = trailer.split_whitespace().collect();
    // `KWS-21:37-09-12-18`.
    let closing = words.iter().find_map(|word| {
        let word = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let parts: Vec<&str> = word.split('-').collect();
        let [_, time, day, month, year] = parts.as_slice() else { return None };
        let is_time = time.len() == 5 && time.as_bytes().get(2) == Some(&b':');
        is_time.then(|| recorded(&format!("20{year}-{month}-{day}T{time}:00Z")))?
    });
    if let Some(written) = closing {
        return Some(written.moment);
    }
    let at = words.iter().position(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let figures = words.get(at)?;
    let month = words.iter().skip(at + 1).find(|word| date::month(&word.to_lowercase()).is_some())?;
    let year = words.iter().rev().find(|word| word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let (day, hour, minute) = (figures.get(..2)?, figures.get(2..4)?, figures.get(4..)?);
    date::parse(&format!("{day} {month} 20{year} {hour}:{minute}"))
}

pub(in crate::formats) fn read_anpa(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    anpa(&decoded(bytes), origin).finish_file(origin, found);
}

fn anpa(text: &str, origin: &Origin) -> Draft {
    let plain = |text: &str| text.chars().filter(|c| !c.is_control() || *c == '\t').collect::<String>();
    let lines: Vec<String> = text.lines().map(plain).collect();
    let mut lines = lines.iter().map(String::as_str).peekable();
    let mut draft = Draft { held: Some(origin.time), ..Draft::default() };
    let (mut slug, mut heads, mut notes, mut byline) = (None, Vec::new(), Vec::new(), Vec::new());
    let mut body: Vec<String> = Vec::new();
    for line in &mut lines {
        let trimmed = line.trim();
        let Some(head) = trimmed.strip_prefix('^') else {
            if let Some(moment) = closing(trimmed.trim_end_matches('<')) {
                draft.published = Some(moment.into());
                break;
            }
            if slug.is_some() && !trimmed.is_empty() {
                body.push(line.to_owned());
                break;
            }
            continue;
        };
        let head = head.trim().trim_end_matches(['<', '=']).trim();
        let lower = head.to_lowercase();
        if slug.is_none() {
            slug = Some(head.to_owned());
        } else if lower.starts_with("eds:")
            || lower.starts_with("ap photo")
            || lower.starts_with("ap graphic")
        {
            notes.push(head.to_owned());
        } else if trimmed.ends_with('=') {
            byline.push(head.to_owned());
        } else if !head.is_empty() {
            heads.push(head.to_owned());
        }
    }
    for line in lines {
        // The last line is the agency's: `AP-WF-11-13-13 1509GMT<`.
        let end = line.trim().trim_end_matches('<');
        if let Some(moment) = closing(end) {
            draft.published = Some(moment.into());
            break;
        }
        body.push(line.to_owned());
    }
    draft.author =
        byline.iter().find(|line| line.to_lowercase().starts_with("by ")).and_then(|by| without_by(by));
    let agency = byline.iter().find(|line| !line.to_lowercase().starts_with("by ")).cloned();
    draft.source = match agency {
        // `AP Sports Writer` is a person's title.
        Some(title) if title.starts_with("AP ") || title.contains("Associated Press") => {
            Some("Associated Press".to_owned())
        }
        other => other.filter(|name| {
            ["Press", "News", "Agence", "Agency", "Wire"].iter().any(|word| name.contains(word))
        }),
    };
    // The agency's own line ends the telegram.
    draft.source = draft.source.or_else(|| draft.published.map(|_| "Associated Press".to_owned()));
    draft.author = draft.author.filter(|author| !author.to_lowercase().contains("associated press"));
    // `BC-LT--Bridge,466`: the slug and the number of words.
    let slug = slug.unwrap_or_default();
    let slug = slug.rsplit_once(',').map_or(slug.as_str(), |(slug, _)| slug).trim().to_owned();
    let is_prose = |head: &&String| {
        head.chars().filter(|c| c.is_alphabetic()).count() * 2 > head.len() && head.contains(' ')
    };
    draft.title = heads.iter().find(is_prose).cloned().unwrap_or_else(|| slug.clone());
    draft.guid = (!slug.is_empty()).then_some(slug);
    let text = body.iter().map(|line| line.trim_end_matches('<')).collect::<Vec<_>>().join("\n");
    let text = text.replace("``", "“").replace("''", "”").replace(" _ ", " — ");
    draft.body = text.trim().to_owned();
    if draft.body.is_empty() {
        // A list of headlines has no other text.
        let others = heads.iter().filter(|head| **head != draft.title).chain(&notes);
        draft.body = others.cloned().collect::<Vec<_>>().join("\n");
    }
    draft
}

/// The time in the last line of a telegram of AP.
fn closing(line: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let rest = line.strip_prefix("AP-")?;
    let (stamp, time) = rest.split_once(' ')?;
    let mut parts = stamp.rsplitn(4, '-');
    let (year, day, month) = (parts.next()?, parts.next()?, parts.next()?);
    let time = time.trim().trim_end_matches("GMT").trim();
    let (hour, minute) = (time.get(..2)?, time.get(2..4)?);
    recorded(&format!("20{year}-{month}-{day}T{hour}:{minute}:00Z")).map(|written| written.moment)
}

#[cfg(test)]
mod tests {
    use super::super::shown;

    #[test]
    fn iptc_7901() {
        let text = "\u{1}nda062 4 i 211 ccccb   nde 061\r\n\r\nBulgaria-bridge/\r\n\u{2}Bridge falls in Lovech: nobody hurt\r\nBy Ana Petrova =\r\n\r\n   \
            Lovech (nde) - A bridge fell on Monday, the\r\nmayor of the town said.\r\n\r\n# dpa NOTEBOOK\r\n\r\nTel: 1\r\n\u{3}031137 GMT Jan 22 \r\n";
        assert_eq!(
            shown(text),
            [
                "Bridge falls in Lovech: nobody hurt | 2022-01-03 | nde | Ana Petrova | nda062 4 i 211 ccccb nde 061 | Bulgaria-bridge | \
              Lovech (nde) - A bridge fell on Monday, the mayor of the town said."
            ]
        );
    }

    #[test]
    fn telegrams_of_other_agencies() {
        // Letters for the teleprinter before the header, rubrics above the headline, the agency in the text.
        let swiss = "\u{7f}\u{7f}\r\n\u{7f}\u{1}bsf025 3 ec 121   etf 967\r\n\r\nBulgarie\r\n\r\n\u{2}Situation \r\nBulgarie:  \r\nUn pont tombe à Lovech,             dit la maire = \r\n \r\n   Sofia (ats afp) Un pont est tombé lundi. \r\n\r\n\u{3}031223 jan 22\r\n\r\n\u{4}\r\n";
        // Without the control codes.
        let bare = "eca00075 3 i 510    nde 1003\n\n/politics/Bulgaria/bridge/\n2ND LEAD\n3RD NET\nBridge falls in Lovech: nobody hurt\n            By Ana Petrova, nde  =\n \nLovech (nde) - A bridge fell on Monday.\n\n* * * *\nNot for publication\n\nnde hm\n\n031137 GMT Jan 22\n";
        // A slug in the place of the headline, and another form of the time.
        let slug = "\u{1}a0105PRESS\u{1f}koko-\r\nu s\u{14}\u{12} BC-Lovech-Bridge-Fall   01-03 0344\r\n\u{2}BC-Lovech-Bridge-Fall\r\n            Bridge falls in Lovech+\r\n     LOVECH, Bulgaria, Jan. 3 Press - A bridge fell.\r\n==Press\r\n\u{3}KWS-21:37-03-01-22\u{4}\r\n";
        let read = |text: &str| shown(text).join("; ");
        assert_eq!(
            read(swiss),
            "Un pont tombe à Lovech, dit la maire | 2022-01-03 | ats | - | bsf025 3 ec 121 etf 967 | Bulgarie | Sofia (ats afp) Un pont est tombé lundi."
        );
        assert_eq!(
            read(bare),
            "Bridge falls in Lovech: nobody hurt | 2022-01-03 | nde | Ana Petrova | eca00075 3 i 510 nde 1003 | politics,Bulgaria,bridge | \
             Lovech (nde) - A bridge fell on Monday."
        );
        assert!(
            read(slug).starts_with("Bridge falls in Lovech | 2022-01-03 | Press | - |"),
            "{}",
            read(slug)
        );
        assert!(read(slug).ends_with("| LOVECH, Bulgaria, Jan. 3 Press - A bridge fell."), "{}", read(slug));
    }

    #[test]
    fn anpa_1312() {
        let text = "\u{16}\u{16}\u{1}W2870\u{1f}asian\nf l\u{13}\u{11} BC-LT--Bridge     11-13 0049\n\u{2}^BC-LT--Bridge,466<\n^For Lovech, a bridge falls<\n\
            ^By ANA PETROVA=\n^Associated Press=\n\t   LOVECH, Bulgaria (AP) _ The bridge fell.\n\t   ``It fell,'' the mayor said.\n \n\u{3}\nAP-WF-11-13-13 1509GMT<\n";
        assert_eq!(
            shown(text),
            [
                "For Lovech, a bridge falls | 2013-11-13 | Associated Press | ANA PETROVA | BC-LT--Bridge |  | \
              LOVECH, Bulgaria (AP) — The bridge fell. ; “It fell,” the mayor said."
            ]
        );
    }
}
