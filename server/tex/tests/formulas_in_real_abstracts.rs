//! How many formulas of real abstracts can be rendered, and how clean their plain text is.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tex::{Segment, plain, segments};

#[derive(Default)]
struct Tally {
    texts: usize,
    formulas: usize,
    failures: Vec<String>,
    /// Macros in formulas that were set.
    set: HashSet<String>,
    setting: Duration,
    flattening: Duration,
}

impl Tally {
    fn read(&mut self, text: &str) {
        let started = Instant::now();
        let segments = segments(text);
        self.setting += started.elapsed();
        let started = Instant::now();
        let line = plain(text);
        self.flattening += started.elapsed();
        self.texts += 1;
        assert_eq!(line.is_empty(), text.trim().is_empty(), "in {text:?}");
        for segment in segments {
            match segment {
                Segment::Math { source, mathml, .. } => {
                    self.formulas += 1;
                    self.set.extend(macros(&source).map(str::to_owned));
                    assert!(
                        mathml.starts_with("<math ") && mathml.ends_with("</math>"),
                        "{mathml}"
                    );
                    assert!(
                        !mathml.contains("<merror") && !mathml.contains(" href=\""),
                        "{mathml}"
                    );
                }
                Segment::RawMath(source) => {
                    self.formulas += 1;
                    self.failures.push(source);
                }
                Segment::Text(_) | Segment::Emphasis(_) | Segment::Link { .. } => {}
            }
        }
    }

    /// The ten macros that are in most failed formulas, without those that were set elsewhere.
    fn commonest_macros(&self) -> Vec<(usize, String)> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for source in &self.failures {
            let names: HashSet<&str> = macros(source).filter(|name| !self.set.contains(*name)).collect();
            names
                .into_iter()
                .for_each(|name| *counts.entry(name).or_default() += 1);
        }
        let mut counts: Vec<_> = counts
            .into_iter()
            .map(|(name, count)| (count, format!("\\{name}")))
            .collect();
        counts.sort_by(|a, b| b.cmp(a));
        counts.truncate(10);
        counts
    }
}

fn macros(source: &str) -> impl Iterator<Item = &str> {
    let after_backslashes = source.split('\\').skip(1);
    after_backslashes
        .map(|after| {
            after
                .split(|c: char| !c.is_ascii_alphabetic())
                .next()
                .unwrap_or_default()
        })
        .filter(|name| !name.is_empty())
}

#[test]
fn fewer_than_two_formulas_in_a_thousand_are_shown_as_source() {
    let mut tally = Tally::default();
    for_each_text(5, |text| tally.read(text));

    let rate = tally.failures.len() as f64 / tally.formulas as f64;
    let per_text = |time: Duration| time.as_secs_f64() * 1e6 / tally.texts.max(1) as f64;
    println!(
        "{} texts, {} formulas, {} failures: {:.3} %",
        tally.texts,
        tally.formulas,
        tally.failures.len(),
        rate * 100.0
    );
    println!(
        "segments {:.1} µs and plain {:.1} µs a text",
        per_text(tally.setting),
        per_text(tally.flattening)
    );
    for (count, name) in tally.commonest_macros() {
        println!("{count:6} {name}");
    }
    assert!(
        tally.formulas > 100,
        "{} formulas are too few for a rate",
        tally.formulas
    );
    assert!(
        rate < 0.002,
        "{:.3} % of the formulas are shown as source",
        rate * 100.0
    );
}

/// A reader who does not know TeX or HTML sees none of it, except in formulas that are shown as
/// source.
#[test]
fn plain_text_has_no_trace_of_tex_or_html() {
    for_each_text(20, |text| {
        let line = plain(text);
        assert_eq!(
            html_escape::decode_html_entities(&line),
            line,
            "an entity in {line}"
        );
        assert!(!line.contains(is_invisible), "an invisible character in {line:?}");
        // A backslash before a single letter may be a set difference.
        let has_command = macros(&line).any(|name| name.len() > 1);
        let has_source = segments(text)
            .iter()
            .any(|segment| matches!(segment, Segment::RawMath(_)));
        assert!(!has_command || has_source, "a command in {line}");
    });
}

/// Characters that no abstract needs. Joiners and selectors of other scripts and of emoji are left out.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        )
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{fb00}'..='\u{fb06}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Calls `read` with the texts of one in `every` real papers, or of all papers in a small sample.
///
/// `BROADSHEET_TEST_EVERY` sets another number; `make test-long` reads all. Without optimisation,
/// that takes too long for a test that runs often.
fn for_each_text(every: usize, mut read: impl FnMut(&str)) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = here.join("../../../shared/data");
    let mut files: Vec<PathBuf> = ["arxiv_100k.jsonl.zst", "hf_daily.jsonl.zst", "seed_papers.jsonl"]
        .iter()
        .map(|name| shared.join(name))
        .filter(|path| path.exists())
        .collect();
    let chosen = std::env::var("BROADSHEET_TEST_EVERY")
        .ok()
        .and_then(|every| every.parse().ok());
    let every = chosen.unwrap_or(if cfg!(debug_assertions) { every } else { 1 });
    if files.is_empty() {
        println!("{} does not exist; the sample is read instead", shared.display());
        files.push(here.join("tests/fixtures/formulas.jsonl"));
    } else {
        println!("one line in {every} is read");
    }
    for path in &files {
        let is_large = path.extension().is_some_and(|extension| extension == "zst");
        for line in lines(path).step_by(if is_large { every } else { 1 }) {
            let record: serde_json::Value = serde_json::from_str(&line).expect("a line is JSON");
            for field in ["title", "abstract", "summary"] {
                if let Some(text) = record[field].as_str() {
                    read(text);
                }
            }
        }
    }
}

fn lines(path: &Path) -> impl Iterator<Item = String> {
    let file = File::open(path).expect("the file opens");
    let reader: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "zst") {
        Box::new(zstd::Decoder::new(file).expect("the file is zstd"))
    } else {
        Box::new(file)
    };
    BufReader::new(reader)
        .lines()
        .map(|line| line.expect("a line is UTF-8"))
}
