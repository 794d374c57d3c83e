//! Asking for the daily mail.

use domain::paper::PaperCard;
use leptos::prelude::*;

use crate::{components::title_text, links};

/// What has happened so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscribeState {
    /// Nothing.
    Asking,
    /// An address was typed that cannot be one: what was typed, and what is wrong with it.
    Wrong {
        /// As typed.
        typed: String,
        /// In words.
        why: String,
    },
    /// The letter is on its way.
    Sent,
}

/// The form, with a preview of the next mail.
#[component]
pub fn SubscribePage(state: SubscribeState, preview: Vec<PaperCard>) -> impl IntoView {
    if state == SubscribeState::Sent {
        return view! {
            <main id="main" tabindex="-1"><div class="letter">
                <h1>"Check your inbox"</h1>
                <p role="status">"If this address can be subscribed, a mail is on its way to it. Press the button it leads to, and the papers come at 08:00, the first ones at once if it is later than that."</p>
                <p class="small">"Nothing there after a few minutes? Look in the spam folder, or "<a href="/subscribe">"try again"</a>" after ten."</p>
            </div></main>
        }
        .into_any();
    }
    let (typed, why) = match state {
        SubscribeState::Wrong { typed, why } => (Some(typed), Some(why)),
        _ => (None, None),
    };
    let described = if why.is_some() { "wrong hint" } else { "hint" };
    let invalid = why.is_some().then_some("true");
    let subject = preview.first().map(|card| match preview.len() {
        1 => title_text(&card.title),
        n => format!("{}, and {} more", title_text(&card.title), n - 1),
    });
    let items = preview
        .into_iter()
        .map(|card| {
            let authors = card.byline();
            view! {
                <li><p><a href=links::paper(&card.key)>{title_text(&card.title)}</a></p>
                    {(!authors.is_empty()).then(|| view! { <p>{authors}</p> })}</li>
            }
        })
        .collect_view();
    view! {
        <main id="main" tabindex="-1"><div class="letter">
            <h1>"Trending papers, once a day"</h1>
            <p>"At most ten papers at 08:00 where you are, Monday to Friday, none twice, nothing on a day without news. Days, hour and number can be changed by a link in every mail; one click ends it."</p>
            <form class="ask" method="post" action="/fn/subscribe">
                <label for="email">"Email address"</label>
                {why.map(|why| view! { <p class="wrong" id="wrong" role="alert">{why}</p> })}
                <input id="email" name="email" type="email" required autocomplete="email" placeholder="you@university.edu"
                    value=typed aria-invalid=invalid aria-describedby=described/>
                <input type="hidden" name="zone" value=""/>
                <button class="act">"Subscribe"</button>
                <p class="hint" id="hint">"We send one mail to confirm. The address is used for nothing else."</p>
            </form>
            {subject.map(|subject| view! {
                <section class="panel" aria-labelledby="preview">
                    <h2 class="caps" id="preview">"The next mail"</h2>
                    <div class="mail">
                        <dl><dt>"From"</dt><dd>"Broadsheet"</dd><dt>"Subject"</dt><dd>{subject}</dd></dl>
                        <ol>{items}</ol>
                    </div>
                </section>
            })}
        </div></main>
    }
    .into_any()
}
