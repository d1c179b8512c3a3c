//! Loads the resource that a path names.

use crate::property::Resource;
use crate::site::Path;
use crate::store::{Collection, Member, Principal, Store, StoreError};

/// A resource that exists and that the caller may see.
#[derive(Debug, Clone)]
pub enum Found {
    /// The base.
    Root,
    /// The collection of principals.
    Principals,
    /// A person.
    Principal(Principal),
    /// The collection of calendar homes.
    Homes,
    /// A calendar home.
    Home(Principal),
    /// A calendar and its owner.
    Calendar(String, Collection),
    /// A calendar object, its calendar and its owner.
    Member(String, Collection, Member),
}

impl Found {
    /// Loads it; `None` when there is nothing, or it belongs to somebody else.
    ///
    /// # Errors
    /// A failing store.
    pub async fn load<S: Store>(store: &S, caller: &str, path: &Path) -> Result<Option<Self>, StoreError> {
        if path.owner().is_some_and(|owner| owner != caller) {
            return Ok(None);
        }
        Ok(match path {
            Path::Root => Some(Self::Root),
            Path::Principals => Some(Self::Principals),
            Path::Homes => Some(Self::Homes),
            Path::Principal(owner) => store.principal(owner).await?.map(Self::Principal),
            Path::Home(owner) => store.principal(owner).await?.map(Self::Home),
            Path::Collection(owner, name) => {
                store.collection(owner, name).await?.map(|collection| Self::Calendar(owner.clone(), collection))
            }
            Path::Member(owner, collection, name) => {
                let Some(collection) = store.collection(owner, collection).await? else { return Ok(None) };
                let member = store.member(&collection, name).await?;
                member.map(|member| Self::Member(owner.clone(), collection, member))
            }
        })
    }

    /// It, for its properties.
    pub fn resource(&self) -> Resource<'_> {
        match self {
            Self::Root => Resource::Root,
            Self::Principals => Resource::Principals,
            Self::Principal(principal) => Resource::Principal(principal),
            Self::Homes => Resource::Homes,
            Self::Home(principal) => Resource::Home(principal),
            Self::Calendar(owner, collection) => Resource::Calendar { owner, collection },
            Self::Member(owner, collection, member) => Resource::Member { owner, collection, member },
        }
    }
}
