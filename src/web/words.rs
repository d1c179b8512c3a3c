//! Everything the pages say.

pub(super) const NAME: &str = "Openhour";
pub(super) const SKIP: &str = "Skip to the content";
pub(super) const FOOT: &str = "Openhour turns the calendar people already use into open hours.";
pub(super) const TO_START: &str = "To the start page";

pub(super) const NOT_FOUND: &str = "There is nothing here";
pub(super) const NOT_FOUND_HELP: &str = "Perhaps the link got cut off on its way, or what was here is over. Links to a booking work until 30 days after it.";
pub(super) const WRONG_WAY: &str = "This page works differently";
pub(super) const WRONG_WAY_HELP: &str = "Please go back and use the page's own buttons.";
pub(super) const NOT_ALLOWED: &str = "That did not come from here";
pub(super) const NOT_ALLOWED_HELP: &str =
    "The request came from another site, so nothing was changed. Open the page again and use its button.";
