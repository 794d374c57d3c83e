//! Heat: how much attention a paper gets, as a sum of terms that the page can show.

use serde::{Deserialize, Serialize};

use super::{
    constants::{
        FRESH_HALF_LIFE_HOURS, FRESH_WEIGHT, GH_CAP, GH_MEDIAN_FLOOR, GH_WEIGHT, HF_CAP, HF_MEDIAN_FLOOR,
        HF_WEIGHT, LOCAL_CAP, LOCAL_MEDIAN_FLOOR, LOCAL_WEIGHT, QUIET,
    },
    gain::decay,
};

/// Gains of the signals, each already decayed by `2^(-age/half-life)`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Gains {
    /// Upvotes on Hugging Face.
    pub hf: f64,
    /// Stars on GitHub.
    pub gh: f64,
    /// Bookmarks on this site by confirmed readers.
    pub local: f64,
}

/// The typical gain of each signal: the `m` in `ln(1 + gain/m)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Medians {
    /// Upvotes.
    pub hf: f64,
    /// Stars.
    pub gh: f64,
    /// Bookmarks on this site.
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
    /// From bookmarks on this site.
    pub local: f64,
    /// From recency.
    pub fresh: f64,
}

/// The heat of a paper, with everything needed to explain it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatReport {
    /// The terms.
    pub heat: Heat,
    /// The decayed gains that the terms come from.
    pub gains: Gains,
    /// The typical gains that the gains are compared with.
    pub typical: Medians,
}

impl Heat {
    /// Its terms for people, largest first: "upvotes 2.40 · recency 0.05". Terms that would show 0.00 are left out.
    pub fn label(&self) -> String {
        let mut terms = [
            (self.hf, "upvotes"),
            (self.gh, "stars"),
            (self.local, "bookmarks"),
            (self.fresh, "recency"),
        ];
        terms.sort_by(|a, b| b.0.total_cmp(&a.0));
        terms
            .iter()
            .filter(|(term, _)| *term >= QUIET)
            .map(|(term, name)| format!("{name} {term:.2}"))
            .collect::<Vec<_>>()
            .join(" · ")
    }

    /// The same with every term rounded to a thousandth. The rounded heat is stored and orders the papers, so that the
    /// terms on a page add up to the heat exactly.
    pub fn rounded(&self) -> Self {
        let round = |term: f64| (term * 1_000.0).round() / 1_000.0;
        Self {
            hf: round(self.hf),
            gh: round(self.gh),
            local: round(self.local),
            fresh: round(self.fresh),
        }
    }

    /// The heat: the sum of the terms.
    pub fn total(&self) -> f64 {
        self.hf + self.gh + self.local + self.fresh
    }
}

/// The heat of a paper with these decayed gains that was announced `age_hours` ago. It is never negative or NaN, and a
/// greater gain never lowers it.
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
    fn each_term_is_a_capped_logarithm_with_a_weight() {
        // Gains of two, three and one times the median, one half-life of recency after the announcement.
        let gains = Gains {
            hf: 12.0,
            gh: 60.0,
            local: 3.0,
        };
        let terms = heat(&gains, &WORKED, 36.0);
        for (term, expected) in [
            (terms.hf, 1.098_612),
            (terms.gh, 1.386_294),
            (terms.local, 1.039_721),
            (terms.fresh, 0.15),
            (terms.total(), 3.674_627),
        ] {
            assert!((term - expected).abs() < 1e-5, "{term}, not {expected}");
        }
        let capped = heat(
            &Gains {
                hf: 1e6,
                gh: 1e6,
                local: 1e6,
            },
            &WORKED,
            0.0,
        );
        assert_eq!(
            (capped.hf, capped.gh, capped.local, capped.fresh),
            (4.0, 2.5, 3.0, 0.3)
        );
        assert!((capped.total() - 9.8).abs() < 1e-9, "{}", capped.total());
    }

    #[test]
    fn the_terms_are_shown_largest_first() {
        let heat = Heat {
            hf: 0.3,
            gh: 2.4,
            local: 0.0,
            fresh: 0.05,
        };
        assert_eq!(heat.label(), "stars 2.40 · upvotes 0.30 · recency 0.05");
    }

    prop_compose! {
        fn some_gains()(hf in 0.0..1e6f64, gh in 0.0..1e6f64, local in 0.0..1e4f64) -> Gains { Gains { hf, gh, local } }
    }

    proptest! {
        #[test]
        fn heat_is_finite_and_never_above_the_sum_of_its_caps(gains in some_gains(), hours in -10.0..1e6f64) {
            let heat = heat(&gains, &WORKED, hours);
            prop_assert!([heat.hf, heat.gh, heat.local, heat.fresh].iter().all(|term| *term >= 0.0));
            prop_assert!(heat.total().is_finite() && (0.0..=9.8 + 1e-9).contains(&heat.total()));
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
    }
}
