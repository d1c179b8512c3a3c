//! What teams and session types choose from, each with the word that stands for it in tables, flags, forms and the API.

use std::str::FromStr;

/// Makes an enum of words: `ALL`, `word()`, and reading one back.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident: $must:literal { $($(#[$what:meta])* $variant:ident = $word:literal),+ $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$what])* $variant),+ }

        impl $name {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in tables, flags, forms and the API.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|one| one.word() == word).ok_or_else(|| $must.into())
            }
        }
    };
}

words! {
    /// Who may book, and whether they must prove their address first.
    #[derive(Default)]
    BookingMode: "must be anyone, confirm or members" {
        /// Anyone, at once.
        #[default]
        Anyone = "anyone",
        /// Anyone who then follows a mailed link.
        Confirm = "confirm",
        /// Signed-in members.
        Members = "members",
    }
}

words! {
    /// What somebody is in a team.
    Role: "must be host, lead or guest" {
        /// Offers time.
        Host = "host",
        /// Looks after the team.
        Lead = "lead",
        /// Takes time.
        Guest = "guest",
    }
}

words! {
    /// Who of the free hosts gets a pooled booking.
    #[derive(Default)]
    Policy: "must be least-busy, round-robin, weighted or first-listed" {
        /// Who has the fewest bookings in the next 7 days; then who was not assigned for longest.
        #[default]
        LeastBusy = "least-busy",
        /// Who was not assigned for longest.
        RoundRobin = "round-robin",
        /// Who, with one booking more, would have the fewest in the next 7 days for their weight, which is the membership's
        /// priority, at least 1: with 3 one gets three times as many as with 1.
        Weighted = "weighted",
        /// Who has the highest priority; of equal ones, who comes first by name.
        FirstListed = "first-listed",
    }
}

words! {
    /// Where people meet.
    #[derive(Default)]
    PlaceKind: "must be online, phone, address or custom" {
        /// Behind the server's meeting link.
        #[default]
        Online = "online",
        /// By telephone.
        Phone = "phone",
        /// At an address.
        Address = "address",
        /// As the words say.
        Custom = "custom",
    }
}

words! {
    /// Whether a booking form asks for a telephone number.
    #[derive(Default)]
    PhoneWish: "must be off, optional or required" {
        /// It is not asked for, and not kept.
        #[default]
        Off = "off",
        /// It may stay empty.
        Optional = "optional",
        /// Nobody books without.
        Required = "required",
    }
}

words! {
    /// How a question is answered.
    QuestionKind: "must be short, long, choice or yes-no" {
        /// One line.
        Short = "short",
        /// Some lines.
        Long = "long",
        /// One of its options.
        Choice = "choice",
        /// Yes or no.
        YesNo = "yes-no",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        assert!(Policy::ALL.iter().all(|one| one.word().parse() == Ok(*one)));
        assert!(QuestionKind::ALL.iter().all(|one| one.word().parse() == Ok(*one)));
        assert_eq!("yes".parse::<PhoneWish>(), Err("must be off, optional or required".into()));
    }
}
