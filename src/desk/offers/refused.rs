//! Why nothing was changed.

use caldav::ical::series_edit::SeriesError;
use caldav::store::StoreError;

use crate::booking::Booking;
use crate::db::{AsDbError, DbError};

/// What is wrong with a field; the words are the API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// No day.
    #[error("must be a day such as 2026-11-26")]
    Date,
    /// No time of day.
    #[error("must be a time of day such as 18:00")]
    Clock,
    /// Too short to be anything.
    #[error("must be five minutes after the start, or more")]
    Short,
    /// Over.
    #[error("must not be over already")]
    Past,
    /// Too far ahead.
    #[error("must be within the next two years")]
    Far,
    /// Too far ahead for a single day.
    #[error("must be within the next year")]
    NextYear,
    /// Before the first day.
    #[error("must not be before the first day")]
    Order,
    /// Neither `once` nor `weekly`.
    #[error("must be once or weekly")]
    Repeat,
    /// No day of the week.
    #[error("must be days of the week such as monday")]
    Weekday,
    /// No team of the host has such a kind of session.
    #[error("must be a kind of session of one of your teams")]
    Kind,
    /// No hours.
    #[error("must be hours such as 09:00-12:00, 13:00-17:00, or empty")]
    Hours,
    /// Two stretches of a day overlap.
    #[error("must not overlap")]
    Overlap,
    /// Not a number in its bounds.
    #[error("must be a whole number that makes sense here, or empty")]
    Number,
    /// A name that is none.
    #[error("must be one line of at most 100 ordinary characters")]
    Name,
    /// No zone.
    #[error("must be a time zone such as Europe/Berlin")]
    Zone,
    /// No language of the pages.
    #[error("must be en or de, or empty")]
    Language,
    /// Neither true nor false.
    #[error("must be true or false")]
    Choice,
}

/// A field with what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldWrong {
    /// Its name in the form and in the API.
    pub field: &'static str,
    /// What is wrong.
    pub wrong: Wrong,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum Refused {
    /// Fields that cannot be used.
    Fields(Vec<FieldWrong>),
    /// These booked sessions would lie outside everything the host offers.
    Sessions(Vec<Booking>),
    /// The host offers that time already, from here to there (UTC seconds).
    Overlaps(i64, i64),
    /// It comes from a calendar elsewhere and is changed there.
    Elsewhere,
    /// It is written in a way that only a calendar app can change.
    Special,
    /// It was changed meanwhile.
    Changed,
    /// Nothing of the kind is theirs.
    NotFound,
    /// The calendar holds no more.
    Full,
    /// The calendar is set never to block, so nobody can be away in it.
    NeverBlocks,
    /// The database failed.
    Db(DbError),
}

impl Refused {
    /// One field that cannot be used.
    pub(in crate::desk) fn field(field: &'static str, wrong: Wrong) -> Self {
        Self::Fields(vec![FieldWrong { field, wrong }])
    }
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for Refused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

impl From<SeriesError> for Refused {
    fn from(error: SeriesError) -> Self {
        match error {
            SeriesError::NoInstance => Self::Changed,
            SeriesError::TooSpecial => Self::Special,
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::ConditionFailed => Self::Changed,
            StoreError::Refused(_) => Self::Full,
            StoreError::Busy => Self::Db(DbError::Damaged("a calendar's settings change all the time".into())),
            StoreError::Failed(error) => Self::Db(DbError::Damaged(error.to_string())),
        }
    }
}
