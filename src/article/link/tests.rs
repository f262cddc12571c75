use super::*;

fn article(url: Option<&str>, body: &str) -> Article {
    Article {
        path: None,
        url: url.map(str::to_owned),
        guid: None,
        source: "Wire".to_owned(),
        title: "A title".to_owned(),
        author: None,
        published: None,
        language: None,
        body: body.to_owned(),
    }
}

fn urls(links: &Links) -> Vec<&str> {
    links.all().iter().map(|link| link.url.as_str()).collect()
}

#[test]
fn the_numbers_of_the_text_are_the_numbers_of_the_list() {
    let body = "Comments [1] and more [2], see https://plain.example/x.\n\n[1] https://talk.example/1\n[2] https://more.example/";
    let links = Links::of(&article(Some("https://blog.example/a"), body));
    assert_eq!(
        urls(&links),
        [
            "https://talk.example/1",
            "https://more.example/",
            "https://blog.example/a",
            "https://plain.example/x"
        ]
    );
    assert_eq!(links.first().map(|link| link.url.as_str()), Some("https://blog.example/a"));
    assert_eq!(links.get(1).map(|link| link.url.as_str()), Some("https://talk.example/1"));
    assert_eq!(&body[..links.text_end()], "Comments [1] and more [2], see https://plain.example/x.");
    // A text that numbers its own address has it once.
    let links = Links::of(&article(Some("https://talk.example/1"), body));
    assert_eq!(links.all().len(), 3);
    assert_eq!(links.first().map(|link| link.url.as_str()), Some("https://talk.example/1"));
}

#[test]
fn without_a_list_the_own_address_is_the_first() {
    let links =
        Links::of(&article(Some("https://a.example/"), "See https://b.example/ and https://a.example."));
    assert_eq!(urls(&links), ["https://a.example/", "https://b.example/"]);
    assert!(Links::of(&article(None, "No link.")).all().is_empty());
}

#[test]
fn only_a_whole_list_at_the_end_is_one() {
    let addresses = |body: &str| listed(body).1.len();
    assert_eq!(addresses("a\n\n[1] https://a.example/\n[2] https://b.example/"), 2);
    assert_eq!(addresses("[1] https://a.example/"), 1);
    assert_eq!(addresses("a\n\n[2] https://a.example/\n[3] https://b.example/"), 0);
    assert_eq!(addresses("a\n\n[1] https://a.example/\n[3] https://b.example/"), 0);
    assert_eq!(addresses("a\n\n[1] https://a.example/ and more"), 0);
    assert_eq!(addresses("a\n\n[1] Petrova, https://a.example/"), 0);
    assert_eq!(addresses("a [1] https://a.example/"), 0);
    assert_eq!(addresses("a\n\n[1] https://a.example/\n\nThe end."), 0);
    assert_eq!(addresses(""), 0);
}

#[test]
fn the_text_says_what_a_link_is() {
    let body = "Listen.\n\n[sound 47:12, 43 MB] [1]\n\n[picture: A crane] [2] [video] [3] [soundtrack] [4]\n\n\
        [1] https://a.example/get?id=1\n[2] https://a.example/2\n[3] https://a.example/3\n[4] https://a.example/4.pdf";
    let links = Links::of(&article(None, body));
    let told: Vec<(LinkKind, &str)> =
        links.all().iter().map(|link| (link.kind, link.about.as_str())).collect();
    assert_eq!(
        told,
        [
            (LinkKind::Sound, "47:12, 43 MB"),
            (LinkKind::Picture, "A crane"),
            (LinkKind::Video, ""),
            (LinkKind::Link, "")
        ]
    );
    assert_eq!(links.all()[0].marker().as_deref(), Some("[sound 47:12, 43 MB]"));
    assert_eq!(links.all()[1].marker().as_deref(), Some("[picture: A crane]"));
    assert_eq!(links.medium().map(|(number, _)| number), Some(1));
    assert_eq!(LinkKind::of("https://a.example/x/Y.MP3?b=c.png"), LinkKind::Sound);
    assert_eq!(LinkKind::of("https://a.mp3/"), LinkKind::Link);
    assert_eq!(LinkKind::of("https://host.mov"), LinkKind::Link);
}

#[test]
fn lengths_and_sizes_are_short() {
    assert_eq!([length(5), length(2832), length(3723)], ["0:05", "47:12", "1:02:03"]);
    assert_eq!(
        [size(999), size(820_400), size(43_210_987), size(999_600_000), size(1_234_000_000)],
        ["999 bytes", "820 kB", "43 MB", "1.0 GB", "1.2 GB"]
    );
    let medium = Medium {
        seconds: Some(2832),
        bytes: Some(1337),
        text: "An [old]\n talk".to_owned(),
        ..Medium::new(LinkKind::Sound, "https://a.example/".to_owned())
    };
    assert_eq!(medium.marker(), "[sound 47:12: An (old) talk]");
}

#[test]
fn a_list_shows_no_numbers() {
    assert_eq!(without_numbers("At the docks [1], see [2]."), "At the docks, see.");
    assert_eq!(without_numbers("A note [1968] and [x] [12"), "A note [1968] and [x] [12");
    assert_eq!(without_numbers("[video] [1]"), "[video]");
    assert_eq!(without_numbers("[1] https://a.example/"), "https://a.example/");
}

proptest::proptest! {
    /// The text ends on a boundary of a character, and what is listed stands behind it.
    #[test]
    fn a_list_stands_behind_its_text(body in "(é|a| |\n|\\[1\\] https://a.example/\n?|\\[2\\] http://b.example/|\\[sound\\] \\[1\\]|\\[){0,20}") {
        let links = Links::of(&article(None, &body));
        let behind = &body[links.text_end()..];
        let (_, addresses) = listed(&body);
        for address in addresses {
            proptest::prop_assert!(behind.contains(address));
        }
    }
}
