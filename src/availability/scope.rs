//! Which session types an offer serves: what follows "Available:", else its CATEGORIES.

use crate::calendars::Scope;
use crate::teams::{SessionType, Team};

/// Whether an offer serves a type of a team. A name is a type's slug or name, or `team/type`, in any case; an unknown
/// one serves nothing. Categories that name types of the team pick those; when none does, they mean something else.
pub fn serves(scope: &Scope, team: &Team, types: &[SessionType], kind: &SessionType) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Named(name) => names(name, team, kind),
        Scope::Categories(list) => {
            list.iter().any(|name| names(name, team, kind))
                || !list.iter().any(|name| types.iter().any(|kind| names(name, team, kind)))
        }
    }
}

fn names(name: &str, team: &Team, kind: &SessionType) -> bool {
    let name = folded(name);
    let is = |word: &str| word == folded(&kind.slug) || word == folded(&kind.name);
    is(&name)
        || name.split_once('/').is_some_and(|(before, after)| {
            let before = before.trim();
            (before == folded(&team.slug) || before == folded(&team.name)) && is(after.trim())
        })
}

/// Lower case, one space between words, none outside.
fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::model::{session_type, team};
    use super::*;

    fn types() -> Vec<SessionType> {
        let review = SessionType { slug: "code-review".into(), name: "Code Review".into(), ..session_type(1) };
        vec![review, session_type(2)]
    }

    fn served(scope: Scope) -> Vec<i64> {
        let (team, types) = (team(), types());
        types.iter().filter(|kind| serves(&scope, &team, &types, kind)).map(|kind| kind.id).collect()
    }

    #[test]
    fn an_offer_names_a_type_by_slug_name_or_team_and_type() {
        assert_eq!(served(Scope::Everything), [1, 2]);
        for name in ["code-review", " CODE  review ", "rust/code-review", "rust / Code review"] {
            assert_eq!(served(Scope::Named(name.into())), [1], "{name}");
        }
        for name in ["", "code", "python/code-review", "rust/", "rust"] {
            assert_eq!(served(Scope::Named(name.into())), [0; 0], "{name}");
        }
    }

    #[test]
    fn categories_pick_types_only_when_one_of_them_names_one() {
        let categories = |list: &[&str]| Scope::Categories(list.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(served(categories(&["code review", "business"])), [1]);
        assert_eq!(served(categories(&["business", "important"])), [1, 2]);
    }
}
