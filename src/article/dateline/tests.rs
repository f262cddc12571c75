use super::*;
use crate::language::Language;
use proptest::prelude::*;

/// `place|day|agency` of the dateline, and what follows it.
fn check(body: &str, expected: &str, rest: &str) {
    let dateline =
        Dateline::find(body, Language::english()).unwrap_or_else(|| panic!("no dateline in {body:?}"));
    let part = |span: Option<Span>| span.map_or("", |span| span.of(body));
    let found = format!("{}|{}|{}", part(dateline.place), part(dateline.day), part(dateline.agency));
    assert_eq!(found, expected, "{body:?}");
    assert_eq!(body[dateline.span.end as usize..].trim_start(), rest, "{body:?}");
}

fn refuse(body: &str) {
    let found = Dateline::find(body, Language::english()).map(|dateline| dateline.span.of(body).to_owned());
    assert_eq!(found, None, "{body:?}");
}

#[test]
fn place_and_day() {
    check("Washington [US], January 4 : The envoy", "Washington|January 4|", "The envoy");
    check("SALVADOR, Feb 26 - Rain fell", "SALVADOR|Feb 26|", "Rain fell");
    check("MICHIGAN CITY, Ind., March 24 - Rain fell", "MICHIGAN CITY|March 24|", "Rain fell");
    check("OSAKA, Japan, April 26 - Rain fell", "OSAKA|April 26|", "Rain fell");
    check("NEW HAVEN, Conn., april 7 - Rain fell", "NEW HAVEN|april 7|", "Rain fell");
    check("Geneva, 3 January 2022 – Rain fell", "Geneva|3 January 2022|", "Rain fell");
    check("ST. LOUIS, Jan. 3 — Rain fell", "ST. LOUIS|Jan. 3|", "Rain fell");
    check("ROME, Monday, Jan. 3, 2022 — Rain fell", "ROME|Monday, Jan. 3, 2022|", "Rain fell");
}

#[test]
fn odd_forms_of_place_and_day() {
    check("THE HAGUE, March 13 - Rain fell", "THE HAGUE|March 13|", "Rain fell");
    check("CAIRO - 26 July 2022: Rain fell", "CAIRO|26 July 2022|", "Rain fell");
    check("***LONDON, March 26 - Rain fell", "LONDON|March 26|", "Rain fell");
    check("RIO DE JANEIRO, March 5 - Rain fell", "RIO DE JANEIRO|March 5|", "Rain fell");
    check("La paz, march 18 - rain fell", "La paz|march 18|", "rain fell");
}

#[test]
fn agencies() {
    check("GENEVA, March 2 (AFP) — Rain fell", "GENEVA|March 2|AFP", "Rain fell");
    check("KABUL (Reuters) - Rain fell", "KABUL||Reuters", "Rain fell");
    check("KYIV, Ukraine (AP) — Rain fell", "KYIV||AP", "Rain fell");
    check("BEIJING, Jan. 4 (Xinhua) -- Rain fell", "BEIJING|Jan. 4|Xinhua", "Rain fell");
    check("BUDAPEST, April 7, Reuter - Rain fell", "BUDAPEST|April 7|Reuter", "Rain fell");
    check("SYDNEY and KUALA LUMPUR, Jul 26 2022 (IPS) - Rain fell", "SYDNEY|Jul 26 2022|IPS", "Rain fell");
    check("ANKARA/ISTANBUL (Reuters) – Rain fell", "ANKARA||Reuters", "Rain fell");
    check("Oyam & Gulu, Uganda , Jun 14 2022 (IPS) - Rain fell", "Oyam|Jun 14 2022|IPS", "Rain fell");
    check("PRAGUE, 5 January 2022 (RFE/RL) -- Rain fell", "PRAGUE|5 January 2022|RFE/RL", "Rain fell");
    check("New Delhi [India], January 4 (ANI): Rain fell", "New Delhi|January 4|ANI", "Rain fell");
    check(
        "Paris, France | AFP | Tuesday 3 May 2022 - Rain fell",
        "Paris|Tuesday 3 May 2022|AFP",
        "Rain fell",
    );
    check(
        "WASHINGTON, D.C., Jan. 3, 2022 /PRNewswire/ -- Rain",
        "WASHINGTON|Jan. 3, 2022|PRNewswire",
        "Rain",
    );
    check("afrol News, 27 January - Rain fell", "|27 January|afrol News", "Rain fell");
    check("(CNN) - Rain fell", "||CNN", "Rain fell");
    check("AFP.- London -The rain", "London||AFP", "The rain");
    check("KIEV. Jan 4 (Interfax) - Rain fell", "KIEV|Jan 4|Interfax", "Rain fell");
}

#[test]
fn without_a_dash() {
    check("New Delhi, Jan 4 (IANS) The rain fell", "New Delhi|Jan 4|IANS", "The rain fell");
    check("MOSCOW, January 4. /TASS/. Rain fell", "MOSCOW|January 4|TASS", "Rain fell");
}

#[test]
fn a_place_alone() {
    check("Muscat: An earthquake", "Muscat||", "An earthquake");
    check("ATHENS — Two states", "ATHENS||", "Two states");
    check("Mumbai, India – In February", "Mumbai||", "In February");
    check("ALGIERS- President of", "ALGIERS||", "President of");
    check("SÃO PAULO — Rain", "SÃO PAULO||", "Rain");
    check("LONDON—Rain", "LONDON||", "Rain");
}

#[test]
fn what_is_none() {
    for body in [
        "",
        "The rain fell on London - and Paris.",
        "TODAY NICARAGUA – Nicaragua's minister",
        "UPDATE: The court",
        "BREAKING — The court",
        "Amnesty International – The group",
        "London - the capital of the kingdom - is large",
        "Paris Hilton: The star",
        "Energy Crisis - South African President Announces Action Plan",
        "\"Geneva, March 2 - it was cold,\" she said",
        "Ana Petrova (Labour) – The candidate",
        "President Ana Petrova, January 4 - A day",
        "By Ana Petrova, March 3 - The rain",
        "In March 2 - 3 weeks",
        "Question: Why",
        "March 2 - The rain",
        "Geneva, March 2",
        "5 - 3",
        "Smith: I think",
        "London",
        "London -",
        "paris: the town",
        "The Government, January 4 - A day",
    ] {
        refuse(body);
    }
}

proptest! {
    #[test]
    fn spans_lie_within(body in "[A-Z]{0,9}[,:\\[\\]() /—-]{0,3}[A-Za-zé]{0,9}[ ,.(]{0,2}(March|Jan)? ?[0-9]{0,4}[ —():-]{0,4}.{0,9}") {
        if let Some(dateline) = Dateline::find(&body, Language::english()) {
            for span in [Some(dateline.span), dateline.place, dateline.day, dateline.agency].into_iter().flatten() {
                prop_assert!(dateline.span.contains(span) && span.get(&body).is_some());
            }
        }
    }
}
