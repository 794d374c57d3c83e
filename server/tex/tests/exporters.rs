//! Texts as exporters, publishers and authors write them, in plain text and on a page.

use tex::{Segment, plain, segments};

/// What a page shows for a text without formulas and links.
fn on_page(text: &str) -> String {
    segments(text)
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) | Segment::Emphasis(text) => text,
            other => panic!("{text:?} has {other:?}"),
        })
        .collect()
}

/// Checks both forms of each text.
fn both_read(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(plain(text), *expected, "plain text of {text:?}");
        assert_eq!(on_page(text), *expected, "page of {text:?}");
    }
}

#[test]
fn tex_accents_become_letters() {
    both_read(&[
        (
            "Solutions of the Schr\\\"odinger equation on K\\\"ahler manifolds",
            "Solutions of the Schrödinger equation on Kähler manifolds",
        ),
        (
            "Poincar\\'e and Erd\\H{o}s inequalities",
            "Poincaré and Erdős inequalities",
        ),
        (
            "{\\L}ukasz M{\\\"u}ller, \\O{}rsted, \\v{S}koda",
            "Łukasz Müller, Ørsted, Škoda",
        ),
        (
            "Nguy\\~{\\^e}n, \\'{\\\"u}, Vu\\vskovi\\'c",
            "Nguyễn, ǘ, Vušković",
        ),
        (
            "Erdo\u{30b}s, Ga\\v{c}\\'{\\i}, \\c Ca \\d{s}",
            "Erdős, Gačí, Ça ṣ",
        ),
        ("a\\~{}b \\^{}c \\\"{} ", "a~b ^c \""),
    ]);
}

#[test]
fn entities_are_resolved_however_often_they_were_escaped() {
    both_read(&[
        ("R&amp;D at scale: a &lt; b", "R&D at scale: a < b"),
        (
            "O&#39;Neil &amp;amp; Sons &#x2013; AT&amp;T",
            "O'Neil & Sons – AT&T",
        ),
        ("AT&T, R&D, a & b", "AT&T, R&D, a & b"),
        (
            "&lambda;-calculus of M&uuml;ller&nbsp;et&#160;al.",
            "λ-calculus of Müller et al.",
        ),
        ("&amp;lt;b&amp;gt; and &lt;script&gt;", "<b> and <script>"),
        ("R\\&amp;D and 5\\% of it", "R&D and 5% of it"),
        ("it&#146;s 1&#150;2 &#55357;&#56832;", "it’s 1–2 😀"),
    ]);
}

#[test]
fn simple_tags_are_resolved() {
    both_read(&[
        (
            "Capture of CO<sub>2</sub> by <i>E. coli</i>",
            "Capture of CO₂ by E. coli",
        ),
        (
            "10<sup>-3</sup> m<sup>2</sup> of H&lt;sub&gt;2&lt;/sub&gt;O",
            "10⁻³ m² of H₂O",
        ),
        (
            "a<b and c>d, x < y, List<T>, vector<i> v",
            "a<b and c>d, x < y, List<T>, vector<i> v",
        ),
        (
            "<b>Bold</b> <scp>caps</scp> <tt>mono</tt><br/>next",
            "Bold caps mono next",
        ),
        (
            "<span class=\"x\">One</span> <jats:italic>two</jats:italic>",
            "One two",
        ),
        ("<jats:p>An abstract.</jats:p>", "An abstract."),
        (
            "<script>alert(1)</script><img src=x>",
            "<script>alert(1)</script><img src=x>",
        ),
        ("T<sub>eff</sub> and <sup><i>n</i></sup>", "T_eff and ⁿ"),
    ]);
    assert_eq!(plain("<jats:p>One.</jats:p><jats:p>Two.</jats:p>"), "One. Two.");
    assert_eq!(
        on_page("<jats:p>One.</jats:p><jats:p>Two.</jats:p>"),
        "One.\n\nTwo."
    );
    assert_eq!(
        segments("by <i>E. coli</i>"),
        [Segment::Text("by ".into()), Segment::Emphasis("E. coli".into())]
    );
}

