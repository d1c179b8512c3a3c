//! The calendars kept here, as the store that [`caldav`] serves.

use std::sync::Arc;

use caldav::store::{
    Candidates, Changes, Collection, Edit, Member, Move, Outcome, Page, Principal, PropertyChanges, Store, StoreError,
};

use crate::calendars::{changes, collections, objects};
use crate::db::{Conn, DbError};
use crate::desk::open_calendar::{self, OpenCalendar};
use crate::desk::{Desk, arranging, filing, relocating, session_calendar};
use crate::people::Person;

/// What one signed-in person sees: their own calendars and nobody else's.
pub struct DeskStore {
    desk: Arc<Desk>,
    caller: Person,
    /// The address in the paths of their calendars.
    called: String,
}

impl DeskStore {
    /// The calendars of `caller`.
    pub fn new(desk: Arc<Desk>, caller: Person) -> Self {
        let called = caller.email.clone();
        Self { desk, caller, called }
    }

    /// The same, below an address they had before.
    pub fn called(self, called: &str) -> Self {
        Self { called: called.to_owned(), ..self }
    }

    fn is_own(&self, owner: &str) -> bool {
        self.called == owner
    }

    /// # Errors
    /// Somebody else's calendars are not there.
    fn own(&self, owner: &str) -> Result<&Person, StoreError> {
        if self.is_own(owner) { Ok(&self.caller) } else { Err(StoreError::NotFound) }
    }

    /// The caller's open slots.
    async fn open(&self) -> Result<Arc<OpenCalendar>, StoreError> {
        open_calendar::of(&self.desk, &self.caller).await.map_err(failed)
    }

    async fn conn(&self) -> Result<Conn, StoreError> {
        self.desk.db.read().await.map_err(failed)
    }
}

impl Store for DeskStore {
    async fn principal(&self, owner: &str) -> Result<Option<Principal>, StoreError> {
        Ok(self.is_own(owner).then(|| Principal {
            email: self.called.clone(),
            display_name: self.caller.name.clone(),
            addresses: vec![self.caller.email.clone()],
        }))
    }

    async fn collections(&self, owner: &str) -> Result<Vec<Collection>, StoreError> {
        if !self.is_own(owner) {
            return Ok(Vec::new());
        }
        let mut all = collections::of(&mut self.conn().await?, self.caller.id).await.map_err(failed)?;
        for collection in all.iter_mut().filter(|collection| is_open(collection)) {
            *collection = self.open().await?.collection(collection.clone());
        }
        Ok(all)
    }

    async fn collection(&self, owner: &str, name: &str) -> Result<Option<Collection>, StoreError> {
        if !self.is_own(owner) {
            return Ok(None);
        }
        let found = collections::by_name(&mut self.conn().await?, self.caller.id, name).await.map_err(failed)?;
        match found {
            Some(found) if is_open(&found) => Ok(Some(self.open().await?.collection(found))),
            found => Ok(found),
        }
    }

    async fn create_collection(&self, owner: &str, name: &str, changes: PropertyChanges) -> Result<(), StoreError> {
        arranging::create_calendar(&self.desk, self.own(owner)?, name, changes).await
    }

    async fn change_properties(&self, owner: &str, name: &str, changes: PropertyChanges) -> Result<(), StoreError> {
        arranging::change_calendar(&self.desk, self.own(owner)?, name, changes).await
    }

    async fn delete_collection(&self, owner: &str, name: &str) -> Result<(), StoreError> {
        arranging::delete_calendar(&self.desk, self.own(owner)?, name).await
    }

    async fn member(&self, collection: &Collection, name: &str) -> Result<Option<Member>, StoreError> {
        if is_open(collection) {
            return Ok(self.open().await?.named(name).map(|slot| slot.member.clone()));
        }
        objects::by_name(&mut self.conn().await?, collection.id, name).await.map_err(failed)
    }

    async fn members_named(&self, collection: &Collection, names: &[String]) -> Result<Vec<Member>, StoreError> {
        if is_open(collection) {
            return Ok(self.open().await?.members_named(names));
        }
        objects::by_names(&mut self.conn().await?, collection.id, names).await.map_err(failed)
    }

    async fn members(
        &self,
        collection: &Collection,
        wanted: &Candidates,
        after: Option<&str>,
        limit: usize,
        with_bytes: bool,
    ) -> Result<Page, StoreError> {
        if is_open(collection) {
            return Ok(self.open().await?.page(wanted, after, limit, with_bytes));
        }
        objects::page(&mut self.conn().await?, collection.id, wanted, after, limit, with_bytes).await.map_err(failed)
    }

    async fn changes(&self, collection: &Collection, since: i64, limit: usize) -> Result<Option<Changes>, StoreError> {
        if is_open(collection) {
            return Ok(self.open().await?.changes(collection, since));
        }
        changes::of(&mut self.conn().await?, collection.id, since, limit).await.map_err(failed)
    }

    async fn edit(&self, edit: Edit) -> Result<Outcome, StoreError> {
        let owner = self.own(&edit.owner)?;
        if edit.collection == session_calendar::NAME {
            return session_calendar::edit(&self.desk, owner, edit).await;
        }
        if edit.collection == open_calendar::NAME {
            return open_calendar::edit(&self.desk, owner, edit).await;
        }
        filing::file(&self.desk, owner, edit).await
    }

    async fn relocate(&self, wanted: Move) -> Result<Outcome, StoreError> {
        let owner = self.own(&wanted.owner)?;
        if [&wanted.collection, &wanted.to_collection].iter().any(|name| *name == open_calendar::NAME) {
            return open_calendar::relocate(&self.desk, owner, wanted).await;
        }
        relocating::relocate(&self.desk, owner, wanted).await
    }
}

/// The name is the server's own: no client can give it to a calendar.
fn is_open(collection: &Collection) -> bool {
    collection.name == open_calendar::NAME
}

fn failed(error: DbError) -> StoreError {
    StoreError::Failed(Box::new(error))
}
