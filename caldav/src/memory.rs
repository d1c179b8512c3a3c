//! A store in memory: for tests, and as the example of what a store does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::ical::object::ComponentKind;
use crate::precondition::Precondition;
use crate::store::{
    Candidates, Change, Changes, Collection, Edit, Member, Move, Outcome, Page, Principal, PropertyChanges, Store,
    StoreError, decide, decide_move,
};

/// People and their calendars, kept until the value is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    now: AtomicI64,
}

#[derive(Debug, Default)]
struct State {
    people: BTreeMap<String, Principal>,
    calendars: BTreeMap<(String, String), Calendar>,
    last_id: i64,
}

#[derive(Debug)]
struct Calendar {
    collection: Collection,
    members: BTreeMap<String, Member>,
    /// The version of the last change of each name, deleted ones included.
    log: BTreeMap<String, i64>,
    /// Changes up to here are forgotten.
    forgotten: i64,
}

impl MemoryStore {
    /// Nobody and nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time that changes get from now on, UTC seconds.
    pub fn set_now(&self, now: i64) {
        self.now.store(now, Ordering::Relaxed);
    }

    /// Adds a person without calendars.
    pub fn add_principal(&self, email: &str, name: &str) {
        let principal =
            Principal { email: email.to_owned(), display_name: name.to_owned(), addresses: vec![email.to_owned()] };
        self.lock().people.insert(email.to_owned(), principal);
    }

    /// Adds a calendar as it is, with an id of its own.
    pub fn add_collection(&self, owner: &str, mut collection: Collection) {
        let mut state = self.lock();
        state.last_id += 1;
        collection.id = state.last_id;
        let name = collection.name.clone();
        let calendar = Calendar { collection, members: BTreeMap::new(), log: BTreeMap::new(), forgotten: 0 };
        state.calendars.insert((owner.to_owned(), name), calendar);
    }

