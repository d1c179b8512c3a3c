//! "Your event is here", and why one is not.

use super::super::clean;
use super::super::letter::Letter;
use super::super::message::{Answered, Writer};
use super::greeting;

pub(in super::super) fn to_host(writer: &Writer<'_>, name: &str, answer: &Answered<'_>) -> Letter {
    let title = clean::name(answer.title);
    let title = if title.is_empty() { "your event".to_owned() } else { title };
    let word = if answer.taken { "Accepted" } else { "Not taken" };
    let letter = Letter::new(format!("{word}: {title}")).text(greeting(name));
    let host = format!("{}/host", writer.config.public_url);
    match answer.taken {
        true => letter
            .text(format!("{}.", clean::text(answer.meaning).trim_end_matches('.')))
            .link("See what you offer", host)
            .small("Change or delete the event in your calendar, and it changes here."),
        false => letter
            .text(format!("Nothing was changed. {}", clean::text(answer.meaning)))
            .link("See what you offer", host),
    }
}

pub(in super::super) fn to_stranger(writer: &Writer<'_>, address: &str) -> Letter {
    let config = writer.config;
    Letter::new("Your invitation did not reach anybody".into())
        .text("Hi,")
        .text(format!(
            "You invited {}, where hosts of our teams offer their time. No team here knows {address} as a host, so nothing \
             was published.",
            config.mail_from_name
        ))
        .text("If you want to offer time, ask your team to add this address, or invite us from the one it knows.")
        .link("Our teams", config.public_url.clone())
}
