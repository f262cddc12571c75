use super::*;

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
    let written = Corrections::write(file, &correction);
    assert_eq!(written, "# mine\n\"Apple\" = { is = \"nothing\" }\n\"Kaldvik\" = { is = \"place\" }\n");
    assert_eq!(Corrections::read(&written).0.list().len(), 2);
}

#[test]
fn an_entry_may_span_several_lines_or_have_a_heading() {
    let file = "\"Apple\" = { is = \"org\", also = [\n  \"Apple Inc\",\n] }\n\n[\"Lena Sorvik\"]\nis = \"person\"\n\n[Kaldvik]\nis = \"place\"\n";
    let (lines, faults) = Corrections::read(file);
    assert_eq!((lines.list().len(), faults), (3, vec![]));
    for name in ["Apple", "Lena Sorvik", "Kaldvik", "Berg"] {
        let (new, _) = Corrections::read(&format!("{name:?} = {{ is = \"nothing\" }}"));
        let written = Corrections::write(file, &new.list()[0]);
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
        let (without, faults) = Corrections::read(&Corrections::without(&written, name));
        assert_eq!((without.list().len(), faults), (wanted.len() - 1, vec![]));
    }
}
