//! The cards of the list: their order, and the focus on them.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::dom::first;

/// The cards of the list, in order. The first page's cards are children of the list itself. Each further page has a
/// `.part` of its own: if thousands of cards each watched whether they are in sight, that alone would slow every frame.
pub const CARDS: &str = ".feed .card";

/// The cards that came with the page itself.
pub const CARDS_OF_PAGE: &str = ".feed > .card";

/// The card after this one; with a negative `by` the card before it.
pub fn beside(card: &Element, by: isize) -> Option<Element> {
    let step = |from: &Element| {
        if by > 0 {
            from.next_element_sibling()
        } else {
            from.previous_element_sibling()
        }
    };
    let found = step(card).or_else(|| step(&card.closest(".part").ok()??))?;
    within(found, by)
}

/// The last card of the list.
pub fn last_card() -> Option<Element> {
    within(first(".feed")?.last_element_child()?, -1)
}

/// A card itself; of a part its first card, or its last one with a negative `by`.
fn within(found: Element, by: isize) -> Option<Element> {
    if !found.class_list().contains("part") {
        Some(found)
    } else if by > 0 {
        found.first_element_child()
    } else {
        found.last_element_child()
    }
}

/// Focuses a card without scrolling.
pub fn focus_quietly(card: &Element) {
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &JsValue::from_str("preventScroll"), &JsValue::TRUE);
    if let Some(card) = card.dyn_ref::<HtmlElement>()
        && let Ok(focus) = js_sys::Reflect::get(card, &JsValue::from_str("focus"))
        && let Ok(focus) = focus.dyn_into::<js_sys::Function>()
    {
        let _ = focus.call1(card, &options);
    }
}
