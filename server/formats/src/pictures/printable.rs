//! Text limited to the characters of a font.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::font::Font;
use super::fonts::Fonts;

impl Fonts {
    /// A text on one line, with only the characters of the font.
    ///
    /// Other characters lose their accents or their style, or are left out. `None` if more than half of the letters
    /// would be left out: the rest of a Chinese title is not that title.
    pub(super) fn printable(&self, font: Font, text: &str) -> Option<String> {
        let (mut out, mut letters, mut lost) = (String::with_capacity(text.len()), 0_usize, 0_usize);
        for c in text.nfc() {
            letters += usize::from(c.is_alphanumeric());
            if c.is_whitespace() {
                out.push(' ');
            } else if self.shows(font, c, &out) {
                out.push(c);
            } else {
                let plainer: String = c
                    .nfkd()
                    .filter(|c| self.shows(font, *c, "") && !is_combining_mark(*c))
                    .collect();
                lost += usize::from(c.is_alphanumeric() && plainer.is_empty());
                out.push_str(&plainer);
            }
        }
        let line = domain::text::one_line(&out);
        (lost * 2 <= letters && line.chars().any(char::is_alphanumeric)).then_some(line)
    }

    fn shows(&self, font: Font, c: char, before: &str) -> bool {
        // A soft hyphen is invisible. A mark without its letter would sit on the character before.
        c != '\u{ad}'
            && self.character(font, c).is_some()
            && (!is_combining_mark(c) || before.ends_with(char::is_alphabetic))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fonts::fonts;
    use super::*;

    fn printable(text: &str) -> Option<String> {
        fonts().printable(Font::Headline, text)
    }

    #[test]
    fn text_that_the_fonts_have_stays_as_it_is() {
        for text in [
            "Schrödinger, Łukasz, Nguyễn Văn Tèo, Čech, Ørsted, Эйлер, Ελλάς",
            "ℓ₁-norm of ∇f ∈ ℝⁿ → ∞, ∀ε ≤ ½ ⊗ ⟨x, y⟩ ∘ 𝒪(n²)",
            "“quotes” – dashes — and … ‘more’ † ‡ § ©",
        ] {
            assert_eq!(printable(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn a_character_without_a_shape_is_made_plainer_or_left_out() {
        assert_eq!(printable("𝐁𝐨𝐥𝐝 and ｆｕｌｌ").as_deref(), Some("Bold and full"));
        assert_eq!(
            printable("Rocket 🚀 science\u{200d}\u{ad}").as_deref(),
            Some("Rocket science")
        );
        assert_eq!(printable("Wei Wang (王伟)").as_deref(), Some("Wei Wang ()"));
        assert_eq!(printable("\u{301}\u{301}abc\u{202e}").as_deref(), Some("abc"));
    }

    #[test]
    fn a_title_that_would_lose_most_of_its_letters_is_not_shown() {
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
