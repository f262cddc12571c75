//! What a link leads to, and how sound, film and pictures are written in a text.

use super::Link;

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// The page of the article itself.
    Page,
    /// Another page or file.
    Link,
    Sound,
    Video,
    Picture,
    /// A page within the page, of which nobody knows what it shows.
    Frame,
}

/// How the addresses of files end that are played or looked at.
const SOUNDS: [&str; 9] = ["mp3", "m4a", "m4b", "aac", "oga", "ogg", "opus", "flac", "wav"];
const VIDEOS: [&str; 9] = ["mp4", "m4v", "webm", "mov", "ogv", "mkv", "avi", "mpg", "m3u8"];
const PICTURES: [&str; 9] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "jxl"];

impl LinkKind {
    /// How each kind is called in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            LinkKind::Page => "page",
            LinkKind::Link => "link",
            LinkKind::Sound => "sound",
            LinkKind::Video => "video",
            LinkKind::Picture => "picture",
            LinkKind::Frame => "frame",
        }
    }

    /// How a medium is called in a text.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            LinkKind::Page | LinkKind::Link => None,
            kind => Some(kind.name()),
        }
    }

    /// The kind of a file by the end of its address; any other address is a link.
    pub fn of(url: &str) -> LinkKind {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let name = path.splitn(4, '/').nth(3).and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let Some((_, end)) = name.rsplit_once('.') else { return LinkKind::Link };
        let end = end.to_ascii_lowercase();
        let is = |ends: &[&str]| ends.contains(&end.as_str());
        match () {
            () if is(&SOUNDS) => LinkKind::Sound,
            () if is(&VIDEOS) => LinkKind::Video,
            () if is(&PICTURES) => LinkKind::Picture,
            () => LinkKind::Link,
        }
    }

    /// The kind that a media type (`audio/mpeg`) or the word for a medium (`audio`) names.
    pub fn of_type(written: &str) -> Option<LinkKind> {
        let written = written.trim().to_ascii_lowercase();
        match written.split('/').next().unwrap_or_default() {
            "audio" => Some(LinkKind::Sound),
            "video" => Some(LinkKind::Video),
            "image" => Some(LinkKind::Picture),
            "application" if written.contains("mpegurl") => Some(LinkKind::Video),
            "application" if written.contains("ogg") => Some(LinkKind::Sound),
            _ => None,
        }
    }

    /// Whether a player plays it.
    pub fn is_played(self) -> bool {
        matches!(self, LinkKind::Sound | LinkKind::Video)
    }
}

/// A sound, a film or a picture that belongs to an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    pub kind: LinkKind,
    pub url: String,
    /// How long it takes, in seconds.
    pub seconds: Option<u64>,
    /// How large its file is, in bytes.
    pub bytes: Option<u64>,
    /// Its title or its description; empty if there is none.
    pub text: String,
}

/// A size below this is not believed: feeds write 0, 1 or 1337 where they do not know it.
const LEAST_BYTES: u64 = 2_000;

impl Medium {
    pub fn new(kind: LinkKind, url: String) -> Medium {
        Medium { kind, url, seconds: None, bytes: None, text: String::new() }
    }

    /// As it is written in a text: `[sound 47:12, 43 MB: An interview]`.
    pub fn marker(&self) -> String {
        let word = self.kind.word().unwrap_or("file");
        let seconds = self.seconds.filter(|seconds| *seconds > 0).map(length);
        let bytes = self.bytes.filter(|bytes| *bytes >= LEAST_BYTES && self.kind.is_played()).map(size);
        let figures: Vec<String> = seconds.into_iter().chain(bytes).collect();
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.replace('[', "(").replace(']', ")");
        let mut marker = format!("[{word}");
        if !figures.is_empty() {
            marker.push_str(&format!(" {}", figures.join(", ")));
        }
        if !text.is_empty() {
            marker.push_str(&format!(": {text}"));
        }
        marker.push(']');
        marker
    }
}

/// A length as players show it: `47:12`, `1:02:03`.
pub fn length(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A size in decimal units: `820 kB`, `43 MB`, `1.2 GB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..=999 => format!("{bytes} bytes"),
        1_000..=999_499 => format!("{} kB", (bytes + 500) / 1_000),
        999_500..=999_499_999 => format!("{} MB", (bytes + 500_000) / 1_000_000),
        _ => {
            let tenths = (bytes / 1_000).saturating_add(50_000) / 100_000;
            format!("{}.{} GB", tenths / 10, tenths % 10)
        }
    }
}

/// Takes from a text what it says of the numbered links: `[sound 47:12, 43 MB] [1]`. Linear.
pub(super) fn describe(text: &str, links: &mut [Link]) {
    let kinds = [LinkKind::Sound, LinkKind::Video, LinkKind::Picture, LinkKind::Frame];
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        rest = &rest[at + 1..];
        let kind = kinds.into_iter().find(|kind| kind.word().is_some_and(|word| rest.starts_with(word)));
        let Some(kind) = kind else { continue };
        let Some((inner, behind)) = rest.split_once(']') else { return };
        if inner.contains(['[', '\n']) {
            continue;
        }
        let about = inner.get(kind.name().len()..).unwrap_or_default();
        let number = behind.strip_prefix(" [").and_then(|behind| behind.split_once(']'));
        let number = number.and_then(|(number, _)| number.parse::<usize>().ok());
        let link = number.and_then(|number| links.get_mut(number.checked_sub(1)?));
        if let Some(link) = link.filter(|_| about.is_empty() || about.starts_with([' ', ':'])) {
            link.kind = kind;
            link.about = about.trim_start_matches([' ', ':']).to_owned();
        }
    }
}
