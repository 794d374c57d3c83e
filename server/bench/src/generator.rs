//! The papers of a library of a given size, as one file that `broadsheet import` reads. Everything is decided by a
//! fixed seed, so every run and every machine gets the same papers.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    settings::{Settings, Size},
    words::{Counter, Words, spread},
};

/// Part of the file names: raise it when the generated papers change.
const VERSION: u32 = 1;
const SEED: u64 = 20_261_130;
/// From this size on, all real papers are in the library.
const ALL_REAL: usize = 100_000;
/// Numbers of generated papers begin here in each month; real ones stay below.
const FIRST_NUMBER: u32 = 40_000;
const LAST_NUMBER: u32 = 99_999;
/// Months that generated identifiers come from: January 2015 is the first with five digits.
const MONTHS: (u32, u32) = (2015 * 12, 2026 * 12 + 6);
/// Identifiers remembered for the paper page and for bookmarks.
const MOST_IDS: usize = 2_000;
/// Made-up words, when there are no real papers.
const VOCABULARY: f64 = 50_000.0;

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
        made_up_papers(size.0, &mut output)?;
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

/// Numbers that look random and are the same in every run (splitmix64).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// From 0 to below 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// New identifiers that no real paper has.
#[derive(Debug, Default)]
struct Ids(HashMap<u32, u32>);

impl Ids {
    /// An identifier of this month (years times twelve and months), or of the next that has one left.
    fn next(&mut self, month: u32) -> String {
        let mut month = month.clamp(MONTHS.0, MONTHS.1);
        loop {
            let number = self.0.entry(month).or_insert(FIRST_NUMBER);
            if *number <= LAST_NUMBER {
                *number += 1;
                return format!("{:02}{:02}.{:05}", month / 12 % 100, month % 12 + 1, *number - 1);
            }
            month = if month == MONTHS.1 { MONTHS.0 } else { month + 1 };
        }
    }
}

/// Makes papers from real ones: dates, categories and authors of one, words of that one and another.
struct Mixer {
    rows: Vec<Value>,
    random: Random,
    ids: Ids,
}

impl Mixer {
    fn new(lines: &[String]) -> anyhow::Result<Self> {
        let rows = lines
            .iter()
            .map(|line| serde_json::from_str(line))
            .collect::<Result<_, _>>();
        Ok(Self {
            rows: rows.context("a record of arXiv is not JSON")?,
            random: Random(SEED),
            ids: Ids::default(),
        })
    }

    fn next_paper(&mut self) -> Value {
        let (first, second) = (
            self.random.below(self.rows.len()),
            self.random.below(self.rows.len()),
        );
        let other_month = MONTHS.0 + self.random.below((MONTHS.1 - MONTHS.0) as usize) as u32;
        let words = |index: usize, field: &str| -> Vec<String> {
            let text = self
                .rows
                .get(index)
                .and_then(|row| row.get(field)?.as_str())
                .unwrap_or_default();
            text.split_whitespace().map(str::to_owned).collect()
        };
        let titles = (words(first, "title"), words(second, "title"));
        let abstracts = (words(first, "abstract"), words(second, "abstract"));
        let mut paper = self.rows.get(first).cloned().unwrap_or_default();
        // Papers before 2015 keep their dates, but five-digit numbers begin then.
        let month = month_of(&paper)
            .filter(|month| *month >= MONTHS.0)
            .unwrap_or(other_month);
        paper["id"] = json!(self.ids.next(month));
        paper["doi"] = Value::Null;
        paper["title"] = json!(mixed(&titles.0, &titles.1, 2, &mut self.random));
        paper["abstract"] = json!(mixed(&abstracts.0, &abstracts.1, 12, &mut self.random));
        paper
    }
}

/// The month of the first version: years times twelve and months.
fn month_of(paper: &Value) -> Option<u32> {
    let date = paper.get("published")?.as_str()?;
    let (year, month) = (
        date.get(..4)?.parse::<u32>().ok()?,
        date.get(5..7)?.parse::<u32>().ok()?,
    );
    Some(year * 12 + month.checked_sub(1)?)
}

/// Runs of words from either text in turn, each about `run` words long, as long as the first text.
fn mixed(first: &[String], second: &[String], run: usize, random: &mut Random) -> String {
    let mut words: Vec<&str> = Vec::with_capacity(first.len());
    let mut from_first = true;
    while words.len() < first.len() {
        let at = words.len();
        let length = (1 + random.below(run * 2)).min(first.len() - at);
        let text = if from_first || at + length > second.len() {
            first
        } else {
            second
        };
        words.extend(text[at..at + length].iter().map(String::as_str));
        from_first = !from_first;
    }
    words.join(" ")
}

/// Papers without any real one: words as frequent as Zipf's law says.
fn made_up_papers(size: usize, output: &mut Output) -> anyhow::Result<()> {
    let (mut random, mut ids) = (Random(SEED), Ids::default());
    let categories = ["cs.LG", "cs.CV", "cs.CL", "math.OC", "stat.ML", "hep-th"];
    for number in 0..size {
        let month = MONTHS.0 + (number * (MONTHS.1 - MONTHS.0) as usize / size) as u32;
        let date = format!("{:04}-{:02}-{:02}", month / 12, month % 12 + 1, 1 + number % 28);
        let (title, text) = (made_up_text(8, &mut random), made_up_text(150, &mut random));
        let id = ids.next(month);
        let category = categories[random.below(categories.len())];
        output.add(
            &json!({"id": id, "title": title, "abstract": text, "authors": "Ada One, Emmy Two",
            "categories": category, "primary_category": category, "published": date, "update_date": date})
            .to_string(),
        )?;
        if number % 10 == 0 {
            output.add(&json!({"id": id, "title": title, "summary": text, "publishedAt": format!("{date}T00:00:00Z"),
                "_listed_date": date, "upvotes": random.below(100), "authors": [{"name": "Ada One"}]}).to_string())?;
        }
    }
    Ok(())
}

fn made_up_text(words: usize, random: &mut Random) -> String {
    let syllables = ["ka", "lo", "mi", "ne", "ru", "sta", "ve", "zo", "pli", "dro"];
    let word = |random: &mut Random| {
        // Log-uniform ranks follow Zipf's law.
        let mut rank = VOCABULARY.powf(random.part()) as usize + 100;
        let mut word = String::new();
        while rank > 0 {
            word.push_str(syllables[rank % 10]);
            rank /= 10;
        }
        word
    };
    (0..words).map(|_| word(random)).collect::<Vec<_>>().join(" ")
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
