//! The link that signs in. The name is not in it: a stranger may have given it when booking for this address.

use super::super::letter::Letter;
use super::super::message::Writer;

pub(in super::super) fn to_person(writer: &Writer<'_>, secret: &str) -> Letter {
    let host = writer.config.public_url.split_once("://").map_or("", |(_, host)| host);
    Letter::new(format!("Your sign-in link for {host}"))
        .text("Hi,")
        .text(format!("Open this link to sign in at {host}. It works once, within ten minutes of your asking."))
        .link("Sign in", format!("{}/sign-in/{secret}", writer.config.public_url))
        .small("You did not ask for it? Then do nothing: without this link nobody gets in.")
}
