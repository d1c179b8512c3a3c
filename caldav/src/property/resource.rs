//! The resource a property is asked of, and who asks.

use crate::site::{Path, Site};
use crate::store::{Collection, Member, Principal};

/// Who looks at a resource, and where it is mounted.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Builds hrefs.
    pub site: &'a Site,
    /// The signed-in person, lower-case address.
    pub caller: &'a str,
}

/// A resource that was found.
#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    /// The base.
    Root,
    /// The collection of principals.
    Principals,
    /// A person.
    Principal(&'a Principal),
    /// The collection of calendar homes.
    Homes,
    /// A person's calendar home.
    Home(&'a Principal),
    /// A calendar.
    Calendar {
        /// Its owner's address.
        owner: &'a str,
        /// The calendar.
        collection: &'a Collection,
    },
    /// A calendar object.
    Member {
        /// The owner's address.
        owner: &'a str,
        /// The calendar it is in.
        collection: &'a Collection,
        /// The object.
        member: &'a Member,
    },
}

impl Resource<'_> {
    /// Its path.
    pub fn path(&self) -> Path {
        match self {
            Self::Root => Path::Root,
            Self::Principals => Path::Principals,
            Self::Principal(principal) => Path::Principal(principal.email.clone()),
            Self::Homes => Path::Homes,
            Self::Home(principal) => Path::Home(principal.email.clone()),
            Self::Calendar { owner, collection } => Path::Collection((*owner).to_owned(), collection.name.clone()),
            Self::Member { owner, collection, member } => {
                Path::Member((*owner).to_owned(), collection.name.clone(), member.name.clone())
            }
        }
    }

    /// The calendar, of itself or of a member.
    pub fn collection(&self) -> Option<&Collection> {
        match self {
            Self::Calendar { collection, .. } | Self::Member { collection, .. } => Some(collection),
            _ => None,
        }
    }
}
