//! The folded form of a text does not depend on whether the text is plain yet.

use domain::fold::fold;
use tex::plain;

#[test]
fn a_text_and_its_plain_form_fold_alike() {
    let differing: Vec<String> = ('\u{80}'..='\u{1ffff}')
        .chain('\u{e0000}'..='\u{e0fff}')
        .map(|c| format!("a{c}b"))
        .filter(|text| fold(text) != fold(&plain(text)))
        .collect();
    assert!(
        differing.is_empty(),
        "{} characters: {differing:?}",
        differing.len()
    );
    for text in ["a\u{0}b", "a\u{7f}b", "a \u{1} b", "\u{3164}\u{ffa0}"] {
        assert_eq!(fold(text), fold(&plain(text)), "{text:?}");
    }
}
