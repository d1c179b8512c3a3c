//! Pages on which a host arranges their time (`/host/...`), and everybody's profile.

mod address;
mod away;
mod hours;
mod offer;
mod offers;
mod picture;
mod profile;
mod rules;
mod said;
mod why;

use http::StatusCode;
use maud::{Markup, html};

pub use address::{ask as ask_address, change as change_address, show as new_address};
pub use away::{add as add_away, remove as remove_away, show as away};
pub use hours::{save as save_hours, save_day, show as hours};
pub use offer::{change as change_offer, show as offer};
pub use offers::{add as add_offer, show as offers};
pub use picture::save as save_picture;
pub use profile::{save as save_profile, show as profile};
pub use rules::{save as save_rules, show as rules};
pub use why::why;

use super::failed;
use super::layout::Page;
use super::problems::missing_for;
use super::reader::Reader;
use super::times::{Zone, machine};
use super::visitor::{required, submitting};
use super::words::hosting::Hosting;
use crate::booking::Booking;
use crate::db::DbError;
use crate::desk::booking::token;
use crate::desk::offers::{FieldWrong, Refused, Wrong, own_zone};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

/// A host who looks at one of these pages.
struct Visit<'c> {
    call: &'c Call,
    visitor: SignedIn,
    reader: Reader,
    words: &'static Hosting,
}

/// Whoever looks, if they have a calendar to offer time in; guests are sent to their own page.
async fn looking(call: &Call) -> Result<Visit<'_>, Answer> {
    let visitor = required(call).await?;
    host(call, visitor).await
}

/// Whoever pressed a button of one of these pages.
async fn pressing(call: &Call) -> Result<Visit<'_>, Answer> {
    let visitor = submitting(call).await?;
    host(call, visitor).await
}

async fn host(call: &Call, visitor: SignedIn) -> Result<Visit<'_>, Answer> {
    match zone(call, &visitor).await {
        Ok(Some(zone)) => {
            let reader = Reader::own(call, Some(&zone), "UTC").speaking(visitor.person.language.as_deref());
            Ok(Visit { call, visitor, words: reader.words.hosting, reader })
        }
        Ok(None) => Err(see_other(&Reader::of(call, "UTC").link("/guest"))),
        Err(error) => Err(failed(call, &error)),
    }
}

async fn zone(call: &Call, visitor: &SignedIn) -> Result<Option<String>, DbError> {
    let zone = own_zone(&mut call.desk.db.read().await?, &visitor.person).await?;
    Ok(zone.map(|zone| zone.name().to_owned()))
}

/// What a page tells beside itself: what was done, or why nothing was.
#[derive(Default)]
struct News {
    done: Option<&'static str>,
    refused: Option<Refused>,
}

impl News {
    fn refused(refused: Refused) -> Self {
        Self { refused: Some(refused), ..Self::default() }
    }

    /// What is wrong with the fields.
    fn fields(&self) -> &[FieldWrong] {
        match &self.refused {
            Some(Refused::Fields(fields)) => fields,
            _ => &[],
        }
    }
}

