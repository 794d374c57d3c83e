//! The URL map, and what every request passes through.

use std::path::PathBuf;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
};

use crate::{
    http::{
        assets, bookmarks, editions, feeds, forms, health, issues, limits, listing, metrics, news, offline,
        pages, papers, pictures, preferences, searches, security, settings, share, sitemaps, sources,
        subscribe, subscriptions,
    },
    state::AppState,
};

/// All of Broadsheet's HTTP. `site` is the folder of the built front end.
pub fn router(state: AppState, site: Option<PathBuf>) -> Router {
    let pages = Router::new()
        .route("/", get(listing::front))
        .route("/date/{day}", get(editions::day))
        .route("/week/{week}", get(editions::week))
        .route("/month/{month}", get(editions::month))
        .route("/papers/{*key}", get(papers::paper))
        .route("/bookmarks", get(bookmarks::page))
        .route("/bookmarks.bib", get(bookmarks::bib))
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
        .route("/views", get(searches::page))
        .route("/reading", get(settings::page))
        .route("/views.opml", get(searches::opml))
        .route("/issues", get(issues::latest))
        .route("/issues/{day}", get(issues::front))
        .route("/issues/{day}/{search}", get(issues::of_search))
        .route("/editions", get(issues::moved))
        .route("/editions/{*rest}", get(issues::moved))
        .route("/about/ranking", get(pages::ranking))
        .route("/feed.atom", get(feeds::atom))
        .route("/feed.rss", get(feeds::rss))
        .route("/feed.json", get(feeds::json))
        .route("/date/{day}/{file}", get(feeds::edition))
        .route("/week/{week}/{file}", get(feeds::edition))
        .route("/month/{month}/{file}", get(feeds::edition))
        .route("/about/sources", get(sources::page))
        .route("/pictures/front.png", get(pictures::front))
        .route("/pictures/papers/{*key}", get(pictures::paper))
        .route("/pictures/date/{file}", get(pictures::edition))
        .route("/pictures/week/{file}", get(pictures::edition))
        .route("/pictures/month/{file}", get(pictures::edition))
        .route("/sitemap.xml", get(sitemaps::index))
        .route("/sitemap/{file}", get(sitemaps::part))
        .route("/events", get(news::events))
        .route("/offline", get(offline::page))
        .route("/share", get(share::page))
        // Server functions; only ever posted to.
        .route("/fn/{*name}", post(forms::server_fn));
    let operations = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .route("/robots.txt", get(health::robots));
    let layers = ServiceBuilder::new()
        .layer(from_fn(security::timing))
        .layer(
            CompressionLayer::new()
                .no_zstd()
                .quality(CompressionLevel::Precise(5)),
        )
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(from_fn_with_state(state.clone(), limits::time))
        .layer(from_fn_with_state(state.clone(), security::same_origin))
        .layer(from_fn_with_state(state.clone(), limits::writes))
        .layer(from_fn_with_state(state.clone(), limits::bodies))
        .layer(RequestBodyLimitLayer::new(limits::MOST_BODY_BYTES));
    pages
        .merge(operations)
        .merge(assets::routes(&state, site))
        .fallback(pages::not_found)
        .method_not_allowed_fallback(pages::wrong_method)
        .with_state(state)
        .layer(layers)
}
