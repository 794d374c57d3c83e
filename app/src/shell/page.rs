//! A whole page.

use domain::{Density, ReadMarking};
use leptos::prelude::*;

use super::{
    banner::Banner, footer::Footer, frame::Frame, head, head::Head, masthead::Masthead, theme::Theme,
};
use crate::{behaviour::Behaviour, render::to_html};

/// A whole page as HTML, with its doctype.
pub fn page<V: IntoView>(frame: Frame, head: Head, content: impl FnOnce() -> V) -> String {
    let html = to_html(|| document(frame, head, content));
    format!("<!doctype html>{html}")
}

fn document<V: IntoView>(frame: Frame, head: Head, content: impl FnOnce() -> V) -> impl IntoView {
    let theme = frame.theme.map(Theme::code);
    // Defaults are left out.
    let density = (frame.density != Density::default()).then(|| frame.density.code());
    let marking = (frame.marking != ReadMarking::default()).then(|| frame.marking.code());
    let head = head::head(&frame, head);
    let banner = frame.banner.then(|| view! { <Banner/> });
    view! {
        <html lang="en" data-theme=theme data-density=density data-marking=marking>
            {head}
            <body>
                <a class="skip button" href="#main">"Skip to content"</a>
                <Masthead frame/>
                <div class="sheet">
                    {banner}
                    {content().into_any()}
                    <Footer/>
                </div>
                <div class="low"><div class="toasts" role="status"></div></div>
                <Behaviour/>
            </body>
        </html>
    }
}
