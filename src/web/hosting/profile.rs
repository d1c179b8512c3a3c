//! `/profile`: how a person is called and spoken to.

use http::StatusCode;
use maud::html;

use super::super::book::field;
use super::super::failed;
use super::super::layout::Page;
use super::super::reader::Reader;
use super::super::visitor::{required, submitting, token_field};
use super::super::words::language::LANGUAGES;
use super::super::zone_choice;
use super::{News, address, picture, told};
use crate::desk::offers::Refused;
use crate::desk::pictures::PictureRefused;
use crate::desk::profile;
use crate::people::settings::{self, Preferences};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

const PATH: &str = "/profile";

/// What went wrong in the page's other forms.
#[derive(Default)]
pub(super) struct Wrong<'a> {
    pub(super) picture: Option<&'a PictureRefused>,
    pub(super) address: Option<&'a address::Typed>,
}

/// `GET /profile`
pub async fn show(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    again(&call, &visitor, &Wrong::default()).await
}

/// The page again, after something in one of its other forms was not taken.
pub(super) async fn again(call: &Call, visitor: &SignedIn, wrong: &Wrong<'_>) -> Answer {
    let known = async { settings::preferences(&mut call.desk.db.read().await?, visitor.person.id).await };
    match known.await {
        Ok(known) => page(call, visitor, &known, &News::default(), wrong),
        Err(error) => failed(call, &error),
    }
}

/// `POST /profile`
pub async fn save(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let filled = |name: &str| Some(form.text(name).to_owned()).filter(|text| !text.is_empty());
    let wanted = Preferences {
        name: form.text("name").to_owned(),
        timezone: filled("timezone"),
        language: filled("language"),
        reminders: form.get("reminders").is_some(),
    };
    match profile::set(&call.desk, &visitor.person, &wanted).await {
        Ok(()) => see_other(&Reader::of(&call, "UTC").link_with(PATH, &[("done", "saved")])),
        Err(Refused::Db(error)) => failed(&call, &error),
        Err(refused) => page(&call, &visitor, &wanted, &News::refused(refused), &Wrong::default()),
    }
}

fn page(call: &Call, visitor: &SignedIn, shown: &Preferences, news: &News, elsewhere: &Wrong<'_>) -> Answer {
    let person = &visitor.person;
    let reader = Reader::own(call, person.timezone.as_deref(), "UTC").speaking(person.language.as_deref());
    let words = reader.words.hosting;
    let wrong = |name: &str| news.fields().iter().find(|one| one.field == name).map(|one| told(words, one.wrong));
    let invalid = |name: &str| wrong(name).map(|_| "true");
    let zone = shown.timezone.as_deref();
    let content = html! {
        p.back { a href=(reader.link("/host")) { (reader.words.your_time) } }
        h1 { (words.profile) }
        @if call.query().text("done") == "saved" && news.refused.is_none() {
            div.notice role="status" { p { (words.saved) } }
        }
        @if news.refused.is_some() { div.notice.alert role="alert" { p { (words.look_again) } } }
        form method="post" action=(reader.link(PATH)) {
            (token_field(call, visitor))
            (field("name", words.name, Some(words.name_hint), wrong("name"), |described| html! {
                input #name type="text" name="name" value=(shown.name) required maxlength="100" autocomplete="name"
                    aria-invalid=[invalid("name")] aria-describedby=[described];
            }))
            (field("timezone", words.zone, Some(words.zone_hint), wrong("timezone"), |described| html! {
                select #timezone name="timezone" aria-invalid=[invalid("timezone")] aria-describedby=[described] {
                    option value="" selected[zone.is_none()] { (words.zone_of_team) }
                    (zone_choice::every_option(&reader, zone))
                }
            }))
            (field("language", words.language, None, wrong("language"), |described| html! {
                select #language name="language" aria-invalid=[invalid("language")] aria-describedby=[described] {
                    option value="" { (words.language_browser) }
                    @for language in LANGUAGES {
                        option value=(language.code) lang=(language.code)
                            selected[shown.language.as_deref() == Some(language.code)] { (language.own_name) }
                    }
                }
            }))
            p { label.tick { input type="checkbox" name="reminders" value="yes" checked[shown.reminders]; " " (words.reminders) } }
            p.actions { button type="submit" { (words.save) } }
        }
        (picture::section(call, visitor, &reader, elsewhere.picture))
        (address::section(call, visitor, &reader, elsewhere.address))
    };
    let status = if news.refused.is_some() || elsewhere.picture.is_some() || elsewhere.address.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Page::secret(words.profile).reader(&reader, PATH, &[]).visitor(Some(person)).status(status).show(&content)
}
