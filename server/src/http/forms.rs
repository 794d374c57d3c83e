//! Server functions, answered to whoever posted: a script gets JSON and a true status, a plain form goes back to its
//! page, or gets a page that says what went wrong.
//!
//! (In Leptos 0.8 every failed server function is a 500, and a failed form returns to its page with the error in the
//! URL, where anybody could write one. Hence this layer.)

use app::{
    AppError,
    pages::{SubscribeForm, SubscribeState},
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use domain::PaperKey;
use leptos::{prelude::provide_context, server_fn::error::FromServerFnError};

use super::{
    pages,
    settings::{self, Typed},
    subscribe,
    visitor::{Visitor, cookies},
};
use crate::state::AppState;

/// Server functions under the names of earlier releases, and their names today. Pages that are still open post to them.
const OLD_NAMES: [(&str, &str); 4] = [
    ("/fn/save_view", "/fn/save_search"),
    ("/fn/drop_view", "/fn/remove_search"),
    ("/fn/standings", "/fn/reader_states"),
    ("/fn/set_reading", "/fn/set_settings"),
];

/// `POST /fn/{name}`
pub async fn server_fn(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some((_, name)) = OLD_NAMES.iter().find(|(old, _)| *old == parts.uri.path()) {
        parts.uri = Uri::from_static(name);
    }
    let visitor = Visitor::of(&state, &parts).await;
    let is_page = pages::wants_html(&parts);
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        // The limit layer cut it off.
        return pages::too_large(&state, &parts).await;
    };
    let form = Form::read(&body, &parts.headers, parts.uri.path());
    // A plain answer; the rest is done here.
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let visit = state.visit(visitor.session);
    // Each bookmark makes the reader's cookie last anew.
    let renewed = matches!(form.action.as_str(), "bookmark" | "mark_read")
        .then(|| visitor.session.reader())
        .flatten()
        .and_then(|_| state.sessions.renew(&cookies(&parts.headers)));
    let answer = leptos_axum::handle_server_fns_with_context(
        move || provide_context(visit.clone()),
        Request::from_parts(parts, Body::from(body)),
    )
    .await
    .into_response();
    if answer.status() == StatusCode::BAD_REQUEST {
        let (title, words) = ("There is no such action", "Nothing answers at this address.");
        return if is_page {
            pages::error_page(&state, &visitor, StatusCode::NOT_FOUND, title, words, &form.back).await
        } else {
            pages::problem(StatusCode::NOT_FOUND, title, words)
        };
    }
    if answer.status().is_success() {
        let mut response = succeeded(answer, &form, is_page);
        if let Some(cookie) = renewed.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        return response;
    }
    let error = read_error(answer).await;
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let words = error.to_string();
    match (&error, is_page) {
        (_, false) => pages::problem(status, "Not done", &words),
        (AppError::Invalid(_), true) if form.action == "subscribe" => {
            let page = SubscribeState::Asking {
                form: form.subscribe,
                why: Some(words),
            };
            subscribe::show(&state, &visitor, status, page).await
        }
        (AppError::Invalid(_), true) if form.mutes.is_some() => {
            settings::show(
                &state,
                &visitor,
                status,
                form.mutes.map(|typed| (typed, words)),
                false,
            )
            .await
        }
        (AppError::Suppressed { may_try, .. }, true) => {
            let page = SubscribeState::Suppressed {
                form: form.subscribe,
                why: words,
                may_try: *may_try,
            };
            subscribe::show(&state, &visitor, status, page).await
        }
        (_, true) => {
            pages::error_page(&state, &visitor, status, "That did not work", &words, &form.back).await
        }
    }
}

/// What of a posted form decides the way back.
struct Form {
    /// The name of the server function.
    action: String,
    /// What was typed to subscribe, to give it back.
    subscribe: SubscribeForm,
    /// What was typed to be muted, to give it back.
    mutes: Option<Typed>,
    /// A path of ours.
    back: String,
}

impl Form {
    fn read(body: &Bytes, headers: &HeaderMap, path: &str) -> Self {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| {
            fields
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, value)| value.clone())
        };
        let typed = |name: &str| field(name).unwrap_or_default();
        let action = path.trim_start_matches("/fn/").to_owned();
        let mut back = field("back")
            .filter(|back| is_own_path(back))
            // That of the card's other button, which offers to undo a removal.
            .filter(|back| action != "mark_read" || !back.contains("removed="))
            .or_else(|| own_referer(headers))
            .unwrap_or_else(|| "/".to_owned());
        match action.as_str() {
            "subscribe" => back = "/subscribe?sent".to_owned(),
            // Back to the card, not to the top of the page.
            "bookmark" | "mark_read" if !back.contains("removed=") => {
                if let Some(key) = field("paper").and_then(|key| key.parse::<PaperKey>().ok()) {
                    back = format!("{}#paper-{}", back.split('#').next().unwrap_or("/"), key.slug());
                }
            }
            _ => {}
        }
        Self {
            action,
            subscribe: SubscribeForm {
                email: typed("email"),
                view: typed("view"),
                often: typed("often"),
                hour: typed("hour"),
                zone: typed("zone"),
                papers: typed("papers"),
            },
            mutes: field("mutes").map(|_| Typed {
                words: typed("words"),
                categories: typed("categories"),
                density: typed("density").parse().ok(),
                marking: typed("marking").parse().ok(),
            }),
            back,
        }
    }
}

/// A path on this site: `//host` and `/\host` lead elsewhere. Anything but visible ASCII a browser would have encoded.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/\\")
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Path and query of the page a form was posted from, if that page is ours.
fn own_referer(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = rest.strip_prefix(host)?;
    // An error page of a form is no page to go back to.
    (is_own_path(path) && !path.starts_with("/fn/")).then(|| path.to_owned())
}

fn succeeded(answer: Response, form: &Form, is_page: bool) -> Response {
    if !is_page {
        return answer;
    }
    let mut response = pages::redirect(StatusCode::SEE_OTHER, &form.back);
    let kept: Vec<(HeaderName, HeaderValue)> = answer
        .headers()
        .iter()
        .filter(|(name, _)| *name == header::SET_COOKIE)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in kept {
        response.headers_mut().append(name, value);
    }
    response
}

async fn read_error(answer: Response) -> AppError {
    match to_bytes(answer.into_body(), 64 * 1024).await {
        Ok(body) => AppError::de(body),
        Err(error) => {
            tracing::error!(%error, "a server function's error could not be read");
            AppError::Internal
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_always_ours() {
        let back = |body: &'static str, referer: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:3000"));
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            Form::read(&Bytes::from_static(body.as_bytes()), &headers, "/fn/bookmark").back
        };
        assert_eq!(
            back("paper=2510.01234", "http://localhost:3000/?sort=new&after=x"),
            "/?sort=new&after=x#paper-2510.01234"
        );
        assert_eq!(
            back("paper=hep-th/9901001", "http://evil.example/"),
            "/#paper-hep-th-9901001"
        );
        assert_eq!(
            back("back=//evil.example", "http://localhost:3000.evil.example/x"),
            "/"
        );
        assert_eq!(
            back("back=/bookmarks?removed=2510.01234&paper=2510.01234", ""),
            "/bookmarks?removed=2510.01234"
        );
        assert_eq!(back("back=/%0d%0aX:y", ""), "/");
    }
}
