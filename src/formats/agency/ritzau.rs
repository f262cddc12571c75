//! The XML of Ritzau: `RBNews`, alone or several in an answer of its service.

use super::super::dating::recorded;
use super::super::draft::Draft;
use super::super::xml::{Element, Tree};
use super::super::{Gathered, Origin};
use super::{Notices, Versions, child, line, local, plain_or_html, without_by};

pub(in crate::formats) fn is_ritzau(text: &str) -> bool {
    let end = (0..=(8 << 10).min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.trim_start().starts_with('<') && text.get(..end).is_some_and(|head| head.contains("<RBNews"))
}

pub(in crate::formats) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut versions = Versions::default();
    Tree::without_items(text, &|name| name.rsplit(':').next() == Some("rbnews"), &mut |item| {
        let (draft, version) = draft(item);
        versions.take(draft, version);
    });
    versions.finish(origin, found);
}

fn draft(item: Element) -> (Draft, u64) {
    let one = |name: &str| child(item, name).and_then(line);
    let is = |name: &str| one(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let (body, layout) =
        child(item, "content").map(|content| plain_or_html(&content.text(), None)).unwrap_or_default();
    let tags = item.elements().filter(|element| local(*element) == "section").filter_map(line);
    let mut draft = Draft {
        title: one("headline").or_else(|| one("subtitle")).or_else(|| one("strapline")).unwrap_or_default(),
        body,
        layout,
        guid: one("newsid"),
        source: one("origin").map(|origin| origin.trim_matches('/').to_owned()),
        author: one("byline").and_then(|byline| without_by(&byline)),
        published: one("publishdate").and_then(|date| recorded(&date)),
        tags: tags.collect(),
        ..Draft::default()
    };
    let notices = Notices {
        status: if is("annuleret") { "cancelled".to_owned() } else { String::new() },
        embargo: None,
        is_correction: is("korrektion"),
        note: one("tilredaktionen").unwrap_or_default(),
    };
    notices.write(&mut draft);
    (draft, one("version").and_then(|version| version.parse().ok()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::shown;

    #[test]
    fn an_item() {
        let text = "<?xml version=\"1.0\"?>\n<RBNews><NewsID>1</NewsID><PublishDate>2022-01-03T10:00:00.397</PublishDate><headline>Bro falder</headline><origin>/desk/</origin>\
            <section>Udland</section><version>1</version><content>&lt;p&gt;Den faldt.&lt;/p&gt;&lt;p&gt;Ja.&lt;/p&gt;</content><Annuleret>false</Annuleret><Korrektion>true</Korrektion><byLine>Ana Petrova</byLine></RBNews>";
        assert_eq!(
            shown(text),
            [
                "Bro falder | 2022-01-03 | desk | Ana Petrova | 1 | corrected,Udland | [Correction of an earlier version] / Den faldt. / Ja."
            ]
        );
    }
}
