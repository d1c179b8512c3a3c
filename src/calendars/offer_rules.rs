//! Rules written into an offer itself (CN-16): `notice 48h`, `capacity 3`, `max 1 per week` in its description.
//!
//! One a line or several, with commas or without; case does not matter. They mean what the fields of the same name mean on
//! the pages. Everything else in a description is prose, unless it looks like a rule that was misspelt.

use super::rule_words::{self, Cap, Word};
use crate::teams::RuleSet;

/// How much of a description is read, in characters: rules stand in the beginning.
const LONGEST: usize = 8_000;
/// Slips told of one event.
const MOST_SLIPS: usize = 5;
/// Longest notice and buffer: a year and a day; seconds.
const LONGEST_NOTICE: i64 = 366 * 86_400;
const LONGEST_BUFFER: i64 = 86_400;

/// How many sessions an offer's own words allow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct OfferCaps {
    /// Most sessions in one occurrence of the offer.
    pub most: Option<i64>,
    /// Most sessions of the host on a day of the offer, in the host's zone.
    pub per_day: Option<i64>,
    /// Most sessions of the host in a week (Monday to Sunday) of the offer, in the host's zone.
    pub per_week: Option<i64>,
}

/// What an offer says about itself. All of it may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfferRules {
    /// Notice and buffers.
    pub rules: RuleSet,
    /// Guests at one start.
    pub capacity: Option<i64>,
    /// Caps.
    pub caps: OfferCaps,
}

/// A description, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// The rules found.
    pub rules: OfferRules,
    /// The session type named by `type`, lower case.
    pub type_name: Option<String>,
    /// What looks like a rule and is none.
    pub slips: Vec<Slip>,
}

/// Words that look like a rule and are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// As they stand there, one line, at most 60 characters.
    pub text: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The word is nearly this one.
    Word(&'static str),
    /// There is no usable length of time behind the word, such as `24h`, `2d` or `15m`.
    Time,
    /// There is no usable number behind the word: written in digits, not too large.
    Number,
    /// What is behind `max 2` is neither `per day` nor `per week`.
    Per,
    /// It begins with a rule, and goes on with something else.
    More,
}

fn is_and(words: &[String]) -> bool {
    words.first().is_some_and(|word| matches!(word.as_str(), "and" | "und" | "&" | "+"))
}

impl OfferRules {
    /// As `occurrences.rules` keeps them: NULL where there are none, else a letter and a number each.
    pub fn stored(&self) -> Option<String> {
        let text: Vec<String> =
            self.fields().into_iter().filter_map(|(letter, value)| Some(format!("{letter}{}", value?))).collect();
        (!text.is_empty()).then(|| text.join(" "))
    }

    /// The inverse of [`OfferRules::stored`].
    pub fn read(stored: Option<&str>) -> Self {
        let mut rules = Self::default();
        for part in stored.unwrap_or_default().split(' ') {
            let Some((letter, value)) = part.split_at_checked(1) else { continue };
            let value = value.parse().ok();
            match letter {
                "n" => rules.rules.notice = value,
                "b" => rules.rules.buffer_before = value,
                "a" => rules.rules.buffer_after = value,
                "c" => rules.capacity = value,
                "m" => rules.caps.most = value,
                "d" => rules.caps.per_day = value,
                "w" => rules.caps.per_week = value,
                _ => {}
            }
        }
        rules
    }

    fn fields(&self) -> [(char, Option<i64>); 7] {
        [
            ('n', self.rules.notice),
            ('b', self.rules.buffer_before),
            ('a', self.rules.buffer_after),
            ('c', self.capacity),
            ('m', self.caps.most),
            ('d', self.caps.per_day),
            ('w', self.caps.per_week),
        ]
    }
}

impl Described {
    /// Reads a description: plain text, or HTML as Google and Outlook send it. The first of two rules of a kind counts.
    pub fn read(description: &str) -> Self {
        let mut found = Self::default();
        for line in rule_words::lines(description, LONGEST) {
            for part in line.split([',', ';', '·', '•']) {
                found.part(part.trim());
            }
        }
        found.slips.truncate(MOST_SLIPS);
        found
    }

