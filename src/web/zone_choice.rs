//! In which zone the times are, and the way to another: some zones on every page, all of them on a page of their own.

use maud::{Markup, html};

use super::layout::Page;
use super::reader::Reader;
use super::subject::Subject;
use super::times::Zone;
use crate::surface::{Answer, Call};

/// One for each offset and clock change that many people live with, from west to east.
const COMMON: &[&str] = &[
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/Mexico_City",
    "America/New_York",
    "America/Bogota",
    "America/Halifax",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "UTC",
    "Europe/Lisbon",
    "Europe/London",
    "Africa/Lagos",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Vienna",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Europe/Athens",
    "Europe/Kyiv",
    "Africa/Nairobi",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Australia/Perth",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Pacific/Auckland",
];

/// The regions whose zones people live in.
const REGIONS: &[&str] =
    &["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// `Times in Europe/Paris (UTC+1)`, the team's zone where it differs, and what changes both zone and host.
/// `path` and `more` are the page's address.
pub(super) fn line(subject: &Subject, path: &str, more: &[(&str, &str)]) -> Markup {
    let reader = &subject.reader;
    let words = reader.words;
    let team = subject.team_zone();
    let differs = reader.zone.offset(reader.now) != team.offset(reader.now);
    html! {
        details.zone {
            summary {
                span { (words.times_in) " " strong { (reader.zone.label_at(reader.now)) } }
                " " span.link { (words.change_zone) }
            }
            form method="get" action=(path) {
                (hidden(reader, more, "tz"))
                div.field {
                    label for="tz" { (words.zone) }
                    select #tz name="tz" { (options(reader, COMMON.iter().copied())) }
                }
                button.quiet type="submit" { (words.show) }
                @if subject.frame.is_none() {
                    p.hint { a href=(reader.link_with("/zones", &[("page", path)])) { (words.all_zones) } }
                }
            }
        }
        @if differs { p.hint { ((words.team_is_in)(&team.label_at(reader.now))) } }
        @if subject.facts.team.show_hosts && subject.facts.hosts.len() > 1 { (host_form(subject, path, more)) }
    }
}

/// Where the team shows its hosts: with whom.
fn host_form(subject: &Subject, path: &str, more: &[(&str, &str)]) -> Markup {
    let reader = &subject.reader;
    html! {
        form.inline method="get" action=(path) {
            (hidden(reader, more, "host"))
            div.field {
                label for="host" { (reader.words.with_whom) }
                select #host name="host" {
                    option value="" { (reader.words.anybody) }
                    @for host in subject.facts.hosts.iter().take(200) {
                        option value=(host.person) selected[subject.host == Some(host.person)] { (host.name) }
                    }
                }
            }
            button.quiet type="submit" { (reader.words.show) }
        }
    }
}

/// What the form keeps of the address, but for the parameter it sets itself.
fn hidden(reader: &Reader, more: &[(&str, &str)], but: &str) -> Markup {
    let kept = reader.kept().iter().map(|(name, value)| (*name, value.as_str()));
    html! {
        @for (name, value) in kept.chain(more.iter().copied()).filter(|(name, _)| *name != but) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// Every zone as an option of a form, one of them chosen.
pub(super) fn every_option(reader: &Reader, chosen: Option<&str>) -> Markup {
    let known = zone_names();
    html! {
        @if let Some(own) = chosen.filter(|own| !known.iter().any(|name| name == own)) {
            option value=(own) selected { (own.replace('_', " ")) }
        }
        @for zone in known.iter().filter_map(|name| Zone::find(name)) {
            option value=(zone.name) selected[chosen == Some(zone.name.as_str())] { (zone.label_at(reader.now)) }
        }
    }
}

fn options<'a>(reader: &Reader, names: impl Iterator<Item = &'a str>) -> Markup {
    let current = &reader.zone.name;
    let mut zones: Vec<Zone> = names.filter(|name| name != current).filter_map(Zone::find).collect();
    zones.retain(|zone| zone.name != *current);
    html! {
        option value=(current) selected { (reader.zone.label_at(reader.now)) }
        @for zone in zones { option value=(zone.name) { (zone.label_at(reader.now)) } }
    }
}

/// `/zones?page=...`: every zone, and back to the page.
pub async fn all(call: Call) -> Answer {
    let query = call.query();
    let page = query.get("page").filter(|page| is_ours(page)).unwrap_or("/").to_owned();
    let mut reader = Reader::of(&call, "UTC");
    if let Some(host) = query.get("host") {
        reader.keep("host", host.to_owned());
    }
    let words = reader.words;
    let names = zone_names();
    let content = html! {
        h1 { (words.choose_zone) }
        form method="get" action=(page) {
            (hidden(&reader, &[], "tz"))
            div.field {
                label for="tz" { (words.zone) }
                select #tz name="tz" size="12" {
                    option value="UTC" selected[reader.zone.name == "UTC"] { "UTC" }
                    @for region in names.chunk_by(|a, b| region(a) == region(b)) {
                        optgroup label=(region.first().map_or("", |name| self::region(name))) {
                            @for name in region {
                                option value=(name) selected[*name == reader.zone.name] { (name.replace('_', " ")) }
                            }
                        }
                    }
                }
            }
            p.actions { button type="submit" { (words.show) } }
        }
    };
    Page::public(words.choose_zone).reader(&reader, "/zones", &[("page", &page)]).show(&content)
}

/// Only pages on which people book: a form must not lead anywhere else.
fn is_ours(page: &str) -> bool {
    page.starts_with("/book/") && page.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\?#".contains(&byte))
}

fn region(name: &str) -> &str {
    name.split('/').next().unwrap_or_default()
}

fn zone_names() -> Vec<String> {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name.contains('/') && REGIONS.contains(&region(name)))
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_zone_exists() {
        for name in COMMON {
            assert!(Zone::find(name).is_some_and(|zone| zone.name == *name), "{name}");
        }
        assert!(zone_names().len() > 300);
    }

    #[test]
    fn the_way_back_leads_to_booking_pages_only() {
        assert!(is_ours("/book/coaches/talk/2026-11-26"));
        for foreign in ["//evil.example/book/", "https://evil.example/", "/host", "/book/a b", "/book/a?x=1"] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }
}
