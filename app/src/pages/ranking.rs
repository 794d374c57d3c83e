//! The ranking explained, with its current constants.

use domain::ranking::*;
use jiff::Timestamp;
use leptos::prelude::*;

/// The formula as MathML.
const FORMULA: &str = r#"<math display="block" alttext="heat = sum over k of w_k min(cap_k, ln(1 + g_k / m_k)) + 0.3 · 2^(−age/36 h)"><mtext>heat</mtext><mo>=</mo><munder><mo movablelimits="false">∑</mo><mi>k</mi></munder><msub><mi>w</mi><mi>k</mi></msub><mo>⋅</mo><mo>min</mo><mrow><mo>(</mo><msub><mi>cap</mi><mi>k</mi></msub><mo>,</mo><mspace width="0.3em"/><mo>ln</mo><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mfrac><msub><mi>g</mi><mi>k</mi></msub><msub><mi>m</mi><mi>k</mi></msub></mfrac><mo>)</mo></mrow><mo>)</mo></mrow><mo>+</mo><mn>0.3</mn><mo>⋅</mo><msup><mn>2</mn><mrow><mo>−</mo><mi>age</mi><mo>/</mo><mtext>36 h</mtext></mrow></msup></math>"#;

/// Examples of the formula. The tests of the formula check the same papers.
fn examples() -> impl IntoView {
    let typical = Medians {
        hf: 6.0,
        gh: 20.0,
        local: 3.0,
    };
    let two_years = 2.0 * 365.25 * 24.0;
    [
        ("60 upvotes, 300 stars, 2 bookmarks, 2 days old", 60.0, 300.0, 2.0, 48.0),
        ("90 upvotes and nothing else, 2 days old", 90.0, 0.0, 0.0, 48.0),
        ("10,000 bought stars and 1 upvote, 2 days old", 1.0, 10_000.0, 0.0, 48.0),
        ("an old repository relaunched: 800 stars, 2 years old", 0.0, 800.0, 0.0, two_years),
        ("few but real readers: 3 upvotes, 6 bookmarks, 1 day old", 3.0, 0.0, 6.0, 24.0),
        ("a voting ring with 40 votes, 12 hours old", 40.0, 0.0, 0.0, 12.0),
        ("nothing yet, 1 hour old", 0.0, 0.0, 0.0, 1.0),
    ]
    .map(|(paper, hf, gh, local, hours)| {
        let heat = heat(&Gains { hf, gh, local }, &typical, hours).rounded();
        let term = |term: f64| format!("{term:.3}");
        view! {
            <tr><th scope="row">{paper}</th><td>{term(heat.hf)}</td><td>{term(heat.gh)}</td><td>{term(heat.local)}</td><td>{term(heat.fresh)}</td><td>{term(heat.total())}</td></tr>
        }
    })
    .collect_view()
}

/// Seven papers and their heat, and one more by the current medians.
#[component]
fn WorkedExamples(medians: Medians) -> impl IntoView {
    let gains = Gains {
        hf: 60.0,
        gh: 300.0,
        local: 2.0,
    };
    let heat = heat(&gains, &medians, 48.0).rounded();
    view! {
        <h2>"Worked examples"</h2>
        <p>"The heat of seven papers, if 6 upvotes, 20 stars and 3 bookmarks are typical:"</p>
        <div class="table" role="group" aria-label="Worked examples" tabindex="0">
            <table class="terms examples">
                <thead><tr><th scope="col">"Paper"</th><th scope="col">"Upvotes"</th><th scope="col">"Stars"</th><th scope="col">"Bookmarks"</th><th scope="col">"Recency"</th><th scope="col">"Heat"</th></tr></thead>
                <tbody>{examples()}</tbody>
            </table>
        </div>
        <p>{format!(
            "With today’s constants, 60 upvotes, 300 stars and 2 bookmarks on this site, 2 days after the announcement, give {:.3} + {:.3} + {:.3} + {:.3} = {:.3}.",
            heat.hf, heat.gh, heat.local, heat.fresh, heat.total()
        )}</p>
    }
}

/// The weights, medians and caps.
#[component]
fn Constants(medians: Medians) -> impl IntoView {
    view! {
        <h2>"Today’s constants"</h2>
        <div class="table" role="group" aria-label="Constants" tabindex="0">
            <table class="terms">
                <thead><tr><th scope="col">"Signal"</th><th scope="col">"Weight"</th><th scope="col">"Typical gain"</th><th scope="col">"Cap"</th></tr></thead>
                <tbody>
                    <tr><th scope="row">"Upvotes (Hugging Face)"</th><td>{format!("{HF_WEIGHT:.1}")}</td><td>{format!("{:.2}", medians.hf)}</td><td>{format!("{HF_CAP:.1}")}</td></tr>
                    <tr><th scope="row">"Stars (GitHub)"</th><td>{format!("{GH_WEIGHT:.1}")}</td><td>{format!("{:.2}", medians.gh)}</td><td>{format!("{GH_CAP:.1}")}</td></tr>
                    <tr><th scope="row">"Bookmarks (this site)"</th><td>{format!("{LOCAL_WEIGHT:.1}")}</td><td>{format!("{:.2}", medians.local)}</td><td>{format!("{LOCAL_CAP:.1}")}</td></tr>
                </tbody>
            </table>
        </div>
        <p>{format!("“Typical” is the median 30-day gain of papers that gained anything, but at least {HF_MEDIAN_FLOOR:.0} upvotes and {GH_MEDIAN_FLOOR:.0} stars. An archive with at least {MEDIAN_LEAST_PAPERS} such papers has its own medians.")}</p>
    }
}

