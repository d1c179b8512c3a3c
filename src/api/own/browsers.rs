//! `/api/v1/me/browsers`: where the caller is signed in.

use serde_json::{Value, json};

use crate::api::answers::{Reply, broken, done, id, nothing_here, told};
use crate::api::me::caller;
use crate::api::times;
use crate::people::web_sessions::{self, Browser, SignOut};
use crate::surface::Call;

/// `GET /api/v1/me/browsers`
pub async fn list(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let mut conn = call.desk.db.read().await.map_err(broken(&call))?;
    let all = web_sessions::of(&mut conn, person, call.desk.clock.now()).await.map_err(broken(&call))?;
    told(&json!({ "browsers": all.iter().map(write).collect::<Vec<_>>() }))
}

fn write(browser: &Browser) -> Value {
    json!({
        "id": browser.id.to_string(),
        "browser": browser.browser,
        "since": times::write(browser.created),
        "last_seen": times::write(browser.seen),
    })
}

/// `DELETE /api/v1/me/browsers/{browser}`
pub async fn end(call: Call) -> Reply {
    let (person, session) = (caller(&call)?.id, Some(id(&call, 0)));
    let gone = call.desk.db.run(SignOut { person, session, now: call.desk.clock.now() }).await;
    if gone.map_err(broken(&call))? == 0 { Err(nothing_here(&call)) } else { done() }
}

/// `DELETE /api/v1/me/browsers`: all of them.
pub async fn end_all(call: Call) -> Reply {
    let person = caller(&call)?.id;
    let ended = call.desk.db.run(SignOut { person, session: None, now: call.desk.clock.now() }).await;
    ended.map_err(broken(&call))?;
    done()
}
