//! How an article is recognised when it comes again, and how a change in it is noticed.

use crate::article::Article;
use crate::text::path;
use std::borrow::Cow;

/// What an article is recognised by: the guid within its source, else its address, else the file that holds
/// it alone, else its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    Guid { source: String, guid: String },
    Address(String),
    File(String),
    Text(Hash),
}

/// A hash of 128 bits. It is the same on every machine and in every version, since it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hash(u128);

impl Identity {
    pub fn of(article: &Article) -> Identity {
        match (&article.guid, &article.url, article.path.as_ref().filter(|path| holds_one(path))) {
            (Some(guid), ..) => Identity::Guid { source: article.source.clone(), guid: guid.clone() },
            (None, Some(url), _) => Identity::Address(url.clone()),
            (None, None, Some(path)) => Identity::File(path.clone()),
            _ => Identity::Text(Hash::of(&[&article.title, &article.body])),
        }
    }

    /// What earlier versions recognised the article by, if that was something else: they cleaned the path of its file, so
    /// that several files could have the same identity. It stands for this article only as long as there is no file at
    /// that cleaned path, which is the second value.
    pub fn before(article: &Article) -> Option<(Identity, String)> {
        match Identity::of(article) {
            Identity::File(path) => {
                let before = path::written_before(&path)?;
                Some((Identity::File(before.clone()), before))
            }
            _ => None,
        }
    }

    pub fn hash(&self) -> Hash {
        match self {
            Identity::Guid { source, guid } => Hash::of(&["guid", source, guid]),
            Identity::Address(url) => Hash::of(&["address", url]),
            Identity::File(path) => Hash::of(&["file", path]),
            Identity::Text(hash) => *hash,
        }
    }
}

/// Whether the file with this path, as `text::path` writes it, holds one article, by which the article is recognised.
fn holds_one(path: &str) -> bool {
    let path = path::written_before(path).map_or(Cow::Borrowed(path), Cow::Owned);
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    ["txt", "text", "md"].contains(&ending.as_str())
}

impl Hash {
    /// The hash of some texts in order; it also depends on where each of them ends. FNV-1a over words of eight
    /// bytes, each mixed in by a 128-bit multiplication. It need not resist forgers, who could only hide their
    /// own articles.
    pub fn of(texts: &[&str]) -> Hash {
        const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let mut hash = OFFSET;
        let mut mix = |word: u64| {
            hash = (hash ^ u128::from(word)).wrapping_mul(PRIME);
            hash ^= hash >> 64;
        };
        for text in texts {
            let (words, rest) = text.as_bytes().as_chunks::<8>();
            for word in words {
                mix(u64::from_le_bytes(*word));
            }
            let mut last = [0; 8];
            for (to, from) in last.iter_mut().zip(rest) {
                *to = *from;
            }
            mix(u64::from_le_bytes(last));
            mix(text.len() as u64);
        }
        Hash(hash)
    }

    /// The hash of everything that the library keeps of an article, except its file.
    pub fn of_article(article: &Article) -> Hash {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        Hash::of(&[
            &article.title,
            &article.body,
            &article.source,
            &article.published.map(|published| published.timestamp().to_string()).unwrap_or_default(),
            &or_empty(&article.author),
            &or_empty(&article.url),
            &or_empty(&article.guid),
        ])
    }

    pub fn bytes(&self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}
