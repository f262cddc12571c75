//! NewsML-G2 (`newsMessage`, `newsItem`, `packageItem`) and NewsML 1 (`NewsML`, `NewsItem`, `NewsComponent`).
//!
//! A message holds any number of items. A package lists items by their identifiers; those that lie in the same file are
//! read, and a package whose items are elsewhere is a warning that says so.

use super::super::dating::recorded;
use super::super::draft::{Draft, Layout};
use super::super::format::first_element;
use super::super::xml::{Element, Tree};
use super::super::{Gathered, Origin, link};
use super::with_dateline;
use super::{
    Notices, Versions, body, child, first, line, line_of, local, nitf, plain_or_html, value, without_by,
};
use crate::article::date::Written;

pub(in crate::formats) fn is_g2(text: &str) -> bool {
    first_element(text).is_some_and(|(name, rest)| {
        let tag = rest.split('>').next().unwrap_or_default();
        matches!(
            name.as_str(),
            "newsmessage" | "packageitem" | "conceptitem" | "knowledgeitem" | "planningitem"
        ) || name == "newsitem" && !tag.contains("itemid")
    })
}

pub(in crate::formats) fn is_newsml1(text: &str) -> bool {
    first_element(text).is_some_and(|(name, _)| name == "newsml")
}

const ITEMS: [&str; 5] = ["newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem"];

fn is_item(name: &str) -> bool {
    ITEMS.contains(&name.rsplit(':').next().unwrap_or_default())
}

pub(in crate::formats) fn read_g2(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut versions = Versions::default();
    let mut others: Vec<(String, usize)> = Vec::new();
    let mut packages: Vec<(String, usize)> = Vec::new();
    Tree::without_items(text, &is_item, &mut |item| match local(item) {
        "newsitem" => {
            let (draft, version) = g2(item);
            if draft.title.trim().is_empty() && draft.body.trim().is_empty() {
                count(&mut others, "newsItem without a headline or a text");
            } else {
                versions.take(draft, version);
            }
        }
        "packageitem" => {
            let members = item.below().filter(|inner| local(*inner) == "itemref").count();
            let meta = child(item, "contentmeta").and_then(|meta| line_of(meta, "headline"));
            let meta = meta.or_else(|| child(item, "itemmeta").and_then(|meta| line_of(meta, "title")));
            packages.push((meta.unwrap_or_else(|| value(item, "guid").unwrap_or_default()), members));
        }
        "conceptitem" => count(&mut others, "conceptItem"),
        "knowledgeitem" => count(&mut others, "knowledgeItem"),
        _ => count(&mut others, "planningItem"),
    });
    if versions.is_empty() {
        for (title, members) in packages.iter().take(10) {
            let items = if *members == 1 { "item" } else { "items" };
            let message = format!(
                "could not read the texts of the NewsML-G2 package \"{title}\": its {members} {items} are in other files"
            );
            found.warnings.push(origin.warning(None, &message));
        }
        if packages.is_empty() && others.is_empty() {
            found.warnings.push(origin.warning(None, "could not find a news item in the NewsML-G2"));
        }
    }
    for (what, times) in others {
        let message = format!("could not read {times} of NewsML-G2's items as articles: {what}");
        found.warnings.push(origin.warning(None, &message));
    }
    versions.finish(origin, found);
}

fn count(counts: &mut Vec<(String, usize)>, what: &str) {
    match counts.iter_mut().find(|(name, _)| name == what) {
        Some((_, times)) => *times += 1,
        None => counts.push((what.to_owned(), 1)),
    }
}

fn date(element: Option<Element>, name: &str) -> Option<Written> {
    child(element?, name).and_then(|date| recorded(&date.text()))
}

/// The name, the literal or the code of a party or a subject.
fn called(element: Element) -> Option<String> {
    let code = || value(element, "qcode").map(|code| code.rsplit(':').next().unwrap_or_default().to_owned());
    child(element, "name").and_then(line).or_else(|| value(element, "literal")).or_else(code)
}

