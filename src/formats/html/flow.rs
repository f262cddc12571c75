//! A writer of flowing text: white space collapses, breaks do not add up, and the lines of lists and quotations get
//! their marks. It knows nothing of HTML.

/// The white space before the next word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

#[derive(Debug)]
struct Indent {
    /// Goes before the first line; `None` once it has been written.
    first: Option<String>,
    /// Goes before every further line.
    further: String,
    list: bool,
}

#[derive(Debug, Default)]
pub(super) struct Flow {
    text: String,
    pending: Break,
    indents: Vec<Indent>,
}

impl Flow {
    /// Appends text. White space of any kind and length separates words and means nothing else.
    pub(super) fn text(&mut self, text: &str) {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        let mut rest = text;
        while !rest.is_empty() {
            let after = rest.trim_start_matches(blank);
            if after.len() < rest.len() {
                self.pend(Break::Space);
            }
            let end = after.find(blank).unwrap_or(after.len());
            let (word, tail) = after.split_at(end);
            if !word.is_empty() {
                self.flush();
                self.text.push_str(word);
            }
            rest = tail;
        }
    }

    /// Appends a mark directly to the previous word, before any white space that is pending.
    pub(super) fn close(&mut self, mark: &str) {
        if self.pending < Break::Line {
            let space = std::mem::take(&mut self.pending);
            self.text.push_str(mark);
            self.pending = space;
        } else {
            self.text.push_str(mark);
        }
    }

    /// Appends lines as they are, each with the marks of the lists and quotations around it.
    pub(super) fn verbatim(&mut self, text: &str) {
        for (at, line) in text.trim_matches('\n').split('\n').enumerate() {
            if at > 0 {
                self.text.push('\n');
                self.pending = Break::None;
                if !line.is_empty() {
                    self.write_indents();
                }
            } else {
                self.flush();
            }
            self.text.push_str(line);
        }
    }

    /// Ends the line; a second call in a row ends the paragraph.
    pub(super) fn line_break(&mut self) {
        let second = self.pending >= Break::Line;
        self.pend(if second { Break::Paragraph } else { Break::Line });
    }

    /// Makes the next word begin a line.
    pub(super) fn line(&mut self) {
        self.pend(Break::Line);
    }

    /// Makes the next word begin a paragraph.
    pub(super) fn paragraph(&mut self) {
        self.pend(Break::Paragraph);
    }

    /// Ends what comes before a list or between its items: a line if the list is within another list, or else a
    /// paragraph.
    pub(super) fn list_edge(&mut self, within: bool) {
        self.pend(if within { Break::Line } else { Break::Paragraph });
    }

    pub(super) fn indent(&mut self, first: &str, further: &str) {
        let list = first != further;
        self.indents.push(Indent { first: Some(first.to_owned()), further: further.to_owned(), list });
    }

    pub(super) fn outdent(&mut self) {
        self.indents.pop();
    }

    pub(super) fn is_in_list(&self) -> bool {
        self.indents.iter().any(|indent| indent.list)
    }

    /// Bytes written so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What has been written since [`Flow::len`] returned `len`.
    pub(super) fn since(&self, len: usize) -> &str {
        self.text.get(len..).unwrap_or_default()
    }

    /// Drops what has been written since [`Flow::len`] returned `len`.
    pub(super) fn take_back(&mut self, len: usize) {
        let breaks = self.since(len).chars().take_while(|c| *c == '\n').count();
        self.text.truncate(len);
        self.pend(match breaks {
            0 => Break::Space,
            1 => Break::Line,
            _ => Break::Paragraph,
        });
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn pend(&mut self, space: Break) {
        self.pending = self.pending.max(space);
    }

    fn flush(&mut self) {
        let at_start = self.text.is_empty();
        match std::mem::take(&mut self.pending) {
            _ if at_start => self.write_indents(),
            Break::None => {}
            Break::Space => self.text.push(' '),
            Break::Line => {
                self.text.push('\n');
                self.write_indents();
            }
            Break::Paragraph => {
                self.text.push_str("\n\n");
                self.write_indents();
            }
        }
    }

    fn write_indents(&mut self) {
        for indent in &mut self.indents {
            let mark = indent.first.take().filter(|_| indent.list);
            self.text.push_str(mark.as_deref().unwrap_or(&indent.further));
        }
    }
}
