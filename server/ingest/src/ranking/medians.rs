//! The typical gains.

use std::collections::BTreeMap;

use domain::ranking::{
    GH_MEDIAN_FLOOR, Gains, HF_MEDIAN_FLOOR, LOCAL_MEDIAN_FLOOR, MEDIAN_LEAST_PAPERS, Medians, median,
};
use store::Signals;

/// Papers that did not change within this time do not count for the medians.
const MEDIANS_OVER: i64 = 30 * 86_400;

/// The gains of the papers of one archive, by signal.
#[derive(Debug, Default, Clone)]
struct ArchiveGains {
    hf: Vec<f64>,
    gh: Vec<f64>,
    local: Vec<f64>,
}

/// The typical gains: of each archive with enough papers, and of all papers under the empty name.
pub(super) fn medians(signals: &[Signals], gains: &[Gains], at: i64) -> BTreeMap<String, Medians> {
    let mut by_archive: BTreeMap<&str, ArchiveGains> = BTreeMap::new();
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
        // An archive has a median of its own only for a signal that enough of its papers have.
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
