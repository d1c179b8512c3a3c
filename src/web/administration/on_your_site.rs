//! What a lead copies into a page of their own: a frame with the open times, or a link.

use maud::{Markup, html};

use super::super::embed::words;
use super::super::reader::Reader;
use crate::surface::{Call, encode};
use crate::teams::{SessionType, Team};

/// For a type, if anybody may book it, or for all of the team.
pub(super) fn section(call: &Call, reader: &Reader, team: &Team, kind: Option<&SessionType>) -> Markup {
    if kind.is_some_and(|kind| kind.internal || !kind.active) {
        return html! {};
    }
    let words = words(reader);
    let slug = encode(&team.slug);
    let path = kind.map_or_else(|| slug.clone(), |kind| format!("{slug}/{}", encode(&kind.slug)));
    let name = kind.map_or_else(|| team.name.clone(), |kind| format!("{}, {}", kind.name, team.name));
    let title = (words.book_a_time)(&name);
    let (embed, book) = (call.absolute(&format!("/embed/{path}")), call.absolute(&format!("/book/{path}")));
    let frame =
        html! { iframe src=(embed) title=(title) loading="lazy" width="100%" height="720" style="border: 0" {} };
    let link = html! { a href=(book) { (title) } };
    html! {
        h2 { (if kind.is_some() { words.on_your_site } else { words.lines_to_copy }) }
        @if !team.public {
            p { (words.not_public) }
        } @else {
            @if team.embed_on.is_empty() {
                p { (words.no_sites) " " a href={ "/lead/" (slug) "/settings#embed_on" } { (words.name_sites) } }
            } @else {
                (code("frame-code", words.frame_code, &frame.into_string(), 5))
                p.hint { (words.options) }
                p { a href={ "/embed/" (path) } target="_blank" rel="noopener" { (words.look) } }
            }
            (code("link-code", words.link_code, &link.into_string(), 2))
        }
    }
}

/// Something to copy.
fn code(id: &str, said: (&str, &str), text: &str, rows: u8) -> Markup {
    html! {
        div.field {
            label for=(id) { (said.0) }
            p.hint id={ (id) "-hint" } { (said.1) }
            textarea.code id=(id) rows=(rows) readonly spellcheck="false" aria-describedby={ (id) "-hint" } { (text) }
        }
    }
}
