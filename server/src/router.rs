//! The URL map, and what every request passes through.

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    limit::RequestBodyLimitLayer,
};

use crate::{
    http::{
        assets,
        guard::{limits, request_log, security, trailing_slash},
        handlers::{
            bookmarks, editions, events, feeds, fetch_on_demand, forms, health, issues, listing, metrics,
            offline, papers, pictures, preferences, ranking, redirects, searches, settings, share, sitemaps,
            sources, subscribe, subscriptions,
        },
        web::error_pages::{error_pages, not_found, panicked, wrong_method},
    },
    state::AppState,
};

/// All of Broadsheet's HTTP.
pub fn router(state: AppState) -> Router {
    // The first layer sees the request first and the response last.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), request_log::log))
        .layer(compression())
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(trailing_slash::without_trailing_slash))
        .layer(from_fn_with_state(state.clone(), error_pages))
        .layer(from_fn(limits::time))
        .layer(from_fn_with_state(state.clone(), security::same_origin))
        .layer(from_fn_with_state(state.clone(), limits::writes))
        .layer(from_fn(limits::bodies))
        .layer(RequestBodyLimitLayer::new(limits::MAX_BODY_BYTES));
    listings()
        .merge(readers())
        .merge(email())
        .merge(machines())
        .merge(assets::routes(&state))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .with_state(state)
        .layer(layers)
}

/// Compresses what a client accepts compressed, but not fonts: WOFF2 is compressed already.
fn compression() -> CompressionLayer<impl Predicate> {
    let predicate = DefaultPredicate::new().and(NotForContentType::const_new("font/"));
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(5))
        .compress_when(predicate)
}

/// Listings, editions and papers, and the pages about them.
fn listings() -> Router<AppState> {
    Router::new()
        .route("/", get(listing::front))
        .route("/date/{day}", get(editions::page))
        .route("/week/{week}", get(editions::page))
        .route("/month/{month}", get(editions::page))
        .route("/papers/{*key}", get(papers::paper))
        .route("/share", get(share::page))
        .route("/events", get(events::events))
        .route("/about/ranking", get(ranking::page))
        .route("/about/sources", get(sources::page))
}

/// What a reader has saved and set, and the forms that do it.
fn readers() -> Router<AppState> {
    Router::new()
        .route("/bookmarks", get(bookmarks::page))
        .route("/bookmarks.bib", get(bookmarks::bib))
        .route("/searches", get(searches::page))
        .route("/searches.opml", get(searches::opml))
        .route("/settings", get(settings::page))
        .route("/views", redirects::to("/searches"))
        .route("/views.opml", redirects::to("/searches.opml"))
        .route("/reading", redirects::to("/settings"))
        .route("/offline", get(offline::page))
        .route("/fn/fetch_paper", post(fetch_on_demand::fetch))
        .route("/fn/{*name}", post(forms::server_fn))
}

/// Subscribing, the pages behind emailed links, and what was emailed.
fn email() -> Router<AppState> {
    Router::new()
        .route("/subscribe", get(subscribe::page))
        .route(
            "/confirm/{token}",
            get(subscriptions::ask_confirm).post(subscriptions::confirm),
        )
        .route(
            "/unsubscribe/{token}",
            get(subscriptions::ask_unsubscribe).post(subscriptions::unsubscribe),
        )
        .route(
            "/preferences/{token}",
            get(preferences::page).post(preferences::change),
        )
        .route("/preferences/{token}/data.json", get(preferences::data))
        .route("/preferences/{token}/views.opml", get(preferences::opml))
        .route("/issues", get(issues::latest))
        .route("/issues/{day}", get(issues::front))
        .route("/issues/{day}/{search}", get(issues::of_search))
        .route("/editions", get(issues::moved))
        .route("/editions/{*rest}", get(issues::moved))
}

/// Feeds, preview pictures, sitemaps and operations.
fn machines() -> Router<AppState> {
    Router::new()
        .route("/feed.atom", get(feeds::atom))
        .route("/feed.rss", get(feeds::rss))
        .route("/feed.json", get(feeds::json))
        .route("/date/{day}/{file}", get(feeds::edition))
        .route("/week/{week}/{file}", get(feeds::edition))
        .route("/month/{month}/{file}", get(feeds::edition))
        .route("/pictures/front.png", get(pictures::front))
        .route("/pictures/papers/{*key}", get(pictures::paper))
        .route("/pictures/date/{file}", get(pictures::edition))
        .route("/pictures/week/{file}", get(pictures::edition))
        .route("/pictures/month/{file}", get(pictures::edition))
        .route("/sitemap.xml", get(sitemaps::index))
        .route("/sitemap/{file}", get(sitemaps::part))
        .route("/robots.txt", get(health::robots))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
}
