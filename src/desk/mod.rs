//! The desk: the only two ways in for every surface (file a calendar object, carry out a booking command), and what
//! follows from them. It brings calendars and bookings together, which know nothing of each other.

pub mod address;
pub mod arranging;
pub mod booking;
pub mod conduct;
pub mod erasures;
pub mod failed_sign_ins;
pub mod feeds;
pub mod filing;
pub mod health;
mod known_settings;
pub mod meaning;
pub mod new_person;
pub mod offers;
pub mod oidc;
pub mod open_calendar;
pub mod outgoing;
pub mod own_rules;
pub mod pages;
pub mod parked;
pub mod passwords;
pub mod people;
pub mod pictures;
mod poor_passwords;
pub mod profile;
pub mod relocating;
pub mod remarks;
pub mod reminders;
pub mod retention;
pub mod robot;
pub mod schedules;
pub mod secrets;
pub mod session_calendar;
pub mod sign_in;
pub mod slots;
pub mod squeezed;
pub mod standing;
pub mod team_facts;
pub mod teams;
pub mod why;
pub mod withdraw;

use std::sync::Arc;

use feeds::FeedCopy;
use pages::PageCopy;
use standing::Standing;

use crate::availability::timeline::Timelines;
use crate::calendars::OfferWords;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::keys::Keys;
use crate::oidc::Providers;

/// What every surface, worker and command works with.
pub struct Desk {
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The installation's settings.
    pub config: Arc<Config>,
    /// The installation's key.
    pub keys: Keys,
    /// Hosts' timelines in memory.
    pub timelines: Timelines,
    /// Teams in memory.
    known_teams: team_facts::KnownTeams,
    /// Teams' slots in memory.
    pub slots: slots::Kept,
    /// Booking pages in memory.
    pub pages: pages::KeptPages,
    /// Bookings under way.
    pub trying: booking::Trying,
    offer_words: Arc<OfferWords>,
    /// Feeds in memory.
    pub feeds: feeds::KeptFeeds,
    /// The public feed of each team, as long as nothing changes.
    pub standing_feeds: Standing<Arc<FeedCopy>>,
    /// What the API answers to everybody, as long as nothing changes.
    pub standing_slots: Standing<PageCopy>,
    /// Providers of OpenID Connect.
    pub oidc: Providers,
    /// Passwords being hashed.
    pub hashing: passwords::Hashing,
    /// Pictures being read.
    pub reading: pictures::Reading,
    /// Calendars of open slots in memory.
    pub open: open_calendar::Kept,
    /// Settings of calendars in memory.
    known_settings: known_settings::KnownSettings,
}

impl Desk {
    /// A desk over an open database.
    pub fn new(db: Db, clock: Clock, config: Config, keys: Keys) -> Self {
        let oidc = Providers::new(&config, &keys);
        let offer_words = Arc::new(OfferWords::new(&config.offer_words));
        Self {
            db,
            clock,
            config: Arc::new(config),
            keys,
            timelines: Timelines::new(offer_words.clone()),
            known_teams: team_facts::KnownTeams::default(),
            slots: slots::Kept::default(),
            pages: pages::KeptPages::default(),
            trying: booking::Trying::default(),
            offer_words,
            feeds: feeds::KeptFeeds::default(),
            standing_feeds: Standing::default(),
            standing_slots: Standing::default(),
            oidc,
            hashing: passwords::Hashing::default(),
            reading: pictures::Reading::default(),
            open: open_calendar::Kept::default(),
            known_settings: known_settings::KnownSettings::default(),
        }
    }

    /// The titles that make an event an offer.
    pub fn offer_words(&self) -> Arc<OfferWords> {
        self.offer_words.clone()
    }
}
