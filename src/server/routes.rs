//! Every address the server answers, in one table.

use std::sync::Arc;

use http::Method;

use super::router::{Route, at};
use super::{dav, health, limits};
use crate::api::{self, admin, own};
use crate::web::{self, administration, hosting, schedule};
use crate::{feeds, live};

/// The routes, tried from top to bottom.
pub(super) fn table(hub: &Arc<live::Hub>) -> Vec<Route> {
    let live = |pattern: &'static str, topic: live::Topic| {
        let hub = hub.clone();
        at(pattern).get(move |call| live::enter(hub.clone(), topic, call))
    };
    // Never refused: it is a valid token. `None` would mean any method.
    let propfind = || Some(Method::from_bytes(b"PROPFIND").unwrap_or(Method::OPTIONS));
    vec![
        // Pages
        at("/").get(web::home).on(Some(Method::OPTIONS), limits::NONE, dav::announce).on(
            propfind(),
            limits::NONE,
            dav::discover,
        ),
        at("/book/{team}").get(web::team),
        at("/book/{team}/{type}").get(web::list),
        at("/book/{team}/{type}/{date}").get(web::day),
        at("/book/{team}/{type}/{date}/{time}").get(web::form).post(web::submit),
        at("/embed/{team}").get(web::embedded_team),
        at("/embed/{team}/{type}").get(web::embedded_list),
        at("/embed/{team}/{type}/{date}").get(web::embedded_day),
        at("/unsubscribe/{token}").get(web::unsubscribing).post(web::unsubscribe),
        at("/book/{team}/{type}/{date}/{time}/invitation").post(web::ask_invitation),
        at("/zones").get(web::zones),
        at("/b/{token}").get(web::booking),
        at("/b/{token}/invite.ics").get(web::invite),
        at("/b/{token}/confirm").post(web::confirm),
        at("/b/{token}/agenda").post(web::agenda),
        at("/b/{token}/answers").post(web::answers),
        at("/b/{token}/reschedule").post(web::reschedule),
        at("/b/{token}/cancel").post(web::cancel),
        at("/b/{token}/proposal").post(web::decide),
        at("/b/{token}/undo").post(web::undo),
        at("/asked/{token}").get(web::asked).post(web::confirm_asked),
        at("/b/{token}/approve").post(web::approve),
        at("/b/{token}/reject").post(web::reject),
        at("/b/{token}/outcome").post(web::record_outcome),
        // Schedules without an account
        at("/new").get(schedule::new).post(schedule::create),
        at("/d/{secret}").get(schedule::dashboard),
        at("/d/{secret}/slots").get(schedule::dashboard).post(schedule::add),
        at("/d/{secret}/withdraw").get(schedule::dashboard).post(schedule::withdraw),
        at("/d/{secret}/cancel").get(schedule::dashboard).post(schedule::cancel),
        at("/d/{secret}/calendar").get(schedule::dashboard).post(schedule::connect),
        at("/s/{secret}").get(schedule::page),
        at("/s/{secret}/release").post(schedule::release),
        at("/s/{secret}/{time}").get(schedule::take_form).post(schedule::take),
        // People
        at("/sign-in").get(web::ask_link).post(web::mail_link),
        at("/sign-in/{secret}").get(web::sign_in).post(web::enter),
        at("/sign-in/with/{provider}").get(web::oidc_go),
        at("/sign-in/from/{provider}").get(web::oidc_back),
        at("/password").get(web::password).post(web::change_password),
        at("/your-data").get(web::your_data),
        at("/your-data/copy").post(web::copy_data),
        at("/your-data/erase").post(web::erase_data),
        at("/sign-out").post(web::leave),
        at("/browsers").get(web::browsers).post(web::end_session),
        at("/admin").get(web::admin),
        at("/admin/people").get(administration::people).post(administration::add_person),
        at("/admin/people/{person}").get(administration::person).post(administration::measure),
        at("/admin/people/{person}/copy").post(administration::copy),
        at("/admin/teams").get(administration::teams).post(administration::create),
        at("/admin/server").get(administration::server),
        at("/admin/log").get(administration::log),
        at("/admin/outgoing").get(administration::outgoing).post(administration::again),
        at("/lead/{team}").get(administration::team),
        at("/lead/{team}/settings").get(administration::settings).post(administration::save_settings),
        at("/lead/{team}/members").get(administration::members).post(administration::add_member),
        at("/lead/{team}/members/{person}").get(administration::member).post(administration::save_member),
        at("/lead/{team}/types").get(administration::types),
        at("/lead/{team}/new-type").get(administration::new_type).post(administration::save_type),
        at("/lead/{team}/types/{type}").get(administration::session_type).post(administration::save_type),
        at("/lead/{team}/book").get(administration::lead_form).post(administration::lead_books),
        at("/lead/{team}/slots").get(administration::open_slots).post(administration::take_back),
        at("/lead/{team}/{booking}").get(administration::booking),
        at("/lead/{team}/{booking}/cancel").post(administration::cancel),
        at("/lead/{team}/{booking}/approve").post(administration::approve),
        at("/lead/{team}/{booking}/reject").post(administration::reject),
        at("/lead/{team}/{booking}/outcome").post(administration::outcome),
        at("/lead/{team}/{booking}/reassign").post(administration::reassign),
        at("/lead/{team}/{booking}/reschedule").post(administration::reschedule),
        at("/lead/{team}/{booking}/resend").post(administration::resend),
        at("/host/book/{team}").get(administration::host_form).post(administration::host_books),
        at("/host").get(web::host),
        at("/host/offers").get(hosting::offers).post(hosting::add_offer),
        at("/host/offers/{offer}").get(hosting::offer).post(hosting::change_offer),
        at("/host/hours").get(hosting::hours).post(hosting::save_hours),
        at("/host/hours/day").post(hosting::save_day),
        at("/host/vacation").get(hosting::away).post(hosting::add_away),
        at("/host/vacation/remove").post(hosting::remove_away),
        at("/host/rules").get(hosting::rules).post(hosting::save_rules),
        at("/host/why").get(hosting::why),
        at("/profile").get(hosting::profile).post(hosting::save_profile),
        at("/profile/address").post(hosting::ask_address),
        at("/profile/address/{secret}").get(hosting::new_address).post(hosting::change_address),
        at("/profile/picture").on(Some(Method::POST), limits::PICTURE, hosting::save_picture),
        at("/pictures/{name}").get(web::picture),
        at("/guest").get(web::guest),
        at("/app-passwords").post(web::make_app_password),
        at("/app-passwords/revoke").post(web::revoke_app_password),
        at("/api-tokens").get(web::api_tokens).post(web::make_api_token),
        at("/api-tokens/revoke").post(web::revoke_api_token),
        at("/own-feeds").post(web::rotate_feeds),
        at("/calendars").get(web::calendars::show).post(web::calendars::add),
        at("/calendars/check").post(web::calendars::check),
        at("/calendars/use/{use}").post(web::calendars::set_use),
        at("/calendars/remove").post(web::calendars::remove),
        at("/setup").get(web::set_up),
        at("/setup/{device}").get(web::set_up_guide).post(web::set_up_device),
        at("/mail").get(web::mails),
        at("/mail/samples").get(web::mail_samples),
        at("/mail/samples/{language}/{name}").get(web::mail_sample),
        at("/mail/samples/{language}/{name}/html").get(web::mail_sample_html),
        at("/mail/samples/{language}/{name}/raw").get(web::mail_sample_raw),
        at("/mail/{id}").get(web::mail),
        at("/mail/{id}/html").get(web::mail_html),
        at("/mail/{id}/raw").get(web::mail_raw),
        at("/problems/{code}").get(web::explain),
        at("/assets/{name}").get(web::asset),
        // Live updates
        live("/live/teams/{team}", live::Topic::Team),
        live("/live/schedules/{secret}", live::Topic::Schedule),
        // API
        at("/api/v1/openapi.json").get(api::openapi),
        at("/api/v1/me/data").get(own::account::data),
        at("/api/v1/me/copy").post(own::account::copy),
        at("/api/v1/me/erase").post(own::account::erase),
        at("/api/v1/me/tokens").get(own::secrets::tokens).post(own::secrets::make_token),
        at("/api/v1/me/tokens/{id}").delete(own::secrets::revoke_token),
        at("/api/v1/me/app-passwords").get(own::secrets::app_passwords).post(own::secrets::make_app_password),
        at("/api/v1/me/app-passwords/{id}").delete(own::secrets::revoke_app_password),
        at("/api/v1/me/browsers").get(own::browsers::list).delete(own::browsers::end_all),
        at("/api/v1/me/browsers/{id}").delete(own::browsers::end),
        at("/api/v1/me/password").get(own::password::show).put(own::password::replace),
        at("/api/v1/me/feeds").get(own::feeds::show),
        at("/api/v1/me/feeds/rotate").post(own::feeds::rotate),
        at("/api/v1/me/why").get(own::why::why),
        at("/api/v1/me/bookings").get(own::bookings::list),
        at("/api/v1/admin/people").get(admin::people::list).post(admin::people::add),
        at("/api/v1/admin/people/{person}").get(admin::people::show),
        at("/api/v1/admin/people/{person}/ban").post(admin::people::ban),
        at("/api/v1/admin/people/{person}/unban").post(admin::people::unban),
        at("/api/v1/admin/people/{person}/remove").post(admin::people::remove),
        at("/api/v1/admin/people/{person}/data").get(admin::people::data),
        at("/api/v1/admin/people/{person}/copy").post(admin::people::copy),
        at("/api/v1/admin/bans").post(admin::people::ban_address),
        at("/api/v1/admin/bans/lift").post(admin::people::lift_ban),
        at("/api/v1/admin/log").get(admin::log::list),
        at("/api/v1/admin/outgoing").get(admin::outgoing::list),
        at("/api/v1/admin/outgoing/{job}/retry").post(admin::outgoing::retry),
        at("/api/v1/admin/server").get(admin::server::show),
        at("/api/v1/calendars").get(api::calendars).post(api::add_calendar),
        at("/api/v1/calendars/{id}").patch(api::change_calendar).delete(api::remove_calendar),
        at("/api/v1/calendars/{id}/check").post(api::check_calendar),
        at("/api/v1/me").get(api::me).patch(api::set_profile),
        at("/api/v1/me/offers").get(api::offers).post(api::add_offer),
        at("/api/v1/me/offers/{offer}").patch(api::change_offer).delete(api::remove_offer),
        at("/api/v1/me/hours").get(api::hours).put(api::set_hours),
        at("/api/v1/me/hours/dates").get(api::special_days),
        at("/api/v1/me/hours/dates/{date}").put(api::set_day).delete(api::usual_day),
        at("/api/v1/me/vacations").get(api::away).post(api::add_away),
        at("/api/v1/me/vacations/{vacation}").delete(api::remove_away),
        at("/api/v1/me/rules").get(api::rules).put(api::set_rules),
        at("/api/v1/teams").get(api::teams::list).post(api::teams::create),
        at("/api/v1/teams/{team}").get(api::teams::show).patch(api::teams::change).delete(api::teams::remove),
        at("/api/v1/teams/{team}/members").get(api::members::list).post(api::members::add),
        at("/api/v1/teams/{team}/members/{person}")
            .get(api::members::show)
            .patch(api::members::change)
            .delete(api::members::remove),
        at("/api/v1/teams/{team}/session-types").get(api::session_types::list).post(api::session_types::create),
        at("/api/v1/teams/{team}/session-types/{type}")
            .get(api::session_types::show)
            .patch(api::session_types::change)
            .delete(api::session_types::remove),
        at("/api/v1/teams/{team}/slots").get(api::slots),
        at("/api/v1/teams/{team}/open-times").get(api::open_times::list),
        at("/api/v1/teams/{team}/open-times/withdraw").post(api::open_times::withdraw),
        at("/api/v1/teams/{team}/bookings").get(api::oversee::list).post(api::book),
        at("/api/v1/teams/{team}/bookings/{booking}").get(api::oversee::show),
        at("/api/v1/teams/{team}/bookings/{booking}/approve").post(api::oversee::approve),
        at("/api/v1/teams/{team}/bookings/{booking}/reject").post(api::oversee::reject),
        at("/api/v1/teams/{team}/bookings/{booking}/cancel").post(api::oversee::cancel),
        at("/api/v1/teams/{team}/bookings/{booking}/reassign").post(api::oversee::reassign),
        at("/api/v1/teams/{team}/bookings/{booking}/reschedule").post(api::oversee::reschedule),
        at("/api/v1/teams/{team}/bookings/{booking}/outcome").post(api::oversee::outcome),
        at("/api/v1/teams/{team}/bookings/{booking}/resend").post(api::oversee::resend),
        at("/api/v1/bookings/{token}").get(api::view),
        at("/api/v1/bookings/{token}/cancel").post(api::cancel),
        at("/api/v1/bookings/{token}/reschedule").post(api::reschedule),
        at("/api/v1/bookings/{token}/agenda").post(api::agenda),
        at("/api/v1/bookings/{token}/answers").post(api::answers),
        at("/api/v1/bookings/{token}/confirm").post(api::confirm),
        at("/api/v1/bookings/{token}/undo").post(api::undo),
        at("/api/v1/bookings/{token}/proposal").post(api::answer_proposal),
        at("/api/v1/bookings/{token}/approve").post(api::approve),
        at("/api/v1/bookings/{token}/reject").post(api::reject),
        at("/api/v1/bookings/{token}/outcome").post(api::outcome),
        // Feeds
        at("/teams/{team}/open.ics").get(feeds::open),
        at("/feeds/{secret}/open.ics").get(feeds::own_open),
        at("/feeds/{secret}/sessions.ics").get(feeds::own_sessions),
        // CalDAV
        at("/.well-known/caldav").get(dav::discover).on(Some(Method::OPTIONS), limits::NONE, dav::announce).on(
            propfind(),
            limits::NONE,
            dav::discover,
        ),
        at("/dav").on(None, limits::NONE, dav::discover),
        at("/dav/{*}").on(Some(Method::PUT), limits::OBJECT, dav::enter).on(None, limits::XML, dav::enter),
        // Operations
        at("/healthz").get(health::alive),
        at("/readyz").get(health::ready),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_api_is_described_exactly_as_it_is() {
        let document: serde_json::Value = serde_json::from_str(&api::document("https://book.example")).unwrap();
        let described: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().unwrap().keys().map(|method| (path.clone(), method.to_uppercase()))
            })
            .collect();
        let served: BTreeSet<(String, String)> = table(&live::Hub::new())
            .iter()
            .filter(|route| route.pattern.starts_with("/api/"))
            .flat_map(|route| {
                let methods = route.methods.iter().filter_map(|entry| entry.method.as_ref());
                methods.map(|method| (route.pattern.to_owned(), method.to_string())).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(described, served);
        assert!(served.len() > 5);
    }

    #[test]
    fn no_address_stands_in_the_table_twice() {
        let mut patterns: Vec<&str> = table(&live::Hub::new()).iter().map(|route| route.pattern).collect();
        let all = patterns.len();
        patterns.sort_unstable();
        patterns.dedup();
        assert_eq!(patterns.len(), all);
    }
}