/// The draft of a `newsItem`, and the number of its version.
fn g2(item: Element) -> (Draft, u64) {
    let (meta, content) = (child(item, "itemmeta"), child(item, "contentmeta"));
    let all = |of: Option<Element<'_, '_>>, name: &'static str| -> Vec<Option<String>> {
        let elements = of.into_iter().flat_map(Element::elements);
        elements.filter(|element| local(*element) == name).map(line).collect()
    };
    let headlines: Vec<Element> =
        content.into_iter().flat_map(Element::elements).filter(|e| local(*e) == "headline").collect();
    let is_main = |headline: &&Element| {
        headline.attribute("role").is_none_or(|role| role.to_ascii_lowercase().contains("main"))
    };
    let headline = headlines.iter().find(is_main).or(headlines.first()).copied().and_then(line);
    let set = child(item, "contentset");
    let (text, layout, inner) = set.map(text_of).unwrap_or_default();
    let inner = inner.unwrap_or_default();
    let title = headline
        .or(Some(inner.title).filter(|title| !title.is_empty()))
        .or_else(|| meta.and_then(|meta| child(meta, "title")).and_then(line))
        .or_else(|| content.and_then(|content| child(content, "slugline")).and_then(line));
    let by = all(content, "by").into_iter().flatten().find_map(|by| without_by(&by));
    let people = || {
        let elements = content.into_iter().flat_map(Element::elements);
        let named: Vec<String> = elements
            .filter(|element| matches!(local(*element), "creator" | "contributor"))
            // The agency itself is no author.
            .filter(|creator| creator.attribute("role").is_none_or(|role| !role.contains("source")))
            .filter_map(|creator| child(creator, "name").and_then(line))
            .collect();
        let mut names: Vec<String> = Vec::new();
        for name in named {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        (!names.is_empty()).then(|| names.join(", "))
    };
    let provider = meta.and_then(|meta| child(meta, "provider")).and_then(called);
    let information = || content.and_then(|content| child(content, "infosource")).and_then(called);
    let credit = || content.and_then(|content| child(content, "creditline")).and_then(line);
    let holder = || first(item, "copyrightholder").and_then(called);
    // Of `reuters.com` and `Reuters` the second is the name.
    let provider = match provider {
        Some(host) if host.contains('.') && !host.contains(' ') => {
            credit().or_else(information).or(Some(host))
        }
        provider => provider,
    };
    let subjects =
        content.into_iter().flat_map(Element::elements).filter_map(|element| match local(element) {
            "keyword" => line(element),
            "subject" | "genre" => child(element, "name").and_then(line),
            _ => None,
        });
    let links = meta.into_iter().flat_map(Element::elements).filter(|element| local(*element) == "link");
    let url = links
        .filter(|link| {
            link.attribute("rel").is_some_and(|rel| rel.contains("canonical") || rel.contains("web"))
        })
        .find_map(|element| link::resolve(None, &value(element, "href")?));
    let mut draft = Draft {
        title: title.unwrap_or_default(),
        body: text,
        layout,
        url: url.or(inner.url),
        guid: value(item, "guid"),
        source: provider.or_else(information).or_else(credit).or_else(holder).or(inner.source),
        author: by.or_else(people).or(inner.author),
        published: date(meta, "versioncreated")
            .or_else(|| date(meta, "firstcreated"))
            .or_else(|| date(content, "contentcreated"))
            .or(inner.published),
        language: value(item, "xml:lang").or_else(|| {
            content.and_then(|content| child(content, "language")).and_then(|language| value(language, "tag"))
        }),
        tags: subjects.collect(),
        ..Draft::default()
    };
    if draft.body.trim().is_empty() {
        // A picture has a caption, and a summary may stand for a text that lies elsewhere.
        let elements = content.into_iter().flat_map(Element::elements);
        let described = elements.filter(|element| local(*element) == "description").find_map(|description| {
            let (text, layout) = body(description, None);
            (!text.trim().is_empty()).then_some((text, layout))
        });
        (draft.body, draft.layout) = described.unwrap_or_default();
    }
    let place = content.and_then(|content| child(content, "dateline")).and_then(line);
    // Reuters writes a time here.
    if let Some(place) = place.filter(|place| !place.starts_with(|c: char| c.is_ascii_digit())) {
        draft.body = with_dateline(&place, draft.body);
    }
    let code = |name: &str| meta.and_then(|meta| child(meta, name)).and_then(|status| value(status, "qcode"));
    let signals = meta.into_iter().flat_map(Element::elements).filter(|element| local(*element) == "signal");
    let mut signals = signals.filter_map(|signal| value(signal, "qcode"));
    let notes = all(meta, "ednote").into_iter().flatten().collect::<Vec<_>>().join(" ");
    let notices = Notices {
        status: code("pubstatus").unwrap_or_default(),
        embargo: date(meta, "embargoed"),
        is_correction: signals.any(|signal| signal.to_lowercase().contains("correct")),
        note: notes,
    };
    notices.write(&mut draft);
    (draft, value(item, "version").and_then(|version| version.parse().ok()).unwrap_or(0))
}

