//! Who is looking at a page, and the frame that page gets.

use app::session::Session;
use app::{
    context::ForReader,
    shell::{Frame, Theme},
};
use axum::http::{HeaderMap, header, request::Parts};
use domain::{Density, Mutes, ReadMarking, edition::utc_day};

use super::security::Nonce;
use crate::state::AppState;

/// All cookies of a request in one line, as if they had come in one header.
pub fn cookies(headers: &HeaderMap) -> String {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join("; ")
}

/// A request, as far as pages care.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who is asking.
    pub session: Session,
    /// The theme they chose.
    pub theme: Option<Theme>,
    /// How much of a card lists show.
    pub density: Density,
    /// What marks papers as read by itself.
    pub marking: ReadMarking,
    /// Whether they have closed the banner, or subscribed.
    pub banner_closed: bool,
    /// A word that is theirs alone, or `nobody`; not known when the database did not say.
    pub mark: Option<String>,
    at_hand: Vec<String>,
    is_fragment: bool,
    nonce: String,
    path: String,
}

impl Visitor {
    /// Reads a request. A database that does not answer makes everybody a stranger: pages then still show.
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
            at_hand: cookies
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

    /// What this visitor has muted. What cannot be read mutes nothing.
    pub async fn mutes(&self, state: &AppState) -> Mutes {
        match self.session.reader() {
            Some(reader) => state.store.mutes(reader).await.for_reader().unwrap_or_default(),
            None => Mutes::default(),
        }
    }

    /// The versions of the style sheets this browser has as files. What is put into a page that is open needs none.
    fn at_hand(&self, state: &AppState) -> Vec<String> {
        match &state.assets {
            Some(assets) if self.is_fragment => {
                vec![assets.css.version.clone(), assets.pages_css.version.clone()]
            }
            _ => self.at_hand.clone(),
        }
    }

    /// The frame of a page for this visitor. What cannot be read is left out.
    pub async fn frame(&self, state: &AppState) -> Frame {
        let now = state.clock.now();
        let facts = state.store.facts(now).await.for_reader().ok();
        let bookmarks = match self.session.reader() {
            Some(reader) => state.store.bookmark_count(reader).await.for_reader().unwrap_or(0),
            None => 0,
        };
        Frame {
            assets: state.assets.clone(),
            cached_sheets: self.at_hand(state),
            nonce: self.nonce.clone(),
            public_url: state.mail.public_url.clone(),
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
