//! Sign-in by a one-use link: GET shows a button, POST uses the link up. Scanners that follow links in mail only look.

use maud::html;

use super::layout::Page;
use super::visitor::{cookie_name, give_cookie};
use super::{failed, words};
use crate::db::DbError;
use crate::keys;
use crate::people;
use crate::people::sign_in::{LinkRefused, SignOut, UseLink, link_is_good};
use crate::surface::{Answer, Call, problem, see_other};

/// `GET /sign-in/{secret}`
pub async fn show(call: Call) -> Answer {
    let good = async { link_is_good(&mut call.desk.db.read().await?, call.param(0), call.desk.clock.now()).await };
    match good.await {
        Ok(true) => Page::secret(words::SIGN_IN).show(&html! {
            h1 { (words::SIGN_IN) }
            p { (words::SIGN_IN_HELP) }
            form method="post" { p.actions { button type="submit" { (words::SIGN_IN) } } }
        }),
        Ok(false) => spent(),
        Err(error) => failed(&call, &error),
    }
}

/// `POST /sign-in/{secret}`
pub async fn enter(call: Call) -> Answer {
    match open_session(&call).await {
        Ok((secret, is_admin)) => {
            let mut answer = see_other(if is_admin { "/admin" } else { "/host" });
            give_cookie(&call, &mut answer, Some(&secret));
            answer
        }
        Err(LinkRefused::Spent) => spent(),
        Err(LinkRefused::Db(error)) => failed(&call, &error),
    }
}

async fn open_session(call: &Call) -> Result<(String, bool), LinkRefused> {
    let secret = keys::random_secret().map_err(|error| DbError::Damaged(error.to_string()))?;
    let now = call.desk.clock.now();
    let command = UseLink { link: keys::digest(call.param(0)), session: keys::digest(&secret), now };
    let id = call.desk.db.run(command).await?;
    let person = people::by_id(&mut call.desk.db.read().await?, id).await?;
    Ok((secret, person.is_some_and(|person| person.admin)))
}

/// `POST /sign-out`
pub async fn leave(call: Call) -> Answer {
    if let Some(secret) = call.cookie(cookie_name(&call))
        && let Err(error) = call.desk.db.run(SignOut { session: keys::digest(secret) }).await
    {
        return failed(&call, &error);
    }
    let mut answer = see_other("/");
    give_cookie(&call, &mut answer, None);
    answer
}

fn spent() -> Answer {
    let content = html! {
        h1 { (words::LINK_SPENT) }
        p { (words::LINK_SPENT_HELP) }
        p { code { "openhour sign-in-link you@example.org" } }
    };
    Page::secret(words::LINK_SPENT).status(problem::NOT_FOUND.http_status()).show(&content)
}
