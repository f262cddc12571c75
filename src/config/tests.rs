use super::*;

fn check(text: &str, expected: &[&str]) -> Config {
    let (config, faults) = Config::read(text);
    assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    config
}

#[test]
fn a_value_knows_its_line() {
    let config = check("# mine\ntheme = \"dark\"\nmeasure = 66\n", &[]);
    assert_eq!(config.word("theme"), "dark");
    assert_eq!(config.number("measure"), 66);
    let origin =
        config.all().find(|(setting, ..)| setting.name == "measure").map(|(_, _, origin)| origin.clone());
    assert_eq!(origin, Some(Origin::File { line: 3 }));
}

#[test]
fn wrong_lines_are_told_and_the_rest_is_used() {
    let config = check(
        "them = \"dark\"\nmeasure = 9\ncolor = \"allways\"\ntheme = \"light\"\n",
        &[
            "line 1: there is no setting called them; did you mean theme?",
            "line 2: measure takes a whole number from 30 to 200 (cells)",
            "line 3: color takes one of auto, always, never (did you mean always?)",
        ],
    );
    assert_eq!(config.word("theme"), "light");
    assert_eq!(config.number("measure"), 72);
}

#[test]
fn broken_toml_is_told_with_its_line() {
    let (config, faults) = Config::read("measure = 66\ntheme = \"dark\nascii = true\n");
    assert_eq!(faults.first().map(|fault| fault.line), Some(2), "{faults:?}");
    assert_eq!(config.number("measure"), 66);
}

#[test]
fn searches_and_keys_are_kept() {
    let config = check(
        "opener = [\"w3m\", \"-v\"]\n[[saved]]\nname = \"balkans\"\nquery = \"country:RS,BA\"\n[keys]\nquit = \"C-x C-c\"\n",
        &[],
    );
    assert_eq!(config.argv("opener"), ["w3m", "-v"]);
    assert_eq!(config.saved, [Saved { name: "balkans".into(), query: "country:RS,BA".into(), watch: false }]);
    assert_eq!(config.bindings, [Binding { action: "quit".into(), keys: vec!["C-x C-c".into()], line: 6 }]);
}

#[test]
fn flags_lie_over_the_file() {
    let (mut config, _) = Config::read("theme = \"dark\"");
    assert_eq!(config.set("theme", "mono", Origin::Flag), Ok(()));
    assert_eq!(config.word("theme"), "mono");
    assert!(config.set("measure", "wide", Origin::Flag).is_err());
}

#[test]
fn the_template_is_a_config_of_defaults() {
    let template = template();
    let uncommented: String = template
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| SETTINGS.iter().any(|setting| line.starts_with(&format!("{} = ", setting.name))))
        .map(|line| format!("{line}\n"))
        .collect();
    let (config, faults) = Config::read(&uncommented);
    assert_eq!(faults, []);
    let plain = |config: &Config| config.all().map(|(_, value, _)| value.clone()).collect::<Vec<_>>();
    assert_eq!(plain(&config), plain(&Config::default()));
    assert_eq!(Config::read(&template).1, []);
}
