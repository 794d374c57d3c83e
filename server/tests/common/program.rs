//! The program itself, started as a process.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The program with these arguments, in this folder, without settings from the environment.
pub fn broadsheet(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BROADSHEET_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .current_dir(folder)
        .env("BROADSHEET_LISTEN", "127.0.0.1:0")
        .stdin(Stdio::null());
    command
}

/// A folder for one Broadsheet: its database, its outbox and a built front end.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("site");
        std::fs::create_dir(&site).expect("a folder");
        std::fs::create_dir(site.join("pkg")).expect("a folder");
        for (name, text) in [
            ("hash.txt", "js: a\nwasm: b\ncss: c\npages: d\n"),
            ("pkg/broadsheet.c.css", ""),
            ("pkg/pages.d.css", ""),
        ] {
            std::fs::write(site.join(name), text).expect("written");
        }
        Self { folder }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.folder.path().join(name), text).expect("written");
        self.path(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = broadsheet(self.folder.path(), arguments);
        command
            .env("BROADSHEET_DATABASE", self.path("library.db"))
            .env("BROADSHEET_SITE_ROOT", self.path("site"))
            .env("BROADSHEET_SYNC", "off");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("it runs")
    }

    /// Starts `serve` and waits until it listens.
    pub fn serve(&self) -> Serving {
        let mut child = self
            .command(&["serve"])
            .env("BROADSHEET_LOG_FORMAT", "json")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log"));
        let mut log = String::new();
        let address = loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).expect("a line");
            log.push_str(&line);
            assert!(read > 0, "it ended before it listened:\n{log}");
            let entry: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
            if entry["fields"]["message"] == "serving" {
                let address = entry["fields"]["listen"].as_str().expect("an address");
                break address.parse().expect("an address");
            }
        };
        Serving {
            child,
            address,
            _log: lines,
        }
    }
}

pub struct Serving {
    child: Child,
    pub address: SocketAddr,
    _log: BufReader<std::process::ChildStderr>,
}

impl Serving {
    pub fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a limit");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        // A server that refuses a request may close before it was sent whole.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn get(&self, path: &str) -> String {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        ))
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    pub fn ended(mut self, within: Duration) -> (Option<i32>, Duration) {
        let began = Instant::now();
        while began.elapsed() < within {
            if let Some(status) = self.child.try_wait().expect("its status") {
                return (status.code(), began.elapsed());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it did not end within {within:?}");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
pub fn assert_ends(output: &Output, code: i32, last_line: &str) {
    assert_eq!(output.status.code(), Some(code), "{}{}", out(output), err(output));
    assert_eq!(out(output).lines().last(), Some(last_line), "{}", err(output));
}

/// Two papers, as rows of arXiv's metadata snapshot.
pub const TWO_PAPERS: &str = concat!(
    r#"{"id":"2401.00001","title":"One paper","abstract":"On gradients.","authors":"Ada One, Emmy Two","categories":"cs.LG","update_date":"2024-01-02"}"#,
    "\n",
    r#"{"id":"2401.00002","title":"Another paper","abstract":"On noise.","authors":"Ada One","categories":"math.OC","update_date":"2024-01-03"}"#,
    "\n",
);
