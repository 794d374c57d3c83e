//! Counts what each network has open, such as connections or running searches.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::client::network;

/// Networks that are counted before those without anything open are forgotten.
const PRUNE_AT: usize = 1_024;

/// A number of places for each network. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Slots {
    most: usize,
    networks: Arc<Mutex<Networks>>,
}

#[derive(Debug)]
struct Networks {
    places: HashMap<IpAddr, Weak<Semaphore>>,
    prune_at: usize,
}

/// One place. Dropping it frees the place.
#[derive(Debug)]
pub struct Slot {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Slots {
    /// So many places for each network; 0: no limit.
    pub fn new(most: u32) -> Self {
        Self {
            most: usize::try_from(most)
                .unwrap_or(usize::MAX)
                .min(Semaphore::MAX_PERMITS),
            networks: Arc::new(Mutex::new(Networks {
                places: HashMap::new(),
                prune_at: PRUNE_AT,
            })),
        }
    }

    /// Takes a place for the network of an address; `None` if all are taken.
    pub fn take(&self, address: IpAddr) -> Option<Slot> {
        let permit = match self.places(address) {
            Some(places) => Some(places.try_acquire_owned().ok()?),
            None => None,
        };
        Some(Slot { _permit: permit })
    }

    /// Takes a place as soon as one is free; `None` if none is free in time.
    pub async fn wait(&self, address: IpAddr, longest: Duration) -> Option<Slot> {
        let permit = match self.places(address) {
            Some(places) => Some(
                tokio::time::timeout(longest, places.acquire_owned())
                    .await
                    .ok()?
                    .ok()?,
            ),
            None => None,
        };
        Some(Slot { _permit: permit })
    }

    /// The places of a network; `None` without a limit.
    fn places(&self, address: IpAddr) -> Option<Arc<Semaphore>> {
        if self.most == 0 {
            return None;
        }
        // A poisoned lock must not stop the site: then nothing is counted.
        let mut networks = self.networks.lock().ok()?;
        // Each network that remains has something open, so their number stays below that of connections.
        if networks.places.len() >= networks.prune_at {
            networks.places.retain(|_, places| places.strong_count() > 0);
            networks.prune_at = (networks.places.len() * 2).max(PRUNE_AT);
        }
        let known = networks.places.entry(network(address)).or_default();
        Some(known.upgrade().unwrap_or_else(|| {
            let places = Arc::new(Semaphore::new(self.most));
            *known = Arc::downgrade(&places);
            places
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[tokio::test]
    async fn one_network_has_a_number_of_places_and_others_have_their_own() {
        let slots = Slots::new(2);
        let one = address("2001:db8::1");
        let (first, second) = (slots.take(one), slots.take(address("2001:db8::2")));
        assert!(first.is_some() && second.is_some());
        assert!(slots.take(address("2001:db8::3")).is_none());
        assert!(slots.wait(one, Duration::from_millis(5)).await.is_none());
        assert!(slots.take(address("2001:db8:0:1::1")).is_some());
        let waiting = slots.wait(one, Duration::from_secs(5));
        let (free, ()) = tokio::join!(waiting, async { drop(first) });
        assert!(free.is_some(), "it got the place that became free");
        assert!(slots.take(one).is_none());
    }

    #[test]
    fn zero_means_no_limit() {
        let slots = Slots::new(0);
        let taken: Vec<_> = (0..1_000).map(|_| slots.take(address("10.0.0.1"))).collect();
        assert!(taken.iter().all(Option::is_some));
    }

    #[test]
    fn networks_with_nothing_open_are_forgotten() {
        let slots = Slots::new(2);
        let _open = slots.take(address("192.0.2.1"));
        for n in 0..10_000_u32 {
            assert!(slots.take(IpAddr::from(n.to_be_bytes())).is_some());
        }
        let networks = slots.networks.lock().expect("the networks");
        assert!(networks.places.len() <= PRUNE_AT, "{}", networks.places.len());
        assert!(networks.places.contains_key(&address("192.0.2.1")));
    }
}
