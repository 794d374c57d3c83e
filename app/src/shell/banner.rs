//! The banner that asks for an email address.

use leptos::prelude::*;

#[component]
fn BannerForm(id: &'static str, button: &'static str) -> impl IntoView {
    view! {
        <form method="post" action="/fn/subscribe">
            <label class="vh" for=id>"Email address"</label>
            // Not `type="email"`: a browser would reject a pasted `Ada <ada@example.org>`, which the server accepts.
            <input id=id name="email" inputmode="email" required autocomplete="email" autocapitalize="none" spellcheck="false"
                placeholder="you@university.edu"/>
            <input type="hidden" name="zone" value=""/>
            <button class="act">{button}</button>
        </form>
    }
}

/// The banner. It stays until it is closed or used. Style shows one of its two forms, by the width of the window.
#[component]
pub(super) fn Banner() -> impl IntoView {
    view! {
        <section class="banner" aria-label="Email digest">
            <div class="banner-wide">
                <p>"Get trending papers in your email inbox once a day!"</p>
                <BannerForm id="banner-email" button="Subscribe"/>
            </div>
            <div class="banner-narrow">
                <p>"Get trending papers in your email inbox!"</p>
                <details>
                    <summary class="button act">"Subscribe"</summary>
                    <BannerForm id="banner-email-narrow" button="Send"/>
                </details>
            </div>
            <form class="close" method="post" action="/fn/dismiss_banner"><button class="plain" aria-label="Dismiss the banner">"×"</button></form>
        </section>
    }
    .into_any()
}
