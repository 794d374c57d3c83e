//! `/pictures/…`: the preview picture that other sites show for a link to a page.

use app::{AppError, context::ForReader, links};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{Edition, Listing, PaperKey, edition::utc_day, text::counted};
use formats::pictures::{Picture, PictureError};

use crate::{
    http::web::{
        conditional,
        page_error::{PageError, status_of},
        responses::{problem, redirect},
        segment::Segment,
    },
    state::AppState,
};

/// One day: votes change, and sites that show a link rarely ask again.
const CACHE_CONTROL: &str = "public, max-age=86400";
/// `Retry-After` if the queue for the renderer is too long, in seconds.
const RETRY_SECONDS: u64 = 10;

/// A picture that cannot be sent.
#[derive(Debug)]
pub enum PictureFailure {
    /// No page has this address.
    NotFound,
    /// The database failed.
    Store(AppError),
    /// The picture could not be drawn.
    Drawing(PictureError),
    /// Too many requests wait for the renderer.
    Busy,
}

impl From<AppError> for PictureFailure {
    fn from(error: AppError) -> Self {
        Self::Store(error)
    }
}

impl From<PictureError> for PictureFailure {
    fn from(error: PictureError) -> Self {
        Self::Drawing(error)
    }
}

impl IntoResponse for PictureFailure {
    fn into_response(self) -> Response {
        let failed = |status| {
            problem(
                status,
                "Something went wrong on our end",
                "The picture could not be drawn.",
            )
        };
        match self {
            Self::NotFound => PageError::not_found().into_response(),
            Self::Store(error) => failed(status_of(&error)),
            Self::Drawing(error) => {
                tracing::error!(%error, "cannot draw a picture");
                failed(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Busy => {
                let message = "Too many pictures are being drawn. Please try again in a moment.";
                let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "Busy", message);
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
                response
            }
        }
    }
}

/// `GET /pictures/papers/2510.01234.png`
pub async fn paper(
    State(state): State<AppState>,
    Segment(name): Segment,
    request: Parts,
) -> Result<Response, PictureFailure> {
    let key: PaperKey = name
        .strip_suffix(".png")
        .and_then(|bare| bare.parse().ok())
        .ok_or(PictureFailure::NotFound)?;
    let paper = state
        .store
        .paper(&key, None)
        .await
        .for_reader()?
        .ok_or(PictureFailure::NotFound)?;
    if name != format!("{}.png", paper.card.key) {
        return Ok(redirect(
            StatusCode::MOVED_PERMANENTLY,
            &links::picture(&paper.card.key),
        ));
    }
    send(&state, &request.headers, Picture::of_paper(&paper.card)?).await
}

/// `GET /pictures/front.png`
pub async fn front(State(state): State<AppState>, request: Parts) -> Result<Response, PictureFailure> {
    let now = state.clock.now();
    let facts = state.store.facts(now).await.for_reader()?;
    let listing = Listing::default();
    let heading = Heading {
        name: listing.label(),
        left: utc_day(now).strftime("%-d %B %Y").to_string(),
        right: Some(counted(facts.papers, "paper", "papers")),
    };
    of_listing(&state, &request.headers, &listing, heading).await
}

/// `GET /pictures/date/2026-11-24.png`, and the same for weeks and months.
pub async fn edition(
    State(state): State<AppState>,
    Segment(file): Segment,
    request: Parts,
) -> Result<Response, PictureFailure> {
    let edition = file
        .strip_suffix(".png")
        .and_then(|name| name.parse::<Edition>().ok())
        .filter(|edition| request.uri.path() == links::edition_picture(*edition))
        .ok_or(PictureFailure::NotFound)?;
    let listing = Listing {
        edition: Some(edition),
        ..Listing::default()
    };
    let heading = Heading {
        name: edition.label(),
        left: "The edition of".to_owned(),
        right: None,
    };
    of_listing(&state, &request.headers, &listing, heading).await
}

/// The texts above the titles of a listing.
struct Heading {
    name: String,
    left: String,
    /// `None`: the number of papers.
    right: Option<String>,
}

/// The first papers of a listing. An edition without papers has no picture.
async fn of_listing(
    state: &AppState,
    request: &HeaderMap,
    listing: &Listing,
    heading: Heading,
) -> Result<Response, PictureFailure> {
    let page = state
        .store
        .list(listing, None, None, state.clock.now())
        .await
        .for_reader()?;
    if page.cards.is_empty() && listing.edition.is_some() {
        return Err(PictureFailure::NotFound);
    }
    let right = heading
        .right
        .unwrap_or_else(|| counted(page.total, "paper", "papers"));
    let titles: Vec<String> = page.cards.into_iter().map(|card| card.title).collect();
    let picture = Picture::of_list(&heading.name, &heading.left, &right, &titles)?;
    send(state, request, picture).await
}

async fn send(state: &AppState, request: &HeaderMap, picture: Picture) -> Result<Response, PictureFailure> {
    let tag = picture.etag();
    if conditional::has(request, &tag) {
        return Ok(conditional::answer(None, "image/png", &tag, CACHE_CONTROL));
    }
    let png = state.pictures.draw(picture, &tag).await?;
    let png = png.ok_or(PictureFailure::Busy)?;
    Ok(conditional::answer(Some(png), "image/png", &tag, CACHE_CONTROL))
}
