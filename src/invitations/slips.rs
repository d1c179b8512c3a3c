//! What is wrong with words in an offer that look like a rule (CN-16), as mails say it.

use super::{clean, words};
use crate::calendars::{Slip, Wrong};
use crate::language::Language;

/// One sentence or two.
pub fn slip_in_words(slip: &Slip, language: Language) -> String {
    let words = &words::of(language).slips;
    let text = (words.no_effect)(&clean::name(&slip.text));
    match slip.wrong {
        Wrong::Word(word) => format!("{text} {}", (words.meant)(word)),
        Wrong::Time => format!("{text} {}", words.time),
        Wrong::Number => format!("{text} {}", words.number),
        Wrong::Per => format!("{text} {}", words.per),
        Wrong::More => format!("{text} {}", words.more),
    }
}
