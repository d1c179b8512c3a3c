//! Which events are offers, and of what (CN-1, CN-13).

use std::borrow::Cow;

use caldav::ical::tree::{Component, Line};

use super::offer_rules::{Described, OfferRules, Slip};

/// Titles that make an event an offer, such as "available" in several languages.
#[derive(Debug, Clone, Default)]
pub struct OfferWords(Vec<String>);

/// What an event that is an offer says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The session types it serves.
    pub scope: Scope,
    /// The rules in its description (CN-16).
    pub rules: OfferRules,
    /// What there looks like a rule and is none.
    pub slips: Vec<Slip>,
}

/// The session types an offer serves, as its event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every team and type of its host.
    Everything,
    /// What follows the word, lower case: slug or name of a type, or `team/type`. An unknown one publishes nothing.
    Named(String),
    /// CATEGORIES, lower case. Those that name a type pick it; when none does, the offer serves everything.
    Categories(Vec<String>),
}

impl OfferWords {
    /// The words, compared without regard to case and outer spaces.
    pub fn new<S: AsRef<str>>(words: &[S]) -> Self {
        Self(words.iter().map(|word| folded(word.as_ref())).filter(|word| !word.is_empty()).collect())
    }

    /// All of them, folded.
    pub fn all(&self) -> &[String] {
        &self.0
    }

    /// What a VEVENT offers, and by which rules; `None`: it is an ordinary event. `host` is the lower-case address of the
    /// calendar's owner. A type behind the title's colon wins over one in the description, which wins over categories.
    pub fn offer(&self, event: &Component, host: &str) -> Option<Offered> {
        let scope = self.scope(event, host)?;
        let text = event.get("DESCRIPTION").map(Line::text).unwrap_or_default();
        let Described { rules, type_name, slips } = Described::read(&text);
        let scope = match (scope, type_name) {
            (Scope::Everything | Scope::Categories(_), Some(name)) => Scope::Named(name),
            (scope, _) => scope,
        };
        Some(Offered { scope, rules, slips })
    }

    /// What a VEVENT's title and categories offer; `None`: it is an ordinary event.
    ///
    /// Whether an instance is cancelled is not asked here: it neither offers nor blocks.
    fn scope(&self, event: &Component, host: &str) -> Option<Scope> {
        let title = folded(&event.get("SUMMARY")?.text());
        let scope = self.0.iter().find_map(|word| suffix(&title, word))?;
        let confirmed = event.get("STATUS").is_none_or(|status| status.value.trim().eq_ignore_ascii_case("CONFIRMED"));
        let own = event.get("ORGANIZER").is_none_or(|organizer| is_address_of(organizer, host));
        if !confirmed || !own {
            return None;
        }
        Some(match scope {
            "" => categories(event),
            named => Scope::Named(named.to_owned()),
        })
    }
}

impl Scope {
    /// As `occurrences.scope` keeps it: NULL, the name, or a line break before each category.
    pub fn stored(&self) -> Option<String> {
        match self {
            Scope::Everything => None,
            Scope::Named(name) => Some(name.clone()),
            Scope::Categories(list) => Some(list.iter().map(|category| format!("\n{category}")).collect()),
        }
    }

    /// The inverse of [`Scope::stored`].
    pub fn read(stored: Option<&str>) -> Self {
        match stored {
            None => Scope::Everything,
            Some(text) => match text.strip_prefix('\n') {
                Some(list) => Scope::Categories(list.split('\n').map(str::to_owned).collect()),
                None => Scope::Named(text.to_owned()),
            },
        }
    }
}

/// Whether ORGANIZER or ATTENDEE is one of these addresses (lower case, white space between). Relays put the real one into EMAIL (RFC 7986 §6.2).
pub(super) fn is_address_of(line: &Line, addresses: &str) -> bool {
    let value = line.value.trim();
    let address = match value.split_at_checked("mailto:".len()) {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto:") => address,
        _ => value,
    };
    let named = address.to_lowercase();
    let behind = line.param("EMAIL").map(str::to_lowercase);
    addresses.split_whitespace().any(|one| named == one || behind.as_deref() == Some(one))
}

