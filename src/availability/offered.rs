//! Whether a session lies inside what its host offers: what a change of offers is measured by.

use super::calendar_days::{stretches, zone};
use super::{Offer, serves};
use crate::teams::{Host, SessionType, Team};

/// Whether one of the offers serves this type of the team and covers the time (UTC seconds) as a whole. Neither the grid
/// nor any rule counts: a session stays where it was booked.
pub fn offered(
    offers: &[Offer],
    (team, types): (&Team, &[SessionType]),
    host: &Host,
    kind: &SessionType,
    (starts, ends): (i64, i64),
) -> bool {
    let zone = zone(host, team);
    let covers = |offer: &Offer| {
        serves(&offer.scope, team, types, kind)
            && stretches(offer, team, &zone, starts, ends).into_iter().any(|(from, to)| from <= starts && ends <= to)
    };
    offers.iter().any(covers)
}

#[cfg(test)]
mod tests {
    use super::super::model::{all_day, host, offer, seconds, session_type, team};
    use super::*;
    use crate::calendars::Scope;

    #[test]
    fn a_session_lies_inside_one_offer_that_serves_it() {
        let (team, types, host) = (team(), [session_type(1), session_type(2)], host());
        let inside = |offers: &[Offer], from, to| offered(offers, (&team, &types), &host, &types[0], (from, to));
        let both = [offer(0, 3_600), offer(3_600, 7_200)];
        assert!(inside(&both, 0, 3_600) && inside(&both, 4_000, 7_200));
        assert!(!inside(&both, 3_000, 4_000), "it would lie in two");
        let other = Offer { scope: Scope::Named("type-2".into()), ..offer(0, 7_200) };
        assert!(!inside(&[other], 0, 3_600));
        let day = all_day("2026-11-23T00:00[UTC]", "2026-11-24T00:00[UTC]");
        let hour = |text: &str| seconds(&format!("2026-11-23T{text}:00:00Z"));
        assert!(inside(std::slice::from_ref(&day), hour("09"), hour("10")));
        assert!(!inside(&[day], hour("08"), hour("10")), "before the team's day begins");
    }
}
