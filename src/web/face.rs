//! People's pictures beside their names, and `/pictures/{name}`, where they are.

use http::StatusCode;
use http::header;
use maud::{Markup, html};

use super::{failed, missing};
use crate::people::pictures;
use crate::surface::{Answer, Call, bytes, with};

/// Somebody's picture, if they have one. Their name stands beside it, so it has no words of its own.
pub(super) fn face(picture: Option<&str>) -> Markup {
    html! {
        @if let Some(name) = picture {
            img.face src={ "/pictures/" (name) } alt="" width="40" height="40";
        }
    }
}

/// `GET /pictures/{name}`. Another picture has another name, so browsers keep it; nothing between keeps it for others.
pub async fn picture(call: Call) -> Answer {
    let found = async { pictures::named(&mut call.desk.db.read().await?, call.param(0)).await };
    match found.await {
        Ok(Some(picture)) => {
            let answer = bytes(StatusCode::OK, "image/jpeg", picture);
            with(answer, header::CACHE_CONTROL, "private, max-age=31536000, immutable")
        }
        Ok(None) => missing(),
        Err(error) => failed(&call, &error),
    }
}
