//! Everything that a request can use.

use std::sync::Arc;

use app::{
    context::RequestContext,
    session::{Session, Sessions},
};
use ingest::Sources;
use mail::MailService;
use store::{Clock, Store, tokens::Secret};
use tokio::sync::Semaphore;

use super::{
    missing_papers::MissingPapers, news::News, picture_cache::PictureCache, rate_limits::RateLimits,
    request_metrics::RequestMetrics,
};
use crate::front_end::FrontEnd;

/// Papers that may be fetched from arXiv on demand at the same time.
const MAX_FETCHES: usize = 3;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// Email and subscriptions.
    pub mail: MailService,
    /// Reader cookies.
    pub sessions: Sessions,
    /// The current time.
    pub clock: Clock,
    /// Every absolute link begins with this; it does not end with a slash.
    pub public_url: Arc<str>,
    /// The built front end; without it pages have no style and no script.
    pub front_end: Option<FrontEnd>,
    /// How often one network may write.
    pub limits: Arc<RateLimits>,
    /// The sources, and how to ask them.
    pub sources: Sources,
    /// Whether jobs follow the sources.
    pub sync: bool,
    /// The pages that wait for new papers.
    pub news: News,
    /// Ids that arXiv does not have.
    pub missing: MissingPapers,
    /// Permits to fetch a paper from arXiv on demand.
    pub fetching: Arc<Semaphore>,
    /// The requests since the start.
    pub requests: RequestMetrics,
    /// The renderer of preview pictures, and the last pictures.
    pub pictures: PictureCache,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        mail: MailService,
        secret: &Secret,
        clock: Clock,
        front_end: Option<FrontEnd>,
        sources: Sources,
        sync: bool,
    ) -> Self {
        let sessions = Sessions::new(store.clone(), secret, &mail.public_url);
        Self {
            public_url: Arc::from(mail.public_url.as_str()),
            store,
            mail,
            sessions,
            clock,
            front_end,
            limits: Arc::default(),
            requests: RequestMetrics::default(),
            sources,
            sync,
            news: News::default(),
            missing: MissingPapers::default(),
            fetching: Arc::new(Semaphore::new(MAX_FETCHES)),
            pictures: PictureCache::default(),
        }
    }

    /// What a server function gets.
    pub fn request_context(&self, session: Session) -> RequestContext {
        RequestContext {
            store: self.store.clone(),
            mail: self.mail.clone(),
            sessions: self.sessions.clone(),
            clock: self.clock.clone(),
            session,
        }
    }
}
