//! The form that shows times in another zone.

use std::sync::LazyLock;

use maud::{Markup, PreEscaped, html};

use super::times::Zone;
use super::words;

/// All zones as options, grouped by region; made once.
static OPTIONS: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| {
            name.split_once('/').is_some_and(|(region, _)| {
                matches!(
                    region,
                    "Africa"
                        | "America"
                        | "Antarctica"
                        | "Arctic"
                        | "Asia"
                        | "Atlantic"
                        | "Australia"
                        | "Europe"
                        | "Indian"
                        | "Pacific"
                )
            })
        })
        .collect();
    names.sort();
    let regions = names.chunk_by(|a, b| a.split('/').next() == b.split('/').next());
    html! {
        option value="UTC" { "UTC" }
        @for region in regions {
            optgroup label=(region[0].split('/').next().unwrap_or_default()) {
                @for name in region { option value=(name) { (name.replace('_', " ")) } }
            }
        }
    }
    .into_string()
});

/// A GET form with the zones; `keep` are the other parameters of the page.
pub(super) fn form(action: &str, current: &Zone, keep: &[(&str, &str)]) -> Markup {
    html! {
        form.zone method="get" action=(action) {
            @for (name, value) in keep { input type="hidden" name=(name) value=(value); }
            div.field {
                label for="tz" { (words::TIMES_IN) }
                select #tz name="tz" {
                    option value=(current.name) selected { (current.label()) }
                    (PreEscaped(OPTIONS.as_str()))
                }
            }
            button.quiet type="submit" { (words::SHOW) }
        }
    }
}
