//! Why a paper is here: its heat, and the terms that add up to it.

use domain::{Window, ranking::HeatReport};
use leptos::prelude::*;

/// The span in the words of a card.
fn lately(window: Window) -> &'static str {
    match window.of_heat() {
        Window::Day => "today",
        Window::Week => "this week",
        _ => "this month",
    }
}

/// One term of the sum.
struct Term {
    signal: &'static str,
    gain: String,
    usual: String,
    adds: f64,
}

fn terms(report: &HeatReport) -> Vec<Term> {
    let HeatReport { heat, gains, typical } = report;
    let counted = [
        ("upvotes gained", gains.hf, typical.hf, heat.hf),
        ("stars gained", gains.gh, typical.gh, heat.gh),
        ("bookmarks here", gains.local, typical.local, heat.local),
    ];
    let mut terms: Vec<Term> = counted
        .into_iter()
        .filter(|(.., adds)| *adds > 0.0)
        .map(|(signal, gain, usual, adds)| Term {
            signal,
            gain: format!("+{gain:.1}"),
            usual: format!("{usual:.1}"),
            adds,
        })
        .collect();
    if heat.fresh > 0.0 {
        terms.push(Term {
            signal: "fresh",
            gain: "new".to_owned(),
            usual: "–".to_owned(),
            adds: heat.fresh,
        });
    }
    terms
}

/// The table whose last column adds up to the heat, to the last decimal shown.
#[component]
pub fn HeatTable(report: HeatReport, window: Window) -> impl IntoView {
    let rows = terms(&report)
        .into_iter()
        .map(|term| view! {
            <tr><th scope="row">{term.signal}</th><td>{term.gain}</td><td>{term.usual}</td><td>{format!("{:.3}", term.adds)}</td></tr>
        })
        .collect_view();
    let span = match window.of_heat() {
        Window::Day => "Gained, halved each day",
        Window::Week => "Gained, halved in 3 days",
        _ => "Gained, halved in 14 days",
    };
    view! {
        <table class="terms">
            <caption>"What its heat is made of"</caption>
            <thead><tr><th scope="col">"Signal"</th><th scope="col">{span}</th><th scope="col">"Usual"</th><th scope="col">"Adds"</th></tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row" colspan="3">"Heat"</th><td>{format!("{:.3}", report.heat.total())}</td></tr></tfoot>
        </table>
    }
    .into_any()
}

/// One line that says it, and a disclosure with the table.
#[component]
pub fn HeatLine(report: HeatReport, window: Window) -> impl IntoView {
    let heat = report.heat;
    view! {
        <details class="why">
            <summary>
                <span class="heat">{format!("{:.2}", heat.total())}</span>
                {format!(" trending {}: {}", lately(window), heat.label())}
                <span class="why-ask">" · " <span class="word">"why it is here"</span></span>
            </summary>
            <HeatTable report window/>
        </details>
    }
    .into_any()
}
