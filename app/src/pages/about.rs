//! How papers are ranked, with the numbers in force.

use domain::ranking::*;
use jiff::Timestamp;
use leptos::prelude::*;

/// The formula as MathML; fixed text of ours.
const FORMULA: &str = r#"<math display="block" alttext="heat = sum over k of w_k min(cap_k, ln(1 + g_k / m_k)) + 0.3 · 2^(−age/36 h)"><mtext>heat</mtext><mo>=</mo><munder><mo movablelimits="false">∑</mo><mi>k</mi></munder><msub><mi>w</mi><mi>k</mi></msub><mo>⋅</mo><mo>min</mo><mrow><mo>(</mo><msub><mi>cap</mi><mi>k</mi></msub><mo>,</mo><mspace width="0.3em"/><mo>ln</mo><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mfrac><msub><mi>g</mi><mi>k</mi></msub><msub><mi>m</mi><mi>k</mi></msub></mfrac><mo>)</mo></mrow><mo>)</mo></mrow><mo>+</mo><mn>0.3</mn><mo>⋅</mo><msup><mn>2</mn><mrow><mo>−</mo><mi>age</mi><mo>/</mo><mtext>36 h</mtext></mrow></msup></math>"#;

/// The worked examples of the formula, which its tests hold too.
fn examples() -> impl IntoView {
    let usual = Medians {
        hf: 6.0,
        gh: 20.0,
        local: 3.0,
    };
    let two_years = 2.0 * 365.25 * 24.0;
    [
        ("60 upvotes, 300 stars, 2 bookmarks, two days old", 60.0, 300.0, 2.0, 48.0),
        ("90 upvotes and nothing else, two days old", 90.0, 0.0, 0.0, 48.0),
        ("ten thousand bought stars and one upvote, two days old", 1.0, 10_000.0, 0.0, 48.0),
        ("an old repository relaunched: 800 stars, two years old", 0.0, 800.0, 0.0, two_years),
        ("few but real readers: 3 upvotes, 6 bookmarks, a day old", 3.0, 0.0, 6.0, 24.0),
        ("a ring of 40 votes, twelve hours old", 40.0, 0.0, 0.0, 12.0),
        ("nothing yet, an hour old", 0.0, 0.0, 0.0, 1.0),
    ]
    .map(|(paper, hf, gh, local, hours)| {
        let heat = heat(&Gains { hf, gh, local }, &usual, hours).rounded();
        let term = |term: f64| format!("{term:.3}");
        view! {
            <tr><th scope="row">{paper}</th><td>{term(heat.hf)}</td><td>{term(heat.gh)}</td><td>{term(heat.local)}</td><td>{term(heat.fresh)}</td><td>{term(heat.total())}</td></tr>
        }
    })
    .collect_view()
}

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
            <p>"The first sight of a total is no gain: only what is added afterwards counts. Upvotes are the exception, because the day on which a paper entered Hugging Face Daily is known; they are spread evenly since then. So are the stars of a repository at most a fortnight old when it was first seen, since its creation. Equal heat is ordered by date, the later first."</p>
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
            <h2>"Papers, worked out"</h2>
            <p>"What the formula makes of seven papers, where six upvotes, twenty stars and three bookmarks are usual:"</p>
            <div class="table" role="group" aria-label="Worked examples" tabindex="0">
                <table class="terms examples">
                    <thead><tr><th scope="col">"A paper"</th><th scope="col">"Upvotes"</th><th scope="col">"Stars"</th><th scope="col">"Here"</th><th scope="col">"Fresh"</th><th scope="col">"Heat"</th></tr></thead>
                    <tbody>{examples()}</tbody>
                </table>
            </div>
            <p>{format!(
                "And by today’s constants: sixty upvotes, three hundred stars and two bookmarks here, two days after its announcement, make {:.3} + {:.3} + {:.3} + {:.3} = {:.3}.",
                worked.hf, worked.gh, worked.local, worked.fresh, worked.total()
            )}</p>
            <h2>"How well it foresees"</h2>
            <p>"Replayed over 71 mornings of recorded votes: of the ten papers whose votes grew most until the next reading of that day (five hours later in the median), 2.8 stood in our first twenty places over a week, 5.1 over a day; 7.1 in those of Hacker News’ formula, 1.2 when sorted by the votes of the last seven days. That counts almost only how many of the twenty places an order gives to this morning’s papers: sorted by date alone, it is 9.6. Of two papers of one morning, ours had the one that then gained more in front in 72 cases of 100, Hacker News’ in 71, the date in 53. "<code>"make bench"</code>" prints it."</p>
            <h2>"Changes to the formula"</h2>
            <dl class="changes">
                <dt><time datetime="2026-11-24">"24 November 2026"</time></dt>
                <dd>"Stars of a repository that was at most fourteen days old when it was first seen are spread evenly since its creation; before, they counted from the second reading on. Bookmarks here count, one voice for each address confirmed."</dd>
                <dt><time datetime="2026-11-23">"23 November 2026"</time></dt>
                <dd>"The first formula: gains of upvotes and stars with half-lives of one, three and fourteen days, measured by their medians, capped, plus freshness."</dd>
            </dl>
            {ranked_for.map(|at| view! {
                <h2>"As of when"</h2>
                <p>{format!("Heat was last worked out for {} UTC.", at.strftime("%-d %B %Y, %H:%M"))}
                   {silent.is_some().then_some(" Nothing has been heard from any source since, so the last day there was news is shown rather than an empty page.")}</p>
            })}
        </article></main>
    }
    .into_any()
}
