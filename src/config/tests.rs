use super::value::{Form, Switch, ThemeChoice, When};
use super::*;
use crate::theme::ThemeName;

fn check(text: &str, expected: &[&str]) -> Config {
    let (config, faults) = Config::read(text);
    assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    config
}

#[test]
fn a_value_knows_its_line() {
    let config = check("# mine\ntheme = \"dark\"\nmeasure = 66\n", &[]);
    assert_eq!(config.values.theme, ThemeChoice::BuiltIn(ThemeName::Dark));
    assert_eq!(config.values.measure.get(), 66);
    let origin =
        config.all().find(|(setting, ..)| setting.name == "measure").map(|(_, _, origin)| origin.clone());
    assert_eq!(origin, Some(Origin::File { line: 3 }));
}

#[test]
fn mistakes_are_reported_and_the_rest_is_used() {
    let config = check(
        "them = \"dark\"\nmeasure = 9\ncolor = \"allways\"\ntheme = \"light\"\n",
        &[
            "line 1: there is no setting called them; did you mean theme?",
            "line 2: measure must be a whole number from 30 to 200 (cells)",
            "line 3: color must be one of auto, always, never (did you mean always?)",
        ],
    );
    assert_eq!(config.values.theme, ThemeChoice::BuiltIn(ThemeName::Light));
    assert_eq!(config.values.measure.get(), 72);
}

#[test]
fn broken_toml_is_reported_with_its_line() {
    let (config, faults) = Config::read("measure = 66\ntheme = \"dark\nascii = true\n");
    assert_eq!(faults.first().map(|fault| fault.line), Some(2), "{faults:?}");
    assert_eq!(config.values.measure.get(), 66);
}

#[test]
fn searches_and_keys_are_read() {
    let config = check(
        "opener = [\"w3m\", \"-v\"]\n[[saved]]\nname = \"balkans\"\nquery = \"country:RS,BA\"\n[keys]\nquit = \"C-x C-c\"\n",
        &[],
    );
    assert_eq!(config.values.opener, ["w3m", "-v"]);
    assert_eq!(config.saved, [Saved { name: "balkans".into(), query: "country:RS,BA".into(), watch: false }]);
    assert_eq!(config.bindings, [Binding { action: "quit".into(), keys: vec!["C-x C-c".into()], line: 6 }]);
}