    /// Forgets the history of a calendar: older sync tokens become invalid.
    pub fn forget_changes(&self, owner: &str, name: &str) {
        if let Some(calendar) = self.lock().calendars.get_mut(&key(owner, name)) {
            calendar.forgotten = calendar.collection.version;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<R>(&self, collection: &Collection, read: impl FnOnce(&Calendar) -> R) -> Result<R, StoreError> {
        let state = self.lock();
        let found = state.calendars.values().find(|calendar| calendar.collection.id == collection.id);
        found.map(read).ok_or(StoreError::NotFound)
    }
}

/// A writable calendar for events, with a name and nothing else set.
pub fn calendar(name: &str) -> Collection {
    Collection {
        id: 0,
        name: name.to_owned(),
        display_name: None,
        description: None,
        color: None,
        order: None,
        timezone: None,
        components: vec![ComponentKind::Event, ComponentKind::Todo, ComponentKind::Journal],
        transparent: false,
        writable: true,
        built_in: false,
        version: 1,
        dead_properties: Vec::new(),
    }
}

fn key(owner: &str, name: &str) -> (String, String) {
    (owner.to_owned(), name.to_owned())
}

impl State {
    fn relocate(&mut self, wanted: &Move, now: i64) -> Result<Outcome, StoreError> {
        let (old, new) = (key(&wanted.owner, &wanted.collection), key(&wanted.owner, &wanted.to_collection));
        let from = self.calendars.get(&old).ok_or(StoreError::NotFound)?;
        let to = self.calendars.get(&new).ok_or(StoreError::NotFound)?;
        let member = from.members.get(&wanted.name).cloned();
        let replaced = to.members.get(&wanted.to_name).map(|other| other.etag.as_str());
        let same_uid = to.members.values().find(|other| {
            let itself = old == new && other.name == wanted.name;
            member.as_ref().is_some_and(|member| member.uid == other.uid) && other.name != wanted.to_name && !itself
        });
        let same_uid = same_uid.map(|other| other.name.as_str());
        let outcome = decide_move(&from.collection, member.as_ref(), &to.collection, replaced, same_uid, wanted)?;
        if let Some(from) = self.calendars.get_mut(&old) {
            from.members.remove(&wanted.name);
            from.note(&wanted.name);
        }
        if let (Some(to), Some(member)) = (self.calendars.get_mut(&new), member) {
            to.members.insert(wanted.to_name.clone(), Member { name: wanted.to_name.clone(), modified: now, ..member });
            to.note(&wanted.to_name);
        }
        Ok(outcome)
    }
}

impl Calendar {
    /// A member of this name came, changed or went.
    fn note(&mut self, name: &str) {
        self.collection.version += 1;
        self.log.insert(name.to_owned(), self.collection.version);
    }

    fn edit(&mut self, edit: &Edit, now: i64) -> Result<Outcome, StoreError> {
        let current = self.members.get(&edit.name);
        let (tag, same_uid) = match &edit.change {
            Change::Delete => (String::new(), None),
            Change::Put(object) => {
                let same = self.members.values().find(|member| member.uid == object.uid() && member.name != edit.name);
                (tag(object.bytes()), same.map(|member| member.name.as_str()))
            }
        };
        let outcome = decide(&self.collection, current, same_uid, edit, &tag)?;
        match &edit.change {
            Change::Delete => {
                self.members.remove(&edit.name);
            }
            Change::Put(_) if current.is_some_and(|member| member.etag == tag) => return Ok(outcome),
            Change::Put(object) => {
                let member = Member {
                    name: edit.name.clone(),
                    etag: tag,
                    uid: object.uid().to_owned(),
                    kind: object.kind(),
                    size: i64::try_from(object.bytes().len()).unwrap_or(i64::MAX),
                    modified: now,
                    bytes: Some(object.bytes().clone()),
                };
                self.members.insert(edit.name.clone(), member);
            }
        }
        self.note(&edit.name);
        Ok(outcome)
    }

    fn changes(&self, since: i64, limit: usize) -> Option<Changes> {
        if since > 0 && since < self.forgotten {
            return None;
        }
        let mut log: Vec<(i64, &String)> = self.log.iter().map(|(name, version)| (*version, name)).collect();
        log.retain(|(version, name)| *version > since && (since > 0 || self.members.contains_key(*name)));
        log.sort_unstable();
        let mut changes =
            Changes { version: self.collection.version, truncated: log.len() > limit, ..Changes::default() };
        log.truncate(limit);
        if let (true, Some((version, _))) = (changes.truncated, log.last()) {
            changes.version = *version;
        }
        for (_, name) in log {
            match self.members.get(name) {
                Some(member) => changes.changed.push(Member { bytes: None, ..member.clone() }),
                None => changes.deleted.push(name.clone()),
            }
        }
        Some(changes)
    }
}

/// The strong entity tag of some bytes.
fn tag(bytes: &[u8]) -> String {
    let digest = HEXLOWER.encode(&Sha256::digest(bytes));
    digest.chars().take(32).collect()
}

impl Store for MemoryStore {
    async fn principal(&self, owner: &str) -> Result<Option<Principal>, StoreError> {
        Ok(self.lock().people.get(owner).cloned())
    }

    async fn collections(&self, owner: &str) -> Result<Vec<Collection>, StoreError> {
        let state = self.lock();
        let own = state.calendars.iter().filter(|((email, _), _)| email == owner);
        Ok(own.map(|(_, calendar)| calendar.collection.clone()).collect())
    }

    async fn collection(&self, owner: &str, name: &str) -> Result<Option<Collection>, StoreError> {
        Ok(self.lock().calendars.get(&key(owner, name)).map(|calendar| calendar.collection.clone()))
    }

    async fn create_collection(&self, owner: &str, name: &str, changes: PropertyChanges) -> Result<(), StoreError> {
        {
            let state = self.lock();
            if !state.people.contains_key(owner) {
                return Err(StoreError::NotFound);
            }
            if state.calendars.contains_key(&key(owner, name)) {
                return Err(StoreError::Refused(Precondition::ResourceMustBeNull));
            }
        }
        let mut collection = calendar(name);
        collection.apply(changes);
        self.add_collection(owner, collection);
        Ok(())
    }

    async fn change_properties(&self, owner: &str, name: &str, changes: PropertyChanges) -> Result<(), StoreError> {
        let mut state = self.lock();
        let calendar = state.calendars.get_mut(&key(owner, name)).ok_or(StoreError::NotFound)?;
        calendar.collection.apply(changes);
        calendar.collection.version += 1;
        Ok(())
    }

    async fn delete_collection(&self, owner: &str, name: &str) -> Result<(), StoreError> {
        let mut state = self.lock();
        let calendar = state.calendars.get(&key(owner, name)).ok_or(StoreError::NotFound)?;
        if calendar.collection.built_in {
            return Err(StoreError::Refused(Precondition::NeedPrivileges));
        }
        state.calendars.remove(&key(owner, name));
        Ok(())
    }

    async fn member(&self, collection: &Collection, name: &str) -> Result<Option<Member>, StoreError> {
        self.with(collection, |calendar| calendar.members.get(name).cloned())
    }

    async fn members_named(&self, collection: &Collection, names: &[String]) -> Result<Vec<Member>, StoreError> {
        self.with(collection, |calendar| names.iter().filter_map(|name| calendar.members.get(name).cloned()).collect())
    }

    async fn members(
        &self,
        collection: &Collection,
        wanted: &Candidates,
        after: Option<&str>,
        limit: usize,
        with_bytes: bool,
    ) -> Result<Page, StoreError> {
        self.with(collection, |calendar| {
            let fits = |member: &&Member| {
                after.is_none_or(|after| member.name.as_str() > after)
                    && wanted.kind.is_none_or(|kind| member.kind == kind)
                    && wanted.uid.as_ref().is_none_or(|uid| member.uid == *uid)
            };
            let mut members: Vec<Member> =
                calendar.members.values().filter(fits).take(limit.saturating_add(1)).cloned().collect();
            let more = members.len() > limit;
            members.truncate(limit);
            if !with_bytes {
                members.iter_mut().for_each(|member| member.bytes = None);
            }
            let next = members.last().filter(|_| more).map(|member| member.name.clone());
            Page { members, next }
        })
    }

    async fn changes(&self, collection: &Collection, since: i64, limit: usize) -> Result<Option<Changes>, StoreError> {
        self.with(collection, |calendar| calendar.changes(since, limit))
    }

    async fn edit(&self, edit: Edit) -> Result<Outcome, StoreError> {
        let now = self.now.load(Ordering::Relaxed);
        let mut state = self.lock();
        let calendar = state.calendars.get_mut(&key(&edit.owner, &edit.collection)).ok_or(StoreError::NotFound)?;
        calendar.edit(&edit, now)
    }

    async fn relocate(&self, wanted: Move) -> Result<Outcome, StoreError> {
        let now = self.now.load(Ordering::Relaxed);
        self.lock().relocate(&wanted, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{self, OTHER, OWNER};

    #[tokio::test]
    async fn it_keeps_the_contract() {
        contract::run_all(async || {
            let store = MemoryStore::new();
            store.add_principal(OWNER, "Owner");
            store.add_principal(OTHER, "Other");
            store
        })
        .await;
    }

    #[tokio::test]
    async fn a_forgotten_history_is_not_continued() {
        let store = MemoryStore::new();
        store.add_principal(OWNER, "Owner");
        store.add_collection(OWNER, Collection { version: 9, ..calendar("work") });
        store.forget_changes(OWNER, "work");
        let work = store.collection(OWNER, "work").await.unwrap().unwrap();
        assert!(store.changes(&work, 8, 10).await.unwrap().is_none());
        assert!(store.changes(&work, 9, 10).await.unwrap().is_some());
    }
}
