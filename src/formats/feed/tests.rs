use super::*;
use chrono::{DateTime, Utc};

/// When the feeds were fetched.
fn fetched() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("a time")
}

fn origin() -> Origin {
    Origin { path: None, source: String::new(), time: fetched() }
}

/// `source: title / day / author / address / body` of each article.
fn check(text: &str, expected: &[&str]) {
    assert!(is_feed(text), "{text}");
    let feed = read(text, Some("https://example.org/feed.xml"), &origin());
    let shown: Vec<String> = feed
        .articles
        .iter()
        .map(|article| {
            let day = if article.published == Some(fetched()) {
                String::new()
            } else {
                crate::article::day_or_undated(article.date())
            };
            let parts = [
                article.title.clone(),
                day,
                article.author.clone().unwrap_or_default(),
                article.url.clone().unwrap_or_default(),
                article.body.replace('\n', "¶"),
            ];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!("{}: {}", article.source, parts.join(" / "))
        })
        .collect();
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn rss() {
    check(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title><link>https://example.org/</link>\
         <item><title>A &amp;amp; B</title><link>/1</link><pubDate>Mon, 03 Jan 2022 14:05:00 GMT</pubDate>\
         <author>ana@example.org (Ana Petrova)</author><guid isPermaLink='false'>x</guid>\
         <description>&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;</description></item>\
         <item><title><![CDATA[C <i>d</i>]]></title><guid>https://example.org/2</guid></item></channel></rss>",
        &[
            "Wire: A & B / 2022-01-03 / Ana Petrova / https://example.org/1 / One two.¶¶Three",
            "Wire: C d / https://example.org/2",
        ],
    );
}

#[test]
fn rss_with_modules() {
    check(
        "<rss xmlns:c='http://purl.org/rss/1.0/modules/content/' xmlns:d='http://purl.org/dc/elements/1.1/' \
         xmlns:media='http://search.yahoo.com/mrss/' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Wire</title>\
         <atom:link rel='self' href='https://example.org/feed.xml'/>\
         <item><media:content><media:title>No</media:title></media:content><title>A</title><link>https://example.org/1</link>\
         <d:creator>Ana</d:creator><d:creator>Jon</d:creator><d:date>2022-01-03T10:00:00+02:00</d:date>\
         <description>Less</description><c:encoded><![CDATA[<p>More &amp; more</p>]]></c:encoded></item></channel></rss>",
        &["Wire: A / 2022-01-03 / Ana, Jon / https://example.org/1 / More & more"],
    );
}

#[test]
fn who_wrote_it() {
    let authors = |text: &str| -> Vec<Option<String>> {
        read(text, None, &origin()).articles.into_iter().map(|article| article.author).collect()
    };
    let one = |name: &str| vec![Some(name.to_owned())];
    let feed = "<author><name>Ana Petrova</name></author>";
    assert_eq!(authors(&format!("<feed>{feed}<entry><title>A</title></entry></feed>")), one("Ana Petrova"));
    let own = "<entry><title>A</title><author><name>Jon Okafor</name></author></entry>";
    assert_eq!(authors(&format!("<feed>{feed}{own}</feed>")), one("Jon Okafor"));
    let podcast = "<rss><channel><itunes:author>Radio Sund</itunes:author><item><title>A</title></item></channel></rss>";
    assert_eq!(authors(podcast), one("Radio Sund"));
    let credit = "<rss><channel><item><title>A</title><media:credit>Fjord Pictures</media:credit></item></channel></rss>";
    assert_eq!(authors(credit), [None]);
}

#[test]
fn a_document_type_with_entities() {
    let text = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY nbsp '&#160;'> <!ENTITY paper 'The Sund Paper'>\n]>\n\
        <rss><channel><title>T</title><item><title>News of &paper;</title></item></channel></rss>";
    check(text, &["T: News of The Sund Paper"]);
}

