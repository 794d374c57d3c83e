//! The settings of a reader.

use domain::{Density, Mutes, ReadMarking};
use leptos::prelude::*;

use crate::components::escape;

/// The address that the form returns to.
const SAVED: &str = "/settings?saved";

/// A radio button.
fn radio(name: &'static str, code: &'static str, label: &'static str, checked: bool) -> impl IntoView {
    view! { <li><label><input type="radio" name=name value=code checked=checked/> {label}</label></li> }
}

/// The two fields of the mutes. The one that is wrong gets the focus.
#[component]
fn MuteFields(
    /// Words or phrases, one per line.
    words: String,
    /// Categories with spaces between.
    categories: String,
    /// Whether what was typed was refused.
    refused: bool,
) -> impl IntoView {
    let words_are_wrong = Mutes::read(&words, "").is_err();
    let invalid = |is_wrong: bool| (refused && is_wrong).then_some("true");
    let (words_invalid, categories_invalid) = (invalid(words_are_wrong), invalid(!words_are_wrong));
    // Leptos does not escape the content of a textarea.
    let words = escape(&words);
    view! {
        <p>
            <label for="words">"Muted words and phrases, one per line"</label>
            <textarea id="words" name="words" rows="5" maxlength="8000" aria-invalid=words_invalid aria-describedby=words_invalid.map(|_| "wrong") autofocus=words_invalid.is_some() spellcheck="false" inner_html=words></textarea>
        </p>
        <p>
            <label for="categories">"Muted categories, e.g. cs.CV or math"</label>
            <input id="categories" name="categories" value=categories autocomplete="off" maxlength="2000" spellcheck="false" aria-invalid=categories_invalid aria-describedby=categories_invalid.map(|_| "wrong") autofocus=categories_invalid.is_some()/>
        </p>
        <p class="hint">"Lists hide papers with a muted word in the title or abstract, and papers with a muted primary category. A line above the list shows how many. Emails and feeds are not affected."</p>
    }
}

/// The form, with the current settings or with what was typed.
#[component]
pub fn SettingsPage(
    /// How much of each paper lists show.
    density: Density,
    /// What marks papers as read.
    marking: ReadMarking,
    /// Muted words or phrases, one per line.
    words: String,
    /// Muted categories with spaces between.
    categories: String,
    /// Why what was typed was refused.
    why: Option<String>,
    /// The settings have just been saved.
    saved: bool,
) -> impl IntoView {
    let densities = Density::ALL
        .iter()
        .map(|one| radio("density", one.code(), one.label(), *one == density))
        .collect_view();
    let markings = ReadMarking::ALL
        .iter()
        .map(|one| radio("marking", one.code(), one.label(), *one == marking))
        .collect_view();
    let refused = why.is_some();
    view! {
        <main id="main" tabindex="-1" class="measure">
            <div class="page-head"><div><h1>"Settings"</h1></div></div>
            {saved.then(|| view! { <p class="notice" role="status">"Saved."</p> })}
            <form class="preferences" method="post" action="/fn/set_settings">
                {why.map(|why| view! { <p class="wrong" role="alert" id="wrong">{why}</p> })}
                <input type="hidden" name="back" value=SAVED/>
                <input type="hidden" name="mutes" value="all"/>
                <fieldset><legend>"Density"</legend><ul>{densities}</ul></fieldset>
                <fieldset>
                    <legend>"Mark papers as read"</legend>
                    <ul>{markings}</ul>
                </fieldset>
                <p class="hint">"Read papers are dimmed. Your reading history is stored with your bookmarks and is not shared."</p>
                <MuteFields words categories refused/>
                <button class="act">"Save"</button>
            </form>
        </main>
    }
    .into_any()
}

/// The mutes as the form shows them: words one per line, categories with spaces between.
pub fn mutes_as_typed(mutes: &Mutes) -> (String, String) {
    let categories: Vec<&str> = mutes
        .categories()
        .iter()
        .map(|category| category.as_str())
        .collect();
    (mutes.words().join("\n"), categories.join(" "))
}
