//! Europresse's exports in HTML: one `<article>` a document or, before 2014, one table.

use super::super::draft::Draft;
use super::super::html::{self, Element, Tree};
use super::super::{Gathered, Origin};
use super::{byline, finish, head, issue_date};

pub(in crate::formats) fn is_html(text: &str) -> bool {
    head(text).contains("DocPublicationName") || text.contains("class=\"DocPublicationName\"")
}

pub(in crate::formats) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let mark = if text.contains("<article") { "<article" } else { "id=\"tbHeaderImages\"" };
    let documents = text.split(mark).skip(1).take(super::DOCUMENT_CAP + 1);
    let drafts = documents.filter_map(|part| {
        // What the tag still has of attributes is dropped with it.
        let part = part.split_once('>').map_or(part, |(_, rest)| rest);
        document(Tree::fragment(part).root())
    });
    finish(drafts.collect(), "Europresse", origin, found);
}

fn document(root: Element) -> Option<Draft> {
    let all: Vec<Element> = root.below().collect();
    let named = |wanted: &'static str| {
        all.iter().copied().filter(move |element| {
            element
                .attribute("class")
                .is_some_and(|class| class.split_whitespace().any(|name| name.eq_ignore_ascii_case(wanted)))
        })
    };
    let line = |element: Element| element.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let title_element = named("titreArticleVisu").next().or_else(|| named("titreArticle").next());
    let title = title_element.map(line).unwrap_or_default();
    // A supplement or the site of the paper may follow its name on a line of its own.
    let source = named("DocPublicationName").map(line).find(|name| !name.is_empty())?;
    let source = source.split(", no. ").next().unwrap_or_default().to_owned();
    let header = named("DocHeader").map(line).collect::<Vec<_>>().join(" ");
    let published = header
        .split([',', '•', '|'])
        .find_map(|part| issue_date(part.trim()).or_else(|| issue_date(part.trim().split_once(' ')?.1)));
    let whole = html::element_to_text(root, None, None).0;
    let mut author = named("docAuthors").next().map(line);
    let text = named("docOcurrContainer")
        .next()
        .or_else(|| named("DocText").next())
        .map(|element| html::element_to_text(element, None, None).0);
    let text = text.filter(|text| !text.trim().is_empty()).or_else(|| {
        all.iter()
            .find(|element| element.is("section"))
            .map(|section| html::element_to_text(*section, None, None).0)
    });
    let number = whole.lines().find_map(|line| {
        line.split_once("Numéro de document :").or_else(|| line.split_once("Document number:"))
    });
    let guid = number.and_then(|(_, id)| id.split_whitespace().next()).map(str::to_owned);
    let body = match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            // The author stands alone below the headline.
            let headers =
                all.iter().filter(|element| element.is("header")).flat_map(|header| header.elements());
            let after = headers.skip_while(|element| Some(line(*element)) != title_element.map(line)).nth(1);
            author = author.or_else(|| after.map(line));
            text
        }
        None => {
            // Nothing marks the text: it follows the headline, up to the copyright.
            let after = whole.split_once(title.as_str()).map_or(whole.as_str(), |(_, rest)| rest);
            let ends = ["\n©", "\nNuméro de document", "\n_©"];
            let end = ends.iter().filter_map(|mark| after.find(mark)).min().unwrap_or(after.len());
            let text = after.get(..end).unwrap_or_default().trim();
            let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
            let is_name =
                (2..=5).contains(&first.split_whitespace().count()) && !first.ends_with(['.', '!', '?', ':']);
            match is_name && !rest.trim().is_empty() {
                true => {
                    author = author.or_else(|| Some(first.to_owned()));
                    rest.to_owned()
                }
                false => text.to_owned(),
            }
        }
    };
    let draft = Draft {
        title,
        body,
        guid,
        source: Some(source),
        author: author.and_then(|author| byline(&author)),
        published: published.map(Into::into),
        ..Draft::default()
    };
    (!draft.title.is_empty() || !draft.body.trim().is_empty()).then_some(draft)
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn documents() {
        let article = |title: &str, author: &str| {
            format!(
                "<article> <header> <div> <span class=\"DocPublicationName\">Le Courrier   </span> </div> <div> <span class=\"DocHeader\">Politique, lundi 3 janvier 2022, p. 16</span> </div>\
                 <div class=\"titreArticle\"> <p class=\"titreArticleVisu\">{title}</p> </div> {author} </header> <section> <div class=\"DocText\"> <div class='docOcurrContainer'> <p>Le <mark>pont</mark> est tombé.</p><p>Voilà.</p> </div> </div> </section>\
                 <footer><small>© 2022</small> <p>Numéro de document : news·20220103·LC·1</p></footer> </article>"
            )
        };
        let text = format!(
            "<!DOCTYPE html> <html> <head> <meta charset=\"utf-8\"> <title></title></head><body>{}{}</body></html>",
            article("Le pont tombe", "<div>Ana Petrova</div>"),
            article("Le barrage tient", "")
        );
        assert_eq!(
            shown(&text),
            [
                "Le pont tombe | 2022-01-03 | Le Courrier | Ana Petrova | news·20220103·LC·1 |  | Le pont est tombé. / Voilà.",
                "Le barrage tient | 2022-01-03 | Le Courrier | - | news·20220103·LC·1 |  | Le pont est tombé. / Voilà.",
            ]
        );
    }

    #[test]
    fn documents_of_the_old_form() {
        let text = "<html xmlns:n1=\"x\"><body><table><tr><td><table id=\"tbHeaderImages\"><tr><td><br></td></tr></table><span class=\"DocPublicationName\">Le Courrier</span><br><span class=\"DocHeader\">Politique, </span>\
            <span class=\"DocHeader\">lundi </span><span class=\"DocHeader\">3 janvier 2022</span><br><br><span class=\"TitreArticleVisu\">Le pont tombe</span><br><br>Ana Petrova<br><p></p>Le pont est tombé.<p></p>Voilà.<p></p>\
            <b><i>© 2022 Le Courrier.</i></b><p></p>Numéro de document : news·1<br></td></tr></table></body></html>";
        assert_eq!(
            shown(text),
            [
                "Le pont tombe | 2022-01-03 | Le Courrier | Ana Petrova | news·1 |  | Le pont est tombé. / Voilà."
            ]
        );
    }
}
