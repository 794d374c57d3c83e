//! What stands on every picture: the masthead and the foot.

use askama::Template;
use domain::{paper::PaperCard, text::grouped};

use super::font::Font;
use super::fonts::fonts;
use super::lines;
use super::picture::{Picture, PictureError};

pub(super) const INK: &str = "#1a1a18";
pub(super) const MUTED: &str = "#6b6a65";
pub(super) const HAIRLINE: &str = "#dedbd2";
pub(super) const ACCENT: &str = "#9b1c1c";

/// Space at the left and right, in pixels.
pub(super) const MARGIN: f32 = 72.0;
/// Width of the text, in pixels.
pub(super) const MEASURE: f32 = 1200.0 - 2.0 * MARGIN;

/// One line of text.
struct Line {
    x: f32,
    y: f32,
    size: f32,
    font: Font,
    fill: &'static str,
    anchor: &'static str,
    text: String,
}

/// A filled rectangle.
struct Rule {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    fill: &'static str,
}

/// A small shape on the baseline of a text.
struct Mark {
    x: f32,
    y: f32,
    shape: &'static str,
    fill: &'static str,
}

const TRIANGLE: &str = "M0 0h20l-10 -17z";
const STAR: &str = "M11 -20l2.6 7.9h8.3l-6.7 4.9 2.6 7.9-6.8-4.9-6.7 4.9 2.6-7.9-6.8-4.9h8.3z";

/// The parts of a picture, which the template writes as SVG.
#[derive(Template)]
#[template(path = "picture.svg", escape = "html")]
pub(super) struct Sheet {
    lines: Vec<Line>,
    rules: Vec<Rule>,
    marks: Vec<Mark>,
}

impl Sheet {
    /// A sheet with the masthead, and a text at its left and right.
    pub(super) fn new(left: &str, right: &str) -> Self {
        let mut sheet = Self {
            lines: Vec::new(),
            rules: Vec::new(),
            marks: Vec::new(),
        };
        let aside = |text: &str| {
            let text = fonts().printable(Font::Text, text)?;
            Some(lines::fitted(Font::Text, &text, 350.0 / 27.0))
        };
        if let Some(left) = aside(left) {
            sheet.line(MARGIN, 88.0, 27.0, Font::Text, MUTED, left);
        }
        if let Some(right) = aside(right) {
            sheet.line(MARGIN + MEASURE, 88.0, 27.0, Font::Text, MUTED, right);
            sheet.anchor("end");
        }
        sheet.line(600.0, 88.0, 62.0, Font::Name, INK, "Broadsheet".to_owned());
        sheet.anchor("middle");
        sheet.rule(MARGIN, 110.0, MEASURE, 5.0, INK);
        sheet.rule(MARGIN, 118.0, MEASURE, 1.5, INK);
        sheet
    }

    /// Adds a line of text whose baseline begins at `x` and `y`.
    pub(super) fn line(&mut self, x: f32, y: f32, size: f32, font: Font, fill: &'static str, text: String) {
        self.lines.push(Line {
            x,
            y,
            size,
            font,
            fill,
            anchor: "start",
            text,
        });
    }

    /// How the last line is aligned at its x.
    fn anchor(&mut self, anchor: &'static str) {
        if let Some(line) = self.lines.last_mut() {
            line.anchor = anchor;
        }
    }

    /// Adds a filled rectangle.
    pub(super) fn rule(&mut self, x: f32, y: f32, width: f32, height: f32, fill: &'static str) {
        self.rules.push(Rule {
            x,
            y,
            width,
            height,
            fill,
        });
    }

    /// The foot: upvotes, stars, code and the arXiv id.
    pub(super) fn foot(&mut self, card: &PaperCard) {
        const Y: f32 = 592.0;
        const SIZE: f32 = 29.0;
        self.rule(MARGIN, 548.0, MEASURE, 1.0, HAIRLINE);
        let mut x = MARGIN;
        for (count, shape, fill) in [(card.upvotes, TRIANGLE, ACCENT), (card.stars, STAR, MUTED)] {
            let Some(count) = count.filter(|count| *count > 0) else {
                continue;
            };
            self.marks.push(Mark {
                x,
                y: Y - 1.0,
                shape,
                fill,
            });
            let text = grouped(u64::from(count));
            let width = fonts().width(Font::Text, &text) * SIZE;
            self.line(x + 30.0, Y, SIZE, Font::Text, INK, text);
            x += 30.0 + width + 36.0;
        }
        if card.code.is_some() {
            self.line(x, Y, SIZE, Font::Text, MUTED, "with code".to_owned());
        }
        if let Some(id) = card.key.arxiv_id() {
            self.line(
                MARGIN + MEASURE,
                Y,
                SIZE,
                Font::Text,
                MUTED,
                format!("arXiv:{id}"),
            );
            self.anchor("end");
        }
    }

    /// The picture.
    ///
    /// # Errors
    /// If the template fails.
    pub(super) fn finish(self) -> Result<Picture, PictureError> {
        Ok(Picture { svg: self.render()? })
    }
}
