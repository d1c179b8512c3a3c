//! A session type as it is stored.

use sqlx::FromRow;

use super::questions::{self, Question};
use super::{PhoneWish, PlaceKind, RuleSet, TeamId, TypeId};
use crate::db::DbError;

/// A kind of session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionType {
    /// Key.
    pub id: TypeId,
    /// Its team.
    pub team: TeamId,
    /// In addresses.
    pub slug: String,
    /// Human name.
    pub name: String,
    /// For its page.
    pub description: String,
    /// How long it takes; see [`SessionType::length`].
    pub minutes: i64,
    /// A session is as long as its offer; [`SessionType::minutes`] does not count.
    pub whole_offer: bool,
    /// Distance of starts in seconds; `None`: duration and buffers.
    pub step: Option<i64>,
    /// The type's level of rules.
    pub rules: RuleSet,
    /// Guests at one start.
    pub capacity: i64,
    /// It can be booked.
    pub active: bool,
    /// Only members of the team see and book it.
    pub internal: bool,
    /// A booking waits until host or lead says yes.
    pub approval: bool,
    /// Where people meet.
    pub place: PlaceKind,
    /// The number, the address or the words for a place that is not online.
    pub place_detail: String,
    /// `#rrggbb`, or nothing.
    pub color: String,
    /// Whether the form asks for a telephone number.
    pub phone: PhoneWish,
    /// What the form asks besides.
    pub questions: Vec<Question>,
    /// When reminders go out, seconds before the start, the earliest first.
    pub reminders: Vec<i64>,
    /// Its place among the team's types, the smallest first.
    pub position: i64,
}

impl SessionType {
    /// How long a session takes in an offer of this length, both in seconds.
    pub fn length(&self, offered: i64) -> i64 {
        if self.whole_offer { offered } else { self.minutes * 60 }
    }
}

pub(super) const TYPE_COLUMNS: &str = "id, team, slug, name, description, minutes, whole_offer, step, notice, buffer_before, \
     buffer_after, booking_window, capacity, active, internal, approval, place, place_detail, color, phone, questions, \
     reminders, position";

#[derive(FromRow)]
pub(super) struct TypeRow {
    id: i64,
    team: i64,
    slug: String,
    name: String,
    description: String,
    minutes: i64,
    whole_offer: bool,
    step: Option<i64>,
    notice: Option<i64>,
    buffer_before: Option<i64>,
    buffer_after: Option<i64>,
    booking_window: Option<i64>,
    capacity: i64,
    active: bool,
    internal: bool,
    approval: bool,
    place: String,
    place_detail: String,
    color: String,
    phone: String,
    questions: String,
    reminders: String,
    position: i64,
}

impl TypeRow {
    pub(super) fn read(self) -> Result<SessionType, DbError> {
        let damaged = |what: &str| DbError::Damaged(format!("session type {} has no {what}", self.id));
        Ok(SessionType {
            place: self.place.parse().map_err(|_| damaged("place"))?,
            phone: self.phone.parse().map_err(|_| damaged("wish for a phone"))?,
            questions: questions::read(&self.questions).ok_or_else(|| damaged("questions"))?,
            reminders: serde_json::from_str(&self.reminders).map_err(|_| damaged("reminders"))?,
            active: self.active,
            internal: self.internal,
            approval: self.approval,
            place_detail: self.place_detail,
            color: self.color,
            position: self.position,
            rules: RuleSet {
                notice: self.notice,
                buffer_before: self.buffer_before,
                buffer_after: self.buffer_after,
                booking_window: self.booking_window,
            },
            id: self.id,
            team: self.team,
            slug: self.slug,
            name: self.name,
            description: self.description,
            minutes: self.minutes,
            whole_offer: self.whole_offer,
            step: self.step,
            capacity: self.capacity,
        })
    }
}
