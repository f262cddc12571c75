//! Dumps of MediaWiki, such as those of Wikinews: one article for each page of the main namespace, the newest revision.
//!
//! A dump is read page by page as it comes, in memory that does not grow with the file.

use super::super::agency::{first, line, local};
use super::super::dating::recorded;
use super::super::draft::Draft;
use super::super::format::first_element;
use super::super::records::Records;
use super::super::xml::{Element, Tree};
use super::super::{Gathered, Origin, html};
use super::wikitext;
use crate::text::clean_url;

/// The longest page with all of its revisions, in bytes.
const PAGE_CAP: usize = 64 << 20;

pub(in crate::formats) fn is_dump(text: &str) -> bool {
    first_element(text).is_some_and(|(name, _)| name == "mediawiki")
}

pub(in crate::formats) fn records(_: &Origin) -> Box<dyn Records> {
    Box::new(Dump::default())
}

#[derive(Debug, Default)]
struct Dump {
    buffer: Vec<u8>,
    /// How far the buffer is known to hold no end of a page.
    searched: usize,
    site: Option<String>,
    base: Option<String>,
    begun: bool,
    /// The rest of a page that is too long is passed over.
    passing: bool,
    others: u64,
    long: u64,
}

impl Dump {
    fn step(&mut self, origin: &Origin, found: &mut Gathered) -> bool {
        const END: &[u8] = b"</page>";
        let from = self.searched.saturating_sub(END.len());
        let Some(at) = memchr::memmem::find(self.buffer.get(from..).unwrap_or_default(), END) else {
            self.searched = self.buffer.len();
            if self.buffer.len() > PAGE_CAP {
                self.long += u64::from(!self.passing);
                self.passing = true;
                let tail = self.buffer.split_off(self.buffer.len().saturating_sub(END.len()));
                self.buffer = tail;
                self.searched = 0;
            }
            return false;
        };
        let rest = self.buffer.split_off(from + at + END.len());
        let page = std::mem::replace(&mut self.buffer, rest);
        self.searched = 0;
        if std::mem::take(&mut self.passing) {
            return true;
        }
        let text = String::from_utf8_lossy(&page);
        if !std::mem::replace(&mut self.begun, true) {
            let tree = Tree::new(&text);
            self.site = first(tree.root(), "sitename").and_then(line);
            self.base = first(tree.root(), "base").and_then(line);
        }
        // The newest of several revisions is the last one.
        Tree::without_items(&text, &|name| name == "page", &mut |page| match self.article(page) {
            Some(draft) => found.items.extend(draft.finish(origin, None, &mut found.warnings)),
            None => self.others += 1,
        });
        true
    }

    fn article(&self, page: Element) -> Option<Draft> {
        let named = |name: &'static str| page.elements().filter(move |element| local(*element) == name);
        let title = named("title").find_map(line)?;
        if named("ns").find_map(line).is_some_and(|space| space != "0") || named("redirect").next().is_some()
        {
            return None;
        }
        let revision = named("revision").last()?;
        let written = first(revision, "text")?.text();
        let read = wikitext::read(&written);
        if read.is_redirect || written.trim().is_empty() {
            return None;
        }
        let base = self.base.as_deref().and_then(|base| base.rsplit_once('/')).map(|(base, _)| base);
        let url = base.and_then(|base| clean_url(&format!("{base}/{}", title.replace(' ', "_"))));
        let (body, layout) = html::to_text(&read.html, None, url.as_deref());
        let changed = first(revision, "timestamp").and_then(line);
        Some(Draft {
            title,
            body,
            layout,
            url,
            guid: named("id").find_map(line),
            source: self.site.clone(),
            published: read.date.and_then(|date| recorded(&date)).or_else(|| recorded(&changed?)),
            tags: read.categories.into_iter().filter(|name| recorded(name).is_none()).collect(),
            ..Draft::default()
        })
    }
}

impl Records for Dump {
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered) {
        for piece in bytes.chunks(64 << 10) {
            self.buffer.extend_from_slice(piece);
            while self.step(origin, found) {}
        }
    }

    fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        while self.step(origin, found) {}
        if self.long > 0 {
            let message =
                format!("could not read {} of the wiki's pages: they are longer than 64 MiB", self.long);
            found.warnings.push(origin.warning(None, &message));
        }
        if self.others > 0 {
            let message = format!(
                "could not show {} of the wiki's pages: they are talk, redirections or empty",
                self.others
            );
            found.warnings.push(origin.warning(None, &message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn pages_of_a_dump() {
        let page = |title: &str, space: u32, text: &str| {
            format!(
                "<page><title>{title}</title><ns>{space}</ns><id>7</id><revision><id>1</id><timestamp>2022-01-05T10:00:00Z</timestamp><contributor><username>x</username></contributor><text xml:space=\"preserve\">{text}</text></revision></page>\n"
            )
        };
        let text = format!(
            "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\" xml:lang=\"en\"><siteinfo><sitename>Wikinews</sitename><base>https://en.wikinews.org/wiki/Main_Page</base></siteinfo>{}{}{}</mediawiki>",
            page(
                "Bridge falls in Lovech",
                0,
                "{{date|January 3, 2022}}\nThe [[bridge]] fell on '''Monday'''.\n\n&quot;So,&quot; said the mayor.\n\n==Sources==\n*{{source|url=https://example.org/}}\n[[Category:Bulgaria]]"
            ),
            page("Talk:Bridge", 1, "What?"),
            page("Old", 0, "#REDIRECT [[Bridge]]"),
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls in Lovech | 2022-01-03 | Wikinews | - | 7 | Bulgaria | The bridge fell on Monday. / \"So,\" said the mayor.",
                "! could not show 2 of the wiki's pages: they are talk, redirections or empty",
            ]
        );
    }
}
