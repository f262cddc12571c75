use super::*;

fn write(file: &str, correction: &Correction) -> String {
    String::from_utf8(Corrections::write(file.as_bytes(), correction)).expect("text")
}

/// The names that can be read, and the lines of the mistakes.
fn check(file: &[u8], names: &[&str], faults: &[usize]) {
    let (read, found) = Corrections::read(file);
    let shown = String::from_utf8_lossy(file);
    assert_eq!(read.list().iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), names, "{shown}");
    assert_eq!(found.iter().map(|fault| fault.line).collect::<Vec<_>>(), faults, "{shown}\n{found:?}");
}

#[test]
fn one_bad_line_is_passed_over_and_the_others_are_used() {
    let bad: [&[u8]; 10] = [
        b"\"Caf\xe9\" = { is = \"org\" }",
        b"\xff\xfe\x00",
        b"\"Berg\" = { is = \"org\"",
        b"\"Berg\" = { also = [\"a\", ",
        b"\"Berg = { is = \"org\" }",
        b"Berg Lena = { is = \"person\" }",
        b"= { is = \"org\" }",
        b"\"Berg\" = { is = \"org\" } and more",
        b"\"Berg\" = \"\"\"",
        b"[\"Berg",
    ];
    for line in bad {
        for end in [&b"\n"[..], b"\r\n"] {
            let parts: [&[u8]; 6] =
                [b"\"Apple\" = { is = \"org\" }", end, line, end, b"\"Kaldvik\" = { is = \"place\" }", end];
            let file = parts.concat();
            check(&file, &["Apple", "Kaldvik"], &[2]);
            // What is written later leaves the line as it is.
            let (new, _) = Corrections::read("\"Kaldvik\" = { is = \"nothing\" }");
            let written = Corrections::write(&file, &new.list()[0]);
            let parts: [&[u8]; 5] =
                [b"\"Apple\" = { is = \"org\" }", end, line, end, b"\"Kaldvik\" = { is = \"nothing\" }\n"];
            assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&parts.concat()));
            let parts: [&[u8]; 4] = [b"\"Apple\" = { is = \"org\" }", end, line, end];
            assert_eq!(Corrections::without(&file, "Kaldvik"), parts.concat());
        }
    }
}

#[test]
fn mistakes_under_a_heading_are_passed_over_too() {
    check(b"[Berg]\nis = \"person\"\nalso = [\n[Kaldvik]\nis = \"place\"\n", &["Berg", "Kaldvik"], &[3]);
    check(b"\"A b\" = { also = [\n \"c\",\n], is = \"org\" }\n?\n", &["A b"], &[4]);
}

#[test]
fn the_first_of_two_lines_about_one_name_is_used() {
    check(b"\"Berg\" = { is = \"org\" }\n\"Berg\" = { is = \"place\" }\n", &["Berg"], &[2]);
    check(b"", &[], &[]);
    check(b"\xef\xbb\xbf\"Berg\" = { is = \"org\" }", &["Berg"], &[]);
}

#[test]
fn a_long_file_takes_time_in_proportion_to_its_length() {
    // If each line read the whole file again, this would take many minutes.
    let file: String = (0..60_000).map(|at| format!("\"Name {at}\" = {{ is = \"org\" }}\n")).collect();
    for last in ["", "?\n"] {
        assert_eq!(Corrections::read(file.clone() + last).0.list().len(), 60_000);
    }
}

#[test]
fn faults_have_line_numbers() {
    let (corrections, faults) = Corrections::read(
        "\"A b\" = { is = \"thing\" }\n\"Kal\" = { is = \"country\" }\n\"Ok\" = { is = \"org\" }\n\"C\" = { sane = \"D\" }\n",
    );
    assert_eq!(corrections.list().len(), 1);
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2, 4]);
}

#[test]
fn one_line_is_changed_and_the_others_are_kept() {
    let file = "# mine\n\"Apple\" = { is = \"org\" } # the firm\n\"Kaldvik\" = { is = \"place\" }\n";
    let correction = Correction {
        name: "Apple".into(),
        is: Some(Is::Nothing),
        also: vec![],
        same: None,
        apart: vec![],
        country: None,
        line: 0,
    };
    let written = write(file, &correction);
    assert_eq!(written, "# mine\n\"Apple\" = { is = \"nothing\" }\n\"Kaldvik\" = { is = \"place\" }\n");
    assert_eq!(Corrections::read(&written).0.list().len(), 2);
}

#[test]
fn an_entry_may_span_several_lines_or_have_a_heading() {
    let file = "\"Apple\" = { is = \"org\", also = [\n  \"Apple Inc\",\n] }\n\n[\"Lena Sorvik\"]\nis = \"person\"\n\n[Kaldvik]\nis = \"place\"\n";
    let (lines, faults) = Corrections::read(file);
    assert_eq!((lines.list().len(), faults), (3, vec![]));
    for name in ["Apple", "Lena Sorvik", "Kaldvik", "Berg"] {
        let (new, _) = Corrections::read(format!("{name:?} = {{ is = \"nothing\" }}"));
        let written = write(file, &new.list()[0]);
        let (read, faults) = Corrections::read(&written);
        assert_eq!(faults, [], "{written}");
        let known =
            |list: &[Correction]| list.iter().map(|line| (line.name.clone(), line.is)).collect::<Vec<_>>();
        let mut wanted: Vec<_> = known(lines.list()).into_iter().filter(|(known, _)| known != name).collect();
        wanted.push((name.to_owned(), Some(Is::Nothing)));
        let mut found = known(read.list());
        for list in [&mut wanted, &mut found] {
            list.sort_by(|a, b| a.0.cmp(&b.0));
        }
        assert_eq!(found, wanted, "{written}");
        let (without, faults) = Corrections::read(Corrections::without(written.as_bytes(), name));
        assert_eq!((without.list().len(), faults), (wanted.len() - 1, vec![]));
    }
}