/// The text of a `contentSet`: XHTML, NITF or other XML, or data in the text of an element; and what an item of NITF
/// says of itself.
fn text_of(set: Element) -> (String, Layout, Option<Draft>) {
    let mut best = (String::new(), Layout::AsTyped, None);
    for part in set.elements() {
        let found = match local(part) {
            "inlinexml" => match first(part, "nitf") {
                Some(item) => {
                    let (draft, _) = nitf::draft(item);
                    (draft.body.clone(), draft.layout, Some(draft))
                }
                None => {
                    let content = first(part, "body").unwrap_or(part);
                    let (text, layout) = body(content, None);
                    let title = first(part, "title").and_then(line).unwrap_or_default();
                    (text, layout, Some(Draft { title, ..Draft::default() }))
                }
            },
            "inlinedata" if part.attribute("encoding").is_none() => {
                let (text, layout) = plain_or_html(&part.text(), None);
                (text, layout, None)
            }
            _ => continue,
        };
        // Of several renditions of one text the longest is read.
        if found.0.len() > best.0.len() {
            best = found;
        }
    }
    best
}

pub(in crate::formats) fn read_1(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut versions = Versions::default();
    let sent = text
        .get(..text.len().min(64 << 10))
        .and_then(|head| head.split("<DateAndTime>").nth(1)?.split('<').next().and_then(recorded));
    Tree::without_items(text, &is_item, &mut |item| {
        if local(item) == "newsitem" {
            for (draft, version) in newsml1(item, sent) {
                versions.take(draft, version);
            }
        }
    });
    if versions.is_empty() {
        found.warnings.push(origin.warning(None, "could not find a news item with a text in the NewsML"));
    }
    versions.finish(origin, found);
}

/// The drafts of a `NewsItem`: one, or one for each component that has a headline and a text of its own.
fn newsml1(item: Element, sent: Option<Written>) -> Vec<(Draft, u64)> {
    let named = |name: &'static str| item.below().filter(move |element| local(*element) == name);
    let formal = |name: &'static str| named(name).find_map(|element| value(element, "formalname"));
    let text = |name: &'static str| named(name).find_map(line);
    let identifier = ["providerid", "dateid", "newsitemid"].map(|part| text(part).unwrap_or_default());
    let guid = match identifier.iter().all(String::is_empty) {
        true => text("publicidentifier"),
        false => Some(format!("urn:newsml:{}", identifier.join(":"))),
    };
    let version = text("revisionid").and_then(|version| version.parse().ok()).unwrap_or(0);
    let day = |name: &'static str| named(name).find_map(|element| recorded(&element.text()));
    let published =
        day("thisrevisioncreated").or_else(|| day("firstcreated")).or_else(|| day("dateid")).or(sent);
    let party = |name: &'static str| {
        let around = named(name).next()?;
        first(around, "party").and_then(|party| value(party, "formalname"))
    };
    let source = party("provider")
        .or_else(|| party("source"))
        .or_else(|| text("creditline"))
        .or_else(|| Some(identifier[0].clone()).filter(|provider| !provider.is_empty()));
    let tags: Vec<String> = named("keywordline").filter_map(line).collect();
    // Components with a headline of their own and no such component within them.
    let has = |element: Element, name: &str| element.elements().any(|inner| local(inner) == name);
    let headed: Vec<Element> =
        named("newscomponent").filter(|component| has(*component, "newslines")).collect();
    let whole: Vec<Element> =
        headed.iter().copied().filter(|component| !written(*component).0.is_empty()).collect();
    let inner: Vec<Element> = whole
        .iter()
        .copied()
        .filter(|component| {
            let within = |inner: Element| {
                local(inner) == "newscomponent" && has(inner, "newslines") && !written(inner).0.is_empty()
            };
            !component.below().any(within)
        })
        .collect();
    let parts = if inner.len() > 1 { inner } else { vec![item] };
    let several = parts.len() > 1;
    let parts = parts.into_iter().enumerate().map(|(at, part)| {
        let own = |name: &str| line_of(part, name);
        let (body, layout) = written(part);
        let body = match own("dateline") {
            Some(place) => with_dateline(&place, body),
            None => body,
        };
        let mut draft = Draft {
            title: own("headline").or_else(|| own("title")).or_else(|| text("namelabel")).unwrap_or_default(),
            body,
            layout,
            guid: guid.clone().map(|guid| if several { format!("{guid}#{}", at + 1) } else { guid }),
            source: source.clone(),
            author: own("byline").and_then(|byline| without_by(&byline)).or_else(|| {
                let author = part.below().find(|inner| matches!(local(*inner), "creator" | "contributor"))?;
                // Initials are those of an operator.
                let name = first(author, "party").and_then(|party| value(party, "formalname"))?;
                name.chars().any(char::is_lowercase).then_some(name)
            }),
            published,
            language: formal("language").or_else(|| value(item, "xml:lang")),
            tags: tags.clone(),
            ..Draft::default()
        };
        // A revision says what it is by an instruction: `Correction`, `Update`.
        let instructed = named("instruction").filter_map(|element| value(element, "formalname"));
        let notices = Notices {
            status: formal("status").unwrap_or_default(),
            embargo: named("statuswillchange").next().and_then(|change| {
                let moment = first(change, "dateandtime")?;
                formal("status")?.to_lowercase().contains("embargo").then(|| recorded(&moment.text()))?
            }),
            is_correction: instructed.into_iter().any(|word| word.to_lowercase().contains("correct")),
            note: named("usagetype").next().map_or_else(String::new, |_| text("ednote").unwrap_or_default()),
        };
        notices.write(&mut draft);
        (draft, version)
    });
    parts.collect()
}

