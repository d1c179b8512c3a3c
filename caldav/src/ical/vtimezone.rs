//! VTIMEZONE components. RFC 5545 §3.6.5.

use super::tree::Component;
use super::zone::Zone;

pub(super) fn evaluate(_tzid: &str, _vtimezone: &Component) -> Option<Zone> {
    None
}
