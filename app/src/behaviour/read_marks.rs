//! Read and unread: by key, by button, all above, and, for who wishes it, by opening or by scrolling past.

use std::cell::{Cell, RefCell};

use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit,
};

use super::{
    bookmark,
    dom::{Later, all, around, document, first, get, keep_cookie, listen, post_fields, window},
    listing, offline, toast,
    turn::mark_in_turn,
};

/// What is scrolled past waits so long for more of the same, in milliseconds.
const GATHER: i32 = 1_500;
/// A second press within so many milliseconds is the first one's echo.
const DOUBLE: f64 = 800.0;
/// Papers in one request: a form of ours is smaller than 64 kB.
const MOST_AT_ONCE: usize = 2_000;

thread_local! {
    /// Tells cards that are scrolled past.
    static PASSING: RefCell<Option<IntersectionObserver>> = const { RefCell::new(None) };
    /// Scrolled past, and not yet marked.
    static PASSED: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

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
            all_above();
        } else if around(&event, "form.densities").is_some() {
            event.prevent_default();
            if let Some(button) =
                get(&event, "submitter").and_then(|button| button.dyn_into::<Element>().ok())
            {
                set_density(&button);
            }
        }
    });
    if marking().is_some()
        && let Some(button) = first("article.paper button.read")
        && !is_on(&button)
    {
        set(vec![button], true, Voice::Silent);
    }
}

/// What marks papers by itself; nothing unless its reader wishes so.
fn marking() -> Option<String> {
    document().document_element()?.get_attribute("data-marking")
}

/// Begins to mark what is scrolled past, where that is wished: after a list has been put back in its place, which
/// scrolls too.
pub fn watch() {
    if marking().as_deref() == Some("scroll") {
        watch_passing();
    }
}

/// How a change is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// Read out, with undo.
    Aloud,
    /// Shown, with undo.
    Quiet,
    /// Only seen at the card.
    Silent,
}

fn is_on(button: &Element) -> bool {
    button.get_attribute("aria-pressed").as_deref() == Some("true")
}

fn paper_of(button: &Element) -> Option<String> {
    let form = button.closest("form").ok()??;
    let field = form.query_selector("input[name=paper]").ok()??;
    Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
}

/// Shows a state, and makes the next press ask for the other one.
fn show(button: &Element, read: bool) {
    let _ = button.set_attribute("aria-pressed", if read { "true" } else { "false" });
    let _ = button.set_attribute("value", if read { "false" } else { "true" });
    if let Ok(Some(card)) = button.closest(".card") {
        let _ = card.class_list().toggle_with_force("is-read", read);
    }
}

fn toggle(button: &Element) {
    set(vec![button.clone()], !is_on(button), Voice::Aloud);
}

/// `m`
pub fn toggle_card(card: &Element) -> bool {
    let Ok(Some(button)) = card.query_selector("button.read") else {
        return false;
    };
    toggle(&button);
    true
}

/// Marks at once what is not so yet, and tells the truth when the server refuses.
fn set(buttons: Vec<Element>, read: bool, voice: Voice) {
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
        if !read {
            leave_alone(button);
        }
    }
    ask_next();
    let count = buttons.len();
    let words = match (count, read) {
        (1, true) => "Marked as read.".to_owned(),
        (1, false) => "Marked as unread.".to_owned(),
        (count, true) => format!("{count} papers marked as read."),
        (count, false) => format!("{count} papers marked as unread."),
    };
    let changed = buttons.clone();
    let undo = move || set(changed.clone(), !read, Voice::Quiet);
    match voice {
        Voice::Aloud => toast::offer(&words, undo),
        Voice::Quiet => toast::offer_quietly(&words, undo),
        Voice::Silent => {}
    }
    spawn_local(async move {
        for some in buttons.chunks(MOST_AT_ONCE) {
            let papers: Vec<String> = some.iter().filter_map(paper_of).collect();
            let papers = papers.join(" ");
            let fields = [
                ("papers", papers.as_str()),
                ("read", if read { "true" } else { "false" }),
            ];
            if let Err(why) = mark_in_turn(post_fields("/fn/mark_read", &fields)).await {
                // What is shown is what the server knows; whoever has pressed again meanwhile has asked again.
                for button in some.iter().filter(|button| is_on(button) == read) {
                    show(button, !read);
                }
                ask_next();
                match voice {
                    Voice::Aloud => toast::say(&why),
                    Voice::Quiet => toast::say_quietly(&why),
                    // Nobody asked for it.
                    Voice::Silent => {}
                }
            }
            for button in some {
                let _ = button.remove_attribute("aria-busy");
            }
        }
    });
}

fn buttons_of(cards: &[Element]) -> Vec<Element> {
    cards
        .iter()
        .filter_map(|card| card.query_selector("button.read").ok().flatten())
        .collect()
}

/// The button under the list: everything above it.
fn all_above() {
    thread_local! {
        static PRESSED: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
    }
    // The second half of a double click would take back what the first did, and more.
    let now = window().performance().map_or(0.0, |clock| clock.now());
    if now - PRESSED.replace(now) < DOUBLE {
        return;
    }
    let read = next_is_read();
    set(buttons_of(&in_view()), read, Voice::Aloud);
}

/// `M`: everything down to this card.
pub fn mark_down_to(card: &Element) -> bool {
    let mut cards = in_view();
    let Some(at) = cards.iter().position(|other| other == card) else {
        return false;
    };
    cards.truncate(at + 1);
    set(buttons_of(&cards), true, Voice::Aloud);
    true
}

