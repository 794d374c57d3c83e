//! All fonts of the pictures.

use std::sync::{Arc, OnceLock};

use resvg::usvg::{FontResolver, fontdb};

use super::font::{Face, Font, HEADLINE, NAME, SIGNS, TEXT};

/// All fonts.
pub(super) struct Fonts {
    name: Option<Face>,
    headline: Option<Face>,
    text: Option<Face>,
    signs: Option<Face>,
    files: Arc<fontdb::Database>,
    signs_file: Option<fontdb::ID>,
}

/// The fonts of this binary, which are read once.
pub(super) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut files = fontdb::Database::new();
        let mut load = |file: &'static [u8]| {
            files
                .load_font_source(fontdb::Source::Binary(Arc::new(file)))
                .first()
                .copied()
        };
        load(NAME);
        load(HEADLINE);
        load(TEXT);
        let signs_file = load(SIGNS);
        Fonts {
            name: Face::read(NAME),
            headline: Face::read(HEADLINE),
            text: Face::read(TEXT),
            signs: Face::read(SIGNS),
            files: Arc::new(files),
            signs_file,
        }
    })
}

impl Fonts {
    fn face(&self, font: Font) -> Option<&Face> {
        match font {
            Font::Name => self.name.as_ref(),
            Font::Headline => self.headline.as_ref(),
            Font::Text => self.text.as_ref(),
        }
    }

    /// The width of a character, in parts of the font size. `None` if neither the font nor the signs have it.
    pub(super) fn character(&self, font: Font, c: char) -> Option<f32> {
        self.face(font)?
            .width(c)
            .or_else(|| self.signs.as_ref()?.width(c))
    }

    /// The width of a text, in parts of the font size. It ignores kerning, which makes text slightly narrower.
    pub(super) fn width(&self, font: Font, text: &str) -> f32 {
        text.chars().filter_map(|c| self.character(font, c)).sum()
    }

    /// The fonts for the renderer.
    pub(super) fn files(&self) -> Arc<fontdb::Database> {
        Arc::clone(&self.files)
    }

    /// Takes a character from the signs if its font does not have it.
    pub(super) fn resolver(&self) -> FontResolver<'static> {
        let signs = self.signs_file;
        FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(move |_, used, _| signs.filter(|signs| !used.contains(signs))),
        }
    }
}
