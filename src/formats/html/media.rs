//! Pictures, sound, film and frames in HTML: each is shown for what it is, `[video: The bridge] [1]`, and its address is
//! listed with the links.

use super::super::link;
use super::{Content, Element, Flow, Writer};
use crate::article::link::{LinkKind, Medium};

/// The longest `alt` of a picture that stands for one sign of the text, in characters.
const SIGN_CAP: usize = 16;

/// A picture without a text that is not larger than this, in pixels, is no part of what is told.
const ORNAMENT: u32 = 48;

/// Hosts, or the start of an address behind its scheme, whose frames play film. A leading dot stands for any host below.
const FILM_PLAYERS: [&str; 27] = [
    "youtube.com/",
    "youtube-nocookie.com/",
    "youtu.be/",
    "player.vimeo.com/",
    "vimeo.com/",
    "dailymotion.com/",
    "geo.dailymotion.com/",
    "player.twitch.tv/",
    "clips.twitch.tv/",
    "embed.ted.com/",
    "fast.wistia.net/",
    "fast.wistia.com/",
    "players.brightcove.net/",
    "cdn.jwplayer.com/",
    "content.jwplatform.com/",
    "facebook.com/plugins/video",
    "tiktok.com/embed",
    "tiktok.com/player",
    "arte.tv/embeds",
    "odysee.com/",
    "rumble.com/embed",
    "loom.com/embed",
    "streamable.com/",
    "rutube.ru/",
    "vk.com/video_ext",
    "player.bilibili.com/",
    "archive.org/embed/",
];
const SOUND_PLAYERS: [&str; 22] = [
    "w.soundcloud.com/",
    "open.spotify.com/embed",
    "embed.podcasts.apple.com/",
    "bandcamp.com/EmbeddedPlayer",
    "podcasters.spotify.com/",
    "anchor.fm/",
    "buzzsprout.com/",
    "html5-player.libsyn.com/",
    "play.libsyn.com/",
    "player.megaphone.fm/",
    "playlist.megaphone.fm/",
    "player.simplecast.com/",
    "share.transistor.fm/",
    "podbean.com/",
    "mixcloud.com/widget",
    "audioboom.com/",
    "embed.acast.com/",
    "omny.fm/",
    "spreaker.com/",
    "embed.art19.com/",
    "share.fireside.fm/",
    "player.captivate.fm/",
];

/// The kind of what a frame at `address` shows; `None` if nobody knows.
fn player(address: &str) -> Option<LinkKind> {
    let rest = address.split_once("://")?.1;
    let at = |known: &&str| {
        let (host, path) = known.split_once('/').unwrap_or((known, ""));
        let Some((own, own_path)) = rest.split_once('/') else { return false };
        let same = own == host || own.strip_suffix(host).is_some_and(|before| before.ends_with('.'));
        same && own_path.starts_with(path)
    };
    if FILM_PLAYERS.iter().any(&at) {
        return Some(LinkKind::Video);
    }
    if SOUND_PLAYERS.iter().any(at) {
        return Some(LinkKind::Sound);
    }
    // PeerTube serves these under the hosts of its owners.
    if rest.contains("/videos/embed/") {
        return Some(LinkKind::Video);
    }
    Some(LinkKind::of(address)).filter(|kind| kind.is_played())
}

/// The address of the page of a film, which players and people know, for that of a frame which shows it.
pub(in crate::formats) fn film_page(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let name = |path: &str| {
        let name = path.split(['?', '&', '/', '#']).next().unwrap_or_default();
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        (plain && !name.is_empty() && name != "videoseries").then(|| name.to_owned())
    };
    match host {
        "youtube.com" | "m.youtube.com" | "youtube-nocookie.com" => {
            let id = path.strip_prefix("embed/").or_else(|| path.strip_prefix("v/")).and_then(name)?;
            Some(format!("https://www.youtube.com/watch?v={id}"))
        }
        "player.vimeo.com" => {
            Some(format!("https://vimeo.com/{}", path.strip_prefix("video/").and_then(name)?))
        }
        "dailymotion.com" => {
            let id = path.strip_prefix("embed/video/").and_then(name)?;
            Some(format!("https://www.dailymotion.com/video/{id}"))
        }
        _ => None,
    }
}

/// The size of an element in pixels, where it says so.
fn sizes(element: Element) -> impl Iterator<Item = u32> {
    let size =
        |name| element.attribute(name).and_then(|size| size.trim_end_matches("px").parse::<u32>().ok());
    [size("width"), size("height")].into_iter().flatten()
}

/// Whether it is as small as trackers are.
fn is_tiny(element: Element) -> bool {
    sizes(element).any(|size| size < 3)
}

