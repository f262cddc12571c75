//! Articles in, their analyses out: the engine on all processors, then the person's corrections.

use super::in_force::{InForce, Revision};
use crate::analysis::{self, correct};
use crate::annotation::Analysis;
use crate::article::Article;
use crate::corrections::Corrections;
use crate::formats::Warning;
use crate::language::{self, Language};
use crate::library::{Added, Error, Library};
use crate::processors;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Fewer articles than this are analysed on one thread.
const WORTH_SHARING: usize = 8;

/// Whether articles are analysed as they come in.
#[derive(Clone, Debug)]
pub enum Depth {
    /// Titles, bodies and dates only.
    Text,
    /// Names, entities and quotes too, with the corrections in force.
    Analysis(InForce),
}

impl Depth {
    /// The corrections in force; none where nothing is analysed.
    pub fn in_force(&self) -> InForce {
        match self {
            Depth::Text => InForce::default(),
            Depth::Analysis(in_force) => in_force.clone(),
        }
    }

    /// The revision of the corrections that an analysis which begins now is made with.
    fn revision(&self) -> Revision {
        match self {
            Depth::Text => Revision::default(),
            Depth::Analysis(in_force) => in_force.revision(),
        }
    }
}

/// Articles with their analyses, ready to be stored.
#[derive(Debug, Default)]
pub struct Analysed {
    /// In the order in which the articles came.
    pub articles: Vec<(Article, Analysis)>,
    /// The articles that the engine failed on. They are among `articles`, with an empty analysis.
    pub warnings: Vec<Warning>,
    /// The corrections that the analyses were made with.
    since: Revision,
}

impl Analysed {
    /// Adds what was analysed after this. The corrections of the earlier part count as those of the whole.
    pub fn append(&mut self, next: Analysed) {
        if !self.articles.is_empty() {
            self.since = self.since.min(next.since);
        } else {
            self.since = next.since;
        }
        self.articles.extend(next.articles);
        self.warnings.extend(next.warnings);
    }

    /// Stores the articles. Those whose names were corrected after they were analysed are analysed again, so that a
    /// correction made meanwhile is never lost.
    pub fn store(self, library: &Library, depth: &Depth) -> Result<Added, Error> {
        let added = match self.articles.is_empty() {
            true => Added::default(),
            false => library.add(self.articles)?,
        };
        catch_up(library, depth, self.since)?;
        Ok(added)
    }

    /// Stores the analyses of articles that are in the library already; like [`Analysed::store`] otherwise.
    pub fn renew(self, library: &Library, depth: &Depth) -> Result<Added, Error> {
        let added = library.renew(self.articles)?;
        catch_up(library, depth, self.since)?;
        Ok(added)
    }
}

fn catch_up(library: &Library, depth: &Depth, since: Revision) -> Result<(), Error> {
    match depth {
        Depth::Text => Ok(()),
        Depth::Analysis(in_force) => in_force.catch_up(library, since),
    }
}

/// Analyses articles, in order, on all processors. An article that the engine fails on comes back with an empty analysis
/// and a warning that names it; it never takes the reader down.
pub fn analyse(articles: Vec<Article>, depth: &Depth) -> Analysed {
    analyse_with(analysis::analyze, articles, depth)
}

/// The engine: it reads a title and a body in a language.
type Engine = fn(&str, &str, Language) -> Analysis;

fn analyse_with(engine: Engine, articles: Vec<Article>, depth: &Depth) -> Analysed {
    let since = depth.revision();
    let mut articles = articles;
    for article in &mut articles {
        article.language = language::guess(&article.title, &article.body, article.language);
    }
    let corrections = match depth {
        Depth::Text => {
            let articles = articles.into_iter().map(|article| (article, Analysis::default())).collect();
            return Analysed { articles, warnings: Vec::new(), since };
        }
        Depth::Analysis(in_force) => in_force.corrections(),
    };
    let corrections = &*corrections;
    let articles = processors::each(articles, WORTH_SHARING, || {
        |article| {
            let analysis = analyse_one(engine, &article, corrections);
            (article, analysis)
        }
    });
    let failed =
        |(article, analysis): &(Article, Option<Analysis>)| analysis.is_none().then(|| failure(article));
    let warnings = articles.iter().filter_map(failed).collect();
    let whole = |(article, analysis): (Article, Option<Analysis>)| (article, analysis.unwrap_or_default());
    Analysed { articles: articles.into_iter().map(whole).collect(), warnings, since }
}

/// One analysis, corrected. `None` where the engine panics.
fn analyse_one(engine: Engine, article: &Article, corrections: &Corrections) -> Option<Analysis> {
    let Article { title, body, .. } = article;
    let language = Language::of(article.language);
    let work = || correct(corrections, title, body, language, engine(title, body, language));
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// What a person is told of an article that the engine failed on.
fn failure(article: &Article) -> Warning {
    let place = article.path.as_deref().or(article.url.as_deref()).unwrap_or(&article.source);
    let title = if article.title.is_empty() { "an article without a title" } else { &article.title };
    let message = format!(
        "could not analyse \"{title}\": internal error; the article is stored without names and quotes, please report it"
    );
    Warning::new(place, None, &message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::edition;

    fn fails_on_the_first(title: &str, body: &str, language: Language) -> Analysis {
        assert!(title != edition()[0].title, "the engine fails on this article");
        analysis::analyze(title, body, language)
    }

    #[test]
    fn an_article_that_the_engine_fails_on_is_named_and_stored() {
        let articles = edition();
        let (count, title) = (articles.len(), articles[0].title.clone());
        let depth = Depth::Analysis(InForce::default());
        let analysed = analyse_with(fails_on_the_first, articles, &depth);
        assert_eq!(analysed.articles.len(), count);
        assert_eq!(analysed.articles[0].1, Analysis::default());
        assert_ne!(analysed.articles[1].1, Analysis::default());
        let [warning] = &analysed.warnings[..] else { panic!("{:?}", analysed.warnings) };
        assert!(warning.message.contains(&title), "{warning}");
        let library = Library::temporary().expect("a library");
        assert_eq!(analysed.store(&library, &depth).expect("stored").new, count as u64);
    }
}
