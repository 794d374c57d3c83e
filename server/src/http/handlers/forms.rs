//! Server functions, answered in the way the client asks: JSON and an HTTP status for a script; for a plain form, a
//! redirect to its page, or a page that says what is wrong.
//!
//! In Leptos 0.8 every failed server function answers 500, and a failed form returns to its page with the error in the
//! URL, where anyone could write one. This layer replaces both. What each form needs stands beside its server function
//! (`app::api::form_rules`).

use app::{
    AppError,
    api::{FormInput, FormRules, Refill, form_rules},
    pages::SubscribeState,
};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use leptos::{prelude::provide_context, server_fn::error::FromServerFnError};

use super::{
    form_return::{form_input, return_path},
    settings, subscribe,
};
use crate::{
    http::web::{
        cookies::cookies,
        page_error::{PageError, status_of},
        responses::{problem, redirect, wants_html},
        visitor::Visitor,
    },
    state::AppState,
};

/// Paths of server functions in earlier releases, and their paths today. Pages that are still open post to the old
/// ones.
const OLD_PATHS: [(&str, &str); 4] = [
    ("/fn/save_view", "/fn/save_search"),
    ("/fn/drop_view", "/fn/remove_search"),
    ("/fn/standings", "/fn/reader_states"),
    ("/fn/set_reading", "/fn/set_settings"),
];
/// Errors of server functions are shorter than this, in bytes.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// `POST /fn/{name}`
pub async fn server_fn(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some((_, path)) = OLD_PATHS.iter().find(|(old, _)| *old == parts.uri.path()) {
        parts.uri = Uri::from_static(path);
    }
    let visitor = Visitor::of(&state, &parts).await;
    let is_page = wants_html(&parts);
    // The limit layer ends a body that is too long.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return PageError::too_large().into_response();
    };
    // Leptos would take this for an answer that its client could not read.
    if std::str::from_utf8(&body).is_err() {
        return not_utf8(is_page);
    }
    let rules = form_rules(parts.uri.path());
    let input = form_input(&body);
    let form = PostedForm {
        back: return_path(&rules, &input, &parts.headers),
        cookie: renewed_cookie(&state, &visitor, &rules, &parts.headers),
        rules,
        input,
        is_page,
    };
    // Leptos answers JSON; the form of the answer is decided below.
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let context = state.request_context(visitor.session);
    let answer = leptos_axum::handle_server_fns_with_context(
        move || provide_context(context.clone()),
        Request::from_parts(parts, Body::from(body)),
    )
    .await
    .into_response();
    // Leptos answers 400 only if there is no function of this name.
    if answer.status() == StatusCode::BAD_REQUEST {
        return form.unknown();
    }
    if answer.status().is_success() {
        return form.succeeded(answer);
    }
    form.failed(&state, &visitor, read_error(answer).await).await
}

fn not_utf8(is_page: bool) -> Response {
    let error = PageError::new(
        StatusCode::BAD_REQUEST,
        "Invalid request",
        "The form is not valid UTF-8. Nothing was changed.",
    );
    if is_page {
        error.into_response()
    } else {
        problem(error.status, &error.title, &error.message)
    }
}

/// The new `Set-Cookie` value of a known reader, if this form renews it.
fn renewed_cookie(
    state: &AppState,
    visitor: &Visitor,
    rules: &FormRules,
    headers: &HeaderMap,
) -> Option<HeaderValue> {
    visitor.session.reader().filter(|_| rules.renews_cookie)?;
    let cookie = state.sessions.renew(&cookies(headers))?;
    HeaderValue::from_str(&cookie).ok()
}

/// A form that was sent, and what its answer needs.
struct PostedForm {
    rules: FormRules,
    input: FormInput,
    /// Where the browser goes next: a path of this site.
    back: String,
    cookie: Option<HeaderValue>,
    /// Whether the client is a browser without our script.
    is_page: bool,
}

impl PostedForm {
    fn unknown(self) -> Response {
        let error = PageError::new(
            StatusCode::NOT_FOUND,
            "Page not found",
            "There is no action at this address.",
        );
        self.error(error)
    }

    fn succeeded(self, answer: Response) -> Response {
        let mut response = if self.is_page {
            with_cookies_of(&answer, redirect(StatusCode::SEE_OTHER, &self.back))
        } else {
            answer
        };
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Shows a form with invalid input again, with what was typed; every other error is an error page.
    async fn failed(self, state: &AppState, visitor: &Visitor, error: AppError) -> Response {
        let (status, why) = (status_of(&error), error.to_string());
        if !self.is_page {
            return problem(status, "The request failed", &why);
        }
        let typed = (self.rules.refill)(&self.input);
        match (error, typed) {
            (AppError::Invalid(_), Refill::Subscribe(form)) => {
                let page = SubscribeState::Asking { form, why: Some(why) };
                subscribe::show(state, visitor, status, page).await
            }
            (AppError::Suppressed { may_try, .. }, Refill::Subscribe(form)) => {
                let page = SubscribeState::Suppressed { form, why, may_try };
                subscribe::show(state, visitor, status, page).await
            }
            (AppError::Invalid(_), Refill::Settings(input)) => {
                settings::show_invalid(state, visitor, status, input, why).await
            }
            _ => self.error(PageError::new(status, "The request failed", why)),
        }
    }

    fn error(self, error: PageError) -> Response {
        if self.is_page {
            error.back_to(&self.back).into_response()
        } else {
            problem(error.status, &error.title, &error.message)
        }
    }
}

fn with_cookies_of(answer: &Response, mut response: Response) -> Response {
    let cookies: Vec<(HeaderName, HeaderValue)> = answer
        .headers()
        .iter()
        .filter(|(name, _)| *name == header::SET_COOKIE)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in cookies {
        response.headers_mut().append(name, value);
    }
    response
}

async fn read_error(answer: Response) -> AppError {
    match to_bytes(answer.into_body(), MAX_ERROR_BYTES).await {
        Ok(body) => AppError::de(body),
        Err(error) => {
            tracing::error!(%error, "cannot read the error of a server function");
            AppError::Internal
        }
    }
}
