//! The languages in which people are written to.

use std::str::FromStr;

/// A language that pages and mails speak. A word that one of them lacks does not compile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// What whoever has said nothing reads.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All of them, the one for everybody else first.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The code in tables, pages and the API (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language of a code that was stored; English when it is none we know.
    pub fn of(code: Option<&str>) -> Self {
        code.and_then(|code| code.parse().ok()).unwrap_or_default()
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(code))
            .ok_or_else(|| "must be en or de".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back_and_everybody_else_reads_english() {
        for language in Language::ALL {
            assert_eq!(language.code().to_uppercase().parse(), Ok(language));
        }
        assert_eq!(Language::of(Some("fr")), Language::English);
        assert_eq!(Language::of(None), Language::English);
    }
}
