//! Marking papers as read or unread: by key, by the button of a card, or all at once.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlInputElement};

use super::{
    dom::{all, around, document, first, listen, window},
    muted, passed,
    post::post_fields,
    toast,
    turn::mark_in_turn,
};
use crate::behaviour::pure::marked_label;

/// A second press within this many milliseconds belongs to a double click.
const DOUBLE: f64 = 800.0;
/// Papers in one request: a form may have at most 64 kB.
pub const MOST_AT_ONCE: usize = 2_000;

/// Listens for the buttons of cards and the one under the list.
pub fn start() {
    listen(&document(), "click", |event: Event| {
        if let Some(button) = around(&event, "button.read") {
            event.prevent_default();
            toggle(&button);
        }
    });
    listen(&document(), "submit", |event: Event| {
        if around(&event, "form.all-read").is_some() {
            event.prevent_default();
            mark_all();
        }
    });
}

/// How the reader learns of a change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// A toast that screen readers read out, with undo.
    Aloud,
    /// A toast that they do not read out, with undo.
    Quiet,
    /// Only the card shows it.
    Silent,
}

/// Whether the button shows its paper as read.
pub fn is_on(button: &Element) -> bool {
    button.get_attribute("aria-pressed").as_deref() == Some("true")
}

/// The key of the button's paper.
pub fn paper_of(button: &Element) -> Option<String> {
    let form = button.closest("form").ok()??;
    let field = form.query_selector("input[name=paper]").ok()??;
    Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
}

/// The read buttons of some cards.
pub fn buttons_of(cards: &[Element]) -> Vec<Element> {
    cards
        .iter()
        .filter_map(|card| card.query_selector("button.read").ok().flatten())
        .collect()
}

/// Shows a state. The next press then asks for the other one.
pub fn show(button: &Element, read: bool) {
    let _ = button.set_attribute("aria-pressed", if read { "true" } else { "false" });
    let _ = button.set_attribute("value", if read { "false" } else { "true" });
    if let Ok(Some(card)) = button.closest(".card") {
        let _ = card.class_list().toggle_with_force("is-read", read);
    }
}

fn toggle(button: &Element) {
    set(vec![button.clone()], !is_on(button), Voice::Aloud);
}

/// Marks a card as read, or as unread if it is read: `m`.
pub fn toggle_card(card: &Element) -> bool {
    let Ok(Some(button)) = card.query_selector("button.read") else {
        return false;
    };
    toggle(&button);
    true
}

/// Marks papers at once, and shows their old state again if the server refuses.
pub fn set(buttons: Vec<Element>, read: bool, voice: Voice) {
    let buttons: Vec<Element> = buttons
        .into_iter()
        .filter(|button| is_on(button) != read)
        .collect();
    if buttons.is_empty() {
        return;
    }
    for button in &buttons {
        show(button, read);
        let _ = button.set_attribute("aria-busy", "true");
        if !read && let Ok(Some(card)) = button.closest(".card") {
            passed::forget(&card);
        }
    }
    update_all_button();
    let label = marked_label(buttons.len(), read);
    let changed = buttons.clone();
    let undo = move || set(changed.clone(), !read, Voice::Quiet);
    match voice {
        Voice::Aloud => toast::offer(&label, undo),
        Voice::Quiet => toast::offer_quietly(&label, undo),
        Voice::Silent => {}
    }
    spawn_local(async move {
        for some in buttons.chunks(MOST_AT_ONCE) {
            send(some, read, voice).await;
        }
    });
}

async fn send(buttons: &[Element], read: bool, voice: Voice) {
    let papers: Vec<String> = buttons.iter().filter_map(paper_of).collect();
    let papers = papers.join(" ");
    let fields = [
        ("papers", papers.as_str()),
        ("read", if read { "true" } else { "false" }),
    ];
    if let Err(why) = mark_in_turn(post_fields("/fn/mark_read", &fields)).await {
        // A button that was pressed again meanwhile sends its own request.
        for button in buttons.iter().filter(|button| is_on(button) == read) {
            show(button, !read);
        }
        update_all_button();
        match voice {
            Voice::Aloud => toast::say(&why),
            Voice::Quiet => toast::say_quietly(&why),
            // The reader did not ask for it.
            Voice::Silent => {}
        }
    }
    for button in buttons {
        let _ = button.remove_attribute("aria-busy");
    }
}

/// The button under the list.
fn mark_all() {
    thread_local! {
        static PRESSED: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
    }
    // The second half of a double click would undo the first, and more.
    let now = window().performance().map_or(0.0, |clock| clock.now());
    if now - PRESSED.replace(now) < DOUBLE {
        return;
    }
    set(
        buttons_of(&all(muted::visible_cards())),
        any_unread(),
        Voice::Aloud,
    );
}

/// Marks every card from the first to this one as read: `M`.
pub fn mark_down_to(card: &Element) -> bool {
    let mut cards = all(muted::visible_cards());
    let Some(at) = cards.iter().position(|other| other == card) else {
        return false;
    };
    cards.truncate(at + 1);
    set(buttons_of(&cards), true, Voice::Aloud);
    true
}

fn any_unread() -> bool {
    first(&format!(
        "{} button.read[aria-pressed=false]",
        muted::visible_cards()
    ))
    .is_some()
}

/// Makes the button under the list say what it would do.
pub fn update_all_button() {
    if let Some(button) = first(".all-read button") {
        let label = if any_unread() {
            "Mark all as read"
        } else {
            "Mark all as unread"
        };
        button.set_text_content(Some(label));
    }
}
