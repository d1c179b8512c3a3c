//! The part of `/profile` about one's picture.

use maud::{Markup, html};

use super::super::book::field;
use super::super::face::face;
use super::super::failed;
use super::super::reader::Reader;
use super::super::visitor::{token_field, uploading};
use super::super::words::picture::{DE, EN, PictureWords};
use super::profile::{self, Wrong};
use crate::desk::pictures::{self, PictureRefused};
use crate::people::web_sessions::SignedIn;
use crate::surface::{Answer, Call, see_other};

const PATH: &str = "/profile/picture";

fn words(reader: &Reader) -> &'static PictureWords {
    if reader.words.code == "de" { &DE } else { &EN }
}

/// `POST /profile/picture`
pub async fn save(call: Call) -> Answer {
    let (visitor, upload) = match uploading(&call).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    let person = visitor.person.id;
    let (done, result) = match upload.text("do") {
        "remove" => ("removed", pictures::remove(&call.desk, person).await.map_err(PictureRefused::Db)),
        _ => ("saved", pictures::set(&call.desk, person, upload.bytes("picture").unwrap_or_default()).await),
    };
    match result {
        Ok(()) => see_other(&Reader::of(&call, "UTC").link_with("/profile", &[("picture", done)])),
        Err(PictureRefused::Db(error)) => failed(&call, &error),
        Err(refused) => profile::again(&call, &visitor, &Wrong { picture: Some(&refused), ..Wrong::default() }).await,
    }
}

/// The picture, what can be done about it, and why it was not.
pub(super) fn section(call: &Call, visitor: &SignedIn, reader: &Reader, refused: Option<&PictureRefused>) -> Markup {
    let words = words(reader);
    let picture = visitor.person.picture.as_deref();
    let done = match call.query().text("picture") {
        "saved" => Some(words.saved),
        "removed" => Some(words.removed),
        _ => None,
    };
    let wrong = refused.map(words.wrong);
    html! {
        form.card #picture-of-you method="post" action=(reader.link(PATH)) enctype="multipart/form-data" {
            (token_field(call, visitor))
            h2 { (words.picture) }
            @if let Some(done) = done.filter(|_| wrong.is_none()) { p.soft role="status" { (done) } }
            @if picture.is_some() { p { (face(picture)) (visitor.person.name) } }
            p { (words.help) }
            (field("picture", words.file.0, Some(words.file.1), wrong, |described| html! {
                input #picture type="file" name="picture" accept="image/png,image/jpeg,image/webp" autofocus[wrong.is_some()]
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
            }))
            p.actions {
                button type="submit" { (words.save) }
                @if picture.is_some() { button.quiet type="submit" name="do" value="remove" { (words.remove) } }
            }
        }
    }
}
