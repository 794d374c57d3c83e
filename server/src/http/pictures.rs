//! `/pictures/…`: what a link to a page of ours shows elsewhere.
//!
//! Drawing takes a core for some tens of milliseconds, so one picture is drawn at a time: whoever asks for thousands of
//! them leaves the other core to readers. A picture that is shared is asked for by many servers at once; the last few are
//! kept.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use app::{AppError, context::ForReader, links};
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use domain::{Edition, Listing, PaperKey, edition::utc_day, text::counted};
use formats::pictures::{Picture, PictureError};
use tokio::sync::Semaphore;

use super::{
    conditional,
    pages::{not_found, problem, redirect},
    segment::Segment,
};
use crate::state::AppState;

/// A day: votes move, and whoever shows a link asks rarely.
const KEPT: &str = "public, max-age=86400";
/// Pictures in memory, some 50 kB each.
const MOST_KEPT: usize = 32;
/// Nobody waits longer for the ones before.
const PATIENCE: Duration = Duration::from_secs(3);
/// What they are told to wait then.
const COME_BACK_SECONDS: u64 = 10;

/// Who is drawing, and what was drawn last. Cheap to clone; all clones share both.
#[derive(Debug, Clone)]
pub struct Pictures {
    place: Arc<Semaphore>,
    drawn: Arc<Mutex<VecDeque<(String, Bytes)>>>,
    patience: Duration,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            place: Arc::new(Semaphore::new(1)),
            drawn: Arc::default(),
            patience: PATIENCE,
        }
    }
}

impl Pictures {
    fn kept(&self, tag: &str) -> Option<Bytes> {
        let drawn = self.drawn.lock().ok()?;
        drawn
            .iter()
            .find(|(known, _)| known == tag)
            .map(|(_, png)| png.clone())
    }

    fn keep(&self, tag: &str, png: &Bytes) {
        if let Ok(mut drawn) = self.drawn.lock() {
            drawn.truncate(MOST_KEPT - 1);
            drawn.push_front((tag.to_owned(), png.clone()));
        }
    }

    /// The picture, from memory or drawn now; `Ok(None)` when others are before and it would take too long.
    async fn draw(&self, picture: Picture, tag: &str) -> Result<Option<Bytes>, PictureError> {
        if let Some(png) = self.kept(tag) {
            return Ok(Some(png));
        }
        let waiting = Arc::clone(&self.place).acquire_owned();
        let Ok(Ok(place)) = tokio::time::timeout(self.patience, waiting).await else {
            return Ok(None);
        };
        // Whoever was before may have wanted the same.
        if let Some(png) = self.kept(tag) {
            return Ok(Some(png));
        }
        let (desk, tag) = (self.clone(), tag.to_owned());
        let drawing = tokio::task::spawn_blocking(move || {
            let png = picture.png().map(Bytes::from);
            if let Ok(png) = &png {
                desk.keep(&tag, png);
            }
            // Only now: the next one looks whether it wanted the same.
            drop(place);
            png
        });
        Ok(Some(drawing.await.map_err(|_| PictureError::Drawn)??))
    }
}

/// `/pictures/papers/2510.01234.png`
pub async fn paper(State(state): State<AppState>, Segment(name): Segment, request: Parts) -> Response {
    let key = name
        .strip_suffix(".png")
        .and_then(|bare| bare.parse::<PaperKey>().ok());
    let found = match &key {
        Some(key) => state.store.paper(key, None).await.for_reader(),
        None => Ok(None),
    };
    match found {
        // A paper has one name, and its picture one address.
        Ok(Some(paper)) if name != format!("{}.png", paper.card.key) => {
            redirect(StatusCode::MOVED_PERMANENTLY, &links::picture(&paper.card.key))
        }
        Ok(Some(paper)) => answer(&state, &request.headers, Picture::of_paper(&paper.card)).await,
        Ok(None) => not_found(State(state), request).await,
        Err(error) => failed(&error),
    }
}

