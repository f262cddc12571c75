//! Words that tell what the name beside them is. Lists of English newswire, each sorted for the binary search.
//! Over 500 lines because it is a table, a word a line.

/// Words before a person's name that are no part of it, in lower case without full stops.
const TITLES: [&str; 133] = [
    "adm",
    "admiral",
    "ambassador",
    "archbishop",
    "attorney",
    "ayatollah",
    "baron",
    "baroness",
    "bishop",
    "brig",
    "brigadier",
    "capt",
    "captain",
    "cardinal",
    "chairman",
    "chairwoman",
    "chancellor",
    "chief",
    "cmdr",
    "coach",
    "col",
    "colonel",
    "commander",
    "commissioner",
    "comrade",
    "congressman",
    "congresswoman",
    "constable",
    "corporal",
    "councillor",
    "councilman",
    "councilwoman",
    "count",
    "countess",
    "cpl",
    "crown",
    "dame",
    "deputy",
    "det",
    "detective",
    "director",
    "doctor",
    "dr",
    "duchess",
    "duke",
    "emir",
    "emperor",
    "empress",
    "father",
    "fr",
    "gen",
    "general",
    "gov",
    "governor",
    "haji",
    "hon",
    "imam",
    "inspector",
    "judge",
    "justice",
    "king",
    "lady",
    "lawmaker",
    "lawyer",
    "leader",
    "lieutenant",
    "lord",
    "lt",
    "madam",
    "maj",
    "major",
    "manager",
    "marshal",
    "master",
    "mayor",
    "messrs",
    "midfielder",
    "minister",
    "miss",
    "monsignor",
    "mp",
    "mr",
    "mrs",
    "ms",
    "mufti",
    "mullah",
    "officer",
    "opposition",
    "pastor",
    "patriarch",
    "pope",
    "premier",
    "pres",
    "president",
    "prime",
    "prince",
    "princess",
    "principal",
    "private",
    "prof",
    "professor",
    "prosecutor",
    "queen",
    "rabbi",
    "rep",
    "representative",
    "reps",
    "rev",
    "reverend",
    "saint",
    "secretary",
    "sen",
    "senator",
    "sens",
    "sergeant",
    "sgt",
    "sheik",
    "sheikh",
    "sheriff",
    "shri",
    "sir",
    "sister",
    "smt",
    "speaker",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "sultan",
    "superintendent",
    "supt",
    "taoiseach",
    "tsar",
    "vice",
];

/// Titles that no name keeps, in lower case without full stops.
const ADDRESSES: [&str; 85] = [
    "adm",
    "admiral",
    "advocate",
    "alhaja",
    "alhaji",
    "ambassador",
    "archbishop",
    "attorney",
    "bapak",
    "barr",
    "barrister",
    "brig",
    "capt",
    "captain",
    "cde",
    "chairman",
    "chancellor",
    "cllr",
    "col",
    "colonel",
    "comrade",
    "congressman",
    "congresswoman",
    "coun",
    "councillor",
    "councilor",
    "cpl",
    "dasho",
    "datin",
    "dato",
    "datuk",
    "dr",
    "engr",
    "gen",
    "general",
    "gov",
    "governor",
    "hajia",
    "hajiya",
    "hon",
    "honourable",
    "judge",
    "justice",
    "lieutenant",
    "lopen",
    "lt",
    "lyonpo",
    "maj",
    "malam",
    "mallam",
    "maulana",
    "mayor",
    "minister",
    "miss",
    "monsignor",
    "mr",
    "mrs",
    "ms",
    "mzee",
    "pastor",
    "premier",
    "president",
    "prof",
    "professor",
    "puan",
    "rep",
    "representative",
    "reps",
    "rev",
    "reverend",
    "secretary",
    "sen",
    "senator",
    "sens",
    "sergeant",
    "sgt",
    "shri",
    "smt",
    "spokesman",
    "supt",
    "surv",
    "ustadz",
    "ustaz",
    "ven",
    "venerable",
];