impl Visit<'_> {
    /// What was done, after a form led back to its page.
    fn news(&self) -> News {
        let words = self.words;
        let done = match self.call.query().text("done") {
            "added" => Some(words.added),
            "changed" => Some(words.changed),
            "removed" => Some(words.removed),
            "saved" => Some(words.saved),
            _ => None,
        };
        News { done, ..News::default() }
    }

    /// The page, below the way back to `/host` or another page.
    fn page(&self, title: &str, path: &str, back: (&str, &str), news: &News, content: &Markup) -> Answer {
        let content = html! {
            p.back { a href=(self.reader.link(back.0)) { (back.1) } }
            h1 { (title) }
            (self.told(news))
            (content)
        };
        let status = match &news.refused {
            None => StatusCode::OK,
            Some(Refused::Fields(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Some(_) => StatusCode::CONFLICT,
        };
        let page = Page::secret(title).reader(&self.reader, path, &[]).visitor(Some(&self.visitor.person));
        page.status(status).show(&content)
    }

    /// Back to `/host`.
    fn home(&self) -> (&'static str, &'static str) {
        ("/host", self.reader.words.your_time)
    }

    fn told(&self, news: &News) -> Markup {
        let words = self.words;
        let text = |text: &str| html! { p { (text) } };
        let refused = news.refused.as_ref().map(|refused| match refused {
            Refused::Fields(_) => text(words.look_again),
            Refused::Sessions(bookings) => html! { p { (words.sessions_in_way) } (self.booked(bookings)) },
            Refused::Overlaps(starts, ends) => text(&(words.overlaps)(&self.when(*starts, *ends))),
            Refused::Elsewhere => text(words.elsewhere),
            Refused::Special => text(words.special),
            Refused::Full => text(words.calendar_full),
            Refused::NeverBlocks => text(words.never_blocks),
            Refused::Changed | Refused::NotFound | Refused::Db(_) => text(words.changed_meanwhile),
        });
        html! {
            @if let Some(done) = news.done { div.notice role="status" { p { (done) } } }
            @if let Some(refused) = refused { div.notice.alert role="alert" { (refused) } }
        }
    }

    /// Booked sessions, each with the way to its page.
    fn booked(&self, bookings: &[Booking]) -> Markup {
        let person = self.visitor.person.id;
        let link = |booking: &Booking| {
            let token = token(&self.call.desk.keys, booking.id, person, booking.generation);
            self.reader.link(&format!("/b/{token}"))
        };
        html! {
            ul {
                @for booking in bookings.iter().take(50) {
                    li {
                        a href=(link(booking)) {
                            time datetime=(machine(booking.session.starts)) {
                                (self.when(booking.session.starts, booking.session.ends))
                            }
                        }
                        " · " (booking.name)
                    }
                }
            }
        }
    }

    /// `Monday, 30 November, 18:00 to 20:00`
    fn when(&self, starts: i64, ends: i64) -> String {
        format!("{}, {}", self.reader.day(starts), self.reader.span(starts, ends))
    }

    /// A zone's name as people say it, when it is not the one in which the page shows its times.
    fn other_zone(&self, name: &str) -> Option<String> {
        let zone = Zone::choose(None, name);
        (zone.name != self.reader.zone.name).then(|| zone.label())
    }

    /// What is wrong with a field, in the reader's words.
    fn wrong(&self, news: &News, field: &str) -> Option<&'static str> {
        let found = news.fields().iter().find(|one| one.field == field)?;
        Some(told(self.words, found.wrong))
    }

    /// After a form: back to a page that tells what was done, or the answer of a failure.
    fn done(&self, path: &str, what: &str) -> Answer {
        see_other(&self.reader.link_with(path, &[("done", what)]))
    }

    /// What a handler answers when the page itself cannot be made.
    fn broken(&self, error: &DbError) -> Answer {
        failed(self.call, error)
    }

    fn missing(&self) -> Answer {
        missing_for(self.call)
    }
}

fn told(words: &'static Hosting, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Date => words.w_date,
        Wrong::Clock => words.w_clock,
        Wrong::Short => words.w_short,
        Wrong::Past => words.w_past,
        Wrong::Far => words.w_far,
        Wrong::NextYear => words.w_next_year,
        Wrong::Order => words.w_order,
        Wrong::Repeat => words.w_repeat,
        Wrong::Weekday => words.w_weekday,
        Wrong::Kind => words.w_kind,
        Wrong::Hours => words.w_hours,
        Wrong::Overlap => words.w_overlap,
        Wrong::Number => words.w_number,
        Wrong::Name => words.w_name,
        Wrong::Zone => words.w_zone,
        Wrong::Language => words.w_language,
        Wrong::Choice => words.w_choice,
    }
}

/// What a host arranges, each with its page.
pub(super) fn arrange(reader: &Reader) -> Markup {
    let words = reader.words.hosting;
    let pages = [
        ("/host/offers", words.offers, words.offers_help),
        ("/host/hours", words.hours, words.hours_help),
        ("/host/vacation", words.away, words.away_help),
        ("/host/rules", words.rules, words.rules_help),
        ("/host/why", words.why, words.why_help),
        ("/profile", words.profile, words.profile_help),
    ];
    html! {
        nav aria-labelledby="arrange" {
            h2 #arrange { (words.arrange) }
            ul.cards.two {
                @for (path, title, help) in pages { li { a href=(reader.link(path)) { (title) } p.hint { (help) } } }
            }
        }
    }
}
