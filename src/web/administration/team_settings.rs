//! `/lead/{team}/settings`: everything that can be set of a team; `/admin/teams`: all teams, and new ones.

use http::StatusCode;
use maud::{Markup, html};

use super::super::embed;
use super::super::layout::Page;
use super::super::visitor::{required, submitting, token_field};
use super::super::words::embed::Embed;
use super::super::{failed, missing};
use super::entered::{Entered, Fields, clock, spell};
use super::{notice, on_your_site, reader, team_nav, team_words};
use crate::db::DbError;
use crate::desk::teams::{Actor, EditTeam, RemoveTeam, TeamRefused};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::{self, BookingMode, Policy, Team, TeamChange, read_sites};

const NAMES: &[&str] = &[
    "name",
    "slug",
    "description",
    "timezone",
    "active",
    "public",
    "booking",
    "show_hosts",
    "policy",
    "notify_leads",
    "notify_admins",
    "hosts_join",
    "embed_on",
    "day_starts",
    "day_ends",
    "notice",
    "buffer_before",
    "buffer_after",
    "booking_window",
    "daily_cap",
];

/// `GET /lead/{team}/settings`
pub async fn settings(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match known(&call).await {
        Ok(Some(team)) => {
            let entered = stored(&team);
            page(&call, &visitor, &team, &entered, None)
        }
        Ok(None) => missing(),
        Err(error) => failed(&call, &error),
    }
}

