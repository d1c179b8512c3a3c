//! `If-Match`, `If-None-Match`, `If-Modified-Since`, `If-Unmodified-Since`. RFC 9110 §13.

use http::{HeaderMap, HeaderName, header};

use super::{BadHeader, date};
use crate::store::{Conditions, Member, TagList, check_conditions};

/// Most tags that are read from one header.
const MAX_TAGS: usize = 256;

/// The entity-tag conditions of a write. Weak tags never satisfy `If-Match` (RFC 9110 §13.1.1) and are left out there.
///
/// # Errors
/// [`BadHeader`] when a tag is not quoted.
pub fn conditions(headers: &HeaderMap) -> Result<Conditions, BadHeader> {
    Ok(Conditions {
        if_match: tags(headers, &header::IF_MATCH, false).map_err(|()| BadHeader("If-Match"))?,
        if_none_match: tags(headers, &header::IF_NONE_MATCH, true).map_err(|()| BadHeader("If-None-Match"))?,
    })
}

/// What the conditions of a read lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Send the representation.
    Send,
    /// 304: the client has it.
    NotModified,
    /// 412.
    Failed,
}

/// Evaluates the conditions of GET and HEAD in the order of RFC 9110 §13.2.2.
///
/// # Errors
/// [`BadHeader`] when a tag is not quoted; dates that cannot be read are ignored (§13.1.3).
pub fn read(headers: &HeaderMap, member: &Member) -> Result<Read, BadHeader> {
    let Conditions { if_match, if_none_match } = conditions(headers)?;
    let seconds = |name: HeaderName| headers.get(name).and_then(|value| date::parse(value.to_str().ok()?));
    let tag = Some(member.etag.as_str());
    match &if_match {
        Some(_) => {
            let only = Conditions { if_match, if_none_match: None };
            if check_conditions(tag, &only).is_err() {
                return Ok(Read::Failed);
            }
        }
        None if seconds(header::IF_UNMODIFIED_SINCE).is_some_and(|since| member.modified > since) => {
            return Ok(Read::Failed);
        }
        None => {}
    }
    let known = match &if_none_match {
        Some(_) => check_conditions(tag, &Conditions { if_match: None, if_none_match }).is_err(),
        None => seconds(header::IF_MODIFIED_SINCE).is_some_and(|since| member.modified <= since),
    };
    Ok(if known { Read::NotModified } else { Read::Send })
}

fn tags(headers: &HeaderMap, name: &HeaderName, weak: bool) -> Result<Option<TagList>, ()> {
    let mut found: Option<Vec<String>> = None;
    for value in headers.get_all(name) {
        let value = value.to_str().map_err(|_| ())?;
        if value.trim() == "*" {
            return Ok(Some(TagList::Any));
        }
        let list = found.get_or_insert_default();
        let mut rest = value.trim_start_matches([' ', '\t', ',']);
        while !rest.is_empty() {
            let (is_weak, quoted) = match rest.strip_prefix("W/") {
                Some(quoted) => (true, quoted),
                None => (false, rest),
            };
            let (tag, after) = quoted.strip_prefix('"').and_then(|inner| inner.split_once('"')).ok_or(())?;
            if (weak || !is_weak) && list.len() < MAX_TAGS {
                list.push(tag.to_owned());
            }
            rest = after.trim_start_matches([' ', '\t', ',']);
        }
    }
    Ok(found.map(TagList::Tags))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::object::ComponentKind;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn member() -> Member {
        Member {
            name: "a.ics".into(),
            etag: "one".into(),
            uid: "a".into(),
            kind: ComponentKind::Event,
            size: 1,
            modified: 784_111_777,
            bytes: None,
        }
    }

    #[test]
    fn tags_come_in_lists_with_commas_inside_quotes() {
        let read = conditions(&headers(&[("if-match", "\"a,b\", W/\"weak\" ,\"c\""), ("if-none-match", "*")])).unwrap();
        assert_eq!(read.if_match, Some(TagList::Tags(vec!["a,b".into(), "c".into()])));
        assert_eq!(read.if_none_match, Some(TagList::Any));
        assert_eq!(conditions(&headers(&[("if-match", "bare")])), Err(BadHeader("If-Match")));
    }

    #[test]
    fn reads_follow_the_order_of_precedence() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let earlier = "Sun, 06 Nov 1994 08:49:36 GMT";
        for (pairs, wanted) in [
            (vec![], Read::Send),
            (vec![("if-none-match", "W/\"one\"")], Read::NotModified),
            (vec![("if-none-match", "\"two\""), ("if-modified-since", date)], Read::Send),
            (vec![("if-modified-since", date)], Read::NotModified),
            (vec![("if-modified-since", earlier)], Read::Send),
            (vec![("if-unmodified-since", earlier)], Read::Failed),
            (vec![("if-match", "\"two\"")], Read::Failed),
            (vec![("if-match", "\"one\""), ("if-unmodified-since", earlier)], Read::Send),
            (vec![("if-modified-since", "yesterday")], Read::Send),
        ] {
            assert_eq!(read(&headers(&pairs), &member()), Ok(wanted), "{pairs:?}");
        }
    }
}
