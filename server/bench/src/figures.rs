//! Figures: one number each, beside its limit.

use serde::{Deserialize, Serialize};

use crate::{load::Sample, raw::RawTimes};

/// One measured number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What was asked for, such as `front page (br)`.
    pub name: String,
    /// Size of the library, such as `10k`.
    pub size: String,
    /// Connections at once; 0 where there are none.
    pub connections: usize,
    /// What was measured, such as `p50`.
    pub measure: String,
    /// The number; `None`: it could not be measured, and `note` says why.
    pub value: Option<f64>,
    /// The unit of value and limit.
    pub unit: String,
    /// More is better, as with requests per second.
    pub higher_is_better: bool,
    /// What the limit is, such as `static body`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// The limit from the same run.
    pub limit: Option<f64>,
    /// The value divided by the limit; in a paired run the median cost ratio of the pairs.
    pub ratio: Option<f64>,
    /// The cost ratios of a paired run, one for each pair.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<f64>,
    /// What limits the meaning of this figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Names of the measures of a window.
pub const PER_SECOND: &str = "requests/s";
pub const P50: &str = "p50";
pub const P99: &str = "p99";
pub const CPU: &str = "cpu";
/// Names of the other measures.
pub const PAPERS: &str = "papers/s";
pub const MEMORY: &str = "RssAnon";

impl Figure {
    /// A figure without a limit.
    pub fn new(name: &str, size: &str, connections: usize, measure: &str, value: Option<f64>) -> Self {
        Self {
            name: name.to_owned(),
            size: size.to_owned(),
            connections,
            measure: measure.to_owned(),
            value,
            unit: match measure {
                PER_SECOND => "1/s",
                PAPERS => "1/s",
                MEMORY => "MB",
                _ => "µs",
            }
            .to_owned(),
            higher_is_better: matches!(measure, PER_SECOND | PAPERS),
            ..Self::default()
        }
    }

    /// Puts a limit beside it.
    pub fn beside(mut self, against: &str, limit: Option<f64>) -> Self {
        self.against = Some(against.to_owned());
        self.limit = limit;
        self.ratio = self
            .value
            .zip(limit)
            .filter(|(_, limit)| *limit > 0.0)
            .map(|(value, limit)| value / limit);
        self
    }

    /// A figure that could not be measured, with the reason.
    pub fn missing(name: &str, size: &str, reason: &anyhow::Error) -> Self {
        Self {
            note: Some(format!("not measured: {reason:#}")),
            ..Self::new(name, size, 0, P50, None)
        }
    }

    /// What must be equal for two figures of two runs to be the same figure.
    pub fn key(&self) -> (&str, &str, usize, &str, Option<&str>) {
        (
            &self.size,
            &self.name,
            self.connections,
            &self.measure,
            self.against.as_deref(),
        )
    }
}

/// The measures of one window.
pub fn measures(sample: &Sample) -> [(&'static str, Option<f64>); 4] {
    [
        (PER_SECOND, Some(sample.per_second)),
        (P50, Some(sample.p50)),
        (P99, Some(sample.p99)),
        (CPU, sample.cpu),
    ]
}

/// The figures of one window beside the window of its limit.
pub fn beside_sample(
    name: &str,
    size: &str,
    connections: usize,
    sample: &Sample,
    against: &str,
    limit: &Sample,
) -> Vec<Figure> {
    let mut note = trouble(sample);
    if limit.client_bound {
        note.push("the client was the limit of the limit: processor time is the safer ratio".to_owned());
    }
    let note = (!note.is_empty()).then(|| note.join("; "));
    measures(sample)
        .into_iter()
        .zip(measures(limit))
        .map(|((measure, value), (_, limit))| Figure {
            note: note.clone(),
            ..Figure::new(name, size, connections, measure, value).beside(against, limit)
        })
        .collect()
}

/// The times of one window beside those of the raw query.
pub fn beside_query(
    name: &str,
    size: &str,
    connections: usize,
    sample: &Sample,
    raw: &RawTimes,
) -> Vec<Figure> {
    [(P50, sample.p50, raw.p50), (P99, sample.p99, raw.p99)]
        .into_iter()
        .map(|(measure, value, limit)| {
            Figure::new(name, size, connections, measure, Some(value)).beside("raw query", Some(limit))
        })
        .collect()
}

/// What went wrong in a window.
pub fn trouble(sample: &Sample) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(status) = sample.error_status {
        notes.push(format!(
            "{} of {} answers had a status such as {status}",
            sample.errors, sample.answers
        ));
    }
    if sample.client_bound {
        notes.push("the client was the limit: processor time is the safer figure".to_owned());
    }
    notes
}

/// How many times as costly `value` is as `other`: above 1 is slower, whatever the measure.
pub fn cost(higher_is_better: bool, value: f64, other: f64) -> f64 {
    if higher_is_better {
        other / value
    } else {
        value / other
    }
}

/// The middle value, or the mean of the two middle ones. 0 when there is none.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.as_slice() {
        [] => 0.0,
        values if values.len().is_multiple_of(2) => (values[middle - 1] + values[middle]) / 2.0,
        values => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_above_one_is_slower_whatever_the_measure() {
        assert_eq!(cost(true, 50.0, 100.0), 2.0);
        assert_eq!(cost(false, 100.0, 50.0), 2.0);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[]), 0.0);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn a_ratio_is_the_value_over_its_limit() {
        let figure = Figure::new("x", "10k", 1, P50, Some(30.0)).beside("static body", Some(10.0));
        assert_eq!(
            (figure.ratio, figure.unit.as_str(), figure.higher_is_better),
            (Some(3.0), "µs", false)
        );
        assert_eq!(
            Figure::new("x", "10k", 1, CPU, None)
                .beside("static body", Some(1.0))
                .ratio,
            None
        );
    }
}
