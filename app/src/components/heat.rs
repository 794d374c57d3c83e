//! Why a paper is trending: its heat, and the terms of that sum.

use domain::{Window, ranking::HeatReport};
use leptos::prelude::*;

/// The window as a card names it.
fn window_label(window: Window) -> &'static str {
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
    typical: String,
    contribution: f64,
}

fn terms(report: &HeatReport) -> Vec<Term> {
    let HeatReport { heat, gains, typical } = report;
    let signals = [
        ("Upvotes", gains.hf, typical.hf, heat.hf),
        ("Stars", gains.gh, typical.gh, heat.gh),
        ("Bookmarks (this site)", gains.local, typical.local, heat.local),
    ];
    let mut terms: Vec<Term> = signals
        .into_iter()
        .filter(|(.., contribution)| *contribution > 0.0)
        .map(|(signal, gain, typical, contribution)| Term {
            signal,
            gain: format!("+{gain:.1}"),
            typical: format!("{typical:.1}"),
            contribution,
        })
        .collect();
    if heat.fresh > 0.0 {
        terms.push(Term {
            signal: "Recency",
            gain: "–".to_owned(),
            typical: "–".to_owned(),
            contribution: heat.fresh,
        });
    }
    terms
}

/// The terms as a table. Its last column adds up to the heat exactly, in the decimals that are shown.
#[component]
pub fn HeatTable(report: HeatReport, window: Window) -> impl IntoView {
    let rows = terms(&report)
        .into_iter()
        .map(|term| view! {
            <tr><th scope="row">{term.signal}</th><td>{term.gain}</td><td>{term.typical}</td><td>{format!("{:.3}", term.contribution)}</td></tr>
        })
        .collect_view();
    let gain = format!("Recent gain ({:.0}-day half-life)", window.half_life_days());
    view! {
        <table class="terms">
            <caption>"Heat breakdown"</caption>
            <thead><tr><th scope="col">"Signal"</th><th scope="col">{gain}</th><th scope="col">"Typical"</th><th scope="col">"Contribution"</th></tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row" colspan="3">"Heat"</th><td>{format!("{:.3}", report.heat.total())}</td></tr></tfoot>
        </table>
    }
    .into_any()
}

/// The heat in one line, which unfolds to the table.
#[component]
pub fn HeatLine(report: HeatReport, window: Window) -> impl IntoView {
    let heat = report.heat;
    view! {
        <details class="why">
            <summary>
                <span class="heat">{format!("{:.2}", heat.total())}</span>
                {format!(" trending {}: {}", window_label(window), heat.label())}
                <span class="why-ask">" · " <span class="word">"Why?"</span></span>
            </summary>
            <HeatTable report window/>
        </details>
    }
    .into_any()
}
