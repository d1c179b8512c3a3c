//! Who may do what: one table of every address and method. A route that is not in it is refused to everybody, and a
//! test fails.
//!
//! Within one's own team, what one may not do answers 403; everything foreign answers 404, as if it were not there.

use std::collections::HashMap;
use std::sync::LazyLock;

use http::{Method, header};

use super::bearer;
use super::refusals::Area;
use crate::db::DbError;
use crate::people::Person;
use crate::surface::problem::{self, Problem};
use crate::surface::{Answer, Call};
use crate::teams::{self, Role};
use crate::web;

/// Who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody. What they see of a team still depends on the team being public, or their membership.
    Anyone,
    /// Whoever knows the secret in the address, or in the form or link it came with.
    Bearer,
    /// Whoever is signed in (in the API: has a token), for what is their own: no address names anybody else.
    SignedIn,
    /// A lead of the team in the address (its first parameter), and administrators.
    Lead,
    /// Administrators.
    Admin,
    /// Whoever has an app password, for their own calendars only.
    AppPassword,
}

/// Every address with its method (`*`: all others) and who may.
pub const TABLE: &[(&str, &str, Who)] = &[
    ("/", "GET", Who::Anyone),
    ("/", "OPTIONS", Who::Anyone),
    ("/", "PROPFIND", Who::Anyone),
    ("/book/{team}", "GET", Who::Anyone),
    ("/book/{team}/{type}", "GET", Who::Anyone),
    ("/book/{team}/{type}/{date}", "GET", Who::Anyone),
    ("/book/{team}/{type}/{date}/{time}", "GET", Who::Anyone),
    ("/book/{team}/{type}/{date}/{time}", "POST", Who::Anyone),
    ("/book/{team}/{type}/{date}/{time}/invitation", "POST", Who::Anyone),
    ("/embed/{team}", "GET", Who::Anyone),
    ("/embed/{team}/{type}", "GET", Who::Anyone),
    ("/embed/{team}/{type}/{date}", "GET", Who::Anyone),
    ("/zones", "GET", Who::Anyone),
    ("/b/{token}", "GET", Who::Bearer),
    ("/b/{token}/invite.ics", "GET", Who::Bearer),
    ("/b/{token}/confirm", "POST", Who::Bearer),
    ("/b/{token}/agenda", "POST", Who::Bearer),
    ("/b/{token}/answers", "POST", Who::Bearer),
    ("/b/{token}/reschedule", "POST", Who::Bearer),
    ("/b/{token}/cancel", "POST", Who::Bearer),
    ("/b/{token}/undo", "POST", Who::Bearer),
    ("/b/{token}/approve", "POST", Who::Bearer),
    ("/b/{token}/reject", "POST", Who::Bearer),
    ("/b/{token}/outcome", "POST", Who::Bearer),
    ("/b/{token}/proposal", "POST", Who::Bearer),
    ("/unsubscribe/{token}", "GET", Who::Bearer),
    ("/unsubscribe/{token}", "POST", Who::Bearer),
    ("/asked/{token}", "GET", Who::Bearer),
    ("/asked/{token}", "POST", Who::Bearer),
    ("/new", "GET", Who::Anyone),
    ("/new", "POST", Who::Anyone),
    ("/d/{secret}", "GET", Who::Bearer),
    ("/d/{secret}/slots", "GET", Who::Bearer),
    ("/d/{secret}/slots", "POST", Who::Bearer),
    ("/d/{secret}/withdraw", "GET", Who::Bearer),
    ("/d/{secret}/withdraw", "POST", Who::Bearer),
    ("/d/{secret}/cancel", "GET", Who::Bearer),
    ("/d/{secret}/cancel", "POST", Who::Bearer),
    ("/d/{secret}/calendar", "GET", Who::Bearer),
    ("/d/{secret}/calendar", "POST", Who::Bearer),
    ("/s/{secret}", "GET", Who::Bearer),
    ("/s/{secret}/release", "POST", Who::Bearer),
    ("/s/{secret}/{time}", "GET", Who::Bearer),
    ("/s/{secret}/{time}", "POST", Who::Bearer),
    ("/sign-in", "GET", Who::Anyone),
    ("/sign-in", "POST", Who::Anyone),
    ("/sign-in/{secret}", "GET", Who::Bearer),
    ("/sign-in/{secret}", "POST", Who::Bearer),
    // The protocol comes back with GET; what it may do is bound to the cookie of the one who went.
    ("/sign-in/with/{provider}", "GET", Who::Anyone),
    ("/sign-in/from/{provider}", "GET", Who::Anyone),
    ("/password", "GET", Who::SignedIn),
    ("/password", "POST", Who::SignedIn),
    ("/your-data", "GET", Who::SignedIn),
    ("/your-data/copy", "POST", Who::SignedIn),
    ("/your-data/erase", "POST", Who::SignedIn),
    ("/sign-out", "POST", Who::Anyone),
    ("/browsers", "GET", Who::SignedIn),
    ("/browsers", "POST", Who::SignedIn),
    ("/admin", "GET", Who::Admin),
    ("/admin/people", "GET", Who::Admin),
    ("/admin/people", "POST", Who::Admin),
    ("/admin/people/{person}", "GET", Who::Admin),
    ("/admin/people/{person}", "POST", Who::Admin),
    ("/admin/people/{person}/copy", "POST", Who::Admin),
    ("/admin/teams", "GET", Who::Admin),
    ("/admin/teams", "POST", Who::Admin),
    ("/admin/server", "GET", Who::Admin),
    ("/admin/log", "GET", Who::Admin),
    ("/admin/outgoing", "GET", Who::Admin),
    ("/admin/outgoing", "POST", Who::Admin),
    ("/lead/{team}", "GET", Who::Lead),
    // Address, switching off, notices to administrators and removal are for administrators alone: `desk::teams` says so.
    ("/lead/{team}/settings", "GET", Who::Lead),
    ("/lead/{team}/settings", "POST", Who::Lead),
    ("/lead/{team}/members", "GET", Who::Lead),
    ("/lead/{team}/members", "POST", Who::Lead),
    ("/lead/{team}/members/{person}", "GET", Who::Lead),
    ("/lead/{team}/members/{person}", "POST", Who::Lead),
    ("/lead/{team}/types", "GET", Who::Lead),
    ("/lead/{team}/new-type", "GET", Who::Lead),
    ("/lead/{team}/new-type", "POST", Who::Lead),
    ("/lead/{team}/types/{type}", "GET", Who::Lead),
    ("/lead/{team}/types/{type}", "POST", Who::Lead),
    ("/lead/{team}/book", "GET", Who::Lead),
    ("/lead/{team}/book", "POST", Who::Lead),
    ("/lead/{team}/slots", "GET", Who::Lead),
    ("/lead/{team}/slots", "POST", Who::Lead),
    ("/lead/{team}/{booking}", "GET", Who::Lead),
    ("/lead/{team}/{booking}/cancel", "POST", Who::Lead),
    ("/lead/{team}/{booking}/approve", "POST", Who::Lead),
    ("/lead/{team}/{booking}/reject", "POST", Who::Lead),
    ("/lead/{team}/{booking}/outcome", "POST", Who::Lead),
    ("/lead/{team}/{booking}/reassign", "POST", Who::Lead),
    ("/lead/{team}/{booking}/reschedule", "POST", Who::Lead),
    ("/lead/{team}/{booking}/resend", "POST", Who::Lead),
    ("/host/book/{team}", "GET", Who::SignedIn),
    ("/host/book/{team}", "POST", Who::SignedIn),
    ("/host", "GET", Who::SignedIn),
    ("/host/offers", "GET", Who::SignedIn),
    ("/host/offers", "POST", Who::SignedIn),
    ("/host/offers/{offer}", "GET", Who::SignedIn),
    ("/host/offers/{offer}", "POST", Who::SignedIn),
    ("/host/hours", "GET", Who::SignedIn),
    ("/host/hours", "POST", Who::SignedIn),
    ("/host/hours/day", "POST", Who::SignedIn),
    ("/host/vacation", "GET", Who::SignedIn),
    ("/host/vacation", "POST", Who::SignedIn),
    ("/host/vacation/remove", "POST", Who::SignedIn),
    ("/host/rules", "GET", Who::SignedIn),
    ("/host/rules", "POST", Who::SignedIn),
    ("/host/why", "GET", Who::SignedIn),
    ("/profile", "GET", Who::SignedIn),
    ("/profile", "POST", Who::SignedIn),
    ("/profile/address", "POST", Who::SignedIn),
    ("/profile/address/{secret}", "GET", Who::SignedIn),
    ("/profile/address/{secret}", "POST", Who::SignedIn),
    ("/profile/picture", "POST", Who::SignedIn),
    ("/pictures/{name}", "GET", Who::Bearer),
    ("/guest", "GET", Who::SignedIn),
    ("/app-passwords", "POST", Who::SignedIn),
    ("/app-passwords/revoke", "POST", Who::SignedIn),
    ("/api-tokens", "GET", Who::SignedIn),
    ("/api-tokens", "POST", Who::SignedIn),
    ("/api-tokens/revoke", "POST", Who::SignedIn),
    ("/own-feeds", "POST", Who::SignedIn),
    ("/calendars", "GET", Who::SignedIn),
    ("/calendars", "POST", Who::SignedIn),
    ("/calendars/check", "POST", Who::SignedIn),
    ("/calendars/use/{use}", "POST", Who::SignedIn),
    ("/calendars/remove", "POST", Who::SignedIn),
    ("/setup", "GET", Who::SignedIn),
    ("/setup/{device}", "GET", Who::SignedIn),
    ("/setup/{device}", "POST", Who::SignedIn),
    // The captured mail of a demonstration, from this machine alone; elsewhere they answer 404.
    ("/mail", "GET", Who::Anyone),
    ("/mail/samples", "GET", Who::Anyone),
    ("/mail/samples/{language}/{name}", "GET", Who::Anyone),
    ("/mail/samples/{language}/{name}/html", "GET", Who::Anyone),
    ("/mail/samples/{language}/{name}/raw", "GET", Who::Anyone),
    ("/mail/{id}", "GET", Who::Anyone),
    ("/mail/{id}/html", "GET", Who::Anyone),
    ("/mail/{id}/raw", "GET", Who::Anyone),
    ("/problems/{code}", "GET", Who::Anyone),
    ("/assets/{name}", "GET", Who::Anyone),
    ("/live/teams/{team}", "GET", Who::Anyone),
    ("/live/schedules/{secret}", "GET", Who::Bearer),
    ("/api/v1/openapi.json", "GET", Who::Anyone),
    ("/api/v1/me", "GET", Who::SignedIn),
    ("/api/v1/me/data", "GET", Who::SignedIn),
    ("/api/v1/me/copy", "POST", Who::SignedIn),
    ("/api/v1/me/erase", "POST", Who::SignedIn),
    ("/api/v1/me/tokens", "GET", Who::SignedIn),
    ("/api/v1/me/tokens", "POST", Who::SignedIn),
    ("/api/v1/me/tokens/{id}", "DELETE", Who::SignedIn),
    ("/api/v1/me/app-passwords", "GET", Who::SignedIn),
    ("/api/v1/me/app-passwords", "POST", Who::SignedIn),
    ("/api/v1/me/app-passwords/{id}", "DELETE", Who::SignedIn),
    ("/api/v1/me/browsers", "GET", Who::SignedIn),
    ("/api/v1/me/browsers", "DELETE", Who::SignedIn),
    ("/api/v1/me/browsers/{id}", "DELETE", Who::SignedIn),
    ("/api/v1/me/password", "GET", Who::SignedIn),
    ("/api/v1/me/password", "PUT", Who::SignedIn),
    ("/api/v1/me/feeds", "GET", Who::SignedIn),
    ("/api/v1/me/feeds/rotate", "POST", Who::SignedIn),
    ("/api/v1/me/why", "GET", Who::SignedIn),
    ("/api/v1/me/bookings", "GET", Who::SignedIn),
    ("/api/v1/admin/people", "GET", Who::Admin),
    ("/api/v1/admin/people", "POST", Who::Admin),
    ("/api/v1/admin/people/{person}", "GET", Who::Admin),
    ("/api/v1/admin/people/{person}/ban", "POST", Who::Admin),
    ("/api/v1/admin/people/{person}/unban", "POST", Who::Admin),
    ("/api/v1/admin/people/{person}/remove", "POST", Who::Admin),
    ("/api/v1/admin/people/{person}/data", "GET", Who::Admin),
    ("/api/v1/admin/people/{person}/copy", "POST", Who::Admin),
    ("/api/v1/admin/bans", "POST", Who::Admin),
    ("/api/v1/admin/bans/lift", "POST", Who::Admin),
    ("/api/v1/admin/log", "GET", Who::Admin),
    ("/api/v1/admin/outgoing", "GET", Who::Admin),
    ("/api/v1/admin/outgoing/{job}/retry", "POST", Who::Admin),
    ("/api/v1/admin/server", "GET", Who::Admin),
    ("/api/v1/calendars", "GET", Who::SignedIn),
    ("/api/v1/calendars", "POST", Who::SignedIn),
    ("/api/v1/calendars/{id}", "PATCH", Who::SignedIn),
    ("/api/v1/calendars/{id}", "DELETE", Who::SignedIn),
    ("/api/v1/calendars/{id}/check", "POST", Who::SignedIn),
    ("/api/v1/me", "PATCH", Who::SignedIn),
    ("/api/v1/me/offers", "GET", Who::SignedIn),
    ("/api/v1/me/offers", "POST", Who::SignedIn),
    ("/api/v1/me/offers/{offer}", "PATCH", Who::SignedIn),
    ("/api/v1/me/offers/{offer}", "DELETE", Who::SignedIn),
    ("/api/v1/me/hours", "GET", Who::SignedIn),
    ("/api/v1/me/hours", "PUT", Who::SignedIn),
    ("/api/v1/me/hours/dates", "GET", Who::SignedIn),
    ("/api/v1/me/hours/dates/{date}", "PUT", Who::SignedIn),
    ("/api/v1/me/hours/dates/{date}", "DELETE", Who::SignedIn),
    ("/api/v1/me/vacations", "GET", Who::SignedIn),
    ("/api/v1/me/vacations", "POST", Who::SignedIn),
    ("/api/v1/me/vacations/{vacation}", "DELETE", Who::SignedIn),
    ("/api/v1/me/rules", "GET", Who::SignedIn),
    ("/api/v1/me/rules", "PUT", Who::SignedIn),
    ("/api/v1/teams", "GET", Who::Anyone),
    ("/api/v1/teams", "POST", Who::Admin),
    ("/api/v1/teams/{team}", "GET", Who::Anyone),
    ("/api/v1/teams/{team}", "PATCH", Who::Lead),
    ("/api/v1/teams/{team}", "DELETE", Who::Admin),
    ("/api/v1/teams/{team}/members", "GET", Who::Lead),
    ("/api/v1/teams/{team}/members", "POST", Who::Lead),
    ("/api/v1/teams/{team}/members/{person}", "GET", Who::Lead),
    ("/api/v1/teams/{team}/members/{person}", "PATCH", Who::Lead),
    ("/api/v1/teams/{team}/members/{person}", "DELETE", Who::Lead),
    ("/api/v1/teams/{team}/session-types", "GET", Who::Lead),
    ("/api/v1/teams/{team}/session-types", "POST", Who::Lead),
    ("/api/v1/teams/{team}/session-types/{type}", "GET", Who::Lead),
    ("/api/v1/teams/{team}/session-types/{type}", "PATCH", Who::Lead),
    ("/api/v1/teams/{team}/session-types/{type}", "DELETE", Who::Lead),
    ("/api/v1/teams/{team}/slots", "GET", Who::Anyone),
    ("/api/v1/teams/{team}/open-times", "GET", Who::Lead),
    ("/api/v1/teams/{team}/open-times/withdraw", "POST", Who::Lead),
    ("/api/v1/teams/{team}/bookings", "GET", Who::Lead),
    ("/api/v1/teams/{team}/bookings", "POST", Who::Anyone),
    ("/api/v1/teams/{team}/bookings/{booking}", "GET", Who::Lead),
    ("/api/v1/teams/{team}/bookings/{booking}/approve", "POST", Who::Lead),
    ("/api/v1/teams/{team}/bookings/{booking}/reject", "POST", Who::Lead),
    ("/api/v1/teams/{team}/bookings/{booking}/cancel", "POST", Who::Lead),
    ("/api/v1/teams/{team}/bookings/{booking}/reassign", "POST", Who::Lead),
    ("/api/v1/teams/{team}/bookings/{booking}/reschedule", "POST", Who::Lead),
    ("/api/v1/teams/{team}/bookings/{booking}/outcome", "POST", Who::Lead),
    ("/api/v1/teams/{team}/bookings/{booking}/resend", "POST", Who::Lead),
    ("/api/v1/bookings/{token}", "GET", Who::Bearer),
    ("/api/v1/bookings/{token}/cancel", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/reschedule", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/agenda", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/answers", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/confirm", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/undo", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/proposal", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/approve", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/reject", "POST", Who::Bearer),
    ("/api/v1/bookings/{token}/outcome", "POST", Who::Bearer),
    ("/teams/{team}/open.ics", "GET", Who::Anyone),
    ("/feeds/{secret}/open.ics", "GET", Who::Bearer),
    ("/feeds/{secret}/sessions.ics", "GET", Who::Bearer),
    ("/.well-known/caldav", "GET", Who::Anyone),
    ("/.well-known/caldav", "OPTIONS", Who::Anyone),
    ("/.well-known/caldav", "PROPFIND", Who::Anyone),
    ("/dav", "*", Who::Anyone),
    // OPTIONS tells what the server can do before anybody has a password.
    ("/dav/{*}", "OPTIONS", Who::Anyone),
    ("/dav/{*}", "*", Who::AppPassword),
    ("/healthz", "GET", Who::Anyone),
    ("/readyz", "GET", Who::Anyone),
];

