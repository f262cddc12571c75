//! The query language in a table, for the manual and for docs/queries.md.

/// The terms, each with the articles that it matches. In the meanings, words of the language are between backquotes.
pub const TERMS: &[(&str, &str)] = &[
    (
        "`word`",
        "The word occurs in the title or in the body. Upper and lower case and accents make no difference.",
    ),
    ("`\"a phrase\"`", "The words follow one another in the title or in the body."),
    ("`word*`", "A word begins like this."),
    ("`title:` `body:`", "The same, but only in the title or only in the body."),
    (
        "`person:` `place:` `org:`",
        "The article mentions this person, place or organisation, under any of its names.",
    ),
    (
        "`country:`",
        "The article mentions this country. Use its name, its ISO code or its people: `country:russia`, `country:RU` \
         and `country:russian` mean the same.",
    ),
    (
        "`about:`",
        "The article is about this person, country, place or organisation; it is not only mentioned. For a country, \
         the places in it and its government count too.",
    ),
    ("`by:`", "The article quotes this person or body."),
    ("`said:`", "The article has a quote with these words."),
    ("`of:`", "The article has a quote in which this person, country, place or organisation is mentioned."),
    ("`date:`", "The article was published on this day, or in this week, month, quarter or year."),
    ("`since:` `until:`", "It was published then or later; then or earlier."),
    ("`before:` `after:`", "It was published earlier; later."),
    ("`source:` `author:`", "The source or the author has this name."),
    (
        "`lang:`",
        "The article is written in this language. Use its code or its name: `lang:de` and `lang:german` mean the same.",
    ),
    ("`tag:climate` or `#climate`", "You have given the article this tag."),
    (
        "`is:read` `is:unread` `is:starred` `is:unstarred`",
        "Whether you have read it, and whether you have starred it.",
    ),
    (
        "`is:hidden` `is:deleted`",
        "It is out of sight: hidden, by a rule for example, or in the trash. Only a query that says so finds such an article.",
    ),
    ("`has:quote`", "The article has at least one quote."),
    (
        "`story:12`",
        "The article tells of the same event as the article with the number 12, which it may be itself; see `dateline stories`.",
    ),
    (
        "`newer:1234`",
        "It came into the library after the article of this number, as `dateline list` shows it: what a script has not seen.",
    ),
    ("`@name`", "The saved search of this name matches."),
];

/// The words that are not conditions.
pub const ORDERS: &[(&str, &str)] = &[
    ("`sort:newest` `sort:date`", "The newest articles come first. This is the default."),
    ("`sort:oldest`", "The oldest articles come first. Articles without a date come last in either order."),
    ("`sort:relevance`", "The best matches of the words come first."),
    (
        "`group:off`",
        "Every copy of a story has a row. Without it, articles with nearly the same text are one row, and the row says \
         how many copies there are.",
    ),
    (
        "`group:story`",
        "Articles that tell of one event over days (see `story:12`) are one row, that of the newest one which matches, and the \
         row says how many articles it stands for. Names and bins of time are counted as without it.",
    ),
];

/// Dates, as they are typed, and the days that they mean.
pub const DATES: &[(&str, &str)] = &[
    ("`2022` `2022-01` `2022-01-03`", "This year, month or day; also `2022/01/03`, `20220103` and `1980s`."),
    (
        "`\"march 1987\"` `mar1987` `\"17 march 1987\"` `\"march 17, 1987\"`",
        "The same with the name of the month, in full or with three letters.",
    ),
    (
        "`17.3.1987` `17/03/1987` `3/1987`",
        "The day comes first. With strokes, the month may come first where only one reading is a date: `3/17/1987`. \
         `4/3/1987` is refused, because it may be a day in March or in April.",
    ),
    ("`2022-W03` `2022-Q1`", "This week of the ISO calendar, from Monday to Sunday; this quarter."),
    ("`today` `yesterday` `tomorrow`", "This one day."),
    ("`monday`, `tue`", "The most recent Monday, which is today if today is a Monday."),
    ("`\"last monday\"`", "The most recent Monday before today."),
    (
        "`\"this week\"` `\"last week\"` `\"last month\"` `\"last quarter\"` `\"last year\"`",
        "A whole week (from Monday), month, quarter or year. `last-week` and `lastweek` mean the same.",
    ),
    ("`march` `\"17 march\"`", "The most recent March that has begun; the most recent 17 March."),
    (
        "`3d` `2w` `6m` `1y` `\"last 3 days\"`",
        "So many days, weeks, months or years back: `date:3d` is from three days ago until today.",
    ),
    ("`\"3 days ago\"`", "The one day three days back."),
    (
        "`A..B` `A..` `..B`",
        "From one of these until another, or open on one side: `date:2022-01..last-week`, `date:march..`.",
    ),
];

/// A table in Markdown with these two headings.
pub fn table(first: &str, second: &str, rows: &[(&str, &str)]) -> String {
    let mut table = format!("| {first} | {second} |\n| --- | --- |\n");
    for (term, meaning) in rows {
        table.push_str(&format!("| {term} | {meaning} |\n"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;
    use chrono::NaiveDate;

    /// Every date in the table is one.
    #[test]
    fn the_dates_are_read() {
        let today = NaiveDate::from_ymd_opt(2022, 3, 31).expect("a day");
        let dates = DATES.iter().flat_map(|(dates, _)| dates.split('`').skip(1).step_by(2));
        for date in dates.filter(|date| !date.contains("..")) {
            let (query, hints) = Query::parse(&format!("date:{date}"), today);
            assert!(query.filter.is_readable() && hints.is_empty(), "{date} {hints:?}");
        }
        for (date, span) in [
            ("2022-01..last-week", "published from 2022-01-01 to 2022-03-27"),
            ("march..", "published on 2022-03-01 or later"),
        ] {
            let (query, _) = Query::parse(&format!("date:{date}"), today);
            assert!(query.explain().iter().any(|line| line == span), "{date} {:?}", query.explain());
        }
    }
}
