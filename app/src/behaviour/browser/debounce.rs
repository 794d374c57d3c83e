//! An action that waits until it was not asked for again for a while.

use std::cell::Cell;

use wasm_bindgen::{JsCast, closure::Closure};

use super::dom::window;

/// An action and how long it waits.
pub struct Debounce {
    wait: i32,
    action: Closure<dyn FnMut()>,
    timer: Cell<Option<i32>>,
}

impl Debounce {
    /// Runs `action` once, `wait` milliseconds after the last [`Debounce::restart`].
    pub fn new(wait: i32, action: impl FnMut() + 'static) -> Self {
        Self {
            wait,
            action: Closure::new(action),
            timer: Cell::new(None),
        }
    }

    /// Starts the wait again.
    pub fn restart(&self) {
        let window = window();
        let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            self.action.as_ref().unchecked_ref(),
            self.wait,
        );
        if let Some(before) = self.timer.replace(timer.ok()) {
            window.clear_timeout_with_handle(before);
        }
    }
}
