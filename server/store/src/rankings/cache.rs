//! Rankings in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, RwLock},
    time::Instant,
};

use super::ranking::Ranking;

/// Rankings in memory: three windows of the current epoch and of a few before it.
const MOST_CACHED: usize = 12;

/// The epoch of a rank run and the code of a window.
pub(super) type Key = (i64, &'static str);

/// The rankings that pages use.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    known: RwLock<BTreeMap<Key, Arc<Ranking>>>,
    /// Stored rankings that this program cannot read: each is logged once.
    unreadable: Mutex<BTreeSet<Key>>,
    /// Held while a ranking is read, so that it is read once; the time of the last reload.
    pub(super) loading: tokio::sync::Mutex<Option<Instant>>,
}

impl Cache {
    /// Empties the cache, after papers have changed.
    pub fn clear(&self) {
        if let Ok(mut known) = self.known.write() {
            known.clear();
        }
    }

    pub(super) fn is_unreadable(&self, key: Key) -> bool {
        self.unreadable.lock().is_ok_and(|keys| keys.contains(&key))
    }

    pub(super) fn set_unreadable(&self, key: Key) {
        if let Ok(mut keys) = self.unreadable.lock() {
            keys.insert(key);
        }
    }

    pub(super) fn get(&self, key: Key) -> Option<Arc<Ranking>> {
        self.known.read().ok()?.get(&key).cloned()
    }

    pub(super) fn put(&self, key: Key, ranking: &Arc<Ranking>) {
        if let Ok(mut known) = self.known.write() {
            known.insert(key, ranking.clone());
            while known.len() > MOST_CACHED {
                // The oldest, but not the one just added.
                let oldest = known.keys().find(|known| **known != key).copied();
                match oldest {
                    Some(oldest) => known.remove(&oldest),
                    None => break,
                };
            }
        }
    }
}