/// The longest text in the content items of a component.
fn written(component: Element) -> (String, Layout) {
    let mut best = (String::new(), Layout::AsTyped);
    for content in component.below().filter(|element| local(*element) == "datacontent") {
        let around = first(content, "nitf").map(|item| nitf::draft(item).0);
        let found = match around {
            Some(draft) if !draft.body.trim().is_empty() => (draft.body, draft.layout),
            _ => body(
                first(content, "body.content").or_else(|| first(content, "body")).unwrap_or(content),
                None,
            ),
        };
        if found.0.trim().len() > best.0.len() {
            best = (found.0.trim().to_owned(), found.1);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::shown;

    fn item(guid: &str, version: u32, meta: &str, headline: &str, text: &str) -> String {
        format!(
            "<newsItem guid='{guid}' version='{version}' xml:lang='en'><itemMeta><provider qcode='p:nd'><name>Northern Desk</name></provider>\
             <versionCreated>2022-01-0{version}T10:00:00Z</versionCreated>{meta}</itemMeta><contentMeta><creator><name>Ana Petrova</name></creator>\
             <keyword>bridges</keyword><subject qcode='x:1'><name>Disaster</name></subject><headline>{headline}</headline></contentMeta>\
             <contentSet><inlineXML contenttype='application/xhtml+xml'><h:html xmlns:h='x'><h:head><h:title>t</h:title></h:head><h:body>{text}</h:body></h:html></inlineXML></contentSet></newsItem>"
        )
    }

    #[test]
    fn a_message_with_several_items_and_versions() {
        let text = format!(
            "<?xml version='1.0'?><newsMessage xmlns='x'><header/><itemSet>{}{}{}<packageItem guid='p'><contentMeta><headline>Both</headline></contentMeta></packageItem></itemSet></newsMessage>",
            item(
                "urn:1",
                2,
                "<pubStatus qcode='stat:usable'/><signal qcode='sig:correction'/><edNote>Corrects the day.</edNote>",
                "Bridge falls",
                "<h:p>It fell on <h:b>Monday</h:b>.</h:p>"
            ),
            item(
                "urn:2",
                1,
                "<embargoed>2022-01-05T06:00:00Z</embargoed>",
                "Dam holds",
                "<h:p>The dam held.</h:p><h:p>So far.</h:p>"
            ),
            item("urn:1", 1, "", "Bridge fell", "<h:p>It fell on Tuesday.</h:p>"),
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls | 2022-01-02 | Northern Desk | Ana Petrova | urn:1 | corrected,bridges,Disaster | \
                 [Correction of an earlier version] / [Note of the editors: Corrects the day.] / It fell on Monday.",
                "Dam holds | 2022-01-01 | Northern Desk | Ana Petrova | urn:2 | embargo,bridges,Disaster | \
                 [Embargoed until 2022-01-05 06:00 UTC] / The dam held. / So far.",
            ]
        );
    }

    #[test]
    fn a_package_without_its_items_is_told() {
        let text = "<newsMessage><itemSet><packageItem guid='p'><contentMeta><headline>Both</headline></contentMeta>\
            <groupSet><group><itemRef residref='a'/><itemRef residref='b'/></group></groupSet></packageItem></itemSet></newsMessage>";
        assert_eq!(
            shown(text),
            ["! could not read the texts of the NewsML-G2 package \"Both\": its 2 items are in other files"]
        );
    }

    #[test]
    fn a_picture_has_its_caption_and_nitf_lies_within() {
        let picture = "<newsItem guid='u'><itemMeta><provider literal='nd.example'/></itemMeta><contentMeta><creditline>Northern Desk</creditline>\
            <headline>The river</headline><description role='drol:caption'>The river rises.</description></contentMeta>\
            <contentSet><remoteContent href='a.jpg'/></contentSet></newsItem>";
        assert_eq!(
            shown(picture).first().map(String::as_str),
            Some("The river | undated | Northern Desk | - | u |  | The river rises.")
        );
        let nitf = "<newsItem guid='u'><itemMeta/><contentSet><inlineXML><nitf><body><body.head><hedline><hl1>Bridge</hl1></hedline></body.head>\
            <body.content><p>It fell.</p></body.content></body></nitf></inlineXML></contentSet></newsItem>";
        assert_eq!(
            shown(nitf).first().map(String::as_str),
            Some("Bridge | undated | Desk | - | u |  | It fell.")
        );
    }

    #[test]
    fn newsml_1() {
        let text = "<?xml version='1.0'?><NewsML><NewsEnvelope><DateAndTime>20220103T120000Z</DateAndTime></NewsEnvelope><NewsItem>\
            <Identification><NewsIdentifier><ProviderId>nd.example</ProviderId><DateId>20220103</DateId><NewsItemId>b1</NewsItemId>\
            <RevisionId PreviousRevision='1' Update='N'>2</RevisionId></NewsIdentifier></Identification>\
            <NewsManagement><ThisRevisionCreated>20220103T110000+0100</ThisRevisionCreated><Status FormalName='Embargoed'/></NewsManagement>\
            <NewsComponent><NewsLines><HeadLine>Bridge falls</HeadLine><ByLine>By Ana Petrova</ByLine><DateLine>LOVECH, Jan 3</DateLine></NewsLines>\
            <AdministrativeMetadata><Provider><Party FormalName='Northern Desk'/></Provider></AdministrativeMetadata>\
            <NewsComponent><ContentItem><DataContent><p>The bridge fell.</p><p>Nobody was hurt.</p></DataContent></ContentItem></NewsComponent></NewsComponent></NewsItem></NewsML>";
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | Northern Desk | Ana Petrova | urn:newsml:nd.example:20220103:b1 | embargo | \
              [Embargoed] / LOVECH, Jan 3 - The bridge fell. / Nobody was hurt."
            ]
        );
    }

    #[test]
    fn components_with_their_own_headlines_are_items() {
        let part = |title: &str| {
            format!(
                "<NewsComponent><NewsLines><HeadLine>{title}</HeadLine></NewsLines><ContentItem><DataContent><p>About {title}.</p></DataContent></ContentItem></NewsComponent>"
            )
        };
        let text = format!(
            "<NewsML><NewsItem><NewsComponent><NewsLines><HeadLine>All</HeadLine></NewsLines>{}{}</NewsComponent></NewsItem></NewsML>",
            part("One"),
            part("Two")
        );
        let found: Vec<String> = shown(&text).iter().map(|line| line.chars().take(3).collect()).collect();
        assert_eq!(found, ["One", "Two", "! c"]);
    }
}
