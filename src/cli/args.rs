//! The arguments, defined once: the parser, `--help`, the completions and the manual are made from these types.
//!
//! The file has over 600 lines because it has one short type for each command.

use crate::config::settings::{Flag, SETTINGS, Setting};
use crate::config::value::Takes;
use crate::listing::chronicle::Grain;
use crate::listing::thread::ThreadOrder;
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
    after_help = "Without a command the reader opens: on the paths given, otherwise on the library, or on a sample edition \
                  while the library is empty. In the reader, ? lists all keys. Exit codes: 0 success, 1 failure, 2 usage \
                  error."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub reader: ReaderArgs,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// The options of every command.
#[derive(Clone, Debug, Args)]
pub struct CommonArgs {
    /// The library's file, or an archive on a search server: https://HOST:9200/INDEX (also DATELINE_LIBRARY)
    #[arg(long, value_name = "FILE", global = true)]
    pub library: Option<PathBuf>,

    /// The config file (also DATELINE_CONFIG)
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// Read the sample edition, which is invented, in place of the library
    #[arg(long, global = true, conflicts_with = "library")]
    pub sample: bool,
}

/// The arguments of the reader.
#[derive(Debug, Args)]
pub struct ReaderArgs {
    /// Files or folders to read; - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Begin with the articles that this query finds
    #[arg(long, short, value_name = "QUERY")]
    pub query: Option<String>,

    #[command(flatten)]
    pub settings: SettingFlags,

    /// Work line by line, without moving the cursor: for screen readers and dumb terminals
    #[arg(long)]
    pub plain: bool,

    /// For a forced SSH command: never start another program, and write only the reader's own state
    #[arg(long)]
    pub kiosk: bool,

    /// With --kiosk, the file in which marks are stored: one for each person
    #[arg(long, value_name = "FILE", requires = "kiosk")]
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
    // Commands that print tables use colours as the reader does.
    let arg = if setting.name == "color" { arg.global(true) } else { arg };
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
    /// List articles, one per line: number, date, source, title
    List(ListArgs),
    /// Print one article as plain text
    Show(ShowArgs),
    /// List the people in a result, with the number of articles that mention each
    People(AskArgs),
    /// List the countries in a result, with the number of articles that mention each
    Countries(AskArgs),
    /// List the places in a result, with the number of articles that mention each
    Places(AskArgs),
    /// List the organisations in a result, with the number of articles that mention each
    Orgs(AskArgs),
    /// List the quotes in a result, with their speakers
    Quotes(AskArgs),
    /// Count a result over time: hours, days, weeks, months or years, and what sets each apart
    Timeline(TimelineArgs),
    /// List the stories of a result: articles that tell of one event over days
    Stories(StoriesArgs),
    /// Print everything about a person, a country, a place or an organisation
    Profile(ProfileArgs),
    /// Print what is new since a day: the largest stories, people, quotes, countries
    Brief(BriefArgs),
    /// List your boards; show, change or export one
    Board(BoardArgs),
    /// Print articles with their analysis, as JSON Lines
    Analyze(AnalyzeArgs),
    /// Add files, folders, feeds or lists of feeds to the library
    Add(AddArgs),
    /// Fetch the sources
    Fetch(FetchArgs),
    /// Exchange sources, articles and marks with the accounts of the config file
    Sync(SyncArgs),
    /// List, check or leave your accounts on servers, or bring sources to one
    Account(AccountArgs),
    /// List the sources and their status; change or remove one
    Sources(SourcesArgs),
    /// Mark articles of the library as read, unread or starred, or tag them
    Mark(MarkArgs),
    /// Move articles to the trash, from which they can be undeleted
    Delete(DeleteArgs),
    /// Take articles out of the trash
    Undelete(UndeleteArgs),
    /// List the rules on arrival with their hits, or try what they would do
    Rules(RulesArgs),
    /// Export the library, or the articles that a query finds, as text
    Export(ExportArgs),
    /// List, check, try or set your own corrections to names
    Names(NamesArgs),
    /// List every setting, its value and where the value came from
    Config(ConfigArgs),
    /// Check the terminal, the file locations and the health of the library
    Doctor(DoctorArgs),
    /// List the formats that are read, and how each is recognised
    Formats,
    /// Print completions for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual, in roff
    Man,
}

impl Command {
    /// Whether the command reads the articles of the library and changes nothing.
    pub fn reads(&self) -> bool {
        matches!(
            self,
            Command::List(_)
                | Command::Show(_)
                | Command::People(_)
                | Command::Countries(_)
                | Command::Places(_)
                | Command::Orgs(_)
                | Command::Quotes(_)
                | Command::Timeline(_)
                | Command::Stories(_)
                | Command::Profile(_)
                | Command::Brief(_)
                | Command::Export(_)
        )
    }
}

