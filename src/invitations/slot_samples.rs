//! The letters about slots as invitations and about proposed times, with invented data: [`super::samples`] has the others.

use super::samples::{NOW, around, booking};
use super::slot::{SlotKey, uid};
use super::{Invitation, Message, Method, Writer};
use crate::booking::{Booking, Proposal, Session};
use crate::language::Language;

/// All of them, for readers of this language.
pub(super) fn letters(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let mut all = about_slots(writer, language).unwrap_or_default();
    all.extend(about_settled(writer, language));
    all
}

fn about_slots(writer: &Writer<'_>, language: Language) -> Option<Vec<(&'static str, Message)>> {
    let (booking, around) = (booking(language), around(language));
    let key = SlotKey { type_id: booking.session.type_id, start: booking.session.starts, generation: 0, host: None };
    let token = key.token(writer.keys, &booking.email)?;
    let slot = Invitation {
        token: &token,
        email: &booking.email,
        name: "",
        timezone: &booking.timezone,
        language,
        starts: key.start,
        ends: booking.session.ends,
        sequence: 0,
        changed: NOW,
        team_name: &around.team_name,
        team_slug: &around.team_slug,
        team_zone: &around.host_zone,
        type_name: &around.type_name,
        type_slug: &around.type_slug,
    };
    let gone = Invitation { sequence: 1, changed: NOW + 60, ..slot };
    let uid = uid(&token, writer.config.mail_domain());
    let session = Session { uid: uid.clone(), sequence: 1, ..booking.session.clone() };
    let accepted = Booking { uid, session, began: 1, sequence: 1, agenda: String::new(), ..booking.clone() };
    let (later, tomorrow) = (slot.starts + 3_600, slot.starts + 86_400);
    Some(vec![
        ("slot-invite", writer.to_invited(&slot)),
        ("slot-refused", writer.to_slot_refused(&gone, "slot-taken", &[later, tomorrow])),
        ("slot-refused-nothing-open", writer.to_slot_refused(&gone, "too-late", &[])),
        ("slot-countered", writer.to_slot_countered(&slot, slot.starts + 7_200, &[later])),
        ("slot-doubted", writer.to_slot_doubted(&slot)),
        ("slot-accepted-guest", writer.to_guest(&accepted, &around, Method::Request)),
        (
            "slot-accepted-host",
            writer.to_host(&accepted.session, std::slice::from_ref(&accepted), &around, Method::Request),
        ),
    ])
}

fn about_settled(writer: &Writer<'_>, language: Language) -> Vec<(&'static str, Message)> {
    let (booking, around) = (booking(language), around(language));
    let session = &booking.session;
    let proposal = Proposal {
        id: 77,
        booking: booking.id,
        person: session.host,
        was: session.starts,
        starts: session.starts + 86_400,
        ends: session.ends + 86_400,
        comment: None,
        status: "accepted".into(),
        created: NOW,
        decided: Some(NOW + 60),
    };
    let there =
        Session { starts: proposal.starts, ends: proposal.ends, sequence: 1, changed: NOW + 60, ..session.clone() };
    let moved = Booking { sequence: 1, changed: NOW + 60, session: there, ..booking.clone() };
    let by_guest = Proposal { person: booking.guest, ..proposal.clone() };
    let overtaken = Proposal { status: "replaced".into(), ..proposal.clone() };
    vec![
        ("proposal-settled-guest", writer.to_settled(&moved, &around, &proposal, "")),
        ("proposal-settled-host", writer.to_settled(&moved, &around, &by_guest, "")),
        ("proposal-overtaken", writer.to_settled(&booking, &around, &overtaken, "")),
        ("proposal-impossible", writer.to_settled(&booking, &around, &proposal, "slot-taken")),
    ]
}
