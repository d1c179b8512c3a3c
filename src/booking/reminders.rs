//! Which reminders a session's people get: a job for each, written with the booking and due before the start. Whether it
//! still makes sense then, the mail decides.

use serde_json::json;

use crate::jobs::NewJob;

/// The kind of these jobs.
pub(super) const KIND: &str = "reminder";
/// Reminders of one session for one person at most.
const MOST: usize = 5;
/// Seconds before the start at most.
const EARLIEST: i64 = 31 * 86_400;

/// Who is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The guest of a booking.
    Guest,
    /// The host of a session.
    Host,
}

/// The lane of the reminders of a booking's guest, or a session's host.
pub(super) fn lane(id: i64, side: Side) -> String {
    match side {
        Side::Guest => format!("{KIND}/{id}/guest"),
        Side::Host => format!("{KIND}/{id}/host"),
    }
}

/// When the people of a session are reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reminders {
    starts: i64,
    /// When each is due, and when it comes too late: the next one is due, or the session starts. By time.
    due: Vec<(i64, i64)>,
}

impl Reminders {
    /// As the session type has it stored, a JSON list of seconds before the start. What is due already, or makes no
    /// sense, is left out.
    pub(super) fn new(stored: &str, starts: i64, now: i64) -> Self {
        let mut before: Vec<i64> = serde_json::from_str(stored).unwrap_or_default();
        before.retain(|seconds| (1..=EARLIEST).contains(seconds));
        before.sort_unstable_by(|one, other| other.cmp(one));
        before.dedup();
        before.truncate(MOST);
        let ends = before.iter().skip(1).map(|next| starts - next).chain([starts]);
        let due = before.iter().map(|seconds| starts - seconds).zip(ends).filter(|(due, _)| *due > now).collect();
        Self { starts, due }
    }

    /// The jobs for one person. `id`: of the booking, or the session.
    pub(super) fn jobs(&self, id: i64, side: Side) -> Vec<NewJob> {
        let (named, to) = match side {
            Side::Guest => ("booking", "guest"),
            Side::Host => ("session", "host"),
        };
        let job = |(due, until): &(i64, i64)| NewJob {
            key: format!("{KIND}/{id}/{}/{due}/{to}", self.starts),
            kind: KIND,
            payload: json!({named: id, "starts": self.starts, "until": until, "to": to}),
            lane: lane(id, side),
            after: None,
            due: *due,
        };
        self.due.iter().map(job).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTS: i64 = 1_795_716_000;

    #[test]
    fn each_is_due_before_the_start_and_useless_once_the_next_is() {
        let found = Reminders::new("[3600, 86400, 3600]", STARTS, STARTS - 200_000);
        assert_eq!(found.due, [(STARTS - 86_400, STARTS - 3_600), (STARTS - 3_600, STARTS)]);
        let jobs = found.jobs(7, Side::Guest);
        assert_eq!(jobs.len(), 2);
        assert!(jobs[0].due < jobs[1].due && jobs[0].key != jobs[1].key && jobs[0].lane == jobs[1].lane);
    }

    #[test]
    fn what_is_past_or_makes_no_sense_is_left_out() {
        assert_eq!(Reminders::new("[86400,3600]", STARTS, STARTS - 86_400).due, [(STARTS - 3_600, STARTS)]);
        for nothing in ["[]", "", "{}", "[-5, 0, 99999999999]"] {
            assert_eq!(Reminders::new(nothing, STARTS, 0).due, [], "{nothing}");
        }
        assert_eq!(Reminders::new("[1,2,3,4,5,6,7]", STARTS, 0).due.len(), 5);
    }
}
