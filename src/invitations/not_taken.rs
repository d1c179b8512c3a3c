//! Why the robot takes a mail not, in its host's language.

use caldav::ical::object::InvalidObject;
use caldav::itip::ItipError;

use super::words;
use crate::language::Language;

/// Why a mail to the robot makes no event here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// There is no event in it.
    NoEvent,
    /// The robot is not among the event's guests.
    Forwarded,
    /// It is a copy, not an invitation.
    Copy,
    /// Somebody else organises it: their address.
    Foreign(String),
    /// The host's calendar holds no more.
    Full,
    /// The host's calendar does not take it for another reason.
    Calendar,
    /// The event itself.
    Message(ItipError),
}

impl From<ItipError> for NotTaken {
    fn from(error: ItipError) -> Self {
        Self::Message(error)
    }
}

impl NotTaken {
    /// A sentence for the host.
    pub fn in_words(&self, language: Language) -> String {
        (words::of(language).not_taken)(self)
    }
}

/// In English, where the protocol library has words of its own.
pub(super) fn english(why: &NotTaken) -> String {
    match why {
        NotTaken::NoEvent => {
            "There is no event in your mail. Add this address as a guest to an event in your calendar instead.".into()
        }
        NotTaken::Forwarded => "This address is not among the guests of the event, so the invitation seems to be \
                                forwarded. Add it as a guest in your own calendar."
            .into(),
        NotTaken::Copy => {
            "This is a copy of an event, not an invitation. Add this address as a guest to the event instead.".into()
        }
        NotTaken::Foreign(who) => format!(
            "The event is organised by {who}, and only its organiser can offer time with it. Please make an event of \
             your own."
        ),
        NotTaken::Full => "Your calendar here takes no more events.".into(),
        NotTaken::Calendar => "Your calendar here does not take this event.".into(),
        NotTaken::Message(error) => error.to_string(),
    }
}

/// In German.
pub(super) fn german(why: &NotTaken) -> String {
    match why {
        NotTaken::NoEvent => {
            "In Ihrer Mail steht kein Termin. Laden Sie diese Adresse stattdessen zu einem Termin in Ihrem \
                              Kalender ein."
                .into()
        }
        NotTaken::Forwarded => "Diese Adresse steht nicht unter den Gästen des Termins; die Einladung wurde wohl \
                                weitergeleitet. Laden Sie sie in Ihrem eigenen Kalender ein."
            .into(),
        NotTaken::Copy => {
            "Das ist die Kopie eines Termins, keine Einladung. Laden Sie diese Adresse stattdessen zu dem \
                           Termin ein."
                .into()
        }
        NotTaken::Foreign(who) => format!(
            "Den Termin verantwortet {who}, und nur wer ihn verantwortet, kann damit Zeit anbieten. Bitte legen Sie einen \
             eigenen an."
        ),
        NotTaken::Full => "Ihr Kalender hier nimmt keine weiteren Termine auf.".into(),
        NotTaken::Calendar => "Ihr Kalender hier nimmt diesen Termin nicht an.".into(),
        NotTaken::Message(error) => german_message(error),
    }
}

fn german_message(error: &ItipError) -> String {
    match error {
        ItipError::Unreadable(why) => format!("Die Einladung lässt sich nicht lesen ({why})"),
        ItipError::NoMethod => {
            "Der Kalenderteil sagt nicht, was er ist: eine Einladung, eine Antwort oder eine Absage.".into()
        }
        ItipError::UnknownMethod(method) => format!("„{method}“ ist keine Art von Kalendernachricht."),
        ItipError::MethodMismatch { body, part } => {
            format!("Im Kalender steht {body}, in der Mail darum herum {part}.")
        }
        ItipError::WrongMethod(method) => {
            format!("Eine Kalendernachricht der Art {method} lässt sich hier nicht verwenden.")
        }
        ItipError::NotAnEvent(name) => format!("Der Kalenderteil hat keinen Termin, oder nicht nur einen: {name}."),
        ItipError::NoUid => "Der Termin hat keine UID.".into(),
        ItipError::SeveralUids => "In einer Nachricht stehen mehrere verschiedene Termine.".into(),
        ItipError::OtherEvent => "Die Nachricht handelt von einem anderen Termin.".into(),
        ItipError::TooMany(most) => format!("In einer Nachricht sind mehr als {most} Termine oder Gäste."),
        ItipError::BadTime(name) => format!("{name} des Termins lässt sich nicht lesen."),
        ItipError::NoTime => "Die Nachricht sagt nicht, von wann bis wann.".into(),
        ItipError::NoAttendee => "Die Nachricht nennt den Gast nicht, um den es geht.".into(),
        ItipError::NoOrganizer => "Die Einladung nennt niemanden, der sie verschickt.".into(),
        ItipError::UnknownEvent => "So einen Termin gibt es hier nicht.".into(),
        ItipError::AddsSeries => {
            "Eine ganze Serie zu einem Termin hinzuzufügen geht nicht; senden Sie den Termin selbst noch einmal.".into()
        }
        ItipError::Invalid(why) => german_object(why),
    }
}

fn german_object(error: &InvalidObject) -> String {
    match error {
        InvalidObject::NotICalendar(why) => format!("Das ist kein lesbarer Kalender ({why})"),
        InvalidObject::NotAnObject(why) => format!("Der Termin lässt sich so nicht aufheben ({why})"),
        InvalidObject::UnsupportedComponent(name) => format!("{name} hebt dieser Server nicht auf."),
        InvalidObject::TooLarge(_) => "Der Termin ist größer, als wir aufheben können.".into(),
        InvalidObject::TooManyAttendees(most) => format!("Der Termin hat mehr als {most} Gäste."),
        InvalidObject::TooManyInstances(_) => "Der Termin wiederholt sich öfter, als wir aufheben können.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_told_in_each_language_and_ends_as_a_sentence_does() {
        let invalid = |error| NotTaken::Message(ItipError::Invalid(error));
        let all = [
            NotTaken::NoEvent,
            NotTaken::Forwarded,
            NotTaken::Copy,
            NotTaken::Foreign("bob@example.net".into()),
            NotTaken::Full,
            NotTaken::Calendar,
            NotTaken::Message(ItipError::NoTime),
            NotTaken::Message(ItipError::SeveralUids),
            NotTaken::Message(ItipError::TooMany(100)),
            invalid(InvalidObject::TooManyAttendees(100)),
            invalid(InvalidObject::TooManyInstances("It repeats every second.".into())),
        ];
        for why in all {
            let [english, german] = [Language::English, Language::German].map(|language| why.in_words(language));
            assert_ne!(english, german);
            assert!(english.ends_with('.') && german.ends_with('.'), "{english} {german}");
        }
    }
}
