//! The settings of a run. Each is a flag and an environment variable.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use anyhow::Context;
use clap::Args;

/// What is measured and for how long.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The program to measure
    #[arg(
        long,
        env = "BENCH_BINARY",
        default_value = "target/release/broadsheet",
        value_name = "FILE"
    )]
    pub binary: PathBuf,
    /// The front end of that program; unset: the program finds its own
    #[arg(long, env = "BENCH_SITE_ROOT", value_name = "FOLDER")]
    pub site_root: Option<PathBuf>,
    /// A second program (the baseline): both are measured alternately and the table shows how they differ
    #[arg(long, env = "BENCH_AGAINST", value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// The front end of the second program; unset: the program finds its own
    #[arg(long, env = "BENCH_AGAINST_SITE_ROOT", value_name = "FOLDER")]
    pub against_site_root: Option<PathBuf>,
    /// How often the two programs are measured in turn
    #[arg(long, env = "BENCH_PAIRS", default_value = "5", value_name = "NUMBER")]
    pub pairs: usize,
    /// Papers in the library: 10k, 100k, 1m or any number
    #[arg(
        long,
        env = "BENCH_SIZES",
        default_value = "10k,100k",
        value_delimiter = ',',
        value_name = "SIZES"
    )]
    pub sizes: Vec<Size>,
    /// Seconds of each measuring window
    #[arg(long, env = "BENCH_SECONDS", default_value = "2", value_name = "SECONDS", value_parser = seconds)]
    pub seconds: f64,
    /// Connections at once, one window for each number
    #[arg(
        long,
        env = "BENCH_CONNECTIONS",
        default_value = "1,64",
        value_delimiter = ',',
        value_name = "NUMBERS"
    )]
    pub connections: Vec<usize>,
    /// Measure only the figures whose name contains one of these texts, such as `search,import`
    #[arg(long, env = "BENCH_FIGURES", value_delimiter = ',', value_name = "TEXTS")]
    pub figures: Vec<String>,
    /// The folder of hf_daily.jsonl.zst and arxiv_100k.jsonl.zst; without it, papers are made up
    #[arg(
        long,
        env = "BENCH_DATA",
        default_value = "../shared/data",
        value_name = "FOLDER"
    )]
    pub data: PathBuf,
    /// The folder for results, generated papers and imported libraries
    #[arg(
        long,
        env = "BENCH_FOLDER",
        default_value = "target/bench",
        value_name = "FOLDER"
    )]
    pub folder: PathBuf,
    /// The name of the JSON file, without its ending; unset: the time of the run
    #[arg(long, env = "BENCH_NAME", value_name = "NAME")]
    pub name: Option<String>,
    /// SQLite's `synchronous` for the bare bookmark commit; must be what the measured program uses
    #[arg(long, env = "BENCH_SYNCHRONOUS", default_value = "full", value_parser = ["full", "normal"])]
    pub synchronous: String,
}

impl Settings {
    /// Whether a figure of this name is wanted.
    pub fn wants(&self, name: &str) -> bool {
        let wanted: Vec<&str> = self
            .figures
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        wanted.is_empty() || wanted.iter().any(|text| name.contains(text))
    }

    /// Length of one measuring window.
    pub fn window(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// A folder below the folder of this harness, created if missing, as an absolute path.
    pub fn subfolder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        absolute(&folder)
    }
}

/// The absolute form of a path that exists. The measured programs run in another working folder.
pub fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    path.canonicalize()
        .with_context(|| format!("cannot find {}", path.display()))
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.05..=600.0).contains(&seconds) => Ok(seconds),
        _ => Err("must be a number of seconds from 0.05 to 600".to_owned()),
    }
}

/// How many papers a library has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub usize);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().to_ascii_lowercase();
        let (digits, factor) = match text.strip_suffix(['k', 'm']) {
            Some(digits) if text.ends_with('k') => (digits, 1_000),
            Some(digits) => (digits, 1_000_000),
            None => (text.as_str(), 1),
        };
        match digits
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_mul(factor))
        {
            Some(number) if (1_000..=10_000_000).contains(&number) => Ok(Self(number)),
            _ => Err(format!(
                "`{text}` is not a size from 1k to 10m; write for example 10k, 100k or 1m"
            )),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            number if number.is_multiple_of(1_000_000) => write!(f, "{}m", number / 1_000_000),
            number if number.is_multiple_of(1_000) => write!(f, "{}k", number / 1_000),
            number => write!(f, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written_alike() {
        for (text, number) in [
            ("10k", 10_000),
            ("100K", 100_000),
            ("1m", 1_000_000),
            ("1500", 1_500),
        ] {
            let size: Size = text.parse().expect(text);
            assert_eq!(size.0, number);
            assert_eq!(size.to_string().parse::<Size>(), Ok(size));
        }
        assert!("10".parse::<Size>().is_err());
        assert!("many".parse::<Size>().is_err());
    }
}
