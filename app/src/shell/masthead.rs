//! The masthead: the day, the name, the reader's pages.

use domain::{Edition, paper::Published, text::counted};
use jiff::civil::Date;
use leptos::prelude::*;

use super::frame::Frame;
use crate::components::date_label;

/// `26 new papers · 20 July`, a link to their edition.
fn edition_link(count: u64, newest: Published, today: Date) -> impl IntoView {
    let edition = match newest {
        Published::Month(first) => Edition::Month(first),
        _ => Edition::Day(newest.day()),
    };
    let whole = date_label(newest);
    let short = match newest {
        Published::Month(_) => whole.clone(),
        _ if newest.day().year() != today.year() => whole.clone(),
        _ => newest.day().strftime("%-d %B").to_string(),
    };
    let label = format!("{} · {short}", counted(count, "new paper", "new papers"));
    view! { <a href=edition.path() title=format!("Open the edition of {whole}")>{label}</a> }
}

/// The top of every page.
#[component]
pub(super) fn Masthead(frame: Frame) -> impl IntoView {
    let day = frame.today.strftime("%A %-d %B %Y").to_string();
    let edition = frame
        .edition
        .map(|(count, newest)| edition_link(count, newest, frame.today));
    let name = view! { <a href="/">"Broadsheet"</a> };
    let name = if frame.path == "/" {
        view! { <h1 class="name">{name}</h1> }.into_any()
    } else {
        view! { <p class="name">{name}</p> }.into_any()
    };
    let current = |path: &str| (frame.path == path).then_some("page");
    view! {
        <header class="masthead">
            <div class="sheet">
                {name}
                <p class="day"><time datetime=frame.today.to_string()>{day}</time>" "<span>{edition}</span></p>
                <nav class="nav" aria-label="Personal">
                    <a href="/bookmarks" aria-current=current("/bookmarks")>"Bookmarks"<span class="count" class:long={frame.bookmarks > 99}>{(frame.bookmarks > 0).then(|| format!(" {}", frame.bookmarks))}</span></a>
                    <a class="go" href="/subscribe" aria-current=current("/subscribe")>"Subscribe"</a>
                    <button class="theme" type="button" aria-label="Dark theme" aria-pressed="false" hidden></button>
                </nav>
            </div>
        </header>
    }
    .into_any()
}
