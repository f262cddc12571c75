//! What the quote finder knows of single words: verbs of saying, the small words that bound a
//! phrase, roles with their gender.
//!
//! In: a word as written. Out: its [`Traits`]. The table is built at compile time; a look-up is
//! one hash and, as a rule, one comparison. Must not know the words around.
//! (Longer than other files because it is a table.)

/// What a word can be: a set, because `reports` is a verb and a noun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits(u64);

macro_rules! traits {
    ($($(#[$doc:meta])* $name:ident = $bit:expr;)*) => {
        impl Traits {
            $($(#[$doc])* pub const $name: Traits = Traits(1 << $bit);)*
        }
    };
}

traits! {
    /// Takes a clause without `that`: `said the talks would go on`.
    SAY = 0;
    /// Reports a clause where it has `that`, or where the clause is plain from its words.
    REPORT = 1;
    /// Brings direct speech and no reported clause: `asked`, `quipped`.
    ASK = 2;
    /// A speech act with an object; words in marks after it are the speaker's own: `called it "a farce"`.
    ACT = 3;
    PAST = 4;
    PRESENT = 5;
    BASE = 6;
    ING = 7;
    /// Takes the person spoken to as its object: `told reporters`.
    TELL = 8;
    DETERMINER = 9;
    /// A personal pronoun as a subject.
    PRONOUN = 10;
    POSSESSIVE = 11;
    PREPOSITION = 12;
    RELATIVE = 13;
    AND = 14;
    /// Opens a subordinate clause: `while`, `because`.
    SUBORDINATE = 15;
    AUXILIARY = 16;
    ADVERB = 17;
    TIME = 18;
    NOT = 19;
    TO = 20;
    THAT = 21;
    MALE = 22;
    FEMALE = 23;
    PLURAL = 24;
    /// A noun for somebody who speaks: `minister`, `spokeswoman`, `officials`.
    ROLE = 25;
    /// A form of address or rank that stands before a name.
    TITLE = 26;
    /// Something that is said or written: `statement`, `tweet`.
    UTTERANCE = 27;
    /// A noun for a body that speaks: `ministry`, `company`, `police`.
    BODY = 28;
    /// `can`, `will`, `would`: what follows is not said yet.
    MODAL = 29;
    /// A form of `be`.
    BE = 30;
    /// `whether`, `what`, `how`: what follows is a question, not a report.
    QUESTION = 31;
    /// What is named after it in marks is a work, a label, a nickname: `film`, `so-called`.
    LABEL = 32;
    /// A finite verb that is no verb of saying.
    FINITE = 33;
    /// Who is spoken to: `reporters`, `parliament`.
    AUDIENCE = 34;
    /// A determiner that also stands alone: `some said`, `a mother of three said`.
    QUANTIFIER = 37;
    /// A word that the attribution looks at though it is no verb of saying: `according`, `claim`.
    KEY = 36;
    /// `I`, `we`, `you` as a subject: whoever writes or is quoted, never somebody named.
    FIRST = 35;
}

impl Traits {
    pub const fn or(self, other: Traits) -> Traits {
        Traits(self.0 | other.0)
    }

    /// Whether it has any of `traits`.
    pub const fn any(self, traits: Traits) -> bool {
        self.0 & traits.0 != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Any verb that can bring somebody's words.
    pub const CUE: Traits = Traits::SAY.or(Traits::REPORT).or(Traits::ASK).or(Traits::ACT);
    /// A verb that can bring words in marks with a colon, a comma or after them.
    pub const SPEECH: Traits = Traits::SAY.or(Traits::REPORT).or(Traits::ASK);
}

/// The traits of `word` in any case; none for a word that the table does not hold.
pub(super) fn look_up(word: &str) -> Traits {
    let bytes = word.as_bytes();
    if bytes.is_empty() || bytes.len() > LONGEST {
        return Traits::default();
    }
    let hash = hash(bytes);
    let mut slot = hash & MASK;
    loop {
        // `slot` is masked to the table's size.
        let entry = TABLE[slot];
        if entry == EMPTY {
            return Traits::default();
        }
        if entry.tag == tag(hash) {
            // Every entry but EMPTY holds an index into WORDS.
            let (known, traits) = WORDS[entry.word as usize];
            if known.as_bytes().eq_ignore_ascii_case(bytes) {
                return traits;
            }
        }
        slot = (slot + 1) & MASK;
    }
}

const LONGEST: usize = 16;
const MASK: usize = 4095;
const EMPTY: Entry = Entry { word: u16::MAX, tag: 0 };

/// One slot of the table: a word, and bits of its hash that spare most comparisons.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    word: u16,
    tag: u16,
}

const fn tag(hash: usize) -> u16 {
    (hash >> 12) as u16
}

const fn hash(bytes: &[u8]) -> usize {
    let mut hash: u32 = 0x811C_9DC5;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ (bytes[index] | 0x20) as u32).wrapping_mul(0x0100_0193);
        index += 1;
    }
    (hash ^ (hash >> 13)) as usize
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The groups of the table flattened, a word that is in several of them once with all its traits.
const COLLECTED: ([(&str, Traits); 2048], usize, [Entry; MASK + 1]) = collect();
static WORDS: [(&str, Traits); 2048] = COLLECTED.0;
static TABLE: [Entry; MASK + 1] = COLLECTED.2;

const fn collect() -> ([(&'static str, Traits); 2048], usize, [Entry; MASK + 1]) {
    let mut words = [("", Traits(0)); 2048];
    let mut table = [EMPTY; MASK + 1];
    let mut count = 0;
    let mut group = 0;
    while group < GROUPS.len() {
        let (traits, list) = GROUPS[group];
        let mut index = 0;
        while index < list.len() {
            let word = list[index];
            assert!(word.len() <= LONGEST);
            let hash = hash(word.as_bytes());
            let mut slot = hash & MASK;
            while table[slot].word != EMPTY.word
                && !same(words[table[slot].word as usize].0.as_bytes(), word.as_bytes())
            {
                slot = (slot + 1) & MASK;
            }
            if table[slot].word == EMPTY.word {
                table[slot] = Entry { word: count as u16, tag: tag(hash) };
                words[count] = (word, traits);
                count += 1;
            } else {
                let known = table[slot].word as usize;
                words[known] = (word, words[known].1.or(traits));
            }
            index += 1;
        }
        group += 1;
    }
    (words, count, table)
}

macro_rules! verbs {
    ($traits:expr; $($base:literal $present:literal $past:literal $ing:literal,)*) => {
        &[
            (Traits::BASE.or($traits), &[$($base),*]),
            (Traits::PRESENT.or($traits), &[$($present),*]),
            (Traits::PAST.or($traits), &[$($past),*]),
            (Traits::ING.or($traits), &[$($ing),*]),
        ]
    };
}

type Group = (Traits, &'static [&'static str]);

const SAY_VERBS: &[Group; 4] = verbs! { Traits::SAY;
    "say" "says" "said" "saying",
    "add" "adds" "added" "adding",
};

const TELL_VERBS: &[Group; 4] = verbs! { Traits::SAY.or(Traits::TELL);
    "tell" "tells" "told" "telling",
};

const INFORM_VERBS: &[Group; 4] = verbs! { Traits::REPORT.or(Traits::TELL);
    "inform" "informs" "informed" "informing",
    "assure" "assures" "assured" "assuring",
    "remind" "reminds" "reminded" "reminding",
    "warn" "warns" "warned" "warning",
    "notify" "notifies" "notified" "notifying",
    "reassure" "reassures" "reassured" "reassuring",
};

const REPORT_VERBS: &[Group; 4] = verbs! { Traits::REPORT;
    "note" "notes" "noted" "noting",
    "insist" "insists" "insisted" "insisting",
    "claim" "claims" "claimed" "claiming",
    "argue" "argues" "argued" "arguing",
    "explain" "explains" "explained" "explaining",
    "announce" "announces" "announced" "announcing",
    "declare" "declares" "declared" "declaring",
    "state" "states" "stated" "stating",
    "stress" "stresses" "stressed" "stressing",
    "emphasize" "emphasizes" "emphasized" "emphasizing",
    "emphasise" "emphasises" "emphasised" "emphasising",
    "underline" "underlines" "underlined" "underlining",
    "underscore" "underscores" "underscored" "underscoring",
    "admit" "admits" "admitted" "admitting",
    "acknowledge" "acknowledges" "acknowledged" "acknowledging",
    "concede" "concedes" "conceded" "conceding",
    "confirm" "confirms" "confirmed" "confirming",
    "reveal" "reveals" "revealed" "revealing",
    "report" "reports" "reported" "reporting",
    "write" "writes" "wrote" "writing",
    "tweet" "tweets" "tweeted" "tweeting",
    "post" "posts" "posted" "posting",
    "recall" "recalls" "recalled" "recalling",
    "suggest" "suggests" "suggested" "suggesting",
    "predict" "predicts" "predicted" "predicting",
    "forecast" "forecasts" "forecasted" "forecasting",
    "estimate" "estimates" "estimated" "estimating",
    "maintain" "maintains" "maintained" "maintaining",
    "assert" "asserts" "asserted" "asserting",
    "contend" "contends" "contended" "contending",
    "allege" "alleges" "alleged" "alleging",
    "observe" "observes" "observed" "observing",
    "remark" "remarks" "remarked" "remarking",
    "respond" "responds" "responded" "responding",
    "reply" "replies" "replied" "replying",
    "answer" "answers" "answered" "answering",
    "repeat" "repeats" "repeated" "repeating",
    "reiterate" "reiterates" "reiterated" "reiterating",
    "complain" "complains" "complained" "complaining",
    "caution" "cautions" "cautioned" "cautioning",
    "testify" "testifies" "testified" "testifying",
    "conclude" "concludes" "concluded" "concluding",
    "clarify" "clarifies" "clarified" "clarifying",
    "disclose" "discloses" "disclosed" "disclosing",
    "indicate" "indicates" "indicated" "indicating",
    "imply" "implies" "implied" "implying",
    "hint" "hints" "hinted" "hinting",
    "joke" "jokes" "joked" "joking",
    "boast" "boasts" "boasted" "boasting",
    "lament" "laments" "lamented" "lamenting",
    "comment" "comments" "commented" "commenting",
    "proclaim" "proclaims" "proclaimed" "proclaiming",
    "affirm" "affirms" "affirmed" "affirming",
    "reaffirm" "reaffirms" "reaffirmed" "reaffirming",
    "agree" "agrees" "agreed" "agreeing",
    "counter" "counters" "countered" "countering",
    "argues" "argues" "argued" "arguing",
    "promise" "promises" "promised" "promising",
    "pledge" "pledges" "pledged" "pledging",
    "vow" "vows" "vowed" "vowing",
    "swear" "swears" "swore" "swearing",
    "decree" "decrees" "decreed" "decreeing",
    "protest" "protests" "protested" "protesting",
    "speculate" "speculates" "speculated" "speculating",
    "theorize" "theorizes" "theorized" "theorizing",
    "tout" "touts" "touted" "touting",
    "mention" "mentions" "mentioned" "mentioning",
    "quote" "quotes" "quoted" "quoting",
    "confess" "confesses" "confessed" "confessing",
    "highlight" "highlights" "highlighted" "highlighting",
    "reckon" "reckons" "reckoned" "reckoning",
    "detail" "details" "detailed" "detailing",
    "recount" "recounts" "recounted" "recounting",
    "opine" "opines" "opined" "opining",
    "attest" "attests" "attested" "attesting",
    "point" "points" "pointed" "pointing",
    "elaborate" "elaborates" "elaborated" "elaborating",
    "enthuse" "enthuses" "enthused" "enthusing",
    "retort" "retorts" "retorted" "retorting",
    "rule" "rules" "ruled" "ruling",
    "advise" "advises" "advised" "advising",
    "accept" "accepts" "accepted" "accepting",
};

const ASK_VERBS: &[Group; 4] = verbs! { Traits::ASK;
    "ask" "asks" "asked" "asking",
    "wonder" "wonders" "wondered" "wondering",
    "inquire" "inquires" "inquired" "inquiring",
    "quip" "quips" "quipped" "quipping",
    "continue" "continues" "continued" "continuing",
    "shout" "shouts" "shouted" "shouting",
    "chant" "chants" "chanted" "chanting",
    "scream" "screams" "screamed" "screaming",
    "yell" "yells" "yelled" "yelling",
    "cry" "cries" "cried" "crying",
    "exclaim" "exclaims" "exclaimed" "exclaiming",
    "whisper" "whispers" "whispered" "whispering",
    "mutter" "mutters" "muttered" "muttering",
    "murmur" "murmurs" "murmured" "murmuring",
    "bark" "barks" "barked" "barking",
    "sigh" "sighs" "sighed" "sighing",
    "laugh" "laughs" "laughed" "laughing",
    "snap" "snaps" "snapped" "snapping",
    "sing" "sings" "sang" "singing",
    "read" "reads" "read" "reading",
    "caption" "captions" "captioned" "captioning",
    "deadpan" "deadpans" "deadpanned" "deadpanning",
    "begin" "begins" "began" "beginning",
    "conclude" "concludes" "concluded" "concluding",
    "go" "goes" "went" "going",
    "urge" "urges" "urged" "urging",
    "plead" "pleads" "pleaded" "pleading",
    "beg" "begs" "begged" "begging",
    "demand" "demands" "demanded" "demanding",
    "deny" "denies" "denied" "denying",
    "gush" "gushes" "gushed" "gushing",
    "fume" "fumes" "fumed" "fuming",
    "chime" "chimes" "chimed" "chiming",
    "interject" "interjects" "interjected" "interjecting",
    "muse" "muses" "mused" "musing",
    "reason" "reasons" "reasoned" "reasoning",
    "reflect" "reflects" "reflected" "reflecting",
    "implore" "implores" "implored" "imploring",
    "order" "orders" "ordered" "ordering",
    "tease" "teases" "teased" "teasing",
    "thunder" "thunders" "thundered" "thundering",
    "offer" "offers" "offered" "offering",
    "rant" "rants" "ranted" "ranting",
    "roar" "roars" "roared" "roaring",
    "exhort" "exhorts" "exhorted" "exhorting",
    "scold" "scolds" "scolded" "scolding",
    "admonish" "admonishes" "admonished" "admonishing",
    "bellow" "bellows" "bellowed" "bellowing",
    "grumble" "grumbles" "grumbled" "grumbling",
    "marvel" "marvels" "marvelled" "marvelling",
    "sneer" "sneers" "sneered" "sneering",
    "smile" "smiles" "smiled" "smiling",
    "shrug" "shrugs" "shrugged" "shrugging",
    "grin" "grins" "grinned" "grinning",
    "sob" "sobs" "sobbed" "sobbing",
    "growl" "growls" "growled" "growling",
    "text" "texts" "texted" "texting",
    "taunt" "taunts" "taunted" "taunting",
    "hear" "hears" "heard" "hearing",
};

const ACT_VERBS: &[Group; 4] = verbs! { Traits::ACT;
    "call" "calls" "called" "calling",
    "describe" "describes" "described" "describing",
    "accuse" "accuses" "accused" "accusing",
    "brand" "brands" "branded" "branding",
    "label" "labels" "labeled" "labeling",
    "labelled" "labelled" "labelled" "labelling",
    "condemn" "condemns" "condemned" "condemning",
    "criticize" "criticizes" "criticized" "criticizing",
    "criticise" "criticises" "criticised" "criticising",
    "praise" "praises" "praised" "praising",
    "denounce" "denounces" "denounced" "denouncing",
    "blast" "blasts" "blasted" "blasting",
    "slam" "slams" "slammed" "slamming",
    "dismiss" "dismisses" "dismissed" "dismissing",
    "reject" "rejects" "rejected" "rejecting",
    "threaten" "threatens" "threatened" "threatening",
    "hail" "hails" "hailed" "hailing",
    "welcome" "welcomes" "welcomed" "welcoming",
    "refer" "refers" "referred" "referring",
    "blame" "blames" "blamed" "blaming",
    "ridicule" "ridicules" "ridiculed" "ridiculing",
    "mock" "mocks" "mocked" "mocking",
    "decry" "decries" "decried" "decrying",
    "deride" "derides" "derided" "deriding",
    "thank" "thanks" "thanked" "thanking",
    "apologize" "apologizes" "apologized" "apologizing",
    "apologise" "apologises" "apologised" "apologising",
    "cite" "cites" "cited" "citing",
    "express" "expresses" "expressed" "expressing",
    "voice" "voices" "voiced" "voicing",
    "question" "questions" "questioned" "questioning",
    "propose" "proposes" "proposed" "proposing",
    "characterize" "characterizes" "characterized" "characterizing",
    "characterise" "characterises" "characterised" "characterising",
    "compare" "compares" "compared" "comparing",
    "liken" "likens" "likened" "likening",
    "portray" "portrays" "portrayed" "portraying",
    "paint" "paints" "painted" "painting",
    "term" "terms" "termed" "terming",
    "deem" "deems" "deemed" "deeming",
    "speak" "speaks" "spoke" "speaking",
    "talk" "talks" "talked" "talking",
    "outline" "outlines" "outlined" "outlining",
    "recommend" "recommends" "recommended" "recommending",
    "defend" "defends" "defended" "defending",
    "lash" "lashes" "lashed" "lashing",
    "appeal" "appeals" "appealed" "appealing",
    "hope" "hopes" "hoped" "hoping",
    "expect" "expects" "expected" "expecting",
    "believe" "believes" "believed" "believing",
    "think" "thinks" "thought" "thinking",
    "feel" "feels" "felt" "feeling",
    "consider" "considers" "considered" "considering",
    "regard" "regards" "regarded" "regarding",
    "celebrate" "celebrates" "celebrated" "celebrating",
    "attack" "attacks" "attacked" "attacking",
    "vent" "vents" "vented" "venting",
    "rail" "rails" "railed" "railing",
    "applaud" "applauds" "applauded" "applauding",
    "commend" "commends" "commended" "commending",
    "laud" "lauds" "lauded" "lauding",
    "congratulate" "congratulates" "congratulated" "congratulating",
    "rebuke" "rebukes" "rebuked" "rebuking",
    "chide" "chides" "chided" "chiding",
    "rebuff" "rebuffs" "rebuffed" "rebuffing",
    "refute" "refutes" "refuted" "refuting",
    "warn" "warns" "warned" "warning",
    "tout" "touts" "touted" "touting",
    "champion" "champions" "championed" "championing",
    "advocate" "advocates" "advocated" "advocating",
    "request" "requests" "requested" "requesting",
    "rate" "rates" "rated" "rating",
    "list" "lists" "listed" "listing",
    "sign" "signs" "signed" "signing",
    "want" "wants" "wanted" "wanting",
    "find" "finds" "found" "finding",
    "show" "shows" "showed" "showing",
    "admire" "admires" "admired" "admiring",
    "insult" "insults" "insulted" "insulting",
    "scorn" "scorns" "scorned" "scorning",
    "salute" "salutes" "saluted" "saluting",
};

#[rustfmt::skip]
const SMALL_WORDS: &[Group] = &[
    (
        Traits::DETERMINER,
        &[
            "the", "a", "an", "this", "these", "those", "some", "many", "several", "both", "all", "any",
            "each", "every", "no", "another", "other", "most", "few", "two", "three", "four", "five",
            "six", "seven", "one",
        ],
    ),
    (Traits::PRONOUN.or(Traits::MALE), &["he"]),
    (Traits::PRONOUN.or(Traits::FEMALE), &["she"]),
    (Traits::PRONOUN.or(Traits::PLURAL), &["they"]),
    (Traits::PRONOUN, &["it"]),
    (Traits::PRONOUN.or(Traits::FIRST), &["i", "we", "you"]),
    (Traits::POSSESSIVE.or(Traits::MALE), &["his"]),
    (Traits::POSSESSIVE.or(Traits::FEMALE), &["her"]),
    (Traits::POSSESSIVE.or(Traits::PLURAL), &["their"]),
    (Traits::POSSESSIVE, &["its", "my", "our", "your"]),
    (
        Traits::PREPOSITION,
        &[
            "of", "for", "in", "on", "at", "from", "with", "by", "about", "against", "over", "under",
            "into", "through", "during", "between", "among", "without", "within", "across", "near",
            "toward", "towards", "amid", "despite", "following", "per", "via", "concerning", "behind",
            "outside", "inside", "upon", "to", "beside", "alongside", "regarding", "ahead", "unlike",
            "like", "than", "throughout", "beyond", "amongst", "amidst", "beneath", "alongside", "besides",
            "onto", "around", "aboard", "notwithstanding",
        ],
    ),
    (Traits::TO, &["to"]),
    (Traits::THAT, &["that"]),
    (Traits::RELATIVE, &["who", "which", "whom", "whose", "where"]),
    (Traits::QUESTION, &[
            "whether", "if", "what", "how", "why", "who", "which", "when", "where",
        ]),
    (Traits::AND, &["and", "but", "or", "yet", "nor", "&"]),
    (
        Traits::SUBORDINATE,
        &[
            "while", "because", "although", "though", "when", "after", "before", "since", "until",
            "unless", "as", "if", "whereas", "once", "so", "whereby", "even",
        ],
    ),
    (
        Traits::AUXILIARY.or(Traits::FINITE).or(Traits::BE),
        &[
            "is", "are", "was", "were", "am", "'re", "’re", "isn't", "aren't", "wasn't", "weren't",
            "isn’t", "aren’t", "wasn’t", "weren’t", "'m", "’m",
        ],
    ),
    (Traits::AUXILIARY.or(Traits::BE), &["be", "been", "being"]),
    (
        Traits::AUXILIARY.or(Traits::FINITE),
        &[
            "has", "have", "had", "'ve", "’ve", "did", "does", "do", "'d", "’d", "hasn't", "haven't",
            "hadn't", "hasn’t", "haven’t", "hadn’t",
        ],
    ),
    (Traits::AUXILIARY, &["having", "got"]),
    (
        Traits::AUXILIARY.or(Traits::FINITE).or(Traits::MODAL),
        &[
            "will", "would", "can", "could", "may", "might", "should", "must", "shall", "cannot", "'ll",
            "’ll", "ought",
        ],
    ),
    (
        Traits::AUXILIARY.or(Traits::FINITE).or(Traits::NOT),
        &[
            "didn't", "doesn't", "don't", "didn’t", "doesn’t", "don’t", "won't", "won’t", "wouldn't",
            "wouldn’t", "couldn't", "couldn’t", "can't", "can’t", "shouldn't", "shouldn’t", "ain't",
            "ain’t",
        ],
    ),
    (Traits::NOT, &["not", "never", "n't", "n’t", "neither"]),
    (
        Traits::ADVERB,
        &[
            "also", "later", "then", "earlier", "now", "still", "already", "often", "again", "however",
            "meanwhile", "just", "even", "always", "sometimes", "further", "furthermore", "moreover",
            "therefore", "thus", "too", "instead", "otherwise", "long", "once", "twice", "first", "ever",
            "indeed", "reportedly", "simply", "only", "nevertheless", "nonetheless", "perhaps", "anyway",
            "afterwards", "afterward", "elsewhere", "likewise", "additionally", "so",
        ],
    ),
    (
        Traits::TIME,
        &[
            "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday",
            "today", "tomorrow", "tonight", "january", "february", "march", "april", "june", "july",
            "august", "september", "october", "november", "december", "jan", "feb", "aug", "sept", "oct",
            "nov", "dec", "week", "month", "year", "years", "weeks", "months", "days", "day", "hours",
            "morning", "afternoon", "evening", "night", "weekend", "ago", "last", "late", "early",
            "earlier", "recently", "midday", "midnight", "noon", "hour", "minutes", "summer", "winter",
            "spring", "autumn",
        ],
    ),
    (
        Traits::FINITE,
        &[
            "went", "came", "took", "made", "got", "left", "won", "lost", "began", "became", "held", "met",
            "sent", "fell", "rose", "gave", "saw", "knew", "ran", "kept", "led", "stood", "broke",
            "brought", "built", "cut", "hit", "put", "set", "hurt", "paid", "sold", "spent", "shot",
            "fought", "flew", "grew", "drew", "drove", "bore", "needs", "need", "wants", "wanted", "looks",
            "seems", "makes", "takes", "gives", "goes", "comes", "remains", "keeps", "knows", "lacks",
            "poses", "means", "depends", "includes", "faces", "deserves", "plays", "works", "lies",
            "stands", "aims", "shot", "slept", "wore", "stole", "froze", "spoke", "drank", "sang", "rang",
            "dug", "fed", "fled", "bought", "caught", "tore", "woke", "rode", "hid", "beat", "burst",
            "cost", "shut", "shook", "spread", "sprang", "swam", "wept", "wound", "meant", "lent", "bent",
            "bound", "bred", "crept", "felt", "heard", "hung", "led", "slid", "spun", "split", "stuck",
            "stung", "sued", "died", "tied", "lied", "ate", "struck", "sank", "swept", "dealt",
            "understood", "chose", "laid", "lay", "sought", "taught", "threw", "withdrew", "let", "faced",
            "seemed",
        ],
    ),
];

#[rustfmt::skip]
const NOUNS: &[Group] = &[
    (
        Traits::QUANTIFIER,
        &[
            "some", "many", "several", "both", "all", "any", "each", "another", "other", "most", "few",
            "two", "three", "four", "five", "six", "seven", "one", "these", "those",
        ],
    ),
    (
        Traits::KEY,
        &[
            "according", "clear", "put", "puts", "claim", "claims", "statement", "assertion", "remark",
            "remarks", "comment", "comments", "allegation", "allegations", "argument", "promise",
            "warning", "contention", "insistence", "accusation", "accusations", "suggestion", "pledge",
            "vow", "declaration", "announcement", "words", "phrase",
        ],
    ),
    (
        Traits::TITLE.or(Traits::MALE),
        &[
            "mr", "mister", "sir", "lord", "king", "prince", "father", "brother", "duke", "baron", "count",
            "pope", "sheikh", "imam", "rabbi", "emir", "sultan", "señor", "herr", "monsieur",
        ],
    ),
    (
        Traits::TITLE.or(Traits::FEMALE),
        &[
            "mrs", "ms", "miss", "madam", "madame", "lady", "queen", "princess", "dame", "sister",
            "duchess", "baroness", "mother", "frau", "señora",
        ],
    ),
    (
        Traits::TITLE,
        &[
            "dr", "prof", "president", "minister", "prime", "premier", "chancellor", "secretary",
            "senator", "sen", "rep", "representative", "governor", "gov", "mayor", "judge", "justice",
            "general", "gen", "lieutenant", "lt", "colonel", "col", "major", "maj", "captain", "capt",
            "admiral", "sergeant", "sgt", "officer", "inspector", "commissioner", "chief", "ambassador",
            "professor", "doctor", "bishop", "archbishop", "cardinal", "reverend", "rev", "congressman",
            "congresswoman", "deputy", "vice", "former", "then", "acting", "attorney", "speaker",
            "director", "chairman", "chairwoman", "chair", "head", "spokesman", "spokeswoman",
            "spokesperson", "lawmaker", "candidate", "nominee", "leader", "coach", "economist", "analyst",
            "foreign", "interior", "defence", "defense", "finance", "alhaji", "alhaja", "malam", "hajiya", "coun",
            "cllr", "datuk", "dato", "shri", "smt", "advocate", "barrister", "comrade", "pastor", "engr", "hon",
            "ustaz", "maulana", "warrant", "associate",
        ],
    ),
    (
        Traits::ROLE.or(Traits::MALE),
        &[
            "spokesman", "chairman", "congressman", "businessman", "policeman", "king", "prince", "man",
            "father", "son", "brother", "husband", "boy", "uncle", "grandfather", "pope", "actor",
            "nephew", "salesman", "fisherman", "fireman", "councilman", "assemblyman", "congressman",
            "ombudsman", "cameraman", "grandson", "gentleman", "sportsman", "craftsman", "statesman",
            "stepfather", "widower", "waiter", "tribesman", "clergyman",
        ],
    ),
    (
        Traits::ROLE.or(Traits::FEMALE),
        &[
            "spokeswoman", "chairwoman", "congresswoman", "businesswoman", "policewoman", "queen",
            "princess", "woman", "mother", "daughter", "sister", "wife", "girl", "aunt", "grandmother",
            "actress", "niece", "councilwoman", "assemblywoman", "widow", "granddaughter", "midwife",
            "nun", "stepmother", "waitress", "duchess", "heroine", "hostess",
        ],
    ),
    (
        Traits::ROLE,
        &[
            "president", "minister", "premier", "chancellor", "secretary", "senator", "representative",
            "governor", "mayor", "judge", "justice", "general", "lieutenant", "colonel", "major",
            "captain", "admiral", "sergeant", "officer", "inspector", "commissioner", "chief",
            "ambassador", "professor", "doctor", "bishop", "archbishop", "cardinal", "attorney", "speaker",
            "director", "chair", "head", "spokesperson", "lawmaker", "candidate", "nominee", "leader",
            "coach", "economist", "analyst", "official", "expert", "lawyer", "source", "aide", "adviser",
            "advisor", "critic", "diplomat", "scientist", "researcher", "author", "writer", "journalist",
            "reporter", "editor", "columnist", "executive", "ceo", "founder", "owner", "manager",
            "resident", "witness", "activist", "campaigner", "protester", "demonstrator", "teacher",
            "student", "farmer", "worker", "driver", "pilot", "nurse", "physician", "surgeon", "historian",
            "philosopher", "det", "insp", "supt", "pc", "singer", "musician", "artist", "player", "striker", "goalkeeper", "midfielder",
            "defender", "champion", "athlete", "trader", "broker", "banker", "investor", "strategist",
            "politician", "lobbyist", "prosecutor", "detective", "investigator", "commander", "soldier",
            "veteran", "rebel", "negotiator", "mediator", "envoy", "delegate", "deputy", "legislator",
            "mp", "councillor", "councilor", "voter", "supporter", "opponent", "rival", "colleague",
            "friend", "neighbour", "neighbor", "relative", "parent", "child", "victim", "survivor",
            "refugee", "migrant", "prisoner", "defendant", "suspect", "plaintiff", "pm", "boss",
            "chairperson", "coordinator", "administrator", "engineer", "designer", "developer",
            "specialist", "consultant", "technician", "operator", "conservationist", "biologist",
            "physicist", "meteorologist", "geologist", "epidemiologist", "virologist", "fisher", "vendor",
            "shopkeeper", "trustee", "treasurer", "curator", "conductor", "composer", "director-general",
            "vice-president", "co-founder", "cofounder", "pastor", "priest", "monk", "imam", "rabbi",
            "teenager", "tourist", "passenger", "customer", "observer", "pollster", "academic", "scholar",
            "lecturer", "blogger", "host", "presenter", "anchor", "moderator", "correspondent", "umpire",
            "referee", "skipper", "winger", "batsman", "bowler", "rider", "racer", "trainer", "sheriff",
            "marshal", "superintendent", "constable", "firefighter", "paramedic", "magistrate",
            "regulator", "watchdog", "auditor", "translator", "architect", "chef", "clerk", "cook",
            "guide", "judge", "thief", "guard", "monarch", "captive", "mechanic", "critic",
            "archaeologist", "constable", "pianist", "violinist", "cellist", "novelist", "poet", "librarian",
            "landlord", "tenant", "baker", "butcher", "barber", "carpenter", "plumber", "electrician", "caretaker",
            "sculptor", "dancer", "nutritionist", "psychologist", "sociologist", "ecologist", "botanist",
            "astronomer", "seismologist", "volcanologist", "oceanographer", "pathologist", "coroner", "barrister",
            "solicitor", "jeweller", "beekeeper", "shepherd", "gamekeeper", "ranger", "warden", "bailiff", "cleric",
            "missionary", "apprentice", "pensioner", "commuter", "cyclist", "motorist", "onlooker", "bystander",
            "lifeguard", "sailor", "skipper", "captain", "crewman", "stationmaster", "conductor", "attendant",
        ],
    ),
    (
        Traits::ROLE.or(Traits::PLURAL),
        &[
            "officials", "analysts", "experts", "critics", "sources", "lawyers", "researchers",
            "scientists", "authorities", "residents", "witnesses", "activists", "people", "police",
            "prosecutors", "diplomats", "ministers", "economists", "leaders", "supporters", "opponents",
            "investigators", "lawmakers", "organizers", "organisers", "doctors", "protesters",
            "protestors", "rebels", "traders", "workers", "students", "parents", "locals", "observers",
            "campaigners", "aides", "advisers", "advisors", "executives", "spokesmen", "spokespeople",
            "republicans", "democrats", "voters", "users", "fans", "members", "families", "relatives",
            "farmers", "villagers", "employees", "teachers", "authors", "historians", "commentators",
            "dealers", "brokers", "bankers", "investors", "firefighters", "rescuers", "soldiers",
            "commanders", "judges", "men", "women", "demonstrators", "colleagues", "friends", "neighbours",
            "neighbors", "others", "operatives", "strategists", "staffers", "allies", "backers", "insiders",
            "officers", "agents", "lobbyists", "pensioners", "commuters", "nurses", "pilots", "drivers", "miners",
            "fishermen", "sailors", "engineers", "mps", "senators", "governors", "mayors", "envoys", "delegates",
        ],
    ),
    (
        Traits::BODY,
        &[
            "ministry", "department", "government", "company", "agency", "group", "organization",
            "organisation", "party", "committee", "commission", "council", "court", "tribunal", "army",
            "military", "police", "firm", "bank", "union", "association", "foundation", "institute",
            "university", "hospital", "club", "team", "office", "bureau", "service", "administration",
            "cabinet", "parliament", "senate", "embassy", "consulate", "federation", "league", "newspaper",
            "network", "channel", "station", "broadcaster", "magazine", "paper", "board", "authority",
            "airline", "manufacturer", "maker", "retailer", "charity", "watchdog", "regulator", "panel",
            "alliance", "coalition", "movement", "militia", "navy", "force", "forces", "campaign",
            "venture", "corporation", "society", "centre", "center", "lab", "laboratory", "observatory",
            "fund", "exchange", "carrier", "operator", "presidency", "secretariat", "opposition", "regime",
            "junta", "prosecution", "defence", "defense", "family", "media", "outlet", "website", "brand",
            "giant", "automaker", "carmaker", "startup", "nonprofit", "ngo", "church", "kingdom", "state",
            "country", "capital", "city", "municipality", "council",
        ],
    ),
    (
        Traits::UTTERANCE,
        &[
            "statement", "interview", "speech", "tweet", "post", "letter", "report", "email", "e-mail",
            "message", "conference", "briefing", "address", "press", "video", "release", "article",
            "editorial", "memo", "note", "document", "documents", "filing", "study", "survey", "poll",
            "paper", "book", "blog", "broadcast", "testimony", "remarks", "comments", "op-ed", "column",
            "communique", "communiqué", "facebook", "twitter", "telegram", "instagram", "affidavit",
            "lawsuit", "complaint", "indictment", "transcript", "verdict", "bulletin", "advisory",
            "notice", "text", "call", "phone", "news", "thread", "reports", "data", "figures", "results",
            "statements", "letters", "posts", "tweets", "analysis", "caption", "reply", "response",
            "review", "summary", "draft", "declaration", "proclamation", "announcement", "essay",
            "podcast", "television", "radio", "tv", "sign", "banner", "headline",
        ],
    ),
    (
        Traits::AUDIENCE,
        &[
            "reporters", "journalists", "lawmakers", "parliament", "congress", "him", "her", "them", "us",
            "me", "you", "senators", "investors", "analysts", "delegates", "supporters", "shareholders",
            "media", "court", "people", "police", "viewers", "students", "jurors", "ministers",
            "officials", "voters", "everyone", "legislators", "investigators", "fans", "readers",
            "diplomats", "leaders", "television", "tv", "radio",
        ],
    ),
    (
        Traits::LABEL,
        &[
            "so-called", "nicknamed", "dubbed", "titled", "entitled", "film", "movie", "book", "novel",
            "song", "album", "single", "series", "show", "play", "poem", "painting", "musical", "opera",
            "magazine", "sitcom", "documentary", "exhibition", "game", "known", "codenamed", "aka",
            "called", "named", "word", "words", "phrase", "term", "alias", "hit", "track", "sequel",
            "memoir", "comedy", "drama", "episode", "slogan", "motto", "hashtag", "nickname", "essay",
            "meaning", "means", "operation", "ballad", "trilogy", "franchise", "soundtrack", "blockbuster",
            "thriller", "anthem", "tune", "classic", "program", "programme", "project", "translated",
            "translates", "translation", "pronounced", "spelled", "abbreviated",
        ],
    ),
];

const GROUPS: &[Group] = &flatten();

const COUNT: usize = 4 * 6 + SMALL_WORDS.len() + NOUNS.len();

const fn flatten() -> [Group; COUNT] {
    let mut groups: [Group; COUNT] = [(Traits(0), &[]); COUNT];
    let verbs = [SAY_VERBS, TELL_VERBS, INFORM_VERBS, REPORT_VERBS, ASK_VERBS, ACT_VERBS];
    let mut at = 0;
    while at < verbs.len() {
        let mut form = 0;
        while form < 4 {
            groups[at * 4 + form] = verbs[at][form];
            form += 1;
        }
        at += 1;
    }
    let mut index = 0;
    while index < SMALL_WORDS.len() {
        groups[24 + index] = SMALL_WORDS[index];
        index += 1;
    }
    index = 0;
    while index < NOUNS.len() {
        groups[24 + SMALL_WORDS.len() + index] = NOUNS[index];
        index += 1;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_with_all_that_they_can_be() {
        assert!(look_up("Said").any(Traits::PAST));
        assert!(look_up("REPORTS").any(Traits::PRESENT));
        assert!(look_up("reports").any(Traits::UTTERANCE));
        assert!(look_up("spokeswoman").any(Traits::FEMALE));
        assert!(look_up("").is_empty());
        assert!(look_up("zebra").is_empty());
        assert!(look_up("été").is_empty());
    }
}
