//! Processes on fixed cores, and what the kernel says about them. On other systems than Linux nothing is pinned and
//! the kernel is not asked.

use std::process::{Child, Command};

use anyhow::Context;

/// Where a process may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The core of the measured server.
    Server,
    /// Every core, as a command of the user would.
    Anywhere,
}

/// The cores of this run.
#[derive(Debug, Clone)]
pub struct Cores {
    /// How many cores this process may use.
    pub count: usize,
    /// Whether server and client have a core each.
    pub pinned: bool,
    #[cfg(target_os = "linux")]
    sets: Option<linux::Sets>,
}

impl Cores {
    /// Moves this process to the client's core, if there are two cores and the system is Linux.
    pub fn divide() -> anyhow::Result<Self> {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        #[cfg(target_os = "linux")]
        {
            let sets = linux::Sets::divide()?;
            Ok(Self {
                count,
                pinned: sets.is_some(),
                sets,
            })
        }
        #[cfg(not(target_os = "linux"))]
        Ok(Self { count, pinned: false })
    }

    /// Starts a command. The child inherits the cores from this thread, so it has them before its first instruction:
    /// a runtime that counts its cores at start counts only those.
    pub fn spawn(&self, place: Place, command: &mut Command) -> anyhow::Result<Child> {
        let name = command.get_program().to_string_lossy().into_owned();
        #[cfg(target_os = "linux")]
        if let Some(sets) = &self.sets {
            sets.enter(place)?;
            let child = command.spawn();
            sets.leave()?;
            return child.with_context(|| format!("cannot start {name}"));
        }
        #[cfg(not(target_os = "linux"))]
        let _ = place;
        command.spawn().with_context(|| format!("cannot start {name}"))
    }
}

/// A child process that ends with this value.
#[derive(Debug)]
pub struct Running(pub Child);

impl Running {
    /// The process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its database is a throwaway copy, so nothing is lost by a hard end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Processor time of a process so far, all threads, user and system, in seconds. `None` where there is no /proc.
pub fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program is in brackets and may hold spaces.
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks as f64 / ticks_per_second())
}

/// Resident anonymous memory (`RssAnon`) of a process, in MB of 2^20 bytes. `None` where there is no /proc.
pub fn anonymous_megabytes(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// Notes how busy the machine is with other work, from the start of a run to its end.
#[derive(Debug, Clone, Copy)]
pub struct Others {
    began: Option<Reading>,
}

/// Processor time since the system started, in ticks.
#[derive(Debug, Clone, Copy)]
struct Reading {
    all: f64,
    busy: f64,
    ours: f64,
}

impl Others {
    /// Begins to look.
    pub fn watch() -> Self {
        Self {
            began: Reading::take(),
        }
    }

    /// The part of all cores that other processes used, from 0 to 1. Children must have ended.
    pub fn part(self) -> Option<f64> {
        let (began, now) = (self.began?, Reading::take()?);
        let others = (now.busy - began.busy) - (now.ours - began.ours);
        Some((others / (now.all - began.all)).clamp(0.0, 1.0))
    }
}

impl Reading {
    fn take() -> Option<Self> {
        let numbers = |text: &str| {
            text.split_whitespace()
                .filter_map(|field| field.parse().ok())
                .collect::<Vec<f64>>()
        };
        let stat = std::fs::read_to_string("/proc/stat").ok()?;
        // user, nice, system, idle, waiting for the disk, interrupts, soft interrupts, stolen.
        let fields = numbers(stat.lines().next()?.strip_prefix("cpu ")?);
        let all: f64 = fields.iter().take(8).sum();
        let own = std::fs::read_to_string("/proc/self/stat").ok()?;
        let (_, own) = own.rsplit_once(") ")?;
        // The state is not a number, so this is one place less than in `cpu_seconds`: own time, then that of children.
        let ours: f64 = numbers(own).get(10..14)?.iter().sum();
        Some(Self {
            all,
            busy: all - fields.get(3)? - fields.get(4)?,
            ours,
        })
    }
}

/// The larger of two readings, as far as there are any.
pub fn larger(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}

/// The model of the processor, for the record.
pub fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(target_os = "linux")]
fn ticks_per_second() -> f64 {
    rustix::param::clock_ticks_per_second() as f64
}

#[cfg(not(target_os = "linux"))]
fn ticks_per_second() -> f64 {
    100.0
}

#[cfg(target_os = "linux")]
mod linux {
    use anyhow::Context;
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    use super::Place;

    #[derive(Debug, Clone)]
    pub struct Sets {
        all: CpuSet,
        server: CpuSet,
        client: CpuSet,
    }

    impl Sets {
        pub fn divide() -> anyhow::Result<Option<Self>> {
            let all = sched_getaffinity(None).context("cannot read the cores of this process")?;
            let cores: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core)).collect();
            let [client, .., server] = cores.as_slice() else {
                return Ok(None);
            };
            let only = |core: &usize| {
                let mut set = CpuSet::new();
                set.set(*core);
                set
            };
            let sets = Self {
                server: only(server),
                client: only(client),
                all,
            };
            sets.leave()?;
            Ok(Some(sets))
        }

        pub fn enter(&self, place: Place) -> anyhow::Result<()> {
            let set = match place {
                Place::Server => &self.server,
                Place::Anywhere => &self.all,
            };
            sched_setaffinity(None, set).context("cannot choose a core")
        }

        pub fn leave(&self) -> anyhow::Result<()> {
            sched_setaffinity(None, &self.client).context("cannot return to the client's core")
        }
    }
}

/// The present moment. A benchmark measures this machine, so it reads the clock of this machine.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the benchmark that reads the clock"
)]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
