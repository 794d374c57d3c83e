//! What stands at the end of the list while its next page loads, or when that failed.

use web_sys::Element;

use super::dom::{all, document, element, first};

/// A card that is not there yet: bars of the height that its lines will have.
const SKELETON: &str = "<div class=card><p class=card-mark><i></i></p><p class=card-title><i></i><i></i></p><p class=authors><i></i></p><p class=abstract><i></i><i></i><i></i><i></i></p><p class=why><i></i></p><div class=card-foot><i></i></div></div>";

/// Shows two skeleton cards after the list.
pub fn show_skeleton(list: &Element) -> Option<Element> {
    let skeleton = element("div", "skeleton", "")?;
    let _ = skeleton.set_attribute("aria-hidden", "true");
    skeleton.set_inner_html(&SKELETON.repeat(2));
    list.insert_adjacent_element("afterend", &skeleton).ok()?
}

/// Shows that the next page failed, and a button that tries again.
pub fn offer_retry() {
    let (Some(next), Some(row), Some(text), Some(button)) = (
        first("a.next"),
        element("div", "retry", ""),
        element("p", "", "Couldn’t load more papers."),
        element("button", "", "Retry"),
    ) else {
        return;
    };
    let _ = row.set_attribute("role", "alert");
    let _ = button.set_attribute("type", "button");
    let _ = row.append_child(&text);
    let _ = row.append_child(&button);
    let _ = next.insert_adjacent_element("beforebegin", &row);
}

/// Removes the offer. True if the focus was on its button.
pub fn take_retry_away() -> bool {
    let had_focus = document()
        .active_element()
        .is_some_and(|element| element.closest(".retry").is_ok_and(|row| row.is_some()));
    for row in all(".retry") {
        row.remove();
    }
    had_focus
}