/// The text of an attribute on one line.
fn line(element: Element, name: &str) -> String {
    let text = element.attribute(name).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Writer<'_> {
    /// The address that one of an element's attributes has, for pages of any scheme.
    fn address(&self, element: Element, names: &[&str]) -> Option<String> {
        let written = names.iter().filter_map(|name| element.attribute(name));
        written.filter(|written| !written.trim().is_empty()).find_map(|written| {
            let written = written.trim();
            match written.strip_prefix("//") {
                Some(rest) => link::resolve(self.base, &format!("https://{rest}")),
                None => link::resolve(self.base, written),
            }
        })
    }

    /// Sound, film or a frame: what it is and a link to it. What is as small as trackers are is dropped.
    pub(super) fn embedded(&mut self, element: Element) {
        if is_tiny(element) {
            return;
        }
        let source = ["src", "data-src", "data-lazy-src", "data"];
        let inner = || {
            let inner = element.below().filter(|inner| {
                inner.is("source")
                    || inner.is("embed")
                    || inner.is("param")
                        && inner.attribute("name").is_some_and(|name| matches!(&*name, "movie" | "src"))
            });
            inner.map(|inner| self.address(inner, &["src", "value"])).find_map(|address| address)
        };
        let Some(address) = self.address(element, &source).or_else(inner) else {
            // What is shown where it cannot be played.
            if element.is("object") {
                self.content(element);
            }
            return;
        };
        let is_type = || element.attribute("type").and_then(|kind| LinkKind::of_type(&kind));
        let kind = match &*element.name() {
            "audio" => LinkKind::Sound,
            "video" => LinkKind::Video,
            _ => is_type().or_else(|| player(&address)).unwrap_or(LinkKind::Frame),
        };
        let text = match line(element, "title") {
            title if title.is_empty() => line(element, "aria-label"),
            // What a player writes there says nothing.
            title if title.to_lowercase().ends_with("video player") => String::new(),
            title => title,
        };
        let url = film_page(&address).unwrap_or(address);
        self.flow.paragraph();
        self.medium(&Medium { text, ..Medium::new(kind, url) });
        self.flow.paragraph();
    }

    /// What a medium is, and its number.
    fn medium(&mut self, medium: &Medium) {
        self.flow.text(&medium.marker());
        self.number(medium.url.clone());
    }

    /// A picture: its text, which is its description and what its author says beside it, and its number. Pictures of a
    /// pixel or two are trackers and are dropped; those that stand for a sign are that sign.
    pub(super) fn picture(&mut self, picture: Element) {
        if is_tiny(picture) {
            return;
        }
        let (alt, title) = (line(picture, "alt"), line(picture, "title"));
        let class = picture.attribute("class").unwrap_or_default().to_ascii_lowercase();
        let is_sign = ["emoji", "smiley", "emoticon"].iter().any(|word| class.contains(word))
            && alt.chars().count() <= SIGN_CAP
            || sizes(picture).any(|size| size <= 24) && alt.chars().count() <= 2;
        if is_sign {
            return self.flow.text(&alt);
        }
        let sources = ["src", "data-src", "data-lazy-src", "data-original", "data-srcset", "srcset"];
        let first = |written: &str| written.split_whitespace().next().unwrap_or_default().to_owned();
        let address = sources.iter().find_map(|name| {
            let written = picture.attribute(name)?;
            let written = if name.ends_with("srcset") { first(&written) } else { written.trim().to_owned() };
            let written =
                written.strip_prefix("//").map_or(written.clone(), |rest| format!("https://{rest}"));
            link::resolve(self.base, &written).filter(|address| !is_placeholder(address))
        });
        let text = match (alt.is_empty(), title.is_empty()) {
            (false, false) if !alt.contains(&title) && !title.contains(&alt) => format!("{alt} — {title}"),
            (_, false) if title.len() > alt.len() => title,
            _ => alt,
        };
        // Portraits and signs in the corner of a text.
        let is_ornament = sizes(picture).any(|size| size <= ORNAMENT);
        if text.is_empty() && (address.is_none() || is_ornament || !self.all_pictures && !self.in_figure) {
            return;
        }
        let medium = Medium { text, ..Medium::new(LinkKind::Picture, address.unwrap_or_default()) };
        match medium.url.is_empty() {
            true => self.flow.text(&medium.marker()),
            false => self.medium(&medium),
        }
    }
}

/// Whether an address is that of a picture which stands for one that is loaded later, or which counts readers.
fn is_placeholder(address: &str) -> bool {
    let name = address.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let names = ["pixel", "spacer", "blank", "transparent", "placeholder", "1x1", "clear", "b", "tracking"];
    let stem = name.split('.').next().unwrap_or_default();
    let is_file = name.ends_with(".gif") || name.ends_with(".png");
    is_file && names.contains(&stem)
        || address.contains("feedburner.com/~")
        || address.contains("/wp-includes/images/")
}

/// Whether an element holds a picture and no words of its own.
pub(super) fn is_picture_alone(element: Element) -> bool {
    element.below().any(|inner| inner.is("img"))
        && element.content().all(|piece| match piece {
            Content::Text(text) => text.trim().is_empty(),
            Content::Element(inner) => inner.is("img") || inner.is("picture") || is_picture_alone(inner),
        })
}

/// Writes a list of addresses below a text: whole lines `[1] https://…`.
pub(super) fn list(flow: &mut Flow, links: &[String]) {
    for (at, link) in links.iter().enumerate() {
        flow.list_edge(at > 0);
        flow.text(&format!("[{}] {link}", at + 1));
    }
}
