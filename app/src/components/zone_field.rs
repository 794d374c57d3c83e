//! The field for a time zone.

use leptos::prelude::*;

/// A text field for the IANA name of a time zone, with suggestions.
#[component]
pub fn ZoneField(
    /// What is in the field.
    zone: String,
) -> impl IntoView {
    let zones = mail::schedule::zone_names()
        .map(|name| view! { <option value=name></option> })
        .collect_view();
    view! {
        <p><label for="zone">"Time zone"</label><input id="zone" name="zone" value=zone list="zones" autocomplete="off" spellcheck="false" placeholder="UTC" aria-describedby="zone-hint"/></p>
        <datalist id="zones">{zones}</datalist>
        <p class="hint" id="zone-hint">"Type a city, such as Paris or New_York, and choose from the list."</p>
    }
    .into_any()
}
