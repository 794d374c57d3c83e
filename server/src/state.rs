//! What every request can reach.

use std::sync::Arc;

use app::context::RequestContext;
use app::session::{Session, Sessions};
use ingest::Sources;
use mail::digest::MailService;
use store::Clock;
use store::Store;
use store::tokens::Secret;

use tokio::sync::Semaphore;

use crate::front_end::FrontEnd;
use crate::http::{absent::Absent, limits::Limits, news::News, pictures::Pictures};

/// Papers fetched from arXiv on the spot at once.
const FETCHING: usize = 3;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// Letters.
    pub mail: MailService,
    /// Reader cookies.
    pub sessions: Sessions,
    /// Time.
    pub clock: Clock,
    /// The built front end; without it pages are bare HTML.
    pub front_end: Option<FrontEnd>,
    /// How often one network may write.
    pub limits: Arc<Limits>,
    /// The sources, and how to ask them.
    pub sources: Sources,
    /// Whether they are followed.
    pub sync: bool,
    /// Who waits for new papers.
    pub news: News,
    /// What arXiv does not have.
    pub absent: Absent,
    /// Places for papers that are being fetched on the spot.
    pub fetching: Arc<Semaphore>,
    /// Who is drawing a picture, and the last ones drawn.
    pub pictures: Pictures,
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
            store,
            mail,
            sessions,
            clock,
            front_end,
            limits: Arc::default(),
            sources,
            sync,
            news: News::default(),
            absent: Absent::default(),
            fetching: Arc::new(Semaphore::new(FETCHING)),
            pictures: Pictures::default(),
        }
    }

    /// What a server function gets.
    pub fn visit(&self, session: Session) -> RequestContext {
        RequestContext {
            store: self.store.clone(),
            mail: self.mail.clone(),
            sessions: self.sessions.clone(),
            clock: self.clock.clone(),
            session,
        }
    }
}