/// [`TABLE`], asked at every request.
static BY_ROUTE: LazyLock<HashMap<&str, Vec<(&str, Who)>>> = LazyLock::new(|| {
    let mut rows: HashMap<&str, Vec<(&str, Who)>> = HashMap::new();
    for (pattern, method, who) in TABLE {
        rows.entry(pattern).or_default().push((method, *who));
    }
    rows
});

/// Who may use this route; `None`: it has no row, so nobody.
pub(super) fn of(pattern: &str, method: &Method) -> Option<Who> {
    let wanted = if *method == Method::HEAD { Method::GET.as_str() } else { method.as_str() };
    let rows = BY_ROUTE.get(pattern)?;
    let row = |method: &str| rows.iter().find(|(row, _)| *row == method).map(|(_, who)| *who);
    row(wanted).or_else(|| row("*"))
}

/// Lets a call in, or says no before any handler sees it. Secrets in addresses and app passwords are looked at where
/// they are used: there they also say whose they are.
///
/// The API knows people by their tokens alone: a browser's cookie, which other sites can make it send, says nothing there.
pub(super) async fn admit(call: &mut Call, who: Option<Who>) -> Result<(), Box<Answer>> {
    let area = Area::of(call.uri.path());
    let is_open = matches!(who, Some(Who::Anyone | Who::Bearer | Who::AppPassword));
    if is_open && (area != Area::Api || !call.headers.contains_key(header::AUTHORIZATION)) {
        return Ok(());
    }
    // On the heap: most requests are let in above.
    Box::pin(known(call, area, who)).await
}