/// The arguments of all commands that query articles.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// Which articles, for example: person:blinken country:ukraine "military buildup"
    /// (write -- before a term that begins with a minus)
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Work on these files or folders; - for standard input
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,

    /// The output format
    #[arg(long, value_enum, default_value_t = AskFormat::Text)]
    pub format: AskFormat,

    /// Print one JSON object per line (the same as --format json)
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// Print at most N lines
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,

    /// With --format csv: write texts as they are, without the apostrophe that keeps a spreadsheet from
    /// taking them for formulas
    #[arg(long)]
    pub raw_cells: bool,
}

impl AskArgs {
    pub fn format(&self) -> AskFormat {
        if self.json { AskFormat::Json } else { self.format }
    }
}

#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub ask: AskArgs,

    /// The order of the articles
    #[arg(long, value_enum)]
    pub sort: Option<SortArg>,

    /// With --json: include the analysis of each article
    #[arg(long)]
    pub analysis: bool,

    /// Show how the query is understood, and list nothing
    #[arg(long)]
    pub explain: bool,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// An article's number, as list shows it, or a file
    #[arg(value_name = "ID|PATH")]
    pub what: PathBuf,

    /// Look up the number in these files or folders
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,

    /// Print names as [Name|kind]
    #[arg(long, conflicts_with = "json")]
    pub marks: bool,

    /// Print one JSON object, with the analysis
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
    /// Files or folders (- for standard input); addresses of feeds, or of pages that link to a feed; an OPML file,
    /// or newsboat's urls file
    #[arg(value_name = "WHAT", required = true)]
    pub paths: Vec<PathBuf>,

    /// Add the articles of files and folders to an archive on a search server, https://HOST:9200/INDEX, which is made if
    /// there is none
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<String>,

    /// For an address: the name of the source
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// For addresses and lists: a tag for every new article
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,

    /// For addresses and lists: how often to fetch, for example 30m, 2h, 1d
    #[arg(long, value_name = "TIME")]
    pub every: Option<String>,

    /// For addresses and lists: which articles are kept, starred ones apart: 30d, 26w, 500 or "26w 500"
    #[arg(long, value_name = "TIME")]
    pub keep: Option<String>,

    /// For addresses and lists: read the text of each article from its page
    #[arg(long)]
    pub full_text: bool,

    /// Only list what each file would be read as: its format, the number of its articles, their days and the first
    /// title. Nothing is stored, and no address is fetched
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Only these sources, by name or address
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,

    /// Also fetch sources that failed recently, are still fresh, or have an interval of their own
    #[arg(long, conflicts_with = "names")]
    pub all: bool,

    /// Print nothing, unless nothing could be fetched: for cron
    #[arg(long, short)]
    pub quiet: bool,

    /// Fetch nothing; print the status of each source
    #[arg(long, conflicts_with_all = ["all", "quiet"])]
    pub status: bool,
}

#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Only these accounts
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,

    /// Print nothing, unless an account could not be synced: for cron
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct AccountArgs {
    #[command(subcommand)]
    pub what: Option<AccountCommand>,
}

