//! Tests of the rules on arrival, against a real server.

use super::*;
use crate::config::rules::Notify;
use crate::wire::rules::{Ring, hits};
use proptest::prelude::*;

const TWO: &str = "<item><guid>3</guid><title>Ferry to Oslo</title><pubDate>Tue, 06 Jan 2026 10:00:00 GMT</pubDate>\
                   <description>Ferries go to Norway every day.</description></item>";

/// Follows a feed with one article and then lets another one come.
fn second(config: &str) -> (Server, Desk, Round) {
    let (server, text) = changing(&feed(ONE));
    let desk = Desk::with(config);
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    *text.lock().expect("a text") = feed(&format!("{ONE}{TWO}"));
    let round = desk.fetch(&Wanted::Every);
    (server, desk, round)
}

#[test]
fn a_rule_knows_who_speaks_and_what_country_an_article_is_about() {
    let config = "[[rule]]\nname = \"said\"\nquery = 'by:\"Kari Nordmann\"'\nstar = true\ntag = \"harbour\"\n\
        [[rule]]\nname = \"norway\"\nquery = \"country:NO lang:en\"\nmark = \"read\"\n\
        [[rule]]\nname = \"later\"\nquery = \"#harbour\"\nhide = true\n";
    let (_server, desk, _) = second(config);
    // A rule sees what the rules before it did.
    assert_eq!(desk.articles("is:hidden is:starred #harbour").len(), 1);
    assert_eq!(desk.articles("").len(), 1);
    assert_eq!(desk.articles("is:read ferry").len(), 1);
    let hits = hits(&desk.wire.library).expect("hits");
    let counts: Vec<(&str, u64)> = hits.iter().map(|(name, hits)| (name.as_str(), hits.articles)).collect();
    assert_eq!(counts, [("later", 1), ("norway", 1), ("said", 1)]);
    assert_eq!(desk.wire.library.undo().expect("asked"), None);
}

#[test]
fn a_rule_acts_once_and_not_again_when_its_article_comes_again() {
    let config = "[[rule]]\nname = \"all\"\nquery = \"ferry OR harbour\"\nstar = true\n";
    let (_server, desk, _) = second(config);
    let all: Vec<_> = desk.articles("").iter().map(|stored| stored.id).collect();
    desk.wire.library.mark(&Target::These(all), Marking::Unstar).expect("unstarred");
    desk.fetch(&Wanted::Every);
    assert_eq!(desk.articles("is:starred").len(), 0);
    assert_eq!(hits(&desk.wire.library).expect("hits")["all"].articles, 2);
}

#[test]
fn only_news_is_announced_and_run_and_no_import() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("got.json");
    let config = format!(
        "[[rule]]\nname = \"bell\"\nquery = \"harbour OR ferry\"\nnotify = \"bell\"\n\
         run = [\"sh\", \"-c\", \"cat >> {}\"]\n",
        file.display()
    );
    let (_server, desk, round) = second(&config);
    let ring = Ring { rule: "bell".to_owned(), how: Notify::Bell, articles: 1 };
    assert_eq!(round.progress.ruled.rings, [ring]);
    assert_eq!(round.progress.notes, []);
    let got = std::fs::read_to_string(&file).expect("it ran");
    assert_eq!(got.lines().count(), 1, "{got}");
    assert!(got.starts_with("{\"id\": ") && got.contains("\"title\": \"Ferry to Oslo\""), "{got}");
    assert_eq!(desk.articles("").len(), 2);
}

#[test]
fn a_command_that_fails_and_a_search_that_is_not_there_are_reported() {
    let config = "[[rule]]\nname = \"bad\"\nquery = \"ferry\"\nrun = [\"sh\", \"-c\", \"echo no >&2; exit 3\"]\n\
        [[rule]]\nname = \"lost\"\nquery = \"@nowhere\"\nstar = true\n";
    let (_server, desk, round) = second(config);
    let notes: Vec<String> = round.progress.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(
        notes.iter().any(|note| note.contains("rule 'bad'") && note.contains("exit code 3: no")),
        "{notes:?}"
    );
    assert!(notes.iter().any(|note| note.contains("rule 'lost'") && note.contains("@nowhere")), "{notes:?}");
    assert_eq!(desk.articles("is:starred").len(), 0);
}

#[test]
fn a_paused_source_is_fetched_only_by_its_name_and_a_number_is_kept() {
    let (server, text) = changing(&feed(ONE));
    let desk = Desk::with("keep = \"1\"\n");
    desk.wire.follow(&server.url, &Wish::default()).expect("followed");
    let source = desk.source();
    let wishes = Wishes { paused: true, ..source.wishes.clone() };
    desk.wire.library.change_source(source.id, &wishes).expect("changed");
    *text.lock().expect("a text") = feed(&format!("{ONE}{TWO}"));
    let round = desk.fetch(&Wanted::Every);
    assert_eq!((round.paused, round.progress.done), (1, 0));
    let round = desk.fetch(&Wanted::Named(vec![source.name]));
    assert_eq!(round.progress.added.new, 1);
    let titles = || desk.articles("").iter().map(|stored| stored.article.title.clone()).collect::<Vec<_>>();
    assert_eq!(titles(), ["Ferry to Oslo"]);
    // The feed still has the older one, which does not come back.
    let source = desk.source();
    desk.wire.library.record_standings(&[(source.id, Default::default())]).expect("forgotten");
    let round = desk.fetch(&Wanted::Named(vec![source.name]));
    assert_eq!((round.progress.added.new, titles().len()), (0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// A rule that is applied to the same articles once more changes nothing.
    #[test]
    fn a_rule_applied_twice_changes_nothing(
        query in proptest::sample::select(vec![
            "is:unread", "-is:starred", "ferry", "-#later", "country:NO OR is:starred", "is:unread -ferry",
        ]),
        read: bool, star: bool, hide: bool,
    ) {
        let flags = [(read, "mark = \"read\"\n"), (star, "star = true\n"), (hide, "hide = true\n")];
        let does: String = flags.iter().filter(|(does, _)| *does).map(|(_, line)| *line).collect();
        let text = format!("[[rule]]\nname = \"r\"\nquery = '{query}'\ntag = \"later\"\n{does}");
        let desk = Desk::with(&text);
        let (server, _) = changing(&feed(&format!("{ONE}{TWO}")));
        desk.wire.follow(&server.url, &Wish::default()).expect("followed");
        let set = desk.wire.rules.now();
        let rule = &set.rules[0];
        let everything = Query::parse("is:hidden OR -is:hidden", desk.now.lock().expect("a time").date_naive()).0;
        let ids = desk.wire.library.ids(&everything, &Cancel::new()).expect("ids");
        let day = desk.now.lock().expect("a time").date_naive();
        let matching = desk.wire.library.matching(&set.query(rule, day).expect("a query"), &ids).expect("asked");
        for marking in crate::wire::rules::markings(rule) {
            prop_assert_eq!(desk.wire.library.mark_new(&matching, &marking).expect("marked"), 0);
        }
    }
}
