//! Heat: how much a paper is talked about, as a sum whose terms the card can show. `SOURCES.md` has the
//! reasons; `/about/ranking` shows the formula with today's constants.

use serde::{Deserialize, Serialize};

/// Weight of Hugging Face upvotes gained.
pub const HF_WEIGHT: f64 = 1.0;
/// Weight of GitHub stars gained.
pub const GH_WEIGHT: f64 = 1.0;
/// Weight of bookmarks by confirmed readers here: few, but real readers.
pub const LOCAL_WEIGHT: f64 = 1.5;
/// Most that upvotes can bring.
pub const HF_CAP: f64 = 4.0;
/// Most that stars can bring: they are the easiest to buy.
pub const GH_CAP: f64 = 2.5;
/// Most that local bookmarks can bring, before their weight.
pub const LOCAL_CAP: f64 = 2.0;
/// Most that being new brings.
pub const FRESH_WEIGHT: f64 = 0.3;
/// Half of the freshness is gone after this many hours.
pub const FRESH_HALF_LIFE_HOURS: f64 = 36.0;
/// Floor of the median of upvotes gained, and its value while too few papers have any.
pub const HF_MEDIAN_FLOOR: f64 = 3.0;
/// Floor of the median of stars gained.
pub const GH_MEDIAN_FLOOR: f64 = 20.0;
/// Floor of the median of bookmarks here. Not fixed upstream; the worked examples use 3.
pub const LOCAL_MEDIAN_FLOOR: f64 = 3.0;
/// Papers an archive needs before it has a median of its own.
pub const MEDIAN_LEAST_PAPERS: usize = 30;
/// Below this heat a paper is not worth a place in a mail or a feed of the hottest.
pub const WORTH_TELLING: f64 = 0.1;
/// Below this heat a paper is quiet: its card would say 0.00.
pub const QUIET: f64 = 0.005;

/// Gains of the signals, each already decayed by `2^(-age/H)`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Gains {
    /// Upvotes on Hugging Face.
    pub hf: f64,
    /// Stars on GitHub.
    pub gh: f64,
    /// Bookmarks here by confirmed readers.
    pub local: f64,
}

/// The typical gain of each signal here: what one unit of `ln(1 + g/m)` is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Medians {
    /// Upvotes.
    pub hf: f64,
    /// Stars.
    pub gh: f64,
    /// Bookmarks here.
    pub local: f64,
}

impl Default for Medians {
    fn default() -> Self {
        Self {
            hf: HF_MEDIAN_FLOOR,
            gh: GH_MEDIAN_FLOOR,
            local: LOCAL_MEDIAN_FLOOR,
        }
    }
}

/// The weighted terms of a paper's heat. Their sum is the heat.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Heat {
    /// From upvotes.
    pub hf: f64,
    /// From stars.
    pub gh: f64,
    /// From bookmarks here.
    pub local: f64,
    /// From being new.
    pub fresh: f64,
}

/// A paper's heat with everything needed to explain it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatReport {
    /// The terms.
    pub heat: Heat,
    /// The decayed gains they were made from.
    pub gains: Gains,
    /// The typical gains they were measured by.
    pub typical: Medians,
}

impl Heat {
    /// What it is made of, in words, largest first: "2.40 by upvotes · 0.05 by being new". Terms of nothing are left out.
    pub fn label(&self) -> String {
        let mut terms = [
            (self.hf, "by upvotes"),
            (self.gh, "by stars"),
            (self.local, "by bookmarks here"),
            (self.fresh, "by being new"),
        ];
        terms.sort_by(|a, b| b.0.total_cmp(&a.0));
        terms
            .iter()
            .filter(|(term, _)| *term >= QUIET)
            .map(|(term, words)| format!("{term:.2} {words}"))
            .collect::<Vec<_>>()
            .join(" · ")
    }

    /// The same with every term rounded to a thousandth: what is stored and ordered by, so that the terms a reader
    /// is shown add up to the heat to the last decimal.
    pub fn rounded(&self) -> Self {
        let round = |term: f64| (term * 1_000.0).round() / 1_000.0;
        Self {
            hf: round(self.hf),
            gh: round(self.gh),
            local: round(self.local),
            fresh: round(self.fresh),
        }
    }

