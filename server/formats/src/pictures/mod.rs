//! The picture of a page that a link to it shows elsewhere: 1200 × 630 pixels of newspaper.
//!
//! A picture is first written as SVG, which says all of it: what is the same there is the same picture, and need not be
//! drawn again. Letters come from fonts of our own, and only what they have is shown (`fonts.rs`).

mod fonts;
mod lines;

use askama::Template;
use domain::{
    paper::{PaperCard, Published},
    text::grouped,
};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use self::fonts::{Cut, fonts};

/// Pixels across: what Open Graph's readers scale from.
pub const WIDTH: u32 = 1200;
/// Pixels down.
pub const HEIGHT: u32 = 630;

const INK: &str = "#1a1a18";
const MUTED: &str = "#6b6a65";
const HAIRLINE: &str = "#dedbd2";
const ACCENT: &str = "#9b1c1c";

/// Left and right of everything.
const MARGIN: f32 = 72.0;
const MEASURE: f32 = 1200.0 - 2.0 * MARGIN;
/// Between the double rule and the foot stands what the page is about.
const TOP: f32 = 138.0;
const BOTTOM: f32 = 540.0;

/// Sizes of a title and how many lines of it have room: the largest that holds all of it is taken.
const TITLES: [(f32, usize); 5] = [(82.0, 2), (70.0, 3), (60.0, 4), (52.0, 5), (46.0, 5)];
/// Authors named before the rest is only counted.
const AUTHORS: usize = 4;
/// Papers named on the picture of a list.
const HEADLINES: usize = 3;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The template.
    #[error("a picture could not be written: {0}")]
    Written(#[from] askama::Error),
    /// Our SVG is not as it should be.
    #[error("a picture could not be read: {0}")]
    Read(#[from] resvg::usvg::Error),
    /// No memory for it, or it could not be compressed.
    #[error("a picture could not be drawn")]
    Drawn,
}

/// A picture, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    svg: String,
}

/// One line of text.
struct Line {
    x: f32,
    y: f32,
    size: f32,
    cut: Cut,
    fill: &'static str,
    anchor: &'static str,
    text: String,
}

/// A bar.
struct Rule {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    fill: &'static str,
}

/// A small shape on the line of text.
struct Mark {
    x: f32,
    y: f32,
    shape: &'static str,
    fill: &'static str,
}

const TRIANGLE: &str = "M0 0h20l-10 -17z";
const STAR: &str = "M11 -20l2.6 7.9h8.3l-6.7 4.9 2.6 7.9-6.8-4.9-6.7 4.9 2.6-7.9-6.8-4.9h8.3z";

#[derive(Template)]
#[template(path = "picture.svg", escape = "html")]
struct Sheet {
    lines: Vec<Line>,
    rules: Vec<Rule>,
    marks: Vec<Mark>,
}

impl Picture {
    /// What the card of a paper says: with all its authors where they are known.
    pub fn of_paper(card: &PaperCard) -> Result<Self, PictureError> {
        let category = card.primary_category.as_ref().map(ToString::to_string);
        let mut sheet = Sheet::new(
            &category.unwrap_or_default(),
            &card.published.map(date_words).unwrap_or_default(),
        );
        let title = fonts()
            .printable(Cut::Headline, &tex::plain(&card.title))
            .unwrap_or_else(|| match card.key.arxiv_id() {
                Some(id) => format!("arXiv:{id}"),
                None => card.key.to_string(),
            });
        let (size, lines) = title_lines(&title);
        let (leading, byline) = ((size * 1.15).round(), byline(card));
        let below = if byline.is_some() { 62.0 } else { 0.0 };
        // A little above the middle looks like the middle.
        let block = leading * lines.len() as f32 + below;
        let mut y = TOP + (BOTTOM - TOP - block) * 0.42 + size * 0.84;
        for line in lines {
            sheet.line(MARGIN, y, size, Cut::Headline, INK, line);
            y += leading;
        }
        if let Some(byline) = byline {
            sheet.line(
                MARGIN,
                y - leading + 66.0 + size * 0.05,
                32.0,
                Cut::Text,
                MUTED,
                byline,
            );
        }
        sheet.foot(card);
        sheet.finish()
    }

    /// The first of a list: what it is called, what stands at the masthead's left and right, and the titles.
    pub fn of_list(name: &str, left: &str, right: &str, titles: &[String]) -> Result<Self, PictureError> {
        let mut sheet = Sheet::new(left, right);
        let name = fonts().printable(Cut::Headline, name).unwrap_or_default();
        let name = lines::fitted(Cut::Headline, &name, MEASURE / 46.0);
        sheet.line(MARGIN, 194.0, 46.0, Cut::Headline, INK, name);
        let (indent, size) = (64.0, 34.0);
        let mut y = 232.0;
        for (index, title) in titles
            .iter()
            .filter_map(|title| fonts().printable(Cut::Headline, &tex::plain(title)))
            .take(HEADLINES)
            .enumerate()
        {
            sheet.rule(MARGIN, y, MEASURE, 1.0, HAIRLINE);
            let (lines, _) = lines::set(Cut::Headline, &title, (MEASURE - indent) / size, 2);
            let first = y + if lines.len() == 1 { 72.0 } else { 52.0 };
            sheet.line(MARGIN, first, 40.0, Cut::Text, MUTED, (index + 1).to_string());
            for (at, line) in lines.into_iter().enumerate() {
                sheet.line(
                    MARGIN + indent,
                    first + at as f32 * 42.0,
                    size,
                    Cut::Headline,
                    INK,
                    line,
                );
            }
            y += 120.0;
        }
        sheet.finish()
    }

