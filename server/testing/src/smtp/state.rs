//! What all connections of a mail server share.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_rustls::TlsAcceptor;

use super::options::{Next, Received, ServerOptions};

/// The answer to RCPT for an address.
pub(super) type Rule = dyn Fn(&str) -> Option<(u16, String)> + Send + Sync;

#[derive(Default)]
pub(super) struct State {
    pub next: VecDeque<Next>,
    pub always: Option<Arc<Rule>>,
    pub received: Vec<Received>,
    pub received_count: usize,
    pub connections: usize,
    pub open: usize,
    pub most_open: usize,
}

pub(super) struct Shared {
    pub options: ServerOptions,
    pub acceptor: Option<TlsAcceptor>,
    pub state: Mutex<State>,
}

impl Shared {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts one open connection, until it is dropped.
pub(super) struct Open(pub(super) Arc<Shared>);

impl Open {
    pub fn new(shared: Arc<Shared>) -> Self {
        let mut state = shared.state();
        state.connections += 1;
        state.open += 1;
        state.most_open = state.most_open.max(state.open);
        drop(state);
        Self(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.state().open -= 1;
    }
}
