//! The trait a host program implements so that this crate can serve its calendars over CalDAV.
//!
//! Reads come in pages, never as open cursors. A write is one value, an [`Edit`]: what is wanted, under which
//! conditions, by whom. A store locks whatever it must, loads the current state, asks [`decide`] (pure) inside its
//! transaction, and applies the [`Outcome`].

use std::future::Future;

use bytes::Bytes;

use crate::ical::object::{CalendarObject, ComponentKind};
use crate::precondition::Precondition;
use crate::xml::name::QName;

/// Somebody who owns calendars. RFC 3744 §2, RFC 4791 §6.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The address that names the principal in paths, lower case.
    pub email: String,
    /// The human name, for `DAV:displayname`.
    pub display_name: String,
    /// Every address of the person, the preferred first, for `calendar-user-address-set` (RFC 6638 §2.4.1).
    pub addresses: Vec<String>,
}

/// One calendar collection. RFC 4791 §4.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The store's own key for it.
    pub id: i64,
    /// The last path segment, decoded.
    pub name: String,
    /// `DAV:displayname`.
    pub display_name: Option<String>,
    /// `CALDAV:calendar-description`. RFC 4791 §5.2.1.
    pub description: Option<String>,
    /// Apple's `calendar-color`, `#RRGGBBAA` or whatever the client set.
    pub color: Option<String>,
    /// Apple's `calendar-order`.
    pub order: Option<String>,
    /// `CALDAV:calendar-timezone`: an iCalendar object with one VTIMEZONE, as the client sent it. RFC 4791 §5.2.2.
    pub timezone: Option<String>,
    /// `CALDAV:supported-calendar-component-set`. RFC 4791 §5.2.3. Never empty.
    pub components: Vec<ComponentKind>,
    /// `CALDAV:schedule-calendar-transp` is `transparent`. RFC 6638 §9.1.
    pub transparent: bool,
    /// Clients may add, change and delete members.
    pub writable: bool,
    /// Belongs to the installation: DELETE of the collection answers 403.
    pub built_in: bool,
    /// Grows with every change of members or properties: ctag and sync token are made from it.
    pub version: i64,
    /// Properties this crate gives no meaning to, kept as set by PROPPATCH: name and the inner XML, verbatim.
    pub dead_properties: Vec<(QName, String)>,
}

impl Collection {
    /// Takes over the changes of a PROPPATCH or MKCALENDAR. Its version stays as it is.
    pub fn apply(&mut self, changes: PropertyChanges) {
        let PropertyChanges { display_name, description, color, order, timezone, transparent, components, dead } =
            changes;
        let values = [
            (&mut self.display_name, display_name),
            (&mut self.description, description),
            (&mut self.color, color),
            (&mut self.order, order),
            (&mut self.timezone, timezone),
        ];
        for (slot, change) in values {
            if let Some(value) = change {
                *slot = value;
            }
        }
        self.transparent = transparent.unwrap_or(self.transparent);
        if let Some(components) = components {
            self.components = components;
        }
        for (name, value) in dead {
            self.dead_properties.retain(|(known, _)| *known != name);
            self.dead_properties.extend(value.map(|value| (name, value)));
        }
    }
}

/// A change of a collection's properties, or the properties of a new one.
///
/// `None` leaves a value as it is (or at its default); `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PropertyChanges {
    /// `DAV:displayname`.
    pub display_name: Option<Option<String>>,
    /// `CALDAV:calendar-description`.
    pub description: Option<Option<String>>,
    /// Apple's `calendar-color`.
    pub color: Option<Option<String>>,
    /// Apple's `calendar-order`.
    pub order: Option<Option<String>>,
    /// `CALDAV:calendar-timezone`, already validated.
    pub timezone: Option<Option<String>>,
    /// `CALDAV:schedule-calendar-transp`.
    pub transparent: Option<bool>,
    /// `CALDAV:supported-calendar-component-set`; only when a collection is made.
    pub components: Option<Vec<ComponentKind>>,
    /// Dead properties: set (inner XML) or removed (`None`), in document order.
    pub dead: Vec<(QName, Option<String>)>,
}

/// A calendar object resource as the store keeps it. RFC 4791 §4.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The last path segment, decoded.
    pub name: String,
    /// Strong entity tag without quotes. RFC 9110 §8.8.3.
    pub etag: String,
    /// UID of the object.
    pub uid: String,
    /// VEVENT, VTODO, ...
    pub kind: ComponentKind,
    /// Size of the stored bytes.
    pub size: i64,
    /// Last change, UTC seconds.
    pub modified: i64,
    /// The stored bytes, exactly as received; `None` when the page was asked without them.
    pub bytes: Option<Bytes>,
}

/// One page of members in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The members of this page.
    pub members: Vec<Member>,
    /// Pass this as `after` for the next page; `None`: that was all.
    pub next: Option<String>,
}