    /// What tells this picture from others: the same for the same picture.
    pub fn etag(&self) -> String {
        crate::feeds::etag(&self.svg)
    }

    /// Draws it. Some tens of milliseconds of work: not for a thread that answers requests.
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

impl Sheet {
    /// The masthead, with something at its left and right.
    fn new(left: &str, right: &str) -> Self {
        let mut sheet = Self {
            lines: Vec::new(),
            rules: Vec::new(),
            marks: Vec::new(),
        };
        let aside = |text: &str| {
            let text = fonts().printable(Cut::Text, text)?;
            Some(lines::fitted(Cut::Text, &text, 350.0 / 27.0))
        };
        if let Some(left) = aside(left) {
            sheet.line(MARGIN, 88.0, 27.0, Cut::Text, MUTED, left);
        }
        if let Some(right) = aside(right) {
            sheet.line(MARGIN + MEASURE, 88.0, 27.0, Cut::Text, MUTED, right);
            sheet.anchor("end");
        }
        sheet.line(600.0, 88.0, 62.0, Cut::Name, INK, "Broadsheet".to_owned());
        sheet.anchor("middle");
        sheet.rule(MARGIN, 110.0, MEASURE, 5.0, INK);
        sheet.rule(MARGIN, 118.0, MEASURE, 1.5, INK);
        sheet
    }

    fn line(&mut self, x: f32, y: f32, size: f32, cut: Cut, fill: &'static str, text: String) {
        self.lines.push(Line {
            x,
            y,
            size,
            cut,
            fill,
            anchor: "start",
            text,
        });
    }

    /// Where the last line stands by its x.
    fn anchor(&mut self, anchor: &'static str) {
        if let Some(line) = self.lines.last_mut() {
            line.anchor = anchor;
        }
    }

    fn rule(&mut self, x: f32, y: f32, width: f32, height: f32, fill: &'static str) {
        self.rules.push(Rule {
            x,
            y,
            width,
            height,
            fill,
        });
    }

    /// Votes and stars, and the identifier.
    fn foot(&mut self, card: &PaperCard) {
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
            let width = fonts().width(Cut::Text, &text) * SIZE;
            self.line(x + 30.0, Y, SIZE, Cut::Text, INK, text);
            x += 30.0 + width + 36.0;
        }
        if card.code.is_some() {
            self.line(x, Y, SIZE, Cut::Text, MUTED, "with code".to_owned());
        }
        if let Some(id) = card.key.arxiv_id() {
            self.line(MARGIN + MEASURE, Y, SIZE, Cut::Text, MUTED, format!("arXiv:{id}"));
            self.anchor("end");
        }
    }

    fn finish(self) -> Result<Picture, PictureError> {
        Ok(Picture { svg: self.render()? })
    }
}

/// A title at the largest size that holds all of it; in the smallest what is too long ends with an ellipsis.
fn title_lines(title: &str) -> (f32, Vec<String>) {
    let mut set = (0.0, Vec::new());
    for (size, most) in TITLES {
        let (lines, whole) = lines::set(Cut::Headline, title, MEASURE / size, most);
        set = (size, lines);
        if whole {
            break;
        }
    }
    set
}

/// The first authors in one line, as many as have room, and how many more there are.
fn byline(card: &PaperCard) -> Option<String> {
    let names: Vec<String> = card
        .authors
        .iter()
        .take(AUTHORS)
        .filter_map(|name| fonts().printable(Cut::Text, name))
        .collect();
    let room = MEASURE / 32.0;
    for shown in (1..=names.len()).rev() {
        let more = card.author_count.max(card.authors.len()).saturating_sub(shown);
        let mut line = names[..shown].join(", ");
        if more > 0 {
            line.push_str(&format!(" and {} more", grouped(more as u64)));
        }
        if shown == 1 || fonts().width(Cut::Text, &line) <= room {
            return Some(lines::fitted(Cut::Text, &line, room));
        }
    }
    None
}

/// `16 July 2026`, or `July 2026` where only the month is known.
fn date_words(published: Published) -> String {
    match published {
        Published::Month(first) => first.strftime("%B %Y").to_string(),
        _ => published.day().strftime("%-d %B %Y").to_string(),
    }
}