#[test]
fn entities_and_tags_in_formulas_are_resolved() {
    for (text, source, line) in [
        ("$a &lt; b$", "a < b", "a < b"),
        ("$x&amp;gt;y$", "x>y", "x>y"),
        ("$CO<sub>2</sub>$", "CO_{2}", "CO₂"),
        ("\\(x<sup>2</sup>\\)", "x^{2}", "x²"),
        ("$&alpha;\u{200b}+1$", "α+1", "α+1"),
    ] {
        assert_eq!(plain(text), line, "{text}");
        match &segments(text)[..] {
            [Segment::Math { source: shown, .. }] => assert_eq!(shown, source, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn invisible_characters_and_ligatures_are_removed() {
    both_read(&[
        (
            "Ef\u{fb01}cient trans\u{ad}for\u{200b}mers",
            "Efficient transformers",
        ),
        ("\u{feff}a\u{2060}b\u{202e}c\u{2066}d\u{e0041}", "abcd"),
        ("one\u{2028}two\u{2029}three\u{a0}four", "one two three four"),
        (
            "Schro\u{308}dinger o\u{fb00}shore, ﬂow",
            "Schrödinger offshore, flow",
        ),
        (
            "می\u{200c}خواهم 👩\u{200d}🔬 ❤\u{fe0f}",
            "می\u{200c}خواهم 👩\u{200d}🔬 ❤\u{fe0f}",
        ),
    ]);
    assert_eq!(plain("\u{200b}\u{ad}"), "");
    assert_eq!(segments("\u{200b}\u{ad}"), []);
}

#[test]
fn quantities_of_siunitx_are_shown_in_prose_and_in_formulas() {
    both_read(&[
        (
            "A gap of \\SI{10}{\\nano\\metre} at \\qty{5}{\\kelvin}",
            "A gap of 10 nm at 5 K",
        ),
        (
            "\\num{1e5} cells, \\si{\\km\\per\\hour}, \\ang{30}",
            "1 × 10⁵ cells, km h⁻¹, 30°",
        ),
        ("\\SIrange[range-units=single]{1}{2}{\\tesla}.", "1 T to 2 T."),
        (
            "\\qty{5}{m/s} and \\unit{\\milli\\gram\\per\\litre}",
            "5 m/s and mg L⁻¹",
        ),
    ]);
    let text = "A gap of \\SI{10}{\\nano\\metre} at \\qty{5}{\\kelvin} and $\\SI{3}{\\km}$.";
    assert_eq!(plain(text), "A gap of 10 nm at 5 K and 3 km.");
    assert!(!format!("{:?}", segments(text)).contains("<mtext>\\\\"));
}

#[test]
fn stripped_commands_become_signs_again() {
    both_read(&[
        ("a 1.50times speedup", "a 1.50× speedup"),
        ("256times256 images, 2times faster", "256×256 images, 2× faster"),
        ("only sim20% at 360^circ", "only ∼20% at 360°"),
        ("3 times, sometimes, sim2real", "3 times, sometimes, sim2real"),
        ("Dual-texttt{H}ead", "Dual-Head"),
    ]);
    assert_eq!(plain("https://a.org/10times"), "https://a.org/10times");
}

#[test]
fn an_unknown_macro_shows_its_argument_or_its_name() {
    both_read(&[
        ("our \\method{} and \\foo{so} on", "our method and so on"),
        (
            "in \\mathbb{R}^n at \\mathcal{O}(n\\log n)",
            "in ℝ^n at O(n log n)",
        ),
        (
            "\\sqrt{2}, \\frac{1}{2}, \\bar x and \\verb|a_b|",
            "√2, 1/2, x̄ and a_b",
        ),
        ("see C:\\Users\\ada now", "see C:\\Users\\ada now"),
    ]);
    let [Segment::Math { mathml, .. }] = &segments("$x = \\foo{y} + \\Bazz$")[..] else {
        panic!("the formula is not set");
    };
    assert!(
        mathml.contains("<mi>y</mi>") && mathml.contains("<mtext>Bazz</mtext>"),
        "{mathml}"
    );
}

#[test]
fn a_formula_in_a_title_reads_as_unicode() {
    assert_eq!(
        plain("Capture of CO$_2$ and H$_2$O by $\\alpha$-alumina at $\\mathcal{O}(n)$ cost"),
        "Capture of CO₂ and H₂O by α-alumina at O(n) cost"
    );
}

#[test]
fn plain_text_does_not_change_when_it_is_computed_again() {
    for text in [
        "R&amp;D of CO<sub>2</sub> by <i>E. coli</i>",
        "\\SI{10}{\\nano\\metre} of $x^2$",
        "1.50times Schr\\\"odinger",
    ] {
        let line = plain(text);
        assert_eq!(plain(&line), line);
    }
}

#[test]
fn scripts_of_prose_read_alike_in_tex_and_html() {
    both_read(&[
        ("10\\textsuperscript{6} or 10<sup>6</sup>", "10⁶ or 10⁶"),
        ("H\\textsubscript{2}O or H<sub>2</sub>O", "H₂O or H₂O"),
        ("10\\textsuperscript{-3}, 10\\textsuperscript{$-3$}", "10⁻³, 10⁻³"),
        ("1\\textsuperscript{st} and 2<sup>nd</sup>", "1st and 2nd"),
        (
            "the n-\\textsuperscript{th}, (n+1)<sup>th</sup> and 3\\textsuperscript{rd}",
            "the n-th, (n+1)th and 3rd",
        ),
        (
            "T\\textsubscript{eff}, OneEval\\textsubscript{Hard}",
            "T_eff, OneEval_Hard",
        ),
        (
            "mAP\\textsubscript{50} of A\\textsuperscript{2}FM",
            "mAP₅₀ of A²FM",
        ),
        (
            "NVIDIA\\textsuperscript{\\textregistered}, Ada\\textsuperscript{\\dag}",
            "NVIDIA®, Ada†",
        ),
        ("{\\textsuperscript 13}C, \\textsuperscript{13}C", "¹3C, ¹³C"),
        (
            "x\\textsuperscript{\\textbf{2}}, y\\textsuperscript{a;b}",
            "x², y^(a;b)",
        ),
        ("a\\textsuperscript{}b", "ab"),
    ]);
    assert_eq!(
        plain("$10\\textsuperscript{6}$, $x\\textsubscript{i}$"),
        "10⁶, xᵢ"
    );
}

#[test]
fn braces_that_protect_capitals_are_not_shown() {
    both_read(&[
        (
            "{BERT}: Pre-training of {D}eep {{Transformers}}",
            "BERT: Pre-training of Deep Transformers",
        ),
        ("{Attention is All You Need}", "Attention is All You Need"),
        (
            "{{BERT: Pre-training of Deep Transformers}}",
            "BERT: Pre-training of Deep Transformers",
        ),
        (
            "{NASA} and the ({ESA}), pre-{LHC} {\\'E}tale {K}-theory",
            "NASA and the (ESA), pre-LHC Étale K-theory",
        ),
        (
            "{K\\\"ahler} flows in {C++}, {GPT-4} and {L-BFGS}",
            "Kähler flows in C++, GPT-4 and L-BFGS",
        ),
        (
            "sets {0,1}, {a, b}, {A, B}, {A B}; {\"a\": 1}; {name}; {{A}, {B}}; ${HOME}; X={A}",
            "sets {0,1}, {a, b}, {A, B}, {A B}; {\"a\": 1}; {name}; {{A}, {B}}; ${HOME}; X={A}",
        ),
        ("x^{A} and 10_{B}", "x^{A} and 10_{B}"),
    ]);
}