/// What an index can say about the members worth looking at for a calendar-query.
///
/// A store returns every member that could match (it may return more: the caller filters exactly).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Only members of this kind.
    pub kind: Option<ComponentKind>,
    /// Only members that may have an instance in [start, end), UTC seconds.
    pub range: Option<(i64, i64)>,
    /// Only the member with this UID.
    pub uid: Option<String>,
}

/// What happened since a sync token. RFC 6578 §3.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Members that are new or changed, without bytes.
    pub changed: Vec<Member>,
    /// Names of members that are gone.
    pub deleted: Vec<String>,
    /// The version up to which this answer reaches: the next token.
    pub version: i64,
    /// There is more after `version` (the limit cut the answer). RFC 6578 §3.6.
    pub truncated: bool,
}

/// An entity-tag condition of a write. RFC 9110 §13.1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// `If-Match`: `*` or a list of strong tags (without quotes).
    pub if_match: Option<TagList>,
    /// `If-None-Match`: `*` or a list of tags (without quotes).
    pub if_none_match: Option<TagList>,
}

/// The value of an entity-tag condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagList {
    /// `*`
    Any,
    /// Tags without quotes.
    Tags(Vec<String>),
}

/// A write to one member.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Owner of the collection, lower-case email.
    pub owner: String,
    /// Name of the collection.
    pub collection: String,
    /// Name of the member.
    pub name: String,
    /// Who writes, lower-case email.
    pub by: String,
    /// Checked inside the write's transaction.
    pub conditions: Conditions,
    /// What is wanted.
    pub change: Change,
}

/// What an [`Edit`] wants.
#[derive(Debug, Clone)]
pub enum Change {
    /// PUT: the object, already valid by RFC 4791 §4.1; its bytes are stored exactly.
    Put(CalendarObject),
    /// DELETE.
    Delete,
}

/// A member goes to another name or calendar of its owner. RFC 4918 §9.9.
#[derive(Debug, Clone)]
pub struct Move {
    /// Owner of both collections, lower-case email.
    pub owner: String,
    /// Name of the collection it leaves.
    pub collection: String,
    /// Name of the member there.
    pub name: String,
    /// Name of the collection it goes to.
    pub to_collection: String,
    /// Its name there.
    pub to_name: String,
    /// What has that name already may be replaced.
    pub overwrite: bool,
    /// Who moves it, lower-case email.
    pub by: String,
    /// Of the member as it is now, checked inside the write's transaction.
    pub conditions: Conditions,
}

/// What an accepted [`Edit`] does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A member was made (201); its tag.
    Created(String),
    /// A member was replaced (204); its new tag. The same bytes again keep tag and version.
    Replaced(String),
    /// What was sent was understood, and another text is stored (204, without a tag): the client fetches it anew.
    Rewritten,
    /// A member was deleted (204).
    Deleted,
}

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing there (404).
    #[error("not found")]
    NotFound,
    /// An If-* condition failed (412).
    #[error("a condition of the request does not hold")]
    ConditionFailed,
    /// A rule of the protocol or of the host program forbids it.
    #[error("{0:?}")]
    Refused(Precondition),
    /// Too much at the moment; try again later (503).
    #[error("busy")]
    Busy,
    /// The store itself failed; logged, never shown (500).
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The calendars of a host program.
///
/// `owner` is always a lower-case address. What the caller may not see is [`StoreError::NotFound`] or `None`.
pub trait Store: Send + Sync {
    /// The person behind an address.
    fn principal(&self, owner: &str) -> impl Future<Output = Result<Option<Principal>, StoreError>> + Send;

    /// All collections of a calendar home, in the order of their names.
    fn collections(&self, owner: &str) -> impl Future<Output = Result<Vec<Collection>, StoreError>> + Send;

    /// One collection.
    fn collection(
        &self,
        owner: &str,
        name: &str,
    ) -> impl Future<Output = Result<Option<Collection>, StoreError>> + Send;

