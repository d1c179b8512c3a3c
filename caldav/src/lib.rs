//! The CalDAV protocol as a library: requests in, responses out.
//!
//! This crate knows RFC 4791 (CalDAV), RFC 4918 (WebDAV), RFC 6578 (collection synchronisation) and RFC 5545
//! (iCalendar). It has no database, no sockets and no clock: a host program implements [`store::Store`] and hands
//! every request to [`method::handle`].

#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod element;
pub mod header;
pub mod ical;
pub mod itip;
pub mod memory;
pub mod method;
pub mod precondition;
pub mod property;
pub mod report;
pub mod site;
pub mod store;
pub mod xml;
