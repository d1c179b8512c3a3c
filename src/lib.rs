//! Openhour: turns the calendar people already use into a booking system.
//!
//! `docs/ARCHITECTURE.md` tells how a request flows through these folders. Lower ones know nothing of those above.

pub mod api;
pub mod audit;
pub mod availability;
pub mod booking;
pub mod calendars;
pub mod cli;
pub mod clock;
pub mod config;
pub mod dav;
#[cfg_attr(test, macro_use)]
pub mod db;
pub mod desk;
pub mod feeds;
pub mod http_client;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod language;
pub mod live;
pub mod mail;
pub mod mail_in;
pub mod meeting_links;
pub mod oidc;
pub mod own_data;
pub mod people;
pub mod schedules;
pub mod server;
pub mod sources;
pub mod surface;
pub mod teams;
pub mod web;
pub mod worker;
