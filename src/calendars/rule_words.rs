//! The words of rules in an offer's description, in English and German, and how a description falls into lines and words.

use super::near_miss::distance;
use super::offer_rules::Wrong;

/// A rule as its words say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// `notice 48h`: seconds.
    Notice(i64),
    /// `buffer 15m`, `buffer before 15m`.
    Buffer { before: bool, after: bool, seconds: i64 },
    /// `capacity 3`: guests.
    Capacity(i64),
    /// `max 1 per week`: sessions.
    Max(Cap, i64),
    /// `type code review`: lower case.
    Type(String),
}

/// What a `max` counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cap {
    Offer,
    Day,
    Week,
}

#[derive(Clone, Copy)]
enum Key {
    Notice,
    Buffer,
    Capacity,
    Max,
    Type,
}

const KEYS: &[(&str, Key)] = &[
    ("notice", Key::Notice),
    ("vorlauf", Key::Notice),
    ("vorlaufzeit", Key::Notice),
    ("buffer", Key::Buffer),
    ("puffer", Key::Buffer),
    ("capacity", Key::Capacity),
    ("seats", Key::Capacity),
    ("kapazität", Key::Capacity),
    ("plätze", Key::Capacity),
    ("max", Key::Max),
    ("maximum", Key::Max),
    ("maximal", Key::Max),
    ("höchstens", Key::Max),
    ("type", Key::Type),
    ("typ", Key::Type),
];
/// Shorter words are too close to others to be slips of them.
const LEAST_FOR_SLIPS: usize = 6;
/// Words of a session type's name.
const LONGEST_NAME: usize = 8;
/// Behind "type" these begin a sentence, not a name.
const PROSE: &[&str] = &[
    "of", "in", "your", "the", "a", "an", "it", "what", "here", "into", "der", "die", "das", "dein", "deine", "deinen",
    "von", "und", "and",
];
const NUMBER_WORDS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "ein", "eine", "zwei", "drei",
    "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
];
const GUESTS: &[&str] = &["guests", "guest", "people", "persons", "seats", "gäste", "personen", "plätze"];
const SESSIONS: &[&str] =
    &["sessions", "session", "bookings", "booking", "slots", "sitzungen", "sitzung", "termine", "termin", "buchungen"];
const PER: &[&str] = &["per", "a", "each", "every", "pro", "je"];
const DAY: &[&str] = &["day", "daily", "tag", "täglich"];
const WEEK: &[&str] = &["week", "weekly", "woche", "wöchentlich"];
const UNITS: &[(&[&str], i64)] = &[
    (&["m", "min", "mins", "minute", "minutes", "minuten"], 60),
    (&["h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"], 3_600),
    (&["d", "day", "days", "tag", "tage", "tagen"], 86_400),
    (&["w", "week", "weeks", "woche", "wochen"], 7 * 86_400),
];

/// The rule that begins here, and how many words it takes. `Err(None)`: these words are no rule and do not look like one.
pub(super) fn next(tokens: &[String]) -> Result<(Word, usize), Option<Wrong>> {
    let word = tokens.first().map(String::as_str).unwrap_or_default();
    let Some((_, key)) = KEYS.iter().find(|(known, _)| *known == word) else { return Err(slip(tokens)) };
    let mut reader = Words { tokens, at: 1 };
    reader.skip(&[":"]);
    let read = match key {
        Key::Notice => reader.time().map(Word::Notice),
        Key::Buffer => reader.buffer(),
        Key::Capacity => reader.number().map(|guests| {
            reader.skip(GUESTS);
            Word::Capacity(guests)
        }),
        Key::Max => reader.max(),
        Key::Type => reader.name().map(Word::Type),
    };
    read.map(|word| (word, reader.at))
}

/// A word that is nearly one of ours, with a number behind it.
fn slip(tokens: &[String]) -> Option<Wrong> {
    let [word, rest @ ..] = tokens else { return None };
    let value = rest.iter().find(|token| *token != ":")?;
    if !value.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let length = |word: &str| word.chars().count();
    let near = |known: &str| {
        length(known) >= LEAST_FOR_SLIPS && length(word).abs_diff(length(known)) < 2 && distance(word, known) <= 1
    };
    KEYS.iter().map(|(known, _)| *known).find(|known| near(known)).map(Wrong::Word)
}

struct Words<'a> {
    tokens: &'a [String],
    at: usize,
}

