//! Resolves simple tags: subscripts and superscripts, emphasis, paragraphs.

use super::pairs::{Role, roles};
use super::tags::{Effect, Tag, tags};
use crate::delimiters::formula_at;
use crate::steps;
use crate::unicode::script_of_prose;

/// The text without its simple tags. `None` if it has none.
///
/// Subscripts and superscripts become Unicode characters, or TeX inside a formula.
pub(super) fn resolve(text: &str) -> Option<String> {
    // Most texts have no angle bracket.
    text.contains('<').then_some(())?;
    let tags = tags(text);
    let roles = roles(text, &tags);
    if roles.iter().all(|role| *role == Role::Text) {
        return None;
    }
    let mut writer = Writer {
        out: String::with_capacity(text.len()),
        open: Vec::new(),
    };
    let mut formulas = Formulas { text, at: 0, ends: 0 };
    let mut done = 0;
    for (tag, role) in tags.iter().zip(roles) {
        if role == Role::Text {
            continue;
        }
        writer.out.push_str(&text[done..tag.start]);
        done = tag.end;
        writer.tag(*tag, role, formulas.around(tag.start));
    }
    writer.out.push_str(&text[done..]);
    Some(writer.out)
}

/// The maximum depth. Deeper elements only lose their tags, because nested text would be copied too often.
const DEEPEST: usize = 8;

struct Writer {
    out: String,
    open: Vec<Open>,
}

/// An open element.
struct Open {
    /// `Style` if it is nested too deeply for its own effect.
    effect: Effect,
    /// Length of the output at its beginning.
    start: usize,
    /// Byte at which the surrounding formula begins.
    formula: Option<usize>,
}

impl Writer {
    fn tag(&mut self, tag: Tag, role: Role, formula: Option<usize>) {
        match role {
            Role::Text | Role::Nothing => {}
            Role::Break if formula.is_some() => self.out.push(' '),
            Role::Break => self.out.push_str(if tag.effect == Effect::Paragraph {
                "\n\n"
            } else {
                "\n"
            }),
            Role::Begin => self.open.push(Open {
                effect: if self.open.len() < DEEPEST {
                    tag.effect
                } else {
                    Effect::Style
                },
                start: self.out.len(),
                formula,
            }),
            Role::End => {
                if let Some(open) = self.open.pop() {
                    self.end(&open, formula);
                }
            }
        }
    }

    fn end(&mut self, open: &Open, formula: Option<usize>) {
        // An element that is only partly inside a formula has no effect.
        if open.formula != formula || open.effect == Effect::Style {
            return;
        }
        let in_script = self.open.last().is_some_and(|outer| is_script(outer.effect));
        let content = self.out.split_off(open.start);
        steps::count(content.len());
        match (open.effect, formula) {
            (Effect::Subscript, Some(_)) => self.out.extend(["_{", &content, "}"]),
            (Effect::Superscript, Some(_)) => self.out.extend(["^{", &content, "}"]),
            (Effect::Subscript, None) => self.script('_', content.trim()),
            (Effect::Superscript, None) => self.script('^', content.trim()),
            // If the content has TeX, the argument of `\emph` might end too early.
            (Effect::Emphasis, None) if !in_script && is_plain(&content) => {
                self.out.extend(["\\emph{", &content, "}"]);
            }
            _ => self.out.push_str(&content),
        }
    }

    /// A subscript or superscript in prose. If its content is TeX, it becomes a formula.
    fn script(&mut self, sign: char, content: &str) {
        let formula = content
            .strip_prefix('$')
            .and_then(|rest| rest.strip_suffix('$'))
            .unwrap_or(content);
        if formula.contains('$') {
            self.out.push_str(content);
        } else if formula.len() < content.len() || formula.contains('\\') {
            self.out
                .extend(["$", if sign == '^' { "^{" } else { "_{" }, formula, "}$"]);
        } else {
            let before = self.out.chars().next_back().unwrap_or(' ');
            self.out.push_str(&script_of_prose(sign, before, content));
        }
    }
}

fn is_script(effect: Effect) -> bool {
    matches!(effect, Effect::Subscript | Effect::Superscript)
}

/// Whether the text is not blank and contains no TeX.
fn is_plain(content: &str) -> bool {
    !content.contains(['\\', '{', '}', '$']) && !content.trim().is_empty()
}

/// Finds the formulas of a text from left to right.
struct Formulas<'a> {
    text: &'a str,
    /// Byte at which the last formula begins, or at which to look for the next one.
    at: usize,
    /// The byte after the last formula; not after `at` if there is none yet.
    ends: usize,
}

