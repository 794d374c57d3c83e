//! Pictures that other sites show beside a link to a page: 1200 × 630 pixels of newspaper.
//!
//! A picture is first written as SVG. Two pictures with the same SVG are the same, and need not be drawn again. The
//! fonts are in this binary, and text is limited to their characters (`printable`).

mod font;
mod fonts;
mod lines;
mod list;
mod paper;
mod picture;
mod printable;
mod sheet;

pub use picture::{HEIGHT, Picture, PictureError, WIDTH};
