//! Tests that cross folders: the story a person lives through, races, crashes, real clients.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
mod db;

mod address;
mod api_admin;
mod api_bookings;
mod api_own;
mod api_tokens;
mod asked_page;
mod bans;
mod bombs;
mod booking_page;
mod browser;
mod calendars;
mod calendars_by_address;
mod clients;
mod commands;
mod crash;
mod demo;
mod documents;
mod embed;
mod feed_open;
mod feeds_personal;
mod footprint;
mod fresh_answers;
mod google_standin;
mod guard;
mod host_offers;
mod http;
mod installation;
mod layers;
mod lead_desk;
mod live;
mod logs;
mod mail_in;
mod mail_language;
mod mail_samples;
mod mail_scenarios;
mod meet;
mod new_person;
mod oidc;
mod oidc_standin;
mod own_pages;
mod pages_booking;
mod passwords;
mod pictures;
mod privacy;
mod profile_pages;
mod python;
mod race;
mod reminders;
mod rights;
mod sample;
mod schedules;
mod server_http;
mod sessions;
mod sign_in;
mod sign_in_limits;
mod slot_invites;
mod storage;
mod surfaces;
mod teams;
mod unasked_guests;
mod websocket;
