//! A picture: its SVG, and how it is drawn.

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use super::fonts::fonts;
use crate::etag::etag;

/// Width in pixels, as Open Graph recommends.
pub const WIDTH: u32 = 1200;
/// Height in pixels.
pub const HEIGHT: u32 = 630;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The template failed.
    #[error("cannot write the SVG of a picture: {0}")]
    Template(#[from] askama::Error),
    /// The renderer does not accept the SVG.
    #[error("cannot read the SVG of a picture: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// There is not enough memory, or the PNG encoder failed.
    #[error("cannot draw a picture")]
    Drawn,
}

/// A picture that can be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub(super) svg: String,
}

impl Picture {
    /// A strong validator: the same for the same picture.
    pub fn etag(&self) -> String {
        etag(&self.svg)
    }

    /// Draws the picture as PNG. This takes a core for some tens of milliseconds, so call it on a blocking thread.
    ///
    /// # Errors
    /// If the renderer or the encoder fails.
    pub fn png(&self) -> Result<Vec<u8>, PictureError> {
        let options = Options {
            fontdb: fonts().files(),
            font_resolver: fonts().resolver(),
            ..Options::default()
        };
        let tree = Tree::from_str(&self.svg, &options)?;
        let mut pixels = Pixmap::new(WIDTH, HEIGHT).ok_or(PictureError::Drawn)?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        pixels.encode_png().map_err(|_| PictureError::Drawn)
    }
}
