//! The code repository of a paper.

use domain::paper::{CodeLink, CodeState};
use leptos::prelude::*;

/// The state of a repository, unless it is the usual one.
fn state_label(state: CodeState) -> Option<&'static str> {
    match state {
        CodeState::Unknown | CodeState::Reachable => None,
        CodeState::Archived => Some("archived"),
        CodeState::Gone => Some("gone"),
    }
}

/// The link to the code. Its title tells how the link was found.
#[component]
pub fn Code(code: CodeLink) -> impl IntoView {
    let state =
        state_label(code.state).map(|label| view! { " " <span class="state">{format!("({label})")}</span> });
    view! {
        <a href=code.url rel="nofollow" title=format!("Code, {}", code.provenance)>"Code"<span class="vh">{format!(", {}", code.provenance)}</span></a>
        {state}
    }
    .into_any()
}

/// How the link was found, and the state of the repository: `from the abstract; archived`.
pub(crate) fn code_label(code: &CodeLink) -> String {
    match state_label(code.state) {
        Some(state) => format!("{}; {state}", code.provenance),
        None => code.provenance.to_owned(),
    }
}