    /// Makes a collection (MKCALENDAR). An existing name is refused with `resource-must-be-null`.
    fn create_collection(
        &self,
        owner: &str,
        name: &str,
        changes: PropertyChanges,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Changes properties (PROPPATCH), all or nothing.
    fn change_properties(
        &self,
        owner: &str,
        name: &str,
        changes: PropertyChanges,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Deletes a collection with all members.
    fn delete_collection(&self, owner: &str, name: &str) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// One member with its bytes.
    fn member(
        &self,
        collection: &Collection,
        name: &str,
    ) -> impl Future<Output = Result<Option<Member>, StoreError>> + Send;

    /// The named members that exist, with their bytes, in any order (calendar-multiget).
    fn members_named(
        &self,
        collection: &Collection,
        names: &[String],
    ) -> impl Future<Output = Result<Vec<Member>, StoreError>> + Send;

    /// Members that `wanted` does not rule out, after the name `after`, at most `limit`.
    fn members(
        &self,
        collection: &Collection,
        wanted: &Candidates,
        after: Option<&str>,
        limit: usize,
        with_bytes: bool,
    ) -> impl Future<Output = Result<Page, StoreError>> + Send;

    /// What changed after `since` (0: everything there is), oldest change first, at most `limit`.
    ///
    /// Each member is listed once, as it is now. An answer cut by `limit` ends where its `version` says: asking again
    /// from there neither repeats nor skips, so members that share one version are never parted (the answer may then
    /// be longer than `limit`). `Ok(None)`: the store no longer knows that far back (`valid-sync-token`).
    fn changes(
        &self,
        collection: &Collection,
        since: i64,
        limit: usize,
    ) -> impl Future<Output = Result<Option<Changes>, StoreError>> + Send;

    /// Carries out one write.
    fn edit(&self, edit: Edit) -> impl Future<Output = Result<Outcome, StoreError>> + Send;

    /// Moves a member with its bytes and tag, all or nothing: never is it in both places, or in none. The versions of
    /// both collections grow.
    fn relocate(&self, wanted: Move) -> impl Future<Output = Result<Outcome, StoreError>> + Send;
}

/// Decides an [`Edit`] on the state the store has locked. Pure.
///
/// `current` is the member of that name, `same_uid` the name of another member of the collection with the same UID.
/// `tag` is the entity tag that the new bytes get.
///
/// # Errors
/// [`StoreError::ConditionFailed`], [`StoreError::NotFound`] (deleting nothing), or a refusal: `no-uid-conflict`
/// (RFC 4791 §5.3.2.1), `supported-calendar-component`, `need-privileges`.
pub fn decide(
    collection: &Collection,
    current: Option<&Member>,
    same_uid: Option<&str>,
    edit: &Edit,
    tag: &str,
) -> Result<Outcome, StoreError> {
    check_conditions(current.map(|member| member.etag.as_str()), &edit.conditions)?;
    if !collection.writable {
        return Err(StoreError::Refused(Precondition::NeedPrivileges));
    }
    match &edit.change {
        Change::Delete => current.map(|_| Outcome::Deleted).ok_or(StoreError::NotFound),
        Change::Put(object) => {
            if !collection.components.contains(&object.kind()) {
                return Err(StoreError::Refused(Precondition::SupportedCalendarComponent));
            }
            if let Some(other) = same_uid {
                return Err(StoreError::Refused(Precondition::NoUidConflict(other.to_owned())));
            }
            Ok(match current {
                None => Outcome::Created(tag.to_owned()),
                Some(_) => Outcome::Replaced(tag.to_owned()),
            })
        }
    }
}

/// Decides a [`Move`] on the state the store has locked. Pure.
///
/// `member` is what is to be moved, `replaced` the tag of what has the new name, `same_uid` the name of any third member
/// of the new collection with the same UID.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::ConditionFailed`] (also when nothing may be replaced), or a refusal:
/// `need-privileges`, `supported-calendar-component`, `no-uid-conflict` (RFC 4791 §5.3.2.1), `resource-must-be-null` for
/// a move to where it is.
pub fn decide_move(
    from: &Collection,
    member: Option<&Member>,
    to: &Collection,
    replaced: Option<&str>,
    same_uid: Option<&str>,
    wanted: &Move,
) -> Result<Outcome, StoreError> {
    check_conditions(member.map(|member| member.etag.as_str()), &wanted.conditions)?;
    let member = member.ok_or(StoreError::NotFound)?;
    if (&wanted.collection, &wanted.name) == (&wanted.to_collection, &wanted.to_name) {
        return Err(StoreError::Refused(Precondition::ResourceMustBeNull));
    }
    if !from.writable || !to.writable {
        return Err(StoreError::Refused(Precondition::NeedPrivileges));
    }
    if replaced.is_some() && !wanted.overwrite {
        return Err(StoreError::ConditionFailed);
    }
    if !to.components.contains(&member.kind) {
        return Err(StoreError::Refused(Precondition::SupportedCalendarComponent));
    }
    if let Some(other) = same_uid {
        return Err(StoreError::Refused(Precondition::NoUidConflict(other.to_owned())));
    }
    let tag = member.etag.clone();
    Ok(if replaced.is_some() { Outcome::Replaced(tag) } else { Outcome::Created(tag) })
}

/// RFC 9110 §13.2.2, for a resource whose current strong tag is `current` (`None`: it does not exist).
///
/// # Errors
/// [`StoreError::ConditionFailed`].
pub fn check_conditions(current: Option<&str>, conditions: &Conditions) -> Result<(), StoreError> {
    let matches = |list: &TagList| match (list, current) {
        (_, None) => false,
        (TagList::Any, Some(_)) => true,
        (TagList::Tags(tags), Some(tag)) => tags.iter().any(|wanted| wanted == tag),
    };
    if conditions.if_match.as_ref().is_some_and(|list| !matches(list))
        || conditions.if_none_match.as_ref().is_some_and(matches)
    {
        return Err(StoreError::ConditionFailed);
    }
    Ok(())
}
