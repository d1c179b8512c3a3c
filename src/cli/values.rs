//! Values on the command line, checked as it is read.

use crate::config::is_address;
use crate::people::labels;
use crate::teams::is_slug;

pub(super) fn email(text: &str) -> Result<String, String> {
    let address = text.trim().to_lowercase();
    if is_address(&address) { Ok(address) } else { Err("must be a mail address such as ana@example.org".into()) }
}

pub(super) fn slug(text: &str) -> Result<String, String> {
    if is_slug(text) {
        Ok(text.into())
    } else {
        Err("must be lower-case letters, digits and hyphens, such as code-review".into())
    }
}

pub(super) fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let good = (1..=255).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if good { Ok(text.into()) } else { Err("must be 1 to 255 characters".into()) }
}

pub(super) fn label(text: &str) -> Result<String, String> {
    let text = text.trim();
    if labels::is_usable(text) { Ok(text.into()) } else { Err("must be 1 to 100 characters".into()) }
}

pub(super) fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    let good = text.chars().count() <= 1_000 && !text.chars().any(char::is_control);
    if good { Ok(text.into()) } else { Err("must be at most 1,000 characters".into()) }
}

pub(super) fn timezone(text: &str) -> Result<String, String> {
    caldav::ical::zone::Zone::named(text)
        .map(|zone| zone.name().to_owned())
        .ok_or_else(|| "must be a time zone's name such as Europe/London".into())
}