/// Words that end the name of an organisation, in lower case.
const ORG_ENDS: [&str; 97] = [
    "academy",
    "administration",
    "agency",
    "airlines",
    "airways",
    "alliance",
    "army",
    "assembly",
    "association",
    "authority",
    "bank",
    "board",
    "brigade",
    "brothers",
    "bureau",
    "cabinet",
    "center",
    "centre",
    "church",
    "club",
    "co",
    "coalition",
    "college",
    "command",
    "commission",
    "committee",
    "communications",
    "company",
    "confederation",
    "congress",
    "consortium",
    "constabulary",
    "cooperative",
    "corp",
    "corporation",
    "corps",
    "council",
    "court",
    "department",
    "directorate",
    "division",
    "electric",
    "embassy",
    "energy",
    "enterprises",
    "exchange",
    "fc",
    "federation",
    "force",
    "forces",
    "forum",
    "foundation",
    "front",
    "fund",
    "group",
    "guard",
    "holdings",
    "hospital",
    "inc",
    "industries",
    "initiative",
    "institute",
    "institution",
    "international",
    "laboratory",
    "league",
    "limited",
    "llc",
    "ltd",
    "media",
    "ministry",
    "mission",
    "motors",
    "movement",
    "museum",
    "navy",
    "network",
    "news",
    "office",
    "organisation",
    "organization",
    "parliament",
    "partners",
    "partnership",
    "party",
    "plc",
    "police",
    "press",
    "school",
    "secretariat",
    "senate",
    "service",
    "services",
    "society",
    "systems",
    "union",
    "university",
];

/// Small words that can stand within a person's name.
const PARTICLES: [&str; 30] = [
    "abu", "al", "ap", "bin", "bint", "da", "dal", "das", "de", "del", "della", "den", "der", "di", "do",
    "dos", "du", "e", "el", "ibn", "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu", "zur",
];

/// Words that open sentences and are no names, in lower case.
const OPENERS: [&str; 109] = [
    "a",
    "about",
    "after",
    "again",
    "all",
    "also",
    "although",
    "among",
    "an",
    "and",
    "another",
    "any",
    "as",
    "asked",
    "at",
    "back",
    "because",
    "before",
    "both",
    "but",
    "by",
    "can",
    "despite",
    "during",
    "each",
    "earlier",
    "even",
    "every",
    "few",
    "first",
    "following",
    "for",
    "former",
    "from",
    "he",
    "her",
    "here",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "instead",
    "is",
    "it",
    "its",
    "last",
    "later",
    "many",
    "meanwhile",
    "more",
    "most",
    "much",
    "my",
    "new",
    "no",
    "not",
    "now",
    "of",
    "on",
    "once",
    "one",
    "only",
    "or",
    "other",
    "others",
    "our",
    "over",
    "people",
    "police",
    "separately",
    "several",
    "she",
    "since",
    "so",
    "some",
    "still",
    "such",
    "ten",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "three",
    "through",
    "to",
    "today",
    "two",
    "under",
    "until",
    "we",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "yesterday",
    "you",
];

/// Honours, degrees and offices that follow a person's name and are no part of it, in lower case.
const HONOURS: [&str; 21] = [
    "am", "ao", "bt", "cbe", "frs", "kbe", "kc", "mbe", "md", "mep", "mla", "mna", "mp", "mpp", "msp", "obe",
    "phd", "qc", "sc", "sj", "td",
];

/// Ranks of the police and the army that stand before a name, in lower case.
const RANKS: [&str; 22] = [
    "bdr",
    "con",
    "cons",
    "constable",
    "dc",
    "dci",
    "det",
    "detective",
    "di",
    "ds",
    "dsgt",
    "insp",
    "inspector",
    "maj-gen",
    "pc",
    "ps",
    "pte",
    "sgt",
    "sub-inspector",
    "sup",
    "superintendent",
    "supt",
];

/// What a ministry is for, in lower case: `Minister for Labour`.
const PORTFOLIOS: [&str; 21] = [
    "affairs",
    "agriculture",
    "commerce",
    "culture",
    "defence",
    "defense",
    "education",
    "energy",
    "environment",
    "finance",
    "health",
    "housing",
    "industry",
    "interior",
    "justice",
    "labor",
    "labour",
    "railways",
    "state",
    "tourism",
    "trade",
];

