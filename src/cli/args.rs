//! The arguments, defined once: the parser, `--help`, the completions and the man page come from here.

use crate::config::settings::{Flag, SETTINGS, Setting};
use crate::config::value::Takes;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// A news reader for the terminal that knows who and what is in the news.
#[derive(Debug, Parser)]
#[command(
    name = "dateline",
    version,
    about,
    after_help = "Without a command the reader opens: on the paths given, else on the library, and as long as that is \
                  empty on a sample edition. In the reader, ? shows all that can be pressed. Exit codes: 0 done, \
                  1 could not, 2 wrong usage."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub reader: ReaderArgs,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct CommonArgs {
    /// The library's file (also DATELINE_LIBRARY)
    #[arg(long, value_name = "FILE", global = true)]
    pub library: Option<PathBuf>,

    /// The config file (also DATELINE_CONFIG)
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

/// What the reader takes.
#[derive(Debug, Args)]
pub struct ReaderArgs {
    /// Files or folders to read; - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub settings: SettingFlags,

    /// Line by line, without moving the cursor: for screen readers and dumb terminals
    #[arg(long)]
    pub plain: bool,

    /// For a forced SSH command: start no other program, and write nothing but the reader's own state
    #[arg(long)]
    pub kiosk: bool,

    /// With --kiosk, the file in which marks are kept: one for each person
    #[arg(long, value_name = "FILE", requires = "kiosk", hide_short_help = true)]
    pub state: Option<PathBuf>,
}

/// The flags that set a setting. Their names, values and help come from the table of settings.
#[derive(Clone, Debug, Default)]
pub struct SettingFlags {
    /// Those that were given, with their values.
    pub given: Vec<(&'static Setting, String)>,
}

impl Args for SettingFlags {
    fn augment_args(command: clap::Command) -> clap::Command {
        SETTINGS.iter().filter_map(flag).fold(command, clap::Command::arg)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        SettingFlags::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<SettingFlags, clap::Error> {
        let value = |setting: &Setting| match setting.flag? {
            Flag::Value(_) => matches.get_one::<String>(setting.name).cloned(),
            Flag::Switch(value) => matches.get_flag(setting.name).then(|| value.to_owned()),
        };
        let given = SETTINGS.iter().filter_map(|setting| Some((setting, value(setting)?)));
        Ok(SettingFlags { given: given.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = SettingFlags::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The flag of a setting, if it has one.
fn flag(setting: &'static Setting) -> Option<Arg> {
    let arg = Arg::new(setting.name).long(setting.name);
    let short = match setting.takes {
        Takes::Theme(_) => format!("{}: {}", setting.short, setting.allowed()),
        _ => setting.short.to_owned(),
    };
    // A switch does what its setting says whether to do.
    let short = match (setting.flag, short.strip_prefix("Whether to ")) {
        (Some(Flag::Switch(_)), Some(done)) => {
            let (first, rest) = done.split_at(done.chars().next().map_or(0, char::len_utf8));
            format!("{}{rest}", first.to_uppercase())
        }
        _ => short,
    };
    let arg = arg.long_help(format!("{short}.\n\n{}", setting.long)).help(short);
    Some(match (setting.flag?, setting.takes) {
        (Flag::Switch(_), _) => arg.action(ArgAction::SetTrue),
        (Flag::Value(name), Takes::Choice(words)) => {
            arg.value_name(name).value_parser(PossibleValuesParser::new(words))
        }
        (Flag::Value(name), _) => arg.value_name(name),
    })
}

/// The commands for scripts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// One article a line: number, date, source, title
    List(ListArgs),
    /// One article as plain text
    Show(ShowArgs),
    /// The people in a result, with the number of articles that name them
    People(AskArgs),
    /// The countries in a result, with the number of articles on them
    Countries(AskArgs),
    /// The places in a result, with the number of articles that name them
    Places(AskArgs),
    /// The organisations in a result, with the number of articles that name them
    Orgs(AskArgs),
    /// The quotes in a result, with their speakers
    Quotes(AskArgs),
    /// Articles with their analysis, as JSON Lines
    Analyze(AnalyzeArgs),
    /// Take files, folders, feeds and lists of feeds into the library
    Add(AddArgs),
    /// Fetch the sources
    Fetch(FetchArgs),
    /// The sources: which there are, how it stands with each; change or remove one
    Sources(SourcesArgs),
    /// Mark articles of the library read, unread, starred, tagged
    Mark(MarkArgs),
    /// A whole library, or what a query finds in it, as text
    Export(ExportArgs),
    /// One's own corrections and additions to people, countries, places: list, check, try
    Names(NamesArgs),
    /// Every setting, its value and where it came from
    Config(ConfigArgs),
    /// What the terminal can do, where the files are, is the library sound
    Doctor(DoctorArgs),
    /// List the formats that are read, and how each is recognised
    Formats,
    /// Completions for a shell
    Completions {
        #[arg(value_enum)]
        shell: Shell,
    },
    /// The manual page, in roff
    Man,
}

/// What all commands that ask for articles take.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// Which articles, for example: person:blinken country:ukraine "military buildup"
    /// (a term that begins with a minus goes after --)
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Work on these files or folders; - for standard input
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,

    /// One JSON object a line
    #[arg(long)]
    pub json: bool,

    /// At most so many lines
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub ask: AskArgs,

    /// The order
    #[arg(long, value_enum)]
    pub sort: Option<SortArg>,

    /// With --json: what is in each article, too
    #[arg(long, requires = "json")]
    pub analysis: bool,

    /// Say how the query was read, and list nothing
    #[arg(long)]
    pub explain: bool,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// An article's number, as list shows it, or a file
    #[arg(value_name = "ID|PATH")]
    pub what: PathBuf,

    /// Look the number up in these files or folders
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,

    /// Write names as [Name|kind]
    #[arg(long, conflicts_with = "json")]
    pub marks: bool,

    /// As one JSON object, with its analysis
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct AnalyzeArgs {
    /// Files or folders; - for standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct AddArgs {
    /// Files or folders (- for standard input); addresses of feeds, or of pages that name theirs; an OPML file,
    /// or newsboat's urls file
    #[arg(value_name = "WHAT", required = true)]
    pub paths: Vec<PathBuf>,

    /// For an address: what to call the source
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// For addresses and lists: a tag for every article that comes
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,

    /// For addresses and lists: how often to fetch, as 30m, 2h, 1d
    #[arg(long, value_name = "TIME")]
    pub every: Option<String>,

    /// For addresses and lists: how long articles are kept, unless starred, as 30d, 26w
    #[arg(long, value_name = "TIME")]
    pub keep: Option<String>,

    /// For addresses and lists: take each article's text from its page
    #[arg(long)]
    pub full_text: bool,
}

#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Only these sources, by name or address
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,

    /// Also those that failed lately, are still fresh, or have an interval of their own
    #[arg(long, conflicts_with = "names")]
    pub all: bool,

    /// Say nothing, unless nothing could be fetched: for cron
    #[arg(long, short)]
    pub quiet: bool,

    /// Fetch nothing: say how it stands with each
    #[arg(long, conflicts_with_all = ["all", "quiet"])]
    pub status: bool,
}

#[derive(Debug, Args)]
pub struct SourcesArgs {
    #[command(subcommand)]
    pub what: Option<SourcesCommand>,

    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// What to do with the sources.
#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// One source a line: name, how it stands, address, tags (the default)
    List {
        /// Only these, by name or address
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Change what is wished of a source
    Set(SourcesSetArgs),
    /// Follow a source no longer; its articles stay
    Remove {
        /// The source, by name or address
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true))]
pub struct SourcesSetArgs {
    /// The source, by name or address
    #[arg(value_name = "SOURCE")]
    pub source: String,

    /// What to call it, and all of its articles
    #[arg(long, value_name = "NAME", group = "change")]
    pub name: Option<String>,

    /// A tag for every article that comes
    #[arg(long, value_name = "TAG", group = "change")]
    pub tag: Vec<String>,

    /// No longer this tag
    #[arg(long, value_name = "TAG", group = "change")]
    pub untag: Vec<String>,

    /// How often to fetch, as 30m, 2h, 1d; usual for as often as all others
    #[arg(long, value_name = "TIME", group = "change")]
    pub every: Option<String>,

    /// How long articles are kept, unless starred, as 30d, 26w; always for good
    #[arg(long, value_name = "TIME", group = "change")]
    pub keep: Option<String>,

    /// Whether to take each article's text from its page
    #[arg(long, value_name = "true|false", group = "change")]
    pub full_text: Option<bool>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub struct MarkArgs {
    /// Which articles
    #[arg(value_name = "QUERY", required = true)]
    pub query: Vec<String>,

    #[arg(long, group = "what", conflicts_with = "unread")]
    pub read: bool,

    #[arg(long, group = "what")]
    pub unread: bool,

    #[arg(long, group = "what", conflicts_with = "unstar")]
    pub star: bool,

    #[arg(long, group = "what")]
    pub unstar: bool,

    /// Give them this tag
    #[arg(long, group = "what", value_name = "TAG")]
    pub tag: Vec<String>,

    /// Take this tag away
    #[arg(long, group = "what", value_name = "TAG")]
    pub untag: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Which articles; all without one
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Work on these files or folders; - for standard input
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,

    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Jsonl)]
    pub format: FormatArg,
}

#[derive(Debug, Args)]
pub struct NamesArgs {
    #[command(subcommand)]
    pub what: Option<NamesCommand>,
}

/// What to do with the file of names.
#[derive(Debug, Subcommand)]
pub enum NamesCommand {
    /// Print the lines of the file that are in force (the default)
    List,
    /// Say what is wrong in the file, with its line
    Check,
    /// Show what the file makes of texts: each line that it changes, as it was and as it is
    Try {
        /// Files or folders; - for standard input
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Put one name right
    Set {
        /// The name as it stands in texts
        name: String,
        /// What it is: person, country, place, org, or nothing
        #[arg(long, value_name = "KIND")]
        is: Option<String>,
        /// Another form of the name
        #[arg(long, value_name = "NAME")]
        also: Vec<String>,
        /// The name that it is the same as
        #[arg(long, value_name = "NAME")]
        same: Option<String>,
        /// A name that it is not the same as
        #[arg(long, value_name = "NAME")]
        apart: Vec<String>,
        /// For a place or a country, the code of the country
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Save what can be read of a damaged library into a new file beside it
    #[arg(long)]
    pub repair: bool,
}

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Only say what is wrong, with its line
    #[arg(long)]
    pub check: bool,

    /// A config file of all defaults, with their help
    #[arg(long, conflicts_with = "check")]
    pub print_default: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// One JSON object a line, which add takes in again
    Jsonl,
    /// Markdown, for people
    Md,
    /// The sources alone, for any reader of feeds: OPML, the first tag of each its folder
    Opml,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SortArg {
    /// Newest first
    Date,
    /// Best match of the words first
    Relevance,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn words_that_are_no_command_are_paths() {
        let cli = Cli::try_parse_from(["dateline", "news", "-"]).expect("parses");
        assert!(cli.command.is_none());
        assert_eq!(cli.reader.paths, [PathBuf::from("news"), PathBuf::from("-")]);
    }

    #[test]
    fn flags_may_follow_the_query() {
        let cli =
            Cli::try_parse_from(["dateline", "people", "country:RU", "nato", "--json"]).expect("parses");
        let Some(Command::People(ask)) = cli.command else { panic!("another command") };
        assert!(ask.json);
        assert_eq!(ask.query, ["country:RU", "nato"]);
    }
}
