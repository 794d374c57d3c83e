//! Computes heat from the signals of all papers.

use domain::{
    Window,
    ranking::{Gains, QUIET, decay, decayed_gain, heat},
};
use store::{Signals, StoredRanking};

use super::medians::medians;

/// A repository that is at most this old at its first reading is young: it got all its stars since its creation.
const YOUNG_REPOSITORY: i64 = 14 * 86_400;

/// Since when the stars of a repository are counted: since its creation, if it was young at the first reading. The first
/// reading of an older repository does not say when its stars were given.
fn young_since(paper: &Signals) -> Option<i64> {
    let (first, created) = (paper.gh.first()?, paper.code_created_at?);
    (first.at - created <= YOUNG_REPOSITORY).then_some(created)
}

/// Computes the heat of each paper in one window, as of `at` in Unix seconds.
pub(super) fn ranking(signals: &[Signals], window: Window, at: i64) -> StoredRanking {
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
    fn an_archive_with_few_papers_has_no_median_of_its_own() {
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
    fn the_first_stars_count_only_for_a_young_repository() {
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
        // It is the only paper with stars, so its gain is the median: ln 2.
        assert!((young - 2.0_f64.ln()).abs() < 1e-3, "{young}");
    }

    #[test]
    fn each_bookmark_is_a_gain_that_decays() {
        let bookmarked = Signals {
            local: vec![NOW, NOW - 3 * 86_400],
            ..paper(1, 0, 24 * 30)
        };
        let ranked = ranking(&[bookmarked], Window::Week, NOW);
        let (_, terms, gains) = &ranked.entries[0];
        assert!((gains[2] - 1.5).abs() < 1e-9, "{gains:?}");
        assert!(
            (terms[2] - 1.5 * (1.0 + 1.5 / 3.0_f64).ln()).abs() < 1e-3,
            "{terms:?}"
        );
    }

    #[test]
    fn a_quiet_paper_is_left_out() {
        let ranked = ranking(&[paper(1, 0, 24 * 400), paper(2, 3, 1)], Window::Week, NOW);
        assert_eq!(ranked.entries.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [2]);
    }
}