    /// One part between commas: rules all along, or prose.
    fn part(&mut self, part: &str) {
        let tokens = rule_words::tokens(part);
        let mut read = self.clone();
        let mut at = 0;
        while at < tokens.len() {
            let rest = tokens.get(at..).unwrap_or_default();
            match rule_words::next(rest) {
                Ok((word, used)) if read.set(&word) => at += used.max(1),
                Ok(_) => return self.slip(part, Wrong::Number),
                Err(Some(wrong)) => return self.slip(part, wrong),
                Err(None) if at > 0 && rest.len() > 1 && is_and(rest) => at += 1,
                Err(None) if at > 0 => return self.slip(part, Wrong::More),
                Err(None) => return,
            }
        }
        *self = read;
    }

    fn slip(&mut self, part: &str, wrong: Wrong) {
        let text: String = part.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
        if self.slips.iter().all(|slip| slip.text != text) {
            self.slips.push(Slip { text, wrong });
        }
    }

    /// Takes a rule over; `false`: its number is beyond what the pages allow.
    fn set(&mut self, word: &Word) -> bool {
        let within = |value: i64, from: i64, to: i64| (from..=to).contains(&value);
        let rules = &mut self.rules;
        let put = |place: &mut Option<i64>, value: i64| {
            place.get_or_insert(value);
        };
        match word {
            Word::Notice(seconds) if within(*seconds, 0, LONGEST_NOTICE) => put(&mut rules.rules.notice, *seconds),
            Word::Buffer { before, after, seconds } if within(*seconds, 0, LONGEST_BUFFER) => {
                if *before {
                    put(&mut rules.rules.buffer_before, *seconds);
                }
                if *after {
                    put(&mut rules.rules.buffer_after, *seconds);
                }
            }
            Word::Capacity(guests) if within(*guests, 1, 1_000) => put(&mut rules.capacity, *guests),
            Word::Max(cap, sessions) if within(*sessions, 1, 1_000) => {
                let place = match cap {
                    Cap::Offer => &mut rules.caps.most,
                    Cap::Day => &mut rules.caps.per_day,
                    Cap::Week => &mut rules.caps.per_week,
                };
                put(place, *sessions);
            }
            Word::Type(name) => {
                self.type_name.get_or_insert_with(|| name.clone());
            }
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> OfferRules {
        let found = Described::read(text);
        assert_eq!(found.slips, [], "{text}");
        found.rules
    }

    fn slips(text: &str) -> Vec<(String, Wrong)> {
        let found = Described::read(text);
        assert_eq!(found.rules, OfferRules::default(), "{text}");
        found.slips.into_iter().map(|slip| (slip.text, slip.wrong)).collect()
    }

    fn all() -> OfferRules {
        let rules =
            RuleSet { notice: Some(172_800), buffer_before: Some(900), buffer_after: Some(900), booking_window: None };
        let caps = OfferCaps { most: Some(4), per_day: Some(2), per_week: Some(1) };
        OfferRules { rules, capacity: Some(3), caps }
    }

    #[test]
    fn rules_stand_one_a_line_or_several_in_any_case_and_language() {
        for text in [
            "notice 48h\ncapacity 3\nmax 1 per week\nmax 2 per day\nmax 4\nbuffer 15m",
            "Come in!\nNotice: 2 days, Capacity=3; MAX 1/week, max 2 a day and max 4 and buffer 15 min.\nBring cake.",
            "Vorlauf 48 Stunden, Kapazität 3, höchstens 1 pro Woche, max. 2 pro Tag, max 4, Puffer 15 Minuten",
            "<p>notice <b>48h</b><br/>capacity&nbsp;3</p><ul><li>max 1 per\nweek</li><li>max 2 per day</li></ul>max 4<br>buffer 15m",
            "notice 48h capacity 3 guests max 1 session per week max 2 sessions daily max 4 buffer before 15m buffer after 15m",
        ] {
            assert_eq!(read(text), all(), "{text}");
        }
    }

    #[test]
    fn one_side_of_the_buffer_and_no_notice_can_be_said() {
        assert_eq!(read("buffer before 10m").rules.buffer_before, Some(600));
        assert_eq!(read("buffer before 10m").rules.buffer_after, None);
        assert_eq!(read("Puffer nachher 1 Std").rules.buffer_after, Some(3_600));
        assert_eq!(read("notice 0").rules.notice, Some(0));
        assert_eq!(read("notice 24h\nnotice 2h").rules.notice, Some(86_400), "the first counts");
    }

    #[test]
    fn a_type_is_named_and_prose_is_no_type() {
        let name = |text: &str| Described::read(text).type_name;
        assert_eq!(name("Type Code Review, capacity 2").as_deref(), Some("code review"));
        assert_eq!(name("type: mentoring/talk").as_deref(), Some("mentoring/talk"));
        assert_eq!(name("Type your question into the form"), None);
        assert_eq!(name("Art der Beratung"), None);
    }

    #[test]
    fn prose_is_left_alone() {
        for text in [
            "",
            "Notice the bell on the left.",
            "Capacity building for all",
            "We meet in room 5, floor 3",
            "max is my dog",
            "a < b & c",
            "<p>Hello</p>",
            "Join: https://meet.example.org/max?x=1",
        ] {
            assert_eq!(Described::read(text), Described::default(), "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_rule_and_is_none_is_a_slip() {
        for (text, wrong) in [
            ("notcie 48h", Wrong::Word("notice")),
            ("Capcity: 3", Wrong::Word("capacity")),
            ("bufer 15m", Wrong::Word("buffer")),
            ("notice 48", Wrong::Time),
            ("notice 48 parsecs", Wrong::Time),
            ("notice two days", Wrong::Time),
            ("capacity three", Wrong::Number),
            ("capacity 0", Wrong::Number),
            ("capacity 5000", Wrong::Number),
            ("max 2 per fortnight", Wrong::Per),
            ("max 2/month", Wrong::Per),
            ("max 2 people from one company", Wrong::More),
            ("notice 48h please", Wrong::More),
            ("notice 99999999999999999999h", Wrong::Time),
            ("notice 9223372036854775807w", Wrong::Time),
        ] {
            assert_eq!(slips(text), [(text.to_owned(), wrong)], "{text}");
        }
        assert_eq!(slips(&"notice 1\n".repeat(9)).len(), 1, "each once");
    }

    fn rule_sets() -> impl Strategy<Value = OfferRules> {
        let small = || prop::option::of(1..50i64);
        (small(), small(), small(), small(), small(), small(), small()).prop_map(|(n, b, a, c, m, d, w)| OfferRules {
            rules: RuleSet {
                notice: n.map(|hours| hours * 3_600),
                buffer_before: b.map(|minutes| minutes * 60),
                buffer_after: a.map(|minutes| minutes * 60),
                booking_window: None,
            },
            capacity: c,
            caps: OfferCaps { most: m, per_day: d, per_week: w },
        })
    }

    /// A line for each rule.
    fn written(rules: &OfferRules) -> Vec<String> {
        let lines = [
            rules.rules.notice.map(|seconds| format!("notice {}h", seconds / 3_600)),
            rules.rules.buffer_before.map(|seconds| format!("buffer before {}m", seconds / 60)),
            rules.rules.buffer_after.map(|seconds| format!("buffer after {} min", seconds / 60)),
            rules.capacity.map(|guests| format!("capacity {guests}")),
            rules.caps.most.map(|most| format!("max {most}")),
            rules.caps.per_day.map(|most| format!("max {most} per day")),
            rules.caps.per_week.map(|most| format!("max {most}/week")),
        ];
        lines.into_iter().flatten().collect()
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_again(rules in rule_sets()) {
            prop_assert_eq!(OfferRules::read(rules.stored().as_deref()), rules);
        }

        #[test]
        fn what_is_written_is_read_in_any_order_and_form(
            rules in rule_sets(), turn in 0..7usize, upper: bool, between in prop::sample::select(vec!["\n", ", ", " ", "<br>", " and "]),
        ) {
            let mut lines = written(&rules);
            let turn = turn.min(lines.len());
            lines.rotate_left(turn);
            let text = lines.join(between);
            let text = if upper && between != "<br>" { text.to_uppercase() } else { text };
            let found = Described::read(&text);
            prop_assert_eq!(found.slips, []);
            prop_assert_eq!(found.rules, rules);
        }

        #[test]
        fn anything_is_read(text in "\\PC{0,200}", html in "[<>&;#/a-z0-9 \n]{0,200}") {
            for text in [text, html] {
                prop_assert!(Described::read(&text).slips.len() <= MOST_SLIPS);
            }
        }
    }
}
