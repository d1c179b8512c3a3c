//! How many connections there are, in all and from each address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits;

/// Counts connections and refuses those beyond the limits.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    addresses: Mutex<HashMap<IpAddr, usize>>,
}

/// The right to one connection; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    _one: OwnedSemaphorePermit,
    address: IpAddr,
    places: Arc<Places>,
}

impl Places {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { all: Arc::new(Semaphore::new(limits::CONNECTIONS)), addresses: Mutex::default() })
    }

    /// A place for a client at this address; `None`: there are too many, in all or (if that counts) of them.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr, per_address: bool) -> Option<Place> {
        let one = self.all.clone().try_acquire_owned().ok()?;
        let address = network(address);
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let count = addresses.entry(address).or_default();
        if per_address && *count >= limits::PER_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Place { _one: one, address, places: self.clone() })
    }

    /// Waits until all places were given back.
    pub(super) async fn all_free(&self) {
        let all = u32::try_from(limits::CONNECTIONS).unwrap_or(u32::MAX);
        // Nobody closes the semaphore.
        let _ = self.all.acquire_many(all).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut addresses = self.places.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = addresses.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                addresses.remove(&self.address);
            }
        }
    }
}

/// Whoever has an IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64)).into(),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_its_share_and_gets_it_back() {
        let places = Places::new();
        let address = |last: u16| IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        let mut taken: Vec<Place> = (0..512).map(|last| places.take(address(last), true).unwrap()).collect();
        assert!(places.take(address(9_999), true).is_none(), "the same /64");
        assert!(places.take(address(9_999), false).is_some());
        assert!(places.take("192.0.2.1".parse().unwrap(), true).is_some());
        taken.pop();
        assert!(places.take(address(9_999), true).is_some());
        taken.clear();
        assert!(places.addresses.lock().unwrap().is_empty());
    }
}
