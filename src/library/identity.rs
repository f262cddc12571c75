//! How an article is recognised when it comes again, and how a change in it is noticed.
//!
//! An article belongs to its source: another source with the same address or the same guid never takes it over. Within a
//! source it is recognised by the first of these that leads to it:
//!
//! | what comes again | what leads to the stored article | unless |
//! | --- | --- | --- |
//! | a version of an item of an agency (`article::Version`) | the identifier of the item | |
//! | an article with a guid | the guid, without scheme, fragment and tracking parameters | title, address and text are all others: then the source gives one guid to several articles |
//! | an article with a guid, others have it too | its address | its title is another, or the stored one has a guid of its own |
//! | an article without a guid | its address, without scheme and tracking parameters | the stored one has a guid |
//! | a file of one article | the path of the file | |
//! | anything else | its title and body, letter for letter | |
//!
//! What several items of one delivery have in common is no identity either; the formats see to that (`feed::apart`), since
//! only they see a delivery as a whole.

use crate::article::{Article, Version};
use crate::similar::Signature;
use crate::text::path;
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// A hash of 128 bits. It is the same on every machine and in every version, since it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hash(u128);

/// What an article is recognised by when it comes again.
#[derive(Clone, Debug)]
pub struct Recognition {
    /// The hashes under which the article may be stored, best first.
    ways: Vec<(Hash, Way)>,
    /// The hash under which it is stored where others have all the ways.
    apart: Hash,
    source: String,
    title: String,
    /// See [`plain`], with its fragment.
    address: Option<String>,
    guid: Option<String>,
    path: Option<String>,
    /// Which version of an item of an agency it is.
    version: Option<Version>,
    told: Told,
}

/// How sure a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// By the identifier that an agency gives all versions of an item.
    Item,
    /// By a guid, or by a guid that only resembles it.
    Guid,
    /// By the guid that the article has while others of its delivery have it too, or while they do not.
    OtherGuid,
    Address,
    /// As earlier versions stored it: by the address alone, whatever the source.
    AnyAddress,
    /// By the file that holds it alone, or by its text.
    Itself,
}

/// What tells whether two bodies are nearly the same.
#[derive(Clone, Debug)]
enum Told {
    Text(Box<Signature>),
    /// A body that is too short for a signature.
    Short(Hash),
}

impl Told {
    fn of(body: &str) -> Told {
        match Signature::of(body) {
            Some(signature) => Told::Text(Box::new(signature)),
            None => Told::Short(Hash::of(&[body])),
        }
    }

    fn nearly(&self, body: &str) -> bool {
        match (self, Told::of(body)) {
            (Told::Text(one), Told::Text(other)) => one.alike(&other),
            (Told::Short(one), Told::Short(other)) => *one == other && !body.is_empty(),
            _ => false,
        }
    }
}

/// What is stored of an article to which a hash leads.
#[derive(Clone, Debug)]
pub struct Holder {
    /// What the shelf calls it.
    pub place: i64,
    pub source: String,
    pub title: String,
    pub url: Option<String>,
    pub guid: Option<String>,
    pub path: Option<String>,
    pub published: Option<DateTime<Utc>>,
}

/// Where stored articles are looked up.
pub trait Shelf {
    type Error;

    /// The article that is stored under a hash.
    fn holder(&self, identity: Hash) -> Result<Option<Holder>, Self::Error>;

    /// The body of the article at `place`; empty where it cannot be read.
    fn body(&self, place: i64) -> Result<String, Self::Error>;
}

impl Recognition {
    /// The hashes under which the article may be stored.
    pub fn hashes(&self) -> impl Iterator<Item = Hash> {
        self.ways.iter().map(|(hash, _)| *hash).chain([self.apart])
    }

