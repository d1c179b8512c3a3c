//! Pages: rendered here, readable without scripts. GET shows, POST acts.

mod assets;
mod book;
mod booking;
mod booking_actions;
mod browsers;
mod calendar_links;
mod captured_mail;
mod dashboards;
mod encoded_words;
mod home;
mod layout;
mod month;
mod problems;
mod reader;
pub mod schedule;
mod sign_in;
mod slot_list;
mod slots;
mod subject;
mod times;
mod visitor;
mod words;
mod zone_choice;

pub use assets::asset;
pub use book::{form, submit};
pub use booking::{invite, show as booking};
pub use booking_actions::{agenda, cancel, confirm, reschedule};
pub use browsers::{end as end_session, show as browsers};
pub use captured_mail::{list as mails, one as mail, page as mail_html, raw as mail_raw};
pub use dashboards::{admin, host};
pub use home::{home, team};
pub use problems::{explain, refusal};
pub use sign_in::{ask as ask_link, enter, leave, mail as mail_link, show as sign_in};
pub use slots::{day, list};
pub use zone_choice::all as zones;

use problems::{failed, missing};