async fn known(call: &mut Call, area: Area, who: Option<Who>) -> Result<(), Box<Answer>> {
    if area == Area::Api {
        let owner = bearer::owner(call).await?;
        call.token = owner.as_ref().map(|owner| owner.token);
        call.person = owner.map(|owner| owner.person);
    }
    let call = &*call;
    let refused =
        |problem: &Problem| Box::new(super::refusals::refuse(area, problem, &call.desk.config.public_url, &call.id));
    let failed = |error: DbError| {
        tracing::error!(id = call.id, %error, "the database failed");
        refused(&problem::INTERNAL)
    };
    let who = who.ok_or_else(|| refused(&problem::NOT_FOUND))?;
    if matches!(who, Who::Anyone | Who::Bearer | Who::AppPassword) {
        return Ok(());
    }
    let person = match area {
        Area::Api => call.person.clone().ok_or_else(|| bearer::missing(call))?,
        _ => web::signed_in(call).await.map_err(failed)?.ok_or_else(|| Box::new(web::please_sign_in(call)))?,
    };
    match may(call, who, &person).await.map_err(failed)? {
        None => Ok(()),
        Some(problem) => Err(refused(problem)),
    }
}

async fn may(call: &Call, who: Who, person: &Person) -> Result<Option<&'static Problem>, DbError> {
    if who == Who::SignedIn || person.admin {
        return Ok(None);
    }
    if who == Who::Admin {
        return Ok(Some(&problem::NOT_FOUND));
    }
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::by_slug(&mut conn, call.param(0)).await? else { return Ok(Some(&problem::NOT_FOUND)) };
    let roles = teams::roles(&mut conn, team.id, person.id).await?;
    Ok(match roles.as_slice() {
        [] => Some(&problem::NOT_FOUND),
        roles if roles.contains(&Role::Lead) => None,
        _ => Some(&problem::NOT_ALLOWED),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::live::Hub;
    use crate::server::routes;

    #[test]
    fn every_route_says_who_may_use_it() {
        let named = |method: &Option<Method>| method.as_ref().map_or("*".to_owned(), Method::to_string);
        let mut served: BTreeSet<(String, String)> = routes::table(&Hub::new())
            .iter()
            .flat_map(|route| route.methods.iter().map(|entry| (route.pattern.to_owned(), named(&entry.method))))
            .collect();
        // One handler for every method: PUT only has another limit, OPTIONS another right.
        served.remove(&("/dav/{*}".into(), "PUT".into()));
        served.insert(("/dav/{*}".into(), "OPTIONS".into()));
        let listed: BTreeSet<(String, String)> =
            TABLE.iter().map(|(pattern, method, _)| ((*pattern).into(), (*method).into())).collect();
        let missing: Vec<_> = served.difference(&listed).collect();
        assert!(missing.is_empty(), "no row says who may: {missing:?}");
        let idle: Vec<_> = listed.difference(&served).collect();
        assert!(idle.is_empty(), "no route has these rows: {idle:?}");
        assert_eq!(listed.len(), TABLE.len(), "no row stands twice");
    }

    /// A row that says less than its neighbours would open a door that nobody looks at.
    #[test]
    fn what_belongs_to_leads_and_administrators_is_theirs_alone() {
        let open = [
            ("/api/v1/teams", "GET"),
            ("/api/v1/teams/{team}", "GET"),
            ("/api/v1/teams/{team}/slots", "GET"),
            ("/api/v1/teams/{team}/bookings", "POST"),
        ];
        let admin = [("/api/v1/teams", "POST"), ("/api/v1/teams/{team}", "DELETE")];
        for (pattern, method, who) in TABLE {
            let expected = match *pattern {
                path if path.starts_with("/admin") || path.starts_with("/api/v1/admin") => Who::Admin,
                path if path.starts_with("/lead") => Who::Lead,
                path if !path.starts_with("/api/v1/teams") => continue,
                path if open.contains(&(path, *method)) => Who::Anyone,
                path if admin.contains(&(path, *method)) => Who::Admin,
                _ => Who::Lead,
            };
            assert_eq!(*who, expected, "{method} {pattern}");
        }
    }

    #[test]
    fn every_dav_method_needs_an_app_password() {
        for method in crate::server::dav::METHODS.split(", ").filter(|method| *method != "OPTIONS") {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(of("/dav/{*}", &method), Some(Who::AppPassword), "{method}");
        }
        assert_eq!(of("/nowhere", &Method::GET), None);
    }
}