    pub fn of(article: &Article) -> Recognition {
        let source = &article.source;
        let path = article.path.as_ref().filter(|path| holds_one(path));
        let by_guid = |guid: &str| Hash::of(&["guid", source, guid]);
        let day = article.published.map(|published| published.timestamp().to_string()).unwrap_or_default();
        let mut ways = Vec::with_capacity(5);
        let version = Version::of(article);
        if let Some((item, _)) = article.guid.as_deref().and_then(Version::split) {
            ways.push((by_guid(&plain(item, false)), Way::Item));
        } else if let Some(guid) = &article.guid {
            ways.push((by_guid(&plain(guid, false)), Way::Guid));
            ways.push((by_guid(guid), Way::Guid));
            if let Some((former, _)) = guid.split_once(APART) {
                ways.push((by_guid(&plain(former, false)), Way::OtherGuid));
                ways.push((by_guid(former), Way::OtherGuid));
            }
            if let Some(url) = &article.url {
                ways.push((by_guid(&[guid, url.as_str()].join(APART)), Way::OtherGuid));
            }
        }
        if let (Some(url), None) = (&article.url, version) {
            ways.push((Hash::of(&["address of", source, &plain(url, true)]), Way::Address));
            if article.guid.is_none() {
                ways.push((Hash::of(&["address", url]), Way::AnyAddress));
            }
        }
        if let (None, None) = (&article.guid, &article.url) {
            let hash = match path {
                Some(path) => Hash::of(&["file", path]),
                None => Hash::of(&[&article.title, &article.body]),
            };
            ways.push((hash, Way::Itself));
        }
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let guid = or_empty(&article.guid);
        Recognition {
            ways,
            apart: Hash::of(&["apart", source, &guid, &or_empty(&article.url), &article.title, &day]),
            source: source.clone(),
            title: article.title.clone(),
            address: article.url.as_ref().map(|url| plain(url, true).into_owned()),
            guid: article.guid.clone(),
            path: article.path.clone(),
            version,
            told: Told::of(&article.body),
        }
    }

    /// The stored article that this is: its place on the shelf, and the hash under which it was found.
    pub fn find<S: Shelf>(&self, shelf: &S) -> Result<Option<(i64, Hash)>, S::Error> {
        for (hash, way) in self.ways.iter().copied().chain([(self.apart, Way::OtherGuid)]) {
            if let Some(holder) = shelf.holder(hash)?
                && self.is(&holder, way, shelf)?
            {
                return Ok(Some((holder.place, hash)));
            }
        }
        Ok(None)
    }

    /// The best hash that no other article than the one at `own` is stored under.
    pub fn free<S: Shelf>(&self, shelf: &S, own: Option<i64>) -> Result<Hash, S::Error> {
        for (hash, way) in &self.ways {
            if matches!(way, Way::OtherGuid | Way::AnyAddress) {
                continue;
            }
            let holder = shelf.holder(*hash)?;
            if holder.is_none_or(|holder| Some(holder.place) == own) {
                return Ok(*hash);
            }
        }
        Ok(self.apart)
    }

    /// Whether the stored article is a newer version of the same item, so that it stays as it is.
    pub fn is_before(&self, holder: &Holder) -> bool {
        let Some(version) = self.version else { return false };
        let number = holder.guid.as_deref().and_then(Version::split).map_or(0, |(_, number)| number);
        version.is_before(&Version { number, published: holder.published })
    }

    /// The signature of the body.
    pub fn signature(&self) -> Option<Signature> {
        match &self.told {
            Told::Text(signature) => Some(**signature),
            Told::Short(_) => None,
        }
    }

    /// The hash under which the article is stored where nothing else is.
    pub fn hash(&self) -> Hash {
        self.ways.first().map_or(self.apart, |(hash, _)| *hash)
    }

    fn is<S: Shelf>(&self, holder: &Holder, way: Way, shelf: &S) -> Result<bool, S::Error> {
        let same_title = !self.title.is_empty() && self.title == holder.title;
        let theirs = holder.url.as_deref().map(|url| plain(url, true));
        let same_address = self.address.is_some() && self.address.as_deref() == theirs.as_deref();
        Ok(match way {
            Way::Itself | Way::Item => true,
            Way::OtherGuid => same_title && self.address.as_deref() == theirs.as_deref(),
            Way::Guid => same_title || same_address || self.told.nearly(&shelf.body(holder.place)?),
            Way::Address => match (&self.guid, &holder.guid) {
                (None, None) => true,
                (Some(one), Some(other)) => same_title && is_called(one, other),
                _ => same_title,
            },
            Way::AnyAddress => {
                let same_file = self.path.is_some() && self.path == holder.path;
                holder.guid.is_none() && (self.source == holder.source || same_file)
            }
        })
    }
}

/// Whether two guids are the same, or one is what was made of the other because others of its delivery had it too.
fn is_called(one: &str, other: &str) -> bool {
    let whole = |guid: &str| plain(guid, false).into_owned();
    let former = |guid: &str| guid.split_once(APART).map(|(former, _)| whole(former));
    whole(one) == whole(other) || former(one) == Some(whole(other)) || former(other) == Some(whole(one))
}

/// What stands between a guid that several items of a delivery have and what tells them apart.
pub const APART: &str = " ";

