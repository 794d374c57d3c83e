//! Addresses of earlier releases.

use axum::{
    http::{StatusCode, Uri},
    routing::{MethodRouter, get},
};

use crate::{http::web::responses::redirect, state::AppState};

/// Redirects an old address permanently to its new path. The query stays.
pub fn to(path: &'static str) -> MethodRouter<AppState> {
    get(async move |uri: Uri| {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        redirect(StatusCode::MOVED_PERMANENTLY, &format!("{path}{query}"))
    })
}