    /// The heat itself.
    pub fn total(&self) -> f64 {
        self.hf + self.gh + self.local + self.fresh
    }
}

/// Scores decayed gains, for a paper announced `age_hours` ago. Never negative, never NaN; more gain never
/// lowers it.
pub fn heat(gains: &Gains, medians: &Medians, age_hours: f64) -> Heat {
    let term = |gain: f64, median: f64, cap: f64| {
        let ratio = gain.max(0.0) / median.max(f64::MIN_POSITIVE);
        ratio.ln_1p().min(cap)
    };
    Heat {
        hf: HF_WEIGHT * term(gains.hf, medians.hf, HF_CAP),
        gh: GH_WEIGHT * term(gains.gh, medians.gh, GH_CAP),
        local: LOCAL_WEIGHT * term(gains.local, medians.local, LOCAL_CAP),
        fresh: FRESH_WEIGHT * decay(age_hours.max(0.0), FRESH_HALF_LIFE_HOURS),
    }
}

/// What is left of a gain after `age`, with a half-life in the same unit.
pub fn decay(age: f64, half_life: f64) -> f64 {
    (-(age / half_life)).exp2()
}

/// What is left now of a gain that came evenly between two ages (`older >= newer`, any one unit).
pub fn decay_evenly(newer: f64, older: f64, half_life: f64) -> f64 {
    let (newer, older) = (newer.max(0.0), older.max(0.0));
    let span = older - newer;
    if span <= half_life * 1e-6 {
        return decay(newer, half_life);
    }
    (decay(newer, half_life) - decay(older, half_life)) * half_life / std::f64::consts::LN_2 / span
}

/// A total of one signal as seen at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// Unix seconds.
    pub at: i64,
    /// Votes or stars in all.
    pub total: i64,
}

/// Sums the decayed gains of a history (oldest first) as of `now`, with a half-life in days.
///
/// `counted_since` is the moment at which the total was known to be zero: the day a paper entered Hugging Face
/// Daily, or the creation of a young repository. The first total is then a gain that came evenly since;
/// without it the first sight of a total is no gain at all.
pub fn decayed_gain(history: &[Snapshot], counted_since: Option<i64>, now: i64, half_life_days: f64) -> f64 {
    let day = 86_400.0;
    let age = |at: i64| (now - at).max(0) as f64 / day;
    let mut gain = 0.0;
    if let (Some(first), Some(since)) = (history.first(), counted_since)
        && first.total > 0
    {
        gain += first.total as f64 * decay_evenly(age(first.at), age(since.min(first.at)), half_life_days);
    }
    for pair in history.windows(2) {
        // A total that falls (a vote withdrawn, a repository moved) is no negative interest.
        let gained = (pair[1].total - pair[0].total).max(0);
        gain += gained as f64 * decay(age(pair[1].at), half_life_days);
    }
    gain
}

