//! Tells open pages about new papers, and counts the pages that listen.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use domain::Newest;
use tokio::sync::watch;

/// Pages that may listen at once. Each holds a connection; further pages get no news.
const MAX_LISTENERS: usize = 500;
/// Pages of one network that may listen at once: enough for a department, and not all places.
const MAX_LISTENERS_PER_NETWORK: usize = 60;

type ListenerCounts = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// The newest paper and rank run, for all pages that listen. Cheap to clone.
#[derive(Debug, Clone)]
pub struct News {
    newest: watch::Sender<Option<Newest>>,
    listeners: ListenerCounts,
}

impl Default for News {
    fn default() -> Self {
        Self {
            newest: watch::Sender::new(Some(Newest::default())),
            listeners: Arc::default(),
        }
    }
}

impl News {
    /// Whether any page listens.
    pub fn has_readers(&self) -> bool {
        self.newest.receiver_count() > 0
    }

    /// Wakes all listeners if anything is new.
    pub fn publish(&self, newest: Newest) {
        self.newest.send_if_modified(|known| {
            let changed = known.is_some_and(|known| known != newest);
            if changed {
                *known = Some(newest);
            }
            changed
        });
    }

    /// Ends every stream.
    pub fn close(&self) {
        self.newest.send_replace(None);
    }

    /// Changes whenever something new was published; `None` when Broadsheet stops.
    pub fn subscribe(&self) -> watch::Receiver<Option<Newest>> {
        self.newest.subscribe()
    }

    /// Takes a place among the listeners; `None` if too many pages listen already.
    pub fn listen(&self, network: IpAddr) -> Option<ListenerSlot> {
        let mut listeners = self.listeners.lock().ok()?;
        if listeners.values().sum::<usize>() >= MAX_LISTENERS {
            return None;
        }
        let own = listeners.entry(network).or_default();
        if *own >= MAX_LISTENERS_PER_NETWORK {
            return None;
        }
        *own += 1;
        drop(listeners);
        Some(ListenerSlot {
            listeners: self.listeners.clone(),
            network,
        })
    }
}

/// One place among the listeners. Dropping it frees the place.
#[derive(Debug)]
pub struct ListenerSlot {
    listeners: ListenerCounts,
    network: IpAddr,
}

impl Drop for ListenerSlot {
    fn drop(&mut self) {
        if let Ok(mut listeners) = self.listeners.lock()
            && let Some(own) = listeners.get_mut(&self.network)
        {
            *own -= 1;
            if *own == 0 {
                listeners.remove(&self.network);
            }
        }
    }
}
