//! The table of a run.

use crate::{
    figures::{CPU, Figure, MEMORY, P50, P99, PAPERS, PER_SECOND},
    report::{Machine, Report},
};

/// A cost ratio above this is marked in a paired run.
const TOLERANCE: f64 = 1.05;

/// Above this part of all cores, other processes disturb the figures.
const BUSY: f64 = 0.05;

/// Prints a report.
pub fn print(report: &Report) {
    println!("\n{}", report.program);
    if let Some(against) = &report.against {
        println!("against {against}, {} pairs", report.pairs);
    }
    print_machine(report);
    let paired = report.pairs > 0;
    for (size, line) in sizes(report).into_iter().zip(&report.sizes) {
        println!("\n{line}\n{}", heading(paired));
        let of_size: Vec<&Figure> = report
            .figures
            .iter()
            .filter(|figure| figure.size == size)
            .collect();
        for row in rows(&of_size) {
            println!("{}", line_of(&row, paired));
        }
        notes(&of_size);
    }
    if paired {
        let slower = report.figures.iter().filter(|figure| is_slower(figure)).count();
        println!(
            "\n{slower} of {} figures cost more than {TOLERANCE} times the baseline (median of the pairs; marked !)",
            report.figures.len()
        );
    }
}

fn print_machine(report: &Report) {
    let Machine {
        processor,
        system,
        cores,
        pinned,
    } = &report.machine;
    let processor = processor.as_deref().unwrap_or("unknown processor");
    let pinned = if *pinned {
        "server and client on one core each"
    } else {
        "not pinned: server and client share all cores"
    };
    println!(
        "{processor}, {cores} cores, {system}; {pinned}; windows of {} s",
        report.seconds
    );
    if let Some(others) = report.others {
        let warning = if others > BUSY {
            ": the machine was busy, so measure again"
        } else {
            ""
        };
        println!(
            "other processes used {:.0} % of all cores{warning}",
            others * 100.0
        );
    }
}

/// The sizes of a report, in order.
fn sizes(report: &Report) -> Vec<&str> {
    report
        .sizes
        .iter()
        .filter_map(|line| Some(line.split_once(':')?.0))
        .collect()
}

/// Figures of the same name, connections and limit make one row.
fn rows<'a>(figures: &[&'a Figure]) -> Vec<Vec<&'a Figure>> {
    let mut rows: Vec<Vec<&Figure>> = Vec::new();
    for figure in figures {
        let same = |row: &&mut Vec<&Figure>| {
            row.first().is_some_and(|first| {
                (&first.name, first.connections, &first.against)
                    == (&figure.name, figure.connections, &figure.against)
            })
        };
        match rows.iter_mut().find(same) {
            Some(row) => row.push(figure),
            None => rows.push(vec![figure]),
        }
    }
    rows
}

fn heading(paired: bool) -> String {
    let ratio = if paired { "cost" } else { "÷ limit" };
    format!(
        "{:<24} {:>4} {:>9} {ratio:>8} {:>9} {ratio:>8} {:>9} {ratio:>8} {:>9} {ratio:>8}  {}",
        "",
        "conn",
        PER_SECOND,
        P50,
        P99,
        "CPU each",
        if paired { "" } else { "limit" }
    )
}

fn line_of(row: &[&Figure], paired: bool) -> String {
    let Some(first) = row.first() else {
        return String::new();
    };
    let connections = if first.connections == 0 {
        String::new()
    } else {
        first.connections.to_string()
    };
    let mut line = format!("{:<24} {connections:>4}", first.name);
    if let [only] = row
        && only.value.is_none()
    {
        return format!("{line} {}", only.note.as_deref().unwrap_or("not measured"));
    }
    for measures in [[PER_SECOND, PAPERS], [P50, P50], [P99, P99], [CPU, MEMORY]] {
        let figure = row
            .iter()
            .find(|figure| measures.contains(&figure.measure.as_str()));
        let value = figure.and_then(|figure| Some(shown(figure.value?, &figure.unit)));
        let mark = if paired && figure.is_some_and(|figure| is_slower(figure)) {
            "!"
        } else {
            ""
        };
        let ratio = figure
            .and_then(|figure| figure.ratio)
            .map(|ratio| significant(ratio) + mark);
        let blank = if figure.is_some() { "-" } else { "" };
        line += &format!(
            " {:>9} {:>8}",
            value.as_deref().unwrap_or(blank),
            ratio.as_deref().unwrap_or(blank)
        );
    }
    let against = first.against.as_deref().filter(|_| !paired).unwrap_or_default();
    let star = if first.note.is_some() { " *" } else { "" };
    format!("{line}  {against}{star}").trim_end().to_owned()
}

fn notes(figures: &[&Figure]) {
    let mut seen: Vec<String> = Vec::new();
    for figure in figures.iter().filter(|figure| figure.value.is_some()) {
        if let Some(note) = &figure.note {
            let line = format!("* {}, {} connections: {note}", figure.name, figure.connections);
            if !seen.contains(&line) {
                println!("{line}");
                seen.push(line);
            }
        }
    }
}

fn is_slower(figure: &Figure) -> bool {
    !figure.pairs.is_empty() && figure.ratio.is_some_and(|ratio| ratio > TOLERANCE)
}

/// A value with its unit. Times are in microseconds.
pub fn shown(value: f64, unit: &str) -> String {
    match unit {
        "µs" if value >= 1_000_000.0 => format!("{} s", significant(value / 1_000_000.0)),
        "µs" if value >= 1_000.0 => format!("{} ms", significant(value / 1_000.0)),
        "µs" => format!("{} µs", significant(value)),
        "MB" => format!("{} MB", significant(value)),
        _ => significant(value),
    }
}

/// Three significant digits, without an exponent.
pub fn significant(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        size if size >= 0.1 => format!("{value:.3}"),
        _ => format!("{value:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_carry_their_unit() {
        assert_eq!(shown(0.5, "µs"), "0.500 µs");
        assert_eq!(shown(3_210.0, "µs"), "3.21 ms");
        assert_eq!(shown(2_500_000.0, "µs"), "2.50 s");
        assert_eq!(shown(4_690.4, "1/s"), "4690");
        assert_eq!(shown(60.06, "MB"), "60.1 MB");
        assert_eq!(significant(0.0052), "0.0052");
    }

    #[test]
    fn figures_of_one_window_share_a_row() {
        let figure = |measure, against: &str| {
            Figure::new("a", "10k", 1, measure, Some(2.0)).beside(against, Some(1.0))
        };
        let figures = [
            figure(P50, "static body"),
            figure(P99, "static body"),
            figure(P50, "raw query"),
        ];
        let rows = rows(&figures.iter().collect::<Vec<_>>());
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert!(line_of(&rows[0], false).ends_with("static body"));
    }
}
