//! `/lead/{team}/types`: the session types of a team; `/lead/{team}/new-type` and `/lead/{team}/types/{type}`: one of
//! them with everything that can be set.

use http::StatusCode;
use maud::{Markup, html};

use super::super::layout::Page;
use super::super::subject::swatch;
use super::super::visitor::{required, submitting, token_field};
use super::super::{failed, missing};
use super::entered::{Entered, Fields, spell};
use super::{TeamWords, notice, on_your_site, reader, team_nav, team_words};
use crate::db::DbError;
use crate::desk::teams::{Actor, EditType, RemoveType, TeamRefused};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, encode, see_other};
use crate::teams::{self, MOST_QUESTIONS, PhoneWish, PlaceKind, Question, QuestionKind, SessionType, Team, TypeChange};

const NAMES: &[&str] = &[
    "name",
    "slug",
    "description",
    "minutes",
    "step",
    "capacity",
    "notice",
    "buffer_before",
    "buffer_after",
    "booking_window",
    "internal",
    "approval",
    "place",
    "place_detail",
    "color",
    "phone",
    "reminders",
    "position",
    "active",
];
/// Rows for questions that are not there yet.
const FREE_ROWS: usize = 2;

/// `GET /lead/{team}/types`
pub async fn types(call: Call) -> Answer {
    let visitor = match required(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (team, types) = match known(&call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let reader = reader(&call, visitor.person.timezone.as_deref());
    let words = team_words(&reader);
    let path = format!("/lead/{}/types", encode(&team.slug));
    let done = (call.query().text("done") == "removed").then_some(words.removed);
    let content = html! {
        (team_nav(&reader, &team, "types"))
        h1 { (words.types) ": " (team.name) }
        (notice(done, false))
        @if types.is_empty() { p.soft { (words.no_types) } }
        ul.cards {
            @for kind in &types {
                li {
                    a href={ (path) "/" (encode(&kind.slug)) } { (swatch(&kind.color)) (kind.name) }
                    p.hint {
                        ((reader.words.minutes)(kind.minutes))
                        @if kind.capacity > 1 { " · " ((reader.words.group)(kind.capacity)) }
                        " · " ((words.place_of)(kind.place))
                        @if kind.internal { " · " (words.internal.0) }
                        @if kind.approval { " · " (words.approval.0) }
                        @if !kind.active { " · " strong { (words.switched_off) } }
                    }
                }
            }
        }
        p.actions { a.button href={ "/lead/" (encode(&team.slug)) "/new-type" } { (words.new_type) } }
    };
    let title = format!("{}: {}", words.types, team.name);
    Page::secret(&title).reader(&reader, &path, &[]).visitor(Some(&visitor.person)).show(&content)
}

/// `GET /lead/{team}/new-type`
pub async fn new_type(call: Call) -> Answer {
    let kind = SessionType {
        minutes: 60,
        capacity: 1,
        active: true,
        reminders: vec![86_400, 3_600],
        ..SessionType::default()
    };
    match (required(&call).await, known(&call).await) {
        (Ok(visitor), Ok(Some((team, types)))) => {
            let position = types.iter().map(|kind| kind.position + 1).max().unwrap_or(0);
            let entered = stored(&SessionType { position, ..kind });
            page(&call, &visitor, &team, None, &entered, None)
        }
        (Err(answer), _) => answer,
        (_, Ok(None)) => missing(),
        (_, Err(error)) => failed(&call, &error),
    }
}

/// `GET /lead/{team}/types/{type}`
pub async fn session_type(call: Call) -> Answer {
    match (required(&call).await, known(&call).await) {
        (Ok(visitor), Ok(Some((team, types)))) => match types.iter().find(|kind| kind.slug == call.param(1)) {
            Some(kind) => page(&call, &visitor, &team, Some(kind), &stored(kind), None),
            None => missing(),
        },
        (Err(answer), _) => answer,
        (_, Ok(None)) => missing(),
        (_, Err(error)) => failed(&call, &error),
    }
}

/// `POST /lead/{team}/new-type` and `POST /lead/{team}/types/{type}`
pub async fn save_type(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let (team, types) = match known(&call).await {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return failed(&call, &error),
    };
    let kind = types.iter().find(|kind| kind.slug == call.param(1));
    if kind.is_none() && !call.param(1).is_empty() {
        return missing();
    }
    let actor = Actor::from(&visitor.person);
    let now = call.desk.clock.now();
    let path = format!("/lead/{}/types", encode(&team.slug));
    if let (Some(kind), "remove") = (kind, call.form().text("do")) {
        let command = RemoveType { team: team.slug.clone(), slug: kind.slug.clone(), actor, now };
        return match call.desk.db.run(command).await {
            Ok(()) => see_other(&format!("{path}?done=removed")),
            Err(TeamRefused::InUse) => {
                let words = team_words(&reader(&call, None));
                page(&call, &visitor, &team, Some(kind), &stored(kind), Some(words.in_use))
            }
            Err(TeamRefused::Db(error)) => failed(&call, &error),
            Err(_) => missing(),
        };
    }
    let mut entered = typed(&call);
    let change = change(&mut entered);
    if entered.errors.is_empty() {
        let known = kind.map(|kind| kind.slug.clone());
        match call.desk.db.run(EditType { team: team.slug.clone(), known, change, actor, now }).await {
            Ok(kind) => return see_other(&format!("{path}/{}?done=saved", encode(&kind.slug))),
            Err(TeamRefused::Invalid(errors)) => entered.errors = errors,
            Err(TeamRefused::Db(error)) => return failed(&call, &error),
            Err(_) => return missing(),
        }
    }
    page(&call, &visitor, &team, kind, &entered, None)
}

async fn known(call: &Call) -> Result<Option<(Team, Vec<SessionType>)>, DbError> {
    let mut conn = call.desk.db.read().await?;
    let Some(team) = teams::any_by_slug(&mut conn, call.param(0)).await? else { return Ok(None) };
    let types = teams::all_types(&mut conn, team.id).await?;
    Ok(Some((team, types)))
}

fn stored(kind: &SessionType) -> Entered {
    let mut entered = Entered::default();
    for (name, value) in [
        ("name", kind.name.as_str()),
        ("slug", &kind.slug),
        ("description", &kind.description),
        ("place", kind.place.word()),
        ("place_detail", &kind.place_detail),
        ("color", &kind.color),
        ("phone", kind.phone.word()),
    ] {
        entered.set(name, value);
    }
    for (name, number) in [("minutes", kind.minutes), ("capacity", kind.capacity), ("position", kind.position)] {
        entered.set(name, number.to_string());
    }
    for (name, rule) in [
        ("step", kind.step),
        ("notice", kind.rules.notice),
        ("buffer_before", kind.rules.buffer_before),
        ("buffer_after", kind.rules.buffer_after),
        ("booking_window", kind.rules.booking_window),
    ] {
        entered.set(name, rule.map(spell).unwrap_or_default());
    }
    for (name, ticked) in [("internal", kind.internal), ("approval", kind.approval), ("active", kind.active)] {
        entered.tick(name, ticked);
    }
    entered.set("reminders", kind.reminders.iter().copied().map(spell).collect::<Vec<_>>().join(", "));
    for (number, question) in kind.questions.iter().enumerate() {
        entered.set(&format!("q{number}"), question.label.as_str());
        entered.set(&format!("q{number}-kind"), question.kind.word());
        entered.tick(&format!("q{number}-required"), question.required);
        entered.set(&format!("q{number}-options"), question.options.join("\n"));
    }
    entered
}

fn typed(call: &Call) -> Entered {
    let questions = (0..MOST_QUESTIONS)
        .flat_map(|number| ["", "-kind", "-required", "-options"].map(|part| format!("q{number}{part}")));
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).chain(questions).collect();
    Entered::typed(&call.form(), &names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn change(entered: &mut Entered) -> TypeChange {
    TypeChange {
        slug: Some(entered.text("slug").to_owned()),
        name: Some(entered.text("name").to_owned()),
        description: Some(entered.text("description").to_owned()),
        minutes: entered.number("minutes"),
        step: entered.optional_duration("step"),
        notice: entered.optional_duration("notice"),
        buffer_before: entered.optional_duration("buffer_before"),
        buffer_after: entered.optional_duration("buffer_after"),
        booking_window: entered.optional_duration("booking_window"),
        capacity: entered.number("capacity"),
        active: Some(entered.ticked("active")),
        internal: Some(entered.ticked("internal")),
        approval: Some(entered.ticked("approval")),
        place: entered.word("place"),
        place_detail: Some(entered.text("place_detail").to_owned()),
        color: Some(entered.text("color").to_lowercase()),
        phone: entered.word("phone"),
        questions: Some(questions(entered)),
        reminders: entered.durations("reminders"),
        position: entered.number("position"),
    }
}

/// The rows in which something is asked.
fn questions(entered: &Entered) -> Vec<Question> {
    let rows = (0..MOST_QUESTIONS).filter(|number| !entered.text(&format!("q{number}")).is_empty());
    rows.map(|number| {
        let kind = entered.text(&format!("q{number}-kind")).parse().unwrap_or(QuestionKind::Short);
        let options = entered.text(&format!("q{number}-options"));
        let lines = options.lines().map(str::trim).filter(|line| !line.is_empty() && kind == QuestionKind::Choice);
        Question {
            label: entered.text(&format!("q{number}")).to_owned(),
            kind,
            required: entered.ticked(&format!("q{number}-required")),
            options: lines.map(str::to_owned).collect(),
        }
    })
    .collect()
}

fn page(
    call: &Call,
    visitor: &SignedIn,
    team: &Team,
    kind: Option<&SessionType>,
    entered: &Entered,
    refused: Option<&str>,
) -> Answer {
    let reader = reader(call, visitor.person.timezone.as_deref().or(Some(&team.timezone)));
    let words = team_words(&reader);
    let base = format!("/lead/{}", encode(&team.slug));
    let path = kind.map_or_else(|| format!("{base}/new-type"), |kind| format!("{base}/types/{}", encode(&kind.slug)));
    let title = kind.map_or(words.new_type, |kind| &kind.name);
    let good = entered.errors.is_empty() && refused.is_none();
    let saved = (call.query().text("done") == "saved" && good).then_some(words.saved);
    let fields = Fields { entered, words };
    let content = html! {
        (team_nav(&reader, team, "types"))
        h1 { (title) }
        (notice(saved, false))
        (notice(refused, true))
        @if let Some(kind) = kind {
            p.hint { a href={ "/book/" (encode(&team.slug)) "/" (encode(&kind.slug)) } { (words.book_page) } }
        }
        form method="post" action=(path) {
            (token_field(call, visitor))
            (fields.summary(|name| label(words, name)))
            (about(&fields))
            (asked(&fields))
            p.actions { button type="submit" { (if kind.is_some() { words.save } else { words.add }) } }
        }
        @if kind.is_some() {
            (on_your_site::section(call, &reader, team, kind))
            form.card method="post" action=(path) {
                (token_field(call, visitor))
                h2 { (words.remove) }
                p { (words.remove_type_help) }
                p.actions { button.danger type="submit" name="do" value="remove" { (words.remove) } }
            }
        }
    };
    let status = if good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::secret(title).reader(&reader, &path, &[]).visitor(Some(&visitor.person)).status(status).show(&content)
}

fn about(fields: &Fields<'_>) -> Markup {
    let words = fields.words;
    let places: Vec<_> = PlaceKind::ALL.iter().map(|place| (place.word(), (words.place_of)(*place))).collect();
    html! {
        (fields.line("name", words.name))
        (fields.line("slug", words.slug))
        (fields.lines("description", words.description))
        div.pairs {
            (fields.line("minutes", words.minutes))
            (fields.line("capacity", words.capacity))
            (fields.line("color", words.color))
            (fields.line("position", words.position))
        }
        (fields.tick("active", words.type_active))
        (fields.tick("internal", words.internal))
        (fields.tick("approval", words.approval))
        h2 { (words.where_) }
        (fields.choice("place", words.place, &places))
        (fields.line("place_detail", words.place_detail))
        h2 { (words.when_open) }
        div.pairs {
            (fields.line("notice", words.notice))
            (fields.line("booking_window", words.booking_window))
            (fields.line("buffer_before", words.buffer_before))
            (fields.line("buffer_after", words.buffer_after))
            (fields.line("step", words.step))
            (fields.line("reminders", words.reminders))
        }
    }
}

fn asked(fields: &Fields<'_>) -> Markup {
    let words = fields.words;
    let phones: Vec<_> = PhoneWish::ALL.iter().map(|phone| (phone.word(), (words.phone_of)(*phone))).collect();
    let kinds: Vec<_> = QuestionKind::ALL.iter().map(|kind| (kind.word(), (words.kind_of)(*kind))).collect();
    let used = (0..MOST_QUESTIONS).rev().find(|number| !fields.entered.text(&format!("q{number}")).is_empty());
    let rows = (used.map_or(0, |last| last + 1) + FREE_ROWS).min(MOST_QUESTIONS);
    let wrong = fields.entered.wrong(words, "questions");
    html! {
        h2 { (words.form_asks) }
        (fields.choice("phone", words.phone, &phones))
        h3 #questions { (words.questions) }
        p.hint { (words.questions_help) }
        @if let Some(wrong) = wrong { p.wrong { (wrong) } }
        @for number in 0..rows {
            fieldset.card {
                legend { ((words.question)(number + 1)) }
                (question(fields, number, &kinds))
            }
        }
    }
}

fn question(fields: &Fields<'_>, number: usize, kinds: &[(&str, &str)]) -> Markup {
    let (words, entered) = (fields.words, fields.entered);
    let id = |part: &str| format!("q{number}{part}");
    html! {
        div.field {
            label for=(id("")) { ((words.question)(number + 1)) }
            input type="text" id=(id("")) name=(id("")) value=(entered.text(&id(""))) maxlength="200" autocomplete="off";
        }
        div.field {
            label for=(id("-kind")) { (words.question_kind) }
            select id=(id("-kind")) name=(id("-kind")) {
                @for (word, told) in kinds { option value=(word) selected[entered.text(&id("-kind")) == *word] { (told) } }
            }
        }
        div.field {
            label for=(id("-options")) { (words.options.0) }
            p.hint id=(id("-hint")) { (words.options.1) }
            textarea id=(id("-options")) name=(id("-options")) rows="3" maxlength="4100" aria-describedby=(id("-hint")) {
                (entered.text(&id("-options")))
            }
        }
        div.field.tick {
            label for=(id("-required")) {
                input type="checkbox" id=(id("-required")) name=(id("-required")) value="yes" checked[entered.ticked(&id("-required"))];
                " " (words.required)
            }
        }
    }
}

fn label(words: &TeamWords, name: &str) -> &'static str {
    match name {
        "name" => words.name.0,
        "slug" => words.slug.0,
        "description" => words.description.0,
        "minutes" => words.minutes.0,
        "step" => words.step.0,
        "capacity" => words.capacity.0,
        "notice" => words.notice.0,
        "booking_window" => words.booking_window.0,
        "buffer_before" => words.buffer_before.0,
        "buffer_after" => words.buffer_after.0,
        "place" => words.place.0,
        "place_detail" => words.place_detail.0,
        "color" => words.color.0,
        "phone" => words.phone.0,
        "reminders" => words.reminders.0,
        "position" => words.position.0,
        _ => words.questions,
    }
}
