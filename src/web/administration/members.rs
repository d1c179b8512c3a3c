//! `/lead/{team}/members`: who is in a team; `/lead/{team}/members/{person}`: what one of them is there.

use http::StatusCode;
use maud::{Markup, html};

use super::super::face::face;
use super::super::layout::Page;
use super::super::times::machine;
use super::super::visitor::{required, submitting, token_field};
use super::super::{failed, missing};
use super::entered::{Entered, Fields};
use super::{TeamWords, notice, reader, reason_field, team_nav, team_words, words};
use crate::booking::Booking;
use crate::db::DbError;
use crate::desk::booking::reason_of;
use crate::desk::teams::{Actor, AddMember, Fate, Membership, TeamRefused, hosted_ahead, set_member};
use crate::people::retention::ban_hash;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::{self, Member, Role, Team};

/// Bookings ahead that are shown one by one.
const SHOWN: usize = 20;

/// `GET /lead/{team}/members`
pub async fn members(call: Call) -> Answer {
    match required(&call).await {
        Ok(visitor) => list(&call, &visitor, &Entered::default()).await,
        Err(answer) => answer,
    }
}

/// `POST /lead/{team}/members`
pub async fn add_member(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let mut entered = Entered::typed(&call.form(), &["email", "name", "role"]);
    if let Some(role) = entered.word::<Role>("role") {
        let command = AddMember {
            team: call.param(0).to_owned(),
            email: entered.text("email").to_owned(),
            ban: ban_hash(&call.desk.keys, entered.text("email")),
            name: Some(entered.text("name").to_owned()),
            role,
            actor: Actor::from(&visitor.person),
            now: call.desk.clock.now(),
        };
        match call.desk.db.run(command).await {
            Ok(_) => return see_other(&format!("/lead/{}/members?done=added", encode(call.param(0)))),
            Err(TeamRefused::Invalid(errors)) => entered.errors = errors,
            Err(TeamRefused::Db(error)) => return failed(&call, &error),
            Err(_) => return missing(),
        }
    }
    list(&call, &visitor, &entered).await
}

async fn list(call: &Call, visitor: &SignedIn, entered: &Entered) -> Answer {
    let found = async {
        let mut conn = call.desk.db.read().await?;
        let Some(team) = teams::any_by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
        let members = teams::members(&mut conn, team.id).await?;
        Ok::<_, DbError>(Some((team, members)))
    };
    let (team, members) = match found.await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(call, &error),
    };
    let reader = reader(call, visitor.person.timezone.as_deref());
    let (words, all) = (team_words(&reader), words(&reader));
    let path = format!("/lead/{}/members", encode(&team.slug));
    let query = call.query();
    let done = match query.text("done") {
        "added" => Some(words.added),
        "removed" => Some(words.removed),
        _ => None,
    };
    let leaderless = query.text("leads") == "0";
    let cancelled = query.text("cancelled").parse().ok().filter(|count| *count > 0).map(words.cancelled);
    let fields = Fields { entered, words };
    let roles: Vec<_> = Role::ALL.iter().map(|role| (role.word(), (words.role_of)(*role))).collect();
    let content = html! {
        (team_nav(&reader, &team, "members"))
        h1 { (words.members) ": " (team.name) }
        (notice(done.filter(|_| entered.errors.is_empty()), false))
        (notice(cancelled.as_deref(), false))
        (notice(leaderless.then_some(words.leaderless), true))
        @if members.is_empty() { p.soft { (words.no_members) } }
        ul.cards {
            @for member in &members {
                li {
                    a href={ (path) "/" (member.person) } { (face(member.picture.as_deref())) (member.name) }
                    p.hint { (member.email) }
                    p.hint {
                        (member.roles.iter().map(|role| (words.role_of)(*role)).collect::<Vec<_>>().join(", "))
                        @if member.priority != 0 { " · " (words.priority.0) ": " (member.priority) }
                        @if !member.active { " · " strong { (words.paused) } }
                        @if member.banned { " · " strong { (all.banned) } }
                    }
                }
            }
        }
        form.card method="post" action=(path) {
            (token_field(call, visitor))
            h2 { (words.add_member) }
            p { (words.add_member_help) }
            (fields.summary(|name| if name == "email" { words.email.0 } else { words.member_name.0 }))
            (fields.line("email", words.email))
            (fields.line("name", words.member_name))
            (fields.choice("role", (words.role, ""), &roles))
            p.actions { button type="submit" { (words.add) } }
        }
    };
    let status = if entered.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = format!("{}: {}", words.members, team.name);
    let page = Page::secret(&title).reader(&reader, &path, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

/// `GET /lead/{team}/members/{person}`
pub async fn member(call: Call) -> Answer {
    match required(&call).await {
        Ok(visitor) => page(&call, &visitor, None, "", None).await,
        Err(answer) => answer,
    }
}

/// `POST /lead/{team}/members/{person}`
pub async fn save_member(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let mut entered = Entered::typed(&form, &["host", "lead", "guest", "active", "priority", "fate"]);
    let leaves = form.text("do") == "leave";
    let roles = Role::ALL.iter().copied().filter(|role| !leaves && entered.ticked(role.word())).collect();
    let typed = form.get("reason").unwrap_or_default().replace("\r\n", "\n");
    let fate = match entered.text("fate") {
        "keep" => Some(Fate::Keep),
        "cancel" => match reason_of(Some(&typed)) {
            Ok(reason) => Some(Fate::Cancel { reason }),
            Err(_) => {
                entered.refuse("reason");
                None
            }
        },
        _ => None,
    };
    let priority = if leaves { None } else { entered.number("priority") };
    let active = (!leaves).then(|| entered.ticked("active"));
    if !entered.errors.is_empty() {
        return page(&call, &visitor, Some(entered), &typed, None).await;
    }
    let wish = Membership { roles: Some(roles), active, priority, fate };
    let person = call.param(1).parse().unwrap_or(0);
    let words = team_words(&reader(&call, None));
    match set_member(&call.desk, call.param(0), person, &wish, Actor::from(&visitor.person)).await {
        Ok(set) => {
            let base = format!("/lead/{}/members", encode(call.param(0)));
            let leads = if set.leaderless { "&leads=0" } else { "" };
            let gone = wish.roles.is_some_and(|roles| roles.is_empty());
            let done = if gone { "?done=removed" } else { "?done=saved" };
            let one = if gone { String::new() } else { format!("/{person}") };
            see_other(&format!("{base}{one}{done}&cancelled={}{leads}", set.cancelled))
        }
        Err(TeamRefused::BookingsAhead(_)) => page(&call, &visitor, Some(entered), &typed, Some(words.decide)).await,
        Err(TeamRefused::Busy) => page(&call, &visitor, Some(entered), &typed, Some(words.busy)).await,
        Err(TeamRefused::Invalid(errors)) => {
            entered.errors = errors;
            page(&call, &visitor, Some(entered), &typed, None).await
        }
        Err(TeamRefused::Db(error)) => failed(&call, &error),
        Err(_) => missing(),
    }
}

/// Everything about one member.
struct Found {
    team: Team,
    member: Member,
    ahead: Vec<Booking>,
}

async fn found(call: &Call) -> Result<Option<Found>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::any_by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let person = call.param(1).parse().unwrap_or(0);
    let Some(member) = teams::membership(&mut conn, team.id, person).await? else { return Ok(None) };
    let ahead = hosted_ahead(&mut conn, team.id, person, call.desk.clock.now()).await?;
    Ok(Some(Found { team, member, ahead }))
}

