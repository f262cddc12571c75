//! The sound, film, pictures and files of an item, and what podcasts and video sites say of them.
//!
//! In: an item of a feed. Out: what stands beside its text. Known are the enclosures of RSS and Atom, Media RSS
//! (`media:content`, `media:group`, `media:player`, `media:thumbnail`, `media:community`), `itunes:duration`, and the
//! chapters and transcripts of podcasts.

use super::super::media::Beside;
use super::super::xml::Element;
use super::super::{html, link};
use super::{ItemReader, MEDIA_CAP};
use crate::article::link::{LinkKind, Medium, length};

/// The most chapters of an item that are listed.
const CHAPTER_CAP: usize = 200;

impl ItemReader<'_> {
    /// What stands beside the text of an item, each address once.
    pub(super) fn beside(&self, item: Element) -> Vec<Beside> {
        let mut media: Vec<Medium> = Vec::new();
        let mut take = |medium: Option<Medium>| {
            let Some(medium) = medium else { return };
            if let Some(known) = media.iter_mut().find(|other| other.url == medium.url) {
                known.seconds = known.seconds.or(medium.seconds);
                known.bytes = known.bytes.or(medium.bytes);
                if known.text.is_empty() {
                    known.text = medium.text;
                }
            } else if media.len() < MEDIA_CAP {
                media.push(medium);
            }
        };
        self.all(item, &["enclosure"]).into_iter().for_each(|file| take(self.medium(file)));
        let links = self.all(item, &["link"]).into_iter();
        let enclosed = links.filter(|link| {
            link.attribute("rel").is_some_and(|rel| rel.trim().eq_ignore_ascii_case("enclosure"))
        });
        enclosed.for_each(|link| take(self.medium(link)));
        // An entry of Atom may have a file instead of a text.
        let contents = self.all(item, &["content"]).into_iter();
        contents
            .filter(|content| content.attribute("src").is_some())
            .for_each(|file| take(self.medium(file)));
        self.all(item, &["media:content"]).into_iter().for_each(|content| take(self.medium(content)));
        for group in self.all(item, &["media:group"]) {
            // The files of a group are one film in several sizes.
            let files = self.all(group, &["media:content"]);
            let is_default = |file: &&Element| file.attribute("isdefault").as_deref() == Some("true");
            let chosen = files.iter().find(is_default).or(files.first());
            take(chosen.and_then(|file| self.medium(*file)));
            if chosen.is_none() {
                take(self.player(group));
            }
        }
        take(self.player(item));
        let plays = media.iter().any(|medium| medium.kind.is_played());
        let seconds = self.all(item, &["itunes:duration"]).into_iter().find_map(|said| seconds(&said.text()));
        if let Some(medium) = media.iter_mut().find(|medium| medium.kind.is_played()) {
            medium.seconds = medium.seconds.or(seconds);
        }
        // A small picture stands for the film, or for the picture that is there in full.
        if !plays && !media.iter().any(|medium| medium.kind == LinkKind::Picture) {
            let groups = self.all(item, &["media:group", "media:content"]);
            let within = groups.iter().flat_map(|group| self.all(*group, &["media:thumbnail"]));
            let found = self.all(item, &["media:thumbnail"]).into_iter().chain(within);
            let picture = found.filter_map(|thumbnail| self.address(thumbnail, "url")).next();
            media.extend(picture.map(|url| Medium::new(LinkKind::Picture, url)));
        }
        let mut beside: Vec<Beside> = media.into_iter().map(Beside::Medium).collect();
        for (name, words) in [("podcast:chapters", "Chapters"), ("podcast:transcript", "Transcript")] {
            let url = self.all(item, &[name]).into_iter().find_map(|page| self.address(page, "url"));
            beside.extend(url.map(|url| Beside::Page { words, url }));
        }
        beside
    }

    /// The file that an element names; `None` if it names none.
    fn medium(&self, element: Element) -> Option<Medium> {
        let said = |name: &str| element.attribute(name).unwrap_or_default();
        let Some(written) = self
            .address(element, "url")
            .or_else(|| self.address(element, "href"))
            .or_else(|| self.address(element, "src"))
        else {
            return self.player(element);
        };
        let page = html::film_page(&written);
        let kind = match &page {
            Some(_) => LinkKind::Video,
            None => LinkKind::of_type(&said("medium"))
                .or_else(|| LinkKind::of_type(&said("type")))
                .unwrap_or_else(|| LinkKind::of(&written)),
        };
        // An enclosure that is a page is the article itself.
        if kind == LinkKind::Link && (said("type").contains("html") || said("type").is_empty()) {
            return None;
        }
        let number = |name: &str| said(name).trim().parse::<f64>().ok().filter(|number| *number >= 0.0);
        let text = self.line(element, &["media:description", "media:title"]);
        Some(Medium {
            seconds: number("duration").map(|seconds| seconds as u64).or_else(|| seconds(&said("duration"))),
            bytes: number("length").or_else(|| number("filesize")).map(|bytes| bytes as u64),
            text: text.or_else(|| Some(said("title").into_owned())).unwrap_or_default(),
            ..Medium::new(kind, page.unwrap_or(written))
        })
    }

    /// The page on which a film is played, where its file is not named.
    fn player(&self, element: Element) -> Option<Medium> {
        let players = self.all(element, &["media:player", "media:embed"]);
        let url = players.into_iter().find_map(|player| self.address(player, "url"))?;
        let page = html::film_page(&url);
        let text = self.line(element, &["media:description", "media:title"]).unwrap_or_default();
        // Those of the item itself are its own title and text.
        let text = if self.names.is_item(element.name()) { String::new() } else { text };
        Some(Medium { text, ..Medium::new(LinkKind::Video, page.unwrap_or(url)) })
    }

    fn address(&self, element: Element, name: &str) -> Option<String> {
        link::resolve(self.base.as_deref(), &element.attribute(name)?)
    }

    /// The chapters of a podcast that the item lists itself, one a line, and how often a film was seen.
    pub(super) fn figures(&self, item: Element) -> Vec<String> {
        let mut written = Vec::new();
        let chapters = self.all(item, &["psc:chapters"]);
        let chapters = chapters.iter().flat_map(|list| self.all(*list, &["psc:chapter"]));
        let chapters: Vec<String> = chapters
            .filter_map(|chapter| {
                let title = chapter.attribute("title")?;
                let start = seconds(&chapter.attribute("start")?)?;
                Some(format!("{} {}", length(start), title.split_whitespace().collect::<Vec<_>>().join(" ")))
            })
            .take(CHAPTER_CAP)
            .collect();
        if !chapters.is_empty() {
            written.push(format!("Chapters:\n{}", chapters.join("\n")));
        }
        let groups = self.all(item, &["media:group", "media:content"]);
        let around = std::iter::once(item).chain(groups);
        let communities = around.flat_map(|element| self.all(element, &["media:community"]));
        let views = communities
            .flat_map(|community| self.all(community, &["media:statistics"]))
            .find_map(|statistics| statistics.attribute("views")?.trim().parse::<u64>().ok());
        written.extend(views.map(|views| match views {
            1 => "1 view".to_owned(),
            _ => format!("{} views", grouped(views)),
        }));
        written
    }
}

/// A length as feeds write it: `47:12`, `1:02:03`, `00:47:12.000`, or seconds.
pub(super) fn seconds(written: &str) -> Option<u64> {
    let written = written.trim();
    let whole = written.split('.').next().unwrap_or_default();
    let parts: Vec<u64> = whole.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    if parts.len() > 3 {
        return None;
    }
    parts.iter().try_fold(0_u64, |sum, part| sum.checked_mul(60)?.checked_add(*part))
}

/// A number with a comma after each thousand.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_in_every_form() {
        for (written, expected) in [
            ("2832", Some(2832)),
            ("47:12", Some(2832)),
            (" 00:47:12.500 ", Some(2832)),
            ("1:02:03", Some(3723)),
            ("", None),
            ("about an hour", None),
            ("1:2:3:4", None),
        ] {
            assert_eq!(seconds(written), expected, "{written}");
        }
        assert_eq!([grouped(7), grouped(184_223), grouped(1_000_000)], ["7", "184,223", "1,000,000"]);
    }
}