/// The subcommands of `account`.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// List the accounts of the config file: name, type, address, last sync, marks that wait (the default)
    List {
        /// Print one JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Ask the servers who is logged in, which sources there are and what works; change nothing
    Check {
        /// Only these accounts
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
    /// Add sources to an account: those of a list (OPML, newsboat's urls file), or without one those that are fetched here;
    /// or make an account of newsboat's config
    Import {
        /// An OPML file, as FreshRSS and others export it, newsboat's urls file, or newsboat's config or folder
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The account, where there are several
        #[arg(long, value_name = "NAME")]
        account: Option<String>,
    },
    /// Forget what was exchanged with an account; articles and marks are kept
    Remove {
        /// The account
        #[arg(value_name = "NAME")]
        name: String,
        /// Keep its sources, too, and fetch them from their own addresses
        #[arg(long)]
        keep_sources: bool,
    },
}

#[derive(Debug, Args)]
pub struct SourcesArgs {
    #[command(subcommand)]
    pub what: Option<SourcesCommand>,

    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

/// The subcommands of `sources`.
#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// List sources, one per line: name, status, address, tags (the default)
    List {
        /// Only these sources, by name or address
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// Print one JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Change a source's settings
    Set(SourcesSetArgs),
    /// Stop following a source; its articles are kept
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

    /// A new name for it, and for all of its articles
    #[arg(long, value_name = "NAME", group = "change")]
    pub name: Option<String>,

    /// A tag for every new article
    #[arg(long, value_name = "TAG", group = "change")]
    pub tag: Vec<String>,

    /// Stop adding this tag
    #[arg(long, value_name = "TAG", group = "change")]
    pub untag: Vec<String>,

    /// How often to fetch, for example 30m, 2h, 1d; usual to fetch it as often as other sources
    #[arg(long, value_name = "TIME", group = "change")]
    pub every: Option<String>,

    /// Which articles are kept, starred ones apart: 30d, 26w, 500 or "26w 500"; always to keep them for ever; usual for
    /// what the setting keep says
    #[arg(long, value_name = "TIME", group = "change")]
    pub keep: Option<String>,

    /// Whether to stop fetching it, except when it is asked for by its name
    #[arg(long, value_name = "true|false", group = "change")]
    pub paused: Option<bool>,

    /// Whether to read the text of each article from its page
    #[arg(long, value_name = "true|false", group = "change")]
    pub full_text: Option<bool>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub struct MarkArgs {
    /// Which articles (write -- before a term that begins with a minus)
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Mark every article of the library
    #[arg(long, conflicts_with = "query")]
    pub all: bool,

    /// Mark them as read
    #[arg(long, group = "what", conflicts_with = "unread")]
    pub read: bool,

    /// Mark them as unread
    #[arg(long, group = "what")]
    pub unread: bool,

    /// Star them
    #[arg(long, group = "what", conflicts_with = "unstar")]
    pub star: bool,

    /// Remove their star
    #[arg(long, group = "what")]
    pub unstar: bool,

    /// Add this tag to them
    #[arg(long, group = "what", value_name = "TAG")]
    pub tag: Vec<String>,

    /// Remove this tag from them
    #[arg(long, group = "what", value_name = "TAG")]
    pub untag: Vec<String>,

    /// Put them out of sight: only is:hidden finds them
    #[arg(long, group = "what", conflicts_with = "unhide")]
    pub hide: bool,

    /// Show hidden ones again
    #[arg(long, group = "what")]
    pub unhide: bool,
}

#[derive(Debug, Args)]
pub struct DeleteArgs {
    /// Which articles (write -- before a term that begins with a minus)
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Delete every article of the library; with --empty, empty the whole trash
    #[arg(long, conflicts_with = "query")]
    pub all: bool,

    /// Remove for good what has been in the trash for longer than the setting trash says
    #[arg(long, conflicts_with = "query")]
    pub empty: bool,
}

#[derive(Debug, Args)]
pub struct UndeleteArgs {
    /// Which of the deleted articles
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Take everything out of the trash
    #[arg(long, conflicts_with = "query")]
    pub all: bool,
}

#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Only the rule of this name
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// Show what the rules, or the rule of this name, would do to the articles of the library; nothing is changed
    #[arg(long, value_name = "NAME", num_args = 0..=1, conflicts_with = "name")]
    pub r#try: Option<Option<String>>,

    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Which articles; all if there is no query
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Work on these files or folders; - for standard input
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,

    /// The output format
    #[arg(long, value_enum, default_value_t = FormatArg::Jsonl)]
    pub format: FormatArg,

    /// Write to this file, which is replaced if it exists
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct NamesArgs {
    #[command(subcommand)]
    pub what: Option<NamesCommand>,
}

/// The subcommands of `names`.
#[derive(Debug, Subcommand)]
pub enum NamesCommand {
    /// Print the corrections in the file that take effect (the default)
    List,
    /// Report mistakes in the file, with their lines
    Check,
    /// Show what the corrections change in texts: each line that they change, before and after
    Try {
        /// Files or folders; - for standard input
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Correct one name
    Set {
        /// The name as it is written in texts
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
        /// For a place or a country: the code of the country
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Repair a damaged library: everything that can be read stays, and the damaged file is kept beside it
    #[arg(long)]
    pub repair: bool,
}

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Only report mistakes, with their lines
    #[arg(long)]
    pub check: bool,

    /// Print a config file with all defaults and their help
    #[arg(long, conflicts_with = "check")]
    pub print_default: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// One JSON object per line, which the add command can read again
    Jsonl,
    /// A table for spreadsheets, which the add command can read again
    Csv,
    /// One web page that needs no other file, which the add command can read again
    Html,
    /// Markdown, for people to read
    Md,
    /// Only the sources, as OPML for any feed reader; each source's first tag becomes its folder
    Opml,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AskFormat {
    /// For people: aligned columns on a terminal, otherwise one plain line for each row
    Text,
    /// One JSON object per line
    #[value(alias = "jsonl")]
    Json,
    /// Comma-separated values with a header, for spreadsheets
    Csv,
    /// Markdown, ready to be cited: only for quotes
    Md,
}

#[derive(Debug, Args)]
pub struct TimelineArgs {
    #[command(flatten)]
    pub ask: AskArgs,

    /// How long a bin is; without it, the shortest with which the result takes at most 48 lines
    #[arg(long, value_enum)]
    pub by: Option<GrainArg>,
}

#[derive(Debug, Args)]
pub struct StoriesArgs {
    #[command(flatten)]
    pub ask: AskArgs,

    /// In which order the stories come
    #[arg(long, value_enum, default_value = "newest")]
    pub order: OrderArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum OrderArg {
    /// The story with the newest last article first
    Newest,
    /// The story with the most articles first
    Largest,
    /// The story that the most sources tell first
    Sources,
}

impl From<OrderArg> for ThreadOrder {
    fn from(order: OrderArg) -> ThreadOrder {
        match order {
            OrderArg::Newest => ThreadOrder::Newest,
            OrderArg::Largest => ThreadOrder::Largest,
            OrderArg::Sources => ThreadOrder::Sources,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum GrainArg {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl From<GrainArg> for Grain {
    fn from(grain: GrainArg) -> Grain {
        match grain {
            GrainArg::Hour => Grain::Hour,
            GrainArg::Day => Grain::Day,
            GrainArg::Week => Grain::Week,
            GrainArg::Month => Grain::Month,
            GrainArg::Year => Grain::Year,
        }
    }
}

#[derive(Debug, Args)]
pub struct ProfileArgs {
    /// Whose profile: a name or its beginning, or the code of a country
    #[arg(value_name = "NAME")]
    pub name: String,

    /// In which articles, for example: since:2022-01 country:ukraine
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Only where this name is mentioned too: where the two meet
    #[arg(long, value_name = "NAME")]
    pub with: Vec<String>,

    /// Work on these files or folders; - for standard input
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,

    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct BriefArgs {
    /// About which articles, for example: country:ukraine; all if there is no query
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// The first day: yesterday, monday, 3d, 2022-03-01
    #[arg(long, value_name = "DAY", default_value = "yesterday")]
    pub since: String,

    /// The output format
    #[arg(long, value_enum, default_value_t = BriefFormat::Text)]
    pub format: BriefFormat,

    /// Work on these files or folders; - for standard input
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BriefFormat {
    /// Plain lines of at most 72 cells, for the terminal and for mail
    Text,
    /// Markdown
    Md,
    /// One web page that needs no other file
    Html,
}

#[derive(Debug, Args)]
pub struct BoardArgs {
    #[command(subcommand)]
    pub what: Option<BoardCommand>,

    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

/// The subcommands of `board`.
#[derive(Debug, Subcommand)]
pub enum BoardCommand {
    /// List the boards, one per line: number of items, name (the default)
    List {
        /// Print one JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// List what is on a board: place, number of the article, date, source, title or quote, and the notes
    Show {
        /// The board
        name: String,
        /// Print one JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Put articles on a board, which is made if there is none of this name
    Add {
        /// The board
        name: String,
        /// Numbers of articles, as list shows them, or a query; without either the board is only made
        #[arg(value_name = "ID|QUERY")]
        query: Vec<String>,
        /// Put the quotes of these articles on it, or those quotes that the query asks for
        #[arg(long)]
        quotes: bool,
        /// A note on each of them
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Write a note on an item, in place of the one that it has
    Note {
        /// The board
        name: String,
        /// The place of the item, as show lists it
        place: usize,
        /// The note; nothing removes it, and \\n begins another line
        note: Vec<String>,
    },
    /// Move an item to another place
    Move {
        /// The board
        name: String,
        /// The place of the item, as show lists it
        place: usize,
        /// The place to which it is moved
        to: usize,
    },
    /// Take an item off a board, or remove the whole board
    Remove {
        /// The board
        name: String,
        /// The place of the item; without it the board is removed
        place: Option<usize>,
    },
    /// Give a board another name
    Rename {
        /// The board
        name: String,
        /// Its new name
        to: String,
    },
    /// Write a board with citations
    Export {
        /// The board
        name: String,
        /// The output format
        #[arg(long, value_enum, default_value_t = BoardFormat::Md)]
        format: BoardFormat,
        /// Write to this file, which is replaced if it exists
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BoardFormat {
    /// Markdown
    Md,
    /// A table for spreadsheets
    Csv,
    /// One web page that needs no other file
    Html,
    /// Plain lines of at most 76 cells
    Text,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SortArg {
    /// Newest first
    Newest,
    /// The same as newest
    Date,
    /// Oldest first
    Oldest,
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