impl Formulas<'_> {
    /// Byte at which the formula around byte `place` begins. Calls must pass increasing places.
    fn around(&mut self, place: usize) -> Option<usize> {
        while self.ends <= place {
            let from = self.at.max(self.ends);
            let between = self.text.get(from..place)?;
            steps::count(between.len());
            let Some(next) = between.find(['$', '\\']) else {
                self.at = place;
                return None;
            };
            let at = from + next;
            match formula_at(self.text, at) {
                Some(found) => (self.at, self.ends) = (at, found.end),
                None => {
                    let escaped = usize::from(self.text[at..].starts_with('\\'));
                    let sign = self.text[at + escaped..].chars().next().map_or(0, char::len_utf8);
                    self.at = (at + escaped + sign).min(self.text.len());
                }
            }
        }
        Some(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> String {
        resolve(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn subscripts_and_superscripts_become_small_characters() {
        for (text, expected) in [
            ("CO<sub>2</sub>", "CO₂"),
            ("10<sup>-3</sup> m<SUP>2</SUP>", "10⁻³ m²"),
            ("<sup>13</sup>C and SO<sub>4</sub><sup>2-</sup>", "¹³C and SO₄²⁻"),
            ("T<sub>i</sub>, V<inf>max</inf>", "Tᵢ, Vₘₐₓ"),
            ("x<sub> 1 </sub>", "x₁"),
            ("<sup><i>n</i></sup>", "ⁿ"),
            ("T<sub>eff</sub>, x<sup>a;b</sup>", "T_eff, x^(a;b)"),
            ("x<sub>$i$</sub>, y<sup>\\alpha</sup>", "x$_{i}$, y$^{\\alpha}$"),
            ("a<sub></sub>b", "ab"),
        ] {
            assert_eq!(resolved(text), expected, "{text}");
        }
    }

    #[test]
    fn styles_and_paragraphs_lose_their_tags() {
        for (text, expected) in [
            ("by <i>E. coli</i>", "by \\emph{E. coli}"),
            (
                "<em>in vitro</em> <b>x</b> <strong>y</strong>",
                "\\emph{in vitro} x y",
            ),
            ("<tt>a</tt><code>b</code><scp>c</scp><u>d</u>", "abcd"),
            (
                "<span class=\"x\">a</span>, <a href=\"https://a.org\">b</a>",
                "a, b",
            ),
            (
                "<jats:p>One.</jats:p><jats:p>Two.</jats:p>",
                "\n\nOne.\n\n\n\nTwo.\n\n",
            ),
            ("<p>One.<p>Two.", "\n\nOne.\n\nTwo."),
            ("one<br>two<br/>three", "one\ntwo\nthree"),
            ("<jats:italic>x</jats:italic> <jats:sec>cut", "\\emph{x} \n\ncut"),
            ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x"),
            (
                "<math><mi>x</mi><mo>=</mo><mrow><mn>2</mn><mspace width=\"1em\"/></mrow></math>",
                "x=2",
            ),
            (
                "by <inline-formula>$x$</inline-formula> <xref ref-type=\"bibr\">1</xref> <sc>C</sc>",
                "by $x$ 1 C",
            ),
            ("<italic>a</italic> <bold>b</bold>", "\\emph{a} b"),
            (
                "<sec><title>Abstract</title><p>One.</p></sec>",
                "\n\n\n\nAbstract\n\n\n\nOne.\n\n\n\n",
            ),
            ("<i>$x$ b</i>", "$x$ b"),
            ("<b>a <i>b</b> c</i>", "a <i>b c</i>"),
        ] {
            assert_eq!(resolved(text), expected, "{text}");
        }
    }

    #[test]
    fn tags_in_formulas_become_tex() {
        for (text, expected) in [
            ("$CO<sub>2</sub>$", "$CO_{2}$"),
            ("\\(x<sup>2</sup>\\) <i>y</i>", "\\(x^{2}\\) \\emph{y}"),
            ("$<i>x</i>$", "$x$"),
            ("$x<sub>2$ a</sub>", "$x2$ a"),
        ] {
            assert_eq!(resolved(text), expected, "{text}");
        }
    }

    #[test]
    fn text_that_only_looks_like_a_tag_stays() {
        for text in [
            "a<b and c>d",
            "x < y",
            "List<T>",
            "vector<i> and vector<b>",
            "<i>open",
            "close</i>",
            "<script>alert(1)</script>",
            "<code> and </code>",
            "<b>...</b>",
            "the ideal $<P>$",
            "$1<p<m$, $a>0$",
            "use the <p> element",
            "the <title> element, <x> and <math>",
        ] {
            assert_eq!(resolve(text), None, "{text}");
        }
    }
}
