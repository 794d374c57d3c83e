//! The picture of a listing.

use super::font::Font;
use super::fonts::fonts;
use super::lines;
use super::picture::{Picture, PictureError};
use super::sheet::{HAIRLINE, INK, MARGIN, MEASURE, MUTED, Sheet};

/// How many papers the picture of a listing shows.
const HEADLINES: usize = 3;

impl Picture {
    /// The picture of a listing: its name, the texts at the left and right of the masthead, and its first titles.
    ///
    /// # Errors
    /// If the template fails.
    pub fn of_list(name: &str, left: &str, right: &str, titles: &[String]) -> Result<Self, PictureError> {
        let mut sheet = Sheet::new(left, right);
        let name = fonts().printable(Font::Headline, name).unwrap_or_default();
        let name = lines::fitted(Font::Headline, &name, MEASURE / 46.0);
        sheet.line(MARGIN, 194.0, 46.0, Font::Headline, INK, name);
        let (indent, size) = (64.0, 34.0);
        let mut y = 232.0;
        for (index, title) in titles
            .iter()
            .filter_map(|title| fonts().printable(Font::Headline, &tex::plain(title)))
            .take(HEADLINES)
            .enumerate()
        {
            sheet.rule(MARGIN, y, MEASURE, 1.0, HAIRLINE);
            let (lines, _) = lines::broken(Font::Headline, &title, (MEASURE - indent) / size, 2);
            let first = y + if lines.len() == 1 { 72.0 } else { 52.0 };
            sheet.line(MARGIN, first, 40.0, Font::Text, MUTED, (index + 1).to_string());
            for (at, line) in lines.into_iter().enumerate() {
                sheet.line(
                    MARGIN + indent,
                    first + at as f32 * 42.0,
                    size,
                    Font::Headline,
                    INK,
                    line,
                );
            }
            y += 120.0;
        }
        sheet.finish()
    }
}
