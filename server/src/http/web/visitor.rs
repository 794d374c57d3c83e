//! Who sends a request, and the frame of the pages they get.

use std::convert::Infallible;

use app::{
    context::ForReader,
    session::Session,
    shell::{Frame, Theme},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use domain::{Density, Mutes, ReadMarking, edition::utc_day};

use super::{cookies::cookies, nonce::Nonce};
use crate::state::AppState;

/// The sender of a request, as far as pages need to know.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The reader, if the browser has a cookie of one.
    pub session: Session,
    /// The theme they chose.
    pub theme: Option<Theme>,
    /// How much of each paper listings show.
    pub density: Density,
    /// What marks papers as read automatically.
    pub marking: ReadMarking,
    /// Whether the visitor has closed the banner, or subscribed.
    pub banner_closed: bool,
    /// A text that differs for each reader, or `nobody`; `None` if the database did not answer.
    pub mark: Option<String>,
    cached_styles: Vec<String>,
    is_fragment: bool,
    nonce: String,
    path: String,
}

impl Visitor {
    /// Reads a request. If the database does not answer, the visitor counts as new: pages can still be shown.
    pub async fn of(state: &AppState, request: &Parts) -> Self {
        let cookies = cookies(&request.headers);
        let cookie = |name: &str| {
            cookies
                .split("; ")
                .find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='))
        };
        let read = state.sessions.read(&cookies).await.for_reader();
        let mark = read.as_ref().ok().map(|session| {
            session
                .reader()
                .and_then(|_| state.sessions.mark(&cookies))
                .unwrap_or_else(|| "nobody".to_owned())
        });
        Self {
            session: read.unwrap_or(Session::Anonymous),
            mark,
            theme: match cookie("theme") {
                Some("light") => Some(Theme::Light),
                Some("dark") => Some(Theme::Dark),
                _ => None,
            },
            density: cookie("density")
                .and_then(|word| word.parse().ok())
                .unwrap_or_default(),
            marking: cookie("marking")
                .and_then(|word| word.parse().ok())
                .unwrap_or_default(),
            banner_closed: cookie("banner") == Some("off"),
            cached_styles: cookies
                .split("; ")
                .filter_map(|cookie| cookie.strip_prefix("sheet-")?.split_once('='))
                .map(|(_, version)| version.to_owned())
                .collect(),
            is_fragment: request.headers.contains_key("x-fragment"),
            nonce: request
                .extensions
                .get::<Nonce>()
                .map(|nonce| nonce.0.clone())
                .unwrap_or_default(),
            path: request.uri.path().to_owned(),
        }
    }

    /// The visitor's mutes; none if the database does not answer.
    pub async fn mutes(&self, state: &AppState) -> Mutes {
        match self.session.reader() {
            Some(reader) => state.store.mutes(reader).await.for_reader().unwrap_or_default(),
            None => Mutes::default(),
        }
    }

    /// The versions of the style sheets that this browser has as files. A fragment goes into a page that has them.
    fn cached_styles(&self, state: &AppState) -> Vec<String> {
        match state.front_end.as_ref().map(|front_end| &front_end.assets) {
            Some(assets) if self.is_fragment => {
                vec![assets.css.version.clone(), assets.pages_css.version.clone()]
            }
            _ => self.cached_styles.clone(),
        }
    }

    /// The frame of a page for this visitor. Counts that the database does not give are left out.
    pub async fn frame(&self, state: &AppState) -> Frame {
        let now = state.clock.now();
        let facts = state.store.facts(now).await.for_reader().ok();
        let bookmarks = match self.session.reader() {
            Some(reader) => state.store.bookmark_count(reader).await.for_reader().unwrap_or(0),
            None => 0,
        };
        Frame {
            assets: state.front_end.as_ref().map(|front_end| front_end.assets.clone()),
            cached_sheets: self.cached_styles(state),
            nonce: self.nonce.clone(),
            public_url: state.public_url.to_string(),
            theme: self.theme,
            density: self.density,
            marking: self.marking,
            path: self.path.clone(),
            today: utc_day(now),
            edition: facts.and_then(|facts| Some((facts.in_last_day, facts.newest?))),
            bookmarks,
            banner: !self.banner_closed
                && !["/subscribe", "/confirm", "/unsubscribe", "/preferences"]
                    .iter()
                    .any(|page| self.path.starts_with(page)),
        }
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(state, parts).await)
    }
}
