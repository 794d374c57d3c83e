//! How papers are ranked, with the numbers in force.

use domain::ranking::*;
use jiff::Timestamp;
use leptos::prelude::*;

/// The formula as MathML; fixed text of ours.
const FORMULA: &str = r#"<math display="block" alttext="heat = sum over k of w_k min(cap_k, ln(1 + g_k / m_k)) + 0.3 · 2^(−age/36 h)"><mtext>heat</mtext><mo>=</mo><munder><mo movablelimits="false">∑</mo><mi>k</mi></munder><msub><mi>w</mi><mi>k</mi></msub><mo>⋅</mo><mo>min</mo><mrow><mo>(</mo><msub><mi>cap</mi><mi>k</mi></msub><mo>,</mo><mspace width="0.3em"/><mo>ln</mo><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mfrac><msub><mi>g</mi><mi>k</mi></msub><msub><mi>m</mi><mi>k</mi></msub></mfrac><mo>)</mo></mrow><mo>)</mo></mrow><mo>+</mo><mn>0.3</mn><mo>⋅</mo><msup><mn>2</mn><mrow><mo>−</mo><mi>age</mi><mo>/</mo><mtext>36 h</mtext></mrow></msup></math>"#;

/// The ranking explained. `medians` are those of the week's window, by archive ("" is everything else).
#[component]
pub fn RankingPage(
    medians: Vec<(String, Medians)>,
    ranked_for: Option<Timestamp>,
    now: Timestamp,
) -> impl IntoView {
    let general = medians
        .iter()
        .find(|(archive, _)| archive.is_empty())
        .map(|(_, medians)| *medians)
        .unwrap_or_default();
    let own: Vec<_> = medians
        .into_iter()
        .filter(|(archive, _)| !archive.is_empty())
        .collect();
    let worked = heat(
        &Gains {
            hf: 60.0,
            gh: 300.0,
            local: 2.0,
        },
        &general,
        48.0,
    )
    .rounded();
    let silent = ranked_for.filter(|at| (now.as_second() - at.as_second()) > 86_400);
    let archives = (!own.is_empty()).then(|| {
        let rows = own
            .into_iter()
            .map(|(archive, medians)| view! {
                <tr><th scope="row">{archive}</th><td>{format!("{:.2}", medians.hf)}</td><td>{format!("{:.2}", medians.gh)}</td></tr>
            })
            .collect_view();
        view! {
            <h2>"Archives with a measure of their own"</h2>
            <div class="table" role="group" aria-label="Medians by archive" tabindex="0">
                <table class="terms">
                    <thead><tr><th scope="col">"Archive"</th><th scope="col">"Usual upvotes"</th><th scope="col">"Usual stars"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <main id="main" tabindex="-1"><article class="prose">
            <h1>"How papers are ranked"</h1>
            <p class="lead">"Heat adds up what moved lately. Every term is on the card."</p>
            <p>"For each signal, the gains of a paper are added up, each halved in weight after a half-life: a day in the "<i>"day"</i>" view, three in the "<i>"week"</i>", fourteen in the "<i>"month"</i>". The sum is compared with what is usual here, and its logarithm is taken, so that ten thousand bought stars do not count ten times as much as a thousand."</p>
            <span class="formula" role="group" aria-label="Formula of heat" tabindex="0" inner_html=FORMULA></span>
            <p>"The first sight of a total is no gain: only what is added afterwards counts. Upvotes are the exception, because the day on which a paper entered Hugging Face Daily is known; they are spread evenly since then. Equal heat is ordered by date, the later first."</p>
            <h2>"Today’s constants"</h2>
            <div class="table" role="group" aria-label="Constants" tabindex="0">
                <table class="terms">
                    <thead><tr><th scope="col">"Signal"</th><th scope="col">"Weight"</th><th scope="col">"Usual gain"</th><th scope="col">"Cap"</th></tr></thead>
                    <tbody>
                        <tr><th scope="row">"Upvotes (Hugging Face)"</th><td>{format!("{HF_WEIGHT:.1}")}</td><td>{format!("{:.2}", general.hf)}</td><td>{format!("{HF_CAP:.1}")}</td></tr>
                        <tr><th scope="row">"Stars (GitHub)"</th><td>{format!("{GH_WEIGHT:.1}")}</td><td>{format!("{:.2}", general.gh)}</td><td>{format!("{GH_CAP:.1}")}</td></tr>
                        <tr><th scope="row">"Bookmarks here"</th><td>{format!("{LOCAL_WEIGHT:.1}")}</td><td>{format!("{:.2}", general.local)}</td><td>{format!("{LOCAL_CAP:.1}")}</td></tr>
                    </tbody>
                </table>
            </div>
            <p>{format!("“Usual” is the median gain of papers that gained anything within thirty days, at least {HF_MEDIAN_FLOOR:.0} upvotes and {GH_MEDIAN_FLOOR:.0} stars, and measured per archive where {MEDIAN_LEAST_PAPERS} papers or more have gained.")}</p>
            {archives}
            <h2>"One paper, worked out"</h2>
            <p>{format!(
                "Sixty upvotes, three hundred stars and two bookmarks here, two days after its announcement: {:.3} + {:.3} + {:.3} + {:.3} = {:.3}.",
                worked.hf, worked.gh, worked.local, worked.fresh, worked.total()
            )}</p>
            {ranked_for.map(|at| view! {
                <h2>"As of when"</h2>
                <p>{format!("Heat was last worked out for {} UTC.", at.strftime("%-d %B %Y, %H:%M"))}
                   {silent.is_some().then_some(" Nothing has been heard from any source since, so the last day there was news is shown rather than an empty page.")}</p>
            })}
        </article></main>
    }
    .into_any()
}