/// The median of the non-zero gains, or `floor` when that is larger or there are none.
pub fn median(gains: &mut Vec<f64>, floor: f64) -> f64 {
    gains.retain(|gain| gain.is_finite() && *gain > 0.0);
    if gains.is_empty() {
        return floor;
    }
    gains.sort_by(f64::total_cmp);
    let middle = gains.len() / 2;
    let median = if gains.len() % 2 == 1 {
        gains[middle]
    } else {
        (gains[middle - 1] + gains[middle]) / 2.0
    };
    median.max(floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORKED: Medians = Medians {
        hf: 6.0,
        gh: 20.0,
        local: 3.0,
    };

    #[test]
    fn the_worked_examples_of_the_formula_hold() {
        let two_years = 2.0 * 365.25 * 24.0;
        for (hf, gh, local, hours, expected) in [
            (60.0, 300.0, 2.0, 48.0, 5.783),
            (90.0, 0.0, 0.0, 48.0, 2.892),
            (1.0, 10_000.0, 0.0, 48.0, 2.773),
            (1.0, 1_000.0, 0.0, 48.0, 2.773),
            (0.0, 800.0, 0.0, two_years, 2.500),
            (3.0, 0.0, 6.0, 24.0, 2.242),
            (40.0, 0.0, 0.0, 12.0, 2.275),
            (0.0, 0.0, 0.0, 1.0, 0.294),
        ] {
            let total = heat(&Gains { hf, gh, local }, &WORKED, hours).total();
            assert!(
                (total - expected).abs() <= 0.005,
                "({hf}, {gh}, {local}) at {hours} h: {total}, not {expected}"
            );
        }
    }

    #[test]
    fn the_first_sight_of_a_total_is_a_gain_only_when_its_start_is_known() {
        let history = [Snapshot { at: 0, total: 500 }];
        assert_eq!(decayed_gain(&history, None, 0, 3.0), 0.0);
        let spread = decayed_gain(&history, Some(-3 * 86_400), 0, 3.0);
        // Even over one half-life: between half and all of it.
        assert!(
            (spread - 500.0 * 0.5 / std::f64::consts::LN_2).abs() < 0.01,
            "{spread}"
        );
    }

    #[test]
    fn later_totals_count_by_what_they_add() {
        let day = 86_400;
        let history = [
            Snapshot { at: 0, total: 10 },
            Snapshot { at: day, total: 14 },
            Snapshot {
                at: 2 * day,
                total: 12,
            },
        ];
        let gain = decayed_gain(&history, None, 4 * day, 3.0);
        assert!((gain - 4.0 * 0.5).abs() < 1e-9, "{gain}");
    }

    #[test]
    fn a_median_ignores_zeros_and_never_falls_below_its_floor() {
        assert_eq!(median(&mut vec![0.0, 0.0], 3.0), 3.0);
        assert_eq!(median(&mut vec![0.0, 1.0, 2.0], 3.0), 3.0);
        assert_eq!(median(&mut vec![8.0, 4.0, 0.0, 6.0], 3.0), 6.0);
        assert_eq!(median(&mut vec![4.0, f64::NAN, 8.0], 3.0), 6.0);
    }

    prop_compose! {
        fn some_gains()(hf in 0.0..1e6f64, gh in 0.0..1e6f64, local in 0.0..1e4f64) -> Gains { Gains { hf, gh, local } }
    }

    proptest! {
        #[test]
        fn heat_is_never_negative_and_its_terms_sum_to_it(gains in some_gains(), hours in -10.0..1e6f64) {
            let heat = heat(&gains, &WORKED, hours);
            prop_assert!(heat.total().is_finite() && heat.total() >= 0.0);
            prop_assert_eq!(heat.total(), heat.hf + heat.gh + heat.local + heat.fresh);
        }

        #[test]
        fn more_gain_never_lowers_heat(gains in some_gains(), more in 0.0..1e6f64, hours in 0.0..1e4f64) {
            let before = heat(&gains, &WORKED, hours).total();
            let after = heat(&Gains { hf: gains.hf + more, ..gains }, &WORKED, hours).total();
            prop_assert!(after >= before);
        }

        #[test]
        fn an_older_paper_with_the_same_gains_is_never_hotter(gains in some_gains(), hours in 0.0..1e4f64, older in 0.0..1e4f64) {
            prop_assert!(heat(&gains, &WORKED, hours + older).total() <= heat(&gains, &WORKED, hours).total());
        }

        #[test]
        fn a_history_never_gains_less_than_nothing(totals in proptest::collection::vec((0i64..1_000_000, 0i64..1_000_000_000), 0..20), since in proptest::option::of(0i64..1_000_000), half_life in 0.5..20.0f64) {
            let mut history: Vec<_> = totals.into_iter().map(|(at, total)| Snapshot { at, total }).collect();
            history.sort_by_key(|snapshot| snapshot.at);
            let gain = decayed_gain(&history, since, 1_000_000, half_life);
            prop_assert!(gain.is_finite() && gain >= 0.0);
        }
    }
}
