//! Cards that fall under a mute: how many the list hides, and whether it shows them.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    cards::CARDS,
    dom::{all, first},
};

/// Whether muted cards are shown.
pub fn are_shown() -> bool {
    first("#show-muted:checked").is_some()
}

/// Whether the list hides this card.
pub fn hides(card: &Element) -> bool {
    card.class_list().contains("is-muted") && !are_shown()
}

/// Selects the cards that the list shows.
pub fn visible_cards() -> &'static str {
    if are_shown() {
        CARDS
    } else {
        ".feed .card:not(.is-muted)"
    }
}

/// Updates the count above the list.
pub fn update_count() {
    let count = all(".feed .card.is-muted").len();
    if let (Some(line), Some(number)) = (first(".muted-line"), first(".muted-line .number")) {
        number.set_text_content(Some(&count.to_string()));
        if let Ok(line) = line.dyn_into::<HtmlElement>() {
            line.set_hidden(count == 0);
        }
    }
}
