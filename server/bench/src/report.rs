//! The table and the JSON file of a run.

use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::{
    figures::{CPU, Figure, MEMORY, P50, P99, PAPERS, PER_SECOND},
    generator::Facts,
    library::Program,
    process::{self, Cores},
    settings::{Settings, Size},
};

/// A cost ratio above this is marked in a paired run.
pub const TOLERANCE: f64 = 1.05;

/// Everything a run says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When it began.
    pub taken: String,
    /// The measured program: path, version and a hash of its bytes.
    pub program: String,
    /// The second program of a paired run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// Pairs of a paired run; 0 otherwise.
    pub pairs: usize,
    /// The processor, its cores, and whether server and client had one each.
    pub machine: Machine,
    /// Seconds of each window.
    pub seconds: f64,
    /// The libraries, in words.
    pub sizes: Vec<String>,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// Where a run was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Model of the processor.
    pub processor: Option<String>,
    /// Operating system and architecture.
    pub system: String,
    /// Cores that were free to use.
    pub cores: usize,
    /// Server and client had a core each.
    pub pinned: bool,
}

impl Report {
    /// A report without figures.
    pub fn new(program: &Program, cores: &Cores, settings: &Settings) -> Self {
        Self {
            taken: jiff::Timestamp::now().to_string(),
            program: described(program),
            against: None,
            pairs: 0,
            machine: Machine {
                processor: process::processor(),
                system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
                cores: cores.count,
                pinned: cores.pinned,
            },
            seconds: settings.seconds,
            sizes: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// Notes a library.
    pub fn add_size(&mut self, size: Size, facts: &Facts) {
        self.sizes
            .push(format!("{size}: {} records; {}", facts.records, facts.source));
    }

    /// Reads a report of an earlier run.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not a report of a run", path.display()))
    }

    /// Writes the report and says where.
    pub fn write(&self, settings: &Settings) -> anyhow::Result<()> {
        let name = match &settings.name {
            Some(name) => name.clone(),
            // A colon is not allowed in file names everywhere.
            None => self
                .taken
                .chars()
                .take(19)
                .map(|c| if c == ':' { '-' } else { c })
                .collect(),
        };
        let path = settings.subfolder("")?.join(format!("{name}.json"));
        std::fs::write(&path, serde_json::to_string_pretty(self)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("\nWrote {}", path.display());
        Ok(())
    }
}

/// A program in one line.
pub fn described(program: &Program) -> String {
    format!(
        "{} ({}, {})",
        program.binary.display(),
        program.version,
        program.hash
    )
}

/// Prints the table.
pub fn print(report: &Report) {
    println!("\n{}", report.program);
    if let Some(against) = &report.against {
        println!("against {against}, {} pairs", report.pairs);
    }
    let Machine {
        processor,
        system,
        cores,
        pinned,
    } = &report.machine;
    println!(
        "{}{cores} cores, {system}; {}; windows of {} s",
        processor
            .as_ref()
            .map(|name| format!("{name}, "))
            .unwrap_or_default(),
        if *pinned {
            "server and client on one core each"
        } else {
            "server and client share all cores: not pinned"
        },
        report.seconds
    );
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
