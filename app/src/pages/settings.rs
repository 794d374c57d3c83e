//! How a reader reads: densities, what counts as read, mutes.

use domain::{Density, Mutes, ReadMarking};
use leptos::prelude::*;

use crate::components::escape;

/// The form, filled in with what holds now or with what was typed.
#[component]
pub fn SettingsPage(
    density: Density,
    marking: ReadMarking,
    /// Words or phrases, one a line.
    words: String,
    /// Categories with spaces between.
    categories: String,
    /// What is wrong with what was typed.
    why: Option<String>,
    /// It has just been saved.
    saved: bool,
) -> impl IntoView {
    let densities = Density::ALL
        .iter()
        .map(|one| (one, *one == density))
        .map(|(one, checked)| view! { <li><label><input type="radio" name="density" value=one.code() checked=checked/> {one.label()}</label></li> })
        .collect_view();
    let markings = ReadMarking::ALL
        .iter()
        .map(|one| (one, *one == marking))
        .map(|(one, checked)| view! { <li><label><input type="radio" name="marking" value=one.code() checked=checked/> {one.label()}</label></li> })
        .collect_view();
    // Leptos writes what stands in a textarea as it is.
    let typed_words = words;
    let words = escape(&typed_words);
    // Whichever field cannot be read by itself is the one at fault.
    let is_words = Mutes::read(&typed_words, "").is_err();
    let invalid = |is_this: bool| (why.is_some() && is_this).then_some("true");
    let (words_invalid, categories_invalid) = (invalid(is_words), invalid(!is_words));
    view! {
        <main id="main" tabindex="-1" class="measure">
            <div class="page-head"><div><h1>"How you read"</h1></div></div>
            {saved.then(|| view! { <p class="notice" role="status">"Saved."</p> })}
            <form class="preferences" method="post" action="/fn/set_reading">
                {why.map(|why| view! { <p class="wrong" role="alert" id="wrong">{why}</p> })}
                <input type="hidden" name="back" value="/reading?saved"/>
                <input type="hidden" name="mutes" value="all"/>
                <fieldset><legend>"How much of each paper"</legend><ul>{densities}</ul></fieldset>
                <fieldset>
                    <legend>"A paper counts as read"</legend>
                    <ul>{markings}</ul>
                </fieldset>
                <p class="hint">"Read papers stay where they are, only quieter. Reading marks are kept with this browser’s bookmarks and told to nobody."</p>
                <p>
                    <label for="words">"Muted words and phrases, one a line"</label>
                    <textarea id="words" name="words" rows="5" maxlength="8000" aria-invalid=words_invalid aria-describedby=words_invalid.map(|_| "wrong") autofocus=words_invalid.is_some() spellcheck="false" inner_html=words></textarea>
                </p>
                <p>
                    <label for="categories">"Muted categories, such as cs.CV or math"</label>
                    <input id="categories" name="categories" value=categories autocomplete="off" maxlength="2000" spellcheck="false" aria-invalid=categories_invalid aria-describedby=categories_invalid.map(|_| "wrong") autofocus=categories_invalid.is_some()/>
                </p>
                <p class="hint">"Papers with a muted word in the title or abstract, or of a muted primary category, are folded away from lists and counted above them: “3 muted: show”. Mail and feeds are not changed."</p>
                <button class="act">"Save"</button>
            </form>
        </main>
    }
    .into_any()
}

/// What is muted, as the form shows it.
pub fn mutes_as_typed(mutes: &Mutes) -> (String, String) {
    let categories: Vec<&str> = mutes
        .categories()
        .iter()
        .map(|category| category.as_str())
        .collect();
    (mutes.words().join("\n"), categories.join(" "))
}
