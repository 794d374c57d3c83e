//! The current bookmarks and read marks, for a page that comes from the browser's cache.

use super::{
    bookmark,
    dom::{all, get},
    pending,
    post::post_fields,
    read_marks::{MOST_AT_ONCE, paper_of, show, update_all_button},
};

/// A paper that the reader has bookmarked or read.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct State {
    paper: String,
    bookmarked: bool,
    read: bool,
}

/// Asks the server for the states of all papers on this page, and shows them.
pub async fn refresh() {
    let buttons = all("button.read");
    let papers: Vec<String> = buttons.iter().filter_map(paper_of).collect();
    let Some(states) = fetch(&papers).await else {
        return;
    };
    // The server names only papers that are bookmarked or read.
    let find = |paper: &str| {
        let at = states
            .binary_search_by(|state| state.paper.as_str().cmp(paper))
            .ok()?;
        states.get(at)
    };
    for button in &buttons {
        // A request that is under way will set this button.
        if !button.has_attribute("aria-busy")
            && let Some(paper) = paper_of(button)
        {
            show(button, find(&paper).is_some_and(|state| state.read));
        }
    }
    bookmark::correct(|paper| Some(find(paper).is_some_and(|state| state.bookmarked)));
    pending::correct_bookmarks();
    update_all_button();
}

/// The states in the order of their papers; `None` if the server did not answer.
async fn fetch(papers: &[String]) -> Option<Vec<State>> {
    let mut states = Vec::new();
    for some in papers.chunks(MOST_AT_ONCE) {
        let answer = post_fields("/fn/reader_states", &[("papers", &some.join(" "))])
            .await
            .ok()?;
        let answer = js_sys::JSON::parse(&answer).ok()?;
        states.extend(js_sys::Array::from(&answer).iter().filter_map(|state| {
            let is = |name| get(&state, name).is_some_and(|value| value.is_truthy());
            Some(State {
                paper: get(&state, "paper")?.as_string()?,
                bookmarked: is("bookmarked"),
                read: is("read"),
            })
        }));
    }
    states.sort_unstable();
    Some(states)
}