#[test]
fn a_date_far_ahead_is_that_of_the_fetch() {
    let item = |date: &str| {
        format!("<rss><channel><item><title>A</title><pubDate>{date}</pubDate></item></channel></rss>")
    };
    let day = |date: &str| {
        read(&item(date), None, &origin()).articles.first().and_then(|article| article.published)
    };
    assert_eq!(day("Sat, 01 Jan 2035 00:00:00 GMT"), Some(fetched()));
    // The fetch was on 14 November 2023, at 22:13:20 UTC; it may be tomorrow elsewhere.
    let tomorrow = DateTime::parse_from_rfc3339("2023-11-15T09:00:00Z").expect("a time").to_utc();
    assert_eq!(day("Wed, 15 Nov 2023 09:00:00 GMT"), Some(tomorrow));
}

#[test]
fn rdf() {
    check(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
         xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>Wire</title></channel>\
         <item rdf:about='https://example.org/1'><title>A</title><dc:date>2022-01-03</dc:date>\
         <description>One</description></item></rdf:RDF>",
        &["Wire: A / 2022-01-03 / https://example.org/1 / One"],
    );
}

#[test]
fn atom() {
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.org/news/'><title>Wire</title>\
         <entry><title type='html'>A &lt;b&gt;b&lt;/b&gt;</title><link rel='self' href='x'/><link href='1'/>\
         <id>tag:1</id><updated>2022-01-04T00:00:00Z</updated><published>2022-01-03T00:00:00Z</published>\
         <author><name>Ana Petrova</name><email>a@b.c</email></author>\
         <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p><p>two</p></div></content></entry>\
         <entry><title type='text'>1 &lt; 2</title><id>tag:2</id><summary>Short</summary></entry></feed>",
        &[
            "Wire: A b / 2022-01-03 / Ana Petrova / https://example.org/news/1 / One¶¶two",
            "Wire: 1 < 2 / Short",
        ],
    );
}

#[test]
fn broken() {
    check(
        "<rss><channel><title>Caf&eacute; &nbsp; & co</title><item><title>A <b>b</title><link>https://example.org/1\
         <description>Raw <p>HTML<p>here &copy; 2022</description></item><item><title>C</title><description>cut off he",
        &["Café & co: A b / https://example.org/1 / Raw¶¶HTML¶¶here © 2022", "Café & co: C / cut off he"],
    );
    let feed = read(
        "<rss><channel><item><title>A</title><pubDate>soon</pubDate></item></channel></rss>",
        None,
        &origin(),
    );
    assert_eq!(feed.warnings[0].message, "could not understand the date \"soon\"");
    check(
        "<feed xmlns:media='http://search.yahoo.com/mrss/'><title>W</title><entry><title>A</title><author>Ana (a@b.c)</author>\
         <media:group><media:title>A</media:title><media:description>One</media:description></media:group></entry>\
         <entry><link href='https://example.org/2'/></entry></feed>",
        &["W: A / Ana / One", "W: https://example.org/2 / https://example.org/2"],
    );
    assert!(!is_feed("<html><body>") && !is_feed("Title\nText") && !is_feed("<!-- x"));
}

proptest::proptest! {
    #[test]
    fn anything_is_survived(text in "(<rss>|<item>|</item>|<title>|</title>|<link|/>|>|<feed>|<entry>|x| |&lt;|<!\\[CDATA\\[|\\]\\]>){0,60}") {
        read(&text, None, &origin());
    }
}

#[test]
fn items_that_were_read_before_are_passed_over() {
    let feed = |attributes: &str, items: &str| {
        format!("<rss {attributes}><channel><title>W</title>{items}</channel></rss>")
    };
    let (one, two) = ("<item><title>One</title></item>", "<item><title>Two</title></item>");
    let first = read(&feed("", one), None, &origin());
    let count = |text: &str, reader: &str| {
        let earlier = Earlier { seen: &first.seen, reader };
        let again = read_again(text, None, &origin(), earlier, usize::MAX);
        (again.articles.len(), again.passed_over)
    };
    assert_eq!(count(&feed("", one), ""), (0, 1));
    assert_eq!(count(&feed("", &format!("<ttl>5</ttl>{two}{one}")), ""), (1, 1));
    assert_eq!(count(&feed("xml:base='https://b.test/'", one), ""), (1, 0));
    assert_eq!(count(&feed("", one), "another"), (1, 0));
}

