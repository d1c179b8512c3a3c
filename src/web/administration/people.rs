//! `/admin/people`: finding people, banning and removing them.

use http::StatusCode;
use maud::{Markup, html};

use super::super::layout::Page;
use super::super::visitor::{required, submitting, token_field};
use super::super::your_data::download;
use super::super::{failed, missing};
use super::entered::Entered;
use super::{new_person, notice, reader, reason_field, words};
use crate::db::DbError;
use crate::desk;
use crate::desk::conduct::{self, Measure, MeasureRefused};
use crate::own_data::CopyRefused;
use crate::people::web_sessions::SignedIn;
use crate::people::{self, Person};
use crate::surface::{Answer, Call, see_other};
use crate::teams::{self, Role, Team};

/// People shown at once.
const MOST: i64 = 100;
/// Longest reason, in characters.
const LONGEST: usize = 1_000;

/// `GET /admin/people?find=`
pub async fn list(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    page_of_all(&call, &visitor, &Entered::default()).await
}

/// The list, and the form that adds somebody with what was typed into it.
pub(super) async fn page_of_all(call: &Call, visitor: &SignedIn, entered: &Entered) -> Answer {
    let query = call.query();
    let find = query.text("find");
    let (found, teams) = match found(call, find).await {
        Ok(found) => found,
        Err(error) => return failed(call, &error),
    };
    let reader = reader(call, visitor.person.timezone.as_deref());
    let words = words(&reader);
    let content = html! {
        p.back { a href="/admin" { (words.administration) } }
        h1 { (words.people) }
        (notice((query.text("done") == "remove").then_some(words.done_remove), false))
        form.inline method="get" action="/admin/people" role="search" {
            div.field { label for="find" { (words.find_label) } input id="find" type="text" name="find" value=(find); }
            button type="submit" { (words.find) }
        }
        @if found.is_empty() { p.soft { (words.nobody) } }
        ul.cards {
            @for person in &found {
                li {
                    a href={ "/admin/people/" (person.id) } { (person.name) }
                    p.hint {
                        (person.email)
                        @if person.admin { " · " (words.admin) }
                        @if person.banned { " · " strong { (words.banned) } }
                    }
                }
            }
        }
        (new_person::form(call, visitor, &reader, &teams, entered))
    };
    let status = if entered.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::secret(words.people).reader(&reader, "/admin/people", &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

/// The people found, and all teams that are switched on.
async fn found(call: &Call, text: &str) -> Result<(Vec<Person>, Vec<Team>), DbError> {
    let mut conn = call.desk.db.read().await?;
    let people = people::find(&mut conn, text, None, MOST).await?;
    let teams = teams::all(&mut conn).await?;
    Ok((people, teams.into_iter().filter(|team| team.active).collect()))
}

/// What the page of a person shows beside them.
#[derive(Default)]
struct News<'a> {
    done: Option<&'a str>,
    wrong: Option<&'a str>,
    reason_wrong: Option<&'a str>,
    typed: &'a str,
}

/// `GET /admin/people/{person}`
pub async fn show(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let query = call.query();
    let words = words(&reader(&call, None));
    let done = match query.text("done") {
        "ban" => Some(words.done_ban),
        "unban" => Some(words.done_unban),
        "added" => Some(words.done_added),
        _ => None,
    };
    page(&call, &visitor, News { done, ..News::default() }).await
}

/// `POST /admin/people/{person}`
pub async fn measure(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let form = call.form();
    let words = words(&reader(&call, None));
    let typed = form.get("reason").unwrap_or_default();
    let measure = match form.text("measure") {
        "ban" => Measure::Ban,
        "unban" => Measure::Unban,
        "remove" => Measure::Remove,
        _ => return missing(),
    };
    let reason = typed.replace("\r\n", "\n");
    if reason.chars().count() > LONGEST || reason.chars().any(|c| c.is_control() && c != '\n') {
        let news = News { reason_wrong: Some(words.reason_wrong), typed, ..News::default() };
        return page(&call, &visitor, news).await;
    }
    if measure != Measure::Unban && form.text("sure") != "yes" {
        return page(&call, &visitor, News { wrong: Some(words.tick_first), typed, ..News::default() }).await;
    }
    let person = call.param(0).parse().unwrap_or(0);
    match conduct::take(&call.desk, measure, person, Some(visitor.person.id), &reason).await {
        Ok(_) if measure == Measure::Remove => see_other("/admin/people?done=remove"),
        Ok(_) => see_other(&format!("/admin/people/{person}?done={}", form.text("measure"))),
        Err(MeasureRefused::Unknown) => missing(),
        Err(MeasureRefused::Db(error)) => failed(&call, &error),
        Err(MeasureRefused::LastAdmin) => {
            page(&call, &visitor, News { wrong: Some(words.last_admin), typed, ..News::default() }).await
        }
        Err(MeasureRefused::Busy) => {
            page(&call, &visitor, News { wrong: Some(words.busy), typed, ..News::default() }).await
        }
    }
}

async fn page(call: &Call, visitor: &SignedIn, news: News<'_>) -> Answer {
    match known(call).await {
        Ok(Some((person, roles))) => shown(call, visitor, &person, &roles, &news),
        Ok(None) => missing(),
        Err(error) => failed(call, &error),
    }
}

async fn known(call: &Call) -> Result<Option<(Person, Vec<(Team, Vec<Role>)>)>, DbError> {
    desk::people::seen(&mut call.desk.db.read().await?, call.param(0).parse().unwrap_or(0)).await
}

fn shown(call: &Call, visitor: &SignedIn, person: &Person, teams: &[(Team, Vec<Role>)], news: &News<'_>) -> Answer {
    let reader = reader(call, visitor.person.timezone.as_deref());
    let account = reader.words.account;
    let words = words(&reader);
    let role = |role: &Role| match role {
        Role::Host => words.host,
        Role::Lead => words.lead,
        Role::Guest => words.guest,
    };
    let content = html! {
        p.back { a href="/admin/people" { (words.people) } }
        h1 { (person.name) }
        (notice(news.done, false))
        (notice(news.wrong.or(news.reason_wrong), true))
        p.hint {
            (person.email)
            @if person.admin { " · " (words.admin) }
            @if person.banned { " · " strong { (words.banned) } }
        }
        h2 { (words.teams) }
        @if teams.is_empty() { p.soft { (words.no_teams) } }
        ul.cards {
            @for (team, roles) in teams {
                li {
                    a href={ "/lead/" (team.slug) } { (team.name) }
                    p.hint { (roles.iter().map(role).collect::<Vec<_>>().join(", ")) }
                }
            }
        }
        @if person.banned {
            (form(call, visitor, person, "unban", &html! {
                h2 { (words.unban) }
                p { (words.unban_help) }
                p.actions { button type="submit" { (words.unban) } }
            }))
        } @else {
            (with_reason(call, visitor, person, words, "ban", (words.ban, words.ban_help), news))
        }
        form.card method="post" action={ "/admin/people/" (person.id) "/copy" } {
            (token_field(call, visitor))
            h2 { (account.get_copy) }
            p { (words.copy_help) }
            p.actions { button.quiet type="submit" { (words.copy_button) } }
        }
        (with_reason(call, visitor, person, words, "remove", (words.remove, words.remove_help), news))
    };
    let status =
        if news.wrong.or(news.reason_wrong).is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let path = format!("/admin/people/{}", person.id);
    let page = Page::secret(&person.name).reader(&reader, &path, &[]).visitor(Some(&visitor.person));
    page.status(status).show(&content)
}

/// `POST /admin/people/{person}/copy`: everything about them, for them.
pub async fn copy(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match known(&call).await {
        Ok(Some((person, _))) => match download(&call, &person, visitor.person.id).await {
            Ok(answer) => answer,
            Err(CopyRefused::TooLarge) => {
                let words = reader(&call, None).words;
                page(&call, &visitor, News { wrong: Some(words.account.copy_too_large), ..News::default() }).await
            }
            Err(CopyRefused::Db(error)) => failed(&call, &error),
        },
        Ok(None) => missing(),
        Err(error) => failed(&call, &error),
    }
}

fn with_reason(
    call: &Call,
    visitor: &SignedIn,
    person: &Person,
    words: &super::Administration,
    measure: &str,
    (title, help): (&str, &str),
    news: &News<'_>,
) -> Markup {
    form(
        call,
        visitor,
        person,
        measure,
        &html! {
            h2 { (title) }
            p { (help) }
            (reason_field(words, &format!("{measure}-reason"), news.typed, news.reason_wrong))
            p { label { input type="checkbox" name="sure" value="yes"; " " (words.sure) } }
            p.actions { button.danger type="submit" { (title) } }
        },
    )
}

fn form(call: &Call, visitor: &SignedIn, person: &Person, measure: &str, fields: &Markup) -> Markup {
    html! {
        form.card method="post" action={ "/admin/people/" (person.id) } {
            (token_field(call, visitor))
            input type="hidden" name="measure" value=(measure);
            (fields)
        }
    }
}
