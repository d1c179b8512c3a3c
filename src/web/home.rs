//! `/` and `/book/{team}`: which teams, which kinds of session.

use maud::{Markup, html};

use super::failed;
use super::layout::Page;
use super::problems::missing_for;
use super::reader::Reader;
use super::schedule;
use super::subject::{place, swatch};
use super::times::Zone;
use super::visitor::signed_in;
use crate::db::DbError;
use crate::people::Person;
use crate::surface::{self, Answer, Call, encode, see_other};
use crate::teams::{self, SessionType, Team};

/// `/`
pub async fn home(call: Call) -> Answer {
    match teams_for(&call).await {
        Ok((teams, visitor)) => {
            let reader = Reader::of(&call, "UTC");
            let page = Page::public(reader.words.home).visitor(visitor.as_ref()).reader(&reader, "/", &[]);
            page.show(&home_page(&teams, &reader, call.desk.config.schedules))
        }
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

fn home_page(teams: &[Team], reader: &Reader, schedules: bool) -> Markup {
    let words = reader.words;
    html! {
        h1 { (words.home) }
        @if teams.is_empty() {
            p.lead { (words.no_teams) }
        } @else {
            p.lead { (words.home_lead) }
            ul.cards {
                @for team in teams {
                    li {
                        a href=(reader.link(&format!("/book/{}", encode(&team.slug)))) { (team.name) }
                        @if !team.description.is_empty() { p.hint { (team.description) } }
                        p.hint { (words.times_in) " " (Zone::choose(None, &team.timezone).label_at(reader.now)) }
                    }
                }
            }
        }
        h2 { (words.for_hosts) }
        p.soft { (words.for_hosts_help) }
        @if schedules { p { a href="/new" { (schedule::HOME_LINK) } } }
    }
}

/// `/book/{team}`
pub async fn team(call: Call) -> Answer {
    let found = async {
        let visitor = signed_in(&call).await?;
        let Some(facts) = surface::teams::visible(&call.desk, call.param(0), visitor.as_ref()).await? else {
            return Ok((None, visitor));
        };
        let member = surface::teams::is_member(&call.desk, &facts, visitor.as_ref()).await?;
        let types = facts.shown(member);
        Ok::<_, DbError>((Some((facts, types)), visitor))
    };
    match found.await {
        Ok((Some((facts, types)), visitor)) => {
            let reader = Reader::of(&call, &facts.team.timezone);
            let path = format!("/book/{}", encode(&facts.team.slug));
            match types.as_slice() {
                // Nothing to choose.
                [only] => see_other(&reader.link(&format!("{path}/{}", encode(&only.slug)))),
                types => {
                    let page = Page::public(&facts.team.name).visitor(visitor.as_ref()).reader(&reader, &path, &[]);
                    page.show(&team_page(&facts.team, types, &path, &reader))
                }
            }
        }
        Ok((None, _)) => missing_for(&call),
        Err(error) => failed(&call, &error),
    }
}

pub(super) fn team_page(team: &Team, types: &[SessionType], path: &str, reader: &Reader) -> Markup {
    let words = reader.words;
    html! {
        h1 { (team.name) }
        @if !team.description.is_empty() { p.lead { (team.description) } }
        @if types.is_empty() {
            p { (words.no_types) }
        } @else {
            p { (words.choose_type) }
            ul.cards {
                @for one in types {
                    li {
                        a href=(reader.link(&format!("{path}/{}", encode(&one.slug)))) { (swatch(&one.color)) (one.name) }
                        p.hint {
                            ((words.minutes)(one.minutes))
                            @if one.capacity > 1 { " · " ((words.group)(one.capacity)) }
                            @if let Some(place) = place(one, words) { " · " (place) }
                        }
                        @if !one.description.is_empty() { p.hint { (one.description) } }
                    }
                }
            }
        }
    }
}
