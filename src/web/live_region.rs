//! Where a page of open times hears and tells of changes: what the script `live.js` looks for.
//!
//! Slots are found by `data-slot="{type}/{start}"`, on the link of each slot and on the form that books one.

use maud::{Markup, html};

use super::assets;
use super::times::machine;
use super::words::language::Words;
use crate::surface::encode;

/// The region of a page made from the answer `point` (see [`Pooled::point`](crate::desk::slots::Pooled::point)).
pub(super) fn region(words: &Words, team: &str, kind: &str, point: &str) -> Markup {
    html! {
        p.live role="status" data-live={ "/live/teams/" (encode(team)) } data-since=(point) data-type=(kind)
            data-taken=(words.just_taken) data-taken-said=(words.some_taken)
            data-closed=(words.now_closed) data-closed-said=(words.some_closed)
            data-again=(words.some_again) data-more=(words.some_new) {
            span {} " " a href="" hidden { (words.show_new) }
        }
        script src=(assets::live_path()) defer {}
    }
}

/// Names a slot for the script.
pub(super) fn name(kind: &str, start: i64) -> String {
    format!("{kind}/{}", machine(start))
}

/// Inside the form: what to do when its time is taken while somebody types.
pub(super) fn lost(words: &Words) -> Markup {
    html! {
        div.notice.alert data-lost hidden {
            p { (words.taken_while_typing) }
            div.actions {}
        }
    }
}
