//! The papers of a library of a given size, as one file that `broadsheet import` reads. Everything is decided by a
//! fixed seed, so every run and every machine gets the same papers.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    mixer::{self, Mixer},
    settings::{Settings, Size},
    words::{Counter, Words, spread},
};

/// Part of the file names: raise it when the generated papers change.
const VERSION: u32 = 1;
/// From this size on, all real papers are in the library.
const ALL_REAL: usize = 100_000;
/// Identifiers remembered for the paper page and for bookmarks.
const MOST_IDS: usize = 2_000;
/// Papers to import, and what is known of them.
#[derive(Debug, Clone)]
pub struct Input {
    /// JSON Lines, compressed with zstd.
    pub file: PathBuf,
    /// What is known of them.
    pub facts: Facts,
}

/// What the harness must know of the papers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Where the papers come from, in words.
    pub source: String,
    /// Records in the file. Some papers have two: one of Hugging Face and one of arXiv.
    pub records: usize,
    /// Searches.
    pub words: Words,
    /// Identifiers, evenly from all papers.
    pub ids: Vec<String>,
}

/// Generates the papers of one size, or finds those of an earlier run.
pub fn input(settings: &Settings, size: Size) -> anyhow::Result<Input> {
    let folder = settings.subfolder("papers")?;
    let files = ["hf_daily.jsonl.zst", "arxiv_100k.jsonl.zst"].map(|name| settings.data.join(name));
    let real = files.iter().all(|file| file.exists());
    let kind = if real { "real" } else { "made-up" };
    let file = folder.join(format!("{size}-{kind}-v{VERSION}.jsonl.zst"));
    let beside = file.with_extension("facts.json");
    if let (true, Ok(text)) = (file.exists(), std::fs::read_to_string(&beside)) {
        let facts =
            serde_json::from_str(&text).with_context(|| format!("cannot read {}", beside.display()))?;
        return Ok(Input { file, facts });
    }
    eprintln!("Generating {size} papers ...");
    let mut output = Output::create(&file)?;
    let source = if real {
        let [daily, arxiv] = [lines(&files[0])?, lines(&files[1])?];
        real_papers(&daily, &arxiv, size.0, &mut output)?
    } else {
        for paper in mixer::made_up(size.0) {
            output.add(&paper.to_string())?;
        }
        format!("made up, because {} has no papers", settings.data.display())
    };
    let facts = output.finish(&file, source)?;
    std::fs::write(&beside, serde_json::to_string(&facts)?)
        .with_context(|| format!("cannot write {}", beside.display()))?;
    Ok(Input { file, facts })
}

fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let read = || -> std::io::Result<Vec<String>> {
        BufReader::new(zstd::Decoder::new(File::open(path)?)?)
            .lines()
            .collect()
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

/// Below `ALL_REAL`, an even choice of half Hugging Face and half arXiv; above it all of them and then mixed ones.
fn real_papers(
    daily: &[String],
    arxiv: &[String],
    size: usize,
    output: &mut Output,
) -> anyhow::Result<String> {
    let (some_daily, some_arxiv) = if size < ALL_REAL {
        let half = daily.len().min(size / 2);
        (half, arxiv.len().min(size - half))
    } else {
        (daily.len(), arxiv.len())
    };
    for line in evenly(daily, some_daily).chain(evenly(arxiv, some_arxiv)) {
        output.add(line)?;
    }
    let mixed = if size > ALL_REAL {
        size.saturating_sub(output.records)
    } else {
        0
    };
    let mut mixer = Mixer::new(arxiv)?;
    for _ in 0..mixed {
        output.add(&mixer.next_paper().to_string())?;
    }
    Ok(format!(
        "{some_daily} records of Hugging Face, {some_arxiv} of arXiv, {mixed} mixed from these"
    ))
}

/// Exactly `count` of the items, in order.
fn evenly<T>(items: &[T], count: usize) -> impl Iterator<Item = &T> {
    (0..count).filter_map(move |index| items.get(index * items.len() / count.max(1)))
}

/// The file under construction, and what is counted meanwhile.
struct Output {
    writer: zstd::Encoder<'static, BufWriter<File>>,
    part: PathBuf,
    records: usize,
    counter: Counter,
    ids: Vec<String>,
}

impl Output {
    fn create(file: &Path) -> anyhow::Result<Self> {
        let part = file.with_extension("part");
        let open = || zstd::Encoder::new(BufWriter::new(File::create(&part)?), 1);
        Ok(Self {
            writer: open().with_context(|| format!("cannot write {}", part.display()))?,
            part: part.clone(),
            records: 0,
            counter: Counter::default(),
            ids: Vec::new(),
        })
    }

    fn add(&mut self, line: &str) -> anyhow::Result<()> {
        let record: Value = serde_json::from_str(line).context("a record is not JSON")?;
        let text = |name: &str| record.get(name).and_then(Value::as_str);
        self.counter.add(
            text("title").unwrap_or_default(),
            text("abstract").or_else(|| text("summary")).unwrap_or_default(),
        );
        self.ids.extend(text("id").map(str::to_owned));
        self.records += 1;
        writeln!(self.writer, "{line}").context("cannot write the papers")
    }

    fn finish(mut self, file: &Path, source: String) -> anyhow::Result<Facts> {
        // A paper of both sources must not be bookmarked twice in one turn.
        self.ids.sort_unstable();
        self.ids.dedup();
        let mut inner = self.writer.finish().context("cannot write the papers")?;
        inner.flush().context("cannot write the papers")?;
        std::fs::rename(&self.part, file).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Facts {
            source,
            records: self.records,
            words: self.counter.choose(),
            ids: spread(&self.ids, MOST_IDS).cloned().collect(),
        })
    }
}
