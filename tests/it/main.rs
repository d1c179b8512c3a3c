//! Tests that cross folders: the story a person lives through, races, crashes, real clients.

#[macro_use]
mod database;
mod crash;
mod http;
mod installation;
mod layers;
mod python;
mod race;
mod server_http;
mod storage;
mod surfaces;
