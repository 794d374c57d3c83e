//! What every request can reach.

use std::sync::Arc;

use app::{context::Visit, shell::Assets};
use backend::{
    Clock, Store,
    digest::Post,
    session::{Session, Sessions},
    tokens::Secret,
};

use crate::http::limits::Limits;

/// Shared by all requests; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// Letters.
    pub post: Post,
    /// Reader cookies.
    pub sessions: Sessions,
    /// Time.
    pub clock: Clock,
    /// The built front end; without it pages are bare HTML.
    pub assets: Option<Arc<Assets>>,
    /// How often one network may write.
    pub limits: Arc<Limits>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(store: Store, post: Post, secret: &Secret, clock: Clock, assets: Option<Assets>) -> Self {
        let sessions = Sessions::new(store.clone(), secret, &post.public_url);
        Self {
            store,
            post,
            sessions,
            clock,
            assets: assets.map(Arc::new),
            limits: Arc::default(),
        }
    }

    /// What a server function gets.
    pub fn visit(&self, session: Session) -> Visit {
        Visit {
            store: self.store.clone(),
            post: self.post.clone(),
            sessions: self.sessions.clone(),
            clock: self.clock.clone(),
            session,
        }
    }
}
