//! The body of a form.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};

use super::page_error::PageError;

/// The bytes of a form. A body that is too long gets our error page, also if its length is not declared.
#[derive(Debug, Clone)]
pub struct FormBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        Bytes::from_request(request, state)
            .await
            .map(Self)
            .map_err(|_| PageError::too_large())
    }
}
