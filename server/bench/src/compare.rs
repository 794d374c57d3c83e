//! Compares the reports of two runs.

use std::path::Path;

use anyhow::ensure;

use crate::{
    figures::{Figure, cost},
    report::Report,
    table::{shown, significant},
};

/// Prints how the figures of two runs differ, and gives how many became slower than the tolerance.
pub fn run(before: &Path, after: &Path, tolerance: f64) -> anyhow::Result<usize> {
    let (before, after) = (Report::read(before)?, Report::read(after)?);
    ensure!(
        before.pairs == 0 && after.pairs == 0,
        "a paired run is a comparison already: compare two runs of one program each"
    );
    if before.machine != after.machine {
        println!(
            "The two runs were made on different machines: only the ratios to the limits mean something."
        );
    }
    println!("before: {}\nafter:  {}", before.program, after.program);
    println!(
        "\n{:<5} {:<24} {:>4} {:<10} {:>10} {:>10} {:>7} {:>14}  limit",
        "size", "figure", "conn", "measure", "before", "after", "cost", "beside limit"
    );
    let mut slower = 0;
    for old in &before.figures {
        let Some(change) = after
            .figures
            .iter()
            .find(|new| new.key() == old.key())
            .and_then(|new| change(old, new))
        else {
            continue;
        };
        let marked = change.judged() > tolerance;
        slower += usize::from(marked);
        println!(
            "{:<5} {:<24} {:>4} {:<10} {:>10} {:>10} {:>7} {:>13}{}  {}",
            old.size,
            old.name,
            old.connections,
            old.measure,
            shown(change.before, &old.unit),
            shown(change.after, &old.unit),
            significant(change.cost),
            change.beside_limit.map(significant).unwrap_or_default(),
            if marked { "!" } else { " " },
            old.against.as_deref().unwrap_or_default()
        );
    }
    for (one, other, which) in [(&before, &after, "first"), (&after, &before, "second")] {
        for figure in &one.figures {
            if figure.value.is_some() && !other.figures.iter().any(|twin| twin.key() == figure.key()) {
                println!(
                    "only in the {which} run: {} {}, {} connections, {} {}",
                    figure.size,
                    figure.name,
                    figure.connections,
                    figure.measure,
                    figure.against.as_deref().unwrap_or_default()
                );
            }
        }
    }
    println!("\n{slower} figures cost more than {tolerance} times what they did before (marked !)");
    Ok(slower)
}

/// How one figure differs between two runs. Above 1 is slower.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Change {
    before: f64,
    after: f64,
    /// From the values themselves.
    cost: f64,
    /// From the ratios to the limits of each run, which leaves out most of the noise of the machine.
    beside_limit: Option<f64>,
}

impl Change {
    /// The change that counts.
    fn judged(self) -> f64 {
        self.beside_limit.unwrap_or(self.cost)
    }
}

fn change(before: &Figure, after: &Figure) -> Option<Change> {
    let (old, new) = (before.value?, after.value?);
    let higher = before.higher_is_better;
    Some(Change {
        before: old,
        after: new,
        cost: cost(higher, new, old),
        beside_limit: before
            .ratio
            .zip(after.ratio)
            .map(|(old, new)| cost(higher, new, old)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{P50, PER_SECOND};

    #[test]
    fn a_slower_machine_is_not_a_slower_program() {
        let figure =
            |value, limit| Figure::new("a", "10k", 1, P50, Some(value)).beside("static body", Some(limit));
        let change = change(&figure(100.0, 10.0), &figure(200.0, 20.0)).expect("both have values");
        assert_eq!(
            (change.cost, change.beside_limit, change.judged()),
            (2.0, Some(1.0), 1.0)
        );
    }

    #[test]
    fn fewer_requests_a_second_cost_more() {
        let figure = |value| Figure::new("a", "10k", 1, PER_SECOND, Some(value));
        let change = change(&figure(100.0), &figure(50.0)).expect("both have values");
        assert_eq!((change.judged(), change.beside_limit), (2.0, None));
    }
}