/// The medians of archives that have their own.
#[component]
fn ArchiveMedians(medians: Vec<(String, Medians)>) -> impl IntoView {
    (!medians.is_empty()).then(|| {
        let rows = medians
            .into_iter()
            .map(|(archive, medians)| view! {
                <tr><th scope="row">{archive}</th><td>{format!("{:.2}", medians.hf)}</td><td>{format!("{:.2}", medians.gh)}</td></tr>
            })
            .collect_view();
        view! {
            <h2>"Archives with their own medians"</h2>
            <div class="table" role="group" aria-label="Medians by archive" tabindex="0">
                <table class="terms">
                    <thead><tr><th scope="col">"Archive"</th><th scope="col">"Typical upvotes"</th><th scope="col">"Typical stars"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}

/// How well the ranking predicts votes. `make bench` prints these figures.
#[component]
fn Prediction() -> impl IntoView {
    let rows = [
        ("Heat, week", "2.8", "72 %"),
        ("Heat, day", "5.1", "72 %"),
        ("Hacker News’ formula", "7.1", "71 %"),
        ("Votes of the last 7 days", "1.2", "–"),
        ("Date alone", "9.6", "53 %"),
    ]
    .map(|(order, found, pairs)| view! { <tr><th scope="row">{order}</th><td>{found}</td><td>{pairs}</td></tr> })
    .collect_view();
    view! {
        <h2>"How well it predicts"</h2>
        <p>"Each order was tested on the recorded votes of 71 mornings. “Found”: how many of the ten papers that gained the most votes by the next reading were in the first 20 places. “Pairs”: of two papers of the same morning, how often the one that gained more votes was placed first."</p>
        <div class="table" role="group" aria-label="Predictions" tabindex="0">
            <table class="terms">
                <thead><tr><th scope="col">"Order"</th><th scope="col">"Found"</th><th scope="col">"Pairs"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p>"The next reading was made on the same day, a median of five hours later. “Found” mostly measures how many of the 20 places go to papers of the same morning. This is why sorting by date alone does best."</p>
    }
}

#[component]
fn Changes() -> impl IntoView {
    view! {
        <h2>"Changes to the formula"</h2>
        <dl class="changes">
            <dt><time datetime="2026-11-24">"24 November 2026"</time></dt>
            <dd>"If a repository was at most 14 days old when it was first seen, its stars are spread evenly over the time since its creation. Before, only stars after the first reading counted. Bookmarks on this site count, with one vote per confirmed address."</dd>
            <dt><time datetime="2026-11-23">"23 November 2026"</time></dt>
            <dd>"The first formula: gains of upvotes and stars with half-lives of 1, 3 and 14 days, divided by their medians, capped, plus recency."</dd>
        </dl>
    }
}

/// When the ranking was last updated.
#[component]
fn LastUpdated(ranked_for: Timestamp, now: Timestamp) -> impl IntoView {
    let is_old = now.as_second() - ranked_for.as_second() > 86_400;
    view! {
        <h2>"Last updated"</h2>
        <p>{format!("The ranking shows the state of {} UTC.", ranked_for.strftime("%-d %B %Y, %H:%M"))}
           {is_old.then_some(" No source has sent anything since then, so the ranking shows the last day with data.")}</p>
    }
}

/// The page.
#[component]
pub fn RankingPage(
    /// The medians of the week, by archive; the empty name stands for all other archives.
    medians: Vec<(String, Medians)>,
    /// The moment of the last rank run.
    ranked_for: Option<Timestamp>,
    /// The current time.
    now: Timestamp,
) -> impl IntoView {
    let (general, own): (Vec<_>, Vec<_>) = medians.into_iter().partition(|(archive, _)| archive.is_empty());
    let general = general.first().map(|(_, medians)| *medians).unwrap_or_default();
    view! {
        <main id="main" tabindex="-1"><article class="prose">
            <h1>"Ranking"</h1>
            <p class="lead">"Heat combines recent gains in upvotes, stars and bookmarks. Every card shows its terms."</p>
            <p>"For each signal, the gains of a paper are added up. The weight of a gain halves after a half-life: 1 day in the "<i>"day"</i>" view, 3 days in the "<i>"week"</i>", 14 days in the "<i>"month"</i>". The sum is divided by the typical gain in this library. The logarithm keeps 10,000 bought stars from counting ten times as much as 1,000."</p>
            <span class="formula" role="group" aria-label="Formula of heat" tabindex="0" inner_html=FORMULA></span>
            <p>"The first reading of a counter doesn’t count; only later increases do. There are two exceptions. Upvotes are spread evenly over the time since a paper entered Hugging Face Daily, because that day is known. Stars of a repository that was at most 14 days old at its first reading are spread evenly over the time since its creation. Papers with equal heat are ordered by date, newest first."</p>
            <Constants medians=general/>
            <ArchiveMedians medians=own/>
            <WorkedExamples medians=general/>
            <Prediction/>
            <Changes/>
            {ranked_for.map(|ranked_for| view! { <LastUpdated ranked_for now/> })}
        </article></main>
    }
    .into_any()
}
