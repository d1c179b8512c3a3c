//! Which session types an offer serves: what follows "Available:".

use crate::teams::{SessionType, Team};

/// Whether an offer with this scope serves a type of a team: all of them without a scope, else the one whose slug or
/// name it is, or `team/type` with slugs. Case does not matter.
pub(super) fn serves(scope: Option<&str>, team: &Team, kind: &SessionType) -> bool {
    let Some(scope) = scope else { return true };
    let scope = scope.trim().to_lowercase();
    if names(&scope, kind) {
        return true;
    }
    scope.split_once('/').is_some_and(|(before, after)| {
        let (before, after) = (before.trim(), after.trim());
        (before == team.slug.to_lowercase() || before == team.name.to_lowercase()) && names(after, kind)
    })
}

fn names(word: &str, kind: &SessionType) -> bool {
    word == kind.slug.to_lowercase() || word == kind.name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::super::model::{session_type, team};
    use super::*;

    #[test]
    fn an_offer_names_a_type_by_slug_name_or_team_and_type() {
        let team = team();
        let kind = SessionType { slug: "code-review".into(), name: "Code Review".into(), ..session_type(1) };
        for scope in
            [None, Some("code-review"), Some(" CODE review "), Some("rust/code-review"), Some("rust / Code review")]
        {
            assert!(serves(scope, &team, &kind), "{scope:?}");
        }
        for scope in ["", "code", "python/code-review", "rust/", "rust"] {
            assert!(!serves(Some(scope), &team, &kind), "{scope:?}");
        }
    }
}
