//! The rows of the data files of a language, checked.
//!
//! In: the text of a file. Out: its rows, or a message with the file and the line that is wrong. Used by the build
//! script, which turns the rows into perfect hashes, and by tests. Must not know what the rows are for.

/// The traits that are not sets of words but numbers: `month=3`.
const MONTH: &str = "month=";

/// One row of `traits.tsv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraitRow {
    pub name: String,
    pub group: String,
    pub meaning: String,
}

/// A word with what is true of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordRow {
    pub word: String,
    pub traits: Vec<String>,
    /// 1 to 12 for the name of a month, else 0.
    pub month: u8,
}

/// The forms of a verb; each form has one spelling or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerbRow {
    pub forms: [Vec<String>; 4],
    pub traits: Vec<String>,
}

/// The traits that the four forms of a verb have, in the order of the columns.
pub const FORMS: [&str; 4] = ["base", "present", "past", "ing"];

/// The lines of a file that are not comments, with their numbers, cut into `columns` columns. The first column is
/// sorted and has no value twice, unless `sorted` is false.
fn lines<'a>(
    file: &'a str,
    text: &'a str,
    columns: usize,
    sorted: bool,
) -> impl Iterator<Item = Result<(usize, Vec<&'a str>), String>> {
    let mut last = "";
    text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).map(move |(index, line)| {
        let number = index + 1;
        let fault = |what: String| Err(format!("{file}:{number}: {what}"));
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != columns {
            return fault(format!("{} columns instead of {columns}, separated by tabs", cells.len()));
        }
        if let Some(cell) = cells.iter().find(|cell| cell.trim() != **cell || cell.is_empty()) {
            return fault(format!("the cell '{cell}' is empty or has white space at its ends"));
        }
        let first = cells[0];
        if sorted && first == last {
            return fault(format!("'{first}' is listed twice"));
        }
        if sorted && first < last {
            return fault(format!("'{first}' must come before '{last}': sort the file by bytes"));
        }
        last = first;
        Ok((number, cells))
    })
}

/// The rows of `traits.tsv`, in their order.
pub fn traits(file: &str, text: &str) -> Result<Vec<TraitRow>, String> {
    let mut rows: Vec<TraitRow> = Vec::new();
    for line in lines(file, text, 3, false) {
        let (number, cells) = line?;
        let name = cells[0].to_owned();
        if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            return Err(format!("{file}:{number}: '{name}' may hold small letters and hyphens only"));
        }
        if rows.iter().any(|row| row.name == name) {
            return Err(format!("{file}:{number}: '{name}' is listed twice"));
        }
        rows.push(TraitRow { name, group: cells[1].to_owned(), meaning: cells[2].to_owned() });
    }
    Ok(rows)
}

/// The rows of a file of words or names, with traits that are in `known`.
pub fn words(file: &str, text: &str, known: &[TraitRow]) -> Result<Vec<WordRow>, String> {
    let mut rows = Vec::new();
    for line in lines(file, text, 2, true) {
        let (number, cells) = line?;
        let fault = |what: String| format!("{file}:{number}: {what}");
        let word = small(cells[0]).map_err(fault)?;
        let (traits, month) = read_traits(cells[1], known).map_err(fault)?;
        rows.push(WordRow { word, traits, month });
    }
    Ok(rows)
}

/// The rows of a file of verbs, with traits that are in `known`.
pub fn verbs(file: &str, text: &str, known: &[TraitRow]) -> Result<Vec<VerbRow>, String> {
    let mut rows: Vec<VerbRow> = Vec::new();
    for line in lines(file, text, FORMS.len() + 1, true) {
        let (number, cells) = line?;
        let fault = |what: String| format!("{file}:{number}: {what}");
        let mut forms: [Vec<String>; 4] = Default::default();
        for (form, cell) in forms.iter_mut().zip(&cells) {
            for spelling in cell.split('/') {
                form.push(small(spelling).map_err(fault)?);
            }
        }
        let (traits, _) = read_traits(cells[FORMS.len()], known).map_err(fault)?;
        if let Some(form) = FORMS.iter().find(|form| traits.iter().any(|name| name == *form)) {
            return Err(fault(format!("the trait '{form}' follows from the column and is not written")));
        }
        let taken = |base: &String| rows.iter().any(|row| row.forms[0].contains(base));
        if let Some(base) = forms[0].iter().find(|base| taken(base)) {
            return Err(fault(format!("the verb '{base}' is listed twice")));
        }
        if forms[0].iter().any(|base| forms[1].contains(base) || forms[3].contains(base)) {
            return Err(fault("the base form is repeated as the present form or the participle".to_owned()));
        }
        rows.push(VerbRow { forms, traits });
    }
    Ok(rows)
}

/// The pairs of a file with two columns: forenames and what they are short for.
pub fn pairs(file: &str, text: &str) -> Result<Vec<(String, String)>, String> {
    lines(file, text, 2, true)
        .map(|line| line.map(|(_, cells)| (cells[0].to_owned(), cells[1].to_owned())))
        .collect()
}

/// Every word of a language once, with all its traits: those of its own row and those of the verbs that it is a form
/// of. Sorted by word.
pub fn join(words: Vec<WordRow>, verbs: &[VerbRow]) -> Vec<WordRow> {
    let mut all: std::collections::BTreeMap<String, WordRow> =
        words.into_iter().map(|row| (row.word.clone(), row)).collect();
    for verb in verbs {
        for (spellings, form) in verb.forms.iter().zip(FORMS) {
            for spelling in spellings {
                let row = all.entry(spelling.clone()).or_default();
                row.word.clone_from(spelling);
                row.traits.push(form.to_owned());
                row.traits.extend(verb.traits.iter().cloned());
            }
        }
    }
    all.into_values().collect()
}

/// A word as look-ups ask for it: in lower case, with straight apostrophes.
fn small(word: &str) -> Result<String, String> {
    if word.to_lowercase() != word || word.contains('’') {
        return Err(format!("'{word}' must be in lower case, with straight apostrophes"));
    }
    Ok(word.to_owned())
}

fn read_traits(cell: &str, known: &[TraitRow]) -> Result<(Vec<String>, u8), String> {
    let (mut traits, mut month) = (Vec::new(), 0);
    for name in cell.split(' ') {
        if let Some(number) = name.strip_prefix(MONTH) {
            month = number
                .parse()
                .ok()
                .filter(|month| (1..=12).contains(month))
                .ok_or_else(|| format!("'{name}' is not a month: write month=1 to month=12"))?;
        } else if !known.iter().any(|row| row.name == name) {
            return Err(format!("'{name}' is not a trait: add it to traits.tsv or correct it"));
        } else if traits.iter().any(|other| other == name) {
            return Err(format!("the trait '{name}' is listed twice"));
        } else {
            traits.push(name.to_owned());
        }
    }
    Ok((traits, month))
}