/// The config of a file, an environment and flags.
fn layered(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> (Config, Vec<String>) {
    let (mut config, _) = Config::read(file);
    let env = |name: &str| {
        environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let wrong = config.take_environment(&env);
    for (name, value) in flags {
        let setting = Setting::find(name).expect("a setting");
        config.set(setting, value, Origin::Flag).expect("a value");
    }
    (config, wrong.into_iter().map(|wrong| format!("{}: {}", wrong.name, wrong.message)).collect())
}

fn origin(config: &Config, name: &str) -> String {
    config
        .all()
        .find(|(setting, ..)| setting.name == name)
        .map(|(.., origin)| origin.to_string())
        .expect("a setting")
}

#[test]
fn a_flag_overrides_the_environment_and_that_the_file() {
    let file = "theme = \"dark\"\nmeasure = 60\ncolor = \"never\"";
    let environment = [("DATELINE_MEASURE", "70"), ("DATELINE_COLOR", "always")];
    let (config, wrong) = layered(file, &environment, &[("color", "auto")]);
    assert_eq!(wrong, [""; 0]);
    assert_eq!(config.values.theme, ThemeChoice::BuiltIn(ThemeName::Dark));
    assert_eq!(config.values.measure.get(), 70);
    assert_eq!(config.values.color, When::Auto);
    assert_eq!(origin(&config, "theme"), "line 1 of the config file");
    assert_eq!(origin(&config, "measure"), "environment variable DATELINE_MEASURE");
    assert_eq!(origin(&config, "color"), "command line");
    assert_eq!(origin(&config, "bell"), "default");
}

#[test]
fn every_setting_has_a_variable_of_its_own() {
    let other = ["DATELINE_LIBRARY", "DATELINE_CONFIG"];
    for setting in SETTINGS {
        let name = setting.variable();
        assert!(!other.contains(&name.as_str()), "{name}");
        let text = match setting.takes {
            Takes::Choice(words) | Takes::Theme(words) => {
                let other = words.iter().find(|word| format!("{word:?}") != setting.default());
                other.expect("another word").to_string()
            }
            Takes::Number { most, .. } => most.to_string(),
            Takes::Argv => "w3m -v".to_owned(),
            Takes::Hosts => "intranet.example 10.1.0.0/16".to_owned(),
            Takes::Proxy => "http://proxy.test:80".to_owned(),
            Takes::Keep => "26w 500".to_owned(),
            Takes::Folder => "~/articles".to_owned(),
        };
        let (config, wrong) = layered("", &[(&name, &text)], &[]);
        assert_eq!(wrong, [""; 0]);
        assert_eq!(origin(&config, setting.name), format!("environment variable {name}"));
        assert_ne!(setting.written(&config.values), setting.default());
    }
    let (config, _) = layered("", &[("DATELINE_OPENER", "w3m -v"), ("DATELINE_MOUSE", "true")], &[]);
    assert_eq!(config.values.opener, ["w3m", "-v"]);
    assert_eq!(config.values.mouse, Switch::Always);
    let (config, _) = layered("", &[("DATELINE_OPENER", "[\"my browser\"]")], &[]);
    assert_eq!(config.values.opener, ["my browser"]);
}

#[test]
fn a_wrong_variable_is_reported_and_changes_nothing() {
    let check = |name: &str, value: &str, expected: &str| {
        let (config, wrong) = layered("measure = 60\nproxy = \"http://a.test\"", &[(name, value)], &[]);
        assert_eq!(wrong, [format!("{name}: {expected}")]);
        assert_eq!(config, Config::read("measure = 60\nproxy = \"http://a.test\"").0);
    };
    let measure = "'wide' is not allowed: measure must be a whole number from 30 to 200 (cells)";
    check("DATELINE_MEASURE", "wide", measure);
    check("DATELINE_MEASURE", "9", &measure.replace("wide", "9"));
    let color = "'neve' is not allowed: color must be one of auto, always, never (did you mean never?)";
    check("DATELINE_COLOR", "neve", color);
    let proxy = "'…@b.test' is not allowed: proxy must be an address: http://host:port or socks5://host:port";
    check("DATELINE_PROXY", "ana:secret@b.test", proxy);
    let opener = "'[firefox' is not allowed: opener must be a list of strings: a program and its arguments";
    check("DATELINE_OPENER", "[firefox", opener);
    assert_eq!(layered("measure = 60", &[("DATELINE_MEASURE", "")], &[]).0, Config::read("measure = 60").0);
}

#[test]
fn the_defaults_are_allowed() {
    for setting in SETTINGS {
        let default = setting.default().parse::<toml::Value>().expect("a TOML value");
        assert_eq!(setting.put(&mut Values::default(), &default), Ok(()), "{}", setting.name);
        assert!(!setting.short.ends_with('.') && setting.long.ends_with('.'), "{}", setting.name);
        assert_eq!(Setting::find(setting.name).map(|found| found.name), Some(setting.name));
    }
    assert_eq!(Values::default().measure.written(), "72");
}

#[test]
fn the_template_is_a_config_of_defaults() {
    let template = template();
    let uncommented: String = template
        .lines()
        .take_while(|line| *line != "# [[saved]]")
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| SETTINGS.iter().any(|setting| line.starts_with(&format!("{} = ", setting.name))))
        .map(|line| format!("{line}\n"))
        .collect();
    let (config, faults) = Config::read(&uncommented);
    assert_eq!(faults, []);
    assert_eq!(config.values, Values::default());
    assert_eq!(Config::read(&template).1, []);
}
