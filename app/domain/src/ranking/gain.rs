//! What a signal gained lately.

/// The part of a gain that is left after `age`, which has the same unit as the half-life.
pub fn decay(age: f64, half_life: f64) -> f64 {
    (-(age / half_life)).exp2()
}

/// The part of a gain that is left if the gain came evenly between two ages. `older` is at least `newer`; all three
/// have the same unit.
pub fn decay_evenly(newer: f64, older: f64, half_life: f64) -> f64 {
    let (newer, older) = (newer.max(0.0), older.max(0.0));
    let span = older - newer;
    if span <= half_life * 1e-6 {
        return decay(newer, half_life);
    }
    (decay(newer, half_life) - decay(older, half_life)) * half_life / std::f64::consts::LN_2 / span
}

/// A total of one signal at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// Unix seconds.
    pub at: i64,
    /// Upvotes or stars in total.
    pub total: i64,
}

/// Sums the decayed gains of a history (oldest first) as of `now` in Unix seconds, with a half-life in days.
///
/// `counted_since` is a moment at which the total is known to have been zero: when the paper was submitted to Hugging
/// Face Daily, or when a young repository was created. The first total is then a gain that came evenly since. Without
/// it, the first reading does not count; only later increases do.
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
        // A total falls when a vote is withdrawn or a repository moves. That does not count against the paper.
        let gained = (pair[1].total - pair[0].total).max(0);
        gain += gained as f64 * decay(age(pair[1].at), half_life_days);
    }
    gain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_reading_is_a_gain_only_if_its_start_is_known() {
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
    fn later_readings_count_by_their_increase() {
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

    proptest! {
        #[test]
        fn the_gain_of_a_history_is_never_negative(totals in proptest::collection::vec((0i64..1_000_000, 0i64..1_000_000_000), 0..20), since in proptest::option::of(0i64..1_000_000), half_life in 0.5..20.0f64) {
            let mut history: Vec<_> = totals.into_iter().map(|(at, total)| Snapshot { at, total }).collect();
            history.sort_by_key(|snapshot| snapshot.at);
            let gain = decayed_gain(&history, since, 1_000_000, half_life);
            prop_assert!(gain.is_finite() && gain >= 0.0);
        }
    }
}
