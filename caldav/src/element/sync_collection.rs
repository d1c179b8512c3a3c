//! `DAV:sync-collection`. RFC 6578 §6.1.

use super::Unexpected;
use super::propfind::Propfind;
use crate::xml::{DAV, Element};

/// What changed since a token, and what is wanted of each change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncCollection {
    /// The last token the client got; `None` on the first sync.
    pub token: Option<String>,
    /// `sync-level` is `infinite`.
    pub infinite: bool,
    /// `DAV:limit`: the most answers the client wants. RFC 5323 §5.17.
    pub limit: Option<usize>,
    /// The wanted properties.
    pub properties: Propfind,
}

impl SyncCollection {
    /// Reads the root, whose name is known.
    ///
    /// # Errors
    /// [`Unexpected`] for a bad level or limit, or without properties.
    pub fn read(root: &Element) -> Result<Self, Unexpected> {
        let text = |local| root.child(DAV, local).map(|element| element.text().trim().to_owned());
        // Quirk: drafts of RFC 6578 knew no sync-level; clients that follow them mean 1.
        let infinite = match text("sync-level").as_deref() {
            None | Some("1") => false,
            Some("infinite" | "infinity") => true,
            Some(_) => return Err(Unexpected("a sync-level of 1")),
        };
        let limit = match root.child(DAV, "limit").and_then(|limit| limit.child(DAV, "nresults")) {
            None => None,
            Some(count) => match count.text().trim().parse() {
                Ok(count) if count > 0 => Some(count),
                _ => return Err(Unexpected("a DAV:nresults above zero")),
            },
        };
        let properties = Propfind::inside(root)?.ok_or(Unexpected("DAV:prop"))?;
        Ok(Self { token: text("sync-token").filter(|token| !token.is_empty()), infinite, limit, properties })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::parse;

    fn read(inner: &str) -> Result<SyncCollection, Unexpected> {
        SyncCollection::read(
            &parse(format!("<sync-collection xmlns='DAV:'>{inner}</sync-collection>").as_bytes()).unwrap(),
        )
    }

    #[test]
    fn an_empty_token_means_the_first_sync() {
        let first = read("<sync-token/><sync-level>1</sync-level><prop><getetag/></prop>").unwrap();
        assert_eq!((first.token, first.infinite, first.limit), (None, false, None));
        let next = read("<sync-token> urn:t </sync-token><limit><nresults>7</nresults></limit><prop/>").unwrap();
        assert_eq!((next.token.as_deref(), next.limit), (Some("urn:t"), Some(7)));
    }

    #[test]
    fn odd_levels_and_limits_are_refused() {
        assert!(read("<sync-level>2</sync-level><prop/>").is_err());
        assert!(read("<limit><nresults>0</nresults></limit><prop/>").is_err());
        assert!(read("<sync-token/>").is_err());
    }
}
