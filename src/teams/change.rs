//! What somebody wants changed of a team or a session type, as a value: what is not given stays as it is.

use super::{BookingMode, PhoneWish, PlaceKind, Policy, Question, SessionType, Team};

/// How a value is told in the audit log: `None`: only that it changed, since it may hold somebody's words.
trait Told {
    fn told(&self) -> Option<String>;
}

macro_rules! told {
    (not $($type:ty),+) => {$(impl Told for $type { fn told(&self) -> Option<String> { None } })+};
    (words $($type:ty),+) => {$(impl Told for $type { fn told(&self) -> Option<String> { Some(self.word().into()) } })+};
}

told!(not String, Vec<Question>, Vec<i64>);
told!(words BookingMode, Policy, PlaceKind, PhoneWish);

/// Sites.
impl Told for Vec<String> {
    fn told(&self) -> Option<String> {
        Some(if self.is_empty() { "none".into() } else { self.join(" ") })
    }
}

impl Told for bool {
    fn told(&self) -> Option<String> {
        Some(if *self { "yes" } else { "no" }.into())
    }
}

impl Told for i64 {
    fn told(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Told for Option<i64> {
    fn told(&self) -> Option<String> {
        Some(self.map_or_else(|| "unset".into(), |number| number.to_string()))
    }
}

/// Makes the struct of what may be given, and what applying it changes.
macro_rules! change {
    ($(#[$about:meta])* $name:ident of $of:ident { $($(#[$what:meta])* $field:ident: $type:ty => $($path:ident).+),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $name { $($(#[$what])* pub $field: Option<$type>),+ }

        impl $name {
            /// Puts what is given into the place of what is there.
            pub fn apply(&self, to: &mut $of) {
                $(if let Some(value) = &self.$field { to.$($path).+ = value.clone(); })+
            }

            /// What is another in `new` than in `old`, in the API's words: `policy: least-busy to weighted`. Texts are
            /// named only.
            pub fn between(old: &$of, new: &$of) -> Vec<String> {
                let mut all = Vec::new();
                $(if old.$($path).+ != new.$($path).+ {
                    all.push(match (old.$($path).+.told(), new.$($path).+.told()) {
                        (Some(old), Some(new)) => format!("{}: {old} to {new}", stringify!($field)),
                        _ => stringify!($field).to_owned(),
                    });
                })+
                all
            }
        }
    };
}

change! {
    /// What is given of a team.
    TeamChange of Team {
        /// In addresses.
        slug: String => slug,
        /// Human name.
        name: String => name,
        /// For its page.
        description: String => description,
        /// IANA name.
        timezone: String => timezone,
        /// Whether anybody finds it.
        active: bool => active,
        /// Whether anyone may see its open slots.
        public: bool => public,
        /// Who may book.
        booking: BookingMode => booking,
        /// Whether hosts are named before a booking.
        show_hosts: bool => show_hosts,
        /// Who gets a pooled booking.
        policy: Policy => policy,
        /// Copies for leads.
        notify_leads: bool => notify_leads,
        /// Copies for administrators.
        notify_admins: bool => notify_admins,
        /// Strangers who invite the robot may become hosts.
        hosts_join: bool => hosts_join,
        /// Origins of the sites that may show its open times.
        embed_on: Vec<String> => embed_on,
        /// Where an all-day offer begins, seconds after midnight.
        day_starts: i64 => day_starts,
        /// Where it ends.
        day_ends: i64 => day_ends,
        /// Least time between booking and start, seconds; `Some(None)`: the server's.
        notice: Option<i64> => rules.notice,
        /// Free time before, seconds.
        buffer_before: Option<i64> => rules.buffer_before,
        /// Free time after, seconds.
        buffer_after: Option<i64> => rules.buffer_after,
        /// How far ahead one may book, seconds.
        booking_window: Option<i64> => rules.booking_window,
        /// Most sessions a day in the whole team.
        daily_cap: Option<i64> => daily_cap,
    }
}

change! {
    /// What is given of a session type.
    TypeChange of SessionType {
        /// In addresses.
        slug: String => slug,
        /// Human name.
        name: String => name,
        /// For its page.
        description: String => description,
        /// How long a session takes.
        minutes: i64 => minutes,
        /// Distance of starts, seconds; `Some(None)`: duration and buffers.
        step: Option<i64> => step,
        /// Least time between booking and start, seconds; `Some(None)`: the team's.
        notice: Option<i64> => rules.notice,
        /// Free time before, seconds.
        buffer_before: Option<i64> => rules.buffer_before,
        /// Free time after, seconds.
        buffer_after: Option<i64> => rules.buffer_after,
        /// How far ahead one may book, seconds.
        booking_window: Option<i64> => rules.booking_window,
        /// Guests at one start.
        capacity: i64 => capacity,
        /// Whether it can be booked.
        active: bool => active,
        /// Only for members.
        internal: bool => internal,
        /// Bookings wait for a yes.
        approval: bool => approval,
        /// Where people meet.
        place: PlaceKind => place,
        /// The number, address or words for it.
        place_detail: String => place_detail,
        /// `#rrggbb`, or nothing.
        color: String => color,
        /// Whether the form asks for a telephone number.
        phone: PhoneWish => phone,
        /// What it asks besides.
        questions: Vec<Question> => questions,
        /// When reminders go out, seconds before the start.
        reminders: Vec<i64> => reminders,
        /// Its place among the types.
        position: i64 => position,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_changes_and_is_told_without_anybodys_words() {
        let old = Team { name: "Old".into(), ..Team::default() };
        let mut new = old.clone();
        let change = TeamChange {
            name: Some("New".into()),
            policy: Some(Policy::Weighted),
            daily_cap: Some(Some(3)),
            public: Some(false),
            ..TeamChange::default()
        };
        change.apply(&mut new);
        assert_eq!((new.name.as_str(), new.policy, new.daily_cap), ("New", Policy::Weighted, Some(3)));
        let told = TeamChange::between(&old, &new);
        assert_eq!(told, ["name", "policy: least-busy to weighted", "daily_cap: unset to 3"]);
    }
}