/// What follows the word in a folded title: `Some("")` for the word alone.
fn suffix<'a>(title: &'a str, word: &str) -> Option<&'a str> {
    let rest = title.strip_prefix(word)?.trim_start();
    if rest.is_empty() {
        return Some("");
    }
    // The second colon is the full-width one of East Asian keyboards.
    rest.strip_prefix([':', '：']).map(str::trim)
}

fn categories(event: &Component) -> Scope {
    let lists = event.all("CATEGORIES").flat_map(Line::text_list);
    let mut list: Vec<String> = lists.map(|category: Cow<'_, str>| folded(&category)).collect();
    list.retain(|category| !category.is_empty());
    list.sort();
    list.dedup();
    list.truncate(50);
    if list.is_empty() { Scope::Everything } else { Scope::Categories(list) }
}

/// Lower case, one space between words, none outside.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(lines: &[(&str, &str)]) -> Option<Scope> {
        let words = OfferWords::new(&["Available", "verfügbar", "available for booking"]);
        let event =
            lines.iter().fold(Component::new("VEVENT"), |event, (name, value)| event.with(Line::new(name, *value)));
        words.scope(&event, "mary@example.org")
    }

    #[test]
    fn the_word_alone_offers_everything_in_any_case_and_language() {
        for title in ["Available", " AVAILABLE  ", "Verfügbar", "VERFÜGBAR", "available:", "Available  for   booking"]
        {
            assert_eq!(scope(&[("SUMMARY", title)]), Some(Scope::Everything), "{title}");
        }
        for title in ["Avialable", "Unavailable", "Availableish", "Not available", "", "available at home"] {
            assert_eq!(scope(&[("SUMMARY", title)]), None, "{title}");
        }
        assert_eq!(scope(&[]), None);
    }

    #[test]
    fn a_suffix_names_the_type_and_wins_over_categories() {
        let named = |name: &str| Some(Scope::Named(name.into()));
        assert_eq!(scope(&[("SUMMARY", "Available: Code Review")]), named("code review"));
        assert_eq!(scope(&[("SUMMARY", "available for booking:rust/review")]), named("rust/review"));
        assert_eq!(scope(&[("SUMMARY", "Verfügbar：Review"), ("CATEGORIES", "Work")]), named("review"));
    }

    #[test]
    fn categories_are_kept_folded_and_sorted() {
        let found = scope(&[("SUMMARY", "Available"), ("CATEGORIES", "Work,Code  Review"), ("CATEGORIES", "work")]);
        assert_eq!(found, Some(Scope::Categories(vec!["code review".into(), "work".into()])));
    }

    #[test]
    fn somebody_elses_invitation_never_offers() {
        let by = |organizer: &str| scope(&[("SUMMARY", "Available"), ("ORGANIZER", organizer)]);
        assert_eq!(by("mailto:Mary@Example.org"), Some(Scope::Everything));
        assert_eq!(by("MAILTO:mary@example.org"), Some(Scope::Everything));
        assert_eq!(by("mailto:eve@example.com"), None);
        assert_eq!(by("urn:x"), None);
    }

    #[test]
    fn only_confirmed_events_offer() {
        let status = |status: &str| scope(&[("SUMMARY", "Available"), ("STATUS", status)]);
        assert_eq!(status("confirmed"), Some(Scope::Everything));
        assert_eq!(status("TENTATIVE"), None);
        assert_eq!(status("CANCELLED"), None);
    }

    #[test]
    fn a_scope_is_read_as_it_was_stored() {
        let categories = Scope::Categories(vec!["a b".into(), "c".into()]);
        for scope in [Scope::Everything, Scope::Named("team/type".into()), categories] {
            assert_eq!(Scope::read(scope.stored().as_deref()), scope);
        }
    }
}
