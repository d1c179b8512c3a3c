//! `/` and `/book/{team}`: which teams, which kinds of session.

use maud::{Markup, html};

use super::layout::Page;
use super::visitor::signed_in;
use super::{failed, missing, words};
use crate::db::DbError;
use crate::people::Person;
use crate::surface::{self, Answer, Call, encode, see_other};
use crate::teams::{self, SessionType, Team};

/// `/`
pub async fn home(call: Call) -> Answer {
    match teams_for(&call).await {
        Ok((teams, visitor)) => Page::public(words::HOME).visitor(visitor.as_ref()).show(&home_page(&teams)),
        Err(error) => failed(&call, &error),
    }
}

async fn teams_for(call: &Call) -> Result<(Vec<Team>, Option<Person>), DbError> {
    let visitor = signed_in(call).await?;
    let mut conn = call.desk.db.read().await?;
    let mut teams = teams::public(&mut conn).await?;
    if let Some(person) = &visitor {
        for team in teams::of_person(&mut conn, person.id).await? {
            if !teams.iter().any(|known| known.id == team.id) {
                teams.push(team);
            }
        }
    }
    Ok((teams, visitor))
}

fn home_page(teams: &[Team]) -> Markup {
    html! {
        h1 { (words::HOME) }
        @if teams.is_empty() {
            p.lead { (words::NO_TEAMS) }
        } @else {
            p.lead { (words::HOME_LEAD) }
            ul.cards {
                @for team in teams {
                    li {
                        a href={ "/book/" (encode(&team.slug)) } { (team.name) }
                        @if !team.description.is_empty() { p.hint { (team.description) } }
                        p.hint { (words::TIMES_IN) " " (team.timezone.replace('_', " ")) }
                    }
                }
            }
        }
        h2 { (words::FOR_HOSTS) }
        p.soft { (words::FOR_HOSTS_HELP) }
    }
}

/// `/book/{team}`
pub async fn team(call: Call) -> Answer {
    let found = async {
        let visitor = signed_in(&call).await?;
        let facts = surface::teams::visible(&call.desk, call.param(0), visitor.as_ref()).await?;
        Ok::<_, DbError>((facts, visitor))
    };
    match found.await {
        Ok((Some(facts), visitor)) => match facts.types.as_slice() {
            [only] => see_other(&format!("/book/{}/{}", encode(&facts.team.slug), encode(&only.slug))),
            types => Page::public(&facts.team.name).visitor(visitor.as_ref()).show(&team_page(&facts.team, types)),
        },
        Ok((None, _)) => missing(),
        Err(error) => failed(&call, &error),
    }
}

fn team_page(team: &Team, types: &[SessionType]) -> Markup {
    html! {
        h1 { (team.name) }
        @if !team.description.is_empty() { p.lead { (team.description) } }
        @if types.is_empty() {
            p { (words::NO_TYPES) }
        } @else {
            p { (words::CHOOSE_TYPE) }
            ul.cards {
                @for one in types {
                    li {
                        a href={ "/book/" (encode(&team.slug)) "/" (encode(&one.slug)) } { (one.name) }
                        p.hint { (words::minutes(one.minutes)) @if one.capacity > 1 { " · " (words::group(one.capacity)) } }
                        @if !one.description.is_empty() { p.hint { (one.description) } }
                    }
                }
            }
        }
    }
}
