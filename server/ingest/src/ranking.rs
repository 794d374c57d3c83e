//! The rank job: reads signals, computes heat for each window, stores the order as a new epoch.

use std::collections::BTreeMap;

use domain::{
    Window,
    ranking::{
        GH_MEDIAN_FLOOR, Gains, HF_MEDIAN_FLOOR, LOCAL_MEDIAN_FLOOR, MEDIAN_LEAST_PAPERS, Medians, QUIET,
        decay, decayed_gain, heat, median,
    },
};
use jiff::Timestamp;

use store::{Result, Signals, Store, StoredRanking};

/// A total read longer ago has no measurable weight left even in the slowest window: 320 votes, more than any
/// paper gets, are below [`QUIET`] after 200 days at a half-life of 14.
const SIGNALS_FOR: i64 = 200 * 86_400;
/// Papers younger than this are fresh even without a signal.
const FRESH_FOR: i64 = 14 * 86_400;
/// A repository at most this old at its first sight has gained all its stars since it was made.
const YOUNG_REPOSITORY: i64 = 14 * 86_400;
/// The span over which "typical" is measured.
const MEDIANS_OVER: i64 = 30 * 86_400;
/// When nothing at all has happened for this long (an imported archive, sources switched off), the newspaper shows
/// its last day instead of an empty page: heat is computed for the moment of the last news, and the page says so.
const SILENT_AFTER: i64 = 7 * 86_400;

/// What a rank run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankRun {
    /// Its number.
    pub epoch: i64,
    /// The moment it ranked for.
    pub ranked_for: Timestamp,
    /// Papers looked at.
    pub active: usize,
    /// Papers that are not quiet in the week's window.
    pub ranked: usize,
}

/// The moment to rank for, given when a total was last read and a paper last announced (all Unix seconds). In a
/// silent library the totals say when it was alive; by the papers one wrong date would decide it.
fn moment(now: i64, last_sighting: Option<i64>, last_paper: Option<i64>) -> i64 {
    match last_sighting.max(last_paper) {
        Some(last) if now - last > SILENT_AFTER => last_sighting.unwrap_or(last),
        _ => now,
    }
}

/// Recomputes heat as of `now` and stores it as a new epoch.
pub async fn rank(store: &Store, now: Timestamp) -> Result<RankRun> {
    let now = now.as_second();
    let (last_sighting, last_paper) = store.last_news(now).await?;
    let at = moment(now, last_sighting, last_paper);
    let signals = store
        // Readers here are not silent because the sources are: what they keep counts as just kept.
        .active_signals(at - SIGNALS_FOR, at - FRESH_FOR, at, now)
        .await?;
    let rankings: Vec<(Window, StoredRanking)> = [Window::Day, Window::Week, Window::Month]
        .into_iter()
        .map(|window| (window, ranking(&signals, window, at)))
        .collect();
    let ranked = rankings
        .iter()
        .find(|(window, _)| *window == Window::Week)
        .map_or(0, |(_, week)| week.entries.len());
    let epoch = store.add_rank_run(now, at, &rankings).await?;
    let ranked_for = Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH);
    tracing::info!(epoch, active = signals.len(), ranked, %ranked_for, "ranked");
    Ok(RankRun {
        epoch,
        ranked_for,
        active: signals.len(),
        ranked,
    })
}

/// Since when stars are counted: from the creation of a repository that was young when it was first seen. Of an old one
/// the first total says nothing about when its stars came.
fn young_since(paper: &Signals) -> Option<i64> {
    let (first, created) = (paper.gh.first()?, paper.code_created_at?);
    (first.at - created <= YOUNG_REPOSITORY).then_some(created)
}

fn ranking(signals: &[Signals], window: Window, at: i64) -> StoredRanking {
    let half_life = window.half_life_days();
    let gains: Vec<Gains> = signals
        .iter()
        .map(|paper| Gains {
            hf: decayed_gain(&paper.hf, paper.hf_submitted_at, at, half_life),
            gh: decayed_gain(&paper.gh, young_since(paper), at, half_life),
            local: paper
                .local
                .iter()
                .map(|bookmarked| decay((at - bookmarked).max(0) as f64 / 86_400.0, half_life))
                .sum(),
        })
        .collect();
    let medians = medians(signals, &gains, at);
    let general = medians.get("").copied().unwrap_or_default();
    let entries = signals
        .iter()
        .zip(&gains)
        .filter_map(|(paper, gains)| {
            let typical = medians.get(&paper.archive).unwrap_or(&general);
            let age_hours = if paper.announced > 0 {
                (at - paper.announced) as f64 / 3_600.0
            } else {
                f64::INFINITY
            };
            let heat = heat(gains, typical, age_hours).rounded();
            (heat.total() >= QUIET).then_some((
                paper.paper_id,
                [heat.hf, heat.gh, heat.local, heat.fresh],
                [gains.hf, gains.gh, gains.local],
            ))
        })
        .collect();
    StoredRanking { medians, entries }
}

/// The gains of one archive, signal by signal.
#[derive(Debug, Default, Clone)]
struct Typical {
    hf: Vec<f64>,
    gh: Vec<f64>,
    local: Vec<f64>,
}