#[test]
fn code_keeps_its_indents() {
    check(
        "<rss><channel><title>W</title><item><title>Code</title><description>&lt;p&gt;So:&lt;/p&gt;&lt;pre&gt;\
         if ready:&lt;br&gt;    go()\n    wait()&lt;/pre&gt;</description></item></channel></rss>",
        &["W: Code / So:¶¶if ready:¶    go()¶    wait()"],
    );
}

#[test]
fn contents_in_base64() {
    let check = |encoded: &str, expected: Option<&str>| assert_eq!(unpacked(encoded).as_deref(), expected);
    check("RXhhbXBsZSA8\nYj5B", Some("Example <b>A"));
    check("w6k=", Some("é"));
    check("w6k", Some("é"));
    check("Pz8_", Some("???"));
    check("no base64!", None);
}

fn item(title: &str, date: &str) -> String {
    format!("<item><title>{title}</title>{date}</item>")
}

fn newest(text: &str, most: usize) -> (Vec<String>, u64) {
    let feed = read_again(text, None, &origin(), Earlier::NOTHING, most);
    (feed.articles.into_iter().map(|article| article.title).collect(), feed.left_out)
}

#[test]
fn the_newest_items_are_read() {
    let items: String = (0..5).map(|n| item(&format!("t{n}"), "")).collect();
    assert_eq!(newest(&format!("<rss><channel>{items}"), 2), (vec!["t0".to_owned(), "t1".to_owned()], 3));
    assert_eq!(newest(&format!("<rss><channel>{items}"), 5).1, 0);
    // The oldest comes first in this one.
    let dated = |n| item(&format!("t{n}"), &format!("<pubDate>Mon, 0{n} Jan 2022 10:00:00 GMT</pubDate>"));
    let items: String = (1..6).map(dated).collect();
    assert_eq!(newest(&format!("<rss><channel>{items}"), 2), (vec!["t4".to_owned(), "t5".to_owned()], 3));
    let entries = "<entry><title>a</title><updated>2020-01-01</updated></entry>\
        <entry><title>b</title><updated>2022-01-01</updated></entry>";
    assert_eq!(newest(&format!("<feed>{entries}"), 1), (vec!["b".to_owned()], 1));
    let rdf = "<rdf:RDF><channel><title>T</title></channel><item><title>a</title></item><item><title>b</title></item>";
    assert_eq!(newest(rdf, 1), (vec!["a".to_owned()], 1));
}

/// Items that were read before are not counted anew, and those that were left out stay out.
#[test]
fn a_feed_with_too_many_items_is_read_again() {
    let items: String = (0..5).map(|n| item(&format!("t{n}"), "")).collect();
    let text = format!("<rss><channel>{items}");
    let first = read_again(&text, None, &origin(), Earlier::NOTHING, 3);
    let earlier = Earlier { seen: &first.seen, reader: "" };
    let second = read_again(&text, None, &origin(), earlier, 3);
    assert_eq!((second.articles.len(), second.passed_over, second.left_out), (0, 3, 2));
}

#[test]
fn lists_of_authors_and_of_warnings_end() {
    let authors = "<author>Ana</author>".repeat(10_000);
    let items = item("t", &authors).repeat(2) + &item("t", "<pubDate>soon</pubDate>").repeat(500);
    let feed = read(&format!("<rss><channel>{items}"), None, &origin());
    let author = feed.articles[0].author.clone().unwrap_or_default();
    assert_eq!(author.split(", ").count(), AUTHOR_CAP);
    assert_eq!(feed.warnings.len(), WARNING_CAP + 1);
    assert_eq!(feed.warnings[WARNING_CAP].message, "could not list 400 more warnings");
}

