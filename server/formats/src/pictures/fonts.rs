//! The letters of the pictures: what they can show, and how wide it is.

use std::sync::{Arc, OnceLock};

use resvg::usvg::{FontResolver, fontdb};
use skrifa::{
    FontRef, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

const NAME: &[u8] = include_bytes!("../../data/fonts/broadsheet-name.ttf");
const HEADLINE: &[u8] = include_bytes!("../../data/fonts/broadsheet-headline.ttf");
const TEXT: &[u8] = include_bytes!("../../data/fonts/broadsheet-text.ttf");
/// Signs of maths, for where the others have none.
const SIGNS: &[u8] = include_bytes!("../../data/fonts/broadsheet-signs.ttf");

/// A cut of the letters, by the part it plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// The name of the paper, and nothing else.
    Name,
    /// Titles.
    Headline,
    /// Everything else; with old-style figures.
    Text,
}

impl Cut {
    /// The family in the files.
    pub(super) fn family(self) -> &'static str {
        match self {
            Self::Name => "Broadsheet Name",
            Self::Headline => "Broadsheet Headline",
            Self::Text => "Broadsheet Text",
        }
    }
}

struct Face {
    letters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
}

impl Face {
    fn read(file: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(file).ok()?;
        Some(Self {
            letters: font.charmap(),
            // In parts of the size of the type.
            widths: font.glyph_metrics(Size::new(1.0), LocationRef::default()),
        })
    }

    fn width(&self, c: char) -> Option<f32> {
        let glyph = self.letters.map(c).filter(|glyph| glyph.to_u32() != 0)?;
        self.widths.advance_width(glyph)
    }
}

/// All the letters. Read once.
pub(super) struct Fonts {
    name: Option<Face>,
    headline: Option<Face>,
    text: Option<Face>,
    signs: Option<Face>,
    files: Arc<fontdb::Database>,
    signs_file: Option<fontdb::ID>,
}

/// The fonts of this binary.
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
    fn face(&self, cut: Cut) -> Option<&Face> {
        match cut {
            Cut::Name => self.name.as_ref(),
            Cut::Headline => self.headline.as_ref(),
            Cut::Text => self.text.as_ref(),
        }
    }

    /// The width of one character, in parts of the size of the type; `None` when there is no such letter here.
    fn letter(&self, cut: Cut, c: char) -> Option<f32> {
        self.face(cut)?.width(c).or_else(|| self.signs.as_ref()?.width(c))
    }

    /// How wide a text is, in parts of the size of its type. Kerning, which makes it a little narrower, is left out.
    pub(super) fn width(&self, cut: Cut, text: &str) -> f32 {
        text.chars().filter_map(|c| self.letter(cut, c)).sum()
    }

    /// A text as these letters can show it, on one line: what has no letter here loses its accents or its style, or is
    /// left out. `None` when that would leave out more than half of its letters: what remains of a Chinese title is not
    /// that title.
    pub(super) fn printable(&self, cut: Cut, text: &str) -> Option<String> {
        let (mut out, mut letters, mut lost) = (String::with_capacity(text.len()), 0_usize, 0_usize);
        for c in text.nfc() {
            letters += usize::from(c.is_alphanumeric());
            if c.is_whitespace() {
                out.push(' ');
            } else if self.shows(cut, c, &out) {
                out.push(c);
            } else {
                let plainer: String = c
                    .nfkd()
                    .filter(|c| self.shows(cut, *c, "") && !is_combining_mark(*c))
                    .collect();
                lost += usize::from(c.is_alphanumeric() && plainer.is_empty());
                out.push_str(&plainer);
            }
        }
        let line = domain::text::one_line(&out);
        (lost * 2 <= letters && line.chars().any(char::is_alphanumeric)).then_some(line)
    }

    fn shows(&self, cut: Cut, c: char, before: &str) -> bool {
        // A soft hyphen is no letter, and a mark without the letter it belongs to would sit on the one before.
        c != '\u{ad}'
            && self.letter(cut, c).is_some()
            && (!is_combining_mark(c) || before.ends_with(char::is_alphabetic))
    }

    /// What the drawing takes its letters from.
    pub(super) fn files(&self) -> Arc<fontdb::Database> {
        Arc::clone(&self.files)
    }

    /// Where a letter comes from that a cut does not have.
    pub(super) fn resolver(&self) -> FontResolver<'static> {
        let signs = self.signs_file;
        FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(move |_, used, _| signs.filter(|signs| !used.contains(signs))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printable(text: &str) -> Option<String> {
        fonts().printable(Cut::Headline, text)
    }

    #[test]
    fn every_letter_that_is_shown_has_a_shape() {
        for text in [
            "Schrödinger, Łukasz, Nguyễn Văn Tèo, Čech, Ørsted, Эйлер, Ελλάς",
            "ℓ₁-norm of ∇f ∈ ℝⁿ → ∞, ∀ε ≤ ½ ⊗ ⟨x, y⟩ ∘ 𝒪(n²)",
            "“quotes” – dashes — and … ‘more’ † ‡ § ©",
        ] {
            assert_eq!(printable(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_has_no_letter_is_made_plainer_or_left_out() {
        assert_eq!(printable("𝐁𝐨𝐥𝐝 and ｆｕｌｌ").as_deref(), Some("Bold and full"));
        assert_eq!(
            printable("Rocket 🚀 science\u{200d}\u{ad}").as_deref(),
            Some("Rocket science")
        );
        assert_eq!(printable("Wei Wang (王伟)").as_deref(), Some("Wei Wang ()"));
        assert_eq!(printable("\u{301}\u{301}abc\u{202e}").as_deref(), Some("abc"));
    }

    #[test]
    fn a_title_of_which_little_would_be_left_is_not_shown() {
        for text in [
            "深度学习的新方法",
            "基于 LLM 的推理研究方法",
            "למידה עמוקה",
            "🚀🚀",
            "\u{e000}\u{fffd}",
            "",
        ] {
            assert_eq!(printable(text), None, "{text}");
        }
    }
}
