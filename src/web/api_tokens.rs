//! `/api-tokens`: tokens for programs that use the API: made, shown once, listed, taken back.

use http::StatusCode;
use maud::{Markup, html};

use super::book::field;
use super::layout::Page;
use super::reader::Reader;
use super::times::machine;
use super::visitor::{required, submitting, token_field};
use super::{failed, please_sign_in};
use crate::db::DbError;
use crate::desk::secrets::{self, Maker};
use crate::people::api_tokens::{self, ApiToken, ApiTokenRefused, RevokeApiToken};
use crate::people::labels;
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

/// `GET /api-tokens`
pub async fn show(call: Call) -> Answer {
    match required(&call).await {
        Ok(visitor) => page(&call, &visitor, "", None).await,
        Err(answer) => answer,
    }
}

async fn page(call: &Call, visitor: &SignedIn, typed: &str, wrong: Option<&str>) -> Answer {
    match listed(call, visitor).await {
        Ok(tokens) => shown(call, visitor, &tokens, typed, wrong),
        Err(error) => failed(call, &error),
    }
}

async fn listed(call: &Call, visitor: &SignedIn) -> Result<Vec<ApiToken>, DbError> {
    api_tokens::of(&mut call.desk.db.read().await?, visitor.person.id).await
}

fn shown(call: &Call, visitor: &SignedIn, tokens: &[ApiToken], typed: &str, wrong: Option<&str>) -> Answer {
    let reader =
        Reader::own(call, visitor.person.timezone.as_deref(), "UTC").speaking(visitor.person.language.as_deref());
    let (words, account) = (reader.words, reader.words.account);
    let content = html! {
        p.back { a href=(reader.link("/host")) { (words.your_time) } }
        h1 { (account.api_tokens) }
        p.lead { (account.api_tokens_lead) }
        p.soft { a href="/api/v1/openapi.json" { (account.api_description) } }
        @if !tokens.is_empty() {
            ul.cards { @for token in tokens { li { (entry(call, visitor, &reader, token)) } } }
        }
        form method="post" action=(reader.link("/api-tokens")) {
            (token_field(call, visitor))
            (field("label", words.own.app_password_label, Some(account.api_token_hint), wrong, |described| html! {
                input #label type="text" name="label" value=(typed) required maxlength=(labels::LONGEST)
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions { button type="submit" { (account.make_api_token) } }
        }
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::secret(account.api_tokens).status(status).reader(&reader, "/api-tokens", &[]);
    page.visitor(Some(&visitor.person)).show(&content)
}

fn entry(call: &Call, visitor: &SignedIn, reader: &Reader, token: &ApiToken) -> Markup {
    let own = reader.words.own;
    let day = |at| html! { time datetime=(machine(at)) { (reader.day(at)) } };
    html! {
        strong { (token.label) }
        p.hint {
            (own.made) " " (day(token.created)) " · "
            @match token.last_used {
                Some(used) => { (own.last_used) " " (day(used)) },
                None => (own.never_used),
            }
        }
        form method="post" action=(reader.link("/api-tokens/revoke")) {
            (token_field(call, visitor))
            button.link type="submit" name="id" value=(token.id) aria-label={ (own.revoke) ": " (token.label) } {
                (own.revoke)
            }
        }
    }
}

/// `POST /api-tokens`: makes one and shows it, this once.
pub async fn make(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let reader =
        Reader::own(&call, visitor.person.timezone.as_deref(), "UTC").speaking(visitor.person.language.as_deref());
    let (own, account) = (reader.words.own, reader.words.account);
    let form = call.form();
    let label = form.text("label");
    if !labels::is_usable(label) {
        return page(&call, &visitor, label, Some(own.wrong_label)).await;
    }
    match create(&call, &visitor, label).await {
        Ok(token) => {
            let content = html! {
                h1 { (account.api_token_made) }
                div.card {
                    dl.facts {
                        dt { (account.api_address) } dd { code { (call.absolute("/api/v1/")) } }
                        dt { (account.api_token) } dd { code.secret { (token) } }
                    }
                }
                p { strong { (account.token_shown_once) } }
                p.soft { (account.api_token_use) " " code { "Authorization: Bearer …" } }
                p.actions { a.button href=(reader.link("/api-tokens")) { (own.noted) } }
            };
            Page::secret(account.api_token_made).reader_only(&reader).visitor(Some(&visitor.person)).show(&content)
        }
        Err(ApiTokenRefused::TooMany) => page(&call, &visitor, label, Some(account.many_api_tokens)).await,
        Err(ApiTokenRefused::NotAllowed) => please_sign_in(&call),
        Err(ApiTokenRefused::Db(error)) => failed(&call, &error),
    }
}

async fn create(call: &Call, visitor: &SignedIn, label: &str) -> Result<String, ApiTokenRefused> {
    let person = visitor.person.id;
    secrets::api_token(&call.desk, person, label, Maker { person: Some(person), token: None }).await
}

/// `POST /api-tokens/revoke`
pub async fn revoke(call: Call) -> Answer {
    let visitor = match submitting(&call).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let id = call.form().text("id").parse().unwrap_or(0);
    match call.desk.db.run(RevokeApiToken { person: visitor.person.id, id, now: call.desk.clock.now() }).await {
        Ok(_) => see_other(&Reader::of(&call, "UTC").link("/api-tokens")),
        Err(error) => failed(&call, &error),
    }
}