/// The typical gains: of each archive with enough papers, and of everything under "".
fn medians(signals: &[Signals], gains: &[Gains], at: i64) -> BTreeMap<String, Medians> {
    let mut by_archive: BTreeMap<&str, Typical> = BTreeMap::new();
    for (paper, gains) in signals.iter().zip(gains) {
        let since = at - MEDIANS_OVER;
        let moved_lately = paper.hf.iter().chain(&paper.gh).any(|seen| seen.at > since)
            || paper.local.iter().any(|bookmarked| *bookmarked > since);
        if !moved_lately {
            continue;
        }
        for archive in ["", paper.archive.as_str()] {
            let typical = by_archive.entry(archive).or_default();
            typical.hf.push(gains.hf);
            typical.gh.push(gains.gh);
            typical.local.push(gains.local);
            if paper.archive.is_empty() {
                break;
            }
        }
    }
    let mut all = by_archive.get("").cloned().unwrap_or_default();
    let general = Medians {
        hf: median(&mut all.hf, HF_MEDIAN_FLOOR),
        gh: median(&mut all.gh, GH_MEDIAN_FLOOR),
        local: median(&mut all.local, LOCAL_MEDIAN_FLOOR),
    };
    let mut medians = BTreeMap::from([(String::new(), general)]);
    for (archive, mut typical) in by_archive.into_iter().filter(|(archive, _)| !archive.is_empty()) {
        // Each signal has its own median only where enough papers have that signal.
        let own = |gains: &mut Vec<f64>, floor: f64, general: f64| {
            gains.retain(|gain| *gain > 0.0);
            if gains.len() >= MEDIAN_LEAST_PAPERS {
                median(gains, floor)
            } else {
                general
            }
        };
        let own = Medians {
            hf: own(&mut typical.hf, HF_MEDIAN_FLOOR, general.hf),
            gh: own(&mut typical.gh, GH_MEDIAN_FLOOR, general.gh),
            local: own(&mut typical.local, LOCAL_MEDIAN_FLOOR, general.local),
        };
        if own != general {
            medians.insert(archive.to_owned(), own);
        }
    }
    medians
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ranking::Snapshot;

    const NOW: i64 = 1_790_000_000;

    fn paper(paper_id: i64, votes: i64, hours_old: i64) -> Signals {
        let announced = NOW - hours_old * 3_600;
        Signals {
            paper_id,
            announced,
            hf_submitted_at: Some(announced),
            archive: "cs".into(),
            hf: vec![Snapshot {
                at: NOW,
                total: votes,
            }],
            gh: vec![],
            code_created_at: None,
            local: vec![],
        }
    }

    #[test]
    fn a_few_papers_are_measured_by_the_floor_and_many_by_their_own_median() {
        let few: Vec<_> = (0..5).map(|id| paper(id, 100, 1)).collect();
        let ranked = ranking(&few, Window::Week, NOW);
        assert!(ranked.medians[""].hf > 90.0, "{:?}", ranked.medians);
        assert!(!ranked.medians.contains_key("cs"));
        let many: Vec<_> = (0..40)
            .map(|id| Signals {
                archive: if id < 35 { "cs".into() } else { "math".into() },
                ..paper(id, if id < 35 { 50 } else { 5 }, 1)
            })
            .collect();
        let ranked = ranking(&many, Window::Week, NOW);
        assert!(
            !ranked.medians.contains_key("math"),
            "five papers are too few for a median of their own"
        );
    }

    #[test]
    fn the_first_stars_of_a_young_repository_count_and_those_of_an_old_one_do_not() {
        let with_stars = |id, created_days_ago: i64| Signals {
            gh: vec![Snapshot {
                at: NOW - 86_400,
                total: 300,
            }],
            code_created_at: Some(NOW - created_days_ago * 86_400),
            hf: vec![],
            ..paper(id, 0, 24 * 30)
        };
        let ranked = ranking(&[with_stars(1, 10), with_stars(2, 700)], Window::Week, NOW);
        let [(1, [_, young, ..], _)] = &ranked.entries[..] else {
            panic!("{:?}", ranked.entries)
        };
        // The only paper with stars is the usual one: ln 2.
        assert!((young - 2.0_f64.ln()).abs() < 1e-3, "{young}");
    }

    #[test]
    fn each_confirmed_reader_here_is_one_gain_that_fades() {
        let kept = Signals {
            local: vec![NOW, NOW - 3 * 86_400],
            ..paper(1, 0, 24 * 30)
        };
        let ranked = ranking(&[kept], Window::Week, NOW);
        let (_, terms, gains) = &ranked.entries[0];
        assert!((gains[2] - 1.5).abs() < 1e-9, "{gains:?}");
        assert!(
            (terms[2] - 1.5 * (1.0 + 1.5 / 3.0_f64).ln()).abs() < 1e-3,
            "{terms:?}"
        );
    }

    #[test]
    fn when_everything_has_long_been_silent_the_last_day_is_ranked() {
        let ago = |days: i64| Some(NOW - days * 86_400);
        assert_eq!(moment(NOW, ago(1), ago(100)), NOW);
        assert_eq!(moment(NOW, ago(100), ago(1)), NOW);
        assert_eq!(Some(moment(NOW, ago(100), ago(200))), ago(100));
        assert_eq!(Some(moment(NOW, ago(100), ago(30))), ago(100));
        assert_eq!(Some(moment(NOW, None, ago(30))), ago(30));
        assert_eq!(moment(NOW, None, None), NOW);
    }

    #[test]
    fn a_quiet_paper_is_left_out() {
        let ranked = ranking(&[paper(1, 0, 24 * 400), paper(2, 3, 1)], Window::Week, NOW);
        assert_eq!(ranked.entries.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [2]);
    }
}
