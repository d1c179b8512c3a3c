//! Tests that cross folders: the story a person lives through, races, crashes, real clients.

#[macro_use]
mod database;
mod layers;
