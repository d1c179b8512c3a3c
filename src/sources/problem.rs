//! Why a calendar by address cannot be read.

/// What is wrong. The pages say it in words, with the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The server says that there is nothing at this address (404, 410).
    Gone,
    /// The server wants a sign-in (401, 403).
    Locked,
    /// A web page is there, such as a form to sign in, no calendar.
    WebPage,
    /// Something is there, but no calendar.
    NoCalendar,
    /// The calendar stops before its end.
    CutOff,
    /// More than 8 MiB, also when unpacked.
    TooLarge,
    /// More events than are kept, or events that repeat more often than anybody can count.
    TooMany,
    /// Not done within 15 seconds.
    Slow,
    /// The connection failed or broke off.
    Unreachable,
    /// The address leads where we do not go, or nowhere. Nobody is told which.
    Forbidden,
    /// More than three redirects.
    Redirects,
    /// The server asked to be left alone for a while (429, 503).
    Later,
    /// The server failed (5xx).
    ServerFailed,
    /// An answer that makes no sense here.
    Odd,
    /// The address itself cannot be decrypted: the installation's key is another.
    Sealed,
}

const WORDS: [(Problem, &str); 15] = [
    (Problem::Gone, "gone"),
    (Problem::Locked, "locked"),
    (Problem::WebPage, "web-page"),
    (Problem::NoCalendar, "no-calendar"),
    (Problem::CutOff, "cut-off"),
    (Problem::TooLarge, "too-large"),
    (Problem::TooMany, "too-many"),
    (Problem::Slow, "slow"),
    (Problem::Unreachable, "unreachable"),
    (Problem::Forbidden, "forbidden"),
    (Problem::Redirects, "redirects"),
    (Problem::Later, "later"),
    (Problem::ServerFailed, "server-failed"),
    (Problem::Odd, "odd"),
    (Problem::Sealed, "sealed"),
];

impl Problem {
    /// The word for tables and the API.
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(problem, _)| *problem == self).map_or("odd", |(_, word)| word)
    }

    /// The problem with that word; what is unknown is odd.
    pub fn of(word: &str) -> Self {
        WORDS.iter().find(|(_, known)| *known == word).map_or(Self::Odd, |(problem, _)| *problem)
    }

    /// A sentence for the command line and the API.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Gone => "its server says that this address no longer exists",
            Self::Locked => "its server wants a sign-in; only addresses that need none can be read",
            Self::WebPage => "there is a web page at this address, no calendar",
            Self::NoCalendar => "what is at this address is no calendar",
            Self::CutOff => "the calendar stops before its end",
            Self::TooLarge => "it is larger than 8 MiB",
            Self::TooMany => "it has more events than can be kept",
            Self::Slow => "it was not there within 15 seconds",
            Self::Unreachable => "the connection to its server failed",
            Self::Forbidden => "nothing that may be read is at this address",
            Self::Redirects => "its server redirects more than three times",
            Self::Later => "its server asked to be left alone for a while",
            Self::ServerFailed => "its server has a failure of its own",
            Self::Odd => "its server gives an answer that makes no sense here",
            Self::Sealed => "its address cannot be decrypted with this installation's key; add it again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_word_of_its_own() {
        for (problem, word) in WORDS {
            assert_eq!((Problem::of(word), problem.word()), (problem, word));
        }
        assert_eq!(Problem::of("unheard-of"), Problem::Odd);
    }
}
