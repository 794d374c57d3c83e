//! Draws preview pictures one at a time and keeps the last ones in memory.
//!
//! Drawing takes a core for some tens of milliseconds. With one picture at a time, a client that asks for thousands of
//! them leaves the other cores to readers. When a link is shared, many servers ask for its picture at once; therefore
//! the last pictures are kept.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Bytes;
use formats::pictures::{Picture, PictureError};
use tokio::sync::Semaphore;

/// Pictures in memory, about 50 kB each.
const MAX_CACHED: usize = 32;
/// How long a request queues for the renderer.
const MAX_WAIT: Duration = Duration::from_secs(3);

/// The renderer's queue and the last pictures, by ETag. Cheap to clone; all clones share both.
#[derive(Debug, Clone)]
pub struct PictureCache {
    renderer: Arc<Semaphore>,
    drawn: Arc<Mutex<VecDeque<(String, Bytes)>>>,
    max_wait: Duration,
}

impl Default for PictureCache {
    fn default() -> Self {
        Self {
            renderer: Arc::new(Semaphore::new(1)),
            drawn: Arc::default(),
            max_wait: MAX_WAIT,
        }
    }
}

impl PictureCache {
    fn cached(&self, tag: &str) -> Option<Bytes> {
        let drawn = self.drawn.lock().ok()?;
        drawn
            .iter()
            .find(|(known, _)| known == tag)
            .map(|(_, png)| png.clone())
    }

    fn add(&self, tag: &str, png: &Bytes) {
        if let Ok(mut drawn) = self.drawn.lock() {
            drawn.truncate(MAX_CACHED - 1);
            drawn.push_front((tag.to_owned(), png.clone()));
        }
    }

    /// The picture as PNG, from memory or drawn now. `Ok(None)`: the queue for the renderer was too long.
    pub async fn draw(&self, picture: Picture, tag: &str) -> Result<Option<Bytes>, PictureError> {
        if let Some(png) = self.cached(tag) {
            return Ok(Some(png));
        }
        let waiting = Arc::clone(&self.renderer).acquire_owned();
        let Ok(Ok(permit)) = tokio::time::timeout(self.max_wait, waiting).await else {
            return Ok(None);
        };
        // The request before this one may have drawn the same picture.
        if let Some(png) = self.cached(tag) {
            return Ok(Some(png));
        }
        let (cache, tag) = (self.clone(), tag.to_owned());
        let drawing = tokio::task::spawn_blocking(move || {
            let png = picture.png().map(Bytes::from);
            if let Ok(png) = &png {
                cache.add(&tag, png);
            }
            // After the picture is in the cache: the next request looks there first.
            drop(permit);
            png
        });
        Ok(Some(drawing.await.map_err(|_| PictureError::Drawn)??))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_long_queue_gives_no_picture_and_a_cached_picture_needs_no_queue() {
        let pictures = PictureCache {
            max_wait: Duration::from_millis(10),
            ..PictureCache::default()
        };
        let picture = Picture::of_list("A list", "", "", &[]).expect("a picture");
        let png = Bytes::from_static(b"drawn before");
        pictures.add("a", &png);
        let _permit = pictures.renderer.clone().acquire_owned().await.expect("a permit");
        assert_eq!(
            pictures.draw(picture.clone(), "a").await.expect("cached"),
            Some(png)
        );
        assert_eq!(pictures.draw(picture, "b").await.expect("no error"), None);
    }

    #[test]
    fn only_the_last_pictures_are_kept() {
        let pictures = PictureCache::default();
        for n in 0..100 {
            pictures.add(&n.to_string(), &Bytes::new());
        }
        assert_eq!(pictures.drawn.lock().expect("the cache").len(), MAX_CACHED);
        assert!(pictures.cached("99").is_some() && pictures.cached("1").is_none());
    }
}
