//! Strings made to deceive a terminal, generated: by every format of articles, and typed as tags, names of
//! searches and queries. None comes out of the screen, the lines, the clipboard or the state but as text.

use crate::driver::Driver;
use dateline::exports::app::view::ViewKind;
use dateline::exports::app::{Action, Effect, Message};
use dateline::exports::article::Article;
use dateline::exports::formats::{Origin, read};
use dateline::exports::keymap::Keymap;
use dateline::exports::lines::Teller;
use dateline::exports::terminal::renderer::{Options, Renderer};
use dateline::exports::text::harmless::is_forbidden;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::layout::Size;

/// A piece of such a string: controls, sequences of every kind, whole or cut off, what turns or hides text.
fn piece() -> impl Strategy<Value = String> {
    let introducer = proptest::sample::select(vec![
        "\u{1b}[", "\u{9b}", "\u{1b}]", "\u{9d}", "\u{1b}P", "\u{90}", "\u{1b}_", "\u{9f}", "\u{1b}^",
        "\u{1b}X", "\u{1b}",
    ]);
    let end = proptest::sample::select(vec!["\u{7}", "\u{1b}\\", "\u{9c}", "m", "J", "H", "h", ""]);
    let body = "[0-9;?a-z ]{0,12}";
    prop_oneof![
        4 => (introducer, body, end).prop_map(|(start, body, end)| format!("{start}{body}{end}")),
        2 => (0u32..0x20).prop_filter_map("a control", char::from_u32).prop_map(String::from),
        2 => (0x7fu32..0xa0).prop_filter_map("a control", char::from_u32).prop_map(String::from),
        2 => proptest::sample::select(vec![
            '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}',
            '\u{2029}', '\u{feff}', '\u{200b}', '\u{200d}', '\u{e0041}', '\u{e007f}', '\u{fe0f}', '\u{301}',
        ]).prop_map(String::from),
        3 => "[A-Za-z東é ]{1,8}".prop_map(String::from),
        1 => any::<String>(),
    ]
}

fn hostile() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 1..8).prop_map(|pieces| pieces.concat())
}

fn origin(name: &str) -> Origin {
    Origin {
        path: Some(dateline::exports::text::path::written(format!("news/{name}").as_ref())),
        source: name.to_owned(),
        time: "2024-03-01T00:00:00Z".parse().expect("a time"),
    }
}

/// Text and attributes as XML has them: raw where a parser may take it, and as references.
fn xml(text: &str) -> String {
    let escaped = |c: char| match c {
        '<' | '>' | '&' | '"' => format!("&#{};", u32::from(c)),
        c if u32::from(c) % 2 == 0 => format!("&#x{:x};", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// One string as title, author, source, address, name of the file and body, in each format.
fn articles(text: &str) -> Vec<Article> {
    let plain = format!(
        "Plain {text}\n2024-03-01\n{text}\"We {text} saw it,\" said Kari {text} Nordmann of Norway.\n"
    );
    let json = serde_json::json!({
        "title": format!("Json {text}"), "date": "2024-03-02", "source": format!("Wire {text}"), "author": text,
        "url": format!("https://example.org/{text}"), "body": format!("{text} \"We heard,\" said Rosa {text} Quispe."),
    });
    let x = xml(text);
    let rss = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Feed {x}</title><link>https://example.org/{x}</link>\
         <item><title>Rss {x}</title><author>{x}</author><link>https://example.org/{x}</link><guid>{x}</guid>\
         <pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate><description>{x} said Ines {x} Corvo.</description></item>\
         <item><title><![CDATA[Raw {text}]]></title><description><![CDATA[<p>{text}</p>]]></description></item>\
         </channel></rss>"
    );
    let atom = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Atom {x}</title><entry><title type=\"html\">Entry {x}</title>\
         <author><name>{x}</name></author><link href=\"https://example.org/{x}\"/><id>{x}</id>\
         <updated>2024-03-01T10:00:00Z</updated><content type=\"html\">{x} spoke.</content></entry></feed>"
    );
    let files = [plain, json.to_string(), rss, atom];
    files.iter().flat_map(|file| read(file.as_bytes(), &origin(text)).0).collect()
}

fn clean(text: &str) -> Result<(), TestCaseError> {
    let found: Vec<char> = text.chars().filter(|c| is_forbidden(*c)).collect();
    prop_assert!(found.is_empty(), "{found:?} in {text:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn no_way_in_leads_out_as_codes(text in hostile(), typed in hostile()) {
        let articles = articles(&text);
        // What holds many controls is no text, and no XML: those files are refused.
        prop_assert!(!articles.is_empty(), "{text:?}");
        for article in &articles {
            let optional = [&article.path, &article.url, &article.author];
            for field in [&article.title, &article.body, &article.source].into_iter().chain(optional.into_iter().flatten()) {
                clean(field)?;
            }
        }
        let analysed = articles.into_iter().map(|article| {
            let analysis = dateline::exports::analysis::analyze(&article.title, &article.body, dateline::exports::language::Language::default());
            (article, analysis)
        });
        let mut driver = Driver::start(100, 30, analysed.collect());
        let options = Options { synchronized: true, ascii: false };
        let renderer = Renderer::new(Vec::new(), Size { width: 100, height: 30 }, options);
        let mut terminal = Terminal::new(renderer).expect("a screen");
        let mut teller = Teller::new(Keymap::default());
        let asking = [Action::Tag, Action::SaveSearch, Action::Search, Action::FilterSource, Action::FilterPerson];
        let shown = [
            Action::Down, Action::Open, Action::NameNext, Action::QuoteNext, Action::CopyQuote, Action::CopyTitle,
            Action::CopyLink, Action::CopyAddress, Action::Links, Action::Cancel, Action::View(ViewKind::Quotes), Action::View(ViewKind::People),
            Action::View(ViewKind::Articles), Action::Warnings, Action::SheetClose,
        ];
        for action in asking.into_iter().chain(shown) {
            driver.send(Message::Act { action, count: None });
            if asking.contains(&action) {
                driver.send(Message::Pasted(typed.clone()));
                driver.draw_on(&mut terminal);
                driver.send(Message::Act { action: Action::Accept, count: None });
                driver.send(Message::Act { action: Action::Cancel, count: None });
            }
            driver.rest();
            driver.draw_on(&mut terminal);
            for line in teller.tell(&driver.app, Some(action)) {
                clean(&line)?;
            }
            clean(&teller.prompt(&driver.app))?;
        }
        for effect in &driver.done {
            if let Effect::Copy(text) | Effect::Open(text) = effect {
                clean(text)?;
            }
        }
        // The renderer makes codes of its own, all of them short and known: no strings, no C1, nothing that turns text.
        let sent = String::from_utf8_lossy(terminal.backend_mut().writer_mut()).into_owned();
        let own = |c: char| matches!(c, '\u{1b}' | '\r' | '\u{8}');
        prop_assert!(!sent.contains(|c| is_forbidden(c) && !own(c)), "{sent:?}");
        let strings = ["\u{1b}]", "\u{1b}P", "\u{1b}_", "\u{1b}^", "\u{1b}X", "\u{1b}c"];
        prop_assert!(!strings.iter().any(|start| sent.contains(start)), "{sent:?}");
    }
}
