//! `make bench`: sends 10,000 digests of 200 searches to a mail server on the loopback, while a reader opens pages.
//! Broadsheet runs in a process of its own.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use testing::smtp::MailServer;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const BROADSHEET: &str = env!("CARGO_BIN_EXE_broadsheet");
const SUBSCRIBERS: i64 = 10_000;
const VIEWS: i64 = 200;
/// How long the idle server is measured.
const IDLE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // `cargo test --benches` only checks that this runs.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let server = MailServer::start().await;
    let site = Site {
        database: folder.path().join("bench.db"),
        listen: format!("127.0.0.1:{}", free_port()?).parse()?,
        smtp: server.url(),
    };
    import(&site)?;

    let mut serving = site.serve()?;
    let idle = open_pages(site.listen, IDLE)?;
    println!(
        "front page while idle: p50 {:.1} ms, p99 {:.1} ms",
        ms(idle.p50),
        ms(idle.p99)
    );
    serving.stop()?;

    subscribe(&site.database).await?;
    let begun = Instant::now();
    let mut serving = site.serve()?;
    let (done, stop) = std::sync::mpsc::channel::<()>();
    let listen = site.listen;
    let reader = std::thread::spawn(move || {
        let mut times = Vec::new();
        while stop.try_recv().is_err() {
            times.push(open_page(listen)?);
        }
        Ok::<_, Failure>(times)
    });
    let (count, bytes, last) = receive(&server).await;
    let took = last - begun;
    let memory = serving.peak_memory();
    done.send(())?;
    let busy = Percentiles::of(reader.join().map_err(|_| "the reader died")??);
    serving.stop()?;
    println!(
        "{count} digests of {VIEWS} searches composed and sent in {:.1} s ({:.0} a second, {:.1} kB each), at most {memory} MB",
        took.as_secs_f64(),
        f64::from(u32::try_from(count)?) / took.as_secs_f64(),
        bytes as f64 / 1_000.0 / count as f64,
    );
    println!(
        "front page meanwhile: p50 {:.1} ms, p99 {:.1} ms ({:.1} × idle)",
        ms(busy.p50),
        ms(busy.p99),
        busy.p99.as_secs_f64() / idle.p99.as_secs_f64()
    );
    Ok(())
}

/// Imports the data sets of arXiv, for categories, and Hugging Face, for upvotes.
fn import(site: &Site) -> Result<(), Failure> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    for file in ["arxiv_100k.jsonl.zst", "hf_daily.jsonl.zst"] {
        let file = shared.join(file);
        if file.exists() {
            site.run(&["import", &file.display().to_string()])?;
        } else {
            println!("{} does not exist: measuring without it.", file.display());
        }
    }
    Ok(())
}

/// Receives all digests: how many, how many bytes, and when the last one came.
async fn receive(server: &MailServer) -> (u64, usize, Instant) {
    let (mut count, mut bytes, mut last) = (0_u64, 0_usize, Instant::now());
    // A search may be empty, so fewer may come. The wait ends when nothing has come for a while.
    let patience = |count| Duration::from_secs(if count == 0 { 120 } else { 10 });
    while count < SUBSCRIBERS.unsigned_abs() && last.elapsed() < patience(count) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        for email in server.take_received() {
            (count, bytes, last) = (count + 1, bytes + email.bytes.len(), Instant::now());
        }
    }
    (count, bytes, last)
}

/// Where Broadsheet runs.
struct Site {
    database: PathBuf,
    listen: SocketAddr,
    smtp: String,
}

impl Site {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BROADSHEET);
        command
            .args(arguments)
            .env("BROADSHEET_DATABASE", &self.database)
            .env("BROADSHEET_LISTEN", self.listen.to_string())
            .env("BROADSHEET_SMTP_URL", &self.smtp)
            .env("BROADSHEET_SYNC", "off")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<(), Failure> {
        let status = self.command(arguments).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("broadsheet {arguments:?}: {status}").into())
        }
    }

    /// Starts the server and waits until it answers.
    fn serve(&self) -> Result<Serving, Failure> {
        let serving = Serving(self.command(&["serve"]).spawn()?);
        let begun = Instant::now();
        while TcpStream::connect(self.listen).is_err() {
            if begun.elapsed() > Duration::from_secs(60) {
                return Err("broadsheet does not answer".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(serving)
    }
}

/// The running server. It ends when this is dropped.
struct Serving(Child);

impl Serving {
    /// The peak memory in MB; 0 if the system does not report it.
    fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
            .unwrap_or(0)
            / 1_000
    }

    fn stop(&mut self) -> Result<(), Failure> {
        Command::new("kill").arg(self.0.id().to_string()).status()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Adds 10,000 subscribers of 200 searches whose digests are due.
async fn subscribe(database: &Path) -> Result<(), Failure> {
    let mut file = SqliteConnectOptions::new().filename(database).connect().await?;
    let archives = [
        "cs.LG", "cs.CL", "cs.CV", "cs.AI", "stat.ML", "cs.RO", "cs.IR", "cs.SE", "cs.MA", "eess.AS",
    ];
    for n in 0..VIEWS {
        let category = archives[usize::try_from(n)? % archives.len()];
        let query = match n / 10 % 4 {
            0 => format!("?category={category}&from=2010-01-{:02}", n / 40 + 1),
            1 => format!("?sort=new&category={category}&from=2009-01-{:02}", n / 40 + 1),
            2 => format!("?sort=top&min_upvotes={}", n + 1),
            _ => format!(
                "?q={}&from={}-02-{:02}",
                ["model", "learning", "video", "agent"][usize::try_from(n)? % 4],
                2000 + n / 40,
                n % 28 + 1
            ),
        };
        sqlx::query("insert into views (query, slug, created_at) values (?, substr(lower(hex(randomblob(16))), 1, 22), 0)")
            .bind(query)
            .execute(&mut file)
            .await?;
    }
    for statement in [
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000)
         insert into subscribers (email, email_key, zone, hour, days, state, created_at, confirmed_at, due_at)
         select 'reader' || i || '@d' || (i % 500) || '.example', 'reader' || i || '@d' || (i % 500) || '.example', 'UTC',
                cast(strftime('%H', 'now') as integer), 127, 'active', 0, 0, unixepoch()
         from n",
        "insert into subscriptions (subscriber_id, view_id, state, position, added_at)
         select s.id, 2 + s.id % 200, 'active', 0, 0 from subscribers s",
    ] {
        sqlx::query(statement).execute(&mut file).await?;
    }
    Ok(())
}

/// Percentiles of response times.
struct Percentiles {
    p50: Duration,
    p99: Duration,
}

impl Percentiles {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self {
            p50: times[times.len() / 2],
            p99: times[times.len() * 99 / 100],
        }
    }
}

fn open_pages(listen: SocketAddr, long: Duration) -> Result<Percentiles, Failure> {
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < long {
        times.push(open_page(listen)?);
    }
    Ok(Percentiles::of(times))
}

/// Opens the front page, at most twenty times a second.
fn open_page(listen: SocketAddr) -> Result<Duration, Failure> {
    std::thread::sleep(Duration::from_millis(50));
    let begun = Instant::now();
    let mut stream = TcpStream::connect(listen)?;
    stream.write_all(
        b"GET / HTTP/1.1\r\nHost: localhost:3000\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    )?;
    let mut page = Vec::new();
    stream.read_to_end(&mut page)?;
    if !page.starts_with(b"HTTP/1.1 200") {
        return Err(String::from_utf8_lossy(&page[..page.len().min(300)])
            .into_owned()
            .into());
    }
    Ok(begun.elapsed())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