impl<'a> Words<'a> {
    fn peek(&self) -> &'a str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn skip(&mut self, words: &[&str]) -> bool {
        let found = words.contains(&self.peek());
        self.at += usize::from(found);
        found
    }

    /// Whether something stands here that was meant as a number.
    fn is_meant(&self) -> bool {
        let next = self.peek();
        next.starts_with(|letter: char| letter.is_ascii_digit()) || NUMBER_WORDS.contains(&next)
    }

    fn number(&mut self) -> Result<i64, Option<Wrong>> {
        let number = self.peek().parse().ok().filter(|number: &i64| *number >= 0);
        let meant = self.is_meant();
        self.at += 1;
        number.ok_or(meant.then_some(Wrong::Number))
    }

    /// `48h`, `48 hours`, `0`; seconds.
    fn time(&mut self) -> Result<i64, Option<Wrong>> {
        let wrong = self.is_meant().then_some(Wrong::Time);
        let word = self.peek();
        let (digits, unit) = word.split_at(word.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(word.len()));
        let number: i64 = digits.parse().map_err(|_| wrong)?;
        self.at += 1;
        let unit = if unit.is_empty() { self.peek() } else { unit };
        let Some((_, seconds)) = UNITS.iter().find(|(names, _)| names.contains(&unit)) else {
            return if number == 0 { Ok(0) } else { Err(wrong) };
        };
        self.at += usize::from(unit == self.peek() && word == digits);
        number.checked_mul(*seconds).ok_or(wrong)
    }

    fn buffer(&mut self) -> Result<Word, Option<Wrong>> {
        let before = self.skip(&["before", "vorher", "davor", "vor"]);
        let after = !before && self.skip(&["after", "nachher", "danach", "nach"]);
        self.skip(&[":"]);
        let seconds = self.time()?;
        let both = !before && !after;
        Ok(Word::Buffer { before: before || both, after: after || both, seconds })
    }

    fn max(&mut self) -> Result<Word, Option<Wrong>> {
        let mut cap = Cap::Offer;
        // "2/week" is one word.
        let number = match self.peek().split_once('/') {
            Some((number, of)) => {
                cap = if DAY.contains(&of) { Cap::Day } else { Cap::Week };
                let number = number.parse().map_err(|_| None)?;
                self.at += 1;
                if !DAY.contains(&of) && !WEEK.contains(&of) {
                    return Err(Some(Wrong::Per));
                }
                number
            }
            None => self.number()?,
        };
        self.skip(SESSIONS);
        let per = self.skip(PER);
        if self.skip(DAY) {
            cap = Cap::Day;
        } else if self.skip(WEEK) {
            cap = Cap::Week;
        } else if per {
            return Err(Some(Wrong::Per));
        }
        Ok(Word::Max(cap, number))
    }

    /// All that follows.
    fn name(&mut self) -> Result<String, Option<Wrong>> {
        let is_named = self.tokens.get(1).is_some_and(|token| token == ":");
        let words = self.tokens.get(self.at..).unwrap_or_default();
        // Without a colon it may also be the beginning of a sentence.
        let most = if is_named { LONGEST_NAME } else { LONGEST_NAME / 2 };
        if words.is_empty() || words.len() > most || (!is_named && PROSE.contains(&self.peek())) {
            return Err(None);
        }
        self.at = self.tokens.len();
        Ok(words.join(" "))
    }
}

/// Words in lower case, without the marks around them; a colon or equals sign is a word.
pub(super) fn tokens(part: &str) -> Vec<String> {
    let spaced = part.to_lowercase().replace([':', '=', '：'], " : ");
    let bare = |word: &str| word.trim_matches(['.', '!', '*', '-', '–', '"', '“', '”', '„', '(', ')']).to_owned();
    spaced.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

/// The lines of a description: plain text, or HTML without its tags.
pub(super) fn lines(description: &str, most: usize) -> Vec<String> {
    let description: String = description.chars().take(most).collect();
    let text = if description.contains(['<', '&']) { without_tags(&description) } else { description };
    text.lines().map(str::to_owned).collect()
}

/// Elements before and behind which a line breaks.
const BLOCKS: &[&str] =
    &["br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "hr", "blockquote"];

fn without_tags(html: &str) -> String {
    let is_block = |tag: &str| BLOCKS.contains(&name_of(tag).as_str());
    let has_blocks = html.split('<').skip(1).any(is_block);
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    let mut silent = false;
    while let Some(at) = rest.find(['<', '&', '\n']) {
        let (before, found) = rest.split_at(at);
        if !silent {
            out.push_str(before);
        }
        rest = match found.chars().next() {
            Some('<') => match found.split_once('>').filter(|_| is_tag(found)) {
                Some((tag, after)) => {
                    let name = name_of(tag.get(1..).unwrap_or_default());
                    if matches!(name.as_str(), "style" | "script" | "head") {
                        silent = !tag.starts_with("</");
                    }
                    match name.as_str() {
                        "td" | "th" => out.push(' '),
                        name if BLOCKS.contains(&name) => out.push('\n'),
                        _ => {}
                    }
                    after
                }
                None => taken(&mut out, found, '<'),
            },
            Some('&') => match entity(found) {
                Some((letter, after)) => {
                    out.push(letter);
                    after
                }
                None => taken(&mut out, found, '&'),
            },
            _ => taken(&mut out, found, if has_blocks { ' ' } else { '\n' }),
        };
    }
    if !silent {
        out.push_str(rest);
    }
    out
}

/// Puts a letter in the place of the first one.
fn taken<'a>(out: &mut String, text: &'a str, letter: char) -> &'a str {
    out.push(letter);
    text.get(1..).unwrap_or_default()
}

fn is_tag(text: &str) -> bool {
    text.chars().nth(1).is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '/' || letter == '!')
}

/// The name of a tag, from what follows its `<`.
fn name_of(tag: &str) -> String {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

const ENTITIES: &[(&str, char)] = &[
    ("nbsp", ' '),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
];

fn entity(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.get(1..)?.split_once(';').filter(|(name, _)| name.len() <= 8)?;
    let number = |text: &str, radix| u32::from_str_radix(text, radix).ok().and_then(char::from_u32);
    let letter = match name.strip_prefix('#') {
        Some(hex) if hex.starts_with(['x', 'X']) => number(hex.get(1..)?, 16)?,
        Some(decimal) => number(decimal, 10)?,
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((letter, after))
}
