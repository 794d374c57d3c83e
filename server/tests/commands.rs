//! The program itself: its commands, their words and exit codes, and how it ends.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// A place for one Broadsheet: its database, its outbox, a built front end.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
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

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.folder.path().join(name), text).expect("written");
        self.path(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BROADSHEET_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("BROADSHEET_DATABASE", self.path("library.db"))
            .env("BROADSHEET_SITE_ROOT", self.path("site"))
            .env("BROADSHEET_LISTEN", "127.0.0.1:0")
            .env("BROADSHEET_SYNC", "off")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("it runs")
    }

    /// Starts `serve` and waits until it listens.
    fn serve(&self) -> Serving {
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

struct Serving {
    child: Child,
    address: SocketAddr,
    _log: BufReader<std::process::ChildStderr>,
}

impl Serving {
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a limit");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        // A server that refuses may close before all was sent.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        ))
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    fn ended(mut self, within: Duration) -> (Option<i32>, Duration) {
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

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_ends(output: &Output, code: i32, last_line: &str) {
    assert_eq!(output.status.code(), Some(code), "{}{}", out(output), err(output));
    assert_eq!(out(output).lines().last(), Some(last_line), "{}", err(output));
}

const TWO: &str = concat!(
    r#"{"id":"2401.00001","title":"One paper","abstract":"On gradients.","authors":"Ada One, Emmy Two","categories":"cs.LG","update_date":"2024-01-02"}"#,
    "\n",
    r#"{"id":"2401.00002","title":"Another paper","abstract":"On noise.","authors":"Ada One","categories":"math.OC","update_date":"2024-01-03"}"#,
    "\n",
);

#[test]
fn the_manual_names_every_command_and_setting() {
    let help = Home::new().run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let text = out(&help);
    for word in [
        "serve",
        "import",
        "rank",
        "digest",
        "bounce",
        "export",
        "backup",
        "check",
        "BROADSHEET_DATABASE",
        "BROADSHEET_LISTEN",
        "BROADSHEET_PUBLIC_URL",
        "BROADSHEET_SITE_ROOT",
        "BROADSHEET_SAMPLE",
        "BROADSHEET_SYNC",
        "BROADSHEET_ARXIV_OAI_URL",
        "BROADSHEET_ARXIV_RSS_URL",
        "BROADSHEET_ARXIV_API_URL",
        "BROADSHEET_HUGGINGFACE_URL",
        "BROADSHEET_GITHUB_API_URL",
        "BROADSHEET_ARXIV_SETS",
        "BROADSHEET_GITHUB_TOKEN",
        "BROADSHEET_CONTACT",
        "BROADSHEET_SMTP_URL",
        "BROADSHEET_OUTBOX",
        "BROADSHEET_MAIL_FROM",
        "BROADSHEET_SMTP_CA",
        "BROADSHEET_MAIL_RATE",
        "BROADSHEET_MAIL_DOMAIN_RATE",
        "BROADSHEET_BOUNCE_ADDRESS",
        "BROADSHEET_SECRET",
        "BROADSHEET_LOG_FORMAT",
        "RUST_LOG",
    ] {
        assert!(text.contains(word), "{word} in\n{text}");
    }
}

#[test]
fn importing_the_same_file_twice_changes_nothing() {
    let home = Home::new();
    let file = home.write("two.jsonl", TWO);
    assert_ends(
        &home.run(&["import", &file]),
        0,
        "imported 2, updated 0, unchanged 0, rejected 0",
    );
    assert_ends(
        &home.run(&["import", &file]),
        0,
        "imported 0, updated 0, unchanged 2, rejected 0",
    );
    let changed = home.write(
        "changed.jsonl",
        TWO.replace("Another paper", "Another paper, revised"),
    );
    assert_ends(
        &home.run(&["import", &changed]),
        0,
        "imported 0, updated 1, unchanged 1, rejected 0",
    );
}

#[test]
fn an_import_ends_with_zero_for_an_empty_file_and_one_when_nothing_was_taken() {
    let home = Home::new();
    let empty = home.write("empty.jsonl", "");
    assert_ends(
        &home.run(&["import", &empty]),
        0,
        "imported 0, updated 0, unchanged 0, rejected 0",
    );
    let array = home.write("empty.json", "[]");
    assert_ends(
        &home.run(&["import", &array]),
        0,
        "imported 0, updated 0, unchanged 0, rejected 0",
    );
    let bad = home.write("bad.jsonl", "{\"id\":\"2401.00001\"}\nnot json\n");
    assert_ends(
        &home.run(&["import", &bad]),
        1,
        "imported 0, updated 0, unchanged 0, rejected 2",
    );
    let missing = home.run(&["import", &home.path("missing.jsonl")]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(err(&missing).contains("missing.jsonl"), "{}", err(&missing));
    assert_eq!(
        home.run(&["import"]).status.code(),
        Some(2),
        "a file must be named"
    );
}

#[test]
fn each_rejected_record_is_named_with_its_line_and_reason() {
    let home = Home::new();
    let mixed = format!(
        "{}\nnot json\n\n{{\"id\":\"2401.00003\",\"title\":\"\"}}\n",
        TWO.trim_end()
    );
    let file = home.write("mixed.jsonl", &mixed);
    let run = home.run(&["import", &file]);
    assert_ends(&run, 0, "imported 2, updated 0, unchanged 0, rejected 2");
    for line in ["mixed.jsonl:3: ", "mixed.jsonl:5: "] {
        let found = err(&run)
            .lines()
            .find(|text| text.contains(line))
            .map(ToOwned::to_owned);
        let found = found.unwrap_or_else(|| panic!("{line} in\n{}", err(&run)));
        assert!(
            found.split_once(line).is_some_and(|(_, why)| why.len() > 5),
            "{found}"
        );
    }
    let rejects = home.path("rejects.txt");
    let run = home.run(&["import", &file, "--rejects", &rejects]);
    assert_ends(&run, 0, "imported 0, updated 0, unchanged 2, rejected 2");
    let written = std::fs::read_to_string(rejects).expect("the rejects");
    assert_eq!(written.lines().count(), 2, "{written}");
    assert!(!err(&run).contains("mixed.jsonl:3"), "{}", err(&run));
}

#[test]
fn an_import_reads_standard_input_and_packed_files() {
    let home = Home::new();
    let mut child = home
        .command(&["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(TWO.as_bytes())
        .expect("written");
    let run = child.wait_with_output().expect("it ends");
    assert_ends(&run, 0, "imported 2, updated 0, unchanged 0, rejected 0");
    // A compressed file that breaks off: what could be read is named, the rest is a rejection.
    let broken = home.write("broken.jsonl.zst", [0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00]);
    let run = home.run(&["import", &broken]);
    assert_eq!(run.status.code(), Some(1), "{}{}", out(&run), err(&run));
    assert!(!err(&run).contains("panicked"), "{}", err(&run));
}

#[test]
fn what_is_exported_can_be_imported_again() {
    let home = Home::new();
    let file = home.write("two.jsonl", TWO);
    home.run(&["import", &file]);
    let exported = home.path("all.jsonl");
    let run = home.run(&["export", &exported]);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    assert!(err(&run).contains("exported 2 papers"), "{}", err(&run));
    let to_stdout = home.run(&["export", "-"]);
    assert_eq!(
        out(&to_stdout),
        std::fs::read_to_string(&exported).expect("the export")
    );
    assert_ends(
        &home.run(&["import", &exported]),
        0,
        "imported 0, updated 0, unchanged 2, rejected 0",
    );
    let other = Home::new();
    assert_ends(
        &other.run(&["import", &exported]),
        0,
        "imported 2, updated 0, unchanged 0, rejected 0",
    );
    let again = other.path("again.jsonl");
    other.run(&["export", &again]);
    assert_eq!(
        std::fs::read_to_string(&again).expect("the export"),
        std::fs::read_to_string(&exported).expect("the export")
    );
}

#[test]
fn no_command_overwrites_the_database() {
    let home = Home::new();
    let file = home.write("two.jsonl", TWO);
    home.run(&["import", &file]);
    let database = home.path("library.db");
    for arguments in [
        &["export", &database][..],
        &["export", "library.db"],
        &["export", "library.db-wal"],
        &["export", "./library.db-shm"],
        &["import", &file, "--rejects", &database],
        &["backup", &database],
        &["backup", &file],
    ] {
        let run = home.run(arguments);
        assert_eq!(run.status.code(), Some(1), "{arguments:?}: {}", err(&run));
    }
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), TWO);
    assert_ends(
        &home.run(&["import", &file]),
        0,
        "imported 0, updated 0, unchanged 2, rejected 0",
    );
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_looking() {
    let home = Home::new();
    for arguments in [["export", "x.jsonl"], ["backup", "x.db"]] {
        let run = home.run(&arguments);
        assert_eq!(run.status.code(), Some(1), "{arguments:?}");
        assert!(err(&run).contains("BROADSHEET_DATABASE"), "{}", err(&run));
    }
    assert!(!Path::new(&home.path("library.db")).exists());
    assert!(!Path::new(&home.path("x.jsonl")).exists());
}

#[test]
fn check_tells_whether_all_is_well() {
    let home = Home::new();
    home.run(&["import", &home.write("two.jsonl", TWO)]);
    let well = home.run(&["check"]);
    assert_eq!(well.status.code(), Some(0), "{}", out(&well));
    assert!(out(&well).contains("2 papers"), "{}", out(&well));
    let no_site = home
        .command(&["check"])
        .env("BROADSHEET_SITE_ROOT", home.path("nowhere"))
        .output();
    let no_site = no_site.expect("it runs");
    assert_eq!(no_site.status.code(), Some(1));
    assert!(
        out(&no_site).contains("BROADSHEET_SITE_ROOT"),
        "{}",
        out(&no_site)
    );
    let no_mail = home
        .command(&["check", "--smtp-url", "smtp://127.0.0.1:1"])
        .output()
        .expect("it runs");
    assert_eq!(no_mail.status.code(), Some(1));
    assert!(out(&no_mail).contains("FAIL  mail"), "{}", out(&no_mail));
    home.write(
        "library.db",
        "this is no database at all, but a text of some length".repeat(100),
    );
    let damaged = home.run(&["check"]);
    assert_eq!(damaged.status.code(), Some(1));
    assert!(out(&damaged).contains("FAIL  database"), "{}", out(&damaged));
}

#[test]
fn a_bad_setting_is_refused_by_name() {
    let home = Home::new();
    for (name, value, named) in [
        ("BROADSHEET_LISTEN", "somewhere", "--listen"),
        ("BROADSHEET_PUBLIC_URL", "papers.example.org", "--public-url"),
        ("BROADSHEET_PUBLIC_URL", "https://x\u{1}", "--public-url"),
        ("BROADSHEET_SAMPLE", "maybe", "--sample"),
        ("BROADSHEET_LOG_FORMAT", "xml", "--log-format"),
        ("BROADSHEET_SITE_ROOT", "/nonexistent", "BROADSHEET_SITE_ROOT"),
        ("BROADSHEET_DATABASE", "/nonexistent/x.db", "BROADSHEET_DATABASE"),
        ("BROADSHEET_SECRET", "short", "BROADSHEET_SECRET"),
        ("BROADSHEET_SMTP_URL", "ftp://x", "BROADSHEET_SMTP_URL"),
        ("BROADSHEET_MAIL_FROM", "nobody", "BROADSHEET_MAIL_FROM"),
        ("BROADSHEET_LISTEN", "203.0.113.1:1", "BROADSHEET_LISTEN"),
    ] {
        let run = home
            .command(&["serve"])
            .env(name, value)
            .output()
            .expect("it ends at once");
        assert!(matches!(run.status.code(), Some(1 | 2)), "{name}={value}");
        assert!(err(&run).contains(named), "{name}={value}: {}", err(&run));
        assert!(!err(&run).contains("panicked"), "{}", err(&run));
        assert!(
            name == "BROADSHEET_SITE_ROOT" || !err(&run).contains("short\""),
            "a secret is not shown"
        );
    }
    let run = home.run(&["digest", "send", "--now", "yesterday"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(err(&run).contains("--now"), "{}", err(&run));
    assert_eq!(home.run(&["dance"]).status.code(), Some(2));
}

#[test]
fn digest_previews_and_sends_as_of_a_moment() {
    let home = Home::new();
    home.run(&["import", &home.write("two.jsonl", TWO)]);
    let preview = home.run(&["digest", "preview", "--now", "2024-01-04T09:00:00Z"]);
    assert_eq!(preview.status.code(), Some(0), "{}", err(&preview));
    assert!(out(&preview).contains("Another paper"), "{}", out(&preview));
    let folder = home.path("letters");
    home.run(&[
        "digest",
        "preview",
        "--now",
        "2024-01-04T09:00:00Z",
        "--into",
        &folder,
    ]);
    let files: Vec<_> = std::fs::read_dir(&folder).expect("a folder").flatten().collect();
    assert_eq!(files.len(), 1);
    let letter = std::fs::read_to_string(files[0].path()).expect("a letter");
    assert!(
        letter.contains("List-Unsubscribe:") && letter.contains("multipart/alternative"),
        "{letter}"
    );
    let sent = home.run(&["digest", "send", "--now", "2024-01-04T09:00:00Z"]);
    assert_ends(&sent, 0, "queued 0, sent 0, deferred 0, ended 0");
}

#[test]
fn mail_that_came_back_is_read_from_a_file_a_folder_and_standard_input() {
    let home = Home::new();
    assert_eq!(home.run(&["bounce", &home.path("none")]).status.code(), Some(1));
    home.run(&["rank"]);
    let report = "From: mailer-daemon@x.example\r\nTo: broadsheet+bounce.1.0123456789abcdef0123@localhost\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\n\
        Final-Recipient: rfc822; a@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n";
    let file = home.write("report.eml", report);
    home.write(
        "letter.eml",
        "From: a@example.org\r\nSubject: Hello\r\n\r\nHello.\r\n",
    );
    // Nobody was sent such a letter.
    assert_ends(
        &home.run(&["bounce", &file]),
        0,
        "suppressed 0, counted 0, nothing to do 0, not ours 1",
    );
    let folder = std::path::Path::new(&file)
        .parent()
        .expect("a folder")
        .display()
        .to_string();
    let whole = home.run(&["bounce", &folder]);
    assert_eq!(whole.status.code(), Some(0));
    assert!(out(&whole).contains("an ordinary email"), "{}", out(&whole));
    assert_eq!(home.run(&["bounce", &home.path("none")]).status.code(), Some(1));
}

#[test]
fn serve_answers_and_ends_at_once_when_told_to() {
    let home = Home::new();
    for signal in ["-TERM", "-INT"] {
        let serving = home.serve();
        let health = serving.get("/healthz");
        assert!(health.starts_with("HTTP/1.1 200"), "{health}");
        assert!(health.ends_with("ok\n"), "{health}");
        assert!(serving.get("/").contains("<article "));
        // A browser that keeps its connection open does not hold up the end.
        let _idle = TcpStream::connect(serving.address).expect("a connection");
        let mut kept = TcpStream::connect(serving.address).expect("a connection");
        kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .expect("sent");
        let mut byte = [0];
        kept.read_exact(&mut byte).expect("an answer");
        serving.signal(signal);
        let (code, took) = serving.ended(Duration::from_secs(15));
        assert_eq!(code, Some(0), "{signal}");
        assert!(took < Duration::from_secs(3), "{signal}: {took:?}");
        assert!(
            !Path::new(&home.path("library.db-wal")).exists(),
            "the log was folded into the file"
        );
    }
}

#[test]
fn serve_refuses_requests_that_are_too_large_and_lives_on() {
    let home = Home::new();
    let serving = home.serve();
    let huge = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX-Huge: {}\r\n\r\n",
        "x".repeat(200_000)
    );
    let answer = serving.ask(&huge);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    let many: String = (0..300).map(|n| format!("X-{n}: y\r\n")).collect();
    let answer = serving.ask(&format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"));
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    let answer = serving.get(&format!("/?q={}", "x".repeat(100_000)));
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let answer = serving.get(&format!("/?q={}", "%20word".repeat(1_500)));
    assert!(
        answer.starts_with("HTTP/1.1 200"),
        "a search of 10 kB fits: {}",
        &answer[..answer.len().min(200)]
    );
    let body = "y".repeat(100_000);
    let answer = serving.ask(&format!(
        "POST /fn/bookmark HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ));
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
        "{answer}"
    );
    for garbage in [
        "\0\0\0\0\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /\u{0} HTTP/1.1\r\n\r\n",
    ] {
        let answer = serving.ask(garbage);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{garbage:?}: {answer}"
        );
    }
    assert!(serving.get("/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_backup_and_an_import_work_beside_a_running_serve() {
    let home = Home::new();
    let serving = home.serve();
    let copy = home.path("copy.db");
    let run = home.run(&["backup", &copy]);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    let again = home.run(&["backup", &copy]);
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("never overwrites"), "{}", err(&again));
    let check = home
        .command(&["check", "--database", &copy])
        .output()
        .expect("it runs");
    assert_eq!(check.status.code(), Some(0), "{}", out(&check));
    assert!(out(&check).contains("119 papers"), "{}", out(&check));
    let file = home.write("two.jsonl", TWO);
    assert_ends(
        &home.run(&["import", &file]),
        0,
        "imported 2, updated 0, unchanged 0, rejected 0",
    );
    assert!(serving.get("/papers/2401.00001").contains("One paper"));
    serving.signal("-TERM");
    assert_eq!(serving.ended(Duration::from_secs(15)).0, Some(0));
}

#[test]
fn a_log_that_is_no_terminal_has_no_colours() {
    let home = Home::new();
    let run = home.run(&["import", &home.write("two.jsonl", TWO)]);
    assert!(!err(&run).contains('\u{1b}'), "{:?}", err(&run));
}
