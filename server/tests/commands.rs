//! The commands of the program: their output and exit codes.

mod common;

use std::{io::Write, path::Path, process::Stdio};

use common::program::{Home, TWO_PAPERS, assert_ends, err, out};

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
    let file = home.write("two.jsonl", TWO_PAPERS);
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
        TWO_PAPERS.replace("Another paper", "Another paper, revised"),
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
        TWO_PAPERS.trim_end()
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
        .write_all(TWO_PAPERS.as_bytes())
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
    let file = home.write("two.jsonl", TWO_PAPERS);
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
    let file = home.write("two.jsonl", TWO_PAPERS);
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
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), TWO_PAPERS);
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
    home.run(&["import", &home.write("two.jsonl", TWO_PAPERS)]);
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
    home.run(&["import", &home.write("two.jsonl", TWO_PAPERS)]);
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
    assert_ends(&sent, 0, "queued 0, sent 0, deferred 0, failed or dropped 0");
}

#[test]
fn a_log_that_is_no_terminal_has_no_colours() {
    let home = Home::new();
    let run = home.run(&["import", &home.write("two.jsonl", TWO_PAPERS)]);
    assert!(!err(&run).contains('\u{1b}'), "{:?}", err(&run));
}

#[test]
fn mail_that_came_back_is_read_from_a_file_a_folder_and_standard_input() {
    let home = Home::new();
    assert_eq!(home.run(&["bounce", &home.path("none")]).status.code(), Some(1));
    home.run(&["import", &home.write("two.jsonl", TWO_PAPERS)]);
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
