//! The measured program, the libraries it imported, and its server.

use std::{
    fs::File,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant, UNIX_EPOCH},
};

use anyhow::{Context, bail, ensure};

use crate::{
    database::remove_database,
    generator::Input,
    process::{Cores, Place, Running, anonymous_megabytes, larger, now},
    raw,
    requests::get,
    settings::{Settings, Size, absolute},
    wire::Connection,
};

/// A server must answer `/readyz` this soon after its start.
const START: Duration = Duration::from_secs(120);
/// Imported libraries that are kept: three sizes of two programs.
const MOST_LIBRARIES: usize = 6;
/// How often the memory of an import is read.
const WATCH: Duration = Duration::from_millis(20);

/// A `broadsheet` program, used only through its commands and HTTP.
#[derive(Debug, Clone)]
pub struct Program {
    /// The executable.
    pub binary: PathBuf,
    /// Its front end; `None`: the program finds its own.
    pub site_root: Option<PathBuf>,
    /// What `--version` prints.
    pub version: String,
    /// Of the bytes of the executable: names its libraries.
    pub hash: String,
}

/// What an import cost.
#[derive(Debug, Clone, Copy)]
pub struct Imported {
    /// Papers in the library afterwards.
    pub papers: u64,
    /// From the start of the command to its end.
    pub seconds: f64,
    /// The most anonymous memory that was seen, in MB.
    pub megabytes: Option<f64>,
}

impl Program {
    /// Finds the executable and asks for its version.
    pub fn find(binary: &Path, site_root: Option<&Path>) -> anyhow::Result<Self> {
        let binary = absolute(binary)
            .context("there is no program to measure (BENCH_BINARY); `make build` makes one")?;
        let asked = Command::new(&binary).arg("--version").output();
        let asked = asked.with_context(|| format!("cannot start {}", binary.display()))?;
        let bytes = std::fs::read(&binary).with_context(|| format!("cannot read {}", binary.display()))?;
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Ok(Self {
            site_root: site_root.map(absolute).transpose()?,
            version: String::from_utf8_lossy(&asked.stdout).trim().to_owned(),
            hash: format!("{:016x}", hasher.finish()),
            binary,
        })
    }

    /// A command with this database. `folder` becomes its working folder, so that it finds no other front end.
    fn command(&self, folder: &Path, database: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(folder)
            .env("BROADSHEET_DATABASE", database)
            .env("BROADSHEET_SAMPLE", "off")
            .env("BROADSHEET_SYNC", "off")
            .env("BROADSHEET_OUTBOX", folder.join("outbox"))
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null());
        if let Some(site_root) = &self.site_root {
            command.env("BROADSHEET_SITE_ROOT", site_root);
        }
        command
    }

    /// Imports into a new database, on every core.
    pub fn import(&self, cores: &Cores, input: &Input, database: &Path) -> anyhow::Result<Imported> {
        remove_database(database)?;
        let folder = database.parent().unwrap_or(Path::new("."));
        let log = folder.join("import.log");
        let mut command = self.command(folder, database);
        command.arg("import").arg(&input.file);
        log_to(&mut command, &log)?;
        let began = Instant::now();
        let mut child = cores.spawn(Place::Anywhere, &mut command)?;
        let mut megabytes = None;
        let status = loop {
            if let Some(status) = child.try_wait().context("cannot wait for the import")? {
                break status;
            }
            megabytes = larger(megabytes, anonymous_megabytes(child.id()));
            std::thread::sleep(WATCH);
        };
        let seconds = began.elapsed().as_secs_f64();
        ensure!(status.success(), "the import failed; see {}", log.display());
        let papers = raw::count_papers(database)?;
        Ok(Imported {
            papers,
            seconds,
            megabytes,
        })
    }

    /// The imported library of this program and size. It must not be changed: serve a copy.
    pub fn library(
        &self,
        settings: &Settings,
        cores: &Cores,
        size: Size,
        input: &Input,
    ) -> anyhow::Result<PathBuf> {
        let folder = settings.subfolder("libraries")?;
        let papers = input
            .file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let library = folder.join(format!("{papers}-{}.db", self.hash));
        if library.exists() {
            // The oldest libraries are removed; this one is in use.
            let seconds = now().as_second().unsigned_abs();
            let now = UNIX_EPOCH + Duration::from_secs(seconds);
            File::options()
                .write(true)
                .open(&library)
                .and_then(|file| file.set_modified(now))
                .with_context(|| format!("cannot touch {}", library.display()))?;
            return Ok(library);
        }
        eprintln!("Importing {size} papers with {} ...", self.binary.display());
        let fresh = settings.subfolder("work")?.join("library.db");
        self.import(cores, input, &fresh)?;
        std::fs::rename(&fresh, &library).with_context(|| format!("cannot write {}", library.display()))?;
        forget_old(&folder)?;
        Ok(library)
    }

    /// Starts the server on a copy of a library and waits until it is ready. `name` keeps two servers apart.
    pub async fn serve(
        &self,
        settings: &Settings,
        cores: &Cores,
        library: &Path,
        name: &str,
    ) -> anyhow::Result<Server> {
        let folder = settings.subfolder(&format!("work/{name}"))?;
        let database = folder.join("served.db");
        remove_database(&database)?;
        std::fs::copy(library, &database).with_context(|| format!("cannot copy {}", library.display()))?;
        let address = free_address()?;
        let log = folder.join("serve.log");
        let mut command = self.command(&folder, &database);
        command
            .arg("serve")
            .env("BROADSHEET_LISTEN", &address)
            .env("BROADSHEET_PUBLIC_URL", format!("http://{address}"));
        log_to(&mut command, &log)?;
        let mut running = Running(cores.spawn(Place::Server, &mut command)?);
        let began = Instant::now();
        while !is_ready(&address).await {
            if let Some(status) = running.0.try_wait().context("cannot wait for the server")? {
                bail!("the server ended ({status}); see {}", log.display());
            }
            ensure!(
                began.elapsed() < START,
                "the server is not ready after {} s; see {}",
                START.as_secs(),
                log.display()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Server { running, address })
    }
}

/// Removes the oldest libraries: a million papers take 3 GB, and every build of the program has its own.
fn forget_old(folder: &Path) -> anyhow::Result<()> {
    let mut libraries = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "db") {
            libraries.push((path.metadata()?.modified()?, path));
        }
    }
    libraries.sort();
    let old = libraries.len().saturating_sub(MOST_LIBRARIES);
    libraries
        .iter()
        .take(old)
        .try_for_each(|(_, library)| remove_database(library))
}

/// A running server with its own copy of a library.
#[derive(Debug)]
pub struct Server {
    /// The process; it ends with this value.
    pub running: Running,
    /// Host and port.
    pub address: String,
}

async fn is_ready(address: &str) -> bool {
    let Ok(mut connection) = Connection::open(address).await else {
        return false;
    };
    let answer = connection.exchange(&get("/readyz", address, &[])).await;
    answer.is_ok_and(|answer| answer.status == 200)
}

/// A port that is free now.
pub fn free_address() -> anyhow::Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").context("cannot find a free port")?;
    Ok(listener.local_addr()?.to_string())
}

fn log_to(command: &mut Command, log: &Path) -> anyhow::Result<()> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let copy = file.try_clone().context("cannot write the log")?;
    command.stdout(file).stderr(copy);
    Ok(())
}
