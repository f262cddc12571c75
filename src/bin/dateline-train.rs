//! Makes the assets of the analysis. See ARCHITECTURE.md.

use dateline::train::{self, Rule, Task};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage:
  dateline-train cities CITIES              GeoNames' cities15000.json → large.txt and doubles.tsv beside it
  dateline-train world ATLAS CODES          countries-110m.json and codes.json → assets/world.tsv
  dateline-train gazetteers DATA            lists of names in DATA/gazetteers → assets/gazetteers/names.bin
  dateline-train abroad NAMES DATES         CLDR's folders of names and dates in JSON → assets/gazetteers/abroad.tsv
  dateline-train forenames DATA             lists of forenames in DATA/gazetteers → assets/forenames.txt
  dateline-train tagger DATA OUT [OPTION…]  corpora in DATA/ner, vectors in DATA/vectors → the tagger's model
      no-conll no-silver dev                what is learnt from
      silver=N gold=N                       passes
      window=N hidden=N least=N seed=N      the net, the rarest feature kept, chance
  dateline-train salience LABELS ARTICLES   what labelled articles are about → assets/salience.tsv
  dateline-train speakers DATA [OUT] [OPTION…]  labelled quotes in DATA/quotes → who said it; tables, and the asset OUT
      folds=N trees=N rate=X penalty=X politics=X reported=X
                                            cross-validation (0: none), the second pass, the first, weights
      errors ablate half                    lists errors; leaves groups of features out; learns from half alone
  dateline-train score DATA MODEL           scores a model on the dev files in DATA/ner
  dateline-train eval-names CORPORA [RULES] scores of the whole analysis on CORPORA/*.dev.tsv, by set and kind
  dateline-train eval-tokens CORPORA        gold edges inside tokens, and sentence ends, on the same
  dateline-train faults-quotes CORPORA      the quotes that are missed or given to another speaker
  dateline-train eval-quotes CORPORA [RULES]  quotes and their speakers on CORPORA/polnear.dev.jsonl
  dateline-train eval-speakers LABELS ARTICLES [RULES]  speakers against labelled articles
  dateline-train eval-reported DATA [RULES] reported clauses against those labelled in DATA/quotes
      --without RULE                        scores without one rule
      --ablate                              a table of what each rule is worth
  dateline-train eval-places ARTICLES REUTERS  countries against Reuters-21578's own, articles as JSON Lines
  dateline-train eval-feeds SUITE           feeds against the folder `tests` of Python's feedparser
  dateline-train faults CORPORA             the names that went wrong, with their context";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["gazetteers", data] => train::gazetteers::build(Path::new(data)).map_err(|fault| fault.to_string()),
        ["cities", cities] => train::cities::build(Path::new(cities)).map_err(|fault| fault.to_string()),
        ["world", atlas, codes] => {
            train::world::build(Path::new(atlas), Path::new(codes)).map_err(|fault| fault.to_string())
        }
        ["abroad", names, dates] => {
            train::abroad::build(Path::new(names), Path::new(dates)).map_err(|fault| fault.to_string())
        }
        ["forenames", data] => train::forenames::build(Path::new(data)).map_err(|fault| fault.to_string()),
        ["tagger", data, out, options @ ..] => match plan(options) {
            Some((diet, plan)) => {
                let done = train::tagger::train(Path::new(data), Path::new(out), diet, plan);
                done.map(|()| format!("wrote {out}")).map_err(|fault| fault.to_string())
            }
            None => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        },
        ["salience", labels, articles] => {
            train::salience::train(Path::new(labels), Path::new(articles)).map_err(|fault| fault.to_string())
        }
        ["speakers", data, options @ ..] => match speakers_plan(options) {
            Some((out, plan)) => train::choice::train(Path::new(data), out.map(Path::new), plan)
                .map_err(|fault| fault.to_string()),
            None => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        },
        ["score", data, model] => train::tagger::evaluate(Path::new(data), Path::new(model))
            .map(|()| String::new())
            .map_err(|fault| fault.to_string()),
        ["eval-names", corpora, "--ablate"] => {
            train::evaluate::ablate(Path::new(corpora), "dev").map_err(|fault| fault.to_string())
        }
        ["eval-names", corpora, rule @ ..] => rule_of(rule, Task::Names).and_then(|rule| {
            train::evaluate::names(Path::new(corpora), "dev", rule).map_err(|fault| fault.to_string())
        }),
        ["eval-tokens", corpora] => train::evaluate::tokens_and_sentences(Path::new(corpora), "dev")
            .map_err(|fault| fault.to_string()),
        ["eval-quotes", corpora, "--ablate"] => {
            train::quotes::ablate(Path::new(corpora), "dev").map_err(|fault| fault.to_string())
        }
        ["eval-quotes", corpora, rule @ ..] => rule_of(rule, Task::Quotes).and_then(|rule| {
            train::quotes::polnear(Path::new(corpora), "dev", rule).map_err(|fault| fault.to_string())
        }),
        ["eval-speakers", labels, articles, "--ablate"] => {
            train::speakers::ablate(Path::new(labels), Path::new(articles)).map_err(|fault| fault.to_string())
        }
        ["eval-speakers", labels, articles, rule @ ..] => rule_of(rule, Task::Quotes).and_then(|rule| {
            train::speakers::score(Path::new(labels), Path::new(articles), rule)
                .map_err(|fault| fault.to_string())
        }),
        ["eval-reported", data, "--ablate"] => {
            train::choice::clauses::ablate(Path::new(data)).map_err(|fault| fault.to_string())
        }
        ["eval-reported", data, rule @ ..] => rule_of(rule, Task::Quotes).and_then(|rule| {
            train::choice::clauses::score(Path::new(data), rule).map_err(|fault| fault.to_string())
        }),
        ["eval-places", articles, collection] => {
            train::places::evaluate(Path::new(articles), Path::new(collection))
                .map_err(|fault| fault.to_string())
        }
        ["eval-feeds", suite] => train::feeds::evaluate(Path::new(suite)).map_err(|fault| fault.to_string()),
        ["faults-quotes", corpora] => {
            train::quotes::faults(Path::new(corpora), "dev").map_err(|fault| fault.to_string())
        }
        ["faults", corpora] => {
            train::evaluate::faults(Path::new(corpora), "dev").map_err(|fault| fault.to_string())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("dateline-train: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// The rule of `--without RULE`, or none where nothing is given.
fn rule_of(options: &[&str], task: Task) -> Result<Option<Rule>, String> {
    match options {
        [] => Ok(None),
        ["--without", id] => train::ablate::find(id, task).map(Some),
        _ => Err("expected --without RULE or --ablate".to_owned()),
    }
}

/// The options of `speakers`; `None` where one is not known.
fn speakers_plan<'a>(options: &[&'a str]) -> Option<(Option<&'a str>, train::choice::Plan)> {
    let mut plan = train::choice::Plan::default();
    let mut out = None;
    for option in options {
        match option.split_once('=') {
            None if *option == "errors" => plan.errors = true,
            None if *option == "ablate" => plan.ablate = true,
            None if *option == "half" => plan.half = true,
            None if out.is_none() => out = Some(*option),
            Some(("folds", n)) => plan.folds = n.parse().ok()?,
            Some(("trees", n)) => plan.trees = n.parse().ok()?,
            Some(("rate", n)) => plan.rate = n.parse().ok()?,
            Some(("penalty", n)) => plan.penalty = n.parse().ok()?,
            Some(("politics", n)) => plan.politics = n.parse().ok()?,
            Some(("reported", n)) => plan.reported = n.parse().ok()?,
            _ => return None,
        }
    }
    Some((out, plan))
}

/// The options of `tagger`; `None` where one is not known.
fn plan(options: &[&str]) -> Option<(train::tagger::Diet, train::tagger::Plan)> {
    let mut diet = train::tagger::Diet { conll: true, silver: true, dev: false };
    let mut plan = train::tagger::Plan {
        window: 7,
        hidden: 128,
        silver_passes: 2,
        gold_passes: 6,
        least_seen: 40,
        seed: 1,
    };
    for option in options {
        match option.split_once('=') {
            None if *option == "no-conll" => diet.conll = false,
            None if *option == "no-silver" => diet.silver = false,
            None if *option == "dev" => diet.dev = true,
            Some(("silver", n)) => plan.silver_passes = n.parse().ok()?,
            Some(("gold", n)) => plan.gold_passes = n.parse().ok()?,
            Some(("window", n)) => plan.window = n.parse().ok()?,
            Some(("hidden", n)) => plan.hidden = n.parse().ok()?,
            Some(("least", n)) => plan.least_seen = n.parse().ok()?,
            Some(("seed", n)) => plan.seed = n.parse().ok()?,
            _ => return None,
        }
    }
    if !diet.silver {
        plan.silver_passes = 0;
    }
    Some((diet, plan))
}