/// `POST /lead/{team}/settings`
pub async fn save_settings(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let team = match known(&call).await {
        Ok(Some(team)) => team,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    if call.form().text("do") == "remove" {
        return remove(&call, &visitor, &team).await;
    }
    let mut entered = Entered::typed(&call.form(), NAMES);
    let change = change(&mut entered, visitor.person.admin);
    if entered.errors.is_empty() {
        let actor = Actor::from(&visitor.person);
        let known = Some(team.slug.clone());
        match call.desk.db.run(EditTeam { known, change, actor, now: call.desk.clock.now() }).await {
            Ok(team) => return see_other(&format!("/lead/{}/settings?done=saved", encode(&team.slug))),
            Err(TeamRefused::Invalid(errors)) => entered.errors = errors,
            Err(TeamRefused::Db(error)) => return failed(&call, &error),
            Err(_) => return missing(),
        }
    }
    page(&call, &visitor, &team, &entered, None)
}

async fn remove(call: &Call, visitor: &SignedIn, team: &Team) -> Answer {
    if !visitor.person.admin {
        return missing();
    }
    let words = team_words(&reader(call, None));
    let command =
        RemoveTeam { slug: team.slug.clone(), actor: Actor::from(&visitor.person), now: call.desk.clock.now() };
    match call.desk.db.run(command).await {
        Ok(()) => see_other("/admin/teams?done=removed"),
        Err(TeamRefused::InUse) => page(call, visitor, team, &stored(team), Some(words.in_use)),
        Err(TeamRefused::Db(error)) => failed(call, &error),
        Err(_) => missing(),
    }
}

/// The team of the address, switched off or not.
async fn known(call: &Call) -> Result<Option<Team>, DbError> {
    teams::any_by_slug(&mut call.desk.db.read().await?, call.param(0)).await
}

fn stored(team: &Team) -> Entered {
    let mut entered = Entered::default();
    for (name, value) in [
        ("name", team.name.as_str()),
        ("slug", &team.slug),
        ("description", &team.description),
        ("timezone", &team.timezone),
        ("booking", team.booking.word()),
        ("policy", team.policy.word()),
    ] {
        entered.set(name, value);
    }
    for (name, ticked) in [
        ("active", team.active),
        ("public", team.public),
        ("show_hosts", team.show_hosts),
        ("notify_leads", team.notify_leads),
        ("notify_admins", team.notify_admins),
        ("hosts_join", team.hosts_join),
    ] {
        entered.tick(name, ticked);
    }
    for (name, rule) in [
        ("notice", team.rules.notice),
        ("buffer_before", team.rules.buffer_before),
        ("buffer_after", team.rules.buffer_after),
        ("booking_window", team.rules.booking_window),
    ] {
        entered.set(name, rule.map(spell).unwrap_or_default());
    }
    entered.set("embed_on", team.embed_on.join("\n"));
    entered.set("day_starts", clock(team.day_starts));
    entered.set("day_ends", clock(team.day_ends));
    entered.set("daily_cap", team.daily_cap.map(|cap| cap.to_string()).unwrap_or_default());
    entered
}

/// What the form wants changed; what only administrators change is not on a lead's form.
fn change(entered: &mut Entered, admin: bool) -> TeamChange {
    TeamChange {
        slug: admin.then(|| entered.text("slug").to_owned()),
        active: admin.then(|| entered.ticked("active")),
        notify_admins: admin.then(|| entered.ticked("notify_admins")),
        name: Some(entered.text("name").to_owned()),
        description: Some(entered.text("description").to_owned()),
        timezone: Some(entered.text("timezone").to_owned()),
        public: Some(entered.ticked("public")),
        booking: entered.word("booking"),
        show_hosts: Some(entered.ticked("show_hosts")),
        policy: entered.word("policy"),
        notify_leads: Some(entered.ticked("notify_leads")),
        hosts_join: Some(entered.ticked("hosts_join")),
        embed_on: Some(read_sites(entered.text("embed_on"))),
        day_starts: entered.clock("day_starts"),
        day_ends: entered.clock("day_ends"),
        notice: entered.optional_duration("notice"),
        buffer_before: entered.optional_duration("buffer_before"),
        buffer_after: entered.optional_duration("buffer_after"),
        booking_window: entered.optional_duration("booking_window"),
        daily_cap: entered.optional_number("daily_cap"),
    }
}

fn page(call: &Call, visitor: &SignedIn, team: &Team, entered: &Entered, refused: Option<&str>) -> Answer {
    let reader = reader(call, visitor.person.timezone.as_deref().or(Some(&team.timezone)));
    let words = team_words(&reader);
    let path = format!("/lead/{}/settings", encode(&team.slug));
    let done = match call.query().text("done") {
        "saved" => Some(words.saved),
        "added" => Some(words.added),
        _ => None,
    };
    let admin = visitor.person.admin;
    let content = html! {
        (team_nav(&reader, team, "settings"))
        h1 { (words.settings) ": " (team.name) }
        (notice(done.filter(|_| entered.errors.is_empty() && refused.is_none()), false))
        (notice(refused, true))
        form method="post" action=(path) {
            (token_field(call, visitor))
            (fields(&Fields { entered, words }, admin, embed::words(&reader)))
            p.actions { button type="submit" { (words.save) } }
        }
        (on_your_site::section(call, &reader, team, None))
        @if admin {
            form.card method="post" action=(path) {
                (token_field(call, visitor))
                h2 { (words.remove) }
                p { (words.remove_team_help) }
                p.actions { button.danger type="submit" name="do" value="remove" { (words.remove) } }
            }
        }
    };
    let title = format!("{}: {}", words.settings, team.name);
    let wrong = !entered.errors.is_empty() || refused.is_some();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::secret(&title).reader(&reader, &path, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

fn fields(fields: &Fields<'_>, admin: bool, embed: &Embed) -> Markup {
    let words = fields.words;
    let modes: Vec<_> = BookingMode::ALL.iter().map(|mode| (mode.word(), (words.booking_of)(*mode))).collect();
    let policies: Vec<_> = Policy::ALL.iter().map(|policy| (policy.word(), (words.policy_of)(*policy))).collect();
    html! {
        (fields.summary(|name| if name == "embed_on" { embed.sites.0 } else { label(words, name) }))
        h2 { (words.about) }
        (fields.line("name", words.name))
        @if admin { (fields.line("slug", words.slug)) }
        (fields.lines("description", words.description))
        (fields.line("timezone", words.timezone))
        @if admin { (fields.tick("active", words.active)) }
        h2 { (words.who_books) }
        (fields.tick("public", words.public))
        (fields.choice("booking", words.booking, &modes))
        (fields.tick("show_hosts", words.show_hosts))
        (fields.choice("policy", words.policy, &policies))
        (fields.tick("hosts_join", words.hosts_join))
        h2 { (words.when_open) }
        div.pairs {
            (fields.line("notice", words.notice))
            (fields.line("booking_window", words.booking_window))
            (fields.line("buffer_before", words.buffer_before))
            (fields.line("buffer_after", words.buffer_after))
            (fields.line("day_starts", words.day_starts))
            (fields.line("day_ends", words.day_ends))
            (fields.line("daily_cap", words.daily_cap))
        }
        h2 { (words.who_is_told) }
        (fields.tick("notify_leads", words.notify_leads))
        @if admin { (fields.tick("notify_admins", words.notify_admins)) }
        h2 { (embed.on_your_site) }
        (fields.lines("embed_on", embed.sites))
    }
}

fn label(words: &super::TeamWords, name: &str) -> &'static str {
    match name {
        "name" => words.name.0,
        "slug" => words.slug.0,
        "description" => words.description.0,
        "timezone" => words.timezone.0,
        "booking" => words.booking.0,
        "policy" => words.policy.0,
        "notice" => words.notice.0,
        "booking_window" => words.booking_window.0,
        "buffer_before" => words.buffer_before.0,
        "buffer_after" => words.buffer_after.0,
        "daily_cap" => words.daily_cap.0,
        "day_starts" => words.day_starts.0,
        "day_ends" => words.day_ends.0,
        _ => words.active.0,
    }
}

/// `GET /admin/teams`
pub async fn list(call: Call) -> Answer {
    match required(&call).await {
        Ok(visitor) => all(&call, &visitor, &Entered::default()).await,
        Err(answer) => answer,
    }
}

/// `POST /admin/teams`: a new team, with everything else as usual.
pub async fn create(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let mut entered = Entered::typed(&call.form(), &["name", "slug", "timezone"]);
    let change = TeamChange {
        slug: Some(entered.text("slug").to_owned()),
        name: Some(entered.text("name").to_owned()),
        timezone: Some(entered.text("timezone").to_owned()),
        ..TeamChange::default()
    };
    let actor = Actor::from(&visitor.person);
    match call.desk.db.run(EditTeam { known: None, change, actor, now: call.desk.clock.now() }).await {
        Ok(team) => see_other(&format!("/lead/{}/settings?done=added", encode(&team.slug))),
        Err(TeamRefused::Db(error)) => failed(&call, &error),
        Err(TeamRefused::Invalid(errors)) => {
            entered.errors = errors;
            all(&call, &visitor, &entered).await
        }
        Err(_) => missing(),
    }
}

async fn all(call: &Call, visitor: &SignedIn, entered: &Entered) -> Answer {
    let teams = match listed(call).await {
        Ok(teams) => teams,
        Err(error) => return failed(call, &error),
    };
    let reader = reader(call, visitor.person.timezone.as_deref());
    let words = team_words(&reader);
    let fields = Fields { entered, words };
    let removed = (call.query().text("done") == "removed").then_some(words.removed);
    let content = html! {
        p.back { a href="/admin" { (reader.words.admin) } }
        h1 { (words.teams) }
        p.lead { (words.teams_help) }
        (notice(removed, false))
        @if teams.is_empty() { p.soft { (reader.words.no_teams) } }
        ul.cards {
            @for team in &teams {
                li {
                    a href={ "/lead/" (encode(&team.slug)) "/settings" } { (team.name) }
                    p.hint { "/book/" (team.slug) @if !team.active { " · " strong { (words.switched_off) } } }
                }
            }
        }
        form.card method="post" action="/admin/teams" {
            (token_field(call, visitor))
            h2 { (words.new_team) }
            (fields.summary(|name| label(words, name)))
            (fields.line("name", words.name))
            (fields.line("slug", words.slug))
            (fields.line("timezone", words.timezone))
            p.actions { button type="submit" { (words.add) } }
        }
    };
    let status = if entered.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::secret(words.teams).reader(&reader, "/admin/teams", &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

async fn listed(call: &Call) -> Result<Vec<Team>, DbError> {
    teams::all(&mut call.desk.db.read().await?).await
}
