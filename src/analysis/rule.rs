//! The rules that find names and quotes, one row a rule, so that each can be measured.
//!
//! `dateline-train eval-names DATA --ablate` and its sister `eval-quotes` switch off one rule after the other and print
//! what each is worth. Without the feature `train` no rule can be switched off: [`Rule::on`] is a constant, and costs
//! nothing. Must not know what a rule does.

macro_rules! rules {
    ($($task:ident $name:ident $id:literal $meaning:literal)*) => {
        /// A rule that can be switched off in an evaluation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rule {
            $(#[doc = $meaning] $name,)*
        }

        #[cfg(feature = "train")]
        impl Rule {
            /// All rules, in the order in which an article meets them.
            pub const ALL: &[Rule] = &[$(Rule::$name),*];

            /// The rule's name on the command line.
            pub fn id(self) -> &'static str {
                match self {
                    $(Rule::$name => $id,)*
                }
            }

            /// What the rule says, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Rule::$name => $meaning,)*
                }
            }

            /// What the rule is about.
            pub fn task(self) -> Task {
                match self {
                    $(Rule::$name => Task::$task,)*
                }
            }
        }
    };
}

/// What a rule finds.
#[cfg(feature = "train")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Names,
    Quotes,
}

rules! {
    Names LongerKnownName "longer-known-name" "A name inside a longer one of the gazetteer becomes the longer one."
    Names SurnameParticles "surname-particles" "The small words before a surname belong to the name: `van Rooijen`."
    Names DayForename "day-forename" "A weekday after a form of address is a forename: `Mr Friday Ameh`."
    Names ForenameBefore "forename-before" "A forename before a surname that is also a word belongs to the name: `Amber May`."
    Names HyphenatedName "hyphenated-name" "The rest behind a hyphen belongs to a person's name: `Jong-un`."
    Names TrimArticles "trim-articles" "An article at the start of a name is not part of it."
    Names TrimAddress "trim-address" "A form of address at the start of a person's name is not part of it."
    Names TrimRank "trim-rank" "A rank at the start of a person's name is not part of it: `Det Con`."
    Names TrimSmallPlace "trim-small-place" "A word in small letters at the start of a place is not part of it: `southern`."
    Names TrimHonours "trim-honours" "An honour or a degree at the end of a person's name is not part of it."
    Names CloseBracket "close-bracket" "A bracket that a name opens belongs to it where it closes: `Mladost (L)`."
    Names StateAbbreviation "state-abbreviation" "The abbreviation of a state keeps its full stop and is a place: `Neb.`"
    Names SplitHyphens "split-hyphens" "A compound with a hyphen is several names: `US-China`."
    Names SplitPlaces "split-places" "A comma, a genitive or a verb splits two places: `Nairobi, Kenya`."
    Names Storms "storms" "The forename of a storm names nobody: `Hurricane Maria`."
    Names PartyAndState "party-and-state" "A letter, a hyphen and a state are a party and a place: `R-Neb.`"
    Names OtherIsCountry "other-is-country" "A people among the names of other kinds names its country."
    Names LeadingCountry "leading-country" "A country before the name of a body is not part of it: `US State Department`."
    Names TrailingCountry "trailing-country" "A country behind `of` is not part of a ministry's name."
    Names HousesBody "houses-body" "A house that is named for the body in it is an organisation: `Goeldi Museum`."
    Names CommonWord "common-word" "A country that is also a common word of the text is none at the start of a sentence: `Turkey`."
    Names Languages "languages" "The adjective of a people that names a language names no country."
    Names AddCountries "add-countries" "A country of the gazetteer that the tagger passed over is added."
    Names AddOrganisations "add-organisations" "An organisation of the gazetteer that the tagger passed over is added."
    Names AddPlaces "add-places" "A place of the gazetteer that the tagger passed over is added."
    Names JoinCouncils "join-councils" "Two names with a hyphen before the end of an organisation are one body: `NATO-Russia Council`."
    Names CourtOf "court-of" "A court takes the place behind `of` into its name: `Supreme Court of Nova Scotia`."
    Names NumberedBodies "numbered-bodies" "A number before certain words belongs to the body's name: `20th Century Fox`."
    Names Campuses "campuses" "The place of a campus belongs to the name of a state's university: `University of California, Berkeley`."
    Names BodiesOfPlaces "bodies-of-places" "A place that the name of a body goes on with belongs to it: `University of Hong Kong`, `for Latin America and the Caribbean`."
    Names TwoBodies "two-bodies" "`and` parts two bodies: `Interior Ministry and Justice Ministry`."
    Names BalancedBrackets "balanced-brackets" "A name has no bracket without its fellow."
    Names AcronymsOfThings "acronyms-of-things" "The short form of what is no body is none: `Electronic Voting Machine (EVM)`."
    Names Brokers "brokers" "A name before `analysts` or `shares`, or behind `analyst at`, is a firm's."
    Names DatelineAgency "dateline-agency" "The agency in the brackets of a dateline is an organisation."
    Names ShoutedTitle "shouted-title" "In a headline in capitals, what the body writes in small letters is no name."
    Names NamedAgain "named-again" "An organisation whose last words the article uses for a person is a person."
    Names HoldsOffice "holds-office" "An organisation that begins with what a minister is for is a person."
    Names Deities "deities" "A deity or a creed is nobody whom a newspaper quotes."
    Names PostalCodes "postal-codes" "The code of a state behind a place is a place: `Long Beach, CA`."
    Names Greetings "greetings" "A greeting before a name is no part of it: `Hey Karthick`."
    Names LetteredNouns "lettered-nouns" "A letter behind certain nouns is no initial: `It was Plan B. Bruno left.`"
    Names OrdinaryWords "ordinary-words" "A small place at the start of a sentence is none where the text has the word in small letters."
    Names Papers "papers" "A person of one word that ends like the name of a paper is one: `Wikinews`."
    Names QuotedWords "quoted-words" "An unknown word that is all of a quote is no person: \"Gangurru,\"."
    Names NamedThings "named-things" "A band, a team or a telescope is no person: `the rock band X`, `X captain Y`, `the X space telescope`."
    Names Rivers "rivers" "A country's name after `river` is a place."
    Names InPlace "in-place" "A large or listed place after `in`, `near` or `from` is a place."
    Names ElsewherePlace "elsewhere-place" "A person of one word whom the article or the gazetteer has as a place is a place."
    Names ElsewhereOrganisation "elsewhere-organisation" "A person of one word that ends an organisation of the article is an organisation."
    Names ForenameElsewhere "forename-elsewhere" "A place or an organisation of one word that is a forename of the article is a person."
    Names SurnameActs "surname-acts" "A place that is a surname of the article and acts like a person is a person."
    Names HeadedOrganisation "headed-organisation" "The noun before an organisation at the start of a text is not part of it: `Brewer Carlsberg`."
    Names WorksFor "works-for" "A person of one word that somebody works for is an organisation: `Wu of Bernstein`."
    Names Quarters "quarters" "A quarter of the sky with an article is no place: `the West`."
    Names AmongPlaces "among-places" "An organisation in a list of places, or where a dateline has its place, is a place."
    Names SocialNetworks "social-networks" "A letter that is a social network is an organisation: `wrote on X`."
    Names SurnameAlone "surname-alone" "A surname of the article that stands alone is added."
    Names Families "families" "All who bear a surname are no person: `the Obamas`, `the Gupta family`."
    Names Koreas "koreas" "The North and the South are the Koreas where the article names both."
    Names TrimRole "trim-role" "A role at the start of a person's name is not part of it: `Opener D. S. Kulkarni`."
    Names Captions "captions" "The credit of a picture behind a person's name is not part of it: `Photo:`."
    Names PartyTag "party-tag" "The letter of a party before a place is not part of it: `D-Texas`."
    Names SplitPeople "split-people" "A semicolon, a bracket or a dash between blanks splits two people."
    Names SentenceStart "sentence-start" "A surname before the noun of its sentence is a common word: `Long queues formed`."
    Names Compounds "compounds" "A compound of two names is two: `Biden-Harris`."
    Names Degrees "degrees" "A degree behind a person's name is no place: `MD`."
    Names Dollars "dollars" "The letters before a dollar sign name no country: `US$`."
    Names KoreaIsSouth "korea-is-south" "`Korea` is the South unless the article speaks of the North alone."
    Names Eras "eras" "`B.C.` behind a number is no province."
    Names PeoplesApart "peoples-apart" "A comma or `and` parts two peoples: `Greek, Cypriot`."
    Names QuotedHouses "quoted-houses" "A house in quotation marks is no seat of a government: \"Blue House\"."
    Names PlaceInCountry "place-in-country" "A place before `in` and a country lies there: `La Paz in El Salvador`."
    Names Stations "stations" "A station lies where the article is, not where the place lies that it is called after."
    Names WithinBody "within-body" "Where nothing else names a country, a country inside the name of a body counts."
    Names CoinedAcronyms "coined-acronyms" "A word in brackets behind a body is its short name: `(EsSalud)`."
    Names PartyAlone "party-alone" "A party is called without the word `Party` too."
    Names SameAsBody "same-as-body" "A name of several words that the article has for a body is no person."
    Names Summits "summits" "A summit is neither a place nor a body: `COP27`."
    Names Honorifics "honorifics" "`Mrs Holub` is none of the men of that name who were introduced."
    Names RoleBeforeName "role-before-name" "`Governor Harlan` is the one Harlan who is a governor elsewhere."
    Names SurnameBeforeForename "surname-before-forename" "A forename that is also somebody's surname means that person."
    Names JustNamed "just-named" "A bare name means who was just named in full, where the others were not for long."
    Names ForenameInTitle "forename-in-title" "A bare name means who alone has the forename in the title."
    Names NamedTwice "named-twice" "A bare name means who alone was named in full more than once."
    Names Aged "aged" "A name of several words before an age is a person's: `Iran Achieng, 34,`."
    Names Strangers "strangers" "`Mr Wandera` and `President Wandera` are nobody's wife."
    Names DoubleNames "double-names" "`Reyes` is Lupe Reyes rather than Jordan Asplund-Reyes."
    Names Parents "parents" "The name behind `father` is not short for that of the child."
    Names Initials "initials" "Initials stand for the forenames: `KB Hedvik`, `XLD`."
    Names Misspellings "misspellings" "A name that differs in one letter is misspelt."
    Names Aliases "aliases" "`X, better known as Y` is one person."
    Names ShownName "shown-name" "A person is shown by the commonest full form, not by the longest."
    Quotes ParticipleBehindName "participle-behind-name" "A participle behind a person's name is not part of the speaker: `Price speaking to reporters said`."
    Quotes RoleBehindName "role-behind-name" "A role between a comma and the verb is the person's before the comma: `Price, head of the league said`."
    Quotes PlaceInPlace "place-in-place" "A country behind a town and a comma is not the subject: `The farmer, who grew up in Gweru, Zimbabwe said`."
    Quotes PassiveAgent "passive-agent" "The passive names its speaker behind `by`: `described by Price as`."
    Quotes Remarked "remarked" "Any verb of saying can open a sentence before its subject: `Remarked Price`."
    Quotes InWordsFar "in-words-far" "`In the words of Price` at the start of a sentence gives the marked words of the sentence to Price."
    Quotes PlacesWant "places-want" "In a report a country or a city is no speaker of what it only wants or calls."
    Quotes Signed "signed" "A name behind a dash signs the quotation before it."
    Quotes Dialogue "dialogue" "A paragraph that opens with a name and a colon is that person's."
    Quotes RoleModifiers "role-modifiers" "A role with adjectives is a named person only where the article gives them too: `the local health minister`."
    Quotes NounsThatReport "nouns-that-report" "A word that is a noun too (`report`, `states`) is no verb of saying before another verb, or behind a single name."
    Quotes Stumps "stumps" "A few words without a verb are no reported clause."
    Quotes RolesAhead "roles-ahead" "`the chief` is who bears that role further down, where nobody does before."
    Quotes OpenClauses "open-clauses" "A reported clause goes on past a comma or a colon as long as it has no verb."
    Quotes SpeaksOn "speaks-on" "A report ends before `and urged`, `but did not say`."
    Quotes Yardsticks "yardsticks" "Nobody speaks in `according to the norms`."
    Quotes ClausesWithoutVerb "clauses-without-verb" "What follows `said` is a clause although no verb of it is known."
    Quotes PronounOpens "pronoun-opens" "A pronoun before a verb opens a reported clause: `claimed she paid`."
    Quotes Gerunds "gerunds" "`confessed to killing` reports nothing."
    Quotes AsidesBehindVerb "asides-behind-verb" "A few words between commas may stand between the verb and what is said."
    Quotes WithoutSaying "without-saying" "`without saying` reports nothing."
    Quotes StatementsToSay "statements-to-say" "`issued a statement to clarify that` reports."
    Quotes MainVerbs "main-verbs" "A report in a relative clause ends before the main verb: `who claimed she was robbed has left`."
    Quotes FramedPieces "framed-pieces" "A clause with `when` before a quotation is not part of what is said."
    Quotes Chosen "chosen" "The trained scorer chooses the speaker of a quotation, and whether it is one; without it the rules do."
    Quotes ActedUpon "acted-upon" "Whom `she` acts upon in the sentences before is not she."
    Quotes GoesOn "goes-on" "A sentence of marked words right behind `\"…,\" she said.` is by her too."
    Quotes Nicknames "nicknames" "A nickname in quotation marks inside a name is no piece of its own."
    Quotes SkipDateline "skip-dateline" "Nobody says the dateline."
    Quotes AccordingTo "according-to" "`according to` attributes the clause to the phrase behind it."
    Quotes MadeClear "made-clear" "`made it clear that` reports."
    Quotes InWordsOf "in-words-of" "`in the words of` attributes the quotation beside it."
    Quotes PutIt "put-it" "`as she put it` attributes the quotation beside it."
    Quotes Nominal "nominal" "`her claim that` attributes the quotations in the clause."
    Quotes WentOnToSay "went-on-to-say" "An infinitive of saying counts after words such as `went on`."
    Quotes Hearing "hearing" "What a court or a jury heard is said by nobody in particular."
    Quotes ToldWithClause "told-with-clause" "After a quotation that ends with a comma no clause follows the verb without `that`."
    Quotes CharacterizedByNobody "characterized-by-nobody" "Quotations after `described as` are somebody's though no subject is found."
    Quotes PieceBehindClause "piece-behind-clause" "A quotation right behind a reported clause and a comma is the same speaker's."
    Quotes SplitClause "split-clause" "An attribution between commas may stand in the middle of what was said."
    Quotes WeakVerbs "weak-verbs" "Quotations in the object of a weak verb are not the subject's words."
    Quotes NestedVerbs "nested-verbs" "Inside a reported clause the nearest verb of saying owns the quotations."
    Quotes AskedOrConfirmed "asked-or-confirmed" "`asked whether` and `as she explained` tell who speaks without any words."
    Quotes LabelBeforeColon "label-before-colon" "A few words before a colon name the speaker of the quotation behind it."
    Quotes AnyVerb "any-verb" "After a quotation that ends with a comma any verb can be one of saying: `smiled Price`."
    Quotes Asides "asides" "A quotation that no verb claims can be by whom its sentence is about."
    Quotes HeadlineColon "headline-colon" "In a headline the words beside a colon can name a speaker."
    Quotes Announced "announced" "A sentence before a quotation that stands alone names its speaker."
    Quotes FrontedClause "fronted-clause" "A report in a clause that stands first ends before the main clause."
    Quotes Comments "comments" "A remark after a comma (`while …`) is the reporter's where it outweighs the report."
    Quotes Appositions "appositions" "`the spokesman, Ned Price` is Ned Price."
    Quotes QuotedAs "quoted-as" "`was quoted as saying` takes its subject from `quoted`."
    Quotes WithParticiple "with-participle" "`with Price describing it as` takes its subject from behind `with`."
    Quotes Issuers "issuers" "`They released a statement which said` is said by whoever released it."
    Quotes Habits "habits" "`as my father liked to say` takes its subject from the verb of habit."
    Quotes InCircumstance "in-circumstance" "`Price, on the eve of elections, said` is said by Price."
    Quotes BareTitleBehindName "bare-title-behind-name" "`Ato Forson, Ranking Member said` is said by Ato Forson."
    Quotes SegmentBeforeComma "segment-before-comma" "The words before one comma can be the subject of the verb behind it."
    Quotes LastClause "last-clause" "The subject stands behind the last conjunction: `when Price`."
    Quotes Tales "tales" "`told a story` tells nothing to anybody."
    Quotes ThatOnly "that-only" "Verbs such as `promised` report only with `that`."
    Quotes Conditions "conditions" "A reported clause can begin with a circumstance: `said under the deal …`."
    Quotes RelativeSubject "relative-subject" "`a defector who farms said` is said by the defector."
    Quotes LastArticle "last-article" "Where a phrase cannot be read whole, its last article opens the subject."
    Quotes HonourBehindName "honour-behind-name" "An honour behind a name leaves the name the head of its phrase."
    Quotes TitleOf "title-of" "A person behind a title with `of` is the speaker: `Secretary of State Antony Blinken`."
    Quotes LikelySpeakers "likely-speakers" "An unknown noun speaks only with an article, in the plural, or with a capital."
    Quotes Programmes "programmes" "`on \"Face the Nation,\"` is a title."
    Quotes Labels "labels" "Quoted words with the capitals of a title, or after a label, are no quotation."
    Quotes Wordings "wordings" "`used the phrase \"red line\"` is a quotation."
    Quotes Fragments "fragments" "A few quoted words in small letters that no verb claims are a quotation."
    Quotes StandsAlone "stands-alone" "A quotation that is a sentence of its own goes on with the speech before it."
    Quotes ReportedQuestion "reported-question" "The answer to a reported question is somebody else's."
    Quotes TakesTurn "takes-turn" "In a dialogue an answer is the other one's."
    Quotes Addresses "addresses" "Whoever is addressed by name in the quotation does not speak."
    Quotes AheadInParagraph "ahead-in-paragraph" "A quotation without a speaker is by whoever speaks next in its paragraph."
    Quotes LinkBackwards "link-backwards" "A speech over several paragraphs has the speaker of its end."
    Quotes LinkFirst "link-first" "The first quotations without a speaker are the next speaker's."
    Quotes AgeAsNoun "age-as-noun" "`the 26-year-old` is whom the text was about."
    Quotes OwnerOfText "owner-of-text" "A statement speaks for whom it names, or for whoever spoke last."
    Quotes ByRole "by-role" "`the minister` is the person whom the text gave that role."
    Quotes ByBodyAndRole "by-body-and-role" "`the Congress leader` is the person with that role in that body."
    Quotes LeaderBesideBody "leader-beside-body" "`the Congress leader` is the person named right behind that body."
    Quotes BodyBearsNoun "body-bears-noun" "`the ministry` is the body whose name holds the word."
    Quotes BodyDescribed "body-described" "`the operator` is the body that the text called an operator."
    Quotes BodyOfSort "body-of-sort" "`the company` is the likeliest firm of the article."
    Quotes SameDescription "same-description" "`the official` is the official who spoke before."
    Quotes Anaphors "anaphors" "`the actress` is the woman whom the sentences before are about."
    Quotes Questioners "questioners" "Who answers or was told is not the one who spoke before."
    Quotes SpokenOf "spoken-of" "Whom the quoted words speak of does not speak them."
    Quotes Overtaken "overtaken" "A pronoun stands for a subject that came in since the last speaker."
    Quotes TheySpeak "they-speak" "`they` stands for several people or a body that spoke."
    Quotes ItSpeaks "it-speaks" "`it` stands for a body or a country."
    Quotes Narration "narration" "A pronoun as a subject carries its person on into later sentences."
    Quotes DescribedPeople "described-people" "A sentence can be about somebody without a name: `My mother had a rule`."
    Quotes GenderVotes "gender-votes" "Pronouns in the sentences of a person tell the gender."
    Quotes RolesTellGender "roles-tell-gender" "The role of a person tells the gender: `spokeswoman`."
    Quotes Bylines "bylines" "Who writes the article is nobody in its text."
    Quotes HeadlineByline "headline-byline" "A name and a colon before a headline is a byline where the body does not name the person."
    Quotes HeadlineSpeaker "headline-speaker" "Quoted words of a headline are by whoever says them in the body."
}

impl Rule {
    /// Whether the rule is used.
    #[cfg(not(feature = "train"))]
    #[inline(always)]
    pub const fn on(self) -> bool {
        true
    }

    /// Whether the rule is used: always, but inside [`without`].
    #[cfg(feature = "train")]
    pub fn on(self) -> bool {
        OFF.get() != Some(self)
    }
}

#[cfg(feature = "train")]
thread_local! {
    static OFF: std::cell::Cell<Option<Rule>> = const { std::cell::Cell::new(None) };
}

/// Runs `run` on this thread without one rule.
#[cfg(feature = "train")]
pub fn without<T>(rule: Option<Rule>, run: impl FnOnce() -> T) -> T {
    OFF.set(rule);
    let result = run();
    OFF.set(None);
    result
}
