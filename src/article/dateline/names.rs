//! The names that datelines are made of: agencies, states and countries, and the cities that stand
//! alone. From the style books of the large agencies, which name cities that need no country, and
//! from the names of the national agencies; capitals from the ISO 3166 countries.

use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The entries of a list, for looking up.
type Names = LazyLock<HashSet<&'static str>>;

/// Lower case without accents and full stops.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().filter(|&c| c != '.').map(|c| c.to_ascii_lowercase()).collect();
    }
    let plain = text.nfd().filter(|&c| !is_combining_mark(c) && c != '.');
    plain.map(|c| if c == '’' || c == '‘' { '\'' } else { c }).collect::<String>().to_lowercase()
}

fn entries(list: &'static str) -> HashSet<&'static str> {
    list.split('|').map(str::trim).collect()
}

/// Whether `text` is a news agency, or says that it is one.
pub(super) fn is_agency(text: &str) -> bool {
    let folded = fold(text);
    let named = |name: &str| AGENCIES.contains(name);
    if named(&folded) || folded.split([' ', '/']).next().is_some_and(|w| w.len() > 3 && named(w)) {
        return true;
    }
    matches!(folded.rsplit(' ').next(), Some("news" | "newswire" | "reuters" | "agency" | "wire"))
        && folded.contains(' ')
}

/// Whether `text` is a country or a state, in whole or as abbreviated in datelines.
pub(super) fn is_region(text: &str) -> bool {
    REGIONS.contains(fold(text).as_str())
}

/// Whether `text` is a city that stands in datelines without its country.
pub(super) fn is_city(text: &str) -> bool {
    CITIES.contains(fold(text).as_str())
}

/// Whether `text` has the look of a place: one to five words, all with a capital but the small
/// ones, and none that begins a headline's label, a byline or a person's title.
pub(super) fn may_be_place(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    let small = |word: &&str| SMALL.contains(word);
    let first = words.first().map(|word| fold(word)).unwrap_or_default();
    // `THE HAGUE` and its like, but no sentence that begins with an article.
    let article = matches!(first.as_str(), "the" | "a" | "an") && text.chars().any(char::is_lowercase);
    let (Some(head), Some(tail)) = (words.first(), words.last()) else { return false };
    words.len() <= 5
        && text.len() <= 48
        && (capital(head) || head.starts_with("al-") || head.starts_with("el-"))
        && capital(tail)
        && words.iter().all(|word| capital(word) || small(word))
        && !article
        && !NEVER.contains(first.as_str())
}

static SMALL: Names = LazyLock::new(|| {
    entries(
        "de|la|del|el|al|of|the|le|les|sur|upon|am|an|der|den|di|do|da|dos|das|es|ad|ez|in|i|y|e|du|des|on|near|bin|a|los|las|en|aux|lez|st",
    )
});

static NEVER: Names = LazyLock::new(|| {
    entries(
        "by|in|on|at|from|update|updated|breaking|exclusive|watch|correction|corrected|analysis|\
    opinion|note|editor's|q|review|video|photos|photo|poll|factbox|timeline|explainer|interview|feature|focus|mr|mrs|\
    ms|dr|president|minister|prime|sen|rep|gov|sir|lord|prof|professor|senator|question|answer|live|editorial|column|\
    commentary|special|report|read|see|also|related|more|here|there|this|that|these|today|yesterday|why|how|what|when|\
    who|where|key|top|new story|advertisement|image|caption|source|sources|file|this|it|he|she|they|we|i|but|and",
    )
});

static AGENCIES: Names = LazyLock::new(|| {
    entries(
        "reuters|reuter|ap|associated press|the associated press|afp|agence france-presse|ani|ians|pti|\
    uni|xinhua|tass|itar-tass|interfax|interfax-ukraine|ria novosti|ria|sputnik|upi|cnn|bbc|bbc news|ips|\
    inter press service|dpa|efe|ansa|kyodo|kyodo news|jiji|jiji press|yonhap|kcna|bernama|antara|vna|tna|pna|app|wam|\
    spa|qna|kuna|bna|ona|mena|anadolu|anadolu agency|aa|irna|isna|tasnim|mehr|mna|fars|fna|pana|nan|gna|anp|belga|apa|\
    lusa|aap|the canadian press|canadian press|cp|dw|deutsche welle|voa|rfe/rl|rfa|bloomberg|dow jones|prnewswire|\
    pr newswire|business wire|globenewswire|globe newswire|rns|cns|cna|sana|saba|ukrinform|unian|belta|armenpress|\
    trend|azertac|agerpres|mti|pap|ctk|bta|tanjug|hina|srna|fena|mia|ata|ntb|ritzau|andina|telam|prensa latina|\
    notimex|kna|ena|fana|suna|tap|map|aps|petra|nna|wafa|ma'an|afrol news|irin|allafrica|un news|jta|ens|zenit|\
    sanews|africanews|mercopress|montsame|kazinform|inform|kabar|trend news|turan|iqna|aki|adnkronos|askanews|\
    sda|keystone-sda|apa-ots|stt|delfi|bns|leta|elta|ee|nampa|ziana|zana|angop|aim|lena|rna|stp|capital fm|bgnnews|\
    bss|unb|lanka|slna|newsfirst|rss|ratopati|kuensel|mvnews|nhk|the center square|the conversation|kaiser health news|\
    ap photo|marketwatch|newsmax|cnbc|nbc news|abc news|cbs news|fox news|sky news|al jazeera|ria|euronews|tanjug",
    )
});

static REGIONS: Names = LazyLock::new(|| {
    entries(
        "afghanistan|albania|algeria|andorra|angola|antigua|argentina|armenia|australia|austria|azerbaijan|\
    bahamas|bahrain|bangladesh|barbados|belarus|belgium|belize|benin|bermuda|bhutan|bolivia|bosnia|\
    bosnia and herzegovina|bosnia-herzegovina|botswana|brazil|brunei|bulgaria|burkina faso|burma|burundi|cambodia|\
    cameroon|canada|cape verde|central african republic|chad|chile|china|colombia|comoros|congo|dr congo|drc|\
    democratic republic of congo|democratic republic of the congo|costa rica|croatia|cuba|cyprus|czech republic|czechia|\
    denmark|djibouti|dominica|dominican republic|east timor|timor-leste|ecuador|egypt|el salvador|england|\
    equatorial guinea|eritrea|estonia|eswatini|ethiopia|fiji|finland|france|gabon|gambia|the gambia|georgia|germany|\
    west germany|east germany|ghana|greece|grenada|guatemala|guinea|guinea-bissau|guyana|haiti|honduras|hungary|iceland|\
    india|indonesia|iran|iraq|ireland|northern ireland|israel|italy|ivory coast|cote d'ivoire|jamaica|japan|jordan|\
    kazakhstan|kenya|kiribati|kosovo|kuwait|kyrgyzstan|laos|latvia|lebanon|lesotho|liberia|libya|liechtenstein|\
    lithuania|luxembourg|macedonia|north macedonia|madagascar|malawi|malaysia|maldives|mali|malta|marshall islands|\
    mauritania|mauritius|mexico|micronesia|moldova|monaco|mongolia|montenegro|morocco|mozambique|myanmar|namibia|nauru|\
    nepal|netherlands|the netherlands|new zealand|nicaragua|niger|nigeria|north korea|south korea|norway|oman|pakistan|\
    palau|palestine|gaza|gaza strip|west bank|occupied west bank|panama|papua new guinea|paraguay|peru|philippines|\
    the philippines|poland|portugal|puerto rico|qatar|romania|russia|rwanda|samoa|san marino|saudi arabia|scotland|\
    senegal|serbia|seychelles|sierra leone|singapore|slovakia|slovenia|solomon islands|somalia|somaliland|south africa|\
    south sudan|spain|sri lanka|sudan|suriname|sweden|switzerland|syria|taiwan|tajikistan|tanzania|thailand|togo|tonga|\
    trinidad|trinidad and tobago|tunisia|turkey|turkiye|turkmenistan|tuvalu|uganda|ukraine|united arab emirates|uae|\
    united kingdom|uk|britain|united states|us|usa|uruguay|uzbekistan|vanuatu|venezuela|vietnam|wales|yemen|yugoslavia|\
    zambia|zimbabwe|\
    ala|alaska|alabama|ariz|arizona|ark|arkansas|calif|ca|california|colo|colorado|conn|connecticut|del|delaware|dc|\
    fla|florida|fl|ga|hawaii|idaho|ill|illinois|ind|indiana|iowa|kan|kansas|ky|kentucky|la|louisiana|maine|md|\
    maryland|mass|massachusetts|mich|michigan|minn|minnesota|miss|mississippi|mo|missouri|mont|montana|neb|nebraska|\
    nev|nevada|nh|new hampshire|nj|new jersey|nm|new mexico|ny|new york|nc|north carolina|nd|north dakota|ohio|okla|\
    oklahoma|ore|oregon|pa|pennsylvania|ri|rhode island|sc|south carolina|sd|south dakota|tenn|tennessee|tex|texas|\
    tx|utah|vt|vermont|va|virginia|wash|washington|wva|w va|west virginia|wis|wisconsin|wyo|wyoming|\
    alberta|alta|bc|british columbia|manitoba|new brunswick|newfoundland|nova scotia|ontario|ont|quebec|saskatchewan|\
    sask|nunavut|yukon|northwest territories|nsw|new south wales|queensland|victoria|tasmania|western australia|\
    south australia|northern territory|crimea|tibet|xinjiang|kashmir|punjab|gujarat|siberia|sicily|chechnya|bavaria|\
    catalonia|hong kong|macau|greenland|svalbard|faroe islands|isle of man|jersey|\
    guernsey|gibraltar|bermuda|guam|new caledonia|french polynesia|curacao|aruba|falkland islands|bali|java|sumatra|okinawa|hokkaido",
    )
});

static CITIES: Names = LazyLock::new(|| {
    entries(
        "abidjan|abu dhabi|abuja|accra|addis ababa|aden|algiers|aleppo|almaty|amman|amsterdam|ankara|\
    antananarivo|antwerp|apia|ashgabat|asmara|astana|asuncion|athens|atlanta|auckland|baghdad|baku|baltimore|bamako|\
    bandar seri begawan|bangalore|bengaluru|bangkok|bangui|banjul|barcelona|basra|beijing|peking|beirut|belfast|\
    belgrade|belmopan|benghazi|berlin|bern|berne|bishkek|bissau|bogota|bombay|bonn|boston|brasilia|bratislava|\
    brazzaville|bridgetown|brisbane|brussels|bucharest|budapest|buenos aires|bujumbura|bulawayo|busan|cairo|calcutta|\
    calgary|canberra|cape town|caracas|cardiff|casablanca|castries|chennai|chicago|chisinau|cincinnati|cleveland|\
    colombo|conakry|copenhagen|dakar|dallas|damascus|dar es salaam|darwin|delhi|denver|detroit|dhaka|dili|djibouti|\
    dodoma|doha|dubai|dublin|durban|dushanbe|edinburgh|entebbe|erbil|florence|frankfurt|freetown|gaborone|gaza|\
    gaza city|geneva|georgetown|glasgow|guangzhou|guatemala city|guayaquil|hague|the hague|haifa|hamburg|hanoi|harare|\
    hargeisa|havana|helsinki|ho chi minh city|hong kong|honiara|honolulu|houston|hyderabad|indianapolis|islamabad|\
    istanbul|jakarta|jeddah|jerusalem|johannesburg|juba|kabul|kampala|karachi|kathmandu|kharkiv|khartoum|kiev|kyiv|\
    kigali|kingston|kingstown|kinshasa|kolkata|kuala lumpur|kuwait|kuwait city|la paz|lagos|lahore|las vegas|libreville|\
    lilongwe|lima|lisbon|ljubljana|lome|london|los angeles|luanda|lucknow|lusaka|luxembourg|lviv|madrid|majuro|malabo|\
    male|manama|managua|manila|maputo|marrakech|maseru|mbabane|mecca|melbourne|mexico city|miami|milan|milwaukee|\
    minneapolis|minsk|mogadishu|mombasa|monaco|monrovia|montevideo|montreal|moroni|moscow|mumbai|munich|muscat|\
    n'djamena|nairobi|nassau|naypyidaw|new delhi|new orleans|new york|niamey|nicosia|nouakchott|nuku'alofa|nur-sultan|\
    odesa|odessa|osaka|oslo|ottawa|ouagadougou|panama city|paramaribo|paris|perth|peshawar|philadelphia|phnom penh|\
    phoenix|pittsburgh|podgorica|port louis|port moresby|port of spain|port vila|port-au-prince|porto-novo|prague|praia|\
    pretoria|pristina|pyongyang|quebec|quebec city|quito|rabat|ramallah|rawalpindi|reykjavik|riga|rio de janeiro|\
    riyadh|rome|rotterdam|saint petersburg|salt lake city|san antonio|san diego|san francisco|san jose|san juan|\
    san salvador|sanaa|sana'a|santiago|santo domingo|sao paulo|sarajevo|seattle|seoul|shanghai|shenzhen|singapore|skopje|\
    sofia|srinagar|st louis|st petersburg|stockholm|strasbourg|stuttgart|sucre|suva|sydney|taipei|tallinn|tashkent|\
    tbilisi|tegucigalpa|tehran|tel aviv|the hague|thimphu|tirana|tokyo|toronto|tripoli|tunis|ulaanbaatar|ulan bator|\
    united nations|valletta|vancouver|vatican city|venice|victoria|vienna|vientiane|vilnius|vladivostok|warsaw|\
    washington|wellington|windhoek|winnipeg|wuhan|yaounde|yangon|rangoon|yerevan|yokohama|zagreb|zanzibar|zurich|joburg|\
    port elizabeth|gqeberha|bloemfontein|polokwane|soweto|sharjah|medina|madinah|makkah|dammam|salalah|kandahar|herat|\
    quetta|multan|faisalabad|ahmedabad|pune|jaipur|patna|guwahati|thiruvananthapuram|kochi|chandigarh|bhopal|\
    chittagong|chattogram|sylhet|mandalay|davao|cebu|surabaya|penang|tainan|kaohsiung|nanjing|chongqing|chengdu|tianjin|\
    harbin|hefei|lhasa|urumqi|kano|kaduna|ibadan|kumasi|arusha|lubumbashi|goma|bukavu|mosul|kirkuk|najaf|tabriz|isfahan|\
    mashhad|izmir|donetsk|mariupol|zaporizhzhia|kherson|krakow|gdansk|brno|plovdiv|thessaloniki|naples|turin|palermo|\
    marseille|lyon|bordeaux|cologne|dusseldorf|leipzig|dresden|seville|porto|gothenburg|bergen|aarhus|medellin|cali|\
    maracaibo|cordoba|rosario|valparaiso|recife|salvador|porto alegre|manaus|guadalajara|monterrey|tijuana|nuuk|adelaide|johor bahru|george town|ipoh|kuching|kota kinabalu|putrajaya|petaling jaya|shah alam|melaka|raipur|ranchi|\
    indore|nagpur|surat|lucknow|kanpur|varanasi|dehradun|shimla|imphal|bhubaneswar|visakhapatnam|coimbatore|mysuru|\
    rustenburg|east london|pietermaritzburg|durres|novi sad|split|cluj|varna|sochi|kazan|yekaterinburg|novosibirsk|\
    \
    hobart|christchurch|suez|alexandria|port sudan|darfur|bahrain",
    )
});