fn next_is_read() -> bool {
    first(&format!("{} button.read[aria-pressed=false]", in_view_selector())).is_some()
}

/// Whether what is muted is shown all the same.
pub fn is_all_shown() -> bool {
    first("#show-muted:checked").is_some()
}

fn in_view_selector() -> &'static str {
    if is_all_shown() {
        listing::CARDS
    } else {
        ".feed .card:not(.is-muted)"
    }
}

/// The cards that are not folded away.
fn in_view() -> Vec<Element> {
    all(in_view_selector())
}

/// The button under the list says what it would do.
pub fn ask_next() {
    if let Some(button) = first(".all-read button") {
        let words = if next_is_read() {
            "Mark all above as read"
        } else {
            "Mark all above as unread"
        };
        button.set_text_content(Some(words));
    }
}

/// Shows a density and keeps it: the page that comes next is made by it. The server keeps it as well, because some
/// browsers forget after a week what a script has kept.
fn set_density(chosen: &Element) {
    let Some(word) = chosen.get_attribute("value") else {
        return;
    };
    keep_cookie("density", &word);
    listing::note_settings();
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-density", &word);
    }
    spawn_local(async move {
        let _ = post_fields("/fn/set_reading", &[("density", &word)]).await;
    });
    for button in all(".densities button") {
        let _ = button.set_attribute("aria-pressed", if button == *chosen { "true" } else { "false" });
    }
}

/// Marks what leaves over the upper edge after it was seen.
fn watch_passing() {
    let told = Closure::<dyn FnMut(js_sys::Array)>::new(|entries: js_sys::Array| {
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            let card = entry.target();
            if entry.is_intersecting() {
                let _ = card.set_attribute("data-seen", "");
            } else if card.has_attribute("data-seen") && is_above(&entry.bounding_client_rect()) {
                PASSED.with_borrow_mut(|passed| passed.push(card));
            }
        }
        mark_passed_soon();
    });
    let options = IntersectionObserverInit::new();
    // Under the masthead, which stays.
    options.set_root_margin("-80px 0px 0px 0px");
    if let Ok(observer) = IntersectionObserver::new_with_options(told.as_ref().unchecked_ref(), &options) {
        PASSING.set(Some(observer));
    }
    told.forget();
    follow(&all(listing::CARDS));
    listen(&window(), "pagehide", |_| mark_passed());
}

/// Over the upper edge; what is folded away is nowhere.
fn is_above(place: &web_sys::DomRectReadOnly) -> bool {
    place.height() > 0.0 && place.bottom() < 100.0
}

/// Whoever says that a paper is unread does not want it marked by scrolling again.
fn leave_alone(button: &Element) {
    if let Ok(Some(card)) = button.closest(".card") {
        let _ = card.remove_attribute("data-seen");
        PASSED.with_borrow_mut(|passed| passed.retain(|other| *other != card));
        PASSING.with_borrow(|observer| {
            if let Some(observer) = observer {
                observer.unobserve(&card);
            }
        });
    }
}

/// New cards are there: they too may be scrolled past.
pub fn follow(cards: &[Element]) {
    PASSING.with_borrow(|observer| {
        if let Some(observer) = observer {
            for card in cards {
                observer.observe(card);
            }
        }
    });
}

fn mark_passed_soon() {
    thread_local! {
        static SOON: Later = Later::new(GATHER, mark_passed);
    }
    if !PASSED.with_borrow(Vec::is_empty) {
        SOON.with(Later::again);
    }
}

fn mark_passed() {
    let passed = PASSED.take();
    if !passed.is_empty() {
        set(buttons_of(&passed), true, Voice::Quiet);
    }
}

/// Asks how all the papers on this page stand now: the page comes from the browser's cache.
pub async fn refresh() {
    let buttons = all("button.read");
    let papers: Vec<String> = buttons.iter().filter_map(paper_of).collect();
    let mut stands: Vec<(String, bool, bool)> = Vec::new();
    for some in papers.chunks(MOST_AT_ONCE) {
        let Ok(answer) = post_fields("/fn/reader_states", &[("papers", &some.join(" "))]).await else {
            return;
        };
        let Ok(answer) = js_sys::JSON::parse(&answer) else {
            return;
        };
        stands.extend(js_sys::Array::from(&answer).iter().filter_map(|stand| {
            let says = |name| get(&stand, name).is_some_and(|value| value.is_truthy());
            Some((
                get(&stand, "paper")?.as_string()?,
                says("bookmarked"),
                says("read"),
            ))
        }));
    }
    stands.sort_unstable();
    // Only what is kept or read comes back; the rest is neither.
    let of = |paper: &str| {
        let at = stands
            .binary_search_by(|(name, ..)| name.as_str().cmp(paper))
            .ok()?;
        stands.get(at).map(|(_, kept, read)| (*kept, *read))
    };
    for button in &buttons {
        // What is under way knows better.
        if !button.has_attribute("aria-busy")
            && let Some(paper) = paper_of(button)
        {
            show(button, of(&paper).is_some_and(|(_, read)| read));
        }
    }
    bookmark::set_right(|paper| Some(of(paper).is_some_and(|(kept, _)| kept)));
    offline::set_right();
    ask_next();
}

/// How many of the shown cards are folded away, over the list.
pub fn count_muted() {
    let count = all(".feed .card.is-muted").len();
    if let (Some(line), Some(number)) = (first(".muted-line"), first(".muted-line .number")) {
        number.set_text_content(Some(&count.to_string()));
        if let Ok(line) = line.dyn_into::<HtmlElement>() {
            line.set_hidden(count == 0);
        }
    }
}
