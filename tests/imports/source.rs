//! The source files as this test sees them: each with its place in the tree of modules and the paths that it uses.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;

/// One source file.
pub struct File {
    /// The name for messages, such as `src/app/mod.rs`.
    pub name: String,
    /// The top module that the file belongs to, such as `app`.
    pub room: String,
    /// The full path of its module, such as `["app", "update"]`.
    pub module: Vec<String>,
    pub paths: Vec<Path>,
}

/// A path in a file, with `super` and `self` resolved.
#[derive(Debug, PartialEq)]
pub struct Path {
    /// `crate`, or the first word of any other path: an external crate, or a name that is in scope.
    pub root: String,
    pub segments: Vec<String>,
    /// The number of the line, from 1.
    pub line: usize,
}

impl Path {
    /// The path with its root, as it is written in source code.
    pub fn written(&self) -> String {
        let mut written = self.root.clone();
        for segment in &self.segments {
            written.push_str("::");
            written.push_str(segment);
        }
        written
    }
}

/// All files under `src`, except those with only tests (`tests.rs`) and `lib.rs`, which names every room.
pub fn files() -> Vec<File> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(&root).expect("the file lies under src");
            let words: Vec<String> = inside.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            let Some(stem) = words.last().and_then(|last| last.strip_suffix(".rs")) else { continue };
            if stem == "tests" || words == ["lib.rs"] || words == ["exports.rs"] {
                continue;
            }
            let mut module: Vec<String> = words[..words.len() - 1].to_vec();
            if stem != "mod" {
                module.push(stem.to_owned());
            }
            let text = fs::read_to_string(&path).expect("a source file is readable text");
            found.push(File {
                name: format!("src/{}", words.join("/")),
                room: module[0].clone(),
                paths: paths(&text, &module),
                module,
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The paths in the text of a file, except in its tests. `module` is the module of the file.
pub fn paths(text: &str, module: &[String]) -> Vec<Path> {
    let tokens = TokenStream::from_str(text).expect("a source file is made of tokens");
    let mut reader = Reader { found: Vec::new(), module: module.to_vec() };
    reader.read(tokens);
    reader.found
}

struct Reader {
    found: Vec<Path>,
    module: Vec<String>,
}

impl Reader {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if is_test_attribute(&tokens[at..]) {
                at = end_of_item(&tokens, at);
                continue;
            }
            match &tokens[at] {
                TokenTree::Ident(word) if *word == "use" => {
                    let end = at + tokens[at..].iter().position(|token| is_punct(token, ';')).unwrap_or(1);
                    let mut tree = &tokens[at + 1..end];
                    self.tree(&mut tree, &[]);
                    at = end;
                }
                // This is a module within the file, whose paths are relative to that module.
                TokenTree::Ident(word) if *word == "mod" => {
                    if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
                        (tokens.get(at + 1), tokens.get(at + 2))
                    {
                        self.module.push(name.to_string());
                        self.read(body.stream());
                        self.module.pop();
                        at += 3;
                        continue;
                    }
                    at += 1;
                }
                TokenTree::Ident(_) => {
                    let (path, next) = path_at(&tokens, at);
                    if path.len() > 1 {
                        self.keep(&path, line_of(&tokens[at]));
                    }
                    at = next;
                }
                TokenTree::Group(group) => {
                    self.read(group.stream());
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    /// Parses a `use` tree at the start of `tokens`, which continues the path `prefix`.
    fn tree(&mut self, tokens: &mut &[TokenTree], prefix: &[String]) {
        let mut path = prefix.to_vec();
        let mut line = tokens.first().map_or(0, line_of);
        while let Some(token) = tokens.first() {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for part in inner.split(|token| is_punct(token, ',')) {
                        let mut part = part;
                        if !part.is_empty() {
                            self.tree(&mut part, &path);
                        }
                    }
                    return;
                }
                TokenTree::Ident(word) if *word == "as" => break,
                TokenTree::Ident(word) => {
                    line = line_of(token);
                    path.push(word.to_string());
                }
                _ => {}
            }
            *tokens = &tokens[1..];
        }
        self.keep(&path, line);
    }

    fn keep(&mut self, path: &[String], line: usize) {
        let mut module = self.module.clone();
        let mut rest = path;
        let inside = match rest.first().map(String::as_str) {
            Some("crate") => {
                module.clear();
                rest = &rest[1..];
                true
            }
            Some("self") => {
                rest = &rest[1..];
                true
            }
            Some("super") => {
                while rest.first().is_some_and(|word| word == "super") {
                    module.pop();
                    rest = &rest[1..];
                }
                true
            }
            _ => false,
        };
        if inside {
            module.extend(rest.iter().cloned());
            self.found.push(Path { root: "crate".to_owned(), segments: module, line });
        } else if let Some((root, segments)) = rest.split_first() {
            self.found.push(Path { root: root.clone(), segments: segments.to_vec(), line });
        }
    }
}

/// The words of the path that starts at index `at`, and the index after it.
fn path_at(tokens: &[TokenTree], at: usize) -> (Vec<String>, usize) {
    let mut words = vec![tokens[at].to_string()];
    let mut next = at + 1;
    while let [TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Ident(word), ..] = &tokens[next..]
        && a.as_char() == ':'
        && b.as_char() == ':'
    {
        words.push(word.to_string());
        next += 3;
    }
    (words, next)
}

/// Whether `tokens` start with the attribute `#[cfg(test)]`.
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [hash, TokenTree::Group(group), ..] = tokens else { return false };
    let condition: String = group.stream().to_string().split_whitespace().collect();
    is_punct(hash, '#') && group.delimiter() == Delimiter::Bracket && condition == "cfg(test)"
}

/// The index after the item that starts at `at` with its attributes.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let mut next = at;
    while let [hash, TokenTree::Group(_), ..] = &tokens[next..]
        && is_punct(hash, '#')
    {
        next += 2;
    }
    while let Some(token) = tokens.get(next) {
        next += 1;
        let body = matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        if body || is_punct(token, ';') {
            break;
        }
    }
    next
}

fn is_punct(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn line_of(token: &TokenTree) -> usize {
    token.span().start().line
}
