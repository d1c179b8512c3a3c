//! Mail comes late, twice, and in any order; the stored event ends the same.

use proptest::prelude::*;

use super::*;
use crate::ical::expand::{Budget, occurrences};
use crate::ical::limits::Limits;
use crate::ical::object::CalendarObject;
use crate::ical::time::{format_utc, wall_from_seconds};
use crate::ical::tree::Component;
use crate::ical::zone::Zone;

/// 2026-11-30 18:00 UTC.
const FIRST: i64 = 1_796_061_600;
const NOW: i64 = FIRST;
const WEEK: i64 = 7 * 86_400;

/// What a host does to a series of ten weeks.
#[derive(Debug, Clone)]
enum Edit {
    /// Another title, for all.
    Title,
    /// The whole series an hour later.
    Later,
    /// One week less, by EXDATE.
    Without(i64),
    /// One week at another time.
    Move(i64),
    /// One week cancelled, by CANCEL.
    Cancel(i64),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Title),
        Just(Edit::Later),
        (0i64..10).prop_map(Edit::Without),
        (0i64..10).prop_map(Edit::Move),
        (0i64..10).prop_map(Edit::Cancel),
    ]
}

/// The mails that follow, one for each edit, after that of the series itself.
fn mails(edits: &[Edit], counts: bool) -> Vec<ItipMessage> {
    let (mut start, mut exdates) = (FIRST, String::new());
    let mut all = Vec::new();
    for (step, edit) in std::iter::once(&Edit::Title).chain(edits).enumerate() {
        let step = i64::try_from(step).unwrap();
        let head = format!(
            "UID:1\nDTSTAMP:{}\nSEQUENCE:{}\nORGANIZER:mailto:ann@host.example\nSUMMARY:{step}\n",
            format_utc(NOW - 1_000 + step),
            if counts { step } else { 0 }
        );
        let instance = |week: i64, start: i64| format!("RECURRENCE-ID:{}\n", format_utc(start + week * WEEK));
        let (method, event) = match edit {
            Edit::Cancel(week) => ("CANCEL", instance(*week, start)),
            Edit::Move(week) => {
                let moved = format_utc(start + week * WEEK + (step + 1) * 60);
                ("REQUEST", format!("{}DTSTART:{moved}\n", instance(*week, start)))
            }
            whole => {
                match whole {
                    Edit::Later => {
                        start += 3_600;
                        exdates.clear();
                    }
                    Edit::Without(week) => exdates += &format!("EXDATE:{}\n", format_utc(start + week * WEEK)),
                    _ => {}
                }
                let wall = crate::ical::time::format_wall(wall_from_seconds(start));
                ("REQUEST", format!("DTSTART;TZID=Etc/UTC:{wall}\nRRULE:FREQ=WEEKLY;COUNT=10\n{exdates}"))
            }
        };
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{head}{event}END:VEVENT\nEND:VCALENDAR\n");
        all.push(ItipMessage::parse(text.as_bytes(), Some(method), &Limits::default()).unwrap());
    }
    all
}

/// What takes place after these mails.
fn outcome<'a>(mails: impl IntoIterator<Item = &'a ItipMessage>) -> Vec<String> {
    let mut stored: Option<Component> = None;
    for mail in mails {
        stored = Some(merge(stored.as_ref(), mail, NOW).unwrap().calendar);
    }
    let object = CalendarObject::from_root(stored.unwrap(), &Limits::default()).unwrap();
    let found = occurrences(&object, 0..i64::MAX, &Zone::utc(), &Budget::default());
    let all = found.list.iter().filter(|one| !Event::new(one.component).is_cancelled());
    all.map(|one| format!("{} {}", format_utc(one.start), Event::new(one.component).summary())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn the_order_of_mails_does_not_matter(
        edits in proptest::collection::vec(edit(), 1..8),
        counts in any::<bool>(),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
        keys in proptest::collection::vec(any::<u32>(), 8),
    ) {
        let mails = mails(&edits, counts);
        let mut shuffled: Vec<(u32, &ItipMessage)> = keys.iter().copied().zip(&mails).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let again = order.iter().map(|index| index.get(&mails));
        let delivered: Vec<_> = again.chain(shuffled.into_iter().map(|(_, mail)| mail)).collect();
        prop_assert_eq!(outcome(delivered), outcome(&mails), "{:?}", edits);
    }
}