/// Abbreviations of the states of the USA before their full stop, sorted.
const STATE_ABBREVIATIONS: [&str; 42] = [
    "Ala", "Ariz", "Ark", "Calif", "Colo", "Conn", "Del", "Fla", "Ga", "Ill", "Ind", "Kan", "Kans", "Ky",
    "La", "Mass", "Md", "Mich", "Minn", "Miss", "Mo", "Mont", "Neb", "Nebr", "Nev", "Okla", "Ont", "Ore",
    "Oreg", "Pa", "Penn", "Que", "Sask", "Tenn", "Tex", "Va", "Vt", "Wash", "Wis", "Wisc", "Wyo", "Yuk",
];

/// Whether `word` is an honour or degree behind a name, in capitals as they are written: `KC`, `MBE`, `PhD`.
pub fn is_honour(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_uppercase).count() > 1 && listed(&HONOURS, word)
}

/// Whether `word` is a rank before a name: `Det`, `Insp`.
pub fn is_rank(word: &str) -> bool {
    listed(&RANKS, word)
}

/// Whether `word` can be what a minister is for.
pub fn is_portfolio(word: &str) -> bool {
    listed(&PORTFOLIOS, word)
}

/// Whether `word`, before a full stop, is a state: `Neb`.
pub fn is_state_abbreviation(word: &str) -> bool {
    STATE_ABBREVIATIONS.binary_search(&word).is_ok()
}

/// The country of a state's or province's abbreviation, with or without its full stop: `Neb.`, `Ont.`
pub fn country_of_abbreviation(word: &str) -> Option<&'static str> {
    let word = word.strip_suffix('.')?;
    let canada = matches!(word, "Ont" | "Que" | "Sask" | "Yuk");
    is_state_abbreviation(word).then_some(if canada { "CA" } else { "US" })
}

/// Whether `word` is a day that is also a forename: `Mr Friday Ameh`.
pub fn is_day(word: &str) -> bool {
    matches!(word, "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday")
}

/// Whether a forename behind `word` is that of a storm.
pub fn is_storm(word: &str) -> bool {
    matches!(word, "Hurricane" | "Typhoon" | "Cyclone" | "Storm" | "Hurricanes" | "Typhoons")
}

fn listed(list: &[&str], word: &str) -> bool {
    let word = word.strip_suffix('.').unwrap_or(word);
    let mut buffer = [0; 16];
    let Some(lower) = buffer.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).is_ok_and(|lower| list.binary_search(&lower).is_ok())
}

/// Whether `word` is a title, an office or a form of address: `Mr.`, `President`, `Sheikh`.
pub fn is_title(word: &str) -> bool {
    listed(&TITLES, word)
}

/// Whether `word` is a form of address or an office that is never part of a name: `Mr.`, `Senator`.
pub fn is_form_of_address(word: &str) -> bool {
    listed(&ADDRESSES, word)
}

/// Whether `word` ends the names of organisations: `Ministry`, `Corp.`.
pub fn ends_org(word: &str) -> bool {
    listed(&ORG_ENDS, word)
}

/// Whether `word` is a small word within names: `van`, `bin`, `al`.
pub fn is_particle(word: &str) -> bool {
    listed(&PARTICLES, word)
}

/// Whether a capital at the start of a sentence says nothing of `word`.
pub fn is_opener(word: &str) -> bool {
    listed(&OPENERS, word)
}

#[cfg(test)]
mod tests {
    use super::{
        ADDRESSES, HONOURS, OPENERS, ORG_ENDS, PARTICLES, PORTFOLIOS, RANKS, STATE_ABBREVIATIONS, TITLES,
        ends_org, is_title,
    };

    #[test]
    fn the_lists_are_sorted() {
        let lists = [
            &TITLES[..],
            &ADDRESSES,
            &ORG_ENDS,
            &PARTICLES,
            &OPENERS,
            &HONOURS,
            &RANKS,
            &PORTFOLIOS,
            &STATE_ABBREVIATIONS,
        ];
        for list in lists {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
        }
    }

    #[test]
    fn case_and_stops_do_not_count() {
        assert!(is_title("Mr.") && is_title("PRESIDENT") && !is_title("Mister"));
        assert!(ends_org("Ltd.") && !ends_org("straße"));
    }
}
