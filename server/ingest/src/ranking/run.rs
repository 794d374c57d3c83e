//! A rank run: computes heat for each window, and stores the result as a new epoch.

use domain::Window;
use jiff::Timestamp;
use store::{Result, Store, StoredRanking};

use super::compute::ranking;

/// Readings older than this are ignored. With the longest half-life of 14 days, even 320 upvotes, more than any paper
/// gets, contribute less than [`QUIET`](domain::ranking::QUIET) after 200 days.
const SIGNALS_FOR: i64 = 200 * 86_400;
/// Papers younger than this have heat from recency, even without a signal.
const FRESH_FOR: i64 = 14 * 86_400;
/// If nothing happened for this long, heat is computed for the moment of the last news, so that the front page shows that
/// day and is not empty. This happens with an imported archive, or when the sources are disabled.
const SILENT_AFTER: i64 = 7 * 86_400;

/// The result of a rank run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankRun {
    /// Its number, the epoch.
    pub epoch: i64,
    /// The moment for which heat was computed.
    pub ranked_for: Timestamp,
    /// Papers that were considered.
    pub active: usize,
    /// Papers that are not quiet in the window of a week.
    pub ranked: usize,
}

/// The moment for which heat is computed, from the last reading of a counter and the last announcement of a paper (all in
/// Unix seconds). In a silent library it is the last reading. The last announcement would not do, because a single paper
/// with a wrong date would decide it.
fn moment(now: i64, last_reading: Option<i64>, last_paper: Option<i64>) -> i64 {
    match last_reading.max(last_paper) {
        Some(last) if now - last > SILENT_AFTER => last_reading.unwrap_or(last),
        _ => now,
    }
}

/// Recomputes heat as of `now` and stores it as a new epoch.
pub async fn rank(store: &Store, now: Timestamp) -> Result<RankRun> {
    let now = now.as_second();
    let (last_reading, last_paper) = store.last_news(now).await?;
    let at = moment(now, last_reading, last_paper);
    let signals = store
        // Bookmarks count up to now, because readers may be active while the sources are silent.
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
    tracing::info!(epoch, examined = signals.len(), active = ranked, %ranked_for, "ranked");
    Ok(RankRun {
        epoch,
        ranked_for,
        active: signals.len(),
        ranked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000;

    #[test]
    fn a_silent_library_is_ranked_for_its_last_news() {
        let ago = |days: i64| Some(NOW - days * 86_400);
        assert_eq!(moment(NOW, ago(1), ago(100)), NOW);
        assert_eq!(moment(NOW, ago(100), ago(1)), NOW);
        assert_eq!(Some(moment(NOW, ago(100), ago(200))), ago(100));
        assert_eq!(Some(moment(NOW, ago(100), ago(30))), ago(100));
        assert_eq!(Some(moment(NOW, None, ago(30))), ago(30));
        assert_eq!(moment(NOW, None, None), NOW);
    }
}
