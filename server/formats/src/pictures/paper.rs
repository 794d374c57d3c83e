//! The picture of a paper.

use domain::{
    paper::{PaperCard, Published},
    text::grouped,
};

use super::font::Font;
use super::fonts::fonts;
use super::lines;
use super::picture::{Picture, PictureError};
use super::sheet::{INK, MARGIN, MEASURE, MUTED, Sheet};
use crate::plain::plain_title;

/// The subject of the page stands between the masthead and the foot.
const TOP: f32 = 138.0;
const BOTTOM: f32 = 540.0;

/// Font sizes of a title, and how many lines fit at each. A title gets the largest size at which it fits.
const TITLES: [(f32, usize); 5] = [(82.0, 2), (70.0, 3), (60.0, 4), (52.0, 5), (46.0, 5)];
/// How many authors are named at most.
const AUTHORS: usize = 4;

impl Picture {
    /// The picture of a paper.
    ///
    /// # Errors
    /// If the template fails.
    pub fn of_paper(card: &PaperCard) -> Result<Self, PictureError> {
        let category = card.primary_category.as_ref().map(ToString::to_string);
        let mut sheet = Sheet::new(
            &category.unwrap_or_default(),
            &card.published.map(date_label).unwrap_or_default(),
        );
        let title = fonts()
            .printable(Font::Headline, &plain_title(card))
            .unwrap_or_else(|| match card.key.arxiv_id() {
                Some(id) => format!("arXiv:{id}"),
                None => card.key.to_string(),
            });
        let (size, lines) = title_lines(&title);
        let (leading, byline) = ((size * 1.15).round(), byline(card));
        let below = if byline.is_some() { 62.0 } else { 0.0 };
        // Slightly above the middle looks centred.
        let block = leading * lines.len() as f32 + below;
        let mut y = TOP + (BOTTOM - TOP - block) * 0.42 + size * 0.84;
        for line in lines {
            sheet.line(MARGIN, y, size, Font::Headline, INK, line);
            y += leading;
        }
        if let Some(byline) = byline {
            sheet.line(
                MARGIN,
                y - leading + 66.0 + size * 0.05,
                32.0,
                Font::Text,
                MUTED,
                byline,
            );
        }
        sheet.foot(card);
        sheet.finish()
    }
}

/// The lines of a title, and the largest size at which it fits. At the smallest size its end may become an ellipsis.
fn title_lines(title: &str) -> (f32, Vec<String>) {
    let mut result = (0.0, Vec::new());
    for (size, most) in TITLES {
        let (lines, fits) = lines::broken(Font::Headline, title, MEASURE / size, most);
        result = (size, lines);
        if fits {
            break;
        }
    }
    result
}

/// The first authors, as many as fit on one line, and how many more there are.
fn byline(card: &PaperCard) -> Option<String> {
    let names: Vec<String> = card
        .authors
        .iter()
        .take(AUTHORS)
        .filter_map(|name| fonts().printable(Font::Text, name.as_str()))
        .collect();
    let room = MEASURE / 32.0;
    for shown in (1..=names.len()).rev() {
        let more = card.author_count.max(card.authors.len()).saturating_sub(shown);
        let mut line = names[..shown].join(", ");
        if more > 0 {
            line.push_str(&format!(" and {} more", grouped(more as u64)));
        }
        if shown == 1 || fonts().width(Font::Text, &line) <= room {
            return Some(lines::fitted(Font::Text, &line, room));
        }
    }
    None
}

/// `16 July 2026`, or `July 2026` if only the month is known.
fn date_label(published: Published) -> String {
    match published {
        Published::Month(first) => first.strftime("%B %Y").to_string(),
        _ => published.day().strftime("%-d %B %Y").to_string(),
    }
}
