//! Sound, film, pictures and files that stand beside the text of an article, as feeds name them: they are written below the
//! text, each for what it is, and their addresses go on in its list of links.

use crate::article::link::{Link, LinkKind, Medium, listed};

/// Something that is written below a text, with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Medium(Medium),
    /// A medium as another text of the article shows it.
    Shown {
        marker: String,
        url: String,
    },
    /// A page or a file that belongs to the article, and the words for it: `Transcript`.
    Page {
        words: &'static str,
        url: String,
    },
}

impl Beside {
    fn url(&self) -> &str {
        match self {
            Beside::Medium(medium) => &medium.url,
            Beside::Shown { url, .. } | Beside::Page { url, .. } => url,
        }
    }

    fn written(&self) -> String {
        match self {
            Beside::Medium(medium) => medium.marker(),
            Beside::Shown { marker, .. } => marker.clone(),
            Beside::Page { words, .. } => (*words).to_owned(),
        }
    }

    fn is_picture(&self) -> bool {
        matches!(self, Beside::Medium(medium) if medium.kind == LinkKind::Picture)
    }
}

/// The most links of a text to which more are added.
const CAP: usize = 200;

/// Writes `beside` below the text of `body`, in this order. What the text links already keeps its number there; a picture
/// that the text shows is not shown again, and a sound or a film in the text gets its length and size.
pub(super) fn add(body: &mut String, beside: &[Beside]) {
    let (text_end, links) = listed(body);
    let mut links: Vec<String> = links.into_iter().map(str::to_owned).collect();
    let mut text = body.get(..text_end).unwrap_or_default().to_owned();
    for one in beside {
        let same = |link: &String| {
            link == one.url() || one.is_picture() && picture_name(link) == picture_name(one.url())
        };
        let number = match links.iter().position(same) {
            Some(_) if one.is_picture() => continue,
            Some(at) => {
                let bare = |word| format!("[{word}] [{}]", at + 1);
                let said = match one {
                    Beside::Medium(medium) => medium.kind.word().map(bare),
                    Beside::Shown { .. } | Beside::Page { .. } => continue,
                };
                if let Some(said) = said.filter(|said| text.contains(said)) {
                    text = text.replacen(&said, &format!("{} [{}]", one.written(), at + 1), 1);
                    continue;
                }
                at + 1
            }
            None if links.len() < CAP => {
                links.push(one.url().to_owned());
                links.len()
            }
            None => continue,
        };
        text.push_str(&format!("{}{} [{number}]", gap(&text), one.written()));
    }
    if !links.is_empty() {
        for (number, link) in (1..).zip(&links) {
            let gap = if number == 1 { gap(&text) } else { "\n" };
            text.push_str(&format!("{gap}[{number}] {link}"));
        }
        *body = text;
    }
}

/// Writes lines below the text of `body`, above its list of links.
pub(super) fn add_lines(body: &mut String, lines: &str) {
    let (text_end, _) = listed(body);
    let (text, list) = body.split_at(text_end);
    let whole = format!("{text}{}{lines}{list}", gap(text));
    *body = whole;
}

/// Writes the sounds and films among `links`, which another text of the article shows, below the text of `body`.
pub fn keep(body: &mut String, links: &[Link]) {
    let played = links.iter().filter(|link| link.kind.is_played());
    let shown =
        played.filter_map(|link| Some(Beside::Shown { marker: link.marker()?, url: link.url.clone() }));
    add(body, &shown.collect::<Vec<_>>());
}

fn gap(text: &str) -> &'static str {
    if text.is_empty() { "" } else { "\n\n" }
}

/// By what pictures of different sizes are known as one: the name of the file without its size (`-300x200`).
fn picture_name(url: &str) -> &str {
    let name = url.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let Some((before, size)) = stem.rsplit_once('-') else { return stem };
    let is_size = size.split_once('x').is_some_and(|(width, height)| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits(width) && digits(height)
    });
    if is_size { before } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medium(kind: LinkKind, url: &str, seconds: u64) -> Beside {
        Beside::Medium(Medium { seconds: Some(seconds), ..Medium::new(kind, url.to_owned()) })
    }

    fn check(body: &str, beside: &[Beside], expected: &str) {
        let mut written = body.to_owned();
        add(&mut written, beside);
        assert_eq!(written, expected);
        // Again, nothing is added.
        let pictures: Vec<Beside> = beside.iter().filter(|one| one.is_picture()).cloned().collect();
        add(&mut written, &pictures);
        assert_eq!(written, expected);
    }

    #[test]
    fn each_address_has_one_number() {
        let sound = |at: &str| medium(LinkKind::Sound, at, 65);
        check("", &[sound("https://a.example/1")], "[sound 1:05] [1]\n\n[1] https://a.example/1");
        check(
            "Talk [1].\n\n[1] https://b.example/",
            &[
                sound("https://a.example/1"),
                Beside::Page { words: "Transcript", url: "https://a.example/t".to_owned() },
            ],
            "Talk [1].\n\n[sound 1:05] [2]\n\nTranscript [3]\n\n[1] https://b.example/\n[2] https://a.example/1\n[3] https://a.example/t",
        );
        // A sound that the text plays gets its length, and one that it only links is told.
        check(
            "Talk.\n\n[sound] [1]\n\n[1] https://a.example/1",
            &[sound("https://a.example/1")],
            "Talk.\n\n[sound 1:05] [1]\n\n[1] https://a.example/1",
        );
        check(
            "Download [1]\n\n[1] https://a.example/1",
            &[sound("https://a.example/1")],
            "Download [1]\n\n[sound 1:05] [1]\n\n[1] https://a.example/1",
        );
    }

    #[test]
    fn a_picture_of_the_text_is_not_shown_again() {
        let body = "[picture: A quay] [1]\n\n[1] https://a.example/quay-300x200.jpg";
        check(body, &[medium(LinkKind::Picture, "https://a.example/quay.jpg?w=1200", 0)], body);
        let other = medium(LinkKind::Picture, "https://a.example/crane.jpg", 0);
        check("", &[other], "[picture] [1]\n\n[1] https://a.example/crane.jpg");
    }

    #[test]
    fn lines_stand_above_the_list() {
        let mut body = "Talk [1].\n\n[1] https://b.example/".to_owned();
        add_lines(&mut body, "0:00 Intro\n1:00 End");
        assert_eq!(body, "Talk [1].\n\n0:00 Intro\n1:00 End\n\n[1] https://b.example/");
    }
}
