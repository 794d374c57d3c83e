//! The server as a process: how it starts, what it refuses, how it stops, and commands that run beside it.

mod common;

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use common::program::{Home, TWO_PAPERS, assert_ends, err, out};

#[test]
fn serve_answers_and_stops_at_once_on_a_signal() {
    let home = Home::new();
    for signal in ["-TERM", "-INT"] {
        let serving = home.serve();
        let health = serving.get("/healthz");
        assert!(health.starts_with("HTTP/1.1 200"), "{health}");
        assert!(health.ends_with("ok\n"), "{health}");
        assert!(serving.get("/").contains("<article "));
        // A browser that keeps its connection open does not hold up the end.
        let _idle = TcpStream::connect(serving.address).expect("a connection");
        let mut open = TcpStream::connect(serving.address).expect("a connection");
        open.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .expect("sent");
        let mut byte = [0];
        open.read_exact(&mut byte).expect("an answer");
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
    assert!(err(&again).contains("refusing to overwrite"), "{}", err(&again));
    let check = home
        .command(&["check", "--database", &copy])
        .output()
        .expect("it runs");
    assert_eq!(check.status.code(), Some(0), "{}", out(&check));
    assert!(out(&check).contains("119 papers"), "{}", out(&check));
    let file = home.write("two.jsonl", TWO_PAPERS);
    assert_ends(
        &home.run(&["import", &file]),
        0,
        "imported 2, updated 0, unchanged 0, rejected 0",
    );
    assert!(serving.get("/papers/2401.00001").contains("One paper"));
    serving.signal("-TERM");
    assert_eq!(serving.ended(Duration::from_secs(15)).0, Some(0));
}