/// Declarations without an end were looked for again at each of them.
#[test]
fn unfinished_markup_costs_linear_time() {
    let start = std::time::Instant::now();
    for piece in ["<?", "<!", "<!--", "<", "<a ", "<a '", "<a \"'", "</", "<![CDATA["] {
        let text =
            format!("<rss><channel><item><title><![CDATA[x]]></title></item>{}", piece.repeat(200_000));
        assert_eq!(read(&text, None, &origin()).articles.len(), 1, "{piece}");
    }
    // In the square of the length this would take hours.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// Entities that a feed declares cannot multiply without end.
#[test]
fn declared_entities_are_expanded_up_to_a_limit() {
    let text = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><rss><channel><item>\
        <title>x &b;</title></item></channel></rss>";
    assert_eq!(newest(text, 5).0, [format!("x {}", "a".repeat(40))]);
    let many: String =
        (1..9).map(|n| format!("<!ENTITY a{n} '{}'>", format!("&a{};", n - 1).repeat(9))).collect();
    let text = format!(
        "<!DOCTYPE rss [<!ENTITY a0 'ha'>{many}]><rss><channel><item><title>x &a8;</title></item></channel></rss>"
    );
    assert_eq!(newest(&text, 5).0, ["x &a8;"]);
}

#[test]
fn the_language_of_an_item_or_else_of_its_feed() {
    let said = |text: &str| -> Vec<Option<String>> {
        let feed = read(text, None, &origin());
        feed.articles.iter().map(|article| article.language.map(|code| code.to_string())).collect()
    };
    let of = |codes: &[&str]| codes.iter().map(|code| Some((*code).to_owned())).collect::<Vec<_>>();
    let rss = "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Wire</title><language>de-at</language>\
               <item><title>A</title></item><item><title>B</title><dc:language>fr</dc:language></item></channel></rss>";
    assert_eq!(said(rss), of(&["de", "fr"]));
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='pt-BR'><title>Wire</title>\
                <entry><title>A</title></entry><entry xml:lang='es'><title>B</title></entry>\
                <entry><title>C</title><content xml:lang='it'>x</content></entry></feed>";
    assert_eq!(said(atom), of(&["pt", "es", "it"]));
    let nothing = "<rss><channel><title>Wire</title><language>und</language><item><title>A</title></item></channel></rss>";
    assert_eq!(said(nothing), [None]);
}

#[test]
fn sound_film_and_pictures_are_shown_for_what_they_are() {
    check(
        "<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:podcast='https://podcastindex.org/namespace/1.0' \
         xmlns:psc='http://podlove.org/simple-chapters'><channel><title>Quay</title>\
         <item><title>One</title><link>/1</link><itunes:duration>2832</itunes:duration>\
         <enclosure url='/1.mp3' length='43210987' type='audio/mpeg'/><description>&lt;p&gt;We &lt;a href='/x'&gt;talk&lt;/a&gt;.&lt;/p&gt;</description>\
         <psc:chapters><psc:chapter start='00:00:00.000' title='Intro'/><psc:chapter start='00:12:30' title='The talks'/></psc:chapters>\
         <podcast:transcript url='/1.srt'/></item></channel></rss>",
        &[
            "Quay: One / https://example.org/1 / We talk [1].¶¶Chapters:¶0:00 Intro¶12:30 The talks¶¶[sound 47:12, 43 MB] [2]¶¶\
           Transcript [3]¶¶[1] https://example.org/x¶[2] https://example.org/1.mp3¶[3] https://example.org/1.srt",
        ],
    );
    check(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><title>Posts</title>\
         <item><link>/1</link><description/><media:content url='/3.mp4' type='video/mp4' fileSize='9221111' medium='video'>\
         <media:thumbnail url='/t.jpg'/></media:content></item>\
         <item><link>/2</link><description>Docks</description><media:content url='/1.jpg' medium='image'>\
         <media:description>A crane [old]</media:description></media:content></item></channel></rss>",
        &[
            "Posts: https://example.org/1 / [video 9 MB] [1]¶¶[1] https://example.org/3.mp4",
            "Posts: https://example.org/2 / Docks¶¶[picture: A crane (old)] [1]¶¶[1] https://example.org/1.jpg",
        ],
    );
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'><title>Films</title><entry><title>Night train</title>\
         <link rel='alternate' href='https://www.youtube.com/watch?v=abc'/><media:group><media:content url='https://www.youtube.com/v/abc?version=3' \
         type='application/x-shockwave-flash'/><media:description>Nineteen hours.</media:description>\
         <media:community><media:statistics views='184223'/></media:community></media:group></entry>\
         <entry><title>Talk</title><id>t</id><link rel='enclosure' type='audio/mpeg' length='2500000' href='/t.mp3'/></entry></feed>",
        &[
            "Films: Night train / https://www.youtube.com/watch?v=abc / Nineteen hours.¶¶184,223 views¶¶[video] [1]¶¶\
             [1] https://www.youtube.com/watch?v=abc",
            "Films: Talk / [sound 3 MB] [1]¶¶[1] https://example.org/t.mp3",
        ],
    );
}

