//! For whoever watches over the server: is it alive, can it work.

use http::{StatusCode, header};

use crate::surface::{Answer, Call, text, with};

/// `/healthz`: the process answers.
pub(super) async fn alive(_: Call) -> Answer {
    with(text(StatusCode::OK, "ok\n"), header::CACHE_CONTROL, "no-store")
}

/// `/readyz`: the database answers as well.
pub(super) async fn ready(call: Call) -> Answer {
    let works = async { call.desk.db.read().await?.one::<(i64,)>("SELECT CAST(1 AS BIGINT)", vec![]).await };
    let answer = match works.await {
        Ok(_) => text(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            text(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    };
    with(answer, header::CACHE_CONTROL, "no-store")
}
