//! Cards that were scrolled past and wait to be marked as read.

use std::cell::RefCell;

use web_sys::{Element, IntersectionObserver};

thread_local! {
    /// Reports cards that come into sight or leave it; `None` where scrolling past marks nothing.
    static OBSERVER: RefCell<Option<IntersectionObserver>> = const { RefCell::new(None) };
    /// Scrolled past, but not marked yet.
    static PASSED: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// Sets what observes cards from now on.
pub fn set_observer(observer: IntersectionObserver) {
    OBSERVER.set(Some(observer));
}

/// Observes cards, where scrolling past marks them.
pub fn observe(cards: &[Element]) {
    OBSERVER.with_borrow(|observer| {
        if let Some(observer) = observer {
            for card in cards {
                observer.observe(card);
            }
        }
    });
}

/// Adds a card that was scrolled past.
pub fn push(card: Element) {
    PASSED.with_borrow_mut(|passed| passed.push(card));
}

/// Whether none waits.
pub fn is_empty() -> bool {
    PASSED.with_borrow(Vec::is_empty)
}

/// Takes all that wait.
pub fn take() -> Vec<Element> {
    PASSED.take()
}

/// Stops observing a card. Its reader has marked it as unread, so scrolling must not mark it again.
pub fn forget(card: &Element) {
    let _ = card.remove_attribute("data-seen");
    PASSED.with_borrow_mut(|passed| passed.retain(|other| other != card));
    OBSERVER.with_borrow(|observer| {
        if let Some(observer) = observer {
            observer.unobserve(card);
        }
    });
}
