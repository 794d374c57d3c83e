//! The files of the fonts, and the shapes in them.

use skrifa::{
    FontRef, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};

/// The name of Broadsheet.
pub(super) const NAME: &[u8] = include_bytes!("../../data/fonts/broadsheet-name.ttf");
/// Titles.
pub(super) const HEADLINE: &[u8] = include_bytes!("../../data/fonts/broadsheet-headline.ttf");
/// Other text.
pub(super) const TEXT: &[u8] = include_bytes!("../../data/fonts/broadsheet-text.ttf");
/// Signs of mathematics that the other fonts do not have.
pub(super) const SIGNS: &[u8] = include_bytes!("../../data/fonts/broadsheet-signs.ttf");

/// The fonts, by what they are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Font {
    /// Only the name of Broadsheet.
    Name,
    /// Titles.
    Headline,
    /// Everything else, with old-style figures.
    Text,
}

impl Font {
    /// The family name in the file.
    pub(super) fn family(self) -> &'static str {
        match self {
            Self::Name => "Broadsheet Name",
            Self::Headline => "Broadsheet Headline",
            Self::Text => "Broadsheet Text",
        }
    }
}

/// The characters of one file and their widths.
pub(super) struct Face {
    characters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
}

impl Face {
    /// `None` if the file is not a font.
    pub(super) fn read(file: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(file).ok()?;
        Some(Self {
            characters: font.charmap(),
            // At size 1, so that widths are parts of the font size.
            widths: font.glyph_metrics(Size::new(1.0), LocationRef::default()),
        })
    }

    /// The width of a character, in parts of the font size. `None` if the font does not have it.
    pub(super) fn width(&self, c: char) -> Option<f32> {
        let glyph = self.characters.map(c).filter(|glyph| glyph.to_u32() != 0)?;
        self.widths.advance_width(glyph)
    }
}
