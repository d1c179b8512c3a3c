//! How long until a session starts, and the way in when it is time. A script keeps it true while the page is open;
//! without one it says what was true when the page was made.

use maud::{Markup, html};

use super::assets;
use super::times::machine;
use super::words::language::Words;

/// From so many seconds before the start on, the way in stands here.
const DOORS_OPEN: i64 = 600;

/// The countdown of a session from start to end (UTC seconds); `link` is where it takes place, when that is an address to open.
pub(super) fn countdown(words: &Words, (starts, ends): (i64, i64), now: i64, link: Option<&str>) -> Markup {
    let left = starts - now;
    let text = if now >= ends {
        words.has_ended.to_owned()
    } else if left > 0 {
        words.starts_in.replace("{}", &span(words, left))
    } else {
        words.starting_now.to_owned()
    };
    html! {
        p.countdown data-starts=(machine(starts)) data-ends=(machine(ends)) data-now=(machine(now))
            data-left=(words.starts_in) data-begun=(words.starting_now) data-over=(words.has_ended)
            data-units=(words.time_units.join(" ")) {
            time datetime=(machine(starts)) { (text) }
            @if let Some(link) = link {
                " " a.button href=(link) rel="noopener noreferrer" hidden[now >= ends || left > DOORS_OPEN] { (words.join_now) }
            }
        }
        script src=(assets::countdown_path()) defer {}
    }
}

/// The two largest units of a stretch of time: `2 d 4 h`, `4 h 10 min`, `9 min 30 s`.
fn span(words: &Words, seconds: i64) -> String {
    let parts = [seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60];
    let first = parts.iter().position(|part| *part > 0).unwrap_or(0);
    let named = parts.iter().zip(words.time_units).skip(first).take(2);
    named.map(|(part, unit)| format!("{part}\u{a0}{unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::words::en::EN;

    fn shown(left: i64) -> String {
        let starts = 1_795_716_000;
        countdown(&EN, (starts, starts + 3600), starts - left, Some("https://meet.example/x"))
            .into_string()
            .replace('\u{a0}', " ")
    }

    #[test]
    fn the_text_without_a_script_tells_what_is_left() {
        for (left, text) in [
            (2 * 86_400 + 4 * 3_600 + 59, "Starts in 2 d 4 h"),
            (4 * 3_600 + 600, "Starts in 4 h 10 min"),
            (570, "Starts in 9 min 30 s"),
            (30, "Starts in 30 s"),
            (0, "Starting now"),
            (-3_599, "Starting now"),
            (-3_600, "This session is over"),
        ] {
            assert!(shown(left).contains(&format!(">{text}</time>")), "{left}: {}", shown(left));
        }
    }

    #[test]
    fn the_way_in_stands_there_when_it_is_time() {
        for (left, hidden) in [(601, true), (600, false), (0, false), (-3_599, false), (-3_600, true)] {
            assert_eq!(shown(left).contains("hidden>"), hidden, "{left}: {}", shown(left));
        }
        assert!(!countdown(&EN, (10, 20), 10, None).into_string().contains("<a"));
    }
}