/// Parameters that say where a reader comes from, not what is read: those that Firefox and the ClearURLs project strip from
/// the addresses of any site, and those of large publishers' feeds.
const TRACKING: [&str; 25] = [
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "_hsenc",
    "_openstat",
    "cmpid",
    "ocid",
    "ito",
    "ftag",
    "xtor",
    "smid",
    "taid",
];
/// How the names of further such parameters begin.
const TRACKING_FAMILIES: [&str; 5] = ["utm_", "at_", "ns_", "pk_", "mtm_"];

/// An address without what may change while it leads to the same article: its scheme and its tracking parameters, and its
/// fragment unless that is `kept`. A text that is no http or https address stays as it is.
pub fn plain(address: &str, kept: bool) -> Cow<'_, str> {
    let after = |scheme: &str| {
        let head = address.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| &address[scheme.len()..])
    };
    let Some(rest) = after("https:").or_else(|| after("http:")).filter(|rest| rest.starts_with("//")) else {
        return Cow::Borrowed(address);
    };
    let (rest, fragment) =
        rest.split_once('#').map_or((rest, None), |(rest, fragment)| (rest, Some(fragment)));
    let fragment = fragment.filter(|_| kept);
    let tracks = |part: &&str| {
        let name = part.split('=').next().unwrap_or_default().to_ascii_lowercase();
        TRACKING.contains(&name.as_str()) || TRACKING_FAMILIES.iter().any(|family| name.starts_with(family))
    };
    let Some((page, query)) = rest.split_once('?') else {
        return match fragment {
            None => Cow::Borrowed(rest),
            Some(fragment) => Cow::Owned(format!("{rest}#{fragment}")),
        };
    };
    let kept: Vec<&str> = query.split('&').filter(|part| !tracks(part)).collect();
    let mut plain = page.to_owned();
    if !kept.is_empty() {
        plain.push('?');
        plain.push_str(&kept.join("&"));
    }
    if let Some(fragment) = fragment {
        plain.push('#');
        plain.push_str(fragment);
    }
    Cow::Owned(plain)
}

/// What says that two articles of different sources are about one page: its address, without what does not matter for
/// that. `None` for the address of a whole site, which many articles may have in common.
pub fn page(article: &Article) -> Option<Cow<'_, str>> {
    let page = plain(article.url.as_deref()?, false);
    let (_, path) = page.strip_prefix("//")?.split_once('/')?;
    (!path.is_empty()).then_some(page)
}

/// What earlier versions recognised the article by, if that was something else: they cleaned the path of its file, so
/// that several files could have the same identity. It stands for this article only as long as there is no file at
/// that cleaned path, which is the second value.
pub fn before(article: &Article) -> Option<(Hash, String)> {
    if article.guid.is_some() || article.url.is_some() {
        return None;
    }
    let before = path::written_before(article.path.as_ref().filter(|path| holds_one(path))?)?;
    Some((Hash::of(&["file", &before]), before))
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

    /// The hash of everything that the library keeps of an article, except its file. How often a film was seen is left out: it
    /// is another number at each fetch, which is no news.
    pub fn of_article(article: &Article) -> Hash {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        Hash::of(&[
            &article.title,
            &without_views(&article.body),
            &article.source,
            &article.published.map(|published| published.timestamp().to_string()).unwrap_or_default(),
            &or_empty(&article.author),
            &or_empty(&article.url),
            &or_empty(&article.guid),
        ])
    }

    /// A positive number of 62 bits, in which every bit depends on every bit of the hash. Half of the hash is no such
    /// number: of texts that differ in a few figures at their end, many have the same half but for its last bits.
    pub fn number(self) -> i64 {
        // The last step of MurmurHash3 (Austin Appleby, public domain), over both halves.
        let mixed = |mut word: u64| {
            word = (word ^ (word >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            word = (word ^ (word >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
            word ^ (word >> 33)
        };
        let (low, high) = (self.0 as u64, (self.0 >> 64) as u64);
        (mixed(low ^ mixed(high)) >> 2) as i64
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Hash {
        Hash(u128::from_le_bytes(bytes))
    }

    /// Half of the hash.
    pub fn short(&self) -> u64 {
        (self.0 >> 64) as u64
    }

    pub fn bytes(&self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

/// A text without its lines such as `184,223 views`.
fn without_views(body: &str) -> Cow<'_, str> {
    let is_count = |line: &str| {
        let number = line.strip_suffix(" views").or_else(|| line.strip_suffix(" view"));
        number.is_some_and(|number| {
            number.starts_with(|c: char| c.is_ascii_digit())
                && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b',')
        })
    };
    if !body.lines().any(is_count) {
        return Cow::Borrowed(body);
    }
    Cow::Owned(body.lines().filter(|line| !is_count(line)).collect::<Vec<_>>().join("\n"))
}