fn stored(member: &Member) -> Entered {
    let mut entered = Entered::default();
    for role in Role::ALL {
        entered.tick(role.word(), member.roles.contains(role));
    }
    entered.tick("active", member.active);
    entered.set("priority", member.priority.to_string());
    entered
}

async fn page(call: &Call, visitor: &SignedIn, entered: Option<Entered>, typed: &str, refused: Option<&str>) -> Answer {
    let Found { team, member, ahead } = match found(call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(call, &error),
    };
    let reader = reader(call, visitor.person.timezone.as_deref().or(Some(&team.timezone)));
    let words = team_words(&reader);
    let path = format!("/lead/{}/members/{}", encode(&team.slug), member.person);
    let entered = entered.unwrap_or_else(|| stored(&member));
    let good = entered.errors.is_empty() && refused.is_none();
    let query = call.query();
    let saved = (query.text("done") == "saved" && good).then_some(words.saved);
    let leaderless = (query.text("leads") == "0" && good).then_some(words.leaderless);
    let cancelled = query.text("cancelled").parse().ok().filter(|count| *count > 0).map(words.cancelled);
    let content = html! {
        (team_nav(&reader, &team, "members"))
        h1 { (face(member.picture.as_deref())) (member.name) }
        p.hint { (member.email) }
        (notice(saved, false))
        (notice(cancelled.as_deref().filter(|_| good), false))
        (notice(leaderless, true))
        (notice(refused, true))
        @if !ahead.is_empty() {
            h2 { ((words.bookings_ahead)(ahead.len())) }
            ul.cards {
                @for booking in ahead.iter().take(SHOWN) {
                    li {
                        a href={ "/lead/" (encode(&team.slug)) "/" (booking.id) } {
                            time datetime=(machine(booking.session.starts)) {
                                (reader.day(booking.session.starts)) ", " (reader.span(booking.session.starts, booking.session.ends))
                            }
                        }
                        p.hint { (booking.name) }
                    }
                }
            }
        }
        form method="post" action=(path) {
            (token_field(call, visitor))
            (fields(&Fields { entered: &entered, words }))
            @if !ahead.is_empty() { (fate(call, &entered, words, typed)) }
            p.actions {
                button type="submit" { (words.save) }
                button.danger type="submit" name="do" value="leave" { (words.leave) }
            }
            p.hint { (words.leave_help) }
        }
    };
    let status = if good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::secret(&member.name).reader(&reader, &path, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

fn fields(fields: &Fields<'_>) -> Markup {
    let (words, entered) = (fields.words, fields.entered);
    html! {
        (fields.summary(|name| if name == "priority" { words.priority.0 } else { words.fate }))
        fieldset.card aria-describedby="roles-hint" {
            legend { (words.roles.0) }
            p.hint #roles-hint { (words.roles.1) }
            @for role in Role::ALL {
                p {
                    label {
                        input type="checkbox" name=(role.word()) value="yes" checked[entered.ticked(role.word())];
                        " " ((words.role_of)(*role))
                    }
                }
            }
        }
        (fields.tick("active", words.member_active))
        (fields.line("priority", words.priority))
    }
}

fn fate(call: &Call, entered: &Entered, words: &TeamWords, typed: &str) -> Markup {
    let all = words_of(call);
    let wrong = entered.errors.iter().any(|error| error.field == "reason").then_some(all.reason_wrong);
    html! {
        fieldset.card {
            legend { (words.fate) }
            @for (word, told) in [("cancel", words.fate_cancel), ("keep", words.fate_keep)] {
                p {
                    label {
                        input type="radio" name="fate" value=(word) checked[entered.text("fate") == word];
                        " " (told)
                    }
                }
            }
            (reason_field(all, "reason", typed, wrong))
        }
    }
}

fn words_of(call: &Call) -> &'static super::Administration {
    words(&reader(call, None))
}
