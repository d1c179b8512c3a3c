//! What changed between two lists of slots, as the message that tells it.

use serde::Serialize;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::limits;
use crate::availability::PooledSlot;
use crate::teams::SessionType;

/// For those who know too little to be told what changed.
pub(super) const RELOAD: &str = "{\"reload\":true}";

/// How a team's slots are, or what of them changed.
#[derive(Debug, Serialize)]
struct Message<'a> {
    version: &'a str,
    closed: Vec<Closed<'a>>,
    opened: Vec<Opened<'a>>,
}

#[derive(Debug, Serialize)]
struct Closed<'a> {
    r#type: &'a str,
    start: String,
}

#[derive(Debug, Serialize)]
struct Opened<'a> {
    r#type: &'a str,
    start: String,
    open: i64,
}

/// Slots with the types that they belong to.
#[derive(Clone, Copy)]
pub(super) struct Slots<'a> {
    pub(super) slots: &'a [PooledSlot],
    pub(super) types: &'a [SessionType],
}

/// The message that leads from one list to the other, `None` when nothing a client sees changed. Both lists are by
/// start, then type. Another number of open places counts as opened.
pub(super) fn between(before: Slots<'_>, after: Slots<'_>, version: &str) -> Option<Utf8Bytes> {
    let (mut closed, mut opened) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (before.slots.iter().peekable(), after.slots.iter().peekable());
    loop {
        let place = |slot: &&&PooledSlot| (slot.start, slot.type_id);
        match (old.peek().map(|slot| place(&slot)), new.peek().map(|slot| place(&slot))) {
            (None, None) => break,
            (was, is) if is.is_none() || was.is_some_and(|was| is.is_some_and(|is| was < is)) => {
                closed.extend(old.next().map(|slot| Closed { r#type: before.slug(slot), start: time(slot.start) }));
            }
            (was, is) => {
                let known = if was == is { old.next().map(|slot| slot.open) } else { None };
                opened.extend(new.next().filter(|slot| known != Some(slot.open)).map(|slot| after.opened(slot)));
            }
        }
    }
    if closed.is_empty() && opened.is_empty() {
        return None;
    }
    Some(write(&Message { version, closed, opened }))
}

/// The message for somebody who knows everything already.
pub(super) fn nothing(version: &str) -> Utf8Bytes {
    write(&Message { version, closed: Vec::new(), opened: Vec::new() })
}

fn write(message: &Message<'_>) -> Utf8Bytes {
    // Strings and numbers can always be written.
    let text = serde_json::to_string(message).unwrap_or_default();
    if text.is_empty() || text.len() > limits::OUTBOUND { RELOAD.into() } else { text.into() }
}

impl<'a> Slots<'a> {
    fn slug(self, slot: &PooledSlot) -> &'a str {
        self.types.iter().find(|one| one.id == slot.type_id).map_or("", |one| one.slug.as_str())
    }

    fn opened(self, slot: &PooledSlot) -> Opened<'a> {
        Opened { r#type: self.slug(slot), start: time(slot.start), open: slot.open }
    }
}

/// RFC 3339 in UTC.
fn time(instant: i64) -> String {
    jiff::Timestamp::from_second(instant).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::teams::RuleSet;

    const TEN: i64 = 1_795_687_200; // 2026-11-26T10:00:00Z

    fn types() -> Vec<SessionType> {
        let kind = |id, slug: &str| SessionType {
            id,
            team: 1,
            slug: slug.into(),
            name: slug.into(),
            description: String::new(),
            minutes: 60,
            step: None,
            rules: RuleSet::default(),
            capacity: 8,
            active: true,
            ..SessionType::default()
        };
        vec![kind(1, "talk"), kind(2, "group")]
    }

    fn slot(hour: i64, type_id: i64, open: i64) -> PooledSlot {
        let start = TEN + hour * 3600;
        PooledSlot { start, end: start + 3600, type_id, open, hosts: [7].into(), seats: [open].into() }
    }

    fn told(before: &[PooledSlot], after: &[PooledSlot]) -> Option<String> {
        let types = types();
        let list = |slots| Slots { slots, types: &types };
        between(list(before), list(after), "v2").map(|text| text.to_string())
    }

    #[test]
    fn closed_opened_and_fuller_slots_are_told_and_nothing_else() {
        let before = [slot(0, 1, 1), slot(0, 2, 8), slot(1, 1, 1), slot(3, 2, 3)];
        let after = [slot(0, 2, 8), slot(1, 1, 1), slot(2, 1, 1), slot(3, 2, 2), slot(4, 1, 1)];
        let expected = "{\"version\":\"v2\",\"closed\":[{\"type\":\"talk\",\"start\":\"2026-11-26T10:00:00Z\"}],\
            \"opened\":[{\"type\":\"talk\",\"start\":\"2026-11-26T12:00:00Z\",\"open\":1},\
            {\"type\":\"group\",\"start\":\"2026-11-26T13:00:00Z\",\"open\":2},\
            {\"type\":\"talk\",\"start\":\"2026-11-26T14:00:00Z\",\"open\":1}]}";
        assert_eq!(told(&before, &after).as_deref(), Some(expected));
    }

    #[test]
    fn the_same_slots_by_other_hosts_are_no_news() {
        let other = PooledSlot { hosts: [8, 9].into(), seats: [1, 0].into(), ..slot(0, 1, 1) };
        assert_eq!(told(&[slot(0, 1, 1)], &[other]), None);
        assert_eq!(told(&[], &[]), None);
    }

    #[test]
    fn everything_may_close_and_open() {
        let both = [slot(0, 1, 1), slot(1, 1, 1)];
        assert_eq!(told(&both, &[]).unwrap().matches("start").count(), 2);
        assert_eq!(told(&[], &both).unwrap().matches("\"open\":1").count(), 2);
    }

    #[test]
    fn a_change_too_large_to_tell_says_reload() {
        let many: Vec<PooledSlot> = (0..1_000).map(|hour| slot(hour, 1, 1)).collect();
        assert_eq!(told(&[], &many).as_deref(), Some(RELOAD));
    }
}