/// `/pictures/front.png`
pub async fn front(State(state): State<AppState>, request: Parts) -> Response {
    let now = state.clock.now();
    let day = utc_day(now).strftime("%-d %B %Y").to_string();
    let papers = match state.store.facts(now).await.for_reader() {
        Ok(facts) => counted(facts.papers, "paper", "papers"),
        Err(error) => return failed(&error),
    };
    let listing = Listing::default();
    list(state, request, listing.label(), listing, day, Some(papers)).await
}

/// `/pictures/date/2026-11-24.png` and its kin.
pub async fn edition(State(state): State<AppState>, Segment(file): Segment, request: Parts) -> Response {
    let edition = file
        .strip_suffix(".png")
        .and_then(|name| name.parse::<Edition>().ok())
        .filter(|edition| request.uri.path() == links::edition_picture(*edition));
    let Some(edition) = edition else {
        return not_found(State(state), request).await;
    };
    let listing = Listing {
        edition: Some(edition),
        ..Listing::default()
    };
    list(
        state,
        request,
        edition.label(),
        listing,
        "The edition of".to_owned(),
        None,
    )
    .await
}

/// The first papers of a list; without any there is no picture.
async fn list(
    state: AppState,
    request: Parts,
    name: String,
    listing: Listing,
    left: String,
    right: Option<String>,
) -> Response {
    let page = match state
        .store
        .list(&listing, None, None, state.clock.now())
        .await
        .for_reader()
    {
        Ok(page) => page,
        Err(error) => return failed(&error),
    };
    if page.cards.is_empty() && listing.edition.is_some() {
        return not_found(State(state), request).await;
    }
    let right = right.unwrap_or_else(|| counted(page.total, "paper", "papers"));
    let titles: Vec<String> = page.cards.into_iter().map(|card| card.title).collect();
    answer(
        &state,
        &request.headers,
        Picture::of_list(&name, &left, &right, &titles),
    )
    .await
}

async fn answer(state: &AppState, request: &HeaderMap, picture: Result<Picture, PictureError>) -> Response {
    let drawn = async {
        let picture = picture?;
        let tag = picture.etag();
        if conditional::has(request, &tag) {
            return Ok(conditional::answer(None, "image/png", &tag, KEPT));
        }
        Ok(match state.pictures.draw(picture, &tag).await? {
            Some(png) => conditional::answer(Some(png), "image/png", &tag, KEPT),
            None => busy(),
        })
    };
    drawn.await.unwrap_or_else(|error: PictureError| {
        tracing::error!(%error, "no picture");
        problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something broke on our side",
            "The picture could not be drawn.",
        )
    })
}

fn busy() -> Response {
    let words = "Others are having pictures drawn just now; please ask again in a moment.";
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "Busy", words);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(COME_BACK_SECONDS));
    response
}

fn failed(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    problem(
        status,
        "Something broke on our side",
        "The picture could not be drawn.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_too_long_is_told_so_and_what_was_drawn_needs_no_place() {
        let pictures = Pictures {
            patience: Duration::from_millis(10),
            ..Pictures::default()
        };
        let picture = Picture::of_list("A list", "", "", &[]).expect("a picture");
        let png = Bytes::from_static(b"drawn before");
        pictures.keep("a", &png);
        let _place = pictures.place.clone().acquire_owned().await.expect("a place");
        assert_eq!(
            pictures.draw(picture.clone(), "a").await.expect("kept"),
            Some(png)
        );
        assert_eq!(pictures.draw(picture, "b").await.expect("no error"), None);
    }

    #[test]
    fn only_the_last_pictures_are_kept() {
        let pictures = Pictures::default();
        for n in 0..100 {
            pictures.keep(&n.to_string(), &Bytes::new());
        }
        assert_eq!(pictures.drawn.lock().expect("kept").len(), MOST_KEPT);
        assert!(pictures.kept("99").is_some() && pictures.kept("1").is_none());
    }
}
