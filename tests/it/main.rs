//! Tests that cross folders: the story a person lives through, races, crashes, real clients.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
mod db;

mod bombs;
mod calendars;
mod clients;
mod commands;
mod crash;
mod demo;
mod documents;
mod guard;
mod http;
mod installation;
mod layers;
mod python;
mod race;
mod server_http;
mod sessions;
mod storage;
mod surfaces;
