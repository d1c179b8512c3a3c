//! The form below the list of people that adds somebody.

use maud::{Markup, html};

use super::super::failed;
use super::super::reader::Reader;
use super::super::visitor::{submitting, token_field};
use super::super::zone_choice;
use super::entered::{Entered, Fields};
use super::{TeamWords, people, team_words, words};
use crate::desk::new_person::{self, AddRefused, NewPerson};
use crate::desk::teams::Actor;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};
use crate::teams::{Role, Team};

/// `POST /admin/people`
pub async fn add(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let mut entered = Entered::typed(&call.form(), &["email", "name", "timezone", "team", "role"]);
    let memberships = match entered.text("team") {
        "" => vec![],
        team => vec![(team.to_owned(), entered.word::<Role>("role").unwrap_or(Role::Guest))],
    };
    if entered.errors.is_empty() {
        let new = NewPerson {
            email: entered.text("email").to_owned(),
            name: entered.text("name").to_owned(),
            timezone: entered.text("timezone").to_owned(),
            memberships,
        };
        match new_person::add(&call.desk, &new, Actor::from(&visitor.person)).await {
            Ok(person) => return see_other(&format!("/admin/people/{}?done=added", person.id)),
            Err(AddRefused::Fields(errors)) => entered.errors = errors,
            Err(AddRefused::Db(error)) => return failed(&call, &error),
        }
    }
    people::page_of_all(&call, &visitor, &entered).await
}

/// The form, with what was typed and what is wrong with it.
pub(super) fn form(call: &Call, visitor: &SignedIn, reader: &Reader, teams: &[Team], entered: &Entered) -> Markup {
    let (words, all) = (team_words(reader), words(reader));
    let fields = Fields { entered, words };
    let roles: Vec<_> = Role::ALL.iter().map(|role| (role.word(), (words.role_of)(*role))).collect();
    let none = [("", all.in_no_team)];
    let teams: Vec<_> = none.into_iter().chain(teams.iter().map(|team| (&*team.slug, &*team.name))).collect();
    let zone = Some(entered.text("timezone")).filter(|zone| !zone.is_empty());
    html! {
        form.card #add method="post" action="/admin/people" {
            (token_field(call, visitor))
            h2 { (all.add_person) }
            p { (all.add_person_help) }
            (fields.summary(|name| label(words, all, name)))
            (fields.line("email", words.email))
            (fields.line("name", all.person_name))
            (fields.framed("timezone", all.person_zone, |described, wrong| html! {
                select #timezone name="timezone" aria-invalid=[wrong.then_some("true")] aria-describedby=(described) {
                    option value="" selected[zone.is_none()] { (all.zone_of_team) }
                    (zone_choice::every_option(reader, zone))
                }
            }))
            (fields.choice("team", all.person_team, &teams))
            (fields.choice("role", (words.role, all.role_hint), &roles))
            p.actions { button type="submit" { (words.add) } }
        }
    }
}

fn label(words: &TeamWords, all: &super::Administration, name: &str) -> &'static str {
    match name {
        "email" => words.email.0,
        "name" => all.person_name.0,
        "timezone" => all.person_zone.0,
        "role" => words.role,
        _ => all.person_team.0,
    }
}
