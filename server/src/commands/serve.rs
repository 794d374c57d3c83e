//! `broadsheet serve`

use std::process::ExitCode;

use domain::Window;
use ingest::ranking;
use jobs::Job;
use mail::MailService;
use store::{Clock, Store};

use crate::{
    background,
    config::{Settings, SourcesSettings},
    router::router,
    serve::{self, stop_signal},
    state::AppState,
};

/// Serves the web site and runs the jobs until SIGTERM or SIGINT.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let clock = Clock::System;
    let front_end = settings.site.front_end(clock.now())?;
    if front_end.is_none() {
        tracing::warn!(
            "no built front end found, so pages have no style; build one with `make build`, or set BROADSHEET_SITE_ROOT"
        );
    }
    let store = settings.database.open_or_create().await?;
    let secret = settings.secret.load_or_create(&settings.database, &store).await?;
    let mail = settings
        .mail
        .service(store.clone(), secret.clone(), &settings.site.public_url)?;
    prepare(settings, &store, &clock).await?;
    let listener = settings.site.bind().await?;
    let sources = settings.sources.sources(&store, &clock)?;
    let scheduler = SourcesSettings::scheduler(&store, &clock)?;
    let sync = settings.sources.sync.is_on();
    let jobs = all_jobs(sources.jobs(sync), &mail, &clock);
    let mut state = AppState::new(store.clone(), mail, &secret, clock, front_end, sources, sync);
    state.clients = settings.clients.limits();
    state.metrics = settings.site.metrics;
    let limits = serve::Limits {
        clients: state.clients.clone(),
        ..serve::Limits::default()
    };
    let jobs = background::start(store.clone(), &scheduler, jobs, state.news.clone());
    tracing::info!(
        listen = %listener.local_addr()?,
        public_url = settings.site.public_url,
        database = %settings.database.database.display(),
        "serving"
    );
    let stopper = jobs.stopper();
    let stop = async {
        stop_signal().await;
        stopper.send_replace(true);
    };
    // Requests and jobs stop at the same time, within the same ten seconds.
    let (served, ()) = tokio::join!(
        serve::serve(listener, router(state), limits, stop),
        jobs.ended(serve::GRACE)
    );
    served?;
    // A write may still wait for the lock of another process. SQLite loses nothing if the program ends before it.
    if tokio::time::timeout(serve::GRACE, store.close()).await.is_err() {
        tracing::warn!("the database was not closed in time");
    }
    Ok(ExitCode::SUCCESS)
}

/// The jobs of all packages.
fn all_jobs(mut jobs: Vec<Job>, mail: &MailService, clock: &Clock) -> Vec<Job> {
    jobs.extend(mail::jobs::jobs(mail, clock));
    jobs
}

/// Loads the sample, ranks a new library, and fills the caches that the first page needs.
async fn prepare(settings: &Settings, store: &Store, clock: &Clock) -> anyhow::Result<()> {
    settings.sample.load(store, clock.now()).await?;
    // There is none in a new library, and none that this release can read in some old ones.
    if store.current_ranking(Window::Week).await?.is_none() {
        ranking::rank(store, clock.now()).await?;
        store.current_ranking(Window::Week).await?;
    }
    store.top_categories(1).await?;
    store.facts(clock.now()).await?;
    Ok(())
}
