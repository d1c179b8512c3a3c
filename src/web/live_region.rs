//! Where a page of open times hears and tells of changes: what the script `live.js` looks for.
//!
//! Slots are found by `data-slot="{type}/{start}"`, on the link of each slot and on the form that books one. What stands in
//! an element with `data-refresh` is shown anew as a whole.

use maud::{Markup, html};

use super::assets;
use super::times::machine;
use super::words::language::Words;

/// The region of a page about `topic` (what follows `/live/` in its address), made from the answer `point` (see [`Pooled::point`](crate::desk::slots::Pooled::point)).
pub(super) fn region(words: &Words, topic: &str, kind: &str, point: &str) -> Markup {
    html! {
        p.live role="status" data-live={ "/live/" (topic) } data-since=(point) data-type=(kind)
            data-taken=(words.just_taken) data-taken-said=(words.some_taken)
            data-closed=(words.now_closed) data-closed-said=(words.some_closed)
            data-again=(words.some_again) data-more=(words.some_new)
            data-changed=(words.times_changed) {
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