#[test]
fn pictures_and_frames_in_a_text_have_numbers() {
    let item = |html: &str| {
        let html = html.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<rss><channel><title>Comic</title><item><title>T</title><link>/1</link><description>{html}</description></item></channel></rss>"
        )
    };
    check(
        &item(
            "<a href='/1'><img src='/12.png' title='The joke'></a><img src='/pixel.gif'><img width=1 height=1 src='/z.png'>",
        ),
        &["Comic: T / https://example.org/1 / [picture: The joke] [1]¶¶[1] https://example.org/12.png"],
    );
    check(
        &item(
            "<p>Look:</p><iframe src='https://www.youtube.com/embed/abc'></iframe><iframe src='//w.soundcloud.com/player/?url=x' title='A song'></iframe>\
               <iframe src='https://maps.example/x'></iframe><p>End <img class=emoji alt='🙂' src='/e.png'></p>",
        ),
        &[
            "Comic: T / https://example.org/1 / Look:¶¶[video] [1]¶¶[sound: A song] [2]¶¶[frame] [3]¶¶End 🙂¶¶\
           [1] https://www.youtube.com/watch?v=abc¶[2] https://w.soundcloud.com/player/?url=x¶[3] https://maps.example/x",
        ],
    );
}

#[test]
fn xhtml_with_prefixes_and_files_in_base64() {
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:h='http://www.w3.org/1999/xhtml'><title>A</title><entry><title>B</title>\
         <content type='xhtml'><h:div><h:p>See <h:a href='/x'>this</h:a>.</h:p></h:div></content></entry>\
         <entry><title>C</title><content type='video/mp4'>AAAAIGZ0eXBpc29t</content><summary>Seen.</summary></entry></feed>",
        &["A: B / See this [1].¶¶[1] https://example.org/x", "A: C / Seen."],
    );
}

#[test]
fn ids_may_be_relative_to_the_base_of_the_document() {
    let feed = |base: &str| {
        let text = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'{base}><entry><id>posts/1</id><title>B</title></entry></feed>"
        );
        read(&text, Some("https://example.org/feed.xml"), &origin()).articles[0].guid.clone()
    };
    assert_eq!(feed(" xml:base='https://a.example/x/'").as_deref(), Some("https://a.example/x/posts/1"));
    assert_eq!(feed("").as_deref(), Some("posts/1"));
}

#[test]
fn links_of_a_feed_in_a_file_are_relative_to_its_site() {
    let text = "<rss><channel><title>A</title><link>https://a.example/</link><item><title>B</title><link>/1</link></item></channel></rss>";
    let feed = read(text, Some("file:///home/ana/feed.xml"), &origin());
    assert_eq!(feed.articles[0].url.as_deref(), Some("https://a.example/1"));
}

#[test]
fn authors_without_a_name_and_authors_of_the_source() {
    let entry = |inner: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><author><name>Ana</name></author>\
             <entry><title>B</title>{inner}</entry></feed>"
        )
    };
    check(&entry("<author><name/><uri>https://a.example/</uri></author>"), &["A: B / Ana"]);
    check(&entry("<author><email>lee@a.example</email></author>"), &["A: B / lee@a.example"]);
    check(&entry("<source><title>C</title><author><name>Jo</name></author></source>"), &["A: B / Jo"]);
}

#[test]
fn a_film_gives_an_item_its_title() {
    check(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><title>Films</title><item><media:group><media:content>\
         <media:title>Night train</media:title><media:player url='/p.html'/></media:content></media:group></item></channel></rss>",
        &["Films: Night train / [video: Night train] [1]¶¶[1] https://example.org/p.html"],
    );
}
